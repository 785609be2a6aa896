//! 面板. What lies over a screen: the help, the dossier of a project, the derivation of a figure,
//! a menu.

use super::action::Action;
use super::arrange::Arrange;
use super::attractions::Attractions;
use super::cursor::Cursor;
use super::entry::Entry;
use super::explain::Explain;
use super::field::Field;
use super::form::Form;
use super::menu::{Confirm, Menu, Prompt};
use super::palette::Palette;
use super::screen::Context;
use super::sheet::Sheet;
use crate::domain::district::ProjectIx;
use crate::domain::snapshot::Snapshot;
use crate::store::{Error, LedgerEntry, Query};

/// 面板
#[derive(Debug)]
pub enum Modal {
    /// 帮助
    Help(Help),
    /// 项目档案
    Dossier(Dossier),
    /// 推算
    Explain(Explain),
    /// 菜单
    Menu(Menu),
    /// 提问
    Prompt(Prompt),
    /// 确认
    Confirm(Confirm),
    /// 条目
    Entry(Entry),
    /// 招商项目
    Attractions(Attractions),
    /// 排序、选列
    Arrange(Arrange),
    /// 命令面板
    Palette(Palette),
    /// Lines to read.
    Sheet(Sheet),
    /// 登记表
    Form(Box<Form>),
}

