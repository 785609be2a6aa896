//! The loop: block on the one channel, handle what came *and everything already queued*, draw once.
//!
//! Nothing here waits with a limit, except for 60 ms of quiet after a resize. If nothing was handled nothing is drawn; if
//! the terminal does not take bytes, frames are left out and the newest state is drawn when it does.

mod inbox;
mod outside;
mod painter;
mod program;
mod settings;
mod turn;

pub use inbox::{Inbox, Post};
pub use program::{Control, Event, Program};
pub use settings::Settings;

use super::backend::{Ambiguous, Screen};
use super::glyphs::Skin;
use super::input::{self, Input};
use super::probe;
use super::terminal::{self, Guard, Tty};
use inbox::Queued;
use outside::Real;
use painter::Painter;
use ratatui::Terminal;
use std::io;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

/// Exit code of a program whose terminal went away: 128 + SIGHUP.
const HUNG_UP: i32 = 129;

/// Runs a program in the terminal until it quits, and gives the terminal back. Answers the exit code.
///
/// # Errors
/// When there is no terminal, or it fails.
pub fn run<P>(program: &mut P, inbox: &Inbox<P::Message>, settings: Settings) -> Result<i32, terminal::Error>
where
    P: Program,
    P::Message: Send + 'static,
{
    terminal::check(std::env::var("TERM").ok().as_deref())?;
    match session(program, inbox, settings) {
        // Whatever failed first, it failed because nobody is there any more.
        Err(terminal::Error::Io(_)) if terminal::is_gone() => Ok(HUNG_UP),
        ended => ended,
    }
}

/// From taking the terminal to giving it back.
fn session<P>(program: &mut P, inbox: &Inbox<P::Message>, settings: Settings) -> Result<i32, terminal::Error>
where
    P: Program,
    P::Message: Send + 'static,
{
    let sender = inbox.sender.clone();
    terminal::watch(move |interruption| _ = sender.send(Queued::Interruption(interruption)))?;
    let guard = Guard::enter()?;
    let (width, height) = terminal::size();
    let mut screen = Screen::new(Tty, width, height);
    let known = ambiguous(settings.skin);
    screen.set_ambiguous(known);
    screen.spare_last_column(known != Ambiguous::Narrow);
    let mut terminal = Terminal::new(screen)?;
    let mut real = Real { guard: &guard, sender: inbox.sender.clone(), suspend: settings.suspend };
    let mut painter = Painter::new(settings.titles, settings.screen);
    painter.draw(program, &mut terminal)?;
    if settings.skin.is_none() && !settings.multiplexer {
        let answer = probe::measure(&mut Tty, probe::patience(settings.ssh))?;
        if answer.is_gbk() {
            drop(guard);
            return Err(terminal::Error::NotUtf8);
        }
        if let Some(chosen) = answer.ambiguous() {
            super::fit::set_ambiguous_wide(chosen == Ambiguous::Wide);
            terminal.backend_mut().set_ambiguous(chosen);
            terminal.backend_mut().spare_last_column(chosen != Ambiguous::Narrow);
        }
        program.measured(answer.skin());
        for key in input::decode(&answer.typed) {
            let _ = inbox.sender.send(Queued::Event(Event::Key(key)));
        }
        terminal.clear()?;
        painter.draw(program, &mut terminal)?;
    }
    listen(inbox.sender.clone(), input::patience(settings.ssh))?;
    // A resize before crossterm listened was told to nobody.
    let now = terminal::size();
    if now != (width, height) {
        let _ = inbox.sender.send(Queued::Event(Event::Resize(now.0, now.1)));
    }
    let code = turn::drive(program, inbox, &mut terminal, &mut real, painter)?;
    Ok(code)
}

/// A skin that somebody chose is taken for a measurement.
const fn ambiguous(skin: Option<Skin>) -> Ambiguous {
    match skin {
        Some(Skin::Line) => Ambiguous::Narrow,
        Some(Skin::Safe) | None => Ambiguous::Unknown,
    }
}

/// Starts the input thread.
#[expect(clippy::disallowed_methods, reason = "once, without waiting: it makes crossterm listen")]
fn listen<M: Send + 'static>(sender: Sender<Queued<M>>, patience: Duration) -> io::Result<()> {
    // From here on crossterm hears of resizes; what is there already stays in its queue.
    crossterm::event::poll(Duration::ZERO)?;
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut reader = input::Reader::new(input::Terminal, patience);
        loop {
            let queued = match reader.read() {
                Ok(Input::Key(key)) => Queued::Event(Event::Key(key)),
                Ok(Input::Paste(text)) => Queued::Event(Event::Paste(text)),
                Ok(Input::Resize(width, height)) => Queued::Event(Event::Resize(width, height)),
                Ok(Input::Mouse(mouse)) => Queued::Event(Event::Mouse(mouse)),
                Err(_) => {
                    let _ = sender.send(Queued::NoInput);
                    return;
                }
            };
            if sender.send(queued).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the typist waits, not the loop")]
mod tests;
