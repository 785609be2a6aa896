//! 试算. The board as it is beside the board as it would be, and what was changed.

use ratatui::layout::Rect;

use super::unit_of;
use crate::app::screen::Sight;
use crate::app::screens::boards::what_if::{Block, Compared, Picker, WhatIf};
use crate::domain::board::Measure;
use crate::domain::robustness::Turn;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::theme::Role;
use crate::tui::view::{Pen, Shown, Window, name, number, points, rank, short_id, table, text, width};
use crate::tui::widget::popup;

/// Draws the sandbox in the place of the boards.
pub(super) fn view(pen: &mut Pen<'_>, area: Rect, state: &mut WhatIf, sight: &Sight<'_>) {
    let lang = pen.lang;
    banner(pen, area, state, sight);
    let body = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    };
    let airy = body.height >= 20;
    let mut y = body.y + u16::from(airy);
    weights(pen, Rect { y, height: 1, ..body }, state, sight);
    y += 1 + u16::from(airy);
    let rows = state.compared(sight.data);
    let height = u16::try_from(rows.len() + 1).unwrap_or(u16::MAX).min(body.bottom().saturating_sub(y));
    comparison(pen, Rect { y, height, ..body }, &rows, sight);
    y += height + u16::from(airy);
    let told = wrapped(&sensitivity(state, sight, lang), body.width, width);
    let told: Vec<String> = told.into_iter().take(3).collect();
    let notes = u16::try_from(told.len()).unwrap_or(1) + u16::from(airy);
    let height = u16::try_from(state.trial.scores.len() + 2).unwrap_or(u16::MAX);
    let height = height.min(body.bottom().saturating_sub(y + notes));
    scores(pen, Rect { y, height, ..body }, state, sight);
    y = (y + height + u16::from(airy)).min(body.bottom());
    for (y, line) in (y..body.bottom()).zip(&told) {
        pen.put(body.x, y, body.width, line, Role::Dim);
    }
    let unit = state.unit.map(|u| super::super::unit_name(sight.data, u, pen.lang));
    if let Some(picker) = &mut state.picker {
        pick(pen, area, picker, sight, (state.round, unit));
    }
}

fn banner(pen: &mut Pen<'_>, area: Rect, state: &WhatIf, sight: &Sight<'_>) {
    let lang = pen.lang;
    let banner = format!(" {} ", pen.say(Text::WhatIfBanner));
    pen.put(area.x, area.y, area.width, "", Role::Text);
    let x = pen.put(area.x, area.y, width(&banner), &banner, Role::Selection) + 2;
    let changes = Text::WhatIfChanges.fill(lang, &[&state.trial.changes()]);
    let end = area.right().saturating_sub(width(&changes) + 1);
    let round = sight.data.plan.round(state.round).called(lang);
    let title = format!(
        "{round} {}   {}",
        super::super::overview::measure_name(state.measure, lang),
        pen.say(Text::WhatIfNote)
    );
    pen.put(x, area.y, end.saturating_sub(x + 1), &title, Role::Text);
    pen.put(end, area.y, width(&changes), &changes, Role::Title);
}

/// The two weights; the one that is typed stands in brackets with the cursor.
fn weights(pen: &mut Pen<'_>, area: Rect, state: &WhatIf, sight: &Sight<'_>) {
    if state.measure != Measure::Composite {
        pen.put(area.x, area.y, area.width, pen.say(Text::NoWeights), Role::Dim);
        return;
    }
    let own = sight.data.board_weights(state.round);
    let x = pen.put(area.x, area.y, 10, pen.say(Text::Weights), Role::Title);
    let mut x = x + 1;
    let names = [Text::Assessment, Text::Observation];
    for (side, now) in state.weights(sight.data).into_iter().enumerate() {
        let was = if side == 0 { own.assessment } else { own.observation };
        let label = pen.say(names[side]);
        x = pen.put(x, area.y, width(label), label, Role::Text) + 1;
        let here = state.block == Block::Weights && state.side == side;
        x = cell(pen, x, area.y, 5, &format!("{now}%"), state.field.as_ref().filter(|_| here), here);
        let was = Text::WeightWas.fill(pen.lang, &[&was]);
        x = pen.put(x + 1, area.y, width(&was), &was, Role::Dim) + 3;
    }
    let sum = pen.say(Text::WeightsSum);
    let room = area.right().saturating_sub(x).min(width(sum));
    pen.put(x, area.y, room, sum, Role::Dim);
}

