//! What the load, the figures and the frame cost on the sample district, in time and in bytes on the line. Benches measure; tests assert.

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dukao::app::App;
use dukao::app::action::Action;
use dukao::app::msg::Msg;
use dukao::cli::new_database;
use dukao::domain::board::Measure;
use dukao::domain::project::BoardKind;
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::Lang;
use dukao::plan::{Texts, load};
use dukao::store::{Actor, Reply, Store};
use dukao::tui::backend::{Ambiguous, Screen};
use dukao::tui::glyphs::Skin;
use dukao::tui::theme::{Colours, Theme};
use dukao::tui::view::view;
use ratatui::Terminal;
use tempfile::TempDir;

/// A new database of the sample district.
fn sample() -> (TempDir, Store) {
    let dir = TempDir::new().expect("a folder");
    let texts = Texts::sample();
    let plan = load(&texts).expect("the sample is valid");
    let store = new_database(&dir.path().join("year.db"), &texts, &plan, &Texts::sample_records());
    (dir, store.expect("a database"))
}

fn loading(c: &mut Criterion) {
    c.bench_function("plan: read the four texts", |b| {
        let texts = Texts::sample();
        b.iter(|| load(black_box(&texts)).is_ok());
    });
    let (dir, store) = sample();
    drop(store);
    let path = dir.path().join("year.db");
    c.bench_function("store: open and load the year", |b| {
        b.iter(|| Store::open(&path, None).expect("a database").snapshot(None).facts.seq);
    });
}

fn figures(c: &mut Criterion) {
    let (_dir, mut store) = sample();
    let s = store.snapshot(None);
    let fresh = || Snapshot::new(Arc::clone(&s.plan), s.facts.clone(), s.today, None);
    c.bench_function("status: standings and tallies", |b| b.iter(|| fresh().tally_of(None)));
    let round = s.plan.round_ix("2014-H1-ASM").expect("a round of the sample");
    c.bench_function("boards: both boards, all three measures", |b| {
        b.iter(|| {
            let s = fresh();
            for kind in [BoardKind::Headquarters, BoardKind::Towns] {
                for measure in Measure::ALL {
                    black_box(s.board(round, kind, measure));
                }
            }
        });
    });
}

fn frames(c: &mut Criterion) {
    let (_dir, mut store) = sample();
    let mut app = App::new(Lang::Zh, Actor::owner("bench", 0));
    drop(app.update(Msg::Reply(Reply::Data(store.snapshot(None)))));
    drop(app.update(Msg::Action(Action::View(2))));
    let theme = Theme::new(Skin::Line, "default", Colours::Sixteen);
    let mut terminal = Terminal::new(Screen::new(std::io::sink(), 120, 36)).expect("a terminal");
    c.bench_function("frame: full paint of 项目 at 120x36", |b| {
        b.iter(|| {
            terminal.clear().expect("memory");
            terminal.draw(|frame| view(frame, &mut app, &theme)).expect("memory");
        });
    });
    let mut down = true;
    c.bench_function("frame: one row move in 项目 at 120x36", |b| {
        b.iter(|| {
            let action = if down { Action::RowNext } else { Action::RowPrev };
            down = !down;
            drop(app.update(Msg::Action(action)));
            terminal.draw(|frame| view(frame, &mut app, &theme)).expect("memory");
        });
    });
}

/// What goes over the line, in bytes instead of time: the same in every run, so that any change is one of ours.
struct Bytes;

/// Bytes on the line so far.
static SENT: AtomicU64 = AtomicU64::new(0);

impl Measurement for Bytes {
    type Intermediate = u64;
    type Value = u64;

    fn start(&self) -> u64 {
        SENT.load(Ordering::Relaxed)
    }

    fn end(&self, before: u64) -> u64 {
        SENT.load(Ordering::Relaxed) - before
    }

    fn add(&self, a: &u64, b: &u64) -> u64 {
        a + b
    }

    fn zero(&self) -> u64 {
        0
    }

    fn to_f64(&self, value: &u64) -> f64 {
        f64::from(u32::try_from(*value).unwrap_or(u32::MAX))
    }

    fn formatter(&self) -> &dyn ValueFormatter {
        &InBytes
    }
}

struct InBytes;

impl ValueFormatter for InBytes {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "bytes"
    }

    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "bytes"
    }

    fn scale_for_machines(&self, _: &mut [f64]) -> &'static str {
        "bytes"
    }
}

/// A line that counts.
struct Line;

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        SENT.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn bytes(c: &mut Criterion<Bytes>) {
    let (_dir, mut store) = sample();
    let data = store.snapshot(None);
    for (size, skin) in [((80, 24), Skin::Safe), ((120, 36), Skin::Line)] {
        let mut screen = Screen::new(Line, size.0, size.1);
        screen.set_ambiguous(if skin == Skin::Line { Ambiguous::Narrow } else { Ambiguous::Unknown });
        let mut terminal = Terminal::new(screen).expect("a terminal");
        let theme = Theme::new(skin, "default", Colours::None);
        let mut app = App::new(Lang::Zh, Actor::owner("bench", 0));
        drop(app.update(Msg::Reply(Reply::Data(Arc::clone(&data)))));
        for view_number in [1, 2] {
            drop(app.update(Msg::Action(Action::View(view_number))));
            c.bench_function(&format!("bytes: full paint of view {view_number} at {}x{}", size.0, size.1), |b| {
                b.iter(|| {
                    terminal.clear().expect("memory");
                    terminal.draw(|frame| view(frame, &mut app, &theme)).expect("memory");
                });
            });
        }
        for (name, there, back) in
            [("row move", Action::RowNext, Action::RowPrev), ("page", Action::PageDown, Action::PageUp)]
        {
            let mut forth = false;
            c.bench_function(&format!("bytes: {name} in 项目 at {}x{}", size.0, size.1), |b| {
                b.iter(|| {
                    forth = !forth;
                    drop(app.update(Msg::Action(if forth { there } else { back })));
                    terminal.draw(|frame| view(frame, &mut app, &theme)).expect("memory");
                });
            });
        }
    }
}

criterion_group!(benches, loading, figures, frames);
criterion_group! {
    name = counts;
    config = Criterion::default().with_measurement(Bytes).sample_size(10);
    targets = bytes
}
criterion_main!(benches, counts);
