//! `dukao round list --json`.

use serde::Serialize;

use super::SCHEMA;
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::round::RoundState;
use crate::domain::score::ScoreState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;

/// `dukao round list`
#[derive(Serialize)]
pub struct Rounds<'a> {
    schema: u32,
    rounds: Vec<Round<'a>>,
}

/// One round and how far it is.
#[derive(Serialize)]
pub struct Round<'a> {
    /// Its id.
    pub id: &'a str,
    /// 考核 or 观摩
    pub kind: RoundKind,
    /// Where it is in its life.
    pub state: RoundState,
    /// Number of its newest seal.
    pub revision: u32,
    /// The day of its figures.
    pub as_of: Date,
    /// The round it forms a composite with.
    pub pair: Option<&'a str>,
    /// Content hash of the newest seal.
    pub hash: Option<&'a str>,
    /// Assessment: projects in scope.
    pub in_scope: Option<usize>,
    /// Assessment: certified or not scored, of them.
    pub certified: Option<usize>,
    /// Printed name.
    pub name: &'a str,
    /// 更正: its newest seal corrects one that was published.
    pub correction: bool,
}

/// How many projects of an assessment are in scope, and how many of them are settled.
#[must_use]
pub fn certified(data: &Snapshot, round: RoundIx) -> Option<(usize, usize)> {
    let scores = &data.assessment(round)?.scores;
    let count = |keep: fn(&ScoreState) -> bool| scores.iter().filter(|s| keep(&s.state)).count();
    Some((
        count(|s| !matches!(s, ScoreState::OutOfScope)),
        count(|s| matches!(s, ScoreState::Certified | ScoreState::NotScored)),
    ))
}

/// Every round of the plan, in plan order.
#[must_use]
pub fn round_lines(data: &Snapshot) -> Vec<Round<'_>> {
    (0_u16..)
        .zip(&data.plan.district.rounds)
        .map(|(i, round)| {
            let ix = RoundIx(i);
            let kept = data.facts.rounds.get(ix.at()).and_then(Option::as_ref).map(|k| &k.value);
            let counts = certified(data, ix);
            Round {
                id: &round.id,
                kind: round.kind,
                state: data.round_state(ix),
                revision: kept.map_or(0, |r| r.revision),
                as_of: round.as_of,
                pair: data.plan.pair(ix).map(|p| data.plan.round(p).id.as_str()),
                hash: kept.and_then(|r| r.results_sha256.as_deref()),
                in_scope: counts.map(|c| c.0),
                certified: counts.map(|c| c.1),
                name: &round.name,
                correction: kept.is_some_and(|r| r.correction && r.state.is_frozen()),
            }
        })
        .collect()
}

/// `dukao round list`
#[must_use]
pub fn rounds(data: &Snapshot) -> Rounds<'_> {
    Rounds { schema: SCHEMA, rounds: round_lines(data) }
}
