//! How long a call may take: what the caller asked for, at most the cap of the method.

use std::time::Duration;

use domain::{Reason, Refusal};
use http::HeaderMap;

/// The header in which a caller says how long it waits.
const GRPC_TIMEOUT: &str = "grpc-timeout";

/// The time a call has.
///
/// # Errors
/// A header that is not 1 to 8 digits and a unit: ignoring it would be a surprise.
pub(crate) fn allowed(headers: &HeaderMap, cap: Duration) -> Result<Duration, Refusal> {
    let Some(value) = headers.get(GRPC_TIMEOUT) else { return Ok(cap) };
    value.to_str().ok().and_then(parse).map(|asked| asked.min(cap)).ok_or_else(|| {
        Refusal::new(Reason::MessageMalformed, "grpc-timeout must be 1 to 8 digits and one of H M S m u n")
    })
}

fn parse(text: &str) -> Option<Duration> {
    let (unit_at, unit) = text.char_indices().next_back()?;
    let digits = &text[..unit_at];
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        'H' => Some(Duration::from_secs(amount * 3600)),
        'M' => Some(Duration::from_secs(amount * 60)),
        'S' => Some(Duration::from_secs(amount)),
        'm' => Some(Duration::from_millis(amount)),
        'u' => Some(Duration::from_micros(amount)),
        'n' => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Result<Duration, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(GRPC_TIMEOUT, http::HeaderValue::from_bytes(text.as_bytes()).expect("value"));
        allowed(&headers, Duration::from_secs(10))
    }

    #[test]
    fn the_shorter_of_caller_and_cap_wins() {
        assert_eq!(asked("50m"), Ok(Duration::from_millis(50)));
        assert_eq!(asked("99999999H"), Ok(Duration::from_secs(10)));
        assert_eq!(allowed(&HeaderMap::new(), Duration::from_secs(3)), Ok(Duration::from_secs(3)));
    }

    #[test]
    fn nonsense_is_refused() {
        for bad in ["", "5", "m", "-5S", "123456789S", "5s", "5 S", "\u{e4}S"] {
            assert_eq!(asked(bad).map_err(|r| r.reason), Err(Reason::MessageMalformed), "{bad:?}");
        }
    }
}
