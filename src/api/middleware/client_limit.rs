//! Limits the number of permits held at a time: in total, and by each client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A limit that clients share.
#[derive(Debug)]
pub struct ClientLimit {
    in_all: usize,
    each: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    in_all: usize,
    by_client: HashMap<u128, usize>,
}

/// A permit; released when it is dropped.
#[derive(Debug)]
pub struct ClientPermit {
    limit: Arc<ClientLimit>,
    client: u128,
}

impl ClientLimit {
    /// A limit in all, and one for each client.
    #[must_use]
    pub fn new(in_all: usize, each: usize) -> Arc<Self> {
        Arc::new(Self { in_all, each, held: Mutex::default() })
    }

    /// A permit for a client; none where the client, or all together, hold as many as they may.
    pub fn acquire(self: &Arc<Self>, client: u128) -> Option<ClientPermit> {
        self.acquire_below(self.each, client)
    }

    /// A permit for a proxy, which carries many clients and has no limit.
    pub fn acquire_for_proxy(self: &Arc<Self>, client: u128) -> Option<ClientPermit> {
        self.acquire_below(usize::MAX, client)
    }

    /// How many permits are held.
    pub fn held(&self) -> usize {
        self.held.lock().unwrap_or_else(PoisonError::into_inner).in_all
    }

    fn acquire_below(self: &Arc<Self>, each: usize, client: u128) -> Option<ClientPermit> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let own = held.by_client.get(&client).copied().unwrap_or(0);
        if own >= each || held.in_all >= self.in_all {
            return None;
        }
        held.in_all += 1;
        held.by_client.insert(client, own + 1);
        Some(ClientPermit { limit: Arc::clone(self), client })
    }
}

impl Drop for ClientPermit {
    fn drop(&mut self) {
        let mut held = self.limit.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.in_all = held.in_all.saturating_sub(1);
        if let Some(own) = held.by_client.get_mut(&self.client) {
            *own -= 1;
            if *own == 0 {
                held.by_client.remove(&self.client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn permits_are_shared_and_given_back() {
        let limit = ClientLimit::new(5, 2);
        let held: Vec<_> = [1, 1, 2, 2].map(|client| limit.acquire(client).unwrap()).into();
        assert!(limit.acquire(1).is_none(), "its share is used");
        let last = limit.acquire(3).unwrap();
        assert!(limit.acquire(4).is_none(), "all are held");
        drop(last);
        drop(limit.acquire(4).unwrap());
        drop(held);
        let held = limit.held.lock().unwrap();
        assert!(held.in_all == 0 && held.by_client.is_empty());
    }

    #[test]
    fn a_proxy_has_no_share_of_its_own() {
        let limit = ClientLimit::new(5, 1);
        let held: Vec<_> = (0..5).map(|_| limit.acquire_for_proxy(1).unwrap()).collect();
        assert!(limit.acquire_for_proxy(1).is_none(), "all are held");
        drop(held);
        assert!(limit.acquire(1).is_some());
    }
}
