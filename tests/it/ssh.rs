//! The program behind a real sshd: a forced command with a key for each person, no port and no daemon. sshd runs in inetd
//! mode as the `ProxyCommand` of ssh, as OpenSSH's own tests have it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::pty::Pty;

const DUKAO: &str = env!("CARGO_BIN_EXE_dukao");

/// Where sshd is; none where it is not installed, which is said as loudly as a test can.
fn sshd() -> Option<PathBuf> {
    let found =
        ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"].map(PathBuf::from).into_iter().find(|p| p.exists());
    if found.is_none() {
        // Past the capture of the test runner, so that it is seen.
        let said = "SKIPPED LOUDLY: no sshd here; install openssh-server (.ci/run does): nothing about SSH was tested";
        writeln!(std::io::stderr(), "{said}").expect("somebody to tell");
    }
    found
}

/// A server with a district whose people are known by their keys.
struct Server {
    dir: TempDir,
    sshd: PathBuf,
    user: String,
}

impl Server {
    /// None where there is no sshd.
    fn start() -> Option<Self> {
        let sshd = sshd()?;
        if rustix::process::geteuid().is_root() {
            fs::create_dir_all("/run/sshd").expect("sshd's own empty folder");
        }
        let user = nix::unistd::User::from_uid(nix::unistd::geteuid()).expect("users").expect("an account").name;
        let server = Self { dir: tempfile::tempdir().expect("a folder"), sshd, user };
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config"), &server.path("district"));
        server.edit_district(|text| {
            text.replace("sample = true", "sample = false\nidentity = \"ssh\"\ndatabase = \"year.db\"")
        });
        for key in ["host", "jiazu", "zhukao"] {
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(server.path(key)).status();
            assert!(made.expect("ssh-keygen").success());
        }
        server.configure("ExposeAuthInfo yes\n");
        // The operator makes the database; a session never does.
        let made = server.local("verify --json");
        assert!(made.status.success(), "{}", stderr(&made));
        let keys: String = ["jiazu", "zhukao"]
            .map(|login| stdout(&server.local(&format!("access add {login} {}.pub", server.path(login).display()))))
            .concat();
        assert_eq!(keys.lines().count(), 2, "{keys}");
        fs::write(server.path("keys"), keys).expect("the keys");
        Some(server)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn edit_district(&self, edit: impl Fn(&str) -> String) {
        let path = self.path("district/district.toml");
        let text = edit(&fs::read_to_string(&path).expect("the district"));
        fs::write(&path, text).expect("the district");
    }

    fn configure(&self, more: &str) {
        let at = |name: &str| self.path(name).display().to_string();
        let text = format!(
            "HostKey {}\nPidFile none\nAuthorizedKeysFile {}\nAuthenticationMethods publickey\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nDisableForwarding yes\nPermitUserRC no\n\
             AcceptEnv LANG LC_*\nSubsystem sftp internal-sftp\n{more}",
            at("host"),
            at("keys")
        );
        fs::write(self.path("config"), text).expect("the configuration");
        let host = fs::read_to_string(self.path("host.pub")).expect("the host's key");
        let known: Vec<&str> = host.split(' ').take(2).collect();
        fs::write(self.path("known"), format!("x {}\n", known.join(" "))).expect("the known host");
    }

    /// A command on the server itself.
    fn local(&self, line: &str) -> Output {
        let args = line.split_whitespace();
        let mut command = Command::new(DUKAO);
        command.arg("--district").arg(self.path("district")).args(args).args(["--lang", "en"]);
        command.env("HOME", self.dir.path()).env_remove("DUKAO_DATABASE").env_remove("DUKAO_DISTRICT");
        command.output().expect("the program")
    }

    fn arguments(&self, login: &str) -> Vec<String> {
        let proxy = format!("ProxyCommand={} -i -e -f {}", self.sshd.display(), self.path("config").display());
        let known = format!("UserKnownHostsFile={}", self.path("known").display());
        let key = self.path(login).display().to_string();
        let options = [&*proxy, "HostKeyAlias=x", &known, "IdentitiesOnly=yes", "BatchMode=yes", "LogLevel=ERROR"];
        let options = options.into_iter().flat_map(|option| ["-o", option]);
        ["-F", "none"]
            .into_iter()
            .chain(options)
            .chain(["-e", "none", "-i", &key, "-l", &self.user])
            .map(str::to_owned)
            .collect()
    }

    fn ssh(&self, login: &str, more: &[&str], command: &str) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(self.arguments(login)).args(more).arg("x");
        if !command.is_empty() {
            ssh.args(["--", command]);
        }
        ssh.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        ssh
    }

