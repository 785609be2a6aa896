//! 记录. Who changed what, when and why.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Screen, Sight, Tab, Wish, about_project};
use crate::domain::change::Kind;
use crate::domain::explain::Question;
pub use crate::store::LedgerEntry;

/// 记录
#[derive(Default)]
pub struct History {
    /// Newest first; none before the store has answered.
    pub entries: Option<Vec<LedgerEntry>>,
    /// Number of the entry under the cursor.
    pub cursor: Cursor<u64>,
}

impl History {
    /// The store's answer.
    pub fn set(&mut self, mut entries: Vec<LedgerEntry>) {
        entries.sort_by_key(|e| std::cmp::Reverse(e.seq));
        let list: Vec<u64> = entries.iter().map(|e| e.seq).collect();
        self.entries = Some(entries);
        self.cursor.refresh(&list);
    }

    /// Points at an entry. False if it is not listed.
    pub fn point(&mut self, seq: u64) -> bool {
        let list: Vec<u64> = self.entries.iter().flatten().map(|e| e.seq).collect();
        self.cursor.point(&list, seq)
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&LedgerEntry> {
        let seq = self.cursor.item()?;
        self.entries.as_ref()?.iter().find(|e| e.seq == seq)
    }
}

impl Screen for History {
    fn update(&mut self, action: Action, _sight: &Sight<'_>) -> Vec<Wish> {
        let list: Vec<u64> = self.entries.iter().flatten().map(|e| e.seq).collect();
        match action {
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                self.cursor.take(action, &list);
            }
        }
        Vec::new()
    }

    /// What the entry under the cursor is a record of.
    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let (data, entry) = (sight.data, self.selected()?);
        let (plan, facts) = (&data.plan, &data.facts);
        let mut parts = entry.key.split('/');
        let (first, second, third) = (parts.next()?, parts.next(), parts.next());
        match entry.kind? {
            Kind::Score => Some(about_project(sight, plan.project_ix(second?)?, plan.round_ix(first))),
            Kind::Ballot => Some(Question::Panel { project: plan.project_ix(third?)?, round: plan.round_ix(first)? }),
            Kind::Milestone | Kind::Progress => {
                Some(about_project(sight, plan.project_ix(first)?, data.assessment_round()))
            }
            Kind::Rectification => {
                facts.rectifications.iter().position(|(id, _)| *id == entry.key).map(Question::Rectification)
            }
            Kind::Indicator => plan.targets.indicators.iter().position(|i| i.id == first).map(Question::Indicator),
            Kind::Goal => plan.targets.goals.iter().position(|g| g.id == first).map(Question::Goal),
            Kind::Incident | Kind::Attraction | Kind::Round | Kind::Resolution | Kind::Plan => None,
        }
    }

    fn clause(&self, _sight: &Sight<'_>) -> Option<String> {
        let entry = self.selected().filter(|e| e.kind == Some(Kind::Score))?;
        entry.key.split('/').nth(2).map(|criterion| format!("criterion.{criterion}"))
    }

    fn refresh(&mut self, _sight: &Sight<'_>) {}
}
