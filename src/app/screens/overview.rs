//! 总览. Where do we stand, and what must be done today.

use crate::app::action::Action;
use crate::app::screen::{Context, Screen, Sight, Tab, Wish, newest_seen};
use crate::app::screens::boards::board;
use crate::app::screens::targets::plan_order;
use crate::domain::explain::Question;
use crate::domain::project::BoardKind;

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
}

impl Screen for Overview {
    fn context(&self) -> Context {
        Context::Any
    }

    fn update(&mut self, action: Action, _sight: &Sight<'_>) -> Vec<Wish> {
        let place = Block::ALL.iter().position(|b| *b == self.block).unwrap_or(0);
        let n = Block::ALL.len();
        match action {
            Action::BlockNext => self.block = Block::ALL[(place + 1) % n],
            Action::BlockPrev => self.block = Block::ALL[(place + n - 1) % n],
            Action::Open => {
                return vec![Wish::Go(match self.block {
                    Block::Projects => Tab::Projects,
                    Block::Headquarters | Block::Towns => Tab::Boards,
                    Block::Targets => Tab::Targets,
                    Block::Attention => Tab::Rectifications,
                })];
            }
            _ => {}
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

    fn refresh(&mut self, _sight: &Sight<'_>) {}
}
