//! 菜单、提问、确认. What asks one thing of the person over a screen, and what follows from the answer.

use std::fmt;

use super::App;
use super::action::Action;
use super::cursor::Cursor;
use super::field::Field;
use super::modal::Modal;
use super::msg::Effect;
use super::screen::{Message, Sight, Wish};
use crate::domain::value::Bilingual;
use crate::text::Text;

/// 选项. One line of a menu.
#[derive(Debug)]
pub struct Choice {
    /// What it does.
    pub name: Bilingual,
    /// What else is worth knowing of it, at its right.
    pub note: Bilingual,
    /// The letter that picks it, beside its digit.
    pub letter: Option<char>,
    /// Why it cannot be chosen now; it stays listed.
    pub refused: Option<Bilingual>,
    /// What happens when it is chosen.
    pub then: Vec<Wish>,
}

impl Choice {
    /// A choice without letter and note.
    #[must_use]
    pub fn new(name: Bilingual, then: Vec<Wish>) -> Self {
        Self { name, note: Bilingual::default(), letter: None, refused: None, then }
    }

    /// With something at its right.
    #[must_use]
    pub fn noted(self, note: Bilingual) -> Self {
        Self { note, ..self }
    }

    /// With a letter.
    #[must_use]
    pub fn lettered(self, letter: char) -> Self {
        Self { letter: Some(letter), ..self }
    }
}

/// 菜单. A few things that can be done with what is under the cursor.
#[derive(Debug)]
pub struct Menu {
    /// What it is about.
    pub title: Bilingual,
    /// Said below the title.
    pub notes: Vec<Bilingual>,
    /// Its lines.
    pub choices: Vec<Choice>,
    /// The line.
    pub cursor: Cursor<usize>,
    /// What it lies over, if that is a panel itself.
    pub under: Option<Box<Modal>>,
    /// Digits and letters only go to a line that saves at once: Enter is what runs it.
    pub careful: bool,
    /// A line was refused: digits and letters are not heard until an arrow is pressed.
    locked: bool,
}

impl Menu {
    /// A menu that saves at once: what is typed astray in it changes nothing.
    #[must_use]
    pub fn careful(self) -> Self {
        Self { careful: true, ..self }
    }

    /// A menu whose cursor stands on the first line that can be chosen.
    #[must_use]
    pub fn new(title: Bilingual, notes: Vec<Bilingual>, choices: Vec<Choice>) -> Self {
        let mut menu =
            Self { title, notes, choices, cursor: Cursor::default(), under: None, careful: false, locked: false };
        let first = menu.choices.iter().position(|c| c.refused.is_none()).unwrap_or(0);
        menu.cursor.go(&menu.places(), first);
        menu
    }

    /// With the cursor on another line.
    #[must_use]
    pub fn standing_at(mut self, place: usize) -> Self {
        self.cursor.go(&self.places(), place);
        self
    }

    fn places(&self) -> Vec<usize> {
        (0..self.choices.len()).collect()
    }

    /// The line of a digit from 1.
    fn numbered(&self, digit: u8) -> Option<usize> {
        usize::from(digit).checked_sub(1).filter(|place| *place < self.choices.len())
    }

    /// The line of a letter.
    fn lettered(&self, letter: char) -> Option<usize> {
        self.choices.iter().position(|c| c.letter == Some(letter.to_ascii_lowercase()))
    }
}

/// What a prompt does with the text that was accepted; an error is shown and the prompt stays.
pub type Answer = Box<dyn Fn(&str, &Sight<'_>) -> Result<Vec<Wish>, Bilingual>>;

/// 提问. A line of text asked for in the message row.
pub struct Prompt {
    /// What stands before the field.
    pub label: Bilingual,
    /// The text.
    pub field: Field,
    /// What was wrong with what was accepted last.
    pub wrong: Option<Bilingual>,
    /// What it lies over, if that is a panel itself.
    pub under: Option<Box<Modal>>,
    answer: Answer,
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompt").field("label", &self.label.zh).field("text", &self.field.text()).finish()
    }
}

