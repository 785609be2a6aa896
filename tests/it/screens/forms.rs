//! Records typed field by field: every kind, by keys, as `dukao set` would save it.

use std::process::Command;

use dukao::app::form::Form;
use dukao::app::form::line::Takes;
use dukao::app::form::offers::offers;
use dukao::app::screen::Sight;
use dukao::domain::change::{Change, Draft, ProgressRecord, Subject};
use dukao::domain::district::{ProjectIx, Role};
use dukao::domain::value::Percent;
use dukao::exchange::{self, Sheet};
use dukao::store::{Error, Query};

use super::*;

const XX010: &str = "YB14-XX-010";

impl Session {
    fn form(&self) -> &Form {
        match &self.app.modal {
            Some(Modal::Form(form)) => form,
            other => panic!("no form: {other:?}"),
        }
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.app.data.clone().expect("data")
    }

    fn newest(&self) -> LedgerEntry {
        let (_, store) = self.store.as_ref().expect("a store");
        store.history(&Actor::owner("jia", 0), &Query::of(None, 1)).expect("a history").pop().expect("an entry")
    }

    fn tells(&self) -> String {
        self.app.message.as_ref().map(|m| m.text.zh.clone()).unwrap_or_default()
    }

    fn progress(&self, day: &str) -> Option<Record> {
        exchange::current(&self.snapshot(), &Subject::new(Kind::Progress, &[XX010, day]))
    }
}

/// One kind of record: the keys that open its form, what is typed, and the same record as `dukao set` names it.
struct Case {
    opens: &'static str,
    types: &'static str,
    kind: &'static str,
    key: &'static str,
    fields: &'static [&'static str],
}

const CASES: [Case; 7] = [
    Case {
        opens: "2i1",
        types: "４５<enter>50％<enter>1.2亿元<enter><enter><enter><right><right><down>楼板浇筑",
        kind: "progress",
        key: "YB14-XX-010/2014-07-12",
        fields: &["percent=45", "planned_percent=50", "invested=12000万元", "reported=on_track", "note=楼板浇筑"],
    },
    Case {
        opens: "2i3", types: "7-10", kind: "milestone", key: "YB14-XX-010/基础完成", fields: &["done=2014-07-10"]
    },
    Case {
        opens: "2i4",
        types: "xf<enter>wage_un<enter>昨天<enter><enter><enter>９<enter>14万元<enter>信2014-9",
        kind: "incident",
        key: "",
        fields: &[
            "source=petition",
            "kind=wage_unresolved",
            "date=2014-07-11",
            "project=YB14-XX-010",
            "people=9",
            "amount=14万元",
            "reference=信2014-9",
        ],
    },
    Case {
        opens: "6<ins>",
        types: "<enter>xxjs<enter>护栏缺失<enter>补齐<enter><enter>０８０１",
        kind: "rectification",
        key: "",
        fields: &["unit=XX", "finding=护栏缺失", "action=补齐", "issued=2014-07-12", "due=2014-08-01"],
    },
    Case {
        opens: "4i",
        types: "新材料园<enter>3亿元<enter><enter>sw<enter><enter>lcz<enter> gy<enter><enter><enter>未到位",
        kind: "attraction",
        key: "",
        fields: &[
            "name=新材料园",
            "amount=3亿元",
            "origin=other_province",
            "signed=2014-07-12",
            "host=LC",
            "credits=GY",
            "excluded=未到位",
        ],
    },
    Case {
        opens: "4<tab>i",
        types: "2014-q3<enter>110.5<enter>9.1<enter><enter><enter><right><enter><right>",
        kind: "indicator",
        key: "gdp/2014-Q3",
        fields: &["value=110.5", "growth=9.1", "versus_city=above", "provisional=yes"],
    },
    Case {
        opens: ":record goal<enter>",
        types: "village-1<enter><enter>１<enter>样例",
        kind: "goal",
        key: "party-village-1/2014-07-12",
        fields: &["value=1", "note=样例"],
    },
];

#[test]
fn every_kind_of_record_is_typed_as_set_would_save_it_and_taken_back() {
    let mut session = Session::saving();
    let path = session.store.as_ref().expect("a store").0.path().join("sample.db");
    for case in CASES {
        session.press(case.opens);
        session.press(case.types);
        let key = session.form().subject().key;
        assert!(case.key.is_empty() || key == case.key, "{key}");
        session.ctrl('s');
        assert!(session.tells().starts_with("已保存 #"), "{}: {} {:?}", case.kind, session.tells(), session.app.modal);
        assert!(session.app.modal.is_none());
        let typed = session.newest();
        assert_eq!((typed.kind_name.as_str(), typed.key.as_str()), (case.kind, key.as_str()));
        session.press("u");
        let undone = session.newest();
        assert_eq!((undone.base, &undone.after), (typed.seq, &typed.before), "{}: {}", case.kind, session.tells());

        let mut set = Command::new(env!("CARGO_BIN_EXE_dukao"));
        let set = set.arg("--database").arg(&path).args(["set", case.kind, &key]).args(case.fields).output();
        let set = set.expect("the program");
        assert!(set.status.success(), "{}: {}", case.kind, String::from_utf8_lossy(&set.stderr));
        assert_eq!(session.newest().after, typed.after, "{}", case.kind);
    }
}

