//! 登记表. A record field by field, over the picture of its view.

use ratatui::layout::{Position, Rect};

use super::Pen;
use crate::app::form::line::{Line, Takes};
use crate::app::form::offers::{self, Picker, named};
use crate::app::form::{Form, title};
use crate::app::screen::Sight;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::widget::popup;

/// Columns of the panel at most: a form is read line by line.
const WIDEST: u16 = 100;
/// Columns of a value where its hint stands beside it.
const VALUE: u16 = 32;

/// One row of the panel.
enum Row {
    /// A line of the form.
    Field(usize),
    /// What is wrong with the line above, or only odd.
    Said(String, Role),
}

/// Draws the form, and the list that is open over it.
pub fn view(pen: &mut Pen<'_>, area: Rect, form: &mut Form, sight: &Sight<'_>) {
    let lang = pen.lang;
    let labels = form.lines.iter().map(|l| width(&l.label(form.sheet, lang))).max().unwrap_or(0);
    let room = area.width.min(WIDEST);
    let notes = notes(form, room.saturating_sub(4), sight);
    let rows = rows(form, usize::from(room.saturating_sub(6)), sight);
    let fixed = notes.len() + 2;
    let height = u16::try_from(rows.len() + fixed + 2).unwrap_or(u16::MAX);
    let place = popup::centred(area, room, height);
    let inside = popup::panel(pen.buf, place, &heading(form, sight), pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 2 || inner.width < 12 {
        return;
    }
    let mut y = inner.y;
    for (note, role) in notes.iter().take(usize::from(inner.height / 3)) {
        pen.put(inner.x, y, inner.width, note, *role);
        y += 1;
    }
    let keys = u16::from(inner.height > 6);
    let list = Rect { y, height: inner.bottom().saturating_sub(y + keys), ..inner };
    let at = rows.iter().position(|r| matches!(r, Row::Field(i) if *i == form.at)).unwrap_or(0);
    // What is wrong with a line is seen together with it.
    let last = at + rows[at + 1..].iter().take_while(|r| matches!(r, Row::Said(..))).count();
    let height = usize::from(list.height).max(1);
    form.top = form.top.min(at).max((last + 1).saturating_sub(height)).min(rows.len().saturating_sub(height));
    for (y, row) in (list.y..list.bottom()).zip(&rows[form.top..]) {
        match row {
            Row::Field(place) => field(pen, Rect { y, height: 1, ..inner }, form, *place, labels, sight),
            Row::Said(text, role) => {
                pen.put(inner.x + 2, y, inner.width.saturating_sub(2), text, *role);
            }
        }
    }
    if keys > 0 {
        let keys = pen.say(if form.withdraws { Text::WithdrawKeys } else { Text::FormKeys });
        pen.put(inner.x, inner.bottom() - 1, inner.width, whole_keys(keys, inner.width), Role::Dim);
    }
    if let Some(picker) = &mut form.picker {
        let line = &form.lines[form.at];
        list_over(pen, area, picker, line, &line.label(form.sheet, lang));
    }
}

/// The keys of a form as far as they have room, none of them cut.
fn whole_keys(keys: &str, room: u16) -> &str {
    let ends = keys.match_indices("  ").map(|(end, _)| end).chain([keys.len()]);
    ends.map(|end| &keys[..end]).filter(|head| width(head) <= room).last().unwrap_or_default()
}

/// The kind of record, new or which one.
fn heading(form: &Form, sight: &Sight<'_>) -> String {
    let kind = title(form.sheet).in_lang(sight.lang);
    if form.before.is_some() {
        let text = if form.withdraws { Text::WithdrawRecord } else { Text::FormEditRecord };
        return text.fill(sight.lang, &[&form.what(sight).in_lang(sight.lang)]);
    }
    Text::FormNewRecord.fill(sight.lang, &[&kind])
}

/// What stands above the lines: a conflict or what is wrong as a whole first, else whether the record exists.
fn notes(form: &Form, room: u16, sight: &Sight<'_>) -> Vec<(String, Role)> {
    let (text, role) = if let Some(line) = &form.conflict {
        (line.in_lang(sight.lang).to_owned(), Role::Title)
    } else if let Some(wrong) = &form.wrong {
        (wrong.in_lang(sight.lang).to_owned(), Role::Bad)
    } else if form.withdraws {
        (Text::WithdrawWhy.in_lang(sight.lang).to_owned(), Role::Warn)
    } else if form.before.is_some() {
        (Text::FormExists.in_lang(sight.lang).to_owned(), Role::Dim)
    } else {
        (Text::FormFresh.in_lang(sight.lang).to_owned(), Role::Dim)
    };
    wrapped(&text, room, width).into_iter().map(|line| (line, role)).collect()
}

fn rows(form: &Form, room: usize, sight: &Sight<'_>) -> Vec<Row> {
    let room = u16::try_from(room).unwrap_or(u16::MAX).max(2);
    let mut rows = Vec::new();
    for (place, line) in form.lines.iter().enumerate() {
        rows.push(Row::Field(place));
        if let Some(wrong) = &line.wrong {
            let text = format!("! {}", wrong.in_lang(sight.lang));
            rows.extend(wrapped(&text, room, width).into_iter().map(|t| Row::Said(t, Role::Bad)));
        }
        for doubt in &line.doubts {
            let text = format!("? {}", doubt.in_lang(sight.lang));
            rows.extend(wrapped(&text, room, width).into_iter().map(|t| Row::Said(t, Role::Warn)));
        }
    }
    rows
}

/// One line: cursor, label, value, what it may be.
fn field(pen: &mut Pen<'_>, area: Rect, form: &Form, place: usize, labels: u16, sight: &Sight<'_>) {
    let line = &form.lines[place];
    let fixed = form.fixed(place);
    let here = form.at == place;
    let open = form.cell.as_ref().filter(|_| here);
    let base = match (here && open.is_none(), fixed) {
        (true, _) => Role::Selection,
        (false, true) => Role::Dim,
        (false, false) => Role::Text,
    };
    pen.put(area.x, area.y, area.width, "", base);
    let cursor = pen.theme.glyphs().cursor;
    let x = pen.put(area.x, area.y, 1, if here { cursor } else { " " }, base) + 1;
    pen.put(x, area.y, labels, &line.label(form.sheet, pen.lang), base);
    let x = x + labels + 2;
    let room = area.right().saturating_sub(x);
    let indicator = form.value(form.sheet.key().first().copied().unwrap_or_default());
    let (hint, role) = match &line.theirs {
        Some(theirs) => (Text::FormTheirs.fill(pen.lang, &[&shown(form, line, theirs, sight)]), Role::Warn),
        None if fixed => (String::new(), Role::Dim),
        None if form.withdraws => (pen.say(Text::WithdrawReason).to_owned(), Role::Dim),
        None => (line.hint(form.sheet, indicator, sight), Role::Dim),
    };
    // A text without a hint has the whole row; where room is short the hints leave.
    let beside = !hint.is_empty() && room > VALUE + 12;
    let value = if beside { VALUE } else { room };
    match open {
        Some(cell) => pen.field(x, area.y, value, cell),
        None => {
            let role = match (here, &line.wrong, line.value == line.stored || fixed) {
                (true, ..) => Role::Selection,
                (_, Some(_), _) => Role::Invalid,
                (.., true) => base,
                (.., false) => Role::Title,
            };
            let text = if line.value.is_empty() { "--".to_owned() } else { shown(form, line, &line.value, sight) };
            pen.put(x, area.y, value, &text, role);
        }
    }
    if here && open.is_none() {
        pen.rest = Some(Position { x, y: area.y });
    }
    if beside {
        let role = if here && open.is_none() { Role::Selection } else { role };
        let x = x + value + 2;
        pen.put(x, area.y, area.right().saturating_sub(x), &hint, role);
    }
}

/// A value as it is read: a code by its name.
fn shown(form: &Form, line: &Line, value: &str, sight: &Sight<'_>) -> String {
    match line.takes {
        _ if value.is_empty() => "--".to_owned(),
        Takes::One | Takes::Many => named(form.sheet, line.name, value, sight),
        _ => value.to_owned(),
    }
}

/// The list of a field.
fn list_over(pen: &mut Pen<'_>, area: Rect, picker: &mut Picker, line: &Line, label: &str) {
    let lang = pen.lang;
    let many = line.takes == Takes::Many;
    let rows = u16::try_from(picker.all.len()).unwrap_or(u16::MAX);
    let place = popup::centred(area, area.width.min(64), rows.saturating_add(4).clamp(7, area.height.max(7)));
    let inside = popup::panel(pen.buf, place, label, pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 2 || inner.width < 8 {
        return;
    }
    let x = pen.put(inner.x, inner.y, 2, "/", Role::Title);
    pen.field(x, inner.y, inner.right().saturating_sub(x), &picker.field);
    let short = picker.is_short();
    let keys = match (many, short) {
        (true, _) => Text::PickMany,
        (_, true) => Text::PickShort,
        _ => Text::PickOne,
    };
    let foot = u16::from(inner.height > 3);
    if foot > 0 {
        pen.put(inner.x, inner.bottom() - 1, inner.width, pen.say(keys), Role::Dim);
    }
    let list = Rect { y: inner.y + 1, height: inner.height - 1 - foot, ..inner };
    let top = picker.cursor.scroll(picker.hits.len(), usize::from(list.height));
    if picker.hits.is_empty() {
        let text = Text::PickNone.fill(lang, &[&picker.field.text().trim()]);
        pen.put(list.x, list.y, list.width, &text, Role::Dim);
    }
    let chosen: Vec<&str> = offers::chosen(&line.value).collect();
    let names = picker.all.iter().map(|o| width(o.name.in_lang(lang))).max().unwrap_or(0).min(list.width / 2);
    let (cursor, mark) = (pen.theme.glyphs().cursor, pen.theme.glyphs().completed);
    for (y, (place, hit)) in (list.y..list.bottom()).zip(picker.hits.iter().enumerate().skip(top)) {
        let offer = &picker.all[*hit];
        let here = picker.cursor.place() == place;
        let role = match (here, offer.refused.is_some()) {
            (true, _) => Role::Selection,
            (false, true) => Role::Dim,
            (false, false) => Role::Text,
        };
        pen.put(list.x, y, list.width, "", role);
        let x = pen.put(list.x, y, 1, if here { cursor } else { " " }, role);
        let digit = if short { format!("{} ", place + 1) } else { String::new() };
        let x = pen.put(x, y, width(&digit), &digit, role);
        let x = pen.put(x, y, 2, if chosen.contains(&offer.value.as_str()) { mark } else { "" }, role);
        let name = offer.name.in_lang(lang);
        let room = list.right().saturating_sub(x);
        let room = names.max(width(name)).min(room);
        pen.put(x, y, room, name, role);
        let x = x + room + 2;
        // A word of the files that is its own name stands there once.
        let code = if offer.value.replace('_', " ") == name { "" } else { offer.value.as_str() };
        let note = offer.refused.as_ref().map_or(code, |why| why.in_lang(lang));
        pen.put(x, y, list.right().saturating_sub(x), note, role);
    }
}
