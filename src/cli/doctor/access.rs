//! The ways in: what sshd says of its own configuration (`sshd -T`), and what the rules of sudo say.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Findings;
use crate::cli::failure::{Failure, FailureKind};
use crate::cli::folder;
use crate::domain::district::{IdentitySource, Plan};
use crate::domain::value::Bilingual;

/// What else is to be looked at.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// Repair what can be repaired: modes of the files, an older version of the database
    #[arg(long)]
    pub repair: bool,
    /// What `sshd -T -C user=ACCOUNT,host=HOST,addr=ADDRESS` printed; `-` for stdin
    #[arg(long, value_name = "FILE")]
    sshd: Option<PathBuf>,
    /// The file of sudo's rules for this program; `-` for stdin
    #[arg(long, value_name = "FILE", conflicts_with = "sshd")]
    sudoers: Option<PathBuf>,
}

/// Looks at the way in that the district uses, and at what was handed over.
pub fn examine(args: &Args, plan: Option<&Plan>, account: &str, found: &mut Findings) -> Result<(), Failure> {
    let identity = plan.map(|plan| plan.district.identity);
    if let Some(file) = &args.sshd {
        report("sshd", &sshd(&read(file)?), found);
    } else if identity == Some(IdentitySource::Ssh) {
        match rustix::process::geteuid().is_root().then(|| ask_sshd(account)) {
            Some(Ok(text)) => report("sshd", &sshd(&text), found),
            Some(Err(why)) => found.bad(
                "sshd",
                FailureKind::Failed,
                Bilingual::new(format!("sshd -T 没能运行：{why}"), format!("sshd -T did not run: {why}")),
            ),
            None => {
                let line =
                    format!("sudo sshd -T -C user={account},host=localhost,addr=127.0.0.1 | dukao doctor --sshd -");
                found.well("sshd", format!("没有检查；请运行 {line}"), format!("not looked at; run {line}"));
            }
        }
    }
    if let Some(file) = &args.sudoers {
        report("sudo", &sudoers(&read(file)?), found);
    } else if identity == Some(IdentitySource::Sudo) {
        let line = "sudo cat /etc/sudoers.d/dukao | dukao doctor --sudoers -";
        found.well("sudo", format!("没有检查；请运行 {line}"), format!("not looked at; run {line}"));
    }
    Ok(())
}

fn report(id: &'static str, problems: &[Bilingual], found: &mut Findings) {
    if problems.is_empty() {
        found.well(id, "配置合乎要求", "configured as it should be");
    }
    for problem in problems {
        found.bad(id, FailureKind::Failed, problem.clone());
    }
}

/// Longest text that is read; what is longer is no configuration.
const LARGEST: u64 = 1 << 20;

fn read(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().lock().take(LARGEST).read_to_string(&mut text)?;
    } else {
        let opened = std::fs::File::open(file).map_err(|e| folder::unreadable(file, &e))?;
        opened.take(LARGEST).read_to_string(&mut text).map_err(|e| folder::unreadable(file, &e))?;
    }
    Ok(text)
}

/// What the sshd of this machine says of an account.
fn ask_sshd(account: &str) -> std::io::Result<String> {
    let about = format!("user={account},host=localhost,addr=127.0.0.1");
    let told = Command::new("/usr/sbin/sshd").args(["-T", "-C", &about]).stdin(Stdio::null()).output()?;
    if told.status.success() {
        return Ok(String::from_utf8_lossy(&told.stdout).into_owned());
    }
    Err(std::io::Error::other(String::from_utf8_lossy(&told.stderr).trim().to_owned()))
}

/// Keywords with the one value that they should have, and what happens otherwise.
const WANTED: [(&str, &str, &str, &str); 13] = [
    ("authenticationmethods", "publickey", "别的方式也能登录", "there are other ways to log in"),
    ("passwordauthentication", "no", "密码也能登录", "a password opens it too"),
    ("kbdinteractiveauthentication", "no", "键盘交互也能登录", "answers typed at the keyboard open it too"),
    ("disableforwarding", "yes", "能转发端口", "ports can be forwarded"),
    ("permittunnel", "no", "能建隧道", "tunnels can be made"),
    ("permituserrc", "no", "登录时会运行 ~/.ssh/rc", "~/.ssh/rc runs at login"),
    ("permituserenvironment", "no", "钥匙行和文件能设环境变量", "key lines and files set the environment"),
    ("permittty", "yes", "看板打不开", "the dashboard cannot open"),
    (
        "exposeauthinfo",
        "yes",
        "台账不知道是哪把钥匙（ssh:unknown）",
        "the ledger does not know which key it was (ssh:unknown)",
    ),
    ("strictmodes", "yes", "别人能写的钥匙文件也会读", "files of keys that others may write are read"),
    ("forcecommand", "none", "盖过钥匙行的 command", "it goes before the command of the key"),
    ("authorizedkeyscommand", "none", "钥匙另有来处", "keys come from elsewhere as well"),
    ("trustedusercakeys", "none", "证书不带 command 也能登录", "a certificate logs in without the command of a key"),
];

