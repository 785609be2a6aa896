//! What a key means.

use crate::domain::panel::BallotState;

/// 动作. What a key means; which keys mean it stands in the key table and nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// 换页: to view n, 1–7.
    View(u8),
    /// 下一页
    ViewNext,
    /// 上一页
    ViewPrev,
    /// 换区块
    BlockNext,
    /// 上个区块
    BlockPrev,
    /// 打开
    Open,
    /// 返回一步
    Back,
    /// 推算
    Explain,
    /// 看来源: into the step under the cursor.
    Drill,
    /// 上一层
    DrillUp,
    /// 复制
    Copy,
    /// 复制整表
    CopyTable,
    /// 导出
    Export,
    /// 备注
    Note,
    /// 上一轮
    RoundPrev,
    /// 下一轮
    RoundNext,
    /// 撤销
    Undo,
    /// 重做
    Redo,
    /// 刷新
    Reload,
    /// 放大
    Zoom,
    /// 重画
    Redraw,
    /// 鼠标开关
    Mouse,
    /// 挂起
    Suspend,
    /// 已即时保存
    SaveHint,
    /// 中断
    Interrupt,
    /// 命令
    Palette,
    /// 跳转
    Jump,
    /// 补全
    Complete,
    /// 帮助
    Help,
    /// 退出
    Quit,
    /// 上一行
    RowPrev,
    /// 下一行
    RowNext,
    /// 左一列
    ColumnPrev,
    /// 右一列
    ColumnNext,
    /// 趋势
    Trend,
    /// 只看变化
    ChangesOnly,
    /// 试算
    WhatIf,
    /// 添一处
    Add,
    /// 还原本处
    Restore,
    /// 放弃试算
    Discard,
    /// 上翻页
    PageUp,
    /// 下翻页
    PageDown,
    /// 上半页
    HalfUp,
    /// 下半页
    HalfDown,
    /// 首行
    First,
    /// 末行
    Last,
    /// 筛选
    Filter,
    /// 排序
    Sort,
    /// 反向排序
    SortReverse,
    /// 选列
    Columns,
    /// 选行
    Select,
    /// 全选
    SelectAll,
    /// 选一项: the choice of that number, or of the row under the cursor.
    Pick(Option<u8>),
    /// 恢复默认
    Usual,
    /// 上一单位
    UnitPrev,
    /// 下一单位
    UnitNext,
    /// 进表格
    EnterGrid,
    /// 上一格
    CellUp,
    /// 下一格
    CellDown,
    /// 左一格
    CellLeft,
    /// 右一格
    CellRight,
    /// 行首
    RowStart,
    /// 行尾
    RowEnd,
    /// 覆盖本格, with the character typed.
    Overwrite(char),
    /// 改原值
    Edit,
    /// 清空本格
    Clear,
    /// 采用推算
    Adopt,
    /// 下一未录
    MissingNext,
    /// 上一未录
    MissingPrev,
    /// 下一错处
    InvalidNext,
    /// 离开表格
    LeaveGrid,
    /// 选区
    Range,
    /// 取消选区
    RangeEnd,
    /// 选区向上
    ExtendUp,
    /// 选区向下
    ExtendDown,
    /// 选区向左
    ExtendLeft,
    /// 选区向右
    ExtendRight,
    /// 向下填充
    FillDown,
    /// 向右填充
    FillRight,
    /// 粘贴
    Paste,
    /// 全部写入
    WriteAll,
    /// 排除此行
    Exclude,
    /// 只看错处
    ErrorsOnly,
    /// 换对齐法
    Align,
    /// 放弃粘贴
    Abandon,
    /// 上一个候选
    OfferPrev,
    /// 下一个候选
    OfferNext,
    /// 存下移
    SaveDown,
    /// 存上移
    SaveUp,
    /// 存右移
    SaveRight,
    /// 存左移
    SaveLeft,
    /// 左移: the caret, or save and go left.
    CaretLeft,
    /// 右移: the caret, or save and go right.
    CaretRight,
    /// 放弃
    Cancel,
    /// 确定
    Accept,
    /// 上一条: an earlier input.
    Older,
    /// 下一条: a newer input, or to the result.
    Newer,
    /// 覆盖写理由
    Override,
    /// 保留对方
    KeepTheirs,
    /// 相关项
    Related,
    /// 展开
    Expand,
    /// 收起
    Collapse,
    /// 换亿或万
    MoneyUnit,
    /// 办理: the steps that are legal now.
    Steps,
    /// 同一人
    SamePerson,
    /// 同一对象
    SameSubject,
    /// 按号选 in a menu, with the digit or letter typed.
    Choose(char),
    /// 按字确认
    Agree,
    /// 上一项
    ItemPrev,
    /// 下一项
    ItemNext,
    /// 执行
    Run,
    /// 关闭
    Close,
    /// 登记: a new record.
    New,
    /// 同上次: the last report once more.
    Again,
    /// 撤回: the record as a whole.
    Withdraw,
    /// 保存: the form.
    Save,
    /// 选一个: from the list of a field.
    Choices,
    /// 本格菜单
    CellMenu,
    /// 记为: a ballot without a score.
    Ballot(BallotState),
    /// 整票缺席
    WholeAbsent,
    /// 不适用: the cell, or every cell of the range
    NotApplicable,
    /// 整行不适用
    RowNotApplicable,
    /// 确认: what somebody else entered.
    Confirm,
    /// 改录: the second entry of a ballot stands, not the first.
    SecondStands,
    /// 复核录入
    SecondEntry,
    /// 满三位进格: three digits are a score.
    AutoAdvance,
    /// 用不上: a key without a meaning on this view.
    Nothing,
}

impl Action {
    /// Whether it leads out of a grid, or is on the way there.
    #[must_use]
    pub const fn leaves(self) -> bool {
        matches!(
            self,
            Self::Back
                | Self::View(_)
                | Self::ViewNext
                | Self::ViewPrev
                | Self::RoundPrev
                | Self::RoundNext
                | Self::UnitPrev
                | Self::UnitNext
                | Self::Palette
                | Self::Jump
        )
    }

    /// Whether it is for those who may change something: it is not offered where nothing can be.
    #[must_use]
    pub const fn edits(self) -> bool {
        matches!(
            self,
            Self::Overwrite(_)
                | Self::Edit
                | Self::Clear
                | Self::Adopt
                | Self::CellMenu
                | Self::MissingNext
                | Self::MissingPrev
                | Self::SecondEntry
                | Self::FillDown
                | Self::FillRight
                | Self::Paste
                | Self::Note
                | Self::Undo
                | Self::Redo
                | Self::Steps
                | Self::New
                | Self::Again
                | Self::Withdraw
        )
    }

    /// Whether it makes, changes or withdraws a record.
    #[must_use]
    pub const fn keeps(self) -> bool {
        matches!(self, Self::New | Self::Again | Self::Withdraw | Self::Steps)
    }
}
