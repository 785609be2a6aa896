//! A bullet bar: what is done against the whole, and the pace that should have been reached. Never without its number.

use crate::domain::value::Ratio;
use crate::tui::glyphs::Glyphs;

/// A share of a whole, in cells; rounded half up.
fn cells(share: Ratio, width: u16) -> u16 {
    let share = share.max(Ratio::ZERO).min(Ratio::ONE);
    let cells = (share * Ratio::int(width)).round();
    u16::try_from(cells).unwrap_or(width).min(width)
}

/// The bar in `width` cells: `done` and `pace` are shares of the whole.
///
/// It is full only when all is done, and not empty when something is.
#[must_use]
pub fn bar(done: Ratio, pace: Option<Ratio>, width: u16, glyphs: &Glyphs) -> String {
    let mut filled = cells(done, width);
    if filled == width && done < Ratio::ONE {
        filled = width.saturating_sub(1);
    }
    if filled == 0 && done > Ratio::ZERO && width > 1 {
        filled = 1;
    }
    // The pace stands on the last cell that should be done.
    let mark = pace.map(|pace| cells(pace, width).saturating_sub(1));
    (0..width)
        .map(|at| match mark {
            Some(mark) if mark == at => glyphs.bar_pace,
            _ if at < filled => glyphs.bar_done,
            _ => glyphs.bar_rest,
        })
        .collect()
}

/// A trend: one character for each value where the skin has heights, else None: the caller writes the last numbers.
#[must_use]
pub fn trend(values: &[i64], glyphs: &Glyphs) -> Option<String> {
    let heights = glyphs.trend?;
    let (low, high) = (values.iter().min()?, values.iter().max()?);
    let span = i128::from(*high) - i128::from(*low);
    let height = |value: i64| {
        // All alike is the middle, not the bottom.
        let step = if span == 0 { 3 } else { (i128::from(value) - i128::from(*low)) * 7 / span };
        heights[usize::try_from(step).unwrap_or(0).min(7)]
    };
    Some(values.iter().map(|value| height(*value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::glyphs::{LINE, SAFE};

    fn share(num: i128, den: i128) -> Ratio {
        Ratio::new(num, den)
    }

    #[test]
    fn the_bars_of_the_overview() {
        assert_eq!(bar(share(13, 144), None, 8, &SAFE), "#.......");
        assert_eq!(bar(share(121, 144), None, 8, &SAFE), "#######.");
        assert_eq!(bar(share(10, 144), None, 8, &SAFE), "#.......");
        assert_eq!(bar(share(0, 144), None, 8, &SAFE), "........");
        assert_eq!(bar(share(0, 5), Some(Ratio::ZERO), 7, &LINE), "┃──────");
        assert_eq!(bar(share(1, 5), Some(share(1, 2)), 10, &SAFE), "##..|.....");
    }

    #[test]
    fn full_means_all_and_empty_means_nothing() {
        assert_eq!(bar(share(999, 1000), None, 10, &SAFE), "#########.");
        assert_eq!(bar(Ratio::ONE, None, 10, &SAFE), "##########");
        assert_eq!(bar(share(3, 2), Some(share(3, 2)), 4, &LINE), "━━━┃");
        assert_eq!(bar(share(1, 1000), None, 10, &SAFE), "#.........");
        assert_eq!(bar(share(-1, 2), None, 3, &SAFE), "...");
        assert_eq!(bar(Ratio::ONE, Some(Ratio::ONE), 0, &SAFE), "");
    }

    #[test]
    fn a_trend_needs_heights() {
        assert_eq!(trend(&[1, 5, 8], &LINE).as_deref(), Some("▁▅█"));
        assert_eq!(trend(&[4, 4], &LINE).as_deref(), Some("▄▄"));
        assert_eq!(trend(&[1, 5, 8], &SAFE), None);
        assert_eq!(trend(&[], &LINE), None);
    }
}
