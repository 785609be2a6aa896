//! 票数. Who has voted for which site of a round: one ballot of the matrix, and the counts of a row, a column, all of it.

use super::district::{JudgeIx, ProjectIx, RoundIx};
use super::panel::{BallotRecord, BallotState};
use super::snapshot::{Kept, Snapshot};
use super::value::{Points, Ratio};

/// 一票: a judge's ballot for a site.
#[derive(Clone, Copy, Debug)]
pub struct Vote<'a> {
    /// Recused by rule, whatever is stored (F10).
    pub recused: bool,
    /// What is stored.
    pub kept: Option<&'a Kept<BallotRecord>>,
    /// 双人录入: the rules ask for a second entry of what was typed.
    pub double_entry: bool,
}

impl Vote<'_> {
    /// The score that counts in the panel.
    #[must_use]
    pub fn counts(&self) -> Option<Points> {
        self.kept.and_then(|k| k.value.score).filter(|_| !self.recused)
    }

    /// Neither stored nor recused by rule.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        self.kept.is_none() && !self.recused
    }

    /// Waits for the second entry, by another person.
    #[must_use]
    pub fn is_unconfirmed(&self) -> bool {
        self.double_entry && self.kept.is_some_and(|k| k.value.state == BallotState::Entered)
    }
}

/// 票数 of some judges and sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    /// 应有: judges times sites.
    pub expected: usize,
    /// 未录
    pub missing: usize,
    /// 未复核: entered by one person only.
    pub unconfirmed: usize,
    /// 已确认
    pub confirmed: usize,
}

impl Votes {
    /// 已录: stored in whatever state, or recused by rule.
    #[must_use]
    pub fn settled(&self) -> usize {
        self.expected - self.missing
    }

    fn add(mut self, vote: &Vote<'_>) -> Self {
        self.expected += 1;
        self.missing += usize::from(vote.is_missing());
        self.unconfirmed += usize::from(vote.is_unconfirmed());
        self.confirmed += usize::from(vote.kept.is_some_and(|k| k.value.state == BallotState::Confirmed));
        self
    }
}

impl Snapshot {
    /// All judges, in plan order.
    pub fn judge_ixs(&self) -> impl Iterator<Item = JudgeIx> + use<> {
        (0..u16::try_from(self.plan.district.judges.len()).unwrap_or(u16::MAX)).map(JudgeIx)
    }

    /// The ballot of a judge for a site.
    #[must_use]
    pub fn vote(&self, round: RoundIx, judge: JudgeIx, site: ProjectIx) -> Vote<'_> {
        let recused = self.recused_by_rule(judge, site, self.round_date(round));
        let double_entry = self.plan.rules.observation.double_entry;
        Vote { recused, kept: self.ballot(round, judge, site), double_entry }
    }

    /// 票数 of a judge's row of a round.
    #[must_use]
    pub fn votes_of_judge(&self, round: RoundIx, judge: JudgeIx) -> Votes {
        let sites = self.plan.round(round).sites.iter();
        sites.fold(Votes::default(), |all, site| all.add(&self.vote(round, judge, *site)))
    }

    /// 票数 of a site of a round.
    #[must_use]
    pub fn votes_of_site(&self, round: RoundIx, site: ProjectIx) -> Votes {
        self.judge_ixs().fold(Votes::default(), |all, judge| all.add(&self.vote(round, judge, site)))
    }

    /// 票数 of a whole round.
    #[must_use]
    pub fn votes(&self, round: RoundIx) -> Votes {
        let cells = || self.plan.round(round).sites.iter().flat_map(|s| self.judge_ixs().map(move |j| (j, *s)));
        cells().fold(Votes::default(), |all, (judge, site)| all.add(&self.vote(round, judge, site)))
    }

    /// 均分: the mean of a judge's own scores that count, to spot an outlier; no figure of a panel.
    #[must_use]
    pub fn own_mean(&self, round: RoundIx, judge: JudgeIx) -> Option<Points> {
        let sites = self.plan.round(round).sites.iter();
        let own: Vec<Points> = sites.filter_map(|s| self.vote(round, judge, *s).counts()).collect();
        let sum: Points = own.iter().copied().sum();
        sum.ratio().over(Ratio::int(own.len() as i128)).map(Ratio::round2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(state: BallotState, score: Option<i64>) -> Kept<BallotRecord> {
        Kept { seq: 1, value: BallotRecord { state, score: score.map(Points), entered_by: None } }
    }

    #[test]
    fn a_recused_judge_is_neither_missing_nor_counted() {
        let stored = kept(BallotState::Entered, Some(9000));
        let nothing = Vote { recused: true, kept: None, double_entry: true };
        let kept_all_the_same = Vote { kept: Some(&stored), ..nothing };
        let plain = Vote { recused: false, ..kept_all_the_same };
        assert_eq!((nothing.is_missing(), nothing.counts()), (false, None));
        assert_eq!((kept_all_the_same.counts(), kept_all_the_same.is_unconfirmed()), (None, true));
        assert_eq!((plain.counts(), plain.is_missing()), (Some(Points(9000)), false));
        let votes = [nothing, kept_all_the_same, plain, Vote { recused: false, ..nothing }];
        let all = votes.iter().fold(Votes::default(), Votes::add);
        assert_eq!((all.expected, all.missing, all.settled(), all.unconfirmed, all.confirmed), (4, 1, 3, 2, 0));
    }

    #[test]
    fn an_absent_judge_has_voted_without_a_score() {
        let absent = kept(BallotState::Absent, None);
        let vote = Vote { recused: false, kept: Some(&absent), double_entry: true };
        assert_eq!((vote.is_missing(), vote.is_unconfirmed(), vote.counts()), (false, false, None));
    }
}
