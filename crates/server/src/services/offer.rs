//! Offers to volunteers and their answers.

use dispatch::asking::NewAsking;
use dispatch::offers::{NewOffer, Whose};
use domain::asking::AskingPolicy;
use domain::offer::OfferState;
use domain::{GigId, NetworkId, Offer, OfferId, Timestamp, VolunteerId};
use jiff::SignedDuration;
use proto::dispatch::v1 as wire;
use proto::dispatch::v1::offer_service_server::OfferService;
use store::Filter;
use tonic::{Request, Response, Status};

use super::handle::unary;
use super::{Rooms, Services, standard};
use crate::convert::filter::{self, Term};
use crate::convert::request::{Paged as _, Write as _, version};
use crate::convert::{Check, Named, choice, gig, name, offer, time};
use crate::edge::Call;
use crate::status::Failure;

/// How long an offer is open when the caller says nothing; never past the start.
const LEASE: SignedDuration = SignedDuration::from_hours(24);

#[tonic::async_trait]
impl OfferService for Services {
    async fn create_offer(
        &self,
        request: Request<wire::CreateOfferRequest>,
    ) -> Result<Response<wire::CreateOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let new = read(&request, &mut check, call.now);
            let new = check.finish(new)?;
            let ctx = call.write(request.key(), request.validate_only());
            let made = rooms.dispatch.make_offer(&ctx, new).await?;
            Ok(wire::CreateOfferResponse { offer: Some(offer::of(&made)) })
        })
        .await
    }

    async fn get_offer(
        &self,
        request: Request<wire::GetOfferRequest>,
    ) -> Result<Response<wire::GetOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let named = check.finish(named)?;
            Ok(wire::GetOfferResponse { offer: Some(stored(&rooms, &call, &named).await?) })
        })
        .await
    }

    async fn list_offers(
        &self,
        request: Request<wire::ListOffersRequest>,
    ) -> Result<Response<wire::ListOffersResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let picked = network.as_ref().and_then(|network| pick(&request.filter, network, &mut check));
            let (network, (terms, filter)) = check.finish(network.zip(picked))?;
            let (binding, page) = request.page(call.method)?;
            let (mut gig, mut volunteer): (Option<GigId>, Option<VolunteerId>) = (None, None);
            for term in &terms {
                match term.field.as_str() {
                    "gig" => gig = term.reference(&network).ok(),
                    "volunteer" => volunteer = term.reference(&network).ok(),
                    _ => {}
                }
            }
            let whose = Whose { gig: gig.as_ref(), volunteer: volunteer.as_ref() };
            let mut found = rooms.dispatch.list_offers_of(&call.scope, &network, whose, &filter, &page).await?;
            found.items.retain(|offer| terms.iter().all(|term| matches(offer, term)));
            Ok(wire::ListOffersResponse {
                offers: found.items.iter().map(offer::of).collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }

    async fn accept_offer(
        &self,
        request: Request<wire::AcceptOfferRequest>,
    ) -> Result<Response<wire::AcceptOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let done = rooms.dispatch.accept_offer(&ctx, &named.network, &named.id).await?;
            Ok(wire::AcceptOfferResponse {
                offer: Some(offer::of(&done.offer)),
                assignment: done.taken().map(gig::assignment),
            })
        })
        .await
    }

    async fn decline_offer(
        &self,
        request: Request<wire::DeclineOfferRequest>,
    ) -> Result<Response<wire::DeclineOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let no = offer::decline(&mut check, &request);
            let (named, no) = check.finish(named.zip(no))?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let declined = rooms.dispatch.decline_offer(&ctx, &named.network, &named.id, no).await?;
            Ok(wire::DeclineOfferResponse { offer: Some(offer::of(&declined)) })
        })
        .await
    }

    async fn withdraw_offer(
        &self,
        request: Request<wire::WithdrawOfferRequest>,
    ) -> Result<Response<wire::WithdrawOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let withdrawn = rooms.dispatch.withdraw_offer(&ctx, &named.network, &named.id).await?;
            Ok(wire::WithdrawOfferResponse { offer: Some(offer::of(&withdrawn)) })
        })
        .await
    }

    async fn undo_offer(
        &self,
        request: Request<wire::UndoOfferRequest>,
    ) -> Result<Response<wire::UndoOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let undone = rooms.dispatch.undo_offer(&ctx, &named.network, &named.id).await?;
            Ok(wire::UndoOfferResponse { offer: Some(offer::of(&undone)) })
        })
        .await
    }

    async fn stand_by_offer(
        &self,
        request: Request<wire::StandByOfferRequest>,
    ) -> Result<Response<wire::StandByOfferResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = named(&request.name, &mut check);
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let standing = rooms.dispatch.stand_by(&ctx, &named.network, &named.id).await?;
            Ok(wire::StandByOfferResponse { offer: Some(offer::of(&standing)) })
        })
        .await
    }

    async fn start_asking(
        &self,
        request: Request<wire::StartAskingRequest>,
    ) -> Result<Response<wire::StartAskingResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let gig: Option<Named<GigId>> = check.take("gig", name::resource(&request.gig));
            let policy: Option<AskingPolicy> = choice::optional(&mut check, "policy", request.policy);
            let start = time::optional(&mut check, "start_time", request.start_time.as_ref());
            let deadline = time::optional(&mut check, "deadline_time", request.deadline_time.as_ref());
            let gig = check.finish(gig)?;
            let ctx = call.write(request.key(), request.validate_only());
            let policy = policy.unwrap_or_default();
            let replaces = request.replace;
            let new = NewAsking { network: gig.network, gig: gig.id, policy, start, deadline, replaces };
            let begun = rooms.dispatch.start_asking(&ctx, new).await?;
            Ok(wire::StartAskingResponse {
                asking: Some(offer::asking(&begun.asking)),
                withdrawn_count: i32::try_from(begun.withdrawn).unwrap_or(i32::MAX),
            })
        })
        .await
    }

    async fn stop_asking(
        &self,
        request: Request<wire::StopAskingRequest>,
    ) -> Result<Response<wire::StopAskingResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let gig: Option<Named<GigId>> = check.take("gig", name::resource(&request.gig));
            let gig = check.finish(gig)?;
            let ctx = call.write(request.key(), request.validate_only());
            let asking = rooms.dispatch.stop_asking(&ctx, &gig.network, &gig.id).await?;
            Ok(wire::StopAskingResponse { asking: Some(offer::asking(&asking)) })
        })
        .await
    }

    async fn get_asking(
        &self,
        request: Request<wire::GetAskingRequest>,
    ) -> Result<Response<wire::GetAskingResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let gig: Option<Named<GigId>> = check.take("gig", name::resource(&request.gig));
            let gig = check.finish(gig)?;
            let asking = rooms.dispatch.get_asking(&call.scope, &gig.network, &gig.id).await?;
            let outlook = rooms.dispatch.asking_outlook(&call.scope, &gig.network, &gig.id, call.now).await?;
            Ok(wire::GetAskingResponse {
                asking: Some(offer::asking(&asking)),
                outlook: outlook.as_ref().map(offer::outlook),
            })
        })
        .await
    }
}

