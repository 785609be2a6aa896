//! 试算. What a board would look like with other weights or other scores: the same figures from changed rules and facts,
//! in memory and never written.

use std::sync::Arc;

use super::change::Refusal;
use super::district::{ProjectIx, RoundIx};
use super::results::Results;
use super::scoring::CompositeRule;
use super::snapshot::{Facts, Kept, Snapshot};
use super::value::{Date, Points};

/// One score tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TriedScore {
    /// 项目
    pub project: ProjectIx,
    /// Place of the criterion in the rules.
    pub criterion: usize,
    /// Its points.
    pub points: Points,
}

/// 试算 of a round. Nothing changed: the boards as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// 考核权重 in percent; the observation has the rest. None: as the board has it.
    pub assessment: Option<i64>,
    /// Scores, of each cell the last one.
    pub scores: Vec<TriedScore>,
}

impl Trial {
    /// How many changes there are: the weights count as one.
    #[must_use]
    pub fn changes(&self) -> usize {
        usize::from(self.assessment.is_some()) + self.scores.len()
    }
}

/// The district if a trial were so. A sealed round keeps its sealed results; only its weights can be tried.
///
/// # Errors
/// The rule that a score breaks: the same as for an entry in the grid.
pub fn tried(data: &Snapshot, round: RoundIx, trial: &Trial) -> Result<Snapshot, Refusal> {
    let (mut plan, mut facts) = ((*data.plan).clone(), data.facts.clone());
    if let Some(assessment) = trial.assessment {
        let weights = CompositeRule { assessment, observation: 100 - assessment, ..data.board_weights(round) };
        plan.rules.composite = weights;
        weigh_sealed(data, &mut facts, round, weights);
    }
    for tried in &trial.scores {
        // The reason is the trial itself: what is asked for in the grid is not asked for here.
        let value = data.score_entry(round, tried.project, tried.criterion, Some(tried.points), "试算")?;
        Arc::make_mut(&mut facts.scores)[round.at()]
            .insert((tried.project, tried.criterion), Kept { seq: facts.seq, value });
    }
    Ok(Snapshot::new(Arc::new(plan), facts, data.today, data.as_of).hiding(data.hidden().to_vec()))
}

/// Other weights in the sealed results of a round.
fn weigh_sealed(data: &Snapshot, facts: &mut Facts, round: RoundIx, weights: CompositeRule) {
    if !data.round_state(round).is_frozen() {
        return;
    }
    if let Some(document) = &mut Arc::make_mut(&mut facts.results)[round.at()]
        && let Ok(sealed) = Results::read(document)
        && let Ok(weighed) = serde_json::to_string(&Results { composite: weights, ..sealed })
    {
        *document = weighed;
    }
}

/// The district if a milestone were done on a day and the criteria that rest on milestones were certified anew.
#[must_use]
pub fn milestone_done(
    data: &Snapshot,
    round: RoundIx,
    (project, milestone): (ProjectIx, usize),
    day: Date,
) -> Snapshot {
    use super::scoring::CriterionSource;
    let mut facts = data.facts.clone();
    let first = data.plan.project(project).milestones.start as usize;
    Arc::make_mut(&mut facts.done)[first + milestone] = Some(day);
    let scores = &mut Arc::make_mut(&mut facts.scores)[round.at()];
    for (place, criterion) in data.plan.rules.criteria.iter().enumerate() {
        if criterion.source == CriterionSource::Milestones {
            scores.remove(&(project, place));
        }
    }
    Snapshot::new(Arc::clone(&data.plan), facts, data.today, data.as_of).hiding(data.hidden().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::board::Measure;
    use crate::domain::project::BoardKind;
    use crate::domain::robustness::tests::{district, plan};

    fn composites(data: &Snapshot) -> Vec<(u16, String)> {
        let board = data.board(RoundIx(0), BoardKind::Headquarters, Measure::Composite).expect("a board");
        board.rows.iter().map(|r| (r.unit.expect("a unit").0, r.composite.expect("a value").fixed(2))).collect()
    }

    fn ranked(rows: [(u16, &str); 2]) -> Vec<(u16, String)> {
        rows.map(|(unit, value)| (unit, value.to_owned())).to_vec()
    }

    #[test]
    fn weights_move_the_composite_and_nothing_else() {
        let data = district(plan(), [80, 82], [[90; 5], [85; 5]]);
        let trial = Trial { assessment: Some(70), ..Trial::default() };
        let other = tried(&data, RoundIx(0), &trial).expect("allowed");
        assert_eq!(composites(&data), ranked([(1, "82.60"), (0, "82.00")]));
        assert_eq!(composites(&other), ranked([(0, "83.00"), (1, "82.90")]));
        let assessed = |d: &Snapshot| d.assessment(RoundIx(0)).cloned();
        assert_eq!(assessed(&data), assessed(&other));
        assert_eq!(composites(&tried(&data, RoundIx(0), &Trial::default()).expect("allowed")), composites(&data));
    }

    #[test]
    fn a_score_is_tried_under_the_limits_of_the_grid() {
        let data = district(plan(), [80, 82], [[90; 5], [85; 5]]);
        let with = |points| {
            let score = TriedScore { project: ProjectIx(0), criterion: 0, points };
            tried(&data, RoundIx(0), &Trial { scores: vec![score], ..Trial::default() })
        };
        // 40 + 40 becomes 50 + 40: (4 x 90 + 90) / 5.
        assert_eq!(composites(&with(Points::whole(50)).expect("allowed")), ranked([(0, "90.00"), (1, "82.60")]));
        let most = data.plan.rules.criteria[0].points;
        assert!(matches!(with(most + Points(1)), Err(Refusal::Range { .. })));
    }
}
