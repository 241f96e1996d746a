//! What one caller may have open at once of what all share: nobody keeps the others out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::PrincipalId;

/// The shares of all callers.
#[derive(Debug)]
pub(crate) struct Shares {
    max: usize,
    taken: Mutex<HashMap<PrincipalId, usize>>,
}

/// One of a caller's share, given back when it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    shares: Arc<Shares>,
    who: PrincipalId,
}

impl Shares {
    /// So many for each caller.
    pub(crate) fn of(max: usize) -> Arc<Self> {
        Arc::new(Self { max, taken: Mutex::default() })
    }

    /// One more for a caller; none if they have all of their share.
    pub(crate) fn take(self: &Arc<Self>, who: &PrincipalId) -> Option<Share> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.get(who).copied().unwrap_or(0);
        if own >= self.max {
            return None;
        }
        taken.insert(who.clone(), own + 1);
        Some(Share { shares: Arc::clone(self), who: who.clone() })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut taken = self.shares.taken.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get_mut(&self.who) {
            Some(own) if *own > 1 => *own -= 1,
            // Who has none is not remembered.
            _ => drop(taken.remove(&self.who)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_their_share_and_others_have_theirs() {
        let shares = Shares::of(2);
        let who = |id: &str| PrincipalId::new(id).expect("id");
        let first = shares.take(&who("a")).expect("one");
        let second = shares.take(&who("a")).expect("two");
        assert!(shares.take(&who("a")).is_none());
        let other = shares.take(&who("b")).expect("another's");
        drop(first);
        let third = shares.take(&who("a")).expect("given back");
        assert!(shares.take(&who("a")).is_none());
        drop((second, third, other));
        assert!(shares.taken.lock().expect("lock").is_empty());
    }
}
