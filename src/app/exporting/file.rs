//! 文件名. What the file of an export is called, and what becomes of one that is there already.

use std::path::Path;

use crate::app::menu::{Choice, Menu};
use crate::app::screen::Wish;
use crate::domain::value::Bilingual;
use crate::text::Text;

/// The word before the file.
pub(super) const OUTPUT: &str = "--output";

/// Endings that mean something to whoever opens the file: under one of them lies nothing else.
const ENDINGS: [&str; 11] = ["docx", "doc", "wps", "xlsx", "xls", "et", "pdf", "html", "md", "csv", "json"];

/// The name as typed, with its ending.
///
/// # Errors
/// There is none, or its ending is that of another format.
pub(super) fn named(typed: &str, ending: &str) -> Result<String, Bilingual> {
    let file = typed.trim();
    let path = Path::new(file);
    let Some(name) = path.file_name().and_then(|n| n.to_str()).filter(|_| !file.ends_with('/')) else {
        return Err(Text::ExportNeedsName.both(&[]));
    };
    let last = path.extension().and_then(|e| e.to_str()).unwrap_or(name).to_lowercase();
    if last == ending && last != name.to_lowercase() {
        return Ok(file.to_owned());
    }
    // Who types `pdf` wants one, and would not find it in a file of Word.
    if ENDINGS.contains(&last.as_str()) {
        return Err(Text::ExportOtherEnding.both(&[&ending, &ending]));
    }
    Ok(format!("{file}.{ending}"))
}

/// Where the words of an export say that its file is.
#[must_use]
pub fn destination(words: &[String]) -> Option<usize> {
    words.iter().position(|w| w == OUTPUT).map(|at| at + 1).filter(|at| *at < words.len())
}

/// Asks what becomes of a file that is there already: somebody may have worked on it.
#[must_use]
pub fn there(words: Vec<String>, free: &str) -> Option<Menu> {
    let at = destination(&words)?;
    let path = words[at].clone();
    let mut beside = words.clone();
    free.clone_into(&mut beside[at]);
    let name = Path::new(free).file_name().map_or_else(|| free.to_owned(), |n| n.to_string_lossy().into_owned());
    let choices = vec![
        Choice::new(Text::ExportBeside.both(&[&name]), vec![Wish::Export(beside)]),
        Choice::new(Text::ExportReplace.both(&[]), vec![Wish::Replace(words)]),
    ];
    let called = Path::new(&path).file_name().map_or_else(|| path.clone(), |n| n.to_string_lossy().into_owned());
    Some(Menu::new(Text::ExportThere.both(&[&called]), vec![Bilingual::new(path.clone(), path)], choices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gets_its_ending_and_never_that_of_another_format() {
        let name = |typed| named(typed, "docx").ok();
        assert_eq!(name(" 通报 "), Some("通报.docx".to_owned()));
        assert_eq!(name("2014.7"), Some("2014.7.docx".to_owned()));
        assert_eq!(name("d/通报.DOCX"), Some("d/通报.DOCX".to_owned()));
        for other in ["pdf", "通报.pdf", "docx", "a.xlsx", "", " ", "d/"] {
            assert_eq!(name(other), None, "{other}");
        }
    }
}
