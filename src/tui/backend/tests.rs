use super::*;
use crate::tui::fit;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A writer that counts.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    writes: usize,
}

impl Write for Line {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(buf);
        self.writes += 1;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Bench {
    terminal: Terminal<Screen<Line>>,
    parser: vt100::Parser,
}

impl Bench {
    fn new(width: u16, height: u16) -> Self {
        let terminal = Terminal::new(Screen::new(Line::default(), width, height)).unwrap();
        let parser = vt100::Parser::new(height.try_into().unwrap(), width.try_into().unwrap(), 0);
        Self { terminal, parser }
    }

    /// Draws a frame, feeds its bytes to the terminal emulator, compares, and answers the bytes and the writes.
    fn draw(&mut self, picture: impl FnOnce(&mut Buffer)) -> (Vec<u8>, usize) {
        let wanted = self.terminal.draw(|frame| picture(frame.buffer_mut())).unwrap().buffer.clone();
        let (bytes, writes) = self.taken();
        self.parser.process(&bytes);
        same(&wanted, self.parser.screen());
        (bytes, writes)
    }

    fn taken(&mut self) -> (Vec<u8>, usize) {
        let line = std::mem::take(self.terminal.backend_mut().out_mut());
        (line.bytes, line.writes)
    }
}

fn shown_colour(colour: Color) -> vt100::Color {
    match colour {
        Color::Reset => vt100::Color::Default,
        Color::Red => vt100::Color::Idx(1),
        Color::Green => vt100::Color::Idx(2),
        Color::DarkGray => vt100::Color::Idx(8),
        Color::Indexed(n) => vt100::Color::Idx(n),
        other => panic!("{other:?} is not used in these tests"),
    }
}

#[track_caller]
fn same(wanted: &Buffer, screen: &vt100::Screen) {
    for y in 0..wanted.area.height {
        let mut x = 0;
        while x < wanted.area.width {
            let want = &wanted[(x, y)];
            let have = screen.cell(y, x).unwrap();
            let contents = if have.contents().is_empty() { " " } else { have.contents() };
            assert_eq!(contents, want.symbol(), "column {x}, row {y}\n{}", screen.contents());
            let attributes = (have.underline(), have.inverse());
            let wanted_attributes =
                (want.modifier.contains(Modifier::UNDERLINED), want.modifier.contains(Modifier::REVERSED));
            assert_eq!(attributes, wanted_attributes, "column {x}, row {y}, {contents:?}");
            assert_eq!(have.bgcolor(), shown_colour(want.bg), "column {x}, row {y}");
            if contents != " " {
                assert_eq!(have.fgcolor(), shown_colour(want.fg), "column {x}, row {y}");
                assert_eq!(have.bold(), want.modifier.contains(Modifier::BOLD), "column {x}, row {y}");
                assert_eq!(have.dim(), want.modifier.contains(Modifier::DIM), "column {x}, row {y}");
            }
            let width = if want.symbol().width() > 1 { 2 } else { 1 };
            assert_eq!(have.is_wide(), width == 2, "column {x}, row {y}");
            x += width;
        }
    }
}

fn body(bytes: &[u8]) -> String {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let text = text.strip_prefix("\u{1b}[?2026h").expect("the beginning of a synchronised frame");
    text.strip_suffix("\u{1b}[?2026l").expect("the end of a synchronised frame").to_string()
}

#[test]
fn a_frame_is_one_write_and_an_unchanged_one_is_none() {
    let mut bench = Bench::new(40, 6);
    let picture = |buf: &mut Buffer| {
        fit::put(buf, 0, 0, 40, "督考 [1 总览] 2 项目", Style::new().reversed());
        fit::put(buf, 0, 3, 40, "市政及服务业", Style::new().fg(Color::Red));
    };
    let (bytes, writes) = bench.draw(picture);
    assert_eq!(writes, 1);
    assert!(body(&bytes).starts_with("\u{1b}[m\u{1b}[H\u{1b}[2J"));
    assert_eq!(bench.draw(picture), (Vec::new(), 0));
}

#[test]
fn han_text_is_written_without_moves() {
    let mut bench = Bench::new(40, 6);
    let (bytes, _) = bench.draw(|buf| {
        fit::put(buf, 0, 0, 40, "市政及服务业", Style::new());
    });
    assert_eq!(body(&bytes), "\u{1b}[m\u{1b}[H\u{1b}[2J市政及服务业");
}

#[test]
fn gaps_tails_and_rows_take_the_short_way() {
    let mut bench = Bench::new(40, 6);
    let line = |text: &'static str| {
        move |buf: &mut Buffer| {
            fit::put(buf, 0, 1, 40, text, Style::new());
            fit::put(buf, 0, 2, 40, text, Style::new());
        }
    };
    bench.draw(line("a0123456789012345678b--------"));
    // A jump within the row, a line feed to the next one.
    let (bytes, _) = bench.draw(line("A0123456789012345678B--------"));
    assert_eq!(body(&bytes), "\u{1b}[2HA\u{1b}[19CB\r\nA\u{1b}[19CB");
    // The tail is cleared, not written.
    let (bytes, _) = bench.draw(line("A0123456789012345678"));
    assert_eq!(body(&bytes), "\u{1b}[2;21H\u{1b}[K\n\u{1b}[K");
    // A short gap is written again.
    let (bytes, _) = bench.draw(line("A01X34Y6789012345678"));
    assert_eq!(body(&bytes), "\u{1b}[2;4HX34Y\n\u{8}\u{8}\u{8}\u{8}X34Y");
}

