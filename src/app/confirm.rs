//! 确认. What cannot be undone is done only after a word has been typed.

use super::field::Field;
use super::palette::command::{confirmed_by, consequence};
use super::screen::Sight;
use crate::domain::district::RoundIx;
use crate::domain::round::RoundStep;
use crate::domain::value::Bilingual;
use crate::text::Text;

/// 确认
#[derive(Debug)]
pub struct Confirm {
    /// Which round.
    pub round: RoundIx,
    /// Which step.
    pub step: RoundStep,
    /// Object and step.
    pub title: Bilingual,
    /// What it does, and that it stays.
    pub lines: Vec<Bilingual>,
    /// The word, in pinyin and Han.
    pub word: (&'static str, &'static str),
    /// What is typed: first the reason, where one is needed, then the word.
    pub field: Field,
    reason: Option<String>,
    asks_reason: bool,
}

/// What Enter comes to.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Waits,
    /// Do it, for this reason.
    Do(String),
    /// What was typed is not the word.
    Wrong,
}

impl Confirm {
    /// The dialog of a step; none for a step that is done at once.
    #[must_use]
    pub fn new(step: RoundStep, round: RoundIx, sight: &Sight<'_>) -> Option<Self> {
        let word = confirmed_by(step)?;
        let r = sight.data.plan.round(round);
        let title = Text::ConfirmTitle.both2(&[&word.1, &r.name], &[&word.0, &r.id]);
        Some(Self {
            round,
            step,
            title,
            lines: consequence(step, round, sight),
            word,
            field: Field::default(),
            reason: None,
            asks_reason: step == RoundStep::Reopen,
        })
    }

    /// Whether the reason is asked for now, not the word.
    #[must_use]
    pub fn wants_reason(&self) -> bool {
        self.asks_reason && self.reason.is_none()
    }

    /// Enter: an empty line does nothing.
    pub fn enter(&mut self) -> Answer {
        let typed = self.field.text().trim().to_owned();
        if typed.is_empty() {
            return Answer::Waits;
        }
        self.field = Field::default();
        if self.wants_reason() {
            self.reason = Some(typed);
            return Answer::Waits;
        }
        if typed.to_lowercase() == self.word.0 || typed == self.word.1 {
            return Answer::Do(self.reason.clone().unwrap_or_default());
        }
        Answer::Wrong
    }
}
