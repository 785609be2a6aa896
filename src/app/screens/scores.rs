//! 评分：认定. One headquarters at a time, projects by row, criteria by column.

use std::collections::BTreeMap;

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::{Edit, Field};
use crate::app::screens::ballots::beside;
use crate::app::screen::{Context, Message, Screen, Sight, Wish, about_project, may_see};
use crate::domain::change::Draft;
use crate::domain::change::{Change, Record, Refusal, Subject};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx, UnitKind};
use crate::domain::explain::Question;
use crate::domain::project::BoardKind;
use crate::domain::score::{Part, ProjectScore, ScoreState, Suggestion};
use crate::domain::scoring::{Basis, ScoreRecord};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Points};
use crate::store;
use crate::text::Text;

/// 格: a project and the place of a criterion.
pub type Cell = (ProjectIx, usize);

/// 未保存: a value that was refused and stays in its cell.
#[derive(Clone, Debug)]
pub struct Invalid {
    /// As typed.
    pub typed: String,
    /// Which rule, and what now.
    pub why: Bilingual,
    /// Somebody changed the cell first: what is stored now.
    first: Option<Seen>,
}

/// 冲突: somebody changed the cell first.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Which cell.
    pub cell: Cell,
    /// As typed.
    pub typed: String,
    /// Both values, and what now.
    pub line: Bilingual,
    seen: Seen,
}

/// 本格: an open cell.
#[derive(Clone, Debug)]
pub struct Editor {
    /// The text.
    pub field: Field,
    /// Opened by typing: Left and Right save and move.
    pub overwrites: bool,
    /// Which cell.
    pub cell: Cell,
    seen: Seen,
}

/// What the save must still find: the entry and its value that the person knew of; 0 = none.
#[derive(Clone, Debug, Default)]
struct Seen {
    seq: u64,
    value: Option<ScoreRecord>,
}

/// 理由: a value that differs from the suggestion waits for its reason.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The reason.
    pub field: Field,
    /// Which cell.
    pub cell: Cell,
    /// As typed.
    pub typed: String,
    /// What stands before the field.
    pub label: Text,
    go: Go,
    seen: Seen,
}

/// 最近改动: what this session saved here.
#[derive(Clone, Debug)]
pub struct Recent {
    /// Which cell.
    pub cell: Cell,
    /// Effective points before.
    pub before: Option<Points>,
    /// As typed; none = cleared.
    pub after: Option<Points>,
    /// Number of the entry; none while it is on its way.
    pub seq: Option<u64>,
    ticket: u64,
}

/// Where the cursor goes after a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Go {
    Down,
    Up,
    Left,
    Right,
}

struct Pending {
    cell: Cell,
    typed: String,
    drafts: Vec<Draft>,
    /// Not sent yet: an earlier save of the same cell is on its way.
    waits: bool,
}

/// 评分
#[derive(Default)]
pub struct Scores {
    /// The round that is scored.
    pub round: Option<RoundIx>,
    /// The person has chosen it.
    chosen: bool,
    /// The headquarters that is shown.
    pub unit: Option<UnitIx>,
    /// The focus is on the selector of row 1, not in the grid.
    pub selecting: bool,
    /// Projects of the headquarters that the round assesses.
    pub rows: Vec<ProjectIx>,
    /// The project.
    pub cursor: Cursor<ProjectIx>,
    /// Place of the criterion.
    pub column: usize,
    /// The open cell.
    pub editor: Option<Editor>,
    /// The prompt for a reason.
    pub prompt: Option<Prompt>,
    /// A conflict that waits for an answer.
    pub conflict: Option<Conflict>,
    /// Values that were refused.
    pub invalid: BTreeMap<Cell, Invalid>,
    /// Newest first.
    pub recent: Vec<Recent>,
    pending: BTreeMap<u64, Pending>,
    /// Saved since the last data: the picture does not show it yet.
    known: BTreeMap<Cell, Seen>,
    last_reason: String,
}

