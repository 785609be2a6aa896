//! `dukao history --json`.

use serde::Serialize;
use serde_json::Value;

use super::SCHEMA;

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
