//! 整改. What is overdue, whose turn is it.

use crate::app::action::Action;
use crate::app::copied::{self, Much};
use crate::app::cursor::{Cursor, beside};
use crate::app::filter::Rows;
use crate::app::form::open::{self, Doing};
use crate::app::picked::Picked;
use crate::app::related;
use crate::app::remembered::View;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish};
use crate::app::search::Search;
use crate::app::sorting::{Arrangement, By, Heading, Key};
use crate::domain::change::Kind;
use crate::domain::district::UnitIx;
use crate::domain::explain::Question;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::days_between;
use crate::exchange::Sheet;
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

/// 列
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// 编号
    Id,
    /// 问题
    Finding,
    /// 指挥部
    Headquarters,
    /// 镇
    Town,
    /// 期限
    Due,
    /// 剩余
    Left,
    /// 状态
    State,
    /// 退回: how often.
    Returned,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 8] =
        [Self::Id, Self::Finding, Self::Headquarters, Self::Town, Self::Due, Self::Left, Self::State, Self::Returned];
}

const fn heading(id: &'static str, title: Text, stays: bool) -> Heading {
    Heading { id, title, descends: false, stays }
}

/// In the order of [`Column::ALL`].
const HEADINGS: [Heading; 8] = [
    heading("id", Text::Id, true),
    heading("finding", Text::Finding, true),
    heading("hq", Text::Hq, false),
    heading("town", Text::Town, false),
    heading("due", Text::Deadline, false),
    heading("left", Text::DaysLeft, false),
    heading("state", Text::State, false),
    Heading { descends: true, ..heading("returned", Text::TimesReturned, false) },
];

/// By days left, the closed ones last.
const USUAL: [By; 2] =
    [By { column: Column::Left as usize, descending: false }, By { column: Column::Due as usize, descending: false }];

/// 整改
#[derive(Debug)]
pub struct Rectifications {
    /// Chip in force.
    pub chip: Chip,
    /// 筛选
    pub search: Search,
    /// Sort and columns.
    pub arrangement: Arrangement,
    /// 选行
    pub picked: Picked<usize>,
    /// Places of what passes, sorted.
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

impl Default for Rectifications {
    fn default() -> Self {
        Self {
            chip: Chip::default(),
            search: Search::of(Rows::Rectifications),
            arrangement: Arrangement::new(&HEADINGS, &USUAL),
            picked: Picked::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            past: Past::default(),
        }
    }
}

/// What a rectification is sorted by in a column.
fn key(data: &Snapshot, place: usize, column: usize) -> Key {
    let Some((id, kept)) = data.facts.rectifications.get(place) else { return Key::Nothing };
    let (r, day) = (&kept.value, data.day());
    let project = r.project.as_deref().and_then(|p| data.plan.project_ix(p)).map(|p| data.plan.project(p));
    let unit = |unit: Option<UnitIx>| unit.map(|u| i64::from(u.0)).into();
    match Column::ALL.get(column) {
        Some(Column::Id) => id.as_str().into(),
        Some(Column::Finding) => r.finding.as_str().into(),
        Some(Column::Headquarters) => unit(project.map(|p| p.headquarters_at(day)).or(data.plan.unit_ix(&r.unit))),
        Some(Column::Town) => unit(project.and_then(|p| p.town_at(day))),
        Some(Column::Due) => Some(r.due).into(),
        Some(Column::Left) => (!r.closed_by(day)).then(|| days_between(day, r.due)).into(),
        Some(Column::State) => Some(r.state_at(day) as i64).into(),
        Some(Column::Returned) => i64::try_from(data.returned(id)).ok().into(),
        None => Key::Nothing,
    }
}

impl Rectifications {
    /// Shows a rectification, whatever was filtered.
    pub fn show(&mut self, sight: &Sight<'_>, place: usize) {
        if !self.rows.contains(&place) {
            self.chip = Chip::All;
            self.set_filter("", sight);
        }
        self.cursor.point(&self.rows, place);
    }

