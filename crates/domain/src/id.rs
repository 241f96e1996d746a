//! Typed identifiers: the last segment of a resource name, one type per noun so that they cannot be confused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;

use crate::checked::checked;

/// Longest identifier, in characters.
pub const ID_CHARS_MAX: usize = 63;

/// Why a text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 63 characters of a-z, 0-9 and hyphen, beginning and ending with a letter or digit")]
pub struct IdError;

fn check(text: &str) -> Result<(), IdError> {
    let edge = |c: Option<u8>| c.is_some_and(|c| c != b'-');
    let inner = text.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if text.len() <= ID_CHARS_MAX && inner && edge(text.bytes().next()) && edge(text.bytes().next_back()) {
        Ok(())
    } else {
        Err(IdError)
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// An identifier from text; refuses anything but `a-z`, `0-9` and inner hyphens, 1 to 63 characters.
            ///
            /// # Errors
            /// [`IdError`] if the text has another form.
            pub fn new(text: impl AsRef<str>) -> Result<Self, IdError> {
                let text = text.as_ref();
                check(text)?;
                Ok(Self(SmolStr::new(text)))
            }

            /// An identifier made from a UUID (hyphenated lower-case form), as the server does when the caller chose none.
            #[must_use]
            pub fn from_uuid(uuid: uuid::Uuid) -> Self {
                Self(SmolStr::new(uuid.hyphenated().encode_lower(&mut uuid::Uuid::encode_buffer())))
            }

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.into()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                checked(deserializer, |text| Self::new(text))
            }
        }
    )*};
}

ids! {
    /// A network (verkosto), the tenant: `networks/{network}`.
    NetworkId;
    /// An association (yhdistys): `networks/{network}/associations/{association}`.
    AssociationId;
    /// A volunteer (vapaaehtoinen): `networks/{network}/volunteers/{volunteer}`.
    VolunteerId;
    /// A seeker (avunsaaja): `networks/{network}/seekers/{seeker}`.
    SeekerId;
    /// A kind of gig (keikkalaji): `networks/{network}/kinds/{kind}`.
    KindId;
    /// A skill (taito): `networks/{network}/skills/{skill}`.
    SkillId;
    /// A gig (keikka): `networks/{network}/gigs/{gig}`.
    GigId;
    /// An assignment (kiinnitys): `networks/{network}/assignments/{assignment}`.
    AssignmentId;
    /// A plan (suunnitelma): `networks/{network}/plans/{plan}`.
    PlanId;
    /// An offer (tarjous): `networks/{network}/offers/{offer}`.
    OfferId;
    /// An event in a network's history.
    EventId;
    /// Whoever calls: a person, an association's site, a service.
    PrincipalId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_lower_case_slug() {
        for good in ["a", "g1", "matti-v-12", &"a".repeat(63)] {
            assert_eq!(GigId::new(good).map(|id| id.to_string()), Ok(good.to_owned()));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in ["", "-a", "a-", "A", "ä", "a b", "a/b", "a\u{200b}", &"a".repeat(64)] {
            assert_eq!(GigId::new(bad), Err(IdError), "{bad:?}");
        }
    }
}
