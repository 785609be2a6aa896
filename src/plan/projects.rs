//! `projects.toml`: projects, their milestones and moves.

use std::collections::HashSet;

use super::Lines;
use super::district::Units;
use super::reader::{Cell, Row, Seen};
use crate::domain::district::{UnitIx, UnitKind};
use crate::domain::project::{
    BoardKind, Commitment, Milestone, MilestoneKind, Move, Project, ProjectState, Provenance, Stall,
};

/// Projects in the order of the file, and the milestones of all of them.
pub fn read(root: &Row<'_>, units: &Units, lines: &mut Lines) -> (Vec<Project>, Vec<Milestone>) {
    let (mut projects, mut milestones) = (Vec::new(), Vec::new());
    let mut seen = Seen::default();
    for row in root.rows("project") {
        let project = project(&row, units, &mut milestones, lines);
        seen.note(&row, "id", &project.id);
        row.finish();
        projects.push(project);
    }
    root.finish();
    (projects, milestones)
}

fn optional_name(row: &Row<'_>, key: &'static str) -> Option<String> {
    row.optional(key).and_then(|c| c.name())
}

fn project(row: &Row<'_>, units: &Units, all: &mut Vec<Milestone>, lines: &mut Lines) -> Project {
    let id = row.id("id").unwrap_or_default();
    lines.note(row, "project", &id);
    let name = row.name("name");
    let aliases = row.optional("aliases").map_or_else(Vec::new, |c| c.list().iter().filter_map(Cell::name).collect());
    let commitment = row.word("commitment", &[("must", Commitment::Must), ("stretch", Commitment::Stretch)]);
    let headquarters = row.required("headquarters").and_then(|c| units.of_kinds(&c, &[UnitKind::Headquarters]));
    let towns = towns(row, units);
    let total_investment = row.optional("total_investment").and_then(|c| c.money());
    let annual_plan = row.optional("annual_plan").and_then(|c| {
        let plan = c.money()?;
        if plan.amount == 0 {
            c.refuse("年度计划投资须大于 0", "the annual plan is greater than 0");
        }
        Some(plan)
    });
    let owner = optional_name(row, "owner");
    let contractor = optional_name(row, "contractor");
    let service_officer = optional_name(row, "service_officer");
    let task_points = row.optional("task_points").and_then(|c| c.whole(1..=1000));
    let stall = row.optional("stall").and_then(|c| {
        c.word(&[
            ("fenced_not_built", Stall::FencedNotBuilt),
            ("cleared_not_built", Stall::ClearedNotBuilt),
            ("cleared_not_fenced", Stall::ClearedNotFenced),
            ("stop_and_go", Stall::StopAndGo),
        ])
    });
    let state_cell = row.optional("state");
    let state = state_cell.as_ref().and_then(|c| {
        c.word(&[
            ("active", ProjectState::Active),
            ("suspended", ProjectState::Suspended),
            ("exempt", ProjectState::Exempt),
            ("withdrawn", ProjectState::Withdrawn),
        ])
    });
    let state = state.unwrap_or_default();
    let state_reason = row.text("state_reason");
    if state.is_excluded()
        && state_reason.is_none()
        && let Some(c) = state_cell
    {
        c.refuse("不纳入考核、退出须写 state_reason", "exempt and withdrawn need a state_reason");
    }
    let provenance = row.optional("provenance").and_then(|c| {
        c.word(&[
            ("stated", Provenance::Stated),
            ("inferred", Provenance::Inferred),
            ("assumed", Provenance::Assumed),
            ("sample", Provenance::Sample),
        ])
    });
    let note = row.text("note");
    let first = u32::try_from(all.len()).unwrap_or(u32::MAX);
    let mut names = Seen::default();
    for m in row.rows("milestone") {
        let milestone = milestone(&m);
        names.note(&m, "name", &milestone.name);
        lines.note(&m, "milestone", &format!("{id}/{}", milestone.name));
        all.push(milestone);
    }
    let moves = moves(row, units);
    Project {
        id,
        name,
        aliases,
        commitment: commitment.unwrap_or(Commitment::Must),
        headquarters: headquarters.unwrap_or(UnitIx(0)),
        towns,
        total_investment,
        annual_plan,
        owner,
        contractor,
        service_officer,
        task_points,
        stall,
        state,
        state_reason,
        provenance: provenance.unwrap_or_default(),
        note,
        milestones: first..u32::try_from(all.len()).unwrap_or(u32::MAX),
        moves,
    }
}

fn towns(row: &Row<'_>, units: &Units) -> Vec<(UnitIx, u16)> {
    let town = row.optional("town");
    let Some(shares) = row.optional("town_shares") else {
        return town.and_then(|c| units.of_kinds(&c, &[UnitKind::Town])).map_or_else(Vec::new, |u| vec![(u, 10000)]);
    };
    if let Some(c) = town {
        c.refuse("town 与 town_shares 只写其一", "either town or town_shares, not both");
    }
    let Some(table) = shares.row() else { return Vec::new() };
    let entries = table.entries();
    let mut towns = Vec::new();
    for (key, code, value) in &entries {
        let unit = units.code(key, code, &[UnitKind::Town]);
        if let (Some(unit), Some(share)) = (unit, value.whole::<u16>(1..=10000)) {
            towns.push((unit, share));
        }
    }
    if towns.len() == entries.len() {
        let sum: u32 = towns.iter().map(|t| u32::from(t.1)).sum();
        if towns.len() < 2 {
            shares.refuse("份额至少涉及两个镇", "shares name at least two towns");
        } else if sum != 10000 {
            shares.refuse(format!("份额合计 {sum}，应为 10000"), format!("the shares sum to {sum}, not 10000"));
        }
    }
    towns
}

fn milestone(row: &Row<'_>) -> Milestone {
    let name = row.name("name");
    let kind = row.word(
        "kind",
        &[
            ("formality", MilestoneKind::Formality),
            ("physical", MilestoneKind::Physical),
            ("completion", MilestoneKind::Completion),
            ("production", MilestoneKind::Production),
        ],
    );
    let due = row.date("due");
    let weight = row.optional("weight").and_then(|c| c.whole(1..=10000));
    row.finish();
    Milestone {
        name,
        kind: kind.unwrap_or(MilestoneKind::Completion),
        due: due.unwrap_or_default(),
        weight: weight.unwrap_or(1),
    }
}

fn moves(row: &Row<'_>, units: &Units) -> Vec<Move> {
    let mut days = HashSet::new();
    let mut moves = Vec::new();
    for m in row.rows("move") {
        let board = m.word("board", &[("headquarters", BoardKind::Headquarters), ("town", BoardKind::Towns)]);
        let kinds: &[UnitKind] = match board {
            Some(BoardKind::Headquarters) => &[UnitKind::Headquarters],
            Some(BoardKind::Towns) => &[UnitKind::Town],
            None => &[],
        };
        let unit = m.required("unit").and_then(|c| units.of_kinds(&c, kinds));
        let from = m.date("from");
        let reason = m.name("reason");
        m.finish();
        let (Some(board), Some(from)) = (board, from) else { continue };
        if !days.insert((board, from))
            && let Some(c) = m.optional("from")
        {
            c.refuse("同一榜单同一天只能调整一次", "one move per board and day");
        }
        moves.push(Move { board, unit: unit.unwrap_or(UnitIx(0)), from, reason });
    }
    moves.sort_by_key(|m| m.from);
    moves
}
