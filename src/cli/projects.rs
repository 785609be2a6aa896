//! `projects` and `project`: the registry as a table, and one project's dossier.

use super::failure::{Failure, FailureKind};
use super::folder::Opened;
use super::json;
use super::output::{Output, Table, figure, name, word};
use super::words::{self, Word};
use crate::app::filter::{self, Filter, Index, Rows, completion};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::project::{BoardKind, late_days};
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;

/// A filter whose every term can be read.
pub fn filter(text: &str, of: Rows, data: &Snapshot, index: &Index) -> Result<Filter, Failure> {
    let filter = Filter::parse(text, of, index);
    let Some(first) = filter.unreadable().next() else { return Ok(filter) };
    let (most, terms) = (filter::LONGEST, filter::MOST_TERMS);
    if text.chars().count() > most || text.split_whitespace().count() > terms {
        return Err(Failure::usage(
            format!("筛选条件过长：最多 {most} 字、{terms} 项"),
            format!("this filter is too long: {most} characters and {terms} terms at most"),
        ));
    }
    let offers = |before: &str, lang| completion(before, of, &data.plan, index, lang).offers.join(" ");
    let key = first.split_once(':').map(|(key, _)| key).filter(|key| !offers(&format!("{key}:"), Lang::Zh).is_empty());
    let failure = Failure::usage(format!("筛选条件读不懂：{first}"), format!("cannot read this filter: {first}"));
    Err(match key {
        Some(key) => {
            let values = offers(&format!("{key}:"), Lang::Zh);
            failure.next(format!("{key} 可为：{values}"), format!("{key} may be: {values}"))
        }
        None => {
            let (zh, en) = (offers("", Lang::Zh), offers("", Lang::En));
            failure.next(
                format!("可用：{zh}（也可写 {en}），如 status:behind 'lag>30'"),
                format!("keys: {en}, as in status:behind 'lag>30'"),
            )
        }
    })
}

/// Prints the projects that match.
pub fn projects(opened: &mut Opened, text: &str) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    let index = Index::new(&data.plan);
    let filter = filter(text, Rows::Projects, data, &index)?;
    let shown: Vec<ProjectIx> =
        data.plan.project_ixs().filter(|ix| filter.project(data, &index, &opened.actor, *ix)).collect();
    if opened.options.json {
        return out.json(&json::projects(data, &shown));
    }
    let mut table = Table::new(&[
        word("编号", "Id"),
        name("项目", "Project"),
        word("类别", "Kind").leaves(1),
        word("指挥部", "HQ").leaves(2),
        word("镇", "Town").leaves(4),
        word("状态", "Status"),
        word("灯", "Light"),
        figure("滞后天", "Lag"),
        word("自报", "Reported").leaves(5),
        figure("总投资", "Investment").leaves(7),
        name("下一节点", "Next milestone").leaves(6),
        word("期限", "Due").leaves(3),
    ]);
    for ix in shown {
        let (p, s) = (data.plan.project(ix), data.standing(ix));
        let next = s.next.map(|place| &data.plan.milestones(ix)[place]);
        let reported = data.progress_at(ix, data.board_date()).and_then(|(_, r)| r.reported);
        table.row([
            p.id.clone(),
            p.name.clone(),
            p.commitment.word(out.lang),
            headquarters(data, ix, out.lang),
            towns(data, ix, out.lang),
            s.status.word(out.lang),
            words::word(s.light, out.lang),
            words::count(s.lag_days),
            words::word(reported, out.lang),
            words::count(p.total_investment),
            words::text(next.map(|m| m.name.as_str())),
            words::opt_day(next.map(|m| m.due), data.plan.district.year),
        ]);
    }
    if table.is_empty() {
        let none = out.say("没有符合的项目", "no project matches");
        if out.width.is_some() {
            return out.lines(&[none]);
        }
        // A pipe gets the header alone on stdout.
        super::folder::note(none);
    }
    out.text(&table.render(&out))
}

/// A unit as every table names it, on the screens and on paper.
pub fn unit(data: &Snapshot, ix: UnitIx, lang: Lang) -> String {
    data.plan.unit(ix).in_tables(lang).to_owned()
}

