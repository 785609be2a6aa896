//! 任务. Quotas with tiers and their reconciliation, indicators, goals.

use ratatui::layout::Rect;

use super::{Pen, Shown, WIDE, Window, day, name, number, table, text, unit_name};
use crate::app::screen::Sight;
use crate::app::screens::targets::{Block, QuotaLine, Targets, plan_order, tiers_of};
use crate::domain::goal::{Goal, GoalOp};
use crate::domain::indicator::IndicatorRecord;
use crate::domain::project::Light;
use crate::domain::quota::{QuotaCell, Resolution};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Money, MoneyUnit, Percent, Points};
use crate::domain::words::Word;
use crate::text::Text;
use crate::tui::theme::Role;

/// Target, actual, progress and distance to the pace of a quota.
pub(super) fn quota_cell(cell: &QuotaCell, pace: Points, lang: Lang) -> (Shown, Shown, Shown, Shown) {
    let role = match cell.light {
        Light::Red => Role::Bad,
        Light::Yellow => Role::Warn,
        Light::Green => Role::Good,
        Light::Grey => Role::Text,
    };
    let dim = || ("--".to_owned(), Role::Dim);
    let target = match cell.target {
        Some(0) => (Text::NoTarget.in_lang(lang).to_owned(), Role::Dim),
        Some(n) => (format!(">={n}"), Role::Text),
        None => dim(),
    };
    let done = cell.actual.map_or_else(dim, |n| (n.to_string(), Role::Text));
    let progress = cell.progress.map_or_else(dim, |p| (format!("{}%", p.fixed(0)), role));
    let versus = cell.progress.map_or_else(dim, |p| {
        let gap = p - pace;
        (format!("{}{}", if gap.0 >= 0 { "+" } else { "" }, gap.fixed(1)), role)
    });
    (target, done, progress, versus)
}

/// The name of a quota plan without the year that the whole screen is about.
pub(super) fn plan_name<'a>(data: &Snapshot, plan: &'a crate::domain::quota::QuotaPlan) -> &'a str {
    plan.name.strip_prefix(&format!("{}年", data.plan.district.year)).unwrap_or(&plan.name)
}

/// An amount with its unit; money in the unit that was chosen.
fn amount_text(value: &str, unit: &str, money: MoneyUnit) -> String {
    let amount = Money::parse(&format!("{value}{unit}")).ok().filter(|_| money != MoneyUnit::BySize);
    amount.map_or_else(|| format!("{value} {unit}"), |amount| amount.text_in(money))
}

/// Name, amount, growth, versus the city, judgement of an indicator.
pub(super) fn indicator_row(data: &Snapshot, place: usize, money: MoneyUnit, lang: Lang) -> Vec<Shown> {
    let plan = &data.plan.targets.indicators[place];
    let figures = &data.indicators()[place];
    let record = figures.record.as_ref();
    let provisional = record.is_some_and(|r| r.provisional);
    let name =
        if provisional { format!("{} {}", plan.name, Text::Provisional.in_lang(lang)) } else { plan.name.clone() };
    let dim = || ("--".to_owned(), Role::Dim);
    let amount =
        record.and_then(|r| r.value).map_or_else(dim, |v| (amount_text(&v.short(), &plan.unit, money), Role::Text));
    let growth = record.and_then(|r| r.growth).map_or_else(dim, |v| (v.fixed(1), Role::Text));
    let light = match figures.light {
        Light::Green => (Text::Green.in_lang(lang), Role::Good),
        Light::Yellow => (Text::Yellow.in_lang(lang), Role::Warn),
        Light::Red => (Text::Red.in_lang(lang), Role::Bad),
        Light::Grey => (Text::Grey.in_lang(lang), Role::Dim),
    };
    let city = super::overview::versus_city(record.and_then(|r| r.versus_city), lang);
    vec![(name, Role::Text), amount, growth, city, (light.0.to_owned(), light.1)]
}

