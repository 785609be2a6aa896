//! The schema (`reliability.md` §3.1) and the typed tables beside it.

use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// `duka`
pub const APPLICATION_ID: i64 = 0x6475_6b61;
/// SHA-256 over the text of `sqlite_schema`: finds a dropped or changed trigger.
const SHA256: &str = "598fdefde5371da74ffc6520586842981c96296a6f4b421b71968c5925d40f05";

/// 版本. A version of the schema, and the way to it from the one before.
#[derive(Clone, Copy, Debug)]
pub struct Version {
    /// `user_version`
    pub number: i64,
    /// What [`hash`] gives.
    pub sha256: &'static str,
    /// Changes a database of the version before, inside a transaction that is open already. The table `ledger` is never
    /// rebuilt.
    pub arrive: fn(&Connection) -> rusqlite::Result<()>,
}

/// Every version there was, oldest first; this program works with the last.
pub const VERSIONS: &[Version] = &[Version { number: 1, sha256: SHA256, arrive: |_| Ok(()) }];

/// The version that this program works with.
#[must_use]
pub fn current(versions: &[Version]) -> Version {
    versions.last().copied().unwrap_or(VERSIONS[0])
}

/// The ledger, its rules, the documents and the generic current state.
pub const LEDGER: &str = r#"
PRAGMA application_id = 0x64756b61;                        -- 'duka'
PRAGMA user_version   = 1;
CREATE TABLE ledger(                                       -- every change of every record, for ever
  seq       INTEGER PRIMARY KEY,                           -- 1, 2, 3 … ; the order of events
  op_id     BLOB NOT NULL CHECK(length(op_id) = 16),       -- random, made before BEGIN; one per operation
  at        TEXT NOT NULL,                                 -- 2014-07-12T09:30:00.123+08:00; informational
  actor     TEXT NOT NULL CHECK(actor <> ''),              -- login
  via       TEXT NOT NULL CHECK(via <> ''),                -- ssh:SHA256:… | sudo:1001 | local:1001 | bootstrap
  kind      TEXT NOT NULL,                                 -- score | ballot | round | milestone | plan | …
  key       TEXT NOT NULL CHECK(key <> ''),                -- score, ballot: begins with "<round>/"
  base      INTEGER NOT NULL,                              -- seq of the record's entry the writer saw; 0 = none
  before    TEXT CHECK(before IS NULL OR json_valid(before)),   -- canonical JSON; NULL = no such record
  after     TEXT CHECK(after  IS NULL OR json_valid(after)),
  reason    TEXT NOT NULL CHECK(length(reason) <= 2000),
  prev_hash BLOB NOT NULL CHECK(length(prev_hash) = 32),
  hash      BLOB NOT NULL UNIQUE CHECK(length(hash) = 32),
  UNIQUE(kind, key, base),                                 -- a version has one successor, whatever the program does
  UNIQUE(op_id, kind, key),                                -- an operation touches a record once: a retry is refused
  CHECK(before IS NOT after)) STRICT;                      -- an entry changes something
