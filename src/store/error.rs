//! Why the store did not do it, as a person reads it and as a script does.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::OpId;
use crate::domain::change::{Record, Subject};
use crate::domain::panel::BallotState;
use crate::domain::rectification::Refused;
use crate::domain::round::RoundState;
use crate::domain::value::{Bilingual, Points};

/// Somebody changed the record first.
#[derive(Clone, Debug, PartialEq)]
pub struct Conflict {
    /// Which record.
    pub subject: Subject,
    /// Its newest entry; 0 = none.
    pub seq: u64,
    /// What is stored.
    pub theirs: Option<Record>,
    /// Who stored it.
    pub actor: String,
    /// When.
    pub at: String,
    /// What was to be stored.
    pub mine: Option<Record>,
}

impl Conflict {
    /// What is stored, as a person reads it.
    fn stored(&self) -> String {
        let points = |points: Option<Points>| points.map_or_else(|| "n/a".to_owned(), Points::short);
        match &self.theirs {
            None => "—".to_owned(),
            Some(Record::Score(r)) => points(r.points),
            Some(Record::Ballot(r)) if r.score.is_some() => points(r.score),
            Some(record) => record.json(),
        }
    }

    /// The score of a second entry that was to confirm the stored one.
    fn second_entry(&self) -> Option<Points> {
        match (&self.theirs, &self.mine) {
            (Some(Record::Ballot(theirs)), Some(Record::Ballot(mine))) if mine.state == BallotState::Confirmed => {
                theirs.score.and(mine.score)
            }
            _ => None,
        }
    }

    /// `HH:MM` of when.
    fn time(&self) -> &str {
        self.at.split_once('T').and_then(|(_, time)| time.get(..5)).unwrap_or(&self.at)
    }
}

/// Why the store did not do it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// Role, scope or a prohibition.
    #[error("not permitted: {}", .0.en)]
    NotPermitted(Bilingual),
    /// A day of the past is shown: nobody saves.
    #[error("a past day is shown")]
    PastDay,
    /// A reason is required.
    #[error("a reason is required")]
    ReasonNeeded,
    /// Somebody changed it first.
    #[error("changed by {} as #{}", .0.actor, .0.seq)]
    Conflict(Box<Conflict>),
    /// The state of the round forbids it.
    #[error("the round is {0:?}")]
    RoundState(RoundState),
    /// The record is not where this step can be taken.
    #[error("{}", .0.en)]
    State(Bilingual),
    /// The round cannot be sealed yet.
    #[error("{}", .0.en)]
    Blocked(Bilingual),
    /// There is nothing of one's own to take back or do again.
    #[error("nothing to undo or redo")]
    NothingToUndo,
    /// The rules of the ledger refused it.
    #[error("{0}")]
    Ledger(String),
    /// Not a valid record or plan.
    #[error("{}", .0.en)]
    Invalid(Bilingual),
    /// Somebody else is writing, for ten seconds by now.
    #[error("the database is busy")]
    Busy,
    /// The database is open where it must not be, or shut for a moment.
    #[error("{}", .0.en)]
    Held(Bilingual),
    /// There is no such file.
    #[error("{} is missing", .0.display())]
    Missing(PathBuf),
    /// The file cannot be trusted.
    #[error("{}", .0.en)]
    Damaged(Bilingual),
    /// The file must not be used as it is.
    #[error("{}", .0.en)]
    Unusable(Bilingual),
    /// It is not known whether it is saved; it is looked up at the next chance.
    #[error("not known whether it is saved")]
    Unknown(OpId),
    /// The disk could not be read or written.
    #[error("{0}")]
    Disk(String),
    /// Reading or writing failed.
    #[error("{0}")]
    Failed(String),
}

impl Error {
    pub(super) fn damaged(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Damaged(Bilingual::new(zh, en))
    }

    pub(super) fn unusable(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Unusable(Bilingual::new(zh, en))
    }

    pub(super) fn invalid(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::Invalid(Bilingual::new(zh, en))
    }

