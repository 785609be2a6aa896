//! Filter, sort, columns, palette and jump, and what is remembered of them.

use super::*;
use dukao::app::remembered::Remembered;
use dukao::domain::district::ProjectIx;

fn listed(session: &Session) -> Vec<String> {
    let data = session.app.data.clone().expect("data");
    session.app.projects.rows.iter().map(|p: &ProjectIx| data.plan.project(*p).id.clone()).collect()
}

fn pressed(keys: &str) -> Session {
    let mut session = Session::looking(Lang::Zh);
    session.press(keys);
    session
}

#[test]
fn pinyin_initials_find_their_rows_in_filter_jump_and_palette() {
    let data = snapshot();
    let town = data.plan.unit_ix("LC").or_else(|| {
        let units = data.plan.district.units.iter();
        units.zip(0_u16..).find(|(u, _)| u.name == "李村镇").map(|(_, i)| dukao::domain::district::UnitIx(i))
    });
    let town = town.expect("李村镇");
    let session = pressed("2/lcz<enter>");
    assert!(!session.app.projects.rows.is_empty() && session.app.projects.rows.len() < 144);
    for p in &session.app.projects.rows {
        let p = data.plan.project(*p);
        assert!(p.towns.iter().any(|(t, _)| *t == town) || p.name.contains("李村"), "{}", p.name);
    }
    // 李村镇 itself is the first answer of the palette: its board.
    let mut session = pressed("2:lcz");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("李村镇 的项目") && screen.contains("镇榜第"), "{screen}");
    session.press("<enter>");
    assert_eq!(session.app.tab, Tab::Boards);
    assert_eq!(session.app.boards.selected(), Some(Some(town)));
}

#[test]
fn the_palette_over_the_projects() {
    insta::assert_snapshot!(pressed("2:lcz").screen(80, 24, Skin::Safe));
    let mut session = Session::looking(Lang::En);
    session.press("2:round");
    insta::assert_snapshot!(session.screen(120, 36, Skin::Line));
}

#[test]
fn a_palette_without_an_answer_says_so_and_tab_lists_all_commands() {
    let mut session = pressed(":qqqzz");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("没有「qqqzz」；Tab 看全部命令"), "{screen}");
    session.press("<tab>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("令 筛选") && screen.contains("令 排序"), "{screen}");
}

#[test]
fn what_was_used_last_is_what_an_empty_palette_lists() {
    let mut session = pressed(":lang en<enter>");
    assert_eq!(session.app.lang, Lang::En);
    session.press(":lang zh<enter>:messages<enter><esc>:");
    assert_eq!(session.app.recent, ["do:messages", "do:lang zh", "do:lang en"]);
    let Some(Modal::Palette(palette)) = &session.app.modal else { panic!("the palette") };
    let ids: Vec<&str> = palette.hits().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["do:messages", "do:lang zh", "do:lang en"]);
}

#[test]
fn a_command_that_cannot_run_stays_listed_with_its_reason() {
    let mut session = pressed("1:sort");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("排序") && screen.contains("本页不用"), "{screen}");
    session.press("<enter>");
    assert!(matches!(session.app.modal, Some(Modal::Palette(_))), "it stays open");
    assert_eq!(session.app.message.clone().expect("why").text.zh, "本页不用");
    // A viewer reads why he cannot seal.
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press(":round seal 2014-H1-ASM");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("您的角色或范围"), "{screen}");
}

#[test]
fn tab_completes_and_numbers_are_entries_of_the_ledger() {
    let mut session = pressed(":as-o<tab>");
    let Some(Modal::Palette(palette)) = &session.app.modal else { panic!("the palette") };
    assert_eq!(palette.field.text(), "as-of ");
    session.press("06-01<enter>");
    let day = "2014-06-01".parse().expect("a date");
    assert!(matches!(session.asked.last(), Some(Request::AsOf(Some(d))) if *d == day), "{:?}", session.asked);
    let mut session = Session::saving();
    session.press(":#3<enter>");
    assert!(matches!(&session.app.modal, Some(Modal::Entry(e)) if e.entry.seq == 3), "{:?}", session.app.modal);
    session.press("<esc>");
    session.press(":goto 99999999<enter>");
    assert!(session.app.message.clone().expect("why").text.zh.contains("最新是"));
}

