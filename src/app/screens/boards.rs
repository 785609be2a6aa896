//! 榜单. Who is where, why, and what closes the gap.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Message, Screen, Sight, Tab, Wish, may_see, newest_seen};
use crate::domain::board::Board;
use crate::domain::district::{RoundIx, UnitIx};
use crate::domain::explain::Question;
use crate::domain::project::BoardKind;
use crate::domain::snapshot::Snapshot;
use crate::text::Text;

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
}

impl Default for Boards {
    fn default() -> Self {
        Self {
            round: None,
            chosen: false,
            focus: BoardKind::Headquarters,
            headquarters: Cursor::default(),
            towns: Cursor::default(),
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

    fn units(&self, data: &Snapshot, kind: BoardKind) -> Vec<Option<UnitIx>> {
        let board = self.round.and_then(|r| board(data, r, kind));
        board.map(|b| b.rows.iter().map(|r| r.unit).collect()).unwrap_or_default()
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

impl Screen for Boards {
    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
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
            Action::Open => {
                return self.selected().flatten().map(Wish::Unit).into_iter().collect();
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {}
        }
        Vec::new()
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let round = self.round.filter(|r| may_see(sight.data, sight.actor, *r))?;
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
    }
}
