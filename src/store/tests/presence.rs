//! Who else is in the same grid.

use super::*;
use crate::store::presence::Seat;

fn logins(others: &[Present]) -> Vec<(&str, &str)> {
    others.iter().map(|o| (o.login.as_str(), o.place.as_str())).collect()
}

#[test]
fn sessions_of_one_grid_see_each_other_and_nothing_of_it_is_written_into_the_ledger() {
    let mut desk = Desk::open();
    let (mut one, mut other, mut third) = (desk.another(), desk.another(), desk.another());
    assert_eq!(one.here("zhang", Some("ASM/P1")).expect("alone"), []);
    let seen = other.here("li", Some("ASM/P2")).expect("two");
    assert_eq!(logins(&seen), [("zhang", "ASM/P1")]);
    assert_eq!(third.here("clerk", Some("OBS/P1")).expect("elsewhere"), [], "another grid");
    assert_eq!(logins(&one.here("zhang", Some("ASM/P2")).expect("moved")), [("li", "ASM/P2")]);
    assert_eq!(logins(&other.here("li", Some("ASM/P2")).expect("the same row")), [("zhang", "ASM/P2")]);
    assert_eq!(one.here("zhang", None).expect("gone elsewhere"), []);
    assert_eq!(other.here("li", Some("ASM/P2")).expect("alone"), []);
    assert_eq!(desk.store.refresh(), Ok(false), "nobody is woken");
    let file = desk.path.with_file_name("x.db-here");
    assert_eq!(std::fs::metadata(file).expect("there").permissions().mode() & 0o777, 0o600);
}

#[test]
fn who_goes_elsewhere_keeps_his_place_for_when_he_returns() {
    let desk = Desk::open();
    let (mut one, mut other) = (desk.another(), desk.another());
    assert_eq!(one.here("zhang", Some("ASM/P1")).expect("alone"), []);
    assert_eq!(one.here("zhang", None).expect("gone elsewhere"), []);
    assert_eq!(other.here("li", Some("ASM/P2")).expect("alone"), []);
    assert_eq!(logins(&one.here("zhang", Some("ASM/P1")).expect("back")), [("li", "ASM/P2")]);
    assert_eq!(logins(&other.here("li", Some("ASM/P1")).expect("moved")), [("zhang", "ASM/P1")]);
}

#[test]
fn two_who_come_at_the_same_moment_take_two_places() {
    let desk = Desk::open();
    // Each has sat down, and neither has said yet where he is.
    let seats = [(); 2].map(|()| Seat::take(&desk.path).expect("taken").expect("a place"));
    let mut watching = desk.another();
    assert_eq!(watching.here("clerk", Some("ASM/P1")).expect("read"), [], "nowhere is nowhere");
    drop(seats);
    let file = desk.path.with_file_name("x.db-here");
    assert_eq!(std::fs::metadata(file).expect("there").len(), 3 * 192);
}

#[test]
fn presence_goes_with_the_process() {
    let desk = Desk::open();
    let mut store = desk.another();
    store.here("zhang", Some("ASM/P1")).expect("alone");
    // A slot of a process that ended, and one whose number another process has now.
    let mut other = desk.another();
    assert_eq!(other.here("li", Some("ASM/P1")).expect("two").len(), 1);
    let file = desk.path.with_file_name("x.db-here");
    let text = std::fs::read_to_string(&file).expect("slots");
    let process = format!("{} ", std::process::id());
    for stranger in ["4194305 1 ", &format!("{process}1 "), "garbage "] {
        let first = text.lines().next().expect("a slot");
        let own = first.split(' ').take(2).map(|w| format!("{w} ")).collect::<String>();
        let changed =
            format!("{:<191}\n{}", first.replacen(&own, stranger, 1).trim_end(), text.lines().nth(1).expect("another"));
        std::fs::write(&file, format!("{changed}\n")).expect("written");
        assert_eq!(other.here("li", Some("ASM/P1")).expect("read"), [], "{stranger}");
    }
    // Its slot is free again.
    let mut third = desk.another();
    assert_eq!(logins(&third.here("clerk", Some("ASM/P1")).expect("two")), [("li", "ASM/P1")]);
    assert_eq!(std::fs::metadata(&file).expect("there").len(), 2 * 192);
}

#[test]
fn a_worker_tells_who_else_is_there_when_that_changes() {
    let desk = Desk::open();
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let (requests, _) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
    let next = || replies.recv_timeout(Duration::from_secs(5)).expect("a reply");
    assert!(matches!(next(), Reply::Data(_)));
    desk.another().here("nobody", Some("ASM/P1")).expect("here");
    let mut other = desk.another();
    other.here("li", Some("ASM/P1")).expect("here");
    for place in ["ASM/P1", "ASM/P2"] {
        requests.send(Request::Here(Some(place.into()))).expect("sent");
    }
    let Reply::Others(others) = next() else { panic!("nobody") };
    assert!(logins(&others).contains(&("li", "ASM/P1")), "{others:?}");
    assert!(replies.recv_timeout(Duration::from_millis(100)).is_err(), "the same answer is not told again");
    requests.send(Request::Here(None)).expect("sent");
    let Reply::Others(others) = next() else { panic!("nobody") };
    assert_eq!(others, []);
    requests.send(Request::Stop).expect("sent");
}
