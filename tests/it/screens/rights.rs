//! What somebody who may not see everything sees on the screens.

use super::*;
use dukao::domain::board::Measure;
use dukao::domain::project::BoardKind;
use dukao::domain::round::RoundState;
use dukao::store::access;

/// The sample with its first observation open again, as a person gets it.
fn reopened(actor: &Actor) -> Arc<Snapshot> {
    let data = snapshot();
    let mut facts = data.facts.clone();
    let observation = data.plan.round_ix("2014-Q1-OBS").expect("the observation");
    let rounds = Arc::make_mut(&mut facts.rounds);
    rounds[observation.at()].as_mut().expect("its record").value.state = RoundState::Open;
    let all = Snapshot::new(data.plan.clone(), facts, data.today, None);
    let hidden = access::hidden_rounds(&all, actor);
    Arc::new(all.hiding(hidden))
}

fn session(actor: Actor, data: &Arc<Snapshot>) -> Session {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = actor;
    session.tell(Msg::Reply(Reply::Data(Arc::clone(data))));
    session
}

#[test]
fn boards_hide_what_rests_on_a_round_that_is_not_public() {
    let viewer = Actor::viewer("guest", "local:9");
    let data = reopened(&viewer);
    let all = reopened(&Actor::owner("jia", 0));
    let assessment = data.plan.round_ix("2014-Q1-ASM").expect("the assessment");
    assert_eq!(access::newest_seen(&data, &viewer), Some(assessment));
    let mut session = session(viewer, &data);
    let screens = [session.screen(120, 36, Skin::Safe), {
        session.press("3");
        session.screen(120, 36, Skin::Safe)
    }];
    let rows = &all.board(assessment, BoardKind::Headquarters, Measure::Composite).expect("a board").rows;
    for screen in screens {
        // The headquarters stand on the left, a pane of their own.
        let board: String = screen.lines().filter_map(|line| line.split('|').nth(1)).collect();
        for row in rows {
            let [seen, hidden, mixed] =
                [row.assessment, row.observation, row.composite].map(|p| p.expect("a figure").fixed(2));
            assert!(board.contains(&seen), "{seen}\n{screen}");
            assert!(!board.contains(&hidden) && !board.contains(&mixed), "{hidden} {mixed}\n{screen}");
        }
    }
}

#[test]
fn movement_is_not_counted_from_ranks_that_are_hidden() {
    let data = snapshot();
    let round = |id: &str| data.plan.round_ix(id).expect("a round");
    let before = round("2014-Q1-ASM");
    let hiding = Snapshot::new(data.plan.clone(), data.facts.clone(), data.today, None).hiding(vec![before]);
    let movement = |data: &Snapshot, measure| {
        let board = data.board(round("2014-H1-ASM"), BoardKind::Headquarters, measure).expect("a board");
        board.rows.iter().filter_map(|r| r.previous.or(r.delta.map(|_| 0))).count()
    };
    for measure in [Measure::Assessment, Measure::Composite] {
        assert!(movement(data.as_ref(), measure) > 0);
        assert_eq!(movement(&hiding, measure), 0, "{measure:?}");
    }
}

#[test]
fn the_board_names_no_project_outside_the_scope() {
    let data = snapshot();
    for (actor, named) in [(Actor::owner("jia", 0), true), (Actor::person(&data.plan, "jiazu", "ssh:x"), false)] {
        let mut session = session(actor, &data);
        session.press("3");
        let screen = session.screen(120, 36, Skin::Safe);
        assert!(screen.contains("96.27"), "{screen}");
        assert_eq!(screen.contains("NC-0"), named, "{screen}");
    }
}
