//! Why a command ended otherwise than well: one sentence, what to do next, and the exit code that scripts read.

use std::io::{self, Write};

use serde_json::json;

use crate::domain::change::Refusal;
use crate::domain::value::{Bilingual, Lang};
use crate::plan::text::nearest;
use crate::store;

/// Kinds of failure; each is an exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The reader of our output went away: not a failure.
    ClosedPipe = 0,
    /// Could not be done.
    Failed = 1,
    /// Asked for what does not exist.
    Usage = 2,
    /// Not permitted.
    Denied = 3,
    /// Somebody changed it first, or the round is not open.
    Conflict = 4,
    /// Invalid plan or records.
    Invalid = 5,
    /// The database is busy, missing, damaged or cannot be written.
    Database = 6,
}

impl FailureKind {
    fn name(self) -> &'static str {
        match self {
            Self::ClosedPipe => "closed_pipe",
            Self::Failed => "failed",
            Self::Usage => "usage",
            Self::Denied => "not_permitted",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::Database => "database",
        }
    }
}

/// A command that ended otherwise than well.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its kind.
    pub kind: FailureKind,
    /// Its name in JSON, where it is finer than the kind's.
    pub name: Option<&'static str>,
    /// What happened; empty where everything has been said already.
    pub message: Bilingual,
    /// What to do next.
    pub next: Option<Box<Bilingual>>,
    /// Key and value that `--json` gives besides.
    pub more: Option<Box<(&'static str, serde_json::Value)>>,
}

impl Failure {
    /// A failure of this kind.
    pub fn new(kind: FailureKind, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::of(kind, Bilingual::new(zh, en))
    }

    /// A failure of this kind with this message.
    pub fn of(kind: FailureKind, message: Bilingual) -> Self {
        Self { kind, name: None, message, next: None, more: None }
    }

    /// The exit code alone: the output has said why.
    pub fn silent(kind: FailureKind) -> Self {
        Self::new(kind, "", "")
    }

    /// A wrong argument.
    pub fn usage(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, zh, en)
    }

    /// With what to do next.
    #[must_use]
    pub fn next(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.next = Some(Box::new(Bilingual::new(zh, en)));
        self
    }

    /// There is no such thing; names the nearest that exists.
    pub fn unknown<'a>(
        zh: &str,
        en: &str,
        name: &str,
        exists: impl IntoIterator<Item = &'a str>,
        list: (&str, &str),
    ) -> Self {
        let failure = Self::usage(format!("没有{zh}「{name}」"), format!("there is no {en} {name:?}"));
        match nearest(name, exists) {
            Some(near) => failure.next(format!("是不是 {near}？"), format!("did you mean {near}?")),
            None => failure.next(list.0, list.1),
        }
    }

    /// Prints it on stderr and gives the exit code.
    pub fn report(&self, lang: Lang, as_json: bool) -> u8 {
        let code = self.kind as u8;
        let message = super::output::safe(self.message.in_lang(lang));
        if message.is_empty() {
            return code;
        }
        let next = self.next.as_ref().map(|n| super::output::safe(n.in_lang(lang)));
        let text = if as_json {
            let mut error = json!({ "code": code, "kind": self.name.unwrap_or(self.kind.name()), "message": message });
            if let Some(next) = next {
                error["next"] = next.into();
            }
            if let Some(more) = &self.more {
                error[more.0] = more.1.clone();
            }
            json!({ "error": error }).to_string()
        } else {
            next.map_or_else(|| format!("error: {message}"), |next| format!("error: {message}\n{next}"))
        };
        // Where stderr is gone too, the exit code is all that is left to say.
        let _ = writeln!(io::stderr().lock(), "{text}");
        code
    }
}

/// Why the system refuses, in Chinese; in its own words where it is something rare.
pub fn system(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::NotFound => "没有这个文件或文件夹",
        Kind::PermissionDenied => "没有权限",
        Kind::IsADirectory => "它是文件夹",
        Kind::NotADirectory => "路径里有一段不是文件夹",
        Kind::StorageFull => "磁盘满了",
        Kind::QuotaExceeded => "超出磁盘配额",
        Kind::ReadOnlyFilesystem => "所在的磁盘只能读",
        Kind::InvalidFilename => "文件名太长或含不能用的字符",
        Kind::FileTooLarge => "文件太大",
        Kind::InvalidData => "内容不是 UTF-8 文字",
        _ => return error.to_string(),
    }
    .to_owned()
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::silent(FailureKind::ClosedPipe);
        }
        Self::new(
            FailureKind::Failed,
            format!("读写失败：{}", system(&error)),
            format!("reading or writing failed: {error}"),
        )
    }
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        let kind = match error.exit_code() {
            2 => FailureKind::Usage,
            3 => FailureKind::Denied,
            4 => FailureKind::Conflict,
            5 => FailureKind::Invalid,
            _ => FailureKind::Database,
        };
        let failure = Self { name: Some(error.kind()), ..Self::of(kind, error.text()) };
        match error {
            store::Error::ReasonNeeded => failure.next("用 --reason 写理由", "give it with --reason"),
            _ => failure,
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::RoundNotOpen(_) => FailureKind::Conflict,
            _ => FailureKind::Invalid,
        };
        Self::of(kind, refusal.text())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_is_quoted_in_chinese() {
        let error = |path: &str| std::fs::read(path).expect_err("no file");
        assert_eq!(system(&error("/nowhere/at/all")), "没有这个文件或文件夹");
        assert_eq!(system(&error("/")), "它是文件夹");
        assert_eq!(system(&error(&format!("/{}", "长".repeat(200)))), "文件名太长或含不能用的字符");
        assert_eq!(system(&io::Error::other("seldom")), "seldom");
    }

    #[test]
    fn a_closed_pipe_ends_with_nought() {
        assert_eq!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).report(Lang::Zh, false), 0);
    }
}
