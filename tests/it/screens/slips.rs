//! Slips of the hand: what is typed astray, too late or in the wrong place changes nothing and loses nothing unseen.

use dukao::app::grid::paste::{Align, Outcome};
use dukao::app::screen::{Context, Message};
use dukao::app::screens::scores::Cell;
use dukao::domain::change::{Change, Draft, Record, Subject};
use dukao::domain::rectification::RectificationState;
use dukao::domain::score::ScoreState;
use dukao::domain::value::Bilingual;

use super::*;

/// A session with a store, with the cursor on a cell of the open assessment.
fn at(id: &str, criterion: usize) -> (Session, Cell) {
    let mut session = Session::saving();
    session.press("5");
    let data = session.app.data.clone().expect("data");
    let cell = (data.plan.project_ix(id).expect("a project"), criterion);
    session.app.scores.show(&data, cell.0);
    assert!(session.app.scores.grid.point(cell));
    (session, cell)
}

/// The project of the next row.
fn next(session: &mut Session) -> String {
    session.press("<down>");
    let cell = session.app.scores.cell().expect("a cell");
    session.press("<up>");
    session.app.data.as_ref().expect("data").plan.project(cell.0).id.clone()
}

fn said(session: &Session) -> String {
    session.app.message.clone().map(|m| m.text.zh).unwrap_or_default()
}

fn picture(session: &mut Session) -> String {
    session.screen(80, 24, Skin::Safe)
}

fn entries(session: &Session) -> u64 {
    session.app.data.as_ref().expect("data").facts.seq
}

fn stored(session: &Session, cell: Cell) -> Option<String> {
    let data = session.app.data.as_ref().expect("data");
    let round = data.assessment_round().expect("a round");
    data.facts.scores[round.at()].get(&cell).and_then(|k| k.value.points).map(Points::short)
}

/// Somebody else saves points in a cell; this session has not heard of it.
fn meanwhile(session: &mut Session, cell: Cell, points: i64) {
    let data = session.app.data.clone().expect("data");
    let round = data.assessment_round().expect("a round");
    let record = data.score_entry(round, cell.0, cell.1, Some(Points(points)), "现场").expect("valid");
    let kept = data.facts.scores[round.at()].get(&cell);
    let (before, base) = (kept.map(|k| Record::Score(k.value.clone())), kept.map(|k| k.seq));
    let plan = &data.plan;
    let subject = Subject::score(&plan.round(round).id, &plan.project(cell.0).id, &plan.rules.criteria[cell.1].id);
    let change = Change { subject, before, after: Some(Record::Score(record)), reason: "现场".into() };
    let (_, store) = session.store.as_mut().expect("a store");
    store.save(&Actor::owner("yi", 0), &[Draft { change, base }], None).expect("saved");
}

#[test]
fn one_word_among_pasted_figures_is_a_mistake_and_no_name() {
    let (mut session, _) = at("YB14-GY-003", 0);
    session.tell(Msg::Paste("38\t20\t15\nhello\t5\t14".into()));
    let preview = session.app.scores.grid.preview.clone().expect("a preview");
    assert_eq!((preview.align, preview.names, preview.columns.as_slice()), (Align::Position, 0, &[0, 1, 2][..]));
    assert_eq!(preview.lines[0].changes[0].want.typed, "38");
    assert!(matches!(preview.lines[1].changes[0].outcome, Outcome::Wrong(_)));
    let seen = picture(&mut session);
    assert!(seen.contains("不是数字"), "{seen}");
    let before = entries(&session);
    session.press("<enter>");
    assert_eq!(entries(&session), before, "nothing is written while a cell is wrong");
}

#[test]
fn a_column_that_is_left_out_of_a_paste_is_named() {
    let (mut session, cell) = at("YB14-GY-003", 0);
    let second = next(&mut session);
    session.tell(Msg::Paste(format!("YB14-GY-003\t38\n{second}\t37")));
    let seen = picture(&mut session);
    assert!(seen.contains("按编号、名称对齐，第 1 列当作名称"), "{seen}");
    session.press("<esc>");
    // From the last column on there is room for one column, and two were pasted.
    session.app.scores.grid.point((cell.0, 4));
    session.tell(Msg::Paste("4\t3\n4\t2".into()));
    let seen = picture(&mut session);
    assert!(seen.contains("不写入：2"), "{seen}");
}

#[test]
fn the_preview_of_a_paste_hears_no_other_key() {
    let (mut session, _) = at("YB14-GY-003", 0);
    session.tell(Msg::Paste("38\t20\n37\t5".into()));
    let before = picture(&mut session);
    session.press("理由");
    assert_eq!(session.app.context(), Context::Preview);
    session.press("/4q");
    assert_eq!(picture(&mut session), before);
    session.press("<esc>");
    assert!(session.app.scores.search.text().is_empty());
}

