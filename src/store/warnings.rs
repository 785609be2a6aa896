//! 提示. What is odd about the district, as far as a person may know it.

use std::sync::Arc;

use super::access::{Action, Actor, Matter, may};
use super::{Error, Store};
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;
use crate::domain::warning::Warning;
use crate::plan::{self, Lines, Texts};

impl Store {
    /// The warnings of `domain.md` §10 about the state that was read last, as of a day, without those that would tell
    /// the person of scores or ballots that he may not see.
    ///
    /// # Errors
    /// The texts of the plan cannot be read.
    pub fn warnings(&mut self, actor: &Actor, as_of: Option<Date>) -> Result<Vec<Warning>, Error> {
        let lines = self.lines()?;
        let snapshot = self.snapshot(as_of);
        let actor = actor.in_force(&self.plan);
        let mut all = plan::lints(&snapshot, &lines);
        all.retain(|w| may_know(&snapshot, &actor, w));
        Ok(all)
    }

    /// File and line of a row of the plan in force, as `project/<id>`; none where it has no row.
    ///
    /// # Errors
    /// The texts of the plan cannot be read.
    pub fn plan_line(&mut self, key: &str) -> Result<Option<(&'static str, u32)>, Error> {
        Ok(self.lines()?.get(key))
    }

    /// Lines of the plan in force: read when they are first asked for, and again after another plan was applied.
    fn lines(&mut self) -> Result<Arc<Lines>, Error> {
        if let Some((plan, lines)) = &self.lines
            && Arc::ptr_eq(plan, &self.plan)
        {
            return Ok(Arc::clone(lines));
        }
        let [district, projects, scoring, targets] = self.plan_texts()?;
        // The texts of a plan in force were read before; should they not be any more, warnings have no lines.
        let loaded = plan::load_located(&Texts { district, projects, scoring, targets });
        let lines = Arc::new(loaded.map(|l| l.lines).unwrap_or_default());
        self.lines = Some((Arc::clone(&self.plan), Arc::clone(&lines)));
        Ok(lines)
    }
}

/// Whether a warning tells only what the person may see anyway.
fn may_know(data: &Snapshot, actor: &Actor, warning: &Warning) -> bool {
    let matter = match (warning.round, warning.project) {
        (Some(round), Some(project)) => {
            Matter::in_round(&data.plan, round, &data.plan.project(project).id, data.round_state(round))
        }
        // It says something about many rounds, of which any may be sealed.
        _ => Matter { round: Some(RoundState::Sealed), ..Matter::default() },
    };
    let action = match warning.code {
        "ballot-unconfirmed" | "judge-outlier" => Action::ReadBallots,
        "panel-small" | "suggestion-moved" => Action::ReadRound,
        _ => Action::Read,
    };
    may(actor, action, &matter).is_ok()
}
