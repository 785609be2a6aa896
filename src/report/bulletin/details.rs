//! 附件: every unit's projects with parts, score, task and earned points, so that each sum can be added again by hand.

use super::Desk;
use crate::domain::board::Measure;
use crate::domain::composition::Composition;
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::project::BoardKind;
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::scoring::{Basis, RuleSet};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Ratio;
use crate::domain::words::Word;
use crate::report::document::{Cell, Column, Part, Table};

impl Desk<'_> {
    /// The projects of every unit of a board.
    pub(super) fn details(&self, kind: BoardKind) -> Option<Part> {
        let (say, round) = (self.say, self.assessment?);
        let board = self.data.board(round, kind, Measure::Assessment)?;
        let (mut tables, mut notes, mut outside) = (Vec::new(), Vec::new(), 0);
        for r in &board.rows {
            let mut made = self.data.composition(round, kind, r.unit)?;
            let all = made.items.len();
            made.items.retain(|item| (self.sources.sees)(round, item.project));
            let unseen = all - made.items.len();
            outside += unseen;
            if made.items.is_empty() {
                continue;
            }
            if (Some(made.task_points), Some(made.earned_points)) != (r.task_points, r.earned_points) {
                let unit = self.unit(r.unit);
                notes.push(say.of(
                    format!("{unit}的项目归属在封存后有变动，本表合计与得分构成不同，以封存时为准。"),
                    format!(
                        "Projects of {unit} have moved since the seal: this sum differs, and what was sealed stands."
                    ),
                ));
            }
            let mut table = match kind {
                BoardKind::Headquarters => self.scores_of(round, r.unit, &made),
                BoardKind::Towns => self.shares_of(round, r.unit, &made),
            };
            // What is listed does not add up to a sum that holds what is not.
            if unseen > 0 {
                table.total = None;
            }
            tables.push(table);
        }
        if outside > 0 {
            notes.push(self.outside(outside));
        }
        let (id, heading, note) = match kind {
            BoardKind::Headquarters => (
                "headquarters_details",
                say.of("各指挥部项目考核得分", "Project scores of the headquarters"),
                say.of(
                    "得分 = 100 × 各项得分之和 ÷ 适用分 + 加分 - 扣分，限在规则的上下限内，一票否决为 0；完成分值 = 任务分值 × 得分 ÷ 100。",
                    "Score = 100 x sum of the parts / applicable points + bonus - deduction within the limits of the rules, 0 with a veto; earned = task points x score / 100.",
                ),
            ),
            BoardKind::Towns => (
                "towns_details",
                say.of("各镇项目考核得分", "Project scores of the towns"),
                say.of(
                    "任务分值按份额折算；完成分值 = 任务分值 × 得分 ÷ 100。",
                    "Task points by share; earned = task points x score / 100.",
                ),
            ),
        };
        notes.insert(0, note.to_owned());
        Some(Part { id, heading: heading.to_owned(), tables, notes, appendix: true, ..Part::default() })
    }

    fn scores_of(&self, round: RoundIx, unit: Option<UnitIx>, made: &Composition) -> Table {
        let (say, rules) = (self.say, self.data.round_rules(round));
        let mut columns = vec![
            Column::words("project", say.of("编号", "Id"), 5),
            Column::words("name", say.of("项目", "Project"), 13),
        ];
        columns.extend(rules.criteria.iter().map(|c| Column::figures(format!("part_{}", c.id), c.label.as_str(), 3)));
        columns.extend([
            Column::figures("applicable_points", say.of("适用分", "Applicable"), 3),
            Column::figures("bonus", say.of("加分", "Bonus"), 3),
            Column::figures("deduction_total", say.of("扣分", "Deducted"), 3),
            Column::figures("score", say.of("得分", "Score"), 4),
            Column::summed("task_points", say.of("任务分值", "Task points"), 4),
            Column::summed("earned_points", say.of("完成分值", "Earned"), 4),
            Column::words("state", say.of("认定", "State"), 4),
        ]);
        let mut table = Table::new(format!("projects_{}", self.code(unit)), self.unit(unit), columns);
        for item in &made.items {
            let score = self.score(round, item.project);
            let mut cells = vec![self.short(item.project), self.data.plan.project(item.project).name.as_str().into()];
            cells.extend(parts(score, rules, say.of("不适用", "n/a")));
            cells.extend([
                Cell::Plain(score.applicable),
                Cell::Plain(score.bonus),
                Cell::Plain(score.deduction_total),
                Cell::points(score.score),
                Cell::points(item.points.map(|(t, _)| t)),
                Cell::points(item.points.map(|(_, c)| c)),
                self.state(score),
            ]);
            table.row(cells);
        }
        let blanks = table.columns.len() - 4;
        let mut total = vec![Cell::from(say.of("合计", "Total"))];
        total.extend(std::iter::repeat_n(Cell::Blank, blanks));
        total.extend([Cell::Points(made.task_points), Cell::Points(made.earned_points), Cell::Blank]);
        table.total = Some(total);
        table
    }

    fn shares_of(&self, round: RoundIx, unit: Option<UnitIx>, made: &Composition) -> Table {
        let say = self.say;
        let columns = vec![
            Column::words("project", say.of("编号", "Id"), 5),
            Column::words("name", say.of("项目", "Project"), 16),
            Column::figures("share", say.of("份额%", "Share %"), 4),
            Column::figures("score", say.of("得分", "Score"), 4),
            Column::summed("task_points", say.of("任务分值", "Task points"), 4),
            Column::summed("earned_points", say.of("完成分值", "Earned"), 4),
            Column::words("state", say.of("认定", "State"), 5),
        ];
        let id = format!("town_projects_{}", self.code(unit));
        let mut table = Table::new(id, self.unit(unit), columns);
        for item in &made.items {
            let score = self.score(round, item.project);
            table.row([
                self.short(item.project),
                self.data.plan.project(item.project).name.as_str().into(),
                Cell::Plain((Ratio::int(100) * item.share).round2()),
                Cell::points(score.score),
                Cell::points(item.points.map(|(t, _)| t)),
                Cell::points(item.points.map(|(_, c)| c)),
                self.state(score),
            ]);
        }
        table.total = Some(vec![
            say.of("合计", "Total").into(),
            Cell::Blank,
            Cell::Blank,
            Cell::Blank,
            Cell::Points(made.task_points),
            Cell::Points(made.earned_points),
            Cell::Blank,
        ]);
        table
    }

    fn score(&self, round: RoundIx, project: ProjectIx) -> &ProjectScore {
        static NONE: std::sync::LazyLock<ProjectScore> = std::sync::LazyLock::new(ProjectScore::out_of_scope);
        self.data.assessment(round).and_then(|a| a.scores.get(project.at())).unwrap_or(&NONE)
    }

    fn state(&self, score: &ProjectScore) -> Cell {
        match score.state {
            _ if score.veto => self.say.of("一票否决", "veto").into(),
            ScoreState::Certified => Cell::Blank,
            state => state.word(self.lang).into(),
        }
    }

    fn code(&self, unit: Option<UnitIx>) -> String {
        unit.map_or_else(|| "none".to_owned(), |u| self.data.plan.unit(u).code.clone())
    }

    /// The id as the screens show it.
    pub(super) fn short(&self, project: ProjectIx) -> Cell {
        id(self.data, &self.data.plan.project(project).id)
    }
}

/// The id of a project, short on paper.
pub(super) fn id(data: &Snapshot, id: &str) -> Cell {
    Cell::Id { short: data.plan.short_id(id).to_owned(), full: id.to_owned() }
}

/// The points of every criterion.
fn parts(score: &ProjectScore, rules: &RuleSet, not_applicable: &str) -> Vec<Cell> {
    let part = |i: usize| match score.parts.get(i) {
        Some(p) if p.basis == Basis::NotApplicable => not_applicable.into(),
        part => Cell::points(part.and_then(|p| p.points)),
    };
    (0..rules.criteria.len()).map(part).collect()
}
