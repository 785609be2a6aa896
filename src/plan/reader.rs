//! Reads a TOML document key by key and keeps going after an error, so that one run shows all of them.
//!
//! Every key that is asked for is known; [`Row::finish`] refuses the others. A value that is wrong is reported once
//! and answered with `None`, for which the caller puts any default: a text with an error never becomes a plan.

use std::cell::{Cell as Slot, RefCell};
use std::collections::BTreeSet;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::diagnostic::Diagnostic;
use super::text::{LONGEST, composed, hostile, is_id, nearest};
use crate::domain::value::{Bilingual, Date, Money, Points, ValueError};

/// Largest file that is read.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// Syntax errors of a file that are said one by one, those with a remedy aside.
const MOST_SYNTAX_ERRORS: usize = 10;

/// One file while it is read: its text and what was found wrong in it.
pub struct Source<'t> {
    /// Its name.
    pub file: &'static str,
    text: &'t str,
    starts: Vec<usize>,
    broken: Slot<bool>,
    /// Lines that the TOML parser refused: nothing else is said about them.
    refused: RefCell<BTreeSet<usize>>,
    found: RefCell<Vec<Diagnostic>>,
}

impl<'t> Source<'t> {
    /// A file and its text, without a byte order mark.
    pub fn new(file: &'static str, text: &'t str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { file, text, starts, broken: Slot::new(false), refused: RefCell::default(), found: RefCell::default() }
    }

    /// Parses the text; syntax errors are kept, and what can be read is still read.
    pub fn parse(&self) -> DeTable<'t> {
        if self.text.len() > LARGEST {
            self.broken.set(true);
            self.found.borrow_mut().push(Diagnostic::of_file(
                self.file,
                Bilingual::new("文件超过 10 MB", "the file is larger than 10 MB"),
            ));
            return DeTable::default();
        }
        let (table, errors) = DeTable::parse_recoverable(self.text);
        let mut unsaid = 0_usize;
        let mut said = 0_usize;
        for e in errors {
            let span = e.span().unwrap_or(0..0);
            let line = self.line(span.start);
            // A mistake often makes the parser stumble several times on its line; the first time says it.
            if !self.refused.borrow().contains(&line) {
                let (message, hint) = syntax(e.message(), self.line_text(line));
                // An unclosed bracket makes all lines after it wrong: the first ones are enough.
                if hint.is_some() || said < MOST_SYNTAX_ERRORS {
                    said += usize::from(hint.is_none());
                    self.report(span, message, hint);
                } else {
                    unsaid += 1;
                }
            }
            self.refused.borrow_mut().insert(line);
            self.broken.set(true);
        }
        if unsaid > 0 {
            let message = Bilingual::new(
                format!("另有 {unsaid} 行读不通，多半由前面的错误引起"),
                format!("{unsaid} more lines make no sense, most likely because of the errors above"),
            );
            let mut found = self.found.borrow_mut();
            let last = found.last().cloned();
            found.extend(last.map(|last| Diagnostic { message, hint: None, ..last }));
        }
        table.into_inner()
    }

    /// Whether the parser refused something, so that missing keys may be there after all.
    pub fn is_broken(&self) -> bool {
        self.broken.get()
    }

    /// What was found, in the order of the file.
    pub fn finish(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        found.sort_by_key(|d| (d.line, d.column));
        found
    }

    /// The line of a byte, counted from 1.
    pub fn line(&self, at: usize) -> usize {
        self.starts.partition_point(|s| *s <= at).max(1)
    }

    fn line_text(&self, line: usize) -> &'t str {
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        self.text.get(start..end).unwrap_or_default().trim_end_matches('\r')
    }

    /// Keeps an error, unless the parser already refused its line.
    pub fn report(&self, span: Range<usize>, message: Bilingual, hint: Option<Bilingual>) {
        let line = self.line(span.start);
        if self.refused.borrow().contains(&line) {
            return;
        }
        let source = self.line_text(line);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let mut from = (span.start - start).min(source.len());
        while !source.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = span.end.saturating_sub(start).clamp(from, source.len());
        while !source.is_char_boundary(to) {
            to += 1;
        }
        if to == from {
            to = source[from..].chars().next().map_or(from, |c| from + c.len_utf8());
        }
        let column = source[..from].chars().count() + 1;
        self.found.borrow_mut().push(Diagnostic {
            file: self.file.into(),
            line,
            column,
            message,
            hint,
            source: source.to_owned(),
            span: from..to,
        });
    }
}