/// Draws the targets.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Targets, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    // Row 1: the blocks as chips, and the pace of the quotas.
    let mut x = area.x + 1;
    for block in Block::ALL {
        let title = match block {
            Block::Quotas => Text::Quotas,
            Block::Indicators => Text::Indicators,
            Block::Goals => Text::Goals,
        }
        .in_lang(lang);
        let chosen = block == state.block;
        let label = if chosen { format!("[{title}]") } else { format!(" {title} ") };
        x = pen.put(x, area.y, super::width(&label), &label, if chosen { Role::Title } else { Role::Text }) + 1;
    }
    let chosen = state.quota.item().map_or(0, |line| line.plan);
    let pace = data.quota_plans().get(chosen).map_or(Points::ZERO, |q| q.pace);
    let today = day(data.day(), data.plan.district.year);
    let right = Text::PaceToday.fill(lang, &[&pace.fixed(1), &today]);
    pen.right(x, area.y, area.right().saturating_sub(x + 1), &right, Role::Dim);

    let body = Rect {
        x: area.x + 1,
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height.saturating_sub(1),
    };
    let goals_below = area.width >= WIDE && area.height > 26;
    match state.block {
        Block::Goals => {
            // Whether the sums agree is on the screen whatever is looked at.
            let notes = reconciliation(data, lang);
            let low = u16::try_from(notes.len()).unwrap_or(2).min(body.height / 3);
            let height = body.height - low;
            goals(pen, Rect { height, ..body }, state, data, true);
            for (y, note) in (body.y + height..body.bottom()).zip(&notes) {
                pen.put(body.x, y, body.width, note, Role::Dim);
            }
        }
        _ => {
            let notes = reconciliation(data, lang);
            let indicator_rows = u16::try_from(data.indicators().len() + 1).unwrap_or(8);
            let quota_rows = u16::try_from(state.lines.len() + 1).unwrap_or(u16::MAX);
            let note_rows = u16::try_from(notes.len()).unwrap_or(2);
            let goal_rows = if goals_below { 6 } else { 0 };
            let reserve = indicator_rows.min(body.height / 2) + note_rows + goal_rows;
            let focus_first = state.block == Block::Quotas;
            let quota_height = quota_rows.min(body.height.saturating_sub(reserve).max(4));
            quotas(pen, Rect { height: quota_height, ..body }, state, data, focus_first);
            let mut y = body.y + quota_height;
            for note in notes {
                if y < body.bottom() {
                    pen.put(body.x, y, body.width, &note, Role::Dim);
                    y += 1;
                }
            }
            let height = indicator_rows.min(body.bottom().saturating_sub(y + goal_rows));
            indicators(pen, Rect { y, height, ..body }, state, data, !focus_first);
            y += height;
            if goals_below && y + 2 < body.bottom() {
                goals(pen, Rect { y, height: body.bottom() - y, ..body }, state, data, false);
            }
        }
    }
}

fn quotas(pen: &mut Pen<'_>, area: Rect, state: &mut Targets, data: &Snapshot, focused: bool) {
    let lang = pen.lang;
    if state.lines.is_empty() {
        pen.put(area.x, area.y, area.width, pen.say(Text::NoQuotas), Role::Dim);
        return;
    }
    let bar = if area.width >= WIDE { 40 } else { 19 };
    let columns = [
        text("", 1, 0),
        text("", 2, 0),
        name(Text::UnitAndTier.in_lang(lang), 17, 12),
        number(Text::Target.in_lang(lang), 6, 0),
        number(Text::Done.in_lang(lang), 5, 0),
        number(Text::Progress.in_lang(lang), 6, 0),
        text(if bar == 19 { "0       50      100" } else { "0                  50                100" }, bar, 2),
        number(Text::VersusPace.in_lang(lang), 7, 1),
        number(Text::Left.in_lang(lang), 5, 3),
    ];
    let rows = usize::from(area.height.saturating_sub(1));
    let top = state.quota.scroll(state.lines.len(), rows);
    let window = Window { len: state.lines.len(), top, selected: Some(state.quota.place()), focused };
    let lines = &state.lines;
    let (glyphs, closed) = (pen.theme.glyphs(), &state.closed);
    let tree = |line: QuotaLine, first: bool| {
        if !first || !Targets::folds(data, line.parent()) {
            "  "
        } else if closed.contains(&line.parent()) {
            glyphs.closed
        } else {
            glyphs.open
        }
    };
    table(pen, area, &columns, window, |i| {
        let line = lines[i];
        let first = line.tier.is_some() && tiers_of(data, line.parent()).first().copied() == line.tier;
        let mut row = quota_line(data, line, glyphs.below, lang);
        row.insert(1, (tree(line, first).to_owned(), Role::Dim));
        row
    });
    // The bars are drawn over the table's empty column, where it stayed.
    let fitted = super::fitted(&columns, area.width);
    if let Some((x, room)) = fitted[6] {
        for (y, line) in (area.y + 1..area.bottom()).zip(&state.lines[top..]) {
            if let Some((cell, pace)) = cell_of(data, *line)
                && let Some(progress) = cell.progress
            {
                pen.bar(area.x + x, y, room, progress, Some(pace));
            }
        }
    }
}

fn cell_of(data: &Snapshot, line: QuotaLine) -> Option<(&QuotaCell, Points)> {
    let figures = data.quota_plans().get(line.plan)?;
    let tier = line.tier?;
    let cell = match line.row {
        None => &figures.tiers.get(tier)?.district,
        Some(row) => figures.rows.get(row)?.cells.get(tier)?,
    };
    Some((cell, figures.pace))
}

