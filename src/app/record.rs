//! 记录的话. Records of the ledger in words: which one, and its value in a few characters.

use crate::domain::change::{Kind, Record};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
use crate::domain::words::Word;
use crate::exchange;
use crate::store::LedgerEntry;
use crate::text::Text;

pub mod fields;

/// The record in the words of the plan.
#[must_use]
pub fn subject(kind: Option<Kind>, key: &str, data: &Snapshot) -> String {
    let parts: Vec<&str> = key.split('/').collect();
    match (kind, &parts[..]) {
        (Some(Kind::Score), [_, project, criterion]) => {
            let rules = &data.plan.rules;
            let label = rules.criterion(criterion).map_or(*criterion, |i| rules.criteria[i].label.as_str());
            format!("{} {label}", data.plan.short_id(project))
        }
        (Some(Kind::Ballot), [_, judge, project]) => format!("{judge} {}", data.plan.short_id(project)),
        (Some(Kind::Milestone | Kind::Progress), [project, rest]) => format!("{} {rest}", data.plan.short_id(project)),
        (Some(Kind::Indicator), [id, period]) => {
            let found = data.plan.targets.indicators.iter().find(|i| i.id == *id);
            format!("{} {period}", found.map_or(*id, |i| i.name.as_str()))
        }
        (Some(Kind::Goal), [id, day]) => {
            let found = data.plan.targets.goals.iter().find(|g| g.id == *id);
            format!("{} {day}", found.map_or(*id, |g| g.name.as_str()))
        }
        (Some(Kind::Round), [id]) => {
            data.plan.round_ix(id).map_or(*id, |r| data.plan.round(r).name.as_str()).to_owned()
        }
        (Some(Kind::Resolution), [_, label]) => format!("「{label}」"),
        _ => key.to_owned(),
    }
}

/// What a kind of record is called.
#[must_use]
pub fn kind_of(kind: Option<Kind>) -> Text {
    match kind {
        Some(Kind::Score) => Text::KindScore,
        Some(Kind::Ballot) => Text::KindBallot,
        Some(Kind::Round) => Text::KindRound,
        Some(Kind::Milestone) => Text::KindMilestone,
        Some(Kind::Progress) => Text::KindProgress,
        Some(Kind::Incident) => Text::KindIncident,
        Some(Kind::Rectification) => Text::KindRectification,
        Some(Kind::Attraction) => Text::KindAttraction,
        Some(Kind::Indicator) => Text::KindIndicator,
        Some(Kind::Goal) => Text::KindGoal,
        Some(Kind::Resolution) => Text::KindResolution,
        Some(Kind::Plan) => Text::KindPlan,
        Some(Kind::Restore) => Text::KindRestore,
        None => Text::KindOther,
    }
}

/// What was done: an undo and a redo are told from what a person typed.
#[must_use]
pub fn done_as(e: &LedgerEntry) -> Text {
    match e.reason.split_once(' ') {
        Some(("undo", n)) if n.starts_with('#') => Text::KindUndo,
        Some(("redo", n)) if n.starts_with('#') => Text::KindRedo,
        _ => kind_of(e.kind),
    }
}

/// A value in a few characters; `--` for a record that is not there.
#[must_use]
pub fn value(record: Option<&Record>, data: &Snapshot) -> Bilingual {
    let same = |text: String| Bilingual::new(text.clone(), text);
    let unit = |code: &str| data.plan.unit_ix(code).map_or(code, |u| data.plan.unit(u).name.as_str()).to_owned();
    match record {
        None => same("--".to_owned()),
        Some(Record::Score(r)) => r.points.map_or_else(|| Text::NotApplicable.both(&[]), |p| same(p.short())),
        Some(Record::Ballot(r)) => r.score.map_or_else(|| r.state.label(), |p| same(p.short())),
        Some(Record::Milestone(r)) => same(r.done.to_string()),
        Some(Record::Round(r)) => r.state.label(),
        Some(Record::Goal(r)) => same(r.value.short()),
        Some(Record::Progress(r)) => same(r.percent.map_or_else(|| "--".to_owned(), |p| format!("{}%", p.short()))),
        Some(Record::Incident(r)) => same(event(&r.event, data)),
        Some(Record::Rectification(r)) => {
            let ((zh, en), due) = (r.state.both(), r.due);
            Bilingual::new(format!("{zh} 期限 {due}"), format!("{en}, due {due}"))
        }
        Some(Record::Attraction(r)) => same(format!("{} {}", r.name, r.amount)),
        Some(Record::Indicator(r)) => same(r.value.or(r.growth).map_or_else(|| "--".to_owned(), |v| v.short())),
        Some(Record::Resolution(r)) => same(unit(&r.unit)),
        Some(Record::Plan(r)) => same(r.scoring_sha256.chars().take(12).collect()),
        Some(Record::Restore(r)) => same(format!("#{}", r.seq)),
    }
}

/// From what to what an entry changed its record: of a rectification only what is different.
#[must_use]
pub fn change(entry: &LedgerEntry, data: &Snapshot) -> (Bilingual, Bilingual) {
    let (before, after) = (entry.before(), entry.after());
    if let (Some(Record::Rectification(b)), Some(Record::Rectification(a))) = (&before, &after) {
        if b.state != a.state {
            return (b.state.label(), a.state.label());
        }
        if b.due == a.due && b.finding != a.finding {
            let same = |text: &String| Bilingual::new(text, text);
            return (same(&b.finding), same(&a.finding));
        }
        let due = |r: &crate::domain::rectification::Rectification| Text::DueDay.both(&[&r.due]);
        return (due(b), due(a));
    }
    let (was, is) = (value(before.as_ref(), data), value(after.as_ref(), data));
    if was != is || before.is_none() || after.is_none() {
        return (was, is);
    }
    // Something else than its first value: the field is named.
    let told = |lang| fields::lines(entry, data, lang).into_iter().find(fields::Line::changed);
    match (told(Lang::Zh), told(Lang::En)) {
        (Some(zh), Some(en)) => {
            let of = |line: &fields::Line, value: &Option<String>| {
                format!("{} {}", line.label, value.as_deref().filter(|v| !v.is_empty()).unwrap_or("--"))
            };
            (
                Bilingual::new(of(&zh, &zh.before), of(&en, &en.before)),
                Bilingual::new(of(&zh, &zh.after), of(&en, &en.after)),
            )
        }
        _ => (was, is),
    }
}

/// What a kind of incident is called; its id where the rules do not know it any more.
#[must_use]
pub fn event(id: &str, data: &Snapshot) -> String {
    let known = exchange::events(&data.plan).into_iter().find(|(event, _)| *event == id);
    known.map_or(id, |(_, label)| label).to_owned()
}
