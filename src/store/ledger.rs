//! 台账. Entries, their chain and their hash (`reliability.md` §3.2), and reading them back.

use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::Error;
use crate::domain::change::{Kind, Record, Subject};
use crate::domain::district::UnitIx;

/// Number of one operation, made before its transaction begins: a retry is recognised.
pub type OpId = [u8; 16];

/// Lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, b| {
        let _ = write!(text, "{b:02x}");
        text
    })
}

/// SHA-256 of a text, 64 hex digits: its name in the document store.
#[must_use]
pub fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// A row of the ledger before it stands in the chain.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Operation.
    pub op_id: OpId,
    /// Local time with its offset.
    pub at: &'a str,
    /// Login.
    pub actor: &'a str,
    /// How the person was identified.
    pub via: &'a str,
    /// Name of the kind.
    pub kind: &'a str,
    /// Key of the record.
    pub key: &'a str,
    /// Entry of the record that the writer saw; 0 = none.
    pub base: u64,
    /// Canonical JSON.
    pub before: Option<&'a str>,
    /// Canonical JSON.
    pub after: Option<&'a str>,
    /// 理由
    pub reason: &'a str,
}

/// Number and hash of the newest entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// 0 for an empty ledger.
    pub seq: u64,
    /// 32 zero bytes for an empty ledger.
    pub hash: [u8; 32],
}

impl Entry<'_> {
    /// Hash of the entry as number `seq` after an entry with hash `prev`.
    #[must_use]
    pub fn hash(&self, seq: u64, prev: &[u8; 32]) -> [u8; 32] {
        let mut sum = Sha256::new();
        sum.update(b"dukao-ledger-1\n");
        sum.update(hex(prev).as_bytes());
        sum.update(b"\n");
        let (seq, op, base) = (seq.to_string(), hex(&self.op_id), self.base.to_string());
        let fields = [
            Some(seq.as_str()),
            Some(&op),
            Some(self.at),
            Some(self.actor),
            Some(self.via),
            Some(self.kind),
            Some(self.key),
            Some(&base),
            self.before,
            self.after,
            Some(self.reason),
        ];
        for field in fields {
            match field {
                Some(text) => sum.update(format!("{}:{text},", text.len()).as_bytes()),
                None => sum.update(b"~,"),
            }
        }
        sum.finalize().into()
    }

    /// Appends the entry after `head`, which becomes this entry.
    ///
    /// # Errors
    /// The rules of the ledger refuse it, or it cannot be written.
    pub fn append(&self, conn: &Connection, head: &mut Head) -> rusqlite::Result<()> {
        let seq = head.seq + 1;
        let hash = self.hash(seq, &head.hash);
        conn.prepare_cached(
            "INSERT INTO ledger(seq, op_id, at, actor, via, kind, key, base, before, after, reason, prev_hash, hash)
             VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            number(seq),
            self.op_id,
            self.at,
            self.actor,
            self.via,
            self.kind,
            self.key,
            number(self.base),
            self.before,
            self.after,
            self.reason,
            head.hash,
            hash
        ])?;
        *head = Head { seq, hash };
        Ok(())
    }
}

