//! 项目档案. One project: plan, milestones, reports, scores, rectifications.

use ratatui::layout::Rect;

use super::{Panes, Pen, Shown, day, points, short_id, status_name, unit_name};
use crate::app::modal::Dossier;
use crate::app::screen::{Sight, may_see_project};
use crate::domain::district::ProjectIx;
use crate::domain::project::{Commitment, Light, Status, late_days};
use crate::domain::scoring::Basis;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Money, Points, Ratio, days_between};
use crate::domain::words::Word;
use crate::text::Text;
use crate::text::wrap::wrapped;
use crate::tui::fit::width;
use crate::tui::theme::Role;

type Line = Vec<Shown>;

fn plain(text: impl Into<String>) -> Line {
    vec![(text.into(), Role::Text)]
}

/// Milestones: mark, due, name, and how they stand.
fn milestones(pen: &Pen<'_>, ix: ProjectIx, data: &Snapshot) -> Vec<(Shown, String)> {
    let g = pen.theme.glyphs();
    let (at, year) = (data.board_date(), data.plan.district.year);
    let grace = data.plan.rules.light.milestone;
    data.plan
        .milestones(ix)
        .iter()
        .zip(data.done(ix))
        .map(|(m, done)| {
            let late = late_days(m, *done, at);
            let head = format!("{} {}", day(m.due, year), m.name);
            match (done.filter(|d| *d <= at), late) {
                (Some(done), None) => {
                    let note = Text::DoneOn.fill(pen.lang, &[&day(done, year)]);
                    ((format!("{}{head}", g.completed), Role::Good), note)
                }
                (Some(done), Some(late)) => {
                    let note = Text::DoneLate.fill(pen.lang, &[&day(done, year), &late]);
                    ((format!("{}{head}", g.completed), Role::Warn), note)
                }
                (None, Some(late)) => {
                    let red = late - grace.grace_days > grace.yellow_to;
                    let (mark, role) = if red { (g.red, Role::Bad) } else { (g.yellow, Role::Warn) };
                    ((format!("{mark}{head}"), role), Text::LateBy.fill(pen.lang, &[&late]))
                }
                (None, None) => ((format!("{}{head}", g.not_due), Role::Text), String::new()),
            }
        })
        .collect()
}

/// Invested share of the annual plan, and the pace.
fn investment(ix: ProjectIx, data: &Snapshot) -> Option<(Points, Points)> {
    let at = data.board_date();
    let p = data.plan.project(ix);
    let annual = p.annual_plan?.in_yuan().filter(|n| *n > 0)?;
    let invested = data.progress_at(ix, at)?.1.invested?.in_yuan()?;
    let share = crate::domain::losses::invested_share(invested, annual)?;
    Some((share, (data.plan_pace(at) * Ratio::int(100)).round2()))
}

fn bar_text(pen: &Pen<'_>, share: Points, pace: Points, room: u16) -> String {
    let g = pen.theme.glyphs();
    let cells = |p: Points| (p.ratio() * Ratio::new(i128::from(room), 100)).round().clamp(0, i64::from(room));
    let mark = cells(pace).min(i64::from(room) - 1);
    (0..i64::from(room))
        .map(|i| {
            if i == mark {
                g.bar_pace
            } else if i < cells(share) {
                g.bar_done
            } else {
                g.bar_rest
            }
        })
        .collect()
}

fn status_words(ix: ProjectIx, data: &Snapshot, lang: Lang) -> String {
    let s = data.standing(ix);
    let light = match (s.status, s.light) {
        (Status::Behind, Some(Light::Red)) => Text::InRed.in_lang(lang),
        (Status::Behind, Some(Light::Yellow)) => Text::InYellow.in_lang(lang),
        _ => "",
    };
    format!("{}{light}", status_name(s.status, lang))
}

