//! 恢复. A backup put in the place of the database, which is set aside and never thrown away (`reliability.md` §2).

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

use super::access::{Action, Actor, Matter, may};
use super::bell::{Announced, Bell};
use super::files::{beside, remove, reserve, sync_folder};
use super::ledger::{self, Entry, Head};
use super::opening::{check_file_system, check_schema, resolved, version_of};
use super::schema::{self, VERSIONS};
use super::verify::ReadPlan;
use super::{Ambient, Error, Point, load, migrate, reading, settings, verify};
use crate::domain::change::{Kind, Record, RestoreRecord};
use crate::domain::value::Bilingual;

/// What the live ledger has and the backup has not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// How many entries.
    pub entries: u64,
    /// Of whom; empty where the live ledger cannot be read, and its bell alone tells how many.
    pub by: BTreeMap<String, u64>,
}

/// A restore that was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// Number of the entry that records it.
    pub seq: u64,
    /// Where the database went that was there before.
    pub aside: Option<PathBuf>,
}

/// A restore that is prepared and verified; the database itself is untouched, and nobody opens it while this lives.
#[derive(Debug)]
pub struct Restoring {
    bell: Bell,
    database: PathBuf,
    /// The copy that will be the database.
    new: PathBuf,
    copied: File,
    conn: Option<Connection>,
    /// The ledger of what is there now can be read.
    readable: bool,
    /// Newest entry of what is there now, as far as it is known.
    replaced: Option<(u64, String)>,
    /// What would be lost.
    pub lost: Lost,
    /// Number of the newest entry of the backup.
    pub seq: u64,
    /// Its hash, 64 hex digits.
    pub head: String,
    /// District of the backup.
    pub district: String,
}