/// SQLite's integers are signed.
#[must_use]
pub fn number(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

/// A number that the schema keeps at or above 0.
///
/// # Errors
/// The column does not hold an integer.
pub fn seq_at(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(u64::try_from(row.get::<_, i64>(column)?).unwrap_or(0))
}

/// The newest entry.
///
/// # Errors
/// The file cannot be read.
pub fn head(conn: &Connection) -> rusqlite::Result<Head> {
    let newest = conn
        .prepare_cached("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1")?
        .query_row([], |r| Ok(Head { seq: seq_at(r, 0)?, hash: r.get(1)? }))
        .optional()?;
    Ok(newest.unwrap_or_default())
}

/// Number of a record's newest entry and its value now; 0 and none for a record that never was.
///
/// # Errors
/// The file cannot be read, or the value is not a record of that kind.
pub fn current(conn: &Connection, kind: Kind, key: &str) -> Result<(u64, Option<String>), Error> {
    let found = conn
        .prepare_cached("SELECT seq, value FROM record WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind.name(), key], |r| Ok((seq_at(r, 0)?, r.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or((0, None)))
}

/// Numbers of the entries of an operation; empty when it is not in the ledger.
///
/// # Errors
/// The file cannot be read.
pub fn of_operation(conn: &Connection, op: OpId) -> rusqlite::Result<Vec<u64>> {
    conn.prepare_cached("SELECT seq FROM ledger WHERE op_id = ?1 ORDER BY seq")?
        .query_map([op], |r| seq_at(r, 0))?
        .collect()
}

/// An entry of the ledger as people read it.
#[derive(Clone, Debug, PartialEq)]
pub struct LedgerEntry {
    /// 序号
    pub seq: u64,
    /// Operation.
    pub op_id: OpId,
    /// When; informational.
    pub at: String,
    /// Who.
    pub actor: String,
    /// How identified.
    pub via: String,
    /// What kind of record; none for a kind that only a newer program knows.
    pub kind: Option<Kind>,
    /// Name of the kind.
    pub kind_name: String,
    /// Which record.
    pub key: String,
    /// The entry that the writer saw.
    pub base: u64,
    /// Canonical JSON; none = no such record.
    pub before: Option<String>,
    /// Canonical JSON; none = withdrawn.
    pub after: Option<String>,
    /// 理由
    pub reason: String,
    /// 64 hex digits.
    pub hash: String,
}

impl LedgerEntry {
    /// The columns that [`LedgerEntry::of`] reads.
    pub const COLUMNS: &'static str = "seq, op_id, at, actor, via, kind, key, base, before, after, reason, hash";

    /// Reads a row of [`LedgerEntry::COLUMNS`].
    ///
    /// # Errors
    /// The row is not one of the ledger.
    pub fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let kind_name: String = row.get(5)?;
        Ok(Self {
            seq: seq_at(row, 0)?,
            op_id: row.get(1)?,
            at: row.get(2)?,
            actor: row.get(3)?,
            via: row.get(4)?,
            kind: Kind::named(&kind_name),
            kind_name,
            key: row.get(6)?,
            base: seq_at(row, 7)?,
            before: row.get(8)?,
            after: row.get(9)?,
            reason: row.get(10)?,
            hash: hex(&row.get::<_, [u8; 32]>(11)?),
        })
    }

    /// The value before, typed.
    #[must_use]
    pub fn before(&self) -> Option<Record> {
        Record::read(self.kind?, self.before.as_deref()?).ok()
    }

    /// The value after, typed.
    #[must_use]
    pub fn after(&self) -> Option<Record> {
        Record::read(self.kind?, self.after.as_deref()?).ok()
    }

    /// Hash that the entry must have after an entry with hash `prev`.
    #[must_use]
    pub fn expected(&self, prev: &[u8; 32]) -> String {
        let entry = Entry {
            op_id: self.op_id,
            at: &self.at,
            actor: &self.actor,
            via: &self.via,
            kind: &self.kind_name,
            key: &self.key,
            base: self.base,
            before: self.before.as_deref(),
            after: self.after.as_deref(),
            reason: &self.reason,
        };
        hex(&entry.hash(self.seq, prev))
    }
}

/// The newest entry of a record; none for a record that never was.
///
/// # Errors
/// The file cannot be read.
pub fn newest(conn: &Connection, of: &Subject) -> rusqlite::Result<Option<LedgerEntry>> {
    let sql = format!(
        "SELECT {} FROM ledger WHERE seq = (SELECT seq FROM record WHERE kind = ?1 AND key = ?2)",
        LedgerEntry::COLUMNS
    );
    conn.prepare_cached(&sql)?.query_row(params![of.kind.name(), of.key], LedgerEntry::of).optional()
}

/// 查询. Which entries of the ledger somebody asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// A kind, a key, a part of a key, a `kind:key`, or a login; none = all.
    pub subject: Option<String>,
    /// Of this one record alone.
    pub record: Option<Subject>,
    /// Of these kinds alone; empty = all.
    pub kinds: Vec<Kind>,
    /// Written by this login alone.
    pub person: Option<String>,
    /// Of what belongs to this unit alone.
    pub unit: Option<UnitIx>,
    /// From files alone.
    pub imported: bool,
    /// Older than this number alone.
    pub before: Option<u64>,
    /// At most so many, the newest.
    pub limit: usize,
}

impl Query {
    /// The newest entries of a subject.
    #[must_use]
    pub fn of(subject: Option<&str>, limit: usize) -> Self {
        Self { subject: subject.map(str::to_owned), limit, ..Self::default() }
    }