/// The wording of a syntax error. The parser speaks English only; the commonest mistakes get words of their own.
fn syntax(message: &str, line: &str) -> (Bilingual, Option<Bilingual>) {
    let value = line.split_once('=').map_or("", |(_, v)| v.split('#').next().unwrap_or("").trim());
    let dashes = value.starts_with(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | '年' | '月' | '日'))
        && value.chars().filter(|c| !c.is_ascii_digit()).count() >= 2;
    // In the wake of another mistake a good date is refused too.
    if dashes && (value.len() != 10 || value.parse::<Date>().is_err()) {
        return (Bilingual::new(format!("不是日期：{value}"), format!("not a date: {value}")), Some(date_form()));
    }
    if value.starts_with(|c: char| c.is_ascii_digit()) && (value.contains('元') || value.ends_with(['万', '亿'])) {
        return (
            Bilingual::new("金额要加引号", "an amount is quoted"),
            Some(Bilingual::new(format!("写作 \"{value}\""), format!("write \"{value}\""))),
        );
    }
    let word = value.starts_with(|c: char| c.is_alphabetic()) && !matches!(value, "true" | "false" | "inf" | "nan");
    let bare = word && !value.contains(['"', '\'']);
    let hint = bare.then(|| Bilingual::new(format!("文字加引号：\"{value}\""), format!("quote the text: \"{value}\"")));
    (Bilingual::new(format!("不合 TOML 语法：{message}"), format!("not TOML: {message}")), hint)
}

fn date_form() -> Bilingual {
    Bilingual::new("日期写作 2014-06-30（不加引号）", "write a date as 2014-06-30, without quotes")
}

fn nearest_hint<'c>(written: &str, choices: impl IntoIterator<Item = &'c str> + Clone) -> Bilingual {
    if let Some(near) = nearest(written, choices.clone()) {
        return Bilingual::new(format!("是否为 {near}？"), format!("did you mean {near}?"));
    }
    let all: Vec<&str> = choices.into_iter().collect();
    let more = if all.len() > 12 { " …" } else { "" };
    let list = all.iter().take(12).copied().collect::<Vec<_>>().join(", ");
    if list.is_empty() {
        return Bilingual::new("没有可用的值", "there is none to choose from");
    }
    Bilingual::new(format!("可用：{list}{more}"), format!("one of: {list}{more}"))
}

/// A value at its place.
#[derive(Clone)]
pub struct Cell<'s> {
    source: &'s Source<'s>,
    value: &'s DeValue<'s>,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

impl<'s> Cell<'s> {
    fn new(source: &'s Source<'s>, value: &'s Spanned<DeValue<'s>>) -> Self {
        Self { source, value: value.get_ref(), span: value.span() }
    }

    /// Keeps an error at this value.
    pub fn refuse(&self, zh: impl Into<String>, en: impl Into<String>) {
        self.source.report(self.span.clone(), Bilingual::new(zh, en), None);
    }

    /// Keeps an error at this value, with what would be right.
    pub fn refuse_with(&self, zh: impl Into<String>, en: impl Into<String>, hint: Bilingual) {
        self.source.report(self.span.clone(), Bilingual::new(zh, en), Some(hint));
    }

    fn expected(&self, zh: &str, en: &str, hint: Option<Bilingual>) {
        let (zh_is, en_is) = match self.value {
            DeValue::String(_) => ("文字", "a text"),
            DeValue::Integer(_) | DeValue::Float(_) => ("数字", "a number"),
            DeValue::Boolean(_) => ("是否值", "true or false"),
            DeValue::Datetime(_) => ("日期", "a date"),
            DeValue::Array(_) => ("列表", "a list"),
            DeValue::Table(_) => ("表", "a table"),
        };
        self.source.report(
            self.span.clone(),
            Bilingual::new(format!("应为{zh}，却是{zh_is}"), format!("expected {en}, found {en_is}")),
            hint,
        );
    }

