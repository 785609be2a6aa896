//! A terminal for tests: starts a program in a pseudo-terminal, types, and reads the screen as a person would.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, OutputModes, Winsize, tcgetattr, tcsetwinsize};
use std::io;
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

mod dashboard;
mod harness;
mod terminal;
mod variants;
mod window;

/// How long anything may take before a test gives up. Long: the machine may be busy; nothing waits for it in vain.
const DEADLINE: Duration = Duration::from_secs(20);

/// A program in a pseudo-terminal.
pub struct Pty {
    /// None after a hang-up.
    master: Option<OwnedFd>,
    child: Child,
    parser: vt100::Parser,
    /// Everything that the program wrote.
    pub written: Vec<u8>,
    /// Answers cursor position and device attribute requests, as a terminal does.
    pub answers: bool,
    /// Says that ambiguous glyphs are two cells wide, as East Asian terminals do.
    pub wide: bool,
    /// Reads GBK: three bytes of UTF-8 and an `x` are two characters of two cells.
    pub gbk: bool,
    closed: bool,
}

impl Pty {
    /// Starts a program in a terminal of its own with these columns and rows: it leads the session, and the terminal is
    /// its controlling one, so that it gets hang-ups, sizes and job control as in real life.
    ///
    /// # Panics
    /// When there are no pseudo-terminals here.
    pub fn start(program: &str, args: &[&str], env: &[(&str, &str)], (width, height): (u16, u16)) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect("a pseudo-terminal");
        grantpt(&master).expect("granted");
        unlockpt(&master).expect("unlocked");
        let name = ptsname(&master, Vec::new()).expect("its name");
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let slave = rustix::fs::open(name.as_c_str(), flags, Mode::empty()).expect("its other end");
        tcsetwinsize(&master, winsize(width, height)).expect("its size");
        let copy = || Stdio::from(slave.try_clone().expect("a copy"));
        // The standard library has no safe way to take a controlling terminal; util-linux has.
        let child = Command::new("setsid")
            .arg("--ctty")
            .arg(program)
            .args(args)
            .env("TERM", "xterm")
            .env_remove("SSH_CONNECTION")
            .env_remove("TMUX")
            .env_remove("STY")
            .env_remove("NO_COLOR")
            .envs(env.iter().copied())
            .stdin(copy())
            .stdout(copy())
            .stderr(copy())
            .spawn()
            .expect("setsid of util-linux");
        let parser = vt100::Parser::new(nonzero(height), nonzero(width), 0);
        Self {
            master: Some(master),
            child,
            parser,
            written: Vec::new(),
            answers: true,
            wide: false,
            gbk: false,
            closed: false,
        }
    }

    /// Types.
    pub fn send(&mut self, keys: impl AsRef<[u8]>) {
        let master = self.master.as_ref().expect("the terminal is there");
        let mut keys = keys.as_ref();
        while !keys.is_empty() {
            let count = rustix::io::write(master, keys).expect("the program's keyboard");
            keys = &keys[count..];
        }
    }

    /// Gives the window another size.
    pub fn resize(&mut self, width: u16, height: u16) {
        let master = self.master.as_ref().expect("the terminal is there");
        self.parser.screen_mut().set_size(nonzero(height), nonzero(width));
        tcsetwinsize(master, winsize(width, height)).expect("a new size");
    }

    /// Reads what the program writes within that time; true if it wrote something.
    fn pump(&mut self, wait: Duration) -> bool {
        let Some(master) = self.master.as_ref().filter(|_| !self.closed) else {
            pause(wait.min(Duration::from_millis(10)));
            return false;
        };
        let wait = Timespec { tv_sec: wait.as_secs().cast_signed(), tv_nsec: wait.subsec_nanos().into() };
        let mut fds = [PollFd::new(master, PollFlags::IN)];
        if !matches!(poll(&mut fds, Some(&wait)), Ok(1..)) {
            return false;
        }
        let mut chunk = [0; 65536];
        match rustix::io::read(master, &mut chunk) {
            Ok(count) if count > 0 => {
                self.written.extend_from_slice(&chunk[..count]);
                self.show(&chunk[..count]);
                true
            }
            // On Linux the end of the other side is an error.
            _ => {
                self.closed = true;
                false
            }
        }
    }

    /// Feeds the emulator, and answers what the program asks the terminal.
    fn show(&mut self, mut bytes: &[u8]) {
        const REQUESTS: [&[u8]; 2] = [b"\x1b[6n", b"\x1b[c"];
        while self.answers {
            let next = REQUESTS.iter().filter_map(|request| Some((find(bytes, request)?, *request))).min();
            let Some((at, request)) = next else { break };
            self.parser.process(&bytes[..at]);
            let (row, mut column) = self.parser.screen().cursor_position();
            // The probe's glyph stands at the beginning of the line.
            let glyph = self.parser.screen().cell(row, 0).map(|cell| cell.contents().to_owned()).unwrap_or_default();
            column += u16::from(self.wide && dukao::tui::fit::is_ambiguous(&glyph));
            column += u16::from(self.gbk && glyph == "中");
            let answer = if request == REQUESTS[0] {
                format!("\u{1b}[{};{}R", row + 1, column + 1)
            } else {
                "\u{1b}[?62;22c".into()
            };
            self.send(answer);
            bytes = &bytes[at + request.len()..];
        }
        self.parser.process(bytes);
    }

    /// Reads until the program has been silent for that long.
    pub fn settle(&mut self, quiet: Duration) {
        let end = Instant::now() + DEADLINE;
        while self.pump(quiet) && Instant::now() < end {}
    }

    /// Reads until the screen is as wanted.
    ///
    /// # Panics
    /// With the screen, when that does not happen in time.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + DEADLINE;
        while !wanted(self.parser.screen()) {
            assert!(Instant::now() < end, "{what}: not on the screen in time:\n{}", self.contents());
            self.pump(Duration::from_millis(100));
        }
    }

    /// Reads until a text stands on the screen.
    #[track_caller]
    pub fn wait_text(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// The screen.
    pub fn screen(&self) -> &vt100::Screen {
        self.parser.screen()
    }

    /// The screen as text.
    pub fn contents(&self) -> String {
        self.parser.screen().contents()
    }

    /// The screen as text, its rows without the blanks at their ends: whether a blank was written or erased, nobody sees.
    pub fn rows(&self) -> Vec<String> {
        rows(self.screen())
    }

    /// Whether the terminal passes keys on as they are typed, without echo or line editing.
    pub fn is_raw(&self) -> bool {
        let modes = tcgetattr(self.master.as_ref().expect("the terminal is there")).expect("its modes");
        !modes.local_modes.intersects(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
            && !modes.output_modes.contains(OutputModes::OPOST)
    }

    /// Checks that the terminal is as a shell expects it: ordinary modes, main screen, visible cursor, no bracketed paste,
    /// autowrap on.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn assert_restored(&mut self) {
        self.settle(Duration::from_millis(50));
        assert!(!self.is_raw(), "the terminal is still raw");
        let screen = self.screen();
        assert!(!screen.alternate_screen(), "still on the alternate screen");
        assert!(!screen.hide_cursor(), "the cursor is still hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is still on");
        let last = |mode: &str| self.written.windows(mode.len()).rposition(|window| window == mode.as_bytes());
        assert!(last("\u{1b}[?7l") <= last("\u{1b}[?7h"), "autowrap is still off");
        assert!(last("\u{1b}[?2026h") <= last("\u{1b}[?2026l"), "a frame is still open");
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: rustix::process::Signal) {
        let id = i32::try_from(self.child.id()).expect("a process id");
        let id = rustix::process::Pid::from_raw(id).expect("a process id");
        rustix::process::kill_process(id, signal).expect("the program runs");
    }

    /// Closes the window.
    pub fn hang_up(&mut self) {
        self.master = None;
    }

    /// Waits until the program has ended, and reads the rest of what it wrote.
    ///
    /// # Panics
    /// When it does not end in time.
    #[track_caller]
    pub fn wait_exit(&mut self) -> ExitStatus {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.try_exit().expect("the program is our child") {
                while self.pump(Duration::ZERO) {}
                return status;
            }
            assert!(Instant::now() < end, "the program has not ended in time:\n{}", self.contents());
            self.pump(Duration::from_millis(10));
        }
    }

    /// As [`Self::wait_exit`], while nobody reads what the program writes.
    ///
    /// # Panics
    /// When it does not end in time.
    #[track_caller]
    pub fn wait_exit_unread(&mut self) -> ExitStatus {
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(status) = self.try_exit().expect("the program is our child") {
                return status;
            }
            assert!(Instant::now() < end, "the program has not ended in time");
            pause(Duration::from_millis(10));
        }
    }

    fn try_exit(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    /// How often the program's threads have gone to sleep, all together: if it does not change, nothing woke.
    pub fn sleeps(&self) -> u64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("the program runs");
        tasks
            .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("status")).ok())
            .filter_map(|status| {
                let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"))?;
                line.split_whitespace().nth(1)?.parse::<u64>().ok()
            })
            .sum()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rows(screen: &vt100::Screen) -> Vec<String> {
    screen.contents().lines().map(|row| row.trim_end().to_owned()).collect()
}

/// Lets the program go on for a while without reading what it writes.
#[expect(clippy::disallowed_methods, reason = "nothing can be waited for: the terminal is not read or gone")]
fn pause(time: Duration) {
    thread::sleep(time);
}

const fn winsize(width: u16, height: u16) -> Winsize {
    Winsize { ws_col: width, ws_row: height, ws_xpixel: 0, ws_ypixel: 0 }
}

fn nonzero(n: u16) -> std::num::NonZeroU16 {
    std::num::NonZeroU16::new(n).expect("a size")
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
