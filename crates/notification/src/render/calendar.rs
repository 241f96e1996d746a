//! The calendar entry of a gig for one volunteer (RFC 5545, 5546): the same UID at every change, a growing SEQUENCE.

use domain::{GigId, NetworkId, TimeWindow, Timestamp, VolunteerId};
use icalendar::{Calendar, Component, Event, EventLike, Property};

use crate::template::CalendarMethod;

/// What goes into an entry. No name, street or number of anybody.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// The network.
    pub network: &'a NetworkId,
    /// The gig.
    pub gig: &'a GigId,
    /// Whose calendar.
    pub volunteer: &'a VolunteerId,
    /// From start to end.
    pub span: TimeWindow,
    /// What the gig is.
    pub summary: &'a str,
    /// The town, or nothing.
    pub area: &'a str,
    /// Grows with every change: the gig's version.
    pub sequence: i64,
    /// Where to look or cancel, if anywhere.
    pub link: Option<&'a str>,
    /// The address that letters come from, and the one they go to.
    pub addresses: Option<(&'a str, &'a str)>,
    /// When the entry was made.
    pub now: Timestamp,
}

impl CalendarMethod {
    /// The method's name: `REQUEST`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// An instant in the form of the standard: `20261124T100000Z`.
fn instant(time: Timestamp) -> String {
    time.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// The calendar file.
#[must_use]
pub fn file(entry: &Entry<'_>, method: CalendarMethod) -> String {
    let mut calendar = empty(method);
    calendar.push(event(entry, method == CalendarMethod::Cancel));
    calendar.to_string()
}

/// A calendar that is fetched again and again: entries, each with whether it is cancelled.
#[must_use]
pub fn feed(name: &str, entries: &[(Entry<'_>, bool)]) -> String {
    let mut calendar = empty(CalendarMethod::Publish);
    calendar.append_property(Property::new("X-WR-CALNAME", name));
    calendar.append_property(Property::new("REFRESH-INTERVAL;VALUE=DURATION", "PT1H"));
    for (entry, is_cancelled) in entries {
        calendar.push(event(entry, *is_cancelled));
    }
    calendar.to_string()
}

fn empty(method: CalendarMethod) -> Calendar {
    let mut calendar = Calendar::empty();
    calendar.append_property(Property::new("VERSION", "2.0"));
    calendar.append_property(Property::new("PRODID", "-//keikka//EN"));
    calendar.append_property(Property::new("METHOD", method.code()));
    calendar
}

fn event(entry: &Entry<'_>, is_cancelled: bool) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}-{}@{}.keikka", entry.gig, entry.volunteer, entry.network))
        .summary(entry.summary)
        .add_property("DTSTAMP", instant(entry.now))
        .add_property("DTSTART", instant(entry.span.start()))
        .add_property("DTEND", instant(entry.span.end()))
        .add_property("SEQUENCE", entry.sequence.to_string())
        .add_property("STATUS", if is_cancelled { "CANCELLED" } else { "CONFIRMED" });
    if !entry.area.is_empty() {
        event.location(entry.area);
    }
    if let Some(link) = entry.link {
        event.url(link);
    }
    if let Some((from, to)) = entry.addresses {
        event.add_property("ORGANIZER", format!("mailto:{from}"));
        event.add_property("ATTENDEE", format!("mailto:{to}"));
    }
    event.done()
}
