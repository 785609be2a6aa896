//! The picture: the frame around every screen, and what the screens' pictures are drawn with.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::App;
use crate::app::action::Action;
use crate::app::filter::found;
use crate::app::modal::{Modal, Whole};
use crate::app::pointer::{ListedRows, Tabs};
use crate::app::screen::{Context, Sight, Tab, Tone};
use crate::app::search::Search;
use crate::app::sorting::Arrangement;
use crate::domain::district::UnitIx;
use crate::domain::project::{Light, Status};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Lang, Points, Ratio};
use crate::text::Text;
use crate::tui::fit::{cut, put, put_all, put_right, width};
use crate::tui::keymap;
use crate::tui::theme::{Role, Theme};

pub mod arrange;
pub mod attractions;
pub mod ballots;
pub mod boards;
pub mod entry;
pub mod explain;
pub mod help;
pub mod history;
pub mod menu;
pub mod overview;
pub mod palette;
pub mod paste;
pub mod project;
pub mod projects;
pub mod rectifications;
pub mod scores;
pub mod sheet;
pub mod targets;
mod tiny;
mod trail;

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
    app.tabs = tabs(pen, area, app);
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
                _ => {}
            }
        }
    }
    past_day(pen, area, app);
    broken_chain(pen, area, app);
    message(pen, area, app);
    hints(pen, area, app);
    let caret = pen.caret.or(pen.rest);
    app.list = pen.list.filter(|_| app.modal.is_none());
    if let Some(position) = caret {
        frame.set_cursor_position(position);
    }
}

/// The name of a view; English has short forms where room is scarce.
#[must_use]
pub fn tab_name(tab: Tab, lang: Lang, room: u16) -> &'static str {
    let (long, short) = match tab {
        Tab::Overview => (Text::TabOverview, Text::TabOverviewShort),
        Tab::Projects => (Text::TabProjects, Text::TabProjectsShort),
        Tab::Boards => (Text::TabBoards, Text::TabBoardsShort),
        Tab::Targets => (Text::TabTargets, Text::TabTargetsShort),
        Tab::Scores => (Text::TabScores, Text::TabScoresShort),
        Tab::Rectifications => (Text::TabRectifications, Text::TabRectificationsShort),
        Tab::History => (Text::TabHistory, Text::TabHistoryShort),
    };
    if room < WIDE { short.in_lang(lang) } else { long.in_lang(lang) }
}

/// Draws row 0; answers where the names of the views stand.
fn tabs(pen: &mut Pen<'_>, area: Rect, app: &App) -> Tabs {
    let lang = pen.lang;
    let y = area.y;
    pen.put(area.x, y, area.width, "", Role::Selection);
    if area.width < NARROW {
        let text = format!(" [{} {}]", app.tab.digit(), tab_name(app.tab, lang, area.width));
        pen.put(area.x, y, area.width, &text, Role::Selection);
        pen.put(area.right() - 2, y, 1, "?", Role::Selection);
        return Tabs::default();
    }
    let mut places = Tabs { y, columns: Vec::new() };
    let wide = area.width >= WIDE;
    let gap = u16::from(wide);
    let name = if wide && lang == Lang::Zh {
        "督考 "
    } else if lang == Lang::Zh {
        "督考"
    } else {
        "dukao"
    };
    // Where the seven names would not all fit, the program's own leaves first.
    let name = if area.width < 70 { "" } else { name };
    let mut x = pen.put(area.x + 1, y, width(name), name, Role::Selection) + u16::from(!name.is_empty());
    for tab in Tab::ALL {
        let text = format!("{} {}", tab.digit(), tab_name(tab, lang, area.width));
        let text = if tab == app.tab { format!("[{text}]") } else { format!(" {text} ") };
        let end = pen.put(x, y, width(&text), &text, Role::Selection);
        places.columns.push((x, end));
        x = end + gap;
    }
    let mut parts = Vec::new();
    if let Some(data) = &app.data {
        if data.plan.district.sample {
            parts.push(Text::SampleData.in_lang(lang).to_owned());
        }
        if let Some(round) = data.assessment_round().filter(|_| wide) {
            let state = data.round_state(round);
            let state = if lang == Lang::Zh { state.zh() } else { state.name() };
            parts.push(format!("{} {state}", data.plan.round(round).name));
        }
        let person = data.plan.person(&app.actor.login).map_or(app.actor.login.as_str(), |p| p.name.as_str());
        parts.push(person.to_owned());
    }
    let right = parts.join(if wide { "   " } else { " " });
    let room = (area.x + area.width).saturating_sub(x + 1);
    pen.right(x, y, room, &cut(&right, room), Role::Selection);
    places
}

