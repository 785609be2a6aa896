//! Small districts by chance. What is drawn stays as drawn, so that a failing property prints a district one can read.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, LazyLock};

use dukao::domain::change::{Incident, IncidentSource, ProgressRecord};
use dukao::domain::district::{Judge, JudgeIx, Plan, ProjectIx, RoundIx, UnitIx};
use dukao::domain::goal::GoalRecord;
use dukao::domain::indicator::IndicatorRecord;
use dukao::domain::panel::{BallotRecord, BallotState};
use dukao::domain::project::{
    BoardKind, Commitment, Milestone, MilestoneKind, Move, PaceBy, Project, ProjectState, Provenance, Stall,
};
use dukao::domain::quota::{Attraction, Origin};
use dukao::domain::rectification::{Rectification, RectificationState};
use dukao::domain::round::{RoundRecord, RoundState};
use dukao::domain::scoring::{
    Attribution, Basis, Missing, QuotaLight, QuotaScore, RankMethod, ScoreRecord, StretchMode, TieBreak, Trim,
    UnitMethod,
};
use dukao::domain::snapshot::{Facts, Kept, Keyed, Snapshot};
use dukao::domain::value::{Currency, Date, Money, Percent, Points};
use dukao::plan::{Texts, load};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// The earlier assessment, from which movement is counted.
pub const EARLIER: RoundIx = RoundIx(0);
/// The assessment that has a pair.
pub const ASSESSMENT: RoundIx = RoundIx(1);
/// Its pair.
pub const OBSERVATION: RoundIx = RoundIx(2);
/// Units 0–2 are headquarters, 3–5 towns.
const TOWN: u16 = 3;
const JUDGES: usize = 7;
/// 满分 of the criteria of the default rule set, in hundredths.
const FULL: [i64; 5] = [4000, 2500, 1500, 1500, 500];
const EVENTS: [&str; 7] = [
    "wage_unresolved",
    "wage_resolved",
    "petition_group",
    "criticised_city",
    "model_city",
    "model_prov",
    "serious_accident",
];

/// Units, rounds, targets and the default rule set; projects and judges are drawn.
static BASE: LazyLock<Plan> = LazyLock::new(|| {
    let mut district = "schema = 1\nid = \"x\"\nname = \"区\"\nyear = 2014\n".to_owned();
    for (code, kind) in [("A", "headquarters"), ("B", "headquarters"), ("C", "headquarters")].into_iter().chain([
        ("TA", "town"),
        ("TB", "town"),
        ("TC", "town"),
    ]) {
        district += &format!("[[unit]]\ncode = \"{code}\"\nkind = \"{kind}\"\nname = \"{code}单位\"\n");
    }
    for (id, kind, days, more) in [
        ("Q1", "assessment", "from = 2014-01-01\nto = 2014-03-31\nas_of = 2014-03-31", ""),
        ("H1", "assessment", "from = 2014-01-01\nto = 2014-06-30\nas_of = 2014-06-30", "previous = \"Q1\""),
        ("O2", "observation", "from = 2014-04-01\nto = 2014-06-30\nas_of = 2014-06-20", "projects = [\"P\"]"),
    ] {
        let pair = match id {
            "H1" => "pair = \"O2\"",
            "O2" => "pair = \"H1\"",
            _ => "",
        };
        district += &format!("[[round]]\nid = \"{id}\"\nkind = \"{kind}\"\nname = \"{id}\"\n{days}\n{more}\n{pair}\n");
    }
    let texts = Texts {
        district,
        projects: "[[project]]\nid = \"P\"\nname = \"P\"\ncommitment = \"must\"\nheadquarters = \"A\"\n".to_owned(),
        scoring: include_str!("../../../config/scoring.toml").to_owned(),
        targets: TARGETS.to_owned(),
    };
    load(&texts).unwrap_or_else(|errors| panic!("{errors:?}"))
});

