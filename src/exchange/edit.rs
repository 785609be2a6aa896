//! 改记录. One record from named fields, read by the same readers and held to the same rules as a line of a file.

use super::headers::{Mapping, Meaning, meaning};
use super::line::{self, Complaints, Single, Spot};
use super::row::Place;
use super::{BadRow, Sheet, columns, current};
use crate::domain::change::{Incident, Kind, ProgressRecord, Record, Subject};
use crate::domain::district::Plan;
use crate::domain::indicator::IndicatorRecord;
use crate::domain::quota::Attraction;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Money, Percent};
use crate::plan::text::composed;

impl Sheet {
    /// The sheets whose records are set field by field; scores, ballots and rounds have commands of their own.
    pub const EDITED: [Self; 7] = {
        let [milestones, progress, incidents, rectifications, attractions, indicators, goals, ..] = Self::ALL;
        [milestones, progress, incidents, rectifications, attractions, indicators, goals]
    };

    /// The kind of its records.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::Milestones => Kind::Milestone,
            Self::Progress => Kind::Progress,
            Self::Incidents => Kind::Incident,
            Self::Rectifications => Kind::Rectification,
            Self::Attractions => Kind::Attraction,
            Self::Indicators => Kind::Indicator,
            Self::Goals => Kind::Goal,
            Self::Scores => Kind::Score,
            Self::Ballots => Kind::Ballot,
            Self::Rounds => Kind::Round,
        }
    }

    /// The sheet whose records are of that kind, where they are set field by field.
    #[must_use]
    pub fn of(kind: Kind) -> Option<Self> {
        Self::EDITED.into_iter().find(|sheet| sheet.kind() == kind)
    }

    /// Columns that make up the key of its records, joined by `/`.
    #[must_use]
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Self::Milestones => &["project", "milestone"],
            Self::Progress => &["project", "date"],
            Self::Incidents | Self::Rectifications | Self::Attractions => &["id"],
            Self::Indicators => &["indicator", "period"],
            Self::Goals => &["goal", "date"],
            Self::Scores => &["round", "project", "criterion"],
            Self::Ballots => &["round", "judge", "project"],
            Self::Rounds => &["round"],
        }
    }

    /// How a key is written, as in `PROJECT/DATE`.
    #[must_use]
    pub fn key_form(self) -> String {
        self.key().join("/").to_uppercase()
    }

    /// Names of the fields beside the key. State and closing day of a rectification are steps, not fields.
    #[must_use]
    pub fn fields(self) -> Vec<&'static str> {
        let step = |name: &str| self == Self::Rectifications && ["state", "closed"].contains(&name);
        let names = self.columns().iter().map(|c| c.name);
        let of_project = self.columns().iter().any(|c| c.name == "project");
        let checked = |name: &str| of_project && name == columns::CHECKED;
        names.filter(|name| !self.key().contains(name) && !step(name) && !checked(name)).collect()
    }

    /// Whether a record cannot be without that field.
    #[must_use]
    pub fn requires(self, field: &str) -> bool {
        self.columns().iter().any(|c| c.name == field && c.required)
    }

    /// The field of that name, ours or a Chinese one.
    #[must_use]
    pub fn field_named(self, name: &str) -> Option<&'static str> {
        match meaning(name, self.columns(), &Mapping::default()) {
            Meaning::Column(column, None) => Some(self.columns()[column].name),
            _ => None,
        }
    }

    /// The words that a field may hold; empty where it holds something else.
    #[must_use]
    pub fn words(self, field: &str) -> Vec<&'static str> {
        fn names<T>(words: &[(&'static str, T)]) -> Vec<&'static str> {
            words.iter().map(|w| w.0).collect()
        }
        match field {
            "reported" => names(columns::REPORTED),
            "source" => names(columns::SOURCES),
            "origin" => names(columns::ORIGINS),
            "versus_city" => names(columns::VERSUS_CITY),
            "provisional" => names(columns::YES_NO),
            _ => Vec::new(),
        }
    }

    /// The parts of a key by their columns; none where it has too few.
    #[must_use]
    pub fn key_parts(self, key: &str) -> Option<Vec<(&'static str, String)>> {
        // Composed as the readers do it, so that what is stored under the key is found.
        let parts: Vec<String> = key.splitn(self.key().len(), '/').map(|part| composed(part.trim())).collect();
        let whole = parts.len() == self.key().len() && parts.iter().all(|part| !part.is_empty());
        whole.then(|| self.key().iter().copied().zip(parts).collect())
    }
}

/// The parts of a key as records are kept by them: the project's id where its name is given, and the day as it is stored.
#[must_use]
pub fn kept_key(plan: &Plan, key: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let part = |column: &str, part: &String| match column {
        "project" => plan.project_named(part).map(|ix| plan.project(ix).id.clone()),
        "date" => line::day(part).ok().map(|day| day.to_string()),
        _ => None,
    };
    key.iter().map(|(column, said)| (*column, part(column, said).unwrap_or_else(|| said.clone()))).collect()
}

/// The record of that key with some fields changed, the others as they are; an empty value clears a field. A milestone
/// whose `done` is cleared has no record.
///
/// # Errors
/// Every field that does not fit.
pub fn edited(
    sheet: Sheet,
    key: &[(&'static str, String)],
    fields: &[(String, String)],
    snapshot: &Snapshot,
) -> Result<(Subject, Option<Record>), Vec<BadRow>> {
    let key = kept_key(&snapshot.plan, key);
    let parts: Vec<&str> = key.iter().map(|(_, part)| part.as_str()).collect();
    let subject = Subject::new(sheet.kind(), &parts);
    let mut cells = match current(snapshot, &subject) {
        Some(record) => cells(&record),
        // One that is new begins at the first of its steps.
        None if sheet == Sheet::Rectifications => vec![("state", "issued".to_owned())],
        None => Vec::new(),
    };
    cells.extend(key.iter().cloned());
    let given = |name: &str| fields.iter().rev().find(|(field, _)| field == name).map(|(_, value)| value.clone());
    let stored = |name: &str| cells.iter().find(|(cell, _)| *cell == name).map(|(_, value)| value.clone());
    let row: Vec<String> =
        sheet.columns().iter().map(|c| given(c.name).or_else(|| stored(c.name)).unwrap_or_default()).collect();
    let complaints = Complaints::default();
    let spot = Spot { file: sheet.kind().name(), sheet: "", row: 0, cell: None };
    let single = Single { spot, columns: sheet.columns(), cells: &row, spots: &[] };
    let fact = single.read(&complaints, |line| {
        super::intake::fact(sheet, line, &snapshot.plan, snapshot.today, Place { table: 0, row: 0 })
    });
    match (fact, complaints.into_inner()) {
        (Some(fact), bad) if bad.is_empty() => Ok((fact.subject, fact.after)),
        (_, bad) => Err(bad),
    }
}

/// The word of an enumeration as files write it.
fn word<T: serde::Serialize>(word: &T) -> String {
    serde_json::to_value(word).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn percent(percent: Option<Percent>) -> String {
    percent.map_or_else(String::new, Percent::short)
}

/// A percentage from 0 to 100, with its sign where it would not be taken without.
fn share(share: Option<Percent>) -> String {
    let small = share.is_some_and(|p| Percent::ZERO < p && p < Percent::whole(1));
    percent(share) + if small { "%" } else { "" }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

/// The cells of a record beside its key, as a line of its file states them.
#[must_use]
pub fn cells(record: &Record) -> Vec<(&'static str, String)> {
    match record {
        Record::Milestone(r) => vec![("done", r.done.to_string())],
        Record::Progress(r) => progress(r),
        Record::Incident(r) => incident(r),
        Record::Rectification(r) => rectification(r),
        Record::Attraction(r) => attraction(r),
        Record::Indicator(r) => indicator(r),
        Record::Goal(r) => vec![("value", r.value.short()), ("note", r.note.clone())],
        Record::Score(_)
        | Record::Ballot(_)
        | Record::Round(_)
        | Record::Resolution(_)
        | Record::Plan(_)
        | Record::Restore(_) => Vec::new(),
    }
}

fn progress(r: &ProgressRecord) -> Vec<(&'static str, String)> {
    vec![
        ("percent", share(r.percent)),
        ("planned_percent", share(r.planned_percent)),
        ("invested", text(r.invested.map(Money::exact))),
        ("permits_due", text(r.permits_due)),
        ("permits_obtained", text(r.permits_obtained)),
        ("reported", r.reported.as_ref().map_or_else(String::new, word)),
        ("note", r.note.clone()),
    ]
}

fn incident(r: &Incident) -> Vec<(&'static str, String)> {
    vec![
        ("source", word(&r.source)),
        ("kind", r.event.clone()),
        ("date", r.date.to_string()),
        ("project", r.project.clone()),
        ("resolved", text(r.resolved)),
        ("people", text(r.people)),
        ("amount", text(r.amount.map(Money::exact))),
        ("reference", text(r.reference.as_ref())),
    ]
}

fn rectification(r: &Rectification) -> Vec<(&'static str, String)> {
    vec![
        ("project", text(r.project.as_ref())),
        ("unit", r.unit.clone()),
        ("finding", r.finding.clone()),
        ("action", text(r.action.as_ref())),
        ("issued", r.issued.to_string()),
        ("due", r.due.to_string()),
        ("state", word(&r.state)),
        ("closed", text(r.closed)),
    ]
}

fn attraction(r: &Attraction) -> Vec<(&'static str, String)> {
    vec![
        ("name", r.name.clone()),
        ("amount", r.amount.exact()),
        ("received", text(r.received.map(Money::exact))),
        ("origin", r.origin.as_ref().map_or_else(String::new, word)),
        ("signed", r.signed.to_string()),
        ("host", text(r.host.as_ref())),
        ("credits", r.credits.join(";")),
        ("started", text(r.started)),
        ("producing", text(r.producing)),
        ("excluded", text(r.excluded.as_ref())),
    ]
}

fn indicator(r: &IndicatorRecord) -> Vec<(&'static str, String)> {
    vec![
        ("value", percent(r.value)),
        ("growth", percent(r.growth)),
        ("target_growth", percent(r.target_growth)),
        ("city_growth", percent(r.city_growth)),
        ("versus_city", r.versus_city.as_ref().map_or_else(String::new, word)),
        ("provisional", if r.provisional { "yes" } else { "no" }.to_owned()),
    ]
}
