//! The worked examples of the scoring guide, by their ids, as the commands show them: small districts, `--json`.

use serde_json::{Value, json};

use crate::folder::Folder;

pub mod composites;
mod scores;
pub mod targets;
mod tracking;

const ROUNDS: &str = "round,state,date,reason";
pub const SCORES: &str = "round,project,criterion,points,note";
const MILESTONES: &str = "project,milestone,done";
const PROGRESS: &str = "project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note";

/// Adds a file of records.
pub fn records(folder: Folder, file: &'static str, header: &str, rows: &[String]) -> Folder {
    let lines: Vec<&str> = std::iter::once(header).chain(rows.iter().map(String::as_str)).collect();
    folder.with(file, &lines)
}

/// The rows that give projects these scores in round R: hundredths spread over the five criteria.
pub fn scored(scores: &[(&str, i64)]) -> Vec<String> {
    let mut rows = Vec::new();
    for (project, score) in scores {
        let mut left = *score;
        for (criterion, max) in
            [("duty", 500), ("node", 4000), ("physical", 2500), ("investment", 1500), ("formalities", 1500)]
        {
            let points = left.min(max);
            left -= points;
            rows.push(format!("R,{project},{criterion},{}.{:02},", points / 100, points % 100));
        }
    }
    rows
}

/// Round R is open and its projects have these scores.
pub fn assessed(folder: Folder, scores: &[(&str, i64)]) -> Folder {
    let open = records(folder, "rounds.csv", ROUNDS, &["R,open,2014-07-01,".to_owned()]);
    records(open, "scores.csv", SCORES, &scored(scores))
}

/// A list's values of a key.
pub fn each(list: &Value, key: &str) -> Vec<Value> {
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(|v| v[key].clone()).collect()
}

/// The item of a list with that id.
pub fn of<'a>(list: &'a Value, key: &str, id: &str) -> &'a Value {
    let found = list.as_array().and_then(|l| l.iter().find(|v| v[key] == id));
    found.unwrap_or_else(|| panic!("no {id} in {list}"))
}

/// Values of several keys of an object.
pub fn picked(object: &Value, keys: &[&str]) -> Value {
    json!(keys.iter().map(|key| object[key].clone()).collect::<Vec<_>>())
}
