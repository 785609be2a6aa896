//! 评分：打分票. Judges by row, sites by column in order of visit.
//!
//! A ballot is typed once, and a second time by another person who does not see the first score (`&`). Equal scores
//! confirm it; different ones stay side by side until somebody chooses.

use std::collections::BTreeMap;

use crate::app::action::Action;
use crate::app::field::{Edit, Field};
use crate::app::grid::trail::Trail;
use crate::app::grid::{Answer, Go, Grid, Sheet, Want};
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish, may_see};
use crate::app::search::Search;
use crate::domain::ballot::is_scored;
use crate::domain::change::Subject;
use crate::domain::district::{JudgeIx, Plan, ProjectIx, RoundIx, RoundKind};
use crate::domain::explain::Question;
use crate::domain::panel::{BallotRecord, BallotState};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang, Points};
use crate::store::{self, Matter};
use crate::text::Text;

mod choices;
pub mod paper;

use paper::{Paper, as_typed, brief};

/// 格: a judge's ballot for a site.
pub type Cell = (JudgeIx, ProjectIx);

/// Digits of a score of fixed length, where three digits commit and move on.
const DIGITS: usize = 3;

/// 打分票
#[derive(Default)]
pub struct Ballots {
    /// The observation that is shown; none while the certification grid is.
    pub round: Option<RoundIx>,
    /// The focus is on row 1, not in the matrix.
    pub selecting: bool,
    /// Judges by row, sites by column.
    pub grid: Grid<JudgeIx, ProjectIx>,
    /// 复核: what is typed confirms what somebody else entered, unseen.
    pub second: bool,
    /// 满三位进格: three digits are a score, `890` is 89.0.
    pub auto_advance: bool,
    /// What the judges are searched for.
    pub search: Search,
    /// The newest entries of the ballot under the cursor.
    pub trail: Trail,
    /// The ballot whose second entry stands and waits for its reason.
    corrects: Option<Cell>,
    /// Newest entry of every ballot of the round, as of the last data.
    seqs: Option<(RoundIx, BTreeMap<Cell, u64>)>,
}

/// Whether three digits can tell a score: up to 100, with one decimal.
#[must_use]
pub fn three_digits_tell(plan: &Plan) -> bool {
    let rule = &plan.rules.observation;
    rule.step.0 % 100 != 0 && rule.step.0 % 10 == 0 && rule.range.max <= Points::whole(100)
}

/// Rounds in the order of their days; of a pair the observation first, as it was.
#[must_use]
pub fn rounds(data: &Snapshot) -> Vec<RoundIx> {
    let mut all: Vec<RoundIx> = data.round_ixs().collect();
    all.sort_by_key(|r| (data.plan.round(*r).as_of, data.plan.round(*r).kind == RoundKind::Assessment, r.0));
    all
}

/// The round before or after one of view 5.
#[must_use]
pub fn beside(data: &Snapshot, round: Option<RoundIx>, by: isize) -> Wish {
    let all = rounds(data);
    let here = round.and_then(|r| all.iter().position(|x| *x == r));
    match here.and_then(|i| i.checked_add_signed(by)).and_then(|i| all.get(i)) {
        Some(round) => Wish::Round(*round),
        None => {
            let text = if by < 0 { Text::FirstRound } else { Text::LastRoundOfAll };
            let name = here.map_or_else(Bilingual::default, |i| data.plan.round(all[i]).both());
            Wish::Say(Message::plain(text.both2(&[&name.zh, &all.len()], &[&name.en, &all.len()])))
        }
    }
}

/// Which round is shown, and which of how many it is.
#[must_use]
pub fn told_round(data: &Snapshot, round: RoundIx) -> Bilingual {
    let all = rounds(data);
    let place = all.iter().position(|r| *r == round).map_or(0, |i| i + 1);
    let plan = data.plan.round(round);
    let name = plan.both();
    Text::RoundShown.both2(&[&name.zh, &plan.id, &place, &all.len()], &[&name.en, &plan.id, &place, &all.len()])
}

impl Ballots {
    /// Ballots that others have changed since the last data are marked until the next key.
    fn note_news(&mut self, data: &Snapshot) {
        let Some(stored) = self.round.and_then(|r| data.facts.ballots.get(r.at())) else { return };
        let seqs: BTreeMap<Cell, u64> = stored.iter().map(|((site, judge), k)| ((*judge, *site), k.seq)).collect();
        if let Some((_, before)) = self.seqs.take().filter(|(round, _)| Some(*round) == self.round) {
            let news = seqs.iter().filter(|(cell, seq)| before.get(*cell) != Some(*seq));
            let news: Vec<Cell> = news.filter(|(_, seq)| !self.grid.is_own(**seq)).map(|(cell, _)| *cell).collect();
            self.grid.fresh.extend(news);
        }
        self.seqs = self.round.map(|round| (round, seqs));
    }

    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<Cell> {
        self.grid.cell()
    }

