//! Random keys: every role sits before the real program and hits keys as they come, in windows of any size.
//!
//! Whatever is typed, nothing panics, no picture has a line over its width or half a character, nothing is saved that
//! changes nothing, and nobody asks for a write that he may not do. `cargo test` types some twenty thousand keys;
//! `DUKAO_STORM_KEYS=1000000 cargo test storm` (`just storm-keys`) as many as it says, `DUKAO_STORM_SEED` begins elsewhere.
//! The keys before a failure are printed; the same seed types them again.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::OnceLock;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use dukao::app::App;
use dukao::app::modal::Modal;
use dukao::app::msg::{Effect, Msg};
use dukao::domain::change::Draft;
use dukao::domain::value::Lang;
use dukao::plan::{self, Texts};
use dukao::store::{Actor, Error, Query, Reply, Request, Store, worker};
use dukao::tui::glyphs::Skin;
use dukao::tui::keymap::{self, Key};
use dukao::tui::theme::{Colours, Theme};
use dukao::tui::view::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;
use unicode_width::UnicodeWidthStr;

/// Keys of one sitting; then somebody else sits down before a new year.
const SITTING: usize = 1700;

/// The picture is drawn after every so many steps, as for a person who types faster than the screen.
const LOOK: usize = 8;

/// Xorshift: the same numbers for the same seed, on every machine.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("53 bits") % sides.max(1)
    }

    pub(super) fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }
}

/// Who sits there: a role of the sample's plan by its login, or the owner of the database.
const SITTERS: [&str; 8] = ["zhenban", "jiazu", "jidong", "luru", "hedui", "zhukao", "jiandu", "owner"];

/// The sample year, made once and copied.
fn year() -> &'static Path {
    static YEAR: OnceLock<TempDir> = OnceLock::new();
    let dir = YEAR.get_or_init(|| {
        let dir = TempDir::new().expect("a folder");
        let path = dir.path().join("year.db");
        let texts = Texts::sample();
        let plan = plan::load(&texts).expect("the sample is valid");
        // Closing it leaves one file.
        drop(dukao::cli::new_database(&path, &texts, &plan, &Texts::sample_records()).expect("a database"));
        dir
    });
    dir.path()
}

/// A person before the program, with a store behind it.
struct Sitting {
    app: App,
    requests: Sender<Request>,
    replies: Receiver<Reply>,
    thread: Option<JoinHandle<()>>,
    /// Answers that the loop has not taken yet.
    waiting: VecDeque<Reply>,
    terminal: Terminal<TestBackend>,
    theme: Theme,
    dice: Dice,
    /// Said when something goes wrong.
    log: Vec<String>,
    login: &'static str,
    writes: usize,
    /// Keys that fell into a form, and records that were saved from one.
    forms: (usize, usize),
    dir: TempDir,
}

impl Drop for Sitting {
    #[expect(clippy::print_stdout, reason = "the output of a failing test")]
    fn drop(&mut self) {
        drop(self.requests.send(Request::Stop));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
        if std::thread::panicking() {
            let keys = &self.log[self.log.len().saturating_sub(60)..];
            println!("{} typed {} keys, at last: {}", self.login, self.log.len(), keys.join(" "));
        }
    }
}

impl Sitting {
    fn new(seed: u64) -> Self {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let login = SITTERS[usize::try_from(seed).expect("a seed") % SITTERS.len()];
        let dir = TempDir::new().expect("a folder");
        let path = dir.path().join("year.db");
        for file in std::fs::read_dir(year()).expect("the year") {
            let file = file.expect("a file");
            std::fs::copy(file.path(), dir.path().join(file.file_name())).expect("a copy");
        }
        let store = Store::open(&path, None).expect("a database");
        let actor = match login {
            "owner" => Actor::owner("root", 0),
            login => Actor::person(store.plan(), login, "storm"),
        };
        let lang = *dice.pick(&[Lang::Zh, Lang::En]);
        let app = App::new(lang, actor.clone());
        let (answers, replies) = mpsc::channel();
        let (requests, thread) =
            worker::spawn(move || Ok((store, actor)), None, move |reply| drop(answers.send(reply))).expect("a thread");
        let skin = *dice.pick(&[Skin::Safe, Skin::Line]);
        let colours = *dice.pick(&[Colours::None, Colours::Sixteen, Colours::TwoFiftySix]);
        let theme = Theme { skin, colours, ..Theme::default() };
        let terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
        let mut sitting = Self {
            app,
            requests,
            replies,
            thread: Some(thread),
            waiting: VecDeque::new(),
            terminal,
            theme,
            dice,
            log: Vec::new(),
            login,
            writes: 0,
            forms: (0, 0),
            dir,
        };
        sitting.fence();
        sitting.deliver();
        sitting
    }

