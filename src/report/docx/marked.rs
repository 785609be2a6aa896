//! What the library cannot say, put into the parts of the package: headers that repeat, substitutes of fonts, the
//! watermark of a draft.

use docx_rs::{TableRow, XMLDocx};

/// Fonts that an office has, with what stands in for each where it is missing.
const FONTS: [(&str, &str); 4] = [
    ("方正小标宋简体", "FZXiaoBiaoSong-B05S;小标宋;华文中宋;STZhongsong;Noto Serif CJK SC;宋体"),
    ("仿宋", "仿宋_GB2312;FangSong;华文仿宋;STFangsong;Noto Serif CJK SC;宋体"),
    ("黑体", "SimHei;华文黑体;STHeiti;Noto Sans CJK SC"),
    ("宋体", "SimSun;华文宋体;STSong;Noto Serif CJK SC"),
];

/// What the library writes for a row that does not break over pages: we mark header rows, and no others, by it.
const KEPT: &str = "<w:cantSplit />";

/// A row that is to stand again at the top of every page.
pub fn header(row: TableRow) -> TableRow {
    row.cant_split()
}

fn replaced(part: &mut Vec<u8>, from: &str, to: &str) {
    if let Ok(text) = std::str::from_utf8(part) {
        *part = text.replace(from, to).into_bytes();
    }
}

/// Finishes the parts.
pub fn finish(package: &mut XMLDocx, watermark: Option<&str>) {
    replaced(&mut package.document, KEPT, "<w:cantSplit /><w:tblHeader />");
    let fonts: String = FONTS.map(|(name, instead)| font(name, instead)).concat();
    replaced(&mut package.font_table, "</w:fonts>", &(fonts + "</w:fonts>"));
    if let (Some(word), Some(header)) = (watermark, package.headers.first_mut()) {
        replaced(header, "</w:hdr>", &(across(word) + "</w:hdr>"));
    }
}

fn font(name: &str, instead: &str) -> String {
    format!(
        "<w:font w:name=\"{name}\"><w:altName w:val=\"{instead}\" /><w:charset w:val=\"86\" /><w:family w:val=\"auto\" />\
         <w:pitch w:val=\"variable\" /></w:font>"
    )
}

/// A paragraph of the header whose drawing lies behind the text, from corner to corner; the word is one of ours.
fn across(word: &str) -> String {
    format!(
        "<w:p><w:r><w:pict><v:shapetype id=\"_x0000_t136\" coordsize=\"21600,21600\" o:spt=\"136\" adj=\"10800\" \
         path=\"m@7,l@8,m@5,21600l@6,21600e\"><v:formulas><v:f eqn=\"sum #0 0 10800\"/><v:f eqn=\"prod #0 2 1\"/>\
         <v:f eqn=\"sum 21600 0 @1\"/><v:f eqn=\"sum 0 0 @2\"/><v:f eqn=\"sum 21600 0 @3\"/><v:f eqn=\"if @0 @3 0\"/>\
         <v:f eqn=\"if @0 21600 @1\"/><v:f eqn=\"if @0 0 @2\"/><v:f eqn=\"if @0 @4 21600\"/><v:f eqn=\"mid @5 @6\"/>\
         <v:f eqn=\"mid @8 @5\"/><v:f eqn=\"mid @7 @8\"/><v:f eqn=\"mid @6 @7\"/><v:f eqn=\"sum @6 0 @5\"/></v:formulas>\
         <v:path textpathok=\"t\" o:connecttype=\"custom\" o:connectlocs=\"@9,0;@10,10800;@11,21600;@12,10800\" \
         o:connectangles=\"270,180,90,0\"/><v:textpath on=\"t\" fitshape=\"t\"/></v:shapetype>\
         <v:shape id=\"dukao-draft\" o:spid=\"_x0000_s2049\" type=\"#_x0000_t136\" \
         style=\"position:absolute;margin-left:0;margin-top:0;width:400pt;height:160pt;rotation:315;z-index:-251658752;\
         mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
         mso-position-vertical-relative:margin\" o:allowincell=\"f\" fillcolor=\"#f3c6c6\" stroked=\"f\">\
         <v:fill opacity=\".5\"/><v:textpath style=\"font-family:&quot;SimHei&quot;;font-size:1pt\" string=\"{word}\"/>\
         <w10:wrap anchorx=\"margin\" anchory=\"margin\"/></v:shape></w:pict></w:r></w:p>"
    )
}
