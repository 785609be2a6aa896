//! What is printed: in the words of the desk, exact, of one day, and nothing that has no meaning.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::{District, Office, found, markdown_tables, published, run};
use crate::rounds::{ASM, OBS};
use dukao::domain::round::RoundStep;

/// An exported text.
fn text(district: &District, line: &str) -> String {
    let ended = district.run(line);
    assert_eq!(ended.code, 0, "{line}: {}", ended.err);
    ended.out
}

#[test]
fn money_is_printed_to_the_last_yuan_in_every_format() {
    let district = District::new();
    district.edit("projects.toml", |text| {
        let (before, after) = text.split_once("id = \"YB14-XX-010\"\n").expect("the project");
        let (own, rest) = after.split_once("\n\n").expect("its end");
        let own: Vec<&str> = own.lines().filter(|line| !line.starts_with("total_investment")).collect();
        let own = own.join("\n");
        format!("{before}id = \"YB14-XX-010\"\ntotal_investment = \"1.23456亿元\"\n{own}\n\n{rest}")
    });
    assert_eq!(district.run("plan --apply").code, 0);
    for format in ["md", "html", "csv"] {
        let dossier = text(&district, &format!("export dossier --subject XX-010 --format {format}"));
        assert!(dossier.contains("1.23456亿元"), "{format}: {dossier}");
    }
}

#[test]
fn programs_get_whole_ids_and_a_text_file_has_head_and_foot() {
    let district = District::new();
    district.edit("district.toml", |text| {
        let head = "[bulletin]\nmasthead = \"某区通报\"\nissuer = \"督考办\"\nto = [\"各镇\", \"各部\"]\n\n";
        text.replacen("[[unit]]", &format!("{head}[[unit]]"), 1)
    });
    assert_eq!(district.run("plan --apply").code, 0);
    let csv = text(&district, "export bulletin --round 2014-H1-ASM --format csv");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].contains("草稿"), "{csv}");
    assert_eq!(&lines[2..5], ["某区通报", "【草稿】关于2014年上半年考核、2014年二季度观摩结果的通报", "各镇，各部："]);
    let foot = lines.iter().rposition(|line| *line == "督考办").expect("the issuer");
    assert_eq!(&lines[foot + 1..foot + 5], ["2014年7月12日", "签发：", "审核：", "核对："]);
    assert!(csv.contains("\nYB14-NC-005,") && !csv.contains("\nNC-005,"), "{csv}");
    let json = text(&district, "export bulletin --round 2014-H1-ASM --format json");
    assert!(json.contains("\"YB14-NC-005\"") && !json.contains("\"NC-005\""));
    let paper = text(&district, "export bulletin --round 2014-H1-ASM --format md");
    assert!(paper.contains("| NC-005 |") && !paper.contains("YB14-NC-005"));
    // What is enclosed is listed before the signature.
    let place = |text: &str| paper.find(text).unwrap_or_else(|| panic!("{text} in {paper}"));
    let (listed, signed) = (place("附件：1. 各指挥部项目考核得分"), place("\n督考办\n"));
    assert!(listed < signed && signed < place("## 附件1　各指挥部项目考核得分"), "{paper}");
}

