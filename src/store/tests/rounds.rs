//! The life of a round (`domain.md` §7), cell by cell.

use super::*;

const STATES: [RoundState; 5] =
    [RoundState::Draft, RoundState::Open, RoundState::Sealed, RoundState::Published, RoundState::Final];
const STEPS: [RoundStep; 5] =
    [RoundStep::Open, RoundStep::Seal, RoundStep::Reopen, RoundStep::Publish, RoundStep::Finalise];

fn step(desk: &mut Desk, login: &str, round: &str, step: RoundStep, reason: &str) -> Result<Vec<u64>, Error> {
    desk.store.round_step(&who(login), round, step, reason)
}

/// A desk whose assessment is in that state, complete where it is open.
fn in_state(state: RoundState) -> Desk {
    let mut desk = Desk::new();
    for next in
        [RoundStep::Open, RoundStep::Seal, RoundStep::Publish, RoundStep::Finalise].into_iter().take(state as usize)
    {
        if next == RoundStep::Seal {
            complete(&mut desk);
        }
        step(&mut desk, "chief", "ASM", next, "").expect("on the way");
    }
    if state == RoundState::Open {
        complete(&mut desk);
    }
    assert_eq!(desk.store.snapshot(None).round_state(RoundIx(0)), state);
    desk
}

/// The table of §7: where a step leads from a state.
fn leads_to(state: RoundState, step: RoundStep) -> Option<RoundState> {
    match (state, step) {
        (RoundState::Draft, RoundStep::Open) => Some(RoundState::Open),
        (RoundState::Open, RoundStep::Seal) => Some(RoundState::Sealed),
        (RoundState::Sealed | RoundState::Published, RoundStep::Reopen) => Some(RoundState::Open),
        (RoundState::Sealed, RoundStep::Publish) => Some(RoundState::Published),
        (RoundState::Published, RoundStep::Finalise) => Some(RoundState::Final),
        _ => None,
    }
}

#[test]
fn every_step_from_every_state_is_that_of_the_table() {
    for state in STATES {
        for next in STEPS {
            let mut desk = in_state(state);
            let answer = step(&mut desk, "chief", "ASM", next, "更正");
            let now = desk.store.snapshot(None).round_state(RoundIx(0));
            match leads_to(state, next) {
                Some(there) => {
                    assert!(answer.is_ok(), "{next:?} from {state:?}: {answer:?}");
                    assert_eq!(now, there, "{next:?} from {state:?}");
                }
                None => {
                    assert_eq!(answer, Err(Error::RoundState(state)), "{next:?} from {state:?}");
                    assert_eq!((now, Error::RoundState(state).exit_code()), (state, 4));
                }
            }
            assert_eq!(desk.problems(), Vec::<String>::new(), "{next:?} from {state:?}");
        }
    }
}

#[test]
fn only_the_chief_takes_a_step() {
    for state in STATES {
        for next in STEPS.into_iter().filter(|s| leads_to(state, *s).is_some()) {
            for login in ["vera", "zhang", "li", "clerk", "audit", "nobody"] {
                let mut desk = in_state(state);
                let answer = step(&mut desk, login, "ASM", next, "更正").expect_err(login);
                assert_eq!(answer.exit_code(), 3, "{next:?} by {login}: {answer:?}");
                assert_eq!(desk.store.snapshot(None).round_state(RoundIx(0)), state);
            }
        }
    }
}

#[test]
fn reopening_needs_a_reason() {
    for state in [RoundState::Sealed, RoundState::Published] {
        for nothing in ["", "  "] {
            let mut desk = in_state(state);
            assert_eq!(step(&mut desk, "chief", "ASM", RoundStep::Reopen, nothing), Err(Error::ReasonNeeded));
        }
    }
}

