//! LibreOffice 来回. What the program gives out is opened, edited and saved by LibreOffice, and comes in again.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::scores::{given, open};
use super::{Desk, one, small};

/// LibreOffice with a profile of its own, which holds the macro that edits.
struct LibreOffice {
    home: tempfile::TempDir,
}

const LIBRARY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Fill"/>
</library:library>
"#;

impl LibreOffice {
    /// None, and loudly, where it is not installed.
    fn found() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        if !std::env::split_paths(&path).any(|dir| dir.join("soffice").is_file()) {
            // Past the harness, which would keep it to itself: a test that was not made must not look like one.
            let _ = writeln!(std::io::stderr(), "SKIPPED LOUDLY: no soffice here, no round trip through LibreOffice");
            return None;
        }
        let office = Self { home: tempfile::TempDir::new().expect("a folder") };
        office.run(&["--terminate_after_init"]);
        Some(office)
    }

    fn run(&self, args: &[&str]) {
        let profile = format!("-env:UserInstallation=file://{}", self.home.path().join("profile").display());
        let ended = Command::new("soffice")
            .args([&profile, "--headless", "--norestore", "--nologo"])
            .args(args)
            .env("HOME", self.home.path())
            .stdin(Stdio::null())
            .output()
            .expect("LibreOffice");
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }

    /// Opens a workbook, sets cells of its first sheet, and saves it under another name.
    fn edits(&self, book: &Path, cells: &[(&str, &str)]) -> PathBuf {
        let set = |(cell, value): &(&str, &str)| {
            let quoted = |text: &str| format!("&quot;{text}&quot;");
            let value = value
                .parse::<f64>()
                .map_or_else(|_| format!("setString({})", quoted(value)), |n| format!("setValue({n})"));
            format!("  doc.Sheets(0).getCellRangeByName({}).{value}\n", quoted(cell))
        };
        let edits: String = cells.iter().map(set).collect();
        let module = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Fill" script:language="StarBasic">
Sub Main(source As String, target As String)
  Dim hidden(0) As New com.sun.star.beans.PropertyValue
  hidden(0).Name = &quot;Hidden&quot;
  hidden(0).Value = True
  doc = StarDesktop.loadComponentFromURL(source, &quot;_blank&quot;, 0, hidden())
{edits}  Dim saved(0) As New com.sun.star.beans.PropertyValue
  saved(0).Name = &quot;FilterName&quot;
  saved(0).Value = &quot;Calc MS Excel 2007 XML&quot;
  doc.storeToURL(target, saved())
  doc.close(True)
End Sub
</script:module>
"#
        );
        let basic = self.home.path().join("profile/user/basic/Standard");
        fs::create_dir_all(&basic).expect("a folder");
        fs::write(basic.join("script.xlb"), LIBRARY).expect("the library");
        fs::write(basic.join("Fill.xba"), module).expect("the macro");
        let target = self.home.path().join("saved.xlsx");
        let _ = fs::remove_file(&target);
        let call =
            format!("macro:///Standard.Fill.Main(\"file://{}\",\"file://{}\")", book.display(), target.display());
        self.run(&[&call]);
        assert!(target.is_file(), "LibreOffice saved nothing");
        target
    }
}

#[test]
fn three_cells_edited_in_libreoffice_make_three_entries() {
    let Some(office) = LibreOffice::found() else { return };
    let desk = Desk::new(&open(), &[]);
    let bytes = given(&desk);
    desk.put(&bytes);
    let begun = desk.entries();
    // Opened and saved, nothing edited: nothing changes, however LibreOffice writes it.
    desk.put(&fs::read(office.edits(&desk.file, &[])).expect("the workbook"));
    assert_eq!(desk.saved(""), "没有变化");
    desk.put(&bytes);
    let edited = office.edits(&desk.file, &[("D4", "12.5"), ("P4", "4.5"), ("D5", "n/a"), ("E5", "未开工")]);
    desk.put(&fs::read(edited).expect("the workbook"));
    assert_eq!(desk.saved(""), format!("saved #{}-#{}", begun + 1, begun + 3));
    let entries = desk.office.json("history")["entries"].clone();
    let keys: Vec<&str> =
        entries.as_array().expect("a list").iter().rev().take(3).filter_map(|e| e["key"].as_str()).collect();
    assert_eq!(keys, ["R/Q/node", "R/P/duty", "R/P/node"]);
    assert_eq!(desk.saved(""), "没有变化");
}

#[test]
fn a_sheet_of_records_comes_in_as_libreoffice_saves_it() {
    let Some(office) = LibreOffice::found() else { return };
    let rows: &[&[&str]] = &[&["项目编号", "日期", "形象进度", "完成投资（万元）"], &["P", "2014-06-30", "", ""]];
    let desk = Desk::new(&small(), &one("进度", rows));
    desk.put(&fs::read(office.edits(&desk.file, &[("C2", "45.5"), ("D2", "4200")])).expect("the workbook"));
    assert!(desk.saved("").starts_with("saved #"));
    let entry = desk.office.json("history")["entries"].as_array().and_then(|e| e.last()).expect("an entry").clone();
    assert_eq!((&entry["after"]["percent"], &entry["after"]["invested_yuan"]), (&45.5.into(), &42_000_000.into()));
}
