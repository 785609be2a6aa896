//! 权限. Who may do what: the one gate (`reliability.md` §5).

mod reading;

pub use reading::{belongs_to, hidden_rounds, may_read, newest_seen, sees_ballots, sees_project, sees_round};

use super::Error;
use crate::domain::change::{Change, Kind, Record};
use crate::domain::district::{Plan, Role, RoundIx, UnitIx};
use crate::domain::panel::BallotState;
use crate::domain::project::BoardKind;
use crate::domain::round::{RoundState, RoundStep};
use crate::domain::value::{Bilingual, Date};

/// The person on whose behalf something is done, and how we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Login of the plan, or the Unix name of somebody who is not in it.
    pub login: String,
    /// `ssh:<key>`, `sudo:<uid>`, `local:<uid>`, `owner:<uid>`, `bootstrap`
    pub via: String,
    /// Roles; they add up.
    pub roles: Vec<Role>,
    /// Scope; empty = the whole district.
    pub units: Vec<UnitIx>,
    /// Nobody scores his own unit.
    pub home_unit: Option<UnitIx>,
    /// Owner of the file in a plan without persons, or of the sample: every role, no second person needed.
    pub owner: bool,
}

impl Actor {
    /// Who loads the first records of a new database.
    #[must_use]
    pub fn bootstrap() -> Self {
        Self {
            login: "bootstrap".into(),
            via: "bootstrap".into(),
            roles: Vec::new(),
            units: Vec::new(),
            home_unit: None,
            owner: true,
        }
    }

    /// Owner of the file.
    #[must_use]
    pub fn owner(login: impl Into<String>, uid: u32) -> Self {
        Self { login: login.into(), via: format!("owner:{uid}"), ..Self::bootstrap() }
    }

    /// Somebody whom the plan does not know.
    #[must_use]
    pub fn viewer(login: impl Into<String>, via: impl Into<String>) -> Self {
        Self {
            login: login.into(),
            via: via.into(),
            roles: vec![Role::Viewer],
            units: Vec::new(),
            home_unit: None,
            owner: false,
        }
    }

    /// A person of the plan, or a viewer where the plan has no such login.
    #[must_use]
    pub fn person(plan: &Plan, login: &str, via: impl Into<String>) -> Self {
        match plan.person(login) {
            None => Self::viewer(login, via),
            Some(p) => Self {
                login: p.login.clone(),
                via: via.into(),
                roles: p.roles.clone(),
                units: p.units.clone(),
                home_unit: p.home_unit,
                owner: false,
            },
        }
    }

    /// The same person with the rights of the plan in force.
    #[must_use]
    pub fn in_force(&self, plan: &Plan) -> Self {
        if self.is_bootstrap() || (self.owner && owner_rules(plan)) {
            self.clone()
        } else {
            Self::person(plan, &self.login, self.via.clone())
        }
    }

    /// Loads the first records: the rules about persons do not apply.
    #[must_use]
    pub fn is_bootstrap(&self) -> bool {
        self.owner && self.via == "bootstrap"
    }

    /// Came to the account from outside it, by SSH or sudo: a file that he named would be read and written with the rights
    /// of the account, which are not his.
    #[must_use]
    pub fn names_no_files(&self) -> bool {
        self.via.starts_with("ssh:") || self.via.starts_with("sudo:")
    }

    /// Has the role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.owner || self.roles.contains(&role)
    }
}