impl Restoring {
    /// Copies a backup beside the database and verifies the copy.
    ///
    /// # Errors
    /// Not the owner's to do; sessions are open; the backup is damaged or of another district.
    pub fn begin(
        database: &Path,
        backup: &Path,
        district: Option<&str>,
        actor: &Actor,
        read_plan: ReadPlan<'_>,
    ) -> Result<Self, Error> {
        may(actor, Action::Care, &Matter::default())?;
        if let Some(folder) = database.parent().filter(|f| !f.as_os_str().is_empty()) {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        let (folder, database) = resolved(database)?;
        check_file_system(&folder)?;
        check_place(&database, backup)?;
        let bell = Bell::alone(&database, true)?;
        complete_aside(&database, &bell)?;
        let new = beside(&database, ".new");
        let copied = reserve(&new)?;
        let prepared = copy(backup, &new, &copied)
            .and_then(|()| Self::prepare(bell, database, new.clone(), copied, district, read_plan));
        prepared.inspect_err(|_| remove(&new)).map_err(|error| of_backup(backup, error))
    }

    fn prepare(
        bell: Bell,
        database: PathBuf,
        new: PathBuf,
        copied: File,
        district: Option<&str>,
        read_plan: ReadPlan<'_>,
    ) -> Result<Self, Error> {
        let (conn, _) = settings::connect(&new)?;
        let version = version_of(&conn, VERSIONS)?;
        check_schema(&conn, version)?;
        migrate::bring_up(&conn, VERSIONS, version)?;
        let found = verify::examine(&conn, None, None, read_plan, schema::current(VERSIONS).sha256)?;
        if let Some(problem) = found.problems.first() {
            return Err(Error::Damaged(problem.clone()));
        }
        let head = ledger::head(&conn)?;
        let plan = reading(&conn, load::plan)?;
        if district.is_some_and(|id| id != plan.district.id) {
            return Err(Error::unusable(
                format!("属于「{}」，不是这个区", plan.district.id),
                format!("is of district {}, not of this one", plan.district.id),
            ));
        }
        let rung = bell.anchor().ok().flatten();
        let (readable, lost, replaced) = match lost(&database, &conn) {
            Ok((lost, newest)) => (true, lost, newest),
            // Where nothing can be read the bell still knows how far the ledger went.
            Err(_) => {
                let last = rung.as_ref().map_or(0, |(seq, _)| *seq);
                (false, Lost { entries: last.saturating_sub(head.seq), by: BTreeMap::new() }, rung)
            }
        };
        Ok(Self {
            bell,
            database,
            new,
            copied,
            conn: Some(conn),
            readable,
            replaced,
            lost,
            seq: head.seq,
            head: found.head,
            district: plan.district.id,
        })
    }

    /// Puts the backup in the place of the database, records it there, and rings.
    ///
    /// # Errors
    /// Entries would be lost that the backup has not, and nobody said that they may be; or a file cannot be moved.
    pub fn finish(mut self, force: bool, actor: &Actor, reason: &str, ambient: Ambient) -> Result<Restored, Error> {
        may(actor, Action::Care, &Matter::default())?;
        if self.lost.entries > 0 && !force {
            return Err(Error::State(self.refusal()));
        }
        let head = self.record(actor, reason, ambient)?;
        self.copied.sync_all()?;
        self.gather();
        let folder = self.database.parent().unwrap_or(Path::new("/"));
        let name = self.name_aside(&ambient.stamp())?;
        self.announce(&head, &name)?;
        (ambient.fault)(Point::Announced)?;
        let aside = self.set_aside(name, ambient)?;
        // The log is away, for good, before another file has the name that it belonged to.
        sync_folder(folder)?;
        (ambient.fault)(Point::SetAside)?;
        fs::rename(&self.new, &self.database)?;
        sync_folder(folder)?;
        (ambient.fault)(Point::Replaced)?;
        self.bell.ring(&head)?;
        (ambient.fault)(Point::Rung)?;
        self.bell.forget_announced()?;
        Ok(Restored { seq: head.seq, aside })
    }

    fn refusal(&self) -> Bilingual {
        let n = self.lost.entries;
        let by: Vec<String> = self.lost.by.iter().map(|(login, n)| format!("{login} {n}")).collect();
        let (zh, en) = if by.is_empty() {
            ("（现用的数据库读不出，按铃文件计）".to_owned(), " (by the bell: the database cannot be read)".to_owned())
        } else {
            (format!("（{}）", by.join("、")), format!(" ({})", by.join(", ")))
        };
        Bilingual::new(
            format!("未恢复：现用的台账比备份多 {n} 笔{zh}。确要放弃它们请加 --force"),
            format!("not restored: the ledger has {n} entries that the backup lacks{en}; --force gives them up"),
        )
    }

    /// Appends the entry that says what was put in whose place.
    fn record(&mut self, actor: &Actor, reason: &str, ambient: Ambient) -> Result<Head, Error> {
        let Some(conn) = self.conn.take() else { return Err(Error::Failed("restore".into())) };
        let mut head = ledger::head(&conn)?;
        let (base, before) = ledger::current(&conn, Kind::Restore, "database")?;
        let (replaced_seq, replaced_head) = self.replaced.clone().unzip();
        let after =
            Record::Restore(RestoreRecord { seq: head.seq, head: self.head.clone(), replaced_seq, replaced_head });
        let entry = Entry {
            op_id: (ambient.op_id)()?,
            at: &ambient.stamp(),
            actor: &actor.login,
            via: &actor.via,
            kind: Kind::Restore.name(),
            key: "database",
            base,
            before: before.as_deref(),
            after: Some(&after.json()),
            reason,
        };
        conn.execute_batch("BEGIN IMMEDIATE")?;
        entry.append(&conn, &mut head)?;
        conn.execute_batch("COMMIT")?;
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, i64>(0))?;
        conn.close().map_err(|(_, e)| Error::from(e))?;
        Ok(head)
    }

    /// Moves what the log holds into the database that will be set aside, where its ledger can be read: one file is all
    /// of it then. What cannot be moved is set aside as it is.
    fn gather(&self) {
        if self.readable
            && let Ok((live, _)) = settings::connect(&self.database)
        {
            let _ = live.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |r| r.get::<_, i64>(0));
        }
    }

    /// Says in the bell what is about to happen. Where the anchor is lost, the newest entry that was found takes its
    /// place; where nothing is known, nothing can be held against the database that will be there.
    fn announce(&self, head: &Head, aside: &Path) -> Result<(), Error> {
        let Some((seq, anchor)) = self.bell.anchor().ok().flatten().or_else(|| self.replaced.clone()) else {
            return Ok(());
        };
        self.bell.ring_as(seq, &anchor)?;
        let aside = aside.file_name().and_then(|name| name.to_str()).map(str::to_owned);
        Ok(self.bell.announce(&Announced { next: (head.seq, ledger::hex(&head.hash)), aside })?)
    }

    /// A name under which nothing was set aside before.
    fn name_aside(&self, stamp: &str) -> Result<PathBuf, Error> {
        let time: String = stamp.chars().take(19).filter(|c| *c != ':').collect();
        (0..100)
            .map(|n| if n == 0 { String::new() } else { format!("-{n}") })
            .map(|n| beside(&self.database, &format!(".before-restore-{time}{n}")))
            .find(|name| ["", "-wal"].iter().all(|e| beside(name, e).symlink_metadata().is_err()))
            .ok_or_else(|| Error::Failed("before-restore".into()))
    }

    /// Gives the database that is there another name, with the log that belongs to it.
    fn set_aside(&self, name: PathBuf, ambient: Ambient) -> Result<Option<PathBuf>, Error> {
        let mut aside = None;
        for ending in ["", "-wal"] {
            match fs::rename(beside(&self.database, ending), beside(&name, ending)) {
                Ok(()) => aside = Some(name.clone()),
                Err(e) if e.kind() == io::ErrorKind::NotFound => {}
                Err(e) => return Err(e.into()),
            }
            if ending.is_empty() {
                (ambient.fault)(Point::BetweenAside)?;
            }
        }
        match fs::remove_file(beside(&self.database, "-shm")) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e.into()),
            _ => Ok(aside),
        }
    }
}

