//! 列. The columns of each sheet, and the words that stand in them.

use super::line::Column;
use crate::domain::change::{IncidentSource, Reported};
use crate::domain::district::Plan;
use crate::domain::indicator::VersusCity;
use crate::domain::quota::Origin;
use crate::domain::scoring::{BonusSource, DeductionSource};

/// A column that must be there.
pub const fn must(name: &'static str) -> Column {
    Column { name, required: true }
}

/// A column that may be left out.
pub const fn may(name: &'static str) -> Column {
    Column { name, required: false }
}

/// Of the sheets of records of projects: the project's name beside its id, which is compared and not stored.
pub const CHECKED: &str = "name";

/// Columns of `milestones.csv`.
pub const MILESTONES: &[Column] = &[must("project"), must("milestone"), must("done"), may(CHECKED)];
/// Columns of `progress.csv`.
pub const PROGRESS: &[Column] = &[
    must("project"),
    must("date"),
    may("percent"),
    may("planned_percent"),
    may("invested"),
    may("permits_due"),
    may("permits_obtained"),
    may("reported"),
    may("note"),
    may(CHECKED),
];
/// Columns of `scores.csv`.
pub const SCORES: &[Column] =
    &[must("round"), must("project"), must("criterion"), must("points"), may("note"), may(CHECKED)];
/// Columns of `ballots.csv`.
pub const BALLOTS: &[Column] =
    &[must("round"), must("judge"), must("project"), must("state"), may("score"), may(CHECKED)];
/// Columns of `incidents.csv`.
pub const INCIDENTS: &[Column] = &[
    must("id"),
    must("source"),
    must("kind"),
    must("date"),
    must("project"),
    may("resolved"),
    may("people"),
    may("amount"),
    may("reference"),
    may(CHECKED),
];
/// Columns of `rectifications.csv`.
pub const RECTIFICATIONS: &[Column] = &[
    must("id"),
    may("project"),
    must("unit"),
    must("finding"),
    may("action"),
    must("issued"),
    must("due"),
    must("state"),
    may("closed"),
    may(CHECKED),
];
/// Columns of `attractions.csv`.
pub const ATTRACTIONS: &[Column] = &[
    must("id"),
    must("name"),
    must("amount"),
    may("received"),
    may("origin"),
    must("signed"),
    may("host"),
    may("credits"),
    may("started"),
    may("producing"),
    may("excluded"),
];
/// Columns of `indicators.csv`.
pub const INDICATORS: &[Column] = &[
    must("indicator"),
    must("period"),
    may("value"),
    may("growth"),
    may("target_growth"),
    may("city_growth"),
    may("versus_city"),
    may("provisional"),
];
/// Columns of `goals.csv`.
pub const GOALS: &[Column] = &[must("goal"), must("date"), must("value"), may("note")];
/// Columns of `rounds.csv`.
pub const ROUNDS: &[Column] = &[must("round"), must("state"), may("date"), may("reason")];

/// 自报
pub const REPORTED: &[(&str, Reported)] =
    &[("completed", Reported::Completed), ("on_track", Reported::OnTrack), ("behind", Reported::Behind)];
/// 来源 of incidents.
pub const SOURCES: &[(&str, IncidentSource)] = &[
    ("petition", IncidentSource::Petition),
    ("line110", IncidentSource::Line110),
    ("safety", IncidentSource::Safety),
    ("quality", IncidentSource::Quality),
    ("media", IncidentSource::Media),
    ("superior", IncidentSource::Superior),
];
/// 来自 of attractions.
pub const ORIGINS: &[(&str, Origin)] = &[
    ("abroad", Origin::Abroad),
    ("other_province", Origin::OtherProvince),
    ("in_province", Origin::InProvince),
    ("local", Origin::Local),
];
/// 较全市
pub const VERSUS_CITY: &[(&str, VersusCity)] =
    &[("above", VersusCity::Above), ("equal", VersusCity::Equal), ("below", VersusCity::Below)];
/// 是、否
pub const YES_NO: &[(&str, bool)] = &[("yes", true), ("no", false)];

/// Kinds of event that are recorded as incidents, with what the rules call them.
pub fn events(plan: &Plan) -> Vec<(&str, &str)> {
    let rules = &plan.rules;
    let deductions = rules.deductions.iter().filter(|d| d.source == DeductionSource::Incidents);
    let bonuses = rules.bonuses.iter().filter(|b| b.source == BonusSource::Incidents);
    let vetoes = rules.veto.events.iter().map(|(id, label)| (id.as_str(), label.as_str()));
    let deductions = deductions.map(|d| (d.id.as_str(), d.label.as_str()));
    deductions.chain(bonuses.map(|b| (b.id.as_str(), b.label.as_str()))).chain(vetoes).collect()
}
