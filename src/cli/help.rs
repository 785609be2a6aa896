//! 帮助. The command line in Chinese: its help, and what is said of words that are no command.
//!
//! The English texts are the comments of the commands themselves, so a row here begins with one.

mod chinese;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, CommandFactory as _, FromArgMatches as _, ValueEnum as _};

use super::failure::Failure;
use super::{Cli, Language, Options, folder};
use crate::domain::value::Lang;

const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

/// The command line, its texts in a language.
#[must_use]
pub fn command(lang: Lang) -> clap::Command {
    // What every command has comes after what it has alone.
    let ours = Cli::command().mut_args(|arg| if arg.is_global_set() { arg.display_order(100) } else { arg });
    match lang {
        Lang::En => ours,
        Lang::Zh => in_chinese(ours.disable_version_flag(true)).arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("打印版本")
                .help_heading(OPTIONS),
        ),
    }
}

/// Reads words as a command; what is wrong with them is said in the language that they ask for.
///
/// # Errors
/// They are no command, or ask for help.
pub fn read(words: impl IntoIterator<Item = OsString>, server: &Options) -> Result<Cli, clap::Error> {
    let words: Vec<OsString> = words.into_iter().collect();
    let lang = language(&words, server);
    Cli::from_arg_matches(&command(lang).try_get_matches_from(words)?)
}

/// The language to speak of words that may be no command.
#[must_use]
pub fn language(words: &[OsString], server: &Options) -> Lang {
    let said = |option: &str| {
        let behind = words.iter().skip(1).map(Some).chain([None]);
        words.iter().zip(behind).find_map(|(word, next)| match word.to_str()?.strip_prefix(option)? {
            "" => next?.to_str().map(ToOwned::to_owned),
            rest => rest.strip_prefix('=').map(ToOwned::to_owned),
        })
    };
    let lang = said("--lang").and_then(|l| Language::from_str(&l, false).ok());
    let set = std::env::var_os("DUKAO_DISTRICT").map(PathBuf::from);
    let district = said("--district").map(PathBuf::from).or(set);
    folder::language(&Options {
        lang: lang.or(server.lang),
        district: server.district.clone().or(district),
        ..Options::default()
    })
}

const OPTIONS: &str = "选项";

fn in_chinese(mut command: clap::Command) -> clap::Command {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let short = chinese::of(&about).to_owned();
    command = command.about(short.clone()).long_about(short);
    command = command.help_template(TEMPLATE).subcommand_help_heading("命令").disable_help_flag(true);
    let own: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
    for id in own {
        command = command.mut_arg(id, argument_in_chinese);
    }
    command = command
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::Help).help("打印帮助").help_heading(OPTIONS));
    let below: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    for name in below {
        command = command.mut_subcommand(name, in_chinese);
    }
    command
}

/// What clap would add in English (values, default, variable) is said here.
fn argument_in_chinese(arg: Arg) -> Arg {
    let mut help = arg.get_help().map(|h| chinese::of(&h.to_string()).to_owned()).unwrap_or_default();
    let mut long = help.clone();
    let takes_value = arg.get_action().takes_values();
    let values = if takes_value { arg.get_possible_values() } else { Vec::new() };
    let shown: Vec<&clap::builder::PossibleValue> = values.iter().filter(|v| !v.is_hide_set()).collect();
    if !shown.is_empty() {
        let names: Vec<&str> = shown.iter().map(|v| v.get_name()).collect();
        help.push_str(&format!("：{}", names.join("、")));
        for value in shown {
            let meant = value.get_help().map(|h| format!("：{}", chinese::of(&h.to_string()))).unwrap_or_default();
            long.push_str(&format!("\n- {}{meant}", value.get_name()));
        }
    }
    let mut more = String::new();
    if takes_value && let Some(default) = arg.get_default_values().first().filter(|d| !d.is_empty()) {
        more.push_str(&format!("（默认 {}）", default.to_string_lossy()));
    }
    if let Some(variable) = arg.get_env() {
        more.push_str(&format!("（环境变量 {}）", variable.to_string_lossy()));
    }
    help.push_str(&more);
    long.push_str(&more);
    let heading = if arg.is_positional() { "参数" } else { OPTIONS };
    let arg = arg.help(help).long_help(long).help_heading(heading).hide_env(true);
    if takes_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
}

