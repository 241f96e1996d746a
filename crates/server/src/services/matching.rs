//! Quotes, explanations and plans.

use std::pin::Pin;

use dispatch::plans::{Applying, NewPlan, PlanWatch};
use dispatch::quote::QuoteFor;
use domain::plan::PlanState;
use domain::{GigId, NetworkId, Plan, PlanId, VolunteerId};
use proto::dispatch::v1 as wire;
use proto::dispatch::v1::matching_service_server::MatchingService;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use super::handle::{admitted, unary};
use super::{Rooms, Services, standard};
use crate::convert::explanation::{self, count};
use crate::convert::request::{Paged as _, Write as _, version};
use crate::convert::{Check, Choice as _, Named, choice, filter, gig, name, plan, time, window};
use crate::edge::{Call, detached};
use crate::status::{self, Failure};

/// Candidates of a quote when the caller says nothing.
const CANDIDATES_DEFAULT: usize = 10;
/// Most starts of a quote.
const STARTS_MAX: usize = 200;
/// Words on progress that wait for a slow caller.
const QUEUE: usize = 16;

#[tonic::async_trait]
impl MatchingService for Services {
    async fn quote_gig(
        &self,
        request: Request<wire::QuoteGigRequest>,
    ) -> Result<Response<wire::QuoteGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let asked = asked(&request, &mut check);
            let (network, what) = check.finish(asked)?;
            let is_stored = matches!(what, QuoteFor::Stored(_));
            let limit = usize::try_from(request.candidate_limit).ok().filter(|limit| *limit > 0);
            let limit = limit.unwrap_or(CANDIDATES_DEFAULT);
            let quote = rooms.dispatch.quote(&call.scope, &network, what, limit, call.now).await?;
            let who = call.scope.role().sees_volunteers();
            Ok(wire::QuoteGigResponse {
                candidates: quote.candidates.iter().map(|quoted| explanation::candidate(quoted, who)).collect(),
                feasible_starts: quote
                    .starts
                    .iter()
                    .take(STARTS_MAX)
                    .map(|at| wire::FeasibleStart {
                        start_time: Some(time::of(at.start)),
                        able_volunteers: count(at.able),
                        likelihood: at.likelihood.map_or(0, |class| class.wire()),
                    })
                    .collect(),
                considered_count: count(quote.considered),
                able_count: count(quote.able),
                travel_source: choice::wire(quote.travel_source),
                explanation: quote.explanation.as_ref().map(|found| {
                    let told = explanation::of(found, &network, who);
                    // What is only talked about has no name that anybody could ask for.
                    if is_stored { told } else { wire::Explanation { gig: String::new(), ..told } }
                }),
            })
        })
        .await
    }

    async fn explain_gig(
        &self,
        request: Request<wire::ExplainGigRequest>,
    ) -> Result<Response<wire::ExplainGigResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<GigId>(&request.name));
            let volunteer = named.as_ref().and_then(|named| {
                name::optional::<VolunteerId>(&mut check, "volunteer".to_owned(), &request.volunteer, &named.network)
            });
            let named = check.finish(named)?;
            let network = &named.network;
            let found = rooms.dispatch.explain(&call.scope, network, &named.id, volunteer.as_ref(), call.now).await?;
            let who = call.scope.role().sees_volunteers();
            Ok(wire::ExplainGigResponse {
                explanation: Some(explanation::ranked(&found, network, who)),
                verdict: found.why_not.as_ref().map(|why_not| explanation::verdict(why_not, network, who)),
                travel_source: choice::wire(found.travel_source),
            })
        })
        .await
    }

    async fn create_plan(
        &self,
        request: Request<wire::CreatePlanRequest>,
    ) -> Result<Response<wire::CreatePlanResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let new = new_plan(&request, &mut check);
            let new = check.finish(new)?;
            let ctx = call.write(request.key(), request.validate_only());
            let created = rooms.dispatch.create_plan(&ctx, new).await?;
            if !request.validate_only {
                measure(&rooms, &call, &created.plan);
            }
            Ok(wire::CreatePlanResponse { plan: Some(shown(&created.plan, &call)) })
        })
        .await
    }

    async fn get_plan(
        &self,
        request: Request<wire::GetPlanRequest>,
    ) -> Result<Response<wire::GetPlanResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<PlanId>(&request.name));
            let named = check.finish(named)?;
            let found = rooms.dispatch.get_plan(&call.scope, &named.network, &named.id).await?;
            Ok(wire::GetPlanResponse { plan: Some(shown(&found, &call)) })
        })
        .await
    }

    async fn list_plans(
        &self,
        request: Request<wire::ListPlansRequest>,
    ) -> Result<Response<wire::ListPlansResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let states = states(&mut check, &request.filter);
            let (network, states) = check.finish(network.zip(states))?;
            let (binding, page) = request.page(call.method)?;
            let found = rooms.dispatch.list_plans(&call.scope, &network, &states, &page).await?;
            Ok(wire::ListPlansResponse {
                plans: found.items.iter().map(|item| plan::of(item, false, false)).collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }

    type WatchPlanStream = Pin<Box<dyn tokio_stream::Stream<Item = Result<wire::WatchPlanResponse, Status>> + Send>>;

    async fn watch_plan(
        &self,
        request: Request<wire::WatchPlanRequest>,
    ) -> Result<Response<Self::WatchPlanStream>, Status> {
        let call = admitted(&request)?;
        let request = request.into_inner();
        let mut check = Check::of(&request);
        let named = check.take("name", name::resource::<PlanId>(&request.name));
        let named = check.finish(named).map_err(|refusal| status::refused(&refusal, call.language))?;
        let dispatch = self.rooms.dispatch.clone();
        let scope = call.scope.clone();
        let opened = detached(&call, async move { Ok(dispatch.watch_plan(&scope, &named.network, &named.id).await?) });
        let watch = opened.await.map_err(|failure| call.status(failure))?;
        let (tell, told) = mpsc::channel(QUEUE);
        tokio::spawn(tell_progress(watch, call, tell).in_current_span());
        Ok(Response::new(Box::pin(ReceiverStream::new(told))))
    }

    async fn apply_plan(
        &self,
        request: Request<wire::ApplyPlanRequest>,
    ) -> Result<Response<wire::ApplyPlanResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<PlanId>(&request.name));
            let named = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let how = if request.ask { Applying::Ask } else { Applying::Promise };
            let applied = rooms.dispatch.apply_plan(&ctx, &named.network, &named.id, how).await?;
            Ok(wire::ApplyPlanResponse {
                plan: Some(shown(&applied.plan, &call)),
                applied_count: count(applied.filled.saturating_add(applied.moved)),
                asked_count: count(applied.asked),
                asking_count: count(applied.begun),
                first_alone_until_time: applied.alone_until.map(|(first, _)| time::of(first)),
                last_alone_until_time: applied.alone_until.map(|(_, last)| time::of(last)),
            })
        })
        .await
    }

    async fn discard_plan(
        &self,
        request: Request<wire::DiscardPlanRequest>,
    ) -> Result<Response<wire::DiscardPlanResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::resource::<PlanId>(&request.name));
            let named: Named<PlanId> = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only()).if_version(version(&request.etag));
            let discarded = rooms.dispatch.discard_plan(&ctx, &named.network, &named.id).await?;
            Ok(wire::DiscardPlanResponse { plan: Some(shown(&discarded, &call)) })
        })
        .await
    }
}