#[test]
fn jump_reaches_projects_targets_rounds_and_rectifications() {
    let data = snapshot();
    let mut session = pressed("fXX-010<enter>");
    assert_eq!(session.app.tab, Tab::Projects);
    let at = session.app.projects.cursor.item().expect("a row");
    assert!(data.plan.project(at).id.ends_with("XX-010"));
    session.press("f地区生产<enter>");
    assert_eq!((session.app.tab, session.app.targets.indicator.item()), (Tab::Targets, Some(0)));
    session.press("fzg-005<enter>");
    assert_eq!(session.app.tab, Tab::Rectifications);
    session.press("f2014-h1-asm<enter>");
    assert_eq!((session.app.tab, session.app.boards.round), (Tab::Boards, data.plan.round_ix("2014-H1-ASM")));
    session.press("flang");
    let Some(Modal::Palette(palette)) = &session.app.modal else { panic!("the palette") };
    assert!(palette.hits().all(|e| !e.id.starts_with("do:")), "no command among the places");
}

#[test]
fn what_cannot_be_undone_wants_its_word() {
    let data = snapshot();
    let round = data.plan.round_ix("2014-H1-ASM").expect("a round");
    let mut session = Session::saving();
    if session.app.data.as_ref().expect("data").unsettled(round).count() > 0 {
        session.press(":round seal 2014-H1-ASM<enter>");
        assert!(session.app.message.clone().expect("why").text.zh.contains("项未定"));
        session.press("<esc>");
    }
    // Another one is asked for by its dialog.
    let mut dialog = |keys: &str| {
        let sight = dukao::app::screen::Sight {
            data: &data,
            index: &session.app.index,
            actor: &session.app.actor,
            lang: Lang::Zh,
        };
        let wish = dukao::app::palette::command::step(dukao::domain::round::RoundStep::Publish, round, &sight);
        let dukao::app::screen::Wish::Confirm(confirm) = wish else { panic!("a dialog") };
        session.app.modal = Some(Modal::Confirm(confirm));
        session.asked.clear();
        session.press(keys);
        let asked = session.asked.iter().any(|r| matches!(r, Request::Round { .. }));
        (asked, session.screen(80, 24, Skin::Safe))
    };
    let (asked, screen) = dialog("");
    assert!(!asked && screen.contains("gongbu") && screen.contains("公布"), "{screen}");
    insta::assert_snapshot!(screen);
    assert!(!dialog("<enter>").0, "an empty line does nothing");
    assert!(!dialog("yes<enter>").0);
    assert!(!dialog("gongbu<esc>").0);
    assert!(dialog("gongbu<enter>").0);
    assert!(dialog("公布<enter>").0);
}

#[test]
fn several_columns_sort_and_the_dialog_shows_it_at_once() {
    let mut session = pressed("2s");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    let usual = listed(&session);
    session.press("1");
    session.press("<esc>");
    assert_eq!(listed(&session), usual, "Esc takes it back");
    // By town, within it by id the other way round.
    session.press("s<up><up><up><enter>");
    let data = snapshot();
    let towns: Vec<_> =
        session.app.projects.rows.iter().map(|p| data.plan.project(*p).town_at(data.board_date())).collect();
    let named: Vec<_> = towns.iter().flatten().collect();
    assert!(named.is_sorted() && towns.iter().skip_while(|t| t.is_some()).all(Option::is_none), "{towns:?}");
    session.press("s11<enter>");
    let first = session.app.projects.rows[0];
    let same: Vec<_> = session.app.projects.rows.iter().zip(&towns).take_while(|(_, t)| **t == towns[0]).collect();
    let ids: Vec<_> = same.iter().map(|(p, _)| data.plan.project(**p).id.as_str()).collect();
    assert!(ids.len() > 1 && ids.is_sorted_by(|a, b| a > b), "{ids:?} {first:?}");
    let before = listed(&session);
    session.press("SS");
    assert_eq!(listed(&session), before, "twice reversed");
}

