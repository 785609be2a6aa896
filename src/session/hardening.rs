//! What a process gives up before it looks at anything: memory dumps, new rights, most of its memory, and in a session
//! its environment and the starting of programs (`reliability.md` §7).

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix::libc;
use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

/// Address space of one process. The dashboard of a large district uses a tenth.
const MEMORY: u64 = 1 << 30;

/// Gives up what no command needs. The umask is set before.
///
/// # Errors
/// The kernel refuses; nothing is then done at all.
pub fn harden() -> io::Result<()> {
    // Scores that are not published have no place in a memory dump, nor in another process of the account.
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    rustix::thread::set_no_new_privs(true)?;
    let hard = getrlimit(Resource::As).maximum.map_or(MEMORY, |most| most.min(MEMORY));
    setrlimit(Resource::As, Rlimit { current: Some(hard), maximum: Some(hard) })?;
    // A file limit is an error of the write that meets it, not the end of the process. SIGPIPE is ignored by the runtime.
    signal_hook::flag::register(libc::SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    Ok(())
}

/// Variables that a session may look at: what the terminal is and speaks, and what sshd itself says.
fn is_kept(name: &OsStr) -> bool {
    let name = name.to_str().unwrap_or_default();
    ["TERM", "LANG", "SSH_CONNECTION", "SSH_USER_AUTH", "SSH_ORIGINAL_COMMAND"].contains(&name)
        || name.starts_with("LC_")
}

/// Takes every other variable away, by starting the same program anew in the same process: no library of ours, and none
/// of theirs, can then be led by what a client or a shell has set.
///
/// # Errors
/// The program cannot be started anew.
pub fn forget_environment() -> io::Result<()> {
    let (kept, others): (Vec<_>, Vec<_>) = std::env::vars_os().partition(|(name, _)| is_kept(name));
    if others.is_empty() {
        return Ok(());
    }
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let again = |program: &OsStr| {
        let mut command = Command::new(program);
        if let [name, rest @ ..] = &arguments[..] {
            command.arg0(name).args(rest);
        }
        command.env_clear().envs(kept.clone()).exec()
    };
    // By its own name, so that it is called dukao in the list of processes; under it another version may lie by now.
    let failed = again(std::env::current_exe()?.as_os_str());
    if failed.kind() == io::ErrorKind::NotFound { Err(again(OsStr::new("/proc/self/exe"))) } else { Err(failed) }
}

/// From here on the process, its threads and its children start no program: `execve` fails with EPERM.
///
/// # Errors
/// The kernel has no such filter, or not for this processor.
pub fn start_no_programs() -> io::Result<()> {
    seccompiler::apply_filter_all_threads(&no_programs()?).map_err(io::Error::other)
}

fn no_programs() -> io::Result<BpfProgram> {
    let calls = [libc::SYS_execve, libc::SYS_execveat].into_iter().chain(other_calls());
    let rules: BTreeMap<i64, _> = calls.map(|call| (call, Vec::new())).collect();
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).map_err(io::Error::other)?);
    let architecture = std::env::consts::ARCH.try_into().map_err(io::Error::other)?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refused, architecture).map_err(io::Error::other)?;
    BpfProgram::try_from(filter).map_err(io::Error::other)
}

/// The same two calls by their numbers of the x32 ABI, which passes for x86-64.
fn other_calls() -> impl Iterator<Item = i64> {
    let x32 = if cfg!(target_arch = "x86_64") { &[0x4000_0000 + 520, 0x4000_0000 + 545][..] } else { &[] };
    x32.iter().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_keeps_what_sshd_and_the_terminal_say_and_nothing_else() {
        for kept in ["TERM", "LANG", "LC_ALL", "LC_MESSAGES", "SSH_ORIGINAL_COMMAND", "SSH_USER_AUTH"] {
            assert!(is_kept(OsStr::new(kept)), "{kept}");
        }
        for gone in ["DUKAO_DATABASE", "XDG_STATE_HOME", "HOME", "PATH", "TMPDIR", "LD_PRELOAD", "SSH_AUTH_SOCK"] {
            assert!(!is_kept(OsStr::new(gone)), "{gone}");
        }
    }

    #[test]
    fn a_thread_under_the_filter_starts_nothing() {
        // The filter holds for the thread that sets it and those that it makes: the other tests go on.
        let program = no_programs().expect("a filter");
        let started = std::thread::spawn(move || {
            assert!(Command::new("/bin/true").status().is_ok(), "before");
            seccompiler::apply_filter(&program).expect("applied");
            Command::new("/bin/true").status().map_err(|e| e.kind())
        });
        assert_eq!(started.join().expect("a thread").err(), Some(io::ErrorKind::PermissionDenied));
    }
}
