//! Cases on writes that come twice.

use domain::event::EventKind;
use domain::{Reason, Volunteer, WriteContext};
use jiff::SignedDuration;
use tokio::task::JoinSet;

use super::documents::fetch;
use super::{Subject, sample};
use crate::{Database, Inserted, PageRequest, REPLAY_HOURS, ReplayError};

/// A use case: creates a volunteer, or answers what the same request was answered before. True if it did the work.
async fn create(
    database: &Database,
    ctx: &WriteContext,
    volunteer: &Volunteer,
) -> Result<(Volunteer, bool), ReplayError> {
    let mut tx = database.write().await?;
    if let Some(done) = tx.replay(ctx).await? {
        return Ok((done, false));
    }
    assert_eq!(tx.insert(volunteer).await?, Inserted::Done);
    let event = sample::event(&volunteer.network, volunteer.id.as_str(), EventKind::GigFilled, "volunteers/v1");
    tx.record(&event).await?;
    tx.finish(ctx, "volunteers/v1", volunteer).await?;
    Ok((volunteer.clone(), true))
}

pub(super) async fn a_repeated_write_answers_as_the_first(subject: Subject) {
    let volunteer = sample::full_volunteer(&subject.network, "v1");
    let ctx = sample::write_context(&subject.network, "site-a", Some(("r1", 1)));
    let first = create(&subject.database, &ctx, &volunteer).await.expect("create");
    assert_eq!(first, (volunteer.clone(), true));
    let later = WriteContext { now: sample::minute(60), ..ctx };
    let again =
        create(&subject.database, &later, &sample::volunteer(&subject.network, "ignored")).await.expect("again");
    assert_eq!(again, (volunteer, false));
    let mut tx = subject.database.read().await.expect("read");
    assert_eq!(tx.audit_rows(Some(&subject.network), 0, 10).await.expect("audit").len(), 1);
}

pub(super) async fn the_same_request_id_with_another_body_is_refused(subject: Subject) {
    let volunteer = sample::volunteer(&subject.network, "v1");
    let ctx = sample::write_context(&subject.network, "site-b", Some(("r1", 1)));
    create(&subject.database, &ctx, &volunteer).await.expect("create");
    let other = sample::write_context(&subject.network, "site-b", Some(("r1", 2)));
    let refused = create(&subject.database, &other, &volunteer).await;
    assert!(
        matches!(&refused, Err(ReplayError::Refused(refusal)) if refusal.reason == Reason::RequestIdReused),
        "{refused:?}"
    );
}

pub(super) async fn request_ids_belong_to_principal_and_method(subject: Subject) {
    let volunteer = |id| sample::volunteer(&subject.network, id);
    let first = sample::write_context(&subject.network, "site-c", Some(("r1", 1)));
    create(&subject.database, &first, &volunteer("v1")).await.expect("create");
    let other_principal = sample::write_context(&subject.network, "site-d", Some(("r1", 2)));
    let other_method = WriteContext { method: "/keikka.registry.v1.VolunteerService/CreateVolunteer", ..first.clone() };
    let other_id = sample::write_context(&subject.network, "site-c", Some(("r2", 1)));
    let no_id = sample::write_context(&subject.network, "site-c", None);
    for (id, ctx) in
        [("v2", &other_principal), ("v3", &other_method), ("v4", &other_id), ("v5", &no_id), ("v6", &no_id)]
    {
        let (_, worked) = create(&subject.database, ctx, &volunteer(id)).await.expect("create");
        assert!(worked, "{id}");
    }
}

pub(super) async fn results_are_forgotten_after_their_time(subject: Subject) {
    let ctx = sample::write_context(&subject.network, "site-e", Some(("r1", 1)));
    create(&subject.database, &ctx, &sample::volunteer(&subject.network, "v1")).await.expect("create");
    let hours = |hours| ctx.now.checked_add(SignedDuration::from_hours(hours)).expect("instant");
    let just = WriteContext { now: hours(REPLAY_HOURS - 1), ..ctx.clone() };
    let unused = sample::volunteer(&subject.network, "unused");
    assert!(!create(&subject.database, &just, &unused).await.expect("again").1, "still kept");
    // Too old, though not yet purged: the key is free again, even for another body.
    let late =
        WriteContext { now: hours(REPLAY_HOURS), ..sample::write_context(&subject.network, "site-e", Some(("r1", 2))) };
    assert!(create(&subject.database, &late, &sample::volunteer(&subject.network, "v2")).await.expect("create").1);

    let mut tx = subject.database.write().await.expect("write");
    tx.purge_results(hours(REPLAY_HOURS + 1)).await.expect("purge");
    assert!(tx.replay::<Volunteer>(&late).await.expect("replay").is_some(), "a young result stays");
    assert!(tx.purge_results(hours(2 * REPLAY_HOURS)).await.expect("purge") >= 1);
    assert_eq!(tx.replay::<Volunteer>(&late).await.expect("replay"), None);
}

pub(super) async fn the_same_write_at_once_has_one_effect(subject: Subject) {
    let ctx = sample::write_context(&subject.network, "site-f", Some(("r1", 1)));
    let mut running = JoinSet::new();
    for n in 0..16 {
        let (database, ctx) = (subject.database.clone(), ctx.clone());
        let volunteer = sample::volunteer(&subject.network, &format!("v{n}"));
        running.spawn(async move { create(&database, &ctx, &volunteer).await.expect("create") });
    }
    let ended = running.join_all().await;
    assert_eq!(ended.iter().filter(|(_, worked)| *worked).count(), 1);
    assert!(ended.iter().all(|(volunteer, _)| *volunteer == ended[0].0), "all are answered alike");
}

pub(super) async fn validate_only_stores_nothing(subject: Subject) {
    let volunteer = sample::volunteer(&subject.network, "v1");
    let ctx = sample::write_context(&subject.network, "site-g", Some(("r1", 1)));
    let asked = WriteContext { validate_only: true, ..ctx.clone() };
    assert_eq!(create(&subject.database, &asked, &volunteer).await.expect("ask"), (volunteer.clone(), true));
    assert_eq!(fetch(&subject.database, &volunteer).await, None);
    let mut tx = subject.database.write().await.expect("write");
    assert_eq!(tx.replay::<Volunteer>(&ctx).await.expect("replay"), None, "not even the request id");
    assert!(tx.audit_rows(Some(&subject.network), 0, 10).await.expect("audit").is_empty());
    assert!(tx.events_of(&subject.network, None, &PageRequest::default()).await.expect("list").items.is_empty());
    assert!(tx.list_outbox(&subject.network, None, &PageRequest::default()).await.expect("list").items.is_empty());
    drop(tx);
    assert!(create(&subject.database, &ctx, &volunteer).await.expect("create").1);
}
