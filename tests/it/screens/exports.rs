//! `x`: what can be written of the round on the screen.

use super::*;

#[test]
fn a_bulletin_is_written_to_the_file_that_is_named() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3x");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("1");
    assert!(session.screen(80, 24, Skin::Safe).contains("写到文件：2014-H1-ASM-bulletin.docx"));
    session.press("<enter>");
    assert_eq!(
        session.exported,
        ["export bulletin --round 2014-H1-ASM --format docx --output 2014-H1-ASM-bulletin.docx"]
    );
    session.tell(Msg::Exported("已写出 2014-H1-ASM-bulletin.docx（65 KB）\n".into()));
    assert!(session.screen(80, 24, Skin::Safe).contains("已写出 2014-H1-ASM-bulletin.docx"));
    session.press("x8<esc>");
    assert_eq!(session.exported.len(), 1, "Esc writes nothing");
}

#[test]
fn an_ssh_session_writes_no_file_and_copies_the_command_to_run_at_home() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor.via = "ssh:SHA256:x".into();
    session.press("3x");
    assert!(session.screen(80, 24, Skin::Safe).contains("SSH 会话里不写文件"));
    session.press("3");
    assert!(session.exported.is_empty());
    assert_eq!(
        session.copied.as_deref(),
        Some("ssh 主机 export bulletin --round 2014-H1-ASM --format html > 2014-H1-ASM-bulletin.html")
    );
}

#[test]
fn whoever_comes_by_sudo_names_no_file_either() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor.via = "sudo:1001".into();
    session.press("3x");
    assert!(session.screen(80, 24, Skin::Safe).contains("经 sudo 使用时不写文件"));
    for line in ["1", "x2", "x7", "x9"] {
        session.press(line);
        assert!(!session.screen(80, 24, Skin::Safe).contains("写到文件"), "{line}");
    }
    assert!(session.exported.is_empty());
    assert!(session.copied.as_deref().is_some_and(|text| text.starts_with("sudo -u dukao dukao export ledger")));
}

#[test]
fn what_is_not_for_a_person_is_listed_with_its_reason() {
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("3x1");
    assert!(session.exported.is_empty());
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("您的角色或范围不允许这一步"), "{screen}");
}

#[test]
fn every_line_of_the_menu_is_a_command_that_writes_its_file() {
    let mut session = Session::looking(Lang::Zh);
    for (view, lines) in [("2", 0..10), ("6", 10..11)] {
        for line in lines {
            session.press(&format!("{view}x{}<enter><enter>", "<down>".repeat(line)));
        }
    }
    assert_eq!(session.exported.len(), dukao::app::exporting::OFFERED.len(), "{:?}", session.exported);
    let district = crate::contract::District::new();
    for command in &session.exported {
        let ended = district.run(command);
        assert_eq!(ended.code, 0, "{command}: {}", ended.err);
        assert!(ended.err.contains("已写出"), "{command}: {}", ended.err);
    }
}

#[test]
fn a_file_that_is_there_is_kept_unless_somebody_says_otherwise() {
    let mut session = Session::looking(Lang::Zh);
    let words = |file: &str| -> Vec<String> {
        format!("export bulletin --format docx --output {file}").split(' ').map(str::to_owned).collect()
    };
    for (answer, written) in [("<enter>", Some("/d/b-2.docx")), ("2", Some("/d/b.docx")), ("<esc>", None)] {
        session.exported.clear();
        session.tell(Msg::FileThere { words: words("/d/b.docx"), free: "/d/b-2.docx".into() });
        let screen = session.screen(80, 24, Skin::Safe);
        assert!(screen.contains("b.docx 已有") && screen.contains("另写一个：b-2.docx"), "{screen}");
        session.press(answer);
        let expected: Vec<String> = written.iter().map(|file| words(file).join(" ")).collect();
        assert_eq!(session.exported, expected);
    }
}

#[test]
fn a_name_of_another_format_is_refused_where_it_is_typed() {
    let mut session = Session::looking(Lang::Zh);
    session.press("3x1");
    for _ in 0..40 {
        session.press("<backspace>");
    }
    session.press("pdf<enter>");
    assert!(session.exported.is_empty());
    assert!(session.screen(80, 24, Skin::Safe).contains("文件名要以 .docx 结尾"));
}
