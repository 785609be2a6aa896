//! The ballot matrix: who sees single ballots, entry, states, the blind second entry by another person.

use dukao::app::attention::Cause;
use dukao::domain::change::Record;
use dukao::domain::district::{JudgeIx, ProjectIx, RoundIx};
use dukao::domain::panel::{BallotRecord, BallotState};

use super::*;

pub(super) const ROUND: &str = "2014-Q2-OBS";

/// Another person sits down before the same database.
pub(super) fn sit(session: &mut Session, login: &str) {
    let (_, store) = session.store.as_mut().expect("a store");
    let data = store.snapshot(None);
    session.app = App::new(Lang::Zh, Actor::person(&data.plan, login, "test"));
    session.tell(Msg::Reply(Reply::Data(data)));
    session.press("5[");
    assert!(session.app.on_ballots());
}

pub(super) fn sitting(login: &str) -> Session {
    let mut session = Session::saving();
    sit(&mut session, login);
    session
}

/// The sample before anybody has voted in the open round.
fn nobody_voted() -> (TempDir, Store) {
    database_of(|name, line| name != "ballots.csv" || !line.starts_with(ROUND))
}

pub(super) fn empty(login: &str) -> Session {
    let (dir, mut store) = nobody_voted();
    let data = store.snapshot(None);
    let mut session = Session::looking(Lang::Zh);
    session.store = Some((dir, store));
    session.tell(Msg::Reply(Reply::Data(data)));
    sit(&mut session, login);
    session
}

pub(super) fn round(data: &Snapshot) -> RoundIx {
    data.plan.round_ix(ROUND).expect("the round")
}

pub(super) fn cell(data: &Snapshot, judge: &str, site: usize) -> (JudgeIx, ProjectIx) {
    (data.plan.judge_ix(judge).expect("a judge"), data.plan.round(round(data)).sites[site - 1])
}

pub(super) fn ballot(session: &Session, judge: &str, site: usize) -> Option<BallotRecord> {
    let data = session.app.data.as_ref().expect("data");
    let (judge, site) = cell(data, judge, site);
    data.ballot(round(data), judge, site).map(|k| k.value.clone())
}

pub(super) fn scored(session: &Session, judge: &str, site: usize) -> (BallotState, i64, String) {
    let b = ballot(session, judge, site).expect("a ballot");
    (b.state, b.score.expect("a score").0, b.entered_by.expect("somebody"))
}

pub(super) fn go(session: &mut Session, judge: &str, site: usize) {
    let data = Arc::clone(session.app.data.as_ref().expect("data"));
    assert!(session.app.ballots.grid.point(cell(&data, judge, site)));
}

pub(super) fn said(session: &Session) -> String {
    session.app.message.as_ref().map(|m| m.text.zh.clone()).unwrap_or_default()
}

pub(super) fn saves(session: &Session) -> usize {
    session.app.saved.len()
}

#[test]
fn the_ballot_matrix() {
    insta::assert_snapshot!(seen("5["));
}

#[test]
fn the_ballot_matrix_in_panes() {
    insta::assert_snapshot!(seen_wide("5["));
}

#[test]
fn the_ballot_matrix_in_english() {
    let mut session = Session::looking(Lang::En);
    session.press("5[<end>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
}

#[test]
fn a_site_explains_its_panel() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5[=");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("推算 YB14-GY-007 / 观摩") && screen.contains("有效票"), "{screen}");
}

#[test]
fn brackets_change_the_round_and_with_it_the_grid() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    assert!(!session.app.on_ballots());
    session.press("[");
    assert!(session.app.on_ballots());
    session.press("[");
    let data = Arc::clone(session.app.data.as_ref().expect("data"));
    assert_eq!(session.app.scores.round, data.plan.round_ix("2014-Q1-ASM"));
    session.press("[");
    assert_eq!(session.app.ballots.round, data.plan.round_ix("2014-Q1-OBS"));
    session.press("[");
    assert_eq!(said(&session), "2014年一季度观摩(样例) 是 4 轮中最早的一轮；] 到下一轮");
    session.press("]]");
    assert_eq!(session.app.ballots.round, data.plan.round_ix(ROUND));
    session.press("<esc>3");
    assert_eq!(session.app.tab, Tab::Boards);
    session.press("5");
    assert!(session.app.on_ballots(), "the view comes back as it was left");
}

#[test]
fn others_see_counts_only_and_are_told_why() {
    let mut session = sitting("jiazu");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(!screen.contains("87.5") && screen.contains("保密"), "{screen}");
    assert!(screen.contains("50/50") && screen.contains("单票只给录入员、主考员、监督员看"), "{screen}");
    session.press("9");
    assert!(session.app.ballots.grid.editor.is_none());
    assert!(said(&session).contains("您的角色或范围不允许这一步"), "{}", said(&session));
    sit(&mut session, "zhenban");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("这一轮未公布") && !screen.contains("50/50"), "{screen}");
    sit(&mut session, "jiandu");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("87.5") && screen.contains("只读"), "{screen}");
}

