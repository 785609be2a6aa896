//! What holds in every district. Each property states it once, over small districts drawn by chance.

mod district;
mod panels;
mod project;
mod targets;

use std::collections::{BTreeMap, BTreeSet};

use dukao::domain::board::{Board, BoardRow, Flag, Measure};
use dukao::domain::change::{Change, Kind, MilestoneRecord, PlanRecord, Record, ResolutionRecord, Subject};
use dukao::domain::district::{ProjectIx, RoundIx, UnitIx};
use dukao::domain::explain::{Derivation, Figure, Question, Trace};
use dukao::domain::goal::GoalRecord;
use dukao::domain::indicator::IndicatorRecord;
use dukao::domain::panel::{BallotRecord, BallotState, Cast, panel};
use dukao::domain::project::{BoardKind, Commitment, Project, Standing, Status, Tally, standing};
use dukao::domain::round::{RoundRecord, RoundState};
use dukao::domain::score::{ProjectScore, ScoreState};
use dukao::domain::scoring::{
    Attribution, Missing, ObservationRule, RankMethod, StretchMode, TieBreak, Trim, UnitMethod,
};
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::{Date, Lang, Points, Ratio};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use district::{ASSESSMENT, District, EARLIER, OBSERVATION, attracted, day, district, trim};

const BOARDS: [BoardKind; 2] = [BoardKind::Headquarters, BoardKind::Towns];
const ROUNDS: [RoundIx; 3] = [EARLIER, ASSESSMENT, OBSERVATION];

/// 256 cases take a second in all; `PROPTEST_CASES=20000` asks for more. What failed is printed, not kept: a case worth
/// keeping becomes a test of its own.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

/// F9 told day by day: what share of a project falls on which unit of a board; `None` is 未注明.
fn shares(s: &Snapshot, project: &Project, board: BoardKind, round: RoundIx) -> BTreeMap<Option<UnitIx>, Ratio> {
    let holders = |day: Date| -> Vec<(Option<UnitIx>, i64)> {
        let moved = project.moves.iter().filter(|m| m.board == board && m.from <= day).max_by_key(|m| m.from);
        match (moved, board) {
            (Some(m), _) => vec![(Some(m.unit), 10_000)],
            (None, BoardKind::Headquarters) => vec![(Some(project.headquarters), 10_000)],
            (None, BoardKind::Towns) if project.towns.is_empty() => vec![(None, 10_000)],
            (None, BoardKind::Towns) => project.towns.iter().map(|(u, bp)| (Some(*u), i64::from(*bp))).collect(),
        }
    };
    let plan = s.plan.round(round);
    let days = match s.plan.rules.attribution {
        Attribution::AsOf => vec![s.round_date(round)],
        Attribution::TimeWeighted if project.moves.is_empty() => vec![plan.to],
        Attribution::TimeWeighted => {
            plan.from.series(jiff::Span::new().days(1)).take_while(|d| *d <= plan.to).collect()
        }
    };
    let (last, whole) = (holders(days[days.len() - 1]), i64::try_from(days.len()).expect("few"));
    let mut held: BTreeMap<Vec<(Option<UnitIx>, i64)>, i64> = BTreeMap::new();
    for day in &days {
        *held.entry(holders(*day)).or_default() += 1;
    }
    let rounded = |n: i64| (2 * 10_000 * n + whole) / (2 * whole);
    let others: i64 = held.iter().filter(|(h, _)| **h != last).map(|(_, n)| rounded(*n)).sum();
    let mut shares: BTreeMap<Option<UnitIx>, Ratio> = BTreeMap::new();
    for (units, n) in held {
        let points = if units == last { 10_000 - others } else { rounded(n) };
        for (unit, bp) in units {
            let share = shares.entry(unit).or_insert(Ratio::ZERO);
            *share = *share + Ratio::new(i128::from(points * bp), 100_000_000);
        }
    }
    shares.retain(|_, q| *q > Ratio::ZERO);
    shares
}

/// F1 of a project at the day of a round.
fn standing_in(s: &Snapshot, ix: ProjectIx, round: RoundIx) -> Standing {
    let rule = &s.plan.rules.light.milestone;
    standing(s.plan.project(ix).state, s.plan.milestones(ix), s.done(ix), s.round_date(round), rule, &mut Trace::off())
}

/// Shares of every project, by its place.
type Held = Vec<BTreeMap<Option<UnitIx>, Ratio>>;

fn held(s: &Snapshot, board: BoardKind, round: RoundIx) -> Held {
    s.plan.projects.iter().map(|p| shares(s, p, board, round)).collect()
}

