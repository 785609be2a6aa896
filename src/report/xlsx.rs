//! XLSX: a sheet for every part, numbers as numbers, every text a text, no formula and no link; native charts, A4.

use rust_xlsxwriter::{
    Chart, ChartDataLabel, ChartFormat, ChartLine, ChartSolidFill, DocProperties, ExcelDateTime, Format, FormatAlign,
    FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::bars::{bars, length, longest};
use super::document::{Cell, Document, Part, Table};
use super::{Say, widths};
use crate::domain::value::Date;

const A4: u8 = 9;
/// Rows that a chart covers.
const CHART_ROWS: u32 = 15;

/// The sheet that a letter's chart is drawn from.
pub const CHART_SHEET: &str = "Sheet1";

/// How cells look.
struct Looks {
    title: Format,
    warning: Format,
    text: Format,
    caption: Format,
    head: Format,
    words: Format,
    whole: Format,
    points: Format,
    plain: Format,
    day: Format,
    note: Format,
}

impl Looks {
    fn new() -> Self {
        let font = |f: Format, name: &str, size: f64| f.set_font_name(name).set_font_size(size);
        let cell =
            || font(Format::new(), "宋体", 10.5).set_border(FormatBorder::Thin).set_align(FormatAlign::VerticalCenter);
        let number = |format: &str| cell().set_align(FormatAlign::Right).set_num_format(format);
        Self {
            title: font(Format::new(), "方正小标宋简体", 18.0).set_bold(),
            warning: font(Format::new(), "黑体", 11.0).set_font_color(0xC0_0000).set_bold(),
            text: font(Format::new(), "仿宋", 12.0).set_text_wrap().set_align(FormatAlign::Top),
            caption: font(Format::new(), "黑体", 11.0).set_bold(),
            head: cell().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_background_color(0xF2_F2F2),
            words: cell().set_text_wrap().set_indent(1),
            whole: number("0"),
            points: number("0.00"),
            plain: number("General"),
            day: cell().set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd"),
            note: font(Format::new(), "仿宋", 10.0).set_text_wrap().set_align(FormatAlign::Top),
        }
    }
}

fn excel_day(date: Date) -> Result<ExcelDateTime, XlsxError> {
    let part = |n: i8| u8::try_from(n).unwrap_or(1);
    ExcelDateTime::from_ymd(u16::try_from(date.year()).unwrap_or(1900), part(date.month()), part(date.day()))
}

#[expect(clippy::cast_precision_loss, reason = "hundredths and counts of printed figures stay far below 2^52")]
fn number(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

/// A sheet being filled from the top.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    looks: &'a Looks,
    row: u32,
    /// Widths of the columns, in Han characters.
    widths: Vec<u16>,
}

impl Page<'_> {
    fn line(&mut self, text: &str, look: &Format) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, text, look)?;
            self.row += 1;
        }
        Ok(())
    }

    /// Text of this size over several columns of together so many Han characters of 11 points, as high as it needs.
    fn paragraph(
        &mut self,
        text: &str,
        look: &Format,
        (columns, width, size): (u16, u16, u16),
    ) -> Result<(), XlsxError> {
        if text.is_empty() {
            return Ok(());
        }
        match columns {
            0 | 1 => drop(self.sheet.write_string_with_format(self.row, 0, text, look)?),
            _ => drop(self.sheet.merge_range(self.row, 0, self.row, columns - 1, text, look)?),
        }
        let fits = usize::from(width.max(20) * 11 / size);
        let lines = u16::try_from(widths::of(text).div_ceil(2).div_ceil(fits).max(1)).unwrap_or(20);
        self.sheet.set_row_height(self.row, f64::from(lines * size) * 1.4 + 2.0)?;
        self.row += 1;
        Ok(())
    }

    /// A cell; words in a column of figures stand where its figures do.
    fn cell(&mut self, column: u16, cell: &Cell, (bold, right): (bool, bool)) -> Result<(), XlsxError> {
        let (row, looks) = (self.row, self.looks);
        let of = |look: &Format| if bold { look.clone().set_bold() } else { look.clone() };
        match cell {
            Cell::Blank | Cell::None => self.sheet.write_blank(row, column, &looks.words)?,
            Cell::Text(text) | Cell::Id { short: text, .. } => {
                let look = of(&looks.words);
                let look = if right { look.set_indent(0).set_align(FormatAlign::Right) } else { look };
                self.sheet.write_string_with_format(row, column, text, &look)?
            }
            Cell::Count(n) => {
                self.sheet.write_number_with_format(row, column, number(n.saturating_mul(100)), &of(&looks.whole))?
            }
            Cell::Points(p) => self.sheet.write_number_with_format(row, column, number(p.0), &of(&looks.points))?,
            Cell::Plain(p) => self.sheet.write_number_with_format(row, column, number(p.0), &of(&looks.plain))?,
            Cell::Money(m) => self.sheet.write_string_with_format(row, column, m.exact(), &of(&looks.words))?,
            Cell::Day(date) => {
                self.sheet.write_datetime_with_format(row, column, excel_day(*date)?, &of(&looks.day))?
            }
        };
        Ok(())
    }

    fn heads<'h>(&mut self, heads: impl Iterator<Item = &'h str>) -> Result<(), XlsxError> {
        for (column, head) in (0_u16..).zip(heads) {
            self.sheet.write_string_with_format(self.row, column, head, &self.looks.head)?;
        }
        self.row += 1;
        Ok(())
    }

    /// Makes a row as high as its texts are where they do not go on one line.
    fn high(&mut self, texts: impl Iterator<Item = String>) -> Result<(), XlsxError> {
        let lines =
            texts.zip(&self.widths).map(|(text, width)| widths::of(&text).div_ceil(2 * usize::from(*width).max(1)));
        let lines = u16::try_from(lines.max().unwrap_or(1)).unwrap_or(1);
        if lines > 1 {
            self.sheet.set_row_height(self.row, f64::from(lines) * 15.0)?;
        }
        Ok(())
    }

    /// The headers of a table, as high as the longest one needs.
    fn labels(&mut self, table: &Table) -> Result<(), XlsxError> {
        self.high(table.columns.iter().map(|c| c.label.clone()))?;
        self.heads(table.columns.iter().map(|c| c.label.as_str()))
    }

    fn body(&mut self, table: &Table) -> Result<(), XlsxError> {
        for (cells, bold) in table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)))
        {
            self.high(cells.iter().map(Cell::printed))?;
            for ((column, cell), of) in (0_u16..).zip(cells).zip(&table.columns) {
                self.cell(column, cell, (bold, of.right))?;
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The table's bars below it; `first` is its first row.
    fn chart(&mut self, table: &Table, first: u32) -> Result<(), XlsxError> {
        let Some(chart) = &table.chart else { return Ok(()) };
        let drawn = table.rows.iter().take(chart.rows).take_while(|row| length(&row[chart.values]).is_some()).count();
        let Some(last) = u32::try_from(drawn).ok().and_then(|n| (first + n).checked_sub(1)).filter(|_| drawn > 0)
        else {
            return Ok(());
        };
        let column = |place: usize| u16::try_from(place).unwrap_or_default();
        let (names, values, name) = (column(chart.names), column(chart.values), self.sheet.name());
        let mut bars = Chart::new_bar();
        bars.title().set_name(chart.title.as_str());
        bars.legend().set_hidden();
        // Of bars that lie the names stand on the y axis, the first one at the bottom unless it is turned.
        bars.y_axis().set_reverse();
        bars.x_axis().set_min(0).set_max(number(longest(table))).set_hidden(true).set_major_gridlines(false);
        bars.add_series()
            .set_categories((name.as_str(), first, names, last, names))
            .set_values((name.as_str(), first, values, last, values))
            .set_gap(60)
            // Grey with an edge: the same on paper.
            .set_format(
                ChartFormat::new()
                    .set_solid_fill(ChartSolidFill::new().set_color(0xA6_A6A6))
                    .set_border(ChartLine::new().set_color(0x40_4040)),
            )
            .set_data_label(ChartDataLabel::new().show_value());
        bars.set_width(640).set_height(280);
        self.sheet.insert_chart(self.row + 1, 0, &bars)?;
        self.row += 1 + CHART_ROWS;
        Ok(())
    }
}

/// A name that a sheet may have: at most 31 characters, none of `[]:*?/\`, and not taken.
fn sheet_name(heading: &str, taken: &mut Vec<String>) -> String {
    let plain: String = heading.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).take(28).collect();
    let plain = if plain.trim().is_empty() { "-".to_owned() } else { plain.trim().to_owned() };
    let free = |name: &String| !taken.iter().any(|t| t.eq_ignore_ascii_case(name));
    let name = Some(plain.clone()).filter(free);
    let name = name.unwrap_or_else(|| (2..).map(|n| format!("{plain} {n}")).find(free).unwrap_or_default());
    taken.push(name.clone());
    name
}

