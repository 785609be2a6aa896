//! 键表. The one table from which key handling, footer, help, `dukao keys` and the README are made.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::app::action::Action;
use crate::app::field::Edit;
use crate::app::msg::Msg;
use crate::app::pointer::{ListedRows, Tabs};
use crate::app::screen::Context;
use crate::domain::value::Lang;
use crate::text::Text;
use crate::tui::input::{Mouse, fold_char};

/// 键. A key press after folding: full-width forms are ASCII, Alt-digits are function keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the name on the key")]
pub enum Key {
    Char(char),
    Ctrl(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Up,
    Down,
    Left,
    Right,
    ShiftUp,
    ShiftDown,
    ShiftLeft,
    ShiftRight,
    PageUp,
    PageDown,
    CtrlPageUp,
    CtrlPageDown,
    Home,
    End,
    CtrlHome,
    CtrlEnd,
    Insert,
    Delete,
    Backspace,
}

impl Key {
    /// As help and footer print it.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Char(' ') => "Space".to_owned(),
            Self::Char(c) => c.to_string(),
            Self::Ctrl(c) => format!("Ctrl-{}", c.to_ascii_uppercase()),
            Self::F(n) => format!("F{n}"),
            Self::BackTab => "Shift-Tab".to_owned(),
            Self::ShiftUp => "Shift-Up".to_owned(),
            Self::ShiftDown => "Shift-Down".to_owned(),
            Self::ShiftLeft => "Shift-Left".to_owned(),
            Self::ShiftRight => "Shift-Right".to_owned(),
            Self::PageUp => "PgUp".to_owned(),
            Self::PageDown => "PgDn".to_owned(),
            Self::CtrlPageUp => "Ctrl-PgUp".to_owned(),
            Self::CtrlPageDown => "Ctrl-PgDn".to_owned(),
            Self::CtrlHome => "Ctrl-Home".to_owned(),
            Self::CtrlEnd => "Ctrl-End".to_owned(),
            Self::Delete => "Del".to_owned(),
            Self::Insert => "Ins".to_owned(),
            key => format!("{key:?}"),
        }
    }

    /// Whether an input method may swallow it.
    #[must_use]
    pub fn is_letter(self) -> bool {
        matches!(self, Self::Char(c) if c.is_ascii_alphabetic())
    }
}

/// 键位. One row of the key table: where, which keys, what they do, what the help says, whether the footer shows it.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Where it holds.
    pub context: Context,
    /// Its keys; any of them.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// What the help says, zh and en.
    pub help: Text,
    /// Also in the footer while room is left.
    pub hint: bool,
}

const fn row(context: Context, keys: &'static [Key], action: Action, help: Text) -> Binding {
    Binding { context, keys, action, help, hint: false }
}

const fn hint(context: Context, keys: &'static [Key], action: Action, help: Text) -> Binding {
    Binding { context, keys, action, help, hint: true }
}

const DIGITS: &[Key] = &[
    Key::Char('0'),
    Key::Char('1'),
    Key::Char('2'),
    Key::Char('3'),
    Key::Char('4'),
    Key::Char('5'),
    Key::Char('6'),
    Key::Char('7'),
    Key::Char('8'),
    Key::Char('9'),
    Key::Char('.'),
];
const VIEWS: &[Key] =
    &[Key::Char('1'), Key::Char('2'), Key::Char('3'), Key::Char('4'), Key::Char('5'), Key::Char('6'), Key::Char('7')];
const NUMBERS: &[Key] = &[
    Key::Char('1'),
    Key::Char('2'),
    Key::Char('3'),
    Key::Char('4'),
    Key::Char('5'),
    Key::Char('6'),
    Key::Char('7'),
    Key::Char('8'),
    Key::Char('9'),
];

