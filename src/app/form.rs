//! 登记表. A record typed field by field, over whatever view it was asked for.
//!
//! The form knows no rule of its own: [`exchange::edited`] makes the record of what was typed, by the readers of imported
//! files and of `dukao set`, and says which field does not fit. What is saved is one change like that of a cell.

use super::action::Action;
use super::field::{Edit, Field};
use super::modal::Modal;
use super::record;
use super::screen::{Context, Message, Sight};
use crate::domain::change::{Change, Draft, Record, Subject};
use crate::domain::value::Bilingual;
use crate::exchange::{self, BadRow, Sheet};
use crate::store::{Action as Right, Conflict, Matter, may};
use crate::text::Text;

pub mod line;
pub mod offers;
pub mod open;
mod save;

use line::{Line, REASON, Takes};
use offers::Picker;

/// 登记表
#[derive(Debug)]
pub struct Form {
    /// What kind of record.
    pub sheet: Sheet,
    /// Its lines from above: the key, the fields, the reason.
    pub lines: Vec<Line>,
    /// The line under the cursor.
    pub at: usize,
    /// First row of the window, as last drawn.
    pub top: usize,
    /// The line is open: what is being typed.
    pub cell: Option<Field>,
    /// The list that is open over it.
    pub picker: Option<Picker>,
    /// Somebody changed the record first.
    pub conflict: Option<Bilingual>,
    /// What is wrong with the record as a whole.
    pub wrong: Option<Bilingual>,
    /// The record that the person saw, as far as there was one.
    pub before: Option<Record>,
    /// Its number; none where the store compares by value.
    base: Option<u64>,
    /// The save that is on its way.
    pub sending: Option<u64>,
    /// Something of it is the person's own.
    pub typed: bool,
    /// He was told that something is not saved.
    warned: bool,
    /// He goes over somebody's value, which needs a reason.
    overrides: bool,
    /// What it lies over, if that is a panel itself.
    pub under: Option<Box<Modal>>,
}

/// What a key of the form leads to.
pub enum Step {
    /// Nothing beyond the form.
    Stay,
    /// A line for the message row.
    Say(Message),
    /// The form goes.
    Close(Option<Message>),
    /// The record is to be saved.
    Save(Box<Draft>, Bilingual),
}

impl Form {
    /// The form of a record: these parts of its key are known, these fields are proposed. `fixed`: it is that record and no
    /// other.
    #[must_use]
    pub fn new(
        sheet: Sheet,
        key: &[(&'static str, String)],
        proposed: &[(&'static str, String)],
        fixed: bool,
        sight: &Sight<'_>,
    ) -> Self {
        let names = sheet.key().iter().copied().chain(sheet.fields());
        let mut lines: Vec<Line> = names.map(|name| Line::new(sheet, name)).chain([Line::reason()]).collect();
        for (name, value) in key {
            if let Some(line) = lines.iter_mut().find(|l| l.name == *name) {
                (line.value, line.fixed) = (value.clone(), fixed);
            }
        }
        let mut form = Self {
            sheet,
            lines,
            at: 0,
            top: 0,
            cell: None,
            picker: None,
            conflict: None,
            wrong: None,
            before: None,
            base: None,
            sending: None,
            typed: false,
            warned: false,
            overrides: false,
            under: None,
        };
        form.seat(sight);
        for (name, value) in proposed {
            if let Some(line) = form.lines.iter_mut().find(|l| l.name == *name && l.value.is_empty()) {
                line.value.clone_from(value);
            }
        }
        // A new record goes on where something is not known yet, one that is there begins with its first field.
        let open = |l: &Line| !l.fixed && l.name != REASON && l.value.is_empty();
        let first = form.lines.iter().position(open).filter(|_| form.before.is_none());
        form.at = first.or_else(|| form.lines.iter().position(|l| !l.fixed && !l.key)).unwrap_or(0);
        form
    }

    /// Which keys hold in it.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.picker, &self.conflict, &self.cell) {
            (Some(_), ..) => Context::Palette,
            (_, Some(_), _) => Context::Conflict,
            (.., Some(_)) => Context::FormCell,
            _ => Context::Form,
        }
    }

    /// The value of a line.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.lines.iter().find(|l| l.name == name).map_or("", |l| l.value.as_str())
    }

    fn key(&self) -> Vec<(&'static str, String)> {
        self.lines.iter().filter(|l| l.key).map(|l| (l.name, l.value.trim().to_owned())).collect()
    }

    /// The record that the key names.
    #[must_use]
    pub fn subject(&self) -> Subject {
        let key = self.key();
        Subject::new(self.sheet.kind(), &key.iter().map(|(_, part)| part.as_str()).collect::<Vec<_>>())
    }

    /// The record as the person has it before him: what he has not changed follows what is stored under the key.
    fn seat(&mut self, sight: &Sight<'_>) {
        let subject = self.subject();
        self.before = exchange::current(sight.data, &subject);
        self.base = exchange::newest(sight.data, &subject);
        let cells = self.before.as_ref().map(exchange::cells).unwrap_or_default();
        for line in self.lines.iter_mut().filter(|l| !l.key && l.name != REASON) {
            let changed = line.changed();
            line.stored = cells.iter().find(|(name, _)| *name == line.name).map(|(_, v)| v.clone()).unwrap_or_default();
            if !changed {
                line.value.clone_from(&line.stored);
            }
        }
    }

    /// The district has changed: a form in which nothing was typed shows it.
    pub fn refresh(&mut self, sight: &Sight<'_>) {
        if !self.typed && self.sending.is_none() {
            self.seat(sight);
        }
    }

    /// The record that was typed, by the readers of files.
    ///
    /// # Errors
    /// Every field that does not fit.
    pub fn record(&self, sight: &Sight<'_>) -> Result<(Subject, Option<Record>), Vec<BadRow>> {
        let changed = self.lines.iter().filter(|l| l.changed());
        let fields: Vec<(String, String)> = changed.map(|l| (l.name.to_owned(), l.value.clone())).collect();
        exchange::edited(self.sheet, &self.key(), &fields, sight.data)
    }

    /// How many lines hold something that is not saved.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        let open = usize::from(self.cell.is_some());
        if self.typed { self.lines.iter().filter(|l| l.changed()).count().max(open).max(1) } else { open }
    }