/// Rectifications of a project that are not closed, or all.
fn rectifications(ix: ProjectIx, data: &Snapshot, lang: Lang, all: bool) -> Vec<Shown> {
    let id = &data.plan.project(ix).id;
    let today = data.day();
    data.facts
        .rectifications
        .iter()
        .filter(|(_, k)| {
            k.value.project.as_deref() == Some(id) && k.value.issued <= today && (all || !k.value.closed_by(today))
        })
        .map(|(number, k)| {
            let r = &k.value;
            let (_, overdue) = r.light(today, data.plan.rules.light.warn_days);
            let due = day(r.due, data.plan.district.year);
            match overdue {
                Some(days) => (Text::RectificationOverdue.fill(lang, &[number, &days, &r.finding]), Role::Bad),
                None if r.closed_by(today) => (Text::RectificationClosed.fill(lang, &[number, &r.finding]), Role::Dim),
                None => {
                    let left = days_between(today, r.due);
                    (Text::RectificationOpen.fill(lang, &[number, &due, &left, &r.finding]), Role::Text)
                }
            }
        })
        .collect()
}

/// The short form below a list.
pub(super) fn summary(pen: &Pen<'_>, ix: ProjectIx, data: &Snapshot, room: u16) -> Vec<Line> {
    let lang = pen.lang;
    let p = data.plan.project(ix);
    let at = data.board_date();
    let town = p.town_at(at).map_or_else(|| "--".to_owned(), |t| unit_name(data, t, lang));
    let hq = unit_name(data, p.headquarters_at(at), lang);
    let officer = p.service_officer.as_deref().unwrap_or("--");
    let class = match p.commitment {
        crate::domain::project::Commitment::Must => Text::MustLong,
        crate::domain::project::Commitment::Stretch => Text::StretchLong,
    }
    .in_lang(lang);
    let score = crate::app::screen::seen_score(data, &pen.actor, ix);
    let task = score.and_then(|s| s.task_points).map_or_else(|| "--".to_owned(), |t| t.to_string());
    let report = data.progress_at(ix, at);
    let told = super::projects::reported(data, ix, lang);
    let told = told.map_or_else(|| "--".to_owned(), |(t, better)| format!("{t}{}", if better { " <>" } else { "" }));
    let told_on = report.map_or_else(String::new, |(d, _)| day(*d, data.plan.district.year));
    let note = report.map(|(_, r)| r.note.as_str()).filter(|n| !n.is_empty()).or(p.note.as_deref()).unwrap_or_default();
    let standing = pen.standing(data.standing(ix));
    let label = |t: Text| format!("{}  ", t.in_lang(lang));
    let mut lines: Vec<Line> = Vec::new();
    let id = Text::IdLabel.fill(lang, &[&p.id]);
    let gap = usize::from(room.saturating_sub(width(&p.name) + width(&id)));
    lines.push(vec![(format!("{}{}{id}", p.name, " ".repeat(gap)), Role::Title)]);
    // In columns, as far as there is room: from one project to the next the labels stay where they are.
    let columns = [padded(&hq, 12), padded(&town, 6), padded(officer, 12)];
    let units = Text::DetailUnits.fill(lang, &[&columns[0], &columns[1], &columns[2], &class, &task]);
    let short = || Text::DetailUnits.fill(lang, &[&hq, &town, &officer, &class, &task]);
    lines.push(plain(if width(&units) > room { short() } else { units }));
    let mut nodes = vec![(label(Text::Milestones), Role::Text)];
    for (((mark_and_name, role), note), m) in milestones(pen, ix, data).into_iter().zip(data.plan.milestones(ix)) {
        // Two characters of the name tell the nodes of one project apart; a date done stands in the dossier.
        let brief: String = m.name.chars().take(2).collect();
        let head = mark_and_name.trim_end_matches(m.name.as_str()).to_owned();
        let late = if role == Role::Good { "" } else { note.split_once("  ").map_or(note.as_str(), |(_, late)| late) };
        nodes.push((format!("{head}{brief} {late}").trim_end().to_owned(), role));
        nodes.push(("  ".to_owned(), Role::Text));
    }
    lines.push(nodes);
    if let Some((share, pace)) = investment(ix, data) {
        let figures = Text::ShareAndPace.fill(lang, &[&share.fixed(1), &pace.fixed(1)]);
        lines.push(plain(format!("{}{}  {figures}", label(Text::Investment), bar_text(pen, share, pace, 30))));
    } else {
        lines.push(vec![(label(Text::Investment), Role::Text), (Text::NotStated.in_lang(lang).to_owned(), Role::Dim)]);
    }
    let score = super::projects::score(data, &pen.actor, ix, lang).0;
    lines.push(vec![
        (label(Text::Status), Role::Text),
        (format!("{} {}", Text::Derived.in_lang(lang), status_words(ix, data, lang)), standing.1),
        (
            format!("   {} {told} {told_on}   {} {score}", Text::Reported.in_lang(lang), Text::Score.in_lang(lang)),
            Role::Text,
        ),
    ]);
    let open = rectifications(ix, data, lang, false);
    lines.extend(open.into_iter().map(|(t, r)| vec![("      ".to_owned(), Role::Text), (t, r)]));
    lines.extend(wrapped(note, room.saturating_sub(6), width).into_iter().map(|l| plain(format!("      {l}"))));
    lines
}

