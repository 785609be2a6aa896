//! Every warning of the guide: a sound district has none, and each code has a district that earns it and no other.

use std::collections::BTreeSet;
use std::sync::mpsc;

use dukao::domain::change::{Change, Draft, Kind, ProgressRecord, Record, Subject};
use dukao::domain::value::{Date, Percent};
use dukao::domain::warning::{CODES, Warning};
use dukao::store::{Actor, Reply, Request, Store, worker};

use crate::folder::{ASSESSMENT, Folder, judges, milestone, owner, project, unit};

const PROGRESS: &str = "project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note";
const ATTRACTIONS: &str = "id,name,amount,received,origin,signed,host,credits,started,producing,excluded";
const INDICATORS: &str = "indicator,period,value,growth,target_growth,city_growth,versus_city,provisional";
const BALLOTS: &str = "round,judge,project,state,score";
const OPEN: [&str; 2] = ["round,state,date,reason", "O,open,2014-06-20,"];

/// An observation of these sites; R and O are a pair.
fn observation(sites: &str) -> String {
    format!(
        "[[round]]\nid = \"O\"\nkind = \"observation\"\nname = \"观摩\"\nfrom = 2014-04-01\nto = 2014-06-30\n\
         as_of = 2014-06-30\nprojects = [{sites}]\npair = \"R\"\n"
    )
}

/// A stretch project beside the sound one.
fn beside(more: &str) -> String {
    project("P2", &format!("town = \"TA\"\n{more}")).replace("\"must\"", "\"stretch\"")
}

fn later() -> String {
    milestone("主体", "2014-12-01")
}

/// Nothing is odd about it.
fn sound() -> Folder {
    Folder::empty()
        .district(&judges(3))
        .district(&format!("{ASSESSMENT}pair = \"O\"\n{}", observation("\"P1\"")))
        .projects(&project(
            "P1",
            &format!(
                "town = \"TA\"\ntotal_investment = \"2亿元\"\nannual_plan = \"1亿元\"\n{}{}",
                milestone("开工", "2014-06-01"),
                milestone("竣工", "2014-12-01")
            ),
        ))
        .targets(
            r#"
[[quota_plan]]
id = "H2"
name = "下半年"
from = 2014-07-01
to = 2014-12-31
[[quota_plan.tier]]
id = "1yi"
label = "亿元以上"
at_least = "1亿元"
headline = 4
[[quota_plan.quota]]
unit = "A"
targets = { 1yi = 2 }
[[quota_plan.quota]]
unit = "TA"
targets = { 1yi = 2 }
[[indicator]]
id = "gdp"
name = "生产总值"
unit = "亿元"
better = "higher"
[[indicator]]
id = "fai"
name = "投资"
unit = "亿元"
better = "higher"
[[goal]]
id = "g1"
name = "目标一"
op = "at_least"
value = 95
due = 2014-12-31
[[tally]]
id = "half"
as_of = 2014-06-30
commitment = "must"
total = 1
parts = { on_track = 1 }
exhaustive = true
"#,
        )
        .with("milestones.csv", &["project,milestone,done", "P1,开工,2014-06-01"])
        .with("progress.csv", &[PROGRESS, "P1,2014-06-30,50,50,5000万元,1,1,on_track,"])
}

fn edited(edit: impl FnOnce(&mut Folder)) -> Folder {
    let mut folder = sound();
    edit(&mut folder);
    folder
}

fn swap(text: &mut String, from: &str, to: &str) {
    assert!(text.contains(from), "{from} is not there");
    *text = text.replacen(from, to, 1);
}

fn quotas(from: &str, to: &str) -> Folder {
    edited(|f| swap(&mut f.targets, from, to))
}

/// Two tiers, of which two units state the higher one only: stated 2, implied 4.
fn implied(headline: u32) -> Folder {
    edited(|f| {
        f.district += &(unit("B", "bureau") + &unit("C", "bureau"));
        swap(
            &mut f.targets,
            "headline = 4\n",
            &format!(
                "headline = {headline}\n[[quota_plan.tier]]\nid = \"10yi\"\nlabel = \"10亿元以上\"\nat_least = \"10亿元\"\nheadline = 2\n"
            ),
        );
        f.targets = f.targets.replace("{ 1yi = 2 }", "{ 1yi = 1 }");
        let high = |unit| format!("[[quota_plan.quota]]\nunit = \"{unit}\"\ntargets = {{ 10yi = 1 }}\n");
        swap(&mut f.targets, "[[indicator]]", &format!("{}{}[[indicator]]", high("B"), high("C")));
    })
}

