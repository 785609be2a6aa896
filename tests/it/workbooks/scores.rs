//! 打分表. Given out, filled in, taken in again: only what was filled changes, and nothing that somebody else changed.

use super::{Desk, small, with_part};
use crate::folder::Folder;

/// The small district with its round open and one score entered.
pub fn open() -> Folder {
    small()
        .with("rounds.csv", &["round,state,date", "R,open,2014-07-02"])
        .with("scores.csv", &["round,project,criterion,points,note", "R,P,duty,4,初评"])
}

/// The workbook of the round, as the program gives it out.
pub fn given(desk: &Desk) -> Vec<u8> {
    let out = desk.run("export scores --round R --format xlsx --headquarters A --output given.xlsx");
    assert_eq!(out.code, 0, "{}", out.err);
    std::fs::read(desk.office.path("given.xlsx")).expect("the workbook")
}

/// Fills a cell of the first sheet, as somebody would by hand.
fn filled(bytes: &[u8], cell: &str, value: &str) -> Vec<u8> {
    with_part(bytes, "xl/worksheets/sheet1.xml", |xml| {
        let at = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell} in {xml}"));
        let short = xml[at..].find("/>").map(|n| at + n + 2);
        let long = xml[at..].find("</c>").map(|n| at + n + 4);
        let end = short.into_iter().chain(long).min().expect("its end");
        let value = match value.parse::<f64>() {
            Ok(_) => format!("<c r=\"{cell}\"><v>{value}</v></c>"),
            Err(_) => format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
        };
        format!("{}{value}{}", &xml[..at], &xml[end..])
    })
}

#[test]
fn a_sheet_shows_the_suggestion_the_entry_and_the_rules() {
    let desk = Desk::new(&open(), &[]);
    let bytes = given(&desk);
    let xml = super::part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(xml.contains("<sheetProtection") && !xml.contains("password"), "protected, without a password");
    assert!(xml.contains("state=\"frozen\""), "frozen panes");
    assert_eq!(xml.matches("<dataValidation ").count(), 5, "one rule per criterion");
    assert!(xml.contains("P4&lt;=5") && xml.contains("MOD(ROUND(P4*100,2),50)=0"), "range and step of duty: {xml}");
    let book = super::part(&bytes, "xl/workbook.xml");
    assert!(
        book.contains("A A单位") && book.contains("name=\"_dukao\"") && book.contains("state=\"hidden\""),
        "{book}"
    );
}

#[test]
fn only_what_was_filled_changes() {
    let desk = Desk::new(&open(), &[]);
    let bytes = given(&desk);
    desk.put(&bytes);
    let begun = desk.entries();
    assert_eq!(desk.saved(""), "没有变化", "given out and taken in again");
    // Node and duty of P, and a note with n/a for the physical progress of Q.
    let edited = [("D4", "12.5"), ("P4", "4.5"), ("G5", "n/a"), ("H5", "未开工")];
    let bytes = edited.iter().fold(bytes, |bytes, (cell, value)| filled(&bytes, cell, value));
    desk.put(&bytes);
    let dry = desk.import("--dry-run");
    for part in ["R/P/node", "R/P/duty", "R/Q/physical", "未开工"] {
        assert!(dry.out.contains(part), "{part}: {}{}", dry.out, dry.err);
    }
    assert_eq!(desk.saved(""), format!("saved #{}-#{}", begun + 1, begun + 3));
    assert_eq!(desk.saved(""), "没有变化", "twice is once");
    assert_eq!(desk.office.json("project P --round R")["score"]["parts"][4]["points"], 4.5);
}

#[test]
fn what_somebody_changed_since_is_a_conflict_with_both_values() {
    let desk = Desk::new(&open(), &[]);
    let bytes = filled(&filled(&given(&desk), "P4", "4.5"), "P5", "3");
    assert!(desk.run("score set R P duty 2").out.starts_with("saved"));
    assert!(desk.run("score set R Q duty 1").out.starts_with("saved"));
    let begun = desk.entries();
    desk.put(&bytes);
    let ended = desk.import("");
    assert_eq!(ended.code, 4, "{}", ended.err);
    for said in ["A A单位!P4", "现在 2（#", "表里填 4.5", "A A单位!P5", "现在 1（#", "表里填 3"] {
        assert!(ended.err.contains(said), "{said}: {}", ended.err);
    }
    assert_eq!(desk.entries(), begun);
    // An untouched cell that somebody changed is nobody's conflict.
    desk.put(&filled(&given(&desk), "D4", "10"));
    assert!(desk.run("score set R Q duty 1.5").out.starts_with("saved"));
    assert!(desk.saved("").starts_with("saved #"));
}

