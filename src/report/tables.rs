//! 表. Records as other programs take them; scores and ballots in the columns in which we import them.

use super::document::{Cell, Column, Table};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::project::Project;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Money};
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
    let heads = [
        ("id", 8, false),
        ("name", 20, false),
        ("aliases", 8, false),
        ("commitment", 6, false),
        ("headquarters", 5, false),
        ("town", 5, false),
        ("town_shares", 8, false),
        ("total_investment", 8, true),
        ("annual_plan", 8, true),
        ("owner", 10, false),
        ("contractor", 10, false),
        ("service_officer", 6, false),
        ("task_points", 4, true),
        ("stall", 8, false),
        ("state", 6, false),
        ("state_reason", 10, false),
        ("provenance", 6, false),
        ("note", 12, false),
        ("status", 6, false),
        ("light", 4, false),
        ("lag_days", 4, true),
        ("reported", 6, false),
        ("next_milestone", 10, false),
        ("next_due", 6, false),
    ];
    let district = &data.plan.district;
    let mut table = Table::new("projects", format!("{} {}", district.name, district.year), columns(&heads));
    for ix in data.plan.project_ixs() {
        let (stated, found) = (stated(data, data.plan.project(ix)), found(data, ix));
        table.row(stated.into_iter().chain(found));
    }
    table
}

/// What the plan states.
fn stated(data: &Snapshot, p: &Project) -> Vec<Cell> {
    let code = |u: &UnitIx| data.plan.unit(*u).code.as_str();
    let (town, shares) = match p.towns.as_slice() {
        [(one, _)] => (Cell::from(code(one)), Cell::None),
        several => {
            let shares: Vec<String> = several.iter().map(|(u, share)| format!("{}={share}", code(u))).collect();
            (Cell::None, Cell::text(Some(shares.join(";")).filter(|s| !s.is_empty())))
        }
    };
    let money = |m: Option<Money>| m.map_or(Cell::None, Cell::Money);
    let aliases = Some(p.aliases.join(";")).filter(|a| !a.is_empty());
    vec![
        p.id.as_str().into(),
        p.name.as_str().into(),
        Cell::text(aliases),
        name_of(&p.commitment).into(),
        code(&p.headquarters).into(),
        town,
        shares,
        money(p.total_investment),
        money(p.annual_plan),
        Cell::text(p.owner.as_deref()),
        Cell::text(p.contractor.as_deref()),
        Cell::text(p.service_officer.as_deref()),
        Cell::count(p.task_points),
        Cell::text(p.stall.as_ref().map(name_of)),
        name_of(&p.state).into(),
        Cell::text(p.state_reason.as_deref()),
        name_of(&p.provenance).into(),
        Cell::text(p.note.as_deref()),
    ]
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
