//! What a person sees: keys are pressed in the real program over the sample district, and the screen is read back.

mod always;
mod ballots;
mod boards;
mod budgets;
mod checklist;
mod company;
mod districts;
mod documents;
mod entry;
mod every_view;
mod explain;
mod exports;
mod find;
mod forms;
mod grid;
mod lists;
mod matrix;
mod rights;
mod sizes;
mod slips;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use dukao::app::App;
use dukao::app::action::Action;
use dukao::app::modal::Modal;
use dukao::app::msg::{Effect, Msg};
use dukao::app::screen::Tab;
use dukao::domain::change::{Kind, Record};
use dukao::domain::district::Plan;
use dukao::domain::scoring::{Basis, ScoreRecord};
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::{Lang, Points};
use dukao::domain::warning::Warning;
use dukao::plan::{self, Texts};
use dukao::store::{Actor, LedgerEntry, Reply, Request, Store};
use dukao::tui::glyphs::Skin;
use dukao::tui::keymap;
use dukao::tui::theme::{Colours, Theme};
use dukao::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

fn sample() -> (Texts, Plan) {
    let texts = Texts::sample();
    let plan = plan::load(&texts).unwrap_or_else(|e| panic!("{e:?}"));
    (texts, plan)
}

/// A new database of the sample district with its first records.
fn database() -> (TempDir, Store) {
    database_of(|_, _| true)
}

/// A new database of the sample district with those lines of its first records that are kept: file name, line.
fn database_of(kept: impl Fn(&str, &str) -> bool) -> (TempDir, Store) {
    let (texts, plan) = sample();
    let dir = TempDir::new().expect("a folder");
    let records = concat!(env!("CARGO_MANIFEST_DIR"), "/config/records");
    let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(records)
        .expect("the records")
        .map(|e| e.expect("an entry"))
        .map(|e| (e.file_name().into_string().expect("a name"), std::fs::read(e.path()).expect("a file")))
        .collect();
    files.sort();
    for (name, bytes) in &mut files {
        let text = String::from_utf8_lossy(bytes);
        *bytes = text.split_inclusive('\n').filter(|line| kept(name, line)).collect::<String>().into_bytes();
    }
    let store = dukao::cli::new_database(&dir.path().join("sample.db"), &texts, &plan, &files);
    (dir, store.unwrap_or_else(|e| panic!("{e:?}")))
}

/// The sample, and what is odd about it.
fn sampled() -> &'static (Arc<Snapshot>, Arc<[Warning]>) {
    static SAMPLE: OnceLock<(Arc<Snapshot>, Arc<[Warning]>)> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let (_dir, mut store) = database();
        let warnings = store.warnings(&Actor::owner("jia", 0), None).expect("warnings");
        (store.snapshot(None), warnings.into())
    })
}

fn snapshot() -> Arc<Snapshot> {
    Arc::clone(&sampled().0)
}

