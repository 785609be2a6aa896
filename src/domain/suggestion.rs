//! 推算分. What the facts suggest for a criterion (F3, F4).

use serde::{Deserialize, Serialize};

use super::change::{Incident, Kind, ProgressRecord, Subject};
use super::explain::{Derivation, Trace, equals, plus};
use super::project::{Milestone, Project, Standing, Status, months_of, pace};
use super::rectification::Rectification;
use super::scoring::{Criterion, CriterionSource, Late};
use super::value::{Bilingual, Date, Percent, Points, Ratio, days_between};

/// What the facts suggest for a criterion (F3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Suggestion {
    /// The question does not arise.
    NotApplicable,
    /// It waits for an answer.
    Missing,
    /// 推算
    Value(Points),
}

impl Suggestion {
    /// The points, if there are any.
    #[must_use]
    pub fn value(self) -> Option<Points> {
        match self {
            Self::Value(p) => Some(p),
            Self::NotApplicable | Self::Missing => None,
        }
    }
}

/// Everything about one project that its score depends on.
pub(super) struct Facts<'a> {
    pub project: &'a Project,
    pub milestones: &'a [Milestone],
    pub done: &'a [Option<Date>],
    pub standing: Standing,
    pub progress: Option<&'a (Date, ProgressRecord)>,
    /// 事件 and 整改 with their ids.
    pub incidents: &'a [(&'a str, &'a Incident)],
    pub rectifications: &'a [(&'a str, &'a Rectification)],
}

/// F4. Credit of a milestone at a day.
#[must_use]
pub fn credit(due: Date, done: Option<Date>, at: Date, late: Option<Late>) -> Ratio {
    let Some(done) = done.filter(|d| *d <= at) else { return Ratio::ZERO };
    let days = days_between(due, done);
    match late {
        Some(late) if days > 0 => {
            let steps = Ratio::new(i128::from(days), i128::from(late.step_days.max(1))).ceil();
            let kept = Ratio::new(i128::from(100 - late.loss_percent * steps), 100);
            kept.max(Ratio::new(i128::from(late.floor_percent), 100))
        }
        _ => Ratio::ONE,
    }
}

/// F3. What the facts suggest for a criterion at a day.
pub(super) fn suggestion(criterion: &Criterion, f: &Facts, at: Date, year: i16, trace: &mut Trace) -> Suggestion {
    match criterion.source {
        CriterionSource::Entry => {
            trace.working(|| Bilingual::new("由考核员录入，无可推算", "entered by the assessor: nothing to derive"));
            Suggestion::Missing
        }
        CriterionSource::Milestones => milestones(criterion, f, at, trace),
        CriterionSource::CertifiedProgress | CriterionSource::Permits => reported(criterion, f, trace),
        CriterionSource::Investment => investment(criterion, f, at, year, trace),
    }
}

fn not_applicable(trace: &mut Trace, zh: &str, en: &str) -> Suggestion {
    trace.working(|| Bilingual::new(format!("{zh}：不适用"), format!("{en}: not applicable")));
    Suggestion::NotApplicable
}

fn missing(trace: &mut Trace, zh: &str, en: &str) -> Suggestion {
    trace.working(|| Bilingual::new(format!("{zh}：待录入"), format!("{en}: waits for an entry")));
    Suggestion::Missing
}

/// p · Σ w·credit / Σ w over the milestones due by now, over all of a completed project.
fn milestones(criterion: &Criterion, f: &Facts, at: Date, trace: &mut Trace) -> Suggestion {
    let all = f.standing.status == Status::Completed;
    let mut terms: Vec<(u32, Ratio)> = Vec::new();
    for (m, done) in f.milestones.iter().zip(f.done) {
        let kept = (all || m.due <= at).then(|| credit(m.due, *done, at, criterion.late));
        terms.extend(kept.map(|c| (m.weight, c)));
        trace.step(|| milestone_step(f.project, m, done.filter(|d| *d <= at), (kept, criterion.late)));
    }
    let earned: Ratio = terms.iter().map(|(w, c)| Ratio::int(*w) * *c).sum();
    let weights: Ratio = terms.iter().map(|(w, _)| Ratio::int(*w)).sum();
    let exact = (criterion.points.ratio() * earned).over(weights);
    let Some(exact) = exact else { return not_applicable(trace, "没有到期节点", "no milestone has fallen due") };
    trace.sum(|| {
        let earned = plus(terms.iter().map(|(w, c)| format!("{w} x {}", c.decimal())));
        let weights = plus(terms.iter().map(|(w, _)| w.to_string()));
        format!("{} x ({earned}) / ({weights}){}", criterion.points.short(), equals(Some(exact)))
    });
    Suggestion::Value(exact.round2())
}

fn milestone_step(
    project: &Project,
    m: &Milestone,
    done: Option<Date>,
    (credit, rule): (Option<Ratio>, Option<Late>),
) -> Derivation {
    let late = done.map(|d| days_between(m.due, d)).filter(|d| *d > 0);
    let (zh, en) = match (credit, done, late) {
        (None, ..) => ("未到期，不计".to_owned(), "not due yet, does not count".to_owned()),
        (Some(_), None, _) => ("到期未完成".to_owned(), "due, not done".to_owned()),
        (Some(_), Some(d), Some(late)) => {
            let lost = rule.map_or_else(String::new, |r| {
                let steps = Ratio::new(i128::from(late), i128::from(r.step_days.max(1))).ceil();
                format!("max({}%, 100% - {}% x {steps})", r.floor_percent, r.loss_percent)
            });
            (format!("{d} 完成，晚 {late} 天：{lost}"), format!("done {d}, {late} days late: {lost}"))
        }
        (Some(_), Some(d), None) => (format!("{d} 完成，按期"), format!("done {d}, in time")),
    };
    let source = done.map(|_| Subject::new(Kind::Milestone, &[&project.id, &m.name]));
    Derivation::new(m.name.as_str(), m.name.as_str(), credit.map(Ratio::round2))
        .by(format!("期限 {}  权重 {}  {zh}", m.due, m.weight), format!("due {}  weight {}  {en}", m.due, m.weight))
        .from_record(source)
}

