//! The sample's records go through the ordinary import.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::domain::board::Measure;
use crate::domain::district::Plan;
use crate::domain::panel::BallotState;
use crate::domain::project::BoardKind;
use crate::domain::round::RoundState;
use crate::domain::snapshot::{Facts, Kept, Keyed};
use crate::domain::value::{Date, Percent, Points};
use crate::plan::{Texts, load};

const OWNER: Importer<'static> = Importer { login: "bootstrap", bootstrap: true };

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn plan() -> Arc<Plan> {
    Arc::new(load(&Texts::sample()).expect("the sample"))
}

fn empty() -> Arc<Snapshot> {
    let plan = plan();
    let facts = Facts::empty(&plan);
    Arc::new(Snapshot::new(plan, facts, day("2014-07-12"), None))
}

/// Puts drafts into the facts as the store would.
fn applied(snapshot: &Snapshot, drafts: &[Draft]) -> Arc<Snapshot> {
    fn keep<T: Clone>(list: &mut Keyed<T>, key: &str, value: T) {
        let list = Arc::make_mut(list);
        match list.binary_search_by(|(k, _)| k.as_str().cmp(key)) {
            Ok(at) => list[at].1 = Kept { seq: 1, value },
            Err(at) => list.insert(at, (key.to_owned(), Kept { seq: 1, value })),
        }
    }
    let (plan, mut facts) = (&snapshot.plan, snapshot.facts.clone());
    for draft in drafts {
        let key = draft.change.subject.key.as_str();
        let parts: Vec<&str> = key.split('/').collect();
        match draft.change.after.clone() {
            None | Some(Record::Milestone(_)) => {
                let (project, name) = key.split_once('/').expect("a milestone");
                let ix = plan.project_ix(project).expect("a project");
                let at = plan.milestones(ix).iter().position(|m| m.name == name).expect("a milestone");
                let done = match &draft.change.after {
                    Some(Record::Milestone(m)) => Some(m.done),
                    _ => None,
                };
                Arc::make_mut(&mut facts.done)[plan.project(ix).milestones.start as usize + at] = done;
            }
            Some(Record::Progress(p)) => {
                let ix = plan.project_ix(parts[0]).expect("a project");
                let list = &mut Arc::make_mut(&mut facts.progress)[ix.at()];
                list.retain(|r| r.0 != day(parts[1]));
                list.push((day(parts[1]), p));
                list.sort_by_key(|r| r.0);
            }
            Some(Record::Score(value)) => {
                let round = plan.round_ix(parts[0]).expect("a round");
                let at = (plan.project_ix(parts[1]).expect("a project"), plan.rules.criterion(parts[2]).expect("one"));
                Arc::make_mut(&mut facts.scores)[round.at()].insert(at, Kept { seq: 1, value });
            }
            Some(Record::Ballot(value)) => {
                let round = plan.round_ix(parts[0]).expect("a round");
                let at = (plan.project_ix(parts[2]).expect("a project"), plan.judge_ix(parts[1]).expect("a judge"));
                Arc::make_mut(&mut facts.ballots)[round.at()].insert(at, Kept { seq: 1, value });
            }
            Some(Record::Round(value)) => {
                let round = plan.round_ix(key).expect("a round");
                if value.state == RoundState::Sealed {
                    Arc::make_mut(&mut facts.results)[round.at()] = Some(snapshot.results(round));
                }
                Arc::make_mut(&mut facts.rounds)[round.at()] = Some(Kept { seq: 1, value });
            }
            Some(Record::Incident(r)) => keep(&mut facts.incidents, key, r),
            Some(Record::Rectification(r)) => keep(&mut facts.rectifications, key, r),
            Some(Record::Attraction(r)) => keep(&mut facts.attractions, key, r),
            Some(Record::Indicator(r)) => keep(&mut facts.indicators, key, r),
            Some(Record::Goal(r)) => keep(&mut facts.goals, key, r),
            Some(other) => panic!("not from CSV: {other:?}"),
        }
    }
    Arc::new(Snapshot::new(snapshot.plan.clone(), facts, snapshot.today, None))
}

fn import(
    snapshot: &Arc<Snapshot>,
    files: &[(String, Vec<u8>)],
    who: Importer<'_>,
) -> Result<(Arc<Snapshot>, Outcome), Vec<BadRow>> {
    let read = read_all(files, None, Encoding::Auto, &snapshot.plan, snapshot.today);
    let mut state = snapshot.clone();
    let outcome = read.run(snapshot.clone(), who, &Denied::default(), |drafts| {
        state = applied(&state, drafts);
        Ok::<_, std::convert::Infallible>(Saved { snapshot: state.clone(), refused: Vec::new() })
    });
    match outcome {
        Ok(outcome) => Ok((state, outcome)),
        Err(ImportError::BadRows(bad)) => Err(bad),
        Err(ImportError::Apply(never)) => match never {},
    }
}

fn file(name: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    vec![(name.to_owned(), text.as_bytes().to_vec())]
}

fn sample() -> Arc<Snapshot> {
    match import(&empty(), &Texts::sample_records(), OWNER) {
        Ok((state, _)) => state,
        Err(bad) => panic!("{bad:#?}"),
    }
}

#[test]
fn the_sample_goes_in_and_a_second_time_changes_nothing() {
    let records = Texts::sample_records();
    let (state, outcome) = import(&empty(), &records, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let lines: usize = records.iter().map(|(_, b)| b.iter().filter(|b| **b == b'\n').count() - 1).sum();
    assert_eq!(outcome.rows, lines);
    assert_eq!(outcome.drafts.len(), lines);
    assert_eq!(outcome.notices, []);
    let mut counts: HashMap<Kind, usize> = HashMap::new();
    for d in &outcome.drafts {
        *counts.entry(d.change.subject.kind).or_default() += 1;
    }
    assert_eq!((counts[&Kind::Ballot], counts[&Kind::Score], counts[&Kind::Round]), (1350, 818, 10));
    // E43
    let must = state.tally_of(Some(crate::domain::project::Commitment::Must));
    assert_eq!((must.completed, must.on_track, must.behind), (12, 78, 7));
    // N4
    let round = state.plan.round_ix("2014-H1-ASM").expect("the round");
    let board = state.board(round, BoardKind::Headquarters, Measure::Assessment).expect("a board");
    let rows: Vec<(String, i64)> =
        board.rows.iter().filter_map(|r| Some((state.plan.unit(r.unit?).code.clone(), r.score?.0))).collect();
    let expected = [("NC", 9627), ("AZ", 9178), ("XX", 9178), ("SZ", 9056), ("CQ", 9000), ("GY", 8906)];
    assert_eq!(rows, expected.map(|(code, score)| (code.to_owned(), score)));
    assert!(outcome.drafts[0].change.reason.starts_with("import milestones.csv sha256:"));
    let (_, again) = import(&state, &records, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    assert_eq!(again.drafts, []);
}

mod at_once;
mod cells;
mod edits;
mod slips;
mod states;
mod warnings;
mod words;
