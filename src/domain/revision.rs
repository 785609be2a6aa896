//! 修订. What a round announces otherwise than it did at an earlier seal: the figures of two revisions side by side.

use super::board::Measure;
use super::district::{ProjectIx, RoundIx, RoundKind, UnitIx};
use super::project::BoardKind;
use super::snapshot::Snapshot;
use super::value::Points;

/// Whose figure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A row of a board; no unit is the row 未注明.
    Unit(BoardKind, Option<UnitIx>),
    /// 项目得分
    Project(ProjectIx),
    /// A criterion of a project, by its place in the rule set.
    Part(ProjectIx, usize),
    /// 观摩得分 of a site.
    Site(ProjectIx),
}

/// A figure that two revisions state differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Whose.
    pub of: Figure,
    /// In the earlier one.
    pub before: Option<Points>,
    /// In the later one.
    pub after: Option<Points>,
    /// 名次 in both, for a row of a board.
    pub ranks: Option<(Option<u32>, Option<u32>)>,
}

/// The differences of a round between two states of the district: boards in their later order, then sites in order of
/// visit or projects in plan order, each followed by its criteria. Empty where both announce the same.
#[must_use]
pub fn differences(round: RoundIx, before: &Snapshot, after: &Snapshot) -> Vec<Difference> {
    let measure = match after.plan.round(round).kind {
        RoundKind::Assessment => Measure::Assessment,
        RoundKind::Observation => Measure::Observation,
    };
    let mut found = Vec::new();
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        let rows = |data: &Snapshot| data.board(round, kind, measure).map_or_else(Vec::new, |b| b.rows.clone());
        let earlier = rows(before);
        for row in rows(after) {
            let old = earlier.iter().find(|r| r.unit == row.unit);
            let (score, rank) = old.map_or((None, None), |r| (r.score, r.rank));
            if (score, rank) != (row.score, row.rank) {
                let of = Figure::Unit(kind, row.unit);
                found.push(Difference { of, before: score, after: row.score, ranks: Some((rank, row.rank)) });
            }
        }
    }
    sites(round, before, after, &mut found);
    projects(round, before, after, &mut found);
    found
}

fn differs(of: Figure, before: Option<Points>, after: Option<Points>) -> Option<Difference> {
    (before != after).then_some(Difference { of, before, after, ranks: None })
}

fn sites(round: RoundIx, before: &Snapshot, after: &Snapshot, found: &mut Vec<Difference>) {
    let earlier = before.panels(round).unwrap_or(&[]);
    for panel in after.panels(round).unwrap_or(&[]) {
        let old = earlier.iter().find(|p| p.project == panel.project).and_then(|p| p.score);
        found.extend(differs(Figure::Site(panel.project), old, panel.score));
    }
}

fn projects(round: RoundIx, before: &Snapshot, after: &Snapshot, found: &mut Vec<Difference>) {
    let (Some(old), Some(new)) = (before.assessment(round), after.assessment(round)) else { return };
    for ((ix, old), new) in after.plan.project_ixs().zip(&old.scores).zip(&new.scores) {
        found.extend(differs(Figure::Project(ix), old.score, new.score));
        let points = |parts: &[super::score::Part], i: usize| parts.get(i).and_then(|p| p.points);
        for i in 0..old.parts.len().max(new.parts.len()) {
            found.extend(differs(Figure::Part(ix, i), points(&old.parts, i), points(&new.parts, i)));
        }
    }
}
