//! The panel that explains a figure: `=` on any of them.

use std::collections::BTreeSet;
use std::process::Command;

use dukao::app::explain::{derivation, printed};
use dukao::domain::change::{Change, Draft, Kind, MilestoneRecord, Record, Subject};
use dukao::domain::explain::{Clause, Derivation, Figure, Question};
use dukao::domain::project::BoardKind;
use dukao::store::LedgerEntry;

use super::*;

fn panel(session: &Session) -> &dukao::app::explain::Explain {
    match &session.app.modal {
        Some(dukao::app::modal::Modal::Explain(explain)) => explain,
        other => panic!("no panel: {other:?}"),
    }
}

/// A session over a database, so that the store answers who entered what.
fn asking(keys: &str) -> Session {
    let mut session = Session::saving();
    session.press(keys);
    session
}

/// The picture without the moments at which the database of the test was made.
fn timeless(picture: &str) -> String {
    const MOMENT: &str = "YYYY-MM-DD hh:mm";
    let fits = |text: &str| {
        text.len() >= MOMENT.len()
            && text
                .bytes()
                .zip(MOMENT.bytes())
                .all(|(c, m)| if m.is_ascii_alphabetic() { c.is_ascii_digit() } else { c == m })
    };
    let mut out = picture.to_owned();
    while let Some((at, _)) = out.char_indices().find(|(i, _)| fits(&out[*i..])) {
        out.replace_range(at..at + MOMENT.len(), MOMENT);
    }
    out
}

#[test]
fn a_project_explains_its_status_and_its_score() {
    let mut session = asking("2=<down><down>");
    insta::assert_snapshot!(timeless(&session.screen(80, 24, Skin::Safe)));
}

#[test]
fn a_unit_explains_its_place_on_the_board() {
    let mut session = Session::looking(Lang::En);
    session.press("3=<enter><end>");
    insta::assert_snapshot!(session.screen(120, 36, Skin::Line));
}

#[test]
fn the_cell_under_the_cursor_explains_itself() {
    let mut session = asking("5<down><down><down><down><down><down><right><right>=");
    let criterion = session.app.data.as_ref().expect("data").plan.rules.criteria[2].id.clone();
    let clause = panel(&session).selected().clause.clone().expect("a rule");
    assert_eq!(clause.key, format!("criterion.{criterion}"));
    let picture = session.screen(80, 24, Skin::Safe);
    assert!(
        picture.contains(&format!("scoring.toml 第 {} 行  [[criterion]] {criterion}", clause.line.expect("a line")))
    );
    session.press("<enter><down>");
    insta::assert_snapshot!(timeless(&session.screen(80, 24, Skin::Safe)));
}

#[test]
fn every_screen_answers_or_says_that_nothing_is_derived() {
    for keys in [
        "1=",
        "1<tab>=",
        "1<tab><tab>=",
        "1<tab><tab><tab>=",
        "2=",
        "2<f4>",
        "2<tab>=",
        "2<enter>=",
        "3=",
        "3<tab>=",
        "4=",
        "4<tab>=",
        "4<tab><tab>=",
        "5=",
        "5<esc>=",
        "6=",
    ] {
        for lang in [Lang::Zh, Lang::En] {
            let mut session = Session::looking(lang);
            session.press(keys);
            let step = panel(&session).step().clone();
            assert!(!step.label.in_lang(lang).is_empty() && !step.steps.is_empty(), "{keys}: {step:?}");
        }
    }
    for keys in ["7=", "1<tab><tab><tab><tab>="] {
        let mut session = Session::looking(Lang::Zh);
        session.press(keys);
        assert!(session.app.modal.is_none());
        assert!(session.screen(80, 24, Skin::Safe).contains("此处没有推算"), "{keys}");
    }
}