#[test]
fn a_sealed_round_closes_the_single_ballots_to_the_clerk() {
    let mut session = sitting("luru");
    session.press("[[");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("2014-Q1-OBS") && screen.contains("单票只给主考员、监督员看"), "{screen}");
    assert!(!screen.contains("91.5"), "{screen}");
    sit(&mut session, "zhukao");
    session.press("[[");
    assert!(session.screen(80, 24, Skin::Safe).contains("91.5"));
    session.press("9");
    assert_eq!(said(&session), "本轮已终结，不能录入");
}

#[test]
fn who_may_not_see_the_round_sees_no_count_of_it_in_the_overview() {
    let mut session = sitting("luru");
    session.press("<esc>1");
    assert!(session.screen(120, 36, Skin::Line).contains("未确认 86"));
    sit(&mut session, "zhenban");
    session.press("<esc>1");
    let screen = session.screen(120, 36, Skin::Line);
    assert!(!screen.contains("未确认 86") && !screen.contains("750"), "{screen}");
}

#[test]
fn what_waits_in_the_overview_opens_the_matrix() {
    let mut session = sitting("luru");
    session.press("<esc>1<tab><tab><tab><tab>");
    while session.app.overview.cursor.item() != Some(Cause::Vote) {
        session.press("<down>");
    }
    session.app.ballots.hide();
    session.press("<enter>");
    assert!(session.app.on_ballots());
}

#[test]
fn a_score_is_typed_checked_and_saved() {
    let mut session = empty("luru");
    session.press("91<enter>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Entered, 9100, "luru".to_owned()));
    assert_eq!(session.app.ballots.grid.row.place(), 1, "Enter goes down");
    session.press("88.5<tab>");
    assert_eq!(scored(&session, "J02", 1).1, 8850);
    session.press("101<enter>");
    assert!(said(&session).contains("超出范围 0 至 100"), "{}", said(&session));
    session.press("<right>88.4<enter>");
    assert!(said(&session).contains("不合步长 0.5"), "{}", said(&session));
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("101!") && screen.contains("[88.4!"), "{screen}");
    assert_eq!((ballot(&session, "J02", 2), ballot(&session, "J02", 3)), (None, None));
    session.press("!");
    assert_eq!(session.app.ballots.grid.column.place(), 1);
    session.press("90<enter>");
    assert_eq!(scored(&session, "J02", 2).1, 9000);
    let before = saves(&session);
    session.press("<up>90<enter>");
    assert_eq!((saves(&session), said(&session).as_str()), (before, "没有变化，没有写记录"));
    session.press("<esc>1");
    assert_eq!(said(&session), "1 格未保存：J02 3号点 88.4  Enter 回去  Esc 放弃");
    session.press("1");
    assert_eq!(said(&session), "未保存而放弃 1 格：J02 3号点 88.4");
}

#[test]
fn recusal_by_rule_is_filled_in_and_not_typed_over() {
    let mut session = empty("luru");
    go(&mut session, "J11", 1);
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(
        screen.contains("J11  [回避]") && screen.contains("J11 对 1号点自动回避（所在单位 工业及研发）"),
        "{screen}"
    );
    for keys in ["9", "<f2>"] {
        session.press(keys);
        assert!(session.app.ballots.grid.editor.is_none());
        assert_eq!(said(&session), "评委对本单位项目回避");
    }
    assert_eq!(ballot(&session, "J11", 1), None);
}

#[test]
fn the_menu_of_a_ballot() {
    let mut session = empty("luru");
    go(&mut session, "J03", 2);
    session.press(" ");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("1");
    assert_eq!(ballot(&session, "J03", 2).map(|b| b.state), Some(BallotState::Absent));
    session.press(" 2");
    assert_eq!(ballot(&session, "J03", 2).map(|b| b.state), Some(BallotState::Recused));
    session.press(" 3");
    assert!(said(&session).contains("您的角色或范围不允许这一步"), "only the chief voids");
    session.press(" 5");
    assert_eq!(ballot(&session, "J03", 2), None, "cleared");
    session.press("u");
    assert_eq!(ballot(&session, "J03", 2).map(|b| b.state), Some(BallotState::Recused));
    assert!(said(&session).contains("J03 2号点 -- -> 回避"), "{}", said(&session));
    session.press("88<enter>");
    assert_eq!(scored(&session, "J03", 2).1, 8800, "a score takes the place of a state");
}

