//! Short words for the calls that nearly every test makes; each is one call of the API and panics with what was told if refused.

use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use tonic::{Response, Status};
use uuid::Uuid;

use crate::desk::Desk;
use crate::refused::granted;
use crate::town::{self, NETWORK};

/// A new request id.
#[must_use]
pub fn request_id() -> String {
    Uuid::new_v4().to_string()
}

/// Most entries of a page.
const PAGE: i32 = 1000;

/// Reads every page of a list: `pages!(client.method(Request { .. }) => field)`.
macro_rules! pages {
    ($client:expr, $method:ident, $request:expr, $field:ident) => {{
        let mut client = $client.clone();
        let (mut all, mut page_token) = (Vec::new(), String::new());
        loop {
            let mut request = $request;
            request.page_size = PAGE;
            request.page_token = page_token;
            let page = granted(client.$method(request).await);
            all.extend(page.$field);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                break all;
            }
        }
    }};
}

impl Desk {
    /// Creates the network of the tests.
    pub async fn found_network(&self) {
        let request = registry::CreateNetworkRequest {
            network: Some(town::network()),
            network_id: NETWORK.trim_start_matches("networks/").to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        granted(self.networks.clone().create_network(request).await);
    }

    /// Creates a volunteer.
    ///
    /// # Panics
    /// If refused.
    pub async fn add_volunteer(&self, id: &str, volunteer: registry::Volunteer) -> registry::Volunteer {
        let request = registry::CreateVolunteerRequest {
            parent: NETWORK.to_owned(),
            volunteer: Some(volunteer),
            volunteer_id: id.to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        granted(self.volunteers.clone().create_volunteer(request).await).volunteer.expect("a volunteer")
    }

    /// Creates a seeker.
    ///
    /// # Panics
    /// If refused.
    pub async fn add_seeker(&self, id: &str, seeker: registry::Seeker) -> registry::Seeker {
        let request = registry::CreateSeekerRequest {
            parent: NETWORK.to_owned(),
            seeker: Some(seeker),
            seeker_id: id.to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        granted(self.seekers.clone().create_seeker(request).await).seeker.expect("a seeker")
    }

    /// Creates a gig.
    ///
    /// # Panics
    /// If refused.
    pub async fn add_gig(&self, id: &str, gig: dispatch::Gig) -> dispatch::Gig {
        granted(self.try_add_gig(id, gig).await).gig.expect("a gig")
    }

    /// Creates a gig, or hears why not.
    ///
    /// # Errors
    /// The status.
    pub async fn try_add_gig(
        &self,
        id: &str,
        gig: dispatch::Gig,
    ) -> Result<Response<dispatch::CreateGigResponse>, Status> {
        let request = dispatch::CreateGigRequest {
            parent: NETWORK.to_owned(),
            gig: Some(gig),
            gig_id: id.to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        self.gigs.clone().create_gig(request).await
    }

    /// Reads a gig.
    ///
    /// # Panics
    /// If refused.
    pub async fn gig(&self, name: &str) -> dispatch::Gig {
        let request = dispatch::GetGigRequest { name: name.to_owned() };
        granted(self.gigs.clone().get_gig(request).await).gig.expect("a gig")
    }

    /// Claims a slot for a volunteer, as from the board.
    ///
    /// # Errors
    /// The status.
    pub async fn claim(
        &self,
        gig: &str,
        volunteer: &str,
        start: Option<prost_types::Timestamp>,
    ) -> Result<Response<dispatch::ClaimGigResponse>, Status> {
        let request = dispatch::ClaimGigRequest {
            name: gig.to_owned(),
            volunteer: volunteer.to_owned(),
            start_time: start,
            request_id: request_id(),
            ..Default::default()
        };
        self.gigs.clone().claim_gig(request).await
    }

    /// Assigns volunteers to the slots in order.
    ///
    /// # Errors
    /// The status.
    pub async fn assign(
        &self,
        gig: &str,
        volunteers: &[&str],
        start: Option<prost_types::Timestamp>,
    ) -> Result<Response<dispatch::AssignVolunteerResponse>, Status> {
        let seat =
            |(slot, volunteer): (i32, &&str)| dispatch::SlotAssignment { slot, volunteer: (*volunteer).to_owned() };
        let request = dispatch::AssignVolunteerRequest {
            name: gig.to_owned(),
            start_time: start,
            assignments: (0..).zip(volunteers).map(seat).collect(),
            request_id: request_id(),
            ..Default::default()
        };
        self.gigs.clone().assign_volunteer(request).await
    }

    /// Gives a slot back.
    ///
    /// # Errors
    /// The status.
    pub async fn release(
        &self,
        assignment: &str,
        reason: &str,
    ) -> Result<Response<dispatch::ReleaseAssignmentResponse>, Status> {
        let request = dispatch::ReleaseAssignmentRequest {
            name: assignment.to_owned(),
            reason: reason.to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        self.gigs.clone().release_assignment(request).await
    }

    /// Calls a gig off.
    ///
    /// # Errors
    /// The status.
    pub async fn cancel(&self, gig: &str, reason: &str) -> Result<Response<dispatch::CancelGigResponse>, Status> {
        let request = dispatch::CancelGigRequest {
            name: gig.to_owned(),
            reason: reason.to_owned(),
            request_id: request_id(),
            ..Default::default()
        };
        self.gigs.clone().cancel_gig(request).await
    }

    /// Changes the fields of a volunteer that the mask names.
    ///
    /// # Errors
    /// The status.
    pub async fn change_volunteer(
        &self,
        volunteer: registry::Volunteer,
        mask: &[&str],
    ) -> Result<Response<registry::UpdateVolunteerResponse>, Status> {
        let paths = mask.iter().map(|path| (*path).to_owned()).collect();
        let request = registry::UpdateVolunteerRequest {
            volunteer: Some(volunteer),
            update_mask: Some(prost_types::FieldMask { paths }),
            request_id: request_id(),
            ..Default::default()
        };
        self.volunteers.clone().update_volunteer(request).await
    }

    /// Reads a volunteer.
    ///
    /// # Panics
    /// If refused.
    pub async fn volunteer(&self, name: &str) -> registry::Volunteer {
        let request = registry::GetVolunteerRequest { name: name.to_owned() };
        granted(self.volunteers.clone().get_volunteer(request).await).volunteer.expect("a volunteer")
    }

    /// Asks why a gig is as it is.
    ///
    /// # Panics
    /// If refused.
    pub async fn explain(&self, gig: &str) -> dispatch::Explanation {
        let request = dispatch::ExplainGigRequest { name: gig.to_owned(), volunteer: String::new() };
        granted(self.matching.clone().explain_gig(request).await).explanation.expect("an explanation")
    }

    /// Every volunteer.
    pub async fn all_volunteers(&self) -> Vec<registry::Volunteer> {
        let request = registry::ListVolunteersRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.volunteers, list_volunteers, request.clone(), volunteers)
    }

    /// Every seeker.
    pub async fn all_seekers(&self) -> Vec<registry::Seeker> {
        let request = registry::ListSeekersRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.seekers, list_seekers, request.clone(), seekers)
    }

    /// Every gig.
    pub async fn all_gigs(&self) -> Vec<dispatch::Gig> {
        let request = dispatch::ListGigsRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.gigs, list_gigs, request.clone(), gigs)
    }

    /// Every assignment, released ones too.
    pub async fn all_assignments(&self) -> Vec<dispatch::Assignment> {
        let request = dispatch::ListAssignmentsRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.gigs, list_assignments, request.clone(), assignments)
    }

    /// Every offer.
    pub async fn all_offers(&self) -> Vec<dispatch::Offer> {
        let request = dispatch::ListOffersRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.offers, list_offers, request.clone(), offers)
    }

    /// Everything that happened to a gig, oldest first.
    pub async fn events(&self, gig: &str) -> Vec<dispatch::GigEvent> {
        let request = dispatch::ListGigEventsRequest { parent: gig.to_owned(), ..Default::default() };
        pages!(self.gigs, list_gig_events, request.clone(), events)
    }

    /// Every row of the outbox.
    pub async fn all_notifications(&self) -> Vec<proto::notification::v1::Notification> {
        let request =
            proto::notification::v1::ListNotificationsRequest { parent: NETWORK.to_owned(), ..Default::default() };
        pages!(self.notifications, list_notifications, request.clone(), notifications)
    }

    /// The board as a volunteer sees it.
    pub async fn board_of(&self, volunteer: &str) -> Vec<dispatch::BoardGig> {
        let request = dispatch::ListBoardGigsRequest {
            parent: NETWORK.to_owned(),
            volunteer: volunteer.to_owned(),
            ..Default::default()
        };
        pages!(self.board, list_board_gigs, request.clone(), gigs)
    }
}
