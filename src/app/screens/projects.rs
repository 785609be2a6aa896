//! 项目. Which projects are behind, by how much, and does the unit admit it.

use crate::app::action::Action;
use crate::app::copied::{self, Much};
use crate::app::cursor::{Cursor, beside};
use crate::app::filter::{Rows, next_due, of_unit};
use crate::app::form::open::{self, Doing};
use crate::app::picked::Picked;
use crate::app::related;
use crate::app::remembered::View;
use crate::app::screen::{Context, Message, Screen, Sight, Tab, Wish, about_project, seen_score};
use crate::app::search::Search;
use crate::app::sorting::{Arrangement, By, Heading, Key};
use crate::domain::district::{ProjectIx, UnitIx};
use crate::domain::explain::Question;
use crate::domain::project::{Commitment, Status};
use crate::domain::snapshot::Snapshot;
use crate::text::Text;

/// 状态 chips: the first filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chip {
    /// 全部
    #[default]
    All,
    /// 已完成
    Completed,
    /// 正常
    OnTrack,
    /// 滞后
    Behind,
    /// 不明
    Unknown,
}

impl Chip {
    /// From left to right.
    pub const ALL: [Self; 5] = [Self::All, Self::Completed, Self::OnTrack, Self::Behind, Self::Unknown];

    /// Whether a project of this status passes.
    #[must_use]
    pub fn passes(self, status: Status) -> bool {
        match self {
            Self::All => true,
            Self::Completed => status == Status::Completed,
            Self::OnTrack => status == Status::OnTrack,
            Self::Behind => status == Status::Behind,
            Self::Unknown => status == Status::Unknown,
        }
    }
}

/// 列
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// 编号
    Id,
    /// 项目
    Name,
    /// 指挥部
    Headquarters,
    /// 镇
    Town,
    /// 类别
    Commitment,
    /// 未完节点
    Due,
    /// 滞后天
    Lag,
    /// 自报
    Reported,
    /// 得分
    Score,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 9] = [
        Self::Id,
        Self::Name,
        Self::Headquarters,
        Self::Town,
        Self::Commitment,
        Self::Due,
        Self::Lag,
        Self::Reported,
        Self::Score,
    ];
}

const fn heading(id: &'static str, title: Text, descends: bool, stays: bool) -> Heading {
    Heading { id, title, descends, stays }
}

/// In the order of [`Column::ALL`].
const HEADINGS: [Heading; 9] = [
    heading("id", Text::Id, false, true),
    heading("name", Text::Project, false, true),
    heading("hq", Text::Hq, false, false),
    heading("town", Text::Town, false, false),
    heading("commitment", Text::Class, false, false),
    heading("due", Text::OpenMilestone, false, false),
    heading("lag", Text::LagDays, true, false),
    heading("reported", Text::Reported, false, false),
    heading("score", Text::Score, false, false),
];

/// Worst first, then by the next due.
const USUAL: [By; 2] =
    [By { column: Column::Lag as usize, descending: true }, By { column: Column::Due as usize, descending: false }];

/// 项目
#[derive(Debug)]
pub struct Projects {
    /// 状态 chip in force.
    pub chip: Chip,
    /// The focus is on the chips.
    pub on_chips: bool,
    /// 筛选
    pub search: Search,
    /// Sort and columns.
    pub arrangement: Arrangement,
    /// 选行
    pub picked: Picked<ProjectIx>,
    /// What passes, sorted.
    pub rows: Vec<ProjectIx>,
    /// The row.
    pub cursor: Cursor<ProjectIx>,
}

impl Default for Projects {
    fn default() -> Self {
        Self {
            chip: Chip::All,
            on_chips: false,
            search: Search::of(Rows::Projects),
            arrangement: Arrangement::new(&HEADINGS, &USUAL),
            picked: Picked::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
        }
    }
}

/// What a project is sorted by in a column.
fn key(sight: &Sight<'_>, project: ProjectIx, column: usize) -> Key {
    let (data, at) = (sight.data, sight.data.board_date());
    let p = data.plan.project(project);
    let place = |unit: Option<UnitIx>| unit.map(|u| i64::from(u.0)).into();
    match Column::ALL.get(column) {
        Some(Column::Id) => p.id.as_str().into(),
        Some(Column::Name) => p.name.as_str().into(),
        Some(Column::Headquarters) => place(Some(p.headquarters_at(at))),
        Some(Column::Town) => place(p.town_at(at)),
        Some(Column::Commitment) => Some(i64::from(p.commitment != Commitment::Must)).into(),
        Some(Column::Due) => next_due(data, project).into(),
        Some(Column::Lag) => data.standing(project).lag_days.into(),
        Some(Column::Reported) => {
            let reported = data.progress_at(project, at).and_then(|(_, r)| r.reported);
            reported.map(|r| r as i64).into()
        }
        Some(Column::Score) => seen_score(data, sight.actor, project).and_then(|s| s.score).into(),
        None => Key::Nothing,
    }
}

impl Projects {
    /// Shows a project, whatever was filtered.
    pub fn show(&mut self, sight: &Sight<'_>, project: ProjectIx) {
        if !self.rows.contains(&project) {
            self.chip = Chip::All;
            self.set_filter("", sight);
        }
        self.cursor.point(&self.rows, project);
    }

    /// Shows what a unit answers for.
    pub fn show_unit(&mut self, sight: &Sight<'_>, unit: UnitIx) {
        self.show_all(&of_unit(sight.data, unit), sight);
    }

    /// Shows all that a filter leaves.
    pub fn show_all(&mut self, filter: &str, sight: &Sight<'_>) {
        self.chip = Chip::All;
        self.set_filter(filter, sight);
        self.cursor.go(&self.rows, 0);
    }

