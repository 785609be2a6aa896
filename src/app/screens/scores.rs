//! 评分：认定. One headquarters at a time, projects by row, criteria by column.

use std::collections::{BTreeMap, BTreeSet};

use crate::app::action::Action;
use crate::app::field::Field;
use crate::app::grid::trail::Trail;
use crate::app::grid::{Answer, CLEARED, Go, Grid, Seen, Sheet};
use crate::app::screen::{Context, Message, Screen, Sight, Wish, about_project, may_see, may_see_project};
use crate::app::screens::ballots::beside;
use crate::app::search::Search;
use crate::domain::board::Measure;
use crate::domain::change::{Kind, Record, Subject};
use crate::domain::district::{ProjectIx, RoundIx, UnitIx, UnitKind};
use crate::domain::explain::Question;
use crate::domain::project::BoardKind;
use crate::domain::score::{Part, ProjectScore, ScoreState};
use crate::domain::scoring::ScoreRecord;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Points};
use crate::store;
use crate::text::Text;

mod choices;
pub mod sheet;

pub use sheet::{Cells, short_label};

/// 格: a project and the place of a criterion.
pub type Cell = (ProjectIx, usize);

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
    /// Projects of the headquarters that the round assesses, by criteria.
    pub grid: Grid<ProjectIx, usize>,
    /// What the rows are searched for.
    pub search: Search,
    /// The newest entries of the cell under the cursor.
    pub trail: Trail,
    /// Projects whose figures of the round are not for this person: they are listed by name.
    hidden: BTreeSet<ProjectIx>,
    /// The same of the round before.
    hidden_before: BTreeSet<ProjectIx>,
    /// Projects that the search lets through; none where nothing is searched for.
    passed: Option<BTreeSet<ProjectIx>>,
    /// The entries of the last data.
    seqs: BTreeMap<Cell, u64>,
}

/// Whether a cell still wants an entry: nothing stored, and not out of use.
#[must_use]
pub fn wants_entry(part: &Part) -> bool {
    !part.is_entered()
}

impl Scores {
    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<Cell> {
        self.grid.cell()
    }

    /// The cell under the cursor; where a search has left no row, the first of those that it hides.
    #[must_use]
    pub fn any_cell(&self, data: &Snapshot) -> Option<Cell> {
        self.cell().or_else(|| Some((*self.all_rows(data).first()?, 0)))
    }

    /// Headquarters with projects in the round, in plan order.
    #[must_use]
    pub fn units(&self, data: &Snapshot) -> Vec<UnitIx> {
        let Some(round) = self.round else { return Vec::new() };
        data.plan.units_of(UnitKind::Headquarters).filter(|u| !rows(data, round, *u).is_empty()).collect()
    }

