//! How much is tried: `KEIKKA_TEST_SIZE=small` (the default) or `full`.

/// How much is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// Enough to see that it holds, in minutes.
    Small,
    /// Enough to trust it, while one does something else.
    Full,
}

impl Size {
    /// The size that the environment asks for.
    ///
    /// # Panics
    /// If it asks for something else.
    #[must_use]
    pub fn asked() -> Self {
        match std::env::var("KEIKKA_TEST_SIZE").as_deref() {
            Err(_) | Ok("" | "small") => Self::Small,
            Ok("full") => Self::Full,
            Ok(other) => panic!("KEIKKA_TEST_SIZE is {other}: it may be small or full"),
        }
    }

    /// One of two numbers.
    #[must_use]
    pub fn pick(self, small: usize, full: usize) -> usize {
        if self == Self::Small { small } else { full }
    }
}
