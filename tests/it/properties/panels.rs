//! 观摩 told again from the ballots as drawn (F10).

use dukao::domain::panel::BallotState;
use dukao::domain::project::BoardKind;
use dukao::domain::scoring::Trim;
use dukao::domain::value::{Points, Ratio};
use proptest::prelude::*;

use super::config;
use super::district::{District, OBSERVATION, district};

proptest! {
    #![proptest_config(config())]

    /// Valid is what was entered by judges who are not recused; what is left after trimming is averaged, group by group
    /// where there are groups.
    #[test]
    fn a_panel_is_the_trimmed_mean_of_its_valid_ballots(d in district()) {
        let s = d.snapshot();
        for panel in s.panels(OBSERVATION).expect("an observation") {
            let project = s.plan.project(panel.project);
            let drawn = &d.projects[panel.project.at()];
            let ballots = drawn.ballots.as_ref().expect("a site");
            let at = s.round_date(OBSERVATION);
            let units: Vec<u16> = [BoardKind::Headquarters, BoardKind::Towns]
                .iter()
                .flat_map(|board| project.holders(*board, at))
                .map(|(unit, _)| unit.0)
                .collect();
            let (mut recused, mut absent, mut valid) = (0, 0, vec![]);
            for (judge, home, leader) in &d.judges {
                match ballots[*judge] {
                    _ if home.is_some_and(|home| units.contains(&home)) => recused += 1,
                    Some((BallotState::Recused, _)) => recused += 1,
                    Some((BallotState::Absent, _)) => absent += 1,
                    Some((BallotState::Entered | BallotState::Confirmed, score)) => valid.push((*leader, score)),
                    Some((BallotState::Void, _)) | None => {}
                }
            }
            prop_assert_eq!((panel.valid, panel.absent, panel.recused), (valid.len(), absent, recused));
            let (trimmed, mut removed, score) = told(&d, &valid);
            removed.sort_unstable();
            let seen: Vec<i64> = panel.removed.iter().map(|p| p.0).collect();
            prop_assert_eq!((panel.trimmed_per_side, seen, panel.score), (trimmed, removed, score), "{:?}", valid);
        }
    }
}

/// How many fall away at each end, which, and the score.
fn told(d: &District, valid: &[(bool, i64)]) -> (usize, Vec<i64>, Option<Points>) {
    if valid.len() < d.rules.min_valid.max(1) {
        return (0, vec![], None);
    }
    let groups: Vec<(Vec<i64>, i64)> = if d.rules.groups {
        let of =
            |leaders: bool| valid.iter().filter(|(leader, _)| *leader == leaders).map(|(_, score)| *score).collect();
        vec![(of(true), 60), (of(false), 40)]
    } else {
        vec![(valid.iter().map(|(_, score)| *score).collect(), 100)]
    };
    let (mut most, mut removed, mut sum, mut weights) = (0, vec![], 0, 0);
    for (mut scores, weight) in groups.into_iter().filter(|(scores, _)| !scores.is_empty()) {
        scores.sort_unstable();
        let n = scores.len();
        let k = match d.rules.trim {
            Trim::None => 0,
            Trim::Auto => usize::from(n >= 5),
            Trim::Each(k) => usize::from(k).min((n - 1) / 2),
        };
        most = most.max(k);
        removed.extend(scores.drain(n - k..));
        removed.extend(scores.drain(..k));
        let total: i64 = scores.iter().sum();
        let mean = Ratio::new(i128::from(total), 100 * scores.len() as i128).round2();
        (sum, weights) = (sum + mean.0 * weight, weights + weight);
    }
    (most, removed, Some(Ratio::new(i128::from(sum), i128::from(100 * weights)).round2()))
}