/// The day of the past that is shown, at the end of row 1 of every screen.
fn past_day(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let Some((day, year)) = app.data.as_ref().and_then(|d| Some((d.as_of?, d.plan.district.year))) else { return };
    let text = format!(" {} ", Text::PastDayShort.fill(pen.lang, &[&self::day(day, year)]));
    let room = width(&text).min(area.width);
    pen.put(area.right() - room, area.y + 1, room, &text, Role::Selection);
}

/// Where the chain of the ledger is broken, at the end of row 1 of every screen.
fn broken_chain(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let Some(seq) = app.chain.broken else { return };
    let text = format!(" {} ", Text::ChainBroken.fill(pen.lang, &[&seq]));
    let room = width(&text).min(area.width);
    pen.put(area.right() - room, area.y + 1, room, &text, Role::Bad);
}

fn message(pen: &mut Pen<'_>, area: Rect, app: &mut App) {
    let y = area.bottom() - 2;
    let lang = pen.lang;
    let trial = app.tab == Tab::Boards && app.modal.is_none() && app.boards.what_if.is_some();
    let searched = app.shown().search().filter(|s| s.field().is_some() && app.modal.is_none());
    let unread = searched.and_then(|s| s.filter().unreadable().next());
    let unread = unread.map(|t| Text::UnreadableNow.fill(lang, &[&t])).unwrap_or_default();
    let offered = searched.map(|s| s.offers().join(" ")).unwrap_or_default();
    let offered = cut(&offered, area.width / 2).into_owned();
    let word = match app.context() {
        Context::Field if !offered.is_empty() => offered.as_str(),
        _ if trial => Text::StateTrial.in_lang(lang),
        Context::Field if !unread.is_empty() => unread.as_str(),
        Context::Cell => Text::StateEditing.in_lang(lang),
        Context::Range => Text::StateRange.in_lang(lang),
        Context::Field | Context::Palette | Context::Confirm => Text::StateTyping.in_lang(lang),
        _ if read_only(app) => Text::StateBrowsing.in_lang(lang),
        Context::Grid if app.on_ballots() && app.ballots.second => Text::StateSecond.in_lang(lang),
        Context::Grid | Context::Conflict => Text::StateGrid.in_lang(lang),
        _ => "",
    };
    let room = area.width.saturating_sub(width(word) + 3);
    let prompt = match &app.modal {
        Some(Modal::Prompt(p)) => {
            let wrong = p.wrong.as_ref().map_or_else(String::new, |w| format!("{}  ", w.in_lang(lang)));
            Some((format!("{wrong}{}", p.label.in_lang(lang)), &p.field))
        }
        Some(_) => None,
        None => app.grid_prompt().or_else(|| searched.and_then(|s| s.field()).map(|f| ("/".to_owned(), f))),
    };
    if let Some((label, field)) = prompt {
        let x = pen.put(area.x + 1, y, width(&label).min(room), &label, Role::Title);
        pen.field(x, y, (area.x + room).saturating_sub(x), field);
        if let Some(search) = searched {
            pen.underline(x, y, search.text(), search.filter().unreadable_at());
        }
    } else if let Some(line) = app.grid_conflict().filter(|_| app.modal.is_none()) {
        pen.put(area.x + 1, y, area.width.saturating_sub(2), line.in_lang(lang), Role::Title);
        return;
    } else if let Some(m) = &app.message {
        let role = if m.tone == Tone::Loud { Role::Title } else { Role::Dim };
        let text = m.text.in_lang(lang);
        let (room, word) = if width(text) > room { (area.width.saturating_sub(2), "") } else { (room, word) };
        pen.put(area.x + 1, y, room, text, role);
        if word.is_empty() {
            return;
        }
    } else if let Some(data) = &app.data {
        let tip = tip(app, data, lang);
        pen.put(area.x + 1, y, room, &tip, Role::Dim);
    }
    let x = area.right().saturating_sub(width(word) + 1);
    pen.put(x, y, width(word), word, Role::Dim);
}