/// Short name of the headquarters that answers for a project.
pub fn headquarters(data: &Snapshot, ix: ProjectIx, lang: Lang) -> String {
    unit(data, data.plan.project(ix).headquarters_at(data.board_date()), lang)
}

/// Short names of the towns that answer for a project, with their shares where there are several.
fn towns(data: &Snapshot, ix: ProjectIx, lang: Lang) -> String {
    let holders = data.plan.project(ix).holders(BoardKind::Towns, data.board_date());
    match &holders[..] {
        [] => words::NONE.to_owned(),
        [(town, _)] => unit(data, *town, lang),
        several => {
            let share =
                |(town, share): &(UnitIx, u16)| format!("{} {}%", unit(data, *town, lang), f64::from(*share) / 100.0);
            several.iter().map(share).collect::<Vec<_>>().join(" ")
        }
    }
}

/// The project with this id, or with the end of one that the screens show (`XX-010`), where no other ends so.
pub fn known_project(data: &Snapshot, id: &str) -> Result<ProjectIx, Failure> {
    data.plan.project_named(id).ok_or_else(|| {
        let ids = data.plan.projects.iter().map(|p| p.id.as_str());
        Failure::unknown("项目", "project", id, ids, ("dukao projects 列出全部", "dukao projects lists them all"))
    })
}

/// The round with this id.
pub fn known_round(data: &Snapshot, id: &str) -> Result<RoundIx, Failure> {
    data.plan.round_ix(id).ok_or_else(|| {
        let ids = data.plan.district.rounds.iter().map(|r| r.id.as_str());
        Failure::unknown("轮次", "round", id, ids, ("dukao round list 列出全部", "dukao round list lists them all"))
    })
}

/// No round has scores that the person may see.
pub fn no_round() -> Failure {
    Failure::new(FailureKind::Failed, "还没有可看的有分数的轮次", "there is no round with scores to see yet")
        .next("dukao round list 列出各轮次", "dukao round list lists the rounds")
}

/// The round that was named, else the newest with scores; one that the person may see.
pub fn chosen_round(opened: &Opened, id: Option<&str>) -> Result<RoundIx, Failure> {
    let round = match id {
        Some(id) => known_round(&opened.data, id)?,
        None => opened.newest_round().ok_or_else(no_round)?,
    };
    opened.may_see_round(round)?;
    Ok(round)
}

/// The assessment and the observation that a project's dossier shows: of the round that was named, else of the newest; none
/// where the person may not see the project's score.
pub fn dossier_rounds(
    opened: &Opened,
    project: ProjectIx,
    id: Option<&str>,
) -> Result<(Option<RoundIx>, Option<RoundIx>), Failure> {
    let round = match id {
        Some(_) => Some(chosen_round(opened, id)?),
        None => opened.newest_round(),
    };
    let (assessment, observation) = round.map_or((None, None), |r| opened.data.pair_of(r));
    let seen = |r: Option<RoundIx>| r.filter(|r| opened.may_see_score(*r, project));
    Ok((seen(assessment), seen(observation)))
}

/// Prints one project's dossier.
pub fn project(opened: &mut Opened, id: &str, round: Option<&str>) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    let ix = known_project(data, id)?;
    let (assessment, observation) = dossier_rounds(opened, ix, round)?;
    if opened.options.json {
        let single = observation.is_some_and(|r| opened.may_see_ballots(r, ix));
        return out.json(&json::dossier(data, ix, (assessment, observation), single));
    }
    let mut blocks = vec![facts(data, ix, &out), milestones(data, ix, &out)];
    if let Some((round, a)) = assessment.and_then(|r| data.assessment(r).map(|a| (r, a))) {
        blocks.extend(a.scores.get(ix.at()).map(|s| score(data, round, s, &out)));
    }
    if let Some((round, panels)) = observation.and_then(|r| data.panels(r).map(|p| (r, p))) {
        blocks.extend(panels.iter().find(|p| p.project == ix).map(|p| {
            let mut table = Table::new(&[
                word("观摩", "Observation"),
                figure("有效票", "Valid"),
                figure("每端去掉", "Trimmed"),
                figure("缺席", "Absent"),
                figure("回避", "Recused"),
                figure("得分", "Score"),
            ]);
            let counts = [p.valid, p.trimmed_per_side, p.absent, p.recused].map(|n| n.to_string());
            let [valid, trimmed, absent, recused] = counts;
            table.row([data.plan.round(round).id.clone(), valid, trimmed, absent, recused, words::score(p.score)]);
            table.render(&out)
        }));
    }
    out.text(&blocks.join("\n"))
}

