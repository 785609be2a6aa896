//! 健康. What a session says of its database beside the records: damage, a log that grows, who waits.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::files::beside;
use super::opening::{check_file_system, resolved};
use super::{Error, Store, bell, newest_backup, reading};
use crate::domain::value::Bilingual;

/// A WAL larger than this has somebody who keeps it from being moved into the file.
pub const LARGEST_LOG: u64 = 64 << 20;

/// Bytes of the WAL of a database.
#[must_use]
pub fn log_bytes(database: &Path) -> u64 {
    beside(database, "-wal").metadata().map_or(0, |found| found.len())
}

/// The file system that a database lies on.
///
/// # Errors
/// No database can be kept there.
pub fn file_system(database: &Path) -> Result<&'static str, Error> {
    check_file_system(&resolved(database)?.0)
}

/// Files of a database that others could reach, with the mode that each has and should have.
#[must_use]
pub fn loose_modes(database: &Path) -> Vec<(PathBuf, u32, u32)> {
    let Ok((folder, database)) = resolved(database) else { return Vec::new() };
    let files = ["", "-wal", "-shm", "-bell"].map(|ending| (beside(&database, ending), 0o600));
    let of = |(path, wanted): (PathBuf, u32)| {
        let mode = path.symlink_metadata().ok()?.mode() & 0o777;
        (mode != wanted).then_some((path, mode, wanted))
    };
    let mut found: Vec<_> = files.into_iter().filter_map(of).collect();
    // A folder that others may only look into gives nothing away; one that they may write is another matter.
    found.extend(of((folder, 0o700)).filter(|(_, mode, _)| mode & 0o022 != 0));
    found
}

/// Gives each of these files its mode; the files themselves are not opened.
///
/// # Errors
/// They are not one's own.
pub fn tighten(loose: &[(PathBuf, u32, u32)]) -> Result<(), Error> {
    for (path, _, wanted) in loose {
        fs::set_permissions(path, fs::Permissions::from_mode(*wanted))?;
    }
    Ok(())
}

/// Whether the kernel tells this process of another one's ring.
#[must_use]
pub fn hears_bell(database: &Path) -> bool {
    bell::listen(database).is_ok()
}

/// What damage means for a command, and which backup there is.
pub(super) fn with_backup(database: &Path, why: &Bilingual) -> Bilingual {
    match newest_backup(database) {
        Some(b) => Bilingual::new(
            format!(
                "{}。请用 dukao restore 恢复，最近的备份是 {}（#{}，{}）",
                why.zh,
                b.path.display(),
                b.seq,
                minute(&b.at)
            ),
            format!(
                "{}: dukao restore it; the newest backup is {} (#{}, {})",
                why.en,
                b.path.display(),
                b.seq,
                minute(&b.at)
            ),
        ),
        None => Bilingual::new(
            format!("{}。请从备份恢复：dukao restore", why.zh),
            format!("{}: restore a backup with dukao restore", why.en),
        ),
    }
}

/// What damage means for a screen: the row has room for what to do and the newest backup, `doctor` says the rest.
pub(super) fn read_only(database: &Path) -> Bilingual {
    let (zh, en) = ("坏数据，屏上只读；退出后 dukao doctor", "damaged, read-only; quit, then dukao doctor");
    match newest_backup(database) {
        Some(b) => {
            Bilingual::new(format!("{zh}。备份：{}", b.path.display()), format!("{en}. Backup: {}", b.path.display()))
        }
        None => Bilingual::new(format!("{zh}。没有备份"), format!("{en}. No backup known")),
    }
}

/// `2014-07-12 09:30`
fn minute(at: &str) -> String {
    at.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

impl Store {
    /// When the first entry was made; none for an empty ledger.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn begun(&self) -> Result<Option<String>, Error> {
        reading(&self.conn, |conn| Ok(conn.query_row("SELECT min(at) FROM ledger", [], |r| r.get(0))?))
    }

    /// What is wrong with the file; while it is so nothing is saved.
    #[must_use]
    pub fn damage(&self) -> Option<&Bilingual> {
        self.damage.as_ref()
    }

    /// Calls this once in every wait for another save that is so long that a person notices.
    pub fn on_waiting(&self, told: impl FnMut() + Send + 'static) {
        self.waiting.tell(told);
    }

    /// What should be looked after: a log that nobody could move into the file.
    #[must_use]
    pub fn care(&self) -> Option<Bilingual> {
        if let Some(why) = &self.checkpoint_failed {
            return Some(Bilingual::new(
                format!("已保存，但日志并不进数据库：{why}。请检查磁盘空间"),
                format!("saved, but the log cannot be moved into the database: {why}; check the disk"),
            ));
        }
        grown(log_bytes(&self.path))
    }

    /// Keeps damage that only came to light later; true when it is one.
    pub(super) fn note_damage(&mut self, error: &Error) -> bool {
        let damaged = matches!(error, Error::Damaged(_));
        if damaged && self.damage.is_none() {
            self.damage = Some(read_only(&self.path));
        }
        damaged
    }
}

/// That a log of so many bytes is too large.
#[must_use]
pub fn grown(bytes: u64) -> Option<Bilingual> {
    let megabytes = bytes >> 20;
    (bytes > LARGEST_LOG).then(|| {
        Bilingual::new(
            format!("日志已有 {megabytes} MB：有会话一直在读，占着它。请退出开得最久的会话"),
            format!("the log has {megabytes} MB: a session has been reading for long and holds it; end the oldest one"),
        )
    })
}