const TARGETS: &str = r#"
[[quota_plan]]
id = "year"
name = "全年"
from = 2014-02-01
to = 2014-12-31
[[quota_plan.tier]]
id = "one"
label = "1亿元以上"
at_least = "1亿元"
headline = 6
[[quota_plan.tier]]
id = "ten"
label = "10亿元以上"
at_least = "10亿元"
[[quota_plan.quota]]
unit = "A"
targets = { one = 3, ten = 1 }
[[quota_plan.quota]]
unit = "TA"
targets = { ten = 1 }
[[quota_plan.quota]]
label = "不详"
targets = { one = 2 }
[[indicator]]
id = "gdp"
name = "生产总值"
unit = "亿元"
better = "higher"
[[goal]]
id = "class"
name = "一类村"
op = "increase_pp"
value = 15
unit = "%"
due = 2014-06-30
[[goal]]
id = "petition"
name = "零上访"
op = "zero"
due = 2014-12-31
"#;

/// The rule-set variants.
#[derive(Clone, Debug)]
pub struct Rules {
    pub method: UnitMethod,
    pub attribution: Attribution,
    pub stretch: StretchMode,
    pub rank: RankMethod,
    pub tie_break: Vec<TieBreak>,
    pub min_projects: usize,
    pub trim: Trim,
    pub min_valid: usize,
    pub groups: bool,
    pub missing: Missing,
    pub weight: i64,
    pub pace: PaceBy,
    pub light: QuotaLight,
    pub score: QuotaScore,
    pub min_received: i64,
}

/// A project and everything that happened to it.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub id: usize,
    pub commitment: Commitment,
    pub state: ProjectState,
    pub headquarters: u16,
    /// Town (0–2) and basis points.
    pub towns: Vec<(u16, u16)>,
    /// Board, headquarters or town (0–2), first day.
    pub moves: Vec<(BoardKind, u16, Date)>,
    /// Due, weight, done.
    pub milestones: Vec<(Date, u32, Option<Date>)>,
    pub task_points: Option<u16>,
    /// Total investment and annual plan, 万元.
    pub money: (Option<i64>, Option<i64>),
    pub stop_and_go: bool,
    /// Day, percent, planned percent, invested 万元, permits obtained of 3.
    pub report: Option<(Date, i64, Option<i64>, i64, u32)>,
    /// Quarters of the full points per criterion; `Some(None)` is n/a.
    pub entries: Vec<Option<Option<i64>>>,
    /// Kind, day, resolved.
    pub incidents: Vec<(&'static str, Date, Option<Date>)>,
    /// Issued, due, closed.
    pub rectifications: Vec<(Date, Date, Option<Date>)>,
    /// By judge; none where it is no site.
    pub ballots: Option<Vec<Option<(BallotState, i64)>>>,
}

/// 招商 as drawn.
#[derive(Clone, Debug)]
pub struct Attracted {
    /// 千万
    pub amount: i64,
    pub dollars: bool,
    pub received_percent: i64,
    pub signed: Date,
    pub credits: Vec<u16>,
    pub excluded: bool,
    pub origin: Option<Origin>,
}

/// A judge: number, unit of his own, group.
pub type DrawnJudge = (usize, Option<u16>, bool);

/// A whole district and its year.
#[derive(Clone)]
pub struct District {
    pub rules: Rules,
    pub as_of: Option<Date>,
    /// The observation has begun.
    pub observed: bool,
    /// The third headquarters stands on the board with a rank.
    pub third_ranked: bool,
    pub judges: Vec<DrawnJudge>,
    pub projects: Vec<Drawn>,
    pub attractions: Vec<Attracted>,
    /// Growth, target and city, in hundredths, of the first half year.
    pub growth: (Option<i64>, Option<i64>, Option<i64>),
    /// Goal (by its number), day, value.
    pub goals: Vec<(bool, Date, i64)>,
}

impl fmt::Debug for District {
    /// A line for each thing drawn.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rules, as_of, observed, third_ranked, judges, projects, attractions, growth, goals } = self;
        writeln!(f, "as of {as_of:?}, observed {observed}, third ranked {third_ranked}, judges {judges:?}")?;
        writeln!(f, "  growth {growth:?}, goals {goals:?}\n  {rules:?}")?;
        projects.iter().try_for_each(|p| writeln!(f, "  {p:?}"))?;
        attractions.iter().try_for_each(|a| writeln!(f, "  {a:?}"))
    }
}

