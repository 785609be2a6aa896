//! 铃. The file beside the database that tells other sessions of a commit (`reliability.md` §4).

use std::fs::{File, OpenOptions};
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, inotify};

use super::Error;
use super::ledger::{Head, hex};
use crate::domain::value::Bilingual;

/// `<seq, 19 digits> <head, 64 hex>\n`
const LENGTH: usize = 19 + 1 + 64 + 1;

/// An open bell under a shared lock: whoever has the database open holds one.
#[derive(Debug)]
pub struct Bell {
    file: File,
}

/// Path of the bell of a database.
#[must_use]
pub fn path_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-bell");
    PathBuf::from(name)
}

impl Bell {
    /// Opens the bell of a database and takes its shared lock.
    ///
    /// # Errors
    /// There is none, or a restore or migration holds the exclusive lock.
    pub fn open(database: &Path) -> Result<Self, Error> {
        let path = path_of(database);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(&path)
            .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path.clone()) } else { e.into() })?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared)
            .map_err(|e| if e == rustix::io::Errno::WOULDBLOCK { shut() } else { io::Error::from(e).into() })?;
        Ok(Self { file })
    }

    /// Opens the bell of a database, or makes one where there may be none, and takes its exclusive lock: nobody else has
    /// the database open, and nobody opens it while this lives.
    ///
    /// # Errors
    /// Sessions are open, or there is no bell.
    pub fn alone(database: &Path, make: bool) -> Result<Self, Error> {
        let path = path_of(database);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(make)
            .truncate(false)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(&path)
            .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path) } else { e.into() })?;
        match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self { file }),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(in_use(file.metadata()?.ino())),
            Err(e) => Err(io::Error::from(e).into()),
        }
    }

    /// Tells everybody that this is the newest entry.
    ///
    /// # Errors
    /// The disk is full or gone; the entry itself is saved.
    pub fn ring(&self, head: &Head) -> io::Result<()> {
        let line = format!("{:019} {}\n", head.seq, hex(&head.hash));
        rustix::io::pwrite(&self.file, line.as_bytes(), 0)?;
        Ok(())
    }

    /// Number and hash of the entry last rung; none before the first ring.
    ///
    /// # Errors
    /// It cannot be read, or does not hold a line of the bell.
    pub fn anchor(&self) -> Result<Option<(u64, String)>, Error> {
        let mut line = [0_u8; LENGTH];
        let n = rustix::io::pread(&self.file, &mut line, 0).map_err(io::Error::from)?;
        if n == 0 {
            return Ok(None);
        }
        let read = || {
            let text = std::str::from_utf8(line.get(..n)?).ok()?.strip_suffix('\n')?;
            let (seq, head) = text.split_once(' ')?;
            Some((seq.parse().ok()?, head.to_owned()))
        };
        read().map(Some).ok_or_else(|| Error::damaged("铃文件读不出来", "the bell file cannot be read"))
    }
}

/// The database is being restored or migrated.
fn shut() -> Error {
    Error::Held(Bilingual::new(
        "数据库正在恢复或升级，暂时不能打开。请稍后再试",
        "the database is being restored or migrated: try again in a moment",
    ))
}

/// Sessions have the database open; how many, where the kernel tells.
fn in_use(bell: u64) -> Error {
    let locks = std::fs::read_to_string("/proc/locks").unwrap_or_default();
    let of_bell = |line: &&str| {
        let mut words = line.split_whitespace().skip(1);
        let kind = words.next();
        let file = words.nth(3).and_then(|file| file.rsplit(':').next()?.parse::<u64>().ok());
        kind == Some("FLOCK") && file == Some(bell)
    };
    let (zh, en) = match locks.lines().filter(of_bell).count() {
        0 => ("还有会话开着".to_owned(), "sessions are open".to_owned()),
        1 => ("还有 1 个会话开着".to_owned(), "1 session is open".to_owned()),
        n => (format!("还有 {n} 个会话开着"), format!("{n} sessions are open")),
    };
    Error::Held(Bilingual::new(
        format!("{zh}，须先全部退出。请通知后再试"),
        format!("{en} and must end first: ask for it, then try again"),
    ))
}

/// What the kernel tells of writes to the bell.
pub(super) fn listen(database: &Path) -> rustix::io::Result<OwnedFd> {
    let fd = inotify::init(inotify::CreateFlags::CLOEXEC)?;
    let flags = inotify::WatchFlags::MODIFY | inotify::WatchFlags::CLOSE_WRITE;
    inotify::add_watch(&fd, path_of(database), flags)?;
    Ok(fd)
}

/// Calls `rung` after every write to the bell, from a thread of its own, until it answers false. Where inotify cannot be
/// had, it is called every two seconds instead.
///
/// # Errors
/// No thread can be started.
pub fn watch(database: &Path, mut rung: impl FnMut() -> bool + Send + 'static) -> io::Result<()> {
    // Set up before the thread starts: what is written from now on is seen.
    let watched = listen(database);
    thread::Builder::new().name("bell".into()).spawn(move || {
        if let Ok(fd) = watched {
            let mut buffer = [MaybeUninit::uninit(); 4096];
            let mut events = inotify::Reader::new(fd, &mut buffer);
            loop {
                match events.next().map(drop) {
                    Ok(()) if !events.is_buffer_empty() => {}
                    Ok(()) => {
                        if !rung() {
                            return;
                        }
                    }
                    Err(rustix::io::Errno::INTR) => {}
                    Err(_) => break,
                }
            }
        }
        #[expect(clippy::disallowed_methods, reason = "without inotify there is nothing to wait for")]
        while rung() {
            thread::sleep(Duration::from_secs(2));
        }
    })?;
    Ok(())
}
