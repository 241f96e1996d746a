//! Who knows how long ways take: the straight line, an OSRM service, a file.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::time::Duration;

use ::travel::{Fallback, Matrix, Mode, OsrmOptions, Roads, RoadsOptions};
use domain::volunteer::TravelMode;
use serde::Deserialize;

use crate::error::ServeError;

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TravelProvider {
    /// Nobody: the straight line times 1.3, at the speed of the mode.
    #[default]
    Straight,
    /// An OSRM service, by its table calls.
    Osrm,
    /// A file of times from cell to cell.
    File,
}

/// What happens when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TravelFallback {
    /// The straight line stands in, and answers say so.
    #[default]
    Straight,
    /// The call fails with `TRAVEL_UNAVAILABLE`.
    Refuse,
}

/// How long ways take.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TravelSettings {
    /// Who is asked. Default: `straight`.
    pub provider: TravelProvider,
    /// The OSRM service of modes that have none of their own. Default: `http://127.0.0.1:5000`.
    pub url: String,
    /// The service on foot.
    pub walk_url: Option<String>,
    /// The service by bicycle.
    pub bike_url: Option<String>,
    /// The service by car.
    pub car_url: Option<String>,
    /// The profile on foot; empty: straight lines. Default: `foot`.
    pub walk_profile: String,
    /// The profile by bicycle; empty: straight lines. Default: `bike`.
    pub bike_profile: String,
    /// The profile by car; empty: straight lines. Default: `driving`.
    pub car_profile: String,
    /// Speed in a straight line that nobody on foot beats: people are looked for as far as it reaches. Default: 7.
    pub walk_fastest_kmh: u32,
    /// The same by bicycle. Default: 25.
    pub bike_fastest_kmh: u32,
    /// The same by car. Default: 120.
    pub car_fastest_kmh: u32,
    /// The file of times, CSV: `from_cell,to_cell,mode,seconds`.
    pub file: Option<PathBuf>,
    /// What happens when nobody answers. Default: `straight`.
    pub fallback: TravelFallback,
    /// H3 resolution of the cells between which times are asked, 7 to 12. Default: 10 (edges of some 70 m).
    pub cell_resolution: u8,
    /// The service's `--max-table-size`. Default: 100.
    pub table_size: usize,
    /// How long an answer is waited for, in milliseconds. Default: 1500.
    pub timeout_ms: u64,
    /// A place further than this from any road of the service lies off its map: straight lines lead there. Default: 2000.
    pub off_map_m: u32,
    /// Most pairs of cells of one answer; larger plans are measured between larger cells. Default: 2000000.
    pub pairs_max: usize,
    /// Most pairs that are remembered, at least twice `pairs_max`; some 50 bytes each. Default: 4000000.
    pub cache_pairs: usize,
    /// How long a time is believed, in seconds. Default: 86400.
    pub cache_s: u32,
}

impl Default for TravelSettings {
    fn default() -> Self {
        Self {
            provider: TravelProvider::Straight,
            url: "http://127.0.0.1:5000".to_owned(),
            walk_url: None,
            bike_url: None,
            car_url: None,
            walk_profile: "foot".to_owned(),
            bike_profile: "bike".to_owned(),
            car_profile: "driving".to_owned(),
            walk_fastest_kmh: 7,
            bike_fastest_kmh: 25,
            car_fastest_kmh: 120,
            file: None,
            fallback: TravelFallback::Straight,
            cell_resolution: 10,
            table_size: 100,
            timeout_ms: 1_500,
            off_map_m: 2_000,
            pairs_max: 2_000_000,
            cache_pairs: 4_000_000,
            cache_s: 86_400,
        }
    }
}

impl TravelSettings {
    /// Whoever these settings name. Nothing is asked yet; a file is read.
    ///
    /// # Errors
    /// [`ServeError`] for addresses, sizes or a file that cannot be used.
    pub(crate) fn roads(&self) -> Result<Roads, ServeError> {
        match self.provider {
            TravelProvider::Straight => Ok(Roads::straight()),
            TravelProvider::Osrm => Ok(Roads::osrm(self.modes(), self.options())?),
            TravelProvider::File => {
                let path = self.file.as_ref().ok_or(ServeError::NoTravelFile)?;
                let cannot = |cause| ServeError::TravelFile { path: path.clone(), cause };
                let file = BufReader::new(File::open(path).map_err(cannot)?);
                let modes = [TravelMode::Walk, TravelMode::Bike, TravelMode::Car].map(|mode| Mode::usual(mode, ""));
                let names: Vec<(&str, u32)> = modes.iter().map(|mode| (mode.name.as_str(), mode.speed_dkmh)).collect();
                Ok(Roads::file(Matrix::read(file, &names)?))
            }
        }
    }

    /// The modes that have a profile.
    fn modes(&self) -> Vec<Mode> {
        let of = |mode, url: &Option<String>, profile: &String, fastest_kmh: u32| Mode {
            profile: profile.clone(),
            fastest_dkmh: fastest_kmh.saturating_mul(10),
            ..Mode::usual(mode, url.as_ref().unwrap_or(&self.url))
        };
        let mut modes = vec![
            of(TravelMode::Walk, &self.walk_url, &self.walk_profile, self.walk_fastest_kmh),
            of(TravelMode::Bike, &self.bike_url, &self.bike_profile, self.bike_fastest_kmh),
            of(TravelMode::Car, &self.car_url, &self.car_profile, self.car_fastest_kmh),
        ];
        modes.retain(|mode| !mode.profile.is_empty());
        modes
    }

    fn options(&self) -> RoadsOptions {
        RoadsOptions {
            cell_resolution: self.cell_resolution,
            fallback: match self.fallback {
                TravelFallback::Straight => Fallback::Straight,
                TravelFallback::Refuse => Fallback::Refuse,
            },
            pairs_max: self.pairs_max,
            cache_pairs: self.cache_pairs,
            cache_s: i64::from(self.cache_s),
            osrm: OsrmOptions {
                table_size: self.table_size,
                timeout: Duration::from_millis(self.timeout_ms),
                off_map_m: f64::from(self.off_map_m),
            },
        }
    }
}
