//! 错处. Everything that is wrong in the files, at once: as text, as JSON, and in a copy of the workbook.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use rust_xlsxwriter::XlsxError;
use serde_json::json;

use super::super::Options;
use super::super::export::file;
use super::super::failure::{Failure, FailureKind};
use super::Import;
use super::files::{Body, Input};
use crate::domain::value::Lang;
use crate::exchange::workbook::Workbook;
use crate::exchange::{self, marked};
use crate::exchange::{BadRow, Fault, chinese};

/// Lines of errors that are printed: more of them nobody reads.
const PRINTED: usize = 50;

/// All of it, one line each; what somebody may not do comes first, and a conflict is one where nothing else is wrong.
pub fn failure(rows: &[BadRow]) -> Failure {
    let n = rows.len();
    let list = |lang| {
        let mut lines: Vec<String> = rows.iter().take(PRINTED).map(|row| describe(row, lang)).collect();
        if n > PRINTED {
            let more = n - PRINTED;
            lines.push(match lang {
                Lang::Zh => format!("另有 {more} 处；--json 列出全部，--marked 标在一份副本里"),
                Lang::En => format!("and {more} more: --json lists them all, --marked marks them in a copy"),
            });
        }
        lines.join("\n")
    };
    let all = |faults: &[Fault]| rows.iter().all(|row| faults.contains(&row.fault));
    let denied = rows.iter().any(|row| row.fault == Fault::Right);
    let kind = if denied {
        FailureKind::Denied
    } else if all(&[Fault::Overtaken, Fault::State]) {
        FailureKind::Conflict
    } else {
        FailureKind::Invalid
    };
    let failure = Failure::new(
        kind,
        format!("{n} 处不符，什么都没有导入\n{}", list(Lang::Zh)),
        format!("{n} {}, nothing was imported\n{}", if n == 1 { "error" } else { "errors" }, list(Lang::En)),
    );
    let failure = Failure { more: Some(Box::new(("rows", rows.iter().map(of_row).collect()))), ..failure };
    if denied {
        return failure.next(
            "不归您的行请去掉，或由有权限的人导入",
            "take out the rows that are not yours, or have somebody import them who may",
        );
    }
    if all(&[Fault::Overtaken]) {
        return failure.next("重新导出，把要改的填上再导入", "export anew, fill in what is to change, and import that");
    }
    failure.next("改好后整份再导入", "correct them and import the whole file again")
}

fn of_row(row: &BadRow) -> serde_json::Value {
    let some = |text: &str| if text.is_empty() { json!(null) } else { json!(text) };
    json!({
        "file": row.file, "sheet": some(&row.sheet), "row": if row.row == 0 { json!(null) } else { json!(row.row) },
        "cell": some(&row.a1()), "column": some(&row.column), "value": row.value,
        "reason": { "zh": row.reason.zh, "en": row.reason.en },
    })
}

fn describe(row: &BadRow, lang: Lang) -> String {
    let column = if lang == Lang::Zh { chinese(&row.column) } else { &row.column };
    let column = if column.is_empty() { String::new() } else { format!(" {column}") };
    let value = if row.value.is_empty() { String::new() } else { format!(" 「{}」", row.value) };
    // Row 0 is the file as a whole.
    let place = match (row.sheet.as_str(), row.row, row.a1()) {
        ("", 0, _) => row.file.clone(),
        ("", n, _) => format!("{}:{n}", row.file),
        (sheet, 0, _) => format!("{} {sheet}", row.file),
        (sheet, n, cell) if cell.is_empty() => format!("{} {sheet}!{n}", row.file),
        (sheet, _, cell) => format!("{} {sheet}!{cell}", row.file),
    };
    format!("{place}{column}{value}: {}", row.reason.in_lang(lang))
}

/// The same, once the marked copy is written.
pub fn marked(
    options: &Options,
    rows: &[BadRow],
    path: &Path,
    (args, files): (&Import, &[Input]),
    lang: Lang,
) -> Failure {
    // The file itself stays, and so does every file of a folder.
    let given = |input: &Input| same_file(path, &args.file) || same_file(path, &args.file.join(&input.name));
    if files.iter().any(given) {
        let (zh, en) = ("--marked 不能写到导入的文件上", "--marked must not be the file that is imported");
        return failure(rows).next(zh, en);
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        let (zh, en) = ("--marked 写的是 .xlsx，请换一个名字", "--marked writes .xlsx: give it such a name");
        return failure(rows).next(zh, en);
    }
    let copy = match files {
        [Input { body: Body::Book(book), .. }] => marked::marked(book, rows, lang),
        _ => of_texts(rows, args, files, lang),
    };
    let written = copy.map_err(|e| Failure::from(std::io::Error::other(e)));
    let shown = path.display();
    match written.and_then(|bytes| file::write(options, path, &bytes)) {
        Ok(()) => failure(rows).next(
            format!("错处已标在 {shown}（值照抄，原来的格式和公式不带）；改好后导入它或原文件"),
            format!("marked in {shown} (values only, without looks and formulas): correct it, or the file, and import"),
        ),
        Err(why) => failure(rows).next(why.message.zh, why.message.en),
    }
}

/// A workbook with a sheet for each CSV file, called as the file is or as what it holds, so that it comes in itself. No
/// two are called the same: each error finds the sheet of its file.
fn of_texts(rows: &[BadRow], args: &Import, files: &[Input], lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let (mut book, mut rows, mut taken) = (Workbook::default(), rows.to_vec(), Vec::new());
    for input in files {
        let Body::Text(bytes) = &input.body else { continue };
        let name = args.kind().map_or_else(|| stem(&input.name), |kind| kind.name().to_owned());
        let name = marked::tab_name(&name, &taken);
        taken.push(name.clone());
        rows.iter_mut().filter(|row| row.file == input.name).for_each(|row| row.sheet.clone_from(&name));
        book.tabs.push(exchange::csv_tab(&name, bytes, args.encoding()));
    }
    marked::marked(&book, &rows, lang)
}

/// A file's name without its ending.
fn stem(name: &str) -> String {
    Path::new(name).file_stem().map_or_else(|| name.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Whether both lead to one file, by whatever links.
fn same_file(a: &Path, b: &Path) -> bool {
    let of = |path: &Path| std::fs::metadata(path).ok().map(|found| (found.dev(), found.ino()));
    of(a).is_some_and(|one| of(b) == Some(one))
}
