//! 按键. What keys do in a form: from line to line, in the list of a line, before a conflict.

use super::line::{REASON, Takes};
use super::offers::{self, Offer, Picker};
use super::{Form, Step};
use crate::app::action::Action;
use crate::app::field::{Edit, Field};
use crate::app::screen::{Message, Sight};
use crate::domain::value::Bilingual;
use crate::exchange;
use crate::store::Conflict;
use crate::text::Text;

impl Form {
    fn step(&mut self, by: isize) {
        let last = self.lines.len() - 1;
        let mut at = self.at;
        while let Some(next) = at.checked_add_signed(by).filter(|n| *n <= last) {
            at = next;
            if !self.fixed(at) {
                self.at = at;
                return;
            }
        }
    }

    /// A step of typing: a character on a closed line begins its value anew, or searches its list.
    pub fn edit(&mut self, step: Edit, sight: &Sight<'_>) {
        self.warned = false;
        if let Some(picker) = &mut self.picker {
            picker.field.edit(step);
            return picker.typed(sight);
        }
        if self.cell.is_none() {
            let Edit::Insert(c) = step else { return };
            if self.fixed(self.at) {
                return;
            }
            if self.lines[self.at].takes.listed() {
                return self.open_list(c.encode_utf8(&mut [0; 4]), sight);
            }
            self.cell = Some(Field::default());
        }
        if let Some(cell) = &mut self.cell {
            cell.edit(step);
        }
    }

    /// Pasted text goes where typing would.
    pub fn paste(&mut self, text: &str, sight: &Sight<'_>) {
        for c in text.trim_end_matches(['\r', '\n']).chars() {
            self.edit(Edit::Insert(if matches!(c, '\n' | '\t') { ' ' } else { c }), sight);
        }
    }

    /// Opens the list of the line under the cursor.
    fn open_list(&mut self, begun: &str, sight: &Sight<'_>) {
        let line = &self.lines[self.at];
        if self.fixed(self.at) || !line.takes.listed() {
            return;
        }
        let all = offers::offers(self.sheet, line.name, self.value("project"), sight);
        self.picker = Some(Picker::new(all, line.takes == Takes::Many, &line.value, begun, sight));
    }

    /// The neighbour in the list of the line under the cursor.
    fn turn(&mut self, by: isize, sight: &Sight<'_>) {
        let line = &self.lines[self.at];
        if self.fixed(self.at) || line.takes != Takes::One {
            return;
        }
        let all = offers::offers(self.sheet, line.name, self.value("project"), sight);
        let all: Vec<_> = all.into_iter().filter(|o| o.refused.is_none()).collect();
        let place = all.iter().position(|o| o.value == line.value);
        let next = match (place, by > 0) {
            (None, true) => all.first(),
            (None, false) => all.last(),
            (Some(place), _) => place.checked_add_signed(by).and_then(|p| all.get(p)),
        };
        if let Some(next) = next {
            self.put(next.value.clone(), sight);
        }
    }

    fn take_list(&mut self, action: Action, sight: &Sight<'_>) -> Step {
        let Some(picker) = &mut self.picker else { return Step::Stay };
        let page = isize::try_from(picker.cursor.height).unwrap_or(1);
        match action {
            Action::ItemPrev => picker.cursor.step(&picker.hits, -1),
            Action::ItemNext => picker.cursor.step(&picker.hits, 1),
            Action::PageUp => picker.cursor.step(&picker.hits, -page),
            Action::PageDown => picker.cursor.step(&picker.hits, page),
            Action::Select => {
                let offer = picker.chosen().cloned();
                picker.field = Field::default();
                picker.typed(sight);
                if let Some(offer) = offer {
                    picker.stand_at(&offer.value);
                    let value = toggled(&self.lines[self.at].value, &offer.value);
                    self.put(value, sight);
                }
            }
            Action::Run | Action::Pick(None) => {
                let Some(offer) = picker.chosen().cloned() else { return Step::Stay };
                return self.chose(offer, sight);
            }
            Action::Pick(Some(digit)) => {
                let Some(offer) = picker.numbered(digit).cloned() else { return Step::Stay };
                return self.chose(offer, sight);
            }
            Action::Close | Action::Complete => self.picker = None,
            _ => {}
        }
        Step::Stay
    }

    /// A row of the list becomes the value, or one of them; the list is done.
    fn chose(&mut self, offer: Offer, sight: &Sight<'_>) -> Step {
        if let Some(why) = offer.refused {
            return Step::Say(Message::loud(why));
        }
        self.picker = None;
        let line = &self.lines[self.at];
        let value = match line.takes {
            Takes::Many if offers::chosen(&line.value).any(|c| c == offer.value) => line.value.clone(),
            Takes::Many => toggled(&line.value, &offer.value),
            _ => offer.value,
        };
        self.put(value, sight);
        self.step(1);
        Step::Stay
    }

