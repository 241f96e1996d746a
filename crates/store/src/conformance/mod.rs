//! What both engines must do alike: a table of named cases, each an async function over an open, migrated database.
//!
//! `tests/conformance.rs` runs every case on SQLite and on PostgreSQL. A case that can only be asked of one engine says so in the
//! table, with the reason beside it. A case fails by panicking.

mod changes;
mod claims;
mod documents;
mod durability;
mod history;
mod jobs;
mod messages;
mod offers;
mod paging;
mod places;
mod repeats;
pub mod sample;
mod schema;

use std::future::Future;
use std::pin::Pin;

use domain::NetworkId;

use crate::{Database, Engine};

pub use schema::shape;

/// What a case works on: a database, which it may share with others, and two networks of its own in it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The database.
    pub database: Database,
    /// The URL it was opened by.
    pub url: String,
    /// A network of the case's own.
    pub network: NetworkId,
    /// Another one.
    pub other: NetworkId,
}

/// Runs a statement outside any transaction on PostgreSQL, for making and dropping the databases of a test run.
///
/// # Panics
/// If the statement fails, or the database is SQLite.
pub async fn run_alone(database: &Database, sql: &str) {
    let crate::engine::Pools::Postgres(pool) = &database.0 else { panic!("SQLite has one database for each file") };
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(pool).await.expect("a statement of the test run");
}

/// Makes a stored volunteer one that cannot be read.
///
/// # Panics
/// If there is none, or the database does not answer.
pub async fn spoil_volunteer(database: &Database, network: &NetworkId, id: &str) {
    const SPOIL: &str = "update volunteer set body = '{' where network_id = $1 and id = $2";
    let mut tx = database.write().await.expect("write");
    let spoilt = tx.execute(SPOIL, crate::tx::values![network.as_str(), id]).await.expect("spoil");
    assert_eq!(spoilt, 1, "there is a volunteer {id}");
    tx.commit().await.expect("commit");
}

/// A case that has begun.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// One case.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// Its name: what must be true.
    pub name: &'static str,
    /// The one engine it can be asked of, and why; none for both.
    pub only: Option<(Engine, &'static str)>,
    /// Runs it.
    pub run: fn(Subject) -> Running,
}

macro_rules! cases {
    ($($room:ident::$case:ident $(only $engine:ident because $reason:literal)?;)*) => {
        /// Every case, in the order of the table.
        pub const CASES: &[Case] = &[$(Case {
            name: stringify!($case),
            only: cases!(@only $($engine $reason)?),
            run: |subject| Box::pin($room::$case(subject)),
        },)*];
    };
    (@only) => { None };
    (@only $engine:ident $reason:literal) => { Some((Engine::$engine, $reason)) };
}

