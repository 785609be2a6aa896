//! `explain`: how a figure came about, down to rule and rounding.

use super::failure::Failure;
use super::folder::{self, Opened};
use super::json;
use super::output::safe;
use super::projects::{known_project, known_round, no_round};
use crate::app::explain::{derivation, printed, sources, subject};
use crate::domain::district::{RoundIx, UnitIx, UnitKind};
use crate::domain::explain::Question;
use crate::domain::project::{BoardKind, Commitment};
use crate::domain::quota::QuotaRow;
use crate::domain::value::Lang;

/// What can be asked about, as it is written.
const FORMS: &str = "project:ID unit:CODE panel:ID quota:PLAN/UNIT indicator:ID goal:ID rectification:ID tally:all";
const KINDS: [&str; 8] = ["project", "unit", "panel", "quota", "indicator", "goal", "rectification", "tally"];

/// Prints the derivation of a figure.
pub fn explain(opened: &mut Opened, text: &str, round: Option<&str>) -> Result<(), Failure> {
    let question = question(opened, text, round)?;
    let (out, data) = (opened.out, &opened.data);
    let derivation = derivation(data, &opened.actor, &question)?;
    let entries = opened.store.sources(&opened.actor, &sources(&derivation))?;
    if opened.options.json {
        let asked = subject(data, &question);
        return out.json(&json::explained(data, asked, &derivation, &entries, out.lang));
    }
    if matches!(question, Question::Project { .. } | Question::Unit { .. } | Question::Panel { .. }) {
        undated(opened);
    }
    let columns = out.width.map_or(printed::COLUMNS, |w| u16::try_from(w).unwrap_or(u16::MAX)).clamp(40, 120);
    let entries: Vec<_> = entries.iter().collect();
    let lines = printed::lines(data, &derivation, &entries, out.lang, columns);
    let painted = lines.into_iter().map(|line| match (out.color, line.origin.is_empty()) {
        (true, false) => {
            format!("{}\u{1b}[2m{}\u{1b}[0m{}\n", safe(&line.step), safe(&line.origin), safe(&line.result))
        }
        _ => safe(&line.text()) + "\n",
    });
    out.text(&painted.collect::<String>())
}

/// Says that entries and ballots have no date: under `--as-of` all of them count, whatever day it is.
pub fn undated(opened: &Opened) {
    if let Some(day) = opened.options.as_of {
        let note = match opened.out.lang {
            Lang::Zh => format!("按 {day} 重算事实；录入的分数和打分票没有日期，全部计入。封存的轮次不变"),
            Lang::En => {
                format!(
                    "facts as of {day}; entered scores and ballots have no date: all of them count. Sealed rounds stand"
                )
            }
        };
        folder::note(&note);
    }
}

/// Reads a subject as contract.md writes it.
fn question(opened: &Opened, text: &str, round: Option<&str>) -> Result<Question, Failure> {
    let Some((kind, id)) = text.split_once([':', '：']) else {
        let failure = Failure::usage(
            format!("「{text}」没有说明是哪一类"),
            format!("{text:?} does not say what kind of thing it is"),
        );
        let kind = guess(opened, text);
        return Err(match kind {
            Some(kind) => failure.next(format!("是不是 {kind}:{text}？"), format!("did you mean {kind}:{text}?")),
            None => failure.next(format!("写成 {FORMS}"), format!("write {FORMS}")),
        });
    };
    let (kind, id) = (kind.trim(), id.trim());
    if round.is_some() && KINDS[3..].contains(&kind) {
        return Err(Failure::usage(
            format!("{kind} 不分轮次，不能加 --round"),
            format!("{kind} has no rounds: leave out --round"),
        ));
    }
    match kind {
        "project" => project(opened, id, round),
        "unit" => unit(opened, id, round),
        "panel" => panel(opened, id, round),
        "quota" => quota(opened, id),
        "indicator" => {
            let all = &opened.data.plan.targets.indicators;
            let list = ("dukao targets indicators 列出全部", "dukao targets indicators lists them all");
            named(all.iter().map(|i| i.id.as_str()), id, ("指标", "indicator"), list).map(Question::Indicator)
        }
        "goal" => {
            let all = &opened.data.plan.targets.goals;
            let list = ("dukao targets goals 列出全部", "dukao targets goals lists them all");
            named(all.iter().map(|g| g.id.as_str()), id, ("目标", "goal"), list).map(Question::Goal)
        }
        "rectification" => {
            let all = &opened.data.facts.rectifications;
            let list = ("dukao rectifications 列出全部", "dukao rectifications lists them all");
            let ids = all.iter().map(|(id, _)| id.as_str());
            named(ids, id, ("整改", "rectification"), list).map(Question::Rectification)
        }
        "tally" => match id {
            "all" => Ok(Question::Tally(None)),
            "must" => Ok(Question::Tally(Some(Commitment::Must))),
            "stretch" => Ok(Question::Tally(Some(Commitment::Stretch))),
            _ => {
                let list =
                    ("写成 tally:all、tally:must、tally:stretch", "write tally:all, tally:must or tally:stretch");
                Err(Failure::unknown("这一项合计", "such tally as", id, ["all", "must", "stretch"], list))
            }
        },
        _ => {
            let (zh, en) = (format!("写成 {FORMS}"), format!("write {FORMS}"));
            Err(Failure::unknown("这一类", "such kind as", kind, KINDS, (&zh, &en)))
        }
    }
}

