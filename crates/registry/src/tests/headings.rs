//! `docs/importing.md` names every field of the lists, and no heading means two fields.

use domain::sheet::fold_heading;
use store::import::{Field, Importer};

use crate::import::{seekers, volunteers};

const PAGE: &str = include_str!("../../../../docs/importing.md");
const LISTS: [&[Field]; 2] = [volunteers::Rows::FIELDS, seekers::Rows::FIELDS];

#[test]
fn the_page_for_coordinators_names_every_field_and_its_first_finnish_heading() {
    for (field, aliases, _) in LISTS.into_iter().flatten() {
        assert!(PAGE.contains(&format!("`{field}`")), "{field}");
        assert!(PAGE.contains(aliases[0]), "{}", aliases[0]);
    }
}

#[test]
fn no_heading_means_two_fields() {
    for fields in LISTS {
        let all = fields.iter().flat_map(|(name, aliases, _)| aliases.iter().chain([name]));
        let mut headings: Vec<String> = all.map(|heading| fold_heading(heading)).collect();
        let count = headings.len();
        headings.sort_unstable();
        headings.dedup();
        // A heading may repeat within its own field: `e-post` and `epost` fold alike.
        let repeated: usize = fields.iter().map(repeats).sum();
        assert_eq!(headings.len() + repeated, count);
    }
}

fn repeats((name, aliases, _): &Field) -> usize {
    let mut own: Vec<String> = aliases.iter().chain([name]).map(|heading| fold_heading(heading)).collect();
    let count = own.len();
    own.sort_unstable();
    own.dedup();
    count - own.len()
}
