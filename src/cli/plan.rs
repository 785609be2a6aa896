//! `plan`, `check` and `init`: the TOML folder against the database, on its own, and from scratch.

use std::io::Write as _;
use std::path::Path;

use serde_json::json;

use super::Options;
use super::failure::{Failure, FailureKind, system};
use super::folder::{self, Folder, Opened};
use super::json::{self, Finding};
use super::output::{Table, name, word};
use super::score::print_saved;
use crate::domain::value::Lang;
use crate::plan::{self, Diagnostic, PlanDifference, Sign, Texts, Warning};

/// Prints how the folder differs from the applied plan, or applies it.
pub fn plan(opened: &mut Opened, apply: bool, reason: &str) -> Result<(), Failure> {
    let out = opened.out;
    let texts = opened.texts.clone().map_err(|errors| folder::invalid(&errors, out.lang, opened.options.json))?;
    let new = plan::load(&texts).map_err(|errors| folder::invalid(&errors, out.lang, opened.options.json))?;
    if apply {
        let seqs = opened.store.apply_plan(&opened.actor, folder::named(&texts), &new, reason)?;
        return print_saved(opened, &seqs);
    }
    let differences = plan::difference(&opened.data.plan, &new);
    print_differences(opened, &differences, folder::is_applied(&opened.store, &texts)?)
}

/// Prints what differs; `same` where not even the texts do.
pub fn print_differences(opened: &Opened, differences: &[PlanDifference], same: bool) -> Result<(), Failure> {
    let out = opened.out;
    if opened.options.json {
        let of = |sign: Sign| -> Vec<_> {
            let these = differences.iter().filter(|d| d.sign == sign);
            these.map(|d| json!({ "kind": d.kind, "id": d.id, "fields": fields(d) })).collect()
        };
        return out.json(&json::differences(same, [Sign::Added, Sign::Changed, Sign::Withdrawn].map(of)));
    }
    if differences.is_empty() {
        return out.lines(&[if same {
            out.say("计划与数据库一致", "the folder is the applied plan")
        } else {
            out.say("只有写法不同，内容一致", "the texts differ, what they state does not")
        }]);
    }
    let mut table = Table::new(&[
        word("", ""),
        word("类别", "Kind"),
        word("编号", "Id"),
        word("项", "Key"),
        name("原来", "Old"),
        name("改为", "New"),
    ]);
    for d in differences {
        let mark = match d.sign {
            Sign::Added => out.say("新增", "added"),
            Sign::Changed => out.say("变更", "changed"),
            Sign::Withdrawn => out.say("退出", "withdrawn"),
        };
        let start = || [mark.to_owned(), d.kind.to_owned(), d.id.clone()];
        if d.fields.is_empty() {
            let [mark, kind, id] = start();
            table.row([mark, kind, id, String::new(), String::new(), String::new()]);
        }
        for (key, old, new) in &d.fields {
            let [mark, kind, id] = start();
            table.row([mark, kind, id, key.clone(), old.clone(), new.clone()]);
        }
    }
    out.text(&table.render(&out))
}

fn fields(d: &PlanDifference) -> Vec<serde_json::Value> {
    d.fields.iter().map(|(key, old, new)| json!({ "key": key, "old": old, "new": new })).collect()
}

/// Validates and lints the folder; every error and warning with its place.
pub fn check(options: &Options) -> Result<(), Failure> {
    let out = super::output(options);
    let folder = Folder::find(options);
    folder.exists()?;
    let loaded = folder.texts().and_then(|texts| plan::load_located(&texts).map(|loaded| (texts, loaded)));
    let (errors, warnings) = match loaded {
        Err(errors) => (errors, Vec::new()),
        Ok((texts, loaded)) => {
            let data = folder::judged(&folder, options, &texts, &loaded.plan)?;
            (Vec::new(), plan::lints(&data, &loaded.lines))
        }
    };
    report(options, &out, &errors, &warnings)
}

/// A warning as a document states it.
pub fn warned(w: &Warning, lang: Lang) -> Finding {
    Finding {
        code: Some(w.code.to_owned()),
        file: w.file.map(str::to_owned),
        line: w.line.map(|n| n as usize),
        column: None,
        message: w.message.in_lang(lang).to_owned(),
    }
}

/// A warning in one line: its place, what is odd, and its code.
pub fn warning_line(w: &Warning, lang: Lang) -> String {
    let place = match (w.file, w.line) {
        (Some(file), Some(line)) => format!("{file}:{line}: "),
        (Some(file), None) => format!("{file}: "),
        _ => String::new(),
    };
    format!("warning: {place}{} [{}]", w.message.in_lang(lang), w.code)
}

