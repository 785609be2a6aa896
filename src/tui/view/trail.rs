//! 本格记录. The newest entries of a cell: who, when, from what to what, and why.

use super::Pen;
use crate::app::explain::moment;
use crate::app::record;
use crate::app::screens::history::LedgerEntry;
use crate::domain::snapshot::Snapshot;
use crate::tui::theme::Role;

fn who(entry: &LedgerEntry, data: &Snapshot) -> String {
    data.plan.person(&entry.actor).map_or(entry.actor.as_str(), |p| p.name.as_str()).to_owned()
}

fn change(pen: &Pen<'_>, entry: &LedgerEntry, data: &Snapshot) -> String {
    let (before, after) = record::change(entry, data);
    format!("{} {} {}", before.in_lang(pen.lang), pen.theme.glyphs().arrow.trim_end(), after.in_lang(pen.lang))
}

/// The entries for a narrow pane, two lines each, newest first.
pub(super) fn lines(pen: &Pen<'_>, entries: &[LedgerEntry], data: &Snapshot) -> Vec<(String, Role)> {
    let year = data.plan.district.year;
    let of = |entry: &LedgerEntry| {
        let first = format!("{}  {}", moment(&entry.at, year), who(entry, data));
        [(first, Role::Dim), (format!(" #{}  {}", entry.seq, change(pen, entry, data)), Role::Dim)]
    };
    entries.iter().flat_map(of).collect()
}

/// The newest entry in one line, where there is no pane for it.
pub(super) fn newest(pen: &Pen<'_>, entries: &[LedgerEntry], data: &Snapshot) -> Option<String> {
    let entry = entries.first()?;
    let at = moment(&entry.at, data.plan.district.year);
    let line = format!("{at} {}  {}   #{}  {}", who(entry, data), change(pen, entry, data), entry.seq, entry.reason);
    Some(line.trim_end().to_owned())
}
