//! What may stand in a cell and in a file: every rule has one row that breaks it.

use super::*;

#[test]
fn gb18030_and_a_byte_order_mark_are_read_alike() {
    let records = Texts::sample_records();
    let (name, bytes) = records[0].clone();
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let (gb, _, lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!lossy && gb.as_ref() != bytes.as_slice());
    let state = empty();
    let read = |bytes: Vec<u8>, encoding| {
        let read = read_all(&[(name.clone(), bytes)], None, encoding, &state.plan, state.today);
        assert_eq!(read.complaints(), []);
        read.facts.into_iter().map(|f| (f.subject, f.after)).collect::<Vec<_>>()
    };
    let plain = read(bytes.clone(), Encoding::Auto);
    let mut marked = b"\xef\xbb\xbf".to_vec();
    marked.extend(&bytes);
    assert_eq!(plain, read(marked, Encoding::Utf8));
    assert_eq!(plain, read(gb.to_vec(), Encoding::Auto));
    assert_eq!(plain, read(gb.to_vec(), Encoding::Gb18030));
    let wrong = read_all(&[(name, gb.to_vec())], None, Encoding::Utf8, &state.plan, state.today);
    assert_eq!(wrong.complaints().len(), 1);
}

/// Column and line of the only complaint about a file.
fn refused(name: &str, text: &str) -> (String, usize, BadRow) {
    let state = empty();
    let mut bad = import(&state, &file(name, text), OWNER).err().unwrap_or_default();
    assert_eq!(bad.len(), 1, "{text}: {bad:#?}");
    let one = bad.remove(0);
    (one.column.clone(), one.row, one)
}

