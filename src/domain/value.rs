//! Values: dates, exact ratios, points, percentages, money. All integers; rounding happens only in [`Ratio::round2`].

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Neg, Sub};

use serde::{Deserialize, Serialize};

/// 日期. A calendar day without a zone.
pub use jiff::civil::Date;

/// 语言 of the screen and of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// 中文
    #[default]
    Zh,
    /// English
    En,
}

impl Lang {
    /// As it is typed and kept in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }

    /// The language of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Zh, Self::En].into_iter().find(|l| l.name() == name)
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bilingual {
    /// 中文
    pub zh: String,
    /// English
    pub en: String,
}

impl Bilingual {
    /// The two wordings of one sentence.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// In that language.
    #[must_use]
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Whole days from `a` to `b`; negative when `b` is earlier.
#[must_use]
pub fn days_between(a: Date, b: Date) -> i64 {
    i64::from((b - a).get_days())
}

/// An exact rational number. Between two roundings every quantity is one of these.
#[derive(Clone, Copy, Debug)]
pub struct Ratio {
    num: i128,
    den: i128,
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

impl Ratio {
    /// Nought.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// One.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num / den`, reduced. None when `den` is 0.
    #[must_use]
    pub fn checked(num: i128, den: i128) -> Option<Self> {
        if den == 0 {
            return None;
        }
        let g = gcd(num, den).max(1) * den.signum();
        Some(Self { num: num / g, den: den / g })
    }

    /// `num / den`.
    ///
    /// # Panics
    /// When `den` is 0: for denominators that cannot be.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Self {
        Self::checked(num, den).expect("a denominator that is not 0")
    }

    /// A whole number.
    #[must_use]
    pub fn int(n: impl Into<i128>) -> Self {
        Self { num: n.into(), den: 1 }
    }

    /// `self / other`; None when `other` is 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        Self::checked(self.num * other.den, self.den * other.num)
    }

    /// Nearest integer, exact halves away from zero.
    #[must_use]
    pub fn round(self) -> i64 {
        let half = if self.num < 0 { -self.den } else { self.den };
        i64::try_from((2 * self.num + half) / (2 * self.den)).unwrap_or(if self.num < 0 { i64::MIN } else { i64::MAX })
    }

    /// round2 of `domain.md` §3: nearest hundredth, exact halves away from zero, as a count of hundredths.
    #[must_use]
    pub fn round2(self) -> Points {
        Points((self * Self::int(100)).round())
    }

    /// The next integer at or above.
    #[must_use]
    pub fn ceil(self) -> i64 {
        i64::try_from(-(-self.num).div_euclid(self.den)).unwrap_or(i64::MAX)
    }

    /// The smaller one.
    #[must_use]
    pub fn min(self, other: Self) -> Self {
        if self <= other { self } else { other }
    }

    /// The greater one.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        if self >= other { self } else { other }
    }

    /// Below zero.
    #[must_use]
    pub fn is_negative(self) -> bool {
        self.num < 0
    }
}

impl Add for Ratio {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self::new(self.num * o.den + o.num * self.den, self.den * o.den)
    }
}
impl Sub for Ratio {
    type Output = Self;
    fn sub(self, o: Self) -> Self {
        self + -o
    }
}
impl Neg for Ratio {
    type Output = Self;
    fn neg(self) -> Self {
        Self { num: -self.num, den: self.den }
    }
}
impl Mul for Ratio {
    type Output = Self;
    fn mul(self, o: Self) -> Self {
        Self::new(self.num * o.num, self.den * o.den)
    }
}
impl Sum for Ratio {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}
impl PartialEq for Ratio {
    fn eq(&self, o: &Self) -> bool {
        self.cmp(o) == Ordering::Equal
    }
}
impl Eq for Ratio {}
impl PartialOrd for Ratio {
    fn partial_cmp(&self, o: &Self) -> Option<Ordering> {
        Some(self.cmp(o))
    }
}
impl Ord for Ratio {
    fn cmp(&self, o: &Self) -> Ordering {
        (self.num * o.den).cmp(&(o.num * self.den))
    }
}

/// W(xᵢ, wᵢ) of `domain.md` §3: the weighted mean over the values present; none present, none.
#[must_use]
pub fn weighted_mean(parts: &[(Option<Points>, i64)]) -> Option<Ratio> {
    let present = || parts.iter().filter_map(|(x, w)| x.map(|x| (x, *w)));
    let weights: i64 = present().map(|(_, w)| w).sum();
    let sum: Ratio = present().map(|(x, w)| x.ratio() * Ratio::int(w)).sum();
    sum.over(Ratio::int(weights))
}

