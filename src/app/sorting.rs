//! 排序与选列. By which columns a table is sorted, and which of them it shows.

use std::cmp::Ordering;

use crate::domain::value::{Date, Lang, Points, days_between};
use crate::text::Text;

/// 列. A column that a table can be sorted by, or do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What it is called in the state folder; never changes.
    pub id: &'static str,
    /// What it is called on the screen.
    pub title: Text,
    /// Its largest come first where somebody sorts by it.
    pub descends: bool,
    /// It cannot be left out.
    pub stays: bool,
}

/// 键值. What a row is sorted by in one column; rows without a value come last in both directions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A figure.
    Number(i64),
    /// A name or id.
    Text(String),
    /// None.
    Nothing,
}

impl From<Option<i64>> for Key {
    fn from(figure: Option<i64>) -> Self {
        figure.map_or(Self::Nothing, Self::Number)
    }
}

impl From<Option<Points>> for Key {
    fn from(points: Option<Points>) -> Self {
        points.map(|p| p.0).into()
    }
}

impl From<Option<Date>> for Key {
    fn from(day: Option<Date>) -> Self {
        day.map(|d| days_between(Date::ZERO, d)).into()
    }
}

impl From<&str> for Key {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.to_owned()) }
    }
}

fn compare(a: &Key, b: &Key, descending: bool) -> Ordering {
    match (a, b) {
        (Key::Nothing, _) | (_, Key::Nothing) => a.cmp(b),
        _ if descending => b.cmp(a),
        _ => a.cmp(b),
    }
}

/// One column that is sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// Place of the column.
    pub column: usize,
    /// The largest first.
    pub descending: bool,
}

/// 排法. How a table is arranged: its columns to sort by, the most important first, and those left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrangement {
    /// Every column of the table.
    pub headings: &'static [Heading],
    usual: &'static [By],
    by: Vec<By>,
    hidden: Vec<bool>,
}

impl Arrangement {
    /// The columns of a table, and how it is sorted until somebody sorts it.
    #[must_use]
    pub fn new(headings: &'static [Heading], usual: &'static [By]) -> Self {
        Self { headings, usual, by: usual.to_vec(), hidden: vec![false; headings.len()] }
    }

    /// What the rows are sorted by.
    #[must_use]
    pub fn by(&self) -> &[By] {
        &self.by
    }

    /// Whether a column is shown.
    #[must_use]
    pub fn shows(&self, column: usize) -> bool {
        !self.hidden.get(column).copied().unwrap_or(false)
    }