fn attraction(row: &str) -> Folder {
    sound().with("attractions.csv", &[ATTRACTIONS, row])
}

fn indicator(rows: &[&str]) -> Folder {
    sound().with("indicators.csv", &[&[INDICATORS], rows].concat())
}

fn stretch(more: &str) -> Folder {
    sound().projects(&beside(more))
}

fn reported(more: &str, rows: &[&str]) -> Folder {
    let mut folder = stretch(more);
    let lines = &mut folder.records.iter_mut().find(|r| r.0 == "progress.csv").expect("progress").1;
    rows.iter().for_each(|row| *lines += &format!("{row}\n"));
    folder
}

fn voted(rows: &[&str]) -> Folder {
    sound().with("rounds.csv", &OPEN).with("ballots.csv", &[&[BALLOTS], rows].concat())
}

/// Five sites, at each of which the first judge is far off the two others.
fn outlier() -> Folder {
    let sites: Vec<String> = (1..=5).map(|i| format!("S{i}")).collect();
    let mut folder = sound();
    swap(&mut folder.district, "projects = [\"P1\"]", &format!("projects = {sites:?}"));
    let mut rows = Vec::new();
    for site in &sites {
        folder.projects += &project(site, &format!("town = \"TA\"\n{}", later())).replace("\"must\"", "\"stretch\"");
        rows.extend([("J1", 70), ("J2", 90), ("J3", 90)].map(|(j, n)| format!("O,{j},{site},confirmed,{n}")));
    }
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    folder.with("rounds.csv", &OPEN).with("ballots.csv", &[&[BALLOTS], &rows[..]].concat())
}

