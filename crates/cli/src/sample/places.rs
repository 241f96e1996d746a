//! Districts of Kouvola by postal code. Coordinates: GeoNames postal code data (geonames.org), CC BY 4.0, the rows of
//! `fi_postal_codes.csv` that the registry commits.

use super::dice::Dice;

/// A postal-code area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct District {
    pub(super) postal_code: &'static str,
    pub(super) locality: &'static str,
    lat: f64,
    lon: f64,
    /// How far homes lie from its middle, in kilometres.
    spread_km: f64,
    /// Whether people there go by car.
    pub(super) rural: bool,
}

/// A home or a meeting point: a district, a street that does not exist, and a point.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Spot {
    pub(super) district: District,
    pub(super) street: String,
    pub(super) lat: f64,
    pub(super) lon: f64,
}

const fn town(postal_code: &'static str, locality: &'static str, lat: f64, lon: f64) -> District {
    District { postal_code, locality, lat, lon, spread_km: 0.7, rural: false }
}

const fn village(postal_code: &'static str, locality: &'static str, lat: f64, lon: f64) -> District {
    District { postal_code, locality, lat, lon, spread_km: 1.8, rural: true }
}

/// Districts with their share of people.
const DISTRICTS: &[(District, usize)] = &[
    (town("45100", "Kouvola", 60.8683, 26.7354), 16),
    (town("45130", "Kouvola", 60.8669, 26.6709), 8),
    (town("45150", "Kouvola", 60.8507, 26.7165), 7),
    (town("45160", "Kouvola", 60.8875, 26.7163), 7),
    (town("45200", "Kouvola", 60.8749, 26.7499), 9),
    (town("45700", "Kuusankoski", 60.9079, 26.6269), 11),
    (town("45720", "Kuusankoski", 60.8901, 26.6563), 6),
    (town("45740", "Kuusankoski", 60.8999, 26.5948), 4),
    (town("45910", "Voikkaa", 60.9548, 26.6156), 4),
    (town("45610", "Koria", 60.8349, 26.5804), 6),
    (town("45360", "Valkeala", 60.9166, 26.7676), 6),
    (town("46800", "Myllykoski", 60.7736, 26.7991), 7),
    (town("46900", "Inkeroinen", 60.6984, 26.8485), 5),
    (village("46910", "Anjala", 60.6911, 26.797), 2),
    (village("47200", "Elimäki", 60.7224, 26.4612), 4),
    (village("45410", "Utti", 60.9041, 26.9202), 2),
    (village("46710", "Sippola", 60.7594, 27.0231), 1),
    (village("47710", "Jaala", 61.1055, 26.44), 2),
];

/// Where the outing goes: the middle of Kouvola.
pub(super) fn town_hall() -> Spot {
    Spot { district: DISTRICTS[0].0, street: "Esimerkkiaukio 1".to_owned(), lat: 60.8679, lon: 26.7043 }
}

const STREETS: &[&str] =
    &["Testikatu", "Esimerkkitie", "Mallipolku", "Näytekuja", "Kokeilukatu", "Keksitie", "Sepitekuja", "Otospolku"];

/// Somewhere in the city, by the share of people.
pub(super) fn anywhere(dice: &mut Dice) -> Spot {
    within(dice, DISTRICTS)
}

/// Somewhere in the towns.
pub(super) fn in_town(dice: &mut Dice) -> Spot {
    within(dice, &DISTRICTS[..8])
}

fn within(dice: &mut Dice, districts: &[(District, usize)]) -> Spot {
    let district = dice.pick(districts);
    let street = format!("{} {}", STREETS[dice.below(STREETS.len())], dice.step(1, 60, 1));
    let (north, east) = (dice.around() * district.spread_km, dice.around() * district.spread_km);
    let round = |degrees: f64| (degrees * 1e5).round() / 1e5;
    let lat = round(district.lat + north / 111.2);
    // A degree of longitude is about 54 km at this latitude.
    let lon = round(district.lon + east / 54.1);
    Spot { district, street, lat, lon }
}
