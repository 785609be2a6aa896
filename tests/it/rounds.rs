//! The sample's open pair of rounds, from its last entries to the seal, to the public, and back again.

use std::path::PathBuf;
use std::sync::Arc;

use dukao::app::attention;
use dukao::domain::ballot;
use dukao::domain::board::Measure;
use dukao::domain::change::{Change, Draft, Kind, Record, Subject};
use dukao::domain::district::{JudgeIx, ProjectIx, RoundIx};
use dukao::domain::panel::{BallotRecord, BallotState};
use dukao::domain::project::BoardKind;
use dukao::domain::round::{RoundState, RoundStep};
use dukao::domain::score::{ScoreState, Suggestion};
use dukao::domain::scoring::{Basis, ScoreRecord};
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::Points;
use dukao::plan::{Texts, load};
use dukao::store::{Actor, Error, Store};
use tempfile::TempDir;

pub const ASM: &str = "2014-H1-ASM";
pub const OBS: &str = "2014-Q2-OBS";

/// The sample's year, worked on by the persons of its plan.
pub struct Office {
    pub store: Store,
    folder: TempDir,
}

impl Office {
    pub fn new() -> Self {
        let texts = Texts::sample();
        let plan = load(&texts).unwrap_or_else(|e| panic!("{e:?}"));
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("year.db");
        let store = dukao::cli::new_database(&path, &texts, &plan, &Texts::sample_records()).expect("a database");
        Self { store, folder }
    }

    /// Its database.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("year.db")
    }

    /// A year whose open pair has everything that sealing asks for.
    pub fn completed() -> Self {
        let mut office = Self::new();
        let data = office.store.snapshot(None);
        let confirmed: Vec<Draft> =
            unconfirmed(&data).iter().map(|(at, score)| vote(&data, *at, BallotState::Confirmed, *score, "")).collect();
        office.save("hedui", &confirmed).expect("confirmed");
        for (team, score) in certification(&data) {
            office.save(team, &[score]).expect("certified");
        }
        office
    }

    /// A published ballot was read wrong: reopened, corrected by this, confirmed and sealed again.
    pub fn correct_a_ballot(&mut self, by: Points, reason: &str) -> ProjectIx {
        let data = self.store.snapshot(None);
        let ballots = &data.facts.ballots[round(&data, OBS).at()];
        let confirmed = ballots.iter().filter(|(_, b)| b.value.state == BallotState::Confirmed);
        let (at, ballot) = confirmed.min_by_key(|((site, judge), _)| (site.0, judge.0)).expect("a ballot");
        let score = ballot.value.score.expect("a score") + by;
        self.step(OBS, RoundStep::Reopen, reason).expect("reopened");
        self.save("luru", &[vote(&data, *at, BallotState::Entered, score, reason)]).expect("corrected");
        self.save("hedui", &[vote(&data, *at, BallotState::Confirmed, score, "")]).expect("confirmed");
        self.step(OBS, RoundStep::Seal, "").expect("sealed again");
        at.0
    }

    pub fn save(&mut self, login: &str, drafts: &[Draft]) -> Result<usize, Error> {
        let actor = Actor::person(self.store.plan(), login, "local:1");
        self.store.save(&actor, drafts, None).map(|seqs| seqs.len())
    }

    pub fn step(&mut self, round: &str, step: RoundStep, reason: &str) -> Result<(), Error> {
        let chief = Actor::person(self.store.plan(), "zhukao", "local:1");
        self.store.round_step(&chief, round, step, reason).map(|_| ())
    }

    /// Revision and content hash of a sealed round.
    pub fn seal(&mut self, round: &str) -> (u32, String) {
        let data = self.store.snapshot(None);
        let record = data.facts.rounds[data.plan.round_ix(round).expect("a round").at()].clone().expect("not a draft");
        (record.value.revision, record.value.results_sha256.expect("sealed"))
    }

    fn problems(&self) -> Vec<String> {
        let plan = |[district, projects, scoring, targets]: &[String; 4]| {
            let [district, projects, scoring, targets] = [district, projects, scoring, targets].map(Clone::clone);
            load(&Texts { district, projects, scoring, targets }).ok()
        };
        let verified = self.store.verify(None, &plan).expect("verified");
        verified.problems.into_iter().map(|p| p.en).collect()
    }
}

fn round(data: &Snapshot, id: &str) -> RoundIx {
    data.plan.round_ix(id).expect("a round")
}

