//! 办理. The steps of a rectification as a menu: what is legal now, what is not and why, and what each asks for.

use crate::app::day;
use crate::app::menu::{Choice, Menu, Prompt};
use crate::app::screen::{Sight, Wish};
use crate::domain::change::{Change, Draft, Kind, Record, Subject};
use crate::domain::rectification::{Rectification, RectificationState, RectificationStep};
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::{Bilingual, Date};
use crate::domain::words::Word;
use crate::store::{Action as Right, LedgerEntry, Matter, may};
use crate::text::Text;

/// Each step with its name and letter, the first one of its name in pinyin.
fn steps(due: Date) -> [(RectificationStep, Text, char); 6] {
    use RectificationStep::{Accept, Close, Extend, Return, Start, Submit};
    [
        (Accept, Text::StepAccept, 'q'),
        (Start, Text::StepStart, 'z'),
        (Submit, Text::StepSubmit, 's'),
        (Return, Text::StepReturn, 't'),
        (Close, Text::StepClose, 'x'),
        (Extend(due), Text::StepExtend, 'y'),
    ]
}

/// The menu of a rectification; or why nobody takes a step now.
///
/// # Errors
/// A day of the past is shown, or the person may not keep this record.
pub fn menu(id: &str, kept: &Kept<Rectification>, past: &[LedgerEntry], sight: &Sight<'_>) -> Result<Menu, Bilingual> {
    let data = sight.data;
    if let Some(day) = data.as_of {
        return Err(Text::PastDay.both(&[&day]));
    }
    let r = &kept.value;
    let record = Record::Rectification(r.clone());
    let matter = Matter::of_record(&data.plan, Kind::Rectification, id, Some(&record), data.today);
    may(sight.actor, Right::Keep, &matter).map_err(|e| e.text())?;
    // The day after the deadline stands for any later one: whether there may be one at all.
    let later = r.due.tomorrow().unwrap_or(r.due);
    let submitter = past
        .iter()
        .rev()
        .find(|e| e.after.is_some())
        .filter(|_| r.state == RectificationState::Submitted)
        .map(|e| &e.actor);
    let choices = steps(later).map(|(step, name, letter)| {
        let refused = match r.step(step, data.today) {
            Err(refused) => Some(refused.text()),
            // Who submitted it is known once its entries were read; the store looks again in any case.
            Ok(_) if step == RectificationStep::Close => {
                let by = Matter { other_than: submitter.cloned(), ..matter.clone() };
                may(sight.actor, Right::Keep, &by).err().map(|e| e.text())
            }
            Ok(_) => None,
        };
        let note = match step {
            RectificationStep::Return => Text::AsksReason.both(&[]),
            RectificationStep::Extend(_) => Text::AsksDayAndReason.both(&[]),
            _ => Bilingual::default(),
        };
        let then = vec![take(id, kept, step, name, data)];
        let choice = Choice::new(name.both(&[]), then).lettered(letter);
        Choice { refused, ..choice.noted(note) }
    });
    let (zh, en) = r.state.both();
    let title = Text::StepsOf.both2(&[&id, &zh], &[&id, &en]);
    let notes = vec![Bilingual::new(r.finding.clone(), r.finding.clone())];
    Ok(Menu::new(title, notes, choices.into_iter().collect()).careful())
}

/// What choosing a step leads to: the save itself, or first what it needs.
fn take(id: &str, kept: &Kept<Rectification>, step: RectificationStep, name: Text, data: &Snapshot) -> Wish {
    let (id, kept) = (id.to_owned(), kept.clone());
    let today = data.today;
    match step {
        RectificationStep::Return => Wish::Ask(Prompt::reason(Text::ReasonOf.both(&[&id]), move |reason| {
            kept.value
                .step(step, today)
                .map_or_else(|_| Vec::new(), |after| vec![save(&id, &kept, after, name, reason)])
        })),
        RectificationStep::Extend(_) => extend(id, kept, today),
        _ => match kept.value.step(step, today) {
            Ok(after) => save(&id, &kept, after, name, ""),
            // Listed with its reason and never chosen.
            Err(refused) => Wish::Say(crate::app::screen::Message::loud(refused.text())),
        },
    }
}

/// 延期 asks for the new deadline, then for the reason.
fn extend(id: String, kept: Kept<Rectification>, today: Date) -> Wish {
    let due = kept.value.due;
    let label = Text::NewDeadline.both(&[&id, &due]);
    Wish::Ask(Prompt::new(label, "", move |text, sight| {
        let day =
            day::read(text, sight.data.plan.district.year, sight.data.today).ok_or_else(|| Text::NotADay.both(&[]))?;
        let after = kept.value.step(RectificationStep::Extend(day), today).map_err(|refused| refused.text())?;
        let (id, kept) = (id.clone(), kept.clone());
        let label = Text::ReasonOfExtension.both(&[&id, &day]);
        Ok(vec![Wish::Ask(Prompt::reason(label, move |reason| {
            vec![save(&id, &kept, after.clone(), Text::StepExtend, reason)]
        }))])
    }))
}

fn save(id: &str, kept: &Kept<Rectification>, after: Rectification, name: Text, reason: &str) -> Wish {
    let change = Change {
        subject: Subject::new(Kind::Rectification, &[id]),
        before: Some(Record::Rectification(kept.value.clone())),
        after: Some(Record::Rectification(after)),
        reason: reason.to_owned(),
    };
    let (zh, en) = name.pair();
    let what = Bilingual::new(format!("{id} {zh}"), format!("{id} {en}"));
    Wish::Write { drafts: vec![Draft { change, base: Some(kept.seq) }], what }
}

/// The step that an entry records, by its value before and after; none where nothing of its life changed.
#[must_use]
pub fn taken(entry: &LedgerEntry) -> Option<Text> {
    use crate::domain::rectification::RectificationState::{Accepted, Closed, InProgress, Issued, Submitted};
    let (before, after) = (of(entry.before()), of(entry.after())?);
    let Some(before) = before else { return Some(Text::StepIssue) };
    if is_reversal(entry) {
        return Some(Text::StepTakenBack);
    }
    match (before.state, after.state) {
        _ if before.due != after.due => Some(Text::StepExtend),
        (Issued, Accepted) => Some(Text::StepAccept),
        (Submitted, InProgress) => Some(Text::StepReturn),
        (Accepted, InProgress) => Some(Text::StepStart),
        (_, Submitted) => Some(Text::StepSubmit),
        (Submitted, Closed) => Some(Text::StepClose),
        _ => None,
    }
}

/// The deadline that an entry left.
#[must_use]
pub fn due_after(entry: &LedgerEntry) -> Option<Date> {
    of(entry.after()).map(|r| r.due)
}

/// Whether it only takes another entry back, or does it again.
#[must_use]
pub fn is_reversal(entry: &LedgerEntry) -> bool {
    entry.reason.starts_with("undo #") || entry.reason.starts_with("redo #")
}

fn of(record: Option<Record>) -> Option<Rectification> {
    record.and_then(|r| if let Record::Rectification(r) = r { Some(r) } else { None })
}

/// The steps that lead from a state to the end.
#[must_use]
pub fn ahead(state: RectificationState) -> &'static [Text] {
    use RectificationState::{Accepted, Closed, InProgress, Issued, Submitted};
    let all = const { &[Text::StepAccept, Text::StepStart, Text::StepSubmit, Text::StepClose] };
    match state {
        Issued => all,
        Accepted => &all[1..],
        InProgress => &all[2..],
        Submitted => &all[3..],
        Closed => &[],
    }
}
