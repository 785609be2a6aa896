//! What each sheet's lines state, checked against the plan.

use super::columns::{ORIGINS, REPORTED, SOURCES, VERSUS_CITY, YES_NO, events};
use super::line::Line;
use super::row::{BallotRow, Fact, Place, RoundRow, ScoreRow};
use crate::domain::change::{Incident, Kind, MilestoneRecord, ProgressRecord, Record, Subject};
use crate::domain::district::{Plan, ProjectIx, RoundIx, RoundKind, UnitKind};
use crate::domain::goal::{GoalOp, GoalRecord};
use crate::domain::indicator::{IndicatorRecord, period_end};
use crate::domain::panel::BallotState;
use crate::domain::quota::Attraction;
use crate::domain::rectification::{Rectification, RectificationState};
use crate::domain::round::RoundState;
use crate::domain::scoring::{BonusSource, DeductionSource};
use crate::domain::value::{Date, Points, folded};

/// An amount so many times another that it cannot exceed is one in the wrong unit.
pub const MISTAKEN: i64 = 10;

/// The project of a line, by its id or its name; a name that stands beside the id is that of the same project.
fn project(line: &Line<'_>, plan: &Plan) -> Option<ProjectIx> {
    let id = line.need("project")?;
    let found = plan.project_named(&id);
    let namesakes = || plan.projects_called(&id).count();
    match found.map(|ix| plan.project(ix)) {
        None if namesakes() > 1 => {
            let n = namesakes();
            let (zh, en) =
                (format!("{n} 个项目叫这个名称，请写编号"), format!("{n} projects have this name: write the number"));
            line.refuse("project", zh, en);
        }
        None => line.unknown("project", "项目", "project", plan.projects.iter().map(|p| p.id.as_str())),
        Some(p) if !line.raw("name").is_empty() && !p.is_called(line.raw("name")) => line.refuse(
            "name",
            format!("编号与名称不符：{} 是「{}」", p.id, p.name),
            format!("number and name differ: {} is {:?}", p.id, p.name),
        ),
        Some(_) => {}
    }
    found
}

/// Years before the plan's from which on a day of a record is taken for a slip.
const LONG_AGO: i16 = 10;

/// 已发生之日. A day on which something happened: not later than today, and not long before the plan's year.
fn past(line: &Line<'_>, plan: &Plan, today: Date, column: &str) -> Option<Date> {
    let day = line.date(column)?;
    let first = plan.district.year.saturating_sub(LONG_AGO);
    if day > today {
        line.refuse(column, format!("晚于今天 {today}"), format!("later than today, {today}"));
    } else if day.year() < first {
        line.refuse(column, format!("早于 {first} 年：年份是否写错？"), format!("before {first}: is the year a slip?"));
    }
    Some(day)
}

/// The same where there must be one.
fn need_past(line: &Line<'_>, plan: &Plan, today: Date, column: &str) -> Option<Date> {
    let day = past(line, plan, today, column);
    line.needed(column, day)
}

fn round(line: &Line<'_>, plan: &Plan, kind: Option<RoundKind>) -> Option<RoundIx> {
    let id = line.need("round")?;
    let found = plan.round_ix(&id);
    match found {
        None => line.unknown("round", "轮次", "round", plan.district.rounds.iter().map(|r| r.id.as_str())),
        Some(ix) if kind.is_some_and(|k| k != plan.round(ix).kind) => {
            let (zh, en) = match kind {
                Some(RoundKind::Assessment) => ("不是考核轮次", "not an assessment round"),
                _ => ("不是观摩轮次", "not an observation round"),
            };
            line.refuse("round", zh, en);
            return None;
        }
        Some(_) => {}
    }
    found
}

/// 节点完成
pub fn milestone(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let (ix, name) = (project(line, plan), line.need("milestone"));
    let done = past(line, plan, today, "done");
    let (ix, name) = (ix?, name?);
    if !plan.milestones(ix).iter().any(|m| m.name == name) {
        let names: Vec<&str> = plan.milestones(ix).iter().map(|m| m.name.as_str()).collect();
        line.unknown("milestone", "节点", "milestone", names);
    }
    let subject = Subject::new(Kind::Milestone, &[&plan.project(ix).id, &name]);
    Some(Fact { at, subject, after: done.map(|done| Record::Milestone(MilestoneRecord { done })) })
}

