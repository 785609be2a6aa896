//! `import`: records from CSV files and workbooks, all or nothing; the first records of a new database come in the same
//! way.

mod cleared;
mod difference;
mod errors;
mod files;
mod progress;
mod registry;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};

pub use files::csv_files;
use progress::Progress;

use super::Options;
use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::mappings::Mappings;
use super::output::safe;
use super::parser::Waiting;
use super::score::print_saved;
use crate::domain::change::{Draft, Kind, Record};
use crate::domain::district::{Plan, ProjectIx, RoundIx};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Date, Lang};
use crate::exchange::pick::Asked;
use crate::exchange::{
    self, BadRow, Encoding, Fault, ImportError, Importer, Mapping, Notice, Origin, Outcome, Saved, Sheet, Table,
    header_set,
};
use crate::store::{Error, Step, access};

/// Records from CSV files and workbooks.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file, a workbook (.xlsx), a folder of CSV files, or `-` for stdin
    file: PathBuf,
    /// What the file or sheet holds, `projects` for the registry; default: by its name
    #[arg(long, value_parser = held)]
    kind: Option<Held>,
    /// Only this sheet of a workbook; default: every sheet named after a kind of record
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// What the headers of the sheet mean, `HEADER=FIELD,HEADER=-`; remembered for sheets with the same headers
    #[arg(long, value_name = "MAP", value_delimiter = None)]
    map: Vec<String>,
    /// Where there are errors, write a copy of the workbook here with the bad cells coloured and commented
    #[arg(long, value_name = "FILE")]
    pub marked: Option<PathBuf>,
    /// How a CSV file is written; default: UTF-8, else GB18030
    #[arg(long, value_enum)]
    encoding: Option<Code>,
    /// List the changes, save nothing
    #[arg(long)]
    pub dry_run: bool,
    /// What parses workbooks.
    #[arg(skip)]
    pub parser: Waiting,
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Records(Sheet),
    Projects,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Code {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "gb18030")]
    Gb18030,
}

impl Import {
    /// Reads standard input, and no file.
    pub fn reads_stdin(&self) -> bool {
        self.file.as_os_str() == "-"
    }

    /// Names a file of this machine.
    pub fn names_file(&self) -> bool {
        !self.reads_stdin() || self.marked.is_some()
    }
}

fn held(name: &str) -> Result<Held, String> {
    if ["projects", "项目"].contains(&name) {
        return Ok(Held::Projects);
    }
    Sheet::of_tab(name).map(Held::Records).ok_or_else(|| {
        let all = Sheet::ALL.map(Sheet::name).join(", ");
        format!("no such kind; one of {all}, projects")
    })
}

/// Why files were not imported.
enum Refused {
    /// Rows that do not fit.
    Rows(Vec<BadRow>),
    /// The store did not take them.
    Store(Error),
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Rows(rows) => errors::failure(&rows),
            Refused::Store(error) => error.into(),
        }
    }
}

/// Reads files and appends all their stages inside one transaction of the store; everything that is wrong in them is
/// found, whatever else is.
fn fill(
    step: &mut Step<'_>,
    read: &Read,
    importer: Importer<'_>,
    sees: impl Fn(&Snapshot, Kind, RoundIx, ProjectIx) -> bool,
    mut progress: impl FnMut(usize),
) -> Result<Outcome, Refused> {
    let Read { import, rounds } = read;
    let (mut source, mut rows) = (String::new(), 0);
    let begun = step.snapshot();
    let outcome = import
        // The right to every row comes before what its value meets.
        .denied(
            &begun,
            |kind, round, project| sees(&begun, kind, round, project),
            |change| {
                step.permits(change).map_or_else(|refused| of_row(refused).map(|(_, why)| Some(why)), |()| Ok(None))
            },
        )
        .map_err(ImportError::Apply)
        .and_then(|denied| {
            import.run(Arc::clone(&begun), importer, &denied, |drafts| {
                let mut refused = Vec::new();
                for (at, draft) in drafts.iter().enumerate() {
                    rows += 1;
                    if rows % 500 == 0 {
                        progress(rows);
                    }
                    named_source(step, draft, rounds.as_deref(), &mut source)?;
                    if let Err(error) = step.append(std::slice::from_ref(draft)) {
                        let (fault, why) = of_row(error)?;
                        refused.push((at, fault, why));
                    }
                }
                Ok(Saved { snapshot: step.snapshot(), refused })
            })
        });
    outcome.map_err(|e| match e {
        ImportError::BadRows(rows) => Refused::Rows(rows),
        // What was found before the store gave up is worth more than why it did.
        ImportError::Apply(_) if !import.complaints().is_empty() => {
            Refused::Rows(import.sorted(import.complaints().to_vec()))
        }
        ImportError::Apply(error) => Refused::Store(error),
    })
}