/// Three entries of one morning: those of a database made for a test have the moment at which it was made.
fn latest() -> Vec<LedgerEntry> {
    let entry = |seq, at: &str, actor: &str, kind: Kind, key: &str, after: &str| LedgerEntry {
        seq,
        op_id: [0; 16],
        at: format!("2014-07-12T{at}:00Z"),
        actor: actor.into(),
        via: "local:1".into(),
        kind: Some(kind),
        kind_name: String::new(),
        key: key.into(),
        base: 0,
        before: None,
        after: Some(after.into()),
        reason: String::new(),
        hash: String::new(),
    };
    let points = Some(Points(450));
    let score = Record::Score(ScoreRecord { basis: Basis::Entered, note: String::new(), points, suggestion: None });
    vec![
        entry(1224, "13:58", "jia", Kind::Milestone, "YB14-GY-021/土建", r#"{"done":"2014-07-10"}"#),
        entry(1225, "14:12", "chief", Kind::Milestone, "YB14-XX-010/基础完成", r#"{"done":"2014-07-11"}"#),
        entry(1234, "14:31", "jia", Kind::Score, "2014-H1-ASM/YB14-XX-006/duty", &score.json()),
    ]
}

/// A person at the screen.
struct Session {
    app: App,
    store: Option<(TempDir, Store)>,
    /// Requests that nobody answers, where there is no store.
    asked: Vec<Request>,
    quit: bool,
    copied: Option<String>,
    /// Exports that were asked for, by the words of their command.
    exported: Vec<String>,
}

impl Session {
    fn looking(lang: Lang) -> Self {
        let mut session = Self {
            app: App::new(lang, Actor::owner("jia", 0)),
            store: None,
            asked: Vec::new(),
            quit: false,
            copied: None,
            exported: Vec::new(),
        };
        session.tell(Msg::Reply(Reply::Data(snapshot())));
        session
    }

    fn saving() -> Self {
        let (dir, mut store) = database();
        let data = store.snapshot(None);
        let mut session = Self::looking(Lang::Zh);
        session.store = Some((dir, store));
        session.tell(Msg::Reply(Reply::Data(data)));
        session
    }

    fn tell(&mut self, msg: Msg) {
        for effect in self.app.update(msg) {
            match effect {
                Effect::Send(request) => self.ask(request),
                Effect::Quit => self.quit = true,
                Effect::Copy(text) => self.copied = Some(text),
                Effect::Suspend | Effect::Redraw | Effect::Skin | Effect::Report(_) => {}
                Effect::Export(words) | Effect::Replace(words) => self.exported.push(words.join(" ")),
            }
        }
    }

    fn ask(&mut self, request: Request) {
        if matches!(request, Request::Warnings) {
            let data = self.app.data.as_ref().expect("nobody warns before there is anything to see");
            let (seq, day, all) = (data.facts.seq, data.day(), Arc::clone(&sampled().1));
            return self.tell(Msg::Reply(Reply::Warnings { seq, day, all }));
        }
        if matches!(request, Request::Recent { .. }) {
            return self.tell(Msg::Reply(Reply::Recent(latest())));
        }
        // What a cell was before is asked for wherever the cursor rests.
        let of_a_cell = matches!(&request, Request::History(of) if of.record.is_some());
        if (of_a_cell || matches!(request, Request::Chain)) && self.store.is_none() {
            return;
        }
        let Some((_, store)) = &mut self.store else {
            self.asked.push(request);
            return;
        };
        let actor = self.app.actor.clone();
        let (ticket, result) = match &request {
            Request::Save { ticket, drafts } => (*ticket, store.save(&actor, drafts, None)),
            Request::Undoable => {
                let entries = store.undoable(&actor).expect("a ledger");
                return self.tell(Msg::Reply(Reply::Undoable(entries)));
            }
            Request::Settle { ticket, op, drafts } => (*ticket, store.save(&actor, drafts, Some(*op))),
            Request::Undo => (0, store.undo(&actor)),
            Request::Redo => (0, store.redo(&actor)),
            Request::History(of) => {
                let found = store.history(&actor, of);
                return self.tell(Msg::Reply(Reply::History { of: of.clone(), found }));
            }
            Request::Chain => {
                let mut chain = self.app.chain.clone();
                store.follow_chain(&mut chain, 1_000).expect("a chain");
                return self.tell(Msg::Reply(Reply::Chain(chain)));
            }
            Request::PlanLine(key) => {
                let (key, place) = (key.clone(), store.plan_line(key).expect("a plan"));
                return self.tell(Msg::Reply(Reply::PlanLine { key, place }));
            }
            Request::Sources(of) => {
                let entries = store.sources(&actor, of).expect("sources");
                return self.tell(Msg::Reply(Reply::Sources { of: of.clone(), entries }));
            }
            _ => return self.asked.push(request),
        };
        let data = store.snapshot(None);
        let reply = match result {
            Ok(seqs) => Reply::Saved { ticket, seqs },
            Err(error) => Reply::Refused { ticket, error },
        };
        self.tell(Msg::Reply(Reply::Data(data)));
        self.tell(Msg::Reply(reply));
    }

    /// Types `5<enter>38`; names in angle brackets are keys.
    fn press(&mut self, keys: &str) {
        let mut rest = keys;
        while let Some(c) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|r| r.split_once('>'));
            let (code, after) = match named {
                Some((name, after)) => (named_key(name), after),
                None => (KeyCode::Char(c), &rest[c.len_utf8()..]),
            };
            rest = after;
            let event = Event::Key(KeyEvent::new(code, KeyModifiers::NONE));
            if let Some(msg) = keymap::msg(&event, self.app.context()) {
                self.tell(msg);
            }
        }
    }

    /// Presses a key together with Ctrl.
    fn ctrl(&mut self, c: char) {
        let event = Event::Key(KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
        if let Some(msg) = keymap::msg(&event, self.app.context()) {
            self.tell(msg);
        }
    }

    fn screen(&mut self, columns: u16, rows: u16, skin: Skin) -> String {
        let theme = Theme::new(skin, "default", Colours::Sixteen);
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
        self.tell(Msg::Resize(columns, rows));
        terminal.draw(|frame| view(frame, &mut self.app, &theme)).expect("a frame");
        dump(terminal.backend().buffer())
    }
}

fn named_key(name: &str) -> KeyCode {
    match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "end" => KeyCode::End,
        "pgdn" => KeyCode::PageDown,
        "pgup" => KeyCode::PageUp,
        "home" => KeyCode::Home,
        "backspace" => KeyCode::Backspace,
        "f4" => KeyCode::F(4),
        "del" => KeyCode::Delete,
        "ins" => KeyCode::Insert,
        "f1" => KeyCode::F(1),
        "f2" => KeyCode::F(2),
        name => panic!("no key {name}"),
    }
}