#[test]
fn a_goal_that_is_done_or_not_says_how_that_is_typed() {
    let mut session = Session::looking(Lang::Zh);
    session.press("4<tab><tab>i");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("1 已完成，0 未完成"), "{screen}");
}

/// What is typed for a field, and how `dukao set` is told the same: some of it does not fit.
fn ways(takes: Takes) -> &'static [(&'static str, &'static str)] {
    match takes {
        Takes::Day => &[("0630", "2014-06-30"), ("7.1", "2014-07-01"), ("今天", "2014-07-12"), ("13-01", "13-01")],
        Takes::Money => &[("980万元", "980万元"), ("１．２亿元", "1.2亿元"), ("980", "980"), ("-5万元", "-5万元")],
        Takes::Share => {
            &[("４５", "45"), ("99.5%", "99.5"), ("0.5%", "0.5%"), ("0.5", "0.5"), ("120", "120"), ("abc", "abc")]
        }
        Takes::Number => &[("9.1", "9.1"), ("-３", "-3"), ("1.234", "1.234")],
        Takes::Count => &[("９", "9"), ("0", "0"), ("2.5", "2.5")],
        Takes::Period => &[("2014-h1", "2014-H1"), ("2014-Q3", "2014-Q3"), ("上半年", "上半年")],
        Takes::Id => &[("X-1", "X-1"), ("x/1", "x/1")],
        Takes::Text => &[("样例，甲", "样例，甲"), ("a b", "a b")],
        Takes::One | Takes::Many => &[],
    }
}

#[test]
fn whatever_is_typed_is_read_as_set_reads_it() {
    let mut dice = crate::storm::Dice(2014);
    let (mut saved, mut refused) = (0, 0);
    for turn in 0..120 {
        let sheet = *dice.pick(&Sheet::EDITED);
        let mut session = Session::looking(Lang::Zh);
        session.press(&format!(":record {}<enter><pgup>", sheet.kind().name()));
        let lines: Vec<_> = session.form().lines.iter().map(|l| (l.name, l.takes, l.key)).collect();
        let mut said: Vec<(&str, String)> = session.form().lines.iter().map(|l| (l.name, l.value.clone())).collect();
        for (place, (name, takes, _)) in lines.iter().enumerate().take(lines.len() - 1) {
            // Half of the fields stay as they are; what a record cannot be without is mostly there.
            if dice.roll(10) < if sheet.requires(name) { 9 } else { 4 } {
                let told = if takes.listed() {
                    let project = session.form().value("project").to_owned();
                    let (data, app) = (session.snapshot(), &session.app);
                    let sight = Sight { data: &data, index: &app.index, actor: &app.actor, lang: app.lang };
                    let all = offers(sheet, name, &project, &sight);
                    let Some(offer) = all.get(dice.roll(all.len())) else { continue };
                    let value = offer.value.clone();
                    session.press(&format!(" {value}<enter><up>"));
                    value
                } else {
                    let (typed, told) = *dice.pick(ways(*takes));
                    session.press(&format!("{typed}<enter><up>"));
                    told.to_owned()
                };
                said[place].1 = told;
            }
            session.press("<down>");
        }
        let told = |key: bool| {
            let of = lines.iter().zip(&said).filter(move |((.., k), _)| *k == key);
            of.map(|((name, ..), (_, value))| (*name, value.clone()))
                .filter(move |(n, v)| key || (*n != "reason" && !v.is_empty()))
        };
        let fields: Vec<(String, String)> = told(false).map(|(n, v)| (n.to_owned(), v)).collect();
        let expected = exchange::edited(sheet, &told(true).collect::<Vec<_>>(), &fields, &session.snapshot());
        session.ctrl('s');
        let drafts = session.asked.iter().find_map(|r| match r {
            Request::Save { drafts, .. } => Some(drafts.clone()),
            _ => None,
        });
        match expected {
            Ok((subject, after)) => {
                let unchanged = exchange::current(&session.snapshot(), &subject) == after;
                let change = drafts.as_deref().and_then(<[_]>::first).map(|d| (&d.change.subject, &d.change.after));
                assert_eq!(change, (!unchanged).then_some((&subject, &after)), "{turn} {said:?} {}", session.tells());
                saved += 1;
            }
            Err(bad) => {
                assert!(drafts.is_none(), "{turn} {said:?}");
                for line in &session.form().lines {
                    let wrong = bad.iter().any(|b| b.column == line.name);
                    assert_eq!(line.wrong.is_some(), wrong, "{turn} {} {bad:?} {said:?}", line.name);
                }
                refused += 1;
            }
        }
    }
    assert!(saved > 10 && refused > 10, "{saved} saved, {refused} refused");
}

