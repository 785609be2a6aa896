//! 复制. A list as a spreadsheet takes it: `y` the rows that are picked, or the one under the cursor; `Y` all of it, with its
//! headings.

use super::record::{change, done_as, subject};
use super::screen::{Sight, Wish, seen_score};
use crate::domain::border::inert;
use crate::domain::district::{ProjectIx, UnitIx};
use crate::domain::value::{Lang, days_between};
use crate::domain::words::Word as _;
use crate::store::LedgerEntry;
use crate::text::Text;

/// How much of a list is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Much {
    /// What is picked.
    Picked,
    /// 整表
    Whole,
}

impl Much {
    /// Of a list: all of it, or what is picked of it, or what stands under the cursor.
    pub fn of<T: Copy>(self, all: &[T], picked: impl Iterator<Item = T>, under: Option<T>) -> Vec<T> {
        match self {
            Self::Whole => all.to_vec(),
            Self::Picked => {
                let picked: Vec<T> = picked.collect();
                if picked.is_empty() { under.into_iter().collect() } else { picked }
            }
        }
    }
}

/// Rows on their way to the clipboard, with headings where it is the whole list.
#[must_use]
pub fn sent<const N: usize>(much: Much, headings: [Text; N], rows: &[[String; N]], lang: Lang) -> Wish {
    // A tab or a line end of a text would begin another cell, and a spreadsheet would calculate with `=1+1`.
    let cell = |cell: &String| inert(&cell.replace(['\t', '\n', '\r'], " "));
    let line = |cells: &[String; N]| cells.iter().map(cell).collect::<Vec<_>>().join("\t");
    let head = (much == Much::Whole).then(|| line(&headings.map(|t| t.in_lang(lang).to_owned())));
    let text = head.into_iter().chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n");
    Wish::CopyCells { text, said: Text::CopySent.both(&[&rows.len(), &(rows.len() * N)]) }
}

/// 项目
pub const PROJECTS: [Text; 10] = [
    Text::Id,
    Text::Project,
    Text::Hq,
    Text::Town,
    Text::Class,
    Text::Status,
    Text::OpenMilestone,
    Text::LagDays,
    Text::Reported,
    Text::Score,
];

/// A project in the order of [`PROJECTS`].
#[must_use]
pub fn project(sight: &Sight<'_>, project: ProjectIx) -> [String; 10] {
    let (data, lang, at) = (sight.data, sight.lang, sight.data.board_date());
    let (p, standing) = (data.plan.project(project), data.standing(project));
    let open = standing.next.map(|place| &data.plan.milestones(project)[place]);
    let reported = data.progress_at(project, at).and_then(|(_, r)| r.reported);
    let score = seen_score(data, sight.actor, project).and_then(|s| s.score);
    [
        p.id.clone(),
        p.name.clone(),
        unit(sight, Some(p.headquarters_at(at))),
        unit(sight, p.town_at(at)),
        p.commitment.word(lang),
        standing.status.word(lang),
        open.map_or_else(String::new, |m| format!("{} {}", m.due, m.name)),
        standing.lag_days.map_or_else(String::new, |days| days.to_string()),
        reported.map_or_else(String::new, |r| r.word(lang)),
        score.map_or_else(String::new, |points| points.fixed(2)),
    ]
}

/// 整改
pub const RECTIFICATIONS: [Text; 8] = [
    Text::Id,
    Text::Project,
    Text::Finding,
    Text::Unit,
    Text::Deadline,
    Text::DaysLeft,
    Text::State,
    Text::TimesReturned,
];

/// A rectification in the order of [`RECTIFICATIONS`], by its place.
#[must_use]
pub fn rectification(sight: &Sight<'_>, place: usize) -> Option<[String; 8]> {
    let (data, day) = (sight.data, sight.data.day());
    let (id, kept) = data.facts.rectifications.get(place)?;
    let r = &kept.value;
    let left = (!r.closed_by(day)).then(|| days_between(day, r.due).to_string());
    let responsible = data.plan.unit_ix(&r.unit);
    Some([
        id.clone(),
        r.project.clone().unwrap_or_default(),
        r.finding.clone(),
        responsible.map_or_else(|| r.unit.clone(), |u| unit(sight, Some(u))),
        r.due.to_string(),
        left.unwrap_or_default(),
        r.state_at(day).word(sight.lang),
        data.returned(id).to_string(),
    ])
}

/// 记录
pub const ENTRIES: [Text; 8] =
    [Text::Number, Text::Time, Text::Person, Text::Kind, Text::Subject, Text::Before, Text::After, Text::ReasonHead];

/// An entry in the order of [`ENTRIES`].
#[must_use]
pub fn entry(sight: &Sight<'_>, e: &LedgerEntry) -> [String; 8] {
    let (data, lang) = (sight.data, sight.lang);
    let (before, after) = change(e, data);
    [
        e.seq.to_string(),
        e.at.clone(),
        data.plan.person(&e.actor).map_or_else(|| e.actor.clone(), |p| p.name.clone()),
        done_as(e).in_lang(lang).to_owned(),
        subject(e.kind, &e.key, data),
        before.in_lang(lang).to_owned(),
        after.in_lang(lang).to_owned(),
        e.reason.clone(),
    ]
}

fn unit(sight: &Sight<'_>, unit: Option<UnitIx>) -> String {
    unit.map_or_else(String::new, |u| sight.data.plan.unit(u).in_tables(sight.lang).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_a_spreadsheet_would_calculate_with_is_copied_as_a_text() {
        let row = ["=1+1", "＝1+1", "@甲", "-12", "+3 天"].map(str::to_owned);
        let Wish::CopyCells { text, .. } = sent(Much::Picked, [Text::Id; 5], &[row], Lang::Zh) else {
            panic!("cells are copied")
        };
        assert_eq!(text, "'=1+1\t'＝1+1\t'@甲\t-12\t'+3 天", "a number stays one");
    }
}
