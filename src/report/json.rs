//! JSON: what the document says with numbers as numbers, rows as objects by the ids of their columns.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::document::{Cell, Column, Document, Part, Table};
use crate::domain::board::Measure;
use crate::domain::value::{Currency, Date};

/// Version of all documents.
const SCHEMA: u32 = 1;

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Blank | Cell::None => Value::Null,
        Cell::Text(text) | Cell::Id { full: text, .. } => text.as_str().into(),
        Cell::Count(n) => (*n).into(),
        Cell::Points(points) | Cell::Plain(points) => points.json(),
        Cell::Money(money) if money.currency == Currency::Cny => money.amount.into(),
        Cell::Money(money) => json!({ "amount": money.amount, "currency": money.currency }),
        Cell::Day(date) => date.to_string().into(),
    }
}

fn row(columns: &[Column], cells: &[Cell]) -> Value {
    columns.iter().zip(cells).map(|(column, cell)| (column.id.clone(), value(cell))).collect::<Map<_, _>>().into()
}

fn part_table(table: &Table) -> Value {
    let columns: Vec<Value> =
        table.columns.iter().map(|c| json!({ "id": c.id, "label": c.label, "sums": c.sums })).collect();
    json!({
        "id": table.id,
        "title": table.title,
        "columns": columns,
        "rows": table.rows.iter().map(|cells| row(&table.columns, cells)).collect::<Vec<_>>(),
        "total": table.total.as_ref().map(|cells| row(&table.columns, cells)),
    })
}

fn part(part: &Part) -> Value {
    json!({
        "id": part.id,
        "heading": part.heading,
        "text": part.text,
        "tables": part.tables.iter().map(part_table).collect::<Vec<_>>(),
        "notes": part.notes,
    })
}

/// A document, its keys in the order in which a person looks for them.
#[derive(Serialize)]
struct Written<'a> {
    schema: u32,
    kind: &'a str,
    stage: Option<&'a str>,
    correction: bool,
    sample: bool,
    title: &'a str,
    number: Option<&'a str>,
    rounds: &'a [String],
    by: Option<&'a str>,
    as_of: Date,
    date: Option<Date>,
    issuer: Option<&'a str>,
    to: &'a [String],
    copies: &'a [String],
    marks: Map<String, Value>,
    lead: &'a [String],
    parts: Vec<Value>,
}

/// A document as other programs read it.
#[must_use]
pub fn document(document: &Document) -> impl Serialize + '_ {
    Written {
        schema: SCHEMA,
        kind: document.kind,
        stage: document.stage.map(super::Stage::name),
        correction: document.correction,
        sample: document.sample,
        title: &document.title,
        number: document.number.as_deref(),
        rounds: &document.rounds,
        by: document.measure.map(Measure::name),
        as_of: document.as_of,
        date: document.signature.date,
        issuer: document.signature.issuer.as_deref(),
        to: &document.to,
        copies: &document.copies,
        marks: document.marks.iter().map(|m| (m.id.to_owned(), m.value.as_str().into())).collect(),
        lead: &document.lead,
        parts: document.parts.iter().map(part).collect(),
    }
}

/// A table of records as other programs read it: rows as objects under its name.
#[must_use]
pub fn table(table: &Table) -> Value {
    let rows: Vec<Value> = table.rows.iter().map(|cells| row(&table.columns, cells)).collect();
    json!({ "schema": SCHEMA, table.id.as_str(): rows })
}
