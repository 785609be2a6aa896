//! 推算. How the figure under the cursor came about, as far as the person may see it.

use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::modal::Dossier;
use crate::domain::change::Subject;
use crate::domain::explain::{Clause, Derivation, Question};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
use crate::store::{self, Actor, LedgerEntry};
use crate::text::Text;

mod keys;
pub mod printed;
mod question;

use question::again;
pub use question::{derivation, sources, subject};

/// When an entry was made: day and minute, the year only where it is not the plan's.
#[must_use]
pub fn moment(at: &str, year: i16) -> String {
    let minute: String = at.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect();
    minute.strip_prefix(&format!("{year}-")).unwrap_or(&minute).to_owned()
}

/// Which row: the place of a step, and of one that it rests on.
pub type Place = (usize, Option<usize>);

/// One step that was gone into, with the rows below it.
#[derive(Debug)]
struct Level {
    /// Whose answer this is.
    question: Question,
    /// From the answer's heading down to this step.
    path: Vec<usize>,
    /// The step itself.
    step: Derivation,
    cursor: Cursor<Place>,
}

/// More rows than this and nobody sees what the step itself rests on.
const FEW: usize = 32;

/// Whether the rows of a step also show what each of them rests on.
fn unfolds(step: &Derivation) -> bool {
    step.steps.iter().map(|s| 1 + s.steps.len()).sum::<usize>() <= FEW
}

/// Rows of a step: what it rests on, and, where they are few, what each of that rests on.
fn places(step: &Derivation) -> Vec<Place> {
    if !unfolds(step) {
        return (0..step.steps.len()).map(|i| (i, None)).collect();
    }
    let below = |(i, s): (usize, &Derivation)| {
        std::iter::once((i, None)).chain((0..s.steps.len()).map(move |j| (i, Some(j)))).collect::<Vec<_>>()
    };
    step.steps.iter().enumerate().flat_map(below).collect()
}

fn at(step: &Derivation, (i, below): Place) -> Option<&Derivation> {
    let child = step.steps.get(i)?;
    below.map_or(Some(child), |j| child.steps.get(j))
}

/// Where a step of this label stands now: in its old place, else wherever it went.
fn place_of(steps: &[Derivation], place: usize, label: &Bilingual) -> Option<usize> {
    let same = |s: &Derivation| s.label == *label;
    if steps.get(place).is_some_and(same) { Some(place) } else { steps.iter().position(same) }
}

impl Level {
    fn new(question: Question, path: Vec<usize>, step: Derivation) -> Self {
        let mut cursor = Cursor::default();
        cursor.go(&places(&step), 0);
        Self { question, path, step, cursor }
    }

    /// The same level in a derivation made anew, its cursor on the same step; none where its step is gone.
    fn again(&self, question: Question, old: &Derivation, new: &Derivation) -> Option<Self> {
        let (mut was, mut is, mut path) = (old, new, Vec::new());
        for place in &self.path {
            was = was.steps.get(*place)?;
            let found = place_of(&is.steps, *place, &was.label)?;
            is = &is.steps[found];
            path.push(found);
        }
        let mut level = Self { question, path, step: is.clone(), cursor: self.cursor.clone() };
        let list = places(is);
        if let Some((i, below)) = self.cursor.item()
            && let Some(child) = self.step.steps.get(i)
            && let Some(now) = place_of(&is.steps, i, &child.label)
        {
            let below = below.and_then(|j| place_of(&is.steps[now].steps, j, &child.steps.get(j)?.label));
            level.cursor.point(&list, (now, below));
        }
        level.cursor.refresh(&list);
        Some(level)
    }
}

/// 推算面板
#[derive(Debug)]
pub struct Explain {
    /// What was gone into, the outermost first; never empty.
    levels: Vec<Level>,
    /// Newest entries of the records that the store has answered for; none: no entry that the person may see.
    known: BTreeMap<Subject, Option<LedgerEntry>>,
    /// The dossier that it lies over.
    pub under: Option<Dossier>,
}

/// Who entered a record and when.
#[derive(Debug)]
pub enum Entered<'a> {
    /// Its newest entry.
    By(&'a LedgerEntry),
    /// There is none, or the person may not see it.
    Unknown,
    /// The store has not answered yet.
    Asked,
}

impl Explain {
    /// Opens on the answer, the cursor on the step that a clause of the rules made.
    ///
    /// # Errors
    /// The figure is not for this person.
    pub fn open(
        data: &Snapshot,
        actor: &Actor,
        question: Question,
        clause: Option<&str>,
    ) -> Result<Self, store::Error> {
        let mut level = Level::new(question.clone(), Vec::new(), derivation(data, actor, &question)?);
        let list = places(&level.step);
        let made = |place: &&Place| {
            let key = at(&level.step, **place).and_then(|s| s.clause.as_ref()).map(|c| c.key.as_str());
            key.is_some() && key == clause
        };
        if let Some(place) = list.iter().find(made).copied() {
            level.cursor.point(&list, place);
        }
        let mut explain = Self { levels: vec![level], known: BTreeMap::new(), under: None };
        // A heading over one figure says less than the figure.
        while let [only] = &explain.step().steps[..]
            && only.steps.iter().any(|s| !s.steps.is_empty())
            && explain.drill(data, actor).is_ok()
        {}
        Ok(explain)
    }

    fn level(&self) -> &Level {
        &self.levels[self.levels.len() - 1]
    }

    /// The step whose rows are shown.
    #[must_use]
    pub fn step(&self) -> &Derivation {
        &self.level().step
    }