    /// What a person's `ssh HOST COMMAND` gives.
    fn run(&self, login: &str, command: &str) -> Output {
        self.ssh(login, &[], command).output().expect("ssh")
    }

    fn json(&self, login: &str, command: &str) -> Value {
        let ended = self.run(login, command);
        serde_json::from_slice(&ended.stdout).unwrap_or_else(|e| panic!("{command}: {e}: {}", stderr(&ended)))
    }

    fn fingerprint(&self, login: &str) -> String {
        let told = Command::new("ssh-keygen").args(["-l", "-f"]).arg(self.path(&format!("{login}.pub"))).output();
        stdout(&told.expect("ssh-keygen")).split(' ').nth(1).expect("a fingerprint").to_owned()
    }

    /// Ids of the sessions of this server that run.
    fn sessions(&self) -> Vec<u32> {
        let ours = self.path("district").display().to_string();
        let processes = fs::read_dir("/proc").expect("processes").filter_map(Result::ok);
        let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        ids.filter(|id| {
            let line = fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            line.starts_with(DUKAO) && line.contains(&ours) && line.contains(" session --as ")
        })
        .collect()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the sample") {
        let path = entry.expect("an entry").path();
        let name = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &name);
        } else if path.extension().is_some_and(|e| e == "toml" || e == "csv") {
            fs::copy(&path, &name).expect("a copy");
        }
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const SCORE: &str = "score set 2014-H1-ASM YB14-GY-006 node 38 --reason '复核 $(id); \"一\"'";