fn draft(subject: Subject, after: Record, reason: &str) -> Draft {
    Draft { change: Change { subject, before: None, after: Some(after), reason: reason.into() }, base: None }
}

fn vote(
    data: &Snapshot,
    (site, judge): (ProjectIx, JudgeIx),
    state: BallotState,
    score: Points,
    reason: &str,
) -> Draft {
    let (judge, site) = (&data.plan.district.judges[judge.at()].id, &data.plan.project(site).id);
    let record = BallotRecord { state, score: Some(score), entered_by: None };
    draft(Subject::new(Kind::Ballot, &[OBS, judge, site]), Record::Ballot(record), reason)
}

/// Ballots of the round that nobody has confirmed yet.
fn unconfirmed(data: &Snapshot) -> Vec<((ProjectIx, JudgeIx), Points)> {
    let ballots = &data.facts.ballots[round(data, OBS).at()];
    let entered = ballots.iter().filter(|(_, b)| b.value.state == BallotState::Entered);
    let mut entered: Vec<_> = entered.map(|(at, b)| (*at, b.value.score.expect("a score"))).collect();
    entered.sort_unstable_by_key(|((site, judge), _)| (site.0, judge.0));
    entered
}

/// What a team enters to certify the projects that are left: suggestions as they are, full points where there is none.
fn certification(data: &Snapshot) -> Vec<(&'static str, Draft)> {
    let asm = round(data, ASM);
    let scores = &data.assessment(asm).expect("an assessment").scores;
    let left = data.plan.project_ixs().filter(|ix| scores[ix.at()].state == ScoreState::Provisional);
    let mut drafts = Vec::new();
    for project in left {
        let p = data.plan.project(project);
        let team = match data.plan.unit(p.headquarters).code.as_str() {
            "GY" | "SZ" => "jiazu",
            "AZ" | "XX" => "yizu",
            _ => "bingzu",
        };
        for (i, criterion) in data.plan.rules.criteria.iter().enumerate() {
            let stands = data.facts.scores[asm.at()].contains_key(&(project, i));
            let points = match data.suggestion(asm, project, i) {
                Suggestion::NotApplicable => None,
                Suggestion::Missing => Some(criterion.points),
                Suggestion::Value(points) => Some(points),
            };
            if let Some(points) = points.filter(|_| !stands) {
                let (basis, note) = (Basis::Entered, String::new());
                let record = ScoreRecord { basis, note, points: Some(points), suggestion: None };
                drafts.push((team, draft(Subject::score(ASM, &p.id, &criterion.id), Record::Score(record), "")));
            }
        }
    }
    drafts
}

fn board(data: &Snapshot) -> Vec<(Option<u32>, Option<Points>)> {
    let board = data.board(round(data, ASM), BoardKind::Headquarters, Measure::Composite).expect("a board");
    board.rows.iter().map(|r| (r.rank, r.score)).collect()
}

#[test]
fn the_dashboard_asks_for_the_ballots_that_sealing_asks_for() {
    let office = &mut Office::new();
    let data = office.store.snapshot(None);
    let obs = round(&data, OBS);
    let mut facts = data.facts.clone();
    // Whoever a rule recuses need not say so by a ballot of his own; three judges recused themselves.
    Arc::make_mut(&mut facts.ballots)[obs.at()].retain(|_, ballot| ballot.value.state != BallotState::Recused);
    let bare = Snapshot::new(data.plan.clone(), facts, data.today, None);
    assert_eq!((bare.unsettled(obs).missing.len(), bare.unsettled(obs).unconfirmed.len()), (3, 86));
    for data in [&*data, &bare] {
        let (round, votes) = attention::ballots(data, &Actor::owner("jia", 0)).expect("an observation");
        assert_eq!((round, votes.unconfirmed), (obs, 86));
        assert_eq!(votes.missing + votes.unconfirmed, data.unsettled(obs).count());
    }
}

