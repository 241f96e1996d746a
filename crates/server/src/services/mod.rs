//! One file per service. A method has four steps: convert, call the use case, convert, map the error; the steps that all methods
//! share stand in `handle`, the standard methods of resources in `standard`.

mod association;
mod board;
mod both_rounds;
mod catalogue;
mod event;
mod gig;
mod handle;
mod importing;
mod matching;
mod network;
mod notification;
mod offer;
mod seeker;
mod standard;
mod template;
mod volunteer;

use std::sync::Arc;

use ::notification::{Notification, Options};
use dispatch::Dispatch;
use registry::Registry;
use store::Database;

/// The rooms below the edge.
#[derive(Debug)]
pub(crate) struct Rooms {
    /// People and organisations.
    pub(crate) registry: Registry,
    /// Gigs, offers, plans.
    pub(crate) dispatch: Dispatch,
    /// Messages.
    pub(crate) notification: Notification,
    /// The storage, for the assignments of a gig that is shown.
    pub(crate) db: Database,
}

impl Rooms {
    /// The rooms over one database, which divide plans like this, with whoever knows the roads, and messages as the operator decided.
    pub(crate) fn new(
        db: Database,
        division: dispatch::plans::Division,
        roads: travel::Roads,
        options: Options,
    ) -> Self {
        let dispatch = Dispatch::new(db.clone()).with_geocoder(located);
        Self {
            registry: Registry::new(db.clone()),
            dispatch: dispatch.with_division(division).with_roads(roads),
            notification: Notification::with(db.clone(), options),
            db,
        }
    }
}

/// Every service of the API.
#[derive(Debug, Clone)]
pub(crate) struct Services {
    rooms: Arc<Rooms>,
}

impl Services {
    pub(crate) fn new(rooms: Arc<Rooms>) -> Self {
        Self { rooms }
    }

    /// The routes of all services, each with the limit on messages.
    pub(crate) fn routes(&self) -> tonic::service::Routes {
        use crate::settings::limits::MESSAGE_BYTES_MAX;
        use proto::dispatch::v1 as dispatch;
        use proto::notification::v1 as notification;
        use proto::registry::v1 as registry;
        let mut routes = tonic::service::Routes::builder();
        macro_rules! add {
            ($($server:path),* $(,)?) => {$(
                routes.add_service(<$server>::new(self.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX));
            )*};
        }
        add! {
            registry::network_service_server::NetworkServiceServer::<Services>,
            registry::association_service_server::AssociationServiceServer::<Services>,
            registry::volunteer_service_server::VolunteerServiceServer::<Services>,
            registry::seeker_service_server::SeekerServiceServer::<Services>,
            registry::catalogue_service_server::CatalogueServiceServer::<Services>,
            dispatch::gig_service_server::GigServiceServer::<Services>,
            dispatch::matching_service_server::MatchingServiceServer::<Services>,
            dispatch::board_service_server::BoardServiceServer::<Services>,
            dispatch::offer_service_server::OfferServiceServer::<Services>,
            dispatch::event_service_server::EventServiceServer::<Services>,
            notification::notification_service_server::NotificationServiceServer::<Services>,
            notification::template_service_server::TemplateServiceServer::<Services>,
        }
        routes.routes()
    }
}

/// An address located by the registry's table, for the places of imported gigs.
fn located(address: &domain::place::Address) -> Result<domain::Place, domain::Violation> {
    registry::geocode::locate(address)
        .map_err(|error| domain::Violation { field: error.field().to_owned(), description: error.to_string() })
}
