//! 备选. What a field that is chosen from a list may hold, found by name, pinyin, initials or id.

use crate::app::cursor::Cursor;
use crate::app::field::Field;
use crate::app::filter::{Fit, Reading, word};
use crate::app::screen::{Context, Sight};
use crate::domain::district::{ProjectIx, UnitIx, UnitKind};
use crate::domain::value::{Bilingual, Lang};
use crate::domain::words::fields;
use crate::exchange::{self, Sheet};
use crate::store::access::project_units;
use crate::store::{Action as Right, Matter, may};

/// One value of the list.
#[derive(Clone, Debug)]
pub struct Offer {
    /// As the reader takes it.
    pub value: String,
    /// As it is shown.
    pub name: Bilingual,
    /// Why this person may not keep a record of it.
    pub refused: Option<Bilingual>,
    /// The project that it is: the index has read its names already.
    project: Option<ProjectIx>,
}

impl Offer {
    fn new(value: &str, name: &str, en: &str) -> Self {
        Self { value: value.to_owned(), name: Bilingual::new(name, en), refused: None, project: None }
    }
}

/// Why this person keeps no record of these units.
fn refused(units: Vec<UnitIx>, sight: &Sight<'_>) -> Option<Bilingual> {
    may(sight.actor, Right::Keep, &Matter { units, ..Matter::default() }).err().map(|e| e.text())
}

/// What a column may hold; `project` is the one that the form is about so far.
#[must_use]
pub fn offers(sheet: Sheet, column: &str, project: &str, sight: &Sight<'_>) -> Vec<Offer> {
    let plan = &sight.data.plan;
    let words = sheet.words(column);
    if !words.is_empty() {
        let name = |word: &str| fields::term(column, word).to_owned();
        return words.into_iter().map(|w| Offer::new(w, &name(w), &w.replace('_', " "))).collect();
    }
    match column {
        "project" => plan.project_ixs().map(|ix| of_project(sheet, ix, sight)).collect(),
        "milestone" => {
            let names = plan.project_ix(project).map_or(&[][..], |ix| plan.milestones(ix));
            names.iter().map(|m| Offer::new(&m.name, &m.name, &m.name)).collect()
        }
        "kind" => exchange::events(plan).into_iter().map(|(id, label)| Offer::new(id, label, id)).collect(),
        "indicator" => plan.targets.indicators.iter().map(|i| Offer::new(&i.id, &i.name, &i.name)).collect(),
        "goal" => (plan.targets.goals.iter())
            .map(|g| Offer {
                refused: refused(g.owner.into_iter().collect(), sight),
                ..Offer::new(&g.id, &g.name, &g.name)
            })
            .collect(),
        "unit" | "host" | "credits" => units(column, sight),
        _ => Vec::new(),
    }
}

fn of_project(sheet: Sheet, ix: ProjectIx, sight: &Sight<'_>) -> Offer {
    let plan = &sight.data.plan;
    let p = plan.project(ix);
    let name = project_name(ix, sight);
    // The unit of a rectification says whose it is; of all else the project does.
    let whose = (sheet != Sheet::Rectifications).then(|| project_units(plan, &p.id, sight.data.today));
    let refused = whose.and_then(|units| refused(units, sight));
    Offer { refused, project: Some(ix), ..Offer::new(&p.id, &name, &name) }
}

fn project_name(ix: ProjectIx, sight: &Sight<'_>) -> String {
    let p = sight.data.plan.project(ix);
    format!("{} {}", sight.data.plan.short_id(&p.id), p.name)
}

fn units(column: &str, sight: &Sight<'_>) -> Vec<Offer> {
    let fits = |kind| column != "host" || kind == UnitKind::Town;
    let all = (0_u16..).map(UnitIx).zip(&sight.data.plan.district.units).filter(|(_, u)| fits(u.kind));
    all.map(|(ix, u)| {
        let refused = if column == "unit" { refused(vec![ix], sight) } else { None };
        Offer { refused, ..Offer::new(&u.code, u.called(Lang::Zh), u.called(Lang::En)) }
    })
    .collect()
}

