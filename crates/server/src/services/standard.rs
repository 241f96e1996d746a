//! The standard methods Get, List, Create, Update and Delete, written once for every resource of the registry. A resource says in one
//! table (`standard!`) which messages are its own.

use std::future::Future;
use std::str::FromStr;

use domain::{NetworkId, Role, WriteContext};
use prost_types::FieldMask;
use registry::Resource;
use store::{Filter, PAGE_SIZE_MAX, Page, PageRequest};
use tonic::{Request, Response, Status};

use super::handle::unary;
use super::{Services, both_rounds};
use crate::convert::filter::{self, Term};
use crate::convert::request::{Paged, Write, version};
use crate::convert::{Check, Named, Noun, Target, View, mask, name, noun};
use crate::edge::Call;
use crate::status::Failure;

/// Most pages of the storage that one page of a filtered list looks through.
const ROUNDS_MAX: usize = 20;

/// A request for one resource.
pub(crate) trait GetOf<N: Noun>: proto::Validate + Send + 'static {
    type Answer: Send + 'static;
    fn name(&self) -> &str;
    fn answer(resource: N::Wire) -> Self::Answer;
}

/// A request for a page of resources.
pub(crate) trait ListOf<N: Noun>: Paged + proto::Validate + 'static {
    type Answer: Send + 'static;
    fn parent(&self) -> &str;
    fn filter(&self) -> &str;
    fn answer(resources: Vec<N::Wire>, next_page_token: String) -> Self::Answer;
}

/// A request to create a resource.
pub(crate) trait CreateOf<N: Noun>: Write + proto::Validate + 'static {
    type Answer: Send + 'static;
    /// The name of the field that holds the id.
    const ID_FIELD: &'static str;
    /// The network; none for networks themselves.
    fn parent(&self) -> Option<&str>;
    fn resource(&self) -> Option<&N::Wire>;
    fn id(&self) -> &str;
    fn answer(resource: N::Wire) -> Self::Answer;
}

/// A request to change a resource.
pub(crate) trait UpdateOf<N: Noun>: Write + proto::Validate + 'static {
    type Answer: Send + 'static;
    fn resource(&self) -> Option<&N::Wire>;
    fn mask(&self) -> Option<&FieldMask>;
    fn answer(resource: N::Wire) -> Self::Answer;
}

/// A request to delete a resource.
pub(crate) trait DeleteOf<N: Noun>: Write + proto::Validate + 'static {
    type Answer: Send + 'static;
    fn name(&self) -> &str;
    fn etag(&self) -> &str;
    fn answer() -> Self::Answer;
}

/// Says which messages are a resource's own.
macro_rules! standard {
    (
        $noun:ty, $one:ident, $many:ident, $id:ident;
        get $get:ty => $got:ident; list $list:ty => $listed:ident; create $create:ty => $created:ident;
        update $update:ty => $updated:ident; delete $delete:ty => $deleted:ident;
        parent $($parent:ident)?;
    ) => {
        impl $crate::services::standard::GetOf<$noun> for $get {
            type Answer = wire::$got;
            fn name(&self) -> &str { &self.name }
            fn answer(resource: <$noun as $crate::convert::Noun>::Wire) -> Self::Answer { wire::$got { $one: Some(resource) } }
        }
        impl $crate::services::standard::CreateOf<$noun> for $create {
            type Answer = wire::$created;
            const ID_FIELD: &'static str = stringify!($id);
            fn parent(&self) -> Option<&str> { let mut parent: Option<&str> = None; $(parent = parent.or(Some(&self.$parent));)? parent.take() }
            fn resource(&self) -> Option<&<$noun as $crate::convert::Noun>::Wire> { self.$one.as_ref() }
            fn id(&self) -> &str { &self.$id }
            fn answer(resource: <$noun as $crate::convert::Noun>::Wire) -> Self::Answer { wire::$created { $one: Some(resource) } }
        }
        impl $crate::services::standard::UpdateOf<$noun> for $update {
            type Answer = wire::$updated;
            fn resource(&self) -> Option<&<$noun as $crate::convert::Noun>::Wire> { self.$one.as_ref() }
            fn mask(&self) -> Option<&prost_types::FieldMask> { self.update_mask.as_ref() }
            fn answer(resource: <$noun as $crate::convert::Noun>::Wire) -> Self::Answer { wire::$updated { $one: Some(resource) } }
        }
        impl $crate::services::standard::DeleteOf<$noun> for $delete {
            type Answer = wire::$deleted;
            fn name(&self) -> &str { &self.name }
            fn etag(&self) -> &str { &self.etag }
            fn answer() -> Self::Answer { wire::$deleted {} }
        }
        $(
            impl $crate::services::standard::ListOf<$noun> for $list {
                type Answer = wire::$listed;
                fn parent(&self) -> &str { &self.$parent }
                fn filter(&self) -> &str { &self.filter }
                fn answer(resources: Vec<<$noun as $crate::convert::Noun>::Wire>, next_page_token: String) -> Self::Answer {
                    wire::$listed { $many: resources, next_page_token }
                }
            }
        )?
    };
}
pub(crate) use standard;

