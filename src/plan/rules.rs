//! `scoring.toml`: the rule set and its validity (`domain.md` §5).

use std::collections::BTreeMap;

use super::reader::{Cell, Row, Seen};
use crate::domain::district::District;
use crate::domain::project::{Commitment, PaceBy};
use crate::domain::scoring::{
    Attribution, BonusRule, BonusSource, Bounds, Caps, CompositeRule, Criterion, CriterionSource, DeductionRule,
    DeductionSource, Late, LightRule, MilestoneLight, Missing, ObservationRule, QuotaLight, QuotaRule, QuotaScore,
    RankMethod, RankRule, RuleSet, Scope, StretchMode, TaskPoints, TieBreak, Trim, UnitMethod, Veto,
};
use crate::domain::value::{Bilingual, Money, Points};

type Clauses = BTreeMap<String, u32>;

const PACES: [(&str, PaceBy); 2] = [("months", PaceBy::Months), ("days", PaceBy::Days)];

/// The rule set of a text with this hash.
pub fn read(root: &Row<'_>, sha256: String) -> RuleSet {
    if let Some(c) = root.required("schema") {
        c.whole::<u8>(1..=1);
    }
    let mut lines = Clauses::new();
    let id = root.id("id").unwrap_or_default();
    let title = root.name("title");
    let (effective_from, effective_to) = (root.date("effective_from"), root.date("effective_to"));
    if let (Some(from), Some(to), Some(c)) = (effective_from, effective_to, root.optional("effective_to"))
        && from > to
    {
        c.refuse(format!("早于起始日 {from}"), format!("before effective_from {from}"));
    }
    let mut ids = Seen::default();
    let scope = scope(root, &mut lines);
    let task_points = task_points(root, &mut lines);
    let criteria = criteria(root, &mut ids, &mut lines);
    let (deductions, group_cells) = deductions(root, &mut ids, &mut lines);
    let bonuses = bonuses(root, &mut ids, &mut lines);
    let caps = caps(root, &deductions, &group_cells, &mut lines);
    let veto = veto(root, &mut ids, &mut lines);
    let (unit_method, attribution) = unit(root, &mut lines);
    let observation = observation(root, &mut lines);
    let composite = composite(root, &mut lines);
    let rank = rank(root, &mut lines);
    let light = light(root, &mut lines);
    let quota = quota(root, &mut lines);
    root.finish();
    RuleSet {
        id,
        title,
        effective_from: effective_from.unwrap_or_default(),
        effective_to: effective_to.unwrap_or_default(),
        scope,
        task_points,
        criteria,
        deductions,
        bonuses,
        caps,
        veto,
        unit_method,
        attribution,
        observation,
        composite,
        rank,
        light,
        quota,
        lines,
        sha256,
    }
}