fn paper(sheet: &mut Worksheet, document: &Document, landscape: bool) {
    let say = Say(document.lang);
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_margins(0.6, 0.6, 0.8, 0.8, 0.3, 0.3);
    if landscape {
        sheet.set_landscape();
    }
    let warnings = document.warnings().join("  ");
    if !warnings.is_empty() {
        sheet.set_header(format!("&C&KC00000{}", warnings.replace('&', "&&")));
    }
    if document.watermark().is_some() {
        sheet.set_tab_color(0xC0_0000);
    }
    sheet.set_footer(say.of("&C第 &P 页，共 &N 页", "&CPage &P of &N"));
}

/// Widths by the widest table of the sheet, in Han characters.
fn set_widths(sheet: &mut Worksheet, tables: &[Table]) -> Result<Vec<u16>, XlsxError> {
    let columns = tables.iter().map(|t| t.columns.len()).max().unwrap_or(1);
    let needs: Vec<Vec<(usize, usize)>> = tables.iter().map(widths::columns).collect();
    let mut all = Vec::new();
    for place in 0..columns {
        let planned = tables.iter().filter_map(|t| t.columns.get(place)).map(|c| c.width).max().unwrap_or(8);
        let needed = needs.iter().filter_map(|n| n.get(place)).map(|c| c.0).max().map_or(0, |half| half.div_ceil(2));
        let widest = planned.max(u16::try_from(needed).unwrap_or(planned));
        all.push(widest);
        sheet.set_column_width(u16::try_from(place).unwrap_or_default(), f64::from(widest) * 2.0 + 1.5)?;
    }
    Ok(all)
}

