//! 轮次. The life of a round and what sealing freezes (`domain.md` §7).

use serde::{Deserialize, Serialize};

use super::value::Date;

/// 轮次状态
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// 未开
    #[default]
    Draft,
    /// 进行中
    Open,
    /// 已封存
    Sealed,
    /// 已公布
    Published,
    /// 终结
    Final,
}

impl RoundState {
    /// Its name in records and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Open => "open",
            Self::Sealed => "sealed",
            Self::Published => "published",
            Self::Final => "final",
        }
    }

    /// 中文
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Draft => "未开",
            Self::Open => "进行中",
            Self::Sealed => "已封存",
            Self::Published => "已公布",
            Self::Final => "已终结",
        }
    }

    /// Figures come from what was stored at sealing.
    #[must_use]
    pub fn is_frozen(self) -> bool {
        matches!(self, Self::Sealed | Self::Published | Self::Final)
    }
}

/// The ledger's record of a round (key: the round's id). A draft has no record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoundRecord {
    /// Where it is in its life.
    pub state: RoundState,
    /// The day of the step, as stated by the file or the calendar.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub date: Option<Date>,
    /// Number of the seal, counted from 1; 0 before the first one.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub revision: u32,
    /// SHA-256 of the results document, which is also the content hash.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub results_sha256: Option<String>,
    /// SHA-256 of `scoring.toml` at sealing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub rules_sha256: Option<String>,
    /// 更正: the round was reopened after a publication, so that its next bulletin corrects one that is out.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub correction: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &u32) -> bool {
    *n == 0
}

/// A step of a round's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundStep {
    /// 开轮
    Open,
    /// 封存
    Seal,
    /// 重开
    Reopen,
    /// 公布
    Publish,
    /// 终结
    Finalise,
}

impl RoundStep {
    /// The state it leads to from a state; none where there is no such step.
    #[must_use]
    pub fn from(self, state: RoundState) -> Option<RoundState> {
        use RoundState::{Draft, Final, Open, Published, Sealed};
        match (self, state) {
            (Self::Open, Draft) | (Self::Reopen, Sealed | Published) => Some(Open),
            (Self::Seal, Open) => Some(Sealed),
            (Self::Publish, Sealed) => Some(Published),
            (Self::Finalise, Published) => Some(Final),
            _ => None,
        }
    }
}
