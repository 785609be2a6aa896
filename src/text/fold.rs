//! Full-width forms: with an input method on, they are what the keyboard gives.

/// A character as a key, a number or a filter means it.
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
