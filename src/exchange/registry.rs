//! 项目清单. A sheet of projects becomes edits of `projects.toml`: changed fields only, comments and order as they are.

mod located;
mod written;

use std::collections::{HashMap, HashSet};

use toml_edit::{Array, InlineTable, Item, value};

use super::columns::{may, must};
use super::line::{Column, Complaints, Line};
use super::rows::{MISTAKEN, unit};
use super::table::{self, Body, Origin};
use super::{BadRow, Mapping};
use crate::domain::district::{Plan, UnitKind};
use crate::domain::project::{Project, ProjectState, Provenance, Stall};
use crate::domain::registry::{self, FOUND, STATED};
use crate::domain::value::Money;

/// Columns of a sheet of projects, in their order in `projects.toml`.
pub const COLUMNS: &[Column] = &columns();

const fn columns() -> [Column; STATED.len()] {
    let mut all = [const { may("") }; STATED.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at == 0 { must(STATED[at]) } else { may(STATED[at]) };
        at += 1;
    }
    all
}

/// What a mapping names that is no column of a sheet of projects.
#[must_use]
pub fn unknown_field(mapping: &Mapping) -> Option<&str> {
    mapping.unknown(COLUMNS)
}

/// The header of a sheet of projects as its set of names.
#[must_use]
pub fn header_set(body: &Body<'_>, mapping: &Mapping) -> Vec<String> {
    table::header_of(body, COLUMNS, &usual(mapping))
}

/// What the headers mean, with what people call the columns of this sheet.
fn usual(mapping: &Mapping) -> Mapping {
    let usual = [("项目编号", "id"), ("项目名称", "name")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    let found = FOUND.map(|column| (column.to_owned(), "-".to_owned()));
    mapping.over(&Mapping::new([usual.as_slice(), found.as_slice()].concat()))
}

/// What a field is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    Text(String),
    Number(i64),
    List(Vec<String>),
    Shares(Vec<(String, i64)>),
}

impl Field {
    fn item(&self) -> Item {
        match self {
            Self::Text(text) => value(text.as_str()),
            Self::Number(n) => value(*n),
            Self::List(names) => value(names.iter().map(String::as_str).collect::<Array>()),
            Self::Shares(shares) => {
                value(shares.iter().map(|(code, share)| (code.as_str(), *share)).collect::<InlineTable>())
            }
        }
    }

    /// As a sheet states it.
    fn written(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => n.to_string(),
            Self::List(names) => names.join(";"),
            Self::Shares(shares) => registry::shares_written(shares.iter().map(|(code, n)| (code, n))),
        }
    }
}

/// What a row changes in a project: fields by name, none to take one away.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    id: String,
    /// Line in the file.
    row: usize,
    /// Its cells as written, in the order of [`COLUMNS`].
    cells: Vec<String>,
    fields: Vec<(&'static str, Option<Field>)>,
}

/// A sheet of projects that was read.
#[derive(Debug)]
pub struct Registry {
    origin: Origin,
    /// Where our columns stand.
    places: Vec<Option<usize>>,
    /// Its rows, also those in which something is wrong: what did read of them may have other things wrong with it.
    entries: Vec<Entry>,
    bad: Vec<BadRow>,
}

impl Registry {
    /// No row changes anything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(|entry| entry.fields.is_empty())
    }

    /// Nothing in the sheet is wrong by itself.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.bad.is_empty()
    }

    /// What the sheet changes in each project, by its id: fields and what they become.
    #[must_use]
    pub fn changes(&self) -> HashMap<&str, Vec<(&'static str, String)>> {
        let of = |(column, field): &(&'static str, Option<Field>)| {
            (*column, field.as_ref().map(Field::written).unwrap_or_default())
        };
        self.entries.iter().map(|entry| (entry.id.as_str(), entry.fields.iter().map(of).collect())).collect()
    }
}

/// A project's fields as `projects.toml` would state them; empty where it states nothing.
fn stated(plan: &Plan, p: &Project, column: &str) -> String {
    registry::stated(plan, p, column).map_or_else(String::new, registry::Field::written)
}

const STALLS: [(&str, Stall); 8] = [
    ("fenced_not_built", Stall::FencedNotBuilt),
    ("cleared_not_built", Stall::ClearedNotBuilt),
    ("cleared_not_fenced", Stall::ClearedNotFenced),
    ("stop_and_go", Stall::StopAndGo),
    ("圈而未建", Stall::FencedNotBuilt),
    ("腾而未建", Stall::ClearedNotBuilt),
    ("腾而不圈", Stall::ClearedNotFenced),
    ("建建停停", Stall::StopAndGo),
];