    /// A text of any length up to 2000 characters without hostile characters; it may be empty.
    pub fn text(&self) -> Option<String> {
        let DeValue::String(s) = self.value else {
            self.expected("文字", "a text", Some(Bilingual::new("文字加引号", "texts are quoted")));
            return None;
        };
        if let Some(c) = hostile(s) {
            self.refuse(
                format!("含不可见或控制字符 U+{:04X}", u32::from(c)),
                format!("contains the invisible or control character U+{:04X}", u32::from(c)),
            );
            return None;
        }
        if s.chars().count() > 10 * LONGEST {
            self.refuse("文字超过 2000 字", "the text is longer than 2000 characters");
            return None;
        }
        Some(composed(s))
    }

    /// A name: not empty, at most 200 characters.
    pub fn name(&self) -> Option<String> {
        let s = self.text()?;
        if s.trim().is_empty() {
            self.refuse("名称不能为空", "a name is not empty");
            return None;
        }
        if s.chars().count() > LONGEST {
            self.refuse("名称超过 200 字", "the name is longer than 200 characters");
            return None;
        }
        Some(s)
    }

    /// A text of a certain form.
    pub fn formed(&self, is: impl Fn(&str) -> bool, form: Bilingual) -> Option<String> {
        let s = self.name()?;
        if is(&s) {
            return Some(s);
        }
        self.refuse_with(format!("格式不对：{s}"), format!("malformed: {s}"), form);
        None
    }

    /// An id.
    pub fn id(&self) -> Option<String> {
        self.formed(
            is_id,
            Bilingual::new(
                "编号由字母、数字和 - _ . 组成，最多 64 个字符",
                "an id has letters, digits and - _ . and at most 64 characters",
            ),
        )
    }

    /// A day.
    pub fn date(&self) -> Option<Date> {
        let day = match self.value {
            DeValue::Datetime(d) if d.time.is_none() => d.date.and_then(|d| {
                Date::new(i16::try_from(d.year).ok()?, i8::try_from(d.month).ok()?, i8::try_from(d.day).ok()?).ok()
            }),
            _ => {
                self.expected("日期", "a date", Some(date_form()));
                return None;
            }
        };
        if day.is_none() {
            self.refuse_with("没有这一天", "there is no such day", date_form());
        }
        day
    }

    /// An amount with its unit.
    pub fn money(&self) -> Option<Money> {
        let form = || Bilingual::new("写作 \"13亿元\"、\"4200万元\"", "write \"13亿元\" or \"4200万元\"");
        let DeValue::String(s) = self.value else {
            self.expected("带单位的金额", "an amount with its unit", Some(form()));
            return None;
        };
        match Money::parse(s) {
            Ok(m) => Some(m),
            Err(e) => {
                let why = value_error(e);
                self.refuse_with(format!("金额{}", why.zh), format!("amount: {}", why.en), form());
                None
            }
        }
    }

    /// A number with at most two decimals, exactly as written.
    pub fn points(&self) -> Option<Points> {
        let written = match self.value {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
            DeValue::Float(n) => n.as_str(),
            _ => {
                self.expected("数字", "a number", None);
                return None;
            }
        };
        match Points::score(&written.replace('_', "")) {
            Ok(p) => Some(p),
            Err(e) => {
                let why = value_error(e);
                self.refuse(format!("数值{}", why.zh), format!("number: {}", why.en));
                None
            }
        }
    }

    /// A number with at most two decimals that is not negative.
    pub fn amount(&self) -> Option<Points> {
        let p = self.points()?;
        if p < Points::ZERO {
            self.refuse("不能为负", "must not be negative");
            return None;
        }
        Some(p)
    }

