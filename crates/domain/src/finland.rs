//! Is a point in Finland? A coarse outline, drawn a few kilometres outside the border, that tells a typing error or a place
//! in Sweden, Norway, Russia or Estonia from a Finnish home.

/// Vertices (latitude, longitude) of the outline, clockwise from the south-west of Åland. Written for this project from the
/// well-known course of the border; deviations are up to about 10 km on land and more over the open sea.
const OUTLINE: &[(f64, f64)] = &[
    (59.70, 19.20),
    (60.70, 19.20),
    (61.50, 20.30),
    (63.20, 20.60),
    (64.50, 22.60),
    (65.40, 24.08),
    (65.82, 24.13),
    (66.10, 23.85),
    (66.40, 23.55),
    (66.80, 23.98),
    (67.15, 23.55),
    (67.45, 23.40),
    (67.90, 23.64),
    (68.08, 23.30),
    (68.30, 22.75),
    (68.46, 22.30),
    (68.50, 22.00),
    (69.03, 20.50),
    (69.12, 20.60),
    (69.37, 21.30),
    (68.80, 22.40),
    (68.72, 23.20),
    (68.90, 24.00),
    (68.68, 24.95),
    (69.00, 25.75),
    (69.75, 25.95),
    (70.02, 26.50),
    (70.10, 27.65),
    (70.12, 28.00),
    (69.80, 29.15),
    (69.50, 29.40),
    (69.20, 28.95),
    (68.90, 28.55),
    (68.15, 28.75),
    (68.12, 29.42),
    (67.70, 30.10),
    (67.00, 29.20),
    (66.20, 30.20),
    (65.65, 30.20),
    (64.80, 29.80),
    (64.20, 30.65),
    (63.70, 30.30),
    (63.20, 31.40),
    (62.90, 31.65),
    (62.40, 31.30),
    (61.70, 30.10),
    (61.10, 29.00),
    (60.50, 27.90),
    (60.10, 27.20),
    (59.60, 24.80),
    (59.50, 22.50),
];

/// Whether a point lies inside the outline (even-odd rule on plain degrees, exact enough at this coarseness).
pub(crate) fn contains(lat: f64, lon: f64) -> bool {
    let mut inside = false;
    for (i, &(a_lat, a_lon)) in OUTLINE.iter().enumerate() {
        let (b_lat, b_lon) = OUTLINE[(i + 1) % OUTLINE.len()];
        if (a_lat > lat) != (b_lat > lat) && lon < (b_lon - a_lon) * (lat - a_lat) / (b_lat - a_lat) + a_lon {
            inside = !inside;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn finnish_towns_are_inside() {
        for (town, lat, lon) in [
            ("Kouvola", 60.868, 26.704),
            ("Helsinki", 60.170, 24.940),
            ("Hanko", 59.824, 22.968),
            ("Mariehamn", 60.097, 19.935),
            ("Vaasa", 63.096, 21.616),
            ("Tornio", 65.848, 24.146),
            ("Ylitornio", 66.319, 23.670),
            ("Muonio", 67.960, 23.680),
            ("Kilpisjärvi", 69.045, 20.795),
            ("Utsjoki", 69.908, 27.028),
            ("Nuorgam", 70.082, 27.878),
            ("Kuusamo", 65.965, 29.189),
            ("Ilomantsi", 62.671, 30.933),
            ("Imatra", 61.171, 28.752),
            ("Vaalimaa", 60.600, 27.790),
            ("Salla", 66.832, 28.667),
            ("Korvatunturi", 68.074, 29.326),
        ] {
            assert!(contains(lat, lon), "{town}");
        }
    }

    #[test]
    fn places_abroad_are_outside() {
        for (town, lat, lon) in [
            ("Stockholm", 59.329, 18.069),
            ("Umeå", 63.826, 20.263),
            ("Luleå", 65.584, 22.154),
            ("Haparanda", 65.836, 24.060),
            ("Kiruna", 67.856, 20.225),
            ("Tallinn", 59.437, 24.754),
            ("Vyborg", 60.710, 28.750),
            ("Murmansk", 68.958, 33.083),
            ("Tromsø", 69.649, 18.956),
            ("null island", 0.0, 0.0),
        ] {
            assert!(!contains(lat, lon), "{town}");
        }
    }
}
