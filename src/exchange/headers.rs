//! 表头. What the headers of a sheet mean: our own names, the Chinese ones, and those that a person has mapped.

use super::line::Column;
use crate::domain::value::{Bilingual, folded};

/// What a column is called in an office's own sheets, the usual name first.
const CHINESE: &[(&str, &[&str])] = &[
    ("project", &["项目编号", "项目代码", "项目"]),
    ("milestone", &["节点", "节点名称"]),
    ("done", &["完成日期", "完成日", "实际完成日期"]),
    ("date", &["日期", "填报日期", "截至日期"]),
    ("percent", &["形象进度", "实际进度", "进度"]),
    ("planned_percent", &["计划进度"]),
    ("invested", &["完成投资", "累计完成投资", "已完成投资"]),
    ("permits_due", &["应办手续"]),
    ("permits_obtained", &["已办手续"]),
    ("reported", &["自报状态", "自报", "上报状态"]),
    ("note", &["备注", "说明"]),
    ("round", &["轮次"]),
    ("criterion", &["评分项"]),
    ("points", &["分数", "得分"]),
    ("judge", &["评委"]),
    ("state", &["状态"]),
    ("score", &["分数", "得分"]),
    ("id", &["编号"]),
    ("source", &["来源"]),
    ("kind", &["事件类别", "类别"]),
    ("resolved", &["解决日期"]),
    ("people", &["人数", "涉及人数"]),
    ("amount", &["金额", "投资额", "涉及金额"]),
    ("reference", &["文号", "依据"]),
    ("unit", &["责任单位", "单位"]),
    ("finding", &["问题", "存在问题"]),
    ("action", &["整改措施", "措施"]),
    ("issued", &["交办日期"]),
    ("due", &["整改期限", "期限"]),
    ("closed", &["销号日期"]),
    ("name", &["名称", "项目名称"]),
    ("received", &["到位资金"]),
    ("origin", &["资金来源地", "来源地"]),
    ("signed", &["签约日期"]),
    ("host", &["落户镇", "落地镇"]),
    ("credits", &["记分单位", "引资单位"]),
    ("started", &["开工日期"]),
    ("producing", &["投产日期"]),
    ("excluded", &["不计原因"]),
    ("indicator", &["指标"]),
    ("period", &["时期", "期间"]),
    ("value", &["数值", "完成值"]),
    ("growth", &["增速", "同比增速"]),
    ("target_growth", &["目标增速"]),
    ("city_growth", &["全市增速"]),
    ("versus_city", &["与全市比"]),
    ("provisional", &["是否初步", "初步数"]),
    ("goal", &["目标"]),
    ("reason", &["理由"]),
    ("commitment", &["类别", "目标类别"]),
    ("headquarters", &["指挥部", "责任指挥部"]),
    ("town", &["镇", "所在镇", "属地"]),
    ("total_investment", &["总投资"]),
    ("annual_plan", &["年度计划投资", "年度投资计划"]),
    ("owner", &["业主单位", "建设单位"]),
    ("contractor", &["施工单位"]),
    ("service_officer", &["首席服务官"]),
    ("task_points", &["任务分值"]),
    ("state_reason", &["状态原因"]),
    ("aliases", &["别名"]),
    ("town_shares", &["各镇份额"]),
    ("stall", &["停滞"]),
    ("provenance", &["出处"]),
];

/// Units that a header may name in brackets.
const UNITS: [&str; 6] = ["亿美元", "万美元", "美元", "亿元", "万元", "元"];

/// Whether a column holds amounts.
pub fn is_money(column: &str) -> bool {
    ["invested", "amount", "received", "total_investment", "annual_plan"].contains(&column)
}

/// The usual Chinese name of a column.
#[must_use]
pub fn chinese(column: &str) -> &str {
    CHINESE.iter().find(|(name, _)| *name == column).and_then(|(_, names)| names.first()).copied().unwrap_or(column)
}

/// What a header stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// One of the columns, with the unit of its bare numbers where the header names one.
    Column(usize, Option<&'static str>),
    /// Told to be left out.
    Ignored,
    /// No column.
    Unknown,
}

/// 列对照. What somebody said that the headers of a sheet mean; empty where nobody had to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mapping(Vec<(String, String)>);

impl Mapping {
    /// Of header and column; `-` leaves a column of the sheet out.
    #[must_use]
    pub fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// Reads `列=field,列=-`.
    ///
    /// # Errors
    /// A part without `=`.
    pub fn parse(text: &str) -> Result<Self, Bilingual> {
        let pair = |part: &str| {
            let (header, column) = part.rsplit_once('=').ok_or_else(|| {
                Bilingual::new(
                    format!("「{part}」不是 列=字段；不要的列写 列=-"),
                    format!("{part:?} is not HEADER=FIELD; leave a column out with HEADER=-"),
                )
            })?;
            Ok((header.trim().to_owned(), column.trim().to_owned()))
        };
        // A header may hold a comma itself: a part is whole once it says what its header means.
        let mut parts: Vec<String> = Vec::new();
        for piece in text.split_inclusive([',', '，']) {
            match parts.last_mut().filter(|part| !part.contains('=')) {
                Some(part) => part.push_str(piece),
                None => parts.push(piece.to_owned()),
            }
        }
        let parts = parts.iter().map(|part| part.trim().trim_end_matches([',', '，']).trim());
        parts.filter(|part| !part.is_empty()).map(pair).collect::<Result<_, _>>().map(Self)
    }

