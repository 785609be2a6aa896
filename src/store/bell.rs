//! 铃. The file beside the database that tells other sessions of a commit (`reliability.md` §4).

use std::collections::BTreeSet;
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

/// `<seq, 19 digits> <head, 64 hex>\n`; while a restore puts its files into place, [`Announced`] follows.
const LENGTH: usize = 19 + 1 + 64 + 1;

/// What a restore that is putting its files into place is about to ring: who finds it in a bell that nobody holds alone
/// knows that the restore was broken off, and how to finish it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Number and hash of the newest entry of what will be the database.
    pub next: (u64, String),
    /// Name in the folder under which the database before it is set aside; none where there was none.
    pub aside: Option<String>,
}

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
        self.ring_as(head.seq, &hex(&head.hash))
    }

    /// As [`Bell::ring`], of an entry by its hash in hex digits.
    pub(super) fn ring_as(&self, seq: u64, head: &str) -> io::Result<()> {
        rustix::io::pwrite(&self.file, line_of(seq, head).as_bytes(), 0)?;
        Ok(())
    }

    /// Writes behind the anchor, and to disk, what a restore is about to do.
    pub(super) fn announce(&self, announced: &Announced) -> io::Result<()> {
        let (seq, head) = &announced.next;
        let aside = announced.aside.as_deref().map(|name| format!("{name}\n")).unwrap_or_default();
        let text = line_of(*seq, head) + &aside;
        self.file.set_len(LENGTH as u64)?;
        rustix::io::pwrite(&self.file, text.as_bytes(), LENGTH as u64)?;
        self.file.sync_all()
    }

    /// What was announced and not done with; none as a rule. A line that was not written to its end announces nothing:
    /// no file was touched before it was on disk.
    pub(super) fn announced(&self) -> Result<Option<Announced>, Error> {
        // A file name has 255 bytes at most.
        let mut bytes = [0_u8; LENGTH + 256];
        let n = rustix::io::pread(&self.file, &mut bytes, LENGTH as u64).map_err(io::Error::from)?;
        let read = || {
            let text = std::str::from_utf8(bytes.get(..n)?).ok()?;
            let (next, aside) = text.split_at_checked(LENGTH)?;
            let next = read_line(next)?;
            Some(Announced { next, aside: aside.strip_suffix('\n').map(str::to_owned) })
        };
        Ok(read())
    }

    /// Takes away what was announced, where there is something.
    pub(super) fn forget_announced(&self) -> io::Result<()> {
        if self.file.metadata()?.len() > LENGTH as u64 { self.file.set_len(LENGTH as u64) } else { Ok(()) }
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
        let read = line.get(..n).and_then(|line| read_line(std::str::from_utf8(line).ok()?));
        read.map(Some).ok_or_else(|| Error::damaged("铃文件读不出来", "the bell file cannot be read"))
    }
}

fn line_of(seq: u64, head: &str) -> String {
    format!("{seq:019} {head}\n")
}

fn read_line(line: &str) -> Option<(u64, String)> {
    let (seq, head) = line.strip_suffix('\n')?.split_once(' ')?;
    Some((seq.parse().ok()?, head.to_owned()))
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
    let (zh, en) = match holders(&locks, bell) {
        0 => ("还有会话开着".to_owned(), "sessions are open".to_owned()),
        1 => ("还有 1 个会话开着".to_owned(), "1 session is open".to_owned()),
        n => (format!("还有 {n} 个会话开着"), format!("{n} sessions are open")),
    };
    Error::Held(Bilingual::new(
        format!("{zh}，须先全部退出。请通知后再试"),
        format!("{en} and must end first: ask for it, then try again"),
    ))
}

/// How many processes hold a lock of the file. The kernel hands its list out page by page while locks come and go, and
/// repeats a line that moved from one page to the next meanwhile: processes are counted, not lines.
pub(super) fn holders(locks: &str, file: u64) -> usize {
    let holder = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let kind = words.next();
        let process = words.nth(2)?.to_owned();
        let of = words.next().and_then(|file| file.rsplit(':').next()?.parse::<u64>().ok());
        (kind == Some("FLOCK") && of == Some(file)).then_some(process)
    };
    locks.lines().filter_map(holder).collect::<BTreeSet<_>>().len()
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
