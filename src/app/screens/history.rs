//! 记录. Who changed what, when and why.

use crate::app::action::Action;
use crate::app::copied::{self, Much};
use crate::app::cursor::Cursor;
use crate::app::filter::Rows;
use crate::app::form::open::{self, Doing};
use crate::app::place::Place;
use crate::app::record::{change, done_as, subject};
use crate::app::remembered::View;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish, about_project};
use crate::app::search::Search;
use crate::domain::change::Kind;
use crate::domain::district::UnitIx;
use crate::domain::explain::Question;
use crate::domain::snapshot::Snapshot;
pub use crate::store::{Chain, LedgerEntry};
use crate::store::{Error, Query};
use crate::text::Text;

/// So many entries are asked for at a time.
const PAGE: usize = 200;
/// With a filter so many of the newest are looked through; what is older is reached without one.
const LOOKED_THROUGH: usize = 2000;

/// Chips: the first filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chip {
    /// 全部
    #[default]
    All,
    /// 评分
    Scores,
    /// 打分
    Ballots,
    /// 整改
    Rectifications,
    /// 导入
    Imports,
    /// 轮次
    Rounds,
    /// 规则: the plan as applied, and what unknown names mean.
    Rules,
}

impl Chip {
    /// From left to right.
    pub const ALL: [Self; 7] =
        [Self::All, Self::Scores, Self::Ballots, Self::Rectifications, Self::Imports, Self::Rounds, Self::Rules];

    fn kinds(self) -> &'static [Kind] {
        match self {
            Self::All | Self::Imports => &[],
            Self::Scores => &[Kind::Score],
            Self::Ballots => &[Kind::Ballot],
            Self::Rectifications => &[Kind::Rectification],
            Self::Rounds => &[Kind::Round],
            Self::Rules => &[Kind::Plan, Kind::Resolution, Kind::Restore],
        }
    }
}

/// 记录
pub struct History {
    /// Chip in force.
    pub chip: Chip,
    /// 同一人: entries of this login alone.
    pub person: Option<String>,
    /// 同一对象: entries of this subject alone.
    pub subject: Option<String>,
    /// Entries of what belongs to this unit alone.
    pub unit: Option<UnitIx>,
    /// Newest first, as far as they were read; none before the store has answered.
    pub entries: Option<Vec<LedgerEntry>>,
    /// 筛选, among the entries that were read.
    pub search: Search,
    /// Numbers of those that pass it, the newest first.
    pub rows: Vec<u64>,
    /// There are no older ones.
    pub complete: bool,
    /// Why there are none to see.
    pub refused: Option<Error>,
    /// Number of the entry under the cursor.
    pub cursor: Cursor<u64>,
    /// What the store is reading.
    asked: Option<Query>,
    /// Newest entry of the district when the newest page was read.
    read_at: u64,
}

impl Default for History {
    fn default() -> Self {
        Self {
            chip: Chip::default(),
            person: None,
            subject: None,
            unit: None,
            entries: None,
            search: Search::of(Rows::Entries),
            rows: Vec::new(),
            complete: false,
            refused: None,
            cursor: Cursor::default(),
            asked: None,
            read_at: 0,
        }
    }
}

/// Whether an entry passes what is searched for.
fn passes(search: &Search, e: &LedgerEntry, sight: &Sight<'_>) -> bool {
    if search.filter().is_empty() {
        return true;
    }
    let data = sight.data;
    let person = data.plan.person(&e.actor).map_or("", |p| p.name.as_str());
    let (number, about) = (format!("#{}", e.seq), subject(e.kind, &e.key, data));
    let (before, after) = change(e, data);
    let done = done_as(e).pair();
    let words = [
        number.as_str(),
        &e.actor,
        person,
        done.0,
        done.1,
        &about,
        &e.reason,
        before.in_lang(sight.lang),
        after.in_lang(sight.lang),
    ];
    let project = e.key.split('/').find_map(|part| data.plan.project_ix(part));
    search.filter().entry(sight.index, &words, project, &e.key)
}

impl History {
    fn query(&self) -> Query {
        Query {
            subject: self.subject.clone(),
            record: None,
            kinds: self.chip.kinds().to_vec(),
            person: self.person.clone(),
            unit: self.unit,
            imported: self.chip == Chip::Imports,
            before: None,
            limit: PAGE,
        }
    }

