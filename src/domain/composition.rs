//! 得分构成. What the assessment of a unit is made of: its share of every project, with task and earned points (F8, F9).

use super::board::{self, UnitResult};
use super::district::{ProjectIx, RoundIx, UnitIx};
use super::project::BoardKind;
use super::score::{ProjectScore, ScoreState};
use super::scoring::{RuleSet, UnitMethod};
use super::snapshot::Snapshot;
use super::value::{Points, Ratio};

/// One project in the score of a unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// 项目
    pub project: ProjectIx,
    /// The unit's share of it.
    pub share: Ratio,
    /// Task and earned points that count for the unit; none without score.
    pub points: Option<(Points, Points)>,
}

/// 得分构成 of one unit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Composition {
    /// In-scope projects, in plan order.
    pub items: Vec<Item>,
    /// ΣT of the items.
    pub task_points: Points,
    /// ΣC of the items.
    pub earned_points: Points,
    /// The unit's score before the stretch bonus and the caps; none where nothing is scored.
    pub base: Option<Points>,
}

/// F9. Task and earned points of a project that count for a unit with this share; none without score.
pub(super) fn counted(s: &ProjectScore, share: Ratio) -> Option<(Points, Points)> {
    let (score, task) = (s.score?, s.task_points?);
    let t = (Ratio::int(task) * share).round2();
    Some((t, (t.ratio() * score.ratio() * Ratio::new(1, 100)).round2()))
}

/// F9. The exact score of a unit before stretch bonus and caps, from its sums and Σ q·s with Σ q.
pub(super) fn base(row: &UnitResult, (weighted, weights): (Ratio, Ratio), rules: &RuleSet) -> Option<Ratio> {
    match rules.unit_method {
        _ if row.scored == 0 => None,
        UnitMethod::Rate => (Ratio::int(100) * row.earned_points.ratio()).over(row.task_points.ratio()),
        UnitMethod::Mean => weighted.over(weights),
        UnitMethod::Sum => Some(row.earned_points.ratio()),
    }
}

impl Snapshot {
    /// The rules of a round: those it was sealed under, else those in force.
    #[must_use]
    pub fn round_rules(&self, round: RoundIx) -> &RuleSet {
        self.facts.sealed_rules.get(round.at()).and_then(Option::as_deref).unwrap_or(&self.plan.rules)
    }

    /// What a unit's score in an assessment is made of; `unit` none is the row 未注明. None for an observation round.
    #[must_use]
    pub fn composition(&self, round: RoundIx, board: BoardKind, unit: Option<UnitIx>) -> Option<Composition> {
        let (a, rules) = (self.assessment(round)?, self.round_rules(round));
        let shares = board::shares(&self.plan, rules.attribution, board, (round, a.at));
        let (mut made, mut row) = (Composition::default(), UnitResult::default());
        let (mut weighted, mut weights) = (Ratio::ZERO, Ratio::ZERO);
        for (project, holders) in self.plan.project_ixs().zip(&shares) {
            let (share, score) = (board::share_of(holders, unit), &a.scores[project.at()]);
            if share <= Ratio::ZERO || score.state == ScoreState::OutOfScope {
                continue;
            }
            let points = counted(score, share);
            if let (Some((t, c)), Some(s)) = (points, score.score) {
                row.scored += 1;
                row.task_points = row.task_points + t;
                row.earned_points = row.earned_points + c;
                weighted = weighted + share * s.ratio();
                weights = weights + share;
            }
            made.items.push(Item { project, share, points });
        }
        made.base = base(&row, (weighted, weights), rules).map(Ratio::round2);
        (made.task_points, made.earned_points) = (row.task_points, row.earned_points);
        Some(made)
    }
}
