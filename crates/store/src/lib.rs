//! The only room that knows SQL: one contract over SQLite and PostgreSQL, chosen by URL.
//!
//! [`Database`] is opened once and cloned freely; every piece of work happens in one [`Tx`], opened by [`Database::read`] or
//! [`Database::write`]. A `Tx` that is dropped without [`Tx::finish`] or [`Tx::commit`] leaves nothing behind.
//!
//! Resources are versioned JSON documents beside typed key columns (`docs/decisions/0001`): [`Document`] names the table and the
//! keys, and `get`, `insert`, `update`, `delete`, `list` and `all` are written once for all of them. What the database itself must
//! guard has a table of its own: [`Tx::claim`] is the one conditional write by which a slot is taken. Each statement is one static
//! text with `$1` placeholders that both engines run; what differs between them stands in `engine` and in the two migration folders.
//!
//! What this crate does not know: who may do what, whether a reference exists, the clock (only the lease of a job goes by the
//! database's own). Lookups answer `Option`, conditional writes answer what happened, and errors carry no driver text.
//!
//! **Most common change, a new resource:** `docs/adding-a-table.md`.

mod as_read;
mod assignment;
mod audit;
mod backup;
mod calendar_feed;
mod change;
#[cfg(feature = "conformance")]
pub mod conformance;
mod document;
mod engine;
mod error;
mod event;
mod event_place;
mod idempotency;
pub mod import;
mod job;
mod message;
mod message_lease;
mod message_receipt;
mod message_text;
mod offer;
mod outbox;
mod page;
mod reply_token;
mod schema;
mod tx;

pub use assignment::{AssignmentFilter, Claimed};
pub use audit::AuditRow;
pub use backup::restore;
pub use calendar_feed::CalendarFeed;
pub use change::{CHANGES_KEPT, Changes, Cursor, Touched};
#[doc(hidden)]
pub use document::Statements;
pub use document::{Document, DocumentId, Inserted, Keys};
pub use engine::{Database, Engine, OpenOptions};
pub use error::{Cause, Error, ReplayError, Result};
pub use event_place::{EventPlace, NotAPlace, Placed};
pub use idempotency::REPLAY_HOURS;
pub use job::{ClaimedJob, JOB_ATTEMPTS_MAX, JobKey, JobRow, JobState};
pub use message::{Message, MessageCount, MessageFilter, MessageState, TIMES_MAX, channel_code};
pub use message_lease::LEASE_ROWS_MAX;
pub use message_text::{MessageText, language_code};
pub use outbox::{OutboxRow, OutboxState};
pub use page::{Filter, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, Page, PageRequest, ROWS_MAX};
pub use reply_token::ReplyToken;
pub use schema::{MigrationReport, SchemaState};
pub use tx::Tx;
