//! 给出去. The workbook as it leaves: headers and ids locked, entries open, each with its range and step.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet,
    XlsxError,
};

use super::{FORMAT, HEAD, LEFT, MEMORY, Part};
use crate::domain::district::{Plan, ProjectIx, RoundIx, UnitIx};
use crate::domain::score::in_scope;
use crate::domain::scoring::{Criterion, ScoreRecord};
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::suggestion::Suggestion;
use crate::domain::value::{Lang, Points};
use crate::exchange::workbook::letters;

/// Looks of the cells.
struct Looks {
    locked: Format,
    head: Format,
    criterion: Format,
    suggested: Format,
    entry: Format,
    note: Format,
}

impl Looks {
    fn new() -> Self {
        let base = || Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let blue = Color::RGB(0xD9_E1_F2);
        let grey = Color::RGB(0xF2_F2_F2);
        Self {
            locked: base().set_background_color(grey),
            head: base().set_bold().set_background_color(blue),
            // Across its three columns, and yet no merged cells.
            criterion: base().set_bold().set_background_color(blue).set_align(FormatAlign::CenterAcross),
            suggested: base().set_background_color(grey).set_font_color(Color::RGB(0x59_59_59)),
            entry: base().set_unlocked(),
            note: base().set_unlocked().set_text_wrap(),
        }
    }
}

/// The workbook of a round: a sheet per headquarters, or that of one, with the projects that `sees` allows.
///
/// # Errors
/// The writer of workbooks refuses something: a bug, told as it is.
pub fn write(
    snapshot: &Snapshot,
    round: RoundIx,
    headquarters: Option<UnitIx>,
    sees: &dyn Fn(ProjectIx) -> bool,
    lang: Lang,
) -> Result<Vec<u8>, XlsxError> {
    let (looks, mut book) = (Looks::new(), Workbook::new());
    let mut memory = Memory::new(snapshot, round)?;
    for (unit, projects) in by_headquarters(snapshot, round, sees) {
        if headquarters.is_some_and(|only| only != unit) {
            continue;
        }
        let sheet = book.add_worksheet();
        sheet.set_name(tab_name(&snapshot.plan, unit))?;
        let mut page = Page { snapshot, round, lang, looks: &looks, sheet };
        page.head()?;
        for (row, project) in projects.iter().enumerate() {
            page.project(HEAD + row, *project, &mut memory)?;
        }
        page.finish(projects.len())?;
    }
    book.push_worksheet(memory.sheet);
    book.save_to_buffer()
}

/// Headquarters in the order of the plan, each with its projects in scope.
fn by_headquarters(
    snapshot: &Snapshot,
    round: RoundIx,
    sees: &dyn Fn(ProjectIx) -> bool,
) -> Vec<(UnitIx, Vec<ProjectIx>)> {
    let (plan, at) = (&snapshot.plan, snapshot.plan.round(round).as_of);
    let shown = plan.project_ixs().filter(|ix| in_scope(plan.project(*ix), &plan.rules) && sees(*ix));
    let mut all: Vec<(UnitIx, Vec<ProjectIx>)> = Vec::new();
    for ix in shown {
        let unit = plan.project(ix).headquarters_at(at);
        match all.iter_mut().find(|(u, _)| *u == unit) {
            Some((_, projects)) => projects.push(ix),
            None => all.push((unit, vec![ix])),
        }
    }
    all.sort_by_key(|(unit, _)| unit.0);
    all
}

/// At most 31 characters, none of those that Excel refuses; the code makes it the only one of its name.
fn tab_name(plan: &Plan, unit: UnitIx) -> String {
    let unit = plan.unit(unit);
    let plain: String = unit.short.chars().filter(|c| !"[]:*?/\\'".contains(*c)).collect();
    format!("{} {plain}", unit.code).chars().take(31).collect()
}

