//! 解压. Whether the parts of a .xlsx file may be inflated, found out before anything looks into them.

use std::collections::HashSet;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::parse::Refused;

/// Most parts of a file.
const PARTS: usize = 200;
/// Most bytes of all parts together, counted while inflating: what a header says proves nothing.
const INFLATED: u64 = 200 * 1024 * 1024;
/// A part inflates to at most so many times its size …
const RATIO: u64 = 100;
/// … once it is larger than this: a short part of blanks may well shrink to a hundredth.
const SMALL: u64 = 1024 * 1024;

/// Refuses a file that has a part twice: of two sheets of one name, readers take one or the other, and say nothing. The
/// library keeps one of a name, so the directory itself is looked at. Names are compared as spreadsheets do, without case.
fn named_once(bytes: &[u8], archive: &ZipArchive<Cursor<&[u8]>>) -> Result<(), Refused> {
    const SIGNATURE: &[u8] = b"PK\x01\x02";
    /// Of a record before its name, and where in it the lengths of name, extra field and comment stand.
    const RECORD: usize = 46;
    const LENGTHS: [usize; 3] = [28, 30, 32];
    let start = usize::try_from(archive.central_directory_start()).unwrap_or(usize::MAX);
    let mut rest = bytes.get(start..).unwrap_or_default();
    let mut names = HashSet::new();
    while rest.starts_with(SIGNATURE) {
        let length = |at: usize| rest.get(at..at + 2).map(|b| usize::from(u16::from_le_bytes([b[0], b[1]])));
        let [Some(name), Some(extra), Some(comment)] = LENGTHS.map(length) else { break };
        let Some(called) = rest.get(RECORD..RECORD + name) else { break };
        let called = String::from_utf8_lossy(called).replace('\\', "/").to_lowercase();
        if !names.insert(called.clone()) {
            let called: String = called.chars().take(60).collect();
            return Err(Refused::new(
                format!("文件损坏：部件 {called} 出现两次"),
                format!("the file is damaged: the part {called} is there twice"),
            ));
        }
        rest = rest.get(RECORD + name + extra + comment..).unwrap_or_default();
    }
    if names.len() < archive.len() {
        return Err(Refused::new("文件损坏：目录不全", "the file is damaged: its directory is incomplete"));
    }
    Ok(())
}

/// Inflates every part once, into nothing.
///
/// # Errors
/// Not a zip file, or one of its parts is damaged or too much.
pub fn check(bytes: &[u8]) -> Result<(), Refused> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|e| Refused::damaged(&e))?;
    if archive.len() > PARTS {
        return Err(Refused::new(
            format!("文件里有 {} 个部件，最多 {PARTS} 个", archive.len()),
            format!("the file has {} parts, at most {PARTS} are read", archive.len()),
        ));
    }
    named_once(bytes, &archive)?;
    let mut left = INFLATED;
    for part in 0..archive.len() {
        let file = archive.by_index(part).map_err(|e| Refused::damaged(&e))?;
        let name = file.name().map_err(|e| Refused::damaged(&e))?.into_owned();
        if name.split(['/', '\\']).any(|step| step == "..") || name.starts_with(['/', '\\']) {
            return Err(Refused::new("文件里的部件指向文件之外", "a part of the file points outside it"));
        }
        if name.ends_with("workbook.bin") {
            return Err(Refused::new(
                "这是 .xlsb，不读；请另存为 .xlsx",
                "this is .xlsb, which is not read: save it as .xlsx",
            ));
        }
        let packed = file.compressed_size();
        let most = left.min(SMALL.max(packed.saturating_mul(RATIO)));
        let inflated =
            std::io::copy(&mut file.take(most + 1), &mut std::io::sink()).map_err(|e| Refused::damaged(&e))?;
        if inflated > most {
            return Err(Refused::new(
                "解压后过大（总计超过 200 MB，或大于压缩前 100 倍），不读",
                "it inflates to too much (more than 200 MB in all, or 100 times its size) and is not read",
            ));
        }
        left -= inflated;
    }
    Ok(())
}
