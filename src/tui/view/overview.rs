//! 总览. Tallies with the red ones named, both boards, quotas and indicators, and what needs somebody.

use ratatui::layout::Rect;

use super::{
    Column, Panes, Pen, Shown, WIDE, Window, as_of_line, name, number, points, short_id, status_name, table, text,
    unit_brief, unit_name,
};
use crate::app::attention::{ballots, certification};
use crate::app::screen::{Sight, newest_seen};
use crate::app::screens::boards::board;
use crate::app::screens::overview::{Block, Overview};
use crate::app::screens::rectifications::Chip;
use crate::domain::board::{Board, Measure};
use crate::domain::district::{ProjectIx, UnitKind};
use crate::domain::indicator::VersusCity;
use crate::domain::project::{BoardKind, Commitment, Light, Status, Tally};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::theme::Role;

pub(super) mod todo;

/// Most lines that the red projects take.
const RED: u16 = 5;
/// Where the bars of the tallies begin.
const BAR: u16 = 28;
/// Lines of 需要处理 at the foot of the compact layout: two items a line.
const NOTES: u16 = 2;
/// Lines that the boards of the wide layout keep: header, six units, two more.
const BOARDS: u16 = 9;

/// Draws the overview.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Overview, sight: &Sight<'_>) {
    let data = sight.data;
    let year = format!("{}  {}", data.plan.district.year, as_of_line(data, pen.lang));
    let x = pen.put(area.x + 1, area.y, area.width.saturating_sub(1).min(super::width(&year)), &year, Role::Text);
    if let Some(newest) = state.recent.last() {
        let text = Text::UpdatedAt.fill(pen.lang, &[&super::history::time(&newest.at, &newest.at)]);
        let room = area.right().saturating_sub(x + 1);
        if room > super::width(&text) {
            pen.right(x, area.y, room, &text, Role::Dim);
        }
    }
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if pen.zoom || area.width < super::NARROW || area.height < 18 {
        let body = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
        one_block(pen, body, state, data);
    } else if area.width >= WIDE && area.height >= 26 {
        wide(pen, body, state, data);
    } else {
        compact(pen, body, state, data);
    }
}

/// The block with the focus alone: all there is room for, or all that was asked for.
fn one_block(pen: &mut Pen<'_>, area: Rect, state: &mut Overview, data: &Snapshot) {
    let below = |used: u16| Rect { y: area.y + used, height: area.height.saturating_sub(used), ..area };
    match state.block {
        Block::Projects => {
            let used = tallies(pen, area, data, true) + 1;
            if pen.zoom {
                headquarters(pen, below(used), data);
            } else {
                todo::attention(pen, below(used), state, data);
            }
        }
        Block::Headquarters => ranks(pen, area, data, BoardKind::Headquarters, true, true),
        Block::Towns => ranks(pen, area, data, BoardKind::Towns, true, true),
        Block::Targets => {
            let used = quotas(pen, area, data, true);
            indicators(pen, below(used), data);
        }
        Block::Attention => {
            let title = todo::title(data, state, pen);
            pen.put(area.x, area.y, area.width, &title, Role::Header);
            todo::attention(pen, below(1), state, data);
        }
    }
}

