//! The message row: what a field asks, what was said last, else a tip; at its right what state the keys are in.

use std::borrow::Cow;

use ratatui::layout::Rect;

use super::{Pen, boards, rectifications, unit_name};
use crate::app::App;
use crate::app::modal::Modal;
use crate::app::screen::{Context, Sight, Tab, Tone};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::{cut, width};
use crate::tui::theme::Role;

pub(super) fn message(pen: &mut Pen<'_>, area: Rect, app: &mut App) {
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
        Context::Conflict if app.modal.is_some() => Text::StateEditing.in_lang(lang),
        Context::Cell | Context::FormCell => Text::StateEditing.in_lang(lang),
        Context::Range => Text::StateRange.in_lang(lang),
        Context::Field
        | Context::Palette
        | Context::Confirm
        | Context::Picker
        | Context::PickShort
        | Context::PickMany => Text::StateTyping.in_lang(lang),
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
        said(pen, area, line.in_lang(lang), Role::Title);
        return;
    } else if let Some(m) = &app.message {
        let role = if m.tone == Tone::Loud { Role::Title } else { Role::Dim };
        let text = m.text.in_lang(lang);
        if width(text) > room {
            return said(pen, area, text, role);
        }
        pen.put(area.x + 1, y, room, text, role);
    } else if let Some(damage) = app.damage.as_ref().filter(|_| app.modal.is_none()) {
        pen.put(area.x + 1, y, room, damage.in_lang(lang), Role::Bad);
    } else if let Some(data) = &app.data {
        let company = super::presence::line(app, data, lang).filter(|_| app.modal.is_none());
        let tip = company.unwrap_or_else(|| tip(app, data, lang));
        pen.put(area.x + 1, y, room, &whole_words(&tip, room), Role::Dim);
    }
    let x = area.right().saturating_sub(width(word) + 1);
    pen.put(x, y, width(word), word, Role::Dim);
}

/// A sentence that somebody must read to its end: what the row does not hold begins in the row above.
fn said(pen: &mut Pen<'_>, area: Rect, text: &str, role: Role) {
    let (y, room) = (area.bottom() - 2, area.width.saturating_sub(2));
    let lines = wrapped(text, room.max(2), width);
    let typing = pen.caret.is_some_and(|caret| caret.y + 1 == y);
    if let [first, rest @ ..] = &lines[..]
        && !rest.is_empty()
        && area.height >= 10
        && !typing
    {
        pen.put(area.x, y - 1, area.width, "", role);
        pen.put(area.x + 1, y - 1, room, first, role);
        pen.put(area.x + 1, y, room, &rest.concat(), role);
    } else {
        pen.put(area.x + 1, y, room, text, role);
    }
}

/// As much of a tip as has room without cutting a word.
fn whole_words(tip: &str, room: u16) -> Cow<'_, str> {
    if width(tip) <= room {
        return tip.into();
    }
    let ends = tip.char_indices().rev().filter(|(_, c)| [' ', '，', '；', '、', ',', ';'].contains(c));
    let mut heads = ends.map(|(end, _)| tip[..end].trim_end_matches([' ', '，', '；', '、', ',', ';']));
    let head = heads.find(|head| width(head) + 2 <= room && !head.is_empty());
    head.map_or_else(|| cut(tip, room), |head| format!("{head}..").into())
}

/// Whether nothing can be edited here: the database is damaged, a day of the past is shown, or the cells of the score screen are not for this
/// person or not now.
pub(super) fn read_only(app: &App) -> bool {
    let Some(data) = &app.data else { return false };
    let sight = Sight { data, index: &app.index, actor: &app.actor, lang: app.lang };
    let closed = || match app.ballots.round {
        Some(_) => !app.ballots.writes(&sight),
        // A search that finds nothing closes nothing.
        None => app.scores.any_cell(data).is_none_or(|cell| app.scores.may(&sight, cell).is_err()),
    };
    app.damage.is_some() || data.as_of.is_some() || (app.tab == Tab::Scores && closed())
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
        Tab::Boards => boards::tip(app, data, lang),
        Tab::Targets => Text::TipTargets.in_lang(lang).to_owned(),
        Tab::Scores if app.found_no_row().is_some() => {
            Text::NothingFound.fill(lang, &[&app.found_no_row().unwrap_or_default()])
        }
        Tab::Scores if read_only(app) => Text::TipLook.in_lang(lang).to_owned(),
        Tab::Scores if app.on_ballots() => Text::TipBallots.in_lang(lang).to_owned(),
        Tab::Scores if app.scores.selecting => Text::TipSelector.in_lang(lang).to_owned(),
        Tab::Scores => Text::TipGrid.in_lang(lang).to_owned(),
        Tab::Rectifications => {
            rectifications::price(data, lang).unwrap_or_else(|| Text::TipRectifications.in_lang(lang).to_owned())
        }
        Tab::History => Text::TipHistory.in_lang(lang).to_owned(),
    }
}