/// The kind of thing that has this id, where somebody wrote the id alone.
fn guess(opened: &Opened, id: &str) -> Option<&'static str> {
    let (plan, targets) = (&opened.data.plan, &opened.data.plan.targets);
    if plan.project_ix(id).is_some() {
        Some("project")
    } else if plan.unit_named(id).is_some() {
        Some("unit")
    } else if targets.quota_plans.iter().any(|p| p.id == id) {
        Some("quota")
    } else if targets.indicators.iter().any(|i| i.id == id) {
        Some("indicator")
    } else {
        targets.goals.iter().any(|g| g.id == id).then_some("goal")
    }
}

/// Place of the thing with this id.
fn named<'a>(
    ids: impl Iterator<Item = &'a str> + Clone,
    id: &str,
    (zh, en): (&str, &str),
    list: (&str, &str),
) -> Result<usize, Failure> {
    ids.clone().position(|x| x == id).ok_or_else(|| Failure::unknown(zh, en, id, ids, list))
}

/// The round that was named, else the newest that the person may see.
fn asked(opened: &Opened, round: Option<&str>) -> Result<Option<RoundIx>, Failure> {
    match round {
        Some(id) => known_round(&opened.data, id).map(Some),
        None => Ok(opened.newest_round()),
    }
}

fn project(opened: &Opened, id: &str, round: Option<&str>) -> Result<Question, Failure> {
    let data = &opened.data;
    let project = known_project(data, id)?;
    let assessment = asked(opened, round)?.and_then(|r| data.plan.pair_of(r).0);
    let assessment = match round {
        Some(round) => Some(assessment.ok_or_else(|| {
            let zh = format!("{round} 是观摩轮次，没有项目得分");
            Failure::usage(zh, format!("{round} is an observation: it has no project scores"))
                .next(format!("观摩：dukao explain panel:{id}"), format!("its panel: dukao explain panel:{id}"))
        })?),
        // Whoever may not see the newest scores still sees how the status came about.
        None => assessment.filter(|r| opened.may_see_score(*r, project)),
    };
    Ok(Question::Project { project, round: assessment })
}

