//! 任务, 整改, 记录, 帮助, and what belongs together: the lists of the district, worked by keys.

use dukao::app::entry::Moves;
use dukao::app::modal::Modal;
use dukao::app::screens::history::Chip;
use dukao::app::screens::targets::Block;
use dukao::domain::change::{Change, Draft, Kind, Record, Subject};
use dukao::domain::district::Role;
use dukao::domain::rectification::RectificationState::{self, Accepted, Closed, InProgress, Issued, Submitted};
use dukao::domain::rectification::{Rectification, RectificationStep};
use dukao::domain::snapshot::{Facts, Kept};
use dukao::store::Chain;

use super::*;

impl Session {
    fn data(&self) -> Arc<Snapshot> {
        self.app.data.clone().expect("data")
    }

    fn said(&self) -> String {
        self.app.message.as_ref().map(|m| m.text.zh.clone()).unwrap_or_default()
    }

    fn rectification(&self, id: &str) -> Kept<Rectification> {
        self.data().facts.rectifications.iter().find(|(key, _)| key == id).expect("a rectification").1.clone()
    }

    fn state(&self, id: &str) -> RectificationState {
        self.rectification(id).value.state
    }

    fn menu(&self) -> &dukao::app::menu::Menu {
        match &self.app.modal {
            Some(Modal::Menu(menu)) => menu,
            other => panic!("no menu: {other:?}"),
        }
    }
}

/// A session over a database, at one rectification.
fn at_rectification(id: &str) -> Session {
    let mut session = Session::saving();
    session.press(&format!("6/id:{id}<enter>"));
    assert_eq!(session.app.rectifications.selected(&session.data()).expect("a row").0, id);
    session
}

/// Both sizes, skins and languages.
fn pictures(keys: &str) -> Vec<String> {
    let shown = |lang, (columns, rows), skin| {
        let mut session = Session::looking(lang);
        session.press(keys);
        session.screen(columns, rows, skin)
    };
    let sizes = [((80, 24), Skin::Safe), ((120, 36), Skin::Line)];
    sizes.into_iter().flat_map(|(size, skin)| [Lang::Zh, Lang::En].map(|lang| shown(lang, size, skin))).collect()
}

/// A year in which nothing is planned and nothing has happened.
pub(super) fn empty() -> Session {
    let (_, mut plan) = sample();
    plan.targets = dukao::domain::district::Targets::default();
    let facts = Facts::empty(&plan);
    let today = plan.district.today.expect("a frozen day");
    let mut session = Session::looking(Lang::Zh);
    session.tell(Msg::Reply(Reply::Data(Arc::new(Snapshot::new(Arc::new(plan), facts, today, None)))));
    session
}

#[test]
fn the_targets_in_both_languages() {
    let all = pictures("4");
    insta::assert_snapshot!(all[1]);
    insta::assert_snapshot!(all[3]);
}

#[test]
fn the_rectifications_in_both_languages() {
    let all = pictures("6");
    insta::assert_snapshot!(all[1]);
    insta::assert_snapshot!(all[2]);
    insta::assert_snapshot!(all[3]);
}

#[test]
fn the_help_in_both_languages() {
    let all = pictures("6?");
    insta::assert_snapshot!(all[0]);
    insta::assert_snapshot!(all[1]);
    insta::assert_snapshot!(all[2]);
}

#[test]
fn an_empty_year_says_so_on_each_list() {
    let mut session = empty();
    session.press("4");
    let targets = session.screen(80, 24, Skin::Safe);
    assert!(targets.contains("本年没有招商任务（targets.toml）"), "{targets}");
    assert!(targets.contains("本年没有主要指标"), "{targets}");
    session.press("<tab><tab>");
    assert!(session.screen(80, 24, Skin::Safe).contains("本年没有目标"));
    session.press("6");
    assert!(session.screen(80, 24, Skin::Safe).contains("本年还没有整改"));
    session.press("<enter>");
    assert_eq!(session.said(), "这一页用不上这个键");
    session.press("7");
    let Some(Request::History(of)) = session.asked.last().cloned() else { panic!("{:?}", session.asked) };
    session.tell(Msg::Reply(Reply::History { of, found: Ok(Vec::new()) }));
    assert!(session.screen(80, 24, Skin::Safe).contains("还没有记录"));
}

