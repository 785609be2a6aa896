//! 名称认定. Which unit a name of a quota plan means: the candidates first, then any other unit, and a reason.

use crate::app::menu::{Choice, Menu, Prompt};
use crate::app::screen::{Sight, Wish};
use crate::domain::change::{Change, Draft, Kind, Record, ResolutionRecord, Subject};
use crate::domain::district::UnitIx;
use crate::domain::value::Bilingual;
use crate::store::{Action as Right, Matter, may};
use crate::text::Text;

/// The units that a name may mean.
///
/// # Errors
/// A day of the past is shown, or the person may not decide it.
pub fn menu(plan: usize, row: usize, sight: &Sight<'_>) -> Result<Menu, Bilingual> {
    let data = sight.data;
    if let Some(day) = data.as_of {
        return Err(Text::PastDay.both(&[&day]));
    }
    may(sight.actor, Right::Resolve, &Matter::default()).map_err(|e| e.text())?;
    let quota_plan = &data.plan.targets.quota_plans[plan];
    let quota = &quota_plan.quotas[row];
    // A unit that has a row of its own can hardly be meant by another name, so those come last.
    let has_row = |u: UnitIx| data.quota_plans()[plan].rows.iter().any(|r| r.unit == Some(u));
    let mut units: Vec<UnitIx> =
        (0..data.plan.district.units.len()).filter_map(|i| u16::try_from(i).ok().map(UnitIx)).collect();
    let likely = |u: UnitIx| quota.candidates.iter().position(|c| *c == u).unwrap_or(usize::MAX);
    units.sort_by_key(|u| (likely(*u), has_row(*u)));
    let choices = units.into_iter().map(|u| {
        let unit = data.plan.unit(u);
        let note = match (quota.candidates.contains(&u), has_row(u)) {
            (true, _) => Text::Candidate.both(&[]),
            (_, true) => Text::HasItsOwnRow.both(&[]),
            _ => Bilingual::default(),
        };
        let name = Bilingual::new(unit.name.clone(), unit.name_en.clone().unwrap_or_else(|| unit.name.clone()));
        Choice::new(name.clone(), vec![ask(&quota_plan.id, &quota.label, &unit.code, &name)]).noted(note)
    });
    let title = Text::WhichUnit.both(&[&quota.label]);
    Ok(Menu::new(title, vec![Text::ResolvedLike.both(&[&quota_plan.id, &quota.label])], choices.collect()))
}

/// Why that unit; then the decision is recorded.
fn ask(plan: &str, label: &str, code: &str, name: &Bilingual) -> Wish {
    let question = Text::WhyThatUnit.both2(&[&label, &name.zh], &[&label, &name.en]);
    let what = Text::ResolvedAs.both2(&[&label, &name.zh], &[&label, &name.en]);
    let (subject, code) = (Subject::new(Kind::Resolution, &[plan, label]), code.to_owned());
    Wish::Ask(Prompt::reason(question, move |reason| {
        let change = Change {
            subject: subject.clone(),
            before: None,
            after: Some(Record::Resolution(ResolutionRecord { unit: code.clone() })),
            reason: reason.to_owned(),
        };
        vec![Wish::Write { drafts: vec![Draft { change, base: Some(0) }], what: what.clone() }]
    }))
}
