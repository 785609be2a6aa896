//! 项目清单. `import projects.xlsx --kind projects`: rewrites `projects.toml` of the folder, to be looked at with `plan`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::super::export::file;
use super::super::failure::{Failure, FailureKind};
use super::super::folder::{self, Folder, Opened};
use super::super::mappings::{Mappings, PROJECTS};
use super::super::plan::print_differences;
use super::files::{Body, Input};
use super::{Import, Progress, Stopped};
use crate::domain::value::Bilingual;
use crate::exchange::pick::{self, Asked};
use crate::exchange::{self, Mapping, registry};
use crate::plan::{self, Sign, Texts};

/// Rewrites `projects.toml`, or prints how it would differ.
pub fn import(
    opened: &mut Opened,
    args: &Import,
    files: &[Input],
    said: &Mapping,
    progress: &Progress,
) -> Result<(), Stopped> {
    if opened.actor.names_no_files() {
        return Err(Failure::new(
            FailureKind::Denied,
            "会话里不能改区文件夹",
            "a session does not write the district folder",
        )
        .next("请管理员在服务器上导入", "ask the operator to import it on the server")
        .into());
    }
    let Folder::Dir(dir) = Folder::find(&opened.options) else {
        let failure = Failure::usage("内置样例没有文件可改", "the built-in sample has no file to write");
        return Err(failure.next("先用 dukao init DIR 建一个区文件夹", "make a folder first: dukao init DIR").into());
    };
    let out = opened.out;
    let texts = opened.texts.clone().map_err(|errors| folder::invalid(&errors, out.lang, opened.options.json))?;
    let before = plan::load(&texts).map_err(|errors| folder::invalid(&errors, out.lang, opened.options.json))?;
    let [file] = files else {
        return Err(Failure::usage("项目清单是一个文件", "the registry is one file").into());
    };
    let whole = |why: Bilingual| {
        let name = &file.name;
        Failure::new(FailureKind::Invalid, format!("{name}：{}", why.zh), format!("{name}: {}", why.en))
    };
    let (origin, body) = match &file.body {
        Body::Text(bytes) => (file.origin.clone(), exchange::Body::Csv(bytes, args.encoding())),
        Body::Book(book) => {
            let named =
                book.tabs.iter().find(|tab| ["projects", "项目"].contains(&tab.name.trim())).map(|tab| &tab.name);
            let sheet = args.sheet.as_ref().or(named).map(String::as_str);
            let asked = Asked { kind: None, sheet, mapping: said, recall: &|_| None };
            let tab = pick::one(book, &asked).map_err(whole)?;
            (file.origin.sheet(&tab.name), exchange::Body::Tab(tab))
        }
    };
    progress.clear();
    let mut mappings = Mappings::of(opened);
    let known = exchange::recalled(&body, |headers| mappings.recall_projects(headers));
    let mapping = said.over(&known.unwrap_or_default());
    let headers = registry::header_set(&body, &mapping);
    super::mapped(said, std::slice::from_ref(&headers))?;
    let sheet = registry::read(&origin, &body, &mapping, &before);
    let projects = sheet.rewritten(&texts.projects).map_err(whole)?;
    let now = Texts { projects, ..texts.clone() };
    let after = match plan::load(&now) {
        Ok(after) if sheet.is_good() => after,
        // The text is in no file: what is wrong with it is said of the sheet, beside what its cells have wrong.
        loaded => return Err(Stopped::Rows(sheet.complaints(&now.projects, &loaded.err().unwrap_or_default()))),
    };
    let mut differences = plan::difference(&before, &after);
    let mut changes = sheet.changes();
    for new in differences.iter_mut().filter(|d| d.sign == Sign::Added && d.kind == "project") {
        let stated = changes.remove(new.id.as_str()).unwrap_or_default().into_iter();
        new.fields = stated.map(|(field, value)| (field.to_owned(), String::new(), value)).collect();
    }
    if !args.dry_run && !sheet.is_empty() {
        replace(&dir.join("projects.toml"), &texts.projects, &now.projects)?;
    }
    if !args.dry_run && !said.is_empty() {
        mappings.keep(PROJECTS, headers, &mapping);
    }
    print_differences(opened, &differences, now == texts)?;
    if !args.dry_run && !sheet.is_empty() {
        let shown = dir.join("projects.toml");
        let shown = shown.display();
        folder::note(&match out.lang {
            crate::domain::value::Lang::Zh => format!("已写 {shown}；用 dukao plan 查看，dukao plan --apply 应用"),
            crate::domain::value::Lang::En => format!("wrote {shown}; dukao plan shows, dukao plan --apply applies"),
        });
    }
    Ok(())
}

/// Replaces the file as a whole, with the rights it had; whoever has changed it in the meantime keeps his text.
fn replace(path: &Path, before: &str, after: &str) -> Result<(), Failure> {
    let failed = |e: std::io::Error| {
        let shown = path.display();
        Failure::new(FailureKind::Failed, format!("{shown} 写不成：{e}"), format!("{shown} cannot be written: {e}"))
    };
    // A link stays: what it leads to is replaced.
    let path = path.canonicalize().map_err(failed)?;
    let rights = std::fs::metadata(&path).map_err(failed)?.permissions();
    if std::fs::read_to_string(&path).map_err(failed)? != before {
        let (zh, en) = ("projects.toml 刚被别人改过", "somebody has just changed projects.toml");
        return Err(Failure::new(FailureKind::Conflict, zh, en).next("再试一次", "try again"));
    }
    file::replace(&path, after.as_bytes())?;
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(rights.mode())).map_err(failed)
}
