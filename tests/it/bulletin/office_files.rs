//! Workbooks and letters: what stands in their packages, and that an office program opens them.

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use super::{District, found};

/// Bytes of an export.
fn exported(district: &District, args: &[&str]) -> Vec<u8> {
    let output = district.command(args).output().expect("the program");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
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
