//! 榜单、得分构成、观摩现场.

use super::Desk;
use crate::domain::board::{Board, BoardRow, Flag, Measure};
use crate::domain::project::BoardKind;
use crate::domain::scoring::{StretchMode, UnitMethod};
use crate::domain::value::{Lang, Points};
use crate::domain::words::Word;
use crate::report::document::{Cell, Chart, Column, Part, Table};

const KINDS: [BoardKind; 2] = [BoardKind::Headquarters, BoardKind::Towns];

impl Desk<'_> {
    pub(super) fn board(&self, kind: BoardKind) -> Option<&Board> {
        self.data.board(self.sources.round, kind, self.measure)
    }

    /// 榜单: both boards with rank movement and distance.
    pub(super) fn boards(&self) -> Part {
        let tables: Vec<Table> =
            KINDS.iter().filter_map(|kind| self.board(*kind)).map(|b| self.leaderboard(b)).collect();
        Part {
            id: "boards",
            heading: self.say.of("考评结果", "Results").to_owned(),
            notes: self.board_notes(),
            tables,
            ..Part::default()
        }
    }

    fn leaderboard(&self, board: &Board) -> Table {
        let say = self.say;
        let whose = self.board_name(board.kind);
        let measures: &[Measure] = match self.measure {
            Measure::Composite => &Measure::ALL,
            Measure::Assessment => &[Measure::Assessment],
            Measure::Observation => &[Measure::Observation],
        };
        let mut columns = vec![Column::figures("rank", say.of("名次", "Rank"), 3), Column::words("unit", whose, 9)];
        columns.extend(measures.iter().map(|m| Column::figures(m.name(), m.word(self.lang), 4)));
        columns.extend([
            Column::figures("gap", say.of("与上名差", "Gap"), 4),
            Column::figures("previous", say.of("上轮名次", "Before"), 4),
            Column::words("movement", say.of("升降", "Change"), 3),
            Column::words("remarks", say.of("备注", "Remarks"), 8),
        ]);
        let by = self.measure.word(self.lang);
        let id = match board.kind {
            BoardKind::Headquarters => "headquarters",
            BoardKind::Towns => "towns",
        };
        let title = say
            .of(format!("{whose}榜（按{by}）"), format!("{} by {}", self.board_title(board.kind), by.to_lowercase()));
        let mut table = Table::new(id, title.clone(), columns);
        // What has no rank is in no competition.
        let rows = board.rows.iter().take_while(|r| r.rank.is_some()).count();
        table.chart = Some(Chart { title, names: 1, values: 1 + measures.len(), rows });
        for r in &board.rows {
            let mut cells = vec![Cell::count(r.rank), self.unit(r.unit).into()];
            cells.extend(measures.iter().map(|m| {
                Cell::points(match m {
                    Measure::Assessment => r.assessment,
                    Measure::Observation => r.observation,
                    Measure::Composite => r.composite,
                })
            }));
            cells.extend([
                Cell::points(r.gap),
                Cell::count(r.previous),
                Cell::text(r.delta.map(|n| self.movement(n))),
                self.remarks(r),
            ]);
            table.row(cells);
        }
        table
    }

    fn movement(&self, delta: i64) -> String {
        let n = delta.abs();
        match delta {
            0 => self.say.of("平".to_owned(), "same".to_owned()),
            1.. => self.say.of(format!("升{n}"), format!("up {n}")),
            _ => self.say.of(format!("降{n}"), format!("down {n}")),
        }
    }

    fn remarks(&self, r: &BoardRow) -> Cell {
        let say = self.say;
        let mut said: Vec<String> = Vec::new();
        if r.tied {
            said.push(say.of("并列", "tied").to_owned());
        }
        if r.unit.is_some_and(|u| !self.data.plan.unit(u).ranked) {
            said.push(say.of("不参加排名", "not ranked").to_owned());
        }
        for flag in &r.flags {
            said.push(match flag {
                Flag::Veto => {
                    let (veto, flag) = (say.of("一票否决", "veto"), &self.data.plan.rules.veto.unit_flag);
                    format!("{veto}{}", say.of(format!("，{flag}"), format!(", {flag}")))
                }
                flag => flag.word(self.lang).replace('_', " "),
            });
        }
        Cell::Text(said.join(say.of("；", "; ")))
    }

    fn board_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.measure == Measure::Composite
            && let Some(a) = self.assessment
        {
            let (x, y) = (self.data.board_weights(a).assessment, self.data.board_weights(a).observation);
            let sum = x + y;
            notes.push(match self.lang {
                Lang::Zh => format!(
                    "综合 =（考核 × {x} + 观摩 × {y}）÷ {sum}，四舍五入到两位小数；※ 缺一项时只按另一项。"
                ),
                Lang::En => format!(
                    "Composite = (assessment x {x} + observation x {y}) / {sum}, rounded to two decimals; ※ one part is missing and the other stands alone."
                ),
            });
        }
        let from =
            self.data.previous(self.sources.round, self.measure).map(|r| self.data.plan.round(r).called(self.lang));
        if let Some(from) = from {
            notes.push(self.say.of(format!("升降与{from}的名次相比。"), format!("Change is counted from {from}.")));
        }
        notes
    }

    /// 得分构成: what the assessment of every unit adds up from.
    pub(super) fn make_up(&self) -> Option<Part> {
        let round = self.assessment?;
        let say = self.say;
        let tables = KINDS.iter().filter_map(|kind| self.composition(*kind)).collect();
        let rules = self.data.round_rules(round);
        let (min, max) = (rules.caps.unit.min.short(), rules.caps.unit.max.short());
        let base = match rules.unit_method {
            UnitMethod::Rate => say.of("得分率 = 100 × 完成分值 ÷ 任务分值", "Rate = 100 x earned / task points"),
            UnitMethod::Mean => say.of("得分率 = 各项目得分按份额的平均", "Rate = mean of the project scores by share"),
            UnitMethod::Sum => say.of("得分率 = 完成分值合计", "Rate = sum of earned points"),
        };
        let mut notes = vec![match (rules.scope.stretch, rules.unit_method) {
            (StretchMode::Bonus, UnitMethod::Sum) => say.of(
                format!("{base}；考核 = 得分率 + 力争加分。"),
                format!("{base}; assessment = rate + stretch bonus."),
            ),
            (StretchMode::Bonus, _) => say.of(
                format!("{base}；考核 = 得分率 + 力争加分，限 {min} 至 {max}。"),
                format!("{base}; assessment = rate + stretch bonus, limited to {min} to {max}."),
            ),
            _ => say.of(format!("{base}。"), format!("{base}.")),
        }];
        notes.push(
            say.of(
                "未计分的项目不计入任务分值和完成分值；几镇共担的项目按份额计入各镇，在各镇各计一个。",
                "Projects without a score add to neither; a project that towns share counts by its shares, and once in each.",
            )
            .to_owned(),
        );
        Some(Part {
            id: "composition",
            heading: say.at(say.of("考核得分构成", "What the assessment is made of"), self.data.round_date(round)),
            tables,
            notes,
            ..Part::default()
        })
    }

    fn composition(&self, kind: BoardKind) -> Option<Table> {
        let (say, round) = (self.say, self.assessment?);
        let board = self.data.board(round, kind, Measure::Assessment)?;
        let (whose, totals) = (self.board_name(kind), board.totals()?);
        let id = match kind {
            BoardKind::Headquarters => "headquarters_composition",
            BoardKind::Towns => "towns_composition",
        };
        let mut table = Table::new(
            id,
            say.of(format!("{whose}考核得分构成"), format!("Assessment of {}", self.board_title(kind).to_lowercase())),
            vec![
                Column::words("unit", whose, 9),
                Column::summed("projects", say.of("项目", "Projects"), 3),
                Column::summed("scored", say.of("计分", "Scored"), 3),
                Column::summed("certified", say.of("认定", "Certified"), 3),
                Column::summed("task_points", say.of("任务分值", "Task points"), 5),
                Column::summed("earned_points", say.of("完成分值", "Earned points"), 5),
                Column::figures("rate", say.of("得分率", "Rate"), 4),
                Column::figures("stretch_bonus", say.of("力争加分", "Bonus"), 4),
                Column::figures("assessment", say.of("考核", "Assessment"), 4),
            ],
        );
        for r in &board.rows {
            let made = self.data.composition(round, kind, r.unit).unwrap_or_default();
            let agrees = (Some(made.task_points), Some(made.earned_points)) == (r.task_points, r.earned_points);
            table.row([
                self.unit(r.unit).into(),
                Cell::count(r.projects),
                Cell::count(r.scored),
                Cell::count(r.certified),
                Cell::points(r.task_points),
                Cell::points(r.earned_points),
                // The plan may have moved a project since the seal: what was sealed stands, and needs no other rate.
                Cell::points(made.base.filter(|_| agrees)),
                Cell::points(r.stretch_bonus),
                Cell::points(r.assessment),
            ]);
        }
        let sum = |p: Points| Cell::Points(p);
        table.total = Some(vec![
            say.of("合计", "Total").into(),
            Cell::from_count(totals.projects),
            Cell::from_count(totals.scored),
            Cell::from_count(totals.certified),
            sum(totals.task_points),
            sum(totals.earned_points),
            Cell::Blank,
            Cell::Blank,
            Cell::Blank,
        ]);
        Some(table)
    }

    /// 观摩现场 in order of visit.
    pub(super) fn sites(&self) -> Option<Part> {
        let (say, round) = (self.say, self.observation?);
        let panels = self.data.panels(round)?;
        let seen: Vec<_> = panels.iter().enumerate().filter(|(_, p)| (self.sources.sees)(round, p.project)).collect();
        let mut table = Table::new(
            "sites",
            "",
            vec![
                Column::figures("visit", say.of("顺序", "Visit"), 3),
                Column::words("project", say.of("编号", "Id"), 5),
                Column::words("name", say.of("项目", "Project"), 14),
                Column::words("headquarters", say.of("指挥部", "Headquarters"), 6),
                Column::figures("valid", say.of("有效票", "Valid"), 3),
                Column::figures("trimmed_per_side", say.of("每端去掉", "Trimmed"), 3),
                Column::figures("absent", say.of("缺席", "Absent"), 3),
                Column::figures("recused", say.of("回避", "Recused"), 3),
                Column::figures("score", say.of("得分", "Score"), 4),
            ],
        );
        let left_out = panels.len() - seen.len();
        for (place, p) in seen {
            let project = self.data.plan.project(p.project);
            let holder = project.headquarters_at(self.data.plan.round(round).as_of);
            table.row([
                Cell::from_count(place + 1),
                self.short(p.project),
                project.name.as_str().into(),
                self.unit(Some(holder)).into(),
                Cell::from_count(p.valid),
                Cell::from_count(p.trimmed_per_side),
                Cell::from_count(p.absent),
                Cell::from_count(p.recused),
                Cell::points(p.score),
            ]);
        }
        let mut notes = vec![
            say.of(
                "现场得分为去掉两端各若干最高、最低票后的平均；单位观摩得分为其各现场得分的平均。",
                "The score of a site is the mean without the highest and lowest ballots; that of a unit is the mean of its sites.",
            )
            .to_owned(),
        ];
        if left_out > 0 {
            notes.push(self.outside(left_out));
        }
        Some(Part {
            id: "sites",
            heading: say.at(say.of("观摩现场", "Sites of the observation"), self.data.round_date(round)),
            tables: vec![table],
            notes,
            ..Part::default()
        })
    }

    /// That so many rows are not for this person.
    pub(super) fn outside(&self, n: usize) -> String {
        self.say.of(
            format!("另有 {n} 项不在您的范围内，未列出。"),
            format!("{n} more are outside your scope and not listed."),
        )
    }
}
