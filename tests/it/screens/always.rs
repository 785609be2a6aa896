//! What holds on every screen, whatever it shows: the same places in both skins, a word or mark beside each colour, the
//! day that is counted from, a pace beside each share, a change beside each rank, and no glyph that a terminal may draw
//! otherwise.

use std::collections::HashSet;

use dukao::app::screen::Context;
use dukao::tui::glyphs::Glyphs;
use dukao::tui::theme::Role;
use ratatui::style::Modifier;

use super::every_view::{ROWS, State, opened, words_of_the_data};
use super::*;

const SIZES: [(u16, u16); 2] = [(80, 24), (120, 36)];

/// A screen of the list in the three looks that are compared.
struct Shot {
    view: &'static str,
    state: State,
    lang: Lang,
    safe: Buffer,
    line: Buffer,
    colourless: Buffer,
}

fn drawn(session: &mut Session, (columns, rows): (u16, u16), skin: Skin, colours: Colours) -> Buffer {
    let theme = Theme::new(skin, "default", colours);
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
    session.tell(Msg::Resize(columns, rows));
    terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
    terminal.backend().buffer().clone()
}

/// Every screen of the list, at both sizes, in both languages.
fn shots() -> &'static [Shot] {
    static SHOTS: OnceLock<Vec<Shot>> = OnceLock::new();
    SHOTS.get_or_init(|| {
        let mut shots = Vec::new();
        for (view, state, keys) in ROWS {
            for lang in [Lang::Zh, Lang::En] {
                let mut session = opened(*state, lang, keys);
                for size in SIZES {
                    let safe = drawn(&mut session, size, Skin::Safe, Colours::Sixteen);
                    let line = drawn(&mut session, size, Skin::Line, Colours::Sixteen);
                    let colourless = drawn(&mut session, size, Skin::Safe, Colours::None);
                    shots.push(Shot { view, state: *state, lang, safe, line, colourless });
                }
            }
        }
        shots
    })
}

fn lines(picture: &Buffer) -> Vec<String> {
    let text = dump(picture);
    text.lines().filter(|l| !l.starts_with("styles ")).map(str::to_owned).collect()
}

/// The glyphs of a skin that another skin draws otherwise.
fn slots(g: &Glyphs) -> HashSet<char> {
    let all = [
        g.rule,
        g.upright,
        g.top_left,
        g.top_right,
        g.bottom_left,
        g.bottom_right,
        g.tee_left,
        g.tee_right,
        g.tee_top,
        g.tee_bottom,
        g.cross,
        g.bar_done,
        g.bar_rest,
        g.bar_pace,
        g.block,
        g.completed,
        g.on_track,
        g.red,
        g.yellow,
        g.unknown,
        g.not_due,
        g.up,
        g.down,
        g.same,
        g.new,
        g.cursor,
        g.picked,
        g.closed,
        g.open,
        g.below,
        g.arrow,
    ];
    all.concat().chars().filter(|c| *c != ' ').collect()
}

/// A line without what the skins draw in their own way: words and the columns where they begin.
fn places(line: &str, slots: &HashSet<char>) -> Vec<(usize, String)> {
    let mut found: Vec<(usize, String)> = Vec::new();
    let mut column = 0;
    let mut inside = false;
    for c in line.chars() {
        let part = !slots.contains(&c) && c != ' ' && (c.is_alphanumeric() || "（）：，；".contains(c));
        match (part, inside) {
            (true, true) => found.last_mut().expect("a word").1.push(c),
            (true, false) => found.push((column, c.to_string())),
            _ => {}
        }
        inside = part;
        column += c.to_string().width();
    }
    found
}

