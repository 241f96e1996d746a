//! A desk with every client of the API on it, over one connection: what a program of somebody else has in its hands.

use proto::dispatch::v1::board_service_client::BoardServiceClient;
use proto::dispatch::v1::event_service_client::EventServiceClient;
use proto::dispatch::v1::gig_service_client::GigServiceClient;
use proto::dispatch::v1::matching_service_client::MatchingServiceClient;
use proto::dispatch::v1::offer_service_client::OfferServiceClient;
use proto::notification::v1::notification_service_client::NotificationServiceClient;
use proto::notification::v1::template_service_client::TemplateServiceClient;
use proto::registry::v1::association_service_client::AssociationServiceClient;
use proto::registry::v1::catalogue_service_client::CatalogueServiceClient;
use proto::registry::v1::network_service_client::NetworkServiceClient;
use proto::registry::v1::seeker_service_client::SeekerServiceClient;
use proto::registry::v1::volunteer_service_client::VolunteerServiceClient;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

/// Adds a key to each call, if there is one.
#[derive(Debug, Clone, Default)]
pub struct Bearer(Option<MetadataValue<Ascii>>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(key) = &self.0 {
            request.metadata_mut().insert("authorization", key.clone());
        }
        Ok(request)
    }
}

/// What carries the calls.
pub type Line = InterceptedService<Channel, Bearer>;

/// Every client of the API over one connection, for one caller. Clones share the connection.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Networks.
    pub networks: NetworkServiceClient<Line>,
    /// Associations.
    pub associations: AssociationServiceClient<Line>,
    /// Volunteers.
    pub volunteers: VolunteerServiceClient<Line>,
    /// Seekers.
    pub seekers: SeekerServiceClient<Line>,
    /// Kinds and skills.
    pub catalogue: CatalogueServiceClient<Line>,
    /// Gigs and assignments.
    pub gigs: GigServiceClient<Line>,
    /// Quotes, explanations, plans.
    pub matching: MatchingServiceClient<Line>,
    /// The board.
    pub board: BoardServiceClient<Line>,
    /// Offers.
    pub offers: OfferServiceClient<Line>,
    /// The outbox.
    pub notifications: NotificationServiceClient<Line>,
    /// What is said, in whose words.
    pub templates: TemplateServiceClient<Line>,
    /// What happens.
    pub events: EventServiceClient<Line>,
}

impl Desk {
    /// A desk of a caller without a key.
    ///
    /// # Panics
    /// If the address is none.
    #[must_use]
    pub fn at(url: &str) -> Self {
        Self::with(url, Bearer::default())
    }

    /// A desk of the caller whose key this is.
    ///
    /// # Panics
    /// If the address is none, or the key is no header value.
    #[must_use]
    pub fn with_key(url: &str, key: &str) -> Self {
        let value = format!("Bearer {key}").parse().expect("a key fits a header");
        Self::with(url, Bearer(Some(value)))
    }

    fn with(url: &str, bearer: Bearer) -> Self {
        let channel = Endpoint::from_shared(url.to_owned()).expect("an address").connect_lazy();
        let line = || InterceptedService::new(channel.clone(), bearer.clone());
        Self {
            networks: NetworkServiceClient::new(line()),
            associations: AssociationServiceClient::new(line()),
            volunteers: VolunteerServiceClient::new(line()),
            seekers: SeekerServiceClient::new(line()),
            catalogue: CatalogueServiceClient::new(line()),
            gigs: GigServiceClient::new(line()),
            matching: MatchingServiceClient::new(line()),
            board: BoardServiceClient::new(line()),
            offers: OfferServiceClient::new(line()),
            notifications: NotificationServiceClient::new(line()),
            templates: TemplateServiceClient::new(line()),
            events: EventServiceClient::new(line()),
        }
    }
}
