//! `doctor`: is everything well with program, folder, database, ledger and plan. It looks only, and makes nothing, unless
//! it is asked to repair.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use super::failure::{Failure, FailureKind};
use super::folder::{self, Folder};
use super::json::{self, Check};
use super::plan::{warned, warning_line};
use super::{Options, dashboard};
use crate::domain::value::{Bilingual, Lang};
use crate::domain::warning::Warning;
use crate::plan::{self, Diagnostic, Loaded, Texts};
use crate::store::{self, Store};

mod access;
mod database;
mod terminal;

pub use access::Args;

/// What was found, and the exit code that it earns.
#[derive(Default)]
struct Findings {
    checks: Vec<(&'static str, bool, Bilingual)>,
    worst: Option<FailureKind>,
}

impl Findings {
    fn well(&mut self, id: &'static str, zh: impl Into<String>, en: impl Into<String>) {
        self.checks.push((id, true, Bilingual::new(zh, en)));
    }

    fn bad(&mut self, id: &'static str, kind: FailureKind, message: Bilingual) {
        self.checks.push((id, false, message));
        // A damaged database goes before a wrong plan, and that before all else.
        self.worst = self.worst.into_iter().chain([kind]).max_by_key(|kind| *kind as u8);
    }
}

/// Prints what was looked at and what was found; exit 0 when all is well, 6 when it is the database.
pub fn doctor(options: &Options, args: &Args) -> Result<(), Failure> {
    let out = super::output(options);
    let folder = Folder::find(options);
    folder.exists()?;
    let mut found = Findings::default();
    let (version, sqlite) = (env!("CARGO_PKG_VERSION"), store::sqlite_version());
    found.well("version", format!("dukao {version}"), format!("dukao {version}"));
    found.well("sqlite", format!("SQLite {sqlite}"), format!("SQLite {sqlite}"));
    folder_itself(&folder, &mut found);
    let loaded = folder.texts().and_then(|texts| plan::load_located(&texts).map(|loaded| (texts, loaded)));
    let path = folder.database(options);
    if let (true, Ok(path)) = (args.repair, &path) {
        database::repair(path, &mut found)?;
    }
    let mut opened = match &path {
        Ok(path) if path.exists() => database::database(path, &mut found),
        Ok(path) if store::bell::path_of(path).exists() => {
            let lost = store::Error::Missing(path.clone());
            found.bad("database", FailureKind::Database, lost.text());
            database::backups(path, None, &mut found);
            None
        }
        Ok(path) => {
            let path = path.display();
            found.well(
                "database",
                format!("{path} 还没有，第一个命令会建"),
                format!("{path} is not made yet; the first command makes it"),
            );
            None
        }
        Err(failure) => {
            found.bad("database", failure.kind, failure.message.clone());
            None
        }
    };
    the_plan(&loaded, opened.as_ref(), &mut found)?;
    let unmade = path.is_ok_and(|path| !path.exists() && !store::bell::path_of(&path).exists());
    let warnings = match (&mut opened, &loaded) {
        (Some(store), _) => of_store(store, options)?,
        (None, Ok((texts, loaded))) if unmade => {
            let data = folder::judged(&folder, options, texts, &loaded.plan)?;
            plan::lints(&data, &loaded.lines)
        }
        // Nothing can be said of records that cannot be read.
        _ => Vec::new(),
    };
    let in_force = opened.as_ref().map(|store| &**store.plan());
    let plan = in_force.or(loaded.as_ref().ok().map(|(_, loaded)| &loaded.plan));
    access::examine(args, plan, &super::access::account(options), &mut found)?;
    let judged = report(options, &out, &found, &warnings);
    if !options.json && out.width.is_some() {
        let skin = dashboard::chosen_skin(options, plan.and_then(|plan| plan.district.look.skin.as_deref()));
        terminal::examine(options, &out, skin)?;
    }
    judged
}

/// Warnings about the plan in force and the records.
fn of_store(store: &mut Store, options: &Options) -> Result<Vec<Warning>, Failure> {
    let [district, projects, scoring, targets] = store.plan_texts()?;
    let texts = Texts { district, projects, scoring, targets };
    let lines = plan::load_located(&texts).map(|loaded| loaded.lines).unwrap_or_default();
    Ok(plan::lints(&store.snapshot(options.as_of), &lines))
}

/// `mode 600, owner 0`, and the bits.
fn rights(path: &Path) -> std::io::Result<(u32, Bilingual)> {
    let found = std::fs::metadata(path)?;
    let (mode, uid) = (found.mode() & 0o7777, found.uid());
    let name = nix::unistd::User::from_uid(uid.into()).ok().flatten().map_or_else(|| format!("uid {uid}"), |u| u.name);
    Ok((mode, Bilingual::new(format!("权限 {mode:o}，所有者 {name}"), format!("mode {mode:o}, owner {name}"))))
}

fn folder_itself(folder: &Folder, found: &mut Findings) {
    let Folder::Dir(dir) = folder else {
        return found.well("folder", "程序自带的样例", "the sample inside the program");
    };
    let shown = dir.display();
    match rights(dir) {
        Ok((mode, said)) if mode & 0o002 == 0 => {
            found.well("folder", format!("{shown}：{}", said.zh), format!("{shown}: {}", said.en));
        }
        Ok((_, said)) => found.bad(
            "folder",
            FailureKind::Failed,
            Bilingual::new(
                format!("{shown}：{}，谁都能改。请运行 chmod o-w", said.zh),
                format!("{shown}: {}, anybody may change it: run chmod o-w on it", said.en),
            ),
        ),
        Err(e) => found.bad("folder", FailureKind::Invalid, folder::unreadable(dir, &e).message),
    }
}

/// The folder against the plan in force.
fn the_plan(
    loaded: &Result<(Texts, Loaded), Vec<Diagnostic>>,
    store: Option<&Store>,
    found: &mut Findings,
) -> Result<(), Failure> {
    match (loaded, store) {
        (Err(errors), _) => {
            let n = errors.len();
            let message = Bilingual::new(
                format!("文件夹里的计划有 {n} 处错误：dukao check 逐条列出"),
                format!("the plan of the folder has {n} errors: dukao check lists them"),
            );
            found.bad("plan", FailureKind::Invalid, message);
        }
        (Ok((_, loaded)), Some(store)) if loaded.plan.district.id != store.plan().district.id => {
            let (ours, theirs) = (&loaded.plan.district.id, &store.plan().district.id);
            let message = Bilingual::new(
                format!("文件夹属于「{ours}」，数据库属于「{theirs}」。请用 --database 指定正确的文件"),
                format!("the folder is of {ours}, the database of {theirs}: name the right one with --database"),
            );
            found.bad("plan", FailureKind::Database, message);
        }
        (Ok((texts, _)), Some(store)) if !folder::is_applied(store, texts)? => {
            let message = Bilingual::new(
                "与应用的计划不同：dukao plan 查看，dukao plan --apply 应用",
                "differs from the applied plan: dukao plan shows, dukao plan --apply applies",
            );
            found.bad("plan", FailureKind::Failed, message);
        }
        (Ok(_), Some(_)) => found.well("plan", "与应用的计划一致", "the folder is the applied plan"),
        (Ok(_), None) => found.well("plan", "没有错误", "no errors"),
    }
    Ok(())
}

fn in_chinese(id: &str) -> &str {
    match id {
        "version" => "程序",
        "sqlite" => "库引擎",
        "folder" => "区文件夹",
        "database" => "数据库",
        "integrity" => "数据页",
        "ledger" => "台账",
        "log" => "日志",
        "bell" => "铃",
        "backup" => "备份",
        "repair" => "修复",
        "plan" => "计划",
        "sshd" => "SSH 服务",
        "sudo" => "sudo 规则",
        other => other,
    }
}

fn report(
    options: &Options,
    out: &super::output::Output,
    found: &Findings,
    warnings: &[Warning],
) -> Result<(), Failure> {
    let lang = out.lang;
    if options.json {
        let check = |(id, ok, message): &(&'static str, bool, Bilingual)| Check {
            id,
            ok: *ok,
            message: message.in_lang(lang).to_owned(),
        };
        let warnings = warnings.iter().map(|w| warned(w, lang)).collect();
        out.json(&json::examined(found.checks.iter().map(check).collect(), warnings))?;
    } else {
        let mut lines: Vec<String> = Vec::new();
        for (id, ok, message) in &found.checks {
            let mark = if *ok { out.say("正常", "ok ") } else { out.say("异常", "BAD") };
            lines.push(match lang {
                Lang::Zh => format!("{mark}  {}：{}", in_chinese(id), message.zh),
                Lang::En => format!("{mark}  {id:<9}  {}", message.en),
            });
        }
        lines.extend(warnings.iter().map(|w| warning_line(w, lang)));
        lines.push(match (lang, found.checks.iter().filter(|c| !c.1).count(), warnings.len()) {
            (Lang::Zh, bad, n) => format!("{bad} 处异常，{n} 条提醒"),
            (Lang::En, bad, n) => format!("{bad} wrong, {n} warnings"),
        });
        out.lines(&lines)?;
    }
    found.worst.map_or(Ok(()), |kind| Err(Failure::silent(kind)))
}