/// Whether a cell still wants an entry: nothing stored, and not out of use.
#[must_use]
pub fn wants_entry(part: &Part) -> bool {
    matches!(part.basis, Basis::Derived | Basis::Missing)
}

/// The stored record of a cell.
fn stored(data: &Snapshot, round: RoundIx, cell: Cell) -> Seen {
    let kept = data.facts.scores.get(round.at()).and_then(|s| s.get(&cell));
    kept.map_or_else(Seen::default, |k| Seen { seq: k.seq, value: Some(k.value.clone()) })
}

impl Scores {
    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<Cell> {
        self.cursor.item().map(|p| (p, self.column))
    }

    /// What is on its way for a cell, as typed.
    #[must_use]
    pub fn on_its_way(&self, cell: Cell) -> Option<&str> {
        self.pending.values().rev().find(|p| p.cell == cell).map(|p| p.typed.as_str())
    }

    /// Headquarters with projects in the round, in plan order.
    #[must_use]
    pub fn units(&self, data: &Snapshot) -> Vec<UnitIx> {
        let Some(round) = self.round else { return Vec::new() };
        data.plan.units_of(UnitKind::Headquarters).filter(|u| !rows(data, round, *u).is_empty()).collect()
    }

    /// The score of a project in the round.
    #[must_use]
    pub fn score<'a>(&self, data: &'a Snapshot, project: ProjectIx) -> Option<&'a ProjectScore> {
        data.assessment(self.round?)?.scores.get(project.at())
    }

    /// Part of a cell.
    #[must_use]
    pub fn part<'a>(&self, data: &'a Snapshot, (project, criterion): Cell) -> Option<&'a Part> {
        self.score(data, project)?.parts.get(criterion)
    }

    /// Certified projects and all, of the shown rows and of the whole round.
    #[must_use]
    pub fn certified(&self, data: &Snapshot) -> [(usize, usize); 2] {
        let count = |all: &mut dyn Iterator<Item = &ProjectScore>| {
            all.filter(|s| s.state != ScoreState::OutOfScope)
                .fold((0, 0), |(c, n), s| (c + usize::from(s.state == ScoreState::Certified), n + 1))
        };
        let whole = self.round.and_then(|r| data.assessment(r)).map_or((0, 0), |a| count(&mut a.scores.iter()));
        [count(&mut self.rows.iter().filter_map(|p| self.score(data, *p))), whole]
    }

    /// Shows another assessment.
    pub fn show_round(&mut self, round: RoundIx, sight: &Sight<'_>) {
        (self.round, self.chosen, self.selecting) = (Some(round), true, false);
        self.refresh(sight);
    }

    /// Shows a project, wherever it is.
    pub fn show(&mut self, data: &Snapshot, project: ProjectIx) {
        if let Some(round) = self.round {
            self.choose(data, data.plan.project(project).headquarters_at(data.round_date(round)));
            self.cursor.point(&self.rows, project);
        }
    }

    fn choose(&mut self, data: &Snapshot, unit: UnitIx) {
        if let Some(round) = self.round {
            self.rows = rows(data, round, unit);
            self.unit = Some(unit);
            self.cursor.refresh(&self.rows);
        }
    }

    fn step_unit(&mut self, data: &Snapshot, by: isize) {
        let units = self.units(data);
        let at = units.iter().position(|u| Some(*u) == self.unit).unwrap_or(0);
        if let Some(unit) = at.checked_add_signed(by).and_then(|i| units.get(i)) {
            self.choose(data, *unit);
            self.cursor.go(&self.rows, 0);
        }
    }

    fn step(&mut self, data: &Snapshot, go: Go) {
        let last = data.plan.rules.criteria.len().saturating_sub(1);
        match go {
            Go::Down => self.cursor.step(&self.rows, 1),
            Go::Up => self.cursor.step(&self.rows, -1),
            Go::Left => self.column = self.column.saturating_sub(1),
            Go::Right => self.column = (self.column + 1).min(last),
        }
    }

    /// A conflict shows when the cursor comes back to its cell, and refused values say why.
    fn arrive(&mut self) -> Vec<Wish> {
        let Some(cell) = self.cell() else { return Vec::new() };
        let Some(Invalid { typed, why, first }) = self.invalid.get(&cell).cloned() else { return Vec::new() };
        if let Some(seen) = first {
            self.conflict = Some(Conflict { cell, typed, line: why, seen });
            return Vec::new();
        }
        vec![Wish::Say(Message::loud(why))]
    }

    fn open(&mut self, cell: Cell, text: String, overwrites: bool, seen: Seen) {
        self.editor = Some(Editor { field: Field::new(text), overwrites, cell, seen });
    }

    /// What is stored in a cell as far as this session knows: its own newest save may not be in the picture yet.
    fn seen(&self, data: &Snapshot, round: RoundIx, cell: Cell) -> Seen {
        self.known.get(&cell).cloned().unwrap_or_else(|| stored(data, round, cell))
    }

    /// Whether the person may score the cell now; answers whether a reason is needed whatever the value.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, sight: &Sight<'_>, cell: Cell) -> Result<bool, Bilingual> {
        let data = sight.data;
        let Some(round) = self.round else { return Err(Text::NothingToScore.both(&[])) };
        if let Some(day) = data.as_of {
            return Err(Text::PastDay.both(&[&day]));
        }
        let state = data.round_state(round);
        if state != crate::domain::round::RoundState::Open {
            return Err(Refusal::RoundNotOpen(state).text());
        }
        let matter = store::Matter::in_round(&data.plan, round, &data.plan.project(cell.0).id, state);
        match store::may(sight.actor, store::Action::Score, &matter) {
            Ok(()) => Ok(false),
            Err(store::Error::ReasonNeeded) => Ok(true),
            Err(error) => Err(error.text()),
        }
    }

    fn begin(&mut self, sight: &Sight<'_>, text: Option<char>) -> Vec<Wish> {
        let (Some(cell), Some(round)) = (self.cell(), self.round) else { return Vec::new() };
        if let Err(why) = self.may(sight, cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        if self.invalid.get(&cell).is_some_and(|i| i.first.is_some()) {
            return self.arrive();
        }
        let seen = self.seen(sight.data, round, cell);
        match text {
            Some(c) => self.open(cell, c.to_string(), true, seen),
            None => {
                let shown = self.invalid.get(&cell).map(|i| i.typed.clone());
                let points = || self.part(sight.data, cell).and_then(|p| p.points).map(Points::short);
                self.open(cell, shown.or_else(points).unwrap_or_default(), false, seen);
            }
        }
        Vec::new()
    }

    /// Checks what was typed and saves it, or leaves it in its cell and names the rule.
    fn commit(&mut self, sight: &Sight<'_>, go: Go) -> Vec<Wish> {
        let Some(editor) = self.editor.take() else { return Vec::new() };
        let typed = editor.field.text().trim().to_owned();
        if typed.is_empty() {
            self.step(sight.data, go);
            return self.arrive();
        }
        self.enter(sight, editor.cell, &typed, editor.seen, None, go)
    }

    fn enter(
        &mut self,
        sight: &Sight<'_>,
        cell: Cell,
        typed: &str,
        seen: Seen,
        reason: Option<&str>,
        go: Go,
    ) -> Vec<Wish> {
        let (data, Some(round)) = (sight.data, self.round) else { return Vec::new() };
        let entry = Points::score(typed)
            .map_err(|e| match e {
                crate::domain::value::ValueError::TooFine => Refusal::TooFine,
                _ => Refusal::NotANumber,
            })
            .and_then(|points| data.score_entry(round, cell.0, cell.1, Some(points), reason.unwrap_or_default()));
        let record = match entry {
            Ok(record) => record,
            Err(refusal) => return self.refuse(sight, cell, typed, &refusal.text()),
        };
        let always = match self.may(sight, cell) {
            Ok(always) => always,
            Err(why) => return self.refuse(sight, cell, typed, &why),
        };
        let same = |k: &ScoreRecord| k.points == record.points && k.basis == record.basis;
        if reason.is_none() && seen.value.as_ref().is_some_and(same) {
            self.invalid.remove(&cell);
            self.step(data, go);
            return vec![Wish::Say(Message::plain(Text::Unchanged.both(&[])))];
        }
        // A value of one's own is explained where the facts suggest another one, and nowhere else.
        let suggested = self.part(data, cell).is_some_and(|p| p.suggestion.value().is_some());
        if reason.is_none() && (always || (record.basis == Basis::Override && suggested)) {
            let label = if always { Text::ReasonOf } else { Text::ReasonPrompt };
            self.ask(cell, typed, label, go, seen);
            return Vec::new();
        }
        self.invalid.remove(&cell);
        let wish = save(data, round, cell, seen, Some(record), typed, reason.unwrap_or_default());
        self.step(data, go);
        let mut wishes = vec![wish];
        wishes.extend(self.arrive());
        wishes
    }

    /// Asks for a reason, the last one proposed.
    fn ask(&mut self, cell: Cell, typed: &str, label: Text, go: Go, seen: Seen) {
        let field = Field::new(self.last_reason.clone());
        self.prompt = Some(Prompt { field, cell, typed: typed.to_owned(), label, go, seen });
    }

    fn refuse(&mut self, sight: &Sight<'_>, cell: Cell, typed: &str, why: &Bilingual) -> Vec<Wish> {
        let label = &sight.data.plan.rules.criteria[cell.1].label;
        let line = Text::RefusedCell.both2(&[label, &typed, &why.zh], &[label, &typed, &why.en]);
        self.invalid.insert(cell, Invalid { typed: typed.to_owned(), why: line.clone(), first: None });
        vec![Wish::Say(Message::loud(line))]
    }

    fn adopt(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(cell), Some(round)) = (self.cell(), self.round) else { return Vec::new() };
        if let Err(why) = self.may(sight, cell) {
            return vec![Wish::Say(Message::loud(why))];
        }
        match self.part(sight.data, cell).map(|p| p.suggestion) {
            Some(Suggestion::Value(points)) => {
                let seen = self.seen(sight.data, round, cell);
                self.enter(sight, cell, &points.short(), seen, None, Go::Down)
            }
            _ => vec![Wish::Say(Message::plain(Text::NothingToAdopt.both(&[])))],
        }
    }

    fn clear(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(cell), Some(round)) = (self.cell(), self.round) else { return Vec::new() };
        if let Some(dropped) = self.invalid.remove(&cell) {
            return vec![Wish::Say(Message::plain(Text::Dropped.both(&[&dropped.typed])))];
        }
        let always = match self.may(sight, cell) {
            Ok(always) => always,
            Err(why) => return vec![Wish::Say(Message::loud(why))],
        };
        let seen = self.seen(sight.data, round, cell);
        if seen.value.is_none() {
            return vec![Wish::Say(Message::plain(Text::NothingToClear.both(&[])))];
        }
        if always {
            self.ask(cell, CLEARED, Text::ReasonOf, Go::Down, seen);
            return Vec::new();
        }
        vec![save(sight.data, round, cell, seen, None, CLEARED, "")]
    }

    fn missing(&mut self, data: &Snapshot, forward: bool) -> Vec<Wish> {
        let Some(round) = self.round else { return Vec::new() };
        let columns = data.plan.rules.criteria.len();
        let all: Vec<(UnitIx, ProjectIx)> =
            self.units(data).into_iter().flat_map(|u| rows(data, round, u).into_iter().map(move |p| (u, p))).collect();
        // Down the column first, as Enter goes.
        let cells: Vec<(UnitIx, Cell)> =
            (0..columns).flat_map(|c| all.iter().map(move |(u, p)| (*u, (*p, c)))).collect();
        let here = self.cell().and_then(|c| cells.iter().position(|(_, x)| *x == c)).unwrap_or(0);
        let n = cells.len();
        let open =
            |i: &usize| self.part(data, cells[*i].1).is_some_and(wants_entry) && self.on_its_way(cells[*i].1).is_none();
        let found = (1..n).map(|k| if forward { (here + k) % n } else { (here + n - k) % n }).find(open);
        match found.map(|i| cells[i]) {
            Some((unit, (project, column))) => {
                self.choose(data, unit);
                self.cursor.point(&self.rows, project);
                self.column = column;
                self.arrive()
            }
            None => vec![Wish::Say(Message::plain(Text::NoneMissing.both(&[])))],
        }
    }

    fn next_invalid(&mut self, data: &Snapshot) -> Vec<Wish> {
        let here = self.cell();
        let after = self.invalid.keys().find(|c| Some(**c) > here).or_else(|| self.invalid.keys().next());
        match after.copied() {
            Some((project, column)) => {
                self.show(data, project);
                self.column = column;
                self.arrive()
            }
            None => vec![Wish::Say(Message::plain(Text::NoneInvalid.both(&[])))],
        }
    }

    /// The app is about to send a save under this ticket; answers whether it goes out now. A second save of a cell
    /// waits for the first, so that nobody conflicts with himself.
    pub fn sent(&mut self, ticket: u64, cell: Cell, typed: &str, drafts: &[Draft], data: &Snapshot) -> bool {
        let before = match self.pending.values().rev().find(|p| p.cell == cell) {
            Some(p) => Points::parse(&p.typed).ok(),
            None => self.part(data, cell).and_then(|p| p.points),
        };
        let waits = self.on_its_way(cell).is_some();
        self.pending.insert(ticket, Pending { cell, typed: typed.to_owned(), drafts: drafts.to_vec(), waits });
        self.recent.insert(0, Recent { cell, before, after: Points::parse(typed).ok(), seq: None, ticket });
        self.recent.truncate(20);
        !waits
    }

    /// The store has committed, or found nothing different. Answers the save of the same cell that waited for it.
    pub fn saved(&mut self, ticket: u64, seq: Option<u64>) -> Option<(u64, Vec<Draft>)> {
        let done = self.pending.remove(&ticket)?;
        let Some(seq) = seq else {
            self.recent.retain(|r| r.ticket != ticket);
            return self.release(done.cell, None);
        };
        if let Some(r) = self.recent.iter_mut().find(|r| r.ticket == ticket) {
            r.seq = Some(seq);
        }
        let after = done.drafts.last().and_then(|d| d.change.after.clone());
        let value = after.and_then(|r| if let Record::Score(s) = r { Some(s) } else { None });
        let seen = Seen { seq, value };
        if let Some(e) = self.editor.as_mut().filter(|e| e.cell == done.cell) {
            e.seen = seen.clone();
        }
        if let Some(p) = self.prompt.as_mut().filter(|p| p.cell == done.cell) {
            p.seen = seen.clone();
        }
        self.known.insert(done.cell, seen.clone());
        self.release(done.cell, Some(&seen))
    }

    fn release(&mut self, cell: Cell, seen: Option<&Seen>) -> Option<(u64, Vec<Draft>)> {
        let (ticket, next) = self.pending.iter_mut().find(|(_, p)| p.waits && p.cell == cell)?;
        next.waits = false;
        if let (Some(seen), Some(draft)) = (seen, next.drafts.first_mut()) {
            draft.base = Some(seen.seq);
            draft.change.before = seen.value.clone().map(Record::Score);
        }
        Some((*ticket, next.drafts.clone()))
    }

    /// A cell that looked empty had been cleared before: nobody's value is lost if it is saved on top of that entry.
    pub fn retry(&mut self, ticket: u64, seq: u64) -> Option<Vec<Draft>> {
        let drafts = &mut self.pending.get_mut(&ticket)?.drafts;
        let [draft] = &mut drafts[..] else { return None };
        if draft.change.before.is_some() || draft.base == Some(seq) {
            return None;
        }
        draft.base = Some(seq);
        Some(drafts.clone())
    }

    /// The store has refused; what was typed stays in its cell. Answers the line that says why.
    pub fn refused(
        &mut self,
        ticket: u64,
        why: &Bilingual,
        first: Option<&store::Conflict>,
        data: &Snapshot,
    ) -> Option<Bilingual> {
        let Pending { cell, typed, .. } = self.pending.remove(&ticket)?;
        self.recent.retain(|r| r.ticket != ticket);
        // What waited for it rests on a value that was never stored: the newer text is the one that stays.
        let later: Vec<u64> = self.pending.iter().filter(|(_, p)| p.waits && p.cell == cell).map(|(t, _)| *t).collect();
        let mut typed = typed;
        for ticket in later {
            if let Some(p) = self.pending.remove(&ticket) {
                typed = p.typed;
            }
            self.recent.retain(|r| r.ticket != ticket);
        }
        let line = if first.is_some() {
            Text::ConflictLine.both2(&[&why.zh, &typed], &[&why.en, &typed])
        } else {
            let label = &data.plan.rules.criteria[cell.1].label;
            Text::RefusedCell.both2(&[label, &typed, &why.zh], &[label, &typed, &why.en])
        };
        let seen = first.map(|c| {
            let value = if let Some(Record::Score(r)) = &c.theirs { Some(r.clone()) } else { None };
            Seen { seq: c.seq, value }
        });
        self.invalid.insert(cell, Invalid { typed: typed.clone(), why: line.clone(), first: seen.clone() });
        if let Some(seen) = seen.filter(|_| self.editor.is_none() && self.prompt.is_none()) {
            self.show(data, cell.0);
            self.column = cell.1;
            self.conflict = Some(Conflict { cell, typed, line: line.clone(), seen });
        }
        Some(line)
    }

    /// An entry was taken back or done again: the list of changes follows. Answers what the entry changed, in words.
    pub fn turned(&mut self, entry: &store::LedgerEntry, of: u64, undo: bool, data: &Snapshot) -> Option<String> {
        self.recent.retain(|r| r.seq != Some(of));
        let mut key = entry.key.split('/').skip(1);
        let project = data.plan.project_ix(key.next()?)?;
        let id = key.next()?;
        let criterion = data.plan.rules.criteria.iter().position(|c| c.id == id)?;
        let points = |json: &Option<String>| {
            json.as_deref().and_then(|j| serde_json::from_str::<ScoreRecord>(j).ok()).and_then(|r| r.points)
        };
        let (before, after) = (points(&entry.before), points(&entry.after));
        if !undo {
            let cell = (project, criterion);
            self.recent.insert(0, Recent { cell, before, after, seq: Some(entry.seq), ticket: 0 });
        }
        let value = |p: Option<Points>| p.map_or_else(|| CLEARED.to_owned(), Points::short);
        let (name, label) = (&data.plan.project(project).id, &data.plan.rules.criteria[criterion].label);
        Some(format!("{name} {label} {} -> {}", value(before), value(after)))
    }

    /// What was typed and is not stored: refused values, the open cell, what waits for its reason.
    fn unsaved(&self) -> BTreeMap<Cell, &str> {
        let mut all: BTreeMap<Cell, &str> = self.invalid.iter().map(|(c, i)| (*c, i.typed.as_str())).collect();
        all.extend(self.conflict.iter().map(|c| (c.cell, c.typed.as_str())));
        all.extend(self.prompt.iter().map(|p| (p.cell, p.typed.as_str())));
        let open = self.editor.iter().filter(|e| !e.field.text().trim().is_empty());
        all.extend(open.map(|e| (e.cell, e.field.text().trim())));
        all
    }

    /// Cells whose value is not known to be stored if the program ends now.
    #[must_use]
    pub fn unsaved_cells(&self) -> usize {
        let mut all = self.unsaved();
        all.extend(self.pending.values().map(|p| (p.cell, p.typed.as_str())));
        all.len()
    }

    /// Leaves the screen: what is not saved is dropped, and said so.
    pub fn leave(&mut self, data: &Snapshot) -> Option<Bilingual> {
        let all = self.unsaved();
        let said = all.iter().next().map(|((project, column), typed)| {
            let (id, label) = (&data.plan.project(*project).id, &data.plan.rules.criteria[*column].label);
            Text::DroppedCells.both(&[&all.len(), id, label, typed])
        });
        self.editor = None;
        self.prompt = None;
        self.conflict = None;
        self.invalid.clear();
        said
    }
}

