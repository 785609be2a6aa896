//! 身份. Who somebody is, by the source that the district names (`reliability.md` §5).

use std::io::Read as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use nix::unistd::{Uid, User};
use rustix::fs::{Mode, OFlags};

use crate::domain::district::{IdentitySource, Plan};
use crate::domain::value::Bilingual;
use crate::store::{Actor, Error, Store, access};

pub mod authorized_keys;
pub mod hardening;
pub mod public_key;
pub mod words;

/// sshd writes a line for each key that was proved.
const LONGEST_AUTH_INFO: u64 = 64 * 1024;

/// Who runs the program: by real uid, or by `SUDO_UID` where the district says so.
///
/// A uid that no person has belongs to a viewer, unless it owns the database and the plan identifies nobody by uid or is
/// the sample: the sample must be editable by whoever tries it.
///
/// # Errors
/// The district identifies people by ssh or sudo, and this is neither; or the database is gone.
pub fn local(store: &Store) -> Result<Actor, Error> {
    let uid = rustix::process::getuid().as_raw();
    identify(store.plan(), uid, sudo_uid(), rustix::process::geteuid().as_raw(), store.owner_uid()?)
}

fn sudo_uid() -> Option<u32> {
    std::env::var("SUDO_UID").ok().and_then(|text| text.parse().ok())
}

/// Whether a person of a district that knows its people by sudo has come that way.
#[must_use]
pub fn came_by_sudo(plan: &Plan) -> bool {
    plan.district.identity == IdentitySource::Sudo && sudo_uid().is_some_and(|uid| login_of(plan, uid).is_some())
}

/// 会话. What the forced command of sshd says, and what sshd itself adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// Whose key it was, by the line in the file of keys.
    pub login: String,
    /// Of the key that was proved; none where sshd does not say (`ExposeAuthInfo no`).
    pub fingerprint: Option<String>,
    /// The server's own command line names the database: a test, or a district that is tried out.
    pub own_database: bool,
}

/// Who the forced command of sshd says it is. Where the key is not known the ledger says so: `ssh:unknown`.
///
/// # Errors
/// The district identifies people otherwise, or the plan in force has no such login.
pub fn ssh(plan: &Plan, session: &Session) -> Result<Actor, Error> {
    if plan.district.identity != IdentitySource::Ssh && !session.own_database {
        return Err(refused(
            "本区不以 SSH 认人：district.toml 里没有 identity = \"ssh\"，或尚未应用",
            "this district does not identify people by SSH: identity = \"ssh\" is not in its district.toml, or not applied",
        ));
    }
    let login = &session.login;
    if plan.person(login).is_none() {
        return Err(refused(format!("计划里没有 {login}"), format!("the plan has no person {login}")));
    }
    let key = session.fingerprint.as_deref().unwrap_or("unknown");
    Ok(Actor::person(plan, login, format!("ssh:{key}")))
}

/// Who looks after the database: the person, or, where nobody is identified locally, the account that owns the file. It
/// reads what everybody may.
///
/// # Errors
/// Neither a person nor the owner.
pub fn caretaker(store: &Store) -> Result<Actor, Error> {
    let (uid, owner) = (rustix::process::getuid().as_raw(), store.owner_uid()?);
    local(store).or_else(|error| {
        let owns = uid == owner && store.plan().district.identity != IdentitySource::Local;
        if owns { Ok(Actor::viewer(unix_name(uid), format!("local:{uid}"))) } else { Err(error) }
    })
}

/// The key that was proved to sshd, from the file that it names to the session alone.
#[must_use]
pub fn proved_key(auth_info: &Path) -> Option<String> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = std::fs::File::from(rustix::fs::open(auth_info, flags, Mode::empty()).ok()?);
    let about = file.metadata().ok()?;
    // A client that may set the variable has no file of this account to name.
    if !about.is_file() || about.uid() != rustix::process::geteuid().as_raw() || about.mode() & 0o077 != 0 {
        return None;
    }
    let mut text = String::new();
    file.take(LONGEST_AUTH_INFO).read_to_string(&mut text).ok()?;
    public_key::proved(&text)
}

fn identify(plan: &Plan, uid: u32, sudo: Option<u32>, euid: u32, owner: u32) -> Result<Actor, Error> {
    match plan.district.identity {
        IdentitySource::Local => Ok(by_uid(plan, uid, owner)),
        IdentitySource::Sudo => sudo
            .filter(|uid| *uid != euid)
            .and_then(|uid| Some(Actor::person(plan, login_of(plan, uid)?, format!("sudo:{uid}"))))
            .ok_or_else(|| {
                refused("请用 sudo 以计划里的账号运行", "run it through sudo, as a person whose uid the plan has")
            }),
        IdentitySource::Ssh => {
            Err(refused("本区只经 SSH 使用（session --as）", "this district is used over SSH only (session --as)"))
        }
    }
}

