//! The glyph slots of the two skins. Layout code asks for slots, never for characters.

/// Which characters the screen is drawn with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Skin {
    /// ASCII and Han characters only: right on every terminal.
    #[default]
    Safe,
    /// Lines, blocks and arrows: only where the terminal was measured to draw them one cell wide.
    Line,
}

impl Skin {
    /// The skin's characters.
    #[must_use]
    pub const fn glyphs(self) -> &'static Glyphs {
        match self {
            Self::Safe => &SAFE,
            Self::Line => &LINE,
        }
    }

    /// `safe` or `line`; `auto` and everything else is None.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "safe" => Some(Self::Safe),
            "line" => Some(Self::Line),
            _ => None,
        }
    }
}

/// One character or word for each thing that the screen draws; the cells each slot takes are the same in both skins.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Horizontal rule (1).
    pub rule: &'static str,
    /// Vertical rule (1).
    pub upright: &'static str,
    /// Corner at the top left (1).
    pub top_left: &'static str,
    /// Corner at the top right (1).
    pub top_right: &'static str,
    /// Corner at the bottom left (1).
    pub bottom_left: &'static str,
    /// Corner at the bottom right (1).
    pub bottom_right: &'static str,
    /// A rule that meets the left upright (1).
    pub tee_left: &'static str,
    /// A rule that meets the right upright (1).
    pub tee_right: &'static str,
    /// An upright that hangs from the top rule (1).
    pub tee_top: &'static str,
    /// An upright that stands on the bottom rule (1).
    pub tee_bottom: &'static str,
    /// Rules that cross (1).
    pub cross: &'static str,
    /// Done part of a bar (1).
    pub bar_done: &'static str,
    /// Rest of a bar (1).
    pub bar_rest: &'static str,
    /// The pace on a bar (1).
    pub bar_pace: &'static str,
    /// A count drawn as a block (1).
    pub block: &'static str,
    /// Completed (2).
    pub completed: &'static str,
    /// On track (2).
    pub on_track: &'static str,
    /// Red light, behind, overdue (2).
    pub red: &'static str,
    /// Yellow light, due soon (2).
    pub yellow: &'static str,
    /// Unknown (2).
    pub unknown: &'static str,
    /// Not yet due (2).
    pub not_due: &'static str,
    /// Rank went up (2).
    pub up: &'static str,
    /// Rank went down (2).
    pub down: &'static str,
    /// Rank stayed (2).
    pub same: &'static str,
    /// New on the board (2).
    pub new: &'static str,
    /// Cursor (1).
    pub cursor: &'static str,
    /// A row that somebody picked (1).
    pub picked: &'static str,
    /// Branch that can be opened (2).
    pub closed: &'static str,
    /// Open branch (2).
    pub open: &'static str,
    /// Row that belongs to the one above (2).
    pub below: &'static str,
    /// From one value to another (2).
    pub arrow: &'static str,
    /// The end of a cut text (2).
    pub cut: &'static str,
    /// Eight heights of a trend, or None: then the last three numbers are written.
    pub trend: Option<[&'static str; 8]>,
}

/// The `safe` skin.
pub static SAFE: Glyphs = SAFE_GLYPHS;

/// [`SAFE`] without rules and corners.
pub static PLAIN: Glyphs = Glyphs {
    rule: " ",
    upright: " ",
    top_left: " ",
    top_right: " ",
    bottom_left: " ",
    bottom_right: " ",
    tee_left: " ",
    tee_right: " ",
    tee_top: " ",
    tee_bottom: " ",
    cross: " ",
    ..SAFE_GLYPHS
};

const SAFE_GLYPHS: Glyphs = Glyphs {
    rule: "-",
    upright: "|",
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    tee_left: "+",
    tee_right: "+",
    tee_top: "+",
    tee_bottom: "+",
    cross: "+",
    bar_done: "#",
    bar_rest: ".",
    bar_pace: "|",
    block: "#",
    completed: "* ",
    on_track: "> ",
    red: "! ",
    yellow: "^ ",
    unknown: "? ",
    not_due: ". ",
    up: "升",
    down: "降",
    same: "平",
    new: "新",
    cursor: ">",
    picked: "+",
    closed: "+ ",
    open: "- ",
    below: "  ",
    arrow: "->",
    cut: super::fit::CUT,
    trend: None,
};

/// The `line` skin.
pub static LINE: Glyphs = Glyphs {
    rule: "─",
    upright: "│",
    top_left: "┌",
    top_right: "┐",
    bottom_left: "└",
    bottom_right: "┘",
    tee_left: "├",
    tee_right: "┤",
    tee_top: "┬",
    tee_bottom: "┴",
    cross: "┼",
    bar_done: "━",
    bar_rest: "─",
    bar_pace: "┃",
    block: "█",
    completed: "● ",
    on_track: "▶ ",
    red: "! ",
    yellow: "◇ ",
    unknown: "? ",
    not_due: "○ ",
    up: "▲ ",
    down: "▼ ",
    same: "= ",
    new: "新",
    cursor: "▶",
    picked: "+",
    closed: "▸ ",
    open: "▾ ",
    below: "└ ",
    arrow: "→ ",
    cut: super::fit::CUT,
    trend: Some(["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]),
};

impl Glyphs {
    /// The slots of one cell, then those of two.
    #[cfg(test)]
    fn slots(&self) -> ([&'static str; 17], [&'static str; 15]) {
        (
            [
                self.rule,
                self.upright,
                self.top_left,
                self.top_right,
                self.bottom_left,
                self.bottom_right,
                self.tee_left,
                self.tee_right,
                self.tee_top,
                self.tee_bottom,
                self.cross,
                self.bar_done,
                self.bar_rest,
                self.bar_pace,
                self.block,
                self.cursor,
                self.picked,
            ],
            [
                self.completed,
                self.on_track,
                self.red,
                self.yellow,
                self.unknown,
                self.not_due,
                self.up,
                self.down,
                self.same,
                self.new,
                self.closed,
                self.open,
                self.below,
                self.arrow,
                self.cut,
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::fit;

    #[test]
    fn every_slot_has_its_cells_in_both_skins() {
        for glyphs in [&SAFE, &LINE] {
            let (one, two) = glyphs.slots();
            for slot in one {
                assert_eq!(fit::width(slot), 1, "{slot:?}");
            }
            for slot in two {
                assert_eq!(fit::width(slot), 2, "{slot:?}");
            }
        }
    }

    #[test]
    fn the_safe_skin_has_no_ambiguous_character() {
        let (one, two) = SAFE.slots();
        for c in one.into_iter().chain(two).flat_map(str::chars) {
            assert!(!fit::is_ambiguous(c.encode_utf8(&mut [0; 4])), "{c:?}");
        }
    }

    #[test]
    fn skins_have_names() {
        assert_eq!(Skin::named("safe"), Some(Skin::Safe));
        assert_eq!(Skin::named("line"), Some(Skin::Line));
        assert_eq!(Skin::named("auto"), None);
    }
}
