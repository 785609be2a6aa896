//! Reading: the plan in force and the facts, from typed tables; and following the ledger entry by entry.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::types::FromSql;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Serialize;
use serde::de::value::{Error as TextError, StrDeserializer};
use serde::de::{Deserialize, DeserializeOwned, IntoDeserializer};

use super::Error;
use super::ledger::{self, number, seq_at};
use super::returned;
use crate::domain::change::{Kind, ProgressRecord, Record};
use crate::domain::district::{Plan, ProjectIx, RoundIx, UnitIx};
use crate::domain::panel::BallotRecord;
use crate::domain::project::{Milestone, Project};
use crate::domain::scoring::ScoreRecord;
use crate::domain::snapshot::{Facts, Kept, Keyed};
use crate::domain::value::{Currency, Date, Money, Percent, Points};
use crate::plan::rules_of;

/// A stored word of an enumeration.
fn word<'de, T: Deserialize<'de>>(text: &'de str) -> Result<T, Error> {
    let reader: StrDeserializer<'de, TextError> = text.into_deserializer();
    T::deserialize(reader)
        .map_err(|e| Error::damaged(format!("数据库里有不认识的词「{text}」"), format!("{text}: {e}")))
}

fn word_at<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T, Error> {
    word(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

fn word_or_none<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Option<T>, Error> {
    row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?.map(word).transpose()
}

/// The word of an enumeration as it is stored.
fn text_of<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn json_of<T: Serialize>(value: &T) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|e| Error::damaged(format!("计划写不成 JSON：{e}"), format!("the plan: {e}")))
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|e| {
        Error::damaged(format!("数据库里的计划读不出来：{e}"), format!("the stored plan cannot be read: {e}"))
    })
}

fn list_at<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<Vec<T>, Error> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(rusqlite::Error::from)?;
    text.map_or_else(|| Ok(Vec::new()), from_json)
}

fn date(text: &str) -> Result<Date, Error> {
    text.parse().map_err(|_| Error::damaged(format!("不是日期：{text}"), format!("not a date: {text}")))
}