const PROVENANCES: [(&str, Provenance); 4] = [
    ("stated", Provenance::Stated),
    ("inferred", Provenance::Inferred),
    ("assumed", Provenance::Assumed),
    ("sample", Provenance::Sample),
];

/// The first of the words for a value, which is the one of `projects.toml`.
fn word_of<T: PartialEq>(words: &[(&'static str, T)], value: T) -> &'static str {
    words.iter().find(|(_, v)| *v == value).map_or("", |(word, _)| word)
}

const STATES: [(&str, ProjectState); 8] = [
    ("active", ProjectState::Active),
    ("suspended", ProjectState::Suspended),
    ("exempt", ProjectState::Exempt),
    ("withdrawn", ProjectState::Withdrawn),
    ("在建", ProjectState::Active),
    ("暂停", ProjectState::Suspended),
    ("不纳入考核", ProjectState::Exempt),
    ("退出", ProjectState::Withdrawn),
];

const COMMITMENTS: [(&str, &str); 4] =
    [("must", "must"), ("stretch", "stretch"), ("确保", "must"), ("力争", "stretch")];

/// Reads a sheet of projects against the plan of the folder.
pub fn read(origin: &Origin, body: &Body<'_>, mapping: &Mapping, plan: &Plan) -> Registry {
    let complaints = Complaints::default();
    let (mut entries, mut seen): (Vec<Entry>, _) = (Vec::new(), HashSet::new());
    let mapping = usual(mapping);
    // Which columns there are is known once the header has been read: a column that is not there changes nothing.
    let places = table::read(origin, body, COLUMNS, &mapping, &complaints, &mut |line| {
        let Some(entry) = entry(line, plan) else { return };
        if !seen.insert(entry.id.clone()) {
            return line.refuse("id", "项目在表里重复", "the project is there twice");
        }
        entries.push(entry);
    });
    let there: Vec<&str> = COLUMNS.iter().zip(&places).filter(|(_, p)| p.is_some()).map(|(c, _)| c.name).collect();
    for entry in &mut entries {
        let known = plan.project_ix(&entry.id).map(|ix| plan.project(ix));
        entry.fields.retain(|(column, field)| there.contains(column) && differs(plan, known, column, field.as_ref()));
    }
    Registry { origin: origin.clone(), places, entries, bad: complaints.into_inner() }
}

/// Whether a field says something else than the plan.
fn differs(plan: &Plan, known: Option<&Project>, column: &str, field: Option<&Field>) -> bool {
    let now = field.map(Field::written).unwrap_or_default();
    let Some(p) = known else { return !now.is_empty() };
    let before = stated(plan, p, column);
    match column {
        "state" if now.is_empty() => p.state != ProjectState::default(),
        "provenance" if now.is_empty() => p.provenance != Provenance::default(),
        _ => now != before,
    }
}

fn entry(line: &Line<'_>, plan: &Plan) -> Option<Entry> {
    let id = line.id("id");
    let known = id.as_ref().and_then(|id| plan.project_ix(id)).map(|ix| plan.project(ix));
    let has = |column: &str| known.is_none() || line.has(column);
    let name = if has("name") { line.name("name") } else { None };
    let commitment = if has("commitment") { line.need_word("commitment", &COMMITMENTS) } else { None };
    let headquarters = if has("headquarters") {
        line.need("headquarters").and_then(|_| unit(line, plan, "headquarters", Some(UnitKind::Headquarters)))
    } else {
        None
    };
    let town = unit(line, plan, "town", Some(UnitKind::Town));
    if !line.raw("town").is_empty() && !line.raw("town_shares").is_empty() {
        line.refuse("town_shares", "镇与各镇份额只写其一", "either town or town_shares, not both");
    }
    let amounts = ["total_investment", "annual_plan"].map(|column| amount(line, plan, known, column));
    if let [Some(total), Some(annual)] = amounts
        && total.currency == annual.currency
        && annual.amount / MISTAKEN > total.amount
    {
        line.refuse(
            "annual_plan",
            format!("是总投资 {total} 的十倍以上：万、亿是否写错？"),
            format!("more than ten times the total investment, {total}: are 万 and 亿 mixed up?"),
        );
    }
    let task_points = line.count("task_points");
    if task_points.is_some_and(|n| !(1..=1000).contains(&n)) {
        line.refuse("task_points", "应在 1 至 1000 之间", "must be from 1 to 1000");
    }
    let (state, reason) = state(line, known);
    let text = |t: Option<String>| t.map(Field::Text);
    let word = |w: Option<&str>| w.map(|w| Field::Text(w.to_owned()));
    let stall = line.word("stall", &STALLS).map(|stall| word_of(&STALLS, stall));
    let provenance = line.word("provenance", &PROVENANCES).map(|p| word_of(&PROVENANCES, p));
    let state = state.map(|state| word_of(&STATES, state));
    let aliases = line.text("aliases").map(|names| Field::List(list(&names).map(str::to_owned).collect()));
    let [total, annual] = amounts.map(|m| m.map(Money::exact));
    let mut fields = vec![
        ("name", text(name)),
        ("aliases", aliases),
        ("commitment", commitment.map(|c| Field::Text(c.to_owned()))),
        ("headquarters", text(headquarters)),
        ("town", text(town)),
        ("town_shares", shares(line, plan)),
        ("total_investment", text(total)),
        ("annual_plan", text(annual)),
    ];
    fields.extend(["owner", "contractor", "service_officer"].map(|column| (column, text(line.text(column)))));
    fields.push(("task_points", task_points.map(|n| Field::Number(i64::from(n)))));
    fields.extend([("stall", word(stall)), ("state", word(state)), ("state_reason", text(reason))]);
    fields.extend([("provenance", word(provenance)), ("note", text(line.text("note")))]);
    // What could not be read is no wish to take the field away.
    fields.retain(|(column, field)| field.is_some() || line.raw(column).is_empty());
    let cells = COLUMNS.iter().map(|column| line.raw(column.name).to_owned()).collect();
    Some(Entry { id: id?, row: line.row, cells, fields })
}

/// State and its reason; no state where it would need one.
fn state(line: &Line<'_>, known: Option<&Project>) -> (Option<ProjectState>, Option<String>) {
    let (state, reason) = (line.word("state", &STATES), line.text("state_reason"));
    // A sheet without the column leaves the reason that is there.
    let kept = || !line.has("state_reason") && known.is_some_and(|p| p.state_reason.is_some());
    if state.is_some_and(ProjectState::is_excluded) && line.raw("state_reason").is_empty() && !kept() {
        let column = if line.has("state_reason") { "state_reason" } else { "state" };
        line.refuse(
            column,
            "不纳入考核、退出须写原因（「状态原因」一列）",
            "exempt and withdrawn need a reason, in the column state_reason",
        );
        return (None, reason);
    }
    (state, reason)
}

/// The parts of a cell that holds several.
fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

/// Towns and their shares, `LC=6000;ZG=4000`; whether they sum up is for the reader of `projects.toml`.
fn shares(line: &Line<'_>, plan: &Plan) -> Option<Field> {
    let text = line.text("town_shares")?;
    let share = |part: &str| {
        let (code, share) = part.split_once('=')?;
        let town = plan.unit_named(code).map(|u| plan.unit(u)).filter(|u| u.kind == UnitKind::Town)?;
        Some((town.code.clone(), share.trim().parse().ok()?))
    };
    let shares: Option<Vec<(String, i64)>> = list(&text).map(share).collect();
    if shares.is_none() {
        line.refuse("town_shares", "写作 LC=6000;ZG=4000", "write LC=6000;ZG=4000, codes of towns");
    }
    shares.map(Field::Shares)
}

/// An amount; one that is ten thousand times what stands there, or a ten-thousandth of it, has the wrong unit.
fn amount(line: &Line<'_>, plan: &Plan, known: Option<&Project>, column: &str) -> Option<Money> {
    let money = line.money(column)?;
    let before = known.and_then(|p| Money::parse(&stated(plan, p, column)).ok());
    if let Some(before) = before.filter(|b| b.currency == money.currency && b.amount > 0) {
        let (less, more) = (before.amount.min(money.amount), before.amount.max(money.amount));
        if less > 0 && more / less == 10_000 && more % less == 0 {
            line.refuse(
                column,
                format!("与现在的 {before} 相差一万倍：万、亿是否写错？确实要改请直接改 projects.toml"),
                format!("ten thousand times off {before}: are 万 and 亿 mixed up? If it is meant, edit projects.toml"),
            );
        }
    }
    if column == "annual_plan" && money.amount == 0 {
        line.refuse(column, "年度计划投资须大于 0", "the annual plan is greater than 0");
    }
    Some(money)
}
