//! From the keyboard to the channel: one thread, blocked in crossterm's `read`.
//!
//! A slow line may tear an escape sequence apart; crossterm then reports Esc, `[`, `A` instead of an arrow. So a lone Esc
//! is held for a moment. And a terminal without bracketed paste types what is pasted: keys that come faster than anybody
//! types, with a Tab or a line end among them, are one paste. These are the only waits, and both have an end.

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind};
use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use sequence::{Sequence, sequence};

pub use sequence::decode;

mod sequence;

/// Keys of a paste follow each other faster than this.
const BURST: Duration = Duration::from_millis(10);
/// No time at all; with zero crossterm does not even look at what it has read already.
const AT_ONCE: Duration = Duration::from_micros(20);
/// A paste has at least so many keys.
const BURST_KEYS: usize = 8;
/// No more than this is taken for one paste, in bytes.
const LONGEST_PASTE: usize = 1 << 20;

/// How long the rest of a torn escape sequence may take, on the spot and over SSH.
#[must_use]
pub const fn patience(ssh: bool) -> Duration {
    Duration::from_millis(if ssh { 100 } else { 25 })
}

/// What a person can do to the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key, as it was pressed; [`fold`] it before looking it up.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal has these columns and rows now.
    Resize(u16, u16),
    /// The mouse, where the person wants it.
    Mouse(Mouse),
}

/// What the mouse does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mouse {
    /// The left button went down at that column and row.
    Click(u16, u16),
    /// The wheel was turned away from the person.
    WheelUp,
    /// The wheel was turned towards the person.
    WheelDown,
}

/// Where events come from. A seam for the tests; the real one is crossterm.
pub trait Source {
    /// Blocks until there is an event.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn read(&mut self) -> io::Result<Event>;
    /// Whether one comes within that time.
    ///
    /// # Errors
    /// When the terminal is gone.
    fn poll(&mut self, wait: Duration) -> io::Result<bool>;
}

/// The terminal.
#[derive(Debug)]
pub struct Terminal;

impl Source for Terminal {
    fn read(&mut self) -> io::Result<Event> {
        event::read()
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "milliseconds after a lone Esc; the watchdog ends us if the terminal is gone"
    )]
    fn poll(&mut self, wait: Duration) -> io::Result<bool> {
        event::poll(wait)
    }
}

/// Puts torn sequences together again.
#[derive(Debug)]
pub struct Reader<S> {
    source: S,
    patience: Duration,
    ready: VecDeque<Input>,
    /// Read already, but not part of what was gathered.
    next: Option<Event>,
}

impl<S: Source> Reader<S> {
    /// Reads from there.
    pub const fn new(source: S, patience: Duration) -> Self {
        Self { source, patience, ready: VecDeque::new(), next: None }
    }

    /// The next input; blocks until there is one.
    ///
    /// # Errors
    /// When the terminal is gone.
    pub fn read(&mut self) -> io::Result<Input> {
        loop {
            if let Some(input) = self.ready.pop_front() {
                return Ok(input);
            }
            let event = match self.next.take() {
                Some(event) => event,
                None => self.source.read()?,
            };
            if is_plain(&event, KeyCode::Esc) {
                self.after_escape()?;
            } else if let Some(typed) = text_key(&event) {
                self.gather(typed)?;
            } else {
                self.ready.extend(input(event));
            }
        }
    }

    /// The keys of text that follow this one at once: a paste, or keys all the same.
    fn gather(&mut self, first: (KeyEvent, char)) -> io::Result<()> {
        let mut text = String::from(first.1);
        let mut keys = vec![first.0];
        // What is pasted comes in one piece: a key that nothing follows at once does not wait.
        let mut wait = AT_ONCE;
        while text.len() < LONGEST_PASTE && self.source.poll(wait)? {
            let event = self.source.read()?;
            let Some((key, c)) = text_key(&event) else {
                self.next = Some(event);
                break;
            };
            keys.push(key);
            text.push(c);
            wait = BURST;
        }
        if keys.len() >= BURST_KEYS && text.contains(['\t', '\n', '\r']) {
            self.ready.push_back(Input::Paste(text));
        } else {
            self.ready.extend(keys.into_iter().map(|key| Input::Key(function_key(key))));
        }
        Ok(())
    }

    fn after_escape(&mut self) -> io::Result<()> {
        let escape = KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE);
        let mut torn = String::new();
        loop {
            if !self.source.poll(self.patience)? {
                break;
            }
            let event = self.source.read()?;
            let Some(c) = plain_char(&event) else {
                // Something whole: what was gathered so far was typed by hand.
                self.give_up(escape, &torn);
                self.next = Some(event);
                return Ok(());
            };
            torn.push(c);
            match sequence(&torn) {
                Sequence::Key(key) => {
                    self.ready.push_back(Input::Key(key));
                    return Ok(());
                }
                Sequence::Answer => return Ok(()),
                Sequence::More => {}
                Sequence::No => break,
            }
        }
        self.give_up(escape, &torn);
        Ok(())
    }

    fn give_up(&mut self, escape: KeyEvent, torn: &str) {
        self.ready.push_back(Input::Key(escape));
        let chars = torn.chars().map(|c| Input::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)));
        self.ready.extend(chars);
    }
}