fn compact(pen: &mut Pen<'_>, area: Rect, state: &mut Overview, data: &Snapshot) {
    let left = Rect { x: area.x + 1, width: area.width / 2 - 5, ..area };
    let right = Rect { x: left.right() + 2, width: area.right().saturating_sub(left.right() + 3), ..area };
    let boards = Rect { height: area.height.saturating_sub(NOTES + 1), ..left };
    let used = tallies(pen, Rect { height: boards.height.min(8), ..boards }, data, state.block == Block::Projects);
    let units = data.plan.units_of(UnitKind::Headquarters).count();
    let y = boards.y + used + u16::from(usize::from(boards.height - used) > units + 1);
    let height = boards.bottom().saturating_sub(y);
    ranks(pen, Rect { y, height, ..left }, data, BoardKind::Headquarters, state.block == Block::Headquarters, true);

    let column = Rect { height: boards.height, ..right };
    let used = quotas(pen, Rect { height: 3, ..column }, data, state.block == Block::Targets);
    let rest = Rect { y: column.y + used, height: column.height.saturating_sub(used), ..column };
    let towns = u16::try_from(data.plan.units_of(UnitKind::Town).count()).unwrap_or(5) + 1;
    let used = indicators(pen, Rect { height: rest.height.saturating_sub(towns), ..rest }, data);
    let rest = Rect { y: rest.y + used, height: rest.height.saturating_sub(used), ..rest };
    ranks(pen, rest, data, BoardKind::Towns, state.block == Block::Towns, true);

    let y = area.bottom().saturating_sub(NOTES);
    let notes = Rect { x: area.x + 1, y, width: area.width.saturating_sub(2), height: NOTES };
    let title = todo::title(data, state, pen);
    let role = if state.block == Block::Attention { Role::Selection } else { Role::Header };
    pen.put(notes.x, notes.y.saturating_sub(1), notes.width, "", Role::Header);
    pen.put(notes.x, notes.y.saturating_sub(1), super::width(&title).min(notes.width), &title, role);
    todo::attention(pen, notes, state, data);
}

fn wide(pen: &mut Pen<'_>, area: Rect, state: &mut Overview, data: &Snapshot) {
    let mut panes = Panes::default();
    let lang = pen.lang;
    let open = |n: u8| Text::OpenWithDigit.fill(lang, &[&n]);
    let (w, h) = (area.width, area.height);
    let strip = 5;
    // Status: the tallies, the red ones, and every headquarters in a line; as far as the boards keep their lines.
    let count = |kind| u16::try_from(data.plan.units_of(kind).count()).unwrap_or(6);
    let red = u16::try_from(red_ones(data).len()).unwrap_or(RED).min(RED);
    let wanted = 5 + red + 1 + count(UnitKind::Headquarters) + 1 + 2;
    let top = wanted.min(h.saturating_sub(strip + BOARDS)).max(9);
    // The strip: four panes with one figure each.
    let quarter = w / 4;
    let mut inner = Vec::new();
    for i in 0..4 {
        let x = area.x + i * quarter;
        let width = if i == 3 { w - 3 * quarter } else { quarter + 1 };
        let title =
            [Text::Projects, Text::Certification, Text::Ballots, Text::Rectifications][usize::from(i)].in_lang(lang);
        inner.push(panes.add(Rect { x, y: area.y, width, height: strip }, title, ""));
    }
    let y = area.y + strip - 1;
    let left = w / 2;
    let status =
        panes.add(Rect { x: area.x, y, width: left + 1, height: top }, Text::ProjectStatus.in_lang(lang), open(2));
    let targets = panes.add(
        Rect { x: area.x + left, y, width: w - left, height: top },
        Text::TargetsTitle.in_lang(lang),
        open(4),
    );
    let y = y + top - 1;
    let height = area.bottom().saturating_sub(y);
    let third = w / 3;
    let title = |kind| board_title(pen, data, kind);
    let hq = panes.add(Rect { x: area.x, y, width: third + 1, height }, title(BoardKind::Headquarters), open(3));
    let towns = panes.add(Rect { x: area.x + third, y, width: third + 1, height }, title(BoardKind::Towns), open(3));
    let place = Rect { x: area.x + 2 * third, y, width: w - 2 * third, height };
    let todo = panes.add(place, todo::title(data, state, pen), "Enter");
    panes.draw(pen);

    strip_of_figures(pen, &inner, data);
    let under = count(UnitKind::Headquarters) + 2;
    let upper = Rect { height: status.height.saturating_sub(under).max(5), ..status };
    let used = tallies(pen, upper, data, state.block == Block::Projects);
    let rest = Rect { y: status.y + used + 1, height: status.height.saturating_sub(used + 1), ..status };
    headquarters(pen, rest, data);
    let used = quotas(pen, targets, data, state.block == Block::Targets);
    let rest = Rect { y: targets.y + used + 1, height: targets.height.saturating_sub(used + 1), ..targets };
    indicators(pen, rest, data);
    ranks(pen, hq, data, BoardKind::Headquarters, state.block == Block::Headquarters, false);
    ranks(pen, towns, data, BoardKind::Towns, state.block == Block::Towns, false);
    let latest = if state.recent.is_empty() || todo.height < 8 { 0 } else { 4 };
    todo::attention(pen, Rect { height: todo.height - latest, ..todo }, state, data);
    if latest > 0 {
        todo::recent(pen, Rect { y: todo.bottom() - latest, height: latest, ..todo }, state, data);
    }
}

