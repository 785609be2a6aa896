//! 榜单. Who is where, why, what closes the gap, and what would be if.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::place::Place;
use crate::app::remembered::View;
use crate::app::screen::{
    Context, Message, Screen, Sight, Tab, Wish, about_project, may_see, may_see_project, newest_seen,
};
use crate::domain::board::{Board, BoardRow};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx};
use crate::domain::explain::Question;
use crate::domain::gap::Gap;
use crate::domain::project::BoardKind;
use crate::domain::round::RoundState;
use crate::domain::score::ProjectScore;
use crate::domain::snapshot::Snapshot;
use crate::text::Text;

use what_if::WhatIf;

mod copied;
pub mod what_if;

/// What the towns' board is called in the state folder.
const TOWNS: &str = "towns";

/// So many rounds of the past a trend goes back.
const TREND: usize = 6;

/// 得分构成 of one row: the projects of a unit with their scores.
#[derive(Debug)]
pub struct MakeUp {
    /// Whose; none is the row 未注明.
    pub unit: Option<UnitIx>,
    /// The project.
    pub cursor: Cursor<ProjectIx>,
}

/// What the gap of a row was computed from: entry, day, board and row.
type GapOf = (u64, crate::domain::value::Date, RoundIx, BoardKind, Option<UnitIx>);

/// 榜单
#[derive(Debug)]
pub struct Boards {
    /// The round; either of a pair.
    pub round: Option<RoundIx>,
    chosen: bool,
    /// The board with the focus.
    pub focus: BoardKind,
    /// The row of the headquarters' board; no unit = 未注明.
    pub headquarters: Cursor<Option<UnitIx>>,
    /// The row of the towns' board.
    pub towns: Cursor<Option<UnitIx>>,
    /// 趋势 in the place of the make-up.
    pub trend: bool,
    /// 只看变化
    pub changes_only: bool,
    /// 得分构成 that was opened.
    pub opened: Option<MakeUp>,
    /// 试算, while it lasts.
    pub what_if: Option<WhatIf>,
    gap: Option<(GapOf, Option<Gap>)>,
}

impl Default for Boards {
    fn default() -> Self {
        Self {
            round: None,
            chosen: false,
            focus: BoardKind::Headquarters,
            headquarters: Cursor::default(),
            towns: Cursor::default(),
            trend: false,
            changes_only: false,
            opened: None,
            what_if: None,
            gap: None,
        }
    }
}

/// The board of a kind in the round, by its default measure.
#[must_use]
pub fn board(data: &Snapshot, round: RoundIx, kind: BoardKind) -> Option<&Board> {
    data.board(round, kind, data.default_measure(round))
}

/// Areas with quotas that no board ranks: the headquarters' board names them all the same.
#[must_use]
pub fn areas(data: &Snapshot) -> Vec<UnitIx> {
    use crate::domain::district::UnitKind;
    let quotas = || data.quota_plans().iter().flat_map(|p| &p.rows).filter_map(|r| r.unit);
    data.plan.units_of(UnitKind::Area).filter(|u| !data.plan.unit(*u).ranked && quotas().any(|q| q == *u)).collect()
}

/// Rounds to choose from: of a pair only the assessment round.
fn rounds(data: &Snapshot) -> Vec<RoundIx> {
    use crate::domain::district::RoundKind;
    (0_u16..)
        .zip(&data.plan.district.rounds)
        .map(|(i, r)| (RoundIx(i), r))
        .filter(|(ix, r)| r.kind == RoundKind::Assessment || data.pair(*ix).is_none())
        .map(|(ix, _)| ix)
        .collect()
}

impl Boards {
    /// The cursor of a board.
    pub fn cursor(&mut self, kind: BoardKind) -> &mut Cursor<Option<UnitIx>> {
        match kind {
            BoardKind::Headquarters => &mut self.headquarters,
            BoardKind::Towns => &mut self.towns,
        }
    }

