//! 整改. The ledger by days left, and the detail of the row under the cursor.

use ratatui::layout::Rect;

use super::{Column, NARROW, Pen, Window, day, name, number, short_id, table, text, unit_brief, unit_name};
use crate::app::screen::Sight;
use crate::app::screens::history::LedgerEntry;
use crate::app::screens::rectifications::{Chip, Rectifications, steps};
use crate::domain::project::Light;
use crate::domain::rectification::{Rectification, RectificationState};
use crate::domain::scoring::DeductionSource;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, days_between};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::theme::Role;

fn state_name(state: RectificationState, lang: Lang) -> &'static str {
    match state {
        RectificationState::Issued => Text::Issued,
        RectificationState::Accepted => Text::AcceptedState,
        RectificationState::InProgress => Text::InProgress,
        RectificationState::Submitted => Text::Submitted,
        RectificationState::Closed => Text::ClosedState,
    }
    .in_lang(lang)
}

/// Draws the rectifications.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Rectifications, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let mut x = area.x + 1;
    let warn = data.plan.rules.light.warn_days;
    for chip in Chip::ALL {
        let label = match chip {
            Chip::Open => Text::NotClosed.in_lang(lang).to_owned(),
            Chip::Overdue => Text::Overdue.in_lang(lang).to_owned(),
            Chip::DueSoon => Text::WithinDays.fill(lang, &[&warn]),
            Chip::Closed => Text::ClosedState.in_lang(lang).to_owned(),
            Chip::All => Text::ChipAll.in_lang(lang).to_owned(),
        };
        let chosen = chip == state.chip;
        let label = format!("{label} {}", chip.count(data));
        let label = if chosen { format!("[{label}]") } else { format!(" {label} ") };
        x = pen.put(x, area.y, super::width(&label), &label, if chosen { Role::Title } else { Role::Text });
    }
    let today = Text::TodayIs.fill(lang, &[&day(data.day(), data.plan.district.year)]);
    let end = super::search_chip(pen, x, area, &state.search, &state.arrangement);
    if end >= x + super::width(&today) + 2 {
        pen.right(x, area.y, end - x, &format!("{today}  "), Role::Text);
    }

    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (list, detail) = super::list_and_detail(pen, body, (2, 3), Text::Rectifications);
    let on_top = super::filter_fits(x, area, &state.search);
    draw_list(pen, list, state, data, on_top);
    draw_detail(pen, detail, state, data);
}

/// Which kind of empty it is, and the next key.
fn nothing(state: &Rectifications, data: &Snapshot, lang: Lang) -> String {
    let all = Chip::All.count(data);
    match state.chip {
        _ if all == 0 => Text::NoRectificationAtAll.in_lang(lang).to_owned(),
        Chip::All if !state.search.text().is_empty() => Text::NothingFound.fill(lang, &[&state.search.text()]),
        _ if !state.search.text().is_empty() => Text::NothingFoundHere.fill(lang, &[&state.search.text(), &all]),
        Chip::Open => Text::NoneOpen.fill(lang, &[&all]),
        _ => Text::NoRectifications.fill(lang, &[&all]),
    }
}

