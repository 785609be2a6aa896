//! 自备模板. The office's own letter, made in Word or WPS: its masthead, styles, margins, headers and footers stay, its
//! placeholders are filled in, and what the bulletin says takes the place of a paragraph that asks for it.

use docx_rs::Docx;

use super::order::ordered;
use super::package::Package;
use super::xml::{self, Kind, Paragraph, Piece};
use super::{LETTER_PART, Scale, Sheet, TEXT_WIDTH, chart, marked};
use crate::domain::value::{Bilingual, Lang};
use crate::report::bulletin;
use crate::report::document::{Document, Part, Table};
use crate::report::svg::escaped;
use crate::report::template::{Answers, Items, Refused};

/// A letter of the office: the name of its file and what is in it.
#[derive(Clone, Copy, Debug)]
pub struct OwnLetter<'a> {
    /// Name of the file.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
}

/// What stands in the place of a paragraph that holds one placeholder and nothing else.
enum Whole<'d> {
    /// 全部正文
    Parts,
    Part(&'d Part),
    Table(&'d Table),
    /// One that this document has no use for: a correction in what corrects nothing.
    Nothing,
}

/// A letter being filled in.
struct Filling<'d> {
    document: &'d Document,
    answers: Answers,
    file: &'d str,
    package: Package,
    charts: usize,
    width: usize,
}

/// Parts beside the text that hold properties of text.
const STYLES: [&str; 2] = ["word/styles.xml", "word/numbering.xml"];

/// The office's letter with everything filled in.
///
/// # Errors
/// It is no letter of Word, holds too much, or has a placeholder that means nothing.
pub fn filled(document: &Document, own: OwnLetter<'_>) -> Result<Vec<u8>, Refused> {
    let refused = |zh: String, en: String| Refused::whole(own.name, Bilingual::new(zh, en));
    let package = Package::read(own.bytes).map_err(|e| {
        refused(format!("不是 Word 文档（.docx）：{e}"), format!("it is no document of Word (.docx): {e}"))
    })?;
    let transitional = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    let text = package.text(LETTER_PART).filter(|text| text.contains(transitional)).ok_or_else(|| {
        refused(
            "里面没有 Word 正文；请在 Word 或 WPS 里另存为普通的 .docx".to_owned(),
            "it holds no text of Word: save it as an ordinary .docx in Word or WPS".to_owned(),
        )
    })?;
    let width = width_of(text);
    let answers = Answers::of(document);
    let mut filling = Filling { document, answers, file: own.name, package, charts: 0, width };
    let names: Vec<String> = filling.package.names().map(str::to_owned).collect();
    for name in names.iter().filter(|name| holds_text(name)) {
        filling.part(name)?;
    }
    let warnings = document.warnings();
    if !warnings.is_empty() {
        marked::warn(&mut filling.package, &warnings, document.watermark());
    }
    // Other programs than Word do not keep to the order of the schema, and Word takes that amiss.
    for name in names.iter().filter(|name| holds_text(name) || STYLES.contains(&name.as_str())) {
        if let Some(text) = filling.package.text(name).map(ordered) {
            filling.package.put(name, text);
        }
    }
    filling.package.write().map_err(|e| refused(e.to_string(), e.to_string()))
}

/// The text itself and what is at the head and the foot of pages.
fn holds_text(part: &str) -> bool {
    let at_the_edge = ["word/header", "word/footer"].iter().any(|start| part.starts_with(start));
    part == LETTER_PART || (at_the_edge && part.ends_with(".xml"))
}

/// Twentieths of a point between the margins of the last section.
fn width_of(text: &str) -> usize {
    let tag = |name: &str| text.rfind(name).and_then(|at| text[at..].split('>').next());
    let value = |tag: Option<&str>, name: &str| xml::attribute(tag?, name)?.parse::<usize>().ok();
    let (size, margins) = (tag("<w:pgSz "), tag("<w:pgMar "));
    let sides = value(margins, "w:left").zip(value(margins, "w:right"));
    let between = value(size, "w:w").zip(sides).and_then(|(wide, (left, right))| wide.checked_sub(left + right));
    between.filter(|width| (2_000..=30_000).contains(width)).unwrap_or(TEXT_WIDTH)
}

/// What is typed for a brace, a colon or a quotation mark where Chinese is written, or made of it by Word.
fn typed(c: char) -> char {
    match c {
        '｛' => '{',
        '｝' => '}',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '：' => ':',
        '\u{a0}' | '　' => ' ',
        c => c,
    }
}

/// One placeholder: where it stands, in characters, and what it asks for.
struct Asked {
    from: usize,
    to: usize,
    expression: String,
}

impl<'d> Filling<'d> {
    fn refused(&self, source: &str, zh: String, en: String) -> Refused {
        let line: String = source.trim().chars().take(60).collect();
        let reason = Bilingual::new(format!("「{line}」：{zh}"), format!("\"{line}\": {en}"));
        Refused::whole(self.file, reason)
    }

