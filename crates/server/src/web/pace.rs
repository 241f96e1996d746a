//! How often the pages may be asked for: by one address, and by one link or calendar. Whoever tries links out, and whatever reloads without an
//! end, waits; nobody else does.
//!
//! Each has so many requests a minute, all of them at once if it likes (the cell rate algorithm: one instant is kept for each). The instants stand
//! in a table of a fixed size under a hash that only this process knows, so that memory is bounded whoever calls. Two that fall into one place
//! share it.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use http::HeaderMap;

/// Places in a table: 512 KiB.
const PLACES: usize = 1 << 16;
/// Most addresses of a forwarding header that are read.
const FORWARDED_MAX: usize = 16;
const MINUTE_MS: u64 = 60_000;

/// What each may do in a minute.
pub(super) struct Pace {
    every_ms: u64,
    hasher: RandomState,
    begun: Instant,
    /// When each has used up what it may do, in milliseconds since the beginning.
    used_up: Mutex<Vec<u64>>,
}

impl std::fmt::Debug for Pace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pace").field("every_ms", &self.every_ms).finish_non_exhaustive()
    }
}

impl Pace {
    /// So many a minute, at least one.
    #[expect(clippy::disallowed_methods, reason = "measures durations, decides no dates")]
    pub(super) fn of(a_minute: u32) -> Self {
        let every_ms = (MINUTE_MS / u64::from(a_minute.max(1))).max(1);
        let used_up = Mutex::new(vec![0; PLACES]);
        Self { every_ms, hasher: RandomState::new(), begun: Instant::now(), used_up }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// How long to wait, where there were too many: it is not counted.
    pub(super) fn admit(&self, who: impl Hash) -> Result<(), Duration> {
        let now_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.admit_at(who, now_ms)
    }

    fn admit_at(&self, who: impl Hash, now_ms: u64) -> Result<(), Duration> {
        let place = usize::try_from(self.hasher.hash_one(who) % PLACES as u64).unwrap_or(0);
        let mut all = self.used_up.lock().unwrap_or_else(PoisonError::into_inner);
        let next = all[place].max(now_ms) + self.every_ms;
        if next > now_ms + MINUTE_MS {
            return Err(Duration::from_millis(next - now_ms - MINUTE_MS));
        }
        all[place] = next;
        Ok(())
    }
}

/// Who asks: the peer, or where it is one of our proxies, whom the proxies say they ask for. What others write into the header is not
/// believed: it is read from its end, and only as far as our own proxies wrote it. A network of IPv6 is one address.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    let is_own = |address: &IpAddr| proxies.iter().any(|proxy| proxy.to_canonical() == *address);
    let mut client = peer.to_canonical();
    let values: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let told = values.iter().rev().flat_map(|value| value.rsplit(',')).take(FORWARDED_MAX);
    for text in told {
        if !is_own(&client) {
            break;
        }
        match text.trim().parse::<IpAddr>() {
            Ok(address) => client = address.to_canonical(),
            Err(_) => break,
        }
    }
    match client {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        IpAddr::V4(_) => client,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_may_come_at_once_and_then_one_after_the_other() {
        let pace = Pace::of(6);
        for _ in 0..6 {
            assert_eq!(pace.admit_at("a", 1_000), Ok(()));
        }
        assert_eq!(pace.admit_at("a", 1_000), Err(Duration::from_secs(10)));
        assert_eq!(
            pace.admit_at("a", 4_000),
            Err(Duration::from_secs(7)),
            "who is refused does not wait longer for it"
        );
        assert_eq!(pace.admit_at("a", 11_000), Ok(()));
        assert!(pace.admit_at("a", 11_000).is_err());
        assert!((0..6).all(|_| pace.admit_at("a", 11_000 + 60_000).is_ok()), "a quiet minute gives it all back");
    }

    #[test]
    fn nobody_waits_for_another_and_the_table_does_not_grow() {
        let pace = Pace::of(1);
        let refused = (0..1_000).filter(|who| pace.admit_at(who, 0).is_err()).count();
        assert!(refused < 50, "{refused} of a thousand share a place");
        for who in 0..200_000 {
            let _ = pace.admit_at(who, 0);
        }
        assert_eq!(pace.used_up.lock().expect("lock").len(), PLACES);
    }

    #[test]
    fn only_our_own_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let told = |peer: &str, values: &[&str], proxies: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append("x-forwarded-for", http::HeaderValue::from_str(value).expect("a value"));
            }
            let proxies: Vec<IpAddr> = proxies.iter().map(|proxy| ip(proxy)).collect();
            client(ip(peer), &headers, &proxies).to_string()
        };
        assert_eq!(told("192.0.2.9", &["198.51.100.1"], &[]), "192.0.2.9", "no proxy is named");
        assert_eq!(told("192.0.2.9", &["198.51.100.1"], &["10.0.0.1"]), "192.0.2.9", "it is none of ours");
        assert_eq!(told("10.0.0.1", &["198.51.100.1"], &["10.0.0.1"]), "198.51.100.1");
        assert_eq!(told("::ffff:10.0.0.1", &["198.51.100.1"], &["10.0.0.1"]), "198.51.100.1", "the same in IPv6");
        assert_eq!(
            told("10.0.0.1", &["1.2.3.4, 198.51.100.1"], &["10.0.0.1"]),
            "198.51.100.1",
            "the client made it up"
        );
        let two = ["10.0.0.1", "10.0.0.2"];
        assert_eq!(told("10.0.0.1", &["1.2.3.4, 198.51.100.1, 10.0.0.2"], &two), "198.51.100.1");
        assert_eq!(told("10.0.0.1", &["198.51.100.1", "10.0.0.2"], &two), "198.51.100.1", "in two headers");
        for none in [&[][..], &["unknown"], &["198.51.100.1, _hidden"], &[""]] {
            assert_eq!(told("10.0.0.1", none, &["10.0.0.1"]), "10.0.0.1", "{none:?}");
        }
        assert_eq!(told("10.0.0.1", &["2001:db8:1:2:3:4:5:6"], &["10.0.0.1"]), "2001:db8:1:2::", "a network is one");
    }
}
