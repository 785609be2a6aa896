//! The pieces that more than one screen is made of.

pub mod bar;
pub mod grid;
pub mod hints;
pub mod popup;
