//! 观摩. Ballots of a panel of judges (F10).

use serde::{Deserialize, Serialize};

use super::value::Points;

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
