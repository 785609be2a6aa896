//! F20: who may do what, each cell through the store against the table of `reliability.md` §5, which stands here once more
//! as text. What the store's own gate says is not asked.

use std::collections::BTreeMap;
use std::fs;

use super::*;
use crate::domain::district::{ProjectIx, Role};
use crate::domain::goal::{Goal, GoalOp};
use crate::domain::indicator::{Better, Indicator};
use crate::domain::quota::{Quota, QuotaPlan};

const TABLE: &str = "
| points, ranks, explain of a round | – | scope | scope | ● | ● | open, sealed |
| points, ranks, explain, bulletin of a round | ● | ● | ● | ● | ● | published, final |
| single ballots | – | – | scope | ● | ● | open |
| single ballots | – | – | – | ● | ● | sealed, published, final |
| history, export ledger | – | scope | scope | ● | ● | any |
| score: set, clear | – | scope | – | ●, reason | – | open |
| ballot: enter, absent, recused | – | – | scope | – | – | open |
| ballot: confirm | – | – | scope | ● | – | open |
| ballot: void | – | – | – | ●, reason | – | open |
| milestone, progress, incident, rectification, attraction, indicator, goal | – | – | scope | – | – | any |
| quota name: resolve | – | – | whole district | ● | – | any |
| round: open | – | – | – | ● | – | none |
| round: seal | – | – | – | ● | – | open |
| round: publish | – | – | – | ● | – | sealed |
| round: reopen, with reason | – | – | – | ●, reason | – | sealed, published |
| round: finalise | – | – | – | ● | – | published |
| plan --apply | – | – | – | ● | – | any |
| create, migrate, backup, restore, init, doctor | – | – | – | – | – | any |
";

const ROLES: [Role; 5] = [Role::Viewer, Role::Scorer, Role::Clerk, Role::Chief, Role::Auditor];
const STATES: [(&str, RoundState); 5] = [
    ("none", RoundState::Draft),
    ("open", RoundState::Open),
    ("sealed", RoundState::Sealed),
    ("published", RoundState::Published),
    ("final", RoundState::Final),
];
/// How a person can have been identified; none of them gives a right.
const VIAS: [&str; 3] = ["ssh:SHA256:abc", "sudo:2001", "local:2001"];

/// Where somebody's scope lies, seen from project P1, which is of headquarters A.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Scope {
    Whole,
    Inside,
    Outside,
}

const SCOPES: [Scope; 3] = [Scope::Whole, Scope::Inside, Scope::Outside];

fn login(role: Role, scope: Scope) -> String {
    format!("{role:?}{scope:?}").to_lowercase()
}

/// The plan with one person of each role and scope, an indicator, a goal of A, and a quota of an unknown name.
fn office() -> Plan {
    let mut plan = super::plan();
    for (role, scope) in ROLES.into_iter().flat_map(|r| SCOPES.map(|s| (r, s))) {
        let units: &[u16] = match scope {
            Scope::Whole => &[],
            Scope::Inside => &[0],
            Scope::Outside => &[1],
        };
        plan.district.persons.push(person(&login(role, scope), role, units, None, 2_000));
    }
    plan.targets.indicators =
        vec![Indicator { id: "gdp".into(), name: "总值".into(), unit: "亿元".into(), better: Better::Higher }];
    plan.targets.goals = vec![Goal {
        id: "roads".into(),
        priority: None,
        name: "道路".into(),
        op: GoalOp::AtLeast,
        value: Some(Points(100)),
        unit: None,
        due: day("2014-12-31"),
        owner: Some(UnitIx(0)),
    }];
    let unknown =
        Quota { unit: None, label: "鹿村".into(), candidates: vec![UnitIx(2), UnitIx(3)], targets: Vec::new() };
    plan.targets.quota_plans = vec![QuotaPlan {
        id: "q".into(),
        name: "招商".into(),
        from: day("2014-01-01"),
        to: day("2014-12-31"),
        tiers: Vec::new(),
        quotas: vec![unknown],
    }];
    plan
}

