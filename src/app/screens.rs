//! The screens: state and decisions, one file each.

pub mod ballots;
pub mod boards;
pub mod history;
pub mod overview;
pub mod projects;
pub mod rectifications;
pub mod scores;
pub mod targets;