/// Every judge's group is one of the rule set's groups, if it has any.
pub fn judge_groups(rules: &RuleSet, district: &District, cells: &[(usize, Cell<'_>)]) {
    let groups = &rules.observation.groups;
    // Wrong weights are told at the groups; the judges come after that.
    if groups.iter().map(|g| g.1).sum::<i64>() != 100 {
        return;
    }
    for (place, cell) in cells {
        match &district.judges[*place].group {
            Some(group) if groups.iter().any(|(g, _)| g == group) => {}
            Some(group) => cell.unknown(group, "评委组", "judge group", groups.iter().map(|g| g.0.as_str())),
            None => cell.refuse("评委未写 group，而规则分组计分", "the judge has no group, but the rules have groups"),
        }
    }
}

/// As [`judge_groups`], told at the groups: the rule set is the file at hand, the judges are given.
pub fn groups_fit(root: &Row<'_>, rules: &RuleSet, district: &District) {
    let groups = &rules.observation.groups;
    if groups.is_empty() || groups.iter().map(|g| g.1).sum::<i64>() != 100 {
        return;
    }
    let listed = |group: &Option<String>| group.as_ref().is_some_and(|g| groups.iter().any(|(id, _)| id == g));
    let Some(judge) = district.judges.iter().find(|j| !listed(&j.group)) else { return };
    let Some(cell) = root.table("observation").and_then(|row| row.optional("groups")) else { return };
    let (id, group) = (&judge.id, judge.group.as_deref().unwrap_or("-"));
    cell.refuse(
        format!("评委 {id} 的组 {group} 不在其中；district.toml 里每位评委的 group 都要列出"),
        format!("judge {id} is of group {group}, which is not listed; every group in district.toml must be"),
    );
}

/// A clause that is a table of its own.
fn clause<'s>(root: &Row<'s>, key: &'static str, lines: &mut Clauses) -> Option<Row<'s>> {
    let row = root.table(key)?;
    lines.insert(key.to_owned(), row.line());
    Some(row)
}

fn bounds(row: &Row<'_>, key: &'static str) -> Bounds {
    let Some(table) = row.table(key) else { return Bounds { min: Points::ZERO, max: Points::whole(100) } };
    let bounds = read_bounds(&table);
    table.finish();
    bounds
}

fn read_bounds(table: &Row<'_>) -> Bounds {
    let (min, max) = (table.required("min").and_then(|c| c.points()), table.required("max").and_then(|c| c.points()));
    if let (Some(min), Some(max), Some(c)) = (min, max, table.optional("max"))
        && min > max
    {
        c.refuse(format!("上限 {max} 小于下限 {min}"), format!("max {max} is less than min {min}"));
    }
    Bounds { min: min.unwrap_or(Points::ZERO), max: max.unwrap_or(Points::ZERO) }
}

fn scope(root: &Row<'_>, lines: &mut Clauses) -> Scope {
    let mut scope = Scope {
        commitments: Vec::new(),
        stretch: StretchMode::None,
        per_completed: Points::ZERO,
        cap: Points::ZERO,
        min_applicable: Points::ZERO,
    };
    let Some(row) = clause(root, "scope", lines) else { return scope };
    for c in row.required("commitments").map_or_else(Vec::new, |c| c.list()) {
        if let Some(one) = c.word(&[("must", Commitment::Must), ("stretch", Commitment::Stretch)]) {
            if scope.commitments.contains(&one) {
                c.refuse("类别重复", "the commitment is named twice");
            }
            scope.commitments.push(one);
        }
    }
    if let Some(stretch) = row.table("stretch") {
        let modes = [("bonus", StretchMode::Bonus), ("same", StretchMode::Same), ("none", StretchMode::None)];
        scope.stretch = stretch.word("mode", &modes).unwrap_or(StretchMode::None);
        // Only a bonus needs its size.
        if scope.stretch == StretchMode::Bonus {
            scope.per_completed = stretch.amount("per_completed").unwrap_or_default();
            scope.cap = stretch.amount("cap").unwrap_or_default();
        } else {
            scope.per_completed = stretch.optional("per_completed").and_then(|c| c.amount()).unwrap_or_default();
            scope.cap = stretch.optional("cap").and_then(|c| c.amount()).unwrap_or_default();
        }
        stretch.finish();
    }
    scope.min_applicable = row.amount("min_applicable").unwrap_or_default();
    row.finish();
    scope
}

fn task_points(root: &Row<'_>, lines: &mut Clauses) -> TaskPoints {
    let Some(row) = clause(root, "task_points", lines) else { return TaskPoints { default: 1, tiers: Vec::new() } };
    let default = row.required("default").and_then(|c| c.whole(1..=1000)).unwrap_or(1);
    let mut tiers: Vec<(Money, u16)> = Vec::new();
    if let Some(list) = row.required("tiers") {
        let rows = list.rows();
        if rows.is_empty() {
            list.refuse("至少一档，首档为 \"0元\"", "at least one tier, the first from \"0元\"");
        }
        for (place, tier) in rows.iter().enumerate() {
            let cell = tier.required("at_least");
            let at_least = cell.as_ref().and_then(Cell::money);
            let points = tier.required("points").and_then(|c| c.whole(1..=1000)).unwrap_or(1);
            tier.finish();
            let (Some(cell), Some(at_least)) = (cell, at_least) else { continue };
            let Some(yuan) = at_least.in_yuan() else {
                cell.refuse("分档以人民币计", "tiers are in yuan");
                continue;
            };
            if place == 0 && yuan != 0 {
                cell.refuse_with(
                    "首档须从 0 元起",
                    "the first tier begins at 0",
                    Bilingual::new("写作 \"0元\"", "write \"0元\""),
                );
            } else if tiers.last().is_some_and(|(last, _)| last.amount >= yuan) {
                cell.refuse("各档须逐档递增", "each tier is above the one before");
            }
            tiers.push((at_least, points));
        }
    }
    row.finish();
    TaskPoints { default, tiers }
}

fn criteria(root: &Row<'_>, ids: &mut Seen, lines: &mut Clauses) -> Vec<Criterion> {
    let rows = root.rows("criterion");
    let mut criteria = Vec::new();
    let mut complete = true;
    for row in &rows {
        let id = row.id("id").unwrap_or_default();
        ids.note(row, "id", &id);
        lines.insert(format!("criterion.{id}"), row.line());
        let label = row.name("label");
        let points = row.amount("points");
        complete &= points.is_some();
        if points == Some(Points::ZERO)
            && let Some(c) = row.optional("points")
        {
            c.refuse("分值须大于 0", "the points are greater than 0");
        }
        let source = row.word(
            "source",
            &[
                ("milestones", CriterionSource::Milestones),
                ("certified_progress", CriterionSource::CertifiedProgress),
                ("investment", CriterionSource::Investment),
                ("permits", CriterionSource::Permits),
                ("entry", CriterionSource::Entry),
            ],
        );
        let late_cell = row.optional("late");
        if let (Some(c), Some(source)) = (&late_cell, source)
            && source != CriterionSource::Milestones
        {
            c.refuse("late 只用于 source = \"milestones\"", "late goes with source = \"milestones\" only");
        }
        let late = late_cell.and_then(|c| c.row()).map(|late| {
            let one = Late {
                step_days: late.required("step_days").and_then(|c| c.whole(1..=10_000)).unwrap_or(1),
                loss_percent: late.required("loss_percent").and_then(|c| c.whole(0..=100)).unwrap_or_default(),
                floor_percent: late.required("floor_percent").and_then(|c| c.whole(0..=100)).unwrap_or_default(),
            };
            late.finish();
            one
        });
        let cap_percent = row.optional("cap_percent").and_then(|c| c.whole(0..=10_000)).unwrap_or(100);
        let pace_cell = row.optional("pace");
        if let (Some(c), Some(source)) = (&pace_cell, source)
            && source != CriterionSource::Investment
        {
            c.refuse("pace 只用于 source = \"investment\"", "pace goes with source = \"investment\" only");
        }
        let pace =
            if source == Some(CriterionSource::Investment) { row.word("pace", &PACES) } else { Some(PaceBy::Months) };
        let step = row.optional("step").and_then(|c| step(&c)).unwrap_or(Points(1));
        row.finish();
        criteria.push(Criterion {
            id,
            label,
            points: points.unwrap_or_default(),
            source: source.unwrap_or(CriterionSource::Entry),
            late,
            cap_percent,
            pace: pace.unwrap_or(PaceBy::Months),
            step,
        });
    }
    let sum: Points = criteria.iter().map(|c| c.points).sum();
    if complete && sum != Points::whole(100) && !root.source.is_broken() {
        let (zh, en) = (
            format!("评分项分值合计 {}，应为 100", sum.short()),
            format!("the points of the criteria sum to {}, not 100", sum.short()),
        );
        match rows.first() {
            Some(first) => first.refuse(zh, en),
            None => root.refuse(zh, en),
        }
    }
    criteria
}

fn step(cell: &Cell<'_>) -> Option<Points> {
    let step = cell.points()?;
    if step <= Points::ZERO {
        cell.refuse("步长须大于 0", "the step is greater than 0");
        return None;
    }
    Some(step)
}

fn deductions<'s>(
    root: &Row<'s>,
    ids: &mut Seen,
    lines: &mut Clauses,
) -> (Vec<DeductionRule>, Vec<(String, Cell<'s>)>) {
    let rows = root.rows("deduction");
    let (mut rules, mut groups) = (Vec::<DeductionRule>::new(), Vec::new());
    for row in &rows {
        let id = row.id("id").unwrap_or_default();
        ids.note(row, "id", &id);
        lines.insert(format!("deduction.{id}"), row.line());
        let label = row.name("label");
        let points = row.amount("points").unwrap_or_default();
        let group = row.id("group").unwrap_or_default();
        if let (Some(c), false) = (row.optional("group"), group.is_empty()) {
            groups.push((group.clone(), c));
        }
        let source = row.optional("source").and_then(|c| {
            c.word(&[
                ("incidents", DeductionSource::Incidents),
                ("overdue_rectifications", DeductionSource::OverdueRectifications),
                ("stop_and_go", DeductionSource::StopAndGo),
            ])
        });
        let when_resolved = row.optional("when_resolved").and_then(|c| c.id());
        row.finish();
        let source = source.unwrap_or(DeductionSource::Incidents);
        rules.push(DeductionRule { id, label, points, group, source, when_resolved });
    }
    for (row, rule) in rows.iter().zip(&rules) {
        let (Some(target), Some(cell)) = (&rule.when_resolved, row.optional("when_resolved")) else { continue };
        let Some(other) = rules.iter().find(|r| r.id == *target) else {
            cell.unknown(target, "扣分项", "deduction", rules.iter().map(|r| r.id.as_str()));
            continue;
        };
        let named_by = rules.iter().filter(|r| r.when_resolved.as_ref() == Some(target)).count();
        if target == &rule.id {
            cell.refuse("须是另一个扣分项", "it must be another deduction");
        } else if other.group != rule.group {
            cell.refuse(
                format!("须同组：{} 属 {}，本项属 {}", other.id, other.group, rule.group),
                format!("both must be of one group: {} is of {}, this one of {}", other.id, other.group, rule.group),
            );
        } else if rule.source != DeductionSource::Incidents || other.source != DeductionSource::Incidents {
            cell.refuse("when_resolved 只用于 source = \"incidents\"", "when_resolved needs source = \"incidents\"");
        } else if other.when_resolved.is_some() {
            cell.refuse("when_resolved 不能连成链", "when_resolved makes no chains");
        } else if named_by > 1 {
            cell.refuse(
                format!("{target} 已是另一项的 when_resolved"),
                format!("{target} is the when_resolved of another deduction"),
            );
        }
    }
    (rules, groups)
}

fn bonuses(root: &Row<'_>, ids: &mut Seen, lines: &mut Clauses) -> Vec<BonusRule> {
    let mut rules = Vec::new();
    for row in root.rows("bonus") {
        let id = row.id("id").unwrap_or_default();
        ids.note(&row, "id", &id);
        lines.insert(format!("bonus.{id}"), row.line());
        let label = row.name("label");
        let points = row.amount("points").unwrap_or_default();
        let source = row.optional("source").and_then(|c| {
            c.word(&[("incidents", BonusSource::Incidents), ("early_completion", BonusSource::EarlyCompletion)])
        });
        let source = source.unwrap_or(BonusSource::Incidents);
        let step_days = if source == BonusSource::EarlyCompletion {
            row.required("step_days").and_then(|c| c.whole(1..=10_000)).unwrap_or(1)
        } else {
            if let Some(c) = row.optional("step_days") {
                c.refuse(
                    "step_days 只用于 source = \"early_completion\"",
                    "step_days goes with source = \"early_completion\" only",
                );
            }
            1
        };
        row.finish();
        rules.push(BonusRule { id, label, points, source, step_days });
    }
    rules
}

fn caps(root: &Row<'_>, deductions: &[DeductionRule], groups: &[(String, Cell<'_>)], lines: &mut Clauses) -> Caps {
    let none = Bounds { min: Points::ZERO, max: Points::ZERO };
    let Some(row) = clause(root, "caps", lines) else {
        return Caps { bonus: Points::ZERO, project: none, unit: none, deduction: BTreeMap::new() };
    };
    let bonus = row.amount("bonus").unwrap_or_default();
    let (project, unit) = (bounds(&row, "project"), bounds(&row, "unit"));
    let mut deduction = BTreeMap::new();
    let table = row.optional("deduction").and_then(|c| c.row());
    if let Some(table) = &table {
        lines.insert("caps.deduction".to_owned(), table.line());
        for (key, group, value) in table.entries() {
            if !deductions.iter().any(|d| d.group == group) && !root.source.is_broken() {
                key.refuse_with(
                    format!("没有扣分项属于这一组：{group}"),
                    format!("no deduction is of this group: {group}"),
                    Bilingual::new("删去此行，或改扣分项的 group", "drop the line, or mend the group of a deduction"),
                );
            }
            deduction.insert(group, value.amount().unwrap_or_default());
        }
    }
    if !root.source.is_broken() {
        let mut told = Vec::new();
        for (group, cell) in groups {
            if !deduction.contains_key(group) && !told.contains(&group) {
                told.push(group);
                cell.refuse_with(
                    format!("扣分组没有上限：{group}"),
                    format!("the group has no cap: {group}"),
                    Bilingual::new(
                        format!("在 [caps.deduction] 中加 {group} = …"),
                        format!("add {group} = … to [caps.deduction]"),
                    ),
                );
            }
        }
    }
    row.finish();
    Caps { bonus, project, unit, deduction }
}

