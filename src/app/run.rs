//! 执行. What the palette's entries do once they are chosen.

use std::sync::Arc;

use super::App;
use super::action::Action;
use super::exporting::{self, About};
use super::modal::Modal;
use super::msg::Effect;
use super::palette::command::{Command, Report};
use super::palette::entry::{Entry, Run};
use super::palette::{self, Palette, REMEMBERED};
use super::screen::{Message, Sight, Tab, Wish};
use super::sheet::Sheet;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Bilingual;
use crate::store::{Error, LedgerEntry, Request};
use crate::text::Text;

impl App {
    /// Lets something be done with what is seen; nothing without data.
    pub(super) fn seeing<T>(&mut self, decide: impl FnOnce(&mut Self, &Sight<'_>, &Arc<Snapshot>) -> T) -> Option<T> {
        let data = self.data.clone()?;
        let index = std::mem::take(&mut self.index);
        let actor = self.actor.clone();
        let sight = Sight { data: &data, index: &index, actor: &actor, lang: self.lang };
        let decided = decide(self, &sight, &data);
        self.index = index;
        Some(decided)
    }

    /// Opens the palette, or only its places.
    pub(super) fn open_palette(&mut self, jump: bool) -> Vec<Effect> {
        self.seeing(|app, sight, _| {
            let mut all = palette::entry::all(sight);
            all.extend(app.recent.iter().filter_map(|id| palette::command::remembered(id, sight)));
            app.modal = Some(Modal::Palette(Palette::new(all, jump, &app.recent, sight)));
        });
        Vec::new()
    }

    /// After a step of typing in a panel.
    pub(super) fn typed_in_modal(&mut self) {
        self.with_palette(|palette, recent, sight| palette.typed(recent, sight));
    }

    fn with_palette(&mut self, change: impl FnOnce(&mut Palette, &[String], &Sight<'_>)) {
        self.seeing(|app, sight, _| {
            if let Some(Modal::Palette(palette)) = &mut app.modal {
                change(palette, &app.recent, sight);
            }
        });
    }

    pub(super) fn act_palette(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Close => self.modal = None,
            Action::Complete => self.with_palette(Palette::complete),
            Action::Run => {
                let chosen = match &self.modal {
                    Some(Modal::Palette(palette)) => palette.chosen().cloned(),
                    _ => None,
                };
                return chosen.map(|entry| self.choose(&entry)).unwrap_or_default();
            }
            action => {
                if let Some(Modal::Palette(palette)) = &mut self.modal {
                    palette.take(action);
                }
            }
        }
        Vec::new()
    }

    fn choose(&mut self, entry: &Entry) -> Vec<Effect> {
        if let Run::More(_) = entry.run {
            self.with_palette(Palette::complete);
            return Vec::new();
        }
        let context = self.shown().context();
        let refused = self.seeing(|_, sight, _| palette::refusal(entry, context, sight)).flatten();
        if let Some(why) = refused {
            self.message = Some(Message::loud(why));
            return Vec::new();
        }
        self.recent.retain(|id| *id != entry.id);
        self.recent.insert(0, entry.id.clone());
        self.recent.truncate(REMEMBERED);
        self.modal = None;
        match &entry.run {
            Run::Key(_, action) => self.act(*action),
            Run::Go(place) => {
                let (place, data) = (place.clone(), self.data.clone());
                data.map(|data| self.show(place, &data)).unwrap_or_default()
            }
            Run::Do(command) => self.command(*command, &entry.name),
            Run::More(_) => Vec::new(),
        }
    }

    fn command(&mut self, command: Command, name: &Bilingual) -> Vec<Effect> {
        match command {
            Command::Lang(lang) => {
                (self.lang, self.look.lang) = (lang, Some(lang));
                self.refresh_all();
                return vec![Effect::Redraw];
            }
            Command::Skin(skin) => self.look.skin = Some(skin),
            Command::Theme(theme) => self.look.theme = Some(theme),
            Command::Plain => {
                self.look.plain ^= true;
                // The terminal's own selection needs the mouse.
                self.mouse &= !self.look.plain;
            }
            Command::Export(what) => return self.ask_export(Some(what)),
            Command::Import => {
                let lines = [Text::ImportWhere, Text::ImportTry, Text::ImportWrite, Text::ImportTypes];
                let lines = lines.iter().map(|line| line.both(&[])).collect();
                self.modal = Some(Modal::Sheet(Sheet::new(Text::DoImport.both(&[]), lines)));
                return Vec::new();
            }
            Command::Hints(on) => self.look.quiet = !on,
            Command::AsOf(day) => return vec![Effect::Send(Request::AsOf(day))],
            Command::Messages => {
                let mut lines: Vec<Bilingual> = self.said.iter().map(|m| m.text.clone()).collect();
                if lines.is_empty() {
                    lines.push(Text::NoMessages.both(&[]));
                }
                self.modal = Some(Modal::Sheet(Sheet::from_end(Text::MessagesTitle.both(&[]), lines)));
                return Vec::new();
            }
            Command::Report(report) => {
                self.message = Some(Message::plain(Text::ReportRunning.both(&[&report.name()])));
                return vec![Effect::Report(report)];
            }
            Command::Record(sheet) => {
                let data = self.data.clone();
                let wish = self.seeing(|app, sight, _| {
                    let known = app.under_cursor(sheet, sight);
                    super::form::open::opened(super::form::open::new(sheet, &known, sight), sight)
                });
                return wish.zip(data).map(|(w, d)| self.grant(w, &d)).unwrap_or_default();
            }
            Command::Round(step, round) => {
                let wish = self.seeing(|_, sight, _| palette::command::step(step, round, sight));
                let data = self.data.clone();
                return wish.zip(data).map(|(w, d)| self.grant(w, &d)).unwrap_or_default();
            }
        }
        self.message = Some(Message::plain(match (command, self.look.plain) {
            (Command::Plain, true) => Text::PlainOn.both(&[]),
            (Command::Plain, false) => Text::PlainOff.both(&[]),
            _ => Text::LookIs.both2(&[&name.zh], &[&name.en]),
        }));
        let skin = matches!(command, Command::Skin(_)).then_some(Effect::Skin);
        skin.into_iter().chain([Effect::Redraw]).collect()
    }

    /// The entry that was sought, in full.
    pub(super) fn found(&mut self, seq: u64, found: Result<Vec<LedgerEntry>, Error>) {
        self.sought = None;
        if self.modal.as_ref().is_some_and(|m| m.unsaved() > 0) {
            return;
        }
        match found.map(|entries| entries.into_iter().find(|e| e.seq == seq)) {
            Ok(Some(entry)) => {
                let data = self.data.clone();
                self.modal = data.map(|d| Modal::Entry(super::entry::Entry::new(entry, &d, &self.actor)));
            }
            Ok(None) => self.message = Some(Message::loud(Text::NoSuchEntry.both(&[&seq]))),
            Err(error) => self.message = Some(Message::loud(error.text())),
        }
    }

    /// What another command printed, to be read.
    pub(super) fn reported(&mut self, report: Report, text: &str) -> Vec<Effect> {
        self.message = None;
        let lines = text.lines().map(|l| Bilingual::new(l, l)).collect();
        let title = format!("dukao {}", report.name());
        // Whoever is typing something is not to be interrupted: it waits among the messages.
        if self.modal.is_some() || self.context().takes_text() {
            self.said.extend(text.lines().map(|l| Message::plain(Bilingual::new(l, l))));
        } else {
            self.modal = Some(Modal::Sheet(Sheet::new(Bilingual::new(&title, &title), lines)));
        }
        Vec::new()
    }

    /// What can be exported of what is on the screen, the cursor on a document where one was named.
    pub(super) fn ask_export(&mut self, document: Option<&str>) -> Vec<Effect> {
        let on_ballots = self.on_ballots();
        let shown = match self.tab {
            Tab::Boards => self.boards.round,
            Tab::Scores if on_ballots => self.ballots.round,
            Tab::Scores => self.scores.round,
            _ => None,
        };
        let data = self.data.clone();
        let menu = self.seeing(|app, sight, _| {
            let round = shown.or_else(|| crate::store::access::newest_seen(sight.data, sight.actor));
            let menu = exporting::menu(sight, round, app.exported_of(sight).as_ref());
            match exporting::OFFERED.iter().position(|(_, what, _)| Some(*what) == document) {
                Some(line) => menu.standing_at(line),
                None => menu,
            }
        });
        menu.zip(data).map(|(menu, data)| self.grant(Wish::Menu(menu), &data)).unwrap_or_default()
    }

    /// The project or rectification under the cursor, of which a page can be written.
    fn exported_of(&self, sight: &Sight<'_>) -> Option<About> {
        let project = match (&self.modal, self.tab) {
            (Some(Modal::Dossier(dossier)), _) => Some(dossier.project),
            (_, Tab::Projects) => self.projects.cursor.item(),
            (_, Tab::Scores) if !self.on_ballots() => self.scores.grid.row.item(),
            (_, Tab::Rectifications) => {
                return self.rectifications.selected(sight.data).map(|(id, _)| About::Rectification(id.to_owned()));
            }
            _ => None,
        };
        project.map(|p| About::Project(sight.data.plan.project(p).id.clone()))
    }

    /// What an export said: one line, loud where it failed.
    pub(super) fn exported(&mut self, text: &str) -> Vec<Effect> {
        let line = text.lines().find(|l| !l.trim().is_empty()).unwrap_or_default();
        let both = Bilingual::new(line, line);
        let failed = line.starts_with("error:");
        self.message = Some(if failed { Message::loud(both) } else { Message::plain(both) });
        Vec::new()
    }

    /// The file of an export is there already: it is asked about before anything is written.
    pub(super) fn file_there(&mut self, words: Vec<String>, free: String) -> Vec<Effect> {
        self.message = None;
        let data = self.data.clone();
        let menu = exporting::there(words, &free);
        menu.zip(data).map(|(menu, data)| self.grant(Wish::Menu(menu), &data)).unwrap_or_default()
    }

    /// Every screen finds its place again.
    pub(super) fn refresh_all(&mut self) {
        self.seeing(|app, sight, _| {
            for screen in app.screens() {
                screen.refresh(sight);
            }
        });
    }
}
