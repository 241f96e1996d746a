//! The referee's ruler against ways worked out elsewhere (haversine x detour, both roundings up).

use super::*;

/// What one trip there and back takes by the referee.
fn there_and_back(speed_dkmh: u32, to: Point, change: impl Fn(&mut Snapshot)) -> i64 {
    let volunteer = VolunteerRow { speed_dkmh, ..driver("v") };
    let mut snapshot = week(vec![volunteer], vec![GigRow { place: Some(to), ..shopping("g") }]);
    change(&mut snapshot);
    // A promise is counted whatever the window.
    snapshot.promises = vec![promise("g", "v", 9 * H)];
    verify::tally(&snapshot, &claimed(vec![at("g", 9 * H, &["v"])], 0, 0, 0)).travel_s
}

#[test]
fn ways_are_those_of_the_formula() {
    let east = Point { lat: 60.868, lon: 26.9 };
    let north = Point { lat: 60.9, lon: 26.704 };
    let oulu = Point { lat: 65.01, lon: 25.47 };
    for (to, walk, bike, car) in [
        (KORIA, 6_588, 2_118, 847),
        (east, 11_035, 3_547, 1_419),
        (north, 3_701, 1_190, 476),
        (oulu, 483_348, 155_362, 62_145),
    ] {
        for (speed, way) in [(45, walk), (140, bike), (350, car)] {
            assert_eq!(there_and_back(speed, to, |_| {}), 2 * way, "{to:?} at {speed}");
        }
    }
    assert_eq!(there_and_back(350, KORIA, |snapshot| snapshot.detour_permille = 1000), 2 * 652);
    assert_eq!(there_and_back(350, KORIA, |snapshot| snapshot.earth_radius_m = 1e6), 2 * 133);
}

#[test]
fn half_the_world_away_is_still_a_way() {
    let (cape, london) = (Point { lat: -33.9, lon: 18.4 }, Point { lat: 51.5, lon: -0.1 });
    let way = there_and_back(350, london, |snapshot| snapshot.volunteers[0].home = Some(cape));
    assert_eq!(way, 2 * 1_292_556);
}

#[test]
fn a_way_that_takes_whole_seconds_is_not_rounded() {
    // 3.6 km/h: a metre a second, 8,234 metres.
    assert_eq!(there_and_back(36, KORIA, |_| {}), 2 * 8_234);
}

#[test]
fn who_stands_still_gets_nowhere_but_is_where_they_are() {
    let still = VolunteerRow { speed_dkmh: 0, ..driver("v") };
    let codes = pair_codes(still.clone(), shopping("g"));
    assert!(codes.contains(&"TOO_FAR") && codes.contains(&"NO_TIME_BETWEEN"), "{codes:?}");
    assert_eq!(pair_codes(still, GigRow { place: Some(CENTRE), ..shopping("g") }), [""; 0]);
}
