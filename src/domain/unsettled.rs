//! 未决. What still keeps a round from being sealed (`domain.md` §7): how much, where, and which command shows it.

use std::collections::BTreeMap;

use super::district::{JudgeIx, Plan, ProjectIx, RoundIx};
use super::score::ScoreState;
use super::snapshot::Snapshot;
use super::value::Bilingual;

/// So many projects or sites are named.
const NAMED: usize = 5;

/// What a round still waits for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unsettled {
    /// 未认定: projects of an assessment, in plan order.
    pub uncertified: Vec<ProjectIx>,
    /// 未录: ballots of judges that no rule recuses, in order of visit.
    pub missing: Vec<(ProjectIx, JudgeIx)>,
    /// 未确认: ballots that wait for their second entry, in order of visit.
    pub unconfirmed: Vec<(ProjectIx, JudgeIx)>,
}

impl Unsettled {
    /// How many projects or ballots; 0 = the round can be sealed.
    #[must_use]
    pub fn count(&self) -> usize {
        self.uncertified.len() + self.missing.len() + self.unconfirmed.len()
    }

    /// How many of what.
    #[must_use]
    pub fn counted(&self) -> Bilingual {
        let (mut zh, mut en) = (Vec::new(), Vec::new());
        for (n, of, in_english) in [
            (self.uncertified.len(), "个项目未认定", "projects not certified"),
            (self.missing.len(), "张票未录", "ballots missing"),
            (self.unconfirmed.len(), "张票未确认", "ballots not confirmed"),
        ] {
            if n > 0 {
                zh.push(format!("{n} {of}"));
                en.push(format!("{n} {in_english}"));
            }
        }
        Bilingual::new(zh.join("、"), en.join(", "))
    }

    /// How many of what, the first places, and the commands that show and settle them.
    #[must_use]
    pub fn text(&self, plan: &Plan, round: RoundIx) -> Bilingual {
        let round = plan.round(round).id.as_str();
        let places = self.places();
        let first = places.keys().next().map_or("", |p| plan.project(*p).id.as_str());
        let (next_zh, next_en) = if self.uncertified.is_empty() {
            (
                format!(
                    "dukao explain panel:{first} --round {round} 列出各票；ballot set 补录，另一人 ballot confirm 确认"
                ),
                format!(
                    "dukao explain panel:{first} --round {round} lists its ballots; ballot set enters one, ballot \
                     confirm by another person confirms it"
                ),
            )
        } else {
            (
                format!("dukao project {first} --round {round} 看缺哪几项；score set 补齐，或在看板「评分」里录"),
                format!(
                    "dukao project {first} --round {round} shows which parts lack; score set enters one, as does the \
                     dashboard"
                ),
            )
        };
        let named = |missing: &str, unconfirmed: &str| {
            let each = places.iter().take(NAMED).map(|(p, (m, u))| {
                let counts = [(m, missing), (u, unconfirmed)].into_iter().filter(|(n, _)| **n > 0);
                let counts: String = counts.map(|(n, of)| format!(" {of} {n}")).collect();
                format!("{}{counts}", plan.project(*p).id)
            });
            let more = if places.len() > NAMED { ", …" } else { "" };
            each.collect::<Vec<_>>().join(", ") + more
        };
        let counted = self.counted();
        Bilingual::new(
            format!("不能封存：还有 {}（{}）。{next_zh}", counted.zh, named("未录", "未确认")),
            format!("cannot be sealed: {} ({}); {next_en}", counted.en, named("missing", "not confirmed")),
        )
    }

    /// Projects in plan order, with the ballots that are missing and not confirmed for each.
    fn places(&self) -> BTreeMap<ProjectIx, (usize, usize)> {
        let mut places: BTreeMap<_, (usize, usize)> = self.uncertified.iter().map(|p| (*p, (0, 0))).collect();
        for (site, _) in &self.missing {
            places.entry(*site).or_default().0 += 1;
        }
        for (site, _) in &self.unconfirmed {
            places.entry(*site).or_default().1 += 1;
        }
        places
    }
}

impl Snapshot {
    /// What still keeps a round from being sealed.
    #[must_use]
    pub fn unsettled(&self, round: RoundIx) -> Unsettled {
        let mut open = Unsettled::default();
        if let Some(a) = self.assessment(round) {
            let provisional =
                |(p, s): (ProjectIx, &super::score::ProjectScore)| (s.state == ScoreState::Provisional).then_some(p);
            open.uncertified = self.plan.project_ixs().zip(&a.scores).filter_map(provisional).collect();
            return open;
        }
        for site in &self.plan.round(round).sites {
            for judge in self.judge_ixs() {
                let vote = self.vote(round, judge, *site);
                if vote.is_missing() {
                    open.missing.push((*site, judge));
                } else if vote.is_unconfirmed() {
                    open.unconfirmed.push((*site, judge));
                }
            }
        }
        open
    }
}
