//! The catalogue of kinds and skills.

use domain::{Kind, Skill};
use proto::registry::v1 as wire;
use proto::registry::v1::catalogue_service_server::CatalogueService;
use tonic::{Request, Response, Status};

use super::Services;
use super::standard::{self, standard};

standard! {
    Kind, kind, kinds, kind_id;
    get wire::GetKindRequest => GetKindResponse; list wire::ListKindsRequest => ListKindsResponse;
    create wire::CreateKindRequest => CreateKindResponse; update wire::UpdateKindRequest => UpdateKindResponse;
    delete wire::DeleteKindRequest => DeleteKindResponse; parent parent;
}

standard! {
    Skill, skill, skills, skill_id;
    get wire::GetSkillRequest => GetSkillResponse; list wire::ListSkillsRequest => ListSkillsResponse;
    create wire::CreateSkillRequest => CreateSkillResponse; update wire::UpdateSkillRequest => UpdateSkillResponse;
    delete wire::DeleteSkillRequest => DeleteSkillResponse; parent parent;
}

#[tonic::async_trait]
impl CatalogueService for Services {
    async fn get_kind(
        &self,
        request: Request<wire::GetKindRequest>,
    ) -> Result<Response<wire::GetKindResponse>, Status> {
        standard::get::<Kind, _>(self, request).await
    }

    async fn list_kinds(
        &self,
        request: Request<wire::ListKindsRequest>,
    ) -> Result<Response<wire::ListKindsResponse>, Status> {
        standard::list::<Kind, _>(self, request).await
    }

    async fn create_kind(
        &self,
        request: Request<wire::CreateKindRequest>,
    ) -> Result<Response<wire::CreateKindResponse>, Status> {
        standard::create::<Kind, _>(self, request).await
    }

    async fn update_kind(
        &self,
        request: Request<wire::UpdateKindRequest>,
    ) -> Result<Response<wire::UpdateKindResponse>, Status> {
        standard::update::<Kind, _>(self, request).await
    }

    async fn delete_kind(
        &self,
        request: Request<wire::DeleteKindRequest>,
    ) -> Result<Response<wire::DeleteKindResponse>, Status> {
        standard::delete::<Kind, _>(self, request).await
    }

    async fn get_skill(
        &self,
        request: Request<wire::GetSkillRequest>,
    ) -> Result<Response<wire::GetSkillResponse>, Status> {
        standard::get::<Skill, _>(self, request).await
    }

    async fn list_skills(
        &self,
        request: Request<wire::ListSkillsRequest>,
    ) -> Result<Response<wire::ListSkillsResponse>, Status> {
        standard::list::<Skill, _>(self, request).await
    }

    async fn create_skill(
        &self,
        request: Request<wire::CreateSkillRequest>,
    ) -> Result<Response<wire::CreateSkillResponse>, Status> {
        standard::create::<Skill, _>(self, request).await
    }

    async fn update_skill(
        &self,
        request: Request<wire::UpdateSkillRequest>,
    ) -> Result<Response<wire::UpdateSkillResponse>, Status> {
        standard::update::<Skill, _>(self, request).await
    }

    async fn delete_skill(
        &self,
        request: Request<wire::DeleteSkillRequest>,
    ) -> Result<Response<wire::DeleteSkillResponse>, Status> {
        standard::delete::<Skill, _>(self, request).await
    }
}