/// 进度
pub fn progress(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let (ix, date) = (project(line, plan), need_past(line, plan, today, "date"));
    let record = ProgressRecord {
        percent: line.share("percent"),
        planned_percent: line.share("planned_percent"),
        invested: line.money("invested"),
        permits_due: line.count("permits_due"),
        permits_obtained: line.count("permits_obtained"),
        reported: line.word("reported", REPORTED),
        note: line.text("note").unwrap_or_default(),
    };
    if let (Some(ix), Some(invested)) = (ix, record.invested)
        && let Some(total) = plan.project(ix).total_investment.filter(|t| t.currency == invested.currency)
        && invested.amount / MISTAKEN > total.amount
    {
        line.refuse(
            "invested",
            format!("是总投资 {total} 的十倍以上：万、亿是否写错？"),
            format!("more than ten times the total investment, {total}: are 万 and 亿 mixed up?"),
        );
    }
    if let (Some(due), Some(obtained)) = (record.permits_due, record.permits_obtained)
        && obtained > due
    {
        line.refuse("permits_obtained", format!("已办多于应办 {due}"), format!("more than the {due} that are due"));
    }
    let subject = Subject::new(Kind::Progress, &[&plan.project(ix?).id, &date?.to_string()]);
    Some(Fact { at, subject, after: Some(Record::Progress(record)) })
}

/// 事件
pub fn incident(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let id = line.id("id");
    let source = line.need_word("source", SOURCES);
    // By its id, or as the rules call it.
    let labels = events(plan);
    let event = line.need("kind").map(|said| {
        let same = |label: &str| folded(label) == folded(&said);
        let called = labels.iter().find(|(id, label)| *id != said && same(label));
        called.map_or(said, |(id, _)| (*id).to_owned())
    });
    let resolved = past(line, plan, today, "resolved");
    if let Some(event) = &event {
        incident_kind(line, plan, event, resolved);
    }
    let (date, ix) = (need_past(line, plan, today, "date"), project(line, plan));
    if let (Some(date), Some(resolved)) = (date, resolved)
        && resolved < date
    {
        line.refuse("resolved", format!("早于发生日 {date}"), format!("before the date, {date}"));
    }
    let (people, amount, reference) = (line.count("people"), line.money("amount"), line.text("reference"));
    let record = Incident {
        source: source?,
        event: event?,
        date: date?,
        project: plan.project(ix?).id.clone(),
        resolved,
        people,
        amount,
        reference,
    };
    Some(Fact { at, subject: Subject::new(Kind::Incident, &[&id?]), after: Some(Record::Incident(record)) })
}

fn incident_kind(line: &Line<'_>, plan: &Plan, event: &str, resolved: Option<Date>) {
    let rules = &plan.rules;
    let by_incidents = if let Some(d) = rules.deductions.iter().find(|d| d.id == event) {
        d.source == DeductionSource::Incidents
    } else if let Some(b) = rules.bonuses.iter().find(|b| b.id == event) {
        b.source == BonusSource::Incidents
    } else if rules.veto.events.iter().any(|v| v.0 == event) {
        true
    } else {
        let all = events(plan).into_iter().map(|(id, _)| id);
        return line.unknown("kind", "事件类别", "kind of incident", all);
    };
    if !by_incidents {
        line.refuse("kind", "这一项由程序推算，不录事件", "this one is derived, not recorded as an incident");
    }
    let is_target = rules.deductions.iter().any(|d| d.when_resolved.as_deref() == Some(event));
    if is_target && resolved.is_none() && line.raw("resolved").is_empty() {
        line.refuse("resolved", "已解决的事件要有解决日", "a resolved case needs its resolved date");
    }
}

/// 整改
pub fn rectification(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let id = line.id("id");
    let project = if line.raw("project").is_empty() { None } else { project(line, plan) };
    let unit = unit(line, plan, "unit", None);
    if unit.is_none() && line.raw("unit").is_empty() {
        line.refuse("unit", "不能为空", "must not be empty");
    }
    let (finding, action) = (line.need("finding"), line.text("action"));
    let (issued, due) = (need_past(line, plan, today, "issued"), line.need_date("due"));
    if let (Some(issued), Some(due)) = (issued, due)
        && due < issued
    {
        line.refuse("due", format!("早于交办日 {issued}"), format!("before it was issued, {issued}"));
    }
    let state = line.need_word(
        "state",
        &[
            ("issued", RectificationState::Issued),
            ("accepted", RectificationState::Accepted),
            ("in_progress", RectificationState::InProgress),
            ("submitted", RectificationState::Submitted),
            ("closed", RectificationState::Closed),
        ],
    );
    let closed = past(line, plan, today, "closed");
    if let Some(state) = state
        && (state == RectificationState::Closed) == line.raw("closed").is_empty()
    {
        line.refuse(
            "closed",
            "销号日只在 closed 时填写，且必须填写",
            "closed has a day if and only if the state is closed",
        );
    }
    let record = Rectification {
        project: project.map(|ix| plan.project(ix).id.clone()),
        unit: unit?,
        finding: finding?,
        action,
        issued: issued?,
        due: due?,
        state: state?,
        closed,
    };
    Some(Fact { at, subject: Subject::new(Kind::Rectification, &[&id?]), after: Some(Record::Rectification(record)) })
}

