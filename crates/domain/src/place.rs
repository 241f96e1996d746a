//! Where something is: coordinates, how well they are known, and the coarse cell that may leave the house.

use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::finland;
use crate::sensitive::Sensitive;
use crate::text::Name;

/// Why a pair of numbers is not a place we can serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoordinateError {
    /// Not a number, or infinite.
    #[error("must be a finite number of degrees")]
    NotFinite,
    /// Outside -90..90 or -180..180.
    #[error("latitude must be within -90..90 and longitude within -180..180")]
    OutOfRange,
    /// A point on the globe, but not in Finland.
    #[error("must lie in Finland")]
    OutsideFinland,
}

/// A point in Finland, WGS 84 degrees, finite. The server's own data and calls hold these; solver instances have no such limit.
#[derive(Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct Coordinates {
    lat: f64,
    lon: f64,
}

impl Coordinates {
    /// A point from latitude and longitude in degrees.
    ///
    /// # Errors
    /// [`CoordinateError`] if a number is not finite, out of range, or the point is not in Finland.
    pub fn new(lat: f64, lon: f64) -> Result<Self, CoordinateError> {
        if !lat.is_finite() || !lon.is_finite() {
            return Err(CoordinateError::NotFinite);
        }
        if lat.abs() > 90.0 || lon.abs() > 180.0 {
            return Err(CoordinateError::OutOfRange);
        }
        if !finland::contains(lat, lon) {
            return Err(CoordinateError::OutsideFinland);
        }
        Ok(Self { lat, lon })
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(&self) -> f64 {
        self.lat
    }

    /// Longitude in degrees.
    #[must_use]
    pub fn lon(&self) -> f64 {
        self.lon
    }

    fn cell_at(self, resolution: Resolution) -> CellIndex {
        LatLng::new(self.lat, self.lon).expect("coordinates are finite").to_cell(resolution)
    }

    /// The H3 cell of resolution 8 (about 0.6 km²), for indexes inside the service.
    #[must_use]
    pub fn cell(self) -> CellIndex {
        self.cell_at(Resolution::Eight)
    }

    /// The H3 cell of resolution 7 (about 5 km²): all of a place that is shown before an acceptance.
    #[must_use]
    pub fn coarse_cell(self) -> CellIndex {
        self.cell_at(Resolution::Seven)
    }
}

impl std::fmt::Debug for Coordinates {
    /// Prints the coarse cell only: coordinates of a home are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Coordinates(in {})", self.coarse_cell())
    }
}

impl TryFrom<(f64, f64)> for Coordinates {
    type Error = CoordinateError;
    fn try_from((lat, lon): (f64, f64)) -> Result<Self, CoordinateError> {
        Self::new(lat, lon)
    }
}

impl From<Coordinates> for (f64, f64) {
    fn from(point: Coordinates) -> Self {
        (point.lat, point.lon)
    }
}

/// How well the coordinates of a place are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Given explicitly by the caller.
    Exact,
    /// The middle of a postal-code area: typically within 1 km, at worst about 4 km in town and more in the country.
    PostalCode,
    /// The middle of a town or village known by name: several kilometres.
    Locality,
}

/// A place of a home, a gig or a destination.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Place {
    /// Where it is.
    pub coordinates: Coordinates,
    /// How well that is known.
    pub precision: Precision,
    /// Finnish postal code, five digits, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Town or village, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<Name>,
    /// Street and number: opens only with an acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Sensitive<Name>>,
}

/// What a caller says about a place, before it is located. Explicit coordinates win over postal code, postal code over locality.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Address {
    /// Explicit coordinates.
    pub coordinates: Option<Coordinates>,
    /// Finnish postal code, five digits.
    pub postal_code: Option<String>,
    /// Town or village.
    pub locality: Option<Name>,
    /// Street and number.
    pub street: Option<Sensitive<Name>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_must_be_finite_and_in_finland() {
        assert!(Coordinates::new(60.868, 26.704).is_ok());
        assert_eq!(Coordinates::new(f64::NAN, 26.7).err(), Some(CoordinateError::NotFinite));
        assert_eq!(Coordinates::new(160.0, 26.7).err(), Some(CoordinateError::OutOfRange));
        assert_eq!(Coordinates::new(59.33, 18.07).err(), Some(CoordinateError::OutsideFinland));
    }

    #[test]
    fn debug_shows_only_the_coarse_cell() {
        let shown = format!("{:?}", Coordinates::new(60.868, 26.704).expect("Kouvola"));
        assert!(shown.starts_with("Coordinates(in 87") && !shown.contains("60.8"), "{shown}");
    }
}