    /// What a key does.
    pub fn take(&mut self, action: Action, sight: &Sight<'_>) -> Step {
        let warned = std::mem::take(&mut self.warned);
        if self.picker.is_some() {
            return self.take_list(action, sight);
        }
        if self.conflict.is_some() {
            return self.take_conflict(action);
        }
        match action {
            Action::ItemPrev | Action::ItemNext => {
                self.settle(sight);
                self.step(if action == Action::ItemNext { 1 } else { -1 });
            }
            Action::First | Action::Last => {
                self.settle(sight);
                self.at = if action == Action::Last { self.lines.len() - 1 } else { self.first() };
            }
            Action::Accept => {
                self.settle(sight);
                if self.at + 1 == self.lines.len() {
                    return self.save(sight);
                }
                self.step(1);
            }
            Action::Save => {
                self.settle(sight);
                return self.save(sight);
            }
            Action::Cancel => self.cell = None,
            Action::Choices if self.lines[self.at].takes.listed() => self.open_list("", sight),
            Action::OfferPrev => self.turn(-1, sight),
            Action::OfferNext => self.turn(1, sight),
            Action::Withdraw if self.withdraws => return self.save(sight),
            Action::Withdraw => {
                return match self.refused(None, sight) {
                    Some(why) => Step::Say(Message::loud(why)),
                    None => self.withdraw(),
                };
            }
            Action::Clear if !self.fixed(self.at) => self.put(String::new(), sight),
            Action::Edit | Action::Choices if self.lines[self.at].takes.listed() => self.open_list("", sight),
            Action::Edit | Action::Choices if !self.fixed(self.at) => {
                self.cell = Some(Field::new(self.lines[self.at].value.clone()));
            }
            Action::Close if self.unsaved() > 0 && self.sending.is_none() && !warned => {
                self.warned = true;
                let text = if self.withdraws { Text::WithdrawUnsaved } else { Text::FormUnsaved };
                return Step::Say(Message::loud(text.both(&[&self.unsaved()])));
            }
            Action::Close => {
                // What is on its way is told when the answer comes.
                let dropped = if self.sending.is_some() { 0 } else { self.unsaved() };
                let what = self.what(sight);
                let said = Text::FormDropped.both2(&[&dropped, &what.zh], &[&dropped, &what.en]);
                return Step::Close((dropped > 0).then(|| Message::loud(said)));
            }
            _ => {}
        }
        Step::Stay
    }

    fn first(&self) -> usize {
        (0..self.lines.len()).find(|at| !self.fixed(*at)).unwrap_or(0)
    }

    /// Somebody changed it first: both values are shown.
    pub(super) fn conflicts(&mut self, conflict: &Conflict, line: &Bilingual) {
        let cells = conflict.theirs.as_ref().map(exchange::cells).unwrap_or_default();
        for line in self.lines.iter_mut().filter(|l| !l.key && l.name != REASON) {
            let theirs = cells.iter().find(|(name, _)| *name == line.name).map(|(_, v)| v.clone()).unwrap_or_default();
            if line.changed() {
                line.theirs = Some(theirs.clone()).filter(|t| *t != line.value && *t != line.stored);
            } else {
                line.value.clone_from(&theirs);
            }
            line.stored = theirs;
        }
        self.before.clone_from(&conflict.theirs);
        self.base = Some(conflict.seq);
        self.conflict = Some(line.clone());
    }

    fn take_conflict(&mut self, action: Action) -> Step {
        match action {
            Action::Override => {
                (self.conflict, self.overrides) = (None, true);
                self.ask_reason()
            }
            Action::KeepTheirs if self.withdraws => {
                (self.conflict, self.withdraws) = (None, false);
                self.at = self.first();
                Step::Say(Message::plain(Text::WithdrawNot.both(&[])))
            }
            Action::KeepTheirs => {
                self.conflict = None;
                for line in &mut self.lines {
                    if let Some(theirs) = line.theirs.take() {
                        line.value = theirs;
                    }
                }
                self.typed = self.lines.iter().any(|l| l.changed() || (l.name == REASON && !l.value.is_empty()));
                let said = if self.typed { Text::FormKeptTheirs } else { Text::FormOnlyTheirs };
                Step::Say(Message::plain(said.both(&[])))
            }
            Action::CellUp => {
                self.step(-1);
                Step::Stay
            }
            Action::CellDown => {
                self.step(1);
                Step::Stay
            }
            _ => Step::Stay,
        }
    }
}

/// Codes joined by `;` with one more, or without it.
fn toggled(codes: &str, code: &str) -> String {
    let mut all: Vec<&str> = offers::chosen(codes).collect();
    match all.iter().position(|c| *c == code) {
        Some(place) => {
            all.remove(place);
        }
        None => all.push(code),
    }
    all.join(";")
}
