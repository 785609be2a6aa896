//! 招商任务. Investment attraction quotas per unit, tiers "of which", recognition and reconciliation (F14, F17).

use serde::{Deserialize, Serialize};

use super::change::{Kind, Subject};
use super::district::UnitIx;
use super::explain::{Derivation, Figure, Trace, equals, plus};
use super::project::{Commitment, Light, ahead, pace};
use super::scoring::{QuotaLight, QuotaRule, QuotaScore};
use super::value::{Bilingual, Date, Money, Points, Ratio};

/// 档次
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaTier {
    /// Unique within the plan.
    pub id: String,
    /// Printed label.
    pub label: String,
    /// The bound, which belongs to the tier.
    pub at_least: Money,
    /// Stated total; none = results only.
    pub headline: Option<u32>,
}

/// One row of a quota plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// The unit, where the plan names it by code.
    pub unit: Option<UnitIx>,
    /// Printed label: the unit's name, or a name that may match no unit.
    pub label: String,
    /// Units an unknown name may mean.
    pub candidates: Vec<UnitIx>,
    /// Per tier of the plan; none = not stated.
    pub targets: Vec<Option<u32>>,
}

/// 招商任务计划
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaPlan {
    /// Unique id.
    pub id: String,
    /// Printed name.
    pub name: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// In rising order; each later one is "of which" of the one before.
    pub tiers: Vec<QuotaTier>,
    /// Rows.
    pub quotas: Vec<Quota>,
}

/// A published count that `check` compares with the registry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PublishedTally {
    /// Unique id.
    pub id: String,
    /// Compared at this day.
    pub as_of: Option<Date>,
    /// Of these projects; none = all.
    pub commitment: Option<Commitment>,
    /// The total.
    pub total: u32,
    /// Label and count.
    pub parts: Vec<(String, u32)>,
    /// The parts must sum to the total.
    pub exhaustive: bool,
}

/// 资金来源
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// 境外
    Abroad,
    /// 省外
    OtherProvince,
    /// 省内市外
    InProvince,
    /// 本市
    Local,
}

/// 招商项目. A record of `attractions.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attraction {
    /// 名称
    pub name: String,
    /// 投资额
    pub amount: Money,
    /// 到位资金
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub received: Option<Money>,
    /// 资金来源
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub origin: Option<Origin>,
    /// 签约日
    pub signed: Date,
    /// 落地镇 (code)
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub host: Option<String>,
    /// 记账单位 (codes)
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub credits: Vec<String>,
    /// 开工
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub started: Option<Date>,
    /// 投产
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub producing: Option<Date>,
    /// Why it does not count.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub excluded: Option<String>,
}

/// Whether a label's unit is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// By the plan, by a recorded decision, or because the label is a unit's name.
    Resolved,
    /// Counts for the district and for no unit.
    Unresolved,
}

impl Resolution {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Unresolved => "unresolved",
        }
    }
}

/// One target against what was achieved.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaCell {
    /// 任务; none = not stated.
    pub target: Option<u32>,
    /// 完成; none for an unresolved label.
    pub actual: Option<u32>,
    /// 进度 %
    pub progress: Option<Points>,
    /// Percentage points behind pace where greater than 0.
    pub lag: Option<Points>,
    /// 较序时, percentage points ahead of pace; negative = behind (F19).
    pub ahead: Option<Points>,
    /// 灯
    pub light: Light,
    /// actual / pace
    pub forecast: Option<Points>,
}

/// One tier of the district.
#[derive(Clone, Debug, PartialEq)]
pub struct TierFigures {
    /// Σ stated targets, unresolved labels included.
    pub stated_sum: u32,
    /// A tier not stated taken from the next later stated one.
    pub implied_sum: u32,
    /// Recognised projects.
    pub distinct: u32,
    /// Σ over units of the projects credited to them.
    pub credits: u32,
    /// The headline against the distinct projects.
    pub district: QuotaCell,
}

/// One row: a unit or a label.
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaRow {
    /// The unit it means.
    pub unit: Option<UnitIx>,
    /// Whether it is known.
    pub resolution: Resolution,
    /// Per tier.
    pub cells: Vec<QuotaCell>,
    /// Mean points over targets above 0.
    pub score: Option<Points>,
}

