//! 值. What the cells of a line hold: texts, days, amounts, numbers, words.

use super::super::headers;
use super::Line;
use crate::domain::border::restored;
use crate::domain::value::{Bilingual, Date, Money, Percent, ValueError, folded};
use crate::domain::words::fields;
use crate::plan::text::{LONGEST, composed, hostile, is_id};
use crate::plan::value_error;

/// A day with its year first, however it is written: `2014-06-30`, `2014/6/30`, `2014.6.30`, `2014年6月30日`.
///
/// # Errors
/// It is written in another way, or there is no such day.
pub fn day(text: &str) -> Result<Date, Bilingual> {
    let plain: String = folded(text).split_whitespace().collect();
    let parts: Option<Vec<&str>> = match plain.strip_suffix('日') {
        Some(rest) => rest.split_once('年').and_then(|(y, rest)| rest.split_once('月').map(|(m, d)| vec![y, m, d])),
        None => ['-', '/', '.'].into_iter().map(|mark| plain.split(mark).collect()).find(|p: &Vec<&str>| p.len() == 3),
    };
    let digits = |part: &str, most: usize| (1..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_deref() {
        Some([y, m, d]) if y.len() == 4 && digits(y, 4) && digits(m, 2) && digits(d, 2) => {
            format!("{y}-{m:0>2}-{d:0>2}")
                .parse()
                .map_err(|_| Bilingual::new(format!("没有 {y} 年 {m} 月 {d} 日这一天"), "there is no such day"))
        }
        // The number by which a spreadsheet counts days, from 1954 to 2091.
        _ if plain.parse().is_ok_and(|serial: u32| (20_000..70_000).contains(&serial)) => Err(Bilingual::new(
            "这是表格软件的日期序号：把格子设成日期格式，或写作 2014-06-30",
            "this is how a spreadsheet counts days: format the cell as a date, or write 2014-06-30",
        )),
        _ => Err(Bilingual::new("日期写作 2014-06-30", "write a date as 2014-06-30")),
    }
}

/// What the screens call a word of a column in Chinese.
fn called<'w>(column: &str, word: &'w str) -> &'w str {
    // A column of a file may be called otherwise than the field that it fills.
    fields::term(column, word)
}

/// What offices write instead.
fn synonyms(word: &str) -> &'static [&'static str] {
    match word {
        "completed" => &["完成"],
        "on_track" => &["正常", "按节点推进", "按计划推进"],
        "must" => &["确保完成"],
        "stretch" => &["力争完成"],
        "yes" => &["是"],
        "no" => &["否"],
        _ => &[],
    }
}

