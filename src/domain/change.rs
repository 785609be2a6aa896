//! 变更. The only durable change: a record's value before and after, with its reason.

use serde::{Deserialize, Serialize};

use super::goal::GoalRecord;
use super::indicator::IndicatorRecord;
use super::panel::BallotRecord;
use super::project::Status;
use super::quota::Attraction;
use super::rectification::Rectification;
use super::round::RoundRecord;
use super::round::RoundState;
use super::scoring::ScoreRecord;
use super::value::{Bilingual, Date, Money, Percent, Points, ValueError};

/// Kinds of record in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 评分; key `<round>/<project>/<criterion>`
    Score,
    /// 打分票; key `<round>/<judge>/<project>`
    Ballot,
    /// 轮次; key `<round>`
    Round,
    /// 节点完成; key `<project>/<milestone name>`
    Milestone,
    /// 进度; key `<project>/<date>`
    Progress,
    /// 事件; key `<id>`
    Incident,
    /// 整改; key `<id>`
    Rectification,
    /// 招商; key `<id>`
    Attraction,
    /// 指标; key `<indicator>/<period>`
    Indicator,
    /// 目标; key `<goal>/<date>`
    Goal,
    /// 名称认定; key `<plan>/<label>`
    Resolution,
    /// 计划; key `plan`
    Plan,
    /// 恢复; key `database`
    Restore,
}

impl Kind {
    /// Every kind, in the order in which an import applies them.
    pub const ALL: [Self; 13] = [
        Self::Milestone,
        Self::Progress,
        Self::Incident,
        Self::Rectification,
        Self::Attraction,
        Self::Indicator,
        Self::Goal,
        Self::Score,
        Self::Ballot,
        Self::Round,
        Self::Resolution,
        Self::Plan,
        Self::Restore,
    ];

    /// Its name in the ledger and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Ballot => "ballot",
            Self::Round => "round",
            Self::Milestone => "milestone",
            Self::Progress => "progress",
            Self::Incident => "incident",
            Self::Rectification => "rectification",
            Self::Attraction => "attraction",
            Self::Indicator => "indicator",
            Self::Goal => "goal",
            Self::Resolution => "resolution",
            Self::Plan => "plan",
            Self::Restore => "restore",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// Which record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// 类别
    pub kind: Kind,
    /// Parts joined by `/`.
    pub key: String,
}

impl Subject {
    /// The record of this kind whose key has these parts.
    #[must_use]
    pub fn new(kind: Kind, parts: &[&str]) -> Self {
        Self { kind, key: parts.join("/") }
    }

    /// 评分 of a criterion.
    #[must_use]
    pub fn score(round: &str, project: &str, criterion: &str) -> Self {
        Self::new(Kind::Score, &[round, project, criterion])
    }

    /// Id of the project that it belongs to, which its key or what the record states tells.
    #[must_use]
    pub fn project<'a>(&'a self, record: Option<&'a Record>) -> Option<&'a str> {
        match (self.kind, record) {
            (Kind::Milestone | Kind::Progress, _) => self.key.split('/').next(),
            (Kind::Score, _) => self.key.split('/').nth(1),
            (Kind::Ballot, _) => self.key.split('/').nth(2),
            (_, Some(Record::Incident(incident))) => Some(incident.project.as_str()),
            (_, Some(Record::Rectification(rectification))) => rectification.project.as_deref(),
            _ => None,
        }
    }
}

/// 节点完成
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MilestoneRecord {
    /// 完成日; a milestone that is not done any more has no record.
    pub done: Date,
}

/// 上报状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reported {
    /// 已完成
    Completed,
    /// 按节点推进
    OnTrack,
    /// 滞后
    Behind,
}

impl Reported {
    /// What a report says that agrees with a derived status; none where no report can.
    #[must_use]
    pub fn of(status: Status) -> Option<Self> {
        match status {
            Status::Completed => Some(Self::Completed),
            Status::OnTrack => Some(Self::OnTrack),
            Status::Behind => Some(Self::Behind),
            Status::Unknown | Status::Excluded => None,
        }
    }

    /// Claims more than the milestones show.
    #[must_use]
    pub fn flatters(self, status: Status) -> bool {
        Self::of(status).is_some_and(|derived| self < derived)
    }
}

