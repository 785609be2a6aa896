//! `dukao round show --json` and `dukao round diff --json`.

use serde::Serialize;
use serde_json::Value;

use super::{SCHEMA, number};
use crate::domain::board::BoardRow;
use crate::domain::district::{Plan, RoundIx, RoundKind};
use crate::domain::project::BoardKind;
use crate::domain::results::Results;
use crate::domain::revision::{self, Aspect, Difference};
use crate::domain::value::Date;
use crate::store::Seal;

/// `dukao round show`
#[derive(Serialize)]
pub struct Frozen<'a> {
    schema: u32,
    round: &'a str,
    name: &'a str,
    kind: RoundKind,
    as_of: Date,
    #[serde(flatten)]
    seal: Sealed<'a>,
    revisions: Vec<Sealed<'a>>,
    boards: Boards<'a>,
    /// The results document; null for who may not read every score and ballot in it.
    document: Option<Value>,
}

#[derive(Serialize)]
struct Sealed<'a> {
    revision: u32,
    hash: &'a str,
    rules_sha256: Option<&'a str>,
    date: Option<Date>,
    at: &'a str,
    actor: &'a str,
    seq: u64,
    published: bool,
    correction: bool,
    reopened: Option<&'a str>,
}

#[derive(Serialize)]
struct Boards<'a> {
    headquarters: Vec<Row<'a>>,
    towns: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    rank: Option<u32>,
    tied: bool,
    unit: Option<&'a str>,
    name: &'a str,
    score: Value,
    task_points: Value,
    earned_points: Value,
    projects: Option<usize>,
    scored: Option<usize>,
    certified: Option<usize>,
    margin: Value,
}

fn sealed(seal: &Seal) -> Sealed<'_> {
    Sealed {
        revision: seal.revision,
        hash: &seal.sha256,
        rules_sha256: seal.rules_sha256.as_deref(),
        date: seal.date,
        at: &seal.at,
        actor: &seal.actor,
        seq: seal.seq,
        published: seal.published,
        correction: seal.correction,
        reopened: seal.reopened.as_deref(),
    }
}

/// What a seal froze, among those of the round that may be seen.
#[must_use]
pub fn frozen<'a>(
    plan: &'a Plan,
    round: RoundIx,
    (seal, seals): (&'a Seal, &[&'a Seal]),
    results: &Results,
    document: Option<Value>,
) -> Frozen<'a> {
    let rows = |kind| revision::rows(plan, results, kind).1.iter().map(|r| row(plan, r)).collect();
    let stated = plan.round(round);
    Frozen {
        schema: SCHEMA,
        round: &stated.id,
        name: &stated.name,
        kind: results.kind,
        as_of: results.as_of,
        seal: sealed(seal),
        revisions: seals.iter().map(|s| sealed(s)).collect(),
        boards: Boards { headquarters: rows(BoardKind::Headquarters), towns: rows(BoardKind::Towns) },
        document,
    }
}

fn row<'a>(plan: &'a Plan, r: &BoardRow) -> Row<'a> {
    let unit = r.unit.map(|u| plan.unit(u));
    Row {
        rank: r.rank,
        tied: r.tied,
        unit: unit.map(|u| u.code.as_str()),
        name: unit.map_or("未注明", |u| u.name.as_str()),
        score: number(r.score),
        task_points: number(r.task_points),
        earned_points: number(r.earned_points),
        projects: r.projects,
        scored: r.scored,
        certified: r.certified,
        margin: number(r.margin),
    }
}

/// `dukao round diff`
#[derive(Serialize)]
pub struct RevisionDiff<'a> {
    schema: u32,
    round: &'a str,
    from: Sealed<'a>,
    to: Sealed<'a>,
    same: bool,
    inputs: Vec<Changed<'a>>,
    projects: Vec<Changed<'a>>,
    panels: Vec<Changed<'a>>,
    units: Vec<Changed<'a>>,
    ranks: Vec<Changed<'a>>,
}

#[derive(Serialize)]
struct Changed<'a> {
    key: &'a str,
    field: &'a str,
    old: &'a Value,
    new: &'a Value,
}

/// What differs between two seals; `same` says whether their documents do.
#[must_use]
pub fn revision_diff<'a>(round: &'a str, (from, to): (&'a Seal, &'a Seal), all: &'a [Difference]) -> RevisionDiff<'a> {
    let of = |aspect: Aspect| {
        let these = all.iter().filter(|d| d.aspect == aspect);
        these.map(|d| Changed { key: &d.key, field: d.field, old: &d.old, new: &d.new }).collect()
    };
    RevisionDiff {
        schema: SCHEMA,
        round,
        from: sealed(from),
        to: sealed(to),
        same: from.sha256 == to.sha256,
        inputs: of(Aspect::Input),
        projects: of(Aspect::Project),
        panels: of(Aspect::Panel),
        units: of(Aspect::Unit),
        ranks: of(Aspect::Rank),
    }
}
