//! The commands that keep the records of the year, each as a script meets it: saved, refused, not permitted, overtaken.

use serde_json::Value;

use crate::contract::{District, Ended};

/// The sample as a real office, in which every person is known by the uid that sudo names.
pub struct Office(pub District);

impl Office {
    pub fn new() -> Self {
        let district = District::new();
        district.edit("district.toml", |text| text.replace("sample = true", "sample = false\nidentity = \"sudo\""));
        Self(district)
    }

    fn uid(&self, login: &str) -> String {
        let text = std::fs::read_to_string(self.0.path("district.toml")).expect("the district");
        let person = text.split(&format!("login = \"{login}\"")).nth(1).expect("a person");
        let uid = person.lines().find_map(|line| line.strip_prefix("uid = ")).expect("a uid");
        uid.to_owned()
    }

    /// A command of somebody, its words separated by blanks.
    pub fn run(&self, login: &str, line: &str) -> Ended {
        let args: Vec<&str> = line.split_whitespace().collect();
        self.0.command(&args).env("SUDO_UID", self.uid(login)).output().expect("the program").into()
    }

    /// A command of somebody who gives it these bytes on its standard input.
    pub fn fed(&self, login: &str, line: &str, bytes: &[u8]) -> Ended {
        let file = self.0.path("fed");
        std::fs::write(&file, bytes).expect("a file");
        let input = std::fs::File::open(&file).expect("the file");
        let args: Vec<&str> = line.split_whitespace().collect();
        self.0.command(&args).env("SUDO_UID", self.uid(login)).stdin(input).output().expect("the program").into()
    }

    #[track_caller]
    pub fn saves(&self, login: &str, line: &str) -> u64 {
        let ended = self.run(login, line);
        let seq = ended.out.trim().strip_prefix("saved #").and_then(|n| n.parse().ok());
        seq.unwrap_or_else(|| panic!("{login} {line}: {} {}{}", ended.code, ended.out, ended.err))
    }

    /// The command ends with this code and an error that says this.
    #[track_caller]
    pub fn refuses(&self, login: &str, line: &str, code: i32, said: &str) {
        let ended = self.run(login, line);
        assert_eq!((ended.code, ended.out.as_str()), (code, ""), "{login} {line}: {}", ended.err);
        assert!(ended.err.starts_with("error: ") && ended.err.contains(said), "{login} {line}: {}", ended.err);
    }

    pub fn newest(&self) -> Value {
        self.run("zhukao", "history --json --limit 1").json()["entries"][0].clone()
    }
}

#[test]
fn a_ballot_is_entered_corrected_and_dropped() {
    let office = Office::new();
    let ballot = "2014-Q2-OBS J01 YB14-GY-007";
    let first = office.saves("luru", &format!("ballot set {ballot} 61.5 --reason 看错"));
    let entry = office.newest();
    assert_eq!((&entry["kind"], &entry["key"]), (&"ballot".into(), &"2014-Q2-OBS/J01/YB14-GY-007".into()));
    assert_eq!((&entry["after"]["state"], &entry["after"]["score"]), (&"entered".into(), &61.5.into()));
    let panel = office.run("luru", "project YB14-GY-007 --round 2014-Q2-OBS --json").json()["panel"].clone();
    let mine = &panel["ballots"][0];
    assert_eq!((&mine["judge"], &mine["score"], &mine["seq"]), (&"J01".into(), &61.5.into(), &first.into()));

    office.refuses("luru", &format!("ballot set {ballot} 61.25"), 5, "YB14-GY-007 J01 61.25 不合步长 0.5");
    office.refuses("luru", &format!("ballot set {ballot} 101"), 5, "超出范围 0 至 100");
    office.refuses("luru", &format!("ballot set {ballot} much"), 5, "不是数字");
    office.refuses("luru", "ballot set 2014-Q2-OBS J00 YB14-GY-007 60", 2, "没有评委");
    office.refuses("luru", "ballot set 2014-Q2-OBS J01 YB14-GY-001 60", 5, "不是本轮观摩点");
    office.refuses("luru", "ballot set 2014-H1-ASM J01 YB14-GY-007 60", 2, "不是观摩轮次");
    office.refuses("jiazu", &format!("ballot set {ballot} 60"), 3, "无权");
    office.refuses("luru", &format!("ballot set {ballot} void --reason 串票"), 3, "无权");
    office.refuses("zhukao", &format!("ballot set {ballot} void"), 5, "须写明理由");
    office.refuses("luru", "ballot set 2014-Q1-OBS J01 YB14-GY-006 60", 4, "已终结");
    // Nor does a clerk who guesses a base on a round whose ballots are not his to read any more.
    let sealed = office.run("luru", "ballot set 2014-Q1-OBS J01 YB14-GY-006 50 --base 1");
    assert!(sealed.code == 4 && sealed.err.contains("已终结") && !sealed.err.contains("91.5"), "{}", sealed.err);
    office.refuses("luru", &format!("ballot set {ballot} 60 --base 0"), 4, "61.5");
    office.refuses("luru", &format!("--as-of 2014-06-30 ballot set {ballot} 60"), 2, "只读");
    // A viewer who guesses a base does not learn the score.
    let guessed = office.run("zhenban", &format!("ballot set {ballot} 60 --base 0"));
    assert!(guessed.code == 3 && !guessed.err.contains("61.5"), "{}", guessed.err);

    let saved = office.run("zhukao", &format!("ballot set {ballot} void --reason 串票 --json")).json();
    assert_eq!(saved["saved"], Value::from(vec![first + 1]));
    assert_eq!(office.saves("luru", &format!("ballot set {ballot} absent --base {}", first + 1)), first + 2);
    assert_eq!(office.newest()["after"]["score"], Value::Null);
    office.saves("luru", &format!("ballot set {ballot} none"));
    assert_eq!(office.newest()["after"], Value::Null);
    office.saves("luru", &format!("ballot set {ballot} 60 --base {}", first + 3));
}

