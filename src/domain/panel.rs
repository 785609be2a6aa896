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

/// Scores without the k lowest and highest, each with the place of its judge.
struct Trimmed {
    n: usize,
    k: usize,
    removed: Vec<(Points, usize)>,
    sum: Points,
    exact: Option<Ratio>,
}

impl Trimmed {
    fn of(mut scores: Vec<(Points, usize)>, trim: Trim) -> Self {
        scores.sort_unstable();
        let (n, k) = (scores.len(), per_side(trim, scores.len()));
        let kept = &scores[k..n - k];
        let sum: Points = kept.iter().map(|(p, _)| *p).sum();
        let exact = sum.ratio().over(Ratio::int(kept.len() as i128));
        Self { n, k, removed: scores[..k].iter().chain(&scores[n - k..]).copied().collect(), sum, exact }
    }

    fn mean(&self) -> Option<Points> {
        self.exact.map(Ratio::round2)
    }

    fn step(&self, zh: &str, en: &str, trim: Trim) -> Derivation {
        let (n, k) = (self.n, self.k);
        let list = self.removed.iter().map(|(p, _)| p.short()).collect::<Vec<_>>().join(" ");
        let (rule_zh, rule_en) = match trim {
            Trim::Auto if n < 5 => ("不满 5 票不去", "none below 5"),
            Trim::Auto if n < 20 => ("5 至 19 票去 1", "one from 5 to 19"),
            Trim::Auto => ("20 票起去一成", "a tenth from 20"),
            Trim::None => ("不去", "no trimming"),
            Trim::Each(_) => ("定数", "a fixed number"),
        };
        let cut = Derivation::new("去最高最低分", "trimming", Figure::None).by(
            format!("{n} 票，每端去 {k}（{rule_zh}）：{list}"),
            format!("{n} ballots, {k} off each end ({rule_en}): {list}"),
        );
        let working = format!("{} / {}{}", self.sum.short(), n - 2 * k, equals(self.exact));
        Derivation { steps: vec![cut], ..Derivation::new(zh, en, self.mean()).sum(working) }
    }
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
    let state = |c: &Cast, s: BallotState| c.ballot.is_some_and(|b| b.state == s);
    let recused = casts.iter().filter(|c| c.recused || state(c, BallotState::Recused)).count();
    let absent = casts.iter().filter(|c| !c.recused && state(c, BallotState::Absent)).count();
    let valid = |c: &Cast| !c.recused && (state(c, BallotState::Entered) || state(c, BallotState::Confirmed));
    let scores = |group: Option<&str>| -> Vec<(Points, usize)> {
        let of = |c: &Cast| valid(c) && (group.is_none() || c.group == group);
        let score = |(i, c): (usize, &Cast)| Some((c.ballot.filter(|_| of(c))?.score?, i));
        casts.iter().enumerate().filter_map(score).collect()
    };
    let n = scores(None).len();
    let enough = n >= rule.min_valid.max(1);
    let groups: Vec<(&str, i64)> = rule.groups.iter().map(|(id, weight)| (id.as_str(), *weight)).collect();
    let trims: Vec<Trimmed> = match groups[..] {
        _ if !enough => Vec::new(),
        [] => vec![Trimmed::of(scores(None), rule.trim)],
        _ => groups.iter().map(|(id, _)| Trimmed::of(scores(Some(id)), rule.trim)).collect(),
    };
    let mut removed: Vec<(Points, usize)> = trims.iter().flat_map(|t| t.removed.iter().copied()).collect();
    removed.sort_unstable();
    trace.under(
        |t| {
            for (i, cast) in casts.iter().enumerate() {
                t.step(|| cast_step(cast, removed.iter().any(|(_, place)| *place == i), &key));
            }
        },
        |()| {
            Derivation::new("有效票", "valid ballots", i64::try_from(n).unwrap_or(i64::MAX)).by(
                format!("缺席 {absent}  回避 {recused}  至少 {}", rule.min_valid),
                format!("absent {absent}  recused {recused}  at least {}", rule.min_valid),
            )
        },
    );
    let score = weighed(&trims, &groups, rule, trace);
    let trimmed_per_side = trims.iter().map(|t| t.k).max().unwrap_or(0);
    let removed = removed.into_iter().map(|(p, _)| p).collect();
    Panel { project, valid: n, trimmed_per_side, removed, score, absent, recused }
}

/// The mean of the one panel, or the weighted mean of the groups; none below the minimum of valid ballots.
fn weighed(trims: &[Trimmed], groups: &[(&str, i64)], rule: &ObservationRule, trace: &mut Trace) -> Option<Points> {
    let (zh, en) = ("观摩分", "panel score");
    if trims.is_empty() {
        trace.step(|| {
            let least = rule.min_valid.max(1);
            Derivation::new(zh, en, Figure::None)
                .by(format!("有效票少于 {least}，不计分"), format!("fewer than {least} valid ballots: no score"))
        });
        return None;
    }
    if groups.is_empty() {
        trace.step(|| trims[0].step(zh, en, rule.trim));
        return trims[0].mean();
    }
    for (trimmed, (id, _)) in trims.iter().zip(groups) {
        trace.step(|| trimmed.step(id, id, rule.trim));
    }
    let means: Vec<(Option<Points>, i64)> = trims.iter().zip(groups).map(|(t, (_, w))| (t.mean(), *w)).collect();
    let exact = weighted_mean(&means);
    let score = exact.map(Ratio::round2);
    trace.step(|| {
        let present = || means.iter().filter_map(|(mean, weight)| Some(((*mean)?, weight)));
        let terms = plus(present().map(|(mean, weight)| format!("{weight} x {}", mean.fixed(2))));
        let weights = plus(present().map(|(_, weight)| weight.to_string()));
        Derivation::new(zh, en, score).sum(format!("({terms}) / ({weights}){}", equals(exact)))
    });
    score
}

/// One judge's ballot; the record behind it is for those who may see single ballots.
fn cast_step(cast: &Cast, cut: bool, key: impl Fn(&str) -> Subject) -> Derivation {
    let step =
        Derivation::new(cast.judge, cast.judge, cast.ballot.and_then(|b| b.score)).from_record(Some(key(cast.judge)));
    let (cut_zh, cut_en) = if cut { ("，去掉", ", trimmed") } else { ("", "") };
    match cast.ballot {
        _ if cast.recused => step.by("本单位项目，按规定回避", "his own unit's project: recused by rule"),
        Some(b) => step.by(format!("{}{cut_zh}", b.state.both().0), format!("{}{cut_en}", b.state.both().1)),
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
