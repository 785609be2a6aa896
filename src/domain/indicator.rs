//! 主要指标. Economic indicators against target and city (F15).

use serde::{Deserialize, Serialize};

use super::explain::{Derivation, Figure, Trace};
use super::project::Light;
use super::value::{Bilingual, Date, Percent};
use super::words::Word;

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// 越高越好
    Higher,
    /// 越低越好
    Lower,
}

/// 指标 as planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Unique id.
    pub id: String,
    /// 名称
    pub name: String,
    /// Unit of the value.
    pub unit: String,
    /// Direction.
    pub better: Better,
}

/// Relation to the city's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersusCity {
    /// 高于
    Above,
    /// 持平
    Equal,
    /// 低于
    Below,
}

/// A record of `indicators.csv`; the key is `<indicator>/<period>`. The value is in hundredths of its unit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IndicatorRecord {
    /// 总量, in hundredths of the indicator's unit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub value: Option<Percent>,
    /// 增速
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub growth: Option<Percent>,
    /// 目标增速
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub target_growth: Option<Percent>,
    /// 全市增速
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub city_growth: Option<Percent>,
    /// 与全市比
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub versus_city: Option<VersusCity>,
    /// 预计
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub provisional: bool,
}

/// The last day of a period `YYYY-Q1…Q4`, `YYYY-H1`, `YYYY-H2`, `YYYY`; none for another text.
#[must_use]
pub fn period_end(period: &str) -> Option<Date> {
    let (year, part) = period.split_once('-').unwrap_or((period, ""));
    let month = match part {
        "Q1" => 3,
        "Q2" | "H1" => 6,
        "Q3" => 9,
        "Q4" | "H2" | "" => 12,
        _ => return None,
    };
    let year = (year.len() == 4).then(|| year.parse().ok()).flatten()?;
    Date::new(year, month, 1).ok().map(Date::last_of_month)
}

/// Months of a period: of two that end on one day the longer one is newer.
#[must_use]
pub fn period_months(period: &str) -> u8 {
    match period.split_once('-').map(|(_, part)| part) {
        Some(p) if p.starts_with('Q') => 3,
        Some(_) => 6,
        None => 12,
    }
}

/// 指标 at a day: the newest record and its light.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorFigures {
    /// Period of the newest record.
    pub period: Option<String>,
    /// The newest record.
    pub record: Option<IndicatorRecord>,
    /// 灯
    pub light: Light,
}

/// F15. The light of an indicator.
#[must_use]
pub fn light(better: Better, record: Option<&IndicatorRecord>, trace: &mut Trace) -> Light {
    let Some((growth, r)) = record.and_then(|r| r.growth.map(|g| (g, r))) else {
        trace.step(|| light_step(Light::Grey, "没有增速", "no growth is known"));
        return Light::Grey;
    };
    let at_least = |a: Percent, b: Percent| match better {
        Better::Higher => a >= b,
        Better::Lower => a <= b,
    };
    let sign = if better == Better::Higher { ">=" } else { "<=" };
    let mut holds = |zh: &str, en: &str, text: Bilingual, holds: bool| {
        trace.step(|| {
            let word = if holds { Bilingual::new("是", "yes") } else { Bilingual::new("否", "no") };
            Derivation::new(zh, en, Figure::Word(word)).by(text.zh, text.en)
        });
        holds
    };
    let compared = |bound: Percent| {
        let text = format!("{}% {sign} {}%", growth.short(), bound.short());
        Bilingual::new(text.clone(), text)
    };
    let grows = holds("增速不为负", "growth is not negative", compared(Percent::ZERO), at_least(growth, Percent::ZERO));
    let target = r.target_growth.map(|t| holds("达到目标", "meets the target", compared(t), at_least(growth, t)));
    let versus = |v: VersusCity| match better {
        Better::Higher => v != VersusCity::Below,
        Better::Lower => v != VersusCity::Above,
    };
    let city = match (r.city_growth, r.versus_city) {
        (Some(c), _) => Some(holds("不差于全市", "no worse than the city", compared(c), at_least(growth, c))),
        (None, Some(v)) => Some(holds("不差于全市", "no worse than the city", v.label(), versus(v))),
        (None, None) => None,
    };
    let known: Vec<bool> = target.into_iter().chain(city).collect();
    let (light, zh, en) = match known[..] {
        _ if !grows => (Light::Red, "负增长", "negative growth"),
        [] => (Light::Grey, "没有目标，也没有全市数", "neither target nor city figure"),
        _ if known.contains(&false) => (Light::Yellow, "有一项未达到", "one of them fails"),
        _ => (Light::Green, "各项都达到", "all of them hold"),
    };
    trace.step(|| light_step(light, zh, en));
    light
}

