//! `round show` and `round diff`: what every seal of a round froze, and what changed from one to the next.

use clap::Args;
use serde_json::Value;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json;
use super::output::{Table, figure, name, word};
use super::projects::known_round;
use super::words;
use crate::domain::board::Measure;
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::project::BoardKind;
use crate::domain::results::Results;
use crate::domain::revision::{self, Aspect, Difference};
use crate::domain::round::RoundState;
use crate::domain::value::Lang;
use crate::store::{self, Action, Matter, Seal};

/// Which seal to show.
#[derive(Debug, Args)]
pub struct Show {
    /// Round id
    round: String,
    /// Number of the seal; default: the newest
    #[arg(long, value_name = "N")]
    revision: Option<u32>,
    /// The frozen document alone, byte by byte: its sha256sum is the hash
    #[arg(long, conflicts_with = "json")]
    document: bool,
}

/// Which two seals to compare.
#[derive(Debug, Args)]
pub struct Diff {
    /// Round id
    round: String,
    /// Numbers of the two seals; default: the last two
    #[arg(value_names = ["A", "B"], num_args = 0..=2)]
    revisions: Vec<u32>,
}

/// The seals of a round that the person may see, oldest first.
fn seals(opened: &Opened, round: RoundIx) -> Result<Vec<Seal>, Failure> {
    let id = &opened.data.plan.round(round).id;
    let all = opened.store.seals()?.remove(id).unwrap_or_default();
    if all.is_empty() {
        return Err(Failure::new(FailureKind::Failed, format!("{id} 还没有封存过"), format!("{id} was never sealed"))
            .next("dukao rank --round 看现在的榜单", "dukao rank --round shows the board as it stands"));
    }
    let denied = all.last().map(|s| may_read(opened, s, &opened.actor.units));
    let seen: Vec<Seal> = all.into_iter().filter(|s| may_read(opened, s, &opened.actor.units).is_ok()).collect();
    match denied {
        Some(Err(failure)) if seen.is_empty() => Err(failure),
        _ => Ok(seen),
    }
}

/// A seal is read as a round of its state: one that was published is public, whatever came after it.
fn state(seal: &Seal) -> RoundState {
    if seal.published { RoundState::Published } else { RoundState::Sealed }
}

fn may_read(opened: &Opened, seal: &Seal, units: &[crate::domain::district::UnitIx]) -> Result<(), Failure> {
    let matter = Matter { round: Some(state(seal)), units: units.to_vec(), ..Matter::default() };
    Ok(store::may(&opened.actor, Action::ReadRound, &matter)?)
}

/// Every score and every single ballot of the document.
fn may_read_all(opened: &Opened, seal: &Seal, results: &Results) -> Result<(), Failure> {
    may_read(opened, seal, &[])?;
    if !results.ballots.is_empty() {
        let matter = Matter { round: Some(state(seal)), ..Matter::default() };
        store::may(&opened.actor, Action::ReadBallots, &matter)?;
    }
    Ok(())
}

fn numbered<'a>(round: &str, seals: &'a [Seal], revision: u32) -> Result<&'a Seal, Failure> {
    seals.iter().find(|s| s.revision == revision).ok_or_else(|| {
        let list = seals.iter().map(|s| s.revision.to_string()).collect::<Vec<_>>().join(" ");
        Failure::usage(format!("{round} 没有第 {revision} 次封存"), format!("{round} has no seal number {revision}"))
            .next(format!("可看的有：{list}"), format!("those to see: {list}"))
    })
}

/// Prints what a seal froze.
pub fn show(opened: &mut Opened, args: &Show) -> Result<(), Failure> {
    let out = opened.out;
    let round = known_round(&opened.data, &args.round)?;
    let seals = seals(opened, round)?;
    let seal = match (args.revision, seals.last()) {
        (Some(n), _) => numbered(&args.round, &seals, n)?,
        (None, Some(newest)) => newest,
        (None, None) => return Err(Failure::silent(FailureKind::Denied)),
    };
    let (text, results) = opened.store.sealed_document(seal)?;
    let whole = may_read_all(opened, seal, &results);
    if args.document {
        whole?;
        return out.text(&text);
    }
    let plan = &opened.data.plan;
    if opened.options.json {
        let document = whole.ok().and_then(|()| serde_json::from_str(&text).ok());
        let listed: Vec<&Seal> = seals.iter().collect();
        return out.json(&json::frozen(plan, round, (seal, &listed), &results, document));
    }
    let mut printed = described(opened, round, seal, &results);
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        printed.push('\n');
        printed += &board(opened, &results, kind);
    }
    if seals.len() > 1 {
        printed.push('\n');
        printed += &listed(opened, &seals);
    }
    out.text(&printed)
}

