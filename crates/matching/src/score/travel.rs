//! Extra travel: a minute costs a point.
//!
//! Better: 2 extra minutes (-2 points). Worse: a trip of 25 minutes (-25 points).

/// Seconds of travel that one point is worth.
pub(super) const POINT_S: i64 = 60;

pub(crate) fn milli(extra_travel_s: i64) -> i64 {
    -extra_travel_s * 1000 / POINT_S
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_minute_costs_a_point() {
        assert_eq!((super::milli(0), super::milli(60), super::milli(90)), (0, -1000, -1500));
    }
}
