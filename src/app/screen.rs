//! 屏. What every screen answers, and where its keys stand.

use crate::domain::change::Draft;
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::explain::Question;
use crate::domain::round::RoundStep;
use crate::domain::score::ProjectScore;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang};
pub use crate::store::Actor;
use crate::store::LedgerEntry;
use crate::store::access;
pub use crate::store::access::newest_seen;
use crate::text::Text;

use super::action::Action;
use super::copied::Much;
use super::field::{Edit, Field};
use super::filter::Index;
use super::form::Form;
use super::grid::Answer;
use super::menu::{Confirm, Menu, Prompt};
use super::place::Place;
use super::remembered::View;
use super::search::{Search, Searched};
use super::sheet::Sheet;
use super::sorting::Arrangement;

/// 键位范围. Which rows of the key table are in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// 各页通用: while no field or panel is open.
    Any,
    /// 表: a list that is filtered and sorted.
    Table,
    /// 项目
    Projects,
    /// 行: a list in an order of its own.
    Rows,
    /// 榜单
    Boards,
    /// 试算
    WhatIf,
    /// 评分表
    Grid,
    /// 单位选择, on row 1 of the score screen.
    Selector,
    /// 本格: a cell being typed.
    Cell,
    /// 输入行: a filter or a prompt.
    Field,
    /// 选区
    Range,
    /// 粘贴预览
    Preview,
    /// 冲突
    Conflict,
    /// 帮助
    Help,
    /// 面板: a pane over the screen that only scrolls.
    List,
    /// 推算
    Explain,
    /// 任务
    Targets,
    /// 整改
    Rectify,
    /// 记录
    History,
    /// 菜单
    Menu,
    /// 确认
    Confirm,
    /// 选单: rows to choose from, some of them at once.
    Choice,
    /// 命令面板
    Palette,
    /// 备选: the list of a field, searched while one types.
    Picker,
    /// 备选 of few rows, which have digits.
    PickShort,
    /// 备选, of which several may be chosen.
    PickMany,
    /// 登记表
    Form,
    /// 登记表的一格: a line of a form being typed.
    FormCell,
}

impl Context {
    /// Every context.
    pub const ALL: [Self; 28] = [
        Self::Any,
        Self::Table,
        Self::Projects,
        Self::Rows,
        Self::Boards,
        Self::WhatIf,
        Self::Grid,
        Self::Selector,
        Self::Cell,
        Self::Field,
        Self::Range,
        Self::Preview,
        Self::Conflict,
        Self::Help,
        Self::List,
        Self::Explain,
        Self::Targets,
        Self::Rectify,
        Self::History,
        Self::Menu,
        Self::Confirm,
        Self::Choice,
        Self::Palette,
        Self::Picker,
        Self::PickShort,
        Self::PickMany,
        Self::Form,
        Self::FormCell,
    ];

    /// The contexts whose rows are in force, most specific first.
    #[must_use]
    pub fn chain(self) -> &'static [Self] {
        match self {
            Self::Any => &[Self::Any],
            Self::Table => &[Self::Table, Self::Rows, Self::Any],
            Self::Projects => &[Self::Projects, Self::Table, Self::Rows, Self::Any],
            Self::Rows => &[Self::Rows, Self::Any],
            Self::Boards => &[Self::Boards, Self::Rows, Self::Any],
            Self::WhatIf => &[Self::WhatIf],
            Self::Grid => &[Self::Grid, Self::Any],
            Self::Selector => &[Self::Selector, Self::Any],
            Self::Cell => &[Self::Cell],
            Self::Field => &[Self::Field],
            Self::Range => &[Self::Range, Self::Grid, Self::Any],
            Self::Preview => &[Self::Preview],
            Self::Conflict => &[Self::Conflict],
            Self::Help => &[Self::Help],
            Self::List => &[Self::List],
            Self::Explain => &[Self::Explain],
            Self::Targets => &[Self::Targets, Self::Rows, Self::Any],
            Self::Rectify => &[Self::Rectify, Self::Table, Self::Rows, Self::Any],
            Self::History => &[Self::History, Self::Rows, Self::Any],
            Self::Menu => &[Self::Menu],
            Self::Confirm => &[Self::Confirm],
            Self::Choice => &[Self::Choice],
            Self::Palette => &[Self::Palette],
            Self::Picker => &[Self::Picker],
            Self::PickShort => &[Self::PickShort, Self::Picker],
            Self::PickMany => &[Self::PickMany, Self::Picker],
            Self::Form => &[Self::Form],
            Self::FormCell => &[Self::FormCell],
        }
    }

    /// Whether typed characters are text here.
    #[must_use]
    pub fn takes_text(self) -> bool {
        use Context::{Cell, Confirm, Field, Form, FormCell, Help, Palette, PickMany, PickShort, Picker};
        matches!(self, Cell | Field | Help | Palette | Confirm | Form | FormCell | Picker | PickShort | PickMany)
    }
}