fn veto(root: &Row<'_>, ids: &mut Seen, lines: &mut Clauses) -> Veto {
    let Some(row) = clause(root, "veto", lines) else { return Veto { unit_flag: String::new(), events: Vec::new() } };
    let unit_flag = row.name("unit_flag");
    let mut events = Vec::new();
    for event in row.required("events").map_or_else(Vec::new, |c| c.rows()) {
        let id = event.id("id").unwrap_or_default();
        ids.note(&event, "id", &id);
        lines.insert(format!("veto.{id}"), event.line());
        events.push((id, event.name("label")));
        event.finish();
    }
    row.finish();
    Veto { unit_flag, events }
}

fn unit(root: &Row<'_>, lines: &mut Clauses) -> (UnitMethod, Attribution) {
    let Some(row) = clause(root, "unit", lines) else { return (UnitMethod::Rate, Attribution::AsOf) };
    let method =
        row.word("method", &[("rate", UnitMethod::Rate), ("mean", UnitMethod::Mean), ("sum", UnitMethod::Sum)]);
    let attribution = row
        .word("attribution", &[("as_of", Attribution::AsOf), ("time_weighted", Attribution::TimeWeighted)])
        .unwrap_or(Attribution::AsOf);
    row.finish();
    (method.unwrap_or(UnitMethod::Rate), attribution)
}