fn facts(data: &Snapshot, ix: ProjectIx, out: &Output) -> String {
    let (p, s) = (data.plan.project(ix), data.standing(ix));
    let mut table = Table::new(&[word("项目", "Project"), name("内容", "Value")]);
    table.row([out.say("编号", "id").to_owned(), p.id.clone()]);
    let mut row = |zh: &str, en: &str, value: String| {
        if value != words::NONE {
            table.row([out.say(zh, en).to_owned(), value]);
        }
    };
    row("名称", "name", p.name.clone());
    row("类别", "kind", p.commitment.word(out.lang));
    row("指挥部", "headquarters", headquarters(data, ix, out.lang));
    row("镇", "town", towns(data, ix, out.lang));
    row("状态", "status", s.status.word(out.lang));
    row("灯", "light", words::word(s.light, out.lang));
    row("滞后天", "lag days", words::count(s.lag_days));
    row("计划状态", "state", p.state.word(out.lang));
    row("总投资", "total investment", words::count(p.total_investment));
    row("年度计划", "annual plan", words::count(p.annual_plan));
    row("业主", "owner", words::text(p.owner.as_deref()));
    row("施工单位", "contractor", words::text(p.contractor.as_deref()));
    row("首席服务官", "service officer", words::text(p.service_officer.as_deref()));
    if let Some((date, r)) = data.progress_at(ix, data.board_date()) {
        row("进度报告", "progress report", date.to_string());
        row("形象进度%", "progress %", words::count(r.percent.map(|p| p.short())));
        row("计划进度%", "planned %", words::count(r.planned_percent.map(|p| p.short())));
        row("完成投资", "invested", words::count(r.invested));
        row("自报", "reported", words::word(r.reported, out.lang));
    }
    row("备注", "note", words::text(p.note.as_deref()));
    table.render(out)
}

fn milestones(data: &Snapshot, ix: ProjectIx, out: &Output) -> String {
    let (at, year) = (data.board_date(), data.plan.district.year);
    let mut table = Table::new(&[
        name("节点", "Milestone"),
        word("类别", "Kind"),
        word("期限", "Due"),
        word("完成", "Done"),
        figure("权重", "Weight"),
        figure("迟", "Late"),
    ]);
    for (m, done) in data.plan.milestones(ix).iter().zip(data.done(ix)) {
        table.row([
            m.name.clone(),
            m.kind.word(out.lang),
            words::day(m.due, year),
            words::opt_day(done.filter(|d| *d <= at), year),
            m.weight.to_string(),
            words::count(late_days(m, *done, at)),
        ]);
    }
    table.render(out)
}

fn score(data: &Snapshot, round: RoundIx, s: &ProjectScore, out: &Output) -> String {
    let mut table = Table::new(&[
        word("评分", "Score"),
        figure("得分", "Points"),
        figure("满分", "Max"),
        word("依据", "Basis"),
        figure("条目", "Entry"),
    ]);
    for (criterion, part) in data.plan.rules.criteria.iter().zip(&s.parts) {
        table.row([
            criterion.label.clone(),
            words::score(part.points),
            criterion.points.short(),
            part.basis.word(out.lang),
            words::count(part.seq.map(|n| format!("#{n}"))),
        ]);
    }
    let mut sum = |zh: &str, en: &str, value: String| {
        table.row([out.say(zh, en).to_owned(), value, String::new(), String::new(), String::new()]);
    };
    if s.state != ScoreState::OutOfScope {
        sum("加分", "bonus", s.bonus.fixed(2));
        sum("扣分", "deduction", s.deduction_total.fixed(2));
        sum("项目得分", "project score", words::score(s.score));
        sum("任务分值", "task points", words::count(s.task_points));
        sum("完成分值", "earned points", words::score(s.earned_points));
    }
    table.row([data.plan.round(round).id.clone(), s.state.word(out.lang), String::new(), String::new(), String::new()]);
    table.render(out)
}