#[test]
fn a_panel_is_left_for_a_form_and_found_again() {
    let mut session = Session::saving();
    session.press("2<enter>i145");
    session.ctrl('s');
    assert!(matches!(session.app.modal, Some(Modal::Dossier(_))), "{:?}", session.app.modal);
    assert!(session.progress("2014-07-12").is_some());
    session.press("e1<esc>");
    assert!(matches!(session.app.modal, Some(Modal::Dossier(_))));
    session.press("<esc>4<down><enter>i");
    assert_eq!(session.form().subject().kind, Kind::Attraction);
    session.press("<esc>");
    assert!(matches!(session.app.modal, Some(Modal::Attractions(_))));
}

#[test]
fn what_a_form_looks_like() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i");
    insta::assert_snapshot!("what_can_be_recorded_of_a_project", session.screen(80, 24, Skin::Safe));
    session.press("1４５<enter>120<enter>980<enter>");
    insta::assert_snapshot!("a_report_with_two_fields_that_do_not_fit", session.screen(80, 24, Skin::Safe));
    let mut session = Session::looking(Lang::En);
    session.press("4iNew park<enter>3亿元");
    insta::assert_snapshot!("an_attraction_while_its_amount_is_typed", session.screen(120, 36, Skin::Line));
    let mut session = Session::looking(Lang::Zh);
    session.press("6i<enter>jsz");
    insta::assert_snapshot!("a_unit_is_looked_for_by_its_initials", session.screen(80, 24, Skin::Safe));
}

#[test]
fn a_form_fits_into_every_window() {
    for case in CASES {
        let mut session = Session::looking(Lang::Zh);
        session.press(case.opens);
        for (columns, rows) in [(20, 5), (34, 6), (60, 20), (80, 24), (200, 60)] {
            let screen = session.screen(columns, rows, Skin::Safe);
            assert!(screen.lines().all(|l| l.width() <= usize::from(columns) || l.starts_with("styles")), "{screen}");
        }
        session.press(case.types);
        session.screen(20, 5, Skin::Safe);
        let kept = session.form().value(case.fields[0].split_once('=').expect("a field").0).to_owned();
        session.screen(80, 24, Skin::Safe);
        assert!(!kept.is_empty() || session.form().cell.is_some(), "{}: what was typed survives any size", case.kind);
    }
}

#[test]
fn nothing_has_changed_is_one_key() {
    let mut session = Session::saving();
    let last = session.snapshot().facts.progress[session.snapshot().plan.project_ix(XX010).expect("it").at()].clone();
    let (day, last) = last.last().expect("a report").clone();
    session.press("2\"");
    assert_eq!(session.progress("2014-07-12"), Some(Record::Progress(last)));
    assert!(session.tells().contains(&day.to_string()), "{}", session.tells());
    session.press("“");
    assert!(session.tells().contains("已有上报"), "the quote of an input method, once a day: {}", session.tells());
    session.press("u");
    assert_eq!(session.progress("2014-07-12"), None);
}

#[test]
fn nothing_has_changed_in_all_projects_that_are_selected() {
    let mut session = Session::saving();
    session.press("2  ");
    let selected: Vec<_> = session.app.projects.picked.rows().collect();
    assert_eq!(selected.len(), 2);
    let today = session.snapshot().today;
    let reported = |session: &Session| {
        let data = session.snapshot();
        let of = |p: ProjectIx| data.facts.progress[p.at()].last().is_some_and(|(day, _)| *day == today);
        data.plan.project_ixs().filter(|p| of(*p)).collect::<Vec<_>>()
    };
    session.press("\"");
    assert_eq!(reported(&session), selected, "{}", session.tells());
    assert!(session.tells().contains("2 个项目同上次"), "{}", session.tells());
    session.press("\"");
    assert!(
        session.tells().contains("选中的 2 个都没有记") && session.tells().contains("已有上报"),
        "{}",
        session.tells()
    );
    session.press("u");
    assert!(reported(&session).is_empty(), "one operation, one undo: {}", session.tells());
    session.press(" \"");
    assert_eq!(reported(&session).len(), 3, "{}", session.tells());
    session.press(" \"");
    assert_eq!(reported(&session).len(), 4);
    assert!(session.tells().contains("1 个项目同上次；另 3 个未记"), "{}", session.tells());
}

#[test]
fn the_last_reports_of_a_project_can_be_corrected() {
    let mut session = Session::saving();
    let data = session.snapshot();
    let project = data.plan.project_ix(XX010).expect("it");
    let days: Vec<String> = data.facts.progress[project.at()].iter().rev().map(|(day, _)| day.to_string()).collect();
    assert!(days.len() > 1);
    session.press("2e");
    let screen = session.screen(80, 24, Skin::Safe);
    for day in days.iter().take(6) {
        assert!(screen.contains(day), "{day}: {screen}");
    }
    session.press("2");
    assert_eq!(session.form().subject().key, format!("{XX010}/{}", days[1]));
}

