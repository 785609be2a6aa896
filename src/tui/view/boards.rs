//! 榜单. Both boards, and the make-up of the row under the cursor.

use ratatui::layout::Rect;

use super::{Panes, Pen, Shown, WIDE, Window, name, number, short_id, table, text, unit_name};
use crate::app::screen::{Sight, may_see, may_see_project};
use crate::app::screens::boards::{Boards, areas, board};
use crate::app::screens::scores::short_label;
use crate::domain::board::{Board, BoardRow, Flag, Measure};
use crate::domain::district::{ProjectIx, RoundKind, UnitIx};
use crate::domain::losses;
use crate::domain::project::BoardKind;
use crate::domain::robustness::Turn;
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points, Ratio};
use crate::text::Text;
use crate::tui::theme::Role;

/// Draws the boards.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let Some(round) = state.round else {
        let hidden = data.newest_round().is_some();
        let why = if hidden { Text::NotForYou } else { Text::NoRounds };
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), pen.say(why), Role::Dim);
        return;
    };
    let plan = data.plan.round(round);
    if !may_see(data, sight.actor, round) {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(1), &plan.name, Role::Text);
        pen.put(area.x + 1, area.y + 1, area.width.saturating_sub(1), pen.say(Text::NotForYou), Role::Dim);
        return;
    }
    let measure = data.default_measure(round);
    let frozen = board(data, round, BoardKind::Headquarters).is_some_and(|b| b.state.is_frozen());
    let estimate = if frozen { "" } else { Text::Estimate.in_lang(lang) };
    let weights = data.board_weights(data.pair_of(round).0.unwrap_or(round));
    let what = match measure {
        Measure::Composite => Text::CompositeOf.fill(lang, &[&weights.assessment, &weights.observation]),
        m => super::overview::measure_name(m, lang).to_owned(),
    };
    let as_of = Text::AsOf.fill(lang, &[&super::day(data.round_date(round), data.plan.district.year)]);
    let right = if area.width < super::NARROW { "" } else { Text::RoundKeys.in_lang(lang) };
    let room = area.width.saturating_sub(super::width(right) + 3);
    // Where it does not fit, whole parts leave, not half a word: what the composite is made of first.
    let head = format!("{} {estimate}", plan.name);
    let parts = [format!("{head}   {what}   {as_of}"), format!("{head}   {as_of}"), head];
    let title = parts.iter().find(|t| super::width(t) <= room).unwrap_or(&parts[2]).clone();
    pen.put(area.x + 1, area.y, room, &title, Role::Text);
    pen.right(area.x + 1 + room, area.y, area.width.saturating_sub(room + 2), right, Role::Dim);

    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let rows = |kind| board(data, round, kind).map_or(1, |b| u16::try_from(b.rows.len()).unwrap_or(20));
    let unranked = u16::try_from(areas(data).len()).unwrap_or(0);
    let (hq, towns) = (rows(BoardKind::Headquarters) + unranked, rows(BoardKind::Towns));
    if area.width >= WIDE {
        let mut panes = Panes::default();
        let height = (hq.max(towns) + 4).min(body.height);
        let left = body.width / 2;
        let title = |kind| {
            let t = if kind == BoardKind::Headquarters { Text::HeadquartersBoard } else { Text::TownsBoard };
            t.in_lang(lang)
        };
        let a = panes.add(Rect { width: left + 1, height, ..body }, title(BoardKind::Headquarters), estimate);
        let b = panes.add(
            Rect { x: body.x + left, width: body.width - left, height, ..body },
            title(BoardKind::Towns),
            estimate,
        );
        let rest = Rect { y: body.y + height - 1, height: (body.height + 1).saturating_sub(height), ..body };
        let c = panes.add(rest, Text::MakeUp.in_lang(lang), Text::EnterOpens.in_lang(lang));
        panes.draw(pen);
        ranking(pen, a, state, data, BoardKind::Headquarters, false);
        ranking(pen, b, state, data, BoardKind::Towns, false);
        make_up(pen, c, state, data, true);
    } else {
        let a = Rect { height: (hq + 1).min(body.height), ..body };
        ranking(pen, a, state, data, BoardKind::Headquarters, true);
        let b = Rect { y: a.bottom(), height: (towns + 1).min(body.bottom().saturating_sub(a.bottom())), ..body };
        ranking(pen, b, state, data, BoardKind::Towns, true);
        let c = Rect {
            x: body.x + 1,
            y: b.bottom(),
            width: body.width.saturating_sub(2),
            height: body.bottom().saturating_sub(b.bottom()),
        };
        make_up(pen, c, state, data, false);
    }
}

