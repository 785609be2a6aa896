//! 收回来. A workbook of scores that was filled in: the cells that are not as they were given out.

use std::collections::HashMap;

use super::{FORMAT, HEAD, MEMORY, Part};
use crate::domain::district::{Plan, RoundIx};
use crate::domain::value::{Bilingual, Points, folded};
use crate::exchange::line::{Complaints, Line, Single, Spot};
use crate::exchange::table::Origin;
use crate::exchange::workbook::{Seen, Tab, Workbook};
use crate::exchange::{Notice, Sheet};

/// Whether a workbook is one that [`super::write()`] made.
#[must_use]
pub fn is_scoresheet(book: &Workbook) -> bool {
    book.tabs.iter().any(|tab| tab.name == MEMORY)
}

/// What the round was when the workbook was made.
#[derive(Clone, Debug)]
pub struct Exported {
    /// The round.
    pub round: RoundIx,
    /// How often it had been sealed.
    pub revision: u32,
}

/// A cell as it was given out.
struct Given<'b> {
    seq: u64,
    points: &'b str,
    note: &'b str,
}

struct Memory<'b> {
    round: &'b str,
    revision: u32,
    cells: HashMap<(&'b str, &'b str), Given<'b>>,
}

impl<'b> Memory<'b> {
    /// What the hidden sheet says; none where it is not as we wrote it.
    fn of(tab: &'b Tab) -> Option<(HashMap<&'b str, &'b str>, Self)> {
        let (mut said, mut cells) = (HashMap::new(), HashMap::new());
        for (_, row) in tab.rows() {
            let at = |column: usize| row.iter().find(|cell| cell.column == column).map_or("", |cell| cell.text);
            if at(0) == "cell" {
                let given = Given { seq: at(3).parse().ok()?, points: at(4), note: at(5) };
                cells.insert((at(1), at(2)), given);
            } else {
                said.insert(at(0), at(1));
            }
        }
        let (round, revision) = (*said.get("round")?, said.get("revision")?.parse().ok()?);
        Some((said, Self { round, revision, cells }))
    }
}

