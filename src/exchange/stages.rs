//! 分步. What read tables change, stage by stage, given the state that the stages before have led to.

use std::sync::Arc;

use super::line::{Complaints, Spot};
use super::{
    BadRow, BallotRow, Drafts, Fact, Import, ImportError, Importer, Notice, Outcome, Place, RoundRow, ScoreRow, Stage,
    current,
};
use crate::domain::ballot::Hand;
use crate::domain::change::{Change, Draft, Kind, Record, Refusal, Subject};
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::panel::BallotState;
use crate::domain::rectification;
use crate::domain::round::{RoundRecord, RoundState, RoundStep};
use crate::domain::scoring::ScoreRecord;
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::Bilingual;

impl Import {
    /// The stages, in the order in which they are applied (`domain.md` §4).
    #[must_use]
    pub fn stages(&self) -> Vec<Stage> {
        // The first row of a round opens it; a later `open` reopens it and keeps its place among the other steps.
        let first = |place: usize| self.rounds.iter().position(|r| r.round == self.rounds[place].round) == Some(place);
        let opens = |place: &usize| first(*place) && self.rounds[*place].state == RoundState::Open;
        let all = 0..self.rounds.len();
        let mut stages = vec![Stage::Facts];
        stages.extend(all.clone().filter(opens).map(Stage::Round));
        stages.extend([Stage::Scores, Stage::Ballots]);
        stages.extend(all.filter(|place| !opens(place)).map(Stage::Round));
        stages
    }

    /// The drafts of a stage, given the state that the stages before it have led to.
    ///
    /// # Errors
    /// Rows that this state refuses: a score out of scope, a ballot of a sealed round, a step that a round cannot take.
    pub fn drafts(&self, stage: Stage, snapshot: &Snapshot, importer: Importer<'_>) -> Result<Drafts, Vec<BadRow>> {
        let mut made = Drafts::default();
        let complaints = Complaints::default();
        match stage {
            Stage::Facts => {
                for fact in &self.facts {
                    let before = current(snapshot, &fact.subject);
                    if before != fact.after {
                        self.rectified(fact, before.as_ref(), snapshot, importer, &complaints);
                        let reason = self.sources[fact.at.table].origin.reason();
                        made.push(fact.subject.clone(), before, fact.after.clone(), reason);
                    }
                }
            }
            Stage::Scores => {
                (0..self.sources.len()).for_each(|table| self.given_out(table, snapshot, &complaints));
                for row in &self.scores {
                    self.score(row, snapshot, &mut made, &complaints);
                }
            }
            Stage::Ballots => {
                for row in &self.ballots {
                    self.ballot(row, snapshot, importer, &mut made, &complaints);
                }
            }
            Stage::Round(place) => {
                if let Some(row) = self.rounds.get(place) {
                    self.round(place, row, snapshot, &mut made, &complaints);
                }
            }
        }
        let bad = complaints.into_inner();
        if bad.is_empty() { Ok(made) } else { Err(bad) }
    }

    /// Applies all stages: `save` stores the drafts of one and returns the snapshot that follows. The caller keeps one
    /// transaction around the whole and rolls it back on an error; a dry run does so in any case.
    ///
    /// # Errors
    /// Bad rows of the first stage that has any, or the caller's own error.
    pub fn run<E>(
        &self,
        mut snapshot: Arc<Snapshot>,
        importer: Importer<'_>,
        mut save: impl FnMut(&[Draft]) -> Result<Arc<Snapshot>, E>,
    ) -> Result<Outcome, ImportError<E>> {
        let mut outcome = Outcome { rows: self.rows(), notices: self.notices.clone(), ..Outcome::default() };
        for stage in self.stages() {
            let made = self.drafts(stage, &snapshot, importer).map_err(ImportError::BadRows)?;
            if !made.drafts.is_empty() {
                snapshot = save(&made.drafts).map_err(ImportError::Apply)?;
            }
            outcome.drafts.extend(made.drafts);
            outcome.notices.extend(made.notices);
        }
        Ok(outcome)
    }

    fn refuse(&self, complaints: &Complaints, at: Place, column: &str, value: &str, reason: Bilingual) {
        let source = &self.sources[at.table];
        let place = source.kind.columns().iter().position(|c| c.name == column);
        let cell = place.and_then(|i| source.places.get(i).copied().flatten());
        complaints.add(
            Spot { file: &source.origin.file, sheet: &source.origin.sheet, row: at.row, cell },
            column,
            value,
            reason,
        );
    }

    /// Complains about a rectification that cannot have got to where the file says.
    fn rectified(
        &self,
        fact: &Fact,
        before: Option<&Record>,
        snapshot: &Snapshot,
        importer: Importer<'_>,
        complaints: &Complaints,
    ) {
        let Some(Record::Rectification(after)) = &fact.after else { return };
        let before = if let Some(Record::Rectification(before)) = before { Some(before) } else { None };
        if let Err(refused) = rectification::change(before, after, importer.way(), snapshot.today) {
            self.refuse(complaints, fact.at, refused.column(), &fact.subject.key, refused.text());
        }
    }

