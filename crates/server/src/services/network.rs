//! Networks. A network has no parent: its list is of all that the caller reaches.

use domain::Network;
use proto::registry::v1 as wire;
use proto::registry::v1::network_service_server::NetworkService;
use tonic::{Request, Response, Status};

use super::Services;
use super::handle::unary;
use super::standard::{self, standard};
use crate::convert::Noun as _;
use crate::convert::request::Paged as _;

standard! {
    Network, network, networks, network_id;
    get wire::GetNetworkRequest => GetNetworkResponse; list wire::ListNetworksRequest => ListNetworksResponse;
    create wire::CreateNetworkRequest => CreateNetworkResponse; update wire::UpdateNetworkRequest => UpdateNetworkResponse;
    delete wire::DeleteNetworkRequest => DeleteNetworkResponse; parent ;
}

#[tonic::async_trait]
impl NetworkService for Services {
    async fn get_network(
        &self,
        request: Request<wire::GetNetworkRequest>,
    ) -> Result<Response<wire::GetNetworkResponse>, Status> {
        standard::get::<Network, _>(self, request).await
    }

    async fn create_network(
        &self,
        request: Request<wire::CreateNetworkRequest>,
    ) -> Result<Response<wire::CreateNetworkResponse>, Status> {
        standard::create::<Network, _>(self, request).await
    }

    async fn update_network(
        &self,
        request: Request<wire::UpdateNetworkRequest>,
    ) -> Result<Response<wire::UpdateNetworkResponse>, Status> {
        standard::update::<Network, _>(self, request).await
    }

    async fn delete_network(
        &self,
        request: Request<wire::DeleteNetworkRequest>,
    ) -> Result<Response<wire::DeleteNetworkResponse>, Status> {
        standard::delete::<Network, _>(self, request).await
    }

    async fn list_networks(
        &self,
        request: Request<wire::ListNetworksRequest>,
    ) -> Result<Response<wire::ListNetworksResponse>, Status> {
        unary(self, request, |rooms, call, request, check| async move {
            check.finish(Some(()))?;
            let (binding, page) = request.page(call.method)?;
            let found = rooms.registry.networks(&call.scope, &page).await?;
            let view = standard::view_many::<Network>(&call);
            Ok(wire::ListNetworksResponse {
                networks: found.items.iter().map(|network| network.show(view)).collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }
}
