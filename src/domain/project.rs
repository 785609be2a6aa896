//! 项目. Projects, their milestones, and status and light as of a date (F1, F2, F19).

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::district::UnitIx;
use super::explain::{Derivation, Figure, Trace};
use super::scoring::MilestoneLight;
use super::value::{Bilingual, Date, Money, Points, Ratio, days_between};
use super::words::Word;

/// 类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// 确保完成
    Must,
    /// 力争完成
    Stretch,
}

/// 项目状态 as planned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectState {
    /// 在建
    #[default]
    Active,
    /// 暂停
    Suspended,
    /// 不纳入考核
    Exempt,
    /// 退出
    Withdrawn,
}

impl ProjectState {
    /// Exempt and withdrawn projects leave the scope.
    #[must_use]
    pub fn is_excluded(self) -> bool {
        matches!(self, Self::Exempt | Self::Withdrawn)
    }
}

/// 停滞
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stall {
    /// 圈而未建
    FencedNotBuilt,
    /// 腾而未建
    ClearedNotBuilt,
    /// 腾而不圈
    ClearedNotFenced,
    /// 建建停停
    StopAndGo,
}

/// Where a row of the plan comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// As published.
    #[default]
    Stated,
    /// Follows from context.
    Inferred,
    /// Assumed.
    Assumed,
    /// Invented for the sample.
    Sample,
}

/// 节点类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MilestoneKind {
    /// 手续
    Formality,
    /// 形象
    Physical,
    /// 竣工
    Completion,
    /// 投产
    Production,
}

/// 节点
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Milestone {
    /// Unique within the project.
    pub name: String,
    /// What it is.
    pub kind: MilestoneKind,
    /// 期限
    pub due: Date,
    /// ≥ 1
    pub weight: u32,
}

/// Which leaderboard, and so which of a project's units answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoardKind {
    /// 指挥部榜
    Headquarters,
    /// 镇榜
    Towns,
}

/// From that day another unit answers for the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Move {
    /// Which board it concerns.
    pub board: BoardKind,
    /// The new unit.
    pub unit: UnitIx,
    /// First day.
    pub from: Date,
    /// Why.
    pub reason: String,
}

/// 项目
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// Unique id.
    pub id: String,
    /// 名称
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// 确保 or 力争.
    pub commitment: Commitment,
    /// 指挥部 by the plan.
    pub headquarters: UnitIx,
    /// 镇 by the plan: unit and basis points; empty = not stated, one entry of 10000 = `town`.
    pub towns: Vec<(UnitIx, u16)>,
    /// 总投资
    pub total_investment: Option<Money>,
    /// 年度计划投资
    pub annual_plan: Option<Money>,
    /// 业主单位
    pub owner: Option<String>,
    /// 施工单位
    pub contractor: Option<String>,
    /// 首席服务官
    pub service_officer: Option<String>,
    /// 任务分值 where the plan overrides the tier.
    pub task_points: Option<u16>,
    /// 停滞
    pub stall: Option<Stall>,
    /// Active, suspended, exempt, withdrawn.
    pub state: ProjectState,
    /// Required for exempt and withdrawn.
    pub state_reason: Option<String>,
    /// Where the row comes from.
    pub provenance: Provenance,
    /// 备注
    pub note: Option<String>,
    /// Range of the plan's milestones.
    pub milestones: Range<u32>,
    /// Moves, by day.
    pub moves: Vec<Move>,
}

/// The letters of a name, blanks aside.
fn plain(name: &str) -> impl Iterator<Item = char> + '_ {
    name.chars().filter(|c| !c.is_whitespace())
}