/// Whether nothing can be edited here: a day of the past is shown, or the cells of the score screen are not for this
/// person or not now.
fn read_only(app: &App) -> bool {
    let Some(data) = &app.data else { return false };
    let sight = Sight { data, index: &app.index, actor: &app.actor, lang: app.lang };
    let closed = || match app.ballots.round {
        Some(_) => !app.ballots.writes(&sight),
        None => app.scores.cell().is_none_or(|cell| app.scores.may(&sight, cell).is_err()),
    };
    data.as_of.is_some() || (app.tab == Tab::Scores && closed())
}

/// What stands in the message row while there is no message.
fn tip(app: &App, data: &Snapshot, lang: Lang) -> String {
    match app.tab {
        _ if matches!(app.modal, Some(Modal::Palette(_))) => Text::PaletteTip.in_lang(lang).to_owned(),
        _ if app.modal.is_some() => String::new(),
        Tab::Overview => {
            let units: Vec<String> = app.actor.units.iter().map(|u| unit_name(data, *u, lang)).collect();
            if units.is_empty() {
                Text::TipOverview.in_lang(lang).to_owned()
            } else {
                Text::MayScore.fill(lang, &[&units.join(if lang == Lang::Zh { "、" } else { ", " })])
            }
        }
        Tab::Projects => Text::TipProjects.in_lang(lang).to_owned(),
        Tab::Boards if app.boards.what_if.is_some() => Text::TipTrial.in_lang(lang).to_owned(),
        Tab::Boards if app.boards.opened.is_some() => Text::TipMakeUp.in_lang(lang).to_owned(),
        Tab::Boards if boards::has_provisional(&app.boards, data) => Text::TipProvisional.in_lang(lang).to_owned(),
        Tab::Boards => Text::TipBoards.in_lang(lang).to_owned(),
        Tab::Targets => Text::TipTargets.in_lang(lang).to_owned(),
        Tab::Scores if app.on_ballots() => Text::TipBallots.in_lang(lang).to_owned(),
        Tab::Scores if app.scores.selecting => Text::TipSelector.in_lang(lang).to_owned(),
        Tab::Scores => Text::TipGrid.in_lang(lang).to_owned(),
        Tab::Rectifications => {
            rectifications::price(data, lang).unwrap_or_else(|| Text::TipRectifications.in_lang(lang).to_owned())
        }
        Tab::History => Text::TipHistory.in_lang(lang).to_owned(),
    }
}

fn hints(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let y = area.bottom() - 1;
    let lang = pen.lang;
    let context = app.context();
    let style = pen.theme.style(Role::Selection);
    pen.put(area.x, y, area.width, "", Role::Selection);
    let right = if context.takes_text() {
        format!("F1 {}", Text::HelpHelp.in_lang(lang))
    } else if matches!(
        context,
        Context::Conflict
            | Context::Preview
            | Context::List
            | Context::Explain
            | Context::Menu
            | Context::Choice
            | Context::WhatIf
    ) {
        String::new()
    } else {
        format!("? {}  q {}", Text::HelpHelp.in_lang(lang), Text::HelpQuit.in_lang(lang))
    };
    let end = (area.x + area.width).saturating_sub(width(&right) + 1);
    let mut x = area.x + 1;
    let gap = if area.width >= WIDE { 3 } else { 2 };
    // What the other grid of the view is for has no place in the footer of this one.
    let other = if app.on_ballots() { Action::Adopt } else { Action::SecondEntry };
    // Somebody may have put the hints away; a panel keeps its own.
    let quiet = app.look.quiet && app.modal.is_none();
    let hints = if quiet { Vec::new() } else { keymap::hints(context, lang, other) };
    for (key, help) in hints {
        let text = format!("{key} {help}");
        if x + width(&text) + 2 > end {
            break;
        }
        x = put(pen.buf, x, y, width(&text), &text, style) + gap;
    }
    pen.put(end, y, width(&right), &right, Role::Selection);
}