#[test]
fn an_entry_of_the_ledger_explains_what_it_is_part_of() {
    let mut session = asking("5<down><down><down><down><down><down><right><right>12<enter>");
    session.press("现场复核<enter><esc>7=");
    let step = panel(&session).selected();
    assert_eq!(step.clause.as_ref().expect("a rule").key, "criterion.investment");
    assert_eq!(step.result.text(Lang::Zh), "12.00");
}

#[test]
fn backspace_comes_back_to_the_same_place() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3=<down><enter><down><down>");
    let unit = session.screen(80, 24, Skin::Safe);
    session.press("<enter><down><down><down><enter>");
    assert_ne!(session.screen(80, 24, Skin::Safe), unit);
    session.press("<backspace><backspace>");
    assert_eq!(session.screen(80, 24, Skin::Safe), unit);
    session.press("<backspace><backspace>");
    assert!(session.screen(80, 24, Skin::Safe).contains("已在最外一层"));
    session.press("<esc>");
    assert!(session.app.modal.is_none() && session.app.tab.digit() == 3);
}

#[test]
fn a_step_that_rests_on_nothing_says_so() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2=<end><enter>");
    assert!(session.screen(80, 24, Skin::Safe).contains("没有更细的来源"));
}

#[test]
fn over_a_dossier_esc_comes_back_to_the_dossier() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2<enter>");
    let dossier = session.screen(80, 24, Skin::Safe);
    session.press("=");
    assert_ne!(session.screen(80, 24, Skin::Safe), dossier);
    session.press("<esc>");
    assert_eq!(session.screen(80, 24, Skin::Safe), dossier);
}

#[test]
fn the_panel_does_not_wait_for_who_entered_it() {
    let mut session = Session::looking(Lang::Zh);
    session.press("2=<down>");
    let Some(Request::Sources(of)) = session.asked.pop() else { panic!("nobody is asked") };
    assert!(of.contains(panel(&session).selected().source.as_ref().expect("a record")));
    assert!(session.screen(80, 24, Skin::Safe).contains("录入  查询中"));
    session.tell(Msg::Reply(Reply::Sources { of, entries: Vec::new() }));
    assert!(session.screen(80, 24, Skin::Safe).contains("无记录可看"));
}

#[test]
fn anothers_save_is_explained_in_the_same_place() {
    let mut session = asking("2=");
    let data = session.app.data.clone().expect("data");
    let project = session.app.projects.cursor.item().expect("a project");
    let late = data.done(project).iter().position(Option::is_none).expect("an open milestone");
    session.press(&"<down>".repeat(late + 1));
    let (id, name) = (&data.plan.project(project).id, &data.plan.milestones(project)[late].name);
    assert_eq!(panel(&session).selected().label.zh, *name);
    let before = session.screen(80, 24, Skin::Safe);
    assert!(!before.contains(" 录入 "), "{before}");

    for (author, day) in [("yi", data.board_date()), ("bing", data.plan.milestones(project)[late].due)] {
        let subject = Subject::new(Kind::Milestone, &[id, name]);
        let after = Some(Record::Milestone(MilestoneRecord { done: day }));
        let (_, store) = session.store.as_mut().expect("a store");
        let before = (author == "bing").then_some(MilestoneRecord { done: data.board_date() }).map(Record::Milestone);
        let drafts = [Draft { change: Change { subject, before, after, reason: String::new() }, base: None }];
        let seqs = store.save(&Actor::owner(author, 0), &drafts, None).expect("another's save");
        let now = store.snapshot(None);
        session.tell(Msg::Reply(Reply::Data(now)));

        assert_eq!(panel(&session).selected().label.zh, *name, "the cursor stays on its step");
        let after = session.screen(80, 24, Skin::Safe);
        assert!(after.contains(&format!("#{} {author}", seqs[0])), "{after}");
    }
}