impl Drop for Restoring {
    fn drop(&mut self) {
        // After the last step there is nothing of that name any more.
        remove(&self.new);
    }
}

/// Brings the log of a database after it, where a restore was broken off when it had set aside the one and not yet the
/// other.
fn complete_aside(database: &Path, bell: &Bell) -> Result<(), Error> {
    let Some(aside) = bell.announced()?.and_then(|announced| announced.aside) else { return Ok(()) };
    let (aside, there) = (database.with_file_name(aside), |path: &Path| path.symlink_metadata().is_ok());
    let (log, to) = (beside(database, "-wal"), beside(&aside, "-wal"));
    if !there(database) && there(&log) && there(&aside) && !there(&to) {
        fs::rename(log, to)?;
        sync_folder(database.parent().unwrap_or(Path::new("/")))?;
    }
    Ok(())
}

/// The database is a file of one's own, or not there; the backup is another one.
fn check_place(database: &Path, backup: &Path) -> Result<(), Error> {
    let file = fs::metadata(backup).map_err(|e| of_backup(backup, e.into()))?;
    let live = match database.symlink_metadata() {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        found => found?,
    };
    if !live.is_file() || live.uid() != rustix::process::geteuid().as_raw() {
        return Err(Error::unusable(
            format!("{} 不是自己的普通文件。请用它的主人的账号运行", database.display()),
            format!("{} is not a plain file of one's own: run it as its owner", database.display()),
        ));
    }
    if (live.dev(), live.ino()) == (file.dev(), file.ino()) {
        return Err(Error::unusable(
            format!("{} 就是正在使用的数据库。请指定一个备份", backup.display()),
            format!("{} is the database in use: name a backup", backup.display()),
        ));
    }
    Ok(())
}

/// Copies a backup, with its log where it has one: what was set aside may have one.
fn copy(backup: &Path, new: &Path, copied: &File) -> Result<(), Error> {
    io::copy(&mut File::open(backup)?, &mut &*copied)?;
    let log = beside(backup, "-wal");
    if log.symlink_metadata().is_ok_and(|found| found.len() > 0) {
        let mut to = reserve(&beside(new, "-wal"))?;
        io::copy(&mut File::open(log)?, &mut to)?;
    }
    Ok(())
}

/// Entries of the database that the backup has not, and the newest entry of the database.
fn lost(database: &Path, backup: &Connection) -> Result<(Lost, Option<(u64, String)>), Error> {
    if database.symlink_metadata().is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        return Err(Error::Missing(database.to_owned()));
    }
    let live = settings::looking(database)?;
    reading(&live, |live| {
        let mut has = backup.prepare("SELECT 1 FROM ledger WHERE seq = ?1 AND hash = ?2")?;
        let mut read = live.prepare("SELECT seq, hash, actor FROM ledger ORDER BY seq DESC")?;
        let mut rows = read.query([])?;
        let (mut lost, mut newest) = (Lost::default(), None);
        while let Some(row) = rows.next()? {
            let (seq, hash, actor) = (ledger::seq_at(row, 0)?, row.get::<_, [u8; 32]>(1)?, row.get::<_, String>(2)?);
            newest.get_or_insert_with(|| (seq, ledger::hex(&hash)));
            if has.exists(params![ledger::number(seq), hash])? {
                break;
            }
            lost.entries += 1;
            *lost.by.entry(actor).or_default() += 1;
        }
        Ok((lost, newest))
    })
}

/// What is wrong with the backup, by its name.
fn of_backup(backup: &Path, error: Error) -> Error {
    let named = |why: Bilingual| {
        let backup = backup.display();
        Bilingual::new(
            format!("未恢复：{backup} {}。请换一个备份", why.zh),
            format!("not restored: {backup}: {}; take another backup", why.en),
        )
    };
    match error {
        Error::Damaged(why) => Error::Damaged(named(why)),
        Error::Unusable(why) => Error::Unusable(named(why)),
        Error::Failed(why) => Error::Unusable(named(Bilingual::new(format!("读不出：{why}"), why))),
        other => other,
    }
}