/// The form that stands in a column of its own. What every project has comes first and always in the same rows, with
/// its values always in the same columns: from one project to the next only what differs is written.
pub(super) fn column(pen: &Pen<'_>, ix: ProjectIx, data: &Snapshot, room: u16) -> Vec<Line> {
    let lang = pen.lang;
    let p = data.plan.project(ix);
    let at = data.board_date();
    let score = crate::app::screen::seen_score(data, &pen.actor, ix);
    let standing = pen.standing(data.standing(ix));
    let report = data.progress_at(ix, at);
    let told = super::projects::reported(data, ix, lang);
    let told = told.map_or_else(|| "--".to_owned(), |(t, better)| format!("{t}{}", if better { " <>" } else { "" }));
    let told_on = report.map_or_else(String::new, |(d, _)| day(*d, data.plan.district.year));
    let class = match p.commitment {
        Commitment::Must => Text::MustLong,
        Commitment::Stretch => Text::StretchLong,
    };
    let task = score.and_then(|s| s.task_points).map_or_else(|| "--".to_owned(), |t| t.to_string());
    let hidden = data.assessment_round().is_some_and(|r| !may_see_project(data, &pen.actor, r, ix));
    let none = if hidden { pen.say(Text::NotPublic) } else { "--" };
    let certified = score.map_or_else(|| none.to_owned(), |s| s.state.word(lang));
    let money = |m: Option<Money>| m.map_or_else(|| "--".to_owned(), |m| m.to_string());
    let town = p.town_at(at).map_or_else(|| "--".to_owned(), |t| unit_name(data, t, lang));
    let row = |label: Text, value: String| plain(format!("{}{value}", padded(label.in_lang(lang), LABEL)));
    let mut lines: Vec<Line> = vec![
        vec![(p.name.clone(), Role::Title)],
        plain(format!("{}  {}", padded(&p.id, 14), class.in_lang(lang))),
        Vec::new(),
        vec![
            (padded(Text::Derived.in_lang(lang), LABEL), Role::Text),
            (format!("{}{}", standing.0, status_words(ix, data, lang)), standing.1),
        ],
        row(Text::Reported, format!("{}{told_on}", padded(&told, 14))),
        row(
            Text::CertifiedLabel,
            format!("{}{}", padded(&certified, 14), super::projects::score(data, &pen.actor, ix, lang).0),
        ),
        row(Text::TaskPointsLabel, task),
        row(Text::Hq, unit_name(data, p.headquarters_at(at), lang)),
        row(Text::Town, town),
        row(Text::Officer, p.service_officer.clone().unwrap_or_else(|| "--".to_owned())),
        row(Text::TotalMoney, money(p.total_investment)),
        row(Text::AnnualMoney, money(p.annual_plan)),
    ];
    match investment(ix, data) {
        Some((share, pace)) => {
            let figures = Text::ShareAndPace.fill(lang, &[&share.fixed(1), &pace.fixed(1)]);
            lines.push(row(Text::Investment, figures));
            lines.push(plain(bar_text(pen, share, pace, room.min(40))));
        }
        None => {
            lines.push(row(Text::Investment, Text::NotStated.in_lang(lang).to_owned()));
            lines.push(Vec::new());
        }
    }
    lines.push(vec![(padded(Text::Milestones.in_lang(lang), room), Role::Header)]);
    let all = milestones(pen, ix, data);
    for ((head, role), note) in all {
        // Only the mark is coloured, and notes stand in one column: what is alike in two projects is not written twice.
        let (mark, name) = head.split_at(head.char_indices().nth(2).map_or(head.len(), |(i, _)| i));
        let name = padded(&crate::tui::fit::cut(name, HEAD), HEAD);
        lines.push(vec![(mark.to_owned(), role), (format!("{name} {note}"), Role::Text)]);
    }
    lines.push(Vec::new());
    let note = report.map(|(_, r)| r.note.as_str()).filter(|n| !n.is_empty()).or(p.note.as_deref()).unwrap_or_default();
    lines.extend(wrapped(note, room, width).into_iter().map(plain));
    let open = rectifications(ix, data, lang, false);
    lines.extend(open.into_iter().flat_map(|(t, r)| wrapped(&t, room, width).into_iter().map(move |l| vec![(l, r)])));
    lines
}