/// The seal itself: which, of when, by whom, with which hashes.
fn described(opened: &Opened, round: RoundIx, seal: &Seal, results: &Results) -> String {
    let (out, stated) = (opened.out, opened.data.plan.round(round));
    let mut table = Table::new(&[word("项", "Item"), name("内容", "Value")]);
    let mut row = |zh: &str, en: &str, value: String| table.row([out.say(zh, en).to_owned(), value]);
    row("轮次", "Round", format!("{} {}", stated.id, stated.name));
    let mark = if seal.correction { out.say("(更正)", " (correction)") } else { "" };
    row("封存", "Seal", format!("r{}{mark}", seal.revision));
    row("截至", "As of", results.as_of.to_string());
    row("封存日", "Sealed", words::count(seal.date));
    row("经办", "By", format!("{} #{}", seal.actor, seal.seq));
    row(
        "公布过",
        "Published",
        out.say(if seal.published { "是" } else { "否" }, if seal.published { "yes" } else { "no" }).to_owned(),
    );
    if let Some(reason) = &seal.reopened {
        row("重开", "Reopened", reason.clone());
    }
    row("内容哈希", "Hash", seal.sha256.clone());
    row("规则哈希", "Rules hash", words::text(seal.rules_sha256.as_deref()));
    table.render(&out)
}

fn board(opened: &Opened, results: &Results, kind: BoardKind) -> String {
    let (out, plan) = (opened.out, &opened.data.plan);
    let (measure, rows) = revision::rows(plan, results, kind);
    let unit = match kind {
        BoardKind::Headquarters => name("指挥部", "Headquarters"),
        BoardKind::Towns => name("镇", "Town"),
    };
    let score = match measure {
        Measure::Observation => figure("观摩", "Observation"),
        Measure::Assessment | Measure::Composite => figure("考核", "Assessment"),
    };
    // An observation has no task points.
    let assessed = measure == Measure::Assessment;
    let mut columns = vec![figure("名次", "Rank"), unit, score, figure("领先", "Margin").leaves(2)];
    if assessed {
        columns.extend([
            figure("任务分值", "Task points").leaves(3),
            figure("完成分值", "Earned").leaves(3),
            figure("项目", "Projects").leaves(4),
            figure("计分", "Scored").leaves(4),
        ]);
    }
    let mut table = Table::new(&columns);
    for r in rows {
        let unit = r.unit.map(|u| plan.unit(u));
        let called = unit.map_or(out.say("未注明", "town not stated"), |u| u.called(out.lang));
        let mut cells = vec![
            words::count(r.rank.map(|n| format!("{n}{}", if r.tied { "=" } else { "" }))),
            called.to_owned(),
            words::score(r.score),
            words::score(r.margin),
        ];
        if assessed {
            cells.extend([
                words::score(r.task_points),
                words::score(r.earned_points),
                words::count(r.projects),
                words::count(r.scored),
            ]);
        }
        table.row(cells);
    }
    table.render(&out)
}

/// All seals of the round.
fn listed(opened: &Opened, seals: &[Seal]) -> String {
    let out = opened.out;
    let mut table = Table::new(&[
        word("封存", "Seal"),
        word("封存日", "Sealed"),
        word("公布过", "Published"),
        word("更正", "Correction"),
        word("哈希", "Hash"),
        name("重开", "Reopened").leaves(1),
    ]);
    let yes = |b: bool| if b { out.say("是", "yes") } else { out.say("否", "no") }.to_owned();
    for s in seals {
        table.row([
            format!("r{}", s.revision),
            words::count(s.date),
            yes(s.published),
            yes(s.correction),
            s.sha256.chars().take(12).collect(),
            words::text(s.reopened.as_deref()),
        ]);
    }
    table.render(&out)
}