fn observation(root: &Row<'_>, lines: &mut Clauses) -> ObservationRule {
    let mut rule = ObservationRule {
        range: Bounds { min: Points::ZERO, max: Points::ZERO },
        step: Points(1),
        min_valid: 0,
        trim: Trim::Auto,
        double_entry: false,
        groups: Vec::new(),
    };
    let Some(row) = clause(root, "observation", lines) else { return rule };
    if let Some(range) = row.table("range") {
        rule.range = read_bounds(&range);
        if let Some(s) = range.required("step").and_then(|c| step(&c)) {
            rule.step = s;
        }
        range.finish();
    }
    rule.min_valid = row.required("min_valid").and_then(|c| c.whole(0..=10_000)).unwrap_or_default();
    if let Some(c) = row.required("trim") {
        rule.trim = if c.as_text().is_some() {
            c.word(&[("auto", Trim::Auto), ("none", Trim::None)])
        } else {
            c.whole(0..=1000).map(Trim::Each)
        }
        .unwrap_or(Trim::Auto);
    }
    rule.double_entry = row.required("double_entry").and_then(|c| c.flag()).unwrap_or_default();
    if let Some(list) = row.required("groups") {
        let mut seen = Seen::default();
        for group in list.rows() {
            let id = group.name("id");
            seen.note(&group, "id", &id);
            let weight = group.required("weight").and_then(|c| c.whole(0..=100)).unwrap_or_default();
            group.finish();
            rule.groups.push((id, weight));
        }
        let sum: i64 = rule.groups.iter().map(|g| g.1).sum();
        if !rule.groups.is_empty() && sum != 100 {
            list.refuse(
                format!("评委组权重合计 {sum}，应为 100"),
                format!("the weights of the groups sum to {sum}, not 100"),
            );
        }
    }
    row.finish();
    rule
}

