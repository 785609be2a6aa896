//! 试算 `W`. Weights and scores tried on a board in memory; nothing of it is ever written.

use std::sync::Arc;

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::filter::{Filter, Rows, matches_text};
use crate::app::screen::{Context, Message, Sight, Wish};
use crate::domain::board::{Board, BoardRow, Measure};
use crate::domain::change::Refusal;
use crate::domain::district::{Plan, ProjectIx, RoundIx, UnitIx};
use crate::domain::project::BoardKind;
use crate::domain::snapshot::Snapshot;
use crate::domain::trial::{Trial, TriedScore, tried};
use crate::domain::value::{Bilingual, Points};
use crate::text::Text;

/// Which half of the sandbox has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Block {
    /// 权重
    Weights,
    /// 分数
    Scores,
}

/// A cell of the grid: project, and place of the criterion.
pub type Place = (ProjectIx, usize);

/// 添一处: the cells to choose from.
#[derive(Debug)]
pub struct Picker {
    /// What was typed to find one.
    pub field: Field,
    /// The cells that pass, those that would help the chosen unit most first.
    pub rows: Vec<Place>,
    /// The row.
    pub cursor: Cursor<Place>,
}

/// 试算
#[derive(Debug)]
pub struct WhatIf {
    /// The round of the board.
    pub round: RoundIx,
    /// Which board.
    pub kind: BoardKind,
    /// What it is ranked by.
    pub measure: Measure,
    /// The unit that was under the cursor.
    pub unit: Option<UnitIx>,
    /// What is changed.
    pub trial: Trial,
    /// Which half has the focus.
    pub block: Block,
    /// 0 the weight of the assessment, 1 that of the observation.
    pub side: usize,
    /// The changed score under the cursor; past the last one stands the line that adds one.
    pub at: usize,
    /// The number being typed.
    pub field: Option<Field>,
    /// 添一处, if it is open.
    pub picker: Option<Picker>,
    plan: Arc<Plan>,
    other: Option<Arc<Snapshot>>,
}

/// A row of the comparison.
pub struct Compared<'a> {
    /// As the board is.
    pub before: &'a BoardRow,
    /// As it would be.
    pub after: &'a BoardRow,
    /// Whether the weights are among what moved it.
    pub by_weights: bool,
    /// The changed scores of its projects.
    pub by_scores: Vec<TriedScore>,
}

impl WhatIf {
    /// A sandbox over a board, with nothing changed.
    #[must_use]
    pub fn new(data: &Snapshot, board: &Board, unit: Option<UnitIx>) -> Self {
        let composite = board.measure == Measure::Composite;
        Self {
            round: board.round,
            kind: board.kind,
            measure: board.measure,
            unit,
            trial: Trial::default(),
            block: if composite { Block::Weights } else { Block::Scores },
            side: 0,
            at: 0,
            field: None,
            picker: None,
            plan: Arc::clone(&data.plan),
            other: None,
        }
    }

    /// Which keys hold.
    #[must_use]
    pub fn context(&self) -> Context {
        match (&self.picker, &self.field) {
            (Some(_), _) => Context::Help,
            (None, Some(_)) => Context::Cell,
            (None, None) => Context::WhatIf,
        }
    }

    /// The field that is typed into.
    pub fn field(&mut self) -> Option<&mut Field> {
        self.picker.as_mut().map(|p| &mut p.field).or(self.field.as_mut())
    }

    /// 考核权重 and 观摩权重 in force in the sandbox.
    #[must_use]
    pub fn weights(&self, data: &Snapshot) -> [i64; 2] {
        let own = data.board_weights(self.round);
        self.trial.assessment.map_or([own.assessment, own.observation], |a| [a, 100 - a])
    }

    /// The board as it would be.
    #[must_use]
    pub fn board<'a>(&'a self, data: &'a Snapshot) -> Option<&'a Board> {
        self.other.as_deref().unwrap_or(data).board(self.round, self.kind, self.measure)
    }

    /// The district as it would be.
    #[must_use]
    pub fn district<'a>(&'a self, data: &'a Snapshot) -> &'a Snapshot {
        self.other.as_deref().unwrap_or(data)
    }

