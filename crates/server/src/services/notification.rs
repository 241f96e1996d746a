//! Notifications: what lies in the outbox.

use domain::{EventId, NetworkId};
use proto::notification::v1 as wire;
use proto::notification::v1::notification_service_server::NotificationService;
use store::OutboxState;
use tonic::{Request, Response, Status};

use super::Services;
use super::handle::unary;
use crate::convert::filter::{self, Term};
use crate::convert::request::Paged as _;
use crate::convert::{Check, name, notification as convert};

#[tonic::async_trait]
impl NotificationService for Services {
    async fn get_notification(
        &self,
        request: Request<wire::GetNotificationRequest>,
    ) -> Result<Response<wire::GetNotificationResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::within("notifications", &request.name));
            let (network, id): (NetworkId, EventId) = check.finish(named)?;
            let found = rooms.notification.get(&call.scope, &network, &id).await?;
            Ok(wire::GetNotificationResponse { notification: Some(convert::of(&found)) })
        })
        .await
    }

    async fn list_notifications(
        &self,
        request: Request<wire::ListNotificationsRequest>,
    ) -> Result<Response<wire::ListNotificationsResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let picked = pick(&request.filter, &mut check);
            let (network, (terms, state)) = check.finish(network.zip(picked))?;
            let (binding, page) = request.page(call.method)?;
            let state = match state {
                Wanted::Nothing => return Ok(wire::ListNotificationsResponse::default()),
                Wanted::Any => None,
                Wanted::In(state) => Some(state),
            };
            let found = rooms.notification.list(&call.scope, &network, state, &page).await?;
            let kept = found.items.iter().map(convert::of);
            let kept = kept.filter(|notification| terms.iter().all(|term| matches(notification, term)));
            Ok(wire::ListNotificationsResponse {
                notifications: kept.collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }
}

/// Which states a filter wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Any,
    In(OutboxState),
    Nothing,
}

fn pick(text: &str, check: &mut Check) -> Option<(Vec<Term>, Wanted)> {
    let codes = convert::STATES.map(|(code, _)| code);
    let mut wanted = Wanted::Any;
    let terms = check.take("filter", filter::terms(text))?;
    for term in &terms {
        let read = match term.field.as_str() {
            "state" => term.state(&codes).map(|code| {
                let state = convert::STATES.iter().find(|(known, _)| *known == code).and_then(|(_, state)| *state);
                wanted = state.map_or(Wanted::Nothing, Wanted::In);
            }),
            "recipient" | "subject" | "channel" => Ok(()),
            _ => Err(term.unknown()),
        };
        check.take("filter", read)?;
    }
    Some((terms, wanted))
}

fn matches(notification: &wire::Notification, term: &Term) -> bool {
    match term.field.as_str() {
        "recipient" => notification.recipient == term.value,
        "subject" => notification.subject == term.value,
        // No channel is decided yet.
        "channel" => false,
        _ => true,
    }
}
