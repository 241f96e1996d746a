//! Gigs (keikat): asked for, read, changed, imported. What happens to their slots is elsewhere in this crate.

mod create;
mod import;
mod import_place;
mod read;
mod rules;
mod update;

pub use create::NewGig;
pub(crate) use create::prepared;
pub use read::GigFilter;

use domain::{TimeWindow, Timestamp};

/// Longest time ahead for which a gig may be asked, in days.
pub const HORIZON_DAYS: i64 = 400;
/// Priority of a gig when the caller says nothing.
pub const PRIORITY_DEFAULT: u8 = 2;

/// The second an instant lies in: gigs are agreed with people, not with stopwatches.
pub(crate) fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).expect("the second of an instant is an instant")
}

/// A window in whole seconds.
fn whole_seconds(window: &TimeWindow) -> TimeWindow {
    TimeWindow::new(whole_second(window.start()), whole_second(window.end())).unwrap_or(*window)
}
