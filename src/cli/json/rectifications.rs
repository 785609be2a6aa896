//! `dukao rectifications --json`.

use serde::Serialize;

use super::SCHEMA;
use crate::domain::project::Light;
use crate::domain::rectification::RectificationState;
use crate::domain::snapshot::Snapshot;
use crate::domain::value::Date;

/// `dukao rectifications`
#[derive(Serialize)]
pub struct Rectifications<'a> {
    schema: u32,
    as_of: Date,
    rectifications: Vec<Rectification<'a>>,
}

/// One line of the rectification ledger, as it stood on the day.
#[derive(Serialize)]
pub struct Rectification<'a> {
    /// Its id.
    pub id: &'a str,
    /// Project id.
    pub project: Option<&'a str>,
    /// Code of the unit that answers.
    pub unit: &'a str,
    /// 状态
    pub state: RectificationState,
    /// 交办日
    pub issued: Date,
    /// 期限
    pub due: Date,
    /// 销号日
    pub closed: Option<Date>,
    /// 灯
    pub light: Light,
    /// 逾期天
    pub overdue_days: Option<i64>,
    /// 问题
    pub finding: &'a str,
}

/// The rectifications that were issued by the day: overdue first, then by deadline and id, closed ones last.
#[must_use]
pub fn rectification_lines(data: &Snapshot) -> Vec<Rectification<'_>> {
    let (at, warn) = (data.day(), data.plan.rules.light.warn_days);
    let mut lines: Vec<_> = data
        .facts
        .rectifications
        .iter()
        .filter(|(_, kept)| kept.value.issued <= at)
        .map(|(id, kept)| {
            let r = &kept.value;
            let (light, overdue_days) = r.light(at, warn);
            Rectification {
                id,
                project: r.project.as_deref(),
                unit: &r.unit,
                state: r.state_at(at),
                issued: r.issued,
                due: r.due,
                closed: r.closed.filter(|d| *d <= at),
                light,
                overdue_days,
                finding: &r.finding,
            }
        })
        .collect();
    lines.sort_by(|a, b| (a.closed.is_some(), a.due, a.id).cmp(&(b.closed.is_some(), b.due, b.id)));
    lines
}

/// The lines given.
#[must_use]
pub fn rectifications<'a>(data: &'a Snapshot, lines: Vec<Rectification<'a>>) -> Rectifications<'a> {
    Rectifications { schema: SCHEMA, as_of: data.day(), rectifications: lines }
}
