//! Below 40x10: the name of the view, one line for each thing, and what was folded away.

use ratatui::layout::Rect;

use super::{
    Pen, ballots, boards, history, overview, projects, rectifications, scores, status_name, tab_name, targets, width,
};
use crate::app::App;
use crate::app::screen::{Sight, Tab, may_see};
use crate::app::screens::boards::board;
use crate::app::screens::overview::Block;
use crate::domain::project::Status;
use crate::domain::snapshot::Snapshot;
use crate::text::Text;
use crate::tui::keymap;
use crate::tui::theme::Role;

/// Below so many columns, or …
pub const COLUMNS: u16 = 40;
/// … below so many rows.
pub const ROWS: u16 = 10;

/// Draws the view in few lines.
pub(super) fn view(pen: &mut Pen<'_>, area: Rect, app: &mut App, data: &Snapshot) {
    let lang = pen.lang;
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(2), ..area };
    pen.put(area.x, area.y, area.width, "", Role::Selection);
    let sight = Sight { data, index: &app.index, actor: &app.actor, lang };
    let mut note = String::new();
    match app.tab {
        Tab::Overview => home(pen, body, app, data),
        Tab::Projects => {
            note = match projects::narrowing(&app.projects, data, lang) {
                narrowed if narrowed.is_empty() => app.projects.rows.len().to_string(),
                narrowed => narrowed,
            };
            projects::narrow(pen, body, &mut app.projects, data);
        }
        Tab::Boards if app.boards.what_if.is_none() && app.boards.opened.is_none() => {
            note = ranks(pen, body, app, data);
        }
        Tab::Boards => boards::view(pen, body, &mut app.boards, &sight),
        Tab::Targets => targets::view(pen, body, &mut app.targets, &sight),
        Tab::Scores if app.ballots.round.is_some() => ballots::view(pen, body, &mut app.ballots, &sight),
        Tab::Scores => scores::view(pen, body, &mut app.scores, &sight),
        Tab::Rectifications => rectifications::view(pen, body, &mut app.rectifications, &sight),
        Tab::History => history::view(pen, body, &mut app.history, &app.chain, &sight),
    }
    let title = format!(" [{} {}] {note}", app.tab.digit(), tab_name(app.tab, lang, area.width));
    pen.put(area.x, area.y, area.width.saturating_sub(2), &title, Role::Selection);
    pen.put(area.right() - 2, area.y, 1, "?", Role::Selection);
    foot(pen, area, app);
}

/// The last row: what is typed or said, else what Enter does and how small the window is.
fn foot(pen: &mut Pen<'_>, area: Rect, app: &mut App) {
    let (y, lang) = (area.bottom() - 1, pen.lang);
    if app.context().takes_text() || app.message.is_some() {
        // The row of messages is the last but one of a whole screen.
        super::message::message(pen, Rect { height: area.height + 1, ..area }, app);
        return;
    }
    let size = Text::SizeHint.fill(lang, &[&area.width, &area.height]);
    let enter = keymap::help_of(app.context(), keymap::Key::Enter).unwrap_or(Text::HelpOpen);
    let enter = format!("Enter {}  ", pen.say(enter));
    let text = if width(&enter) + width(&size) + 1 < area.width { enter + &size } else { size };
    pen.put(area.x, y, area.width, &format!(" {text}"), Role::Selection);
}

/// The tally, the red projects, and what waits for somebody.
fn home(pen: &mut Pen<'_>, area: Rect, app: &mut App, data: &Snapshot) {
    let lang = pen.lang;
    let t = data.tally_of(None);
    let tally = [(Status::Completed, t.completed), (Status::OnTrack, t.on_track), (Status::Behind, t.behind)];
    let tally: Vec<String> = tally.iter().map(|(s, n)| format!("{} {n}", status_name(*s, lang))).collect();
    pen.put(area.x + 1, area.y, area.width.saturating_sub(1), &tally.join("  "), Role::Text);
    if app.overview.block != Block::Attention && area.height > 1 {
        let red = overview::red_ones(data);
        for (y, project) in (area.y + 1..area.bottom()).zip(&red) {
            pen.put(area.x + 1, y, area.width.saturating_sub(1), &overview::red_line(data, *project, lang), Role::Bad);
        }
        let used = u16::try_from(red.len()).unwrap_or(area.height).min(area.height - 1) + 1;
        let rest = Rect { y: area.y + used, height: area.height - used, ..area };
        overview::todo::attention(pen, rest, &mut app.overview, data);
    } else {
        let rest = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
        overview::todo::attention(pen, rest, &mut app.overview, data);
    }
}

/// The board with the focus, a unit a line; answers what the board is called.
fn ranks(pen: &mut Pen<'_>, area: Rect, app: &mut App, data: &Snapshot) -> String {
    let lang = pen.lang;
    let kind = app.boards.focus;
    let seen = app.boards.round.filter(|r| may_see(data, &app.actor, *r));
    let Some(b) = seen.and_then(|r| board(data, r, kind)) else {
        let hidden = data.newest_round().is_some();
        let why = if hidden { Text::NotForYou } else { Text::NoScoresYet };
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), pen.say(why), Role::Dim);
        return String::new();
    };
    let rows = app.boards.rows(b);
    let (place, height) = (app.boards.cursor(kind).place(), usize::from(area.height));
    let top = app.boards.cursor(kind).scroll(rows.len(), height);
    for (y, (i, (_, r))) in (area.y..area.bottom()).zip(rows.iter().enumerate().skip(top)) {
        let here = i == place;
        let role = if here { Role::Selection } else { Role::Text };
        let cursor = if here { pen.theme.glyphs().cursor } else { " " };
        let rank = r.rank.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let end = format!("{} {:>5}", super::points(r.score), overview::movement(pen, r).0);
        let room = area.width.saturating_sub(width(&end) + 1);
        let line = format!("{cursor}{rank:>2} {}", boards::unit_of(data, r.unit, lang));
        pen.put(area.x, y, room, &line, role);
        pen.put(area.x + room, y, area.width - room, &end, role);
    }
    overview::board_title(pen, data, kind)
}
