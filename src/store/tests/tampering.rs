//! F21: what the owner of the file can do to it, and by what it is found. A full rewrite and a roll-back are found by an
//! anchor kept elsewhere and by nothing else: that is asserted too, so that nobody claims more.

use std::fs;

use super::*;

/// Where the finding comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// The ledger contradicts itself.
    Ledger,
    /// An anchor: the bell, or a hash written down elsewhere.
    Anchor,
}

/// Takes the triggers away, does it, and puts them back.
fn tamper(conn: &Connection, act: impl FnOnce(&Connection)) {
    let triggers: Vec<(String, String)> = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .and_then(|mut read| read.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
        .expect("triggers");
    for (name, _) in &triggers {
        conn.execute_batch(&format!("DROP TRIGGER {name}")).expect("dropped");
    }
    act(conn);
    for (_, sql) in &triggers {
        conn.execute_batch(sql).expect("back");
    }
}

/// Computes every hash anew from entry 4 on, as somebody who knows how would, and the records with it.
fn rewrite(conn: &Connection) {
    conn.execute_batch("UPDATE ledger SET after = replace(after, '1000', '5000') WHERE seq = 4").expect("edited");
    conn.execute_batch("UPDATE ledger SET before = replace(before, '1000', '5000') WHERE seq = 5").expect("edited");
    conn.execute_batch("UPDATE record SET value = (SELECT after FROM ledger l WHERE l.seq = record.seq)")
        .expect("edited");
    let sql = format!("SELECT {} FROM ledger ORDER BY seq", LedgerEntry::COLUMNS);
    let entries: Vec<LedgerEntry> =
        conn.prepare(&sql).and_then(|mut read| read.query_map([], LedgerEntry::of)?.collect()).expect("entries");
    let mut prev = [0; 32];
    for entry in entries {
        let hash = entry.expected(&prev);
        let bytes: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&hash[2 * i..2 * i + 2], 16).expect("hex")).collect();
        conn.execute(
            "UPDATE ledger SET prev_hash = ?1, hash = ?2 WHERE seq = ?3",
            params![prev, bytes, entry.seq as i64],
        )
        .expect("rewritten");
        prev.copy_from_slice(&bytes);
    }
}

#[test]
fn f21_tampering_is_found_given_an_anchor_and_a_perfect_forgery_is_not_found_without_one() {
    type Act = fn(&Connection);
    let sql: [(&str, By, Act); 6] = [
        ("edit", By::Ledger, |c| {
            c.execute_batch("UPDATE ledger SET after = replace(after, '1000', '5000') WHERE seq = 4").expect("sql");
        }),
        ("edit who", By::Ledger, |c| c.execute_batch("UPDATE ledger SET actor = 'li' WHERE seq = 4").expect("sql")),
        ("delete in the middle", By::Ledger, |c| {
            c.execute_batch("UPDATE record SET seq = 99 WHERE seq = 4; DELETE FROM ledger WHERE seq = 4").expect("sql");
        }),
        ("delete the last", By::Anchor, |c| {
            let put_back = "UPDATE record SET seq = 5, value = (SELECT after FROM ledger WHERE seq = 5) WHERE seq = 6;
                            UPDATE score SET seq = 5, points = 2000 WHERE seq = 6; DELETE FROM ledger WHERE seq = 6";
            c.execute_batch(put_back).expect("sql");
        }),
        ("reorder", By::Ledger, |c| {
            c.execute_batch(
                "PRAGMA foreign_keys = OFF; UPDATE ledger SET seq = 99 WHERE seq = 4;
                 UPDATE ledger SET seq = 4 WHERE seq = 5; UPDATE ledger SET seq = 5 WHERE seq = 99",
            )
            .expect("sql");
        }),
        ("rewrite the chain", By::Anchor, rewrite),
    ];
    for (what, by, act) in sql {
        let mut desk = Desk::open();
        for (points, key) in [(1000, "ASM/P1/duty"), (2000, "ASM/P1/duty"), (3000, "ASM/P1/duty")] {
            desk.score("zhang", key, points, None).expect("saved");
        }
        let head = desk.store.facts.head.clone();
        let store = desk.store;
        let conn = Connection::open_with_flags(&desk.path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a connection");
        tamper(&conn, act);
        assert_eq!(schema::hash(&conn).expect("a hash"), schema::current(schema::VERSIONS).sha256, "{what}: traceless");
        let found = |anchor| store.verify(anchor, &|_| Some(plan())).expect("verified").problems;
        assert!(!found(Some(&head)).is_empty(), "{what}: found given an anchor");
        assert!(!found(None).is_empty(), "{what}: the bell alone is one");
        // Whoever can write the file can write the bell too.
        let forged = ledger::head(&conn).expect("a head");
        store.bell.ring(&forged).expect("forged");
        assert_eq!(found(None).is_empty(), by == By::Anchor, "{what}: without any anchor");
        assert!(!found(Some(&head)).is_empty(), "{what}: the anchor kept elsewhere still tells");
    }
}

#[test]
fn f21_a_dropped_trigger_keeps_the_database_shut_and_a_roll_back_is_found_by_bell_or_anchor() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    let old = desk.path.with_file_name("old.db");
    desk.owner().execute("VACUUM INTO ?1", [old.to_str()]).expect("a copy of today");
    desk.score("zhang", "ASM/P1/duty", 2000, None).expect("saved");
    let (head, path) = (desk.store.facts.head.clone(), desk.path.clone());
    drop(desk.store);
    fs::set_permissions(&old, PermissionsExt::from_mode(0o600)).expect("private");
    fs::copy(&old, &path).expect("rolled back");
    let refused = Store::open(&path, None).expect_err("the bell is ahead");
    assert_eq!(refused.kind(), "damaged");
    assert!(refused.text().zh.contains("铃文件记着第 5 笔"), "{refused}");
    // With the bell rolled back too nothing but an anchor kept elsewhere tells.
    fs::write(bell::path_of(&path), "").expect("no bell");
    let store = Store::open(&path, None).expect("as if nothing had been");
    let found = |anchor| store.verify(anchor, &|_| Some(plan())).expect("verified").problems;
    assert_eq!(found(None), []);
    assert_eq!(found(Some(&head[..12])).len(), 1);
    let conn = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a connection");
    conn.execute_batch("DROP TRIGGER ledger_rules").expect("dropped");
    assert!(found(None)[0].en.contains("schema was tampered with"));
    assert_eq!(Store::open(&path, None).map(drop).map_err(|e| e.kind()), Err("damaged"));
}

