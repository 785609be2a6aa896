//! The picture: the frame around every screen, and what the screens' pictures are drawn with.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::App;
use crate::app::modal::{Modal, Whole};
use crate::app::pointer::Tabs;
use crate::app::screen::{Sight, Tab};
use crate::text::Text;
use crate::tui::fit::width;
use crate::tui::theme::{Role, Theme};

pub mod arrange;
pub mod attractions;
pub mod ballots;
pub mod boards;
pub mod entry;
pub mod explain;
pub mod form;
mod frame;
pub mod help;
pub mod history;
pub mod menu;
mod message;
pub mod overview;
pub mod palette;
mod panes;
pub mod paste;
mod pen;
mod presence;
pub mod project;
pub mod projects;
mod rank;
pub mod rectifications;
pub mod scores;
pub mod sheet;
mod table;
pub mod targets;
mod tiny;
mod trail;
mod words;

pub use frame::tab_name;
pub use panes::Panes;
use panes::list_and_detail;
pub use pen::Pen;
pub use table::{Column, Shown, Window, name, number, search_chip, table, table_rows, text};
use table::{filter_fits, fitted, lines_seen, narrowed, not_for_you, picked_count};
pub use words::{as_of_line, day, points, project_name, short_id, status_name, unit_brief, unit_name};

/// From this width on details stand at the right, in panes with borders.
pub const WIDE: u16 = 100;
/// From this width on a third pane stands beside the detail.
pub const WIDEST: u16 = 140;
/// Below so many rows there is no detail.
pub const FLAT: u16 = 20;
/// Below this width a list shows a single column.
pub const NARROW: u16 = 60;

/// Draws the whole screen.
pub fn view(frame: &mut Frame<'_>, app: &mut App, theme: &Theme) {
    let area = frame.area();
    if area.width < 10 || area.height < 3 {
        return;
    }
    let lang = app.lang;
    let pen = &mut Pen {
        buf: frame.buffer_mut(),
        theme,
        lang,
        actor: app.actor.clone(),
        zoom: app.zoom,
        caret: None,
        rest: None,
        list: None,
        found: Vec::new(),
        told: app.message.as_ref().filter(|_| app.modal.is_none()).map(|m| m.text.in_lang(lang).to_owned()),
    };
    for y in area.top()..area.bottom() {
        pen.put(area.x, y, area.width, "", Role::Text);
    }
    if (area.width < tiny::COLUMNS || area.height < tiny::ROWS)
        && app.modal.is_none()
        && let Some(data) = app.data.clone()
    {
        app.tabs = Tabs::default();
        tiny::view(pen, area, app, &data);
        let caret = pen.caret.or(pen.rest);
        app.list = pen.list;
        if let Some(position) = caret {
            frame.set_cursor_position(position);
        }
        return;
    }
    app.tabs = frame::tabs(pen, area, app);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(3), ..area };
    match app.data.clone() {
        None => {
            pen.put(body.x + 1, body.y, body.width.saturating_sub(1), Text::Loading.in_lang(lang), Role::Dim);
        }
        Some(data) => {
            let below = app.shown().context();
            let sight = Sight { data: &data, index: &app.index, actor: &app.actor, lang };
            let money = app.targets.money;
            match app.modal.as_mut().and_then(Modal::whole) {
                Some(Whole::Help(help)) => help::view(pen, body, help),
                Some(Whole::Dossier(d)) => project::view(pen, body, d, &sight),
                Some(Whole::Entry(e)) => entry::view(pen, body, e, &sight),
                Some(Whole::Attractions(a)) => attractions::view(pen, body, a, money, &sight),
                None => match app.tab {
                    Tab::Overview => overview::view(pen, body, &mut app.overview, &sight),
                    Tab::Projects => projects::view(pen, body, &mut app.projects, &sight),
                    Tab::Boards => boards::view(pen, body, &mut app.boards, &sight),
                    Tab::Targets => targets::view(pen, body, &mut app.targets, &sight),
                    Tab::Scores if app.ballots.round.is_some() => {
                        ballots::view(pen, body, &mut app.ballots, &sight);
                        if let Some(ballots) = app.ballots.paper(&sight) {
                            paste::view(pen, body, &mut app.ballots.grid, &ballots);
                        }
                    }
                    Tab::Scores => scores::view(pen, body, &mut app.scores, &sight),
                    Tab::Rectifications => rectifications::view(pen, body, &mut app.rectifications, &sight),
                    Tab::History => history::view(pen, body, &mut app.history, &app.chain, &sight),
                },
            }
            match &mut app.modal {
                Some(Modal::Explain(explain)) => explain::view(pen, body, explain, &sight),
                Some(Modal::Menu(menu)) => menu::menu(pen, body, menu),
                Some(Modal::Confirm(confirm)) => menu::confirm(pen, body, confirm),
                Some(Modal::Arrange(dialog)) => arrange::view(pen, body, dialog),
                Some(Modal::Palette(palette)) => palette::view(pen, body, palette, below, &sight),
                Some(Modal::Sheet(sheet)) => sheet::view(pen, body, sheet),
                Some(Modal::Form(form)) => form::view(pen, body, form, &sight),
                _ => {}
            }
        }
    }
    frame::past_day(pen, area, app);
    frame::broken_chain(pen, area, app);
    message::message(pen, area, app);
    frame::hints(pen, area, app);
    let caret = pen.caret.or(pen.rest);
    app.list = pen.list.filter(|_| app.modal.is_none());
    if let Some(position) = caret {
        frame.set_cursor_position(position);
    }
}
