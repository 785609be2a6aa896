//! The menu of a ballot, and what its items do.

use super::{BallotState, Ballots, Cell, Text, Want, Wish, brief};
use crate::app::action::Action;
use crate::app::grid::{Go, Sheet};
use crate::app::menu::{Choice, Menu};
use crate::app::screen::{Message, Sight};
use crate::app::screens::ballots::paper::Paper;
use crate::domain::change::Refusal;
use crate::domain::value::Bilingual;

fn item(action: Action, label: Bilingual, can: Result<(), Bilingual>) -> Choice {
    Choice { refused: can.err(), ..Choice::new(label, vec![Wish::Do(action)]) }
}

/// Whether the score waits for a second entry, and this person may type it.
fn confirmable(cell: Cell, paper: &Paper<'_>) -> Result<(), Bilingual> {
    paper.open_to(cell, BallotState::Confirmed)?;
    if paper.vote(cell).is_unconfirmed() { Ok(()) } else { Err(Refusal::NothingToConfirm.text()) }
}

impl Ballots {
    /// 本格菜单: the states of the ballot under the cursor, or the choice between two entries that differ.
    pub(super) fn menu(&self, sight: &Sight<'_>) -> Option<Menu> {
        let (paper, cell) = (self.paper(sight)?, self.cell()?);
        let title = paper.name(cell);
        if let Some((first, second)) = self.differs(cell, &paper) {
            let corrected = Paper::of(sight, paper.round, self.second, Some(cell)).may(cell);
            return Some(Menu::new(
                title,
                Vec::new(),
                vec![
                    item(Action::Confirm, Text::FirstStands.both(&[&first.short()]), paper.may(cell)),
                    item(Action::SecondStands, Text::SecondStands.both(&[&second.short()]), corrected),
                    item(Action::Cancel, Text::NeitherStands.both(&[]), Ok(())),
                ],
            ));
        }
        let state = |s: BallotState, text: Text| item(Action::Ballot(s), text.both(&[]), paper.open_to(cell, s));
        let stored = paper.vote(cell).kept;
        let clears = match stored {
            None => Err(Text::NothingToClear.both(&[])),
            Some(_) => paper.open_to(cell, BallotState::Absent),
        };
        let missing = self.missing_of(cell, &paper).len();
        let whole =
            if missing == 0 { Err(Text::BallotComplete.both(&[])) } else { paper.open_to(cell, BallotState::Absent) };
        let confirms = confirmable(cell, &paper);
        let advance = if self.auto_advance { Text::AdvanceTurnOff } else { Text::AdvanceTurnOn };
        let second = if self.second { Text::SecondTurnOff } else { Text::SecondTurnOn };
        Some(Menu::new(
            title,
            Vec::new(),
            vec![
                state(BallotState::Absent, Text::MenuAbsent),
                state(BallotState::Recused, Text::MenuRecused),
                state(BallotState::Void, Text::MenuVoid),
                item(Action::WholeAbsent, Text::MenuWholeAbsent.both(&[&missing]), whole),
                item(Action::Clear, Text::HelpClear.both(&[]), clears),
                item(Action::Confirm, Text::MenuConfirm.both(&[]), confirms),
                item(Action::SecondEntry, second.both(&[]), Ok(())),
                item(Action::AutoAdvance, advance.both(&[]), Ok(())),
            ],
        ))
    }

    /// Missing ballots of the judge of a cell.
    fn missing_of(&self, (judge, _): Cell, paper: &Paper<'_>) -> Vec<Cell> {
        let row = self.grid.columns.iter().map(|site| (judge, *site));
        row.filter(|c| paper.vote(*c).is_missing() && paper.sees(c.1)).collect()
    }

    /// Brings the ballot under the cursor, or those of the range, into a state without a score.
    pub(super) fn bring(&mut self, sight: &Sight<'_>, state: BallotState) -> Vec<Wish> {
        let cells = self.grid.selected();
        self.put(sight, cells, brief(state).in_lang(sight.lang))
    }

    /// 整票缺席: what is missing of the judge's ballot, in one step; what he has handed in stays.
    pub(super) fn whole_absent(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(paper), Some(cell)) = (self.paper(sight), self.cell()) else { return Vec::new() };
        let missing = self.missing_of(cell, &paper);
        if missing.is_empty() {
            return vec![Wish::Say(Message::plain(Text::BallotComplete.both(&[])))];
        }
        self.put(sight, missing, Text::BallotAbsent.in_lang(sight.lang))
    }

    fn put(&mut self, sight: &Sight<'_>, cells: Vec<Cell>, typed: &str) -> Vec<Wish> {
        let Some(paper) = self.paper(sight) else { return Vec::new() };
        let want = |cell| Want { cell, typed: typed.to_owned(), seen: self.grid.seen(cell, &paper) };
        let wants: Vec<Want<Cell>> = cells.into_iter().map(want).collect();
        self.grid.end_range();
        match &wants[..] {
            [one] => self.grid.enter(one.clone(), None, Go::Stay, &paper),
            _ => self.grid.enter_all(wants, None, &paper),
        }
    }

    /// 确认: the score is typed a second time, all first entries hidden. Only where both entries are told because they
    /// differ can the first one be chosen.
    pub(super) fn confirm(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(paper), Some(cell)) = (self.paper(sight), self.cell()) else { return Vec::new() };
        if self.differs(cell, &paper).is_some() {
            return self.first_stands(sight);
        }
        if let Err(why) = confirmable(cell, &paper) {
            return vec![Wish::Say(Message::loud(why))];
        }
        let mut wishes = if self.second { Vec::new() } else { self.turn_second(sight) };
        let blind = Paper::of(sight, paper.round, true, None);
        wishes.extend(self.grid.update(Action::Edit, &blind).into_iter().flatten());
        wishes
    }

    /// 首录对: the stored score is right.
    fn first_stands(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(round), Some(cell)) = (self.round, self.cell()) else { return Vec::new() };
        let paper = Paper::of(sight, round, true, None);
        let seen = self.grid.seen(cell, &paper);
        let score = paper.vote(cell).kept.and_then(|k| k.value.score);
        match (score, paper.may(cell)) {
            (_, Err(why)) => vec![Wish::Say(Message::loud(why))],
            (None, _) => Vec::new(),
            (Some(score), Ok(())) => self.grid.enter(Want { cell, typed: score.short(), seen }, None, Go::Stay, &paper),
        }
    }

    /// 复录对: the second entry replaces the first; who typed it becomes the one who entered it.
    pub(super) fn second_stands(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(paper), Some(cell)) = (self.paper(sight), self.cell()) else { return Vec::new() };
        let Some((_, second)) = self.differs(cell, &paper) else { return Vec::new() };
        self.corrects = Some(cell);
        let paper = Paper::of(sight, paper.round, self.second, self.corrects);
        let seen = self.grid.seen(cell, &paper);
        let wishes = self.grid.enter(Want { cell, typed: second.short(), seen }, None, Go::Stay, &paper);
        if self.grid.prompt.is_none() {
            self.corrects = None;
        }
        wishes
    }
}
