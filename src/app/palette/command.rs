//! 命令. What the palette can do besides going somewhere: the keys of the table, and commands without a key.

use super::entry::{Entry, Kind, Run};
use crate::app::action::Action;
use crate::app::exporting;
use crate::app::field::Field;
use crate::app::filter::folded_text;
use crate::app::form;
use crate::app::look::{Skin, Theme};
use crate::app::menu::{Confirm, Prompt};
use crate::app::screen::{Context, Sight, Wish};
use crate::domain::district::RoundIx;
use crate::domain::round::{RoundState, RoundStep};
use crate::domain::value::{Bilingual, Date, Lang};
use crate::domain::words::Word;
use crate::exchange::Sheet;
use crate::store::{self, Matter};
use crate::text::Text;

/// What another command of the program prints, to be read on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// `dukao doctor`
    Doctor,
    /// `dukao verify`
    Verify,
    /// `dukao plan`
    Plan,
}

impl Report {
    /// The command's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Verify => "verify",
            Self::Plan => "plan",
        }
    }
}

/// A command without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// 界面语言
    Lang(Lang),
    /// 字符集
    Skin(Skin),
    /// 配色
    Theme(Theme),
    /// The day that is shown; none = now.
    AsOf(Option<Date>),
    /// A step of a round's life.
    Round(RoundStep, RoundIx),
    /// A new record of a kind.
    Record(Sheet),
    /// Borders off, for the terminal's own selection.
    Plain,
    /// Everything that the message row said.
    Messages,
    /// What another command prints.
    Report(Report),
    /// The footer's hints.
    Hints(bool),
    /// The menu of exports, at the lines of this document.
    Export(&'static str),
    /// How files come in, which is done outside.
    Import,
}

/// What is done with the records of a view, and the other words that somebody may look for.
const OF_RECORDS: [(Action, Text, &str, &[&str]); 3] = [
    (Action::New, Text::HelpNew, "new", &["新增", "添加", "add"]),
    (Action::Edit, Text::HelpEditRecord, "edit", &["修改", "更正"]),
    (Action::Withdraw, Text::HelpWithdraw, "withdraw", &["删除", "作废", "delete", "remove"]),
];

/// The keys that the palette lists: where they mean it, what, and what to type for it.
pub const KEYS: &[(Context, Action, Text, &str)] = &[
    (Context::Table, Action::Filter, Text::HelpFilter, "filter"),
    (Context::Table, Action::Sort, Text::HelpSort, "sort"),
    (Context::Table, Action::SortReverse, Text::HelpSortReverse, "reverse"),
    (Context::Table, Action::Columns, Text::HelpColumns, "columns"),
    (Context::Table, Action::SelectAll, Text::HelpSelectAll, "select all"),
    (Context::Boards, Action::WhatIf, Text::HelpWhatIf, "what if"),
    (Context::Boards, Action::ChangesOnly, Text::HelpChangesOnly, "changes only"),
    (Context::Grid, Action::FillDown, Text::HelpFillDown, "fill down"),
    (Context::Grid, Action::Paste, Text::HelpPaste, "paste"),
    (Context::Grid, Action::CopyTable, Text::HelpCopyTable, "copy table"),
    (Context::Grid, Action::Note, Text::HelpNote, "note"),
    (Context::Grid, Action::SecondEntry, Text::HelpSecondEntry, "second entry"),
    (Context::Any, Action::Zoom, Text::HelpZoom, "zoom"),
    (Context::Any, Action::Mouse, Text::HelpMouse, "mouse"),
    (Context::Any, Action::Jump, Text::HelpJump, "jump"),
    (Context::Any, Action::Explain, Text::HelpExplain, "explain"),
    (Context::Any, Action::Export, Text::HelpExport, "export"),
    (Context::Any, Action::Undo, Text::HelpUndo, "undo"),
    (Context::Any, Action::Redo, Text::HelpRedo, "redo"),
    (Context::Any, Action::RoundPrev, Text::HelpRoundPrev, "round previous"),
    (Context::Any, Action::RoundNext, Text::HelpRoundNext, "round next"),
    (Context::Any, Action::Reload, Text::HelpReload, "reload"),
    (Context::Any, Action::Redraw, Text::HelpRedraw, "redraw"),
    (Context::Any, Action::Suspend, Text::HelpSuspend, "suspend"),
    (Context::Any, Action::Help, Text::HelpHelp, "help"),
    (Context::Any, Action::SaveHint, Text::HelpSaveHint, "w"),
    (Context::Any, Action::Quit, Text::HelpQuit, "q"),
    (Context::Any, Action::Quit, Text::HelpQuit, "wq"),
];

