//! 榜单. Both boards, and the make-up of the row under the cursor.

use ratatui::layout::Rect;

use super::{Panes, Pen, Shown, WIDE, Window, name, number, table, text, unit_name};
use crate::app::App;
use crate::app::screen::{Sight, may_see};
use crate::app::screens::boards::{Boards, areas, board};
use crate::app::screens::scores::short_label;
use crate::domain::board::{Board, BoardRow, Flag, Measure};
use crate::domain::district::{RoundIx, UnitIx};
use crate::domain::project::BoardKind;
use crate::domain::round::RoundState;
use crate::domain::score::ScoreState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::tui::theme::Role;

mod make_up;
mod opened;
mod trend;
mod what_if;

/// Draws the boards.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>) {
    if let Some(trial) = &mut state.what_if {
        what_if::view(pen, area, trial, sight);
        return;
    }
    let data = sight.data;
    let lang = pen.lang;
    let Some(round) = state.round else {
        let hidden = data.newest_round().is_some();
        let why = if hidden { Text::NotForYou } else { Text::NoRounds };
        pen.put(area.x + 1, area.y + 1, area.width.saturating_sub(2), pen.say(why), Role::Dim);
        return;
    };
    let plan = data.plan.round(round);
    if !may_see(data, sight.actor, round) {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), plan.called(lang), Role::Text);
        super::not_for_you(pen, area);
        return;
    }
    let measure = data.default_measure(round);
    let frozen = board(data, round, BoardKind::Headquarters).is_some_and(|b| b.state.is_frozen());
    let estimate = if frozen { "" } else { Text::Estimate.in_lang(lang) };
    let weights = data.board_weights(data.pair_of(round).0.unwrap_or(round));
    let what = match measure {
        Measure::Composite => Text::CompositeOf.fill(lang, &[&weights.assessment, &weights.observation]),
        m => super::overview::measure_name(m, lang).to_owned(),
    };
    let as_of = Text::AsOf.fill(lang, &[&super::day(data.round_date(round), data.plan.district.year)]);
    let right = if area.width < super::NARROW { "" } else { Text::RoundKeys.in_lang(lang) };
    let room = area.width.saturating_sub(super::width(right) + 3);
    // Where it does not fit, whole parts leave, not half a word: what the composite is made of first.
    let head = format!("{} {estimate}", plan.called(lang));
    let parts = [format!("{head}   {what}   {as_of}"), format!("{head}   {as_of}"), head];
    let title = parts.iter().find(|t| super::width(t) <= room).unwrap_or(&parts[2]).clone();
    pen.put(area.x + 1, area.y, room, &title, Role::Text);
    pen.right(area.x + 1 + room, area.y, area.width.saturating_sub(room + 2), right, Role::Dim);

    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if state.opened.is_some() {
        opened::view(pen, body, state, sight);
    } else if pen.zoom {
        ranking(pen, body, state, data, state.focus, true);
    } else if area.width >= WIDE {
        wide(pen, body, state, sight, estimate);
    } else {
        narrow(pen, body, state, sight);
    }
}

/// What stands in the message row: what an open round still waits for, and that it is an estimate until then.
pub(super) fn tip(app: &App, data: &Snapshot, lang: Lang) -> String {
    let Some(round) = app.boards.round.filter(|r| may_see(data, &app.actor, *r)) else { return String::new() };
    let (assessment, observation) = data.pair_of(round);
    let open = |r: Option<RoundIx>| r.filter(|r| data.round_state(*r) == RoundState::Open);
    let certify = open(assessment).and_then(|r| data.assessment(r)).map_or(0, |a| a.count(ScoreState::Provisional));
    let votes = open(observation).map_or(0, |r| data.votes(r).missing + data.votes(r).unconfirmed);
    let tip = match certify + votes {
        0 => Text::TipBoards.in_lang(lang).to_owned(),
        _ => Text::TipBoardsOpen.fill(lang, &[&certify, &votes]),
    };
    if has_provisional(&app.boards, data) { format!("{}{tip}", Text::TipProvisional.in_lang(lang)) } else { tip }
}

/// Rows of a board as it is shown, with the areas behind it.
fn lines(state: &Boards, data: &Snapshot, kind: BoardKind) -> u16 {
    let rows = state.round.and_then(|r| board(data, r, kind)).map_or(1, |b| state.rows(b).len().max(1));
    let areas = if kind == BoardKind::Headquarters && !state.changes_only { areas(data).len() } else { 0 };
    u16::try_from(rows + areas).unwrap_or(20)
}

