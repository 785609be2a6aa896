//! 分步. What read tables change, stage by stage, given the state that the stages before have led to.

use std::cell::OnceCell;
use std::sync::Arc;

use super::doubt::Doubts;
use super::line::{Complaints, Spot};
use super::row::{Fact, Place, RoundRow, ScoreRow};
use super::{
    BadRow, Denied, Drafts, Fault, Import, ImportError, Importer, Notice, Outcome, Row, Saved, Stage, current,
};
use crate::domain::ballot::Hand;
use crate::domain::change::{Change, Draft, Record, Refusal, Subject};
use crate::domain::district::{Plan, RoundIx, RoundKind};
use crate::domain::panel::BallotState;
use crate::domain::rectification::{self, Refused};
use crate::domain::round::{RoundRecord, RoundState, RoundStep};
use crate::domain::scoring::ScoreRecord;
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::Bilingual;

/// An import that goes through its stages.
struct Run<'a> {
    import: &'a Import,
    importer: Importer<'a>,
    denied: &'a Denied,
    complaints: Complaints,
    doubts: Doubts,
}

/// The state of the district, and the same with every round open: what is wrong with a row beside the state of its
/// round is said with it.
struct Seen<'s> {
    now: &'s Snapshot,
    open: OnceCell<Snapshot>,
}

impl<'s> Seen<'s> {
    fn new(now: &'s Snapshot) -> Self {
        Self { now, open: OnceCell::new() }
    }

    /// The state in which the rules of a round's entries can be asked.
    fn of(&self, round: RoundIx) -> &Snapshot {
        if self.now.round_state(round) == RoundState::Open {
            return self.now;
        }
        self.open.get_or_init(|| {
            let mut facts = self.now.facts.clone();
            for kept in Arc::make_mut(&mut facts.rounds) {
                let value = RoundRecord { state: RoundState::Open, ..RoundRecord::default() };
                *kept = Some(Kept { seq: kept.as_ref().map_or(0, |k| k.seq), value });
            }
            Snapshot::new(Arc::clone(&self.now.plan), facts, self.now.today, self.now.as_of)
        })
    }
}

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

    /// Applies all stages: `save` stores the drafts of one and returns the snapshot that follows. The caller keeps one
    /// transaction around the whole and rolls it back on an error; a dry run does so in any case.
    ///
    /// # Errors
    /// Everything that is wrong in the files, or the caller's own error.
    pub fn run<E>(
        &self,
        mut snapshot: Arc<Snapshot>,
        importer: Importer<'_>,
        denied: &Denied,
        mut save: impl FnMut(&[Draft]) -> Result<Saved, E>,
    ) -> Result<Outcome, ImportError<E>> {
        let mut outcome = Outcome { rows: self.rows(), notices: self.notices.clone(), ..Outcome::default() };
        let complaints = Complaints::found(&self.bad);
        let mut run = Run { import: self, importer, denied, complaints, doubts: self.doubts.clone() };
        run.rights(&snapshot.plan);
        for stage in self.stages() {
            let made = run.drafts(stage, &snapshot);
            if !made.drafts.is_empty() {
                let saved = save(&made.drafts).map_err(ImportError::Apply)?;
                for (place, fault, why) in saved.refused {
                    let value = &made.drafts[place].change.subject.key;
                    run.refused(&snapshot.plan, made.rows[place], fault, value, why);
                }
                snapshot = saved.snapshot;
            }
            outcome.drafts.extend(made.drafts);
            outcome.notices.extend(made.notices);
        }
        let bad = self.sorted(run.complaints.into_inner());
        if bad.is_empty() { Ok(outcome) } else { Err(ImportError::BadRows(bad)) }
    }

    /// Where a score stands in a sheet that was given out.
    fn spot<'a>(&'a self, row: &'a ScoreRow, cell: Option<usize>) -> Spot<'a> {
        let sheet = row.given.as_ref().map_or("", |given| given.sheet.as_str());
        Spot { file: &self.sources[row.at.table].origin.file, sheet, row: row.at.row, cell }
    }

    /// The file tells a round's whole life: what stands at or before the row that it has reached is done already.
    pub(super) fn is_behind(&self, place: usize, row: &RoundRow, snapshot: &Snapshot) -> bool {
        let kept = snapshot.facts.rounds[row.round.at()].as_ref().map(|k| &k.value);
        let reached = |r: &RoundRow| {
            r.round == row.round && kept.is_some_and(|k| k.state == r.state && (r.date.is_none() || k.date == r.date))
        };
        self.rounds.iter().rposition(reached).is_some_and(|last| place <= last)
    }

    /// By file, sheet, row and column.
    #[must_use]
    pub fn sorted(&self, mut bad: Vec<BadRow>) -> Vec<BadRow> {
        let place = |b: &BadRow| self.order.iter().position(|(file, sheet)| (file, sheet) == (&b.file, &b.sheet));
        bad.sort_by_cached_key(|b| (place(b), b.row, b.cell));
        bad
    }
}

