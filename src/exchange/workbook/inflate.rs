//! 解压. Whether the parts of a .xlsx file may be inflated, found out before anything looks into them.

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
