//! The outbox as its network's people see it: each row with the event that it tells.

use domain::{Event, EventId, Gig, GigId, NetworkId, Offer, OfferId, Refusal, Scope};
use store::{Database, OutboxRow, OutboxState, Page, PageRequest, Tx};

use crate::{Error, Options};

/// Something that is to be told, and how far the telling is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// How far the telling is.
    pub row: OutboxRow,
    /// What happened. It names resources by id only.
    pub event: Event,
}

/// Use cases on what is to be told. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Notification {
    pub(crate) db: Database,
    pub(crate) options: std::sync::Arc<Options>,
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
        Self { db, options: std::sync::Arc::new(options) }
    }

    /// What one event left to be told.
    ///
    /// # Errors
    /// [`domain::Reason::ResourceNotFound`] if the event told nobody, is not there or is not within the caller's reach.
    pub async fn get(&self, scope: &Scope, network: &NetworkId, event: &EventId) -> Result<Delivery, Error> {
        scope.admit(network)?;
        let missing = || Refusal::not_found("notification", format!("networks/{network}/notifications/{event}"));
        let mut tx = self.db.read().await?;
        let row = tx.outbox_row(network, event).await?.ok_or_else(missing)?;
        let delivery = with_event(&mut tx, row).await?;
        if reaches(&mut tx, scope, &delivery.event).await? { Ok(delivery) } else { Err(missing().into()) }
    }

    /// One page of what a network has to tell, oldest first; only in one state if given. What is out of the caller's reach is left
    /// out, so that a page may hold fewer than were asked for.
    ///
    /// # Errors
    /// [`domain::Reason::ResourceNotFound`] if the network is not within the caller's reach.
    pub async fn list(
        &self,
        scope: &Scope,
        network: &NetworkId,
        state: Option<OutboxState>,
        page: &PageRequest,
    ) -> Result<Page<Delivery>, Error> {
        scope.admit(network)?;
        let mut tx = self.db.read().await?;
        let rows = tx.list_outbox(network, state, page).await?;
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            let delivery = with_event(&mut tx, row).await?;
            if reaches(&mut tx, scope, &delivery.event).await? {
                items.push(delivery);
            }
        }
        Ok(Page { items, next: rows.next })
    }
}

/// A caller bound to an association reaches what happened to its own gigs and their offers; a volunteer reaches nothing here.
async fn reaches(tx: &mut Tx, scope: &Scope, event: &Event) -> Result<bool, Error> {
    if scope.volunteer().is_some() {
        return Ok(false);
    }
    if scope.association().is_none() {
        return Ok(true);
    }
    let network = &event.network;
    let gig = match event.subject.split_once('/') {
        Some(("gigs", id)) => id.parse::<GigId>().ok(),
        Some(("offers", id)) => match id.parse::<OfferId>() {
            Ok(id) => tx.get::<Offer>(network, &id).await?.map(|offer| offer.gig),
            Err(_) => None,
        },
        _ => None,
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
