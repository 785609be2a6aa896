//! 导入. Files of records, CSV or workbooks, become drafts of changes.
//!
//! An import has two halves. [`read_tables`] reads all tables and checks every cell against the plan. The [`Import`] it
//! gives is applied in stages ([`Import::stages`]), because a score
//! is stored with the suggestion of its moment, which rests on facts of the same import, and because a round takes
//! scores only once it is open and none once it is sealed: facts, openings, scores, ballots, then the other steps of
//! rounds one by one. [`Import::run`] drives them: it hands each stage's drafts to the caller, who saves them and gives
//! back the snapshot that follows, all within one transaction of the store. A record that is already as the file says
//! makes no draft, so importing a file twice changes nothing.
//!
//! One bad row refuses all, and all bad rows are listed at once: rows that did read go through the stages although others
//! did not, and what may only follow from those that did not is left out (`doubt`).

mod absent;
mod bad;
mod columns;
mod csv;
mod doubt;
mod edit;
mod headers;
mod intake;
mod line;
pub mod marked;
pub mod pick;
pub mod registry;
mod row;
mod rows;
pub mod scoresheet;
mod sheet;
mod stages;
mod stored;
mod table;
pub mod workbook;

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::change::{Change, Draft, Kind, Record, Subject, Way};
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::panel::BallotRecord;
use crate::domain::round::RoundRecord;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Bilingual;
use doubt::Doubts;
use row::{BallotRow, Fact, RoundRow, ScoreRow};

pub use bad::{BadRow, Fault, Notice};
pub use columns::events;
pub use csv::{LARGEST, tab as csv_tab};
pub use edit::{cells, edited, kept_key};
pub use headers::{Mapping, chinese, plain};
pub use intake::{csv_table, read_all, read_tables};
pub use line::day;
pub use sheet::Sheet;
pub use stored::{current, newest};
pub use table::{Body, Origin, Table, header_set, recalled};

/// 编码 of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8 where the bytes are valid, else GB18030.
    #[default]
    Auto,
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// GB18030, as Excel writes it in China.
    Gb18030,
}

/// Who imports.
#[derive(Clone, Copy, Debug)]
pub struct Importer<'a> {
    /// His login.
    pub login: &'a str,
    /// The first loading of a new database, where the rules about persons do not apply.
    pub bootstrap: bool,
}

impl Importer<'_> {
    /// How his records come in.
    fn way(self) -> Way {
        if self.bootstrap { Way::Bootstrap } else { Way::Imported }
    }
}

/// A step of an import; the drafts of one are saved before the next is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Milestones, progress, incidents, rectifications, attractions, indicators, goals.
    Facts,
    /// One row of `rounds.csv`, an operation of its own.
    Round(usize),
    /// 评分
    Scores,
    /// 打分票
    Ballots,
}

/// A table that was read: where it comes from, and where its columns stand.
#[derive(Debug)]
struct Source {
    origin: Origin,
    kind: Sheet,
    places: Vec<Option<usize>>,
    /// Of a sheet of scores: the round as it was when the sheet was given out.
    exported: Option<scoresheet::Exported>,
}

/// Files that were read, not yet applied.
#[derive(Debug, Default)]
pub struct Import {
    sources: Vec<Source>,
    /// Files and sheets, from left to right.
    order: Vec<(String, String)>,
    /// Cells that could not be read.
    bad: Vec<BadRow>,
    /// What follows from them.
    doubts: Doubts,
    notices: Vec<Notice>,
    facts: Vec<Fact>,
    scores: Vec<ScoreRow>,
    ballots: Vec<BallotRow>,
    rounds: Vec<RoundRow>,
}

/// One of the rows of an import.
#[derive(Clone, Copy, Debug)]
enum Row {
    Fact(usize),
    Score(usize),
    Ballot(usize),
    Round(usize),
}

/// Drafts of one stage.
#[derive(Clone, Debug, Default)]
struct Drafts {
    /// To be saved together.
    drafts: Vec<Draft>,
    /// The row that each comes from.
    rows: Vec<Row>,
    /// To be told.
    notices: Vec<Notice>,
}

/// What became of the drafts of a stage.
#[derive(Debug)]
pub struct Saved {
    /// The state that follows.
    pub snapshot: Arc<Snapshot>,
    /// Drafts that were not taken, each by its place, and why.
    pub refused: Vec<(usize, Fault, Bilingual)>,
}