/// 招商任务 at a day (F14), rows by their place in [`QuotaPlan::quotas`].
#[derive(Clone, Debug, PartialEq)]
pub struct QuotaFigures {
    /// 序时 %
    pub pace: Points,
    /// 市外资金, yuan (F17).
    pub outside_city: i64,
    /// 其中省外
    pub outside_province: i64,
    /// 境外, counted apart from both.
    pub abroad: i64,
    /// Per tier.
    pub tiers: Vec<TierFigures>,
    /// Rows.
    pub rows: Vec<QuotaRow>,
}

impl QuotaFigures {
    /// What units without a row of the plan are credited with in a tier.
    #[must_use]
    pub fn elsewhere(&self, tier: usize) -> u32 {
        let listed: u32 = self.rows.iter().filter_map(|row| row.cells[tier].actual).sum();
        self.tiers[tier].credits.saturating_sub(listed)
    }
}

/// Which units the labels of a plan mean.
pub(super) type Resolve<'a> = &'a dyn Fn(&Quota) -> Option<UnitIx>;

/// F14. A target against what was achieved, `started` and pace being those of the period.
fn cell(
    target: Option<u32>,
    actual: Option<u32>,
    (started, pace): (bool, Ratio),
    rule: QuotaLight,
    trace: &mut Trace,
) -> QuotaCell {
    let hundred = Ratio::int(100);
    let ratio = target.zip(actual).and_then(|(t, a)| Ratio::checked(i128::from(a), i128::from(t)));
    let lag = ratio.map(|r| hundred * pace - hundred * r);
    let light = match (target, actual, lag) {
        (Some(target), Some(actual), Some(lag)) if started => match rule {
            QuotaLight::Lag { yellow_from, .. } if lag < yellow_from.ratio() => Light::Green,
            QuotaLight::Lag { red_above, .. } if lag <= red_above.ratio() => Light::Yellow,
            QuotaLight::Lag { .. } => Light::Red,
            QuotaLight::Sanya => {
                let expected = Ratio::int(target) * pace;
                let short = expected - Ratio::int(actual);
                if short <= Ratio::ZERO {
                    Light::Green
                } else if short <= expected * Ratio::new(1, 2) {
                    Light::Yellow
                } else {
                    Light::Red
                }
            }
        },
        _ => Light::Grey,
    };
    let cell = QuotaCell {
        target,
        actual,
        progress: ratio.map(|r| (hundred * r).round2()),
        lag: lag.filter(|l| *l > Ratio::ZERO).map(Ratio::round2),
        ahead: ratio.and_then(|r| ahead(r, Ratio::ONE, pace)),
        light,
        forecast: actual.and_then(|a| Ratio::int(a).over(pace)).map(Ratio::round2),
    };
    trace.working(|| {
        let text = |n: Option<u32>| n.map_or_else(|| "--".to_owned(), |n| n.to_string());
        let (target, actual) = (text(target), text(actual));
        Bilingual::new(format!("任务 {target}  完成 {actual}"), format!("target {target}  actual {actual}"))
    });
    trace.step(|| Derivation::new("任务", "target", target).by(target_words(target).0, target_words(target).1));
    trace.step(|| Derivation::new("完成", "actual", actual));
    if let (Some(t), Some(a), Some(_)) = (target, actual, ratio) {
        trace.step(|| {
            let exact = equals(ratio.map(|r| hundred * r));
            Derivation::new("进度 %", "progress %", cell.progress).sum(format!("100 x {a} / {t}{exact}"))
        });
        trace.step(|| {
            let exact = equals(lag.map(|l| -l));
            Derivation::new("较序时（个百分点）", "ahead of pace (points)", cell.ahead)
                .sum(format!("100 x {a} / {t} - 100 x {}{exact}", pace.decimal()))
        });
    }
    if let Some(a) = actual {
        let step = Derivation::new("全期预计", "forecast", cell.forecast);
        trace.step(|| match Ratio::int(a).over(pace) {
            Some(exact) => step.sum(format!("{a} / {}{}", pace.decimal(), equals(Some(exact)))),
            None => step.by("序时为 0，无从预计", "the pace is 0: no forecast yet"),
        });
    }
    trace.step(|| {
        let (zh, en) = light_words(&cell, started, rule);
        Derivation::new("灯", "light", light).by(zh, en)
    });
    cell
}

fn target_words(target: Option<u32>) -> (&'static str, &'static str) {
    match target {
        None => ("未注明，不是 0", "not stated, which is not 0"),
        Some(0) => ("无任务", "no target"),
        Some(_) => ("", ""),
    }
}