fn quota_line(data: &Snapshot, line: QuotaLine, below: &str, lang: Lang) -> Vec<Shown> {
    let plan = &data.plan.targets.quota_plans[line.plan];
    let figures = &data.quota_plans()[line.plan];
    if line.row.is_none() && line.tier.is_none() {
        let blank = || (String::new(), Role::Text);
        let pace = Text::Pace.fill(lang, &[&figures.pace.fixed(1)]);
        let name = (plan_name(data, plan).to_owned(), Role::Title);
        return vec![blank(), name, blank(), blank(), blank(), (pace, Role::Dim), blank(), blank()];
    }
    let unit = match line.row {
        None => Text::District.in_lang(lang).to_owned(),
        Some(row) => {
            let quota = &plan.quotas[row];
            let r = &figures.rows[row];
            let name = r.unit.map_or_else(|| quota.label.clone(), |u| unit_name(data, u, lang));
            if r.resolution == Resolution::Unresolved { format!("{name} ?") } else { name }
        }
    };
    let Some((cell, pace)) = cell_of(data, line) else {
        let blank = || (String::new(), Role::Text);
        let dash = || ("--".to_owned(), Role::Dim);
        return vec![blank(), (unit, Role::Dim), dash(), dash(), dash(), blank(), dash(), blank()];
    };
    let tier = line.tier.unwrap_or(0);
    let label = &plan.tiers[tier].label;
    let first = match line.row {
        None => tier == 0,
        Some(_) => tiers_of(data, line.parent()).first() == Some(&tier),
    };
    let text = match (first, tier) {
        (true, 0) if line.row.is_none() => format!("{unit} {label}"),
        (true, 0) => unit,
        (true, _) => format!("{unit} {label}"),
        (false, _) => format!("{below}{}", Text::OfWhich.fill(lang, &[label])),
    };
    let (target, done, progress, versus) = quota_cell(cell, pace, lang);
    let left = cell.target.zip(cell.actual).map(|(t, a)| t.saturating_sub(a)).filter(|n| *n > 0);
    let left = (left.map_or_else(String::new, |n| n.to_string()), Role::Text);
    let role = if line.row.is_none() { Role::Title } else { Role::Text };
    vec![(String::new(), Role::Text), (text, role), target, done, progress, (String::new(), Role::Text), versus, left]
}

/// Do the sums agree: stated, implied, headline; distinct and credited.
fn reconciliation(data: &Snapshot, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for place in plan_order(data) {
        let (figures, plan) = (&data.quota_plans()[place], &data.plan.targets.quota_plans[place]);
        let join = |of: &dyn Fn(&crate::domain::quota::TierFigures) -> u32| {
            figures.tiers.iter().map(|t| of(t).to_string()).collect::<Vec<_>>().join(" / ")
        };
        let stated = join(&|t| t.stated_sum);
        let agrees = figures
            .tiers
            .iter()
            .zip(&plan.tiers)
            .all(|(f, t)| t.headline.is_none_or(|headline| headline == f.stated_sum));
        let headline: Vec<String> =
            plan.tiers.iter().map(|t| t.headline.map_or_else(|| "--".to_owned(), |n| n.to_string())).collect();
        if plan.tiers.iter().all(|t| t.headline.is_none()) && figures.tiers.iter().all(|t| t.implied_sum == 0) {
            continue;
        }
        let text = if agrees { Text::SumsAgree } else { Text::SumsDiffer };
        lines.push(text.fill(lang, &[&stated, &headline.join(" / "), &join(&|t| t.implied_sum)]));
        lines.push(Text::DistinctAndCredits.fill(lang, &[&join(&|t| t.distinct), &join(&|t| t.credits)]));
        for (row, quota) in figures.rows.iter().zip(&plan.quotas) {
            if row.resolution == Resolution::Unresolved {
                lines.push(Text::UnresolvedCounts.fill(lang, &[&quota.label]));
            }
        }
    }
    lines
}

