//! What comes in as a clerk has it: text files with their marked copy, what was once said of headers, odd formats.

use std::fs;

use rust_xlsxwriter::Format;

use super::scores::open;
use super::{Desk, day, made, one, part, sheet, small, with_part};

/// The bad cells of text files are marked in a workbook, a sheet for each file, which comes in once it is corrected.
#[test]
fn the_errors_of_text_files_are_marked_in_a_workbook() {
    let desk = Desk::new(&small(), &[]);
    let put = |name: &str, text: &str| fs::write(desk.office.path(name), text).expect("a file");
    put("progress.csv", "project,date,percent,note\nP,2014-06-30,101,好\nQ,2014-06-30,45,=1+1\n");
    let refused = desk.run("import progress.csv --marked marked.xlsx");
    assert!(refused.code == 5 && refused.err.contains("错处已标在 marked.xlsx"), "{}", refused.err);
    let copy = fs::read(desk.office.path("marked.xlsx")).expect("the copy");
    let notes = part(&copy, "xl/comments1.xml");
    assert!(notes.contains("ref=\"C2\"") && notes.contains("0 至 100"), "{notes}");
    let again = desk.run("import marked.xlsx");
    assert!(again.err.contains("marked.xlsx progress!C2"), "the copy is as wrong as the file: {}", again.err);
    // A folder has a sheet for each of its files.
    fs::create_dir(desk.office.path("all")).expect("a folder");
    put("all/progress.csv", "project,date,percent\nP,2014-06-30,x\n");
    put("all/milestones.csv", "project,milestone,done\nP,封顶,soon\n");
    let refused = desk.run("import all --marked all.xlsx");
    assert_eq!(refused.code, 5, "{}", refused.err);
    let book = part(&fs::read(desk.office.path("all.xlsx")).expect("the copy"), "xl/workbook.xml");
    assert!(book.contains("\"progress\"") && book.contains("\"milestones\""), "{book}");
    // What was given stays as it is, wherever the command is run.
    for (file, path) in [("progress.csv", "progress.csv"), ("all", "all/progress.csv"), ("progress.csv", "new.csv")] {
        let refused = desk.run(&format!("import {file} --marked {path}"));
        assert!(refused.code == 5 && refused.err.contains("--marked"), "{}", refused.err);
    }
    assert!(fs::read_to_string(desk.office.path("all/progress.csv")).expect("a file").ends_with("x\n"));
    assert!(!desk.office.path("new.csv").exists());
}

/// Cells that cannot be read and scores that the state refuses are marked in one copy.
#[test]
fn states_are_marked_with_the_cells() {
    let bytes = made(|book| {
        sheet(
            book,
            "scores",
            &[
                &["round", "project", "criterion", "points", "note"],
                &["R", "P", "duty", "x", ""],
                &["R", "Q", "duty", "50", ""],
            ],
        );
        sheet(
            book,
            "rectifications",
            &[
                &["id", "unit", "finding", "issued", "due", "state", "closed"],
                &["Z1", "A", "裂缝", "2014-07-01", "2014-07-20", "closed", "2014-07-12"],
            ],
        );
    });
    let desk = Desk::new(&open(), &bytes);
    let cells: Vec<String> = desk.errors("--marked marked.xlsx").into_iter().map(|(cell, _)| cell).collect();
    assert_eq!(cells, ["scores!D2", "scores!D3", "rectifications!F2"]);
    let copy = fs::read(desk.office.path("marked.xlsx")).expect("the copy");
    let notes = [1, 2].map(|n| part(&copy, &format!("xl/comments{n}.xml")));
    assert!(notes[0].contains("ref=\"D2\"") && notes[0].contains("ref=\"D3\""), "{}", notes[0]);
    assert!(notes[1].contains("ref=\"F2\""), "{}", notes[1]);
}

