//! Everything that is tested from outside the modules, in one crate to keep compile times short.

mod contract;
mod examples;
mod layers;
mod properties;
mod pty;
mod screens;
mod sessions;