/// The office with both rounds in a state: scores by zhang, a ballot by clerk2 that is confirmed before a seal alone.
fn desk_in(state: RoundState) -> Desk {
    let mut desk = super::rounds::desk_of(|plan| *plan = office());
    let steps = [RoundStep::Open, RoundStep::Seal, RoundStep::Publish, RoundStep::Finalise];
    for step in steps.into_iter().take(state as usize) {
        if step == RoundStep::Seal {
            let confirmed = ballot(BallotState::Confirmed, Some(9000), "核对");
            desk.store.save(&who("clerk"), &[confirmed], None).expect("confirmed");
        }
        for round in ["ASM", "OBS"] {
            desk.store.round_step(&who("chief"), round, step, "").expect("on the way");
        }
        if step == RoundStep::Open {
            complete(&mut desk);
            desk.store.save(&who("clerk2"), &[ballot(BallotState::Entered, Some(9000), "")], None).expect("entered");
        }
    }
    desk
}

/// A copy of a desk, to be changed.
fn copy(desk: &Desk) -> (TempDir, Store) {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("x.db");
    desk.owner().execute("VACUUM INTO ?1", [path.to_str()]).expect("a copy");
    for file in [path.clone(), bell::path_of(&path)] {
        fs::OpenOptions::new().create(true).append(true).open(&file).expect("there");
        fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).expect("private");
    }
    let store = Store::open_with(&path, None, ambient()).expect("opened");
    (folder, store)
}

/// One way to do what a row of the table is about: with a reason or without.
type Try = Box<dyn Fn(&mut Store, &Actor, &str) -> Result<(), Error>>;

fn saving(kind: Kind, key: &'static str, json: Option<&'static str>) -> Try {
    Box::new(move |store, actor, reason| {
        let after = json.map(|json| Record::read(kind, json).expect("a record"));
        store.save(actor, &[draft(kind, key, after, None, reason)], None).map(drop)
    })
}

fn stepping(step: RoundStep) -> Try {
    Box::new(move |store, actor, reason| store.round_step(actor, "ASM", step, reason).map(drop))
}

/// What a person may see is nothing or all, never an error: nothing counts as refused.
fn seen(seen: bool) -> Result<(), Error> {
    if seen { Ok(()) } else { Err(Error::NotPermitted(Bilingual::new("看不到", "not seen"))) }
}

