//! 整改. What is overdue, whose turn is it.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::filter::Filter;
use crate::app::related;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish};
use crate::domain::change::Kind;
use crate::domain::explain::Question;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::days_between;
use crate::store::{Error, LedgerEntry, Query};
use crate::text::Text;

pub mod steps;

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
    past: Past,
}

/// The entries of one rectification, oldest first: which one, and its newest entry when they were asked for.
#[derive(Debug, Default)]
struct Past {
    of: Option<(Query, u64)>,
    waiting: bool,
    entries: Vec<LedgerEntry>,
}

fn entries_of(id: &str) -> Query {
    Query::of(Some(&format!("{}:{id}", Kind::Rectification.name())), 50)
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

    /// The rectification under the cursor, with its id.
    #[must_use]
    pub fn selected<'a>(&self, data: &'a Snapshot) -> Option<(&'a str, &'a Kept<Rectification>)> {
        let (id, kept) = data.facts.rectifications.get(self.cursor.item()?)?;
        Some((id, kept))
    }

    /// The entries that its detail still wants.
    pub fn wants(&mut self, data: &Snapshot) -> Option<Query> {
        let (id, kept) = self.selected(data)?;
        let of = (entries_of(id), kept.seq);
        if self.past.waiting || self.past.of.as_ref() == Some(&of) {
            return None;
        }
        let query = of.0.clone();
        self.past = Past { of: Some(of), waiting: true, entries: Vec::new() };
        Some(query)
    }

    /// The store's answer, if it is the one that is waited for.
    pub fn answered(&mut self, of: &Query, found: &Result<Vec<LedgerEntry>, Error>) {
        if self.past.of.as_ref().is_some_and(|(asked, _)| asked == of) {
            (self.past.waiting, self.past.entries) = (false, found.clone().unwrap_or_default());
        }
    }

    /// The entries of the rectification under the cursor, oldest first, as far as they were read.
    #[must_use]
    pub fn past(&self, data: &Snapshot) -> &[LedgerEntry] {
        let here = self.selected(data).map(|(id, kept)| (entries_of(id), kept.seq));
        if here.is_some() && self.past.of == here { &self.past.entries } else { &[] }
    }

    /// Shows a rectification, wherever it is.
    pub fn show(&mut self, id: &str, sight: &Sight<'_>) {
        let place = sight.data.facts.rectifications.iter().position(|(key, _)| key == id);
        if !place.is_some_and(|p| self.rows.contains(&p)) {
            self.show_all("", sight);
        }
        if let Some(place) = place {
            self.cursor.point(&self.rows, place);
        }
    }

    /// Shows all that a filter leaves.
    pub fn show_all(&mut self, filter: &str, sight: &Sight<'_>) {
        self.chip = Chip::All;
        self.set_filter(filter, sight);
        self.cursor.go(&self.rows, 0);
    }

    fn steps(&self, sight: &Sight<'_>) -> Wish {
        let Some((id, kept)) = self.selected(sight.data) else {
            return Wish::Say(Message::plain(Text::NotHere.both(&[])));
        };
        match steps::menu(id, kept, self.past(sight.data), sight) {
            Ok(menu) => Wish::Menu(menu),
            Err(why) => Wish::Say(Message::loud(why)),
        }
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
        if self.field.is_some() { Context::Field } else { Context::Rectify }
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
            Action::Steps => return vec![self.steps(sight)],
            Action::Related => {
                let Some((id, kept)) = self.selected(sight.data) else { return Vec::new() };
                return vec![Wish::Menu(related::of_rectification(id, &kept.value, sight))];
            }
            Action::Back if !self.filter.is_empty() => self.set_filter("", sight),
            // From an empty list to all of them, as its line says.
            Action::Back if self.rows.is_empty() && self.chip != Chip::All => self.show_all("", sight),
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                if !self.cursor.take(action, &self.rows) {
                    return vec![Wish::Say(Message::plain(Text::NotHere.both(&[])))];
                }
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
