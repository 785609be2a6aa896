//! `status --watch`: printed anew after every commit of any session; in between it sleeps.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};

use crate::cli::failure::Failure;
use crate::cli::folder::Opened;

/// What ends the sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Woken {
    /// Somebody saved something.
    Bell,
    /// Whoever read our output is gone.
    Gone,
}

/// Prints now and after every commit, until the reader of the output is gone or the process is stopped.
///
/// # Errors
/// The output cannot be written, the database not be read, or no thread be started.
pub fn watch(opened: &mut Opened, mut print: impl FnMut(&Opened) -> Result<(), Failure>) -> Result<(), Failure> {
    let woken = sources(opened)?;
    loop {
        // The window may have another size than before.
        opened.out = crate::cli::output(&opened.options);
        print(opened)?;
        // Whoever closes the database touches the bell, too: only what changed something is news.
        loop {
            let first = woken.recv().unwrap_or(Woken::Gone);
            if std::iter::once(first).chain(woken.try_iter()).any(|w| w == Woken::Gone) {
                return Ok(());
            }
            if opened.store.refresh()? {
                break;
            }
        }
        opened.data = opened.store.snapshot_for(&opened.actor, opened.options.as_of);
    }
}

/// Rows of the terminal that we print to.
pub fn rows() -> Option<usize> {
    rustix::termios::tcgetwinsize(io::stdout()).ok().map(|w| usize::from(w.ws_row)).filter(|rows| *rows > 2)
}

/// The bell, and the end of the output.
fn sources(opened: &Opened) -> Result<Receiver<Woken>, Failure> {
    let (sender, woken) = mpsc::channel();
    let bell = sender.clone();
    opened.store.watch(move || bell.send(Woken::Bell).is_ok())?;
    thread::Builder::new().name("output".into()).spawn(move || hang_up(&sender))?;
    Ok(woken)
}

/// Sleeps until the terminal or the pipe that we print to is closed at its other end.
fn hang_up(sender: &Sender<Woken>) {
    let stdout = io::stdout();
    loop {
        let mut output = [PollFd::new(&stdout, PollFlags::empty())];
        match poll(&mut output, None) {
            Err(rustix::io::Errno::INTR) => {}
            // Nobody listens where the command has ended already.
            Ok(_) | Err(_) => {
                let _ = sender.send(Woken::Gone);
                return;
            }
        }
    }
}
