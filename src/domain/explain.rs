//! 推算. How a figure came about: inputs, rule, arithmetic, rounding.
//!
//! The formulas themselves take it down while they compute, so that an explanation cannot disagree with its figure: they
//! are given a [`Trace`], which is [`Trace::off`] wherever only the figure is wanted.

use super::change::Subject;
use super::district::{ProjectIx, RoundIx, UnitIx};
use super::project::{BoardKind, Commitment};
use super::value::{Bilingual, Date, Lang, Money, Points, Ratio};
use super::words::Word;

/// Which figure is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// Status of a project, and its score in a round.
    Project {
        /// 项目
        project: ProjectIx,
        /// 轮次; none: only its status.
        round: Option<RoundIx>,
    },
    /// Results and rank of a unit in a round.
    Unit {
        /// Which of its boards.
        board: BoardKind,
        /// 单位; none is the row 未注明.
        unit: Option<UnitIx>,
        /// 轮次, of either kind.
        round: RoundIx,
    },
    /// 观摩 of a site.
    Panel {
        /// 项目
        project: ProjectIx,
        /// 轮次, an observation.
        round: RoundIx,
    },
    /// 招商任务 of a row of a plan, by their places.
    Quota {
        /// Place in the quota plans.
        plan: usize,
        /// Place in its rows; none is the district.
        row: Option<usize>,
    },
    /// 指标 by its place.
    Indicator(usize),
    /// 目标 by its place.
    Goal(usize),
    /// 整改 by its place among the records.
    Rectification(usize),
    /// 合计 of the projects of a commitment, or of all.
    Tally(Option<Commitment>),
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// There is none: printed —, `null` in JSON.
    None,
    /// Points, a score or a percentage: two decimals.
    Points(Points),
    /// A whole number: how many, how many days, which rank.
    Count(i64),
    /// An amount.
    Money(Money),
    /// A day.
    Day(Date),
    /// A state, a light, a name.
    Word(Bilingual),
}

impl Figure {
    /// As it is printed.
    #[must_use]
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::None => "--".to_owned(),
            Self::Points(p) => p.fixed(2),
            Self::Count(n) => n.to_string(),
            Self::Money(m) => m.exact(),
            Self::Day(day) => day.to_string(),
            Self::Word(word) => word.in_lang(lang).to_owned(),
        }
    }
}

impl From<Points> for Figure {
    fn from(p: Points) -> Self {
        Self::Points(p)
    }
}

impl<T> From<Option<T>> for Figure
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::None, Into::into)
    }
}

impl From<u32> for Figure {
    fn from(n: u32) -> Self {
        Self::Count(i64::from(n))
    }
}

impl From<i64> for Figure {
    fn from(n: i64) -> Self {
        Self::Count(n)
    }
}

impl From<Date> for Figure {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl<W: Word> From<W> for Figure {
    fn from(term: W) -> Self {
        Self::Word(term.label())
    }
}

/// Where a step rests: a clause of the rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// Its place in `scoring.toml`, as `criterion.node` or `composite`.
    pub key: String,
    /// Its line there, in the rule set in force.
    pub line: Option<u32>,
}

/// One step of a derivation, with the steps that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// What it is.
    pub label: Bilingual,
    /// The arithmetic with its numbers, or the facts; may be empty.
    pub working: Bilingual,
    /// What it comes to.
    pub result: Figure,
    /// The rule.
    pub clause: Option<Clause>,
    /// The record that an input comes from: its newest ledger entry says who entered it and when.
    pub source: Option<Subject>,
    /// The question whose answer derives this step further.
    pub more: Option<Question>,
    /// What it rests on, in the order of the arithmetic: the last one has the same result.
    pub steps: Vec<Derivation>,
}

impl Derivation {
    /// A step: what it is and what it comes to.
    #[must_use]
    pub fn new(zh: impl Into<String>, en: impl Into<String>, result: impl Into<Figure>) -> Self {
        Self {
            label: Bilingual::new(zh, en),
            working: Bilingual::new("", ""),
            result: result.into(),
            clause: None,
            source: None,
            more: None,
            steps: Vec::new(),
        }
    }

    /// The arithmetic or the facts, in both languages.
    #[must_use]
    pub fn by(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.working = Bilingual::new(zh, en);
        self
    }

    /// Arithmetic that reads the same in both languages.
    #[must_use]
    pub fn sum(self, working: impl Into<String>) -> Self {
        let working = working.into();
        self.by(working.clone(), working)
    }

    /// The clause of the rule set.
    #[must_use]
    pub fn rule(mut self, clause: Clause) -> Self {
        self.clause = Some(clause);
        self
    }

    /// The record that it comes from.
    #[must_use]
    pub fn from_record(mut self, source: Option<Subject>) -> Self {
        self.source = source;
        self
    }

    /// The question that leads on.
    #[must_use]
    pub fn leads_to(mut self, question: Question) -> Self {
        self.more = Some(question);
        self
    }

    /// Leaves out the steps below that are not to be kept, with all that they rest on.
    pub fn keep(&mut self, kept: &impl Fn(&Self) -> bool) {
        self.steps.retain(kept);
        for step in &mut self.steps {
            step.keep(kept);
        }
    }

