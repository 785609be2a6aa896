//! 差别. What an import would change, field by field.

use serde_json::{Value, json};

use super::super::failure::Failure;
use super::super::folder::Opened;
use super::super::output::{Table, cut, name, word};
use super::super::{json as documents, words};
use crate::domain::change::Draft;
use crate::domain::district::Plan;
use crate::domain::value::{Currency, Lang, Money};
use crate::domain::words::fields::{called, text, written};
use crate::exchange;

/// The end of the name of an amount in yuan.
const YUAN: &str = "_yuan";

/// Width of a project's name beside its id on a terminal.
const BESIDE: usize = 16;

/// A field that differs.
pub struct Field {
    /// Its name in documents.
    pub key: String,
    /// What it held.
    pub before: Value,
    /// What it shall hold.
    pub after: Value,
}

/// Fields of a record that differ; all of them where one of the two is not there.
pub fn fields(draft: &Draft) -> Vec<Field> {
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

/// What the project of a record is called; nothing where it belongs to none.
fn project(plan: &Plan, draft: &Draft) -> String {
    let change = &draft.change;
    let id = change.subject.project(change.after.as_ref().or(change.before.as_ref()));
    id.and_then(|id| plan.project_ix(id)).map_or_else(String::new, |ix| plan.project(ix).name.clone())
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
        // Who knows the names of his projects need not know their ids.
        word("项目", "Project").leaves(1),
        word("项", "Field"),
        name("原来", "Before"),
        name("改为", "After"),
    ];
    let mut table = Table::new(&head);
    let events = exchange::events(&opened.data.plan);
    let event = |id: &str| events.iter().find(|(known, _)| out.lang == Lang::Zh && *known == id);
    let shown = |key: &str, value: &Value| match (value, value.as_i64()) {
        (Value::Null, _) => words::NONE.to_owned(),
        // As the sheet says it, not in single yuan.
        (_, Some(amount)) if key.ends_with(YUAN) => Money { amount, currency: Currency::Cny }.exact(),
        // The rules give events their names.
        (Value::String(id), _) if key == "event" => event(id).map_or(id.as_str(), |(_, label)| label).to_owned(),
        (value, _) => text(key, value, out.lang),
    };
    for d in drafts {
        let subject = &d.change.subject;
        let project = project(&opened.data.plan, d);
        // The beginning of a name will do; what changes is to be read.
        let project = if out.width.is_some() { cut(&project, BESIDE) } else { project };
        for f in fields(d) {
            let field = called(f.key.strip_suffix(YUAN).unwrap_or(&f.key), out.lang);
            table.row([
                subject.kind.name().to_owned(),
                subject.key.clone(),
                project.clone(),
                field,
                shown(&f.key, &f.before),
                shown(&f.key, &f.after),
            ]);
        }
    }
    out.text(&table.render(&out))
}
