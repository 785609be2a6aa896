//! 愿望. What the screens wish for, granted: panels, other views, what goes to the clipboard or leaves the app.

use super::*;

impl App {
    /// Lets the screen decide and does what it wishes; wishes that reach the store are kept for [`App::act`].
    pub(super) fn with_screen(&mut self, decide: impl FnOnce(&mut dyn Screen, &Sight<'_>) -> Vec<Wish>) {
        // Typing never sends anything: what leaves the app is the answer to an action.
        let effects = self.decide(decide);
        debug_assert!(effects.is_empty(), "typing has no effect outside the app");
    }

    /// The same for an action, whose wishes may leave the app.
    pub(super) fn decide(&mut self, decide: impl FnOnce(&mut dyn Screen, &Sight<'_>) -> Vec<Wish>) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let on_ballots = self.on_ballots();
        let screen: &mut dyn Screen = match self.tab {
            Tab::Overview => &mut self.overview,
            Tab::Projects => &mut self.projects,
            Tab::Boards => &mut self.boards,
            Tab::Targets => &mut self.targets,
            Tab::Scores if on_ballots => &mut self.ballots,
            Tab::Scores => &mut self.scores,
            Tab::Rectifications => &mut self.rectifications,
            Tab::History => &mut self.history,
        };
        let wishes = decide(screen, &sight);
        wishes.into_iter().flat_map(|w| self.grant(w, &data)).collect()
    }

    /// Does what a screen wishes for.
    pub(super) fn grant(&mut self, wish: Wish, data: &Arc<Snapshot>) -> Vec<Effect> {
        match wish {
            Wish::Go(tab) => return self.go_asking(tab),
            Wish::Dossier(project) => {
                self.modal = Some(Modal::Dossier(Dossier::new(project)));
            }
            Wish::Unit(unit) => {
                self.tab = Tab::Projects;
                let sight = Sight { data, index: &self.index, actor: &self.actor, lang: self.lang };
                self.projects.show_unit(&sight, unit);
            }
            Wish::Copy(text) => {
                self.message = Some(Message::plain(Text::Copied.both(&[&text.lines().count()])));
                return vec![Effect::Copy(text)];
            }
            Wish::Entry(entry) => self.modal = Some(Modal::Entry(Entry::new(entry, data, &self.actor))),
            Wish::Attractions(plan, row) => {
                self.modal = Some(Modal::Attractions(Attractions { plan, row, scroll: Scroll::default() }));
            }
            Wish::Say(message) => self.message = Some(message),
            Wish::Explain => return self.explain_shown(),
            Wish::CopyCells { text, .. } if text.len() > CLIPBOARD => {
                self.message = Some(Message::loud(Text::CopyTooLarge.both(&[])));
            }
            Wish::CopyCells { text, said } => {
                self.message = Some(Message::plain(said));
                return vec![Effect::Copy(text)];
            }
            Wish::Menu(menu) => self.modal = Some(Modal::Menu(menu).over(self.modal.take())),
            Wish::Ask(prompt) => self.modal = Some(Modal::Prompt(prompt).over(self.modal.take())),
            Wish::Form(form) => self.modal = Some(Modal::Form(form).over(self.modal.take())),
            Wish::Sheet(sheet) => self.modal = Some(Modal::Sheet(sheet)),
            Wish::OwnData(project) => return self.show_own_data(project, data),
            Wish::Export(words) => return vec![Effect::Export(words)],
            Wish::Replace(words) => return vec![Effect::Replace(words)],
            Wish::Confirm(confirm) => self.modal = Some(Modal::Confirm(confirm)),
            Wish::Show(place) => return self.show(place, data),
            Wish::Do(action) => return self.act(action),
            Wish::Write { drafts, what } => {
                return self.write(what, drafts.clone(), |ticket| Request::Save { ticket, drafts });
            }
            Wish::RoundStep { round, step, reason } => {
                let what = Bilingual::new(round.clone(), round.clone());
                return self.write(what, Vec::new(), |ticket| Request::Round { ticket, round, step, reason });
            }
            Wish::Round(_) if self.asks_before_leaving() => {}
            Wish::Round(round) => {
                // Who changes the round on row 1 stays there, where digits change views.
                let selecting = self.context() == Context::Selector;
                let effects = self.go(Tab::Scores);
                self.score_round(round, data);
                (self.scores.selecting, self.ballots.selecting) = (selecting, selecting);
                return effects;
            }
            Wish::Save { drafts, what } => {
                self.ticket += 1;
                let ticket = self.ticket;
                self.turns.sent(ticket, self.page());
                self.message = Some(Message::plain(what));
                if self.shown_mut().sent(ticket) {
                    return self.save(ticket, drafts);
                }
            }
        }
        Vec::new()
    }

    /// View 5 shows another round: an observation in the ballot matrix, an assessment in the certification grid.
    pub(super) fn score_round(&mut self, round: RoundIx, data: &Arc<Snapshot>) {
        let dropped = self.leave_scores();
        let shown = || Message::plain(screens::ballots::told_round(data, round));
        self.message = Some(dropped.map_or_else(shown, Message::loud));
        let sight = Sight { data, index: &self.index, actor: &self.actor, lang: self.lang };
        if data.plan.round(round).kind == RoundKind::Observation {
            self.ballots.show(round, &sight);
        } else {
            self.ballots.hide();
            self.scores.show_round(round, &sight);
        }
    }

    /// To another view.
    pub(super) fn go(&mut self, tab: Tab) -> Vec<Effect> {
        if self.tab == Tab::Scores && tab != Tab::Scores {
            self.message = self.leave_scores().map(Message::loud);
        }
        if tab == Tab::Scores {
            self.scores.selecting = false;
            self.ballots.selecting = false;
        }
        self.tab = tab;
        self.boards.leave();
        self.zoom = false;
        self.ask_warnings()
    }

    /// To another view; what is typed in view 5 and not saved is asked about once before it is dropped.
    pub(super) fn go_asking(&mut self, tab: Tab) -> Vec<Effect> {
        if tab != Tab::Scores && self.asks_before_leaving() {
            return Vec::new();
        }
        self.go(tab)
    }

    /// Whether something typed in the grid that is shown would be dropped, about which was not asked yet.
    pub(super) fn asks_before_leaving(&mut self) -> bool {
        if std::mem::take(&mut self.leaving) || self.tab != Tab::Scores {
            return false;
        }
        let line = self.seeing(|app, sight, _| {
            if app.on_ballots() { app.ballots.before_leaving(sight) } else { app.scores.before_leaving(sight) }
        });
        if let Some(line) = line.flatten() {
            (self.leaving, self.message) = (true, Some(Message::loud(line)));
        }
        self.leaving
    }

    /// What was typed in view 5 and is not saved is dropped, and named.
    pub(super) fn leave_scores(&mut self) -> Option<Bilingual> {
        let data = self.data.clone()?;
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let ballots = self.ballots.round.is_some();
        self.dropped += if ballots { self.ballots.grid.unsaved().len() } else { self.scores.grid.unsaved().len() };
        if ballots { self.ballots.leave(&sight) } else { self.scores.leave(&sight) }
    }
}
