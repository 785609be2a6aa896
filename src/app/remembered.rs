//! 记住的. What a person last chose on the screen, as it stands in a file of his own between two sessions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::App;
use super::look::{Skin, Theme};
use super::palette::REMEMBERED;
use super::screen::{Screen, Tab};
use super::search::Search;
use super::sorting::Arrangement;

/// One view: how its table is arranged, what it is searched for, where its cursor stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// Ids of the columns sorted by, `-` before those whose largest come first; empty = as usual.
    pub sort: Vec<String>,
    /// Ids of the columns left out.
    pub hidden: Vec<String>,
    /// The filter as typed.
    pub filter: String,
    /// Place of the chip from the left.
    pub chip: usize,
    /// Id of the row under the cursor.
    pub row: String,
}

impl View {
    /// The table as it is.
    #[must_use]
    pub fn of(arrangement: &Arrangement, search: &Search, chip: usize, row: Option<&str>) -> Self {
        let sort = if arrangement.is_usual() { Vec::new() } else { arrangement.sort_ids() };
        Self {
            sort,
            hidden: arrangement.hidden_ids(),
            filter: search.text().to_owned(),
            chip,
            row: row.unwrap_or_default().to_owned(),
        }
    }
}

/// 记住的
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    skin: Option<String>,
    theme: Option<String>,
    recent: Vec<String>,
    views: BTreeMap<String, View>,
}

impl Remembered {
    /// Reads the file; what cannot be read is as if nothing had been remembered.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        toml::from_str(text).unwrap_or_default()
    }

    /// The file.
    #[must_use]
    pub fn text(&self) -> String {
        // Strings, lists and tables always have a TOML form.
        toml::to_string(self).unwrap_or_default()
    }

    /// The same apart from where the cursors stand, which changes with every key.
    #[must_use]
    pub fn without_rows(&self) -> Self {
        let mut same = self.clone();
        same.views.values_mut().for_each(|v| v.row.clear());
        same
    }
}

/// The views that remember, by their names in the file.
const VIEWS: [(Tab, &str); 2] = [(Tab::Projects, "projects"), (Tab::Rectifications, "rectifications")];

impl App {
    fn view_mut(&mut self, tab: Tab) -> &mut dyn Screen {
        match tab {
            Tab::Rectifications => &mut self.rectifications,
            _ => &mut self.projects,
        }
    }

    /// What is to be remembered now.
    #[must_use]
    pub fn remembered(&self) -> Remembered {
        let screens: [(&str, &dyn Screen); 2] = [(VIEWS[0].1, &self.projects), (VIEWS[1].1, &self.rectifications)];
        let views = self.data.iter().flat_map(|data| {
            screens.iter().filter_map(|(name, screen)| Some(((*name).to_owned(), screen.kept(data)?)))
        });
        Remembered {
            skin: self.look.skin.map(|s| s.name().to_owned()),
            theme: self.look.theme.map(|t| t.name().to_owned()),
            recent: self.recent.clone(),
            views: views.collect(),
        }
    }

    /// Goes on where the person left off; once, when the data is there.
    pub fn restore(&mut self, remembered: &Remembered) {
        self.look.skin = remembered.skin.as_deref().and_then(Skin::named);
        self.look.theme = remembered.theme.as_deref().and_then(Theme::named);
        self.recent = remembered.recent.iter().take(REMEMBERED).cloned().collect();
        self.seeing(|app, sight, _| {
            for (tab, name) in VIEWS {
                if let Some(view) = remembered.views.get(name) {
                    app.view_mut(tab).restore(view, sight);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_read_is_as_none() {
        for text in ["", "skin = 3", "\u{0}\u{1}garbage", "[views]\nprojects = 7", "views = \"x\""] {
            assert_eq!(Remembered::parse(text), Remembered::default(), "{text:?}");
        }
        let known = Remembered::parse("skin = \"line\"\nfuture = 1\n[views.projects]\nfilter = \"lcz\"\n");
        assert_eq!(known.skin.as_deref(), Some("line"), "a key of a newer version is left aside");
        assert_eq!(known.views["projects"].filter, "lcz");
    }

    #[test]
    fn what_is_written_is_read_again() {
        let view = View { sort: vec!["-lag".into()], filter: "\"学 校\" | lag>3".into(), ..View::default() };
        let all = Remembered {
            skin: Some("line".into()),
            theme: None,
            recent: vec!["do:lang en".into()],
            views: BTreeMap::from([("projects".to_owned(), view)]),
        };
        assert_eq!(Remembered::parse(&all.text()), all);
    }
}
