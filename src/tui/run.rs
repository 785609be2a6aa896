//! The loop: block on the one channel, handle what came *and everything already queued*, draw once.
//!
//! Nothing here waits with a limit, except for 60 ms of quiet after a resize. If nothing was handled nothing is drawn; if
//! the terminal does not take bytes, frames are left out and the newest state is drawn when it does.

use super::backend::{Ambiguous, Screen};
use super::glyphs::Skin;
use super::input::{self, Input, Mouse};
use super::probe;
use super::terminal::{self, Guard, Interruption, Tty};
use crossterm::event::KeyEvent;
use ratatui::backend::Backend as _;
use ratatui::{Frame, Terminal};
use std::io::{self, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// Quiet after a resize before the picture is painted.
const RESIZE_QUIET: Duration = Duration::from_millis(60);
/// However long somebody pulls at the corner of the window, now and then he sees it.
const RESIZE_LIMIT: Duration = Duration::from_millis(250);

/// Exit code of a program whose terminal went away: 128 + SIGHUP.
const HUNG_UP: i32 = 129;

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

/// One entry of the channel.
#[derive(Debug)]
enum Queued<M> {
    Event(Event<M>),
    Interruption(Interruption),
    /// The terminal takes bytes again.
    Writable,
    /// The keyboard is gone, and with it the terminal; the watchdog says the same a moment later.
    NoInput,
}

/// Where the program's threads put their messages.
#[derive(Debug)]
pub struct Post<M>(Sender<Queued<M>>);

impl<M> Clone for Post<M> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<M> Post<M> {
    /// Sends a message. False when the loop has ended.
    pub fn send(&self, message: M) -> bool {
        self.0.send(Queued::Event(Event::Message(message))).is_ok()
    }
}

/// The loop's end of the channel.
#[derive(Debug)]
pub struct Inbox<M> {
    sender: Sender<Queued<M>>,
    receiver: Receiver<Queued<M>>,
}

impl<M> Inbox<M> {
    /// Another way in.
    #[must_use]
    pub fn post(&self) -> Post<M> {
        Post(self.sender.clone())
    }

    /// A channel with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel();
        Self { sender, receiver }
    }
}

impl<M> Default for Inbox<M> {
    fn default() -> Self {
        Self::new()
    }
}

/// What the loop is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The skin, or None to measure the terminal after the first picture.
    pub skin: Option<Skin>,
    /// The person sits behind an SSH connection.
    pub ssh: bool,
    /// The answer to a measurement would be a multiplexer's (tmux, screen, mosh).
    pub multiplexer: bool,
    /// Ctrl-Z may stop the process.
    pub suspend: bool,
    /// The terminal understands window titles; others would show them as text.
    pub titles: bool,
}

impl Settings {
    /// From the environment; `variable` is `std::env::var(..).ok()` of a name.
    #[must_use]
    pub fn from_env(skin: Option<Skin>, variable: impl Fn(&str) -> Option<String>) -> Self {
        let term = variable("TERM").unwrap_or_default();
        Self {
            skin,
            ssh: variable("SSH_CONNECTION").is_some_and(|value| !value.is_empty()),
            multiplexer: variable("TMUX").is_some()
                || variable("STY").is_some()
                || term.starts_with("screen")
                || term.starts_with("tmux")
                || terminal::behind_mosh(),
            suspend: terminal::has_shell(),
            titles: ["xterm", "screen", "tmux", "rxvt", "putty"].iter().any(|name| term.starts_with(name)),
        }
    }
}

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
    let mut painter = Painter { titles: settings.titles, ..Painter::default() };
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
    let code = drive(program, inbox, &mut terminal, &mut real, painter)?;
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

/// What the loop does to the terminal besides drawing. A seam for the tests.
trait Outside {
    fn writable(&mut self) -> bool;
    /// Have [`Queued::Writable`] sent when it is again.
    fn tell_when_writable(&mut self) -> io::Result<()>;
    /// False if there is no shell to come back to.
    fn suspend(&mut self) -> io::Result<bool>;
    fn resume(&mut self) -> io::Result<(u16, u16)>;
}

struct Real<'a, M> {
    guard: &'a Guard,
    sender: Sender<Queued<M>>,
    suspend: bool,
}

impl<M: Send + 'static> Outside for Real<'_, M> {
    fn writable(&mut self) -> bool {
        terminal::is_writable()
    }

