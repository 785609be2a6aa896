//! 进展. One line that is written over again while a long file is read, checked and saved; on a terminal only.

use std::cell::Cell;
use std::io::{IsTerminal as _, Write as _};

use super::super::output::safe;
use crate::domain::value::Lang;

/// 进展. What it wrote is gone when it goes.
pub struct Progress {
    lang: Lang,
    seen: bool,
    written: Cell<bool>,
}

impl Progress {
    /// Of a command whose output a person reads.
    pub fn new(lang: Lang, json: bool) -> Self {
        Self { lang, seen: !json && std::io::stderr().is_terminal(), written: Cell::new(false) }
    }

    /// Cells of a workbook have come.
    pub fn reading(&self, name: &str, cells: usize) {
        let name = safe(name);
        self.show(&format!("读 {name}：{cells} 格"), &format!("reading {name}: {cells} cells"));
    }

    /// Rows have been looked at.
    pub fn checking(&self, rows: usize) {
        self.show(&format!("核对：{rows} 行"), &format!("checking: {rows} rows"));
    }

    /// Rows have been put into the transaction.
    pub fn saving(&self, rows: usize, of: usize) {
        self.show(&format!("存入：{rows}/{of} 行"), &format!("saving: {rows} of {of} rows"));
    }

    /// All of them are in it: the disk comes next.
    pub fn committing(&self) {
        if self.written.get() {
            self.show("落盘……", "writing to disk…");
        }
    }

    fn show(&self, zh: &str, en: &str) {
        if self.seen {
            self.written.set(true);
            write(&format!("\r\u{1b}[K{}", if self.lang == Lang::Zh { zh } else { en }));
        }
    }

    /// Takes the line away, so that another may be written.
    pub fn clear(&self) {
        if self.written.replace(false) {
            write("\r\u{1b}[K");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
    }
}

fn write(text: &str) {
    let mut err = std::io::stderr().lock();
    // Nobody to see it is no reason to stop.
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