/// 笔. What the pictures are drawn with: a buffer, how roles look, and the language.
pub struct Pen<'a> {
    /// Where to.
    pub buf: &'a mut Buffer,
    /// How roles look.
    pub theme: &'a Theme,
    /// Language of the screen.
    pub lang: Lang,
    /// Whose screen it is: what he may not see is not drawn.
    pub actor: crate::app::screen::Actor,
    /// 放大: the block with the focus has the whole screen.
    pub zoom: bool,
    /// Where the terminal's cursor stands, if a field is open.
    pub caret: Option<Position>,
    /// Where it waits otherwise, hidden: on what is selected, as an input method opens its window there.
    pub rest: Option<Position>,
    /// The rows of the list that takes the keys, for the mouse.
    pub list: Option<ListedRows>,
    /// Words that are looked for: tables underline what matches them.
    pub found: Vec<String>,
}

impl Pen<'_> {
    /// Text into a field, filled with blanks; answers the column after it.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        put(self.buf, x, y, room, text, self.theme.style(role))
    }

    /// Text at the right end of a field.
    pub fn right(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) {
        put_right(self.buf, x, y, room, text, self.theme.style(role));
    }

    /// Pieces of different roles behind each other, the rest of the field blank.
    pub fn pieces(&mut self, x: u16, y: u16, room: u16, pieces: &[(&str, Role)]) -> u16 {
        let styled = pieces.iter().map(|(t, r)| (*t, self.theme.style(*r)));
        put_all(self.buf, x, y, room, styled.collect::<Vec<(&str, Style)>>())
    }

    /// One text in the language of the screen.
    #[must_use]
    pub fn say(&self, text: Text) -> &'static str {
        text.in_lang(self.lang)
    }

    /// A field being typed, with the terminal's cursor at its caret; scrolls so that the caret is seen.
    pub fn field(&mut self, x: u16, y: u16, room: u16, field: &crate::app::field::Field) {
        let (before, after) = field.halves();
        let mut start = 0;
        while width(&before[start..]) + 1 > room && start < before.len() {
            start += before[start..].chars().next().map_or(1, char::len_utf8);
        }
        let at = x + width(&before[start..]);
        put_all(self.buf, x, y, room, [(&before[start..], Style::new()), (after, Style::new())]);
        self.caret = Some(Position { x: at, y });
    }

    /// Underlines these bytes of a text that was drawn there from its beginning.
    pub fn underline(&mut self, x: u16, y: u16, text: &str, bytes: impl IntoIterator<Item = Range<usize>>) {
        for range in bytes {
            let (from, to) = (x.saturating_add(width(&text[..range.start])), width(&text[range]));
            let place = Rect { x: from, y, width: to, height: 1 }.intersection(self.buf.area);
            self.buf.set_style(place, Style::new().add_modifier(Modifier::UNDERLINED));
        }
    }

    /// A bar: done part, rest, and where one should be by now.
    pub fn bar(&mut self, x: u16, y: u16, room: u16, done: Points, pace: Option<Points>) {
        let g = self.theme.glyphs();
        let at = |p: Points| {
            let cells = (p.ratio() * Ratio::new(i128::from(room), 100)).round();
            u16::try_from(cells.clamp(0, i64::from(room))).unwrap_or(room)
        };
        let filled = at(done);
        let mark = pace.map(|p| at(p).min(room.saturating_sub(1)));
        for i in 0..room {
            let (glyph, role) = if mark == Some(i) {
                (g.bar_pace, Role::Title)
            } else if i < filled {
                (g.bar_done, Role::Good)
            } else {
                (g.bar_rest, Role::Dim)
            };
            self.put(x + i, y, 1, glyph, role);
        }
    }

    /// The mark of a light.
    #[must_use]
    pub fn light(&self, light: Option<Light>) -> (&'static str, Role) {
        let g = self.theme.glyphs();
        match light {
            Some(Light::Green) => (g.completed, Role::Good),
            Some(Light::Yellow) => (g.yellow, Role::Warn),
            Some(Light::Red) => (g.red, Role::Bad),
            Some(Light::Grey) | None => (g.unknown, Role::Dim),
        }
    }

    /// The mark of a project's status and light.
    #[must_use]
    pub fn standing(&self, s: crate::domain::project::Standing) -> (&'static str, Role) {
        let g = self.theme.glyphs();
        match s.status {
            Status::Completed => (g.completed, Role::Good),
            Status::OnTrack => (g.on_track, Role::Text),
            Status::Behind => self.light(s.light),
            Status::Unknown => (g.unknown, Role::Dim),
            Status::Excluded => ("  ", Role::Dim),
        }
    }
}

