//! 命令. The command line: options, one file per group of commands, and the exit codes.
//!
//! Every reading command goes the same way: find the district folder, open its database, take a snapshot, print it.

mod access;
mod ballot;
mod care;
mod command;
mod dashboard;
mod doctor;
mod explain;
mod export;
mod failure;
mod folder;
mod help;
mod history;
mod import;
mod json;
mod keys;
mod mappings;
mod output;
mod parser;
mod plan;
mod projects;
mod rank;
mod rectifications;
mod rectify;
mod remembered;
mod resolve;
mod revisions;
mod rounds;
mod score;
mod session;
mod set;
mod status;
mod targets;
mod words;

use std::backtrace::BacktraceStatus;
use std::ffi::OsString;
use std::io::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, ValueEnum};

use command::Command;
use failure::{Failure, FailureKind};
use output::{Color, Output};

use crate::domain::border::{composed, hostile};
use crate::domain::district::Plan;
use crate::domain::value::{Date, Lang};
use crate::plan::Texts;
use crate::session::{Session, hardening};
use crate::store::Store;

/// 督考：重点项目督查考评
///
/// Supervision and assessment of a district's key projects; without a command it opens the dashboard.
#[derive(Debug, Parser)]
#[command(name = "dukao", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    options: Options,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command.
#[derive(Clone, Debug, Default, Args)]
pub struct Options {
    /// District folder (TOML)
    #[arg(long, global = true, value_name = "DIR", env = "DUKAO_DISTRICT", hide_env_values = true)]
    pub district: Option<PathBuf>,
    /// Database file
    #[arg(long, global = true, value_name = "FILE", env = "DUKAO_DATABASE", hide_env_values = true)]
    pub database: Option<PathBuf>,
    /// Recompute everything as of that day, read-only
    #[arg(long, global = true, value_name = "DATE", value_parser = day)]
    pub as_of: Option<Date>,
    /// Language of the output
    #[arg(long, global = true, value_enum)]
    pub lang: Option<Language>,
    /// Machine output of any reading command
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: Color,
    /// Glyphs of the dashboard
    #[arg(long, global = true, value_enum)]
    pub skin: Option<Skin>,
    /// On whose behalf, where the forced command of sshd says it.
    #[arg(skip)]
    pub session: Option<Session>,
}

/// Language of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    /// 中文
    Zh,
    /// English
    En,
}

/// Glyphs of the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Skin {
    /// As the terminal answers.
    Auto,
    /// ASCII and Han only.
    Safe,
    /// Lines and bars.
    Line,
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    // Before anything is looked at: the child takes no option and reads no file.
    if std::env::args_os().nth(1).is_some_and(|arg| arg == parser::COMMAND) {
        return parser::run();
    }
    std::panic::set_hook(Box::new(fault));
    let json = std::env::args_os().any(|word| word == "--json");
    let nobody = Options::default();
    let cli = match arguments().map(|words| (help::language(&words, &nobody), help::read(words, &nobody))) {
        Ok((_, Ok(cli))) => cli,
        Ok((lang, Err(error))) => return usage(&error, lang, json),
        Err(failure) => return ended(&Options { json, ..Options::default() }, &Err(failure)),
    };
    if let Err(error) = hardening::harden() {
        return ended(&cli.options, &Err(error.into()));
    }
    match &cli.command {
        Some(Command::Session(args)) => match session::client(&cli.options, args) {
            Ok(session::Asked::Runs(client)) => ended(&client.options, &dispatch(&client)),
            Ok(session::Asked::Misses { error, lang, json }) => usage(&error, lang, json),
            Err(failure) => ended(&session::asked(&cli.options), &Err(failure)),
        },
        _ => ended(&cli.options, &dispatch(&cli)),
    }
}

/// The words of the command line: composed, but for names of files that exist, and none in which something acts or hides.
fn arguments() -> Result<Vec<OsString>, Failure> {
    std::env::args_os()
        .map(|word| {
            let Some(text) = word.to_str() else { return Ok(word) };
            if let Some(c) = hostile(text) {
                let code = u32::from(c);
                return Err(Failure::usage(
                    format!("命令行含不可见或控制字符 U+{code:04X}"),
                    format!("the command line holds the invisible or control character U+{code:04X}"),
                ));
            }
            Ok(if Path::new(&word).exists() { word } else { composed(text).into() })
        })
        .collect()
}

/// What a fault of the program says: the text may hold anything, so it goes out as all text does.
fn fault(info: &PanicHookInfo<'_>) {
    let trace = std::backtrace::Backtrace::capture();
    let trace = if trace.status() == BacktraceStatus::Captured { format!("\n{trace}") } else { String::new() };
    let _ = writeln!(std::io::stderr().lock(), "{}", output::safe(&format!("{info}{trace}")));
}

