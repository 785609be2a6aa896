//! 记住的列对照. What a person said that the headers of a sheet mean, kept by the set of its headers beside his other
//! choices; whatever goes wrong with the file, the import goes on without.

use serde::{Deserialize, Serialize};

use super::folder::{Folder, Opened};
use super::remembered::File;
use crate::exchange::{Mapping, Sheet};

/// What the registry is called among the kinds of records.
pub const PROJECTS: &str = "projects";

/// Most sheets that are remembered; the oldest go.
const MOST: usize = 50;

/// The file.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    sheet: Vec<Known>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Known {
    kind: String,
    headers: Vec<String>,
    columns: Vec<(String, String)>,
}

/// 列对照
pub struct Mappings {
    file: Option<File>,
    kept: Kept,
}

impl Mappings {
    /// Those of a person, beside his other choices; none where nothing says where they belong.
    #[must_use]
    pub fn of(opened: &Opened) -> Self {
        let (options, district, login) = (&opened.options, &opened.data.plan.district.id, &opened.actor.login);
        let file = if options.session.is_some() {
            let database = Folder::find(options).database(options).ok();
            database.and_then(|database| File::beside(&database, district, login))
        } else {
            File::of(district, login)
        };
        let file = file.map(|file| file.another("columns"));
        let text = file.as_ref().map(File::text).unwrap_or_default();
        Self { kept: toml::from_str(&text).unwrap_or_default(), file }
    }

    /// What a sheet with these headers was taken for.
    #[must_use]
    pub fn recall(&self, headers: &[String]) -> Option<(Sheet, Mapping)> {
        let known = self.kept.sheet.iter().find(|known| known.headers == headers)?;
        Some((Sheet::named(&known.kind)?, Mapping::new(known.columns.clone())))
    }

    /// What the headers of a registry were said to mean.
    #[must_use]
    pub fn recall_projects(&self, headers: &[String]) -> Option<Mapping> {
        let known = self.kept.sheet.iter().find(|known| known.kind == PROJECTS && known.headers == headers)?;
        Some(Mapping::new(known.columns.clone()))
    }

    /// Keeps what was said of these headers.
    pub fn keep(&mut self, kind: &str, headers: Vec<String>, mapping: &Mapping) {
        self.kept.sheet.retain(|known| known.headers != headers);
        self.kept.sheet.push(Known { kind: kind.to_owned(), headers, columns: mapping.pairs().to_vec() });
        let surplus = self.kept.sheet.len().saturating_sub(MOST);
        self.kept.sheet.drain(..surplus);
        if let (Some(file), Ok(text)) = (&self.file, toml::to_string(&self.kept)) {
            // Not remembering is no reason to fail: the next import says it again.
            let _ = file.put(&text);
        }
    }
}
