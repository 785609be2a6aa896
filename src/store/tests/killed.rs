//! A restore that is killed: whatever was done by then, nothing is lost, and opening or the next restore finishes it.

use std::cell::RefCell;
use std::fs::{self, File};

use super::*;
use crate::store::files::beside;

const READ_PLAN: ReadPlan<'static> = &|_| Some(plan());

thread_local! {
    /// The folder of this thread's restore, where each point leaves a picture of it.
    static FOLDER: RefCell<PathBuf> = RefCell::default();
}

fn owner() -> Actor {
    Actor::owner("wang", 0)
}

/// The files of a folder in another one, and old: what is left behind is not the work of somebody who is at it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    let long_ago = SystemTime::now() - Duration::from_secs(600);
    for entry in fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry")) {
        if entry.file_type().expect("a type").is_file() && !entry.file_name().to_string_lossy().ends_with("-shm") {
            let name = to.join(entry.file_name());
            fs::copy(entry.path(), &name).expect("a copy");
            File::options().write(true).open(&name).and_then(|f| f.set_modified(long_ago)).expect("its time");
        }
    }
}

/// What is on disk at this point stays there, as if the program had been killed.
fn picture(point: Point) -> Result<(), Error> {
    FOLDER.with_borrow(|folder| copy(folder, &folder.join(format!("{point:?}"))));
    Ok(())
}

/// A folder as a power cut leaves it: a backup of four entries, and two more of which the log alone has the pages.
fn cut_short() -> (TempDir, PathBuf) {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    backup(&desk.path, &desk.path.with_file_name("b.db"), &owner(), READ_PLAN).expect("backed up");
    desk.score("zhang", "ASM/P1/duty", 2000, None).expect("saved");
    desk.score("li", "ASM/P1/site", 3000, None).expect("saved");
    let folder = TempDir::new().expect("a folder");
    let year = folder.path().join("year");
    copy(desk.path.parent().expect("a folder"), &year);
    assert!(fs::metadata(year.join("x.db-wal")).expect("a log").len() > 0);
    FOLDER.set(year.clone());
    (folder, year)
}

fn begin(folder: &Path) -> Result<Restoring, Error> {
    Restoring::begin(&folder.join("x.db"), &folder.join("b.db"), Some("test-2014"), &owner(), READ_PLAN)
}

fn restore(folder: &Path, fault: fn(Point) -> Result<(), Error>) -> Result<Restored, Error> {
    begin(folder)?.finish(true, &owner(), "", Ambient { fault, ..ambient() })
}

const POINTS: [Point; 5] = [Point::Announced, Point::BetweenAside, Point::SetAside, Point::Replaced, Point::Rung];

/// Names of what was set aside, without the logs.
fn asides(folder: &Path) -> Vec<PathBuf> {
    let names = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path());
    names
        .filter(|n| n.to_string_lossy().contains(".before-restore-") && !n.to_string_lossy().ends_with("-wal"))
        .collect()
}

#[test]
fn a_restore_killed_at_any_point_is_finished_by_opening_or_by_the_next_one() {
    let (_folder, year) = cut_short();
    restore(&year, picture).expect("restored");
    for point in POINTS {
        let folder = year.join(format!("{point:?}"));
        let opened = Store::open(&folder.join("x.db"), None).map(|mut store| stored_score(&mut store));
        match point {
            Point::Announced => assert_eq!(opened, Ok(Some(2000)), "the database as it was"),
            Point::BetweenAside | Point::SetAside => {
                assert_eq!(opened.map_err(|e| e.kind()), Err("missing"), "{point:?}");
                assert_eq!(begin(&folder).expect("the next one").lost.entries, 2, "{point:?}: the bell remembers");
                restore(&folder, |_| Ok(())).unwrap_or_else(|e| panic!("{point:?}: {e}"));
            }
            _ => assert_eq!(opened, Ok(Some(1000)), "{point:?}: the backup"),
        }
        let mut store = Store::open(&folder.join("x.db"), None).unwrap_or_else(|e| panic!("{point:?}: {e}"));
        store.save(&who("zhang"), &[score("ASM/P2/site", 500, None)], None).expect("the work goes on");
        assert_eq!(store.verify(None, READ_PLAN).expect("verified").problems, [], "{point:?}");
        let bell = fs::metadata(bell::path_of(store.path())).expect("a bell");
        assert_eq!(bell.len(), 85, "{point:?}: nothing is left of the restore");
        for aside in asides(&folder) {
            // All of it is in one file, which comes back as whole as it was.
            assert!(!beside(&aside, "-wal").exists(), "{point:?}");
            let whole = Connection::open_with_flags(&aside, OpenFlags::SQLITE_OPEN_READ_ONLY)
                .and_then(|c| c.query_row("SELECT max(seq) FROM ledger", [], |r| r.get(0)));
            assert_eq!(whole, Ok(6), "{point:?}");
        }
    }
}

#[test]
fn a_restore_killed_after_its_last_step_but_the_ring_can_be_done_again() {
    let (_folder, year) = cut_short();
    restore(&year, picture).expect("restored");
    let folder = year.join("Replaced");
    let again = begin(&folder).expect("nobody opened it meanwhile");
    assert_eq!(again.lost.entries, 1, "the entry of the restore itself");
    again.finish(true, &owner(), "", ambient()).expect("done again");
    let mut store = Store::open(&folder.join("x.db"), None).expect("opened");
    assert_eq!(stored_score(&mut store), Some(1000));
}

#[test]
fn a_database_that_cannot_be_read_keeps_its_log_through_a_killed_restore() {
    let (_folder, year) = cut_short();
    // Nothing can be moved from the log into this one.
    let mut bytes = fs::read(year.join("x.db")).expect("read");
    bytes[16..].fill(0x5a);
    fs::write(year.join("x.db"), &bytes).expect("torn");
    let log = fs::read(year.join("x.db-wal")).expect("a log");
    restore(&year, picture).expect("restored");
    for point in [Point::BetweenAside, Point::SetAside] {
        let folder = year.join(format!("{point:?}"));
        assert_eq!(folder.join("x.db-wal").exists(), point == Point::BetweenAside);
        let done = restore(&folder, |_| Ok(())).unwrap_or_else(|e| panic!("{point:?}: {e}"));
        assert_eq!(done.aside, None, "{point:?}: there was nothing more to set aside");
        let [aside] = &asides(&folder)[..] else { panic!("{point:?}: one database, one name") };
        assert_eq!(fs::read(aside).expect("set aside"), bytes, "{point:?}");
        assert_eq!(fs::read(beside(aside, "-wal")).expect("with its log"), log, "{point:?}");
    }
}

#[test]
fn a_log_without_its_database_goes_to_no_database_that_was_set_aside_before() {
    let (_folder, year) = cut_short();
    let before = year.join("x.db.before-restore-2013-01-01T000000");
    fs::copy(year.join("b.db"), &before).expect("of another year");
    fs::remove_file(year.join("x.db")).expect("lost");
    restore(&year, |_| Ok(())).expect("restored");
    assert!(!beside(&before, "-wal").exists());
}

#[test]
fn a_bell_that_cannot_be_read_is_mended_by_a_restore() {
    let (_folder, year) = cut_short();
    fs::write(year.join("x.db-bell"), "garbage").expect("written");
    restore(&year, picture).expect("restored");
    for point in [Point::Announced, Point::Replaced, Point::Rung] {
        Store::open(&year.join(format!("{point:?}/x.db")), None).unwrap_or_else(|e| panic!("{point:?}: {e}"));
    }
}
