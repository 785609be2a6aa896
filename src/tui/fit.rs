//! Text fit: the only place that writes text into the picture.
//!
//! Text is cut by grapheme and never through the middle of a wide character; cut text ends in `..`; the field is filled
//! with blanks to its full width, so that nothing of what stood there before shines through. Widths are those of the
//! ordinary (not the East Asian legacy) tables, except that a terminal which was measured to draw the ambiguous glyphs
//! (`“ ” — … · ① Ⅱ × ℃`) two cells wide is told so once by [`set_ambiguous_wide`].

use ratatui::buffer::Buffer;
use ratatui::style::Style;
use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What a cut text ends in.
pub const CUT: &str = "..";
const CUT_WIDTH: u16 = 2;

static AMBIGUOUS_WIDE: AtomicBool = AtomicBool::new(false);

/// Whether this terminal draws the ambiguous glyphs two cells wide (the result of the probe).
pub fn set_ambiguous_wide(wide: bool) {
    AMBIGUOUS_WIDE.store(wide, Ordering::Relaxed);
}

/// Whether a grapheme is one cell wide in some terminals and two in others.
#[must_use]
pub fn is_ambiguous(grapheme: &str) -> bool {
    // Nothing below U+00A1 is ambiguous, and almost every narrow cell of the screen is plain ASCII.
    !grapheme.is_ascii() && grapheme.width() != grapheme.width_cjk()
}

/// Characters that are never shown as themselves: they would move the cursor, turn the line round or hide in it.
fn is_hostile(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

/// One grapheme as it is shown, and its cells (1 or 2).
fn shown(grapheme: &str, ambiguous_wide: bool) -> (&str, u16) {
    if grapheme.len() == 1 {
        return if grapheme.as_bytes()[0].is_ascii_control() { ("?", 1) } else { (grapheme, 1) };
    }
    if grapheme.chars().any(is_hostile) {
        return ("?", 1);
    }
    match grapheme.width() {
        1 if ambiguous_wide && is_ambiguous(grapheme) => (grapheme, 2),
        1 => (grapheme, 1),
        2 => (grapheme, 2),
        _ => ("?", 1),
    }
}

fn graphemes(text: &str) -> impl DoubleEndedIterator<Item = (&str, u16)> {
    let wide = AMBIGUOUS_WIDE.load(Ordering::Relaxed);
    text.graphemes(true).map(move |grapheme| shown(grapheme, wide))
}

/// The cells that a text takes.
#[must_use]
pub fn width(text: &str) -> u16 {
    graphemes(text).fold(0, |sum: u16, (_, cells)| sum.saturating_add(cells))
}

/// The longest beginning of the text that fits, and its cells.
fn beginning(text: &str, room: u16) -> (String, u16) {
    let (mut out, mut used) = (String::new(), 0);
    for (symbol, cells) in graphemes(text) {
        if used + cells > room {
            break;
        }
        out.push_str(symbol);
        used += cells;
    }
    (out, used)
}

/// The text in at most `room` cells, ending in `..` if it had to be cut. Not filled.
#[must_use]
pub fn cut(text: &str, room: u16) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    let (mut out, _) = beginning(text, room.saturating_sub(CUT_WIDTH));
    out.push_str(&CUT[..usize::from(room.min(CUT_WIDTH))]);
    Cow::Owned(out)
}

/// The text in at most `room` cells, cut in the middle so that its end stays: `市政及..027`.
///
/// For names that tell themselves apart by a number at their end. `end` is how many cells of the end must stay.
#[must_use]
pub fn cut_centre(text: &str, room: u16, end: u16) -> Cow<'_, str> {
    if width(text) <= room {
        return Cow::Borrowed(text);
    }
    if room < end.saturating_add(CUT_WIDTH + 2) {
        return cut(text, room);
    }
    let mut kept = 0;
    let mut tail: Vec<&str> = Vec::new();
    for (symbol, cells) in graphemes(text).rev() {
        if kept + cells > end {
            break;
        }
        kept += cells;
        tail.push(symbol);
    }
    let (mut out, _) = beginning(text, room - CUT_WIDTH - kept);
    out.push_str(CUT);
    out.extend(tail.into_iter().rev());
    Cow::Owned(out)
}

