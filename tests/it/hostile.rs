//! Hostile text at the borders of the program: what acts or hides gets neither in nor out, and nothing is without end.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::contract::{District, Ended};
use crate::records::Office;

/// One character of each kind that is refused, with how it is named.
const EACH: [(&str, &str); 9] = [
    ("\u{1b}", "U+001B"),
    ("\u{9b}", "U+009B"),
    ("\u{202e}", "U+202E"),
    ("\u{2066}", "U+2066"),
    ("\u{200b}", "U+200B"),
    ("\u{feff}", "U+FEFF"),
    ("\u{3164}", "U+3164"),
    ("\u{e000}", "U+E000"),
    ("\u{378}", "U+0378"),
];

#[test]
fn the_command_line_takes_no_character_that_acts_or_hides() {
    let district = District::new();
    district.run("status");
    for (bad, named) in EACH {
        let reason = format!("复{bad}核");
        let words = ["score", "set", "2014-H1-ASM", "YB14-GY-006", "node", "38", "--reason", &reason];
        let ended: Ended = district.command(&words).output().expect("the program").into();
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{named}: {}", ended.err);
        assert!(ended.err.contains(named) && !ended.err.contains(bad), "{named}: {}", ended.err);
    }
}

#[test]
fn a_file_of_records_takes_none_either_and_has_an_end() {
    let district = District::new();
    district.run("status");
    let refused = |name: &str, text: &str, said: &str| {
        std::fs::write(district.path("goals.csv"), text).expect("written");
        let file = district.path("goals.csv").display().to_string();
        let ended = district.run(&format!("import {file} --kind goals --lang en"));
        assert_eq!(ended.code, 5, "{name}: {}", ended.err);
        assert!(ended.err.contains(said), "{name}: {}", ended.err);
    };
    for (bad, named) in EACH {
        refused(named, &format!("goal,date,value,note\nparty-village-1,2014-06-30,1,说{bad}明\n"), named);
    }
    let header: String = (0..65).fold(String::new(), |mut all, i| {
        write!(all, "c{i},").expect("a text");
        all
    });
    refused("columns", &format!("{header}\n"), "more than 64 columns");
    refused("cell", &format!("goal,date,value,note\nx,2014-06-30,1,{}\n", "字".repeat(4000)), "longer than 10 KB");
    refused("size", &"x".repeat(20 * 1024 * 1024 + 1), "20 MB");
    let begun = Instant::now();
    refused("rows", &("goal,date,value,note\n".to_owned() + &",,,\n".repeat(200_001)), "200,000");
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn one_character_is_kept_in_one_form() {
    let office = Office::new();
    office.saves("jiazu", "score set 2014-H1-ASM YB14-GY-006 node 38 --reason caf\u{65}\u{301}");
    assert_eq!(office.newest()["reason"], "café");
}

#[test]
fn a_plan_without_end_is_refused_at_once() {
    let district = District::new();
    for (name, text) in [
        ("nesting", format!("a = {}", "[".repeat(5_000_000))),
        ("tables", format!("a = {}", "{a=".repeat(1_000_000))),
        ("size", "#".repeat(10 * 1024 * 1024 + 1)),
        ("control", "name = \"\u{1b}[31m\"\n".to_owned()),
    ] {
        district.edit("targets.toml", |_| text);
        let begun = Instant::now();
        let ended = district.run("check");
        assert_eq!(ended.code, 5, "{name}: {}", ended.err);
        assert!(!ended.err.contains('\u{1b}') && ended.err.len() < 20_000, "{name}: {}", ended.err.len());
        assert!(begun.elapsed() < Duration::from_secs(5), "{name}: {:?}", begun.elapsed());
    }
}
