//! Workbooks that come in: sheets of records, sheets of others with their own headers, and what is wrong in them.

mod copies;
mod hostile;
mod intake;
mod office;
mod registry;
mod scores;

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::PathBuf;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use serde_json::Value;
use zip::write::SimpleFileOptions;

use crate::folder::{ASSESSMENT, Ended, Folder, Written, milestone, project};

/// Projects P (13亿元, one milestone) and Q, on 2014-07-12.
fn small() -> Folder {
    let more = format!("total_investment = \"13亿元\"\n{}", milestone("封顶", "2014-06-15"));
    Folder::empty().district(ASSESSMENT).projects(&(project("P", &more) + &project("Q", "")))
}

fn day(text: &str) -> ExcelDateTime {
    ExcelDateTime::parse_from_str(text).expect("a day")
}

/// A workbook, made by hand.
fn made(fill: impl FnOnce(&mut Workbook)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(&mut book);
    book.save_to_buffer().expect("a workbook")
}

/// A sheet of texts.
fn sheet<'b>(book: &'b mut Workbook, name: &str, rows: &[&[&str]]) -> &'b mut Worksheet {
    let sheet = book.add_worksheet().set_name(name).expect("a name");
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            sheet.write_string(row, column, *text).expect("a cell");
        }
    }
    sheet
}

/// A workbook of one sheet of texts.
fn one(name: &str, rows: &[&[&str]]) -> Vec<u8> {
    made(|book| {
        sheet(book, name, rows);
    })
}

/// The district, and the workbook beside it.
struct Desk {
    office: Written,
    file: PathBuf,
}

impl Desk {
    fn new(folder: &Folder, bytes: &[u8]) -> Self {
        let office = folder.written();
        let file = office.path("book.xlsx");
        fs::write(&file, bytes).expect("a file");
        Self { office, file }
    }

    fn put(&self, bytes: &[u8]) {
        fs::write(&self.file, bytes).expect("a file");
    }

    fn run(&self, line: &str) -> Ended {
        self.office.run(line)
    }

    #[track_caller]
    fn import(&self, more: &str) -> Ended {
        self.run(&format!("import book.xlsx {more}"))
    }

    #[track_caller]
    fn saved(&self, more: &str) -> String {
        let ended = self.import(more);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        ended.out.trim().to_owned()
    }

    /// Entries of the ledger.
    fn entries(&self) -> u64 {
        self.office.json("verify")["entries"].as_u64().expect("a number")
    }

    /// What is wrong, as `--json` lists it: cell and reason, in Chinese.
    #[track_caller]
    fn errors(&self, more: &str) -> Vec<(String, String)> {
        let ended = self.import(&format!("{more} --json"));
        assert_eq!(ended.code, 5, "{}{}", ended.out, ended.err);
        let error: Value = serde_json::from_str(&ended.err).unwrap_or_else(|e| panic!("{e}: {}", ended.err));
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let rows = error["error"]["rows"].as_array().unwrap_or_else(|| panic!("{error}"));
        rows.iter().map(|r| (format!("{}!{}", text(&r["sheet"]), text(&r["cell"])), text(&r["reason"]["zh"]))).collect()
    }
}

