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
//! did not, and what may only follow from those that did not is left out ([`doubt`]).

mod absent;
mod csv;
mod doubt;
mod edit;
mod headers;
mod line;
pub mod marked;
pub mod pick;
pub mod registry;
mod rows;
pub mod scoresheet;
mod stages;
mod table;
pub mod workbook;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::domain::change::{Change, Draft, Kind, Record, Subject, Way};
use crate::domain::district::{JudgeIx, Plan, ProjectIx, RoundIx};
use crate::domain::panel::{BallotRecord, BallotState};
use crate::domain::round::{RoundRecord, RoundState};
use crate::domain::snapshot::{Keyed, Snapshot};
use crate::domain::value::{Bilingual, Date, Points};
pub use csv::{LARGEST, tab as csv_tab};
use doubt::Doubts;
use line::{Column, Complaints};

pub use edit::{cells, edited, kept_key};
pub use headers::{Mapping, chinese, plain};
pub use line::day;
pub use rows::events;
pub use table::{Body, Origin, Table, header_set, recalled};

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
        Self::called(base.strip_suffix(".csv").unwrap_or(&base))
    }

    /// What a mapping names that is no column of this kind.
    #[must_use]
    pub fn unknown_field(self, mapping: &Mapping) -> Option<&str> {
        mapping.unknown(self.columns())
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
    /// Name of the sheet; empty where the file has none.
    pub sheet: String,
    /// Line in the file, counted from 1; 0 where the file as a whole is meant.
    pub row: usize,
    /// Column in the file, counted from 0; none where no cell is meant.
    pub cell: Option<usize>,
    /// Header of the column; empty where the row as a whole is meant.
    pub column: String,
    /// The cell as written, cut at 60 characters, invisible characters replaced.
    pub value: String,
    /// Why it is refused, and what would be right.
    pub reason: Bilingual,
    /// What is at fault.
    pub fault: Fault,
}

/// 错因. What is at fault where a row does not come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What is written there.
    Value,
    /// Somebody changed it after the sheet was given out.
    Overtaken,
    /// The record or its round stands where this cannot be done.
    State,
    /// The person may not.
    Right,
}

impl BadRow {
    /// The cell as a spreadsheet names it, `C12`; empty where no cell is meant.
    #[must_use]
    pub fn a1(&self) -> String {
        self.cell.map_or_else(String::new, |cell| format!("{}{}", workbook::letters(cell), self.row))
    }
}

/// Something about a row that the person should know although it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty where the file has none.
    pub sheet: String,
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
    table: usize,
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
    /// None where the sheet has no column of notes.
    note: Option<String>,
    written: String,
    /// Of a sheet that was given out.
    given: Option<Given>,
}

/// A score of a sheet that was given out: the entry it was made from, and where points and note stand.
#[derive(Clone, Debug)]
struct Given {
    seq: u64,
    sheet: String,
    points: Option<usize>,
    note: Option<usize>,
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

/// Reads CSV files and checks them against the plan; `kind` overrides what their names say.
pub fn read_all(
    files: &[(String, Vec<u8>)],
    kind: Option<Sheet>,
    encoding: Encoding,
    plan: &Plan,
    today: Date,
) -> Import {
    let (mut tables, mut unread) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let table = csv_table(name, bytes, kind, encoding, &Mapping::default());
        table.map_or_else(|why| unread.push(*why), |table| tables.push(table));
    }
    read_tables(&tables, unread, plan, today, &mut |_| ())
}

