//! `round changes`: what a round announces otherwise than at an earlier seal.

use clap::Args;
use serde_json::json;

use super::failure::Failure;
use super::folder::{self, Opened};
use super::json;
use super::output::{Table, figure, name, word};
use super::projects::{known_round, unit};
use super::words;
use crate::domain::district::RoundIx;
use crate::domain::project::BoardKind;
use crate::domain::revision::{Difference, Figure, differences};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Points;
use crate::store::{Action, Matter, may};

/// Two revisions of a round side by side.
#[derive(Debug, Args)]
pub struct Changes {
    /// Round id
    round: String,
    /// The earlier seal; default: the one before
    #[arg(long, value_name = "REVISION")]
    from: Option<u32>,
    /// The later seal; default: what the round says now
    #[arg(long, value_name = "REVISION")]
    to: Option<u32>,
}

/// Prints every figure that differs between two seals of a round, or between a seal and now.
pub fn changes(opened: &mut Opened, args: &Changes) -> Result<(), Failure> {
    let round = known_round(&opened.data, &args.round)?;
    // Earlier seals are history: what was never published is not for everybody.
    may(&opened.actor, Action::ReadHistory, &Matter::default())?;
    let now = opened.data.facts.rounds[round.at()].as_ref().map(|kept| kept.value.clone()).unwrap_or_default();
    let last = if now.state.is_frozen() { now.revision.saturating_sub(1) } else { now.revision };
    let from = args.from.unwrap_or_else(|| args.to.map_or(last, |to| to.saturating_sub(1)));
    let sealed = |revision: u32| -> Result<Snapshot, Failure> {
        opened.store.sealed(round, revision)?.ok_or_else(|| {
            let id = &args.round;
            let failure = if revision == 0 {
                Failure::usage(format!("{id} 没有更早的封存可比"), format!("{id} has no earlier seal to compare with"))
            } else {
                Failure::usage(format!("{id} 没有第 {revision} 次封存"), format!("{id} has no seal {revision}"))
            };
            failure.next(format!("共封存 {} 次", now.revision), format!("it was sealed {} times", now.revision))
        })
    };
    let before = sealed(from)?;
    let after = args.to.map(sealed).transpose()?;
    let found = differences(round, &before, after.as_ref().unwrap_or(&opened.data));
    let to = args.to.or_else(|| now.state.is_frozen().then_some(now.revision));
    print(opened, (round, from, to), &found)
}

fn board(kind: BoardKind) -> &'static str {
    match kind {
        BoardKind::Headquarters => "headquarters",
        BoardKind::Towns => "towns",
    }
}

fn print(opened: &Opened, (round, from, to): (RoundIx, u32, Option<u32>), found: &[Difference]) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    if opened.options.json {
        let lines: Vec<_> = found.iter().map(|d| line(data, d)).collect();
        return out.json(&json::revisions(&data.plan.round(round).id, (from, to), lines));
    }
    let mut table = Table::new(&[
        word("项", "Figure"),
        name("名称", "Name"),
        figure("原来", "Before"),
        figure("现在", "After"),
        figure("原名次", "Rank before"),
        figure("现名次", "Rank after"),
    ]);
    for d in found {
        let (what, whose) = match d.of {
            Figure::Unit(kind, ix) => {
                let of = ix.map_or_else(|| out.say("未注明", "not stated").to_owned(), |ix| unit(data, ix, out.lang));
                let towns = kind == BoardKind::Towns;
                (if towns { out.say("镇榜", "towns") } else { out.say("指挥部榜", "headquarters") }.to_owned(), of)
            }
            Figure::Project(ix) => (out.say("项目得分", "project score").to_owned(), data.plan.project(ix).id.clone()),
            Figure::Part(ix, i) => {
                let label = data.plan.rules.criteria.get(i).map(|c| c.label.as_str());
                (words::text(label), data.plan.project(ix).id.clone())
            }
            Figure::Site(ix) => (out.say("观摩得分", "panel").to_owned(), data.plan.project(ix).id.clone()),
        };
        let (old, new) = d.ranks.unwrap_or_default();
        let ranks = [old, new].map(words::count);
        let [old, new] = ranks;
        table.row([what, whose, words::score(d.before), words::score(d.after), old, new]);
    }
    if table.is_empty() {
        folder::note(out.say("两次的结果相同", "both announce the same"));
    }
    out.text(&table.render(&out))
}

fn line(data: &Snapshot, d: &Difference) -> serde_json::Value {
    let project = |ix| data.plan.project(ix).id.as_str();
    let points = |p: Option<Points>| p.map(Points::json);
    let (before, after) = (points(d.before), points(d.after));
    match d.of {
        Figure::Unit(kind, ix) => {
            let unit = ix.map(|ix| data.plan.unit(ix).code.as_str());
            let (rank_before, rank_after) = d.ranks.unwrap_or_default();
            json!({ "figure": "unit", "board": board(kind), "unit": unit, "before": before, "after": after,
                "rank_before": rank_before, "rank_after": rank_after })
        }
        Figure::Project(ix) => {
            json!({ "figure": "project", "project": project(ix), "before": before, "after": after })
        }
        Figure::Part(ix, i) => {
            let criterion = data.plan.rules.criteria.get(i).map(|c| c.id.as_str());
            json!({ "figure": "part", "project": project(ix), "criterion": criterion, "before": before, "after": after })
        }
        Figure::Site(ix) => json!({ "figure": "panel", "project": project(ix), "before": before, "after": after }),
    }
}
