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
    rows: Vec<Rank<'a>>,
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
}

/// One leaderboard.
#[must_use]
pub fn leaderboard<'a>(data: &'a Snapshot, asked: RoundIx, board: &Board) -> Leaderboard<'a> {
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
    };
    Leaderboard {
        schema: SCHEMA,
        round: &data.plan.round(asked).id,
        board: board.kind,
        by: board.measure.name(),
        state: board.state,
        as_of: board.as_of,
        rows: board.rows.iter().map(row).collect(),
    }
}
