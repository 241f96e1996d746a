//! A volunteer's own calendar to subscribe to: whoever knows its address reads when and what they go to, in coarse words.

use domain::text::ServiceLanguage;
use domain::{NetworkId, Refusal, Scope, Timestamp, Volunteer, VolunteerId, WriteContext};
use serde::{Deserialize, Serialize};
use store::{CalendarFeed, Tx};
use uuid::Uuid;

use crate::reply::token;
use crate::{Error, Notification};

/// How links end that open the page of a message; the calendars lie beside them.
const PAGES: &str = "r/";
const CALENDARS: &str = "cal/";

/// A calendar that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its address. It is a secret, and told once.
    pub uri: String,
    /// When it was made.
    pub create_time: Timestamp,
}

/// Whose calendar a secret opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The network.
    pub network: NetworkId,
    /// The volunteer.
    pub volunteer: VolunteerId,
    /// The language they are spoken to in.
    pub language: ServiceLanguage,
}

/// What a repeat of the same call needs to tell the same address: no secret.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Made {
    id: Uuid,
    create_time: Timestamp,
}

impl Notification {
    /// Makes a volunteer's calendar; the address before it opens nothing any more.
    ///
    /// # Errors
    /// [`domain::Reason::ResourceNotFound`] if the volunteer is missing or out of the caller's reach, or the store's.
    pub async fn issue_calendar(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        volunteer: &VolunteerId,
    ) -> Result<Issued, Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(made) = tx.replay::<Made>(ctx).await? {
            return Ok(self.issued(made));
        }
        let found = reached(&mut tx, &ctx.scope, network, volunteer).await?;
        let made = Made { id: Uuid::new_v4(), create_time: ctx.now };
        let feed = CalendarFeed {
            network: network.clone(),
            volunteer: volunteer.clone(),
            id: made.id,
            hash: token::hash(&self.links().calendar(made.id)),
            create_time: ctx.now,
        };
        tx.put_calendar_feed(&feed).await?;
        tx.finish(ctx, &format!("networks/{network}/volunteers/{}", found.id), &made).await?;
        Ok(self.issued(made))
    }

    /// Ends a volunteer's calendar, if there is one.
    ///
    /// # Errors
    /// As [`Notification::issue_calendar`].
    pub async fn revoke_calendar(
        &self,
        ctx: &WriteContext,
        network: &NetworkId,
        volunteer: &VolunteerId,
    ) -> Result<(), Error> {
        ctx.scope.admit(network)?;
        let mut tx = self.db.write().await?;
        if let Some(()) = tx.replay(ctx).await? {
            return Ok(());
        }
        let found = reached(&mut tx, &ctx.scope, network, volunteer).await?;
        tx.forget_calendar_feed(network, volunteer).await?;
        tx.finish(ctx, &format!("networks/{network}/volunteers/{}", found.id), &()).await?;
        Ok(())
    }

    /// Whose calendar a secret opens; none for one that is mangled, foreign or revoked, or whose volunteer is gone. Changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub async fn open_calendar(&self, secret: &str) -> Result<Option<Holder>, Error> {
        if !token::is_token(secret) {
            return Ok(None);
        }
        let mut tx = self.db.read().await?;
        let Some(feed) = tx.calendar_feed(&token::hash(secret)).await? else { return Ok(None) };
        let volunteer = tx.get::<Volunteer>(&feed.network, &feed.volunteer).await?;
        Ok(volunteer.map(|volunteer| Holder {
            network: feed.network,
            volunteer: feed.volunteer,
            language: volunteer.contact.language,
        }))
    }

    fn issued(&self, made: Made) -> Issued {
        let base = &self.options.link_base;
        let base = base.strip_suffix(PAGES).unwrap_or(base);
        let uri = format!("{base}{CALENDARS}{}.ics", self.links().calendar(made.id));
        Issued { uri, create_time: made.create_time }
    }
}

/// A volunteer within the caller's reach: themselves, those of the own association, those of the network.
async fn reached(tx: &mut Tx, scope: &Scope, network: &NetworkId, id: &VolunteerId) -> Result<Volunteer, Error> {
    let found = tx.get_locked::<Volunteer>(network, id).await?.filter(|volunteer| {
        scope.reaches(volunteer.association.as_ref()) && scope.volunteer().is_none_or(|own| *own == volunteer.id)
    });
    Ok(found.ok_or_else(|| Refusal::not_found("volunteer", format!("networks/{network}/volunteers/{id}")))?)
}