/// 栏. A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Header.
    pub title: &'static str,
    /// Cells.
    pub width: u16,
    /// Numbers stand at the right.
    pub right: bool,
    /// Takes what is left, up to this many cells more.
    pub grow: u16,
    /// Order of leaving where room is short, the highest first; 0 stays.
    pub leaves: u8,
}

/// A column of text.
#[must_use]
pub const fn text(title: &'static str, width: u16, leaves: u8) -> Column {
    Column { title, width, right: false, grow: 0, leaves }
}

/// A column of numbers.
#[must_use]
pub const fn number(title: &'static str, width: u16, leaves: u8) -> Column {
    Column { title, width, right: true, grow: 0, leaves }
}

/// A column of names, which takes what is left.
#[must_use]
pub const fn name(title: &'static str, width: u16, grow: u16) -> Column {
    Column { title, width, right: false, grow, leaves: 0 }
}

/// Offset and width of each column that stays.
fn fitted(columns: &[Column], room: u16) -> Vec<Option<(u16, u16)>> {
    let mut stays = vec![true; columns.len()];
    let total = |stays: &[bool]| -> u16 {
        columns.iter().zip(stays).filter(|(_, s)| **s).map(|(c, _)| c.width + 1).sum::<u16>().saturating_sub(1)
    };
    while total(&stays) > room {
        let next =
            (0..columns.len()).filter(|i| stays[*i] && columns[*i].leaves > 0).max_by_key(|i| columns[*i].leaves);
        match next {
            Some(i) => stays[i] = false,
            None => break,
        }
    }
    let mut spare = room.saturating_sub(total(&stays));
    let mut x = 0;
    columns
        .iter()
        .zip(&stays)
        .map(|(c, stay)| {
            stay.then(|| {
                let more = c.grow.min(spare);
                spare -= more;
                let at = (x, (c.width + more).min(room.saturating_sub(x)));
                x += c.width + more + 1;
                at
            })
        })
        .collect()
}

/// One cell of a row.
pub type Shown = (String, Role);

/// Which rows of a table are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    /// Rows in all.
    pub len: usize,
    /// First row drawn.
    pub top: usize,
    /// The row under the cursor.
    pub selected: Option<usize>,
    /// The focus is here: the row is drawn reversed.
    pub focused: bool,
}

/// A table: header and visible rows; only those are asked for.
pub fn table(pen: &mut Pen<'_>, area: Rect, columns: &[Column], window: Window, row: impl Fn(usize) -> Vec<Shown>) {
    if area.height == 0 || area.width < 4 {
        return;
    }
    let at = fitted(columns, area.width);
    pen.put(area.x, area.y, area.width, "", Role::Header);
    for (c, place) in columns.iter().zip(&at) {
        if let Some((x, room)) = place {
            if c.right {
                pen.right(area.x + x, area.y, *room, c.title, Role::Header);
            } else {
                pen.put(area.x + x, area.y, *room, c.title, Role::Header);
            }
        }
    }
    table_rows(pen, Rect { y: area.y + 1, height: area.height - 1, ..area }, columns, window, row);
}