#[test]
fn a_conflict_brings_the_cursor_back_to_its_cell() {
    let (mut session, cell) = at("YB14-GY-003", 4);
    meanwhile(&mut session, cell, 350);
    session.press("2.5<enter>");
    if session.app.grid_prompt().is_some() {
        session.press("核<enter>");
    }
    assert_eq!((session.app.scores.cell(), session.app.context()), (Some(cell), Context::Conflict));
    let before = entries(&session);
    session.press("42");
    assert_eq!((session.app.context(), entries(&session)), (Context::Conflict, before), "digits open no other cell");
    session.press("<esc>");
    assert_eq!(stored(&session, cell).as_deref(), Some("3.5"));
}

#[test]
fn a_conflict_leaves_what_is_typed_elsewhere_and_names_its_own_cell() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let data = session.app.data.clone().expect("data");
    let cell = (data.plan.project_ix("YB14-GY-003").expect("a project"), 4);
    session.app.scores.show(&data, cell.0);
    session.app.scores.grid.point(cell);
    session.press("2.5<enter>");
    if session.app.grid_prompt().is_some() {
        session.press("核<enter>");
    }
    session.press("2");
    let Some(Request::Save { ticket, drafts }) = session.asked.iter().rev().find(|r| matches!(r, Request::Save { .. }))
    else {
        panic!("{:?}", session.asked)
    };
    let conflict = dukao::store::Conflict {
        subject: drafts[0].change.subject.clone(),
        actor: "root".into(),
        at: "2014-07-12T03:09:00Z".into(),
        seq: 9_001,
        theirs: drafts[0].change.after.clone(),
        mine: drafts[0].change.after.clone(),
    };
    let ticket = *ticket;
    session.tell(Msg::Reply(Reply::Refused { ticket, error: dukao::store::Error::Conflict(Box::new(conflict)) }));
    assert_eq!(session.app.context(), Context::Cell, "what is being typed stays open");
    assert!(said(&session).starts_with("GY-003 ") && said(&session).ends_with("! 回到该格"), "{}", said(&session));
    session.press("<esc>!");
    assert_eq!((session.app.scores.cell(), session.app.context()), (Some(cell), Context::Conflict));
}

#[test]
fn a_search_that_finds_nothing_closes_no_round() {
    let (mut session, _) = at("YB14-GY-003", 0);
    session.press("/没有这个");
    let seen = picture(&mut session);
    assert!(seen.contains("「没有这个」没有结果。Esc 清除") && !seen.contains("只读"), "{seen}");
    session.press("<enter>");
    let seen = picture(&mut session);
    assert!(!seen.contains("只能看") && !seen.contains("只读"), "{seen}");
    session.press("<esc>");
    assert!(!session.app.scores.grid.rows.is_empty());
}

#[test]
fn a_score_of_which_something_is_not_certified_is_marked() {
    let (mut session, cell) = at("YB14-GY-006", 4);
    let partly = |session: &Session| {
        let data = session.app.data.as_ref().expect("data");
        let assessment = data.assessment(data.assessment_round().expect("a round")).expect("scores");
        (assessment.partly_entered(), assessment.scores[cell.0.at()].state)
    };
    let row = |session: &mut Session| {
        let seen = picture(session);
        seen.lines().find(|l| l.starts_with('>')).expect("its row").to_owned()
    };
    let before = partly(&session).0;
    assert!(!row(&mut session).contains('~'), "it is certified");
    session.press("<del>");
    assert_eq!(partly(&session).1, ScoreState::Provisional);
    let all = partly(&session).0;
    assert_eq!(all, before + 1);
    let row = row(&mut session);
    assert!(row.contains('~'), "{row}");
    session.press("<esc><esc>");
    let seen = picture(&mut session);
    assert!(seen.contains(&format!("已录部分 {all}")), "{seen}");
}

#[test]
fn what_is_typed_astray_after_a_refused_step_does_nothing() {
    let mut session = Session::saving();
    let data = session.app.data.clone().expect("data");
    let (id, _) = data
        .facts
        .rectifications
        .iter()
        .find(|(_, k)| k.value.state == RectificationState::InProgress)
        .expect("one in progress");
    session.press(&format!("6/{id}<enter>"));
    let before = entries(&session);
    session.press("<enter>1");
    assert!(!said(&session).is_empty(), "it is accepted already");
    session.press("2014-13-45<enter>");
    assert_eq!((entries(&session), session.app.modal.is_none()), (before, true));
}

