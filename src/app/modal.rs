//! 面板. What lies over a screen: the help, the dossier of a project, the derivation of a figure,
//! a menu.

use super::action::Action;
use super::arrange::Arrange;
use super::confirm::Confirm;
use super::cursor::Cursor;
use super::explain::Explain;
use super::field::Field;
use super::menu::Menu;
use super::palette::Palette;
use super::screen::Context;
use super::sheet::Sheet;
use crate::domain::district::ProjectIx;

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
    /// 排序、选列
    Arrange(Arrange),
    /// 命令面板
    Palette(Palette),
    /// 确认
    Confirm(Confirm),
    /// Lines to read.
    Sheet(Sheet),
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
}

impl Help {
    /// The help of a context.
    #[must_use]
    pub fn new(from: Context) -> Self {
        Self { from, search: Field::default(), cursor: Cursor::default(), actions: Vec::new() }
    }
}

/// 项目档案: everything about one project.
#[derive(Debug)]
pub struct Dossier {
    /// Which project.
    pub project: ProjectIx,
    /// First line shown.
    pub top: usize,
    /// Lines in the window, as last drawn.
    pub height: usize,
    /// Lines in all, as last drawn.
    pub lines: usize,
}

impl Dossier {
    /// Moves the window within its bounds.
    pub fn scroll(&mut self, by: isize) {
        self.top = self.top.saturating_add_signed(by).min(self.lines.saturating_sub(self.height));
    }
}

impl Modal {
    /// The field that is typed into, where it has one.
    pub fn field(&mut self) -> Option<&mut Field> {
        match self {
            Self::Help(help) => Some(&mut help.search),
            Self::Palette(palette) => Some(&mut palette.field),
            Self::Confirm(confirm) => Some(&mut confirm.field),
            Self::Dossier(_) | Self::Explain(_) | Self::Menu(_) | Self::Arrange(_) | Self::Sheet(_) => None,
        }
    }

    /// Which keys hold in it.
    #[must_use]
    pub fn context(&self) -> Context {
        match self {
            Self::Help(_) => Context::Help,
            Self::Dossier(_) => Context::List,
            Self::Explain(_) => Context::Explain,
            Self::Menu(_) => Context::Menu,
            Self::Arrange(_) => Context::Choice,
            Self::Palette(_) => Context::Palette,
            Self::Confirm(_) => Context::Confirm,
            Self::Sheet(_) => Context::List,
        }
    }
}