impl Project {
    /// Whether this is its name, or another name of it, blanks aside.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        let same = |other: &str| plain(other).eq(plain(name));
        plain(name).next().is_some() && (same(&self.name) || self.aliases.iter().any(|alias| same(alias)))
    }

    /// The units that answer on a board at a day, with their share in basis points (F9 `as_of`).
    #[must_use]
    pub fn holders(&self, board: BoardKind, at: Date) -> Vec<(UnitIx, u16)> {
        let moved = self.moves.iter().filter(|m| m.board == board && m.from <= at).max_by_key(|m| m.from);
        match (moved, board) {
            (Some(m), _) => vec![(m.unit, 10000)],
            (None, BoardKind::Headquarters) => vec![(self.headquarters, 10000)],
            (None, BoardKind::Towns) => self.towns.clone(),
        }
    }

    /// The headquarters that answers at a day.
    #[must_use]
    pub fn headquarters_at(&self, at: Date) -> UnitIx {
        self.holders(BoardKind::Headquarters, at).first().map_or(self.headquarters, |h| h.0)
    }

    /// The one town that answers at a day; none where not stated or shared.
    #[must_use]
    pub fn town_at(&self, at: Date) -> Option<UnitIx> {
        match self.holders(BoardKind::Towns, at)[..] {
            [(unit, _)] => Some(unit),
            _ => None,
        }
    }
}

/// The holders of a project on a board between two days, with their share in basis points (F9 `time_weighted`):
/// the days of one holder are added before rounding, the last holder takes the rest.
#[must_use]
pub fn holders_over(project: &Project, board: BoardKind, from: Date, to: Date) -> Vec<(UnitIx, Ratio)> {
    let mut starts: Vec<Date> = vec![from];
    starts.extend(project.moves.iter().filter(|m| m.board == board && m.from > from && m.from <= to).map(|m| m.from));
    starts.sort_unstable();
    starts.dedup();
    let mut days: Vec<(Vec<(UnitIx, u16)>, i64)> = Vec::new();
    for (i, start) in starts.iter().enumerate() {
        let end = starts.get(i + 1).map_or_else(|| days_between(*start, to) + 1, |next| days_between(*start, *next));
        let holders = project.holders(board, *start);
        match days.iter().position(|(h, _)| *h == holders) {
            Some(at) => {
                let (_, before) = days.remove(at);
                days.push((holders, before + end));
            }
            None => days.push((holders, end)),
        }
    }
    let whole = days_between(from, to) + 1;
    let mut left = 10_000;
    let mut shares = Vec::new();
    for (i, (holders, n)) in days.iter().enumerate() {
        let points =
            if i + 1 == days.len() { left } else { Ratio::new(i128::from(10_000 * n), i128::from(whole)).round() };
        left -= points;
        for (unit, share) in holders {
            shares.push((*unit, Ratio::new(i128::from(points) * i128::from(*share), 100_000_000)));
        }
    }
    shares
}

/// 状态 derived from milestones (F1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// 已完成
    Completed,
    /// 按节点推进
    OnTrack,
    /// 滞后
    Behind,
    /// 状态不明
    Unknown,
    /// 不纳入考核 or 退出
    Excluded,
}

/// 灯
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// 绿
    Green,
    /// 黄
    Yellow,
    /// 红
    Red,
    /// 灰
    Grey,
}

/// Where a project stands at a day (F1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// 状态
    pub status: Status,
    /// 灯; none for excluded projects.
    pub light: Option<Light>,
    /// 滞后天 for behind projects, else none.
    pub lag_days: Option<i64>,
    /// The open milestone with the earliest due, as a place in the project's milestones.
    pub next: Option<usize>,
}

/// Done by D: facts dated after D are ignored.
fn done_by(done: Option<Date>, at: Date) -> bool {
    done.is_some_and(|d| d <= at)
}

fn milestone_step(m: &Milestone, done: Option<Date>, at: Date) -> Derivation {
    let late =
        late_days(m, done, at).map(|n| Figure::Word(Bilingual::new(format!("晚 {n} 天"), format!("{n} days late"))));
    let on_time = done.map(|_| Figure::Word(Bilingual::new("按期", "on time")));
    let step = Derivation::new(m.name.as_str(), m.name.as_str(), late.or(on_time).unwrap_or(Figure::None));
    let due = m.due;
    match done {
        Some(d) => step.by(format!("期限 {due}，{d} 完成"), format!("due {due}, done {d}")),
        None if at > due => step.by(format!("期限 {due}，未完成"), format!("due {due}, not done")),
        None => step.by(format!("期限 {due}，未到期"), format!("due {due}, not yet")),
    }
}

