//! 项目档案: what the plan states of a project, its milestones, its score, what has to be put right.

use super::blank;
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::project::{BoardKind, late_days};
use crate::domain::score::ScoreState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::domain::words::Word;
use crate::report::Say;
use crate::report::document::{Cell, Column, Document, Part, Table};

/// A project whose dossier is written.
struct Page<'a> {
    say: Say,
    lang: Lang,
    data: &'a Snapshot,
    project: ProjectIx,
}

/// 项目档案 with the score and the panel of these rounds, where the person may see them.
#[must_use]
pub fn dossier(
    data: &Snapshot,
    project: ProjectIx,
    (assessment, observation): (Option<RoundIx>, Option<RoundIx>),
    lang: Lang,
) -> Document {
    let page = Page { say: Say(lang), lang, data, project };
    let p = data.plan.project(project);
    let mut sheet =
        blank(data, lang, "dossier", page.say.of(format!("{}项目档案", p.name), format!("Dossier: {}", p.name)));
    sheet.number = Some(p.id.clone());
    sheet.as_of = data.board_date();
    let day = page.say.day(sheet.as_of);
    sheet.lead.push(page.say.of(format!("本档案各项数据截至{day}。"), format!("Everything here is as of {day}.")));
    let rounds = assessment.into_iter().chain(observation);
    sheet.rounds = rounds.map(|r| data.plan.round(r).id.clone()).collect();
    let parts = [
        Some(page.facts()),
        Some(page.milestones()),
        assessment.and_then(|r| page.score(r)),
        observation.and_then(|r| page.panel(r)),
        page.rectifications(),
    ];
    sheet.parts = parts.into_iter().flatten().collect();
    sheet.signature.date = Some(data.day());
    sheet
}

