//! 库. The year of a district in one SQLite file: who changed what, when and why, and the state that follows.
//!
//! Everything that `reliability.md` promises about data is kept here; no other module knows SQLite.

use std::fmt;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::domain::change::{Draft, Record, Subject};
use crate::domain::district::Plan;
use crate::domain::panel::BallotState;
use crate::domain::rectification::Refused;
use crate::domain::round::{RoundState, RoundStep};
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::{Bilingual, Date, Points};
use crate::domain::warning::Warning;
use crate::plan::Lines;

pub mod access;
pub mod bell;
mod create;
pub mod ledger;
mod load;
mod returned;
mod save;
mod schema;
mod seals;
mod verify;
mod warnings;
pub mod worker;

pub use access::{Action, Actor, Matter, may};
pub use create::create;
pub use ledger::{Chain, LedgerEntry, OpId, Query};
pub use save::Step;
pub use seals::Seal;
pub use verify::{Verified, quick_check};

/// What the interface asks of the store.
#[derive(Clone, Debug)]
pub enum Request {
    /// The newest state.
    Load,
    /// Save these changes as one operation.
    Save {
        /// Comes back in the reply.
        ticket: u64,
        /// What to save.
        drafts: Vec<Draft>,
    },
    /// One step of a round's life.
    Round {
        /// Comes back in the reply.
        ticket: u64,
        /// Id of the round.
        round: String,
        /// Which step.
        step: RoundStep,
        /// 理由
        reason: String,
    },
    /// Save these changes under the id of an operation of which nobody knows whether it was saved: if the ledger has
    /// it, nothing is written again.
    Settle {
        /// Comes back in the reply.
        ticket: u64,
        /// The operation.
        op: OpId,
        /// What was to be saved.
        drafts: Vec<Draft>,
    },
    /// What would be taken back.
    Undoable,
    /// Take back one's own newest operation.
    Undo,
    /// Do again what was taken back.
    Redo,
    /// The newest entries, for a corner of the first screen: nobody asked for them, so nobody is refused aloud.
    Recent {
        /// At most this many.
        limit: usize,
    },
    /// Entries of the ledger.
    History(Query),
    /// Follow the chain of the ledger a part further.
    Chain,
    /// What is odd about the district, as far as the person may know.
    Warnings,
    /// The newest entry of each of these records.
    Sources(Vec<Subject>),
    /// Show that day of the past from now on; none = today.
    AsOf(Option<Date>),
    /// The bell rang: look whether something is new.
    Changed,
    /// End the thread.
    Stop,
}

/// What the store answers.
#[derive(Clone, Debug)]
pub enum Reply {
    /// The state of the district now.
    Data(Arc<Snapshot>),
    /// It is on disk.
    Saved {
        /// Of the request; 0 for undo and redo.
        ticket: u64,
        /// Numbers of the new entries; empty when nothing was different.
        seqs: Vec<u64>,
    },
    /// It is not saved.
    Refused {
        /// Of the request; 0 for undo and redo.
        ticket: u64,
        /// Why, and what to do.
        error: Error,
    },
    /// The entries that the next undo would take back; none where there is nothing.
    Undoable(Vec<LedgerEntry>),
    /// The newest entries that the person may see, newest last; none where he may see no entry.
    Recent(Vec<LedgerEntry>),
    /// 历史
    History {
        /// Of the request.
        of: Query,
        /// Newest last; or why there are none to see.
        found: Result<Vec<LedgerEntry>, Error>,
    },
    /// How far the chain of the ledger is whole.
    Chain(Chain),
    /// 提示, in the order of their codes.
    Warnings {
        /// Number of the newest entry that they know.
        seq: u64,
        /// The day that they were looked for.
        day: Date,
        /// What is odd.
        all: Arc<[Warning]>,
    },
    /// Who entered these records, and when: their newest entries, as far as the person may see them.
    Sources {
        /// Of the request.
        of: Vec<Subject>,
        /// In no order; none for a record without an entry.
        entries: Vec<LedgerEntry>,
    },
    /// The state cannot be read; what was shown before stands.
    Failed(Error),
}

