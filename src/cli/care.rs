//! `backup` and `restore`: the care of the database, for the owner of its file.

use std::io::{self, IsTerminal as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::{Failure, FailureKind};
use super::folder::Folder;
use super::history::read_plan;
use super::json;
use super::{Options, output};
use crate::domain::district::Plan;
use crate::domain::value::Lang;
use crate::plan;
use crate::session;
use crate::store::{self, Actor, Ambient, Restoring, Store};

/// Puts a backup in the place of the database.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    file: PathBuf,
    /// Also where the database has entries that the backup lacks
    #[arg(long)]
    force: bool,
    /// Confirm by the id of the district, instead of typing it
    #[arg(long, value_name = "ID")]
    yes: Option<String>,
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// Who cares for a database: the account that owns the file, or its folder where there is none yet.
///
/// # Errors
/// Somebody else, or somebody who came by way of a session.
pub fn caretaker(database: &Path) -> Result<Actor, Failure> {
    let uid = rustix::process::getuid().as_raw();
    let found = [Some(database), database.parent()].into_iter().flatten().find_map(|p| p.metadata().ok());
    if found.is_some_and(|found| found.uid() != uid) {
        return Err(Failure::new(
            FailureKind::Denied,
            format!("只有 {} 的主人可以在本机做", database.display()),
            format!("only the owner of {} does this, on the machine itself", database.display()),
        )
        .next("请用它的主人的账号运行", "run it as its owner"));
    }
    let name = nix::unistd::User::from_uid(uid.into()).ok().flatten().map_or_else(|| format!("uid{uid}"), |u| u.name);
    Ok(Actor::owner(name, uid))
}

/// Refuses somebody whom the district knows by sudo: he uses the account, and does not keep it.
///
/// # Errors
/// It is such a person.
pub fn by_the_keeper(options: &Options) -> Result<(), Failure> {
    let folder = Folder::find(options);
    let stated = folder.texts().ok().and_then(|texts| plan::load(&texts).ok());
    let applied = || {
        let database = folder.database(options).ok().filter(|database| database.exists())?;
        Store::open(&database, None).ok().map(|store| Plan::clone(store.plan()))
    };
    if stated.or_else(applied).is_some_and(|plan| session::came_by_sudo(&plan)) {
        return Err(Failure::new(
            FailureKind::Denied,
            "经 sudo 使用的人不保管数据库",
            "whoever uses the account by sudo does not keep the database",
        )
        .next(
            "请系统管理员以 root 运行 runuser -u dukao -- dukao …",
            "ask the operator: runuser -u dukao -- dukao …, as root",
        ));
    }
    Ok(())
}

/// Makes a backup and prints where its ledger ends.
pub fn backup(options: &Options, file: &Path) -> Result<(), Failure> {
    let out = output(options);
    let database = Folder::find(options).database(options)?;
    let made = store::backup(&database, file, &caretaker(&database)?, &read_plan)?;
    if options.json {
        return out.json(&json::backed_up(&made));
    }
    let (path, seq, head) = (made.path.display(), made.seq, &made.head);
    out.lines(&[match out.lang {
        Lang::Zh => format!("已备份到 {path}：共 {seq} 条，末条哈希 {head}，已核验"),
        Lang::En => format!("backed up to {path}: {seq} entries, head {head}, verified"),
    }])
}

/// Restores a backup, once the district's id was typed.
pub fn restore(options: &Options, args: &Restore) -> Result<(), Failure> {
    let out = output(options);
    let folder = Folder::find(options);
    let database = folder.database(options)?;
    let actor = caretaker(&database)?;
    let prepared = Restoring::begin(&database, &args.file, folder.id().as_deref(), &actor, &read_plan)?;
    if prepared.lost.entries == 0 || args.force {
        confirm(&prepared, args, &database, out.lang)?;
    }
    let (seq, head) = (prepared.seq, prepared.head.clone());
    let done = prepared.finish(args.force, &actor, &args.reason, Ambient::default())?;
    if options.json {
        return out.json(&json::restored(&done));
    }
    let mut lines = vec![match out.lang {
        Lang::Zh => format!("已恢复到第 {seq} 笔（末条哈希 {head}），记为 #{}", done.seq),
        Lang::En => format!("restored to entry {seq} (head {head}), saved #{}", done.seq),
    }];
    lines.extend(done.aside.map(|aside| match out.lang {
        Lang::Zh => format!("原来的数据库在 {}", aside.display()),
        Lang::En => format!("the database that was there is {}", aside.display()),
    }));
    out.lines(&lines)
}

/// What will happen, and the id typed: nothing takes a restore back by a key.
fn confirm(prepared: &Restoring, args: &Restore, database: &Path, lang: Lang) -> Result<(), Failure> {
    let id = &prepared.district;
    let typed = match &args.yes {
        Some(typed) => typed.clone(),
        None if io::stdin().is_terminal() => {
            let (seq, n) = (prepared.seq, prepared.lost.entries);
            let (database, file) = (database.display(), args.file.display());
            let text = match lang {
                Lang::Zh => format!(
                    "用 {file}（{id}，到第 {seq} 笔）替换 {database}；放弃备份之后的 {n} 笔。\n原来的数据库移到一边，不删除。\n输入 {id} 确认: "
                ),
                Lang::En => format!(
                    "{file} ({id}, up to entry {seq}) replaces {database}; {n} entries after it are given up.\nThe \
                     database is set aside, not deleted.\nType {id} to confirm: "
                ),
            };
            let mut line = String::new();
            write!(io::stderr(), "{}", super::output::safe(&text))?;
            io::stderr().flush()?;
            io::stdin().read_line(&mut line)?;
            line.trim().to_owned()
        }
        None => {
            return Err(Failure::usage(
                format!("未恢复：须用 --yes {id} 确认"),
                format!("not restored: confirm it by --yes {id}"),
            ));
        }
    };
    if typed == *id {
        return Ok(());
    }
    Err(Failure::usage(format!("未恢复：输入的不是 {id}"), format!("not restored: {typed:?} is not {id}")))
}