/// The screen as text, each wide character once, and a hash of the styles.
fn dump(buffer: &Buffer) -> String {
    let mut text = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut x = 0;
        while x < buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).expect("one or two");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    let mut hash = DefaultHasher::new();
    buffer.content.iter().for_each(|c| (c.fg, c.bg, c.modifier).hash(&mut hash));
    text + &format!("styles {:016x}", hash.finish())
}

/// What stands on an 80x24 screen after these keys.
fn seen(keys: &str) -> String {
    let mut session = Session::looking(Lang::Zh);
    session.press(keys);
    session.screen(80, 24, Skin::Safe)
}

fn seen_wide(keys: &str) -> String {
    let mut session = Session::looking(Lang::Zh);
    session.press(keys);
    session.screen(120, 36, Skin::Line)
}

#[test]
fn the_overview_answers_first() {
    insta::assert_snapshot!(seen(""));
}

#[test]
fn the_overview_in_panes() {
    insta::assert_snapshot!(seen_wide(""));
}

#[test]
fn what_waits_for_somebody_is_chosen_and_opened() {
    let attention = "<tab><tab><tab><tab>";
    insta::assert_snapshot!(seen(&format!("{attention}jjjjj")));
    let opened = |keys: &str| {
        let mut session = Session::looking(Lang::Zh);
        session.press(&format!("{attention}{keys}<enter>"));
        session
    };
    assert_eq!(opened("").app.tab, Tab::Scores, "待认定");
    assert_eq!(opened("j").app.tab, Tab::Rectifications);
    assert_eq!(opened("jjj").app.tab, Tab::Targets, "鹿村镇");
    // The one project of a warning is opened itself; what stands in the files of the plan is told.
    let said = |text: &str| {
        let items = Session::looking(Lang::Zh).app.overview.items(&snapshot(), &Actor::owner("jia", 0));
        let place = items.iter().position(|i| i.text.zh.contains(text)).expect("an item");
        opened(&"j".repeat(place))
    };
    assert!(matches!(said("NC-023 节点").app.modal, Some(Modal::Dossier(_))));
    let mut folder = said("轮次配对只写了一边 2 条");
    assert_eq!(folder.app.tab, Tab::Overview);
    assert!(folder.screen(80, 24, Skin::Safe).contains("dukao check"));
}

#[test]
fn warnings_are_asked_for_once_for_each_state_and_only_where_they_are_seen() {
    let mut app = App::new(Lang::Zh, Actor::owner("jia", 0));
    let asks = |effects: Vec<Effect>| effects.iter().filter(|e| matches!(e, Effect::Send(Request::Warnings))).count();
    let data = || Msg::Reply(Reply::Data(snapshot()));
    assert_eq!(asks(app.update(data())), 1);
    assert_eq!(asks(app.update(data())), 0, "an answer is under way");
    let (seq, day) = (snapshot().facts.seq, snapshot().day());
    let answer = |seq| Msg::Reply(Reply::Warnings { seq, day, all: Arc::clone(&sampled().1) });
    assert_eq!(asks(app.update(answer(seq - 1))), 1, "the answer is about an older state");
    assert_eq!(asks(app.update(answer(seq))), 0);
    assert_eq!(asks(app.update(data())), 0, "nothing is new");
    assert_eq!(asks(app.update(Msg::Action(Action::View(2)))), 0);
    assert_eq!(asks(app.update(answer(seq - 1))), 0);
    assert_eq!(asks(app.update(data())), 0, "nobody sees them here");
    assert_eq!(asks(app.update(Msg::Action(Action::View(1)))), 1);
}