    /// A header that was said to mean something and is none of these, compared as headers are.
    #[must_use]
    pub fn missing(&self, headers: &[String]) -> Option<&str> {
        let is = |said: &str, header: &str| header == said || bare(header).0 == said || bare(said).0 == header;
        let there = |said: &str| headers.iter().any(|header| is(&plain(said), header));
        self.0.iter().map(|(said, _)| said.as_str()).find(|said| !there(said))
    }

    /// The same, with what another says of headers that this says nothing of.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        let more = other.0.iter().filter(|(header, _)| self.of(&plain(header)).is_none());
        Self(self.0.iter().chain(more).cloned().collect())
    }

    /// Header and column, as said.
    #[must_use]
    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// Nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a column is to be that no kind of record has.
    pub fn unknown<'a>(&'a self, columns: &[Column]) -> Option<&'a str> {
        let known = |column: &str| column == "-" || columns.iter().any(|c| c.name == column);
        self.0.iter().map(|(_, column)| column.as_str()).find(|column| !known(column))
    }

    fn of(&self, header: &str) -> Option<&str> {
        self.0.iter().find(|(said, _)| plain(said) == header || bare(&plain(said)).0 == header).map(|(_, c)| c.as_str())
    }
}

/// A header as it is compared: without the blanks and line ends that make it fit its column.
#[must_use]
pub fn plain(header: &str) -> String {
    folded(header).split_whitespace().collect()
}

/// A header without what stands in brackets at its end, and the unit that this is.
fn bare(header: &str) -> (&str, Option<&'static str>) {
    let Some((name, inside)) = header.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) else {
        return (header, None);
    };
    let inside = inside.trim_start_matches("单位").trim_start_matches(':');
    match UNITS.into_iter().find(|unit| *unit == inside) {
        None if inside == "%" => (name, None),
        None => (header, None),
        unit => (name, unit),
    }
}

/// What a header stands for: as it was mapped, else by our name, else by a Chinese one.
#[must_use]
pub fn meaning(header: &str, columns: &[Column], mapping: &Mapping) -> Meaning {
    let whole = plain(header);
    let (name, unit) = bare(&whole);
    let place = |column: &str| columns.iter().position(|c| c.name == column);
    if let Some(said) = mapping.of(&whole).or_else(|| mapping.of(name)) {
        return match place(said) {
            _ if said == "-" => Meaning::Ignored,
            Some(column) => Meaning::Column(column, unit),
            None => Meaning::Unknown,
        };
    }
    let chinese = || {
        let called =
            |name: &str, column: &str| CHINESE.iter().any(|(of, names)| *of == column && names.contains(&name));
        columns
            .iter()
            .position(|c| called(&whole, c.name))
            .or_else(|| columns.iter().position(|c| called(name, c.name)))
    };
    // Ours are as written: a header is no place for guesses about capitals.
    let ours = place(header.trim()).or_else(|| place(name));
    ours.or_else(chinese).map_or(Meaning::Unknown, |column| Meaning::Column(column, unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Sheet;

    fn of(header: &str, mapping: &str) -> Meaning {
        let mapping = Mapping::parse(mapping).expect("a mapping");
        meaning(header, Sheet::Progress.columns(), &mapping)
    }

    fn column(name: &str, unit: Option<&'static str>) -> Meaning {
        let place = Sheet::Progress.columns().iter().position(|c| c.name == name);
        Meaning::Column(place.expect("a column"), unit)
    }

    #[test]
    fn headers_are_ours_or_chinese_or_mapped() {
        assert_eq!(of("invested", ""), column("invested", None));
        assert_eq!(of("完成投资（万元）", ""), column("invested", Some("万元")));
        assert_eq!(of("完成投资\n(单位：亿元)", ""), column("invested", Some("亿元")));
        assert_eq!(of("形象 进度（％）", ""), column("percent", None));
        assert_eq!(of("Invested", ""), Meaning::Unknown);
        assert_eq!(of("本月投资(万元)", "本月投资=invested"), column("invested", Some("万元")));
        assert_eq!(of("本月投资(万元)", "本月投资（万元）=invested"), column("invested", Some("万元")));
        assert_eq!(of("填表人", "填表人=-"), Meaning::Ignored);
        assert_eq!(of("备注", "备注=-"), Meaning::Ignored, "what was said comes first");
        assert_eq!(of("投资，累计（万元）", "填表人=-，投资，累计=invested"), column("invested", Some("万元")));
        assert!(Mapping::parse("没有等号").is_err() && Mapping::parse("甲=project,没有等号").is_err());
    }

    #[test]
    fn no_chinese_name_means_two_columns_of_one_sheet() {
        for sheet in Sheet::ALL {
            let mut seen = std::collections::HashSet::new();
            for column in sheet.columns() {
                let names = CHINESE.iter().find(|(name, _)| *name == column.name);
                let (_, names) = names.unwrap_or_else(|| panic!("{} has no Chinese name", column.name));
                assert!(names.iter().all(|name| seen.insert(*name)), "{}: {names:?}", sheet.name());
            }
        }
    }
}