    /// Every step below this one and itself, depth first, with its depth.
    pub fn walk(&self) -> impl Iterator<Item = (usize, &Self)> {
        let mut stack = vec![(0, self)];
        std::iter::from_fn(move || {
            let (depth, step) = stack.pop()?;
            stack.extend(step.steps.iter().rev().map(|s| (depth + 1, s)));
            Some((depth, step))
        })
    }
}

/// Takes down the steps of a computation; switched off it costs one branch a step.
#[derive(Debug)]
pub struct Trace(Option<Taken>);

/// What is taken down under one step.
#[derive(Debug, Default)]
struct Taken {
    steps: Vec<Derivation>,
    working: Option<Bilingual>,
}

impl Trace {
    /// Nobody asks how.
    #[must_use]
    pub const fn off() -> Self {
        Self(None)
    }

    /// Computes, and tells how.
    pub fn of<T>(compute: impl FnOnce(&mut Self) -> T) -> (T, Vec<Derivation>) {
        let mut trace = Self(Some(Taken::default()));
        let value = compute(&mut trace);
        (value, trace.0.unwrap_or_default().steps)
    }

    /// One step.
    pub fn step(&mut self, step: impl FnOnce() -> Derivation) {
        if let Some(taken) = &mut self.0 {
            taken.steps.push(step());
        }
    }

    /// One step that rests on those of `compute`; `step` tells it from the value computed. Where neither says how, the
    /// last of them, the conclusion, does.
    pub fn under<T>(&mut self, compute: impl FnOnce(&mut Self) -> T, step: impl FnOnce(&T) -> Derivation) -> T {
        if self.0.is_none() {
            return compute(self);
        }
        let mut inner = Self(Some(Taken::default()));
        let value = compute(&mut inner);
        let Taken { steps, working } = inner.0.unwrap_or_default();
        self.step(|| {
            let step = step(&value);
            let told = working.or_else(|| Some(step.working.clone()).filter(|w| !w.zh.is_empty()));
            let concluded = || steps.last().map(|s| s.working.clone());
            Derivation { working: told.or_else(concluded).unwrap_or_else(|| step.working.clone()), steps, ..step }
        });
        value
    }

    /// The arithmetic of the step that this computation stands [`Trace::under`].
    pub fn working(&mut self, working: impl FnOnce() -> Bilingual) {
        if let Some(taken) = &mut self.0 {
            taken.working = Some(working());
        }
    }

    /// Arithmetic that reads the same in both languages.
    pub fn sum(&mut self, working: impl FnOnce() -> String) {
        self.working(|| {
            let working = working();
            Bilingual::new(working.clone(), working)
        });
    }
}

/// ` = ` and the exact value before rounding; where there is none, why not is said elsewhere.
#[must_use]
pub fn equals(exact: Option<Ratio>) -> String {
    exact.map_or_else(String::new, |r| format!(" = {}", r.decimal()))
}

/// Terms joined by ` + `; nought where there is none.
#[must_use]
pub fn plus(terms: impl IntoIterator<Item = String>) -> String {
    let terms: Vec<String> = terms.into_iter().collect();
    if terms.is_empty() { "0".to_owned() } else { terms.join(" + ") }
}

impl Ratio {
    /// For reading: exact where four decimals are enough, else cut after them and marked `..`.
    #[must_use]
    pub fn decimal(self) -> String {
        let size = if self.is_negative() { -self } else { self };
        let scaled = size * Self::int(10_000);
        let whole = -(-scaled).ceil();
        let exact = Self::int(whole) == scaled;
        let digits = format!("{whole:05}");
        let (int, part) = digits.split_at(digits.len() - 4);
        let part = if exact { part.trim_end_matches('0') } else { part };
        let sign = if self.is_negative() { "-" } else { "" };
        let dot = if part.is_empty() { "" } else { "." };
        format!("{sign}{int}{dot}{part}{}", if exact { "" } else { ".." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_that_is_off_hears_nothing() {
        let value = Trace::off().under(
            |t| {
                t.step(|| unreachable!("nobody asks"));
                7_i64
            },
            |_| unreachable!("nobody asks"),
        );
        assert_eq!(value, 7);
    }

    #[test]
    fn steps_stand_under_the_step_that_rests_on_them() {
        let (value, steps) = Trace::of(|t| {
            t.under(
                |t| {
                    t.step(|| Derivation::new("甲", "a", 3_i64));
                    t.step(|| Derivation::new("乙", "b", 4_i64));
                    7_i64
                },
                |sum| Derivation::new("和", "sum", *sum).sum("3 + 4"),
            )
        });
        let seen: Vec<String> =
            steps[0].walk().map(|(depth, s)| format!("{depth} {} {}", s.label.en, s.result.text(Lang::En))).collect();
        assert_eq!((value, seen), (7, vec!["0 sum 7".to_owned(), "1 a 3".into(), "1 b 4".into()]));
    }

    #[test]
    fn exact_numbers_for_reading() {
        let read = |n, d| Ratio::new(n, d).decimal();
        assert_eq!(read(137, 2), "68.5");
        assert_eq!(read(1, 3), "0.3333..");
        assert_eq!((read(-1, 8), read(-1, 3)), ("-0.125".to_owned(), "-0.3333..".to_owned()));
        assert_eq!(read(12, 1), "12");
    }
}
