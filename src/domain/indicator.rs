//! 主要指标. Economic indicators against target and city (F15).

use serde::{Deserialize, Serialize};

use super::value::{Date, Percent};

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