/// The key table. Within a context no key occurs twice; an earlier context of [`Context::chain`] goes before a later one.
pub const BINDINGS: &[Binding] = {
    use Action as A;
    use Context::{
        Any, Boards, Cell, Choice, Confirm, Conflict, Explain, Field, Form, FormCell, Grid, Help, History, List, Menu,
        Palette, PickMany, PickShort, Picker, Preview, Projects, Range, Rectify, Rows, Selector, Table, Targets,
        WhatIf,
    };
    use Key::{
        BackTab, Backspace, Char, Ctrl, CtrlEnd, CtrlHome, CtrlPageDown, CtrlPageUp, Delete, Down, End, Enter, Esc, F,
        Home, Insert, Left, PageDown, PageUp, Right, ShiftDown, ShiftLeft, ShiftRight, ShiftUp, Tab, Up,
    };
    use Text as T;
    &[
        hint(Grid, DIGITS, A::Overwrite('0'), T::HelpOverwrite),
        row(Grid, &[Up, Char('k')], A::CellUp, T::HelpCellUp),
        row(Grid, &[Down, Char('j'), Enter], A::CellDown, T::HelpCellDown),
        row(Grid, &[Left, Char('h'), BackTab], A::CellLeft, T::HelpCellLeft),
        row(Grid, &[Right, Char('l'), Tab], A::CellRight, T::HelpCellRight),
        hint(Grid, &[Esc], A::LeaveGrid, T::HelpLeaveGrid),
        hint(Grid, &[Char('&')], A::SecondEntry, T::HelpSecondEntry),
        hint(Grid, &[Char('n'), F(3)], A::MissingNext, T::HelpMissingNext),
        row(Grid, &[Char('N'), Char(';')], A::MissingPrev, T::HelpMissingPrev),
        hint(Grid, &[Char('+')], A::Adopt, T::HelpAdopt),
        hint(Grid, &[F(2), Char('e')], A::Edit, T::HelpEdit),
        row(Grid, &[Delete, Backspace], A::Clear, T::HelpClear),
        hint(Grid, &[Char(' ')], A::CellMenu, T::HelpCellMenu),
        row(Grid, &[Char('!')], A::InvalidNext, T::HelpInvalidNext),
        row(Grid, &[Char('/')], A::Filter, T::HelpFilter),
        row(Grid, &[Char('v'), F(7)], A::Range, T::HelpRange),
        row(Grid, &[ShiftUp], A::ExtendUp, T::HelpExtend),
        row(Grid, &[ShiftDown], A::ExtendDown, T::HelpExtend),
        row(Grid, &[ShiftLeft], A::ExtendLeft, T::HelpExtend),
        row(Grid, &[ShiftRight], A::ExtendRight, T::HelpExtend),
        row(Grid, &[Ctrl('d')], A::FillDown, T::HelpFillDown),
        row(Grid, &[Char('p'), Ctrl('v')], A::Paste, T::HelpPaste),
        row(Grid, &[Char('#')], A::Note, T::HelpNote),
        row(Grid, &[Char('y'), Ctrl('y')], A::Copy, T::HelpCopy),
        row(Grid, &[Char('Y'), Ctrl('t')], A::CopyTable, T::HelpCopyTable),
        row(Grid, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Grid, &[PageDown], A::PageDown, T::HelpPageDown),
        row(Grid, &[Home], A::RowStart, T::HelpRowStart),
        row(Grid, &[End], A::RowEnd, T::HelpRowEnd),
        row(Grid, &[Char('g'), CtrlHome], A::First, T::HelpFirst),
        row(Grid, &[Char('G'), CtrlEnd], A::Last, T::HelpLast),
        hint(Selector, &[Enter, Down, Char('j'), Tab], A::EnterGrid, T::HelpEnterGrid),
        hint(Selector, &[Left, Char('h')], A::UnitPrev, T::HelpUnitPrev),
        hint(Selector, &[Right, Char('l')], A::UnitNext, T::HelpUnitNext),
        hint(Cell, &[Enter, Down], A::SaveDown, T::HelpSaveDown),
        hint(Cell, &[Tab], A::SaveRight, T::HelpSaveRight),
        hint(Cell, &[BackTab], A::SaveLeft, T::HelpSaveLeft),
        row(Cell, &[Up], A::SaveUp, T::HelpSaveUp),
        row(Cell, &[Left], A::CaretLeft, T::HelpCaretLeft),
        row(Cell, &[Right], A::CaretRight, T::HelpCaretRight),
        hint(Cell, &[Esc], A::Cancel, T::HelpCancelCell),
        hint(Field, &[Enter], A::Accept, T::HelpAccept),
        hint(Field, &[Esc], A::Cancel, T::HelpCancel),
        row(Field, &[Tab], A::Complete, T::HelpComplete),
        row(Field, &[Up], A::Older, T::HelpOlder),
        row(Field, &[Down], A::Newer, T::HelpNewer),
        hint(Range, &[Esc], A::RangeEnd, T::HelpRangeEnd),
        hint(Range, &[Ctrl('d')], A::FillDown, T::HelpFillDown),
        hint(Range, &[Char('+')], A::Adopt, T::HelpAdopt),
        hint(Range, &[Char('y'), Ctrl('y')], A::Copy, T::HelpCopy),
        hint(Range, &[Delete, Backspace], A::Clear, T::HelpClear),
        hint(Preview, &[Enter], A::WriteAll, T::HelpWriteAll),
        hint(Preview, &[Char(' ')], A::Exclude, T::HelpExclude),
        hint(Preview, &[Char('!')], A::ErrorsOnly, T::HelpErrorsOnly),
        hint(Preview, &[Char('%')], A::Align, T::HelpAlign),
        hint(Preview, &[Esc], A::Abandon, T::HelpAbandon),
        row(Preview, &[Up, Char('k')], A::ItemPrev, T::HelpItemPrev),
        row(Preview, &[Down, Char('j')], A::ItemNext, T::HelpItemNext),
        row(Preview, &[Left, Char('h')], A::OfferPrev, T::HelpOffer),
        row(Preview, &[Right, Char('l')], A::OfferNext, T::HelpOffer),
        row(Preview, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Preview, &[PageDown], A::PageDown, T::HelpPageDown),
        row(Conflict, &[Up, Char('k')], A::CellUp, T::HelpCellUp),
        row(Conflict, &[Down, Char('j')], A::CellDown, T::HelpCellDown),
        row(Conflict, &[Left, Char('h')], A::CellLeft, T::HelpCellLeft),
        row(Conflict, &[Right, Char('l')], A::CellRight, T::HelpCellRight),
        hint(Conflict, &[Enter], A::Override, T::HelpOverride),
        hint(Conflict, &[Esc], A::KeepTheirs, T::HelpKeepTheirs),
        row(Help, &[Up], A::ItemPrev, T::HelpItemPrev),
        row(Help, &[Down], A::ItemNext, T::HelpItemNext),
        hint(Help, &[Tab], A::BlockNext, T::HelpBlockNext),
        row(Help, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Help, &[PageDown], A::PageDown, T::HelpPageDown),
        hint(Help, &[Enter], A::Run, T::HelpRun),
        hint(Help, &[Esc], A::Close, T::HelpClose),
        hint(Form, &[Enter], A::Accept, T::HelpFormNext),
        hint(Form, &[Ctrl('s')], A::Save, T::HelpSave),
        hint(Form, &[F(2)], A::Edit, T::HelpEdit),
        hint(Form, &[Char(' ')], A::Choices, T::HelpChoices),
        hint(Form, &[Delete, Backspace], A::Clear, T::HelpClearField),
        hint(Form, &[Ctrl('d')], A::Withdraw, T::HelpWithdraw),
        row(Form, &[Up, BackTab], A::ItemPrev, T::HelpItemPrev),
        row(Form, &[Down, Tab], A::ItemNext, T::HelpItemNext),
        row(Form, &[Left], A::OfferPrev, T::HelpOffer),
        row(Form, &[Right], A::OfferNext, T::HelpOffer),
        row(Form, &[PageUp, CtrlHome], A::First, T::HelpFirst),
        row(Form, &[PageDown, CtrlEnd], A::Last, T::HelpLast),
        hint(Form, &[Esc], A::Close, T::HelpClose),
        hint(FormCell, &[Enter], A::Accept, T::HelpFormNext),
        hint(FormCell, &[Ctrl('s')], A::Save, T::HelpSave),
        row(FormCell, &[Up, BackTab], A::ItemPrev, T::HelpItemPrev),
        row(FormCell, &[Down, Tab], A::ItemNext, T::HelpItemNext),
        row(FormCell, &[PageUp], A::First, T::HelpFirst),
        row(FormCell, &[PageDown], A::Last, T::HelpLast),
        hint(FormCell, &[Esc], A::Cancel, T::HelpCancelCell),
        row(Picker, &[Up], A::ItemPrev, T::HelpItemPrev),
        row(Picker, &[Down], A::ItemNext, T::HelpItemNext),
        row(Picker, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Picker, &[PageDown], A::PageDown, T::HelpPageDown),
        hint(PickShort, NUMBERS, A::Pick(Some(0)), T::HelpPickNumber),
        hint(PickMany, &[Char(' ')], A::Select, T::HelpPickSome),
        hint(Picker, &[Enter], A::Run, T::HelpPick),
        hint(Picker, &[Esc, Tab], A::Close, T::HelpClose),
        hint(Targets, &[Char('i'), Insert], A::New, T::HelpNew),
        hint(Targets, &[Char('e'), F(2)], A::Edit, T::HelpEditRecord),
        row(Targets, &[Delete, Char('D')], A::Withdraw, T::HelpWithdraw),
        hint(Targets, &[Char('+')], A::Expand, T::HelpExpand),
        hint(Targets, &[Char('-')], A::Collapse, T::HelpCollapse),
        hint(Targets, &[Char('w'), Char('$')], A::MoneyUnit, T::HelpMoneyUnit),
        hint(Targets, &[Char('x'), Ctrl('x')], A::Export, T::HelpExport),
        row(History, &[Char('e'), F(2)], A::Edit, T::HelpEditRecord),
        hint(Rectify, &[Enter], A::Steps, T::HelpSteps),
        hint(History, &[Char('/')], A::Filter, T::HelpFilter),
        hint(History, &[Char('a'), Char('@')], A::SamePerson, T::HelpSamePerson),
        hint(History, &[Char('b'), Char(',')], A::SameSubject, T::HelpSameSubject),
        hint(History, &[Delete, Char('D')], A::Withdraw, T::HelpWithdraw),
        row(Menu, &[Up], A::ItemPrev, T::HelpItemPrev),
        row(Menu, &[Down], A::ItemNext, T::HelpItemNext),
        row(Menu, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Menu, &[PageDown], A::PageDown, T::HelpPageDown),
        hint(Menu, NUMBERS, A::Pick(Some(0)), T::HelpPickNumber),
        hint(Menu, &[Enter], A::Run, T::HelpRun),
        hint(Menu, &[Esc], A::Close, T::HelpClose),
        hint(Confirm, &[Enter], A::Agree, T::HelpConfirm),
        hint(Confirm, &[Esc], A::Cancel, T::HelpDoNot),
        hint(List, &[Char('o'), Ctrl('o')], A::Related, T::HelpRelated),
        row(List, &[Char('+')], A::Expand, T::HelpExpand),
        row(List, &[Char('-')], A::Collapse, T::HelpCollapse),
        row(List, &[Char('i'), Insert], A::New, T::HelpNew),
        row(List, &[Char('e'), F(2)], A::Edit, T::HelpEditRecord),
        row(List, &[Delete, Char('D')], A::Withdraw, T::HelpWithdraw),
        row(List, &[Home, Char('g'), CtrlHome], A::First, T::HelpFirst),
        row(List, &[End, Char('G'), CtrlEnd], A::Last, T::HelpLast),
        row(List, &[Up, Char('k')], A::RowPrev, T::HelpRowPrev),
        row(List, &[Down, Char('j')], A::RowNext, T::HelpRowNext),
        row(List, &[PageUp], A::PageUp, T::HelpPageUp),
        row(List, &[PageDown, Char(' ')], A::PageDown, T::HelpPageDown),
        hint(List, &[Char('='), F(4)], A::Explain, T::HelpExplain),
        hint(List, &[Esc, Enter], A::Close, T::HelpClose),
        row(Explain, &[Up, Char('k')], A::RowPrev, T::HelpRowPrev),
        row(Explain, &[Down, Char('j')], A::RowNext, T::HelpRowNext),
        row(Explain, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Explain, &[PageDown, Char(' ')], A::PageDown, T::HelpPageDown),
        row(Explain, &[Home, Char('g'), CtrlHome], A::First, T::HelpFirst),
        row(Explain, &[End, Char('G'), CtrlEnd], A::Last, T::HelpLast),
        hint(Explain, &[Enter, Right], A::Drill, T::HelpDrill),
        hint(Explain, &[Backspace, Left], A::DrillUp, T::HelpDrillUp),
        hint(Explain, &[Char('y'), Ctrl('y')], A::Copy, T::HelpCopy),
        hint(Explain, &[Esc, Char('='), F(4)], A::Close, T::HelpClose),
        hint(WhatIf, DIGITS, A::Overwrite('0'), T::HelpTypeNumber),
        hint(WhatIf, &[Enter], A::Add, T::HelpAdd),
        hint(WhatIf, &[Tab, BackTab], A::BlockNext, T::HelpWeightsOrScores),
        hint(WhatIf, &[Delete, Backspace], A::Restore, T::HelpRestore),
        hint(WhatIf, &[Char('y'), Ctrl('y')], A::Copy, T::HelpCopy),
        hint(WhatIf, &[Esc], A::Discard, T::HelpDiscard),
        row(WhatIf, &[Up, Char('k')], A::RowPrev, T::HelpRowPrev),
        row(WhatIf, &[Down, Char('j')], A::RowNext, T::HelpRowNext),
        row(WhatIf, &[Left, Char('h')], A::ColumnPrev, T::HelpColumnPrev),
        row(WhatIf, &[Right, Char('l')], A::ColumnNext, T::HelpColumnNext),
        row(WhatIf, &[CtrlPageDown], A::ViewNext, T::HelpViewNext),
        row(WhatIf, &[CtrlPageUp], A::ViewPrev, T::HelpViewPrev),
        hint(Boards, &[Char('W'), Char('&')], A::WhatIf, T::HelpWhatIf),
        hint(Boards, &[Char('t'), Char('~')], A::Trend, T::HelpTrend),
        hint(Boards, &[Char('d'), Char('%')], A::ChangesOnly, T::HelpChangesOnly),
        hint(Boards, &[Char('x'), Ctrl('x')], A::Export, T::HelpExport),
        row(Choice, &[Up, Char('k')], A::ItemPrev, T::HelpItemPrev),
        row(Choice, &[Down, Char('j')], A::ItemNext, T::HelpItemNext),
        hint(Choice, &[Char(' ')], A::Pick(None), T::HelpPick),
        hint(Choice, NUMBERS, A::Pick(Some(0)), T::HelpPickNumber),
        hint(Choice, &[Enter], A::Run, T::HelpRun),
        row(Choice, &[Char('S'), Char('<')], A::SortReverse, T::HelpSortReverse),
        hint(Choice, &[Delete, Backspace], A::Usual, T::HelpUsual),
        hint(Choice, &[Esc], A::Close, T::HelpClose),
        row(Palette, &[Up], A::ItemPrev, T::HelpItemPrev),
        row(Palette, &[Down], A::ItemNext, T::HelpItemNext),
        row(Palette, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Palette, &[PageDown], A::PageDown, T::HelpPageDown),
        hint(Palette, &[Enter], A::Run, T::HelpRun),
        hint(Palette, &[Tab], A::Complete, T::HelpComplete),
        hint(Palette, &[Esc], A::Close, T::HelpClose),
        hint(Any, &[Enter], A::Open, T::HelpOpen),
        hint(Any, &[Char('='), F(4)], A::Explain, T::HelpExplain),
        hint(Any, &[Tab], A::BlockNext, T::HelpBlockNext),
        row(Any, &[BackTab], A::BlockPrev, T::HelpBlockPrev),
        hint(Table, &[Char('/')], A::Filter, T::HelpFilter),
        hint(Table, &[Char('s'), F(6)], A::Sort, T::HelpSort),
        row(Table, &[Char('S'), Char('<')], A::SortReverse, T::HelpSortReverse),
        hint(Table, &[Char('i'), Insert], A::New, T::HelpNew),
        row(Table, &[Char('e'), F(2)], A::Edit, T::HelpEditRecord),
        hint(Table, &[Char('x'), Ctrl('x')], A::Export, T::HelpExport),
        hint(Table, &[Delete, Char('D')], A::Withdraw, T::HelpWithdraw),
        row(Projects, &[Char('"')], A::Again, T::HelpAgain),
        hint(Rows, &[Char('o'), Ctrl('o')], A::Related, T::HelpRelated),
        hint(Table, &[Char('c'), Char('|')], A::Columns, T::HelpColumns),
        hint(Table, &[Char(' ')], A::Select, T::HelpSelect),
        row(Table, &[Ctrl('a')], A::SelectAll, T::HelpSelectAll),
        row(Rows, &[Up, Char('k')], A::RowPrev, T::HelpRowPrev),
        row(Rows, &[Down, Char('j')], A::RowNext, T::HelpRowNext),
        row(Rows, &[Left, Char('h')], A::ColumnPrev, T::HelpColumnPrev),
        row(Rows, &[Right, Char('l')], A::ColumnNext, T::HelpColumnNext),
        row(Rows, &[PageUp], A::PageUp, T::HelpPageUp),
        row(Rows, &[PageDown], A::PageDown, T::HelpPageDown),
        row(Rows, &[Ctrl('u')], A::HalfUp, T::HelpHalfUp),
        row(Rows, &[Ctrl('d')], A::HalfDown, T::HelpHalfDown),
        row(Rows, &[Home, Char('g'), CtrlHome], A::First, T::HelpFirst),
        row(Rows, &[End, Char('G'), CtrlEnd], A::Last, T::HelpLast),
        hint(Any, VIEWS, A::View(0), T::HelpView),
        hint(Any, &[Char(':'), Ctrl('p')], A::Palette, T::HelpPalette),
        hint(Any, &[Char('x'), Ctrl('x')], A::Export, T::HelpExport),
        hint(Any, &[Char('f'), Ctrl('f')], A::Jump, T::HelpJump),
        row(Any, &[CtrlPageDown], A::ViewNext, T::HelpViewNext),
        row(Any, &[CtrlPageUp], A::ViewPrev, T::HelpViewPrev),
        row(Any, &[Char('[')], A::RoundPrev, T::HelpRoundPrev),
        row(Any, &[Char(']')], A::RoundNext, T::HelpRoundNext),
        hint(Any, &[Char('y'), Ctrl('y')], A::Copy, T::HelpCopy),
        row(Any, &[Char('Y'), Ctrl('t')], A::CopyTable, T::HelpCopyTable),
        hint(Any, &[Char('u'), F(8)], A::Undo, T::HelpUndo),
        hint(Any, &[Char('U'), F(9), Ctrl('r')], A::Redo, T::HelpRedo),
        hint(Any, &[Char('z'), Char('*')], A::Zoom, T::HelpZoom),
        row(Any, &[Char('r'), F(5)], A::Reload, T::HelpReload),
        row(Any, &[Char('m'), F(12)], A::Mouse, T::HelpMouse),
        row(Any, &[Ctrl('l')], A::Redraw, T::HelpRedraw),
        row(Any, &[Ctrl('z')], A::Suspend, T::HelpSuspend),
        row(Any, &[Ctrl('s')], A::SaveHint, T::HelpSaveHint),
        row(Any, &[Ctrl('c')], A::Interrupt, T::HelpInterrupt),
        row(Any, &[Esc], A::Back, T::HelpBack),
        hint(Any, &[Char('?'), F(1)], A::Help, T::HelpHelp),
        hint(Any, &[Char('q'), F(10)], A::Quit, T::HelpQuit),
    ]
};

