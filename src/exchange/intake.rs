//! 读入. Tables become rows that were checked against the plan.

use std::collections::{HashMap, HashSet};

use super::headers::Mapping;
use super::line::{self, Complaints};
use super::row::{BallotRow, Fact, Given, Place, RoundRow, ScoreRow};
use super::table::{Body, Origin, Table};
use super::{BadRow, Encoding, Fault, Import, Sheet, Source, rows, scoresheet};
use crate::domain::district::Plan;
use crate::domain::value::{Bilingual, Date};

/// Reads CSV files and checks them against the plan; `kind` overrides what their names say.
pub fn read_all(
    files: &[(String, Vec<u8>)],
    kind: Option<Sheet>,
    encoding: Encoding,
    plan: &Plan,
    today: Date,
) -> Import {
    let (mut tables, mut unread) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let table = csv_table(name, bytes, kind, encoding, &Mapping::default());
        table.map_or_else(|why| unread.push(*why), |table| tables.push(table));
    }
    read_tables(&tables, unread, plan, today, &mut |_| ())
}

/// A CSV file as a table.
///
/// # Errors
/// Neither `kind` nor its name tells what it holds.
pub fn csv_table<'a>(
    name: &str,
    bytes: &'a [u8],
    kind: Option<Sheet>,
    encoding: Encoding,
    mapping: &Mapping,
) -> Result<Table<'a>, Box<BadRow>> {
    if let Some(kind) = kind.or_else(|| Sheet::of_file(name)) {
        let origin = Origin::new(name, bytes);
        return Ok(Table { origin, kind, mapping: mapping.clone(), body: Body::Csv(bytes, encoding) });
    }
    let all = Sheet::ALL.map(Sheet::name).join(", ");
    Err(Box::new(BadRow {
        file: name.to_owned(),
        sheet: String::new(),
        row: 0,
        cell: None,
        column: String::new(),
        value: String::new(),
        reason: Bilingual::new(
            format!("文件名不说明内容；用 --kind 指明：{all}"),
            format!("the name does not tell what it holds; say it with --kind: {all}"),
        ),
        fault: Fault::Value,
    }))
}

/// Reads tables and checks them against the plan; `unread` is what is wrong with files that are no table. `progress`
/// hears how many lines have been read.
pub fn read_tables(
    tables: &[Table<'_>],
    unread: Vec<BadRow>,
    plan: &Plan,
    today: Date,
    progress: &mut dyn FnMut(usize),
) -> Import {
    let (mut import, complaints) = (Import::default(), Complaints::found(&unread));
    if !unread.is_empty() {
        Sheet::ALL.into_iter().for_each(|kind| import.doubts.table(kind));
    }
    let mut order: Vec<usize> = (0..tables.len()).collect();
    order.sort_by_key(|at| (tables[*at].kind, *at));
    for table in tables {
        import.order.extend(table.sheets());
        import.sources.push(Source {
            origin: table.origin.clone(),
            kind: table.kind,
            places: Vec::new(),
            exported: None,
        });
    }
    let (mut seen, mut lines) = (HashMap::new(), 0);
    for at in order {
        let table = &tables[at];
        let (begun, mut told) = (complaints.len(), HashSet::new());
        let mut take = |line: &line::Line<'_>, import: &mut Import| {
            lines += 1;
            if lines % 1_000 == 0 {
                progress(lines);
            }
            import.take(table.kind, line, plan, today, Place { table: at, row: line.row }, |key| {
                seen.insert((table.kind, key), (at, line.row)).map(|(other, row)| (tables[other].origin.called(), row))
            });
            if line.is_bad() {
                import.doubts.line(table.kind, line, plan);
                told.insert(line.row);
            }
        };
        if let Body::Scores(book) = &table.body {
            let mut notices = Vec::new();
            let exported = scoresheet::read(&table.origin, book, plan, &complaints, &mut notices, &mut |line, seq| {
                let before = import.scores.len();
                take(line, &mut import);
                let sheet = line.sheet.to_owned();
                let given = Given { seq, sheet, points: line.spot("points"), note: line.spot("note") };
                import.scores[before..].iter_mut().for_each(|row| row.given = Some(given.clone()));
            });
            import.sources[at].exported = exported;
            import.notices.extend(notices);
        } else {
            import.sources[at].places = table.read(&complaints, &mut |line| take(line, &mut import));
        }
        // Rows that nobody could read, or a whole table.
        if complaints.any_beside(begun, &told) {
            import.doubts.table(table.kind);
        }
    }
    import.bad = complaints.into_inner();
    import
}

/// What a line states, of the sheets whose records need nothing but the plan.
pub(super) fn fact(sheet: Sheet, line: &line::Line<'_>, plan: &Plan, today: Date, at: Place) -> Option<Fact> {
    match sheet {
        Sheet::Milestones => rows::milestone(line, plan, today, at),
        Sheet::Progress => rows::progress(line, plan, today, at),
        Sheet::Incidents => rows::incident(line, plan, today, at),
        Sheet::Rectifications => rows::rectification(line, plan, today, at),
        Sheet::Attractions => rows::attraction(line, plan, today, at),
        Sheet::Indicators => rows::indicator(line, plan, today, at),
        Sheet::Goals => rows::goal(line, plan, today, at),
        Sheet::Scores | Sheet::Ballots | Sheet::Rounds => None,
    }
}

impl Import {
    /// Takes a line, where nothing is wrong in it. `again` keeps its key, and says where that has been before.
    fn take(
        &mut self,
        sheet: Sheet,
        line: &line::Line<'_>,
        plan: &Plan,
        today: Date,
        at: Place,
        again: impl FnOnce(String) -> Option<(String, usize)>,
    ) {
        enum Taken {
            Fact(Fact),
            Score(ScoreRow),
            Ballot(BallotRow),
            Round(RoundRow),
        }
        let taken = match sheet {
            Sheet::Scores => rows::score(line, plan, at).map(Taken::Score),
            Sheet::Ballots => rows::ballot(line, plan, at).map(Taken::Ballot),
            Sheet::Rounds => rows::round_step(line, plan, today, at).map(Taken::Round),
            _ => fact(sheet, line, plan, today, at).map(Taken::Fact),
        };
        // A round has a row for each of its steps; any other record has one, however its project or day is written.
        let key = match &taken {
            _ if sheet == Sheet::Rounds => None,
            Some(Taken::Fact(row)) => Some(row.subject.key.clone()),
            Some(Taken::Score(row)) => Some(row.subject(plan).key),
            Some(Taken::Ballot(row)) => Some(row.subject(plan).key),
            _ => line.good(sheet.key()).map(|parts| parts.join("/")),
        };
        if let Some((first, row)) = key.and_then(again) {
            let column = sheet.columns().first().map_or("", |c| c.name);
            line.refuse(column, format!("与 {first} 第 {row} 行重复"), format!("repeats line {row} of {first}"));
        }
        if line.is_bad() {
            return;
        }
        match taken {
            Some(Taken::Fact(row)) => self.facts.push(row),
            Some(Taken::Score(row)) => self.scores.push(row),
            Some(Taken::Ballot(row)) => self.ballots.push(row),
            Some(Taken::Round(row)) => self.rounds.push(row),
            None => {}
        }
    }
}
