//! 评分：打分票. The matrix with its sums; below it and beside it what is known of the ballot under the cursor.

use ratatui::layout::Rect;

use super::{NARROW, Panes, Pen, WIDE, paste, project_name, short_id};
use crate::app::screen::{Sight, may_see};
use crate::app::screens::ballots::paper::{Paper, brief};
use crate::app::screens::ballots::{Ballots, Cell};
use crate::domain::district::{JudgeIx, ProjectIx, RoundIx};
use crate::domain::panel::BallotState;
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Points;
use crate::domain::votes::Votes;
use crate::domain::words::Word;
use crate::text::Text;
use crate::tui::fit::{put, put_right, width};
use crate::tui::theme::Role;

mod notes;

use notes::{legend, news, outside, side_pane};

/// Cells of a column: five of the score, one of its mark.
const CELL: u16 = 6;
/// Cells of the sums at the right: rule, how many are in, the judge's own mean.
const SUMS: u16 = 14;
/// Lines below the rows: two of the foot of the columns, what is outside the window.
const FOOT: u16 = 3;

/// The mark of what waits for a second person.
const UNCONFIRMED: &str = "~";
/// Two entries of one ballot that differ.
const DIFFERENT: &str = "<>";

/// Text, mark and role of a cell.
struct Shown {
    text: String,
    mark: &'static str,
    role: Role,
}

/// Decimals of the scores.
fn places(step: Points) -> usize {
    if step.0 % 100 == 0 {
        0
    } else if step.0 % 10 == 0 {
        1
    } else {
        2
    }
}

/// What the matrix is drawn from.
struct Matrix<'a> {
    sight: &'a Sight<'a>,
    paper: Paper<'a>,
    /// For each site whether the person may see single ballots.
    seen: Vec<bool>,
}

impl<'a> Matrix<'a> {
    fn data(&self) -> &'a Snapshot {
        self.sight.data
    }

    fn round(&self) -> RoundIx {
        self.paper.round
    }

    fn sees(&self, state: &Ballots, site: ProjectIx) -> bool {
        state.grid.columns.iter().position(|s| *s == site).is_some_and(|i| self.seen[i])
    }

    fn shown(&self, state: &Ballots, cell: Cell) -> Shown {
        let (lang, grid) = (self.sight.lang, &state.grid);
        let show = |text: &str, mark, role| Shown { text: text.to_owned(), mark, role };
        if !self.sees(state, cell.1) {
            return show(Text::BallotHidden.in_lang(lang), " ", Role::Dim);
        }
        if state.differs(cell, &self.paper).is_some() {
            return show(DIFFERENT, "!", Role::Invalid);
        }
        if let Some(typed) = grid.on_its_way(cell) {
            return show(typed, "+", Role::Changed);
        }
        if let Some(invalid) = grid.invalid.get(&cell) {
            return show(&invalid.typed, "!", Role::Invalid);
        }
        if let Some(typed) = grid.prompt.as_ref().and_then(|p| p.waits(cell)) {
            return show(typed, " ", Role::Changed);
        }
        let vote = self.paper.vote(cell);
        if vote.recused {
            return show(brief(BallotState::Recused).in_lang(lang), " ", Role::Dim);
        }
        let rule = &self.data().plan.rules.observation;
        let mark = if vote.is_unconfirmed() { UNCONFIRMED } else { " " };
        let role = if grid.fresh.contains(&cell) { Role::Changed } else { Role::Text };
        match vote.kept.map(|k| &k.value) {
            None => show(Text::BallotNone.in_lang(lang), " ", Role::Dim),
            Some(_) if self.paper.is_blind(cell) => show(Text::BallotBlind.in_lang(lang), mark, Role::Dim),
            Some(b) => match b.score {
                Some(score) => show(&score.fixed(places(rule.step)), mark, role),
                None => show(brief(b.state).in_lang(lang), " ", role),
            },
        }
    }

    /// The mean of a judge's own scores, where the person may see all of them and no second entry is to be blind.
    fn own_mean(&self, state: &Ballots, judge: JudgeIx) -> Option<Points> {
        let hidden = |site: &ProjectIx| self.paper.is_blind((judge, *site));
        let all = self.seen.iter().all(|seen| *seen) && !state.grid.columns.iter().any(hidden);
        if all { self.data().own_mean(self.round(), judge) } else { None }
    }
}