/// What is wrong in the output of `sshd -T`.
fn sshd(text: &str) -> Vec<Bilingual> {
    let mut said: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for line in text.lines() {
        let (keyword, value) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        said.entry(keyword.to_ascii_lowercase()).or_default().push(value.trim());
    }
    let Some(keys) = said.get("authorizedkeysfile") else {
        return vec![Bilingual::new("这不是 sshd -T 的输出", "this is not what sshd -T prints")];
    };
    let mut problems = Vec::new();
    let mut say = |zh: String, en: String| problems.push(Bilingual::new(zh, en));
    let keys = keys.join(" ");
    if !keys.starts_with('/') || keys.contains([' ', '%']) {
        say(
            format!("AuthorizedKeysFile 是 {keys}：应是 root 的一个文件，如 /etc/dukao/authorized_keys"),
            format!("AuthorizedKeysFile is {keys}: it should be one file of root, as /etc/dukao/authorized_keys"),
        );
    }
    for (keyword, wanted, zh, en) in WANTED {
        // What an older sshd does not know, it does not do.
        let Some(value) = said.get(keyword).map(|values| values.join(" ")) else { continue };
        if value != wanted {
            say(
                format!("{keyword} 是 {value}，应为 {wanted}：{zh}"),
                format!("{keyword} is {value}, not {wanted}: {en}"),
            );
        }
    }
    for name in said.get("acceptenv").into_iter().flatten().flat_map(|names| names.split_whitespace()) {
        if name != "LANG" && !name.starts_with("LC_") {
            say(
                format!("AcceptEnv 收下 {name}：只应收 LANG LC_*，否则客户端能让别的代码进来运行"),
                format!("AcceptEnv takes {name}: only LANG LC_* should be taken, else a client brings code of its own"),
            );
        }
    }
    let number = |keyword: &str| said.get(keyword)?.first()?.split(':').next()?.parse::<u32>().ok();
    if let (Some(every), Some(times)) = (number("clientaliveinterval"), number("clientalivecountmax"))
        && !(1..=120).contains(&every.saturating_mul(times))
    {
        say(
            format!("ClientAlive {every} 秒 × {times}：断了的连接应在两分钟内结束，如 15 × 4"),
            format!("ClientAlive {every} s × {times}: a dead connection should end within two minutes, as by 15 × 4"),
        );
    }
    if let Some(most) = number("maxsessions").filter(|most| !(1..=10).contains(most)) {
        say(format!("MaxSessions 是 {most}，应为 4"), format!("MaxSessions is {most}, not 4"));
    }
    if let Some(begin) = number("maxstartups").filter(|begin| *begin < 30) {
        say(
            format!("MaxStartups 从 {begin} 起拒绝：多人同时登录会被挡住，如 60:30:100"),
            format!("MaxStartups refuses from {begin} on: many who log in at once are turned away; say 60:30:100"),
        );
    }
    problems
}

/// Flags without which sudo gives more than the program.
const FLAGS: [&str; 6] = ["env_reset", "!setenv", "use_pty", "umask=0077", "umask_override", "noexec"];

