//! From an event to the messages that tell of it: to whom, what, by which channel, when. One event is one transaction: its messages are
//! written and it is marked as told, or nothing is.

mod drafts;
pub mod hours;
pub mod person;
pub mod phone;

use domain::offer::OfferState;
use domain::{
    AssociationId, Channel, ContactWeek, Event, EventKind, Gig, GigId, Offer, OfferId, Seeker, Timestamp, Volunteer,
    VolunteerId,
};
use jiff::SignedDuration;
use store::{Message, MessageFilter, MessageState, PageRequest, Tx};
use uuid::{ContextV7, Uuid};

use crate::reply::token::Links;
use crate::template::Template;
use crate::{Error, Notification};

pub(crate) use drafts::{Draft, drafts};
pub use person::{Person, Recipient};

/// Most messages about one offer to one person that are looked at.
const TOLD_OF_OFFER_MAX: u32 = 100;
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
    /// Writes the messages of an event. Answers whose question will not be put, if it is a question that will not.
    pub(crate) async fn tell(&self, tx: &mut Tx, event: &Event, now: Timestamp) -> Result<Option<Unasked>, Error> {
        let about = About::load(tx, event).await?;
        let mut unasked = None;
        for draft in drafts(tx, event, &about, now).await? {
            let fate = self.write(tx, event, &about, &draft, now).await?;
            if draft.template.asks()
                && let Some(offer) = &about.offer
            {
                let why = why_unasked(tx, event, &draft, fate).await?;
                unasked = why.map(|why| Unasked { offer: offer.id.clone(), why });
            }
        }
        let association = about.gig.as_ref().and_then(|gig| gig.association.clone());
        let association = association.filter(|id| self.options.has_webhook(&event.network, id));
        if let Some(association) = association
            && about.is_business_of(tx, event, &association).await?
        {
            let draft = Draft::new(Template::Event, Recipient::Association(association), event.subject.clone());
            self.write(tx, event, &about, &draft, now).await?;
            // The association's own system is told, and may ask by itself.
            unasked = None;
        }
        Ok(unasked)
    }

    /// Writes one message, with the link that it carries.
    async fn write(
        &self,
        tx: &mut Tx,
        event: &Event,
        about: &About,
        draft: &Draft,
        now: Timestamp,
    ) -> Result<Fate, Error> {
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
        let mut to = None;
        if !matches!(draft.recipient, Recipient::Association(_)) {
            let Some(person) = locked(tx, &event.network, &draft.recipient).await? else { return Ok(Fate::Nobody) };
            self.route(tx, &mut message, &person, draft.template, about).await?;
            to = Some(person);
        }
        message.next_time = message.due_time;
        if !tx.insert_message(&message).await? {
            return Ok(Fate::Known);
        }
        if message.state == MessageState::Dropped {
            return Ok(Fate::Dropped(message.failure.unwrap_or_default()));
        }
        if draft.template.has_link() {
            let asks = draft.template.asks();
            let end = if asks { about.offer.as_ref().map(|offer| offer.expire_time) } else { about.end() };
            let expire = end.map_or(now + DETAILS_OPEN, |end| if asks { end } else { end + DETAILS_OPEN });
            if let (Recipient::Volunteer(volunteer), Some(person)) = (&draft.recipient, &to) {
                self.links().write(tx, &message, volunteer, person, expire, now).await?;
            }
        }
        Ok(Fate::Waits)
    }

    /// Decides channel and time; or that nothing is sent, and why.
    async fn route(
        &self,
        tx: &mut Tx,
        message: &mut Message,
        person: &Person,
        template: Template,
        about: &About,
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
        if template.asks() && budget_spent(tx, message, person, about, due).await? {
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

/// An offer whose question will not be put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unasked {
    pub(crate) offer: OfferId,
    /// Why, as a stable code.
    pub(crate) why: String,
}

/// What became of a message to be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Fate {
    /// It waits to be sent.
    Waits,
    /// It will not be sent, for a stable reason.
    Dropped(String),
    /// The event was told before: the message is there already.
    Known,
    /// There is nobody to write to.
    Nobody,
}

