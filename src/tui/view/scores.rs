//! 评分：认定. Formula bar, grid, marks, and the last changes.

use ratatui::layout::{Position, Rect};

use super::{NARROW, Panes, Pen, WIDE, points, short_id, unit_name};
use crate::app::screen::{Sight, may_see};
use crate::app::screens::scores::{Cell, Cells, Scores, short_label, wants_entry};
use crate::domain::district::ProjectIx;
use crate::domain::round::RoundState;
use crate::domain::score::{Part, ProjectScore, ScoreState};
use crate::domain::scoring::{Basis, Criterion};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::{cut_centre, number_at_end, put, put_right, width};
use crate::tui::theme::Role;

/// Decimals of a criterion's step.
fn places(c: &Criterion) -> usize {
    if c.step.0 % 100 == 0 {
        0
    } else if c.step.0 % 10 == 0 {
        1
    } else {
        2
    }
}

/// Number, mark and role of a closed cell.
fn shown(state: &Scores, cell: Cell, part: Option<&Part>, criterion: &Criterion, lang: Lang) -> (String, char, Role) {
    if let Some(typed) = state.grid.on_its_way(cell) {
        return (typed.to_owned(), '+', Role::Changed);
    }
    if let Some(invalid) = state.grid.invalid.get(&cell) {
        return (invalid.typed.clone(), '!', Role::Invalid);
    }
    if let Some(typed) = state.grid.prompt.as_ref().and_then(|p| p.waits(cell)) {
        return (typed.to_owned(), ' ', Role::Changed);
    }
    if state.is_hidden(cell.0) {
        return (Text::BallotHidden.in_lang(lang).to_owned(), ' ', Role::Dim);
    }
    let Some(part) = part else { return ("--".to_owned(), ' ', Role::Dim) };
    let number = part.points.map_or_else(|| "--".to_owned(), |p| p.fixed(places(criterion)));
    if state.grid.fresh.contains(&cell) {
        let mark = if part.basis == Basis::Override { '*' } else { ' ' };
        return (number, mark, Role::Changed);
    }
    match part.basis {
        Basis::Derived => (number, '~', Role::Dim),
        Basis::Override => (number, '*', Role::Text),
        Basis::Accepted | Basis::Entered => (number, ' ', Role::Text),
        Basis::NotApplicable => (Text::NotApplicable.in_lang(lang).to_owned(), ' ', Role::Dim),
        Basis::Missing => ("--".to_owned(), ' ', Role::Dim),
    }
}

/// Draws the score grid.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Scores, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let (Some(round), Some(unit)) = (state.round, state.unit) else {
        let why = if data.plan.district.rounds.is_empty() { Text::NoRounds } else { Text::NothingToScore };
        pen.put(area.x + 1, area.y + 1, area.width.saturating_sub(2), pen.say(why), Role::Dim);
        return;
    };
    if !may_see(data, sight.actor, round) {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), data.plan.round(round).called(lang), Role::Text);
        super::not_for_you(pen, area);
        return;
    }
    // Row 1: the selector, and the formula bar of the cell.
    let name = unit_name(data, unit, lang);
    let label = if state.selecting { format!("< {name} >") } else { format!(" {name} ") };
    let mut x = pen.put(area.x + 1, area.y, width(pen.say(Text::Certify)), pen.say(Text::Certify), Role::Title);
    x = pen.put(x, area.y, width(&label), &label, if state.selecting { Role::Selection } else { Role::Title });
    if !state.search.text().is_empty() {
        let chip = format!("[/ {}]", state.search.text());
        x = pen.put(x, area.y, width(&chip).min(24), &chip, Role::Title) + 1;
    }
    let rest = area.right().saturating_sub(x + 1);
    let round_state = data.round_state(round);
    if round_state != RoundState::Open {
        let word = if lang == Lang::Zh { round_state.zh() } else { round_state.name() };
        let line = Text::RoundReadOnly.fill(lang, &[&data.plan.round(round).called(lang), &word]);
        pen.put(x + 1, area.y, rest, &line, Role::Bad);
    } else if let Some(cell) = state.cell() {
        pen.put(x + 1, area.y, rest, &formula(state, data, cell, lang), Role::Title);
    }
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    draw_body(pen, body, state, data);
    let sought = state.search.text();
    if state.grid.rows.is_empty() && !sought.is_empty() && body.height > 4 {
        let line = Text::NothingFound.fill(lang, &[&sought]);
        pen.put(body.x + 2, body.y + 3, body.width.saturating_sub(4), &line, Role::Text);
    }
    if let Some(cells) = Cells::of(sight, state.round) {
        super::paste::view(pen, body, &mut state.grid, &cells);
    }
}

