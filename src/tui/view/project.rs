//! 项目档案. One project: plan, milestones, reports, scores, rectifications.

use ratatui::layout::Rect;

use super::{Panes, Pen, Shown, day, points, short_id, status_name, unit_name};
use crate::app::modal::Dossier;
use crate::app::screen::Sight;
use crate::domain::district::ProjectIx;
use crate::domain::project::{Light, Status, late_days};
use crate::domain::scoring::Basis;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, Points, Ratio, days_between};
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

/// The short form that follows the cursor of the list.
pub(super) fn summary(pen: &Pen<'_>, ix: ProjectIx, data: &Snapshot, room: u16, tall: bool) -> Vec<Line> {
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
    if tall {
        lines.push(vec![(p.name.clone(), Role::Title)]);
        lines.push(plain(format!("{}   {class}", p.id)));
        lines.push(Vec::new());
        lines.push(plain(format!("{}{hq}", label(Text::Headquarters))));
        lines.push(plain(format!("{}{town}", label(Text::Town))));
        lines.push(plain(format!("{}{officer}", label(Text::Officer))));
        let money = |m: Option<crate::domain::value::Money>| m.map_or_else(|| "--".to_owned(), |m| m.to_string());
        lines.push(plain(Text::MoneyLine.fill(lang, &[&money(p.total_investment), &money(p.annual_plan)])));
        lines.push(plain(Text::TaskLine.fill(lang, &[&task])));
        lines.push(Vec::new());
        if let Some((share, pace)) = investment(ix, data) {
            lines.push(plain(Text::InvestmentLine.fill(lang, &[&share.fixed(1), &pace.fixed(1)])));
            lines.push(plain(bar_text(pen, share, pace, room.min(40))));
            lines.push(Vec::new());
        }
        lines.push(vec![(Text::Milestones.in_lang(lang).to_owned(), Role::Header)]);
        for ((head, role), note) in milestones(pen, ix, data) {
            lines.push(vec![(head, role), (format!("  {note}"), Role::Dim)]);
        }
        lines.push(Vec::new());
        lines.push(vec![(Text::Status.in_lang(lang).to_owned(), Role::Header)]);
        lines.push(vec![
            (label(Text::Derived), Role::Text),
            (format!("{}{}", standing.0, status_words(ix, data, lang)), standing.1),
        ]);
        lines.push(plain(format!("{}{told}  {told_on}", label(Text::Reported))));
        lines.push(plain(format!("{}{}", label(Text::Score), super::projects::score(data, &pen.actor, ix, lang).0)));
        lines.push(Vec::new());
        lines.extend(wrapped(note, room, width).into_iter().map(plain));
        lines.push(Vec::new());
        lines.extend(rectifications(ix, data, lang, false).into_iter().map(|l| vec![l]));
        return lines;
    }
    let id = Text::IdLabel.fill(lang, &[&p.id]);
    let gap = usize::from(room.saturating_sub(width(&p.name) + width(&id)));
    lines.push(vec![(format!("{}{}{id}", p.name, " ".repeat(gap)), Role::Title)]);
    lines.push(plain(Text::DetailUnits.fill(lang, &[&hq, &town, &officer, &class, &task])));
    let mut nodes = vec![(label(Text::Milestones), Role::Text)];
    for (((mark_and_name, role), note), m) in milestones(pen, ix, data).into_iter().zip(data.plan.milestones(ix)) {
        // Two characters of the name tell the nodes of one project apart; a date done stands in the dossier.
        let brief: String = m.name.chars().take(2).collect();
        let head = mark_and_name.trim_end_matches(m.name.as_str()).to_owned();
        let late = if role == Role::Good { "" } else { note.rsplit(['，', ',']).next().unwrap_or_default().trim() };
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
    let inner = panes.add(area, title, Text::EscCloses.in_lang(lang));
    panes.draw(pen);
    let mut lines = summary(pen, ix, data, inner.width, true);
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
    lines.push(vec![(Text::Parts.in_lang(lang).to_owned(), Role::Header)]);
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
    }
    lines.push(Vec::new());
    lines.push(vec![(Text::Reports.in_lang(lang).to_owned(), Role::Header)]);
    let reports = data.facts.progress.get(ix.at()).into_iter().flatten();
    for (date, r) in reports.rev().filter(|(date, _)| *date <= data.board_date()) {
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
    lines.push(Vec::new());
    lines.push(vec![(Text::TabHistory.in_lang(lang).to_owned(), Role::Header)]);
    lines.extend(entries(state, data, lang, pen.theme.glyphs().arrow.trim_end()));
    let top = state.scroll.drawn(lines.len(), usize::from(inner.height));
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(top)) {
        let pieces: Vec<(&str, Role)> = line.iter().map(|(t, r)| (t.as_str(), *r)).collect();
        pen.pieces(inner.x, y, inner.width, &pieces);
    }
}
