//! 筛选栏. What a table is searched for: the text, the filter that it is, and the field while it is being typed.

use super::action::Action;
use super::field::Field;
use super::filter::{self, Filter, Index, Rows};
use super::screen::Message;
use crate::text::Text;

/// 筛选栏
#[derive(Clone, Debug, Default)]
pub struct Search {
    of: Rows,
    text: String,
    filter: Filter,
    field: Option<Field>,
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

    /// Opens the field behind what is searched for, with a character already typed.
    pub fn open(&mut self, first: Option<char>) {
        let mut text = self.text.clone();
        text.extend(first);
        self.field = Some(Field::new(text).at_most(filter::LONGEST));
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
        if let Some(text) = self.field.as_ref().map(|f| f.text().to_owned()) {
            self.set(&text, index);
        }
    }

    /// What every search means by an action: `/` opens it, Enter and Down keep what was typed, Esc drops it.
    pub fn take(&mut self, action: Action) -> Searched {
        match action {
            Action::Filter => self.open(None),
            Action::Accept | Action::Newer if self.field.is_some() => {
                self.field = None;
                let term = self.filter.unreadable().next();
                return Searched::Done(term.map(|t| Message::loud(Text::UnreadableTerm.both(&[&t]))));
            }
            Action::Cancel if self.field.is_some() => {
                *self = Self::of(self.of);
                return Searched::Changed;
            }
            Action::Back if !self.text.is_empty() => {
                *self = Self::of(self.of);
                return Searched::Changed;
            }
            _ => return Searched::Not,
        }
        Searched::Done(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::field::Edit;

    #[test]
    fn what_is_typed_is_in_force_at_once_kept_by_enter_and_dropped_by_esc() {
        let index = Index::default();
        let mut search = Search::of(Rows::Projects);
        search.take(Action::Filter);
        for c in "lag>3".chars() {
            search.field_mut().expect("open").edit(Edit::Insert(c));
            search.typed(&index);
        }
        assert_eq!((search.text(), search.filter().is_empty()), ("lag>3", false));
        assert!(matches!(search.take(Action::Accept), Searched::Done(None)));
        assert!(search.field().is_none() && search.text() == "lag>3");
        search.open(Some('x'));
        search.typed(&index);
        assert!(matches!(search.take(Action::Accept), Searched::Done(Some(_))), "lag>3x is named");
        assert!(matches!(search.take(Action::Back), Searched::Changed));
        assert!(search.filter().is_empty());
        search.open(Some('学'));
        search.typed(&index);
        assert!(matches!(search.take(Action::Cancel), Searched::Changed));
        assert!(search.text().is_empty() && search.field().is_none());
    }
}
