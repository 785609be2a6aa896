//! 粘贴预览. What a paste would change, before anything is written.

use ratatui::layout::Rect;

use super::Pen;
use crate::app::grid::paste::{Align, Change, Line, Named, Outcome, Preview, Target};
use crate::app::grid::{CLEARED, Grid};
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::fit::{cut, cut_centre, number_at_end, width};
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Cells of `before -> after`, and of the value alone.
const FULL: u16 = 16;
const SHORT: u16 = 8;
/// Least room of the last column.
const RESULT: u16 = 18;

/// Draws the preview over the grid.
pub fn view<R: Copy + Ord, C: Copy + Ord>(
    pen: &mut Pen<'_>,
    area: Rect,
    grid: &mut Grid<R, C>,
    sheet: &impl Named<R, C>,
) {
    let Some(preview) = &mut grid.preview else { return };
    let lang = pen.lang;
    let align = match preview.align {
        Align::Name => Text::AlignedByName,
        Align::Position => Text::AlignedByPlace,
    };
    let mut title =
        Text::PastePreview.fill(lang, &[&preview.lines.len(), &preview.columns.len(), &align.in_lang(lang)]);
    match preview.names {
        0 => {}
        1 => title += pen.say(Text::PasteNameColumn),
        n => title += &Text::PasteNameColumns.fill(lang, &[&n]),
    }
    // Header, the line in full, the sums, and what the store said.
    let shown = preview.shown();
    let height = u16::try_from(shown.len()).unwrap_or(u16::MAX).saturating_add(7).max(9).min(area.height);
    let panel = popup::centred(area, area.width.saturating_sub(4).min(112), height);
    let inner = popup::panel(pen.buf, panel, &title, pen.theme);
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    if inner.height < 4 || inner.width < 20 {
        return;
    }
    let rows = inner.height.saturating_sub(4);
    let columns = Columns::of(inner.width, preview.columns.len());
    header(pen, inner, preview, &columns, sheet);
    let top = preview.cursor.scroll(shown.len(), usize::from(rows));
    let lines = shown.iter().enumerate().skip(top).take(usize::from(rows));
    for (y, (place, i)) in (inner.y + 1..).zip(lines) {
        let here = place == preview.cursor.place();
        line(pen, Rect { y, height: 1, ..inner }, &preview.lines[*i], &preview.columns, &columns, sheet, here);
    }
    foot(pen, Rect { y: inner.bottom() - 3, height: 3, ..inner }, preview, sheet);
}

/// Where the columns of the preview stand.
struct Columns {
    name: u16,
    cell: u16,
    /// Columns that fit.
    shown: usize,
    result: u16,
}

impl Columns {
    fn of(room: u16, columns: usize) -> Self {
        let n = u16::try_from(columns.max(1)).unwrap_or(u16::MAX);
        let name = if room >= 90 { 20 } else { 16 };
        let rest = room.saturating_sub(1 + name + RESULT);
        let cell = if rest / n >= FULL { FULL } else { SHORT };
        let shown = (rest / cell).min(n);
        Self { name, cell, shown: usize::from(shown), result: room.saturating_sub(1 + name + shown * cell) }
    }
}

fn header<R: Copy + Ord, C: Copy + Ord>(
    pen: &mut Pen<'_>,
    area: Rect,
    preview: &Preview<R, C>,
    columns: &Columns,
    sheet: &impl Named<R, C>,
) {
    pen.put(area.x, area.y, area.width, "", Role::Header);
    let names = sheet.headers().pop().unwrap_or_default();
    pen.put(area.x + 1, area.y, columns.name, &names, Role::Header);
    let mut x = area.x + 1 + columns.name;
    for column in preview.columns.iter().take(columns.shown) {
        pen.right(x, area.y, columns.cell.saturating_sub(2), &sheet.column_name(*column), Role::Header);
        x += columns.cell;
    }
    let result = match preview.columns.len().saturating_sub(columns.shown) {
        0 => pen.say(Text::PasteResult).to_owned(),
        more => Text::PasteMoreColumns.fill(pen.lang, &[&more]),
    };
    pen.put(x, area.y, columns.result, &result, Role::Header);
}

fn line<R: Copy + Ord, C: Copy + Ord>(
    pen: &mut Pen<'_>,
    area: Rect,
    line: &Line<R, C>,
    order: &[C],
    columns: &Columns,
    sheet: &impl Named<R, C>,
    here: bool,
) {
    let (x, y) = (area.x, area.y);
    let style = |role| if here { pen.theme.selected(role) } else { pen.theme.style(role) };
    let base = if line.excluded { Role::Dim } else { Role::Text };
    crate::tui::fit::put(pen.buf, x, y, area.width, "", style(base));
    if here {
        crate::tui::fit::put(pen.buf, x, y, 1, pen.theme.glyphs().cursor, style(base));
    }
    let name = match (line.row(), &line.target) {
        (Some(row), _) => sheet.row_name(row),
        (None, _) => line.label.clone(),
    };
    let name = cut_centre(&name, columns.name.saturating_sub(1), number_at_end(&name));
    crate::tui::fit::put(pen.buf, x + 1, y, columns.name, &name, style(base));
    let mut at = x + 1 + columns.name;
    for column in order.iter().take(columns.shown) {
        if let Some(change) = line.changes.iter().find(|c| c.want.cell.1 == *column) {
            let (text, mark, role) = cell(change, columns.cell == FULL, pen.theme.glyphs().arrow.trim_end());
            let role = if line.excluded { Role::Dim } else { role };
            crate::tui::fit::put_right(pen.buf, at, y, columns.cell.saturating_sub(2), &text, style(role));
            crate::tui::fit::put(pen.buf, at + columns.cell.saturating_sub(2), y, 1, mark, style(role));
        }
        at += columns.cell;
    }
    let (text, role) = result(line, pen.lang, sheet);
    crate::tui::fit::put(pen.buf, at, y, columns.result, &cut(&text, columns.result), style(role));
}

