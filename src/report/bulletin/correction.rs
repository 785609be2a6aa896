//! 更正. What was published before, beside what holds now.

use super::{Desk, Earlier, Sealing};
use crate::domain::board::{BoardRow, Measure};
use crate::domain::district::{RoundIx, RoundKind};
use crate::domain::project::BoardKind;
use crate::domain::results::Results;
use crate::domain::revision;
use crate::domain::value::Points;
use crate::domain::words::Word;
use crate::report::document::{Cell, Column, Part, Table};

/// One figure that differs: of whom, by what, old and new with their ranks.
struct Moved {
    whose: &'static str,
    unit: String,
    measure: Measure,
    old: (Option<Points>, Option<u32>),
    new: (Option<Points>, Option<u32>),
}

impl Desk<'_> {
    /// The rounds that had been published before, with what was.
    pub(super) fn corrected(&self) -> impl Iterator<Item = (RoundIx, &Earlier)> {
        self.sources.sealings.iter().filter_map(|s: &Sealing| Some((s.round, s.earlier.as_ref()?)))
    }

    /// What a round says now: as it is frozen, else as its facts stand.
    fn now(&self, round: RoundIx) -> Option<Results> {
        let frozen = self.data.facts.results.get(round.at()).and_then(Option::as_deref);
        match frozen.filter(|_| self.data.round_state(round).is_frozen()) {
            Some(text) => Results::read(text).ok(),
            None => Results::read(&self.data.results(round)).ok(),
        }
    }

    /// 更正: units with old and new score and rank, sites and projects with old and new score.
    pub(super) fn corrections(&self) -> Option<Part> {
        let all: Vec<(RoundIx, &Earlier, Results)> =
            self.corrected().filter_map(|(round, earlier)| Some((round, earlier, self.now(round)?))).collect();
        if all.is_empty() {
            return None;
        }
        let say = self.say;
        let text = all.iter().map(|(round, earlier, _)| self.preamble(*round, earlier)).collect();
        let mut tables = vec![self.units_moved(&all), self.scores_moved(&all)];
        tables.retain(|t| !t.rows.is_empty());
        let notes = if tables.is_empty() {
            vec![say.of("重新封存的结果与原通报相同。", "What was sealed again is what had been published.").to_owned()]
        } else {
            Vec::new()
        };
        Some(Part {
            id: "corrections",
            heading: say.of("更正内容", "What is corrected").to_owned(),
            text,
            tables,
            notes,
            ..Part::default()
        })
    }

    fn preamble(&self, round: RoundIx, earlier: &Earlier) -> String {
        let (say, name) = (self.say, self.data.plan.round(round).called(self.lang));
        let seal: String = earlier.sha256.chars().take(8).collect();
        let (revision, reason) = (earlier.revision, &earlier.reason);
        let day = earlier
            .issued
            .map_or_else(String::new, |d| say.of(format!("{}公布的", say.day(d)), format!(" of {}", say.day(d))));
        let record = self.data.facts.rounds[round.at()].as_ref().map(|kept| &kept.value);
        let sealed = record.filter(|r| r.state.is_frozen()).and_then(|r| r.results_sha256.as_deref());
        let (zh, en) = match sealed {
            Some(now) if now == earlier.sha256 => ("已核对，与原通报相同", "was examined and is what it was"),
            Some(_) => ("已更正", "is corrected"),
            None => ("正在更正", "is being corrected"),
        };
        say.of(
            format!("{day}{name}结果（封存号 r{revision} {seal}）{zh}，原因：{reason}。原通报以本通报为准。"),
            format!("The result of {name}{day} (seal r{revision} {seal}) {en}: {reason}. This bulletin takes the place of that one."),
        )
    }

    fn units_moved(&self, all: &[(RoundIx, &Earlier, Results)]) -> Table {
        let say = self.say;
        let mut table = Table::new(
            "corrected_units",
            say.of("单位得分和名次", "Scores and ranks of units"),
            vec![
                Column::words("board", say.of("榜单", "Board"), 4),
                Column::words("unit", say.of("单位", "Unit"), 9),
                Column::words("measure", say.of("项", "Measure"), 4),
                Column::figures("old_score", say.of("原得分", "Old score"), 5),
                Column::figures("new_score", say.of("现得分", "New score"), 5),
                Column::figures("old_rank", say.of("原名次", "Old rank"), 4),
                Column::figures("new_rank", say.of("现名次", "New rank"), 4),
            ],
        );
        for kind in [BoardKind::Headquarters, BoardKind::Towns] {
            for moved in self.moved(kind, all) {
                table.row([
                    moved.whose.into(),
                    moved.unit.into(),
                    moved.measure.word(self.lang).into(),
                    Cell::points(moved.old.0),
                    Cell::points(moved.new.0),
                    Cell::count(moved.old.1),
                    Cell::count(moved.new.1),
                ]);
            }
        }
        table
    }

    fn moved(&self, kind: BoardKind, all: &[(RoundIx, &Earlier, Results)]) -> Vec<Moved> {
        let plan = &self.data.plan;
        let mut found = Vec::new();
        for (_, earlier, now) in all {
            let ((measure, old), (_, new)) =
                (revision::rows(plan, &earlier.results, kind), revision::rows(plan, now, kind));
            found.extend(self.differing(kind, measure, &old, &new));
        }
        // The composite as it was published: where only one of the two is corrected, the other one stands.
        if let (Some(a), Some(o)) = (self.assessment, self.observation) {
            let side = |round: RoundIx| {
                let corrected = all.iter().find(|(r, ..)| *r == round);
                corrected.map(|(_, earlier, now)| (earlier.results.clone(), now.clone())).or_else(|| {
                    let now = self.now(round)?;
                    Some((now.clone(), now))
                })
            };
            if let (Some((old_a, new_a)), Some((old_o, new_o))) = (side(a), side(o)) {
                let old = revision::composite_rows(plan, &old_a, &old_o, kind);
                let new = revision::composite_rows(plan, &new_a, &new_o, kind);
                found.extend(self.differing(kind, Measure::Composite, &old, &new));
            }
        }
        found
    }

    fn differing(&self, kind: BoardKind, measure: Measure, old: &[BoardRow], new: &[BoardRow]) -> Vec<Moved> {
        let figures =
            |rows: &[BoardRow], unit| rows.iter().find(|r| r.unit == unit).map_or((None, None), |r| (r.score, r.rank));
        let gone = old.iter().filter(|o| !new.iter().any(|n| n.unit == o.unit));
        new.iter()
            .chain(gone)
            .map(|r| (r.unit, figures(old, r.unit), figures(new, r.unit)))
            .filter(|(_, old, new)| old != new)
            .map(|(unit, old, new)| Moved { whose: self.board_name(kind), unit: self.unit(unit), measure, old, new })
            .collect()
    }

    /// Projects and sites whose score differs.
    fn scores_moved(&self, all: &[(RoundIx, &Earlier, Results)]) -> Table {
        let (say, plan) = (self.say, &self.data.plan);
        let mut table = Table::new(
            "corrected_projects",
            say.of("项目得分", "Scores of projects"),
            vec![
                Column::words("project", say.of("编号", "Id"), 7),
                Column::words("name", say.of("项目", "Project"), 16),
                Column::words("measure", say.of("项", "Measure"), 4),
                Column::figures("old_score", say.of("原得分", "Old score"), 5),
                Column::figures("new_score", say.of("现得分", "New score"), 5),
            ],
        );
        for (round, earlier, now) in all {
            let (measure, old, new) = match plan.round(*round).kind {
                RoundKind::Assessment => (Measure::Assessment, scored(&earlier.results), scored(now)),
                RoundKind::Observation => (Measure::Observation, observed(&earlier.results), observed(now)),
            };
            let of =
                |scores: &[(&str, Option<Points>)], id: &&str| scores.iter().find(|s| s.0 == *id).and_then(|s| s.1);
            // What is not scored any more stands behind what is.
            let gone = old.iter().filter(|(id, _)| !new.iter().any(|(other, _)| other == id));
            for (id, _) in new.iter().chain(gone) {
                let Some(ix) = plan.project_ix(id).filter(|ix| (self.sources.sees)(*round, *ix)) else { continue };
                let (old, new) = (of(&old, id), of(&new, id));
                if old != new {
                    table.row([
                        self.short(ix),
                        plan.project(ix).name.as_str().into(),
                        measure.word(self.lang).into(),
                        Cell::points(old),
                        Cell::points(new),
                    ]);
                }
            }
        }
        table
    }
}

fn scored(results: &Results) -> Vec<(&str, Option<Points>)> {
    results.scores.iter().map(|(id, score)| (id.as_str(), score.score)).collect()
}

fn observed(results: &Results) -> Vec<(&str, Option<Points>)> {
    results.panels.iter().map(|(id, panel)| (id.as_str(), panel.score)).collect()
}
