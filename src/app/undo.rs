//! 撤销与重做. One's own newest change is taken back at once where it can be seen; one of another page, or from before this
//! session, is named first and needs a second key.

use std::collections::{BTreeMap, VecDeque};

use super::App;
use super::msg::Effect;
use super::record;
use super::screen::{Message, Sight, Tab};
use crate::domain::district::RoundIx;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Bilingual;
use crate::store::{Error, LedgerEntry, Query, Request};
use crate::text::Text;

/// 页. Where a change is made and can be seen: the view, in that of scores the round.
pub type Page = (Tab, Option<RoundIx>);

/// What the session knows of its own changes.
#[derive(Debug, Default)]
pub struct Turns {
    /// The pages of this session's changes that are not taken back, the newest last.
    own: Vec<Page>,
    /// The pages of those that were taken back; none for a change from before this session.
    back: Vec<Option<Page>>,
    /// The pages of saves on their way, by ticket.
    sent: BTreeMap<u64, Page>,
    /// A change that is not on the page was named: the next key takes it back.
    named: bool,
    /// Undo (true) and redo that are on their way, and the page of the change.
    under_way: VecDeque<(bool, Option<Page>)>,
    /// The entries that an undo or redo made, until the ledger has said what it did.
    told: Option<(Vec<u64>, bool)>,
}

impl Turns {
    /// A change goes to the store from this page.
    pub fn sent(&mut self, ticket: u64, page: Page) {
        self.sent.insert(ticket, page);
    }

    /// The store has answered: the change is saved, or there was nothing to change.
    pub fn did(&mut self, ticket: u64, saved: bool) {
        if let Some(page) = self.sent.remove(&ticket).filter(|_| saved) {
            self.own.push(page);
            self.back.clear();
        }
    }

    /// Another key than the second one came.
    pub fn forget(&mut self) {
        self.named = false;
    }

    /// Whether this is what the ledger was asked after an undo or redo.
    pub fn asked(&self, of: &Query) -> bool {
        self.told.as_ref().is_some_and(|(seqs, _)| Some(of) == query(seqs).as_ref())
    }
}

/// Asks for the entries of one operation.
fn query(seqs: &[u64]) -> Option<Query> {
    let (first, last) = (seqs.first()?, seqs.last()?);
    let many = usize::try_from(last - first).unwrap_or(0) + 1;
    Some(Query { before: Some(last + 1), ..Query::of(None, many) })
}

impl App {
    /// The page that is shown.
    pub(super) fn page(&self) -> Page {
        let round = match self.tab {
            Tab::Scores if self.on_ballots() => self.ballots.round,
            Tab::Scores => self.scores.round,
            _ => None,
        };
        (self.tab, round)
    }

    /// Takes back (or does again), or asks what would be taken back.
    pub(super) fn turn(&mut self, undo: bool) -> Vec<Effect> {
        if let Some(day) = self.data.as_ref().and_then(|d| d.as_of) {
            self.message = Some(Message::loud(Text::PastDay.both(&[&day])));
            return Vec::new();
        }
        let unseen = undo && self.turns.own.last() != Some(&self.page());
        if unseen && !std::mem::take(&mut self.turns.named) {
            return vec![Effect::Send(Request::Undoable)];
        }
        let page = if undo { self.turns.own.pop() } else { self.turns.back.pop().flatten() };
        self.turns.under_way.push_back((undo, page));
        vec![Effect::Send(if undo { Request::Undo } else { Request::Redo })]
    }

    /// The newest change of one's own is not on this page: it is named.
    pub(super) fn name_undoable(&mut self, entries: &[LedgerEntry]) {
        let (Some(entry), Some(data)) = (entries.first(), self.data.clone()) else {
            self.message = Some(Message::loud(Error::NothingToUndo.text()));
            return;
        };
        let what = self.told(entry, &data);
        let many = match entries.len() {
            1 => String::new(),
            n => format!(" .. ({n})"),
        };
        self.turns.named = true;
        let text = if self.turns.own.is_empty() { Text::UndoEarlier } else { Text::UndoElsewhere };
        let (zh, en) = (what.zh + &many, what.en + &many);
        self.message = Some(Message::loud(text.both2(&[&entry.seq, &zh], &[&entry.seq, &en])));
    }