/// What the store has against one row; an error where it has something against all of them.
fn of_row(error: Error) -> Result<(Fault, Bilingual), Error> {
    let fault = match &error {
        Error::NotPermitted(_) => Fault::Right,
        Error::Conflict(_) | Error::RoundState(_) | Error::State(_) | Error::Blocked(_) => Fault::State,
        Error::Invalid(_) | Error::ReasonNeeded => Fault::Value,
        _ => return Err(error),
    };
    Ok((fault, error.text()))
}

/// Tells the store which file a draft comes from, where it is another one than before. Steps of rounds may carry a
/// reason of their own, which does not name the file.
fn named_source(step: &mut Step<'_>, draft: &Draft, rounds: Option<&str>, source: &mut String) -> Result<(), Error> {
    let reason = if draft.change.subject.kind == Kind::Round {
        rounds.unwrap_or(&draft.change.reason)
    } else {
        &draft.change.reason
    };
    if let Some((file, hash)) = reason.strip_prefix("import ").and_then(|r| r.rsplit_once(" sha256:"))
        && reason != source
    {
        step.source(file, hash)?;
        reason.clone_into(source);
    }
    Ok(())
}

/// Files that were read, not yet appended.
pub struct Read {
    import: exchange::Import,
    /// `import <file name> sha256:<12>` of the file of rounds.
    rounds: Option<String>,
}

/// The first records of a new database, checked against its plan.
pub fn first_records(plan: &Plan, today: Date, files: &[(String, Vec<u8>)]) -> Read {
    let import = exchange::read_all(files, None, Encoding::Auto, plan, today);
    let rounds = files.iter().find(|(name, _)| Sheet::of_file(name) == Some(Sheet::Rounds));
    Read { import, rounds: rounds.map(|(name, bytes)| Origin::new(name, bytes).reason()) }
}

/// Appends the first records of a new database; what refuses them is kept in `refused`.
pub fn bootstrap(step: &mut Step<'_>, read: &Read, refused: &mut Option<Failure>) -> Result<(), Error> {
    match fill(step, read, Importer { login: "bootstrap", bootstrap: true }, |_, _, _, _| true, |_| ()) {
        Ok(_) => Ok(()),
        Err(Refused::Store(error)) => Err(error),
        Err(rows) => {
            *refused = Some(rows.into());
            Err(given_up())
        }
    }
}

/// Ends a transaction that is not to be kept; never shown.
fn given_up() -> Error {
    Error::Invalid(Bilingual::new("放弃", "given up"))
}

/// Imports files, or lists what they would change.
pub fn import(opened: &mut Opened, args: &Import) -> Result<(), Failure> {
    let mapping = args.mapping()?;
    let progress = Progress::new(opened.out.lang, opened.options.json);
    let files = files::read(args, &progress)?;
    let found = if args.kind == Some(Held::Projects) {
        registry::import(opened, args, &files, &mapping, &progress)
    } else {
        records(opened, args, &files, &mapping, &progress)
    };
    progress.clear();
    found.map_err(|stopped| stopped.marked(&opened.options, args, &files, opened.out.lang))
}

impl Import {
    fn encoding(&self) -> Encoding {
        match self.encoding {
            None => Encoding::Auto,
            Some(Code::Utf8) => Encoding::Utf8,
            Some(Code::Gb18030) => Encoding::Gb18030,
        }
    }

    fn kind(&self) -> Option<Sheet> {
        if let Some(Held::Records(kind)) = self.kind { Some(kind) } else { None }
    }

