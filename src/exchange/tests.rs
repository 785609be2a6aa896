//! The sample's records go through the ordinary import; every rule of a cell has one bad row.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::domain::board::Measure;
use crate::domain::project::BoardKind;
use crate::domain::snapshot::{Facts, Kept};
use crate::domain::value::Percent;
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

#[test]
fn gb18030_and_a_byte_order_mark_are_read_alike() {
    let records = Texts::sample_records();
    let (name, bytes) = records[0].clone();
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let (gb, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy && gb.as_ref() != bytes.as_slice());
    let state = empty();
    let read = |bytes: Vec<u8>, encoding| {
        let read = read_all(&[(name.clone(), bytes)], None, encoding, &state.plan, state.today);
        assert_eq!(read.complaints(), []);
        read.facts.into_iter().map(|f| (f.subject, f.after)).collect::<Vec<_>>()
    };
    let plain = read(bytes.clone(), Encoding::Auto);
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(&bytes);
    assert_eq!(plain, read(marked, Encoding::Utf8));
    assert_eq!(plain, read(gb.to_vec(), Encoding::Auto));
    assert_eq!(plain, read(gb.to_vec(), Encoding::Gb18030));
    let wrong = read_all(&[(name, gb.to_vec())], None, Encoding::Utf8, &state.plan, state.today);
    assert_eq!(wrong.complaints().len(), 1);
}

/// Column and line of the only complaint about a file.
fn refused(name: &str, text: &str) -> (String, usize, BadRow) {
    let state = empty();
    let mut bad = import(&state, &file(name, text), OWNER).err().unwrap_or_default();
    assert_eq!(bad.len(), 1, "{text}: {bad:#?}");
    let one = bad.remove(0);
    (one.column.clone(), one.row, one)
}

#[test]
fn every_rule_of_a_cell_names_its_column() {
    let p = "YB14-GY-005";
    let progress = "project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note\n";
    let incidents = "id,source,kind,date,project,resolved,people,amount,reference\n";
    let rectify = "id,project,unit,finding,action,issued,due,state,closed\n";
    let attract = "id,name,amount,received,origin,signed,host,credits,started,producing,excluded\n";
    let indicators = "indicator,period,value,growth,target_growth,city_growth,versus_city,provisional\n";
    let cases: Vec<(&str, String, &str)> = vec![
        ("milestones.csv", format!("project,milestone,done\n{p},项目备安,2014-01-31"), "milestone"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-07-13"), "done"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-1-031"), "done"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,20140131"), "done"),
        ("milestones.csv", "project,milestone,done\nYB14-GY-999,项目备案,2014-01-31".to_owned(), "project"),
        ("milestones.csv", format!("project,milestone\n{p},项目备案"), "done"),
        ("milestones.csv", format!("project,milestone,done,extra\n{p},项目备案,2014-01-31,1"), "extra"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-01-31,1"), ""),
        (
            "milestones.csv",
            format!("project,milestone,done\n{p},项目备案,2014-01-31\n{p},项目备案,2014-01-30"),
            "project",
        ),
        ("progress.csv", format!("{progress}{p},2014-06-30,101,,,,,,"), "percent"),
        ("progress.csv", format!("{progress}{p},2014-06-30,10.005,,,,,,"), "percent"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,980,,,,"), "invested"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,1,2,,"), "permits_obtained"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,1.5,,,"), "permits_due"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,,,done,"), "reported"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,,,,a\u{202e}b"), "note"),
        ("progress.csv", format!("{progress}{p},,,,,,,,x"), "date"),
        ("incidents.csv", format!("{incidents}I/1,petition,wage_unresolved,2014-02-01,{p},,,,"), "id"),
        ("incidents.csv", format!("{incidents}I1,petitions,wage_unresolved,2014-02-01,{p},,,,"), "source"),
        ("incidents.csv", format!("{incidents}I1,petition,stop_and_go,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,early,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,wages,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_resolved,2014-02-01,{p},,,,"), "resolved"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2014-02-01,{p},2014-01-31,,,"), "resolved"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GX,问题,,2014-05-01,2014-06-01,issued,"), "unit"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-04-01,issued,"), "due"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-06-01,closed,"), "closed"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-06-01,issued,2014-05-09"), "closed"),
        ("rectifications.csv", format!("{rectify}Z1,,,问题,,2014-05-01,2014-06-01,issued,"), "unit"),
        ("attractions.csv", format!("{attract}A1,名,13,,,2014-05-01,,,,,"), "amount"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,GY,,,,"), "host"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,DZ,DZ;DZ,,,"), "credits"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,DZ,DZ;QQ,,,"), "credits"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,province,2014-05-01,,,,,"), "origin"),
        ("indicators.csv", format!("{indicators}gdp,2014-H3,72,,,,,"), "period"),
        ("indicators.csv", format!("{indicators}gdb,2014-H1,72,,,,,"), "indicator"),
        ("indicators.csv", format!("{indicators}gdp,2014-H1,72,9.8%%,,,,"), "growth"),
        ("goals.csv", "goal,date,value\nmass-line,2014-06-30,0.5".to_owned(), "value"),
        ("goals.csv", "goal,date,value\nmass-line,2014-06-30,".to_owned(), "value"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duties,4"), "criterion"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duty,x"), "points"),
        ("scores.csv", format!("round,project,criterion,points\n2014-Q2-OBS,{p},duty,4"), "round"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duty,4"), "round"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J99,YB14-GY-007,entered,90".to_owned(), "judge"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,entered,".to_owned(), "score"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,absent,90".to_owned(), "score"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,closed,2014-07-02,".to_owned(), "state"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,sealed,2014-07-02,".to_owned(), "state"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,open,2014-07-13,".to_owned(), "date"),
        ("progress.csv", format!("{progress}{p},2014-07-13,45,,,,,,"), "date"),
        ("progress.csv", format!("{progress}{p},2001-01-01,45,,,,,,"), "date"),
        ("progress.csv", format!("{progress}{p},2014-02-31,45,,,,,,"), "date"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2104-02-01,{p},,,,"), "date"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2014-02-01,{p},2104-03-01,,,"), "resolved"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-08-01,2014-09-01,issued,"), "issued"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2104-05-01,,,,,"), "signed"),
        ("attractions.csv", format!("{attract}A1,名,1亿元,100亿元,,2014-05-01,,,,,"), "received"),
        ("indicators.csv", format!("{indicators}gdp,2104-H1,72,,,,,"), "period"),
        ("goals.csv", "goal,date,value\nmass-line,2104-06-30,1".to_owned(), "date"),
        ("notes.csv", "a,b\n1,2".to_owned(), ""),
    ];
    for (name, text, column) in cases {
        let (found, row, bad) = refused(name, &text);
        assert_eq!(found, column, "{text}: {bad:?}");
        let header = text.contains("extra") || column == "done" && !text.contains("2014");
        let expected = if name == "notes.csv" {
            0
        } else if header {
            1
        } else {
            text.matches('\n').count() + 1
        };
        assert_eq!(row, expected, "{text}: {bad:?}");
    }
}

