//! `dukao status --json`.

use serde::Serialize;
use serde_json::Value;

use super::{SCHEMA, number};
use crate::domain::district::{ProjectIx, UnitKind};
use crate::domain::project::{BoardKind, Commitment};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;

/// `dukao status`
#[derive(Serialize)]
pub struct Status<'a> {
    schema: u32,
    district: &'a str,
    as_of: Date,
    total: usize,
    must: Counts,
    stretch: Counts,
    behind: Vec<&'a str>,
    due_soon: Vec<DueSoon<'a>>,
    optimism: Vec<Optimism<'a>>,
}

/// Projects of a unit that are reported better than their milestones show.
#[derive(Serialize)]
struct Optimism<'a> {
    unit: &'a str,
    better: usize,
    reported: usize,
}

#[derive(Serialize)]
struct Counts {
    total: usize,
    completed: usize,
    on_track: usize,
    behind: usize,
    behind_red: usize,
    unknown: usize,
    excluded: usize,
    run_rate: Rate,
}

/// Completions over the plan year: what they come to at this speed, and what speed the rest needs.
#[derive(Serialize)]
struct Rate {
    forecast: Value,
    left: usize,
    needed_per_month: Value,
    so_far_per_month: Value,
    ratio: Value,
    ahead_pp: Value,
}

#[derive(Serialize)]
struct DueSoon<'a> {
    project: &'a str,
    milestone: &'a str,
    due: Date,
}

fn counts(data: &Snapshot, commitment: Commitment) -> Counts {
    let (t, rate) = (data.tally_of(Some(commitment)), data.run_rate(commitment));
    Counts {
        total: t.total,
        completed: t.completed,
        on_track: t.on_track,
        behind: t.behind,
        behind_red: t.behind_red,
        unknown: t.unknown,
        excluded: t.excluded,
        run_rate: Rate {
            forecast: number(rate.forecast),
            left: rate.left,
            needed_per_month: number(rate.needed),
            so_far_per_month: number(rate.so_far),
            ratio: number(rate.ratio),
            ahead_pp: number(rate.ahead),
        },
    }
}

/// Tallies, who is behind, what is due soon.
#[must_use]
pub fn status(data: &Snapshot) -> Status<'_> {
    let plan = &data.plan;
    let due_soon = |(project, place): (ProjectIx, usize)| {
        let milestone = &plan.milestones(project)[place];
        DueSoon { project: &plan.project(project).id, milestone: &milestone.name, due: milestone.due }
    };
    Status {
        schema: SCHEMA,
        district: &plan.district.id,
        as_of: data.board_date(),
        total: plan.projects.len(),
        must: counts(data, Commitment::Must),
        stretch: counts(data, Commitment::Stretch),
        behind: data.behind().into_iter().map(|ix| plan.project(ix).id.as_str()).collect(),
        due_soon: data.due_soon().into_iter().map(due_soon).collect(),
        optimism: [(BoardKind::Headquarters, UnitKind::Headquarters), (BoardKind::Towns, UnitKind::Town)]
            .into_iter()
            .flat_map(|(board, kind)| plan.units_of(kind).map(move |unit| (unit, data.optimism(board, unit))))
            .map(|(unit, (better, reported))| Optimism { unit: &plan.unit(unit).code, better, reported })
            .collect(),
    }
}
