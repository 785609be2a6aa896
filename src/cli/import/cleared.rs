//! 清空. Values that an import takes away because their cells are empty: said in one line, for nobody sees an empty cell.

use serde_json::Value;

use super::super::folder;
use super::difference::fields;
use crate::domain::change::Draft;
use crate::domain::value::Lang;
use crate::domain::words::fields::called;
use crate::exchange::Sheet;

/// Values that are named; the others are counted.
const NAMED: usize = 3;

/// Says how many values are taken away, and which; nothing where none is. `n/a` in place of points is no empty cell.
pub fn say(drafts: &[Draft], dry_run: bool, lang: Lang) {
    if let Some(line) = line(drafts, dry_run, lang) {
        folder::note(&line);
    }
}

fn line(drafts: &[Draft], dry_run: bool, lang: Lang) -> Option<String> {
    let stated = drafts.iter().filter(|draft| Sheet::of(draft.change.subject.kind).is_some());
    let gone: Vec<(&Draft, String)> =
        stated.flat_map(|draft| taken_away(draft).into_iter().map(move |field| (draft, field))).collect();
    if gone.is_empty() {
        return None;
    }
    let one = |(draft, field): &(&Draft, String)| {
        let field = called(field.strip_suffix("_yuan").unwrap_or(field), lang);
        format!("{} {field}", draft.change.subject.key)
    };
    let records = gone.iter().filter(|(draft, _)| withdrawn(draft)).count();
    let (n, more) = (gone.len(), gone.len() > NAMED);
    let named: Vec<String> = gone.iter().take(NAMED).map(one).collect();
    Some(match lang {
        Lang::Zh => {
            let begun = if dry_run { "将清空" } else { "清空" };
            let whole = if records > 0 { format!("，其中 {records} 条记录不再存在") } else { String::new() };
            let more = if more { "……" } else { "" };
            format!("空格子{begun} {n} 项{whole}：{}{more}", named.join("、"))
        }
        Lang::En => {
            let begun = if dry_run { "would clear" } else { "cleared" };
            let values = if n == 1 { "value" } else { "values" };
            let whole = if records > 0 { format!(", {records} of them a whole record") } else { String::new() };
            let more = if more { ", …" } else { "" };
            format!("empty cells {begun} {n} {values}{whole}: {}{more}", named.join(", "))
        }
    })
}

/// Whether nothing is left of the record.
fn withdrawn(draft: &Draft) -> bool {
    draft.change.after.is_none()
}

/// Fields that held something and hold nothing any more.
fn taken_away(draft: &Draft) -> Vec<String> {
    let gone = fields(draft).into_iter().filter(|f| !is_empty(&f.before) && is_empty(&f.after));
    gone.map(|f| f.key).collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}
