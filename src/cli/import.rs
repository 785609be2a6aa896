//! `import`: records from CSV files, all or nothing; the first records of a new database come in the same way.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json;
use super::output::{Table, name, safe, word};
use super::score::print_saved;
use crate::domain::change::{Draft, Kind};
use crate::domain::district::Plan;
use crate::domain::value::{Bilingual, Date, Lang};
use crate::exchange::{self, BadRow, Encoding, ImportError, Importer, LARGEST, Notice, Outcome, Sheet};
use crate::store::{Error, Step};

/// Records from CSV.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file, a folder of them, or `-` for stdin
    file: PathBuf,
    /// What the file holds; default: by its name
    #[arg(long, value_parser = kind)]
    kind: Option<Sheet>,
    /// How the file is written; default: UTF-8, else GB18030
    #[arg(long, value_enum)]
    encoding: Option<Code>,
    /// List the changes, save nothing
    #[arg(long)]
    pub dry_run: bool,
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
}

fn kind(name: &str) -> Result<Sheet, String> {
    Sheet::named(name).ok_or_else(|| {
        let all = Sheet::ALL.map(Sheet::name).join(", ");
        format!("no such kind; one of {all}")
    })
}

fn files(args: &Import) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let path = args.file.as_path();
    if args.reads_stdin() {
        let Some(kind) = args.kind else {
            return Err(Failure::usage("从标准输入导入要写 --kind", "importing from stdin needs --kind"));
        };
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
        return Ok(vec![(format!("{}.csv", kind.name()), bytes)]);
    }
    if path.is_dir() {
        return csv_files(path);
    }
    // A file that is not there is no invalid record.
    let file = folder::read(path).map_err(|failure| Failure { kind: FailureKind::Failed, ..failure })?;
    Ok(vec![file])
}

/// All CSV files of a folder, by name.
pub fn csv_files(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|e| folder::unreadable(dir, &e))?;
    let mut inside: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    inside.retain(|p| p.extension().is_some_and(|e| e == "csv"));
    inside.sort();
    inside.iter().map(|p| folder::read(p)).collect()
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
            Refused::Rows(rows) => {
                let n = rows.len();
                let list = |lang| rows.iter().map(|row| describe(row, lang)).collect::<Vec<_>>().join("\n");
                Self::new(
                    FailureKind::Invalid,
                    format!("{n} 处不符，什么都没有导入\n{}", list(Lang::Zh)),
                    format!(
                        "{n} {}, nothing was imported\n{}",
                        if n == 1 { "error" } else { "errors" },
                        list(Lang::En)
                    ),
                )
                .next("改好后整份再导入", "correct them and import the whole file again")
            }
            Refused::Store(error) => error.into(),
        }
    }
}

fn describe(row: &BadRow, lang: Lang) -> String {
    let column = if row.column.is_empty() { String::new() } else { format!(" {}", row.column) };
    let value = if row.value.is_empty() { String::new() } else { format!(" 「{}」", row.value) };
    // Row 0 is the file as a whole.
    let place = if row.row == 0 { row.file.clone() } else { format!("{}:{}", row.file, row.row) };
    format!("{place}{column}{value}: {}", row.reason.in_lang(lang))
}

/// Reads files and appends all their stages inside one transaction of the store.
fn fill(step: &mut Step<'_>, read: &Read, importer: Importer<'_>) -> Result<Outcome, Refused> {
    let Read { import, rounds } = read;
    let mut source = String::new();
    let begun = step.snapshot();
    let outcome = import.run(begun, importer, |drafts| {
        for group in drafts.chunk_by(|a, b| a.change.reason == b.change.reason) {
            named_source(step, group, rounds.as_deref(), &mut source)?;
            step.append(group)?;
        }
        Ok(step.snapshot())
    });
    outcome.map_err(|e| match e {
        ImportError::BadRows(rows) => Refused::Rows(rows),
        ImportError::Apply(error) => Refused::Store(error),
    })
}

