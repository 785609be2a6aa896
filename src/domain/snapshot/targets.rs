//! 任务. Quotas, indicators and goals at [`Snapshot::day`] (F14–F17).

use super::{Kept, Snapshot};
use crate::domain::district::UnitIx;
use crate::domain::explain::Trace;
use crate::domain::goal::{self, Goal, GoalFigures, GoalRecord};
use crate::domain::indicator::{self, Indicator, IndicatorFigures, IndicatorRecord, period_end, period_months};
use crate::domain::quota::{self, Attraction, Counted, Measures, Quota, QuotaFigures, QuotaPlan};
use crate::domain::value::Date;

impl Snapshot {
    /// F14 of every quota plan.
    #[must_use]
    pub fn quota_plans(&self) -> &[QuotaFigures] {
        let plans = &self.plan.targets.quota_plans;
        self.quotas.get_or_init(|| plans.iter().map(|p| self.quota_figures(p, &mut Trace::off())).collect())
    }

    /// F14, F17 of a quota plan.
    pub(super) fn quota_figures(&self, plan: &QuotaPlan, trace: &mut Trace) -> QuotaFigures {
        let attractions: Vec<_> = self.facts.attractions.iter().map(|(id, a)| (id.as_str(), &a.value)).collect();
        let measures = Measures { quota: &self.plan.rules.quota, light: self.plan.rules.light.quota };
        let code = |unit| self.plan.unit(unit).code.clone();
        quota::figures(plan, &attractions, measures, self.day(), &code, &|q: &Quota| self.resolved(plan, q), trace)
    }

    /// The attractions of a quota row (none = of the district) with whether they count in its plan, newest first.
    #[must_use]
    pub fn attractions_of(&self, plan: usize, row: Option<usize>) -> Vec<(&str, &Attraction, Counted)> {
        let (quota_plan, rule) = (&self.plan.targets.quota_plans[plan], &self.plan.rules.quota);
        let unit = row.and_then(|row| self.quota_plans()[plan].rows[row].unit).map(|u| &self.plan.unit(u).code);
        let mine = |a: &Attraction| row.is_none() || unit.is_some_and(|code| a.credits.contains(code));
        let mut all: Vec<_> = (self.facts.attractions.iter())
            .filter(|(_, kept)| mine(&kept.value) && kept.value.signed <= self.day())
            .map(|(id, kept)| (id.as_str(), &kept.value, quota::counted(quota_plan, rule, self.day(), &kept.value)))
            .collect();
        all.sort_by(|(a, x, _), (b, y, _)| (y.signed, a).cmp(&(x.signed, b)));
        all
    }

    /// F14: a label is resolved by the plan, else by a recorded decision, else if it is a unit's name.
    fn resolved(&self, plan: &QuotaPlan, quota: &Quota) -> Option<UnitIx> {
        let key = format!("{}/{}", plan.id, quota.label);
        let recorded = || self.facts.resolutions.iter().find(|(k, _)| *k == key);
        quota
            .unit
            .or_else(|| recorded().and_then(|(_, r)| self.plan.unit_ix(&r.value.unit)))
            .or_else(|| self.plan.unit_named(&quota.label))
    }

    /// The newest record of an indicator, with its key and period.
    pub(super) fn newest_indicator(&self, i: &Indicator) -> Option<(&str, &str, &Kept<IndicatorRecord>)> {
        self.facts
            .indicators
            .iter()
            .filter_map(|(key, r)| key.split_once('/').filter(|(id, _)| *id == i.id).map(|(_, p)| (key.as_str(), p, r)))
            .filter(|(_, period, _)| period_end(period).is_some_and(|end| end <= self.day()))
            .max_by_key(|(_, period, _)| (period_end(period), period_months(period)))
    }

    /// F15 of every indicator.
    #[must_use]
    pub fn indicators(&self) -> &[IndicatorFigures] {
        self.indicators.get_or_init(|| {
            let figures = |i: &Indicator| {
                let found = self.newest_indicator(i);
                IndicatorFigures {
                    period: found.map(|(_, p, _)| p.to_owned()),
                    record: found.map(|(.., r)| r.value.clone()),
                    light: indicator::light(i.better, found.map(|(.., r)| &r.value), &mut Trace::off()),
                }
            };
            self.plan.targets.indicators.iter().map(figures).collect()
        })
    }

    /// The newest record of a goal, with its key and day.
    pub(super) fn newest_goal(&self, g: &Goal) -> Option<(&str, Date, &Kept<GoalRecord>)> {
        self.facts
            .goals
            .iter()
            .filter_map(|(key, r)| {
                key.rsplit_once('/').filter(|(id, _)| *id == g.id).map(|(_, d)| (key.as_str(), d, r))
            })
            .filter_map(|(key, day, r)| Some((key, day.parse::<Date>().ok()?, r)))
            .filter(|(_, day, _)| *day <= self.day())
            .max_by_key(|(_, day, _)| *day)
    }

    /// F16 of every goal.
    #[must_use]
    pub fn goals(&self) -> &[GoalFigures] {
        self.goals.get_or_init(|| {
            let figures = |g: &Goal| {
                let value = self.newest_goal(g).map(|(.., r)| r.value.value);
                GoalFigures { value, light: goal::light(g, value, self.day(), &mut Trace::off()) }
            };
            self.plan.targets.goals.iter().map(figures).collect()
        })
    }
}
