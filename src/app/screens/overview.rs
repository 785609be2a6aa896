//! 总览. Where do we stand, and what must be done today.

use crate::app::action::Action;
use crate::app::screen::{Context, Screen, Sight, Tab, Wish};

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

    fn refresh(&mut self, _sight: &Sight<'_>) {}
}
