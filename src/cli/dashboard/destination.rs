//! 写到哪里. The file of an export from the dashboard: its whole path, and whether it is there already.

use std::path::{Path, PathBuf};

use crate::app::exporting;

/// Names the file by its whole path, which is then also what the export says; where it is there already, answers a name
/// beside it that is free.
pub fn settled(words: &mut [String]) -> Option<String> {
    let file = words.get_mut(exporting::destination(words)?)?;
    let path = std::path::absolute(Path::new(file.as_str())).ok()?;
    *file = path.to_str()?.to_owned();
    path.exists().then(|| free(&path)?.to_str().map(str::to_owned))?
}

/// `通报.docx`, `通报-2.docx`, `通报-3.docx`: the first that is not there.
fn free(path: &Path) -> Option<PathBuf> {
    let (stem, ending) = (path.file_stem()?.to_str()?, path.extension()?.to_str()?);
    (2_u32..).map(|n| path.with_file_name(format!("{stem}-{n}.{ending}"))).find(|p| !p.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_not_written_over_but_a_free_name_is_found() {
        let dir = tempfile::tempdir().expect("a folder");
        let named = |name: &str| dir.path().join(name).to_str().expect("a path").to_owned();
        let mut words = ["export", "bulletin", "--output", &named("a.docx")].map(str::to_owned);
        assert_eq!(settled(&mut words), None);
        for name in ["a.docx", "a-2.docx"] {
            std::fs::write(named(name), "x").expect("written");
        }
        assert_eq!(settled(&mut words), Some(named("a-3.docx")));
        let mut relative = ["export", "ledger", "--output", "nowhere-at-all.csv"].map(str::to_owned);
        assert_eq!(settled(&mut relative), None);
        assert!(relative[3].starts_with('/') && relative[3].ends_with("/nowhere-at-all.csv"), "{relative:?}");
    }
}
