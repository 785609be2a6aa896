//! Warnings about what happened: reports, attractions, indicators, entries, ballots, rectifications.

use std::collections::HashMap;

use super::Found;
use crate::domain::change::{ProgressRecord, Reported};
use crate::domain::district::{JudgeIx, ProjectIx, RoundKind};
use crate::domain::indicator::{VersusCity, period_end};
use crate::domain::panel::BallotState;
use crate::domain::project::{Light, Status};
use crate::domain::quota::{Attraction, QuotaPlan};
use crate::domain::round::RoundState;
use crate::domain::scoring::Basis;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Percent, Points, Ratio, days_between};

/// Attractions against the quota plans.
pub(super) fn attractions(s: &Snapshot, found: &mut Found<'_>) {
    let signed = || s.facts.attractions.iter().filter(|(_, k)| k.value.signed <= s.day());
    for (id, kept) in signed() {
        let a = &kept.value;
        let recognised = s.plan.targets.quota_plans.iter().any(|p| !p.quotas.is_empty() && is_recognised(s, p, a));
        if recognised && a.credits.is_empty() {
            found.record(
                "attraction-uncredited",
                format!("{id} {} 已认定，却未记到任何单位", a.name),
                format!("{id} {} is recognised but credits no unit", a.name),
            );
        }
    }
    for (id, kept) in signed().filter(|(_, k)| k.value.amount.in_yuan().is_none()) {
        let (name, amount) = (&kept.value.name, kept.value.amount);
        found.record(
            "attraction-currency",
            format!("{id} {name} 投资额 {amount} 不是人民币，不计入任何档次"),
            format!("{id} {name}: {amount} is not in yuan and counts in no tier"),
        );
    }
    for (id, kept) in signed() {
        let a = &kept.value;
        if let Some(r) = a.received.filter(|r| r.currency == a.amount.currency && r.amount > a.amount.amount) {
            found.record(
                "attraction-received",
                format!("{id} {} 到位资金 {r} 超过投资额 {}", a.name, a.amount),
                format!("{id} {}: received {r} exceeds the amount {}", a.name, a.amount),
            );
        }
    }
}

/// F14: counts in the lowest tier of a plan.
fn is_recognised(s: &Snapshot, plan: &QuotaPlan, a: &Attraction) -> bool {
    let received = i128::from(a.received.and_then(|r| r.in_yuan()).unwrap_or(0)) * 100;
    let enough = i128::from(a.amount.amount) * i128::from(s.plan.rules.quota.min_received_percent);
    let floor = plan.tiers.first().map_or(0, |t| t.at_least.amount);
    a.excluded.is_none()
        && (plan.from..=plan.to.min(s.day())).contains(&a.signed)
        && a.amount.in_yuan().is_some_and(|y| y >= floor)
        && received >= enough
}

/// Indicators of one period against each other and the city.
pub(super) fn indicators(s: &Snapshot, found: &mut Found<'_>) {
    let unit = |id: &str| s.plan.targets.indicators.iter().find(|i| i.id == id).map(|i| i.unit.as_str());
    let ended = |period: &str| period_end(period).is_some_and(|end| end <= s.day());
    let rows: Vec<_> = s
        .facts
        .indicators
        .iter()
        .filter_map(|(k, r)| Some((k.split_once('/')?, &r.value)))
        .filter(|((_, period), _)| ended(period))
        .collect();
    for (i, ((id, period), record)) in rows.iter().enumerate() {
        let twin = rows[..i].iter().find(|((other, at), r)| {
            at == period && record.value.is_some() && r.value == record.value && unit(other) == unit(id)
        });
        if let (Some(((other, _), _)), Some(value)) = (twin, record.value) {
            let value = value.short();
            found.record(
                "identical-values",
                format!("{period}：{other} 与 {id} 数值相同（{value}）"),
                format!("{period}: {other} and {id} have one value ({value})"),
            );
        }
    }
    for ((id, period), r) in &rows {
        if let (Some(growth), Some(city), Some(says)) = (r.growth, r.city_growth, r.versus_city) {
            let is = match growth.cmp(&city) {
                std::cmp::Ordering::Greater => VersusCity::Above,
                std::cmp::Ordering::Equal => VersusCity::Equal,
                std::cmp::Ordering::Less => VersusCity::Below,
            };
            if is != says {
                found.record(
                    "indicator-contradiction",
                    format!("{id} {period}：增速 {} %，全市 {} %，与所填高低不符", growth.short(), city.short()),
                    format!(
                        "{id} {period}: growth {} %, city {} %, contrary to versus_city",
                        growth.short(),
                        city.short()
                    ),
                );
            }
        }
    }
    for ((id, period), r) in &rows {
        let age = period_end(period).map_or(0, |end| days_between(end, s.day()));
        if r.provisional && age > 90 {
            found.record(
                "indicator-provisional",
                format!("{id} {period}：预计数已过 {age} 天"),
                format!("{id} {period}: provisional for {age} days"),
            );
        }
    }
}