/// Whether the owner of the file has every role: nobody is identified by uid, or it is the sample.
#[must_use]
pub fn owner_rules(plan: &Plan) -> bool {
    plan.district.sample || plan.district.persons.iter().all(|p| p.uid.is_none())
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Projects, targets, rectifications, the plan.
    Read,
    /// Points, ranks, explanations of a round.
    ReadRound,
    /// 单票
    ReadBallots,
    /// 历史
    ReadHistory,
    /// 评分: set, clear
    Score,
    /// 打分票: enter, absent, recused, clear
    BallotEnter,
    /// 打分票: confirm
    BallotConfirm,
    /// 打分票: void
    BallotVoid,
    /// Milestones, progress, incidents, rectifications, attractions, indicators, goals.
    Keep,
    /// 名称认定
    Resolve,
    /// 轮次
    Round(RoundStep),
    /// 应用计划
    ApplyPlan,
    /// 备份、恢复: create, migrate, backup, restore, init, doctor; of no role, but of the local owner of the file
    Care,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 17] = [
        Self::Read,
        Self::ReadRound,
        Self::ReadBallots,
        Self::ReadHistory,
        Self::Score,
        Self::BallotEnter,
        Self::BallotConfirm,
        Self::BallotVoid,
        Self::Keep,
        Self::Resolve,
        Self::Round(RoundStep::Open),
        Self::Round(RoundStep::Seal),
        Self::Round(RoundStep::Publish),
        Self::Round(RoundStep::Reopen),
        Self::Round(RoundStep::Finalise),
        Self::ApplyPlan,
        Self::Care,
    ];

    /// What bringing a ballot into that state amounts to.
    #[must_use]
    pub fn of_ballot(state: BallotState) -> Self {
        match state {
            BallotState::Confirmed => Self::BallotConfirm,
            BallotState::Void => Self::BallotVoid,
            BallotState::Entered | BallotState::Absent | BallotState::Recused => Self::BallotEnter,
        }
    }

    /// What a change of a record other than a round amounts to.
    #[must_use]
    pub fn of(change: &Change) -> Self {
        match (change.subject.kind, &change.after) {
            (Kind::Score, _) => Self::Score,
            (Kind::Ballot, Some(Record::Ballot(b))) => Self::of_ballot(b.state),
            (Kind::Ballot, _) => Self::BallotEnter,
            (Kind::Resolution, _) => Self::Resolve,
            (Kind::Round, _) => Self::Round(RoundStep::Open),
            (Kind::Plan, _) => Self::ApplyPlan,
            (Kind::Restore, _) => Self::Care,
            (
                Kind::Milestone
                | Kind::Progress
                | Kind::Incident
                | Kind::Rectification
                | Kind::Attraction
                | Kind::Indicator
                | Kind::Goal,
                _,
            ) => Self::Keep,
        }
    }
}

/// What the right depends on, of the thing that is acted on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matter {
    /// Units that the record belongs to; empty = the whole district.
    pub units: Vec<UnitIx>,
    /// A reason is given.
    pub reason: bool,
    /// State of the round, for what belongs to one.
    pub round: Option<RoundState>,
    /// Who must not do it, because he did the step before it.
    pub other_than: Option<String>,
}

impl Matter {
    /// A project in a round: its headquarters and towns at the round's `as_of`.
    #[must_use]
    pub fn in_round(plan: &Plan, round: RoundIx, project: &str, state: RoundState) -> Self {
        let units = project_units(plan, project, plan.round(round).as_of);
        Self { units, round: Some(state), ..Self::default() }
    }

    /// A record of the year, by its key and value.
    #[must_use]
    pub fn of_record(plan: &Plan, kind: Kind, key: &str, value: Option<&Record>, day: Date) -> Self {
        let first = key.split('/').next().unwrap_or(key);
        let code = |code: &String| plan.unit_ix(code);
        let units = match (kind, value) {
            (Kind::Milestone | Kind::Progress, _) => project_units(plan, first, day),
            (_, Some(Record::Incident(i))) => project_units(plan, &i.project, day),
            (_, Some(Record::Rectification(r))) => code(&r.unit).into_iter().collect(),
            (_, Some(Record::Attraction(a))) => a.credits.iter().chain(&a.host).filter_map(code).collect(),
            (Kind::Goal, _) => {
                plan.targets.goals.iter().find(|g| g.id == first).and_then(|g| g.owner).into_iter().collect()
            }
            _ => Vec::new(),
        };
        Self { units, ..Self::default() }
    }
}

/// Headquarters and towns that answer for a project at a day.
#[must_use]
pub fn project_units(plan: &Plan, project: &str, day: Date) -> Vec<UnitIx> {
    let Some(ix) = plan.project_ix(project) else { return Vec::new() };
    let project = plan.project(ix);
    let holders = |board| project.holders(board, day).into_iter().map(|(unit, _)| unit);
    holders(BoardKind::Headquarters).chain(holders(BoardKind::Towns)).collect()
}

/// The one gate: who may do what to what.
///
/// # Errors
/// Not permitted, or permitted and the round is in a state that forbids it, or a reason is missing.
pub fn may(actor: &Actor, action: Action, matter: &Matter) -> Result<(), Error> {
    permitted(actor, action, matter)?;
    in_state(action, matter.round)
}

/// Whether there is any record of that kind that somebody may change.
///
/// # Errors
/// Not permitted.
pub fn may_change_any(actor: &Actor, kind: Kind) -> Result<(), Error> {
    let actions: &[Action] = match kind {
        Kind::Score => &[Action::Score],
        Kind::Ballot => &[Action::BallotEnter, Action::BallotConfirm, Action::BallotVoid],
        Kind::Resolution => &[Action::Resolve],
        Kind::Round => &[Action::Round(RoundStep::Open)],
        Kind::Plan => &[Action::ApplyPlan],
        Kind::Restore => &[Action::Care],
        Kind::Milestone
        | Kind::Progress
        | Kind::Incident
        | Kind::Rectification
        | Kind::Attraction
        | Kind::Indicator
        | Kind::Goal => &[Action::Keep],
    };
    // Something of each unit of his own, but of the one whose projects he does not score.
    let units =
        actor.units.iter().copied().filter(|unit| kind != Kind::Score || actor.home_unit != Some(*unit)).collect();
    let matter = Matter { units, reason: true, ..Matter::default() };
    let mut refused = Ok(());
    for action in actions {
        refused = permitted(actor, *action, &matter);
        if refused.is_ok() {
            break;
        }
    }
    refused
}