#[test]
fn whoever_interrupts_is_told_what_is_not_saved() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i170");
    session.ctrl('c');
    assert!(session.tells().contains("有 1 项没保存"), "{}", session.tells());
    session.press("<esc><esc>");
    session.ctrl('c');
    assert!(session.tells().contains("再按一次 Ctrl-C 退出"), "{}", session.tells());
}

#[test]
fn what_is_odd_is_said_beside_its_field_and_saved_all_the_same() {
    let mut session = Session::saving();
    session.press("2i12<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("? 低于 2014-07-10 上报的 33%"), "{screen}");
    session.press("<down>6000万元<enter><down><down> 1");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("? 超过总投资") && screen.contains("? 报已完成，形象进度只有 2%"), "{screen}");
    session.ctrl('s');
    assert!(session.tells().starts_with("已保存 #") && session.tells().contains("请核对"), "{}", session.tells());
    assert!(session.progress("2014-07-12").is_some());
    session.press("4i大项目<enter>12亿元<enter>13亿元<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("? 超过投资额"), "{screen}");
}

#[test]
fn few_rows_are_chosen_by_their_digit_and_many_are_ticked_by_the_space() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i1<pgdn><up><up> ");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("1 ") && screen.contains("1-9 或 Enter 选定"), "{screen}");
    insta::assert_snapshot!("few_rows_with_their_digits", screen);
    session.press("3");
    assert_eq!(session.form().value("reported"), "behind");
    session.press("<esc><esc>2i4 110");
    let picker = session.form().picker.as_ref().expect("the list of sources");
    assert_eq!(picker.chosen().map(|o| o.value.as_str()), Some("line110"), "a digit that is in a name is looked for");
    session.press("<esc><esc>4i<pgup>");
    let at = session.form().lines.iter().position(|l| l.name == "credits").expect("the line");
    session.press(&format!("{} gy <left>", "<down>".repeat(at)));
    session.press("xx <enter>");
    assert!(session.form().picker.is_none());
    assert_eq!(session.form().value("credits"), "GY;XX", "what is ticked stays so, and Enter is done");
}

#[test]
fn j_moves_down_in_a_menu_too() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2ijjk");
    let Some(Modal::Menu(menu)) = &session.app.modal else { panic!("{:?}", session.app.modal) };
    assert_eq!(menu.cursor.place(), 1);
}

#[test]
fn a_fraction_in_place_of_a_percentage_is_asked_about_in_the_form_too() {
    let mut session = Session::saving();
    session.press("2i10.5");
    session.ctrl('s');
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("写 50 或 0.5%"), "{screen}");
    assert_eq!(session.form().value("percent"), "0.5", "what was typed stays");
}

#[test]
fn a_day_that_was_reported_already_shows_what_was_said() {
    let mut session = Session::saving();
    session.press("2i1<up>0630<enter>");
    assert_eq!(session.form().value("percent"), "30");
    assert!(session.screen(80, 24, Skin::Safe).contains("已有这条记录"));
    session.press("36");
    session.ctrl('s');
    let Some(Record::Progress(after)) = session.progress("2014-06-30") else { panic!("{}", session.tells()) };
    assert_eq!((after.percent, after.note.as_str()), (Percent::parse("36").ok(), "样例"), "the rest stays");
}

#[test]
fn records_are_changed_from_the_project_the_list_and_the_log() {
    let mut session = Session::saving();
    session.press("2e1");
    assert_eq!(session.form().subject().kind, Kind::Progress);
    assert!(session.form().lines.iter().all(|l| l.fixed == l.key), "another key would be another record");
    session.press("<esc>6e");
    let id = session.form().subject().key;
    session.press("<down><down>更换护栏");
    session.ctrl('s');
    let entry = session.newest();
    assert_eq!((entry.kind, &entry.key), (Some(Kind::Rectification), &id));
    session.press("u");
    assert!(session.tells().contains("-> 样例:"), "an undo names what it brought back: {}", session.tells());
    session.press("U7");
    session.press("e");
    assert_eq!(session.form().subject().key, id, "the newest entry is the one under the cursor");
    session.press("<esc>4<tab>e");
    assert_eq!(session.form().subject().key, "gdp/2014-H1");
    session.press("<esc>4<tab><tab>e1<enter>");
    assert!(session.form().before.is_some());
    session.press("<esc><esc>4<tab><tab>e");
    let first = session.app.modal.as_ref().expect("the attractions of the row");
    assert!(matches!(first, Modal::Menu(_) | Modal::Form(_)), "{first:?}");
}

