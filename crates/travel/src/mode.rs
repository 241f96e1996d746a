//! How somebody moves, as a service of road times sees it.

use domain::volunteer::TravelMode;

/// One mode with its roads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mode {
    /// What it is called: `walk`, `bike`, `car`.
    pub name: String,
    /// The speed by which matching knows it, in tenths of a km/h.
    pub speed_dkmh: u32,
    /// The speed in a straight line that nobody of this mode beats, in tenths of a km/h: people are looked for as far as it reaches.
    pub fastest_dkmh: u32,
    /// Base address of the OSRM service: `http://127.0.0.1:5000`.
    pub url: String,
    /// The profile named in its addresses: `foot`, `bike`, `driving`.
    pub profile: String,
}

impl Mode {
    /// One of the modes of volunteers, with what is usual for it.
    #[must_use]
    pub fn usual(mode: TravelMode, url: &str) -> Self {
        let (name, fastest_dkmh, profile) = match mode {
            TravelMode::Walk => ("walk", 70, "foot"),
            TravelMode::Bike => ("bike", 250, "bike"),
            TravelMode::Car => ("car", 1200, "driving"),
        };
        Self {
            name: name.to_owned(),
            speed_dkmh: mode.speed_dkmh(),
            fastest_dkmh,
            url: url.to_owned(),
            profile: profile.to_owned(),
        }
    }
}
