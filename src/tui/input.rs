//! From the keyboard to the channel: one thread, blocked in crossterm's `read`.
//!
//! A slow line may tear an escape sequence apart; crossterm then reports Esc, `[`, `A` instead of an arrow. So a lone Esc
//! is held for a moment, and only then is there a wait with an end.

use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use std::collections::VecDeque;
use std::io;
use std::time::Duration;

pub use crate::text::fold_char;

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
}

impl<S: Source> Reader<S> {
    /// Reads from there.
    pub const fn new(source: S, patience: Duration) -> Self {
        Self { source, patience, ready: VecDeque::new() }
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
            let event = self.source.read()?;
            if is_plain(&event, KeyCode::Esc) {
                self.after_escape()?;
            } else if let Some(c) = text_of(&event) {
                self.gather(event, c)?;
            } else {
                self.ready.extend(input(event));
            }
        }
    }

    /// Keys that come faster than anybody types, several lines or cells of them, are a paste that the terminal did not
    /// bracket. A key with nothing behind it is not held up.
    fn gather(&mut self, first: Event, c: char) -> io::Result<()> {
        let (mut events, mut text) = (vec![first], String::from(c));
        let mut wait = Duration::ZERO;
        while text.len() < PASTE_LIMIT && self.source.poll(wait)? {
            let event = self.source.read()?;
            let Some(c) = text_of(&event) else {
                self.settle(events, text);
                if is_plain(&event, KeyCode::Esc) {
                    return self.after_escape();
                }
                self.ready.extend(input(event));
                return Ok(());
            };
            events.push(event);
            text.push(c);
            wait = BURST;
        }
        self.settle(events, text);
        Ok(())
    }

    fn settle(&mut self, events: Vec<Event>, text: String) {
        if is_burst(&text) {
            self.ready.push_back(Input::Paste(text));
        } else {
            self.ready.extend(events.into_iter().filter_map(input));
        }
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
                self.ready.extend(input(event));
                return Ok(());
            };
            torn.push(c);
            match sequence(&torn) {
                Sequence::Whole(key) => {
                    self.ready.push_back(Input::Key(key));
                    return Ok(());
                }
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

/// Pause after which gathered keys are complete.
const BURST: Duration = Duration::from_millis(10);
/// Fewest keys of a burst.
const BURST_KEYS: usize = 8;
/// Most bytes of a burst; somebody who pastes more sees it in pieces.
const PASTE_LIMIT: usize = 1 << 20;

/// Whether gathered keys are cells or lines: a Tab, or a line end before the last key, and something besides.
fn is_burst(text: &str) -> bool {
    let inside = text.trim_end_matches(['\n', '\t']);
    let parted = inside.contains(['\n', '\t']) && inside.contains(|c: char| !c.is_whitespace());
    text.chars().count() >= BURST_KEYS && parted
}

/// What a key would be in a pasted text.
fn text_of(event: &Event) -> Option<char> {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press, .. }) = event else { return None };
    match code {
        KeyCode::Char('j') if *modifiers == KeyModifiers::CONTROL => Some('\n'),
        KeyCode::Char(c) if modifiers.difference(KeyModifiers::SHIFT).is_empty() => Some(*c),
        KeyCode::Enter if modifiers.is_empty() => Some('\n'),
        KeyCode::Tab if modifiers.is_empty() => Some('\t'),
        _ => None,
    }
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

fn input(event: Event) -> Option<Input> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Input::Key(function_key(key))),
        Event::Paste(text) => Some(Input::Paste(text)),
        Event::Resize(width, height) => Some(Input::Resize(width, height)),
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

/// What the characters after an Esc are.
#[derive(Debug, PartialEq, Eq)]
enum Sequence {
    Whole(KeyEvent),
    More,
    No,
}

/// `CSI` and `SS3` sequences of keys, without their Esc.
fn sequence(text: &str) -> Sequence {
    let mut chars = text.chars();
    let introducer = chars.next();
    let rest = chars.as_str();
    let Some(last) = rest.chars().last() else {
        return if matches!(introducer, Some('[' | 'O')) { Sequence::More } else { Sequence::No };
    };
    match introducer {
        Some('O') => letter(last).map_or(Sequence::No, |code| Sequence::Whole(KeyEvent::new(code, KeyModifiers::NONE))),
        Some('[') => {
            let parameters = &rest[..rest.len() - last.len_utf8()];
            if !parameters.chars().all(|c| c.is_ascii_digit() || c == ';') || rest.len() > 8 {
                return Sequence::No;
            }
            if last.is_ascii_digit() || last == ';' {
                return Sequence::More;
            }
            let mut numbers = parameters.split(';').map(|n| n.parse::<u8>().unwrap_or(1));
            let first = numbers.next().unwrap_or(1);
            let modifiers = modifiers(numbers.next().unwrap_or(1));
            let code = if last == '~' { tilde(first) } else { letter(last) };
            code.map_or(Sequence::No, |code| Sequence::Whole(KeyEvent::new(code, modifiers)))
        }
        _ => Sequence::No,
    }
}

