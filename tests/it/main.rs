//! Everything that is tested from outside the modules, in one crate to keep compile times short.

mod contract;
mod examples;
mod layers;
mod properties;
mod pty;
mod records;
mod rounds;
mod rules;
mod screens;
mod sessions;
