//! 业务. The district's work as plain values and pure functions: no IO, no clock, no terminal, no SQL.
//!
//! Start at [`snapshot::Snapshot`]: it holds the plan and everything that happened, and every figure that any
//! screen, command or bulletin shows is a method of it. The formulas are numbered F1–F19 in `docs/scoring.md`.

pub mod ballot;
pub mod board;
pub mod border;
pub mod change;
pub mod comparison;
pub mod composition;
pub mod district;
pub mod doubt;
pub mod effect;
mod events;
pub mod explain;
pub mod gap;
pub mod goal;
pub mod indicator;
pub mod losses;
pub mod means;
pub mod panel;
pub mod project;
pub mod quota;
pub mod rectification;
pub mod registry;
pub mod results;
pub mod revision;
pub mod robustness;
pub mod round;
pub mod score;
pub mod scoring;
pub mod snapshot;
pub mod suggestion;
pub mod tie;
pub mod trial;
pub mod unsettled;
pub mod value;
pub mod votes;
pub mod warning;
pub mod words;
