//! What `doctor` says of the terminal it runs in: what was measured, which skin follows from that, and what could be set
//! better. Only on a terminal; nothing of it is an ailment.

use std::io::Write as _;

use crate::cli::Options;
use crate::cli::failure::Failure;
use crate::cli::output::{Color, Output};
use crate::domain::value::Lang;
use crate::tui::glyphs::Skin;
use crate::tui::probe::{self, Answer};
use crate::tui::run::Settings;
use crate::tui::terminal::{self, Guard, Tty};
use crate::tui::theme::{Colours, colours_of};

/// Glyphs that terminals disagree about, ten cells of each if they are as wide as they should be.
const RULER: [(&str, usize); 6] = [("中", 5), ("─", 10), ("●", 10), ("“", 10), ("▁", 10), ("1234567890", 1)];

/// Why the dashboard would look as it would.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    /// `--skin`, the person's last choice, or the district's `ui.skin`.
    Chosen,
    /// Somebody between us and the person would answer.
    Multiplexer,
    /// All glyphs are one cell wide.
    Narrow,
    /// Some glyph is two cells wide.
    Wide,
    /// No answer in time.
    Silent,
}

impl Reason {
    fn of(settings: Settings, answer: &Answer) -> Self {
        if settings.skin.is_some() {
            Self::Chosen
        } else if settings.multiplexer {
            Self::Multiplexer
        } else if answer.widths().len() < probe::GLYPHS.len() {
            Self::Silent
        } else if answer.skin() == Skin::Line {
            Self::Narrow
        } else {
            Self::Wide
        }
    }

    /// Why, and what could be done.
    fn said(self, lang: Lang) -> [&'static str; 2] {
        match (self, lang) {
            (Self::Chosen, Lang::Zh) => ["已指定", "对不齐时改用 --skin safe，或 auto 重新测量"],
            (Self::Chosen, Lang::En) => {
                ["it was chosen", "if lines do not meet: --skin safe, or auto to measure again"]
            }
            (Self::Multiplexer, Lang::Zh) => [
                "tmux、screen、mosh 只会替自己回答，测了也不算",
                "下面的尺子若对齐，可用 --skin line；在程序里按 : 输入 skin line 则会记住",
            ],
            (Self::Multiplexer, Lang::En) => [
                "tmux, screen or mosh would answer for itself",
                "if the ruler below is straight: --skin line, or type skin line behind : in the program to have it remembered",
            ],
            (Self::Narrow, Lang::Zh) => ["线条和符号都占一格", "不用改"],
            (Self::Narrow, Lang::En) => ["lines and marks are one cell wide", "nothing to change"],
            (Self::Wide, Lang::Zh) => [
                "有的符号占两格，画线会错位",
                "想要线条：PuTTY 在 Window > Translation 去掉 Treat CJK ambiguous characters as wide；\
                 Xshell、MobaXterm、mintty 把模糊宽度字符设为窄",
            ],
            (Self::Wide, Lang::En) => [
                "some marks are two cells wide, lines would not meet",
                "for lines: PuTTY, Window > Translation, untick Treat CJK ambiguous characters as wide; elsewhere set \
                 ambiguous characters to narrow",
            ],
            (Self::Silent, Lang::Zh) => {
                ["终端没有及时回答", "下面的尺子若对齐，可用 --skin line；在程序里按 : 输入 skin line 则会记住"]
            }
            (Self::Silent, Lang::En) => [
                "no answer in time",
                "if the ruler below is straight: --skin line, or type skin line behind : in the program to have it remembered",
            ],
        }
    }
}

