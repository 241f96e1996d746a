//! When asking is not enough: why, and what the agent can do about it.

/// What could be had beyond the candidates. The caller counts; zero means not looked or nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Beyond {
    /// Volunteers who would be candidates if the travel limit were wider.
    pub wider_radius: usize,
    /// Volunteers who would be candidates at another time.
    pub other_time: usize,
    /// Whether an association's coordinator can be asked.
    pub coordinator: bool,
}

/// Why those who can be asked are not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// Nobody is left to ask.
    NobodyLeft,
    /// The area's budget of asks is used up.
    BudgetSpent,
    /// The deadline has passed.
    TooLate,
}

/// What the agent can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Suggestion {
    /// Ask people further away.
    WiderRadius {
        /// How many that adds.
        volunteers: usize,
    },
    /// Agree on another time with the seeker.
    OtherTime {
        /// How many can come then.
        volunteers: usize,
    },
    /// Call the coordinator of an association.
    Coordinator,
}

/// What to tell the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// Why.
    pub cause: Cause,
    /// What can be done, the most promising first; empty if nothing is known.
    pub suggestions: Vec<Suggestion>,
}

impl Escalation {
    /// Suggestions by how many volunteers they add; before the deadline a wider radius comes first where it adds as many, as the
    /// seeker need not be called. The coordinator comes last, and first where nothing else adds anybody.
    #[must_use]
    pub fn new(cause: Cause, beyond: &Beyond) -> Self {
        let mut counted = vec![
            (beyond.wider_radius, Suggestion::WiderRadius { volunteers: beyond.wider_radius }),
            (beyond.other_time, Suggestion::OtherTime { volunteers: beyond.other_time }),
        ];
        counted.retain(|(volunteers, suggestion)| {
            let late = cause == Cause::TooLate && matches!(suggestion, Suggestion::WiderRadius { .. });
            *volunteers > 0 && !late
        });
        counted.sort_by_key(|(volunteers, _)| std::cmp::Reverse(*volunteers));
        let mut suggestions: Vec<Suggestion> = counted.into_iter().map(|(_, suggestion)| suggestion).collect();
        suggestions.extend(beyond.coordinator.then_some(Suggestion::Coordinator));
        Self { cause, suggestions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_adds_most_comes_first() {
        let beyond = Beyond { wider_radius: 3, other_time: 9, coordinator: true };
        let [time, radius, call] = Escalation::new(Cause::NobodyLeft, &beyond).suggestions[..] else { panic!() };
        assert_eq!(time, Suggestion::OtherTime { volunteers: 9 });
        assert_eq!((radius, call), (Suggestion::WiderRadius { volunteers: 3 }, Suggestion::Coordinator));
        let equal = Beyond { wider_radius: 2, other_time: 2, coordinator: false };
        assert!(matches!(Escalation::new(Cause::BudgetSpent, &equal).suggestions[0], Suggestion::WiderRadius { .. }));
    }

    #[test]
    fn after_the_deadline_only_another_time_helps() {
        let beyond = Beyond { wider_radius: 3, other_time: 1, coordinator: false };
        let told = Escalation::new(Cause::TooLate, &beyond);
        assert_eq!(told.suggestions, [Suggestion::OtherTime { volunteers: 1 }]);
        assert!(Escalation::new(Cause::NobodyLeft, &Beyond::default()).suggestions.is_empty());
    }
}
