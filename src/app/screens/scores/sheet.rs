//! What the score grid knows of its cells: rights, limits, and what a typed text means.

use super::{Cell, wants_entry};
use crate::app::grid::paste::Found;
use crate::app::grid::{CLEARED, Named, Seen, Sheet, Verdict, Want};
use crate::app::screen::{Sight, may_see_project};
use crate::domain::change::{Record, Refusal, Subject};
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::round::RoundState;
use crate::domain::score::Part;
use crate::domain::scoring::{Basis, Criterion, CriterionSource};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Lang, Points, ValueError};
use crate::store;
use crate::text::Text;

/// What every name of the sample begins with.
const SAMPLE: &str = "【样例】";

/// The cells of a round, as a person sees them.
#[derive(Clone, Copy)]
pub struct Cells<'a> {
    sight: Sight<'a>,
    round: RoundIx,
}

/// A criterion in few cells: by what it measures, and by the start of its name where nothing can be derived.
#[must_use]
pub fn short_label(criterion: &Criterion, lang: Lang) -> String {
    let text = match criterion.source {
        CriterionSource::Milestones => Text::ShortMilestones,
        CriterionSource::CertifiedProgress => Text::ShortProgress,
        CriterionSource::Investment => Text::ShortInvestment,
        CriterionSource::Permits => Text::ShortPermits,
        CriterionSource::Entry => return criterion.label.chars().take(2).collect(),
    };
    text.in_lang(lang).to_owned()
}

/// 不适用, as it may be typed or pasted.
fn is_not_applicable(typed: &str) -> bool {
    Text::NotApplicable.is(typed)
}

impl<'a> Cells<'a> {
    /// The cells of a round, if there is one.
    #[must_use]
    pub fn of(sight: &Sight<'a>, round: Option<RoundIx>) -> Option<Self> {
        Some(Self { sight: *sight, round: round? })
    }

    /// The district.
    #[must_use]
    pub fn data(&self) -> &'a Snapshot {
        self.sight.data
    }

    /// 不适用, as it is typed.
    #[must_use]
    pub fn not_applicable(&self) -> &'static str {
        Text::NotApplicable.in_lang(self.sight.lang)
    }

    /// Whether the figures of a project are for this person.
    #[must_use]
    pub fn sees(&self, project: ProjectIx) -> bool {
        may_see_project(self.sight.data, self.sight.actor, self.round, project)
    }

    /// Part of a cell, if it is for this person.
    #[must_use]
    pub fn part(&self, (project, criterion): Cell) -> Option<&'a Part> {
        if !self.sees(project) {
            return None;
        }
        self.sight.data.assessment(self.round)?.scores.get(project.at())?.parts.get(criterion)
    }

    /// Whether the person may score the cell now; answers whether a reason is needed whatever the value.
    fn right(&self, cell: Cell) -> Result<bool, Bilingual> {
        let data = self.sight.data;
        if let Some(day) = data.as_of {
            return Err(Text::PastDay.both(&[&day]));
        }
        let state = data.round_state(self.round);
        if state != RoundState::Open {
            return Err(Refusal::RoundNotOpen(state).text());
        }
        let matter = store::Matter::in_round(&data.plan, self.round, &data.plan.project(cell.0).id, state);
        match store::may(self.sight.actor, store::Action::Score, &matter) {
            Ok(()) => Ok(false),
            Err(store::Error::ReasonNeeded) => Ok(true),
            Err(error) => Err(error.text()),
        }
    }

    /// The points that a text says; none for 不适用.
    fn points(typed: &str) -> Result<Option<Points>, Refusal> {
        if is_not_applicable(typed) {
            return Ok(None);
        }
        Points::score(typed).map(Some).map_err(|e| match e {
            ValueError::TooFine => Refusal::TooFine,
            _ => Refusal::NotANumber,
        })
    }
}

