//! One key: how it is made, written down and read. The secret is shown once; only its SHA-256 is kept.

use std::fmt::Write as _;

use domain::{AssociationId, NetworkId, Principal, PrincipalId, Role, VolunteerId};
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// What every key begins with.
pub const PREFIX: &str = "kk";
/// Bytes of a secret: 256 bits.
const SECRET_BYTES: usize = 32;

/// What a key is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The id of the key: who calls, never a person's name.
    pub id: PrincipalId,
    /// In which role.
    pub role: Role,
    /// The one network; none for every network (the operator's own key).
    pub network: Option<NetworkId>,
    /// The one association, if bound to one.
    pub association: Option<AssociationId>,
    /// The volunteer whose key it is.
    pub volunteer: Option<VolunteerId>,
}

/// A key just made.
#[derive(Clone)]
pub struct NewKey {
    /// The key to hand to the caller: `kk_<id>_<secret>`. Shown once.
    pub token: String,
    /// The entry for the key file, in TOML, with the hash instead of the secret.
    pub entry: String,
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("entry", &self.entry).finish_non_exhaustive()
    }
}

/// Why a key cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The system gives no random bytes.
    #[error("cannot get random bytes from the system")]
    Random,
    /// The key file cannot be read.
    #[error("cannot read the key file {path}")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// The key file says something that is not a key.
    #[error("the key file is wrong: {0}")]
    Malformed(String),
}

/// Makes a key from 256 random bits.
///
/// # Errors
/// [`KeyError::Random`] if the system gives none.
pub fn generate(grant: &Grant) -> Result<NewKey, KeyError> {
    let mut bytes = [0u8; SECRET_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| KeyError::Random)?;
    let secret = hex(&bytes);
    Ok(NewKey { token: format!("{PREFIX}_{}_{secret}", grant.id), entry: entry(grant, &digest(&secret)) })
}

fn entry(grant: &Grant, digest: &[u8; 32]) -> String {
    let mut text = format!(
        "[[key]]\nid = \"{}\"\nsecret_sha256 = \"{}\"\nrole = \"{}\"\n",
        grant.id,
        hex(digest),
        grant.role.code()
    );
    let bounds = [
        ("network", grant.network.as_ref().map(NetworkId::as_str)),
        ("association", grant.association.as_ref().map(AssociationId::as_str)),
        ("volunteer", grant.volunteer.as_ref().map(VolunteerId::as_str)),
    ];
    for (name, value) in bounds {
        if let Some(value) = value {
            text.push_str(&format!("{name} = \"{value}\"\n"));
        }
    }
    text
}

/// SHA-256 of a secret's text. A secret has 256 random bits, so a slow hash would add nothing.
pub(crate) fn digest(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0u8; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}

/// An entry of the key file as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    id: PrincipalId,
    secret_sha256: String,
    role: Role,
    #[serde(default)]
    network: Option<NetworkId>,
    #[serde(default)]
    association: Option<AssociationId>,
    #[serde(default)]
    volunteer: Option<VolunteerId>,
}

impl Entry {
    /// The principal and the hash of its secret.
    ///
    /// # Errors
    /// [`KeyError::Malformed`] naming the key and what is wrong with it.
    pub(crate) fn check(self) -> Result<(Principal, [u8; 32]), KeyError> {
        let wrong = |what: &str| KeyError::Malformed(format!("key {}: {what}", self.id));
        let digest =
            from_hex(&self.secret_sha256).ok_or_else(|| wrong("secret_sha256 must be 64 hexadecimal digits"))?;
        if self.role == Role::Volunteer && (self.volunteer.is_none() || self.network.is_none()) {
            return Err(wrong("a volunteer's key names its network and volunteer"));
        }
        let by_association = matches!(self.role, Role::AssociationCoordinator | Role::AssociationSite);
        if by_association && (self.association.is_none() || self.network.is_none()) {
            return Err(wrong("an association's key names its network and association"));
        }
        if matches!(self.role, Role::CallCentreAgent | Role::CityCoordinator) && self.network.is_none() {
            return Err(wrong("a city's key names its network"));
        }
        let Self { id, role, network, association, volunteer, .. } = self;
        Ok((Principal { id, role, network, association, volunteer }, digest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant() -> Grant {
        Grant {
            id: PrincipalId::new("call-centre").expect("id"),
            role: Role::CallCentreAgent,
            network: Some(NetworkId::new("kouvola").expect("id")),
            association: None,
            volunteer: None,
        }
    }

    #[test]
    fn two_keys_differ_and_neither_debug_nor_entry_holds_the_secret() {
        let (a, b) = (generate(&grant()).expect("key"), generate(&grant()).expect("key"));
        assert_ne!(a.token, b.token);
        let secret = a.token.rsplit('_').next().expect("secret");
        assert_eq!(secret.len(), 64);
        assert!(!format!("{a:?}{}", a.entry).contains(secret));
    }

    #[test]
    fn hex_reads_what_it_writes() {
        let bytes = digest("x");
        assert_eq!(from_hex(&hex(&bytes)), Some(bytes));
        for bad in ["", "zz", &"g".repeat(64), &"ä".repeat(32)] {
            assert_eq!(from_hex(bad), None);
        }
    }
}
