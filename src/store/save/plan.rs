//! 应用计划. A plan put into force, with its four texts.

use std::sync::Arc;

use super::{Step, document};
use crate::domain::change::{Kind, PlanRecord, Record, Subject};
use crate::domain::district::Plan;
use crate::store::access::{self, Action, Actor, Matter};
use crate::store::{Error, Store, guard, ledger, load, unguard};

impl Step<'_> {
    /// Puts a plan into force; the caller holds a connection that may write the typed plan tables.
    pub(in crate::store) fn plan(&mut self, texts: [(&str, &str); 4], plan: Plan, reason: &str) -> Result<(), Error> {
        access::may(&self.actor, Action::ApplyPlan, &Matter { reason: !reason.is_empty(), ..Matter::default() })?;
        let text = |name: &str| {
            texts
                .iter()
                .find(|(n, _)| n.trim_end_matches(".toml") == name)
                .map(|(_, text)| *text)
                .ok_or_else(|| Error::Failed(format!("{name}.toml")))
        };
        let record = PlanRecord {
            district_sha256: document(self.conn, text("district")?)?,
            projects_sha256: document(self.conn, text("projects")?)?,
            scoring_sha256: document(self.conn, text("scoring")?)?,
            targets_sha256: document(self.conn, text("targets")?)?,
        };
        let subject = Subject::new(Kind::Plan, &["plan"]);
        let (base, stored) = ledger::current(self.conn, Kind::Plan, &subject.key)?;
        let before = self.seqs.len();
        self.put(&subject, base, stored.as_deref(), Some(Record::Plan(record)), reason)?;
        if self.seqs.len() > before {
            load::write_plan(self.conn, &plan)?;
            self.plan = Arc::new(plan);
            self.facts = load::facts(self.conn, &self.plan)?;
        }
        Ok(())
    }
}

impl Store {
    /// Puts a plan into force: texts by the names `district`, `projects`, `scoring`, `targets`, and what they mean.
    ///
    /// # Errors
    /// As [`Store::save`]; or the plan is that of another district.
    pub fn apply_plan(
        &mut self,
        actor: &Actor,
        texts: [(&str, &str); 4],
        plan: &Plan,
        reason: &str,
    ) -> Result<Vec<u64>, Error> {
        if plan.district.id != self.plan.district.id {
            return Err(Error::invalid(
                format!("计划属于「{}」，数据库属于「{}」", plan.district.id, self.plan.district.id),
                format!("the plan is of {}, the database of {}", plan.district.id, self.plan.district.id),
            ));
        }
        let op_id = (self.ambient.op_id)()?;
        unguard(&mut self.conn)?;
        self.guarded = false;
        let saved = self.operation(actor, op_id, |step| step.plan(texts, plan.clone(), reason));
        guard(&mut self.conn)?;
        self.guarded = true;
        saved
    }
}