/// A command line of somebody with this login, where persons are told apart.
fn run_as(district: &District, login: &str, line: &str) -> String {
    let text = fs::read_to_string(district.path("district.toml")).expect("the district");
    let uid = text.split(&format!("login = \"{login}\"")).nth(1).and_then(|t| t.split("uid = ").nth(1)).expect("a uid");
    let uid: String = uid.chars().take_while(char::is_ascii_digit).collect();
    let mut command = district.command(&line.split_whitespace().collect::<Vec<_>>());
    let output = command.env("SUDO_UID", uid).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn of_a_unit_that_is_seen_in_part_the_seen_projects_are_listed_without_a_sum() {
    let district = District::new();
    district.edit("district.toml", |text| text.replace("sample = true", "sample = false\nidentity = \"sudo\""));
    let all = text(&District::new(), "export bulletin --round 2014-H1-ASM --format md");
    let seen = run_as(&district, "yizu", "export bulletin --round 2014-H1-ASM --format md");
    let appendix = |text: &str| text.split("## 附件2").nth(1).expect("the towns").to_owned();
    let rows = |text: &str| -> Vec<Vec<String>> { markdown_tables(text).into_iter().flatten().collect() };
    let projects = |text: &str| rows(&appendix(text)).iter().filter(|row| row[0].contains('-')).count();
    let (all, part, said) = (projects(&all), projects(&seen), appendix(&seen));
    assert!(part > 0 && part < all, "{part} of {all}");
    assert!(said.contains(&format!("另有 {} 项不在您的范围内，未列出。", all - part)), "{part} of {all}: {said}");
    for table in markdown_tables(&said) {
        let whole = table.last().is_some_and(|row| row[0] == "合计");
        assert!(whole || table.len() > 1, "{table:?}");
    }
    assert!(markdown_tables(&said).iter().any(|table| table.iter().all(|row| row[0] != "合计")), "{said}");
}

#[test]
fn a_draft_says_what_it_lacks() {
    let mut office = published();
    let say = |office: &Office| run(office, &format!("export bulletin --round {ASM} --format md")).out;
    office.step(OBS, RoundStep::Reopen, "票据有误").expect("published");
    let open = say(&office);
    assert!(open.contains("草稿：2014年二季度观摩公布后重新打开，正在更正，数字可能变动，不得外传"), "{open}");
    assert!(!open.contains("未经封存和公布"), "{open}");
    office.step(OBS, RoundStep::Seal, "").expect("complete");
    let sealed = say(&office);
    assert!(sealed.contains("草稿：2014年二季度观摩已封存，未公布，"), "{sealed}");
}

#[test]
fn a_notice_is_of_one_day_and_of_a_closed_finding_it_asks_nothing_more() {
    let district = District::new();
    let list = district.run("rectifications --json").json();
    let all = list["rectifications"].as_array().expect("rectifications");
    let id = |of: &dyn Fn(&serde_json::Value) -> bool| {
        all.iter().find(|r| of(r)).and_then(|r| r["id"].as_str()).expect("one").to_owned()
    };
    let notice = |id: &str| text(&district, &format!("export notice --subject {id} --format md"));
    let closed = notice(&id(&|r| r["state"] == "closed"));
    assert!(closed.contains("已于") && closed.contains("销号") && !closed.contains("请按要求整改"), "{closed}");
    let late = notice(&id(&|r| r["overdue_days"].is_u64()));
    assert!(late.contains("截至2014年7月12日已逾期") && late.contains("\n2014年7月12日\n"), "one day: {late}");
    assert!(!late.contains("通报"), "{late}");
    let timely = id(&|r| r["overdue_days"].is_null() && r["state"] != "closed");
    let issued = all.iter().find(|r| r["id"] == timely.as_str()).and_then(|r| r["issued"].as_str()).expect("a day");
    let timely = notice(&timely);
    assert!(
        timely.contains("请按要求整改") && timely.contains(issued) && !timely.contains("2014年7月12日"),
        "{timely}"
    );
}

#[test]
fn a_dossier_is_of_one_day_and_says_what_was_done_since() {
    let district = District::new();
    let dossier = text(&district, "export dossier --subject XX-010 --format md");
    assert!(dossier.contains("本档案各项数据截至2014年6月30日。"), "{dossier}");
    assert_eq!(dossier.matches("截至").count(), 1, "no other day: {dossier}");
    let project = text(&district, "project XX-010");
    assert!(project.contains("诸葛镇") == dossier.contains("诸葛镇"), "{project}");
    assert_eq!(district.run("set milestone YB14-XX-010/基础完成 done=2014-07-10").code, 0);
    let later = text(&district, "export dossier --subject XX-010 --format md");
    assert!(later.contains("其后完成：基础完成 2014年7月10日。"), "{later}");
}

#[test]
fn an_option_that_means_nothing_is_refused_and_pdf_is_told_what_to_do() {
    let district = District::new();
    for (line, said) in [
        ("export projects --number 3 --format csv", "用不上 --number"),
        ("export projects --subject x --format csv", "用不上 --subject"),
        ("export ledger --round 2014-H1-ASM --format csv", "用不上 --round"),
        ("export bulletin --headquarters GY --format md", "用不上 --headquarters"),
        ("export bulletin --number 12 --format md", "没有写发文字号的格式"),
        ("export bulletin --output b.pdf", "不直接导出 pdf"),
        ("export bulletin --output b.odt", "不能导出成 odt"),
    ] {
        let ended = district.run(line);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{line}: {}", ended.err);
        assert!(ended.err.contains(said), "{line}: {}", ended.err);
    }
    let example = fs::read_to_string(district.path("district.toml")).expect("the sample");
    assert!(example.contains("# [bulletin]") && example.contains("--number"), "the sample shows where it is stated");
}

#[test]
fn english_is_written_as_english_is() {
    let district = District::new();
    for line in [
        "--lang en export bulletin --round 2014-H1-ASM --format md",
        "--lang en export bulletin --round 2014-H1-ASM --format html",
        "--lang en export bulletin --round 2014-H1-ASM --format csv",
        "--lang en export dossier --subject XX-010 --format md",
    ] {
        let said = text(&district, line);
        for han in ["Signed：", "（green）", "（red）", "：certified", "Assessment of town\n", "Town, by"] {
            assert!(!said.contains(han), "{line}: {han}");
        }
        assert!(line.contains("dossier") || said.contains("Signed: "), "{line}");
    }
}

#[test]
fn ballots_in_a_workbook_are_headed_in_chinese_and_come_in_again_without_a_change() {
    let district = District::new();
    let file = district.path("ballots.xlsx");
    let line = format!("export scores --round 2014-Q2-OBS --format xlsx --output {}", file.display());
    assert_eq!(district.run(&line).code, 0);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&file).expect("a workbook");
    let sheet = calamine::Reader::worksheet_range_at(&mut book, 0).expect("a sheet").expect("cells");
    let heads: Vec<String> = sheet.rows().next().expect("a row").iter().map(ToString::to_string).collect();
    assert_eq!(heads, ["轮次", "评委", "项目编号", "状态", "得分"]);
    let entries = || district.run("verify --json").json()["entries"].clone();
    let before = entries();
    let again = district.run(&format!("import {}", file.display()));
    assert_eq!(again.code, 0, "{}{}", again.out, again.err);
    assert_eq!(entries(), before);
}