/// Every fifth day of 2014, and as often the days at which something ends: two things often fall on one day.
pub fn day() -> impl Strategy<Value = Date> {
    let first = Date::constant(2014, 1, 1);
    let fifth = move |n| first.checked_add(jiff::Span::new().days(5 * n)).expect("a day of the year");
    let ends = [(3, 31), (4, 1), (6, 20), (6, 21), (6, 30), (7, 1), (7, 12)];
    prop_oneof![(0_i64..73).prop_map(fifth), select(ends.map(|(m, d)| Date::constant(2014, m, d)).to_vec())]
}

pub fn trim() -> impl Strategy<Value = Trim> {
    prop_oneof![Just(Trim::None), Just(Trim::Auto), (1_u16..4).prop_map(Trim::Each)]
}

fn rules() -> impl Strategy<Value = Rules> {
    let unit = (
        select(vec![UnitMethod::Rate, UnitMethod::Mean, UnitMethod::Sum]),
        select(vec![Attribution::AsOf, Attribution::TimeWeighted]),
        select(vec![StretchMode::Bonus, StretchMode::Same, StretchMode::None]),
    );
    let ties = vec![TieBreak::MustCompletedRate, TieBreak::BehindCount, TieBreak::DeductionTotal];
    let rank =
        (select(vec![RankMethod::Competition, RankMethod::Dense]), subsequence(ties, 0..=3).prop_shuffle(), 0_usize..3);
    let panel = (trim(), 1_usize..4, any::<bool>());
    let composite = (select(vec![Missing::Renormalise, Missing::Blank]), select(vec![80_i64, 100, 0]));
    let lag = QuotaLight::Lag { yellow_from: Points::whole(10), red_above: Points::whole(30) };
    let quota = (
        select(vec![PaceBy::Months, PaceBy::Days]),
        select(vec![lag, QuotaLight::Sanya]),
        select(vec![QuotaScore::Capped, QuotaScore::Uncapped, QuotaScore::Threshold]),
        select(vec![0, 50]),
    );
    (unit, rank, panel, composite, quota).prop_map(|(unit, rank, panel, composite, quota)| Rules {
        method: unit.0,
        attribution: unit.1,
        stretch: unit.2,
        rank: rank.0,
        tie_break: rank.1,
        min_projects: rank.2,
        trim: panel.0,
        min_valid: panel.1,
        groups: panel.2,
        missing: composite.0,
        weight: composite.1,
        pace: quota.0,
        light: quota.1,
        score: quota.2,
        min_received: quota.3,
    })
}

/// Not stated, one town, or shares that sum to the whole.
fn towns() -> impl Strategy<Value = Vec<(u16, u16)>> {
    prop_oneof![
        Just(vec![]),
        (0_u16..3).prop_map(|t| vec![(t, 10_000)]),
        (0_u16..3, 1_u16..10_000).prop_map(|(t, bp)| vec![(t, bp), ((t + 1) % 3, 10_000 - bp)]),
        Just(vec![(0, 3333), (1, 3333), (2, 3334)]),
    ]
}

fn ballot() -> impl Strategy<Value = Option<(BallotState, i64)>> {
    let states = vec![
        BallotState::Entered,
        BallotState::Confirmed,
        BallotState::Confirmed,
        BallotState::Absent,
        BallotState::Recused,
        BallotState::Void,
    ];
    option::weighted(0.9, (select(states), 170_i64..200)).prop_map(|b| b.map(|(state, half)| (state, 50 * half)))
}

/// All points, half of them, or by criterion: two projects often score the same.
fn entries() -> impl Strategy<Value = Vec<Option<Option<i64>>>> {
    let all = |quarters| Just(vec![Some(Some(quarters)); 5]);
    prop_oneof![all(4), all(2), vec(option::weighted(0.7, option::weighted(0.9, 0_i64..=4)), 5)]
}