    /// Order of visit of a site, from 1.
    #[must_use]
    pub fn order(&self, site: ProjectIx) -> usize {
        self.grid.columns.iter().position(|s| *s == site).map_or(0, |i| i + 1)
    }

    /// The ballots as a person sees them; none while the certification grid is shown.
    #[must_use]
    pub fn paper<'a>(&self, sight: &Sight<'a>) -> Option<Paper<'a>> {
        Some(Paper::of(sight, self.round?, self.second, self.corrects))
    }

    /// The ballot under the cursor and its newest entry, where it is to be seen.
    pub(crate) fn trail_of(&self, sight: &Sight<'_>) -> Option<(Subject, u64)> {
        let (cell, paper) = (self.cell()?, self.paper(sight)?);
        let seq = paper.vote(cell).kept?.seq;
        (paper.sees(cell.1) && !paper.is_blind(cell)).then(|| (paper.subject(cell), seq))
    }

    /// Both scores of a ballot whose second entry differs: the stored one and the typed one.
    #[must_use]
    pub fn differs(&self, cell: Cell, paper: &Paper<'_>) -> Option<(Points, Points)> {
        let typed = &self.grid.invalid.get(&cell).filter(|_| self.second)?.typed;
        let first = paper.vote(cell).kept.and_then(|k| k.value.score).filter(|_| paper.is_blind(cell))?;
        let second = Points::score(typed).ok()?;
        (first != second).then_some((first, second))
    }

    /// Whether the person may enter, confirm or void any ballot now.
    #[must_use]
    pub fn writes(&self, sight: &Sight<'_>) -> bool {
        use store::Action::{BallotConfirm, BallotEnter, BallotVoid};
        let (data, Some(round), Some(site)) = (sight.data, self.round, self.grid.column.item()) else { return false };
        let id = &data.plan.project(site).id;
        let matter = Matter { reason: true, ..Matter::in_round(&data.plan, round, id, data.round_state(round)) };
        data.as_of.is_none()
            && [BallotEnter, BallotConfirm, BallotVoid].iter().any(|a| store::may(sight.actor, *a, &matter).is_ok())
    }

    /// Lists the judges that the search lets through; the cursor stays on its judge.
    /// Shows an observation.
    pub fn show(&mut self, round: RoundIx, sight: &Sight<'_>) {
        (self.round, self.second) = (Some(round), false);
        self.refresh(sight);
    }

    /// The certification grid is shown again.
    pub fn hide(&mut self) {
        self.round = None;
    }

    /// What is not saved, asked about before the screen is left; the cursor goes to its cell, where Enter leads back.
    pub fn before_leaving(&mut self, sight: &Sight<'_>) -> Option<Bilingual> {
        let line = self.grid.before_leaving(&self.paper(sight)?)?;
        self.selecting = true;
        Some(line)
    }

    /// Leaves the screen: what is not saved is dropped, and said so.
    pub fn leave(&mut self, sight: &Sight<'_>) -> Option<Bilingual> {
        self.corrects = None;
        self.grid.leave(&self.paper(sight)?)
    }

    /// 复核录入 on or off.
    fn turn_second(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(round) = self.round else { return Vec::new() };
        let dropped = self.leave(sight);
        // Whoever confirms types what is on the paper, not what he copied while he still saw it.
        self.grid.forget_copy();
        self.second = !self.second;
        let votes = sight.data.votes(round);
        let said = match dropped {
            Some(line) => Message::loud(line),
            None if self.second => Message::plain(Text::SecondOn.both(&[&votes.unconfirmed])),
            None => Message::plain(Text::SecondOff.both(&[])),
        };
        vec![Wish::Say(said)]
    }

    /// 满三位进格 on or off.
    fn turn_advance(&mut self, data: &Snapshot) -> Vec<Wish> {
        let tenths = three_digits_tell(&data.plan);
        self.auto_advance = !self.auto_advance && tenths;
        let text = if self.auto_advance {
            Text::AdvanceOn
        } else if tenths {
            Text::AdvanceOff
        } else {
            Text::AdvanceNot
        };
        vec![Wish::Say(Message::plain(text.both(&[])))]
    }

    /// Three digits are a score: the text of the open cell, with its point, once it is complete.
    fn complete(&self) -> Option<String> {
        let typed = self.grid.editor.as_ref().filter(|e| e.overwrites && self.auto_advance)?.field.text();
        let full = typed.len() == DIGITS && typed.bytes().all(|b| b.is_ascii_digit());
        // The full mark has three digits without its tenths.
        full.then(|| if typed == "100" { typed.to_owned() } else { format!("{}.{}", &typed[..2], &typed[2..]) })
    }

    /// Three digits stand in the open cell and wait for Enter: they need a reason.
    fn is_held(&self, paper: &Paper<'_>) -> bool {
        let Some(editor) = self.grid.editor.as_ref().filter(|e| e.overwrites && self.auto_advance) else {
            return false;
        };
        let typed = editor.field.text();
        let digits = typed.chars().filter(char::is_ascii_digit).count();
        digits == DIGITS && self.grid.asks_reason(typed, paper)
    }

    /// Ballot by ballot, as they lie on the table.
    fn next(&mut self, forward: bool, wanted: impl Fn(Cell) -> bool) -> Option<Vec<Wish>> {
        let columns = &self.grid.columns;
        let cells: Vec<Cell> = self.grid.rows.iter().flat_map(|j| columns.iter().map(move |s| (*j, *s))).collect();
        let here = self.cell().and_then(|c| cells.iter().position(|x| *x == c)).unwrap_or(0);
        let n = cells.len();
        let found = (1..=n).map(|k| if forward { (here + k) % n } else { (here + n - k) % n });
        let cell = found.map(|i| cells[i]).find(|c| wanted(*c))?;
        self.grid.point(cell);
        Some(self.grid.arrive())
    }

    /// To the next ballot that is missing; where none is, to the next that waits for its second entry.
    fn waiting(&mut self, sight: &Sight<'_>, forward: bool) -> Vec<Wish> {
        let Some(paper) = self.paper(sight) else { return Vec::new() };
        let under_way: Vec<Cell> = self.cells().filter(|c| self.grid.on_its_way(*c).is_some()).collect();
        let free = |c: Cell| !under_way.contains(&c) && paper.sees(c.1);
        let unconfirmed = |c: Cell| !self.second && free(c) && paper.vote(c).is_unconfirmed();
        let any_missing = self.cells().any(|c| free(c) && paper.waits(c));
        let targets: Vec<Cell> =
            self.cells().filter(|c| if any_missing { free(*c) && paper.waits(*c) } else { unconfirmed(*c) }).collect();
        self.next(forward, |c| targets.contains(&c))
            .unwrap_or_else(|| vec![Wish::Say(Message::plain(Text::NoBallotWaits.both(&[])))])
    }

    fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.grid.rows.iter().flat_map(|j| self.grid.columns.iter().map(move |s| (*j, *s)))
    }

    fn next_invalid(&mut self) -> Vec<Wish> {
        let refused: Vec<Cell> = self.grid.invalid.keys().copied().collect();
        self.next(true, |c| refused.contains(&c))
            .unwrap_or_else(|| vec![Wish::Say(Message::plain(Text::NoneInvalid.both(&[])))])
    }

    /// What an entry did to a ballot: its cell, the values, and the line that says it.
    #[must_use]
    pub fn told(
        &self,
        entry: &store::LedgerEntry,
        data: &Snapshot,
        lang: Lang,
    ) -> Option<(Cell, (String, String), String)> {
        let mut key = entry.key.split('/');
        let round = data.plan.round_ix(key.next()?)?;
        let judge = data.plan.judge_ix(key.next()?)?;
        let site = data.plan.project_ix(key.next()?)?;
        let value = |json: &Option<String>| {
            let ballot = json.as_deref().and_then(|j| serde_json::from_str::<BallotRecord>(j).ok());
            as_typed(ballot.as_ref(), lang)
        };
        let (before, after) = (value(&entry.before), value(&entry.after));
        let order = data.plan.round(round).sites.iter().position(|s| *s == site)? + 1;
        let name = Text::BallotName.fill(lang, &[&data.plan.district.judges[judge.at()].id, &order]);
        let line = format!("{name} {before} -> {after}");
        Some(((judge, site), (before, after), line))
    }

    /// An entry was taken back or done again: the list of changes follows.
    pub fn turned(&mut self, entry: &store::LedgerEntry, of: u64, undo: bool, data: &Snapshot, lang: Lang) {
        if let Some((cell, (before, after), _)) = self.told(entry, data, lang) {
            self.grid.turned(cell, of, (before, after, entry.seq), undo);
        }
    }
}