/// Draws the ballot matrix, and over it what a paste would change.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Ballots, sight: &Sight<'_>) {
    let Some(paper) = state.paper(sight) else { return };
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let seen = state.grid.columns.iter().map(|s| paper.sees(*s)).collect();
    matrix(pen, area, state, &Matrix { sight, paper, seen });
    paste::view(pen, body, &mut state.grid, &paper);
}

fn matrix(pen: &mut Pen<'_>, area: Rect, state: &mut Ballots, matrix: &Matrix<'_>) {
    let sight = matrix.sight;
    let allowed = may_see(sight.data, sight.actor, matrix.round());
    bar(pen, area, state, matrix, allowed);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    if !allowed {
        super::not_for_you(pen, area);
        return;
    }
    let why_not = if state.grid.rows.is_empty() && !state.search.text().is_empty() {
        Some(Text::NothingFound.fill(pen.lang, &[&state.search.text()]))
    } else if state.grid.columns.is_empty() || state.grid.rows.is_empty() {
        Some(pen.say(Text::NoSites).to_owned())
    } else {
        None
    };
    if let Some(why) = why_not {
        pen.put(body.x + 1, body.y, body.width.saturating_sub(1), &why, Role::Dim);
        return;
    }
    // Panes need room for their borders.
    if area.width < WIDE || body.height < 10 {
        let notes = if body.height >= 14 { 3 } else { 0 };
        let used = draw(pen, Rect { height: body.height.saturating_sub(notes), ..body }, state, matrix);
        let rest = Rect { x: body.x + 1, y: body.y + used, width: body.width.saturating_sub(2), height: 1 };
        if notes > 0 {
            news(pen, rest, state, matrix);
            legend(pen, Rect { y: rest.y + 1, height: 2, ..rest }, state, matrix);
        }
        return;
    }
    let mut panes = Panes::default();
    let low = (body.height / 5).clamp(4, 8);
    let side = 30;
    let top = (body.height + 1).saturating_sub(low);
    let count = Text::SitesAndJudges.fill(pen.lang, &[&state.grid.columns.len(), &state.grid.rows.len()]);
    let left = Rect { width: body.width - side + 1, height: top, ..body };
    let grid = panes.add(left, pen.say(Text::Ballots), count);
    let right = Rect { x: body.right() - side, width: side, height: top, ..body };
    let cell = panes.add(right, pen.say(Text::ThisCell), "");
    let low = Rect { y: body.y + top - 1, height: low, ..body };
    let low = panes.add(low, pen.say(Text::RecentHere), pen.say(Text::AllRecords));
    panes.draw(pen);
    let matrix_height = grid.height.saturating_sub(2);
    let used = draw(pen, Rect { x: grid.x - 1, width: grid.width + 1, height: matrix_height, ..grid }, state, matrix);
    legend(pen, Rect { y: grid.y + used, height: 2.min(grid.height.saturating_sub(used)), ..grid }, state, matrix);
    side_pane(pen, cell, state, matrix);
    news(pen, low, state, matrix);
}

