//! Resource names: `networks/{network}/volunteers/{volunteer}`, read and written in one place.

use std::str::FromStr;

use domain::{
    AssignmentId, AssociationId, EventId, GigId, KindId, NetworkId, OfferId, PlanId, SeekerId, SkillId, VolunteerId,
};

use super::Check;

/// What every resource name begins with.
const NETWORKS: &str = "networks";

/// An id that has a collection in resource names.
pub(crate) trait Segment: FromStr + std::fmt::Display {
    /// The collection: `volunteers`.
    const COLLECTION: &'static str;
}

macro_rules! segments {
    ($($id:ty => $collection:literal),* $(,)?) => {$(
        impl Segment for $id {
            const COLLECTION: &'static str = $collection;
        }
    )*};
}

segments! {
    AssociationId => "associations",
    VolunteerId => "volunteers",
    SeekerId => "seekers",
    KindId => "kinds",
    SkillId => "skills",
    GigId => "gigs",
    AssignmentId => "assignments",
    PlanId => "plans",
    OfferId => "offers",
    EventId => "events",
}

/// The name of a resource in a network, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named<I> {
    /// The network.
    pub(crate) network: NetworkId,
    /// The resource.
    pub(crate) id: I,
}

/// Why a text is no resource name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NameError {
    /// Another form.
    #[error("must be a resource name of the form {0}")]
    Form(String),
    /// A name in another network than the resource that refers to it.
    #[error("must be in the same network")]
    OtherNetwork,
}

/// Reads the name of a network.
pub(crate) fn network(text: &str) -> Result<NetworkId, NameError> {
    let form = || NameError::Form("networks/{network}".to_owned());
    match text.split('/').collect::<Vec<_>>()[..] {
        [NETWORKS, id] => id.parse().map_err(|_| form()),
        _ => Err(form()),
    }
}

/// Reads the name of a resource in a network.
pub(crate) fn resource<I: Segment>(text: &str) -> Result<Named<I>, NameError> {
    let form = || NameError::Form(format!("networks/{{network}}/{}/{{id}}", I::COLLECTION));
    match text.split('/').collect::<Vec<_>>()[..] {
        [NETWORKS, network, collection, id] if collection == I::COLLECTION => {
            Ok(Named { network: network.parse().map_err(|_| form())?, id: id.parse().map_err(|_| form())? })
        }
        _ => Err(form()),
    }
}

/// Reads the name of a resource in a collection whose ids belong to another noun: a notification has its event's.
pub(crate) fn within<I: FromStr>(collection: &'static str, text: &str) -> Result<(NetworkId, I), NameError> {
    let form = || NameError::Form(format!("networks/{{network}}/{collection}/{{id}}"));
    match text.split('/').collect::<Vec<_>>()[..] {
        [NETWORKS, network, found, id] if found == collection => {
            network.parse().ok().zip(id.parse().ok()).ok_or_else(form)
        }
        _ => Err(form()),
    }
}

/// Reads a reference to a resource of the same network.
pub(crate) fn reference<I: Segment>(text: &str, network: &NetworkId) -> Result<I, NameError> {
    let named = resource::<I>(text)?;
    if named.network == *network { Ok(named.id) } else { Err(NameError::OtherNetwork) }
}

/// Reads an optional reference: empty is none.
pub(crate) fn optional<I: Segment>(check: &mut Check, field: String, text: &str, network: &NetworkId) -> Option<I> {
    if text.is_empty() { None } else { check.take(field, reference(text, network)) }
}

/// Reads a list of references, each wrong one by its index.
pub(crate) fn list<I: Segment, C: FromIterator<I>>(
    check: &mut Check,
    field: &str,
    texts: &[String],
    network: &NetworkId,
) -> C {
    texts
        .iter()
        .enumerate()
        .filter_map(|(index, text)| check.take(format!("{field}[{index}]"), reference(text, network)))
        .collect()
}

/// Writes the name of a network.
pub(crate) fn of_network(network: &NetworkId) -> String {
    format!("{NETWORKS}/{network}")
}

/// Writes the name of a resource.
pub(crate) fn of<I: Segment>(network: &NetworkId, id: &I) -> String {
    format!("{NETWORKS}/{network}/{}/{id}", I::COLLECTION)
}

/// Writes an optional reference; none is empty.
pub(crate) fn of_optional<I: Segment>(network: &NetworkId, id: Option<&I>) -> String {
    id.map(|id| of(network, id)).unwrap_or_default()
}

/// Writes a list of references.
pub(crate) fn of_all<'a, I: Segment + 'a>(network: &NetworkId, ids: impl IntoIterator<Item = &'a I>) -> Vec<String> {
    ids.into_iter().map(|id| of(network, id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_as_it_was_written() {
        let kouvola = NetworkId::new("kouvola").expect("id");
        let id = VolunteerId::new("v-12").expect("id");
        let text = of(&kouvola, &id);
        assert_eq!(text, "networks/kouvola/volunteers/v-12");
        assert_eq!(resource(&text), Ok(Named { network: kouvola.clone(), id }));
        assert_eq!(network(&of_network(&kouvola)), Ok(kouvola));
    }

    #[test]
    fn other_forms_and_other_networks_are_refused() {
        for bad in [
            "",
            "volunteers/v",
            "networks/a/seekers/s",
            "networks/a/volunteers/",
            "networks/A/volunteers/v",
            "networks/a/volunteers/v/x",
        ] {
            assert!(matches!(resource::<VolunteerId>(bad), Err(NameError::Form(_))), "{bad}");
        }
        let espoo = NetworkId::new("espoo").expect("id");
        assert_eq!(reference::<VolunteerId>("networks/kouvola/volunteers/v", &espoo), Err(NameError::OtherNetwork));
    }
}
