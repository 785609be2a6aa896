//! What the figures, the load and the frame cost on the sample district. Benches measure; tests assert.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use dukao::domain::board::Measure;
use dukao::domain::project::BoardKind;
use dukao::domain::snapshot::{Facts, Snapshot};
use dukao::plan::{Texts, load};

fn sample() -> Snapshot {
    let plan = load(&Texts::sample()).expect("the sample is valid");
    let facts = Facts::empty(&plan);
    Snapshot::new(Arc::new(plan), facts, "2014-07-12".parse().expect("a date"), None)
}

fn figures(c: &mut Criterion) {
    c.bench_function("plan: load the four texts", |b| {
        let texts = Texts::sample();
        b.iter(|| load(black_box(&texts)).is_ok());
    });
    let s = sample();
    let fresh = || Snapshot::new(s.plan.clone(), s.facts.clone(), s.today, None);
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

criterion_group!(benches, figures);
criterion_main!(benches);
