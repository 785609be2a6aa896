//! 解析进程. Workbooks are parsed in a child process of the same program, which has little memory, little time and
//! nothing but its standard input; whatever a file does to it, this process only hears that it ended.

use std::cell::RefCell;
use std::io::{self, BufReader, Read as _, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::failure::{Failure, FailureKind};
use crate::exchange::workbook::{self, Broken, LARGEST, Workbook};
use crate::session::hardening;

/// The hidden command that the child runs.
pub const COMMAND: &str = "parse-workbook";
/// Longest life of the child.
const LIFE: Duration = Duration::from_secs(30);
/// What the child may use: address space, seconds of processor time, open files, size of a core.
const LIMITS: [(Resource, u64); 4] =
    [(Resource::As, 512 << 20), (Resource::Cpu, 20), (Resource::Nofile, 16), (Resource::Core, 0)];

/// A child that waits for its workbook. A session starts it before it locks itself in.
#[derive(Debug)]
pub struct Parser(Child);

impl Drop for Parser {
    /// It has nothing more to say, whatever it does: no child outlives its workbook.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A child that was started ahead, where none can be started later.
#[derive(Debug, Default)]
pub struct Waiting(RefCell<Option<Parser>>);

impl Waiting {
    /// Starts it.
    ///
    /// # Errors
    /// As [`Parser::spawn`].
    pub fn start(&self) -> Result<(), Failure> {
        self.0.replace(Some(Parser::spawn()?));
        Ok(())
    }

    /// The one that waits, or a new one.
    ///
    /// # Errors
    /// As [`Parser::spawn`].
    pub fn take(&self) -> Result<Parser, Failure> {
        self.0.take().map_or_else(Parser::spawn, Ok)
    }
}

/// What the reading thread tells.
enum News {
    Cells(usize),
    Done(Result<Workbook, Broken>),
}

impl Parser {
    /// Starts the child.
    ///
    /// # Errors
    /// No process can be started.
    pub fn spawn() -> Result<Self, Failure> {
        Command::new("/proc/self/exe")
            .arg(COMMAND)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(|e| {
                let (zh, en) = (format!("解析进程启动不了：{e}"), format!("the parser cannot be started: {e}"));
                Failure::new(FailureKind::Failed, zh, en)
            })
    }

    /// The cells of a workbook; `progress` hears how many have come.
    ///
    /// # Errors
    /// It is refused, or the child ended over it.
    pub fn workbook(
        mut self,
        name: &str,
        bytes: Vec<u8>,
        mut progress: impl FnMut(usize),
    ) -> Result<Workbook, Failure> {
        let (stdin, stdout) = (self.0.stdin.take(), self.0.stdout.take());
        let (tell, news) = mpsc::channel();
        let writer = std::thread::spawn(move || {
            // A child that is gone takes no more; its reader finds out.
            stdin.map(|mut stdin| stdin.write_all(&bytes).and_then(|()| stdin.flush()))
        });
        let reader = std::thread::spawn(move || {
            let read = stdout.map_or(Err(Broken::Ended), |stdout| {
                // Nobody to hear of progress is no reason to stop.
                Workbook::read(BufReader::with_capacity(1 << 16, stdout), |n| drop(tell.send(News::Cells(n))))
            });
            drop(tell.send(News::Done(read)));
        });
        let end = Instant::now() + LIFE;
        let read = loop {
            match news.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(News::Cells(n)) => progress(n),
                Ok(News::Done(read)) => break read,
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break Err(Broken::Ended),
            }
        };
        // Without the child both threads come to their end.
        drop(self);
        let _ = (writer.join(), reader.join());
        read.map_err(|broken| said(name, broken))
    }
}

fn said(name: &str, broken: Broken) -> Failure {
    match broken {
        Broken::Refused(why) => {
            Failure::new(FailureKind::Invalid, format!("{name}：{}", why.zh), format!("{name}: {}", why.en))
        }
        Broken::Ended | Broken::Io(_) => Failure::new(
            FailureKind::Invalid,
            format!("{name} 读不了：解析它的进程超出了内存或时间的限度，或因文件损坏而终止"),
            format!("{name} cannot be read: its parser ran out of memory or time, or ended over a damaged file"),
        )
        .next(
            "用 Excel 或 WPS 打开，只留需要的表，另存为新的 .xlsx",
            "open it in Excel or WPS, keep only the sheets that are needed, and save it as a new .xlsx",
        ),
    }
}

/// The child: limits itself and locks itself in, reads the workbook, writes its cells, ends.
#[must_use]
pub fn run() -> ExitCode {
    for (resource, most) in LIMITS {
        // Who gave this process less than that meant it.
        let most = getrlimit(resource).maximum.map_or(most, |given| given.min(most));
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        if setrlimit(resource, limit).is_err() {
            return ExitCode::FAILURE;
        }
    }
    // Before the first byte of the workbook: whatever it does to this process, no program is started, and nobody looks in.
    if hardening::harden().and_then(|()| hardening::start_no_programs()).is_err() {
        return ExitCode::FAILURE;
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes);
    let out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    match read.and_then(|_| workbook::parse(&bytes, out)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
