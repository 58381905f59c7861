//! IP addresses, networks, and client addresses behind proxies.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

use ipnet::{IpNet, Ipv6Net};

/// A network, or one address: `10.0.0.0/8`, `::1`. An IPv4 network is stored in its IPv6-mapped form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network(Ipv6Net);

/// An invalid network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotANetwork;

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write an address or a network, such as 10.0.0.0/8 or 2001:db8::/32")
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(value: &str) -> Result<Self, NotANetwork> {
        let value = value.trim();
        let network = match value.parse::<IpAddr>() {
            Ok(address) => IpNet::from(address),
            Err(_) => value.parse().map_err(|_| NotANetwork)?,
        };
        let network = match network {
            IpNet::V4(it) => Ipv6Net::new(it.addr().to_ipv6_mapped(), 96 + it.prefix_len()),
            IpNet::V6(it) => Ok(it),
        };
        network.map(Self).map_err(|_| NotANetwork)
    }
}

impl Network {
    /// Whether it contains an address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.contains(&wide(address))
    }
}

fn wide(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// The prefix that identifies a client: an IPv4 address, or the 64 leading bits of an IPv6 address, since a
/// subscriber has all addresses of that prefix.
#[must_use]
pub fn neighbourhood(address: IpAddr) -> u128 {
    let wide = wide(address);
    match wide.to_ipv4_mapped() {
        Some(_) => wide.to_bits(),
        None => wide.to_bits() & (u128::MAX << 64),
    }
}

/// The networks that share long-poll slots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReaderNetworks {
    /// One client: an address of IPv4, or the 56 leading bits of IPv6, which one line has.
    pub client: u128,
    /// One site: 24 bits of IPv4, 48 of IPv6.
    pub site: u128,
}

impl ReaderNetworks {
    /// The networks of a [`neighbourhood`].
    #[must_use]
    pub fn of(neighbourhood: u128) -> Self {
        let bits = |bits: u32| neighbourhood & (u128::MAX << (128 - bits));
        match Ipv6Addr::from_bits(neighbourhood).to_ipv4_mapped() {
            Some(_) => Self { client: neighbourhood, site: bits(96 + 24) },
            None => Self { client: bits(56), site: bits(48) },
        }
    }
}

/// Whether an address is of this machine or of a private network.
#[must_use]
pub fn is_internal(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(it) => {
            let shared = matches!(it.octets(), [0, ..] | [100, 64..=127, ..]);
            it.is_loopback() || it.is_private() || it.is_link_local() || it.is_broadcast() || shared
        }
        IpAddr::V6(it) => {
            it.is_loopback()
                || it.is_unspecified()
                || it.is_unique_local()
                || it.is_unicast_link_local()
        }
    }
}

/// The client address: the peer, or, if that is a trusted proxy, the last address in `X-Forwarded-For` that is
/// not one too. Earlier addresses can be forged by the client and are ignored.
#[must_use]
pub fn client<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[Network],
) -> IpAddr {
    let is_trusted = |address: IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer;
    for value in forwarded.rev().flat_map(|line| line.rsplit(',')) {
        if !is_trusted(client) {
            break;
        }
        // A proxy without `X-Forwarded-For` is itself the client.
        let Ok(next) = value.trim().parse() else { break };
        client = next;
    }
    client
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(value: &str) -> IpAddr {
        value.parse().unwrap()
    }

    #[test]
    fn a_network_holds_its_own_addresses_and_no_others() {
        let held = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("192.0.2.7", "192.0.2.7", true),
            ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.7", "::ffff:192.0.2.7", true),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "203.0.113.9", true),
        ];
        for (network, inside, is) in held {
            let network: Network = network.parse().unwrap();
            assert_eq!(network.contains(address(inside)), is, "{network:?} {inside}");
        }
        for wrong in ["", "10.0.0.0/33", "::/129", "ten", "10.0.0.0/", "10.0.0.0/-1", "10.0.0"] {
            assert_eq!(wrong.parse::<Network>(), Err(NotANetwork), "{wrong}");
        }
    }

    #[test]
    fn whoever_has_one_address_of_ipv6_has_its_neighbours() {
        let of = |value| neighbourhood(address(value));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
    }

    #[test]
    fn what_is_of_the_world_is_not_internal() {
        for within in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "::",
            "fc00::1",
            "fe80::1",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_internal(address(within)), "{within}");
        }
        for without in ["192.0.2.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "2001:db8::1"] {
            assert!(!is_internal(address(without)), "{without}");
        }
    }

    #[test]
    fn only_trusted_proxies_say_who_asks() {
        let trusted: Vec<Network> = ["10.0.0.0/8", "::1"].map(|it| it.parse().unwrap()).into();
        let asks = |peer: &str, lines: &[&str]| {
            client(address(peer), lines.iter().copied(), &trusted).to_string()
        };
        assert_eq!(asks("203.0.113.5", &["198.51.100.1"]), "203.0.113.5");
        assert_eq!(asks("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(asks("10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        // The forged address comes first.
        assert_eq!(asks("10.0.0.1", &["6.6.6.6, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(asks("10.0.0.1", &["6.6.6.6", "198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(asks("::1", &["2001:db8::7"]), "2001:db8::7");
        assert_eq!(asks("10.0.0.1", &["unknown"]), "10.0.0.1");
    }
}