/// The grid, and what stands around it.
fn draw_body(pen: &mut Pen<'_>, body: Rect, state: &mut Scores, data: &Snapshot) {
    let (lang, area) = (pen.lang, body);
    if area.width >= WIDE {
        let mut panes = Panes::default();
        let low = (body.height / 4).clamp(4, 10);
        let side = 28;
        let top = (body.height + 1).saturating_sub(low);
        let title = Text::ScoreGrid.in_lang(lang);
        let grid = panes.add(
            Rect { width: body.width - side + 1, height: top, ..body },
            title,
            Text::Items.fill(lang, &[&state.grid.rows.len()]),
        );
        let cell = panes.add(
            Rect { x: body.right() - side, width: side, height: top, ..body },
            Text::ThisCell.in_lang(lang),
            "",
        );
        let last = panes.add(
            Rect { y: body.y + top - 1, height: low, ..body },
            Text::RecentHere.in_lang(lang),
            Text::AllRecords.in_lang(lang),
        );
        panes.draw(pen);
        let used = draw_grid(pen, Rect { height: grid.height.saturating_sub(3), ..grid }, state, data);
        foot(pen, Rect { y: grid.y + used + 1, height: grid.height.saturating_sub(used + 1), ..grid }, state, data);
        side_pane(pen, cell, state, data);
        recent(pen, last, state, data);
    } else {
        // Counts, legend and the last two changes or refusals; everything else is for the grid.
        let foot_height = match body.height {
            0..5 => 0,
            5..14 => 1,
            _ => 4,
        };
        let inner = Rect { x: body.x, width: body.width, height: body.height.saturating_sub(foot_height), ..body };
        let used = draw_grid(pen, inner, state, data);
        let below = Rect {
            x: body.x + 1,
            y: body.y + used,
            width: body.width.saturating_sub(2),
            height: body.height.saturating_sub(used),
        };
        let after = foot(pen, below, state, data);
        recent(pen, Rect { y: below.y + after, height: below.height.saturating_sub(after), ..below }, state, data);
    }
}

/// Cell, limit, derived, stored, input.
fn formula(state: &Scores, data: &Snapshot, cell: Cell, lang: Lang) -> String {
    let criterion = &data.plan.rules.criteria[cell.1];
    if state.is_hidden(cell.0) {
        return format!("{} {}", short_id(data, &data.plan.project(cell.0).id), Text::OutsideScope.in_lang(lang));
    }
    let part = state.part(data, cell);
    let derived = part.and_then(|p| p.suggestion.value()).map_or_else(|| "--".to_owned(), Points::short);
    let stored = part.filter(|p| !wants_entry(p)).and_then(|p| p.points).map_or_else(|| "--".to_owned(), Points::short);
    let input = match (&state.grid.editor, &state.grid.prompt) {
        (Some(e), _) => Text::Input.fill(lang, &[&e.field.text()]),
        (None, Some(p)) => p.waits(cell).map_or_else(String::new, |t| Text::Input.fill(lang, &[&t])),
        _ => String::new(),
    };
    let id = short_id(data, &data.plan.project(cell.0).id);
    let label = short_label(criterion, lang);
    let bar = Text::FormulaBar.fill(lang, &[&id, &label, &criterion.points.short(), &derived, &stored, &input]);
    match last_round(state, data, cell) {
        Some(last) if input.is_empty() => format!("{}  {} {last}", bar.trim_end(), Text::LastRound.in_lang(lang)),
        _ => bar,
    }
}

