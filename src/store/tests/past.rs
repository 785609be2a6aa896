//! The year after an entry is the year that was seen after it.

use std::collections::BTreeMap;

use super::*;
use crate::domain::snapshot::Facts;

/// Everything of a year that can be compared.
fn told(facts: &Facts) -> String {
    let scores: Vec<_> = facts.scores.iter().map(|r| r.iter().collect::<BTreeMap<_, _>>()).collect();
    let ballots: Vec<_> = facts.ballots.iter().map(|r| r.iter().collect::<BTreeMap<_, _>>()).collect();
    format!(
        "{} {} {:?} {:?} {:?} {scores:?} {ballots:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        facts.seq,
        facts.head,
        facts.done,
        facts.progress,
        facts.unknown_milestones,
        facts.rounds,
        facts.results,
        facts.sealed_rules,
        facts.rectifications,
        facts.returned,
        facts.incidents,
        facts.attractions,
        facts.indicators,
        facts.goals,
        facts.resolutions
    )
}

#[test]
fn after_every_entry_the_year_is_what_was_seen_then() {
    let mut desk = Desk::open();
    let rectification = |state| {
        Some(Record::Rectification(Rectification {
            project: Some("P1".into()),
            unit: "A".into(),
            finding: "问题".into(),
            action: None,
            issued: day("2014-06-01"),
            due: day("2014-07-01"),
            state,
            closed: None,
        }))
    };
    let progress =
        |percent| Some(Record::Progress(ProgressRecord { percent: Some(Percent(percent)), ..Default::default() }));
    let done = Some(Record::Milestone(MilestoneRecord { done: day("2014-04-02") }));
    let step = |state| draft(Kind::Rectification, "Z1", rectification(state), None, "");
    use RectificationState::{Accepted, InProgress, Issued, Submitted};
    let work: Vec<(&str, Draft)> = vec![
        ("zhang", score("ASM/P1/duty", 30_00, None)),
        ("clerk", draft(Kind::Milestone, "P1/封顶/验收", done, None, "")),
        ("clerk", draft(Kind::Progress, "P1/2014-06-30", progress(4000), None, "")),
        ("zhang", score("ASM/P1/duty", 35_50, None)),
        ("clerk", ballot(BallotState::Entered, Some(80_00), "")),
        ("clerk", step(Issued)),
        ("clerk", step(Accepted)),
        ("clerk", step(InProgress)),
        ("clerk", step(Submitted)),
        ("clerk2", draft(Kind::Rectification, "Z1", rectification(InProgress), None, "不合格")),
        ("clerk2", ballot(BallotState::Confirmed, Some(80_00), "")),
        ("clerk", draft(Kind::Progress, "P1/2014-06-30", progress(4500), None, "更正")),
        ("clerk", draft(Kind::Progress, "P1/2014-06-30", None, None, "误报")),
        ("zhang", draft(Kind::Score, "ASM/P1/duty", None, None, "重来")),
    ];
    let mut seen = vec![desk.store.snapshot(None)];
    for (login, draft) in work {
        desk.store.save(&who(login), std::slice::from_ref(&draft), None).unwrap_or_else(|e| panic!("{draft:?}: {e:?}"));
        seen.push(desk.store.snapshot(None));
    }
    complete(&mut desk);
    for step in [RoundStep::Seal, RoundStep::Publish, RoundStep::Reopen, RoundStep::Seal] {
        desk.store.round_step(&who("chief"), "ASM", step, "更正").expect("a step");
        seen.push(desk.store.snapshot(None));
    }
    assert!(seen.windows(2).all(|pair| told(&pair[0].facts) != told(&pair[1].facts)));
    assert!(!seen.last().expect("the last").facts.returned.is_empty());
    for was in seen {
        let past = desk.store.snapshot_at(&who("chief"), was.facts.seq).expect("the year of then");
        assert_eq!(told(&past.facts), told(&was.facts), "after #{}", was.facts.seq);
    }
    assert!(desk.store.snapshot_at(&who("chief"), 9_999).is_err(), "an entry that is not there");
}