/// Tells the store which file the drafts come from, where it is another one than before. Steps of rounds may carry a
/// reason of their own, which does not name the file.
fn named_source(step: &mut Step<'_>, drafts: &[Draft], rounds: Option<&str>, source: &mut String) -> Result<(), Error> {
    let Some(draft) = drafts.first() else { return Ok(()) };
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

fn read_all(
    files: &[(String, Vec<u8>)],
    kind: Option<Sheet>,
    encoding: Encoding,
    plan: &Plan,
    today: Date,
) -> Result<Read, Refused> {
    let import = exchange::read_all(files, kind, encoding, plan, today).map_err(Refused::Rows)?;
    let rounds = files.iter().find(|(name, _)| kind.or_else(|| Sheet::of_file(name)) == Some(Sheet::Rounds));
    let named = |(name, bytes): &(String, Vec<u8>)| format!("import {name} sha256:{}", hash(bytes));
    Ok(Read { import, rounds: rounds.map(named) })
}

fn hash(bytes: &[u8]) -> String {
    let mut hash = crate::plan::sha256(bytes);
    hash.truncate(12);
    hash
}

/// The first records of a new database, checked against its plan.
pub fn first_records(plan: &Plan, today: Date, files: &[(String, Vec<u8>)]) -> Result<Read, Failure> {
    Ok(read_all(files, None, Encoding::Auto, plan, today)?)
}

/// Appends the first records of a new database; what refuses them is kept in `refused`.
pub fn bootstrap(step: &mut Step<'_>, read: &Read, refused: &mut Option<Failure>) -> Result<(), Error> {
    match fill(step, read, Importer { login: "bootstrap", bootstrap: true }) {
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
    let files = files(args)?;
    if let Some((name, _)) = files.iter().find(|(_, bytes)| bytes.len() > LARGEST) {
        let (zh, en) = (format!("{name} 超过 20 MB"), format!("{name} is larger than 20 MB"));
        return Err(Failure::new(FailureKind::Invalid, zh, en));
    }
    let encoding = match args.encoding {
        None => Encoding::Auto,
        Some(Code::Utf8) => Encoding::Utf8,
        Some(Code::Gb18030) => Encoding::Gb18030,
    };
    let read = read_all(&files, args.kind, encoding, &opened.data.plan, opened.data.today)?;
    let actor = opened.actor.clone();
    let importer = Importer { login: &actor.login, bootstrap: false };
    let (first, hash) = files.first().map_or(("", String::new()), |(name, bytes)| (name, hash(bytes)));
    let (mut outcome, mut refused) = (Outcome::default(), None);
    let saved = opened.store.import(&actor, first, &hash, |step| {
        match fill(step, &read, importer) {
            Ok(done) => outcome = done,
            Err(why) => refused = Some(why),
        }
        if args.dry_run || refused.is_some() { Err(given_up()) } else { Ok(()) }
    });
    if let Some(why) = refused {
        return Err(why.into());
    }
    notices(&outcome.notices, opened.out.lang);
    if args.dry_run { list(opened, &outcome.drafts) } else { print_saved(opened, &saved?) }
}

fn notices(notices: &[Notice], lang: Lang) {
    let mut err = std::io::stderr().lock();
    for n in notices {
        let place = if n.row == 0 { n.file.clone() } else { format!("{}:{}", n.file, n.row) };
        let text = format!("{place}: {}", n.message.in_lang(lang));
        // A notice that nobody can read must not stop the import.
        let _ = writeln!(err, "{}", safe(&text));
    }
}

fn list(opened: &Opened, drafts: &[Draft]) -> Result<(), Failure> {
    let out = opened.out;
    let before = |d: &Draft| crate::domain::words::fields::written(d.change.before.as_ref());
    let after = |d: &Draft| crate::domain::words::fields::written(d.change.after.as_ref());
    if opened.options.json {
        let change = |d: &Draft| {
            let subject = &d.change.subject;
            json!({ "kind": subject.kind.name(), "key": subject.key, "before": before(d), "after": after(d) })
        };
        let changes: Vec<_> = drafts.iter().map(change).collect();
        return out.json(&json::planned(changes));
    }
    let mut table =
        Table::new(&[word("类别", "Kind"), name("记录", "Record"), name("原来", "Before"), name("改为", "After")]);
    for d in drafts {
        let subject = &d.change.subject;
        table.row([
            subject.kind.name().to_owned(),
            subject.key.clone(),
            super::history::value(&before(d), out.lang),
            super::history::value(&after(d), out.lang),
        ]);
    }
    out.text(&table.render(&out))
}