#[test]
fn blanks_within_a_row_are_erased() {
    let mut bench = Bench::new(40, 5);
    let line = |text: &'static str| {
        move |buf: &mut Buffer| {
            fit::put(buf, 0, 1, 30, text, Style::new());
            fit::put(buf, 30, 1, 1, "|", Style::new());
        }
    };
    bench.draw(line("拆迁安置 28 项节点 晚 3 天"));
    let (bytes, _) = bench.draw(line("拆迁"));
    assert_eq!(body(&bytes), "\u{1b}[5G\u{1b}[22X");
    // What looks like something is written: not every terminal erases with the attributes of the moment.
    bench.draw(|buf| _ = fit::put(buf, 0, 1, 40, "拆迁安置 28 项节点 晚 3 天", Style::new().reversed()));
    let (bytes, _) = bench.draw(|buf| _ = fit::put(buf, 0, 1, 40, "拆迁", Style::new().reversed()));
    assert!(!body(&bytes).contains(['X', 'K']), "{:?}", body(&bytes));
}

/// Rules between panes change the attributes twice in each row if they are written with it.
#[test]
fn rules_between_panes_are_drawn_downwards() {
    let mut bench = Bench::new(60, 12);
    bench.terminal.backend_mut().set_ambiguous(Ambiguous::Narrow);
    let dim = Style::new().dim();
    let picture = |buf: &mut Buffer| {
        for y in 0..12 {
            fit::put(buf, 0, y, 20, "市政及服务业", Style::new());
            fit::put(buf, 20, y, 2, "│", dim);
            fit::put(buf, 22, y, 20, "93.42", Style::new());
        }
    };
    let (bytes, _) = bench.draw(picture);
    let text = body(&bytes);
    assert_eq!(text.matches("\u{1b}[2m").count(), 1, "{text:?}");
    assert!(text.contains("│\n\u{8}│\n\u{8}│"), "{text:?}");
}

#[test]
fn colours_are_kept_across_rows_and_changed_as_little_as_possible() {
    let mut bench = Bench::new(20, 5);
    let red = Style::new().fg(Color::Red);
    let (bytes, _) = bench.draw(|buf| {
        fit::put(buf, 0, 0, 4, "逾期", red);
        fit::put(buf, 0, 1, 4, "逾期", red);
        fit::put(buf, 0, 2, 4, "逾期", red.bold());
        fit::put(buf, 0, 3, 4, "逾期", red);
        fit::put(buf, 0, 4, 4, "正常", Style::new());
    });
    let rest = "\u{1b}[31m逾期\r\n逾期\r\n\u{1b}[1m逾期\r\n\u{1b}[22m逾期\r\n\u{1b}[m正常";
    assert_eq!(body(&bytes), format!("\u{1b}[m\u{1b}[H\u{1b}[2J{rest}"));
}

#[test]
fn the_cursor_is_set_anew_after_an_ambiguous_glyph() {
    let mut bench = Bench::new(40, 5);
    let picture = |buf: &mut Buffer| {
        fit::put(buf, 4, 0, 20, "“ab─c", Style::new());
    };
    let (bytes, _) = bench.draw(picture);
    assert_eq!(body(&bytes), "\u{1b}[m\u{1b}[H\u{1b}[2J    “\u{1b}[6Gab─\u{1b}[9Gc");
    bench.terminal.backend_mut().set_ambiguous(Ambiguous::Narrow);
    bench.terminal.clear().unwrap();
    let (bytes, _) = bench.draw(picture);
    assert_eq!(body(&bytes), "\u{1b}[m\u{1b}[H\u{1b}[2J    “\u{1b}[6Gab─c");
}