#[test]
fn all_bad_rows_of_all_files_are_listed_and_nothing_goes_in() {
    let mut files = file(
        "milestones.csv",
        "\nproject,milestone,done\nX,项目备案,\nYB14-GY-005,\"项目\n备案\",2014-01-31\nYB14-GY-05,项目备案,2014-13-01\n",
    );
    files.extend(file("goals.csv", "goal,date,value\nnone,2014-06-30,1\n"));
    let bad = import(&empty(), &files, OWNER).expect_err("bad rows");
    let places: Vec<(&str, usize, &str)> = bad.iter().map(|b| (b.file.as_str(), b.row, b.column.as_str())).collect();
    assert_eq!(
        places,
        [
            ("milestones.csv", 3, "project"),
            ("milestones.csv", 4, "milestone"),
            ("milestones.csv", 6, "project"),
            ("milestones.csv", 6, "done"),
            ("goals.csv", 2, "goal"),
        ]
    );
    assert!(bad[2].reason.zh.contains("YB14-GY-005"), "{:?}", bad[2]);
}

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
fn a_record_with_nothing_changed_reads_back_as_it_is() {
    let state = sample();
    let mut read = 0;
    for sheet in Sheet::EDITED {
        for key in keys(&state, sheet) {
            let parts = sheet.key_parts(&key).expect("a key");
            let (subject, after) = edited(sheet, &parts, &[], &state).unwrap_or_else(|bad| panic!("{key}: {bad:?}"));
            assert_eq!((&subject.key, subject.kind), (&key, sheet.kind()));
            assert!(after.is_some() && after == current(&state, &subject), "{key}: {after:?}");
            read += 1;
        }
    }
    assert!(read > 300, "only {read} records");
}