    /// The unit under the cursor of the board with the focus.
    #[must_use]
    pub fn selected(&self) -> Option<Option<UnitIx>> {
        match self.focus {
            BoardKind::Headquarters => self.headquarters.item(),
            BoardKind::Towns => self.towns.item(),
        }
    }

    /// Shows a round.
    pub fn show_round(&mut self, round: RoundIx, sight: &Sight<'_>) {
        // A pair has one board: that of its assessment round.
        let all = rounds(sight.data);
        let shown = if all.contains(&round) { Some(round) } else { sight.data.plan.pair(round) };
        self.round = shown.or(Some(round));
        self.chosen = true;
        self.refresh(sight);
    }

    /// Points at a unit on its board.
    pub fn show_unit(&mut self, unit: UnitIx, kind: BoardKind, sight: &Sight<'_>) {
        self.focus = kind;
        let list = self.units(sight.data, kind);
        self.cursor(kind).point(&list, Some(unit));
    }

    /// The rows of a board that are shown, with their places on it: all, or those whose rank is another than before.
    #[must_use]
    pub fn rows<'a>(&self, board: &'a Board) -> Vec<(usize, &'a BoardRow)> {
        let moved = |r: &BoardRow| r.rank.is_some() && r.delta != Some(0);
        board.rows.iter().enumerate().filter(|(_, r)| !self.changes_only || moved(r)).collect()
    }

    fn units(&self, data: &Snapshot, kind: BoardKind) -> Vec<Option<UnitIx>> {
        let board = self.round.and_then(|r| board(data, r, kind));
        board.map(|b| self.rows(b).iter().map(|(_, r)| r.unit).collect()).unwrap_or_default()
    }

    /// The rounds of a trend up to the one that is shown, oldest first, as far as the person may see them.
    #[must_use]
    pub fn trend_rounds(&self, sight: &Sight<'_>) -> Vec<RoundIx> {
        let data = sight.data;
        let Some(shown) = self.round else { return Vec::new() };
        let until = data.plan.round(shown).as_of;
        let mut all = rounds(data);
        all.retain(|r| data.plan.round(*r).kind == data.plan.round(shown).kind && data.plan.round(*r).as_of <= until);
        all.retain(|r| data.round_state(*r) != RoundState::Draft && may_see(data, sight.actor, *r));
        all.sort_by_key(|r| data.plan.round(*r).as_of);
        all.split_off(all.len().saturating_sub(TREND))
    }

    /// The gap of the row under the cursor: computed when the row or the data is another one, since it tries several
    /// boards.
    pub fn gap(&mut self, data: &Snapshot) -> Option<&Gap> {
        let (round, unit) = (self.round?, self.selected()?);
        let of = (data.facts.seq, data.day(), round, self.focus, unit);
        if self.gap.as_ref().is_none_or(|(known, _)| *known != of) {
            let board = board(data, round, self.focus)?;
            let place = board.rows.iter().position(|r| r.unit == unit)?;
            self.gap = Some((of, data.gap(board, place)));
        }
        self.gap.as_ref().and_then(|(_, gap)| gap.as_ref())
    }

    /// Another view is gone to: what was opened and what was tried is no more.
    pub fn leave(&mut self) {
        (self.opened, self.what_if) = (None, None);
    }

    /// Whether a number is being typed.
    #[must_use]
    pub fn typing(&self) -> bool {
        self.what_if.as_ref().is_some_and(|w| w.field.is_some() && w.picker.is_none())
    }

    fn try_out(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let seen = self.round.filter(|r| may_see(sight.data, sight.actor, *r));
        match seen.and_then(|r| board(sight.data, r, self.focus)) {
            Some(board) => self.what_if = Some(WhatIf::new(sight.data, board, self.selected().flatten())),
            None => return vec![Wish::Say(Message::plain(Text::NothingToTry.both(&[])))],
        }
        Vec::new()
    }

    /// Opens the projects behind the row under the cursor.
    fn open(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let seen = self.round.filter(|r| may_see(sight.data, sight.actor, *r));
        let Some((unit, board)) = self.selected().zip(seen.and_then(|r| board(sight.data, r, self.focus))) else {
            return Vec::new();
        };
        // Whoever may see the totals of a unit only does not see its projects.
        let all = made_of(sight.data, board, unit);
        if let Some(round) = sight.data.pair_of(board.round).0
            && !all.iter().all(|p| may_see_project(sight.data, sight.actor, round, *p))
        {
            return vec![Wish::Say(Message::plain(Text::NotForYou.both(&[])))];
        }
        let mut cursor = Cursor::default();
        cursor.go(&all, 0);
        self.opened = Some(MakeUp { unit, cursor });
        Vec::new()
    }

    fn update_opened(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(board) = self.round.and_then(|r| board(sight.data, r, self.focus)) else { return Vec::new() };
        let Some(opened) = &mut self.opened else { return Vec::new() };
        let list = made_of(sight.data, board, opened.unit);
        match action {
            Action::Back => self.opened = None,
            Action::Open => return opened.cursor.item().map(Wish::Dossier).into_iter().collect(),
            Action::Related => return opened.unit.map(Wish::Unit).into_iter().collect(),
            Action::Copy | Action::CopyTable => return vec![Wish::Copy(copied::make_up(sight, board, opened.unit))],
            action => {
                opened.cursor.take(action, &list);
            }
        }
        Vec::new()
    }

    fn swap(&mut self) {
        self.focus = match self.focus {
            BoardKind::Headquarters => BoardKind::Towns,
            BoardKind::Towns => BoardKind::Headquarters,
        };
    }

    fn step(&mut self, data: &Snapshot, by: isize) {
        let (kind, list) = (self.focus, self.units(data, self.focus));
        let place = self.cursor(kind).place();
        // The two boards stand one above the other: past the end of one the other begins.
        if by > 0 && place + 1 >= list.len() && kind == BoardKind::Headquarters {
            self.swap();
            let towns = self.units(data, BoardKind::Towns);
            self.towns.go(&towns, 0);
        } else if by < 0 && place == 0 && kind == BoardKind::Towns {
            self.swap();
            let all = self.units(data, BoardKind::Headquarters);
            self.headquarters.go(&all, usize::MAX);
        } else {
            self.cursor(kind).step(&list, by);
        }
    }

    fn step_round(&mut self, sight: &Sight<'_>, by: isize) -> Vec<Wish> {
        let all = rounds(sight.data);
        let here = self.round.and_then(|r| all.iter().position(|x| *x == r || sight.data.plan.pair(*x) == Some(r)));
        match here.and_then(|i| i.checked_add_signed(by)).and_then(|i| all.get(i)) {
            Some(round) => {
                self.round = Some(*round);
                self.chosen = true;
                self.refresh(sight);
                Vec::new()
            }
            None => vec![Wish::Say(Message::plain(Text::NoMoreRounds.both(&[])))],
        }
    }
}

