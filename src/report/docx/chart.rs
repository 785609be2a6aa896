//! 图. A table's bars as a chart of the letter itself: Word and WPS draw it, and open its figures to be edited.
//!
//! The letter is written with a mark where a chart is to stand; here the mark becomes a drawing, and the package gets the
//! chart with its cached figures and the workbook behind it.

use std::fmt::Write as _;

use docx_rs::Run;

use super::package::{Package, relationship, relationships};
use crate::report::bars::{Bar, bars, longest};
use crate::report::document::{Cell, Document, Table};
use crate::report::svg::escaped;
use crate::report::xlsx;

/// Thousandths of a millimetre are 36 of these.
const MILLIMETRE: usize = 36_000;
/// Twentieths of a point are 635.
const TWENTIETH: usize = 635;

/// What stands for the chart of a table until [`drawn`]. It is a style of that name, which no text can be.
pub fn mark(table: &Table) -> Run {
    Run::new().style(&name(table))
}

fn name(table: &Table) -> String {
    format!("dukao-chart-{}", table.id)
}

/// Where the mark of a table stands, from its run's beginning to its end.
fn place(xml: &str, table: &Table) -> Option<(usize, usize)> {
    let style = xml.find(&format!("<w:rStyle w:val=\"{}\"", escaped(&name(table))))?;
    let from = xml[..style].rfind("<w:r>")?;
    let to = style + xml[style..].find("</w:r>")? + "</w:r>".len();
    Some((from, to))
}

/// The body of a letter with its charts of this width, in twentieths of a point; `charts` counts those of the package.
///
/// # Errors
/// The workbook of a chart cannot be made.
pub fn drawn(
    mut body: String,
    document: &Document,
    (package, charts): (&mut Package, &mut usize),
    width: usize,
) -> std::io::Result<String> {
    for (_, table) in document.tables().filter(|(_, table)| table.chart.is_some()) {
        while let Some((from, to)) = place(&body, table) {
            *charts += 1;
            add(package, table, *charts)?;
            body.replace_range(from..to, &drawing(table, *charts, width));
        }
    }
    Ok(body)
}