#[test]
fn the_projects_stand_worst_first() {
    insta::assert_snapshot!(seen("2<down><down>"));
}

#[test]
fn the_projects_with_their_detail_at_the_right() {
    insta::assert_snapshot!(seen_wide("2"));
}

#[test]
fn initials_filter_the_projects() {
    insta::assert_snapshot!(seen("2/lcz status:滞后<enter>"));
}

#[test]
fn a_dossier_opens_and_closes() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<esc>");
    assert!(session.app.modal.is_none());
}

#[test]
fn both_boards() {
    insta::assert_snapshot!(seen("3"));
}

#[test]
fn both_boards_in_panes() {
    insta::assert_snapshot!(seen_wide("3<down>"));
}

#[test]
fn the_targets() {
    insta::assert_snapshot!(seen("4"));
}

#[test]
fn the_targets_wide() {
    insta::assert_snapshot!(seen_wide("4"));
}

#[test]
fn the_goals() {
    insta::assert_snapshot!(seen("4<tab><tab>"));
}

#[test]
fn the_score_grid() {
    insta::assert_snapshot!(seen("5"));
}

#[test]
fn the_score_grid_wide() {
    insta::assert_snapshot!(seen_wide("5n38"));
}

#[test]
fn a_score_out_of_bounds_is_refused_in_place() {
    insta::assert_snapshot!(seen("5<enter>150<enter>"));
}

#[test]
fn a_value_of_ones_own_asks_for_its_reason() {
    insta::assert_snapshot!(seen("5<down><down><down><down>38<enter>现场"));
}

#[test]
fn what_was_saved_says_so() {
    let mut session = Session::saving();
    session.press("538<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<esc>7");
    assert_eq!(session.app.tab.digit(), 7);
    let newest = session.app.history.selected().expect("an entry");
    assert_eq!(session.app.saved, [newest.seq]);
}

#[test]
fn the_rectifications() {
    insta::assert_snapshot!(seen("6"));
}

#[test]
fn the_help_is_the_live_key_table() {
    insta::assert_snapshot!(seen("5<f1>"));
}

#[test]
fn the_help_is_searched_by_initials() {
    insta::assert_snapshot!(seen("2?sx"));
}

#[test]
fn english() {
    let mut session = Session::looking(Lang::En);
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("5");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
}

#[test]
fn no_size_is_refused() {
    for (columns, rows) in
        [(0, 0), (1, 1), (10, 3), (20, 5), (34, 6), (59, 20), (60, 20), (79, 23), (99, 30), (100, 20), (200, 60)]
    {
        for keys in ["1", "2", "3", "4", "5", "6", "7", "5[", "5[ ", "5[<f2>"] {
            let mut session = Session::looking(Lang::Zh);
            session.press(keys);
            session.screen(columns, rows, Skin::Line);
            session.press("<f1>");
            session.screen(columns, rows, Skin::Safe);
        }
    }
}

#[test]
fn a_score_is_saved_moves_the_board_and_can_be_taken_back() {
    let mut session = Session::saving();
    let before = session.app.data.clone().expect("data");
    session.press("5");
    let (project, criterion) = session.app.scores.cell().expect("a cell that waits");
    session.press("38<enter>");
    if session.app.scores.grid.prompt.is_some() {
        session.press("<enter>");
    }
    let after = session.app.data.clone().expect("data");
    let round = after.assessment_round().expect("a round");
    let entry = after.facts.scores[round.at()].get(&(project, criterion)).expect("saved");
    assert_eq!(entry.value.points.map(|p| p.short()).as_deref(), Some("38"));
    assert_eq!(session.app.saved, [entry.seq]);
    assert!(entry.seq > before.facts.seq);
    let message = session.app.message.clone().expect("a message").text.zh;
    assert_eq!(message, format!("已保存 #{}", entry.seq));
    let board = |data: &Snapshot| {
        let measure = data.default_measure(round);
        data.board(round, dukao::domain::project::BoardKind::Headquarters, measure).cloned()
    };
    assert_ne!(board(&before), board(&after), "the board moves");
    session.press("<esc>3");
    assert_eq!(session.app.tab.digit(), 3);
    session.press("u");
    assert!(session.app.message.as_ref().is_some_and(|m| m.text.zh.contains("再按 u 撤销")), "it is on another page");
    session.press("u");
    let undone = session.app.data.clone().expect("data");
    assert!(!undone.facts.scores[round.at()].contains_key(&(project, criterion)));
    session.press("U");
    let redone = session.app.data.clone().expect("data");
    assert!(redone.facts.scores[round.at()].contains_key(&(project, criterion)));
}

