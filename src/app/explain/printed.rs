//! 推算 as text: what `dukao explain` prints and `y` copies.

use unicode_width::UnicodeWidthStr;

use super::{moment, subject};
use crate::domain::change::Subject;
use crate::domain::explain::{Clause, Derivation};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::store::LedgerEntry;
use crate::text::wrap::wrapped;

/// Columns where no terminal says how many it has.
pub const COLUMNS: u16 = 80;
/// A label that is longer has the line to itself.
const LABEL: u16 = 24;
/// Arithmetic in fewer columns than this cannot be read.
const WORKING: u16 = 16;
const INDENT: u16 = 2;

/// One printed line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without its end.
    pub text: String,
    /// It says where a step comes from, not what it is.
    pub origin: bool,
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

/// Which columns what stands in.
#[derive(Clone, Copy)]
struct Columns {
    /// The widest result.
    result: u16,
    /// Where results end.
    end: u16,
}

/// A derivation as lines of at most so many columns: a step each, its result at the right, and below it the rule with
/// its line and who entered it when.
#[must_use]
pub fn lines(data: &Snapshot, root: &Derivation, entries: &[&LedgerEntry], lang: Lang, columns: u16) -> Vec<Line> {
    let result = root.walk().map(|(_, s)| cells(&s.result.text(lang))).max().unwrap_or(0).min(columns / 3);
    let needs = |(depth, step): (usize, &Derivation)| {
        let indent = INDENT.saturating_mul(u16::try_from(depth).unwrap_or(u16::MAX));
        let label = cells(step.label.in_lang(lang)).max(LABEL);
        indent.saturating_add(label + 4).saturating_add(cells(step.working.in_lang(lang))).saturating_add(result)
    };
    let end = root.walk().map(needs).max().unwrap_or(columns).min(columns);
    let printer = Printer { data, entries, lang, columns: Columns { result, end } };
    let mut out = Vec::new();
    printer.step(root, 0, cells(root.label.in_lang(lang)), None, &mut out);
    out
}

struct Printer<'a> {
    data: &'a Snapshot,
    entries: &'a [&'a LedgerEntry],
    lang: Lang,
    columns: Columns,
}

impl Printer<'_> {
    /// A step and those below it; `label` columns are kept for the labels of its neighbours and its own.
    fn step(&self, step: &Derivation, indent: u16, label: u16, above: Option<&Clause>, out: &mut Vec<Line>) {
        let Columns { result: wide, end } = self.columns;
        let (name, working) = (step.label.in_lang(self.lang), step.working.in_lang(self.lang));
        let result = step.result.text(self.lang);
        let room = end.saturating_sub(wide + 2);
        let start = indent + label.min(LABEL) + 2;
        // Where a long label or a deep step leaves too little, the arithmetic begins on a line of its own.
        let beside = cells(name) <= label.min(LABEL) && start + WORKING <= room;
        let start = if beside { start } else { indent + INDENT };
        let mut rows: Vec<(u16, String)> = Vec::new();
        for line in wrapped(name, room.saturating_sub(indent).max(WORKING), cells) {
            rows.push((indent, line));
        }
        let parts = wrapped(working, room.saturating_sub(start).max(WORKING), cells);
        for (i, part) in parts.into_iter().enumerate().filter(|(_, part)| !part.is_empty()) {
            match rows.first_mut() {
                Some((_, first)) if i == 0 && beside => {
                    let pad = start.saturating_sub(indent + cells(first));
                    *first = format!("{first}{}{part}", blanks(pad));
                }
                _ => rows.push((start, part)),
            }
        }
        for (i, (at, text)) in rows.into_iter().enumerate() {
            let text = blanks(at) + &text;
            let pad = end.saturating_sub(cells(&text) + cells(&result)).max(1);
            let text = if i == 0 { format!("{text}{}{result}", blanks(pad)) } else { text };
            out.push(Line { text, origin: false });
        }
        let origin = self.origin(step, above);
        let room = end.saturating_sub(start).max(WORKING);
        // All on one line where they fit there, else each on its own.
        let joined = vec![origin.join("   ")];
        let origin = if cells(&joined[0]) <= room { joined } else { origin };
        for line in origin.iter().flat_map(|part| wrapped(part, room, cells)).filter(|line| !line.is_empty()) {
            out.push(Line { text: blanks(start) + &line, origin: true });
        }
        let below = step.steps.iter().map(|s| cells(s.label.in_lang(self.lang))).filter(|w| *w <= LABEL).max();
        for child in &step.steps {
            self.step(child, indent + INDENT, below.unwrap_or(0), step.clause.as_ref().or(above), out);
        }
    }

    /// The rule, unless the step above has named it; who entered it and when; the command that leads on.
    fn origin(&self, step: &Derivation, above: Option<&Clause>) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(rule) = step.clause.as_ref().filter(|c| Some(*c) != above) {
            let line = rule.line.map(|n| format!(":{n}")).unwrap_or_default();
            parts.push(format!("scoring.toml{line} {}", clause(rule)));
        }
        parts.extend(step.source.as_ref().map(|source| self.source(source)));
        if let Some((subject, round)) = step.more.as_ref().and_then(|q| subject(self.data, q)) {
            let round = round.map(|r| format!(" --round {}", self.data.plan.round(r).id)).unwrap_or_default();
            parts.push(format!("dukao explain {subject}{round}"));
        }
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
