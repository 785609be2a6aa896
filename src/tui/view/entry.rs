//! 条目. An entry of the ledger in full, with what it moved.

use ratatui::layout::Rect;

use super::{Panes, Pen, Shown, points, unit_name};
use crate::app::entry::{Entry, Moves};
use crate::app::record;
use crate::app::screen::Sight;
use crate::app::screens::history::LedgerEntry;
use crate::domain::effect::{Effect, Unknown};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;

/// How the person was identified, in words.
pub(super) fn via(via: &str, lang: Lang) -> String {
    let (kind, rest) = via.split_once(':').unwrap_or((via, ""));
    let text = match kind {
        "ssh" => Text::ViaSsh,
        "sudo" => Text::ViaSudo,
        "local" => Text::ViaLocal,
        "owner" => Text::ViaOwner,
        "bootstrap" => Text::FirstRecords,
        _ => return via.to_owned(),
    };
    text.fill(lang, &[&rest])
}

fn difference(before: Option<Points>, after: Option<Points>) -> String {
    let both = before.zip(after).map(|(b, a)| a - b).filter(|d| *d != Points::ZERO);
    both.map_or_else(String::new, |d| format!("  {}{}", if d > Points::ZERO { "+" } else { "" }, d.fixed(2)))
}

fn effect(e: &Effect, sight: &Sight<'_>, arrow: &str) -> Vec<Shown> {
    let (data, lang) = (sight.data, sight.lang);
    let mut lines = Vec::new();
    let project = data.plan.short_id(&data.plan.project(e.project).id);
    let (before, after) = e.score;
    let moved = format!("{} {arrow} {}{}", points(before), points(after), difference(before, after));
    lines.push((Text::MovesScore.fill(lang, &[&project, &moved]), Role::Text));
    for unit in &e.units {
        let rank = |r: Option<u32>| r.map_or_else(|| "--".to_owned(), |r| r.to_string());
        let name = unit_name(data, unit.unit, lang);
        let moved = format!(
            "{} {arrow} {}{}",
            points(unit.score.0),
            points(unit.score.1),
            difference(unit.score.0, unit.score.1)
        );
        let ranks = format!("{} {arrow} {}", rank(unit.rank.0), rank(unit.rank.1));
        lines.push((Text::MovesUnit.fill(lang, &[&name, &moved, &ranks]), Role::Text));
    }
    let round = data.plan.round(e.round).called(lang);
    lines.push((Text::MovesIn.fill(lang, &[&round]), Role::Dim));
    lines
}

fn moves(state: &Entry, sight: &Sight<'_>, arrow: &str) -> Vec<Shown> {
    let text = match &state.moves {
        Moves::Known(e) => return effect(e, sight, arrow),
        Moves::Hidden => Text::MovesHidden.in_lang(sight.lang).to_owned(),
        Moves::Unknown(Unknown::NoFigure) => Text::MovesNothing.in_lang(sight.lang).to_owned(),
        Moves::Unknown(Unknown::Superseded) => Text::MovesSuperseded.in_lang(sight.lang).to_owned(),
        Moves::Unknown(Unknown::Frozen(round)) => {
            let (zh, en) = (round.zh(), round.name());
            Text::MovesFrozen.both2(&[&zh], &[&en]).in_lang(sight.lang).to_owned()
        }
    };
    vec![(text, Role::Dim)]
}

/// The record field by field: what was changed from what to what, then what stayed.
fn fields(entry: &LedgerEntry, data: &Snapshot, lang: Lang, arrow: &str) -> Vec<Shown> {
    let lines = record::fields::lines(entry, data, lang);
    let widest = lines.iter().map(|l| width(&l.label)).max().unwrap_or(0);
    let value = |v: &Option<String>| v.as_deref().filter(|v| !v.is_empty()).unwrap_or("--").to_owned();
    let line = |l: &record::fields::Line| {
        let pad = " ".repeat(usize::from(widest - width(&l.label)));
        let (text, role) = match (&l.before, &l.after) {
            // Of a new record there is nothing to tell it from.
            (None, Some(_)) => (value(&l.after), Role::Text),
            _ if l.changed() => (format!("{} {arrow} {}", value(&l.before), value(&l.after)), Role::Title),
            _ => (value(&l.after), Role::Dim),
        };
        (format!("{}{pad}  {text}", l.label), role)
    };
    lines.iter().map(line).collect()
}

/// Draws the entry.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Entry, sight: &Sight<'_>) {
    let (data, lang) = (sight.data, pen.lang);
    let arrow = pen.theme.glyphs().arrow.trim_end();
    let e = &state.entry;
    let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
    let (before, after) = record::change(e, data);
    let mut panes = Panes::default();
    let title = format!("#{} {}", e.seq, super::history::kind_name(e.kind, lang));
    let inside = panes.add(area, title, Text::EscCloses.in_lang(lang));
    panes.draw(pen);
    let subject = record::subject(e.kind, &e.key, data);
    let base = if e.base == 0 { Text::NoEntryBefore.in_lang(lang).to_owned() } else { format!("#{}", e.base) };
    let mut lines: Vec<Shown> = vec![
        (format!("{subject}   {}", e.key), Role::Title),
        (Text::BeforeLine.fill(lang, &[&before.in_lang(lang), &base]), Role::Text),
        (
            Text::AfterLine
                .fill(lang, &[&after.in_lang(lang), &person, &e.at.get(..19).unwrap_or(&e.at).replace('T', " ")]),
            Role::Text,
        ),
        (Text::ReasonLine.fill(lang, &[&if e.reason.is_empty() { "--" } else { &e.reason }]), Role::Text),
        (Text::ViaLine.fill(lang, &[&via(&e.via, lang)]), Role::Text),
        (String::new(), Role::Text),
        (Text::Moves.in_lang(lang).to_owned(), Role::Header),
    ];
    lines.extend(moves(state, sight, arrow));
    lines.push((String::new(), Role::Text));
    if state.raw {
        lines.push((Text::AsInLedger.in_lang(lang).to_owned(), Role::Header));
        for (label, json) in [(Text::Before, &e.before), (Text::After, &e.after)] {
            let text = json.as_deref().unwrap_or("--");
            lines.push((format!("{}  {text}", label.in_lang(lang)), Role::Text));
        }
        lines.push((Text::HashLine.fill(lang, &[&e.hash]), Role::Dim));
    } else {
        lines.push((Text::FullRecord.in_lang(lang).to_owned(), Role::Header));
        lines.extend(fields(e, data, lang, arrow));
        lines.push((String::new(), Role::Text));
        let hash = e.hash.get(..16).map_or_else(|| e.hash.clone(), |h| format!("{h}.."));
        lines.push((Text::HashLine.fill(lang, &[&hash]), Role::Dim));
    }
    let lines: Vec<Shown> = lines
        .into_iter()
        .flat_map(|(text, role)| {
            let mut rows = wrapped(&text, inside.width, width);
            if rows.is_empty() {
                rows.push(String::new());
            }
            rows.into_iter().map(move |row| (row, role))
        })
        .collect();
    let top = state.scroll.drawn(lines.len(), usize::from(inside.height));
    for (y, (text, role)) in (inside.y..inside.bottom()).zip(lines.iter().skip(top)) {
        pen.put(inside.x, y, inside.width, text, *role);
    }
    super::lines_seen(pen, area, top, inside.height, lines.len());
}