#[test]
fn sheets_named_after_records_come_in_once() {
    let bytes = made(|book| {
        let date = Format::new().set_num_format("yyyy/m/d");
        let progress = sheet(
            book,
            "进度",
            &[
                &["项目编号", "日期", "形象进度", "完成投资（万元）", "备注", "自报状态"],
                &["P", "", "", "", "", "滞后"],
            ],
        );
        progress.write_datetime_with_format(1, 1, day("2014-06-30"), &date).expect("a cell");
        progress.write_number_with_format(1, 2, 0.57, &Format::new().set_num_format("0.0%")).expect("a cell");
        progress.write_number(1, 3, 4200.5).expect("a cell");
        progress.write_formula(1, 4, Formula::new("=\"甲\"&\"乙\"").set_result("甲乙")).expect("a cell");
        let done = sheet(book, "milestones", &[&["project", "milestone", "done"], &["P", "封顶"]]);
        done.write_datetime_with_format(1, 2, day("2014-06-10"), &date).expect("a cell");
        sheet(book, "说明", &[&["这一页是说明"]]);
    });
    let desk = Desk::new(&small(), &bytes);
    let begun = desk.entries();
    let first = desk.import("");
    assert_eq!(first.out.trim(), format!("saved #{}-#{}", begun + 1, begun + 2), "{}", first.err);
    assert!(first.err.contains("说明") && first.err.contains("略过"), "{}", first.err);
    let entries = desk.office.json("history")["entries"].clone();
    let of = |kind: &str| entries.as_array().expect("a list").iter().find(|e| e["kind"] == kind).expect(kind).clone();
    let progress = of("progress");
    assert_eq!(progress["key"], "P/2014-06-30");
    let after = &progress["after"];
    assert_eq!((&after["percent"], &after["note"]), (&Value::from(57), &Value::from("甲乙")), "57 % is 57: {after}");
    assert_eq!((&after["invested_yuan"], &after["reported"]), (&42_005_000.into(), &"behind".into()), "{after}");
    assert_eq!(of("milestone")["after"]["done"], "2014-06-10");
    assert!(progress["reason"].as_str().expect("a reason").starts_with("import book.xlsx sha256:"));
    assert_eq!(desk.saved(""), "没有变化", "twice is once");
    assert_eq!(desk.entries(), begun + 2);
    // The same from stdin, as a session would send it.
    let child = std::process::Command::new(env!("CARGO_BIN_EXE_dukao"))
        .args(["import", "-"])
        .env("DUKAO_DISTRICT", desk.office.path("district"))
        .env("DUKAO_DATABASE", desk.office.path("year.db"))
        .stdin(fs::File::open(&desk.file).expect("the file"))
        .output()
        .expect("the program");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
}

#[test]
fn a_sheet_of_others_is_mapped_once_and_known_again() {
    let rows: &[&[&str]] =
        &[&["上半年进度表"], &["工程", "截至", "完成率", "填表人"], &["P", "2014-06-30", "45", "张"]];
    let desk = Desk::new(&small(), &one("Sheet1", rows));
    let refused = desk.import("");
    assert_eq!(refused.code, 5);
    assert!(refused.err.contains("--kind"), "{}", refused.err);
    let line = "--kind progress --sheet Sheet1 --map 工程=project,截至=date,完成率=percent,填表人=-";
    assert!(desk.import("--kind progress --map 工程=projct").err.contains("projct"));
    let dry = desk.import(&format!("{line} --dry-run"));
    assert!(dry.out.contains("P/2014-06-30") && dry.out.contains("45"), "{}{}", dry.out, dry.err);
    assert!(desk.saved(line).starts_with("saved #"));
    // Another month, the same headers in another order: nobody has to say it again, not even the kind.
    let rows: &[&[&str]] = &[&["截至", "填表人", "工程", "完成率"], &["2014-07-10", "李", "P", "52"]];
    desk.put(&one("七月", rows));
    assert!(desk.saved("").starts_with("saved #"));
    assert_eq!(
        desk.office.json("history")["entries"].as_array().and_then(|e| e.last()).expect("an entry")["after"]["percent"],
        52
    );
}