/// Somebody changed the record first.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Which record.
    pub subject: Subject,
    /// Its newest entry; 0 = none.
    pub seq: u64,
    /// What is stored.
    pub theirs: Option<Record>,
    /// Who stored it.
    pub actor: String,
    /// When.
    pub at: String,
    /// What was to be stored.
    pub mine: Option<Record>,
}

impl Conflict {
    /// What is stored, as a person reads it.
    fn stored(&self) -> String {
        let points = |points: Option<Points>| points.map_or_else(|| "n/a".to_owned(), Points::short);
        match &self.theirs {
            None => "—".to_owned(),
            Some(Record::Score(r)) => points(r.points),
            Some(Record::Ballot(r)) if r.score.is_some() => points(r.score),
            Some(record) => record.json(),
        }
    }

    /// The score of a second entry that was to confirm the stored one.
    fn second_entry(&self) -> Option<Points> {
        match (&self.theirs, &self.mine) {
            (Some(Record::Ballot(theirs)), Some(Record::Ballot(mine))) if mine.state == BallotState::Confirmed => {
                theirs.score.and(mine.score)
            }
            _ => None,
        }
    }

    /// `HH:MM` of when.
    fn time(&self) -> &str {
        self.at.split_once('T').and_then(|(_, time)| time.get(..5)).unwrap_or(&self.at)
    }
}

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Role, scope or a prohibition.
    #[error("not permitted: {}", .0.en)]
    NotPermitted(Bilingual),
    /// A day of the past is shown: nobody saves.
    #[error("a past day is shown")]
    PastDay,
    /// A reason is required.
    #[error("a reason is required")]
    ReasonNeeded,
    /// Somebody changed it first.
    #[error("changed by {} as #{}", .0.actor, .0.seq)]
    Conflict(Box<Conflict>),
    /// The state of the round forbids it.
    #[error("the round is {0:?}")]
    RoundState(RoundState),
    /// The record is not where this step can be taken.
    #[error("{}", .0.en)]
    State(Bilingual),
    /// The round cannot be sealed yet.
    #[error("{}", .0.en)]
    Blocked(Bilingual),
    /// There is nothing of one's own to take back or do again.
    #[error("nothing to undo or redo")]
    NothingToUndo,
    /// The rules of the ledger refused it.
    #[error("{0}")]
    Ledger(String),
    /// Not a valid record or plan.
    #[error("{}", .0.en)]
    Invalid(Bilingual),
    /// Somebody else is writing, for ten seconds by now.
    #[error("the database is busy")]
    Busy,
    /// There is no such file.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// The file cannot be trusted.
    #[error("{}", .0.en)]
    Damaged(Bilingual),
    /// The file must not be used as it is.
    #[error("{}", .0.en)]
    Unusable(Bilingual),
    /// It is not known whether it is saved; it is looked up at the next chance.
    #[error("not known whether it is saved")]
    Unknown(OpId),
    /// Reading or writing failed.
    #[error("{0}")]
    Failed(String),
}

impl Error {
    fn damaged(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Damaged(Bilingual::new(zh, en))
    }