/// The value of a pasted cell, with the one before where there is room; its mark.
fn cell<R, C>(change: &Change<R, C>, full: bool, arrow: &str) -> (String, &'static str, Role) {
    let after = change.want.typed.as_str();
    let (sign, mark, role) = match change.outcome {
        Outcome::Same => ("=", if full { " " } else { "=" }, Role::Dim),
        Outcome::Write => (arrow, " ", Role::Title),
        Outcome::Reason(_) => (arrow, "*", Role::Title),
        Outcome::Wrong(_) => (arrow, "!", Role::Invalid),
    };
    (if full { format!("{} {sign} {after}", change.before) } else { after.to_owned() }, mark, role)
}

/// What a line comes to.
fn result<R: Copy + Ord, C: Copy + Ord>(line: &Line<R, C>, lang: Lang, sheet: &impl Named<R, C>) -> (String, Role) {
    if line.excluded {
        return (Text::PasteExcluded.in_lang(lang).to_owned(), Role::Dim);
    }
    if let Some(why) = line.wrong() {
        return (format!("! {}", why.in_lang(lang)), Role::Bad);
    }
    if let Target::Choose(rows, at) = &line.target {
        let name = rows.get(*at).map(|r| sheet.row_name(*r)).unwrap_or_default();
        let which = if rows.len() > 1 { format!(" {}/{}", at + 1, rows.len()) } else { String::new() };
        return (Text::PasteChoose.fill(lang, &[&name, &which]), Role::Warn);
    }
    let count = |of: &dyn Fn(&Outcome) -> bool| line.changes.iter().filter(|c| of(&c.outcome)).count();
    let reasons = count(&|o| matches!(o, Outcome::Reason(_)));
    let overrides = count(&|o| matches!(o, Outcome::Reason(Text::ReasonPrompt)));
    let writes = count(&|o| matches!(o, Outcome::Write)) + reasons;
    let text = match (writes, reasons) {
        (0, _) => Text::PasteSame.in_lang(lang).to_owned(),
        (n, 0) => Text::PasteChanges.fill(lang, &[&n]),
        (n, r) if r == overrides => Text::PasteOverrides.fill(lang, &[&n, &r]),
        (n, r) => Text::PasteReasons.fill(lang, &[&n, &r]),
    };
    (text, Role::Text)
}

/// The line of the cursor in full, the sums, and whether it can be written.
fn foot<R: Copy + Ord, C: Copy + Ord>(
    pen: &mut Pen<'_>,
    area: Rect,
    preview: &Preview<R, C>,
    sheet: &impl Named<R, C>,
) {
    let lang = pen.lang;
    let arrow = pen.theme.glyphs().arrow.trim_end();
    let here = preview.cursor.item().and_then(|i| preview.lines.get(i));
    let detail = here.map_or_else(String::new, |line| {
        let told = line.changes.iter().filter(|c| !matches!(c.outcome, Outcome::Same)).map(|c| {
            let before = if c.before.is_empty() { CLEARED } else { &c.before };
            format!("{} {before} {arrow} {}", sheet.column_name(c.want.cell.1), c.want.typed)
        });
        let id = line.row().map_or_else(|| line.label.clone(), |r| sheet.row_id(r));
        format!("{id}  {}", told.collect::<Vec<_>>().join("  "))
    });
    pen.put(area.x, area.y, area.width, &cut(&detail, area.width), Role::Dim);
    let sum = preview.sum();
    let counts = Text::PasteSum.fill(lang, &[&sum.writes, &sum.same, &sum.wrong, &sum.waiting, &sum.excluded]);
    pen.put(area.x, area.y + 1, area.width, &counts, Role::Text);
    let ready = sum.wrong + sum.waiting == 0;
    let word = pen.say(if ready { Text::PasteReady } else { Text::PasteNotReady });
    let role = if ready { Role::Good } else { Role::Bad };
    pen.right(area.right().saturating_sub(width(word)), area.y + 1, width(word), word, role);
    let (last, role) = match (&preview.refused, sum.reasons) {
        (Some(why), _) => (why.in_lang(lang).to_owned(), Role::Bad),
        (None, _) if !preview.unknown.is_empty() => {
            (Text::PasteUnknownColumns.fill(lang, &[&preview.unknown.join(" ")]), Role::Bad)
        }
        (None, 0) => (String::new(), Role::Dim),
        (None, n) => (Text::PasteNeedsReason.fill(lang, &[&n]), Role::Dim),
    };
    pen.put(area.x, area.y + 2, area.width, &cut(&last, area.width), role);
}