fn is_plain(event: &Event, code: KeyCode) -> bool {
    matches!(event, Event::Key(key) if key.code == code && key.modifiers.is_empty() && key.kind == KeyEventKind::Press)
}

fn plain_char(event: &Event) -> Option<char> {
    match event {
        Event::Key(KeyEvent { code: KeyCode::Char(c), modifiers, .. })
            if modifiers.difference(KeyModifiers::SHIFT).is_empty() && c.is_ascii_graphic() =>
        {
            Some(*c)
        }
        _ => None,
    }
}

/// The character that a pasted text would have there; a line feed arrives as Ctrl-J.
fn text_key(event: &Event) -> Option<(KeyEvent, char)> {
    let Event::Key(key) = event else { return None };
    let c = match (key.code, key.modifiers) {
        (KeyCode::Char('j'), KeyModifiers::CONTROL) => '\n',
        (KeyCode::Char(c), KeyModifiers::NONE | KeyModifiers::SHIFT) => c,
        (KeyCode::Enter, KeyModifiers::NONE) => '\r',
        (KeyCode::Tab, KeyModifiers::NONE) => '\t',
        _ => return None,
    };
    (key.kind != KeyEventKind::Release).then_some((*key, c))
}

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Input::Key(function_key(key))),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(width, height) => Some(Input::Resize(width, height)),
        Event::Mouse(event) => match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Some(Input::Mouse(Mouse::Click(event.column, event.row))),
            MouseEventKind::ScrollUp => Some(Input::Mouse(Mouse::WheelUp)),
            MouseEventKind::ScrollDown => Some(Input::Mouse(Mouse::WheelDown)),
            _ => None,
        },
        _ => None,
    }
}

/// Alt with a digit is a function key: some terminals keep F1 and F10 for themselves.
fn function_key(key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c @ '0'..='9') if key.modifiers == KeyModifiers::ALT => {
            let number = if c == '0' { 10 } else { c as u8 - b'0' };
            KeyEvent::new(KeyCode::F(number), KeyModifiers::NONE)
        }
        _ => key,
    }
}

