//! `access`: whose SSH key opens what. It prints and checks; the files of root are edited by root.

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::Options;
use super::failure::{Failure, FailureKind};
use super::folder::{self, Folder};
use super::output::{Table, name, safe, word};
use crate::domain::district::{IdentitySource, Plan};
use crate::domain::value::{Bilingual, Date};
use crate::plan;
use crate::session::authorized_keys::{self, KeyLine};
use crate::session::public_key::PublicKey;
use crate::store::Ambient;

/// Where `docs/ssh.md` puts the keys.
const FILE: &str = "/etc/dukao/authorized_keys";
/// Longest file of keys that is read.
const LARGEST: u64 = 1 << 20;

/// SSH keys: whose key opens what.
#[derive(Debug, Subcommand)]
pub enum Access {
    /// Prints the line of authorized_keys for a person's public key
    Add {
        /// Login of the plan
        login: String,
        /// Its public key (a .pub file), or `-` for stdin
        key: PathBuf,
        /// The day from whose beginning it opens nothing any more
        #[arg(long, value_name = "DATE", value_parser = super::day)]
        expires: Option<Date>,
    },
    /// What a file of keys opens, and what is wrong in it
    List {
        /// The file
        #[arg(default_value = FILE)]
        file: PathBuf,
    },
    /// Prints which lines to delete, and how to end the sessions
    Remove {
        /// Login, also of somebody who is not in the plan any more
        login: String,
        /// The file of keys
        #[arg(default_value = FILE)]
        file: PathBuf,
    },
}

/// Prints or checks lines of keys.
pub fn access(options: &Options, access: &Access) -> Result<(), Failure> {
    match access {
        Access::Add { login, key, expires } => add(options, login, key, *expires),
        Access::List { file } => list(options, file),
        Access::Remove { login, file } => remove(options, login, file),
    }
}

fn the_plan(options: &Options) -> Result<Plan, Failure> {
    let (folder, lang) = (Folder::find(options), folder::language(options));
    folder.exists()?;
    let texts = folder.texts().map_err(|errors| folder::invalid(&errors, lang, options.json))?;
    plan::load(&texts).map_err(|errors| folder::invalid(&errors, lang, options.json))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST).read_to_end(&mut bytes)?;
    } else {
        let file = std::fs::File::open(path).map_err(|e| folder::unreadable(path, &e))?;
        file.take(LARGEST).read_to_end(&mut bytes)?;
    }
    String::from_utf8(bytes).map_err(|_| {
        let path = path.display();
        Failure::new(FailureKind::Invalid, format!("{path} 不是文字"), format!("{path} is no text"))
    })
}