fn light_words(cell: &QuotaCell, started: bool, rule: QuotaLight) -> (String, String) {
    if !started {
        return ("尚未开始".to_owned(), "not begun yet".to_owned());
    }
    match cell {
        QuotaCell { actual: None, .. } => return ("没有完成数".to_owned(), "nothing achieved is known".to_owned()),
        QuotaCell { progress: None, .. } => return ("没有任务可比".to_owned(), "no target to compare with".to_owned()),
        _ => {}
    }
    match rule {
        QuotaLight::Lag { yellow_from, red_above } => {
            let (yellow, red) = (yellow_from.short(), red_above.short());
            (
                format!("落后不到 {yellow} 绿，{yellow} 至 {red} 黄，超过 {red} 红"),
                format!("behind by less than {yellow} green, {yellow} to {red} yellow, more than {red} red"),
            )
        }
        QuotaLight::Sanya => (
            "达到应完成数绿，差额不超过其一半黄，否则红".to_owned(),
            "what is expected by now green, short by at most half of it yellow, else red".to_owned(),
        ),
    }
}

/// Points of a ratio of target: 100·r, limited or in steps.
fn ratio_points(r: Ratio, rule: QuotaScore) -> Ratio {
    match rule {
        QuotaScore::Uncapped => Ratio::int(100) * r,
        QuotaScore::Capped => Ratio::int(100) * r.min(Ratio::ONE),
        QuotaScore::Threshold if r >= Ratio::ONE => Ratio::int(100),
        QuotaScore::Threshold if r >= Ratio::new(1, 2) => Ratio::int(50),
        QuotaScore::Threshold => Ratio::ZERO,
    }
}

fn row_score(cells: &[QuotaCell], rule: QuotaScore, trace: &mut Trace) -> Option<Points> {
    let points: Vec<Ratio> = cells
        .iter()
        .filter_map(|c| Ratio::checked(i128::from(c.actual?), i128::from(c.target?)))
        .map(|r| ratio_points(r, rule))
        .collect();
    let exact = points.iter().copied().sum::<Ratio>().over(Ratio::int(points.len() as i128));
    trace.step(|| {
        let step = Derivation::new("得分", "score", exact.map(Ratio::round2));
        if points.is_empty() && cells.iter().all(|c| c.actual.is_none()) {
            return step.by("不知是哪个单位，没有完成数", "which unit it means is not known: nothing is achieved");
        }
        if points.is_empty() {
            return step.by("没有大于 0 的任务", "no target above 0");
        }
        step.sum(format!("({}) / {}{}", plus(points.iter().map(|p| p.decimal())), points.len(), equals(exact)))
    });
    exact.map(Ratio::round2)
}

/// What a quota plan is measured by.
#[derive(Clone, Copy)]
pub(super) struct Measures<'a> {
    /// 招商 rules.
    pub quota: &'a QuotaRule,
    /// Their light.
    pub light: QuotaLight,
}

/// Whether and where an attraction counts in a plan at a day.
struct Recognition<'a> {
    plan: &'a QuotaPlan,
    rule: &'a QuotaRule,
    until: Date,
}

impl Recognition<'_> {
    fn signed(&self, a: &Attraction) -> bool {
        a.excluded.is_none() && self.plan.from <= a.signed && a.signed <= self.until
    }

    fn received_enough(&self, a: &Attraction) -> bool {
        i128::from(yuan(a.received)) * 100 >= i128::from(a.amount.amount) * i128::from(self.rule.min_received_percent)
    }

    fn in_tier(&self, a: &Attraction, tier: &QuotaTier) -> bool {
        self.signed(a) && self.received_enough(a) && a.amount.in_yuan().is_some_and(|y| y >= tier.at_least.amount)
    }
}

/// Whether an attraction counts in a quota plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Up to this tier, by its place.
    Tier(usize),
    /// It is excluded, for the reason that its record states.
    Excluded,
    /// It was signed before the period, or after it or the day.
    OutsidePeriod,
    /// Too little has been received.
    NotReceived,
    /// It is below the bound of the first tier.
    TooSmall,
}

