//! 恶意文件. Workbooks that want to harm: whatever they do, the program says what is wrong, in bounded memory.

use std::io::{Cursor, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rust_xlsxwriter::Workbook;
use zip::write::SimpleFileOptions;

use super::{Desk, made, one, repacked, sheet, small, with_part};

/// Address space that the parent gets, in KiB. It holds one workbook at the most the limits allow.
const ROOM: u32 = 600_000;

/// A workbook in order, of a few rows.
fn plain() -> Vec<u8> {
    let head: &[&str] = &["project", "date", "percent", "note"];
    let texts: Vec<[String; 4]> =
        (1..=28).map(|n| ["P".into(), format!("2014-06-{n:02}"), n.to_string(), format!("第{n}次")]).collect();
    let rows: Vec<Vec<&str>> = texts.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut all: Vec<&[&str]> = vec![head];
    all.extend(rows.iter().map(Vec::as_slice));
    one("progress", &all)
}

impl Desk {
    /// Imports the bytes, in little room and without saving; the exit code and what it said. Whatever they are, the
    /// program ends by itself, with 0 or 5, and says why.
    #[track_caller]
    fn survives(&self, bytes: &[u8], what: &str) -> (i32, String) {
        self.put(bytes);
        let line = format!("ulimit -v {ROOM}; exec \"$0\" import book.xlsx --dry-run");
        let output = Command::new("/bin/sh")
            .args(["-c", &line, env!("CARGO_BIN_EXE_dukao")])
            .env_clear()
            .env("HOME", self.office.path(""))
            .env("DUKAO_DISTRICT", self.office.path("district"))
            .env("DUKAO_DATABASE", self.office.database())
            .current_dir(self.office.path(""))
            .stdin(Stdio::null())
            .output()
            .expect("the program");
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 5)), "{what}: {:?} {err}", output.status);
        assert!(code == Some(0) || err.starts_with("error: ") || err.contains("\nerror: "), "{what}: {err}");
        (code.unwrap_or(0), err)
    }

    #[track_caller]
    fn refuses(&self, bytes: &[u8], said: &str) {
        let (code, err) = self.survives(bytes, said);
        assert!(code == 5 && err.contains(said), "{said}: {code} {err}");
    }
}

fn desk() -> Desk {
    let desk = Desk::new(&small(), &plain());
    assert_eq!(desk.survives(&plain(), "a workbook in order").0, 0);
    desk
}

#[test]
fn bombs_are_not_inflated() {
    let desk = desk();
    let bomb = |parts: usize, block: &dyn Fn(usize) -> Vec<u8>, blocks: usize| {
        let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for part in 0..parts {
            out.start_file(format!("xl/worksheets/sheet{part}.xml"), SimpleFileOptions::default()).expect("a part");
            for n in 0..blocks {
                out.write_all(&block(n)).expect("content");
            }
        }
        out.finish().expect("a zip file").into_inner()
    };
    // A thousand times its size.
    desk.refuses(&bomb(1, &|_| vec![0; 1 << 20], 32), "解压后过大");
    // Each part less than a hundred times its size, all together more than 200 MB.
    let mixed = |n: usize| {
        let mut seed = n as u64 + 1;
        let mut block = vec![b'a'; 1 << 16];
        block.iter_mut().step_by(70).for_each(|b| *b = u8::try_from(random(&mut seed) % 256).unwrap_or(0));
        block
    };
    desk.refuses(&bomb(3, &mixed, 1200), "解压后过大");
    desk.refuses(&bomb(201, &|_| b"x".to_vec(), 1), "201 个部件");
}