#[test]
fn a_cleared_cell_takes_a_new_score() {
    let mut session = Session::saving();
    session.press("5");
    let cell = session.app.scores.cell().expect("a cell");
    session.press("38<enter><enter>");
    session.app.scores.show(&session.app.data.clone().expect("data"), cell.0);
    session.app.scores.grid.point(cell);
    session.press("<del>37<enter><enter>");
    let data = session.app.data.clone().expect("data");
    let round = data.assessment_round().expect("a round");
    let entry = data.facts.scores[round.at()].get(&cell).expect("saved");
    assert_eq!(entry.value.points.map(|p| p.short()).as_deref(), Some("37"));
    assert!(session.app.scores.grid.conflict.is_none());
}

#[test]
fn somebody_else_was_first() {
    let mut session = Session::saving();
    session.press("5");
    let cell = session.app.scores.cell().expect("a cell");
    session.press("38");
    // A colleague saves the same cell while this one is open.
    let data = session.app.data.clone().expect("data");
    let round = data.assessment_round().expect("a round");
    let record = data.score_entry(round, cell.0, cell.1, Some(Points::whole(36)), "现场").expect("valid");
    let change = dukao::domain::change::Change {
        subject: dukao::domain::change::Subject::score(
            &data.plan.round(round).id,
            &data.plan.project(cell.0).id,
            &data.plan.rules.criteria[cell.1].id,
        ),
        before: None,
        after: Some(dukao::domain::change::Record::Score(record)),
        reason: "现场".into(),
    };
    let draft = dukao::domain::change::Draft { change, base: None };
    let (_, store) = session.store.as_mut().expect("a store");
    store.save(&Actor::owner("yi", 0), &[draft], None).expect("saved");
    let newer = store.snapshot(None);
    session.tell(Msg::Reply(Reply::Data(newer)));
    session.press("<enter>");
    if session.app.scores.grid.prompt.is_some() {
        session.press("<enter>");
    }
    assert_eq!(session.app.scores.cell(), Some(cell), "the cursor is back at the cell");
    let conflict = session.app.scores.grid.conflict.clone().expect("a conflict");
    assert!(conflict.line.zh.contains("36") && conflict.line.zh.contains("38"), "{}", conflict.line.zh);
    session.press("<enter>重新核对<enter>");
    let data = session.app.data.clone().expect("data");
    let entry = data.facts.scores[round.at()].get(&cell).expect("saved");
    assert_eq!(entry.value.points.map(|p| p.short()).as_deref(), Some("38"));
    assert_eq!(entry.value.note, "重新核对");
}

#[test]
fn an_empty_reason_is_refused_in_place() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5<down><down><down><down>38<enter><enter>");
    assert!(session.app.scores.grid.prompt.is_some(), "the prompt stays");
    assert!(session.screen(80, 24, Skin::Safe).contains("38 要写理由"));
    assert!(session.asked.is_empty());
    session.press("现场<enter>");
    assert_eq!(session.asked.len(), 1);
}

#[test]
fn nobody_conflicts_with_himself() {
    let mut session = Session::looking(Lang::Zh);
    session.press("538<enter><up>37<enter>");
    assert_eq!(session.asked.len(), 1, "the second save of the cell waits for the first");
    let cell = session.app.scores.grid.recent[0].cell;
    session.tell(Msg::Reply(Reply::Saved { ticket: 1, seqs: vec![9_001] }));
    let Some(Request::Save { ticket: 2, drafts }) = session.asked.last() else { panic!("{:?}", session.asked) };
    assert_eq!(drafts[0].base, Some(9_001));
    session.tell(Msg::Reply(Reply::Saved { ticket: 2, seqs: Vec::new() }));
    assert!(session.app.scores.grid.on_its_way(cell).is_none());
    let message = session.app.message.clone().expect("a message").text.zh;
    assert!(message.contains("没有变化"), "{message}");
}

