//! 差别. What an import would change, field by field.

use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::folder::Opened;
use super::super::output::{Table, name, word};
use super::super::{json as documents, words};
use crate::domain::change::Draft;
use crate::domain::value::{Currency, Money};
use crate::domain::words::fields::{called, text, written};

/// The end of the name of an amount in yuan.
const YUAN: &str = "_yuan";

/// A field that differs.
struct Field {
    key: String,
    before: Value,
    after: Value,
}

/// Fields of a record that differ; all of them where one of the two is not there.
fn fields(draft: &Draft) -> Vec<Field> {
    let of = |record| written(record);
    let (before, after) = (of(draft.change.before.as_ref()), of(draft.change.after.as_ref()));
    let mut keys: Vec<&String> =
        [&after, &before].into_iter().filter_map(Value::as_object).flat_map(|o| o.keys()).collect();
    let mut seen = std::collections::HashSet::new();
    keys.retain(|key| seen.insert(key.as_str()));
    let at = |record: &Value, key: &str| record.get(key).cloned().unwrap_or(Value::Null);
    let field = |key: &String| Field { key: key.clone(), before: at(&before, key), after: at(&after, key) };
    keys.into_iter().map(field).filter(|f| f.before != f.after).collect()
}

/// Prints what would change, and how much that is.
pub fn list(opened: &Opened, drafts: &[Draft]) -> Result<(), Failure> {
    let out = opened.out;
    if opened.options.json {
        let change = |d: &Draft| {
            let subject = &d.change.subject;
            let fields: Vec<Value> = fields(d)
                .into_iter()
                .map(|f| json!({ "field": f.key, "before": f.before, "after": f.after }))
                .collect();
            json!({
                "kind": subject.kind.name(), "key": subject.key, "fields": fields,
                "before": written(d.change.before.as_ref()), "after": written(d.change.after.as_ref()),
            })
        };
        return out.json(&documents::planned(drafts.iter().map(change).collect()));
    }
    if drafts.is_empty() {
        return out.lines(&[out.say("没有变化", "nothing would change")]);
    }
    let head = [
        word("类别", "Kind"),
        name("记录", "Record"),
        word("项", "Field"),
        name("原来", "Before"),
        name("改为", "After"),
    ];
    let mut table = Table::new(&head);
    let shown = |key: &str, value: &Value| match (value, value.as_i64()) {
        (Value::Null, _) => words::NONE.to_owned(),
        // As the sheet says it, not in single yuan.
        (_, Some(amount)) if key.ends_with(YUAN) => Money { amount, currency: Currency::Cny }.exact(),
        (value, _) => text(key, value, out.lang),
    };
    for d in drafts {
        let subject = &d.change.subject;
        for f in fields(d) {
            let field = called(f.key.strip_suffix(YUAN).unwrap_or(&f.key), out.lang);
            table.row([
                subject.kind.name().to_owned(),
                subject.key.clone(),
                field,
                shown(&f.key, &f.before),
                shown(&f.key, &f.after),
            ]);
        }
    }
    out.text(&table.render(&out))
}
