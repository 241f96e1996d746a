//! The request form of a Finnish volunteer centre, in task words: never a diagnosis.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::sensitive::Sensitive;
use crate::text::Note;

/// What the task needs, in task words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// A car that can be entered without a step.
    StepFreeCar,
    /// Two people to carry.
    TwoCarriers,
    /// A wheelchair comes along.
    Wheelchair,
    /// A walking frame comes along.
    WalkingFrame,
    /// An arm to hold.
    ArmToHold,
    /// There are pets at home.
    PetsAtHome,
    /// Stairs without a lift.
    StairsNoLift,
    /// Speak slowly and clearly.
    SpeakClearly,
}

/// Who orders the taxi of an escort.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxiOrder {
    /// The seeker or their family.
    Seeker,
    /// The volunteer.
    Volunteer,
    /// The call centre.
    CallCentre,
    /// No taxi is needed.
    None,
}

/// A sex, where a seeker wishes for a helper of one: a wish, never a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// A woman.
    Female,
    /// A man.
    Male,
}

/// What was asked on the phone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Intake {
    /// When the seeker agreed that the needed details are handed to the helper.
    #[serde(default)]
    pub consent_time: Option<Timestamp>,
    /// What the task needs.
    #[serde(default)]
    pub needs: BTreeSet<Need>,
    /// The code of the front door: a secret that opens with an acceptance only.
    #[serde(default)]
    pub door_code: Option<Sensitive<Note>>,
    /// Who orders the taxi.
    #[serde(default)]
    pub taxi: Option<TaxiOrder>,
    /// A wished-for sex of the helper.
    #[serde(default)]
    pub preferred_sex: Option<Sex>,
    /// Anything else, in task words.
    #[serde(default)]
    pub note: Option<Sensitive<Note>>,
}