    /// Every row of the board as it would be, beside what it is.
    #[must_use]
    pub fn compared<'a>(&'a self, data: &'a Snapshot) -> Vec<Compared<'a>> {
        let (Some(now), Some(then)) = (data.board(self.round, self.kind, self.measure), self.board(data)) else {
            return Vec::new();
        };
        let his = |score: &&TriedScore, unit: Option<UnitIx>| {
            let holders = data.plan.project(score.project).holders(self.kind, now.as_of);
            unit.map_or(holders.is_empty(), |unit| holders.iter().any(|(u, _)| *u == unit))
        };
        let row = |after: &'a BoardRow| {
            let before = now.rows.iter().find(|r| r.unit == after.unit)?;
            let by_scores = self.trial.scores.iter().filter(|s| his(s, after.unit)).copied().collect();
            Some(Compared { before, after, by_weights: self.trial.assessment.is_some(), by_scores })
        };
        then.rows.iter().filter_map(row).collect()
    }

    /// Points of a cell as they are, without the sandbox.
    #[must_use]
    pub fn stored(&self, data: &Snapshot, (project, criterion): Place) -> Option<Points> {
        data.assessment(self.round)?.scores.get(project.at())?.parts.get(criterion)?.points
    }

    /// After the data has changed: computed anew. False where the plan is another one and the sandbox means nothing.
    pub fn refresh(&mut self, data: &Snapshot) -> bool {
        Arc::ptr_eq(&self.plan, &data.plan) && self.compute(data, self.trial.clone()).is_ok()
    }

    fn compute(&mut self, data: &Snapshot, trial: Trial) -> Result<(), Refusal> {
        self.other = if trial.changes() == 0 { None } else { Some(Arc::new(tried(data, self.round, &trial)?)) };
        self.trial = trial;
        Ok(())
    }

    /// What a key does.
    pub fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        if self.picker.is_some() {
            return self.pick(action, sight);
        }
        match action {
            Action::SaveDown | Action::SaveUp | Action::SaveRight | Action::SaveLeft => return self.commit(sight),
            Action::CaretLeft | Action::CaretRight if self.field.is_some() => {
                use crate::app::field::Edit;
                let step = if action == Action::CaretLeft { Edit::Left } else { Edit::Right };
                self.field.iter_mut().for_each(|f| f.edit(step));
            }
            Action::Cancel => self.field = None,
            Action::Overwrite(c) => match (self.block, self.trial.scores.get(self.at)) {
                (Block::Scores, None) => return vec![Wish::Say(Message::plain(Text::EnterAdds.both(&[])))],
                _ => self.field = Some(Field::new(c)),
            },
            Action::BlockNext if self.measure == Measure::Composite => {
                self.block = if self.block == Block::Weights { Block::Scores } else { Block::Weights };
            }
            Action::ColumnPrev | Action::ColumnNext if self.block == Block::Weights => self.side = 1 - self.side,
            Action::RowNext if self.block == Block::Weights => self.block = Block::Scores,
            Action::RowPrev if self.at == 0 && self.measure == Measure::Composite => self.block = Block::Weights,
            Action::RowPrev => self.at = self.at.saturating_sub(1),
            Action::RowNext => self.at = (self.at + 1).min(self.trial.scores.len()),
            Action::Add => return self.open_picker(sight),
            Action::Restore => self.restore(sight.data),
            Action::Copy | Action::CopyTable => return vec![Wish::Copy(self.text(sight))],
            _ => {}
        }
        Vec::new()
    }

    /// Takes the typed number in; one that breaks a rule stays in its field.
    fn commit(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(field) = &self.field else { return Vec::new() };
        let typed = field.text().trim().to_owned();
        if typed.is_empty() {
            // Nothing was typed: the value stays as it is.
            self.field = None;
            return Vec::new();
        }
        let mut trial = self.trial.clone();
        let result = match self.block {
            Block::Weights => weight(&typed).map(|n| {
                let own = sight.data.board_weights(self.round).assessment;
                let assessment = if self.side == 0 { n } else { 100 - n };
                trial.assessment = Some(assessment).filter(|a| *a != own);
            }),
            Block::Scores => Points::score(&typed).map_err(|_| Refusal::NotANumber.text()).map(|points| {
                trial.scores[self.at].points = points;
            }),
        };
        match result.and_then(|()| self.compute(sight.data, trial).map_err(Refusal::text)) {
            Ok(()) => {
                self.field = None;
                Vec::new()
            }
            Err(why) => {
                vec![Wish::Say(Message::loud(Text::TrialRefused.both2(&[&typed, &why.zh], &[&typed, &why.en])))]
            }
        }
    }

    fn restore(&mut self, data: &Snapshot) {
        let mut trial = self.trial.clone();
        match self.block {
            Block::Weights => trial.assessment = None,
            Block::Scores if self.at < trial.scores.len() => {
                trial.scores.remove(self.at);
            }
            Block::Scores => {}
        }
        // Fewer changes break no rule that more of them kept.
        if self.compute(data, trial).is_ok() {
            self.at = self.at.min(self.trial.scores.len());
        }
    }

    fn open_picker(&mut self, sight: &Sight<'_>) -> Vec<Wish> {
        let mut picker = Picker { field: Field::default(), rows: Vec::new(), cursor: Cursor::default() };
        picker.rows = self.cells(sight, "");
        if picker.rows.is_empty() {
            return vec![Wish::Say(Message::plain(Text::NothingToTry.both(&[])))];
        }
        picker.cursor.go(&picker.rows, 0);
        self.picker = Some(picker);
        Vec::new()
    }

    /// After a step of typing: the cells that pass.
    pub fn typed(&mut self, sight: &Sight<'_>) {
        let Some(text) = self.picker.as_ref().map(|p| p.field.text().to_owned()) else { return };
        let rows = self.cells(sight, &text);
        if let Some(picker) = &mut self.picker {
            picker.rows = rows;
            picker.cursor.go(&picker.rows, 0);
        }
    }

    /// Cells of the round that pass what was typed: each word is about the project or about the criterion. Those of the
    /// chosen unit come first, and of these those that lost most;
    /// what has no points yet comes last.
    fn cells(&self, sight: &Sight<'_>, typed: &str) -> Vec<Place> {
        let data = sight.data;
        let Some(board) = data.board(self.round, self.kind, self.measure) else { return Vec::new() };
        let criteria = &data.plan.rules.criteria;
        let mine: Vec<ProjectIx> = data.assessed_by(board, self.unit).into_iter().map(|(p, _)| p).collect();
        let may = |p: &ProjectIx| crate::app::screen::may_see_project(data, sight.actor, self.round, *p);
        let all = data.assessment(self.round).into_iter().flat_map(|a| data.plan.project_ixs().zip(&a.scores));
        let words: Vec<(&str, Filter)> =
            typed.split_whitespace().map(|w| (w, Filter::parse(w, Rows::Projects, sight.index))).collect();
        let mut cells: Vec<(bool, std::cmp::Reverse<Option<Points>>, Place)> = all
            .filter(|(p, s)| !s.parts.is_empty() && may(p))
            .flat_map(|(p, s)| s.parts.iter().enumerate().map(move |(i, part)| (p, i, part.points)))
            .filter(|(p, i, _)| {
                let passes = |(word, filter): &(&str, Filter)| {
                    matches_text(&criteria[*i].label, word) || filter.project(data, sight.index, sight.actor, *p)
                };
                words.iter().all(passes)
            })
            .map(|(p, i, points)| {
                let lost = points.map(|points| criteria[i].points - points);
                (!mine.contains(&p), std::cmp::Reverse(lost), (p, i))
            })
            .collect();
        cells.sort();
        cells.into_iter().map(|(_, _, place)| place).collect()
    }

    fn pick(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let Some(picker) = &mut self.picker else { return Vec::new() };
        match action {
            Action::ItemPrev => picker.cursor.step(&picker.rows, -1),
            Action::ItemNext => picker.cursor.step(&picker.rows, 1),
            Action::Close => self.picker = None,
            Action::Run => {
                let chosen = picker.cursor.item();
                self.picker = None;
                if let Some(place) = chosen {
                    return self.add(place, sight.data);
                }
            }
            action => {
                picker.cursor.take(action, &picker.rows);
            }
        }
        Vec::new()
    }

    /// A cell to try: it begins as it is, and its number is typed next.
    fn add(&mut self, (project, criterion): Place, data: &Snapshot) -> Vec<Wish> {
        let same = |s: &TriedScore| (s.project, s.criterion) == (project, criterion);
        self.block = Block::Scores;
        self.at = match self.trial.scores.iter().position(same) {
            Some(at) => at,
            None => {
                let stored = self.stored(data, (project, criterion)).unwrap_or_default();
                let before = self.trial.clone();
                let with = |points| {
                    let mut trial = before.clone();
                    trial.scores.push(TriedScore { project, criterion, points });
                    trial
                };
                // What was accepted once may be no step of the grid by now: full points always are.
                let full = with(data.plan.rules.criteria[criterion].points);
                if let Err(why) = self.compute(data, with(stored)).or_else(|_| self.compute(data, full)) {
                    return vec![Wish::Say(Message::loud(why.text()))];
                }
                self.trial.scores.len() - 1
            }
        };
        self.field = Some(Field::default());
        Vec::new()
    }

    /// The comparison, for a table of somebody else's.
    #[must_use]
    pub fn text(&self, sight: &Sight<'_>) -> String {
        let (data, lang) = (sight.data, sight.lang);
        let points = |p: Option<Points>| p.map_or_else(|| "--".to_owned(), |p| p.fixed(2));
        let rank = |r: Option<u32>| r.map_or_else(|| "-".to_owned(), |r| r.to_string());
        let mut lines = vec![Text::TrialCopyHead.in_lang(lang).replace('|', "\t")];
        for c in self.compared(data) {
            let unit = c
                .after
                .unit
                .map_or_else(|| Text::TownNotStated.in_lang(lang).to_owned(), |u| data.plan.unit(u).name.clone());
            lines.push(
                [unit, points(c.before.score), points(c.after.score), rank(c.before.rank), rank(c.after.rank)]
                    .join("\t"),
            );
        }
        let [a, o] = self.weights(data);
        if self.trial.assessment.is_some() {
            lines.push(Text::CompositeOf.fill(lang, &[&a, &o]));
        }
        for s in &self.trial.scores {
            let (id, label) = (&data.plan.project(s.project).id, &data.plan.rules.criteria[s.criterion].label);
            let stored = points(self.stored(data, (s.project, s.criterion)));
            lines.push(format!("{id}\t{label}\t{stored}\t{}", s.points.fixed(2)));
        }
        lines.into_iter().map(|l| l + "\n").collect()
    }
}

/// A weight in whole percent.
fn weight(typed: &str) -> Result<i64, Bilingual> {
    let n: i64 = typed.trim_end_matches('%').parse().map_err(|_| Text::WeightWhole.both(&[]))?;
    if (0..=100).contains(&n) {
        Ok(n)
    } else {
        Err(Refusal::Range { min: Points::ZERO, max: Points::whole(100) }.text())
    }
}
