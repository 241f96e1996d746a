//! From an event to the messages that tell of it: to whom, what, by which channel, when. One event is one transaction: its messages are
//! written and it is marked as told, or nothing is.

mod drafts;
pub mod hours;
pub mod person;
pub mod phone;

use domain::{Channel, Event, Gig, GigId, Offer, OfferId, Seeker, Timestamp, Volunteer};
use jiff::SignedDuration;
use store::{Message, MessageState, Tx};
use uuid::{ContextV7, Uuid};

use crate::reply::token::Links;
use crate::template::Template;
use crate::{Error, Notification};

pub(crate) use drafts::{Draft, drafts};
pub use person::{Person, Recipient};

/// The week of the contact budget: seven days and the hour that the clock may give back.
pub const BUDGET_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24 + 1);
/// How long a link to a gig's details holds after its end.
const DETAILS_OPEN: SignedDuration = SignedDuration::from_hours(48);

/// Keeps identifiers made in the same millisecond in the order in which they were made.
static ORDER: std::sync::Mutex<ContextV7> = std::sync::Mutex::new(ContextV7::new());

pub(crate) fn new_id(now: Timestamp) -> Uuid {
    let seconds = u64::try_from(now.as_second()).unwrap_or(0);
    let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(&ORDER, seconds, nanos))
}

impl Notification {
    /// Writes the messages of an event.
    pub(crate) async fn tell(&self, tx: &mut Tx, event: &Event, now: Timestamp) -> Result<usize, Error> {
        let about = About::load(tx, event).await?;
        let mut count = 0;
        for draft in drafts(tx, event, &about, now).await? {
            count += usize::from(self.write(tx, event, &about, &draft, now).await?);
        }
        let association = about.gig.as_ref().and_then(|gig| gig.association.clone());
        if let Some(association) = association.filter(|id| self.options.has_webhook(&event.network, id)) {
            let draft = Draft::new(Template::Event, Recipient::Association(association), event.subject.clone());
            count += usize::from(self.write(tx, event, &about, &draft, now).await?);
        }
        Ok(count)
    }

    /// Writes one message, with the link that it carries.
    async fn write(
        &self,
        tx: &mut Tx,
        event: &Event,
        about: &About,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let id = new_id(now);
        let mut message = Message {
            network: event.network.clone(),
            id,
            event: event.id.clone(),
            event_kind: event.kind.code().to_owned(),
            template: draft.template.code().to_owned(),
            recipient: draft.recipient.name(),
            subject: draft.subject.clone(),
            channel: Channel::Webhook,
            state: MessageState::Pending,
            due_time: draft.due.unwrap_or(now).max(now),
            expire_time: draft.expire,
            attempts: 0,
            next_time: now,
            provider_reference: format!("keikka-{}", id.simple()),
            provider_id: None,
            failure: None,
            sent_time: None,
            create_time: now,
        };
        let mut phone = None;
        if !matches!(draft.recipient, Recipient::Association(_)) {
            let Some(person) = locked(tx, &event.network, &draft.recipient).await? else { return Ok(false) };
            self.route(tx, &mut message, &person, draft.template).await?;
            phone = person.phone;
        }
        message.next_time = message.due_time;
        if !tx.insert_message(&message).await? {
            return Ok(false);
        }
        if message.state == MessageState::Pending && draft.template.has_link() {
            let asks = draft.template.asks();
            let end = if asks { about.offer.as_ref().map(|offer| offer.expire_time) } else { about.end() };
            let expire = end.map_or(now + DETAILS_OPEN, |end| if asks { end } else { end + DETAILS_OPEN });
            if let Recipient::Volunteer(volunteer) = &draft.recipient {
                self.links().write(tx, &message, volunteer, phone.as_ref(), expire, now).await?;
            }
        }
        Ok(true)
    }