#[test]
fn the_open_pair_is_completed_sealed_published_and_corrected() {
    let mut office = Office::new();
    let data = office.store.snapshot(None);
    let left = unconfirmed(&data);
    assert_eq!(left.len(), 86);
    let blocked = |answer: Result<(), Error>, said: &str| {
        let Err(Error::Blocked(text)) = answer else { panic!("{answer:?}") };
        assert!(text.zh.contains(said), "{text:?}");
    };
    blocked(office.step(OBS, RoundStep::Seal, ""), "86 张票未确认（YB14-NC-010 未确认 44, YB14-CQ-005 未确认 42）");
    blocked(office.step(ASM, RoundStep::Seal, ""), "14 个项目未认定（YB14-");

    let (first, score) = left[0];
    let different = vote(&data, first, BallotState::Confirmed, Points(score.0 - 50), "");
    assert!(matches!(office.save("hedui", &[different]), Err(Error::Conflict(_))));
    let confirmed: Vec<Draft> =
        left.iter().map(|(at, score)| vote(&data, *at, BallotState::Confirmed, *score, "")).collect();
    assert_eq!(office.save("hedui", &confirmed), Ok(86));
    for (team, score) in certification(&data) {
        assert_eq!(office.save(team, &[score]), Ok(1));
    }

    let before = board(&office.store.snapshot(None));
    for round in [OBS, ASM] {
        office.step(round, RoundStep::Seal, "").expect("complete");
    }
    let (obs, asm) = (office.seal(OBS), office.seal(ASM));
    assert_eq!((obs.0, asm.0), (1, 1));
    assert_eq!(board(&office.store.snapshot(None)), before, "sealing changes no figure");
    assert_eq!(office.problems(), Vec::<String>::new(), "both seals can be computed again");

    for round in [OBS, ASM] {
        office.step(round, RoundStep::Publish, "").expect("sealed");
    }
    let corrected = vote(&data, first, BallotState::Entered, Points(score.0 - 50), "原票看错");
    let refused = office.save("luru", std::slice::from_ref(&corrected));
    assert_eq!(refused, Err(Error::RoundState(RoundState::Published)));
    assert_eq!(refused.expect_err("refused").exit_code(), 4);

    for round in [OBS, ASM] {
        assert_eq!(office.step(round, RoundStep::Reopen, " "), Err(Error::ReasonNeeded));
        office.step(round, RoundStep::Reopen, "核对").expect("reopened");
        office.step(round, RoundStep::Seal, "").expect("nothing is left");
    }
    assert_eq!((office.seal(OBS), office.seal(ASM)), ((2, obs.1.clone()), (2, asm.1.clone())));

    office.step(OBS, RoundStep::Reopen, "原票看错").expect("reopened");
    office.save("luru", &[corrected]).expect("corrected");
    blocked(office.step(OBS, RoundStep::Seal, ""), "1 张票未确认");
    let again = vote(&data, first, BallotState::Confirmed, Points(score.0 - 50), "");
    assert_eq!(office.save("hedui", &[again]), Ok(1));
    office.step(OBS, RoundStep::Seal, "").expect("complete");
    let third = office.seal(OBS);
    assert_eq!(third.0, 3);
    assert_ne!(third.1, obs.1, "half a point on one ballot is in the hash");
    assert_eq!(office.seal(ASM), (2, asm.1), "the other round is not touched");
    assert_eq!(office.problems(), Vec::<String>::new());
}

#[test]
fn nobody_confirms_his_own_entry_whatever_came_between() {
    let mut office = Office::new();
    let data = office.store.snapshot(None);
    let (at, score) = unconfirmed(&data)[0];
    let other = Points(score.0 - 100);
    let enter = |points| [vote(&data, at, BallotState::Entered, points, "看错")];
    let confirm = |points| [vote(&data, at, BallotState::Confirmed, points, "")];
    // Who corrects an entry has entered it; the same score again makes nobody else of him.
    assert_eq!(office.save("luru", &enter(other)), Ok(1));
    assert_eq!(office.save("hedui", &enter(other)), Ok(0));
    assert!(matches!(office.save("luru", &confirm(other)), Err(Error::NotPermitted(_))));
    // Not even by entering it once more under another score and back.
    assert_eq!(office.save("hedui", &confirm(other)), Ok(1));
    assert_eq!(office.save("hedui", &enter(score)), Ok(1));
    assert!(matches!(office.save("hedui", &confirm(score)), Err(Error::NotPermitted(_))));
    assert_eq!(office.save("luru", &confirm(score)), Ok(1));
    let kept = office.store.snapshot(None);
    let kept = kept.ballot(round(&data, OBS), at.1, at.0).expect("a ballot").value.clone();
    assert!(ballot::is_scored(kept.state) && kept.score == Some(score));
    assert_eq!((kept.state, kept.entered_by.as_deref()), (BallotState::Confirmed, Some("hedui")));
}
