//! 钥匙文件. Lines of sshd's `authorized_keys` as this program needs them: what a line opens, and what is wrong in it.

use super::public_key::PublicKey;
use super::words::words;
use crate::domain::value::{Bilingual, Date};

/// Options that give back what `restrict` takes away, or let a client set what it may not.
const LOOSE: [&str; 8] = [
    "port-forwarding",
    "agent-forwarding",
    "x11-forwarding",
    "user-rc",
    "tunnel",
    "environment",
    "permitlisten",
    "cert-authority",
];
/// Characters by which a shell would run more than the one program.
const SHELL: [char; 12] = [';', '&', '|', '$', '`', '<', '>', '(', ')', '*', '?', '#'];

/// 钥匙. One line that holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyLine {
    /// Counted from 1.
    pub number: usize,
    /// As it stands there.
    pub text: String,
    /// Whom its command names.
    pub login: Option<String>,
    /// The key, if it is one.
    pub key: Option<PublicKey>,
    /// The day from whose beginning it opens nothing any more.
    pub expires: Option<Date>,
    /// What is wrong, a sentence each.
    pub problems: Vec<Bilingual>,
}

/// The line for a person's key. Paths and login hold nothing that a shell or sshd would read.
#[must_use]
pub fn line(command: &str, expires: Option<Date>, key: &PublicKey, login: &str) -> String {
    let expiry =
        expires.map_or_else(String::new, |day| format!("expiry-time=\"{}\",", day.to_string().replace('-', "")));
    format!("restrict,pty,{expiry}command=\"{command}\" {} {} {login}", key.kind, key.base64)
}

/// Reads every line with a key; `known` says whether the plan has a login.
#[must_use]
pub fn read(text: &str, today: Date, known: impl Fn(&str) -> bool) -> Vec<KeyLine> {
    let mut lines: Vec<KeyLine> = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut read = one(i + 1, line, today, &known);
        let same =
            |l: &&KeyLine| l.key.is_some() && l.key.as_ref().map(|k| &k.base64) == read.key.as_ref().map(|k| &k.base64);
        if let Some(first) = lines.iter().find(same) {
            let n = first.number;
            read.problems.push(Bilingual::new(
                format!("与第 {n} 行是同一把钥匙，sshd 只认前一行"),
                format!("the same key as in line {n}, which is the one that sshd takes"),
            ));
        }
        lines.push(read);
    }
    lines
}

fn one(number: usize, text: &str, today: Date, known: &impl Fn(&str) -> bool) -> KeyLine {
    let mut line =
        KeyLine { number, text: text.to_owned(), login: None, key: None, expires: None, problems: Vec::new() };
    let mut say = |zh: String, en: String| line.problems.push(Bilingual::new(zh, en));
    let (options, rest) = match PublicKey::parse(text) {
        Ok(_) => (Vec::new(), text),
        Err(_) => options(text),
    };
    match PublicKey::parse(rest) {
        Ok(key) => line.key = Some(key),
        Err(why) => say(why.zh, why.en),
    }
    let has = |name: &str| options.iter().any(|(option, _)| option.eq_ignore_ascii_case(name));
    if !has("restrict") {
        say("没有 restrict：能转发端口".into(), "without restrict: it forwards ports".into());
    }
    for loose in LOOSE.into_iter().filter(|name| has(name)) {
        say(format!("{loose} 放开了 restrict 关上的"), format!("{loose} opens what restrict closes"));
    }
    let value = |name: &str| {
        options.iter().find(|(option, _)| option.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    };
    match value("command") {
        None => say("没有 command：给的是 shell".into(), "without a command: it gives a shell".into()),
        Some(command) => {
            line.login = named(command).map(Some).unwrap_or_else(|why| {
                say(why.zh, why.en);
                after_as(command)
            });
            if let Some(login) = line.login.as_ref().filter(|login| !known(login)) {
                say(format!("计划里没有 {login}"), format!("the plan has no person {login}"));
            }
        }
    }
    match value("expiry-time").map(day) {
        Some(Some(day)) => {
            line.expires = Some(day);
            if day <= today {
                say(format!("{day} 起已过期"), format!("expired on {day}"));
            }
        }
        Some(None) => say("expiry-time 读不懂".into(), "expiry-time cannot be read".into()),
        None => {}
    }
    line
}

/// Whom the forced command names; why it is not the one that is needed.
fn named(command: &str) -> Result<String, Bilingual> {
    if command.contains(SHELL) {
        return Err(Bilingual::new("command 里有 shell 的字符", "its command holds characters of a shell"));
    }
    let words = words(command)?;
    let [first, .., session, option, login] = &words[..] else {
        return Err(no_session());
    };
    if first != "exec" {
        return Err(Bilingual::new(
            "command 没有以 exec 开头：断线后程序收不到信号",
            "its command does not begin with exec: the program would not hear that the connection is gone",
        ));
    }
    if (session.as_str(), option.as_str()) != ("session", "--as") {
        return Err(no_session());
    }
    Ok(login.clone())
}

fn no_session() -> Bilingual {
    Bilingual::new("command 不以 session --as 登录名 结尾", "its command does not end in session --as LOGIN")
}

/// The word behind `--as`, of a command that is wrong otherwise.
fn after_as(command: &str) -> Option<String> {
    let mut words = command.split_whitespace();
    words.find(|word| *word == "--as")?;
    Some(words.next()?.trim_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').to_owned())
}

/// `20261231`, also with a time behind it.
fn day(text: &str) -> Option<Date> {
    let digits = text.strip_suffix('Z').unwrap_or(text);
    if !matches!(digits.len(), 8 | 12 | 14) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]).parse().ok()
}

