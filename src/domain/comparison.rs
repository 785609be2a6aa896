//! 换一套规则. The same round under another rule set, computed from what happened and never from what was sealed.

use std::collections::HashMap;
use std::sync::Arc;

use super::district::{Plan, ProjectIx, RoundIx};
use super::score::Suggestion;
use super::scoring::{Basis, Criterion, RuleSet, ScoreRecord};
use super::snapshot::{Facts, Kept, RoundScores, Snapshot};
use super::value::Ratio;

/// The district as it would be if a round and its pair had been judged by other rules; other rounds stay as they were
/// sealed, so that movement is counted from the ranks that were announced.
///
/// An entry stands where its criterion is the same in both rule sets. Where it differs, an accepted one follows what the
/// other rules derive, and a typed one is worth the same part of the other full points (round2). Ballots stand.
#[must_use]
pub fn under(data: &Snapshot, rules: RuleSet, round: RoundIx) -> Snapshot {
    let old = &data.plan.rules;
    let mut plan: Plan = (*data.plan).clone();
    plan.rules = rules.clone();
    let plan = Arc::new(plan);
    let mut facts = data.facts.clone();
    let results = Arc::make_mut(&mut facts.results);
    for thawed in [Some(round), data.plan.pair(round)].into_iter().flatten() {
        results[thawed.at()] = None;
    }
    let with = |facts: Facts| Snapshot::new(Arc::clone(&plan), facts, data.today, data.as_of);
    let derived = with(facts.clone());
    let moved = |round: RoundIx, scores: &RoundScores| -> RoundScores {
        let kept = scores.iter().filter_map(|((project, place), entry)| {
            let there = rules.criterion(&old.criteria[*place].id)?;
            let suggested = || derived.suggestion(round, *project, there);
            let value = entry_under(&entry.value, (&old.criteria[*place], &rules.criteria[there]), suggested)?;
            Some(((*project, there), Kept { seq: entry.seq, value }))
        });
        kept.collect::<HashMap<(ProjectIx, usize), _>>()
    };
    facts.scores = Arc::new(data.round_ixs().zip(data.facts.scores.iter()).map(|(r, s)| moved(r, s)).collect());
    with(facts)
}

/// An entry under another criterion of the same id; none where it would have had to be typed.
fn entry_under(
    entry: &ScoreRecord,
    (old, new): (&Criterion, &Criterion),
    suggested: impl FnOnce() -> Suggestion,
) -> Option<ScoreRecord> {
    let same = (old.points, old.source, old.late, old.cap_percent, old.pace)
        == (new.points, new.source, new.late, new.cap_percent, new.pace);
    if same || entry.basis == Basis::NotApplicable {
        return Some(entry.clone());
    }
    if entry.basis == Basis::Accepted {
        return match suggested() {
            Suggestion::Value(points) => {
                Some(ScoreRecord { points: Some(points), suggestion: Some(points), ..entry.clone() })
            }
            Suggestion::NotApplicable => {
                Some(ScoreRecord { basis: Basis::NotApplicable, points: None, suggestion: None, ..entry.clone() })
            }
            Suggestion::Missing => None,
        };
    }
    let part =
        |p: super::value::Points| (p.ratio() * Ratio::new(i128::from(new.points.0), i128::from(old.points.0))).round2();
    Some(ScoreRecord { points: entry.points.map(part), ..entry.clone() })
}
