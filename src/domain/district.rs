//! 区. The district: units, people, judges, rounds, and the whole plan of a year.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::goal::Goal;
use super::indicator::Indicator;
use super::project::{Milestone, Project};
use super::quota::{PublishedTally, QuotaPlan};
use super::scoring::RuleSet;
use super::value::{Bilingual, Date, Lang};

macro_rules! index {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $int);
        impl $name {
            /// As an index into its list.
            #[must_use]
            pub fn at(self) -> usize {
                self.0 as usize
            }
        }
    };
}
index! {
    /// Place of a unit in [`District::units`].
    UnitIx(u16)
}
index! {
    /// Place of a judge in [`District::judges`].
    JudgeIx(u16)
}
index! {
    /// Place of a round in [`District::rounds`].
    RoundIx(u16)
}
index! {
    /// Place of a project in [`Plan::projects`].
    ProjectIx(u32)
}

/// 单位类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// 指挥部
    Headquarters,
    /// 镇
    Town,
    /// 局
    Bureau,
    /// 办
    Office,
    /// 片区
    Area,
}

/// 单位. A headquarters, town, bureau, office or area.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// `[A-Z0-9]{1,8}`, unique.
    pub code: String,
    /// What it is.
    pub kind: UnitKind,
    /// Full name.
    pub name: String,
    /// Short name; the full one where none is given.
    pub short: String,
    /// English name.
    pub name_en: Option<String>,
    /// Other names it is known by.
    pub aliases: Vec<String>,
    /// Whether it stands on a leaderboard with a rank.
    pub ranked: bool,
}

impl Unit {
    /// Its full name in a language; Chinese where it has no English one.
    #[must_use]
    pub fn called(&self, lang: Lang) -> &str {
        self.name_en.as_deref().filter(|_| lang == Lang::En).unwrap_or(&self.name)
    }

    /// Its short name in a language.
    #[must_use]
    pub fn briefly(&self, lang: Lang) -> &str {
        self.name_en.as_deref().filter(|_| lang == Lang::En).unwrap_or(&self.short)
    }

    /// As tables of screens and letters name it: a town by its name, a headquarters by its short one.
    #[must_use]
    pub fn in_tables(&self, lang: Lang) -> &str {
        if self.kind == UnitKind::Town { self.called(lang) } else { self.briefly(lang) }
    }
}

/// 角色
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 查询员
    Viewer,
    /// 考核员
    Scorer,
    /// 录入员
    Clerk,
    /// 主考
    Chief,
    /// 监督员
    Auditor,
}

/// 人员
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// `[a-z][a-z0-9_-]{0,31}`, unique.
    pub login: String,
    /// Name on the screen.
    pub name: String,
    /// Roles; they add up.
    pub roles: Vec<Role>,
    /// Scope of scorer and clerk; empty = the whole district.
    pub units: Vec<UnitIx>,
    /// Nobody scores his own unit.
    pub home_unit: Option<UnitIx>,
    /// Unix uid for local and sudo identity.
    pub uid: Option<u32>,
}

/// 评委
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judge {
    /// Unique id.
    pub id: String,
    /// Printed label.
    pub label: String,
    /// Judge group, if the rule set has groups.
    pub group: Option<String>,
    /// Recused from that unit's projects.
    pub home_unit: Option<UnitIx>,
}

/// 轮次类别
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundKind {
    /// 考核
    Assessment,
    /// 观摩
    Observation,
}

/// 轮次 as planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundPlan {
    /// Unique id.
    pub id: String,
    /// 考核 or 观摩.
    pub kind: RoundKind,
    /// Printed name.
    pub name: String,
    /// Its English name.
    pub name_en: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The day its figures are taken at.
    pub as_of: Date,
    /// The round of the other kind it forms a composite with.
    pub pair: Option<RoundIx>,
    /// The round rank movement is counted from.
    pub previous: Option<RoundIx>,
    /// Sites in order of visit (observation).
    pub sites: Vec<ProjectIx>,
}

impl RoundPlan {
    /// Its name in a language; Chinese where it has no English one.
    #[must_use]
    pub fn called(&self, lang: Lang) -> &str {
        self.name_en.as_deref().filter(|_| lang == Lang::En).unwrap_or(&self.name)
    }

    /// Its name in both languages.
    #[must_use]
    pub fn both(&self) -> Bilingual {
        Bilingual::new(self.called(Lang::Zh), self.called(Lang::En))
    }
}

