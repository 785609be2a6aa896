//! 设置. How a connection is set, and what the working one may do (`reliability.md` §2).

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::ambient::random_op_id;
use super::{Error, schema};

/// 等待. Who is told when a writer has waited for another one so long that a person notices.
#[derive(Clone, Default)]
pub(super) struct Waiting(Arc<Mutex<Option<Told>>>);

/// What is done then.
type Told = Box<dyn FnMut() + Send>;

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Waiting")
    }
}

impl Waiting {
    pub(super) fn tell(&self, told: impl FnMut() + Send + 'static) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(told));
    }

    /// Takes over who is told.
    pub(super) fn instead_of(&self, other: &Self) {
        let told = other.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = told;
    }

    fn noticed(&self) {
        if let Some(told) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            told();
        }
    }
}

/// From when on a person is told that a writer waits.
const NOTICED: Duration = Duration::from_millis(300);
/// How long a writer waits for another one.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a connection and makes every setting, each read back.
pub(super) fn connect(path: &Path) -> Result<(Connection, Arc<AtomicI32>), Error> {
    connect_waiting(path, Waiting::default())
}

/// As [`connect`], and says when it waits for another writer.
pub(super) fn connect_waiting(path: &Path, waiting: Waiting) -> Result<(Connection, Arc<AtomicI32>), Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let mut conn = Connection::open_with_flags(path, flags)?;
    be_patient(&mut conn, waiting)?;
    // A schema that cannot be trusted is not run: no defensive setting may come after the first statement.
    for (config, wanted) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
    ] {
        if conn.set_db_config(config, wanted)? != wanted {
            return Err(Error::Failed(format!("{config:?}")));
        }
    }
    for (name, value, read_back) in [
        ("journal_mode", "WAL", "wal"),
        ("synchronous", "FULL", "2"),
        ("foreign_keys", "ON", "1"),
        ("recursive_triggers", "ON", "1"),
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", "0"),
        // KiB. A year is read once and then held in memory: a large cache of its pages would stay behind for nothing.
        ("cache_size", "-512", "-512"),
        ("journal_size_limit", "67108864", "67108864"),
        ("wal_autocheckpoint", "0", "0"),
    ] {
        set(&conn, name, value, read_back)?;
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_LENGTH, 4 << 20),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 50),
    ] {
        conn.set_limit(limit, value)?;
    }
    conn.set_prepared_statement_cache_capacity(64);
    let frames = Arc::new(AtomicI32::new(0));
    let counted = Arc::clone(&frames);
    conn.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, n| {
        counted.store(n, Ordering::Relaxed);
        Ok(())
    }))?;
    Ok((conn, frames))
}

/// Opens a file that is only looked at: a copy, or a database that may be damaged.
pub(super) fn looking(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for (name, value, read_back) in [
        ("trusted_schema", "OFF", "0"),
        ("cell_size_check", "ON", "1"),
        ("temp_store", "MEMORY", "2"),
        ("mmap_size", "0", "0"),
    ] {
        set(&conn, name, value, read_back)?;
    }
    Ok(conn)
}

/// Makes a setting and reads it back.
fn set(conn: &Connection, name: &str, value: &str, read_back: &str) -> Result<(), Error> {
    // Some pragmas answer with a row when they are set, some do not.
    let mut statement = conn.prepare(&format!("PRAGMA {name} = {value}"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    drop(rows);
    let mut statement = conn.prepare(&format!("PRAGMA {name}"))?;
    let mut rows = statement.query([])?;
    let stands = rows.next()?.is_some_and(|row| match row.get_ref(0) {
        Ok(rusqlite::types::ValueRef::Integer(i)) => i.to_string() == read_back,
        Ok(other) => other.as_str() == Ok(read_back),
        Err(_) => false,
    });
    if stands {
        Ok(())
    } else {
        Err(Error::unusable(
            format!("数据库设置 {name} 不能改为 {value}。请检查文件系统和权限"),
            format!("the setting {name} cannot be made {value}: check the file system and its rights"),
        ))
    }
}

/// Sleeps 1–2 ms, at random, between tries; SQLite's own growing pauses starve a writer among many.
fn be_patient(conn: &mut Connection, waiting: Waiting) -> Result<(), Error> {
    let (mut since, mut told) = (Instant::now(), false);
    conn.busy_handler(Some(move |tries: i32| {
        if tries == 0 {
            (since, told) = (Instant::now(), false);
        }
        let jitter = random_op_id().map_or(500, |id| u64::from(id[0]) * 4);
        pause(Duration::from_micros(1_000 + jitter));
        let waited = since.elapsed();
        // Nothing is open yet: a transaction that waits has not begun.
        if waited >= NOTICED && !told {
            told = true;
            waiting.noticed();
        }
        waited < PATIENCE
    }))?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "SQLite has no event for a lock that is given back")]
fn pause(time: Duration) {
    thread::sleep(time);
}

/// From now on the connection may read, append to the ledger and to the documents, and nothing else.
pub(super) fn guard(conn: &mut Connection) -> Result<(), Error> {
    conn.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    conn.authorizer(Some(|context: AuthContext<'_>| {
        let by_trigger = |table: &str| context.accessor.is_some() && context.accessor == schema::filled_by(table);
        let allowed = match context.action {
            AuthAction::Select | AuthAction::Read { .. } | AuthAction::Transaction { .. } => true,
            AuthAction::Function { function_name } => function_name != "load_extension",
            AuthAction::Insert { table_name: "ledger" | "document" } => true,
            AuthAction::Insert { table_name }
            | AuthAction::Update { table_name, .. }
            | AuthAction::Delete { table_name } => by_trigger(table_name),
            AuthAction::Pragma { pragma_name: "data_version", pragma_value: None }
            | AuthAction::Pragma { pragma_name: "wal_checkpoint", .. } => true,
            _ => false,
        };
        if allowed { Authorization::Allow } else { Authorization::Deny }
    }))?;
    Ok(())
}

/// Takes the guard of [`guard`] away, for the one writer of typed plan tables.
pub(super) fn unguard(conn: &mut Connection) -> Result<(), Error> {
    conn.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)?;
    Ok(())
}
