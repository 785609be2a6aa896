//! The store with two connections, in a folder of its own.

mod care;
mod faults;
mod killed;
mod matrix;
mod past;
mod presence;
mod rounds;
mod tampering;

use std::os::unix::fs::PermissionsExt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use rusqlite::{ErrorCode, OpenFlags, params};
use tempfile::TempDir;

use super::ambient::random_op_id;
use super::*;
use crate::domain::change::{Change, Draft, Kind, MilestoneRecord, ProgressRecord, Record, Refusal};
use crate::domain::district::{
    District, IdentitySource, Judge, LanguageChoice, Letterhead, Look, Person, Role, RoundIx, RoundKind, RoundPlan,
    Targets, Unit, UnitIx, UnitKind,
};
use crate::domain::panel::{BallotRecord, BallotState};
use crate::domain::project::{Commitment, Milestone, MilestoneKind, PaceBy, Project, ProjectState, Provenance};
use crate::domain::rectification::{Rectification, RectificationState};
use crate::domain::round::{RoundState, RoundStep};
use crate::domain::scoring::*;
use crate::domain::value::{Money, Percent, Points};

fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

fn unit(code: &str, kind: UnitKind) -> Unit {
    let name = format!("{code}单位");
    Unit { code: code.into(), kind, name: name.clone(), short: name, name_en: None, aliases: Vec::new(), ranked: true }
}

fn person(login: &str, role: Role, units: &[u16], home: Option<u16>, uid: u32) -> Person {
    Person {
        login: login.into(),
        name: login.into(),
        roles: vec![role],
        units: units.iter().copied().map(UnitIx).collect(),
        home_unit: home.map(UnitIx),
        uid: Some(uid),
    }
}

fn round(id: &str, kind: RoundKind, sites: &[u32]) -> RoundPlan {
    RoundPlan {
        name_en: None,
        id: id.into(),
        kind,
        name: id.into(),
        from: day("2014-01-01"),
        to: day("2014-06-30"),
        as_of: day("2014-06-30"),
        pair: None,
        previous: None,
        sites: sites.iter().copied().map(crate::domain::district::ProjectIx).collect(),
    }
}

fn criterion(id: &str, points: i64) -> Criterion {
    Criterion {
        id: id.into(),
        label: id.into(),
        points: Points::whole(points),
        source: CriterionSource::Entry,
        late: None,
        cap_percent: 100,
        pace: PaceBy::Months,
        step: Points(50),
    }
}

fn rules() -> RuleSet {
    let bounds = |max| Bounds { min: Points::ZERO, max: Points::whole(max) };
    RuleSet {
        sha256: ledger::sha256("scoring"),
        id: "rules".into(),
        title: "考评办法".into(),
        effective_from: day("2014-01-01"),
        effective_to: day("2014-12-31"),
        scope: Scope {
            commitments: vec![Commitment::Must],
            stretch: StretchMode::None,
            per_completed: Points::ZERO,
            cap: Points::ZERO,
            min_applicable: Points::whole(50),
        },
        task_points: TaskPoints { default: 100, tiers: vec![(Money::yuan(0), 100)] },
        criteria: vec![criterion("duty", 60), criterion("site", 40)],
        deductions: Vec::new(),
        bonuses: Vec::new(),
        caps: Caps {
            bonus: Points::whole(10),
            project: bounds(110),
            unit: bounds(110),
            deduction: std::iter::once(("a".to_owned(), Points::whole(20))).collect(),
        },
        veto: Veto { unit_flag: "否决".into(), events: vec![("death".into(), "死亡".into())] },
        unit_method: UnitMethod::Rate,
        attribution: Attribution::AsOf,
        observation: ObservationRule {
            range: bounds(100),
            step: Points::whole(1),
            min_valid: 1,
            trim: Trim::Auto,
            double_entry: true,
            groups: vec![("leaders".into(), 2)],
        },
        composite: CompositeRule { assessment: 70, observation: 30, missing: Missing::Renormalise },
        rank: RankRule { method: RankMethod::Competition, tie_break: vec![TieBreak::BehindCount], min_projects: 1 },
        light: LightRule {
            milestone: MilestoneLight { grace_days: 0, yellow_to: 30 },
            quota: QuotaLight::Lag { yellow_from: Points::whole(1), red_above: Points::whole(20) },
            warn_days: 7,
            due_soon_days: 15,
            stale_days: 45,
        },
        quota: QuotaRule { pace: PaceBy::Months, score: QuotaScore::Capped, min_received_percent: 0 },
        lines: std::iter::once(("caps".to_owned(), 7)).collect(),
    }
}

fn project(id: &str, headquarters: u16, towns: &[(u16, u16)], milestones: std::ops::Range<u32>) -> Project {
    Project {
        id: id.into(),
        name: format!("{id}项目"),
        aliases: vec!["又名".into()],
        commitment: Commitment::Must,
        headquarters: UnitIx(headquarters),
        towns: towns.iter().map(|(u, share)| (UnitIx(*u), *share)).collect(),
        total_investment: Some(Money::yuan(1_300_000_000)),
        annual_plan: None,
        owner: Some("业主".into()),
        contractor: None,
        service_officer: None,
        task_points: Some(120),
        stall: None,
        state: ProjectState::Active,
        state_reason: None,
        provenance: Provenance::Sample,
        note: None,
        milestones,
        moves: Vec::new(),
    }
}

/// Two headquarters, two towns, two projects, one round of each kind, a person of each role.
pub(crate) fn plan() -> Plan {
    let milestone = |name: &str, due: &str| Milestone {
        name: name.into(),
        kind: MilestoneKind::Physical,
        due: day(due),
        weight: 10,
    };
    let district = District {
        id: "test-2014".into(),
        name: "测试区".into(),
        name_en: None,
        year: 2014,
        sample: false,
        today: Some(day("2014-07-12")),
        database: None,
        language: LanguageChoice::Auto,
        identity: IdentitySource::Local,
        bootstrap: Vec::new(),
        look: Look::default(),
        bulletin: Letterhead::default(),
        units: vec![
            unit("A", UnitKind::Headquarters),
            unit("B", UnitKind::Headquarters),
            unit("T", UnitKind::Town),
            unit("U", UnitKind::Town),
        ],
        persons: vec![
            person("vera", Role::Viewer, &[], None, 1001),
            person("zhang", Role::Scorer, &[], None, 1002),
            person("li", Role::Scorer, &[0], None, 1003),
            person("home", Role::Scorer, &[], Some(2), 1004),
            person("clerk", Role::Clerk, &[], None, 1005),
            person("clerk2", Role::Clerk, &[], None, 1006),
            person("chief", Role::Chief, &[], None, 1007),
            person("audit", Role::Auditor, &[], None, 1008),
        ],
        judges: vec![
            Judge { id: "j1".into(), label: "评委1".into(), group: None, home_unit: None },
            Judge { id: "j2".into(), label: "评委2".into(), group: None, home_unit: Some(UnitIx(0)) },
        ],
        rounds: vec![round("ASM", RoundKind::Assessment, &[]), round("OBS", RoundKind::Observation, &[0])],
    };
    let milestones =
        vec![milestone("开工", "2014-03-31"), milestone("封顶/验收", "2014-06-30"), milestone("开工", "2014-05-01")];
    let projects = vec![project("P1", 0, &[(2, 10000)], 0..2), project("P2", 1, &[(2, 5000), (3, 5000)], 2..3)];
    Plan::new(district, projects, milestones, rules(), Targets::default())
}

const TEXTS: [(&str, &str); 4] =
    [("district", "district"), ("projects", "projects"), ("scoring", "scoring"), ("targets", "targets")];

fn counted() -> Result<OpId, Error> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    Ok(id)
}