fn reports(s: &Snapshot, ix: ProjectIx, at: Date) -> &[(Date, ProgressRecord)] {
    let all = s.facts.progress.get(ix.at()).map_or(&[][..], Vec::as_slice);
    &all[..all.partition_point(|(date, _)| *date <= at)]
}

/// Reports against milestones and against each other; `now` looks at the projects as of the day of lints.
pub(super) fn progress(now: &Snapshot, found: &mut Found<'_>) {
    let day = now.day();
    let plan = &now.plan;
    for ix in plan.project_ixs() {
        let standing = now.standing(ix);
        let missed = standing.next.map(|place| plan.milestones(ix)[place].due);
        let newest = reports(now, ix, day).last().map(|r| r.0);
        if let (Status::Behind, Some(due)) = (standing.status, missed)
            && newest.is_none_or(|n| n <= due)
        {
            let id = &plan.project(ix).id;
            found.record(
                "overdue-unreported",
                format!("{id} 节点 {due} 逾期，此后没有进度上报"),
                format!("{id} missed {due} and has not reported since"),
            );
            found.of_project(ix);
        }
    }
    for ix in plan.project_ixs() {
        let p = plan.project(ix);
        let open = !matches!(now.standing(ix).status, Status::Completed | Status::Excluded);
        let age = reports(now, ix, day).last().map_or(0, |r| days_between(r.0, day));
        if open && p.state == crate::domain::project::ProjectState::Active && age > plan.rules.light.stale_days {
            found.record(
                "progress-stale",
                format!("{} 最近一次进度上报已过 {age} 天", p.id),
                format!("{} reported last {age} days ago", p.id),
            );
            found.of_project(ix);
        }
    }
    for ix in plan.project_ixs() {
        regress((ix, &plan.project(ix).id), reports(now, ix, day), found);
    }
    for ix in plan.project_ixs() {
        let status = now.standing(ix).status;
        let Some(derived) = Reported::of(status) else { continue };
        let said = reports(now, ix, day).last().and_then(|(date, r)| Some((date, r.reported?)));
        if let Some((date, reported)) = said.filter(|(_, r)| r.flatters(status)) {
            let zh = |r| match r {
                Reported::Completed => "已完成",
                Reported::OnTrack => "正常推进",
                Reported::Behind => "滞后",
            };
            let en = |r| match r {
                Reported::Completed => "completed",
                Reported::OnTrack => "on track",
                Reported::Behind => "behind",
            };
            let id = &plan.project(ix).id;
            found.record(
                "report-optimistic",
                format!("{id} {date} 上报{}，按节点推算为{}", zh(reported), zh(derived)),
                format!("{id} reported {} on {date}, its milestones say {}", en(reported), en(derived)),
            );
            found.of_project(ix);
        }
    }
}

fn regress((ix, id): (ProjectIx, &str), reports: &[(Date, ProgressRecord)], found: &mut Found<'_>) {
    let (mut percent, mut invested): (Option<Percent>, Option<i64>) = (None, None);
    for (date, r) in reports {
        let money = r.invested.and_then(|m| m.in_yuan());
        let lower = r.percent.is_some_and(|p| percent.is_some_and(|before| p < before));
        let less = money.is_some_and(|m| invested.is_some_and(|before| m < before));
        if lower || less {
            let (zh, en) = if lower { ("形象进度", "percent") } else { ("累计投资", "invested") };
            found.record(
                "progress-regress",
                format!("{id} {date} 的{zh}低于此前上报"),
                format!("{id} {date}: {en} is lower than reported before"),
            );
            found.of_project(ix);
        }
        percent = percent.max(r.percent);
        invested = invested.max(money);
    }
}

/// `plan-exceeds-total` of what was invested.
pub(super) fn invested(s: &Snapshot, found: &mut Found<'_>) {
    for ix in s.plan.project_ixs() {
        let p = s.plan.project(ix);
        let newest = reports(s, ix, s.day()).last().and_then(|r| r.1.invested);
        if let (Some(total), Some(invested)) = (p.total_investment, newest)
            && total.currency == invested.currency
            && invested.amount > total.amount
        {
            found.at(
                "plan-exceeds-total",
                &format!("project/{}", p.id),
                format!("{}：累计投资 {invested} 超过总投资 {total}", p.id),
                format!("{}: invested {invested} exceeds the total {total}", p.id),
            );
        }
    }
}

