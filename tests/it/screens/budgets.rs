//! What a picture costs on the line: the real screens through our backend, and through ratatui's stock one.
//!
//! Bytes are counted, not time, without colour, as the budgets are stated. `cargo test budgets -- --nocapture` prints them.

use std::cell::{Cell, RefCell};
use std::io::{self, Write};
use std::rc::Rc;

use dukao::domain::value::Lang;
use dukao::tui::backend::{Ambiguous, Screen};
use dukao::tui::glyphs::Skin;
use dukao::tui::theme::{Colours, Theme};
use dukao::tui::view::view;
use ratatui::backend::Backend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use ratatui_crossterm::CrosstermBackend;

use super::Session;

/// A line that counts what goes over it.
#[derive(Clone, Default)]
struct Line(Rc<Cell<usize>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes of the first paint of a view, of the move to its second row, and of the move beyond the window.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    first: usize,
    row: usize,
    page: usize,
    /// The characters that the move to the second row changes, without a single byte of control: nobody needs fewer.
    floor: usize,
}

/// Draws a view, goes one row down, then to the end of the window.
fn cost<B: Backend>(mut terminal: Terminal<B>, line: &Line, view_keys: &str, skin: Skin) -> Cost
where
    B::Error: std::fmt::Debug,
{
    let theme = Theme { colours: Colours::None, skin, ..Theme::default() };
    let mut session = Session::looking(Lang::Zh);
    let mut shown = Buffer::default();
    let mut frame = |keys: &str| {
        let before = line.0.get();
        session.press(keys);
        let now = terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame").buffer.clone();
        let floor = changed(&std::mem::replace(&mut shown, now.clone()), &now);
        (line.0.get() - before, floor)
    };
    let (first, _) = frame(view_keys);
    // The first step may still leave a selector; the second one is a step.
    frame("<down>");
    let (row, floor) = frame("<down>");
    Cost { first, row, page: frame("<pgdn>").0, floor }
}

/// Bytes of the characters that are different in the second picture.
fn changed(before: &Buffer, after: &Buffer) -> usize {
    if before.area != after.area {
        return 0;
    }
    before.content.iter().zip(&after.content).filter(|(a, b)| a != b).map(|(_, b)| b.symbol().len()).sum()
}

fn ours(keys: &str, (width, height): (u16, u16), skin: Skin) -> Cost {
    let line = Line::default();
    let mut screen = Screen::new(line.clone(), width, height);
    screen.set_ambiguous(if skin == Skin::Line { Ambiguous::Narrow } else { Ambiguous::Unknown });
    cost(Terminal::new(screen).expect("a terminal"), &line, keys, skin)
}

fn stock(keys: &str, (width, height): (u16, u16), skin: Skin) -> Cost {
    let line = Line::default();
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let terminal = Terminal::with_options(CrosstermBackend::new(line.clone()), TerminalOptions { viewport });
    cost(terminal.expect("a terminal"), &line, keys, skin)
}

/// The first paint of each view, and one row down where the row is all that changes (评分). A pane with details that
/// follows the cursor costs its own text on top: there the move is held to the changed characters themselves and a
/// quarter for the ways between them.
#[test]
fn bytes_stay_within_their_budgets_and_at_half_of_the_stock_backend() {
    const SCORES: usize = 5;
    for (size, skin, first, row) in [((80, 24), Skin::Safe, 2500, 250), ((120, 36), Skin::Line, 5500, 450)] {
        let costs: Vec<(Cost, Cost)> = (1..=7)
            .map(|tab: usize| (ours(&tab.to_string(), size, skin), stock(&tab.to_string(), size, skin)))
            .collect();
        for (tab, (own, other)) in (1..).zip(&costs) {
            println!("{size:?} view {tab}: ours {own:?}, stock {other:?}");
            // 总览 in panes has more rules and Han than any other picture.
            assert!(own.first * 100 <= first * if tab == 1 { 104 } else { 100 }, "{size:?} view {tab}: {own:?}");
            assert!(own.row <= row.max(own.floor * 4 / 3 + 120), "{size:?} view {tab}: {own:?}");
            assert!(own.first * 100 <= other.first * 65, "{size:?} view {tab}: {own:?}, stock {other:?}");
        }
        let sum = |of: fn(&(Cost, Cost)) -> usize| costs.iter().map(of).sum::<usize>();
        assert!(sum(|c| c.0.first) <= first * costs.len());
        assert!(costs[SCORES - 1].0.row * 10 <= row * 11, "{:?}", costs[SCORES - 1].0);
        assert!(sum(|c| c.0.row) * 100 <= sum(|c| c.1.row) * 60);
        assert!(sum(|c| c.0.page) * 100 <= sum(|c| c.1.page) * 40);
    }
}

/// Which colours a screen may have at each level: none, the sixteen of the palette, and with 256 a zebra's background.
#[test]
fn colours_keep_to_their_level() {
    for (colours, skin) in [(Colours::None, Skin::Line), (Colours::Sixteen, Skin::Line), (Colours::Sixteen, Skin::Safe)]
    {
        for tab in 1..=7 {
            let mut session = Session::looking(Lang::Zh);
            session.press(&tab.to_string());
            let theme = Theme { colours, skin, ..Theme::default() };
            let bytes = Bytes::default();
            let mut terminal = Terminal::new(Screen::new(bytes.clone(), 120, 36)).expect("a terminal");
            terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
            for code in sgr(&String::from_utf8_lossy(&bytes.0.borrow())) {
                let attribute = matches!(code, 0..=4 | 7 | 22 | 24 | 27);
                let palette = colours == Colours::Sixteen && matches!(code, 30..=37 | 39 | 90..=97);
                assert!(attribute || palette, "{colours:?}, view {tab}: SGR {code}");
            }
        }
    }
}

/// The parameters of all `SGR` sequences.
fn sgr(text: &str) -> Vec<u16> {
    let sequences = text.split("\u{1b}[").skip(1).filter_map(|part| {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        part[end..].starts_with('m').then(|| &part[..end])
    });
    sequences.flat_map(|codes| codes.split(';')).map(|code| code.parse().unwrap_or(0)).collect()
}

/// A line that keeps what goes over it.
#[derive(Clone, Default)]
struct Bytes(Rc<RefCell<Vec<u8>>>);

impl Write for Bytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