fn ambient() -> Ambient {
    Ambient {
        clock: || SystemTime::UNIX_EPOCH + Duration::from_millis(1_405_128_600_123),
        op_id: counted,
        ..Ambient::default()
    }
}

struct Desk {
    path: PathBuf,
    store: Store,
    _folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("year/x.db");
        let store = create::create_with(&path, TEXTS, &plan(), ambient(), |_| Ok(())).expect("a new database");
        Self { path, store, _folder: folder }
    }

    /// With both rounds open.
    fn open() -> Self {
        let mut desk = Self::new();
        for round in ["ASM", "OBS"] {
            desk.store.round_step(&who("chief"), round, RoundStep::Open, "").expect("opened");
        }
        desk
    }

    fn another(&self) -> Store {
        Store::open_with(&self.path, Some("test-2014"), ambient()).expect("a second connection")
    }

    fn score(&mut self, login: &str, key: &str, points: i64, base: Option<u64>) -> Result<Vec<u64>, Error> {
        self.store.save(&who(login), &[score(key, points, base)], None)
    }

    /// A connection without guard, as the owner of the file could have one.
    fn owner(&self) -> Connection {
        Connection::open_with_flags(&self.path, OpenFlags::SQLITE_OPEN_READ_WRITE).expect("a connection")
    }

    fn problems(&self) -> Vec<String> {
        let verified = self.store.verify(None, &|_| Some(plan())).expect("verified");
        verified.problems.into_iter().map(|p| p.en).collect()
    }
}

fn who(login: &str) -> Actor {
    Actor::person(&plan(), login, "local:1")
}

fn draft(kind: Kind, key: &str, after: Option<Record>, base: Option<u64>, reason: &str) -> Draft {
    let subject = Subject { kind, key: key.into() };
    Draft { change: Change { subject, before: None, after, reason: reason.into() }, base }
}

fn points(points: i64) -> Option<Record> {
    Some(Record::Score(ScoreRecord {
        basis: Basis::Entered,
        note: String::new(),
        points: Some(Points(points)),
        suggestion: None,
    }))
}

fn score(key: &str, hundredths: i64, base: Option<u64>) -> Draft {
    draft(Kind::Score, key, points(hundredths), base, "")
}

fn ballot(state: BallotState, points: Option<i64>, reason: &str) -> Draft {
    let record = BallotRecord { state, score: points.map(Points), entered_by: None };
    draft(Kind::Ballot, "OBS/j1/P1", Some(Record::Ballot(record)), None, reason)
}

fn stored_score(store: &mut Store) -> Option<i64> {
    let snapshot = store.snapshot(None);
    let place = (crate::domain::district::ProjectIx(0), 0);
    snapshot.facts.scores[0].get(&place).and_then(|s| s.value.points).map(|p| p.0)
}

#[test]
fn a_new_database_is_private_and_holds_the_plan() {
    let desk = Desk::new();
    let mode = |p: &Path| std::fs::metadata(p).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&desk.path), 0o600);
    assert_eq!(mode(&bell::path_of(&desk.path)), 0o600);
    assert_eq!(mode(desk.path.parent().expect("a folder")), 0o700);
    assert!(!desk.path.with_extension("db.new").exists());
    let (read, made) = (desk.another().plan, plan());
    assert_eq!(read.projects, made.projects);
    assert_eq!(read.milestones, made.milestones);
    assert_eq!(read.district, made.district);
    assert_eq!(read.rules, made.rules);
    assert_eq!(desk.store.plan_texts().expect("texts")[2], "scoring");
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn a_new_database_is_made_once_and_never_in_place_of_a_lost_one() {
    let desk = Desk::new();
    let again = create(&desk.path, TEXTS, &plan(), |_| Ok(()));
    assert_eq!(again.expect_err("there is one").exit_code(), 6);
    std::fs::remove_file(&desk.path).expect("lost");
    let lost = create(&desk.path, TEXTS, &plan(), |_| Ok(()));
    assert_eq!(lost.expect_err("its bell is there").kind(), "missing");
    let opened = Store::open(&desk.path, None);
    assert_eq!(opened.expect_err("lost").kind(), "missing");
}

#[test]
fn a_failing_bootstrap_leaves_nothing() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("x.db");
    let refused = create(&path, TEXTS, &plan(), |step| step.append(&[score("ASM/P1/duty", 100, None)]));
    assert_eq!(refused.expect_err("draft round"), Error::RoundState(RoundState::Draft));
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn files_that_are_not_safe_are_not_opened() {
    let desk = Desk::new();
    let kind = |district| Store::open(&desk.path, district).map(drop).map_err(|e| e.kind());
    assert_eq!(kind(Some("test-2014")), Ok(()));
    assert_eq!(kind(Some("elsewhere")), Err("unusable"));
    let rights = |mode| std::fs::set_permissions(&desk.path, PermissionsExt::from_mode(mode)).expect("chmod");
    rights(0o640);
    assert_eq!(kind(None), Err("unusable"));
    rights(0o600);
    let link = desk.path.with_file_name("link.db");
    std::os::unix::fs::symlink(&desk.path, &link).expect("a link");
    assert_eq!(Store::open(&link, None).expect_err("a link").kind(), "unusable");
    desk.owner().execute_batch("DROP TRIGGER ledger_no_delete").expect("tampered");
    assert_eq!(kind(None), Err("damaged"));
}

