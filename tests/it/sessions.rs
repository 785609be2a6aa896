//! Two sessions on one database: what one saves the other sees, and neither overwrites the other unseen.

use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dukao::domain::change::{Change, Draft, Record, Subject};
use dukao::domain::district::ProjectIx;
use dukao::domain::value::Points;
use dukao::session;
use dukao::store::{Error, Reply, Request, Store, worker};
use tempfile::TempDir;

/// How long an answer may take before a test gives up.
const DEADLINE: Duration = Duration::from_secs(15);

/// The sample's year in a folder of its own.
pub(super) fn year() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = Command::new(env!("CARGO_BIN_EXE_dukao"))
        .arg("status")
        .env("HOME", folder.path())
        .env("DUKAO_DATABASE", folder.path().join("dukao.db"))
        .env_remove("DUKAO_DISTRICT")
        .output()
        .expect("the program");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

pub(super) struct Session {
    requests: Sender<Request>,
    replies: Receiver<Reply>,
    thread: JoinHandle<()>,
}

impl Session {
    /// A store thread as the dashboard has one, after its first answer.
    pub(super) fn start(folder: &Path) -> Self {
        let path = folder.join("dukao.db");
        let (sender, replies) = mpsc::channel();
        let open = move || {
            let store = Store::open(&path, None)?;
            let actor = session::local(&store)?;
            Ok((store, actor))
        };
        let (requests, thread) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
        let session = Self { requests, replies, thread };
        session.wait(|reply| matches!(reply, Reply::Data(_)).then_some(()));
        session
    }

    /// The first reply that is wanted.
    #[track_caller]
    pub(super) fn wait<T>(&self, wanted: impl Fn(Reply) -> Option<T>) -> T {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let reply = self.replies.recv_timeout(left).expect("an answer in time");
            if let Some(found) = wanted(reply) {
                return found;
            }
        }
    }

    pub(super) fn save(&self, ticket: u64, drafts: Vec<Draft>) {
        self.requests.send(Request::Save { ticket, drafts }).expect("the store thread");
    }

    pub(super) fn stop(self) {
        self.requests.send(Request::Stop).expect("the store thread");
        self.thread.join().expect("ended by itself");
    }
}

/// A score of the first cell of the open round, as seen with no entry in it.
fn draft(store: &mut Store, points: i64) -> Draft {
    let data = store.snapshot(None);
    let round = data.assessment_round().expect("an open round");
    let points = Some(Points::whole(points));
    let record = data.score_entry(round, ProjectIx(0), 0, points, "现场核实").expect("a valid score");
    let plan = &data.plan;
    let (round, project) = (&plan.round(round).id, &plan.project(ProjectIx(0)).id);
    let subject = Subject::score(round, project, &plan.rules.criteria[0].id);
    let change = Change { subject, before: None, after: Some(Record::Score(record)), reason: "现场核实".into() };
    Draft { change, base: Some(0) }
}

#[test]
fn a_save_reaches_the_other_session_by_itself() {
    let folder = year();
    let (one, other) = (Session::start(folder.path()), Session::start(folder.path()));
    let mut store = Store::open(&folder.path().join("dukao.db"), None).expect("the year");
    one.save(1, vec![draft(&mut store, 20)]);
    let seq = one.wait(|reply| match reply {
        Reply::Saved { ticket: 1, seqs } => seqs.last().copied(),
        _ => None,
    });
    // Nothing was asked of the other: the bell alone tells it.
    let (round, points) = other.wait(|reply| match reply {
        Reply::Data(data) if data.facts.seq >= seq => {
            let round = data.assessment_round()?;
            let kept = data.facts.scores[round.at()].get(&(ProjectIx(0), 0))?;
            Some((round, (kept.seq, kept.value.points)))
        }
        _ => None,
    });
    assert_eq!(points, (seq, Some(Points::whole(20))), "in {round:?}");
    one.stop();
    other.stop();
}

#[test]
fn two_editors_of_one_cell_get_one_conflict_and_lose_nothing() {
    let folder = year();
    let mut store = Store::open(&folder.path().join("dukao.db"), None).expect("the year");
    let before = store.snapshot(None).facts.seq;
    let sessions = [Session::start(folder.path()), Session::start(folder.path())];
    for (session, points) in sessions.iter().zip([20, 30]) {
        session.save(1, vec![draft(&mut store, points)]);
    }
    let answers = sessions.each_ref().map(|session| {
        session.wait(|reply| match reply {
            Reply::Saved { ticket: 1, seqs } => Some(Ok(seqs)),
            Reply::Refused { ticket: 1, error } => Some(Err(error)),
            _ => None,
        })
    });
    let saved: Vec<(usize, &Vec<u64>)> =
        answers.iter().enumerate().filter_map(|(i, a)| Some((i, a.as_ref().ok()?))).collect();
    let [(winner, seqs)] = saved[..] else { panic!("not exactly one saved: {answers:?}") };
    assert_eq!(*seqs, [before + 1]);
    let Err(Error::Conflict(conflict)) = &answers[1 - winner] else { panic!("no conflict: {answers:?}") };
    let of = |record: &Option<Record>| match record {
        Some(Record::Score(score)) => score.points,
        _ => None,
    };
    let values = [20, 30].map(|points| Some(Points::whole(points)));
    assert_eq!((of(&conflict.theirs), of(&conflict.mine)), (values[winner], values[1 - winner]));
    assert_eq!(conflict.seq, before + 1);
    for session in sessions {
        session.stop();
    }
    store.refresh().expect("the newest state");
    let after = store.snapshot(None);
    assert_eq!(after.facts.seq, before + 1);
    let round = after.assessment_round().expect("an open round");
    let kept = &after.facts.scores[round.at()][&(ProjectIx(0), 0)];
    assert_eq!((kept.seq, kept.value.points), (before + 1, values[winner]));
}