    /// Whether this person may keep the record; why not.
    #[must_use]
    pub fn refused(&self, after: Option<&Record>, sight: &Sight<'_>) -> Option<Bilingual> {
        let (data, subject) = (sight.data, self.subject());
        if let Some(day) = data.as_of {
            return Some(Text::PastDay.both(&[&day]));
        }
        let of =
            |value: Option<&Record>| Matter::of_record(&data.plan, self.sheet.kind(), &subject.key, value, data.today);
        let mut matters: Vec<Matter> =
            [self.before.as_ref(), after].into_iter().flatten().map(|r| of(Some(r))).collect();
        if matters.is_empty() {
            // Whose a new one is, its values will say.
            let units = Some(of(None).units).filter(|u| !u.is_empty()).unwrap_or_else(|| sight.actor.units.clone());
            matters.push(Matter { units, ..Matter::default() });
        }
        matters.iter().find_map(|matter| may(sight.actor, Right::Keep, matter).err()).map(|e| e.text())
    }

    /// Shows what does not fit: of all lines, or of one alone.
    fn complain(&mut self, bad: &[BadRow], only: Option<&str>) {
        for line in self.lines.iter_mut().filter(|l| only.is_none_or(|name| l.name == name)) {
            line.wrong = bad.iter().find(|b| b.column == line.name).map(|b| b.reason.clone());
        }
        if only.is_none() {
            let named = |b: &BadRow| self.lines.iter().any(|l| l.name == b.column);
            self.wrong = bad.iter().find(|b| !named(b)).map(|b| b.reason.clone());
        }
    }

    /// What was typed in the open line becomes its value.
    fn settle(&mut self, sight: &Sight<'_>) {
        let Some(field) = self.cell.take() else { return };
        let value = self.lines[self.at].takes.normal(field.text(), sight);
        self.put(value, sight);
    }

    /// The line under the cursor gets a value.
    fn put(&mut self, value: String, sight: &Sight<'_>) {
        let line = &mut self.lines[self.at];
        let (name, key) = (line.name, line.key);
        if line.value != value {
            line.value = value;
            line.theirs = None;
            self.typed = true;
        }
        if name == "project" && self.sheet == Sheet::Milestones {
            self.other_project(sight);
        }
        if key {
            self.seat(sight);
        }
        let bad = self.record(sight).err().unwrap_or_default();
        self.complain(&bad, Some(name));
        self.wrong = None;
    }

    /// Another project has other milestones.
    fn other_project(&mut self, sight: &Sight<'_>) {
        let plan = &sight.data.plan;
        let known = plan.project_ix(self.value("project")).map_or(&[][..], |ix| plan.milestones(ix));
        if let Some(line) = self.lines.iter_mut().find(|l| l.name == "milestone")
            && !known.iter().any(|m| m.name == line.value)
        {
            line.value.clear();
        }
    }