fn percent(part: usize, whole: usize) -> Points {
    crate::domain::project::share(part, whole).unwrap_or(Points::ZERO)
}

fn strip_of_figures(pen: &mut Pen<'_>, panes: &[Rect], data: &Snapshot) {
    let lang = pen.lang;
    let tally = data.tally_of(None);
    let [must, stretch] = [Commitment::Must, Commitment::Stretch].map(|c| data.tally_of(Some(c)).total);
    let three = |pen: &mut Pen<'_>, r: Rect, first: String, bar: Points, last: String| {
        pen.put(r.x, r.y, r.width, &first, Role::Text);
        if r.height >= 3 {
            pen.bar(r.x, r.y + 1, r.width, bar, None);
            pen.put(r.x, r.y + 2, r.width, &last, Role::Dim);
        }
    };
    three(
        pen,
        panes[0],
        Text::MustAndStretch.fill(lang, &[&must, &stretch]),
        percent(tally.completed, tally.total),
        Text::ThreeCounts.fill(lang, &[&tally.completed, &tally.on_track, &tally.behind]),
    );
    if let Some([certified, provisional, unscored, all]) = certification(data, &pen.actor) {
        three(
            pen,
            panes[1],
            Text::OfItems.fill(lang, &[&certified, &all, &percent(certified, all).fixed(0)]),
            percent(certified, all),
            Text::ProvisionalAndUnscored.fill(lang, &[&provisional, &unscored]),
        );
    } else {
        no_board(pen, panes[1], data, BoardKind::Towns);
    }
    if let Some((_, votes)) = ballots(data, &pen.actor) {
        let (done, expected) = (votes.settled(), votes.expected);
        three(
            pen,
            panes[2],
            Text::OfItems.fill(lang, &[&done, &expected, &percent(done, expected).fixed(0)]),
            percent(done, expected),
            Text::MissingAndUnconfirmed.fill(lang, &[&votes.missing, &votes.unconfirmed]),
        );
    } else if data.newest_round().is_some_and(|r| data.pair_of(r).1.is_none()) {
        pen.put(panes[2].x, panes[2].y, panes[2].width, Text::NoObservation.in_lang(lang), Role::Dim);
    } else {
        no_board(pen, panes[2], data, BoardKind::Towns);
    }
    let [open, overdue, soon, closed] =
        [Chip::Open, Chip::Overdue, Chip::DueSoon, Chip::Closed].map(|chip| chip.count(data));
    three(
        pen,
        panes[3],
        Text::OpenAndOverdue.fill(lang, &[&open, &overdue]),
        percent(closed, closed + open),
        Text::ClosedAndSoon.fill(lang, &[&closed, &data.plan.rules.light.warn_days, &soon]),
    );
}

