//! Which event tells whom what.

use domain::asking::AskingState;
use domain::{Assignment, AssignmentState, ClaimSource, Event, Gig, GigState, Offer, Timestamp, VolunteerId};
use jiff::SignedDuration;
use store::{Message, MessageFilter, MessageState, PageRequest, Tx};

use super::{About, Person, Recipient};
use crate::Error;
use crate::template::Template;

/// How long something is worth telling that has no end of its own.
const WORTH: SignedDuration = SignedDuration::from_hours(48);
/// A seeker whose helper comes sooner than this after their yes is firm is told at once.
const SOON: SignedDuration = SignedDuration::from_mins(20);
/// A yes can be taken back until the end of its last minute, that instant included.
const AFTER_UNDO: SignedDuration = SignedDuration::from_secs(1);
/// Most messages about a gig that are looked at for what its seeker has heard.
const HEARD_MAX: u32 = 200;

const REMINDERS: &[&str] = &["reminder_evening", "reminder_soon"];
/// What tells helpers of a slot that is theirs.
const HELD: &[&str] = &["hold", "confirmation", "assigned", "change", "reminder_evening", "reminder_soon"];
/// What tells somebody how things stand for them: all of it is told anew when that changes.
const STANDING: &[&str] = &[
    "hold",
    "hold_released",
    "confirmation",
    "assigned",
    "change",
    "cancellation",
    "cancel_noted",
    "reminder_evening",
    "reminder_soon",
];
/// The same for a seeker. A call has no last look before it is made.
const TO_SEEKER: &[&str] =
    &["seeker_confirmation", "seeker_change", "seeker_reopened", "seeker_cancelled", "seeker_unmet"];

/// Those of them that promise a helper.
const PROMISES: &[&str] = &["seeker_confirmation", "seeker_change"];

/// A message to be.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) template: Template,
    pub(crate) recipient: Recipient,
    pub(crate) subject: String,
    /// Not before; at once if none.
    pub(crate) due: Option<Timestamp>,
    /// Not after.
    pub(crate) expire: Option<Timestamp>,
}

impl Draft {
    pub(crate) fn new(template: Template, recipient: Recipient, subject: String) -> Self {
        Self { template, recipient, subject, due: None, expire: None }
    }

    fn until(mut self, expire: Timestamp) -> Self {
        self.expire = Some(expire);
        self
    }

    fn due(mut self, due: Timestamp) -> Self {
        self.due = Some(due);
        self
    }
}