    /// Decides channel and time; or that nothing is sent, and why.
    async fn route(
        &self,
        tx: &mut Tx,
        message: &mut Message,
        person: &Person,
        template: Template,
    ) -> Result<(), Error> {
        let (routes, refusal) = person.routes(&self.options.channels);
        message.failure = refusal.map(str::to_owned);
        // What stands is told by somebody if no channel does it; a question is not worth a call.
        let call = (!template.asks() && person.phone.is_some()).then_some(Channel::Phone);
        let Some(channel) = routes.first().copied().or(call) else {
            message.channel = person.channels.first().copied().unwrap_or(Channel::Phone);
            {
                dropped(message, "NO_CHANNEL");
                return Ok(());
            }
        };
        message.channel = channel;
        if channel == Channel::Phone {
            return Ok(());
        }
        let due = person.hours.next(message.due_time);
        if message.expire_time.is_some_and(|end| due >= end) {
            // It would come too late: a promise is told by a call, a question is not asked.
            if let (Some(call), false) = (call, is_reminder(template)) {
                message.channel = call;
                message.failure = Some("QUIET_HOURS".to_owned());
                return Ok(());
            }
            {
                dropped(message, "QUIET_HOURS");
                return Ok(());
            }
        }
        message.due_time = due;
        if template.asks() && budget_spent(tx, message, person, due).await? {
            {
                dropped(message, "BUDGET_SPENT");
                return Ok(());
            }
        }
        Ok(())
    }

    pub(crate) fn links(&self) -> Links<'_> {
        Links::new(&self.options)
    }
}

/// Whether a person has been asked, or is going to be, as often as they agreed to in the week before an instant.
pub(crate) async fn budget_spent(
    tx: &mut Tx,
    message: &Message,
    person: &Person,
    at: Timestamp,
) -> Result<bool, Error> {
    let Some(budget) = person.weekly_budget else { return Ok(false) };
    let since = at - BUDGET_WEEK;
    let asked =
        tx.messages_since(&message.network, &message.recipient, Template::Offer.code(), since, message.id).await?;
    Ok(asked >= u64::from(budget))
}

fn is_reminder(template: Template) -> bool {
    matches!(template, Template::ReminderEvening | Template::ReminderSoon)
}

fn dropped(message: &mut Message, why: &str) {
    message.state = MessageState::Dropped;
    message.failure = Some(why.to_owned());
}

/// The person, a volunteer locked: two questions to one person do not both find the budget unspent.
async fn locked(tx: &mut Tx, network: &domain::NetworkId, recipient: &Recipient) -> Result<Option<Person>, Error> {
    if let Recipient::Volunteer(id) = recipient {
        return Ok(tx.get_locked::<Volunteer>(network, id).await?.as_ref().map(Person::volunteer));
    }
    recipient.person(tx, network).await
}

/// What an event is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct About {
    pub(crate) gig: Option<Gig>,
    pub(crate) offer: Option<Offer>,
    pub(crate) seeker: Option<Seeker>,
    /// The start that the event names, else the gig's or the offer's.
    pub(crate) start: Option<Timestamp>,
}

impl About {
    /// The gig, offer and seeker of an event; what is gone is none.
    pub(crate) async fn load(tx: &mut Tx, event: &Event) -> Result<Self, Error> {
        let network = &event.network;
        let (mut gig, mut offer) = (event.data.get("gig").and_then(|id| id.parse::<GigId>().ok()), None);
        match event.subject.split_once('/') {
            Some(("gigs", id)) => gig = id.parse().ok(),
            Some(("offers", id)) => {
                if let Ok(id) = id.parse::<OfferId>() {
                    offer = tx.get::<Offer>(network, &id).await?;
                    gig = offer.as_ref().map(|offer| offer.gig.clone()).or(gig);
                }
            }
            _ => {}
        }
        let gig = match gig {
            Some(id) => tx.get::<Gig>(network, &id).await?,
            None => None,
        };
        let seeker = match &gig {
            Some(gig) => tx.get::<Seeker>(network, &gig.seeker).await?,
            None => None,
        };
        let named = event.data.get("start").and_then(|text| text.parse().ok());
        let start = named.or(offer.as_ref().map(|offer| offer.start)).or(gig.as_ref().and_then(|gig| gig.start));
        Ok(Self { gig, offer, seeker, start })
    }

    /// When the gig ends, if its start is known.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        let (gig, start) = (self.gig.as_ref()?, self.start?);
        gig.span(start).map(|span| span.end())
    }
}
