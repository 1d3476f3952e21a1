//! How many requests a minute: token buckets, one a key or one an address.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// Addresses remembered at once; those beyond share one bucket.
const MAX_ADDRESSES: usize = 4096;

/// Holds as many requests as are allowed in a minute, and fills up evenly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bucket {
    /// What was taken out and has not come in again.
    taken: f64,
    at: Duration,
}

impl Bucket {
    /// Takes one out; `now` is the time since any fixed moment.
    ///
    /// # Errors
    /// The time until there is one again.
    pub fn take(&mut self, per_minute: u32, now: Duration) -> Result<(), Duration> {
        let per_second = f64::from(per_minute) / 60.0;
        self.taken = self.taken_by(per_second, now);
        self.at = now;
        let missing = self.taken + 1.0 - f64::from(per_minute);
        if missing > 0.0 {
            return Err(Duration::try_from_secs_f64(missing / per_second).unwrap_or(Duration::from_secs(60)));
        }
        self.taken += 1.0;
        Ok(())
    }

    /// Puts one back.
    pub fn put_back(&mut self) {
        self.taken = (self.taken - 1.0).max(0.0);
    }

    fn taken_by(&self, per_second: f64, now: Duration) -> f64 {
        (self.taken - now.saturating_sub(self.at).as_secs_f64() * per_second).max(0.0)
    }
}

/// A bucket for each address, bounded in number.
#[derive(Debug, Default)]
pub struct Addresses(HashMap<IpAddr, Bucket>);

impl Addresses {
    /// Takes one out of the bucket of `address`.
    ///
    /// # Errors
    /// The time until there is one again.
    pub fn take(&mut self, address: IpAddr, per_minute: u32, now: Duration) -> Result<(), Duration> {
        let mut place = network(address);
        if self.0.len() >= MAX_ADDRESSES && !self.0.contains_key(&place) {
            let per_second = f64::from(per_minute) / 60.0;
            self.0.retain(|_, bucket| bucket.taken_by(per_second, now) > 0.0);
            if self.0.len() >= MAX_ADDRESSES {
                place = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
            }
        }
        self.0.entry(place).or_default().take(per_minute, now)
    }
}

/// One client has 2^64 addresses of IPv6 for itself: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_bucket_gives_a_minute_at_once_and_then_fills_up_evenly() {
        let mut bucket = Bucket::default();
        assert!((0..30).all(|_| bucket.take(30, SECOND).is_ok()));
        assert_eq!(bucket.take(30, SECOND), Err(SECOND * 2));
        assert_eq!(bucket.take(30, SECOND * 2), Err(SECOND));
        assert!(bucket.take(30, SECOND * 3).is_ok());
        assert!(bucket.take(30, SECOND * 3).is_err());
        bucket.put_back();
        assert!(bucket.take(30, SECOND * 3).is_ok());
        assert!((0..30).all(|_| bucket.take(30, SECOND * 1000).is_ok()));
        assert!(bucket.take(30, SECOND * 1000).is_err(), "no more than a minute is saved up");
        assert!(bucket.take(30, SECOND).is_err(), "time that runs backwards brings nothing");
    }

    #[test]
    fn addresses_do_not_share_a_bucket_while_they_are_few() {
        let mut all = Addresses::default();
        let address = |n: u32| IpAddr::from(n.to_be_bytes());
        assert!(all.take(address(1), 1, SECOND).is_ok());
        assert!(all.take(address(1), 1, SECOND).is_err());
        assert!(all.take(address(2), 1, SECOND).is_ok());
        assert!(all.take("2001:db8::1".parse().unwrap(), 1, SECOND).is_ok());
        assert!(all.take("2001:db8::ffff:1".parse().unwrap(), 1, SECOND).is_err(), "the same network");
        assert!(all.take("2001:db8:0:1::1".parse().unwrap(), 1, SECOND).is_ok());
        assert!(all.take("::ffff:0.0.0.2".parse().unwrap(), 1, SECOND).is_err(), "the same address in another form");
        for n in 0..10_000 {
            let _ = all.take(address(n), 1, SECOND);
        }
        assert!(all.0.len() <= MAX_ADDRESSES + 1, "{}", all.0.len());
        assert!(all.take(address(20_000), 1, SECOND).is_err(), "those beyond share one");
        assert!(all.take(address(20_000), 1, SECOND * 100).is_ok());
        assert!(all.0.len() < 10, "full buckets need not be remembered: {}", all.0.len());
    }
}
