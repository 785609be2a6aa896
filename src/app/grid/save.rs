//! Saves on their way: which cells wait for which ticket, and what the store's answer means for them.

use std::collections::BTreeSet;

use super::{Conflict, Grid, Invalid, Seen, Sheet, Want};
use crate::app::screen::Wish;
use crate::domain::change::{Change, Draft, Record};
use crate::domain::value::Bilingual;
use crate::store::{self, OpId};
use crate::text::Text;

/// How many changes the list of this session keeps.
const RECENT: usize = 40;

/// 最近改动: what this session saved.
#[derive(Clone, Debug)]
pub struct Recent<K> {
    /// Which cell.
    pub cell: K,
    /// The value before, as shown.
    pub before: String,
    /// The value after, as shown; [`super::CLEARED`] where the entry was withdrawn.
    pub after: String,
    /// 理由
    pub reason: String,
    /// Number of the entry; none while it is on its way.
    pub seq: Option<u64>,
    pub(super) ticket: u64,
}

impl<K> Recent<K> {
    /// From what to what, with its reason; of a note the value that it stays with.
    #[must_use]
    pub fn change(&self, arrow: &str) -> String {
        let values = if self.before == self.after {
            self.after.clone()
        } else {
            format!("{} {arrow} {}", self.before, self.after)
        };
        format!("{values}  {}", self.reason).trim_end().to_owned()
    }
}

/// A want that may be saved, and the record that it becomes.
pub(super) type Write<K> = (Want<K>, Option<Record>);

/// One operation that the store has not answered.
#[derive(Clone, Debug)]
pub(super) struct Pending<K> {
    /// Cell and text of each draft.
    cells: Vec<(K, String)>,
    drafts: Vec<Draft>,
    /// Not sent yet: an earlier save of one of its cells is on its way.
    waits: bool,
    /// It is the paste of a preview.
    pub(super) paste: bool,
    /// The ledger was asked whether it is saved.
    doubted: bool,
}

