//! Workbooks and letters: what stands in their packages, and that an office program opens them.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{District, found};

/// Bytes of an export.
pub(super) fn exported(district: &District, args: &[&str]) -> Vec<u8> {
    let output = district.command(args).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The parts of a package that are XML, by name.
pub(super) fn parts(package: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).expect("a package");
    let mut found = Vec::new();
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).expect("a part");
        let (name, mut text) = (part.name().expect("a name").into_owned(), String::new());
        if name.ends_with(".xml") || name.ends_with(".rels") {
            part.read_to_string(&mut text).expect("text");
            found.push((name, text));
        }
    }
    found
}

fn bulletin(district: &District, format: &str) -> Vec<(String, String)> {
    parts(&exported(district, &["export", "bulletin", "--round", "2014-H1-ASM", "--format", format]))
}

pub(super) fn part<'p>(parts: &'p [(String, String)], name: &str) -> &'p str {
    &parts.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name}")).1
}

/// A district with a project whose name a spreadsheet would calculate.
fn armed() -> District {
    let district = District::new();
    district.edit("projects.toml", |text| text.replacen("name = \"【样例】东区初级中学\"", "name = \"=1+1 <b>&\"", 1));
    district
}

#[test]
fn a_workbook_holds_texts_and_numbers_and_calculates_nothing() {
    let parts = bulletin(&armed(), "xlsx");
    assert!(part(&parts, "xl/sharedStrings.xml").contains("<t>=1+1 &lt;b&gt;&amp;</t>"));
    let sheets: Vec<&str> =
        parts.iter().filter(|(n, _)| n.starts_with("xl/worksheets/sheet")).map(|(_, t)| t.as_str()).collect();
    assert_eq!(sheets.len(), 10, "a cover and nine parts");
    for sheet in &sheets {
        assert!(!sheet.contains("<f>") && !sheet.contains("<hyperlink"), "no formula and no link");
        assert!(sheet.contains("paperSize=\"9\"") && sheet.contains("fitToWidth") | sheet.contains("fitToPage"), "A4");
        assert!(sheet.contains("草稿：未经封存和公布"), "every page of a draft says so");
    }
    let charts = parts.iter().filter(|(n, _)| n.starts_with("xl/charts/chart")).count();
    assert_eq!(charts, 2);
    assert!(sheets[2].contains("<pane ySplit="), "the header stays");
    // 94.67 stands there as a number.
    assert!(sheets[2].contains("<v>94.67</v>"), "{}", sheets[2]);
    assert!(parts.iter().all(|(_, text)| !text.contains("TargetMode=\"External\"")));
}

#[test]
fn a_letter_has_fixed_columns_fonts_for_han_and_a_page_number() {
    let parts = bulletin(&armed(), "docx");
    let document = part(&parts, "word/document.xml");
    assert!(document.contains("=1+1 &lt;b&gt;&amp;"));
    let tables = document.matches("<w:tbl>").count();
    assert!(tables > 20, "{tables}");
    assert_eq!(document.matches("<w:tblGrid>").count(), tables);
    assert!(document.matches("<w:gridCol w:w=").count() > 5 * tables && !document.contains("<w:gridCol w:w=\"0\""));
    assert_eq!(document.matches("<w:tblHeader />").count(), tables, "the header of every table stands on each page");
    assert_eq!(document.matches("<w:cantSplit />").count(), document.matches("<w:tr>").count(), "no row is torn");
    for table in document.split("<w:tbl>").skip(1) {
        let first = table.split("</w:tr>").next().unwrap_or_default();
        assert!(first.contains("<w:tblHeader />"), "the header is the first row");
    }
    assert!(document.contains("w:eastAsia=\"仿宋\"") && document.contains("w:eastAsia=\"方正小标宋简体\""));
    let without =
        document.split("<w:r>").skip(1).filter(|run| run.contains("<w:t ") && !run.contains("w:eastAsia")).count();
    assert_eq!(without, 0, "every text names its font for Han");
    assert!(document.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\"") && document.contains("w:top=\"2098\""));
    assert!(part(&parts, "word/footer1.xml").contains("PAGE"));
    let header = part(&parts, "word/header1.xml");
    assert!(header.contains("草稿：未经封存和公布") && header.contains("string=\"草稿\""), "{header}");
    assert!(part(&parts, "word/fontTable.xml").contains("仿宋_GB2312"));
    assert!(parts.iter().all(|(_, text)| !text.contains("TargetMode=\"External\"")));
}

/// What a package has to be like for Word: every part is XML that can be read, its type is declared, and everything that is
/// referred to is there.
const IN_ORDER: &str = r#"
import io, posixpath, sys, zipfile
from xml.etree import ElementTree
package = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
names = package.namelist()
assert len(names) == len(set(names)), "a part twice"
xml = {n: ElementTree.fromstring(package.read(n)) for n in names if n.endswith((".xml", ".rels"))}
types = xml["[Content_Types].xml"]
defaults = {e.get("Extension").lower() for e in types if e.tag.endswith("Default")}
overrides = [e.get("PartName").lstrip("/") for e in types if e.tag.endswith("Override")]
assert len(overrides) == len(set(overrides)), "a part declared twice"
for n in names:
    assert n == "[Content_Types].xml" or n in overrides or n.rsplit(".", 1)[-1] in defaults, "no type: " + n
