//! Slips that would store something else than what was meant: each is told.

use super::*;

const PROGRESS: &str = "project,date,percent,invested,note\n";

#[track_caller]
fn found(bytes: &[u8], encoding: Encoding) -> Vec<(usize, String, String)> {
    let state = empty();
    let read = read_all(&[("progress.csv".into(), bytes.to_vec())], None, encoding, &state.plan, state.today);
    read.complaints().iter().map(|b| (b.row, b.column.clone(), b.reason.zh.clone())).collect()
}

#[track_caller]
fn tells(text: &str, row: usize, column: &str, part: &str) {
    let found = found(text.as_bytes(), Encoding::Auto);
    assert!(matches!(&found[..], [(r, c, why)] if *r == row && c == column && why.contains(part)), "{text}: {found:?}");
}

#[test]
fn a_comma_is_no_decimal_point() {
    let row = |invested: &str| format!("{PROGRESS}YB14-GY-005,2014-06-30,45,\"{invested}\",\n");
    for good in ["1,300万元", "１，３００万元", "12,345,678元", "1,300.5万元"] {
        assert_eq!(found(row(good).as_bytes(), Encoding::Auto), [], "{good}");
    }
    for bad in ["1,3亿元", "1,3000万元", "1300,000元", ",300万元", "1,300,00元", "1,,300元", "-1,300万元", "1.3E+4万元"]
    {
        tells(&row(bad), 2, "invested", "");
    }
}

#[test]
fn blank_columns_are_left_alone_until_something_stands_in_them() {
    let text = "project,date,percent,,\nYB14-GY-005,2014-06-30,45,,\nYB14-GY-006,2014-06-30,45,,,,\n,,,,\n\n";
    assert_eq!(found(text.as_bytes(), Encoding::Auto), []);
    tells("project,date,percent,\nYB14-GY-005,2014-06-30,45,7\n", 2, "", "没有表头");
    tells("project,date,percent\nYB14-GY-005,2014-06-30,45,7\n", 2, "", "4 格");
    tells("project,date,percent,note\nYB14-GY-005,2014-06-30,45\n", 2, "", "3 格");
}

#[test]
fn a_unit_belongs_to_amounts_alone() {
    tells("project,date,形象进度（万元）\nYB14-GY-005,2014-06-30,45\n", 1, "形象进度（万元）", "不是金额");
    assert_eq!(found("project,date,完成投资（万元）\nYB14-GY-005,2014-06-30,45\n".as_bytes(), Encoding::Auto), []);
}

#[test]
fn a_quotation_mark_that_is_never_closed_swallows_no_rows() {
    let rows = "YB14-GY-005,2014-06-30,45,,\"好\nYB14-GY-006,2014-06-30,45,,\n";
    tells(&format!("{PROGRESS}{rows}"), 2, "", "引号没有收尾");
    // Not even in a column that nobody reads.
    let bytes = format!("project,date,填表人\n{}", "YB14-GY-005,2014-06-30,\"张\nYB14-GY-006,2014-06-30,李\n");
    let mapping = Mapping::parse("填表人=-").expect("a mapping");
    let table = csv_table("progress.csv", bytes.as_bytes(), None, Encoding::Auto, &mapping).expect("a table");
    let state = empty();
    let read = read_tables(&[table], Vec::new(), &state.plan, state.today, &mut |_| ());
    assert_eq!(read.complaints().len(), 1, "{:?}", read.complaints());
    // Closed ones hold what they hold, whatever ends the lines.
    let rows = "YB14-GY-005,2014-06-30,45,,\"甲,\"\"乙\"\"\"\r\nYB14-GY-006,2014-06-30,45,,\"丙\"\r\n";
    assert_eq!(found(format!("{PROGRESS}{rows}").as_bytes(), Encoding::Auto), []);
    tells(&format!("{PROGRESS}YB14-GY-005,2014-06-30,45,,\"甲\n乙\"\n"), 2, "note", "换行");
}

#[test]
fn an_encoding_that_cannot_be_told_is_asked_for() {
    // 掳 is C2 B0 in GB18030, which is ° in UTF-8.
    let (gb, _, _) = encoding_rs::GB18030.encode("YB14-GY-005,2014-06-30,45,,掳\n");
    let bytes = [PROGRESS.as_bytes(), gb.as_ref()].concat();
    assert!(std::str::from_utf8(&bytes).is_ok(), "it is valid UTF-8 by chance");
    let auto = found(&bytes, Encoding::Auto);
    assert!(auto.len() == 1 && auto[0].2.contains("--encoding"), "{auto:?}");
    assert_eq!(found(&bytes, Encoding::Gb18030), []);
    assert_eq!(found(&bytes, Encoding::Utf8), []);
    let han = format!("{PROGRESS}YB14-GY-005,2014-06-30,45,,阿·买 20°\n");
    assert_eq!(found(han.as_bytes(), Encoding::Auto), [], "Han characters beside it settle it");
}

