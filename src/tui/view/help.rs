//! 帮助. The live key table of the screen it was called from, in blocks: this view, movement, what every view knows.

use ratatui::layout::Rect;

use super::{Pen, width};
use crate::app::action::Action;
use crate::app::filter::matches_text;
use crate::app::modal::Help;
use crate::app::screen::Context;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::glyphs::Glyphs;
use crate::tui::keymap::{self, Binding};
use crate::tui::theme::Role;

/// Cells of a column: keys, and what they do.
const COLUMN: u16 = 38;
const KEYS: u16 = 18;
/// The least width of a column, in either language.
const fn narrowest(lang: Lang) -> u16 {
    match lang {
        Lang::Zh => 26,
        Lang::En => COLUMN,
    }
}

/// 区块 of the help.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Block {
    Here,
    Movement,
    Everywhere,
}

impl Block {
    fn of(b: &Binding) -> Self {
        use Action as A;
        let moves = matches!(
            b.action,
            A::RowPrev
                | A::RowNext
                | A::ColumnPrev
                | A::ColumnNext
                | A::PageUp
                | A::PageDown
                | A::HalfUp
                | A::HalfDown
                | A::First
                | A::Last
                | A::CellUp
                | A::CellDown
                | A::CellLeft
                | A::CellRight
                | A::RowStart
                | A::RowEnd
                | A::ItemPrev
                | A::ItemNext
                | A::BlockNext
                | A::BlockPrev
                | A::ViewNext
                | A::ViewPrev
        );
        match b.context {
            _ if moves => Self::Movement,
            Context::Any => Self::Everywhere,
            _ => Self::Here,
        }
    }
}

/// The rows that the search leaves, by key, by name, by pinyin and initials; block by block.
fn rows(help: &Help, lang: Lang) -> Vec<(Block, &'static Binding)> {
    let word = help.search.text().trim().to_lowercase();
    let mut contexts = vec![help.from];
    // In an open cell or prompt, what the grid and all views do is worth reading as well.
    if help.from.takes_text() {
        contexts.extend([Context::Grid, Context::Table]);
    }
    let mut all: Vec<(Block, &Binding)> = Vec::new();
    for b in contexts.into_iter().flat_map(keymap::rows) {
        if !all.iter().any(|(_, a)| std::ptr::eq(*a, b)) {
            all.push((Block::of(b), b));
        }
    }
    all.retain(|(_, b)| {
        word.is_empty()
            || keymap::keys_text(b).to_lowercase().contains(&word)
            || matches_text(b.help.in_lang(lang), &word)
            || matches_text(b.help.in_lang(Lang::En), &word)
    });
    all.sort_by_key(|(block, _)| *block);
    all
}

/// A line of the help: the title of a block, a row by its place, or nothing.
enum Line {
    Title(String),
    Row(usize),
    Blank,
}

fn lines(rows: &[(Block, &'static Binding)], from: Context, lang: Lang) -> Vec<Line> {
    let mut lines = Vec::new();
    for (place, (block, _)) in rows.iter().enumerate() {
        if place == 0 || rows[place - 1].0 != *block {
            if place > 0 {
                lines.push(Line::Blank);
            }
            lines.push(Line::Title(match block {
                Block::Here => Text::HelpOfView.fill(lang, &[&keymap::context_name(from).in_lang(lang)]),
                Block::Movement => Text::HelpOfMovement.in_lang(lang).to_owned(),
                Block::Everywhere => Text::WhereAny.in_lang(lang).to_owned(),
            }));
        }
        lines.push(Line::Row(place));
    }
    lines
}

/// What the marks of the screen mean, with the glyphs that it is drawn with; a mark that is a word explains itself.
fn legend(g: &Glyphs, lang: Lang) -> [String; 3] {
    let bar = format!("{}{}{}", g.bar_done.repeat(4), g.bar_pace, g.bar_rest.repeat(3));
    let named = |glyph: &str, word: Text| match word.in_lang(lang) {
        word if word == glyph => word.to_owned(),
        word => format!("{} {word}", glyph.trim_end()),
    };
    let marks = [
        named(g.completed, Text::LegendCompleted),
        named(g.on_track, Text::LegendOnTrack),
        named(g.red, Text::LegendRed),
        named(g.yellow, Text::LegendYellow),
        named(g.unknown, Text::LegendUnknown),
        named(g.not_due, Text::LegendNotDue),
    ];
    let [up, down, same, new] = super::rank::marks(g, lang);
    let ranks = [
        named(up, Text::LegendUp),
        named(down, Text::LegendDown),
        named(same, Text::LegendSame),
        named(new, Text::LegendNew),
    ];
    [
        Text::LegendStatus.fill(lang, &[&marks.join("  "), &ranks.join(" ")]),
        Text::LegendBars.fill(lang, &[&bar, &g.bar_done, &g.bar_pace, &g.bar_rest]),
        Text::LegendKeys.in_lang(lang).to_owned(),
    ]
}

/// Draws the help.
pub fn view(pen: &mut Pen<'_>, area: Rect, help: &mut Help) {
    let lang = pen.lang;
    search(pen, area, help);
    let rows = rows(help, lang);
    help.actions = rows.iter().map(|(_, b)| b.action).collect();
    help.blocks = (0..rows.len()).filter(|i| *i == 0 || rows[i - 1].0 != rows[*i].0).collect();
    let places: Vec<usize> = (0..rows.len()).collect();
    help.cursor.refresh(&places);
    let low = if area.height > 14 { 4 } else { 0 };
    let body = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1 + low),
    };
    if rows.is_empty() {
        pen.put(body.x, body.y, body.width, &Text::NoSuchKey.fill(lang, &[&help.search.text()]), Role::Dim);
    } else {
        columns(pen, body, help, &rows);
    }
    if low > 0 {
        for (y, line) in (body.bottom() + 1..area.bottom()).zip(legend(pen.theme.glyphs(), lang)) {
            pen.put(area.x + 1, y, area.width.saturating_sub(2), &line, Role::Dim);
        }
    }
}

