//! The outbox as its network's people see it: each row with the event that it tells.

use domain::offer::OfferState;
use domain::{
    Event, EventId, EventKind, Gig, GigId, NetworkId, Offer, OfferId, Reason, Refusal, Scope, Volunteer, WriteContext,
};
use store::{Database, Message, MessageState, OutboxRow, Page, PageRequest, Tx};

use crate::reply::Restraint;
use crate::template::Template;
use crate::{Error, Options};

/// Something that is to be told, and how far the telling is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How far the telling is.
    pub row: OutboxRow,
    /// What happened. It names resources by id only.
    pub event: Event,
}

/// Something of the queue: an event that waits to be told, or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Queued {
    /// An event whose messages are not written yet, or could not be.
    Event(Box<Delivery>),
    /// A message to one recipient.
    Message(Box<Message>),
}

/// Use cases on what is to be told. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notification {
    pub(crate) db: Database,
    pub(crate) options: std::sync::Arc<Options>,
    pub(crate) restraint: std::sync::Arc<Restraint>,
}

impl Notification {
    /// The use cases over a database, with no channel set up: messages are read, not sent.
    #[must_use]
    pub fn new(db: Database) -> Self {
        Self::with(db, Options::none())
    }

    /// The use cases over a database, as the operator decided.
    #[must_use]
    pub fn with(db: Database, options: Options) -> Self {
        Self { db, options: std::sync::Arc::new(options), restraint: std::sync::Arc::default() }
    }

    /// What the operator decided.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// A message, or an event that waits to be told, by its id.
    ///
    /// # Errors
    /// [`domain::Reason::ResourceNotFound`] if there is none, or it is not within the caller's reach.
    pub async fn get(&self, scope: &Scope, network: &NetworkId, id: &EventId) -> Result<Queued, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        stored(&mut tx, scope, network, id).await
    }

    /// One page of what a network has to tell, oldest first; only in some states (codes) if given. What is out of the caller's reach is
    /// left out, so that a page may hold fewer than were asked for.
    ///
    /// # Errors
    /// [`domain::Reason::ResourceNotFound`] if the network is not within the caller's reach.
    pub async fn list(
        &self,
        scope: &Scope,
        network: &NetworkId,
        states: &[&str],
        page: &PageRequest,
    ) -> Result<Page<Queued>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let rows = tx.list_queue(network, states, page).await?;
        let mut items = Vec::with_capacity(rows.items.len());
        for (id, _) in rows.items {
            let Ok(id) = id.parse::<EventId>() else { continue };
            match stored(&mut tx, scope, network, &id).await {
                Ok(queued) => items.push(queued),
                Err(Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(Page { items, next: rows.next })
    }

    /// Lets a message that was given up, or that was tried and waits for its next try, be tried now, but not before it is due.
    ///
    /// # Errors
    /// [`domain::Reason::NotificationEnded`] for another, [`domain::Reason::ResourceNotFound`], or the store's.
    pub async fn retry(&self, ctx: &WriteContext, network: &NetworkId, id: &EventId) -> Result<Queued, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        // A repeat has no second effect. It is answered as the message stands by then: what is kept for repeats holds no message.
        if tx.replay::<bool>(ctx).await?.is_some() {
            return stored(&mut tx, &ctx.scope, network, id).await;
        }
        let Queued::Message(message) = stored(&mut tx, &ctx.scope, network, id).await? else {
            let detail = "the event is told by itself as soon as it can be";
            return Err(Refusal::new(Reason::NotificationEnded, detail).with("notification", id).into());
        };
        if !tx.retry_message(network, message.id, ctx.now).await? {
            let detail = match message.state {
                MessageState::Pending => {
                    format!("the notification has not been tried: it is due at {}", message.next_time)
                }
                state => format!("the notification is {}", state.code()),
            };
            return Err(Refusal::new(Reason::NotificationEnded, detail).with("notification", id).into());
        }
        let changed = stored(&mut tx, &ctx.scope, network, id).await?;
        tx.finish(ctx, &format!("networks/{network}/notifications/{id}"), &true).await?;
        Ok(changed)
    }
}

