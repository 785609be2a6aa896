//! The validity of a rule set (`domain.md` §5), rule by rule: what breaks it, and the line that is told.

use super::*;

/// What each of these texts makes of the sample's rule set: at least one error, the first at the line that begins so.
fn refused(cases: &[(&str, &str, &str)]) {
    for (from, to, line) in cases {
        let found = errors(&with("scoring", from, to));
        let first = found.first().unwrap_or_else(|| panic!("{to:?} is taken"));
        assert_eq!(first.file, "scoring.toml", "{to:?}");
        assert!(first.line > 0 && first.column > 0, "{to:?} has no place");
        assert!(first.source.trim_start().starts_with(line), "{to:?}: {}", first.render(Lang::Zh));
    }
}

#[test]
fn criterion_points_sum_to_100_and_each_is_positive() {
    refused(&[
        ("points = 40", "points = 40.01", "[[criterion]]"),
        ("points = 40", "points = 39", "[[criterion]]"),
        ("points = 40", "points = 0", "[[criterion]]"),
        ("points = 5\n", "points = -5\n", "points"),
    ]);
    let texts = with("scoring", "points = 40", "points = 0");
    assert!(errors(&texts).iter().any(|d| d.source.starts_with("points = 0")), "nought is told at its own line, too");
    assert!(load(&also(with("scoring", "points = 40", "points = 39.5"), "points = 5\n", "points = 5.5\n")).is_ok());
}

/// The rule set with one more text replaced.
fn also(mut texts: Texts, from: &str, to: &str) -> Texts {
    assert!(texts.scoring.contains(from), "{from:?}");
    texts.scoring = texts.scoring.replacen(from, to, 1);
    texts
}

#[test]
fn ids_are_unique_across_criteria_deductions_bonuses_and_veto() {
    refused(&[
        ("id = \"physical\"", "id = \"node\"", "id"),
        ("id = \"petition_group\"", "id = \"node\"", "id"),
        ("id = \"petition_group\"", "id = \"accident_general\"", "id"),
        ("id = \"model_city\"", "id = \"petition_group\"", "id"),
        ("id = \"serious_accident\"", "id = \"model_city\"", "{ id"),
        ("id = \"serious_accident\"", "id = \"major_falsification\"", "{ id"),
    ]);
}

#[test]
fn late_and_pace_go_with_their_source() {
    let late = "late = { step_days = 1, loss_percent = 1, floor_percent = 1 }";
    refused(&[
        ("source = \"permits\"", &format!("source = \"permits\"\n{late}"), "late"),
        ("source = \"entry\"", &format!("source = \"entry\"\n{late}"), "late"),
        ("source = \"permits\"", "source = \"permits\"\npace = \"days\"", "pace"),
        ("source = \"milestones\" ", "source = \"milestones\"\npace = \"months\" ", "pace"),
        ("step_days = 30, loss", "step_days = 0, loss", "late"),
        ("loss_percent = 10", "loss_percent = -1", "late"),
        ("loss_percent = 10", "loss_percent = 101", "late"),
        ("floor_percent = 50", "floor_percent = -1", "late"),
        ("floor_percent = 50", "floor_percent = 101", "late"),
    ]);
    for edge in ["floor_percent = 0", "floor_percent = 100"] {
        assert!(load(&with("scoring", "floor_percent = 50", edge)).is_ok(), "{edge}");
    }
}

#[test]
fn tiers_rise_strictly_from_nought() {
    refused(&[
        ("at_least = \"0元\"", "at_least = \"1元\"", "{ at_least"),
        ("at_least = \"1亿元\"", "at_least = \"5000万元\"", "{ at_least = \"5000万元\""),
        ("at_least = \"10亿元\"", "at_least = \"1000万元\"", "{ at_least = \"1000万元\""),
        ("at_least = \"10亿元\"", "at_least = \"10亿美元\"", "{ at_least"),
        ("points = 80 }", "points = 0 }", "{ at_least"),
        ("default = 100", "default = 1001", "default"),
    ]);
}

#[test]
fn every_group_has_a_cap_and_every_cap_a_group() {
    refused(&[
        ("wage = 10\n", "", "group = \"wage\""),
        ("wage = 10\n", "wage = 10\nnobody = 1\n", "nobody"),
        ("group = \"petition\"", "group = \"petitions\"", "group = \"petitions\""),
        ("wage = 10\n", "wage = -1\n", "wage"),
    ]);
}

#[test]
fn when_resolved_names_another_incident_of_the_group_once_and_without_chains() {
    let named = "when_resolved = \"wage_resolved\"";
    refused(&[
        (named, "when_resolved = \"nothing\"", "when_resolved"),
        (named, "when_resolved = \"wage_unresolved\"", "when_resolved"),
        (named, "when_resolved = \"petition_group\"", "when_resolved"),
        ("points = 1\ngroup = \"wage\"", "points = 1\ngroup = \"wage\"\nsource = \"stop_and_go\"", "when_resolved"),
        ("points = 1\ngroup = \"wage\"", "points = 1\ngroup = \"wage\"\nwhen_resolved = \"wage_unresolved\"", "when"),
        ("points = 2\ngroup = \"petition\"", &format!("points = 2\ngroup = \"wage\"\n{named}"), "when_resolved"),
        ("source = \"incidents\"", "source = \"stop_and_go\"", "when_resolved"),
    ]);
}

