//! 提示. What a row of the palette says about its entry; figures only where the person may see them.

use super::entry::{Entry, Run};
use crate::app::filter::next_due;
use crate::app::place::Place;
use crate::app::screen::{Sight, may_see, newest_seen, seen_score};
use crate::app::screens::boards::board;
use crate::domain::district::{ProjectIx, UnitIx, UnitKind};
use crate::domain::project::{BoardKind, Status};
use crate::domain::score::ScoreState;
use crate::domain::value::days_between;
use crate::domain::words::Word;
use crate::text::Text;

/// Which board a unit stands on.
#[must_use]
pub fn board_of(kind: UnitKind) -> BoardKind {
    if kind == UnitKind::Town { BoardKind::Towns } else { BoardKind::Headquarters }
}

/// Projects that a unit answers for now.
pub fn projects_of(sight: &Sight<'_>, unit: UnitIx) -> impl Iterator<Item = ProjectIx> {
    let (data, at) = (sight.data, sight.data.board_date());
    let board = board_of(data.plan.unit(unit).kind);
    data.plan.project_ixs().filter(move |p| data.plan.project(*p).holders(board, at).iter().any(|(u, _)| *u == unit))
}

fn unit(sight: &Sight<'_>, unit: UnitIx) -> Option<String> {
    let (data, lang) = (sight.data, sight.lang);
    let round = newest_seen(data, sight.actor).filter(|r| may_see(data, sight.actor, *r))?;
    let kind = board_of(data.plan.unit(unit).kind);
    let row = board(data, round, kind)?.rows.iter().find(|r| r.unit == Some(unit))?;
    let score = row.score.map_or_else(|| "--".to_owned(), |p| p.fixed(2));
    let rank = row.rank.map_or_else(|| "--".to_owned(), |r| r.to_string());
    let text = if kind == BoardKind::Towns { Text::HintTown } else { Text::HintHeadquarters };
    Some(text.fill(lang, &[&rank, &score]))
}

fn project(sight: &Sight<'_>, ix: ProjectIx) -> String {
    let (data, lang) = (sight.data, sight.lang);
    let (p, standing) = (data.plan.project(ix), data.standing(ix));
    let lag = standing.lag_days.filter(|_| standing.status == Status::Behind);
    let lag = lag.map_or_else(String::new, |d| format!(" {}", Text::Days.fill(lang, &[&d])));
    format!("{}  {}{lag}", p.id, standing.status.word(lang))
}

/// What stands beside the name of an entry.
#[must_use]
pub fn hint(entry: &Entry, sight: &Sight<'_>) -> String {
    let (data, lang, day) = (sight.data, sight.lang, sight.data.day());
    match &entry.run {
        Run::Key(..) | Run::Do(_) | Run::More(_) => entry.typed.clone(),
        Run::Go(place) => match place {
            &Place::Unit(u) => unit(sight, u).unwrap_or_default(),
            &Place::Projects(u) => {
                let all: Vec<ProjectIx> = projects_of(sight, u).collect();
                let behind = all.iter().filter(|p| data.standing(**p).status == Status::Behind).count();
                Text::HintProjects.fill(lang, &[&all.len(), &behind])
            }
            &Place::ToScore(u) => {
                let waits =
                    |p: &ProjectIx| seen_score(data, sight.actor, *p).map(|s| s.state == ScoreState::Provisional);
                let waiting: Vec<bool> = projects_of(sight, u).filter_map(|p| waits(&p)).collect();
                let n = waiting.iter().filter(|w| **w).count();
                if waiting.is_empty() { String::new() } else { Text::HintScores.fill(lang, &[&n]) }
            }
            &Place::Rectified(u) => {
                let code = &data.plan.unit(u).code;
                let of = |r: &crate::domain::rectification::Rectification| {
                    r.unit == *code
                        || r.project.as_deref().and_then(|p| data.plan.project_ix(p)).is_some_and(|p| {
                            let kind = board_of(data.plan.unit(u).kind);
                            data.plan.project(p).holders(kind, day).iter().any(|(h, _)| *h == u)
                        })
                };
                let all = data.facts.rectifications.iter().map(|(_, k)| &k.value);
                let open = all.filter(|r| r.issued <= day && !r.closed_by(day) && of(r)).count();
                Text::HintRectifications.fill(lang, &[&open])
            }
            &(Place::Listed(p) | Place::Project(p) | Place::Scores(p)) => project(sight, p),
            Place::Quota(plan, _) => data.plan.targets.quota_plans.get(*plan).map_or("", |q| &q.id).to_owned(),
            Place::Indicator(_) | Place::Goal(_) | Place::Judge(_) => entry.typed.clone(),
            Place::Rectification(id) => {
                data.facts.rectifications.iter().find(|(i, _)| i == id).map_or_else(String::new, |(_, k)| {
                    let left = days_between(day, k.value.due);
                    let left = if k.value.closed_by(day) { String::new() } else { format!("  {left}") };
                    format!("{}{left}", k.value.state_at(day).word(lang))
                })
            }
            Place::Round(r) => data.round_state(*r).word(lang),
            Place::Entry(_)
            | Place::Recorded(_)
            | Place::Rectifications(_)
            | Place::Filtered(_)
            | Place::History(_) => String::new(),
        },
    }
}

/// The project of a unit that waits for its score the longest: the one due first, else its first one.
#[must_use]
pub fn next_to_score(sight: &Sight<'_>, unit: UnitIx) -> Option<ProjectIx> {
    let waits =
        |p: &ProjectIx| seen_score(sight.data, sight.actor, *p).is_some_and(|s| s.state == ScoreState::Provisional);
    let waiting = projects_of(sight, unit).filter(waits).min_by_key(|p| next_due(sight.data, *p));
    waiting.or_else(|| projects_of(sight, unit).next())
}
