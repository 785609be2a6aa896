//! 快照. Everything any screen shows, immutable: the plan and what happened, with the figures computed from them.

mod explain;
mod targets;

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use super::ballot::{self, Hand};
use super::board::{self, Asked, Board, Measure, UnitResults};
use super::change::{Incident, Kind, ProgressRecord, Refusal, Subject};
use super::district::{JudgeIx, Plan, ProjectIx, RoundIx, RoundKind, UnitIx};
use super::explain::{Derivation, Trace};
use super::goal::{GoalFigures, GoalRecord};
use super::indicator::{IndicatorFigures, IndicatorRecord};
use super::panel::{BallotRecord, BallotState, Cast, Panel, panel};
use super::project::{
    BoardKind, Commitment, PaceBy, RunRate, Standing, Status, Tally, months_of, pace, run_rate, standing,
};
use super::quota::{Attraction, QuotaFigures};
use super::rectification::Rectification;
use super::results::{Results, RoundUnits};
use super::robustness::{self, Robustness};
use super::round::{RoundRecord, RoundState};
use super::score::{self, Assessment, ProjectScore, ScoreState, Suggestion, project_score};
use super::scoring::{CompositeRule, ObservationRule, RankRule, RuleSet, ScoreRecord};
use super::suggestion;
use super::value::{Date, Points, Ratio, days_between};

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

/// 评分 of one round: by project and place of the criterion.
pub type RoundScores = HashMap<(ProjectIx, usize), Kept<ScoreRecord>>;

/// 打分票 of one round.
pub type RoundBallots = HashMap<(ProjectIx, JudgeIx), Kept<BallotRecord>>;

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
    pub scores: Arc<Vec<RoundScores>>,
    /// 打分票 of every round, by [`RoundIx`].
    pub ballots: Arc<Vec<RoundBallots>>,
    /// 轮次, by [`RoundIx`]; a draft has none.
    pub rounds: Arc<Vec<Option<Kept<RoundRecord>>>>,
    /// Canonical results of sealed rounds, by [`RoundIx`].
    pub results: Arc<Vec<Option<String>>>,
    /// The rules that a round was sealed under, by [`RoundIx`], where they are not those in force.
    pub sealed_rules: Arc<Vec<Option<Arc<RuleSet>>>>,
    /// 事件 by id.
    pub incidents: Keyed<Incident>,
    /// 整改 by id.
    pub rectifications: Keyed<Rectification>,
    /// Days on which rectifications were returned, by their ids.
    pub returned: Arc<BTreeMap<String, Vec<Date>>>,
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
            sealed_rules: Arc::new(vec![None; rounds]),
            ..Self::default()
        }
    }

    /// State of a round; a draft where nothing is recorded.
    #[must_use]
    pub fn round_state(&self, round: RoundIx) -> RoundState {
        self.rounds.get(round.at()).and_then(Option::as_ref).map_or_else(Default::default, |r| r.value.state)
    }
}

/// 事件 and 整改 with their ids, by project.
#[derive(Default)]
struct RecordsByProject<'a> {
    incidents: HashMap<&'a str, Vec<(&'a str, &'a Incident)>>,
    rectifications: HashMap<&'a str, Vec<(&'a str, &'a Rectification)>>,
}

/// A figure per board and measure.
type PerBoard<T> = [[T; 3]; 2];

/// Figures of one round, each computed at the first question.
#[derive(Debug, Default)]
struct RoundFigures {
    standings: OnceLock<Vec<Standing>>,
    assessment: OnceLock<Option<Assessment>>,
    panels: OnceLock<Option<Vec<Panel>>>,
    units: OnceLock<RoundUnits>,
    frozen: OnceLock<Option<Box<Results>>>,
    boards: PerBoard<OnceLock<Option<Board>>>,
    robustness: PerBoard<OnceLock<Robustness>>,
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
    standings: OnceLock<Vec<Standing>>,
    quotas: OnceLock<Vec<QuotaFigures>>,
    indicators: OnceLock<Vec<IndicatorFigures>>,
    goals: OnceLock<Vec<GoalFigures>>,
    rounds: Vec<RoundFigures>,
    /// Rounds whose figures are not for whom the snapshot is for, in plan order.
    hidden: Vec<RoundIx>,
}

