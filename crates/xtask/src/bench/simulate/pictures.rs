//! Two pictures of the offers: what a filled gig costs in asks, and who is left to be asked.

use super::super::plot::{Axis, Chart, Series};
use super::lines::Lines;

/// A dot for each policy and seed: asks for a filled gig, and the share filled.
pub(super) fn offers(lines: &Lines) -> String {
    let of = |row: &super::Row| row.seeds.iter().map(|(fill, asks)| (*asks, fill * 100.0)).collect::<Vec<_>>();
    let points = || lines.rows.iter().flat_map(of);
    let x = Axis::even("asks for each filled gig", points().map(|point| point.0).chain([0.0]), 5.0);
    let y = Axis::even("gigs filled, %", points().map(|point| point.1), 5.0);
    let mut chart = Chart::new("Filled gigs against asks: one dot for each seed", x, y, None);
    for (colour, row) in lines.rows.iter().enumerate() {
        chart.draw(&Series { name: row.name.clone(), points: of(row), dots: true, dashed: false, colour });
    }
    chart.svg()
}

/// A line for each policy: the share of volunteers left by week.
pub(super) fn pool(lines: &Lines) -> String {
    let of = |row: &super::Row| {
        let weeks = row.weeks.iter().enumerate();
        [(0.0, 100.0)]
            .into_iter()
            .chain(weeks.map(|(week, (_, left))| (week as f64 + 1.0, left * 100.0)))
            .collect::<Vec<_>>()
    };
    let points = || lines.rows.iter().flat_map(of);
    let x = Axis::even("week", points().map(|point| point.0), 1.0);
    let y = Axis::even("volunteers left, %", points().map(|point| point.1), 10.0);
    let mut chart = Chart::new("Volunteers left: those who tire of messages go without a word", x, y, None);
    for (colour, row) in lines.rows.iter().enumerate() {
        chart.draw(&Series { name: row.name.clone(), points: of(row), dots: false, dashed: false, colour });
    }
    chart.svg()
}
