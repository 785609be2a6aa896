//! 读音. A text ready for matching: by its characters, full pinyin, initials, or a mix of these.

use std::ops::Range;

use pinyin::ToPinyinMulti;

/// How well a word fits a text, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The text itself.
    Exact,
    /// Its beginning.
    Prefix,
    /// The pinyin or initials of its beginning.
    Initials,
    /// Somewhere in it.
    Inside,
}

/// Full-width forms and the quotes of an input method, as the keyboard without one would send them.
pub(super) fn folded(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{201c}' | '\u{201d}' => '"',
        c => c,
    }
}

/// A text with its full-width forms folded.
#[must_use]
pub fn folded_text(text: &str) -> String {
    text.chars().map(folded).collect()
}

/// A text as a word to look for: folded, lower case, without blanks.
#[must_use]
pub fn word(text: &str) -> String {
    folded_text(text).to_lowercase().chars().filter(|c| !c.is_whitespace()).collect()
}

/// One character, its readings without tones, and the byte it starts at in the text.
#[derive(Clone, Debug)]
struct Letter {
    char: char,
    readings: Vec<&'static str>,
    at: usize,
}

/// 读音. Each character with all its readings; blanks are left out, Latin is folded to lower case.
#[derive(Clone, Debug)]
pub struct Reading(Vec<Letter>);

impl Reading {
    /// Reads a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let letters = text.char_indices().map(|(at, c)| (at, folded(c))).filter(|(_, c)| !c.is_whitespace());
        let lower = letters.flat_map(|(at, c)| c.to_lowercase().map(move |c| (at, c)));
        Self(
            lower
                .map(|(at, char)| {
                    let multi = char.to_pinyin_multi().into_iter().flatten();
                    let mut readings: Vec<_> = multi.map(pinyin::Pinyin::plain).collect();
                    readings.dedup();
                    Letter { char, readings, at }
                })
                .collect(),
        )
    }

    /// Whether the word stands in it.
    #[must_use]
    pub fn has(&self, word: &str) -> bool {
        (0..self.0.len()).any(|i| span(&self.0[i..], word).is_some())
    }

    /// Whether it begins with the word.
    #[must_use]
    pub fn begins(&self, word: &str) -> bool {
        span(&self.0, word).is_some()
    }

    /// How well the word fits; none where it does not.
    #[must_use]
    pub fn fit(&self, word: &str) -> Option<Fit> {
        let mut letters = self.0.iter().map(|l| l.char);
        if word.chars().all(|c| letters.next() == Some(c)) {
            return Some(if letters.next().is_none() { Fit::Exact } else { Fit::Prefix });
        }
        if self.begins(word) {
            return Some(Fit::Initials);
        }
        self.has(word).then_some(Fit::Inside)
    }

    /// Where the word stands in the text, in bytes of its characters' beginnings; every place of it.
    fn places(&self, word: &str) -> impl Iterator<Item = usize> {
        let mut next = 0;
        let mut found = Vec::new();
        while next < self.0.len() {
            match span(&self.0[next..], word).filter(|n| *n > 0) {
                Some(n) => {
                    found.extend(self.0[next..next + n].iter().map(|l| l.at));
                    next += n;
                }
                None => next += 1,
            }
        }
        found.into_iter()
    }
}

/// The byte ranges of the characters of a text in which one of the words stands, in order.
#[must_use]
pub fn found<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> Vec<Range<usize>> {
    let reading = Reading::new(text);
    let mut starts: Vec<usize> = words.into_iter().flat_map(|w| reading.places(w).collect::<Vec<_>>()).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.into_iter().map(|at| at..at + text[at..].chars().next().map_or(0, char::len_utf8)).collect()
}

/// How many characters at the beginning of a text the word takes: each by itself, a Han one also by a beginning of any
/// of its readings.
fn span(text: &[Letter], word: &str) -> Option<usize> {
    let Some(first) = word.chars().next() else { return Some(0) };
    let (letter, rest) = text.split_first()?;
    if letter.char == first
        && let Some(n) = span(rest, &word[first.len_utf8()..])
    {
        return Some(n + 1);
    }
    letter.readings.iter().find_map(|r| {
        let same = r.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        (1..=same).find_map(|n| span(rest, &word[n..])).map(|n| n + 1)
    })
}

/// Whether a word stands in a text: by its characters, full pinyin, initials, or a mix.
#[must_use]
pub fn matches_text(text: &str, word: &str) -> bool {
    Reading::new(text).has(&word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, word: &str) -> bool {
        Reading::new(text).has(word)
    }

    #[test]
    fn a_word_matches_han_initials_syllables_and_a_mix() {
        for word in ["李村", "lcz", "licun", "lic", "czhen", "z", "cun镇"] {
            assert!(has("李村镇", word), "{word}");
        }
        for word in ["lz", "kdz", "村李", "licunx"] {
            assert!(!has("李村镇", word), "{word}");
        }
        assert!(has("新岳洛路工程", "xyl"));
        assert!(has("ＡＢ区", "ab"), "full-width letters of a name");
    }

    #[test]
    fn every_reading_of_a_polyphone_counts() {
        assert!(has("重庆", "cq") && has("重庆", "zq"));
        assert!(has("长安", "ca") && has("长安", "za"));
    }

    #[test]
    fn the_whole_fits_better_than_its_beginning_and_that_better_than_its_inside() {
        let fit = |word| Reading::new("李村镇").fit(word);
        assert_eq!(fit("李村镇"), Some(Fit::Exact));
        assert_eq!(fit("李村"), Some(Fit::Prefix));
        assert_eq!(fit("lcz"), Some(Fit::Initials));
        assert_eq!(fit("村"), Some(Fit::Inside));
        assert_eq!(fit("zl"), None);
        assert!(Fit::Exact < Fit::Prefix && Fit::Prefix < Fit::Initials && Fit::Initials < Fit::Inside);
    }

    #[test]
    fn the_matched_characters_are_known_by_their_bytes() {
        let text = "去 李村镇 李村";
        let chars: Vec<&str> = found(text, ["lc"]).into_iter().map(|r| &text[r]).collect();
        assert_eq!(chars, ["李", "村", "李", "村"]);
        assert!(found(text, ["x"]).is_empty());
        assert_eq!(found("İx", ["x"]).len(), 1, "a letter whose lower case is longer");
    }
}
