//! A synthetic week of Kouvola: the same seed and the same Monday give the same city, to the last letter. The districts and postal codes
//! are real, the people are not: their surnames are words such as Testinen and Exempelsson. Knows nothing of files or sockets but
//! in `load`, which hands the city to a server.

mod catalogue;
mod dice;
mod gigs;
mod load;
mod people;
mod places;
mod seekers;
mod sheet;
mod volunteers;

use jiff::civil::{Date, Weekday};
use jiff::{Span, Timestamp};

pub(crate) use dice::Dice;
pub(crate) use load::{Loaded, load};

use gigs::SampleGig;
use seekers::SampleSeeker;
use volunteers::SampleVolunteer;

/// The id of the sample's network.
pub(crate) const NETWORK: &str = "kouvola";
/// The seed of the city that `dev` and `demo` load.
pub(crate) const SEED: u64 = 7;

const VOLUNTEERS: usize = 120;
const SEEKERS: usize = 110;
const GIGS: usize = 150;

/// The city.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct City {
    /// The Monday of its week.
    pub(crate) monday: Date,
    volunteers: Vec<SampleVolunteer>,
    seekers: Vec<SampleSeeker>,
    gigs: Vec<SampleGig>,
}

impl City {
    /// The city in the ISO week after the one of `now`.
    pub(crate) fn of(now: Timestamp, seed: u64) -> Self {
        let monday = coming_monday(now);
        let mut dice = Dice::new(seed);
        let volunteers = volunteers::make(&mut dice, VOLUNTEERS, monday);
        let seekers = seekers::make(&mut dice, SEEKERS, VOLUNTEERS);
        let gigs = gigs::make(&mut dice, GIGS, &seekers, monday);
        Self { monday, volunteers, seekers, gigs }
    }
}

/// The first Monday after the local day of an instant.
fn coming_monday(now: Timestamp) -> Date {
    let today = now.to_zoned(domain::zone()).date();
    let days = 7 - i64::from(today.weekday().since(Weekday::Monday));
    today.saturating_add(Span::new().days(days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn city() -> City {
        City::of("2026-11-22T10:00:00Z".parse().expect("instant"), SEED)
    }

    #[test]
    fn the_week_is_the_coming_iso_week() {
        assert_eq!(city().monday, jiff::civil::date(2026, 11, 23));
        let on_monday = "2026-11-23T08:00:00Z".parse().expect("instant");
        assert_eq!(coming_monday(on_monday), jiff::civil::date(2026, 11, 30));
    }

    #[test]
    fn equal_seeds_make_equal_cities() {
        assert_eq!(city(), city());
        assert_ne!(city(), City::of("2026-11-22T10:00:00Z".parse().expect("instant"), SEED + 1));
    }

    #[test]
    fn the_city_has_its_size_and_its_variety() {
        let city = city();
        assert_eq!((city.volunteers.len(), city.seekers.len(), city.gigs.len()), (120, 110, 150));
        let kinds: BTreeSet<&str> = city.gigs.iter().map(|gig| gig.kind).collect();
        assert_eq!(kinds, catalogue::KINDS.iter().map(|(kind, _)| *kind).collect());
        let spoken: BTreeSet<&str> = city.volunteers.iter().flat_map(|v| v.languages.clone()).collect();
        assert!(["fi", "sv", "en", "ru"].iter().all(|language| spoken.contains(language)));
        let pairs = city.gigs.iter().filter(|gig| gig.kind == "escort" && gig.slots.len() == 2).count();
        let outing: Vec<_> = city.gigs.iter().filter(|gig| gig.campaign.is_some()).collect();
        assert!(pairs >= 2, "{pairs} escorts for two");
        assert!(outing.len() >= 4 && outing.iter().all(|gig| gig.windows == outing[0].windows));
    }

    #[test]
    fn every_seeker_has_a_number_of_their_own_that_rings_nobody() {
        let city = city();
        let phones: BTreeSet<String> = city.seekers.iter().map(SampleSeeker::phone).collect();
        assert_eq!(phones.len(), city.seekers.len());
        assert!(phones.iter().all(|phone| phone.starts_with("047 ") && domain::PhoneNumber::new(phone).is_ok()));
    }

    #[test]
    fn letters_are_read_in_three_languages_and_mostly_in_finnish() {
        let city = city();
        let of = |language: &str| city.volunteers.iter().filter(|volunteer| volunteer.reads() == language).count();
        assert!(of("sv") >= 4 && of("en") >= 4 && of("fi") >= 100, "{} {} {}", of("fi"), of("sv"), of("en"));
        let reads = |spoken: &[&str], language| spoken.contains(&language) || spoken == ["ru"];
        assert!(city.volunteers.iter().all(|volunteer| reads(&volunteer.languages, volunteer.reads())));
    }

    #[test]
    fn nobody_is_named_like_anybody_else() {
        let city = city();
        let names: BTreeSet<&str> = city
            .volunteers
            .iter()
            .map(|v| v.name.as_str())
            .chain(city.seekers.iter().map(|s| s.name.as_str()))
            .collect();
        assert_eq!(names.len(), 230);
    }
}