fn draw_list(pen: &mut Pen<'_>, area: Rect, state: &mut Rectifications, data: &Snapshot, on_top: bool) {
    let lang = pen.lang;
    if state.rows.is_empty() {
        pen.put(area.x + 1, area.y + 1, area.width.saturating_sub(2), &nothing(state, data, lang), Role::Dim);
        return;
    }
    let (today, year) = (data.day(), data.plan.district.year);
    let finding = if data.plan.district.sample { Text::FindingSample } else { Text::Finding };
    let narrow = area.width < NARROW;
    let columns = [
        text("", 1, 0),
        text("", 2, 0),
        text(Text::Id.in_lang(lang), 7, 0),
        name(finding.in_lang(lang), if narrow { 10 } else { 22 }, 30),
        text(Text::Hq.in_lang(lang), if lang == Lang::Zh { 6 } else { 3 }, 3),
        text(Text::Town.in_lang(lang), if lang == Lang::Zh { 6 } else { 10 }, 4),
        text(Text::Deadline.in_lang(lang), 5, 1),
        number(Text::DaysLeft.in_lang(lang), 5, 0),
        text(Text::State.in_lang(lang), if lang == Lang::Zh { 8 } else { 11 }, 2),
        number(Text::TimesReturned.in_lang(lang), 4, 5),
    ];
    // The cursor and the mark stand before the columns that somebody may leave out.
    let shown = |column: usize| column < 2 || state.arrangement.shows(column - 2);
    let columns: Vec<Column> = (0..columns.len()).filter(|c| shown(*c)).map(|c| columns[c]).collect();
    let rows = Rect { height: area.height.saturating_sub(1), ..area };
    let top = state.cursor.scroll(state.rows.len(), usize::from(rows.height.saturating_sub(1)));
    let window = Window { len: state.rows.len(), top, selected: Some(state.cursor.place()), focused: true };
    let g = pen.theme.glyphs();
    let list = &state.rows;
    pen.found = state.search.filter().words().map(str::to_owned).collect();
    table(pen, rows, &columns, window, |i| {
        let (id, kept) = &data.facts.rectifications[list[i]];
        let r = &kept.value;
        let project = r.project.as_deref().and_then(|p| data.plan.project_ix(p));
        let (light, _) = r.light(today, data.plan.rules.light.warn_days);
        let (mark, role) = match light {
            Light::Red => (g.red, Role::Bad),
            Light::Yellow => (g.yellow, Role::Warn),
            _ if r.closed_by(today) => (g.completed, Role::Good),
            _ => ("  ", Role::Text),
        };
        let hq = project.map(|p| data.plan.project(p).headquarters_at(today)).or(data.plan.unit_ix(&r.unit));
        let town = project.and_then(|p| data.plan.project(p).town_at(today));
        let what = match project {
            Some(p) => format!("{} {}", short_id(data, &data.plan.project(p).id), r.finding),
            None => r.finding.clone(),
        };
        let left = if r.closed_by(today) { String::new() } else { days_between(today, r.due).to_string() };
        let cells = [
            (if state.picked.has(list[i]) { g.picked.to_owned() } else { String::new() }, Role::Title),
            (mark.to_owned(), role),
            (id.clone(), if state.picked.has(list[i]) { Role::Title } else { Role::Text }),
            (what, Role::Text),
            (hq.map_or_else(String::new, |u| unit_brief(data, u, lang)), Role::Text),
            (town.map_or_else(|| "--".to_owned(), |u| unit_name(data, u, lang)), Role::Text),
            (day(r.due, year), Role::Text),
            (left, role),
            (state_name(r.state_at(today), lang).to_owned(), Role::Text),
            match data.returned(id) {
                0 => ("-".to_owned(), Role::Dim),
                n => (n.to_string(), Role::Text),
            },
        ];
        cells.into_iter().enumerate().filter(|(c, _)| shown(*c)).map(|(_, cell)| cell).collect()
    });
    pen.found.clear();
    let all = Chip::All.count(data);
    let narrowed = super::narrowed(lang, &state.search, state.chip != Chip::All, state.rows.len(), all, on_top);
    let count = format!("{}/{}   {narrowed}", state.cursor.place() + 1, state.rows.len());
    let picked = super::picked_count(pen, area, state.picked.rows().len());
    pen.put(area.x + 1, area.bottom().saturating_sub(1), area.width.saturating_sub(2 + picked), &count, Role::Dim);
}

/// What being late costs, with the rule that says so.
pub(super) fn price(data: &Snapshot, lang: Lang) -> Option<String> {
    let rules = &data.plan.rules;
    let rule = rules.deductions.iter().find(|d| d.source == DeductionSource::OverdueRectifications)?;
    let (late, points) = (Chip::Overdue.count(data), rule.points.fixed(2));
    if late == 0 {
        return None;
    }
    Some(match rules.caps.deduction.get(rule.group.as_str()) {
        Some(cap) => Text::PriceOfLate.fill(lang, &[&late, &points, &cap.fixed(2), &rule.id]),
        None => Text::PriceUncapped.fill(lang, &[&late, &points, &rule.id]),
    })
}