#[test]
fn a_second_person_confirms_a_ballot_without_seeing_it() {
    let office = Office::new();
    let ballot = "2014-Q2-OBS J01 YB14-GY-007";
    let seq = office.saves("luru", &format!("ballot set {ballot} 61.5 --reason 看错"));
    office.refuses("luru", &format!("ballot confirm {ballot} 61.5"), 3, "由别人确认");
    for login in ["zhenban", "jiazu", "jiandu"] {
        let ended = office.run(login, &format!("ballot confirm {ballot} 60"));
        assert!(ended.code == 3 && !ended.err.contains("61.5"), "{login}: {}", ended.err);
    }
    office.refuses("hedui", &format!("ballot confirm {ballot} 61"), 4, "luru 录的是 61.5，您录的是 61");
    assert_eq!(office.newest()["seq"], seq, "a difference stores nothing");
    assert_eq!(office.saves("hedui", &format!("ballot confirm {ballot} 61.5")), seq + 1);
    let entry = office.newest();
    assert_eq!((&entry["actor"], &entry["after"]["state"]), (&"hedui".into(), &"confirmed".into()));
    assert_eq!(entry["after"]["entered_by"], "luru");

    office.refuses("hedui", &format!("ballot set {ballot} 61"), 5, "理由");
    assert!(office.run("hedui", &format!("ballot set {ballot} 61.5")).out.contains("没有变化"));
    for dropped in ["none", "absent", "recused"] {
        office.refuses("hedui", &format!("ballot set {ballot} {dropped}"), 5, "理由");
    }
    office.saves("luru", &format!("ballot set {ballot} recused --reason 亲属"));
    office.refuses("hedui", &format!("ballot confirm {ballot} 61.5"), 4, "没有可确认的");
}

#[test]
fn a_rectification_goes_step_by_step_and_is_closed_by_another_person() {
    let office = Office::new();
    office.refuses("luru", "rectify ZG-009 close", 4, "整改现在是「交办」，不能变为「已销号」");
    office.refuses("luru", "rectify ZG-009 return --reason 补件", 4, "只有「申请销号」的才能退回");
    office.refuses("luru", "rectify ZG-9 accept", 2, "ZG-009");
    office.refuses("luru", "rectify ZG-009 extend", 2, "--due");
    office.refuses("luru", "rectify ZG-009 accept --due 2014-08-01", 2, "extend");
    office.refuses("zhenban", "rectify ZG-009 close", 3, "无权");
    office.refuses("luru", "--as-of 2014-06-30 rectify ZG-009 accept", 2, "只读");
    assert_eq!(office.run("luru", "rectify ZG-009 jump").code, 2);
    for step in ["accept", "start", "submit"] {
        office.saves("luru", &format!("rectify ZG-009 {step}"));
    }
    office.refuses("luru", "rectify ZG-009 close", 3, "由别人销号");
    office.refuses("hedui", "rectify ZG-009 return", 5, "理由");
    office.saves("hedui", "rectify ZG-009 return --reason 未复测");
    office.saves("luru", "rectify ZG-009 submit");
    office.refuses("hedui", "rectify ZG-009 extend --due 2014-08-01", 5, "理由");
    office.refuses("hedui", "rectify ZG-009 extend --due 2014-07-17 --reason 雨季", 5, "晚于原期限 2014-07-17");
    office.saves("hedui", "rectify ZG-009 extend --due 2014-08-01 --reason 雨季");
    assert_eq!(
        (&office.newest()["before"]["due"], &office.newest()["after"]["due"]),
        (&"2014-07-17".into(), &"2014-08-01".into())
    );
    // Somebody else's step in between does not make the submitter another person.
    office.refuses("luru", "rectify ZG-009 close", 3, "由别人销号");
    office.saves("hedui", "rectify ZG-009 close");
    let after = office.newest()["after"].clone();
    assert_eq!((&after["state"], &after["closed"]), (&"closed".into(), &"2014-07-12".into()));
    office.refuses("hedui", "rectify ZG-009 extend --due 2014-09-01 --reason 雨季", 4, "已销号");
}

