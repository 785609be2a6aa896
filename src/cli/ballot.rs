//! `ballot`: one ballot of a panel, and its blind second entry by another person.

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::folder::Opened;
use super::projects::{known_project, known_round};
use super::score::save;
use crate::domain::change::{Change, Draft, Kind, Record, Refusal, Subject};
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::panel::{BallotRecord, BallotState};
use crate::domain::value::{Bilingual, Points};
use crate::store::{Action, Matter, may};

/// Ballots of an observation round.
#[derive(Debug, Subcommand)]
pub enum Ballot {
    /// One ballot: a score, `absent`, `recused` or `void`; `none` clears it
    Set(Set),
    /// The second entry, by another person who has not seen the first: the same score confirms it
    Confirm(Confirm),
}

/// One ballot.
#[derive(Debug, Args)]
pub struct Set {
    #[command(flatten)]
    which: Which,
    /// A score, `absent`, `recused`, `void`, or `none`
    #[arg(allow_negative_numbers = true)]
    score: String,
    /// Why; needed for `void`, and to correct, clear or replace a confirmed ballot
    #[arg(long, default_value = "")]
    reason: String,
    /// Refuse unless this is the record's newest entry; 0 = none yet
    #[arg(long, value_name = "SEQ")]
    base: Option<u64>,
}

/// The second entry of one ballot.
#[derive(Debug, Args)]
pub struct Confirm {
    #[command(flatten)]
    which: Which,
    /// The score on the ballot
    #[arg(allow_negative_numbers = true)]
    score: String,
}

/// Which ballot.
#[derive(Debug, Args)]
struct Which {
    /// Round id
    round: String,
    /// Judge id
    judge: String,
    /// Project id
    project: String,
}

fn ballot_state(word: &str) -> Option<BallotState> {
    match word {
        "absent" => Some(BallotState::Absent),
        "recused" => Some(BallotState::Recused),
        "void" => Some(BallotState::Void),
        _ => None,
    }
}

fn scored(state: BallotState, text: &str) -> Result<BallotRecord, Refusal> {
    Ok(BallotRecord { state, score: Some(Points::score(text)?), entered_by: None })
}

/// Saves one ballot, or confirms it, and prints its entry number.
pub fn ballot(opened: &mut Opened, command: &Ballot) -> Result<(), Failure> {
    let (which, written, reason, base) = match command {
        Ballot::Set(set) => (&set.which, &set.score, set.reason.as_str(), set.base),
        Ballot::Confirm(confirm) => (&confirm.which, &confirm.score, "", None),
    };
    let (round, site) = known(opened, which)?;
    let word = written.to_lowercase();
    let action = match command {
        Ballot::Confirm(_) => Action::BallotConfirm,
        Ballot::Set(_) => ballot_state(&word).map_or(Action::BallotEnter, Action::of_ballot),
    };
    // Who may not do it hears that before anything about the value.
    let matter = Matter::in_round(&opened.data.plan, round, &site, opened.data.round_state(round));
    may(&opened.actor, action, &Matter { reason: true, ..matter })?;
    let after = match command {
        Ballot::Confirm(_) => scored(BallotState::Confirmed, written).map(Some),
        Ballot::Set(_) if word == "none" => Ok(None),
        Ballot::Set(_) => match ballot_state(&word) {
            Some(state) => Ok(Some(BallotRecord { state, score: None, entered_by: None })),
            None => scored(BallotState::Entered, written).map(Some),
        },
    };
    let after = after.map_err(|refusal| {
        named(which, written, refusal.into()).next(
            "分数如 87.5；缺席 absent、回避 recused、作废 void、清除 none",
            "a score like 87.5, or absent, recused, void, none",
        )
    })?;
    let subject = Subject::new(Kind::Ballot, &[&which.round, &which.judge, &site]);
    let change = Change { subject, before: None, after: after.map(Record::Ballot), reason: reason.to_owned() };
    save(opened, &[Draft { change, base }]).map_err(|failure| match failure.name {
        Some("invalid") => named(which, written, failure),
        _ => failure,
    })
}

/// The round, and the id of the site.
fn known(opened: &Opened, which: &Which) -> Result<(RoundIx, String), Failure> {
    let data = &opened.data;
    let round = known_round(data, &which.round)?;
    if data.plan.round(round).kind != RoundKind::Observation {
        let id = &which.round;
        return Err(Failure::usage(format!("{id} 不是观摩轮次"), format!("{id} is not an observation round")));
    }
    let site = data.plan.project(known_project(data, &which.project)?).id.clone();
    if data.plan.judge_ix(&which.judge).is_none() {
        let ids = data.plan.district.judges.iter().map(|j| j.id.as_str());
        let list = ("district.toml 的 [[judge]] 列出全部", "[[judge]] in district.toml lists them all");
        return Err(Failure::unknown("评委", "judge", &which.judge, ids, list));
    }
    Ok((round, site))
}

/// What was refused: site, judge and value, then why.
fn named(which: &Which, written: &str, failure: Failure) -> Failure {
    let Which { judge, project, .. } = which;
    let message = Bilingual::new(
        format!("{project} {judge} {written} {}", failure.message.zh),
        format!("{project} {judge} {written}: {}", failure.message.en),
    );
    Failure { message, ..failure }
}