/// Row 1: what is shown, the cell, how far the round is.
fn bar(pen: &mut Pen<'_>, area: Rect, state: &Ballots, m: &Matrix<'_>, allowed: bool) {
    let (data, lang) = (m.data(), pen.lang);
    let round = data.plan.round(m.round());
    let name = if state.selecting { format!("< {} >", round.id) } else { format!(" {} ", round.id) };
    let x = pen.put(area.x + 1, area.y, width(pen.say(Text::Ballots)), pen.say(Text::Ballots), Role::Title);
    let role = if state.selecting { Role::Selection } else { Role::Title };
    let mut x = pen.put(x, area.y, width(&name), &name, role) + 1;
    if state.second {
        let word = format!(" {} ", pen.say(Text::HelpSecondEntry));
        x = pen.put(x, area.y, width(&word), &word, Role::Selection) + 1;
    }
    if !state.search.text().is_empty() {
        let chip = format!("[/ {}]", state.search.text());
        x = pen.put(x, area.y, width(&chip).min(24), &chip, Role::Title) + 1;
    }
    let room = area.right().saturating_sub(x + 1);
    let round_state = data.round_state(m.round());
    if !allowed {
        return;
    }
    let votes = data.votes(m.round());
    let mut counts = Text::BallotCounts.fill(lang, &[&votes.settled(), &votes.expected, &votes.confirmed]);
    if state.second {
        counts = Text::SecondCounts.fill(lang, &[&votes.unconfirmed, &votes.confirmed]);
    } else if let Some(judge) = state.grid.row.item() {
        let own = data.votes_of_judge(m.round(), judge);
        counts += &Text::BallotOwnCount.fill(lang, &[&own.settled(), &own.expected]);
    }
    let end = width(&counts).min(room);
    pen.right(area.right().saturating_sub(end + 1), area.y, end, &counts, Role::Title);
    let room = room.saturating_sub(end + 1);
    if round_state != RoundState::Open {
        let line = Text::RoundReadOnly.fill(lang, &[&"", &round_state.word(lang)]);
        pen.put(x, area.y, room, line.trim_start(), Role::Bad);
    } else if let Some((judge, site)) = state.cell() {
        let project = data.plan.project(site);
        let mut cell = Text::BallotCell
            .fill(lang, &[&data.plan.district.judges[judge.at()].id, &state.order(site), &short_id(data, &project.id)]);
        let named = format!("{cell} {}", project_name(data, site));
        if width(&named) <= room {
            cell = named;
        }
        pen.put(x, area.y, room, &cell, Role::Title);
    }
}

/// Where the columns stand.
struct Layout {
    judge: u16,
    columns: usize,
    sums: bool,
}

fn layout(room: u16, names: u16, sites: usize) -> Layout {
    let judge = 1 + names.clamp(4, 8) + 1;
    let sums = room >= NARROW;
    let free = room.saturating_sub(judge + if sums { SUMS } else { 0 });
    Layout { judge, columns: usize::from(free / CELL).clamp(1, sites.max(1)), sums }
}

/// Header, rows, foot of the columns, what is outside the window; answers the lines used.
fn draw(pen: &mut Pen<'_>, area: Rect, state: &mut Ballots, m: &Matrix<'_>) -> u16 {
    if area.height < 2 {
        return 0;
    }
    let (data, lang) = (m.data(), pen.lang);
    let ids = data.plan.district.judges.iter().map(|j| width(&j.id)).max().unwrap_or(3);
    let l = layout(area.width, ids, state.grid.columns.len());
    let foot = if area.height > 2 * FOOT { FOOT } else { 0 };
    let rows = usize::from(area.height - 1 - foot);
    let left = state.grid.column.scroll(state.grid.columns.len(), l.columns);
    let top = state.grid.row.scroll(state.grid.rows.len(), rows);
    let shown: Vec<ProjectIx> = state.grid.columns.iter().copied().skip(left).take(l.columns).collect();
    let at = |i: u16| area.x + l.judge + i * CELL;
    pen.put(area.x, area.y, area.width, "", Role::Header);
    pen.put(area.x + 1, area.y, l.judge - 1, pen.say(Text::Judge), Role::Header);
    for (i, site) in (0..).zip(&shown) {
        let title = Text::SiteNumber.fill(lang, &[&state.order(*site)]);
        pen.right(at(i), area.y, CELL - 1, &title, Role::Header);
    }
    let end = at(u16::try_from(shown.len()).unwrap_or(1));
    if l.sums {
        let upright = pen.theme.glyphs().upright;
        pen.put(end, area.y, 1, upright, Role::Header);
        pen.right(end + 1, area.y, 6, pen.say(Text::BallotsIn), Role::Header);
        pen.right(end + 7, area.y, 6, pen.say(Text::OwnMean), Role::Header);
    }
    let visible: Vec<(usize, JudgeIx)> = state.grid.rows.iter().copied().enumerate().skip(top).take(rows).collect();
    for (y, (i, judge)) in (area.y + 1..).zip(&visible) {
        let line = Rect { y, height: 1, ..area };
        row(pen, line, state, m, *judge, *i == state.grid.row.place(), (&l, &shown, end));
    }
    let mut y = area.y + 1 + u16::try_from(visible.len()).unwrap_or(0);
    if foot > 0 {
        columns_foot(pen, Rect { y, height: 2, ..area }, m, (&l, &shown, end));
        y += 2;
        outside(pen, Rect { y, height: 1, ..area }, state, left, shown.len(), m);
        y += 1;
    }
    y - area.y
}