/// What the cell had in the round before.
fn last_round(state: &Scores, data: &Snapshot, cell: Cell) -> Option<String> {
    state.points_before(data, cell).map(Points::short)
}

/// Where the columns of the grid stand; the project's column never scrolls away.
struct Layout {
    name: u16,
    cell: u16,
    /// Criteria that fit.
    shown: usize,
    criteria: u16,
    adjust: Option<u16>,
    score: u16,
    task: Option<u16>,
}

fn layout(room: u16, criteria: usize) -> Layout {
    let n = u16::try_from(criteria).unwrap_or(u16::MAX);
    let cell = 8;
    // cursor 1, number 4, name, n cells, separator and score, adjustments, task points
    let rest = |n: u16| room.saturating_sub(5 + n.saturating_mul(cell) + 8);
    let mut shown = n;
    while shown > 1 && rest(shown) < 10 {
        shown -= 1;
    }
    let adjust = (rest(shown) >= 19).then_some(7);
    let task = (rest(shown) >= 24).then_some(5);
    let name = rest(shown).saturating_sub(adjust.unwrap_or(0) + task.unwrap_or(0)).clamp(4, 24);
    Layout { name, cell, shown: usize::from(shown), criteria: 5 + name, adjust, score: 8, task }
}

/// The grid; answers the lines used.
fn draw_grid(pen: &mut Pen<'_>, area: Rect, state: &mut Scores, data: &Snapshot) -> u16 {
    let lang = pen.lang;
    let criteria = &data.plan.rules.criteria;
    if area.height < 3 {
        return 0;
    }
    if state.grid.rows.is_empty() {
        let why = match state.search.text() {
            "" => pen.say(Text::NothingToScore).to_owned(),
            text => Text::NothingFound.fill(lang, &[&text]),
        };
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), &why, Role::Dim);
        return 1;
    }
    if area.width < NARROW {
        return one_column(pen, area, state, data);
    }
    let l = layout(area.width, criteria.len());
    let left = state.grid.column.scroll(criteria.len(), l.shown);
    let window = left..left + l.shown.min(criteria.len());
    let sample = if data.plan.district.sample { Text::ProjectSample } else { Text::Project };
    let bar = pen.theme.glyphs().upright;
    // Header: names of the criteria, then their limits.
    let (y, x) = (area.y, area.x);
    pen.put(x, y, area.width, "", Role::Header);
    pen.right(x + 1, y, 3, "#", Role::Header);
    pen.put(x + 5, y, l.name, sample.in_lang(lang), Role::Header);
    pen.put(x + 5, y + 1, l.name, pen.say(Text::FullMarks), Role::Dim);
    for (i, c) in (0_u16..).zip(&criteria[window.clone()]) {
        let at = x + l.criteria + i * l.cell;
        pen.right(at, y, l.cell - 1, &short_label(c, lang), Role::Header);
        pen.right(at, y + 1, l.cell - 1, &c.points.short(), Role::Dim);
    }
    // Criteria that do not fit are told at the edge where they are.
    if window.start > 0 {
        pen.put(x + l.criteria, y, 1, "<", Role::Header);
    }
    if window.end < criteria.len() {
        pen.put(x + l.criteria + u16::try_from(window.len()).unwrap_or(0) * l.cell - 1, y, 1, ">", Role::Header);
    }
    let n = u16::try_from(window.len()).unwrap_or(5);
    let mut end = x + l.criteria + n * l.cell;
    let adjust = l.adjust.map(|w| {
        pen.right(end, y, w - 1, pen.say(Text::Adjustments), Role::Header);
        end += w;
        end - w
    });
    pen.put(end, y, 1, bar, Role::Header);
    pen.put(end, y + 1, 1, bar, Role::Dim);
    pen.right(end + 1, y, l.score - 2, pen.say(Text::Score), Role::Header);
    pen.right(end + 1, y + 1, l.score - 2, "100", Role::Dim);
    let task = l.task.map(|w| {
        pen.right(end + l.score, y, w - 1, pen.say(Text::TaskPoints), Role::Header);
        end + l.score
    });

    let rows = usize::from(area.height - 2);
    let top = state.grid.row.scroll(state.grid.rows.len(), rows);
    let visible: Vec<(usize, ProjectIx)> = state.grid.rows.iter().copied().enumerate().skip(top).take(rows).collect();
    for (y, (i, project)) in (area.y + 2..).zip(&visible) {
        let here = *i == state.grid.row.place();
        let focused = here && !state.selecting;
        let focused = focused && !state.grid.has_range();
        let style = |pen: &Pen<'_>, role| if focused { pen.theme.selected(role) } else { pen.theme.style(role) };
        let score = state.score(data, *project);
        let base = style(pen, Role::Text);
        put(pen.buf, x, y, area.width, "", base);
        put(pen.buf, x, y, 1, if here { pen.theme.glyphs().cursor } else { " " }, base);
        put_right(pen.buf, x + 1, y, 3, &(i + 1).to_string(), base);
        let own = super::project_name(data, *project);
        let name = cut_centre(own, l.name.saturating_sub(1), number_at_end(own));
        put(pen.buf, x + 5, y, l.name, &name, base);
        for (at, c) in (0_u16..).zip(window.clone()) {
            let (cell, criterion) = ((*project, c), &criteria[c]);
            let at = x + l.criteria + at * l.cell;
            let part = score.and_then(|s| s.parts.get(c));
            if here && !state.selecting && c == state.grid.column.place() {
                draw_cell(pen, at, y, l.cell, state, cell, part, criterion);
                continue;
            }
            let (number, mark, role) = shown(state, cell, part, criterion, lang);
            let style = if state.grid.in_range(cell) { pen.theme.selected(role) } else { style(pen, role) };
            put_right(pen.buf, at, y, l.cell - 1, &number, style);
            put(pen.buf, at + l.cell - 1, y, 1, &mark.to_string(), style);
        }
        let (adjusted, total, points_of_task) = ends(score);
        let open = score.is_some_and(|s| s.score.is_some() && s.state != ScoreState::Certified);
        if let (Some(at), Some(w)) = (adjust, l.adjust) {
            let role = if adjusted.is_empty() { Role::Text } else { Role::Bad };
            put_right(pen.buf, at, y, w - 1, &adjusted, style(pen, role));
        }
        put(pen.buf, end, y, 1, bar, style(pen, Role::Dim));
        put_right(pen.buf, end + 1, y, l.score - 2, &total, style(pen, Role::Title));
        // As on the boards: a figure of which something is not certified yet.
        put(pen.buf, end + l.score - 1, y, 1, if open { "~" } else { " " }, style(pen, Role::Dim));
        if let (Some(at), Some(w)) = (task, l.task) {
            put_right(pen.buf, at, y, w - 1, &points_of_task, style(pen, Role::Dim));
        }
    }
    2 + u16::try_from(visible.len()).unwrap_or(0)
}