fn unit(opened: &Opened, name: &str, round: Option<&str>) -> Result<Question, Failure> {
    let data = &opened.data;
    let round = asked(opened, round)?.ok_or_else(no_round)?;
    // The row of the projects that name no town.
    if ["none", "未注明"].contains(&name) {
        return Ok(Question::Unit { board: BoardKind::Towns, unit: None, round });
    }
    let on_board = |unit: UnitIx| match data.plan.unit(unit).kind {
        UnitKind::Headquarters => Some(BoardKind::Headquarters),
        UnitKind::Town => Some(BoardKind::Towns),
        UnitKind::Bureau | UnitKind::Office | UnitKind::Area => None,
    };
    let Some(unit) = data.plan.unit_named(name) else {
        let units = data
            .plan
            .district
            .units
            .iter()
            .filter(|u| data.plan.unit_ix(&u.code).is_some_and(|ix| on_board(ix).is_some()));
        let codes: Vec<String> = units.clone().map(|u| format!("{} {}", u.code, u.short)).collect();
        let (zh, en) = (codes.join("、"), codes.join(", "));
        let known = units.flat_map(|u| [u.code.as_str(), u.short.as_str(), u.name.as_str()]);
        return Err(Failure::unknown("单位", "unit", name, known, (&zh, &en)));
    };
    let Some(board) = on_board(unit) else {
        let called = &data.plan.unit(unit).name;
        return Err(Failure::usage(format!("{called} 不参加排名"), format!("{called} stands on no leaderboard")));
    };
    Ok(Question::Unit { board, unit: Some(unit), round })
}

fn panel(opened: &Opened, id: &str, round: Option<&str>) -> Result<Question, Failure> {
    let data = &opened.data;
    let project = known_project(data, id)?;
    let observation = asked(opened, round)?.and_then(|r| data.plan.pair_of(r).1);
    let Some(observation) = observation else {
        let failure = match round {
            Some(round) => {
                Failure::usage(format!("{round} 没有配对的观摩"), format!("{round} has no observation beside it"))
            }
            None => Failure::usage("最新一轮没有观摩", "the newest round has no observation"),
        };
        return Err(failure.next("用 --round 指明哪一轮观摩", "name an observation with --round"));
    };
    let panels = data.panels(observation).unwrap_or_default();
    if !panels.iter().any(|p| p.project == project) {
        let sites: Vec<&str> = panels.iter().map(|p| data.plan.project(p.project).id.as_str()).collect();
        let round = &data.plan.round(observation).id;
        let list = sites.join(" ");
        return Err(Failure::usage(format!("{id} 不是 {round} 的观摩点"), format!("{id} is not a site of {round}"))
            .next(format!("观摩点：{list}"), format!("its sites: {list}")));
    }
    Ok(Question::Panel { project, round: observation })
}

fn quota(opened: &Opened, text: &str) -> Result<Question, Failure> {
    let (data, plans) = (&opened.data, &opened.data.plan.targets.quota_plans);
    let (id, name) = text.split_once('/').map_or((text, None), |(id, name)| (id, Some(name.trim())));
    let list = ("dukao targets quotas 列出全部", "dukao targets quotas lists them all");
    let plan = named(plans.iter().map(|p| p.id.as_str()), id.trim(), ("招商任务", "quota plan"), list)?;
    let Some(name) = name.filter(|name| !name.is_empty()) else { return Ok(Question::Quota { plan, row: None }) };
    let meant = data.plan.unit_named(name);
    let rows = &data.quota_plans()[plan].rows;
    let labels = plans[plan].quotas.iter().map(|q| q.label.as_str());
    let place = labels.clone().position(|label| label == name);
    let place = place.or_else(|| rows.iter().position(|row| meant.is_some() && row.unit == meant));
    if ["全区", "district"].contains(&name) {
        return Ok(Question::Quota { plan, row: None });
    }
    let row = place.ok_or_else(|| {
        let shown = |(label, row): (&str, &QuotaRow)| match row.unit.map(|u| data.plan.unit(u).code.as_str()) {
            Some(code) => format!("{code} {label}"),
            None => label.to_owned(),
        };
        let all: Vec<String> = labels.clone().zip(rows).map(shown).collect();
        let id = &plans[plan].id;
        let (zh, en) = if all.is_empty() {
            let whole = format!("quota:{id}");
            (format!("这份任务没有分到单位，只有全区：{whole}"), format!("it is not allotted to units: {whole}"))
        } else {
            (format!("有：{}", all.join("、")), format!("rows: {}", all.join(", ")))
        };
        Failure::unknown("这一行", "row", name, labels, (&zh, &en))
    })?;
    Ok(Question::Quota { plan, row: Some(row) })
}
