//! 库. The year of a district in one SQLite file: who changed what, when and why, and the state that follows.
//!
//! Everything that `reliability.md` promises about data is kept here; no other module knows SQLite.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicI32;

use rusqlite::Connection;

use crate::domain::change::Subject;
use crate::domain::district::Plan;
use crate::domain::snapshot::{Facts, Snapshot};
use crate::domain::value::{Bilingual, Date};
use crate::plan::Lines;

pub mod access;
mod ambient;
mod backup;
pub mod bell;
mod create;
mod error;
mod files;
mod health;
pub mod ledger;
mod load;
mod message;
mod migrate;
mod opening;
mod past;
mod presence;
mod restore;
mod returned;
mod save;
mod schema;
mod seals;
mod settings;
mod syslog;
mod verify;
mod warnings;
pub mod worker;

pub use access::{Action, Actor, Matter, may};
pub use ambient::{Ambient, Point};
pub use backup::{BackedUp, backup, newest_backup};
pub use create::create;
pub use error::{Conflict, Error};
pub use files::{is_database, is_of_database};
pub use health::{file_system, grown, hears_bell, log_bytes, loose_modes, tighten};
pub use ledger::{Chain, LedgerEntry, OpId, Query};
pub use message::{Reply, Request};
pub use migrate::{Migrated, migrate};
pub use presence::Present;
pub use restore::{Lost, Restored, Restoring};
pub use save::Step;
pub use seals::Seal;
pub use verify::{ReadPlan, Verified, quick_check};

use opening::{check_chain, check_identity, checked_path};
use settings::{Waiting, connect_waiting, guard, unguard};

/// An open database.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    bell: bell::Bell,
    /// Frames in the WAL after the last commit of this connection.
    frames: Arc<AtomicI32>,
    /// Where this session says that it is.
    seat: Option<presence::Seat>,
    /// Who is told that a save waits for another one.
    waiting: Waiting,
    ambient: Ambient,
    /// What is wrong with the file: nothing is saved any more.
    damage: Option<Bilingual>,
    /// Why the WAL could not be moved into the file.
    checkpoint_failed: Option<String>,
    /// The connection may append, and nothing else.
    guarded: bool,
    plan: Arc<Plan>,
    facts: Facts,
    data_version: i64,
    last: Option<Arc<Snapshot>>,
    /// Lines of the plan in force, once somebody asked for warnings.
    lines: Option<(Arc<Plan>, Arc<Lines>)>,
}

/// Whether a damaged end of the ledger keeps the database shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strict {
    Yes,
    No,
}

/// Frames from which the one who committed moves the WAL into the file.
const CHECKPOINT_FRAMES: i32 = 1_000;

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
        Self::open_as(path, district, ambient, Strict::Yes)
    }

    /// As [`Store::open`], and where the end of the ledger is damaged for reading alone: [`Store::damage`] says so.
    ///
    /// # Errors
    /// As [`Store::open`].
    pub fn open_to_read(path: &Path, district: Option<&str>) -> Result<Self, Error> {
        Self::open_as(path, district, Ambient::default(), Strict::No)
    }

    fn open_as(path: &Path, district: Option<&str>, ambient: Ambient, strict: Strict) -> Result<Self, Error> {
        let path = checked_path(path)?;
        // Nobody restores or migrates between the look at the file and the opening of it.
        let bell = bell::Bell::open(&path)?;
        let waiting = Waiting::default();
        let (mut conn, frames) = connect_waiting(&path, waiting.clone())?;
        check_identity(&conn, schema::VERSIONS)?;
        guard(&mut conn)?;
        let damage = match check_chain(&conn, &bell) {
            Ok(()) => None,
            Err(Error::Damaged(_)) if strict == Strict::No => Some(health::read_only(&path)),
            Err(Error::Damaged(why)) => return Err(Error::Damaged(health::with_backup(&path, &why))),
            Err(other) => return Err(other),
        };
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
            seat: None,
            waiting,
            ambient,
            damage,
            checkpoint_failed: None,
            guarded: true,
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
    pub fn verify(&self, anchor: Option<&str>, read_plan: ReadPlan<'_>) -> Result<Verified, Error> {
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

/// One read transaction: short, except in a command that looks at everything.
fn reading<T>(conn: &Connection, read: impl FnOnce(&Connection) -> Result<T, Error>) -> Result<T, Error> {
    let transaction = conn.unchecked_transaction()?;
    let result = read(&transaction);
    transaction.finish()?;
    result
}

#[cfg(test)]
pub(crate) use tests::plan as test_plan;

#[cfg(test)]
mod tests;