    fn tell_when_writable(&mut self) -> io::Result<()> {
        let sender = self.sender.clone();
        thread::Builder::new().name("writable".into()).spawn(move || {
            terminal::wait_writable();
            let _ = sender.send(Queued::Writable);
        })?;
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<bool> {
        if self.suspend {
            self.guard.leave();
            terminal::stop()?;
        }
        Ok(self.suspend)
    }

    fn resume(&mut self) -> io::Result<(u16, u16)> {
        self.guard.take_again()?;
        Ok(terminal::size())
    }
}

/// Draws, and sends what is not part of the picture when it changes.
#[derive(Default)]
struct Painter {
    /// The terminal understands titles.
    titles: bool,
    /// As the window is called now; empty if it is not ours.
    title: String,
    /// The terminal sends the mouse.
    mouse: bool,
}

impl Painter {
    fn draw<P: Program, W: Write>(&mut self, program: &mut P, terminal: &mut Terminal<Screen<W>>) -> io::Result<()> {
        let screen = terminal.backend_mut();
        screen.park(!program.caret_shown());
        if let Some(text) = program.copied() {
            screen.copy(&text);
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
    fn entered(&mut self) {
        self.title.clear();
        self.mouse = false;
    }
}

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

fn drive<P: Program, W: Write>(
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

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the typist waits, not the loop")]
mod tests {
    use super::*;
    use crate::tui::fit;
    use crossterm::event::{KeyCode, KeyModifiers};
    use ratatui::style::Style;

    /// Counts keys and shows how many there were.
    #[derive(Default)]
    struct Counter {
        keys: usize,
        log: Vec<String>,
        frames: usize,
        asked: Control,
        quiet: bool,
        shell: bool,
        mouse: bool,
    }

    impl Program for Counter {
        type Message = &'static str;

        fn handle(&mut self, event: Event<&'static str>) {
            match event {
                Event::Key(key) => {
                    self.keys += 1;
                    self.asked = match key.code {
                        KeyCode::Char('q') => Control::Quit(7),
                        KeyCode::Char('z') => Control::Suspend,
                        KeyCode::Char('l') => Control::Repaint,
                        KeyCode::Char('m') => {
                            self.mouse = !self.mouse;
                            Control::Go
                        }
                        _ => Control::Go,
                    };
                }
                other => self.log.push(format!("{other:?}")),
            }
        }

        fn control(&mut self) -> Control {
            std::mem::take(&mut self.asked)
        }

        fn draw(&mut self, frame: &mut Frame<'_>) {
            self.frames += 1;
            let area = frame.area();
            fit::put(frame.buffer_mut(), 0, 0, area.width, &format!("键 {}", self.keys), Style::new());
        }

        fn caret_shown(&self) -> bool {
            false
        }

        fn wants_frame(&mut self) -> bool {
            !self.quiet
        }

        fn title(&self) -> String {
            format!("键 - {}", if self.mouse { "mouse" } else { "keys" })
        }

        fn wants_mouse(&self) -> bool {
            self.mouse
        }

        fn measured(&mut self, _: Skin) {}
    }

    /// A terminal that may be full, and that puts what comes next into the channel when the loop would block.
    struct Bench {
        sender: Sender<Queued<&'static str>>,
        full: usize,
        shell: bool,
        calls: Vec<&'static str>,
    }

    impl Outside for Bench {
        fn writable(&mut self) -> bool {
            self.full = self.full.saturating_sub(1);
            self.full == 0
        }

        fn tell_when_writable(&mut self) -> io::Result<()> {
            self.calls.push("full");
            self.sender.send(key('a')).unwrap();
            self.sender.send(Queued::Writable).unwrap();
            self.sender.send(key('q')).unwrap();
            Ok(())
        }

        fn suspend(&mut self) -> io::Result<bool> {
            self.calls.push("suspend");
            Ok(self.shell)
        }

        fn resume(&mut self) -> io::Result<(u16, u16)> {
            self.calls.push("resume");
            Ok((50, 10))
        }
    }

    fn key(c: char) -> Queued<&'static str> {
        Queued::Event(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)))
    }

    struct Ran {
        program: Counter,
        written: String,
        code: i32,
        calls: Vec<&'static str>,
    }

