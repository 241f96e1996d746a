//! What became of messages, written for several at once: whoever comes while another's results are being written waits, and then all that
//! have gathered go into one transaction. A result that stands alone is written at once.

use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use store::{Database, Message};
use tokio::sync::oneshot;

use crate::Error;

#[derive(Debug)]
struct Entry {
    message: Message,
    now: Timestamp,
    written: oneshot::Sender<()>,
}

/// Results that wait to be written: one for each message in work at most.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    waiting: Mutex<Vec<Entry>>,
    turn: tokio::sync::Mutex<()>,
}

impl Ledger {
    /// Writes a result, with those of others. Answers whether that is done; if not, nothing of it is written.
    pub(super) async fn enter(&self, db: &Database, owner: &str, message: &Message, now: Timestamp) -> bool {
        let (written, done) = oneshot::channel();
        self.waiting().push(Entry { message: message.clone(), now, written });
        {
            let _turn = self.turn.lock().await;
            let entries = std::mem::take(&mut *self.waiting());
            if write(db, owner, &entries).await.is_ok() {
                for entry in entries {
                    // Who waited may be gone.
                    let _ = entry.written.send(());
                }
            }
        }
        done.await.is_ok()
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Entry>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn write(db: &Database, owner: &str, entries: &[Entry]) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut tx = db.write().await?;
    for entry in entries {
        if tx.settle_message(&entry.message, owner, entry.now).await? {
            super::parked::note(&mut tx, &entry.message, entry.now).await?;
        }
    }
    Ok(tx.commit().await?)
}
