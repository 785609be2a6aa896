//! 单元格. Text in a table file that a spreadsheet would take for a formula (`reliability.md` §7).

/// Characters that make a cell a formula or hide what follows, with their full-width forms.
const fn is_trigger(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r')
}

/// Whether a cell with this text needs a `'` before it: it would act, or it would lose a `'` of its own on the way back.
fn is_armed(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(is_trigger)
}

/// Text as it may stand in a cell of a CSV file: what would act gets a `'` before it. Not for numbers that we wrote.
#[must_use]
pub fn guarded(text: &str) -> String {
    if is_armed(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that a guarded cell stands for; any other cell stands for itself.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_armed(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_act_is_guarded_and_comes_back() {
        for text in ["=1+1", "+86", "-5", "@a", "＝A1", "－", "\tx", "\r", "'=x", "''=x", "=cmd|' /C calc'!A0"] {
            let cell = guarded(text);
            assert!(cell.starts_with('\'') && cell.len() == text.len() + 1, "{text:?} -> {cell:?}");
            assert_eq!(unguarded(&cell), text);
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "学校", "'s", "'学校'", "a=b", " =x"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }
}