    /// The whole answer that the shown step belongs to.
    fn answer(&self) -> &Derivation {
        let whole = self.levels.iter().rev().find(|l| l.path.is_empty());
        &whole.unwrap_or_else(|| self.level()).step
    }

    /// The steps that were gone into, the outermost first.
    #[must_use]
    pub fn trail(&self, lang: Lang) -> Vec<&str> {
        self.levels.iter().map(|l| l.step.label.in_lang(lang)).collect()
    }

    /// The rows.
    #[must_use]
    pub fn places(&self) -> Vec<Place> {
        places(self.step())
    }

    /// Whether the rows also show what each step rests on.
    #[must_use]
    pub fn unfolds(&self) -> bool {
        unfolds(self.step())
    }

    /// Rows of the level that has most, of those that were gone through.
    #[must_use]
    pub fn most_places(&self) -> usize {
        self.levels.iter().map(|l| places(&l.step).len()).max().unwrap_or(0)
    }

    /// The step of a row.
    #[must_use]
    pub fn at(&self, place: Place) -> Option<&Derivation> {
        at(self.step(), place)
    }

    /// The row.
    pub fn cursor(&mut self) -> &mut Cursor<Place> {
        let last = self.levels.len() - 1;
        &mut self.levels[last].cursor
    }

    /// The step under the cursor; without rows the shown one.
    #[must_use]
    pub fn selected(&self) -> &Derivation {
        let level = self.level();
        level.cursor.item().and_then(|place| self.at(place)).unwrap_or(&level.step)
    }

    /// The rule that the step under the cursor follows: its own, else that of the step it belongs to.
    #[must_use]
    pub fn rule(&self) -> Option<&Clause> {
        let level = self.level();
        let row = level.cursor.item().and_then(|(i, _)| self.at((i, None)));
        let answer = self.levels.iter().rposition(|l| l.path.is_empty()).unwrap_or(0);
        let above = self.levels[answer..].iter().rev().map(|l| &l.step);
        std::iter::once(self.selected()).chain(row).chain(above).find_map(|step| step.clause.as_ref())
    }

    /// Moves the cursor, if the action is one of a list.
    pub fn take(&mut self, action: super::action::Action) {
        let list = self.places();
        self.cursor().take(action, &list);
    }

    /// Into the step under the cursor: to what it rests on, or to the answer that derives it further.
    ///
    /// # Errors
    /// It rests on nothing more, or what it rests on is not for this person.
    pub fn drill(&mut self, data: &Snapshot, actor: &Actor) -> Result<(), Bilingual> {
        let level = self.level();
        let Some((i, below)) = level.cursor.item() else { return Err(Text::NoDeeper.both(&[])) };
        let step = self.selected();
        let next = if !step.steps.is_empty() {
            let path = level.path.iter().copied().chain([i]).chain(below).collect();
            Level::new(level.question.clone(), path, step.clone())
        } else if let Some(question) = &step.more {
            let answer = derivation(data, actor, question).map_err(|e| e.text())?;
            Level::new(question.clone(), Vec::new(), answer)
        } else {
            return Err(Text::NoDeeper.both(&[]));
        };
        self.levels.push(next);
        Ok(())
    }

    /// One step out, to the row that was gone into; false on the outermost.
    pub fn drill_up(&mut self) -> bool {
        self.levels.len() > 1 && self.levels.pop().is_some()
    }

    /// After the data has changed: computed anew, in the same place. False where what it explains is gone.
    pub fn refresh(&mut self, old: &Snapshot, new: &Snapshot, actor: &Actor) -> bool {
        let mut levels: Vec<Level> = Vec::new();
        let (mut was, mut is): (Option<&Derivation>, Option<Derivation>) = (None, None);
        for level in &self.levels {
            let Some(question) = again(&level.question, old, new) else { break };
            if level.path.is_empty() {
                was = Some(&level.step);
                is = derivation(new, actor, &question).ok();
            }
            let Some(level) = was.zip(is.as_ref()).and_then(|(was, is)| level.again(question, was, is)) else { break };
            levels.push(level);
        }
        let stays = !levels.is_empty();
        if stays {
            self.levels = levels;
            self.known.retain(|_, entry| entry.is_some());
        }
        stays
    }

    /// Records to ask the store about: those of the answer, unless it has answered for them already.
    #[must_use]
    pub fn to_ask(&self) -> Vec<Subject> {
        sources(self.answer()).into_iter().filter(|s| !self.known.contains_key(s)).collect()
    }

    /// Every record of the answer, whatever is known: somebody has saved.
    #[must_use]
    pub fn to_ask_again(&self) -> Vec<Subject> {
        sources(self.answer())
    }

    /// The store has answered for these records.
    pub fn answered(&mut self, of: Vec<Subject>, entries: Vec<LedgerEntry>) {
        self.known.extend(of.into_iter().map(|subject| (subject, None)));
        for entry in entries {
            if let Some(kind) = entry.kind {
                self.known.insert(Subject { kind, key: entry.key.clone() }, Some(entry));
            }
        }
    }

    /// Who entered a record and when.
    #[must_use]
    pub fn entered(&self, source: &Subject) -> Entered<'_> {
        match self.known.get(source) {
            Some(Some(entry)) => Entered::By(entry),
            Some(None) => Entered::Unknown,
            None => Entered::Asked,
        }
    }

    /// The shown step and everything below it as text.
    #[must_use]
    pub fn text(&self, data: &Snapshot, lang: Lang) -> String {
        let known = self.known.values().flatten();
        let lines = printed::lines(data, self.step(), &known.collect::<Vec<_>>(), lang, printed::COLUMNS);
        lines.into_iter().map(|line| line.text() + "\n").collect()
    }
}