/// Hands every changed cell over as a line of scores, with the number of the entry that it was made from.
pub fn read(
    origin: &Origin,
    book: &Workbook,
    plan: &Plan,
    complaints: &Complaints,
    notices: &mut Vec<Notice>,
    each: &mut dyn FnMut(&Line<'_>, u64),
) -> Option<Exported> {
    let refuse = |zh: String, en: String| {
        complaints.add(Spot { file: &origin.file, sheet: "", row: 0, cell: None }, "", "", Bilingual::new(zh, en));
    };
    let found = book.tabs.iter().find(|tab| tab.name == MEMORY).and_then(Memory::of);
    let Some((said, memory)) = found else {
        refuse("打分表的隐藏页被改过，请重新导出".into(), "the hidden sheet was changed: export the sheet anew".into());
        return None;
    };
    let is = |key: &str, value: &str| said.get(key).copied().unwrap_or_default() == value;
    let round = plan.round_ix(memory.round);
    if !is("format", FORMAT) {
        refuse("打分表是别的版本导出的，请重新导出".into(), "another version made this sheet: export it anew".into());
    } else if !is("district", &plan.district.id) {
        let other = said.get("district").copied().unwrap_or_default();
        refuse(format!("这是「{other}」的打分表，不是本区的"), format!("this is a sheet of {other}, another district"));
    } else if round.is_none() {
        refuse(format!("计划里没有轮次 {}", memory.round), format!("the plan has no round {}", memory.round));
    } else if !is("rules", &plan.rules.sha256) {
        refuse(
            "考评规则在导出后改过，请重新导出再填".into(),
            "the rules have changed since the export: export the sheet anew and fill it in".into(),
        );
    } else {
        let stood = HashMap::new();
        let mut sheets = Sheets { origin, plan, memory: &memory, complaints, notices, stood };
        for tab in book.tabs.iter().filter(|tab| tab.name != MEMORY && !tab.is_empty()) {
            sheets.tab(tab, each);
        }
    }
    round.map(|round| Exported { round, revision: memory.revision })
}

struct Sheets<'a, 'b> {
    origin: &'a Origin,
    plan: &'a Plan,
    memory: &'a Memory<'b>,
    complaints: &'a Complaints,
    notices: &'a mut Vec<Notice>,
    /// Where each project has stood.
    stood: HashMap<String, (String, usize)>,
}

/// Where the columns of a page stand.
struct Head<'t> {
    parts: HashMap<(&'t str, Part), usize>,
    criteria: Vec<&'t str>,
}

impl<'t> Head<'t> {
    fn of(cells: &[Seen<'t>]) -> Self {
        let parts: HashMap<(&str, Part), usize> =
            cells.iter().filter_map(|cell| Part::of(cell.text).map(|part| (part, cell.column))).collect();
        let mut places: Vec<_> = parts.iter().filter(|((_, part), _)| *part == Part::Points).collect();
        places.sort_by_key(|(_, column)| **column);
        let criteria = places.into_iter().map(|((criterion, _), _)| *criterion).collect();
        Self { parts, criteria }
    }

    fn place(&self, criterion: &str, part: Part) -> Option<usize> {
        self.parts.get(&(criterion, part)).copied()
    }
}

impl Sheets<'_, '_> {
    fn spot<'s>(&'s self, tab: &'s Tab, row: usize, cell: Option<usize>) -> Spot<'s> {
        Spot { file: &self.origin.file, sheet: &tab.name, row, cell }
    }

    fn tab(&mut self, tab: &Tab, each: &mut dyn FnMut(&Line<'_>, u64)) {
        let mut rows = tab.rows();
        let Some((first, head)) = rows.next().filter(|(_, cells)| cells.first().is_some_and(|c| c.text == "project"))
        else {
            let message = Bilingual::new("不是打分表的一页，略过", "no sheet of scores: left out");
            let (file, sheet) = (self.origin.file.clone(), tab.name.clone());
            self.notices.push(Notice { file, sheet, row: 0, message });
            return;
        };
        let stamp = head.iter().find(|cell| cell.column == 1).map_or("", |cell| cell.text);
        if stamp != self.memory.round {
            let why = Bilingual::new(
                format!("这一页属于轮次 {stamp}，不是 {}", self.memory.round),
                format!("this sheet is of round {stamp}, not of {}", self.memory.round),
            );
            return self.complaints.add(self.spot(tab, first, None), "", "", why);
        }
        let columns = Head::of(&head);
        if self.is_whole(tab, first, &columns) {
            rows.filter(|(row, _)| *row > HEAD).for_each(|(row, cells)| self.row(tab, row, &cells, &columns, each));
        }
    }

    /// Complains about a page that is no longer laid out as it was given out: what stands where could only be guessed.
    fn is_whole(&self, tab: &Tab, first: usize, columns: &Head<'_>) -> bool {
        let mut whole = true;
        // Office programs may make one of a criterion's headings, which nobody fills in.
        for region in tab.merged.iter().filter(|region| region.last.0 as usize >= HEAD) {
            whole = false;
            let (row, column) = region.first;
            self.complaints.add(self.spot(tab, row as usize + 1, Some(column as usize)), "", "", region.refused());
        }
        let mut criteria: Vec<&str> = self.memory.cells.keys().map(|(_, criterion)| *criterion).collect();
        criteria.sort_unstable();
        criteria.dedup();
        for criterion in criteria {
            for part in [Part::Points, Part::Note] {
                if columns.place(criterion, part).is_none() {
                    whole = false;
                    let (name, why) = (part.name(criterion), "这一页隐藏的第 1 行被改过，缺这一列；请重新导出再填");
                    let why = Bilingual::new(
                        why,
                        "the hidden first row was changed and lacks this column: export the sheet anew and fill it in",
                    );
                    self.complaints.add(self.spot(tab, first, None), &name, "", why);
                }
            }
        }
        whole
    }

    /// Complains about a row whose number is not that of the project it names, or of one that has been before.
    fn is_itself(&mut self, tab: &Tab, row: usize, project: &str, name: &str) -> bool {
        let Some(known) = self.plan.project_ix(project).map(|ix| self.plan.project(ix)) else { return true };
        if !name.is_empty() && !known.is_called(name) {
            let why = Bilingual::new(
                format!("编号与名称不符：{project} 是「{}」，这一行写的是「{name}」", known.name),
                format!("number and name differ: {project} is {:?}, the row says {name:?}", known.name),
            );
            self.complaints.add(self.spot(tab, row, Some(0)), "project", project, why);
            return false;
        }
        if let Some((sheet, before)) = self.stood.insert(project.to_owned(), (tab.name.clone(), row)) {
            let why = Bilingual::new(
                format!("与 {sheet} 第 {before} 行是同一个项目"),
                format!("the project of row {before} of {sheet} once more"),
            );
            self.complaints.add(self.spot(tab, row, Some(0)), "project", project, why);
            return false;
        }
        true
    }

    fn row(
        &mut self,
        tab: &Tab,
        row: usize,
        cells: &[Seen<'_>],
        columns: &Head<'_>,
        each: &mut dyn FnMut(&Line<'_>, u64),
    ) {
        let at = |column: Option<usize>| cells.iter().find(|cell| Some(cell.column) == column).copied();
        let text = |cell: Option<Seen<'_>>| cell.map_or_else(String::new, |cell| cell.text.trim().to_owned());
        let (project, name) = (text(at(Some(0))), text(at(Some(1))));
        if !self.is_itself(tab, row, &project, &name) {
            return;
        }
        for criterion in &columns.criteria {
            let place = |part| columns.place(criterion, part);
            let (points, note) = (at(place(Part::Points)), at(place(Part::Note)));
            // Something that cannot be read was filled in all the same.
            if let Some((cell, bad)) =
                [points, note].into_iter().flatten().find_map(|cell| cell.bad().map(|b| (cell, b)))
            {
                self.complaints.add(self.spot(tab, row, Some(cell.column)), "points", cell.text, bad.text());
                continue;
            }
            let (written, noted) = (text(points), text(note));
            let Some(given) = self.memory.cells.get(&(project.as_str(), *criterion)) else {
                if !written.is_empty() || !noted.is_empty() {
                    let (zh, en) = ("这一行的项目不在导出的表里", "the project of this row was not in the export");
                    self.complaints.add(self.spot(tab, row, Some(0)), "project", &project, Bilingual::new(zh, en));
                }
                continue;
            };
            let noted_anew = noted != given.note.trim();
            if same(&written, given.points) && !noted_anew {
                continue;
            }
            if written.is_empty() && !noted_anew {
                self.notices.push(emptied(self.origin, tab, row, &project, criterion));
                continue;
            }
            let (seq, points, note) = (given.seq, place(Part::Points), place(Part::Note));
            let spots = [Some(0), Some(0), points, points, note];
            let cells = [self.memory.round.to_owned(), project.clone(), (*criterion).to_owned(), written, noted];
            let spot = self.spot(tab, row, None);
            let single = Single { spot, columns: Sheet::Scores.columns(), cells: &cells, spots: &spots };
            single.read(self.complaints, |line| each(line, seq));
        }
    }
}

fn emptied(origin: &Origin, tab: &Tab, row: usize, project: &str, criterion: &str) -> Notice {
    let message = Bilingual::new(
        format!("{project} {criterion} 清空的格不改；清除分数用 score set … none"),
        format!("{project} {criterion}: an emptied cell changes nothing; score set … none clears a score"),
    );
    Notice { file: origin.file.clone(), sheet: tab.name.clone(), row, message }
}

/// Whether a cell still says what it was given out with, however its number is written now.
fn same(written: &str, given: &str) -> bool {
    match (Points::parse(written), Points::parse(given)) {
        (Ok(a), Ok(b)) => a == b,
        _ => folded(written).eq_ignore_ascii_case(given),
    }
}
