//! What is generated from the program and kept in the repository: the key tables of both READMEs, and the pictures.
//!
//! `just documents` writes them anew; here they are compared, so that none of them is older than the program.

use std::path::{Path, PathBuf};

use dukao::domain::value::Lang;
use dukao::tui::glyphs::Skin;
use dukao::tui::keydoc;
use dukao::tui::theme::{Colours, Theme};
use dukao::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::Session;

mod svg;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Compares a document with what it should be, or writes it where the environment says so.
#[track_caller]
fn is_fresh(path: &str, wanted: &str) {
    let is = std::fs::read_to_string(at(path)).unwrap_or_default();
    if is == wanted {
        return;
    }
    assert!(std::env::var_os("DUKAO_DOCUMENTS").is_some(), "{path} is older than the program: run `just documents`");
    std::fs::create_dir_all(at(path).parent().expect("a folder")).expect("the folder");
    std::fs::write(at(path), wanted).expect("the document");
}

#[test]
fn the_key_tables_of_the_readmes_are_the_programs() {
    const BEGIN: &str = "<!-- dukao keys --markdown -->\n";
    const END: &str = "<!-- end -->";
    for (path, lang) in [("README.md", Lang::En), ("README.zh-CN.md", Lang::Zh)] {
        let text = std::fs::read_to_string(at(path)).expect("the README");
        let (before, rest) = text.split_once(BEGIN).expect("the beginning of the key table");
        let (_, after) = rest.split_once(END).expect("the end of the key table");
        is_fresh(path, &format!("{before}{BEGIN}{}{END}{after}", keydoc::markdown(lang)));
    }
}

/// The views in the READMEs: a name, and the keys that lead there.
const VIEWS: [(&str, &str); 4] = [("overview", ""), ("projects", "2"), ("boards", "3"), ("scores", "5")];

#[test]
fn the_pictures_are_the_programs() {
    for lang in [Lang::Zh, Lang::En] {
        for (skin, (columns, rows)) in [(Skin::Safe, (80, 24)), (Skin::Line, (120, 36))] {
            for (name, keys) in VIEWS {
                let mut session = Session::looking(lang);
                session.press(keys);
                let theme = Theme::new(skin, "default", Colours::Sixteen);
                let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
                let drawn = terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
                let code = if lang == Lang::Zh { "zh" } else { "en" };
                let skin = if skin == Skin::Safe { "safe" } else { "line" };
                is_fresh(&format!("docs/pictures/{name}-{skin}-{code}.svg"), &svg::picture(drawn.buffer));
            }
        }
    }
}