/// How much of one resource a call may be shown.
pub(crate) fn view_one<N: Noun>(call: &Call) -> View {
    if N::PERSON { View::one(call.personal_data) } else { organisation(call) }
}

/// How much of many resources a call may be shown.
pub(crate) fn view_many<N: Noun>(call: &Call) -> View {
    if N::PERSON { View::many(call.personal_data) } else { organisation(call) }
}

fn organisation(call: &Call) -> View {
    if call.scope.role() == Role::Ops { View::Bare } else { View::Full }
}

/// Reads the name of a resource of any collection.
fn named<N: Noun>(text: &str, field: &str, check: &mut Check) -> Option<Named<N::Id>>
where
    N::Id: FromStr,
{
    let parts: Vec<&str> = text.split('/').collect();
    let found = match parts[..] {
        ["networks", network] if N::COLLECTION == "networks" => {
            network.parse().ok().zip(network.parse().ok()).map(|(network, id)| Named { network, id })
        }
        ["networks", network, collection, id] if collection == N::COLLECTION => {
            network.parse().ok().zip(id.parse().ok()).map(|(network, id)| Named { network, id })
        }
        _ => None,
    };
    check.take(field, found.ok_or("must be the name of such a resource"))
}

/// The id that the caller chose, or a new one.
pub(crate) fn chosen_id<I: FromStr>(check: &mut Check, field: &str, text: &str) -> Option<I> {
    let made;
    let text = if text.is_empty() {
        made = uuid::Uuid::now_v7().hyphenated().to_string();
        &made
    } else {
        text
    };
    check.take(field, text.parse().map_err(|_| domain::id::IdError))
}

/// Get.
pub(crate) async fn get<N, Req>(services: &Services, request: Request<Req>) -> Result<Response<Req::Answer>, Status>
where
    N: Noun + Resource,
    N::Id: FromStr,
    Req: GetOf<N>,
{
    unary(services, request, |rooms, call, request, mut check| async move {
        let named = named::<N>(request.name(), "name", &mut check);
        let named = check.finish(named)?;
        let found = rooms.registry.get::<N>(&call.scope, &named.network, &named.id).await?;
        Ok(Req::answer(found.show(view_one::<N>(&call))))
    })
    .await
}

/// List.
pub(crate) async fn list<N, Req>(services: &Services, request: Request<Req>) -> Result<Response<Req::Answer>, Status>
where
    N: Noun + Resource,
    Req: ListOf<N>,
{
    unary(services, request, |rooms, call, request, mut check| async move {
        let network = check.take("parent", name::network(request.parent()));
        let picked = network.as_ref().and_then(|network| pick::<N>(request.filter(), network, &mut check));
        let (network, (terms, filter)) = check.finish(network.zip(picked))?;
        let (binding, page) = request.page(call.method)?;
        let (registry, scope) = (&rooms.registry, &call.scope);
        let (network, filter) = (&network, &filter);
        let fetch = |page| async move { registry.list::<N>(scope, network, filter, &page).await };
        let found = filtered(page, &terms, fetch).await?;
        let view = view_many::<N>(&call);
        let wires = found.items.iter().map(|item| item.show(view)).collect();
        Ok(Req::answer(wires, binding.token(found.next.as_deref())))
    })
    .await
}

/// Create.
pub(crate) async fn create<N, Req>(services: &Services, request: Request<Req>) -> Result<Response<Req::Answer>, Status>
where
    N: Noun + Resource,
    N::Id: FromStr,
    Req: CreateOf<N>,
{
    unary(services, request, |rooms, call, request, mut check| async move {
        let id: Option<N::Id> = chosen_id(&mut check, Req::ID_FIELD, request.id());
        let network = match request.parent() {
            Some(parent) => check.take("parent", name::network(parent)),
            None => id.as_ref().and_then(|id| NetworkId::new(store::DocumentId::as_str(id)).ok()),
        };
        let given = check.required(N::TABLE, request.resource());
        let read = match (given, &network, id) {
            (Some(given), Some(network), Some(id)) => {
                N::read(given, &Target { network, id, current: None, now: call.now }, &mut check)
            }
            _ => None,
        };
        let ctx = call.write(request.key(), request.validate_only());
        let registry = &rooms.registry;
        let create = async |ctx: &WriteContext, resource: N| {
            registry.create(ctx, resource).await.map_err(|error| on_the_wire::<N>(error.into()))
        };
        let resource = both_rounds::checked(check, read, &ctx, create).await?;
        let stored = create(&ctx, resource).await?;
        Ok(Req::answer(stored.show(view_one::<N>(&call))))
    })
    .await
}

