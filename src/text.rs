//! 文字. Every text that a person reads on the screen: Chinese and English in one row, so that a missing one does not
//! compile. `{}` stands for a value, in the same order in both languages.

use std::fmt::Display;

use crate::domain::value::{Bilingual, Lang};

pub mod fold;
pub mod wrap;

pub use fold::fold_char;

macro_rules! texts {
    ($($name:ident: $zh:literal, $en:literal;)*) => {
        /// 文字. One text in both languages.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Text {
            $(#[doc = concat!("`` ", $zh, " ``")] $name,)*
        }

        impl Text {
            /// Every text.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Chinese and English.
            #[must_use]
            pub const fn pair(self) -> (&'static str, &'static str) {
                match self {
                    $(Self::$name => ($zh, $en),)*
                }
            }
        }
    };
}

impl Text {
    /// In that language.
    #[must_use]
    pub const fn in_lang(self, lang: Lang) -> &'static str {
        match (lang, self.pair()) {
            (Lang::Zh, (zh, _)) => zh,
            (Lang::En, (_, en)) => en,
        }
    }

    /// In that language, each `{}` replaced by the next value.
    #[must_use]
    pub fn fill(self, lang: Lang, values: &[&dyn Display]) -> String {
        let mut values = values.iter();
        let mut parts = self.in_lang(lang).split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if let Some(value) = values.next() {
                text.push_str(&value.to_string());
            }
            text.push_str(part);
        }
        text
    }

    /// Whether a text says this, in either language.
    #[must_use]
    pub fn is(self, text: &str) -> bool {
        let (zh, en) = self.pair();
        text == zh || text.eq_ignore_ascii_case(en)
    }

    /// Both languages with the same values.
    #[must_use]
    pub fn both(self, values: &[&dyn Display]) -> Bilingual {
        self.both2(values, values)
    }

    /// Both languages, each with its own values.
    #[must_use]
    pub fn both2(self, zh: &[&dyn Display], en: &[&dyn Display]) -> Bilingual {
        Bilingual::new(self.fill(Lang::Zh, zh), self.fill(Lang::En, en))
    }
}

