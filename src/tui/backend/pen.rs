//! How characters look, and the sequences that turn one look into another.

use ratatui::style::{Color, Modifier};

/// Attributes that we send; others are not used.
pub(super) const ATTRIBUTES: Modifier =
    Modifier::BOLD.union(Modifier::DIM).union(Modifier::ITALIC).union(Modifier::UNDERLINED).union(Modifier::REVERSED);
/// Attributes that show on a blank.
pub(super) const ON_BLANK: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED);

/// How characters look: what a run of `SGR` sequences adds up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    pub(super) fg: Color,
    pub(super) bg: Color,
    pub(super) attributes: Modifier,
}

/// As a terminal begins.
pub(super) const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, attributes: Modifier::empty() };

impl Pen {
    /// Whether a blank looks like nothing with it.
    pub(super) fn blank_is_plain(self) -> bool {
        self.bg == Color::Reset && !self.attributes.intersects(ON_BLANK)
    }

    /// The shortest sequence that turns a terminal's attributes from these into others; they differ.
    pub(super) fn turn(self, pen: Self) -> String {
        if pen == PLAIN {
            return "\u{1b}[m".into();
        }
        let mut changes: Vec<String> = Vec::new();
        change(self, pen, &mut changes);
        let mut anew = vec!["0".to_string()];
        change(PLAIN, pen, &mut anew);
        let (changes, anew) = (changes.join(";"), anew.join(";"));
        format!("\u{1b}[{}m", if anew.len() < changes.len() { anew } else { changes })
    }
}

/// Parameters that turn one pen into another.
fn change(old: Pen, new: Pen, out: &mut Vec<String>) {
    let weight = Modifier::BOLD.union(Modifier::DIM);
    let mut had = old.attributes;
    let gone = old.attributes - new.attributes;
    if gone.intersects(weight) {
        out.push("22".into());
        had -= weight;
    }
    for (attribute, off) in [(Modifier::ITALIC, "23"), (Modifier::UNDERLINED, "24"), (Modifier::REVERSED, "27")] {
        if gone.contains(attribute) {
            out.push(off.into());
        }
    }
    let come = new.attributes - had;
    for (attribute, on) in [
        (Modifier::BOLD, "1"),
        (Modifier::DIM, "2"),
        (Modifier::ITALIC, "3"),
        (Modifier::UNDERLINED, "4"),
        (Modifier::REVERSED, "7"),
    ] {
        if come.contains(attribute) {
            out.push(on.into());
        }
    }
    if old.fg != new.fg {
        out.push(colour(new.fg, 30));
    }
    if old.bg != new.bg {
        out.push(colour(new.bg, 40));
    }
}

/// The parameter of a colour; `base` is 30 for the foreground, 40 for the background.
fn colour(colour: Color, base: u8) -> String {
    let ansi = match colour {
        Color::Reset => 9,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(n) => return format!("{};5;{n}", base + 8),
        Color::Rgb(r, g, b) => return format!("{};2;{r};{g};{b}", base + 8),
    };
    (base + ansi).to_string()
}