/// Update.
pub(crate) async fn update<N, Req>(services: &Services, request: Request<Req>) -> Result<Response<Req::Answer>, Status>
where
    N: Noun + Resource,
    N::Id: FromStr,
    Req: UpdateOf<N>,
{
    unary(services, request, |rooms, call, request, mut check| async move {
        let given = check.required(N::TABLE, request.resource());
        let named =
            given.and_then(|given| named::<N>(N::resource_name(given), &format!("{}.name", N::TABLE), &mut check));
        let (given, named) = check.finish(given.zip(named))?;
        let ctx = call.write(request.key(), request.validate_only()).if_version(version(N::etag(given)));
        let (mask, id, now) = (request.mask(), named.id.clone(), call.now);
        let change = |stored: &mut N| {
            *stored = merged(stored, given, mask, id, now)?;
            Ok(())
        };
        let stored = rooms.registry.modify(&ctx, &named.network, &named.id, change).await;
        let stored = stored.map_err(|error| on_the_wire::<N>(error.into()))?;
        Ok(Req::answer(stored.show(view_one::<N>(&call))))
    })
    .await
}

/// Delete.
pub(crate) async fn delete<N, Req>(services: &Services, request: Request<Req>) -> Result<Response<Req::Answer>, Status>
where
    N: Noun + Resource,
    N::Id: FromStr,
    Req: DeleteOf<N>,
{
    unary(services, request, |rooms, call, request, mut check| async move {
        let named = named::<N>(request.name(), "name", &mut check);
        let named = check.finish(named)?;
        let ctx = call.write(request.key(), request.validate_only()).if_version(version(request.etag()));
        rooms.registry.delete::<N>(&ctx, &named.network, &named.id).await?;
        Ok(Req::answer())
    })
    .await
}

/// What stands, changed by the masked fields of what is given.
pub(crate) fn merged<N: Noun>(
    stored: &N,
    given: &N::Wire,
    mask: Option<&FieldMask>,
    id: N::Id,
    now: domain::Timestamp,
) -> Result<N, domain::Refusal> {
    let mut check = Check::default();
    let current = stored.show(View::Full);
    let target = Target { network: stored.network(), id, current: Some(stored), now };
    let read = mask::merge(N::MESSAGE, &current, given, mask, &mut check)
        .and_then(|merged| N::read(&merged, &target, &mut check));
    check.finish(read)
}

/// A failure with the fields named as on the wire.
pub(crate) fn on_the_wire<N: Noun>(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) => Failure::Refused(noun::renamed::<N>(refusal)),
        other => other,
    }
}

/// The terms of a filter, and what of them the storage can do.
pub(crate) fn pick<N: Noun>(text: &str, network: &NetworkId, check: &mut Check) -> Option<(Vec<Term>, Filter)> {
    let mut filter = Filter::any();
    let terms = check.take("filter", filter::terms(text))?;
    for term in &terms {
        check.take("filter", N::narrow(term, network, &mut filter))?;
    }
    Some((terms, filter))
}

/// One page of what meets every term, read from as many pages of the storage as it takes, within bounds: a page may then be short
/// while its token leads on.
pub(crate) async fn filtered<N, E, Fetch, Fetched>(
    page: PageRequest,
    terms: &[Term],
    mut fetch: Fetch,
) -> Result<Page<N>, Failure>
where
    N: Noun,
    E: Into<Failure>,
    Fetch: FnMut(PageRequest) -> Fetched,
    Fetched: Future<Output = Result<Page<N>, E>>,
{
    if terms.is_empty() {
        return fetch(page).await.map_err(Into::into);
    }
    let wanted = page.rows() as usize;
    let mut found = Page { items: Vec::new(), next: page.after };
    for _ in 0..ROUNDS_MAX {
        let request = PageRequest { size: PAGE_SIZE_MAX, after: found.next.take() };
        let read = fetch(request).await.map_err(Into::into)?;
        let last = read.items.len().saturating_sub(1);
        for (at, item) in read.items.into_iter().enumerate() {
            if !terms.iter().all(|term| item.matches(term)) {
                continue;
            }
            let id = store::DocumentId::as_str(item.id()).to_owned();
            found.items.push(item);
            if found.items.len() == wanted {
                found.next = (at < last || read.next.is_some()).then_some(id);
                return Ok(found);
            }
        }
        found.next = read.next;
        if found.next.is_none() {
            break;
        }
    }
    Ok(found)
}
