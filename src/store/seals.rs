//! 封存记录. Every seal that a round ever had, from the ledger, and the document that each froze.

use std::collections::BTreeMap;

use super::ledger::LedgerEntry;
use super::{Error, Store, load, reading};
use crate::domain::change::Record;
use crate::domain::results::Results;
use crate::domain::round::RoundState;
use crate::domain::value::Date;

/// One seal of a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seal {
    /// Counted from 1.
    pub revision: u32,
    /// Entry of the ledger.
    pub seq: u64,
    /// When; informational.
    pub at: String,
    /// Who sealed.
    pub actor: String,
    /// The day of the step.
    pub date: Option<Date>,
    /// SHA-256 of the results document: the content hash.
    pub sha256: String,
    /// SHA-256 of `scoring.toml` at sealing.
    pub rules_sha256: Option<String>,
    /// It was published, whether it is now or not.
    pub published: bool,
    /// The day it was published.
    pub issued: Option<Date>,
    /// The entry with which it was published.
    pub issue: Option<u64>,
    /// 更正: an earlier seal of the round had been published.
    pub correction: bool,
    /// Reason of the reopening that ended it; none while it stands.
    pub reopened: Option<String>,
}

impl Store {
    /// Every seal of every round, oldest first, by the id of the round.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn seals(&self) -> Result<BTreeMap<String, Vec<Seal>>, Error> {
        let sql = format!("SELECT {} FROM ledger WHERE kind = 'round' ORDER BY seq", LedgerEntry::COLUMNS);
        let entries: Vec<LedgerEntry> = reading(&self.conn, |conn| {
            let mut read = conn.prepare_cached(&sql)?;
            Ok(read.query_map([], LedgerEntry::of)?.collect::<Result<_, _>>()?)
        })?;
        let mut rounds: BTreeMap<String, Vec<Seal>> = BTreeMap::new();
        for entry in entries {
            let Some(Record::Round(record)) = entry.after() else { continue };
            let seals = rounds.entry(entry.key).or_default();
            match (record.state, record.results_sha256) {
                (RoundState::Sealed, Some(sha256)) => seals.push(Seal {
                    revision: record.revision,
                    seq: entry.seq,
                    at: entry.at,
                    actor: entry.actor,
                    date: record.date,
                    sha256,
                    rules_sha256: record.rules_sha256,
                    published: false,
                    issued: None,
                    issue: None,
                    correction: record.correction,
                    reopened: None,
                }),
                (RoundState::Published, _) => seals.iter_mut().last().into_iter().for_each(|s| {
                    s.published = true;
                    (s.issued, s.issue) = (record.date, Some(entry.seq));
                }),
                (RoundState::Open, _) => {
                    seals.iter_mut().last().into_iter().for_each(|s| s.reopened = Some(entry.reason.clone()));
                }
                _ => {}
            }
        }
        Ok(rounds)
    }

    /// The document that a seal froze, byte by byte as it was hashed, and what it says.
    ///
    /// # Errors
    /// The file cannot be read, or the document is gone or none.
    pub fn sealed_document(&self, seal: &Seal) -> Result<(String, Results), Error> {
        let sha256 = &seal.sha256;
        let text = reading(&self.conn, |conn| load::document(conn, sha256))?.ok_or_else(|| {
            Error::damaged(
                format!("封存的文档 {sha256} 不在库里。请运行 dukao verify"),
                format!("the sealed document {sha256} is gone: run dukao verify"),
            )
        })?;
        let results = Results::read(&text).map_err(|e| {
            Error::damaged(
                format!("封存的文档 {sha256} 读不出来：{e}。请运行 dukao verify"),
                format!("the sealed document {sha256} cannot be read: {e}; run dukao verify"),
            )
        })?;
        Ok((text, results))
    }
}