    /// Fills in one part of the package.
    fn part(&mut self, name: &str) -> Result<(), Refused> {
        let text = self.package.text(name).map(str::to_owned);
        let Some(mut pieces) = text.as_deref().and_then(xml::pieces) else {
            let zh = format!("{name} 读不出来");
            return Err(Refused::whole(self.file, Bilingual::new(zh, format!("{name} cannot be read"))));
        };
        for paragraph in xml::paragraphs(&pieces) {
            self.paragraph(&mut pieces, &paragraph, name == LETTER_PART)?;
        }
        self.package.put(name, xml::joined(&pieces));
        Ok(())
    }

    fn paragraph(&mut self, pieces: &mut [Piece], paragraph: &Paragraph, body: bool) -> Result<(), Refused> {
        // Word cuts what is typed into runs as it likes: a placeholder is looked for in the whole of the paragraph.
        let texts: Vec<String> = paragraph.texts.iter().map(|place| xml::plain(&pieces[*place].raw)).collect();
        let text = texts.concat();
        let asked = self.asked(&text)?;
        let Some(first) = asked.first() else { return Ok(()) };
        let all: Vec<char> = text.chars().collect();
        let rest: String = all[..first.from].iter().chain(&all[first.to..]).collect();
        let alone = asked.len() == 1 && rest.trim().is_empty();
        if let Some(whole) = self.whole(&first.expression, &text)? {
            if !alone || !body {
                return Err(self.refused(
                    &text,
                    "要独占正文里的一段".to_owned(),
                    "it has to be the only thing in a paragraph of the text".to_owned(),
                ));
            }
            let made = self.body(&whole)?;
            place(pieces, paragraph, &made);
            return Ok(());
        }
        let mut answers = Vec::new();
        for one in &asked {
            let items = self.answers.items(&one.expression);
            let known = || self.answers.names().join(" ");
            answers.push(items.map_err(|reason| {
                let (expression, known) = (&one.expression, known());
                self.refused(
                    &text,
                    format!("占位符 {expression} 填不了（{}）；可以用的有：{known}，各部分的名字，table:表的名字", reason.zh),
                    format!(
                        "the placeholder {expression} cannot be filled ({}); there are: {known}, the id of a part, table:ID",
                        reason.en
                    ),
                )
            })?);
        }
        let join = if self.document.lang == Lang::Zh { "，" } else { ", " };
        match answers.as_slice() {
            // A list that stands alone: one paragraph for each, as the office set it.
            [Items::Many(items)] if alone && items.len() != 1 => repeat(pieces, paragraph, items),
            _ => {
                let values: Vec<String> = answers
                    .into_iter()
                    .map(|items| match items {
                        Items::One(text) => text,
                        Items::Many(items) => items.join(join),
                    })
                    .collect();
                fill(pieces, paragraph, &texts, &asked, &values);
            }
        }
        Ok(())
    }

    /// The placeholders of a paragraph.
    fn asked(&self, text: &str) -> Result<Vec<Asked>, Refused> {
        let all: Vec<char> = text.chars().map(typed).collect();
        let (mut found, mut place) = (Vec::new(), 0);
        while place + 1 < all.len() {
            match (all[place], all[place + 1]) {
                ('{', '{') => {
                    let end =
                        (place + 2..all.len() - 1).find(|i| all[*i] == '}' && all[*i + 1] == '}').ok_or_else(|| {
                            self.refused(text, "「{{」没有「}}」收尾".to_owned(), "{{ has no }} after it".to_owned())
                        })?;
                    let expression: String = all[place + 2..end].iter().collect();
                    found.push(Asked { from: place, to: end + 2, expression: expression.trim().to_owned() });
                    place = end + 2;
                }
                ('{', '%' | '#') => {
                    return Err(self.refused(
                        text,
                        "Word 模板里只有 {{ 占位符 }}，没有 {% 语句 %}".to_owned(),
                        "a template of Word has {{ placeholders }} and no {% statements %}".to_owned(),
                    ));
                }
                _ => place += 1,
            }
        }
        Ok(found)
    }