/// Why a text is not the value it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ValueError {
    /// Not a decimal number.
    #[error("not a number")]
    NotANumber,
    /// More decimals than the value can hold.
    #[error("at most two decimals")]
    TooFine,
    /// Outside −9999.99 … 9999.99, or too large for an amount.
    #[error("out of range")]
    OutOfRange,
    /// An amount without 元, 万元, 亿元, 美元, 万美元 or 亿美元.
    #[error("an amount needs its unit")]
    NoUnit,
    /// An amount finer than 1 元.
    #[error("finer than 1 yuan")]
    BelowOne,
}

/// Folds full-width digits, point, comma and signs to ASCII and drops blanks at the ends.
#[must_use]
pub fn folded(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3002}' => '.',
            '\u{2212}' => '-',
            c => c,
        })
        .collect()
}

/// Reads a decimal number as (digits without the point, number of decimals); commas only between groups of three digits:
/// `1,3` is no 13.
fn decimal(text: &str) -> Result<(i128, u32), ValueError> {
    let bytes = text.as_bytes();
    let (sign, rest) = match bytes.first() {
        Some(b'-') => (-1, &bytes[1..]),
        Some(b'+') => (1, &bytes[1..]),
        _ => (1, bytes),
    };
    let (mut value, mut decimals, mut digits, mut grouped, mut point) = (0_i128, 0, 0, false, false);
    for (i, b) in rest.iter().enumerate() {
        match b {
            b'0'..=b'9' => {
                digits += 1;
                if digits > 24 {
                    return Err(ValueError::OutOfRange);
                }
                value = value * 10 + i128::from(b - b'0');
                decimals += u32::from(point);
            }
            b'.' if !point => point = true,
            b',' if !point && (grouped || (1..=3).contains(&i)) && starts_group(&rest[i + 1..]) => grouped = true,
            _ => return Err(ValueError::NotANumber),
        }
    }
    if digits == 0 {
        return Err(ValueError::NotANumber);
    }
    Ok((sign * value, decimals))
}

/// Three digits, and then no further one.
fn starts_group(rest: &[u8]) -> bool {
    rest.len() >= 3 && rest[..3].iter().all(u8::is_ascii_digit) && rest.get(3).is_none_or(|b| !b.is_ascii_digit())
}

fn hundredths(text: &str) -> Result<i64, ValueError> {
    let (mut value, mut decimals) = decimal(&folded(text))?;
    while decimals > 2 && value % 10 == 0 {
        (value, decimals) = (value / 10, decimals - 1);
    }
    if decimals > 2 {
        return Err(ValueError::TooFine);
    }
    i64::try_from(value * 10_i128.pow(2 - decimals)).map_err(|_| ValueError::OutOfRange)
}

macro_rules! hundredths_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Nought.
            pub const ZERO: Self = Self(0);

            /// A whole number of units.
            #[must_use]
            pub const fn whole(n: i64) -> Self {
                Self(n * 100)
            }

            /// The exact value.
            #[must_use]
            pub fn ratio(self) -> Ratio {
                Ratio::new(i128::from(self.0), 100)
            }

            /// The number as `--json` prints it: at most two decimals, none where whole.
            #[must_use]
            #[expect(clippy::cast_precision_loss, reason = "hundredths of printed figures stay far below 2^52")]
            pub fn json(self) -> serde_json::Value {
                if self.0 % 100 == 0 { (self.0 / 100).into() } else { (self.0 as f64 / 100.0).into() }
            }

            /// With exactly `places` (0–2) decimals, rounded half away from zero.
            #[must_use]
            pub fn fixed(self, places: usize) -> String {
                let step = 10_i64.pow(u32::try_from(2 - places.min(2)).unwrap_or(0));
                let n = Ratio::new(i128::from(self.0), i128::from(step)).round();
                let (sign, n) = (if n < 0 { "-" } else { "" }, n.unsigned_abs());
                match places {
                    0 => format!("{sign}{n}"),
                    1 => format!("{sign}{}.{}", n / 10, n % 10),
                    _ => format!("{sign}{}.{:02}", n / 100, n % 100),
                }
            }

            /// As typed: as few decimals as the value needs.
            #[must_use]
            pub fn short(self) -> String {
                self.fixed(if self.0 % 100 == 0 { 0 } else if self.0 % 10 == 0 { 1 } else { 2 })
            }

            /// Reads a decimal with at most two decimals; full-width digits are folded.
            ///
            /// # Errors
            /// Not a number, finer than hundredths, or outside ±9999.99 … of what the type holds.
            pub fn parse(text: &str) -> Result<Self, ValueError> {
                hundredths(text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.fixed(2))
            }
        }
        impl Add for $name {
            type Output = Self;
            fn add(self, o: Self) -> Self {
                Self(self.0 + o.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, o: Self) -> Self {
                Self(self.0 - o.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
                Self(iter.map(|x| x.0).sum())
            }
        }
    };
}

