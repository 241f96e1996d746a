//! Pages of lists: an opaque token that belongs to the very request it came with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Reason, Refusal};
use sha2::{Digest, Sha256};
use store::PageRequest;

/// Bytes of the binding in a token.
const BINDING_BYTES: usize = 8;
/// Longest cursor, in bytes.
const CURSOR_BYTES_MAX: usize = 300;

/// Which request a token belongs to: everything in it but the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Binding([u8; BINDING_BYTES]);

impl Binding {
    /// Of a method and its request without the page fields.
    pub(crate) fn of(method: &str, request: &impl prost::Message) -> Self {
        let hash =
            Sha256::new().chain_update(method).chain_update([0]).chain_update(request.encode_to_vec()).finalize();
        let mut bytes = [0; BINDING_BYTES];
        bytes.copy_from_slice(&hash[..BINDING_BYTES]);
        Self(bytes)
    }

    /// The token of the page after a cursor; empty after the last page.
    pub(crate) fn token(self, next: Option<&str>) -> String {
        next.map(|cursor| URL_SAFE_NO_PAD.encode([&self.seal(cursor)[..], cursor.as_bytes()].concat()))
            .unwrap_or_default()
    }

    /// What only a token of this request and this cursor begins with, so that a mangled one is not taken for another place.
    fn seal(self, cursor: &str) -> [u8; BINDING_BYTES] {
        let hash = Sha256::new().chain_update(self.0).chain_update(cursor).finalize();
        let mut bytes = [0; BINDING_BYTES];
        bytes.copy_from_slice(&hash[..BINDING_BYTES]);
        bytes
    }

    /// The page that a request asks for.
    ///
    /// # Errors
    /// [`Reason::PageTokenInvalid`] for a token of another request.
    pub(crate) fn page(self, size: i32, token: &str) -> Result<PageRequest, Refusal> {
        let size = u32::try_from(size).unwrap_or(0);
        if token.is_empty() {
            return Ok(PageRequest::first(size));
        }
        let cursor = self.cursor(token);
        let foreign = || Refusal::new(Reason::PageTokenInvalid, "the page token belongs to another request");
        Ok(PageRequest { size, after: Some(cursor.ok_or_else(foreign)?) })
    }

    /// The cursor in a token; none in a token of another request.
    pub(crate) fn cursor(self, token: &str) -> Option<String> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() > BINDING_BYTES + CURSOR_BYTES_MAX {
            return None;
        }
        let (seal, cursor) = bytes.split_at_checked(BINDING_BYTES)?;
        let cursor = String::from_utf8(cursor.to_vec()).ok()?;
        (seal == self.seal(&cursor) && !cursor.is_empty() && !cursor.contains('\0')).then_some(cursor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::dispatch::v1::ListGigsRequest;

    fn binding(filter: &str) -> Binding {
        Binding::of("/m", &ListGigsRequest { filter: filter.to_owned(), ..ListGigsRequest::default() })
    }

    #[test]
    fn a_token_leads_on_in_its_own_request_only() {
        let token = binding("a").token(Some("g-41"));
        assert!(!token.contains("g-41"), "it is opaque");
        assert_eq!(binding("a").page(10, &token), Ok(PageRequest { size: 10, after: Some("g-41".to_owned()) }));
        let longer = format!("{token}x");
        for (binding, token) in [
            (binding("b"), token.as_str()),
            (binding("a"), "x"),
            (binding("a"), "ä"),
            (binding("a"), &token[..11]),
            (binding("a"), &token[..token.len() - 1]),
            (binding("a"), &longer),
        ] {
            assert_eq!(binding.page(10, token).map_err(|r| r.reason), Err(Reason::PageTokenInvalid));
        }
        assert_eq!(binding("a").token(None), "");
    }
}
