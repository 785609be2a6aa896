//! What the environment says about the terminal and whoever stands between it and us.

use crate::tui::glyphs::Skin;
use crate::tui::terminal;

/// What the loop is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The skin, or None to measure the terminal after the first picture.
    pub skin: Option<Skin>,
    /// The person sits behind an SSH connection.
    pub ssh: bool,
    /// The answer to a measurement would be a multiplexer's (tmux, screen, mosh).
    pub multiplexer: bool,
    /// GNU screen may stand between, which keeps a copy to itself unless it is wrapped.
    pub screen: bool,
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
            screen: variable("TMUX").is_none() && (variable("STY").is_some() || term.starts_with("screen")),
            suspend: terminal::has_shell(),
            titles: ["xterm", "screen", "tmux", "rxvt", "putty"].iter().any(|name| term.starts_with(name)),
        }
    }
}
