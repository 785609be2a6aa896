//! What an office writes comes in as it stands: its words, its names, its days; and what cannot be meant does not.

use super::*;

/// What the facts of a file state, as JSON.
#[track_caller]
fn stated(name: &str, text: &str) -> Vec<(String, serde_json::Value)> {
    let state = empty();
    let read = read_all(&file(name, text), None, Encoding::Auto, &state.plan, state.today);
    assert_eq!(read.complaints(), [], "{text}");
    let json = |record: Record| serde_json::from_str(&record.json()).expect("a document");
    read.facts.into_iter().map(|f| (f.subject.key, f.after.map_or(serde_json::Value::Null, json))).collect()
}

#[track_caller]
fn reasons(name: &str, text: &str) -> Vec<(String, String)> {
    let state = empty();
    let read = read_all(&file(name, text), None, Encoding::Auto, &state.plan, state.today);
    read.complaints().iter().map(|b| (b.column.clone(), b.reason.zh.clone())).collect()
}

#[test]
fn days_and_percentages_come_in_as_spreadsheets_write_them() {
    for written in ["2014/6/30", "2014.6.30", "2014年6月30日", "2014-6-30", "２０１４/06/30"] {
        let stated = stated("progress.csv", &format!("project,date,percent\nYB14-GY-005,{written},４５％\n"));
        assert_eq!(
            (stated[0].0.as_str(), &stated[0].1["percent"]),
            ("YB14-GY-005/2014-06-30", &4500.into()),
            "{written}"
        );
    }
    for written in ["6/30/2014", "14/6/30", "2014/6-30", "2014.6", "2014-006-30", "2014年6月30"] {
        let why = reasons("progress.csv", &format!("project,date,percent\nYB14-GY-005,{written},45\n"));
        assert!(why.len() == 1 && why[0].1.contains("日期写作"), "{written}: {why:?}");
    }
    let why = reasons("progress.csv", "project,date,percent\nYB14-GY-005,41829,45\n");
    assert!(why[0].1.contains("日期序号"), "{why:?}");
    let why = reasons("progress.csv", "project,date,percent\nYB14-GY-005,2014-02-31,45\n");
    assert!(why[0].1.contains("没有 2014 年 02 月 31 日"), "{why:?}");
}

#[test]
fn the_words_and_names_of_an_office_are_known() {
    let plan = plan();
    let p = plan.project(plan.project_ix("YB14-GY-005").expect("a project"));
    let of = |name: &str, text: String| stated(name, &text).remove(0);
    for said in ["正常", "正常推进", "按节点推进", "on_track"] {
        let (key, record) = of("progress.csv", format!("project,date,reported\n{},2014-06-30,{said}\n", p.name));
        assert_eq!((key.as_str(), &record["reported"]), ("YB14-GY-005/2014-06-30", &"on_track".into()), "{said}");
    }
    let label = events(&plan).into_iter().find(|(id, _)| *id == "wage_unresolved").expect("a kind").1.to_owned();
    let (_, record) =
        of("incidents.csv", format!("id,source,kind,date,project\nI1,信访,{label},2014-02-01,{}\n", p.id));
    assert_eq!((&record["source"], &record["event"]), (&"petition".into(), &"wage_unresolved".into()));
    let town = plan.unit(plan.unit_ix("DZ").expect("a town"));
    let row = format!("id,name,amount,origin,signed,host,credits\nA1,名,1亿元,省外,2014-05-01,{0},{0};GY\n", town.name);
    let (_, record) = of("招商.csv", row);
    assert_eq!((&record["origin"], &record["host"]), (&"other_province".into(), &"DZ".into()));
    assert_eq!(record["credits"], serde_json::json!(["DZ", "GY"]));
}

/// The same record twice is found however it is written, and a number beside another's name is not taken.
#[test]
fn a_project_is_itself_under_both_its_names() {
    let plan = plan();
    let name = |id: &str| plan.project(plan.project_ix(id).expect("a project")).name.clone();
    let (a, b) = (name("YB14-GY-005"), name("YB14-GY-006"));
    let why = reasons("progress.csv", &format!("project,date\nYB14-GY-005,2014-06-30\n{a},2014/6/30\n"));
    assert!(why.len() == 1 && why[0].1.contains("重复"), "{why:?}");
    let sheet = |name: &str| format!("项目编号,项目名称,日期\nYB14-GY-005,{name},2014-06-30\n");
    assert_eq!(reasons("progress.csv", &sheet(&a)), []);
    let why = reasons("progress.csv", &sheet(&b));
    assert!(why.len() == 1 && why[0].0 == "name" && why[0].1.contains("编号与名称不符"), "{why:?}");
}

/// A record set by the project's name, or by a day as it is written elsewhere, keeps its other fields.
#[test]
fn a_record_is_found_by_every_reading_of_its_key() {
    let (state, _) =
        import(&empty(), &file("progress.csv", "project,date,percent,note\nYB14-GY-005,2014-06-30,45,好"), OWNER)
            .expect("taken");
    let name = state.plan.project(state.plan.project_ix("YB14-GY-005").expect("a project")).name.clone();
    let key = [("project", name), ("date", "2014/6/30".to_owned())];
    let fields = [("percent".to_owned(), "50%".to_owned())];
    let (subject, record) = edited(Sheet::Progress, &key, &fields, &state).expect("a record");
    let Some(Record::Progress(record)) = record else { panic!("{record:?}") };
    assert_eq!(subject.key, "YB14-GY-005/2014-06-30");
    assert_eq!((record.percent, record.note.as_str()), (Some(Percent::whole(50)), "好"));
}