/// The code of a unit in a cell, by its code or as people call it; empty is none.
pub fn unit(line: &Line<'_>, plan: &Plan, column: &str, kind: Option<UnitKind>) -> Option<String> {
    let called = line.text(column)?;
    let of_kind = || plan.district.units.iter().filter(|u| kind.is_none_or(|kind| u.kind == kind));
    match plan.unit_named(&called).map(|ix| plan.unit(ix)) {
        Some(unit) if kind.is_none_or(|kind| unit.kind == kind) => return Some(unit.code.clone()),
        Some(_) if kind == Some(UnitKind::Town) => line.refuse(column, "应为镇", "must be a town"),
        Some(_) => line.refuse(column, "应为指挥部", "must be a headquarters"),
        None => line.unknown(column, "单位", "unit", of_kind().map(|u| u.code.as_str())),
    }
    None
}

/// 招商
pub fn attraction(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let (id, name) = (line.id("id"), line.name("name"));
    let (amount, received) = (line.need_money("amount"), line.money("received"));
    if let (Some(amount), Some(received)) = (amount, received)
        && amount.currency == received.currency
        && received.amount / MISTAKEN >= amount.amount.max(1)
    {
        line.refuse(
            "received",
            format!("是投资额 {amount} 的十倍以上：万、亿是否写错？"),
            format!("more than ten times the amount, {amount}: are 万 and 亿 mixed up?"),
        );
    }
    let origin = line.word("origin", ORIGINS);
    let signed = need_past(line, plan, today, "signed");
    let host = unit(line, plan, "host", Some(UnitKind::Town));
    let mut credits: Vec<String> = Vec::new();
    for code in line.text("credits").unwrap_or_default().split([';', '；']).map(str::trim).filter(|c| !c.is_empty()) {
        let Some(unit) = plan.unit_named(code).map(|ix| plan.unit(ix)) else {
            line.refuse("credits", format!("没有这个单位：{code}"), format!("no such unit: {code}"));
            continue;
        };
        if credits.contains(&unit.code) {
            line.refuse("credits", format!("单位重复：{code}"), format!("the unit is named twice: {code}"));
        }
        credits.push(unit.code.clone());
    }
    let (started, producing) = (past(line, plan, today, "started"), past(line, plan, today, "producing"));
    let excluded = line.text("excluded");
    let record = Attraction {
        name: name?,
        amount: amount?,
        received,
        origin,
        signed: signed?,
        host,
        credits,
        started,
        producing,
        excluded,
    };
    Some(Fact { at, subject: Subject::new(Kind::Attraction, &[&id?]), after: Some(Record::Attraction(record)) })
}

/// 指标
pub fn indicator(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let known = &plan.targets.indicators;
    let called = |said: String| known.iter().find(|i| i.name == said).map_or(said, |i| i.id.clone());
    let id = line.need("indicator").map(called);
    if id.as_ref().is_some_and(|id| !known.iter().any(|i| i.id == *id)) {
        line.unknown("indicator", "指标", "indicator", known.iter().map(|i| i.id.as_str()));
    }
    let period = line.need("period");
    if period.as_ref().is_some_and(|p| period_end(p).is_none()) {
        line.refuse("period", "写作 2014、2014-H1 或 2014-Q2", "write 2014, 2014-H1 or 2014-Q2");
    }
    let latest = plan.district.year.max(today.year());
    if period.as_ref().and_then(|p| period_end(p)).is_some_and(|end| end.year() > latest) {
        line.refuse("period", format!("晚于 {latest} 年"), format!("later than {latest}"));
    }
    let record = IndicatorRecord {
        value: line.number("value"),
        growth: line.percent("growth"),
        target_growth: line.percent("target_growth"),
        city_growth: line.percent("city_growth"),
        versus_city: line.word("versus_city", VERSUS_CITY),
        provisional: line.word("provisional", YES_NO).unwrap_or(false),
    };
    let subject = Subject::new(Kind::Indicator, &[&id?, &period?]);
    Some(Fact { at, subject, after: Some(Record::Indicator(record)) })
}

