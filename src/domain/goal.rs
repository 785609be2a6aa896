//! 目标. Governance and livelihood goals (F16).

use serde::{Deserialize, Serialize};

use super::district::UnitIx;
use super::value::{Date, Points};

/// How a goal is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GoalOp {
    /// 不低于
    AtLeast,
    /// 不超过
    AtMost,
    /// 提高 (percentage points)
    IncreasePp,
    /// 降低 (percentage points)
    DecreasePp,
    /// 为零
    Zero,
    /// 完成
    Done,
}

/// 目标 as planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// Unique id.
    pub id: String,
    /// 1–8, of the eight priorities.
    pub priority: Option<u8>,
    /// 名称
    pub name: String,
    /// How it is met.
    pub op: GoalOp,
    /// The bound; none for `zero` and `done`.
    pub value: Option<Points>,
    /// Unit of the value.
    pub unit: Option<String>,
    /// 期限
    pub due: Date,
    /// Who answers for it.
    pub owner: Option<UnitIx>,
}

/// A record of `goals.csv`; the key is `<goal>/<date>`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GoalRecord {
    /// In hundredths; 0 or 1 for `done`.
    pub value: Points,
    /// 备注
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
}