    fn mapping(&self) -> Result<Mapping, Failure> {
        let said = |why: Bilingual| Failure::of(FailureKind::Usage, why);
        let mapping = Mapping::parse(&self.map.join(",")).map_err(said)?;
        let unknown = match self.kind {
            Some(Held::Records(kind)) => kind.unknown_field(&mapping),
            Some(Held::Projects) => exchange::registry::unknown_field(&mapping),
            None => None,
        };
        match unknown {
            Some(field) => Err(Failure::usage(format!("没有字段「{field}」"), format!("there is no field {field:?}"))),
            None => Ok(mapping),
        }
    }
}

/// Why an import stopped: the rows are wanted for the marked copy.
enum Stopped {
    Rows(Vec<BadRow>),
    Failed(Failure),
}

impl From<Refused> for Stopped {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Rows(rows) => Self::Rows(rows),
            Refused::Store(error) => Self::Failed(error.into()),
        }
    }
}

impl From<Failure> for Stopped {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Stopped {
    /// The failure, once the marked copy is written.
    fn marked(self, options: &Options, args: &Import, files: &[files::Input], lang: Lang) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::Rows(rows) => match &args.marked {
                None => errors::failure(&rows),
                Some(path) => errors::marked(options, &rows, path, (args, files), lang),
            },
        }
    }
}

/// The tables of the files.
fn tables<'a>(
    args: &Import,
    files: &'a [files::Input],
    mapping: &Mapping,
    mappings: &Mappings,
    notes: &mut Vec<Notice>,
) -> Result<(Vec<Table<'a>>, Vec<BadRow>), Failure> {
    let (mut tables, mut bad) = (Vec::new(), Vec::new());
    let recall = |headers: &[String]| mappings.recall(headers);
    for file in files {
        match &file.body {
            files::Body::Text(bytes) => {
                let read = exchange::csv_table(&file.name, bytes, args.kind(), args.encoding(), mapping);
                read.map_or_else(
                    |why| bad.push(*why),
                    |mut table| {
                        let of_kind = |headers: &[String]| recall(headers).filter(|(kind, _)| *kind == table.kind);
                        let known = exchange::recalled(&table.body, of_kind);
                        table.mapping = mapping.over(&known.map(|(_, mapping)| mapping).unwrap_or_default());
                        tables.push(table);
                    },
                );
            }
            files::Body::Book(book) => {
                let asked = Asked { kind: args.kind(), sheet: args.sheet.as_deref(), mapping, recall: &recall };
                let picked = exchange::pick::tables(&file.origin, book, &asked, notes);
                let whole = |why: Bilingual| {
                    let Bilingual { zh, en } = why;
                    let name = &file.name;
                    Failure::new(FailureKind::Invalid, format!("{name}：{zh}"), format!("{name}: {en}"))
                };
                tables.extend(picked.map_err(whole)?);
            }
        }
    }
    Ok((tables, bad))
}

