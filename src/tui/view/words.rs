//! How tables name units, projects, days and points.

use crate::domain::district::{ProjectIx, UnitIx};
use crate::domain::project::Status;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Lang, Points, Ratio};
use crate::text::Text;

/// A unit as the screen names it.
#[must_use]
pub fn unit_name(data: &Snapshot, unit: UnitIx, lang: Lang) -> String {
    data.plan.unit(unit).in_tables(lang).to_owned()
}

/// The first two characters of a headquarters' short name, for narrow columns; English has the code.
#[must_use]
pub fn unit_brief(data: &Snapshot, unit: UnitIx, lang: Lang) -> String {
    let u = data.plan.unit(unit);
    match lang {
        Lang::Zh => u.short.chars().take(2).collect(),
        Lang::En => u.code.clone(),
    }
}

/// `MM-DD` within the year, else `YYYY-MM-DD`.
#[must_use]
pub fn day(date: Date, year: i16) -> String {
    if date.year() == year { format!("{:02}-{:02}", date.month(), date.day()) } else { date.to_string() }
}

/// Points with two decimals, `--` where there are none.
#[must_use]
pub fn points(p: Option<Points>) -> String {
    p.map_or_else(|| "--".to_owned(), |p| p.fixed(2))
}

/// The id without the prefix of the plan's first one.
#[must_use]
pub fn short_id<'a>(data: &Snapshot, id: &'a str) -> &'a str {
    data.plan.short_id(id)
}

/// A project as a table names it: the sample's banner and header carry what its names would repeat.
#[must_use]
pub fn project_name(data: &Snapshot, project: ProjectIx) -> &str {
    let name = data.plan.project(project).name.as_str();
    if data.plan.district.sample { name.strip_prefix("【样例】").unwrap_or(name) } else { name }
}

/// A status in words.
#[must_use]
pub fn status_name(status: Status, lang: Lang) -> &'static str {
    match status {
        Status::Completed => Text::StatusCompleted,
        Status::OnTrack => Text::StatusOnTrack,
        Status::Behind => Text::StatusBehind,
        Status::Unknown => Text::StatusUnknown,
        Status::Excluded => Text::StatusExcluded,
    }
    .in_lang(lang)
}

/// Date and pace of what a screen counts.
#[must_use]
pub fn as_of_line(data: &Snapshot, lang: Lang) -> String {
    let year = data.plan.district.year;
    let at = data.board_date();
    let (gone, total) = data.year_months(at);
    let pace = (data.plan_pace(at) * Ratio::int(100)).round2().fixed(1);
    Text::AsOfLine.fill(lang, &[&day(at, year), &day(data.day(), year), &pace, &gone, &total])
}