/// The rows in force, most specific first; where text is entered nothing else is heard.
pub fn rows(context: Context) -> impl Iterator<Item = &'static Binding> {
    context.chain().iter().flat_map(|c| BINDINGS.iter().filter(move |b| b.context == *c))
}

/// The arrow without Shift, which most places do not tell apart.
fn unshifted(key: Key) -> Option<Key> {
    match key {
        Key::ShiftUp => Some(Key::Up),
        Key::ShiftDown => Some(Key::Down),
        Key::ShiftLeft => Some(Key::Left),
        Key::ShiftRight => Some(Key::Right),
        _ => None,
    }
}

/// What the key means here.
#[must_use]
pub fn resolve(context: Context, key: Key) -> Option<Action> {
    let bound = || rows(context).any(|b| b.keys.contains(&key));
    let key = unshifted(key).filter(|_| !bound()).unwrap_or(key);
    let found = rows(context).find(|b| b.keys.contains(&key)).map(|b| b.action);
    let always = match key {
        Key::F(1) => Some(Action::Help),
        Key::Ctrl('l') => Some(Action::Redraw),
        Key::Ctrl('c') => Some(Action::Interrupt),
        _ => None,
    };
    // The help has no place over a panel; redrawing and quitting have one everywhere.
    let always = always.filter(|action| context.takes_text() || *action != Action::Help);
    match (found.or(always), key) {
        (Some(Action::View(_)), Key::Char(c)) => c.to_digit(10).and_then(|n| u8::try_from(n).ok()).map(Action::View),
        (Some(Action::Pick(Some(_))), Key::Char(c)) => {
            Some(Action::Pick(c.to_digit(10).and_then(|n| u8::try_from(n).ok())))
        }
        (Some(Action::Overwrite(_)), Key::Char(c)) => Some(Action::Overwrite(c)),
        // The lines of a menu name their letters themselves.
        (None, Key::Char(c)) if context == Context::Menu && c.is_ascii_alphabetic() => Some(Action::Choose(c)),
        (action, _) => action,
    }
}