/// Both boards side by side, below them the make-up of the row under the cursor or the trend.
fn wide(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>, estimate: &str) {
    let data = sight.data;
    let mut panes = Panes::default();
    let (hq, towns) = (lines(state, data, BoardKind::Headquarters), lines(state, data, BoardKind::Towns));
    let height = (hq.max(towns) + 4).min(area.height);
    let left = area.width / 2;
    let title = |kind| {
        let t = if kind == BoardKind::Headquarters { Text::HeadquartersBoard } else { Text::TownsBoard };
        let changes = if state.changes_only { Text::ChangesOnly.in_lang(pen.lang) } else { "" };
        format!("{} {changes}", t.in_lang(pen.lang)).trim_end().to_owned()
    };
    let open = state.round.and_then(|r| data.pair_of(r).0).and_then(|r| data.assessment(r));
    let open = open.map_or(0, |a| a.count(ScoreState::Provisional));
    let note = if estimate.is_empty() || open == 0 {
        estimate.to_owned()
    } else {
        Text::EstimateOpen.fill(pen.lang, &[&open])
    };
    let a = panes.add(Rect { width: left + 1, height, ..area }, title(BoardKind::Headquarters), note.clone());
    let b =
        panes.add(Rect { x: area.x + left, width: area.width - left, height, ..area }, title(BoardKind::Towns), note);
    let rest = Rect { y: area.y + height - 1, height: (area.height + 1).saturating_sub(height), ..area };
    let (title, note) = if state.trend {
        (trend::title(pen, state.focus), Text::TrendNote)
    } else {
        (pen.say(Text::MakeUp).to_owned(), Text::EnterOpens)
    };
    let c = panes.add(rest, title, pen.say(note));
    panes.draw(pen);
    ranking(pen, a, state, data, BoardKind::Headquarters, false);
    ranking(pen, b, state, data, BoardKind::Towns, false);
    below(pen, c, state, sight, true);
}

/// The boards one above the other, below them what fits of the make-up or the trend.
fn narrow(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>) {
    let data = sight.data;
    let (hq, towns) = (lines(state, data, BoardKind::Headquarters), lines(state, data, BoardKind::Towns));
    // A trend takes the place of the board without the focus: below it there is no room for one.
    let alone = state.trend || area.width < super::NARROW || area.height < hq + towns + 2;
    let a = Rect { height: (hq + 1).min(area.height), ..area };
    let mut y = area.y;
    if !alone || state.focus == BoardKind::Headquarters {
        ranking(pen, a, state, data, BoardKind::Headquarters, true);
        y = a.bottom();
    }
    if !alone || state.focus == BoardKind::Towns {
        let b = Rect { y, height: (towns + 1).min(area.bottom().saturating_sub(y)), ..area };
        ranking(pen, b, state, data, BoardKind::Towns, true);
        y = b.bottom();
    }
    let y = if alone { (y + 1).min(area.bottom()) } else { y };
    let c = Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: area.bottom().saturating_sub(y) };
    below(pen, c, state, sight, false);
}

fn below(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>, wide: bool) {
    if state.trend {
        trend::view(pen, area, state, sight);
    } else if area.height > 0 {
        make_up::view(pen, area, state, sight.data, wide);
    }
}

