//! 核验. Is the history whole, and does what is shown follow from it (`reliability.md` §3.6).

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use rusqlite::Connection;

use super::access::Action;
use super::bell::Bell;
use super::ledger::{self, LedgerEntry};
use super::{Error, load, schema, settings};
use crate::domain::change::{Kind, Record};
use crate::domain::district::Plan;
use crate::domain::round::{RoundState, RoundStep};
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::Bilingual;

/// What [`super::Store::verify`] found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// Number of entries.
    pub entries: u64,
    /// Hash of the newest one, 64 hex digits; empty for an empty ledger.
    pub head: String,
    /// Each a sentence that names its entry; empty when all is well.
    pub problems: Vec<Bilingual>,
    /// Worth knowing, no damage: the clock went back.
    pub warnings: Vec<Bilingual>,
}

/// Parses the four texts of a plan; none where they are none.
pub type ReadPlan<'a> = &'a dyn Fn(&[String; 4]) -> Option<Plan>;

/// The newest entry has the hash that its content gives.
pub(super) fn newest_entry(conn: &Connection) -> Result<Option<Bilingual>, Error> {
    let sql = format!("SELECT {}, prev_hash FROM ledger ORDER BY seq DESC LIMIT 1", LedgerEntry::COLUMNS);
    let mut read = conn.prepare(&sql)?;
    let mut rows = read.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let entry = LedgerEntry::of(row)?;
    let prev: [u8; 32] = row.get("prev_hash")?;
    Ok((entry.expected(&prev) != entry.hash).then(|| bad_hash(entry.seq)))
}

fn bad_hash(seq: u64) -> Bilingual {
    Bilingual::new(
        format!("第 {seq} 笔的内容与其哈希不符"),
        format!("entry {seq} does not have the hash of its content"),
    )
}

/// What the bell rang last is in the ledger.
pub(super) fn anchored(conn: &Connection, anchor: Option<&(u64, String)>) -> Result<Option<Bilingual>, Error> {
    let Some((seq, head)) = anchor else { return Ok(None) };
    let stands: bool = conn.query_row(
        "SELECT EXISTS(SELECT 1 FROM ledger WHERE seq = ?1 AND lower(hex(hash)) = ?2)",
        rusqlite::params![ledger::number(*seq), head],
        |r| r.get(0),
    )?;
    Ok((!stands).then(|| {
        Bilingual::new(
            format!("铃文件记着第 {seq} 笔，台账里没有：台账缺尾或被换过"),
            format!("the bell remembers entry {seq}, which the ledger has not: its end is lost, or it was replaced"),
        )
    }))
}

/// The four texts that a plan record names.
pub(super) fn texts_of(conn: &Connection, record: Option<&str>) -> Result<[String; 4], Error> {
    let Some(Record::Plan(plan)) = record.map(|json| load::read(Kind::Plan, json)).transpose()? else {
        return Err(Error::damaged("台账里没有计划", "the ledger holds no plan"));
    };
    let text = |sha256: &str| {
        load::document(conn, sha256)?.ok_or_else(|| {
            Error::damaged(format!("计划的原文 {sha256} 不在库里"), format!("the plan's text {sha256} is gone"))
        })
    };
    Ok([
        text(&plan.district_sha256)?,
        text(&plan.projects_sha256)?,
        text(&plan.scoring_sha256)?,
        text(&plan.targets_sha256)?,
    ])
}

/// The state of each record while the ledger is replayed: number of its newest entry and value.
type Records = BTreeMap<(String, String), (u64, Option<String>)>;

struct Replay<'a> {
    conn: &'a Connection,
    read_plan: ReadPlan<'a>,
    records: Records,
    plan: Option<Plan>,
    facts: Facts,
    problems: Vec<Bilingual>,
    warnings: Vec<Bilingual>,
    /// Hash of the schema that is expected.
    schema: &'static str,
}

