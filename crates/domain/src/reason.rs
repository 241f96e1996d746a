//! Stable reasons for refusals: one table of code, class and meaning. `docs/errors.md` has a paragraph for each.

use crate::refusal::RefusalKind;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $kind:ident;)*) => {
        /// Why something was refused. The [`code`](Reason::code) is sent in `ErrorInfo.reason` and never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Reason {
            $($(#[$doc])* $name,)*
        }

        impl Reason {
            /// All reasons, in the order of the table.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// The stable code, UPPER_SNAKE, at most 63 characters.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Reason::$name => $code,)* }
            }

            /// The class of the refusal, which decides the status code.
            #[must_use]
            pub fn kind(self) -> RefusalKind {
                match self { $(Reason::$name => RefusalKind::$kind,)* }
            }
        }
    };
}

reasons! {
    /// One or more fields break their rule; every one is listed.
    FieldsInvalid, "FIELDS_INVALID", Invalid;
    /// A message that cannot be decoded.
    MessageMalformed, "MESSAGE_MALFORMED", Invalid;
    /// A message above the size limit.
    MessageTooLarge, "MESSAGE_TOO_LARGE", Exhausted;
    /// A page token that belongs to another request.
    PageTokenInvalid, "PAGE_TOKEN_INVALID", Invalid;
    /// A resume token that belongs to another watch, or is none.
    ResumeTokenInvalid, "RESUME_TOKEN_INVALID", Invalid;
    /// The history of events no longer leads to where the resume token was given.
    ResumeTokenExpired, "RESUME_TOKEN_EXPIRED", Precondition;
    /// The same request id with another body.
    RequestIdReused, "REQUEST_ID_REUSED", Invalid;
    /// A file that cannot be read as a table.
    FileUnreadable, "FILE_UNREADABLE", Invalid;
    /// A file whose rows have problems; nothing was stored.
    FileHasProblems, "FILE_HAS_PROBLEMS", Invalid;
    /// No such resource, or none that the caller may see.
    ResourceNotFound, "RESOURCE_NOT_FOUND", NotFound;
    /// The id is taken.
    ResourceExists, "RESOURCE_EXISTS", AlreadyExists;
    /// The external id is taken.
    ExternalIdExists, "EXTERNAL_ID_EXISTS", AlreadyExists;
    /// The resource is still used by others.
    ResourceInUse, "RESOURCE_IN_USE", Precondition;
    /// The etag is stale: somebody changed the resource.
    EtagMismatch, "ETAG_MISMATCH", Aborted;
    /// What the plan was made from has changed; nothing was applied.
    PlanStale, "PLAN_STALE", Aborted;
    /// The plan is not in a state for this.
    PlanNotReady, "PLAN_NOT_READY", Precondition;
    /// Another solve of the network is running.
    PlanBusy, "PLAN_BUSY", Aborted;
    /// The gig is not in a state for this.
    GigStateIllegal, "GIG_STATE_ILLEGAL", Precondition;
    /// The gig begins only later: it cannot have begun, or be done, yet.
    TooEarly, "TOO_EARLY", Precondition;
    /// The slot is taken.
    SlotTaken, "SLOT_TAKEN", Precondition;
    /// The volunteer cannot take the gig: the metadata names each broken rule.
    VolunteerNotAble, "VOLUNTEER_NOT_ABLE", Precondition;
    /// The volunteer is booked at that time.
    VolunteerBooked, "VOLUNTEER_BOOKED", Precondition;
    /// The start is outside the gig's windows or differs from the agreed start.
    StartNotAllowed, "START_NOT_ALLOWED", Precondition;
    /// The task is outside a volunteer's scope; the detail names where to turn.
    OutOfScope, "OUT_OF_SCOPE", Precondition;
    /// The gig is being asked for at another start; asking anew would take open offers back.
    AskingRuns, "ASKING_RUNS", Precondition;
    /// The assignment is not in a state for this.
    AssignmentStateIllegal, "ASSIGNMENT_STATE_ILLEGAL", Precondition;
    /// The offer is not pending any more.
    OfferEnded, "OFFER_ENDED", Precondition;
    /// The minutes in which a yes can be taken back are over.
    UndoTooLate, "UNDO_TOO_LATE", Precondition;
    /// The volunteer has an open offer at that time.
    OfferOverlaps, "OFFER_OVERLAPS", Precondition;
    /// The volunteer has been asked as often this week as they agreed to.
    ContactBudgetSpent, "CONTACT_BUDGET_SPENT", Precondition;
    /// The volunteer has already said no to this gig.
    AlreadyDeclined, "ALREADY_DECLINED", Precondition;
    /// The volunteer has lately said no to this kind of gig.
    KindDeclinedLately, "KIND_DECLINED_LATELY", Precondition;
    /// The notification was neither given up nor waits for its next try.
    NotificationEnded, "NOTIFICATION_ENDED", Precondition;
    /// A limit of the service: too many rows, a queue that is full.
    LimitReached, "LIMIT_REACHED", Exhausted;
    /// The disk or database is full.
    StorageFull, "STORAGE_FULL", Exhausted;
    /// The database does not answer.
    StorageUnavailable, "STORAGE_UNAVAILABLE", Unavailable;
    /// The service of road times does not answer, and the operator wants no straight lines instead.
    TravelUnavailable, "TRAVEL_UNAVAILABLE", Unavailable;
    /// A stored row cannot be read, or something else that is our fault.
    Internal, "INTERNAL", Internal;
    /// No key, or an unknown one.
    CredentialsMissing, "CREDENTIALS_MISSING", Unauthenticated;
    /// The role may not do this.
    PermissionMissing, "PERMISSION_MISSING", Denied;
    /// The deadline passed.
    DeadlinePassed, "DEADLINE_PASSED", DeadlineExceeded;
    /// The method does not exist.
    MethodUnknown, "METHOD_UNKNOWN", Unimplemented;
    /// The server is stopping.
    ServerStopping, "SERVER_STOPPING", Unavailable;
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn codes_are_unique_upper_snake_and_short() {
        let mut codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert!(codes.iter().all(|c| c.len() <= 63 && c.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')));
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), Reason::ALL.len());
    }
}
