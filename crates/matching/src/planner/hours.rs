//! What people's hours are worth to the week: the price of a window, beside the prices of gigs and caps.
//!
//! Charge every gig its price and every cap its own. What the best plan of a window then gains beyond keeping what is promised there is
//! the dual of its convexity row (`sum of its plans <= 1`), and the Lagrangian bound is the sum of all these and of what there is to
//! sell. Take the window away, and one place under each of its caps, as a gig from outside does: the bound falls by
//!
//! > worth(w) = max(0, max over plans p of w: value(p) - prices of p's gigs and caps) + sum over caps of w: (price - cost of the first place)
//!
//! and no plan of what is left can be better than that. So the week loses at least the worth, less the gap of the prices' bound to the plan. What it loses at
//! most is what the plan would do in these hours: see [`demands`](crate::demand::demands).
//!
//! Where a gig and the only hours for it are both scarce, any split between the two is a fair price. Hours are asked about here, so
//! gigs are priced last: there is a little more of each than one, which leaves the gig what the second best would pay and gives its hours
//! the rest. Where everybody takes one gig, that is for each exactly what the week would lose without them.

use super::{
    bound::Bound,
    caps::Caps,
    parts::{Parts, SCALE},
    prices::Prices,
    tickets::NONE,
};
use crate::{
    plan::{Hours, HoursWorth},
    problem::Problem,
};

/// What the windows of a program gain at some prices.
pub(super) fn of_program(parts: &Parts<'_>, bound: &Bound, prices: &Prices) -> Hours {
    let price = |cap: u32| match parts.rows.of_cap[cap as usize] {
        NONE => 0,
        row => prices.of_row[row as usize],
    };
    let windows = of_windows(parts.problem, parts.caps, |window| bound.of_window[window], price);
    Hours { windows, bound: bound.points() }
}

/// What windows are worth that gain so much (scaled) under caps of such prices.
pub(super) fn of_windows(
    problem: &Problem,
    caps: &Caps,
    gain: impl Fn(usize) -> i64,
    price: impl Fn(u32) -> i64,
) -> Vec<HoursWorth> {
    let worth = |window: usize| {
        let places: i64 =
            caps.of_window[window].iter().map(|&cap| caps.all[cap as usize].place_worth(price(cap))).sum();
        let worth_s = (gain(window).max(0) + places).div_euclid(SCALE);
        (caps.window_room[window] > 0 && worth_s > 0).then(|| HoursWorth {
            volunteer: problem.volunteer_id(problem.windows.volunteer[window] as usize).to_owned(),
            window: problem.windows.span[window],
            worth_s,
        })
    };
    (0..problem.windows.len()).filter_map(worth).collect()
}
