//! 得分构成 of the row under the cursor: what is lost where, how far it is to the next rank and what would close that,
//! what decided a tie, and whether the rank stands.

use ratatui::layout::Rect;

use super::{short_label, unit_of};
use crate::app::screen::may_see_project;
use crate::app::screens::boards::{Boards, board};
use crate::domain::board::{Board, BoardRow, Flag, Measure};
use crate::domain::district::ProjectIx;
use crate::domain::gap::{Closer, Gap, Work};
use crate::domain::losses;
use crate::domain::robustness::Turn;
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::scoring::TieBreak;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::tui::theme::Role;
use crate::tui::view::{Pen, Shown, Window, fitted, name, number, overview, points, short_id, table, text};

/// Draws the make-up.
pub(super) fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, data: &Snapshot, wide: bool) {
    let lang = pen.lang;
    let gap = state.gap(data).cloned();
    let Some(round) = state.round else { return };
    let Some(b) = board(data, round, state.focus) else { return };
    let Some((place, row)) = b.rows.iter().enumerate().find(|(_, r)| Some(r.unit) == state.selected()) else { return };
    let mut y = area.y;
    line(pen, area, &mut y, &heading(pen, data, b, row), Role::Title);
    line(pen, area, &mut y, &arithmetic(row, lang), Role::Text);
    // Whoever may see the totals of a unit only does not see which of its projects loses what.
    let all = data.assessed_by(b, row.unit);
    let assessed = data.pair_of(round).0;
    let told = assessed.is_some_and(|r| all.iter().all(|(p, _)| may_see_project(data, &pen.actor, r, *p)));
    let scored: Vec<(ProjectIx, &ProjectScore)> = all.into_iter().filter(|(_, s)| told && s.score.is_some()).collect();
    if !scored.is_empty() && wide {
        line(pen, area, &mut y, "", Role::Text);
        let rest = Rect { y, height: area.bottom().saturating_sub(y), ..area };
        y += parts(pen, rest, data, &scored, row);
    } else if !scored.is_empty() {
        line(pen, area, &mut y, &losses_line(data, &scored, lang), Role::Text);
    }
    let sites = sites(data, b, row, lang).filter(|_| wide && told).map(|t| (t, Role::Text));
    let distance = gap.map(|g| (gap_line(data, &g, lang, told, if wide { 3 } else { 1 }), Role::Text));
    let tie = match data.tie(b, place) {
        Some(tie) => Some((tie_line(data, &tie, lang), Role::Text)),
        None => row.tied.then(|| (Text::TiedNote.in_lang(lang).to_owned(), Role::Text)),
    };
    let steady = robust(data, b, row, lang);
    // Where lines are few, what decided the rank comes before what might change it.
    let notes = if wide { [sites, distance, steady, tie] } else { [distance, tie, steady, None] };
    for (text, role) in notes.into_iter().flatten() {
        line(pen, area, &mut y, &text, role);
    }
    if row.flags.contains(&Flag::Veto) {
        line(pen, area, &mut y, &data.plan.rules.veto.unit_flag.clone(), Role::Bad);
    }
}

/// Who it is, its rank and where that was, and how much of it is settled.
fn heading(pen: &Pen<'_>, data: &Snapshot, b: &Board, row: &BoardRow) -> String {
    let lang = pen.lang;
    let n = |n: Option<usize>| n.map_or_else(|| "--".to_owned(), |n| n.to_string());
    let rank =
        row.rank.map_or_else(|| Text::NotRanked.in_lang(lang).to_owned(), |r| Text::RankNumber.fill(lang, &[&r]));
    let was = row.previous.map_or_else(String::new, |p| Text::WasRank.fill(lang, &[&p]));
    let moved = overview::movement(pen, row).0;
    let mut counts = Text::UnitCounts.fill(lang, &[&n(row.projects), &n(row.certified)]);
    let all = data.assessed_by(b, row.unit);
    for (state, text) in [(ScoreState::Provisional, Text::ToCertifyCount), (ScoreState::NotScored, Text::UnscoredCount)]
    {
        let open = all.iter().filter(|(_, s)| s.state == state).count();
        if open > 0 {
            counts += &format!("  {}", text.fill(lang, &[&open]));
        }
    }
    format!("{}  {rank}  {moved}{was}   {counts}", unit_of(data, row.unit, lang))
}