#[test]
fn every_step_of_a_rectification_by_keys() {
    let mut session = at_rectification("ZG-009");
    assert_eq!(session.state("ZG-009"), Issued);
    session.press("<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<enter>");
    assert_eq!(session.state("ZG-009"), Accepted, "the first legal step is proposed");
    assert!(session.said().contains("已保存") && session.said().contains("ZG-009 签收"), "{}", session.said());
    session.press("<enter>2");
    assert_eq!(session.state("ZG-009"), Accepted, "a digit only goes to its line");
    assert_eq!(session.said(), "Enter 开始整改  Esc 返回");
    session.press("<enter>");
    assert_eq!(session.state("ZG-009"), InProgress);
    session.press("<enter>s<enter>");
    assert_eq!(session.state("ZG-009"), Submitted);
    session.press("<enter>t<enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("理由不能空"), "a return has a reason");
    session.press("照片无日期<enter>");
    assert_eq!(session.state("ZG-009"), InProgress);
    session.press("<enter>6");
    session.press("07-01<enter>");
    let refused = session.screen(80, 24, Skin::Safe);
    assert!(refused.contains("新期限须晚于原期限 2014-07-17"), "{refused}");
    session.press("<backspace><backspace><backspace><backspace><backspace>明天<enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("写成 08-01"));
    session.press("<backspace><backspace>０８０１<enter>雨天<enter>");
    assert_eq!(session.rectification("ZG-009").value.due.to_string(), "2014-08-01");
    session.press("<enter>3<enter><enter>x<enter>");
    assert_eq!(session.state("ZG-009"), Closed);
    session.press("u");
    assert_eq!(session.state("ZG-009"), Submitted);
    assert!(session.said().contains("ZG-009 已销号 -> 申请销号"), "{}", session.said());
    session.press("U");
    assert_eq!(session.state("ZG-009"), Closed);
}

#[test]
fn the_detail_tells_the_steps_and_why() {
    let mut session = at_rectification("ZG-002");
    session.press("<enter>t样例:照片不清<enter><enter>s<enter><down>");
    let picture = session.screen(80, 24, Skin::Safe);
    assert!(picture.contains("退回    样例:照片不清（jia #"), "{picture}");
    let line = picture.lines().find(|l| l.contains("交办 ->")).expect("the steps").to_owned();
    assert!(line.contains("退回 ->") && line.trim_end().ends_with("申请销号 -> . 销号"), "{line}");
    assert!(picture.contains("封存时每件扣 1.00 分，每项目上限 5.00（rectify_overdue）"), "{picture}");
}

#[test]
fn steps_that_are_not_legal_are_listed_with_the_reason_and_do_nothing() {
    let mut session = at_rectification("ZG-004");
    session.press("<enter>");
    let menu = session.menu();
    assert_eq!(menu.choices.len(), 6);
    let why = menu.choices[0].refused.clone().expect("it is accepted already").zh;
    assert!(why.contains("整改中") && why.contains("已签收"), "{why}");
    session.press("1");
    assert_eq!(session.said(), why);
    assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "the menu stays");
    assert_eq!(session.state("ZG-004"), InProgress);
    session.press("<esc>");
    assert!(session.app.modal.is_none());
}

#[test]
fn who_may_not_keep_records_is_told_and_so_is_who_looks_at_the_past() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("6<enter>");
    assert!(session.said().contains("角色"), "{}", session.said());
    assert!(session.app.modal.is_none());
    session.press("7");
    let log = session.screen(80, 24, Skin::Safe);
    assert!(log.contains("无权操作"), "{log}");
    session.press("4");
    session.app.targets.show_quota(1, Some(2));
    session.press("<enter>");
    assert!(session.said().contains("角色"), "{}", session.said());

    let (_dir, mut store) = database();
    let mut session = Session::looking(Lang::Zh);
    session.tell(Msg::Reply(Reply::Data(store.snapshot(Some("2014-07-01".parse().expect("a date"))))));
    session.press("6<enter>");
    assert!(session.said().contains("2014-07-01") && session.said().contains("只读"), "{}", session.said());
    assert!(session.app.modal.is_none());
}