    fn unusable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unusable(Bilingual::new(zh, en))
    }

    fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Bilingual::new(zh, en))
    }

    /// Exit code of `contract.md` §3.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::PastDay => 2,
            Self::NotPermitted(_) => 3,
            Self::Conflict(_)
            | Self::RoundState(_)
            | Self::State(_)
            | Self::Blocked(_)
            | Self::NothingToUndo
            | Self::Ledger(_) => 4,
            Self::ReasonNeeded | Self::Invalid(_) => 5,
            Self::Busy
            | Self::Missing(_)
            | Self::Damaged(_)
            | Self::Unusable(_)
            | Self::Unknown(_)
            | Self::Failed(_) => 6,
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotPermitted(_) => "not_permitted",
            Self::PastDay => "usage",
            Self::Conflict(_) | Self::Ledger(_) => "conflict",
            Self::RoundState(_) => "round_state",
            Self::State(_) => "state",
            Self::Blocked(_) => "incomplete",
            Self::NothingToUndo => "nothing_to_undo",
            Self::ReasonNeeded => "reason_needed",
            Self::Invalid(_) => "invalid",
            Self::Busy => "busy",
            Self::Missing(_) => "missing",
            Self::Damaged(_) => "damaged",
            Self::Unusable(_) => "unusable",
            Self::Unknown(_) => "unknown",
            Self::Failed(_) => "failed",
        }
    }

    /// What happened, why, and what to do next.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        match self {
            Self::NotPermitted(why) => Bilingual::new(
                format!("无权操作：{}。请找有此权限的人", why.zh),
                format!("not permitted: {}; ask somebody who may", why.en),
            ),
            Self::PastDay => Bilingual::new(
                "未保存：正在看过去某一天，谁都不能改。去掉 --as-of 重开再录",
                "not saved: while a past day is shown nobody changes anything; start again without --as-of",
            ),
            Self::ReasonNeeded => {
                Bilingual::new("未保存：须写明理由", "not saved: a reason is required (--reason TEXT)")
            }
            Self::Conflict(c) if c.seq == 0 => Bilingual::new(
                "未保存：这条记录还没有任何内容，与您看到的不同。请刷新后再改",
                "not saved: the record has no entry yet, unlike what you saw; look again, then change it",
            ),
            Self::Conflict(c) if c.second_entry().is_some() => {
                let (theirs, mine) = (c.stored(), c.second_entry().map_or_else(String::new, Points::short));
                Bilingual::new(
                    format!(
                        "未保存：两次录入不同，{} 录的是 {theirs}，您录的是 {mine}（#{}）。请核对原票",
                        c.actor, c.seq
                    ),
                    format!(
                        "not saved: the two entries differ, {} entered {theirs} and you {mine} (#{}); look at the ballot",
                        c.actor, c.seq
                    ),
                )
            }
            Self::Conflict(c) => {
                let (value, at) = (c.stored(), c.time());
                Bilingual::new(
                    format!("未保存：{} 于 {at} 已先改为 {value}（#{}）。请看过再决定保留还是改写", c.actor, c.seq),
                    format!(
                        "not saved: {} changed it to {value} at {at} (#{}); look, then keep or replace",
                        c.actor, c.seq
                    ),
                )
            }
            Self::RoundState(state) => {
                let (zh, next_zh, en, next_en) = match state {
                    RoundState::Draft => ("未开", "主考开轮后再录", "not open yet", "the chief opens it first"),
                    RoundState::Open => ("进行中", "先封存", "open", "seal it first"),
                    RoundState::Sealed => ("已封存", "须由主考重开", "sealed", "the chief would have to reopen it"),
                    RoundState::Published => {
                        ("已公布", "须由主考重开", "published", "the chief would have to reopen it")
                    }
                    RoundState::Final => ("已终结", "不能再改", "final", "nothing can change it"),
                };
                Bilingual::new(format!("本轮{zh}，不能这样做：{next_zh}"), format!("the round is {en}: {next_en}"))
            }
            Self::NothingToUndo => {
                Bilingual::new("没有自己的改动可撤销或重做", "there is nothing of your own to undo or redo")
            }
            Self::Ledger(rule) => Bilingual::new(
                format!("未保存：台账规则不允许（{rule}）。请刷新后再试"),
                format!("not saved: refused by the rules of the ledger ({rule}); look again and retry"),
            ),
            Self::State(why) | Self::Blocked(why) | Self::Invalid(why) | Self::Damaged(why) | Self::Unusable(why) => {
                why.clone()
            }
            Self::Busy => Bilingual::new(
                "数据库正忙：别人保存已超过 10 秒，本次未保存，内容仍在。请稍后再试",
                "the database is busy: another save took more than 10 s; nothing is lost, try again",
            ),
            Self::Missing(path) => Bilingual::new(
                format!("找不到 {}。请检查磁盘是否挂载，或从备份恢复", path.display()),
                format!("{} is missing: see whether its disk is mounted, or restore a backup", path.display()),
            ),
            Self::Unknown(_) => Bilingual::new(
                "暂不能确定是否已保存：内容已保留，下次有机会时自动核对",
                "not known yet whether it is saved: it is kept and looked up at the next chance",
            ),
            Self::Failed(why) => Bilingual::new(
                format!("数据库读写失败：{why}。请检查磁盘空间和权限后再试"),
                format!("the database cannot be read or written: {why}; check the disk and its rights, then try again"),
            ),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        if refused.is_state() { Self::State(refused.text()) } else { Self::Invalid(refused.text()) }
    }
}

