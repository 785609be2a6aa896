//! 项目. Chips, the list worst first, and the detail of the row under the cursor.

use ratatui::layout::Rect;

use super::{
    Column, FLAT, NARROW, Panes, Pen, Shown, WIDE, WIDEST, Window, day, name, number, short_id, table, text,
    unit_brief, unit_name,
};
use crate::app::screen::Sight;
use crate::app::screens::projects::{Chip, Projects};
use crate::domain::change::Reported;
use crate::domain::district::ProjectIx;
use crate::domain::project::{Commitment, Tally};
use crate::domain::score::ScoreState;
use crate::domain::scoring::Basis;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::fit::{cut_centre, number_at_end};
use crate::tui::theme::Role;

/// A report in words, and whether it is better than the derived status.
pub(super) fn reported(data: &Snapshot, project: ProjectIx, lang: Lang) -> Option<(&'static str, bool)> {
    let (_, record) = data.progress_at(project, data.board_date())?;
    let status = data.standing(project).status;
    let reported = record.reported?;
    let text = match reported {
        Reported::Completed => Text::ReportedCompleted,
        Reported::OnTrack => Text::ReportedOnTrack,
        Reported::Behind => Text::ReportedBehind,
    };
    Some((text.in_lang(lang), reported.flatters(status)))
}

/// The score of a project in the assessment round: with `~` where a part is only derived.
pub(super) fn score(data: &Snapshot, actor: &crate::app::screen::Actor, project: ProjectIx, lang: Lang) -> Shown {
    let score = crate::app::screen::seen_score(data, actor, project);
    match score {
        None => ("--".to_owned(), Role::Dim),
        Some(s) if s.state == ScoreState::OutOfScope => (Text::NotCounted.in_lang(lang).to_owned(), Role::Dim),
        Some(s) => match s.score {
            Some(p) => {
                let derived = s.parts.iter().any(|p| p.basis == Basis::Derived);
                (format!("{}{}", p.fixed(2), if derived { "~" } else { " " }), Role::Text)
            }
            None => ("-- ".to_owned(), Role::Dim),
        },
    }
}

fn chip_name(chip: Chip) -> Text {
    match chip {
        Chip::All => Text::ChipAll,
        Chip::Completed => Text::ChipCompleted,
        Chip::OnTrack => Text::ChipOnTrack,
        Chip::Behind => Text::ChipBehind,
        Chip::Unknown => Text::ChipUnknown,
    }
}

/// Draws the chips; answers whether the whole filter stands behind them.
fn chips(pen: &mut Pen<'_>, area: Rect, state: &Projects, data: &Snapshot) -> bool {
    let lang = pen.lang;
    let t: Tally = data.tally_of(None);
    let mut x = area.x + 1;
    let gap = if area.width >= WIDE { 2 } else { 1 };
    for chip in Chip::ALL {
        let n = match chip {
            Chip::All => t.total,
            Chip::Completed => t.completed,
            Chip::OnTrack => t.on_track,
            Chip::Behind => t.behind,
            Chip::Unknown => t.unknown,
        };
        let chosen = chip == state.chip;
        let label = format!("{} {n}", chip_name(chip).in_lang(lang));
        let label = if chosen { format!("[{label}]") } else { format!(" {label} ") };
        let role = match (chosen, state.on_chips) {
            (true, true) => Role::Selection,
            (true, false) => Role::Title,
            _ => Role::Text,
        };
        x = pen.put(x, area.y, super::width(&label), &label, role) + gap - 1;
    }
    super::search_chip(pen, x, area, &state.search, &state.arrangement);
    super::filter_fits(x, area, &state.search)
}

/// Rows of the detail below the list.
const DETAIL: u16 = 8;
/// Columns of the detail where a third pane stands beside it, and of that.
const SIDE: u16 = 42;
const THIRD: u16 = 46;

