//! Around the matrix: what is outside the window, why single ballots are hidden, the ballot under the cursor.

use ratatui::layout::Rect;

use super::Matrix;
use crate::app::grid::Sheet;
use crate::app::screens::ballots::{Ballots, Cell};
use crate::domain::round::RoundState;
use crate::domain::value::Lang;
use crate::domain::words::Word;
use crate::text::Text;
use crate::tui::fit::width;
use crate::tui::theme::Role;
use crate::tui::view::{Pen, project_name, trail, unit_name};

/// Sites by their numbers.
fn sites(lang: Lang, first: usize, last: usize) -> String {
    if first == last { Text::OneSite.fill(lang, &[&first]) } else { Text::Sites.fill(lang, &[&first, &last]) }
}

/// Which row this is, and which sites are outside the window.
pub(super) fn outside(pen: &mut Pen<'_>, line: Rect, state: &Ballots, left: usize, columns: usize, m: &Matrix<'_>) {
    let lang = pen.lang;
    let mut text = format!("{}/{}", state.grid.row.place() + 1, state.grid.rows.len());
    if left > 0 {
        text += "   ";
        text += &Text::MoreLeft.fill(lang, &[&left, &sites(lang, 1, left)]);
    }
    let (next, all) = (left + columns, state.grid.columns.len());
    if next < all {
        text += "   ";
        text += &Text::MoreRight.fill(lang, &[&(all - next), &sites(lang, next + 1, all)]);
    }
    let rule = &m.data().plan.rules.observation;
    let bounds = Text::BallotRange.fill(lang, &[&rule.range.min.short(), &rule.range.max.short(), &rule.step.short()]);
    pen.put(line.x + 1, line.y, line.width.saturating_sub(2), &text, Role::Text);
    let room = width(&bounds);
    if width(&text) + room + 4 <= line.width {
        pen.right(line.right().saturating_sub(room + 1), line.y, room, &bounds, Role::Dim);
    }
}

/// Legend of the marks, and what the keys do; where nothing can be typed, why.
pub(super) fn legend(pen: &mut Pen<'_>, area: Rect, state: &Ballots, m: &Matrix<'_>) {
    let tip = match state.cell().and_then(|cell| m.paper.may(cell).err()) {
        Some(why) => {
            let text = if state.writes(m.sight) { Text::BallotNotTyped } else { Text::BallotLook };
            text.both2(&[&why.zh], &[&why.en])
        }
        None if state.second => Text::SecondTip.both(&[]),
        None => Text::BallotTip.both(&[]),
    };
    for (y, text) in (area.y..area.bottom()).zip([Text::BallotLegend.both(&[]), tip]) {
        pen.put(area.x, y, area.width, text.in_lang(pen.lang), Role::Dim);
    }
}

/// What to know about the ballot under the cursor, and the changes of this session, newest first.
pub(super) fn news(pen: &mut Pen<'_>, area: Rect, state: &Ballots, m: &Matrix<'_>) {
    let mut lines: Vec<(String, Role)> = about(pen, state, m).into_iter().collect();
    let elsewhere = state.grid.invalid.iter().filter(|(cell, _)| Some(**cell) != state.cell());
    lines.extend(elsewhere.map(|(_, i)| (format!("! {}", i.why.in_lang(pen.lang)), Role::Bad)));
    let arrow = pen.theme.glyphs().arrow.trim_end();
    lines.extend(state.grid.recent.iter().map(|r| {
        let name = m.paper.name(r.cell);
        let (mark, seq) = match r.seq {
            Some(seq) => (" ", format!("#{seq}")),
            None => ("+", pen.say(Text::OnItsWay).to_owned()),
        };
        (format!("{mark} {}  {}   {seq}", name.in_lang(pen.lang), r.change(arrow)), Role::Text)
    }));
    if lines.is_empty() {
        lines.push((pen.say(Text::NothingChangedYet).to_owned(), Role::Dim));
    }
    lines.retain(|(line, _)| !pen.tells(line));
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
}

