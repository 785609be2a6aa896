//! 退回. On which days rectifications were returned, as the ledger tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::Error;
use crate::domain::snapshot::Facts;
use crate::domain::value::Date;

/// Every return that was not taken back: a rectification that was submitted and is under way again.
const SQL: &str =
    "SELECT key, substr(at, 1, 10), json_extract(before, '$.state'), json_extract(after, '$.state'), reason
                   FROM ledger WHERE kind = 'rectification' AND before IS NOT NULL AND after IS NOT NULL ORDER BY seq";

/// Reads them into the facts.
pub(super) fn read(conn: &Connection, facts: &mut Facts) -> Result<(), Error> {
    let mut returned: BTreeMap<String, Vec<Date>> = BTreeMap::new();
    let mut found = conn.prepare_cached(SQL)?;
    let mut rows = found.query([])?;
    while let Some(row) = rows.next()? {
        let (before, after): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let reason: String = row.get(4)?;
        let undone = reason.starts_with("undo #");
        let days = returned.entry(row.get(0)?).or_default();
        match (before.as_str(), after.as_str()) {
            // Taking back a submission leads to the same state, and returns nothing.
            ("submitted", "in_progress") if !undone => days.extend(row.get::<_, String>(1)?.parse::<Date>()),
            ("in_progress", "submitted") if undone => _ = days.pop(),
            _ => {}
        }
    }
    returned.retain(|_, days| !days.is_empty());
    facts.returned = Arc::new(returned);
    Ok(())
}
