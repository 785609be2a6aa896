//! 快照. Everything any screen shows, immutable: the plan and what happened, with the figures computed from them.

use std::collections::HashMap;
use std::sync::Arc;

use super::change::{Incident, ProgressRecord};
use super::district::{JudgeIx, Plan, ProjectIx, RoundIx};
use super::goal::GoalRecord;
use super::indicator::IndicatorRecord;
use super::panel::BallotRecord;
use super::quota::Attraction;
use super::rectification::Rectification;
use super::round::RoundRecord;
use super::scoring::ScoreRecord;
use super::value::Date;

/// A record together with the ledger entry that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept<T> {
    /// Number of the newest entry of the record.
    pub seq: u64,
    /// Its value.
    pub value: T,
}

/// Records of a kind with a text key, in key order.
pub type Keyed<T> = Arc<Vec<(String, Kept<T>)>>;

/// What happened, as read from the store; each table is shared between snapshots until it changes.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// 完成日 of every milestone of the plan, by its place in [`Plan::milestones`].
    pub done: Arc<Vec<Option<Date>>>,
    /// Entry numbers of milestone records whose milestone is no longer in the plan: `<project>/<name>`.
    pub unknown_milestones: Arc<Vec<String>>,
    /// 进度 of every project by date, oldest first, by [`ProjectIx`].
    pub progress: Arc<Vec<Vec<(Date, ProgressRecord)>>>,
    /// 评分 of every round, by [`RoundIx`]: project and place of the criterion.
    pub scores: Arc<Vec<HashMap<(ProjectIx, usize), Kept<ScoreRecord>>>>,
    /// 打分票 of every round, by [`RoundIx`].
    pub ballots: Arc<Vec<HashMap<(ProjectIx, JudgeIx), Kept<BallotRecord>>>>,
    /// 轮次, by [`RoundIx`]; a draft has none.
    pub rounds: Arc<Vec<Option<Kept<RoundRecord>>>>,
    /// Canonical results of sealed rounds, by [`RoundIx`].
    pub results: Arc<Vec<Option<String>>>,
    /// 事件 by id.
    pub incidents: Keyed<Incident>,
    /// 整改 by id.
    pub rectifications: Keyed<Rectification>,
    /// 招商 by id.
    pub attractions: Keyed<Attraction>,
    /// 指标 by `<indicator>/<period>`.
    pub indicators: Keyed<IndicatorRecord>,
    /// 目标 by `<goal>/<date>`.
    pub goals: Keyed<GoalRecord>,
    /// 名称认定 by `<plan>/<label>`: code of the unit.
    pub resolutions: Keyed<super::change::ResolutionRecord>,
    /// Number of the newest ledger entry.
    pub seq: u64,
    /// Hash of the newest ledger entry, 64 hex digits; empty for an empty ledger.
    pub head: String,
}

impl Facts {
    /// An empty year of a plan: the tables have their places, nothing has happened.
    #[must_use]
    pub fn empty(plan: &Plan) -> Self {
        let rounds = plan.district.rounds.len();
        Self {
            done: Arc::new(vec![None; plan.milestones.len()]),
            progress: Arc::new(vec![Vec::new(); plan.projects.len()]),
            scores: Arc::new(vec![HashMap::new(); rounds]),
            ballots: Arc::new(vec![HashMap::new(); rounds]),
            rounds: Arc::new(vec![None; rounds]),
            results: Arc::new(vec![None; rounds]),
            ..Self::default()
        }
    }
}

/// 快照. One consistent state of the district and the day it is looked at.
#[derive(Debug)]
pub struct Snapshot {
    /// 计划
    pub plan: Arc<Plan>,
    /// What happened.
    pub facts: Facts,
    /// 今天 of the district's calendar.
    pub today: Date,
    /// `--as-of`: recompute everything as of that day.
    pub as_of: Option<Date>,
}

impl Snapshot {
    /// A state of the district.
    #[must_use]
    pub fn new(plan: Arc<Plan>, facts: Facts, today: Date, as_of: Option<Date>) -> Self {
        Self { plan, facts, today, as_of }
    }

    /// State of a round.
    #[must_use]
    pub fn round_state(&self, round: RoundIx) -> super::round::RoundState {
        self.facts.rounds.get(round.at()).and_then(Option::as_ref).map_or_else(Default::default, |r| r.value.state)
    }
}
