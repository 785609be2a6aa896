//! 导入. CSV files of records become drafts of changes.
//!
//! An import has two halves. [`read_all`] reads all files and checks every cell against the plan: one bad row refuses
//! all, and all bad rows are listed. The [`Import`] it gives is applied in stages ([`Import::stages`]), because a score
//! is stored with the suggestion of its moment, which rests on facts of the same import, and because a round takes
//! scores only once it is open and none once it is sealed: facts, openings, scores, ballots, then the other steps of
//! rounds one by one. [`Import::run`] drives them: it hands each stage's drafts to the caller, who saves them and gives
//! back the snapshot that follows, all within one transaction of the store. A record that is already as the file says
//! makes no draft, so importing a file twice changes nothing.

mod csv;
mod edit;
mod rows;

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::ballot::Hand;
use crate::domain::change::{Change, Draft, Kind, Record, Refusal, Subject, Way};
use crate::domain::district::{JudgeIx, Plan, ProjectIx, RoundIx, RoundKind};
use crate::domain::panel::BallotState;
use crate::domain::rectification;
use crate::domain::round::{RoundRecord, RoundState, RoundStep};
use crate::domain::snapshot::{Keyed, Snapshot};
use crate::domain::value::{Bilingual, Date, Points};
pub use csv::LARGEST;
use csv::{Column, Complaints};

pub use edit::edited;

/// 表. What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sheet {
    /// `milestones.csv`
    Milestones,
    /// `progress.csv`
    Progress,
    /// `incidents.csv`
    Incidents,
    /// `rectifications.csv`
    Rectifications,
    /// `attractions.csv`
    Attractions,
    /// `indicators.csv`
    Indicators,
    /// `goals.csv`
    Goals,
    /// `scores.csv`
    Scores,
    /// `ballots.csv`
    Ballots,
    /// `rounds.csv`
    Rounds,
}

impl Sheet {
    /// Every kind, in the order in which an import reads them.
    pub const ALL: [Self; 10] = [
        Self::Milestones,
        Self::Progress,
        Self::Incidents,
        Self::Rectifications,
        Self::Attractions,
        Self::Indicators,
        Self::Goals,
        Self::Scores,
        Self::Ballots,
        Self::Rounds,
    ];

    /// The name of its file without `.csv`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Milestones => "milestones",
            Self::Progress => "progress",
            Self::Incidents => "incidents",
            Self::Rectifications => "rectifications",
            Self::Attractions => "attractions",
            Self::Indicators => "indicators",
            Self::Goals => "goals",
            Self::Scores => "scores",
            Self::Ballots => "ballots",
            Self::Rounds => "rounds",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.name() == name)
    }

    /// The kind that a file's name stands for, whatever folder it is in.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
        Self::named(base.strip_suffix(".csv").unwrap_or(&base))
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Milestones => rows::MILESTONES,
            Self::Progress => rows::PROGRESS,
            Self::Incidents => rows::INCIDENTS,
            Self::Rectifications => rows::RECTIFICATIONS,
            Self::Attractions => rows::ATTRACTIONS,
            Self::Indicators => rows::INDICATORS,
            Self::Goals => rows::GOALS,
            Self::Scores => rows::SCORES,
            Self::Ballots => rows::BALLOTS,
            Self::Rounds => rows::ROUNDS,
        }
    }
}

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

/// One thing that is wrong in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Name of the file as given.
    pub file: String,
    /// Line in the file, counted from 1; 0 where the file as a whole is meant.
    pub row: usize,
    /// Header of the column; empty where the row as a whole is meant.
    pub column: String,
    /// The cell as written, cut at 60 characters, invisible characters replaced.
    pub value: String,
    /// Why it is refused, and what would be right.
    pub reason: Bilingual,
}

/// Something about a row that the person should know although it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Name of the file.
    pub file: String,
    /// Line in the file.
    pub row: usize,
    /// What happened.
    pub message: Bilingual,
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

/// Where a row comes from.
#[derive(Clone, Copy, Debug)]
struct Place {
    file: usize,
    row: usize,
}

/// A record that needs nothing but the plan.
#[derive(Debug)]
struct Fact {
    at: Place,
    subject: Subject,
    after: Option<Record>,
}

#[derive(Debug)]
struct ScoreRow {
    at: Place,
    round: RoundIx,
    project: ProjectIx,
    criterion: usize,
    points: Option<Points>,
    note: String,
    written: String,
}

