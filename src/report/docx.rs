//! DOCX in the layout of an official letter: red masthead, title, body in 仿宋, tables with fixed columns, page numbers,
//! 版记. Fonts are named for Chinese text one by one and have substitutes, widths stand in every table's grid: so Word, WPS
//! and LibreOffice show the same.

mod chart;
mod marked;
mod order;
mod own;
mod package;
mod xml;

use std::io::Cursor;

pub use self::own::{OwnLetter, filled};
use self::package::Package;
use super::document::{Cell, Document, Part, Table};
use super::{Say, widths};
use crate::domain::value::Lang;
use docx_rs::{
    AlignmentType, BorderType, Docx, Footer, Header, LineSpacing, LineSpacingType, PageMargin, PageNum, Paragraph,
    ParagraphBorder, ParagraphBorderPosition, ParagraphBorders, ParagraphProperty, Run, RunFonts, Shading,
    SpecialIndentType, Table as WordTable, TableAlignmentType, TableCell, TableCellMargins, TableLayoutType, TableRow,
    VAlignType, WidthType,
};

/// Twentieths of a point between the margins of an A4 page.
const TEXT_WIDTH: usize = 8844;

/// The part that holds the text.
const LETTER_PART: &str = "word/document.xml";

/// A typeface with its size in half points.
#[derive(Clone, Copy)]
struct Face {
    han: &'static str,
    latin: &'static str,
    size: usize,
}

const MASTHEAD: Face = Face { han: "方正小标宋简体", latin: "Times New Roman", size: 72 };
const TITLE: Face = Face { size: 44, ..MASTHEAD };
const BODY: Face = Face { han: "仿宋", latin: "Times New Roman", size: 32 };
const HEADING: Face = Face { han: "黑体", latin: "Arial", size: 32 };
const CAPTION: Face = Face { han: "黑体", latin: "Arial", size: 22 };
const NOTE: Face = Face { size: 21, ..BODY };
const SMALL: Face = Face { han: "宋体", latin: "Times New Roman", size: 21 };

fn run(text: &str, face: Face) -> Run {
    let fonts =
        RunFonts::new().ascii(face.latin).hi_ansi(face.latin).cs(face.latin).east_asia(face.han).hint("eastAsia");
    Run::new().add_text(text).fonts(fonts).size(face.size)
}

/// Lines of a fixed distance in points.
fn lines(points: i32) -> LineSpacing {
    LineSpacing::new().line(points * 20).line_rule(LineSpacingType::Exact)
}

fn centred(run: Run) -> Paragraph {
    Paragraph::new().add_run(run).align(AlignmentType::Center)
}

/// How large a document is set: a letter as such, what is to stand on one page smaller.
#[derive(Clone, Copy)]
struct Scale {
    body: Face,
    heading: Face,
    title: Face,
    /// Points from line to line.
    line: i32,
    /// The largest type of tables.
    table: usize,
}

const LETTER: Scale = Scale { body: BODY, heading: HEADING, title: TITLE, line: 28, table: 21 };
const PAGE: Scale = Scale {
    body: Face { size: 24, ..BODY },
    heading: Face { size: 24, ..HEADING },
    title: Face { size: 36, ..TITLE },
    line: 20,
    table: 18,
};

impl Scale {
    /// A dossier has the most to say on its page.
    fn of(document: &Document) -> Self {
        match document.kind {
            "bulletin" => LETTER,
            "dossier" => PAGE,
            _ => Self { table: 21, ..PAGE },
        }
    }

    /// A paragraph of the body, two characters in.
    fn body(self, text: &str) -> Paragraph {
        Paragraph::new().add_run(run(text, self.body)).line_spacing(lines(self.line)).align(AlignmentType::Both).indent(
            None,
            Some(self.indent()),
            None,
            None,
        )
    }

    fn indent(self) -> SpecialIndentType {
        SpecialIndentType::FirstLine(i32::try_from(self.body.size * 20).unwrap_or(640))
    }
}

fn ruled(mut paragraph: Paragraph, colour: &str, size: usize) -> Paragraph {
    let border =
        ParagraphBorder::new(ParagraphBorderPosition::Bottom).val(BorderType::Single).size(size).space(1).color(colour);
    let property = std::mem::replace(&mut paragraph.property, ParagraphProperty::new());
    paragraph.property = property.set_borders(ParagraphBorders::with_empty().set(border));
    paragraph
}