/// The key of a terminal event; none for releases and keys that the table never binds.
#[must_use]
pub fn normalise(event: &KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let shift = event.modifiers.contains(KeyModifiers::SHIFT);
    Some(match event.code {
        KeyCode::Char(c @ '0'..='9') if alt => match c {
            '0' => Key::F(10),
            c => Key::F(u8::try_from(c.to_digit(10)?).ok()?),
        },
        KeyCode::Char(_) if alt => return None,
        KeyCode::Char(c) if ctrl => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(fold_char(c)),
        KeyCode::F(n) => Key::F(n),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Up if shift => Key::ShiftUp,
        KeyCode::Down if shift => Key::ShiftDown,
        KeyCode::Left if shift => Key::ShiftLeft,
        KeyCode::Right if shift => Key::ShiftRight,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::PageUp if ctrl => Key::CtrlPageUp,
        KeyCode::PageDown if ctrl => Key::CtrlPageDown,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Home if ctrl => Key::CtrlHome,
        KeyCode::End if ctrl => Key::CtrlEnd,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::Delete => Key::Delete,
        KeyCode::Insert => Key::Insert,
        KeyCode::Backspace => Key::Backspace,
        _ => return None,
    })
}

/// The editing step of a key inside a field.
fn edit(key: Key) -> Option<Edit> {
    Some(match key {
        Key::Backspace => Edit::Backspace,
        Key::Delete => Edit::Delete,
        Key::Left | Key::ShiftLeft => Edit::Left,
        Key::Right | Key::ShiftRight => Edit::Right,
        Key::Home | Key::Ctrl('a') => Edit::Home,
        Key::End | Key::Ctrl('e') => Edit::End,
        Key::Ctrl('w') => Edit::KillWord,
        Key::Ctrl('u') => Edit::KillBefore,
        Key::Ctrl('k') => Edit::KillAfter,
        _ => return None,
    })
}