/// What a cell of a score says.
fn said(points: Option<Points>) -> String {
    points.map_or_else(|| "n/a".to_owned(), Points::short)
}

/// A row or a column: no sheet of ours comes near the end of either.
fn row(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn col(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "hundredths of a score stay far below 2^52")]
fn float(points: Points) -> f64 {
    points.0 as f64 / 100.0
}

/// One sheet while it is filled.
struct Page<'a> {
    snapshot: &'a Snapshot,
    round: RoundIx,
    lang: Lang,
    looks: &'a Looks,
    sheet: &'a mut Worksheet,
}

impl Page<'_> {
    fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.lang == Lang::Zh { zh } else { en }
    }

    fn criteria(&self) -> impl Iterator<Item = (usize, &Criterion)> {
        self.snapshot.plan.rules.criteria.iter().enumerate().map(|(i, c)| (LEFT + 3 * i, c))
    }

    fn head(&mut self) -> Result<(), XlsxError> {
        let looks = self.looks;
        self.sheet.write_string(0, 0, "project")?;
        self.sheet.write_string(0, 1, &self.snapshot.plan.round(self.round).id)?;
        self.sheet.set_row_hidden(0)?;
        for (at, words) in [(0, ("项目编号", "Project")), (1, ("项目名称", "Name"))] {
            self.sheet.write_string_with_format(1, at, self.say(words.0, words.1), &looks.head)?;
            self.sheet.write_blank(2, at, &looks.head)?;
        }
        self.sheet.set_column_width(0, 14)?.set_column_width(1, 28)?;
        let words = [("推算", "Suggested"), ("评分", "Score"), ("备注", "Note")];
        let criteria: Vec<(usize, Criterion)> = self.criteria().map(|(at, c)| (at, c.clone())).collect();
        for (at, c) in &criteria {
            let limits = match self.lang {
                Lang::Zh => format!("{}（0 至 {}，步长 {}）", c.label, c.points.short(), c.step.short()),
                Lang::En => format!("{} (0 to {}, step {})", c.label, c.points.short(), c.step.short()),
            };
            for (i, ((part, _), (zh, en))) in Part::ALL.iter().zip(words).enumerate() {
                self.sheet.write_string(0, col(at + i), part.name(&c.id))?;
                let text = if i == 0 { limits.as_str() } else { "" };
                self.sheet.write_string_with_format(1, col(at + i), text, &looks.criterion)?;
                self.sheet.write_string_with_format(2, col(at + i), self.say(zh, en), &looks.head)?;
                self.sheet.set_column_width(col(at + i), [10.0, 10.0, 20.0][i])?;
            }
        }
        self.sheet.set_row_height(1, 22)?;
        Ok(())
    }

    fn project(&mut self, at: usize, project: ProjectIx, memory: &mut Memory) -> Result<(), XlsxError> {
        let (snapshot, looks, line) = (self.snapshot, self.looks, row(at));
        let p = snapshot.plan.project(project);
        self.sheet.write_string_with_format(line, 0, &p.id, &looks.locked)?;
        self.sheet.write_string_with_format(line, 1, &p.name, &looks.locked)?;
        for i in 0..snapshot.plan.rules.criteria.len() {
            let column = LEFT + 3 * i;
            let suggestion = match snapshot.suggestion(self.round, project, i) {
                Suggestion::NotApplicable => "n/a".to_owned(),
                other => other.value().map_or_else(String::new, Points::short),
            };
            number_or_text(self.sheet, (line, col(column)), &suggestion, &looks.suggested)?;
            let kept: Option<&Kept<ScoreRecord>> = snapshot.facts.scores[self.round.at()].get(&(project, i));
            let points = kept.map_or_else(String::new, |k| said(k.value.points));
            number_or_text(self.sheet, (line, col(column + 1)), &points, &looks.entry)?;
            let note = kept.map_or("", |k| k.value.note.as_str());
            self.sheet.write_string_with_format(line, col(column + 2), note, &looks.note)?;
            memory.cell(&p.id, &snapshot.plan.rules.criteria[i].id, kept.map_or(0, |k| k.seq), &points, note)?;
        }
        Ok(())
    }

    fn finish(&mut self, projects: usize) -> Result<(), XlsxError> {
        let criteria: Vec<(usize, Criterion)> = self.criteria().map(|(at, c)| (at, c.clone())).collect();
        let last = HEAD + projects.max(1) - 1;
        for (at, c) in &criteria {
            let rule = self.rule(*at, c)?;
            self.sheet.add_data_validation(row(HEAD), col(at + 1), row(last), col(at + 1), &rule)?;
        }
        self.sheet.set_freeze_panes(row(HEAD), col(LEFT))?;
        self.sheet.set_landscape().set_print_fit_to_pages(1, 0).set_paper_size(9);
        self.sheet.set_repeat_rows(1, 2)?;
        // Against slips, not against people: there is no password, and the import checks everything again.
        self.sheet.protect();
        Ok(())
    }

    /// `n/a`, or from 0 to the criterion's points in its steps, or what the program suggests.
    fn rule(&self, at: usize, c: &Criterion) -> Result<DataValidation, XlsxError> {
        let (cell, beside) = (format!("{}{}", letters(at + 1), HEAD + 1), format!("{}{}", letters(at), HEAD + 1));
        let (most, step) = (c.points.short(), c.step.0.max(1));
        let formula = format!(
            "=OR({cell}=\"n/a\",AND(ISNUMBER({cell}),{cell}>=0,{cell}<={most},\
             OR(MOD(ROUND({cell}*100,2),{step})=0,{cell}={beside})))"
        );
        let (zh, en) = (
            format!("0 至 {most}，步长 {}；与推算相同也可；不适用写 n/a 并写备注", c.step.short()),
            format!("0 to {most} in steps of {}, or as suggested; n/a with a note", c.step.short()),
        );
        DataValidation::new()
            .allow_custom(Formula::new(formula))
            .set_input_message(self.say(&zh, &en))?
            .set_error_title(self.say("评分不符", "Not a score"))?
            .set_error_message(self.say(&zh, &en))
            .map(|rule| rule.set_error_style(DataValidationErrorStyle::Stop))
    }
}