/// The rows of a table, without its header.
pub fn table_rows(
    pen: &mut Pen<'_>,
    area: Rect,
    columns: &[Column],
    window: Window,
    row: impl Fn(usize) -> Vec<Shown>,
) {
    let at = fitted(columns, area.width);
    let lines = window.top..window.len.min(window.top + usize::from(area.height));
    for (y, i) in (area.y..).zip(lines) {
        let selected = window.focused && window.selected == Some(i);
        // Every other row is shaded where the terminal has a shade for it.
        let shade = if i % 2 == 1 { pen.theme.style(Role::Zebra) } else { Style::new() };
        let style =
            |pen: &Pen<'_>, role| if selected { pen.theme.selected(role) } else { shade.patch(pen.theme.style(role)) };
        let base = style(pen, Role::Text);
        put(pen.buf, area.x, y, area.width, "", base);
        if selected {
            pen.rest = Some(Position { x: area.x, y });
            let rows = area.height - 1;
            pen.list = Some(ListedRows { x: area.x, y: area.y + 1, width: area.width, rows, selected: y });
        }
        for ((c, place), (text, role)) in columns.iter().zip(&at).zip(row(i)) {
            if let Some((x, room)) = place {
                let style = style(pen, role);
                if c.right {
                    put_right(pen.buf, area.x + x, y, *room, &text, style);
                } else {
                    put(pen.buf, area.x + x, y, *room, &text, style);
                    let shown = cut(&text, *room);
                    let matched = found(&shown, pen.found.iter().map(String::as_str));
                    pen.underline(area.x + x, y, &shown, matched);
                }
            }
        }
        if window.selected == Some(i) && columns.first().is_some_and(|c| c.width == 1) {
            put(pen.buf, area.x, y, 1, pen.theme.glyphs().cursor, base);
        }
    }
}

/// 窗格. Panes that share their borders: rules are collected and drawn with the right corners.
#[derive(Default)]
pub struct Panes {
    rules: BTreeMap<(u16, u16), u8>,
    titles: Vec<(Rect, String, String)>,
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

impl Panes {
    /// Adds a pane with a title at the left and a note at the right of its upper border; answers what is inside.
    pub fn add(&mut self, area: Rect, title: impl Into<String>, note: impl Into<String>) -> Rect {
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        let (l, r, t, b) = (area.x, area.right() - 1, area.y, area.bottom() - 1);
        let mut mark = |x, y, bits| *self.rules.entry((x, y)).or_default() |= bits;
        for x in l..=r {
            let bits = if x == l {
                RIGHT
            } else if x == r {
                LEFT
            } else {
                LEFT | RIGHT
            };
            mark(x, t, bits);
            mark(x, b, bits);
        }
        for y in t..=b {
            let bits = if y == t {
                DOWN
            } else if y == b {
                UP
            } else {
                UP | DOWN
            };
            mark(l, y, bits);
            mark(r, y, bits);
        }
        self.titles.push((area, title.into(), note.into()));
        Rect { x: l + 2, y: t + 1, width: area.width.saturating_sub(4), height: area.height - 2 }
    }

