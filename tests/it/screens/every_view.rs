//! Every view in every state, at both sizes, in both skins and both languages: one list of keys, one picture each.
//!
//! A picture is compared with the accepted one, and checked: no line is over its width, no wide character is torn, no
//! Chinese word of ours stands in an English picture, and the footer names only keys that are bound there.

use std::fmt::Write as _;

use dukao::domain::change::Subject;
use dukao::store::{Chain, Conflict, Error};

use super::districts::{new_district, sample_for, sealed, without_rounds};
use super::*;

/// 状态. What there is to see, and who looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The sample, and its owner.
    Normal,
    /// The first day: units and people, and nothing else.
    New,
    /// Projects and targets, and no round.
    NoRounds,
    /// 查询员
    Viewer,
    /// 监督员
    Auditor,
    /// Both open rounds are sealed.
    Sealed,
    /// Before the first answer of the store.
    Loading,
    /// The district is there, the ledger is still being read.
    Unread,
}

use State::{Auditor, Loading, New, NoRounds, Normal, Sealed, Unread, Viewer};

/// One picture: the view, the state, the keys that lead there.
pub type Row = (&'static str, State, &'static str);

/// The list.
pub const ROWS: &[Row] = &[
    ("overview", Normal, ""),
    ("overview", New, ""),
    ("overview", NoRounds, ""),
    ("overview", Viewer, ""),
    ("overview", Auditor, ""),
    ("overview", Loading, ""),
    ("projects", Normal, "2<down>"),
    ("projects", Normal, "2/没有的<enter>"),
    ("projects", New, "2"),
    ("projects", NoRounds, "2"),
    ("projects", Viewer, "2"),
    ("projects", Loading, "2"),
    ("dossier", Normal, "2<enter>"),
    ("dossier", NoRounds, "2<enter>"),
    ("dossier", Viewer, "2<enter>"),
    ("boards", Normal, "3<down>"),
    ("boards", New, "3"),
    ("boards", NoRounds, "3"),
    ("boards", Viewer, "3"),
    ("boards", Auditor, "3"),
    ("boards", Sealed, "3"),
    ("composition", Normal, "3<down><enter>"),
    ("composition", Viewer, "3<down><enter>"),
    ("trend", Normal, "3t"),
    ("what_if", Normal, "3W70<enter>"),
    ("what_if", New, "3W"),
    ("what_if", Viewer, "3W"),
    ("targets", Normal, "4<down>"),
    ("targets", New, "4"),
    ("targets", NoRounds, "4"),
    ("targets", Viewer, "4"),
    ("goals", Normal, "4<tab><tab>"),
    ("goals", New, "4<tab><tab>"),
    ("attractions", Normal, "4<down><enter>"),
    ("attractions", NoRounds, "4<down><enter>"),
    ("scores", Normal, "5"),
    ("scores", Normal, "5<esc>"),
    ("scores", Normal, "538"),
    ("scores", Normal, "5v<down><right>"),
    ("scores", Normal, "599<enter>"),
    ("scores", New, "5"),
    ("scores", NoRounds, "5"),
    ("scores", Viewer, "5"),
    ("scores", Auditor, "5"),
    ("scores", Sealed, "5"),
    ("ballots", Normal, "5["),
    ("ballots", Normal, "5[<end>90"),
    ("ballots", Viewer, "5["),
    ("ballots", Auditor, "5["),
    ("ballots", Sealed, "5["),
    ("rectifications", Normal, "6<down>"),
    ("rectifications", Normal, "6/没有的<enter>"),
    ("rectifications", New, "6"),
    ("rectifications", Viewer, "6"),
    ("history", Normal, "7"),
    ("history", Normal, "7<right><right><right>"),
    ("history", New, "7"),
    ("history", Viewer, "7"),
    ("history", Auditor, "7"),
    ("history", Unread, "7"),
    ("entry", Normal, "7<enter>"),
    ("help", Normal, "?"),
    ("help", Normal, "3?"),
    ("help", Normal, "5?"),
    ("help", Normal, "2?fz"),
    ("help", Normal, "2?没有的"),
    ("help", Loading, "?"),
    ("palette", Normal, "2:"),
    ("palette", Normal, "2:lcz"),
    ("palette", Normal, "2:没有的"),
    ("palette", New, ":round"),
    ("palette", Viewer, "2:round"),
    ("jump", Normal, "2f"),
    ("jump", Normal, "2fxx"),
    ("jump", New, "2f没有的"),
    ("explain", Normal, "2="),
    ("explain", Normal, "3=<down><enter>"),
    ("explain", New, "2="),
    ("explain", Viewer, "2="),
    ("explain", Unread, "3="),
    ("form", Normal, "2i"),
    ("form", Normal, "2i145<enter>120<enter>980<enter>"),
    ("form", Normal, "2i6"),
    ("form", Normal, "2e"),
    ("form", Normal, "4i"),
    ("form", Normal, "4<tab>e"),
    ("form", Normal, "6i<enter>jsz"),
    ("form", New, "6i"),
    ("form", Viewer, "2i"),
    ("menu", Normal, "5 "),
    ("menu", Normal, "5[ "),
    ("menu", Normal, "6<enter>"),
    ("menu", Viewer, "6<enter>"),
    ("confirm", Sealed, "3:round publish 2014-H1-ASM<enter>"),
    ("columns", Normal, "2c"),
    ("columns", Normal, "2s1"),
    ("prompt", Normal, "6<enter>6"),
    ("prompt", Sealed, "3:round reopen 2014-H1-ASM<enter>"),
    ("prompt", Normal, "2/lcz status"),
];