/// What a key means when it is looked up: with the input method on, full-width forms are what the keyboard gives.
#[must_use]
pub fn fold_char(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '、' => '/',
        '。' => '.',
        '【' | '「' => '[',
        '】' | '」' => ']',
        '《' => '<',
        '》' => '>',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '￥' => '$',
        '～' => '~',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// A key as the key table knows it: full-width forms folded, Shift left out where the character already says it.
#[must_use]
pub fn fold(key: KeyEvent) -> KeyEvent {
    match key.code {
        KeyCode::Char(c) => {
            KeyEvent { code: KeyCode::Char(fold_char(c)), modifiers: key.modifiers - KeyModifiers::SHIFT, ..key }
        }
        KeyCode::BackTab => KeyEvent { modifiers: key.modifiers - KeyModifiers::SHIFT, ..key },
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Events, and None where the line is quiet for longer than the patience.
    struct Script(VecDeque<Option<Event>>);

    impl Source for Script {
        fn read(&mut self) -> io::Result<Event> {
            while let Some(next) = self.0.pop_front() {
                if let Some(event) = next {
                    return Ok(event);
                }
            }
            Err(io::ErrorKind::UnexpectedEof.into())
        }

        fn poll(&mut self, wait: Duration) -> io::Result<bool> {
            assert!(wait <= patience(false));
            Ok(matches!(self.0.front(), Some(Some(_))))
        }
    }

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn press(code: KeyCode) -> Option<Event> {
        Some(Event::Key(key(code)))
    }

    fn inputs(script: impl IntoIterator<Item = Option<Event>>) -> Vec<Input> {
        let mut reader = Reader::new(Script(script.into_iter().collect()), patience(false));
        std::iter::from_fn(|| reader.read().ok()).collect()
    }

    fn read(script: impl IntoIterator<Item = Option<Event>>) -> Vec<KeyCode> {
        let code = |input| match input {
            Input::Key(key) => key.code,
            other => panic!("{other:?}"),
        };
        inputs(script).into_iter().map(code).collect()
    }

    /// What a terminal without bracketed paste makes of a text.
    fn pasted(text: &str) -> impl Iterator<Item = Option<Event>> {
        text.chars().map(|c| match c {
            '\r' => press(KeyCode::Enter),
            '\t' => press(KeyCode::Tab),
            '\n' => Some(Event::Key(KeyEvent::new(KeyCode::Char('j'), KeyModifiers::CONTROL))),
            c => press(KeyCode::Char(c)),
        })
    }

    fn typed(text: &str) -> impl Iterator<Item = Option<Event>> {
        text.chars().map(|c| press(if c == '\u{1b}' { KeyCode::Esc } else { KeyCode::Char(c) }))
    }

    #[test]
    fn a_torn_arrow_is_an_arrow() {
        assert_eq!(read(typed("\u{1b}[A")), [KeyCode::Up]);
        assert_eq!(read(typed("x\u{1b}[6~y")), [KeyCode::Char('x'), KeyCode::PageDown, KeyCode::Char('y')]);
        assert_eq!(read(typed("\u{1b}OP")), [KeyCode::F(1)]);
        assert_eq!(read(typed("\u{1b}[1;5C")), [KeyCode::Right]);
    }

    #[test]
    fn a_lone_escape_is_an_escape() {
        assert_eq!(read([press(KeyCode::Esc), None, press(KeyCode::Char('['))]), [KeyCode::Esc, KeyCode::Char('[')]);
        assert_eq!(read(typed("\u{1b}j")), [KeyCode::Esc, KeyCode::Char('j')]);
        assert_eq!(read(typed("\u{1b}[[")), [KeyCode::Esc, KeyCode::Char('['), KeyCode::Char('[')]);
        assert_eq!(read([press(KeyCode::Esc), press(KeyCode::Enter)]), [KeyCode::Esc, KeyCode::Enter]);
        assert_eq!(read(typed("\u{1b}\u{1b}")), [KeyCode::Esc, KeyCode::Esc]);
    }

    #[test]
    fn a_late_answer_to_the_probe_types_nothing() {
        assert_eq!(read(typed("x\u{1b}[1;4Ry")), [KeyCode::Char('x'), KeyCode::Char('y')]);
        assert_eq!(read(typed("\u{1b}[?62;1;2;6;9;15;16;17;18;21;22cy")), [KeyCode::Char('y')]);
        assert_eq!(read(typed("\u{1b}[R")), [KeyCode::F(3)]);
    }

    #[test]
    fn keys_faster_than_anybody_types_with_a_line_end_are_a_paste() {
        for text in ["92.5\t88\r", "学校010\t4.5\n", "12345678\r\n9"] {
            assert_eq!(inputs(pasted(text)), [Input::Paste(text.into())], "{text:?}");
        }
        let after = pasted("92.5\t88\r").chain([press(KeyCode::Up), press(KeyCode::Esc)]);
        let up_esc = [KeyCode::Up, KeyCode::Esc].map(|code| Input::Key(key(code)));
        assert_eq!(inputs(after), [vec![Input::Paste("92.5\t88\r".into())], up_esc.to_vec()].concat());
    }

    #[test]
    fn fast_typing_is_typing() {
        // A key held down, seven keys at once, and eight keys with a pause between them.
        assert_eq!(read(pasted(&"j".repeat(40))).len(), 40);
        assert_eq!(read(pasted("38.5\r4\r")).len(), 7);
        let slow = pasted("38.5").chain([None]).chain(pasted("\r4.5\r"));
        assert_eq!(read(slow).len(), 9);
    }

    #[test]
    fn alt_digits_are_function_keys() {
        let alt = |c| Some(Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT)));
        assert_eq!(read([alt('1'), alt('0'), alt('x')]), [KeyCode::F(1), KeyCode::F(10), KeyCode::Char('x')]);
    }

    #[test]
    fn full_width_keys_are_folded() {
        for (full, plain) in "５．。、：？！【】「」《》“”￥～　ａＺ".chars().zip("5../:?![][]<>\"\"$~ aZ".chars())
        {
            assert_eq!(fold_char(full), plain, "{full}");
        }
        assert_eq!(fold_char('市'), '市');
        let shifted = KeyEvent::new(KeyCode::Char('Ｕ'), KeyModifiers::SHIFT);
        assert_eq!(fold(shifted), key(KeyCode::Char('U')));
        let control = KeyEvent::new(KeyCode::Char('d'), KeyModifiers::CONTROL);
        assert_eq!(fold(control), control);
    }

    #[test]
    fn keys_typed_early_are_decoded() {
        let codes = |text: &str| decode(text.as_bytes()).into_iter().map(|key| key.code).collect::<Vec<_>>();
        assert_eq!(codes("q"), [KeyCode::Char('q')]);
        assert_eq!(
            codes("5市\r\t\u{7f}"),
            [KeyCode::Char('5'), KeyCode::Char('市'), KeyCode::Enter, KeyCode::Tab, KeyCode::Backspace]
        );
        assert_eq!(codes("\u{1b}[B\u{1b}[B\u{1b}"), [KeyCode::Down, KeyCode::Down, KeyCode::Esc]);
        assert_eq!(decode(b"\x03"), [KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)]);
    }
}
