//! `resolve quota`: records which unit an unknown name of a quota plan means.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::folder::Opened;
use super::score::save;
use crate::domain::change::{Change, Draft, Kind, Record, ResolutionRecord, Subject};

/// Decisions about names.
#[derive(Debug, Subcommand)]
pub enum Resolve {
    /// Which unit a label of a quota plan means
    Quota(Quota),
}

/// Which unit a label of a quota plan means.
#[derive(Debug, Args)]
pub struct Quota {
    /// Quota plan id
    plan: String,
    /// The label as printed
    label: String,
    /// Code or name of the unit
    unit: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// Saves the decision and prints its entry number.
pub fn resolve(opened: &mut Opened, command: &Resolve) -> Result<(), Failure> {
    let Resolve::Quota(quota) = command;
    let (data, plans) = (&opened.data, &opened.data.plan.targets.quota_plans);
    let plan = plans.iter().find(|p| p.id == quota.plan).ok_or_else(|| {
        let ids = plans.iter().map(|p| p.id.as_str());
        let list = ("dukao targets quotas 列出全部", "dukao targets quotas lists them all");
        Failure::unknown("招商任务", "quota plan", &quota.plan, ids, list)
    })?;
    let row = plan.quotas.iter().find(|q| q.label == quota.label).ok_or_else(|| {
        let labels: Vec<&str> = plan.quotas.iter().map(|q| q.label.as_str()).collect();
        let list = labels.join(" ");
        let exist = (&*format!("有：{list}"), &*format!("there are {list}"));
        Failure::unknown("任务名称", "label", &quota.label, labels, exist)
    })?;
    let label = &row.label;
    if let Some(unit) = row.unit {
        let code = &data.plan.unit(unit).code;
        return Err(Failure::usage(
            format!("计划已写明「{label}」是 {code}"),
            format!("the plan says already that {label} is {code}"),
        )
        .next("要改，请改 targets.toml", "to change it, change targets.toml"));
    }
    let unit = data.plan.unit_named(&quota.unit).ok_or_else(|| {
        // Those that the plan offers go before all others.
        let candidates: Vec<&str> = row.candidates.iter().map(|u| data.plan.unit(*u).code.as_str()).collect();
        let all: Vec<&str> = data.plan.district.units.iter().map(|u| u.code.as_str()).collect();
        let list = if candidates.is_empty() { &all } else { &candidates }.join(" ");
        let exist = (&*format!("候选：{list}"), &*format!("candidates: {list}"));
        Failure::unknown("单位", "unit", &quota.unit, all.iter().copied(), exist)
    })?;
    let change = Change {
        subject: Subject::new(Kind::Resolution, &[&plan.id, label]),
        before: None,
        after: Some(Record::Resolution(ResolutionRecord { unit: data.plan.unit(unit).code.clone() })),
        reason: quota.reason.clone(),
    };
    let drafts = [Draft { change, base: None }];
    save(opened, &drafts)
}