/// The steps of a round that the palette lists.
const STEPS: [(RoundStep, Text, &str); 4] = [
    (RoundStep::Open, Text::StepOpen, "open"),
    (RoundStep::Seal, Text::StepSeal, "seal"),
    (RoundStep::Reopen, Text::StepReopen, "reopen"),
    (RoundStep::Publish, Text::StepPublish, "publish"),
];

/// Every command, in table order.
#[must_use]
pub fn entries(sight: &Sight<'_>) -> Vec<Entry> {
    let entry = |name: Bilingual, typed: &str, run| Entry::new(format!("do:{typed}"), Kind::Command, name, typed, run);
    let mut all: Vec<Entry> = KEYS
        .iter()
        .map(|(context, action, text, typed)| entry(text.both(&[]), typed, Run::Key(*context, *action)))
        .collect();
    let of_records = OF_RECORDS.iter().map(|(action, text, typed, words)| {
        entry(text.both(&[]), typed, Run::Key(Context::Table, *action)).also(words)
    });
    all.extend(of_records);
    all.push(entry(Text::DoImport.both(&[]), "import", Run::Do(Command::Import)));
    let plain = [
        (Text::DoChinese, "lang zh", Command::Lang(Lang::Zh)),
        (Text::DoEnglish, "lang en", Command::Lang(Lang::En)),
        (Text::DoSkinAuto, "skin auto", Command::Skin(Skin::Auto)),
        (Text::DoSkinSafe, "skin safe", Command::Skin(Skin::Safe)),
        (Text::DoSkinLine, "skin line", Command::Skin(Skin::Line)),
        (Text::DoThemeDefault, "theme default", Command::Theme(Theme::Default)),
        (Text::DoThemeLight, "theme light", Command::Theme(Theme::Light)),
        (Text::DoThemeMono, "theme mono", Command::Theme(Theme::Mono)),
        (Text::DoPlain, "plain", Command::Plain),
        (Text::DoMessages, "messages", Command::Messages),
        (Text::DoDoctor, "doctor", Command::Report(Report::Doctor)),
        (Text::DoVerify, "verify", Command::Report(Report::Verify)),
        (Text::DoPlan, "plan", Command::Report(Report::Plan)),
        (Text::DoHintsOn, "hints on", Command::Hints(true)),
        (Text::DoHintsOff, "hints off", Command::Hints(false)),
        (Text::DoToday, "as-of today", Command::AsOf(None)),
    ];
    for (action, text, typed) in [
        (Action::FillRight, Text::HelpFillRight, "fill right"),
        (Action::AutoAdvance, Text::HelpAutoAdvance, "auto-advance"),
    ] {
        all.push(entry(text.both(&[]), typed, Run::Key(Context::Grid, action)));
    }
    let mut known = "";
    for (name, what, _) in exporting::OFFERED {
        // A document stands there once for each format.
        if what != known {
            let (zh, en) = name.pair();
            let name = Text::DoExport.both2(&[&zh], &[&en]);
            all.push(entry(name, &format!("export {what}"), Run::Do(Command::Export(what))));
        }
        known = what;
    }
    for sheet in Sheet::EDITED {
        let (kind, name) = (form::title(sheet).pair(), sheet.kind().name());
        let name_of = Text::DoRecord.both2(&[&kind.0], &[&kind.1]);
        all.push(entry(name_of, &format!("record {name}"), Run::Do(Command::Record(sheet))));
    }
    all.push(entry(Text::DoAsOf.both(&[]), "as-of ..", Run::More("as-of ")));
    all.push(entry(Text::DoGoto.both(&[]), "goto ..", Run::More("goto ")));
    all.extend(plain.map(|(text, typed, command)| entry(text.both(&[]), typed, Run::Do(command))));
    for ix in sight.data.round_ixs() {
        let round = sight.data.plan.round(ix);
        all.extend(STEPS.map(|(step, text, word)| {
            let typed = format!("round {word} {}", round.id);
            entry(text.both2(&[&round.name], &[&round.id]), &typed, Run::Do(Command::Round(step, ix)))
        }));
    }
    all
}

/// `as-of DATE`, where a day stands there: `MM-DD` is in the year of the district.
#[must_use]
pub fn typed(text: &str, sight: &Sight<'_>) -> Vec<Entry> {
    let text = folded_text(text).to_lowercase();
    let Some(day) = text.trim_start_matches('>').trim().strip_prefix("as-of ").map(str::trim) else {
        return Vec::new();
    };
    let year = sight.data.plan.district.year;
    let date = day.parse::<Date>().ok().or_else(|| format!("{year}-{day}").parse().ok());
    let entry = |date: Date| {
        let (name, typed) = (Text::DoAsOfDay.both(&[&date]), format!("as-of {date}"));
        Entry::new(format!("do:{typed}"), Kind::Command, name, typed, Run::Do(Command::AsOf(Some(date))))
    };
    date.map(entry).into_iter().collect()
}

