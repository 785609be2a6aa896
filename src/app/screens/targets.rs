//! 任务. Are we on pace, and do the sums agree.

use std::collections::BTreeSet;

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::form::open::{self, Doing};
use crate::app::related;
use crate::app::remembered::View;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish};
use crate::domain::explain::Question;
use crate::domain::quota::{QuotaRow, Resolution};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::MoneyUnit;
use crate::exchange::Sheet;
use crate::text::Text;

pub mod resolve;

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

impl QuotaLine {
    /// The row of a unit or of the district that it belongs to.
    #[must_use]
    pub fn parent(self) -> Parent {
        (self.plan, self.row)
    }
}

/// A row of the quota table with all its tiers: place of the plan, place of the row; none = 全区.
pub type Parent = (usize, Option<usize>);

/// 任务
#[derive(Debug, Default)]
pub struct Targets {
    /// The block with the focus.
    pub block: Block,
    /// Lines of all quota plans.
    pub lines: Vec<QuotaLine>,
    /// 收起: rows whose "of which" is not shown.
    pub closed: BTreeSet<Parent>,
    /// The line.
    pub quota: Cursor<QuotaLine>,
    /// Place of the indicator.
    pub indicator: Cursor<usize>,
    /// Place of the goal.
    pub goal: Cursor<usize>,
    /// What amounts of money are shown in.
    pub money: MoneyUnit,
}

/// Places of the quota plans: the current one first, which is the newest that has begun, then the newest.
#[must_use]
pub fn plan_order(data: &Snapshot) -> Vec<usize> {
    let plans = &data.plan.targets.quota_plans;
    let mut order: Vec<usize> = (0..data.quota_plans().len()).collect();
    order.sort_by_key(|i| (plans[*i].from > data.day(), std::cmp::Reverse(plans[*i].from)));
    order
}

/// Places of the tiers of a row that are stated or have results.
#[must_use]
pub fn shown_tiers(row: &QuotaRow) -> Vec<usize> {
    let shown = |t: &usize| row.cells[*t].target.is_some() || row.cells[*t].actual.is_some_and(|n| n > 0);
    (0..row.cells.len()).filter(shown).collect()
}

/// Tiers of a row of the table, the first of which is never hidden.
#[must_use]
pub fn tiers_of(data: &Snapshot, (plan, row): Parent) -> Vec<usize> {
    let figures = &data.quota_plans()[plan];
    row.map_or_else(|| (0..figures.tiers.len()).collect(), |row| shown_tiers(&figures.rows[row]))
}

/// Lines of the quota table: under the name of each plan the district's tiers, then each row's tiers that are stated
/// or have results, as far as they are not folded away.
fn lines(data: &Snapshot, closed: &BTreeSet<Parent>) -> Vec<QuotaLine> {
    let mut lines = Vec::new();
    for plan in plan_order(data) {
        let rows = data.quota_plans()[plan].rows.len();
        lines.push(QuotaLine { plan, row: None, tier: None });
        for row in std::iter::once(None).chain((0..rows).map(Some)) {
            let mut tiers = tiers_of(data, (plan, row));
            if closed.contains(&(plan, row)) {
                tiers.truncate(1);
            }
            if tiers.is_empty() && row.is_some() {
                lines.push(QuotaLine { plan, row, tier: None });
            }
            lines.extend(tiers.into_iter().map(|t| QuotaLine { plan, row, tier: Some(t) }));
        }
    }
    lines
}

impl Targets {
    fn take(&mut self, action: Action, data: &Snapshot) -> bool {
        match self.block {
            Block::Quotas => self.quota.take(action, &self.lines),
            Block::Indicators => self.indicator.take(action, &places(data.indicators().len())),
            Block::Goals => self.goal.take(action, &places(data.goals().len())),
        }
    }

    /// The line under the cursor, unless it is the name of a plan.
    fn line(&self) -> Option<QuotaLine> {
        self.quota.item().filter(|l| self.block == Block::Quotas && (l.row.is_some() || l.tier.is_some()))
    }

    /// Whether a row has tiers that can be folded away.
    #[must_use]
    pub fn folds(data: &Snapshot, of: Parent) -> bool {
        tiers_of(data, of).len() > 1
    }

    fn fold(&mut self, close: bool, data: &Snapshot) -> Vec<Wish> {
        let Some(line) = self.line().filter(|l| Self::folds(data, l.parent())) else {
            return vec![Wish::Say(Message::plain(Text::NothingToFold.both(&[])))];
        };
        if close {
            self.closed.insert(line.parent());
        } else {
            self.closed.remove(&line.parent());
        }
        self.lines = lines(data, &self.closed);
        // The cursor stays on its row, whatever is folded away below it.
        if !self.quota.point(&self.lines, line)
            && let Some(first) = self.lines.iter().find(|l| l.parent() == line.parent() && l.tier.is_some()).copied()
        {
            self.quota.point(&self.lines, first);
        }
        Vec::new()
    }

