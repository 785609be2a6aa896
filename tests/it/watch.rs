//! `status --watch`: anew after every change of any session, asleep in between, gone with its reader.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::contract::District;

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn a_watched_status_follows_what_others_save_and_ends_with_its_reader() {
    let district = District::new();
    assert_eq!(district.run("status").code, 0, "the database is made");
    let mut command = district.command(&["status", "--watch", "--json"]);
    let mut watching = command.stdout(Stdio::piped()).spawn().expect("the program");
    let output = watching.stdout.take().expect("a pipe");
    let (sender, lines) = mpsc::channel();
    let (close, closed) = mpsc::channel::<()>();
    let reader = std::thread::spawn(move || {
        let mut lines = BufReader::new(output).lines();
        for _ in 0..2 {
            let line = lines.next().expect("a line").expect("text");
            sender.send(line).expect("the test");
        }
        // The pipe closes with this thread, once the test says so.
        let _ = closed.recv();
    });
    let behind = |line: &str| serde_json::from_str::<Value>(line).expect("JSON")["must"]["behind"].clone();
    let first = lines.recv_timeout(DEADLINE).expect("the first picture");
    assert_eq!(behind(&first), 7);
    let dossier = district.run("project YB14-XX-010 --json").json();
    let open = dossier["milestones"]
        .as_array()
        .expect("milestones")
        .iter()
        .find(|m| m["done"].is_null() && m["late_days"].is_u64());
    let milestone = open.expect("one is late")["name"].as_str().expect("a name").to_owned();
    let key = format!("YB14-XX-010/{milestone}");
    let args = ["set", "milestone", &key, "done=2014-06-29"];
    let saved = district.command(&args).output().expect("the program");
    assert!(saved.status.success(), "{}", String::from_utf8_lossy(&saved.stderr));
    let second = lines.recv_timeout(DEADLINE).expect("a picture after the change");
    assert_ne!(first, second);
    assert_eq!(behind(&second), 6);

    close.send(()).expect("the reader");
    reader.join().expect("ended");
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || drop(sender.send(watching.wait())));
    let status = ended.recv_timeout(DEADLINE).expect("gone with its reader").expect("a status");
    assert!(status.success(), "{status:?}");
}