#[test]
fn what_is_saved_is_there_after_opening_again() {
    let mut desk = Desk::open();
    let seqs = desk.score("zhang", "ASM/P1/duty", 1850, None).expect("saved");
    let mut again = desk.another();
    assert_eq!(stored_score(&mut again), Some(1850));
    assert_eq!(again.snapshot(None).facts.seq, seqs[0]);
    assert_eq!(again.snapshot(None).facts.head.len(), 64);
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn every_kind_of_mass_record_is_read_back_as_written() {
    let mut desk = Desk::open();
    let progress = ProgressRecord {
        percent: Some(Percent(4550)),
        invested: Some(Money::yuan(42_000_000)),
        permits_due: Some(3),
        reported: Some(crate::domain::change::Reported::Behind),
        note: "雨天".into(),
        ..ProgressRecord::default()
    };
    let drafts = [
        draft(
            Kind::Milestone,
            "P1/封顶/验收",
            Some(Record::Milestone(MilestoneRecord { done: day("2014-06-20") })),
            None,
            "",
        ),
        draft(Kind::Progress, "P2/2014-06-30", Some(Record::Progress(progress.clone())), None, ""),
        draft(Kind::Progress, "P2/2014-03-31", Some(Record::Progress(ProgressRecord::default())), None, ""),
        ballot(BallotState::Entered, Some(8800), ""),
    ];
    desk.store.save(&who("clerk"), &drafts, None).expect("saved");
    let (mine, theirs) = (desk.store.snapshot(None), desk.another().snapshot(None));
    assert_eq!(theirs.facts.done.as_slice(), [None, Some(day("2014-06-20")), None]);
    assert_eq!(theirs.facts.progress[1][1], (day("2014-06-30"), progress));
    assert_eq!(mine.facts.done, theirs.facts.done);
    assert_eq!(mine.facts.progress, theirs.facts.progress);
    assert_eq!(mine.facts.ballots, theirs.facts.ballots);
    desk.store
        .save(&who("clerk"), &[draft(Kind::Progress, "P2/2014-03-31", None, None, "重报")], None)
        .expect("withdrawn");
    assert_eq!(desk.another().snapshot(None).facts.progress[1].len(), 1);
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn the_second_of_two_editors_is_refused_and_sees_the_first() {
    let mut desk = Desk::open();
    let mut other = desk.another();
    desk.score("zhang", "ASM/P1/duty", 1850, Some(0)).expect("first");
    let refused = other.save(&who("li"), &[score("ASM/P1/duty", 2000, Some(0))], None).expect_err("second");
    assert_eq!(refused.exit_code(), 4);
    let Error::Conflict(conflict) = refused else { panic!("{refused}") };
    let text = Error::Conflict(conflict.clone()).text();
    assert_eq!(text.zh, format!("未保存：zhang 于 09:30 已先改为 18.5（#{}）。请看过再决定保留还是改写", conflict.seq));
    assert_eq!((conflict.theirs, conflict.mine), (points(1850), points(2000)));
    assert_eq!((conflict.actor.as_str(), conflict.seq), ("zhang", desk.store.facts.seq));
    assert_eq!(conflict.at, "2014-07-12T09:30:00.123+08:00");
    // Seen, and replaced on purpose.
    other.save(&who("li"), &[score("ASM/P1/duty", 2000, Some(conflict.seq))], None).expect("on their entry");
    assert_eq!(stored_score(&mut desk.store), Some(1850));
    assert_eq!(desk.store.refresh(), Ok(true));
    assert_eq!(stored_score(&mut desk.store), Some(2000));
    assert_eq!(desk.store.refresh(), Ok(false));
}

#[test]
fn suggestion_and_basis_are_those_of_the_store_not_of_the_client() {
    let mut desk = Desk::open();
    let claims = |points, seen| {
        let record = ScoreRecord {
            basis: Basis::Accepted,
            note: "看过".into(),
            points: Some(Points(points)),
            suggestion: Some(Points(seen)),
        };
        draft(Kind::Score, "ASM/P1/duty", Some(Record::Score(record)), None, "")
    };
    // The facts suggest nothing here, whatever the client has seen.
    desk.store.save(&who("zhang"), &[claims(1850, 1850)], None).expect("saved");
    let history = desk.store.history(&who("chief"), &Query::of(None, 1)).expect("history");
    let Some(Record::Score(stored)) = history[0].after() else { panic!("no score") };
    assert_eq!((stored.basis, stored.suggestion, stored.points), (Basis::Entered, None, Some(Points(1850))));
    assert_eq!(stored.note, "看过");
    // Nor does a suggestion of yesterday excuse a value between the steps.
    let refused = desk.store.save(&who("zhang"), &[claims(1833, 1833)], None).expect_err("no multiple of the step");
    assert_eq!(refused, Error::Invalid(Refusal::Step { step: Points(50) }.text()));
    // What was taken back and done again is what was.
    desk.store.undo(&who("zhang")).expect("undone");
    desk.store.redo(&who("zhang")).expect("redone");
    assert_eq!(stored_score(&mut desk.store), Some(1850));
}

#[test]
fn nobody_saves_while_a_past_day_is_shown() {
    let desk = Desk::open();
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let past = Some(day("2014-06-30"));
    let (requests, thread) = worker::spawn(open, past, move |reply| drop(sender.send(reply))).expect("a thread");
    requests.send(Request::Save { ticket: 1, drafts: vec![score("ASM/P1/duty", 1850, None)] }).expect("sent");
    requests.send(Request::Stop).expect("sent");
    thread.join().expect("ended");
    let refused = replies.iter().find_map(|reply| match reply {
        Reply::Refused { ticket: 1, error } => Some(error),
        _ => None,
    });
    assert_eq!(refused, Some(Error::PastDay));
    assert_eq!((Error::PastDay.exit_code(), Error::PastDay.text().zh.contains("--as-of")), (2, true));
    assert!(desk.another().snapshot(None).facts.scores[0].is_empty());
}

#[test]
fn a_worker_answers_everything_before_it_stops() {
    let mut desk = Desk::open();
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let (requests, thread) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
    for ticket in 0..20 {
        let drafts = vec![score("ASM/P1/duty", 50 * i64::try_from(ticket).expect("small"), None)];
        requests.send(Request::Save { ticket, drafts }).expect("sent");
    }
    requests.send(Request::Stop).expect("sent");
    thread.join().expect("ended");
    assert_eq!(replies.iter().filter(|reply| matches!(reply, Reply::Saved { .. })).count(), 20);
    assert_eq!(stored_score(&mut desk.another()), Some(950));
    assert_eq!(stored_score(&mut desk.store), None, "not looked at since");
}

#[test]
fn without_a_base_the_later_one_wins_and_the_same_value_saves_nothing() {
    let mut desk = Desk::open();
    assert_eq!(desk.score("zhang", "ASM/P1/duty", 1850, None).expect("saved").len(), 1);
    assert_eq!(desk.score("li", "ASM/P1/duty", 1850, None), Ok(Vec::new()));
    assert_eq!(desk.score("li", "ASM/P1/duty", 1900, None).expect("saved").len(), 1);
}

#[test]
fn nobody_writes_a_reason_that_only_the_store_gives() {
    let mut desk = Desk::open();
    for reason in ["undo #1", "redo #1", "import x.csv sha256:0"] {
        let forged = draft(Kind::Score, "ASM/P1/duty", points(100), None, reason);
        assert_eq!(desk.store.save(&who("zhang"), &[forged], None).expect_err(reason).exit_code(), 5);
    }
}

#[test]
fn a_retry_of_a_saved_operation_saves_nothing_twice() {
    let mut desk = Desk::open();
    let op = [7; 16];
    let draft = [score("ASM/P1/duty", 1850, None)];
    let seqs = desk.store.save(&who("zhang"), &draft, Some(op)).expect("saved");
    assert_eq!(desk.store.save(&who("zhang"), &draft, Some(op)), Ok(seqs.clone()));
    assert_eq!(desk.store.facts.seq, seqs[0]);
}

#[test]
fn an_operation_is_saved_as_a_whole_or_not_at_all() {
    let mut desk = Desk::open();
    let before = desk.store.snapshot(None);
    let drafts = [score("ASM/P1/duty", 1850, None), score("ASM/P1/site", 9900, None)];
    let refused = desk.store.save(&who("zhang"), &drafts, None).expect_err("40 points at most");
    assert_eq!(refused.exit_code(), 5);
    assert_eq!(desk.store.snapshot(None).facts.seq, before.facts.seq);
    assert_eq!(desk.another().snapshot(None).facts.seq, before.facts.seq);
}

#[test]
fn a_reload_shares_what_did_not_change() {
    let mut desk = Desk::open();
    let mut other = desk.another();
    let before = desk.store.snapshot(None);
    other.save(&who("zhang"), &[score("ASM/P1/duty", 1850, None)], None).expect("saved");
    desk.store.refresh().expect("read");
    let after = desk.store.snapshot(None);
    assert!(Arc::ptr_eq(&before.facts.ballots, &after.facts.ballots));
    assert!(Arc::ptr_eq(&before.facts.progress, &after.facts.progress));
    assert!(Arc::ptr_eq(&before.plan, &after.plan));
    assert!(!Arc::ptr_eq(&before.facts.scores, &after.facts.scores));
    assert!(Arc::ptr_eq(&after, &desk.store.snapshot(None)));
}

#[test]
fn the_ledger_refuses_what_the_rules_forbid() {
    let mut desk = Desk::open();
    let saved = desk.score("zhang", "ASM/P1/duty", 1850, None).expect("saved")[0];
    let conn = desk.owner();
    conn.execute_batch("PRAGMA foreign_keys = ON").expect("set");
    for recursive in ["ON", "OFF"] {
        conn.execute_batch(&format!("PRAGMA recursive_triggers = {recursive}")).expect("set");
        for sql in [
            "UPDATE ledger SET actor = 'x' WHERE seq = 1",
            "DELETE FROM ledger WHERE seq = 1",
            "UPDATE document SET text = 'x'",
            "DELETE FROM document",
            "INSERT OR REPLACE INTO document SELECT sha256, 'x' FROM document LIMIT 1",
            "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 1",
            "REPLACE INTO ledger SELECT * FROM ledger ORDER BY seq DESC LIMIT 1",
            "INSERT INTO ledger SELECT * FROM ledger WHERE seq = 1 ON CONFLICT DO UPDATE SET actor = 'x'",
        ] {
            let refused = conn.execute_batch(sql).expect_err(sql);
            assert!(
                refused.to_string().contains("ledger") || refused.to_string().contains("document"),
                "{sql}: {refused}"
            );
        }
    }
    let head = ledger::head(&conn).expect("head");
    let before = points(1850).map(|r| r.json()).expect("a score");
    let good = ledger::Entry {
        op_id: [9; 16],
        at: "2014-07-12T09:30:00.000+08:00",
        actor: "x",
        via: "x",
        kind: "score",
        key: "ASM/P1/duty",
        base: saved,
        before: Some(&before),
        after: Some(r#"{"basis":"entered","points":100}"#),
        reason: "",
    };
    let try_it = |entry: ledger::Entry<'_>| {
        let transaction = conn.unchecked_transaction().expect("begun");
        entry.append(&transaction, &mut head.clone()).map_err(|e| e.to_string())
    };
    let refused = |entry: ledger::Entry<'_>, rule: &str| {
        let why = try_it(entry).expect_err(rule);
        assert!(why.contains(rule), "{rule}: {why}");
    };
    assert_eq!(try_it(good.clone()), Ok(()));
    refused(ledger::Entry { base: 0, before: None, ..good.clone() }, "stale");
    refused(ledger::Entry { base: saved + 7, ..good.clone() }, "stale");
    refused(ledger::Entry { before: None, ..good.clone() }, "before");
    refused(ledger::Entry { before: Some("{}"), ..good.clone() }, "before");
    refused(ledger::Entry { after: Some(&before), ..good.clone() }, "CHECK");
    refused(ledger::Entry { after: Some("{"), ..good.clone() }, "json_valid");
    refused(ledger::Entry { key: "duty", base: 0, before: None, ..good.clone() }, "round not open");
    refused(ledger::Entry { key: "NO/P1/duty", base: 0, before: None, ..good.clone() }, "round not open");
    refused(ledger::Entry { key: "", kind: "goal", base: 0, before: None, ..good.clone() }, "CHECK");
    refused(ledger::Entry { actor: "", ..good.clone() }, "CHECK");
    let reason = "字".repeat(2_001);
    refused(ledger::Entry { reason: &reason, ..good.clone() }, "CHECK");
    let round =
        |after| ledger::Entry { kind: "round", key: "NEW", base: 0, before: None, after: Some(after), ..good.clone() };
    assert_eq!(try_it(round(r#"{"state":"open"}"#)), Ok(()));
    for state in [r#"{"state":"sealed"}"#, r#"{"state":"published"}"#, r#"{"state":"final"}"#, r#"{"state":"draft"}"#] {
        refused(round(state), "no such step");
    }
    let open: String = conn
        .query_row("SELECT value FROM record WHERE kind = 'round' AND key = 'ASM'", [], |r| r.get(0))
        .expect("open");
    let (base, _) = ledger::current(&conn, Kind::Round, "ASM").expect("open");
    let seal = |after| ledger::Entry { kind: "round", key: "ASM", base, before: Some(&open), after, ..good.clone() };
    refused(seal(Some(r#"{"state":"sealed"}"#)), "without its documents");
    refused(seal(Some(r#"{"state":"final"}"#)), "no such step");
    refused(seal(None), "no such step");

    let raw = |seq: Option<i64>, base: &dyn rusqlite::ToSql, prev: [u8; 32], op: [u8; 16]| {
        let transaction = conn.unchecked_transaction().expect("begun");
        let sql = "INSERT INTO ledger VALUES(?1, ?2, 'at', 'x', 'x', 'goal', 'g', ?3, NULL, '{}', '', ?4, ?5)";
        transaction.execute(sql, params![seq, op, base, prev, [5_u8; 32]]).map(drop).map_err(|e| e.to_string())
    };
    let next = ledger::number(head.seq) + 1;
    assert_eq!(raw(Some(next), &0, head.hash, [9; 16]), Ok(()));
    for (what, rule) in [
        (raw(Some(next + 1), &0, head.hash, [9; 16]), "gap"),
        (raw(Some(1), &0, head.hash, [9; 16]), "gap"),
        (raw(None, &0, head.hash, [9; 16]), "gap"),
        (raw(Some(next), &0, [0; 32], [9; 16]), "chain"),
        (raw(Some(next), &0.5, head.hash, [9; 16]), "REAL"),
    ] {
        let why = what.expect_err(rule);
        assert!(why.contains(rule), "{rule}: {why}");
    }
    let used: OpId = conn
        .query_row("SELECT op_id FROM ledger WHERE seq = ?1", [ledger::number(saved)], |r| r.get(0))
        .expect("an op");
    refused(ledger::Entry { op_id: used, ..good }, "already saved");
}

#[test]
fn the_working_connection_can_only_append() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1850, None).expect("saved");
    for sql in [
        "UPDATE record SET value = '{}'",
        "INSERT INTO score VALUES('ASM', 'P2', 'duty', 1, 'entered', '', 1, NULL)",
        "DELETE FROM score",
        "DELETE FROM project",
        "UPDATE plan_part SET value = '{}'",
        "UPDATE ledger SET actor = 'x'",
        "DELETE FROM ledger",
        "DROP TRIGGER ledger_no_update",
        "CREATE TABLE t(x)",
        "CREATE TEMP TABLE t(x)",
        "ALTER TABLE score ADD COLUMN x",
        "ATTACH ':memory:' AS m",
        "VACUUM",
        "PRAGMA writable_schema = ON",
        "PRAGMA journal_mode = DELETE",
        "SELECT load_extension('x')",
    ] {
        let refused = desk.store.conn.execute_batch(sql).expect_err(sql);
        assert!(!refused.to_string().contains("syntax"), "{sql}: {refused}");
    }
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn a_plan_is_applied_and_followed_by_other_sessions() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1850, None).expect("saved");
    desk.score("zhang", "ASM/P2/duty", 1000, None).expect("saved");
    let mut other = desk.another();
    let old = plan();
    // P1 is withdrawn from the plan: its records stay in the ledger and on no screen.
    let mut moved = old.projects[1].clone();
    moved.milestones = 0..1;
    let new = Plan::new(
        old.district.clone(),
        vec![moved],
        vec![old.milestones[2].clone()],
        old.rules.clone(),
        old.targets.clone(),
    );
    let new = {
        let mut district = new.district.clone();
        district.rounds[1].sites = vec![crate::domain::district::ProjectIx(0)];
        Plan::new(district, new.projects, new.milestones, new.rules, new.targets)
    };
    let texts = [
        ("district.toml", "district"),
        ("projects.toml", "new"),
        ("scoring.toml", "scoring"),
        ("targets.toml", "targets"),
    ];
    assert_eq!(desk.store.apply_plan(&who("zhang"), texts, &new, "").expect_err("no chief").exit_code(), 3);
    desk.store.apply_plan(&who("chief"), texts, &new, "调整").expect("applied");
    assert_eq!(desk.store.apply_plan(&who("chief"), texts, &new, ""), Ok(Vec::new()));
    assert_eq!(
        desk.store.conn.execute_batch("DELETE FROM project").map_err(|e| e.sqlite_error_code()),
        Err(Some(ErrorCode::AuthorizationForStatementDenied))
    );
    assert_eq!(other.refresh(), Ok(true));
    for store in [&mut desk.store, &mut other] {
        let snapshot = store.snapshot(None);
        assert_eq!(snapshot.plan.projects.len(), 1);
        assert_eq!(snapshot.plan.project(crate::domain::district::ProjectIx(0)).id, "P2");
        assert_eq!(snapshot.facts.scores[0].len(), 1);
    }
    let read = |texts: &[String; 4]| Some(if texts[1] == "new" { new.clone() } else { plan() });
    assert_eq!(desk.store.verify(None, &read).expect("verified").problems, Vec::new());
    assert_eq!(desk.problems(), ["the plan in the tables is not that of the texts that were applied"]);
}

#[test]
fn rights_are_those_of_the_table() {
    let plan = plan();
    let exit =
        |login: &str, action, matter: &Matter| may(&who(login), action, matter).map_or_else(|e| e.exit_code(), |()| 0);
    let p1 = |state| Matter::in_round(&plan, RoundIx(0), "P1", state);
    let p2 = |state| Matter::in_round(&plan, RoundIx(0), "P2", state);
    let open = RoundState::Open;
    let reasoned = Matter { reason: true, ..p1(open) };
    for (login, wanted) in
        [("vera", 3), ("zhang", 0), ("li", 0), ("home", 3), ("clerk", 3), ("chief", 5), ("audit", 3), ("nobody", 3)]
    {
        assert_eq!(exit(login, Action::Score, &p1(open)), wanted, "{login} scores P1");
    }
    assert_eq!(exit("chief", Action::Score, &reasoned), 0);
    assert_eq!(exit("li", Action::Score, &p2(open)), 3, "outside the scope");
    assert_eq!(exit("home", Action::Score, &p2(open)), 3, "any share of a town is one's own");
    for state in [RoundState::Draft, RoundState::Sealed, RoundState::Published, RoundState::Final] {
        assert_eq!(exit("zhang", Action::Score, &p1(state)), 4);
        assert_eq!(exit("vera", Action::Score, &p1(state)), 3, "the right comes before the state");
    }
    for state in [RoundState::Draft, open, RoundState::Sealed] {
        assert_eq!(exit("vera", Action::ReadRound, &p1(state)), 3, "{state:?}");
        assert_eq!(exit("audit", Action::ReadRound, &p1(state)), 0, "{state:?}");
    }
    assert_eq!(exit("vera", Action::ReadRound, &p1(RoundState::Published)), 0);
    assert_eq!(exit("clerk", Action::ReadBallots, &p1(open)), 0);
    assert_eq!(exit("clerk", Action::ReadBallots, &p1(RoundState::Sealed)), 3);
    assert_eq!(exit("audit", Action::ReadBallots, &p1(RoundState::Sealed)), 0);
    assert_eq!(exit("chief", Action::BallotEnter, &reasoned), 3);
    assert_eq!(exit("clerk", Action::BallotVoid, &reasoned), 3);
    assert_eq!(exit("chief", Action::BallotVoid, &p1(open)), 5);
    assert_eq!(exit("clerk", Action::Keep, &Matter::default()), 0);
    assert_eq!(exit("chief", Action::Keep, &Matter::default()), 3);
    for step in [RoundStep::Open, RoundStep::Seal, RoundStep::Reopen, RoundStep::Publish, RoundStep::Finalise] {
        for login in ["vera", "zhang", "li", "clerk", "audit"] {
            assert_eq!(exit(login, Action::Round(step), &reasoned), 3, "{login} {step:?}");
        }
    }
    let owner = Actor::owner("root", 0);
    assert_eq!(may(&owner, Action::Score, &p1(open)), Ok(()));
    assert!(may(&owner, Action::Score, &p1(RoundState::Sealed)).is_err());
}

#[test]
fn rights_are_those_of_the_plan_in_force() {
    let mut desk = Desk::open();
    let forged = Actor { roles: vec![Role::Chief], owner: true, ..who("vera") };
    let refused = desk.store.save(&forged, &[score("ASM/P1/duty", 100, None)], None);
    assert_eq!(refused.expect_err("a viewer").exit_code(), 3);
}

#[test]
fn a_ballot_is_confirmed_by_another_person() {
    let mut desk = Desk::open();
    let mut save = |login: &str, draft: Draft| desk.store.save(&who(login), &[draft], None);
    save("clerk", ballot(BallotState::Entered, Some(8800), "")).expect("entered");
    assert_eq!(save("clerk", ballot(BallotState::Confirmed, Some(8800), "")).expect_err("own").exit_code(), 3);
    assert_eq!(save("clerk2", ballot(BallotState::Confirmed, Some(8700), "")).expect_err("different").exit_code(), 4);
    save("clerk2", ballot(BallotState::Confirmed, Some(8800), "")).expect("confirmed");
    assert_eq!(save("clerk", ballot(BallotState::Entered, Some(8600), "")), Err(Error::ReasonNeeded));
    // Nor is it dropped in order to be entered anew.
    let cleared = |why| draft(Kind::Ballot, "OBS/j1/P1", None, None, why);
    for silent in [ballot(BallotState::Absent, None, ""), ballot(BallotState::Recused, None, ""), cleared("")] {
        assert_eq!(save("clerk", silent), Err(Error::ReasonNeeded));
    }
    save("clerk", ballot(BallotState::Entered, Some(8600), "看错")).expect("corrected");
    assert_eq!(save("chief", ballot(BallotState::Void, None, "")), Err(Error::ReasonNeeded));
    save("chief", ballot(BallotState::Void, None, "重评")).expect("void");
    let recused = draft(
        Kind::Ballot,
        "OBS/j2/P1",
        Some(Record::Ballot(BallotRecord { state: BallotState::Entered, score: Some(Points(9000)), entered_by: None })),
        None,
        "",
    );
    assert_eq!(save("clerk", recused).expect_err("home unit").exit_code(), 5);
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn an_imported_confirmation_needs_another_persons_entry() {
    let mut desk = Desk::open();
    let import = |desk: &mut Desk, login: &str, points| {
        let confirmed = [ballot(BallotState::Confirmed, Some(points), "")];
        desk.store
            .import(&who(login), "ballots.csv", "0123456789ab", |step| step.append(&confirmed))
            .expect("imported");
        let ballots = desk.store.snapshot(None).facts.ballots[1].clone();
        let kept = ballots.values().next().expect("a ballot").value.clone();
        (kept.state, kept.score, kept.entered_by.expect("somebody"))
    };
    let points = |n| Some(Points(n));
    assert_eq!(import(&mut desk, "clerk", 8800), (BallotState::Entered, points(8800), "clerk".into()));
    assert_eq!(import(&mut desk, "clerk", 8800), (BallotState::Entered, points(8800), "clerk".into()));
    assert_eq!(import(&mut desk, "clerk2", 8800), (BallotState::Confirmed, points(8800), "clerk".into()));
    assert_eq!(import(&mut desk, "clerk2", 8800), (BallotState::Confirmed, points(8800), "clerk".into()));
    assert_eq!(import(&mut desk, "clerk2", 8700), (BallotState::Entered, points(8700), "clerk2".into()));
}

#[test]
fn who_submitted_a_rectification_never_closes_it() {
    let mut desk = Desk::open();
    let state = |state: RectificationState| {
        let closed = (state == RectificationState::Closed).then(|| day("2014-07-12"));
        let (issued, due) = (day("2014-06-01"), day("2014-07-01"));
        let (unit, finding) = ("A".into(), "裂缝".into());
        let record = Rectification { project: None, unit, finding, action: None, issued, due, state, closed };
        draft(Kind::Rectification, "Z1", Some(Record::Rectification(record)), None, "复测")
    };
    let mut save = |login: &str, to: RectificationState| desk.store.save(&who(login), &[state(to)], None);
    use RectificationState::{Accepted, Closed, InProgress, Issued, Submitted};
    assert!(matches!(save("clerk", Submitted), Err(Error::Invalid(_))), "a new one is issued first");
    for to in [Issued, Accepted, InProgress, Submitted] {
        save("clerk", to).expect("a step");
    }
    assert!(matches!(save("clerk2", Accepted), Err(Error::State(_))));
    assert!(matches!(save("clerk", Closed), Err(Error::NotPermitted(_))));
    save("clerk2", Closed).expect("another person");
    // Taking the closing back makes nobody else the one who submitted.
    desk.store.undo(&who("clerk2")).expect("taken back");
    let mut save = |login: &str, to: RectificationState| desk.store.save(&who(login), &[state(to)], None);
    assert!(matches!(save("clerk", Closed), Err(Error::NotPermitted(_))));
    save("clerk2", InProgress).expect("returned");
    save("clerk2", Submitted).expect("submitted by the other");
    assert!(matches!(save("clerk2", Closed), Err(Error::NotPermitted(_))));
    save("clerk", Closed).expect("the first one may now");
    let withdrawn = draft(Kind::Rectification, "Z1", None, None, " ");
    assert_eq!(desk.store.save(&who("clerk"), &[withdrawn], None), Err(Error::ReasonNeeded));
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn undo_gives_a_ballot_back_to_who_had_entered_it() {
    let mut desk = Desk::open();
    let kept = |desk: &mut Desk| {
        let ballots = desk.store.snapshot(None).facts.ballots[1].clone();
        ballots.values().next().map(|b| (b.value.state, b.value.score, b.value.entered_by.clone()))
    };
    let of = |state, points| Some((state, Some(Points(points)), Some("clerk".to_owned())));
    desk.store.save(&who("clerk"), &[ballot(BallotState::Entered, Some(8800), "")], None).expect("entered");
    desk.store.save(&who("clerk2"), &[ballot(BallotState::Confirmed, Some(8800), "")], None).expect("confirmed");
    desk.store.undo(&who("clerk2")).expect("taken back");
    assert_eq!(kept(&mut desk), of(BallotState::Entered, 8800));
    desk.store.redo(&who("clerk2")).expect("again");
    assert_eq!(kept(&mut desk), of(BallotState::Confirmed, 8800));
    desk.store.save(&who("clerk2"), &[ballot(BallotState::Absent, None, "缺席")], None).expect("dropped");
    desk.store.undo(&who("clerk2")).expect("taken back");
    assert_eq!(kept(&mut desk), of(BallotState::Confirmed, 8800), "what another person's entry had confirmed");
    desk.store.save(&who("clerk"), &[ballot(BallotState::Entered, Some(9000), "看错")], None).expect("corrected");
    assert!(matches!(desk.store.undo(&who("clerk")), Err(Error::NotPermitted(_))), "nobody confirms his own entry");
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn a_stale_base_shows_nothing_to_who_may_not_write() {
    let mut desk = Desk::open();
    desk.store.save(&who("clerk"), &[ballot(BallotState::Entered, Some(8800), "")], None).expect("entered");
    let guess = Draft { base: Some(0), ..ballot(BallotState::Entered, Some(100), "") };
    assert!(matches!(desk.store.save(&who("vera"), std::slice::from_ref(&guess), None), Err(Error::NotPermitted(_))));
    assert!(matches!(desk.store.save(&who("clerk2"), &[guess], None), Err(Error::Conflict(_))));
    let second = ballot(BallotState::Confirmed, Some(8700), "");
    assert!(matches!(desk.store.save(&who("vera"), &[second], None), Err(Error::NotPermitted(_))));
}

#[test]
fn values_and_names_that_the_plan_does_not_have_are_refused() {
    let mut desk = Desk::open();
    let mut exit =
        |login: &str, draft: Draft| desk.store.save(&who(login), &[draft], None).map_or_else(|e| e.exit_code(), |_| 0);
    assert_eq!(exit("zhang", score("ASM/P1/duty", 6050, None)), 5, "60 points at most");
    assert_eq!(exit("zhang", score("ASM/P1/duty", -50, None)), 5);
    assert_eq!(exit("zhang", score("ASM/P1/duty", 1010, None)), 5, "steps of half a point");
    assert_eq!(exit("zhang", score("ASM/P1/other", 1000, None)), 5);
    assert_eq!(exit("zhang", score("ASM/P9/duty", 1000, None)), 5);
    assert_eq!(exit("zhang", score("OBS/P1/duty", 1000, None)), 5, "another kind of round");
    assert_eq!(exit("clerk", ballot(BallotState::Entered, Some(10_100), "")), 5);
    assert_eq!(exit("clerk", ballot(BallotState::Entered, None, "")), 5);
    assert_eq!(exit("clerk", ballot(BallotState::Absent, Some(100), "")), 5);
    let done = Some(Record::Milestone(MilestoneRecord { done: day("2014-06-20") }));
    assert_eq!(exit("clerk", draft(Kind::Milestone, "P1/没有", done, None, "")), 5);
    let goal = crate::domain::goal::GoalRecord { value: Points::ZERO, note: String::new() };
    assert_eq!(exit("clerk", draft(Kind::Goal, "g/2014-06-30", Some(Record::Goal(goal)), None, "")), 5);
}

#[test]
fn undo_and_redo_walk_along_ones_own_operations() {
    let mut desk = Desk::open();
    let me = who("zhang");
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    let two = [score("ASM/P1/duty", 2000, None), score("ASM/P1/site", 500, None)];
    let seqs = desk.store.save(&me, &two, None).expect("saved");
    desk.score("li", "ASM/P1/site", 600, None).expect("another's");
    // Somebody changed one of its records since.
    assert_eq!(desk.store.undo(&me).expect_err("not the last any more").kind(), "conflict");
    desk.store.undo(&who("li")).expect("li takes his back");
    assert_eq!(desk.store.undo(&me).expect_err("the record has moved on").kind(), "conflict");
    assert_eq!(stored_score(&mut desk.store), Some(2000));
    assert_eq!(desk.store.redo(&me), Err(Error::NothingToUndo));
    let history = desk.store.history(&who("chief"), &Query::of(Some("ASM/P1/site"), 10)).expect("history");
    assert_eq!(history.last().map(|e| e.reason.clone()), Some(format!("undo #{}", seqs[1] + 1)));

    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    desk.store.save(&me, &two, None).expect("saved");
    desk.store.undo(&me).expect("undone");
    assert_eq!(stored_score(&mut desk.store), Some(1000));
    desk.store.undo(&me).expect("undone");
    assert_eq!(stored_score(&mut desk.store), None);
    assert_eq!(desk.store.undo(&me), Err(Error::NothingToUndo));
    desk.store.redo(&me).expect("redone");
    assert_eq!(stored_score(&mut desk.store), Some(1000));
    desk.store.redo(&me).expect("redone");
    assert_eq!(stored_score(&mut desk.store), Some(2000));
    assert_eq!(desk.store.redo(&me), Err(Error::NothingToUndo));
    desk.store.undo(&me).expect("undone");
    desk.score("zhang", "ASM/P1/duty", 3000, None).expect("something new");
    assert_eq!(desk.store.redo(&me), Err(Error::NothingToUndo));
    assert_eq!(desk.problems(), Vec::<String>::new());
}

fn complete(desk: &mut Desk) {
    let drafts: Vec<Draft> = ["P1/duty", "P1/site", "P2/duty", "P2/site"]
        .into_iter()
        .map(|key| score(&format!("ASM/{key}"), 2000, None))
        .collect();
    desk.store.save(&who("zhang"), &drafts, None).expect("scored");
}

#[test]
fn a_round_lives_from_open_to_final() {
    let mut desk = Desk::open();
    let chief = who("chief");
    let step = |desk: &mut Desk, step, reason| desk.store.round_step(&who("chief"), "ASM", step, reason);
    assert!(matches!(step(&mut desk, RoundStep::Seal, ""), Err(Error::Blocked(_))));
    complete(&mut desk);
    let last = draft(Kind::Score, "ASM/P1/duty", points(2100), None, "复核");
    desk.store.save(&chief, &[last], None).expect("by the chief, with a reason");
    assert_eq!(step(&mut desk, RoundStep::Seal, "").expect_err("four eyes").exit_code(), 3);
    desk.score("zhang", "ASM/P1/site", 2150, None).expect("by somebody else");
    step(&mut desk, RoundStep::Seal, "").expect("sealed");
    let snapshot = desk.store.snapshot(None);
    let sealed = snapshot.facts.rounds[0].clone().expect("a record").value;
    assert_eq!((sealed.state, sealed.revision), (RoundState::Sealed, 1));
    assert_eq!(sealed.date, Some(day("2014-07-12")));
    assert_eq!(sealed.rules_sha256, Some(ledger::sha256("scoring")));
    let results = snapshot.facts.results[0].clone().expect("frozen");
    assert_eq!(sealed.results_sha256, Some(ledger::sha256(&results)));
    assert_eq!(desk.score("zhang", "ASM/P1/duty", 100, None), Err(Error::RoundState(RoundState::Sealed)));
    assert_eq!(desk.store.undo(&who("zhang")), Err(Error::RoundState(RoundState::Sealed)));
    assert_eq!(desk.problems(), Vec::<String>::new());

    assert_eq!(step(&mut desk, RoundStep::Reopen, ""), Err(Error::ReasonNeeded));
    step(&mut desk, RoundStep::Reopen, "更正").expect("reopened");
    assert_eq!(desk.store.snapshot(None).facts.results[0], None);
    desk.score("zhang", "ASM/P1/duty", 100, None).expect("corrected");
    for next in [RoundStep::Seal, RoundStep::Publish, RoundStep::Finalise] {
        step(&mut desk, next, "").expect("a step");
    }
    let last = desk.another().snapshot(None).facts.rounds[0].clone().expect("a record").value;
    assert_eq!((last.state, last.revision), (RoundState::Final, 2));
    assert_eq!(step(&mut desk, RoundStep::Reopen, "再改"), Err(Error::RoundState(RoundState::Final)));
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn an_import_is_one_transaction_that_sees_itself() {
    let mut desk = Desk::new();
    let state = |state| {
        let record = crate::domain::round::RoundRecord { state, date: Some(day("2014-07-01")), ..Default::default() };
        draft(Kind::Round, "ASM", Some(Record::Round(record)), None, "")
    };
    let mut published = state(RoundState::Published);
    published.change.reason = "常委会审定".into();
    let owner = Actor::bootstrap();
    let fill = |step: &mut Step<'_>| {
        step.append(&[state(RoundState::Open)])?;
        assert_eq!(step.snapshot().round_state(RoundIx(0)), RoundState::Open);
        for key in ["P1/duty", "P1/site", "P2/duty", "P2/site"] {
            step.append(&[score(&format!("ASM/{key}"), 2000, None)])?;
        }
        step.append(&[state(RoundState::Sealed), published.clone()])
    };
    let seqs = desk.store.import(&owner, "2014.xlsx", "0123456789ab", fill).expect("imported");
    assert_eq!(seqs.len(), 7);
    let history = desk.store.history(&who("chief"), &Query::of(None, 7)).expect("history");
    let (last, rest) = history.split_last().expect("seven");
    assert!(rest.iter().all(|e| e.reason == "import 2014.xlsx sha256:0123456789ab"));
    assert_eq!(last.reason, "常委会审定", "a step of a round may say why by itself");
    assert_eq!(history.iter().map(|e| e.op_id).collect::<std::collections::HashSet<_>>().len(), 4);
    // The same file again changes nothing, though the round is published by now.
    let again = desk.store.import(&owner, "2014.xlsx", "0123456789ab", |step| {
        step.append(&[state(RoundState::Open), state(RoundState::Sealed), state(RoundState::Published)])
    });
    assert_eq!(again, Ok(Vec::new()));
    let failing = desk.store.import(&who("clerk"), "x.csv", "0123456789ab", |step| {
        step.append(&[draft(
            Kind::Progress,
            "P1/2014-05-31",
            Some(Record::Progress(ProgressRecord::default())),
            None,
            "",
        )])?;
        step.append(&[draft(
            Kind::Progress,
            "P9/2014-05-31",
            Some(Record::Progress(ProgressRecord::default())),
            None,
            "",
        )])
    });
    assert_eq!(failing.expect_err("no such project").exit_code(), 5);
    assert_eq!(desk.another().snapshot(None).facts.seq, *seqs.last().expect("seven"));
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn damage_is_found() {
    let broken = |sql: &str| {
        let mut desk = Desk::open();
        desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
        desk.score("zhang", "ASM/P1/site", 2000, None).expect("saved");
        let head = desk.store.facts.head.clone();
        // The owner takes the triggers away, does it, and puts them back.
        let conn = desk.owner();
        let triggers: Vec<(String, String)> = conn
            .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            .and_then(|mut read| read.query_map([], |r| Ok((r.get(0)?, r.get(1)?)))?.collect())
            .expect("triggers");
        for (name, _) in &triggers {
            conn.execute_batch(&format!("DROP TRIGGER {name}")).expect("dropped");
        }
        conn.execute_batch(sql).expect(sql);
        for (_, sql) in &triggers {
            conn.execute_batch(sql).expect("back");
        }
        let anchored = desk.store.verify(Some(&head[..12]), &|_| Some(plan())).expect("verified");
        anchored.problems.into_iter().map(|p| p.en).collect::<Vec<_>>()
    };
    assert_eq!(broken("SELECT 1"), Vec::<String>::new());
    for (sql, finding) in [
        ("UPDATE ledger SET after = replace(after, '1000', '9000') WHERE seq = 4", "entry 4 does not have the hash"),
        ("UPDATE ledger SET actor = 'li' WHERE seq = 4", "entry 4 does not have the hash"),
        ("DELETE FROM record WHERE seq = 4; DELETE FROM ledger WHERE seq = 4", "entry 4 is missing"),
        ("DELETE FROM record WHERE seq = 5; DELETE FROM ledger WHERE seq = 5", "no entry has the hash"),
        ("DELETE FROM record WHERE seq = 5; DELETE FROM ledger WHERE seq = 5", "the bell remembers entry 5"),
        ("UPDATE record SET value = replace(value, '1000', '9000')", "the current value of score ASM/P1/duty"),
        ("DELETE FROM record WHERE seq = 4", "score ASM/P1/duty is missing"),
        ("UPDATE score SET points = 9 WHERE criterion = 'duty'", "table score differs"),
        ("DELETE FROM score", "table score differs"),
        ("UPDATE document SET text = 'x'", "does not have the content of its name"),
        ("UPDATE project SET name = 'x'", "the plan in the tables"),
        (
            "UPDATE plan_part SET value = replace(value, '测试区', '别处') WHERE name = 'district'",
            "the plan in the tables",
        ),
    ] {
        let findings = broken(sql);
        assert!(findings.iter().any(|f| f.contains(finding)), "{sql}: {findings:?}");
    }
}

#[test]
fn a_cut_or_changed_end_keeps_the_database_shut() {
    for sql in [
        "DELETE FROM record WHERE seq = 3; DELETE FROM ledger WHERE seq = 3",
        "UPDATE ledger SET reason = 'x' WHERE seq = 3",
    ] {
        let desk = Desk::open();
        let conn = desk.owner();
        let keep: Vec<String> = conn
            .prepare("SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'ledger_no%'")
            .and_then(|mut read| read.query_map([], |r| r.get(0))?.collect())
            .expect("triggers");
        conn.execute_batch("DROP TRIGGER ledger_no_update; DROP TRIGGER ledger_no_delete").expect("dropped");
        conn.execute_batch(sql).expect(sql);
        keep.iter().for_each(|sql| conn.execute_batch(sql).expect("back"));
        assert_eq!(Store::open(&desk.path, None).map(drop).map_err(|e| e.kind()), Err("damaged"), "{sql}");
    }
}

#[test]
fn a_commit_of_another_session_wakes_the_worker() {
    let mut desk = Desk::open();
    let (sender, replies) = mpsc::channel();
    let path = desk.path.clone();
    let open = move || Ok((Store::open_with(&path, None, ambient())?, who("zhang")));
    let (requests, _) = worker::spawn(open, None, move |reply| drop(sender.send(reply))).expect("a thread");
    let next = || replies.recv_timeout(Duration::from_secs(5)).expect("a reply");
    let Reply::Data(first) = next() else { panic!("no data") };
    assert!(first.facts.scores[0].is_empty());

    desk.score("li", "ASM/P1/duty", 1850, None).expect("saved");
    let Reply::Data(second) = next() else { panic!("no data") };
    assert_eq!(second.facts.scores[0].len(), 1);

    requests.send(Request::Save { ticket: 7, drafts: vec![score("ASM/P1/site", 500, Some(0))] }).expect("sent");
    let Reply::Saved { ticket: 7, seqs } = next() else { panic!("not saved") };
    let Reply::Data(third) = next() else { panic!("no data") };
    assert_eq!(third.facts.seq, seqs[0]);
    requests.send(Request::Save { ticket: 8, drafts: vec![score("ASM/P1/site", 600, Some(0))] }).expect("sent");
    let Reply::Refused { ticket: 8, error } = next() else { panic!("not refused") };
    assert_eq!(error.kind(), "conflict");
    requests.send(Request::History(Query::of(Some("ASM"), 1))).expect("sent");
    let Reply::History { found: Ok(history), .. } = next() else { panic!("no history") };
    assert_eq!(history[0].key, "ASM/P1/site");
    // Nothing comes while nothing happens.
    assert!(replies.recv_timeout(Duration::from_millis(50)).is_err());
    requests.send(Request::Stop).expect("sent");
}

#[test]
fn history_shows_what_the_scope_allows() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    desk.score("zhang", "ASM/P2/duty", 2000, None).expect("saved");
    let keys = |login: &str, subject| {
        desk.store
            .history(&who(login), &Query::of(subject, 10))
            .map(|h| h.into_iter().map(|e| e.key).collect::<Vec<_>>())
    };
    assert_eq!(keys("audit", None).expect("all").len(), 5);
    assert_eq!(keys("li", None).expect("of his scope"), ["ASM/P1/duty"]);
    assert_eq!(keys("audit", Some("P2")).expect("of P2"), ["ASM/P2/duty"]);
    assert_eq!(keys("audit", Some("zhang")).expect("by zhang").len(), 2);
    assert_eq!(keys("audit", Some("score:ASM/P1/duty")).expect("one").len(), 1);
    assert_eq!(keys("vera", None).expect_err("a viewer").exit_code(), 3);
}

#[test]
fn a_record_names_its_newest_entry_to_whoever_may_see_it() {
    let mut desk = Desk::open();
    desk.score("zhang", "ASM/P1/duty", 1000, None).expect("saved");
    desk.score("zhang", "ASM/P2/duty", 2000, None).expect("saved");
    let newest = desk.score("zhang", "ASM/P1/duty", 1100, None).expect("saved again")[0];
    let of = ["ASM/P1/duty", "ASM/P2/duty", "ASM/P1/none"].map(|key| Subject { kind: Kind::Score, key: key.into() });
    let seen = |login: &str| {
        let entries = desk.store.sources(&who(login), &of).expect("entries");
        entries.into_iter().map(|e| (e.key, e.seq, e.actor)).collect::<Vec<_>>()
    };
    let first = ("ASM/P1/duty".to_owned(), newest, "zhang".to_owned());
    assert_eq!(seen("li"), std::slice::from_ref(&first), "P2 is not of his scope");
    assert_eq!(seen("audit").len(), 2);
    assert_eq!(seen("audit")[0], first);
    assert_eq!(seen("vera"), [], "a viewer reads no ledger, and is not refused the explanation");
}

#[test]
fn a_second_writer_waits_for_the_first() {
    let mut desk = Desk::open();
    let mut other = desk.another();
    desk.store.conn.execute_batch("BEGIN IMMEDIATE").expect("begun");
    let waiting = thread::spawn(move || other.save(&who("zhang"), &[score("ASM/P1/duty", 1850, None)], None));
    let until = Instant::now() + Duration::from_millis(30);
    while Instant::now() < until {
        thread::yield_now();
    }
    assert!(!waiting.is_finished());
    desk.store.conn.execute_batch("ROLLBACK").expect("given back");
    assert_eq!(waiting.join().expect("alive").map(|s| s.len()), Ok(1));
    assert_eq!(desk.store.refresh(), Ok(true));
}

#[test]
fn many_editors_at_once_lose_nothing() {
    const EDITORS: u32 = 12;
    const EDITS: u32 = 8;
    let mut desk = Desk::open();
    let editors: Vec<_> = (0..EDITORS)
        .map(|editor| {
            let path = desk.path.clone();
            thread::spawn(move || {
                let mut seqs = Vec::new();
                for edit in 0..EDITS {
                    // Each time anew: opening while others save must not find damage.
                    let mut store = Store::open_with(&path, None, ambient()).expect("opened");
                    let record = ProgressRecord { note: format!("{editor} {edit}"), ..ProgressRecord::default() };
                    let shared = draft(Kind::Progress, "P1/2014-05-31", Some(Record::Progress(record)), None, "");
                    seqs.extend(store.save(&who("clerk"), &[shared], None).expect("saved"));
                }
                seqs
            })
        })
        .collect();
    let mut seqs: Vec<u64> = editors.into_iter().flat_map(|e| e.join().expect("alive")).collect();
    seqs.sort_unstable();
    seqs.dedup();
    assert_eq!(seqs.len(), (EDITORS * EDITS) as usize);
    assert_eq!(desk.store.refresh(), Ok(true));
    assert_eq!(desk.store.facts.seq, *seqs.last().expect("some"));
    assert_eq!(desk.problems(), Vec::<String>::new());
}

#[test]
fn a_grown_log_is_moved_into_the_file() {
    let mut desk = Desk::open();
    let note = "长".repeat(20_000);
    for i in 1..30 {
        let record = ProgressRecord { note: format!("{note}{i}"), ..ProgressRecord::default() };
        let key = format!("P1/2014-04-{i:02}");
        desk.store
            .save(&who("clerk"), &[draft(Kind::Progress, &key, Some(Record::Progress(record)), None, "")], None)
            .expect("saved");
    }
    let frames = desk.store.frames.load(Ordering::Relaxed);
    assert!(frames < CHECKPOINT_FRAMES + 200, "{frames} frames");
    let log = std::fs::metadata(desk.path.with_file_name("x.db-wal")).expect("a log").len();
    assert!(log < 8 << 20, "{log} bytes");
}

#[test]
fn stamps_are_local_time_with_its_offset() {
    assert_eq!(ambient().stamp(), "2014-07-12T09:30:00.123+08:00");
    assert_eq!(ambient().day(), day("2014-07-12"));
    let id = random_op_id().expect("random");
    assert_ne!(id, random_op_id().expect("random"));
}