/// F1. Status and light of a project with these milestones and dates done, at a day.
#[must_use]
pub fn standing(
    state: ProjectState,
    milestones: &[Milestone],
    done: &[Option<Date>],
    at: Date,
    rule: &MilestoneLight,
    trace: &mut Trace,
) -> Standing {
    if state.is_excluded() {
        trace.step(|| Derivation::new("状态", "status", Status::Excluded).by(state.both().0, state.both().1));
        return Standing { status: Status::Excluded, light: None, lag_days: None, next: None };
    }
    let open = || milestones.iter().zip(done).enumerate().filter(|(_, (_, d))| !done_by(**d, at));
    let next = open().min_by_key(|(i, (m, _))| (m.due, *i)).map(|(i, _)| i);
    let (status, light, lag_days) = match open().map(|(_, (m, _))| days_between(m.due, at) - rule.grace_days).max() {
        _ if milestones.is_empty() => (Status::Unknown, Light::Grey, None),
        None => (Status::Completed, Light::Green, None),
        Some(lag) if lag <= 0 => (Status::OnTrack, Light::Green, None),
        Some(lag) if lag <= rule.yellow_to => (Status::Behind, Light::Yellow, Some(lag)),
        Some(lag) => (Status::Behind, Light::Red, Some(lag)),
    };
    for (m, d) in milestones.iter().zip(done) {
        trace.step(|| milestone_step(m, d.filter(|d| *d <= at), at));
    }
    trace.step(|| {
        let (grace, yellow) = (rule.grace_days, rule.yellow_to);
        Derivation::new("未完节点最大滞后（天）", "greatest lag of an open milestone (days)", lag_days).by(
            format!("宽限 {grace} 天；1 至 {yellow} 天黄，更久红"),
            format!("grace {grace} days; 1 to {yellow} days yellow, longer red"),
        )
    });
    trace.step(|| Derivation::new("状态", "status", status).by(light.both().0, light.both().1));
    Standing { status, light: Some(light), lag_days, next }
}

/// F1 `late_days` of a milestone: done late, or open and past due; else none.
#[must_use]
pub fn late_days(milestone: &Milestone, done: Option<Date>, at: Date) -> Option<i64> {
    let end = done.filter(|d| *d <= at).unwrap_or(at);
    Some(days_between(milestone.due, end)).filter(|d| *d > 0)
}

/// How whole or partial periods count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaceBy {
    /// Whole months that have ended.
    #[default]
    Months,
    /// Days, the day itself included.
    Days,
}

fn months(a: Date, b: Date) -> i64 {
    i64::from(b.year() - a.year()) * 12 + i64::from(b.month() - a.month())
}

/// Whole months of a period and those that ended by `at`; none for a period that is not whole months.
#[must_use]
pub fn months_of(from: Date, to: Date, at: Date) -> Option<(i64, i64)> {
    if from.day() != 1 || to != to.last_of_month() || to < from {
        return None;
    }
    let total = months(from, to) + 1;
    let gone = months(from, at) + i64::from(at == at.last_of_month());
    Some((gone.clamp(0, total), total))
}

/// F2. 序时进度 of the period at a day, between 0 and 1.
#[must_use]
pub fn pace(from: Date, to: Date, at: Date, by: PaceBy) -> Ratio {
    match (by, months_of(from, to, at)) {
        (PaceBy::Months, Some((gone, total))) => Ratio::new(i128::from(gone), i128::from(total)),
        _ => {
            let total = days_between(from, to) + 1;
            Ratio::new(i128::from((days_between(from, at) + 1).clamp(0, total)), i128::from(total.max(1)))
        }
    }
}