fn ranking(pen: &mut Pen<'_>, area: Rect, state: &mut Boards, data: &Snapshot, kind: BoardKind, sums: bool) {
    let lang = pen.lang;
    let Some(b) = state.round.and_then(|r| board(data, r, kind)) else {
        pen.put(area.x + 1, area.y, area.width.saturating_sub(2), Text::NoScoresYet.in_lang(lang), Role::Dim);
        return;
    };
    let focused = state.focus == kind;
    let title = match (sums, kind) {
        (false, _) => Text::Unit,
        (true, BoardKind::Headquarters) => Text::Headquarters,
        (true, BoardKind::Towns) => Text::Town,
    };
    let composite = b.measure == Measure::Composite;
    let mut columns = vec![
        text("", 1, 0),
        number(Text::Rank.in_lang(lang), 4, 0),
        name(title.in_lang(lang), 11, 9),
        number(Text::Assessment.in_lang(lang), 6, 4),
    ];
    columns.push(number(Text::EarnedOfTask.in_lang(lang), 15, if sums { 3 } else { 9 }));
    columns.push(number(Text::Observation.in_lang(lang), 6, 4));
    columns.push(number(Text::Composite.in_lang(lang), 7, 0));
    columns.push(number(Text::Previous.in_lang(lang), 4, 2));
    columns.push(text(Text::Change.in_lang(lang), 4, 0));
    columns.push(number(Text::Gap.in_lang(lang), 5, 1));
    let place = state.cursor(kind).place();
    let top = state.cursor(kind).scroll(b.rows.len(), usize::from(area.height.saturating_sub(1)));
    let window = Window { len: b.rows.len(), top, selected: focused.then_some(place), focused };
    // Behind the board: areas that take part in quotas only.
    let shown = u16::try_from(b.rows.len().saturating_sub(top)).unwrap_or(u16::MAX);
    let list = if kind == BoardKind::Headquarters { areas(data) } else { Vec::new() };
    let free = (area.y + 1).saturating_add(shown)..area.bottom();
    let moves: Vec<Shown> = b.rows.iter().map(|r| super::overview::movement(pen, r)).collect();
    let red = if pen.theme.skin == crate::tui::glyphs::Skin::Line { "※" } else { "*" };
    table(pen, area, &columns, window, |i| {
        let r = &b.rows[i];
        let role = if r.rank.is_some() { Role::Text } else { Role::Dim };
        let renormalised = r.flags.iter().any(|f| matches!(f, Flag::NoAssessment | Flag::NoObservation));
        let sums = r.earned_points.zip(r.task_points);
        let shown = |p: Option<Points>| {
            (p.map_or_else(|| "--".to_owned(), |p| p.fixed(2)), if p.is_some() { role } else { Role::Dim })
        };
        let total = r.composite.filter(|_| composite).or(r.score);
        let composite = match total {
            Some(p) if renormalised => (format!("{}{red}", p.fixed(2)), Role::Title),
            Some(p) => (p.fixed(2), Role::Title),
            None => ("--".to_owned(), Role::Dim),
        };
        vec![
            (String::new(), role),
            (r.rank.map_or_else(|| "-".to_owned(), |n| n.to_string()), role),
            (unit_of(data, r.unit, lang), role),
            shown(r.assessment),
            (sums.map_or_else(|| "--".to_owned(), |(c, t)| format!("{}/{}", c.fixed(2), t.short())), role),
            shown(r.observation),
            composite,
            (r.previous.map_or_else(String::new, |n| n.to_string()), Role::Dim),
            moves[i].clone(),
            gap(b, i, lang),
        ]
    });
    for (y, unit) in free.zip(list) {
        let name = unit_name(data, unit, lang);
        pen.right(area.x + 2, y, 4, "-", Role::Dim);
        let text = format!("{name}  {}", Text::NotRanked.in_lang(lang));
        pen.put(area.x + 7, y, area.width.saturating_sub(7), &text, Role::Dim);
    }
}