fn number_or_text(
    sheet: &mut Worksheet,
    (line, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    match Points::parse(text) {
        Ok(points) => sheet.write_number_with_format(line, column, float(points), format)?,
        Err(_) => sheet.write_string_with_format(line, column, text, format)?,
    };
    Ok(())
}

/// The hidden sheet while it is filled.
struct Memory {
    sheet: Worksheet,
    rows: u32,
}

impl Memory {
    fn new(snapshot: &Snapshot, round: RoundIx) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(MEMORY)?.set_hidden(true).protect();
        let plan = &snapshot.plan;
        let revision = snapshot.facts.rounds[round.at()].as_ref().map_or(0, |k| k.value.revision);
        let mut memory = Self { sheet, rows: 0 };
        memory.row(&["format", FORMAT])?;
        memory.row(&["district", &plan.district.id])?;
        memory.row(&["round", &plan.round(round).id])?;
        memory.row(&["revision", &revision.to_string()])?;
        memory.row(&["rules", &plan.rules.sha256])?;
        memory.row(&["seq", &snapshot.facts.seq.to_string()])?;
        Ok(memory)
    }

    fn cell(&mut self, project: &str, criterion: &str, seq: u64, points: &str, note: &str) -> Result<(), XlsxError> {
        self.row(&["cell", project, criterion, &seq.to_string(), points, note])
    }

    fn row(&mut self, cells: &[&str]) -> Result<(), XlsxError> {
        for (column, text) in cells.iter().enumerate() {
            self.sheet.write_string(self.rows, col(column), *text)?;
        }
        self.rows += 1;
        Ok(())
    }
}