#[test]
fn scores_and_ballots_are_taken_while_the_round_is_open_and_only_then() {
    let confirmed = || ballot(BallotState::Entered, Some(9000), "");
    for state in STATES {
        let mut desk = in_state(state);
        let wanted = if state == RoundState::Open { Ok(()) } else { Err(Error::RoundState(state)) };
        assert_eq!(desk.score("zhang", "ASM/P1/duty", 150, None).map(drop), wanted, "a score in {state:?}");
        let cleared = draft(Kind::Score, "ASM/P1/site", None, None, "清空");
        assert_eq!(desk.store.save(&who("chief"), &[cleared], None).map(drop).is_ok(), state == RoundState::Open);
        let imported = desk
            .store
            .import(&who("zhang"), "scores.csv", "0123456789ab", |to| to.append(&[score("ASM/P2/duty", 250, None)]));
        assert_eq!(imported.map(drop), wanted, "an import in {state:?}");
    }
    // The observation, too: a draft takes no ballot, nor does a sealed one.
    let mut desk = Desk::new();
    let enter = |desk: &mut Desk| desk.store.save(&who("clerk"), &[confirmed()], None).map(drop);
    assert_eq!(enter(&mut desk), Err(Error::RoundState(RoundState::Draft)));
    step(&mut desk, "chief", "OBS", RoundStep::Open, "").expect("opened");
    desk.store.save(&who("clerk"), &[ballot(BallotState::Absent, None, "")], None).expect("absent");
    step(&mut desk, "chief", "OBS", RoundStep::Seal, "").expect("sealed");
    assert_eq!(enter(&mut desk), Err(Error::RoundState(RoundState::Sealed)));
}

/// A desk of another plan.
pub(super) fn desk_of(edit: impl FnOnce(&mut Plan)) -> Desk {
    let mut changed = plan();
    edit(&mut changed);
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("year/x.db");
    let store = create::create_with(&path, TEXTS, &changed, ambient(), |_| Ok(())).expect("a new database");
    Desk { path, store, _folder: folder }
}

#[test]
fn a_round_without_projects_sites_or_judges_is_not_opened() {
    let opens = |round: &str, edit: fn(&mut Plan)| {
        let mut desk = desk_of(edit);
        step(&mut desk, "chief", round, RoundStep::Open, "").map(drop)
    };
    let empty = |answer: Result<(), Error>| matches!(answer, Err(Error::Invalid(_)));
    assert_eq!(opens("ASM", |_| ()), Ok(()));
    assert!(empty(opens("ASM", |p| p.projects.iter_mut().for_each(|p| p.state = ProjectState::Exempt))));
    assert!(empty(opens("ASM", |p| p.projects.iter_mut().for_each(|p| p.state = ProjectState::Withdrawn))));
    assert!(empty(opens("ASM", |p| p.projects.iter_mut().for_each(|p| p.commitment = Commitment::Stretch))));
    // Stretch projects that are assessed like the others are a scope.
    let same = |p: &mut Plan| {
        p.projects.iter_mut().for_each(|p| p.commitment = Commitment::Stretch);
        p.rules.scope.stretch = StretchMode::Same;
    };
    assert_eq!(opens("ASM", same), Ok(()));
    assert_eq!(opens("OBS", |_| ()), Ok(()));
    assert!(empty(opens("OBS", |p| p.district.rounds[1].sites.clear())));
    assert!(empty(opens("OBS", |p| p.district.judges.clear())));
}

#[test]
fn an_observation_is_sealed_when_every_ballot_is_in_and_confirmed() {
    let seal = |desk: &mut Desk| step(desk, "chief", "OBS", RoundStep::Seal, "").map(drop);
    let cast = |desk: &mut Desk, login: &str, state, points| {
        desk.store.save(&who(login), &[ballot(state, points, "理由")], None).expect("cast");
    };
    // The second judge is recused by rule; the first has no ballot yet.
    let mut desk = Desk::open();
    assert!(seal(&mut desk).is_err_and(|e| e.text().en.contains(": 1 ballots missing (P1 missing 1)")));
    cast(&mut desk, "clerk", BallotState::Entered, Some(9000));
    assert!(seal(&mut desk).is_err_and(|e| e.text().en.contains(": 1 ballots not confirmed (P1 not confirmed 1)")));
    cast(&mut desk, "clerk2", BallotState::Confirmed, Some(9000));
    assert_eq!(seal(&mut desk), Ok(()));
    for without in [BallotState::Absent, BallotState::Recused] {
        let mut desk = Desk::open();
        cast(&mut desk, "clerk", without, None);
        assert_eq!(seal(&mut desk), Ok(()), "{without:?}");
    }
    // Where one entry is enough, it is.
    let mut desk = desk_of(|p| p.rules.observation.double_entry = false);
    step(&mut desk, "chief", "OBS", RoundStep::Open, "").expect("opened");
    cast(&mut desk, "clerk", BallotState::Entered, Some(9000));
    assert_eq!(seal(&mut desk), Ok(()));
}

