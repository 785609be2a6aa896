//! 去处. Where something of the district is shown.

use std::sync::Arc;

use super::App;
use super::filter::of_unit;
use super::modal::{Dossier, Modal};
use super::msg::Effect;
use super::palette::{board_of, next_to_score};
use super::screen::{Sight, Tab};
use crate::domain::change::Kind;
use crate::domain::district::{JudgeIx, ProjectIx, RoundIx, RoundKind, UnitIx};
use crate::domain::snapshot::Snapshot;
use crate::store::{LedgerEntry, Request};

/// 去处
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// The dossier of a project.
    Project(ProjectIx),
    /// A project in the list.
    Listed(ProjectIx),
    /// The row of a project in the score grid.
    Scores(ProjectIx),
    /// A unit on its board.
    Unit(UnitIx),
    /// The projects of a unit.
    Projects(UnitIx),
    /// The projects that a filter leaves.
    Filtered(String),
    /// The first project of a unit that waits for its score.
    ToScore(UnitIx),
    /// The rectifications of a unit.
    Rectified(UnitIx),
    /// The ledger entries of a unit.
    Recorded(UnitIx),
    /// The boards of a round.
    Round(RoundIx),
    /// The ballots of a judge.
    Judge(JudgeIx),
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
    /// An entry of the ledger, by its number.
    Entry(u64),
}

impl Place {
    /// Where the subject of an entry is shown; none where it has no place of its own.
    #[must_use]
    pub fn of_entry(entry: &LedgerEntry, data: &Snapshot) -> Option<Self> {
        let plan = &data.plan;
        let parts: Vec<&str> = entry.key.split('/').collect();
        match (entry.kind?, &parts[..]) {
            (Kind::Score, [round, project, _]) if data.assessment_round() == plan.round_ix(round) => {
                plan.project_ix(project).map(Self::Scores)
            }
            (Kind::Score, [_, project, _]) | (Kind::Ballot, [_, _, project]) => {
                plan.project_ix(project).map(Self::Project)
            }
            (Kind::Milestone | Kind::Progress, [project, _]) => plan.project_ix(project).map(Self::Project),
            (Kind::Rectification, _) => {
                let found = data.facts.rectifications.iter().any(|(id, _)| *id == entry.key);
                found.then(|| Self::Rectification(entry.key.clone()))
            }
            (Kind::Indicator, [id, _]) => plan.targets.indicators.iter().position(|i| i.id == *id).map(Self::Indicator),
            (Kind::Goal, [id, _]) => plan.targets.goals.iter().position(|g| g.id == *id).map(Self::Goal),
            (Kind::Resolution, [id, label]) => {
                let plans = &plan.targets.quota_plans;
                let at = plans.iter().position(|p| p.id == *id)?;
                let row = plans[at].quotas.iter().position(|q| q.label == *label)?;
                Some(Self::Quota(at, Some(row)))
            }
            (Kind::Incident, _) => {
                let project =
                    data.facts.incidents.iter().find(|(id, _)| *id == entry.key).map(|(_, k)| &k.value.project)?;
                plan.project_ix(project).map(Self::Project)
            }
            _ => None,
        }
    }

    /// The view that shows it; none for what lies over any view.
    #[must_use]
    pub fn tab(&self) -> Option<Tab> {
        Some(match self {
            Self::Project(_) | Self::Entry(_) => return None,
            Self::Listed(_) | Self::Projects(_) | Self::Filtered(_) => Tab::Projects,
            Self::Scores(_) | Self::ToScore(_) | Self::Judge(_) => Tab::Scores,
            Self::Unit(_) | Self::Round(_) => Tab::Boards,
            Self::Rectification(_) | Self::Rectifications(_) | Self::Rectified(_) => Tab::Rectifications,
            Self::Quota(..) | Self::Indicator(_) | Self::Goal(_) => Tab::Targets,
            Self::History(_) | Self::Recorded(_) => Tab::History,
        })
    }

    /// The unit that it is about.
    #[must_use]
    pub fn unit(&self) -> Option<UnitIx> {
        match self {
            Self::Unit(u) | Self::Projects(u) | Self::ToScore(u) | Self::Rectified(u) | Self::Recorded(u) => Some(*u),
            _ => None,
        }
    }
}

impl App {
    /// Goes there.
    pub(super) fn show(&mut self, place: Place, data: &Arc<Snapshot>) -> Vec<Effect> {
        match (place.tab(), &place) {
            (None, Place::Project(project)) => {
                self.modal = Some(Modal::Dossier(Dossier::new(*project)));
                return Vec::new();
            }
            (None, Place::Entry(seq)) => {
                self.sought = Some(*seq);
                return vec![Effect::Send(Request::History(super::of_entry(*seq)))];
            }
            _ => {}
        }
        if place.tab() != Some(Tab::Scores) && self.asks_before_leaving() {
            return Vec::new();
        }
        self.modal = None;
        let effects = place.tab().map(|tab| self.go(tab)).unwrap_or_default();
        let sight = Sight { data, index: &self.index, actor: &self.actor, lang: self.lang };
        match place {
            Place::Project(_) | Place::Entry(_) => {}
            Place::Listed(project) => self.projects.show(&sight, project),
            Place::Scores(project) => self.scores.show(data, project),
            Place::Unit(unit) => self.boards.show_unit(unit, board_of(data.plan.unit(unit).kind), &sight),
            Place::Projects(unit) => self.projects.show_unit(&sight, unit),
            Place::Filtered(filter) => self.projects.show_all(&filter, &sight),
            Place::ToScore(unit) => {
                if let Some(project) = next_to_score(&sight, unit) {
                    self.scores.show(data, project);
                }
            }
            Place::Rectified(unit) => self.rectifications.set_filter(&of_unit(data, unit), &sight),
            Place::Recorded(unit) => self.history.of_unit(unit),
            Place::Judge(judge) => {
                let round =
                    self.ballots.round.or_else(|| data.newest(|r| data.plan.round(r).kind == RoundKind::Observation));
                if let Some(round) = round {
                    self.ballots.show(round, &sight);
                    let rows = self.ballots.grid.rows.clone();
                    self.ballots.grid.row.point(&rows, judge);
                }
            }
            Place::Round(round) => self.boards.show_round(round, &sight),
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