    /// Takes all answers to what was asked so far: they come in order, and the last question has an answer of its own.
    fn fence(&mut self) {
        self.requests.send(Request::Sources(Vec::new())).expect("the store lives");
        loop {
            match self.replies.recv().expect("the store lives") {
                Reply::Sources { of, .. } if of.is_empty() => return,
                reply => self.waiting.push_back(reply),
            }
        }
    }

    fn deliver(&mut self) {
        while let Some(reply) = self.waiting.pop_front() {
            if let Reply::Refused { ticket: 1.., error: Error::NotPermitted(why) } = &reply {
                panic!("{} was let type what he may not save: {}", self.login, why.zh);
            }
            self.tell(Msg::Reply(reply));
        }
    }

    fn tell(&mut self, msg: Msg) {
        let mut asked = false;
        for effect in self.app.update(msg) {
            let Effect::Send(request) = effect else { continue };
            if let Request::Save { drafts, .. } = &request {
                self.writes += 1;
                self.forms.1 += usize::from(matches!(self.app.modal, Some(Modal::Form(_))));
                drafts.iter().for_each(changes_something);
                assert!(!matches!(self.login, "zhenban" | "jiandu"), "{} only looks", self.login);
            }
            asked = true;
            self.requests.send(request).expect("the store lives");
        }
        if asked {
            self.fence();
        }
    }

    /// One step: mostly a key that means something here, at times some keys that belong together.
    fn step(&mut self) {
        if self.dice.roll(8) == 0 {
            for c in self.dice.pick(&PHRASES).chars() {
                let code = if c == '\n' { KeyCode::Enter } else { KeyCode::Char(c) };
                self.type_one(&Event::Key(plain(code)));
            }
            return;
        }
        let context = self.app.context();
        let event = match self.dice.roll(100) {
            0..62 => {
                let rows: Vec<_> = keymap::rows(context).collect();
                let keys = rows.get(self.dice.roll(rows.len())).map_or(&[][..], |row| row.keys);
                match keys {
                    [] => Event::Key(plain(KeyCode::Enter)),
                    keys => Event::Key(press(*self.dice.pick(keys))),
                }
            }
            62..70 => {
                let row = self.dice.pick(keymap::BINDINGS);
                Event::Key(press(*self.dice.pick(row.keys)))
            }
            70..90 => Event::Key(plain(KeyCode::Char(*self.dice.pick(&TYPED)))),
            90..94 => Event::Key(plain(*self.dice.pick(&[KeyCode::Enter, KeyCode::Tab, KeyCode::Esc]))),
            94..97 => Event::Paste((*self.dice.pick(&PASTED)).to_owned()),
            _ => Event::Resize(self.side(220), self.side(70)),
        };
        self.type_one(&event);
    }

    fn type_one(&mut self, event: &Event) {
        self.log.push(match event {
            Event::Key(key) => format!("{:?}+{:?}", key.modifiers.bits(), key.code),
            other => format!("{other:?}"),
        });
        self.forms.0 += usize::from(matches!(self.app.modal, Some(Modal::Form(_))));
        if let Event::Resize(columns, rows) = event {
            self.terminal.backend_mut().resize(*columns, *rows);
        }
        if let Some(msg) = keymap::msg(event, self.app.context()) {
            self.tell(msg);
        }
        // Now and then the answers are late.
        if self.dice.roll(4) > 0 {
            self.deliver();
        }
    }

    /// Columns or rows of a window: mostly of a usual size, at times absurd.
    fn side(&mut self, most: usize) -> u16 {
        let usual = [24, 36, 60, 79, 80, 100, 120, 140];
        let side = if self.dice.roll(2) == 0 { *self.dice.pick(&usual) } else { self.dice.roll(most) };
        u16::try_from(side).expect("a side")
    }

    fn look(&mut self) {
        let drawn = self.terminal.draw(|frame| view(frame, &mut self.app, &self.theme)).expect("a frame");
        whole(drawn.buffer);
    }

    /// What the ledger says of the sitting: nobody's entry changed nothing, and who only looks has none.
    fn check_ledger(&mut self) {
        let store = Store::open(&self.dir.path().join("year.db"), None).expect("a database");
        let mine = match self.login {
            "owner" => "root",
            login => login,
        };
        let entries = store.history(&Actor::owner("root", 0), &Query::of(Some(mine), 100_000)).expect("a history");
        for entry in entries.iter().filter(|entry| entry.actor == mine && entry.via == "storm") {
            assert_ne!(entry.before, entry.after, "#{}", entry.seq);
            assert!(!matches!(mine, "zhenban" | "jiandu"), "#{} is of somebody who only looks", entry.seq);
        }
    }
}