impl Sheet<ProjectIx, usize> for Cells<'_> {
    fn may(&self, cell: Cell) -> Result<(), Bilingual> {
        self.right(cell).map(drop)
    }

    fn stored(&self, cell: Cell) -> Seen {
        let kept = self.sight.data.facts.scores.get(self.round.at()).and_then(|s| s.get(&cell));
        kept.map_or_else(Seen::default, |k| Seen { seq: k.seq, value: Some(Record::Score(k.value.clone())) })
    }

    fn text(&self, cell: Cell) -> String {
        match self.part(cell) {
            Some(part) if part.basis == Basis::NotApplicable => self.not_applicable().to_owned(),
            Some(Part { points: Some(points), .. }) => points.short(),
            _ => CLEARED.to_owned(),
        }
    }

    fn judge(&self, want: &Want<Cell>, reason: Option<&str>) -> Verdict {
        let (data, cell) = (self.sight.data, want.cell);
        let always = match self.right(cell) {
            Ok(always) => always && reason.is_none(),
            Err(why) => return Verdict::Refused(why),
        };
        if want.typed == CLEARED {
            return match want.seen.value {
                None => Verdict::Unchanged,
                Some(_) if always => Verdict::Reason(Text::ReasonOf),
                Some(_) => Verdict::Write(None),
            };
        }
        let note = reason.unwrap_or_default();
        let entry =
            Self::points(&want.typed).and_then(|points| data.score_entry(self.round, cell.0, cell.1, points, note));
        let record = match entry {
            Ok(record) => record,
            Err(Refusal::NoteNeeded) => return Verdict::Reason(Text::ReasonOf),
            Err(refusal) => return Verdict::Refused(refusal.text()),
        };
        if reason.is_none() {
            if let Some(Record::Score(k)) = &want.seen.value
                && (k.points, k.basis) == (record.points, record.basis)
            {
                return Verdict::Unchanged;
            }
            // A value of one's own is explained where the facts suggest another one, and nowhere else.
            let suggested = self.part(cell).is_some_and(|p| p.suggestion.value().is_some());
            if always {
                return Verdict::Reason(Text::ReasonOf);
            }
            if record.basis == Basis::Override && suggested {
                return Verdict::Reason(Text::ReasonPrompt);
            }
        }
        Verdict::Write(Some(Record::Score(record)))
    }

    fn subject(&self, (project, criterion): Cell) -> Subject {
        let plan = &self.sight.data.plan;
        Subject::score(&plan.round(self.round).id, &plan.project(project).id, &plan.rules.criteria[criterion].id)
    }

    fn derived(&self, cell: Cell) -> Option<String> {
        self.part(cell)?.suggestion.value().map(Points::short)
    }

    fn note(&self, cell: Cell) -> String {
        match self.stored(cell).value {
            Some(Record::Score(record)) => record.note,
            _ => String::new(),
        }
    }

    fn name(&self, (project, criterion): Cell) -> Bilingual {
        let plan = &self.sight.data.plan;
        let id = plan.short_id(&plan.project(project).id);
        let name = |lang| format!("{id} {}", short_label(&plan.rules.criteria[criterion], lang));
        Bilingual::new(name(Lang::Zh), name(Lang::En))
    }
}

impl Named<ProjectIx, usize> for Cells<'_> {
    fn row_id(&self, project: ProjectIx) -> String {
        self.sight.data.plan.project(project).id.clone()
    }

    fn row_name(&self, project: ProjectIx) -> String {
        self.sight.data.plan.project(project).name.trim_start_matches(SAMPLE).to_owned()
    }

    fn column_name(&self, criterion: usize) -> String {
        short_label(&self.sight.data.plan.rules.criteria[criterion], self.sight.lang)
    }

    fn headers(&self) -> Vec<String> {
        [Text::Id, Text::Project].map(|t| t.in_lang(self.sight.lang).to_owned()).to_vec()
    }

    fn find_row(&self, text: &str, among: &[ProjectIx]) -> Found<ProjectIx> {
        let plan = &self.sight.data.plan;
        let text = text.trim().trim_start_matches(SAMPLE);
        let exact = among.iter().find(|p| {
            let project = plan.project(**p);
            let names = [project.id.as_str(), plan.short_id(&project.id)];
            names.iter().any(|n| n.eq_ignore_ascii_case(text)) || project.name.trim_start_matches(SAMPLE) == text
        });
        match exact {
            Some(project) => Found::Exactly(*project),
            None => {
                let near = |p: &&ProjectIx| resembles(text, plan.project(**p).name.trim_start_matches(SAMPLE));
                Found::Perhaps(among.iter().filter(near).copied().collect())
            }
        }
    }

    fn find_column(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        self.sight.data.plan.rules.criteria.iter().position(|c| {
            let short = |lang| short_label(c, lang).eq_ignore_ascii_case(text);
            c.label == text || c.id.eq_ignore_ascii_case(text) || short(Lang::Zh) || short(Lang::En)
        })
    }
}

/// Whether a text may mean this name: its characters occur in their order, and a number at its end is the same number.
fn resembles(text: &str, name: &str) -> bool {
    let parts = |t: &str| {
        let bare: String = t.chars().filter(|c| !c.is_whitespace()).collect();
        let head = bare.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let number = bare[head.len()..].trim_start_matches('0').to_owned();
        (head, number)
    };
    let ((head, number), (whole, of)) = (parts(text), parts(name));
    let mut rest = whole.chars();
    !head.is_empty() && head.chars().all(|c| rest.any(|x| x == c)) && (number.is_empty() || number == of)
}

impl Cells<'_> {
    /// Whether a cell still wants an entry.
    #[must_use]
    pub fn is_missing(&self, cell: Cell) -> bool {
        self.part(cell).is_some_and(wants_entry)
    }
}
