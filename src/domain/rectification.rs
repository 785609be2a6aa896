//! 整改. Findings to rectify by a deadline (F18), and the steps of their life (`domain.md` §7).

use serde::{Deserialize, Serialize};

use super::change::Way;
use super::project::Light;
use super::value::{Bilingual, Date, days_between};
use super::words::Word;

/// 整改状态
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RectificationState {
    /// 交办
    Issued,
    /// 已签收
    Accepted,
    /// 整改中
    InProgress,
    /// 申请销号
    Submitted,
    /// 已销号
    Closed,
}

/// 整改. A record of `rectifications.csv`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rectification {
    /// Project id, if it concerns one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub project: Option<String>,
    /// Code of the unit that answers.
    pub unit: String,
    /// 问题
    pub finding: String,
    /// 措施
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub action: Option<String>,
    /// 交办日
    pub issued: Date,
    /// 期限
    pub due: Date,
    /// 状态
    pub state: RectificationState,
    /// 销号日; if and only if the state is closed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub closed: Option<Date>,
}

impl Rectification {
    /// Closed by that day.
    #[must_use]
    pub fn closed_by(&self, at: Date) -> bool {
        self.closed.is_some_and(|d| d <= at)
    }

    /// 状态 as it stood on that day: one that was closed later was submitted, from where alone it can be closed.
    #[must_use]
    pub fn state_at(&self, at: Date) -> RectificationState {
        let later = self.state == RectificationState::Closed && !self.closed_by(at);
        if later { RectificationState::Submitted } else { self.state }
    }

    /// F18: light and days overdue at a day.
    #[must_use]
    pub fn light(&self, at: Date, warn_days: i64) -> (Light, Option<i64>) {
        let left = days_between(at, self.due);
        if self.closed_by(at) {
            (Light::Green, None)
        } else if left < 0 {
            (Light::Red, Some(-left))
        } else if left <= warn_days {
            (Light::Yellow, None)
        } else {
            (Light::Green, None)
        }
    }

    /// The record after a step taken on that day; what it asks of the person says [`change`].
    ///
    /// # Errors
    /// There is no such step from where it is, or the new deadline is not later.
    pub fn step(&self, step: RectificationStep, today: Date) -> Result<Self, Refused> {
        let refused = match step {
            RectificationStep::Extend(_) => Refused::Closed,
            RectificationStep::Return => Refused::NoReturn(self.state),
            step => Refused::NoStep { from: self.state, to: step.target().unwrap_or(self.state) },
        };
        let state = step.from(self.state).ok_or(refused)?;
        let due = match step {
            RectificationStep::Extend(due) if due <= self.due => return Err(Refused::NotLater(self.due)),
            RectificationStep::Extend(due) => due,
            _ => self.due,
        };
        let closed = (state == RectificationState::Closed).then_some(today);
        Ok(Self { state, due, closed, ..self.clone() })
    }
}

/// A step of a rectification's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RectificationStep {
    /// 签收
    Accept,
    /// 开始整改
    Start,
    /// 申请销号
    Submit,
    /// 退回
    Return,
    /// 销号
    Close,
    /// 延期, to a new deadline
    Extend(Date),
}

impl RectificationStep {
    /// The state it leads to, whatever it was; none for a step that leaves it.
    fn target(self) -> Option<RectificationState> {
        match self {
            Self::Accept => Some(RectificationState::Accepted),
            Self::Start | Self::Return => Some(RectificationState::InProgress),
            Self::Submit => Some(RectificationState::Submitted),
            Self::Close => Some(RectificationState::Closed),
            Self::Extend(_) => None,
        }
    }

    /// The state it leads to from a state; none where there is no such step.
    #[must_use]
    pub fn from(self, state: RectificationState) -> Option<RectificationState> {
        use RectificationState::{Accepted, InProgress, Issued, Submitted};
        match (self, state) {
            (Self::Accept, Issued)
            | (Self::Start, Accepted)
            | (Self::Submit, InProgress)
            | (Self::Return | Self::Close, Submitted) => self.target(),
            (Self::Extend(_), Issued | Accepted | InProgress | Submitted) => Some(state),
            _ => None,
        }
    }
}

