//! Many editors at once: each with a store thread of his own, as fifty dashboards have.
//!
//! Everyone saves into a cell of his own and, every fifth time, into one cell that all share. No update is lost, nobody
//! is told "busy", and whoever is beaten to the shared cell is told who was first. `cargo test` lets six people work;
//! `DUKAO_EDITORS=50 DUKAO_EDITORS_SECONDS=300 DUKAO_EDITORS_THINK_MS=1000` as many and as long as it says, and prints
//! how long a save took.

use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use dukao::domain::change::{Change, Draft, Record, Subject};
use dukao::domain::district::ProjectIx;
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::Points;
use dukao::store::{Error, Reply, Store};

use crate::sessions::{Session, year};

/// A number from the environment, for the long run.
fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |v| v.parse().expect("a number"))
}

/// What one editor did.
#[derive(Default)]
struct Day {
    /// How long each save took, from the request to its answer.
    saves: Vec<Duration>,
    /// Entries that were acknowledged.
    entries: u64,
    /// The last value of his own cell.
    own: Option<Points>,
    /// Times that another was first in the shared cell.
    conflicts: u64,
}

/// The points of 服务 of a project as they are stored, and the entry they were read at.
fn stored(data: &Snapshot, project: ProjectIx) -> (u64, Option<Points>) {
    let round = data.assessment_round().expect("an open round");
    let kept = data.facts.scores[round.at()].get(&(project, duty(data)));
    kept.map_or((0, None), |kept| (kept.seq, kept.value.points))
}

/// Where 服务 stands among the criteria.
fn duty(data: &Snapshot) -> usize {
    data.plan.rules.criteria.iter().position(|c| c.id == "duty").expect("the criterion")
}

fn draft(data: &Snapshot, project: ProjectIx, points: Points, base: u64) -> Draft {
    let round = data.assessment_round().expect("an open round");
    let record = data.score_entry(round, project, duty(data), Some(points), "").expect("a valid score");
    let subject = Subject::score(&data.plan.round(round).id, &data.plan.project(project).id, "duty");
    let change = Change { subject, before: None, after: Some(Record::Score(record)), reason: "现场核实".into() };
    Draft { change, base: Some(base) }
}

/// One person at work until the time is over.
fn work(folder: &Path, mine: ProjectIx, shared: ProjectIx, end: Instant, think: Duration) -> Day {
    let session = Session::start(folder);
    let mut store = Store::open(&folder.join("dukao.db"), None).expect("the year");
    let mut day = Day::default();
    for turn in 1_u64.. {
        if Instant::now() >= end {
            break;
        }
        store.refresh().expect("the newest state");
        let data = store.snapshot(None);
        let cell = if turn.is_multiple_of(5) { shared } else { mine };
        let (base, before) = stored(&data, cell);
        let points = (1..=4).map(Points::whole).find(|p| Some(*p) != before).expect("another value");
        let began = Instant::now();
        session.save(turn, vec![draft(&data, cell, points, base)]);
        let answer = session.wait(|reply| match reply {
            Reply::Saved { ticket, seqs } if ticket == turn => Some(Ok(seqs)),
            Reply::Refused { ticket, error } if ticket == turn => Some(Err(error)),
            _ => None,
        });
        day.saves.push(began.elapsed());
        match answer {
            Ok(seqs) => {
                day.entries += u64::try_from(seqs.len()).expect("small");
                if cell == mine {
                    day.own = Some(points);
                }
            }
            Err(Error::Conflict(conflict)) => {
                assert_eq!(cell, shared, "a conflict in a cell of his own");
                assert!(conflict.seq > base, "beaten by an entry that he had seen");
                day.conflicts += 1;
            }
            Err(error) => panic!("neither saved nor in conflict: {error}"),
        }
        #[expect(clippy::disallowed_methods, reason = "a person thinks")]
        thread::sleep(think);
    }
    session.stop();
    day
}

#[test]
fn many_editors_lose_nothing_and_every_conflict_is_said() {
    let folder = year();
    let (editors, seconds, think) =
        (told("DUKAO_EDITORS", 6), told("DUKAO_EDITORS_SECONDS", 2), told("DUKAO_EDITORS_THINK_MS", 50));
    let mut store = Store::open(&folder.path().join("dukao.db"), None).expect("the year");
    let data = store.snapshot(None);
    let before = data.facts.seq;
    let rows: Vec<ProjectIx> = data
        .plan
        .project_ixs()
        .filter(|&p| {
            data.score_entry(data.assessment_round().expect("open"), p, duty(&data), Some(Points::whole(1)), "").is_ok()
        })
        .collect();
    let shared = rows[0];
    let path: Arc<Path> = folder.path().into();
    let end = Instant::now() + Duration::from_secs(seconds);
    let days: Vec<(ProjectIx, Day)> = (1..=usize::try_from(editors).expect("small"))
        .map(|i| (rows[i], Arc::clone(&path)))
        .map(|(mine, path)| (mine, thread::spawn(move || work(&path, mine, shared, end, Duration::from_millis(think)))))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|(mine, editor)| (mine, editor.join().expect("worked to the end")))
        .collect();

    store.refresh().expect("the newest state");
    let after = store.snapshot(None);
    for (mine, day) in &days {
        assert_eq!(stored(&after, *mine).1, day.own, "the last value of {}", after.plan.project(*mine).id);
    }
    let entries: u64 = days.iter().map(|(_, day)| day.entries).sum();
    assert_eq!(after.facts.seq, before + entries, "one entry for each acknowledged save");
    let mut took: Vec<Duration> = days.iter().flat_map(|(_, day)| day.saves.iter().copied()).collect();
    took.sort_unstable();
    let at = |percent: usize| took[(took.len() * percent / 100).min(took.len() - 1)].as_secs_f64() * 1000.0;
    let conflicts: u64 = days.iter().map(|(_, day)| day.conflicts).sum();
    assert!(entries > 0 && took.len() > days.len(), "somebody worked");
    // The promise is of the long run on a machine that does nothing else; `cargo test` asks for no time.
    let most = told("DUKAO_EDITORS_P99_MS", u64::MAX);
    println!(
        "{{\"test\": \"editors\", \"editors\": {editors}, \"seconds\": {seconds}, \"think_ms\": {think}, \"saves\": {}, \
         \"entries\": {entries}, \"conflicts\": {conflicts}, \"lost\": 0, \"busy\": 0, \"save_ms_p50\": {:.1}, \
         \"save_ms_p99\": {:.1}}}",
        took.len(),
        at(50),
        at(99)
    );
    assert!(at(99) <= most as f64, "p99 of a save is {:.1} ms", at(99));
}