    /// How many columns are left out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.hidden.iter().filter(|h| **h).count()
    }

    /// A column joins the sort as the least important, is turned round, leaves it.
    pub fn turn(&mut self, column: usize) {
        let Some(heading) = self.headings.get(column) else { return };
        match self.by.iter().position(|b| b.column == column) {
            None => self.by.push(By { column, descending: heading.descends }),
            Some(at) if self.by[at].descending == heading.descends => self.by[at].descending ^= true,
            Some(at) => _ = self.by.remove(at),
        }
        if self.by.is_empty() {
            self.by = self.usual.to_vec();
        }
    }

    /// Sorts by one column alone.
    pub fn only(&mut self, column: usize) {
        if let Some(heading) = self.headings.get(column) {
            self.by = vec![By { column, descending: heading.descends }];
        }
    }

    /// Every direction the other way round.
    pub fn reverse(&mut self) {
        self.by.iter_mut().for_each(|b| b.descending ^= true);
    }

    /// Shows a column or leaves it out. False where the table cannot do without it.
    pub fn toggle(&mut self, column: usize) -> bool {
        let may = self.headings.get(column).is_some_and(|h| !h.stays);
        if may {
            self.hidden[column] ^= true;
        }
        may
    }

    /// As it was before anybody arranged it.
    pub fn reset(&mut self) {
        *self = Self::new(self.headings, self.usual);
    }

    /// Nobody arranged it.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        self.by == self.usual && self.left_out() == 0
    }

    /// Sorts rows: each one's keys are asked for once, equal ones stay in their order.
    pub fn sort<T>(&self, rows: Vec<T>, mut key: impl FnMut(&T, usize) -> Key) -> Vec<T> {
        let mut keyed: Vec<(Vec<Key>, T)> =
            rows.into_iter().map(|row| (self.by.iter().map(|b| key(&row, b.column)).collect(), row)).collect();
        keyed.sort_by(|(a, _), (b, _)| {
            let mut pairs = self.by.iter().zip(a.iter().zip(b));
            pairs
                .find_map(|(by, (a, b))| Some(compare(a, b, by.descending)).filter(|o| o.is_ne()))
                .unwrap_or(Ordering::Equal)
        });
        keyed.into_iter().map(|(_, row)| row).collect()
    }

    /// What the rows are sorted by, in words: `滞后天 降序、编号 升序`; at most so many columns.
    #[must_use]
    pub fn words(&self, lang: Lang, most: usize) -> String {
        let one = |by: &By| {
            let title = self.headings[by.column].title.in_lang(lang);
            let way = if by.descending { Text::Descending } else { Text::Ascending }.in_lang(lang);
            format!("{title} {way}")
        };
        self.by.iter().take(most).map(one).collect::<Vec<_>>().join(if lang == Lang::Zh { "、" } else { ", " })
    }

    /// For the state folder: ids of the columns sorted by, a `-` before those whose largest come first.
    #[must_use]
    pub fn sort_ids(&self) -> Vec<String> {
        let sign = |b: &By| if b.descending { "-" } else { "" };
        self.by.iter().map(|b| format!("{}{}", sign(b), self.headings[b.column].id)).collect()
    }

    /// Ids of the columns left out.
    #[must_use]
    pub fn hidden_ids(&self) -> Vec<String> {
        self.headings.iter().zip(&self.hidden).filter(|(_, h)| **h).map(|(c, _)| c.id.to_owned()).collect()
    }

    /// As the state folder has it; what it does not know is left aside.
    pub fn restore(&mut self, sort: &[String], hidden: &[String]) {
        let place = |id: &str| self.headings.iter().position(|h| h.id == id);
        let mut by: Vec<By> = Vec::new();
        for id in sort {
            let (descending, id) = id.strip_prefix('-').map_or((false, id.as_str()), |id| (true, id));
            match place(id) {
                Some(column) if by.iter().all(|b| b.column != column) => by.push(By { column, descending }),
                _ => {}
            }
        }
        let out: Vec<usize> = hidden.iter().filter_map(|id| place(id)).filter(|c| !self.headings[*c].stays).collect();
        if !by.is_empty() {
            self.by = by;
        }
        self.hidden = (0..self.headings.len()).map(|c| out.contains(&c)).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [Heading; 3] = [
        Heading { id: "id", title: Text::Id, descends: false, stays: true },
        Heading { id: "lag", title: Text::LagDays, descends: true, stays: false },
        Heading { id: "town", title: Text::Town, descends: false, stays: false },
    ];
    const USUAL: [By; 1] = [By { column: 1, descending: true }];

    fn arrangement() -> Arrangement {
        Arrangement::new(&HEADINGS, &USUAL)
    }

    fn key(row: &(&str, Option<i64>, &str), column: usize) -> Key {
        match column {
            0 => row.0.into(),
            1 => row.1.into(),
            _ => row.2.into(),
        }
    }

    #[test]
    fn several_columns_sort_and_what_has_no_value_comes_last_in_both_directions() {
        let rows = vec![("a", Some(1), "kd"), ("b", None, "zg"), ("c", Some(9), "kd"), ("d", Some(9), "")];
        let ids = |a: &Arrangement| a.sort(rows.clone(), key).into_iter().map(|r| r.0).collect::<String>();
        let mut a = arrangement();
        assert_eq!(ids(&a), "cdab");
        a.reverse();
        assert_eq!(ids(&a), "acdb");
        a.only(2);
        a.turn(1);
        assert_eq!(ids(&a), "cabd", "by town, within it the greatest lag first");
        a.turn(1);
        assert_eq!(ids(&a), "acbd");
        a.turn(1);
        assert_eq!(a.by(), [By { column: 2, descending: false }]);
    }

    #[test]
    fn ten_thousand_rows_ask_for_each_key_once() {
        let rows: Vec<i64> = (0..10_000).map(|n| (n * 7919) % 10_000).collect();
        let mut asked = 0;
        let mut a = arrangement();
        a.turn(2);
        let sorted = a.sort(rows, |row, column| {
            asked += 1;
            if column == 1 { Some(row / 10).into() } else { Some(*row).into() }
        });
        assert_eq!(asked, 20_000, "not once for each comparison");
        assert_eq!(sorted[..3], [9990, 9991, 9992]);
    }

    #[test]
    fn an_arrangement_survives_the_state_folder_and_leaves_aside_what_is_unknown() {
        let mut a = arrangement();
        a.only(2);
        a.turn(1);
        assert!(a.toggle(1) && !a.toggle(0), "the id stays");
        let mut b = arrangement();
        b.restore(&a.sort_ids(), &a.hidden_ids());
        assert_eq!(a, b);
        let ids = |text: &[&str]| text.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        b.restore(&ids(&["-gone", "lag", "-lag"]), &ids(&["id", "colour"]));
        assert_eq!((b.sort_ids(), b.left_out()), (ids(&["lag"]), 0));
        b.restore(&ids(&["-gone"]), &[]);
        assert_eq!(b.sort_ids(), ids(&["lag"]), "a sort by nothing is none");
    }
}