/// How a cell stands: bold in a total, together with the next row in a table that fits on a page.
#[derive(Clone, Copy)]
struct Way {
    face: Face,
    bold: bool,
    keep: bool,
}

fn cell(text: &str, way: Way, align: AlignmentType, width: usize) -> TableCell {
    let points = i32::try_from(way.face.size).unwrap_or(21) * 7 / 10;
    let run = run(text, way.face);
    let run = if way.bold { run.bold() } else { run };
    let paragraph = Paragraph::new().add_run(run).align(align).line_spacing(lines(points)).keep_next(way.keep);
    TableCell::new().add_paragraph(paragraph).width(width, WidthType::Dxa).vertical_align(VAlignType::Center)
}

/// Type of tables, in half points: the first that goes is taken …
const TYPES: [usize; 6] = [21, 19, 17, 15, 13, 11];
/// … and of one that is wide, none larger than this.
const OF_WIDE: usize = 15;

/// Left and right of what stands in a cell, in twentieths of a point.
fn side(table: &Table) -> usize {
    if table.columns.len() >= 10 { 30 } else { 60 }
}

/// Type and widths of a table, in twentieths of a point: the largest type of at most this size in which nothing has to
/// be broken, or else small type in which no word is cut.
fn grid(table: &Table, (most, width): (usize, usize)) -> (Face, Vec<usize>) {
    let columns = widths::columns(table);
    let sides = 2 * side(table) + 20;
    let room = |size: usize| width.saturating_sub(sides * columns.len()) / (size * 5);
    let wanted: usize = columns.iter().map(|c| c.1).sum();
    let sizes = || TYPES.into_iter().filter(|size| *size <= most);
    let goes = |size: &usize| widths::fitted(&columns, room(*size)).is_some();
    let size = sizes().find(|size| room(*size) >= wanted);
    let size = size.or_else(|| sizes().find(|size| *size <= OF_WIDE && goes(size)));
    let size = size.unwrap_or(TYPES[TYPES.len() - 1]);
    let halves = widths::fitted(&columns, room(size)).unwrap_or_else(|| columns.iter().map(|c| c.0).collect());
    let natural: Vec<usize> = halves.into_iter().map(|half| half * size * 5 + sides).collect();
    let all: usize = natural.iter().sum();
    (Face { size, ..SMALL }, natural.into_iter().map(|w| w * width / all.max(1)).collect())
}

/// So many rows stay together on a page.
const TOGETHER: usize = 12;

/// A table in type of at most this size and of this width; one that is `bound` stays with what follows it.
fn word_table(table: &Table, (most, width): (usize, usize), bound: bool) -> WordTable {
    let (face, grid) = grid(table, (most, width));
    let count = table.rows.len() + usize::from(table.total.is_some());
    let together = count <= TOGETHER;
    let heads = table.columns.iter().zip(&grid).map(|(column, width)| {
        let way = Way { face, bold: true, keep: true };
        cell(&column.label, way, AlignmentType::Center, *width).shading(Shading::new().fill("F2F2F2"))
    });
    let mut rows = vec![TableRow::new(heads.collect()).cant_split()];
    let line = |(place, cells): (usize, &Vec<Cell>)| {
        // Of a long table neither the first row nor the last ones stand alone on a page.
        let within = place + 1 < count && (together || place == 0 || place + 3 >= count);
        let way = Way { face, bold: place >= table.rows.len(), keep: within || (together && bound) };
        let cells = cells.iter().zip(&table.columns).zip(&grid).map(|((value, column), width)| {
            let align = if column.right { AlignmentType::Right } else { AlignmentType::Left };
            cell(&value.printed(), way, align, *width)
        });
        let row = TableRow::new(cells.collect()).cant_split();
        if table.roomy { row.row_height(480.0) } else { row }
    };
    rows.extend(table.rows.iter().chain(&table.total).enumerate().map(line));
    WordTable::new(rows)
        .set_grid(grid.clone())
        .width(grid.iter().sum(), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(20, side(table), 20, side(table)))
}