/// A value as it is shown: by its name, of several one after the other. One that is not listed stays as it is.
#[must_use]
pub fn named(sheet: Sheet, column: &str, value: &str, sight: &Sight<'_>) -> String {
    if column == "project" {
        let project = sight.data.plan.project_ix(value);
        return project.map_or_else(|| value.to_owned(), |ix| project_name(ix, sight));
    }
    if column == "milestone" {
        return value.to_owned();
    }
    let all = offers(sheet, column, "", sight);
    let name = |v: &str| all.iter().find(|o| o.value == v).map(|o| o.name.in_lang(sight.lang).to_owned());
    value.split([';', '；']).map(|v| name(v.trim()).unwrap_or_else(|| v.to_owned())).collect::<Vec<_>>().join("、")
}

/// The codes of a value that may be several.
pub fn chosen(value: &str) -> impl Iterator<Item = &str> {
    value.split([';', '；']).map(str::trim).filter(|c| !c.is_empty())
}

/// 选单 over the form: the list of a field, searched while one types.
#[derive(Debug)]
pub struct Picker {
    /// What is typed.
    pub field: Field,
    /// Place in [`Picker::hits`].
    pub cursor: Cursor<usize>,
    /// Everything there is.
    pub all: Vec<Offer>,
    /// Places of what fits, the best first.
    pub hits: Vec<usize>,
    /// Several may be chosen.
    many: bool,
    readings: Vec<Option<[Reading; 3]>>,
}

impl Picker {
    /// Opens the list at a value, or with a text that was begun.
    #[must_use]
    pub fn new(all: Vec<Offer>, many: bool, at: &str, begun: &str, sight: &Sight<'_>) -> Self {
        let at = chosen(at).next().unwrap_or_default();
        let read = |o: &Offer| {
            let texts = [&o.value, &o.name.zh, &o.name.en];
            o.project.is_none().then(|| texts.map(|t| Reading::new(t)))
        };
        let readings = all.iter().map(read).collect();
        let hits = Vec::new();
        let mut picker = Self { field: Field::default(), cursor: Cursor::default(), all, hits, many, readings };
        let begun = if picker.is_short() && begun.starts_with(|c: char| c.is_ascii_digit()) { "" } else { begun };
        picker.field = Field::new(begun);
        picker.typed(sight);
        if begun.is_empty() {
            picker.stand_at(at);
        }
        picker
    }

    /// Whether its rows have digits: there are few, and nobody looks for a digit in them, as for the 110 of an incident.
    #[must_use]
    pub fn is_short(&self) -> bool {
        let digits = |o: &Offer| [&o.value, &o.name.zh].iter().any(|t| t.contains(|c: char| c.is_ascii_digit()));
        !self.many && self.all.len() <= 9 && !self.all.iter().any(digits)
    }

    /// Which keys hold in it.
    #[must_use]
    pub fn context(&self) -> Context {
        match (self.many, self.is_short()) {
            (true, _) => Context::PickMany,
            (_, true) => Context::PickShort,
            _ => Context::Picker,
        }
    }

    /// Ranks the list anew.
    pub fn typed(&mut self, sight: &Sight<'_>) {
        let word = word(self.field.text());
        let fit = |place: usize| -> Option<Fit> {
            let own = self.readings[place].iter().flatten().filter_map(|r| r.fit(&word)).min();
            own.or_else(|| sight.index.project(self.all[place].project?, &word))
        };
        let mut hits: Vec<(Fit, usize)> = (0..self.all.len()).filter_map(|i| Some((fit(i)?, i))).collect();
        if !word.is_empty() {
            hits.sort_unstable();
        }
        self.hits = hits.into_iter().map(|(_, i)| i).collect();
        self.cursor.top = 0;
        self.cursor.go(&self.hits, 0);
    }

    /// Puts the cursor on a value.
    pub fn stand_at(&mut self, value: &str) {
        if let Some(place) = self.all.iter().position(|o| o.value == value) {
            self.cursor.point(&self.hits, place);
        }
    }

    /// The row of a digit from 1, of those that fit.
    #[must_use]
    pub fn numbered(&self, digit: u8) -> Option<&Offer> {
        self.all.get(*self.hits.get(usize::from(digit).checked_sub(1)?)?)
    }

    /// The value under the cursor.
    #[must_use]
    pub fn chosen(&self) -> Option<&Offer> {
        self.all.get(self.cursor.item()?)
    }
}