/// Deductions and bonus, score, task points of a row.
fn ends(score: Option<&ProjectScore>) -> (String, String, String) {
    let Some(s) = score else { return (String::new(), "--".to_owned(), "--".to_owned()) };
    let adjust = s.bonus - s.deduction_total;
    let adjusted = if adjust == Points::ZERO { String::new() } else { adjust.fixed(2) };
    (adjusted, points(s.score), s.task_points.map_or_else(|| "--".to_owned(), |t| t.to_string()))
}

/// The cell under the cursor: in brackets, open or closed.
#[expect(clippy::too_many_arguments, reason = "a place, a size and what stands there")]
fn draw_cell(
    pen: &mut Pen<'_>,
    x: u16,
    y: u16,
    room: u16,
    state: &Scores,
    cell: Cell,
    part: Option<&Part>,
    criterion: &Criterion,
) {
    let plain = pen.theme.style(Role::Title);
    pen.rest = Some(Position { x: x + room - 1, y });
    if let Some(e) = &state.grid.editor {
        put(pen.buf, x, y, room, "[", plain);
        pen.field(x + 1, y, room - 2, &e.field);
        put(pen.buf, x + room - 1, y, 1, "]", plain);
        return;
    }
    let (number, mark, role) = shown(state, cell, part, criterion, pen.lang);
    let style = pen.theme.style(role).patch(plain);
    put(pen.buf, x, y, 1, "[", plain);
    put_right(pen.buf, x + 1, y, room - 2, &number, style);
    let close = if mark == ' ' { ']' } else { mark };
    put(pen.buf, x + room - 1, y, 1, &close.to_string(), style);
}