/// The message of a key, given what is in force; none for what means nothing here.
#[must_use]
pub fn key_msg(event: &KeyEvent, context: Context) -> Option<Msg> {
    let key = normalise(event)?;
    if let Some(action) = resolve(context, key) {
        return Some(Msg::Action(action));
    }
    match (context.takes_text(), key, event.code) {
        (true, Key::Char(c), _) if context == Context::Cell => Some(Msg::Edit(Edit::Insert(c))),
        (true, Key::Char(_), KeyCode::Char(c)) => Some(Msg::Edit(Edit::Insert(c))),
        (true, key, _) => edit(key).map(Msg::Edit),
        (false, Key::Char(c), _) if !c.is_ascii() => Some(Msg::Char(c)),
        // A view says that it does not know the key, instead of leaving the person to wonder.
        (false, ..) if context.chain().contains(&Context::Any) => Some(Msg::Action(Action::Nothing)),
        _ => None,
    }
}

/// The message of a terminal event, given what is in force; none for what means nothing here.
#[must_use]
pub fn msg(event: &Event, context: Context) -> Option<Msg> {
    match event {
        Event::Key(event) => key_msg(event, context),
        Event::Paste(text) => Some(Msg::Paste(text.clone())),
        Event::Resize(columns, rows) => Some(Msg::Resize(*columns, *rows)),
        _ => None,
    }
}