#[test]
fn an_imported_rectification_keeps_to_the_same_steps() {
    let office = Office::new();
    let import = |login: &str, row: &str| {
        let rows = format!("id,unit,finding,issued,due,state,closed\n{row}\n");
        let ended = office.fed(login, "import - --kind rectifications", rows.as_bytes());
        (ended.code, ended.err)
    };
    assert_eq!(import("luru", "ZG-030,GY,样例,2014-07-01,2014-07-20,submitted,").0, 0);
    let closed = "ZG-030,GY,样例,2014-07-01,2014-07-20,closed,2014-07-11";
    assert_eq!(import("luru", closed).0, 3, "who submitted does not close by a file either");
    let earlier = import("hedui", "ZG-030,GY,样例,2014-07-01,2014-07-19,submitted,");
    assert!(earlier.0 == 5 && earlier.1.contains("rectifications.csv:2 整改期限"), "{}", earlier.1);
    assert_eq!(import("hedui", closed).0, 0);
    for (bad, column) in [
        ("ZG-030,GY,样例,2014-07-01,2014-07-20,issued,", "状态"),
        ("ZG-031,GY,样例,2014-07-01,2014-07-20,closed,2014-07-11", "状态"),
        ("ZG-030,GY,样例,2014-07-01,2014-07-20,closed,2014-07-10", "销号日期"),
    ] {
        let (code, err) = import("hedui", bad);
        assert!(code == 5 && err.contains(&format!("rectifications.csv:2 {column}")), "{bad}: {code} {err}");
    }
}

#[test]
fn a_person_says_which_unit_a_name_means() {
    let office = Office::new();
    let row = |office: &Office| {
        let targets = office.run("zhukao", "targets quotas --json").json();
        let rows = targets["quota_plans"][1]["rows"].as_array().expect("rows").clone();
        rows.into_iter().find(|r| r["label"] == "鹿村镇").expect("鹿村镇")
    };
    office.refuses("luru", "resolve quota 2014-H2 鹿村镇 LU", 2, "PC 庞村镇，LC 李村镇");
    office.refuses("luru", "resolve quota 2014-H2 鹿村 PC", 2, "鹿村镇");
    office.refuses("luru", "resolve quota 2014-H9 鹿村镇 PC", 2, "2014-H");
    office.refuses("luru", "resolve quota 2014-H2 寇店镇 PC", 5, "计划已写明");
    office.refuses("jiazu", "resolve quota 2014-H2 鹿村镇 PC", 3, "无权");
    office.refuses("luru", "--as-of 2014-07-12 resolve quota 2014-H2 鹿村镇 PC", 2, "只读");
    assert_eq!(row(&office)["resolution"], "unresolved");
    office.saves("luru", "resolve quota 2014-H2 鹿村镇 PC --reason 区办核实");
    let resolved = row(&office);
    assert_eq!((&resolved["unit"], &resolved["resolution"]), (&"PC".into(), &"resolved".into()));
    // Any unit, by its name as well, and another decision later.
    office.saves("zhukao", "resolve quota 2014-H2 鹿村镇 寇店镇");
    assert_eq!(row(&office)["unit"], "KD");
    office.refuses("zhukao", "resolve quota 2014-H2 鹿村镇 none", 5, "理由");
    office.saves("zhukao", "resolve quota 2014-H2 鹿村镇 none --reason 再议");
    assert_eq!(row(&office)["resolution"], "unresolved");
}