fn report(
    options: &Options,
    out: &super::output::Output,
    errors: &[Diagnostic],
    warnings: &[Warning],
) -> Result<(), Failure> {
    if options.json {
        let error = |e: &Diagnostic| Finding {
            code: None,
            file: Some(e.file.clone().into_owned()),
            line: (e.line > 0).then_some(e.line),
            column: (e.column > 0).then_some(e.column),
            message: e.message.in_lang(out.lang).to_owned(),
        };
        let warnings = warnings.iter().map(|w| warned(w, out.lang)).collect();
        out.json(&json::checked(errors.iter().map(error).collect(), warnings))?;
        return if errors.is_empty() { Ok(()) } else { Err(Failure::silent(FailureKind::Invalid)) };
    }
    if !errors.is_empty() {
        return Err(folder::broken(errors, out.lang, false));
    }
    let mut err = std::io::stderr().lock();
    for w in warnings {
        writeln!(err, "{}", super::output::safe(&warning_line(w, out.lang)))?;
    }
    let n = warnings.len();
    let text = match out.lang {
        Lang::Zh => format!("没有错误，{n} 条提醒"),
        Lang::En => format!("no errors, {n} warnings"),
    };
    writeln!(err, "{text}")?;
    Ok(())
}

/// Writes the sample district folder to start from.
pub fn init(options: &Options, dir: &Path) -> Result<(), Failure> {
    let out = super::output(options);
    let empty = match std::fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) => e.kind() == std::io::ErrorKind::NotFound,
    };
    if !empty {
        let dir = dir.display();
        return Err(Failure::new(
            FailureKind::Failed,
            format!("{dir} 不是空文件夹，不覆盖"),
            format!("{dir} is not an empty folder and is left alone"),
        )
        .next("换一个还没有的文件夹", "name a folder that does not exist yet"));
    }
    for folder in ["records", "presets"].map(|name| dir.join(name)) {
        std::fs::create_dir_all(&folder).map_err(|e| unwritable(&folder, &e))?;
    }
    let texts = Texts::sample();
    let mut files = vec![
        ("district.toml".to_owned(), own_district(&texts.district, dir).into_bytes()),
        ("projects.toml".to_owned(), texts.projects.into_bytes()),
        ("scoring.toml".to_owned(), texts.scoring.into_bytes()),
        ("targets.toml".to_owned(), texts.targets.into_bytes()),
    ];
    files.extend(plan::PRESETS.map(|(name, text)| (format!("presets/{name}"), text.as_bytes().to_vec())));
    files.extend(Texts::sample_records().into_iter().map(|(name, bytes)| (format!("records/{name}"), bytes)));
    for (name, bytes) in &files {
        let path = dir.join(name);
        let write = || {
            let mut file = std::fs::File::create_new(&path)?;
            file.write_all(bytes)?;
            file.sync_all()
        };
        write().map_err(|e| unwritable(&path, &e))?;
    }
    if options.json {
        return out.json(&json::written(files.iter().map(|(name, _)| name.as_str()).collect()));
    }
    let (shown, n) = (dir.display(), files.len());
    let mut lines: Vec<String> = files.iter().map(|(name, _)| dir.join(name).display().to_string()).collect();
    lines.push(match out.lang {
        Lang::Zh => format!("已写 {n} 个文件；下一步：dukao --district {shown}"),
        Lang::En => format!("wrote {n} files; next: dukao --district {shown}"),
    });
    out.lines(&lines)
}

fn unwritable(path: &Path, e: &std::io::Error) -> Failure {
    let path = path.display();
    Failure::new(FailureKind::Failed, format!("{path} 写不成：{}", system(e)), format!("{path} cannot be written: {e}"))
        .next("换一个你能写的文件夹", "name a folder that you may write")
}

/// The sample's `district.toml` for a folder of its own: an id from the folder's name, and the database in the folder,
/// so that no other district shares it.
fn own_district(sample: &str, dir: &Path) -> String {
    let called = dir.canonicalize().ok().and_then(|dir| dir.file_name().map(|n| n.to_string_lossy().into_owned()));
    let id = called.as_deref().and_then(id_of);
    let mut text = String::with_capacity(sample.len() + 64);
    for line in sample.lines() {
        match &id {
            // That comment tells how the sample came about, by files that are not here.
            _ if line.starts_with("# 样例区") => text.push_str("# 样例区 / sample district"),
            Some(id) if line.starts_with("id = ") && !text.contains("\ndatabase = ") => {
                text.push_str(&format!("id = \"{id}\""));
            }
            _ => text.push_str(line),
        }
        text.push('\n');
        if line.starts_with("id = ") && !text.contains("\ndatabase = ") {
            text.push_str("database = \"dukao.db\"\n");
        }
    }
    text
}

/// A folder's name as a district's id, where anything of it may be one.
fn id_of(name: &str) -> Option<String> {
    let id: String = name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    let id: String = id.trim_matches(|c: char| !c.is_alphanumeric()).chars().take(64).collect();
    plan::text::is_id(&id).then_some(id)
}