/// The tallies by status and commitment, then the red ones by name; answers the lines used.
fn tallies(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, focused: bool) -> u16 {
    let lang = pen.lang;
    let g = pen.theme.glyphs();
    let all = data.tally_of(None);
    let [must, stretch] = [Commitment::Must, Commitment::Stretch].map(|c| data.tally_of(Some(c)));
    let of = |t: &Tally, s: Status| match s {
        Status::Completed => t.completed,
        Status::OnTrack => t.on_track,
        Status::Behind => t.behind,
        Status::Unknown => t.unknown,
        Status::Excluded => t.excluded,
    };
    let statuses = [Status::Completed, Status::OnTrack, Status::Behind, Status::Unknown];
    let marks = [(g.completed, Role::Good), (g.on_track, Role::Text), (g.red, Role::Bad), (g.unknown, Role::Dim)];
    let bar = area.width.saturating_sub(BAR).min(24);
    let title = Text::ProjectsCount.fill(lang, &[&all.total]);
    let (a, b, c) = (Text::Total.in_lang(lang), Text::Must.in_lang(lang), Text::Stretch.in_lang(lang));
    pen.put(area.x, area.y, area.width, "", Role::Header);
    let role = if focused { Role::Selection } else { Role::Header };
    pen.put(area.x, area.y, super::width(&title).min(area.width), &title, role);
    for (i, t) in (0_u16..).zip([a, b, c]) {
        pen.right(area.x + 11 + 5 * i, area.y, 5, t, Role::Header);
    }
    for ((y, status), (mark, role)) in (area.y + 1..area.bottom()).zip(statuses).zip(marks) {
        pen.put(area.x, y, 2, mark, role);
        pen.put(area.x + 2, y, 9, status_name(status, lang), role);
        for (i, t) in (0_u16..).zip([&all, &must, &stretch]) {
            pen.right(area.x + 11 + 5 * i, y, 5, &of(t, status).to_string(), role);
        }
        if bar >= 5 {
            pen.bar(area.x + BAR, y, bar, all.rate(of(&all, status)).unwrap_or(Points::ZERO), None);
        }
    }
    let mut y = area.y + 5;
    for project in red_ones(data).iter().take(usize::from(area.height.saturating_sub(5).min(RED))) {
        let line = red_line(data, *project, lang);
        pen.put(area.x + 2, y, area.width.saturating_sub(2), &line, Role::Bad);
        y += 1;
    }
    y.saturating_sub(area.y).min(area.height)
}

/// A red project in one line: which, whose, where, and how late.
pub(super) fn red_line(data: &Snapshot, project: ProjectIx, lang: Lang) -> String {
    let (p, at) = (data.plan.project(project), data.board_date());
    let town = p.town_at(at).map_or_else(|| "--".to_owned(), |t| unit_name(data, t, lang));
    let days = data.standing(project).lag_days.unwrap_or(0);
    Text::RedProject.fill(lang, &[&short_id(data, &p.id), &unit_brief(data, p.headquarters_at(at), lang), &town, &days])
}

/// The projects with a red light, worst first.
pub(super) fn red_ones(data: &Snapshot) -> Vec<ProjectIx> {
    data.behind().into_iter().filter(|p| data.standing(*p).light == Some(Light::Red)).collect()
}

fn headquarters(pen: &mut Pen<'_>, area: Rect, data: &Snapshot) {
    let lang = pen.lang;
    let at = data.board_date();
    let units: Vec<_> = data.plan.units_of(UnitKind::Headquarters).collect();
    let columns = [
        name(Text::Headquarters.in_lang(lang), 14, 10),
        number(Text::Total.in_lang(lang), 6, 0),
        number(Text::StatusCompleted.in_lang(lang), 9, 0),
        number(Text::ChipOnTrack.in_lang(lang), 8, 0),
        number(Text::StatusBehind.in_lang(lang), 6, 0),
        number(Text::Red.in_lang(lang), 4, 0),
    ];
    let window = Window { len: units.len(), top: 0, selected: None, focused: false };
    table(pen, area, &columns, window, |i| {
        let t = data.tally(|p| data.plan.project(p).headquarters_at(at) == units[i]);
        let dash = |n: usize| if n == 0 { "-".to_owned() } else { n.to_string() };
        vec![
            (unit_name(data, units[i], lang), Role::Text),
            (t.total.to_string(), Role::Text),
            (t.completed.to_string(), Role::Good),
            (t.on_track.to_string(), Role::Text),
            (dash(t.behind), if t.behind > 0 { Role::Warn } else { Role::Dim }),
            (dash(t.behind_red), if t.behind_red > 0 { Role::Bad } else { Role::Dim }),
        ]
    });
}