impl Line<'_> {
    fn value<T>(&self, column: &str, parse: impl Fn(&str) -> Result<T, ValueError>) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        match parse(raw) {
            Ok(value) => Some(value),
            Err(ValueError::OutOfRange) if headers::is_money(column) => {
                self.refuse(
                    column,
                    "金额应在 0 至 1000 万亿元之间",
                    "an amount is from 0 to 1,000,000,000,000,000 yuan",
                );
                None
            }
            Err(e) => {
                let why = value_error(e);
                self.refuse(column, why.zh, why.en);
                None
            }
        }
    }

    /// Complains where nothing is there.
    pub fn needed<T>(&self, column: &str, value: Option<T>) -> Option<T> {
        if value.is_none() && self.raw(column).is_empty() {
            self.refuse(column, "不能为空", "must not be empty");
        }
        value
    }

    /// A text; empty is none.
    pub fn text(&self, column: &str) -> Option<String> {
        // What an export guarded comes back as it was.
        let raw = restored(self.raw(column));
        if raw.is_empty() {
            return None;
        }
        if raw.contains(['\n', '\r']) {
            self.refuse(column, "格子里有换行，请写成一行", "there is a line break in the cell: write it in one line");
            return None;
        }
        if let Some(c) = hostile(raw) {
            let code = u32::from(c);
            self.refuse(
                column,
                format!("含不可见或控制字符 U+{code:04X}"),
                format!("contains the invisible or control character U+{code:04X}"),
            );
            return None;
        }
        if raw.chars().count() > 10 * LONGEST {
            self.refuse(column, "超过 2000 字", "longer than 2000 characters");
            return None;
        }
        Some(composed(raw))
    }

    /// A text that must be there.
    pub fn need(&self, column: &str) -> Option<String> {
        let text = self.text(column);
        self.needed(column, text)
    }

    /// A name: a text of at most 200 characters that must be there.
    pub fn name(&self, column: &str) -> Option<String> {
        let name = self.need(column)?;
        if name.chars().count() > LONGEST {
            self.refuse(column, "超过 200 字", "longer than 200 characters");
            return None;
        }
        Some(name)
    }

    /// An id that must be there.
    pub fn id(&self, column: &str) -> Option<String> {
        let id = self.need(column)?;
        if !is_id(&id) {
            self.refuse(
                column,
                "编号由字母、数字和 - _ . 组成，最多 64 个字符",
                "an id has letters, digits and - _ . and at most 64 characters",
            );
            return None;
        }
        Some(id)
    }

    /// A day; empty is none.
    pub fn date(&self, column: &str) -> Option<Date> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        day(raw).map_err(|why| self.refuse(column, why.zh, why.en)).ok()
    }

    /// A day that must be there.
    pub fn need_date(&self, column: &str) -> Option<Date> {
        let date = self.date(column);
        self.needed(column, date)
    }

    /// An amount with its unit, which may stand in the header instead; empty is none.
    pub fn money(&self, column: &str) -> Option<Money> {
        let unit = self.position(column).and_then(|i| self.units.get(i).copied().flatten());
        let Some(unit) = unit else { return self.value(column, Money::parse) };
        let raw = self.raw(column);
        let own = folded(raw);
        let own = own.trim_start_matches(|c: char| c.is_ascii_digit() || ".,+- ".contains(c));
        let same = own.is_empty() || own.trim_end_matches('元') == unit.trim_end_matches('元');
        if Money::parse(raw).is_ok() && !same {
            self.refuse(
                column,
                format!("表头的单位是{unit}，这一格写了别的单位"),
                format!("the header says {unit}, the cell another unit"),
            );
            return None;
        }
        self.value(column, |raw| match Money::parse(raw) {
            Err(ValueError::NoUnit) => Money::parse(&format!("{raw}{unit}")),
            read => read,
        })
    }

    /// An amount that must be there.
    pub fn need_money(&self, column: &str) -> Option<Money> {
        let money = self.money(column);
        self.needed(column, money)
    }

    /// A number of at most two decimals; empty is none.
    pub fn number(&self, column: &str) -> Option<Percent> {
        self.value(column, Percent::parse)
    }

    /// A percentage of at most two decimals, with its sign or without; empty is none.
    pub fn percent(&self, column: &str) -> Option<Percent> {
        self.value(column, |raw| Percent::parse(folded(raw).strip_suffix('%').unwrap_or(raw)))
    }

    /// A percentage from 0 to 100; empty is none. A bare number between 0 and 1 is as likely a fraction of the whole as a
    /// part of one percent, and nobody would see which was meant: it is taken with its sign alone.
    pub fn share(&self, column: &str) -> Option<Percent> {
        let p = self.percent(column)?;
        if Percent::ZERO < p && p < Percent::whole(1) && !folded(self.raw(column)).ends_with('%') {
            let (whole, part) = (p.0, p.short());
            self.refuse(
                column,
                format!("写 {whole} 或 {part}%；1 是 1%，不是 100%"),
                format!("write {whole} or {part}%; 1 is 1 %, not 100 %"),
            );
            return None;
        }
        if !(Percent::ZERO..=Percent::whole(100)).contains(&p) {
            self.refuse(column, "应在 0 至 100 之间", "must be from 0 to 100");
            return None;
        }
        Some(p)
    }

    /// A whole number from 0; empty is none.
    pub fn count(&self, column: &str) -> Option<u32> {
        let n = self.value(column, Percent::parse)?;
        let whole = (n.0 % 100 == 0).then(|| u32::try_from(n.0 / 100).ok()).flatten();
        if whole.is_none() {
            self.refuse(column, "应为不小于 0 的整数", "must be a whole number, not negative");
        }
        whole
    }

    /// One of some words, as files write it or as screens call it in Chinese; empty is none.
    pub fn word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let raw = self.raw(column);
        if raw.is_empty() {
            return None;
        }
        let plain = folded(raw);
        let is = |word: &str| word == raw || called(column, word) == plain || synonyms(word).contains(&plain.as_str());
        let found = words.iter().find(|(word, _)| is(word)).map(|(_, value)| *value);
        if found.is_none() {
            let all = |each: &dyn Fn(&str) -> String, between: &str| {
                words.iter().map(|(word, _)| each(word)).collect::<Vec<_>>().join(between)
            };
            let zh = |word: &str| match called(column, word) {
                same if same == word => word.to_owned(),
                zh => format!("{zh}（{word}）"),
            };
            let (zh, en) = (all(&zh, "、"), all(&str::to_owned, " | "));
            self.refuse(column, format!("应为 {zh}"), format!("must be {en}"));
        }
        found
    }

    /// One of some words that must be there.
    pub fn need_word<T: Copy>(&self, column: &str, words: &[(&'static str, T)]) -> Option<T> {
        let word = self.word(column, words);
        self.needed(column, word)
    }
}
