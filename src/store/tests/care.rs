//! Backups, restores and migrations.

use std::fs;
use std::sync::atomic::AtomicBool;

use super::*;
use crate::store::files::beside;
use crate::store::schema::{VERSIONS, Version};
use crate::store::{migrate, newest_backup};

const READ_PLAN: ReadPlan<'static> = &|_| Some(plan());

fn owner() -> Actor {
    Actor::owner("wang", 0)
}

impl Desk {
    fn target(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    fn backup(&self, name: &str) -> Result<BackedUp, Error> {
        backup(&self.path, &self.target(name), &owner(), READ_PLAN)
    }

    fn restoring(&self, name: &str) -> Result<Restoring, Error> {
        Restoring::begin(&self.path, &self.target(name), Some("test-2014"), &owner(), READ_PLAN)
    }

    /// Ends the session, so that the file alone is left.
    fn closed(self) -> (PathBuf, TempDir) {
        drop(self.store);
        (self.path, self._folder)
    }
}

/// A desk with a backup of four entries and two more entries since, nobody at it.
fn a_year_with_a_backup() -> (PathBuf, TempDir) {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    desk.backup("b.db").expect("backed up");
    desk.score("zhang", "ASM/P1/duty", 2000, None).expect("saved");
    desk.score("li", "ASM/P1/site", 3000, None).expect("saved");
    desk.closed()
}

fn begin(path: &Path) -> Result<Restoring, Error> {
    Restoring::begin(path, &path.with_file_name("b.db"), Some("test-2014"), &owner(), READ_PLAN)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_private_and_whole_and_ends_with_an_entry_of_the_ledger() {
    let mut desk = Desk::open();
    let seq = desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved")[0];
    let made = desk.backup("b.db").expect("backed up");
    assert_eq!((made.seq, &made.head), (seq, &desk.store.facts.head));
    let mode = fs::metadata(&made.path).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!desk.target("b.db.new").exists());
    assert_eq!(newest_backup(&desk.path).as_ref(), Some(&made), "and it is known which is the newest");
    desk.score("zhang", "ASM/P1/duty", 2000, None).expect("the work goes on");
    let again = desk.backup("b.db").expect("an older backup is replaced");
    assert_eq!(again.seq, seq + 1);
}

#[test]
fn a_backup_replaces_nothing_else() {
    let desk = Desk::open();
    fs::write(desk.target("notes.txt"), "my notes").expect("a file");
    std::os::unix::fs::symlink("notes.txt", desk.target("link.db")).expect("a link");
    for name in ["x.db", "x.db-wal", "x.db-bell", "x.db-backup", "notes.txt", "link.db", "nowhere/b.db"] {
        let refused = desk.backup(name).expect_err(name);
        assert_eq!((refused.kind(), refused.exit_code()), ("unusable", 6), "{name}");
    }
    assert_eq!(fs::read_to_string(desk.target("notes.txt")).expect("still there"), "my notes");
    for other in [who("chief"), who("vera"), who("zhang")] {
        let refused = backup(&desk.path, &desk.target("b.db"), &other, READ_PLAN);
        assert_eq!(refused.map_err(|e| e.exit_code()), Err(3), "{}", other.login);
        let refused = Restoring::begin(&desk.path, &desk.target("b.db"), None, &other, READ_PLAN);
        assert_eq!(refused.map(drop).map_err(|e| e.exit_code()), Err(3), "{}", other.login);
    }
}

#[test]
fn a_damaged_database_gives_no_backup() {
    let desk = Desk::open();
    desk.owner().execute_batch("UPDATE score SET points = 9; DELETE FROM record WHERE seq = 2").expect("tampered");
    let refused = desk.backup("b.db").expect_err("no backup of damage");
    assert_eq!(refused.kind(), "damaged");
    assert!(refused.text().en.contains("the current value of round ASM is missing"), "{refused}");
    assert!(!desk.target("b.db").exists() && !desk.target("b.db.new").exists());
}

#[test]
fn f25_backups_verify_while_eight_people_save() {
    const WRITERS: usize = 8;
    let desk = Desk::open();
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..WRITERS)
        .map(|n| {
            let (path, stop) = (desk.path.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                let mut store = Store::open_with(&path, None, ambient()).expect("opened");
                let mut saved = 0;
                while !stop.load(Ordering::Relaxed) {
                    let record = ProgressRecord { note: format!("{n} {saved}"), ..ProgressRecord::default() };
                    let key = format!("P1/2014-05-{:02}", n + 1);
                    let entry = draft(Kind::Progress, &key, Some(Record::Progress(record)), None, "");
                    saved += store.save(&who("clerk"), &[entry], None).expect("saved").len();
                }
                saved
            })
        })
        .collect();
    let mut seqs = Vec::new();
    for n in 0..6 {
        let made = desk.backup(&format!("b{n}.db")).expect("a backup is made while people work");
        seqs.push(made.seq);
        // A restore is not possible while somebody has the database open, and says how many.
        let refused = desk.restoring(&format!("b{n}.db")).map(drop).expect_err("sessions are open");
        assert_eq!((refused.kind(), refused.exit_code()), ("busy", 6));
        assert!(refused.text().en.starts_with("1 session is open"), "all of this process: {refused}");
    }
    stop.store(true, Ordering::Relaxed);
    let saved: usize = writers.into_iter().map(|w| w.join().expect("alive")).sum();
    assert!(saved >= WRITERS, "they did save: {saved}");
    assert!(seqs.is_sorted() && seqs[0] < *seqs.last().expect("some"), "{seqs:?}");
    assert_eq!(desk.problems(), Vec::<String>::new());
    let (path, _folder) = desk.closed();
    for (n, seq) in seqs.into_iter().enumerate() {
        let backup = path.with_file_name(format!("b{n}.db"));
        let ready = Restoring::begin(&path, &backup, None, &owner(), READ_PLAN).expect("each verifies");
        assert_eq!(ready.seq, seq);
    }
}

