//! `resolve`: which unit an unknown name means.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::folder::Opened;
use super::score::save;
use crate::domain::change::{Change, Draft, Kind, Record, ResolutionRecord, Subject};
use crate::domain::district::{Plan, UnitIx};
use crate::domain::quota::{Quota, QuotaPlan};

/// Which unit an unknown name means.
#[derive(Debug, Subcommand)]
pub enum Resolve {
    /// A name in a quota plan
    Quota(OfQuota),
}

/// A name in a quota plan.
#[derive(Debug, Args)]
pub struct OfQuota {
    /// Id of the quota plan
    plan: String,
    /// The name as the plan prints it
    label: String,
    /// Code or name of the unit it means; `none` takes the decision back
    unit: String,
    /// Why; needed to take it back
    #[arg(long, default_value = "")]
    reason: String,
}

/// Records which unit a name means and prints the entry number.
pub fn resolve(opened: &mut Opened, command: &Resolve) -> Result<(), Failure> {
    let Resolve::Quota(args) = command;
    let plan = &opened.data.plan;
    let quota = quota(known_plan(plan, &args.plan)?, &args.label)?;
    let after = if args.unit == "none" {
        None
    } else {
        let unit = plan.unit_named(&args.unit).ok_or_else(|| unknown_unit(plan, quota, &args.unit))?;
        Some(Record::Resolution(ResolutionRecord { unit: plan.unit(unit).code.clone() }))
    };
    let subject = Subject::new(Kind::Resolution, &[&args.plan, &quota.label]);
    let change = Change { subject, before: None, after, reason: args.reason.clone() };
    save(opened, &[Draft { change, base: None }])
}

fn known_plan<'a>(plan: &'a Plan, id: &str) -> Result<&'a QuotaPlan, Failure> {
    let plans = &plan.targets.quota_plans;
    plans.iter().find(|p| p.id == id).ok_or_else(|| {
        let list = ("dukao targets quotas 列出全部", "dukao targets quotas lists them all");
        Failure::unknown("招商任务计划", "quota plan", id, plans.iter().map(|p| p.id.as_str()), list)
    })
}

fn quota<'a>(plan: &'a QuotaPlan, label: &str) -> Result<&'a Quota, Failure> {
    plan.quotas.iter().find(|q| q.label == label).ok_or_else(|| {
        let open: Vec<&str> = plan.quotas.iter().filter(|q| q.unit.is_none()).map(|q| q.label.as_str()).collect();
        let list = open.join(" ");
        let list = (&*format!("这份计划里待认定的有：{list}"), &*format!("names to resolve in this plan: {list}"));
        Failure::unknown("任务名称", "name in that plan", label, open, list)
    })
}

/// There is no such unit; offers those that the plan thinks of, else all.
fn unknown_unit(plan: &Plan, quota: &Quota, name: &str) -> Failure {
    let shown = |unit: &UnitIx| format!("{} {}", plan.unit(*unit).code, plan.unit(*unit).name);
    let failure = Failure::usage(format!("没有单位「{name}」"), format!("there is no unit {name:?}"));
    if quota.candidates.is_empty() {
        let codes: Vec<&str> = plan.district.units.iter().map(|u| u.code.as_str()).collect();
        let codes = codes.join(" ");
        return failure.next(format!("单位代码：{codes}"), format!("codes of units: {codes}"));
    }
    let list: Vec<String> = quota.candidates.iter().map(shown).collect();
    let (label, list) = (&quota.label, list.join("，"));
    failure.next(
        format!("「{label}」可能是 {list}；也可以是别的单位"),
        format!("{label} may be {list}, or any other unit"),
    )
}
