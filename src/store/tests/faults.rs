//! A save that is broken off: what was said is what is there (`reliability.md` §3.3).

use std::cell::RefCell;
use std::os::unix::net::UnixDatagram;

use super::*;

thread_local! {
    /// The points at which this thread's next saves fail, each once, in their order.
    static FAULTS: RefCell<Vec<Point>> = const { RefCell::new(Vec::new()) };
}

fn fault(point: Point) -> Result<(), Error> {
    FAULTS.with_borrow_mut(|faults| {
        if faults.first() != Some(&point) {
            return Ok(());
        }
        faults.remove(0);
        Err(Error::Disk("injected".into()))
    })
}

/// A session in which these points fail.
fn failing(desk: &Desk, faults: &[Point]) -> Store {
    FAULTS.set(Vec::new());
    let store = Store::open_with(&desk.path, None, Ambient { fault, ..ambient() }).expect("opened");
    FAULTS.set(faults.to_vec());
    store
}

/// How often the value is in the ledger.
fn times(desk: &Desk, points: i64) -> i64 {
    let sql = "SELECT count(*) FROM ledger WHERE kind = 'score' AND after ->> '$.points' = ?1";
    desk.owner().query_row(sql, [points], |r| r.get(0)).expect("a count")
}

#[test]
fn what_is_said_of_a_broken_save_is_what_is_in_the_ledger() {
    use Point::*;
    // Points that fail, and what is said: saved, not saved, or not known.
    for (faults, said) in [
        (&[BeforeBegin][..], "disk"),
        (&[AfterInsert], "disk"),
        // Nothing was saved: it is written again, under the same number.
        (&[BeforeCommit], "saved"),
        // It was saved, whatever COMMIT said: it is found, and not written again.
        (&[AfterCommit], "saved"),
        (&[BeforeCommit, AfterCommit], "saved"),
        (&[AfterRing], "saved"),
        // Nothing can be committed.
        (&[BeforeCommit, BeforeCommit], "unknown"),
        (&[BeforeCommit, BeforeBegin], "unknown"),
        (&[BeforeCommit, AfterInsert], "unknown"),
    ] {
        let desk = Desk::open();
        let mut store = failing(&desk, faults);
        let op = [7; 16];
        let saved = store.save(&who("zhang"), &[score("ASM/P1/duty", 1850, Some(0))], Some(op));
        assert_eq!(FAULTS.take(), [], "{faults:?}: every fault happened");
        let answer = match &saved {
            Ok(seqs) => {
                assert_eq!(seqs, &[4], "{faults:?}");
                "saved"
            }
            Err(error) => error.kind(),
        };
        assert_eq!(answer, said, "{faults:?}");
        assert_eq!(times(&desk, 1850), i64::from(said == "saved"), "{faults:?}");
        if let Err(Error::Unknown(same)) = saved {
            assert_eq!(same, op);
        }
        // Whatever was said, the same operation again is saved once.
        assert_eq!(
            store.save(&who("zhang"), &[score("ASM/P1/duty", 1850, Some(0))], Some(op)),
            Ok(vec![4]),
            "{faults:?}"
        );
        assert_eq!(times(&desk, 1850), 1, "{faults:?}: never twice");
        assert_eq!(desk.problems(), Vec::<String>::new(), "{faults:?}");
        // And the next one goes on as ever.
        assert!(store.save(&who("zhang"), &[score("ASM/P1/site", 500, None)], None).is_ok(), "{faults:?}");
    }
}

#[test]
fn a_save_that_the_disk_holds_up_is_saved() {
    fn stalls(point: Point) -> Result<(), Error> {
        if point == Point::AfterInsert {
            let (_nobody, answer) = mpsc::channel::<()>();
            answer.recv_timeout(Duration::from_millis(1_100)).expect_err("nobody answers");
        }
        Ok(())
    }
    let desk = Desk::open();
    let mut store = Store::open_with(&desk.path, None, Ambient { fault: stalls, ..ambient() }).expect("opened");
    assert_eq!(store.save(&who("zhang"), &[score("ASM/P1/duty", 1850, Some(0))], None), Ok(vec![4]));
}

