//! 项目. Which projects are behind, by how much, and does the unit admit it.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::filter::Filter;
use crate::app::related;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish, about_project, seen_score};
use crate::domain::district::ProjectIx;
use crate::domain::explain::Question;
use crate::domain::project::Status;
use crate::text::Text;

/// 状态 chips: the first filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chip {
    /// 全部
    #[default]
    All,
    /// 已完成
    Completed,
    /// 正常
    OnTrack,
    /// 滞后
    Behind,
    /// 不明
    Unknown,
}

impl Chip {
    /// From left to right.
    pub const ALL: [Self; 5] = [Self::All, Self::Completed, Self::OnTrack, Self::Behind, Self::Unknown];

    /// Whether a project of this status passes.
    #[must_use]
    pub fn passes(self, status: Status) -> bool {
        match self {
            Self::All => true,
            Self::Completed => status == Status::Completed,
            Self::OnTrack => status == Status::OnTrack,
            Self::Behind => status == Status::Behind,
            Self::Unknown => status == Status::Unknown,
        }
    }
}

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// 滞后天, worst first, then by the next due.
    #[default]
    Worst,
    /// 编号
    Id,
    /// 下一节点
    Due,
    /// 得分
    Score,
}

impl Sort {
    const ALL: [Self; 4] = [Self::Worst, Self::Id, Self::Due, Self::Score];
}

/// 项目
#[derive(Debug, Default)]
pub struct Projects {
    /// 状态 chip in force.
    pub chip: Chip,
    /// The focus is on the chips.
    pub on_chips: bool,
    /// The filter as typed.
    pub filter_text: String,
    /// The filter in force.
    pub filter: Filter,
    /// The open filter field.
    pub field: Option<Field>,
    /// What the list is sorted by.
    pub sort: Sort,
    /// Backwards.
    pub reversed: bool,
    /// What passes, sorted.
    pub rows: Vec<ProjectIx>,
    /// The row.
    pub cursor: Cursor<ProjectIx>,
}

impl Projects {
    fn list(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let mut rows: Vec<ProjectIx> = data
            .plan
            .project_ixs()
            .filter(|p| self.chip.passes(data.standing(*p).status))
            .filter(|p| self.filter.project(data, sight.index, *p))
            .collect();
        let due = |p: &ProjectIx| data.standing(*p).next.and_then(|n| data.plan.milestones(*p).get(n)).map(|m| m.due);
        match self.sort {
            Sort::Worst => rows.sort_by_key(|p| {
                let s = data.standing(*p);
                (std::cmp::Reverse(s.lag_days.unwrap_or(i64::MIN)), due(p).is_none(), due(p))
            }),
            Sort::Id => rows.sort_by(|a, b| data.plan.project(*a).id.cmp(&data.plan.project(*b).id)),
            Sort::Due => rows.sort_by_key(|p| (due(p).is_none(), due(p))),
            Sort::Score => {
                rows.sort_by_key(|p| {
                    let score = seen_score(data, sight.actor, *p).and_then(|s| s.score);
                    (score.is_none(), score)
                });
            }
        }
        if self.reversed {
            rows.reverse();
        }
        self.rows = rows;
        self.cursor.refresh(&self.rows);
    }

    /// Opens the filter, with a character already typed.
    pub fn open_filter(&mut self, first: Option<char>) {
        let mut text = self.filter_text.clone();
        text.extend(first);
        self.field = Some(Field::new(text));
    }

    /// Shows a project, whatever was filtered.
    pub fn show(&mut self, sight: &Sight<'_>, project: ProjectIx) {
        if !self.rows.contains(&project) {
            self.chip = Chip::All;
            self.set_filter("", sight);
        }
        self.cursor.point(&self.rows, project);
    }

    /// Puts a filter in force.
    pub fn set_filter(&mut self, text: &str, sight: &Sight<'_>) {
        text.clone_into(&mut self.filter_text);
        self.filter = Filter::parse(text);
        self.list(sight);
    }

    fn step_chip(&mut self, by: isize, sight: &Sight<'_>) {
        let at = Chip::ALL.iter().position(|c| *c == self.chip).unwrap_or(0);
        if let Some(chip) = at.checked_add_signed(by).and_then(|i| Chip::ALL.get(i)) {
            self.chip = *chip;
            self.list(sight);
            self.cursor.go(&self.rows, 0);
        }
    }
}

impl Screen for Projects {
    fn context(&self) -> Context {
        if self.field.is_some() { Context::Field } else { Context::Table }
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.field.as_mut()
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        if let Some(text) = self.field.as_ref().map(|f| f.text().to_owned()) {
            self.set_filter(&text, sight);
            self.cursor.go(&self.rows, 0);
        }
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        match action {
            Action::Accept | Action::Newer => {
                self.field = None;
                if let Some(term) = self.filter.unreadable().next() {
                    return vec![Wish::Say(Message::loud(Text::UnreadableTerm.both(&[&term])))];
                }
            }
            Action::Cancel => {
                self.field = None;
                self.set_filter("", sight);
            }
            Action::Filter => self.open_filter(None),
            Action::RowPrev if self.cursor.place() == 0 => self.on_chips = true,
            Action::RowNext | Action::BlockNext | Action::BlockPrev if self.on_chips => self.on_chips = false,
            Action::BlockNext | Action::BlockPrev => self.on_chips = true,
            Action::ColumnPrev => self.step_chip(-1, sight),
            Action::ColumnNext => self.step_chip(1, sight),
            Action::Sort => {
                let at = Sort::ALL.iter().position(|s| *s == self.sort).unwrap_or(0);
                self.sort = Sort::ALL[(at + 1) % Sort::ALL.len()];
                self.list(sight);
            }
            Action::SortReverse => {
                self.reversed = !self.reversed;
                self.list(sight);
            }
            Action::Related => {
                return self.cursor.item().map(|p| Wish::Menu(related::of_project(p, sight))).into_iter().collect();
            }
            Action::Open if self.on_chips => self.on_chips = false,
            Action::Open => return self.cursor.item().map(Wish::Dossier).into_iter().collect(),
            Action::Back if self.on_chips => self.on_chips = false,
            Action::Back if !self.filter.is_empty() => self.set_filter("", sight),
            Action::Back if self.chip != Chip::All => {
                self.chip = Chip::All;
                self.list(sight);
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                self.cursor.take(action, &self.rows);
            }
        }
        Vec::new()
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        if self.on_chips {
            return Some(Question::Tally(None));
        }
        self.cursor.item().map(|p| about_project(sight, p, sight.data.assessment_round()))
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.list(sight);
    }
}
