//! 写到哪里. The file of an export from the dashboard: its whole path, and whether it is there already.

use std::path::{Path, PathBuf};

use crate::app::exporting;
use crate::text::Text;

/// Names the file by its whole path, which is then also what the export says; where it is there already, answers a name
/// beside it that is free.
///
/// # Errors
/// The path cannot be named, so that nobody could say what would be written over.
pub fn settled(words: &mut [String]) -> Result<Option<String>, Text> {
    let Some(file) = exporting::destination(words).and_then(|at| words.get_mut(at)) else { return Ok(None) };
    match std::path::absolute(Path::new(file.as_str())) {
        Ok(path) => {
            path.to_str().ok_or(Text::ExportNoPath)?.clone_into(file);
            beside(&path)
        }
        Err(_) => Err(Text::ExportNoPath),
    }
}

/// A free name beside a file that is there.
fn beside(path: &Path) -> Result<Option<String>, Text> {
    if !path.exists() {
        return Ok(None);
    }
    let named = free(path).and_then(|free| free.to_str().map(str::to_owned));
    named.ok_or(Text::ExportNoPath).map(Some)
}

/// `通报.docx`, `通报-2.docx`, `通报-3.docx`: the first that is not there.
fn free(path: &Path) -> Option<PathBuf> {
    let stem = path.file_stem()?.to_str()?;
    let ending = path.extension().map_or(Some(String::new()), |ending| ending.to_str().map(|e| format!(".{e}")))?;
    (2_u32..).map(|n| path.with_file_name(format!("{stem}-{n}{ending}"))).find(|p| !p.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_written_over_but_a_free_name_is_found() {
        let dir = tempfile::tempdir().expect("a folder");
        let named = |name: &str| dir.path().join(name).to_str().expect("a path").to_owned();
        let mut words = ["export", "bulletin", "--output", &named("a.docx")].map(str::to_owned);
        assert_eq!(settled(&mut words), Ok(None));
        for name in ["a.docx", "a-2.docx"] {
            std::fs::write(named(name), "x").expect("written");
        }
        assert_eq!(settled(&mut words), Ok(Some(named("a-3.docx"))));
        let mut relative = ["export", "ledger", "--output", "nowhere-at-all.csv"].map(str::to_owned);
        assert_eq!(settled(&mut relative), Ok(None));
        assert!(relative[3].starts_with('/') && relative[3].ends_with("/nowhere-at-all.csv"), "{relative:?}");
    }
    #[test]
    fn a_file_whose_path_or_ending_is_odd_is_not_written_over_either() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt as _;
        let dir = tempfile::tempdir().expect("a folder");
        let odd = dir.path().join(OsStr::from_bytes(b"\xff"));
        std::fs::create_dir(&odd).expect("a folder");
        std::fs::write(odd.join("a.docx"), "x").expect("written");
        assert_eq!(beside(&odd.join("a.docx")), Err(Text::ExportNoPath));
        std::fs::write(dir.path().join("plain"), "x").expect("written");
        let mut words = ["export", "ledger", "--output", ""].map(str::to_owned);
        words[3] = dir.path().join("plain").to_str().expect("a path").to_owned();
        let free = settled(&mut words).expect("a name").expect("a file is there");
        assert!(free.ends_with("/plain-2"), "{free}");
        words[3].clear();
        assert_eq!(settled(&mut words), Err(Text::ExportNoPath), "no name is no file");
    }
}
