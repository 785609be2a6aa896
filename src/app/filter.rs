//! 筛选. One grammar for `/` and for the filter argument of the commands: words, fields, comparisons, `!`, `|`.

use std::ops::Range;

use crate::app::screen::seen_score;
use crate::domain::change::Reported;
use crate::domain::district::{Plan, ProjectIx, UnitIx, UnitKind};
use crate::domain::project::{BoardKind, Commitment, Light, Status};
use crate::domain::rectification::RectificationState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Date, Money, days_between};
use crate::domain::words::Word;
use crate::store::Actor;

use term::{Ask, Key, Limit, Term, pieces, term};

mod complete;
mod reading;
mod term;

pub use complete::{Completion, completion};
pub use reading::{Fit, Reading, folded_text, found, matches_text, word};
pub use term::Rows;

/// Longest filter that is read, in characters.
pub const LONGEST: usize = 500;
/// Most terms of one.
pub const MOST_TERMS: usize = 50;

/// What a row of a table is called, ready for matching: its own names first.
#[derive(Clone, Debug)]
struct Entry {
    names: Vec<Reading>,
    own: usize,
    id: String,
}

impl Entry {
    fn has(&self, word: &str) -> bool {
        has_id(&self.id, word) || self.names.iter().any(|n| n.has(word))
    }
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
        let entry = |own: Vec<&str>, others: Vec<&str>, id: &str| Entry {
            own: own.len(),
            names: own.into_iter().chain(others).map(Reading::new).collect(),
            id: id.to_lowercase(),
        };
        let units = (0_u16..)
            .zip(&plan.district.units)
            .map(|(i, u)| entry(unit_names(UnitIx(i)).collect(), Vec::new(), &u.code))
            .collect();
        let projects = plan
            .projects
            .iter()
            .map(|p| {
                let own = std::iter::once(p.name.as_str()).chain(p.aliases.iter().map(String::as_str));
                let holders = std::iter::once(p.headquarters).chain(p.towns.iter().map(|t| t.0));
                entry(own.collect(), holders.flat_map(unit_names).collect(), &p.id)
            })
            .collect();
        Self { projects, units }
    }

    fn is_unit(&self, unit: UnitIx, word: &str) -> bool {
        self.units.get(unit.at()).is_some_and(|e| e.id == word || e.names.iter().any(|n| n.begins(word)))
    }

    /// Whether a code or a name of it begins so.
    fn is_unit_begun(&self, unit: UnitIx, word: &str) -> bool {
        self.is_unit(unit, word) || self.units.get(unit.at()).is_some_and(|e| e.id.starts_with(word))
    }

    /// Whether any unit has this code, or a name that begins so. Before the plan is read every unit may be.
    fn knows_unit(&self, word: &str) -> bool {
        let known = || (0_u16..).zip(&self.units).any(|(i, _)| self.is_unit(UnitIx(i), word));
        !word.is_empty() && (self.units.is_empty() || known())
    }

    /// How well a word fits a project's own names or its id.
    #[must_use]
    pub fn project(&self, project: ProjectIx, word: &str) -> Option<Fit> {
        fit(self.projects.get(project.at())?, word)
    }

    /// How well a word fits a unit's names or its code.
    #[must_use]
    pub fn unit(&self, unit: UnitIx, word: &str) -> Option<Fit> {
        fit(self.units.get(unit.at())?, word)
    }
}

/// Whether a word stands in an id, its hyphens typed or not.
fn has_id(id: &str, word: &str) -> bool {
    id.contains(word) || id.replace('-', "").contains(word)
}

fn fit(entry: &Entry, word: &str) -> Option<Fit> {
    if entry.id == word {
        return Some(Fit::Exact);
    }
    let id = has_id(&entry.id, word).then_some(Fit::Inside);
    entry.names[..entry.own].iter().filter_map(|n| n.fit(word)).chain(id).min()
}

/// 筛选条件, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    any: Vec<Vec<Term>>,
    text: String,
}

