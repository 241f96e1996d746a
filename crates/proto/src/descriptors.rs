//! The descriptors of `/proto`, and the tests of what every proto must say.

/// Every descriptor of `/proto` and of what it imports, with comments and custom options, as an encoded
/// `google.protobuf.FileDescriptorSet`: for reflection and for tests.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/keikka.descriptors.bin"));

#[cfg(test)]
pub(crate) mod tests {
    use super::FILE_DESCRIPTOR_SET;
    use prost_reflect::{
        DescriptorPool, DynamicMessage, FieldDescriptor, FileDescriptor, MessageDescriptor, MethodDescriptor, Value,
    };

    fn pool() -> DescriptorPool {
        DescriptorPool::decode(FILE_DESCRIPTOR_SET).expect("the descriptor set is complete")
    }

    fn own_messages(pool: &DescriptorPool) -> Vec<MessageDescriptor> {
        pool.all_messages().filter(|m| m.package_name().starts_with("keikka.") && !m.is_map_entry()).collect()
    }

    fn methods(pool: &DescriptorPool) -> Vec<MethodDescriptor> {
        pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()).collect()
    }

    fn commented(file: &FileDescriptor, path: &[i32]) -> bool {
        let info = file.file_descriptor_proto().source_code_info.as_ref().expect("source info is kept");
        info.location.iter().any(|at| at.path == path && !at.leading_comments().trim().is_empty())
    }

    fn option(options: &DynamicMessage, pool: &DescriptorPool, name: &str) -> Option<DynamicMessage> {
        let extension = pool.get_extension_by_name(name)?;
        let value = options.has_extension(&extension).then(|| options.get_extension(&extension))?;
        value.as_message().cloned()
    }

    fn is_output_only(field: &FieldDescriptor, pool: &DescriptorPool) -> bool {
        let behavior = pool.get_extension_by_name("google.api.field_behavior").expect("vendored");
        let options = field.options();
        let values = options.get_extension(&behavior);
        values.as_list().is_some_and(|list| list.contains(&Value::EnumNumber(3)))
    }

    /// Every pattern that a string of the protos must match.
    pub(crate) fn string_patterns() -> Vec<String> {
        fn collect(value: &Value, found: &mut Vec<String>) {
            let Some(message) = value.as_message() else { return };
            for (field, value) in message.fields() {
                match value.as_str() {
                    Some(text) if field.name() == "pattern" => found.push(text.to_owned()),
                    _ => collect(value, found),
                }
            }
        }
        let pool = pool();
        let mut found = Vec::new();
        for field in own_messages(&pool).iter().flat_map(MessageDescriptor::fields) {
            if let Some(rules) = option(&field.options(), &pool, "buf.validate.field") {
                collect(&Value::Message(rules), &mut found);
            }
        }
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn the_set_holds_every_package_and_the_rules() {
        let pool = pool();
        for service in ["keikka.registry.v1.VolunteerService", "keikka.dispatch.v1.MatchingService"] {
            assert!(pool.get_service_by_name(service).is_some(), "{service}");
        }
        assert!(pool.get_extension_by_name("keikka.type.v1.access").is_some());
        assert!(pool.get_extension_by_name("buf.validate.field").is_some());
        assert_eq!(pool.services().count(), 12);
    }

    #[test]
    fn everything_is_commented() {
        let pool = pool();
        let mut bare = Vec::new();
        for message in own_messages(&pool) {
            let file = message.parent_file();
            if !commented(&file, message.path()) {
                bare.push(message.full_name().to_owned());
            }
            bare.extend(message.fields().filter(|f| !commented(&file, f.path())).map(|f| f.full_name().to_owned()));
        }
        for kind in pool.all_enums().filter(|e| e.package_name().starts_with("keikka.")) {
            let file = kind.parent_file();
            if !commented(&file, kind.path()) {
                bare.push(kind.full_name().to_owned());
            }
            bare.extend(kind.values().filter(|v| !commented(&file, v.path())).map(|v| v.full_name().to_owned()));
        }
        for method in methods(&pool) {
            let service = method.parent_service();
            let file = service.parent_file();
            for (name, path) in [(service.full_name(), service.path()), (method.full_name(), method.path())] {
                if !commented(&file, path) {
                    bare.push(name.to_owned());
                }
            }
        }
        assert_eq!(bare, Vec::<String>::new());
    }

    #[test]
    fn every_write_can_be_repeated_and_tried() {
        const READS: [&str; 6] = ["Get", "List", "Quote", "Explain", "Watch", "Preview"];
        let mut lacking = Vec::new();
        for method in methods(&pool()) {
            let (name, input) = (method.name().to_owned(), method.input());
            if READS.iter().any(|verb| name.starts_with(verb)) {
                continue;
            }
            // An import says both in its header.
            let said = match input.get_field_by_name("header").and_then(|f| f.kind().as_message().cloned()) {
                Some(header) => header,
                None => input,
            };
            lacking.extend(
                ["request_id", "validate_only"]
                    .into_iter()
                    .filter(|field| said.get_field_by_name(field).is_none())
                    .map(|field| format!("{name}: {field}")),
            );
        }
        assert_eq!(lacking, Vec::<String>::new());
    }

    #[test]
    fn every_update_has_a_mask_and_every_list_has_pages() {
        for method in methods(&pool()) {
            let (name, input, output) = (method.name().to_owned(), method.input(), method.output());
            if name.starts_with("Update") {
                assert!(input.get_field_by_name("update_mask").is_some(), "{name}");
            }
            if name.starts_with("List") {
                for field in ["page_size", "page_token"] {
                    assert!(input.get_field_by_name(field).is_some(), "{name}: {field}");
                }
                assert!(output.get_field_by_name("next_page_token").is_some(), "{name}");
            }
        }
    }

    #[test]
    fn states_are_changed_by_verbs_only() {
        let pool = pool();
        for field in own_messages(&pool).iter().flat_map(MessageDescriptor::fields) {
            if field.name() == "state" {
                assert!(field.kind().as_enum().is_some_and(|e| e.parent_message().is_some()), "{}", field.full_name());
                assert!(is_output_only(&field, &pool), "{}", field.full_name());
            }
        }
    }

    #[test]
    fn instants_end_in_time() {
        for field in own_messages(&pool()).iter().flat_map(MessageDescriptor::fields) {
            let instant = field.kind().as_message().is_some_and(|m| m.full_name() == "google.protobuf.Timestamp");
            assert!(!instant || field.name().ends_with("_time"), "{}", field.full_name());
        }
    }

    #[test]
    fn texts_and_lists_of_requests_are_bounded() {
        let pool = pool();
        let mut unbounded = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        let mut open: Vec<MessageDescriptor> = methods(&pool).iter().map(MethodDescriptor::input).collect();
        while let Some(message) = open.pop() {
            if !message.package_name().starts_with("keikka.") || !seen.insert(message.full_name().to_owned()) {
                continue;
            }
            for field in message.fields().filter(|field| !is_output_only(field, &pool)) {
                let rules = option(&field.options(), &pool, "buf.validate.field");
                let text = matches!(field.kind(), prost_reflect::Kind::String);
                if (text || field.is_list()) && rules.is_none() {
                    unbounded.push(field.full_name().to_owned());
                }
                open.extend(field.kind().as_message().cloned());
            }
        }
        assert_eq!(unbounded, Vec::<String>::new());
    }
}