impl Page<'_> {
    fn part(&self, id: &'static str, (zh, en): (&str, &str), table: Table) -> Part {
        Part { id, heading: self.say.of(zh, en).to_owned(), tables: vec![table], ..Part::default() }
    }

    fn facts(&self) -> Part {
        let (say, data, lang, at) = (self.say, self.data, self.lang, self.data.board_date());
        let (p, s) = (data.plan.project(self.project), data.standing(self.project));
        let name = |u: UnitIx| data.plan.unit(u).in_tables(lang).to_owned();
        let towns: Vec<String> = p.holders(BoardKind::Towns, at).iter().map(|(u, _)| name(*u)).collect();
        let mut facts: Vec<(&str, Cell)> = Vec::new();
        // What is not stated takes no room: the sheet is one page.
        let mut row = |zh: &'static str, en: &'static str, cell: Cell| {
            if cell != Cell::None {
                facts.push((say.of(zh, en), cell));
            }
        };
        row("编号", "Id", p.id.as_str().into());
        row("类别", "Commitment", p.commitment.word(lang).into());
        row("指挥部", "Headquarters", name(p.headquarters_at(at)).into());
        row("镇", "Town", Cell::text(Some(towns.join(say.of("、", ", "))).filter(|t| !t.is_empty())));
        let light = s.light.map(|l| l.word(lang));
        let light = light.map_or_else(String::new, |l| say.of(format!("（{l}）"), format!(" ({l})")));
        let lag =
            s.lag_days.map_or_else(String::new, |n| say.of(format!("，滞后 {n} 天"), format!(", {n} days behind")));
        row("状态", "Status", format!("{}{light}{lag}", s.status.word(lang)).into());
        row("总投资", "Total investment", p.total_investment.map_or(Cell::None, Cell::Money));
        row("年度计划", "Annual plan", p.annual_plan.map_or(Cell::None, Cell::Money));
        row("业主", "Owner", Cell::text(p.owner.as_deref()));
        row("施工单位", "Contractor", Cell::text(p.contractor.as_deref()));
        row("首席服务官", "Service officer", Cell::text(p.service_officer.as_deref()));
        if let Some((date, r)) = data.progress_at(self.project, at) {
            row("最近进度报告", "Newest report", Cell::Day(*date));
            row("形象进度%", "Progress %", Cell::text(r.percent.map(|p| p.short())));
            row("计划进度%", "Planned %", Cell::text(r.planned_percent.map(|p| p.short())));
            row("完成投资", "Invested", r.invested.map_or(Cell::None, Cell::Money));
            row("自报", "Reported", Cell::text(r.reported.map(|r| r.word(lang))));
        }
        let mut table = Table::new(
            "facts",
            "",
            vec![
                Column::words("item", say.of("事项", "Item"), 6),
                Column::words("value", say.of("内容", "Content"), 12),
                Column::words("item_2", say.of("事项", "Item"), 6),
                Column::words("value_2", say.of("内容", "Content"), 12),
            ],
        );
        // Two a line.
        for two in facts.chunks(2) {
            let cells = two.iter().flat_map(|(item, value)| [Cell::from(*item), value.clone()]);
            table.row(cells.chain(std::iter::repeat(Cell::Blank)).take(4));
        }
        let notes = p.note.iter().map(|note| say.of(format!("备注：{note}"), format!("Note: {note}"))).collect();
        let part = self.part("facts", ("基本情况", "Facts"), table);
        Part { notes, ..part }
    }

    fn milestones(&self) -> Part {
        let (say, data, at) = (self.say, self.data, self.data.board_date());
        let mut table = Table::new(
            "milestones",
            "",
            vec![
                Column::words("milestone", say.of("节点", "Milestone"), 14),
                Column::words("kind", say.of("类别", "Kind"), 4),
                Column::words("due", say.of("期限", "Due"), 6),
                Column::words("done", say.of("完成", "Done"), 6),
                Column::figures("weight", say.of("权重", "Weight"), 3),
                Column::figures("late_days", say.of("迟（天）", "Late (days)"), 4),
            ],
        );
        for (m, done) in data.plan.milestones(self.project).iter().zip(data.done(self.project)) {
            table.row([
                m.name.as_str().into(),
                m.kind.word(self.lang).into(),
                Cell::Day(m.due),
                Cell::day(done.filter(|d| *d <= at)),
                Cell::from_count(m.weight),
                Cell::count(late_days(m, *done, at)),
            ]);
        }
        let mut part = self.part("milestones", ("推进节点", "Milestones"), table);
        // What was done later is no secret: the sheet may be printed weeks after its day.
        let later: Vec<String> = (data.plan.milestones(self.project).iter().zip(data.done(self.project)))
            .filter_map(|(m, done)| done.filter(|d| *d > at).map(|d| format!("{} {}", m.name, say.day(d))))
            .collect();
        if !later.is_empty() {
            let later = later.join(say.of("、", ", "));
            part.notes.push(say.of(format!("其后完成：{later}。"), format!("Done later: {later}.")));
        }
        part
    }

    fn score(&self, round: RoundIx) -> Option<Part> {
        let (say, rules) = (self.say, self.data.round_rules(round));
        let s = self.data.assessment(round)?.scores.get(self.project.at())?;
        if s.state == ScoreState::OutOfScope {
            return None;
        }
        let mut table = Table::new(
            "score",
            "",
            vec![
                Column::words("criterion", say.of("评分项", "Criterion"), 12),
                Column::figures("points", say.of("得分", "Points"), 5),
                Column::figures("max", say.of("满分", "Max"), 5),
                Column::words("basis", say.of("依据", "Basis"), 5),
            ],
        );
        for (criterion, part) in rules.criteria.iter().zip(&s.parts) {
            table.row([
                criterion.label.as_str().into(),
                Cell::points(part.points),
                Cell::Plain(criterion.points),
                part.basis.word(self.lang).into(),
            ]);
        }
        let mut sum =
            |zh: &str, en: &str, cell: Cell| table.row([say.of(zh, en).into(), cell, Cell::Blank, Cell::Blank]);
        sum("加分", "Bonus", Cell::Points(s.bonus));
        sum("扣分", "Deduction", Cell::Points(s.deduction_total));
        sum("项目得分", "Project score", Cell::points(s.score));
        sum("任务分值", "Task points", Cell::count(s.task_points));
        sum("完成分值", "Earned points", Cell::points(s.earned_points));
        let (name, state) = (self.data.plan.round(round).called(self.lang), s.state.word(self.lang));
        let part = self.part("score", ("考核得分", "Score"), table);
        Some(Part { text: vec![say.of(format!("{name}：{state}"), format!("{name}: {state}"))], ..part })
    }

    fn panel(&self, round: RoundIx) -> Option<Part> {
        let say = self.say;
        let panel = self.data.panels(round)?.iter().find(|p| p.project == self.project)?;
        let mut table = Table::new(
            "panel",
            "",
            vec![
                Column::words("round", say.of("轮次", "Round"), 10),
                Column::figures("valid", say.of("有效票", "Valid"), 4),
                Column::figures("trimmed_per_side", say.of("每端去掉", "Trimmed"), 4),
                Column::figures("absent", say.of("缺席", "Absent"), 4),
                Column::figures("recused", say.of("回避", "Recused"), 4),
                Column::figures("score", say.of("得分", "Score"), 5),
            ],
        );
        table.row([
            self.data.plan.round(round).called(self.lang).into(),
            Cell::from_count(panel.valid),
            Cell::from_count(panel.trimmed_per_side),
            Cell::from_count(panel.absent),
            Cell::from_count(panel.recused),
            Cell::points(panel.score),
        ]);
        Some(self.part("panel", ("观摩得分", "Observation"), table))
    }

    fn rectifications(&self) -> Option<Part> {
        let (say, data, at) = (self.say, self.data, self.data.board_date());
        let id = &data.plan.project(self.project).id;
        let mut table = Table::new(
            "rectifications",
            "",
            vec![
                Column::words("id", say.of("编号", "Id"), 6),
                Column::words("finding", say.of("问题", "Finding"), 16),
                Column::words("issued", say.of("交办", "Issued"), 6),
                Column::words("due", say.of("期限", "Due"), 6),
                Column::words("state", say.of("状态", "State"), 4),
                Column::figures("overdue_days", say.of("逾期天数", "Overdue"), 4),
            ],
        );
        let warn = data.plan.rules.light.warn_days;
        for (key, kept) in data.facts.rectifications.iter() {
            let r = &kept.value;
            if r.project.as_ref() == Some(id) && r.issued <= at {
                table.row([
                    key.as_str().into(),
                    r.finding.as_str().into(),
                    Cell::Day(r.issued),
                    Cell::Day(r.due),
                    r.state_at(at).word(self.lang).into(),
                    Cell::count(r.light(at, warn).1),
                ]);
            }
        }
        let part = self.part("rectifications", ("整改", "Rectifications"), table);
        (!part.tables[0].rows.is_empty()).then_some(part)
    }
}
