//! 模板. Markdown and HTML by templates: those that are built in, or the office's own from `templates/` of its folder.
//!
//! A template sees the document as printed: every cell is a text. It reads no file and reaches nothing else, and one
//! that does not end is stopped.

use minijinja::value::{Serde, ValueKind};
use minijinja::{AutoEscape, Environment, Error, UndefinedBehavior, Value};
use serde::Serialize;

use super::document::{Cell, Column, Document, Part, Table};
use super::{Say, svg};
use crate::domain::value::Bilingual;

/// So many steps a template may take; a bulletin of 10,000 projects needs fewer.
const FUEL: u64 = 50_000_000;

const MARKDOWN: &str = include_str!("templates/bulletin.md");
const HTML: &str = include_str!("templates/bulletin.html");

/// A template of the office: the name of its file and its text.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// Name of the file.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Why a template made no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Name of the file.
    pub file: String,
    /// The line, counted from 1; 0 where it is not known.
    pub line: usize,
    /// That line.
    pub source: String,
    /// What is wrong, in the words of the template language.
    pub reason: Bilingual,
}

impl Refused {
    /// A fault of a file that has no lines.
    pub(super) fn whole(file: &str, reason: Bilingual) -> Self {
        Self { file: file.to_owned(), line: 0, source: String::new(), reason }
    }
}

/// The document as a template sees it.
#[derive(Serialize)]
struct Shown<'a> {
    kind: &'a str,
    lang: &'a str,
    stage: Option<&'a str>,
    correction: bool,
    sample: bool,
    warnings: Vec<String>,
    watermark: Option<&'a str>,
    masthead: Option<&'a str>,
    number: Option<&'a str>,
    title: String,
    as_of: String,
    rounds: &'a [String],
    to: &'a [String],
    addressees: Option<String>,
    lead: &'a [String],
    parts: Vec<ShownPart<'a>>,
    signature: ShownSignature<'a>,
    hands: Vec<String>,
    enclosures: Vec<String>,
    copies: &'a [String],
    marks: Vec<ShownMark<'a>>,
    imprint: Vec<String>,
}

#[derive(Serialize)]
struct ShownPart<'a> {
    id: &'a str,
    heading: &'a str,
    appendix: bool,
    text: &'a [String],
    tables: Vec<ShownTable<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct ShownTable<'a> {
    id: &'a str,
    title: &'a str,
    columns: Vec<ShownColumn<'a>>,
    rows: Vec<Vec<String>>,
    total: Option<Vec<String>>,
    roomy: bool,
    /// A picture in SVG, which an HTML page may take as it is.
    chart: Option<Value>,
}

#[derive(Serialize)]
struct ShownColumn<'a> {
    id: &'a str,
    label: &'a str,
    right: bool,
    width: u16,
}

#[derive(Serialize)]
struct ShownSignature<'a> {
    issuer: Option<&'a str>,
    date: String,
    hands: &'a [String],
}

#[derive(Serialize)]
struct ShownMark<'a> {
    id: &'a str,
    label: &'a str,
    value: &'a str,
}

fn printed(cells: &[Cell]) -> Vec<String> {
    cells.iter().map(Cell::printed).collect()
}

fn column(c: &Column) -> ShownColumn<'_> {
    ShownColumn { id: &c.id, label: &c.label, right: c.right, width: c.width }
}

fn table(table: &Table) -> ShownTable<'_> {
    ShownTable {
        id: &table.id,
        title: &table.title,
        columns: table.columns.iter().map(column).collect(),
        rows: table.rows.iter().map(|row| printed(row)).collect(),
        total: table.total.as_deref().map(printed),
        roomy: table.roomy,
        chart: svg::chart(table).map(Value::from_safe_string),
    }
}

fn part(part: &Part) -> ShownPart<'_> {
    ShownPart {
        id: part.id,
        heading: &part.heading,
        appendix: part.appendix,
        text: &part.text,
        tables: part.tables.iter().map(table).collect(),
        notes: &part.notes,
    }
}

fn shown(document: &Document) -> Shown<'_> {
    let say = Say(document.lang);
    Shown {
        kind: document.kind,
        lang: say.of("zh-CN", "en"),
        stage: document.stage.map(super::Stage::name),
        correction: document.correction,
        sample: document.sample,
        warnings: document.warnings(),
        watermark: document.watermark(),
        masthead: document.masthead.as_deref(),
        number: document.number.as_deref(),
        title: document.marked_title(),
        as_of: say.day(document.as_of),
        rounds: &document.rounds,
        to: &document.to,
        addressees: document.addressees(),
        enclosures: document.enclosures(),
        hands: document.hands(),
        lead: &document.lead,
        parts: document.parts.iter().map(part).collect(),
        signature: ShownSignature {
            issuer: document.signature.issuer.as_deref(),
            date: document.signature.date.map(|d| say.day(d)).unwrap_or_default(),
            hands: &document.signature.hands,
        },
        copies: &document.copies,
        marks: document.marks.iter().map(|m| ShownMark { id: m.id, label: &m.label, value: &m.value }).collect(),
        imprint: document.imprint(),
    }
}

