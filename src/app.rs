//! 状态. What is on the screen and what a key decides; no terminal, no SQL, no threads.
//!
//! [`App::update`] is the only place where state changes, and what it wants done leaves it as [`msg::Effect`]s.

use std::sync::Arc;

use crate::domain::border::LARGEST_PASTE;
use crate::domain::change::Draft;
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
use crate::store::{
    Action as Right, Actor, Chain, Conflict, Error, LedgerEntry, Matter, Present, Query, Reply, Request, may,
};
use crate::text::Text;

use action::Action;
use arrange::{Arrange, What};
use attractions::Attractions;
use copied::Much;
use entry::Entry;
use filter::Index;
use grid::Answer;
use look::Look;
use modal::{Dossier, Help, Modal, Scroll};
use msg::{Effect, Msg};
use screen::{Context, Message, Screen, Sight, Tab, Wish};
use screens::ballots::Ballots;
use screens::boards::Boards;
use screens::history::History;
use screens::overview::Overview;
use screens::projects::Projects;
use screens::rectifications::Rectifications;
use screens::scores::Scores;
use screens::targets::Targets;
use undo::Turns;

pub mod action;
pub mod arrange;
pub mod attention;
pub mod attractions;
pub mod copied;
pub mod cursor;
pub mod day;
pub mod entry;
pub mod explain;
pub mod exporting;
pub mod field;
pub mod filter;
pub mod form;
pub mod grid;
pub mod look;
pub mod menu;
pub mod modal;
pub mod msg;
pub mod palette;
mod panel;
pub mod picked;
pub mod place;
pub mod pointer;
pub mod record;
pub mod related;
pub mod remembered;
mod replies;
mod run;
pub mod screen;
pub mod screens;
pub mod search;
pub mod sheet;
pub mod sorting;
mod undo;
mod wishes;

/// Most bytes that are worth sending to a clipboard through a terminal.
const CLIPBOARD: usize = 64 * 1024;

/// How many entries the overview shows.
const RECENT: usize = 3;

/// Asks for one entry of the ledger.
fn of_entry(seq: u64) -> Query {
    Query { before: Some(seq + 1), ..Query::of(None, 1) }
}

/// 程序状态
pub struct App {
    /// Language of the screen.
    pub lang: Lang,
    /// Who sits here.
    pub actor: Actor,
    /// Which view.
    pub tab: Tab,
    /// The district; none before the first answer of the store.
    pub data: Option<Arc<Snapshot>>,
    /// Names with readings.
    pub index: Index,
    /// 总览
    pub overview: Overview,
    /// 项目
    pub projects: Projects,
    /// 榜单
    pub boards: Boards,
    /// 任务
    pub targets: Targets,
    /// 评分：认定
    pub scores: Scores,
    /// 评分：打分票
    pub ballots: Ballots,
    /// 整改
    pub rectifications: Rectifications,
    /// 记录
    pub history: History,
    /// What lies over the screen.
    pub modal: Option<Modal>,
    /// The message row.
    pub message: Option<Message>,
    /// Who else is in the same grid.
    pub others: Vec<Present>,
    /// What is wrong with the database or its disk: nothing can be saved.
    pub damage: Option<Bilingual>,
    /// 放大: the block with the focus has the whole screen, until Esc or another view.
    pub zoom: bool,
    /// The terminal: columns, rows.
    pub size: (u16, u16),
    /// The person wants the mouse.
    pub mouse: bool,
    /// The list that takes the keys, as last drawn.
    pub list: Option<pointer::ListedRows>,
    /// Where the names of the views stand, as last drawn.
    pub tabs: pointer::Tabs,
    /// Numbers of the entries that this session saved.
    pub saved: Vec<u64>,
    /// How the person wants it to look.
    pub look: Look,
    /// Ids of the last uses of the palette, the newest first.
    pub recent: Vec<String>,
    /// Everything that the message row said.
    said: Vec<Message>,
    /// The entry of the ledger that somebody wants to see, until the ledger is there.
    sought: Option<u64>,
    ticket: u64,
    interrupted: bool,
    /// Leaving view 5 was asked about: the same key again leaves.
    leaving: bool,
    /// Cells of view 5 that were dropped without saving.
    dropped: usize,
    turns: Turns,
    /// What else is on its way, by ticket.
    writes: std::collections::BTreeMap<u64, (Bilingual, Vec<Draft>)>,
    /// How far the chain of the ledger was followed, and where it is broken.
    pub chain: Chain,
}