/// 页
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// 总览
    #[default]
    Overview,
    /// 项目
    Projects,
    /// 榜单
    Boards,
    /// 任务
    Targets,
    /// 评分
    Scores,
    /// 整改
    Rectifications,
    /// 记录
    History,
}

impl Tab {
    /// In the order of their digits.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Projects,
        Self::Boards,
        Self::Targets,
        Self::Scores,
        Self::Rectifications,
        Self::History,
    ];

    /// What it is called.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Overview => Text::TabOverview,
            Self::Projects => Text::TabProjects,
            Self::Boards => Text::TabBoards,
            Self::Targets => Text::TabTargets,
            Self::Scores => Text::TabScores,
            Self::Rectifications => Text::TabRectifications,
            Self::History => Text::TabHistory,
        }
    }

    /// Its digit.
    #[must_use]
    pub fn digit(self) -> usize {
        Self::ALL.iter().position(|t| *t == self).unwrap_or(0) + 1
    }
}

/// How a message stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// 说明; gone with the next key.
    Plain,
    /// 警示; gone with the next key.
    Loud,
}

/// A line for the message row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it says.
    pub text: Bilingual,
    /// How it stands out.
    pub tone: Tone,
}

impl Message {
    /// An explanation.
    #[must_use]
    pub fn plain(text: Bilingual) -> Self {
        Self { text, tone: Tone::Plain }
    }

    /// Something that somebody must know.
    #[must_use]
    pub fn loud(text: Bilingual) -> Self {
        Self { text, tone: Tone::Loud }
    }
}

/// 愿望. What a screen would like to happen.
#[derive(Debug)]
pub enum Wish {
    /// To that view.
    Go(Tab),
    /// The dossier of a project.
    Dossier(crate::domain::district::ProjectIx),
    /// The projects of a unit.
    Unit(crate::domain::district::UnitIx),
    /// Save these changes as one operation; the screen hears of it by [`Screen::sent`], `saved` and `refused`.
    Save {
        /// What to save.
        drafts: Vec<Draft>,
        /// What the message row says meanwhile.
        what: Bilingual,
    },
    /// To the clipboard.
    Copy(String),
    /// Save something other than a cell.
    Write {
        /// What to save.
        drafts: Vec<Draft>,
        /// What it is, in words.
        what: Bilingual,
    },
    /// A step of a round's life.
    RoundStep {
        /// Id of the round.
        round: String,
        /// Which step.
        step: RoundStep,
        /// 理由
        reason: String,
    },
    /// An entry of the ledger in full.
    Entry(LedgerEntry),
    /// The attractions of a quota row: places of the plan and of the row.
    Attractions(usize, Option<usize>),
    /// Open a menu.
    Menu(Menu),
    /// Ask for a line of text.
    Ask(Prompt),
    /// A record to be typed field by field.
    Form(Box<Form>),
    /// Lines to read.
    Sheet(Sheet),
    /// What the plan says of a project, and where.
    OwnData(ProjectIx),
    /// Have something confirmed by a word.
    Confirm(Confirm),
    /// Show something, wherever that is.
    Show(Place),
    /// As if the key of that action had been pressed.
    Do(Action),
    /// A line for the message row.
    Say(Message),
    /// A text for the person's clipboard.
    CopyCells {
        /// The text.
        text: String,
        /// What the message row says once it is sent.
        said: Bilingual,
    },
    /// Explain the figure under the cursor.
    Explain,
    /// A round in the view of scores.
    Round(RoundIx),
    /// Write a document to a file, by the words of the command.
    Export(Vec<String>),
    /// The same, in place of the file that is there.
    Replace(Vec<String>),
}

/// What a screen sees while it decides.
#[derive(Clone, Copy)]
pub struct Sight<'a> {
    /// The district.
    pub data: &'a Snapshot,
    /// Names with readings.
    pub index: &'a Index,
    /// Who sits here.
    pub actor: &'a Actor,
    /// Language of the screen.
    pub lang: Lang,
}

/// Whether somebody may see the figures of a round.
#[must_use]
pub fn may_see(data: &Snapshot, actor: &Actor, round: RoundIx) -> bool {
    access::sees_round(data, actor, round).is_ok()
}

