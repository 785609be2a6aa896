//! `dukao history --json`.

use serde::Serialize;
use serde_json::{Map, Value};

use super::SCHEMA;
use crate::domain::change::Record;
use crate::domain::value::Points;

/// `dukao history`
#[derive(Serialize)]
pub struct History {
    schema: u32,
    entries: Vec<Entry>,
}

/// One entry of the ledger.
#[derive(Serialize)]
pub struct Entry {
    /// Its number.
    pub seq: u64,
    /// The moment it was saved.
    pub at: String,
    /// Login.
    pub actor: String,
    /// How that person was known.
    pub via: String,
    /// Kind of record.
    pub kind: String,
    /// Key of the record.
    pub key: String,
    /// The entry it was based on; 0 = none.
    pub base: u64,
    /// The record before.
    pub before: Value,
    /// The record after.
    pub after: Value,
    /// 理由
    pub reason: String,
    /// Hash of the entry.
    pub hash: String,
}

/// The entries given, oldest first.
#[must_use]
pub fn history(entries: Vec<Entry>) -> History {
    History { schema: SCHEMA, entries }
}

/// A record as a person writes it: hundredths as numbers, amounts of yuan as `…_yuan`.
#[must_use]
pub fn record(record: Option<&Record>) -> Value {
    let Some(Ok(Value::Object(fields))) = record.map(|r| serde_json::from_str(&r.json())) else { return Value::Null };
    Value::Object(fields.into_iter().map(|(key, value)| field(key, value)).collect::<Map<_, _>>())
}

fn field(key: String, value: Value) -> (String, Value) {
    const HUNDREDTHS: [&str; 9] = [
        "points",
        "suggestion",
        "score",
        "percent",
        "planned_percent",
        "value",
        "growth",
        "target_growth",
        "city_growth",
    ];
    if let (true, Some(n)) = (HUNDREDTHS.contains(&key.as_str()), value.as_i64()) {
        return (key, Points(n).json());
    }
    match (value.get("currency").and_then(Value::as_str), value.get("amount")) {
        (Some("CNY"), Some(amount)) => (format!("{key}_yuan"), amount.clone()),
        _ => (key, value),
    }
}
