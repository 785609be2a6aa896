//! 记录. What is looked at before any other record is stored.

use rusqlite::OptionalExtension;

use super::{Step, unknown};
use crate::domain::change::{Change, Kind, Record, Subject};
use crate::domain::rectification::{self, Needs, RectificationState};
use crate::store::Error;
use crate::store::access::{self, Action, Matter};

impl Step<'_> {
    pub(super) fn checked_record(&self, change: &Change) -> Result<Option<Record>, Error> {
        let Subject { kind, key } = &change.subject;
        let project = match (kind, &change.after) {
            (Kind::Milestone | Kind::Progress, Some(_)) => key.split('/').next(),
            (_, Some(Record::Incident(i))) => Some(i.project.as_str()),
            _ => None,
        };
        if let Some(id) = project {
            let ix = self.plan.project_ix(id).ok_or_else(|| unknown(id))?;
            let name = key.split_once('/').map_or("", |(_, name)| name);
            if *kind == Kind::Milestone && !self.plan.milestones(ix).iter().any(|m| m.name == name) {
                return Err(unknown(name));
            }
        }
        self.known(*kind, key, change.after.as_ref())?;
        let needs = self.needs(change);
        let another = matches!(needs, Ok(Needs { another: true, .. }));
        let other_than = if another { self.submitter(key)? } else { None };
        let reason = !change.reason.trim().is_empty();
        // The right is needed over the record as it is and as it shall be.
        for value in [&change.before, &change.after] {
            if value.is_some() {
                let matter = Matter {
                    reason,
                    other_than: other_than.clone(),
                    ..Matter::of_record(&self.plan, *kind, key, value.as_ref(), self.today())
                };
                access::may(&self.actor, Action::of(change), &matter)?;
            }
        }
        if needs?.reason && !reason {
            return Err(Error::ReasonNeeded);
        }
        Ok(change.after.clone())
    }

    /// What a change of a record asks of the person, by the rules of its kind.
    fn needs(&self, change: &Change) -> Result<Needs, Error> {
        let (before, after) = match (&change.before, &change.after) {
            // A milestone that is not done any more has no record; any other that goes is missed by somebody.
            (_, None) => return Ok(Needs { reason: change.subject.kind != Kind::Milestone, another: false }),
            (Some(Record::Rectification(b)), Some(Record::Rectification(a))) => (Some(b), a),
            (_, Some(Record::Rectification(a))) => (None, a),
            _ => return Ok(Needs::default()),
        };
        if self.reversing {
            // It was so before; but nobody closes again what he has submitted.
            let closes = after.state == RectificationState::Closed;
            return Ok(Needs { reason: false, another: closes });
        }
        Ok(rectification::change(before, after, self.way(), self.today())?)
    }

    /// Who submitted a rectification last; taking back a return or a closing submits nothing.
    fn submitter(&self, id: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT actor FROM ledger WHERE kind = 'rectification' AND key = ?1
                   AND after ->> '$.state' = 'submitted' AND reason NOT LIKE 'undo #%'
                   AND coalesce(before ->> '$.state', '') NOT IN ('submitted', 'closed') ORDER BY seq DESC LIMIT 1";
        Ok(self.conn.query_row(sql, [id], |r| r.get(0)).optional()?)
    }

    /// The plan has what a record names: units, indicators, goals, quota plans.
    fn known(&self, kind: Kind, key: &str, value: Option<&Record>) -> Result<(), Error> {
        let (first, plan) = (key.split('/').next().unwrap_or(key), &self.plan);
        let codes: Vec<&String> = match value {
            None => return Ok(()),
            Some(Record::Rectification(r)) => vec![&r.unit],
            Some(Record::Attraction(a)) => a.credits.iter().chain(&a.host).collect(),
            Some(Record::Resolution(r)) => vec![&r.unit],
            Some(_) => Vec::new(),
        };
        if let Some(code) = codes.into_iter().find(|code| plan.unit_ix(code).is_none()) {
            return Err(unknown(code));
        }
        let there = match kind {
            Kind::Indicator => plan.targets.indicators.iter().any(|i| i.id == first),
            Kind::Goal => plan.targets.goals.iter().any(|g| g.id == first),
            Kind::Resolution => {
                let label = key.split_once('/').map_or("", |(_, label)| label);
                let quotas = plan.targets.quota_plans.iter().filter(|q| q.id == first).flat_map(|q| &q.quotas);
                let quota = quotas.into_iter().find(|q| q.label == label).ok_or_else(|| unknown(key))?;
                if quota.unit.is_some() {
                    return Err(Error::invalid(
                        format!("计划已写明「{label}」是哪个单位，不用认定"),
                        format!("the plan states which unit {label} is: there is nothing to resolve"),
                    ));
                }
                true
            }
            _ => true,
        };
        if there { Ok(()) } else { Err(unknown(first)) }
    }
}
