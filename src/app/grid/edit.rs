//! Typing into a cell: from the first character to a draft, a refusal, a question for the reason, or a conflict.

use std::collections::BTreeMap;

use super::{CLEARED, Go, Grid, Seen, Sheet};
use crate::app::action::Action;
use crate::app::field::Field;
use crate::app::screen::{Message, Wish};
use crate::domain::change::Record;
use crate::domain::value::{Bilingual, Lang};
use crate::text::Text;

/// 本格: an open cell.
#[derive(Clone, Debug)]
pub struct Editor<K> {
    /// The text.
    pub field: Field,
    /// Opened by typing: Left and Right save and move.
    pub overwrites: bool,
    /// Which cell.
    pub cell: K,
    pub(super) seen: Seen,
}

/// 未保存: a value that was refused and stays in its cell.
#[derive(Clone, Debug)]
pub struct Invalid {
    /// As typed.
    pub typed: String,
    /// Which rule, and what now.
    pub why: Bilingual,
    /// Somebody changed the cell first: what is stored now.
    pub(super) first: Option<Seen>,
    /// The database was busy: the same save may be tried again.
    pub(super) busy: bool,
}

impl Invalid {
    /// Whether somebody else's value stands in the cell.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.first.is_some()
    }
}

/// 冲突: somebody changed the cell first.
#[derive(Clone, Debug)]
pub struct Conflict<K> {
    /// Which cell.
    pub cell: K,
    /// As typed.
    pub typed: String,
    /// Both values, and what now.
    pub line: Bilingual,
    /// Nobody was first: the database was busy, and the same save may be tried again.
    pub busy: bool,
    pub(super) seen: Seen,
}

/// 要求: a text that shall become the value of a cell.
#[derive(Clone, Debug)]
pub struct Want<K> {
    /// Which cell.
    pub cell: K,
    /// As typed; [`CLEARED`] withdraws the entry.
    pub typed: String,
    /// What the person knew to be stored.
    pub seen: Seen,
}

/// 判断: what a typed text means for its cell.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It may be saved; none withdraws the entry.
    Write(Option<Record>),
    /// It is so already.
    Unchanged,
    /// It can be saved once it is said why; the text asks for the reason.
    Reason(Text),
    /// It breaks a rule, which is named.
    Refused(Bilingual),
}

/// 理由: values that wait for their reason.
#[derive(Clone, Debug)]
pub struct Prompt<K> {
    /// The reason.
    pub field: Field,
    /// What stands before the field; `{}` is what was typed.
    pub label: Text,
    /// What waits.
    pub wants: Vec<Want<K>>,
    go: Go,
    proposed: String,
}

