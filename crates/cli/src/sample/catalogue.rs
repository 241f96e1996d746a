//! What the sample takes from the network's own catalogue, which every new network begins with, and the associations it adds.

use serde_json::{Value, json};

/// The kinds of the catalogue, and how many of a hundred volunteers accept each.
pub(super) const KINDS: &[(&str, usize)] = &[
    ("shopping", 75),
    ("pharmacy", 65),
    ("call", 50),
    ("household", 50),
    ("escort", 50),
    ("outing", 45),
    ("family", 38),
    ("digital", 45),
];

/// The skills of the catalogue, and how many of a hundred volunteers hold each. Who drives has `car`.
pub(super) const SKILLS: &[(&str, usize)] = &[
    ("tools", 45),
    ("gardening", 42),
    ("it", 34),
    ("phone-training", 55),
    ("escort-training", 45),
    ("carrying", 40),
    ("first-aid", 35),
    ("background-check", 32),
];

/// Whether a held skill needs a last day.
pub(super) fn expires(skill: &str) -> bool {
    matches!(skill, "first-aid" | "background-check")
}

/// The associations of the network: none of them exists. Id and title.
pub(super) const ASSOCIATIONS: &[(&str, &str)] = &[
    ("keikka-apu", "Kouvolan keikka-apu (esimerkki)"),
    ("ystavat", "Naapurin ystävät ry (esimerkki)"),
    ("elakkeensaajat", "Mallilan eläkkeensaajat ry (esimerkki)"),
    ("nuoret-auttajat", "Nuoret auttajat ry (esimerkki)"),
];

/// Ids and resources of the associations.
pub(super) fn associations() -> Vec<(String, Value)> {
    ASSOCIATIONS.iter().map(|(id, title)| ((*id).to_owned(), json!({ "title": title }))).collect()
}