    /// What an expression means that asks for a part of the text; none where it asks for a value.
    fn whole(&self, expression: &str, text: &str) -> Result<Option<Whole<'d>>, Refused> {
        let document = self.document;
        if expression == "parts" {
            return Ok(Some(Whole::Parts));
        }
        if let Some(part) = document.parts.iter().find(|part| part.id == expression) {
            return Ok(Some(Whole::Part(part)));
        }
        let letter = document.kind == "bulletin";
        if letter && bulletin::PARTS.contains(&expression) {
            return Ok(Some(Whole::Nothing));
        }
        let Some(id) = expression.strip_prefix("table:").map(str::trim) else { return Ok(None) };
        match document.tables().find(|(_, table)| table.id == id) {
            Some((_, table)) => Ok(Some(Whole::Table(table))),
            None if letter && bulletin::TABLES_AT_TIMES.contains(&id) => Ok(Some(Whole::Nothing)),
            None => {
                let known: Vec<&str> = document.tables().map(|(_, table)| table.id.as_str()).collect();
                let known = known.join(" ");
                Err(self.refused(
                    text,
                    format!("没有表 {id}；有：{known}"),
                    format!("no table {id}; there are: {known}"),
                ))
            }
        }
    }

    /// What the built-in letter has in this place.
    fn body(&mut self, whole: &Whole<'_>) -> Result<String, Refused> {
        let document = self.document;
        let scale = Scale::of(document);
        let sheet = Sheet { docx: Docx::new(), scale, lang: document.lang, width: self.width };
        let sheet = match whole {
            Whole::Nothing => return Ok(String::new()),
            Whole::Parts => document.parts.iter().fold(sheet, |sheet, part| sheet.part(part, part.appendix, false)),
            Whole::Part(part) => sheet.part(part, false, false),
            Whole::Table(table) => sheet.table(table, false),
        };
        let mut made = sheet.docx.build();
        marked::finish(&mut made, None);
        let refused = |e: std::io::Error| Refused::whole(self.file, Bilingual::new(e.to_string(), e.to_string()));
        let text = String::from_utf8(made.document).map_err(|e| refused(std::io::Error::other(e)))?;
        let body = text.split_once("<w:body>").and_then(|(_, rest)| Some(rest.rsplit_once("<w:sectPr")?.0));
        let body = without_ids(body.unwrap_or_default());
        let drawn = chart::drawn(body, document, (&mut self.package, &mut self.charts), self.width);
        // Two tables with nothing between them would be one.
        drawn
            .map(|body| body + "<w:p><w:pPr><w:spacing w:line=\"120\" w:lineRule=\"exact\"/></w:pPr></w:p>")
            .map_err(refused)
    }
}

/// The numbers of paragraphs are ours; the letter has its own.
fn without_ids(body: &str) -> String {
    let mut parts = body.split(" w14:paraId=\"");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        text.push_str(rest.split_once('"').map_or(rest, |(_, after)| after));
    }
    text
}

/// Puts what was made before a paragraph, which goes unless something else hangs on it.
fn place(pieces: &mut [Piece], paragraph: &Paragraph, made: &str) {
    let (from, to) = (paragraph.from, paragraph.to);
    let holds =
        |piece: &Piece| ["w:sectPr", "w:drawing", "w:pict", "w:object", "mc:AlternateContent"].contains(&piece.name());
    // A cell of a table ends with a paragraph.
    let stays = paragraph.parent != "w:body" || pieces[from..=to].iter().any(holds);
    if stays {
        for text in &paragraph.texts {
            pieces[*text].raw.clear();
        }
        pieces[from].raw.insert_str(0, made);
    } else {
        pieces[from].raw = made.to_owned();
        pieces[from + 1..=to].iter_mut().for_each(|piece| piece.raw.clear());
    }
}

/// One paragraph for each text, set as this one.
fn repeat(pieces: &mut [Piece], paragraph: &Paragraph, items: &[String]) {
    let (from, to) = (paragraph.from, paragraph.to);
    let texts: Vec<String> = paragraph.texts.iter().map(|place| pieces[*place].raw.clone()).collect();
    let whole = [Asked { from: 0, to: xml::plain(&texts.concat()).chars().count(), expression: String::new() }];
    let texts: Vec<String> = texts.iter().map(|raw| xml::plain(raw)).collect();
    let made: String = items
        .iter()
        .enumerate()
        .map(|(place, item)| {
            let mut copy = pieces.to_vec();
            fill(&mut copy, paragraph, &texts, &whole, std::slice::from_ref(item));
            // An id is there once: the copies have no number and no bookmark of their own.
            let once = |piece: &&Piece| place == 0 || !["w:bookmarkStart", "w:bookmarkEnd"].contains(&piece.name());
            let text: String = copy[from..=to].iter().filter(once).map(|piece| piece.raw.as_str()).collect();
            if place == 0 { text } else { without_ids(&text) }
        })
        .collect();
    place(pieces, paragraph, &made);
}

/// Puts every value where its placeholder begins, in the run and with the looks that it has there.
fn fill(pieces: &mut [Piece], paragraph: &Paragraph, texts: &[String], asked: &[Asked], values: &[String]) {
    let mut at = 0;
    for (place, text) in paragraph.texts.iter().zip(texts) {
        let mut filled = String::new();
        for c in text.chars() {
            match asked.iter().zip(values).find(|(one, _)| (one.from..one.to).contains(&at)) {
                Some((one, value)) if one.from == at => filled.push_str(value),
                Some(_) => {}
                None => filled.push(c),
            }
            at += 1;
        }
        if filled != *text {
            pieces[*place].raw = escaped(&filled).replace('\n', " ");
            // Blanks at its ends count.
            if let Some(tag) = pieces[..*place].iter_mut().rev().find(|p| p.kind == Kind::Open) {
                "<w:t xml:space=\"preserve\">".clone_into(&mut tag.raw);
            }
        }
    }
}
