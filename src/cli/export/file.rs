//! 写文件. A file that somebody named (`reliability.md` §7): whole or not at all, his alone, and never in the place of
//! what is not his, is no file, or is kept by this program.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::cli::Options;
use crate::cli::failure::{Failure, FailureKind, system};
use crate::cli::folder::Folder;
use crate::store;

/// Writes a new file of mode 0600 and puts it in its place: never in that of a database, what stands beside one, or the
/// plan.
///
/// # Errors
/// As [`replace`]; the place is taken by what this program keeps.
pub fn write(options: &Options, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = Folder::find(options);
    if folder.database(options).is_ok_and(|database| store::is_of_database(&database, path)) {
        return Err(refused(path, "是正在使用的数据库", "is the database in use"));
    }
    if folder.holds_plan(path) {
        return Err(refused(path, "是区文件夹里的计划", "is the plan of the district"));
    }
    if store::is_database(path) {
        return Err(refused(path, "是数据库", "is a database"));
    }
    replace(path, bytes)
}

/// Writes a new file of mode 0600 and puts it in its place.
///
/// # Errors
/// The folder is not there or cannot be written; the place is taken by a link, a folder, or somebody else's file.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |e: io::Error| {
        let shown = path.display();
        let zh = format!("{shown} 写不了：{}", system(&e));
        Failure::new(FailureKind::Failed, zh, format!("{shown} cannot be written: {e}"))
            .next("换一个能写的文件夹", "choose a folder that can be written")
    };
    let Some(name) = path.file_name() else { return Err(refused(path, "不是文件名", "is no file name")) };
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // Where the folder really is, so that what is looked at and what is written is in the same one.
    let folder = parent.canonicalize().map_err(failed)?;
    let place = folder.join(name);
    match fs::symlink_metadata(&place) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {}
        Err(e) => return Err(failed(e)),
        Ok(there) if there.is_symlink() => return Err(refused(path, "是链接", "is a link")),
        Ok(there) if !there.is_file() => return Err(refused(path, "不是普通文件", "is not a plain file")),
        Ok(there) if there.uid() != rustix::process::geteuid().as_raw() => {
            return Err(refused(path, "是别人的文件", "is somebody else's file"));
        }
        Ok(_) => {}
    }
    // A new file beside it, 0600, which a rename puts in the place of whatever stood there: a link is never followed.
    let mut file = tempfile::Builder::new().prefix(".dukao-").tempfile_in(&folder).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    file.persist(&place).map_err(|e| failed(e.error))?;
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed)
}

fn refused(path: &Path, zh: &str, en: &str) -> Failure {
    let shown = path.display();
    Failure::usage(format!("{shown} {zh}，没有写"), format!("{shown} {en}: nothing was written"))
        .next("另取一个文件名", "choose another file name")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_file_is_written_whole_for_its_owner_alone() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("b.md");
        replace(&path, b"one").expect("written");
        replace(&path, b"two").expect("one's own file may be replaced");
        assert_eq!(fs::read(&path).expect("a file"), b"two");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is left behind");
    }

    #[test]
    fn what_is_no_file_of_ones_own_stays() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        fs::write(&target, b"old").expect("a file");
        std::os::unix::fs::symlink(&target, &link).expect("a link");
        for place in
            [&link, folder.path(), &folder.path().join("missing/b.md"), Path::new("/dev/null"), Path::new("..")]
        {
            assert!(replace(place, b"new").is_err(), "{}", place.display());
        }
        assert_eq!(fs::read(&target).expect("a file"), b"old");
        assert!(fs::symlink_metadata(&link).expect("a link").is_symlink());
    }
}
