//! `history` and `verify`: the ledger, and whether it is whole.

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json::{self, Entry};
use super::output::{Table, figure, name, word};
use crate::domain::district::Plan;
use crate::domain::value::Lang;
use crate::plan::{self, Texts};
use crate::store::Query;

/// So many entries of a table, where nobody says how many.
const SHOWN: usize = 200;

/// Prints the newest entries, newest last: as a document all of them, as a table so many unless more are asked for.
pub fn history(opened: &mut Opened, subject: Option<&str>, limit: Option<usize>) -> Result<(), Failure> {
    let out = opened.out;
    let limit = limit.unwrap_or(if opened.options.json { usize::MAX } else { SHOWN });
    // One more than is shown tells whether there are more.
    let mut entries = entries(opened, &Query::of(subject, limit.saturating_add(1)))?;
    let more = entries.len() > limit;
    entries.drain(..entries.len().saturating_sub(limit));
    if opened.options.json {
        return out.json(&json::history(entries));
    }
    if entries.is_empty() && limit > 0 {
        folder::note(&nothing(opened, subject));
    }
    let mut table = Table::new(&[
        figure("条目", "Entry"),
        word("时间", "Time"),
        word("谁", "Who"),
        word("类别", "Kind"),
        name("记录", "Record"),
        name("原来", "Before"),
        name("改为", "After"),
        name("理由", "Reason"),
    ]);
    for e in entries {
        // The day and minute; the full instant is in --json.
        let at: String = e.at.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect();
        table.row([
            format!("#{}", e.seq),
            at,
            e.actor,
            e.kind,
            e.key,
            value(&e.before, out.lang),
            value(&e.after, out.lang),
            e.reason,
        ]);
    }
    let rest = if !more {
        String::new()
    } else if out.lang == Lang::Zh {
        format!("… 还有更早的：--limit {}", limit.saturating_mul(10))
    } else {
        format!("… more: --limit {}", limit.saturating_mul(10))
    };
    if more && out.width.is_none() {
        // A pipe gets rows only.
        folder::note(&rest);
        return out.text(&table.render(&out));
    }
    out.text(&(table.render(&out) + &rest + if more { "\n" } else { "" }))
}

/// The entries that a query means and the person may read, newest last.
pub fn entries(opened: &Opened, query: &Query) -> Result<Vec<Entry>, Failure> {
    let found = opened.store.history(&opened.actor, query)?;
    let entry = |e: crate::store::LedgerEntry| Entry {
        seq: e.seq,
        before: json::record(e.before().as_ref()),
        after: json::record(e.after().as_ref()),
        at: e.at,
        actor: e.actor,
        via: e.via,
        kind: e.kind_name,
        key: e.key,
        base: e.base,
        reason: e.reason,
        hash: e.hash,
    };
    Ok(found.into_iter().map(entry).collect())
}

/// What to say of a subject without entries: that it has none, or that there is no such thing.
fn nothing(opened: &Opened, subject: Option<&str>) -> String {
    let (out, plan) = (opened.out, &opened.data.plan);
    let Some(subject) = subject else { return out.say("还没有条目", "no entries yet").to_owned() };
    let known = plan.project_ix(subject).is_some() || plan.round_ix(subject).is_some();
    if known {
        return match out.lang {
            Lang::Zh => format!("{subject} 还没有条目"),
            Lang::En => format!("{subject} has no entries yet"),
        };
    }
    let rounds = plan.district.rounds.iter().map(|r| r.id.as_str());
    let near = plan::text::nearest(subject, plan.projects.iter().map(|p| p.id.as_str()).chain(rounds));
    match (out.lang, near) {
        (Lang::Zh, None) => format!("没有「{subject}」的条目：不是项目、轮次、记录、类别或人"),
        (Lang::Zh, Some(near)) => format!("没有「{subject}」的条目；是不是 {near}？"),
        (Lang::En, None) => {
            format!("no entries of {subject:?}: no project, round, record, kind or person of that name")
        }
        (Lang::En, Some(near)) => format!("no entries of {subject:?}; did you mean {near}?"),
    }
}

/// A record in one line: its fields and values.
pub fn value(record: &serde_json::Value, lang: Lang) -> String {
    let Some(fields) = record.as_object() else { return super::words::NONE.to_owned() };
    let field = |(key, value): (&String, &serde_json::Value)| {
        let value = match value {
            serde_json::Value::String(text) => text.clone(),
            serde_json::Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
            serde_json::Value::Object(_) => value.to_string(),
            value => plain(value),
        };
        // A hash is known by its beginning; the whole of it is in --json.
        let value = if key.ends_with("_sha256") { value.chars().take(12).collect() } else { value };
        match lang {
            Lang::Zh => format!("{}={}", in_chinese(key), term(key, &value)),
            Lang::En => format!("{key}={value}"),
        }
    };
    // Points come first: they are what a person looks for.
    let (first, rest): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(key, _)| ["points", "score"].contains(&key.as_str()));
    first.into_iter().chain(rest).map(field).collect::<Vec<_>>().join(" ")
}

fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => super::words::NONE.to_owned(),
        value => value.to_string(),
    }
}

/// What a field of a record is called on paper.
fn in_chinese(key: &str) -> &str {
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
        other => other,
    }
}

/// A value that is a term of the domain, in Chinese; other values as they are.
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
        ("state", "confirmed") => "已复核",
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
        (_, "true") => "是",
        (_, "false") => "否",
        (_, value) => value,
    }
}

/// The plan of texts that a ledger names, for its verification.
pub fn read_plan(texts: &[String; 4]) -> Option<Plan> {
    let [district, projects, scoring, targets] = texts.clone();
    plan::load(&Texts { district, projects, scoring, targets }).ok()
}

/// Prints whether the database and the ledger are whole; exit 6 where they are not.
pub fn verify(opened: &mut Opened, anchor: Option<&str>) -> Result<(), Failure> {
    let out = opened.out;
    if let Some(anchor) = anchor {
        let fits = (12..=64).contains(&anchor.len()) && anchor.bytes().all(|b| b.is_ascii_hexdigit());
        if !fits {
            return Err(Failure::usage("锚点是 12 到 64 位十六进制数字", "an anchor is 12 to 64 hexadecimal digits"));
        }
    }
    let report = opened.store.verify(anchor, &read_plan)?;
    let problems: Vec<String> = report.problems.iter().map(|p| p.in_lang(out.lang).to_owned()).collect();
    let whole = problems.is_empty();
    for warning in &report.warnings {
        super::folder::warn(warning, out.lang);
    }
    if opened.options.json {
        out.json(&json::verified(report.entries, &report.head, problems))?;
    } else if whole {
        let text = match out.lang {
            Lang::Zh => format!("完好：{} 条，末条哈希 {}", report.entries, report.head),
            Lang::En => format!("whole: {} entries, head {}", report.entries, report.head),
        };
        out.lines(&[text])?;
    } else {
        out.lines(&problems)?;
    }
    if whole { Ok(()) } else { Err(broken(opened, report.problems.len())) }
}

fn broken(opened: &Opened, n: usize) -> Failure {
    if opened.options.json {
        return Failure::silent(FailureKind::Database);
    }
    Failure::new(FailureKind::Database, format!("台账有 {n} 处不符"), format!("the ledger has {n} problems"))
        .next("不要再保存；用最近的备份恢复", "save nothing more; restore the newest backup")
}
