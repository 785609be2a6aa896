//! What the keys do to a preview, and all of it in one operation.

use super::{Align, Named, Preview};
use crate::app::action::Action;
use crate::app::grid::{Grid, Sheet};
use crate::app::screen::{Message, Wish};
use crate::text::Text;

impl<R: Copy + Ord, C: Copy + Ord> Grid<R, C> {
    pub(in crate::app::grid) fn answer_preview(
        &mut self,
        mut preview: Preview<R, C>,
        action: Action,
        sheet: &impl Named<R, C>,
    ) -> Vec<Wish> {
        let places = preview.shown();
        match action {
            Action::Abandon => return vec![Wish::Say(Message::plain(Text::PasteDropped.both(&[])))],
            Action::WriteAll if preview.take_offer(self, sheet) => {}
            Action::WriteAll => return self.write(preview, None, sheet),
            Action::Exclude => preview.exclude(self, sheet),
            Action::ErrorsOnly => preview.errors(),
            Action::OfferPrev | Action::OfferNext => preview.offer(action == Action::OfferNext),
            Action::Align => {
                let other = if preview.align == Align::Name { Align::Position } else { Align::Name };
                preview.realign(other, self, sheet);
            }
            Action::ItemPrev => preview.cursor.step(&places, -1),
            Action::ItemNext => preview.cursor.step(&places, 1),
            action => {
                preview.cursor.take(action, &places);
            }
        }
        self.preview = Some(preview);
        Vec::new()
    }

    /// All of a preview in one operation, or nothing: refused while a line is wrong or waits.
    pub(in crate::app::grid) fn write(
        &mut self,
        preview: Preview<R, C>,
        reason: Option<&str>,
        sheet: &impl Sheet<R, C>,
    ) -> Vec<Wish> {
        let sum = preview.sum();
        if sum.wrong + sum.waiting > 0 {
            self.preview = Some(preview);
            return vec![Wish::Say(Message::loud(Text::PasteNotYet.both(&[&sum.wrong, &sum.waiting])))];
        }
        let wishes = self.enter_all(preview.wants(), reason, sheet);
        match self.outbox.back_mut().filter(|_| wishes.iter().any(|w| matches!(w, Wish::Save { .. }))) {
            Some(pending) => {
                pending.paste = true;
                self.written = Some(preview);
            }
            // The reason is asked for, over the preview.
            None if self.prompt.is_some() => self.preview = Some(preview),
            None => {}
        }
        wishes
    }
}
