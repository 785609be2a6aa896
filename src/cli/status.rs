//! `status`: where the district stands, and what is due.

mod watch;

use super::failure::Failure;
use super::folder::Opened;
use super::json;
use super::output::{Output, Table, figure, name, word};
use super::words::{self, Word};
use crate::domain::change::Reported;
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::project::{Commitment, Light, Tally};
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::domain::votes::Votes;
use crate::text::Text;

/// What of it, and how often.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Status {
    /// At most three lines for a login message, none if nothing is due
    #[arg(long)]
    brief: bool,
    /// Print it anew after every change, until stopped
    #[arg(long)]
    watch: bool,
}

/// Prints the tallies, the projects behind, what is due soon, quotas and the open rounds.
pub fn status(opened: &mut Opened, args: Status) -> Result<(), Failure> {
    if let Some(care) = opened.store.care() {
        super::folder::warn(&care, opened.out.lang);
    }
    if !args.watch {
        return print(opened, args.brief, None);
    }
    watch::watch(opened, |opened| {
        let rows = watch::rows().filter(|_| opened.out.width.is_some());
        if rows.is_some() {
            // Home, and nothing below: what scrolled away stays.
            opened.out.text("\u{1b}[H\u{1b}[J")?;
        }
        print(opened, args.brief, rows)
    })
}

/// Prints it, in at most so many rows.
fn print(opened: &Opened, brief: bool, rows: Option<usize>) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    if opened.options.json {
        return out.json(&json::status(data));
    }
    if brief {
        return out.lines(&brief_lines(opened));
    }
    let mut blocks = vec![tallies(data, out.lang).render(&out)];
    for table in [behind(data, out.lang), due_soon(data, &out), quotas(data, out.lang), rounds(data, out.lang)] {
        if !table.is_empty() {
            blocks.push(table.render(&out));
        }
    }
    if out.width.is_some() {
        blocks.insert(0, title(opened));
    }
    let text = blocks.join("\n");
    let Some(rows) = rows.filter(|rows| text.lines().count() >= *rows) else { return out.text(&text) };
    let mut seen: String = text.lines().take(rows.saturating_sub(2)).map(|line| line.to_owned() + "\n").collect();
    let left = text.lines().count() - rows.saturating_sub(2);
    seen += &match out.lang {
        Lang::Zh => format!("还有 {left} 行：dukao status\n"),
        Lang::En => format!("{left} more lines: dukao status\n"),
    };
    out.text(&seen)
}

/// District, year, day and where the figures come from.
fn title(opened: &Opened) -> String {
    let (out, data) = (opened.out, &opened.data);
    let district = &data.plan.district;
    let called = district.called(out.lang);
    let sample = if district.sample { out.say("  样例数据", "  sample data") } else { "" };
    let (as_of, today) = (out.say("截至", "as of"), out.say("今天", "today"));
    let line = format!("{called} {}  {as_of} {}  {today} {}{sample}", district.year, data.board_date(), data.day());
    super::output::safe(&line) + "\n"
}

fn tallies(data: &Snapshot, lang: Lang) -> Table {
    let mut table = Table::new(&[
        word("类别", "Kind"),
        figure("合计", "Total"),
        figure("已完成", "Completed"),
        figure("正常推进", "On track"),
        figure("滞后", "Behind"),
        figure("其中红", "Red"),
        figure("状态不明", "Unknown").leaves(2),
        figure("不纳入", "Excluded").leaves(3),
        figure("完成率%", "Completed %").leaves(1),
    ]);
    let mut row = |label: String, t: Tally| {
        let rate = t.rate(t.completed).map_or_else(|| words::NONE.to_owned(), |r| r.fixed(1));
        let counts = [t.total, t.completed, t.on_track, t.behind, t.behind_red, t.unknown, t.excluded];
        let [total, completed, on_track, behind, red, unknown, excluded] = counts.map(|n| n.to_string());
        table.row([label, total, completed, on_track, behind, red, unknown, excluded, rate]);
    };
    row(Commitment::Must.word(lang), data.tally_of(Some(Commitment::Must)));
    row(Commitment::Stretch.word(lang), data.tally_of(Some(Commitment::Stretch)));
    row(if lang == Lang::Zh { "全部".into() } else { "all".into() }, data.tally_of(None));
    table
}

fn behind(data: &Snapshot, lang: Lang) -> Table {
    let mut table = Table::new(&[
        word("滞后", "Behind"),
        name("项目", "Project"),
        word("类别", "Kind").leaves(2),
        word("指挥部", "HQ").leaves(1),
        figure("天", "Days"),
        word("灯", "Light"),
        word("自报", "Reported").leaves(3),
    ]);
    for ix in data.behind() {
        let (p, s) = (data.plan.project(ix), data.standing(ix));
        table.row([
            p.id.clone(),
            p.name.clone(),
            p.commitment.word(lang),
            super::projects::headquarters(data, ix, lang),
            words::count(s.lag_days),
            words::word(s.light, lang),
            words::word(reported(data, ix), lang),
        ]);
    }
    table
}

fn reported(data: &Snapshot, ix: ProjectIx) -> Option<Reported> {
    data.progress_at(ix, data.board_date()).and_then(|(_, r)| r.reported)
}

