//! `targets`: quotas, indicators and goals against what was promised.

use super::failure::Failure;
use super::folder::Opened;
use super::json::{self, Targets};
use super::output::{Output, Table, figure, name, word};
use super::words::{self, Word};
use crate::domain::quota::{QuotaCell, Resolution};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Percent, Points};

/// Prints target tracking, or one part of it.
pub fn targets(opened: &mut Opened, only: Option<Targets>) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    if opened.options.json {
        return out.json(&json::targets(data, only));
    }
    let wanted = |part| only.is_none_or(|o| o == part);
    let mut blocks = Vec::new();
    if wanted(Targets::Quotas) {
        blocks.push(quotas(data, &out));
    }
    if wanted(Targets::Indicators) {
        blocks.push(indicators(data, &out));
    }
    if wanted(Targets::Goals) {
        blocks.push(goals(data, &out));
    }
    out.text(&blocks.join("\n"))
}

/// One line per unit and tier, then per tier what is stated, implied and reached.
fn quotas(data: &Snapshot, out: &Output) -> String {
    let mut table = Table::new(&[
        word("招商任务", "Quotas"),
        name("单位", "Unit"),
        word("档次", "Tier"),
        figure("任务", "Target"),
        figure("实际", "Actual"),
        figure("完成%", "Done %"),
        figure("较序时", "Vs. pace").leaves(1),
        figure("预计", "Forecast").leaves(2),
        word("灯", "Light"),
        name("备注", "Note").leaves(3),
    ]);
    for (plan, f) in data.plan.targets.quota_plans.iter().zip(data.quota_plans()) {
        for (quota, row) in plan.quotas.iter().zip(&f.rows) {
            // The label is the document's own word; a unit of the district has an English name besides.
            let unit = row.unit.map(|u| data.plan.unit(u));
            let named = unit.filter(|_| quota.unit.is_some() && out.lang == Lang::En).map(|u| u.called(out.lang));
            let label = named.unwrap_or(&quota.label);
            for (tier, cell) in plan.tiers.iter().zip(&row.cells) {
                let note = match unit.filter(|u| quota.unit.is_none() && u.name != quota.label) {
                    Some(unit) => format!("{} {}", out.say("认定为", "means"), unit.called(out.lang)),
                    None => resolution(&row.resolution, out.lang),
                };
                table.row(quota_cells(&plan.id, label, &tier.label, cell, note, out));
            }
        }
        for (tier, t) in plan.tiers.iter().zip(&f.tiers) {
            let note = match out.lang {
                Lang::Zh => format!(
                    "目标 {} 合计 {} 推算 {} 记账 {}",
                    words::count(tier.headline),
                    t.stated_sum,
                    t.implied_sum,
                    t.credits
                ),
                Lang::En => format!(
                    "headline {} stated {} implied {} credits {}",
                    words::count(tier.headline),
                    t.stated_sum,
                    t.implied_sum,
                    t.credits
                ),
            };
            let all = out.say("全区", "district");
            table.row(quota_cells(&plan.id, all, &tier.label, &t.district, note, out));
        }
    }
    table.render(out)
}

fn quota_cells(plan: &str, label: &str, tier: &str, cell: &QuotaCell, note: String, out: &Output) -> [String; 10] {
    let (target, progress) = match (cell.target, cell.actual) {
        (Some(0), None | Some(0)) => (out.say("无任务", "none").to_owned(), words::NONE.to_owned()),
        (Some(0), Some(n)) => (out.say("无任务", "none").to_owned(), format!("+{n}")),
        (target, _) => (words::count(target), words::count(cell.progress.map(|p| p.fixed(0)))),
    };
    [
        plan.to_owned(),
        label.to_owned(),
        tier.to_owned(),
        target,
        words::count(cell.actual),
        progress,
        words::count(cell.ahead.map(|p| if p > Points::ZERO { format!("+{}", p.fixed(1)) } else { p.fixed(1) })),
        words::count(cell.forecast.map(|p| p.fixed(1))),
        cell.light.word(out.lang),
        note,
    ]
}

fn resolution(resolution: &Resolution, lang: Lang) -> String {
    let (zh, en) = match resolution {
        Resolution::Resolved => ("", ""),
        Resolution::Unresolved => ("名称未认定", "name unresolved"),
    };
    if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() }
}

fn indicators(data: &Snapshot, out: &Output) -> String {
    let mut table = Table::new(&[
        word("编号", "Id"),
        name("主要指标", "Indicators"),
        word("期间", "Period"),
        figure("总量", "Value"),
        word("单位", "Unit"),
        figure("增速%", "Growth %"),
        figure("目标%", "Target %"),
        word("全市", "City"),
        word("灯", "Light"),
        word("备注", "Note"),
    ]);
    let percent = |p: Option<Percent>| words::count(p.map(Percent::short));
    for (plan, f) in data.plan.targets.indicators.iter().zip(data.indicators()) {
        let record = f.record.as_ref();
        let provisional = record.is_some_and(|r| r.provisional);
        table.row([
            plan.id.clone(),
            plan.name.clone(),
            words::text(f.period.as_deref()),
            percent(record.and_then(|r| r.value)),
            plan.unit.clone(),
            percent(record.and_then(|r| r.growth)),
            percent(record.and_then(|r| r.target_growth)),
            words::word(record.and_then(|r| r.versus_city), out.lang),
            f.light.word(out.lang),
            if provisional { out.say("预计", "provisional").to_owned() } else { String::new() },
        ]);
    }
    table.render(out)
}

fn goals(data: &Snapshot, out: &Output) -> String {
    let mut table = Table::new(&[
        word("编号", "Id"),
        figure("重点", "Priority").leaves(3),
        name("目标", "Goal"),
        word("要求", "Asked"),
        figure("目标值", "Bound"),
        figure("现值", "Value"),
        word("单位", "Unit").leaves(1),
        word("期限", "Due"),
        word("责任", "Owner").leaves(2),
        word("灯", "Light"),
    ]);
    for (goal, f) in data.plan.targets.goals.iter().zip(data.goals()) {
        table.row([
            goal.id.clone(),
            words::count(goal.priority),
            goal.name.clone(),
            goal.op.word(out.lang),
            words::count(goal.value.map(|v| v.short())),
            words::count(f.value.map(|v| v.short())),
            words::text(goal.unit.as_deref()),
            words::day(goal.due, data.plan.district.year),
            words::count(goal.owner.map(|u| super::projects::unit(data, u, out.lang))),
            f.light.word(out.lang),
        ]);
    }
    table.render(out)
}