/// Prints what differs between two seals.
pub fn diff(opened: &mut Opened, args: &Diff) -> Result<(), Failure> {
    let out = opened.out;
    let round = known_round(&opened.data, &args.round)?;
    let seals = seals(opened, round)?;
    let (from, to) = match (args.revisions.as_slice(), seals.as_slice()) {
        ([a, b], _) => (numbered(&args.round, &seals, *a)?, numbered(&args.round, &seals, *b)?),
        ([], [.., a, b]) => (a, b),
        ([], _) => {
            return Err(Failure::new(
                FailureKind::Failed,
                format!("{} 只封存过一次，没有可比的", args.round),
                format!("{} was sealed once: nothing to compare", args.round),
            )
            .next("dukao round show 看这一次", "dukao round show shows that seal"));
        }
        _ => return Err(Failure::usage("要比较请写两次封存的编号", "name two seals to compare")),
    };
    let (old, new) = (opened.store.sealed_document(from)?.1, opened.store.sealed_document(to)?.1);
    let all = revision::differences(&opened.data.plan, &old, &new);
    let found = all.len();
    let shown: Vec<Difference> = all.into_iter().filter(|d| may_see(opened, round, (from, to), d)).collect();
    if shown.len() < found {
        folder::note(
            out.say("单票和范围外的得分不对您显示", "single ballots and scores outside your scope are not shown"),
        );
    }
    if opened.options.json {
        return out.json(&json::revision_diff(&args.round, (from, to), &shown));
    }
    if from.sha256 == to.sha256 {
        return out.lines(&[out.say("两次封存的内容相同", "both seals froze the same content")]);
    }
    let mut table = Table::new(&[
        word("方面", "About"),
        name("记录", "Record"),
        word("项", "Field"),
        name("原来", "Old"),
        name("改为", "New"),
    ]);
    for d in &shown {
        table.row([
            aspect(d.aspect, out.lang).to_owned(),
            if d.key.is_empty() { args.round.clone() } else { d.key.clone() },
            field(d.field, out.lang).to_owned(),
            value(d.field, &d.old, out.lang),
            value(d.field, &d.new, out.lang),
        ]);
    }
    let heading = match out.width {
        Some(_) => format!("{}  r{} -> r{}\n", args.round, from.revision, to.revision),
        None => String::new(),
    };
    out.text(&(heading + &table.render(&out)))
}

/// Scores within the person's scope, single ballots for who may read them, everything else of a seal he may read.
fn may_see(opened: &Opened, round: RoundIx, (from, to): (&Seal, &Seal), d: &Difference) -> bool {
    let plan = &opened.data.plan;
    let action = match (d.aspect, plan.round(round).kind) {
        (Aspect::Input, _) if d.key.is_empty() => return true,
        (Aspect::Input, RoundKind::Observation) => Action::ReadBallots,
        (Aspect::Input | Aspect::Project, _) => Action::ReadRound,
        _ => return true,
    };
    let project = d.key.split('/').next().unwrap_or_default();
    let both = [from, to].into_iter();
    both.map(|s| Matter::in_round(plan, round, project, state(s)))
        .all(|m| store::may(&opened.actor, action, &m).is_ok())
}

fn aspect(aspect: Aspect, lang: Lang) -> &'static str {
    match (aspect, lang) {
        (Aspect::Input, Lang::Zh) => "录入",
        (Aspect::Project, Lang::Zh) => "项目",
        (Aspect::Panel, Lang::Zh) => "观摩点",
        (Aspect::Unit, Lang::Zh) => "单位",
        (Aspect::Rank, Lang::Zh) => "名次",
        (Aspect::Input, Lang::En) => "input",
        (Aspect::Project, Lang::En) => "project",
        (Aspect::Panel, Lang::En) => "panel",
        (Aspect::Unit, Lang::En) => "unit",
        (Aspect::Rank, Lang::En) => "rank",
    }
}

fn field(field: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return field;
    }
    match field {
        "points" => "分",
        "basis" => "依据",
        "state" => "状态",
        "score" | "value" => "得分",
        "as_of" => "截至",
        "rules_sha256" => "规则哈希",
        "bonus" => "加分",
        "deduction_total" => "扣分",
        "veto" => "否决",
        "task_points" => "任务分值",
        "earned_points" => "完成分值",
        "stretch_bonus" => "力争加分",
        "valid" => "有效票",
        "trimmed_per_side" => "每头去掉",
        "absent" => "缺席",
        "recused" => "回避",
        "scored" => "计分",
        "must_completed" => "确保完成",
        "behind" => "滞后",
        "rank" => "名次",
        other => other,
    }
}

/// A value as a person reads it; a hash by its beginning.
fn value(field: &str, value: &Value, lang: Lang) -> String {
    let text = match value {
        Value::Null => return words::NONE.to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match (field, lang) {
        ("rules_sha256", _) => text.chars().take(12).collect(),
        (_, Lang::Zh) => crate::domain::words::fields::term(field, &text).to_owned(),
        (_, Lang::En) => text,
    }
}