fn indicators(pen: &mut Pen<'_>, area: Rect, state: &mut Targets, data: &Snapshot, focused: bool) {
    let lang = pen.lang;
    let len = data.indicators().len();
    if len == 0 {
        pen.put(area.x, area.y, area.width, pen.say(Text::NoIndicators), Role::Dim);
        return;
    }
    if area.height < 2 {
        return;
    }
    // A column of nothing but "not stated" is kept only where there is room for it.
    let stated = |f: &dyn Fn(&IndicatorRecord) -> Option<Percent>| {
        area.width >= WIDE - 2 || data.indicators().iter().any(|i| i.record.as_ref().and_then(f).is_some())
    };
    let wants = [stated(&|r| r.target_growth), stated(&|r| r.city_growth)];
    let mut columns = vec![
        text("", 1, 0),
        name(Text::Indicators.in_lang(lang), 22, 20),
        text(Text::PeriodOf.in_lang(lang), 7, 1),
        number(Text::Amount.in_lang(lang), 15, 0),
        number(Text::GrowthPercent.in_lang(lang), 8, 0),
        number(Text::TargetGrowth.in_lang(lang), 7, 3),
        number(Text::CityGrowth.in_lang(lang), 7, 2),
        number(Text::City.in_lang(lang), 8, 0),
        text(Text::Judgement.in_lang(lang), 8, 0),
    ];
    let kept = |i: usize| (i != 5 || wants[0]) && (i != 6 || wants[1]);
    columns = columns.into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, c)| c).collect();
    let top = state.indicator.scroll(len, usize::from(area.height.saturating_sub(1)));
    let window = Window { len, top, selected: focused.then_some(state.indicator.place()), focused };
    let money = state.money;
    let marks: Vec<(&str, Role)> = data.indicators().iter().map(|f| pen.light(Some(f.light))).collect();
    table(pen, area, &columns, window, |i| {
        let mut row = indicator_row(data, i, money, lang);
        row[4].0 = format!("{}{}", marks[i].0, row[4].0);
        let figures = &data.indicators()[i];
        let period = figures.period.as_deref().unwrap_or("--");
        let percent = |p: Option<Percent>| p.map_or_else(|| ("--".to_owned(), Role::Dim), |p| (p.fixed(1), Role::Text));
        let record = figures.record.as_ref();
        row.splice(3..3, [percent(record.and_then(|r| r.target_growth)), percent(record.and_then(|r| r.city_growth))]);
        row.splice(1..1, [(period.to_owned(), Role::Dim)]);
        row.insert(0, (String::new(), Role::Text));
        row.into_iter().enumerate().filter(|(i, _)| kept(*i)).map(|(_, c)| c).collect()
    });
}

/// The bound of a goal in words.
fn bound(goal: &Goal, lang: Lang) -> String {
    let value = goal.value.map(Points::short).unwrap_or_default();
    let unit = goal.unit.as_deref().unwrap_or_default();
    match goal.op {
        GoalOp::AtLeast => format!(">={value}{unit}"),
        GoalOp::AtMost => format!("<={value}{unit}"),
        GoalOp::IncreasePp => Text::IncreasePp.fill(lang, &[&value]),
        GoalOp::DecreasePp => Text::DecreasePp.fill(lang, &[&value]),
        GoalOp::Zero => "0".to_owned(),
        GoalOp::Done => Text::Done.in_lang(lang).to_owned(),
    }
}

fn goals(pen: &mut Pen<'_>, area: Rect, state: &mut Targets, data: &Snapshot, focused: bool) {
    let lang = pen.lang;
    let plan = &data.plan.targets.goals;
    if plan.is_empty() || area.height < 2 {
        pen.put(area.x, area.y, area.width, pen.say(Text::NoGoals), Role::Dim);
        return;
    }
    let columns = [
        text("", 1, 0),
        number(Text::Priority.in_lang(lang), 4, 3),
        name(Text::Goals.in_lang(lang), 26, 40),
        number(Text::Target.in_lang(lang), 14, 0),
        number(Text::Value.in_lang(lang), 10, 0),
        text(Text::Deadline.in_lang(lang), 10, 1),
        text(Text::Owner.in_lang(lang), 12, 2),
        text(Text::Judgement.in_lang(lang), 8, 0),
    ];
    let top = if focused { state.goal.scroll(plan.len(), usize::from(area.height.saturating_sub(1))) } else { 0 };
    let window = Window { len: plan.len(), top, selected: focused.then_some(state.goal.place()), focused };
    let marks: Vec<(&str, Role)> = data.goals().iter().map(|f| pen.light(Some(f.light))).collect();
    table(pen, area, &columns, window, |i| {
        let (goal, figures) = (&plan[i], &data.goals()[i]);
        let value = match (figures.value, goal.op) {
            (None, _) => ("--".to_owned(), Role::Dim),
            (Some(v), GoalOp::Done) => {
                (if v == Points::ZERO { Text::NotDone } else { Text::Done }.in_lang(lang).to_owned(), Role::Text)
            }
            (Some(v), _) => (v.short(), Role::Text),
        };
        vec![
            (String::new(), Role::Text),
            (goal.priority.map_or_else(|| "--".to_owned(), |p| p.to_string()), Role::Dim),
            (goal.name.clone(), Role::Text),
            (bound(goal, lang), Role::Text),
            value,
            (day(goal.due, data.plan.district.year), Role::Text),
            (goal.owner.map_or_else(|| "--".to_owned(), |u| unit_name(data, u, lang)), Role::Dim),
            (format!("{}{}", marks[i].0, figures.light.word(lang)), marks[i].1),
        ]
    });
}
