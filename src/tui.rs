//! The terminal: what draws, what listens, and the small pieces every screen is made of.
//!
//! One loop ([`run`]) joins the threads of [`input`] and [`terminal`] in one channel, draws once for everything that is
//! queued, and hands the picture to a [`backend`] that writes each frame in one piece. Nothing here has a clock of its
//! own: at rest no thread wakes.

pub mod backend;
pub mod fit;
pub mod glyphs;
pub mod input;
pub mod keydoc;
pub mod keymap;
pub mod probe;
pub mod run;
pub mod terminal;
pub mod theme;
pub mod view;
pub mod widget;