fn records(
    opened: &mut Opened,
    args: &Import,
    files: &[files::Input],
    mapping: &Mapping,
    progress: &Progress,
) -> Result<(), Stopped> {
    let actor = opened.actor.clone();
    let mut mappings = Mappings::of(opened);
    let mut notes = Vec::new();
    let (tables, unread) = tables(args, files, mapping, &mappings, &mut notes)?;
    let headers = tables.iter().map(header_set);
    mapped(mapping, &headers.collect::<Vec<_>>())?;
    // Whoever may not change one record of a table hears nothing of its values.
    tables.iter().try_for_each(|table| access::may_change_any(&actor, table.kind.kind()))?;
    progress.clear();
    notices(&notes, opened.out.lang);
    let (plan, today) = (&opened.data.plan, opened.data.today);
    let import = exchange::read_tables(&tables, unread, plan, today, &mut |rows| progress.checking(rows));
    progress.clear();
    let rounds = tables.iter().find(|table| table.kind == Sheet::Rounds).map(|table| table.origin.reason());
    let read = Read { import, rounds };
    let importer = Importer { login: &actor.login, bootstrap: false };
    let sees = |data: &Snapshot, kind, round, project| match kind {
        Kind::Ballot => access::sees_ballots(data, &actor, round, project).is_ok(),
        _ => access::sees_project(data, &actor, round, project).is_ok(),
    };
    let (mut outcome, mut refused) = (Outcome::default(), None);
    let rows = read.import.changes(&opened.data);
    if !args.dry_run && read.import.complaints().is_empty() {
        waits(rows, opened.out.lang);
    }
    let (name, sha12) = files.first().map_or(("", ""), |f| (f.name.as_str(), f.origin.sha12.as_str()));
    let saved = opened.store.import(&actor, name, sha12, |step| {
        match fill(step, &read, importer, sees, |done| progress.saving(done, rows)) {
            Ok(done) => outcome = done,
            Err(why) => refused = Some(why),
        }
        progress.committing();
        if args.dry_run || refused.is_some() { Err(given_up()) } else { Ok(()) }
    });
    progress.clear();
    if let Some(why) = refused {
        return Err(why.into());
    }
    notices(&outcome.notices, opened.out.lang);
    if args.dry_run {
        difference::list(opened, &outcome.drafts)?;
        cleared::say(&outcome.drafts, true, opened.out.lang);
        return Ok(());
    }
    let saved = saved?;
    if !mapping.is_empty() {
        tables.iter().for_each(|table| mappings.keep(table.kind.name(), header_set(table), &table.mapping));
    }
    cleared::say(&outcome.drafts, false, opened.out.lang);
    later(opened, &outcome.drafts);
    Ok(print_saved(opened, &saved)?)
}

/// Refuses a mapping of a header that no table has: a slip, which would be remembered.
fn mapped(mapping: &Mapping, tables: &[Vec<String>]) -> Result<(), Failure> {
    let all: Vec<String> = tables.concat();
    mapping.missing(&all).map_or(Ok(()), |header| {
        let list = all.join("、");
        Err(Failure::usage(format!("表里没有表头「{header}」"), format!("there is no header {header:?} in the sheet"))
            .next(format!("表头有：{list}"), format!("the headers are {list}")))
    })
}

/// Says how many reports are dated after the day that the board shows, where they are not to be seen yet.
fn later(opened: &Opened, drafts: &[Draft]) {
    let day = opened.data.board_date();
    let dated = |draft: &&Draft| match draft.change.subject.kind {
        Kind::Progress => draft.change.subject.key.rsplit('/').next().and_then(|date| date.parse::<Date>().ok()),
        _ => match &draft.change.after {
            Some(Record::Milestone(record)) => Some(record.done),
            Some(Record::Incident(record)) => Some(record.date),
            _ => None,
        },
    };
    let n = drafts.iter().filter(|draft| dated(draft).is_some_and(|date| date > day)).count();
    if n > 0 {
        folder::note(&match opened.out.lang {
            Lang::Zh => format!("{n} 条记录的日期晚于看板的截至日 {day}，从那天起才计入"),
            Lang::En => {
                format!("{n} records are dated after {day}, the day of the board: they count from their day on")
            }
        });
    }
}

/// Changes from which on it is said how long others will wait.
const MANY: usize = 2_000;
/// Changes that are saved in a second, on a machine that has other things to do.
const A_SECOND: usize = 10_000;

/// Says before the one transaction of a long import how long others cannot save.
fn waits(rows: usize, lang: Lang) {
    if rows > MANY {
        let tenths = (rows * 10).div_ceil(A_SECOND);
        let seconds = format!("{}.{}", tenths / 10, tenths % 10);
        let said = match lang {
            Lang::Zh => format!("{rows} 行一次存入；这期间别人的保存最多等约 {seconds} 秒，看板不受影响"),
            Lang::En => {
                format!("{rows} rows are saved at once: others wait up to about {seconds} s to save, not to read")
            }
        };
        folder::note(&said);
    }
}

fn notices(notices: &[Notice], lang: Lang) {
    let mut err = std::io::stderr().lock();
    for n in notices {
        let table = if n.sheet.is_empty() { n.file.clone() } else { format!("{} {}", n.file, n.sheet) };
        let place = if n.row == 0 { table } else { format!("{table}:{}", n.row) };
        let text = format!("{place}: {}", n.message.in_lang(lang));
        // A notice that nobody can read must not stop the import.
        let _ = writeln!(err, "{}", safe(&text));
    }
}