/// A panel that is drawn instead of the screen.
#[derive(Debug)]
pub enum Whole<'a> {
    /// 帮助
    Help(&'a mut Help),
    /// 项目档案
    Dossier(&'a mut Dossier),
    /// 条目
    Entry(&'a mut Entry),
    /// 招商项目
    Attractions(&'a mut Attractions),
}

/// 帮助: the live key table of the screen it was called from.
#[derive(Debug)]
pub struct Help {
    /// Where it was called from.
    pub from: Context,
    /// The search.
    pub search: Field,
    /// The row; the picture knows the rows, as they are those of the key table.
    pub cursor: Cursor<usize>,
    /// The actions of the rows shown, as last drawn.
    pub actions: Vec<Action>,
    /// Places of the first row of each block, as last drawn.
    pub blocks: Vec<usize>,
    /// What it lies over, if that is a panel itself.
    pub under: Option<Box<Modal>>,
}

impl Help {
    /// The help of a context.
    #[must_use]
    pub fn new(from: Context) -> Self {
        let (search, cursor) = (Field::default(), Cursor::default());
        Self { from, search, cursor, actions: Vec::new(), blocks: Vec::new(), under: None }
    }
}

/// 项目档案: everything about one project.
#[derive(Debug)]
pub struct Dossier {
    /// Which project.
    pub project: ProjectIx,
    /// The part shown.
    pub scroll: Scroll,
    /// 记录 that concern it, newest last; none before the store has answered.
    pub entries: Option<Vec<LedgerEntry>>,
    asked: Option<(Query, u64)>,
}

/// 卷. The part of a long text that its window shows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scroll {
    /// First line shown.
    pub top: usize,
    /// Lines in the window, as last drawn.
    pub height: usize,
    /// Lines in all, as last drawn.
    pub lines: usize,
}

impl Scroll {
    /// Moves the window within its bounds.
    pub fn by(&mut self, by: isize) {
        self.top = self.top.saturating_add_signed(by).min(self.lines.saturating_sub(self.height));
    }

    /// Does what an action of every text means.
    pub fn take(&mut self, action: Action) {
        let page = isize::try_from(self.height).unwrap_or(1);
        match action {
            Action::RowPrev => self.by(-1),
            Action::RowNext => self.by(1),
            Action::PageUp => self.by(-page),
            Action::PageDown => self.by(page),
            Action::First => self.top = 0,
            Action::Last => self.by(isize::MAX),
            _ => {}
        }
    }

    /// The text was drawn in a window of so many lines; answers the first one shown.
    pub fn drawn(&mut self, lines: usize, height: usize) -> usize {
        (self.lines, self.height) = (lines, height);
        self.by(0);
        self.top
    }
}

impl Dossier {
    /// The dossier of a project, from its first line.
    #[must_use]
    pub fn new(project: ProjectIx) -> Self {
        Self { project, scroll: Scroll::default(), entries: None, asked: None }
    }

    /// The newest entries of the project, asked for once for each state of the district.
    pub fn wants(&mut self, data: &Snapshot) -> Option<Query> {
        let query = Query::of(Some(&data.plan.projects.get(self.project.at())?.id), 20);
        if self.asked.as_ref().is_some_and(|(asked, seq)| *asked == query && *seq == data.facts.seq) {
            return None;
        }
        self.asked = Some((query.clone(), data.facts.seq));
        Some(query)
    }

    /// The store's answer, if it is the one that is waited for.
    pub fn answered(&mut self, of: &Query, found: &Result<Vec<LedgerEntry>, Error>) {
        if self.asked.as_ref().is_some_and(|(asked, _)| asked == of) {
            self.entries = Some(found.clone().unwrap_or_default());
        }
    }
}

impl Modal {
    /// Which keys hold in it.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Dossier(_) | Self::Entry(_) | Self::Attractions(_) => Context::List,
            Self::Explain(_) => Context::Explain,
            Self::Menu(_) => Context::Menu,
            Self::Prompt(_) => Context::Field,
            Self::Confirm(_) => Context::Confirm,
            Self::Arrange(_) => Context::Choice,
            Self::Palette(_) => Context::Palette,
            Self::Sheet(_) => Context::List,
            Self::Form(form) => form.context(),
        }
    }

    /// What is drawn instead of the screen: this panel, or the one that it lies over.
    pub fn whole(&mut self) -> Option<Whole<'_>> {
        match self {
            Self::Help(help) => Some(Whole::Help(help)),
            Self::Dossier(dossier) => Some(Whole::Dossier(dossier)),
            Self::Entry(entry) => Some(Whole::Entry(entry)),
            Self::Attractions(attractions) => Some(Whole::Attractions(attractions)),
            Self::Explain(explain) => explain.under.as_mut().map(Whole::Dossier),
            Self::Menu(Menu { under, .. }) | Self::Prompt(Prompt { under, .. }) => under.as_mut()?.whole(),
            Self::Form(form) => form.under.as_mut()?.whole(),
            Self::Confirm(_) | Self::Arrange(_) | Self::Palette(_) | Self::Sheet(_) => None,
        }
    }

    /// The field that is being typed into, if it has one.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Help(help) => {
                help.cursor = Cursor::default();
                Some(&mut help.search)
            }
            Self::Palette(palette) => Some(&mut palette.field),
            Self::Prompt(prompt) => Some(&mut prompt.field),
            Self::Confirm(confirm) => Some(&mut confirm.field),
            Self::Dossier(_)
            | Self::Entry(_)
            | Self::Attractions(_)
            | Self::Explain(_)
            | Self::Menu(_)
            | Self::Arrange(_)
            | Self::Sheet(_)
            | Self::Form(_) => None,
        }
    }

    /// How many lines typed in it, or in what it lies over, are not saved.
    #[must_use]
    pub fn unsaved(&self) -> usize {
        match self {
            Self::Form(form) => form.unsaved(),
            Self::Help(help) => help.under.as_ref().map_or(0, |m| m.unsaved()),
            _ => 0,
        }
    }

    /// The form that is open, also below a panel that only lies over it.
    pub fn form(&mut self) -> Option<&mut Form> {
        match self {
            Self::Form(form) => Some(form),
            Self::Help(help) => help.under.as_mut()?.form(),
            _ => None,
        }
    }

    /// Puts a panel over this one, to come back to it.
    #[must_use]
    pub fn over(mut self, under: Option<Self>) -> Self {
        match &mut self {
            Self::Menu(Menu { under: place, .. }) | Self::Prompt(Prompt { under: place, .. }) => {
                *place = under.map(Box::new);
            }
            Self::Form(form) => form.under = under.map(Box::new),
            Self::Help(help) => help.under = under.map(Box::new),
            _ => {}
        }
        self
    }
}