/// The messages that an event asks for. What it makes untrue of messages that wait is dropped.
pub(crate) async fn drafts(tx: &mut Tx, event: &Event, about: &About, now: Timestamp) -> Result<Vec<Draft>, Error> {
    let Some(gig) = &about.gig else { return Ok(Vec::new()) };
    let kind = event.kind.code();
    let subject = format!("gigs/{}", gig.id);
    let start = about.start.unwrap_or(now + WORTH);
    let to = |template, volunteer: &VolunteerId| {
        Draft::new(template, Recipient::Volunteer(volunteer.clone()), subject.clone())
    };
    let named = volunteers(event);
    let mut drafts = Vec::new();
    match kind {
        "offer_made" => {
            if let Some(offer) = &about.offer {
                let draft = Draft { subject: event.subject.clone(), ..to(Template::Offer, &offer.volunteer) };
                drafts.push(draft.until(offer.expire_time));
            }
        }
        "offer_ended" => drafts.extend(stand_down(event, gig, start)),
        "slot_held" => drafts.extend(named.iter().map(|one| to(Template::Hold, one).until(start))),
        "hold_released" => {
            for volunteer in &named {
                forget(tx, event, &subject, Some(volunteer), STANDING, now).await?;
                drafts.push(to(Template::HoldReleased, volunteer).until(start));
            }
        }
        "gig_filled" | "gig_moved" => {
            let is_moved = kind == "gig_moved";
            forget(tx, event, &subject, None, REMINDERS, now).await?;
            for Assignment { volunteer, source, .. } in holders(tx, gig, AssignmentState::Accepted).await? {
                // An event that does not say who went before is of those who go now.
                let went = about.previous.is_empty() || about.previous.contains(&volunteer);
                let template = match (is_moved, went) {
                    // For them all is as it was.
                    (true, true) if about.previous_start == about.start => None,
                    (true, true) => Some(Template::Change),
                    // Nobody is thanked for a yes that they have not given.
                    _ if source == ClaimSource::Plan => Some(Template::Assigned),
                    _ => Some(Template::Confirmation),
                };
                if let Some(template) = template {
                    forget(tx, event, &subject, Some(&volunteer), STANDING, now).await?;
                    drafts.push(to(template, &volunteer).until(start));
                }
                drafts.extend(reminders(tx, gig, &volunteer, &subject, start, now).await?);
            }
            // Who went before the move and goes no more.
            for volunteer in released(tx, gig, event.time).await? {
                forget(tx, event, &subject, Some(&volunteer), STANDING, now).await?;
                drafts.push(to(Template::Cancellation, &volunteer).until(about.previous_start.unwrap_or(start)));
            }
            let template = match told_before(tx, gig).await? {
                true if is_moved && about.previous_start == about.start => None,
                true if is_moved => Some(Template::SeekerChange),
                _ => Some(Template::SeekerConfirmation),
            };
            if let Some(template) = template {
                forget_seeker(tx, event, gig, now).await?;
                let mut draft = to_seeker(about, template, start);
                if let Some(until) = still_undoable(tx, gig, now).await?
                    && start.duration_since(until) >= SOON
                {
                    draft = draft.map(|draft| draft.due(until + AFTER_UNDO));
                }
                drafts.extend(draft);
            }
        }
        // A yes that was taken back is known to who took it back. To the others it is as if somebody had cancelled.
        "gig_reopened" | "offer_undone" => {
            let is_own = event.data.get("given_back").is_none_or(|own| own == "true");
            for volunteer in &named {
                forget(tx, event, &subject, Some(volunteer), STANDING, now).await?;
                if kind == "gig_reopened" {
                    let template = if is_own { Template::CancelNoted } else { Template::Cancellation };
                    drafts.push(to(template, volunteer).until(now + WORTH));
                }
            }
            for volunteer in waiting(tx, gig, event.time).await? {
                forget(tx, event, &subject, Some(&volunteer), STANDING, now).await?;
                drafts.push(to(Template::Hold, &volunteer).until(start));
            }
            forget_seeker(tx, event, gig, now).await?;
            if expects(tx, gig).await? {
                drafts.extend(to_seeker(about, Template::SeekerReopened, start));
            }
        }
        "gig_cancelled" => {
            forget(tx, event, &subject, None, HELD, now).await?;
            forget_seeker(tx, event, gig, now).await?;
            for volunteer in released(tx, gig, event.time).await? {
                drafts.push(to(Template::Cancellation, &volunteer).until(start));
            }
            if told_before(tx, gig).await? {
                drafts.extend(to_seeker(about, Template::SeekerCancelled, start));
            }
        }
        // Somebody looks for people anew: what a caller was to say is not so any more.
        "asking_started" => forget_unmet(tx, event, gig, now).await?,
        "asking_exhausted" | "gig_unmet" => drafts.extend(unmet(tx, event, about, gig, now).await?),
        "gig_completed" => {
            for one in holders(tx, gig, AssignmentState::Completed).await? {
                drafts.push(to(Template::Thanks, &one.volunteer).until(now + WORTH));
            }
        }
        _ => {}
    }
    Ok(drafts)
}

/// Who was asked and need not answer any more. Who declined or let it lapse knows.
fn stand_down(event: &Event, gig: &Gig, start: Timestamp) -> Option<Draft> {
    let withdrawn = event.data.get("state").is_some_and(|state| state == "withdrawn");
    let told = event.data.get("told").is_some_and(|told| told == "true");
    let volunteer = event.data.get("volunteer")?.parse().ok()?;
    let template = match gig.state {
        GigState::Filled | GigState::InProgress => Template::StandDownFilled,
        _ if event.data.contains_key("other_start") => Template::StandDownMoved,
        _ => Template::StandDownNotNeeded,
    };
    let draft = Draft::new(template, Recipient::Volunteer(volunteer), event.subject.clone());
    (withdrawn && told).then(|| draft.until(start))
}

