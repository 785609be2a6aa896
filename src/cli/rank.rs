//! `rank`: the leaderboards of headquarters and towns, as they stand and as another rule set would have them.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json;
use super::output::{Column, Table, figure, name, word};
use super::projects::chosen_round;
use super::words::{self, Word};
use crate::domain::board::{Board, BoardRow, Measure};
use crate::domain::comparison;
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::project::BoardKind;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
use crate::plan;

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
    /// Another rule set (a scoring.toml): computes the round anew and marks whose rank differs
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
}

impl Rank {
    /// Whether it reads a file.
    pub fn names_file(&self) -> bool {
        self.rules.is_some()
    }
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
    let round = chosen_round(opened, args.round.as_deref())?;
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
    // A board rests on every round that it is ranked by.
    if let Some(pair) = data.plan.pair(round).filter(|_| !own) {
        opened.may_see_round(pair)?;
    }
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
    let missing = || Failure::new(FailureKind::Failed, "这一轮还没有榜单", "this round has no leaderboard yet");
    let in_force = data.board(round, which, by).ok_or_else(missing)?;
    let Some(file) = &args.rules else {
        return print(opened, &Shown { data, round, board: in_force, in_force: None });
    };
    let other = by_other_rules(opened, file, round)?;
    let board = other.board(round, which, by).ok_or_else(missing)?;
    if in_force.state.is_frozen() {
        folder::note(out.say(
            "按所给规则由记录重算，不是封存时的结果；封存的榜单见 dukao rank",
            "computed from the records by the rules given, not what was sealed; dukao rank shows the sealed board",
        ));
    }
    print(opened, &Shown { data: &other, round, board, in_force: Some(in_force) })
}

/// The district as another rule set would judge the round.
fn by_other_rules(opened: &Opened, file: &Path, round: RoundIx) -> Result<Snapshot, Failure> {
    let data = &opened.data;
    let (lang, as_json) = (opened.out.lang, opened.options.json);
    let rules = plan::read_rules(file, &data.plan.district).map_err(|errors| {
        if as_json {
            return folder::broken(&errors, lang, true);
        }
        let next = ("现行规则不受影响；改好后再试", "the rules in force are untouched; correct it and try again");
        if let [unread] = errors.as_slice()
            && unread.line == 0
        {
            let Bilingual { zh, en } = &unread.message;
            let file = &unread.file;
            return Failure::new(FailureKind::Invalid, format!("{file}：{zh}"), format!("{file}: {en}"))
                .next(next.0, next.1);
        }
        folder::note(plan::render_each(&errors, lang).trim_end());
        let (n, file) = (errors.len(), file.display());
        Failure::new(FailureKind::Invalid, format!("{file} 有 {n} 处错误"), format!("{file} has {n} errors"))
            .next(next.0, next.1)
    })?;
    Ok(comparison::under(data, rules, round))
}

/// A board to print: of the district as it stands, or beside it as other rules have it.
struct Shown<'a> {
    data: &'a Snapshot,
    round: RoundIx,
    board: &'a Board,
    /// The board by the rules in force, where another one is shown.
    in_force: Option<&'a Board>,
}

impl Shown<'_> {
    /// Rank of a row by the rules in force; none where they are what is shown.
    fn base_rank(&self, row: &BoardRow) -> Option<Option<u32>> {
        let base = self.in_force?;
        Some(base.rows.iter().find(|r| r.unit == row.unit).and_then(|r| r.rank))
    }
}

