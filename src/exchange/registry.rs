//! 项目清单. A sheet of projects becomes edits of `projects.toml`: changed fields only, comments and order as they are.

use toml_edit::{Array, ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

use super::line::{Column, Complaints, Line};
use super::rows::{MISTAKEN, may, must, unit};
use super::table::{self, Body, Origin};
use super::{BadRow, Mapping};
use crate::domain::district::{Plan, UnitKind};
use crate::domain::project::{Commitment, Project, ProjectState, Provenance, Stall};
use crate::domain::value::{Bilingual, Money};

/// Columns of a sheet of projects, in their order in `projects.toml`.
pub const COLUMNS: &[Column] = &[
    must("id"),
    may("name"),
    may("aliases"),
    may("commitment"),
    may("headquarters"),
    may("town"),
    may("town_shares"),
    may("total_investment"),
    may("annual_plan"),
    may("owner"),
    may("contractor"),
    may("service_officer"),
    may("task_points"),
    may("stall"),
    may("state"),
    may("state_reason"),
    may("provenance"),
    may("note"),
];

/// Columns of an exported registry that tell where a project stands: nobody states them.
const FOUND: [&str; 6] = ["status", "light", "lag_days", "reported", "next_milestone", "next_due"];

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
            Self::Shares(shares) => shares.iter().map(|(code, n)| format!("{code}={n}")).collect::<Vec<_>>().join(";"),
        }
    }
}

/// What a row changes in a project: fields by name, none to take one away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    id: String,
    fields: Vec<(&'static str, Option<Field>)>,
}

/// A project's fields as `projects.toml` would state them; empty where it states nothing.
#[must_use]
pub fn stated(plan: &Plan, p: &Project, column: &str) -> String {
    let text = |t: &Option<String>| t.clone().unwrap_or_default();
    let money = |m: Option<Money>| m.map(Money::exact).unwrap_or_default();
    match column {
        "id" => p.id.clone(),
        "name" => p.name.clone(),
        "aliases" => p.aliases.join(";"),
        "commitment" => if p.commitment == Commitment::Must { "must" } else { "stretch" }.to_owned(),
        "headquarters" => plan.unit(p.headquarters).code.clone(),
        "town" => match p.towns.as_slice() {
            [(town, _)] => plan.unit(*town).code.clone(),
            _ => String::new(),
        },
        "town_shares" if p.towns.len() > 1 => {
            let shares = p.towns.iter().map(|(town, share)| (plan.unit(*town).code.clone(), i64::from(*share)));
            Field::Shares(shares.collect()).written()
        }
        "total_investment" => money(p.total_investment),
        "annual_plan" => money(p.annual_plan),
        "owner" => text(&p.owner),
        "contractor" => text(&p.contractor),
        "service_officer" => text(&p.service_officer),
        "task_points" => p.task_points.map(|n| n.to_string()).unwrap_or_default(),
        "stall" => p.stall.map_or("", |stall| word_of(&STALLS, stall)).to_owned(),
        "provenance" => word_of(&PROVENANCES, p.provenance).to_owned(),
        "state" => word_of(&STATES, p.state).to_owned(),
        "state_reason" => text(&p.state_reason),
        "note" => text(&p.note),
        _ => String::new(),
    }
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
///
/// # Errors
/// Every bad cell.
pub fn read(origin: &Origin, body: &Body<'_>, mapping: &Mapping, plan: &Plan) -> Result<Vec<Entry>, Vec<BadRow>> {
    let complaints = Complaints::default();
    let mut entries: Vec<Entry> = Vec::new();
    let mapping = usual(mapping);
    // Which columns there are is known once the header has been read: a column that is not there changes nothing.
    let places = table::read(origin, body, COLUMNS, &mapping, &complaints, &mut |line| {
        let Some(entry) = entry(line, plan) else { return };
        if entries.iter().any(|e| e.id == entry.id) {
            line.refuse("id", "项目在表里重复", "the project is there twice");
        }
        entries.push(entry);
    });
    let there: Vec<&str> = COLUMNS.iter().zip(&places).filter(|(_, p)| p.is_some()).map(|(c, _)| c.name).collect();
    let bad = complaints.into_inner();
    if !bad.is_empty() {
        return Err(bad);
    }
    for entry in &mut entries {
        let known = plan.project_ix(&entry.id).map(|ix| plan.project(ix));
        entry.fields.retain(|(column, field)| there.contains(column) && differs(plan, known, column, field.as_ref()));
    }
    entries.retain(|entry| !entry.fields.is_empty());
    Ok(entries)
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
    let state = line.word("state", &STATES);
    let reason = line.text("state_reason");
    if state.is_some_and(ProjectState::is_excluded) && line.has("state_reason") && line.raw("state_reason").is_empty() {
        line.refuse("state_reason", "不纳入考核、退出须写原因", "exempt and withdrawn need a reason");
    }
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
    Some(Entry { id: id?, fields })
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

/// `projects.toml` with these changes.
///
/// # Errors
/// The text is no TOML, or writes its projects in another way than `[[project]]`.
pub fn rewritten(text: &str, entries: &[Entry]) -> Result<String, Bilingual> {
    let mut doc: DocumentMut = text
        .parse()
        .map_err(|e| Bilingual::new(format!("projects.toml 读不出来：{e}"), format!("projects.toml: {e}")))?;
    let projects = doc.entry("project").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    let projects = projects.as_array_of_tables_mut().ok_or_else(|| {
        Bilingual::new("projects.toml 的项目不是 [[project]] 写法", "projects.toml does not write [[project]]")
    })?;
    for entry in entries {
        let of_id = |table: &Table| table.get("id").and_then(Item::as_str) == Some(entry.id.as_str());
        let place = projects.iter().position(of_id);
        match place.and_then(|at| projects.get_mut(at)) {
            Some(table) => edit(table, entry),
            None => {
                let mut table = Table::new();
                table.decor_mut().set_prefix("\n");
                table.insert("id", value(entry.id.as_str()));
                edit(&mut table, entry);
                projects.push(table);
            }
        }
    }
    Ok(doc.to_string())
}

fn edit(table: &mut Table, entry: &Entry) {
    for (column, field) in &entry.fields {
        let Some(field) = field else {
            table.remove(column);
            continue;
        };
        // One town, or several that share it, never both.
        match *column {
            "town" => drop(table.remove("town_shares")),
            "town_shares" => drop(table.remove("town")),
            _ => {}
        }
        let mut item = field.item();
        let before = table.get(column).and_then(Item::as_value).map(|v| v.decor().clone());
        if let (Some(decor), Some(new)) = (before, item.as_value_mut()) {
            // What stands behind the value on its line stays there.
            *Value::decor_mut(new) = decor;
        }
        table.insert(column, item);
    }
}
