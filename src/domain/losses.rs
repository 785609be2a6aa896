//! 失分. Where a unit loses its points: by criterion, and by project in it.

use super::district::ProjectIx;
use super::score::ProjectScore;
use super::scoring::Criterion;
use super::value::{Points, Ratio};

/// 失分 of one criterion over the scored projects of a unit, in earned points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// All that is lost.
    pub lost: Ratio,
    /// 得分率 in percent; none where the criterion applies to no project.
    pub rate: Option<Points>,
    /// What each project loses, the most first; those that lose nothing are left out.
    pub projects: Vec<(Ratio, ProjectIx)>,
}

/// Earned points that one point of a project's score stands for: task points over applicable points.
fn weight(s: &ProjectScore) -> Option<Ratio> {
    Ratio::int(s.task_points?).over(s.applicable.ratio())
}

/// The losses of each criterion, in the order of the rules.
#[must_use]
pub fn by_criterion(criteria: &[Criterion], scored: &[(ProjectIx, &ProjectScore)]) -> Vec<Loss> {
    criteria.iter().enumerate().map(|(i, c)| of_criterion(i, c.points, scored)).collect()
}

fn of_criterion(place: usize, max: Points, scored: &[(ProjectIx, &ProjectScore)]) -> Loss {
    let each: Vec<(Ratio, Ratio, ProjectIx)> = scored
        .iter()
        .filter_map(|(p, s)| {
            let points = s.parts.get(place)?.points?;
            let weight = weight(s)?;
            Some((max.ratio() * weight, (max - points).ratio() * weight, *p))
        })
        .collect();
    let whole: Ratio = each.iter().map(|(w, _, _)| *w).sum();
    let lost: Ratio = each.iter().map(|(_, l, _)| *l).sum();
    let rate = (whole + -lost).over(whole).map(|r| (r * Ratio::int(100)).round2());
    let mut projects: Vec<(Ratio, ProjectIx)> =
        each.into_iter().map(|(_, l, p)| (l, p)).filter(|(l, _)| *l > Ratio::ZERO).collect();
    projects.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Loss { lost, rate, projects }
}

/// What deductions take, less what bonuses add: 失分 that belong to no criterion. No rate.
#[must_use]
pub fn by_events(scored: &[(ProjectIx, &ProjectScore)]) -> Loss {
    let lost = |s: &ProjectScore| {
        let points = (s.deduction_total - s.bonus).ratio();
        Some(points * Ratio::int(s.task_points?) * Ratio::new(1, 100))
    };
    let each: Vec<(Ratio, ProjectIx)> = scored.iter().filter_map(|(p, s)| Some((lost(s)?, *p))).collect();
    let sum: Ratio = each.iter().map(|(l, _)| *l).sum();
    let mut projects: Vec<(Ratio, ProjectIx)> = each.into_iter().filter(|(l, _)| *l > Ratio::ZERO).collect();
    projects.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    Loss { lost: sum, rate: None, projects }
}

/// Percent of the annual plan that is invested; none where nothing is planned.
#[must_use]
pub fn invested_share(invested: i64, annual: i64) -> Option<Points> {
    Ratio::checked(100 * i128::from(invested), i128::from(annual)).map(Ratio::round2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_cost_their_share_of_the_task_points() {
        let score = |task, deducted: i64, bonus: i64| ProjectScore {
            task_points: Some(task),
            deduction_total: Points::whole(deducted),
            bonus: Points::whole(bonus),
            ..ProjectScore::out_of_scope()
        };
        let (one, two) = (score(120, 3, 0), score(80, 0, 1));
        let loss = by_events(&[(ProjectIx(0), &one), (ProjectIx(1), &two)]);
        assert_eq!(loss.lost.round2(), Points(280), "3.60 of the first, less 0.80 that the second gains");
        assert_eq!(loss.projects.iter().map(|(l, p)| (l.round2(), p.0)).collect::<Vec<_>>(), [(Points(360), 0)]);
    }

    #[test]
    fn a_share_of_nothing_is_not_a_figure() {
        assert_eq!(invested_share(1_300, 4_000), Some(Points(3_250)));
        assert_eq!(invested_share(1_300, 0), None);
    }
}