#[test]
fn e44_a_seal_without_change_has_the_same_hash_and_every_seal_stays_readable() {
    let mut desk = in_state(RoundState::Sealed);
    let reseal = |desk: &mut Desk, change: Option<i64>| {
        step(desk, "chief", "ASM", RoundStep::Reopen, "更正").expect("reopened");
        if let Some(points) = change {
            desk.score("zhang", "ASM/P1/duty", points, None).expect("changed");
        }
        step(desk, "chief", "ASM", RoundStep::Seal, "").expect("sealed");
    };
    reseal(&mut desk, None);
    reseal(&mut desk, Some(2050));
    let seals = desk.store.seals().expect("seals").remove("ASM").expect("of the assessment");
    assert_eq!(seals.iter().map(|s| s.revision).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(seals[0].sha256, seals[1].sha256);
    assert_ne!(seals[1].sha256, seals[2].sha256);
    assert_eq!(seals.iter().map(|s| s.reopened.as_deref()).collect::<Vec<_>>(), [Some("更正"), Some("更正"), None]);
    for seal in &seals {
        let (text, results) = desk.another().sealed_document(seal).expect("readable");
        assert_eq!(ledger::sha256(&text), seal.sha256);
        assert_eq!(results.round, "ASM");
    }
    let of = |n: usize| desk.store.sealed_document(&seals[n]).expect("readable").1;
    assert_eq!(crate::domain::revision::differences(&plan(), &of(0), &of(1)), []);
    let found = crate::domain::revision::differences(&plan(), &of(1), &of(2));
    let entry = found.iter().find(|d| d.key == "P1/duty" && d.field == "points").expect("the entry");
    assert_eq!((entry.old.to_string(), entry.new.to_string()), ("20".to_owned(), "20.5".to_owned()));
    assert!(found.iter().any(|d| d.key == "headquarters/A" && d.field == "value"), "{found:?}");
    assert!(!found.iter().any(|d| d.key.starts_with("P2")), "{found:?}");
}

#[test]
fn a_seal_after_a_publication_is_a_correction() {
    let correction =
        |desk: &mut Desk| desk.store.snapshot(None).facts.rounds[0].clone().expect("a record").value.correction;
    let again = |desk: &mut Desk| {
        step(desk, "chief", "ASM", RoundStep::Reopen, "更正").expect("reopened");
        step(desk, "chief", "ASM", RoundStep::Seal, "").expect("sealed");
    };
    let mut desk = in_state(RoundState::Sealed);
    again(&mut desk);
    assert!(!correction(&mut desk), "nothing was announced yet");
    step(&mut desk, "chief", "ASM", RoundStep::Publish, "").expect("published");
    again(&mut desk);
    assert!(correction(&mut desk));
    // And stays one, when it is reopened once more before it is published.
    again(&mut desk);
    assert!(correction(&mut desk));
    let seals = desk.store.seals().expect("seals").remove("ASM").expect("of the assessment");
    assert_eq!(seals.iter().map(|s| s.published).collect::<Vec<_>>(), [false, true, false, false]);
    assert_eq!(seals.iter().map(|s| s.correction).collect::<Vec<_>>(), [false, false, true, true]);
}

#[test]
fn a_sealed_document_that_was_touched_is_found() {
    let tampered = |sql: &str| {
        let desk = in_state(RoundState::Sealed);
        let conn = desk.owner();
        let (name, rule): (String, String) = conn
            .query_row("SELECT name, sql FROM sqlite_schema WHERE name = 'document_no_update'", [], |r| {
                Ok((r.get(0)?, r.get(1)?))
            })
            .expect("the rule");
        let sql = sql.replace(
            "RESULTS",
            "(SELECT after ->> '$.results_sha256' FROM ledger WHERE after ->> '$.state' = 'sealed')",
        );
        conn.execute_batch(&format!("DROP TRIGGER {name}; {sql}; {rule}")).expect("done");
        desk.problems()
    };
    let touched = tampered("UPDATE document SET text = replace(text, '2000', '2050') WHERE sha256 = RESULTS");
    assert!(touched.iter().any(|p| p.contains("does not have the content of its name")), "{touched:?}");
    assert!(touched.iter().any(|p| p.contains("differ from what its records give")), "{touched:?}");
    let renamed =
        tampered("UPDATE document SET sha256 = replace(sha256, substr(sha256, 1, 4), 'ffff') WHERE sha256 = RESULTS");
    assert!(renamed.iter().any(|p| p.contains("does not have the content of its name")), "{renamed:?}");
    assert!(renamed.iter().any(|p| p.contains("differ from what its records give")), "{renamed:?}");
}