#[test]
fn a_key_is_a_person_and_the_ledger_names_both() {
    let Some(server) = Server::start() else { return };
    let board = server.json("jiazu", "rank --json");
    assert!(board["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{board}");

    let saved = server.run("jiazu", SCORE);
    assert!(stdout(&saved).starts_with("saved #"), "{}", stderr(&saved));
    let entry = server.json("zhukao", "history --json --limit 1")["entries"][0].clone();
    assert_eq!(entry["actor"], "jiazu");
    assert_eq!(entry["via"], format!("ssh:{}", server.fingerprint("jiazu")));
    assert_eq!(entry["reason"], "复核 $(id); \"一\"", "quotes are read, nothing is expanded");

    // Where sshd does not say which key it was, the ledger says that it is not known.
    server.configure("ExposeAuthInfo no\n");
    let saved = server.run("jiazu", &SCORE.replace("38", "37"));
    assert!(saved.status.success(), "{}", stderr(&saved));
    let entry = server.json("zhukao", "history --json --limit 1")["entries"][0].clone();
    assert_eq!((&entry["actor"], &entry["via"]), (&"jiazu".into(), &"ssh:unknown".into()));
}

#[test]
fn a_person_who_left_the_plan_is_refused_and_nobody_comes_in_locally() {
    let Some(server) = Server::start() else { return };
    let keys = fs::read_to_string(server.path("keys")).expect("the keys");
    fs::write(server.path("keys"), keys.replace("--as jiazu", "--as wanger")).expect("the keys");
    for command in ["status --json", "check --json", "keys --json"] {
        let ended = server.run("jiazu", command);
        assert_eq!((ended.status.code(), stdout(&ended).as_str()), (Some(3), ""), "{command}: {}", stderr(&ended));
        assert!(stderr(&ended).contains("not_permitted"), "{}", stderr(&ended));
    }
    let listed = server.local(&format!("access list {}", server.path("keys").display()));
    assert!(!listed.status.success() && stdout(&listed).contains("no person wanger"), "{}", stdout(&listed));

    let local = server.local("status");
    assert_eq!(local.status.code(), Some(3), "{}", stderr(&local));
    assert!(stderr(&local).contains("SSH"), "{}", stderr(&local));
    assert!(server.local("verify").status.success(), "whoever keeps the file may check it");
}

#[test]
fn no_shell_no_server_file_no_forwarding() {
    let Some(server) = Server::start() else { return };
    let mark = server.path("pwned");
    let at = mark.display();
    for command in [
        format!("status --json; touch {at}"),
        format!("status $(touch {at})"),
        format!("touch {at}"),
        format!("--database {at} status"),
        format!("--district {at} status"),
        format!("import {at} --kind scores"),
        format!("rank --rules {at}"),
        format!("init {at}"),
        "doctor".into(),
        "session --as zhukao".into(),
        "access list /etc/passwd".into(),
        "status \u{1b}[31m".into(),
        format!("status {}", "x".repeat(5000)),
    ] {
        let ended = server.run("jiazu", &command);
        assert!(matches!(ended.status.code(), Some(2 | 3)), "{command}: {:?} {}", ended.status.code(), stderr(&ended));
        assert!(!mark.exists() && !stderr(&ended).contains('\u{1b}'), "{command}");
    }
    for more in [&["-s"][..], &["-o", "ExitOnForwardFailure=yes", "-R", "0:127.0.0.1:1"]] {
        let ended =
            server.ssh("jiazu", more, if more == ["-s"] { "sftp" } else { "status --json" }).output().expect("ssh");
        assert!(!ended.status.success(), "{more:?}: {}", stdout(&ended));
    }
    let forwarded = server.ssh("jiazu", &["-W", "127.0.0.1:1"], "").output().expect("ssh");
    assert!(!forwarded.status.success());
}

#[test]
fn records_come_in_by_standard_input() {
    let Some(server) = Server::start() else { return };
    let mut ssh = server.ssh("jiazu", &[], "import - --kind scores --json").stdin(Stdio::piped()).spawn().expect("ssh");
    let rows = "round,project,criterion,points,note\n2014-H1-ASM,YB14-GY-006,node,36,补录\n";
    ssh.stdin.take().expect("its input").write_all(rows.as_bytes()).expect("sent");
    let ended = ssh.wait_with_output().expect("ssh");
    let saved: Value = serde_json::from_slice(&ended.stdout).unwrap_or_else(|_| panic!("{}", stderr(&ended)));
    assert_eq!(saved["saved"].as_array().map(Vec::len), Some(1), "{saved}");
}

#[test]
fn a_workbook_comes_in_by_standard_input_past_the_lock() {
    let Some(server) = Server::start() else { return };
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("评分").expect("a name");
    let rows = [["round", "project", "criterion", "points"], ["2014-H1-ASM", "YB14-GY-005", "duty", "4.5"]];
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            sheet.write_string(row, column, text).expect("a cell");
        }
    }
    fs::write(server.path("scores.xlsx"), book.save_to_buffer().expect("a workbook")).expect("a file");
    let stdin = || fs::File::open(server.path("scores.xlsx")).expect("the file");
    let ended = server.ssh("jiazu", &[], "import -").stdin(stdin()).output().expect("ssh");
    assert!(stdout(&ended).starts_with("saved #"), "{}{}", stdout(&ended), stderr(&ended));
    let refused = server.ssh("jiazu", &[], "import - --kind projects").stdin(stdin()).output().expect("ssh");
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
}

#[test]
fn a_missing_database_is_never_made_anew_by_a_session() {
    let Some(server) = Server::start() else { return };
    for file in ["year.db", "year.db-bell", "year.db-wal", "year.db-shm"] {
        drop(fs::remove_file(server.path("district").join(file)));
    }
    let ended = server.run("jiazu", "status --json");
    assert_eq!(ended.status.code(), Some(6), "{}", stderr(&ended));
    assert!(!server.path("district/year.db").exists());
}

