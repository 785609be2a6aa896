//! 帮助. The live key table of the screen it was called from.

use ratatui::layout::Rect;

use super::{Pen, Window, name, table, text};
use crate::app::filter::matches_text;
use crate::app::modal::Help;
use crate::text::Text;
use crate::tui::keymap::{self, Binding};
use crate::tui::theme::Role;

/// The rows that the search leaves: by key, by name, by pinyin and initials.
fn rows(help: &Help, pen: &Pen<'_>) -> Vec<&'static Binding> {
    let word = help.search.text().trim().to_lowercase();
    let mut contexts = vec![help.from];
    // In an open cell or prompt, what the grid and all views do is worth reading as well.
    if help.from.takes_text() {
        contexts.extend([crate::app::screen::Context::Grid, crate::app::screen::Context::Table]);
    }
    let mut all: Vec<&Binding> = Vec::new();
    for b in contexts.into_iter().flat_map(keymap::rows) {
        if !all.iter().any(|a| std::ptr::eq(*a, b)) {
            all.push(b);
        }
    }
    all.retain(|b| {
        word.is_empty()
            || keymap::keys_text(b).to_lowercase().contains(&word)
            || matches_text(b.help.in_lang(pen.lang), &word)
            || matches_text(b.help.in_lang(crate::domain::value::Lang::En), &word)
    });
    all
}

/// Draws the help.
pub fn view(pen: &mut Pen<'_>, area: Rect, help: &mut Help) {
    let lang = pen.lang;
    let label = Text::SearchHelp.in_lang(lang);
    let x = pen.put(area.x + 1, area.y, super::width(label), label, Role::Title);
    let room = area.right().saturating_sub(x + 1);
    let (before, after) = help.search.halves();
    if before.is_empty() && after.is_empty() {
        pen.put(x + 1, area.y, room.saturating_sub(1), Text::SearchTip.in_lang(lang), Role::Dim);
        pen.caret = Some(ratatui::layout::Position { x, y: area.y });
    } else {
        pen.field(x, area.y, room, &help.search);
    }
    let rows = rows(help, pen);
    help.actions = rows.iter().map(|b| b.action).collect();
    let places: Vec<usize> = (0..rows.len()).collect();
    help.cursor.refresh(&places);
    let legend: [Text; 3] = [Text::LegendStatus, Text::LegendBars, Text::LegendKeys];
    let low = if area.height > 14 { 4 } else { 0 };
    let list = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1 + low),
    };
    if rows.is_empty() {
        pen.put(list.x, list.y, list.width, &Text::NoSuchKey.fill(lang, &[&help.search.text()]), Role::Dim);
        return;
    }
    let columns = [
        text("", 1, 0),
        text(Text::Keys.in_lang(lang), 26, 0),
        name(Text::WhatItDoes.in_lang(lang), 20, 14),
        text(Text::Where.in_lang(lang), 14, 1),
    ];
    let top = help.cursor.scroll(rows.len(), usize::from(list.height.saturating_sub(1)));
    let window = Window { len: rows.len(), top, selected: Some(help.cursor.place()), focused: true };
    table(pen, list, &columns, window, |i| {
        let b = rows[i];
        vec![
            (String::new(), Role::Text),
            (keymap::keys_text(b), Role::Info),
            (b.help.in_lang(lang).to_owned(), Role::Text),
            (keymap::context_name(b.context).in_lang(lang).to_owned(), Role::Dim),
        ]
    });
    for (y, line) in (list.bottom() + 1..area.bottom()).zip(legend) {
        pen.put(area.x + 1, y, area.width.saturating_sub(2), line.in_lang(lang), Role::Dim);
    }
}
