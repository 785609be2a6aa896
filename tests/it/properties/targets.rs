//! 招商任务 told again from what was drawn (F14, F17).

use dukao::domain::project::{Light, pace};
use dukao::domain::quota::Origin;
use dukao::domain::scoring::{QuotaLight, QuotaScore};
use dukao::domain::value::{Date, Ratio};
use proptest::prelude::*;

use super::config;
use super::district::{Attracted, District, district};

proptest! {
    #![proptest_config(config())]

    /// What is signed in time, not excluded, in yuan, large enough and paid in part counts: for the district once, for each unit that
    /// it credits, against its target and the pace of the period.
    #[test]
    fn quotas_count_what_was_recognised(d in district()) {
        let s = d.snapshot();
        let (from, to) = (Date::constant(2014, 2, 1), Date::constant(2014, 12, 31));
        let signed = |a: &&Attracted| !a.excluded && from <= a.signed && a.signed <= s.day();
        let plan = &s.quota_plans()[0];
        let gone = pace(from, to, s.day(), d.rules.pace);
        let tiers = [10, 100];
        let enough = |a: &Attracted| a.received_percent >= d.rules.min_received;
        let in_tier = |a: &&Attracted, tier: usize| signed(a) && !a.dollars && a.amount >= tiers[tier] && enough(a);
        for (i, tier) in plan.tiers.iter().enumerate() {
            let counted: Vec<_> = d.attractions.iter().filter(|a| in_tier(a, i)).collect();
            let credits: usize = counted.iter().map(|a| a.credits.len()).sum();
            prop_assert_eq!((tier.distinct as usize, tier.credits as usize), (counted.len(), credits));
            prop_assert_eq!((tier.stated_sum, tier.implied_sum), [(5, 6), (2, 2)][i]);
        }
        for (unit, targets, row) in [(0, [Some(3), Some(1)], 0), (3, [None, Some(1)], 1)] {
            let row = &plan.rows[row];
            let actual = |i| d.attractions.iter().filter(|a| in_tier(a, i) && a.credits.contains(&unit)).count();
            let mut points = vec![];
            for (i, target) in targets.into_iter().enumerate() {
                let (cell, actual) = (&row.cells[i], i128::try_from(actual(i)).expect("few"));
                prop_assert_eq!((cell.target, cell.actual.map(i128::from)), (target, Some(actual)));
                let Some(target) = target else {
                    prop_assert_eq!((cell.progress, cell.lag, cell.light), (None, None, Light::Grey));
                    continue;
                };
                let ratio = Ratio::new(actual, i128::from(target));
                points.push(scored(ratio, d.rules.score));
                prop_assert_eq!(cell.progress, Some((Ratio::int(100) * ratio).round2()));
                let lag = Ratio::int(100) * (gone - ratio);
                prop_assert_eq!(cell.lag, (lag > Ratio::ZERO).then(|| lag.round2()));
                let light = if s.day() < from { Light::Grey } else { lit(ratio, gone, lag, &d) };
                prop_assert_eq!(cell.light, light, "{:?}", cell);
                prop_assert_eq!(cell.forecast, Ratio::int(actual).over(gone).map(Ratio::round2));
            }
            let mean = points.iter().copied().sum::<Ratio>().over(Ratio::int(points.len() as i128));
            prop_assert_eq!(row.score, mean.map(Ratio::round2), "{:?}", row);
        }
        let unresolved = &plan.rows[2];
        prop_assert!(unresolved.cells.iter().all(|c| c.actual.is_none() && c.light == Light::Grey));
        let funds = |origins: &[Origin]| -> i64 {
            let of = |a: &&Attracted| signed(a) && !a.dollars && a.origin.is_some_and(|o| origins.contains(&o));
            d.attractions.iter().filter(of).map(|a| 100_000 * a.amount * a.received_percent).sum()
        };
        let outside = funds(&[Origin::OtherProvince, Origin::InProvince]);
        let seen = (plan.outside_city, plan.outside_province, plan.abroad);
        prop_assert_eq!(seen, (outside, funds(&[Origin::OtherProvince]), funds(&[Origin::Abroad])));
        prop_assert_eq!(plan.pace, (Ratio::int(100) * gone).round2());
    }
}

fn scored(ratio: Ratio, rule: QuotaScore) -> Ratio {
    let half = Ratio::new(1, 2);
    match rule {
        QuotaScore::Uncapped => Ratio::int(100) * ratio,
        QuotaScore::Capped => Ratio::int(100) * ratio.min(Ratio::ONE),
        QuotaScore::Threshold => Ratio::int(50 * (i128::from(ratio >= half) + i128::from(ratio >= Ratio::ONE))),
    }
}

/// Of a period that has begun and a target above nought.
fn lit(ratio: Ratio, gone: Ratio, lag: Ratio, d: &District) -> Light {
    let (short, wide) = match d.rules.light {
        QuotaLight::Sanya => (ratio >= gone, ratio >= gone * Ratio::new(1, 2)),
        QuotaLight::Lag { .. } => (lag < Ratio::int(10), lag <= Ratio::int(30)),
    };
    match (short, wide) {
        (true, _) => Light::Green,
        (false, true) => Light::Yellow,
        (false, false) => Light::Red,
    }
}
