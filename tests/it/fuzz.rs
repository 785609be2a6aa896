//! Nonsense in: plans, records, filters, pasted blocks and key bytes that somebody cut, doubled, swapped and garbled.
//!
//! Every border answers with a sentence or takes what it got; nothing panics, and a plan that is taken can be computed.
//! `cargo test` tries some thousand; `DUKAO_FUZZ=1000000 cargo test --test it fuzz` (`just fuzz`) as many of each as it
//! says, `DUKAO_STORM_SEED` begins elsewhere. A failure prints the text that did it.

use std::sync::Arc;

use dukao::app::filter::{Filter, Index, Rows};
use dukao::app::grid::paste;
use dukao::domain::board::Measure;
use dukao::domain::project::BoardKind;
use dukao::domain::snapshot::{Facts, Snapshot};
use dukao::exchange::{self, Encoding};
use dukao::plan::{self, Texts};
use dukao::store::Actor;
use dukao::tui::input;

use crate::storm::{Dice, variable};

/// Pieces that have broken programs before.
const NASTY: &[&str] = &[
    "\0",
    "\u{1b}[2J",
    "\u{202e}",
    "\u{200b}",
    "\u{feff}",
    "\"",
    "'",
    "\\",
    "\n",
    "\r\n",
    "\t",
    "=",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    ";",
    "-1",
    "0",
    "99999999999999999999",
    "1e308",
    "0.005",
    "NaN",
    "2014-02-30",
    "9999-12-31",
    "-0001-01-01",
    "１２．５",
    "亿元",
    "0.000001亿元",
    "龘",
    "👨‍👩‍👧‍👦",
    "' OR 1=1; DROP TABLE ledger; --",
    "none",
];

/// A text with a few things wrong with it.
fn garbled(dice: &mut Dice, text: &str) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    // Mostly one fault, so that what is read after it is read too.
    let faults = if dice.roll(3) == 0 { 1 + dice.roll(4) } else { 1 };
    for _ in 0..faults {
        let (at, other) = (dice.roll(lines.len()), dice.roll(lines.len()));
        match dice.roll(8) {
            0 => lines.swap(at, other),
            1 => lines[at] = lines[other].clone(),
            2 => lines.truncate(at.max(1)),
            3 => lines[at].clear(),
            4 => lines[at].insert_str(0, dice.pick::<&str>(NASTY)),
            // A value for another: the part after the sign of one line, or one cell of a row.
            5 => {
                let value = lines[other].split_once('=').map(|(_, v)| v.to_owned());
                if let (Some(value), Some(equals)) = (value, lines[at].find('=')) {
                    lines[at].replace_range(equals + 1.., &value);
                }
            }
            6 => {
                let places: Vec<usize> = lines[at].char_indices().map(|(i, _)| i).collect();
                if let Some(&place) = places.get(dice.roll(places.len())) {
                    lines[at].insert_str(place, dice.pick::<&str>(NASTY));
                }
            }
            _ => {
                let places: Vec<usize> = lines[at].char_indices().map(|(i, _)| i).collect();
                if let Some(&place) = places.get(dice.roll(places.len())) {
                    lines[at].remove(place);
                }
            }
        }
    }
    lines.concat()
}

fn runs() -> usize {
    variable("DUKAO_FUZZ").unwrap_or(300)
}

fn dice() -> Dice {
    Dice(0x9e37_79b9_7f4a_7c15 ^ (variable("DUKAO_STORM_SEED").unwrap_or(1) as u64).wrapping_mul(0x2545_f491_4f6c_dd1d))
}

/// Runs `of` on a text; what it was is said when that panics.
fn said<T>(text: &str, of: impl FnOnce() -> T + std::panic::UnwindSafe) -> T {
    std::panic::catch_unwind(of).unwrap_or_else(|_| panic!("this text broke it:\n{text}"))
}

#[test]
fn a_garbled_plan_is_refused_with_a_place_or_computed() {
    let (sample, mut dice) = (Texts::sample(), dice());
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..runs() {
        let mut texts = sample.clone();
        let text = match dice.roll(4) {
            0 => &mut texts.district,
            1 => &mut texts.projects,
            2 => &mut texts.scoring,
            _ => &mut texts.targets,
        };
        *text = garbled(&mut dice, text);
        let text = text.clone();
        match said(&text, || plan::load(&texts)) {
            Ok(plan) => {
                taken += 1;
                said(&text, || computed(plan));
            }
            Err(found) => {
                refused += 1;
                assert!(!found.is_empty(), "refused without a word:\n{text}");
                for error in &found {
                    assert!(!error.message.zh.is_empty() && error.file.ends_with(".toml"), "{error:?}\n{text}");
                }
            }
        }
    }
    println!("{taken} plans taken, {refused} refused");
    assert!(taken > 0 && refused > 0, "{taken} taken, {refused} refused: too mild or too wild");
}

