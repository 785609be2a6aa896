//! The rooms of `ARCHITECTURE.md` and what each may import, read from the sources.

use std::fs;
use std::path::{Path, PathBuf};

const ROOMS: [(&str, &[&str]); 10] = [
    ("domain", &[]),
    ("plan", &["domain"]),
    ("text", &["domain"]),
    ("store", &["domain", "plan"]),
    ("exchange", &["domain", "plan", "text"]),
    ("report", &["domain", "plan", "text"]),
    ("app", &["domain", "text", "store", "exchange"]),
    ("tui", &["app", "domain", "text"]),
    ("session", &["domain", "plan", "text", "store", "exchange", "report", "app", "tui", "cli"]),
    ("cli", &["domain", "plan", "text", "store", "exchange", "report", "app", "tui", "session"]),
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a source folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn room(path: &Path) -> Option<&'static str> {
    let inside = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    ROOMS.iter().map(|(room, _)| *room).find(|room| *room == name)
}

/// Rooms named after `crate::` in the part of a file before its tests.
fn imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let lines = code.lines().filter(|l| !l.trim_start().starts_with("//"));
    let joined: String = lines.collect::<Vec<_>>().join("\n");
    joined
        .split("crate::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
        .collect()
}

#[test]
fn each_room_imports_only_what_it_may() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for path in files {
        let Some(room) = room(&path) else { continue };
        let allowed = ROOMS.iter().find(|(r, _)| *r == room).expect("a room").1;
        let text = fs::read_to_string(&path).expect("a source");
        looked_at += 1;
        assert!(!text.contains("crate::{"), "{}: one room a line, so that this test sees it", path.display());
        for other in imports(&text) {
            let is_room = ROOMS.iter().any(|(r, _)| *r == other);
            if is_room && other != room && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{} imports {other}", path.display()));
            }
        }
    }
    assert!(looked_at > 20, "only {looked_at} sources looked at");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_module_is_called_mod() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    assert!(files.iter().all(|f| !f.ends_with("mod.rs")));
}

#[test]
fn sql_and_terminal_stay_in_their_rooms() {
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    for (library, rooms) in
        [("rusqlite::", ["store", "store"]), ("crossterm::", ["tui", "cli"]), ("ratatui::", ["tui", "cli"])]
    {
        for path in files.iter().filter(|p| !room(p).is_some_and(|r| rooms.contains(&r))) {
            let text = fs::read_to_string(path).expect("a source");
            assert!(!text.contains(library), "{} uses {library}", path.display());
        }
    }
}