impl Screen for Ballots {
    fn list(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let Some(round) = self.round else { return self.grid.shape(Vec::new(), Vec::new()) };
        let named = |j: &JudgeIx| {
            let judge = &data.plan.district.judges[j.at()];
            self.search.filter().text(&[&judge.id, &judge.label])
        };
        self.grid.shape(data.judge_ixs().filter(named).collect(), data.plan.round(round).sites.clone());
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
        // The steps of the answer are the single ballots: a second entry would not be blind any more.
        let round = self.round.filter(|r| !self.second && may_see(sight.data, sight.actor, *r))?;
        self.grid.column.item().map(|project| Question::Panel { project, round })
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(paper) = self.paper(sight) else { return Vec::new() };
        if (self.search.field().is_some() || matches!(action, Action::Filter | Action::Back))
            && let Some(done) = self.find(action, sight)
        {
            return done;
        }
        if action == Action::LeaveGrid && !self.search.text().is_empty() && self.grid.invalid_here().is_none() {
            self.search.clear();
            self.list(sight);
            return Vec::new();
        }
        if !self.selecting
            && let Some(wishes) = self.grid.update(action, &paper)
        {
            if self.grid.prompt.is_none() {
                self.corrects = None;
            }
            return wishes;
        }
        match action {
            Action::RoundPrev | Action::UnitPrev => return vec![beside(sight.data, self.round, -1)],
            Action::RoundNext | Action::UnitNext => return vec![beside(sight.data, self.round, 1)],
            Action::EnterGrid | Action::Open => self.selecting = false,
            Action::LeaveGrid => self.selecting = true,
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            Action::MissingNext => return self.waiting(sight, true),
            Action::MissingPrev => return self.waiting(sight, false),
            Action::InvalidNext => return self.next_invalid(),
            Action::SecondEntry => return self.turn_second(sight),
            Action::AutoAdvance => return self.turn_advance(sight.data),
            Action::CellMenu => return self.menu(sight).map(Wish::Menu).into_iter().collect(),
            Action::Ballot(state) if !is_scored(state) => return self.bring(sight, state),
            Action::WholeAbsent => return self.whole_absent(sight),
            Action::Confirm => return self.confirm(sight),
            Action::SecondStands => return self.second_stands(sight),
            _ => return Vec::new(),
        }
        self.grid.arrive()
    }