/// Whether somebody may see the figures of a project in a round.
#[must_use]
pub fn may_see_project(data: &Snapshot, actor: &Actor, round: RoundIx, project: ProjectIx) -> bool {
    access::sees_project(data, actor, round, project).is_ok()
}

/// A project's score in the assessment round, if somebody may see it.
#[must_use]
pub fn seen_score<'a>(data: &'a Snapshot, actor: &Actor, project: ProjectIx) -> Option<&'a ProjectScore> {
    let round = data.assessment_round().filter(|r| may_see_project(data, actor, *r, project))?;
    data.assessment(round)?.scores.get(project.at())
}

/// The project with its score in a round, as far as somebody may see it.
#[must_use]
pub fn about_project(sight: &Sight<'_>, project: ProjectIx, round: Option<RoundIx>) -> Question {
    Question::Project { project, round: round.filter(|r| may_see_project(sight.data, sight.actor, *r, project)) }
}

/// 屏. A screen decides; it does no IO and does not draw.
pub trait Screen {
    /// Which rows of the key table are in force.
    fn context(&self) -> Context {
        Context::Rows
    }

    /// Answers one action with what it would like to happen.
    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish>;

    /// Finds its place again after the data has changed.
    fn refresh(&mut self, sight: &Sight<'_>);

    /// Which question the figure under the cursor answers; none where nothing is derived.
    fn question(&self, _sight: &Sight<'_>) -> Option<Question> {
        None
    }

    /// The clause of the rule set that made the figure under the cursor, where it is one step of that answer.
    fn clause(&self, _sight: &Sight<'_>) -> Option<String> {
        None
    }

    /// What a table is searched for, where it can be.
    fn search(&self) -> Option<&Search> {
        None
    }

    /// The search, to open it.
    fn search_mut(&mut self) -> Option<&mut Search> {
        None
    }

    /// Sort and columns of a table that can be arranged; it is refreshed after a change.
    fn arrangement(&mut self) -> Option<&mut Arrangement> {
        None
    }

    /// What is to be remembered of it between two sessions; none where nothing is.
    fn kept(&self, _data: &Snapshot) -> Option<View> {
        None
    }

    /// Goes on from what was remembered.
    fn restore(&mut self, _kept: &View, _sight: &Sight<'_>) {}

    /// What `y` and `Y` copy of a list; none where the screen copies by itself, or nothing.
    fn copied(&self, _much: Much, _sight: &Sight<'_>) -> Option<Wish> {
        None
    }

    /// Lists its rows anew, for another filter.
    fn list(&mut self, _sight: &Sight<'_>) {}

    /// What the search makes of an action; none where it is not the search's.
    fn find(&mut self, action: Action, sight: &Sight<'_>) -> Option<Vec<Wish>> {
        match self.search_mut()?.take(action, sight) {
            Searched::Done(said) => Some(said.map(Wish::Say).into_iter().collect()),
            Searched::Changed => {
                self.list(sight);
                Some(Vec::new())
            }
            Searched::Not => None,
        }
    }

    /// The field that is being typed into, if one is open.
    fn field(&mut self) -> Option<&mut Field> {
        self.search_mut().and_then(Search::field_mut)
    }

    /// After a step of typing.
    fn typed(&mut self, _sight: &Sight<'_>) {}

    /// A save that the screen wished for is about to go out under this ticket; false where it waits for an earlier one.
    fn sent(&mut self, _ticket: u64) -> bool {
        true
    }

    /// The store has committed these entries, or found nothing different.
    fn saved(&mut self, _ticket: u64, _seqs: &[u64]) -> Answer {
        Answer::NotMine
    }

    /// The store has refused, `why` as one sentence.
    fn refused(&mut self, _ticket: u64, _error: &crate::store::Error, _why: &Bilingual, _sight: &Sight<'_>) -> Answer {
        Answer::NotMine
    }

    /// Pasted text: one line goes into the open field.
    fn paste(&mut self, text: &str, sight: &Sight<'_>) -> Vec<Wish> {
        let table = text.trim_end().contains(['\n', '\r', '\t']);
        match self.field().filter(|_| !table) {
            Some(field) => {
                field.paste(text);
                self.typed(sight);
                Vec::new()
            }
            None => vec![Wish::Say(Message::plain(Text::PasteNeedsField.both(&[])))],
        }
    }

    /// Applies a step of typing; a text that is complete by it may be saved.
    fn edit(&mut self, step: Edit, sight: &Sight<'_>) -> Vec<Wish> {
        if let Some(field) = self.field() {
            field.edit(step);
            self.typed(sight);
        }
        Vec::new()
    }
}