/// Draws the projects.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Projects, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    if area.width < NARROW {
        let text = narrowing(state, data, lang);
        let used = u16::from(!text.is_empty());
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2) * used, &text, Role::Title);
        let rows = Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
        narrow(pen, rows, state, data);
        return;
    }
    let on_top = chips(pen, area, state, data);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    // The rows of the whole screen: tabs, messages and keys are drawn around this area.
    let flat = area.height + 3 < FLAT;
    let wide = area.width >= WIDE;
    if pen.zoom || flat {
        list(pen, body, state, data, on_top);
        return;
    }
    if !wide {
        let below = Rect { height: body.height.saturating_sub(DETAIL), ..body };
        let (x, width) = (body.x + 1, body.width.saturating_sub(2));
        let place = Rect { x, y: below.bottom(), width, height: DETAIL.min(body.height) };
        list(pen, below, state, data, on_top);
        if let Some(project) = state.cursor.item() {
            let lines = super::project::summary(pen, project, data, place.width);
            put_lines(pen, place, &lines);
        }
        return;
    }
    let (left, middle) = if area.width >= WIDEST {
        (area.width - SIDE - THIRD, SIDE)
    } else {
        let left = (area.width * 2 / 3).min(area.width.saturating_sub(36));
        (left, area.width - left)
    };
    let mut panes = Panes::default();
    let title = format!("{} {}", Text::Projects.in_lang(lang), state.rows.len());
    let rows = panes.add(Rect { width: left + 1, ..body }, title, "");
    let third = area.width > left + middle;
    let place = Rect { x: body.x + left, width: middle + u16::from(third), ..body };
    let side = panes.add(place, pen.say(Text::Detail), pen.say(Text::EnterOpens));
    let rest = Rect { x: body.x + left + middle, width: area.width - left - middle, ..body };
    let record = third.then(|| panes.add(rest, pen.say(Text::RecordPane), ""));
    panes.draw(pen);
    list(pen, rows, state, data, on_top);
    let Some(project) = state.cursor.item() else {
        pen.put(side.x, side.y, side.width, pen.say(Text::NothingChosen), Role::Dim);
        return;
    };
    let lines = super::project::column(pen, project, data, side.width);
    put_lines(pen, side, &lines);
    if let Some(place) = record {
        let lines = super::project::record(pen, project, data, place.width);
        put_lines(pen, place, &lines);
    }
}

fn list(pen: &mut Pen<'_>, area: Rect, state: &mut Projects, data: &Snapshot, on_top: bool) {
    let lang = pen.lang;
    if state.rows.is_empty() {
        pen.put(area.x + 1, area.y + 1, area.width.saturating_sub(2), &nothing(pen, state, data), Role::Dim);
        return;
    }
    let at = data.board_date();
    let year = data.plan.district.year;
    let sample = if data.plan.district.sample { Text::ProjectSample } else { Text::Project };
    let columns: [Column; 10] = [
        text("", 1, 0),
        text("", 2, 0),
        text(Text::Id.in_lang(lang), 6, 5),
        name(sample.in_lang(lang), 14, 30),
        text(Text::Hq.in_lang(lang), if lang == Lang::Zh { 6 } else { 3 }, 3),
        text(Text::Town.in_lang(lang), if lang == Lang::Zh { 6 } else { 9 }, 2),
        text(Text::Class.in_lang(lang), 4, 4),
        text(Text::OpenMilestone.in_lang(lang), 10, 1),
        number(Text::LagDays.in_lang(lang), 6, 0),
        text(Text::Reported.in_lang(lang), 6, 6),
    ];
    let mut columns = columns.to_vec();
    columns.push(number(Text::Score.in_lang(lang), 7, 7));
    // The cursor and the mark stand before the columns that somebody may leave out.
    let shown = |column: usize| column < 2 || state.arrangement.shows(column - 2);
    let columns: Vec<Column> = (0..columns.len()).filter(|c| shown(*c)).map(|c| columns[c]).collect();
    let foot = 1;
    let rows = Rect { height: area.height.saturating_sub(foot), ..area };
    let top = state.cursor.scroll(state.rows.len(), usize::from(rows.height.saturating_sub(1)));
    let window = Window { len: state.rows.len(), top, selected: Some(state.cursor.place()), focused: !state.on_chips };
    let visible = state.rows.iter().skip(top).take(usize::from(rows.height));
    let marks: Vec<_> = visible.map(|p| pen.standing(data.standing(*p))).collect();
    let list = &state.rows;
    let actor = pen.actor.clone();
    let picked = pen.theme.glyphs().picked;
    pen.found = state.search.filter().words().map(str::to_owned).collect();
    table(pen, rows, &columns, window, |i| {
        let ix = list[i];
        let p = data.plan.project(ix);
        let s = data.standing(ix);
        let (mark, role) = marks[i - top];
        let milestone = s.next.and_then(|n| data.plan.milestones(ix).get(n));
        let next = milestone.map_or_else(String::new, |m| {
            format!("{} {}", day(m.due, year), m.name.chars().take(2).collect::<String>())
        });
        let lag = s.lag_days.map_or_else(String::new, |d| d.to_string());
        let told = reported(data, ix, lang).map_or(("--".to_owned(), Role::Dim), |(t, better)| {
            (format!("{t}{}", if better { "<>" } else { "" }), if better { Role::Warn } else { Role::Text })
        });
        let room = 46;
        let own = super::project_name(data, ix);
        let title = cut_centre(own, room, number_at_end(own));
        let cells = [
            (if state.picked.has(ix) { picked.to_owned() } else { String::new() }, Role::Title),
            (mark.to_owned(), role),
            (short_id(data, &p.id).to_owned(), if state.picked.has(ix) { Role::Title } else { Role::Text }),
            (title.into_owned(), Role::Text),
            (unit_brief(data, p.headquarters_at(at), lang), Role::Text),
            (p.town_at(at).map_or_else(|| "--".to_owned(), |t| unit_name(data, t, lang)), Role::Text),
            (commitment(p.commitment, lang).to_owned(), Role::Text),
            (next, Role::Text),
            (lag, role),
            told,
            score(data, &actor, ix, lang),
        ];
        cells.into_iter().enumerate().filter(|(c, _)| shown(*c)).map(|(_, cell)| cell).collect()
    });
    pen.found.clear();
    let picked = super::picked_count(pen, area, state.picked.rows().len());
    let count = format!("{}/{}", state.cursor.place() + 1, state.rows.len());
    let narrowed = narrowed(state, data, lang, on_top);
    let narrowed = if narrowed.is_empty() { narrowed } else { format!("{narrowed}   ") };
    let as_of = Text::AsOf.fill(lang, &[&day(at, year)]);
    let legend = Text::ProjectLegend
        .fill(lang, &[&data.plan.rules.light.milestone.yellow_to, &pen.theme.glyphs().yellow.trim_end()]);
    pen.put(
        area.x + 1,
        area.bottom().saturating_sub(1),
        area.width.saturating_sub(2 + picked),
        &format!("{count}   {narrowed}{as_of}   {legend}"),
        Role::Dim,
    );
}

