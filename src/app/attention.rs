//! 需要处理. What waits for somebody, in one list: the work of the round first, then what is odd about the district.

use super::screen::{Actor, Tab, may_see};
use super::screens::rectifications::Chip;
use crate::domain::district::{ProjectIx, RoundIx};
use crate::domain::quota::Resolution;
use crate::domain::round::RoundState;
use crate::domain::score::{Assessment, ScoreState};
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Bilingual;
use crate::domain::votes::Votes;
use crate::domain::warning::{CODES, Code, Place, Warning};
use crate::text::Text;

/// What an item is about; it stays the same while counts change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// 待认定
    Certify,
    /// 整改逾期、临期
    Rectify,
    /// 打分票
    Vote,
    /// 名称未认定: quota plan and row.
    Resolve(usize, usize),
    /// 即将到期
    DueSoon,
    /// Warnings of a code.
    Warned(&'static str),
}

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is about.
    pub cause: Cause,
    /// Somebody must act.
    pub urgent: bool,
    /// What, and how many.
    pub text: Bilingual,
    /// The view where it is looked at; none = in the files of the plan.
    pub tab: Option<Tab>,
    /// The one project that it is about.
    pub project: Option<ProjectIx>,
}

/// 考核认定: certified, provisional, not scored, in scope.
#[must_use]
pub fn certification(data: &Snapshot, actor: &Actor) -> Option<[usize; 4]> {
    let a = data.assessment(data.assessment_round().filter(|r| may_see(data, actor, *r))?)?;
    Some([
        a.count(ScoreState::Certified),
        a.count(ScoreState::Provisional),
        a.count(ScoreState::NotScored),
        a.in_scope(),
    ])
}

/// 打分票 of the observation that belongs to the round on the boards, and that round; for who may see its figures.
#[must_use]
pub fn ballots(data: &Snapshot, actor: &Actor) -> Option<(RoundIx, Votes)> {
    let (_, observation) = data.plan.pair_of(data.assessment_round().or_else(|| data.newest_round())?);
    let round = observation.filter(|r| may_see(data, actor, *r))?;
    Some((round, data.votes(round)))
}

/// Everything that waits for somebody; `warned` as [`folded`].
#[must_use]
pub fn items(data: &Snapshot, actor: &Actor, warned: &[Item]) -> Vec<Item> {
    let mut items = work(data, actor);
    // These say in other words what the work above has counted.
    let votes = items.iter().any(|i| i.cause == Cause::Vote);
    let counted = |cause| match cause {
        Cause::Warned("quota-unresolved" | "rectification-overdue") => true,
        Cause::Warned("ballot-unconfirmed") => votes,
        _ => false,
    };
    items.extend(warned.iter().filter(|i| !counted(i.cause)).cloned());
    items
}

/// Warnings, a line for each code: there may be thousands of them.
#[must_use]
pub fn folded(warnings: &[Warning]) -> Vec<Item> {
    let mut by: Vec<(&'static Code, Vec<&Warning>)> = CODES.iter().map(|code| (code, Vec::new())).collect();
    for warning in warnings {
        if let Some((_, these)) = by.iter_mut().find(|(code, _)| code.id == warning.code) {
            these.push(warning);
        }
    }
    by.into_iter().filter(|(_, these)| !these.is_empty()).map(|(code, these)| warned(code, &these)).collect()
}

/// Warnings of one code in one line: its message where it is one, else their name and how many.
fn warned(code: &'static Code, these: &[&Warning]) -> Item {
    let text = match these {
        [one] => one.message.clone(),
        _ => Text::SeveralWarnings.both2(&[&code.zh, &these.len()], &[&code.en, &these.len()]),
    };
    let tab = match code.place {
        Place::Projects => Some(Tab::Projects),
        Place::Boards => Some(Tab::Boards),
        Place::Targets => Some(Tab::Targets),
        Place::Scores => Some(Tab::Scores),
        Place::Rectifications => Some(Tab::Rectifications),
        Place::Folder => None,
    };
    let project = these.first().and_then(|w| w.project).filter(|_| these.len() == 1 && tab == Some(Tab::Projects));
    Item { cause: Cause::Warned(code.id), urgent: false, text, tab, project }
}

fn work(data: &Snapshot, actor: &Actor) -> Vec<Item> {
    let mut items = Vec::new();
    let mut add = |cause, urgent, text, tab| items.push(Item { cause, urgent, text, tab: Some(tab), project: None });
    if let Some([_, provisional, unscored, all]) = certification(data, actor)
        && provisional > 0
    {
        let partly = data.assessment_round().and_then(|r| data.assessment(r)).map_or(0, Assessment::partly_entered);
        let text = match partly {
            0 => Text::ToCertify.both(&[&provisional, &all, &unscored]),
            n => {
                let (begun, rest) =
                    (Text::ToCertifyPartly.both(&[&provisional, &all, &n]), Text::AndUnscored.both(&[&unscored]));
                if unscored == 0 { begun } else { Bilingual::new(begun.zh + &rest.zh, begun.en + &rest.en) }
            }
        };
        add(Cause::Certify, true, text, Tab::Scores);
    }
    let (warn, soon_days) = (data.plan.rules.light.warn_days, data.plan.rules.light.due_soon_days);
    let [overdue, soon] = [Chip::Overdue, Chip::DueSoon].map(|c| c.count(data));
    if overdue + soon > 0 {
        let text = Text::ToRectify.both(&[&overdue, &warn, &soon]);
        add(Cause::Rectify, overdue > 0, text, Tab::Rectifications);
    }
    if let Some((round, votes)) = ballots(data, actor)
        && data.round_state(round) == RoundState::Open
        && votes.missing + votes.unconfirmed > 0
    {
        add(Cause::Vote, true, Text::ToVote.both(&[&votes.missing, &votes.unconfirmed]), Tab::Scores);
    }
    for (p, (figures, plan)) in data.quota_plans().iter().zip(&data.plan.targets.quota_plans).enumerate() {
        for (q, (row, quota)) in figures.rows.iter().zip(&plan.quotas).enumerate() {
            if row.resolution == Resolution::Unresolved {
                add(Cause::Resolve(p, q), false, Text::ToResolve.both(&[&quota.label]), Tab::Targets);
            }
        }
    }
    let due = data.due_soon().len();
    if due > 0 {
        add(Cause::DueSoon, false, Text::DueSoon.both(&[&soon_days, &due]), Tab::Projects);
    }
    items
}