/// The distance to the next rank, and what would bring most of it.
fn gap_line(data: &Snapshot, gap: &Gap, lang: Lang, told: bool, most: usize) -> String {
    let rank = gap.rank.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let line = Text::GapFrom.fill(lang, &[&rank, &unit_of(data, gap.above, lang), &gap.distance.fixed(2)]);
    let closers: Vec<String> =
        gap.closers.iter().filter(|_| told).take(most).map(|c| closer(data, c, gap, lang)).collect();
    if closers.is_empty() {
        return line;
    }
    let comma = if lang == Lang::Zh { "，" } else { ", " };
    format!("{line}{}", Text::GapClosers.fill(lang, &[&closers.join(comma)]))
}

fn closer(data: &Snapshot, c: &Closer, gap: &Gap, lang: Lang) -> String {
    let id = short_id(data, &data.plan.project(c.project).id);
    let gain = c.gain.fixed(2);
    let text = match c.work {
        Work::Milestone(place) => {
            let name = data.plan.milestones(c.project)[place].name.as_str();
            Text::CloserMilestone.fill(lang, &[&id, &name, &gain])
        }
        Work::Full(criterion) => {
            let label = short_label(&data.plan.rules.criteria[criterion], lang);
            Text::CloserFull.fill(lang, &[&id, &label, &gain])
        }
    };
    match c.rank.filter(|r| gap.rank.is_some_and(|above| *r <= above)) {
        Some(rank) => text + &Text::CloserRank.fill(lang, &[&rank]),
        None => text,
    }
}

/// Which rule of order decided between two units of one score, by what figures.
fn tie_line(data: &Snapshot, tie: &crate::domain::tie::Tie, lang: Lang) -> String {
    let (by, less) = match tie.by {
        TieBreak::MustCompletedRate => (Text::ByMustRate, ">"),
        TieBreak::BehindCount => (Text::ByBehind, "<"),
        TieBreak::DeductionTotal => (Text::ByDeductions, "<"),
    };
    let [ahead, behind] = [tie.ahead, tie.behind].map(|u| unit_of(data, u, lang));
    let [mine, theirs] = tie.figures.map(|f| f.text());
    Text::TieDecided.fill(lang, &[&ahead, &behind, &tie.score.fixed(2), &by.in_lang(lang), &mine, &less, &theirs])
}

/// The sites that the unit's observation is the mean of.
fn sites(data: &Snapshot, b: &Board, row: &BoardRow, lang: Lang) -> Option<String> {
    let round = data.pair_of(b.round).1?;
    let at = data.round_date(round);
    let unit = row.unit?;
    let his = |p: ProjectIx| data.plan.project(p).holders(b.kind, at).iter().any(|(u, _)| *u == unit);
    let panels = data.panels(round)?.iter().filter(|p| his(p.project));
    let each: Vec<String> = panels
        .map(|p| {
            let id = short_id(data, &data.plan.project(p.project).id);
            Text::SiteScore.fill(lang, &[&id, &points(p.score)])
        })
        .collect();
    let value = row.observation?;
    (!each.is_empty()).then(|| Text::SitesLine.fill(lang, &[&value.fixed(2), &each.join("  ")]))
}

/// Whether the rank of a row stands when weights and trimming are turned, and where it goes; nothing of an assessment.
fn robust(data: &Snapshot, b: &Board, row: &BoardRow, lang: Lang) -> Option<(String, Role)> {
    let (rank, robustness) = (row.rank?, data.robustness(b));
    let moved = robustness.changes(row.unit, rank).map(|(turn, there)| {
        let there = there.map_or_else(|| "-".to_owned(), |n| n.to_string());
        match turn {
            Turn::Weight(percent) => Text::TurnWeight.fill(lang, &[&percent, &there]),
            Turn::Untrimmed => Text::TurnUntrimmed.fill(lang, &[&there]),
        }
    });
    Some(match (robustness.holds(row.unit, row.rank), b.measure) {
        (_, Measure::Assessment) => return None,
        (None, _) => (Text::RobustUnknown.in_lang(lang).to_owned(), Role::Dim),
        (Some(false), _) => (Text::RobustNot.fill(lang, &[&moved.collect::<Vec<_>>().join("  ")]), Role::Warn),
        (Some(true), Measure::Observation) => (Text::RobustUntrimmed.in_lang(lang).to_owned(), Role::Text),
        (Some(true), Measure::Composite) => (Text::RobustAll.in_lang(lang).to_owned(), Role::Text),
    })
}

