//! Who else is there, who is waited for, and what is damaged.

use super::*;
use dukao::domain::value::Bilingual;
use dukao::store::Present;

#[test]
fn who_else_is_in_the_grid_stands_where_the_tip_stands() {
    let mut session = Session::looking(Lang::Zh);
    assert_eq!(session.app.whereabouts(), None);
    session.press("5");
    let place = session.app.whereabouts().expect("a row of the grid");
    let (round, project) = place.split_once('/').expect("round and project");
    let other =
        session.app.data.as_ref().expect("data").plan.projects.iter().map(|p| p.id.clone()).find(|id| id != project);
    let somewhere = format!("{round}/{}", other.expect("another project"));
    let short = session.app.data.as_ref().expect("data").plan.short_id(&somewhere[round.len() + 1..]).to_owned();
    let of = |login: &str, place: &str| Present { login: login.into(), place: place.into() };
    session.tell(Msg::Reply(Reply::Others(vec![of("luru", &place), of("stranger", &somewhere)])));
    let screen = session.screen(80, 24, Skin::Safe);
    let row = screen.lines().find(|line| line.contains("也在这一行")).unwrap_or_else(|| panic!("{screen}"));
    assert!(row.contains(&format!("同表：stranger {short}")), "{screen}");
    session.tell(Msg::Reply(Reply::Others(Vec::new())));
    assert!(!session.screen(80, 24, Skin::Safe).contains("同表"));
    // On another view nothing is said of the grid, nor to the others.
    session.press("<esc>1");
    assert_eq!(session.app.whereabouts(), None);
}

#[test]
fn a_save_that_waits_says_so_until_it_is_answered() {
    let mut session = Session::looking(Lang::Zh);
    session.press("5");
    session.tell(Msg::Reply(Reply::Waiting));
    assert!(session.screen(80, 24, Skin::Safe).contains("另一人正在保存，稍候"));
    session.tell(Msg::Reply(Reply::Saved { ticket: 9, seqs: vec![1234] }));
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("已保存 #1234") && !screen.contains("稍候"), "{screen}");
}

#[test]
fn damage_stands_on_every_view_and_the_word_says_read_only() {
    let mut session = Session::looking(Lang::Zh);
    let damage = Bilingual::new("坏数据，屏上只读；退出后 dukao doctor。备份：/b/x.db", "damaged");
    session.tell(Msg::Reply(Reply::Damaged(Some(damage))));
    for view in ["1", "2", "3", "4", "6", "7", "5"] {
        session.press(view);
        let screen = session.screen(80, 24, Skin::Safe);
        let row = screen.lines().find(|line| line.contains("退出后 dukao doctor。备份：/b/x.db"));
        let row = row.unwrap_or_else(|| panic!("{view}\n{screen}"));
        assert!(row.trim_end().ends_with("只读"), "{view}\n{screen}");
    }
    session.tell(Msg::Reply(Reply::Damaged(None)));
    assert!(!session.screen(80, 24, Skin::Safe).contains("坏数据"));
}
