//! 单页. What is handed out on one sheet of paper: the ballot of a judge, the notice to a unit, the dossier of a project.

mod dossier;

pub use dossier::dossier;

use super::Say;
use super::document::{Cell, Column, Document, Part, Signature, Table};
use crate::domain::district::{JudgeIx, RoundIx, UnitIx};
use crate::domain::project::BoardKind;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::domain::words::Word;

/// A sheet without anything on it.
fn blank(data: &Snapshot, lang: Lang, kind: &'static str, title: String) -> Document {
    Document {
        kind,
        lang,
        stage: None,
        lacks: None,
        correction: false,
        sample: data.plan.district.sample,
        masthead: None,
        number: None,
        title,
        rounds: Vec::new(),
        measure: None,
        as_of: data.day(),
        to: Vec::new(),
        lead: Vec::new(),
        parts: Vec::new(),
        signature: Signature::default(),
        copies: Vec::new(),
        marks: Vec::new(),
    }
}

/// 打分票: the sites in order of visit, with room for a score; of a judge with the sites he is recused from.
#[must_use]
pub fn ballot_sheet(data: &Snapshot, round: RoundIx, judge: Option<JudgeIx>, lang: Lang) -> Document {
    let (say, plan) = (Say(lang), &data.plan);
    let stated = plan.round(round);
    let title = say.of(format!("{}打分票", stated.name), format!("Ballot: {}", stated.name));
    let mut sheet = blank(data, lang, "ballot-sheet", title);
    sheet.rounds.push(stated.id.clone());
    sheet.as_of = stated.as_of;
    let rule = &plan.rules.observation;
    let (min, max, step) = (rule.range.min.short(), rule.range.max.short(), rule.step.short());
    if let Some(judge) = judge {
        let Some(judge) = plan.district.judges.get(judge.at()) else { return sheet };
        let (label, id) = (&judge.label, &judge.id);
        sheet.lead.push(say.of(format!("评委：{label}（{id}）"), format!("Judge: {label} ({id})")));
    }
    sheet.lead.push(say.of(
        format!("每个现场打 {min} 至 {max} 分，以 {step} 分为一档。应当回避的不打分，写“回避”；未到场的写“缺席”。"),
        format!("Score every site from {min} to {max} in steps of {step}. Write 'recused' or 'absent' where you do not score."),
    ));
    let mut table = Table::new(
        "sites",
        "",
        vec![
            Column::figures("visit", say.of("顺序", "Visit"), 3),
            Column::words("project", say.of("编号", "Id"), 5),
            Column::words("name", say.of("项目", "Project"), 15),
            Column::words("headquarters", say.of("指挥部", "Headquarters"), 6),
            Column::words("town", say.of("镇", "Town"), 5),
            Column::figures("score", say.of("得分", "Score"), 5),
            Column::words("remarks", say.of("备注", "Remarks"), 7),
        ],
    );
    table.roomy = true;
    for (place, site) in stated.sites.iter().enumerate() {
        let project = plan.project(*site);
        let name = |u: &UnitIx| plan.unit(*u).in_tables(lang).to_owned();
        let towns: Vec<String> = project.holders(BoardKind::Towns, stated.as_of).iter().map(|(u, _)| name(u)).collect();
        let recused = judge.is_some_and(|judge| data.recused_by_rule(judge, *site, stated.as_of));
        table.row([
            Cell::from_count(place + 1),
            Cell::Id { short: plan.short_id(&project.id).to_owned(), full: project.id.clone() },
            project.name.as_str().into(),
            name(&project.headquarters_at(stated.as_of)).into(),
            Cell::text(Some(towns.join(say.of("、", ", "))).filter(|t| !t.is_empty())),
            Cell::Blank,
            if recused { say.of("回避", "recused").into() } else { Cell::Blank },
        ]);
    }
    let heading = say.of("观摩现场", "Sites").to_owned();
    sheet.parts.push(Part { id: "sites", heading, tables: vec![table], ..Part::default() });
    sheet.signature.hands = vec![say.of("评委签名", "Judge").to_owned(), say.of("日期", "Date").to_owned()];
    sheet
}

/// 整改通知书 to the unit that has to put something right.
#[must_use]
pub fn notice(data: &Snapshot, (id, r): (&str, &Rectification), lang: Lang) -> Document {
    let (say, plan, at) = (Say(lang), &data.plan, data.day());
    let head = &plan.district.bulletin;
    let mut sheet = blank(data, lang, "notice", say.of("整改通知书", "Notice of rectification").to_owned());
    // The masthead of the plan is that of bulletins.
    sheet.masthead.clone_from(&head.issuer);
    sheet.number = Some(say.of(format!("编号：{id}"), format!("No. {id}")));
    let unit = plan.unit_ix(&r.unit).map_or_else(|| r.unit.clone(), |u| plan.unit(u).called(lang).to_owned());
    let project = r.project.as_deref().and_then(|id| plan.project_ix(id)).map(|ix| plan.project(ix));
    let about = project
        .map_or_else(String::new, |p| say.of(format!("“{}”（{}）", p.name, p.id), format!(" {} ({})", p.name, p.id)));
    sheet.to.push(unit.clone());
    let due = say.day(r.due);
    let (closed, (_, overdue)) = (r.closed.filter(|d| *d <= at), r.light(at, plan.rules.light.warn_days));
    // What is said as of today is signed today; the notice itself on the day it was issued.
    let day = if overdue.is_some() || closed.is_some() { at } else { r.issued };
    sheet.lead.push(match (closed, overdue) {
        (Some(d), _) => {
            let (d, issued) = (say.day(d), say.day(r.issued));
            say.of(
                format!("{issued}交办你单位{about}的下列问题，已于{d}销号，本件留存备查。"),
                format!("The following, found at{about} on {issued}, was closed on {d}. For the files."),
            )
        }
        (None, Some(days)) => say.of(
            format!(
                "你单位{about}存在下列问题，应于{due}前整改到位并申请销号，截至{}已逾期 {days} 天，请立即整改。",
                say.day(at)
            ),
            format!(
                "The following was found at{about}, to be put right by {due}. On {} this is {days} days overdue.",
                say.day(at)
            ),
        ),
        (None, None) => say.of(
            format!("经检查，你单位{about}存在下列问题，请按要求整改，并于{due}前申请销号。"),
            format!("The following was found at{about}. Please put it right and ask for closing by {due}."),
        ),
    });
    let mut table = Table::new(
        "rectification",
        "",
        vec![Column::words("item", say.of("事项", "Item"), 6), Column::words("value", say.of("内容", "Content"), 28)],
    );
    let mut row = |zh: &str, en: &str, cell: Cell| table.row([say.of(zh, en).into(), cell]);
    row("责任单位", "Unit", unit.into());
    row("项目", "Project", Cell::text(project.map(|p| format!("{} {}", p.id, p.name))));
    row("问题", "Finding", r.finding.as_str().into());
    row("整改要求", "Action", Cell::text(r.action.as_deref()));
    row("交办日期", "Issued", Cell::Day(r.issued));
    row("整改期限", "Due", Cell::Day(r.due));
    if day == at {
        row("目前状态", "State", r.state_at(at).word(lang).into());
    }
    let heading = say.of("整改事项", "What is to be put right").to_owned();
    sheet.parts.push(Part { id: "rectification", heading, tables: vec![table], ..Part::default() });
    sheet.signature = Signature {
        issuer: head.issuer.clone(),
        date: Some(day),
        hands: vec![say.of("签收人", "Received by").to_owned(), say.of("签收日期", "On").to_owned()],
    };
    sheet
}
