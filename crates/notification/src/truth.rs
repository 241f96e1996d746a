//! The last look before a message goes: whether it still holds, whether its hour is right, and what goes into it.

use domain::asking::{Asking, AskingState};
use domain::volunteer::Standing;
use domain::{AssignmentState, Channel, Event, EventKind, Gig, GigState, Kind, Timestamp, Volunteer, VolunteerId};
use store::{Message, ReplyToken, Tx};

use crate::plan::{About, Person, Recipient, budget_spent};
use crate::render::{Values, Word, moment, phrase};
use crate::template::Template;
use crate::{Error, Notification};

/// What is to become of a message that is due.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It goes.
    Send(Box<Material>),
    /// It does not go, for a stable reason.
    Drop(&'static str),
    /// Not now.
    Wait(Timestamp),
    /// The volunteer has another contact than its link was made for: [`Notification::remake_link`], then look again.
    Remake,
}

/// What words are made of, and where they go.
#[derive(Debug, Clone)]
pub struct Material {
    /// What is said.
    pub template: Template,
    /// To whom; none for an association's own system.
    pub person: Option<Person>,
    /// The values of the template's variables.
    pub values: Values,
    /// The event that is told of; none for an answer to somebody who wrote.
    pub event: Option<Event>,
    pub(crate) about: About,
    /// The link, if one is carried.
    pub link: Option<String>,
}

