//! 文件. The model that every writer writes: typed cells in named columns in parts with a heading.

use crate::domain::board::Measure;
use crate::domain::value::{Bilingual, Date, Lang, Money, Points};

/// 稿次. How far a document may be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// 草稿: a round is not published.
    Draft,
    /// 正式
    Final,
}

impl Stage {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Final => "final",
        }
    }
}

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing: not stated, not there, to be filled in by hand.
    Blank,
    /// None: printed as a dash, never as 0.
    None,
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// A score or rate with two decimals.
    Points(Points),
    /// A number with as few decimals as it needs.
    Plain(Points),
    /// A project: its id as the screens show it, and in full for other programs.
    Id {
        /// On paper.
        short: String,
        /// In files.
        full: String,
    },
    /// An amount.
    Money(Money),
    /// A day.
    Day(Date),
}

impl Cell {
    /// Words, or none.
    pub fn text<S: Into<String>>(text: Option<S>) -> Self {
        text.map_or(Self::None, |t| Self::Text(t.into()))
    }

    /// A score, or none.
    #[must_use]
    pub fn points(points: Option<Points>) -> Self {
        points.map_or(Self::None, Self::Points)
    }

    /// A number, or none.
    pub fn count<N: TryInto<i64>>(n: Option<N>) -> Self {
        n.map_or(Self::None, Self::from_count)
    }

    /// A number.
    pub fn from_count<N: TryInto<i64>>(n: N) -> Self {
        Self::Count(n.try_into().unwrap_or(i64::MAX))
    }

    /// A day, or none.
    #[must_use]
    pub fn day(date: Option<Date>) -> Self {
        date.map_or(Self::None, Self::Day)
    }

    /// As printed.
    #[must_use]
    pub fn printed(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::None => "—".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Count(n) => n.to_string(),
            Self::Points(points) => points.fixed(2),
            Self::Plain(number) => number.short(),
            // What is printed can be added again: nothing is rounded.
            Self::Money(money) => money.exact(),
            Self::Id { short, .. } => short.clone(),
            Self::Day(date) => date.to_string(),
        }
    }
}

impl<S: Into<String>> From<S> for Cell {
    fn from(text: S) -> Self {
        Self::Text(text.into())
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name in JSON.
    pub id: String,
    /// Its header.
    pub label: String,
    /// Width in Han characters, for paper.
    pub width: u16,
    /// Numbers stand at the right.
    pub right: bool,
    /// Its rows add up to its cell in the total.
    pub sums: bool,
}

impl Column {
    /// A column of words.
    pub fn words(id: impl Into<String>, label: impl Into<String>, width: u16) -> Self {
        Self { id: id.into(), label: label.into(), width, right: false, sums: false }
    }

    /// A column of numbers.
    pub fn figures(id: impl Into<String>, label: impl Into<String>, width: u16) -> Self {
        Self { right: true, ..Self::words(id, label, width) }
    }

    /// A column of numbers whose rows add up to the total.
    pub fn summed(id: impl Into<String>, label: impl Into<String>, width: u16) -> Self {
        Self { sums: true, ..Self::figures(id, label, width) }
    }
}

/// 图: bars, one for each row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// What it shows.
    pub title: String,
    /// Place of the column that names the bars.
    pub names: usize,
    /// Place of the column of their lengths.
    pub values: usize,
    /// So many of the first rows have a bar.
    pub rows: usize,
}

/// 表
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Its name in JSON, unique in the document.
    pub id: String,
    /// Its caption; empty where the heading of the part says it.
    pub title: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows, with one cell per column.
    pub rows: Vec<Vec<Cell>>,
    /// 合计, with one cell per column.
    pub total: Option<Vec<Cell>>,
    /// A picture of it.
    pub chart: Option<Chart>,
    /// Rows are high enough to write in.
    pub roomy: bool,
}

impl Table {
    /// An empty one.
    pub fn new(id: impl Into<String>, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self { id: id.into(), title: title.into(), columns, ..Self::default() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        debug_assert_eq!(cells.len(), self.columns.len(), "cells of {}", self.id);
        self.rows.push(cells);
    }
}

/// 部分. A heading with what stands below it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// Its name in JSON.
    pub id: &'static str,
    /// 标题
    pub heading: String,
    /// Paragraphs before the tables.
    pub text: Vec<String>,
    /// Tables.
    pub tables: Vec<Table>,
    /// Remarks below the tables.
    pub notes: Vec<String>,
    /// 附件: stands after the signature, on a page of its own.
    pub appendix: bool,
}

/// 落款. Who is to sign, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// 发文机关, where the plan names it.
    pub issuer: Option<String>,
    /// 成文日期
    pub date: Option<Date>,
    /// Lines to be signed by hand.
    pub hands: Vec<String>,
}

/// 标记. A hash by which the document can be traced, and what it is the hash of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its name in JSON.
    pub id: &'static str,
    /// What it is.
    pub label: String,
    /// Its first characters.
    pub value: String,
}

