//! 菜单、确认. Popups that ask one thing.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::menu::{Confirm, Menu};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws a menu over the picture: digit, letter, name, and what else is worth knowing at the right.
pub fn menu(pen: &mut Pen<'_>, area: Rect, menu: &mut Menu) {
    let lang = pen.lang;
    let title = menu.title.in_lang(lang).to_owned();
    let letters = if menu.choices.iter().any(|c| c.letter.is_some()) { 2 } else { 0 };
    let line = |place: usize| {
        let choice = &menu.choices[place];
        let digit = if place < 9 { (place + 1).to_string() } else { String::new() };
        let letter = match choice.letter {
            Some(letter) => format!(" {letter}"),
            None => " ".repeat(letters),
        };
        let mark = if choice.refused.is_some() { "-" } else { " " };
        (format!("{digit:>2}{letter} {mark}"), choice.name.in_lang(lang).to_owned())
    };
    let lines: Vec<(String, String)> = (0..menu.choices.len()).map(line).collect();
    let names = lines.iter().map(|(_, name)| width(name)).max().unwrap_or(0).min(area.width.saturating_sub(16));
    let room = area.width.saturating_sub(4);
    let note = |c: &crate::app::menu::Choice| c.refused.as_ref().unwrap_or(&c.note).in_lang(lang).to_owned();
    let widest = menu.choices.iter().map(|c| 8 + names + 2 + width(&note(c))).max().unwrap_or(0);
    let inner = widest.max(width(&title) + 6).max(30).min(room);
    let notes: Vec<String> =
        menu.notes.iter().flat_map(|n| wrapped(n.in_lang(lang), inner.saturating_sub(2), width)).collect();
    let rows = u16::try_from(menu.choices.len()).unwrap_or(u16::MAX);
    let fixed = u16::try_from(notes.len()).unwrap_or(0) + 2;
    let place = popup::centred(area, inner + 2, rows.saturating_add(fixed + u16::from(!notes.is_empty())));
    let inside = popup::panel(pen.buf, place, &title, pen.theme);
    let mut y = inside.y;
    for note in notes.iter().take(usize::from(inside.height / 2)) {
        pen.put(inside.x + 1, y, inside.width.saturating_sub(2), note, Role::Dim);
        y += 1;
    }
    y += u16::from(!notes.is_empty());
    let height = usize::from(inside.bottom().saturating_sub(y));
    let top = menu.cursor.scroll(menu.choices.len(), height);
    let cursor = pen.theme.glyphs().cursor;
    for (y, place) in (y..inside.bottom()).zip(top..menu.choices.len()) {
        let choice = &menu.choices[place];
        let chosen = menu.cursor.place() == place;
        let role = match (chosen, choice.refused.is_some()) {
            (true, _) => Role::Selection,
            (false, true) => Role::Dim,
            (false, false) => Role::Text,
        };
        let (keys, name) = &lines[place];
        pen.put(inside.x, y, inside.width, "", role);
        let x = pen.put(inside.x, y, 1, if chosen { cursor } else { " " }, role);
        let x = pen.put(x, y, width(keys), keys, role) + 1;
        pen.put(x, y, names, name, role);
        let x = x + names + 2;
        pen.put(x, y, inside.right().saturating_sub(x), &note(choice), role);
    }
    if menu.choices.is_empty() && y < inside.bottom() {
        pen.put(inside.x + 1, y, inside.width.saturating_sub(2), Text::NothingInMenu.in_lang(lang), Role::Dim);
    }
}

/// Draws what has to be confirmed: object, number, consequence, the word to type.
pub fn confirm(pen: &mut Pen<'_>, area: Rect, confirm: &Confirm) {
    let lang = pen.lang;
    let room = area.width.saturating_sub(8).min(60);
    let lines: Vec<String> =
        confirm.lines.iter().flat_map(|l| wrapped(l.in_lang(lang), room.saturating_sub(4), width)).collect();
    let height = u16::try_from(lines.len()).unwrap_or(1) + 7;
    let place = popup::centred(area, room + 2, height);
    let inside = popup::panel(pen.buf, place, confirm.title.in_lang(lang), pen.theme);
    let (x, width_inside) = (inside.x + 2, inside.width.saturating_sub(4));
    let mut y = inside.y + 1;
    for line in &lines {
        if y < inside.bottom() {
            pen.put(x, y, width_inside, line, Role::Text);
        }
        y += 1;
    }
    y += 1;
    let label = Text::TypeToConfirm.fill(lang, &[&confirm.words[0], &confirm.words[1]]);
    if y < inside.bottom() {
        let at = pen.put(x, y, width(&label).min(width_inside), &label, Role::Title);
        pen.field(at, y, (x + width_inside).saturating_sub(at), &confirm.field);
    }
    y += 2;
    if y < inside.bottom() {
        let keys = Text::ConfirmKeys.both2(&[&confirm.verb.zh], &[&confirm.verb.en]);
        pen.put(x, y, width_inside, keys.in_lang(lang), Role::Dim);
    }
}