/// How many of all are listed, and by which filter where it stands nowhere else.
fn narrowed(state: &Projects, data: &Snapshot, lang: Lang, on_top: bool) -> String {
    let (listed, all) = (state.rows.len(), data.plan.projects.len());
    super::narrowed(lang, &state.search, state.chip != Chip::All, listed, all, on_top)
}

/// The chip and the filter in one line, where neither has a place of its own; nothing where nothing narrows.
pub(super) fn narrowing(state: &Projects, data: &Snapshot, lang: Lang) -> String {
    let narrowed = narrowed(state, data, lang, false);
    if state.chip == Chip::All { narrowed } else { format!("{} {narrowed}", chip_name(state.chip).in_lang(lang)) }
}

/// Which kind of nothing is listed, and the way out of it.
fn nothing(pen: &Pen<'_>, state: &Projects, data: &Snapshot) -> String {
    let (lang, text, all) = (pen.lang, state.search.text(), data.plan.projects.len());
    if all == 0 {
        return pen.say(Text::NoProjects).to_owned();
    }
    let seen = |p| crate::app::screen::seen_score(data, &pen.actor, p).is_some();
    match (text.is_empty(), state.chip) {
        (true, _) => pen.say(Text::NothingInChip).to_owned(),
        _ if state.search.filter().asks_for_scores() && !data.plan.project_ixs().any(seen) => {
            Text::UnseenScores.fill(lang, &[&text])
        }
        (false, Chip::All) => Text::NothingFound.fill(lang, &[&text]),
        (false, _) => Text::NothingFoundHere.fill(lang, &[&text, &all]),
    }
}

/// 确保 or 力争.
pub(super) fn commitment(c: Commitment, lang: Lang) -> &'static str {
    match c {
        Commitment::Must => Text::Must,
        Commitment::Stretch => Text::Stretch,
    }
    .in_lang(lang)
}

pub(super) fn narrow(pen: &mut Pen<'_>, area: Rect, state: &mut Projects, data: &Snapshot) {
    if state.rows.is_empty() {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &nothing(pen, state, data), Role::Dim);
    }
    let top = state.cursor.scroll(state.rows.len(), usize::from(area.height));
    let rows = state.rows.iter().enumerate().skip(top);
    for (y, (i, ix)) in (area.y..area.bottom()).zip(rows) {
        let s = data.standing(*ix);
        let (mark, role) = pen.standing(s);
        let p = data.plan.project(*ix);
        let selected = i == state.cursor.place();
        let role = if selected { Role::Selection } else { role };
        let cursor = if selected { pen.theme.glyphs().cursor } else { " " };
        let lag = s.lag_days.map_or_else(String::new, |d| Text::Days.fill(pen.lang, &[&d]));
        let line = format!("{cursor}{mark}{} {}", short_id(data, &p.id), super::project_name(data, *ix));
        pen.put(area.x, y, area.width.saturating_sub(8), &line, role);
        pen.right(area.x + area.width.saturating_sub(8), y, 8, &lag, role);
    }
}

/// Lines of pieces, from the top of a place.
fn put_lines(pen: &mut Pen<'_>, place: Rect, lines: &[Vec<Shown>]) {
    for (y, line) in (place.y..place.bottom()).zip(lines) {
        let pieces: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        pen.pieces(place.x, y, place.width, &pieces);
    }
}
