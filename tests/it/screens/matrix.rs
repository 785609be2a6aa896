//! The ballot matrix as a clerk works in it: ranges, fill, copy and paste, and what keeps a second entry blind.

use dukao::app::grid::paste::Align;
use dukao::app::screen::Context;
use dukao::domain::panel::BallotState;

use super::ballots::{ballot, empty, go, said, saves, scored, sit, sitting};
use super::*;

#[test]
fn who_changes_the_round_on_row_one_stays_there() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5<esc>");
    assert_eq!(session.app.context(), Context::Selector);
    for key in ["[", "[", "]", "]"] {
        session.press(key);
        assert_eq!(session.app.context(), Context::Selector, "after {key}: {}", said(&session));
        assert!(said(&session).contains("轮，共 4 轮"), "{}", said(&session));
    }
    session.press("[3");
    assert_eq!(session.app.tab, Tab::Boards, "a digit changes the view and is typed into no cell");
    // From within a grid one comes into a grid.
    session.press("5<enter>]");
    assert_eq!(session.app.context(), Context::Grid);
    session.press("[");
    assert_eq!(session.app.context(), Context::Grid);
    assert_eq!(said(&session), "2014年二季度观摩 2014-Q2-OBS，第 3 轮，共 4 轮；[ 上一轮  ] 下一轮");
}