#[test]
fn both_skins_have_the_same_columns() {
    let slots: HashSet<char> = slots(Skin::Safe.glyphs()).union(&slots(Skin::Line.glyphs())).copied().collect();
    for Shot { view: what, lang, safe, line, .. } in shots() {
        let lang = *lang;
        // A trend is numbers in the one skin and blocks in the other; the legend tells the marks of the skin itself.
        if matches!(*what, "trend" | "help") {
            continue;
        }
        for (a, b) in lines(safe).iter().zip(&lines(line)) {
            // Behind an arrow, which has its own width in running text, words may stand one cell further.
            if a.contains("->") || b.contains('→') {
                continue;
            }
            let english = |c: char| lang == Lang::En && c.is_ascii_alphabetic();
            let words = |line| -> Vec<(usize, String)> {
                let all = places(line, &slots).into_iter();
                all.filter(|(_, word)| !(word.len() <= 3 && word.chars().all(english))).collect()
            };
            assert_eq!(words(a), words(b), "{what} {lang:?}\n{a}\n{b}");
        }
    }
}

/// What says in words or marks what a colour says.
fn carriers(role: Role, lang: Lang) -> &'static [&'static str] {
    match (role, lang) {
        (Role::Bad, Lang::Zh) => {
            &["!", "红", "滞后", "逾期", "错", "未保存", "低于", "断", "-", "只能查看", "缺席", "降"]
        }
        (Role::Bad, Lang::En) => {
            &["!", "red", "behind", "late", "overdue", "below", "not saved", "-", "read-only", "dn"]
        }
        (Role::Good, Lang::Zh) => &["*", "●", "#", "━", "绿", "完成", "高于", "销号", "以上", "已", "升"],
        (Role::Good, Lang::En) => &["*", "●", "#", "━", "green", "done", "above", "complete", "clos", "以上", "up"],
        _ => &[],
    }
}

#[test]
fn nothing_is_said_by_a_colour_alone() {
    let theme = Theme::new(Skin::Safe, "default", Colours::Sixteen);
    for Shot { view: what, lang, safe: picture, colourless, .. } in shots() {
        let (lang, coloured) = (*lang, lines(picture));
        assert_eq!(lines(colourless), coloured, "{what}: the same facts without colours");
        for role in [Role::Bad, Role::Good] {
            let colour = theme.style(role).fg.expect("a colour");
            for (y, line) in (0..picture.area.height).zip(&coloured) {
                let cells = (0..picture.area.width).map(|x| &picture[(x, y)]);
                let told: Vec<_> = cells.filter(|c| c.fg == colour && c.symbol() != " ").map(|c| c.symbol()).collect();
                // A count in the column of its status has the status in its header; a number's sign is its word.
                // One letter is what a panel leaves of a word behind it.
                let left = told.len() == 1 && told[0].chars().all(|c| c.is_ascii_alphabetic());
                let words = !left && told.concat().chars().any(|c| !c.is_ascii_digit() && !".%+".contains(c));
                let said = carriers(role, lang).iter().any(|word| line.contains(word));
                assert!(!words || said, "{what} {lang:?} {role:?}: {told:?}\n{line}");
            }
        }
    }
}

#[test]
fn the_day_that_is_counted_from_stands_on_every_screen() {
    for Shot { view: what, state, lang, safe: picture, .. } in shots() {
        let whole = ["overview", "projects", "dossier", "boards", "composition", "trend", "targets", "goals", "scores"];
        if *state != State::Normal || !whole.contains(what) {
            continue;
        }
        let text = lines(picture).join("\n");
        let dated = match *lang {
            Lang::Zh => ["截至 06-30", "今天 07-12"],
            Lang::En => ["as of 06-30", "today 07-12"],
        };
        let empty = text.contains("没有的");
        assert!(empty || dated.iter().any(|day| text.contains(day)), "{what} {lang:?}\n{text}");
    }
}

