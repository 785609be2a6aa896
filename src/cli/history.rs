//! `history` and `verify`: the ledger, and whether it is whole.

use super::failure::{Failure, FailureKind};
use super::folder::{self, Opened};
use super::json::{self, Entry};
use super::output::{Table, figure, name, word};
use crate::domain::district::Plan;
use crate::domain::value::Lang;
use crate::domain::words::fields;
use crate::plan::{self, Texts};
use crate::store::Query;

/// So many entries of a table, where nobody says how many.
const SHOWN: usize = 200;

/// Prints the newest entries, newest last: as a document all of them, as a table so many unless more are asked for.
pub fn history(opened: &mut Opened, subject: Option<&str>, limit: Option<usize>) -> Result<(), Failure> {
    let out = opened.out;
    // A project may be named as the screens shorten it.
    let project = subject.and_then(|s| opened.data.plan.project_named(s));
    let id = project.map(|p| opened.data.plan.project(p).id.clone());
    let subject = id.as_deref().or(subject);
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
        word("哈希", "Hash").leaves(1),
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
            // So much of it is an anchor for `verify --anchor`.
            e.hash.chars().take(12).collect(),
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
        before: fields::written(e.before().as_ref()),
        after: fields::written(e.after().as_ref()),
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
        let value = fields::text(key, value, lang);
        let name = if lang == Lang::Zh { fields::in_chinese(key) } else { key };
        format!("{name}={value}")
    };
    // Points come first: they are what a person looks for.
    let (first, rest): (Vec<_>, Vec<_>) =
        fields.iter().partition(|(key, _)| ["points", "score"].contains(&key.as_str()));
    first.into_iter().chain(rest).map(field).collect::<Vec<_>>().join(" ")
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
