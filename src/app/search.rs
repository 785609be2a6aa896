//! 筛选栏. What a table is searched for: the text, the filter that it is, and the field while it is being typed.

use super::action::Action;
use super::field::Field;
use super::filter::{self, Completion, Filter, Index, Rows, completion};
use super::screen::{Message, Sight};
use crate::text::Text;

/// So many filters are remembered.
const PAST: usize = 20;

/// 筛选栏
#[derive(Clone, Debug, Default)]
pub struct Search {
    of: Rows,
    text: String,
    filter: Filter,
    field: Option<Field>,
    /// What was searched for before, the newest first.
    past: Vec<String>,
    /// Which of them stands in the field, and what was typed there before.
    recalled: Option<(usize, String)>,
    /// What Tab goes through, and which of it stands in the field.
    completing: Option<(Completion, usize)>,
}

/// What became of an action.
#[derive(Debug)]
pub enum Searched {
    /// It is not the search's.
    Not,
    /// The search took it, and says perhaps why nothing matches.
    Done(Option<Message>),
    /// Another filter is in force: the table is listed anew.
    Changed,
}

impl Search {
    /// A search of these rows, for nothing yet.
    #[must_use]
    pub fn of(rows: Rows) -> Self {
        Self { of: rows, ..Self::default() }
    }

    /// As typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is in force.
    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The field, while it is open.
    #[must_use]
    pub fn field(&self) -> Option<&Field> {
        self.field.as_ref()
    }

    /// The field to type into, while it is open.
    pub fn field_mut(&mut self) -> Option<&mut Field> {
        self.field.as_mut()
    }

    /// What was searched for before, the newest first.
    #[must_use]
    pub fn past(&self) -> &[String] {
        &self.past
    }

    /// Goes on from what was remembered.
    pub fn remember(&mut self, past: &[String]) {
        self.past = past.iter().filter(|p| !p.is_empty()).take(PAST).cloned().collect();
    }

    /// What Tab offers while it goes through several.
    #[must_use]
    pub fn offers(&self) -> &[String] {
        self.completing.as_ref().map_or(&[], |(c, _)| &c.offers)
    }

    /// Opens the field behind what is searched for, with a character already typed.
    pub fn open(&mut self, first: Option<char>) {
        let mut text = self.text.clone();
        text.extend(first);
        self.field = Some(Field::new(text).at_most(filter::LONGEST));
        (self.recalled, self.completing) = (None, None);
    }

    /// Searches for that.
    pub fn set(&mut self, text: &str, index: &Index) {
        text.clone_into(&mut self.text);
        self.read(index);
    }

    /// Reads the text again, for an index of other names.
    pub fn read(&mut self, index: &Index) {
        self.filter = Filter::parse(&self.text, self.of, index);
    }

    /// What stands in the open field is in force at once.
    pub fn typed(&mut self, index: &Index) {
        self.completing = None;
        self.in_force(index);
    }

    fn in_force(&mut self, index: &Index) {
        if let Some(text) = self.field.as_ref().map(|f| f.text().to_owned()) {
            self.set(&text, index);
        }
    }

    /// Nothing is searched for any more.
    pub fn clear(&mut self) {
        *self = Self { past: std::mem::take(&mut self.past), ..Self::of(self.of) };
    }

    /// Tab: what was begun becomes the first of what it may be, and with every further Tab the next one.
    fn complete(&mut self, sight: &Sight<'_>) {
        let Some(field) = &mut self.field else { return };
        let (completion, at) = match self.completing.take() {
            Some((completion, at)) => {
                let next = (at + 1) % completion.offers.len();
                (completion, next)
            }
            None => (completion(field.halves().0, self.of, &sight.data.plan, sight.index, sight.lang), 0),
        };
        if let Some(offer) = completion.offers.get(at) {
            field.complete(completion.from, offer);
            // With a single answer the next Tab goes on behind it.
            self.completing = Some((completion, at)).filter(|(c, _)| c.offers.len() > 1);
        }
        self.in_force(sight.index);
    }

    /// An older or newer search stands in the field; false beyond the newest, where the typed text stands again.
    fn recall(&mut self, older: bool, index: &Index) -> bool {
        let Some(field) = &mut self.field else { return false };
        let at = self.recalled.as_ref().map(|(at, _)| *at);
        let (next, typed) = match (at, older) {
            (None, true) => (Some(0), field.text().to_owned()),
            (None, false) => return false,
            (Some(at), _) => {
                let typed = self.recalled.take().map(|(_, typed)| typed).unwrap_or_default();
                (if older { Some((at + 1).min(self.past.len().saturating_sub(1))) } else { at.checked_sub(1) }, typed)
            }
        };
        if next.is_some() && self.past.is_empty() {
            return true;
        }
        let text = next.and_then(|n| self.past.get(n)).unwrap_or(&typed).clone();
        *field = Field::new(text).at_most(filter::LONGEST);
        self.recalled = next.map(|n| (n, typed));
        self.typed(index);
        true
    }

    /// Closes the field; what was typed is in force and remembered.
    fn accept(&mut self) -> Searched {
        (self.field, self.recalled, self.completing) = (None, None, None);
        if !self.text.is_empty() {
            self.past.retain(|p| *p != self.text);
            self.past.insert(0, self.text.clone());
            self.past.truncate(PAST);
        }
        let term = self.filter.unreadable().next();
        Searched::Done(term.map(|t| Message::loud(Text::UnreadableTerm.both(&[&t]))))
    }

