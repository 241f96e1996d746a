//! `update_mask`: which fields of a given message go into the one that stands. Written once for all messages, by reflection.

use prost::Message;
use prost_reflect::{DynamicMessage, Kind, MessageDescriptor, ReflectMessage as _};

use super::{Check, pool};

/// Most paths of one mask.
const PATHS_MAX: usize = 100;
/// Where a wrong path is noted.
const FIELD: &str = "update_mask";

/// What stands, with the masked fields of what is given. `*` replaces all; no mask takes the fields that are set.
pub(crate) fn merge<W: Message + Default>(
    message: &str,
    current: &W,
    given: &W,
    mask: Option<&prost_types::FieldMask>,
    check: &mut Check,
) -> Option<W> {
    let descriptor = pool().get_message_by_name(message).expect("every noun names a message of our own descriptors");
    let (mut merged, given) = (dynamic(&descriptor, current), dynamic(&descriptor, given));
    let paths: Vec<String> = match mask.map(|mask| mask.paths.as_slice()) {
        None | Some([]) => given.fields().map(|(field, _)| field.name().to_owned()).collect(),
        Some([star]) if star == "*" => descriptor.fields().map(|field| field.name().to_owned()).collect(),
        Some(paths) => paths.to_vec(),
    };
    if paths.len() > PATHS_MAX {
        check.add(FIELD, format!("must have at most {PATHS_MAX} paths"));
        return None;
    }
    for path in &paths {
        let parts: Vec<&str> = path.split('.').collect();
        if copy(&mut merged, &given, &parts).is_none() {
            let shown: String = path.chars().filter(|c| !c.is_control()).take(80).collect();
            check.add(FIELD, format!("names {shown:?}, which does not exist or lies within a list"));
            return None;
        }
    }
    Some(merged.transcode_to().expect("the same descriptor"))
}

fn dynamic<W: Message>(descriptor: &MessageDescriptor, message: &W) -> DynamicMessage {
    let mut dynamic = DynamicMessage::new(descriptor.clone());
    dynamic.transcode_from(message).expect("the same descriptor");
    dynamic
}

/// Copies one path; none if there is no such field.
fn copy(target: &mut DynamicMessage, source: &DynamicMessage, path: &[&str]) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let field = target.descriptor().get_field_by_name(first)?;
    if rest.is_empty() {
        if source.has_field(&field) {
            target.set_field(&field, source.get_field(&field).into_owned());
        } else {
            target.clear_field(&field);
        }
        return Some(());
    }
    if field.is_list() || field.is_map() || !matches!(field.kind(), Kind::Message(_)) {
        return None;
    }
    let given = source.get_field(&field);
    let given = given.as_message()?;
    if !target.has_field(&field) && !source.has_field(&field) {
        // Nothing on either side: only look whether the path exists.
        return copy(&mut given.clone(), given, rest);
    }
    copy(target.get_field_mut(&field).as_message_mut()?, given, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::registry::v1::Volunteer;
    use proto::r#type::v1::Place;

    fn person(name: &str, locality: &str, street: &str) -> Volunteer {
        let home = Some(Place { locality: locality.to_owned(), street: street.to_owned(), ..Place::default() });
        Volunteer { display_name: name.to_owned(), home, languages: vec![name.to_owned()], ..Volunteer::default() }
    }

    fn merged(given: &Volunteer, paths: &[&str]) -> Result<Volunteer, Vec<String>> {
        let mask = prost_types::FieldMask { paths: paths.iter().map(|p| (*p).to_owned()).collect() };
        let mut check = Check::default();
        let current = person("old", "Kouvola", "Testikatu 1");
        merge("keikka.registry.v1.Volunteer", &current, given, Some(&mask), &mut check)
            .ok_or_else(|| check.fields().into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn only_masked_fields_change_however_deep() {
        let given = person("new", "Iitti", "");
        assert_eq!(merged(&given, &["display_name"]).expect("ok").home, person("", "Kouvola", "Testikatu 1").home);
        let deep = merged(&given, &["home.locality"]).expect("ok").home.expect("home");
        assert_eq!((deep.locality.as_str(), deep.street.as_str()), ("Iitti", "Testikatu 1"));
        assert_eq!(merged(&given, &["languages"]).expect("ok").languages, ["new"]);
        assert_eq!(merged(&Volunteer::default(), &["home"]).expect("ok").home, None);
    }

    #[test]
    fn a_star_replaces_and_nothing_takes_what_is_set() {
        let given = Volunteer { display_name: "new".to_owned(), ..Volunteer::default() };
        assert_eq!(merged(&given, &["*"]), Ok(given.clone()));
        let set = merged(&given, &[]).expect("ok");
        assert_eq!((set.display_name.as_str(), set.home.is_some()), ("new", true));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_refused() {
        for bad in ["colour", "home.colour", "languages.x", "skills.skill", "", "display_name.x", "home..street"] {
            assert_eq!(merged(&Volunteer::default(), &[bad]), Err(vec!["update_mask".to_owned()]), "{bad}");
        }
    }
}