/// The digits at the end of a text, in cells: what [`cut_centre`] should keep of a name.
#[must_use]
pub fn number_at_end(text: &str) -> u16 {
    u16::try_from(text.bytes().rev().take_while(u8::is_ascii_digit).count()).unwrap_or(0)
}

/// Exactly `room` cells, blanks at the right.
#[must_use]
pub fn left(text: &str, room: u16) -> String {
    let mut out = cut(text, room).into_owned();
    let blanks = room.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', usize::from(blanks)));
    out
}

/// Exactly `room` cells, blanks at the left.
#[must_use]
pub fn right(text: &str, room: u16) -> String {
    let text = cut(text, room);
    let blanks = room.saturating_sub(width(&text));
    let mut out = " ".repeat(usize::from(blanks));
    out.push_str(&text);
    out
}

/// Exactly `room` cells, blanks on both sides.
#[must_use]
pub fn centre(text: &str, room: u16) -> String {
    let text = cut(text, room);
    let blanks = room.saturating_sub(width(&text));
    left(&format!("{}{text}", " ".repeat(usize::from(blanks / 2))), room)
}

/// Blanks the left half of a wide character whose right half is about to be overwritten at `x`.
pub(crate) fn spare_left_edge(buf: &mut Buffer, x: u16, y: u16) {
    if x > buf.area.x
        && let Some(cell) = buf.cell_mut((x - 1, y))
        && cell.symbol().width() > 1
    {
        cell.set_symbol(" ");
    }
}

/// Writes `text` into the field of `room` cells at `x`, `y`: cut if it is too long, filled with blanks to the end.
///
/// Everything outside the buffer is left out, also in the middle of a field. Answers the column after the text.
pub fn put(buf: &mut Buffer, x: u16, y: u16, room: u16, text: &str, style: impl Into<Style>) -> u16 {
    let style = style.into();
    let area = buf.area;
    if y < area.y || y >= area.bottom() || x < area.x || x >= area.right() {
        return x;
    }
    let end = x.saturating_add(room).min(area.right());
    spare_left_edge(buf, x, y);
    let text = cut(text, end - x);
    let mut at = x;
    for (symbol, cells) in graphemes(&text) {
        if let Some(cell) = buf.cell_mut((at, y)) {
            cell.reset();
            cell.set_symbol(symbol).set_style(style);
        }
        if cells == 2
            && let Some(cell) = buf.cell_mut((at + 1, y))
        {
            cell.reset();
            cell.set_style(style);
        }
        at += cells;
    }
    for blank in at..end {
        if let Some(cell) = buf.cell_mut((blank, y)) {
            cell.reset();
            cell.set_style(style);
        }
    }
    at
}

/// As [`put`], with the text at the right end of its field.
pub fn put_right(buf: &mut Buffer, x: u16, y: u16, room: u16, text: &str, style: impl Into<Style>) {
    put(buf, x, y, room, &right(text, room), style);
}

/// Writes texts of different styles behind each other into one field; the last one is filled to the end of the field.
pub fn put_all<'a>(
    buf: &mut Buffer,
    x: u16,
    y: u16,
    room: u16,
    texts: impl IntoIterator<Item = (&'a str, Style)>,
) -> u16 {
    let end = x.saturating_add(room);
    put(buf, x, y, room, "", Style::new());
    let mut at = x;
    for (text, style) in texts {
        let rest = end.saturating_sub(at);
        if rest == 0 {
            break;
        }
        at = put(buf, at, y, width(text).min(rest), text, style);
    }
    at
}