impl Snapshot {
    /// A state of the district; nothing is computed yet.
    #[must_use]
    pub fn new(plan: Arc<Plan>, facts: Facts, today: Date, as_of: Option<Date>) -> Self {
        let rounds = plan.district.rounds.iter().map(|_| RoundFigures::default()).collect();
        Self {
            plan,
            facts,
            today,
            as_of,
            standings: OnceLock::new(),
            quotas: OnceLock::new(),
            indicators: OnceLock::new(),
            goals: OnceLock::new(),
            rounds,
            hidden: Vec::new(),
        }
    }

    /// The same for somebody who may not see the figures of these rounds: no board of another round shows or ranks by
    /// them, nor counts movement from them. What happened and the states of all rounds stay.
    #[must_use]
    pub fn hiding(self, hidden: Vec<RoundIx>) -> Self {
        Self { hidden, ..Self::new(self.plan, self.facts, self.today, self.as_of) }
    }

    /// Rounds whose figures are hidden.
    #[must_use]
    pub fn hidden(&self) -> &[RoundIx] {
        &self.hidden
    }

    /// The day of targets, rectifications and lists of what is due: `--as-of`, else today.
    #[must_use]
    pub fn day(&self) -> Date {
        self.as_of.unwrap_or(self.today)
    }

    /// How often a rectification was returned until the day that is shown.
    #[must_use]
    pub fn returned(&self, id: &str) -> usize {
        // A sample's today is a day of its own; only a day of the past hides what came after it.
        let seen = |d: &&Date| self.as_of.is_none_or(|day| **d <= day);
        self.facts.returned.get(id).map_or(0, |days| days.iter().filter(seen).count())
    }

    /// The day of project status and tallies: `--as-of`, else that of the newest open assessment round, else today.
    #[must_use]
    pub fn board_date(&self) -> Date {
        let open =
            |r: &RoundIx| self.plan.round(*r).kind == RoundKind::Assessment && self.round_state(*r) == RoundState::Open;
        let newest = self.round_ixs().filter(open).map(|r| self.plan.round(r).as_of).max();
        self.as_of.or(newest).unwrap_or(self.today)
    }

    /// The day of a round's figures: its own, unless `--as-of` looks at a round that is not frozen.
    #[must_use]
    pub fn round_date(&self, round: RoundIx) -> Date {
        let own = self.plan.round(round).as_of;
        if self.round_state(round).is_frozen() { own } else { self.as_of.unwrap_or(own) }
    }

    /// All rounds, in plan order.
    pub fn round_ixs(&self) -> impl Iterator<Item = RoundIx> + use<> {
        (0..u16::try_from(self.plan.district.rounds.len()).unwrap_or(u16::MAX)).map(RoundIx)
    }

    /// State of a round.
    #[must_use]
    pub fn round_state(&self, round: RoundIx) -> RoundState {
        self.facts.round_state(round)
    }

    /// The newest of the rounds that `keep` keeps; of two of one day the assessment.
    #[must_use]
    pub fn newest(&self, keep: impl Fn(RoundIx) -> bool) -> Option<RoundIx> {
        self.round_ixs()
            .filter(|r| keep(*r))
            .max_by_key(|r| (self.plan.round(*r).as_of, self.plan.round(*r).kind == RoundKind::Assessment, r.0))
    }

    /// The newest round that is not a draft; of two of one day the assessment.
    #[must_use]
    pub fn newest_round(&self) -> Option<RoundIx> {
        self.newest(|r| self.round_state(r) != RoundState::Draft)
    }

    /// The newest open assessment round, else the newest one that is not a draft, else the newest one.
    #[must_use]
    pub fn assessment_round(&self) -> Option<RoundIx> {
        let is = |r: RoundIx| self.plan.round(r).kind == RoundKind::Assessment;
        self.newest(|r| is(r) && self.round_state(r) == RoundState::Open)
            .or_else(|| self.newest(|r| is(r) && self.round_state(r) != RoundState::Draft))
            .or_else(|| self.newest(is))
    }