#[test]
fn columns_are_left_out_and_some_stay() {
    let mut session = pressed("2c");
    insta::assert_snapshot!(session.screen(80, 24, Skin::Safe));
    session.press("13<enter>");
    let screen = session.screen(120, 36, Skin::Safe);
    assert!(screen.contains("编号") && !screen.contains("指挥部 镇") && screen.contains("收起 1 列"), "{screen}");
}

#[test]
fn rows_are_picked_one_by_one_and_all_at_once() {
    let mut session = pressed("2  ");
    assert_eq!(session.app.projects.picked.rows().len(), 2);
    assert!(session.screen(80, 24, Skin::Safe).contains("已选 2"));
    session.press("<esc>");
    assert_eq!(session.app.projects.picked.rows().len(), 0, "Esc lets them go before it goes home");
    assert_eq!(session.app.tab, Tab::Projects);
}

#[test]
fn a_term_that_cannot_be_read_is_named_while_it_is_typed() {
    let mut session = pressed("2/lcz colour:red");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("看不懂「colour:red」"), "{screen}");
    session.press("<enter>");
    assert!(session.app.message.clone().expect("why").text.zh.contains("colour:red"));
}

#[test]
fn matched_characters_are_underlined() {
    let mut session = pressed("2/lcz<enter>");
    let theme = Theme::new(Skin::Safe, "default", Colours::Sixteen);
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).expect("a terminal");
    terminal.draw(|frame| view(frame, &mut session.app, &theme)).expect("a frame");
    let buffer = terminal.backend().buffer();
    let underlined = |x: u16, y: u16| buffer[(x, y)].modifier.contains(ratatui::style::Modifier::UNDERLINED);
    let cells = (4..20).flat_map(|y| (0..80).map(move |x| (x, y)));
    let (han, rest): (Vec<_>, Vec<_>) = cells
        .filter(|(x, y)| underlined(*x, *y))
        .map(|(x, y)| buffer[(x, y)].symbol().to_owned())
        .filter(|s| !s.trim().is_empty())
        .partition(|s| ["李", "村", "镇"].contains(&s.as_str()));
    assert!(han.len() >= 9, "{han:?}");
    assert!(rest.is_empty(), "{rest:?}");
}