fn cover(sheet: &mut Worksheet, document: &Document, looks: &Looks) -> Result<(), XlsxError> {
    let say = Say(document.lang);
    paper(sheet, document, false);
    sheet.set_column_width(0, 78)?;
    let mut page = Page { sheet, looks, row: 0, widths: Vec::new() };
    let (centre, wide) = (|f: &Format| f.clone().set_text_wrap().set_align(FormatAlign::Center), |size| (1, 37, size));
    for warning in document.warnings() {
        page.line(&warning, &looks.warning)?;
    }
    let masthead = centre(&looks.title).set_font_color(0xD0_0000);
    page.paragraph(document.masthead.as_deref().unwrap_or_default(), &masthead, wide(18))?;
    page.paragraph(document.number.as_deref().unwrap_or_default(), &centre(&looks.text), wide(12))?;
    for line in widths::cut(&document.marked_title(), 22) {
        page.paragraph(&line, &centre(&looks.title), wide(18))?;
    }
    page.paragraph(&document.addressees().unwrap_or_default(), &looks.text, wide(12))?;
    for text in &document.lead {
        page.paragraph(text, &looks.text, wide(12))?;
    }
    page.row += 1;
    for part in &document.parts {
        page.line(&part.heading, &looks.text)?;
    }
    page.row += 1;
    let right = looks.text.clone().set_align(FormatAlign::Right);
    page.line(document.signature.issuer.as_deref().unwrap_or_default(), &right)?;
    page.line(&document.signature.date.map(|d| say.day(d)).unwrap_or_default(), &right)?;
    let hands: Vec<String> = document.hands().iter().map(|hand| format!("{hand}＿＿＿＿＿＿")).collect();
    page.line(&hands.join("　"), &looks.text)?;
    page.row += 1;
    for line in document.imprint() {
        page.line(&line, &looks.note)?;
    }
    Ok(())
}

