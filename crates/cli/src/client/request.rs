//! JSON to messages and back, in the proto3 form.

use prost_reflect::{DeserializeOptions, DynamicMessage, MessageDescriptor};
use serde_json::Value;

use crate::failure::Failure;

/// A message from its JSON; a field that it does not have is named.
pub(crate) fn message_of(descriptor: &MessageDescriptor, json: &Value) -> Result<DynamicMessage, Failure> {
    DynamicMessage::deserialize_with_options(descriptor.clone(), json, &DeserializeOptions::new())
        .map_err(|error| Failure::usage(format!("the input is no {}", descriptor.name())).because(error))
}

/// The JSON of a message.
pub(crate) fn to_json(message: &DynamicMessage) -> Result<Value, Failure> {
    serde_json::to_value(message).map_err(|error| Failure::failed("cannot read the server's answer").because(error))
}
