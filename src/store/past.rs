//! 当时. The year as it stood after an entry of the ledger, so that what was published comes out again as it was.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::{Actor, Error, Store, access, ledger, load, reading, returned, verify};
use crate::domain::change::Kind;
use crate::domain::district::Plan;
use crate::domain::snapshot::{Facts, Snapshot};
use crate::plan::{self, Texts};

/// The newest entry of each record up to one, in their order.
const NEWEST: &str = "SELECT kind, key, MAX(seq), after FROM ledger WHERE seq <= ?1 GROUP BY kind, key ORDER BY 3";

impl Store {
    /// The year as it stood after entry `seq`, without the figures of rounds that the person may not see. The plan is the
    /// one that was in force then.
    ///
    /// # Errors
    /// The file cannot be read, or what the ledger names is gone.
    pub fn snapshot_at(&self, actor: &Actor, seq: u64) -> Result<Arc<Snapshot>, Error> {
        let (plan, facts) = reading(&self.conn, |conn| {
            let plan = self.plan_at(conn, seq)?;
            let facts = facts_at(conn, &plan, seq)?;
            Ok((plan, facts))
        })?;
        let past = Snapshot::new(plan, facts, self.today(), None);
        let hidden = access::hidden_rounds(&past, &actor.in_force(&self.plan));
        Ok(Arc::new(if hidden.is_empty() { past } else { past.hiding(hidden) }))
    }

    fn plan_at(&self, conn: &Connection, seq: u64) -> Result<Arc<Plan>, Error> {
        let newest = "SELECT seq, after FROM ledger WHERE kind = 'plan' AND seq <= ?1 ORDER BY seq DESC LIMIT 1";
        let found = conn
            .prepare_cached(newest)?
            .query_row([ledger::number(seq)], |r| Ok((ledger::seq_at(r, 0)?, r.get::<_, Option<String>>(1)?)))
            .optional()?;
        let (at, record) = found.unwrap_or_default();
        if at == ledger::current(conn, Kind::Plan, "plan")?.0 {
            return Ok(Arc::clone(&self.plan));
        }
        let [district, projects, scoring, targets] = verify::texts_of(conn, record.as_deref())?;
        let read = plan::load(&Texts { district, projects, scoring, targets });
        read.map(Arc::new).map_err(|errors| {
            let first = errors.first().map(|e| e.message.clone()).unwrap_or_default();
            Error::damaged(
                format!("#{at} 的计划现在读不出来：{}", first.zh),
                format!("the plan of entry #{at} cannot be read any more: {}", first.en),
            )
        })
    }
}

fn facts_at(conn: &Connection, plan: &Plan, seq: u64) -> Result<Facts, Error> {
    let mut facts = Facts::empty(plan);
    let mut newest = conn.prepare_cached(NEWEST)?;
    let mut rows = newest.query([ledger::number(seq)])?;
    while let Some(row) = rows.next()? {
        let Some(kind) = Kind::named(&row.get::<_, String>(0)?) else { continue };
        let after = row.get::<_, Option<String>>(3)?.map(|json| load::read(kind, &json)).transpose()?;
        load::apply(conn, plan, &mut facts, kind, &row.get::<_, String>(1)?, ledger::seq_at(row, 2)?, after)?;
    }
    let head = "SELECT hash FROM ledger WHERE seq = ?1";
    let hash: Vec<u8> = conn.prepare_cached(head)?.query_row(params![ledger::number(seq)], |r| r.get(0))?;
    (facts.seq, facts.head) = (seq, ledger::hex(&hash));
    returned::read(conn, &mut facts)?;
    Ok(facts)
}
