//! The words of `SSH_ORIGINAL_COMMAND`: quotes as a shell has them, and nothing else of a shell.

use crate::domain::border::{composed, hostile};
use crate::domain::value::Bilingual;

/// Longest command that is looked at, in bytes.
const LONGEST: usize = 4096;

/// Splits a command at blanks. `'…'`, `"…"` and `\` quote; `$`, `;`, `|`, `*`, backticks and `#` are characters like any.
///
/// # Errors
/// It is too long, a quote stays open, or it holds a control or invisible character.
pub fn words(command: &str) -> Result<Vec<String>, Bilingual> {
    if command.len() > LONGEST {
        return Err(Bilingual::new("命令超过 4 KB", "the command is longer than 4 KB"));
    }
    if let Some(c) = hostile(command) {
        let code = u32::from(c);
        return Err(Bilingual::new(
            format!("命令含不可见或控制字符 U+{code:04X}"),
            format!("the command holds the invisible or control character U+{code:04X}"),
        ));
    }
    let (mut words, mut word) = (Vec::new(), None::<String>);
    let command = composed(command);
    let mut letters = command.chars();
    while let Some(c) = letters.next() {
        match c {
            ' ' => words.extend(word.take()),
            '\'' | '"' => quoted(c, &mut letters, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(letters.next().ok_or_else(open_quote)?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Ok(words)
}

/// Takes what stands up to the closing quote; in double quotes `\` quotes itself and the quote.
fn quoted(quote: char, letters: &mut std::str::Chars<'_>, word: &mut String) -> Result<(), Bilingual> {
    loop {
        match letters.next().ok_or_else(open_quote)? {
            c if c == quote => return Ok(()),
            '\\' if quote == '"' => match letters.next().ok_or_else(open_quote)? {
                c @ ('"' | '\\' | '$' | '`') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

fn open_quote() -> Bilingual {
    Bilingual::new("命令里的引号没有配对", "a quote of the command stays open")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(command: &str) -> Vec<String> {
        words(command).expect("words")
    }

    #[test]
    fn quotes_are_those_of_a_shell() {
        assert_eq!(split("status  --json "), ["status", "--json"]);
        assert_eq!(split("x --reason '复核 二'"), ["x", "--reason", "复核 二"]);
        assert_eq!(split(r#"x "a \"b\" \n" c\ d ''"#), ["x", r#"a "b" \n"#, "c d", ""]);
        // As Python's `shlex.join` writes an apostrophe.
        assert_eq!(split(r#"x 'it'"'"'s'"#), ["x", "it's"]);
        assert_eq!(split("e\u{301}"), ["é"]);
        assert!(split("").is_empty() && split("   ").is_empty());
    }

    #[test]
    fn nothing_is_expanded() {
        for part in ["$HOME", "$(id)", "`id`", ";", "|", "*", "~", "#x", "&&", ">f"] {
            assert_eq!(split(&format!("status {part}")), ["status", part]);
        }
    }

    #[test]
    fn what_acts_or_hides_is_refused_and_so_is_what_never_ends() {
        for bad in ["a\nb", "a\tb", "a\u{1b}[31m", "a\0", "a\u{202e}b", "a\u{200b}b"] {
            assert!(words(bad).is_err(), "{bad:?}");
        }
        for open in ["'a", "\"a", "a\\", "\"a\\"] {
            assert_eq!(words(open), Err(open_quote()), "{open:?}");
        }
        assert!(words(&"x".repeat(4096)).is_ok() && words(&"x".repeat(4097)).is_err());
    }
}