#[test]
fn any_other_record_is_set_field_by_field() {
    let office = Office::new();
    let newest = |key: &str| office.newest()[key].clone();
    office.saves("luru", "set progress YB14-GY-005/2014-07-10 percent=88.5 invested=0.3亿元 reported=on_track");
    let report = newest("after");
    assert_eq!((&report["percent"], &report["invested_yuan"]), (&88.5.into(), &30_000_000.into()));
    office.saves("luru", "set progress YB14-GY-005/2014-07-10 invested= note=核实");
    let changed = newest("after");
    assert_eq!((&changed["percent"], &changed["invested_yuan"]), (&88.5.into(), &Value::Null));
    assert_eq!(changed["note"], "核实");

    office.saves("luru", "set milestone YB14-GY-001/年度目标(假定节点) done=2014-07-01");
    assert_eq!(newest("after")["done"], "2014-07-01");
    office.saves("luru", "set milestone YB14-GY-001/年度目标(假定节点) done=");
    assert_eq!(newest("after"), Value::Null);
    office.saves(
        "luru",
        "set incident INC-900 source=petition kind=wage_unresolved date=2014-07-01 project=YB14-GY-011 amount=1.5万元",
    );
    assert_eq!(newest("after")["amount_yuan"], 15_000);
    office.saves("luru", "set attraction ZS14-900 name=新项目 amount=1557万美元 signed=2014-07-02 credits=DZ;TC");
    office.saves("luru", "set attraction ZS14-900 received=1万美元");
    assert_eq!(newest("after")["amount"], newest("before")["amount"], "dollars stay dollars");
    office.saves("luru", "set indicator gdp/2014-H1 growth=9.91 provisional=no");
    assert_eq!((&newest("after")["growth"], &newest("after")["versus_city"]), (&9.91.into(), &"above".into()));
    office.saves("luru", "set goal party-two/2014-07-01 value=97");
    assert!(office.run("luru", "set goal party-two/2014-07-01 value=97.00").out.contains("没有变化"));
    office.saves("luru", "set rectification ZG-900 unit=GY finding=样例 issued=2014-07-10 due=2014-07-20");
    let issued = newest("seq").as_u64().expect("a number");
    assert_eq!(newest("after")["state"], "issued");
    office.refuses("luru", "set rectification ZG-900 due=2014-07-30", 5, "理由");
    office.saves("luru", &format!("set rectification ZG-900 action=返工 project=YB14-GY-005 --base {issued}"));
    office.refuses("luru", &format!("set rectification ZG-900 action=拆除 --base {issued}"), 4, "luru");
    office.refuses("luru", "set rectification ZG-901 unit=GY finding=样例 --base 7", 5, "due");

    office.refuses("luru", "set goal party-two/2014-07-01 --withdraw", 5, "理由");
    office.saves("luru", "set goal party-two/2014-07-01 --withdraw --reason 误录");
    assert_eq!(newest("after"), Value::Null);
    office.refuses("luru", "set goal party-two/2014-07-01 --withdraw --reason 误录", 2, "没有 goal 记录");
}

#[test]
fn what_a_file_would_not_be_allowed_to_say_is_not_set_either() {
    let office = Office::new();
    let progress = "set progress YB14-GY-005/2014-06-30";
    office.refuses("luru", &format!("{progress} percent=101"), 5, "形象进度（percent）「101」 应在 0 至 100 之间");
    office.refuses("luru", &format!("{progress} invested=23"), 5, "缺单位");
    office.refuses("luru", &format!("{progress} permits_obtained=3"), 5, "已办多于应办");
    office.refuses("luru", "set milestone YB14-GY-001/年度目标(假定节点) done=2014-07-13", 5, "晚于今天");
    office.refuses("luru", "set milestone YB14-GY-001/年度目标 done=2014-07-01", 5, "没有这个节点");
    office.refuses("luru", "set progress YB14-GY-999/2014-06-30 percent=1", 5, "没有这个项目");
    office.refuses("luru", "set incident INC-002 kind=wage_resolved resolved=", 5, "要有解决日");
    office.refuses("luru", "set indicator gdp/2014-H3 growth=1", 5, "2014-H1");
    office.refuses("luru", "set rectification ZG-001 finding=", 5, "不能为空");
    // Words that are not there.
    office.refuses("luru", &format!("{progress} persent=90"), 2, "percent");
    office.refuses("luru", &format!("{progress} percent=90 percent=91"), 2, "两次");
    office.refuses("luru", &format!("{progress} date=2014-07-01"), 2, "没有字段");
    office.refuses("luru", &format!("{progress} percent"), 2, "字段=值");
    office.refuses("luru", progress, 2, "没有写要改的字段");
    office.refuses("luru", "set progress YB14-GY-005 percent=1", 2, "PROJECT/DATE");
    office.refuses("luru", "set rectification ZG-001 state=closed", 2, "dukao rectify");
    office.refuses("luru", "set score x y=1", 2, "dukao score set");
    office.refuses("luru", "set goals party-two/2014-07-01 value=97", 2, "goal");
    office.refuses("zhukao", &format!("{progress} percent=90"), 3, "无权");
    office.refuses("luru", &format!("--as-of 2014-06-30 {progress} percent=90"), 2, "只读");
}
