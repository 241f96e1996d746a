//! The table of access rules, read from the method options. Leaves their enforcement to the server.

use std::error::Error;
use std::fmt::Write as _;

use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor, ReflectMessage as _, Value};

/// The method option that every RPC carries.
const OPTION: &str = "keikka.type.v1.access";

/// Rust source of `METHODS` and `ACCESS`, in the order of the paths.
///
/// # Errors
/// If an RPC has no rule, or one that says no role, no reach or no purpose, or that shows personal data to operations.
pub(crate) fn generate(pool: &DescriptorPool) -> Result<String, Box<dyn Error>> {
    let option = pool.get_extension_by_name(OPTION).ok_or("the option keikka.type.v1.access is not declared")?;
    let mut rows = Vec::new();
    for method in pool.services().flat_map(|service| service.methods().collect::<Vec<_>>()) {
        let path = path(&method);
        let options = method.options();
        if !options.has_extension(&option) {
            return Err(format!("{path} has no access rule: add option (keikka.type.v1.access)").into());
        }
        let value = options.get_extension(&option);
        let access = value.as_message().ok_or("the access option is a message")?;
        rows.push((path.clone(), row(access).map_err(|error| format!("{path}: {error}"))?));
    }
    rows.sort();

    let mut methods = String::new();
    let mut table = String::new();
    for (path, row) in &rows {
        writeln!(methods, "    {path:?},")?;
        writeln!(table, "    ({path:?}, {row}),")?;
    }
    Ok(format!(
        "/// Every method of every service of the product, as `/package.Service/Method`, sorted.\n\
         pub const METHODS: &[&str] = &[\n{methods}];\n\n\
         /// The access rule of every method, sorted by path.\n\
         pub const ACCESS: &[(&str, Access)] = &[\n{table}];\n"
    ))
}

fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}

fn row(access: &DynamicMessage) -> Result<String, String> {
    let roles = names(access, "roles", "ROLE_")?;
    let reach = names(access, "reach", "REACH_")?.pop().ok_or("no reach")?;
    let purpose = access.get_field_by_name("purpose").and_then(|p| p.as_str().map(str::to_owned)).unwrap_or_default();
    let personal = access.get_field_by_name("personal_data").and_then(|p| p.as_bool()).unwrap_or_default();
    if roles.is_empty() {
        return Err("no roles".to_owned());
    }
    if purpose.is_empty() {
        return Err("no purpose".to_owned());
    }
    if personal && roles.iter().any(|role| role == "Ops") {
        return Err("operations must not get personal data".to_owned());
    }
    let roles: String = roles.iter().map(|role| format!("Role::{role}, ")).collect();
    Ok(format!(
        "Access {{ roles: &[{}], reach: Reach::{reach}, purpose: {purpose:?}, personal_data: {personal} }}",
        roles.trim_end_matches(", ")
    ))
}

/// The enum values of a field as names of Rust variants: `ROLE_CITY_COORDINATOR` is `CityCoordinator`.
fn names(access: &DynamicMessage, field: &str, prefix: &str) -> Result<Vec<String>, String> {
    let descriptor = access.descriptor().get_field_by_name(field).ok_or_else(|| format!("no field {field}"))?;
    let kind = descriptor.kind();
    let values = kind.as_enum().ok_or_else(|| format!("{field} is no enum"))?;
    let value = access.get_field(&descriptor);
    let numbers: Vec<i32> = match value.as_ref() {
        Value::List(list) => list.iter().filter_map(Value::as_enum_number).collect(),
        one => one.as_enum_number().into_iter().collect(),
    };
    numbers
        .into_iter()
        .map(|number| match values.get_value(number) {
            Some(value) if number != 0 => Ok(camel(value.name().trim_start_matches(prefix))),
            _ => Err(format!("{field} is not said")),
        })
        .collect()
}

fn camel(upper_snake: &str) -> String {
    upper_snake
        .split('_')
        .map(|word| {
            let (first, rest) = word.split_at(word.len().min(1));
            format!("{first}{}", rest.to_lowercase())
        })
        .collect()
}