impl From<io::Error> for Error {
    fn from(e: io::Error) -> Self {
        Self::Failed(e.to_string())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        match &e {
            rusqlite::Error::SqliteFailure(code, text) => match code.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::damaged(
                    format!("数据库已损坏（{e}）。请运行 dukao verify，再从备份恢复"),
                    format!("the database is damaged ({e}): run dukao verify, then restore a backup"),
                ),
                ErrorCode::ConstraintViolation => Self::Ledger(text.clone().unwrap_or_else(|| e.to_string())),
                _ => Self::Failed(e.to_string()),
            },
            _ => Self::Failed(e.to_string()),
        }
    }
}

/// The clock and the source of operation numbers: tests put their own in.
#[derive(Clone, Copy)]
pub struct Ambient {
    /// Now.
    pub clock: fn() -> SystemTime,
    /// 16 random bytes.
    pub op_id: fn() -> Result<OpId, Error>,
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}

impl Default for Ambient {
    fn default() -> Self {
        Self { clock: SystemTime::now, op_id: random_op_id }
    }
}

fn random_op_id() -> Result<OpId, Error> {
    let mut id = [0; 16];
    let n = rustix::rand::getrandom(&mut id[..], rustix::rand::GetRandomFlags::empty()).map_err(io::Error::from)?;
    if n == id.len() { Ok(id) } else { Err(Error::Failed("getrandom".into())) }
}

impl Ambient {
    /// Stamp of an entry: local time of the district (+08:00, milliseconds). China has one offset and no summer time,
    /// so no table of time zones is needed.
    #[must_use]
    pub fn stamp(&self) -> String {
        let now = self.local();
        format!("{}+08:00", now.strftime("%Y-%m-%dT%H:%M:%S.%3f"))
    }

    /// The calendar day in the district.
    #[must_use]
    pub fn day(&self) -> Date {
        self.local().date()
    }

    fn local(&self) -> jiff::civil::DateTime {
        let now = jiff::Timestamp::try_from((self.clock)()).unwrap_or_default();
        jiff::tz::Offset::constant(8).to_datetime(now)
    }
}

/// An open database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    bell: bell::Bell,
    /// Frames in the WAL after the last commit of this connection.
    frames: Arc<AtomicI32>,
    ambient: Ambient,
    plan: Arc<Plan>,
    facts: Facts,
    data_version: i64,
    last: Option<Arc<Snapshot>>,
    /// Lines of the plan in force, once somebody asked for warnings.
    lines: Option<(Arc<Plan>, Arc<Lines>)>,
}

/// File systems on which locks and shared memory work as SQLite needs them.
const FILE_SYSTEMS: [u32; 7] = [0xef53, 0x5846_5342, 0x9123_683e, 0x2fc1_2fc1, 0xf2f5_2010, 0x0102_1994, 0x794c_7630];
/// SQLite from which a WAL that several processes write stays whole.
const OLDEST_SQLITE: i32 = 3_051_003;
/// Frames from which the one who committed moves the WAL into the file.
const CHECKPOINT_FRAMES: i32 = 1_000;
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// The version of SQLite inside.
#[must_use]
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