#[test]
fn weights_sum_to_100() {
    refused(&[
        ("assessment = 80", "assessment = 81", "[composite]"),
        ("assessment = 80", "assessment = 0", "[composite]"),
        ("observation = 20", "observation = -20", "observation"),
        ("groups = []", "groups = [{ id = \"leaders\", weight = 40 }, { id = \"bureaus\", weight = 50 }]", "groups"),
        ("groups = []", "groups = [{ id = \"leaders\", weight = -1 }]", "groups"),
        (
            "groups = []",
            &format!(
                "groups = [{}]",
                [("leaders", 40), ("bureaus", 30), ("towns", 20), ("towns", 10)]
                    .map(|(g, w)| format!("{{ id = \"{g}\", weight = {w} }}"))
                    .join(", ")
            ),
            "groups",
        ),
    ]);
    let groups = "groups = [{ id = \"leaders\", weight = 40 }, { id = \"bureaus\", weight = 60 }]";
    let found = errors(&with("scoring", "groups = []", groups));
    assert!(found.iter().all(|d| d.file == "district.toml" && d.source.starts_with("group = \"towns\"")));
    assert_eq!(found.len(), 15, "every judge whose group is not listed");
}

#[test]
fn bounds_percentages_and_counts_are_in_order_and_not_negative() {
    refused(&[
        ("project = { min = 0, max = 105 }", "project = { min = 106, max = 105 }", "project"),
        ("unit = { min = 0, max = 105 }", "unit = { min = 50, max = 49 }", "unit"),
        ("range = { min = 0, max = 100,", "range = { min = 100, max = 0,", "range"),
        ("yellow_to = 30", "yellow_to = -1", "milestone"),
        ("grace_days = 0", "grace_days = -1", "milestone"),
        ("quota = { preset = \"yinchuan\" }", "quota = { yellow_from = 30.01, red_above = 30 }", "quota"),
        ("quota = { preset = \"yinchuan\" }", "quota = { yellow_from = -1, red_above = 30 }", "quota"),
        ("warn_days = 7", "warn_days = -7", "rectification"),
        ("due_soon_days = 15", "due_soon_days = -15", "due_soon_days"),
        ("stale_days = 30", "stale_days = -30", "stale_days"),
        ("min_received_percent = 0", "min_received_percent = -1", "min_received_percent"),
        ("min_received_percent = 0", "min_received_percent = 101", "min_received_percent"),
        ("cap_percent = 100", "cap_percent = -100", "cap_percent"),
        ("min_applicable = 40", "min_applicable = -40", "min_applicable"),
        ("per_completed = 0.5", "per_completed = -0.5", "stretch"),
        ("cap = 3", "cap = -3", "stretch"),
        ("bonus = 5 ", "bonus = -5 ", "bonus"),
        ("points = 3 ", "points = -3 ", "points"),
        ("step_days = 30                  #", "step_days = 0 #", "step_days"),
        ("min_valid = 3", "min_valid = -3", "min_valid"),
        ("min_projects = 1", "min_projects = -1", "min_projects"),
        ("trim = \"auto\"", "trim = -1", "trim"),
    ]);
    let edge = with("scoring", "quota = { preset = \"yinchuan\" }", "quota = { yellow_from = 30, red_above = 30 }");
    assert!(load(&also(also(edge, "yellow_to = 30", "yellow_to = 0"), "trim = \"auto\"", "trim = 0")).is_ok());
}

#[test]
fn tie_breaks_are_known_and_distinct() {
    refused(&[
        ("\"behind_count\", ", "\"must_completed_rate\", ", "tie_break"),
        ("\"behind_count\", ", "\"stretch_rate\", ", "tie_break"),
    ]);
    let none = "tie_break = [\"must_completed_rate\", \"behind_count\", \"deduction_total\"]";
    assert!(load(&with("scoring", none, "tie_break = []")).is_ok());
}

#[test]
fn presets_are_rule_sets_of_their_own_for_the_sample() {
    let district = load(&Texts::sample()).expect("the sample").district;
    let mut ids = vec!["default-2014".to_owned()];
    for (file, text) in PRESETS {
        let rules = rules_of(text, &district).unwrap_or_else(|e| panic!("{file}: {}", render_all(&e, Lang::En)));
        let whole = Texts { scoring: text.to_owned(), ..Texts::sample() };
        assert_eq!(load(&whole).expect(file).rules, rules, "{file} in place of scoring.toml");
        assert_eq!(rules.sha256, sha256(text.as_bytes()));
        assert!(text.starts_with("# ") && text.contains("Differs from the default"), "{file} says what it is");
        assert!(!ids.contains(&rules.id), "{file}");
        ids.push(rules.id);
    }
}

#[test]
fn a_rule_set_that_lists_too_few_groups_is_told_at_its_groups() {
    let district = load(&Texts::sample()).expect("the sample").district;
    let text = Texts::sample().scoring.replacen("groups = []", "groups = [{ id = \"leaders\", weight = 100 }]", 1);
    let found = rules_of(&text, &district).expect_err("bureaus and towns are missing");
    assert_eq!(found.len(), 1, "{}", render_all(&found, Lang::Zh));
    assert!(found[0].source.starts_with("groups") && found[0].message.zh.contains("J11"));
}
