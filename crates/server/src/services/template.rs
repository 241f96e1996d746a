//! Templates: what a network says in its own words.

use ::notification::{WordChange, Words};
use domain::NetworkId;
use proto::notification::v1 as wire;
use proto::notification::v1::template_service_server::TemplateService;
use store::{PAGE_SIZE_MAX, PageRequest};
use tonic::{Request, Response, Status};

use super::Services;
use super::handle::unary;
use crate::convert::request::{Paged as _, Write as _, version};
use crate::convert::{Check, name, notification, template as convert};

/// Where the texts of an update stand.
const TEXTS: &str = "template.texts";

#[tonic::async_trait]
impl TemplateService for Services {
    async fn get_template(
        &self,
        request: Request<wire::GetTemplateRequest>,
    ) -> Result<Response<wire::GetTemplateResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", convert::named(&request.name));
            let (network, slug) = check.finish(named)?;
            call.scope.admit(&network)?;
            let template = convert::known(&network, &slug)?;
            let found = rooms.notification.wording(&call.scope, &network, template).await?;
            Ok(wire::GetTemplateResponse { template: Some(convert::whole(&network, &found)) })
        })
        .await
    }

    async fn list_templates(
        &self,
        request: Request<wire::ListTemplatesRequest>,
    ) -> Result<Response<wire::ListTemplatesResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let network = check.finish(network)?;
            let (binding, page) = request.page(call.method)?;
            let mut all = rooms.notification.wordings(&call.scope, &network).await?;
            all.sort_by_key(|wording| wording.template.slug());
            all.retain(|wording| page.after.as_ref().is_none_or(|after| wording.template.slug() > *after));
            let more = all.len() > rows(&page);
            all.truncate(rows(&page));
            let next = all.last().filter(|_| more).map(|wording| wording.template.slug());
            Ok(wire::ListTemplatesResponse {
                templates: all.iter().map(|wording| convert::of(&network, wording)).collect(),
                next_page_token: binding.token(next.as_deref()),
            })
        })
        .await
    }

    async fn update_template(
        &self,
        request: Request<wire::UpdateTemplateRequest>,
    ) -> Result<Response<wire::UpdateTemplateResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let given = check.required("template", request.template.as_ref()).cloned().unwrap_or_default();
            let named = request.template.is_some().then(|| check.take("template.name", convert::named(&given.name)));
            let words = replaced(&request, &given, &mut check);
            let ((network, slug), words) = check.finish(named.flatten().zip(words))?;
            call.scope.admit(&network)?;
            let template = convert::known(&network, &slug)?;
            let found = match words {
                Some(words) => {
                    let ctx = call.write(request.key(), request.validate_only()).if_version(version(&given.etag));
                    let change = WordChange::Replace(words);
                    rooms.notification.change_words(&ctx, &network, template, &change, TEXTS).await?
                }
                None => rooms.notification.wording(&call.scope, &network, template).await?,
            };
            Ok(wire::UpdateTemplateResponse { template: Some(convert::whole(&network, &found)) })
        })
        .await
    }

    async fn reset_template(
        &self,
        request: Request<wire::ResetTemplateRequest>,
    ) -> Result<Response<wire::ResetTemplateResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", convert::named(&request.name));
            let part = (!request.part.is_empty())
                .then(|| notification::part(&mut check, "part".to_owned(), &request.part))
                .flatten();
            let language = (!request.language.is_empty())
                .then(|| notification::language(&mut check, "language".to_owned(), &request.language))
                .flatten();
            let (network, slug): (NetworkId, String) = check.finish(named)?;
            call.scope.admit(&network)?;
            let template = convert::known(&network, &slug)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let change = WordChange::Forget(part, language);
            let found = rooms.notification.change_words(&ctx, &network, template, &change, TEXTS).await?;
            Ok(wire::ResetTemplateResponse { template: Some(convert::whole(&network, &found)) })
        })
        .await
    }
}

fn rows(page: &PageRequest) -> usize {
    page.rows().min(PAGE_SIZE_MAX) as usize
}

/// The words that an update puts in the place of all others; the inner none if it changes nothing.
fn replaced(
    request: &wire::UpdateTemplateRequest,
    given: &wire::Template,
    check: &mut Check,
) -> Option<Option<Vec<Words>>> {
    let paths = request.update_mask.as_ref().map_or(&[][..], |mask| mask.paths.as_slice());
    if paths.iter().any(|path| !matches!(path.as_str(), "texts" | "*")) {
        check.add("update_mask", "may name texts only: nothing else of a template can be changed");
        return None;
    }
    if paths.is_empty() && given.texts.is_empty() {
        return Some(None);
    }
    notification::words(check, TEXTS, &given.texts).map(Some)
}