/// One judge.
fn row(
    pen: &mut Pen<'_>,
    line: Rect,
    state: &Ballots,
    m: &Matrix<'_>,
    judge: JudgeIx,
    here: bool,
    (l, shown, end): (&Layout, &[ProjectIx], u16),
) {
    let data = m.data();
    let focused = here && !state.selecting;
    let style = |pen: &Pen<'_>, role| if focused { pen.theme.selected(role) } else { pen.theme.style(role) };
    let (x, y, base) = (line.x, line.y, style(pen, Role::Text));
    put(pen.buf, x, y, line.width, "", base);
    put(pen.buf, x, y, 1, if here { pen.theme.glyphs().cursor } else { " " }, base);
    put(pen.buf, x + 1, y, l.judge - 1, &data.plan.district.judges[judge.at()].id, base);
    for (i, site) in (0_u16..).zip(shown) {
        let at = x + l.judge + i * CELL;
        let cell = m.shown(state, (judge, *site));
        let s = if state.grid.in_range((judge, *site)) { pen.theme.selected(cell.role) } else { style(pen, cell.role) };
        let editor = state.grid.editor.as_ref().filter(|e| e.cell == (judge, *site));
        if let Some(editor) = editor {
            let plain = pen.theme.style(Role::Title);
            put(pen.buf, at - 1, y, 1, "[", plain);
            pen.field(at, y, CELL - 1, &editor.field);
            put(pen.buf, at + CELL - 1, y, 1, "]", plain);
        } else if focused && Some(*site) == state.grid.column.item() {
            let plain = pen.theme.style(Role::Title);
            put(pen.buf, at, y, 1, "[", plain);
            put_right(pen.buf, at + 1, y, CELL - 2, &cell.text, pen.theme.style(cell.role).patch(plain));
            let close = if cell.mark == " " { "]" } else { cell.mark };
            put(pen.buf, at + CELL - 1, y, 1, close, plain);
        } else {
            put_right(pen.buf, at, y, CELL - 1, &cell.text, s);
            put(pen.buf, at + CELL - 1, y, 1, cell.mark, s);
        }
    }
    if l.sums {
        let votes = data.votes_of_judge(m.round(), judge);
        let mean = m.own_mean(state, judge);
        put(pen.buf, end, y, 1, pen.theme.glyphs().upright, style(pen, Role::Dim));
        let role = if votes.missing == 0 { Role::Text } else { Role::Warn };
        put_right(pen.buf, end + 1, y, 6, &of(votes.settled(), votes.expected), style(pen, role));
        let mean = mean.map_or_else(|| "--".to_owned(), |p| p.fixed(2));
        put_right(pen.buf, end + 7, y, 6, &mean, style(pen, Role::Text));
    }
}

fn of(part: usize, whole: usize) -> String {
    format!("{part}/{whole}")
}

/// How many ballots each site has, and how many of them wait for a second person.
fn columns_foot(pen: &mut Pen<'_>, area: Rect, m: &Matrix<'_>, (l, shown, end): (&Layout, &[ProjectIx], u16)) {
    let double = m.data().plan.rules.observation.double_entry;
    let votes: Vec<Votes> = shown.iter().map(|s| m.data().votes_of_site(m.round(), *s)).collect();
    for (y, waits) in (area.y..area.bottom()).zip([false, true]) {
        pen.put(area.x, y, area.width, "", Role::Dim);
        if waits && !double {
            return;
        }
        let title = if waits { UNCONFIRMED } else { pen.say(Text::BallotsIn) };
        pen.put(area.x + 1, y, l.judge - 1, title, Role::Dim);
        for (i, v) in (0_u16..).zip(&votes) {
            let (text, open) = if waits {
                (v.unconfirmed.to_string(), v.unconfirmed)
            } else {
                (of(v.settled(), v.expected), v.missing)
            };
            let role = if open == 0 { Role::Dim } else { Role::Warn };
            pen.right(area.x + l.judge + i * CELL, y, CELL - 1, &text, role);
        }
        if l.sums {
            pen.put(end, y, 1, pen.theme.glyphs().upright, Role::Dim);
        }
    }
}
