//! 打分票. The life of one ballot: who enters it, who confirms it, what a correction needs (`domain.md` §7).

use super::change::{Refusal, Way};
use super::panel::{BallotRecord, BallotState};
use super::value::Points;

/// Who changes a ballot.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    /// His login.
    pub login: &'a str,
    /// How.
    pub way: Way,
    /// He says why.
    pub reason: bool,
}

/// A state in which a ballot has a score.
#[must_use]
pub fn is_scored(state: BallotState) -> bool {
    matches!(state, BallotState::Entered | BallotState::Confirmed)
}

/// The ballot that follows where somebody wants this state and score. That nobody confirms his own typed entry is a
/// right, and is looked at with the rights.
///
/// # Errors
/// Nothing there to confirm, another score than the one to confirm, a correction without a reason.
pub fn next(
    before: Option<&BallotRecord>,
    wanted: BallotState,
    score: Option<Points>,
    hand: Hand<'_>,
) -> Result<BallotRecord, Refusal> {
    let first = BallotRecord { state: BallotState::Entered, score, entered_by: Some(hand.login.to_owned()) };
    let scored = before.filter(|b| is_scored(b.state));
    let same = scored.filter(|b| b.score == score);
    match (wanted, hand.way) {
        (BallotState::Entered | BallotState::Confirmed, Way::Bootstrap) => Ok(BallotRecord { state: wanted, ..first }),
        // The same score again is no correction: it changes neither the state nor who entered it.
        (BallotState::Entered, _) if same.is_some() => Ok(same.cloned().unwrap_or(first)),
        (BallotState::Confirmed, Way::Imported) => match same {
            Some(b) if b.state == BallotState::Confirmed || b.entered_by.as_deref() != Some(hand.login) => {
                Ok(BallotRecord { state: BallotState::Confirmed, ..b.clone() })
            }
            Some(own) => Ok(own.clone()),
            None => corrected(before, first, hand),
        },
        (BallotState::Entered, _) => corrected(before, first, hand),
        (BallotState::Confirmed, Way::Typed) => match (same, scored) {
            (Some(b), _) => Ok(BallotRecord { state: BallotState::Confirmed, ..b.clone() }),
            (None, Some(_)) => Err(Refusal::Differs),
            (None, None) => Err(Refusal::NothingToConfirm),
        },
        (BallotState::Absent | BallotState::Recused | BallotState::Void, _) => {
            corrected(before, BallotRecord { state: wanted, score: None, entered_by: None }, hand)
        }
    }
}

/// Whether a confirmed ballot would be cleared or replaced without saying why.
#[must_use]
pub fn drops_silently(before: Option<&BallotRecord>, reason: bool) -> bool {
    before.is_some_and(|b| b.state == BallotState::Confirmed) && !reason
}

/// A ballot in place of none or of another: what was confirmed is neither corrected nor dropped without saying why.
fn corrected(before: Option<&BallotRecord>, made: BallotRecord, hand: Hand<'_>) -> Result<BallotRecord, Refusal> {
    if drops_silently(before, hand.reason) { Err(Refusal::ReasonNeeded) } else { Ok(made) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BallotState::{Absent, Confirmed, Entered, Recused, Void};

    fn ballot(state: BallotState, score: i64, by: &str) -> BallotRecord {
        BallotRecord { state, score: Some(Points(score)), entered_by: Some(by.into()) }
    }

    fn hand(login: &str, way: Way) -> Hand<'_> {
        Hand { login, way, reason: false }
    }

    fn typed(before: Option<&BallotRecord>, state: BallotState, score: i64, by: &str) -> Result<BallotRecord, Refusal> {
        next(before, state, Some(Points(score)), hand(by, Way::Typed))
    }

    #[test]
    fn the_same_score_confirms_and_another_one_shows_the_difference() {
        let first = ballot(Entered, 8800, "anna");
        assert_eq!(typed(Some(&first), Confirmed, 8800, "bert"), Ok(ballot(Confirmed, 8800, "anna")));
        assert_eq!(typed(Some(&first), Confirmed, 8850, "bert"), Err(Refusal::Differs));
        let absent = BallotRecord { state: Absent, score: None, entered_by: None };
        for nothing in [None, Some(&absent)] {
            assert_eq!(typed(nothing, Confirmed, 8800, "bert"), Err(Refusal::NothingToConfirm));
        }
    }

    #[test]
    fn the_corrector_becomes_the_one_who_entered() {
        let first = ballot(Entered, 8800, "anna");
        assert_eq!(typed(Some(&first), Entered, 9000, "bert"), Ok(ballot(Entered, 9000, "bert")));
        assert_eq!(typed(Some(&first), Entered, 8800, "bert"), Ok(first.clone()), "the same score is no correction");
        let confirmed = ballot(Confirmed, 8800, "anna");
        assert_eq!(typed(Some(&confirmed), Entered, 9000, "bert"), Err(Refusal::ReasonNeeded));
        let why = Hand { reason: true, ..hand("bert", Way::Typed) };
        assert_eq!(next(Some(&confirmed), Entered, Some(Points(9000)), why), Ok(ballot(Entered, 9000, "bert")));
        assert_eq!(typed(Some(&confirmed), Entered, 8800, "bert"), Ok(confirmed.clone()), "nor does it unconfirm");
    }

    #[test]
    fn without_a_score_a_ballot_forgets_who_entered_it() {
        let confirmed = ballot(Confirmed, 8800, "anna");
        for state in [Absent, Recused, Void] {
            assert_eq!(next(Some(&confirmed), state, None, hand("bert", Way::Typed)), Err(Refusal::ReasonNeeded));
            let why = Hand { reason: true, ..hand("bert", Way::Typed) };
            let after = next(Some(&confirmed), state, None, why).expect("taken");
            assert_eq!(after, BallotRecord { state, score: None, entered_by: None });
            assert_eq!(typed(Some(&after), Entered, 8000, "cara"), Ok(ballot(Entered, 8000, "cara")));
        }
    }

    #[test]
    fn an_imported_confirmation_is_one_only_of_what_another_person_entered() {
        let import = |before: Option<&BallotRecord>, score, by| {
            let why = Hand { reason: true, ..hand(by, Way::Imported) };
            next(before, Confirmed, Some(Points(score)), why).expect("taken")
        };
        let first = ballot(Entered, 8800, "anna");
        assert_eq!(import(None, 8800, "anna"), first);
        assert_eq!(import(Some(&first), 8800, "anna"), first);
        assert_eq!(import(Some(&first), 8800, "bert"), ballot(Confirmed, 8800, "anna"));
        assert_eq!(import(Some(&first), 8700, "bert"), ballot(Entered, 8700, "bert"));
        assert_eq!(
            next(None, Confirmed, Some(Points(8800)), hand("bootstrap", Way::Bootstrap)),
            Ok(ballot(Confirmed, 8800, "bootstrap"))
        );
    }
}
