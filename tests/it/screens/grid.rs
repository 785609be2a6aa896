//! The score grid as a clerk works in it: ranges, fill, copy, paste with a preview, the menu of a cell, undo.

use dukao::app::grid::paste::{Align, Outcome, Target};
use dukao::app::screen::Context;
use dukao::app::screens::scores::Cell;
use dukao::domain::change::{Change, Draft, Record, Subject};
use dukao::domain::district::{ProjectIx, RoundIx, UnitIx, UnitKind};
use dukao::domain::score::ScoreState;
use dukao::store::{Error, OpId};

use super::*;

/// A session with a store, in the grid of the headquarters of this code.
fn in_grid(code: &str) -> Session {
    let mut session = Session::saving();
    session.press("5");
    let data = data(&session);
    let (round, unit) = (round(&session), data.plan.units_of(UnitKind::Headquarters));
    let unit = unit.into_iter().find(|u| data.plan.unit(*u).code == code).expect("a headquarters");
    let first = first_of(&data, round, unit);
    session.app.scores.show(&data, first);
    session.app.scores.grid.point((first, 0));
    session
}

/// The first project of a headquarters that the round assesses.
fn first_of(data: &Snapshot, round: RoundIx, unit: UnitIx) -> ProjectIx {
    let scores = &data.assessment(round).expect("scores").scores;
    let scored = |p: &ProjectIx| scores[p.at()].state != ScoreState::OutOfScope;
    let its = |p: &ProjectIx| data.plan.project(*p).headquarters_at(data.round_date(round)) == unit;
    data.plan.project_ixs().find(|p| scored(p) && its(p)).expect("a project")
}

fn data(session: &Session) -> Arc<Snapshot> {
    session.app.data.clone().expect("data")
}

fn round(session: &Session) -> RoundIx {
    data(session).assessment_round().expect("a round")
}

fn message(session: &Session) -> String {
    session.app.message.clone().map(|m| m.text.zh).unwrap_or_default()
}

/// What is stored in a cell.
fn stored(session: &Session, cell: Cell) -> Option<String> {
    let data = data(session);
    let kept = data.facts.scores[round(session).at()].get(&cell)?;
    Some(kept.value.points.map_or_else(|| "不适用".to_owned(), Points::short))
}

fn entries(session: &Session) -> u64 {
    data(session).facts.seq
}

/// The names of the rows as a spreadsheet has them.
fn names(session: &Session) -> Vec<String> {
    let data = data(session);
    let rows = &session.app.scores.grid.rows;
    rows.iter().map(|p| data.plan.project(*p).name.trim_start_matches("【样例】").to_owned()).collect()
}

fn typed(session: &mut Session, text: &str) {
    session.tell(Msg::Paste(text.to_owned()));
}

/// A block of 28 rows: names, and five figures that every criterion takes.
fn block(names: &[String], figures: [&str; 5]) -> Vec<String> {
    names.iter().map(|n| format!("{n}\t{}", figures.join("\t"))).collect()
}