impl Notification {
    /// Looks at a message that is due.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(&self, tx: &mut Tx, message: &Message, now: Timestamp) -> Result<Verdict, Error> {
        let (Some(template), Some(recipient)) =
            (Template::from_code(&message.template), Recipient::parse(&message.recipient))
        else {
            return Ok(Verdict::Drop("TEMPLATE_UNKNOWN"));
        };
        if message.expire_time.is_some_and(|end| now >= end) {
            return Ok(Verdict::Drop("EXPIRED"));
        }
        if template == Template::Reply {
            return answer(tx, message, &recipient).await;
        }
        let Some(event) = tx.event(&message.network, &message.event).await? else {
            return Ok(Verdict::Drop("NO_LONGER_TRUE"));
        };
        let mut about = About::load(tx, &event).await?;
        if template == Template::Cancellation {
            // Who goes no more goes no more at the time that was promised them.
            about.start = about.previous_start.or(about.start);
        }
        if let Recipient::Association(association) = &recipient {
            let mut event = event;
            if event.kind == EventKind::OfferUndone && !about.is_of_own(tx, association).await? {
                // Whose yes it was is told of its own volunteers only.
                event.data.remove("volunteer");
            }
            let values = Values::new();
            return Ok(Verdict::Send(Box::new(Material {
                template,
                person: None,
                values,
                event: Some(event),
                about,
                link: None,
            })));
        }
        let Some(person) = recipient.person(tx, &message.network).await? else {
            return Ok(Verdict::Drop("RECIPIENT_GONE"));
        };
        if !holds(tx, template, &recipient, &about, now).await? {
            return Ok(Verdict::Drop("NO_LONGER_TRUE"));
        }
        let out = person.standing != Standing::Active && template.asks();
        if out || person.standing == Standing::Suspended && template.has_link() {
            return Ok(Verdict::Drop("RECIPIENT_PAUSED"));
        }
        if message.channel != Channel::Phone
            && let Some(verdict) = not_now(tx, message, &person, &recipient, now).await?
        {
            return Ok(verdict);
        }
        if template.asks() && budget_spent(tx, message, &person, &about, now).await? {
            return Ok(Verdict::Drop("BUDGET_SPENT"));
        }
        if template.has_link() {
            let token = tx.reply_token_of(&message.network, message.id).await?;
            let is_former = |token: &ReplyToken| !self.links().still_reaches(token.reach.as_deref(), &person);
            if token.as_ref().is_some_and(is_former) {
                return Ok(Verdict::Remake);
            }
        }
        let (values, link) = self.values(tx, message, template, &person, &about).await?;
        Ok(Verdict::Send(Box::new(Material {
            template,
            person: Some(person),
            values,
            event: Some(event),
            about,
            link,
        })))
    }

    /// Makes the link of a message that is about to go anew, for the contact that its reader has now.
    ///
    /// # Errors
    /// The store's.
    pub(crate) async fn remake_link(&self, message: &Message) -> Result<(), Error> {
        let mut tx = self.db.write().await?;
        let person = match Recipient::parse(&message.recipient) {
            Some(recipient) => recipient.person(&mut tx, &message.network).await?,
            None => None,
        };
        let token = tx.reply_token_of(&message.network, message.id).await?;
        if let (Some(person), Some(token)) = (person, token) {
            self.links().remake(&mut tx, &token, &person).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// The values of a template's variables: what the gig is, its town and times, the code and the link. Nothing of a person.
    async fn values(
        &self,
        tx: &mut Tx,
        message: &Message,
        template: Template,
        person: &Person,
        about: &About,
    ) -> Result<(Values, Option<String>), Error> {
        let mut values = Values::new();
        let Some(gig) = &about.gig else { return Ok((values, None)) };
        let language = person.language;
        let kind = tx.get::<Kind>(&gig.network, &gig.kind).await?;
        let title = kind.as_ref().map_or("", |kind| kind.title.get(language));
        let mediated = about.seeker.as_ref().is_none_or(|seeker| Person::seeker(seeker).mediated);
        let town = gig.place.as_ref().and_then(|place| place.locality.as_ref()).filter(|_| !mediated);
        let mut put = |name, word| {
            if template.variables().contains(&name) {
                values.insert(name, word);
            }
        };
        put("kind", Word::Text(title.to_owned()));
        put("area", Word::Text(town.map_or_else(String::new, |town| format!(", {town}"))));
        put("when", Word::Text(about.start.map_or_else(String::new, |start| moment::day_and_time(start, language))));
        put("minutes", Word::Number(i64::from(gig.duration_s.div_ceil(60))));
        put("helpers", Word::Number(i64::try_from(gig.slots.len()).unwrap_or(1)));
        if let Some(offer) = &about.offer {
            put("until", Word::Text(moment::day_and_time(offer.expire_time, language)));
        }
        let mut link = None;
        if template.has_link() {
            let token = tx.reply_token_of(&message.network, message.id).await?;
            let reach = token.as_ref().and_then(|token| token.reach.as_deref());
            let text = self.links().link(message.id, reach);
            put("link", Word::Text(text.clone()));
            put("code", Word::Text(token.and_then(|token| token.code).unwrap_or_default()));
            link = Some(text);
        }
        Ok((values, link))
    }
}

/// What is written back to somebody who wrote: whatever the hour, they are there.
async fn answer(tx: &mut Tx, message: &Message, recipient: &Recipient) -> Result<Verdict, Error> {
    let Some(person) = recipient.person(tx, &message.network).await? else {
        return Ok(Verdict::Drop("RECIPIENT_GONE"));
    };
    let Ok(text) = phrase(&message.event_kind, person.language) else { return Ok(Verdict::Drop("TEMPLATE_UNKNOWN")) };
    let values = Values::from([("text", Word::Text(text))]);
    let (about, event, link) = (About::default(), None, None);
    Ok(Verdict::Send(Box::new(Material {
        template: Template::Reply,
        person: Some(person),
        values,
        event,
        about,
        link,
    })))
}

/// Whether what a template says is true of the gig, the offer and the recipient as they stand.
pub(crate) async fn holds(
    tx: &mut Tx,
    template: Template,
    recipient: &Recipient,
    about: &About,
    now: Timestamp,
) -> Result<bool, Error> {
    let Some(gig) = &about.gig else { return Ok(false) };
    if template.is_for_seeker() {
        let stands = matches!(gig.state, GigState::Filled | GigState::InProgress) && gig.start == about.start;
        return Ok(about.seeker.is_some()
            && match template {
                Template::SeekerReopened => gig.state.wants_helpers(),
                Template::SeekerCancelled => gig.state == GigState::Cancelled,
                Template::SeekerUnmet => is_unmet(tx, gig, now).await?,
                _ => stands,
            });
    }
    let Recipient::Volunteer(volunteer) = recipient else { return Ok(false) };
    let assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    let mine = |state: AssignmentState| {
        assignments.iter().any(|one| {
            one.volunteer == *volunteer
                && one.state == state
                && about.start.is_none_or(|start| one.span.start() == start)
        })
    };
    let holding = assignments.iter().any(|one| one.volunteer == *volunteer && one.state.is_active());
    Ok(match template {
        Template::Offer => about.offer.as_ref().is_some_and(|offer| {
            let open = matches!(offer.state.code(), "pending" | "sent" | "delivered");
            open && offer.expire_time > now && gig.state.wants_helpers() && !holding
        }),
        Template::Hold => mine(AssignmentState::Held),
        Template::Confirmation
        | Template::Assigned
        | Template::ReminderEvening
        | Template::ReminderSoon
        | Template::Change => mine(AssignmentState::Accepted),
        Template::Thanks => mine(AssignmentState::Completed),
        _ => !holding,
    })
}

/// Whether nobody comes to a gig, nobody looks for somebody by itself, and nobody may still say yes.
async fn is_unmet(tx: &mut Tx, gig: &Gig, now: Timestamp) -> Result<bool, Error> {
    if gig.state == GigState::Unmet {
        return Ok(true);
    }
    let is_searched =
        tx.get::<Asking>(&gig.network, &gig.id).await?.is_some_and(|one| one.state == AskingState::Running);
    let asked = tx.offers_of_gig(&gig.network, &gig.id, true).await?;
    Ok(gig.state.wants_helpers() && !is_searched && asked.iter().all(|offer| offer.expire_time <= now))
}

/// Why a person is not told now, if they are not: their hours, or a gig that they are on.
async fn not_now(
    tx: &mut Tx,
    message: &Message,
    person: &Person,
    recipient: &Recipient,
    now: Timestamp,
) -> Result<Option<Verdict>, Error> {
    let mut free = now;
    if let Recipient::Volunteer(volunteer) = recipient
        && let Some(end) = busy_until(tx, message, volunteer, now).await?
    {
        free = end;
    }
    let next = person.hours.next(free);
    if next <= now {
        return Ok(None);
    }
    if message.expire_time.is_some_and(|end| next >= end) {
        return Ok(Some(Verdict::Drop(if free > now { "RECIPIENT_BUSY" } else { "QUIET_HOURS" })));
    }
    Ok(Some(Verdict::Wait(next)))
}

/// The end of the gig that a volunteer is on, if they are on one.
async fn busy_until(
    tx: &mut Tx,
    message: &Message,
    volunteer: &VolunteerId,
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    let moment = now + jiff::SignedDuration::from_secs(1);
    let touching = tx.assignments_of_volunteer(&message.network, volunteer, Some(now), Some(moment)).await?;
    let on = touching.iter().filter(|one| {
        matches!(one.state, AssignmentState::Accepted | AssignmentState::Started) && one.span.start() <= now
    });
    Ok(on.map(|one| one.span.end()).max())
}

/// Whether a volunteer is there.
pub(crate) async fn volunteer(
    tx: &mut Tx,
    network: &domain::NetworkId,
    id: &VolunteerId,
) -> Result<Option<Volunteer>, Error> {
    Ok(tx.get::<Volunteer>(network, id).await?)
}
