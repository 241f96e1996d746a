//! Every wrong field at once: where some fields of a request break their form, the use case is asked all the same, without storing
//! anything, what else is wrong with the rest.

use domain::{Reason, Refusal, WriteContext};

use crate::convert::Check;
use crate::status::Failure;

/// The value if its form is right. If it is not, but a value could be made of the rest, `dry` is tried with a context that stores nothing,
/// and the fields that it refuses are told with the others.
pub(crate) async fn checked<T, Done>(
    check: Check,
    value: Option<T>,
    ctx: &WriteContext,
    dry: impl AsyncFnOnce(&WriteContext, T) -> Result<Done, Failure>,
) -> Result<T, Failure> {
    let refusal = match check.finish_or_both(value) {
        Ok(value) => return Ok(value),
        Err((refusal, None)) => return Err(refusal.into()),
        Err((refusal, Some(value))) => {
            let ctx = WriteContext { validate_only: true, request: None, ..ctx.clone() };
            match dry(&ctx, value).await {
                Err(Failure::Refused(further)) if further.reason == Reason::FieldsInvalid => merged(refusal, &further),
                // Whatever else it says rests on fields that are wrong.
                _ => refusal,
            }
        }
    };
    Err(refusal.into())
}

/// The wrong fields of both; the first word on a field stands, and on what it lies in or what lies in it.
fn merged(first: Refusal, further: &Refusal) -> Refusal {
    let mut violations = first.violations.clone();
    for violation in further.violations.as_slice() {
        if !first.violations.as_slice().iter().any(|known| is_within(&known.field, &violation.field)) {
            violations.add(&violation.field, &violation.description);
        }
    }
    Refusal::fields(violations)
}

/// Whether one of two fields is the other or lies within it.
fn is_within(a: &str, b: &str) -> bool {
    let below = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    below(a, b) || below(b, a)
}
