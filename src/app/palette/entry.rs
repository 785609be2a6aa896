//! 条目. What the palette lists: places of the district, views, keys and commands.

use super::command::{self, Command};
use super::read;
use crate::app::action::Action;
use crate::app::filter::{Fit, Reading, folded_text};
use crate::app::place::Place;
use crate::app::screen::{Context, Sight, Tab};
use crate::domain::district::{JudgeIx, UnitIx, UnitKind};
use crate::domain::value::{Bilingual, Lang};
use crate::text::Text;

/// Which kind of thing an entry is; its word stands at the beginning of the row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// 去
    Go,
    /// 筛
    Filter,
    /// 评
    Score,
    /// 改
    Rectify,
    /// 记
    Record,
    /// 令
    Command,
}

impl Kind {
    /// Its word.
    #[must_use]
    pub fn text(self) -> Text {
        match self {
            Self::Go => Text::DoesGo,
            Self::Filter => Text::DoesFilter,
            Self::Score => Text::DoesScore,
            Self::Rectify => Text::DoesRectify,
            Self::Record => Text::DoesRecord,
            Self::Command => Text::DoesCommand,
        }
    }
}

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    /// What a key means in that context.
    Key(Context, Action),
    /// Goes there.
    Go(Place),
    /// A command.
    Do(Command),
    /// Waits for more to be typed behind this.
    More(&'static str),
}

/// 条目
#[derive(Clone, Debug)]
pub struct Entry {
    /// By which its uses are remembered.
    pub id: String,
    /// What kind of thing.
    pub kind: Kind,
    /// As the row shows it.
    pub name: Bilingual,
    /// What choosing it does.
    pub run: Run,
    /// As it is typed, for a command.
    pub typed: String,
    names: Vec<Reading>,
}

impl Entry {
    /// An entry found by its name in both languages and by what is typed for it.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: Kind, name: Bilingual, typed: impl Into<String>, run: Run) -> Self {
        let typed = typed.into();
        let mut names = read(&name);
        if !typed.is_empty() {
            names.push(Reading::new(&typed));
        }
        Self { id: id.into(), kind, name, run, typed, names }
    }

    /// Found by these words too.
    #[must_use]
    pub fn also(mut self, words: &[&str]) -> Self {
        self.names.extend(words.iter().map(|w| Reading::new(w)));
        self
    }

    /// A place whose names the index has already read.
    fn indexed(id: String, name: Bilingual, place: Place) -> Self {
        Self { id, kind: Kind::Go, name, run: Run::Go(place), typed: String::new(), names: Vec::new() }
    }

    /// How well a word fits.
    #[must_use]
    pub fn fit(&self, word: &str, sight: &Sight<'_>) -> Option<Fit> {
        let own = self.names.iter().filter_map(|n| n.fit(word)).min();
        let indexed = match &self.run {
            Run::Go(Place::Listed(p)) => sight.index.project(*p, word),
            Run::Go(place) => place.unit().and_then(|u| sight.index.unit(u, word)),
            _ => None,
        };
        own.into_iter().chain(indexed).min()
    }

    /// Whether it answers to a prefix: `>` commands, `@` units, `#` projects, and to `goto` whatever is a place.
    #[must_use]
    pub fn answers(&self, prefix: char) -> bool {
        match (prefix, &self.run) {
            (PLACES, Run::Go(_)) => self.kind == Kind::Go,
            ('>', _) => self.kind == Kind::Command,
            ('@', Run::Go(place)) => place.unit().is_some(),
            ('#', Run::Go(place)) => matches!(place, Place::Listed(_)),
            _ => false,
        }
    }

    /// What Tab makes of what was typed.
    #[must_use]
    pub fn completed(&self, lang: Lang) -> String {
        match &self.run {
            Run::More(head) => (*head).to_owned(),
            _ if !self.typed.is_empty() => self.typed.clone(),
            _ => self.name.in_lang(lang).to_owned(),
        }
    }
}

/// Everything that the palette lists, in table order.
#[must_use]
pub fn all(sight: &Sight<'_>) -> Vec<Entry> {
    let mut all: Vec<Entry> = views().collect();
    all.extend(units(sight));
    all.extend(rounds(sight));
    all.extend(targets(sight));
    all.extend(rectifications(sight));
    all.extend(judges(sight));
    all.extend(projects(sight));
    all.extend(command::entries(sight));
    all
}

fn views() -> impl Iterator<Item = Entry> {
    (1_u8..).zip(Tab::ALL).map(|(n, tab)| {
        let name = tab.text().both(&[]);
        Entry::new(format!("view:{n}"), Kind::Go, name, "", Run::Key(Context::Any, Action::View(n)))
    })
}

fn units(sight: &Sight<'_>) -> Vec<Entry> {
    let data = sight.data;
    let ranked = |kind| matches!(kind, UnitKind::Headquarters | UnitKind::Town);
    let all = (0_u16..).map(UnitIx).zip(&data.plan.district.units).filter(|(_, u)| ranked(u.kind));
    let mut entries = Vec::new();
    for (ix, u) in all {
        let zh = if u.kind == UnitKind::Town { &u.name } else { &u.short };
        let name = Bilingual::new(zh, u.name_en.as_ref().unwrap_or(zh));
        let both = |text: Text| text.both2(&[&name.zh], &[&name.en]);
        let id = |what: &str| format!("{what}:{}", u.code);
        let mut other = |what, kind, text: Text, place| {
            let entry = Entry::indexed(id(what), both(text), place);
            entries.push(Entry { kind, ..entry });
        };
        other("unit", Kind::Go, Text::PlaceUnit, Place::Unit(ix));
        other("projects", Kind::Filter, Text::PlaceProjects, Place::Projects(ix));
        if u.kind == UnitKind::Headquarters {
            other("scores", Kind::Score, Text::PlaceScores, Place::ToScore(ix));
        }
        other("rectifications", Kind::Rectify, Text::PlaceRectifications, Place::Rectified(ix));
        other("records", Kind::Record, Text::PlaceRecords, Place::Recorded(ix));
    }
    // First every unit itself: it is what its name means.
    entries.sort_by_key(|e| e.kind != Kind::Go);
    entries
}

