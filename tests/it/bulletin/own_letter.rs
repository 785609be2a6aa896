//! The office's own letter: what stays, what is filled in, and that a draft says so whatever the letter is like.

use std::fs;
use std::process::Command;

use docx_rs::{Docx, Header, Paragraph, Run, Table, TableCell, TableRow};
use tempfile::TempDir;

use super::office_files::{exported, in_order, part, parts};
use super::{District, found};

/// A paragraph whose text Word has cut into these runs.
fn cut(runs: &[&str]) -> Paragraph {
    runs.iter().enumerate().fold(Paragraph::new(), |paragraph, (place, text)| {
        let run = Run::new().add_text(*text);
        paragraph.add_run(if place == 0 { run.bold() } else { run })
    })
}

fn packed(docx: Docx) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    docx.build().pack(&mut bytes).expect("a letter");
    bytes.into_inner()
}

/// The letter of an office: its own head, placeholders as they are typed, room for the parts.
fn letter() -> Docx {
    let cell = TableCell::new().add_paragraph(cut(&["{{ table:tallies }}"]));
    Docx::new()
        .page_margin(docx_rs::PageMargin { left: 2000, right: 2000, ..docx_rs::PageMargin::default() })
        .header(Header::new().add_paragraph(cut(&["我区的信头 {{ as_", "of }}"])))
        .add_paragraph(cut(&["红头：{", "{ mast", "head }", "}（全文）"]))
        .add_paragraph(cut(&["｛｛ number ｝｝", "　", "{{ title }}"]))
        .add_paragraph(cut(&["{{ to|join(“、”) }}：{{ signature.date }}"]))
        .add_paragraph(cut(&["{{ corrections }}"]))
        .add_paragraph(cut(&["{{ bo", "ards }}"]))
        .add_table(Table::new(vec![TableRow::new(vec![cell])]))
        .add_paragraph(cut(&["{{ imprint }}"]))
}

fn with(letter: &[u8]) -> District {
    let district = District::new();
    district.edit("district.toml", |text| {
        let head = "[bulletin]\nmasthead = \"甲<乙>&丙\"\nnumber = \"督〔2014〕{n}号\"\nto = [\"各镇\", \"各部\"]\n\n";
        text.replacen("[[unit]]", &format!("{head}[[unit]]"), 1)
    });
    assert_eq!(district.run("plan --apply").code, 0);
    fs::create_dir_all(district.path("templates")).expect("a folder");
    fs::write(district.path("templates/bulletin.docx"), letter).expect("a template");
    district
}

const BULLETIN: [&str; 8] = ["export", "bulletin", "--round", "2014-H1-ASM", "--format", "docx", "--number", "7"];

/// Texts of a part's paragraphs.
fn said(xml: &str) -> Vec<String> {
    let texts = |paragraph: &str| {
        let runs = paragraph.split("<w:t").skip(1).filter(|t| t.starts_with('>') || t.starts_with(' '));
        runs.filter_map(|t| t.split_once('>')?.1.split('<').next().map(str::to_owned)).collect::<String>()
    };
    xml.split("</w:p>").map(texts).filter(|text| !text.is_empty()).collect()
}

#[test]
fn placeholders_are_filled_in_however_word_cut_them_and_parts_stand_where_they_are_asked_for() {
    let district = with(&packed(letter()));
    let package = exported(&district, &BULLETIN);
    let found = parts(&package);
    let document = part(&found, "word/document.xml");
    let texts = said(document);
    assert_eq!(texts[0], "红头：甲&lt;乙&gt;&amp;丙（全文）");
    assert_eq!(texts[1], "督〔2014〕7号　【草稿】关于2014年上半年考核、2014年二季度观摩结果的通报");
    assert_eq!(texts[2], "各镇、各部：2014年7月12日");
    // There is nothing to correct, and no empty place where it would be.
    assert_eq!(texts[3], "二、考评结果");
    assert!(!document.contains("{{") && !document.contains("｛｛"), "nothing is left to fill in");
    assert_eq!(document.matches("<w:tbl>").count(), 4, "two boards, and the tallies within a table of the letter");
    let after: Vec<&String> = texts.iter().filter(|text| text.contains("前12位") || text.contains("前8位")).collect();
    assert_eq!(after.len(), 4, "one paragraph for each line of the imprint: {after:?}");
    // What Word was told of the first letter of the placeholder holds for what takes its place.
    assert!(document.contains("红头：甲&lt;乙&gt;&amp;丙</w:t>"), "{document}");
    // The tables are as wide as the letter leaves room.
    let board = document.split("<w:tblGrid>").nth(1).and_then(|t| t.split("</w:tblGrid>").next()).expect("a grid");
    let widths: usize = board.split("w:w=\"").skip(1).filter_map(|w| w.split('"').next()?.parse::<usize>().ok()).sum();
    assert!((7_890..=7_906).contains(&widths), "{widths}");
    assert_eq!(found.iter().filter(|(name, _)| name.starts_with("word/charts/dukao")).count(), 2);
    in_order(&package);
}

