//! The seam between the generated field rules and the rest: implements the crate's own `Validate` for every message of the product.

use std::collections::HashSet;

use prost_reflect::{DescriptorPool, MessageDescriptor};

/// Rust source of `impl Validate` for every message: with the generated rules where there are any, without violations where not.
pub(crate) fn generate(pool: &DescriptorPool, generated: &str) -> String {
    const IMPL: &str = "impl ::prost_protovalidate::Validate for ";
    let ruled: HashSet<&str> =
        generated.lines().filter_map(|line| line.trim().strip_prefix(IMPL)?.strip_suffix(" {")).collect();
    pool.all_messages()
        .filter(|message| message.package_name().starts_with("keikka.") && !message.is_map_entry())
        .map(|message| {
            let path = rust_path(&message);
            let body = if ruled.contains(path.as_str()) {
                "broken(::prost_protovalidate::Validate::validate(self))"
            } else {
                "::std::vec::Vec::new()"
            };
            format!(
                "impl crate::Validate for {path} {{\n    fn violations(&self) -> ::std::vec::Vec<crate::FieldViolation> {{ {body} }}\n}}\n"
            )
        })
        .collect()
}

/// `keikka.type.v1.Place` is `keikka::r#type::v1::Place`.
fn rust_path(message: &MessageDescriptor) -> String {
    let mut parts: Vec<String> = message
        .package_name()
        .split('.')
        .map(|part| if part == "type" { "r#type".to_owned() } else { part.to_owned() })
        .collect();
    parts.push(message.name().to_owned());
    parts.join("::")
}