impl App {
    /// A session of somebody, before any data has arrived.
    #[must_use]
    pub fn new(lang: Lang, actor: Actor) -> Self {
        Self {
            lang,
            actor,
            tab: Tab::default(),
            data: None,
            index: Index::default(),
            overview: Overview::default(),
            projects: Projects::default(),
            boards: Boards::default(),
            targets: Targets::default(),
            scores: Scores::default(),
            ballots: Ballots::default(),
            rectifications: Rectifications::default(),
            history: History::default(),
            modal: None,
            message: None,
            others: Vec::new(),
            damage: None,
            zoom: false,
            size: (80, 24),
            mouse: false,
            list: None,
            tabs: pointer::Tabs::default(),
            saved: Vec::new(),
            look: Look::default(),
            recent: Vec::new(),
            said: Vec::new(),
            sought: None,
            ticket: 0,
            interrupted: false,
            leaving: false,
            dropped: 0,
            turns: Turns::default(),
            writes: std::collections::BTreeMap::new(),
            chain: Chain::default(),
        }
    }

    /// Which rows of the key table are in force.
    #[must_use]
    pub fn context(&self) -> Context {
        match &self.modal {
            Some(modal) => modal.context(),
            None if self.data.is_none() => Context::Any,
            None => self.shown().context(),
        }
    }

    fn shown_mut(&mut self) -> &mut dyn Screen {
        match self.tab {
            Tab::Overview => &mut self.overview,
            Tab::Projects => &mut self.projects,
            Tab::Boards => &mut self.boards,
            Tab::Targets => &mut self.targets,
            Tab::Scores if self.ballots.round.is_some() => &mut self.ballots,
            Tab::Scores => &mut self.scores,
            Tab::Rectifications => &mut self.rectifications,
            Tab::History => &mut self.history,
        }
    }

    /// The screen of the view, as it is.
    #[must_use]
    pub fn shown(&self) -> &dyn Screen {
        match self.tab {
            Tab::Overview => &self.overview,
            Tab::Projects => &self.projects,
            Tab::Boards => &self.boards,
            Tab::Targets => &self.targets,
            Tab::Scores if self.on_ballots() => &self.ballots,
            Tab::Scores => &self.scores,
            Tab::Rectifications => &self.rectifications,
            Tab::History => &self.history,
        }
    }

    /// Whether view 5 shows the ballot matrix.
    #[must_use]
    pub fn on_ballots(&self) -> bool {
        self.tab == Tab::Scores && self.ballots.round.is_some()
    }

    /// The row of a grid in which the person is, `<round>/<project>`: what other sessions are told.
    #[must_use]
    pub fn whereabouts(&self) -> Option<String> {
        let data = self.data.as_ref().filter(|_| self.tab == Tab::Scores)?;
        let (round, project) = if self.on_ballots() {
            (self.ballots.round?, self.ballots.cell()?.1)
        } else {
            (self.scores.round?, self.scores.cell()?.0)
        };
        Some(format!("{}/{}", data.plan.round(round).id, data.plan.project(project).id))
    }

    /// Every screen, in the order of [`Tab::ALL`]; the ballot matrix, which shares a view, is the last.
    fn screens(&mut self) -> Vec<&mut dyn Screen> {
        vec![
            &mut self.overview,
            &mut self.projects,
            &mut self.boards,
            &mut self.targets,
            &mut self.scores,
            &mut self.rectifications,
            &mut self.history,
            &mut self.ballots,
        ]
    }

    /// How many cells and lines were typed and are not saved.
    fn unsaved(&self) -> usize {
        let typed = self.modal.as_ref().map_or(0, Modal::unsaved);
        self.scores.unsaved_cells() + self.ballots.grid.unsaved_cells() + typed
    }

    /// The line that the main screen shows after the program has ended, if anything was saved or dropped.
    #[must_use]
    pub fn farewell(&self) -> Option<Bilingual> {
        let dropped = self.dropped + self.unsaved();
        let (first, last) = (self.saved.first(), self.saved.last());
        match (first, last) {
            (Some(first), Some(last)) => Some(Text::Farewell.both(&[&self.saved.len(), first, last, &dropped])),
            _ if dropped > 0 => Some(Text::FarewellDropped.both(&[&dropped])),
            _ => None,
        }
    }

