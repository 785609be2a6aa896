//! `history` and `verify`: the ledger, and whether it is whole.

use super::failure::{Failure, FailureKind};
use super::folder::Opened;
use super::json::{self, Entry};
use super::output::{Table, figure, name, word};
use crate::domain::value::Lang;
use crate::plan::{self, Texts};

/// Prints the newest entries, newest last.
pub fn history(opened: &mut Opened, subject: Option<&str>, limit: usize) -> Result<(), Failure> {
    let out = opened.out;
    let entries: Vec<Entry> = opened
        .store
        .history(&opened.actor, subject, limit)?
        .into_iter()
        .map(|e| Entry {
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
        })
        .collect();
    if opened.options.json {
        return out.json(&json::history(entries));
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
        table.row([format!("#{}", e.seq), at, e.actor, e.kind, e.key, value(&e.before), value(&e.after), e.reason]);
    }
    out.text(&table.render(&out))
}

/// A record in one line: its fields and values.
pub fn value(record: &serde_json::Value) -> String {
    let Some(fields) = record.as_object() else { return super::words::NONE.to_owned() };
    let field = |(key, value): (&String, &serde_json::Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // A hash is known by its beginning; the whole of it is in --json.
        let value = if key.ends_with("_sha256") { value.chars().take(12).collect() } else { value };
        format!("{key}={value}")
    };
    fields.iter().map(field).collect::<Vec<_>>().join(" ")
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
    let read_plan = |[district, projects, scoring, targets]: &[String; 4]| {
        let [district, projects, scoring, targets] = [district, projects, scoring, targets].map(Clone::clone);
        plan::load(&Texts { district, projects, scoring, targets }).ok()
    };
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