texts! {
    // 页
    TabOverview: "总览", "Overview";
    TabOverviewShort: "总览", "Home";
    TabProjects: "项目", "Projects";
    TabProjectsShort: "项目", "Proj";
    TabBoards: "榜单", "Ranking";
    TabBoardsShort: "榜单", "Rank";
    TabTargets: "任务", "Targets";
    TabTargetsShort: "任务", "Goal";
    TabScores: "评分", "Scores";
    TabScoresShort: "评分", "Score";
    TabRectifications: "整改", "Fixes";
    TabRectificationsShort: "整改", "Fix";
    TabHistory: "记录", "Log";
    TabHistoryShort: "记录", "Log";
    SampleData: "样例数据", "SAMPLE";
    SampleShort: "样例", "SAMPLE";
    Loading: "读取中", "loading";

    // 状态字 and 提示
    StateEditing: "-- 编辑 --", "-- EDIT --";
    StateTyping: "-- 输入 --", "-- TYPE --";
    StateGrid: "-- 评分 --", "-- GRID --";
    StateBrowsing: "只读", "read-only";
    TipOverview: "Tab 换区块，Enter 打开那一页", "Tab changes the block, Enter opens its view";
    TipProjects: "/ 后输 lcz 只看李村镇，status:滞后 只看滞后", "after / type lcz for 李村镇, status:behind for those behind";
    TipBoards: "Enter 看得分构成，= 看推算", "Enter shows what the score is made of, = derives it";
    TipBoardsOpen: "预估：{} 项待认定、{} 张打分票未录或未确认；封存前不能公布", "estimate: {} to certify, {} ballots open; only a sealed round is published";
    TipLook: "只能看，不能改；= 看推算，[ ] 换轮次，Esc 后 1-7 换页", "look only; = derives, [ ] the round; after Esc 1-7 change the view";
    TipProvisional: "~ 含推算未认定；", "~ provisional; ";
    TipTargets: "「其中」不再相加；-- 是文件未列，不是 0", "\"of which\" is never added again; -- is not stated, not 0";
    TipSelector: "左右 选指挥部，[ ] 换轮次，Enter 进表格，1-7 换页", "left/right choose the headquarters, [ ] the round, Enter enters the grid, 1-7 change the view";
    TipGrid: "数字直接录入，Enter 保存；Esc 离开表格后 1-7 换页", "digits type a score, Enter saves; after Esc 1-7 change the view";
    TipRectifications: "左右 换筛选；负数是已逾期的天数", "left/right change the filter; a negative number is days overdue";
    TipHistory: "记录只追加、不可改；撤销会另写一条反向记录", "entries are only added; an undo writes its own entry";
    MayScore: "可看可评：{}", "you may score: {}";

    // 登记表
    FormMilestone: "节点完成", "milestone done";
    FormProgress: "进度上报", "progress report";
    FormIncident: "事件", "incident";
    FormRectification: "整改", "rectification";
    FormAttraction: "招商项目", "attraction";
    FormIndicator: "主要指标", "indicator";
    FormGoal: "目标完成值", "goal";
    FormNewRecord: "登记 {}", "new {}";
    FormEditRecord: "改 {}", "change {}";
    FormOf: "登记 {}", "record for {}";
    FormChange: "改 {} 的记录", "change records of {}";
    FormAgain: "同上次，无变化", "as last time";
    FormSame: "{} 同 {}", "{} as on {}";
    FormSameAll: "{} 个项目同上次", "{} projects as last time";
    FormSameSome: "{} 个项目同上次；另 {} 个未记：{}", "{} projects as last time; {} not: {}";
    FormSameNone: "选中的 {} 个都没有记：{}", "none of the {} selected: {}";
    FormOlder: "更早的 {} 次上报：7 记录里找到它，e 改", "{} older reports: view 7, on the entry e";
    FormNoReport: "{} 还没有上报，没有可重复的", "{} has no report yet to repeat";
    FormReported: "{} 今天 {} 已有上报；e 改", "{} has a report of today, {}; e changes it";
    FormOwnData: "项目本身", "the project itself";
    FormOwnDataOf: "{} 项目本身", "{} itself";
    FormInPlan: "在 projects.toml，此处只看", "in projects.toml, shown here only";
    FormPlanFile: "这些是计划：改 {}（id = \"{}\" 的一节），再 dukao plan --apply；此处只看", "this is the plan: edit {}, the table with id = \"{}\", then dukao plan --apply; shown here only";
    FormNone: "这一条不在登记表里改；o 到它所在的页", "this one is not changed in a form; o goes to its view";
    FormExists: "已有这条记录，保存即修改", "this record exists: saving changes it";
    FormFresh: "新记录", "a new record";
    FormNeeded: "必填", "needed";
    FormId: "字母、数字和 - _ .", "letters, digits and - _ .";
    FormDay: "0715、7-15 或 今天", "0715, 7-15 or today";
    FormMoney: "要带单位：980万元、1.2亿元", "with unit: 980万元";
    FormNumber: "数字", "a number";
    FormShare: "%，0 至 100", "%, 0 to 100";
    FormGoalDone: "1 已完成，0 未完成", "1 done, 0 not yet";
    FormCount: "整数", "a whole number";
    FormPeriod: "2014-H1、2014-Q2 或 2014", "2014-H1, 2014-Q2 or 2014";
    FormOne: "空格选，左右换", "Space lists them";
    FormMany: "空格选，可多个", "Space lists them, several";
    FormReason: "改已有的值时写", "why a value is changed";
    FormExcluded: "填了就不计入任务", "if given, it does not count";
    FormDoubted: "{}；请核对：{}", "{}; look again: {}";
    FormTheirs: "对方 {}", "theirs {}";
    FormUnsaved: "有 {} 项没保存：再按 Esc 放弃，Ctrl-S 保存", "{} not saved: Esc again drops, Ctrl-S saves";
    FormDropped: "未保存而放弃 {} 项：{}", "dropped {} unsaved: {}";
    FormSending: "正在保存，稍候", "saving, wait";
    FormWrong: "{} 处要改，未保存", "{} to correct, not saved";
    FormConflict: "{}  Enter 覆盖(写理由)  Esc 保留对方", "{}  Enter overrides (reason)  Esc keeps theirs";
    FormKeptTheirs: "改成了对方的值；别的还没保存，Ctrl-S 保存", "theirs it is; the rest is not saved yet: Ctrl-S";
    FormOnlyTheirs: "保留了对方的值，没有别的要保存；Esc 关闭", "theirs stays, nothing else is to be saved; Esc closes";
    FormKeys: "直接输入即改  空格 选  Enter 下一格  Ctrl-S 保存  Esc 关闭", "type to change  Space lists  Enter next  Ctrl-S saves  Esc closes";
    WithdrawOf: "撤回 {} 的哪条记录", "withdraw which record of {}";
    WithdrawNone: "没有这条记录，没有可撤回的", "there is no such record to withdraw";
    WithdrawTyped: "有 {} 项没保存：先 Ctrl-S 保存或 Esc 放弃，再撤回", "{} not saved: Ctrl-S saves or Esc drops, then withdraw";
    WithdrawElsewhere: "这一条不能整条撤回：分数在评分页清空，u 撤销自己的改动", "this one is not withdrawn: clear a score in its grid, u undoes your own";
    WithdrawWhy: "整条撤回：写明理由，Enter 撤回；保存后 u 可恢复", "the whole record is withdrawn: give a reason, Enter withdraws; u brings it back";
    WithdrawNot: "没有撤回；现在是对方的值", "not withdrawn; it has their values now";
    WithdrawUnsaved: "还没撤回，理由没保存：再按 Esc 放弃，Enter 撤回", "not withdrawn: Esc again drops the reason, Enter withdraws";
    WithdrawRecord: "撤回 {}", "withdraw {}";
    WithdrawKeys: "写理由  Enter 撤回  Esc 不撤", "type the reason  Enter withdraws  Esc does not";
    WithdrawReason: "必填：为什么撤回", "needed: why it is withdrawn";
    PickOne: "Enter 选定  Esc 关闭", "Enter chooses  Esc closes";
    PickShort: "1-9 或 Enter 选定  Esc 关闭", "1-9 or Enter chooses  Esc closes";
    PickMany: "空格 选上或去掉  Enter 选定  Esc 关闭", "Space adds or removes  Enter chooses  Esc closes";
    HelpPickSome: "选上或去掉", "add or remove";
    WherePicker: "备选", "list of a field";
    PickNone: "没有「{}」：改几个字，或 Esc 关闭", "nothing for \"{}\": type something else, or Esc";
    NoRow: "这里没有选中的行：清除筛选，或先把它写进计划", "no row here: clear the filter, or write it into the plan first";
    HelpNew: "登记", "new record";
    HelpAgain: "同上次上报", "report as last time";
    HelpEditRecord: "改记录", "change the record";
    HelpWithdraw: "撤回记录", "withdraw";
    HelpSave: "保存", "save";
    HelpChoices: "选一个", "choose";
    HelpClearField: "清空", "clear";
    HelpFormNext: "下一格或保存", "next, or save";
    WhereForm: "登记表", "form";
    WhereFormCell: "登记表的一格", "field of a form";
    DoImport: "导入文件", "import a file";
    ImportWhere: "文件在终端里导入，看板不必退出，导入后自动显示：", "files are imported in a shell; this dashboard shows them by itself:";
    ImportTry: "  dukao import 文件 --dry-run     先看会改什么，不写", "  dukao import FILE --dry-run     what would change; nothing is written";
    ImportWrite: "  dukao import 文件               写入，u 可整批撤销", "  dukao import FILE               writes it; u takes all of it back";
    ImportTypes: "  CSV、.xlsx 都可以；dukao import --help 列出各种表", "  CSV or .xlsx; dukao import --help lists the tables";
    DoRecord: "登记 {}", "record: {}";

    // 命令面板
    PaletteTitle: "命令与跳转", "Commands and places";
    JumpTitle: "跳转", "Jump";
    PaletteTip: "汉字、全拼、首字母都认；> 命令  @ 单位  # 项目或记录号", "names, pinyin, initials; > commands  @ units  # projects or #entry";
    PaletteCount: "{} / {}", "{} / {}";
    PaletteKeys: "上下 选  Enter 执行  Tab 补全  Esc 关闭", "Enter runs  Tab completes  Esc closes";
    NothingToRun: "没有「{}」；Tab 看全部命令", "nothing for \"{}\"; Tab lists all commands";
    NothingToJump: "没有「{}」；Tab 看全部去处", "nothing for \"{}\"; Tab lists all places";
    NotOnView: "本页不用", "not on this view";
    NotHere: "这一页用不上这个键", "that key has nothing to do here";
    ConfirmKeys: "Enter {}    Esc 不做", "Enter {}    Esc does not";
    DoesGo: "去", "go";
    DoesFilter: "筛", "show";
    DoesScore: "评", "score";
    DoesRectify: "改", "fix";
    DoesRecord: "记", "log";
    DoesCommand: "令", "do";
    PlaceUnit: "{}", "{}";
    PlaceProjects: "{} 的项目", "projects of {}";
    PlaceScores: "{} 待认定", "scores of {}";
    PlaceRectifications: "{} 的整改", "fixes of {}";
    PlaceJudge: "评委 {} {}", "judge {} {}";
    PlaceRecords: "{} 的记录", "log of {}";
    PlaceEntry: "记录 #{}", "entry #{}";
    HintTown: "镇榜第 {}  综合 {}", "town no. {}  {}";
    HintHeadquarters: "指挥部榜第 {}  综合 {}", "HQ no. {}  {}";
    HintProjects: "{} 个  滞后 {}", "{}, {} behind";
    HintScores: "{} 项", "{} open";
    HintRectifications: "未销号 {} 件", "{} open";
    NewestEntry: "最新是 #{}", "the newest is #{}";
    NoSuchEntry: "没有可看的记录 #{}", "there is no entry #{} that you may see";
    DoChinese: "中文界面", "Chinese";
    DoEnglish: "英文界面 English", "English";
    DoSkinAuto: "字符：按终端测得", "glyphs as measured";
    DoSkinSafe: "字符：只用 ASCII 和汉字", "glyphs: ASCII and Han only";
    DoSkinLine: "字符：线条和箭头", "glyphs: lines and arrows";
    DoThemeDefault: "配色：深色背景", "colours for a dark background";
    DoThemeLight: "配色：浅色背景", "colours for a light background";
    DoThemeMono: "配色：不用颜色", "no colours";
    DoPlain: "无边框，便于终端自选复制", "borders off, for the terminal's own selection";
    DoMessages: "本次的全部消息", "all messages of this session";
    DoDoctor: "体检", "doctor";
    DoVerify: "核对台账", "verify the ledger";
    DoPlan: "计划与数据库的差别", "plan against database";
    DoHintsOn: "底行提示：开", "footer hints on";
    DoHintsOff: "底行提示：关", "footer hints off";
    DoToday: "回到今天", "back to today";
    DoAsOf: "看过去某天 ..", "show a day of the past ..";
    DoAsOfDay: "看 {} 当天", "show {}";
    DoGoto: "去 .. （任何名称、编号或记录号）", "go to .. any name, id or entry";
    StepOpen: "开轮 {}", "open {}";
    StepSeal: "封存 {} ..", "seal {} ..";
    StepReopen: "重开 {} ..", "reopen {} ..";
    StepPublish: "公布 {} ..", "publish {} ..";
    ReasonToReopen: "重开 {} 的理由: ", "reason to reopen {}: ";
    RoundIs: "本轮{}", "it is {}";
    RoundBlocked: "还有 {} 项未定", "{} still open";
    ConfirmTitle: "{} {}", "{} {}";
    SealFreezes: "本轮的分数和名次按 {} 的情况固定下来，此后不再改动。", "points and ranks are frozen as of {} and change no more.";
    SealStays: "封存后只能写明理由重开，原来的封存保留。", "only reopening with a reason follows; this seal stays readable.";
    ReopenSealed: "分数又可以改；改完要重新封存。", "scores can change again; the round must be sealed anew.";
    ReopenPublished: "已公布的一轮又可以改；重新封存后要发更正通报。", "a published round can change again; its next bulletin is a correction.";
    ReopenKeeps: "原来的封存保留，可查可比。", "the earlier seal stays readable.";
    PublishTo: "将向 {} 个指挥部、{} 个镇公布。{} 个项目暂不计分。", "goes to {} headquarters and {} towns. {} projects are not scored yet.";
    PublishStays: "公布后只能用更正通报修改，不能撤销。", "only a correction can change it; it cannot be undone.";
    LookIs: "外观：{}", "looks: {}";
    PlainOn: "已去掉边框；再用 :plain 恢复", "borders off; :plain brings them back";
    PlainOff: "已恢复边框", "borders on";
    ReportRunning: "正在运行 dukao {}", "running dukao {}";
    ExportTitle: "导出 {}", "Export {}";
    ExportBulletin: "通报", "bulletin";
    ExportScores: "评分", "scores";
    ExportProjects: "项目", "projects";
    ExportLedger: "台账", "ledger";
    ExportDossier: "项目档案", "dossier of a project";
    ExportNotice: "整改通知书", "notice of rectification";
    ExportNeedsProject: "光标先放在一个项目上（2 项目）", "first put the cursor on a project (view 2)";
    ExportNeedsRectification: "光标先放在一条整改上（6 整改）", "first put the cursor on a rectification (view 6)";
    DoExport: "导出：{}", "export: {}";
    ExportTo: "写到文件：", "to file: ";
    ExportNeedsName: "请写文件名", "a file name is needed";
    ExportOtherEnding: "这一项写的是 {}：文件名要以 .{} 结尾", "this line writes {}: the name ends in .{}";
    ExportThere: "{} 已有", "{} is there already";
    ExportBeside: "另写一个：{}", "write another: {}";
    ExportReplace: "替换原来的文件，原来的内容不再有", "replace it; what is in it is gone";
    ExportNoPath: "这个路径写不出全名，看不出会不会盖掉别的文件；请写别的路径", "the path has no full name, so it might write over a file: name another";
    ExportNoRound: "没有可看的轮次", "there is no round to see";
    ExportAtHome: "SSH 会话里不写文件：选一项，复制在自己机器上运行的命令。", "An SSH session writes no file: a line copies the command to run at home.";
    ExportCopied: "已复制，在自己的机器上运行：{}", "copied, to be run at home: {}";
    ExportBySudo: "经 sudo 使用时不写文件：选一项，复制在终端里运行的命令（sudoers 须许可）。", "By sudo no file is written: a line copies the command to run in a shell (if sudoers allows it).";
    ExportCopiedBySudo: "已复制，在终端里运行：{}", "copied, to be run in a shell: {}";
    MessagesTitle: "消息", "Messages";
    NoMessages: "还没有消息", "no message yet";
    ReportFailed: "dukao {} 没能运行：{}", "dukao {} did not run: {}";
    ReportInSession: "SSH 会话里不能另开程序，dukao {} 请在服务器上运行", "an SSH session starts no program: run dukao {} on the server";

    // 消息
    Saved: "已保存 #{}", "saved #{}";
    Saving: "保存中 {} {}", "saving {} {}";
    SavingCells: "保存中 {} 格", "saving {} cells";
    SoManyCells: "{} 格", "{} cells";
    NoteNeedsEntry: "本格还没有录入；先录入，备注随录入写", "nothing is entered here yet; a note goes with an entry";
    NoteOf: "{} 的备注: ", "note for {}: ";
    NothingToFill: "没有可填充的值：先选区，首行是要填的值", "nothing to fill with: select a range, its first row is the value";
    CopySent: "已送出 {} 行 {} 格（若粘贴为空，:plain 后用鼠标选）", "sent: rows {}, cells {} (if a paste is empty: :plain, then select with the mouse)";
    CopyTooLarge: "超过 64 KiB，没有送出；用 dukao export scores 导出", "more than 64 KiB, not sent; use dukao export scores";
    NothingCopied: "这里还没有复制过；粘贴 Excel 用右键或 Shift-Insert", "nothing copied here yet; paste from a spreadsheet with the terminal's own paste";
    PasteInCell: "本格还开着：先 Enter 存或 Esc 放弃，再粘贴", "a cell is open: save it with Enter or drop it with Esc, then paste";
    PasteTooLarge: "粘贴超过 64 KB，没有读", "more than 64 KB pasted, not read";
    PasteEmpty: "粘贴的内容没有可录的格", "nothing to enter in what was pasted";
    PastePreview: "粘贴预览  {} 行 x {} 列  {}", "Paste preview  {} rows x {} columns  {}";
    AlignedByName: "按编号、名称对齐", "aligned by id or name";
    AlignedByPlace: "按位置对齐", "aligned by position";
    PasteResult: "结果", "result";
    PasteMoreColumns: "结果（右侧还有 {} 列）", "result (+{} columns)";
    PasteExcluded: "已排除", "left out";
    PasteChoose: "对到 {}？{} Enter 认", "{}?{} Enter accepts";
    PasteSame: "不变", "unchanged";
    PasteChanges: "改 {}", "{} changed";
    PasteOverrides: "改 {}，与推算不同 {}", "{} changed, {} differ";
    PasteReasons: "改 {}，要写理由 {}", "{} changed, {} need a reason";
    PasteUnknownColumns: "这些列对不上本表的列，不写入：{}", "columns that are none of this table, not written: {}";
    PasteNameColumn: "，第 1 列当作名称", ", column 1 taken for names";
    PasteNameColumns: "，第 1-{} 列当作名称", ", columns 1-{} taken for names";
    PasteSum: "可写 {} 格   不变 {}   错误 {} 行   待认 {} 行   排除 {} 行", "to write {}   unchanged {}   wrong rows {}   to choose {}   left out {}";
    PasteReady: "Enter 全部写入", "Enter writes all";
    PasteNotReady: "还不能写入", "cannot be written yet";
    PasteNeedsReason: "{} 格要写理由，写入前问一次，共用一条", "{} cells need a reason: one for all is asked for";
    PasteNotYet: "还不能写入：错误 {} 行，待认 {} 行；改好再贴，或 Space 排除", "cannot be written: {} wrong, {} to choose; correct and paste again, or Space leaves out";
    PasteDropped: "已放弃粘贴，一格也没有写", "paste abandoned, no cell was written";
    NoSuchRow: "本表没有「{}」", "no \"{}\" in this table";
    RowTwice: "「{}」出现两次", "\"{}\" stands here twice";
    MenuAdopt: "采用推算", "adopt the derived value";
    MenuAdoptValue: "采用推算 {}", "adopt the derived value {}";
    MenuNotApplicable: "不适用（写理由）", "not applicable (with a reason)";
    MenuClear: "清空", "clear";
    MenuNote: "备注", "note";
    MenuExplain: "推算", "explain";
    MenuRow: "整行不适用（暂不计分）", "whole row n/a (not scored)";
    Doubtful: "不知是否已存，正在查台账", "not known whether it is saved: asking the ledger";
    BusyRetry: "未保存：数据库忙；{}  Enter 重试  Esc 放弃", "not saved: the database is busy; {}  Enter tries again  Esc drops";
    UndoElsewhere: "别页的改动 #{} {}；再按 u 撤销", "a change made on another page: #{} {}; u once more undoes it";
    UndoEarlier: "本次开始前的改动 #{} {}；再按 u 撤销", "a change from before this session: #{} {}; u once more undoes it";
    UndoneMany: "已撤销 {} 格，记为 #{}–#{}   U 重做", "undone, {} cells, written as #{}–#{}   U redoes";
    RedoneMany: "已重做 {} 格，记为 #{}–#{}   u 撤销", "redone, {} cells, written as #{}–#{}   u undoes";
    SavedMany: "已保存 {} 格 #{}–#{}", "saved {} cells #{}–#{}";
    StateRange: "-- 选区 --", "-- RANGE --";
    HelpCopyTable: "复制整表", "copy whole table";
    HelpNote: "备注", "note";
    HelpRange: "选区", "select a range";
    HelpRangeEnd: "取消选区", "end the range";
    HelpExtend: "扩大选区", "extend the range";
    HelpFillDown: "向下填充", "fill down";
    HelpFillRight: "向右填充", "fill right";
    HelpAutoAdvance: "满三位进格", "advance after three digits";
    HelpPaste: "粘贴", "paste with preview";
    HelpWriteAll: "全部写入", "write all, one step";
    HelpExclude: "排除此行", "leave this row out";
    HelpErrorsOnly: "只看错处", "rows with errors";
    HelpAlign: "换对齐法", "by name or position";
    HelpAbandon: "放弃粘贴", "abandon";
    HelpOffer: "换候选", "another candidate";
    WhereRange: "选区", "range";
    WherePreview: "粘贴预览", "paste preview";
    NoneWritten: "{}；一格也没有写", "{}; no cell was written";
    SavedAlways: "每格回车即存，最近 #{}", "every cell is saved by Enter, last #{}";
    SavedAlwaysNone: "每格回车即存，本次还没有改动", "every cell is saved by Enter, nothing changed yet";
    SavingWhat: "保存中 {}", "saving {}";
    SavedWhat: "已保存 #{} {}   u 撤销", "saved #{} {}   u undoes";
    NotSavedWhat: "{}；「{}」未保存", "{}; not saved: {}";
    NothingDone: "没有做，没有写记录", "not done, nothing written";
    ChainBroken: "! 链在 #{} 处断开，见 dukao verify", "! chain broken at #{}, see dukao verify";
    ReasonIsNeeded: "理由不能空", "a reason is needed";
    TypeTheWord: "要输入「{}」才做", "type {} to do it";
    NotADay: "写成 08-01 或 2014-08-01", "write 08-01 or 2014-08-01";
    Undone: "已撤销，记为 #{}   U 重做", "undone, written as #{}   U redoes";
    UndoneWhat: "已撤销 #{} {}，记为 #{}   U 重做", "undone #{} {}, written as #{}   U redoes";
    Redone: "已重做，记为 #{}   u 撤销", "redone, written as #{}   u undoes";
    RedoneWhat: "已重做 #{} {}，记为 #{}   u 撤销", "redone #{} {}, written as #{}   u undoes";
    Pace: "序时 {}%", "pace {}%";
    AlsoInGrid: "同表：{}", "also here: {}";
    AlsoInRow: "{} 也在这一行", "{} is in this row too";
    WaitsForSave: "另一人正在保存，稍候", "another save is under way, wait a moment";
    PastDay: "正在看 {} 当天，只读", "{} is shown, read-only";
    PastDayShort: "看 {} 当天 只读", "{} read-only";
    FirstSteps: "还没有分数。三步：", "no scores yet. Three steps:";
    StepImport: "1 导入记录  dukao import 文件", "1 import  dukao import FILE";
    StepPlanRound: "2 录入分数  先在计划里写 [[round]]", "2 score   write [[round]] first";
    StepScore: "2 录入分数  :round open，再按 5", "2 score   :round open, then 5";
    StepSealRound: "3 封存      :round seal", "3 seal    :round seal";
    NotForYou: "这一轮未公布，您的角色不能看分数和名次", "not published yet: your role may not see points and ranks";
    Unchanged: "没有变化，没有写记录", "unchanged, nothing written";
    RefusedCell: "{} {} {}，未保存；F2 改，Esc 放弃", "{} {}: {}, not saved; F2 edits, Esc drops";
    ConflictElsewhere: "{} {} 未保存：{}  ! 回到该格", "{} {} not saved: {}  ! returns to the cell";
    ConflictLine: "{}；你的 {} 未保存  Enter 覆盖(写理由)  Esc 保留对方", "{}; your {} not saved  Enter replaces  Esc keeps theirs";
    ChangedBy: "{} {} 改为 {}", "{} at {} set {}";
    DigitsOnly: "只能输入数字", "digits only";
    KeptTheirs: "保留对方的值；放弃 {}", "theirs is kept; {} dropped";
    Dropped: "未保存而放弃：{}", "dropped without saving: {}";
    LeaveUnsaved: "{} 格未保存：{} {}  Enter 回去  Esc 放弃", "{} cells not saved: {} {}  Enter goes back  Esc drops";
    DroppedCells: "未保存而放弃 {} 格：{} {}", "dropped without saving, {} cells: {} {}";
    NothingToAdopt: "本格没有推算值可采用", "this cell has no derived value to adopt";
    NothingToClear: "本格没有录入，无可清空", "nothing was entered in this cell";
    NoneMissing: "本轮没有未录的格", "no cell of this round is missing";
    NoneInvalid: "没有未保存的错处", "no refused value";
    NoMoreRounds: "没有更早或更晚的轮次", "no earlier or later round";
    FirstRound: "{} 是 {} 轮中最早的一轮；] 到下一轮", "{} is the earliest of {} rounds; ] goes to the next";
    LastRoundOfAll: "{} 是 {} 轮中最近的一轮；[ 到上一轮", "{} is the latest of {} rounds; [ goes to the one before";
    RoundShown: "{} {}，第 {} 轮，共 {} 轮；[ 上一轮  ] 下一轮", "{} {}: round {} of {}; [ previous  ] next";
    UnreadableTerm: "看不懂筛选「{}」，没有匹配；/ 再改", "cannot read the filter \"{}\", nothing matches; / edits it";
    OnceMore: "再按一次 Ctrl-C 退出", "Ctrl-C once more quits";
    OnceMoreDrops: "有 {} 项没保存：再按一次 Ctrl-C 就放弃并退出", "{} not saved: Ctrl-C once more drops and quits";
    PasteNeedsField: "这里不能粘贴；先按 F2 打开一格，一次一个值", "nothing to paste into; open a cell with F2, one value at a time";
    PlanBroken: "{} 第 {} 行有错，仍用上次的计划；dukao check 列出全部", "{} line {} is wrong, the last good plan stays; dukao check lists all";
    Farewell: "dukao: 已保存 {} 处（#{}–#{}）；未保存而放弃 {} 格", "dukao: {} saved (#{}–#{}); dropped without saving {}";
    FarewellDropped: "dukao: 未保存而放弃 {} 格", "dukao: dropped without saving {}";
    ReasonPrompt: "{} 与推算不同，理由: ", "{} differs from derived, reason: ";
    EnterRuns: "Enter {}  Esc 返回", "Enter: {}  Esc goes back";
    ReasonOfClearing: "清空 {} 的理由: ", "reason for clearing {}: ";
    ReasonOf: "{} 的理由: ", "reason for {}: ";
    ReasonNeeded: "{} 要写理由: ", "{} needs a reason: ";
    ReasonNotFigures: "{} 的理由不能只是数字，刚才的数字没有录进任何一格，Ctrl-U 清掉: ", "a reason for {} is no figure; nothing of it went into a cell, Ctrl-U clears it: ";

    // 键表
    ShortMilestones: "节点", "nodes";
    ShortProgress: "形象", "site";
    ShortInvestment: "投资", "invest";
    ShortPermits: "手续", "permits";

    HelpOverwrite: "覆盖本格", "type over";
    HelpCellUp: "上一格", "cell up";
    HelpCellDown: "下一格", "cell down";
    HelpCellLeft: "左一格", "cell left";
    HelpCellRight: "右一格", "cell right";
    HelpLeaveGrid: "离开再换页", "leave, then 1-7";
    HelpMissingNext: "下一未录", "next missing";
    HelpMissingPrev: "上一未录", "previous missing";
    HelpAdopt: "采用推算", "adopt derived";
    HelpEdit: "改原值", "edit the value";
    HelpClear: "清空本格", "clear";
    HelpInvalidNext: "下一错处", "next refused";
    HelpPageUp: "上翻页", "page up";
    HelpPageDown: "下翻页", "page down";
    HelpRowStart: "行首", "first column";
    HelpRowEnd: "行尾", "last column";
    HelpFirst: "首行", "first row";
    HelpLast: "末行", "last row";
    HelpUnitPrev: "上一单位", "previous unit";
    HelpUnitNext: "下一单位", "next unit";
    HelpEnterGrid: "进表格", "into the grid";
    HelpSaveDown: "存下移", "save, down";
    HelpSaveUp: "存上移", "save, up";
    HelpSaveRight: "存右移", "save, right";
    HelpSaveLeft: "存左移", "save, left";
    HelpCaretLeft: "左移", "left";
    HelpCaretRight: "右移", "right";
    HelpCancelCell: "放弃本格", "restore";
    HelpAccept: "确定", "accept";
    HelpCancel: "放弃", "cancel";
    HelpOlder: "上一条", "older input";
    HelpNewer: "下一条", "newer, or to result";
    HelpOverride: "覆盖写理由", "replace, with a reason";
    HelpKeepTheirs: "保留对方", "keep theirs";
    HelpItemPrev: "上一项", "previous item";
    HelpItemNext: "下一项", "next item";
    HelpRun: "执行", "run";
    HelpConfirm: "按字确认", "confirm";
    HelpDoNot: "不做", "do not";
    HelpRelated: "相关项", "related";
    HelpExpand: "展开", "expand";
    HelpCollapse: "收起", "collapse";
    HelpMoneyUnit: "换亿或万", "money unit";
    HelpSteps: "办理", "next steps";
    HelpSamePerson: "同一人", "same person";
    HelpSameSubject: "同一对象", "same subject";
    NothingInMenu: "没有可选的", "nothing to choose";
    TypeToConfirm: "输入 {} 或 {} 确认: ", "type {} or {} to confirm: ";
    WhereMenu: "菜单", "menu";
    WhereConfirm: "确认", "confirm";
    HelpClose: "关闭", "close";
    HelpOpen: "打开", "open";
    HelpBlockNext: "换区块", "next block";
    HelpBlockPrev: "上个区块", "previous block";
    HelpFilter: "筛选", "filter";
    HelpSort: "排序", "sort";
    HelpSortReverse: "反向排序", "reverse the sort";
    HelpColumns: "选列", "choose columns";
    HelpSelect: "选行", "select the row";
    HelpSelectAll: "全选", "select all";
    HelpPalette: "命令", "command palette";
    HelpJump: "跳转", "jump to anything";
    HelpComplete: "补全", "complete";
    HelpPick: "选定", "choose";
    HelpPickNumber: "按号选", "pick by number";
    HelpUsual: "恢复默认", "as usual";
    HelpRowPrev: "上一行", "row up";
    HelpRowNext: "下一行", "row down";
    HelpColumnPrev: "左一列", "column left";
    HelpColumnNext: "右一列", "column right";
    HelpHalfUp: "上半页", "half page up";
    HelpHalfDown: "下半页", "half page down";
    HelpView: "换页", "view";
    HelpViewNext: "下一页", "next view";
    HelpViewPrev: "上一页", "previous view";
    HelpExplain: "推算", "explain";
    HelpDrill: "看来源", "into the step";
    HelpDrillUp: "上一层", "one step out";
    HelpCopy: "复制", "copy";
    HelpExport: "导出", "export";
    HelpTrend: "趋势", "trend";
    HelpChangesOnly: "只看变化", "changes only";
    HelpWhatIf: "试算", "what if";
    HelpTypeNumber: "改数", "type a value";
    HelpAdd: "添一处", "add a change";
    HelpWeightsOrScores: "权重或分数", "weights or scores";
    HelpRestore: "还原本处", "restore";
    HelpDiscard: "放弃试算", "discard";
    HelpRoundPrev: "上一轮", "previous round";
    HelpRoundNext: "下一轮", "next round";
    HelpUndo: "撤销", "undo";
    HelpRedo: "重做", "redo";
    HelpZoom: "放大", "zoom";
    HelpReload: "刷新", "reload";
    HelpRedraw: "重画", "repaint";
    HelpMouse: "鼠标开关", "mouse on or off";
    MouseOn: "鼠标开，拖选请按住 Shift", "mouse on; hold Shift to select text";
    MouseOff: "鼠标关", "mouse off";
    NotSuspended: "此会话不能挂起", "this session cannot be suspended";
    HelpSuspend: "挂起", "suspend";
    HelpSaveHint: "已即时保存", "already saved";
    HelpInterrupt: "中断", "stop; twice: quit";
    HelpBack: "返回一步", "one step back";
    HelpHelp: "帮助", "help";
    HelpQuit: "退出", "quit";
    WhereAny: "各页通用", "every view";
    WhereTable: "列表", "lists";
    WhereGrid: "评分表", "score grid";
    WhereSelector: "单位选择", "unit selector";
    WhereCell: "打开的格", "open cell";
    WhereField: "输入行", "prompt";
    WhereConflict: "冲突", "conflict";
    WhereHelp: "帮助", "help";
    WherePalette: "命令面板", "palette";
    WhereChoice: "选单", "choice";
    WherePanel: "面板", "panel";
    WhereExplain: "推算面板", "explanation";
    Keys: "键", "keys";
    WhatItDoes: "作用", "what it does";
    Where: "何处", "where";
    SearchHelp: "搜索 ", "search ";
    SearchTip: "输入即搜索（键、中文、拼音首字母），Enter 执行，Esc 关闭", "type to search keys and names, Enter runs, Esc closes";
    NoSuchKey: "没有「{}」；Esc 关闭", "nothing for \"{}\"; Esc closes";
    LegendStatus: "状态  {}  名次 {}", "{}  rank {}";
    LegendCompleted: "已完成", "done";
    LegendOnTrack: "正常", "on track";
    LegendRed: "红 严重", "red";
    LegendYellow: "黄 留意", "yellow";
    LegendUnknown: "不明", "unknown";
    LegendNotDue: "未到", "not due";
    RankUp: "升", "up";
    RankDown: "降", "dn";
    RankSame: "平", "=";
    RankNew: "新", "new";
    LegendUp: "升", "up";
    LegendDown: "降", "dn";
    LegendSame: "平", "same";
    LegendNew: "新", "new";
    LegendBars: "进度  {}  {} 完成   {} 应完成（序时）  {} 未完成    格 ~ * + ! -- 见评分", "bars  {}  {} done   {} pace   {} left    cells ~ * + ! -- see Scores";
    HelpOfView: "本页（{}）", "here ({})";
    HelpOfMovement: "移动", "movement";
    ManyKeys: "这一行代表几个键：请直接按其中一个", "this row stands for several keys: press one of them";
    LegendKeys: "Alt-1..0 即 F1..F10；中文输入法开着时，全角符号照认，字母键都另有一键", "Alt-1..0 are F1..F10; full-width keys work, every letter key has another one";

    // 总览
    Projects: "项目", "Projects";
    ProjectsCount: "项目 {}", "Proj {}";
    Total: "合计", "all";
    Must: "确保", "Must";
    Stretch: "力争", "Str.";
    MustLong: "确保完成", "must";
    StretchLong: "力争完成", "stretch";
    StatusCompleted: "已完成", "completed";
    StatusOnTrack: "正常推进", "on track";
    StatusBehind: "滞后", "behind";
    StatusUnknown: "状态不明", "unknown";
    StatusExcluded: "不纳入", "excluded";
    RedProject: "{}  {} {}  红 {} 天", "{}  {} {}  red {} d";
    Headquarters: "指挥部", "Headquarters";
    Hq: "指挥部", "HQ";
    Town: "镇", "Town";
    Red: "红", "red";
    Green: "绿", "green";
    Yellow: "黄", "yellow";
    Grey: "灰", "grey";
    HeadquartersBoard: "指挥部榜", "Headquarters";
    TownsBoard: "镇榜", "Towns";
    Estimate: "预估", "est.";
    Assessment: "考核", "Asmt";
    Observation: "观摩", "Obs";
    Composite: "综合", "Comp";
    Change: "变化", "Chg";
    Previous: "上轮", "Prev";
    Gap: "差距", "Gap";
    Rank: "名次", "#";
    Unit: "单位", "Unit";
    TownNotStated: "未注明镇", "town not stated";
    NoScoresYet: "还没有已认定的分数，5 录入", "no certified score yet, 5 to enter";
    NoObservation: "本轮没有配对的观摩", "no observation belongs to this round";
    Target: "任务", "goal";
    Done: "完成", "done";
    NotDone: "未完成", "not done";
    Progress: "进度", "prog";
    VersusPace: "较序时", "vs.pace";
    OfWhich: "其中 {}", "of which {}";
    NoQuotas: "本年没有招商任务（targets.toml）", "no quotas this year (targets.toml)";
    NoGoals: "本年没有目标（targets.toml）", "no goals this year (targets.toml)";
    Above: "高于", "above";
    Equal: "持平", "equal";
    Below: "低于", "below";
    Amount: "总量", "amount";
    Growth: "增速%", "grow%";
    GrowthPercent: "增速%", "growth%";
    City: "全市", "city";
    Judgement: "判定", "light";
    Indicators: "主要指标", "Indicators";
    Provisional: "预计", "prov.";
    Attention: "需要处理", "To do";
    AttentionCount: "需要处理 {}", "To do: {}";
    SeveralWarnings: "{} {} 条", "{}: {}";
    SeeFiles: "计划文件", "plan files";
    CheckNamesThem: "在计划文件里改：dukao check 逐条列出文件和行号", "it is in the files of the plan: dukao check names file and line";
    NothingToDo: "没有要处理的事", "nothing waits for anybody";
    ToCertifyPartly: "待认定 {} / {} 项，已录部分 {}", "{} of {} to certify, {} in part";
    AndUnscored: "，暂不计分 {}", ", {} not scored";
    ToCertify: "待认定 {} / {} 项，暂不计分 {}", "{} of {} to certify, {} not scored";
    ToRectify: "整改逾期 {} 件，{} 天内到期 {}", "fixes overdue: {}, due in {} days: {}";
    Recent: "最近", "Latest";
    NoRecent: "还没有改动", "nothing changed yet";
    ToVote: "打分票未录 {}、未确认 {}", "ballots: {} missing, {} not confirmed";
    ToResolve: "「{}」未认定是哪个镇", "\"{}\": no town is known by that name";
    DueSoon: "{} 天内到期的节点 {} 个", "milestones due within {} days: {}";
    AsOfLine: "截至 {}  今天 {}   序时 {}%（{}/{} 月）", "as of {}  today {}   pace {}% ({}/{} months)";
    AsOf: "截至 {}", "as of {}";
    TodayIs: "今天 {}", "today {}";
    Certification: "考核认定", "Certification";
    Ballots: "打分票", "Ballots";
    Rectifications: "整改", "Rectifications";
    ProjectStatus: "项目状态", "Project status";
    TargetsTitle: "任务与指标", "Targets";
    OpenWithDigit: "{} 打开", "{} opens";
    MustAndStretch: "确保 {}   力争 {}", "must {}   stretch {}";
    ThreeCounts: "完成 {} 正常 {} 滞后 {}", "done {} on {} late {}";
    OfItems: "{} / {}   {}%", "{} / {}   {}%";
    ProvisionalAndUnscored: "待认定 {}  暂不计分 {}", "to certify {}  not scored {}";
    MissingAndUnconfirmed: "未录 {}   未确认 {}", "missing {}   unconfirmed {}";
    OpenAndOverdue: "未销号 {}   ! 逾期 {}", "open {}   ! overdue {}";
    ClosedAndSoon: "已销号 {}   {} 天内到期 {}", "closed {}   due in {} d {}";

    // 项目
    Project: "项目", "Project";
    ProjectSample: "项目（样例）", "Project (sample)";
    Id: "编号", "Id";
    Class: "类别", "Cl.";
    OpenMilestone: "未完节点", "Open node";
    LagDays: "滞后天", "Lag";
    Reported: "自报", "Rep.";
    Score: "得分", "Score";
    NotCounted: "不计 ", "n.c. ";
    ReportedCompleted: "完成", "done";
    ReportedOnTrack: "正常", "on";
    ReportedBehind: "滞后", "late";
    ChipAll: "全部", "All";
    ChipCompleted: "已完成", "Done";
    ChipOnTrack: "正常", "On track";
    ChipBehind: "滞后", "Behind";
    ChipUnknown: "不明", "Unknown";
    Ascending: "升序", "up";
    Descending: "降序", "down";
    NothingInChip: "这里没有项目。Esc 清除筛选，1 回总览", "no project here. Esc clears the filter, 1 goes home";
    NothingFound: "「{}」没有结果。Esc 清除", "nothing for \"{}\". Esc clears";
    NothingFoundHere: "「{}」没有结果。Esc 清除，Enter 在全部 {} 个里找", "nothing for \"{}\" here. Esc clears, Enter looks in all {}";
    NoProjects: "计划里还没有项目：写在 projects.toml 里，再 dukao plan --apply", "no projects yet: write projects.toml, then dukao plan --apply";
    UnseenScores: "您的角色还不能看得分，「{}」无从筛选。Esc 清除", "your role may not see the scores yet: \"{}\" finds nothing. Esc clears";
    UnreadableNow: "看不懂「{}」", "cannot read \"{}\"";
    ColumnName: "列", "Column";
    Fixed: "固定", "fixed";
    ColumnState: "显示或收起", "state";
    SortState: "次序", "order";
    ColumnShown: "显示", "shown";
    ColumnHidden: "收起", "hidden";
    SortTitle: "排序", "Sort";
    ColumnsTitle: "选列", "Columns";
    SortTip: "Space 加入、换向、去掉；Enter 只按这列", "Space adds, turns, drops; Enter sorts by it alone";
    ColumnsTip: "Space 显示或收起，带 {} 的不能收起", "Space shows or hides, those with {} stay";
    ColumnsLeftOut: "收起 {} 列", "columns hidden: {}";
    NarrowedTo: "筛出 {}/{}", "{} of {}";
    PickedRows: "已选 {}", "{} selected";
    ProjectLegend: "! 红 超 {} 天  {} 黄  <> 自报好于推算  ~ 推算未认定", "! over {} d   {} yellow   <> reported better   ~ derived";
    Days: "{}天", "{} d";
    Detail: "详情", "Detail";
    EnterOpens: "Enter 打开", "Enter opens";
    EscCloses: "Esc 关闭", "Esc closes";
    SizeHint: "{}x{}，已收起其余", "{}x{}, the rest is folded";
    UpdatedAt: "更新 {}", "updated {}";
    RecordPane: "得分与上报", "Score and reports";
    CertifiedLabel: "考核", "assessed";
    NotPublic: "未公布", "not public";
    TaskPointsLabel: "任务分值", "task pts";
    TotalMoney: "总投资", "total";
    AnnualMoney: "本年投资", "this year";
    IdLabel: "编号 {}", "id {}";
    DetailUnits: "指挥部  {}  镇  {}  服务官  {}  {}  任务分值 {}", "HQ {}  town {}  officer {}  {}  T {}";
    Officer: "服务官", "officer";
    ShareAndPace: "{}%  序时 {}%", "{}%  pace {}%";
    Investment: "投资", "money";
    NotStated: "文件未列或未上报", "not stated or not reported";
    Milestones: "节点", "nodes";
    DoneOn: "{} 完成", "done {}";
    DoneLate: "{}  晚{}天", "{}  {} d late";
    LateBy: "晚{}天", "{} d late";
    Status: "状态", "status";
    Derived: "推算", "derived";
    InRed: "（红）", " (red)";
    InYellow: "（黄）", " (yellow)";
    RectificationOverdue: "整改 {} 逾期 {} 天：{}", "rectification {} {} d overdue: {}";
    RectificationOpen: "整改 {} 期限 {}，剩 {} 天：{}", "rectification {} due {}, {} d left: {}";
    RectificationClosed: "整改 {} 已销号：{}", "rectification {} closed: {}";
    Contractor: "施工单位", "contractor";
    Client: "业主单位", "client";
    Remark: "备注", "note";
    Parts: "得分", "score";
    BasisDerived: "推算", "derived";
    BasisAccepted: "采用推算", "accepted";
    BasisOverride: "改定", "override";
    BasisEntered: "录入", "entered";
    BasisMissing: "未录", "missing";
    NotApplicable: "不适用", "n/a";
    ScoreLine: "得分 {}    完成分值 {}", "score {}    earned points {}";
    Reports: "进度上报", "reports";
    ReportLine: "{}  形象 {}%  计划 {}%  本年投资 {}  {}", "{}  physical {}%  planned {}%  invested {}  {}";

    // 榜单
    NoRounds: "还没有轮次：在 district.toml 里写 [[round]]，再 dukao plan --apply", "no round yet: write [[round]] in district.toml, then dukao plan --apply";
    OtherRounds: "[ 看上一轮", "[ shows the round before";
    CompositeOf: "综合 = 考核 {}% + 观摩 {}%", "Comp = {}% Asmt + {}% Obs";
    RoundKeys: "[ ] 换轮次", "[ ] round";
    MakeUp: "得分构成", "Make-up";
    EarnedOfTask: "完成/任务分值", "C/T";
    SameScore: "同分", "same";
    Tied: "并列", "tied";
    NotRanked: "不参加排名", "not ranked";
    RankNumber: "第 {} 名", "rank {}";
    UnitCounts: "考核 {} 项：已认定 {}", "{} assessed: {} certified";
    Arithmetic: "考核  {} = 100 x {} / {} + 力争加分 {}      失分 {}", "assessment {} = 100 x {} / {} + stretch bonus {}      lost {}";
    Losses: "失分  {}", "lost  {}";
    RobustAll: "稳健  观摩权重 10%、20%、30%，不去高低分：名次不变", "robust  observation at 10, 20, 30 %, untrimmed: same rank";
    RobustUntrimmed: "稳健  不去高低分：名次不变", "robust  untrimmed: same rank";
    RobustNot: "不稳  {}", "not robust  {}";
    RobustUnknown: "稳健  封存后评委或规则改过，无从推算", "robust  not known: judges or rules changed since the seal";
    TurnWeight: "观摩权重 {}%：第 {} 名", "observation {}%: rank {}";
    TurnUntrimmed: "不去高低分：第 {} 名", "untrimmed: rank {}";
    TiedNote: "同分且先后次序也相同：并列", "equal scores and no tie-break decided: tied";
    GapFrom: "差距  距第 {} 名 {} {}", "gap  to rank {} {}: {}";
    GapClosers: "：{}", ": {}";
    CloserMilestone: "{} 补齐{}可 +{}", "{} {} done +{}";
    CloserFull: "{} {}满分可 +{}", "{} {} in full +{}";
    CloserRank: "（升到第 {}）", " (rank {})";
    TieDecided: "同分  {}、{}同为 {}，按{} {} {} {} 定先后", "tie  {}, {} both {}: {} {} {} {} decided";
    ByMustRate: "确保完成率", "must completed";
    ByBehind: "滞后项目数", "projects behind";
    ByDeductions: "扣分", "deductions";
    WasRank: "（上轮第 {}）", " (was {})";
    UnscoredCount: "暂不计分 {}", "not scored {}";
    ToCertifyCount: "待认定 {}", "to certify {}";
    EstimateOpen: "预估 待认定 {} 项", "est., {} to certify";
    SitesLine: "观摩  {} = 平均 {}", "observation {} = mean of {}";
    SiteScore: "{} {}", "{} {}";
    AddedAndTaken: "加分、扣分", "bonus, deduct.";
    AllLost: "合计", "all";
    NoneMoved: "名次都没有变化。d 或 Esc 显示全部", "no rank has moved. d or Esc shows all";
    ChangesOnly: "只看变化", "changes only";
    Trend: "趋势", "Trend";
    TrendNote: "名次，每轮一列；t 回得分构成", "ranks, a column per round; t returns";
    OneRoundOnly: "只有这一轮，还看不出趋势", "a single round shows no trend";
    MadeOf: "{} 得分构成：{} 个项目", "{}: {} projects";
    MadeOfNothing: "这一行没有考核项目。Esc 返回", "no project of this row is assessed. Esc returns";
    EarnedPoints: "完成分", "C";
    TipMakeUp: "失分最多的在上；Enter 看项目档案，o 到项目页，Esc 返回", "most lost first; Enter opens the project, o its list, Esc returns";

    // 试算
    WhatIf: "试算", "What if";
    WhatIfBanner: "试算 不保存", "WHAT IF, not saved";
    WhatIfNote: "只在本屏，离开即弃", "on this screen only";
    WhatIfChanges: "改动 {} 处", "changes: {}";
    StateTrial: "-- 试算 --", "-- WHAT IF --";
    TipTrial: "试算 不保存：不写记录，不进通报；y 复制对照表", "not saved: no entry, no bulletin; y copies the comparison";
    Weights: "权重", "weights";
    WeightWas: "原 {}", "was {}";
    WeightsSum: "合计 100", "sum 100";
    NoWeights: "权重  本轮没有配对，没有综合可调", "weights  no paired round, so no composite";
    SealedWeightsOnly: "本轮已封存：只能试权重", "the round is sealed: only weights can be tried";
    BeforeTrial: "原", "now";
    AfterTrial: "试算", "then";
    Difference: "差", "diff.";
    Reason: "原因", "because of";
    ScoresTried: "分数改动", "scores changed";
    AddOne: "（Enter 添一处：选项目与大项）", "(Enter adds one: choose project and criterion)";
    EnterAdds: "这一行没有数；Enter 添一处", "no value on this line; Enter adds a change";
    TrialRefused: "{}：{}；改好再按 Enter，Esc 放弃本格", "{}: {}; correct it and press Enter, Esc drops it";
    NothingToTry: "这里没有可以试算的榜单或分数", "no board or score here to try anything on";
    WeightWhole: "权重是 0 至 100 的整数", "a weight is a whole number from 0 to 100";
    TrialCopyHead: "单位|原|试算|原名次|试算名次", "unit|now|then|rank now|rank then";
    PickCell: "添一处  输入项目或大项筛选（拼音首字母可用）", "add a change: type a project or criterion";
    PickCellOf: "添一处  本轮各项目，先列 {} 的；输入编号、名称或大项筛选", "add a change: projects of the round, those of {} first";
    NoSuchCell: "本轮能看到的项目和大项里没有「{}」；Backspace 改，Esc 关闭", "no project or criterion of the round fits \"{}\"; Esc closes";
    Sensitive: "名次对权重敏感：{}", "ranks turn on the weights: {}";
    SensitiveAt: "观摩 {}% 时 {} 第 {}", "observation {}%: {} {}";
    SensitiveUntrimmed: "不去高低分时 {} 第 {}", "untrimmed: {} {}";
    NotSensitive: "观摩权重 10%、20%、30%，不去高低分：试算后的名次不变", "observation at 10, 20, 30 %, untrimmed: the same ranks";
    TrialFull: "满分 {}", "max {}";

    Criterion: "大项", "criterion";
    FullMarks: "满分", "max";
    RateOfPoints: "得分率", "rate";
    Lost: "失分", "lost";
    LosesMost: "失分最多的项目", "loses most";

    // 任务
    Quotas: "任务", "Quotas";
    Goals: "目标", "Goals";
    PaceToday: "招商序时 {}%   今天 {}", "quota pace {}%   today {}";
    UnitAndTier: "单位 / 档次", "unit / tier";
    Left: "缺口", "left";
    District: "全区", "district";
    NoTarget: "无任务", "none";
    SumsAgree: "对账  明列之和 {}，与总数 {} 一致；推算之和 {}", "sums  stated {}, headline {}: agree; implied {}";
    SumsDiffer: "对账  ! 明列之和 {}，与总数 {} 不一致；推算之和 {}", "sums  ! stated {}, headline {}: differ; implied {}";
    DistinctAndCredits: "      全区按项目 {}，按单位记账 {}", "      distinct projects {}, credited to units {}";
    UnresolvedCounts: "      「{}」未认定，计入全区、不计入任何镇；Enter 认定", "      \"{}\" is no known unit: counts for the district only; Enter resolves";
    NothingToFold: "这一行没有「其中」可收起", "this row has no \"of which\"";
    MoneyIn: "金额单位：{}", "money in {}";
    WhichUnit: "「{}」是哪个单位", "which unit is \"{}\"";
    ResolvedLike: "同 dukao resolve quota {} {}；u 可撤销", "as dukao resolve quota {} {}; u undoes";
    Candidate: "候选", "candidate";
    HasItsOwnRow: "另有一行", "has a row of its own";
    WhyThatUnit: "「{}」认定为 {}，理由: ", "\"{}\" is {}, because: ";
    ResolvedAs: "「{}」认定为 {}", "\"{}\" is {}";
    AttractionsOf: "招商项目  {}  {}", "attractions  {}  {}";
    NoAttractions: "没有记在这里的招商项目。Esc 关闭", "no attraction is credited here. Esc closes";
    Received: "到位", "received";
    Signed: "签约", "signed";
    Recognised: "认定", "counts";
    CreditedTo: "记账单位", "credited to";
    ExcludedBecause: "不认定：{}", "excluded: {}";
    OutsidePeriod: "不在期内", "out of period";
    NotReceived: "到位不足", "too little in";
    TooSmall: "不到档", "below tiers";
    PeriodOf: "时期", "period";
    Priority: "重点", "prio";
    TargetGrowth: "目标%", "target%";
    CityGrowth: "全市%", "city%";
    NoIndicators: "本年没有主要指标（targets.toml）", "no indicators this year (targets.toml)";
    IncreasePp: "提高 {} 个百分点", "up {} pp";
    DecreasePp: "降低 {} 个百分点", "down {} pp";
    Value: "现值", "value";
    Deadline: "期限", "due";
    Owner: "责任单位", "owner";

    // 评分
    Certify: "认定 ", "Cert. ";
    FormulaBar: "{} / {}（满分 {}） 推算 {}  已存 {}  {}", "{} / {} (max {}) derived {}  stored {}  {}";
    LastRound: "上轮", "last";
    UnitMean: "本部均值", "mean of HQ";
    OutsideScope: "不在您的范围：本轮公布前只列名称，不显示分数", "outside your scope: only its name until the round is published";
    Input: "录入 {}", "input {}";
    RoundReadOnly: "{} {}，只能查看", "{} is {}: read-only";
    NothingToScore: "本轮没有你可以评分的项目", "this round has no project that you may score";
    ScoreGrid: "评分表", "Score grid";
    Items: "{} 项", "{} items";
    ThisCell: "本格", "This cell";
    RecentHere: "本页最近改动", "Last changes here";
    AllRecords: "7 全部记录", "7 all entries";
    Adjustments: "加减", "+/-";
    TaskPoints: "任务", "T";
    CertifiedCounts: "已认定 {}/{}（全部 {}/{}）   {}", "certified {}/{} (all {}/{})   {}";
    Lowest: "最低 {} {}", "lowest {} {}";
    MarkLegend: "~ 推算未认定   * 改过推算   + 保存中   ! 未保存   -- 未录", "~ not certified   * override   + being saved   ! not saved   -- missing";
    InvalidCount: "不合规则 {}", "refused {}";
    Stored: "已存", "stored";
    StepOf: "步长 {}", "step {}";
    ActualAndPlanned: "实际 {}%  计划 {}%", "actual {}%  planned {}%";
    ReportedOn: "上报于 {}", "reported {}";
    ReasonGiven: "理由：{}", "reason: {}";
    OverrideNeedsReason: "改推算会问理由", "overrides ask why";
    OnItsWay: "保存中", "saving";

    // 整改
    NotClosed: "未销号", "Open";
    Overdue: "逾期", "Overdue";
    WithinDays: "{} 天内", "within {} d";
    ClosedState: "已销号", "Closed";
    Issued: "交办", "issued";
    AcceptedState: "已签收", "accepted";
    InProgress: "整改中", "in progress";
    Submitted: "申请销号", "submitted";
    Finding: "问题", "Finding";
    FindingSample: "问题（样例）", "Finding (sample)";
    DaysLeft: "剩余", "Left";
    State: "状态", "state";
    TimesReturned: "退回", "Ret.";
    NoRectifications: "没有符合的整改。左右 换筛选，Esc 看全部 {} 件", "no such rectification. left/right change the filter, Esc shows all {}";
    NoneOpen: "没有未销号的整改。Esc 看全部 {} 件", "none is open. Esc shows all {}";
    NoRectificationAtAll: "本年还没有整改（dukao import rectifications.csv）", "no rectification this year (dukao import rectifications.csv)";
    PriceOfLate: "逾期 {} 件：封存时每件扣 {} 分，每项目上限 {}（{}）", "{} overdue: {} points each at sealing, at most {} per project ({})";
    PriceUncapped: "逾期 {} 件：封存时每件扣 {} 分（{}）", "{} overdue: {} points each at sealing ({})";
    AnswersAndDue: "责任    {}      期限 {}   {}", "answers  {}   due {}   {}";
    NotExtended: "延期 无", "not extended";
    ExtendedFrom: "原期限 {}", "was due {}";
    StepReason: "{}    {}（{} #{}）", "{}: {} ({} #{})";
    StepTakenBack: "撤销", "undone";
    ActionLine: "要求    {}", "action   {}";

    StepAccept: "签收", "accept";
    StepStart: "开始整改", "start";
    StepSubmit: "申请销号", "submit";
    StepReturn: "退回", "return";
    StepClose: "销号", "close";
    StepExtend: "延期", "extend";
    StepIssue: "交办", "issue";
    StepsOf: "办理 {}   现在 {}", "{}: now {}";
    AsksReason: "要写理由", "asks for a reason";
    AsksDayAndReason: "要写新期限和理由", "asks for a day and a reason";
    NewDeadline: "{} 新期限（晚于 {}）: ", "{} new due date (later than {}): ";
    ReasonOfExtension: "{} 延期到 {} 的理由: ", "why extend {} to {}: ";
    DueDay: "期限 {}", "due {}";

    // 相关项
    RelatedTo: "{} 的相关项", "related to {}";
    TheDossier: "项目档案", "dossier";
    TheScore: "评分", "score";
    TheRectifications: "整改", "rectifications";
    TheEntries: "记录", "log";
    OpenOfAll: "未销号 {}，共 {} 件", "{} open of {}";
    NoneOfProject: "这个项目没有整改", "no rectification of this project";
    NoReports: "还没有进度上报", "no progress report yet";
    NoScoreHere: "这一轮没有可看的得分", "no score of this round to see";
    NothingChosen: "没有选中的行", "no row is selected";
    LinesOf: "{}-{} / {} 行", "lines {}-{} of {}";
    NotScoredHere: "本轮不评这个项目，或您不能看", "not scored in this round, or not for you to see";
    NoPlace: "这一条没有可打开的页面", "nothing to open for this entry";

    // 推算
    NothingToExplain: "此处没有推算", "nothing is derived here";
    GoneFromPlan: "这一项已不在计划或记录里，推算已关闭", "what was explained is no longer in the plan or the records";
    FurtherStep: "逐项再推算，如：{}", "each of these has a derivation of its own: {}";
    NoDeeper: "这一步没有更细的来源", "this step rests on nothing more";
    OutermostStep: "已在最外一层，Esc 关闭", "this is the outermost step, Esc closes";
    Copied: "已复制到剪贴板（终端支持时），{} 行", "copied to the clipboard, if the terminal can: {} lines";
    Explanation: "推算", "Derivation";
    Step: "步骤", "step";
    Working: "算式与依据", "working";
    Result: "结果", "result";
    RuleAt: "规则  scoring.toml 第 {} 行  {}", "rule    scoring.toml line {}  {}";
    RuleIn: "规则  scoring.toml  {}", "rule    scoring.toml  {}";
    EnteredBy: "录入  {}", "entered {}";
    EnteredUnknown: "录入  {} {}（无记录可看）", "entered {} {} (no entry to see)";
    EnteredAsked: "录入  查询中", "entered loading";
    FirstRecords: "建库导入", "first records";

    // 记录
    History: "记录", "History";
    NewestFirst: "新的在上", "newest first";
    ChipImports: "导入", "Imports";
    ChipRules: "规则", "Rules";
    OnlyPerson: "人员 {}", "by {}";
    OnlyUnit: "单位 {}", "of {}";
    OnlySubject: "对象 {}", "of {}";
    ChainWhole: "链 核对至 #{}", "chain checked to #{}";
    NoEntryYet: "还没有记录：dukao import 导入，或在 5 评分里录入", "no entry yet: dukao import, or enter scores in view 5";
    KindUndo: "撤销", "undo";
    KindRedo: "重做", "redo";
    AmongNewest: "在最近 {} 条中", "among the newest {}";
    AmongAll: "在全部 {} 条中", "among all {}";
    NothingAmongNewest: "「{}」在最近 {} 条中没有。Esc 清除", "nothing for \"{}\" among the newest {}. Esc clears";
    NoHistory: "所选范围没有记录，Esc 清除筛选", "no entry here, Esc clears the filter";
    NotReadHere: "读取中；没有查记录的权限时不显示", "loading; not shown to those who may not read the log";
    Number: "序号", "#";
    Time: "时间", "time";
    Person: "人员", "who";
    Kind: "动作", "kind";
    Subject: "对象", "subject";
    ChangeOf: "变化", "change";
    BeforeLine: "原值  {}    {}", "before  {}    {}";
    AfterLine: "新值  {}    {} {}", "after   {}    {} {}";
    ReasonHead: "理由", "reason";
    ReasonLine: "理由  {}", "reason  {}";
    ViaSsh: "SSH 密钥 {}", "SSH key {}";
    ViaSudo: "sudo，uid {}", "sudo, uid {}";
    ViaLocal: "本机账号，uid {}", "local account, uid {}";
    ViaOwner: "数据库的主人，uid {}", "owner of the database, uid {}";
    NoEntryBefore: "此前没有记录", "no entry before";
    Moves: "影响（有这一条与没有这一条，其余照旧）", "effect (with this entry and without it, all else as it is)";
    MovesScore: "得分  {}  {}", "score  {}  {}";
    MovesUnit: "单位  {}  {}   名次 {}", "unit   {}  {}   rank {}";
    MovesIn: "按 {} 现在的数推算", "by the figures of {} as they are now";
    MovesHidden: "这一轮未公布，您的角色不能看分数和名次", "not published yet: your role may not see points and ranks";
    MovesNothing: "这类记录不计入得分和名次", "records of this kind are part of no score or rank";
    MovesSuperseded: "这条记录后来又改过，单独的影响无从推算", "the record was changed again since: its own effect cannot be told";
    MovesFrozen: "本轮{}，得分和名次以封存的为准", "the round is {}: score and rank are those that were sealed";
    FullRecord: "逐项（+ 看台账原文）", "field by field (+ shows it as in the ledger)";
    AsInLedger: "台账原文（- 回到逐项）", "as in the ledger (- returns)";
    Before: "原值", "before";
    After: "新值", "after";
    ViaLine: "来源  {}", "via     {}";
    HashLine: "校验  {}", "hash    {}";
    ChipScores: "评分", "Scores";
    ChipBallots: "打分", "Ballots";
    ChipFixes: "整改", "Fixes";
    ChipRounds: "轮次", "Rounds";
    KindScore: "评分", "score";
    KindBallot: "打分", "ballot";
    KindRound: "轮次", "round";
    KindMilestone: "节点", "node";
    KindProgress: "进度", "prog.";
    KindIncident: "事件", "event";
    KindRectification: "整改", "fix";
    KindAttraction: "招商", "deal";
    KindIndicator: "指标", "figure";
    KindGoal: "目标", "goal";
    KindResolution: "认定", "name";
    KindPlan: "计划", "plan";
    KindRestore: "恢复", "restore";
    KindOther: "其他", "other";

    // 菜单
    HelpCellMenu: "本格菜单", "states of the cell";
    HelpSecondEntry: "复核录入", "second entry";
    MenuTip: "按数字，或上下选、Enter 定；Esc 关闭", "a digit, or up/down and Enter; Esc closes";

    // 打分票
    BallotNone: ".", ".";
    BallotName: "{} {}号点", "{} site {}";
    SecondDiffers: "与首录 {} 不同，Space 选定", "differs from the first entry {}, Space chooses";
    SecondOn: "复核：首录不显示，照票面再录一遍；待确认 {} 票，n 找下一票，& 结束", "second entry: the first one is hidden, type the ballot again; {} wait, n finds the next, & ends";
    SecondOff: "复核结束", "second entry ended";
    SecondTurnOn: "开始复核录入", "begin the second entry";
    SecondTurnOff: "结束复核录入", "end the second entry";
    AdvanceOn: "满三位进格：890 即 89.0，不用回车；100 是满分", "three digits are a score: 890 is 89.0, without Enter; 100 is the full mark";
    AdvanceOff: "已关闭满三位进格", "three digits do not move on any more";
    AdvanceNot: "本规则的分数不是 100 以内的一位小数，不能满三位进格", "scores of this rule set are not up to 100 with one decimal: three digits cannot tell them";
    AdvanceTurnOn: "满三位进格：开", "move on after three digits";
    AdvanceTurnOff: "满三位进格：关", "stop moving on after three digits";
    NoBallotWaits: "没有未录、未确认的票", "no ballot is missing or waits to be confirmed";
    FirstStands: "首录对：确认 {}", "the first entry is right: confirm {}";
    SecondStands: "复录对：改为 {}，由别人再确认", "the second is right: {} replaces it, another person confirms";
    NeitherStands: "都不定：放弃复录，首录不变", "neither: drop the second entry, the first stays as it is";
    BallotComplete: "本票没有未录的格", "nothing of this ballot is missing";
    MenuAbsent: "缺席", "absent";
    MenuRecused: "回避", "recused";
    MenuVoid: "作废（写理由）", "void (with a reason)";
    MenuWholeAbsent: "整票缺席：未录的 {} 格", "absent for the whole ballot: {} missing";
    MenuConfirm: "确认：照票面再录一遍", "confirm: type the ballot again";
    ReasonFirst: "{} 改已确认的票要写理由：Enter 写理由，Esc 不改；其后的数字没有收", "{} was confirmed: Enter to say why, Esc to leave it; no digit after it was taken";
    BallotAbsent: "缺席", "abs";
    BallotRecused: "回避", "rec";
    BallotVoid: "作废", "void";
    BallotHidden: "保密", "n/a";
    BallotBlind: "??", "??";
    BallotsIn: "已录", "in";
    OwnMean: "均分", "mean";
    Judge: "评委", "Judge";
    SiteNumber: "{}号", "{}";
    NoSites: "本轮没有观摩点或评委（district.toml）", "this round has no sites or no judges (district.toml)";
    SitesAndJudges: "{} 点 x {} 人", "{} sites x {} judges";
    BallotCounts: "已录 {}/{}  已确认 {}", "in {}/{}  conf. {}";
    SecondCounts: "待确认 {}  已确认 {}", "waiting {}  conf. {}";
    BallotOwnCount: "  本票 {}/{}", "  row {}/{}";
    BallotCell: "{} x {}号点 {}", "{} x site {} {}";
    MoreLeft: "左侧还有 {} 个点（{}）", "{} more at the left ({})";
    OneSite: "{}号", "site {}";
    Sites: "{}号 至 {}号", "sites {} to {}";
    MoreRight: "右侧还有 {} 个点（{}）", "{} more at the right ({})";
    BallotRange: "范围 {}-{}，步长 {}", "range {}-{}, step {}";
    CountsOnlyOpen: "单票只给录入员、主考员、监督员看；你可看各点的票数", "single ballots are for clerk, chief and auditor; you may see the counts";
    CountsOnly: "本轮已封存，单票只给主考员、监督员看；你可看各点的票数", "the round is sealed: single ballots are for chief and auditor; you may see the counts";
    CountsOnlyShort: "单票不给你看", "not for you";
    RecusedBecause: "{} 对 {}号点自动回避（所在单位 {}），不能录分", "{} is recused from site {} by rule (home unit {}): no score is taken";
    RecusedByRule: "按规定回避", "recused by rule";
    BallotLegend: "~ 未确认  + 保存中  ! 未保存  <> 两次不同  . 未录   回避、缺席不当 0 分", "~ unconfirmed  + saving  ! not saved  <> differ  . missing   rec, abs: not 0";
    TipBallots: "[ ] 换轮次；Esc 离开表格后 1-7 换页", "[ ] change the round; after Esc 1-7 change the view";
    BallotNotTyped: "这里不能录分：{}；Space 看能做什么", "no score here: {}; Space shows what can be done";
    BallotLook: "只能看：{}", "look only: {}";
    BallotTip: "数字直接录分，Enter 存下移，Tab 存右移；Space 记缺席、回避、作废；& 复核", "type a score: Enter saves down, Tab right; Space abs, rec, void; & 2nd entry";
    NothingChangedYet: "本次还没有改动", "nothing changed yet in this session";
    SecondTip: "首录不显示：照票面再录一遍，相同即确认，不同亮 <>，Space 选定；& 结束复核", "the first entry is hidden: type the ballot again; equal confirms, <> differs, Space chooses; & ends";
    BothEntries: "{} 首录 {}（{}），复录 {}：Space 选定", "{}: first {} ({}), second {}: Space chooses";
    SecondTyped: "复录  {}", "second  {}";
    StateSecond: "-- 复核 --", "-- 2ND --";
    HomeUnit: "所在单位  {}", "home unit  {}";
    SiteTitle: "{}号点  {}", "site {}  {}";
    FirstBy: "首录  {}", "entered by {}";
    NotEntered: "未录", "missing";
    SiteCounts: "本点 {}/{}  未确认 {}", "site {}/{}  unconf. {}";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_take_the_same_values() {
        for t in Text::ALL {
            let (zh, en) = t.pair();
            assert_eq!(zh.matches("{}").count(), en.matches("{}").count(), "{t:?}");
        }
    }

    #[test]
    fn english_is_not_chinese_and_nothing_is_empty() {
        for t in Text::ALL {
            let (zh, en) = t.pair();
            assert!(!zh.is_empty() && !en.is_empty(), "{t:?}");
            let han = en.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
            assert!(han == 0 || matches!(t, Text::TipProjects | Text::FormMoney), "{t:?}: {en}");
        }
    }

    #[test]
    fn our_own_text_has_no_ambiguous_quotes_or_dashes() {
        for t in Text::ALL {
            let (zh, _) = t.pair();
            assert!(!zh.contains(['“', '”', '…', '—']), "{t:?}: {zh}");
        }
    }

    #[test]
    fn values_are_filled_in_their_order() {
        assert_eq!(Text::Saving.fill(Lang::Zh, &[&"XX-008 服务", &4.5]), "保存中 XX-008 服务 4.5");
        assert_eq!(Text::Saved.fill(Lang::En, &[&7]), "saved #7");
    }
}