#[test]
fn the_chief_voids_with_a_reason() {
    let mut session = sitting("zhukao");
    go(&mut session, "J05", 1);
    session.press(" 3");
    assert!(session.screen(80, 24, Skin::Safe).contains("作废 的理由"));
    session.press("看错行<enter>");
    assert_eq!(ballot(&session, "J05", 1).map(|b| b.state), Some(BallotState::Void));
    assert!(session.screen(80, 24, Skin::Safe).contains("[作废]"));
}

#[test]
fn a_whole_ballot_is_absent_in_one_step() {
    let mut session = empty("luru");
    go(&mut session, "J11", 5);
    session.press("87<enter>");
    go(&mut session, "J11", 6);
    let missing = 15 - 3 - 1;
    session.press(" ");
    assert!(session.screen(80, 24, Skin::Safe).contains(&format!("整票缺席：未录的 {missing} 格")));
    session.press("4");
    let absent = |session: &Session| {
        (1..=15).filter(|s| ballot(session, "J11", *s).is_some_and(|b| b.state == BallotState::Absent)).count()
    };
    assert_eq!(absent(&session), missing);
    assert_eq!(ballot(&session, "J11", 1), None, "recused by rule");
    assert_eq!(scored(&session, "J11", 5).1, 8700, "what was handed in stays");
    session.press("u");
    assert_eq!(absent(&session), 0, "one step");
    assert_eq!(scored(&session, "J11", 5).1, 8700);
}

#[test]
fn the_second_entry_is_blind_and_by_another_person() {
    let mut session = empty("luru");
    session.press("91<enter>88.5<enter>90<enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("91.0~"), "the mark of what waits for a second person");

    // Nobody confirms what he entered himself.
    session.press("&");
    go(&mut session, "J01", 1);
    session.press("9");
    assert!(session.app.ballots.grid.editor.is_none());
    assert!(said(&session).contains("自己录的票要由别人确认"), "{}", said(&session));

    // Another person does not see the scores, nowhere.
    sit(&mut session, "hedui");
    session.press("&");
    for (columns, rows) in [(80, 24), (120, 36)] {
        let screen = session.screen(columns, rows, Skin::Safe);
        assert!(!screen.contains("91") && !screen.contains("88.5"), "{screen}");
        assert!(screen.contains("[  ??") && screen.contains("复核录入"), "{screen}");
    }
    session.press("=");
    assert!(session.app.modal.is_none(), "no explanation while the entry is blind");
    session.press("<f2>");
    assert_eq!(session.app.ballots.grid.editor.as_ref().map(|e| e.field.text()), Some(""));
    session.press("<esc>");

    // Equal: confirmed.
    session.press("91.0<enter>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Confirmed, 9100, "luru".to_owned()));

    // Different: both are shown, nothing is stored.
    let before = saves(&session);
    session.press("88<enter>");
    assert_eq!(scored(&session, "J02", 1), (BallotState::Entered, 8850, "luru".to_owned()));
    assert_eq!(saves(&session), before);
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));

    // Nothing changes until one is chosen.
    session.press(" ");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<esc>");
    assert_eq!(saves(&session), before);
    session.press(" 1");
    assert_eq!(scored(&session, "J02", 1), (BallotState::Confirmed, 8850, "luru".to_owned()));

    // The second stands: who typed it is now the one who entered it, and another one confirms.
    go(&mut session, "J03", 1);
    session.press("92<enter> 2");
    assert_eq!(scored(&session, "J03", 1), (BallotState::Entered, 9200, "hedui".to_owned()));
    sit(&mut session, "luru");
    session.press("&n");
    assert_eq!(session.app.ballots.grid.row.place(), 2);
    session.press("92<enter>");
    assert_eq!(scored(&session, "J03", 1), (BallotState::Confirmed, 9200, "hedui".to_owned()));
    session.press("n");
    assert_eq!(said(&session), "没有未录、未确认的票");
}

