//! All keys of the key file, and the search for the one that a caller shows.

use std::collections::HashMap;
use std::path::Path;

use domain::{Principal, PrincipalId};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use super::keys::{Entry, KeyError, PREFIX, digest};

/// The callers that are known, by the id of their key.
#[derive(Default)]
pub struct Keyring {
    by_id: HashMap<PrincipalId, (Principal, [u8; 32])>,
}

impl std::fmt::Debug for Keyring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyring").field("keys", &self.by_id.len()).finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    #[serde(default)]
    key: Vec<Entry>,
}

impl Keyring {
    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyError`] naming the file or the key that is wrong. A wrong file changes nothing: the caller keeps the keys it has.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| KeyError::Unreadable { path: path.display().to_string(), source })?;
        Self::parse(&text)
    }

    /// Reads the text of a key file: TOML, one `[[key]]` table for each key.
    ///
    /// # Errors
    /// [`KeyError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let malformed = |error: config::ConfigError| KeyError::Malformed(error.to_string());
        let file: KeyFile = config::Config::builder()
            .add_source(config::File::from_str(text, config::FileFormat::Toml))
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(malformed)?;
        let mut by_id = HashMap::new();
        for entry in file.key {
            let (principal, digest) = entry.check()?;
            let id = principal.id.clone();
            if by_id.insert(id.clone(), (principal, digest)).is_some() {
                return Err(KeyError::Malformed(format!("key {id} stands twice")));
            }
        }
        Ok(Self { by_id })
    }

    /// How many keys there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The caller who shows a token, if it is a key of ours. An unknown id costs as much as a wrong secret.
    #[must_use]
    pub(crate) fn find(&self, token: &str) -> Option<&Principal> {
        let mut parts = token.splitn(3, '_');
        let (prefix, id, secret) = (parts.next()?, parts.next()?, parts.next()?);
        let shown = digest(secret);
        let entry = PrincipalId::new(id).ok().and_then(|id| self.by_id.get(&id));
        let expected = entry.map_or([0; 32], |(_, expected)| *expected);
        let equal: bool = shown.ct_eq(&expected).into();
        entry.filter(|_| equal && prefix == PREFIX).map(|(principal, _)| principal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::keys::{Grant, generate};
    use domain::{NetworkId, Role};

    fn key(id: &str) -> crate::auth::keys::NewKey {
        generate(&Grant {
            id: PrincipalId::new(id).expect("id"),
            role: Role::CityCoordinator,
            network: Some(NetworkId::new("kouvola").expect("id")),
            association: None,
            volunteer: None,
        })
        .expect("key")
    }

    #[test]
    fn only_the_very_key_opens() {
        let (a, b) = (key("city"), key("other"));
        let ring = Keyring::parse(&format!("{}{}", a.entry, b.entry)).expect("keyring");
        assert_eq!(ring.find(&a.token).map(|p| p.id.to_string()), Some("city".to_owned()));
        let crossed = a.token.replace("kk_city_", "kk_other_");
        for bad in ["", "kk", "kk_city_", "kk_city_00", &crossed, &a.token.replace("kk_", "xx_"), &a.token[..40]] {
            assert!(ring.find(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn a_wrong_key_file_is_refused_with_the_key_named() {
        let good = key("city").entry;
        for (text, word) in [
            (good.replace("secret_sha256 = \"", "secret_sha256 = \"zz"), "city"),
            (format!("{good}{good}"), "twice"),
            (good.replace("network = \"kouvola\"\n", ""), "network"),
            (format!("{good}colour = \"red\"\n"), "colour"),
            (good.replace("city_coordinator", "king"), "king"),
        ] {
            let error = Keyring::parse(&text).expect_err(word).to_string();
            assert!(error.contains(word), "{error} should name {word}");
        }
    }
}