    /// A whole number within bounds.
    pub fn whole<N: TryFrom<i64>>(&self, within: RangeInclusive<i64>) -> Option<N> {
        let DeValue::Integer(n) = self.value else {
            self.expected("整数", "a whole number", None);
            return None;
        };
        let n = i64::from_str_radix(n.as_str(), n.radix()).ok().filter(|n| within.contains(n));
        let fits = n.and_then(|n| N::try_from(n).ok());
        if fits.is_none() {
            let (least, most) = (within.start(), within.end());
            let (zh, en) = if *most >= i64::from(u32::MAX) {
                (format!("整数应不小于 {least}"), format!("a whole number of at least {least} is expected"))
            } else {
                (
                    format!("整数应在 {least} 至 {most} 之间"),
                    format!("a whole number from {least} to {most} is expected"),
                )
            };
            self.refuse(zh, en);
        }
        fits
    }

    /// true or false.
    pub fn flag(&self) -> Option<bool> {
        if let DeValue::Boolean(b) = self.value {
            return Some(*b);
        }
        self.expected("true 或 false", "true or false", None);
        None
    }

    /// One of some words.
    pub fn word<T: Copy>(&self, words: &[(&'static str, T)]) -> Option<T> {
        let DeValue::String(s) = self.value else {
            self.expected("文字", "a text", Some(nearest_hint("", words.iter().map(|w| w.0))));
            return None;
        };
        let found = words.iter().find(|w| w.0 == s).map(|w| w.1);
        if found.is_none() {
            self.unknown(&shown(s), "值", "value", words.iter().map(|w| w.0));
        }
        found
    }

    /// Refuses a value that is none of the choices, naming the nearest one.
    pub fn unknown<'c>(&self, written: &str, zh: &str, en: &str, choices: impl IntoIterator<Item = &'c str> + Clone) {
        self.refuse_with(
            format!("没有这个{zh}：{}", shown(written)),
            format!("no such {en}: {}", shown(written)),
            nearest_hint(written, choices),
        );
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&'s str> {
        self.value.as_str()
    }

    /// The values of a list.
    pub fn list(&self) -> Vec<Self> {
        let DeValue::Array(list) = self.value else {
            self.expected("列表", "a list", None);
            return Vec::new();
        };
        list.iter().map(|v| Self::new(self.source, v)).collect()
    }

    /// The rows of a list of tables.
    pub fn rows(&self) -> Vec<Row<'s>> {
        self.list().iter().filter_map(Self::row).collect()
    }

    /// A table.
    pub fn row(&self) -> Option<Row<'s>> {
        let DeValue::Table(table) = self.value else {
            self.expected("表", "a table", None);
            return None;
        };
        Some(Row { source: self.source, table, span: self.span.clone(), known: RefCell::default() })
    }
}

/// A text as it may be printed: hostile characters replaced, cut at 60 characters.
fn shown(text: &str) -> String {
    text.chars().take(60).map(|c| if hostile(c.encode_utf8(&mut [0; 4])).is_some() { '\u{fffd}' } else { c }).collect()
}

/// Why a number or amount was refused.
#[must_use]
pub fn value_error(e: ValueError) -> Bilingual {
    match e {
        ValueError::NotANumber => Bilingual::new("不是数字", "not a number"),
        ValueError::TooFine => Bilingual::new("最多两位小数", "at most two decimals"),
        ValueError::OutOfRange => Bilingual::new("超出范围", "out of range"),
        ValueError::NoUnit => Bilingual::new("缺单位", "the unit is missing"),
        ValueError::BelowOne => Bilingual::new("精度细于 1 元", "finer than 1 yuan"),
    }
}

/// A table while it is read.
pub struct Row<'s> {
    /// The file it stands in.
    pub source: &'s Source<'s>,
    table: &'s DeTable<'s>,
    /// Its header, or the whole inline table.
    pub span: Range<usize>,
    known: RefCell<Vec<&'static str>>,
}

impl<'s> Row<'s> {
    /// The document itself.
    pub fn root(source: &'s Source<'s>, table: &'s DeTable<'s>) -> Self {
        Self { source, table, span: 0..0, known: RefCell::default() }
    }

    /// Line of the header.
    pub fn line(&self) -> u32 {
        u32::try_from(self.source.line(self.span.start)).unwrap_or(u32::MAX)
    }

