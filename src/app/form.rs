//! 登记表. A record typed field by field, over whatever view it was asked for.
//!
//! The form knows no rule of its own: [`exchange::edited`] makes the record of what was typed, by the readers of imported
//! files and of `dukao set`, and says which field does not fit. What is saved is one change like that of a cell.

use super::field::Field;
use super::modal::Modal;
use super::record;
use super::screen::{Context, Message, Sight};
use crate::domain::change::{Change, Draft, Record, Subject};
use crate::domain::district::UnitIx;
use crate::domain::doubt;
use crate::domain::value::{Bilingual, Lang};
use crate::exchange::{self, BadRow, Sheet};
use crate::store::access::project_units;
use crate::store::{Action as Right, Matter, may};
use crate::text::Text;

mod keys;
pub mod line;
pub mod offers;
pub mod open;
mod own_data;
mod save;
pub mod withdraw;

use line::{Line, REASON};
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
    /// Whether that one is saved was asked once.
    doubted: bool,
    /// Something of it is the person's own.
    pub typed: bool,
    /// He was told that something is not saved.
    warned: bool,
    /// He goes over somebody's value, which needs a reason.
    overrides: bool,
    /// Saving withdraws the record, whose values stay as they are.
    pub withdraws: bool,
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
            doubted: false,
            typed: false,
            warned: false,
            overrides: false,
            withdraws: false,
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
            (Some(picker), ..) => picker.context(),
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

    /// The district has changed: a form in which nothing was typed shows it. What is being typed belongs to the record as it
    /// was seen when the line was opened.
    pub fn refresh(&mut self, sight: &Sight<'_>) {
        let typing = self.typed || self.cell.is_some() || self.picker.is_some();
        if !typing && self.sending.is_none() {
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
            // Whose a new one is, its key or its values say, as far as they are known.
            let known = [of(None).units, self.units(sight)].into_iter().find(|u| !u.is_empty());
            let units = known.unwrap_or_else(|| sight.actor.units.clone());
            matters.push(Matter { units, ..Matter::default() });
        }
        matters.iter().find_map(|matter| may(sight.actor, Right::Keep, matter).err()).map(|e| e.text())
    }

    /// The units that a new record is about, by what stands in its form.
    fn units(&self, sight: &Sight<'_>) -> Vec<UnitIx> {
        let plan = &sight.data.plan;
        match self.sheet {
            Sheet::Incidents => project_units(plan, self.value("project"), sight.data.today),
            Sheet::Rectifications => plan.unit_ix(self.value("unit")).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Shows what does not fit: of all lines, or of one alone.
    fn complain(&mut self, bad: &[BadRow], only: Option<&str>) {
        // What was wrong before may be right by now, or wrong for another reason.
        for line in self.lines.iter_mut().filter(|l| only.is_none_or(|name| l.name == name || l.wrong.is_some())) {
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
        let made = self.record(sight);
        self.doubt(made.as_ref().ok(), sight);
        self.complain(&made.err().unwrap_or_default(), Some(name));
        self.wrong = None;
    }

    /// Shows what is odd about the record, where there is one.
    fn doubt(&mut self, made: Option<&(Subject, Option<Record>)>, sight: &Sight<'_>) {
        let record = made.and_then(|(subject, record)| Some((subject, record.as_ref()?)));
        let doubts = record.map(|(subject, record)| doubt::of(sight.data, subject, record)).unwrap_or_default();
        for line in &mut self.lines {
            line.doubts = doubts.iter().filter(|d| d.field == line.name).map(|d| d.text.clone()).collect();
        }
    }

    /// What is odd about the record, field by field, behind its name.
    fn doubted(&self, what: &Bilingual) -> Bilingual {
        let of = |lang: Lang, between: &str| {
            let all = self.lines.iter().flat_map(|l| l.doubts.iter().map(move |d| (l, d)));
            let said = all.map(|(l, d)| format!("{} {}", l.label(self.sheet, lang), d.in_lang(lang)));
            said.collect::<Vec<_>>().join(between)
        };
        let (zh, en) = (of(Lang::Zh, "；"), of(Lang::En, "; "));
        if zh.is_empty() { what.clone() } else { Text::FormDoubted.both2(&[&what.zh, &zh], &[&what.en, &en]) }
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
        let made = if self.withdraws { Ok((self.subject(), None)) } else { self.record(sight) };
        let (subject, after) = match made {
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
        if (self.overrides || self.withdraws) && reason.is_empty() {
            return self.ask_reason();
        }
        let change = Change { subject, before: self.before.clone(), after, reason };
        if change.before == change.after {
            return Step::Say(Message::plain(Text::Unchanged.both(&[])));
        }
        let what = self.what(sight);
        let withdrawn = || Text::WithdrawRecord.both2(&[&what.zh], &[&what.en]);
        let what = if self.withdraws { withdrawn() } else { self.doubted(&what) };
        Step::Save(Box::new(Draft { change, base: self.base }), what)
    }

    fn ask_reason(&mut self) -> Step {
        let why = Text::ReasonIsNeeded.both(&[]);
        self.at = self.lines.len() - 1;
        self.lines[self.at].wrong = Some(why.clone());
        Step::Say(Message::loud(why))
    }
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