fn ended(options: &Options, result: &Result<(), Failure>) -> ExitCode {
    let report = |failure: &Failure| failure.report(folder::language(options), options.json);
    ExitCode::from(result.as_ref().err().map_or(0, report))
}

/// Reads a day of the command line.
fn day(text: &str) -> Result<Date, &'static str> {
    text.parse().map_err(|_| "日期写作 2014-06-30 / write the day as 2014-06-30")
}

fn usage(error: &clap::Error, lang: Lang, as_json: bool) -> ExitCode {
    if error.use_stderr()
        && (as_json || lang == Lang::Zh)
        && let Some(failure) = help::wrong(error)
    {
        return ExitCode::from(failure.report(lang, as_json));
    }
    // A closed pipe while printing the help ends as quietly as any other.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { FailureKind::Usage as u8 } else { 0 })
}

fn dispatch(cli: &Cli) -> Result<(), Failure> {
    let options = &cli.options;
    let Some(command) = &cli.command else { return on_screen(options) };
    if options.as_of.is_some() && command.writes() {
        return Err(Failure::usage("--as-of 只读，不能保存", "--as-of is read-only")
            .next("去掉 --as-of 再试", "leave out --as-of"));
    }
    // What needs no database tells a stranger nothing all the same.
    if options.session.is_some() && !command.opens() {
        folder::open(options)?;
    }
    if command.keeps() {
        care::by_the_keeper(options)?;
    }
    match command {
        Command::Init { dir } => return plan::init(options, dir),
        Command::Check => return plan::check(options),
        Command::Backup { file } => return care::backup(options, file),
        Command::Restore(args) => return care::restore(options, args),
        Command::Access(args) => return access::access(options, args),
        Command::Doctor(args) => return doctor::doctor(options, args),
        Command::Keys(args) => return keys::keys(options, args),
        Command::Completions { shell } => return keys::completions(options, *shell),
        Command::Man => return keys::man(options),
        // Whoever keeps the database may check it, also where people are known by their keys alone.
        Command::Verify { anchor } => return history::verify(&mut folder::open_to_check(options)?, anchor.as_deref()),
        _ => {}
    }
    let mut opened = folder::open(options)?;
    if opened.actor.names_no_files()
        && let Some(refused) = session::names_file(command, "sudo -u dukao dukao", "sudo -u dukao dukao")
    {
        return Err(refused);
    }
    match command {
        Command::Status(args) => status::status(&mut opened, *args),
        Command::Projects { filter } => projects::projects(&mut opened, &filter.join(" ")),
        Command::Project { id, round } => projects::project(&mut opened, id, round.as_deref()),
        Command::Explain { subject, round } => explain::explain(&mut opened, subject, round.as_deref()),
        Command::Rank(args) => rank::rank(&mut opened, args),
        Command::Targets { only } => targets::targets(&mut opened, *only),
        Command::Rectifications { filter } => rectifications::rectifications(&mut opened, &filter.join(" ")),
        Command::Score(args) => score::score(&mut opened, args),
        Command::Ballot(args) => ballot::ballot(&mut opened, args),
        Command::Rectify(args) => rectify::rectify(&mut opened, args),
        Command::Resolve(args) => resolve::resolve(&mut opened, args),
        Command::Set(args) => set::set(&mut opened, args),
        Command::Round(args) => rounds::round(&mut opened, args),
        Command::Import(args) => import::import(&mut opened, args),
        Command::Export(args) => export::export(&mut opened, args),
        Command::Plan { apply, reason } => plan::plan(&mut opened, *apply, reason),
        Command::History { subject, limit } => history::history(&mut opened, subject.as_deref(), *limit),
        Command::Init { .. }
        | Command::Access(_)
        | Command::Check
        | Command::Backup { .. }
        | Command::Restore(_)
        | Command::Verify { .. }
        | Command::Doctor(_)
        | Command::Session(_)
        | Command::Keys(_)
        | Command::Completions { .. }
        | Command::Man
        | Command::ParseWorkbook => Ok(()),
    }
}

fn on_screen(options: &Options) -> Result<(), Failure> {
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(Failure::usage(
            "TERM=dumb 的终端画不出看板",
            "a terminal with TERM=dumb cannot draw the dashboard",
        )
        .next(
            "请设好 TERM，或用 dukao status、dukao projects 等命令",
            "set TERM, or use dukao status, dukao projects",
        ));
    }
    dashboard::dashboard(options)
}

/// A new database of a plan with these first records (file name and content), as the first start makes it.
///
/// # Errors
/// Why it was not made, in English.
pub fn new_database(path: &Path, texts: &Texts, plan: &Plan, files: &[(String, Vec<u8>)]) -> Result<Store, String> {
    folder::create(path, texts, plan, files).map_err(|failure| failure.message.en)
}

/// What the commands print with.
fn output(options: &Options) -> Output {
    Output::stdout(folder::language(options), options.color)
}
