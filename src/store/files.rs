//! Files beside the database: each of mode 0600, whole under another name before it gets its own.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;

use super::Error;

/// An unfinished file of this age was left behind by a program that broke off.
const LEFT_BEHIND: Duration = Duration::from_secs(60);

/// The path with an ending behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
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
