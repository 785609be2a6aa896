//! 导出. What can be written of the round on the screen: a menu of documents, then the name of the file. Whoever came by
//! SSH or sudo writes no file as the account: there a line of the menu copies the command that makes a file of his own.

use super::menu::{Choice, Menu, Prompt};
use super::screen::{Message, Sight, Wish};
use crate::domain::district::RoundIx;
use crate::domain::value::Bilingual;
use crate::store::{Actor, access};
use crate::text::Text;

mod file;

use file::OUTPUT;
pub use file::{destination, there};

/// The documents and tables of the menu: what it is called, the words of the command, the ending of the file.
pub const OFFERED: [(Text, &str, &str); 11] = [
    (Text::ExportBulletin, "bulletin", "docx"),
    (Text::ExportBulletin, "bulletin", "xlsx"),
    (Text::ExportBulletin, "bulletin", "html"),
    (Text::ExportBulletin, "bulletin", "md"),
    (Text::ExportScores, "scores", "xlsx"),
    (Text::ExportScores, "scores", "csv"),
    (Text::ExportProjects, "projects", "xlsx"),
    (Text::ExportProjects, "projects", "csv"),
    (Text::ExportLedger, "ledger", "csv"),
    (Text::ExportDossier, DOSSIER, "docx"),
    (Text::ExportNotice, NOTICE, "docx"),
];

/// 项目档案, of the project under the cursor.
const DOSSIER: &str = "dossier";
/// 整改通知书, of the rectification under the cursor.
const NOTICE: &str = "notice";

/// What is under the cursor: a page of its own can be written of it.
#[derive(Clone, Debug)]
pub enum About {
    /// A project, by its id.
    Project(String),
    /// A rectification, by its id.
    Rectification(String),
}

impl About {
    /// The document of it, and its id.
    fn document(&self) -> (&'static str, &str) {
        match self {
            Self::Project(id) => (DOSSIER, id),
            Self::Rectification(id) => (NOTICE, id),
        }
    }
}

/// The words of `dukao export`, without where it goes.
fn words(what: &str, about: &str, ending: &str, round: &str, sight: &Sight<'_>) -> Vec<String> {
    let mut words = vec!["export".to_owned(), what.to_owned()];
    if !about.is_empty() {
        words.extend(["--subject".to_owned(), about.to_owned()]);
    }
    if !round.is_empty() {
        words.extend(["--round".to_owned(), round.to_owned()]);
    }
    words.extend(["--format".to_owned(), ending.to_owned()]);
    words.extend(sight.data.as_of.iter().flat_map(|day| ["--as-of".to_owned(), day.to_string()]));
    words
}

/// Why somebody names no file, where he does not.
#[must_use]
pub fn no_files(actor: &Actor) -> Option<Text> {
    let way = if actor.via.starts_with("sudo:") { Text::ExportBySudo } else { Text::ExportAtHome };
    actor.names_no_files().then_some(way)
}

/// The menu of what can be exported; of a round where one is shown, of what is under the cursor.
#[must_use]
pub fn menu(sight: &Sight<'_>, round: Option<RoundIx>, about: Option<&About>) -> Menu {
    let plan = &sight.data.plan;
    let id = round.map_or("", |r| plan.round(r).id.as_str());
    let refused = no_files(sight.actor);
    let choice = |(name, what, ending): (Text, &'static str, &'static str)| {
        let of_round = ["bulletin", "scores"].contains(&what);
        let id = if of_round { id } else { "" };
        let one = about.map(About::document).filter(|(document, _)| *document == what).map_or("", |(_, id)| id);
        let words = words(what, one, ending, id, sight);
        let named = match (of_round, one) {
            (true, _) => id,
            (false, "") => plan.district.id.as_str(),
            (false, one) => one,
        };
        let file = format!("{named}-{what}.{ending}");
        let then = match refused {
            Some(why) => at_home(&words, &file, why),
            None => Wish::Ask(to_file(words, &file, ending)),
        };
        let why = match round {
            _ if what == DOSSIER && one.is_empty() => Some(Text::ExportNeedsProject.both(&[])),
            _ if what == NOTICE && one.is_empty() => Some(Text::ExportNeedsRectification.both(&[])),
            None if of_round => Some(Text::ExportNoRound.both(&[])),
            Some(round) if of_round => access::sees_round(sight.data, sight.actor, round).err().map(|e| e.text()),
            _ => None,
        };
        Choice { refused: why, ..Choice::new(name.both(&[]), vec![then]).noted(Bilingual::new(ending, ending)) }
    };
    let called = round.map_or_else(Bilingual::default, |r| plan.round(r).both());
    let notes = refused.iter().map(|why| why.both(&[])).collect();
    Menu::new(Text::ExportTitle.both2(&[&called.zh], &[&called.en]), notes, OFFERED.map(choice).into())
}

/// Asks for the file, one proposed.
fn to_file(words: Vec<String>, proposed: &str, ending: &'static str) -> Prompt {
    Prompt::new(Text::ExportTo.both(&[]), proposed, move |text, _| {
        let mut words = words.clone();
        words.extend([OUTPUT.to_owned(), file::named(text, ending)?]);
        Ok(vec![Wish::Say(Message::plain(Text::ReportRunning.both(&[&words[..2].join(" ")]))), Wish::Export(words)])
    })
}

/// The command that brings it to one's own machine, or by sudo into a file of one's own.
fn at_home(words: &[String], file: &str, refused: Text) -> Wish {
    let (by, said) = match refused {
        Text::ExportBySudo => ("sudo -u dukao dukao", Text::ExportCopiedBySudo),
        _ => ("ssh 主机", Text::ExportCopied),
    };
    let text = format!("{by} {} > {file}", words.join(" "));
    let said = said.both(&[&text]);
    Wish::CopyCells { text, said }
}
