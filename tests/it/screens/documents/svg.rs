//! A picture of the terminal as SVG: text with its colours, each run stretched to its cells, so that wide characters
//! stand in two cells whatever the font.

use std::fmt::Write as _;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// A cell in pixels.
const WIDTH: u16 = 9;
const HEIGHT: u16 = 18;
/// From the top of a cell to the line that text stands on.
const BASE: u16 = 14;
const MARGIN: u16 = 10;

const FOREGROUND: &str = "#d4d4d4";
const BACKGROUND: &str = "#1e1e1e";

/// How a run of cells looks.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Look {
    ink: &'static str,
    paper: &'static str,
    attributes: Modifier,
}

impl Look {
    fn of(cell: &Cell) -> Self {
        let (ink, paper) = (colour(cell.fg, FOREGROUND), colour(cell.bg, BACKGROUND));
        let attributes = cell.modifier;
        if attributes.contains(Modifier::REVERSED) {
            Self { ink: paper, paper: ink, attributes }
        } else {
            Self { ink, paper, attributes }
        }
    }
}

/// The palette of the pictures; a terminal has its own.
fn colour(colour: Color, default: &'static str) -> &'static str {
    match colour {
        Color::Reset => default,
        Color::Red => "#f0695f",
        Color::Green => "#5fbf6a",
        Color::Yellow => "#d9b44a",
        Color::Magenta => "#c678dd",
        Color::Cyan => "#56b6c2",
        Color::DarkGray => "#8a8a8a",
        other => panic!("{other:?} is not one of the theme's colours"),
    }
}

/// Cells of one look and one width, without two blanks in a row.
struct Run {
    x: u16,
    cells: u16,
    text: String,
    look: Look,
    wide: bool,
}

/// The picture as a document.
pub fn picture(buffer: &Buffer) -> String {
    let (columns, rows) = (buffer.area.width, buffer.area.height);
    let (width, height) = (columns * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{BACKGROUND}\"/>\n\
         <g font-family=\"'DejaVu Sans Mono','Noto Sans Mono CJK SC','Sarasa Mono SC',Menlo,Consolas,monospace\" \
         font-size=\"15\" fill=\"{FOREGROUND}\">\n"
    );
    for y in 0..rows {
        papers(&mut out, buffer, y);
        for run in runs(buffer, y) {
            text(&mut out, &run, y);
        }
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// The backgrounds of a row.
fn papers(out: &mut String, buffer: &Buffer, y: u16) {
    let mut x = 0;
    while x < buffer.area.width {
        let paper = Look::of(&buffer[(x, y)]).paper;
        let end = (x..buffer.area.width).find(|x| Look::of(&buffer[(*x, y)]).paper != paper);
        let end = end.unwrap_or(buffer.area.width);
        if paper != BACKGROUND {
            let (left, top) = (MARGIN + x * WIDTH, MARGIN + y * HEIGHT);
            let cells = (end - x) * WIDTH;
            let _ = writeln!(
                out,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{cells}\" height=\"{HEIGHT}\" fill=\"{paper}\"/>"
            );
        }
        x = end;
    }
}

fn runs(buffer: &Buffer, y: u16) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let (symbol, look) = (cell.symbol(), Look::of(cell));
        let wide = symbol.width() > 1;
        let cells = if wide { 2 } else { 1 };
        match runs.last_mut() {
            Some(run) if run.look == look && run.wide == wide && run.x + run.cells == x && !run.text.ends_with(' ') => {
                run.text.push_str(symbol);
                run.cells += cells;
            }
            _ => runs.push(Run { x, cells, text: symbol.to_owned(), look, wide }),
        }
        x += cells;
    }
    for run in &mut runs {
        // Blanks show only where a line is under them, and then in the middle of a longer run.
        let blank = run.text.len() - run.text.trim_end().len();
        run.text.truncate(run.text.len() - blank);
        run.cells -= u16::try_from(blank).expect("a row");
    }
    runs.retain(|run| run.cells > 0 || run.look.attributes.contains(Modifier::UNDERLINED));
    runs
}

fn text(out: &mut String, run: &Run, y: u16) {
    let (x, base) = (MARGIN + run.x * WIDTH, MARGIN + y * HEIGHT + BASE);
    if run.look.attributes.contains(Modifier::UNDERLINED) {
        let (below, ink, to) = (base + 3, run.look.ink, x + run.cells.max(1) * WIDTH);
        let _ = writeln!(out, "<path d=\"M{x} {below}H{to}\" stroke=\"{ink}\" stroke-width=\"1\"/>");
    }
    if run.cells == 0 {
        return;
    }
    let mut style = String::new();
    if run.look.ink != FOREGROUND {
        let _ = write!(style, " fill=\"{}\"", run.look.ink);
    }
    if run.look.attributes.contains(Modifier::BOLD) {
        style.push_str(" font-weight=\"bold\"");
    }
    let said = run.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if run.wide {
        // Each one in its place: not every renderer stretches a text.
        let places: Vec<String> = (0..run.cells / 2).map(|n| (x + n * 2 * WIDTH).to_string()).collect();
        let places = places.join(" ");
        let _ = writeln!(out, "<text x=\"{places}\" y=\"{base}\" font-size=\"17\"{style}>{said}</text>");
    } else {
        let length = run.cells * WIDTH;
        let _ = writeln!(out, "<text x=\"{x}\" y=\"{base}\" textLength=\"{length}\"{style}>{said}</text>");
    }
}
