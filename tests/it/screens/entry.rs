//! Around the cells of view 5: undo of what is out of sight, who entered a cell, finding a row, what is not for everybody.

use dukao::app::remembered::Remembered;
use dukao::app::screen::Context;
use dukao::domain::district::{ProjectIx, RoundIx};
use dukao::domain::round::RoundState;
use dukao::store::access;

use super::ballots::{ballot, empty, go, said, saves, scored, sit};
use super::*;

fn data(session: &Session) -> Arc<Snapshot> {
    session.app.data.clone().expect("data")
}

fn open_round(data: &Snapshot) -> RoundIx {
    data.plan.round_ix("2014-H1-ASM").expect("the open assessment")
}

fn project(data: &Snapshot, id: &str) -> ProjectIx {
    data.plan.project_ix(id).expect("a project")
}

/// What is stored in a cell of the open assessment.
fn points(session: &Session, id: &str, criterion: usize) -> Option<i64> {
    let data = data(session);
    let kept = data.facts.scores[open_round(&data).at()].get(&(project(&data, id), criterion))?;
    kept.value.points.map(|p| p.0)
}

fn to(session: &mut Session, id: &str, criterion: usize) {
    let data = data(session);
    session.app.scores.show(&data, project(&data, id));
    assert!(session.app.scores.grid.point((project(&data, id), criterion)));
}

#[test]
fn a_change_of_another_page_is_named_before_it_is_taken_back() {
    let mut session = Session::saving();
    session.press("5");
    to(&mut session, "YB14-XX-001", 4);
    let before = points(&session, "YB14-XX-001", 4);
    session.press("2.5<enter>");
    if session.app.context() == Context::Field {
        session.press("核<enter>");
    }
    assert_eq!(points(&session, "YB14-XX-001", 4), Some(250));
    // Another view, and the other grid of the same view.
    for away in ["<esc>2", "5["] {
        session.press(away);
        session.press("u");
        assert!(said(&session).contains("别页的改动") && said(&session).contains("XX-001"), "{}", said(&session));
        assert_eq!(points(&session, "YB14-XX-001", 4), Some(250), "the first key only names it");
        session.press("<down>u");
        assert_eq!(points(&session, "YB14-XX-001", 4), Some(250), "another key came between");
    }
    session.press("u");
    assert_eq!(points(&session, "YB14-XX-001", 4), before, "{}", said(&session));
    // Where it can be seen one key does it, and a redone change belongs to its page again.
    session.press("U");
    assert_eq!(points(&session, "YB14-XX-001", 4), Some(250));
    session.press("]u");
    assert_eq!(points(&session, "YB14-XX-001", 4), before);
}

#[test]
fn a_ballot_of_another_page_is_named_in_its_own_words() {
    let mut session = empty("luru");
    session.press("91<enter><esc>2u");
    assert!(said(&session).contains("J01 1号点 -- -> 91"), "{}", said(&session));
    assert_eq!(scored(&session, "J01", 1).1, 9100);
    session.press("u");
    assert_eq!(ballot(&session, "J01", 1), None);
}

#[test]
fn the_pane_tells_the_mean_and_who_entered_the_cell() {
    let mut session = Session::saving();
    session.press("5");
    to(&mut session, "YB14-XX-001", 4);
    session.press("2.5<enter><up>4.5<enter><up>");
    let data = data(&session);
    let (round, unit) = (open_round(&data), session.app.scores.unit.expect("a unit"));
    let all = session.app.scores.all_rows(&data);
    let scores = &data.assessment(round).expect("scores").scores;
    let each: Vec<i64> = all.iter().filter_map(|p| scores[p.at()].parts[4].points).map(|p| p.0).collect();
    let mean = data.criterion_mean(round, unit, 4).expect("a mean");
    let exact = each.iter().sum::<i64>() as f64 / each.len() as f64;
    assert!((mean.0 as f64 - exact).abs() <= 0.5, "{mean:?} {exact}");
    let screen = session.screen(120, 36, Skin::Line);
    assert!(screen.contains(&format!("本部均值  {}", mean.short())), "{screen}");
    let seqs = session.app.saved.clone();
    for (seq, change) in seqs.iter().zip(["→ 2.5", "2.5 → 4.5"]) {
        assert!(
            screen.lines().any(|l| l.contains(&format!("#{seq}  ")) && l.contains(change)),
            "{seq} {change}\n{screen}"
        );
    }
    assert!(screen.contains("  jia"), "who: {screen}");
    // Where there is no pane the newest entry stands below the grid.
    let narrow = session.screen(80, 24, Skin::Safe);
    let last = format!("2.5 -> 4.5   #{}", seqs[1]);
    assert!(narrow.lines().any(|l| l.contains("XX-001") && l.contains(&last)), "{narrow}");
}

#[test]
fn nothing_is_read_of_a_ballot_while_its_second_entry_is_blind() {
    let mut session = empty("luru");
    session.press("91<enter><up>");
    let shown = session.screen(120, 36, Skin::Safe);
    assert!(shown.contains("-- -> 91"), "{shown}");
    sit(&mut session, "hedui");
    go(&mut session, "J01", 1);
    session.press("&");
    go(&mut session, "J02", 1);
    session.press("<up>");
    assert!(!session.screen(120, 36, Skin::Safe).contains("91"));
}