/// What the mouse means: the wheel three rows up or down, a click in the list as many rows as it is away. Nothing while
/// text is entered.
#[must_use]
pub fn mouse_msgs(mouse: Mouse, context: Context, list: Option<ListedRows>, tabs: &Tabs) -> Vec<Msg> {
    // A name of a view is its digit, wherever views can be changed.
    if let Mouse::Click(column, row) = mouse
        && context.chain().contains(&Context::Any)
        && let Some(view) = tabs.at(column, row)
    {
        return vec![Msg::Action(Action::View(view))];
    }
    let rows = match mouse {
        _ if context.takes_text() => 0,
        Mouse::WheelUp => -3,
        Mouse::WheelDown => 3,
        Mouse::Click(column, row) => list.and_then(|list| list.below_selected(column, row)).unwrap_or(0),
    };
    let key = if rows < 0 { Key::Up } else { Key::Down };
    let action = resolve(context, key);
    (0..rows.unsigned_abs()).filter_map(|_| action.map(Msg::Action)).collect()
}

/// The keys of a row as help prints them: `0-9 .`, `1-7`, else one after the other.
#[must_use]
pub fn keys_text(binding: &Binding) -> String {
    match binding.action {
        Action::Overwrite(_) => "0-9 .".to_owned(),
        Action::View(_) => "1-7".to_owned(),
        Action::Pick(Some(_)) => "1-9".to_owned(),
        _ => binding.keys.iter().map(|k| k.name()).collect::<Vec<_>>().join(" "),
    }
}