/// Somebody else reports on the same day meanwhile.
fn another_reports(session: &mut Session, percent: i64) {
    let (_, store) = session.store.as_mut().expect("a store");
    let report = ProgressRecord {
        percent: Some(Percent::whole(percent)),
        planned_percent: None,
        invested: None,
        permits_due: None,
        permits_obtained: None,
        reported: None,
        note: "乙报".into(),
    };
    let subject = Subject::new(Kind::Progress, &[XX010, "2014-07-12"]);
    let before = exchange::current(&store.snapshot(None), &subject);
    let change = Change { subject, before, after: Some(Record::Progress(report)), reason: String::new() };
    store.save(&Actor::owner("yi", 0), &[Draft { change, base: None }], None).expect("saved");
}

#[test]
fn who_comes_second_sees_both_values_and_decides() {
    for (keys, percent) in [("<enter>核对<enter>", 45), ("<esc>", 40)] {
        let mut session = Session::saving();
        session.press("2i145<enter>");
        another_reports(&mut session, 40);
        session.ctrl('s');
        let screen = session.screen(80, 24, Skin::Safe);
        assert!(screen.contains("45") && screen.contains("对方 40") && screen.contains("Enter 覆盖"), "{screen}");
        assert!(screen.contains("乙报"), "what was not typed here is theirs: {screen}");
        if percent == 45 {
            session.press("<enter>");
            session.ctrl('s');
            assert!(session.tells().contains("理由"), "going over somebody's value needs a reason");
            session.press("核对<enter>");
            assert!(session.app.modal.is_none(), "{}", session.tells());
            assert_eq!(session.newest().reason, "核对");
        } else {
            session.press(keys);
            assert_eq!(session.form().value("percent"), "40");
            assert!(session.tells().contains("没有别的要保存"), "{}", session.tells());
            assert_eq!(session.form().unsaved(), 0);
        }
        let Some(Record::Progress(now)) = session.progress("2014-07-12") else { panic!("a report") };
        assert_eq!((now.percent, now.note.as_str()), (Some(Percent::whole(percent)), "乙报"));
    }
}

#[test]
fn what_comes_in_while_a_line_is_open_is_not_overwritten_unseen() {
    // As a digit is typed the other's report is not there yet; it comes in before the line is closed.
    for (keys, end) in [("2i145", ""), ("2i145", "<enter>"), ("2e145", "")] {
        let mut session = Session::saving();
        if keys.starts_with("2e") {
            another_reports(&mut session, 30);
            let data = session.store.as_mut().expect("a store").1.snapshot(None);
            session.tell(Msg::Reply(Reply::Data(data)));
        }
        session.press(keys);
        another_reports(&mut session, 40);
        let store = &mut session.store.as_mut().expect("a store").1;
        let data = store.snapshot(None);
        session.tell(Msg::Reply(Reply::Data(data)));
        session.press(end);
        session.ctrl('s');
        let screen = session.screen(80, 24, Skin::Safe);
        assert!(screen.contains("对方 40") && screen.contains("45"), "{keys}{end}: {screen}");
        let Some(Record::Progress(now)) = session.progress("2014-07-12") else { panic!("a report") };
        assert_eq!(now.percent, Some(Percent::whole(40)), "{keys}{end}");
    }
}

#[test]
fn nothing_typed_is_lost_without_a_word() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i145<enter>");
    session.press("<f1>");
    assert!(matches!(session.app.modal, Some(Modal::Help(_))));
    session.press("<esc>");
    assert_eq!(session.form().value("percent"), "45", "the help gives the form back");
    session.ctrl('s');
    let Some(Request::Save { ticket, .. }) = session.asked.last() else { panic!("{:?}", session.asked) };
    let ticket = *ticket;
    session.ctrl('s');
    assert_eq!(session.asked.iter().filter(|r| matches!(r, Request::Save { .. })).count(), 1, "once is enough");
    session.tell(Msg::Reply(Reply::Refused { ticket, error: Error::Busy }));
    assert_eq!(session.form().value("percent"), "45", "a refusal keeps what was typed");
    session.press("<esc>");
    assert!(session.tells().contains("再按 Esc"), "{}", session.tells());
    session.press("<down><esc>");
    assert!(session.tells().contains("再按 Esc"), "another key came between");
    session.press("<esc>");
    assert!(session.app.modal.is_none());
    assert!(session.tells().contains("未保存而放弃 1 项"), "{}", session.tells());
    session.press("2i1<esc>");
    assert!(session.app.modal.is_none(), "nothing was typed, nothing is asked");
}

#[test]
fn a_lost_answer_is_looked_up_before_anything_is_said() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i145");
    session.ctrl('s');
    let Some(Request::Save { ticket, drafts }) = session.asked.last().cloned() else { panic!("{:?}", session.asked) };
    session.tell(Msg::Reply(Reply::Refused { ticket, error: Error::Unknown([7; 16]) }));
    let Some(Request::Settle { ticket: again, op, drafts: same }) = session.asked.last() else {
        panic!("{:?}", session.asked)
    };
    assert_eq!((*again, *op, same), (ticket, [7; 16], &drafts));
    session.tell(Msg::Reply(Reply::Saved { ticket, seqs: vec![9_001] }));
    assert!(session.app.modal.is_none() && session.tells().contains("#9001"), "{}", session.tells());
}

