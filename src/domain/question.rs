//! 追问. The figures that can be asked about, and how each came about.

use super::district::{ProjectIx, RoundIx, UnitIx};
use super::explain::Derivation;
use super::project::{BoardKind, Commitment};
use super::snapshot::Snapshot;

/// Which figure is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Status of a project, and its score in a round.
    Project {
        /// 项目
        project: ProjectIx,
        /// 轮次; none: only its status.
        round: Option<RoundIx>,
    },
    /// Results and rank of a unit in a round.
    Unit {
        /// Which of its boards.
        board: BoardKind,
        /// 单位; none is the row 未注明.
        unit: Option<UnitIx>,
        /// 轮次, of either kind.
        round: RoundIx,
    },
    /// 观摩 of a site.
    Panel {
        /// 项目
        project: ProjectIx,
        /// 轮次, an observation.
        round: RoundIx,
    },
    /// 招商任务 of a row of a plan, by their places.
    Quota {
        /// Place in the quota plans.
        plan: usize,
        /// Place in its rows; none is the district.
        row: Option<usize>,
    },
    /// 指标 by its place.
    Indicator(usize),
    /// 目标 by its place.
    Goal(usize),
    /// 整改 by its place among the records.
    Rectification(usize),
    /// 合计 of the projects of a commitment, or of all.
    Tally(Option<Commitment>),
}

impl Snapshot {
    /// How a figure came about: a heading whose steps are the figures of the subject, each with what it rests on.
    #[must_use]
    pub fn explain(&self, question: &Question) -> Derivation {
        match question {
            Question::Goal(place) => {
                let goal = &self.plan.targets.goals[*place];
                Derivation::new(goal.name.as_str(), goal.name.as_str(), self.goals()[*place].light)
            }
            _ => Derivation::new("", "", super::explain::Figure::None),
        }
    }
}