/// Nobody was found: the seeker hears so once for each start that was asked for. While there is time after the search was given up it is the
/// coordinator's, who may widen it or agree on another hour.
async fn unmet(tx: &mut Tx, event: &Event, about: &About, gig: &Gig, now: Timestamp) -> Result<Option<Draft>, Error> {
    let is_searched = event.data.get("state").is_some_and(|state| state == AskingState::Running.code());
    let is_wanted = gig.state.wants_helpers() || gig.state == GigState::Unmet;
    let deadline = event.data.get("deadline").and_then(|text| text.parse::<Timestamp>().ok());
    let due = deadline.map_or(now, |deadline| deadline.max(now));
    let end = gig.last_end().map_or(due, |end| end.max(due)) + WORTH;
    // What a service hears of that stood still for days is no news.
    let is_old = event.time + WORTH < now;
    if is_searched || !is_wanted || is_old || knows_unmet(tx, event, gig).await? {
        return Ok(None);
    }
    if gig.state == GigState::Unmet {
        forget_seeker(tx, event, gig, now).await?;
    } else {
        // Until then they are told that whom they expect does not come.
        forget_unmet(tx, event, gig, now).await?;
    }
    let draft = to_seeker(about, Template::SeekerUnmet, end);
    Ok(draft.map(|draft| draft.due(due)))
}

