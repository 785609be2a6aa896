//! 排序、选列. The dialog over the table that it arranges: the table already is as it would be.

use ratatui::layout::Rect;

use super::{Pen, Shown, Window, name, text, width};
use crate::app::arrange::{Arrange, What};
use crate::text::Text;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Draws the dialog.
pub fn view(pen: &mut Pen<'_>, area: Rect, dialog: &mut Arrange) {
    let lang = pen.lang;
    let (title, tip) = match dialog.what {
        What::Sort => (Text::SortTitle, pen.say(Text::SortTip).to_owned()),
        What::Columns => (Text::ColumnsTitle, Text::ColumnsTip.fill(lang, &[&pen.say(Text::Fixed)])),
    };
    let rows = u16::try_from(dialog.now.headings.len()).unwrap_or(u16::MAX);
    let place = popup::centred(area, (width(&tip) + 6).max(36).min(area.width), rows.saturating_add(5));
    let inside = popup::panel(pen.buf, place, title.in_lang(lang), pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 2 {
        return;
    }
    let list = Rect { height: inner.height.saturating_sub(2), ..inner };
    let top = dialog.cursor.scroll(usize::from(rows), usize::from(list.height.saturating_sub(1)));
    let window = Window { len: usize::from(rows), top, selected: Some(dialog.cursor.place()), focused: true };
    let state = match dialog.what {
        What::Sort => Text::SortState,
        What::Columns => Text::ColumnState,
    };
    let columns =
        [text("", 1, 0), text("", 2, 0), name(pen.say(Text::ColumnName), 10, 12), text(pen.say(state), 10, 0)];
    super::table(pen, list, &columns, window, |i| row(dialog, i, lang));
    pen.put(inner.x, inner.bottom() - 1, inner.width, &tip, Role::Dim);
}

fn row(dialog: &Arrange, i: usize, lang: crate::domain::value::Lang) -> Vec<Shown> {
    let (now, heading) = (&dialog.now, dialog.now.headings[i]);
    let at = now.by().iter().position(|b| b.column == i);
    let (state, role) = match (dialog.what, at) {
        (What::Sort, None) => (String::new(), Role::Text),
        (What::Sort, Some(at)) => {
            let way = if now.by()[at].descending { Text::Descending } else { Text::Ascending };
            (format!("{} {}", at + 1, way.in_lang(lang)), Role::Title)
        }
        (What::Columns, _) if heading.stays => (Text::Fixed.in_lang(lang).to_owned(), Role::Dim),
        (What::Columns, _) if now.shows(i) => (Text::ColumnShown.in_lang(lang).to_owned(), Role::Title),
        (What::Columns, _) => (Text::ColumnHidden.in_lang(lang).to_owned(), Role::Dim),
    };
    vec![
        (String::new(), Role::Text),
        ((i + 1).to_string(), Role::Info),
        (heading.title.in_lang(lang).to_owned(), Role::Text),
        (state, role),
    ]
}
