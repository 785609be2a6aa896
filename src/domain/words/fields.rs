//! 字段. The fields of a record as a person reads them: what they are called, and their values.

use serde_json::{Map, Value};

use crate::domain::change::Record;
use crate::domain::value::{Lang, Points};

/// A record as a person writes it: hundredths as numbers, amounts of yuan as `…_yuan`.
#[must_use]
pub fn written(record: Option<&Record>) -> Value {
    let Some(Ok(Value::Object(fields))) = record.map(|r| serde_json::from_str(&r.json())) else { return Value::Null };
    Value::Object(fields.into_iter().map(|(key, value)| field(key, value)).collect::<Map<_, _>>())
}

fn field(key: String, value: Value) -> (String, Value) {
    const HUNDREDTHS: [&str; 9] = [
        "points",
        "suggestion",
        "score",
        "percent",
        "planned_percent",
        "value",
        "growth",
        "target_growth",
        "city_growth",
    ];
    if let (true, Some(n)) = (HUNDREDTHS.contains(&key.as_str()), value.as_i64()) {
        return (key, Points(n).json());
    }
    match (value.get("currency").and_then(Value::as_str), value.get("amount")) {
        (Some("CNY"), Some(amount)) => (format!("{key}_yuan"), amount.clone()),
        _ => (key, value),
    }
}

/// What a field is called.
#[must_use]
pub fn called(key: &str, lang: Lang) -> String {
    if lang == Lang::Zh { in_chinese(key).to_owned() } else { key.replace('_', " ") }
}

/// A value in one line; a hash by its beginning.
#[must_use]
pub fn text(key: &str, value: &Value, lang: Lang) -> String {
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Null => "--".to_owned(),
        value => value.to_string(),
    };
    let text = match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        value => plain(value),
    };
    let text = if key.ends_with("_sha256") || key.ends_with("head") { text.chars().take(12).collect() } else { text };
    if lang == Lang::Zh { term(key, &text).to_owned() } else { text }
}

/// What a field of a record is called on paper.
#[must_use]
pub fn in_chinese(key: &str) -> &str {
    match key {
        "points" | "score" => "分",
        "basis" => "依据",
        "suggestion" => "推算",
        "note" => "备注",
        "state" => "状态",
        "date" => "日期",
        "done" => "完成",
        "percent" => "形象进度%",
        "planned_percent" => "计划进度%",
        "invested" => "完成投资",
        "invested_yuan" => "完成投资(元)",
        "permits_due" => "应办手续",
        "permits_obtained" => "已办手续",
        "reported" => "自报",
        "entered_by" => "录入人",
        "confirmed_by" => "复核人",
        "revision" => "封存次",
        "results_sha256" => "结果哈希",
        "rules_sha256" => "规则哈希",
        "correction" => "更正",
        "district_sha256" => "区哈希",
        "projects_sha256" => "项目哈希",
        "scoring_sha256" => "评分哈希",
        "targets_sha256" => "任务哈希",
        "event" => "事件",
        "people" => "人数",
        "project" => "项目",
        "reference" => "编号",
        "source" => "来源",
        "amount" => "金额",
        "amount_yuan" => "金额(元)",
        "received" => "到位资金",
        "received_yuan" => "到位资金(元)",
        "started" => "开工",
        "producing" => "投产",
        "excluded" => "不计原因",
        "resolved" => "解决日",
        "growth" => "增速%",
        "target_growth" => "目标增速%",
        "city_growth" => "全市增速%",
        "value" => "值",
        "versus_city" => "较全市",
        "provisional" => "预计",
        "name" => "名称",
        "host" => "落地",
        "credits" => "记账",
        "origin" => "来自",
        "signed" => "签约",
        "unit" => "单位",
        "action" => "措施",
        "finding" => "问题",
        "issued" => "交办",
        "due" => "期限",
        "closed" => "销号",
        "seq" => "条目",
        "head" => "末条哈希",
        "replaced_seq" => "原条目",
        "replaced_head" => "原末条哈希",
        other => other,
    }
}

/// A value that is a term of the domain, in Chinese; other values as they are.
#[must_use]
pub fn term<'a>(key: &str, value: &'a str) -> &'a str {
    match (key, value) {
        ("basis", "derived") => "推算",
        ("basis", "accepted") => "采用",
        ("basis", "override") => "改定",
        ("basis", "entered") => "录入",
        ("basis", "not_applicable") => "不适用",
        ("state", "draft") => "未开",
        ("state", "open") => "进行中",
        ("state", "sealed") => "已封存",
        ("state", "published") => "已公布",
        ("state", "final") => "已终结",
        ("state", "certified") => "已认定",
        ("state", "provisional") => "暂认定",
        ("state", "not_scored") => "暂不计分",
        ("state", "entered") => "已录",
        ("state", "confirmed") => "已确认",
        ("state", "absent") => "缺席",
        ("state", "recused") => "回避",
        ("state", "void") => "作废",
        ("state", "issued") => "交办",
        ("state", "accepted") => "已签收",
        ("state", "in_progress") => "整改中",
        ("state", "submitted") => "申请销号",
        ("state", "closed") => "已销号",
        ("reported", "completed") => "已完成",
        ("reported", "on_track") => "正常推进",
        ("reported", "behind") => "滞后",
        ("versus_city", "above") => "高于",
        ("versus_city", "equal") => "持平",
        ("versus_city", "below") => "低于",
        ("source", "petition") => "信访",
        ("source", "line110") => "110联动",
        ("source", "safety") => "安全",
        ("source", "quality") => "质量",
        ("source", "media") => "媒体",
        ("source", "superior") => "上级",
        ("origin", "abroad") => "境外",
        ("origin", "other_province") => "省外",
        ("origin", "in_province") => "省内市外",
        ("origin", "local") => "本市",
        ("provisional", "yes") => "是",
        ("provisional", "no") => "否",
        (_, "true") => "是",
        (_, "false") => "否",
        (_, value) => value,
    }
}
