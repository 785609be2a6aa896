//! 次序. What stands in a property of text, of a table, of a section, in the order of its schema: other programs take
//! any order, Word takes a file out of order for a damaged one.

use std::ops::Range;

use super::xml::{self, Kind, Piece};

/// Elements of ECMA-376 part 1 whose children are a sequence, with that sequence.
const SEQUENCES: [(&str, &str); 13] = [
    (
        "w:pPr",
        "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs \
         suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid \
         spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl \
         divId cnfStyle rPr sectPr pPrChange",
    ),
    (
        "w:rPr",
        "ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof \
         snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em \
         lang eastAsianLayout specVanish oMath rPrChange",
    ),
    (
        "w:tblPr",
        "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders \
         shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    ),
    (
        "w:trPr",
        "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden ins del \
         trPrChange",
    ),
    (
        "w:tcPr",
        "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark headers cellIns \
         cellDel cellMerge tcPrChange",
    ),
    (
        "w:sectPr",
        "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols \
         formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings sectPrChange",
    ),
    ("w:pBdr", "top left bottom right between bar"),
    ("w:tblBorders", "top left start bottom right end insideH insideV"),
    ("w:tcBorders", "top left start bottom right end insideH insideV tl2br tr2bl"),
    ("w:tblCellMar", "top left start bottom right end"),
    ("w:tcMar", "top left start bottom right end"),
    (
        "w:style",
        "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal \
         personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    ),
    (
        "w:settings",
        "view zoom mirrorMargins evenAndOddHeaders defaultTabStop characterSpacingControl footnotePr endnotePr compat",
    ),
];

/// Place of a child in the sequence of its parent; one that is not listed there stands last.
fn rank(sequence: &str, name: &str) -> usize {
    let name = name.strip_prefix("w:").unwrap_or(name);
    let mut all = sequence.split_whitespace();
    all.position(|listed| listed == name).unwrap_or(usize::MAX)
}

/// The sequence of the children of an element; none where any order goes.
fn sequence(element: &str) -> Option<&'static str> {
    SEQUENCES.iter().find(|(name, _)| *name == element).map(|(_, sequence)| *sequence)
}

/// Where the element that begins at this place ends, behind its closing tag.
fn end(pieces: &[Piece], from: usize) -> usize {
    let mut depth = 0_usize;
    for (place, piece) in pieces.iter().enumerate().skip(from) {
        match piece.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            Kind::Text | Kind::Other => {}
        }
        if depth == 0 {
            return place + 1;
        }
    }
    pieces.len()
}

/// Everything between two places, every element in it in order.
fn sorted(pieces: &[Piece], within: Range<usize>, made: &mut String) {
    let mut place = within.start;
    while place < within.end {
        let piece = &pieces[place];
        let Some(sequence) = sequence(piece.name()).filter(|_| piece.kind == Kind::Open) else {
            made.push_str(&piece.raw);
            place += 1;
            continue;
        };
        let behind = end(pieces, place);
        let (mut children, mut child) = (Vec::new(), place + 1);
        while child + 1 < behind {
            let next = end(pieces, child);
            children.push(child..next);
            child = next;
        }
        // A stable sort: what may stand there several times keeps its order.
        children.sort_by_key(|child| rank(sequence, pieces[child.start].name()));
        made.push_str(&piece.raw);
        for child in children {
            sorted(pieces, child, made);
        }
        made.push_str(&pieces[behind - 1].raw);
        place = behind;
    }
}

/// A part in the order of its schema.
pub fn ordered(part: &str) -> String {
    let Some(pieces) = xml::pieces(part) else { return part.to_owned() };
    let mut made = String::with_capacity(part.len());
    sorted(&pieces, 0..pieces.len(), &mut made);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn children_stand_in_the_order_of_the_schema_and_nothing_else_is_moved() {
        let part = "<w:p><w:pPr><w:rPr><w:sz/><w:b/></w:rPr><w:jc w:val=\"x\"></w:jc><w:keepNext /></w:pPr>\
                    <w:r><w:t>b</w:t><w:t>a</w:t></w:r><w:pPr/></w:p>";
        let wanted = "<w:p><w:pPr><w:keepNext /><w:jc w:val=\"x\"></w:jc><w:rPr><w:b/><w:sz/></w:rPr></w:pPr>\
                      <w:r><w:t>b</w:t><w:t>a</w:t></w:r><w:pPr/></w:p>";
        assert_eq!(ordered(part), wanted);
        assert_eq!(ordered(wanted), wanted);
        let section = "<w:sectPr><w:pgSz/><w:headerReference n=\"2\"/><w:ours/><w:headerReference n=\"1\"/></w:sectPr>";
        let wanted = "<w:sectPr><w:headerReference n=\"2\"/><w:headerReference n=\"1\"/><w:pgSz/><w:ours/></w:sectPr>";
        assert_eq!(ordered(section), wanted);
    }
}