/// What the key runs. sshd hands it to a shell, so it holds nothing that a shell would read.
fn command(options: &Options, login: &str) -> Result<String, Failure> {
    let Folder::Dir(dir) = Folder::find(options) else {
        return Err(Failure::usage("样例没有文件夹可写进钥匙", "the sample has no folder that a key could name")
            .next("用 --district 指定区文件夹", "name the folder with --district"));
    };
    let mut parts = vec![std::env::current_exe()?, PathBuf::from("--district"), dir.canonicalize()?];
    if let Some(database) = &options.database {
        parts.extend([PathBuf::from("--database"), std::path::absolute(database)?]);
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let words: Option<Vec<&str>> = parts.iter().map(|part| part.to_str().filter(|p| p.chars().all(plain))).collect();
    let words = words.ok_or_else(|| {
        Failure::new(
            FailureKind::Invalid,
            "程序或文件夹的路径有字母、数字和 / . _ - 以外的字符，不能写进钥匙",
            "the path of the program or the folder holds other characters than letters, digits and / . _ -",
        )
    })?;
    Ok(format!("exec {} session --as {login}", words.join(" ")))
}

fn add(options: &Options, login: &str, key: &Path, expires: Option<Date>) -> Result<(), Failure> {
    let (out, plan) = (super::output(options), the_plan(options)?);
    if plan.person(login).is_none() {
        let logins = plan.district.persons.iter().map(|p| p.login.as_str());
        return Err(Failure::unknown(
            "登录名",
            "login",
            login,
            logins,
            ("先写进 district.toml", "add it to district.toml"),
        ));
    }
    let key = PublicKey::parse(&text_of(key)?).map_err(|why| Failure::of(FailureKind::Invalid, why))?;
    let today = Ambient::default().day();
    if expires.is_some_and(|day| day <= today) {
        return Err(Failure::usage("到期日已过", "that day is past"));
    }
    let line = authorized_keys::line(&command(options, login)?, expires, &key, login);
    if options.json {
        let expires = expires.map(|day| day.to_string());
        return out.json(&json!({
            "schema": 1, "login": login, "key_type": key.kind, "fingerprint": key.fingerprint,
            "expires": expires, "line": line,
        }));
    }
    out.text(&(line + "\n"))?;
    let said = |zh: String, en: String| folder::note(Bilingual::new(zh, en).in_lang(out.lang));
    said(
        format!("{login} 的 {} {}。请 root 把这一行加到 {FILE}", key.kind, key.fingerprint),
        format!("{} {} of {login}: root adds this line to {FILE}", key.kind, key.fingerprint),
    );
    if expires.is_none() {
        said("没有到期日；--expires 可以写明".into(), "it never expires; --expires DATE says when it does".into());
    }
    if plan.district.identity != IdentitySource::Ssh && options.database.is_none() {
        said(
            "district.toml 里没有 identity = \"ssh\"，会话会被拒绝".into(),
            "district.toml does not say identity = \"ssh\": sessions will be refused".into(),
        );
    }
    Ok(())
}

fn lines_of(plan: &Plan, file: &Path) -> Result<Vec<KeyLine>, Failure> {
    let today = Ambient::default().day();
    Ok(authorized_keys::read(&text_of(file)?, today, |login| plan.person(login).is_some()))
}

/// Who else could write the file, which sshd then does not read.
fn open_to_others(file: &Path) -> Option<Bilingual> {
    let about = std::fs::metadata(file).ok()?;
    let (uid, mode) = (about.uid(), about.mode() & 0o7777);
    let file = file.display();
    (uid != 0 || mode & 0o022 != 0).then(|| {
        Bilingual::new(
            format!("{file} 属于 uid {uid}，权限 {mode:o}：应属 root，只有 root 能写"),
            format!(
                "{file} belongs to uid {uid}, mode {mode:o}: it should belong to root, and root alone should write it"
            ),
        )
    })
}

fn list(options: &Options, file: &Path) -> Result<(), Failure> {
    let (out, plan) = (super::output(options), the_plan(options)?);
    let lines = lines_of(&plan, file)?;
    let about_file = if file.as_os_str() == "-" { None } else { open_to_others(file) };
    let wrong = about_file.is_some() || lines.iter().any(|line| !line.problems.is_empty());
    let said = |line: &KeyLine| line.problems.iter().map(|p| p.in_lang(out.lang).to_owned()).collect::<Vec<_>>();
    if options.json {
        let key = |line: &KeyLine| {
            json!({
                "line": line.number, "login": line.login, "expires": line.expires.map(|day| day.to_string()),
                "key_type": line.key.as_ref().map(|k| &k.kind), "problems": said(line),
                "fingerprint": line.key.as_ref().map(|k| &k.fingerprint),
            })
        };
        let problems: Vec<&str> = about_file.iter().map(|p| p.in_lang(out.lang)).collect();
        out.json(&json!({ "schema": 1, "keys": lines.iter().map(key).collect::<Vec<_>>(), "problems": problems }))?;
    } else {
        let mut table = Table::new(&[
            word("行", "Line"),
            word("登录名", "Login"),
            word("到期", "Expires"),
            name("指纹", "Fingerprint"),
        ]);
        for line in &lines {
            table.row([
                line.number.to_string(),
                line.login.clone().unwrap_or_else(|| "?".into()),
                line.expires.map_or_else(|| "-".into(), |day| day.to_string()),
                line.key.as_ref().map_or_else(|| "?".into(), |key| key.fingerprint.clone()),
            ]);
        }
        out.text(&table.render(&out))?;
        let at = |line: &KeyLine, p: String| match out.lang {
            crate::domain::value::Lang::Zh => format!("异常  第 {} 行：{p}", line.number),
            crate::domain::value::Lang::En => format!("BAD  line {}: {p}", line.number),
        };
        let bad = about_file.iter().map(|p| format!("{}  {}", out.say("异常", "BAD"), p.in_lang(out.lang)));
        let bad: Vec<String> = bad.chain(lines.iter().flat_map(|l| said(l).into_iter().map(|p| at(l, p)))).collect();
        out.text(&bad.into_iter().map(|line| safe(&line) + "\n").collect::<String>())?;
    }
    if wrong { Err(Failure::silent(FailureKind::Failed)) } else { Ok(()) }
}

/// The account that the sessions run under: the owner of the database.
pub fn account(options: &Options) -> String {
    let owner = Folder::find(options).database(options).ok().and_then(|path| std::fs::metadata(path).ok());
    let user = owner.and_then(|about| nix::unistd::User::from_uid(about.uid().into()).ok().flatten());
    user.map_or_else(|| "dukao".to_owned(), |user| user.name)
}

fn remove(options: &Options, login: &str, file: &Path) -> Result<(), Failure> {
    let (out, plan) = (super::output(options), the_plan(options)?);
    let lines = lines_of(&plan, file)?;
    let his: Vec<&KeyLine> = lines.iter().filter(|line| line.login.as_deref() == Some(login)).collect();
    if his.is_empty() {
        let logins = lines.iter().filter_map(|line| line.login.as_deref());
        return Err(Failure::unknown(
            "这样的钥匙",
            "key of",
            login,
            logins,
            ("dukao access list 列出", "dukao access list"),
        ));
    }
    let (account, shown) = (account(options), file.display());
    let end = format!("pkill -HUP -u {account} -f -- 'session --as {login}$'");
    if options.json {
        let numbers: Vec<usize> = his.iter().map(|line| line.number).collect();
        return out.json(&json!({ "schema": 1, "login": login, "lines": numbers, "end_sessions": end }));
    }
    let mut text = String::new();
    for line in his {
        let n = line.number;
        text += &match out.lang {
            crate::domain::value::Lang::Zh => format!("从 {shown} 删去第 {n} 行：\n{}\n", line.text),
            crate::domain::value::Lang::En => format!("delete line {n} of {shown}:\n{}\n", line.text),
        };
    }
    text += out.say(
        "再结束此人的会话（过去的记录仍然有效）：\n",
        "then end the person's sessions (past entries stay valid):\n",
    );
    out.text(&(safe(&text) + &end + "\n"))
}
