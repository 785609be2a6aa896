//! 提示. Warnings of `dukao check`: they never stop anything (`domain.md` §10).

use std::collections::{BTreeMap, HashMap};

use super::Lines;
use crate::domain::project::Commitment;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Bilingual;

/// One warning.
#[derive(Clone, Debug, PartialEq)]
pub struct Warning {
    /// Stable code, as `tally-partition`.
    pub code: &'static str,
    /// File of the TOML row; none for records and counts.
    pub file: Option<&'static str>,
    /// Its line.
    pub line: Option<u32>,
    /// What is odd.
    pub message: Bilingual,
}

/// All warnings about a district, in the order of `domain.md` §10.
#[must_use]
pub fn lints(snapshot: &Snapshot, lines: &Lines) -> Vec<Warning> {
    let mut found = Found { lines, all: Vec::new() };
    tallies(snapshot, &mut found);
    quotas(snapshot, &mut found);
    labels(snapshot, &mut found);
    projects(snapshot, &mut found);
    found.all
}

struct Found<'l> {
    lines: &'l Lines,
    all: Vec<Warning>,
}

impl Found<'_> {
    fn at(&mut self, code: &'static str, key: &str, zh: String, en: String) {
        let place = self.lines.get(key);
        self.all.push(Warning {
            code,
            file: place.map(|p| p.0),
            line: place.map(|p| p.1),
            message: Bilingual::new(zh, en),
        });
    }

    fn count(&mut self, code: &'static str, zh: String, en: String) {
        self.all.push(Warning { code, file: None, line: None, message: Bilingual::new(zh, en) });
    }
}

fn tallies(s: &Snapshot, found: &mut Found<'_>) {
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
                format!("{}：“{}”不是已知单位，{zh}", plan.id, q.label),
                format!("{}: {} is no known unit; {en}", plan.id, q.label),
            );
        }
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
                    format!("“{label}”：{first} 与 {key} 同名"),
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
    let active = || plan.projects.iter().filter(|p| !p.state.is_excluded());
    let no_town = active().filter(|p| p.towns.is_empty()).count();
    if no_town > 0 {
        found.count(
            "town-not-stated",
            format!("{no_town} 个项目未注明所在镇"),
            format!("{no_town} projects without a town"),
        );
    }
    for p in active().filter(|p| p.milestones.is_empty()) {
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
        found.count(
            "milestone-unknown",
            format!("{key}：计划中已无此节点"),
            format!("{key}: no such milestone in the plan any more"),
        );
    }
    for p in active() {
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
    let no_officer = active().filter(|p| p.commitment == Commitment::Must && p.service_officer.is_none()).count();
    if no_officer > 0 {
        found.count(
            "officer-missing",
            format!("{no_officer} 个确保完成项目没有首席服务官"),
            format!("{no_officer} must-complete projects without a chief service officer"),
        );
    }
}