    /// Exit code of `contract.md` §3.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::PastDay => 2,
            Self::NotPermitted(_) => 3,
            Self::Conflict(_)
            | Self::RoundState(_)
            | Self::State(_)
            | Self::Blocked(_)
            | Self::NothingToUndo
            | Self::Ledger(_) => 4,
            Self::ReasonNeeded | Self::Invalid(_) => 5,
            Self::Busy
            | Self::Held(_)
            | Self::Missing(_)
            | Self::Damaged(_)
            | Self::Unusable(_)
            | Self::Unknown(_)
            | Self::Disk(_)
            | Self::Failed(_) => 6,
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotPermitted(_) => "not_permitted",
            Self::PastDay => "usage",
            Self::Conflict(_) | Self::Ledger(_) => "conflict",
            Self::RoundState(_) => "round_state",
            Self::State(_) => "state",
            Self::Blocked(_) => "incomplete",
            Self::NothingToUndo => "nothing_to_undo",
            Self::ReasonNeeded => "reason_needed",
            Self::Invalid(_) => "invalid",
            Self::Busy | Self::Held(_) => "busy",
            Self::Missing(_) => "missing",
            Self::Damaged(_) => "damaged",
            Self::Unusable(_) => "unusable",
            Self::Unknown(_) => "unknown",
            Self::Disk(_) => "disk",
            Self::Failed(_) => "failed",
        }
    }

    /// What happened, why, and what to do next.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        match self {
            Self::NotPermitted(why) => Bilingual::new(
                format!("无权操作：{}。请找有此权限的人", why.zh),
                format!("not permitted: {}; ask somebody who may", why.en),
            ),
            Self::PastDay => Bilingual::new(
                "未保存：正在看过去某一天，谁都不能改。去掉 --as-of 重开再录",
                "not saved: while a past day is shown nobody changes anything; start again without --as-of",
            ),
            Self::ReasonNeeded => Bilingual::new("未保存：须写明理由", "not saved: a reason is required"),
            Self::Conflict(c) if c.seq == 0 => Bilingual::new(
                "未保存：这条记录还没有任何内容，与您看到的不同。请刷新后再改",
                "not saved: the record has no entry yet, unlike what you saw; look again, then change it",
            ),
            Self::Conflict(c) if c.second_entry().is_some() => {
                let (theirs, mine) = (c.stored(), c.second_entry().map_or_else(String::new, Points::short));
                Bilingual::new(
                    format!(
                        "未保存：两次录入不同，{} 录的是 {theirs}，您录的是 {mine}（#{}）。请核对原票",
                        c.actor, c.seq
                    ),
                    format!(
                        "not saved: the two entries differ, {} entered {theirs} and you {mine} (#{}); look at the ballot",
                        c.actor, c.seq
                    ),
                )
            }
            Self::Conflict(c) => {
                let (value, at) = (c.stored(), c.time());
                Bilingual::new(
                    format!("未保存：{} 于 {at} 已先改为 {value}（#{}）。请看过再决定保留还是改写", c.actor, c.seq),
                    format!(
                        "not saved: {} changed it to {value} at {at} (#{}); look, then keep or replace",
                        c.actor, c.seq
                    ),
                )
            }
            Self::RoundState(state) => {
                let (zh, next_zh, en, next_en) = match state {
                    RoundState::Draft => ("未开", "主考开轮后再录", "not open yet", "the chief opens it first"),
                    RoundState::Open => ("进行中", "先封存", "open", "seal it first"),
                    RoundState::Sealed => ("已封存", "须由主考重开", "sealed", "the chief would have to reopen it"),
                    RoundState::Published => {
                        ("已公布", "须由主考重开", "published", "the chief would have to reopen it")
                    }
                    RoundState::Final => ("已终结", "不能再改", "final", "nothing can change it"),
                };
                Bilingual::new(format!("本轮{zh}，不能这样做：{next_zh}"), format!("the round is {en}: {next_en}"))
            }
            Self::NothingToUndo => {
                Bilingual::new("没有自己的改动可撤销或重做", "there is nothing of your own to undo or redo")
            }
            Self::Ledger(rule) => Bilingual::new(
                format!("未保存：台账规则不允许（{rule}）。请刷新后再试"),
                format!("not saved: refused by the rules of the ledger ({rule}); look again and retry"),
            ),
            Self::State(why)
            | Self::Blocked(why)
            | Self::Invalid(why)
            | Self::Held(why)
            | Self::Damaged(why)
            | Self::Unusable(why) => why.clone(),
            Self::Busy => Bilingual::new(
                "数据库正忙：别人保存已超过 10 秒，本次未保存，内容仍在。请稍后再试",
                "the database is busy: another save took more than 10 s; nothing is lost, try again",
            ),
            Self::Missing(path) => Bilingual::new(
                format!("找不到 {}。请检查磁盘是否挂载，或从备份恢复", path.display()),
                format!("{} is missing: see whether its disk is mounted, or restore a backup", path.display()),
            ),
            Self::Unknown(_) => Bilingual::new(
                "暂不能确定是否已保存：磁盘可能已满或写不进。屏幕上的内容还在，会自动核对；用命令的，请查磁盘空间后用 dukao history 核对，再决定重做",
                "not known yet whether it is saved: the disk may be full or refuse writing; what is on the screen is kept and looked up \
                 at the next chance; after a command, see to the disk and look into dukao history before doing it again",
            ),
            Self::Disk(why) => Bilingual::new(
                format!("磁盘读写出错：{why}。请系统管理员检查磁盘，再运行 dukao doctor"),
                format!("the disk failed: {why}; ask the operator to look at it and to run dukao doctor"),
            ),
            Self::Failed(why) => Bilingual::new(
                format!("数据库读写失败：{why}。请检查磁盘空间和权限后再试"),
                format!("the database cannot be read or written: {why}; check the disk and its rights, then try again"),
            ),
        }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        if refused.is_state() { Self::State(refused.text()) } else { Self::Invalid(refused.text()) }
    }
}

impl From<io::Error> for Error {
    fn from(e: io::Error) -> Self {
        Self::Failed(e.to_string())
    }
}

impl From<rusqlite::Error> for Error {
    fn from(e: rusqlite::Error) -> Self {
        match &e {
            rusqlite::Error::SqliteFailure(code, text) => match code.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Self::damaged(
                    format!("数据库已损坏（{e}）。请运行 dukao verify，再从备份恢复"),
                    format!("the database is damaged ({e}): run dukao verify, then restore a backup"),
                ),
                ErrorCode::SystemIoFailure => Self::Disk(e.to_string()),
                ErrorCode::ConstraintViolation => Self::Ledger(text.clone().unwrap_or_else(|| e.to_string())),
                _ => Self::Failed(e.to_string()),
            },
            _ => Self::Failed(e.to_string()),
        }
    }
}