impl Store {
    /// Opens the database of a district.
    ///
    /// # Errors
    /// It is missing, damaged, of another district or program version, or lies or belongs where it cannot be safe.
    pub fn open(path: &Path, district: Option<&str>) -> Result<Self, Error> {
        Self::open_with(path, district, Ambient::default())
    }

    /// As [`Store::open`], with a clock and operation numbers of one's own.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_with(path: &Path, district: Option<&str>, ambient: Ambient) -> Result<Self, Error> {
        let path = checked_path(path)?;
        // Nobody restores or migrates between the look at the file and the opening of it.
        let bell = bell::Bell::open(&path)?;
        let (mut conn, frames) = connect(&path)?;
        check_identity(&conn)?;
        guard(&mut conn)?;
        check_chain(&conn, &bell)?;
        let (plan, facts, data_version) = reading(&conn, |conn| {
            let plan = load::plan(conn)?;
            if district.is_some_and(|id| id != plan.district.id) {
                return Err(Error::unusable(
                    format!("数据库属于「{}」，不是这个区的文件夹。请用 --database 指定正确的文件", plan.district.id),
                    format!(
                        "the database belongs to district {}, not to this folder: name the right one with --database",
                        plan.district.id
                    ),
                ));
            }
            let facts = load::facts(conn, &plan)?;
            Ok((plan, facts, data_version(conn)?))
        })?;
        Ok(Self {
            conn,
            path,
            bell,
            frames,
            ambient,
            plan: Arc::new(plan),
            facts,
            data_version,
            last: None,
            lines: None,
        })
    }

    /// The resolved path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Today in the district: frozen by the plan, else by the clock.
    #[must_use]
    pub fn today(&self) -> Date {
        self.plan.district.today.unwrap_or_else(|| self.ambient.day())
    }

    /// Uid that owns the file.
    ///
    /// # Errors
    /// The file is gone.
    pub fn owner_uid(&self) -> Result<u32, Error> {
        Ok(std::fs::symlink_metadata(&self.path)?.uid())
    }

    /// Everything as of now (or of a day), without looking whether somebody changed something.
    #[must_use]
    pub fn snapshot(&mut self, as_of: Option<Date>) -> Arc<Snapshot> {
        let today = self.today();
        if let Some(last) = &self.last
            && (last.facts.seq, &last.facts.head, last.as_of, last.today)
                == (self.facts.seq, &self.facts.head, as_of, today)
        {
            return Arc::clone(last);
        }
        let snapshot = Arc::new(Snapshot::new(Arc::clone(&self.plan), self.facts.clone(), today, as_of));
        self.last = Some(Arc::clone(&snapshot));
        snapshot
    }

    /// As [`Store::snapshot`], without the figures of rounds that the person may not see.
    #[must_use]
    pub fn snapshot_for(&mut self, actor: &Actor, as_of: Option<Date>) -> Arc<Snapshot> {
        let all = self.snapshot(as_of);
        let hidden = access::hidden_rounds(&all, &actor.in_force(&self.plan));
        if hidden.is_empty() {
            return all;
        }
        Arc::new(Snapshot::new(Arc::clone(&all.plan), all.facts.clone(), all.today, all.as_of).hiding(hidden))
    }

    /// Looks for entries of others and follows them; false when there are none.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn refresh(&mut self) -> Result<bool, Error> {
        let now = data_version(&self.conn)?;
        if now == self.data_version {
            return Ok(false);
        }
        let (mut plan, mut facts) = (Arc::clone(&self.plan), self.facts.clone());
        let changed = reading(&self.conn, |conn| load::refresh(conn, &mut plan, &mut facts))?;
        (self.plan, self.facts, self.data_version) = (plan, facts, now);
        Ok(changed)
    }

    /// Entries that a query means and that the person may see, newest last.
    ///
    /// # Errors
    /// Viewers see no history; or the file cannot be read.
    pub fn history(&self, actor: &Actor, query: &Query) -> Result<Vec<LedgerEntry>, Error> {
        let actor = actor.in_force(&self.plan);
        // Whoever may see no entry at all is told so; others see those of their scope.
        may(&Actor { units: Vec::new(), ..actor.clone() }, Action::ReadHistory, &Matter::default())?;
        let today = self.today();
        let (plan, facts) = (&self.plan, &self.facts);
        let asked = |entry: &LedgerEntry| query.unit.is_none_or(|u| access::belongs_to(plan, facts, entry, today, u));
        let visible = |entry: &LedgerEntry| access::may_read(plan, facts, &actor, entry, today) && asked(entry);
        reading(&self.conn, |conn| {
            Ok(match &query.record {
                Some(record) => ledger::of_record(conn, record, query.limit, visible)?,
                None => ledger::history(conn, query, visible)?,
            })
        })
    }

    /// Follows the chain of the ledger over at most so many entries more.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn follow_chain(&self, chain: &mut Chain, most: usize) -> Result<(), Error> {
        reading(&self.conn, |conn| Ok(chain.follow(conn, most)?))
    }

    /// The newest entry of each of these records, as far as the person may see it: who entered it, and when.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn sources(&self, actor: &Actor, of: &[Subject]) -> Result<Vec<LedgerEntry>, Error> {
        let (actor, today) = (actor.in_force(&self.plan), self.today());
        let visible = |entry: &LedgerEntry| access::may_read(&self.plan, &self.facts, &actor, entry, today);
        reading(&self.conn, |conn| {
            let mut found = Vec::new();
            for subject in of {
                found.extend(ledger::newest(conn, subject)?.filter(visible));
            }
            Ok(found)
        })
    }

    /// The four texts of the plan in force: district, projects, scoring, targets.
    ///
    /// # Errors
    /// The file cannot be read, or a text is gone.
    pub fn plan_texts(&self) -> Result<[String; 4], Error> {
        reading(&self.conn, |conn| {
            let (_, value) = ledger::current(conn, crate::domain::change::Kind::Plan, "plan")?;
            verify::texts_of(conn, value.as_deref())
        })
    }

    /// Checks everything that can be checked; see [`Verified`]. `read_plan` parses the texts of a plan.
    ///
    /// # Errors
    /// The file cannot be read at all.
    pub fn verify(
        &self,
        anchor: Option<&str>,
        read_plan: &dyn Fn(&[String; 4]) -> Option<Plan>,
    ) -> Result<Verified, Error> {
        verify::verify(&self.path, &self.bell, anchor, read_plan)
    }

    /// Calls `rung` after every commit of any session until it answers false.
    ///
    /// # Errors
    /// No thread can be started.
    pub fn watch(&self, rung: impl FnMut() -> bool + Send + 'static) -> io::Result<()> {
        bell::watch(&self.path, rung)
    }
}