fn parts(t: &Tally) -> [usize; 6] {
    [t.completed, t.on_track, t.behind, t.unknown, t.excluded, t.total]
}

/// The project's places that a set of bits names.
fn chosen(bits: u8, ix: ProjectIx) -> bool {
    bits & (1 << ix.0) != 0
}

proptest! {
    #![proptest_config(config())]

    /// completed + on track + behind + unknown + excluded = total: over any set of projects, and over what each row of
    /// each board answers for.
    #[test]
    fn tallies_partition(d in district(), bits in any::<u8>()) {
        let s = d.snapshot();
        let boards = BOARDS.map(|b| held(&s, b, ASSESSMENT));
        let mut sets: Vec<(String, BTreeSet<ProjectIx>)> = vec![
            ("any".into(), s.plan.project_ixs().filter(|ix| chosen(bits, *ix)).collect()),
        ];
        for (board, row) in BOARDS.iter().flat_map(|b| s.board(ASSESSMENT, *b, Measure::Assessment)).flat_map(|b| {
            b.rows.iter().map(move |r| (b.kind, r))
        }) {
            let mine = |ix: &ProjectIx| boards[board as usize][ix.at()].contains_key(&row.unit);
            sets.push((format!("{board:?} {:?}", row.unit), s.plan.project_ixs().filter(mine).collect()));
        }
        for (name, set) in sets {
            let t = s.tally(|ix| set.contains(&ix));
            prop_assert_eq!(parts(&t)[..5].iter().sum::<usize>(), t.total, "{}: {:?}", name, t);
            prop_assert_eq!(t.total, set.len(), "{}", name);
            prop_assert!(t.behind_red <= t.behind, "{}: {:?}", name, t);
        }
        let (must, stretch) = (s.tally_of(Some(Commitment::Must)), s.tally_of(Some(Commitment::Stretch)));
        let both: Vec<usize> = parts(&must).iter().zip(parts(&stretch)).map(|(a, b)| a + b).collect();
        prop_assert_eq!(both, parts(&s.tally_of(None)).to_vec());
        prop_assert_eq!(s.behind().len(), s.tally_of(None).behind);
    }

    /// towns + 未注明 = headquarters = total. Counting: every project in scope stands on exactly the rows that hold a
    /// share of it, so the rows of a board exceed the total by what is shared and by nothing else. ΣT: every share is
    /// rounded to hundredths by itself (F9), so a project held by n units may differ by n half hundredths and one held
    /// by a single unit not at all.
    #[test]
    fn towns_and_not_stated_are_the_headquarters_are_all(d in district()) {
        let s = d.snapshot();
        for (board, round) in BOARDS.iter().flat_map(|b| [(*b, EARLIER), (*b, ASSESSMENT)]) {
            let rows = &s.board(round, board, Measure::Assessment).expect("an assessment has a board").rows;
            let a = s.assessment(round).expect("an assessment");
            let (mut held, mut certified, mut task, mut halves) = (0, 0, Points::ZERO, 0);
            for (ix, score) in s.plan.project_ixs().zip(&a.scores).filter(|(_, p)| p.state != ScoreState::OutOfScope) {
                let holders = shares(&s, s.plan.project(ix), board, round);
                let whole: Ratio = holders.values().copied().sum();
                prop_assert_eq!(whole, Ratio::ONE, "{:?} of {:?}", board, ix);
                held += holders.len();
                certified += holders.len() * usize::from(score.state == ScoreState::Certified);
                if let (Some(_), Some(t)) = (score.score, score.task_points) {
                    task = task + Points::whole(i64::from(t));
                    halves += if holders.len() == 1 { 0 } else { holders.len() };
                }
            }
            let sum = |of: fn(&BoardRow) -> Option<usize>| rows.iter().filter_map(of).sum::<usize>();
            prop_assert_eq!(sum(|r| r.projects), held, "{:?} {:?}: projects", board, round);
            prop_assert_eq!(sum(|r| r.certified), certified, "{:?} {:?}: certified", board, round);
            if board == BoardKind::Headquarters && d.rules.attribution == Attribution::AsOf {
                prop_assert_eq!(held, a.in_scope());
            }
            let sum: Points = rows.iter().filter_map(|r| r.task_points).sum();
            let off = 2 * (sum - task).0.unsigned_abs() as usize;
            prop_assert!(off <= halves, "{:?} {:?}: ΣT {} of {}", board, round, sum, task);
        }
    }

    /// Every recognised attraction that credits somebody is at least one credit: distinct <= credits + those that
    /// credit nobody (lint `attraction-uncredited`), so distinct <= credits where there are none. Tiers nest.
    #[test]
    fn distinct_attractions_are_at_most_the_credits(
        d in district(),
        more in vec(attracted(), 0..6),
        uncredited_too in any::<bool>(),
    ) {
        let attractions: Vec<_> = d.attractions.iter().cloned().chain(more)
            .filter(|a| uncredited_too || !a.credits.is_empty())
            .collect();
        let uncredited = attractions.iter().filter(|a| a.credits.is_empty()).count();
        let s = District { attractions, ..d }.snapshot();
        let plan = &s.quota_plans()[0];
        for tier in &plan.tiers {
            prop_assert!(tier.distinct as usize <= tier.credits as usize + uncredited, "{:?}", tier);
            prop_assert_eq!(tier.district.actual, Some(tier.distinct));
        }
        for (wide, narrow) in plan.tiers.iter().zip(&plan.tiers[1..]) {
            prop_assert!(wide.distinct >= narrow.distinct && wide.credits >= narrow.credits);
            prop_assert!(wide.stated_sum <= wide.implied_sum);
        }
        for (i, tier) in plan.tiers.iter().enumerate() {
            let rows: u32 = plan.rows.iter().filter_map(|r| r.cells[i].actual).sum();
            prop_assert!(rows <= tier.credits, "rows of two units credit {} of {}", rows, tier.credits);
        }
    }

    /// Two panels that differ by a constant differ by it after any trimming, with groups and without, so that trimming
    /// changes neither their order nor their distance; and both drop the same judges.
    #[test]
    fn trimming_keeps_the_order_of_panels_that_differ_by_a_constant(
        ballots in vec((0_i64..9000, any::<bool>(), ballot_state()), 0..45),
        more in 1_i64..1000,
        trim in trim(),
        (groups, min_valid) in (any::<bool>(), 0_usize..4),
    ) {
        let rule = observation(trim, groups, min_valid);
        let seen = |more: i64| {
            let records: Vec<BallotRecord> = ballots.iter().map(|(score, _, state)| {
                BallotRecord { state: *state, score: Some(Points(score + more)), entered_by: None }
            }).collect();
            let cast = |(b, (_, leader, _)): (_, &(i64, bool, BallotState))| {
                Cast { judge: "J", group: Some(if *leader { "leaders" } else { "bureaus" }), recused: false, ballot: Some(b) }
            };
            let casts: Vec<Cast> = records.iter().zip(&ballots).map(cast).collect();
            panel(ProjectIx(0), &casts, &rule, |judge| Subject::new(Kind::Ballot, &[judge]), &mut Trace::off())
        };
        let (low, high) = (seen(0), seen(more));
        prop_assert_eq!(low.score.map(|p| p + Points(more)), high.score, "{:?} and {:?}", low, high);
        prop_assert_eq!((low.valid, low.trimmed_per_side), (high.valid, high.trimmed_per_side));
        let removed: Vec<Points> = low.removed.iter().map(|p| *p + Points(more)).collect();
        prop_assert_eq!(removed, high.removed);
    }

    /// Ranks follow from the printed scores and the tie-breaks of the rules, and from nothing else: here they are given
    /// again from the rows, by counting who is better.
    #[test]
    fn ranks_are_a_function_of_printed_scores(d in district()) {
        let s = d.snapshot();
        for round in ROUNDS {
            for board in BOARDS.iter().flat_map(|kind| Measure::ALL.iter().filter_map(|m| s.board(round, *kind, *m))) {
                prop_assert_eq!(ranks(board), ranked_again(&s, board), "{:?}", board);
            }
        }
    }

    /// The order in which projects, judges, ballots, events and attractions stand in the files changes no figure.
    #[test]
    fn a_permutation_of_the_input_changes_nothing((one, other) in two_orders()) {
        let (a, b) = (one.snapshot(), other.snapshot());
        prop_assert_eq!(a.tally_of(None), b.tally_of(None));
        prop_assert_eq!(a.quota_plans(), b.quota_plans());
        let behind = |s: &Snapshot| s.behind().iter().map(|ix| s.plan.project(*ix).id.clone()).collect::<Vec<_>>();
        prop_assert_eq!(behind(&a), behind(&b));
        let soon = |s: &Snapshot| {
            s.due_soon().iter().map(|(ix, i)| (s.plan.project(*ix).id.clone(), *i)).collect::<Vec<_>>()
        };
        prop_assert_eq!(soon(&a), soon(&b));
        let score = |s: &Snapshot, round: RoundIx| s.assessment(round).map(|all| {
            let named = s.plan.projects.iter().map(|p| p.id.clone());
            named.zip(all.scores.clone()).collect::<BTreeMap<_, _>>()
        });
        let panels = |s: &Snapshot| s.panels(OBSERVATION).expect("an observation").iter().map(|p| {
            (s.plan.project(p.project).id.clone(), (p.valid, p.removed.clone(), p.score, p.absent, p.recused))
        }).collect::<Vec<_>>();
        prop_assert_eq!(panels(&a), panels(&b));
        for round in ROUNDS {
            prop_assert_eq!(score(&a, round), score(&b, round));
            for (kind, measure) in BOARDS.iter().flat_map(|k| Measure::ALL.map(|m| (*k, m))) {
                prop_assert_eq!(a.board(round, kind, measure), b.board(round, kind, measure));
            }
        }
    }

    /// A unit has the score that its shares in its projects give it (F9), the mean of the panels of its sites (F11) and
    /// the weighted mean of both (F12): here they are given again from the scores and panels alone.
    #[test]
    fn a_unit_scores_what_its_projects_score(d in district()) {
        let s = d.snapshot();
        for kind in BOARDS {
            let [early, now, seen] = ROUNDS.map(|r| held(&s, kind, r));
            for (round, held, measure) in [
                (EARLIER, &early, Measure::Assessment),
                (ASSESSMENT, &now, Measure::Composite),
                (OBSERVATION, &seen, Measure::Observation),
            ] {
                let not_stated = held.iter().any(|h| h.contains_key(&None));
                let stands = rows(&s, round, kind, measure);
                prop_assert_eq!(stands.len(), 3 + usize::from(not_stated), "{:?} {:?}", kind, measure);
                prop_assert_eq!(stands.last().is_some_and(|r| r.unit.is_none()), not_stated);
            }
            for row in rows(&s, EARLIER, kind, Measure::Assessment) {
                let unit = UnitScore::of(&s, &early, EARLIER, row.unit);
                prop_assert_eq!(&UnitScore::told(row), &unit, "{:?} {:?}", kind, row);
                prop_assert_eq!((row.score, row.observation, row.composite), (unit.value, None, None));
            }
            for row in rows(&s, ASSESSMENT, kind, Measure::Composite) {
                let a = UnitScore::of(&s, &now, ASSESSMENT, row.unit);
                prop_assert_eq!(&UnitScore::told(row), &a, "{:?} {:?}", kind, row);
                let o = if d.observed { observed(&s, &seen, row.unit) } else { None };
                let mixed = mixed(a.value, o, &d);
                prop_assert_eq!((row.observation, row.composite, row.score), (o, mixed, mixed), "{:?} {:?}", kind, row);
                let lacks = |flag, part: Option<Points>| row.flags.contains(&flag) == (mixed.is_some() && part.is_none());
                prop_assert!(lacks(Flag::NoAssessment, a.value) && lacks(Flag::NoObservation, o), "{:?}", row);
            }
            for row in rows(&s, OBSERVATION, kind, Measure::Observation) {
                prop_assert_eq!(row.score, observed(&s, &seen, row.unit), "{:?} {:?}", kind, row);
                prop_assert!(!row.flags.contains(&Flag::Incomplete), "{:?}", row);
            }
        }
    }

    /// Every figure that can be asked about is in its derivation as the boards, scores, panels and targets give it, and
    /// the last line under it comes to the same.
    #[test]
    fn the_last_line_of_a_derivation_is_the_figure(d in district()) {
        let s = d.snapshot();
        for (question, figures) in asked(&s) {
            let told = s.explain(&question, true);
            for (label, figure) in figures {
                let Some(step) = told.steps.iter().chain([&told]).find(|step| step.label.en == label) else {
                    return Err(TestCaseError::fail(format!("{question:?}: no {label} in\n{}", tree(&told))));
                };
                prop_assert_eq!(&step.result, &figure, "{:?}: {}", &question, label);
                if let Some(last) = step.steps.last() {
                    prop_assert_eq!(&last.result, &figure, "{:?}: the last line of\n{}", &question, tree(step));
                }
            }
        }
    }

    /// What was counted is named: under every kind of deduction, and under the bonus,
    /// stand as many records as there are events of it.
    #[test]
    fn a_derivation_names_every_record_that_it_counts(d in district()) {
        let s = d.snapshot();
        let all = &s.assessment(ASSESSMENT).expect("an assessment").scores;
        for (project, score) in s.plan.project_ixs().zip(all) {
            let told = s.explain(&Question::Project { project, round: Some(ASSESSMENT) }, true);
            for deduction in score.deductions.iter().filter(|d| d.kind != "stop_and_go") {
                let rule = s.plan.rules.deductions.iter().find(|r| r.id == deduction.kind).expect("its rule");
                let Some((_, step)) = told.walk().find(|(_, step)| step.label.zh == rule.label) else {
                    return Err(TestCaseError::fail(format!("no {} in\n{}", rule.label, tree(&told))));
                };
                let named = step.steps.iter().filter(|step| step.source.is_some()).count();
                prop_assert_eq!(named, deduction.count as usize, "{}", tree(&told));
            }
            let praised = s.facts.incidents.iter().filter(|(_, i)| {
                let i = &i.value;
                i.project == s.plan.project(project).id && i.event.starts_with("model") && {
                    (s.plan.round(ASSESSMENT).from..=s.round_date(ASSESSMENT)).contains(&i.date)
                }
            });
            if let Some(bonus) = told.walk().map(|(_, step)| step).find(|step| step.label.en == "bonus") {
                let named = bonus.walk().filter(|(_, step)| step.label.en.starts_with("incident")).count();
                prop_assert_eq!(named, praised.count(), "{}", tree(&told));
            }
        }
    }

    /// Taking back twice is doing; and a record reads back from the ledger as it was.
    #[test]
    fn inverting_twice_gives_the_change_again(c in change()) {
        let back = c.invert();
        prop_assert_eq!((&back.before, &back.after), (&c.after, &c.before));
        prop_assert_eq!(&back.subject, &c.subject);
        prop_assert_eq!(&back.invert(), &c);
        for record in c.before.iter().chain(&c.after) {
            let read = Record::read(c.subject.kind, &record.json()).expect("its own JSON");
            prop_assert_eq!(&read, record);
        }
    }
}

