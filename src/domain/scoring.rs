//! 考评规则. The rule set of `scoring.toml`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::explain::Clause;
use super::project::{Commitment, PaceBy};
use super::value::{Date, Money, Points};

/// How stretch projects count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StretchMode {
    /// A bonus per completed one.
    Bonus,
    /// Assessed like must-complete ones.
    Same,
    /// Not at all.
    None,
}

/// 考核范围
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scope {
    /// Whose projects are assessed.
    pub commitments: Vec<Commitment>,
    /// How stretch projects count.
    pub stretch: StretchMode,
    /// Bonus per completed stretch project.
    pub per_completed: Points,
    /// Its cap per unit.
    pub cap: Points,
    /// Fewer applicable points: not scored.
    pub min_applicable: Points,
}

/// 任务分值
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskPoints {
    /// No total investment stated, or not in yuan.
    pub default: u16,
    /// Rising from 0元; the bound belongs to the tier.
    pub tiers: Vec<(Money, u16)>,
}

/// Where a criterion's suggestion comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CriterionSource {
    /// 节点
    Milestones,
    /// 形象进度
    CertifiedProgress,
    /// 投资
    Investment,
    /// 手续
    Permits,
    /// 录入
    Entry,
}

/// Credit lost by late milestones (F4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Late {
    /// Days per step.
    pub step_days: i64,
    /// Percent lost per step.
    pub loss_percent: i64,
    /// Percent that always remains.
    pub floor_percent: i64,
}

/// 评分项
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Criterion {
    /// Unique id.
    pub id: String,
    /// 名称
    pub label: String,
    /// 满分
    pub points: Points,
    /// Where the suggestion comes from.
    pub source: CriterionSource,
    /// For milestones; none = late ones keep full credit.
    pub late: Option<Late>,
    /// Ratios above this percent count as this.
    pub cap_percent: i64,
    /// For investment.
    pub pace: PaceBy,
    /// Entered values are multiples of it.
    pub step: Points,
}

/// What makes a deduction count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeductionSource {
    /// 事件
    Incidents,
    /// 整改逾期
    OverdueRectifications,
    /// 建建停停
    StopAndGo,
}

/// 扣分项
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeductionRule {
    /// Unique id.
    pub id: String,
    /// 名称
    pub label: String,
    /// Per event.
    pub points: Points,
    /// Capped together.
    pub group: String,
    /// What makes it count.
    pub source: DeductionSource,
    /// Counts as that kind from the day it is resolved.
    pub when_resolved: Option<String>,
}

/// What makes a bonus count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BonusSource {
    /// 事件
    Incidents,
    /// 提前完成
    EarlyCompletion,
}

/// 加分项
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BonusRule {
    /// Unique id.
    pub id: String,
    /// 名称
    pub label: String,
    /// Per event, or per step of days.
    pub points: Points,
    /// What makes it count.
    pub source: BonusSource,
    /// For early completion.
    pub step_days: i64,
}

/// Lower and upper bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Lower.
    pub min: Points,
    /// Upper.
    pub max: Points,
}

impl Bounds {
    /// The value, moved inside.
    #[must_use]
    pub fn clamp(self, p: Points) -> Points {
        p.clamp(self.min, self.max)
    }
}

/// 限额
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Caps {
    /// 加分 per project.
    pub bonus: Points,
    /// Project score.
    pub project: Bounds,
    /// Unit score, unless the method is `sum`.
    pub unit: Bounds,
    /// 扣分 per project and group.
    pub deduction: BTreeMap<String, Points>,
}

/// 一票否决
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Veto {
    /// What the unit's flag says.
    pub unit_flag: String,
    /// Id and label of each event.
    pub events: Vec<(String, String)>,
}

/// How a unit's score follows from its projects (F9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitMethod {
    /// 100 · ΣC / ΣT
    Rate,
    /// Weighted mean of scores.
    Mean,
    /// ΣC
    Sum,
}

/// Who answers for a moved project (F9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribution {
    /// The holder at D.
    AsOf,
    /// Every holder of the round by days.
    TimeWeighted,
}

/// How many ballots fall away at each end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trim {
    /// By panel size (F10).
    Auto,
    /// None.
    None,
    /// This many.
    Each(u16),
}

/// 观摩
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationRule {
    /// Allowed scores.
    pub range: Bounds,
    /// Scores are multiples of it.
    pub step: Points,
    /// Fewer valid ballots: no panel score.
    pub min_valid: usize,
    /// Trimming.
    pub trim: Trim,
    /// A ballot must be confirmed by a second person before sealing.
    pub double_entry: bool,
    /// Group id and weight; empty = no groups.
    pub groups: Vec<(String, i64)>,
}

