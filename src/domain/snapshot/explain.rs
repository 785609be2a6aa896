//! 推算. How each figure that can be asked about came about: the formulas themselves tell it.

use super::{RecordsByProject, Snapshot};
use crate::domain::board::{Asked, Measure};
use crate::domain::change::{Kind, Subject};
use crate::domain::district::{ProjectIx, RoundIx, RoundKind, UnitIx};
use crate::domain::explain::{Derivation, Figure, Question, Trace};
use crate::domain::goal;
use crate::domain::indicator;
use crate::domain::project::{BoardKind, Commitment, Standing, Status, Tally, share, standing};
use crate::domain::score::{ProjectScore, ScoreState};
use crate::domain::value::Points;
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
            let records = self.records_by_project();
            steps.extend(self.explain_score(round, project, &records));
            let (id, day) = (&self.plan.round(round).id, self.round_date(round));
            round_words = if day == at {
                (format!("  {id}"), format!("  {id}"))
            } else {
                (format!("  {id} 截至 {day}"), format!("  {id} as of {day}"))
            };
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

    /// F3–F8: the score and the earned points of a project in a round.
    fn explain_score(&self, round: RoundIx, project: ProjectIx, records: &RecordsByProject<'_>) -> Vec<Derivation> {
        let (now, steps) = Trace::of(|t| self.live_score(round, project, records, t));
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
            let (rows, told) = Trace::of(|t| self.live_units(r, board, &mut Asked::about(unit, t)));
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
            let Some(base) = self.board(round, board, measure).map(|b| b.round) else { continue };
            let (_, told) = Trace::of(|t| self.compute_board(base, board, measure, &mut Asked::about(unit, t)));
            steps.extend(told);
        }
        let name = unit.map_or(("未注明", "not stated"), |u| {
            let u = self.plan.unit(u);
            (u.name.as_str(), u.name_en.as_deref().unwrap_or(&u.name))
        });
        let (id, day) = (&self.plan.round(round).id, self.round_date(round));
        let (zh, en) = (format!("{}  {id} 截至 {day}", name.0), format!("{}  {id} as of {day}", name.1));
        heading(code.unwrap_or("未注明"), zh, en, steps)
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
                let (now, mut told) = Trace::of(|t| self.live_panel(round, project, &self.plan.rules.observation, t));
                if now == *stored {
                    let single = |s: &Derivation| s.source.as_ref().is_some_and(|s| s.kind == Kind::Ballot);
                    for step in &mut told {
                        step.steps.retain(|s| ballots || !single(s));
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
        let at = row.map_or(0, |row| row + 1);
        let mut steps = if at < told.len() { vec![told.swap_remove(at)] } else { Vec::new() };
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
        let (from, to, day) = (plan.from, plan.to, self.day());
        let zh = format!("{}  {from} 至 {to}  截至 {day}  序时 {pace}%", plan.name);
        heading(plan.id.as_str(), zh, format!("{}  {from} to {to}  as of {day}  pace {pace}%", plan.name), steps)
    }

    fn explain_indicator(&self, place: usize) -> Derivation {
        let i = &self.plan.targets.indicators[place];
        let found = self.newest_indicator(i);
        let (light, mut steps) = Trace::of(|t| indicator::light(i.better, found.map(|(.., r)| &r.value), t));
        if let Some((key, period, r)) = found {
            let text = |p: Option<crate::domain::value::Percent>| p.map_or_else(|| "--".to_owned(), |p| p.short());
            let (value, growth) = (text(r.value.value), text(r.value.growth));
            let unit = &i.unit;
            let (zh, en) = if r.value.provisional { ("  预计", "  provisional") } else { ("", "") };
            let step = Derivation::new(period, period, Figure::None)
                .by(format!("{value}{unit}  增速 {growth}%{zh}"), format!("{value} {unit}  growth {growth}%{en}"))
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
        let terms: Vec<String> = steps.iter().map(|s| s.result.text(crate::domain::value::Lang::Zh)).collect();
        steps.push(Derivation::new("合计", "total", count(tally.total)).sum(terms.join(" + ")));
        let label = commitment.map_or(("全部", "all"), |c| c.both());
        let at = self.board_date();
        Derivation { steps, ..Derivation::new(label.0, label.1, count(tally.total)) }
            .by(format!("状态截至 {at}"), format!("status as of {at}"))
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

/// The same results, whichever entries they came from.
fn same(a: &ProjectScore, b: &ProjectScore) -> bool {
    let plain = |s: &ProjectScore| {
        let mut s = s.clone();
        s.parts.iter_mut().for_each(|p| p.seq = None);
        s
    };
    (a.state == ScoreState::OutOfScope && b.state == a.state) || plain(a) == plain(b)
}
