//! 疑问. What is odd about one record as it is typed: it is said beside its field and never stops anything.

use super::change::{ProgressRecord, Record, Reported, Subject};
use super::quota::Attraction;
use super::snapshot::Snapshot;
use super::value::{Bilingual, Date, Money, Percent};

/// One doubt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// The field that it is about, as the record names it.
    pub field: &'static str,
    /// What is odd.
    pub text: Bilingual,
}

fn doubt(field: &'static str, zh: String, en: String) -> Doubt {
    Doubt { field, text: Bilingual::new(zh, en) }
}

/// What is odd about a record that would stand under this key.
#[must_use]
pub fn of(data: &Snapshot, subject: &Subject, record: &Record) -> Vec<Doubt> {
    match record {
        Record::Progress(report) => of_report(data, &subject.key, report),
        Record::Attraction(attraction) => of_attraction(attraction).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The other amount, where one is more than it, of the same currency.
fn exceeds(more: Option<Money>, than: Option<Money>) -> Option<Money> {
    let (more, than) = (more?, than?);
    (more.currency == than.currency && more.amount > than.amount).then_some(than)
}

fn of_report(data: &Snapshot, key: &str, report: &ProgressRecord) -> Vec<Doubt> {
    let mut found = Vec::new();
    let known = key.split_once('/').and_then(|(id, day)| Some((data.plan.project_ix(id)?, day.parse::<Date>().ok()?)));
    let Some((project, day)) = known else { return found };
    let all = data.facts.progress.get(project.at()).map_or(&[][..], Vec::as_slice);
    let earlier = &all[..all.partition_point(|(date, _)| *date < day)];
    let highest = earlier.iter().filter_map(|(date, r)| Some((r.percent?, *date))).max_by_key(|(p, _)| *p);
    if let (Some(now), Some((before, date))) = (report.percent, highest)
        && now < before
    {
        let before = before.short();
        let en = format!("lower than the {before}% of {date}");
        found.push(doubt("percent", format!("低于 {date} 上报的 {before}%"), en));
    }
    let most = earlier.iter().filter_map(|(date, r)| Some((r.invested?, *date))).max_by_key(|(m, _)| m.in_yuan());
    if let Some((before, date)) = most.filter(|(m, _)| exceeds(Some(*m), report.invested).is_some()) {
        let en = format!("less than the {before} of {date}");
        found.push(doubt("invested", format!("少于 {date} 上报的 {before}"), en));
    }
    if let Some(total) = exceeds(report.invested, data.plan.project(project).total_investment) {
        found.push(doubt("invested", format!("超过总投资 {total}"), format!("more than the total of {total}")));
    }
    if let (Some(Reported::Completed), Some(percent)) = (report.reported, report.percent)
        && percent < Percent::whole(100)
    {
        let percent = percent.short();
        let en = format!("completed, and yet at {percent}%");
        found.push(doubt("reported", format!("报已完成，形象进度只有 {percent}%"), en));
    }
    found
}

fn of_attraction(a: &Attraction) -> Option<Doubt> {
    let amount = exceeds(a.received, Some(a.amount))?;
    Some(doubt("received", format!("超过投资额 {amount}"), format!("more than the amount of {amount}")))
}