CREATE TABLE document(                                     -- texts the ledger names by hash: plan, rules, results
  sha256 TEXT PRIMARY KEY CHECK(length(sha256) = 64), text TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE record(                                       -- current state, a cache: `after` of entry seq
  kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL UNIQUE REFERENCES ledger(seq), value TEXT,
  PRIMARY KEY(kind, key)) STRICT, WITHOUT ROWID;           -- value NULL = withdrawn

CREATE TRIGGER ledger_no_update   BEFORE UPDATE ON ledger   BEGIN SELECT RAISE(ABORT, 'ledger: append only'); END;
CREATE TRIGGER ledger_no_delete   BEFORE DELETE ON ledger   BEGIN SELECT RAISE(ABORT, 'ledger: append only'); END;
CREATE TRIGGER document_no_update BEFORE UPDATE ON document BEGIN SELECT RAISE(ABORT, 'document: append only'); END;
CREATE TRIGGER document_no_delete BEFORE DELETE ON document BEGIN SELECT RAISE(ABORT, 'document: append only'); END;
CREATE TRIGGER document_again     BEFORE INSERT ON document WHEN EXISTS(SELECT 1 FROM document WHERE sha256 = NEW.sha256)
  BEGIN SELECT RAISE(ABORT, 'document: append only'); END;
CREATE TRIGGER ledger_rules BEFORE INSERT ON ledger BEGIN SELECT CASE
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger) THEN RAISE(ABORT, 'ledger: gap')
  WHEN EXISTS(SELECT 1 FROM ledger WHERE op_id = NEW.op_id AND kind = NEW.kind AND key = NEW.key)
    OR EXISTS(SELECT 1 FROM ledger WHERE hash = NEW.hash) THEN RAISE(ABORT, 'ledger: already saved')
  WHEN NEW.prev_hash IS NOT coalesce((SELECT hash FROM ledger WHERE seq = NEW.seq - 1), zeroblob(32))
    THEN RAISE(ABORT, 'ledger: chain')
  WHEN NEW.base IS NOT coalesce((SELECT seq FROM ledger WHERE kind = NEW.kind AND key = NEW.key
                                 ORDER BY base DESC LIMIT 1), 0) THEN RAISE(ABORT, 'ledger: stale')
  WHEN NEW.before IS NOT (SELECT after FROM ledger WHERE seq = NEW.base) THEN RAISE(ABORT, 'ledger: before')
  WHEN NEW.kind IN ('score', 'ballot') AND 'open' IS NOT
       (SELECT after ->> '$.state' FROM ledger WHERE kind = 'round'
        AND key = substr(NEW.key, 1, instr(NEW.key, '/') - 1) ORDER BY base DESC LIMIT 1)
    THEN RAISE(ABORT, 'ledger: round not open')
  WHEN NEW.kind = 'round' AND
       coalesce(NEW.before ->> '$.state', 'none') || '>' || coalesce(NEW.after ->> '$.state', 'none')
       NOT IN ('none>open', 'open>sealed', 'sealed>open', 'sealed>published', 'published>open', 'published>final')
    THEN RAISE(ABORT, 'ledger: no such step')
  WHEN NEW.kind = 'round' AND NEW.after ->> '$.state' = 'sealed' AND 2 IS NOT (SELECT count(*) FROM document
       WHERE sha256 IN (NEW.after ->> '$.results_sha256', NEW.after ->> '$.rules_sha256'))
    THEN RAISE(ABORT, 'ledger: seal without its documents')
END; END;
CREATE TRIGGER ledger_apply AFTER INSERT ON ledger BEGIN
  INSERT INTO record(kind, key, seq, value) VALUES(NEW.kind, NEW.key, NEW.seq, NEW.after)
  ON CONFLICT(kind, key) DO UPDATE SET seq = excluded.seq, value = excluded.value;
END;
"#;

/// Current state of the kinds that come in masses, each filled by a trigger in the transaction of its entry, and the
/// plan in force, filled in the transaction of its entry.
pub const TYPED: &str = r#"
CREATE TABLE score(
  round TEXT NOT NULL, project TEXT NOT NULL, criterion TEXT NOT NULL, seq INTEGER NOT NULL,
  basis TEXT NOT NULL, note TEXT NOT NULL, points INTEGER, suggestion INTEGER,
  PRIMARY KEY(round, project, criterion)) STRICT, WITHOUT ROWID;
CREATE TABLE ballot(
  round TEXT NOT NULL, judge TEXT NOT NULL, project TEXT NOT NULL, seq INTEGER NOT NULL,
  state TEXT NOT NULL, score INTEGER, entered_by TEXT,
  PRIMARY KEY(round, judge, project)) STRICT, WITHOUT ROWID;
CREATE TABLE milestone_done(
  project TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL, done TEXT NOT NULL,
  PRIMARY KEY(project, name)) STRICT, WITHOUT ROWID;
CREATE TABLE progress(
  project TEXT NOT NULL, date TEXT NOT NULL, seq INTEGER NOT NULL, percent INTEGER, planned_percent INTEGER,
  invested INTEGER, currency TEXT, permits_due INTEGER, permits_obtained INTEGER, reported TEXT, note TEXT NOT NULL,
  PRIMARY KEY(project, date)) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_score AFTER INSERT ON ledger WHEN NEW.kind = 'score' BEGIN
  DELETE FROM score WHERE NEW.after IS NULL AND round || '/' || project || '/' || criterion = NEW.key
    AND round = substr(NEW.key, 1, instr(NEW.key, '/') - 1);
  INSERT OR REPLACE INTO score SELECT round, substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1),
      NEW.seq, NEW.after ->> '$.basis', coalesce(NEW.after ->> '$.note', ''), NEW.after ->> '$.points',
      NEW.after ->> '$.suggestion'
    FROM (SELECT substr(NEW.key, 1, instr(NEW.key, '/') - 1) AS round, substr(NEW.key, instr(NEW.key, '/') + 1) AS rest)
    WHERE NEW.after IS NOT NULL;
