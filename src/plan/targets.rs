//! `targets.toml`: attraction quotas, published tallies, indicators, goals.

use super::Lines;
use super::district::Units;
use super::reader::{Cell, Row, Seen};
use crate::domain::district::Targets;
use crate::domain::goal::{Goal, GoalOp};
use crate::domain::indicator::{Better, Indicator};
use crate::domain::project::Commitment;
use crate::domain::quota::{PublishedTally, Quota, QuotaPlan, QuotaTier};
use crate::domain::value::Money;

/// The targets.
pub fn read(root: &Row<'_>, units: &Units, lines: &mut Lines) -> Targets {
    let mut seen = Seen::default();
    let quota_plans = root
        .rows("quota_plan")
        .iter()
        .map(|row| {
            let plan = quota_plan(row, units, lines);
            seen.note(row, "id", &plan.id);
            plan
        })
        .collect();
    let mut seen = Seen::default();
    let tallies = root
        .rows("tally")
        .iter()
        .map(|row| {
            let tally = tally(row, lines);
            seen.note(row, "id", &tally.id);
            tally
        })
        .collect();
    let mut seen = Seen::default();
    let indicators = root
        .rows("indicator")
        .iter()
        .map(|row| {
            let id = row.id("id").unwrap_or_default();
            seen.note(row, "id", &id);
            lines.note(row, "indicator", &id);
            let (name, unit) = (row.name("name"), row.name("unit"));
            let better = row.word("better", &[("higher", Better::Higher), ("lower", Better::Lower)]);
            row.finish();
            Indicator { id, name, unit, better: better.unwrap_or(Better::Higher) }
        })
        .collect();
    let mut seen = Seen::default();
    let goals = root
        .rows("goal")
        .iter()
        .map(|row| {
            let goal = goal(row, units, lines);
            seen.note(row, "id", &goal.id);
            goal
        })
        .collect();
    root.finish();
    Targets { quota_plans, tallies, indicators, goals }
}

fn quota_plan(row: &Row<'_>, units: &Units, lines: &mut Lines) -> QuotaPlan {
    let id = row.id("id").unwrap_or_default();
    lines.note(row, "quota_plan", &id);
    let name = row.name("name");
    let (from, to) = (row.date("from"), row.date("to"));
    if let (Some(from), Some(to)) = (from, to)
        && from > to
    {
        row.refuse(format!("{from} 至 {to}：起晚于止"), format!("from {from} is after to {to}"));
    }
    let mut seen = Seen::default();
    let mut tiers: Vec<QuotaTier> = Vec::new();
    for tier in row.rows("tier") {
        let tier_id = tier.id("id").unwrap_or_default();
        seen.note(&tier, "id", &tier_id);
        lines.note(&tier, "tier", &format!("{id}/{tier_id}"));
        let label = tier.name("label");
        let cell = tier.required("at_least");
        let at_least = cell.as_ref().and_then(Cell::money);
        if let (Some(cell), Some(at_least)) = (cell, at_least) {
            if at_least.in_yuan().is_none() {
                cell.refuse("档次以人民币计", "tiers are in yuan");
            } else if tiers.last().is_some_and(|t| t.at_least.amount >= at_least.amount) {
                cell.refuse("各档须逐档递增", "each tier is above the one before");
            }
        }
        let headline = tier.optional("headline").and_then(|c| c.whole(0..=1_000_000));
        tier.finish();
        tiers.push(QuotaTier { id: tier_id, label, at_least: at_least.unwrap_or(Money::yuan(0)), headline });
    }
    let quotas = row.rows("quota").iter().map(|q| quota(q, &id, &tiers, units, lines)).collect();
    row.finish();
    QuotaPlan { id, name, from: from.unwrap_or_default(), to: to.unwrap_or_default(), tiers, quotas }
}

fn quota(row: &Row<'_>, plan: &str, tiers: &[QuotaTier], units: &Units, lines: &mut Lines) -> Quota {
    let unit_cell = row.optional("unit");
    let unit = unit_cell.as_ref().and_then(|c| units.named(c));
    let label = row.optional("label").and_then(|c| c.name());
    if unit_cell.is_none() && row.optional("label").is_none() {
        row.refuse("unit 与 label 至少写一个", "either unit or label is needed");
    }
    let label = label.or_else(|| unit.map(|u| units.list[u.at()].name.clone())).unwrap_or_default();
    lines.note(row, "quota", &format!("{plan}/{label}"));
    let candidates = units.list_of(row.optional("candidates"));
    let mut targets = vec![None; tiers.len()];
    for (key, tier, value) in row.table("targets").map_or_else(Vec::new, |t| t.entries()) {
        match tiers.iter().position(|t| t.id == tier) {
            Some(place) => targets[place] = value.whole(0..=1_000_000),
            None => key.unknown(&tier, "档次", "tier", tiers.iter().map(|t| t.id.as_str())),
        }
    }
    row.finish();
    Quota { unit, label, candidates, targets }
}

fn tally(row: &Row<'_>, lines: &mut Lines) -> PublishedTally {
    let id = row.id("id").unwrap_or_default();
    lines.note(row, "tally", &id);
    let as_of = row.optional("as_of").and_then(|c| c.date());
    let commitment = row
        .optional("commitment")
        .and_then(|c| c.word(&[("must", Commitment::Must), ("stretch", Commitment::Stretch)]));
    let total = row.required("total").and_then(|c| c.whole(0..=10_000_000)).unwrap_or_default();
    let mut parts = Vec::new();
    for (key, label, value) in row.table("parts").map_or_else(Vec::new, |t| t.entries()) {
        if super::text::hostile(&label).is_some() {
            key.refuse("含不可见或控制字符", "contains an invisible or control character");
        }
        parts.push((label, value.whole(0..=10_000_000).unwrap_or_default()));
    }
    let exhaustive = row.optional("exhaustive").and_then(|c| c.flag()).unwrap_or_default();
    row.finish();
    PublishedTally { id, as_of, commitment, total, parts, exhaustive }
}

fn goal(row: &Row<'_>, units: &Units, lines: &mut Lines) -> Goal {
    let id = row.id("id").unwrap_or_default();
    lines.note(row, "goal", &id);
    let priority = row.optional("priority").and_then(|c| c.whole(1..=8));
    let name = row.name("name");
    let op = row.word(
        "op",
        &[
            ("at_least", GoalOp::AtLeast),
            ("at_most", GoalOp::AtMost),
            ("increase_pp", GoalOp::IncreasePp),
            ("decrease_pp", GoalOp::DecreasePp),
            ("zero", GoalOp::Zero),
            ("done", GoalOp::Done),
        ],
    );
    let value = match op {
        Some(GoalOp::Zero | GoalOp::Done) => {
            if let Some(c) = row.optional("value") {
                c.refuse("zero 和 done 不写 value", "zero and done have no value");
            }
            None
        }
        Some(_) => row.required("value").and_then(|c| c.points()),
        None => row.optional("value").and_then(|c| c.points()),
    };
    let unit = row.optional("unit").and_then(|c| c.name());
    let due = row.date("due");
    let owner = row.optional("owner").and_then(|c| units.named(&c));
    row.finish();
    Goal { id, priority, name, op: op.unwrap_or(GoalOp::Done), value, unit, due: due.unwrap_or_default(), owner }
}