    /// Answers one message; the only place where state changes.
    #[must_use]
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        let mut effects = self.answer(msg);
        effects.extend(self.ask_ledger());
        if let Some(message) = &self.message
            && self.said.last() != Some(message)
        {
            self.said.push(message.clone());
        }
        effects
    }

    fn answer(&mut self, msg: Msg) -> Vec<Effect> {
        if !matches!(msg, Msg::Reply(_) | Msg::Resize(..) | Msg::Report(..) | Msg::Exported(_) | Msg::FileThere { .. })
        {
            self.message = None;
            self.scores.grid.fresh.clear();
            self.ballots.grid.fresh.clear();
            if !matches!(msg, Msg::Action(Action::Undo)) {
                self.turns.forget();
            }
        }
        let leaves = match &msg {
            Msg::Reply(_) => true,
            Msg::Action(action) => action.leaves(),
            _ => false,
        };
        // Who chooses in the palette where to go is still leaving.
        let leaves = leaves || matches!(self.modal, Some(Modal::Palette(_)));
        self.leaving &= leaves || matches!(msg, Msg::Resize(..));
        if !matches!(msg, Msg::Action(Action::Interrupt)) && !matches!(msg, Msg::Reply(_)) {
            self.interrupted = false;
        }
        match msg {
            Msg::Resize(columns, rows) => {
                self.size = (columns.clamp(20, 500), rows.clamp(5, 200));
                Vec::new()
            }
            Msg::Reply(reply) => self.answered(reply),
            Msg::Report(report, text) => self.reported(report, &text),
            Msg::Exported(text) => self.exported(&text),
            Msg::FileThere { words, free } => self.file_there(words, free),
            Msg::Action(action) => self.act(action),
            Msg::Edit(field::Edit::Insert(c)) if c.is_alphabetic() && self.in_number() => {
                self.message = Some(Message::plain(Text::DigitsOnly.both(&[])));
                Vec::new()
            }
            Msg::Edit(step) if self.edit_form(step) => Vec::new(),
            Msg::Edit(step) => {
                match &mut self.modal {
                    Some(modal) => {
                        if let Some(field) = modal.field() {
                            field.edit(step);
                        }
                        self.typed_in_modal();
                    }
                    None => return self.decide(|screen, sight| screen.edit(step, sight)),
                }
                Vec::new()
            }
            Msg::Char(c) => {
                // What lies over the grid hears its own keys and nothing else.
                let over_grid = matches!(self.context(), Context::Preview | Context::Conflict);
                if self.modal.is_none() && !over_grid {
                    self.with_screen(|screen, sight| {
                        if let Some(search) = screen.search_mut() {
                            search.open(Some(c));
                            screen.typed(sight);
                        }
                        Vec::new()
                    });
                }
                Vec::new()
            }
            Msg::Paste(text) if text.len() > LARGEST_PASTE => {
                self.message = Some(Message::loud(Text::PasteTooLarge.both(&[])));
                Vec::new()
            }
            Msg::Paste(text) if self.paste_form(&text) => Vec::new(),
            Msg::Paste(text) => {
                if let Some(modal) = &mut self.modal {
                    if let Some(field) = modal.field() {
                        field.paste(&text);
                    }
                    self.typed_in_modal();
                    return Vec::new();
                }
                self.decide(|screen, sight| screen.paste(&text, sight))
            }
        }
    }

    /// Whether a cell of numbers is being typed.
    fn in_number(&self) -> bool {
        matches!(self.tab, Tab::Scores | Tab::Boards) && self.modal.is_none() && self.context() == Context::Cell
    }

    /// What is searched for in the grid that is shown, where nothing is found.
    #[must_use]
    pub fn found_no_row(&self) -> Option<&str> {
        let (search, rows) = if self.on_ballots() {
            (&self.ballots.search, self.ballots.grid.rows.len())
        } else {
            (&self.scores.search, self.scores.grid.rows.len())
        };
        Some(search.text()).filter(|text| rows == 0 && !text.is_empty())
    }

    /// The prompt of the grid that is shown: what stands before the field, and the field.
    #[must_use]
    pub fn grid_prompt(&self) -> Option<(String, &field::Field)> {
        match self.tab {
            Tab::Scores if self.on_ballots() => {
                self.ballots.grid.prompt.as_ref().map(|p| (p.line(self.lang), &p.field))
            }
            Tab::Scores => self.scores.grid.prompt.as_ref().map(|p| (p.line(self.lang), &p.field)),
            _ => None,
        }
    }

    /// The conflict of the grid that is shown: both values, and what now.
    #[must_use]
    pub fn grid_conflict(&self) -> Option<&Bilingual> {
        match self.tab {
            Tab::Scores if self.on_ballots() => self.ballots.grid.conflict.as_ref().map(|c| &c.line),
            Tab::Scores => self.scores.grid.conflict.as_ref().map(|c| &c.line),
            _ => None,
        }
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Redraw => return vec![Effect::Redraw],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Mouse => {
                self.mouse = !self.mouse;
                let text = if self.mouse { Text::MouseOn } else { Text::MouseOff };
                self.message = Some(Message::plain(text.both(&[])));
                return Vec::new();
            }
            Action::Export => return self.ask_export(None),
            Action::Interrupt if self.interrupted => return vec![Effect::Quit],
            Action::Interrupt => {
                self.interrupted = true;
                self.message = Some(match self.unsaved() {
                    0 => Message::plain(Text::OnceMore.both(&[])),
                    n => Message::loud(Text::OnceMoreDrops.both(&[&n])),
                });
                return Vec::new();
            }
            Action::Help if !matches!(self.modal, Some(Modal::Help(_))) => {
                let help = Help::new(self.context());
                self.modal = Some(Modal::Help(help).over(self.modal.take()));
                return Vec::new();
            }
            _ => {}
        }
        if self.modal.is_some() {
            return self.act_modal(action);
        }
        match action {
            Action::View(n) => match Tab::ALL.get(usize::from(n).wrapping_sub(1)) {
                Some(tab) => self.go_asking(*tab),
                None => self.act(Action::Nothing),
            },
            Action::Nothing => {
                self.message = Some(Message::plain(Text::NotHere.both(&[])));
                Vec::new()
            }
            Action::ViewNext => self.go_asking(Tab::ALL[self.tab.digit() % Tab::ALL.len()]),
            Action::ViewPrev => self.go_asking(Tab::ALL[(self.tab.digit() + Tab::ALL.len() - 2) % Tab::ALL.len()]),
            Action::Quit => vec![Effect::Quit],
            Action::Undo | Action::Redo => self.turn(action == Action::Undo),
            Action::Reload => vec![Effect::Send(Request::Load)],
            Action::SaveHint => {
                self.message = Some(Message::plain(match self.saved.last() {
                    Some(seq) => Text::SavedAlways.both(&[seq]),
                    None => Text::SavedAlwaysNone.both(&[]),
                }));
                Vec::new()
            }
            Action::Zoom => {
                self.zoom = !self.zoom;
                Vec::new()
            }
            Action::Back if self.zoom => {
                self.zoom = false;
                Vec::new()
            }
            Action::Explain => self.explain_shown(),
            Action::Palette => self.open_palette(false),
            Action::Jump => self.open_palette(true),
            Action::Sort => self.arrange(What::Sort),
            Action::Columns => self.arrange(What::Columns),
            Action::SortReverse => self.decide(|screen, sight| {
                if let Some(arrangement) = screen.arrangement() {
                    arrangement.reverse();
                    screen.refresh(sight);
                }
                Vec::new()
            }),
            Action::Copy | Action::CopyTable => self.decide(|screen, sight| {
                let much = if action == Action::Copy { Much::Picked } else { Much::Whole };
                match screen.copied(much, sight) {
                    Some(wish) => vec![wish],
                    None => screen.update(action, sight),
                }
            }),
            action => self.decide(|screen, sight| screen.update(action, sight)),
        }
    }

    /// Opens the dialog of the table's sort or columns, where it has one.
    fn arrange(&mut self, what: What) -> Vec<Effect> {
        self.modal = self.shown_mut().arrangement().map(|a| Modal::Arrange(Arrange::new(what, a)));
        Vec::new()
    }
}
