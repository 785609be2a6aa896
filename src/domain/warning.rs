//! 提示. Warnings about a district: they never stop anything (`domain.md` §10).

use super::district::{ProjectIx, RoundIx};
use super::value::Bilingual;

/// One warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Stable code, as `tally-partition`: one of [`CODES`].
    pub code: &'static str,
    /// File of the TOML row; none for records and counts.
    pub file: Option<&'static str>,
    /// Its line.
    pub line: Option<u32>,
    /// What is odd.
    pub message: Bilingual,
    /// The project that it is about, where it is one.
    pub project: Option<ProjectIx>,
    /// The round that it is about, where it is one.
    pub round: Option<RoundIx>,
}

/// Where the thing that a warning names is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// 项目
    Projects,
    /// 榜单
    Boards,
    /// 任务
    Targets,
    /// 评分
    Scores,
    /// 整改
    Rectifications,
    /// The files of the plan: `dukao check` names file and line.
    Folder,
}

/// A kind of warning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code.
    pub id: &'static str,
    /// What several of them are called, in Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
    /// Where to look.
    pub place: Place,
}

const fn code(id: &'static str, place: Place, zh: &'static str, en: &'static str) -> Code {
    Code { id, zh, en, place }
}

/// Every code, in the order of `domain.md` §10, which is the order in which warnings are listed.
pub const CODES: [Code; 36] = {
    use Place::{Boards, Folder, Projects, Rectifications, Scores, Targets};
    [
        code("tally-partition", Folder, "公布的分项与总数不合", "published parts that do not fit their total"),
        code("tally-mismatch", Projects, "公布数与项目库不符", "published counts unlike the registry"),
        code("quota-unresolved", Targets, "任务名称未认定单位", "quota labels without a unit"),
        code("quota-sum", Targets, "分解任务与总任务不符", "stated quotas unlike the headline"),
        code("quota-implied", Targets, "含推及的任务与总任务不符", "implied quotas unlike the headline"),
        code("quota-concentration", Targets, "任务集中于一家", "tiers that one unit mostly holds"),
        code("quota-credits", Targets, "记账次数多于项目数", "tiers with more credits than projects"),
        code("attraction-uncredited", Targets, "已认定未记账的招商项目", "attractions that credit no unit"),
        code("attraction-currency", Targets, "非人民币的招商项目", "attractions not in yuan"),
        code("attraction-received", Targets, "到位资金超过投资额", "attractions that received too much"),
        code("identical-values", Targets, "指标数值相同", "indicators with one value"),
        code("indicator-contradiction", Targets, "指标与全市高低不符", "indicators that contradict the city"),
        code("indicator-provisional", Targets, "预计数逾 90 天未核实", "provisional figures of over 90 days"),
        code("duplicate-label", Targets, "目标、评分项或任务同名", "labels used twice"),
        code("duplicate-name", Projects, "项目同名", "project names used twice"),
        code("town-not-stated", Projects, "未注明所在镇", "projects without a town"),
        code("no-milestones", Projects, "没有节点的项目", "projects without milestones"),
        code("milestone-outside-year", Projects, "节点期限不在计划年度", "milestones outside the year"),
        code("milestone-order", Projects, "节点次序与期限不合", "milestones out of order"),
        code("milestone-unknown", Projects, "计划中已无的节点", "records of milestones that are gone"),
        code("overdue-unreported", Projects, "节点逾期未报进度", "overdue and not reported since"),
        code("progress-stale", Projects, "进度久未上报", "progress not reported for long"),
        code("progress-regress", Projects, "进度低于此前上报", "progress lower than before"),
        code("report-optimistic", Projects, "自报好于节点推算", "reports better than derived"),
        code("plan-exceeds-total", Projects, "投资超过总投资", "amounts above the total investment"),
        code("officer-missing", Projects, "没有首席服务官", "projects without a service officer"),
        code("unit-without-projects", Boards, "没有项目的参评单位", "ranked units without projects"),
        code("round-pair-one-sided", Folder, "轮次配对只写了一边", "rounds paired one-sidedly"),
        code("round-dates", Folder, "轮次日期不合", "rounds with odd dates"),
        code("scorer-self", Folder, "评分范围全是本单位", "scorers of their own unit only"),
        code("panel-small", Boards, "有效票不足的点", "sites with too few valid ballots"),
        code("ballot-unconfirmed", Boards, "有票待复核的点", "sites with ballots to confirm"),
        code("judge-outlier", Boards, "打分偏离大的评委", "judges far off the panels"),
        code("suggestion-moved", Scores, "采用后推算已变的评分", "accepted scores whose suggestion moved"),
        code("rectification-overdue", Rectifications, "整改逾期", "rectifications overdue"),
        code("provenance-assumed", Projects, "内容系推断或假定", "rows that rest on assumption"),
    ]
};
