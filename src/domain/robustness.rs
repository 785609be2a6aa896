//! 稳健. Whether a rank stands when the rules that a district argues about are turned a little: the weight of the
//! observation, and the trimming of its panels. Each is turned alone, by the functions that make the board itself.

use super::board::{self, Asked, Board, Measure, UnitResults};
use super::district::{RoundIx, UnitIx};
use super::project::BoardKind;
use super::scoring::{CompositeRule, ObservationRule, Trim};
use super::snapshot::Snapshot;

/// A rule turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// 观摩权重, in percent; the assessment has the rest.
    Weight(i64),
    /// 不去最高最低分
    Untrimmed,
}

/// The observation weights that ranks are tried under, in percent.
pub const WEIGHTS: [i64; 3] = [10, 20, 30];

/// The ranks of a board under one turned rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Turned {
    /// What was turned.
    pub turn: Turn,
    /// Rank per unit; none where it cannot be told: a sealed round whose panels do not follow from the plan of today.
    pub ranks: Option<Vec<(Option<UnitIx>, Option<u32>)>>,
}

/// 稳健. The ranks of a board under each turned rule: of a composite all of them, of an observation the trimming, of an
/// assessment none, since nothing of it turns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Robustness {
    /// One per turned rule.
    pub turned: Vec<Turned>,
}

impl Robustness {
    /// Whether a unit of this rank keeps it under every turned rule; none where it has no rank or that cannot be told.
    #[must_use]
    pub fn holds(&self, unit: Option<UnitIx>, rank: Option<u32>) -> Option<bool> {
        let rank = rank?;
        if self.changes(unit, rank).next().is_some() {
            return Some(false);
        }
        self.turned.iter().all(|t| t.ranks.is_some()).then_some(true)
    }

    /// The turned rules under which a unit has another rank than this one, and that rank.
    pub fn changes(&self, unit: Option<UnitIx>, rank: u32) -> impl Iterator<Item = (Turn, Option<u32>)> + '_ {
        self.turned.iter().filter_map(move |t| {
            let there = t.ranks.as_ref()?.iter().find(|(u, _)| *u == unit)?.1;
            (there != Some(rank)).then_some((t.turn, there))
        })
    }
}

/// The ranks of a board under each turned rule.
pub(super) fn of(data: &Snapshot, board: &Board) -> Robustness {
    let (base, kind, measure) = (board.round, board.kind, board.measure);
    let (_, o) = data.pair_of(base);
    let observed = data.board_units(base, o);
    let units = observed.map(|r| data.units(r).of(kind));
    let ranks = |weights: &CompositeRule, units: Option<&UnitResults>| {
        Some(
            data.ranked(base, kind, measure, weights, units, &mut Asked::nobody())
                .iter()
                .map(|r| (r.unit, r.rank))
                .collect(),
        )
    };
    let own = data.board_weights(base);
    let mut turned = Vec::new();
    if measure == Measure::Composite {
        turned.extend(WEIGHTS.map(|observation| {
            let weights = CompositeRule { assessment: 100 - observation, observation, ..own };
            Turned { turn: Turn::Weight(observation), ranks: ranks(&weights, units) }
        }));
    }
    if measure != Measure::Assessment {
        let ranks = match observed {
            Some(round) => untrimmed(data, round, kind).and_then(|units| ranks(&own, Some(&units))),
            None => ranks(&own, None),
        };
        turned.push(Turned { turn: Turn::Untrimmed, ranks });
    }
    Robustness { turned }
}

