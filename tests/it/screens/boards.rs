//! 榜单 and 试算: what a row is made of, where it was before, and what would be if.

use dukao::app::screens::boards::what_if::WhatIf;
use dukao::domain::board::Measure;
use dukao::domain::project::BoardKind;

use super::*;

fn trial(session: &Session) -> &WhatIf {
    session.app.boards.what_if.as_ref().expect("a sandbox")
}

fn seen_in(lang: Lang, keys: &str, (columns, rows): (u16, u16), skin: Skin) -> String {
    let mut session = Session::looking(lang);
    session.press(keys);
    session.screen(columns, rows, skin)
}

#[test]
fn enter_opens_what_a_row_is_made_of() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3<down><enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    insta::assert_snapshot!(session.screen(120, 36, Skin::Line));
    session.press("<enter>");
    let Some(Modal::Dossier(dossier)) = &session.app.modal else { panic!("the project under the cursor opens") };
    let project = dossier.project;
    session.press("<esc>");
    assert_eq!(session.app.boards.opened.as_ref().and_then(|o| o.cursor.item()), Some(project));
    session.press("<esc>");
    assert!(session.app.boards.opened.is_none() && session.app.tab == Tab::Boards);
    session.press("o");
    assert_eq!(session.app.tab, Tab::Projects, "its projects on their own page");
}

#[test]
fn a_trend_takes_the_place_of_the_make_up() {
    insta::assert_snapshot!(seen("3t"));
    insta::assert_snapshot!(seen_wide("3~"));
    assert!(seen("3tt").contains("失分"), "the same key returns");
    assert!(seen("3t<esc>").contains("失分"), "and so does Esc");
}

#[test]
fn only_changes_are_shown_and_the_cursor_stays_among_them() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3d");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(!screen.contains("安置小区") && screen.contains("农村工程"), "{screen}");
    session.press("<down><down><down><down>");
    let unit = session.app.boards.selected().flatten().expect("a unit");
    let data = snapshot();
    let round = session.app.boards.round.expect("a round");
    let board = data.board(round, session.app.boards.focus, Measure::Composite).expect("a board");
    let row = board.rows.iter().find(|r| r.unit == Some(unit)).expect("a row");
    assert_ne!(row.delta, Some(0));
    session.press("<esc>");
    assert!(session.screen(80, 24, Skin::Safe).contains("安置小区"), "Esc shows all");
}

#[test]
fn a_board_is_copied_as_a_table() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3y");
    let text = session.copied.expect("a copy");
    assert!(
        text.starts_with("名次\t单位\t考核\t观摩\t综合\t上轮\n1\t农村工程建设指挥部\t96.27\t88.27\t94.67\t4\n"),
        "{text}"
    );
    let mut session = Session::looking(Lang::Zh);
    session.press("3<down><enter>y");
    let text = session.copied.expect("a copy");
    assert!(text.lines().nth(1).is_some_and(|l| l.starts_with("YB14-XX-010\t") && l.contains("57.65")), "{text}");
}

#[test]
fn rounds_are_gone_through_and_the_ends_say_so() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3");
    let newest = session.app.boards.round;
    session.press("[");
    assert_ne!(session.app.boards.round, newest);
    assert!(session.screen(80, 24, Skin::Safe).contains("2014"), "its name and day stand on row 1");
    session.press("[[[[[[");
    assert!(session.app.message.as_ref().is_some_and(|m| m.text.zh.contains("没有更早")));
    session.press("]]]]]]]]");
    assert!(session.app.message.is_some());
}

#[test]
fn weights_and_scores_are_tried_and_leave_no_trace() {
    let mut session = Session::saving();
    let before = session.app.data.clone().expect("data");
    session.press("3<down><down><down>W");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    // The weight of the assessment, typed over; the observation has the rest.
    session.press("70<enter>");
    assert_eq!(trial(&session).weights(&before), [70, 30]);
    // A score: the cell that lost most of the unit that was under the cursor.
    session.press("<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<enter>36<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    insta::assert_snapshot!(session.screen(120, 36, Skin::Line));
    session.press("y");
    insta::assert_snapshot!(session.copied.clone().expect("the comparison"));
    session.press("<esc>");
    assert!(session.app.boards.what_if.is_none());
    let (_, store) = session.store.as_mut().expect("a store");
    let after = store.snapshot(None);
    assert_eq!((after.facts.seq, &after.facts.head), (before.facts.seq, &before.facts.head), "the ledger is unchanged");
    let round = after.assessment_round().expect("a round");
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        let board = |d: &Snapshot| d.board(round, kind, Measure::Composite).cloned();
        assert_eq!(board(&before), board(&after));
    }
    assert!(session.asked.is_empty() && session.app.saved.is_empty());
}

