//! The text of `projects.toml` with what a sheet changes.

use std::collections::HashMap;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::{Entry, Registry};
use crate::domain::value::Bilingual;

impl Registry {
    /// `projects.toml` with what the sheet changes.
    ///
    /// # Errors
    /// The text is no TOML, or writes its projects in another way than `[[project]]`.
    pub fn rewritten(&self, text: &str) -> Result<String, Bilingual> {
        let mut doc: DocumentMut = text
            .parse()
            .map_err(|e| Bilingual::new(format!("projects.toml 读不出来：{e}"), format!("projects.toml: {e}")))?;
        let projects = doc.entry("project").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let projects = projects.as_array_of_tables_mut().ok_or_else(|| {
            Bilingual::new("projects.toml 的项目不是 [[project]] 写法", "projects.toml does not write [[project]]")
        })?;
        let id = |(at, table): (usize, &Table)| Some((table.get("id")?.as_str()?.to_owned(), at));
        let places: HashMap<String, usize> = projects.iter().enumerate().filter_map(id).collect();
        for entry in self.entries.iter().filter(|entry| !entry.fields.is_empty()) {
            let place = places.get(&entry.id).copied();
            match place.and_then(|at| projects.get_mut(at)) {
                Some(table) => edit(table, entry),
                None => {
                    let mut table = Table::new();
                    table.decor_mut().set_prefix("\n");
                    table.insert("id", value(entry.id.as_str()));
                    edit(&mut table, entry);
                    projects.push(table);
                }
            }
        }
        Ok(doc.to_string())
    }
}

fn edit(table: &mut Table, entry: &Entry) {
    for (column, field) in &entry.fields {
        let Some(field) = field else {
            table.remove(column);
            continue;
        };
        // One town, or several that share it, never both.
        match *column {
            "town" => drop(table.remove("town_shares")),
            "town_shares" => drop(table.remove("town")),
            _ => {}
        }
        let mut item = field.item();
        let before = table.get(column).and_then(Item::as_value).map(|v| v.decor().clone());
        if let (Some(decor), Some(new)) = (before, item.as_value_mut()) {
            // What stands behind the value on its line stays there.
            *Value::decor_mut(new) = decor;
        }
        table.insert(column, item);
    }
}
