//! Why a use case did not happen.

use domain::Refusal;

/// Why a use case did not happen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules of the domain refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Words could not be made.
    #[error(transparent)]
    Render(#[from] crate::render::RenderError),
    /// What a message changes elsewhere could not be written.
    #[error(transparent)]
    Port(#[from] crate::ports::PortError),
}

impl Error {
    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Store(_) | Self::Render(_) | Self::Port(_) => None,
        }
    }
}

impl From<store::ReplayError> for Error {
    fn from(error: store::ReplayError) -> Self {
        match error {
            store::ReplayError::Refused(refusal) => Self::Refused(refusal),
            store::ReplayError::Store(error) => Self::Store(error),
        }
    }
}