fn named(text: &str, check: &mut Check) -> Option<Named<OfferId>> {
    check.take("name", name::resource(text))
}

async fn stored(rooms: &Rooms, call: &Call, named: &Named<OfferId>) -> Result<wire::Offer, Failure> {
    let found = rooms.dispatch.get_offer(&call.scope, &named.network, &named.id).await?;
    Ok(offer::of(&found))
}

fn read(request: &wire::CreateOfferRequest, check: &mut Check, now: Timestamp) -> Option<NewOffer> {
    let network = check.take("parent", name::network(&request.parent));
    let id = standard::chosen_id::<OfferId>(check, "offer_id", &request.offer_id);
    let given = check.required("offer", request.offer.as_ref())?;
    let network = network?;
    let gig = check.take("offer.gig", name::reference::<GigId>(&given.gig, &network));
    let volunteer = check.take("offer.volunteer", name::reference::<VolunteerId>(&given.volunteer, &network));
    let slot = check.take("offer.slot", u8::try_from(given.slot).map_err(|_| "must be 0 or 1"));
    let start = check.required("offer.start_time", given.start_time.as_ref());
    let start = start.and_then(|start| time::instant(check, "offer.start_time", start));
    let lease_end = start.map(|start| now.checked_add(LEASE).unwrap_or(start).min(start));
    let expire_time = match given.expire_time.as_ref() {
        Some(expire) => time::instant(check, "offer.expire_time", expire),
        None => lease_end,
    };
    Some(NewOffer {
        network,
        id: Some(id?),
        gig: gig?,
        slot: slot?,
        volunteer: volunteer?,
        start: Some(start?),
        expire_time: expire_time?,
    })
}

fn pick(text: &str, network: &NetworkId, check: &mut Check) -> Option<(Vec<Term>, Filter)> {
    let codes = OfferState::ALL.map(OfferState::code);
    let mut filter = Filter::any();
    let terms = check.take("filter", filter::terms(text))?;
    for term in &terms {
        let read = match term.field.as_str() {
            "state" => term.choice(&codes).map(|code| filter.states.push(code)),
            "gig" => term.reference::<GigId>(network).map(drop),
            "volunteer" => term.reference::<VolunteerId>(network).map(drop),
            _ => Err(term.unknown()),
        };
        check.take("filter", read)?;
    }
    Some((terms, filter))
}

/// Whether an offer meets a term that names a gig or a volunteer.
fn matches(offer: &Offer, term: &Term) -> bool {
    match term.field.as_str() {
        "gig" => term.reference(&offer.network).is_ok_and(|gig: GigId| gig == offer.gig),
        "volunteer" => term.reference(&offer.network).is_ok_and(|id: VolunteerId| id == offer.volunteer),
        _ => true,
    }
}