/// What is odd about the sample, as far as a viewer may know.
fn viewer_warnings() -> &'static Arc<[Warning]> {
    static WARNINGS: OnceLock<Arc<[Warning]>> = OnceLock::new();
    WARNINGS.get_or_init(|| {
        let (_dir, mut store) = database();
        let viewer = Actor::person(store.plan(), "zhenban", "ssh:x");
        store.warnings(&viewer, None).expect("warnings").into()
    })
}

/// What a person finds in that state, before any key.
fn session(state: State, lang: Lang) -> Session {
    let (actor, data) = match state {
        Normal | Loading | Unread => (Actor::owner("jia", 0), snapshot()),
        Sealed => (Actor::owner("jia", 0), sealed()),
        New => (Actor::owner("jia", 0), new_district()),
        NoRounds => (Actor::owner("jia", 0), without_rounds()),
        Viewer | Auditor => {
            let login = if state == Viewer { "zhenban" } else { "jiandu" };
            let actor = Actor::person(&snapshot().plan, login, "ssh:x");
            let data = sample_for(&actor);
            (actor, data)
        }
    };
    let app = App::new(lang, actor);
    let mut session = Session { app, store: None, asked: Vec::new(), quit: false, copied: None, exported: Vec::new() };
    if state == Loading {
        return session;
    }
    let (seq, day) = (data.facts.seq, data.day());
    session.tell(Msg::Reply(Reply::Data(data)));
    let mut chain = Chain::default();
    chain.checked = seq;
    session.tell(Msg::Reply(Reply::Chain(chain)));
    let all = match state {
        New | NoRounds => Vec::new().into(),
        Viewer => Arc::clone(viewer_warnings()),
        _ => return session,
    };
    session.tell(Msg::Reply(Reply::Warnings { seq, day, all }));
    session.tell(Msg::Reply(Reply::Recent(Vec::new())));
    session
}

/// Where these keys lead in that state, with the answers of the ledger.
pub fn opened(state: State, lang: Lang, keys: &str) -> Session {
    let mut session = session(state, lang);
    for key in each(keys) {
        session.press(key);
        session.answered(state);
    }
    session
}

impl Session {
    /// Answers what was asked of a ledger that has the three entries of a morning, or none.
    fn answered(&mut self, state: State) {
        if state == Unread {
            return;
        }
        for request in std::mem::take(&mut self.asked) {
            match request {
                Request::History(of) => {
                    let mut found = if matches!(state, New | NoRounds) { Vec::new() } else { latest() };
                    found.retain(|e| of.kinds.is_empty() || e.kind.is_some_and(|kind| of.kinds.contains(&kind)));
                    found.retain(|e| of.subject.as_ref().is_none_or(|subject| e.key.contains(subject)));
                    found.retain(|e| of.before.is_none_or(|seq| e.seq < seq));
                    self.tell(Msg::Reply(Reply::History { of, found: Ok(found) }));
                }
                Request::Sources(of) => {
                    let entries = of.iter().filter(|s| s.kind == Kind::Score).map(entered).collect();
                    self.tell(Msg::Reply(Reply::Sources { of, entries }));
                }
                _ => {}
            }
        }
    }

    fn draw(&mut self, (columns, rows): (u16, u16), skin: Skin) -> Buffer {
        let theme = Theme::new(skin, "default", Colours::Sixteen);
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
        self.tell(Msg::Resize(columns, rows));
        terminal.draw(|frame| view(frame, &mut self.app, &theme)).expect("a frame");
        terminal.backend().buffer().clone()
    }
}

/// The keys one by one: characters, and names in angle brackets.
fn each(keys: &str) -> impl Iterator<Item = &str> {
    let mut rest = keys;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let end = rest.find('>').filter(|_| first == '<').map_or(first.len_utf8(), |end| end + 1);
        let (key, after) = rest.split_at(end);
        rest = after;
        Some(key)
    })
}

/// The entry of a score, as the second team made it.
fn entered(subject: &Subject) -> LedgerEntry {
    let of = LedgerEntry { actor: "yizu".into(), key: subject.key.clone(), seq: 1190, ..latest().remove(2) };
    LedgerEntry { at: "2014-07-11T16:02:00Z".into(), ..of }
}

