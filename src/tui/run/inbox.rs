//! The one channel: keys, sizes, signals and what the program's own threads send.

use std::sync::mpsc::{self, Receiver, Sender};

use super::program::Event;
use crate::tui::terminal::Interruption;

/// One entry of the channel.
#[derive(Debug)]
pub(super) enum Queued<M> {
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
    pub(super) sender: Sender<Queued<M>>,
    pub(super) receiver: Receiver<Queued<M>>,
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
