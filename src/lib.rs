//! 督考 dukao: a terminal dashboard for the office that supervises a district's key construction projects.
//!
//! The rooms, and what lives in them, are drawn in `ARCHITECTURE.md`.

pub mod app;
pub mod cli;
pub mod domain;
pub mod exchange;
pub mod plan;
pub mod report;
pub mod session;
pub mod store;
pub mod text;
pub mod tui;
