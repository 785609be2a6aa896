//! What the store takes from around it: clock, random numbers; tests put their own in.

use std::fmt;
use std::io;
use std::time::SystemTime;

use super::{Error, OpId};
use crate::domain::value::Date;

/// 断点. Where a save or a restore can be broken off, each in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// Nothing is done yet.
    BeforeBegin,
    /// Everything is written, inside the transaction.
    AfterInsert,
    /// As if COMMIT failed and nothing was saved.
    BeforeCommit,
    /// As if COMMIT failed, and yet it is saved.
    AfterCommit,
    /// Others were told.
    AfterRing,
    /// A restore has said in the bell what it is about to do; no file was touched.
    Announced,
    /// The database is set aside, its log is not.
    BetweenAside,
    /// There is no database.
    SetAside,
    /// The backup is the database; the bell tells of the one before.
    Replaced,
    /// The bell tells of the new one, and still of the restore.
    Rung,
}

/// The clock, the source of operation numbers, the system's log, and what goes wrong: tests put their own in.
#[derive(Clone, Copy)]
pub struct Ambient {
    /// Now.
    pub clock: fn() -> SystemTime,
    /// 16 random bytes.
    pub op_id: fn() -> Result<OpId, Error>,
    /// Socket of the system's log.
    pub log: &'static str,
    /// What goes wrong at a point; nothing ever does by itself.
    pub fault: fn(Point) -> Result<(), Error>,
}

impl fmt::Debug for Ambient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ambient")
    }
}

impl Default for Ambient {
    fn default() -> Self {
        Self { clock: SystemTime::now, op_id: random_op_id, log: "/dev/log", fault: |_| Ok(()) }
    }
}

pub(super) fn random_op_id() -> Result<OpId, Error> {
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
