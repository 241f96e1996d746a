//! Places in a list of gigs: where a gig happens and where an escort ends, when it is not the seeker's home.

use domain::cell::{RowReader, decimal, words};
use domain::place::Address;
use domain::{Coordinates, Name, Place, Precision, Sensitive};
use store::import::Field;

use crate::Locate;

/// The columns of the place: street, postal code, locality, latitude, longitude.
pub(super) const PLACE: [Field; 5] = [
    ("street", &["katuosoite", "osoite", "lähiosoite", "adress", "address"], false),
    ("postal_code", &["postinumero", "postinro", "pnro", "postnummer", "postnr", "postal code"], false),
    ("locality", &["paikkakunta", "postitoimipaikka", "kunta", "kylä", "ort", "city", "town"], false),
    ("latitude", &["leveysaste", "lat", "latitud"], false),
    ("longitude", &["pituusaste", "lon", "lng", "longitud"], false),
];

/// The columns of an escort's destination.
pub(super) const DESTINATION: [Field; 5] = [
    (
        "destination_street",
        &["kohteen osoite", "määränpään osoite", "destination adress", "destination address"],
        false,
    ),
    (
        "destination_postal_code",
        &["kohteen postinumero", "määränpään postinumero", "destination postnummer", "destination postal code"],
        false,
    ),
    ("destination_locality", &["kohteen paikkakunta", "määränpää", "kohde", "destination", "destination ort"], false),
    ("destination_latitude", &["kohteen leveysaste", "destination lat"], false),
    ("destination_longitude", &["kohteen pituusaste", "destination lon"], false),
];

/// The place that a row tells, if the file has any column for it. A point that somebody set by hand stays as long as the address
/// is the same and the file has no coordinates of its own.
pub(super) fn place(
    row: &mut RowReader<'_>,
    columns: &[Field; 5],
    stored: Option<Place>,
    locate: Locate,
) -> Option<Place> {
    let [street, code, locality, latitude, longitude] = columns.each_ref().map(|(field, ..)| *field);
    if !columns.iter().any(|(field, ..)| row.has(field)) {
        return stored;
    }
    let (lat, lon) = (row.read(latitude, decimal), row.read(longitude, decimal));
    let point = match (lat, lon) {
        (Some(lat), Some(lon)) => Coordinates::new(lat, lon).map_err(|error| row.refuse(latitude, error)).ok(),
        (None, None) => None,
        _ => {
            row.refuse(latitude, "latitude and longitude go together");
            None
        }
    };
    let address = Address {
        coordinates: point,
        postal_code: row.read(code, words::postal_code),
        locality: row.read(locality, Name::new),
        street: row.read(street, Name::new).map(Sensitive::new),
    };
    if row.is_wrong() || address == Address::default() {
        return None;
    }
    match locate(&address) {
        Ok(found) => {
            let same = |stored: &Place| {
                (&stored.postal_code, &stored.locality, &stored.street)
                    == (&found.postal_code, &found.locality, &found.street)
            };
            let by_hand = |stored: &Place| stored.precision == Precision::Exact && address.coordinates.is_none();
            Some(stored.filter(|stored| by_hand(stored) && same(stored)).unwrap_or(found))
        }
        Err(violation) => {
            let field = match violation.field.as_str() {
                "postal_code" => code,
                "locality" => locality,
                _ => street,
            };
            row.refuse(field, violation.description);
            None
        }
    }
}
