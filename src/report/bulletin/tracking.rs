//! 项目进展、滞后和逾期, at the day of the round.

use super::{Desk, details};
use crate::domain::project::{BoardKind, Commitment, Tally};
use crate::domain::value::Lang;
use crate::domain::words::Word;
use crate::report::document::{Cell, Column, Part, Table};

impl Desk<'_> {
    /// 项目进展 by commitment; the statuses partition the total.
    pub(super) fn projects(&self) -> Part {
        let say = self.say;
        let mut table = Table::new(
            "tallies",
            "",
            vec![
                Column::words("commitment", say.of("类别", "Commitment"), 6),
                Column::summed("total", say.of("合计", "Total"), 4),
                Column::summed("completed", say.of("已完成", "Completed"), 4),
                Column::summed("on_track", say.of("正常推进", "On track"), 4),
                Column::summed("behind", say.of("滞后", "Behind"), 4),
                Column::summed("behind_red", say.of("其中红灯", "of which red"), 4),
                Column::summed("unknown", say.of("状态不明", "Unknown"), 4),
                Column::summed("excluded", say.of("不纳入", "Excluded"), 4),
                Column::figures("completed_percent", say.of("完成率%", "Completed %"), 4),
            ],
        );
        let row = |label: String, t: Tally| {
            let counts = [t.total, t.completed, t.on_track, t.behind, t.behind_red, t.unknown, t.excluded];
            let counts = counts.into_iter().map(Cell::from_count);
            std::iter::once(label.into()).chain(counts).chain([Cell::points(t.rate(t.completed))]).collect::<Vec<_>>()
        };
        for commitment in [Commitment::Must, Commitment::Stretch] {
            let label = match (commitment, self.lang) {
                (Commitment::Must, Lang::Zh) => "确保完成".to_owned(),
                (Commitment::Stretch, Lang::Zh) => "力争完成".to_owned(),
                (other, Lang::En) => other.word(self.lang),
            };
            table.row(row(label, self.then.tally_of(Some(commitment))));
        }
        table.total = Some(row(say.of("合计", "Total").to_owned(), self.then.tally_of(None)));
        Part {
            id: "projects",
            heading: say.at(say.of("项目进展", "Progress of the projects"), self.then.board_date()),
            notes: vec![
                say.of(
                    "合计 = 已完成 + 正常推进 + 滞后 + 状态不明 + 不纳入。",
                    "Total = completed + on track + behind + unknown + excluded.",
                )
                .to_owned(),
            ],
            tables: vec![table],
            ..Part::default()
        }
    }

    /// 滞后项目和逾期整改 by name.
    pub(super) fn red_list(&self) -> Part {
        let (behind, overdue) = (self.behind(), self.overdue());
        let none = |n: usize, zh: &str, en: &str| (n == 0).then(|| self.say.of(zh, en).to_owned());
        let said: Vec<String> = none(behind.rows.len(), "没有滞后的项目。", "No project is behind.")
            .into_iter()
            .chain(none(overdue.rows.len(), "没有逾期的整改。", "No rectification is overdue."))
            .collect();
        // What there is comes first.
        let (text, notes) = if said.len() == 2 { (said, Vec::new()) } else { (Vec::new(), said) };
        Part {
            id: "red_list",
            heading: self
                .say
                .at(self.say.of("滞后项目和逾期整改", "Projects behind and rectifications overdue"), self.then.day()),
            text,
            tables: [behind, overdue].into_iter().filter(|t| !t.rows.is_empty()).collect(),
            notes,
            ..Part::default()
        }
    }

    fn behind(&self) -> Table {
        let (say, plan) = (self.say, &self.data.plan);
        let mut table = Table::new(
            "behind",
            say.of("滞后项目", "Projects behind"),
            vec![
                Column::words("project", say.of("编号", "Id"), 5),
                Column::words("name", say.of("项目", "Project"), 13),
                Column::words("commitment", say.of("类别", "Kind"), 3),
                Column::words("headquarters", say.of("指挥部", "Headquarters"), 6),
                Column::words("town", say.of("镇", "Town"), 4),
                Column::words("milestone", say.of("未完成节点", "Milestone missed"), 8),
                Column::words("due", say.of("期限", "Due"), 7),
                Column::figures("lag_days", say.of("滞后天数", "Days"), 3),
                Column::words("light", say.of("灯", "Light"), 2),
            ],
        );
        for ix in self.then.behind() {
            let (p, s) = (plan.project(ix), self.then.standing(ix));
            let at = self.then.board_date();
            let towns: Vec<String> = p.holders(BoardKind::Towns, at).iter().map(|(u, _)| self.unit(Some(*u))).collect();
            let missed = s.next.map(|place| &plan.milestones(ix)[place]);
            table.row([
                self.short(ix),
                p.name.as_str().into(),
                p.commitment.word(self.lang).into(),
                self.unit(Some(p.headquarters_at(at))).into(),
                if towns.is_empty() { Cell::None } else { towns.join(self.say.of("、", ", ")).into() },
                Cell::text(missed.map(|m| m.name.as_str())),
                Cell::day(missed.map(|m| m.due)),
                Cell::count(s.lag_days),
                Cell::text(s.light.map(|l| l.word(self.lang))),
            ]);
        }
        table
    }

    fn overdue(&self) -> Table {
        let (say, plan, at) = (self.say, &self.data.plan, self.then.day());
        let mut table = Table::new(
            "overdue",
            say.of("逾期整改", "Rectifications overdue"),
            vec![
                Column::words("id", say.of("编号", "Id"), 6),
                Column::words("unit", say.of("责任单位", "Unit"), 6),
                Column::words("project", say.of("项目", "Project"), 6),
                Column::words("finding", say.of("问题", "Finding"), 16),
                Column::words("due", say.of("期限", "Due"), 7),
                Column::figures("overdue_days", say.of("逾期天数", "Days"), 4),
                Column::words("state", say.of("状态", "State"), 4),
            ],
        );
        let warn = plan.rules.light.warn_days;
        let mut late: Vec<_> = (self.data.facts.rectifications.iter())
            .filter(|(_, kept)| kept.value.issued <= at)
            .filter_map(|(id, kept)| Some((kept.value.light(at, warn).1?, id, &kept.value)))
            .collect();
        late.sort_by_key(|(_, id, r)| (r.due, *id));
        for (days, id, r) in late {
            let unit = plan.unit_ix(&r.unit).map_or_else(|| r.unit.clone(), |u| self.unit(Some(u)));
            table.row([
                id.as_str().into(),
                unit.into(),
                r.project.as_deref().map_or(Cell::None, |id| details::id(self.data, id)),
                r.finding.as_str().into(),
                Cell::Day(r.due),
                Cell::Count(days),
                r.state_at(at).word(self.lang).into(),
            ]);
        }
        table
    }
}