#[test]
fn who_may_not_keep_a_record_is_told_why() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("2i");
    let screen = session.screen(80, 24, Skin::Safe);
    assert_eq!(screen.matches("不允许这一步").count(), 5, "{screen}");
    insta::assert_snapshot!("what_a_viewer_may_not_record", screen);
    session.press("1");
    assert!(session.tells().contains("不允许这一步"));
    session.press("<esc>\"");
    assert!(session.tells().contains("不允许这一步"));
    for keys in ["6i", "6e", "4i", "4<tab>i", "4<tab>e"] {
        session.press(keys);
        assert!(session.app.modal.is_none() && session.tells().contains("不允许这一步"), "{keys}: {}", session.tells());
    }
    session.press(":登记 进度");
    assert!(session.screen(80, 24, Skin::Safe).contains("无权操作"));
    assert!(!session.asked.iter().any(|r| matches!(r, Request::Save { .. })));
}

#[test]
fn a_clerk_of_one_unit_keeps_its_records_alone() {
    let mut session = Session::saving();
    let unit = session.snapshot().plan.unit_ix("XX").expect("a unit");
    session.app.actor = Actor { roles: vec![Role::Clerk], units: vec![unit], owner: false, ..Actor::owner("luru", 0) };
    session.press("2i1");
    assert_eq!(session.form().subject().kind, Kind::Progress, "a project of his unit");
    session.press("<esc><down>i1");
    assert!(session.tells().contains("不允许这一步"), "one of another unit: {}", session.tells());
    for line in ["4", "5"] {
        session.press(&format!("<esc>2i{line}"));
        assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "nothing is typed in vain: {line}");
        assert!(session.tells().contains("不允许这一步"), "{line}: {}", session.tells());
    }
    session.press("<esc><up>:record incident<enter>");
    assert_eq!(session.form().subject().kind, Kind::Incident, "{:?}", session.app.modal);
    session.press("xf<enter>wage_un<enter><enter>");
    session.press(" SZ-027<enter>");
    assert!(session.form().picker.is_some() && session.tells().contains("不允许这一步"), "{}", session.tells());
    session.press("<esc> XX-014<enter>");
    session.ctrl('s');
    assert!(session.tells().starts_with("已保存"), "{} {:?}", session.tells(), session.form().lines);
    assert!(session.newest().after.is_some_and(|after| after.contains("YB14-XX-014")));
}

#[test]
fn the_palette_opens_every_form() {
    for case in CASES {
        let mut session = Session::looking(Lang::Zh);
        session.press(&format!(":record {}<enter>", case.kind));
        assert_eq!(session.form().subject().kind.name(), case.kind);
    }
}

#[test]
fn the_project_itself_is_shown_with_its_file() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i6");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(
        screen.contains("projects.toml") && screen.contains(XX010) && screen.contains("total_investment"),
        "{screen}"
    );
}

#[test]
fn the_line_of_the_file_where_a_project_stands_is_named() {
    let mut session = Session::saving();
    session.press("2i6");
    let text = dukao::plan::Texts::sample().projects;
    let head = &text[..text.find(&format!("id = \"{XX010}\"")).expect("its id")];
    let table = head.rfind("[[project]]").expect("its table");
    let line = head[..table].matches('\n').count() + 1;
    let screen = session.screen(120, 36, Skin::Safe);
    assert!(screen.contains(&format!("projects.toml:{line}")), "{line} {screen}");
}

#[test]
fn the_whole_sheet_of_a_judge_is_typed_in_one_go() {
    let mut session = super::ballots::empty("luru");
    let sites = session.snapshot().plan.round(super::ballots::round(&session.snapshot())).sites.len();
    for site in 0..sites {
        session.press(&format!("{}<tab>", 60 + site));
    }
    let typed = (1..=sites).filter_map(|site| super::ballots::ballot(&session, "J01", site)).count();
    assert_eq!(typed, sites, "{}", session.tells());
}

fn rectification(session: &Session, id: &str) -> Option<Record> {
    exchange::current(&session.snapshot(), &Subject::new(Kind::Rectification, &[id]))
}

