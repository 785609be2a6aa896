//! 招商任务. Investment attraction quotas per unit, tiers "of which", recognition and reconciliation (F14, F17).

use serde::{Deserialize, Serialize};

use super::district::UnitIx;
use super::project::Commitment;
use super::value::{Date, Money};

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