#[test]
fn everything_that_is_wrong_is_said_at_once_and_marked() {
    let bytes = made(|book| {
        let progress = sheet(
            book,
            "progress",
            &[
                &["project", "date", "percent", "invested", "note"],
                &["P", "6/30/2014", "１０１", "980", ""],
                &["PP", "2014-06-30", "４５", "130万元", "好"],
                &["P", "2014-06-29", "x", "1300亿元", ""],
                &["Q", "2014-06-29", "5", "", "a\u{202e}b"],
                &["Q", "2014-06-30", "", "", ""],
            ],
        );
        progress.write_string(5, 9, "算").expect("a cell");
        progress.write_formula(5, 2, Formula::new("=1/0").set_result("#DIV/0!")).expect("a cell");
        sheet(book, "目标", &[&["goal", "date", "value"], &["none", "2014-06-30", "1"]]);
    });
    let desk = Desk::new(&small(), &bytes);
    let begun = desk.entries();
    let errors = desk.errors("--marked marked.xlsx");
    let said = |cell: &str, part: &str| {
        assert!(errors.iter().any(|(at, why)| at == cell && why.contains(part)), "{cell} {part}: {errors:#?}");
    };
    said("progress!B2", "2014-06-30");
    said("progress!C2", "0 至 100");
    said("progress!D2", "单位");
    said("progress!A3", "没有这个项目");
    said("progress!C4", "数字");
    said("progress!D4", "万、亿");
    said("progress!E5", "U+202E");
    said("progress!C6", "公式");
    said("progress!J6", "表头之外");
    said("目标!A2", "没有这个目标");
    assert_eq!(errors.len(), 10, "{errors:#?}");
    assert_eq!(desk.entries(), begun);
    let text = desk.import("").err;
    assert!(text.contains("book.xlsx progress!B2 日期 「6/30/2014」: 日期写作 2014-06-30"), "{text}");
    // The copy holds the values, the marks and a list; corrected, it comes in itself.
    let copy = fs::read(desk.office.path("marked.xlsx")).expect("the copy");
    let notes = part(&copy, "xl/comments1.xml");
    assert!(notes.contains("ref=\"D4\"") && notes.contains("万、亿"), "{notes}");
    assert!(part(&copy, "xl/workbook.xml").contains("错误清单"));
    assert_eq!(desk.import("--marked book.xlsx").code, 5, "never over the file itself");
    assert_eq!(fs::read(&desk.file).expect("the file"), bytes);
    // Nor over what the program keeps.
    let (database, plan) = (desk.office.database(), desk.office.path("district/projects.toml"));
    for kept in [&database, &plan] {
        let before = fs::read(kept).expect("a file");
        let ended = desk.import(&format!("--marked {}", kept.display()));
        assert!(ended.code == 5 && ended.err.contains("没有写"), "{}", ended.err);
        assert_eq!(fs::read(kept).expect("a file"), before);
    }
}

/// A part of a workbook, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut text = String::new();
    zip.by_name(name).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_string(&mut text).expect("text");
    text
}

/// The workbook with its parts made anew, each by its name and content.
fn repacked(bytes: &[u8], each: impl Fn(String, Vec<u8>) -> (String, Vec<u8>)) -> Vec<u8> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..zip.len() {
        let mut file = zip.by_index(at).expect("a part");
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("content");
        let (name, content) = each(file.name().expect("a name").into_owned(), content);
        out.start_file(name, SimpleFileOptions::default()).expect("a part");
        out.write_all(&content).expect("content");
    }
    out.finish().expect("a zip file").into_inner()
}

/// The workbook with one of its parts edited.
fn with_part(bytes: &[u8], name: &str, edit: impl Fn(String) -> String) -> Vec<u8> {
    repacked(bytes, |called, content| {
        if called != name {
            return (called, content);
        }
        let text = String::from_utf8(content).expect("text");
        let edited = edit(text.clone());
        assert_ne!(edited, text, "the edit of {name} changed nothing");
        (called, edited.into_bytes())
    })
}

/// The workbook with a part under another name.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    repacked(bytes, |called, content| (if called == from { to.to_owned() } else { called }, content))
}