/// Options with their values, and what stands behind them: the first blank outside quotes ends them.
fn options(text: &str) -> (Vec<(String, String)>, &str) {
    let (mut options, mut name, mut value, mut in_value) = (Vec::new(), String::new(), String::new(), false);
    let (mut quoted, mut letters) = (false, text.char_indices().peekable());
    let mut end = text.len();
    while let Some((at, c)) = letters.next() {
        let part = if in_value { &mut value } else { &mut name };
        match c {
            '\\' if quoted && letters.peek().is_some_and(|(_, next)| *next == '"') => {
                letters.next();
                part.push('"');
            }
            '"' => quoted = !quoted,
            ' ' | '\t' if !quoted => {
                end = at;
                break;
            }
            ',' if !quoted => {
                options.push((std::mem::take(&mut name), std::mem::take(&mut value)));
                in_value = false;
            }
            '=' if !in_value => in_value = true,
            c => part.push(c),
        }
    }
    options.push((name, value));
    (options, text[end..].trim_start())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJrA9kuAxXImYgmP/7tsXFgtuflcJOc6lyzBpZy3I9Bm";
    const COMMAND: &str = "exec /usr/bin/dukao --district /etc/dukao session --as zhang";

    fn problems(line: &str) -> Vec<String> {
        let today = "2026-07-12".parse().expect("a day");
        let lines = read(line, today, |login| login == "zhang");
        lines.into_iter().flat_map(|l| l.problems).map(|p| p.en).collect()
    }

    fn of(options: &str) -> String {
        format!("{options} {KEY} zhang")
    }

    #[test]
    fn what_is_printed_is_what_is_wanted() {
        let key = PublicKey::parse(KEY).expect("a key");
        let printed = line(COMMAND, "2026-12-31".parse().ok(), &key, "zhang");
        let wanted = format!("restrict,pty,expiry-time=\"20261231\",command=\"{COMMAND}\" {KEY} zhang");
        assert_eq!(printed, wanted);
        let today = "2026-07-12".parse().expect("a day");
        let read = read(&format!("# keys\n\n{printed}\n"), today, |login| login == "zhang");
        assert_eq!((read[0].number, read[0].login.as_deref()), (3, Some("zhang")));
        assert_eq!(read[0].key.as_ref(), Some(&key));
        assert_eq!((read[0].expires.map(|d| d.to_string()), read[0].problems.len()), (Some("2026-12-31".into()), 0));
    }

    #[test]
    fn each_hole_in_a_line_is_named() {
        let good = of(&format!("restrict,pty,command=\"{COMMAND}\""));
        assert_eq!(problems(&good), Vec::<String>::new());
        for (line, said) in [
            (KEY.to_owned(), "without a command"),
            (of("restrict,pty"), "without a command"),
            (of(&format!("pty,command=\"{COMMAND}\"")), "without restrict"),
            (good.replace("exec ", ""), "begin with exec"),
            (good.replace("--as zhang\"", "--as wang\""), "no person wang"),
            (good.replace("--as zhang\"", "--as zhang; id\""), "characters of a shell"),
            (good.replace("session --as zhang\"", "status\""), "session --as LOGIN"),
            (good.replace("--as zhang\"", "--as zhang --json\""), "session --as LOGIN"),
            (good.replace("pty,", "pty,Port-Forwarding,"), "port-forwarding opens"),
            (good.replace("pty,", "pty,environment=\"LD_PRELOAD=/tmp/x\","), "environment opens"),
            (good.replace("pty,", "pty,expiry-time=\"20260712\","), "expired on 2026-07-12"),
            (good.replace("pty,", "pty,expiry-time=\"soon\","), "cannot be read"),
            (good.replace("I9Bm", "I9B"), "cut off"),
            (format!("{good}\n{good}"), "the same key as in line 1"),
        ] {
            assert!(problems(&line).iter().any(|p| p.contains(said)), "{line}: {:?}", problems(&line));
        }
    }

    #[test]
    fn whose_it_is_is_known_also_of_a_line_that_is_wrong() {
        let today = "2026-07-12".parse().expect("a day");
        let bad = of("command=\"/usr/bin/dukao session --as zhang\"");
        assert_eq!(read(&bad, today, |_| true)[0].login.as_deref(), Some("zhang"));
    }
}