fn composite(root: &Row<'_>, lines: &mut Clauses) -> CompositeRule {
    let Some(row) = clause(root, "composite", lines) else {
        return CompositeRule { assessment: 100, observation: 0, missing: Missing::Blank };
    };
    let assessment = row.required("assessment").and_then(|c| c.whole(0..=100));
    let observation = row.required("observation").and_then(|c| c.whole(0..=100));
    if let (Some(a), Some(o)) = (assessment, observation)
        && a + o != 100
    {
        let sum: i64 = a + o;
        row.refuse(format!("综合权重合计 {sum}，应为 100"), format!("the composite weights sum to {sum}, not 100"));
    }
    let missing = row.word("missing", &[("renormalise", Missing::Renormalise), ("blank", Missing::Blank)]);
    row.finish();
    CompositeRule {
        assessment: assessment.unwrap_or_default(),
        observation: observation.unwrap_or_default(),
        missing: missing.unwrap_or(Missing::Blank),
    }
}

fn rank(root: &Row<'_>, lines: &mut Clauses) -> RankRule {
    let mut rule = RankRule { method: RankMethod::Competition, tie_break: Vec::new(), min_projects: 0 };
    let Some(row) = clause(root, "rank", lines) else { return rule };
    let methods = [("competition", RankMethod::Competition), ("dense", RankMethod::Dense)];
    rule.method = row.word("method", &methods).unwrap_or(RankMethod::Competition);
    for c in row.required("tie_break").map_or_else(Vec::new, |c| c.list()) {
        let by = c.word(&[
            ("must_completed_rate", TieBreak::MustCompletedRate),
            ("behind_count", TieBreak::BehindCount),
            ("deduction_total", TieBreak::DeductionTotal),
        ]);
        if let Some(by) = by {
            if rule.tie_break.contains(&by) {
                c.refuse("并列判据重复", "the tie-break is named twice");
            }
            rule.tie_break.push(by);
        }
    }
    rule.min_projects = row.required("min_projects").and_then(|c| c.whole(0..=100_000)).unwrap_or_default();
    row.finish();
    rule
}