/// Measures the terminal and prints what was found, if there is one that can be measured.
///
/// # Errors
/// Stdout cannot be written.
pub fn examine(options: &Options, out: &Output, skin: Option<Skin>) -> Result<(), Failure> {
    let variable = |name: &str| std::env::var(name).ok();
    if terminal::check(variable("TERM").as_deref()).is_err() {
        return Ok(());
    }
    let settings = Settings::from_env(skin, variable);
    let answer = measured(settings).unwrap_or_default();
    if answer.is_gbk() {
        // Such a terminal shows neither our Chinese nor our punctuation: bytes in its own encoding.
        return Ok(std::io::stdout().write_all(&terminal::gbk_advice())?);
    }
    let option = match options.color {
        Color::Auto => None,
        Color::Always => Some(true),
        Color::Never => Some(false),
    };
    let colours = colours_of(variable("NO_COLOR").as_deref(), variable("TERM").as_deref(), option);
    out.lines(&lines(out.lang, settings, &answer, colours, variable))
}

/// On the alternate screen, so that nothing of what stands on the main one is lost.
fn measured(settings: Settings) -> std::io::Result<Answer> {
    let _guard = Guard::enter()?;
    probe::measure(&mut Tty, probe::patience(settings.ssh))
}

fn lines(
    lang: Lang,
    settings: Settings,
    answer: &Answer,
    colours: Colours,
    variable: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let say = |zh, en| if lang == Lang::Zh { zh } else { en };
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| variable(name).filter(|value| !value.is_empty()));
    let (columns, rows) = terminal::size();
    let colours = match colours {
        Colours::None => say("无，只用粗体、反显、下划线", "none, only bold, reverse, underline"),
        Colours::Sixteen => say("16 色", "16"),
        Colours::TwoFiftySix => say("256 色", "256"),
    };
    let none = || "--".to_owned();
    let widths: Vec<String> = answer.widths().iter().map(|(glyph, cells)| format!("{glyph} {cells}")).collect();
    let measured = if widths.is_empty() { none() } else { widths.join("  ") };
    let reason = Reason::of(settings, answer);
    let skin = match (settings.skin, reason) {
        (Some(Skin::Line), _) | (None, Reason::Narrow) => "line",
        _ => "safe",
    };
    let [why, advice] = reason.said(lang);
    let facts = [
        (say("终端", "terminal"), format!("TERM={}  {columns}x{rows}", variable("TERM").unwrap_or_else(none))),
        (say("语言区域", "locale"), locale.unwrap_or_else(none)),
        (say("颜色", "colours"), colours.to_owned()),
        (say("量得", "measured"), measured),
        (say("面", "skin"), format!("{skin}: {why}")),
        (say("建议", "advice"), advice.to_owned()),
    ];
    let mut lines = vec![String::new()];
    lines.extend(facts.into_iter().map(|(name, value)| match lang {
        Lang::Zh => format!("{name}：{value}"),
        Lang::En => format!("{name:<9}  {value}"),
    }));
    lines.push(
        say("尺子：右边的竖线对齐，则各字宽度正常", "ruler: all is well where the right bars stand in line").to_owned(),
    );
    lines.extend(RULER.iter().map(|(glyph, count)| format!("  |{}|", glyph.repeat(*count))));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(skin: Option<Skin>, multiplexer: bool) -> Settings {
        Settings { skin, ssh: false, multiplexer, screen: false, suspend: true, titles: true }
    }

    #[test]
    fn the_reason_is_what_decides() {
        let silent = Answer::default();
        assert_eq!(Reason::of(settings(None, false), &silent), Reason::Silent);
        assert_eq!(Reason::of(settings(None, true), &silent), Reason::Multiplexer);
        assert_eq!(Reason::of(settings(Some(Skin::Line), true), &silent), Reason::Chosen);
    }

    #[test]
    fn everything_measured_is_said_in_both_languages() {
        let variable = |name: &str| (name != "LC_ALL").then(|| format!("a {name}"));
        for lang in [Lang::Zh, Lang::En] {
            let text = lines(lang, settings(None, false), &Answer::default(), Colours::None, variable).join("\n");
            for part in ["TERM=a TERM", "a LC_CTYPE", "safe: ", "--skin line", "|中中中中中|"] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }
}