/// Writes everything one below the other.
struct Sheet {
    docx: Docx,
    scale: Scale,
    lang: Lang,
    /// Twentieths of a point between the margins.
    width: usize,
}

impl Sheet {
    fn add(self, paragraph: Paragraph) -> Self {
        Self { docx: self.docx.add_paragraph(paragraph), ..self }
    }

    /// A table below its caption, and its chart below it.
    fn table(self, table: &Table, bound: bool) -> Self {
        let (mut sheet, drawn) = (self, table.chart.is_some());
        if !table.title.is_empty() {
            let caption = Paragraph::new().add_run(run(&table.title, CAPTION)).keep_next(true);
            sheet = sheet.add(caption.line_spacing(LineSpacing::new().before(120).after(40)));
        }
        let made = word_table(table, (sheet.scale.table, sheet.width), bound);
        sheet = Self { docx: sheet.docx.add_table(made), ..sheet };
        if drawn {
            let chart = Paragraph::new().add_run(chart::mark(table)).align(AlignmentType::Center);
            sheet = sheet.add(chart.line_spacing(LineSpacing::new().before(60)));
        }
        sheet
    }

    fn part(self, part: &Part, breaks: bool, bound: bool) -> Self {
        let scale = self.scale;
        let heading = run(&part.heading, scale.heading);
        let heading = Paragraph::new().add_run(heading).line_spacing(lines(scale.line)).keep_next(true);
        let outermost = part.appendix || self.lang == Lang::En;
        let indent = Some(if outermost { SpecialIndentType::FirstLine(0) } else { scale.indent() });
        let mut sheet = self.add(heading.indent(None, indent, None, None).page_break_before(breaks));
        for text in &part.text {
            sheet = sheet.add(scale.body(text));
        }
        // What explains the tables of an appendix comes first: it would stand pages behind them.
        let (before, after): (&[String], &[String]) =
            if part.appendix { (&part.notes, &[]) } else { (&[], &part.notes) };
        sheet = sheet.notes(before);
        let last = part.tables.len().checked_sub(1).filter(|_| bound && after.is_empty());
        for (place, table) in part.tables.iter().enumerate() {
            sheet = sheet.table(table, last == Some(place));
        }
        sheet.notes(after)
    }

    fn notes(self, notes: &[String]) -> Self {
        notes.iter().fold(self, |sheet, note| {
            let note = Paragraph::new().add_run(run(note, NOTE)).align(AlignmentType::Both);
            sheet.add(note.line_spacing(LineSpacing::new().before(60)))
        })
    }

    fn head(self, document: &Document) -> Self {
        let (scale, self_width, mut sheet) = (self.scale, self.width, self);
        if let Some(masthead) = &document.masthead {
            let long = masthead.chars().count() > 10;
            let face = if long { Face { size: 52, ..MASTHEAD } } else { MASTHEAD };
            sheet = sheet.add(centred(run(masthead, face).color("D00000").bold()));
            let number = run(document.number.as_deref().unwrap_or_default(), BODY);
            sheet = sheet.add(ruled(centred(number), "D00000", 18));
            sheet = sheet.add(Paragraph::new().line_spacing(lines(20)));
        }
        if let Some(mark) = document.watermark() {
            sheet = sheet
                .add(centred(run(&format!("【{mark}】"), scale.title).color("C00000").bold()).line_spacing(lines(36)));
        }
        for line in widths::cut(&document.title, self_width / (scale.title.size * 10)) {
            sheet = sheet.add(centred(run(&line, scale.title)).line_spacing(lines(36)));
        }
        if let (Some(number), None) = (&document.number, &document.masthead) {
            sheet = sheet.add(centred(run(number, scale.body)).line_spacing(lines(scale.line)));
        }
        sheet = sheet.add(Paragraph::new().line_spacing(lines(scale.line / 2 + 6)));
        if let Some(to) = document.addressees() {
            sheet = sheet.add(Paragraph::new().add_run(run(&to, scale.body)).line_spacing(lines(scale.line)));
        }
        document.lead.iter().fold(sheet, |sheet, text| sheet.add(scale.body(text)))
    }

