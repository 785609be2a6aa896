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
        assert_eq!(ssh(&plan, "chief", None).map(|a| a.via), Ok("ssh:unknown".into()));
        assert!(ssh(&plan, "stranger", None).is_err());
    }
}
