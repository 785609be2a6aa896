//! 通报. What a round's bulletin says: boards, what the scores are made of, sites, targets, the red list, the hashes.
//!
//! Figures of rounds are those of the screens; a sealed round answers from what was stored at sealing. Everything else is
//! taken at the day of the round, so that the same bulletin comes out on any later day.

mod correction;
mod details;
mod results;
mod targets;
mod tracking;

use super::Say;
use super::document::{Document, Mark, Part, Signature, Stage};
use crate::domain::board::Measure;
use crate::domain::district::{Letterhead, ProjectIx, RoundIx, UnitIx};
use crate::domain::project::{BoardKind, Commitment, Tally};
use crate::domain::results::Results;
use crate::domain::round::RoundState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::{Bilingual, Date, Lang};

/// Every part that a bulletin may have.
pub const PARTS: [&str; 10] = [
    "corrections",
    "projects",
    "boards",
    "composition",
    "sites",
    "quotas",
    "indicators",
    "red_list",
    "headquarters_details",
    "towns_details",
];
/// Tables that are there when there is something to say.
pub const TABLES_AT_TIMES: [&str; 9] = [
    "corrected_units",
    "corrected_projects",
    "behind",
    "overdue",
    "sites",
    "headquarters_composition",
    "towns_composition",
    "reconciliation",
    "indicators",
];

/// What a published seal said before the round was reopened.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Number of the seal.
    pub revision: u32,
    /// Its content hash.
    pub sha256: String,
    /// The day it was published.
    pub issued: Option<Date>,
    /// Why the round was reopened.
    pub reason: String,
    /// What it froze.
    pub results: Results,
}

/// What the ledger knows of the seals of a round.
#[derive(Clone, Debug)]
pub struct Sealing {
    /// The round.
    pub round: RoundIx,
    /// The day it was published; none before.
    pub issued: Option<Date>,
    /// The entry with which it was published; none before.
    pub issue: Option<u64>,
    /// The last earlier seal that had been published, if there is one.
    pub earlier: Option<Earlier>,
}

/// What a bulletin is made from.
pub struct Sources<'a> {
    /// As the person sees it.
    pub data: &'a Snapshot,
    /// Which round; its pair comes with it.
    pub round: RoundIx,
    /// Of the round and its pair.
    pub sealings: &'a [Sealing],
    /// 版头: that of the plan in force, which may have come after the round was published.
    pub head: &'a Letterhead,
    /// 发文顺序号
    pub number: Option<u32>,
    /// Language.
    pub lang: Lang,
    /// Whether the person may see a project's figures in a round.
    pub sees: &'a dyn Fn(RoundIx, ProjectIx) -> bool,
}

/// A bulletin being written.
struct Desk<'a> {
    say: Say,
    lang: Lang,
    data: &'a Snapshot,
    /// The same facts at the day of the round.
    then: Snapshot,
    measure: Measure,
    assessment: Option<RoundIx>,
    observation: Option<RoundIx>,
    sources: &'a Sources<'a>,
}

/// How far a bulletin of a round may be relied on: it is final once the round and the pair that was begun are published.
/// What is computed anew for another day is nobody's publication.
#[must_use]
pub fn stage(data: &Snapshot, round: RoundIx) -> Stage {
    let begun = |r: &RoundIx| data.round_state(*r) != RoundState::Draft;
    let pair = data.plan.pair(round).filter(begun);
    let public = |r: RoundIx| data.round_state(r) >= RoundState::Published;
    let published = public(round) && pair.is_none_or(public) && data.as_of.is_none();
    if published { Stage::Final } else { Stage::Draft }
}

/// The rounds that a bulletin tells of: the round, and its pair where that was begun and may be seen.
#[must_use]
pub fn rounds(data: &Snapshot, round: RoundIx) -> Vec<RoundIx> {
    let (a, o) = data.pair_of(round);
    a.into_iter().chain(o).filter(|r| *r == round || data.round_state(*r) != RoundState::Draft).collect()
}

/// The bulletin of a round and its pair.
#[must_use]
pub fn bulletin(sources: &Sources<'_>) -> Document {
    let (data, lang) = (sources.data, sources.lang);
    let covered = rounds(data, sources.round);
    let (a, o) = data.pair_of(sources.round);
    let (assessment, observation) = (a.filter(|r| covered.contains(r)), o.filter(|r| covered.contains(r)));
    let measure = match (assessment, observation) {
        (Some(_), Some(_)) => Measure::Composite,
        (Some(_), None) => Measure::Assessment,
        _ => Measure::Observation,
    };
    let as_of = data.round_date(assessment.unwrap_or(sources.round));
    let then = Snapshot::new(data.plan.clone(), data.facts.clone(), data.today, Some(as_of));
    let then = then.hiding(data.hidden().to_vec());
    let desk = Desk { say: Say(lang), lang, data, then, measure, assessment, observation, sources };
    desk.document(&covered, as_of)
}