fn unit_of(data: &Snapshot, unit: Option<UnitIx>, lang: Lang) -> String {
    unit.map_or_else(|| Text::TownNotStated.in_lang(lang).to_owned(), |u| unit_name(data, u, lang))
}

/// Distance to the row above; equal printed scores say so.
fn gap(b: &Board, place: usize, lang: Lang) -> Shown {
    let row = &b.rows[place];
    let above = place.checked_sub(1).and_then(|i| b.rows.get(i));
    match (above, row.rank, row.score, above.and_then(|a| a.score)) {
        (Some(_), Some(_), Some(mine), Some(theirs)) if mine == theirs => {
            let text = if row.tied { Text::Tied } else { Text::SameScore };
            (text.in_lang(lang).to_owned(), Role::Text)
        }
        (Some(_), Some(_), Some(mine), Some(theirs)) => ((mine - theirs).fixed(2), Role::Text),
        _ => (String::new(), Role::Text),
    }
}

/// Projects that a unit of the board answers for and that the round assesses.
fn projects(data: &Snapshot, b: &Board, unit: UnitIx, round: crate::domain::district::RoundIx) -> Vec<ProjectIx> {
    let Some(a) = data.assessment(round) else { return Vec::new() };
    data.plan
        .project_ixs()
        .filter(|p| a.scores.get(p.at()).is_some_and(|s| s.state != ScoreState::OutOfScope))
        .filter(|p| data.plan.project(*p).holders(b.kind, a.at).iter().any(|(u, _)| *u == unit))
        .collect()
}

