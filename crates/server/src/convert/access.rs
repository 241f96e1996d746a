//! How much of a person an answer may show.

/// How much is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// Everything, secrets included: one resource for a caller whose rule says personal data.
    Full,
    /// Everything but secrets: many resources at once.
    Listed,
    /// No personal data: ids, task words, coarse places.
    Bare,
}

impl View {
    /// The view of one resource by a method whose rule does or does not admit personal data.
    pub(crate) fn one(personal_data: bool) -> Self {
        if personal_data { Self::Full } else { Self::Bare }
    }

    /// The view of a list by such a method.
    pub(crate) fn many(personal_data: bool) -> Self {
        if personal_data { Self::Listed } else { Self::Bare }
    }

    /// Whether names, phones, streets and points are shown.
    pub(crate) fn people(self) -> bool {
        self != Self::Bare
    }

    /// Whether door codes are shown.
    pub(crate) fn secrets(self) -> bool {
        self == Self::Full
    }
}