impl Run<'_> {
    /// Complains about every row that the person may not bring in.
    fn rights(&mut self, plan: &Plan) {
        let import = self.import;
        let facts = import.facts.iter().enumerate().map(|(at, row)| (Row::Fact(at), row.subject.clone()));
        let scores = import.scores.iter().enumerate().map(|(at, row)| (Row::Score(at), row.subject(plan)));
        let ballots = import.ballots.iter().enumerate().map(|(at, row)| (Row::Ballot(at), row.subject(plan)));
        let rounds = import.rounds.iter().enumerate().map(|(at, row)| (Row::Round(at), row.subject(plan)));
        for (row, subject) in facts.chain(scores).chain(ballots).chain(rounds) {
            if let Some(why) = self.denied.0.get(&subject) {
                self.refused(plan, row, Fault::Right, &subject.key, why.clone());
            }
        }
    }

    /// The drafts of a stage, given the state that the stages before it have led to.
    fn drafts(&mut self, stage: Stage, snapshot: &Snapshot) -> Drafts {
        let mut made = Drafts::default();
        let import = self.import;
        let seen = Seen::new(snapshot);
        match stage {
            Stage::Facts => (0..import.facts.len()).for_each(|at| self.fact(at, snapshot, &mut made)),
            Stage::Scores => {
                (0..import.sources.len()).for_each(|table| self.given_out(table, snapshot));
                (0..import.scores.len()).for_each(|at| self.score(at, &seen, &mut made));
            }
            Stage::Ballots => (0..import.ballots.len()).for_each(|at| self.ballot(at, &seen, &mut made)),
            Stage::Round(at) => self.round(at, snapshot, &mut made),
        }
        made
    }

    fn is_denied(&self, subject: &Subject) -> bool {
        self.denied.0.contains_key(subject)
    }

    /// Complains about a row as a whole, and doubts what depends on it.
    fn refused(&mut self, plan: &Plan, row: Row, fault: Fault, value: &str, why: Bilingual) {
        let import = self.import;
        match row {
            Row::Fact(at) => {
                let fact = &import.facts[at];
                let kind = import.sources[fact.at.table].kind;
                let column = if kind.key().contains(&"project") { "project" } else { kind.key()[0] };
                self.refuse(fault, fact.at, column, value, why);
                self.doubt_facts(fact, plan);
            }
            Row::Score(at) => {
                let row = &import.scores[at];
                match &row.given {
                    Some(given) => self.complaints.keep(fault, import.spot(row, given.points), "points", value, why),
                    None => self.refuse(fault, row.at, "project", value, why),
                }
                self.doubts.entry(row.round);
            }
            Row::Ballot(at) => {
                let row = &import.ballots[at];
                self.refuse(fault, row.at, "project", value, why);
                self.doubts.entry(row.round);
            }
            Row::Round(at) => {
                let row = &import.rounds[at];
                self.refuse(fault, row.at, "state", value, why);
                self.doubts.step(row.round);
            }
        }
    }

    /// What is suggested for the project of a fact may be something else.
    fn doubt_facts(&mut self, fact: &Fact, plan: &Plan) {
        let id = fact.subject.project(fact.after.as_ref());
        if let Some(project) = id.and_then(|id| plan.project_ix(id)) {
            self.doubts.facts(project);
        }
    }

    fn refuse(&self, fault: Fault, at: Place, column: &str, value: &str, reason: Bilingual) {
        let source = &self.import.sources[at.table];
        let place = source.kind.columns().iter().position(|c| c.name == column);
        let cell = place.and_then(|i| source.places.get(i).copied().flatten());
        let spot = Spot { file: &source.origin.file, sheet: &source.origin.sheet, row: at.row, cell };
        self.complaints.keep(fault, spot, column, value, reason);
    }

    fn fact(&mut self, at: usize, snapshot: &Snapshot, made: &mut Drafts) {
        let import = self.import;
        let fact = &import.facts[at];
        let before = current(snapshot, &fact.subject);
        let after = import.stated(fact, before.as_ref());
        if before == after || self.is_denied(&fact.subject) {
            return;
        }
        if let Err(refused) = self.rectified(after.as_ref(), before.as_ref(), snapshot) {
            self.refuse(Fault::Value, fact.at, refused.column(), &fact.subject.key, refused.text());
            return self.doubt_facts(fact, &snapshot.plan);
        }
        let reason = import.sources[fact.at.table].origin.reason();
        made.push(Row::Fact(at), fact.subject.clone(), before, after, reason);
    }

    /// Refuses a rectification that cannot have got to where the file says.
    fn rectified(&self, after: Option<&Record>, before: Option<&Record>, snapshot: &Snapshot) -> Result<(), Refused> {
        let Some(Record::Rectification(after)) = after else { return Ok(()) };
        let before = if let Some(Record::Rectification(before)) = before { Some(before) } else { None };
        rectification::change(before, after, self.importer.way(), snapshot.today).map(|_| ())
    }

    fn score(&mut self, at: usize, seen: &Seen<'_>, made: &mut Drafts) {
        let import = self.import;
        let (row, snapshot) = (&import.scores[at], seen.now);
        let subject = row.subject(&snapshot.plan);
        if row.is_kept(snapshot) || self.is_denied(&subject) {
            return;
        }
        let kept = snapshot.facts.scores[row.round.at()].get(&(row.project, row.criterion));
        let state = snapshot.round_state(row.round);
        let open = state == RoundState::Open;
        // Who is too late for the round hears that, and nothing of others.
        if let Some(given) = row.given.as_ref().filter(|given| open && kept.map_or(0, |k| k.seq) != given.seq) {
            let spot = import.spot(row, given.points);
            self.complaints.keep(Fault::Overtaken, spot, "points", &row.written, overtaken(row, kept));
            return self.doubts.entry(row.round);
        }
        let entry = seen.of(row.round).score_entry(row.round, row.project, row.criterion, row.points, row.note());
        let late = !open && !self.doubts.of_state(row.round);
        let wrong = entry.as_ref().err().filter(|why| {
            // Whether a score is the suggestion, which may have any number of decimals, rests on facts.
            !(matches!(why, Refusal::Step { .. }) && self.doubts.of_suggestions(row.project))
        });
        for why in late.then_some(Refusal::RoundNotOpen(state)).iter().chain(wrong) {
            self.refused_score(row, *why, &snapshot.plan);
        }
        match entry {
            Ok(record) if open => {
                let before = kept.map(|k| Record::Score(k.value.clone()));
                let reason = import.sources[row.at.table].origin.reason();
                made.push(Row::Score(at), subject, before, Some(Record::Score(record)), reason);
            }
            _ => self.doubts.entry(row.round),
        }
    }

    fn refused_score(&self, row: &ScoreRow, why: Refusal, plan: &Plan) {
        let (column, value) = match why {
            Refusal::NoteNeeded => ("note", row.note()),
            Refusal::OutOfScope => ("project", plan.project(row.project).id.as_str()),
            Refusal::RoundNotOpen(_) => ("round", plan.round(row.round).id.as_str()),
            _ => ("points", row.written.as_str()),
        };
        match &row.given {
            Some(given) => {
                let cell = if column == "note" { given.note } else { given.points };
                self.complaints.add(self.import.spot(row, cell), column, value, why.text());
            }
            None => self.refuse(Fault::Value, row.at, column, value, why.text()),
        }
    }

    /// Complains about a sheet that was given out before the last seal of its round.
    fn given_out(&self, table: usize, snapshot: &Snapshot) {
        let source = &self.import.sources[table];
        let Some(exported) = &source.exported else { return };
        let now = snapshot.facts.rounds[exported.round.at()].as_ref().map_or(0, |k| k.value.revision);
        if now != exported.revision && self.import.scores.iter().any(|row| row.at.table == table) {
            let spot = Spot { file: &source.origin.file, sheet: "", row: 0, cell: None };
            let why = Bilingual::new(
                "本轮在导出后封存过，请重新导出再填",
                "the round has been sealed since the export: export the sheet anew and fill it in",
            );
            self.complaints.add(spot, "", "", why);
        }
    }

    fn ballot(&mut self, at: usize, seen: &Seen<'_>, made: &mut Drafts) {
        let import = self.import;
        let (row, snapshot) = (&import.ballots[at], seen.now);
        let (plan, subject) = (&snapshot.plan, row.subject(&snapshot.plan));
        if row.is_kept(snapshot) || self.is_denied(&subject) {
            return;
        }
        let state = snapshot.round_state(row.round);
        let open = state == RoundState::Open;
        // The file is the reason of every entry it makes.
        let hand = Hand { login: self.importer.login, way: self.importer.way(), reason: true };
        let (whose, wanted) = ((row.judge, row.project), (row.state, row.score));
        let entry = seen.of(row.round).ballot_entry(row.round, whose, wanted, hand);
        let late = !open && !self.doubts.of_state(row.round);
        for why in late.then_some(Refusal::RoundNotOpen(state)).iter().chain(entry.as_ref().err()) {
            let (column, value) = match why {
                Refusal::NotASite => ("project", plan.project(row.project).id.as_str()),
                Refusal::Recused => ("judge", plan.district.judges[row.judge.at()].id.as_str()),
                Refusal::RoundNotOpen(_) => ("round", plan.round(row.round).id.as_str()),
                _ => ("score", row.written.as_str()),
            };
            self.refuse(Fault::Value, row.at, column, value, why.text());
        }
        let record = match entry {
            Ok(record) if open => record,
            _ => return self.doubts.entry(row.round),
        };
        let source = &import.sources[row.at.table].origin;
        if row.state == BallotState::Confirmed && record.state == BallotState::Entered {
            made.notices.push(Notice {
                file: source.file.clone(),
                sheet: source.sheet.clone(),
                row: row.at.row,
                message: Bilingual::new(
                    "没有他人录过同一分数，存为已录，待他人确认",
                    "nobody else entered this score: stored as entered, to be confirmed by another person",
                ),
            });
        }
        let kept = snapshot.ballot(row.round, row.judge, row.project).map(|k| &k.value);
        if kept == Some(&record) {
            return;
        }
        let before = kept.cloned().map(Record::Ballot);
        made.push(Row::Ballot(at), subject, before, Some(Record::Ballot(record)), source.reason());
    }

    fn round(&mut self, at: usize, snapshot: &Snapshot, made: &mut Drafts) {
        let import = self.import;
        let row = &import.rounds[at];
        let subject = row.subject(&snapshot.plan);
        // Steps after one that was not taken say nothing of their own.
        let passed = import.is_behind(at, row, snapshot) || self.doubts.of_state(row.round);
        if passed || self.is_denied(&subject) {
            return;
        }
        let kept = snapshot.facts.rounds[row.round.at()].as_ref().map(|k| &k.value);
        let state = kept.map_or(RoundState::Draft, |k| k.state);
        let steps = [RoundStep::Open, RoundStep::Reopen, RoundStep::Seal, RoundStep::Publish, RoundStep::Finalise];
        let Some(step) = steps.into_iter().find(|s| s.from(state) == Some(row.state)) else {
            let why = Bilingual::new(
                format!("本轮{}，不能变为{}", state.zh(), row.state.zh()),
                format!("the round is {} and cannot become {}", state.name(), row.state.name()),
            );
            self.refuse(Fault::Value, row.at, "state", row.state.name(), why);
            return self.doubts.step(row.round);
        };
        if step == RoundStep::Seal && self.doubts.of_results(row.round) {
            return self.doubts.step(row.round);
        }
        if let Some((column, value, why)) = wants(row, step, snapshot) {
            self.refuse(Fault::Value, row.at, column, value, why);
            return self.doubts.step(row.round);
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
        let reason = row.reason.clone().unwrap_or_else(|| import.sources[row.at.table].origin.reason());
        made.push(Row::Round(at), subject, kept.cloned().map(Record::Round), Some(Record::Round(record)), reason);
    }
}

