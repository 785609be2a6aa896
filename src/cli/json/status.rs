//! `dukao status --json`.

use serde::Serialize;

use super::SCHEMA;
use crate::domain::district::ProjectIx;
use crate::domain::project::{Commitment, Tally};
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
}

#[derive(Serialize)]
struct DueSoon<'a> {
    project: &'a str,
    milestone: &'a str,
    due: Date,
}

impl From<Tally> for Counts {
    fn from(t: Tally) -> Self {
        Self {
            total: t.total,
            completed: t.completed,
            on_track: t.on_track,
            behind: t.behind,
            behind_red: t.behind_red,
            unknown: t.unknown,
            excluded: t.excluded,
        }
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
        must: data.tally_of(Some(Commitment::Must)).into(),
        stretch: data.tally_of(Some(Commitment::Stretch)).into(),
        behind: data.behind().into_iter().map(|ix| plan.project(ix).id.as_str()).collect(),
        due_soon: data.due_soon().into_iter().map(due_soon).collect(),
    }
}