#[test]
fn what_was_said_of_headers_is_known_again_whatever_the_file_is() {
    let desk = Desk::new(&small(), &one("清单", &[&["代号", "叫法", "填表人"], &["P", "P一期", "张"]]));
    assert_eq!(desk.import("--kind projects").code, 5, "nobody has said it yet");
    assert_eq!(desk.import("--kind projects --map 代号=id,叫法=name,填表人=-").code, 0);
    desk.put(&one("清单", &[&["填表人", "叫法", "代号"], &["张", "P二期", "P"]]));
    assert_eq!(desk.import("--kind projects").code, 0);
    let projects = fs::read_to_string(desk.office.path("district/projects.toml")).expect("the projects");
    assert!(projects.contains("P二期"), "{projects}");
    // A text file as well.
    let put = |text: &str| fs::write(desk.office.path("b.csv"), text).expect("a file");
    put("工程,截至,完成率\nP,2014-06-30,45\n");
    assert_eq!(desk.run("import b.csv --kind progress").code, 5);
    assert_eq!(desk.run("import b.csv --kind progress --map 工程=project,截至=date,完成率=percent").code, 0);
    put("完成率,工程,截至\n50,P,2014-07-10\n");
    let again = desk.run("import b.csv --kind progress");
    assert!(again.out.starts_with("saved #"), "{}{}", again.out, again.err);
}

#[test]
fn formats_mean_what_excel_shows() {
    let bytes = made(|book| {
        let page = sheet(
            book,
            "progress",
            &[&["project", "date", "percent", "planned_percent", "invested"], &["P", "", "", "", "1,300万元"]],
        );
        page.write_datetime_with_format(1, 1, day("2014-06-30"), &Format::new().set_num_format("yyyy/m/d"))
            .expect("a cell");
        page.write_number_with_format(1, 2, 0.57, &Format::new().set_num_format("0%")).expect("a cell");
        page.write_number_with_format(1, 3, 60, &Format::new().set_num_format("0\"%\"")).expect("a cell");
    });
    let desk = Desk::new(&small(), &bytes);
    assert!(desk.saved("").starts_with("saved #"));
    let last = || desk.office.json("history")["entries"].as_array().and_then(|e| e.last()).expect("an entry").clone();
    let after = &last()["after"];
    assert_eq!((&after["percent"], &after["planned_percent"]), (&57.into(), &60.into()), "a sign in quotes is a sign");
    // The count of days from 1904, as old files of Apple's have it.
    desk.put(&with_part(&bytes, "xl/workbook.xml", |xml| xml.replacen("<workbookPr", "<workbookPr date1904=\"1\"", 1)));
    let errors = desk.import("").err;
    assert!(errors.contains("2018-07-01") && errors.contains("晚于今天"), "{errors}");
    // A number without a format of days is no day.
    desk.put(&made(|book| {
        let page = sheet(book, "progress", &[&["project", "date", "percent"], &["P", "", "45"]]);
        page.write_number(1, 1, 45_000).expect("a cell");
    }));
    assert_eq!(desk.errors("").len(), 1);
}

/// Above the header of a sheet, or of a text file, may stand titles, the office and the unit.
#[test]
fn the_header_is_found_below_titles() {
    let rows: &[&[&str]] = &[
        &["某县进度表", "填报人：张三"],
        &["填报单位：某局", "", "单位：万元"],
        &["项目编号", "日期", "形象进度", "备注"],
        &["P", "2014/6/30", "45％", "好"],
    ];
    let desk = Desk::new(&small(), &one("进度", rows));
    assert!(desk.saved("").starts_with("saved #"));
    let text: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
    fs::write(desk.office.path("进度.csv"), text.join("\r\n")).expect("a file");
    let again = desk.run("import 进度.csv");
    assert!(again.code == 0 && again.out.contains("没有变化"), "{}{}", again.out, again.err);
    // A row of totals has one thing wrong with it.
    fs::write(desk.office.path("进度.csv"), "项目编号,日期,形象进度\n合计,,45\nP,2014-06-30,45\n").expect("a file");
    let total = desk.run("import 进度.csv");
    assert!(total.err.contains("1 处不符") && total.err.contains("合计行"), "{}", total.err);
    // What a mapping says makes a header too, and is known again below other titles.
    fs::write(desk.office.path("七月.csv"), "表一,甲\n工程,截至,完成率\nP,2014-07-01,50\n").expect("a file");
    let map = "--kind 进度 --map 工程=project,截至=date,完成率=percent";
    assert!(desk.run(&format!("import 七月.csv {map}")).out.starts_with("saved #"));
    fs::write(desk.office.path("八月.csv"), "表二,乙,丙\n表二,乙\n工程,截至,完成率\nP,2014-07-02,52\n")
        .expect("a file");
    let known = desk.run("import 八月.csv --kind 进度");
    assert!(known.out.starts_with("saved #"), "{}{}", known.out, known.err);
}

