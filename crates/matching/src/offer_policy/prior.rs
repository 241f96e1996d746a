//! What is believed before the first answer, and how fast old answers are forgotten: the settings of the acceptance model.

/// The starting belief. Each number is a setting; the defaults are one rate for everybody and a decay with distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prior {
    /// Chance that an average volunteer 15 minutes away says yes at all, between 0 and 1.
    pub yes_share: f64,
    /// How much 30 minutes of travel more take from the log-odds of a yes.
    pub travel_log_odds: f64,
    /// Standard deviation of the log-odds between volunteers, before any is known.
    pub spread: f64,
    /// How many volunteers' worth that guess of the spread is.
    pub spread_weight: f64,
    /// Median minutes until an answer, of those who answer.
    pub answer_median_min: f64,
    /// Standard deviation of the logarithm of those minutes.
    pub answer_ln_sd: f64,
    /// Share of the unwilling who say no rather than nothing.
    pub decline_share: f64,
    /// How many answers' worth the guesses about answers are.
    pub answer_weight: f64,
    /// Days after which what is known of one volunteer counts half.
    pub volunteer_half_life_days: f64,
    /// Days after which what is known of everybody counts half.
    pub everybody_half_life_days: f64,
}

impl Default for Prior {
    fn default() -> Self {
        Self {
            yes_share: 0.15,
            travel_log_odds: 0.5,
            spread: 0.7,
            spread_weight: 20.0,
            answer_median_min: 15.0,
            answer_ln_sd: 1.2,
            decline_share: 0.3,
            answer_weight: 20.0,
            volunteer_half_life_days: 180.0,
            everybody_half_life_days: 365.0,
        }
    }
}
