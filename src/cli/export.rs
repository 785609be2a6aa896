//! `export`: bulletins, tables and one-page printouts, to a file or to stdout.

pub mod file;
mod options;
mod printouts;

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json;
use super::projects::chosen_round;
use crate::domain::district::{RoundIx, RoundKind, UnitIx, UnitKind};
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::exchange::scoresheet;
use crate::report::bulletin::{self, Earlier, Sealing, Sources};
use crate::report::{self, Cell, Column, Document, Own, OwnLetter, Refused, Stage, Table};
use crate::store::{Query, Seal, access};

/// What to export, and how.
#[derive(Debug, Args)]
pub struct Export {
    /// What
    #[arg(value_enum)]
    what: What,
    /// Round of a bulletin, of scores or of a ballot sheet; default: the newest with scores
    #[arg(long)]
    round: Option<String>,
    /// A rectification for its notice, a project for its dossier, a judge for his ballot sheet
    #[arg(long, value_name = "ID")]
    subject: Option<String>,
    /// Format; default: by the ending of --output
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only this headquarters: of the workbook of scores
    #[arg(long, value_name = "CODE")]
    headquarters: Option<String>,
    /// File to write; default: stdout
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Number of the letter, where `[bulletin] number` of district.toml leaves room for it
    #[arg(long, value_name = "N")]
    number: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// 通报
    Bulletin,
    /// 项目库
    Projects,
    /// 评分 of an assessment, 打分票 of an observation
    Scores,
    /// 台账
    Ledger,
    /// 打分票 to be filled in by a judge
    BallotSheet,
    /// 整改通知书 to a unit
    Notice,
    /// 项目档案
    Dossier,
}

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Word, WPS
    Docx,
    /// Excel, WPS
    Xlsx,
    /// Markdown
    Md,
    /// One page for a browser
    Html,
    /// Text for spreadsheets
    Csv,
    /// For other programs
    Json,
}

impl Format {
    /// Files that are no text for a terminal.
    fn is_binary(self) -> bool {
        matches!(self, Self::Docx | Self::Xlsx)
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned())
    }
}

impl What {
    fn formats(self) -> &'static [Format] {
        match self {
            Self::Bulletin => Format::value_variants(),
            Self::Projects | Self::Scores | Self::Ledger => &[Format::Csv, Format::Json, Format::Xlsx],
            Self::BallotSheet | Self::Notice | Self::Dossier => {
                &[Format::Docx, Format::Html, Format::Md, Format::Xlsx, Format::Csv, Format::Json]
            }
        }
    }

    fn name(self) -> String {
        self.to_possible_value().map_or_else(String::new, |v| v.get_name().to_owned())
    }
}

impl Export {
    /// Names a file to write.
    pub fn names_file(&self) -> bool {
        self.output.is_some()
    }
}

/// Exports.
pub fn export(opened: &mut Opened, args: &Export) -> Result<(), Failure> {
    let format = args.format(opened.options.json)?;
    args.meant(format)?;
    if format.is_binary() && args.output.is_none() && std::io::stdout().is_terminal() {
        let name = format.name();
        return Err(Failure::usage(
            format!("{name} 不能直接显示在终端上"),
            format!("{name} cannot be shown on a terminal"),
        )
        .next("加 --output 文件名，或 > 文件名", "add --output FILE, or > FILE"));
    }
    let bytes = match args.what {
        What::Bulletin => document(opened, &bulletin(opened, args)?, format)?,
        What::Projects if format == Format::Json => {
            let all: Vec<_> = opened.data.plan.project_ixs().collect();
            printed(&json::projects(&opened.data, &all))?
        }
        What::Projects => table(&report::projects(&opened.data), format)?,
        What::Scores => scores(opened, args, format)?,
        What::Ledger => ledger(opened, format)?,
        What::BallotSheet => document(opened, &printouts::ballot_sheet(opened, args)?, format)?,
        What::Notice => document(opened, &printouts::notice(opened, args)?, format)?,
        What::Dossier => document(opened, &printouts::dossier(opened, args)?, format)?,
    };
    match &args.output {
        Some(path) if path.as_os_str() != "-" => {
            file::write(&opened.options, path, &bytes)?;
            let (shown, size) = (path.display(), bytes.len().div_ceil(1024));
            folder::note(&match opened.out.lang {
                Lang::Zh => format!("已写出 {shown}（{size} KB）"),
                Lang::En => format!("written: {shown} ({size} KB)"),
            });
            Ok(())
        }
        _ => {
            let mut out = std::io::stdout().lock();
            out.write_all(&bytes)?;
            Ok(out.flush()?)
        }
    }
}

fn printed(document: &impl serde::Serialize) -> Result<Vec<u8>, Failure> {
    let text = serde_json::to_string_pretty(document).map_err(std::io::Error::from)?;
    Ok((text + "\n").into_bytes())
}