    /// Draws the borders and titles.
    pub fn draw(&self, pen: &mut Pen<'_>) {
        let g = pen.theme.glyphs();
        for ((x, y), bits) in &self.rules {
            let glyph = match *bits {
                b if b == UP | DOWN => g.upright,
                b if b == DOWN | RIGHT => g.top_left,
                b if b == DOWN | LEFT => g.top_right,
                b if b == UP | RIGHT => g.bottom_left,
                b if b == UP | LEFT => g.bottom_right,
                b if b == UP | DOWN | RIGHT => g.tee_left,
                b if b == UP | DOWN | LEFT => g.tee_right,
                b if b == DOWN | LEFT | RIGHT => g.tee_top,
                b if b == UP | LEFT | RIGHT => g.tee_bottom,
                b if b == UP | DOWN | LEFT | RIGHT => g.cross,
                _ => g.rule,
            };
            pen.put(*x, *y, 1, glyph, Role::Dim);
        }
        for (area, title, note) in &self.titles {
            let room = area.width.saturating_sub(6);
            if !title.is_empty() {
                let title = format!(" {} ", cut(title, room));
                pen.put(area.x + 2, area.y, width(&title), &title, Role::Title);
            }
            if !note.is_empty() && width(title) + width(note) + 6 < room {
                let note = format!(" {note} ");
                pen.put(area.right() - 2 - width(&note), area.y, width(&note), &note, Role::Dim);
            }
        }
    }
}

/// Whether the whole filter stands on row 1.
fn filter_fits(from: u16, area: Rect, search: &Search) -> bool {
    width(search.text()) + 4 <= area.right().saturating_sub(1 + from)
}

/// What a table is searched for, how it is sorted and how many columns are left out, at the right end of row 1 behind
/// `from`; answers where it begins. The search stays where room is short.
pub fn search_chip(pen: &mut Pen<'_>, from: u16, area: Rect, search: &Search, arrangement: &Arrangement) -> u16 {
    let lang = pen.lang;
    let filter = if search.text().is_empty() { String::new() } else { format!("[/ {}]", search.text()) };
    let out = match arrangement.left_out() {
        0 => String::new(),
        n => Text::ColumnsLeftOut.fill(lang, &[&n]),
    };
    let end = area.right().saturating_sub(1);
    let room = end.saturating_sub(from);
    let filter = cut(&filter, room).into_owned();
    // What nobody sorted is told by its first column.
    let most = if arrangement.is_usual() { 1 } else { usize::MAX };
    let mut parts = vec![out, arrangement.words(lang, most)];
    let total = |parts: &[String]| {
        let all = parts.iter().chain([&filter]).filter(|p| !p.is_empty()).map(|p| width(p) + 2);
        all.sum::<u16>().saturating_sub(2)
    };
    if total(&parts) > room {
        parts[1] = arrangement.words(lang, 1);
    }
    while total(&parts) > room && !parts.is_empty() {
        parts.remove(0);
    }
    let start = end.saturating_sub(total(&parts));
    let mut x = start;
    let role = if search.filter().unreadable().next().is_some() { Role::Invalid } else { Role::Title };
    for (part, role) in std::iter::once((&filter, role)).chain(parts.iter().map(|p| (p, Role::Text))) {
        if !part.is_empty() {
            x = pen.put(x, area.y, width(part), part, role) + 2;
        }
    }
    start
}

/// How many of how many rows are listed, where anything narrows the list; behind it the filter, if row 1 has no room for
/// it in full.
fn narrowed(lang: Lang, search: &Search, chip: bool, listed: usize, all: usize, room_on_top: bool) -> String {
    if search.text().is_empty() && !chip {
        return String::new();
    }
    let count = Text::NarrowedTo.fill(lang, &[&listed, &all]);
    if search.text().is_empty() || room_on_top { count } else { format!("{count} / {}", search.text()) }
}

/// How many rows are picked, at the right end of a table's last line.
fn picked_count(pen: &mut Pen<'_>, area: Rect, picked: usize) {
    if picked > 0 {
        let text = Text::PickedRows.fill(pen.lang, &[&picked]);
        let room = width(&text).min(area.width.saturating_sub(1));
        pen.put(area.right().saturating_sub(room + 1), area.bottom().saturating_sub(1), room, &text, Role::Title);
    }
}

/// Rooms of a list and of the detail of its row: side by side in panes where there is width, the list taking that share,
/// else the detail below, where there is height.
pub(super) fn list_and_detail(pen: &mut Pen<'_>, body: Rect, share: (u16, u16), title: Text) -> (Rect, Rect) {
    let lang = pen.lang;
    if body.width >= WIDE {
        let width = body.width * share.0 / share.1;
        let mut panes = Panes::default();
        let list = panes.add(Rect { width: width + 1, ..body }, title.in_lang(lang), "");
        let rest = Rect { x: body.x + width, width: body.width - width, ..body };
        let detail = panes.add(rest, Text::Detail.in_lang(lang), Text::EnterOpens.in_lang(lang));
        panes.draw(pen);
        return (list, detail);
    }
    let low = if body.height >= 15 { 7 } else { 0 };
    let list = Rect { height: body.height.saturating_sub(low), ..body };
    (list, Rect { x: body.x + 1, y: list.bottom(), width: body.width.saturating_sub(2), height: low })
}

/// A unit as the screen names it.
#[must_use]
pub fn unit_name(data: &Snapshot, unit: UnitIx, lang: Lang) -> String {
    let u = data.plan.unit(unit);
    if u.kind == crate::domain::district::UnitKind::Town { u.called(lang) } else { u.briefly(lang) }.to_owned()
}

/// The first two characters of a headquarters' short name, for narrow columns; English has the code.
#[must_use]
pub fn unit_brief(data: &Snapshot, unit: UnitIx, lang: Lang) -> String {
    let u = data.plan.unit(unit);
    match lang {
        Lang::Zh => u.short.chars().take(2).collect(),
        Lang::En => u.code.clone(),
    }
}

/// `MM-DD` within the year, else `YYYY-MM-DD`.
#[must_use]
pub fn day(date: Date, year: i16) -> String {
    if date.year() == year { format!("{:02}-{:02}", date.month(), date.day()) } else { date.to_string() }
}

/// Points with two decimals, `--` where there are none.
#[must_use]
pub fn points(p: Option<Points>) -> String {
    p.map_or_else(|| "--".to_owned(), |p| p.fixed(2))
}

/// The id without the prefix of the plan's first one.
#[must_use]
pub fn short_id<'a>(data: &Snapshot, id: &'a str) -> &'a str {
    data.plan.short_id(id)
}