#[test]
fn the_submitter_does_not_close_it() {
    let mut session = at_rectification("ZG-004");
    let (_, store) = session.store.as_mut().expect("a store");
    let login = store.plan().district.persons.iter().find(|p| p.roles.contains(&Role::Clerk)).map(|p| p.login.clone());
    let Some(login) = login else { return };
    let clerk = Actor::person(store.plan(), &login, "local:1");
    session.app.actor = clerk;
    session.press("<enter>");
    if session.app.modal.is_none() {
        // Out of this clerk's scope: that is said instead.
        assert!(session.said().contains("范围"), "{}", session.said());
        return;
    }
    session.press("s<enter><enter>x");
    assert!(session.said().contains("要由别人"), "{}", session.said());
    assert_eq!(session.state("ZG-004"), Submitted);
}

#[test]
fn somebody_else_took_the_step_first() {
    let mut session = at_rectification("ZG-009");
    session.press("<enter>");
    let kept = session.rectification("ZG-009");
    let today = session.data().today;
    let (_, store) = session.store.as_mut().expect("a store");
    let change = Change {
        subject: Subject::new(Kind::Rectification, &["ZG-009"]),
        before: Some(Record::Rectification(kept.value.clone())),
        after: Some(Record::Rectification(kept.value.step(RectificationStep::Accept, today).expect("legal"))),
        reason: String::new(),
    };
    store.save(&Actor::owner("yi", 0), &[Draft { change, base: None }], None).expect("saved");
    session.press("1<enter>");
    assert!(session.said().contains("改为 已签收"), "{}", session.said());
    assert!(session.said().contains("「ZG-009 签收」未保存"), "{}", session.said());
    session.press("<enter>");
    assert!(session.menu().choices[0].refused.is_some(), "the menu knows the new state");
}