/// A district and what happens to it after its first records.
type Case = (&'static str, Folder, fn(&mut Store, &Folder));

fn nothing(_: &mut Store, _: &Folder) {}

/// The plan forgets the milestone that was reported done.
fn forget(store: &mut Store, folder: &Folder) {
    let mut new = folder.clone();
    swap(&mut new.projects, "\"开工\"", "\"动工\"");
    let texts = [
        ("district", new.district.as_str()),
        ("projects", &new.projects),
        ("scoring", &new.scoring),
        ("targets", &new.targets),
    ];
    // Its other name is a milestone that nobody has reported: it would be overdue, were it due.
    let mut plan = new.clone();
    swap(&mut plan.projects, "due = 2014-06-01", "due = 2014-11-01");
    let texts = texts.map(|(name, text)| (name, if name == "projects" { plan.projects.as_str() } else { text }));
    store.apply_plan(&owner(), texts, &plan.loaded().0, "").expect("a new plan");
}

/// The report that a suggestion was taken from is corrected.
fn correct(store: &mut Store, _: &Folder) {
    let after = ProgressRecord {
        percent: Some(Percent::whole(40)),
        planned_percent: Some(Percent::whole(50)),
        ..ProgressRecord::default()
    };
    let change = Change {
        subject: Subject::new(Kind::Progress, &["P1", "2014-06-30"]),
        before: None,
        after: Some(Record::Progress(after)),
        reason: String::new(),
    };
    store.save(&owner(), &[Draft { change, base: None }], None).expect("a correction");
}

fn cases() -> Vec<Case> {
    let p2 = later();
    vec![
        ("tally-partition", quotas("parts = { on_track = 1 }", "parts = { a = 1, b = 1 }"), nothing),
        (
            "tally-mismatch",
            quotas("total = 1\nparts = { on_track = 1 }", "total = 2\nparts = { a = 1, on_track = 1 }"),
            nothing,
        ),
        (
            "quota-unresolved",
            quotas(
                "[[indicator]]",
                "[[quota_plan.quota]]\nlabel = \"鹿村镇\"\ncandidates = [\"TA\"]\ntargets = { 1yi = 0 }\n[[indicator]]",
            ),
            nothing,
        ),
        ("quota-sum", implied(4), nothing),
        ("quota-implied", implied(2), nothing),
        (
            "quota-concentration",
            quotas("{ 1yi = 2 }", "{ 1yi = 3 }").targets_swapped("{ 1yi = 2 }", "{ 1yi = 1 }"),
            nothing,
        ),
        ("quota-credits", attraction("X,厂,1亿元,,,2014-07-05,,A;TA,,,"), nothing),
        ("attraction-uncredited", attraction("X,厂,1亿元,,,2014-07-05,,,,,"), nothing),
        ("attraction-currency", attraction("X,厂,1557万美元,,,2014-07-05,,A,,,"), nothing),
        ("attraction-received", attraction("X,厂,1亿元,1.01亿元,,2014-07-05,,A,,,"), nothing),
        ("identical-values", indicator(&["gdp,2014-H1,72,,,,,no", "fai,2014-H1,72,,,,,no"]), nothing),
        ("indicator-contradiction", indicator(&["gdp,2014-H1,72,9,,10,above,no"]), nothing),
        ("indicator-provisional", indicator(&["gdp,2014-Q1,72,,,,,yes"]), nothing),
        (
            "duplicate-label",
            quotas("[[tally]]", "[[goal]]\nid = \"g2\"\nname = \"目标一\"\nop = \"done\"\ndue = 2014-12-31\n[[tally]]"),
            nothing,
        ),
        ("duplicate-name", stretch(&format!("aliases = [\"P1项目\"]\n{p2}")), nothing),
        ("town-not-stated", edited(|f| f.projects += &beside(&p2).replace("town = \"TA\"\n", "")), nothing),
        ("no-milestones", stretch(""), nothing),
        ("milestone-outside-year", stretch(&milestone("主体", "2015-03-01")), nothing),
        ("milestone-order", stretch(&(p2.clone() + &milestone("基础", "2014-10-01"))), nothing),
        ("milestone-unknown", sound(), forget),
        (
            "overdue-unreported",
            reported(&milestone("主体", "2014-07-01"), &["P2,2014-07-01,10,20,,,,behind,"]),
            nothing,
        ),
        ("progress-stale", reported(&p2, &["P2,2014-06-11,10,20,,,,,"]), nothing),
        ("progress-regress", reported(&p2, &["P2,2014-07-01,50,50,,,,,", "P2,2014-07-05,40,50,,,,,"]), nothing),
        (
            "report-optimistic",
            reported(&milestone("主体", "2014-07-01"), &["P2,2014-07-05,10,20,,,,on_track,"]),
            nothing,
        ),
        (
            "plan-exceeds-total",
            stretch(&format!("total_investment = \"1亿元\"\nannual_plan = \"1.01亿元\"\n{p2}")),
            nothing,
        ),
        ("officer-missing", edited(|f| swap(&mut f.projects, "service_officer = \"官\"\n", "")), nothing),
        ("unit-without-projects", sound().district(&unit("TB", "town")), nothing),
        ("round-pair-one-sided", edited(|f| swap(&mut f.district, "pair = \"R\"\n", "")), nothing),
        ("round-dates", edited(|f| swap(&mut f.district, "as_of = 2014-06-30", "as_of = 2014-07-05")), nothing),
        (
            "scorer-self",
            sound().district(
                "[[person]]\nlogin = \"li\"\nname = \"李\"\nroles = [\"scorer\"]\nunits = [\"A\"]\nhome_unit = \"A\"\n",
            ),
            nothing,
        ),
        ("panel-small", voted(&["O,J1,P1,confirmed,90", "O,J2,P1,confirmed,91", "O,J3,P1,absent,"]), nothing),
        ("ballot-unconfirmed", voted(&["O,J1,P1,confirmed,90", "O,J2,P1,confirmed,91", "O,J3,P1,entered,92"]), nothing),
        ("judge-outlier", outlier(), nothing),
        (
            "suggestion-moved",
            sound()
                .with("rounds.csv", &["round,state,date,reason", "R,open,2014-07-01,"])
                .with("scores.csv", &["round,project,criterion,points,note", "R,P1,physical,25,"]),
            correct,
        ),
        (
            "rectification-overdue",
            sound().with(
                "rectifications.csv",
                &[
                    "id,project,unit,finding,action,issued,due,state,closed",
                    "Z1,P1,A,问题,措施,2014-06-01,2014-07-11,issued,",
                ],
            ),
            nothing,
        ),
        ("provenance-assumed", stretch(&format!("provenance = \"assumed\"\n{p2}")), nothing),
    ]
}

impl Folder {
    fn targets_swapped(mut self, from: &str, to: &str) -> Self {
        swap(&mut self.targets, from, to);
        self
    }
}

fn codes(store: &mut Store, actor: &Actor, as_of: Option<&str>) -> BTreeSet<&'static str> {
    let day = as_of.map(|d| d.parse::<Date>().expect("a date"));
    store.warnings(actor, day).expect("warnings").into_iter().map(|w| w.code).collect()
}

#[test]
fn a_sound_district_has_no_warnings() {
    let (_dir, mut store) = sound().store();
    assert_eq!(store.warnings(&owner(), None).expect("warnings"), []);
}

