//! 记住的. What a person last chose on the screen, as it stands in a file of his own between two sessions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::App;
use super::look::{Skin, Theme};
use super::palette::REMEMBERED;
use super::screen::{Screen, Sight};
use super::screens::ballots::three_digits_tell;
use super::search::Search;
use super::sorting::Arrangement;
use crate::domain::district::RoundKind;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Lang, MoneyUnit};

/// One view: how its table is arranged, what it is searched for, where its cursor stood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct View {
    /// Ids of the columns sorted by, `-` before those whose largest come first; empty = as usual.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<String>,
    /// Ids of the columns left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The filter as typed.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub filter: String,
    /// Earlier filters, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<String>,
    /// Place of the chip from the left.
    pub chip: usize,
    /// Id of the round that was chosen; empty = the one that is due.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub round: String,
    /// 同一人: the login.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub person: String,
    /// 同一对象: the subject.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subject: String,
    /// The code of the unit whose entries are shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// Where the cursor stood: id of the row, behind the name of its block where there are several.
    #[serde(skip_serializing_if = "String::is_empty")]
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
            past: search.past().to_vec(),
            chip,
            row: row.unwrap_or_default().to_owned(),
            ..Self::default()
        }
    }
}

/// 记住的
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Remembered {
    lang: Option<String>,
    skin: Option<String>,
    theme: Option<String>,
    money: Option<String>,
    recent: Vec<String>,
    /// 满三位进格
    auto_advance: bool,
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

/// The views by their names in the file, in the order of `Tab::ALL`. View 5 remembers its round and its row.
const VIEWS: [&str; 7] = ["overview", "projects", "boards", "targets", SCORES, "rectifications", "history"];
const SCORES: &str = "scores";

impl App {
    /// View 5: which round was chosen, and where its cursor stood.
    fn scores_kept(&self, data: &Snapshot) -> View {
        let chosen = self.ballots.round.or(self.scores.round.filter(|r| Some(*r) != data.assessment_round()));
        let row = self.scores.grid.row.item().map(|p| data.plan.project(p).id.clone());
        View {
            round: chosen.map(|r| data.plan.round(r).id.clone()).unwrap_or_default(),
            row: row.unwrap_or_default(),
            ..View::default()
        }
    }

    fn restore_scores(&mut self, kept: &View, sight: &Sight<'_>) {
        let data = sight.data;
        match data.plan.round_ix(&kept.round).map(|r| (r, data.plan.round(r).kind)) {
            Some((round, RoundKind::Observation)) => self.ballots.show(round, sight),
            Some((round, RoundKind::Assessment)) => self.scores.show_round(round, sight),
            None => {}
        }
        if let Some(project) = data.plan.project_ix(&kept.row) {
            self.scores.show(data, project);
        }
    }

    /// What is to be remembered now.
    #[must_use]
    pub fn remembered(&self) -> Remembered {
        let screens: [&dyn Screen; 7] = [
            &self.overview,
            &self.projects,
            &self.boards,
            &self.targets,
            &self.scores,
            &self.rectifications,
            &self.history,
        ];
        let views = self.data.iter().flat_map(|data| {
            let kept = |name: &str, screen: &dyn Screen| match name {
                SCORES => Some(self.scores_kept(data)),
                _ => screen.kept(data),
            };
            VIEWS.iter().zip(screens).filter_map(move |(name, s)| Some(((*name).to_owned(), kept(name, s)?)))
        });
        Remembered {
            lang: self.look.lang.map(|l| l.name().to_owned()),
            skin: self.look.skin.map(|s| s.name().to_owned()),
            theme: self.look.theme.map(|t| t.name().to_owned()),
            money: Some(self.targets.money).filter(|m| *m != MoneyUnit::default()).map(|m| m.id().to_owned()),
            recent: self.recent.clone(),
            auto_advance: self.ballots.auto_advance,
            views: views.collect(),
        }
    }

    /// Goes on where the person left off; once, when the data is there.
    pub fn restore(&mut self, remembered: &Remembered) {
        self.look.lang = remembered.lang.as_deref().and_then(Lang::named);
        self.lang = self.look.lang.unwrap_or(self.lang);
        self.look.skin = remembered.skin.as_deref().and_then(Skin::named);
        self.look.theme = remembered.theme.as_deref().and_then(Theme::named);
        self.targets.money = remembered.money.as_deref().and_then(MoneyUnit::named).unwrap_or_default();
        self.recent = remembered.recent.iter().take(REMEMBERED).cloned().collect();
        self.seeing(|app, sight, _| {
            app.ballots.auto_advance = remembered.auto_advance && three_digits_tell(&sight.data.plan);
            for (name, screen) in VIEWS.iter().zip(app.screens()) {
                if let Some(view) = remembered.views.get(*name).filter(|_| *name != SCORES) {
                    screen.restore(view, sight);
                }
            }
            if let Some(view) = remembered.views.get(SCORES) {
                app.restore_scores(view, sight);
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
            lang: Some("en".into()),
            skin: Some("line".into()),
            theme: None,
            money: Some("wan".into()),
            recent: vec!["do:lang en".into()],
            auto_advance: true,
            views: BTreeMap::from([("projects".to_owned(), view)]),
        };
        assert_eq!(Remembered::parse(&all.text()), all);
    }
}