/// How a cleared cell is shown.
const CLEARED: &str = "--";

/// Projects that a headquarters answers for in a round and that the round assesses.
fn rows(data: &Snapshot, round: RoundIx, unit: UnitIx) -> Vec<ProjectIx> {
    let at = data.round_date(round);
    let Some(assessment) = data.assessment(round) else { return Vec::new() };
    data.plan
        .project_ixs()
        .filter(|p| assessment.scores.get(p.at()).is_some_and(|s| s.state != ScoreState::OutOfScope))
        .filter(|p| data.plan.project(*p).headquarters_at(at) == unit)
        .collect()
}

fn save(
    data: &Snapshot,
    round: RoundIx,
    cell: Cell,
    seen: Seen,
    after: Option<ScoreRecord>,
    typed: &str,
    reason: &str,
) -> Wish {
    let subject =
        Subject::score(&data.plan.round(round).id, &data.plan.project(cell.0).id, &data.plan.rules.criteria[cell.1].id);
    let base = Some(seen.seq);
    let change = Change {
        subject,
        before: seen.value.map(Record::Score),
        after: after.map(Record::Score),
        reason: reason.to_owned(),
    };
    Wish::Save { drafts: vec![Draft { change, base }], cell, typed: typed.to_owned() }
}

impl Screen for Scores {
    fn context(&self) -> Context {
        if self.prompt.is_some() {
            Context::Field
        } else if self.conflict.is_some() {
            Context::Conflict
        } else if self.editor.is_some() {
            Context::Cell
        } else if self.selecting {
            Context::Selector
        } else {
            Context::Grid
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        match (&mut self.prompt, &mut self.editor) {
            (Some(p), _) => Some(&mut p.field),
            (None, Some(e)) => Some(&mut e.field),
            _ => None,
        }
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        if self.selecting {
            let round = self.round.filter(|r| may_see(sight.data, sight.actor, *r))?;
            return self.unit.map(|u| Question::Unit { board: BoardKind::Headquarters, unit: Some(u), round });
        }
        self.cursor.item().map(|p| about_project(sight, p, self.round))
    }

    fn clause(&self, sight: &Sight<'_>) -> Option<String> {
        let criterion = sight.data.plan.rules.criteria.get(self.column).filter(|_| !self.selecting)?;
        Some(format!("criterion.{}", criterion.id))
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        let page = isize::try_from(self.cursor.height).unwrap_or(1);
        if let Some(prompt) = self.prompt.take() {
            return match action {
                Action::Accept if prompt.field.text().trim().is_empty() => {
                    self.prompt = Some(Prompt { label: Text::ReasonNeeded, ..prompt });
                    Vec::new()
                }
                Action::Accept if prompt.typed == CLEARED => {
                    let Some(round) = self.round else { return Vec::new() };
                    self.last_reason = prompt.field.text().trim().to_owned();
                    vec![save(data, round, prompt.cell, prompt.seen, None, CLEARED, &self.last_reason)]
                }
                Action::Accept => {
                    self.last_reason = prompt.field.text().trim().to_owned();
                    let reason = self.last_reason.clone();
                    self.enter(sight, prompt.cell, &prompt.typed, prompt.seen, Some(&reason), prompt.go)
                }
                Action::Cancel => {
                    if prompt.typed != CLEARED {
                        self.open(prompt.cell, prompt.typed, false, prompt.seen);
                    }
                    Vec::new()
                }
                _ => {
                    self.prompt = Some(prompt);
                    Vec::new()
                }
            };
        }
        if let Some(conflict) = self.conflict.take() {
            return match action {
                Action::Override => {
                    // On the value that the person was shown: what somebody stores after it is a new conflict.
                    let Conflict { cell, typed, seen, .. } = conflict;
                    self.invalid.remove(&cell);
                    self.ask(cell, &typed, Text::ReasonOf, Go::Down, seen);
                    Vec::new()
                }
                _ => {
                    self.invalid.remove(&conflict.cell);
                    vec![Wish::Say(Message::plain(Text::KeptTheirs.both(&[&conflict.typed])))]
                }
            };
        }
        match action {
            Action::SaveDown => return self.commit(sight, Go::Down),
            Action::SaveUp => return self.commit(sight, Go::Up),
            Action::SaveLeft => return self.commit(sight, Go::Left),
            Action::SaveRight => return self.commit(sight, Go::Right),
            Action::CaretLeft | Action::CaretRight => {
                let left = action == Action::CaretLeft;
                match &mut self.editor {
                    Some(e) if !e.overwrites => e.field.edit(if left { Edit::Left } else { Edit::Right }),
                    _ => return self.commit(sight, if left { Go::Left } else { Go::Right }),
                }
            }
            Action::Cancel => {
                self.editor = None;
                if let Some(i) = self.cell().and_then(|c| self.invalid.remove(&c)) {
                    return vec![Wish::Say(Message::plain(Text::Dropped.both(&[&i.typed])))];
                }
            }
            Action::Overwrite(c) => return self.begin(sight, Some(c)),
            Action::Edit => return self.begin(sight, None),
            Action::Adopt => return self.adopt(sight),
            Action::Clear => return self.clear(sight),
            Action::MissingNext => return self.missing(data, true),
            Action::MissingPrev => return self.missing(data, false),
            Action::InvalidNext => return self.next_invalid(data),
            Action::RoundPrev => return vec![beside(data, self.round, -1)],
            Action::RoundNext => return vec![beside(data, self.round, 1)],
            Action::UnitPrev => self.step_unit(data, -1),
            Action::UnitNext => self.step_unit(data, 1),
            Action::EnterGrid | Action::Open => self.selecting = false,
            Action::LeaveGrid => match self.cell().and_then(|c| self.invalid.remove(&c)) {
                Some(i) => return vec![Wish::Say(Message::plain(Text::Dropped.both(&[&i.typed])))],
                None => self.selecting = true,
            },
            Action::Back => return vec![Wish::Go(crate::app::screen::Tab::Overview)],
            Action::CellUp => self.step(data, Go::Up),
            Action::CellDown => self.step(data, Go::Down),
            Action::CellLeft => self.step(data, Go::Left),
            Action::CellRight => self.step(data, Go::Right),
            Action::PageUp => self.cursor.step(&self.rows, -page),
            Action::PageDown => self.cursor.step(&self.rows, page),
            Action::First => self.cursor.go(&self.rows, 0),
            Action::Last => self.cursor.go(&self.rows, usize::MAX),
            Action::RowStart => self.column = 0,
            Action::RowEnd => self.column = data.plan.rules.criteria.len().saturating_sub(1),
            _ => return Vec::new(),
        }
        self.arrive()
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        self.known.clear();
        let still = self.round.filter(|r| self.chosen && data.plan.district.rounds.len() > r.at());
        self.round = still.or_else(|| data.assessment_round());
        let units = self.units(data);
        let own = sight.actor.units.iter().find(|u| units.contains(u));
        let unit = self.unit.filter(|u| units.contains(u)).or(own.copied()).or(units.first().copied());
        match unit {
            Some(unit) => self.choose(data, unit),
            None => {
                self.rows.clear();
                self.cursor.refresh(&[]);
            }
        }
        self.column = self.column.min(data.plan.rules.criteria.len().saturating_sub(1));
        self.invalid.retain(|(p, c), _| p.at() < data.plan.projects.len() && *c < data.plan.rules.criteria.len());
    }
}
