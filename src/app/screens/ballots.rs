//! 评分：打分票. Judges by row, sites by column in order of visit.

use crate::app::action::Action;
use crate::app::cursor::Cursor;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish, may_see};
use crate::domain::district::{JudgeIx, ProjectIx, RoundIx, RoundKind};
use crate::domain::explain::Question;
use crate::domain::snapshot::Snapshot;
use crate::store::{self, Matter};
use crate::text::Text;

/// 格: a judge's ballot for a site.
pub type Cell = (JudgeIx, ProjectIx);

/// 打分票
#[derive(Default)]
pub struct Ballots {
    /// The observation that is shown; none while the certification grid is.
    pub round: Option<RoundIx>,
    /// The focus is on row 1, not in the matrix.
    pub selecting: bool,
    /// Rows.
    pub judges: Vec<JudgeIx>,
    /// Columns.
    pub sites: Vec<ProjectIx>,
    /// The row.
    pub judge: Cursor<JudgeIx>,
    /// The column.
    pub site: Cursor<ProjectIx>,
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
        None => Wish::Say(Message::plain(Text::NoMoreRounds.both(&[]))),
    }
}

/// Whether somebody may see the single ballots for a site of a round.
#[must_use]
pub fn may_see_single(sight: &Sight<'_>, round: RoundIx, site: ProjectIx) -> bool {
    let data = sight.data;
    let matter = Matter::in_round(&data.plan, round, &data.plan.project(site).id, data.round_state(round));
    store::may(sight.actor, store::Action::ReadBallots, &matter).is_ok()
}

impl Ballots {
    /// The cell under the cursor.
    #[must_use]
    pub fn cell(&self) -> Option<Cell> {
        self.judge.item().zip(self.site.item())
    }

    /// Order of visit of a site, from 1.
    #[must_use]
    pub fn order(&self, site: ProjectIx) -> usize {
        self.sites.iter().position(|s| *s == site).map_or(0, |i| i + 1)
    }

    /// Whether the person may enter, confirm or void any ballot now.
    #[must_use]
    pub fn writes(&self, sight: &Sight<'_>) -> bool {
        use store::Action::{BallotConfirm, BallotEnter, BallotVoid};
        let Some((data, round, site)) = self.round.zip(self.site.item()).map(|(r, s)| (sight.data, r, s)) else {
            return false;
        };
        let id = &data.plan.project(site).id;
        let matter = Matter { reason: true, ..Matter::in_round(&data.plan, round, id, data.round_state(round)) };
        data.as_of.is_none()
            && [BallotEnter, BallotConfirm, BallotVoid].iter().any(|a| store::may(sight.actor, *a, &matter).is_ok())
    }

    /// Shows an observation.
    pub fn show(&mut self, round: RoundIx, sight: &Sight<'_>) {
        self.round = Some(round);
        self.selecting = false;
        self.refresh(sight);
    }

    /// The certification grid is shown again.
    pub fn hide(&mut self) {
        self.round = None;
    }

    fn arrive(&mut self) -> Vec<Wish> {
        Vec::new()
    }
}

impl Screen for Ballots {
    fn context(&self) -> Context {
        if self.selecting { Context::Selector } else { Context::Grid }
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        let round = self.round.filter(|r| may_see(sight.data, sight.actor, *r))?;
        self.site.item().map(|project| Question::Panel { project, round })
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        let page = isize::try_from(self.judge.height).unwrap_or(1);
        let (judges, sites) = (&self.judges, &self.sites);
        match action {
            Action::RoundPrev | Action::UnitPrev => return vec![beside(sight.data, self.round, -1)],
            Action::RoundNext | Action::UnitNext => return vec![beside(sight.data, self.round, 1)],
            Action::EnterGrid | Action::Open => self.selecting = false,
            Action::LeaveGrid => self.selecting = true,
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            Action::CellUp => self.judge.step(judges, -1),
            Action::CellDown => self.judge.step(judges, 1),
            Action::CellLeft => self.site.step(sites, -1),
            Action::CellRight => self.site.step(sites, 1),
            Action::PageUp => self.judge.step(judges, -page),
            Action::PageDown => self.judge.step(judges, page),
            Action::First => self.judge.go(judges, 0),
            Action::Last => self.judge.go(judges, usize::MAX),
            Action::RowStart => self.site.go(sites, 0),
            Action::RowEnd => self.site.go(sites, usize::MAX),
            _ => return Vec::new(),
        }
        self.arrive()
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let is = |r: &RoundIx| data.plan.district.rounds.get(r.at()).is_some_and(|p| p.kind == RoundKind::Observation);
        self.round = self.round.filter(is);
        (self.judges, self.sites) = match self.round {
            Some(round) => (data.judge_ixs().collect(), data.plan.round(round).sites.clone()),
            None => (Vec::new(), Vec::new()),
        };
        self.judge.refresh(&self.judges);
        self.site.refresh(&self.sites);
    }
}