/// Below 60 columns: one criterion at a time, project by line.
fn one_column(pen: &mut Pen<'_>, area: Rect, state: &mut Scores, data: &Snapshot) -> u16 {
    let lang = pen.lang;
    let criterion = &data.plan.rules.criteria[state.grid.column.place()];
    let title = format!("{} / {}", criterion.label, criterion.points.short());
    pen.put(area.x, area.y, area.width, &title, Role::Header);
    let rows = usize::from(area.height.saturating_sub(1));
    let top = state.grid.row.scroll(state.grid.rows.len(), rows);
    let visible: Vec<(usize, ProjectIx)> = state.grid.rows.iter().copied().enumerate().skip(top).take(rows).collect();
    for (y, (i, project)) in (area.y + 1..).zip(&visible) {
        let here = *i == state.grid.row.place();
        let cell = (*project, state.grid.column.place());
        let part = state.part(data, cell).copied();
        let p = data.plan.project(*project);
        let mark = if here { pen.theme.glyphs().cursor } else { " " };
        let line = format!("{mark} {} {}", short_id(data, &p.id), super::project_name(data, *project));
        let role = if here && !state.selecting { Role::Selection } else { Role::Text };
        pen.put(area.x, y, area.width, &line, role);
        let at = area.right().saturating_sub(9);
        if here && !state.selecting {
            draw_cell(pen, at, y, 8, state, cell, part.as_ref(), criterion);
        } else {
            let (number, mark, role) = shown(state, cell, part.as_ref(), criterion, lang);
            pen.right(at, y, 8, &format!("{number}{mark}"), role);
        }
    }
    1 + u16::try_from(visible.len()).unwrap_or(0)
}

/// Counts, legend, and why the cell under the cursor is refused; answers the lines used.
fn foot(pen: &mut Pen<'_>, area: Rect, state: &Scores, data: &Snapshot) -> u16 {
    let lang = pen.lang;
    let [(done, all), (whole_done, whole)] = state.certified(data);
    let its = state.all_rows(data);
    let scored = || its.iter().filter_map(|p| Some((state.score(data, *p)?.score?, *p)));
    let lowest = scored().min().map_or_else(String::new, |(s, p)| {
        Text::Lowest.fill(lang, &[&s.fixed(2), &short_id(data, &data.plan.project(p).id)])
    });
    let bad = state.grid.invalid.len();
    let counts = Text::CertifiedCounts.fill(lang, &[&done, &all, &whole_done, &whole, &lowest]);
    let at = state.round.map_or(data.board_date(), |r| data.round_date(r));
    let as_of = Text::AsOf.fill(lang, &[&super::day(at, data.plan.district.year)]);
    let lines = [
        (format!("{}   {as_of}", counts.trim_end()), Role::Text),
        (Text::MarkLegend.in_lang(lang).to_owned(), Role::Dim),
    ];
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
    if bad > 0 && area.height > 0 {
        let text = Text::InvalidCount.fill(lang, &[&bad]);
        let room = width(&text);
        pen.right(area.right().saturating_sub(room), area.y, room, &text, Role::Bad);
    }
    2.min(area.height)
}

