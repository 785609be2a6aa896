//! 评分：认定. One headquarters at a time, projects by row, criteria by column.

use std::collections::BTreeMap;

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::{Edit, Field};
use crate::app::screen::{Context, Message, Screen, Sight, Wish};
use crate::domain::change::Draft;
use crate::domain::change::{Change, Record, Refusal, Subject};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx, UnitKind};
use crate::domain::score::{Part, ProjectScore, ScoreState, Suggestion};
use crate::domain::scoring::{Basis, ScoreRecord};
use crate::domain::snapshot::{Kept, Snapshot};
use crate::domain::value::{Bilingual, Points};
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
}

/// 本格: an open cell.
#[derive(Clone, Debug)]
pub struct Editor {
    /// The text.
    pub field: Field,
    /// Opened by typing: Left and Right save and move.
    pub overwrites: bool,
    seen: Seen,
}

/// The stored value that was on the screen when the person began: what the save must still find.
type Seen = Option<Kept<ScoreRecord>>;

/// 理由: a value that differs from the suggestion waits for its reason.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// The reason.
    pub field: Field,
    /// Which cell.
    pub cell: Cell,
    /// As typed.
    pub typed: String,
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
}

/// 评分
#[derive(Default)]
pub struct Scores {
    /// The round that is scored.
    pub round: Option<RoundIx>,
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
    last_reason: String,
}

/// Whether a cell still wants an entry: nothing stored, and not out of use.
#[must_use]
pub fn wants_entry(part: &Part) -> bool {
    matches!(part.basis, Basis::Derived | Basis::Missing)
}