fn project() -> impl Strategy<Value = Drawn> {
    use ProjectState::{Active, Exempt, Suspended, Withdrawn};
    let plan = (
        select(vec![Commitment::Must, Commitment::Stretch]),
        select(vec![Active, Active, Active, Suspended, Exempt, Withdrawn]),
        0_u16..3,
        towns(),
        vec((select(vec![BoardKind::Headquarters, BoardKind::Towns]), 0_u16..3, day()), 0..3),
        vec((day(), 1_u32..4, option::weighted(0.8, day())), 0..3),
    );
    let worth = (
        option::of(select(vec![1_u16, 77, 100, 999])),
        (option::of(1_i64..200_000), option::of(1_i64..20_000)),
        any::<bool>(),
    );
    let report = option::of((day(), 0_i64..=100, option::of(0_i64..=100), 0_i64..10_000, 0_u32..=3));
    let facts = (
        report,
        entries(),
        vec((select(EVENTS.to_vec()), day(), option::of(day())), 0..2),
        vec((day(), day(), option::of(day())), 0..2),
        option::of(vec(ballot(), JUDGES)),
    );
    (plan, worth, facts).prop_map(|(plan, worth, facts)| Drawn {
        id: 0,
        commitment: plan.0,
        state: plan.1,
        headquarters: plan.2,
        towns: plan.3,
        moves: plan.4,
        milestones: plan.5,
        task_points: worth.0,
        money: worth.1,
        stop_and_go: worth.2,
        report: facts.0,
        entries: facts.1,
        incidents: facts.2,
        rectifications: facts.3,
        ballots: facts.4,
    })
}

pub fn attracted() -> impl Strategy<Value = Attracted> {
    let origins = vec![Origin::Abroad, Origin::OtherProvince, Origin::InProvince, Origin::Local];
    let worth = (0_i64..130, proptest::bool::weighted(0.2), prop_oneof![0_i64..=120, 49_i64..=51]);
    let rest = (day(), subsequence((0_u16..6).collect::<Vec<_>>(), 0..3), proptest::bool::weighted(0.2));
    (worth, rest, option::of(select(origins))).prop_map(|(worth, rest, origin)| Attracted {
        amount: worth.0,
        dollars: worth.1,
        received_percent: worth.2,
        signed: rest.0,
        credits: rest.1,
        excluded: rest.2,
        origin,
    })
}

/// A district with at most six projects, seven judges and five attractions.
pub fn district() -> impl Strategy<Value = District> {
    let judges = vec((option::weighted(0.3, 0_u16..6), any::<bool>()), 0..=JUDGES);
    let flags = (option::weighted(0.3, day()), proptest::bool::weighted(0.8), any::<bool>());
    let percent = || option::of(-5_i64..5);
    let targets = ((percent(), percent(), percent()), vec((any::<bool>(), day(), 0_i64..20), 0..3));
    (rules(), flags, judges, vec(project(), 0..7), vec(attracted(), 0..5), targets).prop_map(
        |(rules, flags, judges, mut projects, attractions, (growth, goals))| {
            for (id, project) in projects.iter_mut().enumerate() {
                project.id = id;
            }
            let judges = judges.into_iter().enumerate().map(|(id, (home, group))| (id, home, group)).collect();
            let (as_of, observed, third_ranked) = flags;
            District { rules, as_of, observed, third_ranked, judges, projects, attractions, growth, goals }
        },
    )
}

fn keyed<T>(values: impl Iterator<Item = T>) -> Keyed<T> {
    Arc::new(values.enumerate().map(|(i, value)| (format!("{i:03}"), Kept { seq: 1, value })).collect())
}

impl Drawn {
    pub fn name(&self) -> String {
        format!("P{}", self.id)
    }

    /// The unit of a board by its number there.
    fn unit(board: BoardKind, number: u16) -> UnitIx {
        UnitIx(number + if board == BoardKind::Towns { TOWN } else { 0 })
    }

    fn planned(&self, first: u32) -> Project {
        let mut moves: Vec<Move> = Vec::new();
        for (board, unit, from) in &self.moves {
            if moves.iter().all(|m| (m.board, m.from) != (*board, *from)) {
                let unit = Self::unit(*board, *unit);
                moves.push(Move { board: *board, unit, from: *from, reason: "例".into() });
            }
        }
        moves.sort_by_key(|m| m.from);
        let wan = |n: Option<i64>| n.map(|n| Money::yuan(10_000 * n));
        Project {
            id: self.name(),
            name: self.name(),
            aliases: vec![],
            commitment: self.commitment,
            headquarters: UnitIx(self.headquarters),
            towns: self.towns.iter().map(|(t, bp)| (Self::unit(BoardKind::Towns, *t), *bp)).collect(),
            total_investment: wan(self.money.0),
            annual_plan: wan(self.money.1),
            owner: None,
            contractor: None,
            service_officer: None,
            task_points: self.task_points,
            stall: self.stop_and_go.then_some(Stall::StopAndGo),
            state: self.state,
            state_reason: None,
            provenance: Provenance::Sample,
            note: None,
            milestones: first..first + u32::try_from(self.milestones.len()).expect("few"),
            moves,
        }
    }

