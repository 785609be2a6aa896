//! `dukao explain --json`.

use serde::Serialize;
use serde_json::Value;

use super::SCHEMA;
use crate::app::explain::subject;
use crate::domain::change::Subject;
use crate::domain::district::RoundIx;
use crate::domain::explain::{Clause, Derivation, Figure};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Lang};
use crate::store::LedgerEntry;

/// `dukao explain`
#[derive(Serialize)]
pub struct Explained<'a> {
    schema: u32,
    subject: String,
    round: Option<&'a str>,
    as_of: Date,
    derivation: Step<'a>,
}

#[derive(Serialize)]
struct Step<'a> {
    label: &'a str,
    working: &'a str,
    result: Value,
    rule: Option<Rule<'a>>,
    source: Option<Source<'a>>,
    /// The subject whose own derivation goes further.
    more: Option<String>,
    steps: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    file: &'static str,
    clause: &'a str,
    line: Option<u32>,
}

/// The entry is null where there is none, or where it is not for this person.
#[derive(Serialize)]
struct Source<'a> {
    kind: &'static str,
    key: &'a str,
    seq: Option<u64>,
    actor: Option<&'a str>,
    at: Option<&'a str>,
}

fn result(figure: &Figure, lang: Lang) -> Value {
    match figure {
        Figure::None => Value::Null,
        Figure::Points(points) => points.json(),
        Figure::Count(n) => (*n).into(),
        Figure::Money(money) => money.in_yuan().map_or_else(|| figure.text(lang).into(), Into::into),
        Figure::Day(_) | Figure::Word(_) => figure.text(lang).into(),
    }
}

fn rule(clause: &Clause) -> Rule<'_> {
    Rule { file: "scoring.toml", clause: &clause.key, line: clause.line }
}

fn source<'a>(of: &'a Subject, entries: &'a [LedgerEntry]) -> Source<'a> {
    let entry = entries.iter().find(|e| e.kind == Some(of.kind) && e.key == of.key);
    Source {
        kind: of.kind.name(),
        key: &of.key,
        seq: entry.map(|e| e.seq),
        actor: entry.map(|e| e.actor.as_str()),
        at: entry.map(|e| e.at.as_str()),
    }
}

fn step<'a>(data: &'a Snapshot, of: &'a Derivation, entries: &'a [LedgerEntry], lang: Lang) -> Step<'a> {
    Step {
        label: of.label.in_lang(lang),
        working: of.working.in_lang(lang),
        result: result(&of.result, lang),
        rule: of.clause.as_ref().map(rule),
        source: of.source.as_ref().map(|s| source(s, entries)),
        more: of.more.as_ref().map(|q| subject(data, q).0),
        steps: of.steps.iter().map(|s| step(data, s, entries, lang)).collect(),
    }
}

/// A derivation with who entered what it rests on.
#[must_use]
pub fn explained<'a>(
    data: &'a Snapshot,
    (subject, round): (String, Option<RoundIx>),
    derivation: &'a Derivation,
    entries: &'a [LedgerEntry],
    lang: Lang,
) -> Explained<'a> {
    Explained {
        schema: SCHEMA,
        subject,
        round: round.map(|r| data.plan.round(r).id.as_str()),
        as_of: round.map_or_else(|| data.board_date(), |r| data.round_date(r)),
        derivation: step(data, derivation, entries, lang),
    }
}