END;
CREATE TRIGGER ledger_ballot AFTER INSERT ON ledger WHEN NEW.kind = 'ballot' BEGIN
  DELETE FROM ballot WHERE NEW.after IS NULL AND round || '/' || judge || '/' || project = NEW.key
    AND round = substr(NEW.key, 1, instr(NEW.key, '/') - 1);
  INSERT OR REPLACE INTO ballot SELECT round, substr(rest, 1, instr(rest, '/') - 1), substr(rest, instr(rest, '/') + 1),
      NEW.seq, NEW.after ->> '$.state', NEW.after ->> '$.score', NEW.after ->> '$.entered_by'
    FROM (SELECT substr(NEW.key, 1, instr(NEW.key, '/') - 1) AS round, substr(NEW.key, instr(NEW.key, '/') + 1) AS rest)
    WHERE NEW.after IS NOT NULL;
END;
CREATE TRIGGER ledger_milestone AFTER INSERT ON ledger WHEN NEW.kind = 'milestone' BEGIN
  DELETE FROM milestone_done WHERE NEW.after IS NULL
    AND project = substr(NEW.key, 1, instr(NEW.key, '/') - 1) AND name = substr(NEW.key, instr(NEW.key, '/') + 1);
  INSERT OR REPLACE INTO milestone_done SELECT substr(NEW.key, 1, instr(NEW.key, '/') - 1),
      substr(NEW.key, instr(NEW.key, '/') + 1), NEW.seq, NEW.after ->> '$.done'
    WHERE NEW.after IS NOT NULL;
END;
CREATE TRIGGER ledger_progress AFTER INSERT ON ledger WHEN NEW.kind = 'progress' BEGIN
  DELETE FROM progress WHERE NEW.after IS NULL
    AND project = substr(NEW.key, 1, instr(NEW.key, '/') - 1) AND date = substr(NEW.key, instr(NEW.key, '/') + 1);
  INSERT OR REPLACE INTO progress SELECT substr(NEW.key, 1, instr(NEW.key, '/') - 1),
      substr(NEW.key, instr(NEW.key, '/') + 1), NEW.seq, NEW.after ->> '$.percent', NEW.after ->> '$.planned_percent',
      NEW.after ->> '$.invested.amount', NEW.after ->> '$.invested.currency', NEW.after ->> '$.permits_due',
      NEW.after ->> '$.permits_obtained', NEW.after ->> '$.reported', coalesce(NEW.after ->> '$.note', '')
    WHERE NEW.after IS NOT NULL;
END;

CREATE TABLE plan_part(                                    -- district | rules | targets: small, whole, as JSON
  name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE project(
  ix INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, aliases TEXT, commitment TEXT NOT NULL,
  headquarters INTEGER NOT NULL, towns TEXT, total_investment INTEGER, total_currency TEXT, annual_plan INTEGER,
  annual_currency TEXT, owner TEXT, contractor TEXT, service_officer TEXT, task_points INTEGER, stall TEXT,
  state TEXT NOT NULL, state_reason TEXT, provenance TEXT NOT NULL, note TEXT, milestones_from INTEGER NOT NULL,
  milestones_to INTEGER NOT NULL, moves TEXT) STRICT;
CREATE TABLE milestone(
  ix INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, due TEXT NOT NULL, weight INTEGER NOT NULL) STRICT;
"#;

/// Tables that only a trigger of this name may fill.
#[must_use]
pub fn filled_by(table: &str) -> Option<&'static str> {
    match table {
        "record" => Some("ledger_apply"),
        "score" => Some("ledger_score"),
        "ballot" => Some("ledger_ballot"),
        "milestone_done" => Some("ledger_milestone"),
        "progress" => Some("ledger_progress"),
        _ => None,
    }
}

/// SHA-256 over the text of `sqlite_schema`, 64 hex digits.
///
/// # Errors
/// The file cannot be read.
pub fn hash(conn: &Connection) -> rusqlite::Result<String> {
    let mut sum = Sha256::new();
    let mut read = conn.prepare("SELECT type, name, coalesce(sql, '') FROM sqlite_schema ORDER BY type, name")?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        for column in 0..3 {
            sum.update(row.get_ref(column)?.as_str()?.as_bytes());
            sum.update(b"\n");
        }
    }
    Ok(super::ledger::hex(&sum.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expected_hash_is_that_of_this_text() {
        let conn = Connection::open_in_memory().expect("memory");
        conn.execute_batch(LEDGER).expect("ledger");
        conn.execute_batch(TYPED).expect("typed");
        assert_eq!(hash(&conn).expect("hash"), current(VERSIONS).sha256);
    }
}