    fn milestones(&self) -> impl Iterator<Item = Milestone> + '_ {
        self.milestones.iter().enumerate().map(|(i, (due, weight, _))| Milestone {
            name: i.to_string(),
            kind: MilestoneKind::Physical,
            due: *due,
            weight: *weight,
        })
    }

    fn progress(&self) -> Vec<(Date, ProgressRecord)> {
        let record = |(date, percent, planned, invested, permits): (Date, i64, Option<i64>, i64, u32)| {
            let record = ProgressRecord {
                percent: Some(Percent::whole(percent)),
                planned_percent: planned.map(Percent::whole),
                invested: Some(Money::yuan(10_000 * invested)),
                permits_due: Some(3),
                permits_obtained: Some(permits),
                ..ProgressRecord::default()
            };
            (date, record)
        };
        self.report.map(record).into_iter().collect()
    }

    fn scores(&self, place: ProjectIx) -> impl Iterator<Item = ((ProjectIx, usize), Kept<ScoreRecord>)> + '_ {
        let entry = |(i, quarters): (usize, &Option<Option<i64>>)| quarters.map(|q| (i, q));
        self.entries.iter().enumerate().filter_map(entry).map(move |(i, quarters)| {
            let points = quarters.map(|q| Points(FULL[i] * q / 4));
            let basis = if points.is_some() { Basis::Override } else { Basis::NotApplicable };
            let value = ScoreRecord { basis, note: "例".into(), points, suggestion: None };
            ((place, i), Kept { seq: 1, value })
        })
    }

    fn incidents(&self) -> impl Iterator<Item = Incident> + '_ {
        self.incidents.iter().map(|(event, date, resolved)| Incident {
            source: IncidentSource::Petition,
            event: (*event).to_owned(),
            date: *date,
            project: self.name(),
            resolved: *resolved,
            people: None,
            amount: None,
            reference: None,
        })
    }

    fn rectifications(&self) -> impl Iterator<Item = Rectification> + '_ {
        self.rectifications.iter().map(|(issued, due, closed)| Rectification {
            project: Some(self.name()),
            unit: "A".into(),
            finding: "例".into(),
            action: None,
            issued: *issued,
            due: *due,
            state: if closed.is_some() { RectificationState::Closed } else { RectificationState::Issued },
            closed: *closed,
        })
    }
}

impl Attracted {
    fn record(&self) -> Attraction {
        let money = |tens_of_millions: i64| Money {
            amount: 10_000_000 * tens_of_millions,
            currency: if self.dollars { Currency::Usd } else { Currency::Cny },
        };
        Attraction {
            name: "例".into(),
            amount: money(self.amount),
            received: Some(Money { amount: money(self.amount).amount / 100 * self.received_percent, ..money(0) }),
            origin: self.origin,
            signed: self.signed,
            host: None,
            credits: self.credits.iter().map(|u| BASE.unit(UnitIx(*u)).code.clone()).collect(),
            started: None,
            producing: None,
            excluded: self.excluded.then(|| "例".into()),
        }
    }
}

