//! What reaches the app, and what leaves it.

use crate::store::{Reply, Request};

use super::action::Action;
use super::field::Edit;
use super::palette::command::Report;

/// 消息. What reaches the app.
#[derive(Debug)]
pub enum Msg {
    /// A key that means something here.
    Action(Action),
    /// A step of typing in the open field.
    Edit(Edit),
    /// A Han character typed while browsing: it opens the filter.
    Char(char),
    /// Pasted text.
    Paste(String),
    /// The terminal's new size: columns, rows.
    Resize(u16, u16),
    /// The store's answer.
    Reply(Reply),
    /// What another command printed.
    Report(Report, String),
    /// What an export said.
    Exported(String),
    /// The file of an export is there already; nothing was written.
    FileThere {
        /// The words of the command.
        words: Vec<String>,
        /// A name beside it that is free.
        free: String,
    },
}

/// 效果. What leaves the app.
#[derive(Debug)]
pub enum Effect {
    /// To the store.
    Send(Request),
    /// The program ends.
    Quit,
    /// Stop the process, as Ctrl-Z does.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// A text for the person's clipboard.
    Copy(String),
    /// The person chose a skin: what the command line asked for is past.
    Skin,
    /// Run another command and bring what it prints as [`Msg::Report`].
    Report(Report),
    /// Run an export by the words of its command and bring what it says as [`Msg::Exported`]; where its file is there
    /// already, [`Msg::FileThere`].
    Export(Vec<String>),
    /// Run an export whose file may be there already: the person was asked.
    Replace(Vec<String>),
}
