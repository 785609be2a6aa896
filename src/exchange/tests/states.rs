//! What may come in depends on where a record and its round stand.

use super::*;

#[test]
fn an_entry_is_written_with_the_suggestion_of_its_moment() {
    let files = [
        file("rounds.csv", "round,state,date\n2014-H1-ASM,open,2014-07-02"),
        file("scores.csv", "round,project,criterion,points,note\n2014-H1-ASM,YB14-GY-005,formalities,12,\n2014-H1-ASM,YB14-GY-005,duty,4.5,"),
        file("progress.csv", "project,date,permits_due,permits_obtained\nYB14-GY-005,2014-06-30,5,4"),
    ]
    .concat();
    let (state, _) = import(&empty(), &files, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let (round, project) = (state.plan.round_ix("2014-H1-ASM").unwrap(), state.plan.project_ix("YB14-GY-005").unwrap());
    let kept = &state.facts.scores[round.at()][&(project, 3)].value;
    assert_eq!((kept.points, kept.suggestion), (Some(Points(1200)), Some(Points(1200))));
    assert_eq!(kept.basis, crate::domain::scoring::Basis::Accepted);
    // Half points where the step is half a point; a step that does not fit is named.
    let text =
        "round,project,criterion,points,note\n2014-H1-ASM,YB14-GY-005,duty,4.25,\n2014-H1-ASM,YB14-GY-005,node,n/a,";
    let bad = import(&state, &file("scores.csv", text), OWNER).expect_err("two bad rows");
    assert_eq!((bad[0].column.as_str(), bad[0].value.as_str()), ("points", "4.25"));
    assert_eq!(bad[1].column, "note");
}

#[test]
fn a_confirmed_ballot_needs_two_persons_except_at_the_start() {
    let (anna, bert) = (Importer { login: "luru", bootstrap: false }, Importer { login: "hedui", bootstrap: false });
    let state = sample();
    let round = state.plan.round_ix("2014-Q2-OBS").unwrap();
    let (site, judge) = (state.plan.round(round).sites[0], state.plan.judge_ix("J01").unwrap());
    let line = |state: &str, score: &str| {
        file("ballots.csv", &format!("round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,{state},{score}"))
    };
    let kept = |s: &Snapshot| s.facts.ballots[round.at()][&(site, judge)].value.clone();
    let (state, one) = import(&state, &line("confirmed", "61"), anna).expect("taken");
    assert_eq!((kept(&state).state, one.notices.len()), (BallotState::Entered, 1));
    // Again by the same person, and by another with another score.
    let (state, two) = import(&state, &line("confirmed", "61"), anna).expect("taken");
    assert_eq!((two.drafts.len(), kept(&state).state), (0, BallotState::Entered));
    let (other, _) = import(&state, &line("confirmed", "62"), bert).expect("taken");
    assert_eq!(kept(&other).state, BallotState::Entered);
    let (state, three) = import(&state, &line("confirmed", "61"), bert).expect("taken");
    assert_eq!((kept(&state).state, three.notices.len()), (BallotState::Confirmed, 0));
    assert_eq!(kept(&state).entered_by.as_deref(), Some("luru"));
    let bad = import(&state, &line("entered", "61.25"), bert).expect_err("no such step");
    assert_eq!(bad[0].column, "score");
}

#[test]
fn first_entries_that_come_again_leave_confirmed_ballots_alone() {
    let bert = Importer { login: "hedui", bootstrap: false };
    let state = sample();
    let round = state.plan.round_ix("2014-Q2-OBS").unwrap();
    let (site, judge) = (state.plan.round(round).sites[0], state.plan.judge_ix("J01").unwrap());
    let kept = state.ballot(round, judge, site).expect("a ballot").value.clone();
    assert_eq!(kept.state, BallotState::Confirmed);
    let row = format!(
        "round,judge,project,state,score\n2014-Q2-OBS,J01,{},entered,{}",
        state.plan.project(site).id,
        kept.score.expect("a score")
    );
    let (_, again) = import(&state, &file("ballots.csv", &row), bert).expect("taken");
    assert_eq!(again.drafts, []);
}

#[test]
fn a_rectification_gets_on_by_files_as_by_hand() {
    let clerk = Importer { login: "luru", bootstrap: false };
    let state = sample();
    let line = |row: &str| file("rectifications.csv", &format!("id,unit,finding,issued,due,state,closed\n{row}"));
    let (state, _) =
        import(&state, &line("ZG-900,GY,样例,2014-07-01,2014-07-20,in_progress,"), clerk).expect("a new one");
    let bad = import(&state, &line("ZG-900,GY,样例,2014-07-01,2014-07-20,accepted,"), clerk).expect_err("backwards");
    assert_eq!((bad[0].row, bad[0].column.as_str()), (2, "state"));
    let bad = import(&state, &line("ZG-900,GY,样例,2014-07-01,2014-07-19,submitted,"), clerk).expect_err("earlier");
    assert_eq!(bad[0].column, "due");
    let (state, _) = import(&state, &line("ZG-900,GY,样例,2014-07-01,2014-07-20,submitted,"), clerk).expect("on");
    assert!(import(&state, &line("ZG-900,GY,样例,2014-07-01,2014-07-20,closed,2014-07-12"), clerk).is_ok());
}

#[test]
fn rounds_take_their_steps_in_order() {
    let state = sample();
    let step = |text: &str| import(&state, &file("rounds.csv", &format!("round,state,date,reason\n{text}")), OWNER);
    // Final is final, and an open assessment with projects to certify cannot be sealed.
    for (bad, column) in [
        ("2014-Q1-OBS,open,2014-07-12,again", "state"),
        ("2014-H1-ASM,sealed,2014-07-12,", "state"),
        ("2014-H1-ASM,final,2014-07-12,", "state"),
    ] {
        let found = step(bad).expect_err(bad);
        assert_eq!((found.len(), found[0].column.as_str()), (1, column), "{bad}: {found:?}");
    }
    let scores = file("scores.csv", "round,project,criterion,points\n2014-Q1-ASM,YB14-GY-005,duty,1");
    let found = import(&state, &scores, OWNER).expect_err("a final round takes no entries");
    assert_eq!(found[0].column, "round");
}
