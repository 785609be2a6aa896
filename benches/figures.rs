//! What the load, the figures and the frame cost on the sample district. Benches measure; tests assert.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
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
use dukao::tui::backend::Screen;
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

criterion_group!(benches, loading, figures, frames);
criterion_main!(benches);