/// Screen language as configured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LanguageChoice {
    /// By the locale.
    #[default]
    Auto,
    /// 中文
    Zh,
    /// English
    En,
}

/// Where it comes from who somebody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentitySource {
    /// Real uid.
    #[default]
    Local,
    /// Forced command of sshd.
    Ssh,
    /// `SUDO_UID`.
    Sudo,
}

/// Look of the screen as configured; each is overridden by its option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// auto | safe | line
    pub skin: Option<String>,
    /// default | light | mono
    pub theme: Option<String>,
    /// down | right
    pub grid_enter: Option<String>,
}

/// 版头. What stands above and below a bulletin, where the office has it: nothing here is made up.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// 发文机关标志, in red above the line.
    pub masthead: Option<String>,
    /// 发文机关, which signs.
    pub issuer: Option<String>,
    /// 发文字号, with `{n}` for its number.
    pub number: Option<String>,
    /// 主送
    pub to: Vec<String>,
    /// 抄送
    pub copies: Vec<String>,
}

/// 区. What `district.toml` states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct District {
    /// Unique id of the district and year.
    pub id: String,
    /// 区名
    pub name: String,
    /// English name.
    pub name_en: Option<String>,
    /// Plan year.
    pub year: i16,
    /// A permanent "sample data" banner.
    pub sample: bool,
    /// Freezes the calendar.
    pub today: Option<Date>,
    /// Database file relative to the folder.
    pub database: Option<String>,
    /// Screen language.
    pub language: LanguageChoice,
    /// Source of identity.
    pub identity: IdentitySource,
    /// CSV files or folders loaded once into a new database.
    pub bootstrap: Vec<String>,
    /// Look of the screen.
    pub look: Look,
    /// 版头 of bulletins.
    #[serde(default)]
    pub bulletin: Letterhead,
    /// 单位, in plan order.
    pub units: Vec<Unit>,
    /// 人员
    pub persons: Vec<Person>,
    /// 评委
    pub judges: Vec<Judge>,
    /// 轮次
    pub rounds: Vec<RoundPlan>,
}

impl District {
    /// Its name in a language; Chinese where it has no English one.
    #[must_use]
    pub fn called(&self, lang: Lang) -> &str {
        self.name_en.as_deref().filter(|_| lang == Lang::En).unwrap_or(&self.name)
    }
}

/// What `targets.toml` states.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Targets {
    /// 招商任务
    pub quota_plans: Vec<QuotaPlan>,
    /// Published counts to compare with.
    pub tallies: Vec<PublishedTally>,
    /// 主要指标
    pub indicators: Vec<Indicator>,
    /// 目标
    pub goals: Vec<Goal>,
}

/// 计划. The whole plan of a year: district, projects, rules, targets, with look-ups by id.
#[derive(Clone, Debug)]
pub struct Plan {
    /// 区
    pub district: District,
    /// 项目, in plan order.
    pub projects: Vec<Project>,
    /// 节点 of all projects; [`Project::milestones`] is a range of it.
    pub milestones: Vec<Milestone>,
    /// 考评规则
    pub rules: RuleSet,
    /// 目标任务
    pub targets: Targets,
    by_id: HashMap<String, ProjectIx>,
}

/// What is found, if nothing else is.
fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    found.next().filter(|_| found.next().is_none())
}

impl Plan {
    /// Puts the parts together and builds the look-ups.
    #[must_use]
    pub fn new(
        district: District,
        projects: Vec<Project>,
        milestones: Vec<Milestone>,
        rules: RuleSet,
        targets: Targets,
    ) -> Self {
        let by_id = (0_u32..).zip(&projects).map(|(i, p)| (p.id.clone(), ProjectIx(i))).collect();
        Self { district, projects, milestones, rules, targets, by_id }
    }

