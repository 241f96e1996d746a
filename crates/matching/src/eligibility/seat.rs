//! The helpers of one gig are different people.
//!
//! Kept: a volunteer who is not in the gig. Broken: the driver, asked to be the carrier as well.

use crate::problem::Stop;

pub(super) fn is_free(schedule: &[Stop], gig: usize) -> bool {
    schedule.iter().all(|stop| stop.gig != gig)
}

#[cfg(test)]
mod tests {
    use crate::eligibility::{Rule, can_take, cases};
    use crate::problem::Stop;
    use crate::snapshot::{GigRow, SlotRow};
    use cases::H;

    #[test]
    fn nobody_fills_two_slots_of_one_gig() {
        let two = GigRow { slots: vec![SlotRow::default(), SlotRow::default()], ..cases::gig() };
        let problem = cases::problem(cases::volunteer(), two);
        assert!(can_take(&problem, 0, &[], 0, 1, 9 * H).is_ok());
        let broken = can_take(&problem, 0, &[Stop { start: 9 * H, gig: 0 }], 0, 1, 9 * H).expect_err("already there");
        assert!(broken.contains(Rule::Seat));
    }
}
