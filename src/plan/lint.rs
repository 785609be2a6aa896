//! 提示. Warnings of `dukao check`: they never stop anything (`domain.md` §10).

mod records;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Lines;
use crate::domain::district::{Plan, ProjectIx, Role, RoundIx, UnitIx};
use crate::domain::project::{BoardKind, Commitment, Project, Provenance};
use crate::domain::quota::TierFigures;
use crate::domain::score::in_scope;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Date};
pub use crate::domain::warning::Warning;

/// All warnings about a district, in the order of `domain.md` §10, at the day of [`Snapshot::day`].
#[must_use]
pub fn lints(snapshot: &Snapshot, lines: &Lines) -> Vec<Warning> {
    let mut found = Found { plan: &snapshot.plan, lines, all: Vec::new() };
    let as_of = |day| Snapshot::new(snapshot.plan.clone(), snapshot.facts.clone(), snapshot.today, Some(day));
    // Status of projects is that of the lints' own day, not that of an open round.
    let now = as_of(snapshot.day());
    tallies(snapshot, &as_of, &mut found);
    quotas(snapshot, &mut found);
    quota_sums(snapshot, &mut found);
    records::attractions(snapshot, &mut found);
    records::indicators(snapshot, &mut found);
    labels(snapshot, &mut found);
    projects(snapshot, &mut found);
    records::progress(&now, &mut found);
    money(snapshot, &mut found);
    records::invested(snapshot, &mut found);
    people(snapshot, &mut found);
    units_and_rounds(snapshot, &mut found);
    records::ballots(snapshot, &mut found);
    records::suggestions(snapshot, &mut found);
    records::rectifications(snapshot, &mut found);
    provenance(snapshot, &mut found);
    found.all
}

struct Found<'l> {
    plan: &'l Plan,
    lines: &'l Lines,
    all: Vec<Warning>,
}

impl Found<'_> {
    /// About a row of the plan.
    fn at(&mut self, code: &'static str, key: &str, zh: String, en: String) {
        let place = self.lines.get(key);
        let named = key.strip_prefix("project/").or_else(|| {
            let milestone = key.strip_prefix("milestone/")?;
            milestone.split_once('/').map(|(project, _)| project)
        });
        let project = named.and_then(|id| self.plan.project_ix(id));
        self.all.push(Warning {
            code,
            file: place.map(|p| p.0),
            line: place.map(|p| p.1),
            message: Bilingual::new(zh, en),
            project,
            round: None,
        });
    }

    /// About a record, or a count of rows.
    fn record(&mut self, code: &'static str, zh: String, en: String) {
        let message = Bilingual::new(zh, en);
        self.all.push(Warning { code, file: None, line: None, message, project: None, round: None });
    }

    /// Says which project the newest warning is about.
    fn of_project(&mut self, project: ProjectIx) {
        if let Some(last) = self.all.last_mut() {
            last.project = Some(project);
        }
    }

    /// Says which round the newest warning is about.
    fn of_round(&mut self, round: RoundIx) {
        if let Some(last) = self.all.last_mut() {
            last.round = Some(round);
        }
    }
}

