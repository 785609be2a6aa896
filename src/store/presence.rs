//! 在场. Who else is in the same grid: advice, never in the ledger, and gone with the process of that session.
//!
//! Each session writes one slot of a file beside the database. Nobody watches the file: it is looked at when somebody
//! moves or something was saved, so that an idle screen stays asleep.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{FlockOperation, OFlags};

use super::files::beside;
use super::{Error, Store};

/// 在场者. Somebody else in the same grid.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Present {
    /// Login.
    pub login: String,
    /// `<round>/<project>`
    pub place: String,
}

/// Bytes of a slot.
const SLOT: usize = 192;
/// So many sessions are told of each other; more see those.
const SLOTS: usize = 128;

/// A slot of one's own.
#[derive(Debug)]
pub(super) struct Seat {
    file: File,
    at: u64,
    place: Option<String>,
}

/// When a process began, in ticks since the machine did: the same number again is another process.
fn began(process: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before may hold anything; what follows it does not.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

/// The slots, each with its process, where that still runs: somebody who is nowhere keeps his slot.
fn taken(file: &File) -> Result<Vec<Option<(u32, Present)>>, Error> {
    let mut bytes = vec![0; SLOT * SLOTS];
    let n = rustix::io::pread(file, &mut bytes, 0).map_err(std::io::Error::from)?;
    bytes.truncate(n);
    let read = |slot: &[u8]| {
        let text = std::str::from_utf8(slot).ok()?;
        let mut words = text.trim_end_matches(['\0', ' ', '\n']).splitn(4, ' ');
        let process = words.next()?.parse().ok()?;
        let since: u64 = words.next()?.parse().ok()?;
        let mut word = || words.next().unwrap_or_default().to_owned();
        let (login, place) = (word(), word());
        (began(process) == Some(since)).then_some((process, Present { login, place }))
    };
    Ok(bytes.chunks(SLOT).map(read).collect())
}

impl Seat {
    /// Takes the first slot that nobody alive has; none where all are taken.
    pub(super) fn take(database: &Path) -> Result<Option<Self>, Error> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(beside(database, "-here"))?;
        // Who comes at the same moment sits down with his next step.
        if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
            return Ok(None);
        }
        let taken = taken(&file)?;
        let free = taken.iter().position(Option::is_none).unwrap_or(taken.len());
        if free >= SLOTS {
            return Ok(None);
        }
        let seat = Self { file, at: (free * SLOT) as u64, place: None };
        seat.write("")?;
        rustix::fs::flock(&seat.file, FlockOperation::Unlock).map_err(std::io::Error::from)?;
        Ok(Some(seat))
    }

    fn write(&self, text: &str) -> Result<(), Error> {
        let process = std::process::id();
        let mut slot = format!("{process} {} {text}", began(process).unwrap_or_default()).into_bytes();
        if slot.len() >= SLOT {
            return Ok(());
        }
        slot.resize(SLOT - 1, b' ');
        slot.push(b'\n');
        rustix::io::pwrite(&self.file, &slot, self.at).map_err(std::io::Error::from)?;
        Ok(())
    }
}

impl Store {
    /// Says where somebody is now, none for nowhere, and answers who else is in the same grid.
    ///
    /// # Errors
    /// The file beside the database cannot be read or written: nothing depends on it.
    pub fn here(&mut self, login: &str, place: Option<&str>) -> Result<Vec<Present>, Error> {
        if self.seat.is_none() && place.is_some() {
            self.seat = Seat::take(&self.path)?;
        }
        let Some(seat) = &mut self.seat else { return Ok(Vec::new()) };
        if seat.place.as_deref() != place {
            seat.write(&place.map_or_else(String::new, |place| format!("{login} {place}")))?;
            seat.place = place.map(str::to_owned);
        }
        let Some(place) = place else { return Ok(Vec::new()) };
        let grid = |place: &str| place.split('/').next().unwrap_or_default().to_owned();
        let mine = seat.at as usize / SLOT;
        let mut others: Vec<Present> = taken(&seat.file)?
            .into_iter()
            .enumerate()
            .filter(|(slot, _)| *slot != mine)
            .filter_map(|(_, found)| found.map(|(_, present)| present))
            .filter(|present| grid(&present.place) == grid(place))
            .collect();
        others.sort();
        Ok(others)
    }
}
