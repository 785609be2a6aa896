//! 升级. A database of an older version brought to the one that this program works with (`reliability.md` §2): forwards
//! only, never by a session, and never without a verified backup beside it.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::access::{Action, Actor, Matter, may};
use super::bell::Bell;
use super::files::beside;
use super::opening::{check_chain, check_schema, checked_path, version_of};
use super::schema::{self, VERSIONS, Version};
use super::verify::ReadPlan;
use super::{Error, backup, settings, verify};

/// A database that was brought to a newer version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migrated {
    /// Version before.
    pub from: i64,
    /// Version now.
    pub to: i64,
    /// The backup made before.
    pub backup: PathBuf,
}

/// Brings a database to the version of this program; none where it has it already.
///
/// # Errors
/// Not the owner's to do; sessions are open; the database is damaged, or newer than the program.
pub fn migrate(database: &Path, actor: &Actor, read_plan: ReadPlan<'_>) -> Result<Option<Migrated>, Error> {
    may(actor, Action::Care, &Matter::default())?;
    to_newest(database, VERSIONS, read_plan)
}

pub(super) fn to_newest(
    database: &Path,
    versions: &[Version],
    read_plan: ReadPlan<'_>,
) -> Result<Option<Migrated>, Error> {
    let path = checked_path(database)?;
    let bell = Bell::alone(&path, false)?;
    let (conn, _) = settings::connect(&path)?;
    let (from, to) = (version_of(&conn, versions)?, schema::current(versions));
    if from.number == to.number {
        return Ok(None);
    }
    check_schema(&conn, from)?;
    check_chain(&conn, &bell)?;
    let kept = backup::copy(&path, &beside(&path, &format!(".v{}.bak", from.number)), versions, read_plan)?.path;
    bring_up(&conn, versions, from)?;
    let found = verify::examine(&conn, bell.anchor()?.as_ref(), None, read_plan, to.sha256)?;
    if let Some(problem) = found.problems.first() {
        let kept = kept.display();
        return Err(Error::damaged(
            format!("升级后未通过核验：{}。请用 dukao restore {kept} 恢复", problem.zh),
            format!("the migrated database does not verify, {}: run dukao restore {kept}", problem.en),
        ));
    }
    Ok(Some(Migrated { from: from.number, to: to.number, backup: kept }))
}

/// Takes each step from this version on, each in one transaction that ends with the schema of its version.
pub(super) fn bring_up(conn: &Connection, versions: &[Version], from: Version) -> Result<(), Error> {
    for step in versions.iter().filter(|v| v.number > from.number) {
        conn.execute_batch("BEGIN IMMEDIATE")?;
        let taken = (step.arrive)(conn)
            .and_then(|()| conn.execute_batch(&format!("PRAGMA user_version = {}", step.number)))
            .map_err(Error::from)
            .and_then(|()| check_schema(conn, *step));
        if let Err(error) = taken {
            conn.execute_batch("ROLLBACK")?;
            return Err(error);
        }
        conn.execute_batch("COMMIT")?;
    }
    Ok(())
}