/// A mapping is kept once its import has succeeded, and never one of a header that is not there.
#[test]
fn a_mapping_is_remembered_when_it_has_proved_right() {
    let desk = Desk::new(&small(), &one("Sheet1", &[&["工程", "截至", "完成率"], &["P", "2014-06-30", "45"]]));
    let map = "--kind progress --map 工程=project,截至=date,完成率=percent";
    assert_eq!(desk.import(&format!("{map} --dry-run")).code, 0);
    assert_eq!(desk.import("").code, 5, "a look is no proof");
    let slip = desk.import(&format!("{map},项目=project"));
    assert!(slip.code == 2 && slip.err.contains("没有表头「项目」"), "{}", slip.err);
    assert!(desk.saved(map).starts_with("saved #"));
    assert_eq!(desk.saved(""), "没有变化", "the sheet is known now");
}

/// The marked copy comes back by the command that made it, whatever its sheets are called.
#[test]
fn the_marked_copy_goes_back_by_the_same_command() {
    let desk = Desk::new(&small(), &one("Sheet1", &[&["project", "date", "percent"], &["P", "2014-06-30", "101"]]));
    assert_eq!(desk.import("--kind progress --marked m.xlsx").code, 5);
    let again = desk.run("import m.xlsx --kind progress --marked m2.xlsx");
    assert!(again.code == 5 && again.err.contains("m.xlsx Sheet1!C2"), "{}", again.err);
    let book = part(&fs::read(desk.office.path("m2.xlsx")).expect("the copy"), "xl/workbook.xml");
    assert_eq!(book.matches("<sheet ").count(), 2, "one list, not the old one too: {book}");
    // Names that others allow, and that our writer does not.
    let long = with_part(&fs::read(&desk.file).expect("a file"), "xl/workbook.xml", |xml| {
        xml.replace("\"Sheet1\"", "\"二〇一四年上半年全县重点项目建设进度情况统计表[正式]：第一版的第一次修改稿\"")
    });
    desk.put(&long);
    let marked = desk.import("--kind progress --marked long.xlsx");
    assert!(marked.err.contains("错处已标在 long.xlsx"), "{}", marked.err);
    // A second name of the file itself is the file itself.
    fs::hard_link(&desk.file, desk.office.path("link.xlsx")).expect("a link");
    let refused = desk.import("--kind progress --marked link.xlsx");
    assert!(refused.err.contains("--marked 不能写到导入的文件上"), "{}", refused.err);
    assert_eq!(fs::read(&desk.file).expect("the file"), long);
}

/// Of many errors the first are printed and all are in the document; a folder without records is told so.
#[test]
fn a_long_list_is_cut_and_an_empty_folder_is_said() {
    let desk = Desk::new(&small(), &[]);
    let rows: String = (0..120).map(|n| format!("X{n},2014-06-30,45\n")).collect();
    fs::write(desk.office.path("progress.csv"), format!("project,date,percent\n{rows}")).expect("a file");
    let printed = desk.run("import progress.csv");
    assert_eq!(printed.err.matches("没有这个项目").count(), 50, "{}", printed.err);
    assert!(printed.err.contains("120 处不符") && printed.err.contains("另有 70 处"), "{}", printed.err);
    let all: serde_json::Value = serde_json::from_str(&desk.run("import progress.csv --json").err).expect("a document");
    assert_eq!(all["error"]["rows"].as_array().map(Vec::len), Some(120));
    fs::create_dir(desk.office.path("nothing")).expect("a folder");
    let none = desk.run("import nothing");
    assert!(none.code == 5 && none.err.contains("没有 CSV 文件"), "{}{}", none.out, none.err);
}

/// A file whose characters cannot be read says on which line, in which encoding, and what to do.
#[test]
fn what_cannot_be_decoded_names_its_line() {
    let desk = Desk::new(&small(), &[]);
    let utf8 = "project,date,percent,note\nP,2014-06-30,45,好\nQ,2014-06-30,50,进度正常\n";
    let (gb, _, _) = encoding_rs::GB18030.encode(utf8);
    let cut = |text: &str, at: &str| {
        let mut bytes = text.as_bytes().to_vec();
        bytes.remove(text.find(at).expect("a place") + 1);
        bytes
    };
    let no_han = b"project,date,percent,note\nP,2014-06-30,45,ok\nQ,2014-06-30,50,\xff\xff\n".to_vec();
    let cases = [
        (gb.to_vec(), " --encoding utf-8", "第 2 行不是 UTF-8", "gb18030"),
        (cut(utf8, "进"), "", "第 3 行有损坏的字符", "另存为"),
        (cut(&format!("\u{feff}{utf8}"), "进"), "", "第 3 行不是 UTF-8", "另存为"),
        (no_han.clone(), "", "第 3 行的文字编码不是 UTF-8 或 GB18030", "另存为"),
        (no_han, " --encoding gb18030", "第 3 行的文字编码不是 GB18030", "另存为"),
    ];
    for (bytes, how, line, next) in cases {
        fs::write(desk.office.path("progress.csv"), bytes).expect("a file");
        let refused = desk.run(&format!("import progress.csv{how}"));
        assert_eq!(refused.code, 5, "{line}: {}{}", refused.out, refused.err);
        assert!(refused.err.contains(line) && refused.err.contains(next), "{line}: {}", refused.err);
    }
    fs::write(desk.office.path("progress.csv"), gb).expect("a file");
    assert!(desk.run("import progress.csv").out.starts_with("saved #"), "the same file in its own encoding");
}

