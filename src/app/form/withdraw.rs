//! 撤回. A record is taken back as a whole, as `dukao set … --withdraw` does it: its form shows once more what it says, and asks
//! why. It goes to the store as any other change of the form, so that it is refused, asked about and undone like one.

use super::line::REASON;
use super::{Form, Step};
use crate::app::action::Action;
use crate::app::screen::{Message, Sight, Wish};
use crate::text::Text;

impl Form {
    /// From now on nothing but the reason is typed, and saving withdraws the record.
    pub(super) fn withdraw(&mut self) -> Step {
        if self.before.is_none() {
            return Step::Say(Message::loud(Text::WithdrawNone.both(&[])));
        }
        if self.unsaved() > 0 {
            // What was typed would be gone with it.
            return Step::Say(Message::loud(Text::WithdrawTyped.both(&[&self.unsaved()])));
        }
        self.withdraws = true;
        self.wrong = None;
        self.at = self.lines.len() - 1;
        Step::Stay
    }

    /// Whether a key of the form has no meaning now: what is new is not withdrawn, what is withdrawn is not changed.
    #[must_use]
    pub fn useless(&self, action: Action) -> bool {
        match action {
            Action::Withdraw => self.before.is_none() || self.withdraws,
            Action::Choices | Action::Clear | Action::Save => self.withdraws,
            _ => false,
        }
    }

    /// Whether a line cannot be changed: another record has another key, and one that is withdrawn keeps its values.
    #[must_use]
    pub fn fixed(&self, place: usize) -> bool {
        self.lines.get(place).is_none_or(|l| l.fixed || (self.withdraws && l.name != REASON))
    }
}

/// The form of a record, asking why it is withdrawn.
#[must_use]
pub fn opened(mut form: Form, sight: &Sight<'_>) -> Wish {
    if let Some(why) = form.refused(None, sight) {
        return Wish::Say(Message::loud(why));
    }
    match form.withdraw() {
        Step::Say(message) => Wish::Say(message),
        _ => Wish::Form(Box::new(form)),
    }
}
