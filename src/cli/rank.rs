//! `rank`: the leaderboards of headquarters and towns.

use clap::{Args, ValueEnum};

use super::failure::{Failure, FailureKind};
use super::folder::Opened;
use super::json;
use super::output::{Table, figure, name, word};
use super::projects::known_round;
use super::words::{self, Word};
use crate::domain::board::{Board, Flag, Measure};
use crate::domain::district::RoundKind;
use crate::domain::project::BoardKind;
use crate::domain::value::Lang;

/// Which leaderboard.
#[derive(Debug, Args)]
pub struct Rank {
    /// Whose
    #[arg(value_enum, default_value = "headquarters")]
    board: Which,
    /// Round; default: the newest with scores
    #[arg(long)]
    round: Option<String>,
    /// By which figure; default: composite where the round has a pair
    #[arg(long, value_enum)]
    by: Option<By>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    /// 指挥部榜
    Headquarters,
    /// 镇榜
    Towns,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum By {
    /// 综合
    Composite,
    /// 考核
    Assessment,
    /// 观摩
    Observation,
}

/// Prints one leaderboard.
pub fn rank(opened: &mut Opened, args: &Rank) -> Result<(), Failure> {
    let (out, data) = (opened.out, &opened.data);
    let round = match &args.round {
        Some(id) => known_round(data, id)?,
        None => opened.newest_round().ok_or_else(|| {
            Failure::new(FailureKind::Failed, "还没有可看的有分数的轮次", "there is no round with scores to see yet")
                .next("dukao round list 列出各轮次", "dukao round list lists the rounds")
        })?,
    };
    opened.may_see_round(round)?;
    let by = args.by.map_or_else(
        || data.default_measure(round),
        |by| match by {
            By::Composite => Measure::Composite,
            By::Assessment => Measure::Assessment,
            By::Observation => Measure::Observation,
        },
    );
    let (kind, paired) = (data.plan.round(round).kind, data.plan.pair(round).is_some());
    let own = matches!(
        (by, kind),
        (Measure::Assessment, RoundKind::Assessment) | (Measure::Observation, RoundKind::Observation)
    );
    if !own && !paired {
        let id = &data.plan.round(round).id;
        return Err(Failure::usage(
            format!("{id} 没有配对的轮次，不能按 {} 排", by.name()),
            format!("{id} has no paired round, so there is no board by {}", by.name()),
        ));
    }
    let which = match args.board {
        Which::Headquarters => BoardKind::Headquarters,
        Which::Towns => BoardKind::Towns,
    };
    let board = data
        .board(round, which, by)
        .ok_or_else(|| Failure::new(FailureKind::Failed, "这一轮还没有榜单", "this round has no leaderboard yet"))?;
    if opened.options.json {
        return out.json(&json::leaderboard(data, round, board));
    }
    let mut table = Table::new(&[
        figure("名次", "Rank"),
        name("单位", "Unit"),
        figure(measure_word(by).0, measure_word(by).1),
        figure("考核", "Assessment").leaves(2),
        figure("观摩", "Observation").leaves(2),
        figure("综合", "Composite").leaves(3),
        figure("任务分值", "Task points").leaves(5),
        figure("完成分值", "Earned").leaves(4),
        figure("项目", "Projects").leaves(7),
        figure("认定", "Certified").leaves(6),
        figure("力争加分", "Bonus").leaves(9),
        figure("升降", "Change"),
        figure("差距", "Gap").leaves(8),
        word("标记", "Flags").leaves(1),
    ]);
    for (place, r) in board.rows.iter().enumerate() {
        let unit = r.unit.map(|u| data.plan.unit(u));
        let called =
            unit.map_or(out.say("未注明", "town not stated").to_owned(), |u| match (out.lang, &u.name_en) {
                (Lang::En, Some(en)) => en.clone(),
                _ => u.name.clone(),
            });
        let tied = if r.tied { "=" } else { "" };
        table.row([
            words::count(r.rank.map(|n| format!("{n}{tied}"))),
            called,
            words::score(r.score),
            words::score(r.assessment),
            words::score(r.observation),
            words::score(r.composite),
            words::score(r.task_points),
            words::score(r.earned_points),
            words::count(r.projects),
            words::count(r.certified),
            words::score(r.stretch_bonus),
            movement(r.delta, out.lang),
            gap(board, place),
            r.flags.iter().map(|f| flag(f, out.lang)).collect::<Vec<_>>().join(" "),
        ]);
    }
    let mut text = String::new();
    if out.width.is_some() {
        let plan = data.plan.round(round);
        let by = out.say(measure_word(by).0, measure_word(by).1);
        text = format!("{}  {by}  {}  {}\n", plan.name, board.state.word(out.lang), board.as_of);
    }
    out.text(&(super::output::safe(&text) + &table.render(&out)))
}

/// Distance to the row above, as the dashboard shows it.
fn gap(board: &Board, place: usize) -> String {
    let row = &board.rows[place];
    let above = place.checked_sub(1).and_then(|i| board.rows.get(i)).and_then(|above| above.score);
    let gap = row.score.zip(above).filter(|_| row.rank.is_some());
    gap.map_or_else(|| words::NONE.to_owned(), |(mine, theirs)| (mine - theirs).fixed(2))
}

fn measure_word(by: Measure) -> (&'static str, &'static str) {
    match by {
        Measure::Assessment => ("按考核", "By assessment"),
        Measure::Observation => ("按观摩", "By observation"),
        Measure::Composite => ("按综合", "By composite"),
    }
}

fn movement(delta: Option<i64>, lang: Lang) -> String {
    match (delta, lang) {
        (None, _) => words::NONE.to_owned(),
        (Some(0), Lang::Zh) => "平".to_owned(),
        (Some(n), Lang::Zh) if n > 0 => format!("升{n}"),
        (Some(n), Lang::Zh) => format!("降{}", -n),
        (Some(n), Lang::En) => format!("{n:+}"),
    }
}

fn flag(flag: &Flag, lang: Lang) -> String {
    if lang == Lang::En {
        return flag.name().to_owned();
    }
    match flag {
        Flag::Veto => "否决",
        Flag::Incomplete => "未认定完",
        Flag::TieBroken => "同分已分先后",
        Flag::NoAssessment => "缺考核※",
        Flag::NoObservation => "缺观摩※",
    }
    .to_owned()
}
