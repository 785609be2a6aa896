//! 项目清单. A project as a row of a sheet: what `projects.toml` states of it, field by field. What an export gives out and what
//! an import takes is this list.

use super::district::{Plan, UnitIx};
use super::project::Project;
use super::value::Money;

/// Fields that the plan states, by their keys in `projects.toml` and in its order.
pub const STATED: [&str; 18] = [
    "id",
    "name",
    "aliases",
    "commitment",
    "headquarters",
    "town",
    "town_shares",
    "total_investment",
    "annual_plan",
    "owner",
    "contractor",
    "service_officer",
    "task_points",
    "stall",
    "state",
    "state_reason",
    "provenance",
    "note",
];

/// Fields that tell where a project stands: they go out beside the others, and nobody states them.
pub const FOUND: [&str; 6] = ["status", "light", "lag_days", "reported", "next_milestone", "next_due"];

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Field {
    /// Words, a name of a variant, or several parts with `;` between them.
    Text(String),
    /// An amount.
    Amount(Money),
    /// A number.
    Count(u32),
}

impl Field {
    /// As a sheet of text states it.
    #[must_use]
    pub fn written(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Amount(money) => money.exact(),
            Self::Count(n) => n.to_string(),
        }
    }
}

/// A field of [`STATED`] of a project; none where the plan says nothing.
#[must_use]
pub fn stated(plan: &Plan, p: &Project, field: &str) -> Option<Field> {
    let code = |u: UnitIx| plan.unit(u).code.as_str();
    let text = |t: &Option<String>| t.clone().map(Field::Text);
    let word = |variant: String| Some(Field::Text(variant));
    match field {
        "id" => Some(Field::Text(p.id.clone())),
        "name" => Some(Field::Text(p.name.clone())),
        "aliases" => (!p.aliases.is_empty()).then(|| Field::Text(p.aliases.join(";"))),
        "commitment" => word(variant(&p.commitment)),
        "headquarters" => Some(Field::Text(code(p.headquarters).to_owned())),
        "town" => match p.towns.as_slice() {
            [(town, _)] => Some(Field::Text(code(*town).to_owned())),
            _ => None,
        },
        "town_shares" => {
            let shares = p.towns.iter().map(|(town, share)| (code(*town), *share));
            (p.towns.len() > 1).then(|| Field::Text(shares_written(shares)))
        }
        "total_investment" => p.total_investment.map(Field::Amount),
        "annual_plan" => p.annual_plan.map(Field::Amount),
        "owner" => text(&p.owner),
        "contractor" => text(&p.contractor),
        "service_officer" => text(&p.service_officer),
        "task_points" => p.task_points.map(|n| Field::Count(n.into())),
        "stall" => p.stall.as_ref().map(|stall| Field::Text(variant(stall))),
        "state" => word(variant(&p.state)),
        "state_reason" => text(&p.state_reason),
        "provenance" => word(variant(&p.provenance)),
        "note" => text(&p.note),
        _ => None,
    }
}

/// Towns and their shares as a cell states them, `LC=6000;ZG=4000`.
pub fn shares_written<C: std::fmt::Display, N: std::fmt::Display>(shares: impl Iterator<Item = (C, N)>) -> String {
    shares.map(|(code, share)| format!("{code}={share}")).collect::<Vec<_>>().join(";")
}

/// The name of a variant in files.
fn variant(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