/// The last use of a command that is not listed by itself.
#[must_use]
pub fn remembered(id: &str, sight: &Sight<'_>) -> Option<Entry> {
    typed(id.strip_prefix("do:")?, sight).pop()
}

/// Why a command cannot run now; none if it can.
#[must_use]
pub fn refusal(command: &Command, sight: &Sight<'_>) -> Option<Bilingual> {
    if let Command::Record(sheet) = *command {
        return form::open::new(sheet, &[], sight).refused(None, sight);
    }
    let Command::Round(step, round) = *command else { return None };
    let (data, state) = (sight.data, sight.data.round_state(round));
    if let Some(day) = data.as_of {
        return Some(Text::PastDay.both(&[&day]));
    }
    if step.from(state).is_none() {
        return Some(Text::RoundIs.both2(&[&state.word(Lang::Zh)], &[&state.word(Lang::En)]));
    }
    let matter = Matter { round: Some(state), reason: true, ..Matter::default() };
    if let Err(error) = store::may(sight.actor, store::Action::Round(step), &matter) {
        return Some(error.text());
    }
    let blockers = if step == RoundStep::Seal { data.unsettled(round).count() } else { 0 };
    (blockers > 0).then(|| Text::RoundBlocked.both(&[&blockers]))
}

/// The word that confirms a step, in pinyin and Han; none for a step that is done at once.
#[must_use]
pub fn confirmed_by(step: RoundStep) -> Option<(&'static str, &'static str)> {
    match step {
        RoundStep::Open => None,
        RoundStep::Seal => Some(("fengcun", "封存")),
        RoundStep::Reopen => Some(("chongkai", "重开")),
        RoundStep::Publish => Some(("gongbu", "公布")),
        RoundStep::Finalise => Some(("zhongjie", "终结")),
    }
}

/// A step of a round: done at once, or once its word was typed; a reopening wants its reason first.
#[must_use]
pub fn step(step: RoundStep, round: RoundIx, sight: &Sight<'_>) -> Wish {
    let r = sight.data.plan.round(round);
    let (id, name) = (r.id.clone(), r.name.clone());
    let Some((pinyin, han)) = confirmed_by(step) else {
        return Wish::RoundStep { round: id, step, reason: String::new() };
    };
    let (title, lines) = (Text::ConfirmTitle.both2(&[&han, &name], &[&pinyin, &id]), consequence(step, round, sight));
    let reopen = Text::ReasonToReopen.both2(&[&name], &[&id]);
    let confirm = move |reason: &str| {
        Wish::Confirm(Confirm {
            title: title.clone(),
            lines: lines.clone(),
            words: [pinyin, han],
            verb: Bilingual::new(han, pinyin),
            field: Field::default(),
            then: vec![Wish::RoundStep { round: id.clone(), step, reason: reason.to_owned() }],
        })
    };
    if step == RoundStep::Reopen {
        return Wish::Ask(Prompt::reason(reopen, move |reason| vec![confirm(reason)]));
    }
    confirm("")
}

/// What a step does and whether it can be taken back, in whole sentences.
#[must_use]
pub fn consequence(step: RoundStep, round: RoundIx, sight: &Sight<'_>) -> Vec<Bilingual> {
    use crate::domain::district::UnitKind::{Headquarters, Town};
    use crate::domain::score::ScoreState;
    let data = sight.data;
    let ranked = |kind| data.plan.units_of(kind).filter(|u| data.plan.unit(*u).ranked).count();
    let provisional = data.assessment(round).map_or(0, |a| a.count(ScoreState::Provisional));
    match step {
        RoundStep::Open => Vec::new(),
        RoundStep::Seal => vec![Text::SealFreezes.both(&[&data.plan.round(round).as_of]), Text::SealStays.both(&[])],
        RoundStep::Reopen => {
            let published = data.round_state(round) == RoundState::Published;
            let text = if published { Text::ReopenPublished } else { Text::ReopenSealed };
            vec![text.both(&[]), Text::ReopenKeeps.both(&[])]
        }
        RoundStep::Publish => vec![
            Text::PublishTo.both(&[&ranked(Headquarters), &ranked(Town), &provisional]),
            Text::PublishStays.both(&[]),
        ],
        RoundStep::Finalise => Vec::new(),
    }
}
