//! 记住的文件. `$XDG_STATE_HOME/dukao/<district>-<login>.toml`, in a session `state/<district>-<login>.toml` beside the
//! database, for its person alone; whatever goes wrong with it, the program goes on without.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use crate::app::remembered::Remembered;

/// A file of choices is never larger; what is larger is none of ours.
const LARGEST: u64 = 64 * 1024;

/// 记住的文件
#[derive(Clone, Debug)]
pub struct File {
    path: PathBuf,
}

impl File {
    /// The file of a login in a district; none where nothing says where it belongs.
    #[must_use]
    pub fn of(district: &str, login: &str) -> Option<Self> {
        let state = super::folder::absolute("XDG_STATE_HOME")
            .or_else(|| super::folder::absolute("HOME").map(|home| home.join(".local/state")))?;
        Some(Self::at(&state.join("dukao"), &name(district, login)))
    }

    /// The file of a login whose session has no home: in `state/` beside the database, which is the account's alone.
    #[must_use]
    pub fn beside(database: &Path, district: &str, login: &str) -> Option<Self> {
        Some(Self::at(&database.parent()?.join("state"), &name(district, login)))
    }

    fn at(folder: &Path, name: &str) -> Self {
        Self { path: folder.join(format!("{name}.toml")) }
    }

    /// Another file of the same person.
    #[must_use]
    pub fn another(&self, name: &str) -> Self {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        Self { path: self.path.with_file_name(format!("{stem}-{name}.toml")) }
    }

    /// What was remembered; nothing where the file is missing or cannot be read.
    #[must_use]
    pub fn read(&self) -> Remembered {
        Remembered::parse(&self.text())
    }

    /// The text; empty where the file is missing or cannot be read.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let read = std::fs::File::open(&self.path).and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        read.map(|_| text).unwrap_or_default()
    }

    /// Replaces the file as a whole.
    ///
    /// # Errors
    /// It cannot be written; the old one stands.
    pub fn write(&self, remembered: &Remembered) -> io::Result<()> {
        self.put(&remembered.text())
    }

    /// Replaces the file as a whole.
    ///
    /// # Errors
    /// It cannot be written; the old one stands.
    pub fn put(&self, text: &str) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(folder)?;
        // Readable by its owner alone.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.persist(&self.path)?;
        Ok(())
    }
}

fn name(district: &str, login: &str) -> String {
    let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
    format!("{}-{}", plain(district), plain(login))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn it_is_its_owners_alone_and_replaced_as_a_whole() {
        let dir = tempfile::TempDir::new().expect("a folder");
        let file = File::at(&dir.path().join("new/dukao"), "luolong-jia");
        assert_eq!(file.read(), Remembered::default(), "there is none yet");
        let chosen = Remembered::parse("skin = \"line\"");
        file.write(&chosen).expect("written");
        file.write(&chosen).expect("replaced");
        assert_eq!(file.read(), chosen);
        let mode = std::fs::metadata(&file.path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let beside = std::fs::read_dir(file.path.parent().expect("a folder")).expect("listed").count();
        assert_eq!(beside, 1, "no other file stays");
    }

    #[test]
    fn a_broken_file_is_ignored() {
        let dir = tempfile::TempDir::new().expect("a folder");
        let file = File::at(dir.path(), "x");
        for bytes in [b"\xff\xfe\x00".to_vec(), b"skin = [".to_vec(), vec![b'a'; 1 << 20]] {
            std::fs::write(&file.path, bytes).expect("written");
            assert_eq!(file.read(), Remembered::default());
        }
        std::fs::remove_file(&file.path).expect("removed");
        std::fs::create_dir(&file.path).expect("a folder in its place");
        assert_eq!(file.read(), Remembered::default());
        assert!(file.write(&Remembered::default()).is_err());
    }
}