    /// Puts a filter in force.
    pub fn set_filter(&mut self, text: &str, sight: &Sight<'_>) {
        self.search.set(text, sight.index);
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
        if let Some(chip) = beside(&Chip::ALL, self.chip, by) {
            self.chip = chip;
            self.list(sight);
            self.cursor.go(&self.rows, 0);
        }
    }
}

impl Screen for Rectifications {
    fn list(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let all = &data.facts.rectifications;
        let rows: Vec<usize> = (0..all.len())
            .filter(|i| self.chip.passes(data, &all[*i].1.value))
            .filter(|i| self.search.filter().rectification(data, sight.index, *i))
            .collect();
        self.rows = self.arrangement.sort(rows, |i, column| key(data, *i, column));
        self.cursor.refresh(&self.rows);
    }

    fn context(&self) -> Context {
        if self.search.field().is_some() { Context::Field } else { Context::Rectify }
    }

    fn search(&self) -> Option<&Search> {
        Some(&self.search)
    }

    fn search_mut(&mut self) -> Option<&mut Search> {
        Some(&mut self.search)
    }

    fn arrangement(&mut self) -> Option<&mut Arrangement> {
        Some(&mut self.arrangement)
    }

    fn kept(&self, data: &Snapshot) -> Option<View> {
        let chip = Chip::ALL.iter().position(|c| *c == self.chip).unwrap_or(0);
        let row = self.cursor.item().and_then(|i| data.facts.rectifications.get(i)).map(|(id, _)| id.as_str());
        Some(View::of(&self.arrangement, &self.search, chip, row))
    }

    fn restore(&mut self, kept: &View, sight: &Sight<'_>) {
        self.arrangement.restore(&kept.sort, &kept.hidden);
        self.search.remember(&kept.past);
        self.chip = Chip::ALL.get(kept.chip).copied().unwrap_or_default();
        self.set_filter(&kept.filter, sight);
        if let Some(place) = sight.data.facts.rectifications.iter().position(|(id, _)| *id == kept.row) {
            self.cursor.point(&self.rows, place);
        }
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        self.search.typed(sight.index);
        self.list(sight);
        self.cursor.go(&self.rows, 0);
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        if matches!(action, Action::Accept | Action::Open) && self.rows.is_empty() && self.chip != Chip::All {
            // What a chip hides is looked for in all.
            self.chip = Chip::All;
            self.list(sight);
        }
        if let Some(done) = self.find(action, sight) {
            return done;
        }
        match action {
            Action::ColumnPrev | Action::BlockPrev => self.step_chip(-1, sight),
            Action::ColumnNext | Action::BlockNext => self.step_chip(1, sight),
            Action::Select => {
                if let Some(place) = self.cursor.item() {
                    self.picked.toggle(place);
                    self.cursor.step(&self.rows, 1);
                }
            }
            Action::SelectAll => self.picked.toggle_all(&self.rows),
            Action::Steps => return vec![self.steps(sight)],
            Action::New => return vec![open::opened(open::new(Sheet::Rectifications, &[], sight), sight)],
            Action::Edit | Action::Withdraw => {
                let (id, doing) = (self.selected(sight.data).map(|(id, _)| id), Doing::of(action));
                let wish = id.map(|id| open::of_entry(Some(Kind::Rectification), id, doing, sight));
                return vec![wish.unwrap_or_else(|| Wish::Say(Message::plain(Text::NoRow.both(&[]))))];
            }
            Action::Related => {
                let Some((id, kept)) = self.selected(sight.data) else { return Vec::new() };
                return vec![Wish::Menu(related::of_rectification(id, &kept.value, sight))];
            }
            Action::Back if self.picked.clear() => {}
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

    fn copied(&self, much: Much, sight: &Sight<'_>) -> Option<Wish> {
        let rows = much.of(&self.rows, self.picked.rows(), self.cursor.item());
        let rows: Vec<_> = rows.into_iter().filter_map(|place| copied::rectification(sight, place)).collect();
        (!rows.is_empty()).then(|| copied::sent(much, copied::RECTIFICATIONS, &rows, sight.lang))
    }

    fn question(&self, _sight: &Sight<'_>) -> Option<Question> {
        self.cursor.item().map(Question::Rectification)
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.search.read(sight.index);
        self.list(sight);
    }
}
