//! Every view at every size: what there is no room for leaves, and nothing is torn.

use super::*;

/// Pictures of all seven views at one size, below each other.
fn all_views(columns: u16, rows: u16, skin: Skin) -> String {
    let mut session = Session::looking(Lang::Zh);
    let mut all = String::new();
    for (keys, name) in
        [("", "总览"), ("2", "项目"), ("3", "榜单"), ("4", "任务"), ("5", "评分"), ("<esc>6", "整改"), ("7", "记录")]
    {
        session.press(keys);
        let screen = session.screen(columns, rows, skin);
        let picture = screen.split("\nstyles").next().unwrap_or_default().to_owned();
        all.push_str(&format!("== {name}\n{picture}\n"));
    }
    all
}

#[test]
fn the_smallest_windows_keep_one_line_for_each_thing() {
    insta::assert_snapshot!(all_views(34, 6, Skin::Safe));
    insta::assert_snapshot!(all_views(38, 6, Skin::Line));
}

#[test]
fn a_narrow_window_keeps_one_column() {
    insta::assert_snapshot!(all_views(59, 20, Skin::Safe));
    insta::assert_snapshot!(all_views(60, 20, Skin::Safe));
}

#[test]
fn one_row_and_one_column_less_than_usual() {
    insta::assert_snapshot!(all_views(79, 23, Skin::Safe));
}

#[test]
fn a_great_window_has_three_panes() {
    insta::assert_snapshot!(seen_at("2", 200, 60));
    insta::assert_snapshot!(seen_at("", 200, 60));
    insta::assert_snapshot!(seen_at("3<down>", 200, 60));
}

fn seen_at(keys: &str, columns: u16, rows: u16) -> String {
    let mut session = Session::looking(Lang::Zh);
    session.press(keys);
    session.screen(columns, rows, Skin::Line)
}

#[test]
fn low_windows_have_no_detail_and_narrow_ones_have_it_below() {
    let has = |columns, rows| seen_at("2", columns, rows).contains("服务官");
    assert!(!has(80, 19) && has(80, 24) && has(99, 24), "below the list");
    assert!(!has(120, 19) && has(120, 24), "at the right");
    assert!(!seen_at("2", 139, 40).contains("得分与上报") && seen_at("2", 140, 40).contains("得分与上报"));
}

#[test]
fn a_zoomed_block_has_the_screen_until_esc() {
    let mut session = Session::looking(Lang::Zh);
    let overview = session.screen(120, 36, Skin::Line);
    session.press("*");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("<esc>");
    assert_eq!(session.screen(120, 36, Skin::Line), overview);
    session.press("2z");
    assert!(!session.screen(120, 36, Skin::Line).contains("详情"), "the list alone");
    session.press("z");
    assert!(session.screen(120, 36, Skin::Line).contains("详情"));
    session.press("3z");
    let board = session.screen(80, 24, Skin::Safe);
    assert!(board.contains("农村工程") && !board.contains("寇店镇"), "the board with the focus alone: {board}");
    session.press("1");
    assert_eq!(session.screen(120, 36, Skin::Line), overview, "another view is never zoomed");
}

/// At any size, in both skins: no line is over its width and no wide character is torn.
#[test]
fn no_picture_is_torn_at_any_size() {
    for columns in [0, 1, 12, 20, 34, 39, 40, 59, 60, 79, 99, 100, 139, 140, 200] {
        for rows in [0, 3, 6, 9, 10, 19, 20, 23, 36] {
            let mut session = Session::looking(Lang::Zh);
            for keys in ["", "2", "3", "<enter>", "<esc>W", "<enter>", "<esc><esc>t", "4", "5", "<esc>6", "7"] {
                session.press(keys);
                let screen = session.screen(columns, rows, Skin::Safe);
                for line in screen.lines().filter(|l| !l.starts_with("styles")) {
                    assert!(line.width() <= usize::from(columns), "{columns}x{rows} {keys}: {line}");
                }
            }
        }
    }
}
