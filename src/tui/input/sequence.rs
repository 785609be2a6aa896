//! Escape sequences of keys, where crossterm's parser does not see them whole: torn apart on a slow line, or typed before
//! it ran.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// What the characters after an Esc are.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Sequence {
    /// A key.
    Key(KeyEvent),
    /// The terminal's late answer to the probe (cursor position, device attributes): nobody typed it.
    Answer,
    /// The beginning of one of these.
    More,
    /// Nothing that belongs together.
    No,
}

/// Longer than any key; answers about the device's attributes are longer.
const LONGEST_KEY: usize = 8;
const LONGEST_ANSWER: usize = 64;

/// `CSI` and `SS3` sequences, without their Esc.
pub(super) fn sequence(text: &str) -> Sequence {
    let mut chars = text.chars();
    let introducer = chars.next();
    let rest = chars.as_str();
    let Some(last) = rest.chars().last() else {
        return if matches!(introducer, Some('[' | 'O')) { Sequence::More } else { Sequence::No };
    };
    match introducer {
        Some('O') => letter(last).map_or(Sequence::No, |code| Sequence::Key(KeyEvent::new(code, KeyModifiers::NONE))),
        Some('[') if rest.starts_with('?') => {
            let body = &rest[1..];
            match body.find(|c: char| !c.is_ascii_digit() && c != ';') {
                None if rest.len() < LONGEST_ANSWER => Sequence::More,
                Some(end) if &body[end..] == "c" => Sequence::Answer,
                _ => Sequence::No,
            }
        }
        Some('[') => {
            let parameters = &rest[..rest.len() - last.len_utf8()];
            if !parameters.chars().all(|c| c.is_ascii_digit() || c == ';') || rest.len() > LONGEST_KEY {
                return Sequence::No;
            }
            if last.is_ascii_digit() || last == ';' {
                return Sequence::More;
            }
            // F3 with a modifier looks the same; it is bound nowhere.
            if last == 'R' && parameters.contains(';') {
                return Sequence::Answer;
            }
            let mut numbers = parameters.split(';').map(|n| n.parse::<u8>().unwrap_or(1));
            let first = numbers.next().unwrap_or(1);
            let modifiers = modifiers(numbers.next().unwrap_or(1));
            let code = if last == '~' { tilde(first) } else { letter(last) };
            code.map_or(Sequence::No, |code| Sequence::Key(KeyEvent::new(code, modifiers)))
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
                            Sequence::Key(key) => Some((end, key)),
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
