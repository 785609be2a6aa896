//! 得分构成 of one row, opened: its projects, those that lose most first, with the points of every criterion.

use ratatui::layout::Rect;

use super::{short_label, unit_of};
use crate::app::screen::Sight;
use crate::app::screens::boards::{Boards, board, made_of};
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::scoring::Basis;
use crate::domain::value::Points;
use crate::text::Text;
use crate::tui::theme::Role;
use crate::tui::view::{Panes, Pen, Shown, WIDE, Window, name, number, points, short_id, table, text};

/// Draws the projects behind a row.
pub(super) fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>) {
    let (data, lang) = (sight.data, pen.lang);
    let Some(b) = state.round.and_then(|r| board(data, r, state.focus)) else { return };
    let Some(opened) = &mut state.opened else { return };
    let list = made_of(data, b, opened.unit);
    let title = Text::MadeOf.fill(lang, &[&unit_of(data, opened.unit, lang), &list.len()]);
    let area = if area.width >= WIDE {
        let mut panes = Panes::default();
        let inner = panes.add(area, title, pen.say(Text::EnterOpens));
        panes.draw(pen);
        inner
    } else {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &title, Role::Title);
        Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area }
    };
    if list.is_empty() {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), pen.say(Text::MadeOfNothing), Role::Dim);
        return;
    }
    let criteria = &data.plan.rules.criteria;
    let labels: Vec<String> = criteria.iter().map(|c| short_label(c, lang)).collect();
    let mut columns =
        vec![text("", 1, 0), text(Text::Id.in_lang(lang), 7, 0), name(Text::Project.in_lang(lang), 12, 26)];
    let first = columns.len();
    columns.extend(criteria.iter().map(|_| number("", 7, 3)));
    columns.push(number(Text::Adjustments.in_lang(lang), 6, 1));
    columns.push(number(Text::Score.in_lang(lang), 7, 0));
    columns.push(number(Text::EarnedPoints.in_lang(lang), 7, 0));
    columns.push(number(Text::TaskPoints.in_lang(lang), 4, 4));
    let top = opened.cursor.scroll(list.len(), usize::from(area.height.saturating_sub(1)));
    let window = Window { len: list.len(), top, selected: Some(opened.cursor.place()), focused: true };
    let scores = data.assessed_by(b, opened.unit);
    table(pen, area, &columns, window, |i| {
        let project = list[i];
        let score = scores.iter().find(|(p, _)| *p == project).map(|(_, s)| *s);
        let mut cells = vec![
            (String::new(), Role::Text),
            (short_id(data, &data.plan.project(project).id).to_owned(), Role::Text),
            (super::super::project_name(data, project).to_owned(), Role::Text),
        ];
        cells.extend((0..criteria.len()).map(|c| part(score, c, criteria[c].points)));
        cells.extend(result(score));
        cells
    });
    for (label, place) in labels.iter().zip(&super::super::fitted(&columns, area.width)[first..]) {
        if let Some((x, room)) = place {
            pen.right(area.x + x, area.y, *room, label, Role::Header);
        }
    }
}

/// Points of a criterion with the mark of how they came about; what is below half of its full points stands out.
fn part(score: Option<&ProjectScore>, criterion: usize, full: Points) -> Shown {
    let Some(part) = score.and_then(|s| s.parts.get(criterion)) else { return (String::new(), Role::Dim) };
    let mark = match part.basis {
        Basis::Derived => "~",
        Basis::Override => "*",
        _ => " ",
    };
    match part.points {
        Some(p) => (format!("{}{mark}", p.fixed(2)), if p.0 * 2 < full.0 { Role::Warn } else { Role::Text }),
        None => ("-- ".to_owned(), Role::Dim),
    }
}

fn result(score: Option<&ProjectScore>) -> [Shown; 4] {
    let none = || ("--".to_owned(), Role::Dim);
    let Some(s) = score else { return [none(), none(), none(), none()] };
    let adjusted = s.bonus - s.deduction_total;
    let adjusted = match adjusted {
        Points::ZERO => (String::new(), Role::Dim),
        p if p > Points::ZERO => (format!("+{}", p.fixed(2)), Role::Good),
        p => (p.fixed(2), Role::Bad),
    };
    let state = if s.state == ScoreState::Provisional { Role::Warn } else { Role::Title };
    let task = s.task_points.map_or_else(none, |t| (t.to_string(), Role::Dim));
    [adjusted, (points(s.score), state), (points(s.earned_points), Role::Text), task]
}
