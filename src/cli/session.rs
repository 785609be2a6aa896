//! `session`: what the forced command of an SSH key runs. The server's own line says who it is and where everything
//! lies; the client's command, where there is one, says what to do, and names no file of the server.

use std::ffi::OsString;

use super::failure::{Failure, FailureKind};
use super::{Cli, Command, Options, help};
use crate::domain::value::{Bilingual, Lang};
use crate::session::words::words;
use crate::session::{Session, hardening, proved_key};

/// On whose behalf.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Login of the person whose key it is
    #[arg(long = "as", value_name = "LOGIN")]
    login: String,
}

/// What the client asks for.
pub enum Asked {
    /// A command that a session may run.
    Runs(Box<Cli>),
    /// Help, or words that are no command.
    Misses { error: clap::Error, lang: Lang, json: bool },
}

/// Reads the client's command and locks the process in: from here on it starts no program, and knows nothing of its
/// environment but what sshd and the terminal say.
///
/// # Errors
/// The command is not one of a session, or the process cannot be locked in.
pub fn client(server: &Options, args: &Args) -> Result<Asked, Failure> {
    hardening::forget_environment()?;
    let words = words(&original_command()?).map_err(|why| Failure::of(FailureKind::Usage, why))?;
    let json = server.json || words.iter().any(|word| word == "--json");
    let words: Vec<OsString> = std::iter::once("dukao".into()).chain(words.into_iter().map(Into::into)).collect();
    let lang = help::language(&words, server);
    let client = match help::read(words, server) {
        Ok(client) => client,
        Err(error) => return Ok(Asked::Misses { error, lang, json }),
    };
    if let Some(refusal) = refusal(&client) {
        return Err(refusal);
    }
    // Workbooks are parsed by a child of the same program; after the lock no other one could be started.
    if let Some(Command::Import(import)) = &client.command {
        import.parser.start()?;
    }
    hardening::start_no_programs()?;
    let auth_info = std::env::var_os("SSH_USER_AUTH");
    let session = Session {
        login: args.login.clone(),
        fingerprint: auth_info.and_then(|file| proved_key(file.as_ref())),
        own_database: server.database.is_some(),
    };
    let Cli { options, command } = client;
    let options = Options {
        district: server.district.clone(),
        database: server.database.clone(),
        as_of: options.as_of.or(server.as_of),
        lang: options.lang.or(server.lang),
        json,
        color: options.color,
        skin: options.skin.or(server.skin),
        session: Some(session),
    };
    Ok(Asked::Runs(Box::new(Cli { options, command })))
}

/// The options for saying why nothing was run: JSON where the client wanted it.
pub fn asked(server: &Options) -> Options {
    let wanted = original_command().is_ok_and(|command| command.split(' ').any(|word| word == "--json"));
    Options { json: server.json || wanted, ..server.clone() }
}

/// What sshd was asked to run; nothing for the dashboard.
fn original_command() -> Result<String, Failure> {
    let Some(command) = std::env::var_os("SSH_ORIGINAL_COMMAND") else { return Ok(String::new()) };
    command.into_string().map_err(|_| Failure::usage("命令不是 UTF-8", "the command is not UTF-8"))
}

fn no_files() -> Bilingual {
    Bilingual::new("会话里不能指定服务器上的文件或文件夹", "a session names no file or folder of the server")
}

/// Why somebody who came from outside the account does not run it: it names a file, which would be read or written as the
/// account; `by` is how he runs a command.
pub fn names_file(command: &Command, by: &str, by_en: &str) -> Option<Failure> {
    let refused = |zh: String, en: String| Some(Failure::of(FailureKind::Denied, no_files()).next(zh, en));
    match command {
        Command::Import(import) if import.names_file() => refused(
            format!("从标准输入导入：{by} import - --kind 类别 < 文件"),
            format!("import from stdin: {by_en} import - --kind KIND < FILE"),
        ),
        Command::Rank(rank) if rank.names_file() => refused("去掉 --rules".into(), "leave out --rules".into()),
        Command::Export(export) if export.names_file() => refused(
            format!("去掉 --output，写成自己的文件：{by} export … > 文件"),
            format!("leave out --output and write a file of your own: {by_en} export … > FILE"),
        ),
        _ => None,
    }
}

/// Why a session does not run it: it names a file of the server, or belongs to whoever keeps the database.
fn refusal(client: &Cli) -> Option<Failure> {
    let denied = |why: Bilingual| Failure::of(FailureKind::Denied, why);
    if client.options.district.is_some() || client.options.database.is_some() {
        return Some(denied(no_files()).next("去掉 --district、--database", "leave out --district and --database"));
    }
    let command = client.command.as_ref()?;
    if let Some(refusal) = names_file(command, "ssh 主机", "ssh HOST") {
        return Some(refusal);
    }
    match command {
        Command::Session(_)
        | Command::Access(_)
        | Command::Init { .. }
        | Command::Doctor(_)
        | Command::Backup { .. }
        | Command::Restore(_)
        | Command::ParseWorkbook => Some(denied(Bilingual::new(
            "这个命令只能在服务器上运行，不能经 SSH 会话",
            "this command runs on the server only, not in an SSH session",
        ))),
        Command::Status(_)
        | Command::Projects { .. }
        | Command::Project { .. }
        | Command::Rank(_)
        | Command::Targets { .. }
        | Command::Rectifications { .. }
        | Command::Explain { .. }
        | Command::Score(_)
        | Command::Ballot(_)
        | Command::Rectify(_)
        | Command::Resolve(_)
        | Command::Set(_)
        | Command::Round(_)
        | Command::Import(_)
        | Command::Export(_)
        | Command::Plan { .. }
        | Command::Check
        | Command::History { .. }
        | Command::Verify { .. }
        | Command::Keys(_)
        | Command::Completions { .. }
        | Command::Man => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(command: &str) -> Option<FailureKind> {
        let words = words(command).expect("words");
        let client =
            help::read(std::iter::once("dukao".to_owned()).chain(words).map(OsString::from), &Options::default())
                .expect("a command");
        refusal(&client).map(|failure| failure.kind)
    }

    #[test]
    fn a_session_names_no_file_and_keeps_no_database() {
        for command in [
            "--database /tmp/x status",
            "status --database=/tmp/x",
            "--district /etc status",
            "import /etc/passwd --kind scores",
            "import ./- --kind scores",
            "import - --kind scores --marked /tmp/x.xlsx",
            "parse-workbook",
            "rank --rules /etc/passwd",
            "export bulletin --output /tmp/x.md",
            "export bulletin --format md --output -",
            "init /tmp/x",
            "doctor",
            "access list /etc/passwd",
            "session --as root",
        ] {
            assert_eq!(refused(command), Some(FailureKind::Denied), "{command}");
        }
        for command in [
            "",
            "status --json",
            "import - --kind scores",
            "rank towns",
            "verify",
            "plan --apply",
            "export bulletin --format docx",
        ] {
            assert_eq!(refused(command), None, "{command}");
        }
    }
}
