//! 目标. Governance and livelihood goals (F16).

use serde::{Deserialize, Serialize};

use super::district::UnitIx;
use super::explain::{Derivation, Trace};
use super::project::Light;
use super::value::{Date, Points};
use super::words::Word;

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

/// 目标 at a day: the newest value and its light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalFigures {
    /// The newest value.
    pub value: Option<Points>,
    /// 灯
    pub light: Light,
}

/// F16. The light of a goal with its newest value at a day.
#[must_use]
pub fn light(goal: &Goal, value: Option<Points>, at: Date, trace: &mut Trace) -> Light {
    let bound = goal.value.unwrap_or(Points::ZERO);
    let met = value.is_some_and(|v| match goal.op {
        GoalOp::AtLeast | GoalOp::IncreasePp | GoalOp::DecreasePp => v >= bound,
        GoalOp::AtMost => v <= bound,
        GoalOp::Zero => v == Points::ZERO,
        GoalOp::Done => v == Points::whole(1),
    });
    let broken = goal.op == GoalOp::Zero && value.is_some_and(|v| v > Points::ZERO);
    let (light, zh, en) = if met {
        (Light::Green, "已达到", "met")
    } else if broken {
        (Light::Red, "应为零而不为零", "should be zero and is not")
    } else if at > goal.due {
        (Light::Red, "到期未达到", "past due, not met")
    } else if value.is_some() {
        (Light::Yellow, "尚未达到，未到期", "not met yet, not due yet")
    } else {
        (Light::Grey, "还没有数", "no value yet")
    };
    trace.step(|| {
        let (op, unit) = (goal.op.label(), goal.unit.as_deref().unwrap_or_default());
        let bound = goal.value.map_or_else(String::new, |v| format!(" {}{unit}", v.short()));
        Derivation::new("要求", "goal", goal.due)
            .by(format!("{}{bound}，期限 {}", op.zh, goal.due), format!("{}{bound}, due {}", op.en, goal.due))
    });
    trace.step(|| Derivation::new("灯", "light", light).by(zh, en));
    light
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operator_has_its_bound() {
        let of = |op, v: Option<i64>, day: &str| {
            let goal = Goal {
                id: String::new(),
                priority: None,
                name: String::new(),
                op,
                value: Some(Points::whole(15)),
                unit: None,
                due: Date::constant(2014, 12, 31),
                owner: None,
            };
            light(&goal, v.map(Points::whole), day.parse().expect("a date"), &mut Trace::off())
        };
        let year = "2014-12-31";
        assert_eq!(of(GoalOp::AtLeast, Some(15), year), Light::Green);
        assert_eq!(of(GoalOp::AtMost, Some(16), year), Light::Yellow);
        assert_eq!(of(GoalOp::IncreasePp, Some(14), "2015-01-01"), Light::Red);
        assert_eq!(of(GoalOp::Zero, Some(0), year), Light::Green);
        assert_eq!(of(GoalOp::Zero, Some(1), year), Light::Red);
        assert_eq!(of(GoalOp::Done, Some(0), year), Light::Yellow);
        assert_eq!(of(GoalOp::Done, None, year), Light::Grey);
    }
}