/// 文稿
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `bulletin`, `notice`, `ballot-sheet` or `dossier`.
    pub kind: &'static str,
    /// Language of labels and sentences.
    pub lang: Lang,
    /// 草稿 or 正式; none for what is neither, as a form to be filled in.
    pub stage: Option<Stage>,
    /// What a draft lacks.
    pub lacks: Option<Bilingual>,
    /// 更正: takes the place of one that was published.
    pub correction: bool,
    /// Invented figures.
    pub sample: bool,
    /// 发文机关标志, in red above the line; none where nothing goes above the title.
    pub masthead: Option<String>,
    /// 发文字号
    pub number: Option<String>,
    /// 标题
    pub title: String,
    /// Rounds that it tells of.
    pub rounds: Vec<String>,
    /// What it is ranked by.
    pub measure: Option<Measure>,
    /// D of its figures.
    pub as_of: Date,
    /// 主送
    pub to: Vec<String>,
    /// Opening paragraphs.
    pub lead: Vec<String>,
    /// What it says.
    pub parts: Vec<Part>,
    /// 落款
    pub signature: Signature,
    /// 抄送
    pub copies: Vec<String>,
    /// Hashes.
    pub marks: Vec<Mark>,
}

impl Document {
    /// What stands above everything, so that nobody takes it for what it is not; none on a final document of a real
    /// district.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let lacks = self.lacks.clone().unwrap_or_else(|| Bilingual::new("尚未公布", "not published"));
        let draft = Bilingual::new(
            format!("草稿：{}，数字可能变动，不得外传", lacks.zh),
            format!("DRAFT: {}, figures may change, not to be passed on", lacks.en),
        );
        let sample = Bilingual::new("样例数据，不是真实考核结果", "Sample data, not real results");
        let draft = (self.stage == Some(Stage::Draft)).then_some(draft);
        let sample = self.sample.then_some(sample);
        draft.into_iter().chain(sample).map(|b| b.in_lang(self.lang).to_owned()).collect()
    }

    /// The word that lies across the pages of a draft.
    #[must_use]
    pub fn watermark(&self) -> Option<&'static str> {
        let word = if self.lang == Lang::Zh { "草稿" } else { "DRAFT" };
        (self.stage == Some(Stage::Draft)).then_some(word)
    }

    /// The title, which says of a draft that it is one.
    #[must_use]
    pub fn marked_title(&self) -> String {
        self.watermark().map_or_else(String::new, |mark| format!("【{mark}】")) + &self.title
    }

    /// 主送, as one line.
    #[must_use]
    pub fn addressees(&self) -> Option<String> {
        let say = super::Say(self.lang);
        (!self.to.is_empty()).then(|| self.to.join(say.of("，", ", ")) + say.of("：", ":"))
    }

    /// Lines to be signed by hand, each with its colon.
    #[must_use]
    pub fn hands(&self) -> Vec<String> {
        let say = super::Say(self.lang);
        self.signature.hands.iter().map(|hand| hand.clone() + say.of("：", ": ")).collect()
    }

    /// 附件说明: what is enclosed, a line for each appendix; stands before the signature.
    #[must_use]
    pub fn enclosures(&self) -> Vec<String> {
        let say = super::Say(self.lang);
        let appendices = self.parts.iter().filter(|part| part.appendix).enumerate();
        let line = |(place, part): (usize, &Part)| {
            let n = place + 1;
            let name = part.heading.strip_prefix(&say.of(format!("附件{n}　"), format!("Appendix {n}. ")));
            let before = if place == 0 { say.of("附件：", "Enclosed: ") } else { say.of("　　　", "") };
            format!("{before}{n}. {}", name.unwrap_or(&part.heading))
        };
        appendices.map(line).collect()
    }

    /// All tables, with the part that each stands in.
    pub fn tables(&self) -> impl Iterator<Item = (&Part, &Table)> {
        self.parts.iter().flat_map(|part| part.tables.iter().map(move |table| (part, table)))
    }

    /// The lines below the last part: 抄送, 印发, and the hashes.
    #[must_use]
    pub fn imprint(&self) -> Vec<String> {
        let say = super::Say(self.lang);
        let mut lines = Vec::new();
        if !self.copies.is_empty() {
            lines.push(say.of("抄送：", "Copies: ").to_owned() + &self.copies.join(say.of("，", ", ")));
        }
        if let (Some(issuer), Some(date), Some(Stage::Final)) =
            (&self.signature.issuer, self.signature.date, self.stage)
        {
            let day = say.day(date);
            lines.push(say.of(format!("{issuer}　{day}印发"), format!("Issued by {issuer}, {day}")));
        }
        lines.extend(
            self.marks.iter().map(|m| say.of(format!("{}：{}", m.label, m.value), format!("{}: {}", m.label, m.value))),
        );
        lines
    }
}