fn data_version(conn: &Connection) -> Result<i64, Error> {
    Ok(conn.query_row("PRAGMA data_version", [], |r| r.get(0))?)
}

/// One short read transaction.
fn reading<T>(conn: &Connection, read: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
    let begun = Instant::now();
    let transaction = conn.unchecked_transaction()?;
    let result = read(&transaction);
    transaction.finish()?;
    debug_assert!(begun.elapsed() < Duration::from_secs(10), "a read transaction is short");
    result
}

/// Resolves the folder, then looks at file system, owner and mode.
fn checked_path(path: &Path) -> Result<PathBuf, Error> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::unusable("SQLite 太旧，请换新版程序", "SQLite is too old: use a newer build"));
    }
    let (folder, path) = resolved(path)?;
    check_file_system(&folder)?;
    let file = std::fs::symlink_metadata(&path)
        .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path.clone()) } else { e.into() })?;
    if !file.is_file() {
        return Err(Error::unusable(
            format!("{} 不是普通文件（链接不可用）。请用 --database 指定文件本身", path.display()),
            format!("{} is not a plain file (links are not followed): name the file itself", path.display()),
        ));
    }
    if file.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::unusable(
            format!("{} 不属于运行本程序的账号。请用它的主人的账号运行", path.display()),
            format!("{} does not belong to the account that runs this program: run it as its owner", path.display()),
        ));
    }
    if file.mode() & 0o777 != 0o600 {
        return Err(Error::unusable(
            format!("{} 的权限是 {:o}，须为 600。请运行 chmod 600", path.display(), file.mode() & 0o777),
            format!("{} has mode {:o}, not 600: run chmod 600 on it", path.display(), file.mode() & 0o777),
        ));
    }
    Ok(path)
}