/// The first key of an action in a context, as the palette teaches it.
#[must_use]
pub fn key_of(context: Context, action: Action) -> Option<String> {
    if let Action::View(n) = action {
        return Some(n.to_string());
    }
    let own = BINDINGS.iter().find(|b| b.context == context && b.action == action)?;
    own.keys.first().map(|k| k.name())
}

/// What a key does here, in the words of the help.
#[must_use]
pub fn help_of(context: Context, key: Key) -> Option<Text> {
    rows(context).find(|b| b.keys.contains(&key)).map(|b| b.help)
}

/// Where a context is, in words.
#[must_use]
pub fn context_name(context: Context) -> Text {
    match context {
        Context::Projects => Text::TabProjects,
        Context::Targets => Text::TabTargets,
        Context::Rectify => Text::TabRectifications,
        Context::History => Text::TabHistory,
        Context::Menu => Text::WhereMenu,
        Context::Confirm => Text::WhereConfirm,
        Context::Any => Text::WhereAny,
        Context::Table | Context::Rows => Text::WhereTable,
        Context::Boards => Text::TabBoards,
        Context::WhatIf => Text::WhatIf,
        Context::Grid => Text::WhereGrid,
        Context::Selector => Text::WhereSelector,
        Context::Cell => Text::WhereCell,
        Context::Field => Text::WhereField,
        Context::Range => Text::WhereRange,
        Context::Preview => Text::WherePreview,
        Context::Conflict => Text::WhereConflict,
        Context::Help => Text::WhereHelp,
        Context::List => Text::WherePanel,
        Context::Explain => Text::WhereExplain,
        Context::Choice => Text::WhereChoice,
        Context::Palette => Text::WherePalette,
        Context::Picker | Context::PickShort | Context::PickMany => Text::WherePicker,
        Context::Form => Text::WhereForm,
        Context::FormCell => Text::WhereFormCell,
    }
}

