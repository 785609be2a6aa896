//! 记录. Ledger entries, newest first, and the entry under the cursor in full.

use ratatui::layout::Rect;

use super::{Pen, Window, name, number, table, text};
use crate::app::record::{change, done_as, kind_of, subject};
use crate::app::screen::Sight;
use crate::app::screens::history::{Chain, Chip, History, LedgerEntry};
use crate::app::sorting::Arrangement;
use crate::domain::change::Kind;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::theme::Role;

pub(super) fn kind_name(kind: Option<Kind>, lang: Lang) -> &'static str {
    kind_of(kind).in_lang(lang)
}

/// Clock time of the newest day in the list, else the date: nothing ticks, so nothing is relative.
pub(super) fn time(at: &str, newest: &str) -> String {
    let (date, clock) = at.split_once('T').unwrap_or((at, ""));
    if newest.starts_with(date) && clock.len() >= 5 {
        clock[..5].to_owned()
    } else {
        date.get(5..).unwrap_or(date).to_owned()
    }
}

/// The name of a chip.
fn chip_name(chip: Chip, lang: Lang) -> &'static str {
    match chip {
        Chip::All => Text::ChipAll,
        Chip::Scores => Text::ChipScores,
        Chip::Ballots => Text::ChipBallots,
        Chip::Rectifications => Text::ChipFixes,
        Chip::Imports => Text::ChipImports,
        Chip::Rounds => Text::ChipRounds,
        Chip::Rules => Text::ChipRules,
    }
    .in_lang(lang)
}

/// What narrows the list beside the chip: a person, a subject.
fn narrowed(state: &History, data: &Snapshot, lang: Lang) -> String {
    let person = state.person.as_ref().map(|login| {
        let name = data.plan.person(login).map_or(login.as_str(), |p| p.name.as_str());
        Text::OnlyPerson.fill(lang, &[&name])
    });
    let subject = state.subject.as_ref().map(|s| {
        let (kind, key) = s.split_once(':').map_or((None, s.as_str()), |(kind, key)| (Kind::named(kind), key));
        Text::OnlySubject.fill(lang, &[&subject(kind, key, data)])
    });
    let unit = state.unit.map(|u| Text::OnlyUnit.fill(lang, &[&super::unit_name(data, u, lang)]));
    person.into_iter().chain(unit).chain(subject).collect::<Vec<_>>().join("  ")
}

/// Draws the history.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut History, chain: &Chain, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let mut x = area.x + 1;
    for chip in Chip::ALL {
        let name = chip_name(chip, lang);
        let chosen = chip == state.chip;
        let label = if chosen { format!("[{name}]") } else { format!(" {name} ") };
        x = pen.put(x, area.y, super::width(&label), &label, if chosen { Role::Title } else { Role::Text });
    }
    let narrowed = narrowed(state, data, lang);
    let right = if narrowed.is_empty() { Text::NewestFirst.in_lang(lang) } else { narrowed.as_str() };
    if state.search.text().is_empty() {
        pen.right(x, area.y, area.right().saturating_sub(x + 1), right, Role::Dim);
    } else {
        let start = super::search_chip(pen, x, area, &state.search, &Arrangement::new(&[], &[]));
        pen.right(x, area.y, start.saturating_sub(x + 2), &narrowed, Role::Dim);
    }
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (list, detail) = super::list_and_detail(pen, body, (3, 5), Text::History);
    let rows = Rect { height: list.height.saturating_sub(1), ..list };
    draw_list(pen, rows, state, data);
    count(pen, Rect { y: rows.bottom(), height: 1, ..list }, state, chain, data);
    if let Some(e) = state.selected() {
        draw_detail(pen, detail, e, data);
    }
}

/// Where the cursor is, how many entries were read, and how far the chain is whole.
fn count(pen: &mut Pen<'_>, area: Rect, state: &History, chain: &Chain, data: &Snapshot) {
    let lang = pen.lang;
    let read = state.entries.as_ref().map_or(0, Vec::len);
    let place = if state.rows.is_empty() { 0 } else { state.cursor.place() + 1 };
    let all = match (state.complete, state.narrowed()) {
        (true, _) => read.to_string(),
        (false, false) => data.facts.seq.to_string(),
        (false, true) => format!("{read}+"),
    };
    let told = match (state.search.text().is_empty(), state.complete) {
        (true, _) => format!("{place}/{all}"),
        (false, true) => format!("{place}/{}  {}", state.rows.len(), Text::AmongAll.fill(lang, &[&read])),
        (false, false) => format!("{place}/{}  {}", state.rows.len(), Text::AmongNewest.fill(lang, &[&read])),
    };
    pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &told, Role::Dim);
    let (status, role) = match chain.broken {
        Some(seq) => (Text::ChainBroken.fill(lang, &[&seq]), Role::Bad),
        None => (Text::ChainWhole.fill(lang, &[&chain.checked]), Role::Dim),
    };
    let room = super::width(&status).min(area.width.saturating_sub(14));
    pen.right(area.right().saturating_sub(room + 1), area.y, room, &status, role);
}