/// Whether an attraction counts in a quota plan at a day, and up to which tier.
#[must_use]
pub fn counted(plan: &QuotaPlan, rule: &QuotaRule, at: Date, a: &Attraction) -> Counted {
    let recognition = Recognition { plan, rule, until: plan.to.min(at) };
    let highest = plan.tiers.iter().rposition(|tier| recognition.in_tier(a, tier));
    match highest {
        Some(tier) => Counted::Tier(tier),
        None if a.excluded.is_some() => Counted::Excluded,
        None if !recognition.signed(a) => Counted::OutsidePeriod,
        None if !recognition.received_enough(a) => Counted::NotReceived,
        None => Counted::TooSmall,
    }
}

fn yuan(m: Option<Money>) -> i64 {
    m.and_then(Money::in_yuan).unwrap_or(0)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// How many of these there are; each is an input.
fn recognised<'a>(all: impl Iterator<Item = &'a (&'a str, &'a Attraction)>, trace: &mut Trace) -> u32 {
    let mut n = 0;
    for (id, a) in all {
        n += 1;
        trace.step(|| {
            let (amount, signed) = (a.amount.exact(), a.signed);
            Derivation::new(a.name.as_str(), a.name.as_str(), 1_i64)
                .by(format!("{amount}  {signed} 签约"), format!("{amount}  signed {signed}"))
                .from_record(Some(Subject::new(Kind::Attraction, &[id])))
        });
    }
    count(n)
}

/// Money received of an attraction; foreign currency counts 0 (F17).
fn received_step(id: &str, a: &Attraction) -> Derivation {
    let received = a.received.map_or_else(|| "--".to_owned(), Money::exact);
    Derivation::new(a.name.as_str(), a.name.as_str(), Figure::Money(Money::yuan(yuan(a.received))))
        .by(format!("到位 {received}"), format!("received {received}"))
        .from_record(Some(Subject::new(Kind::Attraction, &[id])))
}

/// F14. A tier of the whole district: the headline against what is recognised, and how the allotted targets add up.
fn district(
    plan: &QuotaPlan,
    (i, tier): (usize, &QuotaTier),
    attractions: &[(&str, &Attraction)],
    recognition: &Recognition<'_>,
    (started, light): ((bool, Ratio), QuotaLight),
    trace: &mut Trace,
) -> TierFigures {
    let found = || attractions.iter().filter(|(_, a)| recognition.in_tier(a, tier));
    let distinct = recognised(found(), trace);
    let stated = || plan.quotas.iter().filter_map(|q| Some((q.label.as_str(), q.targets[i]?)));
    let implied =
        || plan.quotas.iter().filter_map(|q| Some((q.label.as_str(), q.targets[i..].iter().find_map(|t| *t)?)));
    let credits = || found().map(|(_, a)| (a.name.as_str(), count(a.credits.len())));
    let terms = |each: &mut dyn Iterator<Item = (&str, u32)>| {
        plus(each.filter(|(_, n)| *n > 0).map(|(label, n)| format!("{label} {n}")))
    };
    let (stated_sum, implied_sum) = (stated().map(|x| x.1).sum(), implied().map(|x| x.1).sum());
    let credit_sum = credits().map(|x| x.1).sum();
    trace.step(|| Derivation::new("各单位任务合计", "sum of stated targets", stated_sum).sum(terms(&mut stated())));
    trace.step(|| {
        let working = terms(&mut implied());
        Derivation::new("推算合计", "implied sum", implied_sum).by(
            format!("未注明的取更高档：{working}"),
            format!("what is not stated taken from the higher tier: {working}"),
        )
    });
    trace.step(|| {
        let working = terms(&mut credits());
        Derivation::new("记账合计", "sum of credits", credit_sum).by(
            format!("一个项目可记几个单位：{working}"),
            format!("a project may be credited to several units: {working}"),
        )
    });
    let district = cell(tier.headline, Some(distinct), started, light, trace);
    TierFigures { stated_sum, implied_sum, distinct, credits: credit_sum, district }
}

