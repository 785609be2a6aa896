//! What the loop does to the terminal besides drawing.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use super::inbox::Queued;
use crate::tui::terminal::{self, Guard};

/// What the loop does to the terminal besides drawing. A seam for the tests.
pub(super) trait Outside {
    fn writable(&mut self) -> bool;
    /// Have [`Queued::Writable`] sent when it is again.
    fn tell_when_writable(&mut self) -> io::Result<()>;
    /// False if there is no shell to come back to.
    fn suspend(&mut self) -> io::Result<bool>;
    fn resume(&mut self) -> io::Result<(u16, u16)>;
}

pub(super) struct Real<'a, M> {
    pub(super) guard: &'a Guard,
    pub(super) sender: Sender<Queued<M>>,
    pub(super) suspend: bool,
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
