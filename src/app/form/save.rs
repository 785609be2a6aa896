//! 存. What the app does for a form: its keys, its save, and the store's answer.

use super::open::Doing;
use super::{Form, Step, open};
use crate::app::App;
use crate::app::action::Action;
use crate::app::field::Edit;
use crate::app::modal::Modal;
use crate::app::msg::Effect;
use crate::app::screen::{Message, Sight, Tab, Wish};
use crate::domain::change::Draft;
use crate::domain::value::Bilingual;
use crate::exchange::Sheet;
use crate::store::{Action as Right, Error, Matter, Request, may};
use crate::text::Text;

impl App {
    fn in_form<T>(&mut self, change: impl FnOnce(&mut Form, &Sight<'_>) -> T) -> Option<T> {
        if !matches!(self.modal, Some(Modal::Form(_))) {
            return None;
        }
        self.seeing(|app, sight, _| match &mut app.modal {
            Some(Modal::Form(form)) => Some(change(form, sight)),
            _ => None,
        })
        .flatten()
    }

    /// Whether the person keeps any records at all: whoever does not is not offered their keys.
    #[must_use]
    pub fn keeps_records(&self) -> bool {
        let own = Matter { units: self.actor.units.clone(), ..Matter::default() };
        may(&self.actor, Right::Keep, &own).is_ok()
    }

    /// A step of typing in a form; false where none is open.
    pub(in crate::app) fn edit_form(&mut self, step: Edit) -> bool {
        self.in_form(|form, sight| form.edit(step, sight)).is_some()
    }

    /// A text pasted into a form; false where none is open.
    pub(in crate::app) fn paste_form(&mut self, text: &str) -> bool {
        self.in_form(|form, sight| form.paste(text, sight)).is_some()
    }

    /// What a key does in a form.
    pub(in crate::app) fn act_form(&mut self, action: Action) -> Vec<Effect> {
        match self.in_form(|form, sight| form.take(action, sight)) {
            None | Some(Step::Stay) => {}
            Some(Step::Say(message)) => self.message = Some(message),
            Some(Step::Close(message)) => {
                self.message = message.or(self.message.take());
                self.close_form();
            }
            Some(Step::Save(draft, what)) => return self.save_form(*draft, what),
        }
        Vec::new()
    }

    /// What a new record of a kind is about where the cursor stands.
    pub(in crate::app) fn under_cursor(&self, sheet: Sheet, sight: &Sight<'_>) -> Vec<(&'static str, String)> {
        let project = self.projects.cursor.item().filter(|_| self.tab == Tab::Projects);
        let project = project.filter(|_| sheet.fields().contains(&"project") || sheet.key().contains(&"project"));
        project.map(|p| ("project", sight.data.plan.project(p).id.clone())).into_iter().collect()
    }

    /// What is recorded of the thing that a panel shows: something new, what is there, or what is taken back.
    pub(in crate::app) fn record_in_panel(&mut self, action: Action) -> Vec<Effect> {
        let (new, old) = (action == Action::New, Doing::of(action));
        let wish = self.seeing(|app, sight, _| match (&app.modal, new) {
            (Some(Modal::Dossier(d)), true) => Some(Wish::Menu(open::of_project(d.project, sight))),
            (Some(Modal::Dossier(d)), false) => Some(Wish::Menu(open::records_of(d.project, old, sight))),
            (Some(Modal::Entry(e)), false) => Some(open::of_entry(e.entry.kind, &e.entry.key, old, sight)),
            (Some(Modal::Attractions(a)), true) => Some(open::of_row(a.plan, a.row, sight)),
            (Some(Modal::Attractions(a)), false) => Some(Wish::Menu(open::attractions_of(a.plan, a.row, old, sight))),
            _ => None,
        });
        let data = self.data.clone();
        wish.flatten().zip(data).map(|(wish, data)| self.grant(wish, &data)).unwrap_or_default()
    }

    fn close_form(&mut self) {
        if let Some(Modal::Form(form)) = self.modal.take() {
            self.modal = form.under.map(|m| *m);
        }
    }

    fn save_form(&mut self, draft: Draft, what: Bilingual) -> Vec<Effect> {
        let drafts = vec![draft];
        let effects = self.write(what, drafts.clone(), |ticket| Request::Save { ticket, drafts });
        let sent = effects.iter().find_map(|e| match e {
            Effect::Send(Request::Save { ticket, .. }) => Some(*ticket),
            _ => None,
        });
        if let Some(Modal::Form(form)) = &mut self.modal {
            (form.sending, form.doubted) = (sent, false);
        }
        effects
    }

    /// The district has changed under a form.
    pub(in crate::app) fn refresh_form(&mut self) {
        self.in_form(|form, sight| form.refresh(sight));
    }

    /// The record of a form is saved: it has done its work.
    pub(in crate::app) fn form_saved(&mut self, ticket: u64) {
        if self.modal.as_mut().and_then(Modal::form).is_none_or(|form| form.sending != Some(ticket)) {
            return;
        }
        // Whoever looked something up in the help meanwhile goes on reading.
        match &mut self.modal {
            Some(Modal::Help(help)) => help.under = None,
            _ => self.close_form(),
        }
    }

    /// It is not known whether the record of a form is saved: the ledger is asked, once.
    pub(in crate::app) fn form_doubts(&mut self, ticket: u64, error: &Error) -> Option<Vec<Effect>> {
        let Error::Unknown(op) = error else { return None };
        let form = self.modal.as_mut()?.form().filter(|form| form.sending == Some(ticket) && !form.doubted)?;
        let drafts = self.writes.get(&ticket)?.1.clone();
        form.doubted = true;
        self.message = Some(Message::loud(Text::Doubtful.both(&[])));
        Some(vec![Effect::Send(Request::Settle { ticket, op: *op, drafts })])
    }

    /// The record of a form is refused: it stays open with everything that was typed. False where no form waits for it.
    pub(in crate::app) fn form_refused(&mut self, ticket: u64, error: &Error, why: &Bilingual) -> bool {
        let Some(form) = self.modal.as_mut().and_then(Modal::form) else { return false };
        if form.sending != Some(ticket) {
            return false;
        }
        form.sending = None;
        match error {
            Error::Conflict(conflict) => {
                let line = Text::FormConflict.both2(&[&why.zh], &[&why.en]);
                form.conflicts(conflict, &line);
            }
            Error::ReasonNeeded => {
                form.ask_reason();
            }
            _ => form.wrong = Some(why.clone()),
        }
        self.message = Some(Message::loud(why.clone()));
        true
    }
}
