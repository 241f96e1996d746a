//! The board: open gigs for volunteers, coarse places only.

use dispatch::board::BoardQuery;
use domain::VolunteerId;
use proto::dispatch::v1 as wire;
use proto::dispatch::v1::board_service_server::BoardService;
use tonic::{Request, Response, Status};

use super::Services;
use super::handle::unary;
use crate::convert::request::Paged as _;
use crate::convert::{board, choice, name, window};

#[tonic::async_trait]
impl BoardService for Services {
    async fn list_board_gigs(
        &self,
        request: Request<wire::ListBoardGigsRequest>,
    ) -> Result<Response<wire::ListBoardGigsResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let volunteer = network.as_ref().and_then(|network| {
                name::optional::<VolunteerId>(&mut check, "volunteer".to_owned(), &request.volunteer, network)
            });
            let period = window::optional(&mut check, "period", request.period.as_ref());
            let network = check.finish(network)?;
            let (binding, page) = request.page(call.method)?;
            let query = BoardQuery { volunteer, period };
            let found = rooms.dispatch.board(&call.scope, &network, &query, &page, call.now).await?;
            Ok(wire::ListBoardGigsResponse {
                gigs: found.items.iter().map(|gig| board::of(gig, &network)).collect(),
                next_page_token: binding.token(found.next.as_deref()),
                travel_source: choice::wire(found.travel_source),
            })
        })
        .await
    }
}