#[test]
fn a_paste_of_28_rows_is_previewed_and_written_all_or_nothing() {
    let mut session = in_grid("SZ");
    let names = names(&session);
    assert_eq!(names.len(), 28);
    let before = (entries(&session), data(&session).facts.scores[round(&session).at()].clone());
    // In another order than the table, one figure above its limit, one name that nobody has.
    let mut rows = block(&names, ["20", "12.5", "7.5", "9", "4"]);
    rows.reverse();
    let (good, wrong) = (rows.clone(), rows[3].replace("12.5", "26"));
    rows[3] = wrong;
    rows[9] = format!("没有的工程{}", &rows[9][rows[9].find('\t').expect("a tab")..]);
    typed(&mut session, &(rows.join("\r\n") + "\r\n"));
    assert_eq!(session.app.context(), Context::Preview);
    insta::assert_snapshot!("a_paste_with_two_errors", session.screen(80, 24, Skin::Safe));
    let preview = session.app.scores.grid.preview.clone().expect("a preview");
    assert_eq!((preview.align, preview.lines.len(), preview.sum().wrong), (Align::Name, 28, 2));
    session.press("<enter>");
    assert!(message(&session).contains("错误 2 行"), "{}", message(&session));
    assert_eq!(entries(&session), before.0, "nothing is written");
    session.press("!");
    assert_eq!(session.app.scores.grid.preview.as_ref().expect("a preview").shown().len(), 2);
    session.press("<esc>");
    assert_eq!(entries(&session), before.0);
    // Corrected.
    typed(&mut session, &good.join("\n"));
    assert_eq!(session.app.scores.grid.preview.as_ref().expect("a preview").sum().wrong, 0);
    session.press("<enter>");
    assert_eq!(session.app.context(), Context::Field, "one reason for all overrides");
    session.press("现场复核<enter>");
    assert!(session.app.scores.grid.preview.is_none());
    for project in session.app.scores.grid.rows.clone() {
        assert_eq!(stored(&session, (project, 1)).as_deref(), Some("12.5"));
        assert_eq!(stored(&session, (project, 4)).as_deref(), Some("4"));
    }
    session.press("u");
    assert!(message(&session).contains("已撤销"), "{}", message(&session));
    let after = &data(&session).facts.scores[round(&session).at()];
    let values = |scores: &std::collections::HashMap<Cell, dukao::domain::snapshot::Kept<_>>| {
        let mut all: Vec<_> = scores.iter().map(|(cell, kept)| (*cell, format!("{:?}", kept.value))).collect();
        all.sort();
        all
    };
    assert_eq!(values(after), values(&before.1), "one undo step");
}

#[test]
fn ninety_seven_by_five_cells_are_typed_without_a_wait() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let data = session.app.data.clone().expect("data");
    let units = session.app.scores.units(&data);
    let mut typed = 0;
    for unit in units {
        let first = first_of(&data, data.assessment_round().expect("a round"), unit);
        session.app.scores.show(&data, first);
        let rows = session.app.scores.grid.rows.clone();
        for column in 0..5 {
            session.app.scores.grid.point((rows[0], column));
            for row in &rows {
                assert_eq!(session.app.scores.cell(), Some((*row, column)), "Enter goes down");
                session.press("3<enter>");
                if session.app.scores.grid.prompt.is_some() {
                    session.press("复核<enter>");
                }
                typed += 1;
            }
        }
    }
    assert_eq!(typed, 97 * 5);
    let saves: Vec<u64> = session
        .asked
        .iter()
        .filter_map(|r| if let Request::Save { ticket, .. } = r { Some(*ticket) } else { None })
        .collect();
    let unchanged = typed - saves.len();
    assert!(unchanged < 20, "{unchanged} cells held 3 already");
    assert_eq!(session.app.scores.unsaved_cells(), saves.len(), "all of them are on their way at once");
    // Answered in any order, each answer finds its cell.
    for (n, ticket) in saves.iter().rev().enumerate() {
        session.tell(Msg::Reply(Reply::Saved { ticket: *ticket, seqs: vec![9_000 + n as u64] }));
    }
    assert_eq!(session.app.scores.unsaved_cells(), 0);
}

#[test]
fn a_range_is_filled_and_taken_back_in_one_step() {
    let mut session = in_grid("XX");
    let first = session.app.scores.cell().expect("a cell");
    session.app.scores.grid.point((first.0, 4));
    session.press("3.5<enter>");
    session.press("<up>vjjj");
    assert_eq!(session.app.context(), Context::Range);
    insta::assert_snapshot!("a_range", session.screen(80, 24, Skin::Safe));
    let before = entries(&session);
    let cells = session.app.scores.grid.selected();
    let was: Vec<_> = cells.iter().map(|c| stored(&session, *c)).collect();
    session.ctrl('d');
    if session.app.context() == Context::Field {
        session.press("同一批<enter>");
    }
    assert_eq!(cells.len(), 4);
    assert!(cells.iter().all(|c| stored(&session, *c).as_deref() == Some("3.5")));
    assert_eq!(session.app.context(), Context::Grid, "the range has ended");
    session.press("u");
    assert_eq!(cells.iter().map(|c| stored(&session, *c)).collect::<Vec<_>>(), was);
    assert!(entries(&session) > before);
    session.press("v");
    session.press("<esc>");
    assert_eq!(session.app.context(), Context::Grid);
    assert!(!session.app.scores.selecting, "Esc ended the range, not the grid");
}