    fn signature(self, document: &Document) -> Self {
        let (say, scale) = (Say(document.lang), self.scale);
        // Nobody signs on an empty page: the block stays together.
        let empty = || Paragraph::new().line_spacing(lines(scale.line)).keep_next(true);
        let mut sheet = self.add(empty());
        let enclosures = document.enclosures();
        for text in &enclosures {
            sheet = sheet.add(scale.body(text).keep_next(true));
        }
        if !enclosures.is_empty() {
            sheet = sheet.add(empty());
        }
        let date = document.signature.date.map(|d| say.day(d));
        for text in document.signature.issuer.iter().chain(&date) {
            let line = Paragraph::new().add_run(run(text, scale.body)).align(AlignmentType::Right).keep_next(true);
            sheet = sheet.add(line.line_spacing(lines(scale.line)).indent(None, None, Some(1280), None));
        }
        let hands: Vec<String> = document.hands().iter().map(|hand| format!("{hand}　　　　　")).collect();
        if !hands.is_empty() {
            let line = Paragraph::new().add_run(run(&hands.join("　"), Face { size: 28, ..BODY }));
            sheet = sheet.add(line.line_spacing(lines(40)));
        }
        sheet
    }

    /// 版记 between two lines.
    fn imprint(self, document: &Document) -> Self {
        let imprint = document.imprint();
        if imprint.is_empty() {
            return self;
        }
        let sheet = self.add(ruled(Paragraph::new(), "000000", 8));
        let last = imprint.len() - 1;
        imprint.iter().enumerate().fold(sheet, |sheet, (place, text)| {
            let line = Paragraph::new().add_run(run(text, NOTE)).line_spacing(lines(18));
            sheet.add(if place == last { ruled(line, "000000", 8) } else { line })
        })
    }
}

/// The document for Word.
///
/// # Errors
/// The package cannot be put together.
pub fn document(document: &Document) -> Result<Vec<u8>, std::io::Error> {
    let letter = document.kind == "bulletin";
    let (scale, (top, bottom)) = (Scale::of(document), if letter { (2098, 1985) } else { (1300, 1300) });
    let margins = PageMargin { top, left: 1588, bottom, right: 1474, header: 850, footer: bottom - 585, gutter: 0 };
    let fonts = RunFonts::new().ascii(BODY.latin).hi_ansi(BODY.latin).east_asia(BODY.han);
    let page_number = Face { han: "宋体", latin: "Times New Roman", size: 28 };
    let footer = Paragraph::new()
        .add_run(run("— ", page_number))
        .add_page_num(PageNum::new())
        .add_run(run(" —", page_number))
        .align(AlignmentType::Center);
    let mut docx = Docx::new()
        .page_size(11906, 16838)
        .page_margin(margins)
        .default_fonts(fonts)
        .default_size(BODY.size)
        .footer(Footer::new().add_paragraph(footer));
    if let Some(date) = document.signature.date {
        let stamp = format!("{date}T00:00:00Z");
        docx = docx.created_at(&stamp).updated_at(&stamp);
    }
    let warnings = document.warnings();
    if !warnings.is_empty() {
        docx = docx.header(warnings.iter().fold(Header::new(), |header, text| {
            header.add_paragraph(centred(run(text, CAPTION).color("C00000")).line_spacing(lines(14)))
        }));
    }
    let mut sheet = Sheet { docx, scale, lang: document.lang, width: TEXT_WIDTH }.head(document);
    let (appendices, body): (Vec<&Part>, Vec<&Part>) = document.parts.iter().partition(|p| p.appendix);
    for (place, part) in body.iter().enumerate() {
        // What is signed does not stand on a page without text.
        sheet = sheet.part(part, false, place + 1 == body.len());
    }
    sheet = sheet.signature(document);
    for part in appendices {
        sheet = sheet.part(part, true, false);
    }
    let mut made = sheet.imprint(document).docx.build();
    marked::finish(&mut made, document.watermark());
    let mut stored = Cursor::new(Vec::new());
    made.pack(&mut stored).map_err(std::io::Error::other)?;
    let mut package = Package::read(stored.get_ref())?;
    let body = package.text(LETTER_PART).unwrap_or_default().to_owned();
    let body = chart::drawn(body, document, (&mut package, &mut 0), TEXT_WIDTH)?;
    package.put(LETTER_PART, body);
    Ok(package.write()?)
}