/// The footer's entries here: key and what it does, most useful first, without help and quit, which stand at the right,
/// and without one that has no meaning here.
#[must_use]
pub fn hints(context: Context, lang: Lang, useless: impl Fn(Action) -> bool) -> Vec<(String, &'static str)> {
    rows(context)
        .filter(|b| b.hint && !useless(b.action) && !matches!(b.action, Action::Help | Action::Quit))
        .filter(|b| {
            !rows(context).take_while(|o| !std::ptr::eq(*o, *b)).any(|o| b.keys.iter().all(|k| o.keys.contains(k)))
        })
        .map(|b| {
            let key = match b.action {
                Action::Overwrite(_) | Action::View(_) | Action::Pick(Some(_)) => keys_text(b).replace(" .", ""),
                _ => b.keys[0].name(),
            };
            (key, b.help.in_lang(lang))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_action_has_a_key_an_input_method_lets_through() {
        for b in BINDINGS {
            assert!(b.keys.iter().any(|k| !k.is_letter()), "{b:?}");
        }
    }

    #[test]
    fn no_key_stands_twice_in_one_context() {
        let mut seen = HashSet::new();
        for b in BINDINGS {
            for key in b.keys {
                assert!(seen.insert((b.context, *key)), "{key:?} twice in {:?}", b.context);
            }
        }
    }

    #[test]
    fn a_letter_means_one_thing_everywhere() {
        use Action as A;
        let direction = |a| match a {
            A::RowPrev | A::CellUp | A::ItemPrev => "up",
            A::RowNext | A::CellDown | A::ItemNext | A::EnterGrid => "down",
            A::ColumnPrev | A::CellLeft | A::UnitPrev | A::OfferPrev => "left",
            A::ColumnNext | A::CellRight | A::UnitNext | A::OfferNext => "right",
            _ => "",
        };
        for a in BINDINGS {
            for b in BINDINGS {
                let shared = a.keys.iter().any(|k| k.is_letter() && b.keys.contains(k));
                let same = a.action == b.action
                    || (direction(a.action) == direction(b.action) && !direction(a.action).is_empty());
                assert!(!shared || same, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn the_help_is_at_most_eight_han() {
        for b in BINDINGS {
            assert!(b.help.in_lang(Lang::Zh).chars().count() <= 8, "{b:?}");
        }
    }

    #[test]
    fn digits_type_in_the_grid_and_change_the_view_elsewhere() {
        assert_eq!(resolve(Context::Grid, Key::Char('3')), Some(Action::Overwrite('3')));
        assert_eq!(resolve(Context::Selector, Key::Char('3')), Some(Action::View(3)));
        assert_eq!(resolve(Context::Table, Key::Char('3')), Some(Action::View(3)));
        assert_eq!(resolve(Context::Cell, Key::Char('3')), None);
        assert_eq!(resolve(Context::Field, Key::Char('q')), None);
        assert_eq!(resolve(Context::Field, Key::F(1)), Some(Action::Help));
        assert_eq!(resolve(Context::Explain, Key::F(1)), None);
        assert_eq!(resolve(Context::Explain, Key::Ctrl('c')), Some(Action::Interrupt));
    }

    #[test]
    fn full_width_keys_are_folded() {
        let key = |c| normalise(&KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
        assert_eq!(key('５'), Some(Key::Char('5')));
        assert_eq!(key('、'), Some(Key::Char('/')));
        assert_eq!(key('？'), Some(Key::Char('?')));
        assert_eq!(key('【'), Some(Key::Char('[')));
        for b in BINDINGS {
            for k in b.keys {
                if let Key::Char(c @ '!'..='~') = k {
                    let wide = char::from_u32(*c as u32 + 0xfee0).expect("a full-width form");
                    assert_eq!(key(wide), Some(*k));
                }
            }
        }
    }

    #[test]
    fn alt_digits_are_function_keys() {
        let key = |c| normalise(&KeyEvent::new(KeyCode::Char(c), KeyModifiers::ALT));
        assert_eq!(key('1'), Some(Key::F(1)));
        assert_eq!(key('0'), Some(Key::F(10)));
        assert_eq!(key('x'), None);
    }

    #[test]
    fn the_mouse_moves_the_cursor_of_the_list() {
        let list = Some(ListedRows { x: 0, y: 2, width: 80, rows: 10, selected: 6 });
        let count = |mouse, context, list| {
            let msgs = mouse_msgs(mouse, context, list, &Tabs::default());
            let down = msgs.iter().filter(|m| matches!(m, Msg::Action(Action::RowNext | Action::CellDown))).count();
            let up = msgs.iter().filter(|m| matches!(m, Msg::Action(Action::RowPrev | Action::CellUp))).count();
            assert_eq!(down + up, msgs.len());
            (up, down)
        };
        assert_eq!(count(Mouse::WheelDown, Context::Table, None), (0, 3));
        assert_eq!(count(Mouse::Click(4, 3), Context::Grid, list), (3, 0));
        assert_eq!(count(Mouse::Click(4, 9), Context::Rows, list), (0, 3));
        assert_eq!(count(Mouse::Click(4, 20), Context::Rows, list), (0, 0));
        assert_eq!(count(Mouse::WheelUp, Context::Cell, list), (0, 0), "nothing typed is lost by a touch");
    }

    #[test]
    fn a_click_on_the_name_of_a_view_goes_there_unless_something_is_typed() {
        let tabs = Tabs { y: 0, columns: vec![(1, 9), (9, 17)] };
        let click = |column, row, context| mouse_msgs(Mouse::Click(column, row), context, None, &tabs);
        assert!(matches!(click(10, 0, Context::Table)[..], [Msg::Action(Action::View(2))]));
        assert!(matches!(click(1, 0, Context::Grid)[..], [Msg::Action(Action::View(1))]));
        assert!(click(20, 0, Context::Table).is_empty() && click(10, 1, Context::Table).is_empty());
        assert!(click(10, 0, Context::Cell).is_empty() && click(10, 0, Context::Menu).is_empty());
    }

    #[test]
    fn typing_reaches_the_open_field_as_typed() {
        let typed = |c, context| msg(&Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)), context);
        assert!(matches!(typed('。', Context::Field), Some(Msg::Edit(Edit::Insert('。')))));
        assert!(matches!(typed('。', Context::Cell), Some(Msg::Edit(Edit::Insert('.')))));
        assert!(matches!(typed('学', Context::Table), Some(Msg::Char('学'))));
        assert!(matches!(typed('Q', Context::Table), Some(Msg::Action(Action::Nothing))), "a view answers to it");
        assert!(typed('Q', Context::List).is_none());
    }
}
