//! 去处. Where something of the district is shown.

use std::sync::Arc;

use super::App;
use super::modal::{Dossier, Modal};
use super::msg::Effect;
use super::screen::{Sight, Tab};
use crate::domain::district::ProjectIx;
use crate::domain::snapshot::Snapshot;

/// 去处
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The dossier of a project.
    Project(ProjectIx),
    /// The row of a project in the score grid.
    Scores(ProjectIx),
    /// A rectification, by its id.
    Rectification(String),
    /// The rectifications that a filter leaves.
    Rectifications(String),
    /// A quota row: places of the plan and of the row.
    Quota(usize, Option<usize>),
    /// An indicator, by its place.
    Indicator(usize),
    /// A goal, by its place.
    Goal(usize),
    /// The ledger entries of a subject, as [`crate::store::Query::subject`] names it.
    History(String),
}

impl App {
    /// Goes there.
    pub(super) fn show(&mut self, place: Place, data: &Arc<Snapshot>) -> Vec<Effect> {
        let tab = match &place {
            Place::Project(project) => {
                self.modal = Some(Modal::Dossier(Dossier::new(*project)));
                return Vec::new();
            }
            Place::Scores(_) => Tab::Scores,
            Place::Rectification(_) | Place::Rectifications(_) => Tab::Rectifications,
            Place::Quota(..) | Place::Indicator(_) | Place::Goal(_) => Tab::Targets,
            Place::History(_) => Tab::History,
        };
        self.modal = None;
        let effects = self.go(tab);
        let sight = Sight { data, index: &self.index, actor: &self.actor, lang: self.lang };
        match place {
            Place::Project(_) => {}
            Place::Scores(project) => self.scores.show(data, project),
            Place::Rectification(id) => {
                if let Some(place) = data.facts.rectifications.iter().position(|(key, _)| *key == id) {
                    self.rectifications.show(&sight, place);
                }
            }
            Place::Rectifications(filter) => self.rectifications.show_all(&filter, &sight),
            Place::Quota(plan, row) => self.targets.show_quota(plan, row),
            Place::Indicator(place) => self.targets.show_indicator(data, place),
            Place::Goal(place) => self.targets.show_goal(data, place),
            Place::History(subject) => self.history.only(subject),
        }
        effects
    }
}