/// F19. How many projects stand where; the parts partition the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// 合计
    pub total: usize,
    /// 已完成
    pub completed: usize,
    /// 正常推进
    pub on_track: usize,
    /// 滞后
    pub behind: usize,
    /// 滞后, red of them
    pub behind_red: usize,
    /// 状态不明
    pub unknown: usize,
    /// 不纳入考核, 退出
    pub excluded: usize,
}

impl Tally {
    /// Counts one more project.
    pub fn add(&mut self, s: &Standing) {
        self.total += 1;
        match s.status {
            Status::Completed => self.completed += 1,
            Status::OnTrack => self.on_track += 1,
            Status::Behind => {
                self.behind += 1;
                self.behind_red += usize::from(s.light == Some(Light::Red));
            }
            Status::Unknown => self.unknown += 1,
            Status::Excluded => self.excluded += 1,
        }
    }

    /// F19 rate of `n` in the total, in percent; none for an empty total.
    #[must_use]
    pub fn rate(&self, n: usize) -> Option<Points> {
        share(n, self.total)
    }
}

/// round2(100 · n / total) (F17, F19); none when the total is 0.
#[must_use]
pub fn share(n: usize, total: usize) -> Option<Points> {
    Ratio::checked(100 * n as i128, total as i128).map(Ratio::round2)
}

/// F19. How far `actual` of `plan` is ahead of a pace, in percentage points; negative = behind; none for a plan of 0.
#[must_use]
pub fn ahead(actual: Ratio, plan: Ratio, pace: Ratio) -> Option<Points> {
    let hundred = Ratio::int(100);
    actual.over(plan).map(|part| (hundred * part - hundred * pace).round2())
}

/// F19. Forecast and needed speed of completions over the plan year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunRate {
    /// n / pace
    pub forecast: Option<Points>,
    /// total − n
    pub left: usize,
    /// left / months left
    pub needed: Option<Points>,
    /// n / months gone
    pub so_far: Option<Points>,
    /// needed / so far, from exact values
    pub ratio: Option<Points>,
    /// Percentage points that n / total is ahead of the pace.
    pub ahead: Option<Points>,
}