/// 答复. What the store's answer to a ticket means.
#[derive(Debug, PartialEq)]
pub enum Answer {
    /// The ticket is not of this grid.
    NotMine,
    /// Settled; these saves, by ticket, waited for it and go out now.
    Next(Vec<(u64, Vec<Draft>)>),
    /// The same ticket goes out again, on what is stored by now.
    Again(Vec<Draft>),
    /// Nobody knows whether it is saved: the ledger is asked by the operation's own id.
    Settle(OpId, Vec<Draft>),
    /// Refused; what to say.
    Line(Bilingual),
}

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    /// Whether this session made an entry, or has one on its way whose number it does not know yet.
    #[must_use]
    pub fn is_own(&self, seq: u64) -> bool {
        !self.pending.is_empty() || self.recent.iter().any(|r| r.seq == Some(seq))
    }

    /// What is on its way for a cell, as typed.
    #[must_use]
    pub fn on_its_way(&self, cell: (R, C)) -> Option<&str> {
        let of = |p: &'_ Pending<(R, C)>| p.cells.iter().position(|(c, _)| *c == cell);
        let all = self.outbox.iter().rev().chain(self.pending.values().rev());
        all.into_iter().find_map(|p| of(p).map(|i| p.cells[i].1.as_str()))
    }

    /// Cells whose value is not known to be stored if the program ends now.
    #[must_use]
    pub fn unsaved_cells(&self) -> usize {
        let mut all: BTreeSet<(R, C)> = self.unsaved().into_keys().collect();
        all.extend(self.pending.values().flat_map(|p| &p.cells).map(|(c, _)| *c));
        all.len()
    }

    /// One operation: all of it is saved, or none.
    pub(super) fn send(&mut self, writes: Vec<Write<(R, C)>>, reason: &str, sheet: &impl Sheet<R, C>) -> Wish {
        let what = match &writes[..] {
            [(want, _)] => {
                let name = sheet.name(want.cell);
                Text::Saving.both2(&[&name.zh, &want.typed], &[&name.en, &want.typed])
            }
            writes => Text::SavingCells.both(&[&writes.len()]),
        };
        let (mut cells, mut drafts) = (Vec::with_capacity(writes.len()), Vec::with_capacity(writes.len()));
        for (Want { cell, typed, seen }, after) in writes {
            let before = self.on_its_way(cell).map_or_else(|| sheet.text(cell), str::to_owned);
            let recent = Recent { cell, before, after: typed.clone(), reason: reason.to_owned(), seq: None, ticket: 0 };
            self.recent.insert(0, recent);
            let (subject, base) = (sheet.subject(cell), Some(seen.seq));
            let change = Change { subject, before: seen.value, after, reason: reason.to_owned() };
            drafts.push(Draft { change, base });
            cells.push((cell, typed));
        }
        self.recent.truncate(RECENT.max(cells.len()));
        self.end_range();
        let waits = cells.iter().any(|(cell, _)| self.on_its_way(*cell).is_some());
        self.outbox.push_back(Pending { cells, drafts: drafts.clone(), waits, paste: false, doubted: false });
        Wish::Save { drafts, what }
    }

    /// The app is about to send the oldest save of the outbox under this ticket; answers whether it goes out now. A
    /// second save of a cell waits for the first, so that nobody conflicts with himself.
    pub fn sent(&mut self, ticket: u64) -> bool {
        let Some(pending) = self.outbox.pop_front() else { return true };
        let cells = pending.cells.len();
        let news = self.recent.iter_mut().rev().filter(|r| r.ticket == 0 && r.seq.is_none());
        news.take(cells).for_each(|r| r.ticket = ticket);
        let now = !pending.waits;
        self.pending.insert(ticket, pending);
        now
    }

    /// The store has committed these entries, or found nothing different.
    pub fn saved(&mut self, ticket: u64, seqs: &[u64]) -> Answer {
        let Some(done) = self.pending.remove(&ticket) else { return Answer::NotMine };
        if done.paste {
            self.written = None;
        }
        // Without a difference there is no entry: then nobody can tell which entry belongs to which draft.
        let numbered = seqs.len() == done.drafts.len();
        let last = seqs.last().copied();
        if seqs.is_empty() {
            self.recent.retain(|r| r.ticket != ticket);
        }
        for (i, ((cell, _), draft)) in done.cells.iter().zip(&done.drafts).enumerate() {
            let Some(seq) = (if numbered { seqs.get(i).copied() } else { last }) else { continue };
            let mine = |r: &&mut Recent<(R, C)>| r.ticket == ticket && r.cell == *cell;
            if let Some(r) = self.recent.iter_mut().find(mine) {
                r.seq = Some(seq);
            }
            if numbered {
                self.learn(*cell, Seen { seq, value: draft.change.after.clone() });
            }
        }
        Answer::Next(self.release())
    }

    /// This session knows better than the picture what is stored in a cell.
    fn learn(&mut self, cell: (R, C), seen: Seen) {
        if let Some(e) = self.editor.as_mut().filter(|e| e.cell == cell) {
            e.seen = seen.clone();
        }
        for want in self.prompt.iter_mut().flat_map(|p| &mut p.wants).filter(|w| w.cell == cell) {
            want.seen = seen.clone();
        }
        self.known.insert(cell, seen);
    }

    /// Saves that wait for nothing any more, on what is stored by now.
    fn release(&mut self) -> Vec<(u64, Vec<Draft>)> {
        let mut busy: Vec<(R, C)> = Vec::new();
        let mut out = Vec::new();
        for (ticket, p) in &mut self.pending {
            if p.waits && !p.cells.iter().any(|(c, _)| busy.contains(c)) {
                p.waits = false;
                for ((cell, _), draft) in p.cells.iter().zip(&mut p.drafts) {
                    if let Some(seen) = self.known.get(cell) {
                        draft.base = Some(seen.seq);
                        draft.change.before.clone_from(&seen.value);
                    }
                }
                out.push((*ticket, p.drafts.clone()));
            }
            busy.extend(p.cells.iter().map(|(c, _)| *c));
        }
        out
    }

    /// The store has refused; what was typed stays in its cell. `why` is the reason as one sentence.
    pub fn refused(&mut self, ticket: u64, error: &store::Error, why: &Bilingual, sheet: &impl Sheet<R, C>) -> Answer {
        if let store::Error::Conflict(c) = error
            && let Some(drafts) = self.retry(ticket, c)
        {
            return Answer::Again(drafts);
        }
        if let store::Error::Unknown(op) = error
            && let Some(p) = self.pending.get_mut(&ticket).filter(|p| !p.doubted)
        {
            p.doubted = true;
            return Answer::Settle(*op, p.drafts.clone());
        }
        let Some(Pending { cells, paste, drafts, .. }) = self.pending.remove(&ticket) else { return Answer::NotMine };
        self.recent.retain(|r| r.ticket != ticket);
        let first = match error {
            store::Error::Conflict(c) => Some(Seen { seq: c.seq, value: c.theirs.clone() }),
            // Nobody else is in the way: the same save may be tried again.
            store::Error::Busy => {
                drafts.first().map(|d| Seen { seq: d.base.unwrap_or(0), value: d.change.before.clone() })
            }
            _ => None,
        };
        let busy = matches!(error, store::Error::Busy);
        if paste && let Some(mut preview) = self.written.take() {
            preview.refused = Some(why.clone());
            preview.settle(self, sheet);
            self.preview = Some(preview);
        }
        let [(cell, typed)] = &cells[..] else {
            return Answer::Line(Text::NoneWritten.both2(&[&why.zh], &[&why.en]));
        };
        let (cell, mut typed) = (*cell, typed.clone());
        // What waited for it rests on a value that was never stored: the newer text is the one that stays.
        let later = self.pending.extract_if(.., |_, p| p.waits && p.cells.iter().any(|(c, _)| *c == cell));
        for (ticket, p) in later.collect::<Vec<_>>() {
            typed = p.cells.into_iter().find(|(c, _)| *c == cell).map_or(typed, |(_, t)| t);
            self.recent.retain(|r| r.ticket != ticket);
        }
        let name = sheet.name(cell);
        // The cursor goes back to the cell, where the keys that the line names hold; unless something else is being
        // typed by now, which is not to be torn away.
        let typing = self.prompt.is_some()
            || self.conflict.is_some()
            || self.preview.is_some()
            || self.editor.as_ref().is_some_and(|e| e.cell != cell && !e.field.text().is_empty());
        let back = first.is_some() && !typing && self.point(cell);
        let line = if busy {
            let what = |name: &str| format!("{name} {typed}");
            Text::BusyRetry.both2(&[&what(&name.zh)], &[&what(&name.en)])
        } else if first.is_some() {
            Text::ConflictLine.both2(&[&why.zh, &typed], &[&why.en, &typed])
        } else {
            Text::RefusedCell.both2(&[&name.zh, &typed, &why.zh], &[&name.en, &typed, &why.en])
        };
        self.invalid.insert(cell, Invalid { typed: typed.clone(), why: line.clone(), first: first.clone(), busy });
        let Some(seen) = first else { return Answer::Line(line) };
        if back {
            self.editor = None;
            self.end_range();
            self.conflict = Some(Conflict { cell, typed, line: line.clone(), busy, seen });
            return Answer::Line(line);
        }
        Answer::Line(Text::ConflictElsewhere.both2(&[&name.zh, &typed, &why.zh], &[&name.en, &typed, &why.en]))
    }

    /// A cell that looked empty had been cleared before: nobody's value is lost if it is saved on top of that entry.
    fn retry(&mut self, ticket: u64, conflict: &store::Conflict) -> Option<Vec<Draft>> {
        let drafts = &mut self.pending.get_mut(&ticket)?.drafts;
        let draft = drafts.iter_mut().find(|d| d.change.subject == conflict.subject)?;
        let empty = conflict.theirs.is_none() && conflict.seq > 0 && draft.change.before.is_none();
        if !empty || draft.base == Some(conflict.seq) {
            return None;
        }
        draft.base = Some(conflict.seq);
        Some(drafts.clone())
    }

    /// An entry of this session was taken back, or one was made by taking back: the list of changes follows.
    pub fn turned(&mut self, cell: (R, C), of: u64, (before, after, seq): (String, String, u64), undo: bool) {
        self.recent.retain(|r| r.seq != Some(of));
        if !undo {
            self.recent.insert(0, Recent { cell, before, after, reason: String::new(), seq: Some(seq), ticket: 0 });
        }
    }
}
