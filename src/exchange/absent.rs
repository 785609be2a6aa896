//! 缺列. A column that a sheet does not have says nothing: what is stored of it stays. An empty cell of a column that is
//! there clears it.

use super::Sheet;
use crate::domain::change::Record;

/// The record as a row states it, with what the columns that are not there would have said taken from `before`.
pub fn completed(kind: Sheet, places: &[Option<usize>], before: Option<&Record>, after: Record) -> Record {
    let absent = |column: &str| {
        let place = kind.columns().iter().position(|c| c.name == column);
        place.is_some_and(|place| places.get(place).copied().flatten().is_none())
    };
    let Some(before) = before.filter(|_| kind.columns().iter().any(|c| absent(c.name))) else { return after };
    macro_rules! kept {
        ($from:ident, $to:ident: $($field:ident),+) => {{
            $(if absent(stringify!($field)) {
                $to.$field.clone_from(&$from.$field);
            })+
        }};
    }
    let mut after = after;
    match (before, &mut after) {
        (Record::Progress(b), Record::Progress(a)) => {
            kept!(b, a: percent, planned_percent, invested, permits_due, permits_obtained, reported, note);
        }
        (Record::Incident(b), Record::Incident(a)) => kept!(b, a: resolved, people, amount, reference),
        // The closing day belongs to the state, which is always there.
        (Record::Rectification(b), Record::Rectification(a)) => kept!(b, a: project, action),
        (Record::Attraction(b), Record::Attraction(a)) => {
            kept!(b, a: received, origin, host, credits, started, producing, excluded);
        }
        (Record::Indicator(b), Record::Indicator(a)) => {
            kept!(b, a: value, growth, target_growth, city_growth, versus_city, provisional);
        }
        (Record::Goal(b), Record::Goal(a)) => kept!(b, a: note),
        _ => {}
    }
    after
}
