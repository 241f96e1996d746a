//! Places: located when they come in, coarse when they go out to those who may not know the street.

use domain::place::Address;
use domain::{Coordinates, Place, Precision, Sensitive};
use proto::r#type::v1 as wire;
use registry::geocode;

use super::check::at;
use super::{Check, Choice as _, View, text};

/// A place. `current` is what stands: coordinates that the service itself had found are found anew, so that a changed postal code
/// is not held back by the old point.
pub(crate) fn read(check: &mut Check, field: &str, place: &wire::Place, current: Option<&Place>) -> Option<Place> {
    let given = place.coordinates.as_ref().and_then(|point| {
        let (fine, path) = (Coordinates::new(point.latitude, point.longitude), at(field, "coordinates"));
        check.take_whole(path, fine)
    });
    let found_by_us = |point: &Coordinates| {
        current.is_some_and(|current| current.precision != Precision::Exact && current.coordinates == *point)
    };
    let locality = text::optional_name(check, at(field, "locality"), &place.locality);
    let street = text::optional_name(check, at(field, "street"), &place.street).map(Sensitive::new);
    if place.coordinates.is_some() && given.is_none() {
        return None;
    }
    let address = Address {
        coordinates: given.filter(|point| !found_by_us(point)),
        postal_code: Some(place.postal_code.clone()).filter(|code| !code.is_empty()),
        locality,
        street,
    };
    match geocode::locate(&address) {
        Ok(place) => Some(place),
        Err(error) => {
            let path = if error.field().is_empty() { field.to_owned() } else { at(field, error.field()) };
            check.add(path, error);
            None
        }
    }
}

/// A place that may be missing.
pub(crate) fn optional(
    check: &mut Check,
    field: &str,
    place: Option<&wire::Place>,
    current: Option<&Place>,
) -> Option<Place> {
    place.and_then(|place| read(check, field, place, current))
}

pub(crate) fn of(place: &Place, view: View) -> wire::Place {
    let cell = place.coordinates.coarse_cell().to_string();
    if !view.people() {
        return wire::Place { locality: text::of(place.locality.as_ref()), h3_cell: cell, ..wire::Place::default() };
    }
    wire::Place {
        postal_code: place.postal_code.clone().unwrap_or_default(),
        locality: text::of(place.locality.as_ref()),
        street: text::shown(place.street.as_ref(), true),
        coordinates: Some(wire::Coordinates { latitude: place.coordinates.lat(), longitude: place.coordinates.lon() }),
        precision: place.precision.wire(),
        h3_cell: cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(postal_code: &str, point: Option<(f64, f64)>) -> wire::Place {
        wire::Place {
            postal_code: postal_code.to_owned(),
            coordinates: point.map(|(latitude, longitude)| wire::Coordinates { latitude, longitude }),
            street: "Testikatu 1".to_owned(),
            ..wire::Place::default()
        }
    }

    #[test]
    fn a_point_outside_finland_or_no_number_names_the_coordinates() {
        for point in [(59.33, 18.07), (f64::NAN, 26.0), (f64::INFINITY, 26.0), (0.0, 0.0)] {
            let mut check = Check::default();
            assert!(read(&mut check, "gig.place", &place("45100", Some(point)), None).is_none());
            assert_eq!(check.fields(), ["gig.place.coordinates"]);
        }
    }

    #[test]
    fn a_changed_postal_code_moves_the_point_that_we_had_found() {
        let mut check = Check::default();
        let old = read(&mut check, "home", &place("45100", None), None).expect("place");
        let mut changed = of(&old, View::Full);
        changed.postal_code = "00100".to_owned();
        let moved = read(&mut check, "home", &changed, Some(&old)).expect("place");
        assert_ne!(moved.coordinates, old.coordinates);
        let exact = read(&mut check, "home", &place("45100", Some((60.9, 26.7))), Some(&old)).expect("place");
        let mut changed = of(&exact, View::Full);
        changed.postal_code = "00100".to_owned();
        let kept = read(&mut check, "home", &changed, Some(&exact)).expect("place");
        assert_eq!((kept.coordinates, kept.precision), (exact.coordinates, Precision::Exact));
        assert!(check.is_clean());
    }

    #[test]
    fn a_bare_place_is_a_cell_and_a_town() {
        let mut check = Check::default();
        let stored = read(&mut check, "home", &place("45100", Some((60.868, 26.704))), None).expect("place");
        let bare = of(&stored, View::Bare);
        assert!(bare.street.is_empty() && bare.postal_code.is_empty() && bare.coordinates.is_none());
        assert!(bare.h3_cell.starts_with("87"));
    }
}