/// Writes one line and goes to the next.
fn line(pen: &mut Pen<'_>, area: Rect, y: &mut u16, text: &str, role: Role) {
    if *y < area.bottom() {
        pen.put(area.x, *y, area.width, text, role);
        *y += 1;
    }
}

/// How the unit's assessment follows from the sums.
fn arithmetic(row: &BoardRow, lang: Lang) -> String {
    match (row.assessment, row.earned_points, row.task_points) {
        (Some(a), Some(c), Some(t)) => {
            let bonus = row.stretch_bonus.unwrap_or(Points::ZERO);
            Text::Arithmetic.fill(lang, &[&a.fixed(2), &c.fixed(2), &t.short(), &bonus.fixed(2), &(t - c).fixed(2)])
        }
        _ => Text::NoScoresYet.in_lang(lang).to_owned(),
    }
}

/// Lost points by criterion in one line.
fn losses_line(data: &Snapshot, scored: &[(ProjectIx, &ProjectScore)], lang: Lang) -> String {
    let criteria = &data.plan.rules.criteria;
    let each: Vec<String> = criteria
        .iter()
        .zip(losses::by_criterion(criteria, scored))
        .map(|(c, l)| format!("{} {}", short_label(c, lang), l.lost.round2().fixed(2)))
        .collect();
    Text::Losses.fill(lang, &[&each.join("  ")])
}

/// A figure whose sign says whether it was lost or gained.
fn signed(p: Points) -> String {
    if p > Points::ZERO { format!("+{}", p.fixed(2)) } else { p.fixed(2) }
}

/// Criteria with their rate, what they lose, and the projects that lose most; then what events took, and the sum.
/// Answers the lines used.
fn parts(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, scored: &[(ProjectIx, &ProjectScore)], row: &BoardRow) -> u16 {
    let lang = pen.lang;
    let criteria = &data.plan.rules.criteria;
    let columns = [
        name(Text::Criterion.in_lang(lang), 16, 0),
        number(Text::FullMarks.in_lang(lang), 5, 0),
        number(Text::RateOfPoints.in_lang(lang), 8, 0),
        text("", 30, 1),
        number(Text::Lost.in_lang(lang), 9, 0),
        text(Text::LosesMost.in_lang(lang), 34, 0),
    ];
    let worst = |loss: &losses::Loss| {
        let each = loss.projects.iter().take(2);
        let text =
            each.map(|(l, p)| format!("{} {}", short_id(data, &data.plan.project(*p).id), (-l.round2()).fixed(2)));
        text.collect::<Vec<_>>().join("   ")
    };
    let by_criterion = losses::by_criterion(criteria, scored);
    let shown = |label: &str, full: String, loss: &losses::Loss| -> Vec<Shown> {
        let rate = loss.rate.map_or_else(String::new, |r| format!("{}%", r.fixed(1)));
        vec![
            (label.to_owned(), Role::Text),
            (full, Role::Dim),
            (rate, Role::Text),
            (String::new(), Role::Text),
            (signed(-loss.lost.round2()), Role::Text),
            (worst(loss), Role::Text),
        ]
    };
    let mut rows: Vec<Vec<Shown>> =
        criteria.iter().zip(&by_criterion).map(|(c, l)| shown(&c.label, c.points.short(), l)).collect();
    let events = losses::by_events(scored);
    if events.lost.round2() != Points::ZERO || !events.projects.is_empty() {
        rows.push(shown(Text::AddedAndTaken.in_lang(lang), String::new(), &events));
    }
    if let (Some(c), Some(t)) = (row.earned_points, row.task_points) {
        let blank = || (String::new(), Role::Text);
        let sum = ((c - t).fixed(2), Role::Title);
        let of = (format!("{} - {}", t.short(), c.fixed(2)), Role::Dim);
        rows.push(vec![(Text::AllLost.in_lang(lang).to_owned(), Role::Title), blank(), blank(), blank(), sum, of]);
    }
    let height = u16::try_from(rows.len() + 1).unwrap_or(6).min(area.height);
    let area = Rect { height, ..area };
    let window = Window { len: rows.len(), top: 0, selected: None, focused: false };
    table(pen, area, &columns, window, |i| rows[i].clone());
    if let Some((x, room)) = fitted(&columns, area.width)[3] {
        for (y, loss) in (area.y + 1..area.bottom()).zip(&by_criterion) {
            if let Some(rate) = loss.rate {
                pen.bar(area.x + x, y, room, rate, None);
            }
        }
    }
    height + 1
}