#[test]
fn who_may_not_score_hears_why_at_the_first_key() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("53");
    assert!(session.app.scores.grid.editor.is_none());
    let message = session.app.message.clone().expect("a message").text.zh;
    assert!(message.contains("角色"), "{message}");
    assert!(session.screen(80, 24, Skin::Safe).contains("只读"));
    session.press("<esc>3");
    assert!(!session.screen(80, 24, Skin::Safe).contains("94.67"), "an open round is not for viewers");
}

#[test]
fn nothing_is_edited_while_a_past_day_is_shown() {
    let (_dir, mut store) = database();
    let day = "2014-07-01".parse().expect("a date");
    let mut session = Session::looking(Lang::Zh);
    session.tell(Msg::Reply(Reply::Data(store.snapshot(Some(day)))));
    for keys in ["5<enter>3", "+", "<del>", "u", "U"] {
        session.press(keys);
        let message = session.app.message.as_ref().map(|m| m.text.zh.clone()).unwrap_or_default();
        assert!(message.contains("2014-07-01") && message.contains("只读"), "{keys}: {message}");
        assert!(session.app.scores.grid.editor.is_none(), "{keys}");
    }
    assert!(session.asked.is_empty(), "{:?}", session.asked);
    assert!(session.screen(80, 24, Skin::Safe).contains("看 07-01 当天 只读"));
}

#[test]
fn the_screens_know_nothing_of_what_came_after_the_day() {
    let (_dir, mut store) = database();
    let mut session = Session::looking(Lang::Zh);
    let mut seen = |day: &str, keys: &str| {
        session.tell(Msg::Reply(Reply::Data(store.snapshot(Some(day.parse().expect("a date"))))));
        session.press(keys);
        let screen = session.screen(120, 60, Skin::Safe);
        session.press("<esc>");
        screen
    };
    let (before, after) = (seen("2014-06-19", "6"), seen("2014-06-21", "6"));
    assert!(before.contains("逾期 1") && after.contains("逾期 2"), "{before}{after}");
    assert!(seen("2014-04-17", "6").contains("全部 0") && seen("2014-04-18", "6").contains("全部 1"));
    let dossier = "2/id:YB14-GY-005<enter><enter>";
    let (spring, summer) = (seen("2014-06-29", dossier), seen("2014-06-30", "<enter>"));
    assert!(spring.contains("03-31") && !spring.contains("2180"), "{spring}");
    assert!(summer.contains("2180"), "{summer}");
}

#[test]
fn letters_in_a_cell_are_refused_once() {
    let mut session = Session::looking(Lang::Zh);
    session.press("53x8");
    assert_eq!(session.app.scores.grid.editor.as_ref().expect("open").field.text(), "38");
}

#[test]
fn n_goes_to_the_next_cell_that_waits() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let data = session.app.data.clone().expect("data");
    let mut last = session.app.scores.cell();
    for _ in 0..5 {
        session.press("n");
        let cell = session.app.scores.cell();
        assert_ne!(cell, last);
        let part = session.app.scores.part(&data, cell.expect("a cell")).expect("in scope");
        assert!(part.seq.is_none() && part.basis != Basis::NotApplicable, "{part:?}");
        last = cell;
    }
}

#[test]
fn digits_type_in_the_grid_and_leaving_names_what_is_dropped() {
    let mut session = Session::looking(Lang::Zh);
    session.press("599<enter>");
    assert_eq!(session.app.tab.digit(), 5);
    assert_eq!(session.app.scores.grid.invalid.len(), 1);
    session.press("<down><esc>22");
    assert_eq!(session.app.tab.digit(), 2);
    let message = session.app.message.clone().expect("a message").text.zh;
    assert!(message.contains("未保存而放弃 1 格"), "{message}");
    assert!(session.asked.is_empty());
}

#[test]
fn the_cursor_stays_on_its_project_when_the_data_changes() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2<down><down><down>");
    let here = session.app.projects.cursor.item();
    session.tell(Msg::Reply(Reply::Data(snapshot())));
    assert_eq!(session.app.projects.cursor.item(), here);
    session.press("s");
    assert_eq!(session.app.projects.cursor.item(), here);
}

#[test]
fn q_quits_and_a_field_takes_q_as_text() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2/q");
    assert!(!session.quit);
    session.press("<esc>q");
    assert!(session.quit);
}
