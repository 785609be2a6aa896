//! What opens the panel, what its keys do, and what becomes of it when the data changes.

use super::Explain;
use crate::app::App;
use crate::app::action::Action;
use crate::app::modal::Modal;
use crate::app::msg::Effect;
use crate::app::screen::{Message, Sight, about_project};
use crate::domain::change::Subject;
use crate::domain::district::ProjectIx;
use crate::domain::explain::Question;
use crate::domain::snapshot::Snapshot;
use crate::store::Request;
use crate::text::Text;

fn ask_sources(of: Vec<Subject>) -> Vec<Effect> {
    if of.is_empty() { Vec::new() } else { vec![Effect::Send(Request::Sources(of))] }
}

impl App {
    /// Explains the figure under the cursor of the screen that is shown.
    pub(in crate::app) fn explain_shown(&mut self) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let (question, clause) = (self.shown().question(&sight), self.shown().clause(&sight));
        self.explain(&data, question, clause.as_deref())
    }

    /// Explains the project of an open dossier.
    pub(in crate::app) fn explain_project(&mut self, project: ProjectIx) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let question = about_project(&sight, project, data.assessment_round());
        self.explain(&data, Some(question), None)
    }

    /// Opens the panel on the answer to a question, over the dossier if one is open.
    fn explain(&mut self, data: &Snapshot, question: Option<Question>, clause: Option<&str>) -> Vec<Effect> {
        let Some(question) = question else {
            self.message = Some(Message::plain(Text::NothingToExplain.both(&[])));
            return Vec::new();
        };
        match Explain::open(data, &self.actor, question, clause) {
            Ok(mut explain) => {
                if let Some(Modal::Dossier(dossier)) = self.modal.take() {
                    explain.under = Some(dossier);
                }
                let asked = explain.to_ask();
                self.modal = Some(Modal::Explain(explain));
                ask_sources(asked)
            }
            Err(error) => {
                self.message = Some(Message::loud(error.text()));
                Vec::new()
            }
        }
    }

    /// What a key does while the panel is open.
    pub(in crate::app) fn act_explain(&mut self, action: Action) -> Vec<Effect> {
        let (Some(Modal::Explain(explain)), Some(data)) = (&mut self.modal, self.data.clone()) else {
            return Vec::new();
        };
        match action {
            Action::Close => self.modal = explain.under.take().map(Modal::Dossier),
            Action::Drill => match explain.drill(&data, &self.actor) {
                Ok(()) => return ask_sources(explain.to_ask()),
                Err(why) => self.message = Some(Message::plain(why)),
            },
            Action::DrillUp => {
                if !explain.drill_up() {
                    self.message = Some(Message::plain(Text::OutermostStep.both(&[])));
                }
            }
            Action::Copy => {
                let text = explain.text(&data, self.lang);
                self.message = Some(Message::plain(Text::Copied.both(&[&text.lines().count()])));
                return vec![Effect::Copy(text)];
            }
            action => explain.take(action),
        }
        Vec::new()
    }

    /// Somebody has saved: an open panel tells how the figure comes about now.
    pub(in crate::app) fn explain_again(&mut self, before: Option<&Snapshot>, data: &Snapshot) -> Vec<Effect> {
        let (Some(Modal::Explain(explain)), Some(before)) = (&mut self.modal, before) else { return Vec::new() };
        if explain.refresh(before, data, &self.actor) {
            return ask_sources(explain.to_ask_again());
        }
        self.modal = explain.under.take().map(Modal::Dossier);
        self.message = Some(Message::loud(Text::GoneFromPlan.both(&[])));
        Vec::new()
    }
}