#[test]
fn nothing_found_says_which_kind_of_nothing() {
    let said = |keys: &str, text: &str| {
        let mut session = pressed(keys);
        let screen = session.screen(80, 24, Skin::Safe);
        assert!(screen.contains(text), "{screen}");
        session
    };
    said("2/qqqzz<enter>", "「qqqzz」没有结果。Esc 清除");
    let mut hidden = said("2<right>/status:滞后", "「status:滞后」没有结果。Esc 清除，Enter 在全部 144 个里找");
    hidden.press("<enter>");
    assert!(!hidden.app.projects.rows.is_empty(), "Enter looks in all");
    let mut session = Session::looking(Lang::Zh);
    session.app.actor = Actor::viewer("guest", "local:9");
    session.press("2/score>0<enter>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("您的角色还不能看得分"), "{screen}");
}

#[test]
fn a_han_character_typed_while_browsing_opens_the_filter_with_it() {
    let session = pressed("2学");
    let field =
        dukao::app::screen::Screen::search(&session.app.projects).and_then(|s| s.field()).map(|f| f.text().to_owned());
    assert_eq!(field.as_deref(), Some("学"));
}

#[test]
fn the_language_changes_on_every_view_as_if_it_had_been_so_from_the_start() {
    for tab in 1..=7 {
        for (columns, rows) in [(80, 24), (120, 36)] {
            let mut english = Session::looking(Lang::En);
            english.press(&tab.to_string());
            let mut switched = Session::looking(Lang::Zh);
            switched.press(&format!("{tab}<esc>{tab}:lang en<enter>"));
            switched.press(&format!("<esc>{tab}"));
            english.press(&format!("<esc>{tab}"));
            assert_eq!(
                switched.screen(columns, rows, Skin::Safe),
                english.screen(columns, rows, Skin::Safe),
                "view {tab}"
            );
        }
    }
}

#[test]
fn sort_columns_filter_position_and_look_survive_a_restart() {
    let mut first = pressed("2/lcz<enter>s1<enter>c3<enter>j:skin line<enter>:theme light<enter>6<right>");
    first.press("2");
    let text = first.app.remembered().text();
    let mut second = Session::looking(Lang::Zh);
    second.app.restore(&Remembered::parse(&text));
    assert_eq!(second.app.look, first.app.look);
    assert_eq!(second.app.recent, first.app.recent);
    second.press("2");
    assert_eq!(second.screen(120, 36, Skin::Safe), first.screen(120, 36, Skin::Safe));
    second.press("6");
    first.press("6");
    assert_eq!(second.screen(120, 36, Skin::Safe), first.screen(120, 36, Skin::Safe));
    let mut third = Session::looking(Lang::Zh);
    third.app.restore(&Remembered::parse("broken = ["));
    third.press("2");
    assert_eq!(third.screen(80, 24, Skin::Safe), pressed("2").screen(80, 24, Skin::Safe));
}

#[test]
fn tab_completes_the_filter_and_earlier_filters_come_back_even_after_a_restart() {
    let mut session = pressed("2/状<tab><tab><tab>");
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("/状态:正常") && screen.contains("已完成 正常 滞后 不明 红 黄"), "{screen}");
    session.press("<tab>");
    let behind = session.app.projects.rows.len();
    assert!(behind > 0 && behind < 144, "in force while it is chosen");
    session.press("<enter><esc>/lcz<enter><esc>/<up><up>");
    assert_eq!(session.app.projects.rows.len(), behind);
    session.press("<down><down><down>");
    assert!(session.app.projects.search.field().is_none(), "from the newest Down goes into the result");
    let mut second = Session::looking(Lang::Zh);
    second.app.restore(&Remembered::parse(&session.app.remembered().text()));
    second.press("2/<up>");
    assert!(second.screen(80, 24, Skin::Safe).contains("/lcz"));
    second.press("<up><enter>");
    assert_eq!(second.app.projects.rows.len(), behind);
    // The other list has its own keys.
    let mut session = pressed("6/st<tab>");
    assert!(session.screen(80, 24, Skin::Safe).contains("/state:"));
}

#[test]
fn the_palette_shows_a_units_entries_and_they_are_remembered() {
    let mut session = Session::saving();
    session.press(":@lcz");
    let at = |session: &Session| match &session.app.modal {
        Some(Modal::Palette(palette)) => palette.chosen().expect("a row").id.clone(),
        other => panic!("{other:?}"),
    };
    while !at(&session).starts_with("records:") {
        session.press("<down>");
    }
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("记 李村镇 的记录"), "{screen}");
    session.press("<enter>");
    let data = session.app.data.clone().expect("data");
    let town = session.app.history.unit.expect("a unit");
    assert_eq!((session.app.tab, data.plan.unit(town).name.as_str()), (Tab::History, "李村镇"));
    let screen = session.screen(80, 24, Skin::Safe);
    assert!(screen.contains("单位 李村镇"), "{screen}");
    let entries = session.app.history.entries.clone().expect("read");
    assert!(entries.len() > 10);
    for e in &entries {
        let mut parts = e.key.split('/');
        let project = parts.find_map(|part| data.plan.project_ix(part));
        let towns = project.map(|p| data.plan.project(p).towns.clone()).unwrap_or_default();
        let owner = e.after.as_deref().unwrap_or_default().contains(&format!("\"{}\"", data.plan.unit(town).code));
        assert!(towns.iter().any(|(t, _)| *t == town) || owner, "{} {}", e.kind_name, e.key);
    }
    let mut second = Session::saving();
    second.app.restore(&Remembered::parse(&session.app.remembered().text()));
    assert_eq!(second.app.history.unit, Some(town));
    session.press("<esc>");
    assert_eq!(session.app.history.unit, None, "Esc shows all again");
}