/// What a board is called, with 预估 while its round is open.
pub(super) fn board_title(pen: &Pen<'_>, data: &Snapshot, kind: BoardKind) -> String {
    let lang = pen.lang;
    let name = match kind {
        BoardKind::Headquarters => Text::HeadquartersBoard,
        BoardKind::Towns => Text::TownsBoard,
    };
    let open =
        newest_seen(data, &pen.actor).is_some_and(|r| !board(data, r, kind).is_some_and(|b| b.state.is_frozen()));
    let estimate = if open { Text::Estimate.in_lang(lang) } else { "" };
    format!("{} {estimate}", name.in_lang(lang)).trim_end().to_owned()
}

/// The figure a board is ranked by, in words.
pub(super) fn measure_name(measure: Measure, lang: Lang) -> &'static str {
    match measure {
        Measure::Assessment => Text::Assessment,
        Measure::Observation => Text::Observation,
        Measure::Composite => Text::Composite,
    }
    .in_lang(lang)
}

/// Rank movement: its mark and number.
pub(super) fn movement(pen: &Pen<'_>, row: &crate::domain::board::BoardRow) -> Shown {
    match (row.delta, row.rank) {
        (None, None) => (String::new(), Role::Dim),
        (by, _) => super::rank::moved(pen.theme.glyphs(), pen.lang, by),
    }
}

/// Why there is no board: the round is not for this person, or nothing has been scored, and then how one gets there.
fn no_board(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, kind: BoardKind) {
    let round = if data.plan.district.rounds.is_empty() { Text::StepPlanRound } else { Text::StepScore };
    let texts: &[Text] = match kind {
        _ if data.newest_round().is_some() => &[Text::NotForYou],
        BoardKind::Headquarters => &[Text::FirstSteps, Text::StepImport, round, Text::StepSealRound],
        BoardKind::Towns => &[Text::NoScoresYet],
    };
    let lines: Vec<String> = texts.iter().flat_map(|t| wrapped(pen.say(*t), area.width, super::width)).collect();
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        pen.put(area.x, y, area.width, &line, Role::Dim);
    }
}

fn ranks(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, kind: BoardKind, focused: bool, titled: bool) {
    let lang = pen.lang;
    let Some(b) = newest_seen(data, &pen.actor).and_then(|r| board(data, r, kind)) else {
        no_board(pen, area, data, kind);
        return;
    };
    let b: &Board = b;
    // The title of the compact layout stands in the header; Column titles are static, so it is written over it.
    let columns: [Column; 4] = [
        number("", 2, 0),
        name(if titled { "" } else { Text::Unit.in_lang(lang) }, 10, 14),
        number(measure_name(b.measure, lang), 7, 0),
        text(Text::Change.in_lang(lang), 6, 0),
    ];
    let moves: Vec<Shown> = b.rows.iter().map(|r| movement(pen, r)).collect();
    let window = Window { len: b.rows.len(), top: 0, selected: None, focused: false };
    table(pen, area, &columns, window, |i| {
        let r = &b.rows[i];
        let unit = r.unit.map_or_else(|| Text::TownNotStated.in_lang(lang).to_owned(), |u| unit_name(data, u, lang));
        vec![
            (r.rank.map_or_else(|| "-".to_owned(), |n| n.to_string()), Role::Text),
            (unit, if r.rank.is_some() { Role::Text } else { Role::Dim }),
            (points(r.score), Role::Text),
            moves[i].clone(),
        ]
    });
    let title = if titled { board_title(pen, data, kind) } else { Text::Unit.in_lang(lang).to_owned() };
    let role = if focused { Role::Selection } else { Role::Header };
    let room = area.width.saturating_sub(16).min(super::width(&title));
    pen.put(area.x + if titled { 0 } else { 3 }, area.y, room, &title, role);
}

