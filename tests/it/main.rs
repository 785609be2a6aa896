//! Everything that is tested from outside the modules, in one crate to keep compile times short.

mod as_of;
mod bulletin;
mod care;
mod contract;
mod doctor;
mod edges;
mod editors;
mod examples;
mod folder;
mod fuzz;
mod hostile;
mod layers;
mod lints;
mod properties;
mod pty;
mod records;
mod rights;
mod rounds;
mod rules;
mod screens;
mod sessions;
mod shown;
mod ssh;
mod storm;
mod watch;
mod workbooks;