#[test]
fn large_words_take_no_memory() {
    let desk = desk();
    let sheet1 = "xl/worksheets/sheet1.xml";
    // A sheet that claims to reach to the end of all sheets is an ordinary one; a cell that stands there is named.
    let dimension = with_part(&plain(), sheet1, |xml| xml.replace("ref=\"A1:D29\"", "ref=\"A1:XFD1048576\""));
    assert_eq!(desk.survives(&dimension, "dimension").0, 0);
    let last = r#"<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row></sheetData>"#;
    desk.refuses(&with_part(&plain(), sheet1, |xml| xml.replace("</sheetData>", last)), "progress!XFD1048576");
    for (from, to) in
        [("r=\"A2\"", "r=\"A99999999999\""), ("r=\"A2\"", "r=\"ZZZZZZZ2\""), ("r=\"A2\"", "r=\"A3000000\"")]
    {
        desk.refuses(&with_part(&plain(), sheet1, |xml| xml.replacen(from, to, 1)), "book.xlsx");
    }
    let strings = with_part(&plain(), "xl/sharedStrings.xml", |xml| {
        let at = xml.find("uniqueCount=\"").expect("a count");
        let end = at + 13 + xml[at + 13..].find('"').expect("its end");
        format!("{}uniqueCount=\"1099511627776{}", &xml[..at], &xml[end..])
    });
    desk.survives(&strings, "uniqueCount 2^40");
    let many = with_part(&plain(), "xl/workbook.xml", |xml| {
        let one = |n: usize| format!("<sheet name=\"s{n}\" sheetId=\"{n}\" r:id=\"rId1\"/>");
        xml.replace("<sheets>", &format!("<sheets>{}", (2..=10_000).map(one).collect::<String>()))
    });
    desk.refuses(&many, "10000 张表");
    // One text of 9 KB, in ten thousand cells.
    let long = made(|book: &mut Workbook| {
        let text = "长".repeat(3_000);
        let page = sheet(book, "progress", &[&["project", "date", "note"]]);
        (1..=10_000).for_each(|row| drop(page.write_string(row, 2, &text)));
    });
    desk.refuses(&long, "内容过多");
}