/// The results of an observation with every valid ballot counted. A sealed round freezes ballots and results, not who is
/// recused by rule or in which group a judge is: it can be told only where those of today's plan give what was sealed.
fn untrimmed(data: &Snapshot, round: RoundIx, kind: BoardKind) -> Option<UnitResults> {
    let rule = &data.plan.rules.observation;
    let at = (round, data.round_date(round));
    let by = |rule: &ObservationRule| {
        board::observation(
            &data.plan,
            kind,
            at,
            &data.panels_by(round, rule),
            data.round_standings(round),
            &mut Asked::nobody(),
        )
    };
    let value_in = |rows: &UnitResults, unit: &Option<String>| rows.iter().find(|r| r.unit == *unit).map(|r| r.value);
    let mut rows = data.units(round).of(kind).clone();
    let same = by(rule);
    if rows.iter().any(|r| value_in(&same, &r.unit) != Some(r.value)) {
        return None;
    }
    let bare = by(&ObservationRule { trim: Trim::None, ..rule.clone() });
    for row in &mut rows {
        row.value = value_in(&bare, &row.unit).flatten();
    }
    Some(rows)
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use super::*;
    use crate::domain::district::{Judge, JudgeIx, Plan, ProjectIx};
    use crate::domain::panel::{BallotRecord, BallotState};
    use crate::domain::round::{RoundRecord, RoundState};
    use crate::domain::scoring::{Basis, ScoreRecord};
    use crate::domain::snapshot::{Facts, Kept};
    use crate::domain::value::Points;

    const A: Option<UnitIx> = Some(UnitIx(0));
    const B: Option<UnitIx> = Some(UnitIx(1));

    /// Two headquarters with a project each, both assessed and visited; five judges.
    pub fn plan() -> Plan {
        let mut plan = crate::store::test_plan();
        let judge = |n: usize| Judge { id: format!("j{n}"), label: n.to_string(), group: None, home_unit: None };
        plan.district.judges = (0..5).map(judge).collect();
        plan.district.rounds[0].pair = Some(RoundIx(1));
        plan.district.rounds[1].pair = Some(RoundIx(0));
        plan.district.rounds[1].sites = vec![ProjectIx(0), ProjectIx(1)];
        plan.rules.observation.groups = Vec::new();
        plan.rules.composite = CompositeRule { assessment: 80, observation: 20, ..plan.rules.composite };
        plan
    }

    fn kept<T>(value: T) -> Kept<T> {
        Kept { seq: 1, value }
    }

    /// Both rounds open: what each project scored, and the ballots for its site.
    pub fn district(plan: Plan, assessed: [i64; 2], ballots: [[i64; 5]; 2]) -> Snapshot {
        let mut facts = Facts::empty(&plan);
        let open = RoundRecord { state: RoundState::Open, ..RoundRecord::default() };
        facts.rounds = Arc::new(vec![Some(kept(open.clone())), Some(kept(open))]);
        let (mut scores, mut cast) = (HashMap::new(), HashMap::new());
        for (project, (score, ballots)) in (0..).map(ProjectIx).zip(assessed.into_iter().zip(ballots)) {
            for (criterion, points) in [(0, score - 40), (1, 40)] {
                let points = Some(Points::whole(points));
                let entry = ScoreRecord { basis: Basis::Entered, note: String::new(), points, suggestion: None };
                scores.insert((project, criterion), kept(entry));
            }
            for (judge, score) in (0..).map(JudgeIx).zip(ballots) {
                let score = Some(Points::whole(score));
                cast.insert(
                    (project, judge),
                    kept(BallotRecord { state: BallotState::Confirmed, score, entered_by: None }),
                );
            }
        }
        facts.scores = Arc::new(vec![scores, HashMap::new()]);
        facts.ballots = Arc::new(vec![HashMap::new(), cast]);
        let today = "2014-07-12".parse().expect("a day");
        Snapshot::new(Arc::new(plan), facts, today, None)
    }

    /// Rank, whether it holds, and where it goes under which turn.
    type Standing = (Option<u32>, Option<bool>, Vec<(Turn, Option<u32>)>);

    fn changes(data: &Snapshot, measure: Measure, unit: Option<UnitIx>) -> Standing {
        let board = data.board(RoundIx(0), BoardKind::Headquarters, measure).expect("a board");
        let rank = board.rows.iter().find(|r| r.unit == unit).expect("a row").rank;
        let robustness = data.robustness(board);
        (rank, robustness.holds(unit, rank), robustness.changes(unit, rank.unwrap_or(0)).collect())
    }

    #[test]
    fn a_weight_that_swaps_two_units_makes_neither_robust() {
        // 80 and 90 against 82 and 85: 82.00 and 82.60 at 20 %, 83.00 and 82.90 at 30 %.
        let data = district(plan(), [80, 82], [[90; 5], [85; 5]]);
        assert_eq!(changes(&data, Measure::Composite, B), (Some(1), Some(false), vec![(Turn::Weight(30), Some(2))]));
        assert_eq!(changes(&data, Measure::Composite, A), (Some(2), Some(false), vec![(Turn::Weight(30), Some(1))]));
        // Each of the two parts alone has nothing to weigh.
        assert_eq!(changes(&data, Measure::Assessment, B), (Some(1), Some(true), Vec::new()));
        assert_eq!(changes(&data, Measure::Observation, A), (Some(1), Some(true), Vec::new()));
    }

    #[test]
    fn one_ballot_far_off_shows_when_nothing_is_trimmed() {
        // Without its lowest and highest the first is at 90.00, with them at 72.00; the second is at 85.00.
        let data = district(plan(), [80, 60], [[90, 90, 90, 90, 0], [85; 5]]);
        assert_eq!(changes(&data, Measure::Observation, A), (Some(1), Some(false), vec![(Turn::Untrimmed, Some(2))]));
        assert_eq!(changes(&data, Measure::Composite, A), (Some(1), Some(true), Vec::new()), "twenty points ahead");
        let bare = |p: &mut Plan| p.rules.observation.trim = Trim::None;
        let mut plan = plan();
        bare(&mut plan);
        let data = district(plan, [80, 60], [[90, 90, 90, 90, 0], [85; 5]]);
        assert_eq!(
            changes(&data, Measure::Observation, A),
            (Some(2), Some(true), Vec::new()),
            "the rule is that already"
        );
    }

    #[test]
    fn without_rank_there_is_nothing_to_say() {
        let mut plan = plan();
        plan.district.units[0].ranked = false;
        let data = district(plan, [80, 82], [[90; 5], [85; 5]]);
        assert_eq!(changes(&data, Measure::Composite, A).1, None);
    }
}