/// What an id names, if the caller reaches it.
async fn stored(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &EventId) -> Result<Queued, Error> {
    let missing = || Refusal::not_found("notification", format!("networks/{network}/notifications/{id}"));
    let message = match id.as_str().parse::<uuid::Uuid>() {
        Ok(uuid) => tx.message(network, uuid).await?,
        Err(_) => None,
    };
    let (queued, event) = match message {
        Some(message) if message.template == Template::Reply.code() => {
            // It tells of no event: who reaches what the volunteer was last asked reaches the answer.
            let is_reached = reaches(tx, scope, network, &message.subject, false).await?;
            return if is_reached { Ok(Queued::Message(Box::new(message))) } else { Err(missing().into()) };
        }
        Some(message) => {
            let event = tx.event(network, &message.event).await?.ok_or_else(missing)?;
            (Queued::Message(Box::new(message)), event)
        }
        None => {
            let row = tx.outbox_row(network, id).await?.ok_or_else(missing)?;
            let mut delivery = with_event(tx, row).await?;
            let event = delivery.event.clone();
            if event.kind == EventKind::OfferUndone && !is_of_own(tx, scope, network, &event.subject).await? {
                // Whose yes it was is told of the caller's own volunteers only.
                delivery.event.data.remove("volunteer");
            }
            (Queued::Event(Box::new(delivery)), event)
        }
    };
    let was_yes = event.kind == EventKind::OfferUndone;
    if reaches(tx, scope, network, &event.subject, was_yes).await? { Ok(queued) } else { Err(missing().into()) }
}

/// The offer that a subject names, if it names one that is there.
async fn offer(tx: &mut Tx, network: &NetworkId, subject: &str) -> Result<Option<Offer>, Error> {
    let Some(id) = subject.strip_prefix("offers/").and_then(|id| id.parse::<OfferId>().ok()) else { return Ok(None) };
    Ok(tx.get::<Offer>(network, &id).await?)
}

/// Whether a subject is an offer to a volunteer within the caller's reach.
async fn is_of_own(tx: &mut Tx, scope: &Scope, network: &NetworkId, subject: &str) -> Result<bool, Error> {
    let Some(offer) = offer(tx, network, subject).await? else { return Ok(false) };
    let volunteer = tx.get::<Volunteer>(network, &offer.volunteer).await?;
    Ok(volunteer.is_some_and(|volunteer| scope.reaches(volunteer.association.as_ref())))
}

/// A caller bound to an association reaches what happened to its own gigs, and to their offers to its own volunteers or with a yes, be it taken
/// back again: whom else the city asks is told to nobody but the city. A volunteer reaches nothing here.
async fn reaches(tx: &mut Tx, scope: &Scope, network: &NetworkId, subject: &str, was_yes: bool) -> Result<bool, Error> {
    if scope.volunteer().is_some() {
        return Ok(false);
    }
    if scope.association().is_none() {
        return Ok(true);
    }
    let gig = match subject.strip_prefix("gigs/") {
        Some(id) => id.parse::<GigId>().ok(),
        None => match offer(tx, network, subject).await? {
            Some(offer) if offer.state == OfferState::Accepted || was_yes => Some(offer.gig),
            Some(offer) => is_of_own(tx, scope, network, subject).await?.then_some(offer.gig),
            None => None,
        },
    };
    match gig {
        Some(id) => Ok(tx.get::<Gig>(network, &id).await?.is_some_and(|gig| scope.reaches(gig.association.as_ref()))),
        None => Ok(false),
    }
}

async fn with_event(tx: &mut Tx, row: OutboxRow) -> Result<Delivery, Error> {
    let event = tx.event(&row.network, &row.event).await?;
    let corrupt = || store::Error::Corrupt { table: "outbox", column: "event_id", id: row.event.to_string() };
    let event = event.ok_or_else(corrupt)?;
    Ok(Delivery { row, event })
}
