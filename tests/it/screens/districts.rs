//! Districts that have next to nothing: what a new one looks like, and what people of each role get to see.

use dukao::domain::round::RoundState;
use dukao::domain::snapshot::Facts;
use dukao::store::access;

use super::*;

/// Units and people of the sample, and nothing else: no project, no round, no judge, no target.
fn new_texts() -> Texts {
    let sample = Texts::sample();
    Texts {
        district: without(&sample.district, &["[[round]]", "[[judge]]"]),
        projects: "# 还没有项目\n".to_owned(),
        targets: "# 还没有目标\n".to_owned(),
        ..sample
    }
}

/// A text without the tables of these names.
fn without(text: &str, tables: &[&str]) -> String {
    let blocks = text.split("\n\n").filter(|block| !tables.iter().any(|t| block.trim_start().starts_with(t)));
    blocks.collect::<Vec<_>>().join("\n\n")
}

/// A district as its plan says, before anything has been recorded.
fn unrecorded(texts: &Texts) -> Arc<Snapshot> {
    let plan = plan::load(texts).unwrap_or_else(|e| panic!("{e:?}"));
    let (facts, today) = (Facts::empty(&plan), plan.district.today.expect("a frozen day"));
    Arc::new(Snapshot::new(Arc::new(plan), facts, today, None))
}

/// On the first day: units and people, and nothing else.
pub fn new_district() -> Arc<Snapshot> {
    static DISTRICT: OnceLock<Arc<Snapshot>> = OnceLock::new();
    Arc::clone(DISTRICT.get_or_init(|| unrecorded(&new_texts())))
}

/// The projects and targets are planned, no round is.
pub fn without_rounds() -> Arc<Snapshot> {
    static DISTRICT: OnceLock<Arc<Snapshot>> = OnceLock::new();
    let planned = || {
        let sample = Texts::sample();
        let district = without(&sample.district, &["[[round]]", "[[judge]]"]);
        unrecorded(&Texts { district, ..sample })
    };
    Arc::clone(DISTRICT.get_or_init(planned))
}

/// The sample as somebody gets it.
pub fn sample_for(actor: &Actor) -> Arc<Snapshot> {
    let all = snapshot();
    let hidden = access::hidden_rounds(&all, actor);
    Arc::new(Snapshot::new(Arc::clone(&all.plan), all.facts.clone(), all.today, all.as_of).hiding(hidden))
}

/// The sample with its open rounds sealed, as the store keeps them.
pub fn sealed() -> Arc<Snapshot> {
    static DISTRICT: OnceLock<Arc<Snapshot>> = OnceLock::new();
    let seal = || {
        let data = snapshot();
        let mut facts = data.facts.clone();
        for id in ["2014-Q2-OBS", "2014-H1-ASM"] {
            let round = data.plan.round_ix(id).expect("a round");
            Arc::make_mut(&mut facts.rounds)[round.at()].as_mut().expect("its record").value.state = RoundState::Sealed;
            Arc::make_mut(&mut facts.results)[round.at()] = Some(data.results(round));
        }
        Arc::new(Snapshot::new(Arc::clone(&data.plan), facts, data.today, None))
    };
    Arc::clone(DISTRICT.get_or_init(seal))
}