#[test]
fn sessions_are_counted_once_however_often_the_kernel_lists_them() {
    let locks = "1: FLOCK  ADVISORY  READ 11 00:2f:77 0 EOF
2: POSIX  ADVISORY  WRITE 13 00:2f:77 120 120
3: FLOCK  ADVISORY  READ 12 00:2f:77 0 EOF
3: FLOCK  ADVISORY  READ 12 00:2f:77 0 EOF
4: FLOCK  ADVISORY  READ 14 00:2f:78 0 EOF
5: FLOCK  ADVISORY  READ 11 00:2f:77 0 EOF
5: -> FLOCK  ADVISORY  WRITE 15 00:2f:77 0 EOF
";
    assert_eq!(bell::holders(locks, 77), 2);
}

#[test]
fn a_restore_over_newer_entries_says_whose_they_are_and_needs_force() {
    let (path, folder) = a_year_with_a_backup();
    let ready = begin(&path).expect("the backup is good");
    assert_eq!((ready.seq, ready.lost.entries), (4, 2));
    assert_eq!(ready.lost.by, [("li".to_owned(), 1), ("zhang".to_owned(), 1)].into());
    drop(ready);
    let before = names(path.parent().expect("a folder"));
    let refused = begin(&path).and_then(|r| r.finish(false, &owner(), "", ambient())).expect_err("newer");
    assert_eq!(refused.exit_code(), 4);
    assert!(
        refused.text().zh.contains("多 2 笔（li 1、zhang 1）") && refused.text().en.contains("--force"),
        "{refused}"
    );
    assert_eq!(names(path.parent().expect("a folder")), before, "nothing is touched");

    let newest = Store::open(&path, None).expect("opened").facts.head.clone();
    let done = begin(&path).and_then(|r| r.finish(true, &owner(), "演练", ambient())).expect("restored");
    assert_eq!(done.seq, 5);
    let mut store = Store::open(&path, None).expect("opens as ever");
    assert_eq!(stored_score(&mut store), Some(1000));
    let entry = store.history(&who("chief"), &Query::of(None, 1)).expect("history").remove(0);
    assert_eq!((entry.seq, entry.kind, entry.reason.as_str()), (5, Some(Kind::Restore), "演练"));
    assert_eq!((entry.actor.as_str(), entry.via.as_str()), ("wang", "owner:0"));
    let Some(Record::Restore(restored)) = entry.after() else { panic!("{entry:?}") };
    assert_eq!((restored.seq, restored.replaced_seq, restored.replaced_head), (4, Some(6), Some(newest)));
    assert_eq!(store.verify(None, READ_PLAN).expect("verified").problems, []);
    store.save(&who("zhang"), &[score("ASM/P1/site", 500, None)], None).expect("the work goes on");
    drop(store);

    // What was set aside is a database with all its entries, and can be brought back the same way.
    let aside = done.aside.expect("set aside");
    assert_eq!(aside.file_name().and_then(|n| n.to_str()), Some("x.db.before-restore-2014-07-12T093000"));
    let back = Restoring::begin(&path, &aside, None, &owner(), READ_PLAN).expect("verifies");
    assert_eq!((back.seq, back.lost.entries), (6, 2));
    let done = back.finish(true, &owner(), "", ambient()).expect("restored");
    let mut store = Store::open(&path, None).expect("opened");
    assert_eq!((done.seq, stored_score(&mut store)), (7, Some(2000)));
    assert_eq!(names(folder.path().join("year").as_path()).iter().filter(|n| n.contains(".new")).count(), 0);
}