fn tries(row: &str) -> Vec<Try> {
    let reading = |look: fn(&mut Store, &Actor) -> bool| -> Try { Box::new(move |s, a, _| seen(look(s, a))) };
    match row {
        "points, ranks, explain of a round" | "points, ranks, explain, bulletin of a round" => vec![reading(|s, a| {
            let (data, actor) = (s.snapshot(None), a.in_force(s.plan()));
            access::sees_project(&data, &actor, RoundIx(0), ProjectIx(0)).is_ok()
        })],
        "single ballots" => vec![
            reading(|s, a| {
                let (data, actor) = (s.snapshot(None), a.in_force(s.plan()));
                access::sees_ballots(&data, &actor, RoundIx(1), ProjectIx(0)).is_ok()
            }),
            reading(|s, a| {
                let found = s.history(a, &Query::of(Some("ballot"), 10));
                found.is_ok_and(|entries| !entries.is_empty())
            }),
        ],
        "history, export ledger" => vec![reading(|s, a| {
            s.history(a, &Query::of(Some("P1"), 10))
                .is_ok_and(|entries| entries.iter().any(|e| e.kind == Some(Kind::Score)))
        })],
        "score: set, clear" => {
            vec![
                saving(Kind::Score, "ASM/P1/duty", Some(r#"{"basis":"entered","points":1500}"#)),
                saving(Kind::Score, "ASM/P1/duty", None),
            ]
        }
        "ballot: enter, absent, recused" => vec![
            saving(Kind::Ballot, "OBS/j1/P1", Some(r#"{"score":8000,"state":"entered"}"#)),
            saving(Kind::Ballot, "OBS/j1/P1", Some(r#"{"state":"absent"}"#)),
            saving(Kind::Ballot, "OBS/j1/P1", Some(r#"{"state":"recused"}"#)),
        ],
        "ballot: confirm" => vec![saving(Kind::Ballot, "OBS/j1/P1", Some(r#"{"score":9000,"state":"confirmed"}"#))],
        "ballot: void" => vec![saving(Kind::Ballot, "OBS/j1/P1", Some(r#"{"state":"void"}"#))],
        "milestone, progress, incident, rectification, attraction, indicator, goal" => vec![
            saving(Kind::Milestone, "P1/开工", Some(r#"{"done":"2014-03-30"}"#)),
            saving(Kind::Progress, "P1/2014-06-30", Some(r#"{"note":"","percent":1000}"#)),
            saving(
                Kind::Incident,
                "I1",
                Some(r#"{"date":"2014-05-01","event":"death","project":"P1","source":"safety"}"#),
            ),
            saving(
                Kind::Rectification,
                "R1",
                Some(r#"{"due":"2014-08-01","finding":"缺","issued":"2014-07-01","state":"issued","unit":"A"}"#),
            ),
            saving(
                Kind::Attraction,
                "T1",
                Some(r#"{"amount":{"amount":100,"currency":"CNY"},"credits":["A"],"name":"厂","signed":"2014-05-01"}"#),
            ),
            saving(Kind::Goal, "roads/2014-06-30", Some(r#"{"value":100}"#)),
        ],
        "quota name: resolve" => vec![saving(Kind::Resolution, "q/鹿村", Some(r#"{"unit":"T"}"#))],
        "round: open" => vec![stepping(RoundStep::Open)],
        "round: seal" => vec![stepping(RoundStep::Seal)],
        "round: publish" => vec![stepping(RoundStep::Publish)],
        "round: reopen, with reason" => vec![stepping(RoundStep::Reopen)],
        "round: finalise" => vec![stepping(RoundStep::Finalise)],
        "plan --apply" => vec![Box::new(|store, actor, reason| {
            let mut new = office();
            new.district.name = "新区".into();
            let texts = [("district", "new"), ("projects", "p"), ("scoring", "s"), ("targets", "t")];
            store.apply_plan(actor, texts, &new, reason).map(drop)
        })],
        "create, migrate, backup, restore, init, doctor" => vec![Box::new(|store, actor, _| {
            let to = store.path().with_file_name("stolen.db");
            backup(store.path(), &to, actor, &|_| Some(office())).map(drop)
        })],
        other => panic!("nobody knows how to do {other}"),
    }
}

/// What the table says: the exit code of a try.
fn wanted(cell: &str, scope: Scope, right_state: bool, reason: bool) -> u8 {
    let (granted, needs_reason) = match cell {
        "–" => (false, false),
        "●" => (true, false),
        "●, reason" => (true, true),
        "scope" => (scope != Scope::Outside, false),
        "whole district" => (scope == Scope::Whole, false),
        other => panic!("nobody knows what {other} means"),
    };
    match (granted, needs_reason && !reason, right_state) {
        (false, ..) => 3,
        (_, true, _) => 5,
        (.., false) => 4,
        _ => 0,
    }
}

#[test]
fn f20_every_action_role_scope_state_and_identity_is_as_the_table_says() {
    let mut desks = STATES.map(|(name, state)| {
        let desk = desk_in(state);
        let shared = desk.another();
        (name, desk, shared)
    });
    let mut counts: BTreeMap<u8, u32> = BTreeMap::new();
    for line in TABLE.trim().lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(|c| c.trim().trim_matches('|').trim()).collect();
        let [row, by_role @ .., states] = &cells[..] else { panic!("{line}") };
        assert_eq!(by_role.len(), ROLES.len(), "{line}");
        let reads = row.starts_with("points") || row.starts_with("single") || row.starts_with("history");
        let row_asks = by_role.iter().any(|cell| cell.ends_with("reason"));
        for (state, desk, shared) in &mut desks {
            let right_state = *states == "any" || states.split(", ").any(|s| s == *state);
            // A row about reading says what is seen in its own states; another row tells of the others.
            if reads && (!right_state || *state == "none") {
                continue;
            }
            for (attempt, (role, cell)) in
                tries(row).iter().flat_map(|t| ROLES.iter().zip(by_role).map(move |c| (t, c)))
            {
                for (n, scope) in SCOPES.into_iter().enumerate() {
                    let reasons = if row_asks { &["", "核对"][..] } else { &["核对"] };
                    for reason in reasons {
                        let code = wanted(cell, scope, right_state, !reason.is_empty());
                        let actor = Actor::person(&office(), &login(*role, scope), VIAS[n]);
                        // What changes something changes a copy.
                        let mut fresh = (code == 0 && !reads).then(|| copy(desk));
                        let store = fresh.as_mut().map_or(&mut *shared, |(_, store)| store);
                        let before = store.facts.seq;
                        let answer = attempt(store, &actor, reason);
                        let what = format!("{row}: {role:?} {scope:?} in {state}, reason {reason:?}: {answer:?}");
                        assert_eq!(answer.as_ref().map_or_else(Error::exit_code, |()| 0), code, "{what}");
                        *counts.entry(code).or_default() += 1;
                        store.refresh().expect("read");
                        let after = store.facts.seq;
                        let saves = code == 0 && !reads;
                        assert_eq!(after > before, saves, "{what}");
                        if saves {
                            let entry = store.history(&who("chief"), &Query::of(None, 1)).expect("read").remove(0);
                            assert_eq!((entry.actor, entry.via), (actor.login, actor.via), "{what}");
                        }
                    }
                }
            }
        }
    }
    assert!(counts[&0] > 200 && counts[&3] > 1_000, "{counts:?}");
}

#[test]
fn f20_an_indicator_is_the_whole_districts_and_a_name_gives_no_right() {
    let desk = desk_in(RoundState::Open);
    let indicator =
        || draft(Kind::Indicator, "gdp/2014-H1", Record::read(Kind::Indicator, r#"{"value":100}"#).ok(), None, "");
    let exit = |actor: &Actor, entry: Draft| {
        let (_folder, mut store) = copy(&desk);
        store.save(actor, &[entry], None).map_or_else(|e| e.exit_code(), |_| 0)
    };
    for (scope, code) in [(Scope::Whole, 0), (Scope::Inside, 3), (Scope::Outside, 3)] {
        assert_eq!(
            exit(&Actor::person(&office(), &login(Role::Clerk, scope), VIAS[0]), indicator()),
            code,
            "{scope:?}"
        );
    }
    // Roles, scope and ownership that a caller claims count for nothing: those of the plan in force do.
    let claims = |login: &str| Actor {
        roles: ROLES.to_vec(),
        units: Vec::new(),
        owner: true,
        ..Actor::viewer(login, "owner:0")
    };
    for login in ["stranger", "viewerwhole", "auditorwhole", "clerkoutside"] {
        assert_eq!(exit(&claims(login), score("ASM/P1/duty", 1500, None)), 3, "{login}");
        assert_eq!(exit(&claims(login), indicator()), 3, "{login}");
    }
}

#[test]
fn f20_import_and_undo_have_the_rights_of_what_they_do() {
    let desk = desk_in(RoundState::Open);
    let person = |role, scope| Actor::person(&office(), &login(role, scope), VIAS[0]);
    let rows = [
        (score("ASM/P1/duty", 1500, None), Role::Scorer),
        (
            draft(
                Kind::Progress,
                "P1/2014-06-30",
                Record::read(Kind::Progress, r#"{"note":"","percent":1000}"#).ok(),
                None,
                "",
            ),
            Role::Clerk,
        ),
        (
            draft(Kind::Resolution, "q/鹿村", Record::read(Kind::Resolution, r#"{"unit":"T"}"#).ok(), None, ""),
            Role::Chief,
        ),
    ];
    for (row, may) in rows {
        for role in ROLES {
            let (_folder, mut store) = copy(&desk);
            let before = store.facts.seq;
            let actor = person(role, Scope::Inside);
            let answer = store.import(&actor, "a.csv", "0123456789ab", |step| step.append(std::slice::from_ref(&row)));
            // The reason of an import is the file: a chief may score with it.
            let granted = role == may || (role == Role::Chief && row.change.subject.kind == Kind::Score);
            let what = format!("{:?} by {role:?}: {answer:?}", row.change.subject);
            assert_eq!(answer.map_or_else(|e| e.exit_code(), |_| 0), if granted { 0 } else { 3 }, "{what}");
            assert_eq!(store.facts.seq > before, granted, "{what}");
        }
    }
    // Undo: one's own entry alone, with the right to write it now.
    let (_folder, mut store) = copy(&desk);
    let (one, other) = (person(Role::Scorer, Scope::Whole), person(Role::Scorer, Scope::Inside));
    store.save(&one, &[score("ASM/P1/duty", 1500, None)], None).expect("saved");
    assert_eq!(store.undo(&other), Err(Error::NothingToUndo), "another's entry");
    assert_eq!(store.undo(&person(Role::Chief, Scope::Whole)), Err(Error::NothingToUndo));
    store.undo(&one).expect("one's own");
    store.save(&one, &[score("ASM/P1/duty", 1500, None)], None).expect("saved");
    let closing = ballot(BallotState::Confirmed, Some(9000), "核对");
    store.save(&who("clerk"), &[closing], None).expect("confirmed");
    store.round_step(&who("chief"), "ASM", RoundStep::Seal, "").expect("sealed");
    assert_eq!(store.undo(&one), Err(Error::RoundState(RoundState::Sealed)), "as the action itself");
}