/// The newest report, as an input.
fn report_step(f: &Facts, date: Date, zh: String, en: String) -> Derivation {
    Derivation::new("进度报告", "progress report", date)
        .by(zh, en)
        .from_record(Some(Subject::new(Kind::Progress, &[&f.project.id, &date.to_string()])))
}

/// p · min(cap, part / whole); not applicable when the whole is 0. `parts` writes the fraction.
fn capped(
    criterion: &Criterion,
    part: Ratio,
    whole: Ratio,
    trace: &mut Trace,
    fraction: impl FnOnce() -> String,
) -> Suggestion {
    let cap = Ratio::new(i128::from(criterion.cap_percent), 100);
    let Some(exact) = part.over(whole).map(|r| criterion.points.ratio() * cap.min(r)) else {
        return Suggestion::NotApplicable;
    };
    trace.sum(|| {
        let (points, cap) = (criterion.points.short(), cap.decimal());
        format!("{points} x min({cap}, {}){}", fraction(), equals(Some(exact)))
    });
    Suggestion::Value(exact.round2())
}

/// percent / planned percent, or permits obtained / due.
fn reported(criterion: &Criterion, f: &Facts, trace: &mut Trace) -> Suggestion {
    let Some((date, r)) = f.progress else { return missing(trace, "没有进度报告", "no progress report") };
    let percent = criterion.source == CriterionSource::CertifiedProgress;
    let exact = |p: Percent| p.ratio();
    let (part, whole) = if percent {
        (r.percent.map(exact), r.planned_percent.map(exact))
    } else {
        (r.permits_obtained.map(Ratio::int), r.permits_due.map(Ratio::int))
    };
    trace.step(|| {
        let unit = if percent { "%" } else { "" };
        let text = |x: Option<Ratio>| x.map_or_else(|| "--".to_owned(), |x| format!("{}{unit}", x.decimal()));
        let (part, whole) = (text(part), text(whole));
        if percent {
            report_step(f, *date, format!("实际 {part}  计划 {whole}"), format!("actual {part}  planned {whole}"))
        } else {
            report_step(f, *date, format!("已办 {part}  应办 {whole}"), format!("obtained {part}  due {whole}"))
        }
    });
    match (part, whole) {
        (_, Some(whole)) if whole == Ratio::ZERO && percent => {
            not_applicable(trace, "计划进度为 0", "nothing is planned yet")
        }
        (_, Some(whole)) if whole == Ratio::ZERO => not_applicable(trace, "应办手续为 0", "no permit is due"),
        (Some(part), Some(whole)) => {
            capped(criterion, part, whole, trace, || format!("{} / {}", part.decimal(), whole.decimal()))
        }
        _ => missing(trace, "报告未填全", "the report leaves it out"),
    }
}

/// invested / (annual plan · pace of the plan year)
fn investment(criterion: &Criterion, f: &Facts, at: Date, year: i16, trace: &mut Trace) -> Suggestion {
    let (from, to) = (Date::constant(year, 1, 1), Date::constant(year, 12, 31));
    let year_pace = pace(from, to, at, criterion.pace);
    let Some(plan) = f.project.annual_plan else {
        return not_applicable(trace, "没有年度计划投资", "no annual plan");
    };
    trace.step(|| Derivation::new("年度计划投资", "annual plan", super::explain::Figure::Money(plan)));
    trace.step(|| {
        let months = months_of(from, to, at).map_or_else(String::new, |(gone, all)| format!("{gone}/{all}"));
        Derivation::new("序时进度 %", "pace %", (Ratio::int(100) * year_pace).round2()).sum(months)
    });
    if year_pace == Ratio::ZERO {
        return not_applicable(trace, "序时进度为 0", "the pace of the year is 0");
    }
    let Some((date, r)) = f.progress.filter(|(date, _)| date.year() >= year) else {
        return missing(trace, "本年没有进度报告", "no progress report this year");
    };
    trace.step(|| {
        let invested = r.invested.map_or_else(|| "--".to_owned(), |m| m.exact());
        report_step(f, *date, format!("本年完成 {invested}"), format!("invested this year {invested}"))
    });
    match r.invested {
        Some(i) if i.currency == plan.currency => {
            let whole = Ratio::int(plan.amount) * year_pace;
            capped(criterion, Ratio::int(i.amount), whole, trace, || {
                format!("{} / ({} x {})", i.exact(), plan.exact(), year_pace.decimal())
            })
        }
        Some(_) => missing(trace, "币种与年度计划不同", "another currency than the annual plan"),
        None => missing(trace, "报告未填投资", "the report leaves it out"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn e15_credit_of_late_milestones() {
        let late = Some(Late { step_days: 30, loss_percent: 10, floor_percent: 50 });
        let due = day("2014-01-01");
        for (days, tenths) in [(0, 10), (1, 9), (30, 9), (31, 8), (60, 8), (120, 6), (150, 5), (151, 5), (200, 5)] {
            let done = due.checked_add(jiff::Span::new().days(days)).expect("in range");
            assert_eq!(credit(due, Some(done), day("2014-12-31"), late), Ratio::new(tenths, 10), "{days} days late");
        }
        assert_eq!(credit(due, None, day("2014-12-31"), late), Ratio::ZERO);
        assert_eq!(credit(due, Some(day("2014-03-01")), day("2014-02-01"), late), Ratio::ZERO, "done after D");
    }
}
