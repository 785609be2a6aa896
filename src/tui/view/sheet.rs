//! 纸. Lines to read, over the screen.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::sheet::Sheet;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws the lines that fit.
pub fn view(pen: &mut Pen<'_>, area: Rect, sheet: &mut Sheet) {
    let lang = pen.lang;
    let room = area.width.saturating_sub(4).min(110);
    let text_width = room.saturating_sub(4).max(2);
    let lines: Vec<String> = sheet.lines.iter().flat_map(|l| wrapped(l.in_lang(lang), text_width, width)).collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).max(6);
    let place = popup::centred(area, room, height);
    let inside = popup::panel(pen.buf, place, sheet.title.in_lang(lang), pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    sheet.height = usize::from(inner.height).max(1);
    sheet.drawn = lines.len();
    sheet.scroll(0);
    for (y, line) in (inner.top()..inner.bottom()).zip(lines.iter().skip(sheet.top)) {
        pen.put(inner.x, y, inner.width, line, Role::Text);
    }
    if lines.len() > sheet.height {
        let count = format!(" {}-{}/{} ", sheet.top + 1, sheet.top + sheet.height, lines.len());
        let x = place.right().saturating_sub(width(&count) + 2).max(place.x);
        pen.put(x, place.bottom().saturating_sub(1), width(&count), &count, Role::Dim);
    }
}
