//! 标记. The text of a part as tags and what stands between them, so that a letter made in Word or WPS can be filled in
//! without a change to anything else.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `<w:p …>`
    Open,
    /// `</w:p>`
    Close,
    /// Text between tags, escaped as it was.
    Text,
    /// What opens and closes itself, a comment, a declaration.
    Other,
}

/// One piece of a part, as it stands there.
#[derive(Clone, Debug)]
pub struct Piece {
    /// What it is.
    pub kind: Kind,
    /// As it is written.
    pub raw: String,
}

impl Piece {
    /// The name of a tag, with its prefix.
    pub fn name(&self) -> &str {
        let inner = self.raw.trim_start_matches(['<', '/']);
        inner.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default()
    }
}

/// The end of a tag: the first `>` outside quotes.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (place, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(q), c) if c == q => quote = None,
            (None, '>') => return Some(place + 1),
            _ => {}
        }
    }
    None
}

/// The pieces of a part; none where a tag does not end.
pub fn pieces(text: &str) -> Option<Vec<Piece>> {
    let (mut found, mut rest) = (Vec::new(), text);
    while !rest.is_empty() {
        let (kind, end) = if !rest.starts_with('<') {
            (Kind::Text, rest.find('<').unwrap_or(rest.len()))
        } else if rest.starts_with("<!--") {
            (Kind::Other, rest.find("-->")? + 3)
        } else if rest.starts_with("<![CDATA[") {
            (Kind::Other, rest.find("]]>")? + 3)
        } else {
            let end = end_of_tag(rest)?;
            let kind = match &rest[..end] {
                tag if tag.starts_with("</") => Kind::Close,
                tag if tag.ends_with("/>") || tag.starts_with("<?") || tag.starts_with("<!") => Kind::Other,
                _ => Kind::Open,
            };
            (kind, end)
        };
        found.push(Piece { kind, raw: rest[..end].to_owned() });
        rest = &rest[end..];
    }
    Some(found)
}

/// The pieces as one text again.
pub fn joined(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.raw.as_str()).collect()
}

/// What a text means.
pub fn plain(raw: &str) -> String {
    raw.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

/// The value of an attribute of a tag.
pub fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let from = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[from..].split('"').next()
}

/// A paragraph: from its opening tag to its closing one, and the texts in it that are not in a paragraph inside it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Place of its opening tag.
    pub from: usize,
    /// Place of its closing tag.
    pub to: usize,
    /// Places of its texts.
    pub texts: Vec<usize>,
    /// The tag it stands in.
    pub parent: String,
}

/// The paragraphs of a part.
pub fn paragraphs(pieces: &[Piece]) -> Vec<Paragraph> {
    let (mut found, mut open, mut tags): (Vec<Paragraph>, Vec<Paragraph>, Vec<String>) = Default::default();
    for (place, piece) in pieces.iter().enumerate() {
        match piece.kind {
            Kind::Open => {
                if piece.name() == "w:p" {
                    let parent = tags.last().cloned().unwrap_or_default();
                    open.push(Paragraph { from: place, to: place, texts: Vec::new(), parent });
                }
                tags.push(piece.name().to_owned());
            }
            Kind::Close => {
                tags.pop();
                if piece.name() == "w:p" {
                    found.extend(open.pop().map(|p| Paragraph { to: place, ..p }));
                }
            }
            Kind::Text if tags.last().is_some_and(|tag| tag == "w:t") => {
                if let Some(paragraph) = open.last_mut() {
                    paragraph.texts.push(place);
                }
            }
            Kind::Text | Kind::Other => {}
        }
    }
    found.sort_by_key(|p| p.from);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_taken_apart_and_put_together_as_it_was() {
        let text = "<?xml version=\"1.0\"?><a:b c='x>y'><!-- <w:p> --><w:p/>&lt;t<w:p w:x=\"1\"><w:r><w:t>one</w:t></w:r>\
                    <w:pict><w:p><w:t>two</w:t></w:p></w:pict><w:t>three</w:t></w:p></a:b>";
        let pieces = pieces(text).expect("it ends");
        assert_eq!(joined(&pieces), text);
        let said: Vec<Vec<&str>> = paragraphs(&pieces)
            .iter()
            .map(|p| p.texts.iter().map(|place| pieces[*place].raw.as_str()).collect())
            .collect();
        assert_eq!(said, [vec!["one", "three"], vec!["two"]], "a text belongs to the innermost paragraph");
        assert_eq!(attribute("<w:pgSz w:w=\"11906\" w:h=\"1\"/>", "w:w"), Some("11906"));
        assert!(super::pieces("<w:p").is_none());
    }
}