impl Desk<'_> {
    fn document(&self, covered: &[RoundIx], as_of: Date) -> Document {
        let (say, data) = (self.say, self.data);
        let head = self.sources.head;
        let stage = stage(data, self.sources.round);
        let correction = self.corrected().next().is_some();
        let issued = self.sources.sealings.iter().filter_map(|s| s.issued).max();
        let district = data.plan.district.called(self.lang);
        let names: Vec<&str> = covered.iter().map(|r| data.plan.round(*r).called(self.lang)).collect();
        let names = names.join(say.of("、", ", "));
        let title = match (self.lang, correction) {
            (Lang::Zh, false) => format!("关于{names}结果的通报"),
            (Lang::Zh, true) => format!("关于{names}结果的更正通报"),
            (Lang::En, false) => format!("Bulletin: results of {names}"),
            (Lang::En, true) => format!("Correction of the bulletin: results of {names}"),
        };
        let masthead = head.masthead.clone();
        let masthead =
            masthead.unwrap_or_else(|| say.of(format!("{district}督考通报"), format!("{district} Bulletin")));
        Document {
            kind: "bulletin",
            lang: self.lang,
            stage: Some(stage),
            lacks: (stage == Stage::Draft).then(|| self.lacks(covered)),
            correction,
            sample: data.plan.district.sample,
            masthead: Some(masthead),
            number: head.number.as_deref().map(|pattern| numbered(pattern, self.sources.number)),
            title,
            rounds: covered.iter().map(|r| data.plan.round(*r).id.clone()).collect(),
            measure: Some(self.measure),
            as_of,
            to: head.to.clone(),
            lead: vec![self.lead(&names, as_of)],
            parts: self.parts(),
            signature: Signature {
                issuer: head.issuer.clone(),
                date: Some(issued.filter(|_| stage == Stage::Final).unwrap_or_else(|| data.day())),
                hands: [("签发", "Signed"), ("审核", "Reviewed"), ("核对", "Checked")]
                    .map(|(zh, en)| say.of(zh, en).to_owned())
                    .to_vec(),
            },
            copies: head.copies.clone(),
            marks: self.marks(covered),
        }
    }

    /// What keeps the bulletin a draft: the rounds that are not published, and how far they are.
    fn lacks(&self, covered: &[RoundIx]) -> Bilingual {
        let state = |round: &RoundIx| self.data.round_state(*round);
        let of = |reopened: bool, sealed: bool| -> Vec<&str> {
            let earlier = |round: &RoundIx| self.corrected().any(|(r, _)| r == *round);
            let mine = |r: &&RoundIx| {
                state(r) < RoundState::Published
                    && (state(r) == RoundState::Sealed) == sealed
                    && (earlier(r) && !sealed) == reopened
            };
            covered.iter().filter(mine).map(|r| self.data.plan.round(*r).called(self.lang)).collect()
        };
        let said = [
            (of(false, false), "未经封存和公布", "not sealed and published"),
            (of(true, false), "公布后重新打开，正在更正", "reopened after its publication, being corrected"),
            (of(false, true), "已封存，未公布", "sealed, not published"),
        ];
        let said: Vec<_> = said.into_iter().filter(|(names, ..)| !names.is_empty()).collect();
        // Names are needed where not all are alike.
        let all = said.len() == 1 && said[0].0.len() == covered.len();
        let name = |names: &[&str], between: &str| if all { String::new() } else { names.join(between) };
        let mut zh: Vec<String> = said.iter().map(|(names, zh, _)| name(names, "、") + zh).collect();
        let en = |(names, _, en): &(Vec<&str>, &str, &str)| format!("{} {en}", name(names, ", ")).trim().to_owned();
        let mut en: Vec<String> = said.iter().map(en).collect();
        if let Some(day) = self.data.as_of {
            zh.push(format!("按{day}的情况重算，不是公布的结果"));
            en.push(format!("computed anew for {day}, not what was published"));
        }
        Bilingual::new(zh.join("；"), en.join("; "))
    }

    /// The parts that have something to say, numbered.
    fn parts(&self) -> Vec<Part> {
        let (mut parts, mut appendices) = (Vec::new(), Vec::new());
        let all = [
            self.corrections(),
            Some(self.projects()),
            Some(self.boards()),
            self.make_up(),
            self.sites(),
            self.quotas(),
            self.indicators(),
            Some(self.red_list()),
            self.details(BoardKind::Headquarters),
            self.details(BoardKind::Towns),
        ];
        for mut part in all.into_iter().flatten() {
            let list = if part.appendix { &mut appendices } else { &mut parts };
            debug_assert!(PARTS.contains(&part.id), "{}", part.id);
            let n = list.len() + 1;
            part.heading = match (self.lang, part.appendix) {
                (Lang::Zh, false) => format!("{}、{}", han(n), part.heading),
                (Lang::Zh, true) => format!("附件{n}　{}", part.heading),
                (Lang::En, false) => format!("{n}. {}", part.heading),
                (Lang::En, true) => format!("Appendix {n}. {}", part.heading),
            };
            list.push(part);
        }
        parts.append(&mut appendices);
        parts
    }

    fn lead(&self, names: &str, as_of: Date) -> String {
        let day = self.say.day(as_of);
        let count = |commitment| {
            let Tally { total, completed, on_track, behind, unknown, excluded, .. } =
                self.then.tally_of(Some(commitment));
            let mut said = match self.lang {
                Lang::Zh => format!("{total}个，已完成{completed}个、正常推进{on_track}个、滞后{behind}个"),
                Lang::En => format!("{total}: {completed} completed, {on_track} on track, {behind} behind"),
            };
            for (n, zh, en) in [(unknown, "状态不明", "unknown"), (excluded, "不纳入", "excluded")] {
                if n > 0 {
                    said += &self.say.of(format!("、{zh}{n}个"), format!(", {n} {en}"));
                }
            }
            said
        };
        let (must, stretch) = (count(Commitment::Must), count(Commitment::Stretch));
        let total = self.then.tally_of(None).total;
        match self.lang {
            Lang::Zh => format!(
                "现将{names}结果通报如下。截至{day}，纳入计划的项目共{total}个：确保完成{must}；力争完成{stretch}。"
            ),
            Lang::En => format!(
                "The results of {names}. As of {day} the plan holds {total} projects. Must-complete {must}. Stretch {stretch}."
            ),
        }
    }

    /// Seals by eight digits, the ledger's head by twelve, the rules by twelve.
    fn marks(&self, covered: &[RoundIx]) -> Vec<Mark> {
        let (say, data) = (self.say, self.data);
        let beginning = |hash: &str, n: usize| hash.chars().take(n).collect::<String>();
        let mut marks = Vec::new();
        for round in covered {
            let (stated, record) = (data.plan.round(*round), &data.facts.rounds[round.at()]);
            let record = record.as_ref().map(|kept| &kept.value).filter(|r| r.state.is_frozen());
            let value = match record.and_then(|r| Some((r.revision, r.results_sha256.as_deref()?))) {
                Some((revision, hash)) => format!("{} r{revision} {}", stated.id, beginning(hash, 8)),
                None => format!("{} {}", stated.id, say.of("未封存", "not sealed")),
            };
            let id = if Some(*round) == self.assessment { "assessment_seal" } else { "observation_seal" };
            let label = if Some(*round) == self.assessment {
                say.of("考核封存号（前8位）", "Seal of the assessment (8 digits)")
            } else {
                say.of("观摩封存号（前8位）", "Seal of the observation (8 digits)")
            };
            marks.push(Mark { id, label: label.to_owned(), value });
        }
        let rules = data.round_rules(self.assessment.unwrap_or(self.sources.round));
        marks.push(Mark {
            id: "rules",
            label: say.of("考评规则（前12位）", "Rules (12 digits)").to_owned(),
            value: format!("{} {}", rules.id, beginning(&rules.sha256, 12)),
        });
        marks.push(Mark {
            id: "ledger_head",
            label: say.of("台账末条（前12位）", "Head of the ledger (12 digits)").to_owned(),
            value: format!("#{} {}", data.facts.seq, beginning(&data.facts.head, 12)),
        });
        marks
    }

    /// Name of a unit on paper; of none the row 未注明.
    fn unit(&self, unit: Option<UnitIx>) -> String {
        unit.map_or(self.say.of("未注明", "town not stated"), |u| self.data.plan.unit(u).in_tables(self.lang))
            .to_owned()
    }

    /// Whose board it is, in English of all of them.
    fn board_title(&self, kind: BoardKind) -> &'static str {
        match kind {
            BoardKind::Headquarters => self.say.of("指挥部", "Headquarters"),
            BoardKind::Towns => self.say.of("镇", "Towns"),
        }
    }

    fn board_name(&self, kind: BoardKind) -> &'static str {
        match kind {
            BoardKind::Headquarters => self.say.of("指挥部", "Headquarters"),
            BoardKind::Towns => self.say.of("镇", "Town"),
        }
    }
}

/// The number of a letter: `{n}` of the pattern is its number, or room to write it.
fn numbered(pattern: &str, number: Option<u32>) -> String {
    pattern.replace("{n}", &number.map_or_else(|| "　　".to_owned(), |n| n.to_string()))
}

/// A small number in Han digits.
fn han(n: usize) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    match n {
        0..=9 => DIGITS[n].to_owned(),
        10..=19 => format!("十{}", DIGITS[n - 10]),
        _ => n.to_string(),
    }
}
