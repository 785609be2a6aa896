//! 补全. What may stand where the caret is in a filter: the keys of the table, the values of a key.

use super::Index;
use super::term::{Key, Rows, keys, pieces, words_of};
use crate::domain::district::{Plan, UnitIx, UnitKind};
use crate::domain::value::Lang;

/// 补全
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where what is completed begins, in bytes of the text.
    pub from: usize,
    /// What may stand there, the likeliest first.
    pub offers: Vec<String>,
}

/// Which of the two wordings a key or value is completed in: that of what was begun, else that of the screen.
fn han(begun: &str, lang: Lang) -> bool {
    begun.chars().next().map_or(lang == Lang::Zh, |c| !c.is_ascii())
}

/// Units whose code or a name of which begins so, as a filter names them.
fn units(begun: &str, kind: UnitKind, plan: &Plan, index: &Index, lang: Lang) -> Vec<String> {
    let all = (0_u16..).map(UnitIx).zip(&plan.district.units).filter(|(_, u)| u.kind == kind);
    let fits = all.filter(|(ix, _)| begun.is_empty() || index.is_unit_begun(*ix, begun));
    fits.map(|(_, u)| if han(begun, lang) { u.short.clone() } else { u.code.to_lowercase() }).collect()
}

/// What may stand behind this beginning of a filter.
#[must_use]
pub fn completion(before: &str, of: Rows, plan: &Plan, index: &Index, lang: Lang) -> Completion {
    let last = pieces(before).pop().filter(|(at, piece)| at.end == before.len() && piece != "|");
    let (at, piece) = last.map_or((before.len(), String::new()), |(at, piece)| (at.start, piece));
    let piece = piece.to_lowercase();
    // A term that is turned round is completed like any other.
    let term = piece.strip_prefix('!').unwrap_or(&piece);
    let Some((word, values)) = term.split_once(':') else {
        let begun = |(en, zh): (&str, &str), sign: &str| {
            let own = if han(term, lang) { zh } else { en };
            own.starts_with(term).then(|| format!("{own}{sign}"))
        };
        let offers = keys(of).filter_map(|(key, en, zh)| begun((en, zh), key.sign())).collect();
        return Completion { from: at + (piece.len() - term.len()), offers };
    };
    let begun = values.rsplit([',', '、']).next().unwrap_or_default();
    let from = before.len()
        - before[at..].chars().rev().take_while(|c| !":：,，、".contains(*c)).map(char::len_utf8).sum::<usize>();
    // Values without a beginning are named as the key was.
    let named = if begun.is_empty() { word } else { begun };
    let offers = match Key::named(word, of) {
        Some(Key::Headquarters) => units(begun, UnitKind::Headquarters, plan, index, spoken(named)),
        Some(Key::Town) => {
            let mut towns = units(begun, UnitKind::Town, plan, index, spoken(named));
            towns.extend(words_of(Key::Town, han(named, lang)).filter(|w| w.starts_with(begun)).map(str::to_owned));
            towns
        }
        Some(key) => words_of(key, han(named, lang)).filter(|w| w.starts_with(begun)).map(str::to_owned).collect(),
        None => Vec::new(),
    };
    Completion { from, offers }
}

/// The language that a word is written in.
fn spoken(word: &str) -> Lang {
    if han(word, Lang::En) { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_their_values_are_offered_in_the_language_begun() {
        let plan = crate::plan::load(&crate::plan::Texts::sample()).expect("the sample");
        let index = Index::new(&plan);
        let offers = |text: &str| {
            let found = completion(text, Rows::Projects, &plan, &index, Lang::Zh);
            (text[..found.from].to_owned(), found.offers.join(" "))
        };
        let told = |before: &str, offers: &str| (before.to_owned(), offers.to_owned());
        assert_eq!(offers("lcz st"), told("lcz ", "status:"));
        assert_eq!(offers("状"), told("", "状态:"));
        assert_eq!(offers("l"), told("", "lag> left<"));
        assert_eq!(offers("!状态:滞"), told("!状态:", "滞后"));
        assert_eq!(offers("status:red,be"), told("status:red,", "behind"));
        assert_eq!(offers("状态:").1, "已完成 正常 滞后 不明 红 黄 不纳入");
        assert_eq!(offers("镇:李"), told("镇:", "李村"));
        assert_eq!(offers("town:lc"), told("town:", "lc"));
        assert!(offers("学校 ").1.starts_with("状态: 类别: 指挥部:"), "{:?}", offers("学校 "));
        assert_eq!(offers("lag>3").1, "", "an amount is not to be guessed");
        assert_eq!(offers("colour:").1, "");
        let other = completion("state:in", Rows::Rectifications, &plan, &index, Lang::En);
        assert_eq!(other.offers, ["in_progress"]);
    }
}
