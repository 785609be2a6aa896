//! 筛选. One grammar for `/` and for the filter argument of the commands: words, fields, comparisons, `!`, `|`.

use pinyin::ToPinyinMulti;

use crate::domain::change::Reported;
use crate::domain::district::{Plan, ProjectIx, UnitIx};
use crate::domain::project::{Commitment, Light, Status};
use crate::domain::rectification::RectificationState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::days_between;

/// A text ready for matching: each character with its readings, Latin folded to lower case.
#[derive(Clone, Debug)]
struct Read(Vec<(char, Vec<&'static str>)>);

impl Read {
    fn new(text: &str) -> Self {
        let folded = text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
        Self(
            folded
                .map(|c| {
                    let mut readings: Vec<_> =
                        c.to_pinyin_multi().into_iter().flatten().map(pinyin::Pinyin::plain).collect();
                    readings.dedup();
                    (c, readings)
                })
                .collect(),
        )
    }

    /// Whether the word stands in it: character by character, each Han one also by a beginning of any of its readings.
    fn has(&self, word: &str) -> bool {
        (0..self.0.len()).any(|i| starts(&self.0[i..], word))
    }
}

fn starts(text: &[(char, Vec<&'static str>)], word: &str) -> bool {
    let Some(first) = word.chars().next() else { return true };
    let Some(((c, readings), rest)) = text.split_first() else { return false };
    if *c == first && starts(rest, &word[first.len_utf8()..]) {
        return true;
    }
    readings.iter().any(|r| {
        let same = r.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
        (1..=same).any(|n| starts(rest, &word[n..]))
    })
}

/// What a row of a table is called, ready for matching.
#[derive(Clone, Debug)]
struct Entry {
    names: Vec<Read>,
    id: String,
}

/// 索引. The names of a plan with all their readings, built once per plan.
#[derive(Clone, Debug, Default)]
pub struct Index {
    projects: Vec<Entry>,
    units: Vec<Entry>,
}

impl Index {
    /// Reads every name of the plan.
    #[must_use]
    pub fn new(plan: &Plan) -> Self {
        let unit_names = |ix: UnitIx| {
            let u = plan.unit(ix);
            [u.name.as_str(), u.short.as_str()].into_iter().chain(u.aliases.iter().map(String::as_str))
        };
        let units = (0_u16..)
            .zip(&plan.district.units)
            .map(|(i, u)| Entry { names: unit_names(UnitIx(i)).map(Read::new).collect(), id: u.code.to_lowercase() })
            .collect();
        let projects = plan
            .projects
            .iter()
            .map(|p| {
                let own = std::iter::once(p.name.as_str()).chain(p.aliases.iter().map(String::as_str));
                let holders = std::iter::once(p.headquarters).chain(p.towns.iter().map(|t| t.0));
                let names = own.chain(holders.flat_map(unit_names)).map(Read::new).collect();
                Entry { names, id: p.id.to_lowercase() }
            })
            .collect();
        Self { projects, units }
    }

    fn is_unit(&self, unit: UnitIx, word: &str) -> bool {
        let e = &self.units[unit.at()];
        e.id == word || e.names.iter().any(|n| starts(&n.0, word))
    }
}

/// Whether a word stands in a text: by its characters, full pinyin, initials, or a mix.
#[must_use]
pub fn matches_text(text: &str, word: &str) -> bool {
    Read::new(text).has(&word.to_lowercase())
}

fn named(entry: &Entry, word: &str) -> bool {
    entry.id.contains(word) || entry.names.iter().any(|n| n.has(word))
}

/// How a comparison compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Than {
    More,
    AtLeast,
    Less,
    AtMost,
    Equal,
}

impl Than {
    fn holds<T: PartialOrd>(self, a: T, b: T) -> bool {
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
enum Key {
    Status,
    Commitment,
    Headquarters,
    Town,
    Reported,
    State,
    Lag,
    Left,
    Id,
}

const KEYS: [(Key, &str, &str); 9] = [
    (Key::Status, "status", "状态"),
    (Key::Commitment, "commitment", "类别"),
    (Key::Headquarters, "hq", "指挥部"),
    (Key::Town, "town", "镇"),
    (Key::Reported, "reported", "自报"),
    (Key::State, "state", "整改状态"),
    (Key::Lag, "lag", "滞后天"),
    (Key::Left, "left", "剩余"),
    (Key::Id, "id", "编号"),
];

fn key(text: &str) -> Option<Key> {
    KEYS.iter().find(|(_, en, zh)| *en == text || *zh == text).map(|(k, ..)| *k)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Ask {
    Word(String),
    Field(Key, Vec<String>),
    Compare(Key, Than, i64),
    /// A key or a value that cannot be read; matches nothing.
    Unreadable,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    not: bool,
    ask: Ask,
    text: String,
}

/// 筛选条件, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    any: Vec<Vec<Term>>,
}

const STATUS: [(&str, &str); 7] = [
    ("completed", "已完成"),
    ("on_track", "正常"),
    ("behind", "滞后"),
    ("unknown", "不明"),
    ("red", "红"),
    ("yellow", "黄"),
    ("excluded", "不纳入"),
];
const COMMITMENT: [(&str, &str); 2] = [("must", "确保"), ("stretch", "力争")];
const REPORTED: [(&str, &str); 4] = [("completed", "已完成"), ("on_track", "正常"), ("behind", "滞后"), ("none", "无")];
const STATE: [(&str, &str); 5] = [
    ("issued", "交办"),
    ("accepted", "已签收"),
    ("in_progress", "整改中"),
    ("submitted", "申请销号"),
    ("closed", "已销号"),
];

/// The canonical value of a key's word; none where the key does not know it.
fn value(key: Key, word: &str) -> Option<String> {
    let known = |table: &[(&str, &str)]| {
        table.iter().find(|(en, zh)| *en == word || *zh == word).map(|(en, _)| (*en).to_owned())
    };
    match key {
        Key::Status => known(&STATUS),
        Key::Commitment => known(&COMMITMENT),
        Key::Reported => known(&REPORTED),
        Key::State => known(&STATE),
        Key::Headquarters | Key::Town | Key::Id => (!word.is_empty()).then(|| word.to_owned()),
        Key::Lag | Key::Left => None,
    }
}

fn term(text: &str) -> Term {
    let (not, rest) = text.strip_prefix(['!', '！']).map_or((false, text), |r| (true, r));
    let rest = rest.to_lowercase();
    let ask = if let Some((k, values)) = rest.split_once([':', '：']) {
        key(k)
            .and_then(|k| {
                let values = values.split([',', '，', '、']).map(|v| value(k, v)).collect::<Option<Vec<_>>>()?;
                Some(Ask::Field(k, values))
            })
            .unwrap_or(Ask::Unreadable)
    } else if let Some(at) = rest.find(['>', '<', '=']) {
        let (k, tail) = rest.split_at(at);
        let (than, amount) =
            [(">=", Than::AtLeast), ("<=", Than::AtMost), (">", Than::More), ("<", Than::Less), ("=", Than::Equal)]
                .into_iter()
                .find_map(|(sign, than)| tail.strip_prefix(sign).map(|a| (than, a)))
                .unwrap_or((Than::Equal, ""));
        match (key(k), amount.parse()) {
            (Some(k @ (Key::Lag | Key::Left)), Ok(n)) => Ask::Compare(k, than, n),
            _ => Ask::Unreadable,
        }
    } else {
        Ask::Word(rest.trim_matches('"').chars().filter(|c| !c.is_whitespace()).collect())
    };
    Term { not, ask, text: text.to_owned() }
}

/// Splits at blanks and CJK punctuation outside quotes; `|` stands alone.
fn pieces(text: &str) -> Vec<String> {
    let (mut all, mut piece, mut quoted) = (Vec::new(), String::new(), false);
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                piece.push(c);
            }
            '|' | '｜' if !quoted => {
                all.push(std::mem::take(&mut piece));
                all.push("|".to_owned());
            }
            c if !quoted && (c.is_whitespace() || "。；「」『』《》（）".contains(c)) => {
                all.push(std::mem::take(&mut piece));
            }
            c => piece.push(c),
        }
    }
    all.push(piece);
    all.retain(|p| !p.is_empty());
    all
}

impl Filter {
    /// Reads a filter; whatever was typed is a filter, perhaps one that matches nothing.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pieces = pieces(text);
        let any = pieces.split(|p| p == "|").filter(|all| !all.is_empty());
        Self { any: any.map(|all| all.iter().map(|p| term(p)).collect()).collect() }
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty()
    }

    /// The terms whose key or value cannot be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.any.iter().flatten().filter(|t| t.ask == Ask::Unreadable).map(|t| t.text.as_str())
    }

    fn holds(&self, mut answers: impl FnMut(&Ask) -> Option<bool>) -> bool {
        self.is_empty()
            || self.any.iter().any(|all| all.iter().all(|t| answers(&t.ask).is_some_and(|yes| yes != t.not)))
    }

    /// Whether a project passes.
    #[must_use]
    pub fn project(&self, data: &Snapshot, index: &Index, ix: ProjectIx) -> bool {
        if self.is_empty() {
            return true;
        }
        let (p, at) = (data.plan.project(ix), data.board_date());
        let standing = data.standing(ix);
        self.holds(|ask| {
            Some(match ask {
                Ask::Word(w) => index.projects.get(ix.at()).is_some_and(|e| named(e, w)),
                Ask::Field(key, values) => {
                    let one: &dyn Fn(&str) -> bool = match key {
                        Key::Status => &|v| match v {
                            "completed" => standing.status == Status::Completed,
                            "on_track" => standing.status == Status::OnTrack,
                            "behind" => standing.status == Status::Behind,
                            "unknown" => standing.status == Status::Unknown,
                            "red" => standing.light == Some(Light::Red),
                            "yellow" => standing.light == Some(Light::Yellow),
                            _ => standing.status == Status::Excluded,
                        },
                        Key::Commitment => &|v| (v == "must") == (p.commitment == Commitment::Must),
                        Key::Headquarters => &|v| index.is_unit(p.headquarters_at(at), v),
                        Key::Town => &|v| {
                            let towns = p.holders(crate::domain::project::BoardKind::Towns, at);
                            if v == "none" { towns.is_empty() } else { towns.iter().any(|(t, _)| index.is_unit(*t, v)) }
                        },
                        Key::Reported => &|v| {
                            let reported = data.progress_at(ix, at).and_then(|(_, r)| r.reported);
                            match v {
                                "completed" => reported == Some(Reported::Completed),
                                "on_track" => reported == Some(Reported::OnTrack),
                                "behind" => reported == Some(Reported::Behind),
                                _ => reported.is_none(),
                            }
                        },
                        Key::Id => &|v| index.projects.get(ix.at()).is_some_and(|e| e.id.contains(v)),
                        Key::State | Key::Lag | Key::Left => return None,
                    };
                    values.iter().any(|v| one(v))
                }
                Ask::Compare(Key::Lag, than, n) => standing.lag_days.is_some_and(|lag| than.holds(lag, *n)),
                Ask::Compare(..) | Ask::Unreadable => return None,
            })
        })
    }

    /// Whether the rectification at this place passes.
    #[must_use]
    pub fn rectification(&self, data: &Snapshot, index: &Index, place: usize) -> bool {
        let Some((id, kept)) = data.facts.rectifications.get(place) else { return false };
        let (r, day) = (&kept.value, data.day());
        let project = r.project.as_deref().and_then(|p| data.plan.project_ix(p));
        self.holds(|ask| {
            Some(match ask {
                Ask::Word(w) => {
                    id.to_lowercase().contains(w)
                        || Read::new(&r.finding).has(w)
                        || project.and_then(|p| index.projects.get(p.at())).is_some_and(|e| named(e, w))
                        || data.plan.unit_ix(&r.unit).is_some_and(|u| named(&index.units[u.at()], w))
                }
                Ask::Field(Key::State, values) => {
                    let state = match r.state_at(day) {
                        RectificationState::Issued => "issued",
                        RectificationState::Accepted => "accepted",
                        RectificationState::InProgress => "in_progress",
                        RectificationState::Submitted => "submitted",
                        RectificationState::Closed => "closed",
                    };
                    values.iter().any(|v| v == state)
                }
                Ask::Field(Key::Headquarters, values) => {
                    let unit =
                        project.map(|p| data.plan.project(p).headquarters_at(day)).or(data.plan.unit_ix(&r.unit));
                    values.iter().any(|v| unit.is_some_and(|u| index.is_unit(u, v)))
                }
                Ask::Field(Key::Town, values) => {
                    let town = project.and_then(|p| data.plan.project(p).town_at(day));
                    values.iter().any(|v| town.map_or(v == "none", |t| index.is_unit(t, v)))
                }
                Ask::Field(Key::Id, values) => values.iter().any(|v| id.to_lowercase().contains(v)),
                Ask::Compare(Key::Left, than, n) => !r.closed_by(day) && than.holds(days_between(day, r.due), *n),
                Ask::Field(..) | Ask::Compare(..) | Ask::Unreadable => return None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, word: &str) -> bool {
        Read::new(text).has(word)
    }

    #[test]
    fn a_word_matches_han_initials_syllables_and_a_mix() {
        for word in ["李村", "lcz", "licun", "lic", "czhen", "z", "cun镇"] {
            assert!(has("李村镇", word), "{word}");
        }
        for word in ["lz", "kdz", "村李", "licunx"] {
            assert!(!has("李村镇", word), "{word}");
        }
        assert!(has("新岳洛路工程", "xyl"));
    }

    #[test]
    fn every_reading_of_a_polyphone_counts() {
        assert!(has("重庆", "cq") && has("重庆", "zq"));
        assert!(has("长安", "ca") && has("长安", "za"));
    }

    #[test]
    fn a_filter_is_read_into_terms() {
        let f = Filter::parse("lcz | 学校　!status:滞后 lag>=30");
        assert_eq!(f.any.len(), 2);
        assert_eq!(
            f.any[1][1],
            Term {
                not: true,
                ask: Ask::Field(Key::Status, vec!["behind".to_owned()]),
                text: "!status:滞后".to_owned()
            }
        );
        assert_eq!(f.any[1][2].ask, Ask::Compare(Key::Lag, Than::AtLeast, 30));
        assert_eq!(f.unreadable().count(), 0);
        assert!(Filter::parse("  | ").is_empty());
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let f = Filter::parse("colour:red lag>x status:late town:KD,DZ");
        assert_eq!(f.unreadable().collect::<Vec<_>>(), ["colour:red", "lag>x", "status:late"]);
    }
}