fn denied(zh: &str, en: &str) -> Error {
    Error::NotPermitted(Bilingual::new(zh, en))
}

/// Prohibitions, which beat every role, then roles and scope.
fn permitted(actor: &Actor, action: Action, matter: &Matter) -> Result<(), Error> {
    if actor.is_bootstrap() {
        return Ok(());
    }
    // No role cares for the file: only who owns it, on the machine itself.
    if action == Action::Care {
        return if actor.owner {
            Ok(())
        } else {
            Err(denied("只有文件的主人可以在本机做", "for the local owner of the file"))
        };
    }
    if action == Action::Score && actor.home_unit.is_some_and(|home| matter.units.contains(&home)) {
        return Err(denied("不能给本单位的项目评分", "nobody scores a project of his own unit"));
    }
    if !actor.owner && matter.other_than.as_ref() == Some(&actor.login) {
        return Err(match action {
            Action::BallotConfirm => denied("自己录的票要由别人确认", "nobody confirms a ballot that he entered"),
            Action::Round(RoundStep::Seal) => {
                denied("本轮最后一笔是您录的，须由别人封存", "the author of the last entry does not seal the round")
            }
            Action::Keep => denied("销号是您申请的，要由别人销号", "who submitted a rectification does not close it"),
            _ => denied("上一步是您做的，这一步须由别人做", "this step is for another person than the step before"),
        });
    }
    let in_scope = actor.units.is_empty() || matter.units.iter().any(|u| actor.units.contains(u));
    let public = matches!(matter.round, Some(RoundState::Published | RoundState::Final));
    // A draft has the rights of the open round that it will be: its figures follow from the facts already.
    let open = matches!(matter.round, Some(RoundState::Draft | RoundState::Open));
    let grants = |role: Role| match (action, role) {
        (Action::Read, _) | (Action::ReadRound, Role::Chief | Role::Auditor) => true,
        (Action::ReadRound, Role::Scorer | Role::Clerk) => public || in_scope,
        (Action::ReadRound, Role::Viewer) => public,
        (Action::ReadBallots, Role::Clerk) => open && in_scope,
        (Action::ReadBallots | Action::ReadHistory, Role::Chief | Role::Auditor) => true,
        (Action::ReadHistory, Role::Scorer | Role::Clerk) => in_scope,
        (Action::Score, Role::Scorer) => in_scope,
        (Action::Score | Action::BallotVoid, Role::Chief) => true,
        (Action::BallotEnter | Action::BallotConfirm | Action::Keep, Role::Clerk) => in_scope,
        (Action::BallotConfirm | Action::Resolve | Action::Round(_) | Action::ApplyPlan, Role::Chief) => true,
        (Action::Resolve, Role::Clerk) => actor.units.is_empty(),
        _ => false,
    };
    const ROLES: [Role; 5] = [Role::Viewer, Role::Scorer, Role::Clerk, Role::Chief, Role::Auditor];
    let by: Vec<Role> = ROLES.into_iter().filter(|r| actor.is(*r) && grants(*r)).collect();
    if by.is_empty() {
        return Err(denied("您的角色或范围不允许这一步", "your role or scope does not allow this"));
    }
    let reasoned = match action {
        Action::Score => !actor.owner && by == [Role::Chief],
        Action::BallotVoid | Action::Round(RoundStep::Reopen) => true,
        _ => false,
    };
    if reasoned && !matter.reason { Err(Error::ReasonNeeded) } else { Ok(()) }
}

/// The state of the round that an action needs.
fn in_state(action: Action, round: Option<RoundState>) -> Result<(), Error> {
    let state = round.unwrap_or_default();
    let fits = match action {
        Action::Score | Action::BallotEnter | Action::BallotConfirm | Action::BallotVoid => state == RoundState::Open,
        Action::Round(step) => step.from(state).is_some(),
        Action::Read | Action::ReadRound | Action::ReadBallots | Action::ReadHistory => true,
        Action::Keep | Action::Resolve | Action::ApplyPlan | Action::Care => true,
    };
    if fits { Ok(()) } else { Err(Error::RoundState(state)) }
}