#[test]
fn leaving_asks_once_about_what_is_not_saved_and_the_last_line_counts_it() {
    let (mut session, cell) = at("YB14-GY-003", 0);
    session.press("99<enter><up><esc><esc>");
    assert_eq!(session.app.tab, Tab::Scores);
    assert!(said(&session).starts_with("1 格未保存：GY-003 "), "{}", said(&session));
    assert!(said(&session).ends_with(" 99  Enter 回去  Esc 放弃"), "{}", said(&session));
    session.press("<enter>");
    assert_eq!((session.app.scores.cell(), session.app.scores.selecting), (Some(cell), false));
    session.press("<up><esc><esc><esc>");
    assert_eq!(session.app.tab, Tab::Overview);
    let line = session.app.farewell().expect("a line").zh;
    assert!(line.contains("未保存而放弃 1 格"), "{line}");
}

#[test]
fn every_way_out_of_the_grid_asks_about_what_is_not_saved() {
    for way in ["[", ":lcz<enter>", "4"] {
        let (mut session, cell) = at("YB14-GY-003", 0);
        session.press("99<enter><up><esc>");
        session.press(way);
        assert!(said(&session).starts_with("1 格未保存：GY-003 "), "{way}: {}", said(&session));
        assert_eq!((session.app.tab, session.app.scores.cell()), (Tab::Scores, Some(cell)), "{way}");
        let round = session.app.scores.round;
        session.press(way);
        assert!(
            session.app.tab != Tab::Scores || session.app.scores.round != round || session.app.on_ballots(),
            "{way}"
        );
        assert!(said(&session).contains("未保存"), "what is dropped is named: {}", said(&session));
    }
}

#[test]
fn a_block_of_scores_is_not_cleared_without_a_reason() {
    let (mut session, cell) = at("YB14-GY-003", 4);
    session.press("3<enter>2<enter><up><up>v<down><del>");
    assert!(session.app.grid_prompt().is_some_and(|(line, _)| line.starts_with("清空 2 格")), "{}", said(&session));
    session.press("<esc>");
    assert_eq!(stored(&session, cell).as_deref(), Some("3"), "Esc keeps them");
    session.app.scores.grid.point(cell);
    session.app.scores.grid.end_range();
    session.press("v<down><del>录错轮次<enter>");
    assert_eq!(stored(&session, cell), None);
    session.press("u");
    assert_eq!(stored(&session, cell).as_deref(), Some("3"));
}

#[test]
fn a_refusal_stands_once_on_the_screen_and_stays_until_it_is_mended() {
    let (mut session, _) = at("YB14-GY-003", 0);
    session.press("99<enter>");
    let why = said(&session);
    for (columns, rows) in [(80, 24), (120, 36)] {
        let screen = session.screen(columns, rows, Skin::Safe);
        assert_eq!(screen.matches(&why).count(), 1, "{screen}");
    }
    session.press("<down>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert_eq!(screen.matches(&why).count(), 1, "without the message the grid says it: {screen}");
}

#[test]
fn what_the_message_row_does_not_hold_begins_in_the_row_above() {
    let (mut session, _) = at("YB14-GY-003", 0);
    let long = "这一句比八十列长得多，".repeat(5) + "最后说怎么办";
    session.app.message = Some(Message::loud(Bilingual::new(long.clone(), long.clone())));
    let screen = session.screen(80, 24, Skin::Safe);
    let rows: Vec<&str> = screen.lines().collect();
    let both = format!("{}{}", rows[21].trim(), rows[22].trim());
    assert_eq!(both, long, "{screen}");
}

#[test]
fn a_tip_is_never_cut_within_a_word() {
    let mut session = Session::looking(Lang::En);
    session.press("2");
    for columns in 40..100 {
        let screen = session.screen(columns, 24, Skin::Safe);
        let tip = screen.lines().nth(22).unwrap_or_default().trim();
        let whole = "after / type lcz for 李村镇, status:behind for those behind";
        let rest = whole.strip_prefix(tip.trim_end_matches("..")).unwrap_or_else(|| panic!("{tip}"));
        assert!(rest.is_empty() || rest.starts_with([' ', ',']), "{columns}: {tip}");
    }
}

#[test]
fn how_many_are_picked_does_not_lie_over_the_legend() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2   ");
    let screen = session.screen(80, 24, Skin::Safe);
    let line = screen.lines().find(|l| l.contains("已选 3")).expect("the foot of the table");
    assert!(line.contains("  已选 3"), "{line}");
}