#[test]
fn luzhen_is_resolved_by_keys() {
    let mut session = Session::saving();
    session.press("4");
    let plan = session.data().plan.targets.quota_plans.iter().position(|p| p.id == "2014-H2").expect("the plan");
    session.app.targets.show_quota(plan, Some(2));
    session.press("<enter>");
    assert!(session.menu().title.zh.contains("鹿村镇"));
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("2<enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("理由不能空"));
    session.press("镇名误写<enter>");
    let row = session.data().quota_plans()[plan].rows[2].clone();
    assert_eq!(row.unit, session.data().plan.unit_ix("LC"));
    assert!(session.said().contains("「鹿村镇」认定为 李村镇"), "{}", session.said());
    assert!(!session.screen(120, 50, Skin::Safe).contains("鹿村镇 ?"));
    session.press("u");
    assert_eq!(session.data().quota_plans()[plan].rows[2].unit, None, "an undo takes it back");
    session.press("<enter>2镇名误写<enter>");
    assert!(session.data().quota_plans()[plan].rows[2].unit.is_some(), "and it can be decided again");
}

#[test]
fn rows_fold_and_open_to_their_attractions() {
    let mut session = Session::looking(Lang::Zh);
    session.press("4<down>");
    let lines = session.app.targets.lines.len();
    session.press("-");
    assert_eq!(session.app.targets.lines.len(), lines - 1);
    session.press("<enter>");
    assert_eq!(session.app.targets.lines.len(), lines, "Enter opens a folded row first");
    session.press("<enter>");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<esc>");
    assert!(session.app.modal.is_none());
    session.press("<up>+");
    assert!(session.said().contains("没有「其中」"), "{}", session.said());
}

#[test]
fn money_is_shown_in_one_unit() {
    let mut session = Session::looking(Lang::Zh);
    session.press("4$$<tab>");
    assert_eq!(session.app.targets.block, Block::Indicators);
    let picture = session.screen(80, 24, Skin::Safe);
    assert!(picture.contains("720000万元") && picture.contains("20200万元"), "{picture}");
}

#[test]
fn the_log_is_narrowed_by_chip_person_and_subject() {
    let mut session = at_rectification("ZG-009");
    session.press("<enter>1<enter><esc>7");
    let newest = session.app.history.selected().expect("an entry").clone();
    assert_eq!((newest.key.as_str(), newest.actor.as_str()), ("ZG-009", "jia"));
    session.press("@");
    let mine = session.app.history.entries.as_ref().expect("read");
    assert!(mine.iter().all(|e| e.actor == "jia") && mine.len() == 1, "{}", mine.len());
    session.press("a,");
    let same = session.app.history.entries.as_ref().expect("read");
    assert!(same.iter().all(|e| e.key == "ZG-009") && same.len() == 2, "{}", same.len());
    session.press("<esc><right>");
    assert_eq!(session.app.history.chip, Chip::Scores);
    let scores = session.app.history.entries.as_ref().expect("read");
    assert!(!scores.is_empty() && scores.iter().all(|e| e.kind == Some(Kind::Score)));
    session.press("<right><right><right><right><right>");
    assert_eq!(session.app.history.chip, Chip::Rules);
    let head = session.screen(80, 24, Skin::Safe);
    assert!(head.contains("[规则]"), "{head}");
    session.press("<esc>");
    assert_eq!(session.app.history.chip, Chip::All);
}

#[test]
fn a_long_log_is_read_page_by_page() {
    let mut session = Session::saving();
    session.press("7");
    let read = |s: &Session| s.app.history.entries.as_ref().expect("read").len();
    let all = usize::try_from(session.data().facts.seq).expect("few");
    let first = read(&session);
    assert!(first < all, "{first} of {all}");
    session.press("<end>");
    assert!(read(&session) > first);
    for _ in 0..all / first + 1 {
        session.press("<end>");
    }
    assert_eq!(read(&session), all);
    let entries = session.app.history.entries.as_ref().expect("read");
    assert!(entries.windows(2).all(|w| w[0].seq == w[1].seq + 1), "none is missing, none comes twice");
    assert_eq!(session.app.history.selected().expect("the oldest").seq, 1);
}

#[test]
fn an_entry_tells_what_it_moved() {
    let mut session = Session::saving();
    session.press("5");
    let (project, _) = session.app.scores.cell().expect("a cell");
    let old = session.data();
    session.press("38<enter>");
    if session.app.scores.grid.prompt.is_some() {
        session.press("现场<enter>");
    }
    session.press("<esc>7<enter>");
    let Some(Modal::Entry(entry)) = &session.app.modal else { panic!("{:?}", session.app.modal) };
    let Moves::Known(effect) = &entry.moves else { panic!("{:?}", entry.moves) };
    let new = session.data();
    let round = new.assessment_round().expect("a round");
    let score = |d: &Snapshot| d.assessment(round).expect("assessed").scores[project.at()].score;
    assert_eq!(effect.score, (score(&old), score(&new)));
    assert_ne!(effect.score.0, effect.score.1);
    let rank = |d: &Snapshot, unit| {
        let measure = d.default_measure(round);
        let board = d.board(round, dukao::domain::project::BoardKind::Headquarters, measure).expect("a board");
        board.rows.iter().find(|r| r.unit == Some(unit)).map(|r| (r.score, r.rank)).expect("a row")
    };
    let unit = &effect.units[0];
    assert_eq!((unit.score.0, unit.rank.0), rank(&old, unit.unit), "without the entry as it was before it");
    assert_eq!((unit.score.1, unit.rank.1), rank(&new, unit.unit));
    let picture = session.screen(80, 24, Skin::Safe);
    assert!(picture.contains("得分") && picture.contains("名次") && picture.contains("影响"), "{picture}");
    // What was changed again since has no effect of its own that could be told.
    session.press("<esc>u");
    session.press("<down><enter>");
    let Some(Modal::Entry(entry)) = &session.app.modal else { panic!("{:?}", session.app.modal) };
    assert!(matches!(entry.moves, Moves::Unknown(_)), "{:?}", entry.moves);
}

#[test]
fn what_belongs_together_is_one_key_away() {
    let mut session = at_rectification("ZG-001");
    session.press("o1");
    assert!(matches!(session.app.modal, Some(Modal::Dossier(_))));
    assert!(session.screen(80, 60, Skin::Safe).contains("记录"), "the dossier ends with the entries");
    session.press("o3");
    assert_eq!(session.app.tab, Tab::Rectifications);
    let data = session.data();
    assert!(session.app.rectifications.rows.iter().any(|i| data.facts.rectifications[*i].0 == "ZG-001"));
    session.press("o3");
    assert_eq!(session.app.tab, Tab::History);
    assert!(session.app.history.entries.as_ref().expect("read").iter().all(|e| e.key == "ZG-001"));
    session.press("o");
    assert_eq!(session.app.tab, Tab::Rectifications);
    assert_eq!(session.app.rectifications.selected(&session.data()).expect("a row").0, "ZG-001");
    session.press("2<enter>o");
    assert!(session.menu().under.is_some(), "the menu lies over the dossier");
    session.press("<esc>");
    assert!(matches!(session.app.modal, Some(Modal::Dossier(_))), "one step back");
}

#[test]
fn a_broken_chain_is_told_on_every_screen() {
    let mut session = Session::saving();
    assert_eq!(session.app.chain.checked, session.data().facts.seq, "followed to the newest entry");
    session.press("7");
    assert!(session.screen(80, 24, Skin::Safe).contains(&format!("链 核对至 #{}", session.data().facts.seq)));
    let mut broken = Chain::default();
    broken.broken = Some(871);
    session.tell(Msg::Reply(Reply::Chain(broken)));
    for tab in "1234567".chars() {
        session.press("<esc>");
        session.press(&tab.to_string());
        let picture = session.screen(80, 24, Skin::Safe);
        assert!(picture.contains("! 链在 #871 处断开，见 dukao verify"), "{tab}: {picture}");
    }
}

#[test]
fn the_help_runs_what_it_lists_and_says_what_it_cannot() {
    let mut session = Session::looking(Lang::Zh);
    let run = |session: &mut Session, search: &str| {
        session.press(&format!("?{search}"));
        // The rows that Enter chooses from are those that were drawn.
        session.screen(80, 24, Skin::Safe);
        session.press("<enter>");
    };
    session.press("6");
    run(&mut session, "办理");
    assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "{:?}", session.app.modal);
    session.press("<esc>");
    run(&mut session, "1-7");
    assert_eq!(session.said(), "这一行代表几个键：请直接按其中一个");
    run(&mut session, "syl");
    assert_eq!(session.said(), "这一页用不上这个键", "there is no other round here");
    session.press("?");
    let first = match &session.app.modal {
        Some(Modal::Help(help)) => help.cursor.place(),
        other => panic!("{other:?}"),
    };
    session.screen(80, 24, Skin::Safe);
    session.press("<tab>");
    assert!(matches!(&session.app.modal, Some(Modal::Help(help)) if help.cursor.place() > first), "the next block");
}

