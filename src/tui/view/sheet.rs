//! 纸. Lines to read, over the screen.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::sheet::Sheet;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws the lines that fit.
pub fn view(pen: &mut Pen<'_>, area: Rect, sheet: &mut Sheet) {
    let lang = pen.lang;
    let lines = u16::try_from(sheet.lines.len()).unwrap_or(u16::MAX);
    let place = popup::centred(area, area.width.saturating_sub(4).min(110), lines.saturating_add(3).max(6));
    let inside = popup::panel(pen.buf, place, sheet.title.in_lang(lang), pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    sheet.height = usize::from(inner.height).max(1);
    sheet.scroll(0);
    let shown = sheet.lines.iter().skip(sheet.top);
    for (y, line) in (inner.top()..inner.bottom()).zip(shown) {
        pen.put(inner.x, y, inner.width, line.in_lang(lang), Role::Text);
    }
    let count =
        format!("{}-{}/{}", sheet.top + 1, (sheet.top + sheet.height).min(sheet.lines.len()), sheet.lines.len());
    if sheet.lines.len() > sheet.height {
        let x = place.right().saturating_sub(super::width(&count) + 3);
        pen.put(x, place.bottom().saturating_sub(1), super::width(&count), &count, Role::Dim);
    }
}