#[test]
fn merged_cells_are_refused_and_a_title_is_not() {
    let rows: &[&[&str]] =
        &[&["进度表"], &["project", "date", "percent"], &["P", "2014-06-30", "45"], &["", "2014-06-29", "44"]];
    let with = |region: (u32, u16, u32, u16)| {
        made(|book| {
            let (a, b, c, d) = region;
            let text = rows[a as usize][usize::from(b)];
            sheet(book, "progress", rows).merge_range(a, b, c, d, text, &Format::new()).expect("merged");
        })
    };
    let desk = Desk::new(&small(), &with((0, 0, 0, 2)));
    assert_eq!(desk.errors(""), [("progress!A4".to_owned(), "不能为空".to_owned())], "the title is no header");
    desk.put(&with((2, 0, 3, 0)));
    let errors = desk.errors("");
    assert_eq!(errors[0].0, "progress!A3");
    assert!(errors.len() == 1 && errors[0].1.contains("A3:A4 是合并的单元格"), "{errors:?}");
}

#[test]
fn a_formula_without_its_value_is_not_taken_for_nothing() {
    let bytes = made(|book| {
        let progress = sheet(book, "progress", &[&["project", "date", "percent"], &["P", "2014-06-30"]]);
        progress.write_formula(1, 2, Formula::new("=40+5").set_result("45")).expect("a cell");
    });
    let desk = Desk::new(&small(), &bytes);
    desk.put(&with_part(&bytes, "xl/worksheets/sheet1.xml", |xml| xml.replace("<v>45</v>", "")));
    let errors = desk.errors("");
    assert!(errors.len() == 1 && errors[0].0 == "progress!C2" && errors[0].1.contains("保存一次"), "{errors:?}");
    desk.put(&bytes);
    assert!(desk.saved("").starts_with("saved #"));
}

#[test]
fn amounts_in_two_units_are_not_mixed_up() {
    let rows: &[&[&str]] =
        &[&["project", "date", "完成投资(万元)"], &["P", "2014-06-30", "４２００"], &["Q", "2014-06-30", "0.5亿元"]];
    let desk = Desk::new(&small(), &one("progress", rows));
    let errors = desk.errors("");
    assert!(
        errors.len() == 1 && errors[0].0 == "progress!C3" && errors[0].1.contains("表头的单位是万元"),
        "{errors:?}"
    );
}

#[test]
fn a_dry_run_shows_each_field_before_and_after() {
    let rows = |percent: &str| {
        one(
            "progress",
            &[&["project", "date", "percent", "invested", "note"], &["P", "2014-06-30", percent, "2400万元", "好"]],
        )
    };
    let desk = Desk::new(&small(), &rows("45"));
    let new = desk.import("--dry-run").out;
    assert!(new.contains("完成投资\t--\t2400万元"), "an amount as it was written: {new}");
    desk.saved("");
    desk.put(&rows("50"));
    let begun = desk.entries();
    let dry = desk.import("--dry-run");
    let lines: Vec<Vec<&str>> = dry.out.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(lines[0], ["类别", "记录", "项目", "项", "原来", "改为"]);
    assert_eq!(lines[1..], [["progress", "P/2014-06-30", "P项目", "形象进度%", "45", "50"]]);
    let json: Value = serde_json::from_str(&desk.import("--dry-run --json").out).expect("a document");
    let fields = &json["changes"][0]["fields"];
    assert_eq!(*fields, serde_json::json!([{ "field": "percent", "before": 45, "after": 50 }]), "{json}");
    assert_eq!(desk.entries(), begun);
}

#[test]
fn other_formats_are_told_what_to_become() {
    let desk = Desk::new(&small(), &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    let refused = |said: &str| {
        let ended = desk.import("");
        assert_eq!(ended.code, 5, "{}", ended.err);
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    };
    refused(".xls 或加了密码");
    desk.put(b"project,date\n");
    refused("不是 .xlsx");
    let binary = with_part(&one("x", &[&["a"]]), "xl/workbook.xml", |xml| xml + " ");
    desk.put(&renamed(&binary, "xl/workbook.xml", "xl/workbook.bin"));
    refused(".xlsb");
    desk.put(&renamed(&binary, "xl/styles.xml", "../../../styles.xml"));
    refused("文件之外");
}