/// A project as a table names it: the sample's banner and header carry what its names would repeat.
#[must_use]
pub fn project_name(data: &Snapshot, project: crate::domain::district::ProjectIx) -> &str {
    let name = data.plan.project(project).name.as_str();
    if data.plan.district.sample { name.strip_prefix("【样例】").unwrap_or(name) } else { name }
}

/// A status in words.
#[must_use]
pub fn status_name(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Completed => Text::StatusCompleted,
        Status::OnTrack => Text::StatusOnTrack,
        Status::Behind => Text::StatusBehind,
        Status::Unknown => Text::StatusUnknown,
        Status::Excluded => Text::StatusExcluded,
    }
    .in_lang(lang)
}

/// Date and pace of what a screen counts.
#[must_use]
pub fn as_of_line(data: &Snapshot, lang: Lang) -> String {
    let year = data.plan.district.year;
    let at = data.board_date();
    let (gone, total) = data.year_months(at);
    let pace = (data.plan_pace(at) * Ratio::int(100)).round2().fixed(1);
    Text::AsOfLine.fill(lang, &[&day(at, year), &day(data.day(), year), &pace, &gone, &total])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_leave_in_their_order_and_the_name_takes_the_rest() {
        let columns = [text("", 1, 0), name("项目", 10, 20), number("滞后", 6, 2), text("镇", 6, 1)];
        assert_eq!(fitted(&columns, 40), [Some((0, 1)), Some((2, 24)), Some((27, 6)), Some((34, 6))]);
        assert_eq!(fitted(&columns, 20), [Some((0, 1)), Some((2, 11)), None, Some((14, 6))]);
        assert_eq!(fitted(&columns, 12), [Some((0, 1)), Some((2, 10)), None, None]);
        assert_eq!(fitted(&columns, 6), [Some((0, 1)), Some((2, 4)), None, None]);
    }
}
