//! PostgreSQL: a pool whose connections never carry a transaction from one user to the next.

use std::str::FromStr;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions, PgPool, Row};

use super::OpenOptions;
use crate::error::{Cause, Error, Result};

/// Opens the pool.
///
/// A transaction whose beginning is cancelled (the caller hung up) may reach the server after the client has forgotten it. sqlx 0.9.0
/// then hands the connection to the next user with that transaction open: its commits would only end a savepoint, and everything it
/// wrote would vanish later. So every connection is rolled back when it returns, and asked before it leaves.
pub(super) async fn open(url: &str, options: &OpenOptions) -> Result<PgPool> {
    let connect = PgConnectOptions::from_str(url)
        .map_err(|_| {
            Error::Setup(
                "the PostgreSQL URL cannot be read; its form is postgres://USER:PASSWORD@HOST:PORT/NAME".to_owned(),
            )
        })?
        .application_name("keikka")
        .options([
            ("statement_timeout", options.statement_timeout.as_millis().to_string()),
            ("lock_timeout", options.lock_timeout.as_millis().to_string()),
            ("idle_in_transaction_session_timeout", "60000".to_owned()),
            // A rollback outside a transaction is a warning, and one is sent at each return.
            ("client_min_messages", "error".to_owned()),
        ])
        .disable_statement_logging();
    PgPoolOptions::new()
        .max_connections(options.connections.max(1))
        .acquire_timeout(options.turn_timeout)
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(async move { roll_back(connection).await.map(|()| true) }))
        .before_acquire(|connection, _| Box::pin(is_clean(connection)))
        .connect_with(connect)
        .await
        .map_err(open_error)
}

/// What an operator has to put right is said in words; the rest is sorted as ever.
fn open_error(error: sqlx::Error) -> Error {
    let state = error.as_database_error().and_then(|database| database.code()).unwrap_or_default().into_owned();
    match state.as_str() {
        "3D000" => Error::Setup("PostgreSQL has no database of that name; create it first".to_owned()),
        "28000" | "28P01" => Error::Setup("PostgreSQL refuses the user or the password".to_owned()),
        _ => no_connection(error),
    }
}

/// The pool goes on trying until its time is over: a server that is down looks like one that is busy.
pub(super) fn no_connection(error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut => Error::Unavailable(Cause::new(error)),
        error => error.into(),
    }
}

/// One connection outside the pool for a migration, which may take longer than any statement of a call. The migrator's lock goes when it
/// is closed.
pub(crate) async fn connect_for_migration(pool: &PgPool) -> Result<PgConnection> {
    let options = pool.connect_options().as_ref().clone().options([("statement_timeout", "0")]);
    Ok(options.connect().await?)
}

async fn roll_back(connection: &mut PgConnection) -> sqlx::Result<()> {
    sqlx::raw_sql("rollback").execute(connection).await.map(drop)
}

/// Outside a transaction, a statement and its transaction begin at the same instant. (That holds for a simple query only: a prepared
/// one has its clock set again between parsing and running.) This also finds a dead connection.
async fn is_clean(connection: &mut PgConnection) -> sqlx::Result<bool> {
    let sql = "select statement_timestamp() = transaction_timestamp()";
    sqlx::raw_sql(sql).fetch_one(connection).await?.try_get(0)
}