/// Checks file, schema, chain, rules, documents, seals, current state and anchors.
pub(super) fn verify(
    path: &Path,
    bell: &Bell,
    anchor: Option<&str>,
    read_plan: ReadPlan<'_>,
) -> Result<Verified, Error> {
    // A connection of its own: what is asked here is not what the guarded one may do.
    let (conn, _) = settings::connect(path)?;
    // Before the transaction begins: what it says was committed by then.
    let rung = bell.anchor()?;
    examine(&conn, rung.as_ref(), anchor, read_plan, schema::current(schema::VERSIONS).sha256)
}

/// As [`verify`], of a connection to any database of ours.
pub(super) fn examine(
    conn: &Connection,
    rung: Option<&(u64, String)>,
    anchor: Option<&str>,
    read_plan: ReadPlan<'_>,
    schema: &'static str,
) -> Result<Verified, Error> {
    super::reading(conn, |conn| {
        let mut replay = Replay {
            conn,
            read_plan,
            records: Records::new(),
            plan: None,
            facts: Facts::default(),
            problems: Vec::new(),
            warnings: Vec::new(),
            schema,
        };
        replay.file()?;
        let (entries, head) = replay.ledger(anchor)?;
        replay.current_state()?;
        replay.documents()?;
        replay.problems.extend(anchored(conn, rung)?);
        let Replay { problems, warnings, .. } = replay;
        Ok(Verified { entries, head, problems, warnings })
    })
}

/// What SQLite finds wrong with the pages of a file, each in its own words; empty when all is well. It needs no ledger
/// that can be read.
///
/// # Errors
/// The file is missing, lies or belongs where it cannot be safe, or is no database at all.
pub fn quick_check(path: &Path) -> Result<Vec<String>, Error> {
    let path = super::opening::checked_path(path)?;
    // Nobody restores or migrates meanwhile.
    let _bell = Bell::open(&path)?;
    let (conn, _) = settings::connect(&path)?;
    let mut read = conn.prepare("PRAGMA quick_check")?;
    let answers: Vec<String> = read.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
    Ok(answers.into_iter().filter(|a| a != "ok").collect())
}

