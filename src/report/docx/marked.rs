//! What the library cannot say, put into the parts of the package: headers that repeat, the order of the schema,
//! substitutes of fonts, the watermark of a draft.

use docx_rs::XMLDocx;

use super::LETTER_PART;
use super::order::ordered;
use super::package::Package;
use super::xml::attribute;
use crate::report::svg::escaped;

/// Fonts that an office has, with what stands in for each where it is missing.
const FONTS: [(&str, &str); 4] = [
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S;小标宋;华文中宋;STZhongsong;Noto Serif CJK SC;宋体"),
    ("仿宋", "仿宋_GB2312;FangSong;华文仿宋;STFangsong;Noto Serif CJK SC;宋体"),
    ("黑体", "SimHei;华文黑体;STHeiti;Noto Sans CJK SC"),
    ("宋体", "SimSun;华文宋体;STSong;Noto Serif CJK SC"),
];

/// What the library writes for a row that does not break over pages, as none of ours does.
const KEPT: &str = "<w:cantSplit />";

/// The first row of every table stands again at the top of every page.
fn with_headers(document: &str) -> String {
    let mut tables = document.split("<w:tbl>");
    let mut made = tables.next().unwrap_or_default().to_owned();
    for table in tables {
        made += "<w:tbl>";
        made += &table.replacen(KEPT, &format!("{KEPT}<w:tblHeader />"), 1);
    }
    made
}

/// Rewrites a part that is text.
fn rewritten(part: &mut Vec<u8>, with: impl FnOnce(&str) -> String) {
    if let Ok(text) = std::str::from_utf8(part) {
        *part = with(text).into_bytes();
    }
}

fn replaced(part: &mut Vec<u8>, from: &str, to: &str) {
    rewritten(part, |text| text.replace(from, to));
}

/// Finishes the parts.
pub fn finish(package: &mut XMLDocx, watermark: Option<&str>) {
    rewritten(&mut package.document, |text| ordered(&with_headers(text)));
    for part in [&mut package.styles, &mut package.settings, &mut package.numberings] {
        rewritten(part, ordered);
    }
    for part in package.headers.iter_mut().chain(&mut package.footers) {
        rewritten(part, ordered);
    }
    let fonts: String = FONTS.map(|(name, instead)| font(name, instead)).concat();
    replaced(&mut package.font_table, "</w:fonts>", &(fonts + "</w:fonts>"));
    if let (Some(word), Some(header)) = (watermark, package.headers.first_mut()) {
        replaced(header, "</w:hdr>", &(across(word, 0) + "</w:hdr>"));
    }
}

fn font(name: &str, instead: &str) -> String {
    format!(
        "<w:font w:name=\"{name}\"><w:altName w:val=\"{instead}\" /><w:charset w:val=\"86\" /><w:family w:val=\"auto\" />\
         <w:pitch w:val=\"variable\" /></w:font>"
    )
}

/// A paragraph of the header whose drawing lies behind the text, from corner to corner; the word is one of ours.
fn across(word: &str, n: usize) -> String {
    format!(
        "<w:p><w:r><w:pict xmlns:v=\"urn:schemas-microsoft-com:vml\" xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
         xmlns:w10=\"urn:schemas-microsoft-com:office:word\"><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\" adj=\"10800\" \
         path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/><v:f eqn=\"prod #0 2 1\"/>\
         <v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/><v:f eqn=\"if @0 @3 0\"/>\
         <v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/><v:f eqn=\"mid @5 @6\"/>\
         <v:f eqn=\"mid @8 @5\"/><v:f eqn=\"mid @7 @8\"/><v:f eqn=\"mid @6 @7\"/><v:f eqn=\"sum @6 0 @5\"/></v:formulas>\
         <v:path textpathok=\"t\" o:connecttype=\"custom\" o:connectlocs=\"@9,0;@10,10800;@11,21600;@12,10800\" \
         o:connectangles=\"270,180,90,0\"/><v:textpath on=\"t\" fitshape=\"t\"/></v:shapetype>\
         <v:shape id=\"dukao-draft{n}\" o:spid=\"_x0000_s{}\" type=\"#_x0000_t136\" \
         style=\"position:absolute;margin-left:0;margin-top:0;width:400pt;height:160pt;rotation:315;z-index:-251658752;\
         mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
         mso-position-vertical-relative:margin\" o:allowincell=\"f\" fillcolor=\"#f3c6c6\" stroked=\"f\">\
         <v:fill opacity=\".5\"/><v:textpath style=\"font-family:&quot;SimHei&quot;;font-size:1pt\" string=\"{word}\"/>\
         <w10:wrap anchorx=\"margin\" anchory=\"margin\"/></v:shape></w:pict></w:r></w:p>",
        7101 + n
    )
}