    fn score(&self, row: &ScoreRow, snapshot: &Snapshot, made: &mut Drafts, complaints: &Complaints) {
        let kept = snapshot.facts.scores[row.round.at()].get(&(row.project, row.criterion));
        if row.is_kept(snapshot) {
            return;
        }
        // Who is too late for the round hears that, and nothing of others.
        let open = snapshot.round_state(row.round) == RoundState::Open;
        if let Some(given) = row.given.as_ref().filter(|given| open && kept.map_or(0, |k| k.seq) != given.seq) {
            let spot = self.spot(row, given.points);
            return complaints.overtaken(spot, "points", &row.written, overtaken(row, kept));
        }
        match snapshot.score_entry(row.round, row.project, row.criterion, row.points, &row.note) {
            Ok(record) => {
                let before = kept.map(|k| Record::Score(k.value.clone()));
                let reason = self.sources[row.at.table].origin.reason();
                made.push(row.subject(&snapshot.plan), before, Some(Record::Score(record)), reason);
            }
            Err(why) => {
                let plan = &snapshot.plan;
                let (column, value) = match why {
                    Refusal::NoteNeeded => ("note", row.note.as_str()),
                    Refusal::OutOfScope => ("project", plan.project(row.project).id.as_str()),
                    Refusal::RoundNotOpen(_) => ("round", plan.round(row.round).id.as_str()),
                    _ => ("points", row.written.as_str()),
                };
                match &row.given {
                    Some(given) => {
                        let cell = if column == "note" { given.note } else { given.points };
                        complaints.add(self.spot(row, cell), column, value, why.text());
                    }
                    None => self.refuse(complaints, row.at, column, value, why.text()),
                }
            }
        }
    }

    /// Where a score stands in a sheet that was given out.
    fn spot<'a>(&'a self, row: &'a ScoreRow, cell: Option<usize>) -> Spot<'a> {
        let sheet = row.given.as_ref().map_or("", |given| given.sheet.as_str());
        Spot { file: &self.sources[row.at.table].origin.file, sheet, row: row.at.row, cell }
    }

    /// Complains about a sheet that was given out before the last seal of its round.
    fn given_out(&self, table: usize, snapshot: &Snapshot, complaints: &Complaints) {
        let source = &self.sources[table];
        let Some(exported) = &source.exported else { return };
        let now = snapshot.facts.rounds[exported.round.at()].as_ref().map_or(0, |k| k.value.revision);
        if now != exported.revision && self.scores.iter().any(|row| row.at.table == table) {
            let spot = Spot { file: &source.origin.file, sheet: "", row: 0, cell: None };
            let why = Bilingual::new(
                "本轮在导出后封存过，请重新导出再填",
                "the round has been sealed since the export: export the sheet anew and fill it in",
            );
            complaints.add(spot, "", "", why);
        }
    }

    fn ballot(
        &self,
        row: &BallotRow,
        snapshot: &Snapshot,
        importer: Importer<'_>,
        made: &mut Drafts,
        complaints: &Complaints,
    ) {
        let kept = snapshot.ballot(row.round, row.judge, row.project).map(|k| &k.value);
        if row.is_kept(snapshot) {
            return;
        }
        // The file is the reason of every entry it makes.
        let hand = Hand { login: importer.login, way: importer.way(), reason: true };
        let entry = snapshot.ballot_entry(row.round, (row.judge, row.project), (row.state, row.score), hand);
        let record = match entry {
            Ok(record) => record,
            Err(why) => {
                let plan = &snapshot.plan;
                let (column, value) = match why {
                    Refusal::NotASite => ("project", plan.project(row.project).id.as_str()),
                    Refusal::Recused => ("judge", plan.district.judges[row.judge.at()].id.as_str()),
                    Refusal::RoundNotOpen(_) => ("round", plan.round(row.round).id.as_str()),
                    _ => ("score", row.written.as_str()),
                };
                return self.refuse(complaints, row.at, column, value, why.text());
            }
        };
        if row.state == BallotState::Confirmed && record.state == BallotState::Entered {
            made.notices.push(Notice {
                file: self.sources[row.at.table].origin.file.clone(),
                sheet: self.sources[row.at.table].origin.sheet.clone(),
                row: row.at.row,
                message: Bilingual::new(
                    "没有他人录过同一分数，存为已录，待他人确认",
                    "nobody else entered this score: stored as entered, to be confirmed by another person",
                ),
            });
        }
        if kept == Some(&record) {
            return;
        }
        let before = kept.cloned().map(Record::Ballot);
        let reason = self.sources[row.at.table].origin.reason();
        made.push(row.subject(&snapshot.plan), before, Some(Record::Ballot(record)), reason);
    }

