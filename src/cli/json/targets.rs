//! `dukao targets --json`.

use serde::Serialize;
use serde_json::Value;

use super::{SCHEMA, number};
use crate::domain::goal::GoalOp;
use crate::domain::indicator::VersusCity;
use crate::domain::project::Light;
use crate::domain::quota::QuotaCell;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Percent};

/// Which targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Targets {
    /// 招商任务
    Quotas,
    /// 主要指标
    Indicators,
    /// 目标
    Goals,
}

/// `dukao targets`; a part that was not asked for is left out.
#[derive(Serialize)]
pub struct TargetFigures<'a> {
    schema: u32,
    as_of: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    quota_plans: Option<Vec<QuotaPlan<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    indicators: Option<Vec<Indicator<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    goals: Option<Vec<Goal<'a>>>,
}

#[derive(Serialize)]
struct QuotaPlan<'a> {
    id: &'a str,
    name: &'a str,
    pace: Value,
    funds: Funds,
    tiers: Vec<Tier<'a>>,
    rows: Vec<QuotaLine<'a>>,
}

#[derive(Serialize)]
struct Funds {
    outside_city_yuan: i64,
    outside_province_yuan: i64,
}

#[derive(Serialize)]
struct Tier<'a> {
    id: &'a str,
    headline: Option<u32>,
    stated_sum: u32,
    implied_sum: u32,
    distinct: u32,
    credits: u32,
}

#[derive(Serialize)]
struct QuotaLine<'a> {
    unit: Option<&'a str>,
    label: &'a str,
    resolution: &'static str,
    tiers: Vec<Cell<'a>>,
    score: Value,
}

#[derive(Serialize)]
struct Cell<'a> {
    id: &'a str,
    target: Option<u32>,
    actual: Option<u32>,
    progress: Value,
    lag_pp: Value,
    light: Light,
    forecast: Value,
}

#[derive(Serialize)]
struct Indicator<'a> {
    id: &'a str,
    name: &'a str,
    period: Option<&'a str>,
    value: Value,
    unit: &'a str,
    growth: Value,
    target_growth: Value,
    versus_city: Option<VersusCity>,
    provisional: bool,
    light: Light,
}

#[derive(Serialize)]
struct Goal<'a> {
    id: &'a str,
    name: &'a str,
    op: GoalOp,
    target: Value,
    value: Value,
    due: Date,
    light: Light,
}

fn quota_plans(data: &Snapshot) -> Vec<QuotaPlan<'_>> {
    let figures = data.quota_plans();
    data.plan
        .targets
        .quota_plans
        .iter()
        .zip(figures)
        .map(|(plan, f)| QuotaPlan {
            id: &plan.id,
            name: &plan.name,
            pace: f.pace.json(),
            funds: Funds { outside_city_yuan: f.outside_city, outside_province_yuan: f.outside_province },
            tiers: plan
                .tiers
                .iter()
                .zip(&f.tiers)
                .map(|(tier, t)| Tier {
                    id: &tier.id,
                    headline: tier.headline,
                    stated_sum: t.stated_sum,
                    implied_sum: t.implied_sum,
                    distinct: t.distinct,
                    credits: t.credits,
                })
                .collect(),
            rows: plan
                .quotas
                .iter()
                .zip(&f.rows)
                .map(|(quota, row)| QuotaLine {
                    unit: row.unit.map(|u| data.plan.unit(u).code.as_str()),
                    label: &quota.label,
                    resolution: row.resolution.name(),
                    tiers: plan.tiers.iter().zip(&row.cells).map(|(tier, c)| quota_cell(&tier.id, c)).collect(),
                    score: number(row.score),
                })
                .collect(),
        })
        .collect()
}

fn quota_cell<'a>(id: &'a str, c: &QuotaCell) -> Cell<'a> {
    Cell {
        id,
        target: c.target,
        actual: c.actual,
        progress: number(c.progress),
        lag_pp: number(c.lag),
        light: c.light,
        forecast: number(c.forecast),
    }
}

fn indicators(data: &Snapshot) -> Vec<Indicator<'_>> {
    data.plan
        .targets
        .indicators
        .iter()
        .zip(data.indicators())
        .map(|(plan, f)| {
            let record = f.record.as_ref();
            let percent = |p: Option<Percent>| p.map_or(Value::Null, Percent::json);
            Indicator {
                id: &plan.id,
                name: &plan.name,
                period: f.period.as_deref(),
                value: percent(record.and_then(|r| r.value)),
                unit: &plan.unit,
                growth: percent(record.and_then(|r| r.growth)),
                target_growth: percent(record.and_then(|r| r.target_growth)),
                versus_city: record.and_then(|r| r.versus_city),
                provisional: record.is_some_and(|r| r.provisional),
                light: f.light,
            }
        })
        .collect()
}

fn goals(data: &Snapshot) -> Vec<Goal<'_>> {
    data.plan
        .targets
        .goals
        .iter()
        .zip(data.goals())
        .map(|(goal, f)| Goal {
            id: &goal.id,
            name: &goal.name,
            op: goal.op,
            target: number(goal.value),
            value: number(f.value),
            due: goal.due,
            light: f.light,
        })
        .collect()
}

/// Quotas, indicators and goals, or one of them.
#[must_use]
pub fn targets(data: &Snapshot, only: Option<Targets>) -> TargetFigures<'_> {
    let wanted = |part| only.is_none_or(|o| o == part);
    TargetFigures {
        schema: SCHEMA,
        as_of: data.day(),
        quota_plans: wanted(Targets::Quotas).then(|| quota_plans(data)),
        indicators: wanted(Targets::Indicators).then(|| indicators(data)),
        goals: wanted(Targets::Goals).then(|| goals(data)),
    }
}
