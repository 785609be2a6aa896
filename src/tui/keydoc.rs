//! 键表文档. The key table in print: `dukao keys`, and the table in both READMEs.

use crate::app::action::Action;
use crate::app::screen::Context;
use crate::domain::value::Lang;
use crate::tui::keymap::{BINDINGS, Binding, context_name, keys_text};

/// The key table in the order of print: what holds everywhere first, then place by place as the table has them.
#[must_use]
pub fn printed() -> Vec<&'static Binding> {
    let mut rows: Vec<&Binding> = BINDINGS.iter().collect();
    let first = |b: &Binding| BINDINGS.iter().position(|other| place(other) == place(b));
    rows.sort_by_key(|b| (b.context != Context::Any, first(b)));
    rows
}

/// Where a row holds; contexts of the same name are one place.
fn place(binding: &Binding) -> &'static str {
    context_name(binding.context).in_lang(Lang::En)
}

/// `row_next` of `RowNext`: the id of an action, the same in every language.
#[must_use]
pub fn id(action: Action) -> String {
    snake(&format!("{action:?}"))
}

/// The id of a context.
#[must_use]
pub fn context_id(context: Context) -> String {
    snake(&format!("{context:?}"))
}

fn snake(name: &str) -> String {
    let name = name.split('(').next().unwrap_or_default();
    let mut id = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !id.is_empty() {
            id.push('_');
        }
        id.push(c.to_ascii_lowercase());
    }
    id
}

/// A Markdown table: where, which keys, what they do.
#[must_use]
pub fn markdown(lang: Lang) -> String {
    let mut out = match lang {
        Lang::Zh => String::from("| 何处 | 键 | 作用 |\n|---|---|---|\n"),
        Lang::En => String::from("| where | keys | what they do |\n|---|---|---|\n"),
    };
    let mut before = "";
    for binding in printed() {
        let here = context_name(binding.context).in_lang(lang);
        let said = if here == before { "" } else { here };
        before = here;
        let keys: Vec<String> =
            keys_text(binding).split(' ').map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        out.push_str(&format!("| {said} | {} | {} |\n", keys.join(" "), binding.help.in_lang(lang)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_printed_once_and_places_stay_together() {
        let rows = printed();
        assert_eq!(rows.len(), BINDINGS.len());
        assert_eq!(rows[0].context, Context::Any);
        let mut places: Vec<&str> = rows.iter().map(|b| place(b)).collect();
        places.dedup();
        let all = places.len();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), all, "{places:?}");
    }

    #[test]
    fn ids_are_those_of_the_key_table() {
        assert_eq!(id(Action::RowNext), "row_next");
        assert_eq!(id(Action::View(0)), "view");
        assert_eq!(id(Action::Overwrite('0')), "overwrite");
        assert_eq!(context_id(Context::Any), "any");
    }

    #[test]
    fn the_markdown_has_a_line_for_each_row() {
        for lang in [Lang::Zh, Lang::En] {
            let text = markdown(lang);
            assert_eq!(text.lines().count(), BINDINGS.len() + 2);
            assert!(text.contains("`F1`"));
            let cells = |line: &str| line.replace("\\|", "").matches('|').count();
            assert!(text.lines().all(|line| cells(line) == 4), "{text}");
        }
    }
}
