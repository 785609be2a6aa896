//! `keys`, `completions`, `man`: documents that are generated from what the program does.

use clap::Args;
use clap_complete::Shell;
use serde::Serialize;

use super::failure::Failure;
use super::json::SCHEMA;
use super::{Options, help};
use crate::domain::value::Lang;
use crate::tui::fit;
use crate::tui::keydoc;
use crate::tui::keymap::{Binding, context_name, keys_text};

/// `keys`
#[derive(Debug, Args)]
pub struct Keys {
    /// A Markdown table, as in the README
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

#[derive(Serialize)]
struct KeysDocument {
    schema: u32,
    keys: Vec<KeyRow>,
}

#[derive(Serialize)]
struct KeyRow {
    context: String,
    keys: Vec<String>,
    action: String,
    help_zh: &'static str,
    help_en: &'static str,
}

/// Columns of the keys before what they do: the widest set of keys, within reason.
const KEYS_WIDTH: u16 = 28;

/// Prints the key table of the dashboard.
pub fn keys(options: &Options, args: &Keys) -> Result<(), Failure> {
    let out = super::output(options);
    if args.markdown {
        return out.text(&keydoc::markdown(out.lang));
    }
    let rows = keydoc::printed();
    if options.json {
        let row = |b: &&Binding| KeyRow {
            context: keydoc::context_id(b.context),
            keys: b.keys.iter().map(|key| key.name()).collect(),
            action: keydoc::id(b.action),
            help_zh: b.help.in_lang(Lang::Zh),
            help_en: b.help.in_lang(Lang::En),
        };
        return out.json(&KeysDocument { schema: SCHEMA, keys: rows.iter().map(row).collect() });
    }
    let said = |b: &Binding| (context_name(b.context).in_lang(out.lang), keys_text(b), b.help.in_lang(out.lang));
    if out.width.is_none() {
        let mut text = out.say("何处\t键\t作用\n", "where\tkeys\twhat they do\n").to_owned();
        for (place, keys, help) in rows.into_iter().map(said) {
            text.push_str(&format!("{place}\t{keys}\t{help}\n"));
        }
        return out.text(&text);
    }
    let mut lines = Vec::new();
    let mut before = "";
    for (place, keys, help) in rows.into_iter().map(said) {
        if place != before {
            lines.extend((!before.is_empty()).then(String::new));
            lines.push(place.to_owned());
            before = place;
        }
        lines.push(format!("  {} {help}", fit::left(&keys, KEYS_WIDTH)));
    }
    out.lines(&lines)
}

/// Prints the completions of a shell.
pub fn completions(options: &Options, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    let out = super::output(options);
    clap_complete::generate(shell, &mut help::command(out.lang), "dukao", &mut script);
    out.text(&String::from_utf8_lossy(&script))
}

/// Prints the manual page, in roff.
pub fn man(options: &Options) -> Result<(), Failure> {
    let mut page = Vec::new();
    let out = super::output(options);
    clap_mangen::Man::new(help::command(out.lang)).render(&mut page)?;
    out.text(&String::from_utf8_lossy(&page))
}