/// What a change of a rectification asks of whoever makes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// He says why.
    pub reason: bool,
    /// He is not the one who submitted it.
    pub another: bool,
}

/// Why a rectification is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No step leads from one state to the other.
    NoStep {
        /// As it is.
        from: RectificationState,
        /// As it should be.
        to: RectificationState,
    },
    /// It was not submitted for closing, so there is nothing to return.
    NoReturn(RectificationState),
    /// Its deadline and closing day stand.
    Closed,
    /// A new one begins as issued; one of a file has not been closed here.
    Begins,
    /// The new deadline is not later than this one.
    NotLater(Date),
    /// The deadline is before it was issued.
    DueBeforeIssued,
    /// A closing day belongs to the state closed, from the day of issue to today.
    ClosingDay,
}

impl Refused {
    /// It stands where the step cannot be taken, other than a wrong value.
    #[must_use]
    pub fn is_state(self) -> bool {
        matches!(self, Self::NoStep { .. } | Self::NoReturn(_) | Self::Closed)
    }

    /// The column of `rectifications.csv` that is at fault.
    #[must_use]
    pub fn column(self) -> &'static str {
        match self {
            Self::NoStep { .. } | Self::NoReturn(_) | Self::Begins => "state",
            Self::Closed | Self::ClosingDay => "closed",
            Self::NotLater(_) | Self::DueBeforeIssued => "due",
        }
    }

    /// The rule that was broken, as one sentence.
    #[must_use]
    pub fn text(self) -> Bilingual {
        match self {
            Self::NoReturn(from) => Bilingual::new(
                format!("整改现在是「{}」，只有「申请销号」的才能退回", from.both().0),
                format!("the rectification is {}: only one submitted for closing can be returned", from.both().1),
            ),
            Self::NoStep { from, to } if from == to => Bilingual::new(
                format!("整改已经是「{}」，不用再办", from.both().0),
                format!("the rectification is {} already", from.both().1),
            ),
            Self::NoStep { from, to } => {
                let (from, to) = (from.both(), to.both());
                Bilingual::new(
                    format!("整改现在是「{}」，不能变为「{}」", from.0, to.0),
                    format!("the rectification is {} and cannot become {}", from.1, to.1),
                )
            }
            Self::Closed => {
                Bilingual::new("整改已销号，期限和销号日不再改", "the rectification is closed: its days stand")
            }
            Self::Begins => Bilingual::new(
                "新整改从「交办」开始，导入的也不能直接是「已销号」",
                "a new rectification begins as issued, and none comes in as closed",
            ),
            Self::NotLater(old) => Bilingual::new(
                format!("新期限须晚于原期限 {old}"),
                format!("the new due date must be later than {old}"),
            ),
            Self::DueBeforeIssued => Bilingual::new("期限早于交办日", "due before it was issued"),
            Self::ClosingDay => Bilingual::new(
                "销号日只在已销号时有，在交办日与今天之间",
                "only a closed one has a closing day, from the day of issue to today",
            ),
        }
    }
}

