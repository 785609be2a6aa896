//! 存疑. What cannot be judged because rows that belong to it did not come in: whatever else seems wrong with it may only
//! follow from them, and is not complained about. Every doubt comes with a complaint about the row that raised it.

use std::collections::HashSet;
use std::hash::Hash;

use super::Sheet;
use super::line::Line;
use crate::domain::district::{Plan, ProjectIx, RoundIx};

/// Some things, or all of them.
#[derive(Clone, Debug)]
struct Any<T> {
    named: HashSet<T>,
    all: bool,
}

impl<T> Default for Any<T> {
    fn default() -> Self {
        Self { named: HashSet::new(), all: false }
    }
}

impl<T: Copy + Eq + Hash> Any<T> {
    /// One of them; all, where it is not known which.
    fn add(&mut self, one: Option<T>) {
        match one {
            Some(one) => drop(self.named.insert(one)),
            None => self.all = true,
        }
    }

    fn has(&self, one: T) -> bool {
        self.all || self.named.contains(&one)
    }

    fn is_empty(&self) -> bool {
        !self.all && self.named.is_empty()
    }
}

/// 存疑
#[derive(Clone, Debug, Default)]
pub struct Doubts {
    /// Projects whose facts are not all there: their suggestions may be others.
    projects: Any<ProjectIx>,
    /// Rounds whose steps are not all there: they may be open or not.
    steps: Any<RoundIx>,
    /// Rounds whose scores or ballots are not all there: they may be settled or not.
    entries: Any<RoundIx>,
}

impl Doubts {
    /// A line that did not come in.
    pub fn line(&mut self, kind: Sheet, line: &Line<'_>, plan: &Plan) {
        let round = plan.round_ix(line.raw("round"));
        match kind {
            Sheet::Rounds => self.steps.add(round),
            Sheet::Scores | Sheet::Ballots => self.entries.add(round),
            // A rectification need not be of a project.
            Sheet::Rectifications if line.raw("project").is_empty() => {}
            Sheet::Milestones | Sheet::Progress | Sheet::Incidents | Sheet::Rectifications => {
                self.projects.add(plan.project_named(line.raw("project")));
            }
            Sheet::Attractions | Sheet::Indicators | Sheet::Goals => {}
        }
    }

    /// Lines that did not come in, nobody knows which.
    pub fn table(&mut self, kind: Sheet) {
        match kind {
            Sheet::Rounds => self.steps.all = true,
            Sheet::Scores | Sheet::Ballots => self.entries.all = true,
            Sheet::Milestones | Sheet::Progress | Sheet::Incidents | Sheet::Rectifications => self.projects.all = true,
            Sheet::Attractions | Sheet::Indicators | Sheet::Goals => {}
        }
    }

    /// Facts of a project that the state refuses.
    pub fn facts(&mut self, project: ProjectIx) {
        self.projects.add(Some(project));
    }

    /// A score or a ballot of a round that the state refuses.
    pub fn entry(&mut self, round: RoundIx) {
        self.entries.add(Some(round));
    }

    /// A step of a round that the state refuses.
    pub fn step(&mut self, round: RoundIx) {
        self.steps.add(Some(round));
    }

    /// What is suggested for the project may be something else.
    pub fn of_suggestions(&self, project: ProjectIx) -> bool {
        self.projects.has(project)
    }

    /// The round may be in another state.
    pub fn of_state(&self, round: RoundIx) -> bool {
        self.steps.has(round)
    }

    /// The round may be settled, or not.
    pub fn of_results(&self, round: RoundIx) -> bool {
        !self.projects.is_empty() || self.entries.has(round) || self.steps.has(round)
    }
}