/// Why words are no command; none where only help was asked for, or clap's own text has to do.
#[must_use]
pub fn wrong(error: &clap::Error) -> Option<Failure> {
    let context = |kind| error.get(kind);
    let one = |kind| context(kind).map(named).unwrap_or_default();
    let arg = one(ContextKind::InvalidArg);
    let value = one(ContextKind::InvalidValue);
    let zh = match error.kind() {
        ErrorKind::UnknownArgument if arg.starts_with('-') => format!("没有选项 {arg}"),
        ErrorKind::UnknownArgument => format!("多出的参数「{arg}」"),
        ErrorKind::InvalidSubcommand => format!("没有命令「{}」", one(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面要有值"),
        ErrorKind::InvalidValue => format!("{arg} 没有「{value}」；可为 {}", one(ContextKind::ValidValue)),
        ErrorKind::ValueValidation => format!("{arg} 读不懂「{value}」：{}", reason(error)),
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::ArgumentConflict if one(ContextKind::PriorArg) == arg => format!("{arg} 只能写一次"),
        ErrorKind::ArgumentConflict => format!("{arg} 不能与 {} 同用", one(ContextKind::PriorArg)),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 的值个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令行不是 UTF-8 文字".to_owned(),
        _ => return None,
    };
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    // Of several the nearest comes last.
    let near = near.into_iter().map(one).find(|near| !near.is_empty());
    let near = near.as_deref().and_then(|near| near.split('、').next_back());
    let usage = one(ContextKind::Usage).replacen("Usage: ", "", 1);
    let next = match near {
        Some(near) => format!("是不是 {near}？"),
        None if usage.is_empty() => "dukao --help 列出全部命令和选项".to_owned(),
        None => format!("用法：{usage}"),
    };
    let en = error.to_string();
    let en = en.lines().next().unwrap_or_default();
    Some(Failure::usage(zh, en.strip_prefix("error: ").unwrap_or(en)).next(next, "see --help"))
}

/// A parser's reason: ours say both wordings, `中文 / English`; those of numbers are English.
fn reason(error: &clap::Error) -> String {
    let source = std::error::Error::source(error);
    if source.is_some_and(|s| s.is::<std::num::ParseIntError>()) {
        return "要一个整数".to_owned();
    }
    let text = source.map(ToString::to_string).unwrap_or_default();
    text.split(" / ").next().unwrap_or_default().to_owned()
}

fn named(value: &ContextValue) -> String {
    let plain = |text: &StyledStr| text.to_string().trim().to_owned();
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::StyledStr(text) => plain(text),
        ContextValue::StyledStrs(texts) => texts.iter().map(plain).collect::<Vec<_>>().join("、"),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn texts(command: &clap::Command, found: &mut BTreeSet<String>) {
        found.extend(command.get_about().map(ToString::to_string));
        for arg in command.get_arguments() {
            found.extend(arg.get_help().map(ToString::to_string));
            found.extend(arg.get_possible_values().iter().filter_map(|v| v.get_help().map(ToString::to_string)));
        }
        for below in command.get_subcommands().filter(|c| !c.is_hide_set()) {
            texts(below, found);
        }
    }

    #[test]
    fn every_text_of_the_help_stands_in_chinese_and_no_row_is_left_over() {
        let mut found = BTreeSet::new();
        texts(&Cli::command(), &mut found);
        let has_han = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let missing: Vec<&String> = found.iter().filter(|t| chinese::of(t) == **t && !has_han(t)).collect();
        let names = ["English", "Markdown", "Word, WPS", "Excel, WPS"];
        assert!(missing.iter().all(|m| names.contains(&m.as_str())), "without Chinese: {missing:#?}");
        let left: Vec<&str> = chinese::TEXTS.iter().map(|row| row.0).filter(|en| !found.contains(*en)).collect();
        assert_eq!(left, Vec::<&str>::new(), "rows of no command");
    }

    #[test]
    fn the_language_is_known_of_words_that_are_no_command() {
        let of = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(Into::into).collect();
            language(&words, &Options { lang: Some(Language::Zh), ..Options::default() })
        };
        assert_eq!(of("dukao bogus --lang en"), Lang::En);
        assert_eq!(of("dukao --lang=en bogus"), Lang::En);
        for line in ["dukao bogus", "dukao --lang", "dukao --language en", "dukao --lang=xx"] {
            assert_eq!(of(line), Lang::Zh, "{line}");
        }
    }

    #[test]
    fn both_languages_read_the_same_words() {
        for lang in [Lang::Zh, Lang::En] {
            command(lang).debug_assert();
            let read = |words: &[&str]| command(lang).try_get_matches_from(words);
            assert!(read(&["dukao", "score", "set", "R", "GY-001", "milestones", "38", "--json"]).is_ok());
            assert_eq!(read(&["dukao", "-V"]).map_err(|e| e.kind()).err(), Some(ErrorKind::DisplayVersion));
            assert_eq!(read(&["dukao", "rank", "-h"]).map_err(|e| e.kind()).err(), Some(ErrorKind::DisplayHelp));
        }
    }

    #[test]
    fn what_is_wrong_with_words_is_said_in_chinese_with_what_would_be_right() {
        let said = |words: &[&str]| {
            let error = command(Lang::Zh).try_get_matches_from(words).expect_err("no command");
            let failure = wrong(&error).expect("a failure");
            format!("{} | {}", failure.message.zh, failure.next.expect("next").zh)
        };
        let rows: [(&[&str], &str); 9] = [
            (&["dukao", "bogus"], "没有命令「bogus」 | 用法：dukao [OPTIONS] [COMMAND]"),
            (&["dukao", "hstory"], "没有命令「hstory」 | 是不是 history？"),
            (&["dukao", "rank", "--ruond", "R"], "没有选项 --ruond | 是不是 --round？"),
            (
                &["dukao", "score", "set", "R"],
                "缺少 <PROJECT>、<CRITERION>、<POINTS> | 用法：dukao score set <ROUND> <PROJECT> <CRITERION> <POINTS>",
            ),
            (
                &["dukao", "export", "bulletin", "--format", "pdf"],
                "--format <FORMAT> 没有「pdf」；可为 docx、xlsx、md、html、csv、json | dukao --help 列出全部命令和选项",
            ),
            (&["dukao", "rank", "--round"], "--round <ROUND> 后面要有值 | dukao --help 列出全部命令和选项"),
            (
                &["dukao", "--as-of", "2014-02-31", "status"],
                "--as-of <DATE> 读不懂「2014-02-31」：日期写作 2014-06-30 | dukao --help 列出全部命令和选项",
            ),
            (
                &["dukao", "history", "--limit", "x"],
                "--limit <LIMIT> 读不懂「x」：要一个整数 | dukao --help 列出全部命令和选项",
            ),
            (&["dukao", "keys", "--markdown", "--json"], "--markdown 不能与 --json 同用 | 用法：dukao keys --markdown"),
        ];
        for (words, expected) in rows {
            assert_eq!(said(words), expected);
        }
    }
}
