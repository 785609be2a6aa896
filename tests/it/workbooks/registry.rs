//! 项目清单. A sheet of projects rewrites `projects.toml`: changed fields only, comments and order as they were.

use std::fs;

use super::{Desk, one, small};
use crate::folder::{Folder, unit};

/// The small district with comments in its projects.
fn commented() -> Folder {
    let mut folder = small();
    folder.projects = folder.projects.replacen("name = \"P项目\"", "name = \"P项目\"   # 以批复为准", 1);
    folder.projects = format!("# 项目清单，2014 年\n\n{}", folder.projects);
    folder
}

fn projects(desk: &Desk) -> String {
    fs::read_to_string(desk.office.path("district/projects.toml")).expect("the projects")
}

fn book(rows: &[&[&str]]) -> Vec<u8> {
    one("项目", rows)
}

#[test]
fn changed_fields_alone_are_rewritten_and_new_projects_come_last() {
    let rows: &[&[&str]] = &[
        &["项目编号", "项目名称", "类别", "指挥部", "镇", "总投资（亿元）", "备注"],
        &["P", "P一期", "确保", "A单位", "TA", "13", ""],
        &["N1", "新项目", "力争", "A", "", "0.5", "=1+1"],
    ];
    let desk = Desk::new(&commented(), &book(rows));
    let before = projects(&desk);
    let dry = desk.import("--kind projects --dry-run");
    assert_eq!(dry.code, 0, "{}", dry.err);
    let lines: Vec<Vec<&str>> = dry.out.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let new = |field, value| ["新增", "project", "N1", field, "", value];
    assert_eq!(
        lines,
        [
            ["变更", "project", "P", "name", "P项目", "P一期"],
            ["变更", "project", "P", "town", "", "TA 10000"],
            new("name", "新项目"),
            new("commitment", "stretch"),
            new("headquarters", "A"),
            new("total_investment", "5000万元"),
            new("note", "=1+1"),
        ]
    );
    assert_eq!(projects(&desk), before, "a dry run writes nothing");
    let done = desk.import("--kind projects");
    assert!(done.code == 0 && done.err.contains("dukao plan"), "{}{}", done.out, done.err);
    let after = projects(&desk);
    let gone: Vec<&str> = before.lines().filter(|line| !after.lines().any(|l| l == *line)).collect();
    let come: Vec<&str> = after.lines().filter(|line| !before.lines().any(|l| l == *line)).collect();
    assert_eq!(gone, ["name = \"P项目\"   # 以批复为准"]);
    let new = [
        "id = \"N1\"",
        "name = \"新项目\"",
        "commitment = \"stretch\"",
        "total_investment = \"5000万元\"",
        "note = \"=1+1\"",
    ];
    assert_eq!(come[..2], ["name = \"P一期\"   # 以批复为准", "town = \"TA\""]);
    assert_eq!(come[2..], new);
    assert!(after.trim_end().ends_with("note = \"=1+1\""), "new projects come last: {after}");
    let plan = desk.run("plan").out;
    assert!(plan.contains("P一期") && plan.contains("N1"), "{plan}");
    assert_eq!(desk.import("--kind projects").out.trim(), "计划与数据库一致");
    assert_eq!(projects(&desk), after);
}

#[test]
fn everything_wrong_in_it_is_located() {
    let rows: &[&[&str]] = &[
        &[
            "id",
            "name",
            "commitment",
            "headquarters",
            "town",
            "total_investment",
            "annual_plan",
            "state",
            "state_reason",
        ],
        &["P", "", "maybe", "TA", "A", "13万元", "", "exempt", ""],
        &["P", "P项目", "must", "A", "", "13亿元", "140亿元", "", ""],
        &["新 1", "x", "must", "A", "", "5", "", "", ""],
    ];
    let desk = Desk::new(&commented(), &book(rows));
    let before = projects(&desk);
    let errors = desk.errors("--kind projects");
    let cells: Vec<&str> = errors.iter().map(|(cell, _)| cell.trim_start_matches("项目!")).collect();
    assert_eq!(cells, ["B2", "C2", "D2", "E2", "F2", "I2", "A3", "G3", "A4", "F4"], "{errors:#?}");
    assert!(errors[4].1.contains("一万倍"), "{errors:?}");
    assert_eq!(projects(&desk), before);
}