#[test]
fn a_range_adopts_what_is_derived_as_one_group() {
    let mut session = in_grid("XX");
    session.press("<esc><enter>vjjjlll");
    let cells = session.app.scores.grid.selected();
    assert_eq!(cells.len(), 16);
    session.press("+");
    let data = data(&session);
    let data = &data;
    let round = round(&session);
    let derived = cells.iter().filter(|c| data.suggestion(round, c.0, c.1).value().is_some());
    for cell in derived {
        let kept = data.facts.scores[round.at()].get(cell).expect("saved");
        assert_eq!(kept.value.basis, Basis::Accepted, "{cell:?}");
    }
}

#[test]
fn what_is_copied_is_tab_separated_and_comes_back_as_a_preview() {
    let mut session = in_grid("XX");
    session.press("vjl");
    session.press("y");
    let text = session.copied.clone().expect("copied");
    let shape: Vec<usize> = text.lines().map(|l| l.split('\t').count()).collect();
    assert_eq!(shape, [2, 2]);
    assert!(message(&session).contains("已送出 2 行 4 格"), "{}", message(&session));
    session.press("<esc>Y");
    let table = session.copied.clone().expect("copied");
    assert!(table.starts_with("编号\t项目\t节点\t形象\t投资\t手续\t"), "{table}");
    assert!(table.lines().nth(1).expect("a row").starts_with("YB14-XX-001\t东区实验小学\t40\t"), "{table}");
    // The whole table pasted back changes nothing but what nobody has entered yet.
    session.press("p");
    let preview = session.app.scores.grid.preview.clone().expect("a preview");
    assert_eq!((preview.align, preview.sum().wrong, preview.sum().waiting), (Align::Name, 0, 0));
    let reasons = preview.lines.iter().flat_map(|l| &l.changes).filter(|c| matches!(c.outcome, Outcome::Reason(_)));
    assert_eq!(reasons.map(|c| format!("{c:?}")).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_name_that_may_mean_a_row_is_chosen_by_somebody() {
    let mut session = in_grid("XX");
    let third = names(&session).swap_remove(2);
    typed(&mut session, &format!("实验 小学\t40\n{third}\t40\n{third}\t20\n"));
    let preview = session.app.scores.grid.preview.clone().expect("a preview");
    assert!(matches!(&preview.lines[0].target, Target::Choose(rows, 0) if rows.len() == 2), "{:?}", preview.lines[0]);
    assert!(matches!(preview.lines[2].target, Target::Twice(_)));
    session.press("<right>");
    let before = entries(&session);
    session.press("<enter>");
    let preview = session.app.scores.grid.preview.clone().expect("still open");
    let data = data(&session);
    assert_eq!(preview.lines[0].row().map(|p| data.plan.project(p).id.as_str()), Some("YB14-XX-002"));
    session.press("<down><down> ");
    let preview = session.app.scores.grid.preview.clone().expect("still open");
    assert_eq!((preview.sum().wrong, preview.sum().waiting, preview.sum().excluded), (0, 0, 1));
    assert_eq!(entries(&session), before);
}

#[test]
fn without_names_rows_follow_the_cursor() {
    let mut session = in_grid("XX");
    session.press("j");
    typed(&mut session, "40\t25\r39,0\t95%\r");
    let preview = session.app.scores.grid.preview.clone().expect("a preview");
    assert_eq!(preview.align, Align::Position);
    let rows: Vec<Option<ProjectIx>> = preview.lines.iter().map(|l| l.row()).collect();
    let expected: Vec<Option<ProjectIx>> = session.app.scores.grid.rows[1..3].iter().copied().map(Some).collect();
    assert_eq!(rows, expected);
    assert_eq!(preview.lines[1].changes[0].want.typed, "390");
    assert!(matches!(preview.lines[1].changes[1].outcome, Outcome::Wrong(_)), "95 is more than the limit");
}

#[test]
fn the_menu_of_a_cell_says_not_applicable_with_a_reason() {
    let mut session = in_grid("XX");
    let cell = session.app.scores.cell().expect("a cell");
    session.press(" ");
    assert_eq!(session.app.context(), Context::Menu);
    insta::assert_snapshot!("the_menu_of_a_cell", session.screen(80, 24, Skin::Safe));
    session.press("2");
    assert_eq!(session.app.context(), Context::Field);
    session.press("停建<enter>");
    assert_eq!(stored(&session, cell).as_deref(), Some("不适用"));
    session.app.scores.grid.point(cell);
    session.press(" 6整体停建<enter>");
    if session.app.context() == Context::Field {
        session.press("<enter>");
    }
    let data = data(&session);
    let score = &data.assessment(round(&session)).expect("scores").scores[cell.0.at()];
    assert_eq!(score.state, ScoreState::NotScored);
}

#[test]
fn what_the_menu_of_a_cell_cannot_do_keeps_its_number_and_says_why() {
    let mut session = in_grid("XX");
    let project = session.app.scores.cell().expect("a cell").0;
    // Nothing is derived for what is judged on the spot.
    session.app.scores.grid.point((project, 4));
    session.press("<del> ");
    let screen = session.screen(80, 24, Skin::Safe);
    for line in
        ["1 - 采用推算", "本格没有推算值可采用", "2   不适用", "3 - 清空", "4 - 备注", "5   推算", "6   整行不适用"]
    {
        assert!(screen.contains(line), "{line}\n{screen}");
    }
    session.press("1");
    assert_eq!((session.app.context(), message(&session).as_str()), (Context::Menu, "本格没有推算值可采用"));
    session.press("2");
    assert_eq!(session.app.context(), Context::Field, "2 is 不适用 in every cell");
}

#[test]
fn figures_typed_ahead_never_answer_the_question_why() {
    let mut session = in_grid("XX");
    let cell = session.app.scores.cell().expect("a cell");
    let before = entries(&session);
    session.press("7<enter>8<enter>9.5<enter>");
    assert_eq!((session.app.context(), entries(&session)), (Context::Field, before));
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("理由不能只是数字"), "{screen}");
    session.ctrl('u');
    session.press("现场复核<enter>");
    assert_eq!(stored(&session, cell).as_deref(), Some("7"));
    // The reason of the last time is proposed, and figures behind it are no answer either.
    let before = entries(&session);
    session.press("6<enter>8<enter>");
    assert_eq!((session.app.context(), entries(&session)), (Context::Field, before));
    session.press("<backspace><enter>");
    assert_eq!(entries(&session), before + 1, "Enter takes the reason that is proposed");
}

#[test]
fn a_change_from_before_the_session_needs_a_second_key() {
    let mut session = in_grid("XX");
    let cell = (session.app.scores.cell().expect("a cell").0, 4);
    session.app.scores.grid.point(cell);
    session.press("2.5<enter>");
    if session.app.context() == Context::Field {
        session.press("核<enter>");
    }
    // The same person comes back.
    let (dir, mut store) = session.store.take().expect("a store");
    let mut session = Session::looking(Lang::Zh);
    let data = store.snapshot(None);
    session.store = Some((dir, store));
    session.tell(Msg::Reply(Reply::Data(data)));
    session.press("5u");
    assert!(message(&session).contains("再按 u 撤销"), "{}", message(&session));
    assert_eq!(stored(&session, cell).as_deref(), Some("2.5"));
    session.press("ju");
    assert_eq!(stored(&session, cell).as_deref(), Some("2.5"), "another key came between");
    session.press("u");
    assert_ne!(stored(&session, cell).as_deref(), Some("2.5"));
}

#[test]
fn what_others_change_stands_out_until_the_next_key() {
    let mut session = in_grid("XX");
    let cell = (session.app.scores.cell().expect("a cell").0, 4);
    let data = data(&session);
    let round = round(&session);
    let record = data.score_entry(round, cell.0, cell.1, Some(Points(250)), "现场").expect("valid");
    let subject =
        Subject::score(&data.plan.round(round).id, &data.plan.project(cell.0).id, &data.plan.rules.criteria[cell.1].id);
    let change = Change { subject, before: None, after: Some(Record::Score(record)), reason: "现场".into() };
    let (_, store) = session.store.as_mut().expect("a store");
    store.save(&Actor::owner("yi", 0), &[Draft { change, base: None }], None).expect("saved");
    let newer = store.snapshot(None);
    session.tell(Msg::Reply(Reply::Data(newer)));
    assert!(session.app.scores.grid.fresh.contains(&cell));
    session.press("j");
    assert!(session.app.scores.grid.fresh.is_empty());
}

#[test]
fn a_lost_answer_is_looked_up_by_the_id_of_the_operation() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    let cell = session.app.scores.cell().expect("a cell");
    session.press("3<enter>");
    if session.app.context() == Context::Field {
        session.press("核<enter>");
    }
    let op: OpId = [7; 16];
    session.tell(Msg::Reply(Reply::Refused { ticket: 1, error: Error::Unknown(op) }));
    let Some(Request::Settle { ticket: 1, op: asked, drafts }) = session.asked.last() else {
        panic!("{:?}", session.asked)
    };
    assert_eq!((*asked, drafts.len()), (op, 1));
    assert!(session.app.scores.grid.on_its_way(cell).is_some(), "neither saved nor refused");
    session.tell(Msg::Reply(Reply::Saved { ticket: 1, seqs: vec![9_001] }));
    assert!(session.app.scores.grid.on_its_way(cell).is_none());
    assert!(message(&session).contains("#9001"));
}