/// Why an import was not carried out; nothing of it may be kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError<E> {
    /// Everything that is wrong in the files, by its place in them.
    #[error("{} bad rows", .0.len())]
    BadRows(Vec<BadRow>),
    /// The caller could not save a stage.
    #[error(transparent)]
    Apply(E),
}

/// Records that the person may not change, and why.
#[derive(Debug, Default)]
pub struct Denied(HashMap<Subject, Bilingual>);

/// What an import did.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Every draft that was handed over, in order.
    pub drafts: Vec<Draft>,
    /// To be told.
    pub notices: Vec<Notice>,
    /// Rows that were read.
    pub rows: usize,
}

impl Import {
    /// What a row makes of a record.
    fn stated(&self, fact: &Fact, before: Option<&Record>) -> Option<Record> {
        let source = &self.sources[fact.at.table];
        fact.after.clone().map(|after| absent::completed(source.kind, &source.places, before, after))
    }

    /// Everything that could not be read.
    #[must_use]
    pub fn complaints(&self) -> &[BadRow] {
        &self.bad
    }

    /// Rows that may not come in, whatever is in them and whatever stands there: `permits` says why not, of each record
    /// as it is and as it shall be. No rule of the state is looked at: a round is stated by where it shall get to. A score
    /// or ballot that is as the row says changes nothing; that it is so is for the eyes of who `sees` it.
    ///
    /// # Errors
    /// Those of `permits`.
    pub fn denied<E>(
        &self,
        snapshot: &Snapshot,
        sees: impl Fn(Kind, RoundIx, ProjectIx) -> bool,
        mut permits: impl FnMut(&Change) -> Result<Option<Bilingual>, E>,
    ) -> Result<Denied, E> {
        let mut denied = Denied::default();
        for change in self.wanted(snapshot, sees) {
            if let Some(why) = permits(&change)? {
                denied.0.insert(change.subject, why);
            }
        }
        Ok(denied)
    }

    /// Rows that differ from what is stored, or may: what an import has to write at most.
    #[must_use]
    pub fn changes(&self, snapshot: &Snapshot) -> usize {
        let facts = self.facts.iter().filter(|fact| {
            let before = current(snapshot, &fact.subject);
            self.stated(fact, before.as_ref()) != before
        });
        let facts = facts.count();
        let scores = self.scores.iter().filter(|row| !row.is_kept(snapshot)).count();
        let ballots = self.ballots.iter().filter(|row| !row.is_kept(snapshot)).count();
        facts + scores + ballots + self.rounds.len()
    }

    /// What the rows would change.
    fn wanted(&self, snapshot: &Snapshot, sees: impl Fn(Kind, RoundIx, ProjectIx) -> bool) -> Vec<Change> {
        let plan = &snapshot.plan;
        let change = |subject, before, after| Change { subject, before, after, reason: "import".to_owned() };
        let facts = self.facts.iter().map(|fact| {
            let before = current(snapshot, &fact.subject);
            let after = self.stated(fact, before.as_ref());
            change(fact.subject.clone(), before, after)
        });
        let passed = |kept: bool, kind, round, project| kept && sees(kind, round, project);
        let scores =
            self.scores.iter().filter(|row| !passed(row.is_kept(snapshot), Kind::Score, row.round, row.project));
        let ballots =
            self.ballots.iter().filter(|row| !passed(row.is_kept(snapshot), Kind::Ballot, row.round, row.project));
        let ballots = ballots.map(|row| {
            let wanted = BallotRecord { state: row.state, score: row.score, entered_by: None };
            change(row.subject(plan), None, Some(Record::Ballot(wanted)))
        });
        let rounds = self.rounds.iter().enumerate().filter(|(place, row)| !self.is_behind(*place, row, snapshot));
        let rounds = rounds.map(|(_, row)| {
            let wanted = RoundRecord { state: row.state, ..RoundRecord::default() };
            change(row.subject(plan), None, Some(Record::Round(wanted)))
        });
        let scores = scores.map(|row| change(row.subject(plan), None, None));
        facts.filter(|c| c.before != c.after).chain(scores).chain(ballots).chain(rounds).collect()
    }

    /// Rows that were read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.facts.len() + self.scores.len() + self.ballots.len() + self.rounds.len()
    }
}

#[cfg(test)]
mod tests;