    /// An id without the prefix of the plan's first one.
    #[must_use]
    pub fn short_id<'a>(&self, id: &'a str) -> &'a str {
        let prefix = self.projects.first().and_then(|p| p.id.split_once('-')).map_or("", |(head, _)| head);
        match id.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-')) {
            Some(rest) if !prefix.is_empty() => rest,
            _ => id,
        }
    }

    /// The project with this id.
    #[must_use]
    pub fn project_ix(&self, id: &str) -> Option<ProjectIx> {
        self.by_id.get(id).copied()
    }

    /// The project with this id, else the only one whose id ends so behind a `-`, as screens shorten it, else the only one
    /// of this name.
    #[must_use]
    pub fn project_named(&self, name: &str) -> Option<ProjectIx> {
        // A bare number may be anything: a shortened id keeps the code of its headquarters.
        let ends = |id: &str| id.strip_suffix(name).is_some_and(|rest| rest.ends_with('-'));
        let short = |ix: &ProjectIx| name.contains('-') && ends(&self.project(*ix).id);
        self.project_ix(name)
            .or_else(|| only(self.project_ixs().filter(short)))
            .or_else(|| only(self.projects_called(name)))
    }

    /// All projects of that name.
    pub fn projects_called(&self, name: &str) -> impl Iterator<Item = ProjectIx> {
        self.project_ixs().filter(move |ix| self.project(*ix).is_called(name))
    }

    /// The project at its place.
    #[must_use]
    pub fn project(&self, ix: ProjectIx) -> &Project {
        &self.projects[ix.at()]
    }

    /// All places of projects, in plan order.
    pub fn project_ixs(&self) -> impl Iterator<Item = ProjectIx> + use<> {
        (0..u32::try_from(self.projects.len()).unwrap_or(u32::MAX)).map(ProjectIx)
    }

    /// Milestones of a project, in plan order.
    #[must_use]
    pub fn milestones(&self, ix: ProjectIx) -> &[Milestone] {
        let p = self.project(ix);
        &self.milestones[p.milestones.start as usize..p.milestones.end as usize]
    }

    /// The unit at its place.
    #[must_use]
    pub fn unit(&self, ix: UnitIx) -> &Unit {
        &self.district.units[ix.at()]
    }

    /// The unit with this code.
    #[must_use]
    pub fn unit_ix(&self, code: &str) -> Option<UnitIx> {
        place(&self.district.units, |u| u.code == code).map(UnitIx)
    }

    /// The unit whose code, name, short name or alias this is, blanks aside.
    #[must_use]
    pub fn unit_named(&self, name: &str) -> Option<UnitIx> {
        // A code is that code, whatever else is called so.
        self.unit_ix(name.trim()).or_else(|| {
            let name: String = name.chars().filter(|c| !c.is_whitespace()).collect();
            let same = |s: &str| s.chars().filter(|c| !c.is_whitespace()).eq(name.chars());
            let called = |u: &Unit| same(&u.name) || same(&u.short) || u.aliases.iter().any(|a| same(a));
            place(&self.district.units, called).map(UnitIx)
        })
    }

    /// Places of all units of a kind, in plan order.
    pub fn units_of(&self, kind: UnitKind) -> impl Iterator<Item = UnitIx> + '_ {
        (0_u16..).zip(&self.district.units).filter(move |(_, u)| u.kind == kind).map(|(i, _)| UnitIx(i))
    }

    /// The judge with this id.
    #[must_use]
    pub fn judge_ix(&self, id: &str) -> Option<JudgeIx> {
        place(&self.district.judges, |j| j.id == id).map(JudgeIx)
    }

    /// The round with this id.
    #[must_use]
    pub fn round_ix(&self, id: &str) -> Option<RoundIx> {
        place(&self.district.rounds, |r| r.id == id).map(RoundIx)
    }

    /// The round at its place.
    #[must_use]
    pub fn round(&self, ix: RoundIx) -> &RoundPlan {
        &self.district.rounds[ix.at()]
    }

    /// The pair of a round, named on either side.
    #[must_use]
    pub fn pair(&self, ix: RoundIx) -> Option<RoundIx> {
        self.round(ix).pair.or_else(|| place(&self.district.rounds, |r| r.pair == Some(ix)).map(RoundIx))
    }

    /// The assessment and the observation that a round stands for, itself and its pair.
    #[must_use]
    pub fn pair_of(&self, ix: RoundIx) -> (Option<RoundIx>, Option<RoundIx>) {
        match self.round(ix).kind {
            RoundKind::Assessment => (Some(ix), self.pair(ix)),
            RoundKind::Observation => (self.pair(ix), Some(ix)),
        }
    }

    /// The person with this login.
    #[must_use]
    pub fn person(&self, login: &str) -> Option<&Person> {
        self.district.persons.iter().find(|p| p.login == login)
    }
}

fn place<T>(list: &[T], is: impl Fn(&T) -> bool) -> Option<u16> {
    list.iter().position(is).and_then(|i| u16::try_from(i).ok())
}
