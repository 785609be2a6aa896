//! 记录. Ledger entries, newest first, and the entry under the cursor in full.

use ratatui::layout::Rect;

use super::{Panes, Pen, WIDE, Window, name, number, short_id, table, text};
use crate::app::screen::Sight;
use crate::app::screens::history::{History, LedgerEntry};
use crate::domain::change::{Kind, Record};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points};
use crate::text::Text;
use crate::tui::theme::Role;

pub(super) fn kind_name(kind: Option<Kind>, lang: Lang) -> &'static str {
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
        None => Text::KindOther,
    }
    .in_lang(lang)
}

/// The record in the words of the plan.
pub(super) fn subject(kind: Option<Kind>, key: &str, data: &Snapshot) -> String {
    let parts: Vec<&str> = key.split('/').collect();
    match (kind, &parts[..]) {
        (Some(Kind::Score), [_, project, criterion]) => {
            let rules = &data.plan.rules;
            let label = rules.criterion(criterion).map_or(*criterion, |i| rules.criteria[i].label.as_str());
            format!("{} {label}", short_id(data, project))
        }
        (Some(Kind::Ballot), [_, judge, project]) => format!("{judge} {}", short_id(data, project)),
        (Some(Kind::Milestone | Kind::Progress), [project, rest]) => format!("{} {rest}", short_id(data, project)),
        _ => key.to_owned(),
    }
}

/// A value in a few characters.
pub(super) fn value(kind: Option<Kind>, json: Option<&str>, lang: Lang) -> String {
    let Some(json) = json else { return "--".to_owned() };
    match kind.and_then(|k| Record::read(k, json).ok()) {
        Some(Record::Score(r)) => r.points.map_or_else(|| Text::NotApplicable.in_lang(lang).to_owned(), Points::short),
        Some(Record::Ballot(r)) => r.score.map_or_else(|| format!("{:?}", r.state), Points::short),
        Some(Record::Milestone(r)) => r.done.to_string(),
        Some(Record::Round(r)) => if lang == Lang::Zh { r.state.zh() } else { r.state.name() }.to_owned(),
        Some(Record::Goal(r)) => r.value.short(),
        Some(Record::Progress(r)) => r.percent.map_or_else(|| "--".to_owned(), |p| format!("{}%", p.short())),
        Some(Record::Rectification(r)) => r.due.to_string(),
        Some(Record::Resolution(r)) => r.unit,
        _ => json.chars().take(24).collect(),
    }
}

/// Clock time of the newest day in the list, else the date: nothing ticks, so nothing is relative.
pub(super) fn time(at: &str, newest: &str) -> String {
    let (date, clock) = at.split_once('T').unwrap_or((at, ""));
    if newest.starts_with(date) && clock.len() >= 5 {
        clock[..5].to_owned()
    } else {
        date.get(5..).unwrap_or(date).to_owned()
    }
}

/// Draws the history.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut History, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let head = Text::HistoryHead.fill(lang, &[&data.facts.seq]);
    pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &head, Role::Text);
    let body = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
    let (list, detail) = if area.width >= WIDE {
        let width = body.width * 3 / 5;
        let mut panes = Panes::default();
        let list = panes.add(Rect { width: width + 1, ..body }, Text::History.in_lang(lang), "");
        let rest = Rect { x: body.x + width, width: body.width - width, ..body };
        let detail = panes.add(rest, Text::Detail.in_lang(lang), "");
        panes.draw(pen);
        (list, detail)
    } else {
        let low = if area.height >= 16 { 7 } else { 0 };
        let list = Rect { height: body.height.saturating_sub(low), ..body };
        (list, Rect { x: body.x + 1, y: list.bottom(), width: body.width.saturating_sub(2), height: low })
    };
    draw_list(pen, list, state, data);
    if let Some(e) = state.selected() {
        draw_detail(pen, detail, e, data);
    }
}

fn draw_list(pen: &mut Pen<'_>, area: Rect, state: &mut History, data: &Snapshot) {
    let lang = pen.lang;
    let entries = match &state.entries {
        None => {
            pen.put(area.x + 1, area.y, area.width.saturating_sub(2), pen.say(Text::Loading), Role::Dim);
            return;
        }
        Some(e) if e.is_empty() => {
            pen.put(area.x + 1, area.y, area.width.saturating_sub(2), pen.say(Text::NoHistory), Role::Dim);
            return;
        }
        Some(e) => e,
    };
    let newest = entries.first().map_or("", |e| e.at.as_str());
    let arrow = pen.theme.glyphs().arrow.trim_end();
    let columns = [
        text("", 1, 0),
        number(Text::Number.in_lang(lang), 7, 0),
        text(Text::Time.in_lang(lang), 6, 2),
        text(Text::Person.in_lang(lang), 8, 1),
        text(Text::Kind.in_lang(lang), 6, 3),
        name(Text::Subject.in_lang(lang), 18, 14),
        text(Text::ChangeOf.in_lang(lang), 22, 0),
    ];
    let place = state.cursor.place();
    let rows = usize::from(area.height.saturating_sub(1));
    let top = state.cursor.scroll(entries.len(), rows);
    let window = Window { len: entries.len(), top, selected: Some(place), focused: true };
    table(pen, area, &columns, window, |i| {
        let e = &entries[i];
        let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
        let (before, after) = (value(e.kind, e.before.as_deref(), lang), value(e.kind, e.after.as_deref(), lang));
        vec![
            (String::new(), Role::Text),
            (format!("#{}", e.seq), Role::Text),
            (time(&e.at, newest), Role::Dim),
            (person.to_owned(), Role::Text),
            (kind_name(e.kind, lang).to_owned(), Role::Text),
            (subject(e.kind, &e.key, data), Role::Text),
            (format!("{before} {arrow} {after}"), Role::Text),
        ]
    });
}

fn draw_detail(pen: &mut Pen<'_>, area: Rect, e: &LedgerEntry, data: &Snapshot) {
    let lang = pen.lang;
    let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
    let reason = if e.reason.is_empty() { "--" } else { &e.reason };
    let lines = [
        (format!("#{} {}  {}", e.seq, kind_name(e.kind, lang), e.key), Role::Title),
        (Text::BeforeLine.fill(lang, &[&value(e.kind, e.before.as_deref(), lang), &e.base]), Role::Text),
        (Text::AfterLine.fill(lang, &[&value(e.kind, e.after.as_deref(), lang), &person, &e.at]), Role::Text),
        (Text::ReasonLine.fill(lang, &[&reason]), Role::Text),
        (Text::ViaLine.fill(lang, &[&e.via]), Role::Dim),
        (Text::HashLine.fill(lang, &[&e.hash.get(..16).unwrap_or(&e.hash)]), Role::Dim),
    ];
    for (y, (text, role)) in (area.y..area.bottom()).zip(&lines) {
        pen.put(area.x, y, area.width, text, *role);
    }
}