#[derive(Debug)]
struct BallotRow {
    at: Place,
    round: RoundIx,
    judge: JudgeIx,
    project: ProjectIx,
    state: BallotState,
    score: Option<Points>,
    written: String,
}

#[derive(Debug)]
struct RoundRow {
    at: Place,
    round: RoundIx,
    state: RoundState,
    date: Option<Date>,
    reason: Option<String>,
}

#[derive(Debug)]
struct Origin {
    name: String,
    /// `import <file name> sha256:<12>`
    reason: String,
}

/// Files that were read and found in order, not yet applied.
#[derive(Debug, Default)]
pub struct Import {
    files: Vec<Origin>,
    facts: Vec<Fact>,
    scores: Vec<ScoreRow>,
    ballots: Vec<BallotRow>,
    rounds: Vec<RoundRow>,
}

/// Drafts of one stage.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    /// To be saved together.
    pub drafts: Vec<Draft>,
    /// To be told.
    pub notices: Vec<Notice>,
}

/// Why an import was not carried out; nothing of it may be kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError<E> {
    /// Rows that the state of the district refuses.
    #[error("{} bad rows", .0.len())]
    BadRows(Vec<BadRow>),
    /// The caller could not save a stage.
    #[error(transparent)]
    Apply(E),
}

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

/// Reads files and checks them against the plan; `kind` overrides what their names say.
///
/// # Errors
/// Every bad row of every file.
pub fn read_all(
    files: &[(String, Vec<u8>)],
    kind: Option<Sheet>,
    encoding: Encoding,
    plan: &Plan,
    today: Date,
) -> Result<Import, Vec<BadRow>> {
    let complaints = Complaints::default();
    let mut import = Import::default();
    let mut sheets = Vec::new();
    for (place, (name, bytes)) in files.iter().enumerate() {
        let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let hash = crate::plan::sha256(bytes);
        import
            .files
            .push(Origin { name: name.clone(), reason: format!("import {} sha256:{}", csv::shown(base), &hash[..12]) });
        match kind.or_else(|| Sheet::of_file(name)) {
            Some(sheet) => sheets.push((sheet, place)),
            None => {
                let all = Sheet::ALL.map(Sheet::name).join(", ");
                let reason = Bilingual::new(
                    format!("文件名不说明内容；用 --kind 指明：{all}"),
                    format!("the name does not tell what it holds; say it with --kind: {all}"),
                );
                complaints.add(name, 0, "", "", reason);
            }
        }
    }
    sheets.sort_by_key(|(sheet, place)| (*sheet, *place));
    let mut seen: HashMap<Subject, (usize, usize)> = HashMap::new();
    for (sheet, file) in sheets {
        let (name, bytes) = &files[file];
        csv::read(name, bytes, encoding, sheet.columns(), &complaints, |line| {
            let at = Place { file, row: line.row };
            let subject = import.take(sheet, line, plan, today, at);
            let Some(subject) = subject.filter(|_| !line.is_bad()) else { return };
            if let Some((other, row)) = seen.insert(subject, (file, line.row)) {
                let first = &files[other].0;
                let column = sheet.columns().first().map_or("", |c| c.name);
                line.refuse(column, format!("与 {first} 第 {row} 行重复"), format!("repeats line {row} of {first}"));
            }
        });
    }
    let bad = complaints.into_inner();
    if bad.is_empty() { Ok(import) } else { Err(bad) }
}

/// What a line states, of the sheets whose records need nothing but the plan.
fn fact(sheet: Sheet, line: &csv::Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    match sheet {
        Sheet::Milestones => rows::milestone(line, plan, today, at),
        Sheet::Progress => rows::progress(line, plan, at),
        Sheet::Incidents => rows::incident(line, plan, at),
        Sheet::Rectifications => rows::rectification(line, plan, at),
        Sheet::Attractions => rows::attraction(line, plan, at),
        Sheet::Indicators => rows::indicator(line, plan, at),
        Sheet::Goals => rows::goal(line, plan, at),
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => None,
    }
}