impl Replay<'_> {
    fn found(&mut self, zh: impl Into<String>, en: impl Into<String>) {
        self.problems.push(Bilingual::new(zh, en));
    }

    fn file(&mut self) -> Result<(), Error> {
        let mut read = self.conn.prepare("PRAGMA integrity_check")?;
        let answers: Vec<String> = read.query_map([], |r| r.get(0))?.collect::<Result<_, _>>()?;
        for answer in answers.iter().filter(|a| *a != "ok") {
            self.found(format!("文件损坏：{answer}"), format!("the file is damaged: {answer}"));
        }
        if schema::hash(self.conn)? != self.schema {
            self.found("数据库的结构或规则被改动过", "the schema was tampered with");
        }
        Ok(())
    }

    /// Every entry: number, chain, hash, base, before, round rules; then the anchor.
    fn ledger(&mut self, anchor: Option<&str>) -> Result<(u64, String), Error> {
        let sql = format!("SELECT {}, prev_hash FROM ledger ORDER BY seq", LedgerEntry::COLUMNS);
        let conn = self.conn;
        let mut read = conn.prepare(&sql)?;
        let mut rows = read.query([])?;
        let (mut entries, mut seq, mut last_at) = (0, 0, String::new());
        let mut head = [0_u8; 32];
        let wanted = anchor.map(str::to_ascii_lowercase);
        let mut anchored = wanted.is_none();
        let mut ops = HashSet::new();
        while let Some(row) = rows.next()? {
            let entry = LedgerEntry::of(row)?;
            let prev: [u8; 32] = row.get("prev_hash")?;
            entries += 1;
            seq += 1;
            if entry.seq != seq {
                self.found(
                    format!("第 {seq} 笔缺失，下一笔是第 {} 笔", entry.seq),
                    format!("entry {seq} is missing; the next one is {}", entry.seq),
                );
                seq = entry.seq;
            }
            if prev != head {
                self.found(
                    format!("第 {seq} 笔与前一笔接不上"),
                    format!("entry {seq} does not follow the one before it"),
                );
            }
            if entry.expected(&prev) != entry.hash {
                self.problems.push(bad_hash(seq));
            }
            if entry.at < last_at {
                self.warnings.push(Bilingual::new(
                    format!("第 {seq} 笔的时间早于前一笔：时钟曾回拨"),
                    format!("entry {seq} is earlier than the one before it: the clock went back"),
                ));
            }
            if !ops.insert((entry.op_id, entry.kind_name.clone(), entry.key.clone())) {
                self.found(format!("第 {seq} 笔重复了一次操作"), format!("entry {seq} repeats an operation"));
            }
            if let Some(wanted) = &wanted {
                anchored |= wanted.len() >= 12 && entry.hash.starts_with(wanted.as_str());
            }
            head = row.get("hash")?;
            self.follow(&entry)?;
            last_at = entry.at;
        }
        if !anchored {
            let anchor = anchor.unwrap_or_default();
            self.found(
                format!("没有一笔的哈希是 {anchor}：先核对锚点有没有抄错；没抄错，台账就被改写或回退过，请用 dukao restore 从备份恢复"),
                format!("no entry has the hash {anchor}: the anchor may be mistyped, compare it first; if it is right, the ledger was rewritten or rolled back: dukao restore brings a backup"),
            );
        }
        Ok((entries, if entries == 0 { String::new() } else { ledger::hex(&head) }))
    }

    /// One entry against the state that the ones before it left.
    fn follow(&mut self, entry: &LedgerEntry) -> Result<(), Error> {
        let seq = entry.seq;
        let place = (entry.kind_name.clone(), entry.key.clone());
        let (base, before) = self.records.get(&place).cloned().unwrap_or((0, None));
        if entry.base != base {
            self.found(
                format!("第 {seq} 笔依据第 {} 笔，当时最新的是第 {base} 笔", entry.base),
                format!("entry {seq} is based on {}, but {base} was the newest", entry.base),
            );
        }
        if entry.before != before {
            self.found(format!("第 {seq} 笔的原值与台账不符"), format!("entry {seq} states another value before"));
        }
        if entry.before == entry.after {
            self.found(format!("第 {seq} 笔没有改动任何内容"), format!("entry {seq} changes nothing"));
        }
        self.rules(entry);
        self.records.insert(place, (seq, entry.after.clone()));
        let Some(kind) = entry.kind else {
            self.found(
                format!("第 {seq} 笔的类别「{}」不认识", entry.kind_name),
                format!("entry {seq} has the unknown kind {}", entry.kind_name),
            );
            return Ok(());
        };
        let after = entry.after();
        if entry.after.is_some() && after.is_none() {
            self.found(format!("第 {seq} 笔的值读不出来"), format!("the value of entry {seq} cannot be read"));
            return Ok(());
        }
        if kind == Kind::Plan {
            self.replan(entry)?;
        }
        // A seal is computed from the state just before it.
        if let Some(Record::Round(r)) = &after
            && r.state == RoundState::Sealed
        {
            self.seal(entry, r.results_sha256.as_deref(), r.rules_sha256.as_deref())?;
        }
        if let Some(plan) = &self.plan {
            load::apply(self.conn, plan, &mut self.facts, kind, &entry.key, seq, after)?;
        }
        Ok(())
    }

    /// The rules about rounds, as the ledger's own trigger has them.
    fn rules(&mut self, entry: &LedgerEntry) {
        let state = |record: Option<Record>| match record {
            Some(Record::Round(r)) => r.state,
            _ => RoundState::Draft,
        };
        let seq = entry.seq;
        match entry.kind {
            Some(Kind::Score | Kind::Ballot) => {
                let round = entry.key.split('/').next().unwrap_or_default();
                let stored = self.records.get(&("round".to_owned(), round.to_owned())).and_then(|(_, v)| v.clone());
                let record = stored.and_then(|json| Record::read(Kind::Round, &json).ok());
                if state(record) != RoundState::Open {
                    self.found(
                        format!("第 {seq} 笔写入时轮次 {round} 不在进行中"),
                        format!("entry {seq} was written while round {round} was not open"),
                    );
                }
            }
            Some(Kind::Round) => {
                let (from, to) = (state(entry.before()), state(entry.after()));
                let steps = Action::ALL.into_iter().filter_map(|a| match a {
                    Action::Round(step) => Some(step),
                    _ => None,
                });
                if !steps.into_iter().any(|step: RoundStep| step.from(from) == Some(to)) {
                    self.found(
                        format!("第 {seq} 笔的轮次步骤不成立"),
                        format!("entry {seq} is a step that a round cannot take"),
                    );
                }
            }
            _ => {}
        }
    }

    fn replan(&mut self, entry: &LedgerEntry) -> Result<(), Error> {
        let seq = entry.seq;
        let texts = match texts_of(self.conn, entry.after.as_deref()) {
            Ok(texts) => texts,
            Err(Error::Damaged(why)) => {
                self.found(format!("第 {seq} 笔：{}", why.zh), format!("entry {seq}: {}", why.en));
                return Ok(());
            }
            Err(other) => return Err(other),
        };
        let Some(plan) = (self.read_plan)(&texts) else {
            self.found(
                format!("第 {seq} 笔的计划原文读不出来"),
                format!("the plan of entry {seq} cannot be read from its texts"),
            );
            return Ok(());
        };
        // What happened so far, at its places in the new plan.
        let mut facts = Facts::empty(&plan);
        for ((kind, key), (seq, value)) in &self.records {
            let Some((kind, json)) = Kind::named(kind).zip(value.as_deref()) else { continue };
            if let Ok(record) = Record::read(kind, json) {
                load::apply(self.conn, &plan, &mut facts, kind, key, *seq, Some(record))?;
            }
        }
        (self.plan, self.facts) = (Some(plan), facts);
        Ok(())
    }

    fn seal(&mut self, entry: &LedgerEntry, sha256: Option<&str>, rules: Option<&str>) -> Result<(), Error> {
        let seq = entry.seq;
        let Some(plan) = self.plan.clone() else { return Ok(()) };
        // The text itself is hashed: neither its name nor the plan's word for it counts.
        let text = rules.map(|name| load::document(self.conn, name)).transpose()?.flatten();
        let hash = text.map(|text| ledger::sha256(&text));
        if hash.is_none() || hash.as_deref() != rules || hash.as_deref() != Some(plan.rules.sha256.as_str()) {
            self.found(
                format!("第 {seq} 笔封存所记的规则哈希与当时的规则原文不符"),
                format!("the rules hash of the seal of entry {seq} is not that of the rules then in force"),
            );
        }
        let Some(round) = plan.round_ix(&entry.key) else { return Ok(()) };
        let today = plan.district.today.unwrap_or(plan.round(round).as_of);
        let snapshot = Snapshot::new(std::sync::Arc::new(plan), self.facts.clone(), today, None);
        let stored = sha256.map(|s| load::document(self.conn, s)).transpose()?.flatten();
        if stored.as_deref() != Some(snapshot.results(round).as_str()) {
            self.found(
                format!("第 {seq} 笔封存的成绩与当时的记录重算结果不同"),
                format!("the results sealed by entry {seq} differ from what its records give"),
            );
        }
        Ok(())
    }

    /// `record` and the typed tables against the replay.
    fn current_state(&mut self) -> Result<(), Error> {
        let conn = self.conn;
        let mut read = conn.prepare("SELECT kind, key, seq, value FROM record")?;
        let mut rows = read.query([])?;
        let mut replayed = std::mem::take(&mut self.records);
        while let Some(row) = rows.next()? {
            let place: (String, String) = (row.get(0)?, row.get(1)?);
            let stored = (ledger::seq_at(row, 2)?, row.get::<_, Option<String>>(3)?);
            if replayed.remove(&place).as_ref() != Some(&stored) {
                let (kind, key) = place;
                self.found(
                    format!("当前值 {kind} {key} 与台账重放不符"),
                    format!("the current value of {kind} {key} is not what the ledger gives"),
                );
            }
        }
        for ((kind, key), _) in replayed {
            self.found(format!("当前值缺少 {kind} {key}"), format!("the current value of {kind} {key} is missing"));
        }
        for (table, columns, from_record) in TYPED {
            let rule =
                format!("SELECT {from_record} FROM record WHERE kind = '{}' AND value IS NOT NULL", kind_of(table));
            let sql = format!(
                "SELECT (SELECT count(*) FROM (SELECT {columns} FROM {table} EXCEPT {rule}))
                      + (SELECT count(*) FROM ({rule} EXCEPT SELECT {columns} FROM {table}))"
            );
            let different: i64 = conn.query_row(&sql, [], |r| r.get(0))?;
            if different > 0 {
                self.found(
                    format!("表 {table} 有 {different} 处与台账不符"),
                    format!("table {table} differs from the ledger in {different} places"),
                );
            }
        }
        self.plan_tables()
    }

    fn plan_tables(&mut self) -> Result<(), Error> {
        let Some(replayed) = self.plan.take() else { return Ok(()) };
        let same = match load::plan(self.conn) {
            Ok(stored) => {
                stored.district == replayed.district
                    && stored.projects == replayed.projects
                    && stored.milestones == replayed.milestones
                    && stored.rules == replayed.rules
                    && stored.targets == replayed.targets
            }
            Err(Error::Damaged(_)) => false,
            Err(other) => return Err(other),
        };
        if !same {
            self.found("计划表与应用时的原文不符", "the plan in the tables is not that of the texts that were applied");
        }
        Ok(())
    }

    fn documents(&mut self) -> Result<(), Error> {
        let mut read = self.conn.prepare("SELECT sha256, text FROM document")?;
        let mut rows = read.query([])?;
        let mut wrong = Vec::new();
        while let Some(row) = rows.next()? {
            let (sha256, text): (String, String) = (row.get(0)?, row.get(1)?);
            if ledger::sha256(&text) != sha256 {
                wrong.push(sha256);
            }
        }
        for sha256 in wrong {
            self.found(
                format!("文档 {sha256} 的内容与其名不符"),
                format!("document {sha256} does not have the content of its name"),
            );
        }
        Ok(())
    }
}

/// Typed tables: their columns, and the same from `record`.
const TYPED: [(&str, &str, &str); 4] = [
    (
        "score",
        "round || '/' || project || '/' || criterion, seq, basis, note, points, suggestion",
        "key, seq, value ->> '$.basis', coalesce(value ->> '$.note', ''), value ->> '$.points', value ->> '$.suggestion'",
    ),
    (
        "ballot",
        "round || '/' || judge || '/' || project, seq, state, score, entered_by",
        "key, seq, value ->> '$.state', value ->> '$.score', value ->> '$.entered_by'",
    ),
    ("milestone_done", "project || '/' || name, seq, done", "key, seq, value ->> '$.done'"),
    (
        "progress",
        "project || '/' || date, seq, percent, planned_percent, invested, currency, permits_due, permits_obtained, reported,
         note",
        "key, seq, value ->> '$.percent', value ->> '$.planned_percent', value ->> '$.invested.amount',
         value ->> '$.invested.currency', value ->> '$.permits_due', value ->> '$.permits_obtained',
         value ->> '$.reported', coalesce(value ->> '$.note', '')",
    ),
];

fn kind_of(table: &str) -> &str {
    if table == "milestone_done" { "milestone" } else { table }
}