#[test]
fn a_busy_database_keeps_the_text_and_enter_tries_again() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    session.press("3<enter>");
    if session.app.context() == Context::Field {
        session.press("核<enter>");
    }
    session.tell(Msg::Reply(Reply::Refused { ticket: 1, error: Error::Busy }));
    assert!(message(&session).contains("Enter 重试"), "{}", message(&session));
    session.press("!<enter>");
    if session.app.context() == Context::Field {
        session.press("<enter>");
    }
    assert!(matches!(session.asked.last(), Some(Request::Save { ticket: 2, .. })), "{:?}", session.asked);
}

#[test]
fn columns_scroll_and_names_stay_where_room_is_scarce() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5<end>");
    let screen = session.screen(60, 20, Skin::Safe);
    assert!(screen.contains("项目"), "{screen}");
    insta::assert_snapshot!("the_score_grid_at_sixty_columns", screen);
}

#[test]
fn the_bar_shows_what_the_last_round_had() {
    let mut session = in_grid("XX");
    let (data, round) = (data(&session), round(&session));
    let (project, criterion) = session.app.scores.cell().expect("a cell");
    let before = data.points_before(round, project, criterion).expect("it was assessed before");
    let earlier = data.plan.round_ix("2014-Q1-ASM").expect("the round before");
    let sealed = &data.assessment(earlier).expect("an assessment").scores[project.at()];
    assert_eq!(Some(before), sealed.parts[criterion].points);
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains(&format!("上轮 {}", before.short())), "{screen}");
}

#[test]
fn the_note_of_a_cell_is_no_reason_for_the_next() {
    let mut session = in_grid("XX");
    session.press("#备注甲<enter>");
    session.press("j7<enter>");
    let prompt = session.app.scores.grid.prompt.as_ref().expect("another value than derived asks for a reason");
    assert_eq!(prompt.field.text(), "");
}