/// A document in a format; docx, Markdown and HTML by the office's own template where its folder has one.
fn document(opened: &Opened, document: &Document, format: Format) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Csv => Ok(report::csv_document(document).into_bytes()),
        Format::Json => printed(&report::json_document(document)),
        Format::Md => by_template(opened, document, "md", report::markdown),
        Format::Html => by_template(opened, document, "html", report::html),
        Format::Docx => match folder::letter(&opened.options, &format!("{}.docx", document.kind))? {
            Some((name, bytes)) => report::own_docx(document, OwnLetter { name: &name, bytes: &bytes }).map_err(faulty),
            None => Ok(report::docx_document(document)?),
        },
        Format::Xlsx => report::xlsx_document(document).map_err(too_great),
    }
}

type Writer = fn(&Document, Option<Own<'_>>) -> Result<String, Refused>;

fn by_template(opened: &Opened, document: &Document, ending: &str, write: Writer) -> Result<Vec<u8>, Failure> {
    let own = folder::template(&opened.options, &format!("{}.{ending}", document.kind))?;
    let own = own.as_ref().map(|(name, text)| Own { name, text });
    write(document, own).map(String::into_bytes).map_err(faulty)
}

/// What is wrong in a template of the office, and where.
fn faulty(refused: Refused) -> Failure {
    let Refused { file, line, source, reason } = refused;
    let source = source.trim();
    // A letter of Word has no lines: its reason tells the paragraph.
    let (zh, en) = if line == 0 {
        (format!("{file}：{}", reason.zh), format!("{file}: {}", reason.en))
    } else {
        (
            format!("{file} 第 {line} 行：{}：{source}", reason.zh),
            format!("{file} line {line}: {}: {source}", reason.en),
        )
    };
    Failure::new(FailureKind::Invalid, zh, en)
        .next("改好模板再试；把它移走就用内置的", "correct the template; without it the built-in one is used")
}

/// A table for other programs in a format.
fn table(table: &Table, format: Format) -> Result<Vec<u8>, Failure> {
    match format {
        Format::Json => printed(&report::json_table(table)),
        Format::Xlsx => report::xlsx_table(table).map_err(too_great),
        _ => Ok(report::csv_table(table).into_bytes()),
    }
}

/// What a workbook cannot hold.
fn too_great(e: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::Failed, format!("写不成工作簿：{e}"), format!("no workbook can be made: {e}"))
        .next("改用 --format csv", "use --format csv")
}

/// The round that is meant: which is there, which the person may see and which has begun.
fn round(opened: &Opened, args: &Export) -> Result<RoundIx, Failure> {
    let data = &opened.data;
    let round = chosen_round(opened, args.round.as_deref())?;
    let id = &data.plan.round(round).id;
    if data.round_state(round) == RoundState::Draft {
        return Err(Failure::new(
            FailureKind::Conflict,
            format!("{id} 还没有开始"),
            format!("{id} has not been opened"),
        )
        .next("dukao round open 开轮次", "dukao round open opens it"));
    }
    Ok(round)
}

fn bulletin(opened: &Opened, args: &Export) -> Result<Document, Failure> {
    let (data, round) = (&opened.data, round(opened, args)?);
    let pattern = data.plan.district.bulletin.number.as_deref();
    if args.number.is_some() && !pattern.is_some_and(|pattern| pattern.contains("{n}")) {
        return Err(Failure::usage(
            "district.toml 没有写发文字号的格式，--number 无处可写",
            "district.toml states no pattern for the number of a letter: --number has no place",
        )
        .next(
            "在 [bulletin] 里写 number = \"某督考〔2014〕{n}号\"，再 dukao plan --apply",
            "write number = \"… {n}\" in [bulletin], then dukao plan --apply",
        ));
    }
    let mut sealings = Vec::new();
    let mut seals = opened.store.seals()?;
    for covered in bulletin::rounds(data, round) {
        let all = seals.remove(&data.plan.round(covered).id).unwrap_or_default();
        sealings.push(sealing(opened, covered, &all)?);
    }
    let then = issued(opened, round, &sealings)?;
    let data = then.as_ref().unwrap_or(data);
    // The plan of then may have its rounds in other places.
    let place = |round: RoundIx| {
        data.plan.round_ix(&opened.data.plan.round(round).id).ok_or_else(|| {
            Failure::new(FailureKind::Database, "公布时的计划里没有这一轮", "the plan of then has no such round")
        })
    };
    let round = place(round)?;
    for sealing in &mut sealings {
        sealing.round = place(sealing.round)?;
    }
    let sees = |round, project| access::sees_project(data, &opened.actor, round, project).is_ok();
    Ok(bulletin::bulletin(&Sources {
        data,
        round,
        sealings: &sealings,
        head: &opened.data.plan.district.bulletin,
        number: args.number,
        lang: opened.out.lang,
        sees: &sees,
    }))
}