/// The steps taken so far, then those that lie ahead.
fn step_line(pen: &Pen<'_>, r: &Rectification, past: &[LedgerEntry], data: &Snapshot) -> String {
    let (lang, year, g) = (pen.lang, data.plan.district.year, pen.theme.glyphs());
    // Where the district's day is held fast, later moments of the clock would only confuse.
    let on = |at: &str| at.get(..10).and_then(|d| d.parse().ok()).filter(|d| *d <= data.day());
    let date = |at: &str| on(at).map_or_else(String::new, |d| format!("{} ", day(d, year)));
    let mut parts: Vec<String> = if past.is_empty() {
        vec![format!("{} {}", day(r.issued, year), Text::StepIssue.in_lang(lang))]
    } else {
        // It was issued on the day that its record says, whenever that was written down.
        let at = |e: &LedgerEntry| if e.before.is_none() { format!("{} ", day(r.issued, year)) } else { date(&e.at) };
        past.iter().filter_map(|e| Some(format!("{}{}", at(e), steps::taken(e)?.in_lang(lang)))).collect()
    };
    if parts.len() > 6 {
        let dropped = parts.len() - 6;
        parts.splice(..dropped, ["..".to_owned()]);
    }
    let ahead = steps::ahead(r.state_at(data.day()));
    parts.extend(ahead.iter().map(|s| format!("{}{}", g.not_due, s.in_lang(lang))));
    parts.join(&format!(" {} ", g.arrow.trim_end()))
}

/// Why it was returned or extended, the newest first.
fn reasons(past: &[LedgerEntry], data: &Snapshot, lang: Lang) -> Vec<String> {
    let told = past.iter().rev().filter(|e| !e.reason.is_empty() && e.before.is_some() && !steps::is_reversal(e));
    told.filter_map(|e| {
        let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
        Some(Text::StepReason.fill(lang, &[&steps::taken(e)?.in_lang(lang), &e.reason, &person, &e.seq]))
    })
    .collect()
}

fn draw_detail(pen: &mut Pen<'_>, area: Rect, state: &Rectifications, data: &Snapshot) {
    let lang = pen.lang;
    let Some((id, kept)) = state.selected(data) else { return };
    let (r, year) = (&kept.value, data.plan.district.year);
    let project = r.project.as_deref().and_then(|p| data.plan.project_ix(p));
    let name = project.map_or("", |p| super::project_name(data, p));
    let unit = data.plan.unit_ix(&r.unit).map_or_else(|| r.unit.clone(), |u| unit_name(data, u, lang));
    let town = project.and_then(|p| data.plan.project(p).town_at(data.day())).map(|t| unit_name(data, t, lang));
    let answers = town.map_or(unit.clone(), |t| format!("{unit} / {t}"));
    let past = state.past(data);
    let first_due = past.iter().find_map(steps::due_after).unwrap_or(r.due);
    let extended = if first_due == r.due {
        Text::NotExtended.in_lang(lang).to_owned()
    } else {
        Text::ExtendedFrom.fill(lang, &[&day(first_due, year)])
    };
    let mut lines = vec![
        (format!("{id}  {name} {}", r.finding).replace("  ", " "), Role::Title),
        (Text::ActionLine.fill(lang, &[&r.action.as_deref().unwrap_or("--")]), Role::Text),
        (Text::AnswersAndDue.fill(lang, &[&answers, &day(r.due, year), &extended]), Role::Text),
        (step_line(pen, r, past, data), Role::Text),
    ];
    lines.extend(reasons(past, data, lang).into_iter().map(|l| (l, Role::Text)));
    let bottom = area.bottom();
    let mut y = area.y;
    for (text, role) in &lines {
        for row in wrapped(text, area.width, super::width) {
            if y < bottom {
                pen.put(area.x, y, area.width, &row, *role);
                y += 1;
            }
        }
    }
}