#[test]
fn a_database_that_is_gone_or_damaged_is_restored_over() {
    for (what, hurt) in [
        ("gone", (|path: &Path| fs::remove_file(path).expect("gone")) as fn(&Path)),
        ("emptied", |path| fs::write(path, "").expect("emptied")),
        ("torn", |path| {
            let mut bytes = fs::read(path).expect("read");
            bytes[4096..16384].fill(0x5a);
            fs::write(path, bytes).expect("torn");
        }),
    ] {
        let (path, _folder) = a_year_with_a_backup();
        hurt(&path);
        assert!(Store::open(&path, None).is_err(), "{what}");
        let ready = begin(&path).expect("the backup is good");
        assert_eq!(ready.lost.entries, 2, "{what}: the bell remembers them");
        ready.finish(true, &owner(), "", ambient()).unwrap_or_else(|e| panic!("{what}: {e}"));
        let mut store = Store::open(&path, None).expect("whole again");
        assert_eq!(stored_score(&mut store), Some(1000), "{what}");
    }
}

#[test]
fn a_backup_that_is_not_whole_is_not_restored() {
    let (path, _folder) = a_year_with_a_backup();
    let file = path.with_file_name("b.db");
    let good = fs::read(&file).expect("the backup");
    let mut torn = good.clone();
    let middle = torn.len() / 2;
    torn[middle..middle + 4096].fill(0x5a);
    let mut other = plan();
    other.district.id = "other".into();
    for (what, bytes) in [("torn", torn), ("cut", good[..8192].to_vec()), ("no database", b"hello".to_vec())] {
        fs::write(&file, bytes).expect("written");
        let refused = begin(&path).map(drop).expect_err(what);
        assert_eq!(refused.exit_code(), 6, "{what}");
        assert!(refused.text().zh.contains("b.db"), "{what}: {refused}");
    }
    fs::write(&file, &good).expect("written");
    let elsewhere = Restoring::begin(&path, &file, Some("other"), &owner(), READ_PLAN).map(drop);
    assert!(elsewhere.expect_err("of another district").text().en.contains("test-2014"));
    let itself = Restoring::begin(&path, &path, None, &owner(), READ_PLAN).map(drop);
    assert!(itself.expect_err("the live one").text().en.contains("in use"));
    let mut store = Store::open(&path, None).expect("as it was");
    assert_eq!((stored_score(&mut store), store.facts.seq), (Some(2000), 6));
}