fn rounds(sight: &Sight<'_>) -> impl Iterator<Item = Entry> {
    let plan = &sight.data.plan;
    sight.data.round_ixs().map(|ix| {
        let round = plan.round(ix);
        let name = Bilingual::new(&round.name, &round.id);
        Entry::new(format!("round:{}", round.id), Kind::Go, name, round.id.clone(), Run::Go(Place::Round(ix)))
    })
}

fn targets(sight: &Sight<'_>) -> Vec<Entry> {
    let (data, targets) = (sight.data, &sight.data.plan.targets);
    let mut entries = Vec::new();
    for (place, i) in targets.indicators.iter().enumerate() {
        let name = Bilingual::new(&i.name, &i.name);
        let run = Run::Go(Place::Indicator(place));
        entries.push(Entry::new(format!("indicator:{}", i.id), Kind::Go, name, i.id.clone(), run));
    }
    for (place, g) in targets.goals.iter().enumerate() {
        let name = Bilingual::new(&g.name, &g.name);
        entries.push(Entry::new(format!("goal:{}", g.id), Kind::Go, name, g.id.clone(), Run::Go(Place::Goal(place))));
    }
    for (plan, (q, figures)) in targets.quota_plans.iter().zip(data.quota_plans()).enumerate() {
        let name = Bilingual::new(&q.name, &q.name);
        let run = Run::Go(Place::Quota(plan, None));
        entries.push(Entry::new(format!("quota:{}", q.id), Kind::Go, name, q.id.clone(), run));
        for (row, unit) in figures.rows.iter().enumerate().filter_map(|(i, r)| Some((i, r.unit?))) {
            let u = data.plan.unit(unit);
            let zh = format!("{} {}", q.name, u.name);
            let en = format!("{} {}", q.name, u.name_en.as_ref().unwrap_or(&u.name));
            let run = Run::Go(Place::Quota(plan, Some(row)));
            let typed = format!("{}/{}", q.id, u.code);
            entries.push(Entry::new(format!("quota:{typed}"), Kind::Go, Bilingual::new(zh, en), typed, run));
        }
    }
    entries
}

fn rectifications(sight: &Sight<'_>) -> impl Iterator<Item = Entry> {
    sight.data.facts.rectifications.iter().map(|(id, kept)| {
        let name = format!("{id} {}", kept.value.finding);
        let run = Run::Go(Place::Rectification(id.clone()));
        Entry::new(format!("rectification:{id}"), Kind::Go, Bilingual::new(&name, &name), id.clone(), run)
    })
}

/// 评委, for who may see single ballots.
fn judges(sight: &Sight<'_>) -> impl Iterator<Item = Entry> {
    let judges = (0_u16..).map(JudgeIx).zip(&sight.data.plan.district.judges);
    judges.map(|(ix, judge)| {
        let label = if judge.label == judge.id { "" } else { judge.label.as_str() };
        let name = Text::PlaceJudge.both(&[&judge.id, &label]);
        Entry::new(format!("judge:{}", judge.id), Kind::Go, name, judge.id.clone(), Run::Go(Place::Judge(ix)))
    })
}

fn projects(sight: &Sight<'_>) -> impl Iterator<Item = Entry> {
    let data = sight.data;
    data.plan.project_ixs().map(|ix| {
        let p = data.plan.project(ix);
        let name = if data.plan.district.sample { p.name.trim_start_matches("【样例】") } else { &p.name };
        Entry::indexed(format!("project:{}", p.id), Bilingual::new(name, name), Place::Listed(ix))
    })
}

/// What `goto` stands for among the prefixes.
pub const PLACES: char = ':';

/// What is typed behind `goto`.
#[must_use]
pub fn sought(text: &str) -> Option<String> {
    folded_text(text).to_lowercase().trim_start_matches(['>', ' ']).strip_prefix("goto ").map(|t| t.trim().to_owned())
}

/// `#1234`, or `goto 1234`: an entry of the ledger.
#[must_use]
pub fn numbered(text: &str, _sight: &Sight<'_>) -> Option<Entry> {
    let folded = folded_text(text);
    let number = sought(text).or_else(|| folded.trim().strip_prefix('#').map(str::to_owned))?;
    let seq: u64 = number.trim().trim_start_matches('#').parse().ok().filter(|n| *n > 0)?;
    let name = Text::PlaceEntry.both(&[&seq]);
    Some(Entry::new(format!("entry:{seq}"), Kind::Go, name, format!("#{seq}"), Run::Go(Place::Entry(seq))))
}

/// Why nobody can go there now.
#[must_use]
pub fn refusal(place: &Place, sight: &Sight<'_>) -> Option<Bilingual> {
    match place {
        &Place::Entry(seq) => {
            let newest = sight.data.facts.seq;
            (seq > newest).then(|| Text::NewestEntry.both(&[&newest]))
        }
        _ => None,
    }
}
