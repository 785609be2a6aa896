//! 开库. What is looked at before a database is worked with (`reliability.md` §2).

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::schema::Version;
use super::{Error, bell, reading, schema, verify};

/// File systems on which locks and shared memory work as SQLite needs them.
const FILE_SYSTEMS: [(u32, &str); 7] = [
    (0xef53, "ext4"),
    (0x5846_5342, "xfs"),
    (0x9123_683e, "btrfs"),
    (0x2fc1_2fc1, "zfs"),
    (0xf2f5_2010, "f2fs"),
    (0x0102_1994, "tmpfs"),
    (0x794c_7630, "overlay"),
];
/// SQLite from which a WAL that several processes write stays whole.
const OLDEST_SQLITE: i32 = 3_051_003;

/// Resolves the folder, then looks at file system, owner and mode.
pub(super) fn checked_path(path: &Path) -> Result<PathBuf, Error> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        return Err(Error::unusable("SQLite 太旧，请换新版程序", "SQLite is too old: use a newer build"));
    }
    let (folder, path) = resolved(path)?;
    check_file_system(&folder)?;
    let file = std::fs::symlink_metadata(&path)
        .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path.clone()) } else { e.into() })?;
    if !file.is_file() {
        return Err(Error::unusable(
            format!("{} 不是普通文件（链接不可用）。请用 --database 指定文件本身", path.display()),
            format!("{} is not a plain file (links are not followed): name the file itself", path.display()),
        ));
    }
    if file.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::unusable(
            format!("{} 不属于运行本程序的账号。请用它的主人的账号运行", path.display()),
            format!("{} does not belong to the account that runs this program: run it as its owner", path.display()),
        ));
    }
    if file.mode() & 0o777 != 0o600 {
        return Err(Error::unusable(
            format!("{} 的权限是 {:o}，须为 600。请运行 dukao doctor --repair", path.display(), file.mode() & 0o777),
            format!("{} has mode {:o}, not 600: run dukao doctor --repair", path.display(), file.mode() & 0o777),
        ));
    }
    Ok(path)
}

/// The folder without links, and the file in it.
pub(super) fn resolved(path: &Path) -> Result<(PathBuf, PathBuf), Error> {
    let name = path.file_name().ok_or_else(|| Error::Missing(path.to_owned()))?;
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = folder
        .canonicalize()
        .map_err(|e| if e.kind() == io::ErrorKind::NotFound { Error::Missing(path.to_owned()) } else { e.into() })?;
    let path = folder.join(name);
    Ok((folder, path))
}

/// The file system of a folder, by its name, where a database can be kept on it.
pub(super) fn check_file_system(folder: &Path) -> Result<&'static str, Error> {
    let kind = rustix::fs::statfs(folder).map_err(io::Error::from)?.f_type;
    // The kernel's numbers have 32 bits, whatever the type of the field.
    let kind = u32::try_from(kind & 0xffff_ffff).unwrap_or_default();
    if let Some((_, name)) = FILE_SYSTEMS.iter().find(|(known, _)| *known == kind) {
        return Ok(name);
    }
    Err(Error::unusable(
        format!("{} 在网络或不支持的文件系统上。请把数据库放到本机磁盘", folder.display()),
        format!("{} is on a network or unknown file system: keep the database on a local disk", folder.display()),
    ))
}

/// Our file, of one of these versions: which.
pub(super) fn version_of(conn: &Connection, versions: &[Version]) -> Result<Version, Error> {
    let number = |pragma: &str| conn.query_row(&format!("PRAGMA {pragma}"), [], |r| r.get::<_, i64>(0));
    if number("application_id")? != schema::APPLICATION_ID {
        return Err(Error::damaged(
            "这不是督考的数据库，或已被清空。请检查路径，或从备份恢复",
            "this is not a dukao database, or it was emptied: check the path, or restore a backup",
        ));
    }
    let number = number("user_version")?;
    let newest = schema::current(versions).number;
    versions.iter().find(|v| v.number == number).copied().ok_or_else(|| {
        Error::unusable(
            format!("数据库版本是 {number}，本程序最高只认 {newest}。请换用新版程序"),
            format!("the database has version {number}, this program knows {newest} at most: use a newer program"),
        )
    })
}

/// Our file, of the newest of these versions, with the schema that we wrote.
pub(super) fn check_identity(conn: &Connection, versions: &[Version]) -> Result<(), Error> {
    let (version, newest) = (version_of(conn, versions)?, schema::current(versions));
    if version.number != newest.number {
        return Err(Error::unusable(
            format!(
                "数据库是第 {} 版，须先升级到第 {} 版。请系统管理员运行 dukao doctor --repair",
                version.number, newest.number
            ),
            format!(
                "the database has version {} and must be migrated to {} first: ask the operator to run dukao doctor --repair",
                version.number, newest.number
            ),
        ));
    }
    check_schema(conn, version)
}

/// The schema is that of its version, to the letter.
pub(super) fn check_schema(conn: &Connection, version: Version) -> Result<(), Error> {
    if schema::hash(conn)? != version.sha256 {
        return Err(Error::damaged(
            "数据库的结构或规则被改动过。请运行 dukao verify，再从备份恢复",
            "the schema was tampered with: run dukao verify, then restore a backup",
        ));
    }
    Ok(())
}

/// Finishes, or forgets, a restore that was broken off before it could ring. None goes on: whoever asks has the bell.
fn finish_broken_restore(conn: &Connection, bell: &bell::Bell) -> Result<(), Error> {
    let Some(announced) = bell.announced()? else { return Ok(()) };
    let anchor = bell.anchor()?;
    let (before, after) = reading(conn, |conn| {
        let stands = |entry| Ok::<_, Error>(verify::anchored(conn, entry)?.is_none());
        Ok((stands(anchor.as_ref())?, stands(Some(&announced.next))?))
    })?;
    let (seq, head) = &announced.next;
    match (before, after) {
        // Neither the one database nor the other: what is known of both stays.
        (false, false) => return Ok(()),
        (false, true) => bell.ring_as(*seq, head)?,
        (true, _) => {}
    }
    Ok(bell.forget_announced()?)
}

/// The newest entry has its hash, and the bell's anchor is in the ledger.
pub(super) fn check_chain(conn: &Connection, bell: &bell::Bell) -> Result<(), Error> {
    finish_broken_restore(conn, bell)?;
    // Somebody may be writing the bell while it is read: a line made of two is not one twice.
    for last in [false, true] {
        // The bell first: what it says was committed before.
        let anchor = bell.anchor()?;
        let found = reading(conn, |conn| Ok(verify::newest_entry(conn)?.or(verify::anchored(conn, anchor.as_ref())?)))?;
        match found {
            None => return Ok(()),
            Some(finding) if last => {
                return Err(Error::damaged(
                    format!("{}。请从备份恢复", finding.zh),
                    format!("{}: restore a backup", finding.en),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}