thread_local! {
    /// What another session saves in between.
    static BETWEEN: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

#[test]
fn a_doubtful_save_that_another_one_overtook_is_not_saved_and_says_so() {
    fn overtaken(point: Point) -> Result<(), Error> {
        match (point, BETWEEN.take()) {
            // The first COMMIT fails; before the second try somebody else saves the same record.
            (Point::BeforeCommit, Some(path)) => {
                BETWEEN.set(Some(path));
                Err(Error::Disk("injected".into()))
            }
            (Point::BeforeBegin, Some(path)) if FAULTS.with_borrow(|f| f.is_empty()) => {
                FAULTS.set(vec![Point::AfterRing]);
                BETWEEN.set(Some(path));
                Ok(())
            }
            (Point::BeforeBegin, Some(path)) => {
                let mut other = Store::open_with(&path, None, ambient()).expect("opened");
                other.save(&who("li"), &[score("ASM/P1/duty", 1000, Some(0))], None).expect("saved");
                Ok(())
            }
            (_, path) => {
                BETWEEN.set(path);
                Ok(())
            }
        }
    }
    let desk = Desk::open();
    FAULTS.set(Vec::new());
    let mut store = Store::open_with(&desk.path, None, Ambient { fault: overtaken, ..ambient() }).expect("opened");
    BETWEEN.set(Some(desk.path.clone()));
    let refused = store.save(&who("zhang"), &[score("ASM/P1/duty", 1850, Some(0))], None);
    let Err(Error::Conflict(conflict)) = refused else { panic!("{refused:?}") };
    assert_eq!((conflict.actor.as_str(), conflict.seq), ("li", 4));
    assert_eq!((times(&desk, 1850), times(&desk, 1000)), (0, 1));
}

#[test]
fn who_dies_between_commit_and_ring_is_seen_all_the_same() {
    fn dies(point: Point) -> Result<(), Error> {
        if point == Point::AfterCommit { panic!("killed") } else { Ok(()) }
    }
    let desk = Desk::open();
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let (requests, _) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
    let next = || loop {
        if let Reply::Data(data) = replies.recv_timeout(Duration::from_secs(5)).expect("a reply") {
            break data;
        }
    };
    let before = next().facts.seq;
    let path = desk.path.clone();
    let killed = thread::spawn(move || {
        let mut store = Store::open_with(&path, None, Ambient { fault: dies, ..ambient() }).expect("opened");
        store.save(&who("li"), &[score("ASM/P1/duty", 1850, None)], None)
    });
    assert!(killed.join().is_err());
    assert_eq!(next().facts.seq, before + 1);
    requests.send(Request::Stop).expect("sent");
    Store::open(&desk.path, None).expect("a bell that lags behind is no damage");
}

#[test]
fn each_commit_writes_one_line_into_the_log_of_the_system() {
    let mut desk = Desk::open();
    let socket: &'static str = desk.path.with_file_name("log").to_str().expect("a path").to_owned().leak();
    let log = UnixDatagram::bind(socket).expect("a log");
    log.set_read_timeout(Some(Duration::from_secs(5))).expect("a limit");
    let mut store = Store::open_with(&desk.path, None, Ambient { log: socket, ..ambient() }).expect("opened");
    store.save(&who("zhang"), &[score("ASM/P1/duty", 1850, None)], None).expect("saved");
    let mut line = [0; 512];
    let n = log.recv(&mut line).expect("a line");
    let line = std::str::from_utf8(&line[..n]).expect("text");
    let (process, head) = (std::process::id(), &store.facts.head);
    // LOG_AUTHPRIV | LOG_INFO
    assert_eq!(line, format!("<86>dukao[{process}]: dukao test-2014 4 {head}"));
    // What it says is an anchor.
    let anchor = line.rsplit(' ').next();
    assert_eq!(store.verify(anchor, &|_| Some(plan())).expect("verified").problems, []);
    // A log that is full or gone holds nobody up.
    log.set_nonblocking(true).expect("set");
    for points in 0..600 {
        store.save(&who("zhang"), &[score("ASM/P1/duty", points % 100 * 50, None)], None).expect("saved");
    }
    drop(log);
    store.save(&who("zhang"), &[score("ASM/P1/site", 500, None)], None).expect("saved");
    desk.score("zhang", "ASM/P2/site", 500, None).expect("and where there is none");
}

#[test]
fn a_person_is_told_that_a_save_waits_and_after_ten_seconds_that_it_is_not_saved() {
    let desk = Desk::open();
    let holder = desk.owner();
    holder.execute_batch("BEGIN IMMEDIATE").expect("held");
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let (requests, _) =
        worker::spawn(open, None, move |reply| drop(sender.send((Instant::now(), reply)))).expect("thread");
    replies.recv_timeout(Duration::from_secs(5)).expect("the data, whoever saves");
    let begun = Instant::now();
    requests.send(Request::Save { ticket: 1, drafts: vec![score("ASM/P1/duty", 1850, Some(0))] }).expect("sent");
    let next = || replies.recv_timeout(Duration::from_secs(90)).expect("a reply");
    let (at, waiting) = next();
    assert!(matches!(waiting, Reply::Waiting), "{waiting:?}");
    let after = (at - begun).as_millis();
    assert!((300..8_000).contains(&after), "{after} ms");
    let (at, refused) = next();
    let Reply::Refused { ticket: 1, error: Error::Busy } = refused else { panic!("{refused:?}") };
    let after = (at - begun).as_millis();
    assert!((10_000..60_000).contains(&after), "{after} ms");
    holder.execute_batch("ROLLBACK").expect("given back");
    requests.send(Request::Save { ticket: 2, drafts: vec![score("ASM/P1/duty", 1850, Some(0))] }).expect("sent");
    assert!(matches!(next().1, Reply::Saved { ticket: 2, .. }), "the next try works");
    requests.send(Request::Stop).expect("sent");
}
