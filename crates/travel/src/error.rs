//! Why times of ways are not to be had.

use std::time::Duration;

/// Why times of ways are not to be had. The text says what to do; the cause is the source.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of a service cannot be used.
    #[error("{url} is not an address such as http://127.0.0.1:5000 (TLS ends at a proxy)")]
    Address {
        /// As it was written.
        url: String,
    },
    /// The cells, speeds or sizes make no sense together.
    #[error("{0}")]
    Options(String),
    /// The service does not answer.
    #[error("the service of road times at {url} does not answer")]
    Silent {
        /// Its address.
        url: String,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// It takes too long.
    #[error("the service of road times at {url} did not answer within {} ms", .limit.as_millis())]
    Late {
        /// Its address.
        url: String,
        /// How long was waited.
        limit: Duration,
    },
    /// It was asked too much at once.
    #[error("{url} takes fewer pairs at once: set travel.table_size to its --max-table-size")]
    TooBig {
        /// Its address.
        url: String,
    },
    /// It refuses.
    #[error("the service of road times at {url} answers {status}: {code} {message}")]
    Refused {
        /// Its address.
        url: String,
        /// The status of HTTP.
        status: u16,
        /// OSRM's code.
        code: String,
        /// OSRM's text.
        message: String,
    },
    /// It answers something else than a table.
    #[error("the service of road times at {url} answers no table of the size that was asked for: {what}")]
    Malformed {
        /// Its address.
        url: String,
        /// What is wrong.
        what: String,
    },
    /// It has failed a moment ago and is left alone.
    #[error("the service of road times at {url} failed a moment ago and is asked again in a few seconds")]
    Resting {
        /// Its address.
        url: String,
    },
    /// More ways than may be asked for.
    #[error("an answer would need {pairs} road times, and {most} are the most: raise travel.pairs_max")]
    TooMany {
        /// How many.
        pairs: usize,
        /// How many may be.
        most: usize,
    },
}

impl Error {
    /// Whether the same question may well be answered a moment later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Silent { .. } | Self::Late { .. } => true,
            Self::Refused { status, .. } => *status >= 500 || *status == 429,
            _ => false,
        }
    }
}