impl Filter {
    /// Reads a filter; whatever was typed is a filter, perhaps one that matches nothing. One that is too long is one term
    /// that cannot be read.
    #[must_use]
    pub fn parse(text: &str, of: Rows, index: &Index) -> Self {
        let too_long = text.chars().nth(LONGEST).is_some();
        let pieces = if too_long { Vec::new() } else { pieces(text) };
        if too_long || pieces.len() > MOST_TERMS {
            let all = Term { not: false, ask: Ask::Unreadable, at: 0..text.len() };
            return Self { any: vec![vec![all]], text: text.to_owned() };
        }
        let any = pieces.split(|(_, p)| p == "|").filter(|all| !all.is_empty());
        let any = any.map(|all| all.iter().map(|p| term(p.clone(), of, index)).collect()).collect();
        Self { any, text: text.to_owned() }
    }

    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty()
    }

    /// Where the terms stand whose key or value cannot be read.
    pub fn unreadable_at(&self) -> impl Iterator<Item = Range<usize>> {
        self.any.iter().flatten().filter(|t| t.ask == Ask::Unreadable).map(|t| t.at.clone())
    }

    /// The terms whose key or value cannot be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable_at().map(|at| &self.text[at])
    }

    /// The words that are looked for.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        let terms = self.any.iter().flatten().filter(|t| !t.not);
        terms.filter_map(|t| if let Ask::Word(w) = &t.ask { Some(w.as_str()) } else { None })
    }

    /// Whether it asks for scores, which not everybody may see.
    #[must_use]
    pub fn asks_for_scores(&self) -> bool {
        self.any.iter().flatten().any(|t| matches!(t.ask, Ask::Compare(Key::Score, ..)))
    }

    fn holds(&self, mut answers: impl FnMut(&Ask) -> Option<bool>) -> bool {
        self.is_empty()
            || self.any.iter().any(|all| all.iter().all(|t| answers(&t.ask).is_some_and(|yes| yes != t.not)))
    }

    /// Whether a row with these texts and nothing else passes.
    #[must_use]
    pub fn text(&self, texts: &[&str]) -> bool {
        self.holds(|ask| match ask {
            Ask::Word(w) => Some(texts.iter().any(|t| matches_text(t, w))),
            _ => None,
        })
    }

    /// Whether an entry of the ledger passes: its words, the project it is about, the key of its record.
    #[must_use]
    pub fn entry(&self, index: &Index, texts: &[&str], project: Option<ProjectIx>, key: &str) -> bool {
        if self.is_empty() {
            return true;
        }
        let (texts, key): (Vec<Reading>, _) = (texts.iter().map(|t| Reading::new(t)).collect(), key.to_lowercase());
        let about = project.and_then(|p| index.projects.get(p.at()));
        self.holds(|ask| match ask {
            Ask::Word(w) => Some(has_id(&key, w) || texts.iter().any(|t| t.has(w)) || about.is_some_and(|e| e.has(w))),
            Ask::Field(Key::Id, values) => Some(values.iter().any(|v| key.contains(v))),
            Ask::Field(..) | Ask::Compare(..) | Ask::Unreadable => None,
        })
    }

    /// Whether a project passes.
    #[must_use]
    pub fn project(&self, data: &Snapshot, index: &Index, actor: &Actor, ix: ProjectIx) -> bool {
        if self.is_empty() {
            return true;
        }
        let (p, at) = (data.plan.project(ix), data.board_date());
        let standing = data.standing(ix);
        self.holds(|ask| {
            Some(match ask {
                Ask::Word(w) => index.projects.get(ix.at()).is_some_and(|e| e.has(w)),
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
                            let towns = p.holders(BoardKind::Towns, at);
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
                        Key::State | Key::Score | Key::Lag | Key::Amount | Key::Percent | Key::Due | Key::Left => {
                            return None;
                        }
                    };
                    values.iter().any(|v| one(v))
                }
                Ask::Compare(Key::Due, than, limit) => {
                    let limit = limit.day(data.plan.district.year)?;
                    next_due(data, ix).is_some_and(|due| than.holds(due, limit))
                }
                Ask::Compare(key, than, Limit::Number(n)) => {
                    let figure = match key {
                        Key::Lag => standing.lag_days,
                        Key::Left => next_due(data, ix).map(|due| days_between(at, due)),
                        Key::Amount => p.total_investment.and_then(Money::in_yuan),
                        Key::Percent => data.progress_at(ix, at).and_then(|(_, r)| r.percent).map(|p| p.0),
                        Key::Score => seen_score(data, actor, ix).and_then(|s| s.score).map(|p| p.0),
                        _ => return None,
                    };
                    figure.is_some_and(|f| than.holds(f, *n))
                }
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
                    has_id(&id.to_lowercase(), w)
                        || Reading::new(&r.finding).has(w)
                        || is_state(r.state_at(day), w)
                        || project.and_then(|p| index.projects.get(p.at())).is_some_and(|e| e.has(w))
                        || data.plan.unit_ix(&r.unit).and_then(|u| index.units.get(u.at())).is_some_and(|e| e.has(w))
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
                Ask::Compare(Key::Left, than, Limit::Number(n)) => {
                    !r.closed_by(day) && than.holds(days_between(day, r.due), *n)
                }
                Ask::Compare(Key::Due, than, limit) => than.holds(r.due, limit.day(data.plan.district.year)?),
                Ask::Field(..) | Ask::Compare(..) | Ask::Unreadable => return None,
            })
        })
    }
}