/// Text that means nothing in Markdown, on one line.
fn markdown_text(text: &str) -> String {
    // Blanks at the beginning of a line make code of it, or hide what comes next.
    let text = text.trim_start_matches([' ', '\t', '\n', '\r']);
    let mut plain = String::with_capacity(text.len());
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    for (place, c) in text.chars().enumerate() {
        let next = || text.chars().nth(place + 1);
        let ends_a_mark = || next().is_none_or(char::is_whitespace);
        match c {
            '\n' | '\r' => plain.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => plain.extend(['\\', c]),
            // At the beginning of a line these make a heading, a list or a rule; a figure below nought is none.
            '#' | '=' if place == 0 => plain.extend(['\\', c]),
            '+' | '-' if place == 0 && !next().is_some_and(|c| c.is_ascii_digit()) => plain.extend(['\\', c]),
            '.' | ')' if place == digits && place > 0 && ends_a_mark() => plain.extend(['\\', c]),
            c => plain.push(c),
        }
    }
    plain
}

/// The page with every warning at its head that a template of the office leaves out.
fn warned(page: String, document: &Document, html: bool) -> String {
    let missing: Vec<String> = document.warnings().into_iter().filter(|text| !page.contains(text.as_str())).collect();
    if missing.is_empty() {
        return page;
    }
    if !html {
        let said: String = missing.iter().map(|text| format!("> **{}**\n\n", markdown_text(text))).collect();
        return said + &page;
    }
    let style = "border:2px solid #c00;color:#c00;text-align:center;padding:4px";
    let said: String =
        missing.iter().map(|text| format!("<p style=\"{style}\">{}</p>\n", svg::escaped(text))).collect();
    // Behind the tag that opens the body, if there is one.
    let lower = page.to_ascii_lowercase();
    let body = lower
        .match_indices("<body")
        .find(|(at, tag)| lower[at + tag.len()..].starts_with(|c: char| c == '>' || c.is_ascii_whitespace()));
    let at = body.and_then(|(at, _)| Some(at + page[at..].find('>')? + 1)).unwrap_or(0);
    [&page[..at], &said, &page[at..]].concat()
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(FUEL));
    env.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    env.add_filter("md", |text: &str| markdown_text(text));
    env
}

/// What a placeholder is filled with: one text, or several.
pub enum Items {
    /// One.
    One(String),
    /// A list.
    Many(Vec<String>),
}

/// A document that is asked for one value after another.
pub struct Answers {
    env: Environment<'static>,
    seen: Value,
}

impl Answers {
    /// Of a document.
    pub fn of(document: &Document) -> Self {
        Self { env: environment(), seen: Value::from(Serde(shown(document))) }
    }

    /// What may be asked for.
    pub fn names(&self) -> Vec<String> {
        self.seen.try_iter().map(|names| names.map(|name| name.to_string()).collect()).unwrap_or_default()
    }

    /// What an expression is.
    ///
    /// # Errors
    /// It means nothing, or no text.
    pub fn items(&self, expression: &str) -> Result<Items, Bilingual> {
        let failed = |e: Error| {
            let reason = e.detail().map_or_else(|| e.kind().to_string(), str::to_owned);
            Bilingual::new(reason.clone(), reason)
        };
        let value = self.env.compile_expression(expression).and_then(|e| e.eval(&self.seen)).map_err(failed)?;
        let text = |value: &Value| match value.kind() {
            ValueKind::Undefined => Err(Bilingual::new("没有这个名字", "there is no such name")),
            ValueKind::None => Ok(String::new()),
            ValueKind::String | ValueKind::Number | ValueKind::Bool => Ok(value.to_string()),
            _ => Err(Bilingual::new("不是一段文字", "it is no text")),
        };
        match value.kind() {
            ValueKind::Seq => {
                let items = value.try_iter().map_err(failed)?;
                Ok(Items::Many(items.map(|item| text(&item)).collect::<Result<_, _>>()?))
            }
            _ => text(&value).map(Items::One),
        }
    }
}

fn render(name: &str, text: &str, document: &Document) -> Result<String, Refused> {
    let env = environment();
    let refused = |e: Error| {
        let line = e.line().unwrap_or_default();
        let source = line.checked_sub(1).and_then(|i| text.lines().nth(i)).unwrap_or_default().to_owned();
        let reason = e.detail().map_or_else(|| e.kind().to_string(), |detail| format!("{}: {detail}", e.kind()));
        Refused { file: name.to_owned(), line, source, reason: Bilingual::new(reason.clone(), reason) }
    };
    let made = env.template_from_named_str(name, text).and_then(|t| t.render(Serde(shown(document))));
    // The last line of a template ends without its line break.
    made.map(|text| text + "\n").map_err(refused)
}

/// The document in Markdown.
///
/// # Errors
/// The office's own template has a fault.
pub fn markdown(document: &Document, own: Option<Own<'_>>) -> Result<String, Refused> {
    let own = own.unwrap_or(Own { name: "bulletin.md", text: MARKDOWN });
    render(own.name, own.text, document).map(|page| warned(page, document, false))
}

/// The document as one HTML page that needs nothing else.
///
/// # Errors
/// The office's own template has a fault.
pub fn html(document: &Document, own: Option<Own<'_>>) -> Result<String, Refused> {
    let own = own.unwrap_or(Own { name: "bulletin.html", text: HTML });
    render(own.name, own.text, document).map(|page| warned(page, document, true))
}
