//! What is wrong in a file, where, and what would be right.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::domain::value::{Bilingual, Lang};

/// One error of the plan, at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// `district.toml`, `projects.toml`, `scoring.toml`, `targets.toml`, or a file that was named.
    pub file: Cow<'static, str>,
    /// Counted from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: Bilingual,
    /// What would be right.
    pub hint: Option<Bilingual>,
    /// The line as it stands in the file.
    pub source: String,
    /// The bytes of the line that are meant.
    pub span: Range<usize>,
}

impl Diagnostic {
    /// An error of a file as a whole.
    #[must_use]
    pub fn of_file(file: impl Into<Cow<'static, str>>, message: Bilingual) -> Self {
        Self { file: file.into(), line: 0, column: 0, message, hint: None, source: String::new(), span: 0..0 }
    }

    /// Message, place, the line with a caret, and what would be right, as plain text without colour.
    #[must_use]
    pub fn render(&self, lang: Lang) -> String {
        // The same word in both languages: scripts read it.
        let word = "error";
        let message = self.message.in_lang(lang);
        if self.line == 0 {
            return format!("{word}: {}: {message}", self.file);
        }
        let label = self.hint.as_ref().map(|h| h.in_lang(lang));
        let mut at = AnnotationKind::Primary.span(self.span.clone());
        if let Some(label) = label {
            at = at.label(label);
        }
        let snippet = Snippet::source(self.source.as_str())
            .line_start(self.line)
            .path(self.file.as_ref())
            .fold(false)
            .annotation(at);
        let group = Level::ERROR.with_name(word).primary_title(message).element(snippet);
        Renderer::plain().decor_style(DecorStyle::Ascii).render(&[group])
    }
}

/// Each of them, one below the other.
#[must_use]
pub fn render_each(all: &[Diagnostic], lang: Lang) -> String {
    let mut text = String::new();
    for d in all {
        text.push_str(&d.render(lang));
        text.push_str("\n\n");
    }
    text
}

/// All of them, and that the plan was not taken, for a terminal or a log.
#[must_use]
pub fn render_all(all: &[Diagnostic], lang: Lang) -> String {
    let mut text = render_each(all, lang);
    let _ = match lang {
        Lang::Zh => writeln!(text, "共 {} 处错误，计划未采用。", all.len()),
        Lang::En => writeln!(text, "{} error(s); the plan was not taken.", all.len()),
    };
    text
}
