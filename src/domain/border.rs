//! 边界. Text at the borders of the program: what comes in is composed and shows itself, what goes out acts on nothing.

use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Longest name, in characters.
pub const LONGEST: usize = 200;
/// Longest reason or note, in characters.
pub const LONGEST_NOTE: usize = 2_000;
/// Most that is taken as one paste, in bytes.
pub const LARGEST_PASTE: usize = 64 * 1024;

/// Whether a character has no place in a name or a note: it acts, turns the line round, cannot be seen, or means nothing
/// yet, so that one text could pass for another.
fn is_hostile(c: char) -> bool {
    // Han and its punctuation, which is almost all there is.
    if matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff5e}')
    {
        return false;
    }
    // Letters and marks without a look of their own.
    if matches!(u32::from(c), 0x34f | 0x115f | 0x1160 | 0x17b4 | 0x17b5 | 0x180b..=0x180f | 0x3164 | 0xffa0
        | 0xfe00..=0xfe0f | 0xfff0..=0xfffb | 0xe0000..=0x10_ffff)
    {
        return true;
    }
    matches!(
        c.general_category(),
        GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
    )
}

/// The first character that has no place in a name or a note: control, bidirectional, zero-width, private, unassigned and
/// other characters without a look of their own, which make one text pass for another.
#[must_use]
pub fn hostile(text: &str) -> Option<char> {
    if text.is_ascii() { text.chars().find(char::is_ascii_control) } else { text.chars().find(|c| is_hostile(*c)) }
}

/// The text in Unicode form NFC, so that two ways to write one character make one name.
#[must_use]
pub fn composed(text: &str) -> String {
    if text.is_ascii() || is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Text as it may be written anywhere that is no cell of the screen: what acts or hides shows that it is there, and none
/// of it acts. Line ends stay.
#[must_use]
pub fn safe(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{1b}' => '\u{241b}',
            '\n' => '\n',
            c if is_hostile(c) => '\u{fffd}',
            c => c,
        })
        .collect()
}

/// Whether a spreadsheet would calculate with a cell, apostrophes before it aside.
fn acts(cell: &str) -> bool {
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r');
    cell.trim_start_matches('\'').starts_with(begins)
}

/// A text in a table that another program opens: what a spreadsheet would calculate with gets an apostrophe before it,
/// and so does what has such a one of its own.
#[must_use]
pub fn quoted(text: &str) -> String {
    if acts(text) { format!("'{text}") } else { text.to_owned() }
}

/// A cell of such a table, whatever it holds: as [`quoted`], but a number stays one.
#[must_use]
pub fn inert(cell: &str) -> String {
    if is_number(cell) { cell.to_owned() } else { quoted(cell) }
}

/// The text that a quoted cell stands for; any other cell stands for itself.
#[must_use]
pub fn restored(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| acts(rest)).unwrap_or(cell)
}

/// `-12`, `+0.5`, `-3.25%`
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let digits = digits.strip_suffix('%').unwrap_or(digits);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_or_hides_is_hostile() {
        let each = [
            "\0",
            "\u{7}",
            "\t",
            "\n",
            "\r",
            "\u{1b}",
            "\u{7f}", // C0 and ESC
            "\u{80}",
            "\u{85}",
            "\u{9b}",
            "\u{9d}", // C1
            "\u{202a}",
            "\u{202e}",
            "\u{2066}",
            "\u{2069}",
            "\u{200e}",
            "\u{200f}",
            "\u{61c}", // bidirectional
            "\u{200b}",
            "\u{200d}",
            "\u{2060}",
            "\u{feff}",
            "\u{ad}",
            "\u{fe0f}",
            "\u{e0041}",
            "\u{e0100}", // unseen
            "\u{115f}",
            "\u{1160}",
            "\u{3164}",
            "\u{ffa0}", // Hangul fillers
            "\u{2028}",
            "\u{2029}", // other line ends
            "\u{e000}",
            "\u{f8ff}",
            "\u{f0000}",
            "\u{10fffd}", // private use
            "\u{378}",
            "\u{ffff}",
            "\u{fdd0}",
            "\u{1ffff}",
            "\u{40000}", // nothing yet, or never
        ];
        for bad in each {
            let c = bad.chars().next();
            assert_eq!(hostile(&format!("学校{bad}x")), c, "{bad:?}");
            assert_eq!(hostile(&format!("x{bad}")), c, "{bad:?}");
            let out = safe(bad);
            assert!(out == "\n" || hostile(&out).is_none(), "{bad:?} comes out as {out:?}");
        }
        let good = "村“两委”班子(样例) A-1／⑩ 𠀀𬺰〇 é ½ ㎡ — …";
        assert_eq!((hostile(good), safe(good).as_str()), (None, good));
    }

    #[test]
    fn nothing_acts_on_the_terminal() {
        assert_eq!(safe("a\u{1b}[31m\t\u{202e}\u{9b}"), "a\u{241b}[31m\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn one_character_has_one_form() {
        assert_eq!(composed("e\u{301}"), "é");
        assert_eq!(composed("学校"), "学校");
    }

    #[test]
    fn a_spreadsheet_calculates_nothing() {
        for cell in
            ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "＋1", "－x", "＠x", "\t=1", "\r=1", "-", "+"]
        {
            assert_eq!(inert(cell), format!("'{cell}"));
        }
        for cell in ["-12", "+0.5", "-3.25%", "学校", "", "a=1", "'x"] {
            assert_eq!(inert(cell), cell);
        }
        assert_eq!((quoted("+1").as_str(), quoted("-5").as_str()), ("'+1", "'-5"), "a text is no number");
        for text in ["=1+1", "+1", "'=x", "''=x", "-", "'-5", "-5", "'s", "'学校'", "", " =x"] {
            assert_eq!(restored(&inert(text)), text, "comes back");
            assert_eq!(restored(&quoted(text)), text, "comes back");
        }
    }
}
