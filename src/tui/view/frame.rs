//! What stands around every screen: the tabs above, the keys below, and what row 1 warns of.

use ratatui::layout::Rect;

use super::{NARROW, Pen, WIDE};
use crate::app::App;
use crate::app::action::Action;
use crate::app::modal::Modal;
use crate::app::pointer::Tabs;
use crate::app::screen::{Context, Tab};
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::fit::{cut, put, width};
use crate::tui::keymap::{self, Key};
use crate::tui::theme::Role;

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
pub(super) fn tabs(pen: &mut Pen<'_>, area: Rect, app: &App) -> Tabs {
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
    let room = area.right().saturating_sub(x + 2);
    let right = whose(app, lang, wide, room);
    pen.right(x + 1, y, room, &cut(&right, room), Role::Selection);
    places
}

/// What the data is and who sits there, for the end of row 0. Where it does not fit, the round leaves first, then the
/// sample's banner is short; the person stays.
fn whose(app: &App, lang: Lang, wide: bool, room: u16) -> String {
    let Some(data) = &app.data else { return String::new() };
    let person = data.plan.person(&app.actor.login).map_or(app.actor.login.as_str(), |p| p.name.as_str());
    let [long, short] = [Text::SampleData, Text::SampleShort].map(|text| match data.plan.district.sample {
        true => text.in_lang(lang),
        false => "",
    });
    let round = data.assessment_round().filter(|_| wide).map_or_else(String::new, |round| {
        let state = data.round_state(round);
        let state = if lang == Lang::Zh { state.zh() } else { state.name() };
        format!("{} {state}", data.plan.round(round).called(lang))
    });
    let line = |parts: [&str; 3], gap| parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(gap);
    let gap = if wide { "   " } else { " " };
    let lines = [line([long, &round, person], gap), line([long, "", person], gap), line([short, "", person], " ")];
    let fits = lines.iter().find(|l| width(l) <= room).unwrap_or(&lines[2]);
    fits.clone()
}

/// The day of the past that is shown, at the end of row 1 of every screen.
pub(super) fn past_day(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let Some((day, year)) = app.data.as_ref().and_then(|d| Some((d.as_of?, d.plan.district.year))) else { return };
    let text = format!(" {} ", Text::PastDayShort.fill(pen.lang, &[&super::day(day, year)]));
    let room = width(&text).min(area.width);
    pen.put(area.right() - room, area.y + 1, room, &text, Role::Selection);
}

/// Where the chain of the ledger is broken, at the end of row 1 of every screen.
pub(super) fn broken_chain(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let Some(seq) = app.chain.broken else { return };
    let text = format!(" {} ", Text::ChainBroken.fill(pen.lang, &[&seq]));
    let room = width(&text).min(area.width);
    pen.put(area.right() - room, area.y + 1, room, &text, Role::Bad);
}

pub(super) fn hints(pen: &mut Pen<'_>, area: Rect, app: &App) {
    let y = area.bottom() - 1;
    let lang = pen.lang;
    let context = app.context();
    let style = pen.theme.style(Role::Selection);
    pen.put(area.x, y, area.width, "", Role::Selection);
    // What the other grid of the view is for has no place in the footer of this one, nor what nobody may do here.
    let other = if app.on_ballots() { Action::Adopt } else { Action::SecondEntry };
    let looks = context != Context::WhatIf && super::message::read_only(app);
    let of_form = |action| matches!(&app.modal, Some(Modal::Form(form)) if form.useless(action));
    // The matrix has no unit to choose: row 1 names its round, and the keys of that.
    let unit = |action| app.on_ballots() && matches!(action, Action::UnitPrev | Action::UnitNext);
    let keeps = app.keeps_records();
    // In a grid the same action changes a score.
    let of_records = |action: Action| action.keeps() || (action == Action::Edit && context == Context::Targets);
    let closed = |action: Action| (looks && action.edits()) || (!keeps && of_records(action));
    let useless = |action: Action| action == other || unit(action) || closed(action) || of_form(action);
    // Somebody may have put the hints away; a panel keeps its own.
    let quiet = app.look.quiet && app.modal.is_none();
    let mut hints = keymap::hints(context, lang, useless);
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
        // The way out of a panel always stands at the right.
        let out = hints.iter().position(|(key, _)| *key == Key::Esc.name());
        out.map_or_else(String::new, |i| {
            let (key, help) = hints.remove(i);
            format!("{key} {help}")
        })
    } else {
        format!("? {}  q {}", Text::HelpHelp.in_lang(lang), Text::HelpQuit.in_lang(lang))
    };
    let end = (area.x + area.width).saturating_sub(width(&right) + 1);
    let mut x = area.x + 1;
    let gap = if area.width >= WIDE { 3 } else { 2 };
    if quiet {
        hints.clear();
    }
    for (key, help) in hints {
        let text = format!("{key} {help}");
        if x + width(&text) + 2 > end {
            break;
        }
        x = put(pen.buf, x, y, width(&text), &text, style) + gap;
    }
    pen.put(end, y, width(&right), &right, Role::Selection);
}