#[test]
fn a_row_is_found_by_name_pinyin_or_initials_and_esc_returns() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let data = data(&session);
    to(&mut session, "YB14-XX-003", 1);
    let all = session.app.scores.grid.rows.clone();
    for words in ["职业", "zhiye", "zyjy", "xx-006"] {
        session.press(&format!("/{words}"));
        assert_eq!(session.app.context(), Context::Field);
        assert_eq!(session.app.scores.grid.rows, [project(&data, "YB14-XX-006")], "{words}");
        session.press("<esc>");
        assert_eq!(session.app.scores.grid.rows, all, "{words}");
    }
    session.press("/zyjy<enter>");
    assert_eq!(session.app.context(), Context::Grid, "digits type again");
    assert_eq!(session.app.scores.cell(), Some((project(&data, "YB14-XX-006"), 1)), "in the same column");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("[/ zyjy]") && screen.contains("职业教育"), "{screen}");
    session.press("<esc>");
    assert_eq!((session.app.scores.grid.rows.clone(), session.app.context()), (all, Context::Grid));
    assert_eq!(
        session.app.scores.cell(),
        Some((project(&data, "YB14-XX-006"), 1)),
        "the cursor stays on what was found"
    );
    session.press("/没有这个<enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("没有结果"));
    // What was asked for elsewhere is shown whatever is searched for.
    session.press("n");
    assert!(session.app.scores.cell().is_some());
    // Judges too.
    session.press("<esc>[<enter>/j12");
    assert_eq!(session.app.ballots.grid.rows.len(), 1);
    session.press("<enter><esc>");
    assert_eq!(session.app.ballots.grid.rows.len(), 50);
}

/// A scorer of one headquarters, before the round is public.
#[test]
fn points_outside_the_scope_are_not_shown_anywhere_in_the_grid() {
    let data = snapshot();
    let actor = Actor::person(&data.plan, "jiazu", "ssh:x");
    let round = open_round(&data);
    let hidden = |p: &ProjectIx| access::sees_project(&data, &actor, round, *p).is_err();
    let mut session = Session::looking(Lang::Zh);
    session.app = App::new(Lang::Zh, actor.clone());
    session.tell(Msg::Reply(Reply::Data(Arc::clone(&data))));
    session.press("5");
    assert!(session.app.scores.grid.rows.iter().any(|p| !hidden(p)), "one's own come first");
    let outside = data
        .plan
        .project_ixs()
        .filter(hidden)
        .find(|p| data.assessment(round).is_some_and(|a| a.scores[p.at()].score.is_some_and(|s| s.0 % 100 != 0)));
    let outside = outside.expect("a project outside his scope");
    session.app.scores.show(&data, outside);
    session.app.scores.grid.point((outside, 0));
    let score = data.assessment(round).expect("scores").scores[outside.at()].score.expect("a score").fixed(2);
    let screens =
        [session.screen(80, 24, Skin::Safe), session.screen(120, 36, Skin::Line), session.screen(50, 20, Skin::Safe)];
    for screen in &screens {
        assert!(screen.contains("保密") && !screen.contains(&score), "{score}\n{screen}");
    }
    assert!(screens[0].contains("不在您的范围"), "{}", screens[0]);
    insta::assert_snapshot!("rows_outside_the_scope", screens[0]);
    // Nor by copying, the whole table or the cell.
    session.press("Y");
    let table = session.copied.clone().expect("copied");
    let row = table.lines().find(|l| l.contains(&data.plan.project(outside).id)).expect("its row");
    assert!(row.ends_with("\t\t\t\t\t"), "{row:?}");
    // The owner sees them.
    session.app.actor = Actor::owner("jia", 0);
    session.tell(Msg::Reply(Reply::Data(Arc::clone(&data))));
    assert!(session.screen(80, 24, Skin::Safe).contains(&score));
    assert_eq!(data.round_state(round), RoundState::Open);
}

#[test]
fn the_advance_after_three_digits_is_remembered() {
    let mut session = empty("luru");
    session.press(" 8");
    let kept = session.app.remembered().text();
    let mut next = Session::looking(Lang::Zh);
    next.app.restore(&Remembered::parse(&kept));
    assert!(next.app.ballots.auto_advance, "{kept}");
    session.press(" 8");
    let kept = session.app.remembered().text();
    next.app.restore(&Remembered::parse(&kept));
    assert!(!next.app.ballots.auto_advance);
}

#[test]
fn the_smallest_footer_says_what_enter_does_in_the_grid() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let screen = session.screen(38, 8, Skin::Safe);
    assert!(screen.contains("Enter 下一格") && !screen.contains("Enter 打开"), "{screen}");
    session.press("<esc><esc>2");
    assert!(session.screen(38, 8, Skin::Safe).contains("Enter 打开"));
}

#[test]
fn a_note_is_listed_by_what_it_says() {
    let mut session = Session::saving();
    session.press("5");
    to(&mut session, "YB14-XX-001", 1);
    session.press("#照片已存档<enter>");
    assert_eq!(saves(&session), 1);
    let screen = session.screen(120, 36, Skin::Line);
    let line = screen.lines().find(|l| l.contains("照片已存档") && l.contains("XX-001")).expect("the note");
    assert!(!line.contains('→'), "{line}");
}