fn shown(found: &Plan, call: &Call) -> wire::Plan {
    plan::of(found, true, call.scope.role().sees_volunteers())
}

/// The gig asked about: a stored one by name, or one that is only talked about.
fn asked(request: &wire::QuoteGigRequest, check: &mut Check) -> Option<(NetworkId, QuoteFor)> {
    if let Some(given) = &request.gig {
        let network = check.take("parent", name::network(&request.parent));
        let new = network.as_ref().and_then(|network| gig::read_new(given, network, None, check));
        return Some((network?, QuoteFor::Inline(Box::new(new?))));
    }
    let named = check.take("name", name::resource::<GigId>(&request.name))?;
    if !request.parent.is_empty() && request.parent != name::of_network(&named.network) {
        check.add("parent", "must be the gig's network");
    }
    Some((named.network, QuoteFor::Stored(named.id)))
}

fn new_plan(request: &wire::CreatePlanRequest, check: &mut Check) -> Option<NewPlan> {
    let network = check.take("parent", name::network(&request.parent));
    let id = standard::chosen_id::<PlanId>(check, "plan_id", &request.plan_id);
    let given = check.required("plan", request.plan.as_ref())?;
    let period = check.required("plan.period", given.period.as_ref());
    let period = period.and_then(|period| window::read(check, "plan.period", period));
    let budget = given.budget.as_ref().map_or(Some(0), |budget| time::millis(check, "plan.budget", budget));
    Some(NewPlan {
        network: network?,
        id: Some(id?),
        period: period?,
        budget_ms: budget?,
        seed: given.seed,
        allow_moving_promises: given.allow_moving_promises,
        promise_cost: given.promise_cost.and_then(|points| u32::try_from(points).ok()),
    })
}