/// The projects of a unit that the round assesses, those that lose most of their earned points first.
#[must_use]
pub fn made_of(data: &Snapshot, board: &Board, unit: Option<UnitIx>) -> Vec<ProjectIx> {
    let mut all = data.assessed_by(board, unit);
    let lost = |s: &ProjectScore| {
        s.task_points.zip(s.earned_points).map(|(t, c)| c - crate::domain::value::Points::whole(i64::from(t)))
    };
    all.sort_by_key(|(p, s)| (lost(s).is_none(), lost(s), *p));
    all.into_iter().map(|(p, _)| p).collect()
}

impl Screen for Boards {
    fn kept(&self, data: &Snapshot) -> Option<View> {
        let code = self.selected().flatten().map_or("", |u| data.plan.unit(u).code.as_str());
        let board = if self.focus == BoardKind::Towns { TOWNS } else { "headquarters" };
        let round = self.round.filter(|_| self.chosen).map(|r| data.plan.round(r).id.clone());
        Some(View { round: round.unwrap_or_default(), row: format!("{board}/{code}"), ..View::default() })
    }

    fn restore(&mut self, kept: &View, sight: &Sight<'_>) {
        if let Some(round) = sight.data.plan.round_ix(&kept.round) {
            self.show_round(round, sight);
        }
        if let Some((board, code)) = kept.row.split_once('/') {
            self.focus = if board == TOWNS { BoardKind::Towns } else { BoardKind::Headquarters };
            if let Some(unit) = sight.data.plan.unit_ix(code) {
                self.show_unit(unit, self.focus, sight);
            }
        }
    }