fn light(root: &Row<'_>, lines: &mut Clauses) -> LightRule {
    let yinchuan = QuotaLight::Lag { yellow_from: Points::whole(10), red_above: Points::whole(30) };
    let mut rule = LightRule {
        milestone: MilestoneLight { grace_days: 0, yellow_to: 0 },
        quota: yinchuan,
        warn_days: 0,
        due_soon_days: 0,
        stale_days: 0,
    };
    let Some(row) = clause(root, "light", lines) else { return rule };
    if let Some(m) = row.table("milestone") {
        rule.milestone.grace_days = m.count("grace_days").unwrap_or_default();
        rule.milestone.yellow_to = m.count("yellow_to").unwrap_or_default();
        m.finish();
    }
    if let Some(q) = row.table("quota") {
        if let Some(preset) = q.optional("preset") {
            let presets = [("yinchuan", yinchuan), ("sanya", QuotaLight::Sanya)];
            rule.quota = preset.word(&presets).unwrap_or(yinchuan);
        } else {
            let (from, above) = (q.amount("yellow_from"), q.amount("red_above"));
            if let (Some(from), Some(above)) = (from, above) {
                if from > above {
                    q.refuse(
                        format!("yellow_from {} 大于 red_above {}", from.short(), above.short()),
                        format!("yellow_from {} is greater than red_above {}", from.short(), above.short()),
                    );
                }
                rule.quota = QuotaLight::Lag { yellow_from: from, red_above: above };
            }
        }
        q.finish();
    }
    if let Some(i) = row.table("indicator") {
        i.word("preset", &[("tianjin", ())]);
        i.finish();
    }
    if let Some(r) = row.table("rectification") {
        rule.warn_days = r.count("warn_days").unwrap_or_default();
        r.finish();
    }
    rule.due_soon_days = row.count("due_soon_days").unwrap_or_default();
    rule.stale_days = row.count("stale_days").unwrap_or_default();
    row.finish();
    rule
}

fn quota(root: &Row<'_>, lines: &mut Clauses) -> QuotaRule {
    let mut rule = QuotaRule { pace: PaceBy::Months, score: QuotaScore::Capped, min_received_percent: 0 };
    let Some(row) = clause(root, "quota", lines) else { return rule };
    rule.pace = row.word("pace", &PACES).unwrap_or(PaceBy::Months);
    let scores =
        [("capped", QuotaScore::Capped), ("uncapped", QuotaScore::Uncapped), ("threshold", QuotaScore::Threshold)];
    rule.score = row.word("score", &scores).unwrap_or(QuotaScore::Capped);
    rule.min_received_percent = row.required("min_received_percent").and_then(|c| c.whole(0..=100)).unwrap_or_default();
    row.finish();
    rule
}
