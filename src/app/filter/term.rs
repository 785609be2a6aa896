//! 条件. One term of a filter: a word, a field with its values, or a comparison.

use std::ops::Range;

use super::Index;
use super::reading::folded;
use crate::domain::value::{Date, Money, Points};

/// What is filtered: each table knows its own keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rows {
    /// 项目
    #[default]
    Projects,
    /// 整改
    Rectifications,
    /// 记录
    Entries,
}

/// How a comparison compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Than {
    More,
    AtLeast,
    Less,
    AtMost,
    Equal,
}

impl Than {
    pub(super) fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
        match self {
            Self::More => a > b,
            Self::AtLeast => a >= b,
            Self::Less => a < b,
            Self::AtMost => a <= b,
            Self::Equal => a == b,
        }
    }
}

/// What a term asks about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Status,
    Commitment,
    Headquarters,
    Town,
    Reported,
    State,
    Score,
    Lag,
    Amount,
    Percent,
    Due,
    Left,
    Id,
}

/// Each key with its English and Chinese word.
const KEYS: [(Key, &str, &str); 13] = [
    (Key::Status, "status", "状态"),
    (Key::Commitment, "commitment", "类别"),
    (Key::Headquarters, "hq", "指挥部"),
    (Key::Town, "town", "镇"),
    (Key::Reported, "reported", "自报"),
    (Key::State, "state", "整改状态"),
    (Key::Score, "score", "得分"),
    (Key::Lag, "lag", "滞后天"),
    (Key::Amount, "amount", "总投资"),
    (Key::Percent, "percent", "进度"),
    (Key::Due, "due", "期限"),
    (Key::Left, "left", "剩余"),
    (Key::Id, "id", "编号"),
];

/// The keys of a table with their words, English and Chinese.
pub(super) fn keys(of: Rows) -> impl Iterator<Item = (Key, &'static str, &'static str)> {
    KEYS.into_iter().filter_map(move |(key, en, zh)| Key::named(en, of).filter(|k| *k == key).map(|k| (k, en, zh)))
}

/// The words that a key takes as values, in Chinese or in English; none where they are not words.
pub(super) fn words_of(key: Key, han: bool) -> impl Iterator<Item = &'static str> {
    let table: &Values = match key {
        Key::Status => STATUS,
        Key::Commitment => COMMITMENT,
        Key::Reported => REPORTED,
        Key::State => STATE,
        Key::Town => TOWN,
        _ => &[],
    };
    table.iter().map(move |(en, zh)| if han { zh[0] } else { en })
}

impl Key {
    /// What stands behind it: a colon, or the comparison that is asked for most.
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Lag | Self::Score | Self::Amount | Self::Percent => ">",
            Self::Left => "<",
            Self::Due => "<=",
            _ => ":",
        }
    }

    /// Whether its values are words, where others compare amounts.
    pub(super) fn has_words(self) -> bool {
        self.sign() == ":"
    }

    /// The key of a word, if the table has it. Of rectifications 状态 is their own.
    pub(super) fn named(text: &str, of: Rows) -> Option<Self> {
        let key = KEYS.iter().find(|(_, en, zh)| *en == text || *zh == text).map(|(k, ..)| *k)?;
        let key = if (key, of, text) == (Self::Status, Rows::Rectifications, "状态") { Self::State } else { key };
        let own = match key {
            Self::Id => true,
            Self::Headquarters | Self::Town | Self::Due | Self::Left => of != Rows::Entries,
            Self::State => of == Rows::Rectifications,
            _ => of == Rows::Projects,
        };
        own.then_some(key)
    }
}

/// What a comparison compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// Days, hundredths of points or percent, or yuan.
    Number(i64),
    /// A day; without a year that of the district.
    Day { year: Option<i16>, month: i8, day: i8 },
}

impl Limit {
    /// The day, in the district's year where none was typed; none for the 29th of February of most years.
    pub(super) fn day(self, district: i16) -> Option<Date> {
        match self {
            Self::Day { year, month, day } => Date::new(year.unwrap_or(district), month, day).ok(),
            Self::Number(_) => None,
        }
    }
}

