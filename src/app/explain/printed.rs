//! 推算 as text: what `dukao explain` prints and `y` copies.

use unicode_width::UnicodeWidthStr;

use super::{moment, subject};
use crate::domain::change::Subject;
use crate::domain::explain::{Clause, Derivation, Figure};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::store::LedgerEntry;
use crate::text::Text;
use crate::text::wrap::wrapped;

/// Columns where no terminal says how many it has.
pub const COLUMNS: u16 = 80;
/// A label that is longer has the line to itself.
const LABEL: u16 = 24;
/// Arithmetic in fewer columns than this cannot be read.
const WORKING: u16 = 16;
/// No step is so deep that its words stand in fewer columns.
const LEAST: u16 = 8;
const INDENT: u16 = 2;

/// One printed line: what the step is, where it comes from, what it comes to; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Label and arithmetic, with the blanks before them.
    pub step: String,
    /// The rule, and who entered it when, with the blanks before them.
    pub origin: String,
    /// The result, with the blanks before it.
    pub result: String,
}

impl Line {
    /// As it is read.
    #[must_use]
    pub fn text(&self) -> String {
        [self.step.as_str(), &self.origin, &self.result].concat()
    }
}

fn cells(text: &str) -> u16 {
    u16::try_from(text.width()).unwrap_or(u16::MAX)
}

fn blanks(n: u16) -> String {
    " ".repeat(usize::from(n))
}

/// A clause as it is written in the rule file: `[[criterion]] node`, `[composite]`.
#[must_use]
pub fn clause(clause: &Clause) -> String {
    match clause.key.split_once('.') {
        Some((table @ ("criterion" | "deduction" | "bonus"), id)) => format!("[[{table}]] {id}"),
        _ => format!("[{}]", clause.key),
    }
}

/// What a step comes to; a heading that comes to nothing is no figure.
fn result(step: &Derivation, heading: bool, lang: Lang) -> String {
    if heading && step.result == Figure::None { String::new() } else { step.result.text(lang) }
}

struct Printer<'a> {
    data: &'a Snapshot,
    entries: &'a [&'a LedgerEntry],
    lang: Lang,
    /// The widest result.
    wide: u16,
    /// Where results end.
    end: u16,
}

/// What steps with the same step above them share.
#[derive(Clone, Copy)]
struct Group<'a> {
    indent: u16,
    /// Columns kept for their labels.
    label: u16,
    /// Where their origins begin, if those of all of them fit beside the arithmetic.
    aside: Option<u16>,
    /// The rule that has been named above.
    rule: Option<&'a Clause>,
}

/// A derivation as lines of at most so many columns: a step each with its result at the right, the rule with its line,
/// and who entered it when beside the arithmetic or, where that is too long, below it.
#[must_use]
pub fn lines(data: &Snapshot, root: &Derivation, entries: &[&LedgerEntry], lang: Lang, columns: u16) -> Vec<Line> {
    let wide = root.walk().map(|(_, s)| cells(&s.result.text(lang))).max().unwrap_or(0).min(columns / 3);
    let printer = Printer { data, entries, lang, wide, end: columns };
    let label = cells(root.label.in_lang(lang));
    let mut out = Vec::new();
    printer.step(root, Group { indent: 0, label, aside: None, rule: None }, &mut out);
    let leads = root.walk().find_map(|(_, step)| Some(subject(data, step.more.as_ref()?)));
    if let Some((subject, round)) = leads {
        let round = round.map(|r| format!(" --round {}", data.plan.round(r).id)).unwrap_or_default();
        let text = Text::FurtherStep.fill(lang, &[&format!("dukao explain {subject}{round}")]);
        out.extend(wrapped(&text, columns, cells).into_iter().map(|origin| Line { origin, ..Line::default() }));
    }
    out
}