/// Why a question will not be put, if it will not.
async fn why_unasked(tx: &mut Tx, event: &Event, draft: &Draft, fate: Fate) -> Result<Option<String>, Error> {
    match fate {
        Fate::Waits => return Ok(None),
        Fate::Dropped(why) => return Ok(Some(why)),
        Fate::Nobody => return Ok(Some("RECIPIENT_GONE".to_owned())),
        Fate::Known => {}
    }
    let filter = MessageFilter {
        recipient: Some(draft.recipient.name()),
        subject: Some(draft.subject.clone()),
        state: Some(MessageState::Dropped),
        ..MessageFilter::default()
    };
    let found = tx.list_messages(&event.network, &filter, &PageRequest::first(TOLD_OF_OFFER_MAX)).await?;
    let dropped = found.items.into_iter().find(|message| message.event == event.id);
    Ok(dropped.and_then(|message| message.failure))
}

/// Whether a person has been asked, or is going to be, as often as they agreed to in the week before an instant. Who wished to be asked for the
/// gig is, and asks that were wished for do not count.
pub(crate) async fn budget_spent(
    tx: &mut Tx,
    message: &Message,
    person: &Person,
    about: &About,
    at: Timestamp,
) -> Result<bool, Error> {
    let Some(budget) = person.weekly_budget else { return Ok(false) };
    if about.offer.as_ref().is_some_and(|offer| offer.is_invited) {
        return Ok(false);
    }
    let week = ContactWeek::before(at);
    let (network, code) = (&message.network, Template::Offer.code());
    let asks = tx.messages_since(network, &message.recipient, code, week.start(), message.id).await?;
    if !week.is_spent(budget, asks.iter().map(|(_, time)| *time)) {
        return Ok(false);
    }
    let mut counted = Vec::new();
    for (subject, time) in asks {
        let id = subject.strip_prefix("offers/").and_then(|id| id.parse::<OfferId>().ok());
        let offer = match id {
            Some(id) => tx.get::<Offer>(network, &id).await?,
            None => None,
        };
        counted.extend((!offer.is_some_and(|offer| offer.is_invited)).then_some(time));
    }
    Ok(week.is_spent(budget, counted))
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
    /// Where a gig was moved: the start before, and who went then.
    pub(crate) previous_start: Option<Timestamp>,
    pub(crate) previous: Vec<VolunteerId>,
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
        let previous_start = event.data.get("previous_start").and_then(|text| text.parse().ok());
        let previous = event.data.get("previous_volunteers").map_or("", String::as_str);
        let previous = previous.split(',').filter_map(|id| id.parse().ok()).collect();
        Ok(Self { gig, offer, seeker, start, previous_start, previous })
    }

    /// Whether an association that asks for the gig may hear of it: whom the city asks besides is told to nobody but the city.
    /// A yes that was taken back is told as the yes was.
    async fn is_business_of(&self, tx: &mut Tx, event: &Event, association: &AssociationId) -> Result<bool, Error> {
        let was_yes = |offer: &Offer| offer.state == OfferState::Accepted || event.kind == EventKind::OfferUndone;
        if self.offer.as_ref().is_none_or(was_yes) {
            return Ok(true);
        }
        self.is_of_own(tx, association).await
    }

    /// Whether the offer is to a volunteer of an association.
    pub(crate) async fn is_of_own(&self, tx: &mut Tx, association: &AssociationId) -> Result<bool, Error> {
        let Some(offer) = &self.offer else { return Ok(false) };
        let volunteer = tx.get::<Volunteer>(&offer.network, &offer.volunteer).await?;
        Ok(volunteer.is_some_and(|volunteer| volunteer.association.as_ref() == Some(association)))
    }

    /// When the gig ends, if its start is known.
    pub(crate) fn end(&self) -> Option<Timestamp> {
        let (gig, start) = (self.gig.as_ref()?, self.start?);
        gig.span(start).map(|span| span.end())
    }
}
