//! 库线程. One thread owns the connection; the interface talks to it in [`Request`]s and [`Reply`]s.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use super::{Actor, Chain, Error, Present, Reply, Request, Store};
use crate::domain::value::{Bilingual, Date};

/// So many links of the chain are followed at a time: a save never waits long behind them.
const LINKS: usize = 5_000;

/// Starts the thread: it opens the store, answers the state once, then whatever is asked; it sleeps otherwise. The
/// bell of other sessions comes in by the same channel. The thread ends with [`Request::Stop`], when everything asked
/// before is answered: whoever must not lose a save sends it and joins.
///
/// # Errors
/// No thread can be started.
pub fn spawn(
    open: impl FnOnce() -> Result<(Store, Actor), Error> + Send + 'static,
    as_of: Option<Date>,
    reply: impl Fn(Reply) + Send + Sync + 'static,
) -> io::Result<(Sender<Request>, JoinHandle<()>)> {
    let (sender, requests) = mpsc::channel();
    let bell = sender.clone();
    let thread = thread::Builder::new().name("store".into()).spawn(move || {
        let (store, actor) = match open() {
            Ok(opened) => opened,
            Err(error) => return reply(Reply::Failed(error)),
        };
        // Without a bell the next key press finds what is new.
        let _ = store.watch(move || bell.send(Request::Changed).is_ok());
        let reply = Arc::new(reply);
        let waits = Arc::clone(&reply);
        store.on_waiting(move || waits(Reply::Waiting));
        let mut worker = Worker {
            store,
            actor,
            as_of,
            reply,
            chain: Chain::default(),
            cared: false,
            place: None,
            others: Vec::new(),
            ails: None,
        };
        worker.ail(None);
        worker.show(true);
        while let Ok(request) = requests.recv() {
            if matches!(request, Request::Stop) {
                break;
            }
            worker.answer(request);
        }
    })?;
    Ok((sender, thread))
}

struct Worker<R> {
    store: Store,
    actor: Actor,
    as_of: Option<Date>,
    reply: Arc<R>,
    chain: Chain,
    /// The screen was told once what should be looked after.
    cared: bool,
    /// Where the person is.
    place: Option<String>,
    /// Who else was there.
    others: Vec<Present>,
    /// What the screen was told to be wrong.
    ails: Option<Bilingual>,
}

impl<R: Fn(Reply)> Worker<R> {
    fn answer(&mut self, request: Request) {
        match request {
            Request::Load => self.show(true),
            Request::Changed => {
                self.show(false);
                self.look_around();
            }
            Request::Here(place) => {
                self.place = place;
                self.look_around();
            }
            Request::Save { ticket, drafts } => self.write(ticket, |store, actor| store.save(actor, &drafts, None)),
            Request::Round { ticket, round, step, reason } => {
                self.write(ticket, |store, actor| store.round_step(actor, &round, step, &reason));
            }
            Request::Settle { ticket, op, drafts } => {
                self.write(ticket, |store, actor| store.save(actor, &drafts, Some(op)));
            }
            Request::Undoable => {
                let found = self.store.undoable(&self.actor);
                (self.reply)(found.map_or_else(Reply::Failed, Reply::Undoable));
            }
            Request::Undo => self.write(0, Store::undo),
            Request::Redo => self.write(0, Store::redo),
            Request::History(of) => {
                let found = self.store.history(&self.actor, &of);
                (self.reply)(Reply::History { of, found });
            }
            Request::Chain => {
                let followed = self.store.follow_chain(&mut self.chain, LINKS);
                (self.reply)(followed.map_or_else(Reply::Failed, |()| Reply::Chain(self.chain.clone())));
            }
            Request::Recent { limit } => match self.store.history(&self.actor, &super::Query::of(None, limit)) {
                Ok(entries) => (self.reply)(Reply::Recent(entries)),
                Err(Error::NotPermitted(_)) => (self.reply)(Reply::Recent(Vec::new())),
                Err(error) => (self.reply)(Reply::Failed(error)),
            },
            Request::Warnings => self.warn(),
            Request::PlanLine(key) => {
                let found = self.store.plan_line(&key);
                (self.reply)(found.map_or_else(Reply::Failed, |place| Reply::PlanLine { key, place }));
            }
            Request::Sources(of) => {
                let found = self.store.sources(&self.actor, &of);
                (self.reply)(found.map_or_else(Reply::Failed, |entries| Reply::Sources { of, entries }));
            }
            Request::AsOf(day) => {
                self.as_of = day;
                self.show(true);
            }
            Request::Stop => {}
        }
    }

    /// Answers the newest state: always, or only if something is new.
    fn show(&mut self, always: bool) {
        match self.store.refresh() {
            Ok(changed) => {
                if changed || always {
                    let snapshot = self.store.snapshot_for(&self.actor, self.as_of);
                    (self.reply)(Reply::Data(snapshot));
                }
            }
            Err(error) => {
                self.ail(Some(&error));
                (self.reply)(Reply::Failed(error));
            }
        }
    }

    /// Tells the screen what is wrong with file or disk, once, and that it is over.
    fn ail(&mut self, error: Option<&Error>) {
        let damaged = error.is_some_and(|error| self.store.note_damage(error));
        let ails = match error {
            Some(Error::Disk(_)) if !damaged => error.map(Error::text),
            _ => self.store.damage().cloned(),
        };
        if ails != self.ails {
            self.ails.clone_from(&ails);
            (self.reply)(Reply::Damaged(ails));
        }
    }

    /// Says where the person is, and tells the screen who else is there when that is another answer than before.
    fn look_around(&mut self) {
        // Advice alone: where it cannot be had nothing is missed.
        let others = self.store.here(&self.actor.login, self.place.as_deref()).unwrap_or_default();
        if others != self.others {
            self.others.clone_from(&others);
            (self.reply)(Reply::Others(others));
        }
    }

    fn warn(&mut self) {
        let snapshot = self.store.snapshot(self.as_of);
        let (seq, day) = (snapshot.facts.seq, snapshot.day());
        let found = self.store.warnings(&self.actor, self.as_of);
        (self.reply)(found.map_or_else(Reply::Failed, |all| Reply::Warnings { seq, day, all: all.into() }));
    }

    fn write(&mut self, ticket: u64, write: impl FnOnce(&mut Store, &Actor) -> Result<Vec<u64>, Error>) {
        if self.as_of.is_some() {
            return (self.reply)(Reply::Refused { ticket, error: Error::PastDay });
        }
        match write(&mut self.store, &self.actor) {
            Ok(seqs) => {
                (self.reply)(Reply::Saved { ticket, seqs });
                self.ail(None);
                if let Some(care) = self.store.care().filter(|_| !self.cared) {
                    self.cared = true;
                    (self.reply)(Reply::Care(care));
                }
                self.show(true);
            }
            Err(error) => {
                // What refused it is likely to be news.
                self.show(false);
                if matches!(error, Error::Disk(_) | Error::Damaged(_)) {
                    self.ail(Some(&error));
                }
                (self.reply)(Reply::Refused { ticket, error });
            }
        }
    }
}
