//! 任务. Are we on pace, and do the sums agree.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Screen, Sight, Tab, Wish};
use crate::domain::explain::Question;
use crate::domain::snapshot::Snapshot;

/// 区块 of the targets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Block {
    /// 招商任务
    #[default]
    Quotas,
    /// 主要指标
    Indicators,
    /// 目标
    Goals,
}

impl Block {
    /// In the order of Tab.
    pub const ALL: [Self; 3] = [Self::Quotas, Self::Indicators, Self::Goals];
}

/// One line of the quota table: place of the plan, place of the row in it, place of the tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaLine {
    /// Place of the plan.
    pub plan: usize,
    /// Place of the row; none = 全区.
    pub row: Option<usize>,
    /// Place of the tier; none = a row that states no target, or the name of the plan.
    pub tier: Option<usize>,
}

/// 任务
#[derive(Debug, Default)]
pub struct Targets {
    /// The block with the focus.
    pub block: Block,
    /// Lines of all quota plans.
    pub lines: Vec<QuotaLine>,
    /// The line.
    pub quota: Cursor<QuotaLine>,
    /// Place of the indicator.
    pub indicator: Cursor<usize>,
    /// Place of the goal.
    pub goal: Cursor<usize>,
}

/// Places of the quota plans: the current one first, which is the newest that has begun, then the newest.
#[must_use]
pub fn plan_order(data: &Snapshot) -> Vec<usize> {
    let plans = &data.plan.targets.quota_plans;
    let mut order: Vec<usize> = (0..data.quota_plans().len()).collect();
    order.sort_by_key(|i| (plans[*i].from > data.day(), std::cmp::Reverse(plans[*i].from)));
    order
}

/// Lines of the quota table: under the name of each plan the district's tiers, then each row's tiers that are stated
/// or have results.
fn lines(data: &Snapshot) -> Vec<QuotaLine> {
    let mut lines = Vec::new();
    for plan in plan_order(data) {
        let figures = &data.quota_plans()[plan];
        lines.push(QuotaLine { plan, row: None, tier: None });
        lines.extend((0..figures.tiers.len()).map(|t| QuotaLine { plan, row: None, tier: Some(t) }));
        for (place, row) in figures.rows.iter().enumerate() {
            let shown = |t: &usize| {
                let c = &row.cells[*t];
                c.target.is_some() || c.actual.is_some_and(|n| n > 0)
            };
            let before = lines.len();
            let tiers = (0..row.cells.len()).filter(shown);
            lines.extend(tiers.map(|t| QuotaLine { plan, row: Some(place), tier: Some(t) }));
            if lines.len() == before {
                lines.push(QuotaLine { plan, row: Some(place), tier: None });
            }
        }
    }
    lines
}

impl Targets {
    fn go(&mut self, data: &Snapshot, to: impl Fn(usize) -> usize) {
        let indicators: Vec<usize> = (0..data.indicators().len()).collect();
        let goals: Vec<usize> = (0..data.goals().len()).collect();
        match self.block {
            Block::Quotas => self.quota.go(&self.lines, to(self.quota.place())),
            Block::Indicators => self.indicator.go(&indicators, to(self.indicator.place())),
            Block::Goals => self.goal.go(&goals, to(self.goal.place())),
        }
    }

    /// Points at a row of a quota plan; none = the plan itself.
    pub fn show_quota(&mut self, plan: usize, row: Option<usize>) {
        self.block = Block::Quotas;
        if let Some(line) = self.lines.iter().find(|l| (l.plan, l.row) == (plan, row)).copied() {
            self.quota.point(&self.lines, line);
        }
    }

    /// Points at an indicator.
    pub fn show_indicator(&mut self, place: usize, data: &Snapshot) {
        self.block = Block::Indicators;
        self.go(data, |_| place);
    }

    /// Points at a goal.
    pub fn show_goal(&mut self, place: usize, data: &Snapshot) {
        self.block = Block::Goals;
        self.go(data, |_| place);
    }

    fn height(&self) -> usize {
        match self.block {
            Block::Quotas => self.quota.height,
            Block::Indicators => self.indicator.height,
            Block::Goals => self.goal.height,
        }
    }
}

impl Screen for Targets {
    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let (data, page) = (sight.data, self.height());
        let at = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        match action {
            Action::BlockNext | Action::ColumnNext => self.block = Block::ALL[(at + 1) % 3],
            Action::BlockPrev | Action::ColumnPrev => self.block = Block::ALL[(at + 2) % 3],
            Action::RowPrev => self.go(data, |p| p.saturating_sub(1)),
            Action::RowNext => self.go(data, |p| p + 1),
            Action::PageUp => self.go(data, |p| p.saturating_sub(page)),
            Action::PageDown => self.go(data, |p| p + page),
            Action::HalfUp => self.go(data, |p| p.saturating_sub(page / 2)),
            Action::HalfDown => self.go(data, |p| p + page / 2),
            Action::First => self.go(data, |_| 0),
            Action::Last => self.go(data, |_| usize::MAX),
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {}
        }
        Vec::new()
    }

    fn question(&self, _sight: &Sight<'_>) -> Option<Question> {
        match self.block {
            Block::Quotas => self.quota.item().map(|l| Question::Quota { plan: l.plan, row: l.row }),
            Block::Indicators => self.indicator.item().map(Question::Indicator),
            Block::Goals => self.goal.item().map(Question::Goal),
        }
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.lines = lines(sight.data);
        self.quota.refresh(&self.lines);
        let indicators: Vec<usize> = (0..sight.data.indicators().len()).collect();
        self.indicator.refresh(&indicators);
        let goals: Vec<usize> = (0..sight.data.goals().len()).collect();
        self.goal.refresh(&goals);
    }
}
