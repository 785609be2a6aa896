//! Checks of text that people and other programs hand in, shared by the plan and by imports.

pub use crate::domain::border::{LONGEST, LONGEST_NOTE, composed, hostile};

/// Whether a text may be an id: 1 to 64 letters, digits and `-_.`, beginning with a letter or digit. Ids are joined
/// by `/` to keys of records, so a slash is never one of them.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphanumeric)
        && text.chars().count() <= 64
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Whether a text may be a unit's code: `[A-Z0-9]{1,8}`.
#[must_use]
pub fn is_code(text: &str) -> bool {
    (1..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Whether a text may be a login: `[a-z][a-z0-9_-]{0,31}`.
#[must_use]
pub fn is_login(text: &str) -> bool {
    text.len() <= 32
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}

/// Edit distance between two texts, in characters; swapping two neighbours counts once.
fn distance(a: &[char], b: &[char]) -> usize {
    let width = b.len() + 1;
    let mut rows = vec![0; width * (a.len() + 1)];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            let at = i * width + j;
            rows[at] = if i == 0 || j == 0 {
                i + j
            } else {
                let same = usize::from(a[i - 1] != b[j - 1]);
                let mut best = (rows[at - width] + 1).min(rows[at - 1] + 1).min(rows[at - width - 1] + same);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    best = best.min(rows[at - 2 * width - 2] + 1);
                }
                best
            };
        }
    }
    rows[width * (a.len() + 1) - 1]
}

/// The choice nearest to what was written, if any is near enough to be meant.
#[must_use]
pub fn nearest<'c>(written: &str, choices: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let written: Vec<char> = written.trim().to_lowercase().chars().take(64).collect();
    let mut best: Option<(usize, &str)> = None;
    for choice in choices {
        let letters: Vec<char> = choice.to_lowercase().chars().take(64).collect();
        if letters.len().abs_diff(written.len()) > 4 && !letters.starts_with(&written) {
            continue;
        }
        let d = distance(&written, &letters);
        // Two short codes share nothing by chance: at least one character must be the same.
        let limit = (written.len().max(letters.len()) / 3).clamp(1, 4);
        let begun = written.len() >= 3 && letters.starts_with(&written);
        let near = begun || (d <= limit && d < written.len().max(letters.len()));
        if near && best.is_none_or(|(least, _)| d < least) {
            best = Some((d, choice));
        }
    }
    best.map(|(_, choice)| choice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_choice_is_offered() {
        assert_eq!(nearest("GX", ["SZ", "GY"]), Some("GY"));
        assert_eq!(nearest("headquaters", ["town", "headquarters"]), Some("headquarters"));
        assert_eq!(nearest("ZZZZ", ["GY", "SZ"]), None);
        assert_eq!(nearest("YG", ["SZ", "GY"]), Some("GY"));
        assert_eq!(nearest("service_o", ["owner", "service_officer"]), Some("service_officer"));
        assert_eq!(nearest("QQ", ["SZ", "GY"]), None);
    }

    #[test]
    fn ids_codes_and_logins_have_their_form() {
        assert!(is_id("YB14-GY-001") && is_id("10yi") && !is_id("a/b") && !is_id("") && !is_id("-a") && !is_id("a b"));
        assert!(is_code("GY") && !is_code("gy") && !is_code("ABCDEFGHI"));
        assert!(is_login("zhang_1") && !is_login("1a") && !is_login("Zhang"));
    }
}