#[test]
fn goto_reaches_every_kind_of_thing() {
    let data = snapshot();
    let went = |text: &str| {
        let mut session = Session::saving();
        session.press(&format!(":goto {text}<enter>"));
        session
    };
    let project = went("xx-010");
    assert_eq!(project.app.tab, Tab::Projects);
    assert!(data.plan.project(project.app.projects.cursor.item().expect("a row")).id.ends_with("XX-010"));
    let unit = went("诸葛镇");
    assert_eq!((unit.app.tab, unit.app.boards.selected()), (Tab::Boards, Some(data.plan.unit_ix("ZG"))));
    let round = went("2014-q1-obs");
    assert_eq!((round.app.tab, round.app.boards.round.is_some()), (Tab::Boards, true));
    let judge = went("评委 J07");
    let row = judge.app.ballots.grid.row.item().expect("a judge");
    assert_eq!((judge.app.tab, data.plan.district.judges[row.at()].id.as_str()), (Tab::Scores, "J07"));
    let fix = went("zg-005");
    assert_eq!(fix.app.tab, Tab::Rectifications);
    assert_eq!(fix.app.rectifications.selected(&data).expect("a row").0, "ZG-005");
    assert_eq!(went("地区生产").app.targets.indicator.item(), Some(0));
    let goal = &data.plan.targets.goals[1];
    assert_eq!(went(&goal.id).app.targets.goal.item(), Some(1));
    let quota = &data.plan.targets.quota_plans[0];
    let line = went(&quota.id).app.targets.quota.item().expect("a line");
    assert_eq!(line.plan, 0);
    assert!(matches!(went("#3").app.modal, Some(Modal::Entry(e)) if e.entry.seq == 3));
    assert!(matches!(went("3").app.modal, Some(Modal::Entry(e)) if e.entry.seq == 3));
}

#[test]
fn related_has_an_answer_on_the_overview_and_the_boards() {
    let mut session = pressed("<tab><tab><tab><tab>o");
    assert_eq!(session.app.tab, Tab::Scores, "待认定 is looked at in its view");
    let item = |session: &Session, text: &str| {
        let items = session.app.overview.items(&snapshot(), &Actor::owner("jia", 0));
        items.iter().position(|i| i.text.zh.contains(text)).expect("an item")
    };
    session = pressed("<tab><tab><tab><tab>");
    let place = item(&session, "NC-023 节点");
    session.press(&format!("{}o", "j".repeat(place)));
    assert!(matches!(&session.app.modal, Some(Modal::Menu(_))), "what belongs to the project");
    let mut boards = pressed("3o");
    assert_eq!(boards.app.tab, Tab::Projects);
    assert!(boards.screen(80, 24, Skin::Safe).contains("[/ hq:"));
    let mut unnamed = pressed("3<tab>Go");
    assert_eq!(unnamed.app.tab, Tab::Projects);
    assert!(unnamed.screen(80, 24, Skin::Safe).contains("[/ town:none]"));
}