#[test]
fn a_share_has_its_pace_and_a_rank_its_change() {
    for Shot { view: what, state, lang, safe: picture, .. } in shots() {
        if *state != State::Normal {
            continue;
        }
        let all = lines(picture);
        let text = all.join("\n");
        let pace = if *lang == Lang::Zh { "序时" } else { "pace" };
        // Shares of money or of a quota, not weights or rates of points.
        if matches!(*what, "overview" | "dossier" | "targets") {
            assert!(text.contains('%') && text.contains(pace), "{what} {lang:?}\n{text}");
        }
        if *what == "targets" {
            let sums = if *lang == Lang::Zh { "对账" } else { "sums" };
            assert!(text.contains(sums), "the sums are checked beside the rows\n{text}");
        }
        if *what == "boards" {
            let moved = if *lang == Lang::Zh { ["升", "降", "平", "新"] } else { ["up ", "dn ", "=", "new"] };
            let ranked: Vec<_> =
                all.iter().filter(|l| ["农村工程", "学校", "寇店镇"].iter().any(|u| l.contains(u))).collect();
            let ranked = ranked.iter().filter(|l| l.contains("94.67") || l.contains("91.10") || l.contains("90.93"));
            for line in ranked {
                assert!(moved.iter().any(|m| line.contains(m)), "{line}");
            }
        }
    }
}

#[test]
fn no_glyph_but_those_of_the_skin_and_of_the_data() {
    for skin in [Skin::Safe, Skin::Line] {
        let drawn: HashSet<char> = slots(skin.glyphs()).into_iter().chain("▁▂▃▄▅▆▇█※".chars()).collect();
        for Shot { view: what, lang, safe, line, .. } in shots() {
            let picture = if skin == Skin::Safe { safe } else { line };
            for c in lines(picture).join("").chars().filter(|c| !c.is_ascii()) {
                let han = ('\u{4e00}'..='\u{9fff}').contains(&c);
                let punctuation = "（）「」，。；：、！？【】".contains(c);
                let ours = han || punctuation || (skin == Skin::Line && drawn.contains(&c));
                assert!(ours || words_of_the_data().contains(c), "{what} {lang:?} {skin:?}: {c:?}");
            }
        }
    }
}

/// Where an input method opens its window: directly behind what was typed, in every kind of field.
#[test]
fn the_caret_stands_behind_what_was_typed_in_every_field() {
    let theme = Theme::new(Skin::Safe, "default", Colours::Sixteen);
    let fields = [
        (State::Normal, "538", "8"),
        (State::Normal, "5[<end>90", "0"),
        (State::Normal, "2/学校", "校"),
        (State::Normal, "6/样例", "例"),
        (State::Normal, "2:李村", "村"),
        (State::Normal, "f学", "学"),
        (State::Normal, "?复制", "制"),
        (State::Normal, "6<enter>608-0", "0"),
        (State::Normal, "3W70", "0"),
        (State::Sealed, "3:round publish 2014-H1-ASM<enter>公", "公"),
    ];
    for (state, keys, typed) in fields {
        for (columns, rows) in SIZES {
            let mut session = opened(state, Lang::Zh, keys);
            assert!(session.app.context().takes_text() || session.app.context() == Context::WhatIf, "{keys}");
            let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a terminal");
            session.tell(Msg::Resize(columns, rows));
            terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
            let caret = terminal.get_cursor_position().expect("a cursor");
            let picture = terminal.backend().buffer();
            let cell = u16::try_from(typed.width()).expect("a cell");
            let before = &picture[(caret.x - cell, caret.y)];
            assert_eq!(before.symbol(), typed, "{keys} {columns}x{rows} {caret:?}\n{}", lines(picture).join("\n"));
            assert!(!picture[(caret.x, caret.y)].modifier.contains(Modifier::HIDDEN));
        }
    }
}

/// `:plain` leaves words alone, for the terminal's own selection.
#[test]
fn without_borders_every_picture_is_words_alone() {
    for skin in [Skin::Safe, Skin::Line] {
        let theme = Theme { plain: true, ..Theme::new(skin, "default", Colours::Sixteen) };
        let mut session = opened(State::Normal, Lang::Zh, "3");
        for view_keys in ["", "2", "3", "4"] {
            session.press(view_keys);
            let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a terminal");
            session.tell(Msg::Resize(120, 36));
            terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
            let text = lines(terminal.backend().buffer()).join("\n");
            assert!(!text.contains(['│', '┌', '┐', '└', '┘', '├', '┤', '┬', '┴']), "{skin:?} {view_keys}\n{text}");
            assert!(!text.contains("+--"), "{skin:?} {view_keys}\n{text}");
        }
    }
}
