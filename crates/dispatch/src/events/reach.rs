//! Whose events a caller sees: those of what the lists would show them. An association sees its own gigs with their offers and messages, its own
//! people, and the catalogue; never another's, nor what a plan decides. What is deleted belongs to nobody any more.

use std::collections::HashMap;
use std::sync::Arc;

use domain::offer::OfferState;
use domain::{AssociationId, Event, EventKind, Gig, NetworkId, Offer, Scope, Seeker, Volunteer};
use store::{Database, Document, DocumentId, Placed, Tx};

use crate::Error;

/// The reach of one watch.
#[derive(Debug)]
pub(super) struct Reach {
    scope: Scope,
}

impl Reach {
    pub(super) fn of(scope: Scope) -> Self {
        Self { scope }
    }

    /// Those of some events that the caller may see.
    pub(super) async fn of_these(&self, db: &Database, all: Vec<Arc<Placed>>) -> Result<Vec<Arc<Placed>>, Error> {
        if self.scope.volunteer().is_some() {
            return Ok(Vec::new());
        }
        let Some(own) = self.scope.association().filter(|_| !all.is_empty()) else { return Ok(all) };
        let mut tx = db.read().await?;
        let mut known = HashMap::new();
        let mut seen = Vec::with_capacity(all.len());
        for placed in all {
            if placed.event.kind == EventKind::OfferUndone {
                seen.extend(undone(&mut tx, own, placed).await?);
            } else if reaches(&mut tx, own, &placed.event, &mut known).await? {
                seen.push(placed);
            }
        }
        tx.rollback().await?;
        Ok(seen)
    }
}

/// What was asked for already, by name.
type Known = HashMap<String, bool>;

async fn reaches(tx: &mut Tx, own: &AssociationId, event: &Event, known: &mut Known) -> Result<bool, Error> {
    let value = |key: &str| event.data.get(key).map(String::as_str);
    let Some((collection, id)) = event.subject.split_once('/') else { return Ok(false) };
    // What was to be told to the association itself is its own business, whatever it was about.
    if collection == "notifications"
        && value("recipient").and_then(|to| to.strip_prefix("associations/")) == Some(own.as_str())
    {
        return Ok(true);
    }
    // What a message is about stands in its event.
    let (collection, id) = match (collection, value("about").and_then(|about| about.split_once('/'))) {
        ("notifications", Some(about)) => about,
        _ => (collection, id),
    };
    match collection {
        "kinds" | "skills" => return Ok(true),
        "associations" => return Ok(id == own.as_str()),
        _ => {}
    }
    let name = format!("{collection}/{id}");
    if let Some(known) = known.get(&name) {
        return Ok(*known);
    }
    let network = &event.network;
    let is_own = |association: Option<AssociationId>| association.as_ref() == Some(own);
    let reached = match collection {
        "gigs" => stored::<Gig>(tx, network, id).await?.is_some_and(|gig| is_own(gig.association)),
        // Whom the city asks besides is told to nobody but the city; who says yes is part of the gig.
        "offers" => match stored::<Offer>(tx, network, id).await? {
            Some(offer) if tx.get::<Gig>(network, &offer.gig).await?.is_some_and(|gig| is_own(gig.association)) => {
                let volunteer = tx.get::<Volunteer>(network, &offer.volunteer).await?;
                offer.state == OfferState::Accepted || volunteer.is_some_and(|one| is_own(one.association))
            }
            _ => false,
        },
        "volunteers" => stored::<Volunteer>(tx, network, id).await?.is_some_and(|one| is_own(one.association)),
        "seekers" => stored::<Seeker>(tx, network, id).await?.is_some_and(|one| is_own(one.association)),
        _ => false,
    };
    known.insert(name, reached);
    Ok(reached)
}

/// A yes taken back, as the association of its gig hears of it: it heard of the yes. Whose it was is told of its own volunteers only.
async fn undone(tx: &mut Tx, own: &AssociationId, placed: Arc<Placed>) -> Result<Option<Arc<Placed>>, Error> {
    let network = &placed.event.network;
    let id = placed.event.subject.strip_prefix("offers/").unwrap_or_default();
    let Some(offer) = stored::<Offer>(tx, network, id).await? else { return Ok(None) };
    let gig = tx.get::<Gig>(network, &offer.gig).await?;
    if gig.is_none_or(|gig| gig.association.as_ref() != Some(own)) {
        return Ok(None);
    }
    let volunteer = tx.get::<Volunteer>(network, &offer.volunteer).await?;
    if volunteer.is_some_and(|one| one.association.as_ref() == Some(own)) {
        return Ok(Some(placed));
    }
    let mut nameless = Placed::clone(&placed);
    nameless.event.data.remove("volunteer");
    Ok(Some(Arc::new(nameless)))
}

/// A resource by an id that may be none.
async fn stored<D: Document>(tx: &mut Tx, network: &NetworkId, id: &str) -> Result<Option<D>, Error>
where
    D::Id: std::str::FromStr + DocumentId,
{
    match id.parse::<D::Id>() {
        Ok(id) => Ok(tx.get::<D>(network, &id).await?),
        Err(_) => Ok(None),
    }
}
