//! What `y` copies of the boards, as a table of somebody else's program takes it.

use super::made_of;
use crate::app::screen::Sight;
use crate::domain::board::Board;
use crate::domain::district::UnitIx;
use crate::domain::value::Points;
use crate::text::Text;

fn points(p: Option<Points>) -> String {
    p.map_or_else(|| "--".to_owned(), |p| p.fixed(2))
}

fn table(rows: Vec<Vec<String>>) -> String {
    rows.into_iter().map(|cells| cells.join("\t") + "\n").collect()
}

/// A board with its header.
pub(super) fn board(sight: &Sight<'_>, board: &Board) -> String {
    let lang = sight.lang;
    let head = [Text::Rank, Text::Unit, Text::Assessment, Text::Observation, Text::Composite, Text::Previous];
    let mut rows = vec![head.map(|t| t.in_lang(lang).to_owned()).to_vec()];
    let rank = |n: Option<u32>| n.map_or_else(|| "-".to_owned(), |n| n.to_string());
    for r in &board.rows {
        let unit = r
            .unit
            .map_or_else(|| Text::TownNotStated.in_lang(lang).to_owned(), |u| sight.data.plan.unit(u).name.clone());
        let figures = [r.assessment, r.observation, r.composite].map(points);
        rows.push([rank(r.rank), unit].into_iter().chain(figures).chain([rank(r.previous)]).collect());
    }
    table(rows)
}

/// The projects behind a row, with the points of each criterion.
pub(super) fn make_up(sight: &Sight<'_>, board: &Board, unit: Option<UnitIx>) -> String {
    let (data, lang) = (sight.data, sight.lang);
    let criteria = data.plan.rules.criteria.iter().map(|c| c.label.clone());
    let head = [Text::Id, Text::Project].map(|t| t.in_lang(lang).to_owned());
    let tail = [Text::Score, Text::TaskPoints, Text::EarnedPoints].map(|t| t.in_lang(lang).to_owned());
    let mut rows = vec![head.into_iter().chain(criteria).chain(tail).collect::<Vec<_>>()];
    let scores = data.assessed_by(board, unit);
    for project in made_of(data, board, unit) {
        let Some((_, s)) = scores.iter().find(|(p, _)| *p == project) else { continue };
        let p = data.plan.project(project);
        let task = s.task_points.map_or_else(|| "--".to_owned(), |t| t.to_string());
        let parts = s.parts.iter().map(|part| points(part.points));
        let tail = [points(s.score), task, points(s.earned_points)];
        rows.push([p.id.clone(), p.name.clone()].into_iter().chain(parts).chain(tail).collect());
    }
    table(rows)
}