/// What only the whole registry shows to be wrong is said of the sheet as well, together with what its cells have wrong.
#[test]
fn what_the_plan_refuses_is_located_in_the_sheet() {
    let long = "业".repeat(201);
    let rows: &[&[&str]] = &[
        &["备注", "id", "name", "commitment", "headquarters", "town_shares", "owner", "总投资（亿元）"],
        &["", "Q", "Q项目", "must", "A", "", "某公司", "x"],
        &["", "N1", "新项目", "must", "A", "TA=6000;TB=3000", "", ""],
        &["", "P", "P项目", "must", "A", "", &long, "13"],
        &["", "N2", "又一项", "maybe", "A", "TA=5000;TB=4000", &long, "1"],
        &["", "N3", "好的", "must", "A", "TA=5000;TB=5000", "", "1"],
    ];
    let desk = Desk::new(&commented().district(&unit("TB", "town")), &book(rows));
    let before = projects(&desk);
    let errors = desk.errors("--kind projects --marked marked.xlsx");
    let cells: Vec<&str> = errors.iter().map(|(cell, _)| cell.trim_start_matches("项目!")).collect();
    assert_eq!(cells, ["H2", "F3", "G4", "D5", "F5", "G5"], "{errors:#?}");
    assert!(errors[1].1.contains("合计 9000") && errors[2].1.contains("200"), "{errors:?}");
    let text = desk.import("--kind projects").err;
    assert!(text.contains("book.xlsx 项目!F3") && text.contains("「TA=6000;TB=3000」"), "{text}");
    assert!(!text.contains("projects.toml"), "the text that is meant is in no file: {text}");
    assert_eq!(projects(&desk), before);
    let copy = fs::read(desk.office.path("marked.xlsx")).expect("the copy");
    assert!(super::part(&copy, "xl/comments1.xml").contains("ref=\"F3\""));
    // Without anything wrong in its cells, and in a text file: line and column.
    fs::write(desk.office.path("p.csv"), "id,town_shares\nP,TA=6000;TB=3000\n").expect("a file");
    let refused = desk.run("import p.csv --kind projects");
    assert!(refused.code == 5 && refused.err.contains("p.csv:2 各镇份额"), "{}", refused.err);
    fs::write(desk.office.path("p.csv"), "id,town,town_shares\nP,TA,TA=6000;TB=4000\n").expect("a file");
    let both = desk.run("import p.csv --kind projects");
    assert!(both.code == 5 && both.err.contains("只写其一"), "{}", both.err);
}

#[test]
fn a_csv_file_does_as_well_and_the_sample_has_no_file() {
    let desk = Desk::new(&commented(), &[]);
    fs::write(desk.office.path("p.csv"), "id,owner\nP,某公司\n").expect("a file");
    assert_eq!(desk.run("import p.csv --kind projects").code, 0);
    assert!(projects(&desk).contains("owner = \"某公司\""));
    fs::write(desk.office.path("p.csv"), "id,owner\nP,\n").expect("a file");
    assert_eq!(desk.run("import p.csv --kind projects").code, 0);
    assert!(!projects(&desk).contains("owner ="), "an emptied cell takes the field away");
}

#[test]
fn what_export_gives_out_comes_in_without_a_change() {
    let district = crate::contract::District::new();
    let before = fs::read_to_string(district.path("projects.toml")).expect("the projects");
    for format in ["xlsx", "csv"] {
        let file = district.path(&format!("projects.{format}"));
        let out = district.run(&format!("export projects --output {}", file.display()));
        assert_eq!(out.code, 0, "{}", out.err);
        let ended = district.run(&format!("import {} --kind projects", file.display()));
        assert_eq!((ended.code, ended.out.trim()), (0, "计划与数据库一致"), "{}", ended.err);
        assert_eq!(fs::read_to_string(district.path("projects.toml")).expect("the projects"), before);
    }
}
