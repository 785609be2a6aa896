//! `dukao rank --json`.

use serde::Serialize;
use serde_json::Value;

use super::{SCHEMA, number};
use crate::domain::board::{Board, BoardRow};
use crate::domain::district::RoundIx;
use crate::domain::project::BoardKind;
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;

/// `dukao rank`
#[derive(Serialize)]
pub struct Leaderboard<'a> {
    schema: u32,
    round: &'a str,
    board: BoardKind,
    by: &'static str,
    state: RoundState,
    as_of: Date,
    /// The rule set given instead of the one in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules<'a>>,
    /// Computed from the records by those rules: not what was sealed.
    #[serde(skip_serializing_if = "Option::is_none")]
    recomputed: Option<bool>,
    rows: Vec<Rank<'a>>,
}

#[derive(Serialize)]
struct Rules<'a> {
    id: &'a str,
    title: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
struct Rank<'a> {
    rank: Option<u32>,
    tied: bool,
    unit: Option<&'a str>,
    name: &'a str,
    score: Value,
    assessment: Value,
    observation: Value,
    composite: Value,
    task_points: Value,
    earned_points: Value,
    projects: Option<usize>,
    scored: Option<usize>,
    certified: Option<usize>,
    stretch_bonus: Value,
    delta: Option<i64>,
    flags: Vec<&'static str>,
    margin: Value,
    robust: Option<bool>,
    /// Rank by the rules in force, and whether it is another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    base_rank: Option<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rank_differs: Option<bool>,
}

/// One leaderboard; beside that of the rules in force, where it is by others.
#[must_use]
pub fn leaderboard<'a>(data: &'a Snapshot, asked: RoundIx, board: &Board, in_force: Option<&Board>) -> Leaderboard<'a> {
    let robustness = data.robustness(board);
    let base = |r: &BoardRow| in_force.map(|b| b.rows.iter().find(|x| x.unit == r.unit).and_then(|x| x.rank));
    let unit = |row: &BoardRow| row.unit.map(|u| data.plan.unit(u));
    let row = |r: &BoardRow| Rank {
        rank: r.rank,
        tied: r.tied,
        unit: unit(r).map(|u| u.code.as_str()),
        name: unit(r).map_or("未注明", |u| u.name.as_str()),
        score: number(r.score),
        assessment: number(r.assessment),
        observation: number(r.observation),
        composite: number(r.composite),
        task_points: number(r.task_points),
        earned_points: number(r.earned_points),
        projects: r.projects,
        scored: r.scored,
        certified: r.certified,
        stretch_bonus: number(r.stretch_bonus),
        delta: r.delta,
        flags: r.flags.iter().map(|f| f.name()).collect(),
        margin: number(r.margin),
        robust: robustness.holds(r.unit, r.rank),
        base_rank: base(r),
        rank_differs: base(r).map(|base| base != r.rank),
    };
    Leaderboard {
        schema: SCHEMA,
        round: &data.plan.round(asked).id,
        board: board.kind,
        by: board.measure.name(),
        state: board.state,
        as_of: board.as_of,
        rules: in_force.map(|_| {
            let rules = &data.plan.rules;
            Rules { id: &rules.id, title: &rules.title, sha256: &rules.sha256 }
        }),
        recomputed: in_force.map(|_| true),
        rows: board.rows.iter().map(row).collect(),
    }
}