#[test]
fn footer_and_help_come_from_the_one_table() {
    let mut session = Session::looking(Lang::Zh);
    for (tab, own) in [("4", "+ 展开"), ("6", "Enter 办理"), ("7", "a 同一人")] {
        session.press(tab);
        let screen = session.screen(80, 24, Skin::Safe);
        let footer = screen.lines().nth(23).expect("a footer").to_owned();
        assert!(footer.contains(own), "{footer}");
        session.press("?");
        session.screen(200, 60, Skin::Safe);
        let Some(Modal::Help(help)) = &session.app.modal else { panic!("no help") };
        for b in keymap::rows(help.from) {
            assert!(help.actions.contains(&b.action), "{:?} of {tab}", b.action);
        }
        session.press("<esc>");
    }
}

#[test]
fn how_often_a_rectification_was_returned_stands_in_its_row() {
    let data = snapshot();
    let id = {
        let mut open = data.facts.rectifications.iter().filter(|(_, k)| k.value.state == Submitted);
        open.next().expect("one that was submitted").0.clone()
    };
    let mut session = at_rectification(&id);
    let row = |session: &mut Session| {
        let screen = session.screen(80, 24, Skin::Safe);
        screen.lines().find(|l| l.starts_with('>')).expect("its row").trim_end().to_owned()
    };
    assert!(session.screen(80, 24, Skin::Safe).lines().nth(2).expect("a header").ends_with("退回"));
    assert!(row(&mut session).ends_with('-'));
    session.press("<enter>t照片无日期<enter>");
    assert_eq!(session.state(&id), InProgress, "{}", session.said());
    assert!(row(&mut session).ends_with('1'), "{}", row(&mut session));
    // Taken back it never happened; done again it did.
    session.press("u");
    assert!(row(&mut session).ends_with('-'), "{}", row(&mut session));
    session.press("U");
    assert!(row(&mut session).ends_with('1'), "{}", row(&mut session));
    session.press("<enter>s<enter>");
    session.press("u");
    assert_eq!(session.data().returned(&id), 1, "to take back a submission returns nothing");
    let before = session.data();
    let mut facts = before.facts.clone();
    let past =
        Snapshot::new(Arc::clone(&before.plan), std::mem::take(&mut facts), before.today, "2014-01-01".parse().ok());
    assert_eq!(past.returned(&id), 0, "not yet on the day before");
}

