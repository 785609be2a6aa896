//! 趋势. Where every unit of a board stood, round by round.

use ratatui::layout::Rect;

use super::unit_of;
use crate::app::screen::Sight;
use crate::app::screens::boards::{Boards, board};
use crate::domain::district::RoundIx;
use crate::domain::project::BoardKind;
use crate::text::Text;
use crate::tui::theme::Role;
use crate::tui::view::{Pen, width};

/// Cells of one round: rank and value.
const ROUND: u16 = 14;

/// Draws the trend of the board with the focus.
pub(super) fn view(pen: &mut Pen<'_>, area: Rect, state: &Boards, sight: &Sight<'_>) {
    let (data, lang, kind) = (sight.data, pen.lang, state.focus);
    let mut rounds = state.trend_rounds(sight);
    if rounds.len() < 2 {
        pen.put(area.x, area.y, area.width, pen.say(Text::OneRoundOnly), Role::Dim);
        return;
    }
    let names = if area.width >= 70 { 16 } else { 12 };
    let spark = if pen.theme.glyphs().trend.is_some() { 8 } else { 12 };
    let room = usize::from(area.width.saturating_sub(names + spark + 2) / ROUND).max(1);
    let rounds = rounds.split_off(rounds.len().saturating_sub(room));
    pen.put(area.x, area.y, area.width, pen.say(Text::Trend), Role::Header);
    for (x, round) in (area.x + names..).step_by(usize::from(ROUND)).zip(&rounds) {
        pen.right(x, area.y, ROUND - 1, &data.plan.round(*round).id, Role::Header);
    }
    let at = area.x + names + ROUND * u16::try_from(rounds.len()).unwrap_or(0) + 1;
    let Some(shown) = state.round.and_then(|r| board(data, r, kind)) else { return };
    for (y, row) in (area.y + 1..area.bottom()).zip(&shown.rows) {
        let here = state.selected() == Some(row.unit);
        let cursor = if here { pen.theme.glyphs().cursor } else { " " };
        let label = format!("{cursor}{}", unit_of(data, row.unit, lang));
        pen.put(area.x, y, names - 1, &label, if here { Role::Title } else { Role::Text });
        let then = |round: &RoundIx| board(data, *round, kind)?.rows.iter().find(|r| r.unit == row.unit);
        let ranks: Vec<Option<u32>> = rounds.iter().map(|r| then(r)?.rank).collect();
        for ((x, round), rank) in (area.x + names..).step_by(usize::from(ROUND)).zip(&rounds).zip(&ranks) {
            let value = super::super::points(then(round).and_then(|r| r.score));
            let rank = rank.map_or_else(|| "-".to_owned(), |n| n.to_string());
            pen.right(x, y, 4, &rank, Role::Title);
            pen.right(x + 5, y, ROUND - 6, &value, Role::Dim);
        }
        let units = shown.rows.iter().filter(|r| r.rank.is_some()).count();
        let text = drawn(pen, &ranks, units);
        pen.put(at, y, area.right().saturating_sub(at).min(width(&text)), &text, Role::Text);
    }
}

/// The ranks as heights, the first the highest; in the safe skin the last three as numbers.
fn drawn(pen: &Pen<'_>, ranks: &[Option<u32>], units: usize) -> String {
    let Some(heights) = pen.theme.glyphs().trend else {
        let number = |r: &Option<u32>| r.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let last: Vec<String> = ranks.iter().rev().take(3).rev().map(number).collect();
        return last.join(pen.theme.glyphs().arrow.trim_end());
    };
    let height = |rank: u32| {
        let from_below = units.saturating_sub(rank as usize);
        heights[(from_below * 7 / units.saturating_sub(1).max(1)).min(7)]
    };
    ranks.iter().map(|r| r.map_or(" ", height)).collect()
}

/// Which board the trend is of, for the title of its pane.
pub(super) fn title(pen: &Pen<'_>, kind: BoardKind) -> String {
    let board = match kind {
        BoardKind::Headquarters => Text::HeadquartersBoard,
        BoardKind::Towns => Text::TownsBoard,
    };
    format!("{} {}", pen.say(Text::Trend), pen.say(board))
}
