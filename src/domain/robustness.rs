//! 稳健. Whether a rank stands when the rules that a district argues about are turned a little: the weight of the
//! observation, and the trimming of its panels. Each is turned alone, by the functions that make the board itself.

use super::board::{self, Board, Measure, UnitResults};
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
        Some(data.ranked(base, kind, measure, weights, units).iter().map(|r| (r.unit, r.rank)).collect())
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
        board::observation(&data.plan, kind, at, &data.panels_by(round, rule), data.round_standings(round))
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