/// What is wrong in the rules of sudo for this program.
fn sudoers(text: &str) -> Vec<Bilingual> {
    let text = text.replace("\\\n", " ");
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')).collect();
    let (defaults, rules): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.starts_with("Defaults"));
    let mut problems = Vec::new();
    let mut say = |zh: String, en: String| problems.push(Bilingual::new(zh, en));
    let flags: Vec<&str> = defaults
        .iter()
        .filter(|line| line.split_whitespace().next().is_some_and(|of| of == "Defaults" || of.ends_with("/dukao")))
        .flat_map(|line| line.split_once(char::is_whitespace).map_or("", |(_, flags)| flags).split(','))
        .map(str::trim)
        .collect();
    for flag in FLAGS.into_iter().filter(|flag| !flags.contains(flag)) {
        say(format!("Defaults 里没有 {flag}"), format!("Defaults lacks {flag}"));
    }
    let ours: Vec<&&str> = rules.iter().filter(|rule| rule.contains("/dukao")).collect();
    if ours.is_empty() {
        say("没有一条规则允许 dukao".into(), "no rule allows dukao".into());
    }
    for rule in ours {
        // Words of an export without a path in them name no file either.
        let exports = rule.contains("/dukao ^export ") && rule.ends_with('$') && !rule.contains(".*");
        if !rule.ends_with("\"\"") && !exports {
            say(
                format!("「{rule}」没有以 \"\" 结尾：可以带任何参数，如 --database"),
                format!("{rule:?} does not end in \"\": any argument may be given, as --database"),
            );
        }
        let run_as = rule.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("root", |(who, _)| who);
        if run_as.split([',', ':']).any(|who| matches!(who.trim(), "root" | "ALL" | "")) {
            say(
                format!("「{rule}」以 {run_as} 运行：应是数据库所有者的账号，如 (dukao:dukao)"),
                format!("{rule:?} runs as {run_as}: it should be the account that owns the database, as (dukao:dukao)"),
            );
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What OpenSSH prints of the configuration in `docs/ssh.md`, as far as it matters.
    const GOOD: &str = "authorizedkeysfile /etc/dukao/authorized_keys\nauthenticationmethods publickey\n\
        passwordauthentication no\nkbdinteractiveauthentication no\ndisableforwarding yes\npermittunnel no\n\
        permituserrc no\npermituserenvironment no\npermittty yes\nexposeauthinfo yes\nstrictmodes yes\n\
        forcecommand none\nauthorizedkeyscommand none\ntrustedusercakeys none\nacceptenv LANG\nacceptenv LC_*\n\
        clientaliveinterval 15\nclientalivecountmax 4\nmaxsessions 4\nmaxstartups 60:30:100\n";

    fn said(problems: Vec<Bilingual>) -> String {
        problems.into_iter().map(|p| p.en + "\n").collect()
    }

    #[test]
    fn each_hole_of_sshd_is_named() {
        assert_eq!(said(sshd(GOOD)), "");
        for (from, to, named) in [
            ("/etc/dukao/authorized_keys", ".ssh/authorized_keys", "AuthorizedKeysFile"),
            ("/etc/dukao/authorized_keys", "/etc/dukao/authorized_keys /home/%u/k", "AuthorizedKeysFile"),
            ("authenticationmethods publickey", "authenticationmethods any", "authenticationmethods is any"),
            ("passwordauthentication no", "passwordauthentication yes", "password"),
            ("disableforwarding yes", "disableforwarding no", "forwarded"),
            ("permituserrc no", "permituserrc yes", "ssh/rc"),
            ("exposeauthinfo yes", "exposeauthinfo no", "ssh:unknown"),
            ("acceptenv LC_*", "acceptenv *", "AcceptEnv takes *"),
            ("acceptenv LC_*", "acceptenv LC_* LD_PRELOAD", "AcceptEnv takes LD_PRELOAD"),
            ("forcecommand none", "forcecommand /bin/sh", "forcecommand is /bin/sh"),
            ("trustedusercakeys none", "trustedusercakeys /etc/ca", "certificate"),
            ("clientaliveinterval 15", "clientaliveinterval 0", "ClientAlive"),
            ("maxstartups 60:30:100", "maxstartups 10:30:100", "MaxStartups"),
        ] {
            let problems = said(sshd(&GOOD.replace(from, to)));
            assert!(problems.contains(named) && problems.lines().count() == 1, "{to}: {problems}");
        }
        assert!(said(sshd("Port 22\n")).contains("not what sshd -T prints"));
    }

    #[test]
    fn each_hole_of_sudo_is_named() {
        let good = "# dukao\nDefaults!/usr/bin/dukao env_reset,!setenv,use_pty,umask=0077,umask_override,noexec\n\
                    %dukao ALL=(dukao:dukao) NOPASSWD: /usr/bin/dukao \"\"\n";
        assert_eq!(said(sudoers(good)), "");
        let guide = include_str!("../../../docs/ssh.md");
        let exports = guide.lines().find(|line| line.contains("/dukao ^export")).expect("the rule of exports");
        assert_eq!(said(sudoers(&format!("{good}{exports}\n"))), "");
        for wider in [
            "%dukao ALL=(dukao:dukao) NOPASSWD: /usr/bin/dukao ^.*$",
            "%dukao ALL=(dukao:dukao) /usr/bin/dukao export *",
        ] {
            assert!(said(sudoers(&format!("{good}{wider}\n"))).contains("any argument"), "{wider}");
        }
        for (from, to, named) in [
            (",noexec", "", "lacks noexec"),
            ("!setenv,", "", "lacks !setenv"),
            (" \"\"", "", "any argument"),
            ("(dukao:dukao)", "(ALL)", "runs as ALL"),
            ("(dukao:dukao) ", "", "runs as root"),
            ("/usr/bin/dukao \"\"", "/bin/true", "no rule"),
        ] {
            let problems = said(sudoers(&good.replace(from, to)));
            assert!(problems.contains(named), "{to}: {problems}");
        }
    }
}
