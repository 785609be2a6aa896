//! What the commands print: tables that are aligned on a terminal and TSV in a pipe, plain lines, JSON.

use std::io::{self, IsTerminal, Write};

use serde::Serialize;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::failure::Failure;
use crate::domain::border::hostile;
pub use crate::domain::border::safe;
use crate::domain::value::Lang;

/// Where and how to print.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    /// Language of headers and sentences.
    pub lang: Lang,
    /// Columns of the terminal; none in a pipe.
    pub width: Option<usize>,
    /// Whether attributes may be used.
    pub color: bool,
}

/// When to use attributes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal that has them, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Output {
    /// For this process's stdout.
    #[must_use]
    pub fn stdout(lang: Lang, color: Color) -> Self {
        let stdout = io::stdout();
        let width = stdout.is_terminal().then(|| {
            rustix::termios::tcgetwinsize(&stdout)
                .map_or(80, |w| if w.ws_col == 0 { 80 } else { usize::from(w.ws_col) })
        });
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty())
            || std::env::var_os("TERM").is_none_or(|t| t == "dumb");
        let color = match color {
            Color::Auto => width.is_some() && !plain,
            Color::Always => true,
            Color::Never => false,
        };
        Self { lang, width, color }
    }

    /// One of two wordings.
    #[must_use]
    pub fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    /// Prints text, in one write.
    ///
    /// # Errors
    /// Stdout cannot be written, or its reader is gone.
    pub fn text(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        Ok(out.flush()?)
    }

    /// Prints lines, each cut to the terminal.
    ///
    /// # Errors
    /// As [`Output::text`].
    pub fn lines<S: AsRef<str>>(&self, lines: &[S]) -> Result<(), Failure> {
        let mut text = String::new();
        for line in lines {
            let line = safe(line.as_ref());
            text.push_str(&self.width.map_or_else(|| line.clone(), |w| cut(&line, w)));
            text.push('\n');
        }
        self.text(&text)
    }

    /// Prints a document: two blanks of indent on a terminal, one line in a pipe.
    ///
    /// # Errors
    /// As [`Output::text`].
    pub fn json(&self, document: &impl Serialize) -> Result<(), Failure> {
        let text =
            if self.width.is_some() { serde_json::to_string_pretty(document) } else { serde_json::to_string(document) };
        self.text(&(escaped(&text.map_err(io::Error::from)?) + "\n"))
    }
}

/// JSON with characters that act or hide written as JSON escapes: the same values, and nothing for a terminal to act on.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && hostile(c.encode_utf8(&mut [0; 4])).is_some() {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

/// Cuts to a display width without halving a character; what was cut ends in `..`.
#[must_use]
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let room = width.saturating_sub(2);
    let (mut out, mut used) = (String::new(), 0);
    for g in text.graphemes(true) {
        used += g.width();
        if used > room {
            break;
        }
        out.push_str(g);
    }
    out.push_str(&".."[..2.min(width)]);
    out
}

/// A column: its header, and how it behaves.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header in Chinese.
    pub zh: &'static str,
    /// Header in English.
    pub en: &'static str,
    /// Numbers stand at the right.
    pub right: bool,
    /// May be cut down to this width where the terminal is narrow.
    pub shrink: Option<usize>,
    /// Leaves a narrow terminal; the greatest number first, 0 stays.
    pub leaves: u8,
}

impl Column {
    /// The same column, which leaves a narrow terminal in this order: the greatest number first.
    #[must_use]
    pub const fn leaves(mut self, order: u8) -> Self {
        self.leaves = order;
        self
    }
}

/// A column of short words.
#[must_use]
pub const fn word(zh: &'static str, en: &'static str) -> Column {
    Column { zh, en, right: false, shrink: None, leaves: 0 }
}

/// A column of numbers.
#[must_use]
pub const fn figure(zh: &'static str, en: &'static str) -> Column {
    Column { zh, en, right: true, shrink: None, leaves: 0 }
}

