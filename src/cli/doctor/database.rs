//! The database: its file, pages, ledger, log, bell and backups.

use std::path::Path;

use super::super::care::caretaker;
use super::super::failure::{Failure, FailureKind};
use super::super::folder;
use super::super::history::read_plan;
use super::{Findings, rights};
use crate::domain::value::{Bilingual, Date, days_between};
use crate::store::{self, Ambient, Store};

/// A backup older than this is said to be missing.
const OLD: i64 = 7;

/// Repairs the modes of the files and brings an older database to the version of this program.
pub fn repair(path: &Path, found: &mut Findings) -> Result<(), Failure> {
    let actor = caretaker(path)?;
    let loose = store::loose_modes(path);
    store::tighten(&loose)?;
    for (file, had, has) in loose {
        let file = file.display();
        found.well(
            "repair",
            format!("{file} 的权限由 {had:o} 改为 {has:o}"),
            format!("{file}: mode {had:o} made {has:o}"),
        );
    }
    if path.exists()
        && let Some(done) = store::migrate(path, &actor, &read_plan)?
    {
        let (from, to, kept) = (done.from, done.to, done.backup.display());
        found.well(
            "repair",
            format!("数据库由第 {from} 版升到第 {to} 版，升级前的备份是 {kept}"),
            format!("the database went from version {from} to {to}; the backup before is {kept}"),
        );
    }
    Ok(())
}

/// The file, its pages and its ledger; the open store where it can be opened.
pub fn database(path: &Path, found: &mut Findings) -> Option<Store> {
    let shown = path.display();
    let said = match rights(path) {
        Ok((_, said)) => said,
        Err(e) => {
            found.bad("database", FailureKind::Database, folder::unreadable(path, &e).message);
            return None;
        }
    };
    let loose = store::loose_modes(path);
    if let Some((file, mode, wanted)) = loose.first() {
        let file = file.display();
        let message = Bilingual::new(
            format!("{file} 的权限是 {mode:o}，须为 {wanted:o}。运行 dukao doctor --repair 修复"),
            format!("{file} has mode {mode:o}, not {wanted:o}: dukao doctor --repair repairs it"),
        );
        found.bad("database", FailureKind::Database, message);
    }
    let pages = store::quick_check(path);
    let unusable = matches!(pages, Err(store::Error::Unusable(_) | store::Error::Missing(_)));
    if let (true, Err(error)) = (unusable, &pages) {
        // A mode that keeps it shut has been said already.
        if loose.is_empty() {
            found.bad("database", FailureKind::Database, error.text());
        }
        return None;
    }
    if loose.is_empty() {
        let system = store::file_system(path).unwrap_or("?");
        found.well("database", format!("{shown}：{}，{system}", said.zh), format!("{shown}: {}, {system}", said.en));
    }
    match pages {
        Ok(pages) if pages.is_empty() => found.well("integrity", "完好", "the pages are whole"),
        Ok(pages) => {
            let (n, first) = (pages.len(), &pages[0]);
            let message = Bilingual::new(
                format!("有 {n} 处损坏：{first}。从备份恢复"),
                format!("{n} pages are damaged: {first}; restore a backup"),
            );
            found.bad("integrity", FailureKind::Database, message);
        }
        Err(error) => found.bad("integrity", FailureKind::Database, error.text()),
    }
    log_and_bell(path, found);
    let opened = ledger(path, found);
    backups(path, opened.as_ref(), found);
    opened
}

/// Every entry, and what follows from them.
fn ledger(path: &Path, found: &mut Findings) -> Option<Store> {
    match Store::open(path, None).and_then(|store| store.verify(None, &read_plan).map(|report| (store, report))) {
        Ok((store, report)) if report.problems.is_empty() => {
            let (n, head) = (report.entries, &report.head);
            found.well("ledger", format!("{n} 条，末条哈希 {head}"), format!("{n} entries, head {head}"));
            Some(store)
        }
        Ok((store, report)) => {
            let (n, first) = (report.problems.len(), &report.problems[0]);
            let message = Bilingual::new(
                format!("{n} 处不符：{}。dukao verify 逐条列出", first.zh),
                format!("{n} problems: {}; dukao verify lists them", first.en),
            );
            found.bad("ledger", FailureKind::Database, message);
            Some(store)
        }
        Err(error) => {
            found.bad("ledger", FailureKind::Database, error.text());
            None
        }
    }
}

/// The log beside the file, and whether another session's commit is heard.
fn log_and_bell(path: &Path, found: &mut Findings) {
    let bytes = store::log_bytes(path);
    match store::grown(bytes) {
        Some(grown) => found.bad("log", FailureKind::Failed, grown),
        None => {
            let kilobytes = bytes >> 10;
            found.well("log", format!("{kilobytes} KB"), format!("{kilobytes} KB"));
        }
    }
    if store::hears_bell(path) {
        found.well("bell", "别人的保存随时可见", "another session's save is seen at once");
    } else {
        let most = std::fs::read_to_string("/proc/sys/fs/inotify/max_user_instances").unwrap_or_default();
        let most = most.trim();
        let message = Bilingual::new(
            format!(
                "inotify 用不了（每账号至多 {most} 个）：别人的保存要过 2 秒才可见。请调大 fs.inotify.max_user_instances"
            ),
            format!(
                "no inotify (at most {most} an account): a save is seen after 2 s; raise fs.inotify.max_user_instances"
            ),
        );
        found.bad("bell", FailureKind::Failed, message);
    }
}

/// The newest backup, and whether it is too old.
pub fn backups(path: &Path, store: Option<&Store>, found: &mut Findings) {
    let age = |at: &str| {
        let day = at.get(..10)?.parse::<Date>().ok()?;
        Some(days_between(day, Ambient::default().day()))
    };
    let advice = ("dukao backup 文件名", "dukao backup FILE");
    let Some(newest) = store::newest_backup(path) else {
        let begun = store.and_then(|store| store.begun().ok().flatten());
        let message = Bilingual::new(format!("还没有备份：{}", advice.0), format!("no backup yet: {}", advice.1));
        return match begun.and_then(|at| age(&at)) {
            Some(days) if days > OLD => found.bad("backup", FailureKind::Failed, message),
            _ => found.well("backup", message.zh, message.en),
        };
    };
    let (file, seq, day) = (newest.path.display(), newest.seq, newest.at.get(..10).unwrap_or(&newest.at));
    let message = Bilingual::new(format!("{file}：到第 {seq} 笔，{day}"), format!("{file}: up to entry {seq}, {day}"));
    match age(&newest.at) {
        Some(days) if days > OLD => {
            let message = Bilingual::new(
                format!("{}，已 {days} 天：{}", message.zh, advice.0),
                format!("{}, {days} days old: {}", message.en, advice.1),
            );
            found.bad("backup", FailureKind::Failed, message);
        }
        _ => found.well("backup", message.zh, message.en),
    }
}