impl District {
    fn plan(&self) -> Plan {
        let mut district = BASE.district.clone();
        district.units[2].ranked = self.third_ranked;
        let judge = |(id, home, group): &DrawnJudge| Judge {
            id: format!("J{id}"),
            label: format!("J{id}"),
            group: self.rules.groups.then(|| if *group { "leaders" } else { "bureaus" }.to_owned()),
            home_unit: home.map(UnitIx),
        };
        district.judges = self.judges.iter().map(judge).collect();
        let mut sites: Vec<(usize, ProjectIx)> =
            (0..).zip(&self.projects).filter(|(_, p)| p.ballots.is_some()).map(|(i, p)| (p.id, ProjectIx(i))).collect();
        sites.sort_unstable();
        district.rounds[OBSERVATION.at()].sites = sites.into_iter().map(|(_, place)| place).collect();

        let mut rules = BASE.rules.clone();
        let drawn = &self.rules;
        rules.unit_method = drawn.method;
        rules.attribution = drawn.attribution;
        rules.scope.stretch = drawn.stretch;
        rules.rank.method = drawn.rank;
        rules.rank.tie_break.clone_from(&drawn.tie_break);
        rules.rank.min_projects = drawn.min_projects;
        rules.observation.trim = drawn.trim;
        rules.observation.min_valid = drawn.min_valid;
        if drawn.groups {
            rules.observation.groups = vec![("leaders".into(), 60), ("bureaus".into(), 40)];
        }
        rules.composite.missing = drawn.missing;
        (rules.composite.assessment, rules.composite.observation) = (drawn.weight, 100 - drawn.weight);
        rules.quota.pace = drawn.pace;
        rules.quota.score = drawn.score;
        rules.quota.min_received_percent = drawn.min_received;
        rules.light.quota = drawn.light;

        let (mut projects, mut milestones) = (Vec::new(), Vec::new());
        for drawn in &self.projects {
            projects.push(drawn.planned(u32::try_from(milestones.len()).expect("few")));
            milestones.extend(drawn.milestones());
        }
        Plan::new(district, projects, milestones, rules, BASE.targets.clone())
    }

    fn facts(&self, plan: &Plan) -> Facts {
        let mut facts = Facts::empty(plan);
        let places = || (0..).map(ProjectIx).zip(&self.projects);
        facts.done = Arc::new(self.projects.iter().flat_map(|p| p.milestones.iter().map(|m| m.2)).collect());
        facts.progress = Arc::new(self.projects.iter().map(Drawn::progress).collect());
        facts.incidents = keyed(self.projects.iter().flat_map(Drawn::incidents));
        facts.rectifications = keyed(self.projects.iter().flat_map(Drawn::rectifications));
        facts.attractions = keyed(self.attractions.iter().map(Attracted::record));
        let percent = |n: Option<i64>| n.map(Percent::whole);
        let (growth, target_growth, city_growth) = self.growth;
        let (growth, target_growth, city_growth) = (percent(growth), percent(target_growth), percent(city_growth));
        let value = IndicatorRecord { growth, target_growth, city_growth, ..IndicatorRecord::default() };
        facts.indicators = Arc::new(vec![("gdp/2014-H1".to_owned(), Kept { seq: 1, value })]);
        let goal = |(second, day, value): &(bool, Date, i64)| {
            let value = GoalRecord { value: Points::whole(*value), note: String::new() };
            (format!("{}/{day}", if *second { "petition" } else { "class" }), Kept { seq: 1, value })
        };
        facts.goals = Arc::new(self.goals.iter().map(goal).collect::<BTreeMap<_, _>>().into_iter().collect());
        Arc::make_mut(&mut facts.scores)[ASSESSMENT.at()] = places().flat_map(|(ix, p)| p.scores(ix)).collect();
        let mut ballots = HashMap::new();
        for (ix, ballot_of) in places().filter_map(|(ix, p)| p.ballots.as_ref().map(|b| (ix, b))) {
            for (j, (judge, _, _)) in (0_u16..).zip(&self.judges) {
                if let Some((state, score)) = ballot_of[*judge] {
                    let scored = matches!(state, BallotState::Entered | BallotState::Confirmed);
                    let value = BallotRecord { state, score: scored.then_some(Points(score)), entered_by: None };
                    ballots.insert((ix, JudgeIx(j)), Kept { seq: 1, value });
                }
            }
        }
        Arc::make_mut(&mut facts.ballots)[OBSERVATION.at()] = ballots;
        let record = |state| Some(Kept { seq: 1, value: RoundRecord { state, ..RoundRecord::default() } });
        let observation = if self.observed { record(RoundState::Open) } else { None };
        facts.rounds = Arc::new(vec![record(RoundState::Open), record(RoundState::Open), observation]);
        facts
    }

    /// The district as the program sees it.
    pub fn snapshot(&self) -> Snapshot {
        let plan = self.plan();
        let facts = self.facts(&plan);
        Snapshot::new(Arc::new(plan), facts, Date::constant(2014, 7, 12), self.as_of)
    }
}