/// Cells of due day and name of a milestone before what became of it.
const HEAD: u16 = 18;
/// Cells of a label before its value.
const LABEL: u16 = 10;

/// A text filled with blanks to so many cells.
fn padded(text: &str, room: u16) -> String {
    format!("{text}{}", " ".repeat(usize::from(room.saturating_sub(width(text)))))
}

/// What the assessment made of a project: every criterion with how its points came about, deductions, the sum; then the
/// reports and all rectifications.
pub(super) fn record(pen: &Pen<'_>, ix: ProjectIx, data: &Snapshot, room: u16) -> Vec<Line> {
    let lang = pen.lang;
    let mut lines: Vec<Line> = vec![vec![(padded(Text::Parts.in_lang(lang), room), Role::Header)]];
    let score = crate::app::screen::seen_score(data, &pen.actor, ix);
    for (criterion, part) in data.plan.rules.criteria.iter().zip(score.map_or(&[][..], |s| &s.parts)) {
        let basis = match part.basis {
            Basis::Derived => Text::BasisDerived,
            Basis::Accepted => Text::BasisAccepted,
            Basis::Override => Text::BasisOverride,
            Basis::Entered => Text::BasisEntered,
            Basis::NotApplicable => Text::NotApplicable,
            Basis::Missing => Text::BasisMissing,
        }
        .in_lang(lang);
        let seq = part.seq.map_or_else(String::new, |s| format!("  #{s}"));
        let text =
            format!("{:>8} / {:<5} {}  {basis}{seq}", points(part.points), criterion.points.short(), criterion.label);
        lines.push(plain(text));
    }
    if let Some(s) = score {
        for d in &s.deductions {
            let label =
                data.plan.rules.deductions.iter().find(|r| r.id == d.kind).map_or(d.kind.as_str(), |r| &r.label);
            lines.push(vec![(format!("{:>8}         {label} x {}", (-d.points).fixed(2), d.count), Role::Bad)]);
        }
        let total = Text::ScoreLine.fill(lang, &[&points(s.score), &points(s.earned_points)]);
        lines.push(vec![(total, Role::Title)]);
    } else {
        lines.push(vec![(pen.say(Text::NoScoreHere).to_owned(), Role::Dim)]);
    }
    lines.push(Vec::new());
    lines.push(vec![(Text::Reports.in_lang(lang).to_owned(), Role::Header)]);
    let reports = data.facts.progress.get(ix.at()).into_iter().flatten();
    let reports: Vec<_> = reports.rev().filter(|(date, _)| *date <= data.board_date()).collect();
    if reports.is_empty() {
        lines.push(vec![(pen.say(Text::NoReports).to_owned(), Role::Dim)]);
    }
    for (date, r) in reports {
        let percent = r.percent.map_or_else(|| "--".to_owned(), |p| p.short());
        let planned = r.planned_percent.map_or_else(|| "--".to_owned(), |p| p.short());
        let invested = r.invested.map_or_else(|| "--".to_owned(), |m| m.to_string());
        let date = day(*date, data.plan.district.year);
        lines.push(plain(Text::ReportLine.fill(lang, &[&date, &percent, &planned, &invested, &r.note])));
    }
    let all = rectifications(ix, data, lang, true);
    lines.push(Vec::new());
    lines.push(vec![(Text::Rectifications.in_lang(lang).to_owned(), Role::Header)]);
    if all.is_empty() {
        lines.push(vec![(Text::NoneOfProject.in_lang(lang).to_owned(), Role::Dim)]);
    }
    lines.extend(all.into_iter().map(|l| vec![l]));
    lines
}

