//! 同分. Which rule of order decided between two units of the same printed score, and by what.

use super::board::{Board, Measure, UnitResult, tie_key};
use super::district::UnitIx;
use super::scoring::TieBreak;
use super::snapshot::Snapshot;
use super::value::{Points, Ratio};

/// What a rule of order looks at in one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TieFigure {
    /// 确保完成率 in percent.
    Percent(Points),
    /// 滞后项目数
    Count(usize),
    /// 扣分
    Points(Points),
}

impl TieFigure {
    /// As a sentence names it.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            Self::Percent(p) => format!("{}%", p.fixed(1)),
            Self::Count(n) => n.to_string(),
            Self::Points(p) => p.fixed(2),
        }
    }
}

/// A tie that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The first rule under which the two differ.
    pub by: TieBreak,
    /// The unit that goes first.
    pub ahead: Option<UnitIx>,
    /// The one behind it.
    pub behind: Option<UnitIx>,
    /// The score that both have.
    pub score: Points,
    /// What the rule sees in the two.
    pub figures: [TieFigure; 2],
}

fn figure(by: TieBreak, result: Option<&UnitResult>, assessed: Option<&UnitResult>) -> TieFigure {
    match by {
        TieBreak::MustCompletedRate => {
            let rate = result.and_then(|r| Ratio::checked(100 * r.must_completed as i128, r.must as i128));
            TieFigure::Percent(rate.map_or(Points::ZERO, Ratio::round2))
        }
        TieBreak::BehindCount => TieFigure::Count(result.map_or(0, |r| r.behind)),
        TieBreak::DeductionTotal => TieFigure::Points(assessed.map_or(Points::ZERO, |r| r.deduction_total)),
    }
}

impl Snapshot {
    /// What decided the place of a row that has the score of its neighbour; none where nothing had to be decided, or
    /// nothing could be.
    #[must_use]
    pub fn tie(&self, board: &Board, place: usize) -> Option<Tie> {
        let row = board.rows.get(place)?;
        let same = |i: usize| board.rows.get(i).is_some_and(|r| r.rank.is_some() && r.score == row.score);
        let (first, second) = match place.checked_sub(1) {
            Some(before) if same(before) && board.rows[before].rank != row.rank => (before, place),
            _ if same(place + 1) && board.rows[place + 1].rank != row.rank => (place, place + 1),
            _ => return None,
        };
        let (ahead, behind) = (board.rows[first].unit, board.rows[second].unit);
        let of = |unit: Option<UnitIx>| {
            let code = unit.map(|u| self.plan.unit(u).code.as_str());
            let (a, o) = self.pair_of(board.round);
            let [a, o] = [a, o].map(|r| {
                let rows = self.units(self.board_units(board.round, r)?).of(board.kind);
                rows.iter().find(|r| r.unit.as_deref() == code)
            });
            if board.measure == Measure::Observation { (o, None) } else { (a.or(o), a) }
        };
        let ((mine, mine_assessed), (theirs, theirs_assessed)) = (of(ahead), of(behind));
        let rules = &self.rank_rule(board.round).tie_break;
        let decides = |by: &TieBreak| tie_key(*by, mine, mine_assessed) != tie_key(*by, theirs, theirs_assessed);
        let by = *rules.iter().find(|by| decides(by))?;
        let figures = [figure(by, mine, mine_assessed), figure(by, theirs, theirs_assessed)];
        Some(Tie { by, ahead, behind, score: row.score?, figures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::district::RoundIx;
    use crate::domain::project::BoardKind;
    use crate::domain::robustness::tests::{district, plan};

    #[test]
    fn the_rule_that_decided_is_the_first_under_which_the_two_differ() {
        let mut plan = plan();
        plan.rules.rank.tie_break = vec![TieBreak::MustCompletedRate, TieBreak::BehindCount];
        // The first project is excluded from nothing; the second is completed.
        let last = plan.milestones(crate::domain::district::ProjectIx(1)).len();
        let range = plan.projects[1].milestones.clone();
        let mut data = district(plan, [80, 80], [[90; 5], [90; 5]]);
        let same = |data: &Snapshot| {
            let board = data.board(RoundIx(0), BoardKind::Headquarters, Measure::Assessment).expect("a board");
            (board.rows[0].unit, data.tie(board, 0), data.tie(board, 1))
        };
        let mut facts = data.facts.clone();
        for place in range.start as usize..range.start as usize + last {
            std::sync::Arc::make_mut(&mut facts.done)[place] = Some("2014-06-01".parse().expect("a day"));
        }
        data = Snapshot::new(std::sync::Arc::clone(&data.plan), facts, data.today, None);
        let (first, of_first, of_second) = same(&data);
        assert_eq!(first, Some(UnitIx(1)), "its project is completed");
        let tie = of_first.expect("it had to be decided");
        assert_eq!(of_second, Some(tie), "both rows tell the same");
        assert_eq!((tie.by, tie.ahead, tie.behind), (TieBreak::MustCompletedRate, Some(UnitIx(1)), Some(UnitIx(0))));
        assert_eq!(tie.figures.map(TieFigure::text), ["100.0%", "0.0%"]);
    }

    #[test]
    fn different_scores_need_no_rule() {
        let data = district(plan(), [80, 81], [[90; 5], [90; 5]]);
        let board = data.board(RoundIx(0), BoardKind::Headquarters, Measure::Assessment).expect("a board");
        assert_eq!(data.tie(board, 0), None);
        assert_eq!(data.tie(board, 1), None);
    }

    #[test]
    fn an_observation_is_not_ordered_by_what_its_open_pair_deducts() {
        let mut plan = plan();
        plan.rules.rank.tie_break = vec![TieBreak::DeductionTotal];
        plan.rules.deductions = vec![crate::domain::scoring::DeductionRule {
            id: "petition".into(),
            label: "信访".into(),
            points: Points::whole(1),
            group: "events".into(),
            source: crate::domain::scoring::DeductionSource::Incidents,
            when_resolved: None,
        }];
        let mut data = district(plan, [80, 80], [[90; 5], [90; 5]]);
        let mut facts = data.facts.clone();
        let incident = crate::domain::change::Incident {
            source: crate::domain::change::IncidentSource::Petition,
            event: "petition".into(),
            date: "2014-06-01".parse().expect("a day"),
            project: data.plan.projects[0].id.clone(),
            resolved: None,
            people: None,
            amount: None,
            reference: None,
        };
        let kept = crate::domain::snapshot::Kept { seq: 9, value: incident };
        facts.incidents = std::sync::Arc::new(vec![("e1".to_owned(), kept)]);
        data = Snapshot::new(std::sync::Arc::clone(&data.plan), facts, data.today, None);
        let ranks = |measure| {
            let board = data.board(RoundIx(1), BoardKind::Headquarters, measure).expect("a board");
            let ranks: Vec<_> = board.rows.iter().filter_map(|r| r.rank).collect();
            (ranks, board.rows[0].tied, data.tie(board, 0))
        };
        assert_ne!(ranks(Measure::Assessment).0, [1, 1], "the deduction counts in the assessment");
        assert_eq!(ranks(Measure::Observation), (vec![1, 1], true, None), "and is none of the observation's");
    }
}
