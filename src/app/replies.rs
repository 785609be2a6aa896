//! 存取. What is asked of the store, and what its answers do to the screens.

use super::*;

impl App {
    /// Sends what changes something; where nothing does, the answer is known without asking.
    pub(super) fn save(&mut self, ticket: u64, mut drafts: Vec<Draft>) -> Vec<Effect> {
        drafts.retain(|d| d.change.before != d.change.after);
        if drafts.is_empty() {
            return self.answered(Reply::Saved { ticket, seqs: Vec::new() });
        }
        vec![Effect::Send(Request::Save { ticket, drafts })]
    }

    /// A record that looked new had been withdrawn before: nobody's value is lost if it is saved on top of that entry.
    fn retry(&mut self, ticket: u64, conflict: &Conflict) -> Option<Vec<Draft>> {
        let (_, drafts) = self.writes.get_mut(&ticket)?;
        let draft = drafts.iter_mut().find(|d| d.change.subject == conflict.subject)?;
        if draft.change.before.is_some() || draft.base == Some(conflict.seq) {
            return None;
        }
        draft.base = Some(conflict.seq);
        Some(drafts.clone())
    }

    /// Sends what changes the district, and remembers what it is until the store has answered.
    pub(super) fn write(
        &mut self,
        what: Bilingual,
        drafts: Vec<Draft>,
        request: impl FnOnce(u64) -> Request,
    ) -> Vec<Effect> {
        if let Some(day) = self.data.as_ref().and_then(|d| d.as_of) {
            self.message = Some(Message::loud(Text::PastDay.both(&[&day])));
            return Vec::new();
        }
        self.ticket += 1;
        self.message = Some(Message::plain(Text::SavingWhat.both2(&[&what.zh], &[&what.en])));
        self.writes.insert(self.ticket, (what, drafts));
        self.turns.sent(self.ticket, self.page());
        vec![Effect::Send(request(self.ticket))]
    }

    /// Warnings and the newest entries are looked for while they are on the screen, never before the data itself is.
    pub(super) fn ask_warnings(&mut self) -> Vec<Effect> {
        if self.tab != Tab::Overview {
            return Vec::new();
        }
        let Some(data) = &self.data else { return Vec::new() };
        let mut effects = Vec::new();
        if self.overview.wants(data) {
            effects.push(Effect::Send(Request::Warnings));
        }
        if self.overview.wants_recent(data) {
            effects.push(Effect::Send(Request::Recent { limit: RECENT }));
        }
        effects
    }

    /// Entries of the ledger go to who asked for them.
    pub(super) fn read(&mut self, of: &Query, found: Result<Vec<LedgerEntry>, Error>) {
        if let Some(seq) = self.sought.filter(|seq| *of == of_entry(*seq)) {
            self.found(seq, found);
            return;
        }
        if self.turns.asked(of) {
            // Somebody who may not read the ledger still sees that the undo was saved.
            self.tell_turn(&found.unwrap_or_default());
            return;
        }
        self.rectifications.answered(of, &found);
        self.scores.trail.answered(of, &found);
        self.ballots.trail.answered(of, &found);
        if let Some(Modal::Dossier(dossier)) = &mut self.modal {
            dossier.answered(of, &found);
        }
        self.history.answered(of, found);
        self.seeing(|app, sight, _| app.history.refresh(sight));
    }

    /// The chain is followed to its end in parts, behind whatever else is to be done.
    pub(super) fn ask_chain(&self) -> Vec<Effect> {
        let newest = self.data.as_ref().map_or(0, |d| d.facts.seq);
        let follow = self.chain.broken.is_none() && self.chain.checked < newest;
        if follow { vec![Effect::Send(Request::Chain)] } else { Vec::new() }
    }

    /// The entries of the cell under the cursor; nothing is asked while somebody types.
    fn wants_trail(&mut self, data: &Snapshot) -> Option<Query> {
        if self.context() != Context::Grid {
            return None;
        }
        let sight = Sight { data, index: &self.index, actor: &self.actor, lang: self.lang };
        if self.on_ballots() {
            let of = self.ballots.trail_of(&sight);
            self.ballots.trail.wants(of)
        } else {
            let of = self.scores.trail_of(&sight);
            self.scores.trail.wants(of)
        }
    }

