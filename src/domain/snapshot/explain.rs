//! 推算. How each figure that can be asked about came about: the formulas themselves tell it.

use std::sync::Arc;

use super::{RoundScores, Snapshot};
use crate::domain::board::{Asked, Board, Measure};
use crate::domain::change::{Kind, Subject};
use crate::domain::district::{ProjectIx, RoundIx, RoundKind, UnitIx};
use crate::domain::explain::{Derivation, Figure, Question, Trace};
use crate::domain::goal;
use crate::domain::indicator;
use crate::domain::project::{BoardKind, Commitment, PaceBy, Standing, Status, Tally, months_of, share, standing};
use crate::domain::robustness::Turn;
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::value::{Bilingual, Lang, Points};
use crate::domain::words::Word;

/// A heading over the figures of a subject.
fn heading(
    label: impl Into<String>,
    zh: impl Into<String>,
    en: impl Into<String>,
    steps: Vec<Derivation>,
) -> Derivation {
    let label = label.into();
    Derivation { steps, ..Derivation::new(label.clone(), label, Figure::None).by(zh, en) }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

impl Snapshot {
    /// How a figure came about: a heading whose steps are the figures of the subject, each with what it rests on.
    /// `ballots`: whether the asker may see single ballots.
    #[must_use]
    pub fn explain(&self, question: &Question, ballots: bool) -> Derivation {
        match *question {
            Question::Project { project, round } => self.explain_project(project, round),
            Question::Unit { board, unit, round } => self.explain_unit(board, unit, round),
            Question::Panel { project, round } => self.explain_panel(project, round, ballots),
            Question::Quota { plan, row } => self.explain_quota(plan, row),
            Question::Indicator(place) => self.explain_indicator(place),
            Question::Goal(place) => self.explain_goal(place),
            Question::Rectification(place) => self.explain_rectification(place),
            Question::Tally(commitment) => self.explain_tally(commitment),
        }
    }

    fn explain_project(&self, project: ProjectIx, round: Option<RoundIx>) -> Derivation {
        let p = self.plan.project(project);
        let mut steps = vec![self.explain_status(project)];
        let at = self.board_date();
        let mut round_words = (String::new(), String::new());
        if let Some(round) = round.filter(|r| self.plan.round(*r).kind == RoundKind::Assessment) {
            steps.extend(self.explain_score(round, project));
            let (id, day) = (&self.plan.round(round).id, self.round_date(round));
            round_words = if day == at {
                (format!("  {id}"), format!("  {id}"))
            } else {
                (format!("  {id} 截至 {day}"), format!("  {id} as of {day}"))
            };
            self.name_rules(&[round], &mut round_words);
        }
        let zh = format!("{}  截至 {at}{}", p.name, round_words.0);
        heading(p.id.as_str(), zh, format!("{}  as of {at}{}", p.name, round_words.1), steps)
    }

    /// F1 of a project at [`Snapshot::board_date`].
    fn explain_status(&self, project: ProjectIx) -> Derivation {
        let at = self.board_date();
        let (_, mut steps) = Trace::of(|t| {
            let (p, milestones, rule) =
                (self.plan.project(project), self.plan.milestones(project), &self.plan.rules.light.milestone);
            standing(p.state, milestones, self.done(project), at, rule, t)
        });
        for step in &mut steps {
            let name = step.label.zh.as_str();
            let done = self.plan.milestones(project).iter().zip(self.done(project)).find(|(m, _)| m.name == name);
            if done.is_some_and(|(_, d)| d.is_some_and(|d| d <= at)) {
                step.source = Some(Subject::new(Kind::Milestone, &[&self.plan.project(project).id, name]));
            }
        }
        let now = self.standing(project);
        Derivation { steps, ..Derivation::new("状态", "status", now.status) }.rule(self.plan.rules.clause("light"))
    }

    /// The district under the rules that a round was sealed with, where those in force are others: what was sealed is
    /// derived by its own rules.
    fn as_sealed(&self, round: RoundIx) -> Option<Snapshot> {
        let rules = self.facts.sealed_rules.get(round.at())?.as_deref()?;
        let old = &self.plan.rules.criteria;
        let place = |place: usize| rules.criterion(&old[place].id);
        let moved = |scores: &RoundScores| -> RoundScores {
            scores.iter().filter_map(|((p, i), kept)| Some(((*p, place(*i)?), kept.clone()))).collect()
        };
        let mut facts = self.facts.clone();
        facts.scores = Arc::new(self.facts.scores.iter().map(moved).collect());
        let mut plan = (*self.plan).clone();
        plan.rules = rules.clone();
        Some(Snapshot::new(Arc::new(plan), facts, self.today, self.as_of))
    }

    /// Says that rounds were sealed under other rules than those in force, by the first digits of their hash.
    fn name_rules(&self, rounds: &[RoundIx], words: &mut (String, String)) {
        for round in rounds {
            if let Some(rules) = self.facts.sealed_rules.get(round.at()).and_then(Option::as_ref) {
                let (id, hash) = (&self.plan.round(*round).id, rules.sha256.get(..8).unwrap_or_default());
                words.0 += &format!("  {id} 按封存时的规则 {hash}");
                words.1 += &format!("  {id} by the rules it was sealed under, {hash}");
            }
        }
    }

    /// F3–F8: the score and the earned points of a project in a round.
    fn explain_score(&self, round: RoundIx, project: ProjectIx) -> Vec<Derivation> {
        let then = self.as_sealed(round);
        let then = then.as_ref().unwrap_or(self);
        let (now, steps) = Trace::of(|t| then.live_score(round, project, &then.records_by_project(), t));
        let Some(stored) = self.assessment(round).map(|a| &a.scores[project.at()]) else { return steps };
        if same(&now, stored) { steps } else { self.sealed_score(round, project, stored) }
    }

    /// A score as it was sealed, after plan, rules or facts have moved on: its parts and results, not their inputs.
    fn sealed_score(&self, round: RoundIx, project: ProjectIx, s: &ProjectScore) -> Vec<Derivation> {
        let sealed = || ("封存时的数".to_owned(), "as it was sealed".to_owned());
        let with = |step: Derivation| step.by(sealed().0, sealed().1);
        let (r, id) = (&self.plan.round(round).id, &self.plan.project(project).id);
        let criteria = self.frozen(round).map_or(&[][..], |f| f.criteria.as_slice());
        let mut steps: Vec<Derivation> = criteria
            .iter()
            .zip(&s.parts)
            .map(|(c, part)| {
                let label = self.plan.rules.criterion(c).map_or(c.as_str(), |i| &self.plan.rules.criteria[i].label);
                let source = part.seq.map(|_| Subject::score(r, id, c));
                let basis = part.basis.label();
                Derivation::new(label, label, part.points).by(basis.zh, basis.en).from_record(source)
            })
            .collect();
        steps.push(with(Derivation::new("适用分值", "applicable points", s.applicable)));
        steps.push(with(Derivation::new("加分", "bonus", s.bonus)));
        steps.extend(s.deductions.iter().map(|d| {
            let label = self.plan.rules.deductions.iter().find(|rule| rule.id == d.kind);
            let label = label.map_or(d.kind.as_str(), |rule| rule.label.as_str());
            with(Derivation::new(label, label, d.points))
        }));
        steps.push(with(Derivation::new("扣分", "deductions", s.deduction_total)));
        steps.push(with(Derivation::new("得分", "score", s.score)));
        let why = (
            "封存时的结果；此后计划、规则或事实有变，不再逐步重演",
            "as it was sealed; plan, rules or facts have changed since, so it is not derived again",
        );
        let state = s.state.label();
        let earned = [
            with(Derivation::new("任务分值", "task points", s.task_points.map(u32::from))),
            with(Derivation::new("完成分值", "earned points", s.earned_points)),
        ];
        vec![
            Derivation {
                steps,
                ..Derivation::new("得分", "score", s.score)
                    .by(format!("{}。{}", state.zh, why.0), format!("{}; {}", state.en, why.1))
            },
            Derivation { steps: earned.into(), ..Derivation::new("完成分值", "earned points", s.earned_points) },
        ]
    }

    fn explain_unit(&self, board: BoardKind, unit: Option<UnitIx>, round: RoundIx) -> Derivation {
        let code = unit.map(|u| self.plan.unit(u).code.as_str());
        let (a, o) = self.pair_of(round);
        let mut steps = Vec::new();
        for r in a.into_iter().chain(o) {
            let then = self.as_sealed(r);
            let then = then.as_ref().unwrap_or(self);
            let (rows, told) = Trace::of(|t| then.live_units(r, board, &mut Asked::about(unit, t)));
            let now = rows.iter().find(|u| u.unit.as_deref() == code);
            let stored = self.units(r).of(board).iter().find(|u| u.unit.as_deref() == code);
            if now == stored {
                steps.extend(told);
            } else if let Some(stored) = stored {
                let (zh, en) = match self.plan.round(r).kind {
                    RoundKind::Assessment => ("考核", "assessment"),
                    RoundKind::Observation => ("观摩", "observation"),
                };
                steps.push(Derivation::new(zh, en, stored.value).by(
                    "封存时的结果；此后计划、规则或事实有变，不再逐步重演",
                    "as it was sealed; plan, rules or facts have changed since, so it is not derived again",
                ));
            }
        }
        for measure in Measure::ALL {
            let Some(shown) = self.board(round, board, measure) else { continue };
            let base = shown.round;
            let then = self.as_sealed(base);
            let then = then.as_ref().unwrap_or(self);
            let (_, told) = Trace::of(|t| then.compute_board(base, board, measure, &mut Asked::about(unit, t)));
            steps.extend(told);
            if measure == self.default_measure(round) {
                steps.extend(self.robustness_step(shown, unit));
            }
        }
        let name = unit.map_or(("未注明", "not stated"), |u| {
            let u = self.plan.unit(u);
            (u.called(Lang::Zh), u.called(Lang::En))
        });
        let (id, day) = (&self.plan.round(round).id, self.round_date(round));
        let mut words = (format!("{}  {id} 截至 {day}", name.0), format!("{}  {id} as of {day}", name.1));
        let rounds: Vec<RoundIx> = a.into_iter().chain(o).collect();
        self.name_rules(&rounds, &mut words);
        heading(code.unwrap_or("未注明"), words.0, words.1, steps)
    }

    fn explain_panel(&self, project: ProjectIx, round: RoundIx, ballots: bool) -> Derivation {
        let p = self.plan.project(project);
        let id = &self.plan.round(round).id;
        let stored = self.panels(round).and_then(|all| all.iter().find(|x| x.project == project));
        let steps = match stored {
            None => {
                vec![Derivation::new("观摩", "panel", Figure::None).by("不是本轮观摩点", "not a site of this round")]
            }
            Some(stored) => {
                let then = self.as_sealed(round);
                let then = then.as_ref().unwrap_or(self);
                let rule = &then.plan.rules.observation;
                let (now, mut told) = Trace::of(|t| then.live_panel(round, project, rule, t));
                if now == *stored {
                    if !ballots {
                        told.iter_mut().for_each(without_ballots);
                    }
                } else {
                    told = vec![Derivation::new("观摩", "panel", stored.score).by("封存时的结果", "as it was sealed")];
                }
                told
            }
        };
        heading(p.id.as_str(), format!("{}  {id}", p.name), format!("{}  {id}", p.name), steps)
    }

    fn explain_quota(&self, place: usize, row: Option<usize>) -> Derivation {
        let plan = &self.plan.targets.quota_plans[place];
        let (figures, mut told) = Trace::of(|t| self.quota_figures(plan, t));
        let funds = told.split_off(1 + plan.quotas.len());
        let mut steps = match row {
            Some(row) => vec![told.swap_remove(row + 1)],
            None => told.into_iter().take(1).chain(funds).collect(),
        };
        let pace = figures.pace.fixed(2);
        let label = row.map_or("", |row| plan.quotas[row].label.as_str());
        let key = format!("{}/{label}", plan.id);
        let recorded = self.facts.resolutions.iter().any(|(k, _)| *k == key);
        for step in steps.iter_mut().filter(|_| recorded) {
            step.source = Some(Subject { kind: Kind::Resolution, key: key.clone() });
        }
        for step in &mut steps {
            step.clause = Some(self.plan.rules.clause("quota"));
        }
        let meant = row.and_then(|row| figures.rows[row].unit).map(|u| self.plan.unit(u)).filter(|u| u.name != label);
        if let Some(unit) = meant {
            let en = unit.called(Lang::En);
            steps[0].working = Bilingual::new(format!("认定为 {}", unit.name), format!("resolved as {en}"));
        }
        let (from, to, day) = (plan.from, plan.to, self.day());
        let of = months_of(from, to, day).filter(|_| self.plan.rules.quota.pace == PaceBy::Months);
        let of = of.map_or_else(String::new, |(gone, all)| format!("{gone}/{all}"));
        let (of_zh, of_en) =
            if of.is_empty() { ("按日".into(), "by days".into()) } else { (format!("{of} 月"), of) };
        let zh = format!("{}  {from} 至 {to}  截至 {day}  序时 {pace}%（{of_zh}）", plan.name);
        let en = format!("{}  {from} to {to}  as of {day}  pace {pace}% ({of_en})", plan.name);
        heading(plan.id.as_str(), zh, en, steps)
    }

    fn explain_indicator(&self, place: usize) -> Derivation {
        let i = &self.plan.targets.indicators[place];
        let found = self.newest_indicator(i);
        let (light, mut steps) = Trace::of(|t| indicator::light(i.better, found.map(|(.., r)| &r.value), t));
        if let Some((key, period, r)) = found {
            let text = |p: Option<crate::domain::value::Percent>| p.map_or_else(|| "--".to_owned(), |p| p.short());
            let value = text(r.value.value);
            let unit = &i.unit;
            let (zh, en) = if r.value.provisional { ("  预计", "  provisional") } else { ("", "") };
            let step = Derivation::new(period, period, r.value.growth.map(|p| Points(p.0)))
                .by(format!("{value}{unit}  增速 %{zh}"), format!("{value} {unit}  growth %{en}"))
                .from_record(Some(Subject { kind: Kind::Indicator, key: key.to_owned() }));
            steps.insert(0, step);
        }
        let figure =
            Derivation { steps, ..Derivation::new("灯", "light", light) }.rule(self.plan.rules.clause("light"));
        heading(i.id.as_str(), i.name.as_str(), i.name.as_str(), vec![figure])
    }

    fn explain_goal(&self, place: usize) -> Derivation {
        let g = &self.plan.targets.goals[place];
        let found = self.newest_goal(g);
        let (light, mut steps) = Trace::of(|t| goal::light(g, found.map(|(.., r)| r.value.value), self.day(), t));
        if let Some((key, day, r)) = found {
            let step = Derivation::new("最新数", "newest value", r.value.value)
                .by(day.to_string(), day.to_string())
                .from_record(Some(Subject { kind: Kind::Goal, key: key.to_owned() }));
            steps.insert(0, step);
        }
        let figure = Derivation { steps, ..Derivation::new("灯", "light", light) };
        heading(g.id.as_str(), g.name.as_str(), g.name.as_str(), vec![figure])
    }

    fn explain_rectification(&self, place: usize) -> Derivation {
        let (id, r) = &self.facts.rectifications[place];
        let (at, warn) = (self.day(), self.plan.rules.light.warn_days);
        let (light, overdue) = r.value.light(at, warn);
        let state = r.value.state.label();
        let source = Some(Subject { kind: Kind::Rectification, key: id.clone() });
        let due = Derivation::new("期限", "due", r.value.due).by(state.zh, state.en).from_record(source);
        let (zh, en) = match overdue {
            Some(days) => (format!("逾期 {days} 天"), format!("{days} days overdue")),
            None => (format!("{warn} 天内到期为黄"), format!("yellow within {warn} days of it")),
        };
        let last = Derivation::new("灯", "light", light).by(zh, en);
        let figure = Derivation { steps: vec![due, last], ..Derivation::new("灯", "light", light) }
            .rule(self.plan.rules.clause("light"));
        heading(id.as_str(), r.value.finding.as_str(), r.value.finding.as_str(), vec![figure])
    }

    fn explain_tally(&self, commitment: Option<Commitment>) -> Derivation {
        let tally = self.tally_of(commitment);
        let of = |status: Status, n: usize| self.tally_step(commitment, status, n, &tally);
        let mut steps = vec![
            of(Status::Completed, tally.completed),
            of(Status::OnTrack, tally.on_track),
            of(Status::Behind, tally.behind),
            of(Status::Unknown, tally.unknown),
            of(Status::Excluded, tally.excluded),
        ];
        let terms: Vec<String> = steps.iter().map(|s| s.result.text(Lang::Zh)).collect();
        steps.push(Derivation::new("合计", "total", count(tally.total)).sum(terms.join(" + ")));
        let label = commitment.map_or(("全部", "all"), |c| c.both());
        let at = self.board_date();
        let total = steps.pop();
        steps.extend(commitment.map(|c| self.run_rate_step(c, &tally)));
        steps.extend(total);
        Derivation { steps, ..Derivation::new(label.0, label.1, count(tally.total)) }
            .by(format!("状态截至 {at}"), format!("status as of {at}"))
    }

    /// F19. Whether the completions of a commitment keep pace with the year.
    fn run_rate_step(&self, commitment: Commitment, tally: &Tally) -> Derivation {
        let rate = self.run_rate(commitment);
        let (gone, months) = self.year_months(self.board_date());
        let (n, left, ahead) = (tally.completed, rate.left, months - gone);
        let none = |step: Derivation, x: Option<Points>, working: String| match x {
            Some(_) => step.sum(working),
            None => step.by("无从计算", "cannot be told"),
        };
        let steps = vec![
            none(
                Derivation::new("照此全年完成", "forecast for the year", rate.forecast),
                rate.forecast,
                format!("{n} / ({gone} / {months})"),
            ),
            none(
                Derivation::new("每月须完成", "needed a month", rate.needed),
                rate.needed,
                format!("{left} / {ahead}"),
            ),
            none(Derivation::new("已往每月完成", "so far a month", rate.so_far), rate.so_far, format!("{n} / {gone}")),
            Derivation::new("须提速（倍）", "needed over so far", rate.ratio),
        ];
        Derivation { steps, ..Derivation::new("完成速度", "run rate", rate.forecast) }.by(
            format!("{gone}/{months} 月完成 {n} 个，还剩 {left} 个"),
            format!("{n} in {gone}/{months} months, {left} left"),
        )
    }

    /// Whether the rank of a unit stands when weights and trimming are turned, one step a turn.
    fn robustness_step(&self, board: &Board, unit: Option<UnitIx>) -> Option<Derivation> {
        let rank = board.rows.iter().find(|r| r.unit == unit)?.rank?;
        let robustness = self.robustness(board);
        let steps: Vec<Derivation> = robustness
            .turned
            .iter()
            .map(|turned| {
                let there =
                    turned.ranks.as_ref().and_then(|all| all.iter().find(|(u, _)| *u == unit)).and_then(|x| x.1);
                let (zh, en) = match turned.turn {
                    Turn::Weight(n) => (format!("观摩权重 {n}%"), format!("observation weight {n}%")),
                    Turn::Untrimmed => ("不去最高最低分".to_owned(), "without trimming".to_owned()),
                };
                Derivation::new(zh, en, there)
            })
            .collect();
        let holds = robustness.holds(unit, Some(rank));
        let word = |h: bool| {
            if h { Bilingual::new("名次不变", "stands") } else { Bilingual::new("名次会变", "moves") }
        };
        let figure = holds.map_or(Figure::None, |h| Figure::Word(word(h)));
        (!steps.is_empty()).then(|| Derivation { steps, ..Derivation::new("稳健", "robustness", figure) })
    }

    /// How many projects have a status, and which.
    fn tally_step(&self, commitment: Option<Commitment>, status: Status, n: usize, tally: &Tally) -> Derivation {
        let rate = share(n, tally.total)
            .map_or_else(String::new, |r: Points| format!("100 x {n} / {} = {}%", tally.total, r.fixed(2)));
        let counts = |ix: &ProjectIx| commitment.is_none_or(|c| self.plan.project(*ix).commitment == c);
        let named = |ix: ProjectIx| {
            let (p, Standing { lag_days, .. }) = (self.plan.project(ix), self.standing(ix));
            let step = Derivation::new(p.name.as_str(), p.name.as_str(), 1_i64)
                .leads_to(Question::Project { project: ix, round: None });
            match lag_days {
                Some(days) => step.by(format!("{}  滞后 {days} 天", p.id), format!("{}  {days} days behind", p.id)),
                None => step.sum(p.id.as_str()),
            }
        };
        let all = self.plan.project_ixs().filter(counts).filter(|ix| self.standing(*ix).status == status);
        let label = status.label();
        Derivation { steps: all.map(named).collect(), ..Derivation::new(label.zh, label.en, count(n)).sum(rate) }
    }
}

/// Leaves out single ballots, wherever they stand.
fn without_ballots(step: &mut Derivation) {
    step.steps.retain(|s| s.source.as_ref().is_none_or(|source| source.kind != Kind::Ballot));
    step.steps.iter_mut().for_each(without_ballots);
}

/// The same results, whichever entries they came from.
fn same(a: &ProjectScore, b: &ProjectScore) -> bool {
    let plain = |s: &ProjectScore| {
        let mut s = s.clone();
        s.parts.iter_mut().for_each(|p| p.seq = None);
        s
    };
    (a.state == ScoreState::OutOfScope && b.state == a.state) || plain(a) == plain(b)
}