/// What a step of a round is wanting: column, value and reason.
fn wants<'s>(row: &RoundRow, step: RoundStep, snapshot: &'s Snapshot) -> Option<(&'static str, &'s str, Bilingual)> {
    match step {
        RoundStep::Open if is_empty_round(row.round, snapshot) => {
            let why = Bilingual::new(
                "本轮没有可评的项目、现场或评委",
                "the round has no project in scope, or no site or judge",
            );
            Some(("round", &snapshot.plan.round(row.round).id, why))
        }
        RoundStep::Reopen if row.reason.is_none() => {
            Some(("reason", "", Bilingual::new("重开要写理由", "reopening needs a reason")))
        }
        RoundStep::Seal => {
            let open = snapshot.unsettled(row.round);
            let Bilingual { zh, en } = open.counted();
            let why = Bilingual::new(format!("还有 {zh}，不能封存"), format!("{en}: the round cannot be sealed"));
            (open.count() > 0).then(|| ("state", row.state.name(), why))
        }
        _ => None,
    }
}

fn is_empty_round(round: RoundIx, snapshot: &Snapshot) -> bool {
    let plan = &snapshot.plan;
    match plan.round(round).kind {
        RoundKind::Assessment => !plan.projects.iter().any(|p| crate::domain::score::in_scope(p, &plan.rules)),
        RoundKind::Observation => plan.round(round).sites.is_empty() || plan.district.judges.is_empty(),
    }
}

impl Drafts {
    fn push(&mut self, row: Row, subject: Subject, before: Option<Record>, after: Option<Record>, reason: String) {
        self.rows.push(row);
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
