//! What requests of a sort have in common: writes that may be repeated safely, lists in pages. One table each.

use domain::RequestKey;
use prost::Message;
use proto::dispatch::v1 as dispatch;
use proto::notification::v1 as notification;
use proto::registry::v1 as registry;
use sha2::{Digest, Sha256};
use store::PageRequest;

use super::page::Binding;

/// A request that changes something.
pub(crate) trait Write: Message + Clone {
    /// Checks only.
    fn validate_only(&self) -> bool;
    /// The caller's key of this write; empty for none.
    fn request_id(&self) -> &str;
    /// The same request without the key.
    fn without_request_id(&self) -> Self;

    /// The key under which a repeat returns the first result: the caller's, with the hash of everything else.
    fn key(&self) -> Option<RequestKey> {
        if self.request_id().is_empty() {
            return None;
        }
        let body_hash = Sha256::digest(self.without_request_id().encode_to_vec()).into();
        Some(RequestKey { id: self.request_id().to_lowercase(), body_hash })
    }
}

/// A request for one page of a list.
pub(crate) trait Paged: Message + Clone {
    /// Most entries.
    fn size(&self) -> i32;
    /// Where to go on.
    fn token(&self) -> &str;
    /// The same request without the page.
    fn without_page(&self) -> Self;

    /// The binding of this request's tokens, and the page it asks for.
    ///
    /// # Errors
    /// A token of another request.
    fn page(&self, method: &str) -> Result<(Binding, PageRequest), domain::Refusal> {
        let binding = Binding::of(method, &self.without_page());
        Ok((binding, binding.page(self.size(), self.token())?))
    }
}

macro_rules! writes {
    ($($message:ty),* $(,)?) => {$(
        impl Write for $message {
            fn validate_only(&self) -> bool { self.validate_only }
            fn request_id(&self) -> &str { &self.request_id }
            fn without_request_id(&self) -> Self { Self { request_id: String::new(), ..self.clone() } }
        }
    )*};
}

macro_rules! pages {
    ($($message:ty),* $(,)?) => {$(
        impl Paged for $message {
            fn size(&self) -> i32 { self.page_size }
            fn token(&self) -> &str { &self.page_token }
            fn without_page(&self) -> Self {
                let mut request = self.clone();
                request.page_size = 0;
                request.page_token.clear();
                request
            }
        }
    )*};
}

writes! {
    registry::CreateNetworkRequest, registry::UpdateNetworkRequest, registry::DeleteNetworkRequest,
    registry::CreateAssociationRequest, registry::UpdateAssociationRequest, registry::DeleteAssociationRequest,
    registry::CreateVolunteerRequest, registry::UpdateVolunteerRequest, registry::DeleteVolunteerRequest,
    registry::PauseVolunteerRequest, registry::SuspendVolunteerRequest, registry::ReinstateVolunteerRequest,
    registry::IssueCalendarRequest, registry::RevokeCalendarRequest,
    registry::CreateSeekerRequest, registry::UpdateSeekerRequest, registry::DeleteSeekerRequest,
    registry::CreateKindRequest, registry::UpdateKindRequest, registry::DeleteKindRequest,
    registry::CreateSkillRequest, registry::UpdateSkillRequest, registry::DeleteSkillRequest,
    dispatch::CreateGigRequest, dispatch::UpdateGigRequest, dispatch::AssignVolunteerRequest, dispatch::ClaimGigRequest,
    dispatch::ReleaseAssignmentRequest, dispatch::CancelGigRequest, dispatch::StartGigRequest, dispatch::CompleteGigRequest,
    dispatch::CreatePlanRequest, dispatch::ApplyPlanRequest, dispatch::DiscardPlanRequest,
    dispatch::CreateOfferRequest, dispatch::AcceptOfferRequest, dispatch::DeclineOfferRequest, dispatch::WithdrawOfferRequest,
    dispatch::UndoOfferRequest, dispatch::StandByOfferRequest, dispatch::StartAskingRequest, dispatch::StopAskingRequest,
    notification::RetryNotificationRequest, notification::UpdateTemplateRequest, notification::ResetTemplateRequest,
}

pages! {
    registry::ListNetworksRequest, registry::ListAssociationsRequest, registry::ListVolunteersRequest,
    registry::ListSeekersRequest, registry::ListKindsRequest, registry::ListSkillsRequest,
    dispatch::ListGigsRequest, dispatch::ListAssignmentsRequest, dispatch::ListGigEventsRequest, dispatch::ListPlansRequest,
    dispatch::ListOffersRequest, dispatch::ListBoardGigsRequest, notification::ListNotificationsRequest,
    notification::ListTemplatesRequest,
}

/// The version that an etag names: none for no etag, and one that never is for anything but `v` and a number.
pub(crate) fn version(etag: &str) -> Option<i64> {
    if etag.is_empty() {
        return None;
    }
    Some(etag.strip_prefix('v').and_then(|number| number.parse().ok()).unwrap_or(-1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(id: &str, reason: &str) -> dispatch::CancelGigRequest {
        dispatch::CancelGigRequest { request_id: id.to_owned(), reason: reason.to_owned(), ..Default::default() }
    }

    #[test]
    fn a_repeat_has_the_same_key_and_another_body_another_hash() {
        let (a, b) = (request("A-1", "x").key().expect("key"), request("a-1", "x").key().expect("key"));
        assert_eq!(a, b, "a UUID is the same in either case");
        assert_ne!(request("a-1", "y").key().expect("key").body_hash, a.body_hash);
        assert_eq!(request("", "x").key(), None);
    }

    #[test]
    fn an_etag_is_a_version_or_nobodys() {
        assert_eq!([version(""), version("v3"), version("3"), version("vx")], [None, Some(3), Some(-1), Some(-1)]);
    }
}
