//! 招商项目. The attractions of a quota row: which count, in which tier, and which do not and why.

use super::modal::Scroll;

/// 招商项目 of a row.
#[derive(Debug)]
pub struct Attractions {
    /// Place of the plan.
    pub plan: usize,
    /// Place of the row; none = 全区.
    pub row: Option<usize>,
    /// The part shown.
    pub scroll: Scroll,
}