    fn ran(
        mut program: Counter,
        full: usize,
        queue: impl FnOnce(&Sender<Queued<&'static str>>) + Send + 'static,
    ) -> Ran {
        let inbox = Inbox::new();
        let sender = inbox.sender.clone();
        let mut terminal = Terminal::new(Screen::new(Vec::new(), 40, 6)).unwrap();
        let mut outside = Bench { sender: sender.clone(), full, shell: program.shell, calls: Vec::new() };
        let typist = thread::spawn(move || queue(&sender));
        if full == 0 {
            // All of it is there before the loop looks.
            typist.join().unwrap();
        }
        let painter = Painter { titles: true, ..Painter::default() };
        let code = drive(&mut program, &inbox, &mut terminal, &mut outside, painter).unwrap();
        let written = String::from_utf8(std::mem::take(terminal.backend_mut().out_mut())).unwrap();
        Ran { program, written, code, calls: outside.calls }
    }

    fn frames(written: &str) -> usize {
        written.matches("\u{1b}[?2026h").count()
    }

    #[test]
    fn everything_queued_is_handled_before_one_frame() {
        let ran = ran(Counter::default(), 0, |sender| {
            for _ in 0..200 {
                sender.send(key('a')).unwrap();
            }
            sender.send(Queued::Event(Event::Resize(30, 8))).unwrap();
            let later = sender.clone();
            thread::spawn(move || {
                thread::sleep(RESIZE_QUIET * 3);
                later.send(key('q')).unwrap();
            });
        });
        assert_eq!((ran.program.keys, ran.program.frames, frames(&ran.written), ran.code), (201, 1, 1, 7));
        assert!(ran.written.contains("键 200"));
        assert_eq!(ran.program.log, ["Resize(30, 8)"]);
    }

    #[test]
    fn only_the_last_of_many_sizes_counts() {
        let ran = ran(Counter::default(), 0, |sender| {
            for width in 30..60 {
                sender.send(Queued::Event(Event::Resize(width, 8))).unwrap();
            }
            let later = sender.clone();
            thread::spawn(move || {
                thread::sleep(RESIZE_QUIET * 3);
                later.send(key('q')).unwrap();
            });
        });
        assert_eq!(ran.program.log, ["Resize(59, 8)"]);
        assert_eq!(ran.program.frames, 1);
    }

    #[test]
    fn quitting_and_signals_end_without_a_frame() {
        let by_key = ran(Counter::default(), 0, |sender| {
            sender.send(key('a')).unwrap();
            sender.send(key('q')).unwrap();
            sender.send(key('a')).unwrap();
        });
        assert_eq!((by_key.code, by_key.program.keys, by_key.written.as_str()), (7, 2, ""));
        let by_signal =
            ran(Counter::default(), 0, |sender| sender.send(Queued::Interruption(Interruption::Exit(143))).unwrap());
        assert_eq!((by_signal.code, by_signal.program.frames), (143, 0));
    }

    #[test]
    fn what_is_not_worth_a_frame_gets_none() {
        let ran = ran(Counter { quiet: true, ..Counter::default() }, 0, |sender| {
            sender.send(Queued::Event(Event::Message("别人改了"))).unwrap();
            let later = sender.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(50));
                later.send(key('q')).unwrap();
            });
        });
        assert_eq!((ran.program.frames, ran.program.log.len()), (0, 1));
    }

    #[test]
    fn a_full_terminal_gets_the_newest_state_later() {
        let ran = ran(Counter::default(), 2, |sender| sender.send(key('a')).unwrap());
        assert_eq!(ran.calls, ["full"]);
        assert_eq!(ran.code, 7);
        assert!(ran.program.frames <= 1, "{} frames", ran.program.frames);
    }

    #[test]
    fn a_suspended_program_draws_nothing_and_repaints_when_it_runs_again() {
        let ran = ran(Counter { shell: true, mouse: true, ..Counter::default() }, 0, |sender| {
            sender.send(key('z')).unwrap();
            sender.send(key('a')).unwrap();
            let later = sender.clone();
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(30));
                later.send(Queued::Interruption(Interruption::Resumed)).unwrap();
                thread::sleep(Duration::from_millis(60));
                later.send(key('q')).unwrap();
            });
        });
        assert_eq!(ran.calls, ["suspend", "resume"]);
        assert_eq!(ran.program.frames, 1);
        assert!(ran.written.contains("[2J键 2") && ran.written.contains("[?1000h"), "{:?}", ran.written);
        assert_eq!(ran.program.log, ["Resumed", "Resize(50, 10)"]);
    }

    /// A key now and each of the others when the loop has drawn.
    fn one_by_one(keys: &'static str) -> impl FnOnce(&Sender<Queued<&'static str>>) + Send + 'static {
        move |sender| {
            let sender = sender.clone();
            thread::spawn(move || {
                for c in keys.chars() {
                    sender.send(key(c)).unwrap();
                    thread::sleep(Duration::from_millis(30));
                }
            });
        }
    }

    #[test]
    fn without_a_shell_the_program_stays_and_is_told() {
        let ran = ran(Counter::default(), 0, one_by_one("zq"));
        assert_eq!(ran.calls, ["suspend"]);
        assert_eq!((ran.program.log, ran.code), (vec!["NotSuspended".to_owned()], 7));
    }

    #[test]
    fn title_and_mouse_are_sent_when_they_change() {
        let written = ran(Counter::default(), 0, one_by_one("aamaamaq")).written;
        assert_eq!(written.matches("\u{1b}]2; - keys\u{7}").count(), 2, "{written:?}");
        assert_eq!(written.matches("\u{1b}]2; - mouse\u{7}").count(), 1);
        assert_eq!(written.matches("\u{1b}[?1000h\u{1b}[?1006h").count(), 1);
        assert_eq!(written.matches("\u{1b}[?1006l\u{1b}[?1000l").count(), 1);
    }

    #[test]
    fn the_environment_says_who_would_answer_a_probe() {
        let settings = |pairs: &'static [(&'static str, &'static str)]| {
            Settings::from_env(None, move |name| {
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_string())
            })
        };
        assert!(!settings(&[("TERM", "xterm-256color")]).multiplexer);
        assert!(settings(&[("TERM", "screen-256color")]).multiplexer);
        assert!(settings(&[("TERM", "xterm"), ("TMUX", "/tmp/tmux-0/default,1,0")]).multiplexer);
        assert!(settings(&[("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")]).ssh);
    }
}