#[test]
fn what_was_confirmed_is_corrected_with_a_reason() {
    let mut session = sitting("luru");
    assert_eq!(scored(&session, "J01", 1).0, BallotState::Confirmed);
    session.press("90<enter>");
    assert_eq!(scored(&session, "J01", 1).1, 8750);
    session.press("票面看错<enter>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Entered, 9000, "luru".to_owned()));
}

#[test]
fn somebody_else_changed_the_ballot_first() {
    let mut session = empty("luru");
    let data = Arc::clone(session.app.data.as_ref().expect("data"));
    session.press("91");
    // Her colleague is faster.
    let (_, store) = session.store.as_mut().expect("a store");
    let (_, site) = cell(&data, "J01", 1);
    let subject = dukao::domain::change::Subject::new(
        dukao::domain::change::Kind::Ballot,
        &[ROUND, "J01", &data.plan.project(site).id],
    );
    let record = BallotRecord { state: BallotState::Entered, score: Some(Points(8800)), entered_by: None };
    let change = dukao::domain::change::Change {
        subject,
        before: None,
        after: Some(Record::Ballot(record)),
        reason: String::new(),
    };
    let hedui = Actor::person(&data.plan, "hedui", "test");
    store.save(&hedui, &[dukao::domain::change::Draft { change, base: None }], None).expect("saved");
    session.press("<enter>");
    assert!(said(&session).contains("样例核对员"), "{}", said(&session));
    assert!(said(&session).contains("88；你的 91 未保存"), "{}", said(&session));
    session.press("!");
    session.press("<esc>");
    assert_eq!(scored(&session, "J01", 1), (BallotState::Entered, 8800, "hedui".to_owned()));
}

#[test]
fn three_digits_move_on_where_that_is_wanted() {
    let mut session = empty("luru");
    session.press("890");
    assert_eq!(ballot(&session, "J01", 1), None, "only where it is wanted");
    session.press("<esc> 8");
    assert!(session.app.ballots.auto_advance);
    session.press("890885100");
    let row: Vec<i64> = ["J01", "J02", "J03"].iter().map(|j| scored(&session, j, 1).1).collect();
    assert_eq!(row, [8900, 8850, 10_000]);
    assert_eq!(session.app.ballots.grid.row.place(), 3);
    session.press("884");
    assert!(said(&session).contains("不合步长 0.5"), "{}", said(&session));
    assert_eq!(session.app.ballots.grid.row.place(), 3, "a refused score stays");
    session.press("88<enter>");
    assert_eq!(scored(&session, "J04", 1).1, 8800, "two digits and Enter as ever");
}

#[test]
fn n_goes_to_what_is_missing_and_then_to_what_waits() {
    let mut session = sitting("luru");
    go(&mut session, "J02", 3);
    session.press("<del>票面作废<enter>");
    go(&mut session, "J01", 1);
    session.press("n");
    assert_eq!((session.app.ballots.grid.row.place(), session.app.ballots.grid.column.place()), (1, 2));
    session.press("80<enter><up>n");
    let data = Arc::clone(session.app.data.as_ref().expect("data"));
    let (judge, site) = session.app.ballots.cell().expect("a cell");
    assert!(data.vote(round(&data), judge, site).is_unconfirmed());
}

#[test]
fn nothing_of_an_observation_is_edited_on_a_day_of_the_past() {
    let (_dir, mut store) = database();
    let day = dukao::domain::value::Date::constant(2014, 6, 30);
    let mut session = Session::looking(Lang::Zh);
    session.tell(Msg::Reply(Reply::Data(store.snapshot(Some(day)))));
    session.press("5[9");
    assert!(session.app.ballots.grid.editor.is_none());
    assert!(said(&session).contains("只读"), "{}", said(&session));
}

/// 50 judges, 15 sites, typed as fast as the keys come: no save is answered before the last key.
#[test]
fn fifty_ballots_are_typed_without_a_wait() {
    let (_dir, mut store) = nobody_voted();
    let data = store.snapshot(None);
    let mut session = Session::looking(Lang::Zh);
    session.app = App::new(Lang::Zh, Actor::person(&data.plan, "luru", "test"));
    session.tell(Msg::Reply(Reply::Data(Arc::clone(&data))));
    session.press("5[");
    let (round, mut typed) = (round(&data), 0);
    for judge in data.judge_ixs() {
        for site in &data.plan.round(round).sites {
            assert_eq!(session.app.ballots.cell(), Some((judge, *site)));
            if data.vote(round, judge, *site).recused {
                session.press("<right>");
            } else {
                session.press("88.5<tab>");
                typed += 1;
            }
        }
        session.press("<home><down>");
    }
    let asked: Vec<_> = session.asked.iter().filter(|r| matches!(r, Request::Save { .. })).collect();
    assert_eq!(asked.len(), typed);
    assert_eq!(session.app.ballots.grid.unsaved_cells(), typed);
    // The answers come at last: every one of them is saved.
    let actor = session.app.actor.clone();
    for request in std::mem::take(&mut session.asked) {
        if let Request::Save { ticket, drafts } = request {
            let seqs = store.save(&actor, &drafts, None).unwrap_or_else(|e| panic!("{e:?}"));
            session.tell(Msg::Reply(Reply::Saved { ticket, seqs }));
        }
    }
    let data = store.snapshot(None);
    session.tell(Msg::Reply(Reply::Data(Arc::clone(&data))));
    assert_eq!((session.app.ballots.grid.unsaved_cells(), session.app.saved.len()), (0, typed));
    let votes = data.votes(round);
    assert_eq!((votes.missing, votes.unconfirmed, votes.settled()), (0, typed, 750));
}
