//! 备份. A copy that is consistent while people work, and verified before it is called a backup (`reliability.md` §2).

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rusqlite::params;
use rustix::fs::OFlags;

use super::access::{Action, Actor, Matter, may};
use super::bell::{self, Bell};
use super::files::{beside, database_head, is_of_database, remove, reserve, sync_folder};
use super::opening::{check_schema, checked_path, resolved, version_of};
use super::schema::{APPLICATION_ID, VERSIONS, Version};
use super::verify::ReadPlan;
use super::{Ambient, Error, ledger, settings, verify};

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackedUp {
    /// Where it lies.
    pub path: PathBuf,
    /// Number of its newest entry.
    pub seq: u64,
    /// Hash of that entry, 64 hex digits.
    pub head: String,
    /// When it was made, as an entry says it.
    pub at: String,
}

/// Makes a backup of an open database under this name, in place of an older backup there.
///
/// # Errors
/// Not the owner's to do; the database is damaged; the target is no place for it, or full.
pub fn backup(database: &Path, to: &Path, actor: &Actor, read_plan: ReadPlan<'_>) -> Result<BackedUp, Error> {
    may(actor, Action::Care, &Matter::default())?;
    let database = checked_path(database)?;
    // Nobody restores or migrates meanwhile.
    let _bell = Bell::open(&database)?;
    let made = copy(&database, to, VERSIONS, read_plan)?;
    // A backup that is not noted is a backup all the same.
    let _ = note(&database, &made);
    Ok(made)
}

/// Copies and verifies, under a lock of the bell that the caller holds; a database of any known version.
pub(super) fn copy(
    database: &Path,
    to: &Path,
    versions: &[Version],
    read_plan: ReadPlan<'_>,
) -> Result<BackedUp, Error> {
    let (folder, to) = resolved(to).map_err(|_| {
        Error::unusable(
            format!("没有放备份的文件夹 {}。请先建好", to.parent().unwrap_or(to).display()),
            format!("there is no folder for {}: make it first", to.display()),
        )
    })?;
    check_target(database, &to)?;
    let new = beside(&to, ".new");
    let file = reserve(&new)?;
    let (seq, head) = fill(database, &new, versions, read_plan).inspect_err(|_| remove(&new))?;
    file.sync_all()?;
    drop(file);
    fs::rename(&new, &to)?;
    sync_folder(&folder)?;
    Ok(BackedUp { path: to, seq, head, at: Ambient::default().stamp() })
}

/// Fills the empty file, and proves that it is whole and a part of the live ledger.
fn fill(database: &Path, new: &Path, versions: &[Version], read_plan: ReadPlan<'_>) -> Result<(u64, String), Error> {
    let (live, _) = settings::connect(database)?;
    let version = version_of(&live, versions)?;
    let name = new.to_str().ok_or_else(|| {
        Error::unusable("备份的文件名须是 UTF-8", "the name of a backup must be UTF-8: choose another")
    })?;
    live.execute("VACUUM INTO ?1", [name])?;
    let made = settings::looking(new)?;
    version_of(&made, &[version])?;
    check_schema(&made, version)?;
    let found = verify::examine(&made, None, None, read_plan, version.sha256)?;
    if let Some(problem) = found.problems.first() {
        return Err(Error::damaged(
            format!("没有备份：数据库未通过核验，{}。请从以前的备份恢复", problem.zh),
            format!("no backup made: the database does not verify, {}; restore an older backup", problem.en),
        ));
    }
    let head = ledger::head(&made)?;
    let stands: bool = live.query_row(
        "SELECT EXISTS(SELECT 1 FROM ledger WHERE seq = ?1 AND hash = ?2)",
        params![ledger::number(head.seq), head.hash],
        |r| r.get(0),
    )?;
    if !stands {
        return Err(Error::damaged(
            "没有备份：副本的末条不在现用的台账里。请运行 dukao verify",
            "no backup made: the copy ends with an entry that the ledger has not; run dukao verify",
        ));
    }
    made.close().map_err(|(_, e)| Error::from(e))?;
    // Others who read keep the log as long as they like: no failure of the backup.
    let _ = live.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, i64>(0));
    Ok((head.seq, found.head))
}

/// A backup replaces an older backup, and nothing else.
fn check_target(database: &Path, to: &Path) -> Result<(), Error> {
    let refused = |zh: &str, en: &str| {
        Err(Error::unusable(
            format!("{} {zh}。请换一个文件名", to.display()),
            format!("{} {en}: choose another name", to.display()),
        ))
    };
    if is_of_database(database, to) || bell::path_of(to).symlink_metadata().is_ok() {
        return refused("是正在使用的数据库", "is a database in use");
    }
    let Ok(found) = to.symlink_metadata() else { return Ok(()) };
    if !found.is_file() || found.uid() != rustix::process::geteuid().as_raw() {
        return refused("不是自己的普通文件", "is not a plain file of one's own");
    }
    if !is_ours(to) {
        return refused("已存在，且不是督考的备份", "exists and is no backup of dukao");
    }
    Ok(())
}

/// Whether a file that nobody has open begins as a database of ours does.
fn is_ours(path: &Path) -> bool {
    let id = |start: [u8; 72]| start[68..].iter().fold(0_i64, |id, byte| id << 8 | i64::from(*byte));
    database_head(path).map(id) == Some(APPLICATION_ID)
}

/// Ending of the file beside the database that says which backup is the newest.
const NOTE: &str = "-backup";

fn note(database: &Path, made: &BackedUp) -> Result<(), Error> {
    let path = beside(database, NOTE);
    let new = beside(&path, ".new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(&new)?;
    writeln!(file, "{} {} {} {}", made.seq, made.head, made.at, made.path.display())?;
    Ok(fs::rename(&new, &path)?)
}

/// The newest backup of a database, if it is still where it was made.
#[must_use]
pub fn newest_backup(database: &Path) -> Option<BackedUp> {
    let text = fs::read_to_string(beside(&resolved(database).ok()?.1, NOTE)).ok()?;
    let mut words = text.trim_end_matches('\n').splitn(4, ' ');
    let (seq, head, at, path) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let found = BackedUp { path: path.into(), seq: seq.parse().ok()?, head: head.into(), at: at.into() };
    found.path.is_file().then_some(found)
}