fn quotas(pen: &mut Pen<'_>, area: Rect, data: &Snapshot, focused: bool) -> u16 {
    let lang = pen.lang;
    let mut y = area.y;
    // Only the plan that is current; the others are on the page of the targets.
    for place in crate::app::screens::targets::plan_order(data).into_iter().take(1) {
        let (figures, plan) = (&data.quota_plans()[place], &data.plan.targets.quota_plans[place]);
        if y + 1 >= area.bottom() {
            break;
        }
        let columns = [
            name("", 15, 12),
            number(Text::Target.in_lang(lang), 5, 0),
            number(Text::Done.in_lang(lang), 4, 0),
            number(Text::Progress.in_lang(lang), 4, 0),
            number(Text::VersusPace.in_lang(lang), 7, 1),
        ];
        let window = Window { len: figures.tiers.len(), top: 0, selected: None, focused: false };
        let height = u16::try_from(figures.tiers.len() + 1).unwrap_or(3).min(area.bottom() - y);
        table(pen, Rect { y, height, ..area }, &columns, window, |i| {
            let cell = &figures.tiers[i].district;
            let label = &plan.tiers[i].label;
            let label = if i == 0 { label.clone() } else { format!("  {}", Text::OfWhich.fill(lang, &[label])) };
            let (target, done, progress, versus) = super::targets::quota_cell(cell, figures.pace, lang);
            vec![(label, Role::Text), target, done, progress, versus]
        });
        let title = super::targets::plan_name(data, plan);
        let role = if focused { Role::Selection } else { Role::Header };
        pen.put(area.x, y, super::width(title).min(area.width.saturating_sub(24)), title, role);
        y += height;
    }
    if data.quota_plans().is_empty() && area.height > 0 {
        pen.put(area.x, y, area.width, Text::NoQuotas.in_lang(lang), Role::Dim);
        y += 1;
    }
    y - area.y
}

/// Above, equal, below: in words.
pub(super) fn versus_city(v: Option<VersusCity>, lang: Lang) -> Shown {
    match v {
        Some(VersusCity::Above) => (Text::Above.in_lang(lang).to_owned(), Role::Good),
        Some(VersusCity::Equal) => (Text::Equal.in_lang(lang).to_owned(), Role::Text),
        Some(VersusCity::Below) => (Text::Below.in_lang(lang).to_owned(), Role::Bad),
        None => ("--".to_owned(), Role::Dim),
    }
}

fn indicators(pen: &mut Pen<'_>, area: Rect, data: &Snapshot) -> u16 {
    let lang = pen.lang;
    let all = data.indicators();
    if all.is_empty() || area.height < 2 {
        return 0;
    }
    let columns = [
        name("", 14, 10),
        number(Text::Amount.in_lang(lang), 11, 2),
        number(Text::Growth.in_lang(lang), 5, 0),
        number(Text::City.in_lang(lang), if lang == Lang::Zh { 4 } else { 5 }, 1),
    ];
    let window = Window { len: all.len(), top: 0, selected: None, focused: false };
    let height = u16::try_from(all.len() + 1).unwrap_or(area.height).min(area.height);
    table(pen, Rect { height, ..area }, &columns, window, |i| {
        super::targets::indicator_row(data, i, crate::domain::value::MoneyUnit::BySize, lang)[..4].to_vec()
    });
    let title = Text::Indicators.in_lang(lang);
    pen.put(area.x, area.y, super::width(title).min(14), title, Role::Header);
    height
}