fn rows(s: &Snapshot, round: RoundIx, kind: BoardKind, measure: Measure) -> &[BoardRow] {
    &s.board(round, kind, measure).expect("the round has a part of that measure").rows
}

/// F12.
fn mixed(a: Option<Points>, o: Option<Points>, d: &District) -> Option<Points> {
    let weight = d.rules.weight;
    match (a, o) {
        (Some(a), Some(o)) => Some(Ratio::new(i128::from(a.0 * weight + o.0 * (100 - weight)), 10_000).round2()),
        _ if d.rules.missing == Missing::Blank => None,
        (only, None) => only.filter(|_| weight > 0),
        (None, only) => only.filter(|_| weight < 100),
    }
}

fn tree(d: &Derivation) -> String {
    let line = |(depth, step): (usize, &Derivation)| {
        format!("{:depth$}{}: {} [{}]\n", "", step.label.en, step.result.text(Lang::En), step.working.en)
    };
    d.walk().map(line).collect()
}

/// Every question about a district, with the figures that its derivation must come to by their labels.
fn asked(s: &Snapshot) -> Vec<(Question, Vec<(&'static str, Figure)>)> {
    let mut asked: Vec<(Question, Vec<(&'static str, Figure)>)> = Vec::new();
    for (project, round) in s.plan.project_ixs().flat_map(|p| [(p, EARLIER), (p, ASSESSMENT)]) {
        let score = &s.assessment(round).expect("an assessment").scores[project.at()];
        let mut figures = vec![("status", s.standing(project).status.into()), ("score", score.score.into())];
        if score.state != ScoreState::OutOfScope {
            figures.push(("earned points", score.earned_points.into()));
        }
        asked.push((Question::Project { project, round: Some(round) }, figures));
    }
    for (board, round) in BOARDS.iter().flat_map(|b| ROUNDS.map(|r| (*b, r))) {
        let boards: Vec<&Board> = Measure::ALL.iter().filter_map(|m| s.board(round, board, *m)).collect();
        let units: BTreeSet<Option<UnitIx>> = boards.iter().flat_map(|b| b.rows.iter().map(|r| r.unit)).collect();
        for unit in units {
            let mut figures = vec![];
            for (b, row) in boards.iter().filter_map(|b| Some((b, b.rows.iter().find(|r| r.unit == unit)?))) {
                let (score, rank) = match b.measure {
                    Measure::Assessment => ("assessment", "assessment rank"),
                    Measure::Observation => ("observation", "observation rank"),
                    Measure::Composite => ("composite", "composite rank"),
                };
                figures.extend([(score, row.score.into()), (rank, row.rank.into())]);
            }
            asked.push((Question::Unit { board, unit, round }, figures));
        }
    }
    for panel in s.panels(OBSERVATION).expect("an observation") {
        let question = Question::Panel { project: panel.project, round: OBSERVATION };
        asked.push((question, vec![("panel", panel.score.into())]));
    }
    for (row, figures) in s.quota_plans()[0].rows.iter().enumerate() {
        let label = ["A单位", "TA单位", "不详"][row];
        asked.push((Question::Quota { plan: 0, row: Some(row) }, vec![(label, figures.score.into())]));
    }
    asked.push((Question::Indicator(0), vec![("light", s.indicators()[0].light.into())]));
    for (place, goal) in s.goals().iter().enumerate() {
        asked.push((Question::Goal(place), vec![("light", goal.light.into())]));
    }
    for (place, (_, r)) in s.facts.rectifications.iter().enumerate() {
        let (light, _) = r.value.light(s.day(), s.plan.rules.light.warn_days);
        asked.push((Question::Rectification(place), vec![("light", light.into())]));
    }
    for (commitment, label) in [(None, "all"), (Some(Commitment::Must), "must"), (Some(Commitment::Stretch), "stretch")]
    {
        let total = i64::try_from(s.tally_of(commitment).total).expect("few");
        asked.push((Question::Tally(commitment), vec![(label, total.into())]));
    }
    asked
}

/// What F9 says of a unit.
#[derive(Debug, PartialEq)]
struct UnitScore {
    value: Option<Points>,
    task: Points,
    earned: Points,
    scored: usize,
    bonus: Points,
    veto: bool,
    incomplete: bool,
}

impl UnitScore {
    fn told(row: &BoardRow) -> Self {
        Self {
            value: row.assessment,
            task: row.task_points.unwrap_or_default(),
            earned: row.earned_points.unwrap_or_default(),
            scored: row.scored.unwrap_or_default(),
            bonus: row.stretch_bonus.unwrap_or_default(),
            veto: row.flags.contains(&Flag::Veto),
            incomplete: row.flags.contains(&Flag::Incomplete),
        }
    }

    fn of(s: &Snapshot, held: &Held, round: RoundIx, unit: Option<UnitIx>) -> Self {
        let (rules, all) = (&s.plan.rules, &s.assessment(round).expect("an assessment").scores);
        let share = |ix: ProjectIx| held[ix.at()].get(&unit).copied();
        let mine: Vec<_> = s.plan.project_ixs().filter_map(|ix| Some((ix, &all[ix.at()], share(ix)?))).collect();
        let scored: Vec<(Points, Ratio, Points)> = mine
            .iter()
            .filter_map(|(_, p, q)| Some((p.score?, *q, (Ratio::int(p.task_points?) * *q).round2())))
            .collect();
        let earned: Points = scored.iter().map(|(p, _, t)| (t.ratio() * p.ratio() * Ratio::new(1, 100)).round2()).sum();
        let task: Points = scored.iter().map(|(_, _, t)| *t).sum();
        let weights: Ratio = scored.iter().map(|(_, q, _)| *q).sum();
        let exact = match rules.unit_method {
            UnitMethod::Sum => Some(earned.ratio()).filter(|_| !scored.is_empty()),
            UnitMethod::Mean => scored.iter().map(|(p, q, _)| p.ratio() * *q).sum::<Ratio>().over(weights),
            UnitMethod::Rate => (earned.ratio() * Ratio::int(100)).over(task.ratio()),
        };
        let completed: Ratio = mine
            .iter()
            .filter(|(ix, _, _)| s.plan.project(*ix).commitment == Commitment::Stretch)
            .filter(|(ix, _, _)| standing_in(s, *ix, round).status == Status::Completed)
            .map(|(_, _, q)| *q)
            .sum();
        let counts = exact.is_some() && rules.scope.stretch == StretchMode::Bonus;
        let bonus = (rules.scope.per_completed.ratio() * completed).round2().min(rules.scope.cap);
        let bonus = if counts { bonus } else { Points::ZERO };
        let value = exact.map(|v| v.round2() + bonus).map(|v| match rules.unit_method {
            UnitMethod::Sum => v,
            UnitMethod::Rate | UnitMethod::Mean => v.clamp(rules.caps.unit.min, rules.caps.unit.max),
        });
        let any = |is: fn(&ProjectScore) -> bool| mine.iter().any(|(_, p, _)| is(p));
        Self {
            value,
            task,
            earned,
            scored: scored.len(),
            bonus,
            veto: any(|p| p.veto),
            incomplete: any(|p| p.state == ScoreState::Provisional),
        }
    }
}

/// F11: the plain mean of the panels of a unit's sites.
fn observed(s: &Snapshot, held: &Held, unit: Option<UnitIx>) -> Option<Points> {
    let panels = s
        .panels(OBSERVATION)?
        .iter()
        .filter(|p| !s.plan.project(p.project).state.is_excluded() && held[p.project.at()].contains_key(&unit));
    let scores: Vec<Ratio> = panels.filter_map(|p| p.score).map(Points::ratio).collect();
    scores.iter().copied().sum::<Ratio>().over(Ratio::int(scores.len() as i128)).map(Ratio::round2)
}

fn ballot_state() -> impl Strategy<Value = BallotState> {
    use BallotState::{Absent, Confirmed, Entered, Void};
    select(vec![Entered, Confirmed, Confirmed, Confirmed, Absent, Void])
}

fn observation(trim: Trim, groups: bool, min_valid: usize) -> ObservationRule {
    let groups = if groups { vec![("leaders".to_owned(), 60), ("bureaus".to_owned(), 40)] } else { Vec::new() };
    let range = dukao::domain::scoring::Bounds { min: Points::ZERO, max: Points::whole(100) };
    ObservationRule { range, step: Points(1), min_valid, trim, double_entry: false, groups }
}

/// What ranking gives a row.
type Ranked = (Option<UnitIx>, Option<u32>, bool, bool, Option<Points>);

fn ranks(board: &Board) -> Vec<Ranked> {
    board.rows.iter().map(|r| (r.unit, r.rank, r.tied, r.flags.contains(&Flag::TieBroken), r.margin)).collect()
}

/// F13 from the scores of the rows, by counting.
fn ranked_again(s: &Snapshot, board: &Board) -> Vec<Ranked> {
    let rule = &s.plan.rules.rank;
    let assessed = board.measure != Measure::Observation;
    let enough =
        |r: &BoardRow| !(assessed && r.assessment.is_some()) || r.scored.is_some_and(|n| n >= rule.min_projects);
    let stands = |r: &&BoardRow| r.unit.is_some_and(|u| s.plan.unit(u).ranked) && r.score.is_some() && enough(r);
    let own = held(s, board.kind, board.round);
    // An observation is not ordered by what an assessment deducts.
    let assessment = s.pair_of(board.round).0.filter(|r| assessed && s.round_state(*r) != RoundState::Draft);
    let assessed_by = assessment.map(|r| (r, held(s, board.kind, r)));
    let keys: BTreeMap<Option<UnitIx>, (Points, Vec<Ratio>)> = board
        .rows
        .iter()
        .filter(stands)
        .map(|r| (r.unit, (r.score.expect("it stands"), ties(s, board, &own, assessed_by.as_ref(), r.unit))))
        .collect();
    let better = |a: &(Points, Vec<Ratio>), b: &(Points, Vec<Ratio>)| a.0 > b.0 || (a.0 == b.0 && a.1 < b.1);
    let mut rows: Vec<(u32, Ranked)> = board
        .rows
        .iter()
        .map(|r| {
            let Some(key) = keys.get(&r.unit) else { return (u32::MAX, (r.unit, None, false, false, None)) };
            let above: Vec<_> = keys.values().filter(|k| better(k, key)).collect();
            let steps = match rule.method {
                RankMethod::Competition => above.len(),
                RankMethod::Dense => above.iter().collect::<BTreeSet<_>>().len(),
            };
            let rank = u32::try_from(steps + 1).expect("few");
            let tied = keys.values().filter(|k| *k == key).count() > 1;
            let broken = keys.values().any(|k| k.0 == key.0 && k.1 != key.1);
            let next = keys.values().map(|k| k.0).filter(|score| *score < key.0).max();
            (rank, (r.unit, Some(rank), tied, broken, next.map(|n| key.0 - n)))
        })
        .collect();
    rows.sort_by_key(|(rank, r)| (*rank, r.0.is_none(), r.0));
    rows.into_iter().map(|(_, r)| r).collect()
}

/// The tie-breaks of a unit in their order, smaller is better.
fn ties(
    s: &Snapshot,
    board: &Board,
    own: &Held,
    assessment: Option<&(RoundIx, Held)>,
    unit: Option<UnitIx>,
) -> Vec<Ratio> {
    let of = |status: Option<Status>| {
        let mine = s.plan.project_ixs().filter(|ix| own[ix.at()].contains_key(&unit));
        let must = mine.filter(|ix| s.plan.project(*ix).commitment == Commitment::Must);
        let standings = must.map(|ix| standing_in(s, ix, board.round).status).filter(|s| *s != Status::Excluded);
        Ratio::int(standings.filter(|s| status.is_none_or(|wanted| wanted == *s)).count() as i128)
    };
    let deductions = |(round, held): &(RoundIx, Held)| -> Points {
        let scores = s.assessment(*round).map_or(&[][..], |a| &a.scores);
        let mine = held.iter().zip(scores).filter(|(h, p)| h.contains_key(&unit) && p.score.is_some());
        mine.map(|(_, p)| p.deduction_total).sum()
    };
    let tie = |by: &TieBreak| match by {
        TieBreak::MustCompletedRate => -of(Some(Status::Completed)).over(of(None)).unwrap_or(Ratio::ZERO),
        TieBreak::BehindCount => of(Some(Status::Behind)),
        TieBreak::DeductionTotal => assessment.map_or(Points::ZERO, deductions).ratio(),
    };
    s.plan.rules.rank.tie_break.iter().map(tie).collect()
}

/// A district, and the same one with everything in another order.
fn two_orders() -> impl Strategy<Value = (District, District)> {
    district().prop_flat_map(|one| {
        let orders = (
            Just(one.projects.clone()).prop_shuffle(),
            Just(one.judges.clone()).prop_shuffle(),
            Just(one.attractions.clone()).prop_shuffle(),
        );
        orders.prop_map(move |(mut projects, judges, attractions)| {
            for p in &mut projects {
                p.incidents.reverse();
                p.rectifications.reverse();
            }
            (one.clone(), District { projects, judges, attractions, ..one.clone() })
        })
    })
}

/// A change of a record of any kind: made, altered or withdrawn.
fn change() -> impl Strategy<Value = Change> {
    let values = || option::of((0_i64..3, day(), "[a-z]{0,3}"));
    (select(Kind::ALL.to_vec()), values(), values(), "[a-z/]{0,6}", "[a-z]{0,3}").prop_map(
        |(kind, before, after, key, reason)| {
            let of = |v: Option<(i64, Date, String)>| v.map(|(n, date, text)| record(kind, n, date, &text));
            Change { subject: Subject { kind, key }, before: of(before), after: of(after), reason }
        },
    )
}

fn record(kind: Kind, n: i64, date: Date, text: &str) -> Record {
    use dukao::domain::{change, quota, rectification, scoring, value};
    let (text, points) = (text.to_owned(), Points(n));
    match kind {
        Kind::Score => {
            let basis = scoring::Basis::Accepted;
            Record::Score(scoring::ScoreRecord { basis, note: text, points: Some(points), suggestion: None })
        }
        Kind::Ballot => {
            Record::Ballot(BallotRecord { state: BallotState::Entered, score: Some(points), entered_by: Some(text) })
        }
        Kind::Round => {
            let state = RoundState::Sealed;
            Record::Round(RoundRecord { state, date: Some(date), results_sha256: Some(text), ..RoundRecord::default() })
        }
        Kind::Restore => Record::Restore(change::RestoreRecord {
            seq: n.unsigned_abs(),
            head: text,
            replaced_seq: None,
            replaced_head: None,
        }),
        Kind::Milestone => Record::Milestone(MilestoneRecord { done: date }),
        Kind::Progress => Record::Progress(change::ProgressRecord {
            percent: Some(value::Percent(n)),
            note: text,
            ..change::ProgressRecord::default()
        }),
        Kind::Incident => Record::Incident(change::Incident {
            source: change::IncidentSource::Media,
            event: text.clone(),
            date,
            project: text,
            resolved: (n > 0).then_some(date),
            people: None,
            amount: Some(value::Money::yuan(n)),
            reference: None,
        }),
        Kind::Rectification => Record::Rectification(rectification::Rectification {
            project: None,
            unit: text.clone(),
            finding: text,
            action: None,
            issued: date,
            due: date,
            state: rectification::RectificationState::Issued,
            closed: None,
        }),
        Kind::Attraction => Record::Attraction(quota::Attraction {
            name: text.clone(),
            amount: value::Money::yuan(n),
            received: None,
            origin: Some(quota::Origin::Local),
            signed: date,
            host: None,
            credits: vec![text],
            started: None,
            producing: None,
            excluded: None,
        }),
        Kind::Indicator => {
            Record::Indicator(IndicatorRecord { growth: Some(value::Percent(n)), ..IndicatorRecord::default() })
        }
        Kind::Goal => Record::Goal(GoalRecord { value: points, note: text }),
        Kind::Resolution => Record::Resolution(ResolutionRecord { unit: text }),
        Kind::Plan => Record::Plan(PlanRecord {
            district_sha256: text.clone(),
            projects_sha256: text.clone(),
            scoring_sha256: text.clone(),
            targets_sha256: text,
        }),
    }
}