fn date_at(row: &Row<'_>, column: usize) -> Result<Date, Error> {
    date(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

fn get<T: FromSql>(row: &Row<'_>, column: usize) -> Result<T, Error> {
    Ok(row.get(column)?)
}

fn money_at(row: &Row<'_>, column: usize) -> Result<Option<Money>, Error> {
    let amount: Option<i64> = row.get(column)?;
    let currency: Option<Currency> = word_or_none(row, column + 1)?;
    Ok(amount.zip(currency).map(|(amount, currency)| Money { amount, currency }))
}

/// Runs a query and hands every row to `each`.
fn rows(conn: &Connection, sql: &str, mut each: impl FnMut(&Row<'_>) -> Result<(), Error>) -> Result<(), Error> {
    let mut read = conn.prepare_cached(sql)?;
    let mut rows = read.query([])?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

/// Replaces the plan of the typed tables, inside the transaction of its entry.
pub(super) fn write_plan(conn: &Connection, plan: &Plan) -> Result<(), Error> {
    conn.execute_batch("DELETE FROM plan_part; DELETE FROM project; DELETE FROM milestone;")?;
    let parts = [
        ("district", json_of(&plan.district)?),
        ("rules", json_of(&plan.rules)?),
        ("targets", json_of(&plan.targets)?),
    ];
    for (name, value) in parts {
        conn.execute("INSERT INTO plan_part(name, value) VALUES(?1, ?2)", params![name, value])?;
    }
    let mut put = conn.prepare(
        "INSERT INTO project VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
         ?20, ?21, ?22, ?23)",
    )?;
    fn list<T: Serialize>(items: &[T]) -> Result<Option<String>, Error> {
        if items.is_empty() { Ok(None) } else { json_of(&items).map(Some) }
    }
    for (ix, p) in (0_i64..).zip(&plan.projects) {
        put.execute(params![
            ix,
            p.id,
            p.name,
            list(&p.aliases)?,
            text_of(&p.commitment),
            p.headquarters.0,
            list(&p.towns)?,
            p.total_investment.map(|m| m.amount),
            p.total_investment.map(|m| text_of(&m.currency)),
            p.annual_plan.map(|m| m.amount),
            p.annual_plan.map(|m| text_of(&m.currency)),
            p.owner,
            p.contractor,
            p.service_officer,
            p.task_points,
            p.stall.map(|s| text_of(&s)),
            text_of(&p.state),
            p.state_reason,
            text_of(&p.provenance),
            p.note,
            p.milestones.start,
            p.milestones.end,
            list(&p.moves)?,
        ])?;
    }
    let mut put = conn.prepare("INSERT INTO milestone VALUES(?1, ?2, ?3, ?4, ?5)")?;
    for (ix, m) in (0_i64..).zip(&plan.milestones) {
        put.execute(params![ix, m.name, text_of(&m.kind), m.due.to_string(), m.weight])?;
    }
    Ok(())
}

/// The plan in force.
pub(super) fn plan(conn: &Connection) -> Result<Plan, Error> {
    let part = |name: &str| -> Result<String, Error> {
        conn.query_row("SELECT value FROM plan_part WHERE name = ?1", [name], |r| r.get(0))
            .optional()?
            .ok_or_else(|| Error::damaged("数据库里没有计划", "the database holds no plan"))
    };
    let mut projects = Vec::new();
    rows(conn, "SELECT * FROM project ORDER BY ix", |r| {
        projects.push(Project {
            id: get(r, 1)?,
            name: get(r, 2)?,
            aliases: list_at(r, 3)?,
            commitment: word_at(r, 4)?,
            headquarters: UnitIx(get(r, 5)?),
            towns: list_at(r, 6)?,
            total_investment: money_at(r, 7)?,
            annual_plan: money_at(r, 9)?,
            owner: get(r, 11)?,
            contractor: get(r, 12)?,
            service_officer: get(r, 13)?,
            task_points: get(r, 14)?,
            stall: word_or_none(r, 15)?,
            state: word_at(r, 16)?,
            state_reason: get(r, 17)?,
            provenance: word_at(r, 18)?,
            note: get(r, 19)?,
            milestones: get(r, 20)?..get(r, 21)?,
            moves: list_at(r, 22)?,
        });
        Ok(())
    })?;
    let mut milestones = Vec::new();
    rows(conn, "SELECT name, kind, due, weight FROM milestone ORDER BY ix", |r| {
        milestones.push(Milestone { name: get(r, 0)?, kind: word_at(r, 1)?, due: date_at(r, 2)?, weight: get(r, 3)? });
        Ok(())
    })?;
    Ok(Plan::new(
        from_json(&part("district")?)?,
        projects,
        milestones,
        from_json(&part("rules")?)?,
        from_json(&part("targets")?)?,
    ))
}

/// The year of a plan: masses from their typed tables, the rest from `record`.
pub(super) fn facts(conn: &Connection, plan: &Plan) -> Result<Facts, Error> {
    let mut facts = Facts::empty(plan);
    let head = ledger::head(conn)?;
    (facts.seq, facts.head) = (head.seq, head_text(&head));

    let mut done = vec![None; plan.milestones.len()];
    let mut unknown = Vec::new();
    rows(conn, "SELECT project, name, done FROM milestone_done", |r| {
        let (project, name) = (get::<String>(r, 0)?, get::<String>(r, 1)?);
        match milestone_place(plan, &project, &name) {
            Some(place) => done[place] = Some(date_at(r, 2)?),
            None => unknown.push(format!("{project}/{name}")),
        }
        Ok(())
    })?;
    facts.done = Arc::new(done);
    facts.unknown_milestones = Arc::new(unknown);

    let mut progress = vec![Vec::new(); plan.projects.len()];
    let sql =
        "SELECT project, date, percent, planned_percent, invested, currency, permits_due, permits_obtained, reported,
               note FROM progress ORDER BY project, date";
    rows(conn, sql, |r| {
        let project = get::<String>(r, 0)?;
        if let Some(ix) = plan.project_ix(&project) {
            let record = ProgressRecord {
                percent: get::<Option<i64>>(r, 2)?.map(Percent),
                planned_percent: get::<Option<i64>>(r, 3)?.map(Percent),
                invested: money_at(r, 4)?,
                permits_due: get(r, 6)?,
                permits_obtained: get(r, 7)?,
                reported: word_or_none(r, 8)?,
                note: get(r, 9)?,
            };
            progress[ix.at()].push((date_at(r, 1)?, record));
        }
        Ok(())
    })?;
    facts.progress = Arc::new(progress);

    let mut scores = vec![HashMap::new(); plan.district.rounds.len()];
    rows(conn, "SELECT round, project, criterion, seq, basis, note, points, suggestion FROM score", |r| {
        let at = |column| Ok::<_, Error>(r.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
        if let Some((round, place)) = score_place(plan, at(0)?, at(1)?, at(2)?) {
            let value = ScoreRecord {
                basis: word_at(r, 4)?,
                note: get(r, 5)?,
                points: get::<Option<i64>>(r, 6)?.map(Points),
                suggestion: get::<Option<i64>>(r, 7)?.map(Points),
            };
            scores[round.at()].insert(place, Kept { seq: seq_at(r, 3)?, value });
        }
        Ok(())
    })?;
    facts.scores = Arc::new(scores);

    let mut ballots = vec![HashMap::new(); plan.district.rounds.len()];
    rows(conn, "SELECT round, judge, project, seq, state, score, entered_by FROM ballot", |r| {
        let at = |column| Ok::<_, Error>(r.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?);
        let place = (plan.round_ix(at(0)?), plan.judge_ix(at(1)?), plan.project_ix(at(2)?));
        if let (Some(round), Some(judge), Some(project)) = place {
            let value = BallotRecord {
                state: word_at(r, 4)?,
                score: get::<Option<i64>>(r, 5)?.map(Points),
                entered_by: get(r, 6)?,
            };
            ballots[round.at()].insert((project, judge), Kept { seq: seq_at(r, 3)?, value });
        }
        Ok(())
    })?;
    facts.ballots = Arc::new(ballots);

    let rest = "SELECT kind, key, seq, value FROM record WHERE value IS NOT NULL
                AND kind NOT IN ('score', 'ballot', 'milestone', 'progress') ORDER BY kind, key";
    rows(conn, rest, |r| {
        let (kind, key, value) = (get::<String>(r, 0)?, get::<String>(r, 1)?, get::<String>(r, 3)?);
        if let Some(kind) = Kind::named(&kind) {
            apply(conn, plan, &mut facts, kind, &key, seq_at(r, 2)?, Some(read(kind, &value)?))?;
        }
        Ok(())
    })?;
    returned::read(conn, &mut facts)?;
    Ok(facts)
}

/// A record of the ledger, typed.
pub(super) fn read(kind: Kind, json: &str) -> Result<Record, Error> {
    Record::read(kind, json).map_err(|e| {
        Error::damaged(format!("台账里有读不出来的{}记录：{e}", kind.name()), format!("a {} record: {e}", kind.name()))
    })
}

fn head_text(head: &ledger::Head) -> String {
    if head.seq == 0 { String::new() } else { ledger::hex(&head.hash) }
}

fn milestone_place(plan: &Plan, project: &str, name: &str) -> Option<usize> {
    let ix = plan.project_ix(project)?;
    let place = plan.milestones(ix).iter().position(|m| m.name == name)?;
    Some(plan.project(ix).milestones.start as usize + place)
}

fn score_place(plan: &Plan, round: &str, project: &str, criterion: &str) -> Option<(RoundIx, (ProjectIx, usize))> {
    Some((plan.round_ix(round)?, (plan.project_ix(project)?, plan.rules.criterion(criterion)?)))
}

/// A text of the document store.
pub(super) fn document(conn: &Connection, sha256: &str) -> Result<Option<String>, Error> {
    Ok(conn
        .prepare_cached("SELECT text FROM document WHERE sha256 = ?1")?
        .query_row([sha256], |r| r.get(0))
        .optional()?)
}

/// Follows one entry of the ledger. What the plan does not know (any more) is skipped.
pub(super) fn apply(
    conn: &Connection,
    plan: &Plan,
    facts: &mut Facts,
    kind: Kind,
    key: &str,
    seq: u64,
    after: Option<Record>,
) -> Result<(), Error> {
    let mut parts = key.splitn(3, '/');
    let mut part = || parts.next().unwrap_or_default();
    match (kind, after) {
        (Kind::Score, after) => {
            let Some((round, place)) = score_place(plan, part(), part(), part()) else { return Ok(()) };
            let table = &mut Arc::make_mut(&mut facts.scores)[round.at()];
            match after {
                Some(Record::Score(value)) => table.insert(place, Kept { seq, value }),
                _ => table.remove(&place),
            };
        }
        (Kind::Ballot, after) => {
            let (round, judge, project) = (plan.round_ix(part()), plan.judge_ix(part()), plan.project_ix(part()));
            let (Some(round), Some(judge), Some(project)) = (round, judge, project) else { return Ok(()) };
            let table = &mut Arc::make_mut(&mut facts.ballots)[round.at()];
            match after {
                Some(Record::Ballot(value)) => table.insert((project, judge), Kept { seq, value }),
                _ => table.remove(&(project, judge)),
            };
        }
        (Kind::Milestone, after) => {
            let (project, name) = key.split_once('/').unwrap_or((key, ""));
            let day = after.and_then(|r| if let Record::Milestone(m) = r { Some(m.done) } else { None });
            match milestone_place(plan, project, name) {
                Some(place) => Arc::make_mut(&mut facts.done)[place] = day,
                None => {
                    let unknown = Arc::make_mut(&mut facts.unknown_milestones);
                    unknown.retain(|k| k != key);
                    if day.is_some() {
                        unknown.push(key.to_owned());
                    }
                }
            }
        }
        (Kind::Progress, after) => {
            let (Some(project), Ok(day)) = (plan.project_ix(part()), part().parse::<Date>()) else { return Ok(()) };
            let list = &mut Arc::make_mut(&mut facts.progress)[project.at()];
            let place = list.binary_search_by_key(&day, |(d, _)| *d);
            match (place, after) {
                (Ok(i), Some(Record::Progress(p))) => list[i].1 = p,
                (Err(i), Some(Record::Progress(p))) => list.insert(i, (day, p)),
                (Ok(i), _) => drop(list.remove(i)),
                (Err(_), _) => {}
            }
        }
        (Kind::Round, after) => {
            let Some(round) = plan.round_ix(key) else { return Ok(()) };
            let value = after.and_then(|r| if let Record::Round(value) = r { Some(value) } else { None });
            let frozen = match value.as_ref().and_then(|v| v.results_sha256.as_ref()) {
                Some(sha256) => document(conn, sha256)?,
                None => None,
            };
            let other = value.as_ref().and_then(|v| v.rules_sha256.as_ref()).filter(|sha| **sha != plan.rules.sha256);
            let rules = match other {
                Some(sha256) => document(conn, sha256)?.and_then(|text| rules_of(&text, &plan.district).ok()),
                None => None,
            };
            Arc::make_mut(&mut facts.results)[round.at()] = frozen;
            Arc::make_mut(&mut facts.sealed_rules)[round.at()] = rules.map(Arc::new);
            Arc::make_mut(&mut facts.rounds)[round.at()] = value.map(|value| Kept { seq, value });
        }
        (Kind::Incident, Some(Record::Incident(v))) => put(&mut facts.incidents, key, seq, Some(v)),
        (Kind::Incident, _) => put(&mut facts.incidents, key, seq, None),
        (Kind::Rectification, Some(Record::Rectification(v))) => put(&mut facts.rectifications, key, seq, Some(v)),
        (Kind::Rectification, _) => put(&mut facts.rectifications, key, seq, None),
        (Kind::Attraction, Some(Record::Attraction(v))) => put(&mut facts.attractions, key, seq, Some(v)),
        (Kind::Attraction, _) => put(&mut facts.attractions, key, seq, None),
        (Kind::Indicator, Some(Record::Indicator(v))) => put(&mut facts.indicators, key, seq, Some(v)),
        (Kind::Indicator, _) => put(&mut facts.indicators, key, seq, None),
        (Kind::Goal, Some(Record::Goal(v))) => put(&mut facts.goals, key, seq, Some(v)),
        (Kind::Goal, _) => put(&mut facts.goals, key, seq, None),
        (Kind::Resolution, Some(Record::Resolution(v))) => put(&mut facts.resolutions, key, seq, Some(v)),
        (Kind::Resolution, _) => put(&mut facts.resolutions, key, seq, None),
        (Kind::Plan | Kind::Restore, _) => {}
    }
    Ok(())
}

fn put<T: Clone>(table: &mut Keyed<T>, key: &str, seq: u64, value: Option<T>) {
    let list = Arc::make_mut(table);
    let place = list.binary_search_by(|(k, _)| k.as_str().cmp(key));
    match (place, value) {
        (Ok(i), Some(value)) => list[i].1 = Kept { seq, value },
        (Err(i), Some(value)) => list.insert(i, (key.to_owned(), Kept { seq, value })),
        (Ok(i), None) => drop(list.remove(i)),
        (Err(_), None) => {}
    }
}

/// More new entries than this are read as whole tables.
const FEW: u64 = 2_000;

/// Brings plan and facts up to the newest entry; false when there is none newer. Tables that no new entry touched stay
/// shared with earlier snapshots.
pub(super) fn refresh(conn: &Connection, plan: &mut Arc<Plan>, facts: &mut Facts) -> Result<bool, Error> {
    let head = ledger::head(conn)?;
    if head.seq == facts.seq {
        return Ok(false);
    }
    let since = number(facts.seq);
    let replanned: bool = conn
        .prepare_cached("SELECT EXISTS(SELECT 1 FROM ledger WHERE seq > ?1 AND kind = 'plan')")?
        .query_row([since], |r| r.get(0))?;
    if replanned {
        *plan = Arc::new(self::plan(conn)?);
    }
    if replanned || head.seq < facts.seq || head.seq - facts.seq > FEW {
        *facts = self::facts(conn, plan)?;
        return Ok(true);
    }
    let mut read_new = conn.prepare_cached("SELECT kind, key, seq, after FROM ledger WHERE seq > ?1 ORDER BY seq")?;
    let mut rows = read_new.query([since])?;
    let mut rectified = false;
    while let Some(row) = rows.next()? {
        let Some(kind) = Kind::named(&get::<String>(row, 0)?) else { continue };
        rectified |= kind == Kind::Rectification;
        let after = get::<Option<String>>(row, 3)?.map(|json| read(kind, &json)).transpose()?;
        apply(conn, plan, facts, kind, &get::<String>(row, 1)?, seq_at(row, 2)?, after)?;
    }
    (facts.seq, facts.head) = (head.seq, head_text(&head));
    if rectified {
        returned::read(conn, facts)?;
    }
    Ok(true)
}
