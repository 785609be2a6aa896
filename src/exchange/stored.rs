//! 现状. Records as the snapshot holds them.

use crate::domain::change::{Kind, Record, Subject};
use crate::domain::snapshot::{Keyed, Snapshot};
use crate::domain::value::Date;

/// The record as it is now; scores, ballots and rounds are none of those that are asked here.
#[must_use]
pub fn current(snapshot: &Snapshot, subject: &Subject) -> Option<Record> {
    fn keyed<T: Clone>(list: &Keyed<T>, key: &str, record: fn(T) -> Record) -> Option<Record> {
        list.binary_search_by(|(k, _)| k.as_str().cmp(key)).ok().map(|i| record(list[i].1.value.clone()))
    }
    let (facts, key) = (&snapshot.facts, subject.key.as_str());
    match subject.kind {
        Kind::Milestone => {
            let (project, name) = key.split_once('/')?;
            let ix = snapshot.plan.project_ix(project)?;
            let place = snapshot.plan.milestones(ix).iter().position(|m| m.name == name)?;
            let first = snapshot.plan.project(ix).milestones.start as usize;
            let done = facts.done.get(first + place).copied().flatten()?;
            Some(Record::Milestone(crate::domain::change::MilestoneRecord { done }))
        }
        Kind::Progress => {
            let (project, date) = key.split_once('/')?;
            let (ix, date): (_, Date) = (snapshot.plan.project_ix(project)?, date.parse().ok()?);
            let reports = facts.progress.get(ix.at())?;
            let found = reports.binary_search_by_key(&date, |r| r.0).ok()?;
            Some(Record::Progress(reports[found].1.clone()))
        }
        Kind::Incident => keyed(&facts.incidents, key, Record::Incident),
        Kind::Rectification => keyed(&facts.rectifications, key, Record::Rectification),
        Kind::Attraction => keyed(&facts.attractions, key, Record::Attraction),
        Kind::Indicator => keyed(&facts.indicators, key, Record::Indicator),
        Kind::Goal => keyed(&facts.goals, key, Record::Goal),
        _ => None,
    }
}

/// Number of the newest entry of a record, 0 where there is none; none for a record that stands in the snapshot without
/// it, which the store compares by its value.
#[must_use]
pub fn newest(snapshot: &Snapshot, subject: &Subject) -> Option<u64> {
    fn seq<T>(list: &Keyed<T>, key: &str) -> u64 {
        list.binary_search_by(|(k, _)| k.as_str().cmp(key)).map_or(0, |i| list[i].1.seq)
    }
    let (facts, key) = (&snapshot.facts, subject.key.as_str());
    match subject.kind {
        Kind::Incident => Some(seq(&facts.incidents, key)),
        Kind::Rectification => Some(seq(&facts.rectifications, key)),
        Kind::Attraction => Some(seq(&facts.attractions, key)),
        Kind::Indicator => Some(seq(&facts.indicators, key)),
        Kind::Goal => Some(seq(&facts.goals, key)),
        _ if current(snapshot, subject).is_none() => Some(0),
        _ => None,
    }
}