    /// The newest entries of one record, whatever else is in the ledger.
    #[must_use]
    pub fn record(record: Subject, limit: usize) -> Self {
        Self { record: Some(record), limit, ..Self::default() }
    }
}

/// The newest entries of a record that `keep` keeps, newest last: each is found by the one after it, which names it as its
/// base.
///
/// # Errors
/// The file cannot be read.
pub fn of_record(
    conn: &Connection,
    of: &Subject,
    limit: usize,
    mut keep: impl FnMut(&LedgerEntry) -> bool,
) -> rusqlite::Result<Vec<LedgerEntry>> {
    let sql = format!("SELECT {} FROM ledger WHERE seq = ?1", LedgerEntry::COLUMNS);
    let mut read = conn.prepare_cached(&sql)?;
    let (mut found, mut next) = (Vec::new(), newest(conn, of)?);
    while let Some(entry) = next.filter(|_| found.len() < limit) {
        next = match entry.base {
            0 => None,
            base => read.query_row(params![number(base)], LedgerEntry::of).optional()?,
        };
        if keep(&entry) {
            found.push(entry);
        }
    }
    found.reverse();
    Ok(found)
}

/// What stands first in the reason of an entry that came from a file.
pub const IMPORTED: &str = "import ";

/// The newest entries that a query means and that `keep` lets pass, newest last.
///
/// # Errors
/// The file cannot be read.
pub fn history(
    conn: &Connection,
    query: &Query,
    mut keep: impl FnMut(&LedgerEntry) -> bool,
) -> rusqlite::Result<Vec<LedgerEntry>> {
    let sql = format!(
        "SELECT {} FROM ledger
         WHERE (?1 IS NULL OR kind = ?1 OR actor = ?1 OR kind || ':' || key = ?1
             OR instr('/' || key || '/', '/' || ?1 || '/') > 0)
           AND (?2 = '' OR instr(?2, ' ' || kind || ' ') > 0)
           AND (?3 IS NULL OR actor = ?3)
           AND (?4 = '' OR instr(reason, ?4) = 1)
           AND seq < ?5
         ORDER BY seq DESC",
        LedgerEntry::COLUMNS
    );
    let kinds: String = query.kinds.iter().map(|k| format!(" {} ", k.name())).collect();
    let from = if query.imported { IMPORTED } else { "" };
    let before = query.before.map_or(i64::MAX, number);
    let mut read = conn.prepare_cached(&sql)?;
    let mut rows = read.query(params![query.subject, kinds, query.person, from, before])?;
    let mut found = Vec::new();
    while found.len() < query.limit
        && let Some(row) = rows.next()?
    {
        let entry = LedgerEntry::of(row)?;
        if keep(&entry) {
            found.push(entry);
        }
    }
    found.reverse();
    Ok(found)
}

/// 链. How far the hashes of the entries have been followed, and where the chain is broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// Every entry up to this number follows from the one before.
    pub checked: u64,
    /// The first entry that does not.
    pub broken: Option<u64>,
    hash: [u8; 32],
}

impl Chain {
    /// Follows the chain over at most so many entries more.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn follow(&mut self, conn: &Connection, most: usize) -> rusqlite::Result<()> {
        if self.broken.is_some() {
            return Ok(());
        }
        let sql = format!("SELECT {} FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2", LedgerEntry::COLUMNS);
        let mut read = conn.prepare_cached(&sql)?;
        let mut rows = read.query(params![number(self.checked), i64::try_from(most).unwrap_or(i64::MAX)])?;
        while let Some(row) = rows.next()? {
            let entry = LedgerEntry::of(row)?;
            if entry.seq != self.checked + 1 || entry.expected(&self.hash) != entry.hash {
                self.broken = Some(self.checked + 1);
                break;
            }
            (self.checked, self.hash) = (entry.seq, row.get(11)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_hashes_as_the_document_says() {
        let entry = Entry {
            op_id: std::array::from_fn(|i| u8::try_from(i).expect("small")),
            at: "2014-07-12T09:30:00.000+08:00",
            actor: "zhang",
            via: "local:1001",
            kind: "score",
            key: "2014-H1-ASM/YB14-GY-001/duty",
            base: 0,
            before: None,
            after: Some(r#"{"points":1850}"#),
            reason: "复核",
        };
        assert_eq!(hex(&entry.hash(1, &[0; 32])), "029c2c9f7719d9cb3d776c32843be04e0ea068c928c9924521b0a728a6b4187e");
    }
}
