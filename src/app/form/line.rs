//! 一行. One field of a record in its form: what it takes, how it is typed, how it is shown.

use crate::app::day;
use crate::app::screen::Sight;
use crate::domain::goal::GoalOp;
use crate::domain::value::{Bilingual, Lang, folded};
use crate::domain::words::fields;
use crate::exchange::Sheet;
use crate::text::Text;

/// The name of the line that is no field of the record: why it is changed.
pub const REASON: &str = "reason";

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// 文字
    Text,
    /// 编号
    Id,
    /// 日期
    Day,
    /// 金额, with its unit.
    Money,
    /// 数
    Number,
    /// 0–100 %
    Share,
    /// 整数
    Count,
    /// 期间
    Period,
    /// One of a list.
    One,
    /// Some of a list.
    Many,
}

impl Takes {
    /// Of a column of a sheet.
    #[must_use]
    pub fn of(sheet: Sheet, column: &str) -> Self {
        match column {
            "date" | "done" | "resolved" | "issued" | "due" | "signed" | "started" | "producing" => Self::Day,
            "project" | "milestone" | "kind" | "unit" | "host" | "indicator" | "goal" => Self::One,
            _ if !sheet.words(column).is_empty() => Self::One,
            "credits" => Self::Many,
            "invested" | "amount" | "received" => Self::Money,
            "percent" | "planned_percent" => Self::Share,
            "value" | "growth" | "target_growth" | "city_growth" => Self::Number,
            "permits_due" | "permits_obtained" | "people" => Self::Count,
            "period" => Self::Period,
            "id" => Self::Id,
            _ => Self::Text,
        }
    }

    /// Whether its value is chosen from a list and never typed.
    #[must_use]
    pub fn listed(self) -> bool {
        matches!(self, Self::One | Self::Many)
    }

    /// What was typed, as the readers of files take it: a day in full, figures of half width. What cannot be read stays as
    /// it is, and the reader says why.
    #[must_use]
    pub fn normal(self, typed: &str, sight: &Sight<'_>) -> String {
        let data = sight.data;
        match self {
            Self::Text | Self::One | Self::Many => typed.trim().to_owned(),
            Self::Day => day::written(typed, data.plan.district.year, data.today),
            Self::Period => folded(typed).to_uppercase(),
            Self::Share | Self::Number => {
                let typed = folded(typed);
                let bare = typed.trim_end_matches('%').trim_end();
                // Below one percent the sign says that no fraction is meant.
                let kept = self == Self::Share && bare != typed && bare.starts_with("0.");
                if kept { format!("{bare}%") } else { bare.to_owned() }
            }
            Self::Id | Self::Money | Self::Count => folded(typed),
        }
    }

    /// What it may look like; who is asked for words needs no example of them, but room.
    fn hint(self) -> Option<Text> {
        Some(match self {
            Self::Text => return None,
            Self::Id => Text::FormId,
            Self::Day => Text::FormDay,
            Self::Money => Text::FormMoney,
            Self::Number => Text::FormNumber,
            Self::Share => Text::FormShare,
            Self::Count => Text::FormCount,
            Self::Period => Text::FormPeriod,
            Self::One => Text::FormOne,
            Self::Many => Text::FormMany,
        })
    }
}

/// 一行
#[derive(Clone, Debug)]
pub struct Line {
    /// The column of its sheet.
    pub name: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// Part of the key.
    pub key: bool,
    /// Must not be empty.
    pub needed: bool,
    /// The record that is edited is this one: its key stays.
    pub fixed: bool,
    /// As the readers take it.
    pub value: String,
    /// As the record has it that the person saw.
    pub stored: String,
    /// As somebody else has set it meanwhile.
    pub theirs: Option<String>,
    /// Why the value does not fit.
    pub wrong: Option<Bilingual>,
    /// What is odd about it; it is saved all the same.
    pub doubts: Vec<Bilingual>,
}

impl Line {
    /// An empty line of a column.
    #[must_use]
    pub fn new(sheet: Sheet, name: &'static str) -> Self {
        Self {
            name,
            takes: Takes::of(sheet, name),
            key: sheet.key().contains(&name),
            // A milestone whose day is cleared is not done any more.
            needed: sheet.requires(name) && name != "done",
            fixed: false,
            value: String::new(),
            stored: String::new(),
            theirs: None,
            wrong: None,
            doubts: Vec::new(),
        }
    }

    /// The line of the reason.
    #[must_use]
    pub fn reason() -> Self {
        Self {
            name: REASON,
            takes: Takes::Text,
            key: false,
            needed: false,
            fixed: false,
            value: String::new(),
            stored: String::new(),
            theirs: None,
            wrong: None,
            doubts: Vec::new(),
        }
    }

    /// Whether it is a field that the person has changed.
    #[must_use]
    pub fn changed(&self) -> bool {
        !self.key && self.name != REASON && self.value != self.stored
    }

    /// What it is called.
    #[must_use]
    pub fn label(&self, sheet: Sheet, lang: Lang) -> String {
        let zh = match (sheet, self.name) {
            (_, "id") => "编号",
            (Sheet::Incidents, "kind") => "事件",
            (_, "milestone") => "节点",
            (_, "indicator") => "指标",
            (_, "goal") => "目标",
            (_, "period") => "期间",
            (_, REASON) => "理由",
            (Sheet::Incidents, "reference") => "文号",
            (Sheet::Incidents, "date") => "发生日",
            (Sheet::Progress, "date") => "上报日",
            (Sheet::Milestones, "done") => "完成日",
            (_, name) => fields::in_chinese(name),
        };
        if lang == Lang::Zh { zh.to_owned() } else { fields::called(self.name, lang) }
    }

    /// What its value may look like, and its unit.
    #[must_use]
    pub fn hint(&self, sheet: Sheet, of: &str, sight: &Sight<'_>) -> String {
        let targets = &sight.data.plan.targets;
        let unit = match (sheet, self.name) {
            (Sheet::Indicators, "value") => targets.indicators.iter().find(|i| i.id == of).map(|i| i.unit.clone()),
            (Sheet::Indicators, name) if name.ends_with("growth") => Some("%".to_owned()),
            (Sheet::Goals, "value") => targets.goals.iter().find(|g| g.id == of).and_then(|g| g.unit.clone()),
            _ => None,
        };
        let hint = match self.name {
            REASON => Some(Text::FormReason),
            "excluded" => Some(Text::FormExcluded),
            "value" if targets.goals.iter().any(|g| sheet == Sheet::Goals && g.id == of && g.op == GoalOp::Done) => {
                Some(Text::FormGoalDone)
            }
            _ => self.takes.hint(),
        };
        let needed = (self.needed && self.value.is_empty()).then_some(Text::FormNeeded);
        let say = |text: Option<Text>| text.map_or_else(String::new, |t| t.in_lang(sight.lang).to_owned());
        let parts = [say(needed), unit.unwrap_or_default(), say(hint)];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ")
    }
}
