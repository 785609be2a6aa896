//! The last row: keys and what they do, the most useful first, as many as fit; the right part always stays.

use crate::tui::fit;
use crate::tui::theme::{Role, Theme};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// A key and what it does.
pub type Hint<'a> = (&'a str, &'a str);

fn width(hint: Hint<'_>) -> u16 {
    fit::width(hint.0) + u16::from(!hint.0.is_empty() && !hint.1.is_empty()) + fit::width(hint.1)
}

/// Draws the hints into the first row of `area`, reversed: `left` as far as whole hints fit, `right` at the end.
///
/// If even the right part does not fit, its first hint stays (it is the way to the help).
pub fn hints(buf: &mut Buffer, area: Rect, left: &[Hint<'_>], right: &[Hint<'_>], theme: &Theme) {
    let bar = theme.style(Role::Selection);
    if area.height == 0 || area.width == 0 {
        return;
    }
    let gap = if area.width >= 100 { 3 } else { 2 };
    fit::put(buf, area.x, area.y, area.width, "", bar);
    let mut kept = right;
    let total =
        |hints: &[Hint<'_>]| -> u16 { hints.iter().map(|hint| width(*hint) + gap).sum::<u16>().saturating_sub(gap) };
    while kept.len() > 1 && total(kept) + 2 > area.width {
        kept = &kept[..kept.len() - 1];
    }
    let start = area.right().saturating_sub(total(kept) + 1).max(area.x);
    let mut at = area.x + 1;
    for hint in left {
        let end = at.saturating_add(width(*hint));
        if end + gap > start && !(kept.is_empty() && end <= area.right()) {
            break;
        }
        put(buf, area, at, *hint, theme);
        at = end + gap;
    }
    at = start;
    for hint in kept {
        put(buf, area, at, *hint, theme);
        at = at.saturating_add(width(*hint) + gap);
    }
}

fn put(buf: &mut Buffer, area: Rect, x: u16, (key, help): Hint<'_>, theme: &Theme) {
    let room = area.right().saturating_sub(x);
    let bar = theme.style(Role::Selection);
    let key_width = fit::width(key).min(room);
    fit::put(buf, x, area.y, key_width, key, bar.patch(ratatui::style::Style::new().bold()));
    let x = x + key_width + u16::from(!key.is_empty() && !help.is_empty());
    fit::put(buf, x, area.y, fit::width(help).min(area.right().saturating_sub(x)), help, bar);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEFT: [Hint<'static>; 4] = [("Tab", "换区块"), ("Enter", "打开"), ("1-7", "换页"), ("/", "筛选")];
    const RIGHT: [Hint<'static>; 2] = [("?", "帮助"), ("q", "退出")];

    fn shown(width: u16, right: &[Hint<'_>]) -> String {
        let mut buf = Buffer::empty(Rect::new(0, 0, width, 1));
        hints(&mut buf, Rect::new(0, 0, width, 1), &LEFT, right, &Theme::default());
        fit::picture(&buf).swap_remove(0)
    }

    #[test]
    fn as_many_hints_as_fit_and_always_the_help() {
        assert_eq!(shown(60, &RIGHT), " Tab 换区块  Enter 打开  1-7 换页  / 筛选    ? 帮助  q 退出 ");
        assert_eq!(shown(50, &RIGHT), " Tab 换区块  Enter 打开  1-7 换页  ? 帮助  q 退出 ");
        assert_eq!(shown(40, &RIGHT), " Tab 换区块  Enter 打开  ? 帮助  q 退出 ");
        assert_eq!(shown(20, &RIGHT), "     ? 帮助  q 退出 ");
        assert_eq!(shown(12, &RIGHT), "     ? 帮助 ");
        assert_eq!(shown(20, &[]), " Tab 换区块         ");
    }

    #[test]
    fn any_width_is_filled_without_a_half_hint() {
        for width in 8..90 {
            let line = shown(width, &RIGHT);
            assert_eq!(fit::width(&line), width);
            assert!(line.contains("? 帮助"), "{line:?}");
            for (key, help) in LEFT {
                assert_eq!(line.contains(&format!("{key} ")), line.contains(&format!("{key} {help}")), "{line:?}");
            }
        }
    }
}