#[test]
fn somebody_who_may_not_see_the_round_sees_the_status_alone() {
    let (dir, mut store) = database();
    let data = store.snapshot(None);
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.store = Some((dir, store));
    session.tell(Msg::Reply(Reply::Data(data)));
    session.press("2=");
    let words: Vec<String> = panel(&session).step().walk().map(|(_, s)| s.label.zh.clone()).collect();
    assert!(words.contains(&"状态".to_owned()) && !words.contains(&"得分".to_owned()), "{words:?}");
    session.press("<down>");
    assert!(session.screen(80, 24, Skin::Safe).contains("无记录可看"), "a viewer reads no ledger");
}

/// What `dukao explain` prints over the same database.
fn command(session: &Session, subject: &str) -> String {
    let (dir, _) = session.store.as_ref().expect("a store");
    let output = Command::new(env!("CARGO_BIN_EXE_dukao"))
        .env_clear()
        .env("HOME", dir.path())
        .args(["--lang", "zh", "--database"])
        .arg(dir.path().join("sample.db"))
        .args(["explain", subject])
        .current_dir(dir.path())
        .output()
        .expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_panel_and_the_command_tell_the_same() {
    let mut session = Session::saving();
    let data = session.app.data.clone().expect("data");
    session.press("2=y<esc>");
    let project = session.app.projects.cursor.item().expect("a project");
    let copied = session.copied.take().expect("a copy");
    assert_eq!(copied, command(&session, &format!("project:{}", data.plan.project(project).id)));

    session.press("3=y<esc>");
    let unit = session.app.boards.selected().flatten().expect("a unit");
    let copied = session.copied.take().expect("a copy");
    assert_eq!(copied, command(&session, &format!("unit:{}", data.plan.unit(unit).code)));

    session.press("4<tab>=y<esc>");
    let copied = session.copied.take().expect("a copy");
    assert_eq!(copied, command(&session, &format!("indicator:{}", data.plan.targets.indicators[0].id)));
}

/// Everything of the sample that can be asked.
fn questions(data: &Snapshot) -> Vec<Question> {
    let round = data.assessment_round().expect("a round");
    let mut all: Vec<Question> = vec![Question::Tally(None), Question::Quota { plan: 0, row: None }];
    all.extend(data.plan.project_ixs().step_by(4).map(|project| Question::Project { project, round: Some(round) }));
    for kind in [BoardKind::Headquarters, BoardKind::Towns] {
        let board = data.board(round, kind, data.default_measure(round)).expect("a board");
        all.extend(board.rows.iter().map(|r| Question::Unit { board: kind, unit: r.unit, round }));
    }
    let observation = data.pair_of(round).1.expect("an observation");
    let sites = data.panels(observation).expect("panels").iter();
    all.extend(sites.map(|p| Question::Panel { project: p.project, round: observation }));
    all.extend((0..data.goals().len()).map(Question::Goal));
    all.extend((0..data.facts.rectifications.len()).map(Question::Rectification));
    all
}

#[test]
fn nothing_is_lost_in_print_and_no_line_is_too_long() {
    let data = snapshot();
    let squeezed = |text: &str| text.replace([' ', '\n'], "");
    for question in questions(&data) {
        let told = derivation(&data, &Actor::owner("jia", 0), &question).expect("an answer");
        for (columns, lang) in [(40, Lang::En), (57, Lang::Zh), (80, Lang::Zh), (120, Lang::En)] {
            let lines = printed::lines(&data, &told, &[], lang, columns);
            let text: Vec<String> = lines.iter().map(printed::Line::text).collect();
            let long = text.iter().find(|l| l.width() > usize::from(columns));
            assert_eq!(long, None, "{columns} {question:?}");
            let words = squeezed(&lines.iter().map(|l| l.step.as_str()).collect::<String>());
            let results = squeezed(&lines.iter().map(|l| l.result.as_str()).collect::<String>());
            let expected =
                |of: &dyn Fn(&Derivation) -> String| squeezed(&told.walk().map(|(_, s)| of(s)).collect::<String>());
            let steps = expected(&|s| format!("{}{}", s.label.in_lang(lang), s.working.in_lang(lang)));
            assert_eq!(words, steps, "{columns} {question:?}");
            let heading = told.result.text(lang);
            let all = expected(&|s| s.result.text(lang));
            assert!(results == all || results == all[heading.len()..], "{columns} {question:?}: {results}\n{all}");
        }
    }
}

fn entry(kind: Kind, key: &str) -> LedgerEntry {
    LedgerEntry {
        seq: 1190,
        op_id: [0; 16],
        at: "2014-07-11T09:30:12.345+08:00".into(),
        actor: "zhang".into(),
        via: "local:1001".into(),
        kind: Some(kind),
        kind_name: kind.name().into(),
        key: key.into(),
        base: 0,
        before: None,
        after: None,
        reason: String::new(),
        hash: String::new(),
    }
}

#[test]
fn a_tree_in_print() {
    let rule = Clause { key: "criterion.node".into(), line: Some(33) };
    let source = |key: &str| Some(Subject { kind: Kind::Milestone, key: key.into() });
    let step = |zh: &str, points: i64| Derivation::new(zh, "", Points(points));
    let due = step("手续", 100).by("03-31 按期", "").from_record(source("P1/手续"));
    let open = step("基础与主体工程", 0).by("05-16 未完", "");
    let nodes = step("节点", 2000).sum("40 x (1 x 1 + 1 x 0) / (1 + 1)").rule(rule.clone());
    let nodes = Derivation { steps: vec![due, open, step("节点", 2000).rule(rule)], ..nodes };
    let long = "25 x min(1, 45 / 50)，实际 45%，计划 50%，乘以满分后四舍五入到 0.01，限 0 至满分";
    let site = step("现场形象进度", 2250).by(long, "").from_record(source("P1/2014-06-30"));
    let told = Derivation::new("XX-010", "", Figure::None).by("学校项目010", "");
    let told = Derivation { steps: vec![nodes, site], ..told };

    let known = entry(Kind::Milestone, "P1/手续");
    let lines = printed::lines(&snapshot(), &told, &[&known], Lang::Zh, 64);
    let text: Vec<String> = lines.iter().map(printed::Line::text).collect();
    let expected = "\
XX-010  学校项目010
  节点          40 x (1 x 1 + 1 x 0) / (1 + 1)             20.00
                scoring.toml:33 [[criterion]] node
    手续            03-31 按期   #1190 zhang 07-11 09:30    1.00
    基础与主体工程  05-16 未完                              0.00
    节点                                                   20.00
  现场形象进度  25 x min(1, 45 / 50)，实际 45%，计划       22.50
                50%，乘以满分后四舍五入到 0.01，限 0 至满
                分
                milestone:P1/2014-06-30";
    assert_eq!(text.join("\n"), expected);
}

#[test]
fn results_stand_on_one_column() {
    let data = snapshot();
    let question = Question::Project { project: data.behind()[0], round: data.assessment_round() };
    let told = derivation(&data, &Actor::owner("jia", 0), &question).expect("an answer");
    let lines = printed::lines(&data, &told, &[], Lang::Zh, 80);
    let ends: BTreeSet<usize> = lines.iter().filter(|l| !l.result.is_empty()).map(|l| l.text().width()).collect();
    assert_eq!(ends, BTreeSet::from([80]));
}

#[test]
fn the_panel_fits_every_window() {
    for (columns, rows) in [(20, 5), (40, 10), (59, 14), (80, 24), (100, 30), (120, 36), (300, 90)] {
        for lang in [Lang::Zh, Lang::En] {
            let mut session = Session::looking(lang);
            session.press("3=");
            for keys in ["<enter>", "<end>", "<enter>", "<down>", "<backspace>"] {
                session.press(keys);
                let picture = session.screen(columns, rows, Skin::Line);
                let lines: Vec<&str> = picture.lines().collect();
                assert_eq!(lines.len(), usize::from(rows) + 1);
                assert!(lines[..lines.len() - 1].iter().all(|l| l.width() <= usize::from(columns)));
            }
        }
    }
}