    /// What every search means by an action: `/` opens it, Tab completes, Up and Down go through earlier ones, Enter and
    /// Down from the newest keep what was typed, Esc drops it.
    pub fn take(&mut self, action: Action, sight: &Sight<'_>) -> Searched {
        match action {
            Action::Filter => {
                self.open(None);
                Searched::Done(None)
            }
            Action::Accept if self.field.is_some() => self.accept(),
            Action::Complete if self.field.is_some() => {
                self.complete(sight);
                Searched::Changed
            }
            Action::Older | Action::Newer if self.field.is_some() => {
                if self.recall(action == Action::Older, sight.index) { Searched::Changed } else { self.accept() }
            }
            Action::Cancel if self.field.is_some() => {
                self.clear();
                Searched::Changed
            }
            Action::Back if !self.text.is_empty() => {
                self.clear();
                Searched::Changed
            }
            _ => Searched::Not,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::field::Edit;

    use crate::store::Actor;
    use std::sync::Arc;

    fn with_sight(decide: impl FnOnce(&Sight<'_>)) {
        let plan = crate::plan::load(&crate::plan::Texts::sample()).expect("the sample");
        let (index, actor) = (Index::new(&plan), Actor::owner("jia", 0));
        let facts = crate::domain::snapshot::Facts::default();
        let data =
            crate::domain::snapshot::Snapshot::new(Arc::new(plan), facts, crate::domain::value::Date::ZERO, None);
        decide(&Sight { data: &data, index: &index, actor: &actor, lang: crate::domain::value::Lang::Zh });
    }

    fn type_in(search: &mut Search, text: &str, sight: &Sight<'_>) {
        for c in text.chars() {
            search.field_mut().expect("open").edit(Edit::Insert(c));
            search.typed(sight.index);
        }
    }

    fn typed(search: &Search) -> &str {
        search.field().map_or("", Field::text)
    }

    #[test]
    fn what_is_typed_is_in_force_at_once_kept_by_enter_and_dropped_by_esc() {
        with_sight(|sight| {
            let mut search = Search::of(Rows::Projects);
            search.take(Action::Filter, sight);
            type_in(&mut search, "lag>3", sight);
            assert_eq!((search.text(), search.filter().is_empty()), ("lag>3", false));
            assert!(matches!(search.take(Action::Accept, sight), Searched::Done(None)));
            assert!(search.field().is_none() && search.text() == "lag>3");
            search.open(Some('x'));
            search.typed(sight.index);
            assert!(matches!(search.take(Action::Accept, sight), Searched::Done(Some(_))), "lag>3x is named");
            assert!(matches!(search.take(Action::Back, sight), Searched::Changed));
            assert!(search.filter().is_empty());
            search.open(Some('学'));
            search.typed(sight.index);
            assert!(matches!(search.take(Action::Cancel, sight), Searched::Changed));
            assert!(search.text().is_empty() && search.field().is_none());
        });
    }

    #[test]
    fn tab_goes_through_what_may_stand_there_and_is_in_force_at_once() {
        with_sight(|sight| {
            let mut search = Search::of(Rows::Projects);
            search.take(Action::Filter, sight);
            type_in(&mut search, "状", sight);
            search.take(Action::Complete, sight);
            assert_eq!((typed(&search), search.offers().len()), ("状态:", 0));
            search.take(Action::Complete, sight);
            assert_eq!((typed(&search), search.offers().len()), ("状态:已完成", 7));
            search.take(Action::Complete, sight);
            search.take(Action::Complete, sight);
            assert_eq!((typed(&search), search.text()), ("状态:滞后", "状态:滞后"));
            type_in(&mut search, " 镇:李", sight);
            search.take(Action::Complete, sight);
            assert_eq!(typed(&search), "状态:滞后 镇:李村");
            assert_eq!(search.filter().unreadable().count(), 0);
        });
    }

    #[test]
    fn up_and_down_go_through_earlier_filters_and_come_back_to_what_was_typed() {
        with_sight(|sight| {
            let mut search = Search::of(Rows::Projects);
            for text in ["one", "two", "one", "three"] {
                search.take(Action::Filter, sight);
                type_in(&mut search, text, sight);
                search.take(Action::Accept, sight);
                search.take(Action::Back, sight);
            }
            assert_eq!(search.past(), ["three", "one", "two"]);
            search.take(Action::Filter, sight);
            type_in(&mut search, "fo", sight);
            let mut press = |action| {
                let done = matches!(search.take(action, sight), Searched::Done(_));
                (typed(&search).to_owned(), done)
            };
            let at = |text: &str| (text.to_owned(), false);
            assert_eq!(press(Action::Older), at("three"));
            assert_eq!(press(Action::Older), at("one"));
            assert_eq!(press(Action::Older), at("two"));
            assert_eq!(press(Action::Older), at("two"), "there is no older one");
            assert_eq!(press(Action::Newer), at("one"));
            assert_eq!(press(Action::Newer), at("three"));
            assert_eq!(press(Action::Newer), at("fo"));
            assert_eq!(press(Action::Newer), (String::new(), true), "from the newest into the result");
            assert_eq!(search.text(), "fo");
        });
    }
}