hundredths_type! {
    /// 分. Points and scores in hundredths; also any other figure that `round2` made.
    Points
}
hundredths_type! {
    /// 百分比. A growth rate or percentage in hundredths of a percent (15.19 % = 1519).
    Percent
}

impl Points {
    /// Reads a score: as [`Points::parse`], within −9999.99 … 9999.99.
    ///
    /// # Errors
    /// Not a number, too fine, or out of range.
    pub fn score(text: &str) -> Result<Self, ValueError> {
        let p = Self::parse(text)?;
        if p.0.abs() > 999_999 { Err(ValueError::OutOfRange) } else { Ok(p) }
    }
}

/// 币种. Amounts of two currencies are never added or compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    /// 人民币
    Cny,
    /// 美元
    Usd,
}

/// 金额. Whole 元 (or US dollars).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Whole units of the currency.
    pub amount: i64,
    /// 币种
    pub currency: Currency,
}

/// 金额单位. What amounts of a table are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MoneyUnit {
    /// Each by its size.
    #[default]
    BySize,
    /// 亿元
    Yi,
    /// 万元
    Wan,
}

impl MoneyUnit {
    /// The one after it, round and round.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::BySize => Self::Yi,
            Self::Yi => Self::Wan,
            Self::Wan => Self::BySize,
        }
    }

    /// What it is called in files.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::BySize => "size",
            Self::Yi => "yi",
            Self::Wan => "wan",
        }
    }

    /// The unit that a file calls so.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        [Self::BySize, Self::Yi, Self::Wan].into_iter().find(|u| u.id() == id)
    }

    /// Its name, zh and en.
    #[must_use]
    pub const fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::BySize => ("按大小", "by size"),
            Self::Yi => ("亿元", "100 million yuan"),
            Self::Wan => ("万元", "10 thousand yuan"),
        }
    }
}

const MONEY_UNITS: [(&str, i128, Currency); 8] = [
    ("亿美元", 100_000_000, Currency::Usd),
    ("万美元", 10_000, Currency::Usd),
    ("美元", 1, Currency::Usd),
    ("亿元", 100_000_000, Currency::Cny),
    ("万元", 10_000, Currency::Cny),
    ("亿", 100_000_000, Currency::Cny),
    ("万", 10_000, Currency::Cny),
    ("元", 1, Currency::Cny),
];

impl Money {
    /// An amount of yuan.
    #[must_use]
    pub const fn yuan(amount: i64) -> Self {
        Self { amount, currency: Currency::Cny }
    }

    /// The amount, if it is in yuan.
    #[must_use]
    pub fn in_yuan(self) -> Option<i64> {
        (self.currency == Currency::Cny).then_some(self.amount)
    }

    /// Reads a decimal number and its unit: `13亿元`, `4200万元`, `1557万美元`.
    ///
    /// # Errors
    /// No unit, not a number, finer than 1 元, negative or too large.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let text = folded(text);
        let (number, unit, currency) = MONEY_UNITS
            .iter()
            .find_map(|(suffix, unit, currency)| text.strip_suffix(suffix).map(|n| (n.trim_end(), *unit, *currency)))
            .ok_or(ValueError::NoUnit)?;
        let (value, decimals) = decimal(number)?;
        let scaled = value.checked_mul(unit).ok_or(ValueError::OutOfRange)?;
        let fine = 10_i128.pow(decimals);
        if scaled % fine != 0 {
            return Err(ValueError::BelowOne);
        }
        let amount = i64::try_from(scaled / fine).map_err(|_| ValueError::OutOfRange)?;
        if !(0..=1_000_000_000_000_000).contains(&amount) {
            return Err(ValueError::OutOfRange);
        }
        Ok(Self { amount, currency })
    }

    /// The text in a unit, at most two decimals, half-up; dollars say so. An amount below one of the unit that two decimals
    /// cannot tell stays in its own.
    #[must_use]
    pub fn text_in(self, unit: MoneyUnit) -> String {
        let (of, name) = match unit {
            MoneyUnit::BySize => return self.to_string(),
            MoneyUnit::Yi => (1_0000_0000, "亿"),
            MoneyUnit::Wan => (1_0000, "万"),
        };
        let dollars = if self.currency == Currency::Usd { "美" } else { "" };
        let exact = Ratio::new(i128::from(self.amount), of);
        if exact < Ratio::ONE && exact.round2().ratio() != exact {
            return self.to_string();
        }
        format!("{}{name}{dollars}元", exact.round2().short())
    }

    /// The exact text in the largest unit that loses nothing, as a file would state it.
    #[must_use]
    pub fn exact(self) -> String {
        let dollars = if self.currency == Currency::Usd { "美" } else { "" };
        let (unit, name) = match self.amount.abs() {
            0..1_0000 => (1, ""),
            1_0000..1_0000_0000 => (1_0000, "万"),
            _ => (1_0000_0000, "亿"),
        };
        let (whole, rest) = (self.amount / unit, (self.amount % unit).abs());
        let width = unit.ilog10() as usize;
        let decimals = if rest == 0 { String::new() } else { format!(".{rest:0width$}") };
        format!("{whole}{}{name}{dollars}元", decimals.trim_end_matches('0'))
    }
}