/// Every board of every round of a plan in which nothing has happened.
fn computed(plan: dukao::domain::district::Plan) {
    let facts = Facts::empty(&plan);
    let data = Snapshot::new(Arc::new(plan), facts, "2014-07-12".parse().expect("a day"), None);
    for round in data.round_ixs() {
        for kind in [BoardKind::Headquarters, BoardKind::Towns] {
            for measure in [Measure::Assessment, Measure::Observation, Measure::Composite] {
                let _ = data.board(round, kind, measure);
            }
        }
    }
    let _ = (data.behind(), data.due_soon(), data.tally(|_| true));
}

#[test]
fn garbled_records_are_refused_with_row_and_reason_or_read() {
    let plan = plan::load(&Texts::sample()).expect("the sample is valid");
    let (files, mut dice) = (Texts::sample_records(), dice());
    let (mut taken, mut refused) = (0, 0);
    for _ in 0..runs() {
        let (name, bytes) = dice.pick(&files).clone();
        let mut bytes = garbled(&mut dice, &String::from_utf8(bytes).expect("UTF-8")).into_bytes();
        if dice.roll(4) == 0 && !bytes.is_empty() {
            let at = dice.roll(bytes.len());
            bytes[at] ^= 1 << dice.roll(8);
        }
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let encoding = if dice.roll(8) == 0 { Encoding::Gb18030 } else { Encoding::Auto };
        let file = [(name, bytes)];
        let today = "2014-07-12".parse().expect("a day");
        let read = said(&shown, || exchange::read_all(&file, None, encoding, &plan, today));
        let rows = read.complaints();
        assert!(rows.iter().all(|row| !row.reason.zh.is_empty()), "{rows:?}\n{shown}");
        taken += usize::from(rows.is_empty());
        refused += usize::from(!rows.is_empty());
    }
    println!("{taken} files taken, {refused} refused");
    assert!(taken > 0 && refused > 0, "{taken} taken, {refused} refused: too mild or too wild");
}

#[test]
fn garbled_filters_find_or_say_what_they_cannot_read() {
    let plan = Arc::new(plan::load(&Texts::sample()).expect("the sample is valid"));
    let data = Snapshot::new(Arc::clone(&plan), Facts::empty(&plan), "2014-07-12".parse().expect("a day"), None);
    let (index, actor, mut dice) = (Index::new(&plan), Actor::bootstrap(), dice());
    const WORDS: [&str; 14] = [
        "status=behind",
        "得分<90",
        "gy",
        "zhongguo",
        "-",
        "!",
        "(",
        ")",
        "light:red",
        "lag>=30",
        "镇:佃庄",
        "\"",
        " ",
        "，",
    ];
    for _ in 0..runs() {
        let words: Vec<&str> = (0..=dice.roll(6)).map(|_| *dice.pick(&WORDS)).collect();
        let text = garbled(&mut dice, &words.join(" "));
        said(&text, || {
            for of in [Rows::Projects, Rows::Rectifications] {
                let filter = Filter::parse(&text, of, &index);
                assert!(filter.unreadable_at().all(|range| text.get(range).is_some()), "not at a character: {text:?}");
                for project in plan.project_ixs() {
                    let _ = filter.project(&data, &index, &actor, project);
                }
            }
        });
    }
}

#[test]
fn garbled_bytes_of_keys_and_blocks_are_read_to_the_end() {
    let mut dice = dice();
    const KEYS: [&[u8]; 12] = [
        b"\x1b[",
        b"\x1b[A",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1bO",
        b"\x1b[<0;",
        b"M",
        b"\xe4\xb8",
        b"\xad",
        b"\xff",
        b"\x1b]52;c;",
        b"9",
    ];
    for _ in 0..runs() {
        let bytes: Vec<u8> = (0..=dice.roll(40)).flat_map(|_| dice.pick(&KEYS).to_vec()).collect();
        said(&format!("{bytes:02x?}"), || input::decode(&bytes));
        let text = garbled(&mut dice, "项目\t节点\t形象\n标准化厂房一期\t38.5\t25\n标准化厂房二期\t\"a\n b\"\t\n");
        said(&text, || paste::block(&text));
    }
}
