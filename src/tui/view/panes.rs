//! Panes: rooms that share their borders.

use std::collections::BTreeMap;

use ratatui::layout::Rect;

use super::{Pen, WIDE};
use crate::text::Text;
use crate::tui::fit::{cut, width};
use crate::tui::theme::Role;

/// 窗格. Panes that share their borders: rules are collected and drawn with the right corners.
#[derive(Default)]
pub struct Panes {
    rules: BTreeMap<(u16, u16), u8>,
    titles: Vec<(Rect, String, String)>,
}

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

impl Panes {
    /// Adds a pane with a title at the left and a note at the right of its upper border; answers what is inside.
    pub fn add(&mut self, area: Rect, title: impl Into<String>, note: impl Into<String>) -> Rect {
        if area.width < 2 || area.height < 2 {
            return Rect { width: 0, height: 0, ..area };
        }
        let (l, r, t, b) = (area.x, area.right() - 1, area.y, area.bottom() - 1);
        let mut mark = |x, y, bits| *self.rules.entry((x, y)).or_default() |= bits;
        for x in l..=r {
            let bits = if x == l {
                RIGHT
            } else if x == r {
                LEFT
            } else {
                LEFT | RIGHT
            };
            mark(x, t, bits);
            mark(x, b, bits);
        }
        for y in t..=b {
            let bits = if y == t {
                DOWN
            } else if y == b {
                UP
            } else {
                UP | DOWN
            };
            mark(l, y, bits);
            mark(r, y, bits);
        }
        self.titles.push((area, title.into(), note.into()));
        Rect { x: l + 2, y: t + 1, width: area.width.saturating_sub(4), height: area.height - 2 }
    }

    /// Draws the borders and titles.
    pub fn draw(&self, pen: &mut Pen<'_>) {
        let g = pen.theme.glyphs();
        for ((x, y), bits) in &self.rules {
            let glyph = match *bits {
                b if b == UP | DOWN => g.upright,
                b if b == DOWN | RIGHT => g.top_left,
                b if b == DOWN | LEFT => g.top_right,
                b if b == UP | RIGHT => g.bottom_left,
                b if b == UP | LEFT => g.bottom_right,
                b if b == UP | DOWN | RIGHT => g.tee_left,
                b if b == UP | DOWN | LEFT => g.tee_right,
                b if b == DOWN | LEFT | RIGHT => g.tee_top,
                b if b == UP | LEFT | RIGHT => g.tee_bottom,
                b if b == UP | DOWN | LEFT | RIGHT => g.cross,
                _ => g.rule,
            };
            pen.put(*x, *y, 1, glyph, Role::Dim);
        }
        for (area, title, note) in &self.titles {
            let room = area.width.saturating_sub(6);
            if !title.is_empty() {
                let title = format!(" {} ", cut(title, room));
                pen.put(area.x + 2, area.y, width(&title), &title, Role::Title);
            }
            if !note.is_empty() && width(title) + width(note) + 6 < room {
                let note = format!(" {note} ");
                pen.put(area.right() - 2 - width(&note), area.y, width(&note), &note, Role::Dim);
            }
        }
    }
}

/// Rooms of a list and of the detail of its row: side by side in panes where there is width, the list taking that share,
/// else the detail below, where there is height.
pub(super) fn list_and_detail(pen: &mut Pen<'_>, body: Rect, share: (u16, u16), title: Text) -> (Rect, Rect) {
    let lang = pen.lang;
    if body.width >= WIDE {
        let width = body.width * share.0 / share.1;
        let mut panes = Panes::default();
        let list = panes.add(Rect { width: width + 1, ..body }, title.in_lang(lang), "");
        let rest = Rect { x: body.x + width, width: body.width - width, ..body };
        let detail = panes.add(rest, Text::Detail.in_lang(lang), Text::EnterOpens.in_lang(lang));
        panes.draw(pen);
        return (list, detail);
    }
    let low = if body.height >= 15 { 7 } else { 0 };
    let list = Rect { height: body.height.saturating_sub(low), ..body };
    (list, Rect { x: body.x + 1, y: list.bottom(), width: body.width.saturating_sub(2), height: low })
}
