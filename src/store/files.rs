//! Files beside the database: each of mode 0600, whole under another name before it gets its own.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use super::Error;
use super::opening::resolved;

/// An unfinished file of this age was left behind by a program that broke off.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// The path with an ending behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Endings of everything that stands beside a database in use, and of the database itself.
const IN_USE: [&str; 7] = ["", "-wal", "-shm", "-journal", "-bell", "-here", "-backup"];

/// Whether a place is that of the database or of a file beside it, by this name or by another one of the same file.
/// Nothing is opened: closing the live database outside SQLite would drop the locks that this process holds on it.
#[must_use]
pub fn is_of_database(database: &Path, place: &Path) -> bool {
    let database = resolved(database).map_or_else(|_| database.to_owned(), |(_, path)| path);
    let place = resolved(place).map_or_else(|_| place.to_owned(), |(_, path)| path);
    let file = |path: &Path| path.symlink_metadata().ok().map(|found| (found.dev(), found.ino()));
    let there = file(&place);
    IN_USE
        .map(|ending| beside(&database, ending))
        .iter()
        .any(|own| *own == place || (there.is_some() && file(own) == there))
}

/// The first bytes of a file that is not the live database, where it is a database at all.
pub(super) fn database_head(path: &Path) -> Option<[u8; 72]> {
    let mut start = [0_u8; 72];
    let mut file = OpenOptions::new().read(true).custom_flags(OFlags::NOFOLLOW.bits().cast_signed()).open(path).ok()?;
    let read = file.read_exact(&mut start).is_ok();
    (read && start.starts_with(b"SQLite format 3\0")).then_some(start)
}

/// Whether a file that is not the live database (see [`is_of_database`]) is a database: of a backup, or of another district.
#[must_use]
pub fn is_database(path: &Path) -> bool {
    database_head(path).is_some()
}

/// Removes an unfinished database and what SQLite put beside it.
pub(super) fn remove(new: &Path) {
    for ending in ["", "-journal", "-wal", "-shm"] {
        // What is not there need not be removed.
        let _ = std::fs::remove_file(beside(new, ending));
    }
}

/// An empty file of mode 0600 that nobody had before.
pub(super) fn reserve(new: &Path) -> Result<File, Error> {
    if let Ok(found) = new.symlink_metadata() {
        let age = found.modified().ok().and_then(|t| t.elapsed().ok()).unwrap_or_default();
        if age < LEFT_BEHIND {
            return Err(Error::Busy);
        }
        remove(new);
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(new)
        .map_err(|e| if e.kind() == io::ErrorKind::AlreadyExists { Error::Busy } else { e.into() })
}

/// Brings the names of a folder to disk.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}