/// On a terminal the first ones and how many more there are; in a pipe all.
fn due_soon(data: &Snapshot, out: &Output) -> Table {
    const SEEN: usize = 10;
    let mut table = Table::new(&[
        word("即将到期", "Due soon"),
        name("项目", "Project"),
        name("节点", "Milestone"),
        word("期限", "Due"),
    ]);
    let due = data.due_soon();
    let seen = if out.width.is_some() && due.len() > SEEN + 1 { SEEN } else { due.len() };
    for &(ix, place) in &due[..seen] {
        let (p, m) = (data.plan.project(ix), &data.plan.milestones(ix)[place]);
        table.row([p.id.clone(), p.name.clone(), m.name.clone(), words::day(m.due, data.plan.district.year)]);
    }
    if seen < due.len() {
        let more = due.len() - seen;
        let text = if out.lang == Lang::Zh { format!("还有 {more} 个") } else { format!("{more} more") };
        table.row([text, String::new(), String::new(), String::new()]);
    }
    table
}

fn quotas(data: &Snapshot, lang: Lang) -> Table {
    let mut table = Table::new(&[
        word("招商任务", "Quotas"),
        word("档次", "Tier"),
        figure("目标", "Headline"),
        figure("任务合计", "Stated"),
        figure("实际", "Actual"),
        figure("序时%", "Pace %"),
        word("灯", "Light"),
    ]);
    let day = data.day();
    let plans = data.plan.targets.quota_plans.iter().zip(data.quota_plans());
    for (plan, figures) in plans.filter(|(plan, _)| plan.from <= day && day <= plan.to) {
        for (tier, t) in plan.tiers.iter().zip(&figures.tiers) {
            table.row([
                plan.name.clone(),
                tier.label.clone(),
                words::count(tier.headline),
                t.stated_sum.to_string(),
                t.distinct.to_string(),
                figures.pace.fixed(0),
                t.district.light.word(lang),
            ]);
        }
    }
    table
}

/// Rounds that are open: how many projects are certified, and what still keeps each from being sealed: projects of an
/// assessment, ballots of an observation.
fn rounds(data: &Snapshot, lang: Lang) -> Table {
    let mut table = Table::new(&[
        word("轮次", "Round"),
        name("名称", "Name"),
        word("状态", "State"),
        figure("已认定", "Certified"),
        figure("范围", "In scope"),
        figure("未决", "Left"),
    ]);
    for (ix, round) in (0..).map(RoundIx).zip(json::round_lines(data)) {
        if round.state == RoundState::Open {
            table.row([
                round.id.to_owned(),
                data.plan.round(ix).called(lang).to_owned(),
                round.state.word(lang),
                words::count(round.certified),
                words::count(round.in_scope),
                data.unsettled(ix).count().to_string(),
            ]);
        }
    }
    table
}

/// At most three lines: who is behind, what is due, what is left to certify; none if nothing is due.
/// So many projects are named on a line of the login message.
const NAMED: usize = 4;

fn brief_lines(opened: &Opened) -> Vec<String> {
    let (data, lang) = (&opened.data, opened.out.lang);
    let pick = |zh: String, en: String| if lang == Lang::Zh { zh } else { en };
    let mut lines = Vec::new();
    let behind = data.behind();
    if !behind.is_empty() {
        let red: Vec<_> = behind.iter().filter(|ix| data.standing(**ix).light == Some(Light::Red)).collect();
        let mut named: Vec<_> = red.iter().take(NAMED).map(|ix| data.plan.project(**ix).id.as_str()).collect();
        if red.len() > NAMED {
            named.push("…");
        }
        lines.push(pick(
            format!("督考：滞后 {} 个，红 {} 个 {}", behind.len(), red.len(), named.join(" ")),
            format!("dukao: {} behind, {} red {}", behind.len(), red.len(), named.join(" ")),
        ));
    }
    let due = data.due_soon();
    let overdue = json::rectification_lines(data).iter().filter(|r| r.overdue_days.is_some()).count();
    if due.len() + overdue > 0 {
        let days = data.plan.rules.light.due_soon_days;
        lines.push(pick(
            format!("{days} 天内到期节点 {} 个，整改逾期 {overdue} 件", due.len()),
            format!("{} milestones due within {days} days, {overdue} rectifications overdue", due.len()),
        ));
    }
    let open = json::round_lines(data).into_iter().filter(|r| r.state == RoundState::Open);
    let left: Vec<_> = open
        .filter_map(|r| match (r.in_scope, r.certified) {
            (Some(all), Some(certified)) => {
                let left = all.saturating_sub(certified);
                (left > 0).then(|| pick(format!("{} 待认定 {left} 个", r.name), format!("{}: {left} to certify", r.id)))
            }
            _ => {
                let round = data.plan.round_ix(r.id).filter(|r| opened.may_see_round(*r).is_ok())?;
                let Votes { missing, unconfirmed, .. } = data.votes(round);
                let said = Text::ToVote.both(&[&missing, &unconfirmed]);
                (missing + unconfirmed > 0)
                    .then(|| pick(format!("{} {}", r.name, said.zh), format!("{}: {}", r.id, said.en)))
            }
        })
        .collect();
    if !left.is_empty() {
        lines.push(left.join(pick("；".into(), "; ".into()).as_str()));
    }
    lines
}