#[test]
fn wrong_types_are_located_or_refused() {
    let desk = desk();
    let sheet1 = "xl/worksheets/sheet1.xml";
    let cell = |content: &str| {
        with_part(&plain(), sheet1, |xml| {
            let at = xml.find("<c r=\"C2\"").expect("the cell");
            let end = at + xml[at..].find("</c>").expect("its end") + 4;
            format!("{}{content}{}", &xml[..at], &xml[end..])
        })
    };
    for (content, said) in [
        (r#"<c r="C2" t="e"><v>#REF!</v></c>"#, "progress!C2"),
        (r#"<c r="C2" t="b"><v>1</v></c>"#, "progress!C2"),
        (r#"<c r="C2" t="d"><v>2014-06-30T00:00:00</v></c>"#, "progress!C2"),
        (r#"<c r="C2"><v>1e999</v></c>"#, "progress!C2"),
        (r#"<c r="C2"><v>NaN</v></c>"#, "progress!C2"),
        (r#"<c r="C2" t="inlineStr"><is><t>四十五</t></is></c>"#, "progress!C2"),
        (r#"<c r="C2" t="s"><v>999999</v></c>"#, "book.xlsx"),
        (r#"<c r="C2" t="n"><v>x</v></c>"#, "book.xlsx"),
        (r#"<c r="A2" t="str"><v>Q</v></c>"#, "同一格出现两次"),
        (r#"<c r="C2"><x/></c>"#, "book.xlsx"),
    ] {
        desk.refuses(&cell(content), said);
    }
    for content in [r#"<c r="C2" s="4000000000"><v>5</v></c>"#, r#"<c r="C2" t="?"><v>5</v></c>"#, "<c/>"] {
        desk.survives(&cell(content), content);
    }
    let laughs = "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><worksheet";
    desk.survives(&with_part(&plain(), sheet1, |xml| xml.replacen("<worksheet", laughs, 1)), "entities");
}

/// Parts that call for more than they hold, or for what is not theirs.
#[test]
fn entities_strings_and_parts_cost_nothing() {
    let desk = desk();
    let (sheet1, strings) = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml");
    // A thousand millions of laughs.
    let level = |n: u8| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10));
    let laughs: String = (1..10).map(level).collect();
    let laughs = format!("<!DOCTYPE x [<!ENTITY l0 \"ha\">{laughs}]><sst");
    let called = with_part(&plain(), strings, |xml| {
        xml.replacen("<sst", &laughs, 1).replacen("<t>project</t>", "<t>&l9;</t>", 1)
    });
    let (_, said) = desk.survives(&called, "a thousand millions of laughs");
    assert!(!said.contains("haha"), "{said}");
    // A file of this machine.
    let outside = "<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/hostname\">]><sst";
    let called = with_part(&plain(), strings, |xml| {
        xml.replacen("<sst", outside, 1).replacen("<t>project</t>", "<t>&f;</t>", 1)
    });
    let (_, said) = desk.survives(&called, "a file of this machine");
    let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    assert!(host.trim().is_empty() || !said.contains(host.trim()), "{said}");
    // A million strings that no cell calls for.
    let million = with_part(&plain(), strings, |xml| {
        let mut seed = 7;
        let more: String =
            (0..1_000_000).map(|_| format!("<si><t>{:x}</t></si>", random(&mut seed) % 65_536)).collect();
        xml.replace("</sst>", &format!("{more}</sst>"))
    });
    assert_eq!(desk.survives(&million, "a million strings").0, 0);
    // A sheet that is there twice, and a zip file in a zip file.
    let mut twice = repacked(&plain(), |name, content| {
        if name == "docProps/app.xml" { ("xl/worksheets/sheetX.xml".into(), content) } else { (name, content) }
    });
    while let Some(at) = twice.windows(10).position(|name| name == b"sheetX.xml") {
        twice[at + 5] = b'1';
    }
    desk.survives(&twice, "a part that is there twice");
    let nested = repacked(&plain(), |name, content| {
        let inner = name == sheet1;
        (name, if inner { plain() } else { content })
    });
    desk.refuses(&nested, "book.xlsx");
}

/// Text files that are none, and paths that are no files.
#[test]
fn whatever_is_no_text_file_ends_in_a_sentence() {
    let desk = desk();
    let csv = |bytes: &[u8]| {
        std::fs::write(desk.office.path("progress.csv"), bytes).expect("a file");
        let ended = desk.run("import progress.csv --dry-run");
        (ended.code, ended.err)
    };
    for (bytes, said) in [
        (b"project,date,percent\nP,2014-06-30,\0\n".to_vec(), "空字节"),
        (b"\xff\xfep\0r\0o\0".to_vec(), "CSV UTF-8"),
        (vec![b'a'; 21 << 20], "20 MB"),
        ("宽".repeat(4 << 20).into_bytes(), "10 KB"),
        (Vec::new(), "缺表头"),
        (b"\"".to_vec(), "缺"),
    ] {
        let (code, err) = csv(&bytes);
        assert!(code == 5 && err.contains(said), "{said}: {code} {err}");
    }
    // A file of a gigabyte without a line end, of which no more is read than is looked at.
    let sparse = std::fs::File::create(desk.office.path("progress.csv")).expect("a file");
    sparse.set_len(1 << 30).expect("a gigabyte");
    let begun = Instant::now();
    assert_eq!(desk.run("import progress.csv").code, 5);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let pipe = desk.office.path("pipe.csv");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    for path in ["pipe.csv", "/dev/zero"] {
        let ended = desk.run(&format!("import {path} --kind progress"));
        assert!(ended.code == 1 && ended.err.contains("不是文件"), "{path}: {} {}", ended.code, ended.err);
    }
}

fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

/// Bytes with one bit changed, or a handful.
fn flipped(mut bytes: Vec<u8>, seed: &mut u64, flip: u64) -> Vec<u8> {
    for _ in 0..=flip % 4 {
        let at = usize::try_from(random(seed)).unwrap_or(0) % bytes.len();
        bytes[at] ^= 1 << (random(seed) % 8);
    }
    bytes
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(usual)
}

#[test]
fn cut_and_flipped_files_end_in_a_sentence() {
    let (desk, whole) = (desk(), plain());
    let mut refused = 0;
    let cuts = setting("DUKAO_CUTS", 25);
    for n in 0..cuts {
        let at = whole.len() * usize::try_from(n).unwrap_or(0) / usize::try_from(cuts).unwrap_or(1);
        assert_eq!(desk.survives(&whole[..at], &format!("cut at {at}")).0, 5, "cut at {at}");
    }
    let (seed, flips) = (setting("DUKAO_FLIP_SEED", 20_140_712), setting("DUKAO_FLIPS", 200));
    let mut state = seed;
    let parts =
        ["sheet1.xml", "sharedStrings.xml", "styles.xml", "workbook.xml", "workbook.xml.rels", "[Content_Types].xml"];
    for flip in 0..flips {
        // In the file as it is, where the checksums of its parts find it; or in a part, which is then packed again.
        let bytes = if flip % 2 == 0 {
            flipped(whole.clone(), &mut state, flip)
        } else {
            let part = parts[usize::try_from(flip / 2).unwrap_or(0) % parts.len()];
            let seed = std::cell::Cell::new(state);
            let bytes = repacked(&whole, |name, content| {
                if !name.ends_with(part) {
                    return (name, content);
                }
                let mut state = seed.get();
                let content = flipped(content, &mut state, flip);
                seed.set(state);
                (name, content)
            });
            state = seed.get();
            bytes
        };
        refused += usize::from(desk.survives(&bytes, &format!("flip {flip} of seed {seed}")).0 == 5);
    }
    assert!(refused > 0, "no flip was noticed");
}

/// What parses a workbook is locked in before it has read the first byte: no rights to gain, no program to start.
#[test]
fn the_parser_is_locked_in_before_it_reads() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dukao"))
        .arg("parse-workbook")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the parser");
    let file = |name: &str| std::fs::read_to_string(format!("/proc/{}/{name}", child.id())).expect("the child");
    // It waits in a read of its standard input, with nothing to read: system call 0, file 0 (63 on other processors).
    let begun = Instant::now();
    while !["0 0x0 ", "63 0x0 "].iter().any(|waits| file("syscall").starts_with(waits)) {
        assert!(begun.elapsed() < Duration::from_secs(10), "it never reads: {}", file("syscall"));
        std::thread::yield_now();
    }
    let status = file("status");
    for locked in ["NoNewPrivs:\t1", "Seccomp:\t2"] {
        assert!(status.contains(locked), "{locked}: {status}");
    }
    let limits = file("limits");
    assert!(limits.lines().any(|line| line.starts_with("Max core file size") && line.contains("  0  ")), "{limits}");
    child.stdin.take().expect("its input").write_all(&plain()).expect("sent");
    assert!(child.wait().expect("its end").success(), "and it reads a workbook all the same");
}

/// Of two parts of one name readers take one or the other: the file is refused, however its names are written.
#[test]
fn a_part_that_is_there_twice_is_refused() {
    let rows = |percent: &str| one("progress", &[&["project", "date", "percent"], &["P", "2014-06-30", percent]]);
    let desk = Desk::new(&small(), &rows("45"));
    for name in ["xl/Xorksheets/sheet1.xml", "XL/worksheets/sheet1.xml"] {
        // Written under a name of the same length, and called as the other afterwards.
        let mut doubled = super::repacked(&rows("45"), |called, content| (called, content));
        let mut zip = zip::ZipWriter::new_append(std::io::Cursor::new(&mut doubled)).expect("a zip file");
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        std::io::Write::write_all(&mut zip, super::part(&rows("99"), "xl/worksheets/sheet1.xml").as_bytes())
            .expect("content");
        zip.finish().expect("a zip file");
        let (from, to) = (b"xl/Xorksheets", b"xl/worksheets");
        for at in 0..doubled.len() - from.len() {
            if doubled[at..].starts_with(from) {
                doubled[at..at + to.len()].copy_from_slice(to);
            }
        }
        desk.put(&doubled);
        let ended = desk.import("");
        assert!(ended.code == 5 && ended.err.contains("出现两次"), "{name}: {}{}", ended.out, ended.err);
    }
}
