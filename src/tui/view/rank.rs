//! 位次升降. How a rank moved: the mark, and by how many.

use super::Shown;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::fit::width;
use crate::tui::glyphs::Glyphs;
use crate::tui::theme::Role;

/// The marks for up, down, the same and new, two cells each as in every skin. Where the skin's mark is a Chinese word, English has its own.
pub(super) fn marks(g: &Glyphs, lang: Lang) -> [&'static str; 4] {
    let words = [Text::RankUp, Text::RankDown, Text::RankSame, Text::RankNew];
    let mut marks = [g.up, g.down, g.same, g.new];
    for (mark, word) in marks.iter_mut().zip(words) {
        if lang == Lang::En && width(mark.trim_end()) > 1 {
            *mark = word.in_lang(lang);
        }
    }
    marks
}

/// A movement by so many places, upwards positive; None where there was no rank before.
pub(super) fn moved(g: &Glyphs, lang: Lang, by: Option<i64>) -> Shown {
    let [up, down, same, new] = marks(g, lang);
    match by {
        None => (new.trim_end().to_owned(), Role::Dim),
        Some(0) => (same.trim_end().to_owned(), Role::Dim),
        Some(n) if n > 0 => (format!("{up} {n}"), Role::Up),
        Some(n) => (format!("{down} {}", -n), Role::Down),
    }
}