/// Chart, workbook and what joins them.
fn add(package: &mut Package, table: &Table, n: usize) -> std::io::Result<()> {
    let workbook = xlsx::behind_chart(table).map_err(std::io::Error::other)?;
    let (chart, book) = (format!("word/charts/dukao{n}.xml"), format!("word/embeddings/dukao{n}.xlsx"));
    package.declare(&chart, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml");
    package.declare(&book, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    package.relate(&format!("rIdDukaoChart{n}"), "chart", &format!("charts/dukao{n}.xml"));
    package.put(&chart, space(table));
    let joined = relationships(&relationship("rId1", "package", &format!("../embeddings/dukao{n}.xlsx")));
    package.put(&format!("word/charts/_rels/dukao{n}.xml.rels"), joined);
    package.put(&book, workbook);
    Ok(())
}

/// The place of a chart in the text.
fn drawing(table: &Table, n: usize, width: usize) -> String {
    let (wide, high) = (width * TWENTIETH, (14 + 7 * bars(table).len()) * MILLIMETRE);
    let title = table.chart.as_ref().map_or_else(String::new, |chart| escaped(&chart.title));
    format!(
        "<w:r><w:drawing>\
         <wp:inline xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" distT=\"0\" distB=\"0\" \
         distL=\"0\" distR=\"0\"><wp:extent cx=\"{wide}\" cy=\"{high}\"/><wp:effectExtent l=\"0\" t=\"0\" r=\"0\" b=\"0\"/>\
         <wp:docPr id=\"{}\" name=\"dukao {n}\" descr=\"{title}\"/><wp:cNvGraphicFramePr/>\
         <a:graphic xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\">\
         <a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
         <c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" r:id=\"rIdDukaoChart{n}\"/>\
         </a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        7100 + n,
    )
}

/// Type of so many hundredths of a point.
fn type_of(size: u16, bold: bool) -> String {
    format!(
        "sz=\"{size}\" b=\"{}\"><a:solidFill><a:srgbClr val=\"000000\"/></a:solidFill><a:latin typeface=\"Arial\"/>\
         <a:ea typeface=\"黑体\"/>",
        u8::from(bold)
    )
}

fn text_properties(size: u16) -> String {
    format!("<c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr {}</a:defRPr></a:pPr></a:p></c:txPr>", type_of(size, false))
}

/// A column of the workbook: where it stands, and its figures or names as they were.
fn cached(column: char, points: &[(String, usize)], format: Option<&str>) -> String {
    let last = points.len() + 1;
    let mut xml = format!("<c:f>{}!${column}$2:${column}${last}</c:f>", xlsx::CHART_SHEET);
    let cache = if format.is_some() { "c:numCache" } else { "c:strCache" };
    let code = format.map_or_else(String::new, |f| format!("<c:formatCode>{f}</c:formatCode>"));
    // Writing into a string cannot fail.
    let _ = write!(xml, "<{cache}>{code}<c:ptCount val=\"{}\"/>", points.len());
    for (text, place) in points {
        let _ = write!(xml, "<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>", escaped(text));
    }
    let _ = write!(xml, "</{cache}>");
    xml
}

fn series(table: &Table, bars: &[Bar<'_>]) -> String {
    let label = table.chart.as_ref().map_or("", |chart| table.columns[chart.values].label.as_str());
    let format = if bars.iter().all(|bar| matches!(bar.value, Cell::Points(_))) { "0.00" } else { "General" };
    let column = |text: fn(&Bar<'_>) -> String| bars.iter().enumerate().map(|(i, b)| (text(b), i)).collect::<Vec<_>>();
    let (names, values) = (column(|b| b.name.clone()), column(|b| b.value.printed()));
    format!(
        "<c:ser><c:idx val=\"0\"/><c:order val=\"0\"/><c:tx><c:strRef><c:f>{sheet}!$B$1</c:f><c:strCache><c:ptCount val=\"1\"/>\
         <c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef></c:tx>\
         <c:spPr><a:solidFill><a:srgbClr val=\"A6A6A6\"/></a:solidFill><a:ln w=\"6350\"><a:solidFill><a:srgbClr val=\"404040\"/>\
         </a:solidFill></a:ln></c:spPr><c:invertIfNegative val=\"0\"/>\
         <c:dLbls><c:numFmt formatCode=\"{format}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:dLblPos val=\"outEnd\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"1\"/><c:showCatName val=\"0\"/>\
         <c:showSerName val=\"0\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>\
         <c:cat><c:strRef>{}</c:strRef></c:cat><c:val><c:numRef>{}</c:numRef></c:val></c:ser>",
        escaped(label),
        text_properties(1000),
        cached('A', &names, None),
        cached('B', &values, Some(format)),
        sheet = xlsx::CHART_SHEET,
    )
}

/// Bars that lie, the first one at the top, each with its name and its figure; no grid and no legend.
fn axes(longest: i64) -> String {
    let line = "<c:spPr><a:ln w=\"9525\"><a:solidFill><a:srgbClr val=\"404040\"/></a:solidFill></a:ln></c:spPr>";
    // Room for the figure beyond the longest bar.
    let most = longest.div_euclid(100) * 108 / 100;
    format!(
        "<c:catAx><c:axId val=\"71001\"/><c:scaling><c:orientation val=\"maxMin\"/></c:scaling><c:delete val=\"0\"/>\
         <c:axPos val=\"l\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/>\
         <c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/>{line}{}<c:crossAx val=\"71002\"/>\
         <c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/>\
         <c:noMultiLvlLbl val=\"1\"/></c:catAx>\
         <c:valAx><c:axId val=\"71002\"/><c:scaling><c:orientation val=\"minMax\"/><c:max val=\"{most}\"/><c:min val=\"0\"/>\
         </c:scaling><c:delete val=\"1\"/><c:axPos val=\"t\"/><c:numFmt formatCode=\"General\" sourceLinked=\"0\"/>\
         <c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"nextTo\"/><c:crossAx val=\"71001\"/>\
         <c:crosses val=\"autoZero\"/><c:crossBetween val=\"between\"/></c:valAx>",
        text_properties(1000),
    )
}

/// The chart.
fn space(table: &Table) -> String {
    let bars = bars(table);
    let title = table.chart.as_ref().map_or_else(String::new, |chart| escaped(&chart.title));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><c:date1904 val=\"0\"/>\
         <c:roundedCorners val=\"0\"/><c:chart><c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr {head}</a:defRPr></a:pPr>\
         <a:r><a:rPr lang=\"zh-CN\" {head}</a:rPr><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>\
         <c:autoTitleDeleted val=\"0\"/><c:plotArea><c:layout/><c:barChart><c:barDir val=\"bar\"/>\
         <c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>{}<c:gapWidth val=\"60\"/><c:axId val=\"71001\"/>\
         <c:axId val=\"71002\"/></c:barChart>{}</c:plotArea><c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         <c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}<c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/>\
         </c:externalData></c:chartSpace>",
        series(table, &bars),
        axes(longest(table)),
        text_properties(1000),
        head = type_of(1100, true),
    )
}
