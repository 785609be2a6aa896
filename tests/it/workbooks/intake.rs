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
