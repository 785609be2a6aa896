//! What the matrix knows of its ballots: rights, recusal, what a typed text means, and what is kept from whose eyes.

use super::Cell;
use crate::app::grid::{CLEARED, Seen, Sheet, Verdict, Want};
use crate::app::screen::Sight;
use crate::domain::ballot::{Hand, drops_silently, is_scored};
use crate::domain::change::{Kind, Record, Refusal, Subject, Way};
use crate::domain::district::{JudgeIx, ProjectIx, RoundIx};
use crate::domain::panel::{BallotRecord, BallotState};
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang, Points, ValueError};
use crate::domain::votes::Vote;
use crate::store::{self, Action, Matter};
use crate::text::Text;

/// 票面: the ballots of a round, as a person sees them.
#[derive(Clone, Copy)]
pub struct Paper<'a> {
    sight: Sight<'a>,
    /// The round.
    pub round: RoundIx,
    /// 复核: what is typed confirms what somebody else entered, which is not shown.
    second: bool,
    /// The one ballot that is entered anew all the same: its second entry stands.
    corrects: Option<Cell>,
}

/// What somebody wants of a ballot.
enum Wanted {
    Cleared,
    State(BallotState),
    Score(Points),
}

/// A state without a score, as a cell names it; it may be typed and pasted so.
#[must_use]
pub fn brief(state: BallotState) -> Text {
    match state {
        BallotState::Absent => Text::BallotAbsent,
        BallotState::Recused => Text::BallotRecused,
        BallotState::Void => Text::BallotVoid,
        BallotState::Entered | BallotState::Confirmed => Text::BallotNone,
    }
}

/// A ballot as a text that could be typed.
#[must_use]
pub fn as_typed(ballot: Option<&BallotRecord>, lang: Lang) -> String {
    match ballot {
        None => CLEARED.to_owned(),
        Some(b) => b.score.map_or_else(|| brief(b.state).in_lang(lang).to_owned(), Points::short),
    }
}

fn read(typed: &str) -> Result<Wanted, Refusal> {
    if typed == CLEARED || Text::BallotNone.in_lang(Lang::Zh) == typed {
        return Ok(Wanted::Cleared);
    }
    let named = |state: &BallotState| {
        let (zh, en) = brief(*state).pair();
        typed == zh || typed.eq_ignore_ascii_case(en)
    };
    if let Some(state) = [BallotState::Absent, BallotState::Recused, BallotState::Void].into_iter().find(named) {
        return Ok(Wanted::State(state));
    }
    Points::score(typed).map(Wanted::Score).map_err(|e| match e {
        ValueError::TooFine => Refusal::TooFine,
        _ => Refusal::NotANumber,
    })
}

impl<'a> Paper<'a> {
    /// The ballots of a round.
    #[must_use]
    pub fn of(sight: &Sight<'a>, round: RoundIx, second: bool, corrects: Option<Cell>) -> Self {
        Self { sight: *sight, round, second, corrects }
    }

    /// The district.
    #[must_use]
    pub fn data(&self) -> &'a Snapshot {
        self.sight.data
    }

    /// What is known of a ballot.
    #[must_use]
    pub fn vote(&self, (judge, site): Cell) -> Vote<'a> {
        self.sight.data.vote(self.round, judge, site)
    }

    fn matter(&self, site: ProjectIx) -> Matter {
        let data = self.sight.data;
        let state = data.round_state(self.round);
        Matter::in_round(&data.plan, self.round, &data.plan.project(site).id, state)
    }

    /// Whether the person may see the single ballots for a site.
    #[must_use]
    pub fn sees(&self, site: ProjectIx) -> bool {
        store::access::sees_ballots(self.sight.data, self.sight.actor, self.round, site).is_ok()
    }

    /// Whether what is typed into a cell is its second entry.
    fn confirms(&self, cell: Cell) -> bool {
        self.second && self.corrects != Some(cell)
    }

    /// Whether the score is hidden: it waits for a second entry, which is blind.
    #[must_use]
    pub fn is_blind(&self, cell: Cell) -> bool {
        self.confirms(cell) && self.vote(cell).is_unconfirmed()
    }

    /// Whether the ballot waits for this person: for an entry, or for the second one.
    #[must_use]
    pub fn waits(&self, cell: Cell) -> bool {
        let vote = self.vote(cell);
        if self.second { vote.is_unconfirmed() && self.may(cell).is_ok() } else { vote.is_missing() }
    }

    /// The right to bring a ballot into a state; `first` is who entered it.
    fn right(&self, cell: Cell, state: BallotState, first: Option<&str>, reason: bool) -> Result<(), store::Error> {
        let other_than = first.filter(|_| state == BallotState::Confirmed).map(str::to_owned);
        let matter = Matter { reason, other_than, ..self.matter(cell.1) };
        store::may(self.sight.actor, Action::of_ballot(state), &matter)
    }

    /// Whether a ballot can be brought into a state by this person now, whatever the score.
    ///
    /// # Errors
    /// Why not, in few words.
    pub fn open_to(&self, cell: Cell, state: BallotState) -> Result<(), Bilingual> {
        let data = self.sight.data;
        if let Some(day) = data.as_of {
            return Err(Text::PastDay.both(&[&day]));
        }
        let round = data.round_state(self.round);
        if round != RoundState::Open {
            return Err(Refusal::RoundNotOpen(round).text());
        }
        let vote = self.vote(cell);
        let first = vote.kept.and_then(|k| k.value.entered_by.as_deref());
        self.right(cell, state, first, true).map_err(|error| match error {
            store::Error::NotPermitted(why) => why,
            error => error.text(),
        })?;
        let nothing = state == BallotState::Confirmed && vote.kept.is_none_or(|k| k.value.score.is_none());
        if vote.recused && is_scored(state) {
            Err(Refusal::Recused.text())
        } else if nothing {
            Err(Refusal::NothingToConfirm.text())
        } else {
            Ok(())
        }
    }

    /// The first entry has another score than the one that was typed.
    fn differs(&self, cell: Cell) -> Bilingual {
        let first = self.vote(cell).kept.and_then(|k| k.value.score).map_or_else(String::new, Points::short);
        Text::SecondDiffers.both(&[&first])
    }
}