fn modifiers(parameter: u8) -> KeyModifiers {
    let bits = parameter.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

const fn letter(c: char) -> Option<KeyCode> {
    Some(match c {
        'A' => KeyCode::Up,
        'B' => KeyCode::Down,
        'C' => KeyCode::Right,
        'D' => KeyCode::Left,
        'F' => KeyCode::End,
        'H' => KeyCode::Home,
        'P' => KeyCode::F(1),
        'Q' => KeyCode::F(2),
        'R' => KeyCode::F(3),
        'S' => KeyCode::F(4),
        'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

const fn tilde(number: u8) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => KeyCode::F(number - 10),
        17..=21 => KeyCode::F(number - 11),
        23 | 24 => KeyCode::F(number - 12),
        _ => return None,
    })
}

/// Keys typed before the reader ran, as the probe found them.
#[must_use]
pub fn decode(bytes: &[u8]) -> Vec<KeyEvent> {
    let text = String::from_utf8_lossy(bytes);
    let mut keys = Vec::new();
    let mut rest = text.as_ref();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let code = match c {
            '\u{1b}' => {
                let whole =
                    rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(10).find_map(|end| {
                        match sequence(&rest[..end]) {
                            Sequence::Whole(key) => Some((end, key)),
                            _ => None,
                        }
                    });
                if let Some((end, key)) = whole {
                    rest = &rest[end..];
                    keys.push(key);
                    continue;
                }
                KeyCode::Esc
            }
            '\r' | '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            '\u{7f}' | '\u{8}' => KeyCode::Backspace,
            '\u{1}'..='\u{1a}' => {
                let letter = char::from(c as u8 - 1 + b'a');
                keys.push(KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL));
                continue;
            }
            c if c.is_control() || c == char::REPLACEMENT_CHARACTER => continue,
            c => KeyCode::Char(c),
        };
        keys.push(KeyEvent::new(code, KeyModifiers::NONE));
    }
    keys
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
            assert!([patience(false), BURST, Duration::ZERO].contains(&wait), "{wait:?}");
            Ok(matches!(self.0.front(), Some(Some(_))))
        }
    }

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    fn press(code: KeyCode) -> Option<Event> {
        Some(Event::Key(key(code)))
    }

    fn read(script: impl IntoIterator<Item = Option<Event>>) -> Vec<KeyCode> {
        let mut reader = Reader::new(Script(script.into_iter().collect()), patience(false));
        let mut codes = Vec::new();
        while let Ok(input) = reader.read() {
            let Input::Key(key) = input else { panic!("{input:?}") };
            codes.push(key.code);
        }
        codes
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
    fn a_paste_without_brackets_is_a_paste() {
        let all = |text: &str| {
            let keys = text.chars().map(|c| {
                press(match c {
                    '\r' => KeyCode::Enter,
                    '\t' => KeyCode::Tab,
                    c => KeyCode::Char(c),
                })
            });
            let mut reader = Reader::new(Script(keys.collect()), patience(false));
            std::iter::from_fn(|| reader.read().ok()).collect::<Vec<_>>()
        };
        assert_eq!(all("XX-008\t40\rXX-009\t38\r"), [Input::Paste("XX-008\t40\nXX-009\t38\n".into())]);
        assert_eq!(all("40\r41\r").len(), 6, "few keys are keys");
        assert_eq!(all("/lczxyl4\r").len(), 9, "one line with its Enter is typed");
        assert_eq!(all(&"\r".repeat(20)).len(), 20, "Enter held down is Enter");
    }

    #[test]
    fn keys_with_pauses_are_never_a_paste() {
        let slow = "40\r41\r42\r43\r".chars().flat_map(|c| [press(KeyCode::Char(c)), None]);
        assert_eq!(read(slow).len(), 12);
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