#[test]
fn each_code_has_a_district_that_earns_it_alone() {
    let cases = cases();
    let named: Vec<&str> = cases.iter().map(|c| c.0).collect();
    assert_eq!(named, CODES.map(|c| c.id), "every code of the guide, in its order");
    for (code, folder, happens) in cases {
        let (_dir, mut store) = folder.store();
        happens(&mut store, &folder);
        assert_eq!(codes(&mut store, &owner(), None), BTreeSet::from([code]));
    }
}

#[test]
fn a_bound_that_is_just_kept_is_no_warning() {
    let kept: [(&str, Folder, Option<&str>); 7] = [
        ("40 % and 60 % of a tier less one", implied_by(&[5, 5]), None),
        ("received is the amount", attraction("X,厂,1亿元,1亿元,,2014-07-05,,A,,,"), None),
        ("90 days old", indicator(&["gdp,2014-Q1,72,,,,,yes"]), Some("2014-06-29")),
        ("30 days ago", reported(&later(), &["P2,2014-06-12,10,20,,,,,"]), None),
        ("equal to the city", indicator(&["gdp,2014-H1,72,9,,9,equal,no"]), None),
        ("due today", rectification("2014-07-12"), None),
        ("one value in two periods", indicator(&["gdp,2014-Q1,72,,,,,no", "fai,2014-H1,72,,,,,no"]), None),
    ];
    for (what, folder, as_of) in kept {
        let (_dir, mut store) = folder.store();
        assert_eq!(codes(&mut store, &owner(), as_of), BTreeSet::new(), "{what}");
    }
}

fn implied_by(targets: &[u32; 2]) -> Folder {
    let [a, b] = targets.map(|n| format!("{{ 1yi = {n} }}"));
    quotas("headline = 4", &format!("headline = {}", targets[0] + targets[1]))
        .targets_swapped("{ 1yi = 2 }", &a)
        .targets_swapped("{ 1yi = 2 }", &b)
}

fn rectification(due: &str) -> Folder {
    let row = format!("Z1,P1,A,问题,措施,2014-06-01,{due},issued,");
    sound().with("rectifications.csv", &["id,project,unit,finding,action,issued,due,state,closed", &row])
}

#[test]
fn what_happens_after_the_day_is_not_warned_of() {
    let later: [(&str, Folder); 4] = [
        ("signed later", attraction("X,厂,1557万美元,,,2014-07-05,,A,,,")),
        ("a period that has not ended", indicator(&["gdp,2014-H1,72,9,,10,above,no"])),
        ("reported later", reported(&later(), &["P2,2014-06-29,50,50,,,,,", "P2,2014-06-30,40,50,,,,,"])),
        (
            "a count of a later day",
            quotas("total = 1\nparts = { on_track = 1 }", "total = 2\nparts = { on_track = 2 }"),
        ),
    ];
    for (what, folder) in later {
        let (_dir, mut store) = folder.store();
        assert_eq!(codes(&mut store, &owner(), Some("2014-06-29")), BTreeSet::new(), "{what}");
        assert_eq!(codes(&mut store, &owner(), Some("2014-07-06")).len(), 1, "{what}");
    }
}

#[test]
fn nobody_learns_of_ballots_from_a_warning() {
    let folder = voted(&["O,J1,P1,confirmed,90", "O,J2,P1,entered,91", "O,J3,P1,absent,"]);
    let (_dir, mut store) = folder.store();
    let both = BTreeSet::from(["ballot-unconfirmed", "panel-small"]);
    assert_eq!(codes(&mut store, &owner(), None), both);
    assert_eq!(codes(&mut store, &Actor::viewer("guest", "local:1"), None), BTreeSet::new());
}

#[test]
fn the_thread_of_the_store_shows_the_data_first_and_warns_when_asked() {
    let (_dir, store) = implied(2).store();
    let (answer, answers) = mpsc::channel();
    let send = move |reply| drop(answer.send(reply));
    let (requests, thread) = worker::spawn(move || Ok((store, owner())), None, send).expect("a thread");
    let Ok(Reply::Data(data)) = answers.recv() else { panic!("the data come first") };
    requests.send(Request::Warnings).expect("a thread that listens");
    let Ok(Reply::Warnings { seq, day, all }) = answers.recv() else { panic!("nothing but the warnings") };
    assert_eq!((seq, day), (data.facts.seq, data.day()));
    let place = |w: &Warning| (w.code, w.file, w.line.is_some());
    assert_eq!(all.iter().map(place).collect::<Vec<_>>(), [("quota-implied", Some("targets.toml"), true)]);
    requests.send(Request::Stop).expect("a thread that listens");
    thread.join().expect("it ends");
}
