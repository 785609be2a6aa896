//! 包. The parts of a .docx file, read within limits, joined by relationships, written small.

use std::io::{self, Cursor, Read, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Most parts of a file.
const PARTS: usize = 500;
/// Most bytes of all parts together, counted while inflating.
const INFLATED: u64 = 64 * 1024 * 1024;

/// The part that says what every other one is.
const TYPES: &str = "[Content_Types].xml";

/// Every part by its name, in the order of the file.
pub struct Package(Vec<(String, Vec<u8>)>);

impl Package {
    /// Inflates the parts.
    ///
    /// # Errors
    /// Not a zip file, a part of it is damaged, or it holds more than any letter.
    pub fn read(bytes: &[u8]) -> ZipResult<Self> {
        let mut archive = ZipArchive::new(Cursor::new(bytes))?;
        let (mut parts, mut left) = (Vec::new(), INFLATED);
        let too_much = || io::Error::new(io::ErrorKind::InvalidData, "more than 500 parts, or more than 64 MB of them");
        if archive.len() > PARTS {
            return Err(too_much().into());
        }
        for place in 0..archive.len() {
            let mut part = archive.by_index(place)?;
            if !part.is_file() {
                continue;
            }
            let (name, mut content) = (part.name()?.into_owned(), Vec::new());
            let read = (&mut part).take(left + 1).read_to_end(&mut content)? as u64;
            left = left.checked_sub(read).ok_or_else(too_much)?;
            parts.push((name, content));
        }
        Ok(Self(parts))
    }

    /// Names of the parts.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// A part that is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, content) = self.0.iter().find(|(n, _)| n == name)?;
        std::str::from_utf8(content).ok()
    }

    /// Puts a part in its place, or adds it.
    pub fn put(&mut self, name: &str, content: impl Into<Vec<u8>>) {
        match self.0.iter_mut().find(|(n, _)| n == name) {
            Some((_, old)) => *old = content.into(),
            None => self.0.push((name.to_owned(), content.into())),
        }
    }

    /// Puts something before the last closing tag of a part; whether it has one.
    pub fn append(&mut self, name: &str, closing: &str, more: &str) -> bool {
        let made = self.text(name).and_then(|text| {
            let at = text.rfind(closing)?;
            Some([&text[..at], more, &text[at..]].concat())
        });
        let there = made.is_some();
        if let Some(text) = made {
            self.put(name, text);
        }
        there
    }

    /// Says what a part is, by its name.
    pub fn declare(&mut self, part: &str, content_type: &str) {
        let entry = format!("<Override PartName=\"/{part}\" ContentType=\"{content_type}\"/>");
        self.append(TYPES, "</Types>", &entry);
    }

    /// Joins a part to the letter itself.
    pub fn relate(&mut self, id: &str, kind: &str, target: &str) {
        const RELS: &str = "word/_rels/document.xml.rels";
        let entry = relationship(id, kind, target);
        if !self.append(RELS, "</Relationships>", &entry) {
            self.put(RELS, relationships(&entry));
        }
    }

    /// The file.
    ///
    /// # Errors
    /// It cannot be put together.
    pub fn write(self) -> ZipResult<Vec<u8>> {
        let mut to = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in self.0 {
            to.start_file(name, SimpleFileOptions::default().compression_method(CompressionMethod::Deflated))?;
            to.write_all(&content)?;
        }
        Ok(to.finish()?.into_inner())
    }
}

/// One relationship; its kind is named as in the namespace of office documents.
pub fn relationship(id: &str, kind: &str, target: &str) -> String {
    format!(
        "<Relationship Id=\"{id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}\" \
         Target=\"{target}\"/>"
    )
}

/// A part of relationships.
pub fn relationships(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\
         <Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{entries}</Relationships>"
    )
}