#[test]
fn what_is_tried_is_what_a_save_would_give() {
    let mut session = Session::saving();
    session.press("3W<down><enter><enter>");
    let tried = trial(&session).trial.scores[0];
    let full = snapshot().plan.rules.criteria[tried.criterion].points;
    session.press(&format!("{}<enter>", full.short()));
    let data = session.app.data.clone().expect("data");
    let board = trial(&session).board(&data).expect("a board").clone();
    // The same score, entered in earnest.
    let round = data.assessment_round().expect("a round");
    let record = data.score_entry(round, tried.project, tried.criterion, Some(full), "核实").expect("valid");
    let subject = dukao::domain::change::Subject::score(
        &data.plan.round(round).id,
        &data.plan.project(tried.project).id,
        &data.plan.rules.criteria[tried.criterion].id,
    );
    let base = data.facts.scores[round.at()].get(&(tried.project, tried.criterion)).map(|k| k.seq);
    let before = data.facts.scores[round.at()].get(&(tried.project, tried.criterion)).map(|k| k.value.clone());
    let change = dukao::domain::change::Change {
        subject,
        before: before.map(Record::Score),
        after: Some(Record::Score(record)),
        reason: "核实".into(),
    };
    let draft = dukao::domain::change::Draft { change, base };
    let (_, store) = session.store.as_mut().expect("a store");
    store.save(&Actor::owner("yi", 0), &[draft], None).expect("saved");
    let saved = store.snapshot(None);
    assert_eq!(saved.board(round, board.kind, board.measure), Some(&board));
}

#[test]
fn the_limits_of_the_grid_hold_in_the_sandbox() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3W101<enter>");
    let says = |s: &Session| s.app.message.as_ref().map(|m| m.text.zh.clone()).unwrap_or_default();
    assert!(says(&session).contains("超出范围 0 至 100"), "{}", says(&session));
    assert!(session.app.boards.typing(), "the value stays in its cell");
    session.press("<esc><down><enter><enter>150<enter>");
    assert!(says(&session).contains("超出范围"), "{}", says(&session));
    session.press("x");
    assert!(says(&session).contains("只能输入数字"), "{}", says(&session));
    session.press("<esc><del>");
    assert_eq!(trial(&session).trial.changes(), 0, "Del restores");
}

#[test]
fn another_view_discards_the_sandbox_and_shows_no_figure_of_it() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3W50<enter>");
    let tried = session.screen(80, 24, Skin::Safe);
    assert!(tried.contains("试算 不保存") && tried.contains("-- 试算 --"), "{tried}");
    session.tell(Msg::Action(Action::ViewPrev));
    assert_eq!(session.app.tab, Tab::Projects);
    session.press("3");
    assert!(session.app.boards.what_if.is_none());
    assert_eq!(session.screen(80, 24, Skin::Safe), seen("3"));
}

#[test]
fn the_boards_in_english() {
    insta::assert_snapshot!(seen_in(Lang::En, "3<down>", (80, 24), Skin::Safe));
    insta::assert_snapshot!(seen_in(Lang::En, "3<down>", (120, 36), Skin::Line));
    insta::assert_snapshot!(seen_in(Lang::En, "3W70<enter>", (80, 24), Skin::Safe));
}

#[test]
fn figures_that_rest_on_what_is_not_certified_yet_are_marked() {
    let screen = seen("3");
    let marked = screen.lines().filter(|l| l.matches('~').count() >= 2).count();
    assert!(marked >= 6 && screen.contains("~ 含推算未认定"), "{screen}");
    // A round that was sealed has no such figures.
    let earlier = seen("3[");
    assert!(!earlier.contains('~'), "{earlier}");
}

#[test]
fn enter_in_an_empty_cell_of_the_sandbox_leaves_its_value() {
    let mut session = pressed_boards("3W<tab><enter><enter>");
    assert_eq!(session.app.context(), dukao::app::screen::Context::Cell);
    session.press("<enter>");
    assert_eq!(session.app.context(), dukao::app::screen::Context::WhatIf);
    assert!(session.app.message.is_none(), "{:?}", session.app.message);
}

#[test]
fn what_the_ranks_turn_on_is_told_to_its_end() {
    let told = |columns| {
        let mut session = pressed_boards("3W70<enter>");
        session.screen(columns, 24, Skin::Safe)
    };
    let line = |screen: &str| {
        let from = screen.lines().position(|l| l.contains("敏感") || l.contains("名次不变")).expect("a line");
        screen.lines().skip(from).take(3).map(str::trim).collect::<String>()
    };
    let (narrow, wide) = (line(&told(80)), line(&told(200)));
    assert!(narrow.starts_with(wide.split("试算 不").next().expect("a text").trim()), "{narrow}\n{wide}");
}

fn pressed_boards(keys: &str) -> Session {
    let mut session = Session::looking(Lang::Zh);
    session.press(keys);
    session
}
