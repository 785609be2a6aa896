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
    let with =
        |facts: Facts| Snapshot::new(Arc::clone(&plan), facts, data.today, data.as_of).hiding(data.hidden().to_vec());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::project::PaceBy;
    use crate::domain::scoring::CriterionSource;
    use crate::domain::value::Points;

    fn criterion(points: i64) -> Criterion {
        Criterion {
            id: "node".into(),
            label: "节点目标".into(),
            points: Points::whole(points),
            source: CriterionSource::Milestones,
            late: None,
            cap_percent: 100,
            pace: PaceBy::Months,
            step: Points(1),
        }
    }

    fn entry(basis: Basis, points: Option<i64>) -> ScoreRecord {
        ScoreRecord { basis, note: "理由".into(), points: points.map(Points), suggestion: Some(Points(2240)) }
    }

    fn moved(entry: &ScoreRecord, to: &Criterion, suggested: Suggestion) -> Option<(Basis, Option<Points>)> {
        entry_under(entry, (&criterion(40), to), || suggested).map(|e| (e.basis, e.points))
    }

    #[test]
    fn an_entry_stands_under_the_same_criterion() {
        let same = Criterion { label: "别名".into(), step: Points(50), ..criterion(40) };
        for one in
            [entry(Basis::Accepted, Some(2240)), entry(Basis::Override, Some(2000)), entry(Basis::NotApplicable, None)]
        {
            // The facts suggest something else by now: what was entered is not asked again.
            assert_eq!(moved(&one, &same, Suggestion::Value(Points(1))), Some((one.basis, one.points)));
        }
    }

    #[test]
    fn what_was_accepted_follows_the_other_rules() {
        let accepted = entry(Basis::Accepted, Some(2240));
        let by = |suggested| moved(&accepted, &criterion(50), suggested);
        assert_eq!(by(Suggestion::Value(Points(2800))), Some((Basis::Accepted, Some(Points(2800)))));
        assert_eq!(by(Suggestion::NotApplicable), Some((Basis::NotApplicable, None)));
        assert_eq!(by(Suggestion::Missing), None, "somebody would have had to type it");
    }

    #[test]
    fn what_was_typed_is_worth_the_same_part() {
        let typed = entry(Basis::Override, Some(2000));
        assert_eq!(moved(&typed, &criterion(50), Suggestion::Missing), Some((Basis::Override, Some(Points(2500)))));
        assert_eq!(moved(&typed, &criterion(15), Suggestion::Missing), Some((Basis::Override, Some(Points(750)))));
        // 0.01 of 40 is 0.0075 of 30: rounded once.
        let least = entry(Basis::Entered, Some(1));
        assert_eq!(moved(&least, &criterion(30), Suggestion::Missing), Some((Basis::Entered, Some(Points(1)))));
        let not = entry(Basis::NotApplicable, None);
        assert_eq!(moved(&not, &criterion(50), Suggestion::Value(Points(1))), Some((Basis::NotApplicable, None)));
    }
}