    /// What it has to ask the store for now: the newest page where something is new, an older one where the cursor
    /// comes near the end of what was read.
    pub fn wants(&mut self, data: &Snapshot) -> Option<Query> {
        if self.asked.is_some() {
            return None;
        }
        let near_the_end = |read: usize| {
            let filtered = !self.search.filter().is_empty();
            self.cursor.place() + 2 * self.cursor.height >= self.rows.len() && !(filtered && read >= LOOKED_THROUGH)
        };
        let query = match &self.entries {
            None => self.query(),
            Some(_) if self.read_at != data.facts.seq => self.query(),
            Some(read) if !self.complete && near_the_end(read.len()) => {
                Query { before: read.last().map(|e| e.seq), ..self.query() }
            }
            Some(_) => return None,
        };
        if query.before.is_none() {
            self.read_at = data.facts.seq;
        }
        self.asked = Some(query.clone());
        Some(query)
    }

    /// The store's answer, if it is the one that is waited for.
    pub fn answered(&mut self, of: &Query, found: Result<Vec<LedgerEntry>, Error>) {
        if self.asked.as_ref() != Some(of) {
            return;
        }
        self.asked = None;
        let mut found = match found {
            Ok(found) => found,
            Err(error) => {
                (self.refused, self.complete) = (Some(error), true);
                self.entries.get_or_insert_default();
                return;
            }
        };
        self.refused = None;
        found.reverse();
        let whole = found.len() < of.limit;
        let read = self.entries.get_or_insert_default();
        let gap = |old: &LedgerEntry| found.last().is_none_or(|f| f.seq > old.seq + 1) && !whole;
        if of.before.is_some() {
            read.extend(found);
            self.complete = whole;
        } else if read.first().is_none_or(gap) {
            *read = found;
            self.complete = whole;
        } else {
            let newest = read.first().map_or(0, |e| e.seq);
            found.retain(|e| e.seq > newest);
            read.splice(0..0, found);
        }
    }

    /// The entries that pass the filter, the newest first.
    pub fn shown(&self) -> impl Iterator<Item = &LedgerEntry> {
        // Both stand in one order, so each is looked for behind the last one.
        let mut read = self.entries.iter().flatten();
        self.rows.iter().filter_map(move |seq| read.find(|e| e.seq == *seq))
    }

    /// The person may not read the ledger.
    pub fn refuse(&mut self, error: Error) {
        (self.entries, self.refused, self.complete) = (Some(Vec::new()), Some(error), true);
    }

    /// The entry under the cursor.
    #[must_use]
    pub fn selected(&self) -> Option<&LedgerEntry> {
        let seq = self.cursor.item()?;
        self.entries.as_ref()?.iter().find(|e| e.seq == seq)
    }

    /// Whether anything narrows the list.
    #[must_use]
    pub fn narrowed(&self) -> bool {
        self.chip != Chip::All || self.person.is_some() || self.subject.is_some() || self.unit.is_some()
    }

    /// Shows the entries of a subject, and nothing else.
    pub fn only(&mut self, subject: String) {
        self.widen();
        self.subject = Some(subject);
        self.anew();
    }

    /// Shows the entries of what belongs to a unit, and nothing else.
    pub fn of_unit(&mut self, unit: UnitIx) {
        self.widen();
        self.unit = Some(unit);
        self.anew();
    }

    fn widen(&mut self) {
        (self.chip, self.person, self.subject, self.unit) = (Chip::All, None, None, None);
        self.search.clear();
    }

    /// Another selection: what was read belongs to the old one; the cursor keeps its entry where it is in both.
    fn anew(&mut self) {
        (self.entries, self.complete, self.asked, self.refused) = (None, false, None, None);
        self.rows.clear();
        self.cursor.top = 0;
    }

    fn step_chip(&mut self, by: isize) {
        let at = Chip::ALL.iter().position(|c| *c == self.chip).unwrap_or(0);
        if let Some(chip) = at.checked_add_signed(by).and_then(|i| Chip::ALL.get(i)) {
            self.chip = *chip;
            self.anew();
        }
    }

    fn same_person(&mut self) {
        let login = self.selected().map(|e| e.actor.clone());
        self.person = if self.person.is_some() { None } else { login };
        self.anew();
    }

    fn same_subject(&mut self) {
        let subject = self.selected().map(|e| format!("{}:{}", e.kind_name, e.key));
        self.subject = if self.subject.is_some() { None } else { subject };
        self.anew();
    }
}

impl Screen for History {
    fn list(&mut self, sight: &Sight<'_>) {
        let read = self.entries.iter().flatten();
        self.rows = read.filter(|e| passes(&self.search, e, sight)).map(|e| e.seq).collect();
        if self.entries.is_some() {
            self.cursor.refresh(&self.rows);
        }
    }