/// 目标
pub fn goal(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    let known = &plan.targets.goals;
    let called = |said: String| known.iter().find(|g| g.name == said).map_or(said, |g| g.id.clone());
    let id = line.need("goal").map(called);
    let goal = id.as_ref().and_then(|id| known.iter().find(|g| g.id == *id));
    if id.is_some() && goal.is_none() {
        line.unknown("goal", "目标", "goal", known.iter().map(|g| g.id.as_str()));
    }
    let date = need_past(line, plan, today, "date");
    let value = line.number("value").map(|p| Points(p.0));
    if value.is_none() && line.raw("value").is_empty() {
        line.refuse("value", "不能为空", "must not be empty");
    }
    if goal.is_some_and(|g| g.op == GoalOp::Done) && value.is_some_and(|v| v != Points::ZERO && v != Points::whole(1)) {
        line.refuse("value", "完成类目标填 0 或 1", "a goal to be done takes 0 or 1");
    }
    let note = line.text("note").unwrap_or_default();
    let subject = Subject::new(Kind::Goal, &[&id?, &date?.to_string()]);
    Some(Fact { at, subject, after: Some(Record::Goal(GoalRecord { value: value?, note })) })
}

/// 评分
pub fn score(line: &Line<'_>, plan: &Plan, at: Place) -> Option<ScoreRow> {
    let (round, project) = (round(line, plan, Some(RoundKind::Assessment)), project(line, plan));
    let name = line.need("criterion");
    let criterion = name.as_ref().and_then(|c| plan.rules.criterion(c));
    if name.is_some() && criterion.is_none() {
        line.unknown("criterion", "评分项", "criterion", plan.rules.criteria.iter().map(|c| c.id.as_str()));
    }
    let raw = line.raw("points");
    let points = if raw.eq_ignore_ascii_case("n/a") || raw == "不适用" {
        None
    } else if raw.is_empty() {
        line.refuse("points", "填分数或 n/a", "a number or n/a is expected");
        return None;
    } else {
        match Points::score(raw) {
            Ok(p) => Some(p),
            Err(e) => {
                let why = crate::plan::value_error(e);
                line.refuse("points", why.zh, why.en);
                return None;
            }
        }
    };
    let note = line.has("note").then(|| line.text("note").unwrap_or_default());
    let written = raw.to_owned();
    Some(ScoreRow { at, round: round?, project: project?, criterion: criterion?, points, note, written, given: None })
}

/// 打分票
pub fn ballot(line: &Line<'_>, plan: &Plan, at: Place) -> Option<BallotRow> {
    let (round, project) = (round(line, plan, Some(RoundKind::Observation)), project(line, plan));
    let name = line.need("judge");
    let judge = name.as_ref().and_then(|j| plan.judge_ix(j));
    if name.is_some() && judge.is_none() {
        line.unknown("judge", "评委", "judge", plan.district.judges.iter().map(|j| j.id.as_str()));
    }
    let state = line.need_word(
        "state",
        &[
            ("entered", BallotState::Entered),
            ("confirmed", BallotState::Confirmed),
            ("absent", BallotState::Absent),
            ("recused", BallotState::Recused),
            ("void", BallotState::Void),
        ],
    );
    let score = line.number("score").map(|p| Points(p.0));
    if let Some(state) = state {
        let scored = matches!(state, BallotState::Entered | BallotState::Confirmed);
        match (scored, line.raw("score").is_empty()) {
            (true, true) => line.refuse("score", "要有分数", "a score is needed"),
            (false, false) => line.refuse("score", "缺席、回避、作废不填分数", "this state has no score"),
            _ => {}
        }
    }
    let written = line.raw("score").to_owned();
    Some(BallotRow { at, round: round?, judge: judge?, project: project?, state: state?, score, written })
}

/// 轮次
pub fn round_step(line: &Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<RoundRow> {
    let round = round(line, plan, None);
    let state = line.need_word(
        "state",
        &[
            ("open", RoundState::Open),
            ("sealed", RoundState::Sealed),
            ("published", RoundState::Published),
            ("final", RoundState::Final),
        ],
    );
    let date = past(line, plan, today, "date");
    let reason = line.text("reason");
    Some(RoundRow { at, round: round?, state: state?, date, reason })
}
