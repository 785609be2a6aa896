//! 计划. Reads the four TOML files of a district folder into the domain's [`Plan`], or says where they are wrong.
//!
//! All errors of all four files come out in one run, each with file, line, column and what would be right; a folder
//! with an error gives no plan. Texts are kept as read, so that their hashes can be checked with `sha256sum`.

mod diagnostic;
mod difference;
mod district;
mod lint;
mod projects;
mod reader;
mod rules;
mod targets;
pub mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use sha2::{Digest as _, Sha256};

pub use diagnostic::{Diagnostic, render_all, render_each};
pub use difference::{PlanDifference, Sign, difference};
pub use lint::{Warning, lints};
pub use reader::value_error;

use crate::domain::change::PlanRecord;
use crate::domain::district::{District, Plan};
use crate::domain::scoring::RuleSet;
use crate::domain::value::Bilingual;
use reader::{LARGEST, Row, Source};

/// The files of a plan, in the order of [`Texts`].
pub const FILES: [&str; 4] = ["district.toml", "projects.toml", "scoring.toml", "targets.toml"];

/// The four texts of a plan, exactly as read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Texts {
    /// `district.toml`
    pub district: String,
    /// `projects.toml`
    pub projects: String,
    /// `scoring.toml`
    pub scoring: String,
    /// `targets.toml`
    pub targets: String,
}

impl Texts {
    /// The sample district built into the binary.
    #[must_use]
    pub fn sample() -> Self {
        Self {
            district: include_str!("../config/district.toml").to_owned(),
            projects: include_str!("../config/projects.toml").to_owned(),
            scoring: include_str!("../config/scoring.toml").to_owned(),
            targets: include_str!("../config/targets.toml").to_owned(),
        }
    }

    /// The records of the sample district built into the binary: file name and bytes, as `bootstrap` would read them.
    #[must_use]
    pub fn sample_records() -> Vec<(String, Vec<u8>)> {
        macro_rules! files {
            ($($name:literal),*) => {
                vec![$(($name.to_owned(), include_bytes!(concat!("../config/records/", $name)).to_vec())),*]
            };
        }
        files!(
            "milestones.csv",
            "progress.csv",
            "incidents.csv",
            "rectifications.csv",
            "attractions.csv",
            "indicators.csv",
            "goals.csv",
            "scores.csv",
            "ballots.csv",
            "rounds.csv"
        )
    }

    /// Reads the four files of a district folder.
    ///
    /// # Errors
    /// A file is missing, unreadable, too large or not UTF-8; all such files are named.
    pub fn read(dir: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        let [district, projects, scoring, targets] = FILES.map(|file| match read_file(dir, file) {
            Ok(text) => text,
            Err(e) => {
                errors.push(*e);
                String::new()
            }
        });
        if errors.is_empty() { Ok(Self { district, projects, scoring, targets }) } else { Err(errors) }
    }

    /// SHA-256 of each text, in hex, as `sha256sum` prints it.
    #[must_use]
    pub fn hashes(&self) -> PlanRecord {
        PlanRecord {
            district_sha256: sha256(self.district.as_bytes()),
            projects_sha256: sha256(self.projects.as_bytes()),
            scoring_sha256: sha256(self.scoring.as_bytes()),
            targets_sha256: sha256(self.targets.as_bytes()),
        }
    }
}

/// SHA-256 in hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, b| {
        let _ = write!(hex, "{b:02x}");
        hex
    })
}

fn read_file(dir: &Path, file: &'static str) -> Result<String, Box<Diagnostic>> {
    read_text(&dir.join(file), file)
}

/// The text of a file, which diagnostics call `file`.
fn read_text(path: &Path, file: impl Into<Cow<'static, str>>) -> Result<String, Box<Diagnostic>> {
    let file = file.into();
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let failed = |e: &std::io::Error| {
        let message = if e.kind() == std::io::ErrorKind::NotFound {
            Bilingual::new(
                format!("{} 中没有这个文件", dir.display()),
                format!("there is no such file in {}", dir.display()),
            )
        } else if e.kind() == std::io::ErrorKind::PermissionDenied {
            Bilingual::new(
                format!("没有权限读 {}；请文件所有者 chmod u+r", path.display()),
                format!("no permission to read {}; ask its owner to chmod u+r", path.display()),
            )
        } else {
            Bilingual::new(format!("读不出来：{e}"), format!("cannot be read: {e}"))
        };
        Box::new(Diagnostic::of_file(file.clone(), message))
    };
    let opened = std::fs::File::open(path).map_err(|e| failed(&e))?;
    let mut bytes = Vec::new();
    opened.take(LARGEST as u64 + 1).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    if bytes.len() > LARGEST {
        let message = Bilingual::new("文件超过 10 MB", "the file is larger than 10 MB");
        return Err(Box::new(Diagnostic::of_file(file.clone(), message)));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = good.iter().filter(|b| **b == b'\n').count() + 1;
        let message = Bilingual::new(
            format!("第 {line} 行不是 UTF-8 文字，请另存为 UTF-8"),
            format!("line {line} is not UTF-8; save the file as UTF-8"),
        );
        Box::new(Diagnostic::of_file(file.clone(), message))
    })
}