fn make_up(pen: &mut Pen<'_>, area: Rect, state: &Boards, data: &Snapshot, wide: bool) {
    let lang = pen.lang;
    let Some(round) = state.round else { return };
    let Some(b) = board(data, round, state.focus) else { return };
    let Some((place, row)) = b.rows.iter().enumerate().find(|(_, r)| Some(r.unit) == state.selected()) else { return };
    let mut y = area.y;
    let n = |n: Option<usize>| n.map_or_else(|| "--".to_owned(), |n| n.to_string());
    let rank =
        row.rank.map_or_else(|| Text::NotRanked.in_lang(lang).to_owned(), |r| Text::RankNumber.fill(lang, &[&r]));
    let moved = super::overview::movement(pen, row).0;
    let counts = Text::UnitCounts.fill(lang, &[&n(row.projects), &n(row.certified), &n(row.scored)]);
    line(pen, area, &mut y, &format!("{}  {rank}  {moved}   {counts}", unit_of(data, row.unit, lang)), Role::Title);
    line(pen, area, &mut y, &arithmetic(row, lang), Role::Text);
    let (assessed, _) = data.pair_of(round);
    let scores = assessed.filter(|r| data.plan.round(*r).kind == RoundKind::Assessment);
    if let (Some(round), Some(unit)) = (scores, row.unit)
        && let Some(a) = data.assessment(round)
    {
        // Whoever may see the totals of a unit only does not see which of its projects loses what.
        let mut list = projects(data, b, unit, round);
        if !list.iter().all(|p| may_see_project(data, &pen.actor, round, *p)) {
            list.clear();
        }
        let scored: Vec<(ProjectIx, &ProjectScore)> =
            list.iter().map(|p| (*p, &a.scores[p.at()])).filter(|(_, s)| s.score.is_some()).collect();
        if list.is_empty() {
            // Nothing is lost where nothing is told.
        } else if wide {
            line(pen, area, &mut y, "", Role::Text);
            let rest = Rect { y, height: area.bottom().saturating_sub(y), ..area };
            y += parts(pen, rest, data, &scored);
        } else {
            line(pen, area, &mut y, &losses_line(data, &scored, lang), Role::Text);
        }
        if row.rank.is_some_and(|r| r > 1)
            && let Some(above) = place.checked_sub(1).and_then(|i| b.rows.get(i))
            && let Some((mine, theirs)) = row.score.zip(above.score)
        {
            let text = Text::GapTo.fill(lang, &[&unit_of(data, above.unit, lang), &(theirs - mine).fixed(2)]);
            line(pen, area, &mut y, &text, Role::Text);
        }
    }
    let tie = if row.flags.contains(&Flag::TieBroken) {
        Some((Text::TieNote.in_lang(lang).to_owned(), Role::Text))
    } else {
        row.tied.then(|| (Text::TiedNote.in_lang(lang).to_owned(), Role::Text))
    };
    let steady = robust(data, b, row, lang);
    // Where lines are few, what decided the rank comes before what might change it.
    let notes = if wide { [steady, tie] } else { [tie, steady] };
    for (text, role) in notes.into_iter().flatten() {
        line(pen, area, &mut y, &text, role);
    }
    if row.flags.contains(&Flag::Veto) {
        line(pen, area, &mut y, &data.plan.rules.veto.unit_flag.clone(), Role::Bad);
    }
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

/// Criteria with their rate, what they lose, and the projects that lose most; answers the lines used.
fn parts(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, scored: &[(ProjectIx, &ProjectScore)]) -> u16 {
    let lang = pen.lang;
    let criteria = &data.plan.rules.criteria;
    let bar = 30;
    let columns = [
        name(Text::Criterion.in_lang(lang), 16, 0),
        number(Text::FullMarks.in_lang(lang), 5, 0),
        number(Text::RateOfPoints.in_lang(lang), 8, 0),
        text("", bar, 1),
        number(Text::Lost.in_lang(lang), 9, 0),
        text(Text::LosesMost.in_lang(lang), 34, 0),
    ];
    let height = u16::try_from(criteria.len() + 1).unwrap_or(6).min(area.height);
    let area = Rect { height, ..area };
    let rates: Vec<(Ratio, Option<Points>, String)> = losses::by_criterion(criteria, scored)
        .into_iter()
        .map(|l| {
            let worst: Vec<String> = l
                .projects
                .iter()
                .take(2)
                .map(|(l, p)| format!("{} {}", short_id(data, &data.plan.project(*p).id), (-l.round2()).fixed(2)))
                .collect();
            (l.lost, l.rate, worst.join("   "))
        })
        .collect();
    let window = Window { len: criteria.len(), top: 0, selected: None, focused: false };
    table(pen, area, &columns, window, |i| {
        let (lost, rate, worst) = &rates[i];
        vec![
            (criteria[i].label.clone(), Role::Text),
            (criteria[i].points.short(), Role::Dim),
            (rate.map_or_else(|| "--".to_owned(), |r| format!("{}%", r.fixed(1))), Role::Text),
            (String::new(), Role::Text),
            ((-lost.round2()).fixed(2), Role::Text),
            (worst.clone(), Role::Text),
        ]
    });
    if let Some((x, room)) = super::fitted(&columns, area.width)[3] {
        for (y, (_, rate, _)) in (area.y + 1..area.bottom()).zip(&rates) {
            if let Some(rate) = rate {
                pen.bar(area.x + x, y, room, *rate, None);
            }
        }
    }
    height + 1
}