/// Keys of all records of a sheet.
fn keys(state: &Snapshot, sheet: Sheet) -> Vec<String> {
    fn of<T>(list: &Keyed<T>) -> Vec<String> {
        list.iter().map(|(key, _)| key.clone()).collect()
    }
    let (plan, facts) = (&state.plan, &state.facts);
    let of_project = |ix: ProjectIx, last: &str| format!("{}/{last}", plan.project(ix).id);
    match sheet {
        Sheet::Milestones => {
            let done = |ix| plan.milestones(ix).iter().zip(state.done(ix)).filter(|(_, done)| done.is_some());
            plan.project_ixs().flat_map(|ix| done(ix).map(move |(m, _)| of_project(ix, &m.name))).collect()
        }
        Sheet::Progress => {
            let reports = |ix: ProjectIx| facts.progress[ix.at()].iter();
            plan.project_ixs()
                .flat_map(|ix| reports(ix).map(move |(day, _)| of_project(ix, &day.to_string())))
                .collect()
        }
        Sheet::Incidents => of(&facts.incidents),
        Sheet::Rectifications => of(&facts.rectifications),
        Sheet::Attractions => of(&facts.attractions),
        Sheet::Indicators => of(&facts.indicators),
        Sheet::Goals => of(&facts.goals),
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => Vec::new(),
    }
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

#[test]
fn names_of_files_tell_their_kind() {
    assert_eq!(Sheet::of_file("a/b/Scores.CSV"), Some(Sheet::Scores));
    assert_eq!(Sheet::of_file("scores"), Some(Sheet::Scores));
    assert_eq!(Sheet::of_file("score.csv"), None);
    for sheet in Sheet::ALL {
        assert_eq!(Sheet::named(sheet.name()), Some(sheet));
    }
}

#[test]
fn the_sample_has_its_known_warnings() {
    let (state, lines) = (sample(), crate::plan::load_located(&Texts::sample()).expect("the sample").lines);
    let found = crate::plan::lints(&state, &lines);
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for w in &found {
        match counts.iter_mut().find(|c| c.0 == w.code) {
            Some(c) => c.1 += 1,
            None => counts.push((w.code, 1)),
        }
    }
    assert_eq!(
        counts,
        [
            ("quota-unresolved", 1),
            ("quota-implied", 1),
            ("quota-concentration", 1),
            ("quota-credits", 2),
            ("identical-values", 1),
            ("duplicate-label", 1),
            ("town-not-stated", 1),
            ("overdue-unreported", 1),
            ("progress-stale", 1),
            ("report-optimistic", 1),
            ("officer-missing", 1),
            ("round-pair-one-sided", 2),
            ("ballot-unconfirmed", 2),
            ("judge-outlier", 1),
            ("rectification-overdue", 4),
            ("provenance-assumed", 1),
        ]
    );
    // What the article printed agrees with the registry; with one more behind it would not.
    let files = file("milestones.csv", "project,milestone,done\nYB14-GY-005,试生产,");
    let (worse, _) = import(&state, &files, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let mismatch = crate::plan::lints(&worse, &lines);
    assert!(mismatch.iter().any(|w| w.code == "tally-mismatch" && w.message.en.contains("completed")));
}

#[test]
fn odd_records_are_warned_about() {
    let files = [
        file(
            "progress.csv",
            "project,date,percent,invested\nYB14-GY-003,2014-03-31,50,14亿元\nYB14-GY-003,2014-06-30,40,15亿元",
        ),
        file(
            "attractions.csv",
            "id,name,amount,received,signed,credits\nA1,甲,2亿元,3亿元,2014-07-05,\nA2,乙,1557万美元,,2014-07-05,DZ",
        ),
        file(
            "indicators.csv",
            "indicator,period,value,growth,city_growth,versus_city,provisional\ngdp,2014-Q1,30,9,10,above,yes",
        ),
    ]
    .concat();
    let (state, _) = import(&empty(), &files, OWNER).unwrap_or_else(|bad| panic!("{bad:#?}"));
    let lines = crate::plan::load_located(&Texts::sample()).expect("the sample").lines;
    let found: Vec<&str> = crate::plan::lints(&state, &lines).iter().map(|w| w.code).collect();
    for code in [
        "progress-regress",
        "plan-exceeds-total",
        "attraction-uncredited",
        "attraction-received",
        "attraction-currency",
        "indicator-contradiction",
        "indicator-provisional",
        "tally-mismatch",
    ] {
        assert!(found.contains(&code), "{code} is not in {found:?}");
    }
}

mod at_once;
mod slips;
mod words;