#[test]
fn in_a_terminal_that_draws_it_wide_the_blank_behind_a_glyph_is_its_half() {
    let mut screen = Screen::new(Line::default(), 40, 5);
    screen.set_ambiguous(Ambiguous::Wide);
    let mut terminal = Terminal::new(screen).unwrap();
    terminal.draw(|frame| _ = fit::put(frame.buffer_mut(), 0, 0, 6, "“ ab", Style::new().reversed())).unwrap();
    let bytes = std::mem::take(terminal.backend_mut().out_mut()).bytes;
    assert_eq!(body(&bytes), "\u{1b}[m\u{1b}[H\u{1b}[2J\u{1b}[7m“\u{1b}[3Gab  ");
    // The half comes back as a blank that looks like the field.
    terminal.draw(|frame| _ = fit::put(frame.buffer_mut(), 0, 0, 6, "x ab", Style::new().reversed())).unwrap();
    let bytes = std::mem::take(terminal.backend_mut().out_mut()).bytes;
    assert_eq!(body(&bytes), "\rx ");
}

#[test]
fn the_caret_is_placed_shown_parked_and_hidden() {
    let mut bench = Bench::new(30, 5);
    let mut at = |place: Option<(u16, u16)>, parked: bool| {
        bench.terminal.backend_mut().park(parked);
        bench
            .terminal
            .draw(|frame| {
                if let Some(place) = place {
                    frame.set_cursor_position(place);
                }
            })
            .unwrap();
        let (bytes, writes) = bench.taken();
        bench.parser.process(&bytes);
        (writes, bench.parser.screen().hide_cursor(), bench.parser.screen().cursor_position())
    };
    bench_hidden(&mut at);
}

