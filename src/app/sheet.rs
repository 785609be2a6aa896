//! 纸. Lines to read over a screen: the messages of the session, what another command printed.

use crate::domain::value::Bilingual;

/// 纸
#[derive(Debug)]
pub struct Sheet {
    /// What it is.
    pub title: Bilingual,
    /// What it says.
    pub lines: Vec<Bilingual>,
    /// First line shown.
    pub top: usize,
    /// Lines in the window, as last drawn.
    pub height: usize,
    /// Lines in all, as last drawn: long ones are wrapped.
    pub drawn: usize,
}

impl Sheet {
    /// Lines from the first one on.
    #[must_use]
    pub fn new(title: Bilingual, lines: Vec<Bilingual>) -> Self {
        Self { title, drawn: lines.len(), lines, top: 0, height: 1 }
    }

    /// Lines of which the last ones are of interest.
    #[must_use]
    pub fn from_end(title: Bilingual, lines: Vec<Bilingual>) -> Self {
        Self { top: usize::MAX, ..Self::new(title, lines) }
    }

    /// Moves the window within its bounds.
    pub fn scroll(&mut self, by: isize) {
        self.top = self.top.saturating_add_signed(by).min(self.drawn.saturating_sub(self.height));
    }
}
