//! 菜单: what can be done here, over the picture.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::menu::Menu;
use crate::text::Text;
use crate::tui::fit::{put, width};
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws the menu in the middle of the picture.
pub fn view(pen: &mut Pen<'_>, area: Rect, menu: &Menu) {
    let lang = pen.lang;
    let lines: Vec<(String, String)> = menu
        .items
        .iter()
        .zip(1..)
        .map(|(item, digit)| {
            let why = item.why_not.as_ref().map_or_else(String::new, |why| format!("  ({})", why.in_lang(lang)));
            (format!("{digit} {}", item.label.in_lang(lang)), why)
        })
        .collect();
    let title = menu.title.in_lang(lang);
    let tip = pen.say(Text::MenuTip);
    let widest =
        lines.iter().map(|(a, b)| width(a) + width(b)).chain([width(title) + 4, width(tip)]).max().unwrap_or(0);
    let height = u16::try_from(lines.len()).unwrap_or(9) + 4;
    let place = popup::centred(area, widest + 6, height);
    let inner = popup::panel(pen.buf, place, title, pen.theme);
    for ((i, y), (label, why)) in (0..).zip(inner.y..inner.bottom()).zip(&lines) {
        let here = i == menu.cursor.place();
        let role = if why.is_empty() { Role::Text } else { Role::Dim };
        let style = if here { pen.theme.selected(role) } else { pen.theme.style(role) };
        let mark = if here { pen.theme.glyphs().cursor } else { " " };
        put(pen.buf, inner.x, y, inner.width, &format!("{mark} {label}{why}"), style);
    }
    if inner.height > u16::try_from(lines.len()).unwrap_or(0) {
        pen.put(inner.x + 2, inner.bottom() - 1, inner.width.saturating_sub(2), tip, Role::Dim);
    }
}