fn changes_something(draft: &Draft) {
    assert_ne!(draft.change.before, draft.change.after, "nothing changes: {draft:?}");
}

fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

/// The key as a terminal sends it: of all that a keyboard has, the one that the key table takes for it.
fn press(key: Key) -> KeyEvent {
    static KEYBOARD: OnceLock<HashMap<Key, KeyEvent>> = OnceLock::new();
    let keyboard = KEYBOARD.get_or_init(|| {
        use KeyCode as K;
        let named = [
            K::Enter,
            K::Esc,
            K::Tab,
            K::BackTab,
            K::Up,
            K::Down,
            K::Left,
            K::Right,
            K::PageUp,
            K::PageDown,
            K::Home,
            K::End,
            K::Delete,
            K::Backspace,
            K::Insert,
        ];
        let codes = (' '..='~').map(K::Char).chain((1..=12).map(K::F)).chain(named);
        let modifiers = [KeyModifiers::NONE, KeyModifiers::CONTROL, KeyModifiers::SHIFT, KeyModifiers::ALT];
        let mut keyboard = HashMap::new();
        for code in codes {
            for event in modifiers.map(|modifier| KeyEvent::new(code, modifier)) {
                if let Some(key) = keymap::normalise(&event) {
                    keyboard.entry(key).or_insert(event);
                }
            }
        }
        keyboard
    });
    *keyboard.get(&key).unwrap_or_else(|| panic!("no keyboard has {key:?}"))
}

/// What is typed as text: numbers most of all, and what an input method gives.
const TYPED: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '５', '。', 'l', 'c', 'z', 'h', 'q', ':', '>', '<', '"',
    '!', '|', ',', ' ', '-', '学', '校', '镇', '“', '\u{200b}',
];

/// Keys that do something together: a view, a score, a reason, a filter.
const PHRASES: [&str; 15] = [
    "5",
    "5\n4\n",
    "4.5\n",
    "38\n",
    "依据材料\n",
    "n2\n",
    "+",
    "/lcz\n",
    "2\n=",
    "u",
    // A report of a project and another record of it, one of each target, a rectification; then what a form asks for.
    "2i145\n50\n980万元\n\n\n\n\n\n",
    "2i3\n\n",
    "4i4",
    "6i",
    "今天\n13亿元\n",
];

const PASTED: [&str; 7] = [
    "4.5",
    "38\t4.5\r\n40\t5\r\n",
    "项目\t节点\nXX-006\t40\nXX-008\t99\n",
    "1,234.5\t95%\t\u{1b}[2J",
    "",
    "\n\n\t\t\n",
    "公布",
];

/// No line is longer or shorter than the window, and behind each wide character is its other half and nothing else.
#[track_caller]
pub fn whole(picture: &Buffer) {
    let area = picture.area;
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let symbol = picture[(x, y)].symbol();
            let width = u16::try_from(symbol.width()).expect("a width");
            assert!((1..=2).contains(&width), "{symbol:?} at {x}, {y}");
            if width == 2 {
                assert!(x + 1 < area.right(), "half of {symbol:?} is outside, at {x}, {y}");
                assert_eq!(picture[(x + 1, y)].symbol(), " ", "{symbol:?} at {x}, {y} lost its half");
            }
            x += width;
        }
    }
}

pub(super) fn variable(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn random_keys_break_nothing() {
    let all = variable("DUKAO_STORM_KEYS").unwrap_or(8 * SITTING);
    let (mut typed, mut writes, mut forms) = (0, 0, (0, 0));
    let mut seed = variable("DUKAO_STORM_SEED").unwrap_or(0) as u64;
    while typed < all {
        let mut sitting = Sitting::new(seed);
        for n in 0.. {
            sitting.step();
            if n % LOOK == 0 {
                sitting.look();
            }
            if sitting.log.len() >= SITTING {
                break;
            }
        }
        sitting.check_ledger();
        typed += sitting.log.len();
        writes += sitting.writes;
        forms = (forms.0 + sitting.forms.0, forms.1 + sitting.forms.1);
        seed += 1;
    }
    println!("{typed} keys, {writes} writes; {} in forms, {} of them; next seed {seed}", forms.0, forms.1);
    assert!(forms.1 > 0, "no record was saved from a form: the storm does not reach them");
    assert!(writes > 0, "nobody has written anything: the storm is too mild");
}