#[test]
fn an_entry_is_told_field_by_field_and_its_json_is_one_key_away() {
    let mut session = Session::saving();
    session.press("538<enter>");
    session.press("<esc>7<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("分    38") && screen.contains("依据  改定"), "{screen}");
    assert!(!screen.contains("\"points\""), "{screen}");
    insta::assert_snapshot!(
        screen
            .lines()
            .filter(|l| !l.contains("新值") && !l.contains("校验") && !l.contains("styles"))
            .collect::<Vec<_>>()
            .join("\n")
    );
    session.press("+");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("\"points\":3800"), "{screen}");
    session.press("-");
    assert!(session.screen(80, 24, Skin::Safe).contains("依据  改定"));
    // What an entry changed stands first, from what to what.
    session.press("<esc><esc>5<up>39<enter>");
    session.press("<esc>7g<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("分    38 -> 39"), "{screen}");
    let mut english = at_rectification("ZG-005");
    english.app.lang = Lang::En;
    english.press("7");
    let entries = english.app.history.entries.clone().expect("read");
    assert!(!entries.is_empty());
}

#[test]
fn a_filter_of_the_history_takes_what_is_typed_and_lists_what_passes() {
    let mut session = at_rectification("ZG-009");
    session.press("<enter><enter><esc>7");
    let all = session.app.history.rows.len();
    assert!(all > 3, "the ledger of the sample");
    // Digits and letters are text now, not views and keys.
    session.press("/zg009");
    assert_eq!((session.app.tab, session.app.history.chip), (Tab::History, Chip::All));
    let found = session.app.history.rows.len();
    assert!(found > 0 && found < all, "{found} of {all}");
    assert!(session.app.history.shown().all(|e| e.key.contains("ZG-009")));
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("/zg009") && screen.contains("条中"), "{screen}");
    session.press("<enter>");
    assert_eq!(session.app.history.selected().map(|e| e.key.as_str()), Some("ZG-009"));
    // A person, and a kind by the initials of its name.
    session.press("<esc>/zhenggai<enter>");
    assert!((found..all).contains(&session.app.history.rows.len()));
    session.press("<esc>/qqq<enter>");
    assert!(session.app.history.rows.is_empty() && session.app.history.selected().is_none());
    assert!(session.screen(80, 24, Skin::Safe).contains("「qqq」"));
    session.press("<esc>");
    assert!(session.app.history.rows.len() >= all);
    session.press("/<up><up><enter>");
    assert_eq!(session.app.history.search.text(), "zhenggai", "earlier filters are one key away");
}