fn light_step(light: Light, zh: &str, en: &str) -> Derivation {
    Derivation::new("灯", "light", light).by(zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e30_growth_against_target_and_city() {
        let of = |growth, target, city| {
            let known = |n| Some(Percent(n));
            let r = IndicatorRecord {
                growth: known(growth),
                target_growth: known(target),
                city_growth: known(city),
                ..IndicatorRecord::default()
            };
            light(Better::Higher, Some(&r), &mut Trace::off())
        };
        assert_eq!(of(980, 900, 850), Light::Green);
        assert_eq!(of(1250, 1300, 1250), Light::Yellow);
        assert_eq!(of(-10, 500, 800), Light::Red);
        assert_eq!(light(Better::Higher, None, &mut Trace::off()), Light::Grey);
    }

    #[test]
    fn the_city_may_be_known_without_its_number() {
        use VersusCity::{Above, Below, Equal};
        let of = |better, growth, target: Option<i64>, versus_city| {
            let (growth, target_growth) = (Some(Percent(growth)), target.map(Percent));
            let r = IndicatorRecord { growth, target_growth, versus_city, ..IndicatorRecord::default() };
            light(better, Some(&r), &mut Trace::off())
        };
        let higher = |target, versus| of(Better::Higher, 500, target, versus);
        assert_eq!([Above, Equal, Below].map(|v| higher(None, Some(v))), [Light::Green, Light::Green, Light::Yellow]);
        assert_eq!((higher(None, None), higher(Some(500), None)), (Light::Grey, Light::Green));
        assert_eq!(higher(Some(501), Some(Above)), Light::Yellow, "one fails");
        let lower = |target, versus| of(Better::Lower, -500, target, versus);
        assert_eq!([Above, Equal, Below].map(|v| lower(None, Some(v))), [Light::Yellow, Light::Green, Light::Green]);
        assert_eq!((lower(Some(-500), None), lower(Some(-501), None)), (Light::Green, Light::Yellow));
        assert_eq!(of(Better::Lower, 1, None, Some(Below)), Light::Red, "what should fall has risen");
    }

    #[test]
    fn a_condition_is_told_with_its_sign() {
        let told = |better| {
            let r = IndicatorRecord { growth: Some(Percent(0)), ..IndicatorRecord::default() };
            Trace::of(|t| light(better, Some(&r), t)).1[0].working.en.clone()
        };
        assert_eq!((told(Better::Higher), told(Better::Lower)), ("0% >= 0%".to_owned(), "0% <= 0%".to_owned()));
    }

    #[test]
    fn periods_end_on_their_last_day() {
        assert_eq!(period_end("2014-H1"), Some(Date::constant(2014, 6, 30)));
        for (period, month, day) in [("Q1", 3, 31), ("Q2", 6, 30), ("Q3", 9, 30), ("Q4", 12, 31), ("H2", 12, 31)] {
            assert_eq!(period_end(&format!("2014-{period}")), Some(Date::constant(2014, month, day)), "{period}");
        }
        assert_eq!(period_end("2014"), Some(Date::constant(2014, 12, 31)));
        assert_eq!(
            (period_end("14"), period_end("2014-"), period_end("x")),
            (None, Some(Date::constant(2014, 12, 31)), None)
        );
        assert_eq!(period_end("2014-Q5"), None);
        assert_eq!(["2014-Q2", "2014-H1", "2014"].map(period_months), [3, 6, 12], "the longer one is newer");
    }
}