    /// The score of a project in the round, if it is for this person.
    #[must_use]
    pub fn score<'a>(&self, data: &'a Snapshot, project: ProjectIx) -> Option<&'a ProjectScore> {
        data.assessment(self.round?)?.scores.get(project.at()).filter(|_| !self.is_hidden(project))
    }

    /// Whether the figures of a project are not for this person.
    #[must_use]
    pub fn is_hidden(&self, project: ProjectIx) -> bool {
        self.hidden.contains(&project)
    }

    /// Every project of the shown headquarters, whatever is searched for.
    #[must_use]
    pub fn all_rows(&self, data: &Snapshot) -> Vec<ProjectIx> {
        self.round.zip(self.unit).map_or_else(Vec::new, |(round, unit)| rows(data, round, unit))
    }

    /// 上轮: what the cell had in the round before, if it is for this person.
    #[must_use]
    pub fn points_before(&self, data: &Snapshot, (project, criterion): Cell) -> Option<Points> {
        let round = self.round.filter(|_| !self.hidden_before.contains(&project))?;
        data.points_before(round, project, criterion)
    }

    /// 本部均值 of the criterion under the cursor, if every project in it is for this person.
    #[must_use]
    pub fn mean(&self, data: &Snapshot) -> Option<Points> {
        let seen = self.all_rows(data).iter().all(|p| !self.is_hidden(*p));
        data.criterion_mean(self.round.filter(|_| seen)?, self.unit?, self.grid.column.item()?)
    }

    /// The newest entries of the cell under the cursor, as far as they were read.
    #[must_use]
    pub fn entered(&self, data: &Snapshot) -> &[store::LedgerEntry] {
        let Some((round, (project, criterion))) = self.round.zip(self.cell()) else { return &[] };
        let plan = &data.plan;
        let id = &plan.rules.criteria[criterion].id;
        self.trail.entries(&Subject::score(&plan.round(round).id, &plan.project(project).id, id))
    }

    /// The record under the cursor and its newest entry, where there is one to be seen.
    pub(crate) fn trail_of(&self, sight: &Sight<'_>) -> Option<(Subject, u64)> {
        let (cell, cells) = (self.cell()?, Cells::of(sight, self.round)?);
        let seq = cells.stored(cell).seq;
        (seq > 0 && cells.sees(cell.0)).then(|| (cells.subject(cell), seq))
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
        let scores = self.round.and_then(|r| data.assessment(r)).map(|a| &a.scores);
        let its = self.all_rows(data);
        [count(&mut its.iter().filter_map(|p| scores?.get(p.at()))), whole]
    }

    /// Shows another assessment.
    pub fn show_round(&mut self, round: RoundIx, sight: &Sight<'_>) {
        (self.round, self.chosen) = (Some(round), true);
        self.refresh(sight);
    }

    /// Shows a project, wherever it is.
    pub fn show(&mut self, data: &Snapshot, project: ProjectIx) {
        if let Some(round) = self.round {
            if self.passed.as_ref().is_some_and(|passed| !passed.contains(&project)) {
                self.end_search();
            }
            self.choose(data, data.plan.project(project).headquarters_at(data.round_date(round)));
            self.grid.row.point(&self.grid.rows, project);
        }
    }

    fn choose(&mut self, data: &Snapshot, unit: UnitIx) {
        if let Some(round) = self.round {
            self.unit = Some(unit);
            let mut rows = rows(data, round, unit);
            if let Some(passed) = &self.passed {
                rows.retain(|p| passed.contains(p));
            }
            self.grid.shape(rows, (0..data.plan.rules.criteria.len()).collect());
        }
    }

    /// Every row is listed again.
    fn end_search(&mut self) {
        self.search.clear();
        self.passed = None;
    }

    /// Whose figures are not for this person, of the round and of the one before.
    fn hide(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let hidden = |round: RoundIx| {
            data.plan.project_ixs().filter(|p| !may_see_project(data, sight.actor, round, *p)).collect()
        };
        let before = self.round.and_then(|r| data.previous(r, Measure::Assessment));
        self.hidden = self.round.map(hidden).unwrap_or_default();
        self.hidden_before = before.map(hidden).unwrap_or_default();
    }

    fn step_unit(&mut self, data: &Snapshot, by: isize) {
        let units = self.units(data);
        let at = units.iter().position(|u| Some(*u) == self.unit).unwrap_or(0);
        if let Some(unit) = at.checked_add_signed(by).and_then(|i| units.get(i)) {
            self.choose(data, *unit);
            self.grid.row.go(&self.grid.rows, 0);
        }
    }

    /// To a cell of any headquarters.
    fn visit(&mut self, data: &Snapshot, cell: Cell) -> Vec<Wish> {
        self.show(data, cell.0);
        self.grid.point(cell);
        self.grid.arrive()
    }

    /// Whether the person may score the cell now.
    ///
    /// # Errors
    /// Why not.
    pub fn may(&self, sight: &Sight<'_>, cell: Cell) -> Result<(), Bilingual> {
        Cells::of(sight, self.round).ok_or_else(|| Text::NothingToScore.both(&[]))?.may(cell)
    }

    fn missing(&mut self, data: &Snapshot, forward: bool) -> Vec<Wish> {
        let Some(round) = self.round else { return Vec::new() };
        let columns = data.plan.rules.criteria.len();
        let all: Vec<ProjectIx> = self.units(data).into_iter().flat_map(|u| rows(data, round, u)).collect();
        // Down the column first, as Enter goes.
        let cells: Vec<Cell> = (0..columns).flat_map(|c| all.iter().map(move |p| (*p, c))).collect();
        let here = self.cell().and_then(|c| cells.iter().position(|x| *x == c)).unwrap_or(0);
        let n = cells.len();
        let open = |i: &usize| {
            self.part(data, cells[*i]).is_some_and(wants_entry) && self.grid.on_its_way(cells[*i]).is_none()
        };
        let found = (1..n).map(|k| if forward { (here + k) % n } else { (here + n - k) % n }).find(open);
        match found {
            Some(i) => self.visit(data, cells[i]),
            None => vec![Wish::Say(Message::plain(Text::NoneMissing.both(&[])))],
        }
    }

    fn next_invalid(&mut self, data: &Snapshot) -> Vec<Wish> {
        let here = self.cell();
        let invalid = &self.grid.invalid;
        let after = invalid.keys().find(|c| Some(**c) > here).or_else(|| invalid.keys().next());
        match after.copied() {
            Some(cell) => self.visit(data, cell),
            None => vec![Wish::Say(Message::plain(Text::NoneInvalid.both(&[])))],
        }
    }

    /// What an entry did to a score, in words: its cell, and the line.
    #[must_use]
    pub fn told(&self, entry: &store::LedgerEntry, data: &Snapshot) -> Option<(Cell, String)> {
        let cell = cell_of(&entry.key, data)?;
        let (before, after) = (shown(&entry.before), shown(&entry.after));
        let (id, label) = (&data.plan.project(cell.0).id, &data.plan.rules.criteria[cell.1].label);
        Some((cell, format!("{} {label} {before} -> {after}", data.plan.short_id(id))))
    }

    /// An undo or redo met somebody else's value: the line of a conflict, at its cell.
    pub fn undo_conflict(
        &mut self,
        conflict: &store::Conflict,
        why: &Bilingual,
        sight: &Sight<'_>,
    ) -> Option<Bilingual> {
        let cell = cell_of(&conflict.subject.key, sight.data).filter(|_| conflict.subject.kind == Kind::Score)?;
        let typed = match &conflict.mine {
            Some(Record::Score(r)) => {
                r.points.map_or_else(|| Text::NotApplicable.in_lang(sight.lang).to_owned(), Points::short)
            }
            _ => CLEARED.to_owned(),
        };
        let line = Text::ConflictLine.both2(&[&why.zh, &typed], &[&why.en, &typed]);
        let first = Seen { seq: conflict.seq, value: conflict.theirs.clone() };
        self.selecting = false;
        self.grid.refuse(cell, typed, line.clone(), Some(first));
        self.visit(sight.data, cell);
        Some(line)
    }

    /// An entry was taken back or done again: the list of changes follows.
    pub fn turned(&mut self, entry: &store::LedgerEntry, of: u64, undo: bool, data: &Snapshot) {
        if let Some(cell) = cell_of(&entry.key, data) {
            self.grid.turned(cell, of, (shown(&entry.before), shown(&entry.after), entry.seq), undo);
        }
    }

    /// What somebody else stored since the last data stands out until the next key.
    fn note_news(&mut self, data: &Snapshot) {
        let Some(stored) = self.round.and_then(|r| data.facts.scores.get(r.at())) else { return };
        let seqs: BTreeMap<Cell, u64> = stored.iter().map(|(cell, kept)| (*cell, kept.seq)).collect();
        if !self.seqs.is_empty() {
            let news = seqs.iter().filter(|(cell, seq)| self.seqs.get(*cell) != Some(*seq));
            let news: Vec<Cell> = news.filter(|(_, seq)| !self.grid.is_own(**seq)).map(|(cell, _)| *cell).collect();
            self.grid.fresh.extend(news);
        }
        self.seqs = seqs;
    }

    /// Cells whose value is not known to be stored if the program ends now.
    #[must_use]
    pub fn unsaved_cells(&self) -> usize {
        self.grid.unsaved_cells()
    }

    /// What is not saved, asked about before the screen is left; the cursor goes to its cell, where Enter leads back.
    pub fn before_leaving(&mut self, sight: &Sight<'_>) -> Option<Bilingual> {
        let line = self.grid.before_leaving(&Cells::of(sight, self.round)?)?;
        self.selecting = true;
        Some(line)
    }

    /// Leaves the screen: what is not saved is dropped, and said so.
    pub fn leave(&mut self, sight: &Sight<'_>) -> Option<Bilingual> {
        self.grid.leave(&Cells::of(sight, self.round)?)
    }
}