impl fmt::Display for Money {
    /// 亿元 from 1亿, 万元 from 1万, else 元; at most two decimals, half-up.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = if self.currency == Currency::Usd { "美" } else { "" };
        let (unit, name) = match self.amount.abs() {
            0..1_0000 => (1, ""),
            1_0000..1_0000_0000 => (1_0000, "万"),
            _ => (1_0000_0000, "亿"),
        };
        let n = Ratio::new(i128::from(self.amount), unit).round2();
        f.pad(&format!("{}{name}{dollars}元", n.short()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_round_away_from_zero() {
        assert_eq!(Ratio::new(12345, 1000).round2(), Points(1235));
        assert_eq!(Ratio::new(-125, 1000).round2(), Points(-13));
        assert_eq!(Ratio::new(124, 1000).round2(), Points(12));
    }

    #[test]
    fn e28_amounts_with_their_unit() {
        let yuan = |s| Money::parse(s).map(|m| (m.amount, m.currency));
        assert_eq!(yuan("13亿元"), Ok((1_300_000_000, Currency::Cny)));
        assert_eq!(yuan("2.02亿元"), Ok((202_000_000, Currency::Cny)));
        assert_eq!(yuan("130000万元"), Ok((1_300_000_000, Currency::Cny)));
        assert_eq!(yuan("1557万美元"), Ok((15_570_000, Currency::Usd)));
        assert_eq!(yuan("1.23456789亿元"), Ok((123_456_789, Currency::Cny)));
        assert_eq!(yuan("１，２３４万"), Ok((12_340_000, Currency::Cny)));
        assert_eq!(yuan("13"), Err(ValueError::NoUnit));
        assert_eq!(yuan("0.5元"), Err(ValueError::BelowOne));
        assert_eq!(yuan("1,万元"), Err(ValueError::NotANumber));
        assert_eq!(yuan("亿元"), Err(ValueError::NotANumber));
    }

    #[test]
    fn amounts_print_in_their_size() {
        assert_eq!(Money::yuan(1_300_000_000).to_string(), "13亿元");
        assert_eq!(Money::yuan(202_000_000).to_string(), "2.02亿元");
        assert_eq!(Money::yuan(42_000_000).to_string(), "4200万元");
        assert_eq!(Money::yuan(9_999).to_string(), "9999元");
        assert_eq!(Money { amount: 15_570_000, currency: Currency::Usd }.to_string(), "1557万美元");
        assert_eq!(Money::yuan(123_456_789).exact(), "1.23456789亿元");
        assert_eq!(Money::parse(&Money::yuan(123_456_789).exact()), Ok(Money::yuan(123_456_789)));
    }

    #[test]
    fn a_unit_too_great_for_an_amount_leaves_it_as_it_is() {
        let in_yi = |yuan| Money::yuan(yuan).text_in(MoneyUnit::Yi);
        assert_eq!([6_682, 50_000_000, 202_000_000].map(in_yi), ["6682元", "0.5亿元", "2.02亿元"]);
        assert_eq!(Money::yuan(6_682).text_in(MoneyUnit::Wan), "6682元");
    }

    #[test]
    fn points_read_at_most_two_decimals() {
        assert_eq!(Points::score("22.4"), Ok(Points(2240)));
        assert_eq!(Points::score("２２．４"), Ok(Points(2240)));
        assert_eq!(Points::score("4.50"), Ok(Points(450)));
        assert_eq!(Points::score("4.505"), Err(ValueError::TooFine));
        assert_eq!(Points::score("10000"), Err(ValueError::OutOfRange));
        assert_eq!(Points::score("x"), Err(ValueError::NotANumber));
        assert_eq!(Points::score("."), Err(ValueError::NotANumber));
        assert_eq!(Points(450).short(), "4.5");
        assert_eq!(Points(-1).fixed(2), "-0.01");
    }

    #[test]
    fn days_follow_the_calendar() {
        let day = |s: &str| s.parse::<Date>().expect("a date");
        assert_eq!(days_between(day("2012-02-28"), day("2012-03-01")), 2);
        assert_eq!(days_between(day("2014-06-30"), day("2014-05-16")), -45);
    }
}