#[test]
fn a_printout_is_one_page_and_a_page_of_the_browser_holds_its_tables() {
    let (office, browser) = (found("soffice"), found("chromium"));
    if !found("pdfinfo") {
        return;
    }
    let (district, folder) = (District::new(), TempDir::new().expect("a folder"));
    let pages = |pdf: &str| {
        let output = Command::new("pdfinfo").arg(folder.path().join(pdf)).output().expect("pdfinfo");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let count = text.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse::<u32>().ok());
        count.unwrap_or_else(|| panic!("no pages in {pdf}: {text}"))
    };
    let export = |line: &str, name: &str| {
        let file = folder.path().join(name);
        assert_eq!(district.run(&format!("export {line} --output {}", file.display())).code, 0, "{line}");
        file
    };
    for (line, name) in [
        ("ballot-sheet --round 2014-Q2-OBS --subject J01", "ballot"),
        ("notice --subject ZG-001", "notice"),
        ("dossier --subject XX-010", "dossier"),
    ] {
        if !office {
            break;
        }
        let file = export(line, &format!("{name}.docx"));
        let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
        let mut soffice = Command::new("soffice");
        soffice.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder.path()).arg(file);
        assert!(soffice.output().expect("soffice").status.success());
        assert_eq!(pages(&format!("{name}.pdf")), 1, "{line}");
    }
    if browser {
        let page = export("bulletin --round 2014-H1-ASM", "b.html");
        let mut chromium = Command::new("chromium");
        let pdf = folder.path().join("b.pdf");
        let data = format!("--user-data-dir={}", folder.path().join("browser").display());
        chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", data.as_str()]);
        chromium.arg(format!("--print-to-pdf={}", pdf.display())).arg(format!("file://{}", page.display()));
        assert!(chromium.output().expect("chromium").status.success());
        assert!((5..=12).contains(&pages("b.pdf")), "{}", pages("b.pdf"));
    }
}