#[test]
fn a_draft_says_so_on_every_page_whatever_the_letter_is_like() {
    let no_room = docx_rs::PageMargin { header: 0, ..docx_rs::PageMargin::default() };
    let plain =
        Docx::new().page_margin(no_room).add_paragraph(cut(&["{{ title }}"])).add_paragraph(cut(&["{{ parts }}"]));
    for (letter, heads) in [(letter(), 2), (plain, 1)] {
        let district = with(&packed(letter));
        let found = parts(&exported(&district, &BULLETIN));
        let document = part(&found, "word/document.xml");
        for kind in ["default", "first", "even"] {
            let one = document.matches("<w:headerReference").count();
            assert!(document.contains(&format!("w:type=\"{kind}\"")) && one == 3, "{kind}: {document}");
        }
        assert!(!document.contains("w:header=\"0\""), "no printer prints there");
        let all: Vec<_> = found.iter().filter(|(_, text)| text.contains("<w:hdr")).collect();
        assert_eq!(all.len(), heads);
        for (name, text) in all {
            assert!(text.contains("string=\"草稿\"") && text.contains("草稿：未经封存和公布"), "{name}");
        }
    }
    // What is published is no draft; what is invented still says so.
    let district = with(&packed(letter()));
    let published = ["export", "bulletin", "--round", "2014-Q1-ASM", "--format", "docx"];
    let found = parts(&exported(&district, &published));
    let head = part(&found, "word/header1.xml");
    assert!(head.contains("样例数据") && head.contains("我区的信头 2014年3月31日"), "{head}");
    assert!(found.iter().all(|(_, text)| !text.contains("草稿")), "{head}");
}

#[test]
fn what_is_wrong_in_a_letter_is_told_with_its_paragraph_and_what_there_is() {
    let only = |runs: &[&str]| packed(Docx::new().add_paragraph(cut(runs)));
    let district = with(&only(&["{{ title }}"]));
    for (letter, zh) in [
        (only(&["标题：{{ ti", "tel }}"]), "「标题：{{ titel }}」：占位符 titel 填不了（没有这个名字）；可以用的有："),
        (only(&["{{ title"]), "没有「}}」收尾"),
        (only(&["{% for p in parts %}"]), "没有 {% 语句 %}"),
        (only(&["见 {{ boards }}"]), "要独占正文里的一段"),
        (only(&["{{ table:quotes }}"]), "没有表 quotes；有：tallies headquarters towns"),
        (only(&["{{ signature }}"]), "填不了（不是一段文字）"),
        (b"PK\x03\x04 no letter".to_vec(), "不是 Word 文档（.docx）"),
        (only(&["{{ title }}"])[..900].to_vec(), "不是 Word 文档（.docx）"),
    ] {
        fs::write(district.path("templates/bulletin.docx"), letter).expect("a template");
        let ended = district.command(&BULLETIN).output().expect("the program");
        let err = String::from_utf8_lossy(&ended.stderr);
        assert_eq!((ended.status.code(), ended.stdout.len()), (Some(5), 0), "{zh}: {err}");
        assert!(err.contains("templates/bulletin.docx：") && err.contains(zh), "{zh}: {err}");
    }
    // More than a letter holds is not unpacked: 80 MB of nothing in a file of 80 KB.
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).expect("a part");
    std::io::Write::write_all(&mut zip, &vec![b' '; 80 << 20]).expect("a part");
    let bomb = zip.finish().expect("a file").into_inner();
    assert!(bomb.len() < 200_000);
    fs::write(district.path("templates/bulletin.docx"), bomb).expect("a template");
    let ended = district.run("export bulletin --round 2014-H1-ASM --format docx");
    assert_eq!(ended.code, 5);
    assert!(ended.err.contains("64 MB"), "{}", ended.err);
}

#[test]
fn printouts_take_their_own_letter_and_an_office_program_opens_it() {
    let district = with(&packed(letter()));
    let own = packed(Docx::new().add_paragraph(cut(&["我区 {{ title }}"])).add_paragraph(cut(&["{{ sites }}"])));
    fs::write(district.path("templates/ballot-sheet.docx"), own).expect("a template");
    let sheet = exported(&district, &["export", "ballot-sheet", "--round", "2014-Q2-OBS", "--format", "docx"]);
    let texts = said(part(&parts(&sheet), "word/document.xml"));
    assert_eq!(texts[0], "我区 2014年二季度观摩打分票");
    assert!(texts.contains(&"观摩现场".to_owned()), "{texts:?}");
    if !found("soffice") {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("b.docx");
    fs::write(&file, exported(&district, &BULLETIN)).expect("a file");
    let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
    let mut office = Command::new("soffice");
    office.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder.path()).arg(&file);
    let output = office.output().expect("soffice");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(fs::metadata(folder.path().join("b.pdf")).expect("the pages").len() > 20_000);
}