impl Sheet<JudgeIx, ProjectIx> for Paper<'_> {
    fn may(&self, cell: Cell) -> Result<(), Bilingual> {
        self.open_to(cell, if self.confirms(cell) { BallotState::Confirmed } else { BallotState::Entered })
    }

    fn stored(&self, cell: Cell) -> Seen {
        let kept = self.vote(cell).kept;
        kept.map_or_else(Seen::default, |k| Seen { seq: k.seq, value: Some(Record::Ballot(k.value.clone())) })
    }

    fn text(&self, cell: Cell) -> String {
        let shown = self.vote(cell).kept.filter(|_| self.sees(cell.1) && !self.is_blind(cell));
        as_typed(shown.map(|k| &k.value), self.sight.lang)
    }

    fn judge(&self, want: &Want<Cell>, reason: Option<&str>) -> Verdict {
        let cell = want.cell;
        let before = match &want.seen.value {
            Some(Record::Ballot(ballot)) => Some(ballot),
            _ => None,
        };
        let (state, score) = match read(&want.typed) {
            Err(refusal) => return Verdict::Refused(refusal.text()),
            Ok(Wanted::Cleared) => {
                return match self.right(cell, BallotState::Absent, None, true) {
                    Err(error) => Verdict::Refused(error.text()),
                    Ok(()) if before.is_none() => Verdict::Unchanged,
                    Ok(()) if drops_silently(before, reason.is_some()) => Verdict::Reason(Text::ReasonOf),
                    Ok(()) => Verdict::Write(None),
                };
            }
            Ok(Wanted::State(state)) => (state, None),
            Ok(Wanted::Score(score)) if self.confirms(cell) => (BallotState::Confirmed, Some(score)),
            Ok(Wanted::Score(score)) => (BallotState::Entered, Some(score)),
        };
        if let Err(why) = self.open_to(cell, state) {
            return Verdict::Refused(why);
        }
        let first = before.and_then(|b| b.entered_by.as_deref());
        match self.right(cell, state, first, reason.is_some()) {
            Ok(()) => {}
            Err(store::Error::ReasonNeeded) => return Verdict::Reason(Text::ReasonOf),
            Err(error) => return Verdict::Refused(error.text()),
        }
        let hand = Hand { login: &self.sight.actor.login, way: Way::Typed, reason: reason.is_some() };
        match self.sight.data.ballot_entry(self.round, cell, (state, score), hand) {
            Ok(made) if before == Some(&made) => Verdict::Unchanged,
            Ok(made) => Verdict::Write(Some(Record::Ballot(made))),
            Err(Refusal::ReasonNeeded) => Verdict::Reason(Text::ReasonOf),
            Err(Refusal::Differs) => Verdict::Refused(self.differs(cell)),
            Err(refusal) => Verdict::Refused(refusal.text()),
        }
    }

    fn subject(&self, (judge, site): Cell) -> Subject {
        let plan = &self.sight.data.plan;
        let parts = [&plan.round(self.round).id, &plan.district.judges[judge.at()].id, &plan.project(site).id];
        Subject::new(Kind::Ballot, &parts.map(String::as_str))
    }

    fn name(&self, (judge, site): Cell) -> Bilingual {
        let plan = &self.sight.data.plan;
        let order = plan.round(self.round).sites.iter().position(|s| *s == site).map_or(0, |i| i + 1);
        let judge = &plan.district.judges[judge.at()].id;
        Text::BallotName.both(&[judge, &order])
    }
}
