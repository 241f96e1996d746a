//! Which addresses a webhook may reach: public ones. What a name resolves to is checked, and the checked address is the one that is used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// Why an address is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the address is not a public one")]
pub struct NotPublic;

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy)]
pub enum Reach {
    /// Only public addresses.
    Public,
    /// Any: for a provider that the operator named, and for tests.
    Any,
    /// Those that a rule admits: for tests that have no public address.
    #[doc(hidden)]
    Where(fn(IpAddr) -> bool),
}

impl Reach {
    /// The addresses, if each of them may be connected to: a name that resolves to one private address among public ones is refused.
    ///
    /// # Errors
    /// [`NotPublic`] if one is not, or there is none.
    pub fn admit(self, addresses: &[SocketAddr]) -> Result<&SocketAddr, NotPublic> {
        let admits = match self {
            Self::Public => is_public,
            Self::Any => |_| true,
            Self::Where(rule) => rule,
        };
        if !addresses.iter().all(|address| admits(address.ip())) {
            return Err(NotPublic);
        }
        addresses.first().ok_or(NotPublic)
    }
}

/// Whether an address is one of the open internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast();
    // "this network", shared addresses, protocol assignments, benchmarks, relays, what is reserved
    let more = a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 240;
    !special && !more
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = address.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let head = address.segments();
    // Only global unicast, without what carries another address inside or is for documents and tests.
    (head[0] & 0xe000) == 0x2000
        && !(head[0] == 0x2001 && head[1] < 0x0200)
        && !(head[0] == 0x2001 && head[1] == 0x0db8)
        && head[0] != 0x2002
        && !(head[0] == 0x3fff && head[1] < 0x1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_and_special_addresses_are_refused() {
        for text in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "169.254.1.1",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2001:db8::1",
            "2002:7f00:1::",
            "2001::1",
            "3fff::1",
            "::7f00:1",
        ] {
            let address: IpAddr = text.parse().expect("address");
            assert!(!is_public(address), "{text}");
            assert_eq!(Reach::Public.admit(&[SocketAddr::new(address, 443)]), Err(NotPublic));
        }
        for text in ["1.1.1.1", "8.8.8.8", "193.166.3.1", "100.63.0.1", "100.128.0.1", "2a00:1450::1", "2001:67c::1"] {
            assert!(is_public(text.parse().expect("address")), "{text}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_is_enough() {
        let address = |text: &str| SocketAddr::new(text.parse().expect("address"), 443);
        let mixed = [address("1.1.1.1"), address("10.0.0.1")];
        assert_eq!(Reach::Public.admit(&mixed), Err(NotPublic));
        assert_eq!(Reach::Any.admit(&mixed), Ok(&mixed[0]));
        assert_eq!(Reach::Public.admit(&[]), Err(NotPublic));
    }
}
