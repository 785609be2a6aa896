//! The marked copy of a folder, and what an import leaves out, clears or cannot tell apart.

use std::fs;

use super::{Desk, made, one, part, sheet, small};
use crate::folder::{ASSESSMENT, Folder, milestone, project};

/// A folder of two lists of progress, each with one bad cell.
fn two(desk: &Desk) {
    fs::create_dir(desk.office.path("two")).expect("a folder");
    let put = |name: &str, rows: &str| {
        fs::write(desk.office.path(name), format!("project,date,percent\n{rows}")).expect("a file");
    };
    put("two/a.csv", "P,2014-06-30,101\nQ,2014-06-30,45\n");
    put("two/b.csv", "P,2014-07-05,46\nQ,2014-07-05,x\n");
}

#[test]
fn each_error_of_a_folder_is_marked_in_the_sheet_of_its_file() {
    let desk = Desk::new(&small(), &[]);
    two(&desk);
    assert_eq!(desk.run("import two --kind progress --marked two.xlsx").code, 5);
    let copy = fs::read(desk.office.path("two.xlsx")).expect("the copy");
    let refs = |place: usize| -> Vec<String> {
        let notes = part(&copy, &format!("xl/comments{place}.xml"));
        notes.split("ref=\"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
    };
    assert_eq!((refs(1), refs(2)), (vec!["C2".to_owned()], vec!["C3".to_owned()]));
}

#[test]
fn the_copy_of_a_folder_comes_back_whole() {
    let desk = Desk::new(&small(), &[]);
    two(&desk);
    assert_eq!(desk.run("import two --kind progress --marked two.xlsx").code, 5);
    for more in ["--kind progress", ""] {
        let again = desk.run(&format!("import two.xlsx {more}"));
        assert!(again.err.contains("progress!C2") && again.err.contains("progress~2!C3"), "{more}: {}", again.err);
    }
    let rows = |percent: &'static str, date: &'static str| [["project", "date", "percent"], ["P", date, percent]];
    let (first, further) = (rows("40", "2014-06-30"), rows("46", "2014-07-05"));
    desk.put(&made(|book| {
        sheet(book, "progress", &first.each_ref().map(|row| row.as_slice()));
        sheet(book, "progress~2", &further.each_ref().map(|row| row.as_slice()));
    }));
    let begun = desk.entries();
    desk.saved("--kind progress");
    assert_eq!(desk.entries(), begun + 2, "a record of each sheet");
}

#[test]
fn a_sheet_that_is_left_out_is_named() {
    let head: [&[&str]; 2] = [&["project", "date", "percent"], &["P", "2014-06-30", "40"]];
    let desk = Desk::new(
        &small(),
        &made(|book| {
            sheet(book, "进度", &head);
            sheet(book, "镇报", &head);
        }),
    );
    let done = desk.import("--kind progress");
    assert!(done.code == 0 && done.err.contains("镇报") && done.err.contains("略过"), "{}", done.err);
}

#[test]
fn values_that_empty_cells_clear_are_said() {
    let desk = Desk::new(&small(), &[]);
    let put = |name: &str, text: &str| fs::write(desk.office.path(name), text).expect("a file");
    put("milestones.csv", "project,milestone,done\nP,封顶,2014-06-10\n");
    put("progress.csv", "project,date,percent,note\nP,2014-06-30,40,好\n");
    for file in ["milestones.csv", "progress.csv"] {
        let first = desk.run(&format!("import {file}"));
        assert!(first.code == 0 && !first.err.contains("清空"), "nothing is taken away: {}", first.err);
    }
    put("milestones.csv", "项目编号,节点,完成日期\nP,封顶,\n");
    put("progress.csv", "project,date,percent,note\nP,2014-06-30,41,\n");
    let cleared = |line: &str| desk.run(line).err.lines().find(|line| line.contains("清空")).map(str::to_owned);
    assert_eq!(
        cleared("import milestones.csv --dry-run").as_deref(),
        Some("空格子将清空 1 项，其中 1 条记录不再存在：P/封顶 完成")
    );
    assert_eq!(
        cleared("import milestones.csv").as_deref(),
        Some("空格子清空 1 项，其中 1 条记录不再存在：P/封顶 完成")
    );
    assert_eq!(cleared("import progress.csv").as_deref(), Some("空格子清空 1 项：P/2014-06-30 备注"));
}

#[test]
fn a_name_of_two_projects_is_told_from_one_of_none() {
    let name = "P项目";
    let twins = project("P", &milestone("封顶", "2014-06-15")) + &project("Q", "").replace("Q项目", name);
    let desk = Desk::new(
        &Folder::empty().district(ASSESSMENT).projects(&twins),
        &one("进度", &[&["project", "date", "percent"], &[name, "2014-06-30", "40"], &["没有的", "2014-06-30", "40"]]),
    );
    let why: Vec<String> = desk.errors("").into_iter().map(|(_, why)| why).collect();
    assert!(why[0].contains("2 个项目叫这个名称，请写编号") && why[1].contains("没有这个项目"), "{why:?}");
}
