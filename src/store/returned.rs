//! 退回. On which days rectifications were returned, as the ledger tells.

use std::sync::Arc;

use rusqlite::Connection;

use super::Error;
use crate::domain::change::{Kind, Record};
use crate::domain::rectification::RectificationState::{self, InProgress, Submitted};
use crate::domain::snapshot::Facts;

const SQL: &str = "SELECT key, at, before, after, reason FROM ledger
                   WHERE kind = 'rectification' AND before IS NOT NULL AND seq <= ?1 ORDER BY seq";

fn state(json: Option<&str>) -> Option<RectificationState> {
    match Record::read(Kind::Rectification, json?) {
        Ok(Record::Rectification(r)) => Some(r.state),
        _ => None,
    }
}

/// Follows an entry of a rectification: what was submitted and is under way again was returned, unless somebody only
/// took his submission back; and a return that is taken back was none.
pub(super) fn follow(facts: &mut Facts, key: &str, at: &str, [before, after]: [Option<&str>; 2], reason: &str) {
    let undone = reason.starts_with("undo #");
    match (state(before), state(after)) {
        (Some(Submitted), Some(InProgress)) if !undone => {
            if let Some(Ok(day)) = at.get(..10).map(str::parse) {
                Arc::make_mut(&mut facts.returned).entry(key.to_owned()).or_default().push(day);
            }
        }
        (Some(InProgress), Some(Submitted)) if undone => {
            if let Some(days) = Arc::make_mut(&mut facts.returned).get_mut(key) {
                days.pop();
            }
        }
        _ => {}
    }
}

/// Reads them into the facts, as far as these follow the ledger.
pub(super) fn read(conn: &Connection, facts: &mut Facts) -> Result<(), Error> {
    facts.returned = Arc::default();
    let mut found = conn.prepare_cached(SQL)?;
    let mut rows = found.query([super::ledger::number(facts.seq)])?;
    while let Some(row) = rows.next()? {
        let (key, at, reason): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(4)?);
        let (before, after): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
        follow(facts, &key, &at, [before.as_deref(), after.as_deref()], &reason);
    }
    Ok(())
}
