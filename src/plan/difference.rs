//! What one plan has and another has not.

use std::collections::BTreeMap;

use crate::domain::district::{Plan, UnitIx};
use crate::domain::value::Bilingual;

/// What happened to a row. Nothing is ever deleted: a row that is gone is withdrawn, its records stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// 新增
    Added,
    /// 变更
    Changed,
    /// 退出
    Withdrawn,
}

impl Sign {
    /// One character for a list.
    #[must_use]
    pub fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Withdrawn => '-',
        }
    }
}

/// One row that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanDifference {
    /// What happened.
    pub sign: Sign,
    /// `district`, `unit`, `person`, `judge`, `round`, `project`, `milestone`, `rules`, `criterion`, `deduction`,
    /// `bonus`, `quota_plan`, `tally`, `indicator` or `goal`.
    pub kind: &'static str,
    /// Its id; of a milestone `<project>/<name>`; empty for the district and the rules.
    pub id: String,
    /// Key, old and new value of what changed; empty for added and withdrawn rows.
    pub fields: Vec<(String, String, String)>,
    /// `<kind>/<id>`, or the kind alone.
    pub subject: String,
    /// The row and what changed in it, on one line.
    pub message: Bilingual,
}

impl PlanDifference {
    fn new(sign: Sign, (kind, id): (&'static str, String), fields: Vec<(String, String, String)>) -> Self {
        let subject = if id.is_empty() { kind.to_owned() } else { format!("{kind}/{id}") };
        let stated = |v: &str| if v.is_empty() { "—".to_owned() } else { v.to_owned() };
        let changes: Vec<String> =
            fields.iter().map(|(k, was, now)| format!("{k} {} -> {}", stated(was), stated(now))).collect();
        let changes = if changes.is_empty() { String::new() } else { format!(": {}", changes.join(", ")) };
        let (zh, en) = (format!("{} {id}", kind_zh(kind)), format!("{} {id}", kind.replace('_', " ")));
        let message = Bilingual::new(format!("{}{changes}", zh.trim_end()), format!("{}{changes}", en.trim_end()));
        Self { sign, kind, id, fields, subject, message }
    }
}

fn kind_zh(kind: &str) -> &str {
    match kind {
        "district" => "区",
        "unit" => "单位",
        "person" => "人员",
        "judge" => "评委",
        "round" => "轮次",
        "project" => "项目",
        "milestone" => "节点",
        "rules" => "考评规则",
        "criterion" => "评分项",
        "deduction" => "扣分项",
        "bonus" => "加分项",
        "quota_plan" => "招商任务",
        "tally" => "公布数",
        "indicator" => "指标",
        "goal" => "目标",
        other => other,
    }
}

type Fields = Vec<(String, String)>;

/// Rows by kind and id, in the order of the files.
struct Rows {
    order: Vec<(&'static str, String)>,
    fields: BTreeMap<(&'static str, String), Fields>,
}

impl Rows {
    fn of(plan: &Plan) -> Self {
        let mut rows = Self { order: Vec::new(), fields: BTreeMap::new() };
        let code = |u: &UnitIx| plan.unit(*u).code.clone();
        let codes = |list: &[UnitIx]| list.iter().map(code).collect::<Vec<_>>().join(" ");
        let d = &plan.district;
        let round = |r: crate::domain::district::RoundIx| plan.round(r).id.clone();
        rows.add("district", "", d, &["units", "persons", "judges", "rounds"], Vec::new());
        for u in &d.units {
            rows.add("unit", &u.code, u, &[], Vec::new());
        }
        for p in &d.persons {
            let more = vec![("units", codes(&p.units)), ("home_unit", p.home_unit.iter().map(code).collect())];
            rows.add("person", &p.login, p, &["units", "home_unit"], more);
        }
        for j in &d.judges {
            rows.add("judge", &j.id, j, &["home_unit"], vec![("home_unit", j.home_unit.iter().map(code).collect())]);
        }
        for r in &d.rounds {
            let sites: Vec<&str> = r.sites.iter().map(|s| plan.project(*s).id.as_str()).collect();
            let more = vec![
                ("pair", r.pair.map(round).unwrap_or_default()),
                ("previous", r.previous.map(round).unwrap_or_default()),
                ("projects", sites.join(" ")),
            ];
            rows.add("round", &r.id, r, &["pair", "previous", "sites"], more);
        }
        for ix in plan.project_ixs() {
            let p = plan.project(ix);
            let towns: Vec<String> = p.towns.iter().map(|(u, share)| format!("{} {share}", code(u))).collect();
            let moves: Vec<String> =
                p.moves.iter().map(|m| format!("{} {:?} {} {}", m.from, m.board, code(&m.unit), m.reason)).collect();
            let more = vec![
                ("headquarters", code(&p.headquarters)),
                ("town", towns.join(", ")),
                ("move", moves.join(", ")),
                ("total_investment", p.total_investment.map(|m| m.exact()).unwrap_or_default()),
                ("annual_plan", p.annual_plan.map(|m| m.exact()).unwrap_or_default()),
            ];
            let own = ["headquarters", "towns", "moves", "milestones", "total_investment", "annual_plan"];
            rows.add("project", &p.id, p, &own, more);
            for m in plan.milestones(ix) {
                rows.add("milestone", &format!("{}/{}", p.id, m.name), m, &["name"], Vec::new());
            }
        }
        let r = &plan.rules;
        rows.add("rules", "", r, &["criteria", "deductions", "bonuses", "lines", "sha256"], Vec::new());
        for c in &r.criteria {
            rows.add("criterion", &c.id, c, &[], vec![("points", c.points.short()), ("step", c.step.short())]);
        }
        for x in &r.deductions {
            rows.add("deduction", &x.id, x, &[], vec![("points", x.points.short())]);
        }
        for x in &r.bonuses {
            rows.add("bonus", &x.id, x, &[], vec![("points", x.points.short())]);
        }
        let t = &plan.targets;
        for q in &t.quota_plans {
            let quotas: Vec<String> = q
                .quotas
                .iter()
                .map(|row| {
                    let targets: Vec<String> =
                        row.targets.iter().map(|t| t.map_or_else(|| "—".to_owned(), |n| n.to_string())).collect();
                    let unit: String = row.unit.iter().map(code).collect();
                    format!("{unit} {} [{}] {}", row.label, codes(&row.candidates), targets.join("/"))
                })
                .collect();
            rows.add("quota_plan", &q.id, q, &["quotas"], vec![("quota", quotas.join(", "))]);
        }
        for x in &t.tallies {
            rows.add("tally", &x.id, x, &[], Vec::new());
        }
        for x in &t.indicators {
            rows.add("indicator", &x.id, x, &[], Vec::new());
        }
        for g in &t.goals {
            let more = vec![
                ("owner", g.owner.iter().map(code).collect()),
                ("value", g.value.map(|v| v.short()).unwrap_or_default()),
            ];
            rows.add("goal", &g.id, g, &["owner", "value"], more);
        }
        rows
    }

    /// Takes a row by its serialised keys, except those that hold places in lists, which are given as codes and ids.
    fn add<T: serde::Serialize>(
        &mut self,
        kind: &'static str,
        id: &str,
        row: &T,
        except: &[&str],
        more: Vec<(&str, String)>,
    ) {
        let mut fields: Fields = Vec::new();
        if let Ok(serde_json::Value::Object(map)) = serde_json::to_value(row) {
            for (key, value) in map {
                if except.contains(&key.as_str()) || more.iter().any(|m| m.0 == key) {
                    continue;
                }
                let text = match value {
                    serde_json::Value::Null => String::new(),
                    serde_json::Value::String(s) => s,
                    other => other.to_string(),
                };
                fields.push((key, text));
            }
        }
        fields.extend(more.into_iter().map(|(k, v)| (k.to_owned(), v)));
        self.order.push((kind, id.to_owned()));
        self.fields.insert((kind, id.to_owned()), fields);
    }
}

/// What the new plan adds, changes and withdraws, in the order of the files; withdrawn rows last.
#[must_use]
pub fn difference(old: &Plan, new: &Plan) -> Vec<PlanDifference> {
    let (old, new) = (Rows::of(old), Rows::of(new));
    let mut all = Vec::new();
    for key in &new.order {
        let Some(now) = new.fields.get(key) else { continue };
        let Some(was) = old.fields.get(key) else {
            all.push(PlanDifference::new(Sign::Added, key.clone(), Vec::new()));
            continue;
        };
        let fields: Vec<(String, String, String)> = now
            .iter()
            .filter_map(|(k, v)| {
                let before = was.iter().find(|w| w.0 == *k).map(|w| w.1.clone()).unwrap_or_default();
                (before != *v).then(|| (k.clone(), before, v.clone()))
            })
            .collect();
        if !fields.is_empty() {
            all.push(PlanDifference::new(Sign::Changed, key.clone(), fields));
        }
    }
    for key in old.order.iter().filter(|k| !new.fields.contains_key(*k)) {
        all.push(PlanDifference::new(Sign::Withdrawn, key.clone(), Vec::new()));
    }
    all
}