/// What a change needs, by the guards of `domain.md` §7. A file may have gone several steps at once, up to submitting:
/// any one clerk may take them all.
///
/// # Errors
/// The guard that it breaks.
pub fn change(before: Option<&Rectification>, after: &Rectification, way: Way, today: Date) -> Result<Needs, Refused> {
    use RectificationState::{Closed, InProgress, Issued, Submitted};
    if after.due < after.issued {
        return Err(Refused::DueBeforeIssued);
    }
    if after.closed.map_or(after.state == Closed, |d| after.state != Closed || d < after.issued || d > today) {
        return Err(Refused::ClosingDay);
    }
    let Some(before) = before.filter(|_| way != Way::Bootstrap) else {
        let begins = match way {
            Way::Typed => after.state == Issued,
            Way::Imported => after.state != Closed,
            Way::Bootstrap => true,
        };
        return if begins { Ok(Needs::default()) } else { Err(Refused::Begins) };
    };
    let moved = before.due != after.due;
    if before.state == Closed && (moved || (after.state == Closed && before.closed != after.closed)) {
        return Err(Refused::Closed);
    }
    if moved && after.due <= before.due {
        return Err(Refused::NotLater(before.due));
    }
    let (from, to) = (before.state, after.state);
    let steps = [
        RectificationStep::Accept,
        RectificationStep::Start,
        RectificationStep::Submit,
        RectificationStep::Return,
        RectificationStep::Close,
    ];
    let forward = way == Way::Imported && from < to && to <= Submitted;
    if from != to && !forward && !steps.into_iter().any(|s| s.from(from) == Some(to)) {
        return Err(Refused::NoStep { from, to });
    }
    if way == Way::Typed && from != to && to == Closed && after.closed != Some(today) {
        return Err(Refused::ClosingDay);
    }
    let returned = from == Submitted && to == InProgress;
    Ok(Needs { reason: moved || returned, another: from != Closed && to == Closed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use RectificationState::{Accepted, Closed, InProgress, Issued, Submitted};

    const STATES: [RectificationState; 5] = [Issued, Accepted, InProgress, Submitted, Closed];

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn today() -> Date {
        day("2014-07-12")
    }

    fn finding(state: RectificationState) -> Rectification {
        Rectification {
            project: None,
            unit: "GY".into(),
            finding: "裂缝".into(),
            action: None,
            issued: day("2014-06-01"),
            due: day("2014-07-01"),
            state,
            closed: (state == Closed).then(today),
        }
    }

    fn typed(from: RectificationState, to: RectificationState) -> Result<Needs, Refused> {
        change(Some(&finding(from)), &finding(to), Way::Typed, today())
    }

    #[test]
    fn a_finding_is_late_from_the_day_after_it_is_due() {
        let light = |at: &str| finding(InProgress).light(day(at), 7);
        assert_eq!(light("2014-06-23"), (Light::Green, None), "eight days are left");
        assert_eq!((light("2014-06-24"), light("2014-07-01")), ((Light::Yellow, None), (Light::Yellow, None)));
        assert_eq!(light("2014-07-02"), (Light::Red, Some(1)));
        let closed = finding(Closed);
        assert_eq!(closed.light(day("2014-07-11"), 7), (Light::Red, Some(10)), "closed the day after");
        assert_eq!(closed.light(today(), 7), (Light::Green, None));
    }

    #[test]
    fn it_may_be_due_and_closed_on_the_day_of_issue_but_not_before() {
        let check = |state, due: &str, closed: Option<&str>| {
            let r = Rectification { due: day(due), closed: closed.map(day), ..finding(state) };
            change(None, &r, Way::Bootstrap, today()).map(|_| ())
        };
        assert_eq!(check(Issued, "2014-06-01", None), Ok(()));
        assert_eq!(check(Issued, "2014-05-31", None), Err(Refused::DueBeforeIssued));
        assert_eq!(check(Closed, "2014-07-01", Some("2014-06-01")), Ok(()));
        assert_eq!(check(Closed, "2014-07-01", Some("2014-05-31")), Err(Refused::ClosingDay));
    }

    #[test]
    fn only_the_steps_of_the_table_lead_on() {
        let later = RectificationStep::Extend(day("2014-08-01"));
        let steps = [
            RectificationStep::Accept,
            RectificationStep::Start,
            RectificationStep::Submit,
            RectificationStep::Return,
            RectificationStep::Close,
            later,
        ];
        let ways = |from: RectificationState| -> Vec<RectificationState> {
            steps.into_iter().filter_map(|s| s.from(from)).collect()
        };
        assert_eq!(ways(Issued), [Accepted, Issued]);
        assert_eq!(ways(Accepted), [InProgress, Accepted]);
        assert_eq!(ways(InProgress), [Submitted, InProgress]);
        assert_eq!(ways(Submitted), [InProgress, Closed, Submitted]);
        assert_eq!(ways(Closed), []);
        for from in STATES {
            for to in STATES.into_iter().filter(|to| *to != from) {
                assert_eq!(typed(from, to).is_ok(), ways(from).contains(&to), "{from:?} to {to:?}");
            }
        }
        let closed = finding(Submitted).step(RectificationStep::Close, today()).expect("closed");
        assert_eq!((closed.state, closed.closed), (Closed, Some(today())));
        assert_eq!(finding(Closed).step(later, today()), Err(Refused::Closed));
        let early = finding(Issued).step(RectificationStep::Submit, today());
        assert_eq!(early, Err(Refused::NoStep { from: Issued, to: Submitted }));
    }

    #[test]
    fn returning_and_extending_need_a_reason_and_closing_another_person() {
        let needs = |reason, another| Ok(Needs { reason, another });
        assert_eq!(typed(InProgress, Submitted), needs(false, false));
        assert_eq!(typed(Submitted, InProgress), needs(true, false));
        assert_eq!(typed(Submitted, Closed), needs(false, true));
        let to = |due: &str| Rectification { due: day(due), ..finding(Accepted) };
        let extended = |due: &str| change(Some(&finding(Accepted)), &to(due), Way::Typed, today());
        assert_eq!(finding(Accepted).step(RectificationStep::Extend(day("2014-07-02")), today()), Ok(to("2014-07-02")));
        assert_eq!(extended("2014-07-02"), needs(true, false));
        let not_later = Refused::NotLater(day("2014-07-01"));
        assert_eq!(extended("2014-06-15"), Err(not_later));
        assert_eq!(finding(Accepted).step(RectificationStep::Extend(day("2014-07-01")), today()), Err(not_later));
    }

    #[test]
    fn a_file_may_have_gone_on_but_closes_only_what_was_submitted_here() {
        let import = |before: Option<RectificationState>, to| {
            change(before.map(finding).as_ref(), &finding(to), Way::Imported, today())
        };
        assert!(import(None, InProgress).is_ok() && import(Some(Issued), Submitted).is_ok());
        assert_eq!(import(None, Closed), Err(Refused::Begins));
        assert_eq!(import(Some(InProgress), Closed), Err(Refused::NoStep { from: InProgress, to: Closed }));
        assert_eq!(import(Some(InProgress), Accepted), Err(Refused::NoStep { from: InProgress, to: Accepted }));
        assert_eq!(import(Some(Submitted), Closed), Ok(Needs { reason: false, another: true }));
        assert_eq!(change(None, &finding(InProgress), Way::Typed, today()), Err(Refused::Begins));
        assert!(change(None, &finding(Closed), Way::Bootstrap, today()).is_ok());
    }

    #[test]
    fn a_closing_day_is_real() {
        let closed = |on: &str| Rectification { closed: Some(day(on)), ..finding(Closed) };
        let before = finding(Submitted);
        let of = |on: &str, way| change(Some(&before), &closed(on), way, today());
        assert!(of("2014-07-02", Way::Imported).is_ok());
        for (on, way) in [("2014-07-13", Way::Imported), ("2014-05-31", Way::Imported), ("2014-07-02", Way::Typed)] {
            assert_eq!(of(on, way), Err(Refused::ClosingDay), "{on}");
        }
        let moved = change(Some(&closed("2014-07-02")), &closed("2014-07-03"), Way::Imported, today());
        assert_eq!(moved, Err(Refused::Closed));
        let without = Rectification { closed: None, ..finding(Closed) };
        assert_eq!(change(Some(&before), &without, Way::Imported, today()), Err(Refused::ClosingDay));
    }
}
