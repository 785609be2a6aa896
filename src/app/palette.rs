//! 命令面板. Take me there, or do that, without a key I know: one list of places and commands.

use super::action::Action;
use super::cursor::Cursor;
use super::field::Field;
use super::filter::{Fit, Reading, word};
use super::screen::{Context, Sight};
use crate::domain::value::Bilingual;

pub mod command;
pub mod entry;
mod hint;

use command::typed;
use entry::{Entry, Kind, Run};
pub use hint::{board_of, hint, next_to_score};

/// How many of the last uses are remembered.
pub const REMEMBERED: usize = 8;

/// 面板
#[derive(Debug)]
pub struct Palette {
    /// What is typed.
    pub field: Field,
    /// Place in [`Palette::hits`].
    pub cursor: Cursor<usize>,
    /// Only places: 跳转.
    pub jump: bool,
    all: Vec<Entry>,
    /// Made of what is typed: a ledger entry, a day.
    made: Vec<Entry>,
    /// Places of what fits, the best first; what was made counts on behind the rest.
    hits: Vec<usize>,
}

impl Palette {
    /// Opens it over these entries, with those of the last uses first.
    #[must_use]
    pub fn new(all: Vec<Entry>, jump: bool, recent: &[String], sight: &Sight<'_>) -> Self {
        let mut palette =
            Self { field: Field::default(), cursor: Cursor::default(), jump, all, made: Vec::new(), hits: Vec::new() };
        palette.typed(recent, sight);
        palette
    }

    /// How many entries there are to look through.
    #[must_use]
    pub fn total(&self) -> usize {
        self.all.iter().filter(|e| self.offers(e)).count()
    }

    /// What fits, the best first.
    pub fn hits(&self) -> impl ExactSizeIterator<Item = &Entry> {
        self.hits.iter().map(|i| self.at(*i))
    }

    fn at(&self, place: usize) -> &Entry {
        place.checked_sub(self.all.len()).map_or_else(|| &self.all[place], |made| &self.made[made])
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Entry> {
        self.cursor.item().map(|i| self.at(i))
    }

    fn offers(&self, entry: &Entry) -> bool {
        !self.jump || entry.kind == Kind::Go
    }

    /// The word that is looked for, and which entries may answer: `>` commands, `@` units, `#` projects.
    fn asked(&self) -> (Option<char>, String) {
        if let Some(place) = entry::sought(self.field.text()) {
            return (Some(entry::PLACES), word(&place));
        }
        let text = word(self.field.text());
        match text.chars().next().filter(|c| ">@#".contains(*c)) {
            Some(prefix) => (Some(prefix), text[1..].to_owned()),
            None => (None, text),
        }
    }

    /// The words that are looked for, to be underlined.
    #[must_use]
    pub fn word(&self) -> String {
        self.asked().1
    }

    /// Ranks the entries anew: exact, beginning of the name, initials, anywhere; then the last used, then table order.
    pub fn typed(&mut self, recent: &[String], sight: &Sight<'_>) {
        let (prefix, word) = self.asked();
        self.made = if self.jump { Vec::new() } else { typed(self.field.text(), sight) };
        self.made.extend(entry::numbered(self.field.text(), sight));
        let used = |e: &Entry| recent.iter().position(|id| *id == e.id).unwrap_or(usize::MAX);
        let begun = prefix.is_some() || !word.is_empty();
        let known = |e: &Entry| begun || recent.is_empty() || used(e) < REMEMBERED;
        let mut ranked: Vec<(Option<Fit>, usize, usize)> = (0..self.all.len())
            .filter(|i| {
                let e = &self.all[*i];
                self.offers(e) && known(e) && prefix.is_none_or(|p| e.answers(p))
            })
            .filter_map(|i| {
                let fit = if word.is_empty() { None } else { Some(self.all[i].fit(&word, sight)?) };
                Some((fit, used(&self.all[i]), i))
            })
            .collect();
        ranked.sort_unstable();
        let made = (0..self.made.len()).map(|i| self.all.len() + i);
        self.hits = made.chain(ranked.into_iter().map(|(.., i)| i)).collect();
        self.cursor.top = 0;
        self.cursor.go(&self.hits, 0);
    }

    /// Moves the cursor. False for other actions.
    pub fn take(&mut self, action: Action) -> bool {
        let page = isize::try_from(self.cursor.height).unwrap_or(1);
        match action {
            Action::ItemPrev => self.cursor.step(&self.hits, -1),
            Action::ItemNext => self.cursor.step(&self.hits, 1),
            Action::PageUp => self.cursor.step(&self.hits, -page),
            Action::PageDown => self.cursor.step(&self.hits, page),
            _ => return false,
        }
        true
    }

    /// Completes what is typed to the entry under the cursor; where nothing fits, shows all commands.
    pub fn complete(&mut self, recent: &[String], sight: &Sight<'_>) {
        let text = match self.chosen() {
            Some(e) => e.completed(sight.lang),
            None if self.jump => String::new(),
            None => ">".to_owned(),
        };
        self.field = Field::new(text);
        let chosen = self.cursor.item();
        self.typed(recent, sight);
        if let Some(place) = chosen {
            self.cursor.point(&self.hits, place);
        }
    }
}

/// Why an entry cannot run now; none if it can.
#[must_use]
pub fn refusal(entry: &Entry, context: Context, sight: &Sight<'_>) -> Option<Bilingual> {
    match &entry.run {
        Run::Key(own, action) => (!holds(*own, *action, context)).then(|| crate::text::Text::NotOnView.both(&[])),
        Run::Do(command) => command::refusal(command, sight),
        Run::Go(place) => entry::refusal(place, sight),
        Run::More(_) => None,
    }
}

/// Whether an action of a context is heard in another one. Records are kept on views that are no tables too.
fn holds(own: Context, action: Action, context: Context) -> bool {
    let here = |c: &Context| match action {
        Action::New => *c == Context::Targets,
        Action::Edit | Action::Withdraw => matches!(c, Context::Targets | Context::History),
        _ => false,
    };
    context.chain().iter().any(|c| *c == own || (own == Context::Table && here(c)))
}

/// A name in both languages, read for matching.
fn read(name: &Bilingual) -> Vec<Reading> {
    let mut names = vec![Reading::new(&name.zh)];
    if name.en != name.zh {
        names.push(Reading::new(&name.en));
    }
    names
}