/// What was recorded about the project last, newest first.
fn entries(state: &Dossier, data: &Snapshot, lang: Lang, arrow: &str) -> Vec<Line> {
    let dim = |text: Text| vec![vec![(text.in_lang(lang).to_owned(), Role::Dim)]];
    match &state.entries {
        None => dim(Text::NotReadHere),
        Some(all) if all.is_empty() => dim(Text::NoHistory),
        Some(all) => all
            .iter()
            .rev()
            .map(|e| {
                let person = data.plan.person(&e.actor).map_or(e.actor.as_str(), |p| p.name.as_str());
                let (before, after) = crate::app::record::change(e, data);
                let subject = crate::app::record::subject(e.kind, &e.key, data);
                let kind = super::history::kind_name(e.kind, lang);
                let at = e.at.get(..16).unwrap_or(&e.at).replace('T', " ");
                let changed = format!("{} {arrow} {}", before.in_lang(lang), after.in_lang(lang));
                plain(format!("#{:<6} {at}  {person}  {kind}  {subject}  {changed}", e.seq))
            })
            .collect(),
    }
}

/// Draws the dossier.
pub fn view(pen: &mut Pen<'_>, area: Rect, state: &mut Dossier, sight: &Sight<'_>) {
    let data = sight.data;
    let lang = pen.lang;
    let ix = state.project;
    if ix.at() >= data.plan.projects.len() {
        return;
    }
    let p = data.plan.project(ix);
    let mut panes = Panes::default();
    let title = format!("{} {}", short_id(data, &p.id), p.name);
    let as_of = Text::AsOf.fill(lang, &[&day(data.board_date(), data.plan.district.year)]);
    let inner = panes.add(area, title, format!("{as_of}  {}", Text::EscCloses.in_lang(lang)));
    panes.draw(pen);
    let mut lines = column(pen, ix, data, inner.width);
    let facts = [
        (Text::Contractor, p.contractor.as_deref()),
        (Text::Client, p.owner.as_deref()),
        (Text::Remark, p.note.as_deref()),
    ];
    for (label, value) in facts {
        if let Some(value) = value {
            lines.extend(
                wrapped(&format!("{}  {value}", label.in_lang(lang)), inner.width, width).into_iter().map(plain),
            );
        }
    }
    lines.push(Vec::new());
    lines.extend(record(pen, ix, data, inner.width));
    lines.push(Vec::new());
    lines.push(vec![(Text::TabHistory.in_lang(lang).to_owned(), Role::Header)]);
    lines.extend(entries(state, data, lang, pen.theme.glyphs().arrow.trim_end()));
    let top = state.scroll.drawn(lines.len(), usize::from(inner.height));
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
        let pieces: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        pen.pieces(inner.x, y, inner.width, &pieces);
    }
    super::lines_seen(pen, area, top, inner.height, lines.len());
}