#[test]
fn damaged_text_is_not_taken_for_another_encoding() {
    let text = format!("{PROGRESS}YB14-GY-005,2014-06-30,45,,主体结构已经封顶正在装修\n");
    let mut bytes = text.into_bytes();
    let at = bytes.len() - 3;
    bytes[at] = b'x';
    let auto = found(&bytes, Encoding::Auto);
    assert!(auto.len() == 1 && auto[0].2.contains("第 2 行有损坏"), "{auto:?}");
    let nul = found(format!("{PROGRESS}YB14-GY-005,2014-06-30,45,,\0\n").as_bytes(), Encoding::Auto);
    assert!(nul.len() == 1 && nul[0].2.contains("空字节"), "{nul:?}");
    let utf16: Vec<u8> = [0xfeff_u16].into_iter().chain(PROGRESS.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let found = found(&utf16, Encoding::Auto);
    assert!(found.len() == 1 && found[0].2.contains("CSV UTF-8"), "{found:?}");
}

#[test]
fn a_column_that_is_not_there_leaves_what_is_stored() {
    let clerk = Importer { login: "luru", bootstrap: false };
    let state = sample();
    let changed = |name: &str, text: &str| {
        let (_, done) = import(&state, &file(name, text), clerk).unwrap_or_else(|bad| panic!("{bad:#?}"));
        done.drafts
            .into_iter()
            .map(|d| (d.change.before.expect("a record"), d.change.after.expect("a record")))
            .collect::<Vec<_>>()
    };
    let row = "project,date,percent\nYB14-GY-006,2014-06-30,40\n";
    let Some((Record::Progress(before), Record::Progress(after))) = changed("progress.csv", row).pop() else {
        panic!("no report")
    };
    assert!(before.invested.is_some() && !before.note.is_empty(), "{before:?}");
    assert_eq!(after, crate::domain::change::ProgressRecord { percent: Some(Percent::whole(40)), ..before.clone() });
    // An empty cell of a column that is there clears.
    let row = "project,date,percent,note\nYB14-GY-006,2014-06-30,40,\n";
    let Some((_, Record::Progress(after))) = changed("progress.csv", row).pop() else { panic!("no report") };
    assert_eq!((after.note.as_str(), after.invested), ("", before.invested));
    // The same again, column by column, changes nothing.
    assert_eq!(changed("progress.csv", "project,date\nYB14-GY-006,2014-06-30\n"), []);
    for sheet in ["incidents.csv", "attractions.csv", "rectifications.csv"] {
        let (_, bytes) = Texts::sample_records().into_iter().find(|(name, _)| name == sheet).expect("a file");
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let kind = Sheet::of_file(sheet).expect("a kind");
        let head = reader.headers().expect("a header").clone();
        let there: Vec<usize> =
            head.iter().enumerate().filter(|(_, h)| kind.requires(h) || *h == "closed").map(|(at, _)| at).collect();
        let mut out = ::csv::Writer::from_writer(Vec::new());
        out.write_record(there.iter().map(|at| &head[*at])).expect("a header");
        let mut rows = 0;
        for record in reader.records().map_while(Result::ok) {
            out.write_record(there.iter().map(|at| &record[*at])).expect("a row");
            rows += 1;
        }
        assert!(rows > 0);
        let text = String::from_utf8(out.into_inner().expect("bytes")).expect("text");
        assert_eq!(changed(sheet, &text), [], "{sheet}");
    }
    // A score keeps its note where nothing is said of it.
    let noted = file("scores.csv", "round,project,criterion,points,note\n2014-H1-ASM,YB14-NC-005,duty,4,说明\n");
    let (state, _) = import(&state, &noted, clerk).expect("taken");
    let (_, again) =
        import(&state, &file("scores.csv", "round,project,criterion,points\n2014-H1-ASM,YB14-NC-005,duty,4\n"), clerk)
            .expect("taken");
    assert_eq!(again.drafts, []);
}

#[test]
fn a_fraction_in_place_of_a_percentage_is_refused() {
    let state = empty();
    let read = |columns: &str, row: &str| {
        import(&state, &file("progress.csv", &format!("project,date,{columns}\n{row}\n")), OWNER)
    };
    for (value, whole) in [("0.57", "57"), ("０.5", "50"), ("0.05", "5")] {
        for column in ["percent", "planned_percent"] {
            let Err(why) = read(column, &format!("YB14-GY-005,2014-06-30,{value}")) else {
                panic!("{value} was taken")
            };
            assert!(format!("{why:?}").contains(&format!("写 {whole} 或 0.")), "{why:?}");
        }
    }
    for value in ["0", "1", "1.5", "100", "0.57%", "0.57％", "60%", ""] {
        read("percent", &format!("YB14-GY-005,2014-06-30,{value}")).unwrap_or_else(|e| panic!("{value}: {e:?}"));
    }
    // A part of one percent comes back from the cells of its own record, also where another field is changed.
    let (state, _) = read("percent", "YB14-GY-005,2014-06-30,0.57%").expect("taken");
    let key = Sheet::Progress.key_parts("YB14-GY-005/2014-06-30").expect("a key");
    let set = |field: &str, value: &str| edited(Sheet::Progress, &key, &[(field.to_owned(), value.to_owned())], &state);
    assert!(set("note", "说明").is_ok() && set("percent", "0.5%").is_ok());
    let bad = set("percent", "0.5").expect_err("a fraction");
    assert!(bad[0].reason.zh.contains("写 50 或 0.5%"), "{bad:?}");
    // Where half a percent is ordinary nothing is said.
    let growth = "indicator,period,growth\ngdp,2014-H1,0.5\n";
    import(&state, &file("indicators.csv", growth), OWNER).unwrap_or_else(|e| panic!("{e:?}"));
}