    /// The form of what is under the cursor: a new record, or the newest one to be changed.
    fn form(&self, action: Action, sight: &Sight<'_>) -> Option<Wish> {
        let (new, doing) = (action == Action::New, Doing::of(action));
        let targets = &sight.data.plan.targets;
        let (sheet, column, id) = match self.block {
            Block::Quotas if new => {
                let line = self.quota.item()?;
                return Some(open::of_row(line.plan, line.row, sight));
            }
            Block::Quotas => {
                let line = self.quota.item()?;
                return Some(Wish::Menu(open::attractions_of(line.plan, line.row, doing, sight)));
            }
            Block::Indicators => (Sheet::Indicators, "indicator", &targets.indicators.get(self.indicator.item()?)?.id),
            Block::Goals => (Sheet::Goals, "goal", &targets.goals.get(self.goal.item()?)?.id),
        };
        let form =
            if new { open::new(sheet, &[(column, id.clone())], sight) } else { open::newest_of(sheet, id, sight) };
        Some(doing.opened(form, sight))
    }

    /// Enter: an unknown name is resolved, a folded row opens, an open one shows its attractions.
    fn open(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        let Some(line) = self.line() else { return Vec::new() };
        let row = line.row.map(|row| &data.quota_plans()[line.plan].rows[row]);
        if let (Some(Resolution::Unresolved), Some(row)) = (row.map(|r| r.resolution), line.row) {
            return vec![match resolve::menu(line.plan, row, sight) {
                Ok(menu) => Wish::Menu(menu),
                Err(why) => Wish::Say(Message::loud(why)),
            }];
        }
        if self.closed.contains(&line.parent()) {
            return self.fold(false, data);
        }
        vec![Wish::Attractions(line.plan, line.row)]
    }

    /// Shows a row of a quota plan.
    pub fn show_quota(&mut self, plan: usize, row: Option<usize>) {
        self.block = Block::Quotas;
        if let Some(line) = self.lines.iter().find(|l| l.parent() == (plan, row)).copied() {
            self.quota.point(&self.lines, line);
        }
    }

    /// Shows an indicator.
    pub fn show_indicator(&mut self, data: &Snapshot, place: usize) {
        self.block = Block::Indicators;
        self.indicator.go(&places(data.indicators().len()), place);
    }

    /// Shows a goal.
    pub fn show_goal(&mut self, data: &Snapshot, place: usize) {
        self.block = Block::Goals;
        self.goal.go(&places(data.goals().len()), place);
    }
}

fn places(n: usize) -> Vec<usize> {
    (0..n).collect()
}

/// What a block is called in the state folder; never changes.
const IDS: [&str; 3] = ["quotas", "indicators", "goals"];

impl Screen for Targets {
    fn kept(&self, data: &Snapshot) -> Option<View> {
        let targets = &data.plan.targets;
        let at = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        let row = match self.block {
            Block::Quotas => self.quota.item().and_then(|l| {
                let plan = targets.quota_plans.get(l.plan)?;
                let label = l.row.and_then(|r| plan.quotas.get(r)).map_or("", |q| q.label.as_str());
                Some(format!("{}/{label}", plan.id))
            }),
            Block::Indicators => self.indicator.item().and_then(|i| Some(targets.indicators.get(i)?.id.clone())),
            Block::Goals => self.goal.item().and_then(|i| Some(targets.goals.get(i)?.id.clone())),
        };
        Some(View { row: format!("{}/{}", IDS[at], row.unwrap_or_default()), ..View::default() })
    }

    fn restore(&mut self, kept: &View, sight: &Sight<'_>) {
        let (data, targets) = (sight.data, &sight.data.plan.targets);
        let Some((block, id)) = kept.row.split_once('/') else { return };
        self.block = Block::ALL[IDS.iter().position(|b| *b == block).unwrap_or(0)];
        match self.block {
            Block::Quotas => {
                let Some((plan, label)) = id.split_once('/') else { return };
                let Some(at) = targets.quota_plans.iter().position(|p| p.id == plan) else { return };
                self.show_quota(at, targets.quota_plans[at].quotas.iter().position(|q| q.label == label));
            }
            Block::Indicators => {
                if let Some(place) = targets.indicators.iter().position(|i| i.id == id) {
                    self.show_indicator(data, place);
                }
            }
            Block::Goals => {
                if let Some(place) = targets.goals.iter().position(|g| g.id == id) {
                    self.show_goal(data, place);
                }
            }
        }
    }

    fn context(&self) -> Context {
        Context::Targets
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        let at = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        match action {
            Action::BlockNext | Action::ColumnNext => self.block = Block::ALL[(at + 1) % 3],
            Action::BlockPrev | Action::ColumnPrev => self.block = Block::ALL[(at + 2) % 3],
            Action::Expand | Action::Collapse => return self.fold(action == Action::Collapse, data),
            Action::MoneyUnit => {
                self.money = self.money.next();
                return vec![Wish::Say(Message::plain(
                    Text::MoneyIn.both2(&[&self.money.name().0], &[&self.money.name().1]),
                ))];
            }
            Action::Open if self.block == Block::Quotas => return self.open(sight),
            Action::New | Action::Edit | Action::Withdraw => {
                let none = || Wish::Say(Message::plain(Text::NoRow.both(&[])));
                return vec![self.form(action, sight).unwrap_or_else(none)];
            }
            Action::Related | Action::Open => {
                let question = self.question(sight);
                return related::of_target(question, sight).into_iter().collect();
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ if self.take(action, data) => {}
            _ => return vec![Wish::Say(Message::plain(Text::NotHere.both(&[])))],
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
        self.lines = lines(sight.data, &self.closed);
        self.quota.refresh(&self.lines);
        self.indicator.refresh(&places(sight.data.indicators().len()));
        self.goal.refresh(&places(sight.data.goals().len()));
    }
}
