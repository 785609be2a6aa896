//! 逐项. What an entry changed, field by field, in the words of the office.

use serde_json::Value;

use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::domain::words::fields::{called, text, written};
use crate::store::LedgerEntry;

/// One field of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is called.
    pub label: String,
    /// Its value before; none where there was no record.
    pub before: Option<String>,
    /// Its value after; none where there is no record any more.
    pub after: Option<String>,
}

impl Line {
    /// Whether the entry changed it.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.before != self.after
    }
}

/// A value; codes and ids by their names.
fn named(key: &str, value: &Value, data: &Snapshot, lang: Lang) -> String {
    let one = |code: &str| match key {
        "unit" | "host" | "credits" => data.plan.unit_ix(code).map(|u| data.plan.unit(u).called(lang).to_owned()),
        "project" => {
            let project = data.plan.project_ix(code).map(|p| data.plan.project(p));
            project.map(|p| format!("{} {}", data.plan.short_id(&p.id), p.name))
        }
        "event" => Some(super::event(code, data)),
        "entered_by" => data.plan.person(code).map(|p| p.name.clone()),
        _ => None,
    };
    let text = text(key, value, lang);
    text.split(',').map(|part| one(part).unwrap_or_else(|| part.to_owned())).collect::<Vec<_>>().join(",")
}

/// The fields of the record before and after an entry, those that it changed first.
#[must_use]
pub fn lines(entry: &LedgerEntry, data: &Snapshot, lang: Lang) -> Vec<Line> {
    let (before, after) = (written(entry.before().as_ref()), written(entry.after().as_ref()));
    let keys = |value: &Value| value.as_object().map(|o| o.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let mut all = keys(&after);
    all.extend(keys(&before).into_iter().filter(|k| after.get(k).is_none()));
    let value = |of: &Value, key: &str| {
        // A record that is there lacks no field: what it does not state is not stated.
        of.is_object().then(|| named(key, of.get(key).unwrap_or(&Value::Null), data, lang))
    };
    let line = |key: &String| Line { label: called(key, lang), before: value(&before, key), after: value(&after, key) };
    let mut lines: Vec<Line> = all.iter().map(line).collect();
    lines.sort_by_key(|l| !l.changed());
    lines
}