    fn context(&self) -> Context {
        self.what_if.as_ref().map_or(Context::Boards, WhatIf::context)
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.what_if.as_mut().and_then(WhatIf::field)
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        if let Some(what_if) = &mut self.what_if {
            what_if.typed(sight);
        }
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        match &mut self.what_if {
            Some(_) if action == Action::Discard => {
                self.what_if = None;
                return Vec::new();
            }
            Some(what_if) => return what_if.update(action, sight),
            None => {}
        }
        match action {
            Action::Trend | Action::ChangesOnly => self.opened = None,
            Action::RoundPrev | Action::RoundNext | Action::WhatIf => {}
            action if self.opened.is_some() => return self.update_opened(action, sight),
            _ => {}
        }
        let kind = self.focus;
        match action {
            Action::BlockNext | Action::BlockPrev | Action::ColumnPrev | Action::ColumnNext => self.swap(),
            Action::RowPrev => self.step(data, -1),
            Action::RowNext => self.step(data, 1),
            Action::First | Action::PageUp | Action::HalfUp => {
                let list = self.units(data, kind);
                self.cursor(kind).go(&list, 0);
            }
            Action::Last | Action::PageDown | Action::HalfDown => {
                let list = self.units(data, kind);
                self.cursor(kind).go(&list, usize::MAX);
            }
            Action::RoundPrev => return self.step_round(sight, -1),
            Action::RoundNext => return self.step_round(sight, 1),
            Action::Open => return self.open(sight),
            Action::Related => {
                // Projects without a town belong to no unit, but they are projects all the same.
                let without = || vec![Wish::Show(Place::Filtered("town:none".to_owned()))];
                return self.selected().map_or_else(Vec::new, |u| u.map_or_else(without, |u| vec![Wish::Unit(u)]));
            }
            Action::WhatIf => return self.try_out(sight),
            Action::Trend => self.trend = !self.trend,
            Action::ChangesOnly => {
                self.changes_only = !self.changes_only;
                self.refresh(sight);
            }
            Action::Copy | Action::CopyTable => {
                let seen = self.round.filter(|r| may_see(data, sight.actor, *r));
                let board = seen.and_then(|r| board(data, r, kind));
                return board.map(|b| Wish::Copy(copied::board(sight, b))).into_iter().collect();
            }
            Action::Back if self.trend => self.trend = false,
            Action::Back if self.changes_only => {
                self.changes_only = false;
                self.refresh(sight);
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {}
        }
        Vec::new()
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let round = self.round.filter(|r| may_see(sight.data, sight.actor, *r))?;
        if let Some(project) = self.opened.as_ref().and_then(|o| o.cursor.item()) {
            return Some(about_project(sight, project, sight.data.pair_of(round).0));
        }
        Some(Question::Unit { board: self.focus, unit: self.selected()?, round })
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        if !self.chosen || self.round.is_none_or(|r| r.at() >= sight.data.plan.district.rounds.len()) {
            self.round = newest_seen(sight.data, sight.actor);
        }
        for kind in [BoardKind::Headquarters, BoardKind::Towns] {
            let list = self.units(sight.data, kind);
            self.cursor(kind).refresh(&list);
        }
        if let Some(b) = self.round.and_then(|r| board(sight.data, r, self.focus))
            && let Some(opened) = &mut self.opened
        {
            opened.cursor.refresh(&made_of(sight.data, b, opened.unit));
        }
        if self.what_if.as_mut().is_some_and(|w| !w.refresh(sight.data)) {
            self.what_if = None;
        }
    }
}
