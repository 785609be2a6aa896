//! 整改. Findings to rectify by a deadline (F18).

use serde::{Deserialize, Serialize};

use super::project::Light;
use super::value::{Date, days_between};

/// 整改状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RectificationState {
    /// 交办
    Issued,
    /// 已签收
    Accepted,
    /// 整改中
    InProgress,
    /// 申请销号
    Submitted,
    /// 已销号
    Closed,
}

/// 整改. A record of `rectifications.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rectification {
    /// Project id, if it concerns one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub project: Option<String>,
    /// Code of the unit that answers.
    pub unit: String,
    /// 问题
    pub finding: String,
    /// 措施
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
    /// 交办日
    pub issued: Date,
    /// 期限
    pub due: Date,
    /// 状态
    pub state: RectificationState,
    /// 销号日; if and only if the state is closed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<Date>,
}

impl Rectification {
    /// Closed by that day.
    #[must_use]
    pub fn closed_by(&self, at: Date) -> bool {
        self.closed.is_some_and(|d| d <= at)
    }

    /// 状态 as it stood on that day: one that was closed later was submitted, from where alone it can be closed.
    #[must_use]
    pub fn state_at(&self, at: Date) -> RectificationState {
        let later = self.state == RectificationState::Closed && !self.closed_by(at);
        if later { RectificationState::Submitted } else { self.state }
    }

    /// F18: light and days overdue at a day.
    #[must_use]
    pub fn light(&self, at: Date, warn_days: i64) -> (Light, Option<i64>) {
        let left = days_between(at, self.due);
        if self.closed_by(at) {
            (Light::Green, None)
        } else if left < 0 {
            (Light::Red, Some(-left))
        } else if left <= warn_days {
            (Light::Yellow, None)
        } else {
            (Light::Green, None)
        }
    }
}