/// A CSV file as a table.
///
/// # Errors
/// Neither `kind` nor its name tells what it holds.
pub fn csv_table<'a>(
    name: &str,
    bytes: &'a [u8],
    kind: Option<Sheet>,
    encoding: Encoding,
    mapping: &Mapping,
) -> Result<Table<'a>, Box<BadRow>> {
    if let Some(kind) = kind.or_else(|| Sheet::of_file(name)) {
        let origin = Origin::new(name, bytes);
        return Ok(Table { origin, kind, mapping: mapping.clone(), body: Body::Csv(bytes, encoding) });
    }
    let all = Sheet::ALL.map(Sheet::name).join(", ");
    Err(Box::new(BadRow {
        file: name.to_owned(),
        sheet: String::new(),
        row: 0,
        cell: None,
        column: String::new(),
        value: String::new(),
        reason: Bilingual::new(
            format!("文件名不说明内容；用 --kind 指明：{all}"),
            format!("the name does not tell what it holds; say it with --kind: {all}"),
        ),
        fault: Fault::Value,
    }))
}

/// Reads tables and checks them against the plan; `unread` is what is wrong with files that are no table. `progress`
/// hears how many lines have been read.
pub fn read_tables(
    tables: &[Table<'_>],
    unread: Vec<BadRow>,
    plan: &Plan,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Import {
    let (mut import, complaints) = (Import::default(), Complaints::found(&unread));
    if !unread.is_empty() {
        Sheet::ALL.into_iter().for_each(|kind| import.doubts.table(kind));
    }
    let mut order: Vec<usize> = (0..tables.len()).collect();
    order.sort_by_key(|at| (tables[*at].kind, *at));
    for table in tables {
        import.order.extend(table.sheets());
        import.sources.push(Source {
            origin: table.origin.clone(),
            kind: table.kind,
            places: Vec::new(),
            exported: None,
        });
    }
    let (mut seen, mut lines) = (HashMap::new(), 0);
    for at in order {
        let table = &tables[at];
        let (begun, mut told) = (complaints.len(), HashSet::new());
        let mut take = |line: &line::Line<'_>, import: &mut Import| {
            lines += 1;
            if lines % 1_000 == 0 {
                progress(lines);
            }
            import.take(table.kind, line, plan, today, Place { table: at, row: line.row }, |key| {
                seen.insert((table.kind, key), (at, line.row)).map(|(other, row)| (tables[other].origin.called(), row))
            });
            if line.is_bad() {
                import.doubts.line(table.kind, line, plan);
                told.insert(line.row);
            }
        };
        if let Body::Scores(book) = &table.body {
            let mut notices = Vec::new();
            let exported = scoresheet::read(&table.origin, book, plan, &complaints, &mut notices, &mut |line, seq| {
                let before = import.scores.len();
                take(line, &mut import);
                let sheet = line.sheet.to_owned();
                let given = Given { seq, sheet, points: line.spot("points"), note: line.spot("note") };
                import.scores[before..].iter_mut().for_each(|row| row.given = Some(given.clone()));
            });
            import.sources[at].exported = exported;
            import.notices.extend(notices);
        } else {
            import.sources[at].places = table.read(&complaints, &mut |line| take(line, &mut import));
        }
        // Rows that nobody could read, or a whole table.
        if complaints.any_beside(begun, &told) {
            import.doubts.table(table.kind);
        }
    }
    import.bad = complaints.into_inner();
    import
}

/// What a line states, of the sheets whose records need nothing but the plan.
fn fact(sheet: Sheet, line: &line::Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    match sheet {
        Sheet::Milestones => rows::milestone(line, plan, today, at),
        Sheet::Progress => rows::progress(line, plan, today, at),
        Sheet::Incidents => rows::incident(line, plan, today, at),
        Sheet::Rectifications => rows::rectification(line, plan, today, at),
        Sheet::Attractions => rows::attraction(line, plan, today, at),
        Sheet::Indicators => rows::indicator(line, plan, today, at),
        Sheet::Goals => rows::goal(line, plan, today, at),
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => None,
    }
}

impl Import {
    /// Takes a line, where nothing is wrong in it. `again` keeps its key, and says where that has been before.
    fn take(
        &mut self,
        sheet: Sheet,
        line: &line::Line<'_>,
        plan: &Plan,
        today: Date,
        at: Place,
        again: impl FnOnce(String) -> Option<(String, usize)>,
    ) {
        enum Taken {
            Fact(Fact),
            Score(ScoreRow),
            Ballot(BallotRow),
            Round(RoundRow),
        }
        let taken = match sheet {
            Sheet::Scores => rows::score(line, plan, at).map(Taken::Score),
            Sheet::Ballots => rows::ballot(line, plan, at).map(Taken::Ballot),
            Sheet::Rounds => rows::round_step(line, plan, today, at).map(Taken::Round),
            _ => fact(sheet, line, plan, today, at).map(Taken::Fact),
        };
        // A round has a row for each of its steps; any other record has one, however its project or day is written.
        let key = match &taken {
            _ if sheet == Sheet::Rounds => None,
            Some(Taken::Fact(row)) => Some(row.subject.key.clone()),
            Some(Taken::Score(row)) => Some(row.subject(plan).key),
            Some(Taken::Ballot(row)) => Some(row.subject(plan).key),
            _ => line.good(sheet.key()).map(|parts| parts.join("/")),
        };
        if let Some((first, row)) = key.and_then(again) {
            let column = sheet.columns().first().map_or("", |c| c.name);
            line.refuse(column, format!("与 {first} 第 {row} 行重复"), format!("repeats line {row} of {first}"));
        }
        if line.is_bad() {
            return;
        }
        match taken {
            Some(Taken::Fact(row)) => self.facts.push(row),
            Some(Taken::Score(row)) => self.scores.push(row),
            Some(Taken::Ballot(row)) => self.ballots.push(row),
            Some(Taken::Round(row)) => self.rounds.push(row),
            None => {}
        }
    }

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

impl ScoreRow {
    /// The score is as the row says; one without a column of notes says nothing of the note.
    fn is_kept(&self, snapshot: &Snapshot) -> bool {
        let kept = snapshot.facts.scores[self.round.at()].get(&(self.project, self.criterion));
        let note = self.note.as_deref().map(str::trim);
        kept.is_some_and(|k| k.value.points == self.points && note.is_none_or(|note| note == k.value.note))
    }

    fn note(&self) -> &str {
        self.note.as_deref().unwrap_or_default()
    }

    fn subject(&self, plan: &Plan) -> Subject {
        let criterion = &plan.rules.criteria[self.criterion].id;
        Subject::score(&plan.round(self.round).id, &plan.project(self.project).id, criterion)
    }
}

impl RoundRow {
    fn subject(&self, plan: &Plan) -> Subject {
        Subject::new(Kind::Round, &[&plan.round(self.round).id])
    }
}

impl BallotRow {
    /// The ballot is as the row says.
    fn is_kept(&self, snapshot: &Snapshot) -> bool {
        let kept = snapshot.ballot(self.round, self.judge, self.project).map(|k| &k.value);
        kept.is_some_and(|k| k.state == self.state && k.score == self.score)
    }

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

/// Number of the newest entry of a record, 0 where there is none; none for a record that stands in the snapshot without
/// it, which the store compares by its value.
#[must_use]
pub fn newest(snapshot: &Snapshot, subject: &Subject) -> Option<u64> {
    fn seq<T>(list: &Keyed<T>, key: &str) -> u64 {
        list.binary_search_by(|(k, _)| k.as_str().cmp(key)).map_or(0, |i| list[i].1.seq)
    }
    let (facts, key) = (&snapshot.facts, subject.key.as_str());
    match subject.kind {
        Kind::Incident => Some(seq(&facts.incidents, key)),
        Kind::Rectification => Some(seq(&facts.rectifications, key)),
        Kind::Attraction => Some(seq(&facts.attractions, key)),
        Kind::Indicator => Some(seq(&facts.indicators, key)),
        Kind::Goal => Some(seq(&facts.goals, key)),
        _ if current(snapshot, subject).is_none() => Some(0),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
