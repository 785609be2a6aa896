//! One turn of the loop after another.

use std::io::{self, Write};
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use ratatui::Terminal;
use ratatui::backend::Backend as _;

use super::HUNG_UP;
use super::inbox::{Inbox, Queued};
use super::outside::Outside;
use super::painter::Painter;
use super::program::{Control, Event, Program};
use crate::tui::backend::Screen;
use crate::tui::terminal::Interruption;

/// Quiet after a resize before the picture is painted.
pub(super) const RESIZE_QUIET: Duration = Duration::from_millis(60);
/// However long somebody pulls at the corner of the window, now and then he sees it.
const RESIZE_LIMIT: Duration = Duration::from_millis(250);

/// The state of the loop between two frames.
#[derive(Default)]
struct Turn {
    /// Something was handled that is worth a frame.
    dirty: bool,
    /// The next frame clears first.
    clear: bool,
    /// The terminal was taken again: its modes are those of the beginning.
    entered: bool,
    /// The terminal is not ours.
    suspended: bool,
    /// Told to the program with the next frame: only the last size counts.
    resized: Option<(u16, u16)>,
    /// When the first and the last resize of a series came.
    series: Option<(Instant, Instant)>,
    /// A frame waits for the terminal.
    blocked: bool,
    exit: Option<i32>,
}

impl Turn {
    fn take<P: Program>(
        &mut self,
        program: &mut P,
        queued: Queued<P::Message>,
        outside: &mut impl Outside,
    ) -> io::Result<()> {
        match queued {
            Queued::Event(Event::Resize(width, height)) => {
                let now = Instant::now();
                self.resized = Some((width, height));
                self.series = Some((self.series.map_or(now, |(begin, _)| begin), now));
            }
            Queued::Event(event) => {
                program.handle(event);
                self.dirty |= program.wants_frame();
                match program.control() {
                    Control::Go => {}
                    Control::Repaint => {
                        self.clear = true;
                        self.dirty = true;
                    }
                    Control::Suspend => self.suspend(program, outside)?,
                    Control::Quit(code) => self.exit = Some(code),
                }
            }
            Queued::Interruption(Interruption::Exit(code)) => self.exit = Some(code),
            Queued::Interruption(Interruption::Suspend) => self.suspend(program, outside)?,
            Queued::Interruption(Interruption::Resumed) => {
                self.resized = Some(outside.resume()?);
                self.suspended = false;
                self.entered = true;
                self.clear = true;
                self.dirty = true;
                program.handle(Event::Resumed);
            }
            Queued::Writable => self.blocked = false,
            Queued::NoInput => self.exit = Some(HUNG_UP),
        }
        Ok(())
    }

    fn suspend<P: Program>(&mut self, program: &mut P, outside: &mut impl Outside) -> io::Result<()> {
        self.suspended = outside.suspend()?;
        if !self.suspended {
            program.handle(Event::NotSuspended);
            self.dirty = true;
        }
        Ok(())
    }
}

pub(super) fn drive<P: Program, W: Write>(
    program: &mut P,
    inbox: &Inbox<P::Message>,
    terminal: &mut Terminal<Screen<W>>,
    outside: &mut impl Outside,
    mut painter: Painter,
) -> io::Result<i32> {
    let mut turn = Turn::default();
    loop {
        let first = match turn.series {
            None => inbox.receiver.recv().ok(),
            Some((begin, last)) => {
                let until = (last + RESIZE_QUIET).min(begin + RESIZE_LIMIT);
                match inbox.receiver.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(queued) => Some(queued),
                    Err(RecvTimeoutError::Timeout) => {
                        turn.series = None;
                        None
                    }
                    Err(RecvTimeoutError::Disconnected) => return Ok(0),
                }
            }
        };
        if let Some(queued) = first {
            turn.take(program, queued, outside)?;
            while turn.exit.is_none()
                && let Ok(queued) = inbox.receiver.try_recv()
            {
                turn.take(program, queued, outside)?;
            }
        }
        if let Some(code) = turn.exit {
            return Ok(code);
        }
        if turn.series.is_some() || turn.suspended {
            continue;
        }
        if let Some((width, height)) = turn.resized.take() {
            terminal.backend_mut().set_size(width, height);
            let size = terminal.backend().size()?;
            program.handle(Event::Resize(size.width, size.height));
            turn.dirty = true;
        }
        if !turn.dirty || turn.blocked {
            continue;
        }
        if !outside.writable() {
            turn.blocked = true;
            outside.tell_when_writable()?;
            continue;
        }
        if std::mem::take(&mut turn.entered) {
            terminal.backend_mut().entered();
            painter.entered();
        }
        if std::mem::take(&mut turn.clear) {
            terminal.clear()?;
        }
        turn.dirty = false;
        painter.draw(program, terminal)?;
    }
}
