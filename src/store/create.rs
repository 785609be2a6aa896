//! 建库. A new database, complete under another name before it gets its own.

use std::fs::{DirBuilder, File, OpenOptions};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::OFlags;

use super::access::Actor;
use super::files::{beside, remove, reserve};
use super::opening::{check_file_system, resolved};
use super::save::Step;
use super::{Ambient, Error, Store, bell, ledger, schema};
use crate::domain::district::Plan;
use crate::domain::snapshot::Facts;

/// Makes the database of a district: schema, plan (texts by the names `district`, `projects`, `scoring`, `targets`) and
/// what `bootstrap` appends, all or nothing.
///
/// # Errors
/// There is one already, or there was one and it is lost; the file system is not fit; the records are not valid.
pub fn create(
    path: &Path,
    texts: [(&str, &str); 4],
    plan: &Plan,
    bootstrap: impl FnOnce(&mut Step<'_>) -> Result<(), Error>,
) -> Result<Store, Error> {
    create_with(path, texts, plan, Ambient::default(), bootstrap)
}

pub(super) fn create_with(
    path: &Path,
    texts: [(&str, &str); 4],
    plan: &Plan,
    ambient: Ambient,
    bootstrap: impl FnOnce(&mut Step<'_>) -> Result<(), Error>,
) -> Result<Store, Error> {
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let (folder, path) = resolved(path)?;
    check_file_system(&folder)?;
    if path.symlink_metadata().is_ok() {
        return Err(Error::unusable(
            format!("{} 已存在", path.display()),
            format!("{} exists already", path.display()),
        ));
    }
    // A bell that has rung belongs to a database that is not there.
    let bell = bell::path_of(&path);
    if bell.symlink_metadata().is_ok_and(|m| m.len() > 0) {
        return Err(Error::Missing(path));
    }
    let new = beside(&path, ".new");
    let file = reserve(&new)?;
    let head = build(&new, texts, plan, ambient, bootstrap).inspect_err(|_| remove(&new))?;
    file.sync_all()?;
    drop(file);
    // An empty bell without a database is a start that broke off, a database without a bell would be damage.
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
        .open(&bell)?
        .sync_all()?;
    let linked = std::fs::hard_link(&new, &path);
    remove(&new);
    linked?;
    File::open(&folder)?.sync_all()?;
    let store = Store::open_with(&path, Some(&plan.district.id), ambient)?;
    store.bell.ring(&head)?;
    Ok(store)
}

/// Writes schema, plan and first records into the empty file.
fn build(
    new: &Path,
    texts: [(&str, &str); 4],
    plan: &Plan,
    ambient: Ambient,
    bootstrap: impl FnOnce(&mut Step<'_>) -> Result<(), Error>,
) -> Result<ledger::Head, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(new, flags)?;
    // Nobody can see the file yet, and a power cut leaves only its temporary name behind: no journal is needed on disk.
    conn.execute_batch("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;")?;
    conn.execute_batch(schema::LEDGER)?;
    conn.execute_batch(schema::TYPED)?;
    conn.execute_batch("BEGIN IMMEDIATE")?;
    let shared = Arc::new(plan.clone());
    let facts = Facts::empty(plan);
    let mut step = Step::new(&conn, ambient, &Actor::bootstrap(), (ambient.op_id)()?, &shared, &facts)?;
    step.plan(texts, plan.clone(), "")?;
    bootstrap(&mut step)?;
    let (_, _, head, _) = step.into_state();
    conn.execute_batch("COMMIT; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;")?;
    conn.close().map_err(|(_, e)| Error::from(e))?;
    Ok(head)
}