    /// 完成日 of a project's milestones.
    #[must_use]
    pub fn done(&self, project: ProjectIx) -> &[Option<Date>] {
        let range = &self.plan.project(project).milestones;
        &self.facts.done[range.start as usize..range.end as usize]
    }

    fn standings_at(&self, at: Date) -> Vec<Standing> {
        let rule = &self.plan.rules.light.milestone;
        self.plan
            .project_ixs()
            .map(|ix| {
                standing(
                    self.plan.project(ix).state,
                    self.plan.milestones(ix),
                    self.done(ix),
                    at,
                    rule,
                    &mut Trace::off(),
                )
            })
            .collect()
    }

    /// F1 of every project at [`Snapshot::board_date`].
    #[must_use]
    pub fn standings(&self) -> &[Standing] {
        self.standings.get_or_init(|| self.standings_at(self.board_date()))
    }

    /// F1 of a project at [`Snapshot::board_date`].
    #[must_use]
    pub fn standing(&self, project: ProjectIx) -> Standing {
        self.standings()[project.at()]
    }

    /// F19 over the projects that `keep` keeps.
    #[must_use]
    pub fn tally(&self, keep: impl Fn(ProjectIx) -> bool) -> Tally {
        let mut tally = Tally::default();
        for ix in self.plan.project_ixs().filter(|ix| keep(*ix)) {
            tally.add(&self.standing(ix));
        }
        tally
    }

    /// F19 over the projects of a commitment, or over all.
    #[must_use]
    pub fn tally_of(&self, commitment: Option<Commitment>) -> Tally {
        self.tally(|ix| commitment.is_none_or(|c| self.plan.project(ix).commitment == c))
    }

    /// F19. Forecast and needed speed of the completions of a commitment over the plan year.
    #[must_use]
    pub fn run_rate(&self, commitment: Commitment) -> RunRate {
        let tally = self.tally_of(Some(commitment));
        let (gone, months) = self.year_months(self.board_date());
        run_rate(tally.completed, tally.total, gone, months)
    }

    /// F19. How many of a unit's projects are reported better than derived, of how many with a report.
    #[must_use]
    pub fn optimism(&self, board: BoardKind, unit: UnitIx) -> (usize, usize) {
        let at = self.board_date();
        let his = |ix: &ProjectIx| self.plan.project(*ix).holders(board, at).iter().any(|(holder, _)| *holder == unit);
        let said = |ix: ProjectIx| Some((ix, self.progress_at(ix, at)?.1.reported?));
        let reported: Vec<_> = self.plan.project_ixs().filter(his).filter_map(said).collect();
        let better = reported.iter().filter(|(ix, said)| said.flatters(self.standing(*ix).status)).count();
        (better, reported.len())
    }

    /// 滞后: must before stretch, then lag descending, then id (F1).
    #[must_use]
    pub fn behind(&self) -> Vec<ProjectIx> {
        let mut list: Vec<ProjectIx> =
            self.plan.project_ixs().filter(|ix| self.standing(*ix).status == Status::Behind).collect();
        list.sort_by_key(|ix| {
            let p = self.plan.project(*ix);
            (p.commitment, Reverse(self.standing(*ix).lag_days), p.id.clone())
        });
        list
    }

    /// 即将到期: open milestones due within `due_soon_days`, by due, id, plan order (F1).
    #[must_use]
    pub fn due_soon(&self) -> Vec<(ProjectIx, usize)> {
        let (at, days) = (self.day(), self.plan.rules.light.due_soon_days);
        let mut list = Vec::new();
        for ix in self.plan.project_ixs().filter(|ix| !self.plan.project(*ix).state.is_excluded()) {
            for (i, (m, done)) in self.plan.milestones(ix).iter().zip(self.done(ix)).enumerate() {
                let open = done.is_none_or(|d| d > at);
                if open && (0..=days).contains(&days_between(at, m.due)) {
                    list.push((ix, i));
                }
            }
        }
        list.sort_by_key(|(ix, i)| (self.plan.milestones(*ix)[*i].due, self.plan.project(*ix).id.clone(), *i));
        list
    }