#[test]
fn a_copy_goes_out_once_with_the_next_frame() {
    for (text, code) in [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj"), ("学校\t4.5", "5a2m5qChCTQuNQ==")]
    {
        let mut bench = Bench::new(20, 5);
        bench.draw(|_| ());
        bench.terminal.backend_mut().copy(text);
        let (bytes, writes) = bench.draw(|_| ());
        assert_eq!((body(&bytes), writes), (format!("\u{1b}]52;c;{code}\u{1b}\\"), 1));
        assert_eq!(bench.draw(|_| ()).1, 0);
    }
}

#[test]
fn a_copy_behind_gnu_screen_goes_out_wrapped_in_pieces_that_it_keeps() {
    let mut bench = Bench::new(20, 5);
    bench.draw(|_| ());
    let text = "学校\t4.5\n".repeat(200);
    bench.terminal.backend_mut().copy(&text);
    let plain = body(&bench.draw(|_| ()).0);
    bench.terminal.backend_mut().copy_through(&text);
    let wrapped = body(&bench.draw(|_| ()).0);
    let pieces: Vec<&str> =
        wrapped.split_terminator("\u{1b}\\").map(|p| p.strip_prefix("\u{1b}P").expect("one")).collect();
    assert!(pieces.len() > 4 && pieces.iter().all(|piece| piece.len() <= 768), "{}", pieces.len());
    assert_eq!(pieces.concat().replace('\u{7}', "\u{1b}\\"), plain);
}

type Caret = (usize, bool, (u16, u16));

fn bench_hidden(at: &mut impl FnMut(Option<(u16, u16)>, bool) -> Caret) {
    assert_eq!(at(Some((3, 2)), false), (1, false, (2, 3)));
    assert_eq!(at(Some((3, 2)), false), (0, false, (2, 3)), "nothing changed");
    assert_eq!(at(Some((5, 2)), false), (1, false, (2, 5)));
    assert_eq!(at(Some((5, 4)), true), (1, true, (4, 5)), "parked: there, but hidden");
    assert_eq!(at(Some((6, 4)), true), (1, true, (4, 6)));
    assert_eq!(at(None, true), (0, true, (4, 6)));
    assert_eq!(at(Some((1, 1)), false), (1, false, (1, 1)));
    assert_eq!(at(None, false), (1, true, (1, 1)));
}

#[test]
fn sizes_are_clamped_and_a_new_size_paints_in_full() {
    assert_eq!(clamp(0, 0), Size::new(80, 24));
    assert_eq!(clamp(0, 50), Size::new(80, 24));
    assert_eq!(clamp(3, 2), Size::new(20, 5));
    assert_eq!(clamp(9999, 9999), Size::new(500, 200));
    let mut bench = Bench::new(40, 6);
    let picture = |buf: &mut Buffer| {
        fit::put(buf, 0, 0, 40, "项目", Style::new());
    };
    bench.draw(picture);
    bench.terminal.backend_mut().set_size(50, 8);
    bench.parser.screen_mut().set_size(8.try_into().unwrap(), 50.try_into().unwrap());
    let (bytes, writes) = bench.draw(picture);
    assert_eq!(writes, 1);
    assert!(body(&bytes).contains("\u{1b}[2J项目"));
}

#[test]
fn a_picture_larger_than_the_terminal_never_scrolls_it() {
    let mut bench = Bench::new(20, 3);
    let (bytes, _) = {
        let picture = |buf: &mut Buffer| {
            for y in 0..5 {
                fit::put(buf, 0, y, 20, "行", Style::new());
            }
        };
        bench.terminal.draw(|frame| picture(frame.buffer_mut())).unwrap();
        bench.taken()
    };
    assert!(!body(&bytes).contains('\n'));
}

#[test]
fn the_bytes_of_a_full_page_stay_within_the_budget() {
    let mut bench = Bench::new(120, 36);
    let page = |selected: u16| {
        move |buf: &mut Buffer| {
            for y in 0..36u16 {
                let style = if y == selected { Style::new().reversed() } else { Style::new() };
                let text =
                    format!(" SZ-{y:03} 市政及服务业项目{y:03}  确保  寇店镇   正常推进   {:>6}.00   {y:>3} 天", y * 7);
                fit::put(buf, 0, y, 120, &text, style);
            }
        }
    };
    let (bytes, _) = bench.draw(page(3));
    assert!(bytes.len() < 5500, "first paint: {} bytes", bytes.len());
    let (bytes, _) = bench.draw(page(4));
    assert!(bytes.len() < 450, "one row down: {} bytes", bytes.len());
}

fn list(buf: &mut Buffer, top: u16, selected: u16, detail: bool) {
    fit::put(buf, 0, 0, 120, "督考 [2 项目] 全部 144", Style::new().reversed());
    for y in 1..35u16 {
        let row = top + y;
        let style = if row == selected { Style::new().reversed() } else { Style::new() };
        let text = format!(" SZ-{row:03} 市政及服务业项目{row:03}  确保  寇店镇   正常推进   {:>6}.00", row * 7);
        fit::put(buf, 0, y, 80, &text, style);
        if detail {
            fit::put(buf, 80, y, 40, &format!("节点 {y}  2014-06-{y:02}"), Style::new());
        }
    }
    fit::put(buf, 0, 35, 120, " Enter 详情", Style::new().reversed());
}

#[test]
fn a_scrolled_list_is_scrolled_by_the_terminal() {
    for detail in [false, true] {
        let mut bench = Bench::new(120, 36);
        bench.draw(|buf| list(buf, 0, 34, detail));
        for top in 1..8 {
            let (bytes, writes) = bench.draw(|buf| list(buf, top, 34 + top, detail));
            assert_eq!(writes, 1);
            assert!(detail || bytes.len() < 420, "down by one: {} bytes", bytes.len());
        }
        for top in (0..7).rev() {
            let (bytes, _) = bench.draw(|buf| list(buf, top, top + 1, detail));
            assert!(detail || bytes.len() < 420, "up by one: {} bytes", bytes.len());
        }
        bench.draw(|buf| list(buf, 3, 4, detail));
        bench.draw(|buf| list(buf, 60, 61, detail));
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec!["a", "B", " ", "  ", "中", "国", "区", "1", "ü", "－", "“", "℃"]),
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

fn styles() -> impl Strategy<Value = Style> {
    prop::sample::select(vec![
        Style::new(),
        Style::new(),
        Style::new().fg(Color::Red),
        Style::new().fg(Color::DarkGray),
        Style::new().fg(Color::Green).bold(),
        Style::new().bold(),
        Style::new().dim(),
        Style::new().underlined(),
        Style::new().reversed(),
        Style::new().reversed().fg(Color::Red).bold(),
        Style::new().bg(Color::Indexed(234)),
    ])
}

type Piece = (u16, u16, u16, String, Style);

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    prop::collection::vec((0..24u16, 0..6u16, 0..24u16, texts(), styles()), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Whatever was on the screen before, after a frame the terminal shows what ratatui's buffer holds.
    #[test]
    fn the_terminal_shows_the_buffer(pictures in prop::collection::vec(pieces(), 1..5)) {
        let mut bench = Bench::new(24, 6);
        for pieces in pictures {
            let (_, writes) = bench.draw(|buf| {
                assert_eq!(buf.area, Rect::new(0, 0, 24, 6));
                for (x, y, room, text, style) in &pieces {
                    fit::put(buf, *x, *y, *room, text, *style);
                }
            });
            prop_assert!(writes <= 1);
        }
    }

    /// The same for lists that are scrolled, with something beside them or over them.
    #[test]
    fn scrolled_lists_are_right(steps in prop::collection::vec((0..9u16, 0..9u16, pieces()), 1..6), few in 0..3usize) {
        let mut bench = Bench::new(24, 14);
        for (top, selected, pieces) in steps {
            bench.draw(|buf| {
                for y in 1..13 {
                    let row = top + y;
                    let style = if y == selected { Style::new().reversed() } else { Style::new().fg(Color::Red) };
                    fit::put(buf, 0, y, 18, &format!("行{row}内容{}", row * row), style);
                }
                for (x, y, room, text, style) in pieces.iter().take(few) {
                    fit::put(buf, *x, *y, *room, text, *style);
                }
            });
        }
    }
}