/// 进度. A dated report; the newest one on or before a day counts as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProgressRecord {
    /// 形象进度 %
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub percent: Option<Percent>,
    /// 计划进度 %
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub planned_percent: Option<Percent>,
    /// 本年累计完成投资
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub invested: Option<Money>,
    /// 应办手续
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permits_due: Option<u32>,
    /// 已办手续
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub permits_obtained: Option<u32>,
    /// 自报状态
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reported: Option<Reported>,
    /// 备注
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
}

/// Where an incident was reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncidentSource {
    /// 信访
    Petition,
    /// 110 联动
    Line110,
    /// 安全
    Safety,
    /// 质量
    Quality,
    /// 媒体
    Media,
    /// 上级
    Superior,
}

/// 事件. Counts events, never names persons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// 来源
    pub source: IncidentSource,
    /// An id of `[[deduction]]`, `[[bonus]]` or `[veto]`; not named `kind`, which the ledger uses.
    pub event: String,
    /// 日期
    pub date: Date,
    /// Project id.
    pub project: String,
    /// 解决日
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub resolved: Option<Date>,
    /// 涉及人数
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub people: Option<u32>,
    /// 金额
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub amount: Option<Money>,
    /// 文号
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reference: Option<String>,
}

/// 名称认定: the unit that an unknown name means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResolutionRecord {
    /// Code of the unit.
    pub unit: String,
}

/// The plan as applied: hashes of its four texts in the document store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanRecord {
    /// SHA-256 of `district.toml`.
    pub district_sha256: String,
    /// SHA-256 of `projects.toml`.
    pub projects_sha256: String,
    /// SHA-256 of `scoring.toml`.
    pub scoring_sha256: String,
    /// SHA-256 of `targets.toml`.
    pub targets_sha256: String,
}

/// 恢复: which ledger was put in the place of which.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestoreRecord {
    /// Number of the newest entry of the backup.
    pub seq: u64,
    /// Its hash, 64 hex digits.
    pub head: String,
    /// Number of the newest entry of the ledger that was set aside, as far as it was known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replaced_seq: Option<u64>,
    /// Its hash.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub replaced_head: Option<String>,
}

/// The value of a record, typed.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each is documented at its type and kind")]
pub enum Record {
    Score(ScoreRecord),
    Ballot(BallotRecord),
    Round(RoundRecord),
    Milestone(MilestoneRecord),
    Progress(ProgressRecord),
    Incident(Incident),
    Rectification(Rectification),
    Attraction(Attraction),
    Indicator(IndicatorRecord),
    Goal(GoalRecord),
    Resolution(ResolutionRecord),
    Plan(PlanRecord),
    Restore(RestoreRecord),
}

impl Record {
    /// Canonical JSON: keys sorted, no spaces, integers only, absent fields left out.
    ///
    /// # Panics
    /// Never: every record is a map with text keys.
    #[must_use]
    pub fn json(&self) -> String {
        let value = match self {
            Self::Score(r) => serde_json::to_value(r),
            Self::Ballot(r) => serde_json::to_value(r),
            Self::Round(r) => serde_json::to_value(r),
            Self::Milestone(r) => serde_json::to_value(r),
            Self::Progress(r) => serde_json::to_value(r),
            Self::Incident(r) => serde_json::to_value(r),
            Self::Rectification(r) => serde_json::to_value(r),
            Self::Attraction(r) => serde_json::to_value(r),
            Self::Indicator(r) => serde_json::to_value(r),
            Self::Goal(r) => serde_json::to_value(r),
            Self::Resolution(r) => serde_json::to_value(r),
            Self::Plan(r) => serde_json::to_value(r),
            Self::Restore(r) => serde_json::to_value(r),
        };
        value.expect("a record is a map with text keys").to_string()
    }

    /// Reads what [`Record::json`] wrote.
    ///
    /// # Errors
    /// Not JSON, or not a record of that kind.
    pub fn read(kind: Kind, json: &str) -> Result<Self, serde_json::Error> {
        Ok(match kind {
            Kind::Score => Self::Score(serde_json::from_str(json)?),
            Kind::Ballot => Self::Ballot(serde_json::from_str(json)?),
            Kind::Round => Self::Round(serde_json::from_str(json)?),
            Kind::Milestone => Self::Milestone(serde_json::from_str(json)?),
            Kind::Progress => Self::Progress(serde_json::from_str(json)?),
            Kind::Incident => Self::Incident(serde_json::from_str(json)?),
            Kind::Rectification => Self::Rectification(serde_json::from_str(json)?),
            Kind::Attraction => Self::Attraction(serde_json::from_str(json)?),
            Kind::Indicator => Self::Indicator(serde_json::from_str(json)?),
            Kind::Goal => Self::Goal(serde_json::from_str(json)?),
            Kind::Resolution => Self::Resolution(serde_json::from_str(json)?),
            Kind::Plan => Self::Plan(serde_json::from_str(json)?),
            Kind::Restore => Self::Restore(serde_json::from_str(json)?),
        })
    }
}