/// The folder without links, and the file in it.
fn resolved(path: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let name = path.file_name().ok_or_else(|| Error::Missing(path.to_owned()))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder
        .canonicalize()
        .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path.to_owned()) } else { e.into() })?;
    let path = folder.join(name);
    Ok((folder, path))
}

fn check_file_system(folder: &Path) -> Result<(), Error> {
    let kind = rustix::fs::statfs(folder).map_err(io::Error::from)?.f_type;
    // The kernel's numbers have 32 bits, whatever the type of the field.
    let known = u32::try_from(kind & 0xffff_ffff).is_ok_and(|kind| FILE_SYSTEMS.contains(&kind));
    if known {
        return Ok(());
    }
    Err(Error::unusable(
        format!("{} 在网络或不支持的文件系统上。请把数据库放到本机磁盘", folder.display()),
        format!("{} is on a network or unknown file system: keep the database on a local disk", folder.display()),
    ))
}

/// Opens a connection and makes every setting, each read back.
fn connect(path: &Path) -> Result<(Connection, Arc<AtomicI32>), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut conn = Connection::open_with_flags(path, flags)?;
    be_patient(&mut conn)?;
    // A schema that cannot be trusted is not run: no defensive setting may come after the first statement.
    for (config, wanted) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        if conn.set_db_config(config, wanted)? != wanted {
            return Err(Error::Failed(format!("{config:?}")));
        }
    }
    for (name, value, read_back) in [
        ("journal_mode", "WAL", "wal"),
        ("synchronous", "FULL", "2"),
        ("foreign_keys", "ON", "1"),
        ("recursive_triggers", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", "0"),
        // KiB. A year is read once and then held in memory: a large cache of its pages would stay behind for nothing.
        ("cache_size", "-512", "-512"),
        ("journal_size_limit", "67108864", "67108864"),
        ("wal_autocheckpoint", "0", "0"),
    ] {
        set(&conn, name, value, read_back)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_LENGTH, 4 << 20),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 50),
    ] {
        conn.set_limit(limit, value)?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    let frames = Arc::new(AtomicI32::new(0));
    let counted = Arc::clone(&frames);
    conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, n| {
        counted.store(n, Ordering::Relaxed);
        Ok(())
    }))?;
    Ok((conn, frames))
}