fn search(pen: &mut Pen<'_>, area: Rect, help: &Help) {
    let label = pen.say(Text::SearchHelp);
    let x = pen.put(area.x + 1, area.y, width(label), label, Role::Title);
    let room = area.right().saturating_sub(x + 1);
    let (before, after) = help.search.halves();
    if before.is_empty() && after.is_empty() {
        pen.put(x + 1, area.y, room.saturating_sub(1), pen.say(Text::SearchTip), Role::Dim);
        pen.caret = Some(ratatui::layout::Position { x, y: area.y });
    } else {
        pen.field(x, area.y, room, &help.search);
    }
}

/// The blocks flow down one column after the other; the columns shown are those around the cursor.
fn columns(pen: &mut Pen<'_>, area: Rect, help: &mut Help, rows: &[(Block, &'static Binding)]) {
    let lang = pen.lang;
    let lines = lines(rows, help.from, lang);
    let height = usize::from(area.height.max(1));
    let needed = u16::try_from(lines.len().div_ceil(height)).unwrap_or(1).max(1);
    let fit = (area.width / narrowest(lang)).clamp(1, needed);
    let column = (area.width / fit).min(COLUMN);
    help.cursor.height = height;
    let here = lines.iter().position(|l| matches!(l, Line::Row(p) if *p == help.cursor.place())).unwrap_or(0) / height;
    let first = (here / usize::from(fit)) * usize::from(fit);
    let keys = if column < COLUMN { KEYS * column / COLUMN } else { KEYS };
    for (i, line) in lines.iter().enumerate().skip(first * height).take(usize::from(fit) * height) {
        let x = area.x + column * u16::try_from(i / height - first).unwrap_or(0);
        let y = area.y + u16::try_from(i % height).unwrap_or(0);
        let room = column.saturating_sub(2);
        match line {
            Line::Blank => {}
            Line::Title(title) => {
                pen.put(x, y, room, title, Role::Title);
            }
            Line::Row(place) => {
                let b = rows[*place].1;
                let chosen = *place == help.cursor.place();
                let (left, right) = if chosen { (Role::Selection, Role::Selection) } else { (Role::Info, Role::Text) };
                pen.put(x, y, room, "", right);
                pen.put(x, y, keys, &short_keys(b, keys), left);
                pen.put(x + keys + 1, y, room.saturating_sub(keys + 1), b.help.in_lang(lang), right);
            }
        }
    }
    let shown = first + usize::from(fit);
    if usize::from(needed) > usize::from(fit) {
        let page = format!("{}-{}/{needed}", first + 1, shown.min(usize::from(needed)));
        let room = width(&page) + 1;
        pen.right(area.right().saturating_sub(room), area.y.saturating_sub(1), room, &page, Role::Dim);
    }
}

/// As many keys of a row as there is room for, the first of them in any case.
fn short_keys(b: &Binding, room: u16) -> String {
    let mut text = keymap::keys_text(b);
    while width(&text) > room
        && let Some((fewer, _)) = text.rsplit_once(' ')
    {
        text = fewer.to_owned();
    }
    text
}