/// Puts the warnings, and the word of a draft, at the head of every page of a letter of the office's own, whatever heads it
/// has.
pub fn warn(package: &mut Package, warnings: &[String], watermark: Option<&str>) {
    let said: String = warnings.iter().map(|text| warning(text)).collect();
    let head = |n: usize| said.clone() + &watermark.map_or_else(String::new, |word| across(word, n));
    let whole = |n: usize| {
        let main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?><w:hdr xmlns:w=\"{main}\">{}</w:hdr>",
            head(n)
        )
    };
    let names: Vec<String> = package.names().map(str::to_owned).collect();
    let heads = names.iter().filter(|name| name.starts_with("word/header") && name.ends_with(".xml"));
    for (n, name) in (1..).zip(heads) {
        // A head with nothing in it has no end to put it before.
        if !package.append(name, "</w:hdr>", &head(n)) {
            package.put(name, whole(n));
        }
    }
    // The first section needs all three kinds of heads; the later ones take over what they do not have.
    let text = package.text(LETTER_PART).unwrap_or_default().to_owned();
    let with = match text.find("<w:sectPr") {
        Some(at) => in_section(&text, at),
        None => text.replace("</w:body>", &format!("<w:sectPr>{}</w:sectPr></w:body>", KINDS.map(reference).concat())),
    };
    // A letter that has no head may leave no room for one: it would stand where no printer prints.
    package.put(LETTER_PART, with.replace(" w:header=\"0\"", " w:header=\"567\""));
    package.put(HEAD, whole(0));
    package.declare(HEAD, "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml");
    package.relate("rIdDukaoHead", "header", "dukao_head.xml");
}

const HEAD: &str = "word/dukao_head.xml";
/// Heads of pages: of most, of a first one, of even ones.
const KINDS: [&str; 3] = ["default", "first", "even"];

fn reference(kind: &str) -> String {
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    format!("<w:headerReference xmlns:r=\"{office}\" w:type=\"{kind}\" r:id=\"rIdDukaoHead\"/>")
}

/// The text with our head wherever the section that begins at this place has none.
fn in_section(text: &str, at: usize) -> String {
    let Some(tag) = text[at..].find('>').map(|end| &text[at..=at + end]) else { return text.to_owned() };
    let (inside, rest) = (&text[at + tag.len()..], |from: usize| &text[from..]);
    let section = if tag.ends_with("/>") { "" } else { inside.split("</w:sectPr>").next().unwrap_or_default() };
    let has = |kind: &str| {
        section.split("<w:headerReference").skip(1).any(|reference| attribute(reference, "w:type") == Some(kind))
    };
    let missing: String = KINDS.into_iter().filter(|kind| !has(kind)).map(reference).collect();
    let after = rest(at + tag.len());
    match tag.strip_suffix("/>") {
        Some(open) => [&text[..at], open, ">", &missing, "</w:sectPr>", after].concat(),
        None => [&text[..at], tag, &missing, after].concat(),
    }
}

/// A line at the head of a page.
fn warning(text: &str) -> String {
    format!(
        "<w:p><w:pPr><w:spacing w:line=\"280\" w:lineRule=\"exact\"/><w:jc w:val=\"center\"/></w:pPr><w:r><w:rPr>\
         <w:rFonts w:ascii=\"Arial\" w:hAnsi=\"Arial\" w:eastAsia=\"黑体\"/><w:color w:val=\"C00000\"/><w:sz w:val=\"22\"/></w:rPr>\
         <w:t xml:space=\"preserve\">{}</w:t></w:r></w:p>",
        escaped(text)
    )
}
