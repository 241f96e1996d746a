//! How many asks an area's gigs may cost: everybody's attention is shared by area, and areas that fill badly get more of it.
//!
//! budget of a week = gigs of the week x asks per gig x clamp(fill of the network / fill of the area, 1, most). Optimising
//! engagement alone widens the gaps between areas; larger notification budgets for the weak ones narrow them (Tang, Raman, Fang,
//! Shi, *Contextual Budget Bandit for Food Rescue Volunteer Engagement*, 2025). It also keeps one hopeless gig from burning
//! everybody's patience (Manshadi, Rodilitz, *Online Policies for Efficient Volunteer Crowdsourcing*, Management Science 2022).

/// The settings of the budget.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Asks that a gig may cost, on average over a week.
    pub asks_per_gig: f64,
    /// The most that a weak area gets, as a multiple.
    pub weak_factor_max: f64,
    /// Asks that any gig may cost, whatever its area has spent.
    pub asks_per_gig_min: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { asks_per_gig: 12.0, weak_factor_max: 2.0, asks_per_gig_min: 12 }
    }
}

/// What an area's last 7 days were like, the gig at hand included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Week {
    /// Gigs that opened.
    pub gigs: usize,
    /// Asks about them.
    pub asks: usize,
    /// Share of the area's gigs that were filled lately, between 0 and 1.
    pub filled: f64,
    /// The same of the whole network.
    pub filled_in_network: f64,
}

impl Settings {
    /// How many more may be asked about a gig of the area that `asked` have been asked about: what [`super::Search::asks_left`]
    /// takes.
    #[must_use]
    pub fn asks_left(&self, week: &Week, asked: usize) -> usize {
        let budget = week.gigs as f64 * self.asks_per_gig * self.weak_factor(week);
        let of_area = (budget - week.asks as f64).max(0.0).floor() as usize;
        of_area.max(self.asks_per_gig_min.saturating_sub(asked))
    }

    fn weak_factor(&self, week: &Week) -> f64 {
        // An area that never fills gets the most.
        let factor = if week.filled > 0.0 { week.filled_in_network / week.filled } else { f64::INFINITY };
        factor.clamp(1.0, self.weak_factor_max.max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: Week = Week { gigs: 10, asks: 100, filled: 0.9, filled_in_network: 0.9 };

    #[test]
    fn a_week_has_a_budget_and_every_gig_a_minimum() {
        let settings = Settings::default();
        assert_eq!(settings.asks_left(&WEEK, 0), 20);
        assert_eq!(settings.asks_left(&Week { asks: 119, ..WEEK }, 11), 1);
        assert_eq!(settings.asks_left(&Week { asks: 300, ..WEEK }, 5), 7);
        assert_eq!(settings.asks_left(&Week { asks: 300, ..WEEK }, 30), 0);
    }

    #[test]
    fn weak_areas_get_more_and_strong_ones_no_less() {
        let left = |filled| Settings::default().asks_left(&Week { filled, ..WEEK }, 12);
        assert_eq!((left(1.0), left(0.9), left(0.6), left(0.3), left(0.0)), (20, 20, 80, 140, 140));
    }
}