fn states(check: &mut Check, text: &str) -> Option<Vec<PlanState>> {
    let all = [PlanState::Solving, PlanState::Ready, PlanState::Applied, PlanState::Discarded, PlanState::Failed];
    let codes = all.map(PlanState::code);
    let mut wanted = Vec::new();
    for term in &check.take("filter", filter::terms(text))? {
        let code = if term.field == "state" { term.choice(&codes) } else { Err(term.unknown()) };
        let code = check.take("filter", code)?;
        wanted.extend(all.into_iter().filter(|state| state.code() == code));
    }
    Some(wanted)
}

/// Tells how far a solve is, then the plan as it ended.
async fn tell_progress(mut watch: PlanWatch, call: Call, tell: mpsc::Sender<Result<wire::WatchPlanResponse, Status>>) {
    loop {
        let next = tokio::select! {
            biased;
            () = tell.closed() => return,
            next = watch.next() => next,
        };
        let message = match next {
            Ok(Some(plan)) if plan.state == PlanState::Solving => Ok(wire::WatchPlanResponse {
                progress: Some(wire::PlanProgress {
                    progress_permille: i32::from(plan.progress_permille),
                    stage: watch.progress().stage.to_owned(),
                    weight: i64::try_from(watch.progress().weight).unwrap_or(i64::MAX),
                    bound_weight: 0,
                }),
                plan: None,
            }),
            Ok(Some(plan)) => Ok(wire::WatchPlanResponse { progress: None, plan: Some(shown(&plan, &call)) }),
            Ok(None) => return,
            Err(error) => Err(call.status(Failure::from(error))),
        };
        let last = message.is_err();
        if tell.send(message).await.is_err() || last {
            return;
        }
    }
}

/// Follows a solve to its end, for the metrics and the log.
fn measure(rooms: &Rooms, call: &Call, plan: &Plan) {
    let (dispatch, scope, plan) = (rooms.dispatch.clone(), call.scope.clone(), plan.clone());
    let follow = async move {
        let Ok(mut watch) = dispatch.watch_plan(&scope, &plan.network, &plan.id).await else { return };
        let mut last = None;
        while let Ok(Some(seen)) = watch.next().await {
            last = Some(seen);
        }
        let Some(ended) = last else { return };
        let solve_ms = ended.outcome.as_ref().map(|outcome| outcome.solve_ms);
        if let Some(solve_ms) = solve_ms {
            metrics::histogram!("keikka_solve_duration_seconds").record(solve_ms as f64 / 1000.0);
        }
        tracing::info!(plan.id = %ended.id, plan.state = ended.state.code(), solve_ms, "plan ended");
    };
    tokio::spawn(follow.in_current_span());
}
