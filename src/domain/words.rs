//! 用词. What the enumerations of the domain are called on paper, in both languages.

use super::board::{Flag, Measure};
use super::change::Reported;
use super::goal::GoalOp;
use super::indicator::VersusCity;
use super::panel::BallotState;
use super::project::{Commitment, Light, MilestoneKind, ProjectState, Status};
use super::rectification::RectificationState;
use super::round::RoundState;
use super::score::ScoreState;
use super::scoring::Basis;
use super::value::{Bilingual, Lang};

pub mod fields;

/// A term of the domain.
pub trait Word {
    /// In Chinese and English.
    fn both(&self) -> (&'static str, &'static str);

    /// In that language.
    fn word(&self, lang: Lang) -> String {
        let (zh, en) = self.both();
        if lang == Lang::Zh { zh.to_owned() } else { en.to_owned() }
    }

    /// As a sentence of both.
    fn label(&self) -> Bilingual {
        let (zh, en) = self.both();
        Bilingual::new(zh, en)
    }
}

impl Word for Commitment {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Must => ("确保", "must"),
            Self::Stretch => ("力争", "stretch"),
        }
    }
}

impl Word for Status {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Completed => ("已完成", "completed"),
            Self::OnTrack => ("正常推进", "on track"),
            Self::Behind => ("滞后", "behind"),
            Self::Unknown => ("状态不明", "unknown"),
            Self::Excluded => ("不纳入", "excluded"),
        }
    }
}

impl Word for Light {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Green => ("绿", "green"),
            Self::Yellow => ("黄", "yellow"),
            Self::Red => ("红", "red"),
            Self::Grey => ("灰", "grey"),
        }
    }
}

impl Word for Reported {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Completed => ("已完成", "completed"),
            Self::OnTrack => ("正常推进", "on track"),
            Self::Behind => ("滞后", "behind"),
        }
    }
}

impl Word for ProjectState {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Active => ("在建", "active"),
            Self::Suspended => ("暂停", "suspended"),
            Self::Exempt => ("不纳入考核", "exempt"),
            Self::Withdrawn => ("退出", "withdrawn"),
        }
    }
}

impl Word for MilestoneKind {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Formality => ("手续", "formality"),
            Self::Physical => ("形象", "physical"),
            Self::Completion => ("竣工", "completion"),
            Self::Production => ("投产", "production"),
        }
    }
}

impl Word for Basis {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Derived => ("推算", "derived"),
            Self::Accepted => ("采用", "accepted"),
            Self::Override => ("改定", "override"),
            Self::Entered => ("录入", "entered"),
            Self::NotApplicable => ("不适用", "n/a"),
            Self::Missing => ("未录", "missing"),
        }
    }
}

impl Word for ScoreState {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Certified => ("认定", "certified"),
            Self::Provisional => ("暂认定", "provisional"),
            Self::NotScored => ("暂不计分", "not scored"),
            Self::OutOfScope => ("不在范围", "out of scope"),
        }
    }
}

impl Word for RoundState {
    fn both(&self) -> (&'static str, &'static str) {
        (self.zh(), self.name())
    }
}

impl Word for RectificationState {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Issued => ("交办", "issued"),
            Self::Accepted => ("已签收", "accepted"),
            Self::InProgress => ("整改中", "in progress"),
            Self::Submitted => ("申请销号", "submitted"),
            Self::Closed => ("已销号", "closed"),
        }
    }
}

impl Word for BallotState {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Entered => ("已录", "entered"),
            Self::Confirmed => ("已确认", "confirmed"),
            Self::Absent => ("缺席", "absent"),
            Self::Recused => ("回避", "recused"),
            Self::Void => ("作废", "void"),
        }
    }
}

impl Word for Measure {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Assessment => ("考核", "Assessment"),
            Self::Observation => ("观摩", "Observation"),
            Self::Composite => ("综合", "Composite"),
        }
    }
}

impl Word for Flag {
    fn both(&self) -> (&'static str, &'static str) {
        let zh = match self {
            Self::Veto => "否决",
            Self::Incomplete => "未认定完",
            Self::TieBroken => "同分已分先后",
            Self::NoAssessment => "缺考核※",
            Self::NoObservation => "缺观摩※",
        };
        (zh, self.name())
    }
}

impl Word for VersusCity {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::Above => ("高于", "above"),
            Self::Equal => ("持平", "equal"),
            Self::Below => ("低于", "below"),
        }
    }
}

impl Word for GoalOp {
    fn both(&self) -> (&'static str, &'static str) {
        match self {
            Self::AtLeast => ("不低于", "at least"),
            Self::AtMost => ("不超过", "at most"),
            Self::IncreasePp => ("提高", "increase by"),
            Self::DecreasePp => ("降低", "decrease by"),
            Self::Zero => ("为零", "zero"),
            Self::Done => ("完成", "done"),
        }
    }
}