    fn kept(&self, data: &Snapshot) -> Option<View> {
        let newest = self.entries.iter().flatten().map(|e| e.seq).next();
        // Whoever stood on the newest entry wants to see the newest one next time too.
        let row = self.cursor.item().filter(|seq| Some(*seq) != newest);
        Some(View {
            chip: Chip::ALL.iter().position(|c| *c == self.chip).unwrap_or(0),
            person: self.person.clone().unwrap_or_default(),
            subject: self.subject.clone().unwrap_or_default(),
            unit: self.unit.map(|u| data.plan.unit(u).code.clone()).unwrap_or_default(),
            row: row.map(|seq| seq.to_string()).unwrap_or_default(),
            filter: self.search.text().to_owned(),
            past: self.search.past().to_vec(),
            ..View::default()
        })
    }

    fn restore(&mut self, kept: &View, sight: &Sight<'_>) {
        let some = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
        self.chip = Chip::ALL.get(kept.chip).copied().unwrap_or_default();
        (self.person, self.subject) = (some(&kept.person), some(&kept.subject));
        self.unit = sight.data.plan.unit_ix(&kept.unit);
        self.search.remember(&kept.past);
        self.search.set(&kept.filter, sight.index);
        self.anew();
        if let Ok(seq) = kept.row.parse() {
            // The list is read later; until then it is known by this entry alone.
            self.cursor.go(&[seq], 0);
        }
    }

    fn context(&self) -> Context {
        if self.search.field().is_some() { Context::Field } else { Context::History }
    }

    fn search(&self) -> Option<&Search> {
        Some(&self.search)
    }

    fn search_mut(&mut self) -> Option<&mut Search> {
        Some(&mut self.search)
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        self.search.typed(sight.index);
        self.list(sight);
        self.cursor.go(&self.rows, 0);
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        if let Some(done) = self.find(action, sight) {
            return done;
        }
        match action {
            Action::BlockNext | Action::ColumnNext => self.step_chip(1),
            Action::BlockPrev | Action::ColumnPrev => self.step_chip(-1),
            Action::SamePerson => self.same_person(),
            Action::SameSubject => self.same_subject(),
            Action::Open => return self.selected().cloned().map(Wish::Entry).into_iter().collect(),
            Action::Edit | Action::Withdraw => {
                let entry = self.selected();
                let doing = Doing::of(action);
                let wish = entry.map(|e| open::of_entry(e.kind, &e.key, doing, sight));
                return vec![wish.unwrap_or_else(|| Wish::Say(Message::plain(Text::NoRow.both(&[]))))];
            }
            Action::Related => {
                let Some(entry) = self.selected() else { return Vec::new() };
                return vec![match Place::of_entry(entry, sight.data) {
                    Some(place) => Wish::Show(place),
                    None => Wish::Say(Message::plain(Text::NoPlace.both(&[]))),
                }];
            }
            Action::Back if self.narrowed() => {
                self.widen();
                self.anew();
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                if !self.cursor.take(action, &self.rows) {
                    return vec![Wish::Say(Message::plain(Text::NotHere.both(&[])))];
                }
            }
        }
        Vec::new()
    }

    fn copied(&self, much: Much, sight: &Sight<'_>) -> Option<Wish> {
        let shown: Vec<&LedgerEntry> = self.shown().collect();
        let rows: Vec<_> =
            much.of(&shown, std::iter::empty(), self.selected()).into_iter().map(|e| copied::entry(sight, e)).collect();
        (!rows.is_empty()).then(|| copied::sent(much, copied::ENTRIES, &rows, sight.lang))
    }

    /// What the entry under the cursor is a record of.
    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let (data, entry) = (sight.data, self.selected()?);
        let (plan, facts) = (&data.plan, &data.facts);
        let mut parts = entry.key.split('/');
        let (first, second, third) = (parts.next()?, parts.next(), parts.next());
        match entry.kind? {
            Kind::Score => Some(about_project(sight, plan.project_ix(second?)?, plan.round_ix(first))),
            Kind::Ballot => Some(Question::Panel { project: plan.project_ix(third?)?, round: plan.round_ix(first)? }),
            Kind::Milestone | Kind::Progress => {
                Some(about_project(sight, plan.project_ix(first)?, data.assessment_round()))
            }
            Kind::Rectification => {
                facts.rectifications.iter().position(|(id, _)| *id == entry.key).map(Question::Rectification)
            }
            Kind::Indicator => plan.targets.indicators.iter().position(|i| i.id == first).map(Question::Indicator),
            Kind::Goal => plan.targets.goals.iter().position(|g| g.id == first).map(Question::Goal),
            Kind::Incident | Kind::Attraction | Kind::Round | Kind::Resolution | Kind::Plan | Kind::Restore => None,
        }
    }

    fn clause(&self, _sight: &Sight<'_>) -> Option<String> {
        let entry = self.selected().filter(|e| e.kind == Some(Kind::Score))?;
        entry.key.split('/').nth(2).map(|criterion| format!("criterion.{criterion}"))
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.search.read(sight.index);
        self.list(sight);
    }
}