/// The text of a picture, each line without the blanks at its end.
fn text(picture: &Buffer) -> String {
    let dumped = dump(picture);
    dumped.split("styles ").next().unwrap_or_default().to_owned()
}

/// Words of the district: its plan without the comments, its records.
pub fn words_of_the_data() -> &'static str {
    static WORDS: OnceLock<String> = OnceLock::new();
    WORDS.get_or_init(|| {
        let sample = Texts::sample();
        let plan = [sample.district, sample.projects, sample.scoring, sample.targets].join("\n");
        let mut words: String =
            plan.lines().map(|l| l.split("  #").next().unwrap_or_default()).fold(String::new(), |mut all, line| {
                let _ = writeln!(all, "{}", line.strip_prefix('#').map_or(line, |_| ""));
                all
            });
        for (_, bytes) in Texts::sample_records() {
            words.push_str(&String::from_utf8_lossy(&bytes));
        }
        // What the tests themselves type, and the word that is shown to be typed.
        words + "没有的" + "公布"
    })
}

/// Chinese of ours in an English picture: runs of Han that are in no name of the data.
fn untranslated(picture: &str) -> Vec<String> {
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let runs = picture.split(|c: char| !han(c)).filter(|run| !run.is_empty());
    runs.filter(|run| !words_of_the_data().contains(run)).map(str::to_owned).collect()
}

/// Pieces of the footer that no row of the key table in force explains.
fn unbound(footer: &str, session: &Session) -> Vec<String> {
    let context = session.app.context();
    let lang = session.app.lang;
    let known: Vec<String> = keymap::rows(context)
        .chain(keymap::rows(dukao::app::screen::Context::Any))
        .flat_map(|b| {
            let names = b.keys.iter().map(|k| k.name()).chain([keymap::keys_text(b).replace(" .", "")]);
            names.map(|key| format!("{key} {}", b.help.in_lang(lang))).collect::<Vec<_>>()
        })
        .collect();
    footer
        .split("  ")
        .map(str::trim)
        .filter(|p| !p.is_empty() && !known.iter().any(|k| k == p))
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn check(what: &str, picture: &Buffer, session: &Session) {
    crate::storm::whole(picture);
    let text = text(picture);
    for line in text.lines() {
        assert!(line.width() <= usize::from(picture.area.width), "{what}: {line}");
    }
    let footer = text.lines().last().unwrap_or_default();
    let unbound = unbound(footer, session);
    assert!(unbound.is_empty(), "{what}: the footer names {unbound:?}\n{text}");
    if session.app.lang == Lang::En {
        let untranslated = untranslated(&text);
        assert!(untranslated.is_empty(), "{what}: {untranslated:?}\n{text}");
    }
}

/// The pictures of one row, below each other.
fn pictures((name, state, keys): Row) -> String {
    let mut all = String::new();
    for (size, skin) in [((80, 24), Skin::Safe), ((120, 36), Skin::Line)] {
        for lang in [Lang::Zh, Lang::En] {
            let mut session = opened(state, lang, keys);
            let picture = session.draw(size, skin);
            let what = format!("{name} {state:?} {keys} {}x{} {lang:?}", size.0, size.1);
            check(&what, &picture, &session);
            let _ = write!(all, "== {what}\n{}\n", text(&picture));
        }
    }
    all
}

#[test]
fn every_view_in_every_state() {
    let mut views: Vec<&str> = ROWS.iter().map(|row| row.0).collect();
    views.dedup();
    for view in views {
        let all: String = ROWS.iter().filter(|row| row.0 == view).map(|row| pictures(*row)).collect();
        insta::assert_snapshot!(format!("view_{view}"), all);
    }
}

/// Two people, one cell: the row of messages shows both values and the keys.
#[test]
fn the_conflict_of_a_cell() {
    let mut all = String::new();
    for (size, skin) in [((80, 24), Skin::Safe), ((120, 36), Skin::Line)] {
        for lang in [Lang::Zh, Lang::En] {
            let mut session = session(Normal, lang);
            session.press("538<tab>");
            let Some(Request::Save { ticket, drafts }) = session.asked.last() else { panic!("{:?}", session.asked) };
            let change = drafts[0].change.clone();
            let theirs = latest().remove(2).after();
            let conflict = Conflict {
                subject: change.subject,
                seq: 1231,
                theirs,
                actor: "yizu".into(),
                at: "2014-07-12T14:29:00Z".into(),
                mine: change.after,
            };
            let ticket = *ticket;
            session.press("<left>");
            session.tell(Msg::Reply(Reply::Refused { ticket, error: Error::Conflict(Box::new(conflict)) }));
            let picture = session.draw(size, skin);
            let what = format!("conflict {}x{} {lang:?}", size.0, size.1);
            check(&what, &picture, &session);
            let _ = write!(all, "== {what}\n{}\n", text(&picture));
        }
    }
    insta::assert_snapshot!("view_conflict", all);
}