cases! {
    documents::every_resource_comes_back_as_it_was_stored;
    documents::what_is_not_there_is_none;
    documents::a_taken_id_or_external_id_is_told;
    documents::an_update_needs_the_version_it_was_made_from;
    documents::a_deletion_may_demand_a_version;
    documents::a_reference_and_a_deletion_do_not_miss_each_other;
    documents::networks_do_not_see_each_other;
    documents::a_row_that_cannot_be_read_is_corrupt;
    documents::times_keep_their_microseconds;
    documents::strange_text_comes_back_and_nul_in_a_key_is_refused;
    documents::a_big_document_comes_back;
    paging::pages_are_complete_and_hold_nothing_twice;
    paging::filters_pick_what_they_say;
    paging::networks_are_listed;
    claims::a_slot_is_taken_once;
    claims::a_volunteer_is_promised_once_at_a_time;
    claims::windows_that_touch_do_not_collide;
    claims::networks_have_slots_and_people_of_their_own;
    claims::a_release_frees_slot_and_time;
    claims::a_refused_claim_leaves_the_transaction_usable;
    claims::an_assignment_changes_from_the_state_it_was_in;
    claims::assignments_are_found_by_gig_volunteer_and_time;
    claims::of_64_claims_at_once_on_one_slot_one_wins;
    claims::of_64_claims_at_once_on_one_volunteer_one_wins;
    claims::the_database_itself_refuses_a_double_booking;
    offers::offers_are_found_by_gig_and_volunteer;
    history::an_event_and_its_outbox_row_are_one_write;
    history::events_are_read_by_subject_in_pages;
    history::every_write_leaves_an_audit_row;
    places::events_are_followed_in_the_order_of_commits;
    places::an_event_that_was_written_first_and_committed_last_comes_last;
    places::a_follower_of_events_misses_none_while_many_write;
    places::a_history_begins_at_an_instant;
    places::a_place_of_another_history_is_found_out;
    places::events_of_an_older_program_get_their_place_with_the_next_commit;
    messages::an_event_tells_a_recipient_one_thing_once;
    messages::a_message_is_in_one_pair_of_hands;
    messages::a_lease_that_ran_out_is_taken_by_another_and_the_first_is_too_late;
    messages::what_did_not_arrive_goes_another_way_once;
    messages::of_8_workers_at_once_each_message_goes_to_one;
    messages::messages_are_found_dropped_retried_and_counted;
    messages::a_receipt_moves_a_message_once;
    messages::the_outbox_is_emptied_by_one_at_a_time;
    messages::a_reply_token_is_used_once_and_found_by_number;
    messages::a_calendar_is_found_by_its_secret_and_replaced;
    messages::a_networks_own_words_come_back;
    messages::the_database_knows_the_time;
    changes::what_was_written_is_named_once;
    changes::what_was_not_stored_is_not_named;
    changes::a_big_write_is_named_whole;
    changes::a_follower_misses_nobody_while_many_write;
    changes::who_writes_first_and_ends_last_is_not_missed;
    changes::a_history_that_parted_is_lost;
    changes::old_changes_are_forgotten_and_a_cursor_there_is_lost;
    jobs::a_job_is_claimed_once_and_its_answer_taken_once;
    jobs::of_64_claims_at_once_each_gets_a_job_of_its_own;
    jobs::a_job_whose_worker_is_silent_is_taken_over;
    jobs::a_worker_that_goes_on_reporting_keeps_its_job;
    jobs::a_job_given_back_counts_no_attempt;
    jobs::what_workers_cannot_do_goes_back_to_the_asker;
    jobs::jobs_past_their_end_are_for_nobody;
    jobs::plans_have_jobs_of_their_own;
    repeats::a_repeated_write_answers_as_the_first;
    repeats::the_same_request_id_with_another_body_is_refused;
    repeats::request_ids_belong_to_principal_and_method;
    repeats::results_are_forgotten_after_their_time;
    repeats::the_same_write_at_once_has_one_effect;
    repeats::validate_only_stores_nothing;
    schema::migrating_again_changes_nothing;
    schema::migrating_at_once_is_safe;
    schema::a_newer_schema_is_refused;
    schema::an_empty_database_is_behind;
    durability::cancelled_beginnings_leave_no_transaction_open;
    durability::connections_are_used_again only Postgres because "SQLite's writer is one, or none";
    durability::a_dropped_transaction_leaves_nothing;
    durability::a_reader_cannot_write_and_sees_one_moment;
    durability::places_are_shown_without_password;
    durability::commits_are_on_the_disk only Sqlite because "PostgreSQL's fsync is the operator's setting, checked by doctor";
    durability::a_backup_restores_what_was_committed only Sqlite because "PostgreSQL is saved by its own tools";
    durability::a_damaged_backup_is_refused only Sqlite because "PostgreSQL is saved by its own tools";
    durability::postgres_is_pointed_at_its_own_tools only Postgres because "SQLite has these tools here";
    durability::a_full_disk_is_told_and_recovered_from only Sqlite because "a PostgreSQL disk cannot be filled without harming others";
}
