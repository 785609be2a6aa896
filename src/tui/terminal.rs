//! Taking the terminal and giving it back: on the ordinary way out, on an error, on a panic and on a signal.

use crate::domain::value::Bilingual;
use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// The window's name kept, alternate screen, autowrap off, bracketed paste on, cursor hidden.
const ENTER: &[u8] = b"\x1b[22;2t\x1b[?1049h\x1b[?7l\x1b[?2004h\x1b[?25l";
/// The reverse, after closing a frame that may have been cut off and letting go of the mouse.
const LEAVE: &[u8] = b"\x1b[?2026l\x1b[?1006l\x1b[?1000l\x1b[m\x1b[?25h\x1b[?2004l\x1b[?7h\x1b[?1049l\x1b[23;2t";
/// How long the loop has to end by itself after a signal or a hang-up.
const PATIENCE: Duration = Duration::from_secs(1);

/// The terminal's modes are ours at the moment.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Why the dashboard cannot open.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Input or output is not a terminal, or one that cannot place a cursor.
    #[error("needs a terminal; `dukao status` prints text")]
    NotATerminal,
    /// The terminal reads GBK, not UTF-8; see [`gbk_advice`].
    #[error("the terminal is not set to UTF-8")]
    NotUtf8,
    /// The terminal refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Error {
    /// For the person.
    #[must_use]
    pub fn text(&self) -> Bilingual {
        match self {
            Self::NotATerminal => Bilingual::new(
                "需要终端；用 dukao status 看文字版",
                "a terminal is needed; `dukao status` shows the text version",
            ),
            Self::NotUtf8 => Bilingual::new("终端不是 UTF-8 编码", "the terminal is not set to UTF-8"),
            Self::Io(error) => Bilingual::new(format!("终端出错：{error}"), format!("terminal error: {error}")),
        }
    }
}

/// What to tell the person behind a GBK terminal, in bytes that such a terminal can show: Chinese in GBK, then ASCII.
#[must_use]
pub fn gbk_advice() -> Vec<u8> {
    let text = "督考: 终端的编码是 GBK，请改为 UTF-8 后再打开。\r\n\
                Xshell: 文件 > 属性 > 终端 > 编码 > UTF-8。PuTTY: Window > Translation > UTF-8。\r\n\
                dukao: this terminal reads GBK. Set it to UTF-8 (Xshell: Properties > Terminal > Encoding; \
                PuTTY: Window > Translation > Remote character set) and start again.\r\n";
    encoding_rs::GBK.encode(text).0.into_owned()
}

/// The terminal to write to: each `write` is one system call.
#[derive(Debug, Default)]
pub struct Tty;

impl Write for Tty {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        loop {
            match rustix::io::write(io::stdout().as_fd(), buf) {
                Err(rustix::io::Errno::INTR) => {}
                result => return Ok(result?),
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether the dashboard can open here.
///
/// # Errors
/// When input or output is not a terminal, or `TERM` is `dumb`.
pub fn check(term: Option<&str>) -> Result<(), Error> {
    let terminals = rustix::termios::isatty(io::stdin().as_fd()) && rustix::termios::isatty(io::stdout().as_fd());
    if terminals && term != Some("dumb") { Ok(()) } else { Err(Error::NotATerminal) }
}

/// Columns and rows that the terminal reports; 0 by 0 if it does not.
#[must_use]
pub fn size() -> (u16, u16) {
    rustix::termios::tcgetwinsize(io::stdout().as_fd()).map_or((0, 0), |size| (size.ws_col, size.ws_row))
}

/// Whether the terminal takes bytes at the moment. If not, a frame is left out rather than waited for.
#[must_use]
pub fn is_writable() -> bool {
    is_writable_within(0)
}

fn is_writable_within(seconds: i64) -> bool {
    let stdout = io::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    let wait = rustix::event::Timespec { tv_sec: seconds, tv_nsec: 0 };
    // An error is for the write itself to report.
    poll(&mut fds, Some(&wait)).map_or(true, |ready| ready > 0)
}

/// Whether the terminal has hung up: its window was closed or its connection dropped.
#[must_use]
pub fn is_gone() -> bool {
    let stdin = io::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
    let now = rustix::event::Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut fds, Some(&now)).is_ok_and(|ready| ready > 0)
}

/// Waits until the terminal takes bytes again.
pub fn wait_writable() {
    let stdout = io::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    while poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
}

/// Whether the terminal is mosh's: nothing in the environment says so, but one of our ancestors does.
#[must_use]
pub fn behind_mosh() -> bool {
    let mut id = std::process::id();
    for _ in 0..8 {
        let Ok(stat) = std::fs::read_to_string(format!("/proc/{id}/stat")) else { return false };
        // `1234 (name) S 1233 …`; the name may hold anything.
        let Some((name, rest)) = stat.rsplit_once(')') else { return false };
        if name.ends_with("(mosh-server") {
            return true;
        }
        match rest.split_whitespace().nth(1).and_then(|parent| parent.parse().ok()) {
            Some(parent) if parent > 1 => id = parent,
            _ => return false,
        }
    }
    false
}

/// Whether there is a job-control shell that would come back after Ctrl-Z: the shell leads the session, we do not.
/// A leader outside our pid namespace reads as 0 (for which rustix has no value): nobody there minds our job.
#[must_use]
pub fn has_shell() -> bool {
    use nix::unistd::{getpgrp, getsid};
    getsid(None).is_ok_and(|session| session.as_raw() != 0 && session != getpgrp())
}

/// Stops the whole job, a `cargo run` around us included. Comes back when the shell continues it.
///
/// # Errors
/// When the signal cannot be sent.
pub fn stop() -> io::Result<()> {
    Ok(rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?)
}

/// Holds the terminal; giving it back is its `Drop`.
#[derive(Debug)]
pub struct Guard(());

impl Guard {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When the terminal refuses raw mode or writing.
    pub fn enter() -> io::Result<Self> {
        static HOOK: Once = Once::new();
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                restore();
                before(info);
            }));
        });
        let guard = Self(());
        guard.take()?;
        Ok(guard)
    }

    fn take(&self) -> io::Result<()> {
        ENTERED.store(true, Ordering::SeqCst);
        crossterm::terminal::enable_raw_mode()?;
        Tty.write_all(ENTER)
    }

    /// Gives the terminal back for a while.
    pub fn leave(&self) {
        restore();
    }

    /// Takes the terminal again, also when a shell changed its modes behind our back.
    ///
    /// # Errors
    /// When the terminal refuses raw mode or writing.
    pub fn take_again(&self) -> io::Result<()> {
        // crossterm takes a second `enable` for a mistake and does nothing.
        crossterm::terminal::disable_raw_mode()?;
        self.take()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Gives the terminal back, once, whoever asks. There is nobody to tell if it fails.
pub fn restore() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Behind a frozen connection nobody would see it, and quitting must not hang.
        if is_writable_within(1) {
            let _ = Tty.write_all(LEAVE);
        }
        let _ = crossterm::terminal::disable_raw_mode();
    }
}

