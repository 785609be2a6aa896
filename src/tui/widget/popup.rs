//! A panel over the picture.
//!
//! ratatui's `Clear` leaves half a wide character at the left edge; here both straddling characters become blanks.

use crate::tui::fit;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// The place of a panel of that size in the middle of `area`, at an even column, and no larger than `area`.
#[must_use]
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    let x = area.x + (area.width - width) / 2;
    // Han characters mostly begin at even columns: fewer of them are cut.
    let x = if x > area.x { x & !1 } else { x };
    Rect::new(x.max(area.x), area.y + (area.height - height) / 2, width, height)
}

/// Blanks an area, and the wide characters that straddle its edges.
pub fn clear(buf: &mut Buffer, area: Rect) {
    let area = area.intersection(buf.area);
    for y in area.y..area.bottom() {
        // A wide character over the right edge: its second half is a blank cell already once the first one is gone.
        fit::put(buf, area.x, y, area.width, "", Style::new());
    }
}

/// Clears the area and draws a border with a title. Answers what is inside.
pub fn panel(buf: &mut Buffer, area: Rect, title: &str, theme: &Theme) -> Rect {
    let area = area.intersection(buf.area);
    clear(buf, area);
    if area.width < 4 || area.height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let glyphs = theme.glyphs();
    let (plain, inner) = (theme.style(Role::Text), area.width - 2);
    let rule = glyphs.rule.repeat(usize::from(inner));
    for (y, left, right) in
        [(area.y, glyphs.top_left, glyphs.top_right), (area.bottom() - 1, glyphs.bottom_left, glyphs.bottom_right)]
    {
        fit::put(buf, area.x, y, area.width, &format!("{left}{rule}{right}"), plain);
    }
    for y in area.y + 1..area.bottom() - 1 {
        fit::put(buf, area.x, y, 1, glyphs.upright, plain);
        fit::put(buf, area.right() - 1, y, 1, glyphs.upright, plain);
    }
    if !title.is_empty() && inner > 6 {
        let title = format!(" {} ", fit::cut(title, inner - 4));
        fit::put(buf, area.x + 2, area.y, fit::width(&title), &title, theme.style(Role::Title));
    }
    Rect::new(area.x + 1, area.y + 1, inner, area.height - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(buf: &Buffer, y: u16) -> String {
        fit::picture(buf).swap_remove(usize::from(y))
    }

    /// At every odd and even edge over Chinese text that begins at an odd or even column: nothing of a cut character
    /// stays, and everything outside stands where it stood.
    #[test]
    fn no_half_of_a_character_stays_at_either_edge() {
        for shift in 0..2u16 {
            for x in 0..12u16 {
                for width in 1..10u16 {
                    let mut buf = Buffer::empty(Rect::new(0, 0, 24, 1));
                    fit::put(&mut buf, shift, 0, 24 - shift, "督察考核平台市政服务", Style::new());
                    let before = buf.clone();
                    clear(&mut buf, Rect::new(x, 0, width, 1));
                    fit::put(&mut buf, x, 0, width, &"=".repeat(usize::from(width)), Style::new());
                    let now = text(&buf, 0);
                    assert_eq!(fit::width(&now), 24, "{now:?}");
                    for at in 0..24u16 {
                        let symbol = buf[(at, 0)].symbol();
                        let inside = (x..x + width).contains(&at);
                        let straddles_left = at + 1 == x && fit::width(before[(at, 0)].symbol()) == 2;
                        if inside {
                            assert_eq!(symbol, "=", "{now:?}");
                        } else if straddles_left {
                            assert_eq!(symbol, " ", "{now:?}");
                        } else {
                            assert_eq!(symbol, before[(at, 0)].symbol(), "{now:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_panel_has_a_border_and_a_title() {
        let mut buf = Buffer::empty(Rect::new(0, 0, 24, 5));
        for y in 0..5 {
            fit::put(&mut buf, 0, y, 24, "督察考核平台市政服务业务", Style::new());
        }
        let area = centred(buf.area, 15, 4);
        assert_eq!(area, Rect::new(4, 0, 15, 4));
        let inside = panel(&mut buf, area, "试算", &Theme::default());
        assert_eq!(inside, Rect::new(5, 1, 13, 2));
        assert_eq!(text(&buf, 0), "督察+- 试算 ------+ 业务");
        assert_eq!(text(&buf, 1), "督察|             | 业务");
        assert_eq!(text(&buf, 4), "督察考核平台市政服务业务");
    }

    #[test]
    fn panels_fit_into_any_picture() {
        for (width, height) in [(0, 0), (1, 1), (3, 2), (4, 2), (9, 3), (200, 100)] {
            let mut buf = Buffer::empty(Rect::new(0, 0, 20, 5));
            let area = centred(buf.area, width, height);
            assert!(buf.area.intersection(area) == area);
            panel(&mut buf, area, "一个很长很长很长的标题", &Theme::default());
        }
    }
}
