//! Frames, and what is not part of the picture: title, mouse, clipboard.

use std::io::{self, Write};

use ratatui::Terminal;

use super::program::Program;
use crate::tui::backend::Screen;

/// Draws, and sends what is not part of the picture when it changes.
#[derive(Default)]
pub(super) struct Painter {
    /// The terminal understands titles.
    titles: bool,
    /// GNU screen may stand between.
    screen: bool,
    /// As the window is called now; empty if it is not ours.
    title: String,
    /// The terminal sends the mouse.
    mouse: bool,
}

impl Painter {
    /// For a terminal that understands titles, or does not, and GNU screen between or not.
    pub(super) fn new(titles: bool, screen: bool) -> Self {
        Self { titles, screen, ..Self::default() }
    }

    pub(super) fn draw<P: Program, W: Write>(
        &mut self,
        program: &mut P,
        terminal: &mut Terminal<Screen<W>>,
    ) -> io::Result<()> {
        let screen = terminal.backend_mut();
        screen.park(!program.caret_shown());
        if let Some(text) = program.copied() {
            screen.copy(&text);
            if self.screen {
                screen.copy_through(&text);
            }
        }
        if self.titles && self.title != program.title() {
            self.title = program.title();
            screen.title(&self.title);
        }
        if self.mouse != program.wants_mouse() {
            self.mouse = !self.mouse;
            screen.mouse(self.mouse);
        }
        terminal.draw(|frame| program.draw(frame))?;
        Ok(())
    }

    /// The terminal was given back and taken again.
    pub(super) fn entered(&mut self) {
        self.title.clear();
        self.mouse = false;
    }
}