/// What happens to a composite with a missing part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The other part alone, flagged.
    Renormalise,
    /// None.
    Blank,
}

/// 综合
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompositeRule {
    /// Weight of the assessment.
    pub assessment: i64,
    /// Weight of the observation.
    pub observation: i64,
    /// Missing parts.
    pub missing: Missing,
}

/// Ranks after a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RankMethod {
    /// 1 2 2 4
    Competition,
    /// 1 2 2 3
    Dense,
}

/// What decides between equal printed scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// 确保完成率, higher first
    MustCompletedRate,
    /// 滞后个数, lower first
    BehindCount,
    /// 扣分合计, lower first
    DeductionTotal,
}

/// 名次
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankRule {
    /// Ranks after a tie.
    pub method: RankMethod,
    /// In this order.
    pub tie_break: Vec<TieBreak>,
    /// Fewer scored projects: shown, unranked.
    pub min_projects: usize,
}

/// Lights of milestones (F1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestoneLight {
    /// Days that do not count as lag.
    pub grace_days: i64,
    /// Greatest lag that is yellow.
    pub yellow_to: i64,
}

/// Lights of quotas (F14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaLight {
    /// Lag behind pace in percentage points: yellow from, red above.
    Lag {
        /// Points of lag that are yellow.
        yellow_from: Points,
        /// Points of lag above which it is red.
        red_above: Points,
    },
    /// Half of what is expected by now.
    Sanya,
}

/// 亮灯
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LightRule {
    /// 节点
    pub milestone: MilestoneLight,
    /// 招商
    pub quota: QuotaLight,
    /// 整改: days before due that are yellow.
    pub warn_days: i64,
    /// 即将到期
    pub due_soon_days: i64,
    /// Newest report older than this is stale.
    pub stale_days: i64,
}

/// How a quota row is scored (F14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScore {
    /// At most 100.
    Capped,
    /// 100 r
    Uncapped,
    /// 100, 50 or 0.
    Threshold,
}

/// 招商 rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaRule {
    /// Pace of a plan.
    pub pace: PaceBy,
    /// Score of a row.
    pub score: QuotaScore,
    /// Recognition: funds received / amount, in percent.
    pub min_received_percent: i64,
}

/// 考评规则. The whole rule set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleSet {
    /// Unique id.
    pub id: String,
    /// 名称
    pub title: String,
    /// In force from.
    pub effective_from: Date,
    /// In force to.
    pub effective_to: Date,
    /// 范围
    pub scope: Scope,
    /// 任务分值
    pub task_points: TaskPoints,
    /// 评分项, summing to 100 points.
    pub criteria: Vec<Criterion>,
    /// 扣分项
    pub deductions: Vec<DeductionRule>,
    /// 加分项
    pub bonuses: Vec<BonusRule>,
    /// 限额
    pub caps: Caps,
    /// 一票否决
    pub veto: Veto,
    /// F9 method.
    pub unit_method: UnitMethod,
    /// F9 attribution.
    pub attribution: Attribution,
    /// 观摩
    pub observation: ObservationRule,
    /// 综合
    pub composite: CompositeRule,
    /// 名次
    pub rank: RankRule,
    /// 亮灯
    pub light: LightRule,
    /// 招商
    pub quota: QuotaRule,
    /// Line of each clause in `scoring.toml`: `criterion.node`, `deduction.wage_resolved`, `caps`, `unit` …
    pub lines: BTreeMap<String, u32>,
    /// SHA-256 of `scoring.toml`, 64 hex digits; printed on bulletins and stored at sealing.
    pub sha256: String,
}

impl RuleSet {
    /// Place of the criterion with this id.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<usize> {
        self.criteria.iter().position(|c| c.id == id)
    }

    /// A clause and where it stands, as `criterion.node`, `caps`, `composite`.
    #[must_use]
    pub fn clause(&self, key: impl Into<String>) -> Clause {
        let key = key.into();
        Clause { line: self.lines.get(&key).copied(), key }
    }
}

/// How a part of a score came about (F5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// 推算
    Derived,
    /// 采用
    Accepted,
    /// 改定
    Override,
    /// 录入
    Entered,
    /// 不适用
    NotApplicable,
    /// 未录
    Missing,
}

/// The ledger's record of one score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScoreRecord {
    /// Fixed at the moment of entry.
    pub basis: Basis,
    /// 备注, 理由
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub note: String,
    /// The points; none = `n/a`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub points: Option<Points>,
    /// The suggestion of that moment, if there was one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub suggestion: Option<Points>,
}