/// Whether a word is in what a state is called: its words in both languages, its id, their readings.
fn is_state(state: RectificationState, word: &str) -> bool {
    let (zh, en) = state.both();
    en.to_lowercase().replace(' ', "_").contains(word) || [zh, en].iter().any(|name| Reading::new(name).has(word))
}

/// The filter for what a unit answers for.
#[must_use]
pub fn of_unit(data: &Snapshot, unit: UnitIx) -> String {
    let unit = data.plan.unit(unit);
    let key = if unit.kind == UnitKind::Town { "town" } else { "hq" };
    format!("{key}:{}", unit.code.to_lowercase())
}

/// The day that the next milestone of a project is due; none once all are done.
#[must_use]
pub fn next_due(data: &Snapshot, project: ProjectIx) -> Option<Date> {
    let next = data.standing(project).next?;
    data.plan.milestones(project).get(next).map(|m| m.due)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Filter {
        Filter::parse(text, Rows::Projects, &Index::default())
    }

    #[test]
    fn a_filter_is_read_into_terms() {
        let f = parsed("lcz | 学校　!status:滞后 lag>=30");
        assert_eq!(f.any.len(), 2);
        assert!(f.any[1][1].not && f.any[1][1].ask == Ask::Field(Key::Status, vec!["behind".to_owned()]));
        assert_eq!(f.any[1].len(), 3);
        assert_eq!(f.unreadable().count(), 0);
        assert_eq!(f.words().collect::<Vec<_>>(), ["lcz", "学校"]);
        assert!(parsed("  | ").is_empty());
    }

    #[test]
    fn a_filter_without_end_is_not_read() {
        let (short, long) = ("学".repeat(500), "学".repeat(501));
        assert_eq!(parsed(&short).unreadable().count(), 0);
        assert_eq!(parsed(&long).unreadable().collect::<Vec<_>>(), [long.as_str()]);
        assert_eq!(parsed(&"a ".repeat(50)).unreadable().count(), 0);
        assert_eq!(parsed(&"a ".repeat(51)).unreadable().count(), 1);
        assert!(!parsed(&long).holds(|ask| (*ask != Ask::Unreadable).then_some(true)), "it matches nothing");
    }

    #[test]
    fn what_looks_like_sql_is_a_word_that_is_not_there() {
        let index = Index::default();
        for text in ["'; DROP TABLE ledger;--", "1 OR 1=1", "\" OR \"\"=\"", "%' UNION SELECT * FROM record--"] {
            assert!(!Filter::parse(text, Rows::Projects, &index).is_empty(), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named_and_matches_nothing() {
        let f = parsed("colour:red lag>x !status:late town:KD,DZ");
        assert_eq!(f.unreadable().collect::<Vec<_>>(), ["colour:red", "lag>x", "!status:late"]);
        assert!(!parsed("!status:late").holds(|ask| (*ask != Ask::Unreadable).then_some(true)));
        assert_eq!(parsed("state:closed").unreadable().count(), 1, "a key that this table lacks");
        let of = |text| Filter::parse(text, Rows::Rectifications, &Index::default()).unreadable().count();
        assert_eq!((of("state:closed 状态:整改中 left<0"), of("lag>3 score>2 status:behind")), (0, 3));
    }
}