fn side_pane(pen: &mut Pen<'_>, area: Rect, state: &Scores, data: &Snapshot) {
    let lang = pen.lang;
    let Some(cell) = state.cell() else { return };
    let criterion = &data.plan.rules.criteria[cell.1];
    let part = state.part(data, cell);
    let value = |p: Option<Points>| p.map_or_else(|| "--".to_owned(), Points::short);
    let derived = value(part.and_then(|p| p.suggestion.value()));
    let stored = value(part.filter(|p| !wants_entry(p)).and_then(|p| p.points));
    let facts = state.round.filter(|_| !state.is_hidden(cell.0)).and_then(|r| data.facts.scores.get(r.at()));
    let record = facts.and_then(|s| s.get(&cell));
    let p = data.plan.project(cell.0);
    let at = state.round.map_or(data.board_date(), |r| data.round_date(r));
    let year = data.plan.district.year;
    let mut lines = vec![
        (p.name.clone(), Role::Title),
        (criterion.label.clone(), Role::Title),
        (String::new(), Role::Text),
        (format!("{}  {}", Text::FullMarks.in_lang(lang), criterion.points.short()), Role::Text),
        (format!("{}  {derived}", Text::Derived.in_lang(lang)), Role::Text),
        (format!("{}  {stored}", Text::Stored.in_lang(lang)), Role::Text),
        (
            format!("{}  {}", Text::LastRound.in_lang(lang), last_round(state, data, cell).as_deref().unwrap_or("--")),
            Role::Text,
        ),
        (format!("{}  {}", Text::UnitMean.in_lang(lang), value(state.mean(data))), Role::Text),
        (Text::StepOf.fill(lang, &[&criterion.step.short()]), Role::Dim),
        (String::new(), Role::Text),
    ];
    if let Some((date, r)) = data.progress_at(cell.0, at) {
        let percent = |p: Option<crate::domain::value::Percent>| p.map_or_else(|| "--".to_owned(), |p| p.short());
        lines
            .push((Text::ActualAndPlanned.fill(lang, &[&percent(r.percent), &percent(r.planned_percent)]), Role::Text));
        lines.push((Text::ReportedOn.fill(lang, &[&super::day(*date, year)]), Role::Dim));
        lines.push((String::new(), Role::Text));
    }
    if let Some(k) = record {
        let entered = super::trail::lines(pen, state.entered(data), data);
        if entered.is_empty() {
            lines.push((format!("#{}", k.seq), Role::Dim));
        }
        lines.extend(entered);
        if !k.value.note.is_empty() {
            let reason = Text::ReasonGiven.fill(lang, &[&k.value.note]);
            lines.extend(wrapped(&reason, area.width, width).into_iter().map(|line| (line, Role::Text)));
        }
    }
    lines.push((Text::OverrideNeedsReason.in_lang(lang).to_owned(), Role::Dim));
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
}

/// What was saved from here, newest first, after the refused values.
fn recent(pen: &mut Pen<'_>, area: Rect, state: &Scores, data: &Snapshot) {
    let arrow = pen.theme.glyphs().arrow.trim_end();
    let id = |cell: Cell| short_id(data, &data.plan.project(cell.0).id).to_owned();
    let label = |cell: Cell| data.plan.rules.criteria[cell.1].label.clone();
    let mut lines: Vec<(String, Role)> =
        state.grid.invalid.values().map(|i| (format!("! {}", i.why.in_lang(pen.lang)), Role::Bad)).collect();
    let narrow = area.width < WIDE - 2;
    let here = state.cell().zip(super::trail::newest(pen, state.entered(data), data)).filter(|_| narrow);
    lines.extend(here.map(|(cell, line)| (format!("  {} {}  {line}", id(cell), label(cell)), Role::Dim)));
    lines.extend(state.grid.recent.iter().map(|r| {
        let (mark, seq) = match r.seq {
            Some(seq) => (' ', format!("#{seq}")),
            None => ('+', pen.say(Text::OnItsWay).to_owned()),
        };
        (format!("{mark} {}  {}  {}   {seq}", id(r.cell), label(r.cell), r.change(arrow)), Role::Text)
    }));
    lines.retain(|(line, _)| !pen.tells(line));
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
}
