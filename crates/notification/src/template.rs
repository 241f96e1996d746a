//! What can be said: the templates, to whom, with which variables. The words stand in `texts/`, one file for each language.

use domain::Channel;
use serde::{Deserialize, Serialize};

macro_rules! templates {
    ($($(#[$doc:meta])* $name:ident, $code:literal;)*) => {
        /// What can be said.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Template {
            $($(#[$doc])* $name,)*
        }

        impl Template {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable name: `offer`.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

templates! {
    /// A volunteer is asked.
    Offer, "offer";
    /// A volunteer who was asked: somebody else goes.
    StandDownFilled, "stand_down_filled";
    /// A volunteer who was asked: nobody needs to go.
    StandDownNotNeeded, "stand_down_not_needed";
    /// A volunteer who was asked: the gig is asked for at another time.
    StandDownMoved, "stand_down_moved";
    /// A volunteer said yes; the second helper is still looked for.
    Hold, "hold";
    /// A volunteer said yes; the second helper was not found.
    HoldReleased, "hold_released";
    /// A volunteer goes: the promise stands.
    Confirmation, "confirmation";
    /// A volunteer goes whom a plan chose: they were told, not asked.
    Assigned, "assigned";
    /// A volunteer goes tomorrow.
    ReminderEvening, "reminder_evening";
    /// A volunteer goes in two hours.
    ReminderSoon, "reminder_soon";
    /// A volunteer goes at another time.
    Change, "change";
    /// A volunteer need not go.
    Cancellation, "cancellation";
    /// A volunteer gave a gig back.
    CancelNoted, "cancel_noted";
    /// A volunteer was there.
    Thanks, "thanks";
    /// A seeker: somebody comes.
    SeekerConfirmation, "seeker_confirmation";
    /// A seeker: at another time.
    SeekerChange, "seeker_change";
    /// A seeker who was told: the helper cannot come.
    SeekerReopened, "seeker_reopened";
    /// A seeker who was told: nobody comes.
    SeekerCancelled, "seeker_cancelled";
    /// A seeker: nobody was found.
    SeekerUnmet, "seeker_unmet";
    /// An association's own system: what happened, by ids only. It has no words.
    Event, "event";
    /// Somebody who wrote to us: what became of it. Its words are those of the answer, of which the row has the name.
    Reply, "reply";
}

/// A part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Part {
    /// A text message.
    Sms,
    /// The subject of an e-mail.
    Subject,
    /// The body of an e-mail.
    Body,
    /// What a caller says.
    Call,
}

impl Part {
    /// The stable name: `sms`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Subject => "subject",
            Self::Body => "body",
            Self::Call => "call",
        }
    }

    /// The part of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Sms, Self::Subject, Self::Body, Self::Call].into_iter().find(|part| part.code() == code)
    }
}

impl Template {
    /// The template of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|template| template.code() == code)
    }

    /// Its last segment in resource names: `stand-down-filled`.
    #[must_use]
    pub fn slug(self) -> String {
        self.code().replace('_', "-")
    }

    /// The template of a last segment in resource names; none for what has no words.
    #[must_use]
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|template| template.slug() == slug && !template.parts().is_empty())
    }

    /// Whether it asks for help: such messages count against the weekly budget.
    #[must_use]
    pub fn asks(self) -> bool {
        self == Self::Offer
    }

    /// Whether it goes to the person who gets help.
    #[must_use]
    pub fn is_for_seeker(self) -> bool {
        matches!(
            self,
            Self::SeekerConfirmation
                | Self::SeekerChange
                | Self::SeekerReopened
                | Self::SeekerCancelled
                | Self::SeekerUnmet
        )
    }

    /// Whether it carries a link.
    #[must_use]
    pub fn has_link(self) -> bool {
        matches!(
            self,
            Self::Offer
                | Self::Hold
                | Self::Confirmation
                | Self::Assigned
                | Self::ReminderEvening
                | Self::ReminderSoon
                | Self::Change
        )
    }

    /// Its parts.
    #[must_use]
    pub fn parts(self) -> &'static [Part] {
        match self {
            Self::Event | Self::Reply => &[],
            _ if self.is_for_seeker() => &[Part::Sms, Part::Subject, Part::Body, Part::Call],
            _ => &[Part::Sms, Part::Subject, Part::Body],
        }
    }

    /// The variables that its words may hold.
    ///
    /// `kind`: what the gig is; `area`: a comma and the town, or nothing; `when`: its start; `minutes`: how long it takes; `until`: when the
    /// question ends; `code`: the short code of the answer; `link`: where to answer or look; `helpers`: how many come.
    #[must_use]
    pub fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Event | Self::Reply => &[],
            Self::Offer => &["kind", "area", "when", "minutes", "until", "code", "link"],
            _ if self.is_for_seeker() => &["kind", "when", "minutes", "helpers"],
            _ if self.has_link() => &["kind", "area", "when", "minutes", "link"],
            _ => &["kind", "area", "when", "minutes"],
        }
    }

    /// The calendar entry that goes with its e-mail.
    #[must_use]
    pub fn calendar(self) -> Option<CalendarMethod> {
        match self {
            Self::Confirmation | Self::Assigned | Self::Change => Some(CalendarMethod::Request),
            Self::Cancellation | Self::CancelNoted => Some(CalendarMethod::Cancel),
            _ => None,
        }
    }

    /// The part that a channel carries; none for a channel without words.
    #[must_use]
    pub fn part_of(channel: Channel) -> Option<Part> {
        match channel {
            Channel::Sms => Some(Part::Sms),
            Channel::Email => Some(Part::Body),
            Channel::Phone => Some(Part::Call),
            Channel::Webhook => None,
        }
    }
}

/// What a calendar entry does to the recipient's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarMethod {
    /// Puts it in, or moves it.
    Request,
    /// Takes it out.
    Cancel,
    /// Is fetched by the recipient: nobody answers it.
    Publish,
}
