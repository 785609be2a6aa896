//! 文件. What an import reads: CSV files, a folder of them, a workbook, or the standard input.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::super::failure::{Failure, FailureKind};
use super::super::folder;
use super::progress::Progress;
use super::{Held, Import};
use crate::exchange::workbook::Workbook;
use crate::exchange::{LARGEST, Origin};

/// Endings of spreadsheets, whatever is in them.
const SPREADSHEETS: [&str; 6] = ["xlsx", "xlsm", "xls", "xlsb", "et", "ods"];

/// A file that was read.
pub struct Input {
    /// As given.
    pub name: String,
    /// Its name and hash.
    pub origin: Origin,
    /// What is in it.
    pub body: Body,
}

/// What is in a file.
pub enum Body {
    /// Text, not looked at yet.
    Text(Vec<u8>),
    /// The cells of a workbook.
    Book(Workbook),
}

/// Reads what the command names.
pub fn read(args: &Import, progress: &Progress) -> Result<Vec<Input>, Failure> {
    let path = args.file.as_path();
    let files = if args.reads_stdin() {
        let mut bytes = Vec::new();
        std::io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
        vec![(stdin_name(args, &bytes)?, bytes)]
    } else if path.is_dir() {
        let files = csv_files(path)?;
        if files.is_empty() {
            let shown = path.display();
            let (zh, en) = (format!("{shown} 里没有 CSV 文件"), format!("there is no CSV file in {shown}"));
            return Err(
                Failure::new(FailureKind::Invalid, zh, en).next("工作簿一份一份导入", "import workbooks one by one")
            );
        }
        files
    } else {
        vec![whole(path)?]
    };
    if let Some((name, _)) = files.iter().find(|(_, bytes)| bytes.len() > LARGEST) {
        let (zh, en) = (format!("{name} 超过 20 MB"), format!("{name} is larger than 20 MB"));
        return Err(Failure::new(FailureKind::Invalid, zh, en));
    }
    files.into_iter().map(|(name, bytes)| input(args, name, bytes, progress)).collect()
}

/// What came from stdin is called by what it is said to hold.
fn stdin_name(args: &Import, bytes: &[u8]) -> Result<String, Failure> {
    if bytes.starts_with(b"PK") {
        return Ok("stdin.xlsx".to_owned());
    }
    match args.kind {
        Some(Held::Records(kind)) => Ok(format!("{}.csv", kind.name())),
        Some(Held::Projects) => Ok("projects.csv".to_owned()),
        None => Err(Failure::usage("从标准输入导入要写 --kind", "importing from stdin needs --kind")),
    }
}

fn input(args: &Import, name: String, bytes: Vec<u8>, progress: &Progress) -> Result<Input, Failure> {
    let origin = Origin::new(&name, &bytes);
    let ending = Path::new(&name).extension().map(|e| e.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let office = bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if !office && !SPREADSHEETS.contains(&ending.as_str()) {
        return Ok(Input { name, origin, body: Body::Text(bytes) });
    }
    let book = args.parser.take()?.workbook(&name, bytes, |cells| progress.reading(&name, cells))?;
    Ok(Input { name, origin, body: Body::Book(book) })
}

/// A file that can be read from its beginning to its end, as it is at one moment: a pipe may never end, and of a file that
/// somebody is still writing only a part would come in.
fn whole(path: &Path) -> Result<(String, Vec<u8>), Failure> {
    let state = || std::fs::metadata(path).ok().map(|found| (found.is_file(), found.len(), found.modified().ok()));
    let before = state();
    if before.is_some_and(|(is_file, ..)| !is_file) {
        let shown = path.display();
        let (zh, en) = (format!("{shown} 不是文件"), format!("{shown} is no file"));
        return Err(Failure::new(FailureKind::Failed, zh, en).next(
            "管道和设备走标准输入：dukao import - < …",
            "a pipe or device comes in by stdin: dukao import - < …",
        ));
    }
    // A file that is not there is no invalid record.
    let read = folder::read(path).map_err(|failure| Failure { kind: FailureKind::Failed, ..failure })?;
    if before != state() {
        let shown = path.display();
        let (zh, en) = (format!("{shown} 正在被改写"), format!("{shown} is being written to"));
        return Err(Failure::new(FailureKind::Failed, zh, en).next("等它写完再导入", "import it once that is done"));
    }
    Ok(read)
}

/// All CSV files of a folder, by name.
pub fn csv_files(dir: &Path) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let entries = std::fs::read_dir(dir).map_err(|e| folder::unreadable(dir, &e))?;
    let mut inside: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).collect();
    inside.retain(|p| p.extension().is_some_and(|e| e == "csv"));
    inside.sort();
    inside.iter().map(|p| folder::read(p)).collect()
}
