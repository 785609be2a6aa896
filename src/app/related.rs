//! 相关项. From a project to its score, its rectifications and its entries, and back.

use super::App;
use super::menu::{Choice, Menu};
use super::msg::Effect;
use super::place::Place;
use super::screen::{Message, Sight, Wish, seen_score};
use crate::domain::change::Kind;
use crate::domain::district::ProjectIx;
use crate::domain::explain::Question;
use crate::domain::rectification::Rectification;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Points};
use crate::domain::words::Word;
use crate::store::LedgerEntry;
use crate::text::Text;

fn to(name: Text, note: Bilingual, place: Place) -> Choice {
    Choice::new(name.both(&[]), vec![Wish::Show(place)]).noted(note)
}

fn same(text: impl Into<String>) -> Bilingual {
    let text = text.into();
    Bilingual::new(text.clone(), text)
}

fn dossier(project: ProjectIx, data: &Snapshot) -> Choice {
    to(Text::TheDossier, same(data.plan.project(project).name.as_str()), Place::Project(project))
}

fn scores(project: ProjectIx, sight: &Sight<'_>) -> Choice {
    let score = seen_score(sight.data, sight.actor, project).and_then(|s| s.score);
    let choice =
        to(Text::TheScore, same(score.map_or_else(|| "--".to_owned(), |p: Points| p.fixed(2))), Place::Scores(project));
    let in_scope = seen_score(sight.data, sight.actor, project).is_some_and(|s| s.task_points.is_some());
    Choice { refused: (!in_scope).then(|| Text::NotScoredHere.both(&[])), ..choice }
}

fn history(subject: String) -> Choice {
    to(Text::TheEntries, same(subject.rsplit(':').next().unwrap_or_default()), Place::History(subject))
}

/// What belongs to a project.
#[must_use]
pub fn of_project(project: ProjectIx, sight: &Sight<'_>) -> Menu {
    let data = sight.data;
    let p = data.plan.project(project);
    let mine = data.facts.rectifications.iter().filter(|(_, k)| k.value.project.as_deref() == Some(&p.id));
    let (open, all) = mine.fold((0, 0), |(o, a), (_, k)| (o + i32::from(!k.value.closed_by(data.day())), a + 1));
    let rectifications =
        to(Text::TheRectifications, Text::OpenOfAll.both(&[&open, &all]), Place::Rectifications(p.id.clone()));
    let none = (all == 0).then(|| Text::NoneOfProject.both(&[]));
    let choices = vec![
        dossier(project, data),
        scores(project, sight),
        Choice { refused: none, ..rectifications },
        history(p.id.clone()),
    ];
    Menu::new(Text::RelatedTo.both(&[&data.plan.short_id(&p.id)]), vec![same(p.name.as_str())], choices)
}

/// What belongs to a rectification.
#[must_use]
pub fn of_rectification(id: &str, r: &Rectification, sight: &Sight<'_>) -> Menu {
    let project = r.project.as_deref().and_then(|p| sight.data.plan.project_ix(p));
    let mut choices: Vec<Choice> = Vec::new();
    if let Some(project) = project {
        choices.extend([dossier(project, sight.data), scores(project, sight)]);
    }
    choices.push(history(format!("{}:{id}", Kind::Rectification.name())));
    let (zh, en) = r.state.both();
    Menu::new(Text::RelatedTo.both(&[&id]), vec![Bilingual::new(zh, en), same(r.finding.as_str())], choices)
}

/// Where a target can be looked at further: the entries of its record, or the page of another list.
#[must_use]
pub fn of_target(question: Option<Question>, sight: &Sight<'_>) -> Option<Wish> {
    let targets = &sight.data.plan.targets;
    Some(Wish::Show(Place::History(match question? {
        Question::Quota { plan, row } => {
            let plan = targets.quota_plans.get(plan)?;
            match row.and_then(|r| plan.quotas.get(r)) {
                Some(quota) => format!("{}:{}/{}", Kind::Resolution.name(), plan.id, quota.label),
                None => Kind::Attraction.name().to_owned(),
            }
        }
        Question::Indicator(place) => targets.indicators.get(place)?.id.clone(),
        Question::Goal(place) => targets.goals.get(place)?.id.clone(),
        _ => return None,
    })))
}

impl App {
    /// Opens what belongs to a project.
    pub(super) fn related_to(&mut self, project: ProjectIx) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        let sight = Sight { data: &data, index: &self.index, actor: &self.actor, lang: self.lang };
        let menu = of_project(project, &sight);
        self.grant(Wish::Menu(menu), &data)
    }

    /// Shows what an entry is a record of.
    pub(super) fn show_subject(&mut self, entry: LedgerEntry) -> Vec<Effect> {
        let Some(data) = self.data.clone() else { return Vec::new() };
        match Place::of_entry(&entry, &data) {
            Some(place) => self.show(place, &data),
            None => {
                self.message = Some(Message::plain(Text::NoPlace.both(&[])));
                Vec::new()
            }
        }
    }
}