    /// What the screen still wants of the ledger, one thing at a time, and only for those who may read it.
    pub(super) fn ask_ledger(&mut self) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        let matter = Matter { units: self.actor.units.clone(), ..Matter::default() };
        let query = match (may(&self.actor, Right::ReadHistory, &matter), &mut self.modal, self.tab) {
            (Err(error), None, Tab::History) => {
                self.history.refuse(error);
                None
            }
            (Err(_), ..) => None,
            (_, Some(Modal::Dossier(dossier)), _) => dossier.wants(&data),
            (_, None, Tab::History) => self.history.wants(&data),
            (_, None, Tab::Rectifications) => self.rectifications.wants(&data),
            (_, None, Tab::Scores) => self.wants_trail(&data),
            _ => None,
        };
        query.map(|q| Effect::Send(Request::History(q))).into_iter().collect()
    }

    /// The screen that waits for the ticket says what becomes of what was typed.
    pub(super) fn refused(&mut self, ticket: u64, error: &Error) -> Vec<Effect> {
        let why = match error {
            Error::Conflict(c) => self.changed_by(c),
            error => error.text(),
        };
        if let Error::Conflict(c) = error
            && c.theirs.is_none()
            && c.seq > 0
            && let Some(drafts) = self.retry(ticket, c)
        {
            return self.save(ticket, drafts);
        }
        if let Some(asked) = self.form_doubts(ticket, error) {
            return asked;
        }
        let written = self.writes.remove(&ticket);
        if self.form_refused(ticket, error, &why) {
            return Vec::new();
        }
        if let Some((what, _)) = written {
            let line = Text::NotSavedWhat.both2(&[&why.zh, &what.zh], &[&why.en, &what.en]);
            self.message = Some(Message::loud(line));
            return Vec::new();
        }
        let Some(data) = self.data.clone() else { return Vec::new() };
        let (index, actor, lang) = (std::mem::take(&mut self.index), self.actor.clone(), self.lang);
        let sight = Sight { data: &data, index: &index, actor: &actor, lang };
        let mut answers = self.screens().into_iter().map(|s| s.refused(ticket, error, &why, &sight));
        let answer = answers.find(|a| *a != Answer::NotMine);
        self.index = index;
        match answer {
            Some(Answer::Again(drafts)) => return self.save(ticket, drafts),
            Some(Answer::Settle(op, drafts)) => {
                self.message = Some(Message::loud(Text::Doubtful.both(&[])));
                return vec![Effect::Send(Request::Settle { ticket, op, drafts })];
            }
            Some(Answer::Line(line)) => self.message = Some(Message::loud(line)),
            _ => self.message = Some(Message::loud(why)),
        }
        Vec::new()
    }

    /// Who changed the record first, to what.
    pub(super) fn changed_by(&self, conflict: &Conflict) -> Bilingual {
        let person = self.data.as_ref().and_then(|d| d.plan.person(&conflict.actor));
        let name = person.map_or(conflict.actor.as_str(), |p| p.name.as_str());
        let value = self.data.as_ref().map(|d| record::value(conflict.theirs.as_ref(), d)).unwrap_or_default();
        let time = conflict.at.split_once('T').and_then(|(_, time)| time.get(..5)).unwrap_or_default();
        Text::ChangedBy.both2(&[&name, &time, &value.zh], &[&name, &time, &value.en])
    }

    pub(super) fn answered(&mut self, reply: Reply) -> Vec<Effect> {
        match reply {
            Reply::Data(data) => {
                let same = self.data.as_ref().is_some_and(|old| Arc::ptr_eq(&old.plan, &data.plan));
                if !same {
                    self.index = Index::new(&data.plan);
                }
                let before = self.data.replace(Arc::clone(&data));
                let (index, actor, lang) = (std::mem::take(&mut self.index), self.actor.clone(), self.lang);
                let sight = Sight { data: &data, index: &index, actor: &actor, lang };
                self.screens().into_iter().for_each(|screen| screen.refresh(&sight));
                self.index = index;
                self.refresh_form();
                let mut effects = self.explain_again(before.as_deref(), &data);
                effects.extend(self.ask_warnings());
                effects.extend(self.ask_chain());
                return effects;
            }
            Reply::Warnings { seq, day, all } => {
                self.overview.warned((seq, day), &all);
                if let Some(data) = self.data.clone() {
                    let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
                    self.overview.refresh(&sight);
                }
                return self.ask_warnings();
            }
            Reply::PlanLine { key, place } => self.own_data_located(&key, place),
            Reply::Waiting => self.message = Some(Message::plain(Text::WaitsForSave.both(&[]))),
            Reply::Others(others) => self.others = others,
            Reply::Damaged(damage) => self.damage = damage,
            Reply::Care(what) => self.message = Some(Message::loud(what)),
            Reply::Saved { ticket: 0, seqs } => {
                self.saved.extend(&seqs);
                return self.turned(seqs);
            }
            Reply::Saved { ticket, seqs } => {
                self.saved.extend(&seqs);
                self.turns.did(ticket, !seqs.is_empty());
                self.form_saved(ticket);
                if let Some((what, _)) = self.writes.remove(&ticket) {
                    self.message = Some(Message::plain(match seqs.last() {
                        Some(seq) => Text::SavedWhat.both2(&[seq, &what.zh], &[seq, &what.en]),
                        None => Text::Unchanged.both(&[]),
                    }));
                    return Vec::new();
                }
                let next = self.screens().into_iter().find_map(|s| match s.saved(ticket, &seqs) {
                    Answer::Next(next) => Some(next),
                    _ => None,
                });
                self.message = Some(Message::plain(match &seqs[..] {
                    [first, .., last] => Text::SavedMany.both(&[&seqs.len(), first, last]),
                    [seq] => Text::Saved.both(&[seq]),
                    [] => Text::Unchanged.both(&[]),
                }));
                let next = next.unwrap_or_default();
                return next.into_iter().flat_map(|(ticket, drafts)| self.save(ticket, drafts)).collect();
            }
            Reply::Refused { ticket, error } => {
                if ticket == 0 {
                    self.turn_refused(&error);
                    return Vec::new();
                }
                return self.refused(ticket, &error);
            }
            Reply::Sources { of, entries } => {
                if let Some(Modal::Explain(explain)) = &mut self.modal {
                    explain.answered(of, entries);
                }
            }
            Reply::Undoable(entries) => self.name_undoable(&entries),
            Reply::Recent(entries) => self.overview.recent = entries,
            Reply::History { of, found } => self.read(&of, found),
            Reply::Chain(chain) => {
                self.chain = chain;
                return self.ask_chain();
            }
            Reply::Failed(error) => {
                self.overview.unwarned();
                self.message = Some(Message::loud(error.text()));
            }
        }
        Vec::new()
    }
}
