//! 行. Rows that were read, each with the place that it comes from.

use crate::domain::change::{Kind, Record, Subject};
use crate::domain::district::{JudgeIx, Plan, ProjectIx, RoundIx};
use crate::domain::panel::BallotState;
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Points};

/// Where a row comes from.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub table: usize,
    pub row: usize,
}

/// A record that needs nothing but the plan.
#[derive(Debug)]
pub struct Fact {
    pub at: Place,
    pub subject: Subject,
    pub after: Option<Record>,
}

#[derive(Debug)]
pub struct ScoreRow {
    pub at: Place,
    pub round: RoundIx,
    pub project: ProjectIx,
    pub criterion: usize,
    pub points: Option<Points>,
    /// None where the sheet has no column of notes.
    pub note: Option<String>,
    pub written: String,
    /// Of a sheet that was given out.
    pub given: Option<Given>,
}

/// A score of a sheet that was given out: the entry it was made from, and where points and note stand.
#[derive(Clone, Debug)]
pub struct Given {
    pub seq: u64,
    pub sheet: String,
    pub points: Option<usize>,
    pub note: Option<usize>,
}

#[derive(Debug)]
pub struct BallotRow {
    pub at: Place,
    pub round: RoundIx,
    pub judge: JudgeIx,
    pub project: ProjectIx,
    pub state: BallotState,
    pub score: Option<Points>,
    pub written: String,
}

#[derive(Debug)]
pub struct RoundRow {
    pub at: Place,
    pub round: RoundIx,
    pub state: RoundState,
    pub date: Option<Date>,
    pub reason: Option<String>,
}

impl ScoreRow {
    /// The score is as the row says; one without a column of notes says nothing of the note.
    pub fn is_kept(&self, snapshot: &Snapshot) -> bool {
        let kept = snapshot.facts.scores[self.round.at()].get(&(self.project, self.criterion));
        let note = self.note.as_deref().map(str::trim);
        kept.is_some_and(|k| k.value.points == self.points && note.is_none_or(|note| note == k.value.note))
    }

    pub fn note(&self) -> &str {
        self.note.as_deref().unwrap_or_default()
    }

    pub fn subject(&self, plan: &Plan) -> Subject {
        let criterion = &plan.rules.criteria[self.criterion].id;
        Subject::score(&plan.round(self.round).id, &plan.project(self.project).id, criterion)
    }
}

impl RoundRow {
    pub fn subject(&self, plan: &Plan) -> Subject {
        Subject::new(Kind::Round, &[&plan.round(self.round).id])
    }
}

impl BallotRow {
    /// The ballot is as the row says.
    pub fn is_kept(&self, snapshot: &Snapshot) -> bool {
        let kept = snapshot.ballot(self.round, self.judge, self.project).map(|k| &k.value);
        kept.is_some_and(|k| k.state == self.state && k.score == self.score)
    }

    pub fn subject(&self, plan: &Plan) -> Subject {
        let judge = &plan.district.judges[self.judge.at()].id;
        Subject::new(Kind::Ballot, &[&plan.round(self.round).id, judge, &plan.project(self.project).id])
    }
}
