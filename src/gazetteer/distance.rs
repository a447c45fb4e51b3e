//! Distances on the globe.

use crate::model::Coordinates;

/// Mean radius of the earth in kilometers (IUGG, 6371.0088).
const EARTH_RADIUS_KM: f64 = 6371.0088;

/// The distance between two places over the ground, in kilometers.
///
/// The haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68, 1984): the earth as a
/// sphere, wrong by half a percent at most.
#[must_use]
pub fn distance_km(from: Coordinates, to: Coordinates) -> f64 {
    let north = (to.lat - from.lat).to_radians() / 2.0;
    let east = (to.lon - from.lon).to_radians() / 2.0;
    let shrink = from.lat.to_radians().cos() * to.lat.to_radians().cos();
    let a = north.sin().powi(2) + shrink * east.sin().powi(2);
    2.0 * EARTH_RADIUS_KM * a.clamp(0.0, 1.0).sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_the_globe_is_ten_thousand_kilometers() {
        let pole = Coordinates { lat: 90.0, lon: 0.0 };
        let equator = Coordinates { lat: 0.0, lon: 77.0 };
        assert!((distance_km(pole, equator) - 10_007.5).abs() < 0.1);
        assert!(distance_km(pole, pole) < 1e-9);
    }
}
