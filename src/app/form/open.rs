//! 登记什么. Which forms there are for what is under the cursor, and what they begin with.

use super::{Form, title, withdraw};
use crate::app::action::Action;
use crate::app::menu::{Choice, Menu};
use crate::app::record;
use crate::app::screen::{Message, Sight, Wish};
use crate::domain::change::{Change, Draft, Kind, Record, Subject};
use crate::domain::district::ProjectIx;
use crate::domain::snapshot::{Keyed, Snapshot};
use crate::domain::value::{Bilingual, Lang};
use crate::exchange::Sheet;
use crate::store::{Action as Right, Matter, may};
use crate::text::Text;

type Known = Vec<(&'static str, String)>;

/// A form that is not there yet: an id of its own, today's date.
fn proposed(sheet: Sheet, data: &Snapshot) -> (Known, Known) {
    let today = data.today.to_string();
    match sheet {
        Sheet::Progress | Sheet::Goals => (vec![("date", today)], Vec::new()),
        Sheet::Milestones => (Vec::new(), vec![("done", today)]),
        Sheet::Incidents => (vec![("id", next_id(&data.facts.incidents, "INC-001"))], vec![("date", today)]),
        Sheet::Rectifications => (vec![("id", next_id(&data.facts.rectifications, "ZG-001"))], vec![("issued", today)]),
        Sheet::Attractions => (vec![("id", next_id(&data.facts.attractions, "ZS-001"))], vec![("signed", today)]),
        _ => (Vec::new(), Vec::new()),
    }
}

/// The id after the greatest one that ends in a number, as wide as that; the first of its kind where there is none.
fn next_id<T>(all: &Keyed<T>, first: &str) -> String {
    let numbered = |id: &str| {
        let head = id.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = &id[head.len()..];
        Some((digits.parse::<u32>().ok()?, head.to_owned(), digits.len()))
    };
    let Some((newest, head, width)) = all.iter().rev().find_map(|(id, _)| numbered(id)) else {
        return first.to_owned();
    };
    let of_head = all.iter().filter_map(|(id, _)| numbered(id)).filter(|(_, other, _)| *other == head);
    let greatest = of_head.map(|(n, ..)| n).max().unwrap_or(newest);
    format!("{head}{:0width$}", greatest.saturating_add(1))
}

/// A new record of a sheet, of which some is known.
#[must_use]
pub fn new(sheet: Sheet, known: &[(&'static str, String)], sight: &Sight<'_>) -> Form {
    let (key, fields) = proposed(sheet, sight.data);
    let (of_key, of_fields): (Known, Known) = known.iter().cloned().partition(|(name, _)| sheet.key().contains(name));
    let join = |mut a: Known, b: Known| {
        a.retain(|(name, _)| b.iter().all(|(other, _)| other != name));
        a.extend(b);
        a
    };
    Form::new(sheet, &join(key, of_key), &join(fields, of_fields), false, sight)
}

/// The form of a record that there is; none where its kind has none.
#[must_use]
pub fn edit(kind: Kind, key: &str, sight: &Sight<'_>) -> Option<Form> {
    let sheet = Sheet::of(kind)?;
    Some(Form::new(sheet, &sheet.key_parts(key)?, &[], true, sight))
}

/// What is done with a record that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// 改
    Change,
    /// 撤回
    Withdraw,
}

impl Doing {
    /// What a key asks for.
    #[must_use]
    pub fn of(action: Action) -> Self {
        if action == Action::Withdraw { Self::Withdraw } else { Self::Change }
    }

    /// The form, or why this person may not do it.
    #[must_use]
    pub fn opened(self, form: Form, sight: &Sight<'_>) -> Wish {
        match self {
            Self::Change => opened(form, sight),
            Self::Withdraw => withdraw::opened(form, sight),
        }
    }

    /// What a menu of records is called.
    fn title(self) -> Text {
        if self == Self::Withdraw { Text::WithdrawOf } else { Text::FormChange }
    }
}

/// Opens a form, or says why this person may not keep the record.
#[must_use]
pub fn opened(form: Form, sight: &Sight<'_>) -> Wish {
    match form.refused(None, sight) {
        Some(why) => Wish::Say(Message::loud(why)),
        None => Wish::Form(Box::new(form)),
    }
}

/// The form of an entry's record, or where else it is changed.
#[must_use]
pub fn of_entry(kind: Option<Kind>, key: &str, doing: Doing, sight: &Sight<'_>) -> Wish {
    match kind.and_then(|kind| edit(kind, key, sight)) {
        Some(form) => doing.opened(form, sight),
        None if doing == Doing::Withdraw => Wish::Say(Message::plain(Text::WithdrawElsewhere.both(&[]))),
        None => Wish::Say(Message::plain(Text::FormNone.both(&[]))),
    }
}

/// A line of a menu that opens a form; greyed out with why where this person may not.
fn choice(name: Bilingual, note: Bilingual, form: Form, sight: &Sight<'_>) -> Choice {
    of_old(name, note, form, Doing::Change, sight)
}

/// A line of a menu for a record that there is.
fn of_old(name: Bilingual, note: Bilingual, form: Form, doing: Doing, sight: &Sight<'_>) -> Choice {
    let refused = form.refused(None, sight);
    Choice { refused, ..Choice::new(name, vec![doing.opened(form, sight)]).noted(note) }
}

fn same(text: impl Into<String>) -> Bilingual {
    let text = text.into();
    Bilingual::new(text.clone(), text)
}

/// What can be recorded of a project.
#[must_use]
pub fn of_project(project: ProjectIx, sight: &Sight<'_>) -> Menu {
    let (data, plan) = (sight.data, &sight.data.plan);
    let p = plan.project(project);
    let known = |column| vec![(column, p.id.clone())];
    let mut report = new(Sheet::Progress, &known("project"), sight);
    report.lines.iter_mut().filter(|l| l.name == "project").for_each(|l| l.fixed = true);
    let first = plan.project(project).milestones.start as usize;
    let open = plan
        .milestones(project)
        .iter()
        .enumerate()
        .find(|(i, _)| data.facts.done.get(first + i).is_some_and(Option::is_none));
    let mut of_milestone = known("project");
    of_milestone.extend(open.map(|(_, m)| ("milestone", m.name.clone())));
    let mut of_rectification = known("project");
    let unit = plan.unit(p.headquarters_at(data.day()));
    of_rectification.push(("unit", unit.code.clone()));
    let last = data.facts.progress[project.at()].last().map(|(date, r)| report_line(date, r)).unwrap_or_default();
    let repeat = match again(project, sight) {
        Ok(_) => Choice::new(Text::FormAgain.both(&[]), vec![self::repeat(project, sight)]),
        Err(why) => Choice { refused: Some(why), ..Choice::new(Text::FormAgain.both(&[]), Vec::new()) },
    };
    let form = |sheet, known: &Known| new(sheet, known, sight);
    let milestone = open.map(|(_, m)| format!("{} {}", m.due, m.name)).unwrap_or_default();
    let choices = vec![
        choice(title(Sheet::Progress).both(&[]), same(last.clone()), report, sight).lettered('b'),
        repeat.noted(same(last)).lettered('t'),
        choice(title(Sheet::Milestones).both(&[]), same(milestone), form(Sheet::Milestones, &of_milestone), sight)
            .lettered('d'),
        choice(
            title(Sheet::Incidents).both(&[]),
            Bilingual::default(),
            form(Sheet::Incidents, &known("project")),
            sight,
        )
        .lettered('s'),
        choice(
            title(Sheet::Rectifications).both(&[]),
            Bilingual::new(unit.called(Lang::Zh), unit.called(Lang::En)),
            form(Sheet::Rectifications, &of_rectification),
            sight,
        )
        .lettered('z'),
        Choice::new(Text::FormOwnData.both(&[]), vec![Wish::OwnData(project)])
            .noted(Text::FormInPlan.both(&[]))
            .lettered('p'),
    ];
    Menu::new(Text::FormOf.both(&[&plan.short_id(&p.id)]), vec![same(p.name.as_str())], choices)
}

fn report_line(date: &crate::domain::value::Date, r: &crate::domain::change::ProgressRecord) -> String {
    r.percent.map_or_else(|| date.to_string(), |p| format!("{date} {}%", p.short()))
}

/// How many of a project's reports its menu lists.
const LISTED: usize = 6;

/// The records of a project that can be changed or withdrawn: its newest reports, what is done, what happened to it.
#[must_use]
pub fn records_of(project: ProjectIx, doing: Doing, sight: &Sight<'_>) -> Menu {
    let (data, plan) = (sight.data, &sight.data.plan);
    let p = plan.project(project);
    let facts = &data.facts;
    let mut all: Vec<(Kind, String, String)> = Vec::new();
    let reports = &facts.progress[project.at()];
    for (date, r) in reports.iter().rev().take(LISTED) {
        all.push((Kind::Progress, format!("{}/{date}", p.id), report_line(date, r)));
    }
    let first = p.milestones.start as usize;
    for (i, m) in plan.milestones(project).iter().enumerate() {
        if let Some(done) = facts.done.get(first + i).copied().flatten() {
            all.push((Kind::Milestone, format!("{}/{}", p.id, m.name), format!("{done} {}", m.name)));
        }
    }
    let mine = facts.incidents.iter().filter(|(_, k)| k.value.project == p.id);
    all.extend(mine.map(|(id, k)| {
        (Kind::Incident, id.clone(), format!("{} {}", k.value.date, record::event(&k.value.event, sight.data)))
    }));
    let mine = facts.rectifications.iter().filter(|(_, k)| k.value.project.as_deref() == Some(&p.id));
    all.extend(mine.map(|(id, k)| (Kind::Rectification, id.clone(), k.value.finding.clone())));
    let choices = all.into_iter().filter_map(|(kind, key, note)| {
        let name = title(Sheet::of(kind)?).both(&[]);
        let id = if key.contains('/') { String::new() } else { format!(" {key}") };
        let name = Bilingual::new(name.zh + &id, name.en + &id);
        Some(of_old(name, same(note), edit(kind, &key, sight)?, doing, sight))
    });
    let mut notes = vec![same(p.name.as_str())];
    let older = reports.len().saturating_sub(LISTED);
    if older > 0 {
        notes.push(Text::FormOlder.both(&[&older]));
    }
    Menu::new(doing.title().both(&[&plan.short_id(&p.id)]), notes, choices.collect())
}

/// The last report of a project once more, under today's date: nothing has changed.
///
/// # Errors
/// There is none, there is one of today already, or this person may not keep it.
pub fn again(project: ProjectIx, sight: &Sight<'_>) -> Result<(Draft, Bilingual), Bilingual> {
    let (data, plan) = (sight.data, &sight.data.plan);
    if let Some(day) = data.as_of {
        return Err(Text::PastDay.both(&[&day]));
    }
    let id = &plan.project(project).id;
    let subject = Subject::new(Kind::Progress, &[id, &data.today.to_string()]);
    may(sight.actor, Right::Keep, &Matter::of_record(plan, Kind::Progress, &subject.key, None, data.today))
        .map_err(|e| e.text())?;
    let short = plan.short_id(id);
    let (date, last) = data.progress_at(project, data.today).ok_or_else(|| Text::FormNoReport.both(&[&short]))?;
    if *date == data.today {
        return Err(Text::FormReported.both(&[&short, date]));
    }
    let what = Text::FormSame.both(&[&short, &report_line(date, last)]);
    let after = Some(Record::Progress(last.clone()));
    let change = Change { subject, before: None, after, reason: String::new() };
    Ok((Draft { change, base: Some(0) }, what))
}

/// Saves the last reports of several projects once more, as one operation; those that have nothing to repeat are named.
#[must_use]
pub fn repeat_all(projects: &[ProjectIx], sight: &Sight<'_>) -> Wish {
    let all: Vec<_> = projects.iter().map(|p| again(*p, sight)).collect();
    let mut refused = all.iter().filter_map(|a| a.as_ref().err());
    let Some(first) = refused.next() else {
        let what = Text::FormSameAll.both(&[&all.len()]);
        return Wish::Write { drafts: all.into_iter().flatten().map(|(draft, _)| draft).collect(), what };
    };
    let left = 1 + refused.count();
    if left == all.len() {
        return Wish::Say(Message::loud(Text::FormSameNone.both2(&[&left, &first.zh], &[&left, &first.en])));
    }
    let made = all.len() - left;
    let what = Text::FormSameSome.both2(&[&made, &left, &first.zh], &[&made, &left, &first.en]);
    Wish::Write { drafts: all.into_iter().flatten().map(|(draft, _)| draft).collect(), what }
}

/// Saves the last report once more.
#[must_use]
pub fn repeat(project: ProjectIx, sight: &Sight<'_>) -> Wish {
    match again(project, sight) {
        Ok((draft, what)) => Wish::Write { drafts: vec![draft], what },
        Err(why) => Wish::Say(Message::loud(why)),
    }
}

/// A new attraction, credited to the unit of a quota row.
#[must_use]
pub fn of_row(plan: usize, row: Option<usize>, sight: &Sight<'_>) -> Wish {
    let unit = row.and_then(|row| sight.data.quota_plans()[plan].rows[row].unit);
    let known = unit.map(|u| ("credits", sight.data.plan.unit(u).code.clone()));
    opened(new(Sheet::Attractions, known.as_slice(), sight), sight)
}

/// The attractions of a quota row, to be changed or withdrawn.
#[must_use]
pub fn attractions_of(plan: usize, row: Option<usize>, doing: Doing, sight: &Sight<'_>) -> Menu {
    let all = sight.data.attractions_of(plan, row);
    let choices = all.into_iter().filter_map(|(id, a, _)| {
        let note = format!("{} {}", a.amount, a.signed);
        Some(of_old(same(format!("{id} {}", a.name)), same(note), edit(Kind::Attraction, id, sight)?, doing, sight))
    });
    Menu::new(
        doing.title().both2(&[&title(Sheet::Attractions).pair().0], &[&title(Sheet::Attractions).pair().1]),
        Vec::new(),
        choices.collect(),
    )
}

/// The newest record of an indicator or a goal, or a new one where there is none.
#[must_use]
pub fn newest_of(sheet: Sheet, id: &str, sight: &Sight<'_>) -> Form {
    let column = if sheet == Sheet::Goals { "goal" } else { "indicator" };
    let facts = &sight.data.facts;
    let of = |key: &str| key.split_once('/').filter(|(first, _)| *first == id).map(|(_, rest)| rest.to_owned());
    let newest = match sheet {
        Sheet::Goals => facts.goals.iter().filter_map(|(key, _)| of(key)).max(),
        _ => (sight.data.plan.targets.indicators.iter().position(|i| i.id == id))
            .and_then(|place| sight.data.indicators()[place].period.clone()),
    };
    match newest.and_then(|rest| edit(sheet.kind(), &format!("{id}/{rest}"), sight)) {
        Some(form) => form,
        None => new(sheet, &[(column, id.to_owned())], sight),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::snapshot::Kept;

    #[test]
    fn the_next_id_follows_the_pattern_of_the_others() {
        let next = |ids: &[&str]| {
            let mut all: Vec<(String, Kept<()>)> =
                ids.iter().map(|id| ((*id).to_owned(), Kept { seq: 1, value: () })).collect();
            all.sort_by(|a, b| a.0.cmp(&b.0));
            next_id(&Arc::new(all), "ZG-001")
        };
        assert_eq!(next(&[]), "ZG-001");
        assert_eq!(next(&["ZG-001", "ZG-009"]), "ZG-010");
        assert_eq!(next(&["ZS13-042", "ZS14-007"]), "ZS14-008");
        assert_eq!(next(&["X-99"]), "X-100");
        assert_eq!(next(&["X-100", "X-99"]), "X-101", "as a number, not as a text");
        assert_eq!(next(&["甲", "乙"]), "ZG-001");
        assert_eq!(next(&["A1", "甲"]), "A2", "what has no number is passed over");
    }
}