impl Prompt {
    /// Asks for a text, one proposed.
    #[must_use]
    pub fn new(
        label: Bilingual,
        proposed: &str,
        answer: impl Fn(&str, &Sight<'_>) -> Result<Vec<Wish>, Bilingual> + 'static,
    ) -> Self {
        Self { label, field: Field::new(proposed), wrong: None, under: None, answer: Box::new(answer) }
    }

    /// Asks for a reason, which may not be empty.
    #[must_use]
    pub fn reason(label: Bilingual, then: impl Fn(&str) -> Vec<Wish> + 'static) -> Self {
        Self::new(label, "", move |text, _| {
            let reason = text.trim();
            if reason.is_empty() { Err(Text::ReasonIsNeeded.both(&[])) } else { Ok(then(reason)) }
        })
    }
}

/// 确认. What cannot be undone is confirmed by typing a word.
#[derive(Debug)]
pub struct Confirm {
    /// What is about to be done, to what.
    pub title: Bilingual,
    /// How many it concerns, and what follows from it.
    pub lines: Vec<Bilingual>,
    /// The words, any of which confirms; the first is what is proposed.
    pub words: [&'static str; 2],
    /// What Enter does then.
    pub verb: Bilingual,
    /// The word as typed.
    pub field: Field,
    /// What happens.
    pub then: Vec<Wish>,
}

impl App {
    /// What a key does while a menu is open.
    pub(super) fn act_menu(&mut self, action: Action) -> Vec<Effect> {
        let Some(Modal::Menu(menu)) = &mut self.modal else { return Vec::new() };
        let places = menu.places();
        let typed = matches!(action, Action::Pick(_) | Action::Choose(_));
        let locked = menu.locked;
        menu.locked &= typed;
        let chosen = match action {
            _ if locked && typed => return Vec::new(),
            Action::Run if locked => {
                self.modal = menu.under.take().map(|m| *m);
                return Vec::new();
            }
            Action::ItemPrev => return self.step_menu(-1),
            Action::ItemNext => return self.step_menu(1),
            // No line has these letters: they move, as they do in every list.
            Action::Choose('j') if !locked => return self.step_menu(1),
            Action::Choose('k') if !locked => return self.step_menu(-1),
            Action::PageUp => return self.step_menu(-10),
            Action::PageDown => return self.step_menu(10),
            Action::Run => menu.cursor.item(),
            Action::Pick(Some(digit)) => menu.numbered(digit),
            Action::Choose(letter) => menu.lettered(letter),
            _ => {
                self.modal = menu.under.take().map(|m| *m);
                return Vec::new();
            }
        };
        let Some(place) = chosen else { return Vec::new() };
        menu.cursor.go(&places, place);
        if let Some(why) = menu.choices[place].refused.clone() {
            menu.locked = menu.careful;
            self.message = Some(Message::loud(why));
            return Vec::new();
        }
        let saves = menu.choices[place].then.iter().any(|w| matches!(w, Wish::Write { .. }));
        if menu.careful && typed && saves {
            let name = &menu.choices[place].name;
            self.message = Some(Message::plain(Text::EnterRuns.both2(&[&name.zh], &[&name.en])));
            return Vec::new();
        }
        let then = menu.choices.swap_remove(place).then;
        self.modal = menu.under.take().map(|m| *m);
        self.grant_all(then)
    }

    fn step_menu(&mut self, by: isize) -> Vec<Effect> {
        if let Some(Modal::Menu(menu)) = &mut self.modal {
            let places = menu.places();
            menu.cursor.step(&places, by);
        }
        Vec::new()
    }

    /// What a key does while a prompt is open.
    pub(super) fn act_prompt(&mut self, action: Action) -> Vec<Effect> {
        let (Some(Modal::Prompt(prompt)), Some(data)) = (&mut self.modal, self.data.clone()) else { return Vec::new() };
        let then = match action {
            Action::Accept => {
                let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
                match (prompt.answer)(prompt.field.text(), &sight) {
                    Ok(then) => then,
                    Err(why) => {
                        prompt.wrong = Some(why);
                        return Vec::new();
                    }
                }
            }
            Action::Cancel => vec![Wish::Say(Message::plain(Text::NothingDone.both(&[])))],
            _ => return Vec::new(),
        };
        self.modal = prompt.under.take().map(|m| *m);
        self.grant_all(then)
    }

    /// What a key does while something is to be confirmed: an empty or wrong word does nothing.
    pub(super) fn act_confirm(&mut self, action: Action) -> Vec<Effect> {
        let Some(Modal::Confirm(confirm)) = &mut self.modal else { return Vec::new() };
        match action {
            Action::Agree => {
                let typed = confirm.field.text().trim().to_lowercase();
                if !confirm.words.contains(&typed.as_str()) {
                    if !typed.is_empty() {
                        self.message = Some(Message::loud(Text::TypeTheWord.both(&[&confirm.words[0]])));
                    }
                    return Vec::new();
                }
                let then = std::mem::take(&mut confirm.then);
                self.modal = None;
                self.grant_all(then)
            }
            Action::Cancel => {
                self.modal = None;
                self.message = Some(Message::plain(Text::NothingDone.both(&[])));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn grant_all(&mut self, wishes: Vec<Wish>) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        wishes.into_iter().flat_map(|w| self.grant(w, &data)).collect()
    }
}