/// Where the rows of a plan stand, for warnings: `project/<id>`, `milestone/<project>/<name>`, `unit/<code>` …
#[derive(Clone, Debug, Default)]
pub struct Lines(BTreeMap<String, (&'static str, u32)>);

impl Lines {
    fn note(&mut self, row: &Row<'_>, kind: &str, key: &str) {
        self.0.insert(format!("{kind}/{key}"), (row.source.file, row.line()));
    }

    /// File and line of a row.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<(&'static str, u32)> {
        self.0.get(key).copied()
    }
}

/// A plan together with the lines of its rows.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// 计划
    pub plan: Plan,
    /// Lines of its rows.
    pub lines: Lines,
}

/// The plan of four texts.
///
/// # Errors
/// All errors of all four texts, in the order of the files.
pub fn load(texts: &Texts) -> Result<Plan, Vec<Diagnostic>> {
    load_located(texts).map(|l| l.plan)
}

/// As [`load`], with the lines of the rows.
///
/// # Errors
/// All errors of all four texts, in the order of the files.
pub fn load_located(texts: &Texts) -> Result<Loaded, Vec<Diagnostic>> {
    let [d, p, s, t] = [
        Source::new(FILES[0], &texts.district),
        Source::new(FILES[1], &texts.projects),
        Source::new(FILES[2], &texts.scoring),
        Source::new(FILES[3], &texts.targets),
    ];
    let mut lines = Lines::default();
    let plan = {
        let (dt, pt, st, tt) = (d.parse(), p.parse(), s.parse(), t.parse());
        let (dr, pr, sr, tr) = (Row::root(&d, &dt), Row::root(&p, &pt), Row::root(&s, &st), Row::root(&t, &tt));
        let units = district::units(&dr, &mut lines);
        let (projects, milestones) = projects::read(&pr, &units, &mut lines);
        let sites = district::Sites::new(&projects, p.is_broken());
        let (district, judges) = district::read(&dr, units.clone(), &sites, &mut lines);
        let rules = rules::read(&sr, sha256(texts.scoring.as_bytes()));
        rules::judge_groups(&rules, &district, &judges);
        let targets = targets::read(&tr, &units, &mut lines);
        Plan::new(district, projects, milestones, rules, targets)
    };
    let errors: Vec<Diagnostic> = [d, p, s, t].into_iter().flat_map(Source::finish).collect();
    if errors.is_empty() { Ok(Loaded { plan, lines }) } else { Err(errors) }
}

/// The rule set of a file of its own, for the judges of a district. Its errors name the file as it was named.
///
/// # Errors
/// It cannot be read, or every error of it, each at its line.
pub fn read_rules(path: &Path, district: &District) -> Result<RuleSet, Vec<Diagnostic>> {
    let file = path.display().to_string();
    let text = read_text(path, file.clone()).map_err(|e| vec![*e])?;
    rules_of(&text, district)
        .map_err(|errors| errors.into_iter().map(|e| Diagnostic { file: file.clone().into(), ..e }).collect())
}

/// The rule set of a text, for the judges of a district.
///
/// # Errors
/// Every error of it, each at its line.
pub fn rules_of(text: &str, district: &District) -> Result<RuleSet, Vec<Diagnostic>> {
    let source = Source::new(FILES[2], text);
    let rules = {
        let table = source.parse();
        let root = Row::root(&source, &table);
        let rules = rules::read(&root, sha256(text.as_bytes()));
        rules::groups_fit(&root, &rules, district);
        rules
    };
    let errors = source.finish();
    if errors.is_empty() { Ok(rules) } else { Err(errors) }
}

/// Other rule sets to start from, built into the binary: file name and text.
pub const PRESETS: [(&str, &str); 3] = [
    ("strict.toml", include_str!("../config/presets/strict.toml")),
    ("visits.toml", include_str!("../config/presets/visits.toml")),
    ("volume.toml", include_str!("../config/presets/volume.toml")),
];

#[cfg(test)]
mod tests;
