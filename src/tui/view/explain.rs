//! 推算. How a figure came about, one step a row; at the foot the step under the cursor in full, its rule and who
//! entered it.

use ratatui::layout::Rect;

use super::{Column, Pen, Shown, WIDE, Window, number, table, text};
use crate::app::explain::printed::clause;
use crate::app::explain::{Entered, Explain, Place, moment};
use crate::app::screen::Sight;
use crate::app::screens::history::LedgerEntry;
use crate::domain::change::Subject;
use crate::domain::explain::{Clause, Derivation, Figure};
use crate::domain::snapshot::Snapshot;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::{cut, width};
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Wider than this and the eye loses the row.
const WIDEST: u16 = 108;
/// Neither so high that the foot is far from the eye, nor so low that it jumps about.
const HIGHEST: u16 = 30;
const LOWEST: u16 = 16;
/// Rows of the foot below its rule: the step in full, where it stands in the rules, who entered it.
const FOOT: u16 = 4;
/// So many rows are measured for the widths of the columns: enough for every step but the tally of a great district.
const MEASURED: usize = 300;

/// Draws the panel over what it was called from.
pub fn view(pen: &mut Pen<'_>, area: Rect, explain: &mut Explain, sight: &Sight<'_>) {
    // A rim of the page beside the panel would read like figures of it.
    let margin = if area.width < WIDE { 0 } else { 4 };
    // Heading, header, borders and foot besides the rows; no smaller than a level that was gone through.
    let rows = u16::try_from(explain.most_places()).unwrap_or(HIGHEST);
    let height = rows.saturating_add(FOOT + 5).clamp(LOWEST, HIGHEST).min(area.height);
    let place = popup::centred(area, area.width.saturating_sub(margin).min(WIDEST), height);
    let title = format!("{} {}", pen.say(Text::Explanation), explain.trail(pen.lang).join(" / "));
    let inside = popup::panel(pen.buf, place, &title, pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 3 || inner.width < 20 {
        return;
    }
    let top = head(pen, inner, explain.step());
    let foot = if inner.height >= FOOT + 8 { FOOT + 1 } else { 0 };
    let list = Rect { y: inner.y + top, height: inner.height.saturating_sub(top + foot), ..inner };
    steps(pen, list, explain);
    if foot > 0 {
        let y = inner.bottom() - foot;
        let g = pen.theme.glyphs();
        let rule = format!("{}{}{}", g.tee_left, g.rule.repeat(usize::from(place.width - 2)), g.tee_right);
        pen.put(place.x, y, place.width, &rule, Role::Text);
        draw_foot(pen, Rect { y: y + 1, height: FOOT, ..inner }, explain, sight.data);
    }
}

/// The shown step itself: what it is, its arithmetic, what it comes to. Answers its rows, at most two.
fn head(pen: &mut Pen<'_>, area: Rect, step: &Derivation) -> u16 {
    // A heading that comes to nothing is no figure.
    let result = if step.result == Figure::None { String::new() } else { step.result.text(pen.lang) };
    let room = area.width.saturating_sub(if result.is_empty() { 0 } else { width(&result) + 2 });
    let (label, working) = (step.label.in_lang(pen.lang), step.working.in_lang(pen.lang));
    pen.put(area.x, area.y, area.width, "", Role::Text);
    let label = cut(label, room / 2);
    let x = pen.put(area.x, area.y, width(&label), &label, Role::Title) + 2;
    let room = room.saturating_sub(x - area.x);
    let lines = wrapped(working, room.max(2), width);
    let rest = lines[1..].join(" ");
    pen.put(x, area.y, room, &lines[0], Role::Text);
    pen.right(area.right() - width(&result), area.y, width(&result), &result, Role::Title);
    if rest.is_empty() {
        return 1;
    }
    pen.put(area.x, area.y + 1, area.width, "", Role::Text);
    pen.put(x, area.y + 1, room, &rest, Role::Text);
    2
}

/// Label of a row with its mark: an open branch, one that Enter goes into, or a leaf.
fn label(pen: &Pen<'_>, explain: &Explain, place: Place) -> Shown {
    let Some(step) = explain.at(place) else { return (String::new(), Role::Text) };
    let g = pen.theme.glyphs();
    let deeper = !step.steps.is_empty() || step.more.is_some();
    let (indent, mark, role) = match place {
        (_, None) if !step.steps.is_empty() && explain.unfolds() => ("", g.open, Role::Title),
        (_, None) => ("", if deeper { g.closed } else { "  " }, Role::Text),
        (_, Some(_)) => ("  ", if deeper { g.closed } else { "  " }, Role::Text),
    };
    (format!("{indent}{mark}{}", step.label.in_lang(pen.lang)), role)
}

fn steps(pen: &mut Pen<'_>, area: Rect, explain: &mut Explain) {
    let lang = pen.lang;
    let places = explain.places();
    let top = explain.cursor().scroll(places.len(), usize::from(area.height.saturating_sub(1)));
    let window = Window { len: places.len(), top, selected: Some(explain.cursor().place()), focused: true };
    let explain = &*explain;
    let widest = |of: &dyn Fn(Place) -> u16, least: u16, most: u16| {
        places.iter().take(MEASURED).map(|p| of(*p)).max().unwrap_or(0).clamp(least, most.max(least))
    };
    let result = |p: Place| explain.at(p).map(|s| s.result.text(lang)).unwrap_or_default();
    let results = widest(&|p| width(&result(p)), width(pen.say(Text::Result)), area.width / 4);
    let labels = widest(&|p| width(&label(pen, explain, p).0), 10, (area.width / 5 * 2).min(36));
    let working = area.width.saturating_sub(labels + results + 4);
    let columns: [Column; 4] = [
        text("", 1, 0),
        text(pen.say(Text::Step), labels, 0),
        text(pen.say(Text::Working), working, 1),
        number(pen.say(Text::Result), results, 0),
    ];
    let rows: Vec<Vec<Shown>> = places
        .iter()
        .skip(top)
        .take(usize::from(area.height))
        .map(|p| {
            let label = label(pen, explain, *p);
            let role = label.1;
            let working = explain.at(*p).map_or("", |s| s.working.in_lang(lang)).to_owned();
            vec![(String::new(), Role::Text), label, (working, Role::Text), (result(*p), role)]
        })
        .collect();
    table(pen, area, &columns, window, |i| rows.get(i - top).cloned().unwrap_or_default());
}

fn draw_foot(pen: &mut Pen<'_>, area: Rect, explain: &Explain, data: &Snapshot) {
    let lang = pen.lang;
    let step = explain.selected();
    let (label, working) = (step.label.in_lang(lang), step.working.in_lang(lang));
    let full = if working.is_empty() { label.to_owned() } else { format!("{label}  {working}") };
    let rule = explain.rule().map(|c| rule(pen, c));
    let origin: Vec<String> =
        rule.into_iter().chain(step.source.as_ref().map(|s| source(pen, explain, s, data))).collect();
    let mut text = wrapped(&full, area.width, width);
    // What does not fit is cut at the end of the last line.
    let rest = text.split_off(text.len().min(usize::from(FOOT) - origin.len()));
    if let Some(last) = text.last_mut().filter(|_| !rest.is_empty()) {
        last.push(' ');
        last.push_str(&rest.join(" "));
    }
    let mut lines: Vec<(String, Role)> = text.into_iter().map(|l| (l, Role::Text)).collect();
    lines.extend(origin.into_iter().map(|l| (l, Role::Dim)));
    for y in area.y..area.bottom() {
        pen.put(area.x, y, area.width, "", Role::Text);
    }
    for (y, (line, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, line, *role);
    }
}

fn rule(pen: &Pen<'_>, at: &Clause) -> String {
    match at.line {
        Some(line) => Text::RuleAt.fill(pen.lang, &[&line, &clause(at)]),
        None => Text::RuleIn.fill(pen.lang, &[&clause(at)]),
    }
}

fn source(pen: &Pen<'_>, explain: &Explain, of: &Subject, data: &Snapshot) -> String {
    let lang = pen.lang;
    match explain.entered(of) {
        Entered::By(entry) => Text::EnteredBy.fill(lang, &[&entered(pen, entry, data)]),
        Entered::Unknown => {
            let kind = super::history::kind_name(Some(of.kind), lang);
            Text::EnteredUnknown.fill(lang, &[&kind, &crate::app::record::subject(Some(of.kind), &of.key, data)])
        }
        Entered::Asked => pen.say(Text::EnteredAsked).to_owned(),
    }
}

/// `#1190 张三 07-11 09:30  评分 GY-001 形象  理由 …`
fn entered(pen: &Pen<'_>, entry: &LedgerEntry, data: &Snapshot) -> String {
    let lang = pen.lang;
    let person = match (entry.via.as_str(), data.plan.person(&entry.actor)) {
        ("bootstrap", _) => pen.say(Text::FirstRecords),
        (_, Some(person)) => person.name.as_str(),
        (_, None) => entry.actor.as_str(),
    };
    let kind = super::history::kind_name(entry.kind, lang);
    let what = crate::app::record::subject(entry.kind, &entry.key, data);
    let at = moment(&entry.at, data.plan.district.year);
    let reason = Text::ReasonGiven.fill(lang, &[&entry.reason]);
    // What an import of first records notes is its file, which tells nobody why.
    let reason = if entry.reason.is_empty() || entry.via == "bootstrap" { "" } else { &reason };
    format!("#{} {person} {at}   {kind} {what}   {reason}", entry.seq).trim_end().to_owned()
}
