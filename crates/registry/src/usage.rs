//! Who still uses a resource: it stays while anybody does.

use std::fmt::Display;

use domain::{NetworkId, Reason, Refusal};
use store::{Document, Filter, PAGE_SIZE_MAX, PageRequest, Tx};

use crate::Error;

/// How many of each noun use a resource.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Usage(Vec<(&'static str, u64)>);

impl Usage {
    /// Nobody yet.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With so many more of one noun (plural: `volunteers`).
    #[must_use]
    pub fn with(mut self, nouns: &'static str, count: u64) -> Self {
        if count > 0 {
            self.0.push((nouns, count));
        }
        self
    }

    /// With those of a collection that pass a filter.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be counted.
    pub async fn with_filtered<D: Document>(
        self,
        tx: &mut Tx,
        network: &NetworkId,
        filter: &Filter,
    ) -> Result<Self, Error> {
        let count = tx.count::<D>(network, filter).await?;
        Ok(self.with(D::COLLECTION, count))
    }

    /// With those of a collection that name the resource somewhere inside. Reads the collection page by page: deletions are rare.
    ///
    /// # Errors
    /// [`Error::Store`] if they cannot be read.
    pub async fn with_naming<D: Document>(
        self,
        tx: &mut Tx,
        network: &NetworkId,
        names: impl Fn(&D) -> bool + Send,
    ) -> Result<Self, Error> {
        let mut count = 0;
        let mut page = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let found = tx.list::<D>(network, &Filter::any(), &page).await?;
            count += found.items.iter().filter(|document| names(document)).count() as u64;
            match found.next {
                Some(next) => page.after = Some(next),
                None => return Ok(self.with(D::COLLECTION, count)),
            }
        }
    }

    /// Nothing, if nobody uses it.
    ///
    /// # Errors
    /// [`Reason::ResourceInUse`] with the count of each noun.
    pub fn must_be_none(&self, noun: &str, name: impl Display) -> Result<(), Refusal> {
        if self.0.is_empty() {
            return Ok(());
        }
        let users: Vec<String> = self.0.iter().map(|&(nouns, count)| counted(count, nouns)).collect();
        let mut refusal = Refusal::new(Reason::ResourceInUse, format!("the {noun} is in use by {}", users.join(", ")))
            .with("name", name);
        for (nouns, count) in &self.0 {
            refusal = refusal.with(nouns, count);
        }
        Err(refusal)
    }
}

/// "1 volunteer", "2 volunteers".
fn counted(count: u64, nouns: &str) -> String {
    let noun = if count == 1 { nouns.strip_suffix('s').unwrap_or(nouns) } else { nouns };
    format!("{count} {noun}")
}