#[test]
fn a_record_is_withdrawn_with_a_reason_and_brought_back() {
    let mut session = Session::saving();
    session.press("6");
    let data = session.snapshot();
    let id = session.app.rectifications.selected(&data).expect("a row").0.to_owned();
    let before = rectification(&session, &id);
    session.press("<del>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains(&format!("撤回 整改 {id}")) && screen.contains("写明理由"), "{screen}");
    insta::assert_snapshot!("a_record_before_it_is_withdrawn", screen);
    let narrow = session.screen(40, 12, Skin::Safe);
    assert!(narrow.contains("理由") && narrow.contains("Enter 撤回"), "{narrow}");
    session.press("<enter>");
    assert!(session.tells().contains("理由"), "no reason, nothing done: {}", session.tells());
    assert!(rectification(&session, &id).is_some());
    session.press("重复交办<enter>");
    assert!(session.tells().starts_with("已保存 #"), "{}", session.tells());
    assert_eq!(rectification(&session, &id), None);
    assert_eq!(session.newest().reason, "重复交办");
    session.press("u");
    assert_eq!(rectification(&session, &id), before, "{}", session.tells());
    session.press("U");
    assert_eq!(rectification(&session, &id), None, "{}", session.tells());
}

#[test]
fn a_record_is_withdrawn_wherever_it_is_seen() {
    let mut session = Session::saving();
    session.press("2i145");
    session.ctrl('s');
    for (opens, form) in [("2D1", false), ("2<enter><del>1", false), ("7<del>", false), ("2e1", true)] {
        session.press(opens);
        if form {
            session.ctrl('d');
        }
        assert!(session.form().withdraws, "{opens}");
        assert_eq!(session.form().subject().key, format!("{XX010}/2014-07-12"), "{opens}");
        session.press("<esc><esc>");
    }
    session.press("2D1");
    let kept = session.form().value("percent").to_owned();
    session.press("<up><pgup><right><del>");
    assert_eq!(session.form().value("percent"), kept, "the record is read, not changed");
    session.press("<enter>");
    assert!(session.progress("2014-07-12").is_some());
    session.press("录错项目<esc>");
    assert!(session.form().withdraws, "the open field first");
    session.press("录错项目<down><esc>");
    assert!(session.tells().contains("再按 Esc 放弃"), "a reason that was typed is asked about: {}", session.tells());
    session.press("<enter>");
    assert_eq!(session.progress("2014-07-12"), None, "{}", session.tells());
    session.press("4D");
    assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "the attractions of the row");
}

#[test]
fn what_is_typed_in_a_form_is_not_withdrawn_with_the_record() {
    let mut session = Session::saving();
    session.press("2i1");
    session.ctrl('d');
    assert!(session.tells().contains("没有这条记录"), "{}", session.tells());
    session.press("<esc>2e136<enter>");
    session.ctrl('d');
    assert!(session.tells().contains("有 1 项没保存"), "{}", session.tells());
    assert!(!session.form().withdraws);
    assert_eq!(session.form().value("percent"), "36");
}

#[test]
fn who_may_not_change_a_record_does_not_withdraw_it() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("6<del>");
    assert!(session.app.modal.is_none() && session.tells().contains("不允许这一步"), "{}", session.tells());
    session.press("2D1");
    assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "greyed out");
    assert!(session.tells().contains("不允许这一步"), "{}", session.tells());
}

#[test]
fn a_record_that_somebody_changed_meanwhile_is_shown_before_it_is_withdrawn() {
    let mut session = Session::saving();
    session.press("2i145");
    session.ctrl('s');
    session.press("2D1录错");
    another_reports(&mut session, 77);
    session.press("<enter>");
    assert!(session.form().conflict.is_some(), "{}", session.tells());
    session.press("<esc>");
    assert_eq!((session.form().withdraws, session.form().value("percent")), (false, "77"));
}

#[test]
fn where_there_is_no_row_a_key_of_records_says_so() {
    let mut session = super::lists::empty();
    for keys in ["4i", "4e", "4<tab>i", "4<tab>D", "6e", "6<del>", "2/zzzz<enter>i", "D", "\""] {
        session.press(keys);
        assert!(session.app.modal.is_none() && session.tells().contains("没有选中的行"), "{keys}: {}", session.tells());
    }
    session.press("6i<enter>zzzz");
    assert!(session.screen(80, 24, Skin::Safe).contains("没有「zzzz」：改几个字，或 Esc 关闭"));
}

#[test]
fn a_table_that_is_pasted_into_a_field_stays_one_line() {
    let mut session = Session::saving();
    session.press("2i1<down><down><down><down><down><down>");
    session.tell(Msg::Paste("楼板浇筑\r\n等图纸会审\t周三\n".into()));
    session.press("<enter>");
    assert_eq!(session.form().value("note"), "楼板浇筑 等图纸会审 周三");
}

#[test]
fn the_footer_offers_the_keys_of_records_to_those_who_keep_them() {
    let footer =
        |session: &mut Session| session.screen(120, 24, Skin::Safe).lines().nth(23).unwrap_or_default().to_owned();
    let mut session = Session::looking(Lang::Zh);
    for view in ["2", "6"] {
        session.press(view);
        let line = footer(&mut session);
        assert!(line.contains("i 登记") && line.contains("Del 撤回记录") && line.contains("x 导出"), "{line}");
    }
    session.app.actor = Actor::viewer("guest", "local:9");
    for view in ["2", "4", "6", "7"] {
        session.press(view);
        let line = footer(&mut session);
        assert!(
            !line.contains("登记") && !line.contains("改记录") && !line.contains("撤回") && !line.contains("办理"),
            "{line}"
        );
    }
    session.press("2");
    assert!(footer(&mut session).contains("x 导出"));
}

