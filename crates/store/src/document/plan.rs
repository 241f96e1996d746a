//! Plans: found by state and by the period they cover.

use super::Keys;
use super::sql::document;

document! { Plan, PlanId, "plan", "plans", network: network, keys: |plan| Keys {
    state: plan.state.code(),
    starts: Some(plan.period.start()),
    ends: Some(plan.period.end()),
    ..Keys::default()
} }