    fn step(&mut self, by: isize) {
        let last = self.lines.len() - 1;
        let mut at = self.at;
        while let Some(next) = at.checked_add_signed(by).filter(|n| *n <= last) {
            at = next;
            if !self.lines[at].fixed {
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
            if self.lines[self.at].fixed {
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
        if line.fixed || !line.takes.listed() {
            return;
        }
        let all = offers::offers(self.sheet, line.name, self.value("project"), sight);
        self.picker = Some(Picker::new(all, &line.value, begun, sight));
    }

    /// The neighbour in the list of the line under the cursor.
    fn turn(&mut self, by: isize, sight: &Sight<'_>) {
        let line = &self.lines[self.at];
        if line.fixed || line.takes != Takes::One {
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
            Action::Run => {
                let Some(offer) = picker.chosen().cloned() else { return Step::Stay };
                if let Some(why) = offer.refused {
                    return Step::Say(Message::loud(why));
                }
                if self.lines[self.at].takes == Takes::Many {
                    picker.field = Field::default();
                    picker.typed(sight);
                    let value = toggled(&self.lines[self.at].value, &offer.value);
                    self.put(value, sight);
                } else {
                    self.picker = None;
                    self.put(offer.value, sight);
                    self.step(1);
                }
            }
            Action::Close | Action::Complete => self.picker = None,
            _ => {}
        }
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
            Action::Clear if !self.lines[self.at].fixed => self.put(String::new(), sight),
            Action::Edit | Action::Choices if self.lines[self.at].takes.listed() => self.open_list("", sight),
            Action::Edit | Action::Choices if !self.lines[self.at].fixed => {
                self.cell = Some(Field::new(self.lines[self.at].value.clone()));
            }
            Action::Close if self.unsaved() > 0 && self.sending.is_none() && !warned => {
                self.warned = true;
                return Step::Say(Message::loud(Text::FormUnsaved.both(&[&self.unsaved()])));
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
        self.lines.iter().position(|l| !l.fixed).unwrap_or(0)
    }

    /// Which record it is, in words.
    #[must_use]
    pub fn what(&self, sight: &Sight<'_>) -> Bilingual {
        let kind = title(self.sheet).both(&[]);
        let subject = self.subject();
        let name = record::subject(Some(subject.kind), &subject.key, sight.data);
        Bilingual::new(format!("{} {name}", kind.zh), format!("{} {name}", kind.en))
    }

    /// The record goes to the store, if every field fits and the person may keep it.
    fn save(&mut self, sight: &Sight<'_>) -> Step {
        if self.sending.is_some() {
            return Step::Say(Message::plain(Text::FormSending.both(&[])));
        }
        let (subject, after) = match self.record(sight) {
            Ok(made) => made,
            Err(bad) => {
                self.complain(&bad, None);
                if let Some(at) = self.lines.iter().position(|l| l.wrong.is_some()) {
                    self.at = at;
                }
                let many = bad.len();
                return Step::Say(Message::loud(self.wrong.clone().unwrap_or_else(|| Text::FormWrong.both(&[&many]))));
            }
        };
        self.complain(&[], None);
        if let Some(why) = self.refused(after.as_ref(), sight) {
            self.wrong = Some(why.clone());
            return Step::Say(Message::loud(why));
        }
        let reason = self.value(REASON).trim().to_owned();
        if self.overrides && reason.is_empty() {
            return self.ask_reason();
        }
        let change = Change { subject, before: self.before.clone(), after, reason };
        if change.before == change.after {
            return Step::Say(Message::plain(Text::Unchanged.both(&[])));
        }
        Step::Save(Box::new(Draft { change, base: self.base }), self.what(sight))
    }

    fn ask_reason(&mut self) -> Step {
        let why = Text::ReasonIsNeeded.both(&[]);
        self.at = self.lines.len() - 1;
        self.lines[self.at].wrong = Some(why.clone());
        Step::Say(Message::loud(why))
    }

    /// Somebody changed it first: both values are shown.
    fn conflicts(&mut self, conflict: &Conflict, line: &Bilingual) {
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
        self.base = self.base.map(|_| conflict.seq);
        self.conflict = Some(line.clone());
    }

    fn take_conflict(&mut self, action: Action) -> Step {
        match action {
            Action::Override => {
                (self.conflict, self.overrides) = (None, true);
                self.ask_reason()
            }
            Action::KeepTheirs => {
                self.conflict = None;
                for line in &mut self.lines {
                    if let Some(theirs) = line.theirs.take() {
                        line.value = theirs;
                    }
                }
                Step::Say(Message::plain(Text::FormKeptTheirs.both(&[])))
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
    let mut all: Vec<&str> = codes.split([';', '；']).map(str::trim).filter(|c| !c.is_empty()).collect();
    match all.iter().position(|c| *c == code) {
        Some(place) => {
            all.remove(place);
        }
        None => all.push(code),
    }
    all.join(";")
}

/// What the records of a sheet are called.
#[must_use]
pub fn title(sheet: Sheet) -> Text {
    match sheet {
        Sheet::Milestones => Text::FormMilestone,
        Sheet::Progress => Text::FormProgress,
        Sheet::Incidents => Text::FormIncident,
        Sheet::Rectifications => Text::FormRectification,
        Sheet::Attractions => Text::FormAttraction,
        Sheet::Indicators => Text::FormIndicator,
        Sheet::Goals => Text::FormGoal,
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => Text::TabHistory,
    }
}