/// Panels, ballots and judges of rounds that have begun.
pub(super) fn ballots(s: &Snapshot, found: &mut Found<'_>) {
    let begun = || {
        s.round_ixs()
            .filter(|r| s.plan.round(*r).kind == RoundKind::Observation && s.round_state(*r) != RoundState::Draft)
    };
    for round in begun() {
        let least = s.plan.rules.observation.min_valid;
        for panel in s.panels(round).unwrap_or(&[]).iter().filter(|p| p.valid < least) {
            let (name, site) = (&s.plan.round(round).id, &s.plan.project(panel.project).id);
            let valid = panel.valid;
            found.record(
                "panel-small",
                format!("{name} {site}：有效票 {valid} 张，不足 {least} 张"),
                format!("{name} {site}: {valid} valid ballots, {least} are needed"),
            );
            found.of_project(panel.project);
            found.of_round(round);
        }
    }
    for round in begun().filter(|r| s.round_state(*r) == RoundState::Open && s.plan.rules.observation.double_entry) {
        for site in &s.plan.round(round).sites {
            let of_site = s.facts.ballots[round.at()].iter().filter(|((project, _), _)| project == site);
            let open = of_site.filter(|(_, b)| b.value.state == BallotState::Entered).count();
            if open > 0 {
                let (name, id) = (&s.plan.round(round).id, &s.plan.project(*site).id);
                found.record(
                    "ballot-unconfirmed",
                    format!("{name} {id}：{open} 张票待他人确认"),
                    format!("{name} {id}: {open} ballots wait for a second person"),
                );
                found.of_project(*site);
                found.of_round(round);
            }
        }
    }
    let mut distances: HashMap<JudgeIx, Vec<Points>> = HashMap::new();
    for round in begun() {
        for panel in s.panels(round).unwrap_or(&[]) {
            let Some(mean) = panel.score else { continue };
            let at = s.round_date(round);
            for ((project, judge), b) in &s.facts.ballots[round.at()] {
                let counts = *project == panel.project && !s.recused_by_rule(*judge, *project, at);
                if let (true, Some(score)) = (counts, b.value.score) {
                    distances.entry(*judge).or_default().push(Points((score - mean).0.abs()));
                }
            }
        }
    }
    for (judge, at) in (0_u16..).zip(&s.plan.district.judges) {
        let Some(all) = distances.get(&JudgeIx(judge)).filter(|all| all.len() >= 5) else { continue };
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let mean = all.iter().copied().sum::<Points>().ratio().over(Ratio::int(count)).unwrap_or(Ratio::ZERO);
        if mean >= Ratio::int(10) {
            let (mean, label) = (mean.round2(), &at.label);
            found.at(
                "judge-outlier",
                &format!("judge/{}", at.id),
                format!("{label}：{count} 张票平均偏离得分 {mean}"),
                format!("{label}: {count} ballots, {mean} points off the panels on average"),
            );
        }
    }
}

/// Accepted entries of open rounds that no longer equal what the facts suggest.
pub(super) fn suggestions(s: &Snapshot, found: &mut Found<'_>) {
    for round in s.round_ixs().filter(|r| s.round_state(*r) == RoundState::Open) {
        let mut moved: Vec<_> = s.facts.scores[round.at()]
            .iter()
            .filter(|(_, kept)| kept.value.basis == Basis::Accepted)
            .filter_map(|((project, criterion), kept)| {
                let (was, now) = (kept.value.points, s.suggestion(round, *project, *criterion).value());
                (was != now).then_some((*project, *criterion, was, now))
            })
            .collect();
        moved.sort_unstable_by_key(|m| (m.0, m.1));
        let shown = |p: Option<Points>| p.map_or_else(|| "—".to_owned(), Points::short);
        for (project, criterion, was, now) in moved {
            let (name, id) = (&s.plan.round(round).id, &s.plan.project(project).id);
            let criterion = &s.plan.rules.criteria[criterion];
            let (was, now) = (shown(was), shown(now));
            found.record(
                "suggestion-moved",
                format!("{name} {id} {}：采用时为 {was}，现推算为 {now}", criterion.label),
                format!("{name} {id} {}: accepted as {was}, now suggested {now}", criterion.id),
            );
            found.of_project(project);
            found.of_round(round);
        }
    }
}

/// Overdue rectifications.
pub(super) fn rectifications(s: &Snapshot, found: &mut Found<'_>) {
    for (id, kept) in s.facts.rectifications.iter().filter(|(_, k)| k.value.issued <= s.day()) {
        if let (Light::Red, Some(days)) = kept.value.light(s.day(), s.plan.rules.light.warn_days) {
            let unit = &kept.value.unit;
            found.record(
                "rectification-overdue",
                format!("{id}（{unit}）逾期 {days} 天"),
                format!("{id} ({unit}) is {days} days overdue"),
            );
        }
    }
}
