//! 命令面板. One row for each place or command: what kind, its name, what is to be known of it, its direct key.

use ratatui::layout::Rect;

use super::{Pen, Shown, Window, name, number, table_rows, text};
use crate::app::palette::entry::{Entry, Run};
use crate::app::palette::{Palette, hint, refusal};
use crate::app::screen::{Context, Sight, Tab};
use crate::text::Text;
use crate::tui::fit::width;
use crate::tui::keymap::key_of;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Wider than this and the eye loses the row.
const WIDEST: u16 = 84;
/// Rows at most, so that the table below stays in sight.
const HIGHEST: u16 = 18;

/// The direct key of an entry: its own, or that of the view it leads to.
fn key(entry: &Entry) -> String {
    let tab = match &entry.run {
        Run::Key(context, action) => return key_of(*context, *action).unwrap_or_default(),
        Run::Do(_) | Run::More(_) => return String::new(),
        Run::Go(place) => place.tab().unwrap_or(Tab::History),
    };
    tab.digit().to_string()
}

/// Draws the palette over the screen that it was called from.
pub fn view(pen: &mut Pen<'_>, area: Rect, palette: &mut Palette, below: Context, sight: &Sight<'_>) {
    let lang = pen.lang;
    let margin = if area.width < 70 { 0 } else { 8 };
    let place =
        popup::centred(area, area.width.saturating_sub(margin).min(WIDEST), area.height.saturating_sub(2).min(HIGHEST));
    let title = if palette.jump { Text::JumpTitle } else { Text::PaletteTitle };
    let inside = popup::panel(pen.buf, place, pen.say(title), pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 2 || inner.width < 12 {
        return;
    }
    for y in inner.top()..inner.bottom() {
        pen.put(inside.x, y, inside.width, "", Role::Text);
    }
    let x = pen.put(inner.x, inner.y, 2, if palette.jump { "f" } else { ":" }, Role::Title);
    pen.field(x, inner.y, inner.right().saturating_sub(x), &palette.field);
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(3), ..inner };
    rows(pen, list, palette, below, sight);
    let count = Text::PaletteCount.fill(lang, &[&palette.hits().len(), &palette.total()]);
    let y = inner.bottom() - 1;
    pen.put(inner.x, y, inner.width, pen.say(Text::PaletteKeys), Role::Dim);
    if width(&count) + width(pen.say(Text::PaletteKeys)) + 2 <= inner.width {
        pen.right(inner.right() - width(&count), y, width(&count), &count, Role::Dim);
    }
}

fn rows(pen: &mut Pen<'_>, area: Rect, palette: &mut Palette, below: Context, sight: &Sight<'_>) {
    let lang = pen.lang;
    let len = palette.hits().len();
    if len == 0 {
        let text = if palette.jump { Text::NothingToJump } else { Text::NothingToRun };
        let word = palette.field.text().trim().to_owned();
        pen.put(area.x, area.y + 1, area.width, &text.fill(lang, &[&word]), Role::Dim);
        return;
    }
    let top = palette.cursor.scroll(len, usize::from(area.height));
    let shown: Vec<Vec<Shown>> = palette
        .hits()
        .skip(top)
        .take(usize::from(area.height))
        .map(|entry| {
            let refused = refusal(entry, below, sight);
            let role = if refused.is_some() { Role::Dim } else { Role::Text };
            let told = refused.map_or_else(|| hint(entry, sight), |why| why.in_lang(lang).to_owned());
            vec![
                (String::new(), Role::Text),
                (entry.kind.text().in_lang(lang).to_owned(), Role::Dim),
                (entry.name.in_lang(lang).to_owned(), role),
                (told, Role::Dim),
                (key(entry), Role::Info),
            ]
        })
        .collect();
    let kinds = if lang == crate::domain::value::Lang::Zh { 2 } else { 5 };
    let hints = area.width.saturating_sub(kinds + 40).clamp(10, 30);
    let columns = [text("", 1, 0), text("", kinds, 3), name("", 16, 40), text("", hints, 2), number("", 6, 1)];
    let window = Window { len, top, selected: Some(palette.cursor.place()), focused: true };
    pen.found = vec![palette.word()];
    table_rows(pen, area, &columns, window, |i| shown.get(i - top).cloned().unwrap_or_default());
    pen.found.clear();
}
