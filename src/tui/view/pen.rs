//! The pen: texts, fields, bars and marks into the buffer, in the roles of the theme.

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::pointer::ListedRows;
use crate::domain::project::{Light, Status};
use crate::domain::value::{Lang, Points, Ratio};
use crate::text::Text;
use crate::tui::fit::{put, put_all, put_right, width};
use crate::tui::theme::{Role, Theme};

/// 笔. What the pictures are drawn with: a buffer, how roles look, and the language.
pub struct Pen<'a> {
    /// Where to.
    pub buf: &'a mut Buffer,
    /// How roles look.
    pub theme: &'a Theme,
    /// Language of the screen.
    pub lang: Lang,
    /// Whose screen it is: what he may not see is not drawn.
    pub actor: crate::app::screen::Actor,
    /// 放大: the block with the focus has the whole screen.
    pub zoom: bool,
    /// Where the terminal's cursor stands, if a field is open.
    pub caret: Option<Position>,
    /// Where it waits otherwise, hidden: on what is selected, as an input method opens its window there.
    pub rest: Option<Position>,
    /// The rows of the list that takes the keys, for the mouse.
    pub list: Option<ListedRows>,
    /// Words that are looked for: tables underline what matches them.
    pub found: Vec<String>,
    /// What the message row says: it does not stand above it as well.
    pub told: Option<String>,
}

impl Pen<'_> {
    /// Text into a field, filled with blanks; answers the column after it.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        put(self.buf, x, y, room, text, self.theme.style(role))
    }

    /// Text at the right end of a field.
    pub fn right(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) {
        put_right(self.buf, x, y, room, text, self.theme.style(role));
    }

    /// Pieces of different roles behind each other, the rest of the field blank.
    pub fn pieces(&mut self, x: u16, y: u16, room: u16, pieces: &[(&str, Role)]) -> u16 {
        let styled = pieces.iter().map(|(t, r)| (*t, self.theme.style(*r)));
        put_all(self.buf, x, y, room, styled.collect::<Vec<(&str, Style)>>())
    }

    /// Whether the message row says this line, which has a mark before it.
    #[must_use]
    pub fn tells(&self, line: &str) -> bool {
        self.told.as_deref().is_some_and(|told| line.strip_prefix("! ") == Some(told))
    }

    /// One text in the language of the screen.
    #[must_use]
    pub fn say(&self, text: Text) -> &'static str {
        text.in_lang(self.lang)
    }

    /// A field being typed, with the terminal's cursor at its caret; scrolls so that the caret is seen.
    pub fn field(&mut self, x: u16, y: u16, room: u16, field: &crate::app::field::Field) {
        let (before, after) = field.halves();
        let mut start = 0;
        while width(&before[start..]) + 1 > room && start < before.len() {
            start += before[start..].chars().next().map_or(1, char::len_utf8);
        }
        let at = x + width(&before[start..]);
        put_all(self.buf, x, y, room, [(&before[start..], Style::new()), (after, Style::new())]);
        self.caret = Some(Position { x: at, y });
    }

    /// Underlines these bytes of a text that was drawn there from its beginning.
    pub fn underline(&mut self, x: u16, y: u16, text: &str, bytes: impl IntoIterator<Item = Range<usize>>) {
        for range in bytes {
            let (from, to) = (x.saturating_add(width(&text[..range.start])), width(&text[range]));
            let place = Rect { x: from, y, width: to, height: 1 }.intersection(self.buf.area);
            self.buf.set_style(place, Style::new().add_modifier(Modifier::UNDERLINED));
        }
    }

    /// A bar: done part, rest, and where one should be by now.
    pub fn bar(&mut self, x: u16, y: u16, room: u16, done: Points, pace: Option<Points>) {
        let g = self.theme.glyphs();
        let at = |p: Points| {
            let cells = (p.ratio() * Ratio::new(i128::from(room), 100)).round();
            u16::try_from(cells.clamp(0, i64::from(room))).unwrap_or(room)
        };
        let filled = at(done);
        let mark = pace.map(|p| at(p).min(room.saturating_sub(1)));
        for i in 0..room {
            let (glyph, role) = if mark == Some(i) {
                (g.bar_pace, Role::Title)
            } else if i < filled {
                (g.bar_done, Role::Good)
            } else {
                (g.bar_rest, Role::Dim)
            };
            self.put(x + i, y, 1, glyph, role);
        }
    }

    /// The mark of a light.
    #[must_use]
    pub fn light(&self, light: Option<Light>) -> (&'static str, Role) {
        let g = self.theme.glyphs();
        match light {
            Some(Light::Green) => (g.completed, Role::Good),
            Some(Light::Yellow) => (g.yellow, Role::Warn),
            Some(Light::Red) => (g.red, Role::Bad),
            Some(Light::Grey) | None => (g.unknown, Role::Dim),
        }
    }

    /// The mark of a project's status and light.
    #[must_use]
    pub fn standing(&self, s: crate::domain::project::Standing) -> (&'static str, Role) {
        let g = self.theme.glyphs();
        match s.status {
            Status::Completed => (g.completed, Role::Good),
            Status::OnTrack => (g.on_track, Role::Text),
            Status::Behind => self.light(s.light),
            Status::Unknown => (g.unknown, Role::Dim),
            Status::Excluded => ("  ", Role::Dim),
        }
    }
}
