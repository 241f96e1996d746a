//! What the engines say in different words: the sorting of driver errors.

use sqlx::error::DatabaseError;
use sqlx::postgres::PgDatabaseError;

use crate::error::{Cause, Error};

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let class = match &error {
            sqlx::Error::Database(database) => class_of(database.as_ref()),
            sqlx::Error::PoolTimedOut => Self::Busy,
            sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => Self::Unavailable,
            _ => Self::Driver,
        };
        class(Cause::new(error))
    }
}

fn class_of(error: &dyn DatabaseError) -> fn(Cause) -> Error {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<PgDatabaseError>().is_some() {
        postgres_class(&code)
    } else {
        sqlite_class(code.parse().unwrap_or(0))
    }
}

/// By SQLSTATE (PostgreSQL, appendix A).
fn postgres_class(state: &str) -> fn(Cause) -> Error {
    match state {
        "53100" => Error::Full,
        // serialization failure, deadlock, lock timeout, statement timeout
        "40001" | "40P01" | "55P03" | "57014" => Error::Busy,
        // unique and exclusion violations
        "23505" | "23P01" => Error::Conflict,
        // a standby, too many connections, shutting down, starting up
        "25006" | "53300" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" => Error::Unavailable,
        _ if state.starts_with("08") => Error::Unavailable,
        _ => Error::Driver,
    }
}

/// By extended result code (sqlite.org/rescode.html).
fn sqlite_class(code: i32) -> fn(Cause) -> Error {
    const CONSTRAINT_PRIMARY_KEY: i32 = 1555;
    const CONSTRAINT_TRIGGER: i32 = 1811;
    const CONSTRAINT_UNIQUE: i32 = 2067;
    match (code, code & 0xff) {
        (CONSTRAINT_PRIMARY_KEY | CONSTRAINT_TRIGGER | CONSTRAINT_UNIQUE, _) => Error::Conflict,
        (_, 5 | 6) => Error::Busy,
        (_, 13) => Error::Full,
        // read-only file, input/output error, cannot open
        (_, 8 | 10 | 14) => Error::Unavailable,
        _ => Error::Driver,
    }
}

/// Whether a question failed because its table is not there.
pub(crate) fn is_missing_table(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(database) = error else { return false };
    if database.try_downcast_ref::<PgDatabaseError>().is_some() {
        database.code().is_some_and(|state| state == "42P01")
    } else {
        database.message().starts_with("no such table")
    }
}

/// Whether the database user lacks a privilege.
pub(crate) fn may_not(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(DatabaseError::code).is_some_and(|state| state == "42501")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause() -> Cause {
        Cause::new("secret detail")
    }

    #[test]
    fn codes_are_sorted_alike() {
        assert!(matches!(postgres_class("53100")(cause()), Error::Full(_)));
        assert!(matches!(sqlite_class(13)(cause()), Error::Full(_)));
        assert!(matches!(postgres_class("23P01")(cause()), Error::Conflict(_)));
        assert!(matches!(sqlite_class(1811)(cause()), Error::Conflict(_)));
        assert!(matches!(postgres_class("40P01")(cause()), Error::Busy(_)));
        assert!(matches!(sqlite_class(517)(cause()), Error::Busy(_)));
        assert!(matches!(postgres_class("57P01")(cause()), Error::Unavailable(_)));
        assert!(matches!(sqlite_class(778)(cause()), Error::Unavailable(_)));
    }

    #[test]
    fn the_text_of_an_error_holds_nothing_of_the_driver() {
        for class in ["53100", "23505", "40001", "08006", "42601"] {
            assert!(!postgres_class(class)(cause()).to_string().contains("secret"), "{class}");
        }
    }
}