/// Why ballots are hidden; what differs, is refused or cannot be typed under the cursor.
fn about(pen: &Pen<'_>, state: &Ballots, m: &Matrix<'_>) -> Option<(String, Role)> {
    if m.seen.iter().all(|seen| !seen) {
        let open = m.data().round_state(m.round()) == RoundState::Open;
        return Some((pen.say(if open { Text::CountsOnlyOpen } else { Text::CountsOnly }).to_owned(), Role::Bad));
    }
    let cell = state.cell()?;
    if let Some((first, second)) = state.differs(cell, &m.paper) {
        let (name, who) = (m.paper.name(cell), first_by(cell, m));
        let line = Text::BothEntries.fill(pen.lang, &[&name.in_lang(pen.lang), &first.short(), &who, &second.short()]);
        return Some((format!("! {line}"), Role::Bad));
    }
    if let Some(invalid) = state.grid.invalid.get(&cell) {
        return Some((format!("! {}", invalid.why.in_lang(pen.lang)), Role::Bad));
    }
    if m.paper.vote(cell).recused {
        let judge = &m.data().plan.district.judges[cell.0.at()];
        let unit = judge.home_unit.map_or_else(String::new, |u| unit_name(m.data(), u, pen.lang));
        let line = Text::RecusedBecause.fill(pen.lang, &[&judge.id, &state.order(cell.1), &unit]);
        return Some((line, Role::Text));
    }
    None
}

/// Who entered a ballot first, by name.
fn first_by(cell: Cell, m: &Matrix<'_>) -> String {
    let login = m.paper.vote(cell).kept.and_then(|k| k.value.entered_by.as_deref()).unwrap_or("--");
    m.data().plan.person(login).map_or(login, |p| p.name.as_str()).to_owned()
}

/// What is known of the ballot under the cursor.
pub(super) fn side_pane(pen: &mut Pen<'_>, area: Rect, state: &Ballots, m: &Matrix<'_>) {
    let Some(cell) = state.cell() else { return };
    let (data, lang) = (m.data(), pen.lang);
    let judge = &data.plan.district.judges[cell.0.at()];
    let home = judge.home_unit.map_or_else(|| "--".to_owned(), |u| unit_name(data, u, lang));
    let at = data.round_date(m.round());
    let mut lines = vec![
        (format!("{}  {}", judge.id, judge.label), Role::Title),
        (Text::HomeUnit.fill(lang, &[&home]), Role::Text),
        (String::new(), Role::Text),
        (Text::SiteTitle.fill(lang, &[&state.order(cell.1), &data.plan.project(cell.1).id]), Role::Title),
        (project_name(data, cell.1).to_owned(), Role::Text),
        (unit_name(data, data.plan.project(cell.1).headquarters_at(at), lang), Role::Text),
        (String::new(), Role::Text),
    ];
    let vote = m.paper.vote(cell);
    match vote.kept {
        _ if !m.sees(state, cell.1) => lines.push((pen.say(Text::CountsOnlyShort).to_owned(), Role::Dim)),
        _ if vote.recused => lines.push((pen.say(Text::RecusedByRule).to_owned(), Role::Text)),
        None => lines.push((pen.say(Text::NotEntered).to_owned(), Role::Dim)),
        Some(kept) => {
            let differs = state.differs(cell, &m.paper);
            let score = match kept.value.score {
                Some(_) if m.paper.is_blind(cell) && differs.is_none() => format!("  {}", pen.say(Text::BallotBlind)),
                score => score.map_or_else(String::new, |p| format!("  {}", p.short())),
            };
            lines.push((format!("{}{score}", kept.value.state.word(lang)), Role::Title));
            if let Some((_, second)) = differs {
                lines.push((Text::SecondTyped.fill(lang, &[&second.short()]), Role::Bad));
            }
            if kept.value.entered_by.is_some() {
                lines.push((Text::FirstBy.fill(lang, &[&first_by(cell, m)]), Role::Dim));
            }
            let seen = !m.paper.is_blind(cell) || differs.is_some();
            let entries = if seen { state.trail.entries(&m.paper.subject(cell)) } else { &[] };
            let entered = trail::lines(pen, entries, data);
            if entered.is_empty() {
                lines.push((format!("#{}", kept.seq), Role::Dim));
            }
            lines.extend(entered);
        }
    }
    let votes = data.votes_of_site(m.round(), cell.1);
    lines.push((String::new(), Role::Text));
    lines.push((Text::SiteCounts.fill(lang, &[&votes.settled(), &votes.expected, &votes.unconfirmed]), Role::Text));
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
}