    /// The newest report of a project on or before a day; it counts as a whole.
    #[must_use]
    pub fn progress_at(&self, project: ProjectIx, at: Date) -> Option<&(Date, ProgressRecord)> {
        self.facts.progress[project.at()].iter().rev().find(|(date, _)| *date <= at)
    }

    /// F2 of the plan year by months.
    #[must_use]
    pub fn plan_pace(&self, at: Date) -> Ratio {
        let (from, to) = self.plan_year();
        pace(from, to, at, PaceBy::Months)
    }

    fn plan_year(&self) -> (Date, Date) {
        let year = self.plan.district.year;
        (Date::constant(year, 1, 1), Date::constant(year, 12, 31))
    }

    /// Months of the plan year that have ended, and 12.
    #[must_use]
    pub fn year_months(&self, at: Date) -> (i64, i64) {
        let (from, to) = self.plan_year();
        months_of(from, to, at).unwrap_or((0, 12))
    }

    fn records_by_project(&self) -> RecordsByProject<'_> {
        let mut by = RecordsByProject::default();
        for (id, i) in self.facts.incidents.iter() {
            by.incidents.entry(i.value.project.as_str()).or_default().push((id, &i.value));
        }
        for (id, r) in self.facts.rectifications.iter() {
            if let Some(project) = &r.value.project {
                by.rectifications.entry(project).or_default().push((id, &r.value));
            }
        }
        by
    }

    pub(super) fn round_standings(&self, round: RoundIx) -> &[Standing] {
        self.rounds[round.at()].standings.get_or_init(|| self.standings_at(self.round_date(round)))
    }

    pub(super) fn frozen(&self, round: RoundIx) -> Option<&Results> {
        let read = || {
            let text = self.facts.results.get(round.at())?.as_deref()?;
            self.round_state(round).is_frozen().then(|| Results::read(text).ok().map(Box::new)).flatten()
        };
        self.rounds[round.at()].frozen.get_or_init(read).as_deref()
    }

    /// 考核 of a round: every project's score (F3–F8); none for an observation round. A sealed round answers from what
    /// was stored at sealing.
    #[must_use]
    pub fn assessment(&self, round: RoundIx) -> Option<&Assessment> {
        let kind = self.plan.round(round).kind;
        let compute = || (kind == RoundKind::Assessment).then(|| self.compute_assessment(round));
        self.rounds[round.at()].assessment.get_or_init(compute).as_ref()
    }

    fn compute_assessment(&self, round: RoundIx) -> Assessment {
        if let Some(frozen) = self.frozen(round) {
            return self.thawed(round, frozen);
        }
        let records = self.records_by_project();
        let scores =
            self.plan.project_ixs().map(|ix| self.live_score(round, ix, &records, &mut Trace::off())).collect();
        Assessment { round, at: self.round_date(round), scores }
    }

    /// F3–F8 of a project from the facts, whatever was frozen.
    fn live_score(
        &self,
        round: RoundIx,
        ix: ProjectIx,
        records: &RecordsByProject<'_>,
        trace: &mut Trace,
    ) -> ProjectScore {
        let (plan, at) = (self.plan.round(round), self.round_date(round));
        let facts = self.score_facts(ix, at, self.round_standings(round)[ix.at()], records);
        let entries = &self.facts.scores[round.at()];
        let mine: Vec<_> = (0..self.plan.rules.criteria.len()).map(|i| entries.get(&(ix, i))).collect();
        project_score(&facts, &self.plan.rules, self.plan.district.year, (&plan.id, plan.from, at), &mine, trace)
    }

    /// The assessment as it was sealed; projects that are new since then are out of scope.
    fn thawed(&self, round: RoundIx, frozen: &Results) -> Assessment {
        let mut scores = vec![ProjectScore::out_of_scope(); self.plan.projects.len()];
        for (id, score) in &frozen.scores {
            if let Some(ix) = self.plan.project_ix(id) {
                let mut score = score.clone();
                for (part, criterion) in score.parts.iter_mut().zip(&frozen.criteria) {
                    let place = self.plan.rules.criterion(criterion);
                    part.seq = place.and_then(|i| self.facts.scores[round.at()].get(&(ix, i))).map(|e| e.seq);
                }
                scores[ix.at()] = score;
            }
        }
        Assessment { round, at: frozen.as_of, scores }
    }

    fn score_facts<'a>(
        &'a self,
        ix: ProjectIx,
        at: Date,
        standing: Standing,
        records: &'a RecordsByProject<'a>,
    ) -> suggestion::Facts<'a> {
        let project = self.plan.project(ix);
        let id = project.id.as_str();
        suggestion::Facts {
            project,
            milestones: self.plan.milestones(ix),
            done: self.done(ix),
            standing,
            progress: self.progress_at(ix, at),
            incidents: records.incidents.get(id).map_or(&[], Vec::as_slice),
            rectifications: records.rectifications.get(id).map_or(&[], Vec::as_slice),
        }
    }

    /// What the facts suggest for a criterion of a project at the round's own day (F3).
    #[must_use]
    pub fn suggestion(&self, round: RoundIx, project: ProjectIx, criterion: usize) -> Suggestion {
        let at = self.plan.round(round).as_of;
        let rule = &self.plan.rules.light.milestone;
        let p = self.plan.project(project);
        let standing =
            standing(p.state, self.plan.milestones(project), self.done(project), at, rule, &mut Trace::off());
        let none = RecordsByProject::default();
        let facts = self.score_facts(project, at, standing, &none);
        let rule = &self.plan.rules.criteria[criterion];
        suggestion::suggestion(rule, &facts, at, self.plan.district.year, &mut Trace::off())
    }

    /// The record of a score entered now; none as points is `n/a`.
    ///
    /// # Errors
    /// The rule that the value breaks: round not open, project out of scope, range, step, missing note.
    pub fn score_entry(
        &self,
        round: RoundIx,
        project: ProjectIx,
        criterion: usize,
        points: Option<Points>,
        note: &str,
    ) -> Result<ScoreRecord, Refusal> {
        let state = self.round_state(round);
        if state != RoundState::Open {
            return Err(Refusal::RoundNotOpen(state));
        }
        if self.plan.round(round).kind != RoundKind::Assessment
            || !score::in_scope(self.plan.project(project), &self.plan.rules)
        {
            return Err(Refusal::OutOfScope);
        }
        let rule = &self.plan.rules.criteria[criterion];
        let suggestion = self.suggestion(round, project, criterion);
        match points {
            None if note.trim().is_empty() => return Err(Refusal::NoteNeeded),
            Some(p) if p < Points::ZERO || p > rule.points => {
                return Err(Refusal::Range { min: Points::ZERO, max: rule.points });
            }
            Some(p) if p.0 % rule.step.0.max(1) != 0 && Some(p) != suggestion.value() => {
                return Err(Refusal::Step { step: rule.step });
            }
            _ => {}
        }
        Ok(score::entry(suggestion, points, note.trim()))
    }

    /// A judge is recused by rule where his home unit is the project's headquarters or one of its towns (F10).
    #[must_use]
    pub fn recused_by_rule(&self, judge: JudgeIx, project: ProjectIx, at: Date) -> bool {
        let p = self.plan.project(project);
        self.plan.district.judges[judge.at()].home_unit.is_some_and(|home| {
            [BoardKind::Headquarters, BoardKind::Towns]
                .into_iter()
                .any(|board| p.holders(board, at).iter().any(|(unit, _)| *unit == home))
        })
    }

    /// The record that a ballot becomes where somebody wants this state and score now.
    ///
    /// # Errors
    /// The rule that it breaks: round not open, not a site, judge recused by rule, score missing, range, step, and the
    /// rules of [`ballot::next`].
    pub fn ballot_entry(
        &self,
        round: RoundIx,
        (judge, project): (JudgeIx, ProjectIx),
        (state, score): (BallotState, Option<Points>),
        hand: Hand<'_>,
    ) -> Result<BallotRecord, Refusal> {
        let round_state = self.round_state(round);
        if round_state != RoundState::Open {
            return Err(Refusal::RoundNotOpen(round_state));
        }
        if !self.plan.round(round).sites.contains(&project) {
            return Err(Refusal::NotASite);
        }
        let scored = ballot::is_scored(state);
        if scored && self.recused_by_rule(judge, project, self.plan.round(round).as_of) {
            return Err(Refusal::Recused);
        }
        let rule = &self.plan.rules.observation;
        let score = if scored { Some(score.ok_or(Refusal::NoScore)?) } else { None };
        if let Some(p) = score {
            if p < rule.range.min || p > rule.range.max {
                return Err(Refusal::Range { min: rule.range.min, max: rule.range.max });
            }
            if (p - rule.range.min).0 % rule.step.0.max(1) != 0 {
                return Err(Refusal::Step { step: rule.step });
            }
        }
        ballot::next(self.ballot(round, judge, project).map(|b| &b.value), state, score, hand)
    }

    /// The ballot of a judge for a site, if there is one.
    #[must_use]
    pub fn ballot(&self, round: RoundIx, judge: JudgeIx, project: ProjectIx) -> Option<&Kept<BallotRecord>> {
        self.facts.ballots[round.at()].get(&(project, judge))
    }

    /// 观摩 panels of a round in order of visit (F10); none for an assessment round.
    #[must_use]
    pub fn panels(&self, round: RoundIx) -> Option<&[Panel]> {
        let kind = self.plan.round(round).kind;
        let compute = || (kind == RoundKind::Observation).then(|| self.compute_panels(round));
        self.rounds[round.at()].panels.get_or_init(compute).as_deref()
    }

    fn compute_panels(&self, round: RoundIx) -> Vec<Panel> {
        if let Some(frozen) = self.frozen(round) {
            let place =
                |(id, p): &(String, Panel)| self.plan.project_ix(id).map(|project| Panel { project, ..p.clone() });
            return frozen.panels.iter().filter_map(place).collect();
        }
        self.panels_by(round, &self.plan.rules.observation)
    }

    /// F10 of a round's ballots by an observation rule, whatever was sealed.
    pub(super) fn panels_by(&self, round: RoundIx, rule: &ObservationRule) -> Vec<Panel> {
        let sites = self.plan.round(round).sites.iter();
        sites.map(|site| self.live_panel(round, *site, rule, &mut Trace::off())).collect()
    }

    /// F10 of a site from its ballots, whatever was sealed.
    fn live_panel(&self, round: RoundIx, site: ProjectIx, rule: &ObservationRule, trace: &mut Trace) -> Panel {
        let (plan, at) = (&self.plan, self.round_date(round));
        let ballots = &self.facts.ballots[round.at()];
        let casts: Vec<Cast> = (0_u16..)
            .zip(&plan.district.judges)
            .map(|(j, judge)| Cast {
                judge: &judge.id,
                group: judge.group.as_deref(),
                recused: self.recused_by_rule(JudgeIx(j), site, at),
                ballot: ballots.get(&(site, JudgeIx(j))).map(|b| &b.value),
            })
            .collect();
        let key = |judge: &str| Subject::new(Kind::Ballot, &[&plan.round(round).id, judge, &plan.project(site).id]);
        trace.under(
            |t| panel(site, &casts, rule, key, t),
            |p| Derivation::new("观摩", "panel", p.score).rule(plan.rules.clause("observation")),
        )
    }

    pub(super) fn units(&self, round: RoundIx) -> &RoundUnits {
        self.rounds[round.at()].units.get_or_init(|| {
            if let Some(frozen) = self.frozen(round) {
                return frozen.units.clone();
            }
            let of = |board| self.live_units(round, board, &mut Asked::nobody());
            RoundUnits { headquarters: of(BoardKind::Headquarters), towns: of(BoardKind::Towns) }
        })
    }

    /// F9, F11 of a board from scores and panels, whatever was frozen of the units themselves.
    fn live_units(&self, round: RoundIx, board: BoardKind, asked: &mut Asked<'_>) -> UnitResults {
        let (at, standings) = (self.round_date(round), self.round_standings(round));
        match self.assessment(round) {
            Some(a) => board::assessment(&self.plan, board, a, standings, asked),
            None => {
                let panels = self.panels(round).unwrap_or(&[]);
                board::observation(&self.plan, board, (round, at), panels, standings, asked)
            }
        }
    }

    /// The pair of a round, unless it is hidden.
    #[must_use]
    pub fn pair(&self, round: RoundIx) -> Option<RoundIx> {
        self.plan.pair(round).filter(|r| !self.hidden.contains(r))
    }

    /// The assessment and the observation that a round stands for, itself and its pair unless that is hidden.
    #[must_use]
    pub fn pair_of(&self, round: RoundIx) -> (Option<RoundIx>, Option<RoundIx>) {
        let seen = |r: &RoundIx| *r == round || !self.hidden.contains(r);
        let (a, o) = self.plan.pair_of(round);
        (a.filter(seen), o.filter(seen))
    }

    /// Composite where the round has a pair, else its own kind.
    #[must_use]
    pub fn default_measure(&self, round: RoundIx) -> Measure {
        match self.pair_of(round) {
            (Some(_), Some(_)) => Measure::Composite,
            (Some(_), None) => Measure::Assessment,
            _ => Measure::Observation,
        }
    }

    /// A leaderboard (F9, F11–F13); none where the round has no part of that measure.
    #[must_use]
    pub fn board(&self, round: RoundIx, kind: BoardKind, measure: Measure) -> Option<&Board> {
        let (a, o) = self.pair_of(round);
        let base = match measure {
            Measure::Assessment => a?,
            Measure::Observation => o?,
            Measure::Composite => {
                o?;
                a?
            }
        };
        self.rounds[base.at()].boards[kind as usize][measure as usize]
            .get_or_init(|| Some(self.compute_board(base, kind, measure, &mut Asked::nobody())))
            .as_ref()
    }

    fn compute_board(&self, base: RoundIx, kind: BoardKind, measure: Measure, asked: &mut Asked<'_>) -> Board {
        let (a, o) = self.pair_of(base);
        let observed = self.board_units(base, o).map(|r| self.units(r).of(kind));
        let rows = self.ranked(base, kind, measure, &self.board_weights(base), observed, asked);
        let state = match measure {
            Measure::Composite => a.into_iter().chain(o).map(|r| self.round_state(r)).min().unwrap_or_default(),
            _ => self.round_state(base),
        };
        Board { round: base, kind, measure, state, as_of: self.round_date(base), rows }
    }

    /// The weights of a board of a round: as they were sealed, else those of the rule set.
    #[must_use]
    pub fn board_weights(&self, base: RoundIx) -> CompositeRule {
        self.frozen(base).map_or(self.plan.rules.composite, |f| f.composite)
    }

    /// How ranks of a board of a round follow from values: as it was sealed, else by the rule set.
    pub(super) fn rank_rule(&self, base: RoundIx) -> &RankRule {
        self.frozen(base).map_or(&self.plan.rules.rank, |f| &f.rank)
    }

    /// A round that a board rests on, unless it is a draft that the board merely pairs with.
    pub(super) fn board_units(&self, base: RoundIx, round: Option<RoundIx>) -> Option<RoundIx> {
        round.filter(|r| *r == base || self.round_state(*r) != RoundState::Draft)
    }

    /// F12, F13. The rows of a board by these weights and these results of the observation.
    pub(super) fn ranked(
        &self,
        base: RoundIx,
        kind: BoardKind,
        measure: Measure,
        weights: &CompositeRule,
        observed: Option<&UnitResults>,
        asked: &mut Asked<'_>,
    ) -> Vec<board::BoardRow> {
        let (a, o) = self.pair_of(base);
        let assessed = self.board_units(base, a).map(|r| self.units(r).of(kind));
        let rank = self.rank_rule(base);
        let earlier = self.previous(base, measure);
        let before = earlier.and_then(|r| self.board(r, kind, measure));
        let previous = |unit| before.and_then(|b| b.rows.iter().find(|r| r.unit == unit)).and_then(|r| r.rank);
        let paired = a.is_some() && o.is_some();
        board::rows(&self.plan, (kind, measure), (assessed, observed), (rank, weights), paired, previous, asked)
    }

    /// Whether the ranks of a board stand under other weights and without trimming.
    #[must_use]
    pub fn robustness(&self, board: &Board) -> &Robustness {
        self.rounds[board.round.at()].robustness[board.kind as usize][board.measure as usize]
            .get_or_init(|| robustness::of(self, board))
    }

    /// 上轮: the effective points of a criterion in the round that movement is counted from; none where the project was
    /// not assessed in it, or by another criterion.
    #[must_use]
    pub fn points_before(&self, round: RoundIx, project: ProjectIx, criterion: usize) -> Option<Points> {
        let earlier = self.previous(round, Measure::Assessment)?;
        let id = &self.plan.rules.criteria[criterion].id;
        let place = self.frozen(earlier).map_or(Some(criterion), |f| f.criteria.iter().position(|c| c == id))?;
        self.assessment(earlier)?.scores[project.at()].parts.get(place)?.points
    }

    /// The round that movement is counted from: `previous`, else the newest earlier frozen one of that kind; none
    /// where its figures are hidden, so that nobody takes movement from an older round for that from the last.
    #[must_use]
    pub fn previous(&self, round: RoundIx, measure: Measure) -> Option<RoundIx> {
        let plan = self.plan.round(round);
        let named = plan.previous.filter(|r| *r != round && self.round_state(*r) != RoundState::Draft);
        let before = |r: RoundIx| {
            let other = self.plan.round(r);
            other.kind == plan.kind && other.as_of < plan.as_of && self.round_state(r).is_frozen()
        };
        let found = named.filter(|r| self.plan.round(*r).as_of < plan.as_of).or_else(|| self.newest(before))?;
        let seen = !self.hidden.contains(&found);
        (seen && (measure != Measure::Composite || self.pair(found).is_some())).then_some(found)
    }

    /// The results document of a round: canonical JSON of its inputs and results (`domain.md` §7).
    ///
    /// # Panics
    /// Never: it is a map with text keys.
    #[must_use]
    pub fn results(&self, round: RoundIx) -> String {
        let r = self.plan.round(round);
        let id = |ix: ProjectIx| self.plan.project(ix).id.clone();
        let scores = self.assessment(round).map_or_else(Vec::new, |a| {
            let all = self.plan.project_ixs().zip(&a.scores);
            all.filter(|(_, s)| s.state != ScoreState::OutOfScope).map(|(ix, s)| (id(ix), s.clone())).collect()
        });
        let panels = self.panels(round).unwrap_or(&[]).iter();
        let panels = panels.map(|p| (id(p.project), Panel { project: ProjectIx(0), ..p.clone() })).collect();
        let mut ballots: Vec<_> = self.facts.ballots[round.at()]
            .iter()
            .map(|((site, judge), b)| {
                (id(*site), self.plan.district.judges[judge.at()].id.clone(), b.value.state, b.value.score)
            })
            .collect();
        ballots.sort_by(|x, y| (&x.0, &x.1).cmp(&(&y.0, &y.1)));
        let results = Results {
            round: r.id.clone(),
            kind: r.kind,
            as_of: r.as_of,
            rules_sha256: self.plan.rules.sha256.clone(),
            composite: self.plan.rules.composite,
            rank: self.plan.rules.rank.clone(),
            criteria: self.plan.rules.criteria.iter().map(|c| c.id.clone()).collect(),
            scores,
            panels,
            ballots,
            units: self.units(round).clone(),
        };
        serde_json::to_value(results).expect("a map with text keys").to_string()
    }
}
