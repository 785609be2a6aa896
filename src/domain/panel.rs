//! 观摩. Ballots of a panel of judges (F10).

use serde::{Deserialize, Serialize};

use super::change::Subject;
use super::district::ProjectIx;
use super::explain::{Derivation, Figure, Trace, equals, plus};
use super::scoring::{ObservationRule, Trim};
use super::value::{Points, Ratio, weighted_mean};
use super::words::Word;

/// 打分票状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BallotState {
    /// 已录
    Entered,
    /// 已确认
    Confirmed,
    /// 缺席
    Absent,
    /// 回避
    Recused,
    /// 作废
    Void,
}

/// The ledger's record of one ballot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BallotRecord {
    /// 状态
    pub state: BallotState,
    /// Required for entered and confirmed, else none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub score: Option<Points>,
    /// Login of the one who entered it: nobody confirms his own entry.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entered_by: Option<String>,
}

/// 观摩得分 of one site (F10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panel {
    /// The site.
    pub project: ProjectIx,
    /// Valid ballots.
    pub valid: usize,
    /// Dropped at each end; the largest of the groups where there are groups.
    pub trimmed_per_side: usize,
    /// Dropped scores, ascending.
    pub removed: Vec<Points>,
    /// Mean of the rest; none with too few valid ballots.
    pub score: Option<Points>,
    /// Absent judges.
    pub absent: usize,
    /// Judges recused by rule or by ballot, each once.
    pub recused: usize,
}

/// One judge's ballot for a site, as the panel sees it.
#[derive(Clone, Copy, Debug)]
pub struct Cast<'a> {
    /// Id of the judge.
    pub judge: &'a str,
    /// Group of the judge.
    pub group: Option<&'a str>,
    /// Recused by rule.
    pub recused: bool,
    /// The ballot, if there is one.
    pub ballot: Option<&'a BallotRecord>,
}

fn per_side(trim: Trim, n: usize) -> usize {
    match trim {
        Trim::None => 0,
        Trim::Each(k) => usize::from(k).min(n.saturating_sub(1) / 2),
        Trim::Auto if n < 5 => 0,
        Trim::Auto if n < 20 => 1,
        Trim::Auto => n / 10,
    }
}

/// Mean of the scores without the k lowest and highest: (k, removed, mean).
fn trimmed(mut scores: Vec<Points>, trim: Trim, trace: &mut Trace) -> (usize, Vec<Points>, Option<Points>) {
    scores.sort_unstable();
    let k = per_side(trim, scores.len());
    let kept = &scores[k..scores.len() - k];
    let sum: Points = kept.iter().copied().sum();
    let exact = sum.ratio().over(Ratio::int(kept.len() as i128));
    let removed: Vec<Points> = scores[..k].iter().chain(&scores[scores.len() - k..]).copied().collect();
    trace.step(|| {
        let list = removed.iter().map(|p| p.short()).collect::<Vec<_>>().join(" ");
        Derivation::new("去最高最低分", "trimming", i64::try_from(removed.len()).unwrap_or(i64::MAX)).by(
            format!("{} 票，每端去 {k}：{list}", scores.len()),
            format!("{} ballots, {k} off each end: {list}", scores.len()),
        )
    });
    trace.sum(|| format!("{} / {}{}", sum.short(), kept.len(), equals(exact)));
    (k, removed, exact.map(Ratio::round2))
}