/// The cell of a ledger key `round/project/criterion`.
fn cell_of(key: &str, data: &Snapshot) -> Option<Cell> {
    let mut key = key.split('/').skip(1);
    let project = data.plan.project_ix(key.next()?)?;
    let id = key.next()?;
    Some((project, data.plan.rules.criteria.iter().position(|c| c.id == id)?))
}

/// The score of a stored record, as shown.
fn shown(json: &Option<String>) -> String {
    let record = json.as_deref().and_then(|j| serde_json::from_str::<ScoreRecord>(j).ok());
    record.and_then(|r| r.points).map_or_else(|| CLEARED.to_owned(), Points::short)
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

impl Screen for Scores {
    /// Lists the rows that the search lets through; the cursor stays on its project.
    fn list(&mut self, sight: &Sight<'_>) {
        let filter = self.search.filter();
        let passes = |p: &ProjectIx| filter.project(sight.data, sight.index, sight.actor, *p);
        self.passed = (!filter.is_empty()).then(|| sight.data.plan.project_ixs().filter(passes).collect());
        if let Some(unit) = self.unit {
            self.choose(sight.data, unit);
        }
    }

    fn context(&self) -> Context {
        match self.grid.context() {
            _ if self.search.field().is_some() => Context::Field,
            Context::Grid if self.selecting => Context::Selector,
            context => context,
        }
    }

    fn field(&mut self) -> Option<&mut Field> {
        self.search.field_mut().or_else(|| self.grid.field())
    }

    fn search(&self) -> Option<&Search> {
        Some(&self.search)
    }

    fn search_mut(&mut self) -> Option<&mut Search> {
        Some(&mut self.search)
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        if self.search.field().is_some() {
            self.search.typed(sight.index);
            self.list(sight);
        }
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        if self.selecting {
            let round = self.round.filter(|r| may_see(sight.data, sight.actor, *r))?;
            return self.unit.map(|u| Question::Unit { board: BoardKind::Headquarters, unit: Some(u), round });
        }
        self.grid.row.item().map(|p| about_project(sight, p, self.round))
    }

    fn clause(&self, sight: &Sight<'_>) -> Option<String> {
        let column = self.grid.column.item().filter(|_| !self.selecting)?;
        let criterion = sight.data.plan.rules.criteria.get(column)?;
        Some(format!("criterion.{}", criterion.id))
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let data = sight.data;
        let Some(cells) = Cells::of(sight, self.round) else {
            return if action == Action::Back { vec![Wish::Go(crate::app::screen::Tab::Overview)] } else { Vec::new() };
        };
        if (self.search.field().is_some() || matches!(action, Action::Filter | Action::Back))
            && let Some(done) = self.find(action, sight)
        {
            return done;
        }
        if action == Action::LeaveGrid && !self.search.text().is_empty() && self.grid.invalid_here().is_none() {
            self.end_search();
            self.list(sight);
            return Vec::new();
        }
        if !self.selecting
            && let Some(wishes) = self.grid.update(action, &cells)
        {
            return wishes;
        }
        match action {
            Action::MissingNext => return self.missing(data, true),
            Action::MissingPrev => return self.missing(data, false),
            Action::InvalidNext => return self.next_invalid(data),
            Action::RoundPrev => return vec![beside(data, self.round, -1)],
            Action::RoundNext => return vec![beside(data, self.round, 1)],
            Action::UnitPrev => self.step_unit(data, -1),
            Action::UnitNext => self.step_unit(data, 1),
            Action::EnterGrid | Action::Open => self.selecting = false,
            Action::LeaveGrid => self.selecting = true,
            Action::Back => return vec![Wish::Go(crate::app::screen::Tab::Overview)],
            Action::CellMenu => return self.menu(&cells).map(Wish::Menu).into_iter().collect(),
            Action::NotApplicable => return self.grid.type_into(&self.grid.selected(), cells.not_applicable(), &cells),
            Action::RowNotApplicable => {
                return self.grid.type_into(&self.grid.whole_rows(), cells.not_applicable(), &cells);
            }
            _ => return Vec::new(),
        }
        self.grid.arrive()
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        self.note_news(data);
        self.grid.renewed();
        self.grid.enter = match data.plan.district.look.grid_enter.as_deref() {
            Some("right") => Go::Right,
            _ => Go::Down,
        };
        let still = self.round.filter(|r| self.chosen && data.plan.district.rounds.len() > r.at());
        self.round = still.or_else(|| data.assessment_round());
        self.hide(sight);
        self.search.read(sight.index);
        let units = self.units(data);
        let own = sight.actor.units.iter().find(|u| units.contains(u));
        let unit = self.unit.filter(|u| units.contains(u)).or(own.copied()).or(units.first().copied());
        match unit {
            Some(unit) => {
                self.unit = Some(unit);
                self.list(sight);
            }
            None => self.grid.shape(Vec::new(), Vec::new()),
        }
        let (projects, criteria) = (data.plan.projects.len(), data.plan.rules.criteria.len());
        self.grid.invalid.retain(|(p, c), _| p.at() < projects && *c < criteria);
    }

    fn paste(&mut self, text: &str, sight: &Sight<'_>) -> Vec<Wish> {
        let cells = Cells::of(sight, self.round).filter(|_| !self.selecting);
        self.grid.pasted(text, cells.as_ref())
    }

    fn sent(&mut self, ticket: u64) -> bool {
        self.grid.sent(ticket)
    }

    fn saved(&mut self, ticket: u64, seqs: &[u64]) -> Answer {
        self.grid.saved(ticket, seqs)
    }

    fn refused(&mut self, ticket: u64, error: &store::Error, why: &Bilingual, sight: &Sight<'_>) -> Answer {
        Cells::of(sight, self.round).map_or(Answer::NotMine, |cells| self.grid.refused(ticket, error, why, &cells))
    }
}
