//! What `verify`, `check`, `plan`, `init`, `import` and the writing commands print with `--json`.

use serde::Serialize;
use serde_json::Value;

use super::SCHEMA;

/// `dukao verify`
#[derive(Serialize)]
pub struct Verified<'a> {
    schema: u32,
    entries: u64,
    head: &'a str,
    ok: bool,
    problems: Vec<String>,
}

/// What a verification found.
#[must_use]
pub fn verified(entries: u64, head: &str, problems: Vec<String>) -> Verified<'_> {
    Verified { schema: SCHEMA, entries, head, ok: problems.is_empty(), problems }
}

/// `dukao check`
#[derive(Serialize)]
pub struct Checked {
    schema: u32,
    errors: Vec<Finding>,
    warnings: Vec<Finding>,
}

/// One error or warning of the folder.
#[derive(Serialize)]
pub struct Finding {
    /// What kind of warning; none for an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// File of the folder; none for records.
    pub file: Option<String>,
    /// Line in it, from 1.
    pub line: Option<usize>,
    /// Column in it, from 1; errors only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What is wrong.
    pub message: String,
}

/// What a check found.
#[must_use]
pub fn checked(errors: Vec<Finding>, warnings: Vec<Finding>) -> Checked {
    Checked { schema: SCHEMA, errors, warnings }
}

/// `dukao doctor`
#[derive(Serialize)]
pub struct Examined {
    schema: u32,
    checks: Vec<Check>,
    warnings: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Serialize)]
pub struct Check {
    /// Stable name.
    pub id: &'static str,
    /// Nothing is wrong with it.
    pub ok: bool,
    /// What was found.
    pub message: String,
}

/// What the doctor found.
#[must_use]
pub fn examined(checks: Vec<Check>, warnings: Vec<Finding>) -> Examined {
    Examined { schema: SCHEMA, checks, warnings }
}

/// The entries that a writing command made.
#[must_use]
pub fn saved(seqs: &[u64]) -> Saved<'_> {
    Saved { schema: SCHEMA, saved: seqs }
}

/// The entries that were made.
#[derive(Serialize)]
pub struct Saved<'a> {
    schema: u32,
    saved: &'a [u64],
}

/// `dukao init`
#[derive(Serialize)]
pub struct Written<'a> {
    schema: u32,
    written: Vec<&'a str>,
}

/// The files of a new folder.
#[must_use]
pub fn written(written: Vec<&str>) -> Written<'_> {
    Written { schema: SCHEMA, written }
}

/// `dukao import --dry-run`
#[derive(Serialize)]
pub struct Planned {
    schema: u32,
    changes: Vec<Value>,
}

/// What an import would change.
#[must_use]
pub fn planned(changes: Vec<Value>) -> Planned {
    Planned { schema: SCHEMA, changes }
}

/// `dukao plan`
#[derive(Serialize)]
pub struct Differences {
    schema: u32,
    applied: bool,
    added: Vec<Value>,
    changed: Vec<Value>,
    withdrawn: Vec<Value>,
}

/// How the folder differs from the applied plan.
#[must_use]
pub fn differences(applied: bool, [added, changed, withdrawn]: [Vec<Value>; 3]) -> Differences {
    Differences { schema: SCHEMA, applied, added, changed, withdrawn }
}