/// A value in its cell: reversed under the cursor, a field while it is typed. Answers the column after it.
fn cell(
    pen: &mut Pen<'_>,
    x: u16,
    y: u16,
    room: u16,
    value: &str,
    field: Option<&crate::app::field::Field>,
    here: bool,
) -> u16 {
    let Some(field) = field else {
        pen.right(x, y, room, value, if here { Role::Selection } else { Role::Text });
        return x + room;
    };
    pen.put(x, y, 1, "[", Role::Title);
    pen.field(x + 1, y, room - 1, field);
    pen.put(x + room, y, 1, "]", Role::Title)
}

fn signed(before: Option<Points>, after: Option<Points>) -> String {
    match before.zip(after) {
        Some((b, a)) if a > b => format!("+{}", (a - b).fixed(2)),
        Some((b, a)) => (a - b).fixed(2),
        None => "--".to_owned(),
    }
}

fn comparison(pen: &mut Pen<'_>, area: Rect, rows: &[Compared<'_>], sight: &Sight<'_>) {
    let lang = pen.lang;
    let g = pen.theme.glyphs();
    let columns = [
        text("", 1, 0),
        name(Text::Unit.in_lang(lang), 12, 8),
        number(Text::BeforeTrial.in_lang(lang), 7, 0),
        number(Text::AfterTrial.in_lang(lang), 7, 0),
        number(Text::Difference.in_lang(lang), 6, 2),
        text(Text::Rank.in_lang(lang), 9, 0),
        text(Text::Change.in_lang(lang), 4, 0),
        text(Text::Reason.in_lang(lang), 24, 1),
    ];
    let window = Window { len: rows.len(), top: 0, selected: None, focused: false };
    table(pen, area, &columns, window, |i| {
        let Compared { before, after, by_weights, by_scores } = &rows[i];
        let place = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let moved: Shown = match before.rank.zip(after.rank) {
            Some((b, a)) => rank::moved(g, lang, Some(i64::from(b) - i64::from(a))),
            None => (String::new(), Role::Dim),
        };
        let weights = by_weights.then(|| Text::Weights.in_lang(lang).to_owned());
        let scores = by_scores.iter().map(|s| {
            let criterion = super::short_label(&sight.data.plan.rules.criteria[s.criterion], lang);
            format!("{} {criterion}", short_id(sight.data, &sight.data.plan.project(s.project).id))
        });
        let because: Vec<String> = weights.into_iter().chain(scores).collect();
        let differs = before.score != after.score;
        vec![
            (String::new(), Role::Text),
            (unit_of(sight.data, after.unit, lang), Role::Text),
            (points(before.score), Role::Dim),
            (points(after.score), Role::Title),
            (signed(before.score, after.score), if differs { Role::Title } else { Role::Dim }),
            (format!("{} {} {}", place(before.rank), g.arrow.trim_end(), place(after.rank)), Role::Text),
            moved,
            (if differs { because.join("；") } else { String::new() }, Role::Text),
        ]
    });
}

/// What was changed, and the line that adds a change.
fn scores(pen: &mut Pen<'_>, area: Rect, state: &WhatIf, sight: &Sight<'_>) {
    if area.height < 2 {
        return;
    }
    let (data, lang) = (sight.data, pen.lang);
    // What it does to the project's score stands where there is room for it.
    let roomy = area.width >= super::super::NARROW;
    let was = area.right().saturating_sub(if roomy { 34 } else { 17 });
    pen.put(area.x, area.y, area.width, pen.say(Text::ScoresTried), Role::Header);
    let heads = [(was, 7, Text::BeforeTrial), (was + 8, 7, Text::AfterTrial), (was + 17, 17, Text::Score)];
    for (x, room, title) in heads.into_iter().take(if roomy { 3 } else { 2 }) {
        pen.right(x, area.y, room, pen.say(title), Role::Header);
    }
    let rows = usize::from(area.height - 1);
    let top = (state.at + 1).saturating_sub(rows);
    let focused = state.block == Block::Scores;
    let score = |district: &crate::domain::snapshot::Snapshot, project: crate::domain::district::ProjectIx| {
        points(district.assessment(state.round).and_then(|a| a.scores.get(project.at())).and_then(|s| s.score))
    };
    for (y, i) in (area.y + 1..area.bottom()).zip(top..=state.trial.scores.len()) {
        let here = focused && state.at == i;
        let cursor = if here { pen.theme.glyphs().cursor } else { " " };
        let Some(s) = state.trial.scores.get(i) else {
            let frozen = data.round_state(state.round).is_frozen();
            let line = pen.say(if frozen { Text::SealedWeightsOnly } else { Text::AddOne });
            let role = if here { Role::Title } else { Role::Dim };
            pen.put(area.x, y, area.width, &format!("{cursor}{line}"), role);
            continue;
        };
        let p = data.plan.project(s.project);
        let criterion = &data.plan.rules.criteria[s.criterion];
        let limit = Text::TrialFull.fill(lang, &[&criterion.points.short()]);
        let label = format!(
            "{cursor}{} {} / {}（{limit}）",
            short_id(data, &p.id),
            super::super::project_name(data, s.project),
            criterion.label
        );
        pen.put(area.x, y, was.saturating_sub(area.x + 1), &label, Role::Text);
        pen.right(was, y, 7, &points(state.stored(data, (s.project, s.criterion))), Role::Dim);
        cell(pen, was + 8, y, 7, &s.points.fixed(2), state.field.as_ref().filter(|_| here), here);
        let arrow = pen.theme.glyphs().arrow.trim_end();
        let moved = format!("{} {arrow} {}", score(data, s.project), score(state.district(data), s.project));
        pen.right(was + 17, y, if roomy { 17 } else { 0 }, &moved, Role::Text);
    }
}