/// What stands in the place of a list that is empty.
fn nothing(state: &History, lang: Lang) -> Option<String> {
    match (&state.entries, &state.refused) {
        (_, Some(error)) => Some(error.text().in_lang(lang).to_owned()),
        (None, None) => Some(Text::Loading.in_lang(lang).to_owned()),
        (Some(e), None) if e.is_empty() && state.narrowed() => Some(Text::NoHistory.in_lang(lang).to_owned()),
        (Some(e), None) if e.is_empty() => Some(Text::NoEntryYet.in_lang(lang).to_owned()),
        (Some(e), None) if state.rows.is_empty() && !state.complete => {
            Some(Text::NothingAmongNewest.fill(lang, &[&state.search.text(), &e.len()]))
        }
        (Some(_), None) if state.rows.is_empty() => Some(Text::NothingFound.fill(lang, &[&state.search.text()])),
        _ => None,
    }
}

fn draw_list(pen: &mut Pen<'_>, area: Rect, state: &mut History, data: &Snapshot) {
    let lang = pen.lang;
    if let Some(text) = nothing(state, lang) {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &text, Role::Dim);
        return;
    }
    let newest = state.entries.iter().flatten().next().map_or_else(String::new, |e| e.at.clone());
    let arrow = pen.theme.glyphs().arrow.trim_end();
    let columns = [
        text("", 1, 0),
        number(Text::Number.in_lang(lang), 7, 0),
        text(Text::Time.in_lang(lang), 6, 2),
        text(Text::Person.in_lang(lang), 8, 1),
        text(Text::Kind.in_lang(lang), 6, 3),
        name(Text::Subject.in_lang(lang), 18, 14),
        text(Text::ChangeOf.in_lang(lang), 22, 0),
    ];
    let place = state.cursor.place();
    let rows = usize::from(area.height.saturating_sub(1));
    let top = state.cursor.scroll(state.rows.len(), rows);
    let entries: Vec<&LedgerEntry> = state.shown().skip(top).take(rows).collect();
    let window = Window { len: state.rows.len(), top, selected: Some(place), focused: true };
    pen.found = state.search.filter().words().map(str::to_owned).collect();
    table(pen, area, &columns, window, |i| {
        let e = entries[i - top];
        let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
        let (before, after) = change(e, data);
        vec![
            (String::new(), Role::Text),
            (format!("#{}", e.seq), Role::Text),
            (time(&e.at, &newest), Role::Dim),
            (person.to_owned(), Role::Text),
            (done_as(e).in_lang(lang).to_owned(), Role::Text),
            (subject(e.kind, &e.key, data), Role::Text),
            (format!("{} {arrow} {}", before.in_lang(lang), after.in_lang(lang)), Role::Text),
        ]
    });
}

fn draw_detail(pen: &mut Pen<'_>, area: Rect, e: &LedgerEntry, data: &Snapshot) {
    let lang = pen.lang;
    let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
    let reason = if e.reason.is_empty() { "--" } else { &e.reason };
    let (before, after) = change(e, data);
    let base = if e.base == 0 { Text::NoEntryBefore.in_lang(lang).to_owned() } else { format!("#{}", e.base) };
    let at = e.at.get(..19).unwrap_or(&e.at).replace('T', " ");
    let lines = [
        (format!("#{} {}  {}", e.seq, kind_name(e.kind, lang), subject(e.kind, &e.key, data)), Role::Title),
        (Text::BeforeLine.fill(lang, &[&before.in_lang(lang), &base]), Role::Text),
        (Text::AfterLine.fill(lang, &[&after.in_lang(lang), &person, &at]), Role::Text),
        (Text::ReasonLine.fill(lang, &[&reason]), Role::Text),
        (Text::ViaLine.fill(lang, &[&super::entry::via(&e.via, lang)]), Role::Dim),
        (Text::HashLine.fill(lang, &[&e.hash.get(..16).unwrap_or(&e.hash)]), Role::Dim),
    ];
    let lines = lines
        .iter()
        .flat_map(|(text, role)| wrapped(text, area.width, super::width).into_iter().map(move |row| (row, *role)));
    for (y, (text, role)) in (area.y..area.bottom()).zip(lines) {
        pen.put(area.x, y, area.width, &text, role);
    }
}
