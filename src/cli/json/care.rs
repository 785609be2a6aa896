//! `backup --json` and `restore --json`.

use std::path::Path;

use serde::Serialize;

use super::SCHEMA;
use crate::store::{BackedUp, Restored};

/// A backup that was made.
#[derive(Debug, Serialize)]
pub struct Backup<'a> {
    schema: u32,
    file: &'a Path,
    seq: u64,
    head: &'a str,
}

/// The document of a backup.
pub fn backed_up(made: &BackedUp) -> Backup<'_> {
    Backup { schema: SCHEMA, file: &made.path, seq: made.seq, head: &made.head }
}

/// A restore that was done.
#[derive(Debug, Serialize)]
pub struct Restore<'a> {
    schema: u32,
    saved: [u64; 1],
    set_aside: Option<&'a Path>,
}

/// The document of a restore.
pub fn restored(done: &Restored) -> Restore<'_> {
    Restore { schema: SCHEMA, saved: [done.seq], set_aside: done.aside.as_deref() }
}