#[test]
fn a_filter_that_is_on_says_so_at_every_size_and_how_many_it_leaves() {
    let filter = "status:behind hq:gy";
    let mut session = pressed(&format!("2/{filter}<enter>"));
    let left = session.app.projects.rows.len();
    for (columns, rows) in [(200, 60), (120, 36), (80, 24), (79, 23), (60, 20), (50, 20), (39, 12), (34, 6)] {
        let screen = session.screen(columns, rows, Skin::Safe);
        assert!(screen.contains(&format!("筛出 {left}/144")), "{columns}x{rows}\n{screen}");
        let shown = if columns < 40 { "/ status:" } else { "status:behind hq:gy" };
        assert!(screen.contains(shown), "{columns}x{rows}\n{screen}");
    }
    let mut chip = pressed("2<right>");
    for (columns, rows) in [(80, 24), (60, 20), (50, 20), (34, 6)] {
        let screen = chip.screen(columns, rows, Skin::Safe);
        assert!(screen.contains("已完成") && screen.contains("筛出 13/144"), "{columns}x{rows}\n{screen}");
    }
    let mut fixes = pressed("6/id:zg<enter>");
    for (columns, rows) in [(120, 36), (80, 24), (60, 20), (50, 20)] {
        let screen = fixes.screen(columns, rows, Skin::Safe);
        assert!(screen.contains("id:zg") && screen.contains("筛出"), "{columns}x{rows}\n{screen}");
    }
}

#[test]
fn the_palettes_keys_are_those_of_the_key_table() {
    for (context, action, text, _) in dukao::app::palette::command::KEYS {
        let row = keymap::BINDINGS.iter().find(|b| b.context == *context && b.action == *action);
        assert_eq!(row.map(|b| b.help), Some(*text), "{action:?}");
    }
}

#[test]
fn the_palette_finds_the_exports_and_opens_their_menu() {
    for typed in ["导出", "export", "dc"] {
        let mut session = pressed(&format!("2:{typed}"));
        assert!(session.screen(120, 36, Skin::Safe).contains("导出：通报"), "{typed}");
    }
    let mut session = pressed("2:export projects<enter>");
    let Some(Modal::Menu(menu)) = &session.app.modal else { panic!("the menu of x") };
    assert_eq!(menu.choices[menu.cursor.item().expect("a line")].name.zh, "项目");
    // Of the project under the cursor its dossier, of nothing a notice.
    session.press("<esc>2x");
    let Some(Modal::Menu(menu)) = &session.app.modal else { panic!("the menu of x") };
    let line = |name: &str| menu.choices.iter().find(|c| c.name.zh == name).expect("a line").refused.clone();
    assert_eq!(line("项目档案"), None);
    assert!(line("整改通知书").is_some_and(|why| why.zh.contains("6 整改")));
}

#[test]
fn an_id_is_found_without_its_hyphens_in_every_search() {
    let session = pressed("2/gy021<enter>");
    assert_eq!(listed(&session).len(), 1, "{:?}", listed(&session));
    let mut session = pressed("3W<tab><enter>gy021");
    let screen = session.screen(120, 36, Skin::Safe);
    assert!(screen.contains("GY-021") && screen.contains("先列"), "{screen}");
    session.press("qqq");
    let screen = session.screen(120, 36, Skin::Safe);
    assert!(screen.contains("本轮能看到的项目和大项里没有「gy021qqq」"), "{screen}");
}

#[test]
fn a_key_without_a_meaning_is_answered_alike_on_every_view() {
    for view in ["1", "2", "3", "4", "5", "6", "7"] {
        for key in ["9", "K"] {
            // On the scores a digit is a score.
            if view == "5" && key == "9" {
                continue;
            }
            let mut session = pressed(view);
            session.press(key);
            let said = session.app.message.clone().map(|m| m.text.zh).unwrap_or_default();
            assert_eq!(said, "这一页用不上这个键", "{view} {key}");
        }
    }
    let mut session = pressed("1<down>");
    assert_eq!(session.app.message.clone().expect("an answer").text.zh, "这一页用不上这个键");
    session.press("<esc>");
    assert!(session.app.message.is_none(), "Esc on the overview has nothing to leave");
}