    /// Puts a filter in force.
    pub fn set_filter(&mut self, text: &str, sight: &Sight<'_>) {
        self.search.set(text, sight.index);
        self.list(sight);
    }

    fn step_chip(&mut self, by: isize, sight: &Sight<'_>) {
        if let Some(chip) = beside(&Chip::ALL, self.chip, by) {
            self.chip = chip;
            self.list(sight);
            self.cursor.go(&self.rows, 0);
        }
    }
}

impl Projects {
    /// What is done with the project under the cursor; where there is none, that is said.
    fn of_row(&self, wish: impl FnOnce(ProjectIx) -> Wish) -> Vec<Wish> {
        vec![self.cursor.item().map_or_else(|| Wish::Say(Message::plain(Text::NoRow.both(&[]))), wish)]
    }
}

impl Screen for Projects {
    fn list(&mut self, sight: &Sight<'_>) {
        let data = sight.data;
        let rows: Vec<ProjectIx> = data
            .plan
            .project_ixs()
            .filter(|p| self.chip.passes(data.standing(*p).status))
            .filter(|p| self.search.filter().project(data, sight.index, sight.actor, *p))
            .collect();
        self.rows = self.arrangement.sort(rows, |p, column| key(sight, *p, column));
        self.cursor.refresh(&self.rows);
    }

    fn context(&self) -> Context {
        if self.search.field().is_some() { Context::Field } else { Context::Projects }
    }

    fn search(&self) -> Option<&Search> {
        Some(&self.search)
    }

    fn search_mut(&mut self) -> Option<&mut Search> {
        Some(&mut self.search)
    }

    fn arrangement(&mut self) -> Option<&mut Arrangement> {
        Some(&mut self.arrangement)
    }

    fn kept(&self, data: &Snapshot) -> Option<View> {
        let chip = Chip::ALL.iter().position(|c| *c == self.chip).unwrap_or(0);
        let row = self.cursor.item().map(|p| data.plan.project(p).id.as_str());
        Some(View::of(&self.arrangement, &self.search, chip, row))
    }

    fn restore(&mut self, kept: &View, sight: &Sight<'_>) {
        self.arrangement.restore(&kept.sort, &kept.hidden);
        self.search.remember(&kept.past);
        self.chip = Chip::ALL.get(kept.chip).copied().unwrap_or_default();
        self.set_filter(&kept.filter, sight);
        if let Some(project) = sight.data.plan.project_ix(&kept.row) {
            self.cursor.point(&self.rows, project);
        }
    }

    fn typed(&mut self, sight: &Sight<'_>) {
        self.search.typed(sight.index);
        self.list(sight);
        self.cursor.go(&self.rows, 0);
    }

    fn update(&mut self, action: Action, sight: &Sight<'_>) -> Vec<Wish> {
        match action {
            Action::Back if self.on_chips => {
                self.on_chips = false;
                return Vec::new();
            }
            // What a chip hides is looked for in all.
            Action::Accept | Action::Open if self.rows.is_empty() && self.chip != Chip::All => {
                self.chip = Chip::All;
                self.list(sight);
            }
            _ => {}
        }
        if let Some(done) = self.find(action, sight) {
            return done;
        }
        match action {
            Action::RowPrev if self.cursor.place() == 0 => self.on_chips = true,
            Action::RowNext | Action::BlockNext | Action::BlockPrev if self.on_chips => self.on_chips = false,
            Action::BlockNext | Action::BlockPrev => self.on_chips = true,
            Action::ColumnPrev => self.step_chip(-1, sight),
            Action::ColumnNext => self.step_chip(1, sight),
            Action::Select => {
                if let Some(project) = self.cursor.item() {
                    self.picked.toggle(project);
                    self.cursor.step(&self.rows, 1);
                }
            }
            Action::Related => {
                return self.of_row(|p| Wish::Menu(related::of_project(p, sight)));
            }
            Action::New => {
                return self.of_row(|p| Wish::Menu(open::of_project(p, sight)));
            }
            Action::Edit | Action::Withdraw => {
                let doing = Doing::of(action);
                return self.of_row(|p| Wish::Menu(open::records_of(p, doing, sight)));
            }
            Action::Again if self.picked.rows().len() > 0 => {
                return vec![open::repeat_all(&self.picked.rows().collect::<Vec<_>>(), sight)];
            }
            Action::Again => {
                return self.of_row(|p| open::repeat(p, sight));
            }
            Action::SelectAll => self.picked.toggle_all(&self.rows),
            Action::Open if self.on_chips => self.on_chips = false,
            Action::Open => return self.cursor.item().map(Wish::Dossier).into_iter().collect(),
            Action::Back if self.picked.clear() => {}
            Action::Back if self.chip != Chip::All => {
                self.chip = Chip::All;
                self.list(sight);
            }
            Action::Back => return vec![Wish::Go(Tab::Overview)],
            _ => {
                self.cursor.take(action, &self.rows);
            }
        }
        Vec::new()
    }

    fn copied(&self, much: Much, sight: &Sight<'_>) -> Option<Wish> {
        let rows = much.of(&self.rows, self.picked.rows(), self.cursor.item());
        let rows: Vec<_> = rows.into_iter().map(|p| copied::project(sight, p)).collect();
        (!rows.is_empty()).then(|| copied::sent(much, copied::PROJECTS, &rows, sight.lang))
    }

    fn question(&self, sight: &Sight<'_>) -> Option<Question> {
        if self.on_chips {
            return Some(Question::Tally(None));
        }
        self.cursor.item().map(|p| about_project(sight, p, sight.data.assessment_round()))
    }

    fn refresh(&mut self, sight: &Sight<'_>) {
        self.search.read(sight.index);
        self.list(sight);
    }
}
