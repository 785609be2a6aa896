//! 总览. Where do we stand, and what must be done today.

use crate::app::action::Action;
use crate::app::attention::{Cause, Item, ballots, folded, items};
use crate::app::cursor::Cursor;
use crate::app::related;
use crate::app::remembered::View;
use crate::app::screen::{Actor, Context, Message, Screen, Sight, Tab, Wish, newest_seen};
use crate::app::screens::boards::board;
use crate::app::screens::targets::plan_order;
use crate::domain::explain::Question;
use crate::domain::project::BoardKind;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;
use crate::domain::warning::Warning;
use crate::store::LedgerEntry;
use crate::text::Text;

/// 区块 of the overview.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Block {
    /// 项目状态, with the red ones named.
    #[default]
    Projects,
    /// 指挥部榜
    Headquarters,
    /// 镇榜
    Towns,
    /// 任务与指标
    Targets,
    /// 需要处理
    Attention,
}

impl Block {
    /// In the order of Tab.
    pub const ALL: [Self; 5] = [Self::Projects, Self::Headquarters, Self::Towns, Self::Targets, Self::Attention];
}

/// 总览
#[derive(Debug, Default)]
pub struct Overview {
    /// The block with the focus.
    pub block: Block,
    /// The line of 需要处理.
    pub cursor: Cursor<Cause>,
    /// What the store found odd, a line for each kind; empty until it has answered.
    warned: Vec<Item>,
    /// Entry and day that they know.
    known: Option<(u64, Date)>,
    asked: bool,
    /// 最近: the newest entries that the person may see, newest last.
    pub recent: Vec<LedgerEntry>,
    /// The entry up to which they were asked for.
    recent_known: Option<u64>,
}

impl Overview {
    /// Whether the warnings are to be asked for: not while an answer is under way, and not twice for one state.
    pub fn wants(&mut self, data: &Snapshot) -> bool {
        let wants = !self.asked && self.known != Some((data.facts.seq, data.day()));
        self.asked |= wants;
        wants
    }

    /// Whether the newest entries are to be asked for: once for each state. A day of the past has no newest ones.
    pub fn wants_recent(&mut self, data: &Snapshot) -> bool {
        let wants = data.as_of.is_none() && self.recent_known != Some(data.facts.seq);
        self.recent_known = Some(data.facts.seq);
        wants
    }

    /// The store's answer.
    pub fn warned(&mut self, known: (u64, Date), warnings: &[Warning]) {
        (self.known, self.warned, self.asked) = (Some(known), folded(warnings), false);
    }

    /// The store could not say.
    pub fn unwarned(&mut self) {
        self.asked = false;
    }

    /// What waits for somebody.
    #[must_use]
    pub fn items(&self, data: &Snapshot, actor: &Actor) -> Vec<Item> {
        items(data, actor, &self.warned)
    }

    fn causes(&self, sight: &Sight<'_>) -> Vec<Cause> {
        self.items(sight.data, sight.actor).iter().map(|i| i.cause).collect()
    }

    /// Opens what the line under the cursor is about: the one project, else the view, else says where to read of it.
    fn open(&self, sight: &Sight<'_>) -> Option<Wish> {
        let item = self.items(sight.data, sight.actor).into_iter().find(|i| Some(i.cause) == self.cursor.item())?;
        if item.cause == Cause::Vote {
            return ballots(sight.data, sight.actor).map(|(round, _)| Wish::Round(round));
        }
        Some(match (item.project, item.tab) {
            (Some(project), _) => Wish::Dossier(project),
            (None, Some(tab)) => Wish::Go(tab),
            (None, None) => Wish::Say(Message::plain(Text::CheckNamesThem.both(&[]))),
        })
    }
}

/// What a block is called in the state folder; never changes.
const IDS: [&str; 5] = ["projects", "headquarters", "towns", "targets", "attention"];

impl Screen for Overview {
    fn kept(&self, _data: &Snapshot) -> Option<View> {
        let block = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        Some(View { row: IDS[block].to_owned(), ..View::default() })
    }

    fn restore(&mut self, kept: &View, _sight: &Sight<'_>) {
        let block = IDS.iter().position(|id| *id == kept.row).unwrap_or(0);
        self.block = Block::ALL[block];
    }

    fn context(&self) -> Context {
        if self.block == Block::Attention { Context::Rows } else { Context::Any }
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let place = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        let n = Block::ALL.len();
        match action {
            Action::BlockNext => self.block = Block::ALL[(place + 1) % n],
            Action::BlockPrev => self.block = Block::ALL[(place + n - 1) % n],
            Action::Open => {
                return match self.block {
                    Block::Projects => vec![Wish::Go(Tab::Projects)],
                    Block::Headquarters | Block::Towns => vec![Wish::Go(Tab::Boards)],
                    Block::Targets => vec![Wish::Go(Tab::Targets)],
                    Block::Attention => self.open(sight).into_iter().collect(),
                };
            }
            // What an item is about: what belongs to the one project, else where it is looked at.
            Action::Related if self.block == Block::Attention => {
                let item =
                    self.items(sight.data, sight.actor).into_iter().find(|i| Some(i.cause) == self.cursor.item());
                return match item.and_then(|i| i.project) {
                    Some(project) => vec![Wish::Menu(related::of_project(project, sight))],
                    None => self.open(sight).into_iter().collect(),
                };
            }
            action if self.block == Block::Attention => {
                let causes = self.causes(sight);
                if !self.cursor.take(action, &causes) && action != Action::Back {
                    return vec![Wish::Do(Action::Nothing)];
                }
            }
            Action::Back => {}
            _ => return vec![Wish::Do(Action::Nothing)],
        }
        Vec::new()
    }

    /// The first figure of the block: the tally, who leads a board, the current quotas.
    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let leader = |kind| {
            let round = newest_seen(sight.data, sight.actor)?;
            let unit = board(sight.data, round, kind)?.rows.first()?.unit;
            Some(Question::Unit { board: kind, unit, round })
        };
        match self.block {
            Block::Projects => Some(Question::Tally(None)),
            Block::Headquarters => leader(BoardKind::Headquarters),
            Block::Towns => leader(BoardKind::Towns),
            Block::Targets => plan_order(sight.data).first().map(|plan| Question::Quota { plan: *plan, row: None }),
            Block::Attention => None,
        }
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        let causes = self.causes(sight);
        self.cursor.refresh(&causes);
    }
}
