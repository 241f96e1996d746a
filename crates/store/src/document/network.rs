//! Networks: the tenants. A network's row lies in itself, so that a call bound to one network finds no other.

use domain::{Network, NetworkId};

use super::sql::document;
use super::{Document, DocumentRow, Keys, read};
use crate::error::Result;
use crate::page::{Page, PageRequest};
use crate::tx::{Tx, values};

document! { Network, NetworkId, "network", "networks", network: id, keys: |_network| Keys::default() }

const LIST: &str =
    "select id, version, body from network where id > $1 and ($2 is null or id = $2) order by id limit $3";

impl Tx {
    /// One page of networks, by id: all of them, or the one that a caller is bound to.
    ///
    /// # Errors
    /// Any [`Error`](crate::Error) of the store.
    pub async fn list_networks(&mut self, bound_to: Option<&NetworkId>, page: &PageRequest) -> Result<Page<Network>> {
        let (after, limit) = (page.after.as_deref().unwrap_or(""), i64::from(page.rows()) + 1);
        let rows: Vec<DocumentRow> = self.rows(LIST, values![after, bound_to.map(NetworkId::as_str), limit]).await?;
        let networks = rows.into_iter().map(read).collect::<Result<Vec<Network>>>()?;
        Ok(Page::cut(networks, page, |network| network.id().to_string()))
    }
}
