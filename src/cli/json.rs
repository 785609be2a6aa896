//! `--json`: the documents of the commands, field by field in the order that `docs/formats.md` states.
//!
//! Pure functions from a snapshot; scores and percentages become numbers with at most two decimals here, once.

mod care;
mod explain;
mod history;
mod plan;
mod project;
mod rank;
mod rectifications;
mod revisions;
mod rounds;
mod status;
mod targets;

use serde_json::Value;

pub use care::{backed_up, restored};
pub use explain::explained;
pub use history::{Entry, history};
pub use plan::{Check, Finding, checked, differences, examined, planned, saved, verified, written};
pub use project::{dossier, projects};
pub use rank::leaderboard;
pub use rectifications::{rectification_lines, rectifications};
pub use revisions::{frozen, revision_diff};
pub use rounds::{round_lines, rounds};
pub use status::status;
pub use targets::{Targets, targets};

use crate::domain::value::Points;

/// Version of all documents.
pub const SCHEMA: u32 = 1;

fn number(points: Option<Points>) -> Value {
    points.map_or(Value::Null, Points::json)
}