impl Printer<'_> {
    /// A step and those below it.
    fn step(&self, step: &Derivation, group: Group<'_>, out: &mut Vec<Line>) {
        let result = result(step, group.indent == 0, self.lang);
        let mut rows = self.rows(step, group, !result.is_empty());
        if let Some(first) = rows.first_mut().filter(|_| !result.is_empty()) {
            let used = cells(&first.step) + cells(&first.origin) + cells(&result);
            first.result = blanks(self.end.saturating_sub(used).max(1)) + &result;
        }
        out.extend(rows);
        let below = self.group(step, group);
        for child in &step.steps {
            self.step(child, below, out);
        }
    }

    /// What the steps below a step share.
    fn group<'g>(&self, step: &'g Derivation, above: Group<'g>) -> Group<'g> {
        let (indent, rule) = (above.indent + INDENT, step.clause.as_ref().or(above.rule));
        let widths = step.steps.iter().map(|s| cells(s.label.in_lang(self.lang)));
        let label = widths.filter(|w| *w <= LABEL).max().unwrap_or(0);
        let start = indent + label + 2;
        let widest = |of: &dyn Fn(&Derivation) -> u16| step.steps.iter().map(of).max().unwrap_or(0);
        let origin = widest(&|s| cells(&self.origin(s, rule).join("   ")));
        let beside = |s: &&Derivation| cells(s.label.in_lang(self.lang)) <= label && !self.origin(s, rule).is_empty();
        let working = step.steps.iter().filter(beside).map(|s| cells(s.working.in_lang(self.lang))).max().unwrap_or(0);
        let column = start + working + if working > 0 { 3 } else { 0 };
        let fits = origin > 0 && column + origin + 2 + self.wide <= self.end;
        Group { indent, label, aside: fits.then_some(column), rule }
    }

    /// Lines of a step without its result.
    fn rows(&self, step: &Derivation, group: Group<'_>, resulting: bool) -> Vec<Line> {
        let Group { indent, label, .. } = group;
        let (name, working) = (step.label.in_lang(self.lang), step.working.in_lang(self.lang));
        // A line without a result may be as long as the widest line with one.
        let room = if resulting { self.end.saturating_sub(self.wide + 2) } else { self.end };
        let start = indent + label + 2;
        // Where a long label or a deep step leaves too little, the arithmetic begins on a line of its own.
        let beside = cells(name) <= label && start + WORKING <= room;
        let start = if beside { start } else { indent + INDENT };
        let names = wrapped(name, room.saturating_sub(indent).max(LEAST), cells);
        let room = room.saturating_sub(start).max(LEAST);
        let origin = self.origin(step, group.rule);
        // All of it on one line where it fits there, else each on its own.
        let joined = origin.join("   ");
        let aside = group.aside.filter(|_| beside && !joined.is_empty());
        let origin = if cells(&joined) <= room { vec![joined.clone()] } else { origin };

        let mut rows: Vec<Line> =
            names.into_iter().map(|text| Line { step: blanks(indent) + &text, ..Line::default() }).collect();
        let mut first = beside;
        let mut add = |text: String, origin: bool| match rows.last_mut().filter(|_| std::mem::take(&mut first)) {
            Some(row) => {
                let pad = blanks(start.saturating_sub(cells(&row.step)));
                let side = if origin { &mut row.origin } else { &mut row.step };
                *side = format!("{side}{pad}{text}");
            }
            None if origin => rows.push(Line { origin: blanks(start) + &text, ..Line::default() }),
            None => rows.push(Line { step: blanks(start) + &text, ..Line::default() }),
        };
        for line in wrapped(working, room, cells).into_iter().filter(|l| !l.is_empty()) {
            add(line, false);
        }
        if aside.is_none() {
            let all = origin.iter().flat_map(|part| wrapped(part, room, cells)).filter(|l| !l.is_empty());
            all.for_each(|line| add(line, true));
        }
        if let (Some(column), Some(row)) = (aside, rows.first_mut()) {
            row.origin = blanks(column.saturating_sub(cells(&row.step))) + &joined;
        }
        rows
    }

    /// The rule, unless the step above has named it; who entered it and when; the subject that leads on.
    fn origin(&self, step: &Derivation, above: Option<&Clause>) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(rule) = step.clause.as_ref().filter(|c| Some(*c) != above) {
            let line = rule.line.map(|n| format!(":{n}")).unwrap_or_default();
            parts.push(format!("scoring.toml{line} {}", clause(rule)));
        }
        parts.extend(step.source.as_ref().map(|source| self.source(source)));
        parts.extend(step.more.as_ref().map(|q| subject(self.data, q).0));
        parts
    }

    /// `#1190 zhang 07-11 09:30`; the record itself where its entry is not for this person.
    fn source(&self, source: &Subject) -> String {
        let entry = self.entries.iter().find(|e| e.kind == Some(source.kind) && e.key == source.key);
        match entry {
            Some(e) => format!("#{} {} {}", e.seq, e.actor, moment(&e.at, self.data.plan.district.year)),
            None => format!("{}:{}", source.kind.name(), source.key),
        }
    }
}
