//! Requests made from the protos themselves: every name in them says a network of one's choice.

use std::sync::OnceLock;

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MethodDescriptor, ReflectMessage as _, Value,
};

/// What stands for the network in the pattern of a resource name.
const SEGMENT: &str = "[a-z0-9-]{1,63}";

/// The descriptors of the API.
///
/// # Panics
/// Never: they are made by our own build.
#[must_use]
pub fn pool() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| DescriptorPool::decode(proto::FILE_DESCRIPTOR_SET).expect("the descriptor set is complete"))
}

/// Every method of the API with its path.
#[must_use]
pub fn methods() -> Vec<(String, MethodDescriptor)> {
    pool()
        .services()
        .flat_map(|service| service.methods().collect::<Vec<_>>())
        .map(|method| (format!("/{}/{}", method.parent_service().full_name(), method.name()), method))
        .collect()
}

/// A request of a method in which every resource name is of the network, and every resource is called `thing`.
#[must_use]
pub fn request(method: &MethodDescriptor, network: &str) -> DynamicMessage {
    let mut message = DynamicMessage::new(method.input());
    fill(&mut message, network, 3);
    message
}

fn fill(message: &mut DynamicMessage, network: &str, depth: usize) {
    let fields: Vec<FieldDescriptor> = message.descriptor().fields().collect();
    for field in fields {
        if field.is_list() || field.is_map() {
            continue;
        }
        match field.kind() {
            Kind::String => {
                if let Some(name) = pattern(&field).as_deref().and_then(|pattern| named(pattern, network)) {
                    message.set_field(&field, Value::String(name));
                }
            }
            Kind::Message(inner) if depth > 0 && inner.package_name().starts_with("keikka.") => {
                let mut below = DynamicMessage::new(inner);
                fill(&mut below, network, depth - 1);
                if below.fields().next().is_some() {
                    message.set_field(&field, Value::Message(below));
                }
            }
            _ => {}
        }
    }
}

/// A resource name that meets a pattern; none if the pattern is of something else.
fn named(pattern: &str, network: &str) -> Option<String> {
    let inner = pattern.strip_prefix('^')?.strip_suffix('$')?;
    let rest = inner.strip_prefix("networks/")?.strip_prefix(SEGMENT)?;
    Some(format!("networks/{network}{}", rest.replace(SEGMENT, "thing")))
}

/// The pattern that a string must match.
fn pattern(field: &FieldDescriptor) -> Option<String> {
    let extension = pool().get_extension_by_name("buf.validate.field")?;
    let options = field.options();
    if !options.has_extension(&extension) {
        return None;
    }
    let rules = options.get_extension(&extension).as_message()?.clone();
    let string = rules.get_field_by_name("string")?.as_message()?.clone();
    string.get_field_by_name("pattern")?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
