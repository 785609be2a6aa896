//! 身份. Who somebody is, by the source that the district names (`reliability.md` §5).

use nix::unistd::{Uid, User};

use crate::domain::district::{IdentitySource, Plan};
use crate::domain::value::Bilingual;
use crate::store::{Actor, Error, Store, access};

/// Who runs the program: by real uid, or by `SUDO_UID` where the district says so.
///
/// A uid that no person has belongs to a viewer, unless it owns the database and the plan identifies nobody by uid or is
/// the sample: the sample must be editable by whoever tries it.
///
/// # Errors
/// The district identifies people by ssh or sudo, and this is neither; or the database is gone.
pub fn local(store: &Store) -> Result<Actor, Error> {
    let uid = rustix::process::getuid().as_raw();
    let sudo = std::env::var("SUDO_UID").ok().and_then(|text| text.parse().ok());
    identify(store.plan(), uid, sudo, rustix::process::geteuid().as_raw(), store.owner_uid()?)
}

/// Who the forced command of sshd says it is. The fingerprint is that of the key that was proved, where it is known.
///
/// # Errors
/// No such login in the plan in force.
pub fn ssh(plan: &Plan, login: &str, fingerprint: Option<&str>) -> Result<Actor, Error> {
    if plan.person(login).is_none() {
        return Err(refused(format!("计划里没有 {login}"), format!("the plan has no person {login}")));
    }
    Ok(Actor::person(plan, login, format!("ssh:{}", fingerprint.unwrap_or("unknown"))))
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
