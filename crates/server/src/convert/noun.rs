//! What every resource that callers create and change says about itself, so that the standard methods are written once.

use domain::{Meta, NetworkId, Refusal, Timestamp, Violations};
use store::{Document, Filter};

use super::filter::{FilterError, Term};
use super::{Check, View};

/// A resource of the domain with its message on the wire.
pub(crate) trait Noun: Document {
    /// Its message.
    type Wire: prost::Message + Default + Clone + 'static;
    /// The full name of its message.
    const MESSAGE: &'static str;
    /// Fields that the domain calls otherwise than the wire: (domain, wire), below the resource.
    const RENAMED: &'static [(&'static str, &'static str)] = &[];

    /// Whether it is about a person: then the RPC's rule decides how much is shown. What is about an organisation is shown to all but
    /// operations.
    const PERSON: bool = true;

    /// Reads a message, noting every wrong field below [`Document::TABLE`].
    fn read(wire: &Self::Wire, target: &Target<'_, Self>, check: &mut Check) -> Option<Self>;

    /// Writes a message.
    fn show(&self, view: View) -> Self::Wire;

    /// Takes a term of a filter into the storage's filter; what the storage cannot do stays for [`Noun::matches`].
    ///
    /// # Errors
    /// A field that cannot be filtered by, or a value of another form.
    fn narrow(term: &Term, network: &NetworkId, filter: &mut Filter) -> Result<(), FilterError>;

    /// Whether it meets a term that the storage cannot check.
    fn matches(&self, term: &Term) -> bool {
        let _ = term;
        true
    }

    /// The etag in the message.
    fn etag(wire: &Self::Wire) -> &str;

    /// The name in the message.
    fn resource_name(wire: &Self::Wire) -> &str;
}

/// Which resource is read into: a new one, or one that stands.
#[derive(Debug)]
pub(crate) struct Target<'a, N: Document> {
    /// The network.
    pub(crate) network: &'a NetworkId,
    /// The id.
    pub(crate) id: N::Id,
    /// What stands, if it is changed.
    pub(crate) current: Option<&'a N>,
    /// The time of the call.
    pub(crate) now: Timestamp,
}

impl<N: Document> Target<'_, N> {
    /// Version and times: those that stand, or those of a new resource.
    pub(crate) fn meta(&self) -> Meta {
        self.current.map_or_else(|| Meta::created(self.now), |current| *current.meta())
    }
}

/// A refusal of the domain with the fields named as on the wire.
pub(crate) fn renamed<N: Noun>(refusal: Refusal) -> Refusal {
    if N::RENAMED.is_empty() || refusal.violations.is_empty() {
        return refusal;
    }
    let mut violations = Violations::new();
    for violation in refusal.violations.as_slice() {
        violations.add(on_the_wire::<N>(&violation.field), &violation.description);
    }
    Refusal { metadata: refusal.metadata, ..Refusal::fields(violations) }
}

fn on_the_wire<N: Noun>(field: &str) -> String {
    let Some(below) = field.strip_prefix(N::TABLE).and_then(|rest| rest.strip_prefix('.')) else {
        return field.to_owned();
    };
    for (domain, wire) in N::RENAMED {
        if let Some(rest) = below.strip_prefix(domain)
            && (rest.is_empty() || rest.starts_with(['.', '[']))
        {
            return format!("{}.{wire}{rest}", N::TABLE);
        }
    }
    field.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Volunteer;

    #[test]
    fn fields_are_named_as_on_the_wire() {
        let mut violations = Violations::new();
        for field in
            ["volunteer.kinds", "volunteer.caps.per_day", "volunteer.skills[0].skill", "volunteer.likes[3]", "x"]
        {
            violations.add(field, "wrong");
        }
        let refusal = renamed::<Volunteer>(Refusal::fields(violations));
        let fields: Vec<&str> = refusal.violations.as_slice().iter().map(|v| v.field.as_str()).collect();
        let expected = [
            "volunteer.accepted_kinds",
            "volunteer.max_gigs_per_day",
            "volunteer.skills[0].skill",
            "volunteer.liked_kinds[3]",
            "x",
        ];
        assert_eq!(fields, expected);
        assert!(refusal.detail.contains("accepted_kinds"));
    }
}
