//! Enums of the wire and of the domain, one table each. A number that the wire does not know is refused, never guessed.

use ::dispatch::quote::Likelihood;
use domain::asking::{AskingPolicy, AskingState, Suggestion};
use domain::contact::{Channel, ContactMode};
use domain::explanation::ReasonClass;
use domain::intake::{Need, Sex, TaxiOrder};
use domain::kind::Category;
use domain::offer::{DeclineReason, OfferState};
use domain::plan::{ChangeKind, PlanState, SolveStatus, TravelSource};
use domain::text::ServiceLanguage;
use domain::volunteer::{Standing, TravelMode};
use domain::{AssignmentState, ClaimSource, GigState, Precision};
use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use proto::r#type::v1 as shared;

use super::Check;

/// A value of a small set, on the wire a number whose zero means "not said".
pub(crate) trait Choice: Sized {
    /// From the wire: none for zero.
    ///
    /// # Errors
    /// A number that is no value.
    fn read(number: i32) -> Result<Option<Self>, ChoiceError>;
    /// To the wire.
    fn wire(self) -> i32;
}

/// A number that is no value of the set.
#[derive(Debug, thiserror::Error)]
#[error("must be one of the known values")]
pub(crate) struct ChoiceError;

macro_rules! choices {
    ($($domain:ty = $wire:ty { $($variant:ident),* $(,)? })*) => {$(
        impl Choice for $domain {
            fn read(number: i32) -> Result<Option<Self>, ChoiceError> {
                type Wire = $wire;
                match Wire::try_from(number).map_err(|_| ChoiceError)? {
                    Wire::Unspecified => Ok(None),
                    $(Wire::$variant => Ok(Some(Self::$variant)),)*
                }
            }

            fn wire(self) -> i32 {
                type Wire = $wire;
                match self { $(Self::$variant => Wire::$variant as i32,)* }
            }
        }
    )*};
}

choices! {
    TravelMode = registry::volunteer::TravelMode { Walk, Bike, Car }
    Standing = registry::volunteer::State { Active, Paused, Suspended }
    ContactMode = registry::seeker::ContactMode { Direct, Mediated }
    Category = registry::kind::Category { Household, Errand, Call, Escort, Family, Digital }
    Channel = shared::Channel { Sms, Email, Phone, Webhook }
    ServiceLanguage = shared::ServiceLanguage { Fi, Sv, En }
    Need = shared::Need {
        StepFreeCar, TwoCarriers, Wheelchair, WalkingFrame, ArmToHold, PetsAtHome, StairsNoLift, SpeakClearly,
    }
    TaxiOrder = shared::TaxiOrder { Seeker, Volunteer, CallCentre, None }
    Sex = shared::Sex { Female, Male }
    Precision = shared::place::Precision { Exact, PostalCode, Locality }
    GigState = dispatch::gig::State { Open, Offered, Filled, InProgress, Completed, Cancelled, Unmet }
    AssignmentState = dispatch::assignment::State { Held, Accepted, Started, Completed, Released }
    ClaimSource = dispatch::assignment::Source { Quote, Offer, Board, Plan }
    OfferState = dispatch::offer::State { Pending, Sent, Delivered, Accepted, Declined, Expired, Withdrawn }
    AskingPolicy = dispatch::asking::Policy { Paced, WavesOfTwo }
    AskingState = dispatch::asking::State { Running, Exhausted, Over, Stopped }
    Suggestion = dispatch::asking::Suggestion { WiderRadius, OtherTime, AssociationCoordinator }
    DeclineReason = dispatch::offer::DeclineReason {
        NotThisTime, OtherHour, TooFar, NotThisKind, Away, TooOften, NotThisPerson,
    }
    PlanState = dispatch::plan::State { Solving, Ready, Applied, Discarded, Failed }
    SolveStatus = dispatch::plan_outcome::Status { Optimal, Gap, Budget, Greedy }
    TravelSource = dispatch::TravelSource { StraightLine, Roads, Estimated }
    Likelihood = dispatch::Likelihood { Likely, Possible, Unlikely }
    ChangeKind = dispatch::plan_item::Change { Kept, New, Moved, Dropped }
    ReasonClass = dispatch::explanation::Class {
        Filled, Waiting, DataMissing, NobodyEligible, TooFewCandidates, CappedOut, Outbid, Assignable,
    }
}

/// Reads a choice; not said is none.
pub(crate) fn optional<C: Choice>(check: &mut Check, field: impl Into<String>, number: i32) -> Option<C> {
    check.take(field, C::read(number)).flatten()
}

/// Reads a choice that must be said.
pub(crate) fn required<C: Choice>(check: &mut Check, field: impl Into<String>, number: i32) -> Option<C> {
    let field = field.into();
    match C::read(number) {
        Ok(chosen) => check.required(field, chosen),
        Err(error) => check.take(field, Err(error)),
    }
}

/// Writes an optional choice; none is "not said".
pub(crate) fn wire<C: Choice>(choice: Option<C>) -> i32 {
    choice.map_or(0, C::wire)
}