/// As [`restore`], but never waits: from the signal thread, while the main thread may hang in a write.
fn restore_at_once() {
    use rustix::fs::{Mode, OFlags};
    if !ENTERED.swap(false, Ordering::SeqCst) {
        return;
    }
    // Opened anew, so that O_NONBLOCK is ours alone and not the shell's as well.
    let own = rustix::fs::open(
        "/proc/self/fd/1",
        OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC,
        Mode::empty(),
    );
    match own {
        Ok(tty) => _ = rustix::io::write(&tty, LEAVE),
        Err(_) if is_writable() => _ = rustix::io::write(io::stdout().as_fd(), LEAVE),
        Err(_) => {}
    }
    let _ = crossterm::terminal::disable_raw_mode();
}

/// What the threads that watch over the process tell the loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interruption {
    /// End with that code, within a second.
    Exit(i32),
    /// Somebody asks us to stop (`kill -TSTP`).
    Suspend,
    /// We run again after a stop.
    Resumed,
}

/// Starts the signal thread and the hang-up watchdog. Both sleep until something happens.
///
/// Each first tells the loop, waits a second, and then ends the process itself, whatever the loop does: crossterm's
/// reader never notices that its terminal is gone.
///
/// # Errors
/// When the handlers cannot be set or a thread cannot be started.
pub fn watch(tell: impl Fn(Interruption) + Clone + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGHUP, SIGTERM, SIGINT, SIGTSTP, SIGCONT])?;
    let hang_up = tell.clone();
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => tell(Interruption::Suspend),
                SIGCONT => tell(Interruption::Resumed),
                _ => end(128 + signal, &tell),
            }
        }
    })?;
    thread::Builder::new().name("hang-up".into()).spawn(move || {
        let stdin = io::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
        while poll(&mut fds, None) == Err(rustix::io::Errno::INTR) {}
        end(128 + SIGHUP, &hang_up);
    })?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "the process ends in a second, whatever the loop does")]
fn end(code: i32, tell: &impl Fn(Interruption)) -> ! {
    tell(Interruption::Exit(code));
    thread::sleep(PATIENCE);
    restore_at_once();
    // Not `std::process::exit`: it would wait for locks that a hanging thread may hold.
    signal_hook::low_level::exit(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaving_undoes_entering_in_reverse() {
        let modes = |bytes: &'static [u8]| {
            let text = std::str::from_utf8(bytes).unwrap();
            text.split("\u{1b}[").filter_map(|part| part.strip_prefix('?')).map(str::to_string).collect::<Vec<_>>()
        };
        let undone = |mode: &String| {
            let (number, letter) = mode.split_at(mode.len() - 1);
            format!("{number}{}", if letter == "h" { "l" } else { "h" })
        };
        let expected: Vec<_> = modes(ENTER).iter().rev().map(undone).collect();
        assert_eq!(modes(LEAVE)[..3], ["2026l", "1006l", "1000l"]);
        assert_eq!(modes(LEAVE)[3..], expected);
    }

    #[test]
    fn the_advice_for_gbk_terminals_is_gbk() {
        let advice = gbk_advice();
        assert!(std::str::from_utf8(&advice).is_err());
        let (text, _, wrong) = encoding_rs::GBK.decode(&advice);
        assert!(!wrong && text.contains("请改为 UTF-8"));
    }

    #[test]
    fn a_test_run_has_no_dumb_dashboard() {
        assert!(matches!(check(Some("dumb")), Err(Error::NotATerminal)));
        assert!(Error::NotATerminal.text().zh.contains("dukao status"));
    }
}
