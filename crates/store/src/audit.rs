//! The audit: who wrote what, through which method, for which purpose. One row for each write that was stored.

use domain::{NetworkId, Timestamp, WriteContext};

use crate::error::{Error, Result};
use crate::tx::{Tx, key_text, values};

const TABLE: &str = "audit";
const INSERT: &str = "insert into audit \
    (network_id, principal, role, purpose, method, resource, request_id, time) values ($1, $2, $3, $4, $5, $6, $7, $8)";
const LIST: &str = "select seq, principal, role, purpose, method, resource, request_id, time from audit \
    where ($1 is null or network_id = $1) and seq > $2 order by seq limit $3";

/// One write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place in the order of writing.
    pub seq: i64,
    /// Who wrote.
    pub principal: String,
    /// In which role.
    pub role: String,
    /// For which purpose.
    pub purpose: String,
    /// Through which method.
    pub method: String,
    /// What: a resource name.
    pub resource: String,
    /// The caller's request id, if given.
    pub request_id: Option<String>,
    /// When.
    pub time: Timestamp,
}

type Columns = (i64, String, String, String, String, String, Option<String>, i64);

/// The network of a write: the one in the resource's full name, else the one that the caller is bound to.
fn network<'a>(ctx: &'a WriteContext, resource: &'a str) -> Option<&'a str> {
    let named = resource.strip_prefix("networks/").and_then(|rest| rest.split('/').next());
    named.or_else(|| ctx.scope.network().map(NetworkId::as_str))
}

impl Tx {
    /// Writes the audit row of this transaction.
    pub(crate) async fn audit(&mut self, ctx: &WriteContext, resource: &str) -> Result<()> {
        key_text(TABLE, "resource", resource)?;
        let row = values![
            network(ctx, resource),
            ctx.scope.principal().as_str(),
            ctx.scope.role().code(),
            ctx.scope.purpose(),
            ctx.method,
            resource,
            ctx.request.as_ref().map(|key| key.id.as_str()),
            ctx.now,
        ];
        self.execute(INSERT, row).await.map(drop)
    }

    /// The writes after one, oldest first, at most `rows`: of one network, or of all.
    ///
    /// # Errors
    /// [`Error::Corrupt`] if a row cannot be read, else any [`Error`] of the store.
    pub async fn audit_rows(
        &mut self,
        network: Option<&NetworkId>,
        after_seq: i64,
        rows: u32,
    ) -> Result<Vec<AuditRow>> {
        let found: Vec<Columns> =
            self.rows(LIST, values![network.map(NetworkId::as_str), after_seq, i64::from(rows)]).await?;
        found
            .into_iter()
            .map(|(seq, principal, role, purpose, method, resource, request_id, micros)| {
                let time = Timestamp::from_microsecond(micros).map_err(|_| Error::Corrupt {
                    table: TABLE,
                    column: "time",
                    id: seq.to_string(),
                })?;
                Ok(AuditRow { seq, principal, role, purpose, method, resource, request_id, time })
            })
            .collect()
    }
}