/// Makes a setting and reads it back.
fn set(conn: &Connection, name: &str, value: &str, read_back: &str) -> Result<(), Error> {
    // Some pragmas answer with a row when they are set, some do not.
    let mut statement = conn.prepare(&format!("PRAGMA {name} = {value}"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    drop(rows);
    let mut statement = conn.prepare(&format!("PRAGMA {name}"))?;
    let mut rows = statement.query([])?;
    let stands = rows.next()?.is_some_and(|row| match row.get_ref(0) {
        Ok(rusqlite::types::ValueRef::Integer(i)) => i.to_string() == read_back,
        Ok(other) => other.as_str() == Ok(read_back),
        Err(_) => false,
    });
    if stands {
        Ok(())
    } else {
        Err(Error::unusable(
            format!("数据库设置 {name} 不能改为 {value}。请检查文件系统和权限"),
            format!("the setting {name} cannot be made {value}: check the file system and its rights"),
        ))
    }
}

/// Sleeps 1–2 ms, at random, between tries; SQLite's own growing pauses starve a writer among many.
fn be_patient(conn: &mut Connection) -> Result<(), Error> {
    let mut since = Instant::now();
    conn.busy_handler(Some(move |tries: i32| {
        if tries == 0 {
            since = Instant::now();
        }
        let jitter = random_op_id().map_or(500, |id| u64::from(id[0]) * 4);
        pause(Duration::from_micros(1_000 + jitter));
        since.elapsed() < PATIENCE
    }))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "SQLite has no event for a lock that is given back")]
fn pause(time: Duration) {
    thread::sleep(time);
}

/// Our file, of a version that we know, with the schema that we wrote.
fn check_identity(conn: &Connection) -> Result<(), Error> {
    let number = |pragma: &str| conn.query_row(&format!("PRAGMA {pragma}"), [], |r| r.get::<_, i64>(0));
    if number("application_id")? != schema::APPLICATION_ID {
        return Err(Error::damaged(
            "这不是督考的数据库，或已被清空。请检查路径，或从备份恢复",
            "this is not a dukao database, or it was emptied: check the path, or restore a backup",
        ));
    }
    let version = number("user_version")?;
    if version != schema::VERSION {
        return Err(Error::unusable(
            format!("数据库版本是 {version}，本程序只认 {}。请换用相应版本的程序", schema::VERSION),
            format!(
                "the database has version {version}, this program knows {}: use the program that fits",
                schema::VERSION
            ),
        ));
    }
    if schema::hash(conn)? != schema::SHA256 {
        return Err(Error::damaged(
            "数据库的结构或规则被改动过。请运行 dukao verify，再从备份恢复",
            "the schema was tampered with: run dukao verify, then restore a backup",
        ));
    }
    Ok(())
}

/// The newest entry has its hash, and the bell's anchor is in the ledger.
fn check_chain(conn: &Connection, bell: &bell::Bell) -> Result<(), Error> {
    // Somebody may be writing the bell while it is read: a line made of two is not one twice.
    for last in [false, true] {
        // The bell first: what it says was committed before.
        let anchor = bell.anchor()?;
        let found = reading(conn, |conn| Ok(verify::newest_entry(conn)?.or(verify::anchored(conn, anchor.as_ref())?)))?;
        match found {
            None => return Ok(()),
            Some(finding) if last => {
                return Err(Error::damaged(
                    format!("{}。请从备份恢复", finding.zh),
                    format!("{}: restore a backup", finding.en),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// From now on the connection may read, append to the ledger and to the documents, and nothing else.
fn guard(conn: &mut Connection) -> Result<(), Error> {
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.authorizer(Some(|context: AuthContext<'_>| {
        let by_trigger = |table: &str| context.accessor.is_some() && context.accessor == schema::filled_by(table);
        let allowed = match context.action {
            AuthAction::Select | AuthAction::Read { .. } | AuthAction::Transaction { .. } => true,
            AuthAction::Function { function_name } => function_name != "load_extension",
            AuthAction::Insert { table_name: "ledger" | "document" } => true,
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name } => by_trigger(table_name),
            AuthAction::Pragma { pragma_name: "data_version", pragma_value: None }
            | AuthAction::Pragma { pragma_name: "wal_checkpoint", .. } => true,
            _ => false,
        };
        if allowed { Authorization::Allow } else { Authorization::Deny }
    }))?;
    Ok(())
}

/// Takes the guard of [`guard`] away, for the one writer of typed plan tables.
fn unguard(conn: &mut Connection) -> Result<(), Error> {
    conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    Ok(())
}

#[cfg(test)]
pub(crate) use tests::plan as test_plan;

#[cfg(test)]
mod tests;