fn part_sheet(sheet: &mut Worksheet, (document, part): (&Document, &Part), looks: &Looks) -> Result<(), XlsxError> {
    let widths = set_widths(sheet, &part.tables)?;
    let width: u16 = widths.iter().sum();
    let columns = part.tables.iter().map(|t| t.columns.len()).max().unwrap_or(1);
    let columns = u16::try_from(columns).unwrap_or(2);
    // A page that stands takes about 105 letters before its type gets small.
    paper(sheet, document, u32::from(width) * 4 + u32::from(columns) * 3 > 210);
    let mut page = Page { sheet, looks, row: 0, widths };
    page.line(&part.heading, &looks.title.clone().set_font_size(14.0))?;
    for text in &part.text {
        page.paragraph(text, &looks.text, (columns, width, 12))?;
    }
    // Tables of the same columns share the header that stays in sight and is printed on every page.
    let ids = |t: &Table| t.columns.iter().map(|c| c.id.clone()).collect::<Vec<_>>();
    let labels = |t: &Table| t.columns.iter().map(|c| c.label.clone()).collect::<Vec<_>>();
    let alike = part.tables.windows(2).all(|two| ids(&two[0]) == ids(&two[1]));
    for (place, table) in part.tables.iter().enumerate() {
        if place > 0 {
            page.row += 1;
        }
        if place == 0 && alike {
            page.labels(table)?;
            let header = page.row - 1;
            page.sheet.set_freeze_panes(page.row, 0)?.set_repeat_rows(header, header)?;
        }
        page.line(&table.title, &looks.caption)?;
        if !alike || labels(table) != labels(&part.tables[0]) {
            page.labels(table)?;
        }
        let first = page.row;
        page.body(table)?;
        page.chart(table, first)?;
    }
    page.row += 1;
    for note in &part.notes {
        page.paragraph(note, &looks.note, (columns, width, 10))?;
    }
    Ok(())
}

fn properties(document: &Document) -> Result<DocProperties, XlsxError> {
    let properties = DocProperties::new().set_title(document.title.as_str());
    let author = document.signature.issuer.clone().unwrap_or_default();
    match document.signature.date {
        Some(date) => Ok(properties.set_author(author).set_creation_datetime(&excel_day(date)?)),
        None => Ok(properties.set_author(author)),
    }
}

/// The document as a workbook.
///
/// # Errors
/// What the format does not hold: a sheet of more than a million rows, a text of more than 32,767 characters.
pub fn document(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks, mut taken) = (Workbook::new(), Looks::new(), Vec::new());
    book.set_properties(&properties(document)?);
    let name = sheet_name(Say(document.lang).of("通报", "Bulletin"), &mut taken);
    cover(book.add_worksheet().set_name(name)?, document, &looks)?;
    for part in &document.parts {
        let name = sheet_name(&part.heading, &mut taken);
        part_sheet(book.add_worksheet().set_name(name)?, (document, part), &looks)?;
    }
    book.save_to_buffer()
}

/// A table of records: its headers in a first row that stays, one record a row.
///
/// # Errors
/// As [`document`].
pub fn table(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    let sheet = book.add_worksheet().set_name(sheet_name(&table.id, &mut Vec::new()))?;
    set_widths(sheet, std::slice::from_ref(table))?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    // Rows of records stay one line high, whatever is in them.
    let mut page = Page { sheet, looks: &looks, row: 0, widths: Vec::new() };
    page.heads(table.columns.iter().map(|c| c.label.as_str()))?;
    page.body(table)?;
    book.save_to_buffer()
}

/// The workbook behind the chart of a letter: names and figures of its bars, headed as in the table.
///
/// # Errors
/// As [`document`].
pub fn behind_chart(table: &Table) -> Result<Vec<u8>, XlsxError> {
    let (mut book, looks) = (Workbook::new(), Looks::new());
    // A day that does not change, so that the same letter is the same file.
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = book.add_worksheet().set_name(CHART_SHEET)?;
    sheet.set_column_width(0, 24)?;
    let mut page = Page { sheet, looks: &looks, row: 0, widths: Vec::new() };
    if let Some(chart) = &table.chart {
        page.heads([chart.names, chart.values].iter().map(|place| table.columns[*place].label.as_str()))?;
    }
    for bar in bars(table) {
        page.cell(0, &Cell::Text(bar.name), (false, false))?;
        page.cell(1, bar.value, (false, true))?;
        page.row += 1;
    }
    book.save_to_buffer()
}