    /// The file tells a round's whole life: what stands at or before the row that it has reached is done already.
    pub(super) fn is_behind(&self, place: usize, row: &RoundRow, snapshot: &Snapshot) -> bool {
        let kept = snapshot.facts.rounds[row.round.at()].as_ref().map(|k| &k.value);
        let reached = |r: &RoundRow| {
            r.round == row.round && kept.is_some_and(|k| k.state == r.state && (r.date.is_none() || k.date == r.date))
        };
        self.rounds.iter().rposition(reached).is_some_and(|last| place <= last)
    }

    fn round(&self, place: usize, row: &RoundRow, snapshot: &Snapshot, made: &mut Drafts, complaints: &Complaints) {
        if self.is_behind(place, row, snapshot) {
            return;
        }
        let kept = snapshot.facts.rounds[row.round.at()].as_ref().map(|k| &k.value);
        let state = kept.map_or(RoundState::Draft, |k| k.state);
        let refuse = |column: &str, value: &str, zh: String, en: String| {
            self.refuse(complaints, row.at, column, value, Bilingual::new(zh, en));
        };
        let steps = [RoundStep::Open, RoundStep::Reopen, RoundStep::Seal, RoundStep::Publish, RoundStep::Finalise];
        let Some(step) = steps.into_iter().find(|s| s.from(state) == Some(row.state)) else {
            return refuse(
                "state",
                row.state.name(),
                format!("本轮{}，不能变为{}", state.zh(), row.state.zh()),
                format!("the round is {} and cannot become {}", state.name(), row.state.name()),
            );
        };
        match step {
            RoundStep::Open if self.is_empty_round(row.round, snapshot) => refuse(
                "round",
                &snapshot.plan.round(row.round).id,
                "本轮没有可评的项目、现场或评委".to_owned(),
                "the round has no project in scope, or no site or judge".to_owned(),
            ),
            RoundStep::Reopen if row.reason.is_none() => {
                refuse("reason", "", "重开要写理由".to_owned(), "reopening needs a reason".to_owned());
            }
            RoundStep::Seal => {
                let open = snapshot.unsettled(row.round);
                if open.count() > 0 {
                    let Bilingual { zh, en } = open.counted();
                    refuse(
                        "state",
                        row.state.name(),
                        format!("还有 {zh}，不能封存"),
                        format!("{en}: the round cannot be sealed"),
                    );
                }
            }
            _ => {}
        }
        let earlier = kept.cloned().unwrap_or_default();
        let seals = step == RoundStep::Seal;
        let record = RoundRecord {
            state: row.state,
            date: Some(row.date.unwrap_or(snapshot.today)),
            revision: earlier.revision + u32::from(seals),
            // The store fills both when it freezes the results.
            results_sha256: earlier.results_sha256.filter(|_| !seals),
            rules_sha256: earlier.rules_sha256.filter(|_| !seals),
            correction: earlier.correction,
        };
        let subject = Subject::new(Kind::Round, &[&snapshot.plan.round(row.round).id]);
        let reason = row.reason.clone().unwrap_or_else(|| self.sources[row.at.table].origin.reason());
        made.push(subject, kept.cloned().map(Record::Round), Some(Record::Round(record)), reason);
    }

    fn is_empty_round(&self, round: RoundIx, snapshot: &Snapshot) -> bool {
        let plan = &snapshot.plan;
        match plan.round(round).kind {
            RoundKind::Assessment => !plan.projects.iter().any(|p| crate::domain::score::in_scope(p, &plan.rules)),
            RoundKind::Observation => plan.round(round).sites.is_empty() || plan.district.judges.is_empty(),
        }
    }
}

impl Drafts {
    fn push(&mut self, subject: Subject, before: Option<Record>, after: Option<Record>, reason: String) {
        self.drafts.push(Draft { change: Change { subject, before, after, reason }, base: None });
    }
}

/// Both values of a score that somebody has changed since the sheet was given out.
fn overtaken(row: &ScoreRow, kept: Option<&Kept<ScoreRecord>>) -> Bilingual {
    let (zh, en) = kept.map_or_else(
        || ("已被清除".to_owned(), "cleared".to_owned()),
        |k| {
            let points = k.value.points.map_or_else(|| "n/a".to_owned(), |p| p.short());
            (format!("{points}（#{}）", k.seq), format!("{points} (#{})", k.seq))
        },
    );
    let mine = &row.written;
    Bilingual::new(
        format!("导出后有人改过：现在 {zh}，表里填 {mine}；核对后重新导出再填"),
        format!("changed since the export: now {en}, the sheet says {mine}; check, export anew and fill in"),
    )
}