/// Who brings in what the board does not show yet is told so: an open round holds it at its own day.
#[test]
fn records_after_the_day_of_the_board_are_told() {
    let desk = Desk::new(&open(), &[]);
    let put = |text: &str| fs::write(desk.office.path("progress.csv"), text).expect("a file");
    put("project,date,percent\nP,2014-06-30,45\n");
    let shown = desk.run("import progress.csv");
    assert!(shown.code == 0 && !shown.err.contains("截至日"), "{}", shown.err);
    put("project,date,percent\nP,2014-06-20,40\nP,2014-07-01,46\nQ,2014-07-02,50\n");
    let dry = desk.run("import progress.csv --dry-run");
    assert!(!dry.err.contains("截至日"), "nothing came in: {}", dry.err);
    let later = desk.run("import progress.csv");
    assert!(later.err.contains("2 条记录的日期晚于看板的截至日 2014-06-30"), "{}", later.err);
}

/// Others can save only after a long import: how long that takes is said before it begins, and not of a short one.
#[test]
fn a_long_import_says_how_long_others_wait() {
    let desk = Desk::new(&small(), &[]);
    let rows = |n: usize| -> String {
        let goods = (0..n).map(|i| format!("I{i},petition,wage_unresolved,2014-02-01,P\n"));
        format!("id,source,kind,date,project\n{}", goods.collect::<String>())
    };
    let put = |n| fs::write(desk.office.path("incidents.csv"), rows(n)).expect("a file");
    put(2_000);
    let short = desk.run("import incidents.csv");
    assert!(short.code == 0 && !short.err.contains("一次存入"), "{}", short.err);
    put(4_001);
    let rest = desk.run("import incidents.csv --dry-run");
    assert!(!rest.err.contains("一次存入"), "a look keeps nobody waiting: {}", rest.err);
    let long = desk.run("import incidents.csv");
    assert!(long.err.contains("2001 行一次存入") && long.err.contains("约 0.3 秒"), "only what is new: {}", long.err);
    let again = desk.run("import incidents.csv");
    assert!(again.out.contains("没有变化") && !again.err.contains("一次存入"), "{}{}", again.out, again.err);
}

/// Whose record it is stands beside it, and what happened in the words of the rules.
#[test]
fn a_dry_run_names_projects_and_events() {
    let desk = Desk::new(&small(), &[]);
    let text = "id,source,kind,date,project\nI1,petition,wage_unresolved,2014-07-01,P\n";
    fs::write(desk.office.path("incidents.csv"), text).expect("a file");
    let event = desk.run("import incidents.csv --dry-run");
    assert!(event.out.lines().skip(1).all(|line| line.starts_with("incident\tI1\tP项目\t")), "{}", event.out);
    let label = event.out.lines().find_map(|line| line.split_once("\t事件\t--\t")).expect("an event").1;
    assert!(!label.contains("wage"), "{}", event.out);
    let english = desk.run("import incidents.csv --dry-run --lang en");
    assert!(english.out.contains("wage_unresolved"), "{}", english.out);
}

#[test]
fn a_sheet_without_ids_names_its_projects() {
    let desk = Desk::new(&small(), &[]);
    let (file, name) = ("进度.csv", "P项目");
    std::fs::write(desk.office.path(file), format!("项目名称,日期,形象进度\n{name},2014-06-30,40\n")).expect("a file");
    let ended = desk.run(&format!("import {file} --kind progress"));
    assert!(ended.out.contains("saved #"), "{}{}", ended.out, ended.err);
}