fn ranking(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, data: &Snapshot, kind: BoardKind, sums: bool) {
    let lang = pen.lang;
    let Some(b) = state.round.and_then(|r| board(data, r, kind)) else {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), Text::NoScoresYet.in_lang(lang), Role::Dim);
        return;
    };
    let focused = state.focus == kind;
    let title = match (sums, kind) {
        (false, _) => Text::Unit,
        (true, BoardKind::Headquarters) => Text::Headquarters,
        (true, BoardKind::Towns) => Text::Town,
    };
    let composite = b.measure == Measure::Composite;
    let mut columns = vec![
        text("", 1, 0),
        number(Text::Rank.in_lang(lang), 4, 0),
        name(title.in_lang(lang), 9, 11),
        number(Text::Assessment.in_lang(lang), 7, 4),
    ];
    columns.push(number(Text::EarnedOfTask.in_lang(lang), 15, if sums { 3 } else { 9 }));
    columns.push(number(Text::Observation.in_lang(lang), 7, 4));
    columns.push(number(Text::Composite.in_lang(lang), 7, 0));
    columns.push(number(Text::Previous.in_lang(lang), 4, 2));
    columns.push(text(Text::Change.in_lang(lang), 4, 0));
    columns.push(number(Text::Gap.in_lang(lang), 5, 1));
    let shown = state.rows(b);
    if shown.is_empty() {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), Text::NoneMoved.in_lang(lang), Role::Dim);
        return;
    }
    let places: Vec<usize> = shown.iter().map(|(place, _)| *place).collect();
    let place = state.cursor(kind).place();
    let top = state.cursor(kind).scroll(places.len(), usize::from(area.height.saturating_sub(1)));
    let window = Window { len: places.len(), top, selected: focused.then_some(place), focused };
    // Behind the board: areas that take part in quotas only.
    let lines = u16::try_from(places.len().saturating_sub(top)).unwrap_or(u16::MAX);
    let list = if kind == BoardKind::Headquarters && !state.changes_only { areas(data) } else { Vec::new() };
    let free = (area.y + 1).saturating_add(lines)..area.bottom();
    let moves: Vec<Shown> = b.rows.iter().map(|r| super::overview::movement(pen, r)).collect();
    let red = if pen.theme.skin == crate::tui::glyphs::Skin::Line { "※" } else { "*" };
    // Beside a marked number the others keep their decimals in line.
    let blank = if b.rows.iter().any(|r| provisional(b, r)) { " " } else { "" };
    table(pen, area, &columns, window, |i| {
        let i = places[i];
        let r = &b.rows[i];
        let role = if r.rank.is_some() { Role::Text } else { Role::Dim };
        let renormalised = r.flags.iter().any(|f| matches!(f, Flag::NoAssessment | Flag::NoObservation));
        let sums = r.earned_points.zip(r.task_points);
        // What is not certified yet counts as it is derived.
        let open = if provisional(b, r) { "~" } else { blank };
        let shown = |p: Option<Points>, mark: &str| {
            let text = p.map_or_else(|| format!("--{blank}"), |p| format!("{}{mark}", p.fixed(2)));
            (text, if p.is_some() { role } else { Role::Dim })
        };
        let total = r.composite.filter(|_| composite).or(r.score);
        let composite = match total {
            Some(p) => (format!("{}{}", p.fixed(2), if renormalised { red } else { open }), Role::Title),
            None => (format!("--{blank}"), Role::Dim),
        };
        vec![
            (String::new(), role),
            (r.rank.map_or_else(|| "-".to_owned(), |n| n.to_string()), role),
            (unit_of(data, r.unit, lang), if r.flags.contains(&Flag::Veto) { Role::Bad } else { role }),
            shown(r.assessment, open),
            (sums.map_or_else(|| "--".to_owned(), |(c, t)| format!("{}/{}", c.fixed(2), t.short())), role),
            shown(r.observation, blank),
            composite,
            (r.previous.map_or_else(String::new, |n| n.to_string()), Role::Dim),
            moves[i].clone(),
            gap(b, i, lang),
        ]
    });
    for (y, unit) in free.zip(list) {
        let name = unit_name(data, unit, lang);
        pen.right(area.x + 2, y, 4, "-", Role::Dim);
        let text = format!("{name}  {}", Text::NotRanked.in_lang(lang));
        pen.put(area.x + 7, y, area.width.saturating_sub(7), &text, Role::Dim);
    }
}

/// Whether figures of a row rest on projects that are not certified yet.
fn provisional(b: &Board, row: &BoardRow) -> bool {
    !b.state.is_frozen() && row.flags.contains(&Flag::Incomplete)
}

/// Whether the boards that are shown have such a row.
fn has_provisional(state: &Boards, data: &Snapshot) -> bool {
    let boards = [BoardKind::Headquarters, BoardKind::Towns].into_iter();
    boards.filter_map(|kind| board(data, state.round?, kind)).any(|b| b.rows.iter().any(|r| provisional(b, r)))
}

pub(super) fn unit_of(data: &Snapshot, unit: Option<UnitIx>, lang: Lang) -> String {
    unit.map_or_else(|| Text::TownNotStated.in_lang(lang).to_owned(), |u| unit_name(data, u, lang))
}

/// Distance to the row above; equal printed scores say so.
fn gap(b: &Board, place: usize, lang: Lang) -> Shown {
    let row = &b.rows[place];
    let above = place.checked_sub(1).and_then(|i| b.rows.get(i));
    match (above, row.rank, row.score, above.and_then(|a| a.score)) {
        (Some(_), Some(_), Some(mine), Some(theirs)) if mine == theirs => {
            let text = if row.tied { Text::Tied } else { Text::SameScore };
            (text.in_lang(lang).to_owned(), Role::Text)
        }
        (Some(_), Some(_), Some(mine), Some(theirs)) => ((mine - theirs).fixed(2), Role::Text),
        _ => (String::new(), Role::Text),
    }
}
