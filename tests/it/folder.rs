//! Small district folders, made of TOML and CSV fragments: loaded in the process, or written and given to the program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use dukao::domain::district::Plan;
use dukao::domain::snapshot::Snapshot;
use dukao::domain::value::Date;
use dukao::plan::{self, Lines, Texts};
use dukao::store::{Actor, Store};
use serde_json::Value;
use tempfile::TempDir;

/// A district that is not written yet.
#[derive(Clone)]
pub struct Folder {
    pub district: String,
    pub projects: String,
    pub scoring: String,
    pub targets: String,
    /// File name and content.
    pub records: Vec<(&'static str, String)>,
}

/// Whoever may do everything.
pub fn owner() -> Actor {
    Actor::owner("jia", 0)
}

pub fn unit(code: &str, kind: &str) -> String {
    format!("[[unit]]\ncode = \"{code}\"\nkind = \"{kind}\"\nname = \"{code}单位\"\n")
}

pub fn judges(n: usize) -> String {
    (1..=n).map(|i| format!("[[judge]]\nid = \"J{i}\"\nlabel = \"评委{i}\"\n")).collect()
}

/// An assessment of the first half of the year.
pub const ASSESSMENT: &str = "[[round]]\nid = \"R\"\nkind = \"assessment\"\nname = \"考核\"\nfrom = 2014-01-01\n\
                              to = 2014-06-30\nas_of = 2014-06-30\n";

/// A must-complete project of headquarters A.
pub fn project(id: &str, more: &str) -> String {
    format!(
        "[[project]]\nid = \"{id}\"\nname = \"{id}项目\"\ncommitment = \"must\"\nheadquarters = \"A\"\n\
         service_officer = \"官\"\n{more}\n"
    )
}

/// A milestone of the project before it.
pub fn milestone(name: &str, due: &str) -> String {
    format!("[[project.milestone]]\nname = \"{name}\"\nkind = \"physical\"\ndue = {due}\n")
}

impl Folder {
    /// Units A (headquarters) and TA (town), on 2014-07-12, with the default rules and nothing else.
    pub fn empty() -> Self {
        let head = "schema = 1\nid = \"small\"\nname = \"区\"\nyear = 2014\ntoday = 2014-07-12\n\
                    bootstrap = [\"records\"]\n";
        Self {
            district: format!("{head}{}{}", unit("A", "headquarters"), unit("TA", "town")),
            projects: String::new(),
            scoring: include_str!("../../config/scoring.toml").to_owned(),
            targets: String::new(),
            records: Vec::new(),
        }
    }

    /// Adds the lines of a CSV file, header included.
    pub fn with(mut self, file: &'static str, lines: &[&str]) -> Self {
        self.records.push((file, lines.join("\n") + "\n"));
        self
    }

    /// More projects, units, judges, rounds or targets.
    pub fn projects(mut self, more: &str) -> Self {
        self.projects += more;
        self
    }

    pub fn district(mut self, more: &str) -> Self {
        self.district += more;
        self
    }

    pub fn targets(mut self, more: &str) -> Self {
        self.targets += more;
        self
    }

    /// Another wording of the rules.
    pub fn rules(mut self, from: &str, to: &str) -> Self {
        assert!(self.scoring.contains(from), "{from} is not in the rules");
        self.scoring = self.scoring.replace(from, to);
        self
    }

    pub fn texts(&self) -> Texts {
        Texts {
            district: self.district.clone(),
            projects: self.projects.clone(),
            scoring: self.scoring.clone(),
            targets: self.targets.clone(),
        }
    }

    pub fn loaded(&self) -> (Plan, Lines) {
        let loaded = plan::load_located(&self.texts()).unwrap_or_else(|errors| panic!("{errors:#?}"));
        (loaded.plan, loaded.lines)
    }

    /// Its new database with the first records.
    pub fn store(&self) -> (TempDir, Store) {
        let dir = TempDir::new().expect("a folder");
        let files: Vec<(String, Vec<u8>)> =
            self.records.iter().map(|(name, text)| ((*name).to_owned(), text.clone().into_bytes())).collect();
        let store = dukao::cli::new_database(&dir.path().join("year.db"), &self.texts(), &self.loaded().0, &files);
        (dir, store.unwrap_or_else(|e| panic!("{e}")))
    }

    pub fn snapshot(&self, as_of: Option<&str>) -> Arc<Snapshot> {
        let (_dir, mut store) = self.store();
        store.snapshot(as_of.map(|d| d.parse::<Date>().expect("a date")))
    }

    /// On disk, for the program.
    pub fn written(&self) -> Written {
        self.written_in(&std::env::temp_dir())
    }

    /// As [`Folder::written`], in a folder of its own there.
    pub fn written_in(&self, folder: &Path) -> Written {
        let root = TempDir::new_in(folder).expect("a folder");
        let written = Written { root };
        written.write(self);
        written
    }

    /// What the program prints as JSON about it.
    pub fn json(&self, line: &str) -> Value {
        self.written().json(line)
    }
}

/// A district folder on disk with its own database.
pub struct Written {
    root: TempDir,
}

/// How the program ended.
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Written {
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("year.db")
    }

    /// Writes the folder, again if it is there already.
    pub fn write(&self, folder: &Folder) {
        let records = self.path("district/records");
        fs::create_dir_all(&records).expect("a folder");
        let Texts { district, projects, scoring, targets } = folder.texts();
        for (name, text) in [
            ("district.toml", &district),
            ("projects.toml", &projects),
            ("scoring.toml", &scoring),
            ("targets.toml", &targets),
        ] {
            fs::write(self.path("district").join(name), text).expect("a file of the district");
        }
        for (name, text) in &folder.records {
            fs::write(records.join(name), text).expect("a file of records");
        }
    }

    pub fn run(&self, line: &str) -> Ended {
        let args: Vec<&str> = line.split_whitespace().collect();
        let root: &Path = self.root.path();
        let output = Command::new(env!("CARGO_BIN_EXE_dukao"))
            .env_clear()
            .env("HOME", root)
            .env("DUKAO_DISTRICT", root.join("district"))
            .env("DUKAO_DATABASE", self.database())
            .current_dir(root)
            .stdin(Stdio::null())
            .args(args)
            .output()
            .expect("the program");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ended { code: output.status.code().expect("an exit code"), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The document that a reading command prints.
    pub fn json(&self, line: &str) -> Value {
        let ended = self.run(&format!("{line} --json"));
        assert_eq!(ended.code, 0, "{line}: {}{}", ended.out, ended.err);
        serde_json::from_str(&ended.out).unwrap_or_else(|e| panic!("{e}: {}", ended.out))
    }
}
