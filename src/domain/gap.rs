//! 差距. How far a unit is behind the one above it, and which single piece of work would bring how much of that:
//! computed by doing it in memory, through the functions that make the board.

use super::board::Board;
use super::district::{ProjectIx, UnitIx};
use super::losses;
use super::score::{ProjectScore, ScoreState};
use super::scoring::CriterionSource;
use super::snapshot::Snapshot;
use super::trial::{Trial, TriedScore, milestone_done, tried};
use super::value::{Points, Ratio};

/// So many of the greatest losses are tried: each is a board computed anew.
const TRIED: usize = 4;

/// 差距 of a row of a board to the row above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The unit above.
    pub above: Option<UnitIx>,
    /// Its rank.
    pub rank: Option<u32>,
    /// Points between the two.
    pub distance: Points,
    /// What would bring most, the most first.
    pub closers: Vec<Closer>,
}

/// One piece of work, and what it would bring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Closer {
    /// 项目
    pub project: ProjectIx,
    /// What is done.
    pub work: Work,
    /// Points that the unit gains in the figure of the board.
    pub gain: Points,
    /// The rank that it would have then.
    pub rank: Option<u32>,
}

/// What could be done for a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// 补齐节点: the overdue milestone of this place is done on the day of the round.
    Milestone(usize),
    /// 满分: the criterion of this place in the rules gets its full points.
    Full(usize),
}

impl Snapshot {
    /// The projects that a unit answers for on a board and that its round assesses; no unit is the row 未注明.
    #[must_use]
    pub fn assessed_by(&self, board: &Board, unit: Option<UnitIx>) -> Vec<(ProjectIx, &ProjectScore)> {
        let Some(a) = self.pair_of(board.round).0.and_then(|r| self.assessment(r)) else { return Vec::new() };
        let his = |p: &ProjectIx| {
            let holders = self.plan.project(*p).holders(board.kind, a.at);
            unit.map_or(holders.is_empty(), |unit| holders.iter().any(|(u, _)| *u == unit))
        };
        let scored = |p: ProjectIx| Some((p, a.scores.get(p.at())?));
        let all = self.plan.project_ixs().filter(his).filter_map(scored);
        all.filter(|(_, s)| s.state != ScoreState::OutOfScope).collect()
    }

    /// The distance of a row to the one above, and what would close it; none for the first and for rows without rank.
    /// Nothing closes a sealed board.
    #[must_use]
    pub fn gap(&self, board: &Board, place: usize) -> Option<Gap> {
        let (row, above) = (board.rows.get(place)?, board.rows.get(place.checked_sub(1)?)?);
        let (mine, theirs, _) = (row.score?, above.score?, row.rank?);
        let mut closers = Vec::new();
        if !board.state.is_frozen() {
            for (project, work) in self.works(board, row.unit) {
                let Some(other) = self.done_in_memory(board, project, work) else { continue };
                let then = other.board(board.round, board.kind, board.measure);
                let Some(then) = then.and_then(|b| b.rows.iter().find(|r| r.unit == row.unit)) else { continue };
                let gain = then.score.map_or(Points::ZERO, |s| s - mine);
                if gain > Points::ZERO {
                    closers.push(Closer { project, work, gain, rank: then.rank });
                }
            }
            closers.sort_by(|a, b| b.gain.cmp(&a.gain).then(a.project.cmp(&b.project)));
        }
        Some(Gap { above: above.unit, rank: above.rank, distance: theirs - mine, closers })
    }

    /// The pieces of work behind a unit's greatest losses. What is lost with milestones that are done is lost.
    fn works(&self, board: &Board, unit: Option<UnitIx>) -> Vec<(ProjectIx, Work)> {
        let scored: Vec<_> = self.assessed_by(board, unit).into_iter().filter(|(_, s)| s.score.is_some()).collect();
        let criteria = &self.plan.rules.criteria;
        let mut works: Vec<(Ratio, ProjectIx, Work)> = Vec::new();
        for (place, loss) in losses::by_criterion(criteria, &scored).into_iter().enumerate() {
            let work = |project| match criteria[place].source {
                CriterionSource::Milestones => self.overdue(project, board).map(Work::Milestone),
                _ => Some(Work::Full(place)),
            };
            works.extend(loss.projects.into_iter().filter_map(|(lost, p)| Some((lost, p, work(p)?))));
        }
        works.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        works.into_iter().take(TRIED).map(|(_, project, work)| (project, work)).collect()
    }

    /// The first milestone of a project that was due by the day of a board and is not done.
    fn overdue(&self, project: ProjectIx, board: &Board) -> Option<usize> {
        let open = |d: &Option<_>| d.is_none_or(|d| d > board.as_of);
        let mut all = self.plan.milestones(project).iter().zip(self.done(project));
        all.position(|(m, done)| m.due <= board.as_of && open(done))
    }

    fn done_in_memory(&self, board: &Board, project: ProjectIx, work: Work) -> Option<Self> {
        match work {
            Work::Milestone(place) => Some(milestone_done(self, board.round, (project, place), board.as_of)),
            Work::Full(criterion) => {
                let points = self.plan.rules.criteria[criterion].points;
                let scores = vec![TriedScore { project, criterion, points }];
                tried(self, board.round, &Trial { scores, ..Trial::default() }).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::board::Measure;
    use crate::domain::district::RoundIx;
    use crate::domain::project::BoardKind;
    use crate::domain::robustness::tests::{district, plan};

    #[test]
    fn what_closes_the_gap_brings_what_it_says() {
        // 85.00 and 80.00, assessed alone; the second loses 20 with its first criterion.
        let data = district(plan(), [80, 85], [[90; 5], [90; 5]]);
        let board = data.board(RoundIx(0), BoardKind::Headquarters, Measure::Assessment).expect("a board");
        assert_eq!(data.gap(board, 0), None, "nobody is above the first");
        let gap = data.gap(board, 1).expect("a gap");
        assert_eq!((gap.rank, gap.distance), (Some(1), Points::whole(5)));
        let most = gap.closers[0].clone();
        let Work::Full(criterion) = most.work else { panic!("{most:?}") };
        let points = data.plan.rules.criteria[criterion].points;
        let score = TriedScore { project: most.project, criterion, points };
        let then = tried(&data, RoundIx(0), &Trial { scores: vec![score], ..Trial::default() }).expect("allowed");
        let then = then.board(RoundIx(0), BoardKind::Headquarters, Measure::Assessment).expect("a board");
        assert_eq!(then.rows[0].unit, board.rows[1].unit, "with it the second is first");
        assert_eq!(most.rank, Some(1));
        assert_eq!(then.rows[0].score.zip(board.rows[1].score).map(|(a, b)| a - b), Some(most.gain));
    }

    #[test]
    fn a_missing_milestone_is_worth_what_its_certification_would_bring() {
        let mut plan = plan();
        plan.rules.criteria[0].source = CriterionSource::Milestones;
        let data = district(plan, [60, 85], [[90; 5], [90; 5]]);
        let board = data.board(RoundIx(0), BoardKind::Headquarters, Measure::Assessment).expect("a board");
        let project = board.rows[1].unit.map(|u| ProjectIx(u32::from(u.0))).expect("a unit");
        let closers = data.gap(board, 1).expect("a gap").closers;
        let place = data.overdue(project, board).expect("it was due before the day of the round");
        assert!(closers.iter().any(|c| c.work == Work::Milestone(place)), "{closers:?}");
    }
}