fn print(opened: &Opened, shown: &Shown<'_>) -> Result<(), Failure> {
    let (out, Shown { data, round, board, in_force }) = (opened.out, shown);
    if opened.options.json {
        return out.json(&json::leaderboard(data, *round, board, *in_force));
    }
    super::explain::undated(opened);
    let by = board.measure;
    let mut columns = vec![
        figure("名次", "Rank"),
        name("单位", "Unit"),
        measure(Measure::Assessment, by),
        measure(Measure::Observation, by),
        measure(Measure::Composite, by),
        figure("任务分值", "Task points").leaves(5),
        figure("完成分值", "Earned").leaves(4),
        figure("项目", "Projects").leaves(7),
        figure("认定", "Certified").leaves(6),
        figure("力争加分", "Bonus").leaves(9),
        figure("升降", "Change"),
        figure("差距", "Gap").leaves(8),
        word("稳健", "Robust").leaves(1),
        word("标记", "Flags").leaves(1),
    ];
    if in_force.is_some() {
        columns.insert(1, figure("现行", "In force"));
    }
    let mut table = Table::new(&columns);
    let robustness = data.robustness(board);
    for r in &board.rows {
        let unit = r.unit.map(|u| data.plan.unit(u));
        let called = unit.map_or(out.say("未注明", "town not stated"), |u| u.called(out.lang)).to_owned();
        let tied = if r.tied { "=" } else { "" };
        let base = shown.base_rank(r);
        let mut flags: Vec<String> = r.flags.iter().map(|f| f.word(out.lang)).collect();
        if base.is_some_and(|base| base != r.rank) {
            flags.insert(0, out.say("名次不同", "rank_differs").to_owned());
        }
        let mut cells = vec![
            words::count(r.rank.map(|n| format!("{n}{tied}"))),
            called,
            words::score(r.assessment),
            words::score(r.observation),
            words::score(r.composite),
            words::score(r.task_points),
            words::score(r.earned_points),
            words::count(r.projects),
            words::count(r.certified),
            words::score(r.stretch_bonus),
            movement(r.delta, out.lang),
            words::score(r.gap),
            robust(robustness.holds(r.unit, r.rank), out.lang).to_owned(),
            flags.join(" "),
        ];
        if let Some(base) = base {
            cells.insert(1, words::count(base));
        }
        table.row(cells);
    }
    let legend = if out.width.is_some() && by != Measure::Assessment { legend(by, out.lang) } else { "" };
    out.text(&(heading(opened, shown) + &table.render(&out) + legend))
}

/// What the table shows: round, measure, state, day; and by which other rules. Nothing in a pipe.
fn heading(opened: &Opened, shown: &Shown<'_>) -> String {
    let (out, board) = (opened.out, shown.board);
    let Some(width) = out.width else { return String::new() };
    let plan = shown.data.plan.round(shown.round);
    let by = out.say(measure_word(board.measure).0, measure_word(board.measure).1);
    let mut lines = vec![format!("{}  {by}  {}  {}", plan.name, board.state.word(out.lang), board.as_of)];
    if shown.in_force.is_some() {
        let rules = &shown.data.plan.rules;
        let (by, sha12) = (out.say("规则", "rules"), rules.sha256.chars().take(12).collect::<String>());
        lines.push(format!("{by} {}  {sha12}  {}", rules.id, rules.title));
    }
    lines.iter().map(|line| super::output::cut(&super::output::safe(line), width) + "\n").collect()
}

/// The column of a measure; that which ranks is there at any width.
fn measure(which: Measure, by: Measure) -> Column {
    let column = match which {
        Measure::Assessment => figure("考核", "Assessment"),
        Measure::Observation => figure("观摩", "Observation"),
        Measure::Composite => figure("综合", "Composite"),
    };
    if which == by { column } else { column.leaves(3) }
}

/// What 稳健 means on this board.
fn legend(by: Measure, lang: Lang) -> &'static str {
    match (by, lang) {
        (Measure::Observation, Lang::Zh) => "稳健「是」：不去最高最低分时名次也不变；「否」：会变\n",
        (Measure::Observation, Lang::En) => "robust yes: the same rank without trimming; no: another\n",
        (_, Lang::Zh) => "稳健「是」：观摩权重取 10%、20%、30%，或不去最高最低分，名次都不变；「否」：会变\n",
        (_, Lang::En) => {
            "robust yes: the same rank at observation weight 10, 20 and 30 %, and without trimming; no: another\n"
        }
    }
}

fn robust(holds: Option<bool>, lang: Lang) -> &'static str {
    match (holds, lang) {
        (None, _) => words::NONE,
        (Some(true), Lang::Zh) => "是",
        (Some(false), Lang::Zh) => "否",
        (Some(true), Lang::En) => "yes",
        (Some(false), Lang::En) => "no",
    }
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