#[test]
fn bad_entries_are_located_and_emptied_ones_left() {
    let desk = Desk::new(&open(), &[]);
    let bytes = given(&desk);
    desk.put(&filled(&filled(&filled(&bytes, "D4", "41"), "P5", "4.25"), "G5", "n/a"));
    let errors = desk.errors("");
    let cells: Vec<&str> = errors.iter().map(|(cell, _)| cell.as_str()).collect();
    assert_eq!(cells, ["A A单位!D4", "A A单位!H5", "A A单位!P5"], "{errors:?}");
    desk.put(&filled(&bytes, "P4", ""));
    let ended = desk.import("");
    assert!(ended.code == 0 && ended.out.contains("没有变化") && ended.err.contains("清空的格不改"), "{}", ended.err);
}

#[test]
fn a_sheet_of_another_round_rule_set_or_district_is_refused() {
    let desk = Desk::new(&open(), &[]);
    let bytes = filled(&given(&desk), "P4", "4.5");
    let refused = |folder: &Folder, said: &str| {
        let other = Desk::new(folder, &bytes);
        let ended = other.import("");
        assert!(ended.code == 5 && ended.err.contains(said), "{said}: {}{}", ended.out, ended.err);
    };
    let renamed = |from: &str, to: &str| {
        let mut folder = open();
        folder.district = folder.district.replace(from, to);
        folder
    };
    refused(&renamed("id = \"small\"", "id = \"other\""), "「small」的打分表");
    let mut later = small();
    later.district = later.district.replace("id = \"R\"", "id = \"R2\"");
    refused(&later, "没有轮次 R");
    refused(&open().rules("points = 40", "points = 41").rules("points = 25", "points = 24"), "考评规则在导出后改过");
    refused(&small(), "本轮");
    // A page of another round's workbook, copied in.
    let mixed = with_part(&bytes, "xl/sharedStrings.xml", |xml| xml.replacen("<t>R</t>", "<t>R9</t>", 1));
    desk.put(&mixed);
    let ended = desk.import("");
    assert!(ended.code == 5 && ended.err.contains("R9"), "{}", ended.err);
}

/// A cell that cannot be read was filled in: it is refused, whether the sheet was given out with something there or not.
#[test]
fn a_formula_without_its_value_is_no_empty_cell() {
    let desk = Desk::new(&open(), &[]);
    let bytes = given(&desk);
    for cell in ["D4", "P4"] {
        let odd = with_part(&filled(&bytes, cell, "7"), "xl/worksheets/sheet1.xml", |xml| {
            xml.replace(&format!("<c r=\"{cell}\"><v>7</v>"), &format!("<c r=\"{cell}\"><f>20+5</f>"))
        });
        desk.put(&odd);
        let errors = desk.errors("");
        assert!(errors.len() == 1 && errors[0].0 == format!("A A单位!{cell}"), "{errors:?}");
        assert!(errors[0].1.contains("公式"), "{errors:?}");
    }
}

/// Where a score belongs is never guessed: merged entries, lost headings, numbers of other projects and a project twice.
#[test]
fn a_sheet_that_is_no_longer_laid_out_as_it_was_is_refused() {
    let desk = Desk::new(&open(), &[]);
    let bytes = filled(&given(&desk), "D4", "12.5");
    let refused = |bytes: &[u8], cell: &str, said: &str| {
        desk.put(bytes);
        let errors = desk.errors("");
        let found = errors.iter().any(|(at, why)| at.ends_with(cell) && why.contains(said));
        assert!(found, "{cell} {said}: {errors:?}");
    };
    let page = "xl/worksheets/sheet1.xml";
    let merged = with_part(&bytes, page, |xml| {
        xml.replace("</sheetData>", "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"D4:D5\"/></mergeCells>")
    });
    refused(&merged, "!D4", "合并");
    refused(&filled(&bytes, "D1", ""), "!", "重新导出");
    refused(&filled(&bytes, "A4", "Q"), "!A4", "编号与名称不符");
    refused(&filled(&filled(&bytes, "A4", "Q"), "B4", ""), "!A5", "同一个项目");
    refused(&filled(&bytes, "A4", "X"), "!A4", "不在导出的表里");
}