/// Whether the seeker was told, or is about to be, that nobody was found for the start of an event.
async fn knows_unmet(tx: &mut Tx, event: &Event, gig: &Gig) -> Result<bool, Error> {
    for message in seekers_messages(tx, gig).await? {
        let is_over = matches!(message.state, MessageState::Dropped | MessageState::Failed);
        if is_over || message.template != Template::SeekerUnmet.code() {
            continue;
        }
        let earlier = tx.event(&gig.network, &message.event).await?;
        if earlier.is_some_and(|earlier| earlier.data.get("start") == event.data.get("start")) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The volunteers whom an event names: `volunteer`, `volunteer2`, or `volunteers` with commas.
fn volunteers(event: &Event) -> Vec<VolunteerId> {
    let mut found: Vec<VolunteerId> = Vec::new();
    for key in ["volunteer", "volunteer2", "volunteers"] {
        let text = event.data.get(key).map_or("", String::as_str);
        for id in text.split(',').filter_map(|id| id.trim().parse().ok()) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

async fn holders(tx: &mut Tx, gig: &Gig, state: AssignmentState) -> Result<Vec<Assignment>, Error> {
    let mut assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    assignments.retain(|one| one.state == state);
    Ok(assignments)
}

/// Whose promise the event itself ended, and who holds nothing of the gig now.
async fn released(tx: &mut Tx, gig: &Gig, time: Timestamp) -> Result<Vec<VolunteerId>, Error> {
    let all = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    let stays = |id: &VolunteerId| all.iter().any(|one| one.state.is_active() && one.volunteer == *id);
    let mut gone: Vec<VolunteerId> = all
        .iter()
        .filter(|one| one.state == AssignmentState::Released && one.update_time == time && !stays(&one.volunteer))
        .map(|one| one.volunteer.clone())
        .collect();
    gone.dedup();
    Ok(gone)
}

/// Who waits for the other helper again since the event.
async fn waiting(tx: &mut Tx, gig: &Gig, time: Timestamp) -> Result<Vec<VolunteerId>, Error> {
    let all = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    let fell_back = all.into_iter().filter(|one| one.state == AssignmentState::Held && one.update_time == time);
    Ok(fell_back.filter(|one| one.create_time < time).map(|one| one.volunteer).collect())
}

/// Drops what waits to be told of a gig by some templates: to one volunteer, or to all.
async fn forget(
    tx: &mut Tx,
    event: &Event,
    subject: &str,
    volunteer: Option<&VolunteerId>,
    templates: &[&str],
    now: Timestamp,
) -> Result<(), Error> {
    let recipient = volunteer.map(|id| format!("volunteers/{id}"));
    tx.drop_messages(&event.network, subject, recipient.as_deref(), templates, "NO_LONGER_TRUE", now).await?;
    Ok(())
}

/// Drops what waits to be told to the seeker of a gig: what they hear is decided anew.
async fn forget_seeker(tx: &mut Tx, event: &Event, gig: &Gig, now: Timestamp) -> Result<(), Error> {
    forget_some(tx, event, gig, TO_SEEKER, now).await
}

/// Drops word to the seeker that nobody was found, where it waits.
async fn forget_unmet(tx: &mut Tx, event: &Event, gig: &Gig, now: Timestamp) -> Result<(), Error> {
    forget_some(tx, event, gig, &["seeker_unmet"], now).await
}

async fn forget_some(tx: &mut Tx, event: &Event, gig: &Gig, what: &[&str], now: Timestamp) -> Result<(), Error> {
    let (subject, recipient) = (format!("gigs/{}", gig.id), format!("seekers/{}", gig.seeker));
    tx.drop_messages(&event.network, &subject, Some(&recipient), what, "NO_LONGER_TRUE", now).await?;
    Ok(())
}

/// The evening before and two hours before, those that still lie ahead.
async fn reminders(
    tx: &mut Tx,
    gig: &Gig,
    volunteer: &VolunteerId,
    subject: &str,
    start: Timestamp,
    now: Timestamp,
) -> Result<Vec<Draft>, Error> {
    let recipient = Recipient::Volunteer(volunteer.clone());
    let Some(Person { hours, .. }) = recipient.person(tx, &gig.network).await? else { return Ok(Vec::new()) };
    let draft = |template| Draft::new(template, recipient.clone(), subject.to_owned());
    let mut drafts = Vec::new();
    if let Some((due, end)) = hours.evening_before(start).filter(|(due, _)| *due > now) {
        drafts.push(draft(Template::ReminderEvening).due(due).until(end));
    }
    if let Some(due) = hours.soon_before(start).filter(|due| *due > now) {
        drafts.push(draft(Template::ReminderSoon).due(due).until(start));
    }
    Ok(drafts)
}

fn to_seeker(about: &About, template: Template, expire: Timestamp) -> Option<Draft> {
    let (gig, seeker) = (about.gig.as_ref()?, about.seeker.as_ref()?);
    let draft = Draft::new(template, Recipient::Seeker(seeker.id.clone()), format!("gigs/{}", gig.id));
    Some(draft.until(expire))
}

/// Whether the seeker was told of helpers who came before: by somebody, or by a message.
async fn told_before(tx: &mut Tx, gig: &Gig) -> Result<bool, Error> {
    let assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    Ok(assignments.iter().any(|one| one.told_time.is_some()) || heard(tx, gig).await?)
}

/// Until when a yes to the gig may be taken back, if one may: the seeker hears of nobody who may be gone a minute later.
async fn still_undoable(tx: &mut Tx, gig: &Gig, now: Timestamp) -> Result<Option<Timestamp>, Error> {
    let offers = tx.offers_of_gig(&gig.network, &gig.id, false).await?;
    Ok(offers.iter().filter(|offer| offer.may_undo(now)).filter_map(Offer::undo_until).max())
}

/// Whether the last that the seeker heard, from somebody or by a message, is that helpers come.
async fn expects(tx: &mut Tx, gig: &Gig) -> Result<bool, Error> {
    let assignments = tx.assignments_of_gig(&gig.network, &gig.id).await?;
    let told = assignments.iter().filter_map(|one| one.told_time).max();
    let heard = to_the_seeker(tx, gig).await?;
    let last = heard.iter().max_by_key(|message| message.sent_time);
    Ok(match (told, last) {
        (Some(told), Some(last)) if last.sent_time.is_none_or(|sent| sent <= told) => true,
        (_, Some(last)) => PROMISES.contains(&last.template.as_str()),
        (told, None) => told.is_some(),
    })
}

/// Whether a message to the seeker that helpers come, or how that changed, has gone out.
async fn heard(tx: &mut Tx, gig: &Gig) -> Result<bool, Error> {
    let unmet = Template::SeekerUnmet.code();
    Ok(to_the_seeker(tx, gig).await?.iter().any(|message| message.template != unmet))
}

/// The messages to the seeker about the gig that have gone out.
async fn to_the_seeker(tx: &mut Tx, gig: &Gig) -> Result<Vec<Message>, Error> {
    let mut all = seekers_messages(tx, gig).await?;
    all.retain(|message| matches!(message.state, MessageState::Sent | MessageState::Delivered));
    Ok(all)
}

/// The messages to the seeker about the gig.
async fn seekers_messages(tx: &mut Tx, gig: &Gig) -> Result<Vec<Message>, Error> {
    let filter = MessageFilter {
        recipient: Some(format!("seekers/{}", gig.seeker)),
        subject: Some(format!("gigs/{}", gig.id)),
        ..MessageFilter::default()
    };
    Ok(tx.list_messages(&gig.network, &filter, &PageRequest::first(HEARD_MAX)).await?.items)
}
