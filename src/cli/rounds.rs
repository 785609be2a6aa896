//! `round`: the life of a round, and where every round stands.

use clap::{Args, Subcommand};

use super::failure::{Failure, FailureKind};
use super::folder::Opened;
use super::json;
use super::output::{Table, figure, name, word};
use super::projects::known_round;
use super::revisions;
use super::score::print_saved;
use super::words::{self, Word};
use crate::domain::district::RoundKind;
use crate::domain::round::RoundStep;
use crate::domain::value::Lang;
use crate::store::{self, Action, Matter, may};

/// The life of a round.
#[derive(Debug, Subcommand)]
pub enum Round {
    /// Where every round stands
    List,
    /// What a seal froze: hash, rules, boards; older seals stay readable
    Show(revisions::Show),
    /// What differs between two seals of a round
    Diff(revisions::Diff),
    /// Opens a draft for entries
    Open(Step),
    /// Freezes all figures of a complete round
    Seal(Step),
    /// Opens a sealed or published round again; needs a reason
    Reopen(Step),
    /// Makes a sealed round visible to everybody
    Publish(Step),
    /// Closes a published round for good
    Finalise(Step),
}

/// One step of one round.
#[derive(Debug, Args)]
pub struct Step {
    /// Round id
    round: String,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

impl Round {
    /// Saves something.
    pub fn writes(&self) -> bool {
        self.step().is_some()
    }

    fn step(&self) -> Option<(RoundStep, &Step)> {
        match self {
            Self::List | Self::Show(_) | Self::Diff(_) => None,
            Self::Open(step) => Some((RoundStep::Open, step)),
            Self::Seal(step) => Some((RoundStep::Seal, step)),
            Self::Reopen(step) => Some((RoundStep::Reopen, step)),
            Self::Publish(step) => Some((RoundStep::Publish, step)),
            Self::Finalise(step) => Some((RoundStep::Finalise, step)),
        }
    }
}

/// Lists the rounds, or takes one a step further.
pub fn round(opened: &mut Opened, command: &Round) -> Result<(), Failure> {
    let (step, args) = match command {
        Round::Show(args) => return revisions::show(opened, args),
        Round::Diff(args) => return revisions::diff(opened, args),
        command => match command.step() {
            Some(step) => step,
            None => return list(opened),
        },
    };
    let round = known_round(&opened.data, &args.round)?;
    let state = opened.data.round_state(round);
    if step.from(state).is_none() {
        let matter = Matter { round: Some(state), reason: true, ..Matter::default() };
        if let Err(denied @ store::Error::NotPermitted(_)) = may(&opened.actor, Action::Round(step), &matter) {
            return Err(denied.into());
        }
        return Err(Failure::new(
            FailureKind::Conflict,
            format!("{} {}，不能走这一步", args.round, state.word(Lang::Zh)),
            format!("{} is {}: no such step from there", args.round, state.word(Lang::En)),
        )
        .next("dukao round list 看各轮次状态", "dukao round list shows the states"));
    }
    let seqs = opened.store.round_step(&opened.actor, &args.round, step, &args.reason)?;
    print_saved(opened, &seqs)
}

fn list(opened: &Opened) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    if opened.options.json {
        return out.json(&json::rounds(data));
    }
    let mut table = Table::new(&[
        word("轮次", "Round"),
        name("名称", "Name").leaves(4),
        word("类别", "Kind"),
        word("状态", "State"),
        figure("封存", "Seal"),
        word("截至", "As of").leaves(1),
        word("配对", "Pair").leaves(2),
        figure("已认定", "Certified"),
        figure("范围", "In scope"),
        word("哈希", "Hash").leaves(3),
    ]);
    for r in json::round_lines(data) {
        let kind = match r.kind {
            RoundKind::Assessment => out.say("考核", "assessment"),
            RoundKind::Observation => out.say("观摩", "observation"),
        };
        table.row([
            r.id.to_owned(),
            data.plan.round_ix(r.id).map_or(r.name, |ix| data.plan.round(ix).called(out.lang)).to_owned(),
            kind.to_owned(),
            r.state.word(out.lang) + if r.correction { out.say("(更正)", " (correction)") } else { "" },
            format!("r{}", r.revision),
            r.as_of.to_string(),
            words::text(r.pair),
            words::count(r.certified),
            words::count(r.in_scope),
            words::text(r.hash.map(|h| &h[..12.min(h.len())])),
        ]);
    }
    out.text(&table.render(&out))
}