/// The year as it stood when the bulletin became final, so that it comes out again as it was; none of a draft.
fn issued(opened: &Opened, round: RoundIx, sealings: &[Sealing]) -> Result<Option<Arc<Snapshot>>, Failure> {
    let last = sealings.iter().filter_map(|s| s.issue).max();
    match last.filter(|_| bulletin::stage(&opened.data, round) == Stage::Final) {
        Some(seq) => Ok(Some(opened.store.snapshot_at(&opened.actor, seq)?)),
        None => Ok(None),
    }
}

/// What was published of a round, now and before.
fn sealing(opened: &Opened, round: RoundIx, seals: &[Seal]) -> Result<Sealing, Failure> {
    let (current, before) = match seals.split_last() {
        Some((last, before)) if last.reopened.is_none() => (Some(last), before),
        _ => (None, seals),
    };
    let published = before.iter().rposition(|s| s.published);
    let earlier = published.map(|place| {
        let seal = &before[place];
        // Every reopening since then is a part of the reason.
        let mut reasons: Vec<&str> = before[place..].iter().filter_map(|s| s.reopened.as_deref()).collect();
        reasons.dedup();
        Ok::<_, Failure>(Earlier {
            revision: seal.revision,
            sha256: seal.sha256.clone(),
            issued: seal.issued,
            reason: reasons.join("；"),
            results: opened.store.sealed_document(seal)?.1,
        })
    });
    let (issued, issue) = (current.and_then(|s| s.issued), current.and_then(|s| s.issue));
    Ok(Sealing { round, issued, issue, earlier: earlier.transpose()? })
}

/// 评分 as a table to import again, or as the workbook that is filled in; of an observation its ballots.
fn scores(opened: &Opened, args: &Export, format: Format) -> Result<Vec<u8>, Failure> {
    let (data, round) = (&opened.data, round(opened, args)?);
    if data.plan.round(round).kind == RoundKind::Observation {
        let sees = |site| opened.may_see_ballots(round, site);
        let sites = &data.plan.round(round).sites;
        if let Some(site) = sites.first().filter(|_| !sites.iter().any(|site| sees(*site))) {
            // Why, in the words of the one gate.
            access::sees_ballots(data, &opened.actor, round, *site)?;
        }
        let reader = (format == Format::Xlsx).then_some(opened.out.lang);
        return table(&report::ballots(data, round, &sees, reader), format);
    }
    let sees = |project| opened.may_see_score(round, project);
    if format == Format::Xlsx {
        let only = args.headquarters.as_deref().map(|code| headquarters(opened, code)).transpose()?;
        return scoresheet::write(data, round, only, &sees, opened.out.lang).map_err(too_great);
    }
    table(&report::scores(data, round, &sees), format)
}

/// The headquarters of a code.
fn headquarters(opened: &Opened, code: &str) -> Result<UnitIx, Failure> {
    let plan = &opened.data.plan;
    let all = || plan.district.units.iter().filter(|u| u.kind == UnitKind::Headquarters).map(|u| u.code.as_str());
    let found = plan.unit_ix(code).filter(|unit| plan.unit(*unit).kind == UnitKind::Headquarters);
    found.ok_or_else(|| {
        let list = all().collect::<Vec<_>>().join(" ");
        Failure::unknown("指挥部", "headquarters", code, all(), (&format!("有：{list}"), &format!("there are {list}")))
    })
}

/// The ledger as far as the person may read it.
fn ledger(opened: &Opened, format: Format) -> Result<Vec<u8>, Failure> {
    let entries = super::history::entries(opened, &Query::of(None, usize::MAX))?;
    if format == Format::Json {
        return printed(&json::history(entries));
    }
    let heads = ["seq", "at", "actor", "via", "kind", "key", "base", "before", "after", "reason", "hash"];
    let columns = heads.map(|id| {
        let column = Column::words(id, id, 12);
        Column { right: ["seq", "base"].contains(&id), ..column }
    });
    let mut ledger = Table::new("ledger", opened.data.plan.district.name.clone(), columns.to_vec());
    let record = |value: serde_json::Value| if value == json!(null) { Cell::None } else { value.to_string().into() };
    for e in entries {
        ledger.row([
            Cell::from_count(e.seq),
            e.at.into(),
            e.actor.into(),
            e.via.into(),
            e.kind.into(),
            e.key.into(),
            Cell::from_count(e.base),
            record(e.before),
            record(e.after),
            e.reason.into(),
            e.hash.into(),
        ]);
    }
    table(&ledger, format)
}
