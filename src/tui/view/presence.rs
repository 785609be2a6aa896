//! 在场. Who else is in the grid, at the place of the tip: whoever is in the same row stands first.

use crate::app::App;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Lang;
use crate::text::Text;

/// The line; none where nobody else is there.
pub fn line(app: &App, data: &Snapshot, lang: Lang) -> Option<String> {
    let row = app.whereabouts()?;
    let name = |login: &str| data.plan.person(login).map_or_else(|| login.to_owned(), |p| p.name.clone());
    let comma = if lang == Lang::Zh { "、" } else { ", " };
    let (here, elsewhere): (Vec<_>, Vec<_>) = app.others.iter().partition(|other| other.place == row);
    let same: Vec<String> = here.iter().map(|other| name(&other.login)).collect();
    let others: Vec<String> = elsewhere
        .iter()
        .map(|other| {
            let project = other.place.split_once('/').map_or("", |(_, project)| data.plan.short_id(project));
            format!("{} {project}", name(&other.login))
        })
        .collect();
    match (same.is_empty(), others.is_empty()) {
        (true, true) => None,
        (true, false) => Some(Text::AlsoInGrid.fill(lang, &[&others.join(comma)])),
        (false, true) => Some(Text::AlsoInRow.fill(lang, &[&same.join(comma)])),
        (false, false) => Some(format!(
            "{}  {}",
            Text::AlsoInRow.fill(lang, &[&same.join(comma)]),
            Text::AlsoInGrid.fill(lang, &[&others.join(comma)])
        )),
    }
}