ids = {}
for n in (n for n in names if n.endswith(".rels")):
    folder, name = posixpath.split(n)
    of = posixpath.join(posixpath.dirname(folder), name[:-5])
    for e in xml[n]:
        assert e.get("Id") not in ids.setdefault(of, set()), "an id twice"
        ids[of].add(e.get("Id"))
        target = e.get("Target")
        target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(of), target))
        assert e.get("TargetMode") != "External" and target in names, "no such part: " + target
office = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
for n, root in xml.items():
    for e in root.iter():
        for key, value in e.attrib.items():
            assert not key.startswith(office) or value in ids.get(n, ()), f"{n} refers to {value}"
# Children of a property stand in the sequence of its schema (ECMA-376, part 1); no id is there twice.
word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
sequences = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs wordWrap "
           "snapToGrid spacing ind contextualSpacing jc textAlignment outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs strike color spacing w kern position sz szCs highlight u shd vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cantSplit trHeight tblHeader jc",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType cols titlePg docGrid",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "style": "name basedOn next link uiPriority qFormat pPr rPr tblPr",
    "settings": "zoom evenAndOddHeaders defaultTabStop compat",
}
if "word/dukao_head.xml" in names:
    del sequences["settings"]  # those of the office's own letter are left as they are
checked, seen = 0, {"docPr": set(), "bookmarkStart": set(), "paraId": set()}
for n in (n for n in xml if n.startswith("word/")):
    for e in xml[n].iter():
        name = e.tag.split("}")[-1]
        if e.tag.startswith(word) and name in sequences:
            places = [sequences[name].split().index(c.tag.removeprefix(word)) for c in e]
            assert places == sorted(places), f"{n}: {name} holds {[c.tag.removeprefix(word) for c in e]}"
            checked += 1
        one = e.get("id") if name == "docPr" else e.get(word + "id") if name == "bookmarkStart" else None
        para = e.get("{http://schemas.microsoft.com/office/word/2010/wordml}paraId")
        for kind, value in ((name, one), ("paraId", para)):
            assert value is None or value not in seen[kind], f"{n}: {kind} {value} twice"
            if value is not None:
                seen[kind].add(value)
assert checked > 100 or "word/document.xml" not in names or len(package.read("word/document.xml")) < 50000, checked
print(sum(n.startswith("word/charts/dukao") for n in names))
"#;

/// Looks a package over; how many charts it has.
pub(super) fn in_order(package: &[u8]) -> Option<usize> {
    if !found("python3") {
        return None;
    }
    let mut python = Command::new("python3");
    python.args(["-c", IN_ORDER]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = python.spawn().expect("python3");
    child.stdin.take().expect("a pipe").write_all(package).expect("the package");
    let output = child.wait_with_output().expect("python3");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}

#[test]
fn the_charts_of_a_letter_are_in_order_and_hold_their_figures_and_a_workbook_to_edit_them() {
    let district = armed();
    let package = exported(&district, &["export", "bulletin", "--round", "2014-H1-ASM", "--format", "docx"]);
    assert!(in_order(&package).is_none_or(|charts| charts == 2));
    let parts = parts(&package);
    let chart = part(&parts, "word/charts/dukao1.xml");
    assert!(chart.contains("<c:barDir val=\"bar\"/>") && chart.contains("<c:showVal val=\"1\"/>"));
    assert!(chart.contains("<a:srgbClr val=\"A6A6A6\"/>"), "grey on any printer");
    let document = part(&parts, "word/document.xml");
    assert_eq!(document.matches("r:id=\"rIdDukaoChart").count(), 2);
    assert!(!document.contains("dukao-chart"), "no mark is left");
    // What is cached in the chart, what stands in its workbook and what `rank` says are the same.
    let mut archive = zip::ZipArchive::new(Cursor::new(&package)).expect("a package");
    let mut book = Vec::new();
    archive.by_name("word/embeddings/dukao1.xlsx").expect("a workbook").read_to_end(&mut book).expect("a workbook");
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(Cursor::new(book)).expect("a workbook");
    let rows = calamine::Reader::worksheet_range(&mut book, "Sheet1").expect("a sheet");
    let board = district.run("rank headquarters --round 2014-H1-ASM --by composite --json").json();
    let board = board["rows"].as_array().expect("rows");
    assert_eq!(rows.height(), board.len() + 1);
    for (row, unit) in rows.rows().skip(1).zip(board) {
        let figure = unit["score"].as_f64().expect("a score");
        assert_eq!(row[1].to_string().parse(), Ok(figure));
        assert!(
            chart.contains(&format!("<c:v>{}</c:v>", row[0])) && chart.contains(&format!("<c:v>{figure:.2}</c:v>"))
        );
    }
}

#[test]
fn an_office_program_opens_both_and_makes_pages_of_them() {
    if !found("soffice") {
        return;
    }
    let district = District::new();
    let folder = TempDir::new().expect("a folder");
    for format in ["docx", "xlsx"] {
        let file = folder.path().join(format!("b.{format}"));
        let args = ["export", "bulletin", "--round", "2014-H1-ASM", "--format", format];
        fs::write(&file, exported(&district, &args)).expect("a file");
        let profile = format!("-env:UserInstallation=file://{}", folder.path().join("profile").display());
        let mut office = Command::new("soffice");
        office.args([profile.as_str(), "--headless", "--convert-to", "pdf", "--outdir"]).arg(folder.path()).arg(&file);
        let output = office.output().expect("soffice");
        let pdf = folder.path().join("b.pdf");
        assert!(output.status.success() && pdf.is_file(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(fs::metadata(&pdf).expect("the pages").len() > 50_000);
        fs::remove_file(&pdf).expect("the pages");
    }
}