fn tallies(s: &Snapshot, as_of: &dyn Fn(Date) -> Snapshot, found: &mut Found<'_>) {
    for t in &s.plan.targets.tallies {
        let sum: u32 = t.parts.iter().map(|p| p.1).sum();
        let differs = sum > t.total || (t.exhaustive && sum != t.total);
        if differs {
            let (total, gap) = (t.total, i64::from(t.total) - i64::from(sum));
            found.at(
                "tally-partition",
                &format!("tally/{}", t.id),
                format!("{}：总数 {total}，分项合计 {sum}，相差 {gap}", t.id),
                format!("{}: total {total}, parts sum to {sum}, difference {gap}", t.id),
            );
        }
    }
    for t in &s.plan.targets.tallies {
        // What is published for a day after D says nothing about D.
        let Some(day) = t.as_of.filter(|day| *day <= s.day()) else { continue };
        let tally = as_of(day).tally_of(t.commitment);
        let of = |c: Commitment| {
            let counted = |p: &&Project| p.commitment == c && t.commitment.is_none_or(|only| only == c);
            s.plan.projects.iter().filter(counted).count()
        };
        let registry = |label: &str| match label {
            "completed" => Some(tally.completed),
            "on_track" => Some(tally.on_track),
            "behind" => Some(tally.behind),
            "unknown" => Some(tally.unknown),
            "excluded" => Some(tally.excluded),
            "must" => Some(of(Commitment::Must)),
            "stretch" => Some(of(Commitment::Stretch)),
            _ => None,
        };
        let parts = t.parts.iter().filter_map(|(label, n)| Some((label.as_str(), *n, registry(label)?)));
        for (label, stated, counted) in std::iter::once(("total", t.total, tally.total)).chain(parts) {
            if usize::try_from(stated) != Ok(counted) {
                found.at(
                    "tally-mismatch",
                    &format!("tally/{}", t.id),
                    format!("{} {label}：公布 {stated}，项目库 {day} 为 {counted}", t.id),
                    format!("{} {label}: stated {stated}, the registry has {counted} at {day}", t.id),
                );
            }
        }
    }
}

fn quotas(s: &Snapshot, found: &mut Found<'_>) {
    for plan in &s.plan.targets.quota_plans {
        for q in plan.quotas.iter().filter(|q| q.unit.is_none()) {
            let key = format!("{}/{}", plan.id, q.label);
            let recorded = s.facts.resolutions.iter().any(|(k, _)| *k == key);
            if recorded || s.plan.unit_named(&q.label).is_some() {
                continue;
            }
            let names: Vec<&str> = q.candidates.iter().map(|u| s.plan.unit(*u).name.as_str()).collect();
            let (zh, en) = if names.is_empty() {
                ("没有候选单位".to_owned(), "no candidates".to_owned())
            } else {
                (format!("候选：{}", names.join("、")), format!("candidates: {}", names.join(", ")))
            };
            found.at(
                "quota-unresolved",
                &format!("quota/{key}"),
                format!("{}：「{}」不是已知单位，{zh}", plan.id, q.label),
                format!("{}: {} is no known unit; {en}", plan.id, q.label),
            );
        }
    }
}

