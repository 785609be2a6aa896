//! Tests of the whole program.

mod contract;
mod layers;