fn limit(key: Key, text: &str) -> Option<Limit> {
    match key {
        Key::Lag | Key::Left => text.parse().ok().map(Limit::Number),
        Key::Score => Points::parse(text).ok().map(|p| Limit::Number(p.0)),
        Key::Percent => Points::parse(text.trim_end_matches('%')).ok().map(|p| Limit::Number(p.0)),
        Key::Amount => Money::parse(text).ok().and_then(Money::in_yuan).map(Limit::Number),
        Key::Due => {
            let mut parts = text.rsplitn(3, '-');
            let (day, month) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
            let year: Option<i16> = parts.next().map(str::parse).transpose().ok()?;
            // 2000 has every day that a year can have.
            Date::new(year.unwrap_or(2000), month, day).ok()?;
            Some(Limit::Day { year, month, day })
        }
        _ => None,
    }
}

/// What a term asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Word(String),
    Field(Key, Vec<String>),
    Compare(Key, Than, Limit),
    /// A key or a value that cannot be read; matches nothing.
    Unreadable,
}

/// One term, and where it stands in what was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) not: bool,
    pub(super) ask: Ask,
    pub(super) at: Range<usize>,
}

type Values = [(&'static str, &'static [&'static str])];

const STATUS: &Values = &[
    ("completed", &["已完成", "完成"]),
    ("on_track", &["正常", "正常推进"]),
    ("behind", &["滞后"]),
    ("unknown", &["不明", "状态不明"]),
    ("red", &["红"]),
    ("yellow", &["黄"]),
    ("excluded", &["不纳入"]),
];
const COMMITMENT: &Values = &[("must", &["确保"]), ("stretch", &["力争"])];
const REPORTED: &Values = &[
    ("completed", &["已完成", "完成"]),
    ("on_track", &["正常", "正常推进"]),
    ("behind", &["滞后"]),
    ("none", &["无", "未报"]),
];
const TOWN: &Values = &[("none", &["未注明"])];
const STATE: &Values = &[
    ("issued", &["交办"]),
    ("accepted", &["已签收", "签收"]),
    ("in_progress", &["整改中"]),
    ("submitted", &["申请销号"]),
    ("closed", &["已销号"]),
];

/// The canonical value of a key's word; none where the key does not know it.
fn value(key: Key, word: &str, index: &Index) -> Option<String> {
    let known = |table: &Values| {
        table.iter().find(|(en, zh)| *en == word || zh.contains(&word)).map(|(en, _)| (*en).to_owned())
    };
    match key {
        Key::Status => known(STATUS),
        Key::Commitment => known(COMMITMENT),
        Key::Reported => known(REPORTED),
        Key::State => known(STATE),
        Key::Town if known(TOWN).is_some() => known(TOWN),
        Key::Headquarters | Key::Town => index.knows_unit(word).then(|| word.to_owned()),
        Key::Id => (!word.is_empty()).then(|| word.to_owned()),
        Key::Score | Key::Lag | Key::Amount | Key::Percent | Key::Due | Key::Left => None,
    }
}

const SIGNS: [(&str, Than); 5] =
    [(">=", Than::AtLeast), ("<=", Than::AtMost), (">", Than::More), ("<", Than::Less), ("=", Than::Equal)];

/// A field with its values; unreadable where the key does not know one of them.
fn field(key: &str, values: &str, of: Rows, index: &Index) -> Ask {
    let field = Key::named(key, of).and_then(|k| {
        let values = values.split([',', '、']).map(|v| value(k, v.trim_matches('"'), index));
        Some(Ask::Field(k, values.collect::<Option<Vec<_>>>()?))
    });
    field.unwrap_or(Ask::Unreadable)
}

fn ask(text: &str, of: Rows, index: &Index) -> Ask {
    if text.starts_with('"') {
        return Ask::Word(text.trim_matches('"').chars().filter(|c| !c.is_whitespace()).collect());
    }
    if let Some((k, values)) = text.split_once(':') {
        return field(k, values, of, index);
    }
    if let Some(at) = text.find(['>', '<', '=']) {
        let (k, tail) = text.split_at(at);
        // `state=closed` is what `state:closed` is.
        if let Some((k, values)) = text.split_once('=').filter(|(k, _)| Key::named(k, of).is_some_and(Key::has_words)) {
            return field(k, values, of, index);
        }
        let compare = SIGNS.iter().find_map(|(sign, than)| Some((tail.strip_prefix(sign)?, *than)));
        let compare = compare
            .zip(Key::named(k, of))
            .and_then(|((amount, than), k)| Some(Ask::Compare(k, than, limit(k, amount)?)));
        return compare.unwrap_or(Ask::Unreadable);
    }
    Ask::Word(text.to_owned())
}

pub(super) fn term((at, text): (Range<usize>, String), of: Rows, index: &Index) -> Term {
    let (not, rest) = text.strip_prefix('!').map_or((false, text.as_str()), |r| (true, r));
    Term { not, ask: ask(&rest.to_lowercase(), of, index), at }
}

/// Splits at blanks and CJK punctuation outside quotes; `|` stands alone. Each piece with its bytes in the text.
pub(super) fn pieces(text: &str) -> Vec<(Range<usize>, String)> {
    let (mut all, mut piece, mut start, mut quoted) = (Vec::new(), String::new(), 0, false);
    let mut end_piece = |piece: &mut String, start: usize, end: usize| {
        if !piece.is_empty() {
            all.push((start..end, std::mem::take(piece)));
        }
    };
    for (at, c) in text.char_indices().map(|(at, c)| (at, folded(c))) {
        let comma = c == '、' || (c == ',' && text[at..].starts_with('，'));
        let separates =
            c.is_whitespace() || "。；「」『』《》〈〉".contains(c) || text[at..].starts_with(['（', '）', '；', '？']);
        if !quoted && c == '|' {
            end_piece(&mut piece, start, at);
            end_piece(&mut "|".to_owned(), at, at);
        } else if !quoted && (separates || (comma && !piece.contains(':'))) {
            end_piece(&mut piece, start, at);
        } else {
            quoted ^= c == '"';
            if piece.is_empty() {
                start = at;
            }
            piece.push(c);
        }
    }
    end_piece(&mut piece, start, text.len());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Vec<Ask> {
        pieces(text).into_iter().map(|p| term(p, Rows::Projects, &Index::default()).ask).collect()
    }

    #[test]
    fn comparisons_read_days_points_percent_money_and_dates() {
        let day = |year| Limit::Day { year, month: 7, day: 15 };
        for (text, key, than, limit) in [
            ("lag>30", Key::Lag, Than::More, Limit::Number(30)),
            ("滞后天>=30", Key::Lag, Than::AtLeast, Limit::Number(30)),
            ("left<-3", Key::Left, Than::Less, Limit::Number(-3)),
            ("score<=68.25", Key::Score, Than::AtMost, Limit::Number(6825)),
            ("进度<50%", Key::Percent, Than::Less, Limit::Number(5000)),
            ("amount>=1亿元", Key::Amount, Than::AtLeast, Limit::Number(100_000_000)),
            ("总投资=4200万元", Key::Amount, Than::Equal, Limit::Number(42_000_000)),
            ("due<=07-15", Key::Due, Than::AtMost, day(None)),
            ("期限<2014-07-15", Key::Due, Than::Less, day(Some(2014))),
            ("ｌａｇ＞３０", Key::Lag, Than::More, Limit::Number(30)),
        ] {
            assert_eq!(asked(text), [Ask::Compare(key, than, limit)], "{text}");
        }
        for text in ["lag>x", "lag>", "amount>3", "due<13-40", "due<02-30", "status>3", ">3", "state:closed"] {
            assert_eq!(asked(text), [Ask::Unreadable], "{text}");
        }
    }

    #[test]
    fn quotes_hold_a_word_together_and_cjk_punctuation_takes_words_apart() {
        let word = |w: &str| Ask::Word(w.to_owned());
        assert_eq!(asked("\"a b|c\" d"), [word("ab|c"), word("d")]);
        assert_eq!(asked("“a b”"), [word("ab")]);
        assert_eq!(asked("学校，滞后、李村。《路》「桥」"), ["学校", "滞后", "李村", "路", "桥"].map(word));
        assert_eq!(
            asked("状态：红，黄"),
            [Ask::Field(Key::Status, vec!["red".to_owned(), "yellow".to_owned()])],
            "between values a comma is part of the field"
        );
        assert_eq!(asked("\"status:red\""), [word("status:red")], "what is quoted is a word");
    }

    #[test]
    fn a_piece_knows_where_it_was_typed() {
        let text = "学校　!status:late | x";
        let at: Vec<&str> = pieces(text).into_iter().filter(|(_, p)| p != "|").map(|(r, _)| &text[r]).collect();
        assert_eq!(at, ["学校", "!status:late", "x"]);
    }
}