/// F19. Run rate of `n` of `total` completed after `gone` of `months` months.
#[must_use]
pub fn run_rate(n: usize, total: usize, gone: i64, months: i64) -> RunRate {
    let int = |x: usize| Ratio::int(x as i128);
    let pace = Ratio::new(i128::from(gone), i128::from(months.max(1)));
    let left = total.saturating_sub(n);
    let needed = int(left).over(Ratio::int(months - gone));
    let so_far = int(n).over(Ratio::int(gone));
    RunRate {
        forecast: int(n).over(pace).map(Ratio::round2),
        left,
        needed: needed.map(Ratio::round2),
        so_far: so_far.map(Ratio::round2),
        ratio: needed.zip(so_far).and_then(|(a, b)| a.over(b)).map(Ratio::round2),
        ahead: ahead(int(n), int(total), pace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: MilestoneLight = MilestoneLight { grace_days: 0, yellow_to: 30 };

    fn day(text: &str) -> Date {
        format!("2014-{text}").parse().expect("a date")
    }

    /// Status, light and lag at 2014-06-30 of milestones written `due` or `due done`.
    fn at_half_year(milestones: &[&str]) -> (Status, Light, Option<i64>) {
        let (mut plan, mut done) = (Vec::new(), Vec::new());
        for (i, text) in milestones.iter().enumerate() {
            let (due, on) = text.split_once(' ').map_or((*text, None), |(due, on)| (due, Some(day(on))));
            plan.push(Milestone { name: i.to_string(), kind: MilestoneKind::Physical, due: day(due), weight: 1 });
            done.push(on);
        }
        let s = standing(ProjectState::Active, &plan, &done, day("06-30"), &RULE, &mut Trace::off());
        (s.status, s.light.expect("a light"), s.lag_days)
    }

    #[test]
    fn e01_tallies_partition() {
        let must = Tally { total: 97, completed: 12, on_track: 78, behind: 7, ..Tally::default() };
        assert_eq!(must.rate(must.completed), Some(Points(1237)));
        assert_eq!(must.rate(must.completed + must.on_track), Some(Points(9278)));
        assert_eq!(must.rate(must.behind), Some(Points(722)));
        assert_eq!((share(1, 47), share(44, 47)), (Some(Points(213)), Some(Points(9362))));
        assert_eq!(
            (share(13, 144), share(134, 144), share(10, 144)),
            (Some(Points(903)), Some(Points(9306)), Some(Points(694)))
        );
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn e02_run_rate() {
        let r = run_rate(12, 97, 6, 12);
        assert_eq!((r.forecast, r.left), (Some(Points(2400)), 85));
        assert_eq!((r.needed, r.so_far, r.ratio), (Some(Points(1417)), Some(Points(200)), Some(Points(708))));
        assert_eq!(run_rate(1, 2, 0, 12).forecast, None);
        assert_eq!(run_rate(1, 2, 12, 12).needed, None);
    }

    #[test]
    fn e03_status_and_light() {
        use Light::{Green, Grey, Red, Yellow};
        use Status::{Behind, Completed, OnTrack, Unknown};
        assert_eq!(at_half_year(&["06-30"]), (OnTrack, Green, None), "a");
        assert_eq!(at_half_year(&["06-29"]), (Behind, Yellow, Some(1)), "b");
        assert_eq!(at_half_year(&["05-31"]), (Behind, Yellow, Some(30)), "c");
        assert_eq!(at_half_year(&["05-30"]), (Behind, Red, Some(31)), "d");
        assert_eq!(at_half_year(&["03-31", "06-20 06-01"]), (Behind, Red, Some(91)), "e");
        assert_eq!(at_half_year(&["03-31 05-02", "09-30"]), (OnTrack, Green, None), "f");
        assert_eq!(at_half_year(&["03-31 03-01", "06-30 06-30"]), (Completed, Green, None), "g");
        assert_eq!(at_half_year(&["06-15 07-03"]), (Behind, Yellow, Some(15)), "h");
        assert_eq!(at_half_year(&[]), (Unknown, Grey, None), "i");
    }

    #[test]
    fn e04_ahead_of_pace() {
        let of = |actual, plan, months| ahead(Ratio::int(actual), Ratio::int(plan), Ratio::new(months, 12));
        let seen = [of(74, 100, 8), of(6290, 6474, 10), of(3090, 10_000, 3), of(19, 100, 2)];
        assert_eq!(seen, [733, 1382, 590, 233].map(|p| Some(Points(p))));
        assert_eq!((of(1, 2, 12), of(1, 0, 6)), (Some(Points(-5000)), None));
    }

    #[test]
    fn e05_pace_of_the_second_half() {
        let (from, to) = (day("07-01"), day("12-31"));
        let percent = |at, by| (Ratio::int(100) * pace(from, to, day(at), by)).round2();
        assert_eq!(percent("09-30", PaceBy::Days), Points(5000));
        assert_eq!(percent("10-15", PaceBy::Days), Points(5815));
        assert_eq!(percent("10-15", PaceBy::Months), Points(5000));
        assert_eq!((percent("06-30", PaceBy::Days), percent("06-30", PaceBy::Months)), (Points(0), Points(0)));
        assert_eq!(pace(from, to, Date::constant(2015, 2, 1), PaceBy::Months), Ratio::ONE);
    }

    #[test]
    fn a_withdrawn_project_is_excluded_whatever_its_milestones_say() {
        let s = standing(ProjectState::Withdrawn, &[], &[], day("06-30"), &RULE, &mut Trace::off());
        assert_eq!((s.status, s.light), (Status::Excluded, None));
    }
}