/// 变更. What gets remembered: the ledger row *is* this.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which record.
    pub subject: Subject,
    /// As the writer saw it; none = no such record.
    pub before: Option<Record>,
    /// As it shall be; none = withdrawn.
    pub after: Option<Record>,
    /// 理由
    pub reason: String,
}

/// A change on its way to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// What shall change.
    pub change: Change,
    /// Number of the entry that the writer saw, 0 = no record yet; none: the store reads base and `before` itself.
    pub base: Option<u64>,
}

impl Change {
    /// The change that takes this one back; inverting twice gives this one again.
    #[must_use]
    pub fn invert(&self) -> Self {
        Self {
            subject: self.subject.clone(),
            before: self.after.clone(),
            after: self.before.clone(),
            reason: self.reason.clone(),
        }
    }
}

/// The way on which a change comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Typed in by a person.
    Typed,
    /// A row of a file: it tells where a record has got to, perhaps by several steps.
    Imported,
    /// The first loading of a new database: taken as it stands.
    Bootstrap,
}

/// Why the rules do not take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a decimal number.
    NotANumber,
    /// More than two decimals.
    TooFine,
    /// Below 0 or above the limit.
    Range {
        /// Lower bound.
        min: Points,
        /// Upper bound.
        max: Points,
    },
    /// Not a multiple of the step, and not the suggestion.
    Step {
        /// The step.
        step: Points,
    },
    /// `n/a` needs a note.
    NoteNeeded,
    /// The project is not assessed in this round.
    OutOfScope,
    /// The project is not a site of the round.
    NotASite,
    /// The judge's home unit is the project's.
    Recused,
    /// The round takes no entries.
    RoundNotOpen(RoundState),
    /// An entered or confirmed ballot needs a score.
    NoScore,
    /// The second entry has another score than the first.
    Differs,
    /// There is no entered ballot to confirm.
    NothingToConfirm,
    /// It must be said why.
    ReasonNeeded,
}

impl From<ValueError> for Refusal {
    fn from(e: ValueError) -> Self {
        match e {
            ValueError::TooFine => Self::TooFine,
            ValueError::OutOfRange => Self::Range { min: Points(-999_999), max: Points(999_999) },
            ValueError::NotANumber | ValueError::NoUnit | ValueError::BelowOne => Self::NotANumber,
        }
    }
}

impl Refusal {
    /// The rule that was broken, as one sentence.
    #[must_use]
    pub fn text(self) -> Bilingual {
        match self {
            Self::NotANumber => Bilingual::new("不是数字", "not a number"),
            Self::TooFine => Bilingual::new("最多两位小数", "at most two decimals"),
            Self::Range { min, max } => Bilingual::new(
                format!("超出范围 {} 至 {}", min.short(), max.short()),
                format!("outside {} to {}", min.short(), max.short()),
            ),
            Self::Step { step } => {
                Bilingual::new(format!("不合步长 {}", step.short()), format!("not a multiple of {}", step.short()))
            }
            Self::NoteNeeded => Bilingual::new("不适用要写理由", "n/a needs a note"),
            Self::OutOfScope => Bilingual::new("该项目不纳入本轮考核", "the project is not assessed in this round"),
            Self::NotASite => Bilingual::new("该项目不是本轮观摩点", "the project is not a site of this round"),
            Self::Recused => Bilingual::new("评委对本单位项目回避", "the judge is recused from his own unit's project"),
            Self::RoundNotOpen(state) => Bilingual::new(
                format!("本轮{}，不能录入", state.zh()),
                format!("the round is {} and takes no entries", state.name()),
            ),
            Self::NoScore => Bilingual::new("要有分数", "a score is needed"),
            Self::Differs => Bilingual::new("两次录入的分数不同", "the two entries differ"),
            Self::NothingToConfirm => {
                Bilingual::new("这张票还没有录入，没有可确认的", "nobody has entered this ballot: nothing to confirm")
            }
            Self::ReasonNeeded => Bilingual::new("要写理由", "a reason is needed"),
        }
    }
}