    /// Keeps an error of the table as a whole.
    pub fn refuse(&self, zh: impl Into<String>, en: impl Into<String>) {
        self.source.report(self.header(), Bilingual::new(zh, en), None);
    }

    fn header(&self) -> Range<usize> {
        self.span.clone()
    }

    /// A key that may be left out.
    pub fn optional(&self, key: &'static str) -> Option<Cell<'s>> {
        self.known.borrow_mut().push(key);
        self.table.get(key).map(|v| Cell::new(self.source, v))
    }

    /// A key that must be there.
    pub fn required(&self, key: &'static str) -> Option<Cell<'s>> {
        let found = self.optional(key);
        if found.is_none() && !self.source.is_broken() {
            // A misspelt key is said once, by `finish`, with the right one beside it.
            let misspelt = self.table.keys().any(|k| nearest(k.get_ref(), [key]).is_some());
            if !misspelt {
                self.refuse(format!("缺少 {key}"), format!("{key} is missing"));
            }
        }
        found
    }

    /// All keys with their values, in the order of the file.
    pub fn entries(&self) -> Vec<(Cell<'s>, String, Cell<'s>)> {
        let mut all: Vec<(&Spanned<DeString<'s>>, &Spanned<DeValue<'s>>)> = self.table.iter().collect();
        all.sort_by_key(|(k, _)| k.span().start);
        all.into_iter()
            .map(|(k, v)| {
                let value = Cell::new(self.source, v);
                (Cell { span: k.span(), ..value.clone() }, k.get_ref().to_string(), value)
            })
            .collect()
    }

    /// Refuses every key that nobody asked for.
    pub fn finish(&self) {
        let known = self.known.borrow();
        for key in self.table.keys() {
            if !known.contains(&key.get_ref().as_ref()) {
                let written = shown(key.get_ref());
                self.source.report(
                    key.span(),
                    Bilingual::new(format!("没有这个键：{written}"), format!("unknown key: {written}")),
                    Some(nearest_hint(key.get_ref(), known.iter().copied())),
                );
            }
        }
    }

    /// The rows of an array of tables that may be left out.
    pub fn rows(&self, key: &'static str) -> Vec<Row<'s>> {
        self.optional(key).map_or_else(Vec::new, |c| c.rows())
    }

    /// A table that must be there.
    pub fn table(&self, key: &'static str) -> Option<Row<'s>> {
        self.required(key).and_then(|c| c.row())
    }

    /// A required name.
    pub fn name(&self, key: &'static str) -> String {
        self.required(key).and_then(|c| c.name()).unwrap_or_default()
    }

    /// An optional text; an empty one is none.
    pub fn text(&self, key: &'static str) -> Option<String> {
        self.optional(key).and_then(|c| c.text()).filter(|s| !s.is_empty())
    }

    /// A required id.
    pub fn id(&self, key: &'static str) -> Option<String> {
        self.required(key).and_then(|c| c.id())
    }

    /// A required day.
    pub fn date(&self, key: &'static str) -> Option<Date> {
        self.required(key).and_then(|c| c.date())
    }

    /// A required number that is not negative.
    pub fn amount(&self, key: &'static str) -> Option<Points> {
        self.required(key).and_then(|c| c.amount())
    }

    /// A required whole number from 0.
    pub fn count(&self, key: &'static str) -> Option<i64> {
        self.required(key).and_then(|c| c.whole(0..=1_000_000))
    }

    /// A required word.
    pub fn word<T: Copy>(&self, key: &'static str, words: &[(&'static str, T)]) -> Option<T> {
        self.required(key).and_then(|c| c.word(words))
    }
}

/// Ids seen so far; a second one is refused where it stands.
#[derive(Default)]
pub struct Seen(std::collections::HashSet<String>);

impl Seen {
    /// Takes note of an id.
    pub fn note(&mut self, row: &Row<'_>, key: &'static str, id: &str) {
        if !id.is_empty()
            && !self.0.insert(id.to_owned())
            && let Some(cell) = row.optional(key)
        {
            cell.refuse(format!("重复：{id}"), format!("used twice: {id}"));
        }
    }
}