/// Code, wording in both languages, and which sum.
type SumLint = (&'static str, &'static str, &'static str, fn(&TierFigures) -> u32);

fn quota_sums(s: &Snapshot, found: &mut Found<'_>) {
    let with_quotas = || {
        let all = s.plan.targets.quota_plans.iter().zip(s.quota_plans());
        all.flat_map(|(plan, figures)| {
            plan.tiers.iter().enumerate().map(move |(i, tier)| (plan, i, tier, &figures.tiers[i]))
        })
    };
    let sums: [SumLint; 2] = [
        ("quota-sum", "各单位任务合计", "stated targets sum to", |f| f.stated_sum),
        ("quota-implied", "连同高档推及的任务合计", "targets implied by later tiers sum to", |f| {
            f.implied_sum
        }),
    ];
    for (code, zh, en, sum) in sums {
        for (plan, _, tier, figures) in with_quotas().filter(|(plan, ..)| !plan.quotas.is_empty()) {
            let sum = sum(figures);
            if let Some(headline) = tier.headline.filter(|h| *h != sum) {
                found.at(
                    code,
                    &format!("tier/{}/{}", plan.id, tier.id),
                    format!("{} {}：总任务 {headline}，{zh} {sum}", plan.id, tier.label),
                    format!("{} {}: headline {headline}, {en} {sum}", plan.id, tier.id),
                );
            }
        }
    }
    for (plan, i, tier, figures) in with_quotas() {
        for q in &plan.quotas {
            let Some(target) = q.targets[i].filter(|t| *t > 0) else { continue };
            let sum = figures.stated_sum;
            if u64::from(target) * 100 >= u64::from(sum) * 60 {
                found.at(
                    "quota-concentration",
                    &format!("quota/{}/{}", plan.id, q.label),
                    format!("{} {}：{} 承担 {target}/{sum}", plan.id, tier.label, q.label),
                    format!("{} {}: {} holds {target} of {sum}", plan.id, tier.id, q.label),
                );
            }
        }
    }
    for (plan, _, tier, figures) in with_quotas().filter(|(.., f)| f.credits > f.distinct) {
        let (credits, distinct) = (figures.credits, figures.distinct);
        found.at(
            "quota-credits",
            &format!("tier/{}/{}", plan.id, tier.id),
            format!("{} {}：{distinct} 个项目记账 {credits} 次", plan.id, tier.label),
            format!("{} {}: {credits} credits for {distinct} projects", plan.id, tier.id),
        );
    }
}

fn labels(s: &Snapshot, found: &mut Found<'_>) {
    let mut twice = |kind: &str, rows: &mut dyn Iterator<Item = (&str, String)>| {
        let mut seen: HashMap<&str, String> = HashMap::new();
        for (label, key) in rows {
            if let Some(first) = seen.get(label) {
                found.at(
                    "duplicate-label",
                    &format!("{kind}/{key}"),
                    format!("「{label}」：{first} 与 {key} 同名"),
                    format!("{label}: {first} and {key} have one name"),
                );
            } else {
                seen.insert(label, key);
            }
        }
    };
    let targets = &s.plan.targets;
    twice("goal", &mut targets.goals.iter().map(|g| (g.name.as_str(), g.id.clone())));
    twice("criterion", &mut s.plan.rules.criteria.iter().map(|c| (c.label.as_str(), c.id.clone())));
    for plan in &targets.quota_plans {
        twice("quota", &mut plan.quotas.iter().map(|q| (q.label.as_str(), format!("{}/{}", plan.id, q.label))));
    }
}

fn projects(s: &Snapshot, found: &mut Found<'_>) {
    let plan = &s.plan;
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for p in &plan.projects {
        for name in std::iter::once(&p.name).chain(&p.aliases) {
            match names.get(name.as_str()) {
                Some(first) if *first != p.id => found.at(
                    "duplicate-name",
                    &format!("project/{}", p.id),
                    format!("{name}：{first} 与 {} 同名", p.id),
                    format!("{name}: {first} and {} have one name", p.id),
                ),
                _ => {
                    names.insert(name, &p.id);
                }
            }
        }
    }
    let no_town = active(s).filter(|p| p.towns.is_empty()).count();
    if no_town > 0 {
        found.record(
            "town-not-stated",
            format!("{no_town} 个项目未注明所在镇"),
            format!("{no_town} projects without a town"),
        );
    }
    for p in active(s).filter(|p| p.milestones.is_empty()) {
        found.at(
            "no-milestones",
            &format!("project/{}", p.id),
            format!("{} 没有节点：状态不明", p.id),
            format!("{} has no milestones: status unknown", p.id),
        );
    }
    for ix in plan.project_ixs() {
        let (id, milestones) = (&plan.project(ix).id, plan.milestones(ix));
        for m in milestones.iter().filter(|m| m.due.year() != plan.district.year) {
            found.at(
                "milestone-outside-year",
                &format!("milestone/{id}/{}", m.name),
                format!("{id} {}：期限 {} 不在计划年度", m.name, m.due),
                format!("{id} {}: due {} outside the plan year", m.name, m.due),
            );
        }
        for pair in milestones.windows(2).filter(|w| w[1].due < w[0].due) {
            found.at(
                "milestone-order",
                &format!("milestone/{id}/{}", pair[1].name),
                format!("{id} {} 排在 {} 之后，期限却更早", pair[1].name, pair[0].name),
                format!("{id} {} is listed after {} but due before it", pair[1].name, pair[0].name),
            );
        }
    }
    for key in s.facts.unknown_milestones.iter() {
        found.record(
            "milestone-unknown",
            format!("{key}：计划中已无此节点"),
            format!("{key}: no such milestone in the plan any more"),
        );
    }
}

fn active(s: &Snapshot) -> impl Iterator<Item = &Project> {
    s.plan.projects.iter().filter(|p| !p.state.is_excluded())
}

fn money(s: &Snapshot, found: &mut Found<'_>) {
    for p in &s.plan.projects {
        if let (Some(total), Some(annual)) = (p.total_investment, p.annual_plan)
            && total.currency == annual.currency
            && annual.amount > total.amount
        {
            found.at(
                "plan-exceeds-total",
                &format!("project/{}", p.id),
                format!("{}：年度计划 {annual} 超过总投资 {total}", p.id),
                format!("{}: annual plan {annual} exceeds the total {total}", p.id),
            );
        }
    }
}

fn people(s: &Snapshot, found: &mut Found<'_>) {
    let no_officer = active(s).filter(|p| p.commitment == Commitment::Must && p.service_officer.is_none()).count();
    if no_officer > 0 {
        found.record(
            "officer-missing",
            format!("{no_officer} 个确保完成项目没有首席服务官"),
            format!("{no_officer} must-complete projects without a chief service officer"),
        );
    }
}

fn units_and_rounds(s: &Snapshot, found: &mut Found<'_>) {
    let plan = &s.plan;
    let mut holders = HashSet::new();
    for p in plan.projects.iter().filter(|p| in_scope(p, &plan.rules)) {
        for board in [BoardKind::Headquarters, BoardKind::Towns] {
            holders.extend(p.holders(board, s.day()).into_iter().map(|h| h.0));
        }
    }
    for (i, u) in (0_u16..).zip(&plan.district.units) {
        if u.ranked && !holders.contains(&UnitIx(i)) {
            found.at(
                "unit-without-projects",
                &format!("unit/{}", u.code),
                format!("{}（{}）没有纳入考核的项目", u.name, u.code),
                format!("{} has no project in scope", u.code),
            );
        }
    }
    for (i, r) in (0_u16..).zip(&plan.district.rounds) {
        let back = r.pair.and_then(|p| plan.round(p).pair);
        if let (Some(pair), true) = (r.pair, back != Some(RoundIx(i))) {
            let other = &plan.round(pair).id;
            found.at(
                "round-pair-one-sided",
                &format!("round/{}", r.id),
                format!("{} 与 {other} 配对，{other} 未写回来", r.id),
                format!("{} names {other} as its pair, which does not name it back", r.id),
            );
        }
    }
    for r in &plan.district.rounds {
        let inside = (r.from..=r.to).contains(&r.as_of);
        let in_force = (plan.rules.effective_from..=plan.rules.effective_to).contains(&r.as_of);
        if !inside || !in_force {
            let (zh, en) = if inside {
                ("规则当时未生效", "the rules are not in force")
            } else {
                ("不在起止之间", "outside from and to")
            };
            found.at(
                "round-dates",
                &format!("round/{}", r.id),
                format!("{} as_of {}：{zh}", r.id, r.as_of),
                format!("{} as_of {}: {en}", r.id, r.as_of),
            );
        }
    }
    for p in &plan.district.persons {
        let all_home = !p.units.is_empty() && p.units.iter().all(|u| Some(*u) == p.home_unit);
        if p.roles.contains(&Role::Scorer) && all_home {
            found.at(
                "scorer-self",
                &format!("person/{}", p.login),
                format!("{}：评分范围全是本单位，不能评", p.name),
                format!("{}: the whole scope is his own unit", p.login),
            );
        }
    }
}

fn provenance(s: &Snapshot, found: &mut Found<'_>) {
    let unsure = |p: &&Project| matches!(p.provenance, Provenance::Inferred | Provenance::Assumed);
    let count = s.plan.projects.iter().filter(unsure).count();
    if count > 0 {
        found.record(
            "provenance-assumed",
            format!("{count} 个项目的内容系推断或假定"),
            format!("{count} projects rest on inference or assumption"),
        );
    }
}