fn by_uid(plan: &Plan, uid: u32, owner: u32) -> Actor {
    if let Some(login) = login_of(plan, uid) {
        Actor::person(plan, login, format!("local:{uid}"))
    } else if uid == owner && access::owner_rules(plan) {
        Actor::owner(unix_name(uid), uid)
    } else {
        Actor::viewer(unix_name(uid), format!("local:{uid}"))
    }
}

fn login_of(plan: &Plan, uid: u32) -> Option<&str> {
    plan.district.persons.iter().find(|p| p.uid == Some(uid)).map(|p| p.login.as_str())
}

fn unix_name(uid: u32) -> String {
    User::from_uid(Uid::from_raw(uid)).ok().flatten().map_or_else(|| format!("uid{uid}"), |user| user.name)
}

fn refused(zh: impl Into<String>, en: impl Into<String>) -> Error {
    Error::NotPermitted(Bilingual::new(zh, en))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::district::Role;

    fn sample(edit: impl FnOnce(&mut Plan)) -> Plan {
        let mut plan = crate::store::test_plan();
        edit(&mut plan);
        plan
    }

    #[test]
    fn a_uid_of_the_plan_is_that_person() {
        let actor = by_uid(&sample(|_| ()), 1002, 0);
        assert_eq!((actor.login.as_str(), actor.via.as_str(), actor.owner), ("zhang", "local:1002", false));
        assert_eq!(actor.roles, [Role::Scorer]);
    }

    #[test]
    fn the_owner_rules_where_nobody_is_known_by_uid_and_in_the_sample() {
        let nobody = sample(|p| p.district.persons.iter_mut().for_each(|p| p.uid = None));
        let sampled = sample(|p| p.district.sample = true);
        for plan in [&nobody, &sampled] {
            let owner = by_uid(plan, 0, 0);
            assert_eq!((owner.login.as_str(), owner.via.as_str(), owner.owner), ("root", "owner:0", true));
            assert!(!by_uid(plan, 4_000_000, 0).owner);
        }
        let stranger = by_uid(&sample(|_| ()), 0, 0);
        assert_eq!((stranger.owner, stranger.roles.as_slice()), (false, [Role::Viewer].as_slice()));
        assert_eq!(by_uid(&nobody, 4_000_000, 0).login, "uid4000000");
    }

    #[test]
    fn sudo_and_ssh_take_nobody_else() {
        let plan = sample(|p| p.district.identity = IdentitySource::Sudo);
        let via = |sudo| identify(&plan, 0, sudo, 0, 0).map(|a| a.via).map_err(|e| e.exit_code());
        assert_eq!(via(Some(1007)), Ok("sudo:1007".into()));
        for sudo in [None, Some(0), Some(999)] {
            assert_eq!(via(sudo), Err(3));
        }
        let plan = sample(|p| p.district.identity = IdentitySource::Ssh);
        assert!(identify(&plan, 1007, None, 0, 0).is_err());
        let session = |login: &str, fingerprint: Option<&str>| Session {
            login: login.into(),
            fingerprint: fingerprint.map(str::to_owned),
            own_database: false,
        };
        assert_eq!(ssh(&plan, &session("chief", None)).map(|a| a.via), Ok("ssh:unknown".into()));
        let known = ssh(&plan, &session("chief", Some("SHA256:abc"))).expect("known");
        assert_eq!((known.login.as_str(), known.via.as_str()), ("chief", "ssh:SHA256:abc"));
        assert_eq!(ssh(&plan, &session("stranger", None)).map_err(|e| e.exit_code()), Err(3));
        // Where people are known by uid, a session takes nobody, unless the server's own line names the database.
        let local = sample(|p| p.district.identity = IdentitySource::Local);
        assert_eq!(ssh(&local, &session("chief", None)).map_err(|e| e.exit_code()), Err(3));
        assert!(ssh(&local, &Session { own_database: true, ..session("chief", None) }).is_ok());
    }

    #[test]
    fn the_proved_key_is_read_from_a_file_of_ones_own_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::TempDir::new().expect("a folder");
        let file = dir.path().join("auth");
        std::fs::write(&file, "publickey ssh-ed25519 AAAA\n").expect("written");
        let mode = |bits| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(bits)).expect("set");
        mode(0o600);
        assert!(proved_key(&file).is_some_and(|key| key.starts_with("SHA256:")));
        mode(0o644);
        assert_eq!(proved_key(&file), None, "others could have written it");
        mode(0o600);
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        for other in [link.as_path(), dir.path(), Path::new("/dev/zero"), Path::new("/nowhere")] {
            assert_eq!(proved_key(other), None, "{}", other.display());
        }
    }
}