    /// An undo or redo was saved; the ledger is asked what it did.
    pub(super) fn turned(&mut self, seqs: Vec<u64>) -> Vec<Effect> {
        let (undo, page) = self.turns.under_way.pop_front().unwrap_or((true, None));
        let Some(seq) = seqs.last().copied() else {
            self.message = Some(Message::plain(Text::Unchanged.both(&[])));
            return Vec::new();
        };
        if undo {
            self.turns.back.push(page);
        } else {
            let page = page.unwrap_or_else(|| self.page());
            self.turns.own.push(page);
        }
        let text = if undo { Text::Undone } else { Text::Redone };
        self.message = Some(Message::plain(text.both(&[&seq])));
        self.turns.told = Some((seqs, undo));
        self.turns.told.iter().filter_map(|(seqs, _)| query(seqs)).map(|q| Effect::Send(Request::History(q))).collect()
    }

    /// An undo or redo was refused. Somebody else's value in the cell ends in the line of a conflict.
    pub(super) fn turn_refused(&mut self, error: &Error) {
        match self.turns.under_way.pop_front() {
            Some((true, page)) if !matches!(error, Error::NothingToUndo) => self.turns.own.extend(page),
            Some((false, page)) => self.turns.back.push(page),
            _ => {}
        }
        let why = match error {
            Error::Conflict(c) => self.changed_by(c),
            error => error.text(),
        };
        let Some(data) = self.data.clone() else { return };
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let here = self.tab == Tab::Scores;
        let line = match error {
            Error::Conflict(c) if here => self.scores.undo_conflict(c, &why, &sight),
            _ => None,
        };
        self.message = Some(Message::loud(line.unwrap_or(why)));
    }

    /// The ledger says what the undo or redo did.
    pub(super) fn tell_turn(&mut self, entries: &[LedgerEntry]) {
        let (Some((seqs, undo)), Some(data)) = (self.turns.told.take(), self.data.clone()) else { return };
        let made: Vec<&LedgerEntry> = entries.iter().filter(|e| seqs.contains(&e.seq)).collect();
        let of = |e: &LedgerEntry| e.reason.rsplit_once('#').and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
        let line = match (&made[..], &seqs[..]) {
            ([], _) | (_, []) => return,
            ([entry], _) => {
                let what = self.what_turned(entry, of(entry), undo, &data);
                let text = if undo { Text::UndoneWhat } else { Text::RedoneWhat };
                let (of, seq) = (of(entry), entry.seq);
                text.both2(&[&of, &what.zh, &seq], &[&of, &what.en, &seq])
            }
            (_, [first, .., last]) => {
                let text = if undo { Text::UndoneMany } else { Text::RedoneMany };
                text.both(&[&seqs.len(), first, last])
            }
            (_, [_]) => return,
        };
        self.message = Some(Message::plain(line));
    }

    /// What an undo or redo did, as the screen of the record names it.
    fn what_turned(&mut self, entry: &LedgerEntry, of: u64, undo: bool, data: &Snapshot) -> Bilingual {
        self.scores.turned(entry, of, undo, data);
        self.ballots.turned(entry, of, undo, data, self.lang);
        self.told(entry, data)
    }

    /// What an entry did, as the screen of its record names it.
    fn told(&self, entry: &LedgerEntry, data: &Snapshot) -> Bilingual {
        let scored = self.scores.told(entry, data).map(|(_, what)| what);
        if let Some(what) = scored.or_else(|| self.ballots.told(entry, data, self.lang).map(|(_, _, what)| what)) {
            return Bilingual::new(what.clone(), what);
        }
        let subject = record::subject(entry.kind, &entry.key, data);
        let (before, after) = record::change(entry, data);
        Bilingual::new(
            format!("{subject} {} -> {}", before.zh, after.zh),
            format!("{subject} {} -> {}", before.en, after.en),
        )
    }
}
