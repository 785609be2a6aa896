//! 先看权限. Whether somebody may change a record at all, before its value and the state that it meets are looked at: what
//! they are is not told to whoever has no right to change them.

use super::{Step, parts};
use crate::domain::change::{Change, Kind, Record};
use crate::domain::panel::BallotState;
use crate::store::Error;
use crate::store::access::{self, Action, Matter};

impl Step<'_> {
    /// Refuses a change that the person may not make, whatever its value and the state of its round.
    ///
    /// # Errors
    /// Not permitted.
    pub fn permits(&self, change: &Change) -> Result<(), Error> {
        let (kind, key) = (change.subject.kind, change.subject.key.as_str());
        let may = |action, matter: &Matter| match access::may(&self.actor, action, matter) {
            Err(refused @ Error::NotPermitted(_)) => Err(refused),
            // The state is looked at where the change is made.
            _ => Ok(()),
        };
        match kind {
            Kind::Score | Kind::Ballot => {
                let Ok([round, second, third]) = parts(key) else { return Ok(()) };
                let Some(round) = self.plan.round_ix(round) else { return Ok(()) };
                let project = if kind == Kind::Score { second } else { third };
                let matter = Matter {
                    reason: true,
                    ..Matter::in_round(&self.plan, round, project, self.facts.round_state(round))
                };
                let first = may(Action::of(change), &matter);
                // A confirmation that comes in a file may turn out to be a first entry.
                match &change.after {
                    Some(Record::Ballot(b)) if b.state == BallotState::Confirmed => {
                        first.or_else(|refused| may(Action::BallotEnter, &matter).map_err(|_| refused))
                    }
                    _ => first,
                }
            }
            // Every step of a round is for the same role.
            Kind::Round => may(Action::of(change), &Matter { reason: true, ..Matter::default() }),
            _ => [&change.before, &change.after].into_iter().filter(|value| value.is_some()).try_for_each(|value| {
                let matter = Matter::of_record(&self.plan, kind, key, value.as_ref(), self.today());
                may(Action::of(change), &Matter { reason: true, ..matter })
            }),
        }
    }
}