/// F14, F17. A quota plan at a day. The trace hears the district first, then each row, then the funds.
pub(super) fn figures(
    plan: &QuotaPlan,
    attractions: &[(&str, &Attraction)],
    measures: Measures<'_>,
    at: Date,
    code: &dyn Fn(UnitIx) -> String,
    resolve: Resolve,
    trace: &mut Trace,
) -> QuotaFigures {
    let Measures { quota: rule, light } = measures;
    let pace = pace(plan.from, plan.to, at, rule.pace);
    let recognition = Recognition { plan, rule, until: plan.to.min(at) };
    let started = (at >= plan.from, pace);
    let tiers = trace.under(
        |t| {
            let tier = |(i, tier): (usize, &QuotaTier)| {
                let label = tier.label.as_str();
                let compute = |t: &mut Trace| district(plan, (i, tier), attractions, &recognition, (started, light), t);
                t.under(compute, |f| Derivation::new(label, label, f.district.progress))
            };
            plan.tiers.iter().enumerate().map(tier).collect::<Vec<_>>()
        },
        |_| Derivation::new("全区", "district", Figure::None),
    );
    let row = |q: &Quota| {
        let unit = resolve(q);
        trace.under(
            |t| {
                let mine = unit.map(code);
                let cells: Vec<QuotaCell> = plan
                    .tiers
                    .iter()
                    .zip(&q.targets)
                    .map(|(tier, target)| {
                        let mine = mine.as_ref();
                        let credited = |a: &Attraction| mine.is_some_and(|code| a.credits.contains(code));
                        let compute = |t: &mut Trace| {
                            let all = attractions.iter().filter(|(_, a)| recognition.in_tier(a, tier) && credited(a));
                            let actual = mine.map(|_| recognised(all, t));
                            cell(*target, actual, started, light, t)
                        };
                        let label = tier.label.as_str();
                        t.under(compute, |c| Derivation::new(label, label, c.progress))
                    })
                    .collect();
                let resolution = if unit.is_some() { Resolution::Resolved } else { Resolution::Unresolved };
                QuotaRow { unit, resolution, score: row_score(&cells, rule.score, t), cells }
            },
            |row| {
                let step = Derivation::new(q.label.as_str(), q.label.as_str(), row.score);
                match row.resolution {
                    Resolution::Resolved => step,
                    Resolution::Unresolved => step.by("不知是哪个单位，待认定", "which unit it means is not resolved"),
                }
            },
        )
    };
    let rows = plan.quotas.iter().map(row).collect();
    let mut funds = |zh: &str, en: &str, origins: &[Origin]| -> i64 {
        let from = |a: &Attraction| a.origin.is_some_and(|o| origins.contains(&o)) && recognition.signed(a);
        let all = || attractions.iter().filter(|(_, a)| from(a));
        let sum = all().map(|(_, a)| yuan(a.received)).sum();
        trace.under(
            |t| all().for_each(|(id, a)| t.step(|| received_step(id, a))),
            |()| Derivation::new(zh, en, Figure::Money(Money::yuan(sum))),
        );
        sum
    };
    let outside_city = funds("市外资金", "funds from outside the city", &[Origin::OtherProvince, Origin::InProvince]);
    let outside_province = funds("其中省外", "of which outside the province", &[Origin::OtherProvince]);
    let abroad = funds("境外", "from abroad", &[Origin::Abroad]);
    QuotaFigures { pace: (Ratio::int(100) * pace).round2(), outside_city, outside_province, abroad, tiers, rows }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YINCHUAN: QuotaLight = QuotaLight::Lag { yellow_from: Points::whole(10), red_above: Points::whole(30) };
    const HALF: (bool, Ratio) = (true, Ratio::ONE);

    fn half() -> (bool, Ratio) {
        (true, Ratio::new(1, 2))
    }

    #[test]
    fn e06_lights_of_both_presets() {
        let lights = |actuals: &[u32], rule| -> Vec<Light> {
            actuals.iter().map(|a| cell(Some(10_000), Some(*a), half(), rule, &mut Trace::off()).light).collect()
        };
        use Light::{Green, Red, Yellow};
        assert_eq!(lights(&[5000, 4001, 4000, 2000, 1999], YINCHUAN), [Green, Green, Yellow, Yellow, Red]);
        assert_eq!(lights(&[5000, 4999, 2500, 2499], QuotaLight::Sanya), [Green, Yellow, Yellow, Red]);
    }

    #[test]
    fn e26_a_quota_on_its_way() {
        let c = cell(Some(6), Some(2), half(), YINCHUAN, &mut Trace::off());
        assert_eq!((c.progress, c.lag), (Some(Points(3333)), Some(Points(1667))));
        assert_eq!((c.light, c.forecast), (Light::Yellow, Some(Points(400))));
    }

    #[test]
    fn e27_nought_and_not_stated() {
        for (target, actual) in [(Some(0), 0), (Some(0), 2), (None, 2)] {
            let c = cell(target, Some(actual), HALF, YINCHUAN, &mut Trace::off());
            assert_eq!((c.progress, c.lag, c.light), (None, None, Light::Grey));
        }
    }
}