/// A column of names, which are cut first.
#[must_use]
pub const fn name(zh: &'static str, en: &'static str) -> Column {
    Column { zh, en, right: false, shrink: Some(12), leaves: 0 }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// An empty one.
    #[must_use]
    pub fn new(columns: &[Column]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row with one cell per column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|c| safe(&c).replace('\n', " ")).collect());
    }

    /// Nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// As printed.
    #[must_use]
    pub fn render(&self, out: &Output) -> String {
        let header: Vec<String> = self.columns.iter().map(|c| out.say(c.zh, c.en).to_owned()).collect();
        let Some(terminal) = out.width else {
            return std::iter::once(&header).chain(&self.rows).map(|cells| cells.join("\t") + "\n").collect();
        };
        let shown = self.shown(&header, terminal);
        let mut text = String::new();
        for (i, cells) in std::iter::once(&header).chain(&self.rows).enumerate() {
            let line = self.line(cells, &shown, terminal);
            if i == 0 && out.color {
                text.push_str("\u{1b}[4m");
                text.push_str(&line);
                text.push_str("\u{1b}[0m\n");
            } else {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    }

    /// The columns that fit, with their display widths: some leave in their order, then names give way.
    fn shown(&self, header: &[String], terminal: usize) -> Vec<(usize, usize)> {
        let widest = |i: usize| {
            let cells = self.rows.iter().filter_map(|r| r.get(i)).map(|c| c.width()).max().unwrap_or(0);
            cells.max(header[i].width())
        };
        let mut shown: Vec<(usize, usize)> = (0..header.len()).map(|i| (i, widest(i))).collect();
        let gaps = |n: usize| 2 * n.saturating_sub(1);
        // A header is never cut.
        let floor = |i: usize| self.columns[i].shrink.map(|min| min.max(header[i].width()));
        let least = |(i, w): &(usize, usize)| floor(*i).map_or(*w, |min| min.min(*w));
        while shown.iter().map(least).sum::<usize>() + gaps(shown.len()) > terminal {
            let next = shown.iter().enumerate().max_by_key(|(at, (i, _))| (self.columns[*i].leaves, *at));
            match next.filter(|(_, (i, _))| self.columns[*i].leaves > 0).map(|(at, _)| at) {
                Some(at) => drop(shown.remove(at)),
                // Whole columns go from the right rather than parts of words.
                None if shown.len() > 1 => drop(shown.pop()),
                None => break,
            }
        }
        while shown.iter().map(|(_, w)| w).sum::<usize>() + gaps(shown.len()) > terminal {
            let give = shown.iter_mut().filter(|(i, w)| floor(*i).is_some_and(|min| *w > min));
            match give.max_by_key(|(_, w)| *w) {
                Some((_, w)) => *w -= 1,
                None => break,
            }
        }
        shown
    }

    fn line(&self, cells: &[String], shown: &[(usize, usize)], terminal: usize) -> String {
        let mut line = String::new();
        for (place, (i, width)) in shown.iter().enumerate() {
            if place > 0 {
                line.push_str("  ");
            }
            let cell = cut(&cells[*i], *width);
            let blank = " ".repeat(width.saturating_sub(cell.width()));
            line.push_str(&if self.columns[*i].right { blank + &cell } else { cell + &blank });
        }
        cut(line.trim_end(), terminal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(width: Option<usize>) -> String {
        let mut table = Table::new(&[word("编号", "Id"), name("项目", "Project"), figure("滞后天", "Lag")]);
        table.row(["XX-010".into(), "市政及服务业配套道路工程".into(), "45".into()]);
        table.row(["SZ-027".into(), "学校".into(), "7".into()]);
        table.render(&Output { lang: Lang::Zh, width, color: false })
    }

    #[test]
    fn columns_stand_in_line_by_display_width() {
        assert_eq!(
            seen(Some(80)),
            "编号    项目                      滞后天\n\
             XX-010  市政及服务业配套道路工程      45\n\
             SZ-027  学校                           7\n"
        );
    }

    #[test]
    fn names_give_way_on_a_narrow_terminal() {
        assert_eq!(
            seen(Some(30)),
            "编号    项目            滞后天\n\
             XX-010  市政及服务业..      45\n\
             SZ-027  学校                 7\n"
        );
        assert!(seen(Some(16)).lines().all(|l| l.width() <= 16));
        // The lag leaves before the names would be cut below what can be read.
        let narrow = Output { lang: Lang::Zh, width: Some(24), color: false };
        let mut table = Table::new(&[word("编号", "Id"), name("项目", "Project"), figure("滞后天", "Lag").leaves(1)]);
        table.row(["XX-010".into(), "市政及服务业配套道路工程".into(), "45".into()]);
        assert_eq!(table.render(&narrow), "编号    项目\nXX-010  市政及服务业配..\n");
    }

    #[test]
    fn a_header_is_whole_or_absent() {
        let mut table = Table::new(&[word("", "Id"), name("", "Next milestone"), figure("", "Investment")]);
        table.row(["XX-010".into(), "the roof of the hall is closed".into(), "45".into()]);
        for width in 6..60 {
            let text = table.render(&Output { lang: Lang::En, width: Some(width), color: false });
            let mut header =
                text.lines().next().expect("a header").split("  ").map(str::trim).filter(|h| !h.is_empty());
            assert!(header.all(|h| ["Id", "Next milestone", "Investment"].contains(&h)), "{width}: {text}");
        }
    }

    #[test]
    fn a_pipe_gets_everything() {
        assert_eq!(seen(None), "编号\t项目\t滞后天\nXX-010\t市政及服务业配套道路工程\t45\nSZ-027\t学校\t7\n");
    }

    #[test]
    fn nothing_in_the_data_acts_on_the_terminal() {
        assert_eq!(escaped("{\"a\":\"x\u{202e}\u{e0041}学\"}\n"), "{\"a\":\"x\\u202e\\udb40\\udc41学\"}\n");
        assert_eq!(cut("学校学校", 7), "学校..");
        assert_eq!(cut("学校", 4), "学校");
    }
}
