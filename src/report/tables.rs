//! 表. Records as other programs take them; scores and ballots in the columns in which we import them.

use super::document::{Cell, Column, Table};
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::registry::{self, FOUND, Field, STATED};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::domain::words::Word as _;

/// The ids are the headers: such tables speak to programs.
fn columns(ids: &[(&str, u16, bool)]) -> Vec<Column> {
    ids.iter().map(|(id, width, right)| Column { right: *right, ..Column::words(*id, *id, *width) }).collect()
}

/// 评分 of an assessment round that somebody may see, in the columns of `scores.csv`.
pub fn scores(data: &Snapshot, round: RoundIx, sees: &dyn Fn(ProjectIx) -> bool) -> Table {
    let plan = &data.plan;
    let heads =
        [("round", 8, false), ("project", 8, false), ("criterion", 8, false), ("points", 5, true), ("note", 20, false)];
    let mut table = Table::new("scores", plan.round(round).name.clone(), columns(&heads));
    let entered = &data.facts.scores[round.at()];
    for project in plan.project_ixs().filter(|ix| sees(*ix)) {
        for (place, criterion) in plan.rules.criteria.iter().enumerate() {
            let Some(kept) = entered.get(&(project, place)) else { continue };
            table.row([
                plan.round(round).id.as_str().into(),
                plan.project(project).id.as_str().into(),
                criterion.id.as_str().into(),
                kept.value.points.map_or_else(|| "n/a".into(), Cell::Plain),
                Cell::text(Some(kept.value.note.as_str()).filter(|note| !note.is_empty())),
            ]);
        }
    }
    table
}

/// 打分票 of an observation round that somebody may see, in the columns of `ballots.csv`: by site, then judge. For a person
/// to read, headers and states stand in his words, which import takes as well.
pub fn ballots(data: &Snapshot, round: RoundIx, sees: &dyn Fn(ProjectIx) -> bool, reader: Option<Lang>) -> Table {
    let plan = &data.plan;
    let heads =
        [("round", 8, false), ("judge", 5, false), ("project", 8, false), ("state", 6, false), ("score", 5, true)];
    let mut columns = columns(&heads);
    let chinese = reader == Some(Lang::Zh);
    if chinese {
        for (column, label) in columns.iter_mut().zip(["轮次", "评委", "项目编号", "状态", "得分"]) {
            label.clone_into(&mut column.label);
        }
    }
    let mut table = Table::new("ballots", plan.round(round).name.clone(), columns);
    for site in plan.round(round).sites.iter().filter(|ix| sees(**ix)) {
        for (place, judge) in (0_u16..).zip(&plan.district.judges) {
            let place = crate::domain::district::JudgeIx(place);
            let Some(kept) = data.ballot(round, place, *site) else { continue };
            table.row([
                plan.round(round).id.as_str().into(),
                judge.id.as_str().into(),
                plan.project(*site).id.as_str().into(),
                if chinese { kept.value.state.word(Lang::Zh) } else { name_of(&kept.value.state) }.into(),
                kept.value.score.map_or(Cell::None, Cell::Plain),
            ]);
        }
    }
    table
}

/// 项目: what the plan states, by the keys of `projects.toml`, then where each stands.
pub fn projects(data: &Snapshot) -> Table {
    let heads = STATED.into_iter().chain(FOUND).map(|id| (id, width(id), FIGURES.contains(&id)));
    let heads: Vec<(&str, u16, bool)> = heads.collect();
    let district = &data.plan.district;
    let mut table = Table::new("projects", format!("{} {}", district.name, district.year), columns(&heads));
    for ix in data.plan.project_ixs() {
        let p = data.plan.project(ix);
        let stated = STATED.map(|field| registry::stated(&data.plan, p, field).map_or(Cell::None, cell));
        table.row(stated.into_iter().chain(found(data, ix)));
    }
    table
}

/// Columns of [`projects`] that hold figures.
const FIGURES: [&str; 4] = ["total_investment", "annual_plan", "task_points", "lag_days"];

/// How wide a column of [`projects`] is beside the others.
fn width(id: &str) -> u16 {
    match id {
        "name" => 20,
        "note" => 12,
        "owner" | "contractor" | "state_reason" | "next_milestone" => 10,
        "id" | "aliases" | "town_shares" | "total_investment" | "annual_plan" | "stall" => 8,
        "headquarters" | "town" => 5,
        "task_points" | "light" | "lag_days" => 4,
        _ => 6,
    }
}

/// What the plan states, as a cell.
fn cell(field: Field) -> Cell {
    match field {
        Field::Text(text) => text.into(),
        Field::Amount(money) => Cell::Money(money),
        Field::Count(n) => Cell::from_count(n),
    }
}

/// Where a project stands.
fn found(data: &Snapshot, ix: ProjectIx) -> Vec<Cell> {
    let s = data.standing(ix);
    let next = s.next.map(|place| &data.plan.milestones(ix)[place]);
    let reported = data.progress_at(ix, data.board_date()).and_then(|(_, r)| r.reported);
    vec![
        name_of(&s.status).into(),
        Cell::text(s.light.as_ref().map(name_of)),
        Cell::count(s.lag_days),
        Cell::text(reported.as_ref().map(name_of)),
        Cell::text(next.map(|m| m.name.as_str())),
        Cell::day(next.map(|m| m.due)),
    ]
}

/// The name of a variant in files.
fn name_of(value: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(value).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}