/// Whether the ranks of the sandbox turn on the weights.
fn sensitivity(state: &WhatIf, sight: &Sight<'_>, lang: Lang) -> String {
    let district = state.district(sight.data);
    let Some(board) = state.board(sight.data).filter(|b| b.measure == Measure::Composite) else { return String::new() };
    let robustness = district.robustness(board);
    let mut moved = Vec::new();
    for row in board.rows.iter() {
        for (turn, there) in row.rank.into_iter().flat_map(|rank| robustness.changes(row.unit, rank)) {
            let (unit, there) =
                (unit_of(sight.data, row.unit, lang), there.map_or_else(|| "-".into(), |n| n.to_string()));
            moved.push(match turn {
                Turn::Weight(percent) => (percent, Text::SensitiveAt.fill(lang, &[&percent, &unit, &there])),
                Turn::Untrimmed => (i64::MAX, Text::SensitiveUntrimmed.fill(lang, &[&unit, &there])),
            });
        }
    }
    moved.sort();
    if moved.is_empty() {
        return Text::NotSensitive.in_lang(lang).to_owned();
    }
    let comma = if lang == Lang::Zh { "；" } else { "; " };
    let all: Vec<String> = moved.into_iter().map(|(_, text)| text).collect();
    Text::Sensitive.fill(lang, &[&all.join(comma)])
}

/// 添一处: the cells to choose from, over the sandbox.
fn pick(
    pen: &mut Pen<'_>,
    area: Rect,
    picker: &mut Picker,
    sight: &Sight<'_>,
    (round, unit): (crate::domain::district::RoundIx, Option<String>),
) {
    let (data, lang) = (sight.data, pen.lang);
    let title = unit.map_or_else(|| pen.say(Text::PickCell).to_owned(), |u| Text::PickCellOf.fill(lang, &[&u]));
    let place = popup::centred(area, area.width.saturating_sub(8).min(84), area.height.saturating_sub(2).min(20));
    let inside = popup::panel(pen.buf, place, &title, pen.theme);
    let inner = Rect { x: inside.x + 1, width: inside.width.saturating_sub(2), ..inside };
    if inner.height < 2 {
        return;
    }
    let x = pen.put(inner.x, inner.y, 2, "/", Role::Title);
    pen.field(x, inner.y, inner.right().saturating_sub(x), &picker.field);
    let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    if picker.rows.is_empty() {
        let none = Text::NoSuchCell.fill(lang, &[&picker.field.text()]);
        pen.put(list.x, list.y, list.width, &none, Role::Dim);
        return;
    }
    let columns = [
        text("", 1, 0),
        text(Text::Id.in_lang(lang), 7, 0),
        name(Text::Project.in_lang(lang), 14, 20),
        name(Text::Criterion.in_lang(lang), 12, 6),
        number(Text::BeforeTrial.in_lang(lang), 7, 0),
        number(Text::FullMarks.in_lang(lang), 5, 0),
    ];
    let top = picker.cursor.scroll(picker.rows.len(), usize::from(list.height.saturating_sub(1)));
    let window = Window { len: picker.rows.len(), top, selected: Some(picker.cursor.place()), focused: true };
    let scores = data.assessment(round);
    table(pen, list, &columns, window, |i| {
        let (project, criterion) = picker.rows[i];
        let rule = &data.plan.rules.criteria[criterion];
        let part = scores.and_then(|a| a.scores.get(project.at())).and_then(|s| s.parts.get(criterion));
        vec![
            (String::new(), Role::Text),
            (short_id(data, &data.plan.project(project).id).to_owned(), Role::Text),
            (super::super::project_name(data, project).to_owned(), Role::Text),
            (rule.label.clone(), Role::Text),
            (points(part.and_then(|p| p.points)), Role::Text),
            (rule.points.short(), Role::Dim),
        ]
    });
}
