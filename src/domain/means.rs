//! 均值. What the projects of a unit have in a criterion, in the middle.

use super::district::{RoundIx, UnitIx};
use super::snapshot::Snapshot;
use super::value::{Points, Ratio};

impl Snapshot {
    /// 本部均值: the mean of the points that a headquarters' projects have in a criterion of a round, entered or derived;
    /// none where no project has any.
    #[must_use]
    pub fn criterion_mean(&self, round: RoundIx, unit: UnitIx, criterion: usize) -> Option<Points> {
        let (at, scores) = (self.round_date(round), &self.assessment(round)?.scores);
        let its = self.plan.project_ixs().filter(|p| self.plan.project(*p).headquarters_at(at) == unit);
        let points: Vec<Points> = its.filter_map(|p| scores.get(p.at())?.parts.get(criterion)?.points).collect();
        let sum: Points = points.iter().copied().sum();
        sum.ratio().over(Ratio::int(points.len() as i128)).map(Ratio::round2)
    }
}