#[test]
fn a_seal_that_names_other_rules_than_those_in_force_is_found() {
    let mut desk = Desk::open();
    complete(&mut desk);
    desk.store.round_step(&who("chief"), "ASM", RoundStep::Seal, "").expect("sealed");
    let rules = ledger::sha256("scoring");
    let results = desk.store.seals().expect("seals")["ASM"][0].sha256.clone();
    assert_eq!(desk.problems(), Vec::<String>::new());
    // Another document that is there, one that is not, and none.
    let named = |hash: &str| format!("json_replace(after, '$.rules_sha256', '{hash}')");
    for other in [named(&results), named(&ledger::sha256("others")), "json_remove(after, '$.rules_sha256')".into()] {
        let conn = desk.owner();
        let before: String = conn.query_row(LAST, [], |r| r.get(0)).expect("the seal");
        assert!(before.contains(&rules));
        tamper(&conn, |c| {
            let edited = format!("UPDATE ledger SET after = {other} WHERE seq = (SELECT max(seq) FROM ledger)");
            c.execute_batch(&edited).expect("edited");
        });
        let found = desk.problems();
        assert!(found.iter().any(|p| p.starts_with("the rules hash of the seal of entry 8")), "{other}: {found:?}");
        tamper(&conn, |c| {
            let back = "UPDATE ledger SET after = ?1 WHERE seq = (SELECT max(seq) FROM ledger)";
            c.execute(back, [&before]).expect("back");
        });
    }
    assert_eq!(desk.problems(), Vec::<String>::new());
    // The text itself is looked at, not only its name.
    let edit = "UPDATE document SET text = 'softer' WHERE sha256 = ?1";
    tamper(&desk.owner(), |c| assert_eq!(c.execute(edit, [&rules]), Ok(1)));
    let found = desk.problems();
    assert!(found.iter().any(|p| p.starts_with("the rules hash of the seal")), "{found:?}");
}

const LAST: &str = "SELECT after FROM ledger ORDER BY seq DESC LIMIT 1";

#[test]
fn f13_a_clock_that_jumps_leaves_the_order_and_the_deadlines_as_they_are() {
    fn next_year() -> SystemTime {
        (ambient().clock)() + Duration::from_secs(366 * 86_400)
    }
    let mut desk = Desk::open();
    let before = desk.store.snapshot(None).day();
    let mut ahead = Store::open_with(&desk.path, None, Ambient { clock: next_year, ..ambient() }).expect("opened");
    ahead.save(&who("zhang"), &[score("ASM/P1/duty", 1000, None)], None).expect("saved");
    assert_eq!(ahead.snapshot(None).day(), before, "the plan says which day it is");
    let seq = desk.score("zhang", "ASM/P1/duty", 2000, None).expect("saved");
    assert_eq!((seq, stored_score(&mut desk.store)), (vec![5], Some(2000)), "the number alone is the order");
    let verified = desk.store.verify(None, &|_| Some(plan())).expect("verified");
    assert_eq!(verified.problems, []);
    let warned: Vec<&str> = verified.warnings.iter().map(|w| w.zh.as_str()).collect();
    assert_eq!(warned, ["第 5 笔的时间早于前一笔：时钟曾回拨"]);
}

#[test]
fn a_damaged_end_is_shown_to_be_read_and_nothing_is_saved() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    tamper(&desk.owner(), |c| c.execute_batch("UPDATE ledger SET reason = 'x' WHERE seq = 4").expect("sql"));
    let (path, _folder) = (desk.path.clone(), &desk._folder);
    drop(desk.store);
    assert_eq!(Store::open(&path, None).map(drop).map_err(|e| e.kind()), Err("damaged"), "commands do not go on");
    let mut screen = Store::open_to_read(&path, None).expect("a screen does");
    assert_eq!(stored_score(&mut screen), Some(1000));
    let refused = screen.save(&who("zhang"), &[score("ASM/P1/site", 500, None)], None).expect_err("nothing is saved");
    assert_eq!((refused.kind(), refused.exit_code()), ("damaged", 6));
    let banner = screen.damage().expect("damage").zh.clone();
    assert!(banner.contains("只读") && banner.contains("dukao doctor"), "{banner}");
    let (sender, replies) = mpsc::channel();
    let open = move || Ok((screen, who("zhang")));
    let (requests, _) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
    let Reply::Damaged(Some(told)) = replies.recv_timeout(Duration::from_secs(5)).expect("a reply") else { panic!() };
    assert_eq!(told.zh, banner);
    requests.send(Request::Stop).expect("sent");
}