    fn edit(&mut self, step: Edit, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(paper) = self.paper(sight) else { return Vec::new() };
        if let Some(field) = self.search.field_mut() {
            field.edit(step);
            self.typed(sight);
            return Vec::new();
        }
        let held = |paper: &Paper<'_>, cell: Option<Cell>| {
            let name = cell.map(|c| paper.name(c)).unwrap_or_default();
            vec![Wish::Say(Message::loud(Text::ReasonFirst.both2(&[&name.zh], &[&name.en])))]
        };
        if matches!(step, Edit::Insert(_)) && self.is_held(&paper) {
            // What comes after three digits belongs to other ballots.
            return held(&paper, self.cell());
        }
        if let Some(field) = self.grid.field() {
            field.edit(step);
        }
        let Some(score) = self.complete() else { return Vec::new() };
        if let Some(editor) = &mut self.grid.editor {
            editor.field = Field::new(score);
        }
        if self.is_held(&paper) {
            return held(&paper, self.cell());
        }
        self.grid.update(Action::SaveDown, &paper).unwrap_or_default()
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        self.note_news(data);
        self.grid.renewed();
        self.grid.enter = match data.plan.district.look.grid_enter.as_deref() {
            Some("right") => Go::Right,
            _ => Go::Down,
        };
        let is = |r: &RoundIx| data.plan.district.rounds.get(r.at()).is_some_and(|p| p.kind == RoundKind::Observation);
        self.round = self.round.filter(is);
        self.search.read(sight.index);
        self.list(sight);
        let (judges, sites) = (data.plan.district.judges.len(), &self.grid.columns);
        self.grid.invalid.retain(|(j, s), _| j.at() < judges && sites.contains(s));
    }

    fn paste(&mut self, text: &str, sight: &Sight<'_>) -> Vec<Wish> {
        let paper = self.paper(sight).filter(|_| !self.selecting);
        self.grid.pasted(text, paper.as_ref())
    }

    fn sent(&mut self, ticket: u64) -> bool {
        self.grid.sent(ticket)
    }

    fn saved(&mut self, ticket: u64, seqs: &[u64]) -> Answer {
        self.grid.saved(ticket, seqs)
    }

    fn refused(&mut self, ticket: u64, error: &store::Error, why: &Bilingual, sight: &Sight<'_>) -> Answer {
        self.paper(sight).map_or(Answer::NotMine, |paper| self.grid.refused(ticket, error, why, &paper))
    }
}