#[test]
fn the_dashboard_opens_in_a_terminal_and_ends_with_its_connection() {
    let Some(server) = Server::start() else { return };
    let args = server.arguments("jiazu");
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    args.extend(["-tt", "x"]);
    let mut pty = Pty::start("ssh", &args, &[("LANG", "zh_CN.UTF-8")], (80, 24));
    pty.wait_text("督考 [1 总览]");
    // There is no shell to come back to.
    pty.send([0x1a]);
    pty.wait_text("此会话不能挂起");
    pty.send("2");
    pty.wait_text("[2 项目]");
    assert_eq!(server.sessions().len(), 1);

    let id = server.sessions()[0];
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("its status");
    let line = |name: &str| status.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
    assert_eq!((line("NoNewPrivs:"), line("Seccomp:"), line("Umask:")), (Some("1"), Some("2"), Some("0077")));
    let limits = fs::read_to_string(format!("/proc/{id}/limits")).expect("its limits");
    let limit = |name: &str| {
        let line = limits.lines().find(|l| l.starts_with(name)).expect(name);
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(limit("Max core file size"), ["0", "0"]);
    assert_eq!(limit("Max address space"), ["1073741824", "1073741824"]);
    // A session shuts its memory to everybody of its account: root alone sees its environment.
    match fs::read(format!("/proc/{id}/environ")) {
        Ok(environment) => {
            let names = String::from_utf8_lossy(&environment);
            let names = names.split('\0').filter(|v| !v.is_empty()).map(|v| v.split('=').next().unwrap_or_default());
            let kept = |n: &str| ["TERM", "LANG"].contains(&n) || n.starts_with("LC_") || n.starts_with("SSH_");
            assert_eq!(names.filter(|n| !kept(n)).collect::<Vec<_>>(), Vec::<&str>::new());
        }
        Err(e) => {
            assert!(!rustix::process::geteuid().is_root(), "{e}");
            let said = "SKIPPED LOUDLY: only root may see what a session keeps of its environment";
            writeln!(std::io::stderr(), "{said} ({e})").expect("somebody to tell");
        }
    }

    pty.signal(Signal::KILL);
    let begun = Instant::now();
    while !server.sessions().is_empty() {
        // The promise of two seconds is measured by the torture, of the program as it is built for use.
        assert!(begun.elapsed() < Duration::from_secs(10), "still there 10 s after its connection was gone");
        pause();
    }
    // What was chosen is remembered beside the database, for the account alone.
    let state = server.path("district/state");
    if state.exists() {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&state).expect("a folder").permissions().mode() & 0o777, 0o700);
    }
}

/// Locks of a process that keep others from writing: those of the bytes by which SQLite orders readers and writers, and
/// any that excludes. What every open connection holds (its own byte of `-shm`, the shared one of the file) is none.
fn locks_in_the_way(id: u32) -> Vec<String> {
    let locks = fs::read_to_string("/proc/locks").expect("the kernel's list");
    let in_the_way = |line: &&str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [_, _, _, kind, owner, _, from, to] = words[..] else { return false };
        let orders = from.parse().is_ok_and(|from: u64| (120..=127).contains(&from)) && to.len() == 3;
        owner == id.to_string() && (kind == "WRITE" || orders)
    };
    locks.lines().filter(in_the_way).map(str::to_owned).collect()
}

/// `DUKAO_FROZEN_SECONDS=60` for the long version.
#[test]
fn a_client_that_stops_reading_is_in_nobodys_way() {
    let Some(server) = Server::start() else { return };
    let seconds = std::env::var("DUKAO_FROZEN_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(3);
    let args = server.arguments("zhukao");
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    args.extend(["-tt", "x"]);
    let mut pty = Pty::start("ssh", &args, &[("LANG", "zh_CN.UTF-8")], (120, 36));
    pty.wait_text("[1 总览]");
    let frozen = server.sessions()[0];
    // More pictures than all buffers on the way hold, and nobody reads them.
    pty.send([0x0c].repeat(2000));
    let begun = Instant::now();
    let (mut edits, mut slowest) = (0_u32, Duration::ZERO);
    while begun.elapsed() < Duration::from_secs(seconds) || edits < 4 {
        let edit = Instant::now();
        let saved = server.run("jiazu", &SCORE.replace("38", &(20 + edits % 2).to_string()));
        assert!(stdout(&saved).starts_with("saved #"), "{}", stderr(&saved));
        (edits, slowest) = (edits + 1, slowest.max(edit.elapsed()));
        assert_eq!(locks_in_the_way(frozen), Vec::<String>::new());
    }
    let said = format!(
        "frozen for {seconds} s: {edits} edits of another, the slowest {} ms, ssh included",
        slowest.as_millis()
    );
    writeln!(std::io::stderr(), "{said}").expect("somebody to tell");
    assert!(slowest < Duration::from_secs(10), "{said}");
    // It reads again: the newest picture, not all that were missed.
    pty.settle(Duration::from_millis(500));
    pty.send("q");
    assert!(pty.wait_exit().success());
}

#[expect(clippy::disallowed_methods, reason = "another process ends, which nothing here hears of")]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}
