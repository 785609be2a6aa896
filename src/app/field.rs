//! 输入行. A line of text being typed, edited by whole characters as a reader sees them.

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::border::{LONGEST_NOTE, hostile};

/// One editing step inside a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A character at the caret.
    Insert(char),
    /// The character before the caret goes.
    Backspace,
    /// The character after the caret goes.
    Delete,
    /// One character left.
    Left,
    /// One character right.
    Right,
    /// To the start.
    Home,
    /// To the end.
    End,
    /// The word before the caret goes.
    KillWord,
    /// Everything before the caret goes.
    KillBefore,
    /// Everything after the caret goes.
    KillAfter,
}

/// 输入行. Its text and the caret, a byte offset at the boundary of a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    text: String,
    caret: usize,
    /// Characters that it holds at most.
    most: usize,
}

impl Default for Field {
    fn default() -> Self {
        Self::new("")
    }
}

impl Field {
    /// A field that holds this text, the caret at its end.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { caret: text.len(), text, most: LONGEST_NOTE }
    }

    /// The same field, which takes at most so many characters.
    #[must_use]
    pub fn at_most(self, most: usize) -> Self {
        Self { most, ..self }
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text on both sides of the caret.
    #[must_use]
    pub fn halves(&self) -> (&str, &str) {
        self.text.split_at(self.caret)
    }

    fn before(&self) -> usize {
        self.text[..self.caret].grapheme_indices(true).next_back().map_or(0, |(i, _)| i)
    }

    fn after(&self) -> usize {
        self.text[self.caret..].graphemes(true).next().map_or(self.caret, |g| self.caret + g.len())
    }

    /// Applies one step. Characters that act or hide do not get in, nor more than there is room for: a field is one line.
    pub fn edit(&mut self, step: Edit) {
        match step {
            Edit::Insert(c) if hostile(c.encode_utf8(&mut [0; 4])).is_some() => {}
            Edit::Insert(_) if self.text.len() >= self.most && self.text.chars().count() >= self.most => {}
            Edit::Insert(c) => {
                self.text.insert(self.caret, c);
                self.caret += c.len_utf8();
            }
            Edit::Backspace => self.cut(self.before(), self.caret),
            Edit::Delete => self.cut(self.caret, self.after()),
            Edit::Left => self.caret = self.before(),
            Edit::Right => self.caret = self.after(),
            Edit::Home => self.caret = 0,
            Edit::End => self.caret = self.text.len(),
            Edit::KillWord => {
                let kept = self.text[..self.caret].trim_end();
                let start = kept
                    .rfind(char::is_whitespace)
                    .map_or(0, |i| i + kept[i..].chars().next().map_or(0, char::len_utf8));
                self.cut(start, self.caret);
            }
            Edit::KillBefore => self.cut(0, self.caret),
            Edit::KillAfter => self.cut(self.caret, self.text.len()),
        }
    }

    /// Puts a text in the place of what stands between there and the caret.
    pub fn complete(&mut self, from: usize, text: &str) {
        if self.text.is_char_boundary(from) && from <= self.caret {
            self.text.replace_range(from..self.caret, text);
            self.caret = from + text.len();
        }
    }

    /// Inserts pasted text as one line.
    pub fn paste(&mut self, text: &str) {
        for c in text.trim_end_matches(['\r', '\n']).chars() {
            self.edit(Edit::Insert(if c == '\n' || c == '\t' { ' ' } else { c }));
        }
    }

    fn cut(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.caret = from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editing_goes_by_whole_characters() {
        let mut f = Field::new("学校e\u{301}");
        f.edit(Edit::Backspace);
        assert_eq!(f.text(), "学校");
        f.edit(Edit::Left);
        f.edit(Edit::Insert('前'));
        assert_eq!(f.halves(), ("学前", "校"));
        f.edit(Edit::Delete);
        assert_eq!(f.text(), "学前");
        f.edit(Edit::KillBefore);
        assert_eq!(f.text(), "");
        f.edit(Edit::Backspace);
        f.edit(Edit::Delete);
        f.edit(Edit::Left);
        f.edit(Edit::Right);
        assert_eq!(f.halves(), ("", ""));
    }

    #[test]
    fn the_last_word_goes_alone() {
        let mut f = Field::new("学校 滞后　李村 ");
        f.edit(Edit::KillWord);
        assert_eq!(f.text(), "学校 滞后　");
        f.edit(Edit::KillWord);
        assert_eq!(f.text(), "学校 ");
    }

    #[test]
    fn a_paste_stays_on_one_line() {
        let mut f = Field::default();
        f.paste("a\tb\nc\u{7}\r\n");
        assert_eq!(f.text(), "a b c");
    }

    #[test]
    fn nothing_that_acts_or_hides_is_typed_or_pasted() {
        let mut f = Field::default();
        f.paste("学\u{202e}\u{200b}\u{1b}[31m校\u{3164}\u{e000}\u{9b}");
        assert_eq!(f.text(), "学[31m校");
    }

    #[test]
    fn a_field_has_an_end() {
        let mut f = Field::new("学校").at_most(3);
        f.paste("前后");
        assert_eq!(f.text(), "学校前");
        let mut f = Field::default();
        f.paste(&"字".repeat(60_000));
        assert_eq!(f.text().chars().count(), 2_000);
    }
}