#[test]
fn nobody_opens_a_database_that_is_being_restored() {
    let (path, _folder) = a_year_with_a_backup();
    let restoring = begin(&path).expect("begun");
    let refused = Store::open(&path, None).expect_err("shut");
    assert_eq!((refused.kind(), refused.exit_code()), ("busy", 6));
    assert!(refused.text().zh.contains("恢复"), "{refused}");
    drop(restoring);
    Store::open(&path, None).expect("open again");
}

/// A version that this program does not have: one more table.
const NEXT: Version = Version {
    number: 2,
    sha256: "",
    arrive: |conn| {
        conn.execute_batch("CREATE TABLE note(key TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID")
    },
};

/// The hash that the schema of [`NEXT`] has.
fn next() -> Version {
    let conn = Connection::open_in_memory().expect("memory");
    conn.execute_batch(schema::LEDGER).expect("ledger");
    conn.execute_batch(schema::TYPED).expect("typed");
    (NEXT.arrive)(&conn).expect("a table");
    Version { sha256: schema::hash(&conn).expect("a hash").leak(), ..NEXT }
}

#[test]
fn an_older_database_is_migrated_behind_a_backup_when_nobody_has_it_open() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    let versions = [VERSIONS[0], next()];
    let refused = opening::check_identity(&desk.owner(), &versions).expect_err("a session never migrates");
    assert_eq!(refused.exit_code(), 6);
    assert!(refused.text().zh.contains("dukao doctor"), "{refused}");
    let refused = migrate::to_newest(&desk.path, &versions, READ_PLAN).expect_err("somebody has it open");
    assert!(refused.text().en.starts_with("1 session is open"), "{refused}");
    let (path, _folder) = desk.closed();
    let done = migrate::to_newest(&path, &versions, READ_PLAN).expect("migrated").expect("a step");
    assert_eq!((done.from, done.to), (1, 2));
    assert_eq!(done.backup, beside(&path, ".v1.bak"));
    assert_eq!(migrate::to_newest(&path, &versions, READ_PLAN), Ok(None), "once");
    // The program that knows version 1 alone refuses it, and the backup is one of version 1.
    let refused = Store::open(&path, None).expect_err("newer than the program");
    assert_eq!((refused.kind(), refused.exit_code()), ("unusable", 6));
    assert!(refused.text().en.contains("version 2") && refused.text().en.contains("newer program"), "{refused}");
    let back = Restoring::begin(&path, &done.backup, None, &owner(), READ_PLAN).expect("the backup verifies");
    assert_eq!(back.lost.entries, 0);
    back.finish(false, &owner(), "", ambient()).expect("restored");
    Store::open(&path, None).expect("version 1 again");
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let (path, _folder) = Desk::open().closed();
    let wrong = Version { sha256: "not the hash of it", ..next() };
    let refused = migrate::to_newest(&path, &[VERSIONS[0], wrong], READ_PLAN).expect_err("another schema came out");
    assert_eq!(refused.kind(), "damaged");
    let failing = Version { arrive: |conn| conn.execute_batch("CREATE TABLE ledger(x)"), ..next() };
    migrate::to_newest(&path, &[VERSIONS[0], failing], READ_PLAN).expect_err("the step fails");
    Store::open(&path, None).expect("version 1 as before");
}

#[test]
fn what_happens_between_the_files_of_a_restore_leaves_it_to_be_done_again() {
    let (path, _folder) = a_year_with_a_backup();
    // As if the power went after the database was set aside.
    fs::rename(&path, path.with_file_name("x.db.before-restore-then")).expect("set aside");
    assert_eq!(Store::open(&path, None).map(drop).map_err(|e| e.kind()), Err("missing"));
    let done = begin(&path).and_then(|r| r.finish(true, &owner(), "", ambient())).expect("done again");
    assert_eq!(done.aside, None);
    Store::open(&path, None).expect("whole");
}