#[test]
fn a_filter_knows_the_states_of_rectifications_by_their_words() {
    let count = |filter: &str| {
        let mut session = Session::looking(Lang::Zh);
        session.press("6<tab><tab><tab><tab>/");
        for c in filter.chars() {
            session.press(&c.to_string());
        }
        session.press("<enter>");
        session.app.rectifications.rows.len()
    };
    let closed = count("state:closed");
    assert!(closed > 0);
    for filter in ["已销号", "yxh", "closed", "state=closed", "整改状态=已销号"] {
        assert_eq!(count(filter), closed, "{filter}");
    }
    assert!(count("整改中") > 0 && count("in_progress") == count("整改中"));
}

#[test]
fn a_list_is_copied_as_a_spreadsheet_takes_it() {
    let mut session = Session::looking(Lang::Zh);
    let mut copied = |keys: &str| {
        session.copied = None;
        session.press(keys);
        session.copied.clone().unwrap_or_default()
    };
    let row = copied("2y");
    assert_eq!(
        row, "YB14-XX-010\t【样例】塑胶操场工程\t学校\t诸葛镇\t确保\t滞后\t2014-05-16 基础完成\t45\t正常推进\t57.65",
        "the row under the cursor"
    );
    let picked = copied("  y");
    assert_eq!(
        picked.lines().map(|l| l.split('\t').next().unwrap_or("")).collect::<Vec<_>>(),
        ["YB14-SZ-027", "YB14-XX-010"]
    );
    let whole = copied("<esc>Y");
    assert_eq!(
        (whole.lines().count(), whole.lines().next()),
        (145, Some("编号\t项目\t指挥部\t镇\t类别\t状态\t未完节点\t滞后天\t自报\t得分"))
    );
    let fix = copied("6y");
    assert!(fix.starts_with("ZG-001\tYB14-SZ-027\t"), "{fix}");
    assert_eq!(copied("Y").lines().count(), 10, "nine open ones and the headings");
}

#[test]
fn what_is_copied_of_the_ledger_is_its_entries() {
    let mut session = at_rectification("ZG-009");
    session.press("<enter>1<enter><esc>7y");
    let cells: Vec<String> = session.copied.as_deref().expect("copied").split('\t').map(str::to_owned).collect();
    assert_eq!((cells.len(), cells[2].as_str(), cells[5].as_str(), cells[6].as_str()), (8, "jia", "交办", "已签收"));
}

#[test]
fn what_differs_is_named_where_the_first_value_is_the_same() {
    let mut session = Session::saving();
    session.press("2i1");
    session.press("45<enter>");
    session.ctrl('s');
    session.press("e1<down>60<enter>");
    session.ctrl('s');
    session.press("7");
    let entry = session.app.history.selected().expect("an entry").clone();
    let data = session.app.data.clone().expect("data");
    let (was, is) = dukao::app::record::change(&entry, &data);
    assert_eq!((was.zh.as_str(), is.zh.as_str()), ("计划进度% --", "计划进度% 60"), "{entry:?}");
}
