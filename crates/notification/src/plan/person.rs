//! A recipient as the planner sees them: how they may be reached, in which language and hours.

use domain::text::ServiceLanguage;
use domain::volunteer::Standing;
use domain::{AssociationId, Channel, ContactMode, NetworkId, PhoneNumber, Seeker, Volunteer, VolunteerId};
use store::Tx;

use super::hours::Hours;
use super::phone::PhoneClass;
use crate::Error;

/// A recipient.
#[derive(Debug, Clone)]
pub struct Person {
    /// The language they are spoken to in.
    pub language: ServiceLanguage,
    /// The hours in which they may be told something.
    pub hours: Hours,
    /// Channels in their order.
    pub channels: Vec<Channel>,
    /// Their phone, if any.
    pub phone: Option<PhoneNumber>,
    /// Their e-mail address, if any.
    pub email: Option<String>,
    /// Most asks in a week; none for a seeker.
    pub weekly_budget: Option<u8>,
    /// Whether they take part.
    pub standing: Standing,
    /// Whether their whereabouts may not be told.
    pub mediated: bool,
}

impl Person {
    /// A volunteer.
    #[must_use]
    pub fn volunteer(volunteer: &Volunteer) -> Self {
        Self {
            language: volunteer.contact.language,
            hours: Hours::of(volunteer.contact.hours),
            channels: volunteer.contact.channels.to_vec(),
            phone: volunteer.phone.clone(),
            email: volunteer.email.as_ref().map(|email| email.expose().clone()),
            weekly_budget: Some(volunteer.contact.weekly_budget),
            standing: volunteer.standing,
            mediated: false,
        }
    }

    /// A seeker: by text message where the phone is a mobile, else called.
    #[must_use]
    pub fn seeker(seeker: &Seeker) -> Self {
        let spoken = |language: &domain::LanguageTag| match language.language() {
            "fi" => Some(ServiceLanguage::Fi),
            "sv" => Some(ServiceLanguage::Sv),
            "en" => Some(ServiceLanguage::En),
            _ => None,
        };
        let mediated = seeker.contact_mode == ContactMode::Mediated;
        let language = seeker.languages.iter().filter_map(spoken).min().unwrap_or_default();
        Self {
            language,
            hours: Hours::of(None),
            channels: if mediated { vec![Channel::Phone] } else { vec![Channel::Sms, Channel::Phone] },
            phone: seeker.phone.clone(),
            email: None,
            weekly_budget: None,
            standing: Standing::Active,
            mediated,
        }
    }

    /// The channels that reach them, in their order, of those that are there; and why the first of theirs that does not reach them
    /// does not.
    #[must_use]
    pub fn routes(&self, there: &[Channel]) -> (Vec<Channel>, Option<&'static str>) {
        let mut routes = Vec::new();
        let mut refusal = None;
        for channel in &self.channels {
            match self.obstacle(*channel, there) {
                None if !routes.contains(channel) => routes.push(*channel),
                None => {}
                Some(code) => refusal = refusal.or(Some(code)),
            }
        }
        (routes, refusal)
    }

    /// The channel after one that failed, in the person's order, of those that are there. What stands is told by a call at last; what
    /// asks is not.
    #[must_use]
    pub fn after(&self, failed: Channel, asks: bool, there: &[Channel]) -> Option<Channel> {
        let (routes, _) = self.routes(there);
        let rest = routes.into_iter().skip_while(|channel| *channel != failed).nth(1);
        let call = (!asks && self.phone.is_some() && failed != Channel::Phone).then_some(Channel::Phone);
        rest.or(call)
    }

    fn obstacle(&self, channel: Channel, there: &[Channel]) -> Option<&'static str> {
        if channel != Channel::Phone && !there.contains(&channel) {
            return Some("CHANNEL_NOT_SET");
        }
        match channel {
            Channel::Sms => self.phone.as_ref().map_or(Some("PHONE_MISSING"), |phone| PhoneClass::of(phone).refusal()),
            Channel::Phone => self.phone.is_none().then_some("PHONE_MISSING"),
            Channel::Email => self.email.is_none().then_some("EMAIL_MISSING"),
            Channel::Webhook => Some("CHANNEL_NOT_SET"),
        }
    }
}

/// Who a message goes to, by name: `volunteers/v1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody who helps.
    Volunteer(VolunteerId),
    /// Somebody who gets help.
    Seeker(domain::SeekerId),
    /// An association's own system.
    Association(AssociationId),
}

impl Recipient {
    /// Their name below the network.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Volunteer(id) => format!("volunteers/{id}"),
            Self::Seeker(id) => format!("seekers/{id}"),
            Self::Association(id) => format!("associations/{id}"),
        }
    }

    /// The recipient of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let (collection, id) = name.split_once('/')?;
        match collection {
            "volunteers" => id.parse().ok().map(Self::Volunteer),
            "seekers" => id.parse().ok().map(Self::Seeker),
            "associations" => id.parse().ok().map(Self::Association),
            _ => None,
        }
    }

    /// The person behind the name; none if they are gone, or no person.
    pub(crate) async fn person(&self, tx: &mut Tx, network: &NetworkId) -> Result<Option<Person>, Error> {
        Ok(match self {
            Self::Volunteer(id) => tx.get::<Volunteer>(network, id).await?.as_ref().map(Person::volunteer),
            Self::Seeker(id) => tx.get::<Seeker>(network, id).await?.as_ref().map(Person::seeker),
            Self::Association(_) => None,
        })
    }
}