impl Import {
    /// Takes a line; the record it is about, where it may be there only once.
    fn take(&mut self, sheet: Sheet, line: &csv::Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Subject> {
        match sheet {
            Sheet::Scores => {
                let row = rows::score(line, plan, at)?;
                let subject = row.subject(plan);
                self.scores.push(row);
                Some(subject)
            }
            Sheet::Ballots => {
                let row = rows::ballot(line, plan, at)?;
                let subject = row.subject(plan);
                self.ballots.push(row);
                Some(subject)
            }
            Sheet::Rounds => {
                self.rounds.extend(rows::round_step(line, plan, today, at));
                None
            }
            _ => {
                let fact = fact(sheet, line, plan, today, at)?;
                let subject = fact.subject.clone();
                self.facts.push(fact);
                Some(subject)
            }
        }
    }

    /// Rows that were read.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.facts.len() + self.scores.len() + self.ballots.len() + self.rounds.len()
    }

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
                        let reason = self.files[fact.at.file].reason.clone();
                        made.push(fact.subject.clone(), before, fact.after.clone(), reason);
                    }
                }
            }
            Stage::Scores => {
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
        let mut outcome = Outcome { rows: self.rows(), ..Outcome::default() };
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
        complaints.add(&self.files[at.file].name, at.row, column, value, reason);
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
        let kept = snapshot.facts.scores[row.round.at()].get(&(row.project, row.criterion)).map(|k| &k.value);
        if kept.is_some_and(|k| k.points == row.points && k.note == row.note.trim()) {
            return;
        }
        match snapshot.score_entry(row.round, row.project, row.criterion, row.points, &row.note) {
            Ok(record) => {
                let before = kept.cloned().map(Record::Score);
                let reason = self.files[row.at.file].reason.clone();
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
                self.refuse(complaints, row.at, column, value, why.text());
            }
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
        if kept.is_some_and(|k| k.state == row.state && k.score == row.score) {
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
                file: self.files[row.at.file].name.clone(),
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
        let reason = self.files[row.at.file].reason.clone();
        made.push(row.subject(&snapshot.plan), before, Some(Record::Ballot(record)), reason);
    }

    fn round(&self, place: usize, row: &RoundRow, snapshot: &Snapshot, made: &mut Drafts, complaints: &Complaints) {
        let kept = snapshot.facts.rounds[row.round.at()].as_ref().map(|k| &k.value);
        // The file tells a round's whole life: what stands at or before the row that it has reached is done already.
        let reached = |r: &RoundRow| {
            r.round == row.round && kept.is_some_and(|k| k.state == r.state && (r.date.is_none() || k.date == r.date))
        };
        if self.rounds.iter().rposition(reached).is_some_and(|last| place <= last) {
            return;
        }
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
        let reason = row.reason.clone().unwrap_or_else(|| self.files[row.at.file].reason.clone());
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

impl ScoreRow {
    fn subject(&self, plan: &Plan) -> Subject {
        let criterion = &plan.rules.criteria[self.criterion].id;
        Subject::score(&plan.round(self.round).id, &plan.project(self.project).id, criterion)
    }
}

impl BallotRow {
    fn subject(&self, plan: &Plan) -> Subject {
        let judge = &plan.district.judges[self.judge.at()].id;
        Subject::new(Kind::Ballot, &[&plan.round(self.round).id, judge, &plan.project(self.project).id])
    }
}

/// The record as it is now; scores, ballots and rounds are none of those that are asked here.
#[must_use]
pub fn current(snapshot: &Snapshot, subject: &Subject) -> Option<Record> {
    fn keyed<T: Clone>(list: &Keyed<T>, key: &str, record: fn(T) -> Record) -> Option<Record> {
        list.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok().map(|i| record(list[i].1.value.clone()))
    }
    let (facts, key) = (&snapshot.facts, subject.key.as_str());
    match subject.kind {
        Kind::Milestone => {
            let (project, name) = key.split_once('/')?;
            let ix = snapshot.plan.project_ix(project)?;
            let place = snapshot.plan.milestones(ix).iter().position(|m| m.name == name)?;
            let first = snapshot.plan.project(ix).milestones.start as usize;
            let done = facts.done.get(first + place).copied().flatten()?;
            Some(Record::Milestone(crate::domain::change::MilestoneRecord { done }))
        }
        Kind::Progress => {
            let (project, date) = key.split_once('/')?;
            let (ix, date): (_, Date) = (snapshot.plan.project_ix(project)?, date.parse().ok()?);
            let reports = facts.progress.get(ix.at())?;
            let found = reports.binary_search_by_key(&date, |r| r.0).ok()?;
            Some(Record::Progress(reports[found].1.clone()))
        }
        Kind::Incident => keyed(&facts.incidents, key, Record::Incident),
        Kind::Rectification => keyed(&facts.rectifications, key, Record::Rectification),
        Kind::Attraction => keyed(&facts.attractions, key, Record::Attraction),
        Kind::Indicator => keyed(&facts.indicators, key, Record::Indicator),
        Kind::Goal => keyed(&facts.goals, key, Record::Goal),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
