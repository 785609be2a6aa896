//! Which ballot sheet, notice or dossier is meant, and whether the person may see it.

use super::Export;
use crate::cli::failure::{Failure, FailureKind};
use crate::cli::folder::Opened;
use crate::cli::projects::{dossier_rounds, known_project, known_round};
use crate::domain::district::{RoundIx, RoundKind};
use crate::report::{self, Document};

fn subject<'a>(args: &'a Export, zh: &str, en: &str) -> Result<&'a str, Failure> {
    args.subject.as_deref().ok_or_else(|| {
        Failure::usage(format!("没有写{zh}"), format!("{en} is missing"))
            .next(format!("加 --subject {zh}"), format!("add --subject, {en}"))
    })
}

/// 打分票 of an observation round, blank or of one judge. It holds nothing but the plan.
pub fn ballot_sheet(opened: &Opened, args: &Export) -> Result<Document, Failure> {
    let (data, lang) = (&opened.data, opened.out.lang);
    let observed = |r: &RoundIx| data.plan.round(*r).kind == RoundKind::Observation;
    let round = match &args.round {
        Some(id) => known_round(data, id)?,
        None => data
            .newest(|r| observed(&r))
            .ok_or_else(|| Failure::new(FailureKind::Failed, "没有观摩轮次", "there is no observation round"))?,
    };
    if !observed(&round) {
        let id = &data.plan.round(round).id;
        return Err(Failure::usage(
            format!("{id} 不是观摩轮次，没有打分票"),
            format!("{id} is no observation: it has no ballots"),
        ));
    }
    let judge = args.subject.as_deref().map(|id| {
        data.plan.judge_ix(id).ok_or_else(|| {
            let ids = data.plan.district.judges.iter().map(|j| j.id.as_str());
            Failure::unknown(
                "评委",
                "judge",
                id,
                ids,
                ("评委见 district.toml 的 [[judge]]", "judges stand in [[judge]] of district.toml"),
            )
        })
    });
    Ok(report::ballot_sheet(data, round, judge.transpose()?, lang))
}

/// 整改通知书 of a rectification.
pub fn notice(opened: &Opened, args: &Export) -> Result<Document, Failure> {
    let (data, id) = (&opened.data, subject(args, "整改编号", "the id of a rectification")?);
    let found = data.facts.rectifications.iter().find(|(key, _)| key == id).ok_or_else(|| {
        let ids = data.facts.rectifications.iter().map(|(key, _)| key.as_str());
        Failure::unknown(
            "整改",
            "rectification",
            id,
            ids,
            ("dukao rectifications 列出全部", "dukao rectifications lists them all"),
        )
    })?;
    Ok(report::notice(data, (id, &found.1.value), opened.out.lang))
}

/// 项目档案 with the scores that the person may see.
pub fn dossier(opened: &Opened, args: &Export) -> Result<Document, Failure> {
    let data = &opened.data;
    let project = known_project(data, subject(args, "项目编号", "the id of a project")?)?;
    let rounds = dossier_rounds(opened, project, args.round.as_deref())?;
    Ok(report::dossier(data, project, rounds, opened.out.lang))
}
