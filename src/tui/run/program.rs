//! What the loop runs, what it tells it, and what it is told.

use crossterm::event::KeyEvent;
use ratatui::Frame;

use crate::tui::glyphs::Skin;
#[cfg(doc)]
use crate::tui::input;
use crate::tui::input::Mouse;

/// What happens to the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<M> {
    /// A key, as pressed; [`input::fold`] it before looking it up.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal has these columns and rows now (clamped).
    Resize(u16, u16),
    /// The mouse, while [`Program::wants_mouse`].
    Mouse(Mouse),
    /// From one of the program's own threads.
    Message(M),
    /// The process was stopped and runs again: anything may have changed meanwhile.
    Resumed,
    /// Ctrl-Z was asked for, but there is no shell that would continue the process.
    NotSuspended,
}

/// What the program wants of the loop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Control {
    /// Go on.
    #[default]
    Go,
    /// Clear the terminal and paint in full (Ctrl-L, another view).
    Repaint,
    /// Give the terminal back and stop (Ctrl-Z).
    Suspend,
    /// End with that exit code.
    Quit(i32),
}

/// What the loop runs.
pub trait Program {
    /// What its threads send it.
    type Message;

    /// Something happened. Never depends on what was drawn.
    fn handle(&mut self, event: Event<Self::Message>);

    /// Asked after each event.
    fn control(&mut self) -> Control;

    /// Draws the newest state, and places the cursor: at the caret of an open field, else on the selected cell.
    fn draw(&mut self, frame: &mut Frame<'_>);

    /// Whether the cursor is shown where it was placed (a field is open) or only waits there for the input method.
    fn caret_shown(&self) -> bool;

    /// Whether what was handled since the last frame is worth a frame. While a field is open, only the person's keys and
    /// the answer to his own save are.
    fn wants_frame(&mut self) -> bool {
        true
    }

    /// A text for the person's clipboard, once. Sent with the next frame; at most 64 KiB are worth trying.
    fn copied(&mut self) -> Option<String> {
        None
    }

    /// What the window is called; ASCII.
    fn title(&self) -> String {
        "dukao".to_owned()
    }

    /// Whether clicks and the wheel are sent here. The terminal's own selection then needs Shift.
    fn wants_mouse(&self) -> bool {
        false
    }

    /// The probe chose a skin.
    fn measured(&mut self, skin: Skin);
}