/// The picture as lines of text, as a person reads it: for tests and for printing a screen as text.
#[must_use]
pub fn picture(buf: &Buffer) -> Vec<String> {
    let line = |y: u16| {
        let mut out = String::new();
        let mut x = buf.area.x;
        while let Some(cell) = buf.cell((x, y)).filter(|_| x < buf.area.right()) {
            out.push_str(cell.symbol());
            x += if cell.symbol().width() > 1 { 2 } else { 1 };
        }
        out
    };
    (buf.area.y..buf.area.bottom()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;

    fn row(buf: &Buffer, y: u16) -> String {
        picture(buf).swap_remove(usize::from(y))
    }

    #[test]
    fn a_wide_character_is_never_cut_in_half() {
        assert_eq!(cut("市政及服务业", 12), "市政及服务业");
        assert_eq!(cut("市政及服务业", 11), "市政及服..");
        assert_eq!(cut("市政及服务业", 9), "市政及..");
        assert_eq!(cut("市政", 3), "..");
        assert_eq!(cut("市政", 1), ".");
        assert_eq!(cut("市政", 0), "");
        for room in 0..14 {
            assert!(width(&cut("a市b政及c服务", room)) <= room);
            assert_eq!(width(&left("a市b政及c服务", room)), room);
            assert_eq!(width(&right("a市b政及c服务", room)), room);
            assert_eq!(width(&centre("a市b政", room)), room);
        }
    }

    #[test]
    fn the_end_of_a_numbered_name_stays() {
        let name = "市政及服务业项目027";
        assert_eq!(cut_centre(name, 11, number_at_end(name)), "市政及..027");
        assert_eq!(cut_centre(name, 10, 3), "市政..027");
        assert_eq!(cut_centre(name, 6, 3), "市政..");
        assert_eq!(cut_centre("学校", 11, 3), "学校");
        for room in 0..24 {
            assert!(width(&cut_centre(name, room, 3)) <= room, "{room}");
        }
    }

    #[test]
    fn what_could_turn_or_move_the_line_is_a_question_mark() {
        assert_eq!(width("a\u{1b}[2Jb"), 6);
        let mut buf = Buffer::empty(Rect::new(0, 0, 8, 1));
        put(&mut buf, 0, 0, 8, "a\u{1b}b\u{202e}c\u{200b}", Style::new());
        assert_eq!(row(&buf, 0), "a?b?c?  ");
    }

    #[test]
    fn a_field_is_filled_and_nothing_of_the_old_text_stays() {
        for x in 0..10 {
            for room in 0..10 {
                let mut buf = Buffer::empty(Rect::new(0, 0, 20, 1));
                put(&mut buf, 0, 0, 20, "旧字旧字旧字旧字旧字", Style::new());
                put(&mut buf, x, 0, room, "新a新", Style::new());
                let now = row(&buf, 0);
                assert_eq!(now.width(), 20, "at {x}, {room} cells: {now:?}");
                let whole: String = now.chars().filter(|c| *c != '旧' && *c != '字').collect();
                assert_eq!(whole.trim(), cut("新a新", room).trim(), "at {x}, {room} cells: {now:?}");
            }
        }
    }

    #[test]
    fn a_field_over_the_edge_is_cut_there() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 6, 1));
        put(&mut buf, 3, 0, 40, "项目", Style::new());
        assert_eq!(row(&buf, 0), "   .. ");
        put(&mut buf, 9, 0, 4, "x", Style::new());
        put(&mut buf, 0, 5, 4, "x", Style::new());
        assert_eq!(row(&buf, 0), "   .. ");
    }

    #[test]
    fn texts_of_different_styles_share_a_field() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 12, 1));
        let end = put_all(
            &mut buf,
            0,
            0,
            9,
            [("任务", Style::new()), (" 12", Style::new().italic()), ("项目", Style::new())],
        );
        assert_eq!((row(&buf, 0).as_str(), end), ("任务 12..   ", 9));
    }

    #[test]
    fn ambiguous_glyphs_are_known() {
        for glyph in ["“", "”", "—", "…", "·", "①", "Ⅱ", "×", "℃"] {
            assert!(is_ambiguous(glyph), "{glyph}");
        }
        for glyph in ["a", "中", "。", "「"] {
            assert!(!is_ambiguous(glyph), "{glyph}");
        }
        assert_eq!(shown("“", true), ("“", 2));
        assert_eq!(shown("“", false), ("“", 1));
    }
}
