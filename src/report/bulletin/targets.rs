//! 招商任务 with their reconciliation, and 主要指标, at the day of the round.

use super::{Desk, stage};
use crate::domain::indicator::VersusCity;
use crate::domain::quota::{QuotaFigures, QuotaPlan, Resolution};
use crate::domain::value::{Lang, Money, Percent, Points};
use crate::domain::words::Word;
use crate::report::document::{Cell, Column, Part, Stage, Table};
use crate::report::widths;

impl Desk<'_> {
    /// 招商任务: what every unit has to bring and has brought, and whether the sums agree.
    pub(super) fn quotas(&self) -> Option<Part> {
        let say = self.say;
        let mut plans: Vec<_> = self.data.plan.targets.quota_plans.iter().zip(self.then.quota_plans()).collect();
        // One that begins later than on the next day has nothing to tell of.
        let next = self.then.day().tomorrow().unwrap_or_else(|_| self.then.day());
        plans.retain(|(plan, _)| plan.from <= next);
        if plans.is_empty() {
            return None;
        }
        let mut tables: Vec<Table> = Vec::new();
        let mut notes = Vec::new();
        for (plan, figures) in &plans {
            if !plan.quotas.is_empty() {
                tables.push(self.quota_plan(plan, figures));
            }
            notes.extend(self.unresolved(plan, figures));
            notes.extend(self.funds(plan, figures));
        }
        tables.push(self.reconciliation(&plans));
        notes.push(
            say.of(
                "其中关系：高一档的项目同时计入低一档。未注明的任务不是 0：推定合计以同一单位高一档的任务代替。实绩按不重复的项目计；\
                 几个单位共引的项目在各单位各记一次，记入单位数因此可能大于实绩。",
                "Each later tier is of which of the one before. A target not stated is not 0: the implied sum takes the later tier of \
                 the same unit. Achieved counts distinct projects; one brought by several units is credited to each.",
            )
            .to_owned(),
        );
        Some(Part {
            id: "quotas",
            heading: say.at(say.of("招商任务", "Attraction quotas"), self.then.day()),
            tables,
            notes,
            ..Part::default()
        })
    }

    fn quota_plan(&self, plan: &QuotaPlan, figures: &QuotaFigures) -> Table {
        let say = self.say;
        let mut columns = vec![Column::words("unit", say.of("单位", "Unit"), 8)];
        for tier in &plan.tiers {
            let (id, label) = (&tier.id, &tier.label);
            // The names of tiers are the plan's: headers are as wide as they ask for.
            let wide = |label: &str| u16::try_from(widths::of(label).div_ceil(2)).unwrap_or(7).clamp(5, 7);
            columns.extend([
                Column::summed(
                    format!("target_{id}"),
                    say.of(format!("{label}任务"), format!("{label} target")),
                    wide(label) + 1,
                ),
                Column::summed(
                    format!("actual_{id}"),
                    say.of(format!("{label}完成"), format!("{label} done")),
                    wide(label) + 1,
                ),
                Column::figures(format!("progress_{id}"), say.of(format!("{label}进度%"), format!("{label} %")), 5),
                Column::words(format!("light_{id}"), say.of("灯", "Light"), 2),
            ]);
        }
        let mut table = Table::new(format!("quota_{}", plan.id), plan.name.clone(), columns);
        for (quota, row) in plan.quotas.iter().zip(&figures.rows) {
            // Its own name as everywhere; a label that is no name of its unit stands as the plan has it.
            let named = row.unit.filter(|u| {
                let unit = self.data.plan.unit(*u);
                quota.label == unit.name || quota.label == unit.short || unit.aliases.contains(&quota.label)
            });
            let mut cells = vec![Cell::from(named.map_or_else(|| quota.label.clone(), |u| self.unit(Some(u))))];
            for c in &row.cells {
                cells.extend([
                    Cell::count(c.target),
                    Cell::count(c.actual),
                    Cell::points(c.progress),
                    c.light.word(self.lang).into(),
                ]);
            }
            table.row(cells);
        }
        let elsewhere: Vec<u32> = (0..plan.tiers.len()).map(|tier| figures.elsewhere(tier)).collect();
        if elsewhere.iter().any(|n| *n > 0) {
            let mut cells = vec![Cell::from(say.of("其他单位", "other units"))];
            for n in elsewhere {
                cells.extend([Cell::None, Cell::from_count(n), Cell::None, Cell::None]);
            }
            table.row(cells);
        }
        let mut total = vec![Cell::from(say.of("合计", "Total"))];
        for tier in &figures.tiers {
            let (stated, credits) = (Cell::from_count(tier.stated_sum), Cell::from_count(tier.credits));
            total.extend([stated, credits, Cell::Blank, Cell::Blank]);
        }
        table.total = Some(total);
        table
    }

    fn reconciliation(&self, plans: &[(&QuotaPlan, &QuotaFigures)]) -> Table {
        let say = self.say;
        let mut table = Table::new(
            "reconciliation",
            say.of("招商任务核对", "Reconciliation of the quotas"),
            vec![
                Column::words("plan", say.of("计划", "Plan"), 11),
                Column::words("tier", say.of("档次", "Tier"), 5),
                Column::figures("headline", say.of("总任务", "Headline"), 4),
                Column::figures("stated_sum", say.of("分解合计", "Stated"), 4),
                Column::figures("implied_sum", say.of("推定合计", "Implied"), 4),
                Column::figures("distinct", say.of("实绩", "Achieved"), 4),
                Column::figures("credits", say.of("记入单位", "Credits"), 4),
                Column::figures("pace", say.of("序时%", "Pace %"), 4),
                Column::figures("progress", say.of("进度%", "Progress %"), 4),
                Column::words("light", say.of("灯", "Light"), 2),
            ],
        );
        for (plan, figures) in plans {
            for (tier, t) in plan.tiers.iter().zip(&figures.tiers) {
                let stated = |n: u32| if plan.quotas.is_empty() { Cell::None } else { Cell::from_count(n) };
                table.row([
                    plan.name.as_str().into(),
                    tier.label.as_str().into(),
                    Cell::count(tier.headline),
                    stated(t.stated_sum),
                    stated(t.implied_sum),
                    Cell::from_count(t.distinct),
                    Cell::from_count(t.credits),
                    Cell::Points(figures.pace),
                    Cell::points(t.district.progress),
                    t.district.light.word(self.lang).into(),
                ]);
            }
        }
        table
    }

    fn unresolved(&self, plan: &QuotaPlan, figures: &QuotaFigures) -> Vec<String> {
        let open = plan.quotas.iter().zip(&figures.rows).filter(|(_, row)| row.resolution == Resolution::Unresolved);
        open.map(|(quota, _)| {
            let candidates: Vec<String> = quota.candidates.iter().map(|u| self.unit(Some(*u))).collect();
            let (label, candidates) = (&quota.label, candidates.join(self.say.of("、", ", ")));
            // Who it may be is for the office to find out, not for the districts' papers.
            if stage(self.data, self.sources.round) == Stage::Final {
                return self.say.of(
                    format!("“{label}”的责任单位待认定，其任务计入全区合计。"),
                    format!("Who answers for {label} is to be decided; its target counts for the district."),
                );
            }
            self.say.of(
                format!("「{label}」与现有单位都对不上（可能是：{candidates}），认定之前只计入全区任务合计。"),
                format!("{label} is no unit of the district (candidates: {candidates}); until it is resolved it counts for the district alone."),
            )
        })
        .collect()
    }

    fn funds(&self, plan: &QuotaPlan, figures: &QuotaFigures) -> Option<String> {
        let QuotaFigures { outside_city, outside_province, abroad, .. } = figures;
        if *outside_city == 0 && *abroad == 0 {
            return None;
        }
        let [city, province, abroad] =
            [*outside_city, *outside_province, *abroad].map(|yuan| Money::yuan(yuan).exact());
        let name = &plan.name;
        Some(match self.lang {
            Lang::Zh => format!("{name}：市外到位资金 {city}，其中省外 {province}；境外另计 {abroad}。"),
            Lang::En => format!(
                "{name}: {city} received from outside the city, of which {province} from outside the province; {abroad} from abroad apart."
            ),
        })
    }

    /// A period as a letter names it.
    fn period(&self, period: &str) -> String {
        let (year, part) = period.split_once('-').unwrap_or((period, ""));
        let (zh, en) = match part {
            "" => ("全年", ""),
            "H1" => ("上半年", "first half of "),
            "H2" => ("下半年", "second half of "),
            "Q1" => ("一季度", "first quarter of "),
            "Q2" => ("二季度", "second quarter of "),
            "Q3" => ("三季度", "third quarter of "),
            "Q4" => ("四季度", "fourth quarter of "),
            _ => return period.to_owned(),
        };
        // The year of the plan needs no words.
        let own = year.parse() == Ok(self.data.plan.district.year);
        let year_zh = if own { String::new() } else { format!("{year}年") };
        self.say.of(format!("{year_zh}{zh}"), format!("{en}{year}"))
    }

    /// 主要指标
    pub(super) fn indicators(&self) -> Option<Part> {
        let say = self.say;
        let listed = &self.data.plan.targets.indicators;
        if listed.is_empty() {
            return None;
        }
        let mut table = Table::new(
            "indicators",
            "",
            vec![
                Column::words("indicator", say.of("指标", "Indicator"), 12),
                Column::words("period", say.of("期间", "Period"), 5),
                Column::figures("value", say.of("数值", "Value"), 5),
                Column::words("unit", say.of("单位", "Unit"), 4),
                Column::figures("growth", say.of("增速%", "Growth %"), 4),
                Column::figures("target_growth", say.of("目标%", "Target %"), 4),
                Column::figures("city_growth", say.of("全市%", "City %"), 4),
                Column::words("versus_city", say.of("与全市比", "Versus city"), 4),
                Column::words("provisional", say.of("预计", "Provisional"), 3),
                Column::words("light", say.of("灯", "Light"), 2),
            ],
        );
        let percent = |p: Option<Percent>| p.map_or(Cell::None, |p| Cell::Points(Points(p.0)));
        for (stated, f) in listed.iter().zip(self.then.indicators()) {
            let record = f.record.as_ref();
            // Nothing is known of it yet.
            if record.is_none() {
                continue;
            }
            let versus: Option<VersusCity> = record.and_then(|r| r.versus_city);
            table.row([
                stated.name.as_str().into(),
                Cell::text(f.period.as_deref().map(|period| self.period(period))),
                record.and_then(|r| r.value).map_or(Cell::None, |p| Cell::Plain(Points(p.0))),
                stated.unit.as_str().into(),
                percent(record.and_then(|r| r.growth)),
                percent(record.and_then(|r| r.target_growth)),
                percent(record.and_then(|r| r.city_growth)),
                Cell::text(versus.map(|v| v.word(self.lang))),
                if record.is_some_and(|r| r.provisional) { say.of("是", "yes").into() } else { Cell::Blank },
                f.light.word(self.lang).into(),
            ]);
        }
        if table.rows.is_empty() {
            return None;
        }
        Some(Part {
            id: "indicators",
            heading: say.at(say.of("主要经济指标", "Main indicators"), self.then.day()),
            tables: vec![table],
            ..Part::default()
        })
    }
}
