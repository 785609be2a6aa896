//! 需要处理 and 最近: what waits for somebody, whole sentences in whatever room there is, and the newest entries.

use ratatui::layout::Rect;

use crate::app::attention::Item;
use crate::app::record;
use crate::app::screens::history::LedgerEntry;
use crate::app::screens::overview::{Block, Overview};
use crate::app::screens::scores::short_label;
use crate::domain::change::Kind;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::view::{Pen, history, short_id, tab_name};

/// From this width on two short items stand side by side.
const TWO_COLUMNS: u16 = 70;
/// Cells of a mark before an item.
const MARK: u16 = 2;

/// One item, or one line of a long one, in its place.
struct Piece {
    item: usize,
    x: u16,
    room: u16,
    text: String,
    first: bool,
}

/// The items in lines: two short ones side by side where there is room, a long one over as many lines as it needs.
fn lines(texts: &[&str], room: u16) -> Vec<Vec<Piece>> {
    let half = if room >= TWO_COLUMNS { room / 2 } else { room };
    let short = |text: &str| half < room && width(text) + MARK < half;
    let mut lines: Vec<Vec<Piece>> = Vec::new();
    for (item, text) in texts.iter().enumerate() {
        if let Some(line) = lines.last_mut()
            && let [one] = line.as_slice()
            && short(text)
            && one.room == half
        {
            line.push(Piece { item, x: half, room: room - half, text: (*text).to_owned(), first: true });
            continue;
        }
        let room = if short(text) { half } else { room };
        let parts = wrapped(text, room.saturating_sub(MARK).max(2), width).into_iter().enumerate();
        lines.extend(parts.map(|(i, text)| vec![Piece { item, x: 0, room, text, first: i == 0 }]));
    }
    lines
}

/// Draws what waits for somebody; the item under the cursor is always among what is seen.
pub(in crate::tui::view) fn attention(pen: &mut Pen<'_>, area: Rect, state: &mut Overview, data: &Snapshot) {
    let items = state.items(data, &pen.actor);
    if items.is_empty() {
        pen.put(area.x, area.y, area.width, pen.say(Text::NothingToDo), Role::Dim);
        return;
    }
    let red = pen.theme.glyphs().red;
    let focused = state.block == Block::Attention;
    let texts: Vec<&str> = items.iter().map(|i| i.text.in_lang(pen.lang)).collect();
    let lines = lines(&texts, area.width);
    let chosen = items.iter().position(|i| focused && state.cursor.item() == Some(i.cause));
    let last = chosen.and_then(|c| lines.iter().rposition(|l| l.iter().any(|p| p.item == c)));
    let height = usize::from(area.height);
    let top = last.map_or(0, |l| (l + 1).saturating_sub(height));
    state.cursor.height = height.max(1);
    for (y, line) in (area.y..area.bottom()).zip(&lines[top.min(lines.len())..]) {
        for piece in line {
            let role = |role| if chosen == Some(piece.item) { Role::Selection } else { role };
            let urgent = items[piece.item].urgent && piece.first;
            let (mark, mark_role) = if urgent { (red, Role::Bad) } else { ("  ", Role::Text) };
            let place = if piece.first { place(&items[piece.item], pen) } else { String::new() };
            let side = if piece.room >= TWO_COLUMNS { 11 } else { 0 };
            let text = [(mark, role(mark_role)), (piece.text.as_str(), role(Role::Text))];
            pen.pieces(area.x + piece.x, y, piece.room - side, &text);
            pen.right(area.x + piece.x + piece.room - side, y, side, &place, role(Role::Dim));
        }
    }
}

/// Where an item is looked at.
fn place(item: &Item, pen: &Pen<'_>) -> String {
    match item.tab {
        Some(tab) => format!("{} {}", tab.digit(), tab_name(tab, pen.lang, 0)),
        None => pen.say(Text::SeeFiles).to_owned(),
    }
}

/// The heading of what waits for somebody, with how many items there are.
pub(super) fn title(data: &Snapshot, state: &Overview, pen: &Pen<'_>) -> String {
    match state.items(data, &pen.actor).len() {
        0 => pen.say(Text::Attention).to_owned(),
        n => Text::AttentionCount.fill(pen.lang, &[&n]),
    }
}

/// 最近: the newest entries in a line each, under their heading.
pub(super) fn recent(pen: &mut Pen<'_>, area: Rect, state: &Overview, data: &Snapshot) {
    pen.put(area.x, area.y, area.width, pen.say(Text::Recent), Role::Header);
    let newest = state.recent.last().map_or("", |e| e.at.as_str());
    let person = |login: &str| data.plan.person(login).map_or(login.to_owned(), |p| p.name.clone());
    for (y, e) in (area.y + 1..area.bottom()).zip(state.recent.iter().rev()) {
        let number = format!(" #{}", e.seq);
        let room = area.width.saturating_sub(width(&number));
        let what = format!(
            "{} {} {} {}",
            history::time(&e.at, newest),
            person(&e.actor),
            subject(e, data, pen.lang),
            record::change(e, data).1.in_lang(pen.lang),
        );
        pen.put(area.x, y, room, &what, Role::Text);
        pen.put(area.x + room, y, width(&number), &number, Role::Dim);
    }
}

/// The record in few words: a criterion by its short name.
fn subject(e: &LedgerEntry, data: &Snapshot, lang: Lang) -> String {
    let rules = &data.plan.rules;
    let parts: Vec<&str> = e.key.split('/').collect();
    match (e.kind, &parts[..]) {
        (Some(Kind::Score), [_, project, criterion]) => {
            let label = rules.criterion(criterion).map(|i| short_label(&rules.criteria[i], lang));
            format!("{} {}", short_id(data, project), label.as_deref().unwrap_or(criterion))
        }
        _ => record::subject(e.kind, &e.key, data),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(texts: &[&str], room: u16) -> Vec<String> {
        lines(texts, room)
            .iter()
            .map(|l| l.iter().map(|p| format!("{}:{}", p.x, p.text)).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn short_items_stand_side_by_side_and_long_ones_are_never_cut() {
        let long = "一二三四五六七八九十".repeat(5);
        let items = ["待认定 14 项", "整改逾期 4 件", long.as_str(), "打分票未录 0"];
        assert_eq!(drawn(&items, 78)[0], "0:待认定 14 项 39:整改逾期 4 件");
        assert_eq!(drawn(&items, 78).len(), 4, "the long one takes two lines and stands alone");
        for line in lines(&items, 36).into_iter().flatten() {
            assert!(width(&line.text) + MARK <= 36, "{}", line.text);
        }
        let all: String = lines(&items, 36).into_iter().flatten().map(|p| p.text).collect();
        assert!(all.contains(&long));
    }
}