#[test]
fn the_menu_confirms_only_what_is_typed_again_unseen() {
    let mut session = empty("luru");
    session.press("91<enter>88.5<enter>");
    // Nobody confirms his own, by the menu neither.
    go(&mut session, "J01", 1);
    session.press(" 6");
    assert!(said(&session).contains("自己录的票要由别人确认"), "{}", said(&session));
    session.press("<esc>");
    sit(&mut session, "hedui");
    go(&mut session, "J01", 1);
    let before = saves(&session);
    session.press(" ");
    let menu = session.screen(80, 24, Skin::Safe);
    let offer = menu.lines().find(|l| l.contains("确认：照票面再录一遍")).expect("the choice");
    assert!(!offer.contains("91"), "{offer}");
    session.press("6");
    assert_eq!(
        (session.app.context(), saves(&session)),
        (Context::Cell, before),
        "nothing is confirmed by a key alone"
    );
    for (columns, rows) in [(80, 24), (120, 36)] {
        let screen = session.screen(columns, rows, Skin::Safe);
        assert!(!screen.contains("91") && !screen.contains("88.5"), "{screen}");
    }
    session.press("90<enter>");
    assert_eq!(scored(&session, "J01", 1).0, BallotState::Entered, "another score confirms nothing");
    session.press("<up>91<enter>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Confirmed, 9100, "luru".to_owned()));
    // What is confirmed already, or was never entered, cannot be confirmed and says so.
    for judge in ["J01", "J07"] {
        go(&mut session, judge, 1);
        session.press(" 6");
        assert_eq!(session.app.context(), Context::Menu);
        session.press("<esc>");
    }
}

#[test]
fn what_was_copied_in_sight_does_not_confirm() {
    let mut session = empty("luru");
    session.press("91<enter>88<enter>");
    sit(&mut session, "hedui");
    go(&mut session, "J01", 1);
    session.press("vjy<esc>&");
    go(&mut session, "J01", 1);
    session.press("p");
    assert_eq!(session.app.context(), Context::Grid);
    assert!(said(&session).contains("还没有复制"), "{}", said(&session));
    session.press("Y");
    let table = session.copied.clone().expect("copied");
    assert!(!table.contains("91") && !table.contains("88"), "{table}");
}

#[test]
fn three_digits_never_answer_the_question_why() {
    let mut session = sitting("luru");
    session.press(" 8");
    assert!(session.app.ballots.auto_advance);
    go(&mut session, "J01", 1);
    assert_eq!(scored(&session, "J01", 1).0, BallotState::Confirmed);
    let before = saves(&session);
    session.press("900885");
    assert_eq!((session.app.context(), saves(&session)), (Context::Cell, before), "it waits in its cell");
    assert_eq!(session.app.ballots.grid.editor.as_ref().map(|e| e.field.text()), Some("90.0"));
    assert!(said(&session).contains("Enter 写理由"), "{}", said(&session));
    session.press("<enter>885<enter>");
    assert_eq!((session.app.context(), saves(&session)), (Context::Field, before), "figures are no reason");
    session.ctrl('u');
    session.press("票面看错<enter>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Entered, 9000, "luru".to_owned()));
}

#[test]
fn a_range_of_ballots_is_filled_copied_cleared_and_taken_back_in_one_step() {
    let mut session = empty("luru");
    go(&mut session, "J01", 1);
    session.press("91<enter>");
    go(&mut session, "J01", 1);
    session.press("vjjj");
    assert_eq!(session.app.context(), Context::Range);
    let scores = |session: &Session| -> Vec<Option<i64>> {
        let all = ["J01", "J02", "J03", "J04"].iter().map(|j| ballot(session, j, 1));
        all.map(|b| b.and_then(|b| b.score).map(|p| p.0)).collect()
    };
    session.ctrl('d');
    assert_eq!(scores(&session), [Some(9100); 4]);
    session.press("u");
    assert_eq!(scores(&session), [Some(9100), None, None, None]);
    session.press("U");
    assert_eq!(scores(&session), [Some(9100); 4]);
    go(&mut session, "J01", 1);
    session.press("vjly");
    assert_eq!(session.copied.as_deref(), Some("91\t\n91\t"));
    assert!(said(&session).contains("2 行 4 格"), "{}", said(&session));
    session.press("<del>录错一页<enter>");
    assert_eq!(scores(&session), [None, None, Some(9100), Some(9100)]);
    session.press("u");
    assert_eq!(scores(&session), [Some(9100); 4]);
    // A state for all of a range.
    go(&mut session, "J05", 2);
    session.press("vj 1");
    for judge in ["J05", "J06"] {
        assert_eq!(ballot(&session, judge, 2).map(|b| b.state), Some(BallotState::Absent));
    }
}

#[test]
fn ballots_are_pasted_by_judge_all_or_nothing() {
    let mut session = empty("luru");
    go(&mut session, "J02", 3);
    session.tell(Msg::Paste(
        "评委\tGY-007\tGY-021\tSZ-999\nJ03\t90.0\t缺席\t1\nJ99\t80\t81\t1\nJ01\t101\t88.5\t1\n".to_owned(),
    ));
    assert_eq!(session.app.context(), Context::Preview);
    let preview = session.app.ballots.grid.preview.clone().expect("a preview");
    assert_eq!(
        (preview.align, preview.sum().wrong),
        (Align::Name, 2),
        "a judge that nobody is, a score above the range"
    );
    assert_eq!(preview.unknown, ["SZ-999"], "a column that is left out is named");
    insta::assert_snapshot!("a_paste_of_ballots", session.screen(80, 24, Skin::Safe));
    let before = saves(&session);
    session.press("<enter>");
    assert_eq!(saves(&session), before, "{}", said(&session));
    session.press("<down> <down> ");
    assert_eq!(session.app.ballots.grid.preview.as_ref().expect("a preview").sum().excluded, 2);
    session.press("<enter>");
    assert_eq!(saves(&session), before + 2, "a score and a state");
    assert_eq!(scored(&session, "J03", 1).1, 9000);
    session.press("u");
    assert_eq!(ballot(&session, "J03", 1), None, "one step");
    // Without names the rows follow the cursor; recusal by rule is never written over.
    go(&mut session, "J10", 1);
    session.tell(Msg::Paste("85\n86\n".to_owned()));
    let preview = session.app.ballots.grid.preview.clone().expect("a preview");
    assert_eq!((preview.align, preview.sum().wrong, preview.sum().writes), (Align::Position, 1, 1), "J11 is recused");
}