/// F10. The panel of a site; `key` names the record of a judge's ballot.
#[must_use]
pub fn panel(
    project: ProjectIx,
    casts: &[Cast],
    rule: &ObservationRule,
    key: impl Fn(&str) -> Subject,
    trace: &mut Trace,
) -> Panel {
    for cast in casts {
        trace.step(|| cast_step(cast, &key));
    }
    let state = |c: &Cast, s: BallotState| c.ballot.is_some_and(|b| b.state == s);
    let recused = casts.iter().filter(|c| c.recused || state(c, BallotState::Recused)).count();
    let absent = casts.iter().filter(|c| !c.recused && state(c, BallotState::Absent)).count();
    let valid = |c: &&Cast| !c.recused && (state(c, BallotState::Entered) || state(c, BallotState::Confirmed));
    let scores = |group: Option<&str>| -> Vec<Points> {
        let of = |c: &&Cast| group.is_none() || c.group == group;
        casts.iter().filter(valid).filter(of).filter_map(|c| c.ballot.and_then(|b| b.score)).collect()
    };
    let all = scores(None);
    let n = all.len();
    trace.step(|| {
        Derivation::new("有效票", "valid ballots", i64::try_from(n).unwrap_or(i64::MAX)).by(
            format!("缺席 {absent}  回避 {recused}  至少 {}", rule.min_valid),
            format!("absent {absent}  recused {recused}  at least {}", rule.min_valid),
        )
    });
    let none = Panel { project, valid: n, trimmed_per_side: 0, removed: Vec::new(), score: None, absent, recused };
    if n < rule.min_valid.max(1) {
        trace.step(|| {
            let least = rule.min_valid.max(1);
            Derivation::new("观摩分", "panel score", Figure::None)
                .by(format!("有效票少于 {least}，不计分"), format!("fewer than {least} valid ballots: no score"))
        });
        return none;
    }
    let mean = |zh: &str, en: &str, scores: Vec<Points>, trace: &mut Trace| {
        trace.under(|t| trimmed(scores, rule.trim, t), |(_, _, mean)| Derivation::new(zh, en, *mean))
    };
    if rule.groups.is_empty() {
        let (trimmed_per_side, removed, score) = mean("观摩分", "panel score", all, trace);
        return Panel { trimmed_per_side, removed, score, ..none };
    }
    let groups: Vec<_> =
        rule.groups.iter().map(|(id, weight)| (mean(id, id, scores(Some(id)), trace), *weight)).collect();
    let means: Vec<(Option<Points>, i64)> = groups.iter().map(|((_, _, mean), weight)| (*mean, *weight)).collect();
    let mut removed: Vec<Points> = groups.iter().flat_map(|((_, removed, _), _)| removed.iter().copied()).collect();
    removed.sort_unstable();
    let exact = weighted_mean(&means);
    let score = exact.map(Ratio::round2);
    trace.step(|| {
        let present = || means.iter().filter_map(|(mean, weight)| Some(((*mean)?, weight)));
        let terms = plus(present().map(|(mean, weight)| format!("{weight} x {}", mean.fixed(2))));
        let weights = plus(present().map(|(_, weight)| weight.to_string()));
        Derivation::new("观摩分", "panel score", score).sum(format!("({terms}) / ({weights}){}", equals(exact)))
    });
    let trimmed_per_side = groups.iter().map(|((k, _, _), _)| *k).max().unwrap_or(0);
    Panel { trimmed_per_side, removed, score, ..none }
}

/// One judge's ballot; the record behind it is for those who may see single ballots.
fn cast_step(cast: &Cast, key: impl Fn(&str) -> Subject) -> Derivation {
    let step =
        Derivation::new(cast.judge, cast.judge, cast.ballot.and_then(|b| b.score)).from_record(Some(key(cast.judge)));
    match cast.ballot {
        _ if cast.recused => step.by("本单位项目，按规定回避", "his own unit's project: recused by rule"),
        Some(b) => step.by(b.state.both().0, b.state.both().1),
        None => step.by("没有票", "no ballot"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::change::Kind;
    use crate::domain::scoring::Bounds;

    fn rule(trim: Trim) -> ObservationRule {
        ObservationRule {
            range: Bounds { min: Points::ZERO, max: Points::whole(100) },
            step: Points(50),
            min_valid: 3,
            trim,
            double_entry: true,
            groups: Vec::new(),
        }
    }

    fn of(scores: &[i64], absent: usize, trim: Trim) -> Panel {
        let ballot = |state, score| BallotRecord { state, score, entered_by: None };
        let mut ballots: Vec<BallotRecord> =
            scores.iter().map(|s| ballot(BallotState::Confirmed, Some(Points::whole(*s)))).collect();
        ballots.extend((0..absent).map(|_| ballot(BallotState::Absent, None)));
        let casts: Vec<Cast> =
            ballots.iter().map(|b| Cast { judge: "J01", group: None, recused: false, ballot: Some(b) }).collect();
        panel(ProjectIx(0), &casts, &rule(trim), |j| Subject::new(Kind::Ballot, &[j]), &mut Trace::off())
    }

    #[test]
    fn e07_trimmed_panel() {
        let p = of(&[92, 88, 95, 70, 90, 89, 91], 0, Trim::Auto);
        assert_eq!((p.valid, p.trimmed_per_side), (7, 1));
        assert_eq!(p.removed, [Points::whole(70), Points::whole(95)]);
        assert_eq!(p.score, Some(Points(9000)));
        assert_eq!(of(&[92, 88, 95, 70, 90, 89, 91], 0, Trim::None).score, Some(Points(8786)));
    }

    #[test]
    fn e08_small_panels() {
        assert_eq!(of(&[90, 80], 0, Trim::Auto).score, None);
        assert_eq!(of(&[90, 80, 85], 0, Trim::Auto).score, Some(Points(8500)));
        assert_eq!(of(&[90, 80, 85, 88], 0, Trim::Auto).score, Some(Points(8575)));
        assert_eq!(of(&[90, 80, 85, 88, 60], 0, Trim::Auto).score, Some(Points(8433)));
    }

    #[test]
    fn e10_absent_is_not_zero() {
        let p = of(&[90, 92, 88, 95, 91, 89], 1, Trim::Auto);
        assert_eq!((p.valid, p.absent, p.score), (6, 1, Some(Points(9050))));
    }

    #[test]
    fn trimming_by_panel_size() {
        assert_eq!([4, 5, 19, 20, 50].map(|n| per_side(Trim::Auto, n)), [0, 1, 1, 2, 5]);
        assert_eq!([1, 4, 6, 40].map(|n| per_side(Trim::Each(9), n)), [0, 1, 2, 9], "one is always left");
    }
}