#[test]
fn the_footer_of_the_ballots_names_no_unit() {
    let mut session = super::ballots::empty("luru");
    session.press("<esc>");
    let screen = session.screen(120, 24, Skin::Safe);
    assert!(!screen.contains("上一单位") && screen.contains("进表格"), "{screen}");
}

#[test]
fn a_unit_is_found_by_every_reading_of_its_name() {
    let (_, mut plan) = sample();
    let unit = plan.district.units.iter_mut().find(|u| u.code == "XX").expect("a unit");
    unit.name = "长乐重工指挥部".into();
    let facts = dukao::domain::snapshot::Facts::empty(&plan);
    let today = plan.district.today.expect("a frozen day");
    let mut session = Session::looking(Lang::Zh);
    session.tell(Msg::Reply(Reply::Data(Arc::new(Snapshot::new(Arc::new(plan), facts, today, None)))));
    for typed in ["clzg", "zlzg", "cyzg", "clcg", "changle", "zhangyue", "chongg", "乐重", "clzgzhb"] {
        session.press(&format!("6i<enter>{typed}"));
        let picker = session.form().picker.as_ref().expect("the list of units");
        assert_eq!(picker.chosen().map(|o| o.value.as_str()), Some("XX"), "{typed}");
        session.press("<esc><esc><esc>");
    }
    session.press("6i<enter>zhb");
    let many = session.form().picker.as_ref().map_or(0, |p| p.hits.len());
    assert!(many > 1, "several that fit are all listed: {many}");
}

#[test]
fn the_palette_knows_how_records_go_and_how_files_come() {
    let mut session = Session::looking(Lang::Zh);
    for typed in ["撤回", "删", "shanchu"] {
        session.press(&format!("2:{typed}"));
        assert!(session.screen(80, 24, Skin::Safe).contains("撤回记录"), "{typed}");
        session.press("<esc>");
    }
    for view in ["2", "4", "6", "7"] {
        session.press(&format!("{view}:withdraw"));
        assert!(!session.screen(80, 24, Skin::Safe).contains("此页不用"), "{view}");
        session.press("<esc>");
    }
    session.press("2:withdraw<enter>");
    assert!(matches!(session.app.modal, Some(Modal::Menu(_))), "{:?}", session.app.modal);
    session.press("<esc>:daoru<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("dukao import 文件 --dry-run"), "{screen}");
}

#[test]
fn a_step_taken_on_a_day_that_is_held_fast_shows_no_day_of_the_clock() {
    let mut session = Session::saving();
    session.press("6<enter>");
    let Some(Modal::Menu(menu)) = &session.app.modal else { panic!("{:?}", session.app.modal) };
    assert!(menu.choices.iter().any(|c| c.refused.is_none()));
    session.press("<enter>");
    assert!(session.tells().starts_with("已保存 #"), "{}", session.tells());
    let screen = session.screen(120, 36, Skin::Safe);
    let strip = screen.lines().find(|line| line.contains("交办 ->")).expect("the steps");
    let year = session.newest().at[..4].to_owned();
    assert!(year.parse::<u16>().is_ok_and(|y| y > 2014) && !strip.contains(&year), "{strip}");
}

#[test]
fn what_was_wrong_with_one_line_is_looked_at_again_with_another() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i5");
    let go = |session: &mut Session, name: &str| {
        let at = session.form().lines.iter().position(|l| l.name == name).expect("a line");
        while session.form().at != at {
            session.press(if session.form().at < at { "<down>" } else { "<up>" });
        }
    };
    let wrong = |session: &Session, name: &str| {
        let line = session.form().lines.iter().find(|l| l.name == name).expect("a line");
        line.wrong.as_ref().map(|why| why.zh.clone())
    };
    go(&mut session, "issued");
    session.press("0701<enter>");
    go(&mut session, "due");
    session.press("0615<enter>");
    assert!(wrong(&session, "due").is_some_and(|why| why.contains("早于交办日")), "{:?}", wrong(&session, "due"));
    go(&mut session, "issued");
    session.press("0601<enter>");
    assert_eq!(wrong(&session, "due"), None, "it is not earlier any more");
}

#[test]
fn a_day_that_is_not_in_the_calendar_is_told_so() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2i5");
    let at = session.form().lines.iter().position(|l| l.name == "issued").expect("a line");
    while session.form().at != at {
        session.press(if session.form().at < at { "<down>" } else { "<up>" });
    }
    session.press("0231<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("2014-02-31") && screen.contains("没有 2014 年 02 月 31 日这一天"), "{screen}");
}