/// The stored record of a cell.
fn stored(data: &Snapshot, round: RoundIx, cell: Cell) -> Seen {
    data.facts.scores.get(round.at())?.get(&cell).cloned()
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
    fn arrive(&self) -> Vec<Wish> {
        let why = self.cell().and_then(|c| self.invalid.get(&c)).map(|i| i.why.clone());
        why.into_iter().map(|w| Wish::Say(Message::loud(w))).collect()
    }

    fn open(&mut self, text: String, overwrites: bool, seen: Seen) {
        self.editor = Some(Editor { field: Field::new(text), overwrites, seen });
    }

    fn begin(&mut self, sight: &Sight<'_>, text: Option<char>) -> Vec<Wish> {
        let (Some(cell), Some(round)) = (self.cell(), self.round) else { return Vec::new() };
        let state = sight.data.round_state(round);
        if state != crate::domain::round::RoundState::Open {
            return vec![Wish::Say(Message::loud(Refusal::RoundNotOpen(state).text()))];
        }
        let seen = stored(sight.data, round, cell);
        match text {
            Some(c) => self.open(c.to_string(), true, seen),
            None => {
                let shown = self.invalid.get(&cell).map(|i| i.typed.clone());
                let points = || self.part(sight.data, cell).and_then(|p| p.points).map(Points::short);
                self.open(shown.or_else(points).unwrap_or_default(), false, seen);
            }
        }
        Vec::new()
    }

    /// Checks what was typed and saves it, or leaves it in its cell and names the rule.
    fn commit(&mut self, sight: &Sight<'_>, go: Go) -> Vec<Wish> {
        let (Some(editor), Some(cell)) = (self.editor.take(), self.cell()) else { return Vec::new() };
        let typed = editor.field.text().trim().to_owned();
        if typed.is_empty() {
            self.step(sight.data, go);
            return self.arrive();
        }
        self.enter(sight, cell, &typed, editor.seen, None, go)
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
        let same = |k: &Kept<ScoreRecord>| k.value.points == record.points && k.value.basis == record.basis;
        if reason.is_none() && seen.as_ref().is_some_and(same) {
            self.invalid.remove(&cell);
            self.step(data, go);
            return vec![Wish::Say(Message::plain(Text::Unchanged.both(&[])))];
        }
        if record.basis == Basis::Override && reason.is_none() {
            let field = Field::new(self.last_reason.clone());
            self.prompt = Some(Prompt { field, cell, typed: typed.to_owned(), go, seen });
            return Vec::new();
        }
        self.invalid.remove(&cell);
        let wish = save(data, round, cell, seen, Some(record), typed);
        self.step(data, go);
        let mut wishes = vec![wish];
        wishes.extend(self.arrive());
        wishes
    }

    fn refuse(&mut self, sight: &Sight<'_>, cell: Cell, typed: &str, why: &Bilingual) -> Vec<Wish> {
        let label = &sight.data.plan.rules.criteria[cell.1].label;
        let line = Text::RefusedCell.both2(&[label, &typed, &why.zh], &[label, &typed, &why.en]);
        self.invalid.insert(cell, Invalid { typed: typed.to_owned(), why: line.clone() });
        vec![Wish::Say(Message::loud(line))]
    }

    fn adopt(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let (Some(cell), Some(round)) = (self.cell(), self.round) else { return Vec::new() };
        match self.part(sight.data, cell).map(|p| p.suggestion) {
            Some(Suggestion::Value(points)) => {
                let seen = stored(sight.data, round, cell);
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
        let seen = stored(sight.data, round, cell);
        if seen.is_none() {
            return vec![Wish::Say(Message::plain(Text::NothingToClear.both(&[])))];
        }
        vec![save(sight.data, round, cell, seen, None, "--")]
    }

    fn missing(&mut self, data: &Snapshot, forward: bool) -> Vec<Wish> {
        let Some(round) = self.round else { return Vec::new() };
        let columns = data.plan.rules.criteria.len();
        let cells: Vec<(UnitIx, Cell)> = self
            .units(data)
            .into_iter()
            .flat_map(|u| rows(data, round, u).into_iter().map(move |p| (u, p)))
            .flat_map(|(u, p)| (0..columns).map(move |c| (u, (p, c))))
            .collect();
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

    /// The app has sent a save under this ticket.
    pub fn sent(&mut self, ticket: u64, cell: Cell, typed: &str, drafts: &[Draft], data: &Snapshot) {
        let before = self.part(data, cell).and_then(|p| p.points);
        self.pending.insert(ticket, Pending { cell, typed: typed.to_owned(), drafts: drafts.to_vec() });
        self.recent.insert(0, Recent { cell, before, after: Points::parse(typed).ok(), seq: None, ticket });
        self.recent.truncate(20);
    }

    /// The store has committed.
    pub fn saved(&mut self, ticket: u64, seq: u64) {
        self.pending.remove(&ticket);
        if let Some(r) = self.recent.iter_mut().find(|r| r.ticket == ticket) {
            r.seq = Some(seq);
        }
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
    pub fn refused(&mut self, ticket: u64, why: &Bilingual, conflict: bool, data: &Snapshot) -> Option<Bilingual> {
        let Pending { cell, typed, .. } = self.pending.remove(&ticket)?;
        self.recent.retain(|r| r.ticket != ticket);
        let line = if conflict {
            Text::ConflictLine.both2(&[&why.zh, &typed], &[&why.en, &typed])
        } else {
            let label = &data.plan.rules.criteria[cell.1].label;
            Text::RefusedCell.both2(&[label, &typed, &why.zh], &[label, &typed, &why.en])
        };
        self.invalid.insert(cell, Invalid { typed: typed.clone(), why: line.clone() });
        if conflict && self.editor.is_none() && self.prompt.is_none() {
            self.show(data, cell.0);
            self.column = cell.1;
            self.conflict = Some(Conflict { cell, typed, line: line.clone() });
        }
        Some(line)
    }

    /// Leaves the screen: refused values are dropped, and said so.
    pub fn leave(&mut self, data: &Snapshot) -> Option<Bilingual> {
        self.editor = None;
        self.prompt = None;
        self.conflict = None;
        let dropped = std::mem::take(&mut self.invalid);
        let ((project, column), first) = dropped.iter().next()?;
        let (id, label) = (&data.plan.project(*project).id, &data.plan.rules.criteria[*column].label);
        Some(Text::DroppedCells.both(&[&dropped.len(), id, label, &first.typed]))
    }
}

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

fn save(data: &Snapshot, round: RoundIx, cell: Cell, seen: Seen, after: Option<ScoreRecord>, typed: &str) -> Wish {
    let subject =
        Subject::score(&data.plan.round(round).id, &data.plan.project(cell.0).id, &data.plan.rules.criteria[cell.1].id);
    let base = Some(seen.as_ref().map_or(0, |k| k.seq));
    let reason = after.as_ref().map(|r| r.note.clone()).unwrap_or_default();
    let change =
        Change { subject, before: seen.map(|k| Record::Score(k.value)), after: after.map(Record::Score), reason };
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

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        let page = isize::try_from(self.cursor.height).unwrap_or(1);
        if let Some(prompt) = self.prompt.take() {
            return match action {
                Action::Accept => {
                    self.last_reason = prompt.field.text().trim().to_owned();
                    let reason = self.last_reason.clone();
                    self.enter(sight, prompt.cell, &prompt.typed, prompt.seen, Some(&reason), prompt.go)
                }
                Action::Cancel => {
                    self.open(prompt.typed, false, prompt.seen);
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
                    let Conflict { cell, typed, .. } = conflict;
                    let seen = self.round.and_then(|r| stored(data, r, cell));
                    let field = Field::new(self.last_reason.clone());
                    self.prompt = Some(Prompt { field, cell, typed, go: Go::Down, seen });
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
        self.round = data.assessment_round();
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
