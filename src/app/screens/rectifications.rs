//! 整改. What is overdue, whose turn is it.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::filter::Filter;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish};
use crate::domain::explain::Question;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::days_between;
use crate::text::Text;

/// Chips: the first filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chip {
    /// 未销号
    #[default]
    Open,
    /// 逾期
    Overdue,
    /// 临期, within the days of the rule set.
    DueSoon,
    /// 已销号
    Closed,
    /// 全部
    All,
}

impl Chip {
    /// From left to right.
    pub const ALL: [Self; 5] = [Self::Open, Self::Overdue, Self::DueSoon, Self::Closed, Self::All];

    /// Whether a rectification passes at the district's day.
    #[must_use]
    pub fn passes(self, data: &Snapshot, r: &Rectification) -> bool {
        let (day, warn) = (data.day(), data.plan.rules.light.warn_days);
        if r.issued > day {
            return false;
        }
        let (open, left) = (!r.closed_by(day), days_between(day, r.due));
        match self {
            Self::Open => open,
            Self::Overdue => open && left < 0,
            Self::DueSoon => open && (0..=warn).contains(&left),
            Self::Closed => !open,
            Self::All => true,
        }
    }

    /// How many pass.
    #[must_use]
    pub fn count(self, data: &Snapshot) -> usize {
        data.facts.rectifications.iter().filter(|(_, k)| self.passes(data, &k.value)).count()
    }
}

/// 整改
#[derive(Debug, Default)]
pub struct Rectifications {
    /// Chip in force.
    pub chip: Chip,
    /// The filter as typed.
    pub filter_text: String,
    /// The filter in force.
    pub filter: Filter,
    /// The open filter field.
    pub field: Option<Field>,
    /// Backwards.
    pub reversed: bool,
    /// Places of what passes, sorted by days left.
    pub rows: Vec<usize>,
    /// The row.
    pub cursor: Cursor<usize>,
}

impl Rectifications {
    fn list(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let all = &data.facts.rectifications;
        let mut rows: Vec<usize> = (0..all.len())
            .filter(|i| self.chip.passes(data, &all[*i].1.value))
            .filter(|i| self.filter.rectification(data, sight.index, *i))
            .collect();
        rows.sort_by_key(|i| (all[*i].1.value.closed_by(data.day()), all[*i].1.value.due));
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

    fn set_filter(&mut self, text: &str, sight: &Sight<'_>) {
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

impl Screen for Rectifications {
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
            Action::ColumnPrev | Action::BlockPrev => self.step_chip(-1, sight),
            Action::ColumnNext | Action::BlockNext => self.step_chip(1, sight),
            Action::Sort | Action::SortReverse => {
                self.reversed = !self.reversed;
                self.list(sight);
            }
            Action::Open => {
                let record = self.cursor.item().and_then(|i| sight.data.facts.rectifications.get(i));
                let project = record.and_then(|(_, k)| k.value.project.as_deref());
                return project.and_then(|p| sight.data.plan.project_ix(p)).map(Wish::Dossier).into_iter().collect();
            }
            Action::Back if !self.filter.is_empty() => self.set_filter("", sight),
            Action::Back if self.chip == Chip::Closed => self.step_chip(1, sight),
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                self.cursor.take(action, &self.rows);
            }
        }
        Vec::new()
    }

    fn question(&self, _sight: &Sight<'_>) -> Option<Question> {
        self.cursor.item().map(Question::Rectification)
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.list(sight);
    }
}
