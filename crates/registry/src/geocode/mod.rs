//! From what somebody says about a place to a point: pure, offline, with the precision recorded.
//!
//! Explicit coordinates always win, a postal code wins over a place name. What is not known is refused with the field's name; a
//! wrong place would send a volunteer astray. Streets are not located: no free data set of Finnish street addresses is at hand.

mod names;
mod table;

use domain::cell::fold;
use domain::place::Address;
use domain::{Name, Place, Precision};

use table::{Locality, table};

/// Why a place could not be located.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeocodeError {
    /// Neither coordinates nor a postal code nor a place name.
    #[error("needs coordinates, a postal code or a town")]
    Nothing,
    /// Not five digits.
    #[error("must be five digits")]
    PostalCodeForm,
    /// Five digits, but no such code in the table.
    #[error("is not a known Finnish postal code; give coordinates or the town instead")]
    PostalCodeUnknown,
    /// No such town or village in the table.
    #[error("is not a known Finnish town or village; give the postal code or coordinates")]
    LocalityUnknown,
    /// Several places of that name, far from each other.
    #[error("is the name of {0} places far from each other; give the postal code")]
    LocalityAmbiguous(usize),
}

impl GeocodeError {
    /// The field of the address that is wrong; empty for the address as a whole.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::PostalCodeForm | Self::PostalCodeUnknown => "postal_code",
            Self::LocalityUnknown | Self::LocalityAmbiguous(_) => "locality",
        }
    }
}

/// Locates an address.
///
/// # Errors
/// [`GeocodeError`] naming the field that is not known.
pub fn locate(address: &Address) -> Result<Place, GeocodeError> {
    let code = address.postal_code.as_deref().map(str::trim).filter(|code| !code.is_empty());
    if code.is_some_and(|code| code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit())) {
        return Err(GeocodeError::PostalCodeForm);
    }
    let known = code.and_then(|code| table().code(code));
    let (coordinates, precision) = if let Some(point) = address.coordinates {
        (point, Precision::Exact)
    } else if code.is_some() {
        (known.ok_or(GeocodeError::PostalCodeUnknown)?.point, Precision::PostalCode)
    } else if let Some(name) = &address.locality {
        let folded = fold(name.as_str());
        let found = table().locality(&folded).or_else(|| table().locality(names::finnish(&folded)?));
        match found.ok_or(GeocodeError::LocalityUnknown)? {
            Locality::One(point) => (point, Precision::Locality),
            Locality::Several(count) => return Err(GeocodeError::LocalityAmbiguous(count)),
        }
    } else {
        return Err(GeocodeError::Nothing);
    };
    let named = || known.and_then(|known| Name::new(known.place).ok());
    Ok(Place {
        coordinates,
        precision,
        postal_code: code.map(str::to_owned),
        locality: address.locality.clone().or_else(named),
        street: address.street.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Coordinates;

    fn address(postal_code: Option<&str>, locality: Option<&str>) -> Address {
        Address {
            postal_code: postal_code.map(str::to_owned),
            locality: locality.map(|name| Name::new(name).expect("name")),
            ..Address::default()
        }
    }

    fn near(place: &Place, lat: f64, lon: f64) -> bool {
        (place.coordinates.lat() - lat).abs() < 0.2 && (place.coordinates.lon() - lon).abs() < 0.4
    }

    #[test]
    fn explicit_coordinates_win_over_everything() {
        let point = Coordinates::new(61.0, 26.0).expect("point");
        let told = Address { coordinates: Some(point), ..address(Some("45100"), Some("Helsinki")) };
        let place = locate(&told).expect("place");
        assert_eq!((place.coordinates, place.precision), (point, Precision::Exact));
        assert_eq!(place.postal_code.as_deref(), Some("45100"));
    }

    #[test]
    fn a_postal_code_wins_over_a_name_and_brings_its_own() {
        let place = locate(&address(Some("45100"), None)).expect("place");
        assert!(near(&place, 60.868, 26.704), "{place:?}");
        assert_eq!(place.precision, Precision::PostalCode);
        assert_eq!(place.locality.as_ref().map(Name::as_str), Some("Kouvola"));
        assert!(near(&locate(&address(Some("45100"), Some("Helsinki"))).expect("place"), 60.868, 26.704));
    }

    #[test]
    fn names_are_found_whatever_their_case_marks_and_language() {
        for (name, lat, lon) in [
            ("kouvola", 60.868, 26.704),
            ("HÄMEENLINNA", 60.996, 24.464),
            ("Hameenlinna", 60.996, 24.464),
            ("Tavastehus", 60.996, 24.464),
            ("Helsingfors", 60.2, 24.95),
            ("Åbo", 60.45, 22.27),
            ("S:t Michel", 61.69, 27.27),
            ("Esbo", 60.2, 24.7),
        ] {
            let place = locate(&address(None, Some(name))).expect(name);
            assert!(near(&place, lat, lon), "{name}: {} {}", place.coordinates.lat(), place.coordinates.lon());
            assert_eq!(place.precision, Precision::Locality);
        }
    }

    #[test]
    fn what_is_not_known_names_its_field() {
        for (code, name, expected) in [
            (None, None, ""),
            (Some("4510"), None, "postal_code"),
            (Some("4510O"), Some("Kouvola"), "postal_code"),
            (Some("99998"), Some("Kouvola"), "postal_code"),
            (None, Some("Stockholm"), "locality"),
            (None, Some("Tikkala"), "locality"),
        ] {
            let error = locate(&address(code, name)).expect_err("unknown");
            assert_eq!(error.field(), expected, "{error}");
        }
    }
}