impl<K: Copy + PartialEq> Prompt<K> {
    /// What stands before the field: what was typed, or how many cells wait.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        match &self.wants[..] {
            [want] => self.label.fill(lang, &[&want.typed]),
            wants => self.label.fill(lang, &[&Text::SoManyCells.fill(lang, &[&wants.len()])]),
        }
    }

    fn is_note(&self) -> bool {
        matches!(self.label, Text::NoteOf)
    }

    /// What was typed is figures alone: they were meant for the next cells, by somebody who looks at the paper.
    fn holds_figures(&self) -> bool {
        let text = self.field.text();
        let typed = text.strip_prefix(self.proposed.as_str()).unwrap_or(text).trim();
        !self.is_note() && !typed.is_empty() && typed.chars().all(|c| c.is_ascii_digit() || c == '.')
    }

    /// The text that waits for its reason in a cell.
    #[must_use]
    pub fn waits(&self, cell: K) -> Option<&str> {
        self.wants.iter().find(|w| w.cell == cell).map(|w| w.typed.as_str())
    }
}

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Opens the cell under the cursor: with a fresh text, or with its value.
    pub(super) fn begin(&mut self, sheet: &impl Sheet<R, C>, text: Option<char>) -> Vec<Wish> {
        let Some(cell) = self.cell() else { return Vec::new() };
        if let Err(why) = sheet.may(cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        if self.invalid.get(&cell).is_some_and(Invalid::is_conflict) {
            return self.arrive();
        }
        self.end_range();
        let text = match text {
            Some(c) => (c.to_string(), true),
            None => (self.value_text(cell, sheet), false),
        };
        let seen = self.seen(cell, sheet);
        self.editor = Some(Editor { field: Field::new(text.0), overwrites: text.1, cell, seen });
        Vec::new()
    }

    /// What F2 shows: the refused text, what is on its way, or the value.
    fn value_text(&self, cell: (R, C), sheet: &impl Sheet<R, C>) -> String {
        let refused = self.invalid.get(&cell).map(|i| i.typed.as_str());
        let text = refused.or_else(|| self.on_its_way(cell)).map_or_else(|| sheet.text(cell), str::to_owned);
        if text == CLEARED { String::new() } else { text }
    }

    /// Checks what was typed and saves it, or leaves it in its cell and names the rule.
    pub(super) fn commit(&mut self, sheet: &impl Sheet<R, C>, go: Go) -> Vec<Wish> {
        let Some(Editor { field, cell, seen, .. }) = self.editor.take() else { return Vec::new() };
        let typed = field.text().trim().to_owned();
        if typed.is_empty() {
            self.step(go);
            return self.arrive();
        }
        self.enter(Want { cell, typed, seen }, None, go, sheet)
    }

    /// Whether this text would be saved in the open cell only with a reason.
    pub fn asks_reason(&self, typed: &str, sheet: &impl Sheet<R, C>) -> bool {
        let want = |e: &Editor<(R, C)>| Want { cell: e.cell, typed: typed.to_owned(), seen: e.seen.clone() };
        self.editor.as_ref().is_some_and(|e| matches!(sheet.judge(&want(e), None), Verdict::Reason(_)))
    }

    /// Makes a text the value of its cell, or refuses it in place.
    pub fn enter(&mut self, want: Want<(R, C)>, reason: Option<&str>, go: Go, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        match sheet.judge(&want, reason) {
            Verdict::Refused(why) => {
                let line = refusal(&want, &why, sheet);
                self.refuse(want.cell, want.typed, line.clone(), None);
                vec![Wish::Say(Message::loud(line))]
            }
            Verdict::Unchanged => {
                self.invalid.remove(&want.cell);
                self.step(go);
                vec![Wish::Say(Message::plain(Text::Unchanged.both(&[])))]
            }
            Verdict::Reason(label) => {
                self.ask(vec![want], label, go);
                Vec::new()
            }
            Verdict::Write(record) => {
                self.invalid.remove(&want.cell);
                let mut wishes = vec![self.send(vec![(want, record)], reason.unwrap_or_default(), sheet)];
                self.step(go);
                wishes.extend(self.arrive());
                wishes
            }
        }
    }

    /// Makes several texts the values of their cells: all in one transaction, or none.
    pub fn enter_all(&mut self, wants: Vec<Want<(R, C)>>, reason: Option<&str>, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let (mut writes, mut asks) = (Vec::new(), None);
        for want in &wants {
            match sheet.judge(want, reason) {
                Verdict::Refused(why) => {
                    let line = refusal(want, &why, sheet);
                    return vec![Wish::Say(Message::loud(Text::NoneWritten.both2(&[&line.zh], &[&line.en])))];
                }
                Verdict::Unchanged => {}
                Verdict::Reason(label) => asks = Some(label),
                Verdict::Write(record) => writes.push((want.clone(), record)),
            }
        }
        if let Some(label) = asks {
            self.ask(wants, label, Go::Stay);
            return Vec::new();
        }
        if writes.is_empty() {
            return vec![Wish::Say(Message::plain(Text::Unchanged.both(&[])))];
        }
        for (want, _) in &writes {
            self.invalid.remove(&want.cell);
        }
        vec![self.send(writes, reason.unwrap_or_default(), sheet)]
    }

    /// Asks for a reason; the last one of this session is proposed.
    pub fn ask(&mut self, wants: Vec<Want<(R, C)>>, label: Text, go: Go) {
        self.ask_with(wants, label, go, self.last_reason.clone());
    }

    /// Asks for a reason, this one proposed.
    pub(super) fn ask_with(&mut self, wants: Vec<Want<(R, C)>>, label: Text, go: Go, proposed: String) {
        self.prompt = Some(Prompt { field: Field::new(proposed.clone()), label, wants, go, proposed });
    }

    /// The last reason given in this session.
    #[must_use]
    pub fn last_reason(&self) -> &str {
        &self.last_reason
    }

    pub(super) fn answer_prompt(
        &mut self,
        mut prompt: Prompt<(R, C)>,
        action: Action,
        sheet: &impl Sheet<R, C>,
    ) -> Vec<Wish> {
        match action {
            Action::Accept if prompt.is_note() && prompt.field.text().trim().is_empty() => {
                self.prompt = Some(prompt);
                Vec::new()
            }
            Action::Accept if prompt.field.text().trim().is_empty() => {
                self.prompt = Some(Prompt { label: Text::ReasonNeeded, ..prompt });
                Vec::new()
            }
            Action::Accept if prompt.holds_figures() => {
                self.prompt = Some(Prompt { label: Text::ReasonNotFigures, ..prompt });
                Vec::new()
            }
            Action::Accept => {
                let reason = prompt.field.text().trim().to_owned();
                // A note says something of its own cell; it is no reason for the next one.
                if !prompt.is_note() {
                    reason.clone_into(&mut self.last_reason);
                }
                if let Some(preview) = self.preview.take() {
                    self.write(preview, Some(&reason), sheet)
                } else if prompt.wants.len() == 1
                    && let Some(want) = prompt.wants.pop()
                {
                    self.enter(want, Some(&reason), prompt.go, sheet)
                } else {
                    self.enter_all(prompt.wants, Some(&reason), sheet)
                }
            }
            Action::Cancel => {
                // Back into the cell, as it was typed; what was not typed has no cell to go back to.
                if prompt.go != Go::Stay
                    && let Some(Want { cell, typed, seen }) = prompt.wants.pop().filter(|w| w.typed != CLEARED)
                {
                    self.editor = Some(Editor { field: Field::new(typed), overwrites: false, cell, seen });
                }
                Vec::new()
            }
            _ => {
                self.prompt = Some(prompt);
                Vec::new()
            }
        }
    }

    pub(super) fn answer_conflict(
        &mut self,
        conflict: Conflict<(R, C)>,
        action: Action,
        sheet: &impl Sheet<R, C>,
    ) -> Vec<Wish> {
        match action {
            Action::Override if conflict.busy => {
                let Conflict { cell, typed, seen, .. } = conflict;
                self.enter(Want { cell, typed, seen }, None, self.enter, sheet)
            }
            Action::Override => {
                // On the value that the person was shown: what somebody stores after it is a new conflict.
                let Conflict { cell, typed, seen, .. } = conflict;
                self.invalid.remove(&cell);
                self.ask(vec![Want { cell, typed, seen }], Text::ReasonOf, self.enter);
                Vec::new()
            }
            Action::KeepTheirs => {
                self.invalid.remove(&conflict.cell);
                if conflict.busy {
                    return vec![Wish::Say(Message::plain(Text::Dropped.both(&[&conflict.typed])))];
                }
                vec![Wish::Say(Message::plain(Text::KeptTheirs.both(&[&conflict.typed])))]
            }
            action if self.walk(action) => self.arrive(),
            _ => {
                self.conflict = Some(conflict);
                Vec::new()
            }
        }
    }

    /// The refused value under the cursor.
    #[must_use]
    pub fn invalid_here(&self) -> Option<&Invalid> {
        self.invalid.get(&self.cell()?)
    }

    /// A text stays in its cell and says why.
    pub fn refuse(&mut self, cell: (R, C), typed: String, why: Bilingual, first: Option<Seen>) {
        self.invalid.insert(cell, Invalid { typed, why, first, busy: false });
    }

    /// A conflict shows when the cursor comes to its cell, and refused values say why.
    pub fn arrive(&mut self) -> Vec<Wish> {
        let Some(cell) = self.cell() else { return Vec::new() };
        let Some(Invalid { typed, why, first, busy }) = self.invalid.get(&cell).cloned() else { return Vec::new() };
        if let Some(seen) = first {
            self.conflict = Some(Conflict { cell, typed, line: why, busy, seen });
            return Vec::new();
        }
        vec![Wish::Say(Message::loud(why))]
    }

    /// 清空: the entry is withdrawn, so that the cell falls back to what the facts suggest.
    pub(super) fn clear(&mut self, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        if let Some(line) = self.drop_refused() {
            return vec![line];
        }
        let mut wants = Vec::new();
        for cell in self.selected() {
            if let Err(why) = sheet.may(cell) {
                return vec![Wish::Say(Message::loud(why))];
            }
            let seen = self.seen(cell, sheet);
            if seen.value.is_some() {
                wants.push(Want { cell, typed: CLEARED.to_owned(), seen });
            }
        }
        if wants.is_empty() {
            return vec![Wish::Say(Message::plain(Text::NothingToClear.both(&[])))];
        }
        if wants.len() > 1 {
            // A whole block of values goes: it is asked once, and it is said why.
            self.ask(wants, Text::ReasonOfClearing, Go::Stay);
            return Vec::new();
        }
        self.enter_all(wants, None, sheet)
    }

    /// 备注: the stored value of the cell stays, and says why.
    pub(super) fn note(&mut self, sheet: &impl Sheet<R, C>) -> Vec<Wish> {
        let Some(cell) = self.cell() else { return Vec::new() };
        if let Err(why) = sheet.may(cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        let seen = self.seen(cell, sheet);
        if seen.value.is_none() {
            return vec![Wish::Say(Message::plain(Text::NoteNeedsEntry.both(&[])))];
        }
        let typed = self.on_its_way(cell).map_or_else(|| sheet.text(cell), str::to_owned);
        self.ask_with(vec![Want { cell, typed, seen }], Text::NoteOf, Go::Stay, sheet.note(cell));
        Vec::new()
    }

    /// What was typed and is not stored: refused values, the open cell, what waits for its reason.
    #[must_use]
    pub fn unsaved(&self) -> BTreeMap<(R, C), &str> {
        let mut all: BTreeMap<(R, C), &str> = self.invalid.iter().map(|(c, i)| (*c, i.typed.as_str())).collect();
        all.extend(self.conflict.iter().map(|c| (c.cell, c.typed.as_str())));
        all.extend(self.prompt.iter().flat_map(|p| &p.wants).map(|w| (w.cell, w.typed.as_str())));
        let open = self.editor.iter().filter(|e| !e.field.text().trim().is_empty());
        all.extend(open.map(|e| (e.cell, e.field.text().trim())));
        all
    }

    /// What would be dropped by leaving, as a question; the cursor goes to the first of it.
    pub fn before_leaving(&mut self, sheet: &impl Sheet<R, C>) -> Option<Bilingual> {
        let all = self.unsaved();
        let (cell, typed) = all.iter().next()?;
        let (cell, name) = (*cell, sheet.name(*cell));
        let line = Text::LeaveUnsaved.both2(&[&all.len(), &name.zh, typed], &[&all.len(), &name.en, typed]);
        self.point(cell);
        Some(line)
    }

    /// Leaves the grid: what is not saved is dropped, and said so.
    pub fn leave(&mut self, sheet: &impl Sheet<R, C>) -> Option<Bilingual> {
        let all = self.unsaved();
        let said = all.iter().next().map(|(cell, typed)| {
            let name = sheet.name(*cell);
            Text::DroppedCells.both2(&[&all.len(), &name.zh, typed], &[&all.len(), &name.en, typed])
        });
        self.editor = None;
        self.prompt = None;
        self.conflict = None;
        self.preview = None;
        self.invalid.clear();
        self.end_range();
        said
    }
}

/// The line of a refusal: cell, text, rule, and what now.
fn refusal<R: Copy, C: Copy>(want: &Want<(R, C)>, why: &Bilingual, sheet: &impl Sheet<R, C>) -> Bilingual {
    let name = sheet.name(want.cell);
    Text::RefusedCell.both2(&[&name.zh, &want.typed, &why.zh], &[&name.en, &want.typed, &why.en])
}