#[test]
fn every_rule_of_a_cell_names_its_column() {
    let p = "YB14-GY-005";
    let progress = "project,date,percent,planned_percent,invested,permits_due,permits_obtained,reported,note\n";
    let incidents = "id,source,kind,date,project,resolved,people,amount,reference\n";
    let rectify = "id,project,unit,finding,action,issued,due,state,closed\n";
    let attract = "id,name,amount,received,origin,signed,host,credits,started,producing,excluded\n";
    let indicators = "indicator,period,value,growth,target_growth,city_growth,versus_city,provisional\n";
    let cases: Vec<(&str, String, &str)> = vec![
        ("milestones.csv", format!("project,milestone,done\n{p},项目备安,2014-01-31"), "milestone"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-07-13"), "done"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-1-031"), "done"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,20140131"), "done"),
        ("milestones.csv", "project,milestone,done\nYB14-GY-999,项目备案,2014-01-31".to_owned(), "project"),
        ("milestones.csv", format!("project,milestone\n{p},项目备案"), "done"),
        ("milestones.csv", format!("project,milestone,done,extra\n{p},项目备案,2014-01-31,1"), "extra"),
        ("milestones.csv", format!("project,milestone,done\n{p},项目备案,2014-01-31,1"), ""),
        (
            "milestones.csv",
            format!("project,milestone,done\n{p},项目备案,2014-01-31\n{p},项目备案,2014-01-30"),
            "project",
        ),
        ("progress.csv", format!("{progress}{p},2014-06-30,101,,,,,,"), "percent"),
        ("progress.csv", format!("{progress}{p},2014-06-30,10.005,,,,,,"), "percent"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,980,,,,"), "invested"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,1,2,,"), "permits_obtained"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,1.5,,,"), "permits_due"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,,,done,"), "reported"),
        ("progress.csv", format!("{progress}{p},2014-06-30,,,,,,,a\u{202e}b"), "note"),
        ("progress.csv", format!("{progress}{p},,,,,,,,x"), "date"),
        ("incidents.csv", format!("{incidents}I/1,petition,wage_unresolved,2014-02-01,{p},,,,"), "id"),
        ("incidents.csv", format!("{incidents}I1,petitions,wage_unresolved,2014-02-01,{p},,,,"), "source"),
        ("incidents.csv", format!("{incidents}I1,petition,stop_and_go,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,early,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,wages,2014-02-01,{p},,,,"), "kind"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_resolved,2014-02-01,{p},,,,"), "resolved"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2014-02-01,{p},2014-01-31,,,"), "resolved"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GX,问题,,2014-05-01,2014-06-01,issued,"), "unit"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-04-01,issued,"), "due"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-06-01,closed,"), "closed"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-05-01,2014-06-01,issued,2014-05-09"), "closed"),
        ("rectifications.csv", format!("{rectify}Z1,,,问题,,2014-05-01,2014-06-01,issued,"), "unit"),
        ("attractions.csv", format!("{attract}A1,名,13,,,2014-05-01,,,,,"), "amount"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,GY,,,,"), "host"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,DZ,DZ;DZ,,,"), "credits"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2014-05-01,DZ,DZ;QQ,,,"), "credits"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,province,2014-05-01,,,,,"), "origin"),
        ("indicators.csv", format!("{indicators}gdp,2014-H3,72,,,,,"), "period"),
        ("indicators.csv", format!("{indicators}gdb,2014-H1,72,,,,,"), "indicator"),
        ("indicators.csv", format!("{indicators}gdp,2014-H1,72,9.8%%,,,,"), "growth"),
        ("goals.csv", "goal,date,value\nmass-line,2014-06-30,0.5".to_owned(), "value"),
        ("goals.csv", "goal,date,value\nmass-line,2014-06-30,".to_owned(), "value"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duties,4"), "criterion"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duty,x"), "points"),
        ("scores.csv", format!("round,project,criterion,points\n2014-Q2-OBS,{p},duty,4"), "round"),
        ("scores.csv", format!("round,project,criterion,points\n2014-H1-ASM,{p},duty,4"), "round"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J99,YB14-GY-007,entered,90".to_owned(), "judge"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,entered,".to_owned(), "score"),
        ("ballots.csv", "round,judge,project,state,score\n2014-Q2-OBS,J01,YB14-GY-007,absent,90".to_owned(), "score"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,closed,2014-07-02,".to_owned(), "state"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,sealed,2014-07-02,".to_owned(), "state"),
        ("rounds.csv", "round,state,date,reason\n2014-Q2-OBS,open,2014-07-13,".to_owned(), "date"),
        ("progress.csv", format!("{progress}{p},2014-07-13,45,,,,,,"), "date"),
        ("progress.csv", format!("{progress}{p},2001-01-01,45,,,,,,"), "date"),
        ("progress.csv", format!("{progress}{p},2014-02-31,45,,,,,,"), "date"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2104-02-01,{p},,,,"), "date"),
        ("incidents.csv", format!("{incidents}I1,petition,wage_unresolved,2014-02-01,{p},2104-03-01,,,"), "resolved"),
        ("rectifications.csv", format!("{rectify}Z1,{p},GY,问题,,2014-08-01,2014-09-01,issued,"), "issued"),
        ("attractions.csv", format!("{attract}A1,名,13亿元,,,2104-05-01,,,,,"), "signed"),
        ("attractions.csv", format!("{attract}A1,名,1亿元,100亿元,,2014-05-01,,,,,"), "received"),
        ("indicators.csv", format!("{indicators}gdp,2104-H1,72,,,,,"), "period"),
        ("goals.csv", "goal,date,value\nmass-line,2104-06-30,1".to_owned(), "date"),
        ("notes.csv", "a,b\n1,2".to_owned(), ""),
    ];
    for (name, text, column) in cases {
        let (found, row, bad) = refused(name, &text);
        assert_eq!(found, column, "{text}: {bad:?}");
        let header = text.contains("extra") || column == "done" && !text.contains("2014");
        let expected = if name == "notes.csv" {
            0
        } else if header {
            1
        } else {
            text.matches('\n').count() + 1
        };
        assert_eq!(row, expected, "{text}: {bad:?}");
    }
}

#[test]
fn all_bad_rows_of_all_files_are_listed_and_nothing_goes_in() {
    let mut files = file(
        "milestones.csv",
        "\nproject,milestone,done\nX,项目备案,\nYB14-GY-005,\"项目\n备案\",2014-01-31\nYB14-GY-05,项目备案,2014-13-01\n",
    );
    files.extend(file("goals.csv", "goal,date,value\nnone,2014-06-30,1\n"));
    let bad = import(&empty(), &files, OWNER).expect_err("bad rows");
    let places: Vec<(&str, usize, &str)> = bad.iter().map(|b| (b.file.as_str(), b.row, b.column.as_str())).collect();
    assert_eq!(
        places,
        [
            ("milestones.csv", 3, "project"),
            ("milestones.csv", 4, "milestone"),
            ("milestones.csv", 6, "project"),
            ("milestones.csv", 6, "done"),
            ("goals.csv", 2, "goal"),
        ]
    );
    assert!(bad[2].reason.zh.contains("YB14-GY-005"), "{:?}", bad[2]);
}

#[test]
fn names_of_files_tell_their_kind() {
    assert_eq!(Sheet::of_file("a/b/Scores.CSV"), Some(Sheet::Scores));
    assert_eq!(Sheet::of_file("scores"), Some(Sheet::Scores));
    assert_eq!(Sheet::of_file("score.csv"), None);
    for sheet in Sheet::ALL {
        assert_eq!(Sheet::named(sheet.name()), Some(sheet));
    }
}
