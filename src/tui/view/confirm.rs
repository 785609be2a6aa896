//! 确认. Object, consequence, and the word to type.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::confirm::Confirm;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws the dialog.
pub fn view(pen: &mut Pen<'_>, area: Rect, confirm: &Confirm) {
    let lang = pen.lang;
    let room = area.width.saturating_sub(8).min(64);
    let inner_width = room.saturating_sub(6).max(2);
    let lines: Vec<String> = confirm.lines.iter().flat_map(|l| wrapped(l.in_lang(lang), inner_width, width)).collect();
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(8);
    let place = popup::centred(area, room, height);
    let inside = popup::panel(pen.buf, place, confirm.title.in_lang(lang), pen.theme);
    let inner = Rect { x: inside.x + 2, width: inside.width.saturating_sub(4), ..inside };
    if inner.height < 3 {
        return;
    }
    let foot = inner.bottom() - 2;
    for (y, line) in (inner.y + 1..foot.saturating_sub(1)).zip(&lines) {
        pen.put(inner.x, y, inner.width, line, Role::Text);
    }
    let ask = foot.saturating_sub(2).max(inner.y);
    let (pinyin, han) = confirm.word;
    let label = if confirm.wants_reason() {
        Text::ConfirmReason.in_lang(lang).to_owned()
    } else {
        Text::ConfirmWord.fill(lang, &[&pinyin, &han])
    };
    let x = pen.put(inner.x, ask, width(&label).min(inner.width), &label, Role::Title);
    pen.field(x, ask, inner.right().saturating_sub(x), &confirm.field);
    let step = if lang == crate::domain::value::Lang::Zh { han } else { pinyin };
    pen.put(inner.x, foot, inner.width, &Text::ConfirmKeys.fill(lang, &[&step]), Role::Dim);
}
