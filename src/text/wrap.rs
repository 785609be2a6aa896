//! 折行. Text that is longer than its room, broken where a reader would break it.

use unicode_segmentation::UnicodeSegmentation;

/// Marks that no line begins with: they stay behind the word they close.
fn closes(piece: &str) -> bool {
    matches!(piece, "，" | "。" | "、" | "；" | "：" | "）" | "」" | "》" | "？" | "！" | "%" | ",")
}

/// Pieces between which a line may end: a Han character each, an ASCII word each, blanks each.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for g in text.graphemes(true) {
        let joins = pieces.last().is_some_and(|last| {
            let word = |s: &str| s.bytes().all(|b| b.is_ascii_graphic());
            closes(g) && last != " " || word(g) && word(last) || last.ends_with(['（', '「', '《'])
        });
        match pieces.last_mut() {
            Some(last) if joins => last.push_str(g),
            _ => pieces.push(g.to_owned()),
        }
    }
    pieces
}

/// Breaks a text into lines of at most `room` cells, of which `width` tells how many a text takes. A word that is
/// longer than a line is broken where the line ends.
#[must_use]
pub fn wrapped(text: &str, room: u16, width: impl Fn(&str) -> u16) -> Vec<String> {
    let mut lines = vec![String::new()];
    for paragraph in text.split('\n').enumerate() {
        if paragraph.0 > 0 {
            lines.push(String::new());
        }
        for piece in pieces(paragraph.1) {
            append(&mut lines, &piece, room, &width);
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines
}

fn append(lines: &mut Vec<String>, piece: &str, room: u16, width: &impl Fn(&str) -> u16) {
    let used = |lines: &[String]| lines.last().map_or(0, |l| width(l));
    if used(lines) + width(piece) > room && used(lines) > 0 {
        if piece == " " {
            return;
        }
        lines.push(String::new());
    }
    for g in piece.graphemes(true) {
        if used(lines) + width(g) > room && used(lines) > 0 {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut().filter(|line| !(line.is_empty() && g == " ")) {
            line.push_str(g);
        }
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;

    fn lines(text: &str, room: u16) -> Vec<String> {
        wrapped(text, room, |s| u16::try_from(s.width()).unwrap_or(u16::MAX))
    }

    #[test]
    fn lines_end_between_words_and_between_han() {
        assert_eq!(lines("40 x (1 + 0) / 2 = 20", 12), ["40 x (1 + 0)", "/ 2 = 20"]);
        assert_eq!(lines("基础未完，楼板浇筑", 9), ["基础未", "完，楼板", "浇筑"]);
        assert_eq!(lines("适用分值 100", 8), ["适用分值", "100"]);
        assert_eq!(lines("楼板浇筑等图纸", 5), ["楼板", "浇筑", "等图", "纸"]);
        assert_eq!(lines("", 8), [""]);
        assert_eq!(lines("一\n二", 8), ["一", "二"]);
    }

    #[test]
    fn no_line_is_wider_than_its_room_and_nothing_but_blanks_is_lost() {
        let text = "25 x min(1, 45 / 50)（实际 45%，计划 50%） 2014-H1-ASM/YB14-GY-001/duty";
        for room in 2..40 {
            let all = lines(text, room);
            assert!(all.iter().all(|l| l.width() <= usize::from(room)), "{room}: {all:?}");
            assert_eq!(all.concat().replace(' ', ""), text.replace(' ', ""), "{room}");
        }
    }
}
