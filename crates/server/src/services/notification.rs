//! Notifications: what lies in the outbox.

use domain::{EventId, NetworkId};
use proto::notification::v1 as wire;
use proto::notification::v1::notification_service_server::NotificationService;
use tonic::{Request, Response, Status};

use super::Services;
use super::handle::unary;
use crate::convert::filter::{self, Term};
use crate::convert::request::{Paged as _, Write as _};
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
            let (network, (terms, states)) = check.finish(network.zip(picked))?;
            let (binding, page) = request.page(call.method)?;
            let found = rooms.notification.list(&call.scope, &network, states, &page).await?;
            let kept = found.items.iter().map(convert::of);
            let kept = kept.filter(|notification| terms.iter().all(|term| matches(notification, term)));
            Ok(wire::ListNotificationsResponse {
                notifications: kept.collect(),
                next_page_token: binding.token(found.next.as_deref()),
            })
        })
        .await
    }

    async fn retry_notification(
        &self,
        request: Request<wire::RetryNotificationRequest>,
    ) -> Result<Response<wire::RetryNotificationResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let named = check.take("name", name::within("notifications", &request.name));
            let (network, id): (NetworkId, EventId) = check.finish(named)?;
            let ctx = call.write(request.key(), request.validate_only());
            let retried = rooms.notification.retry(&ctx, &network, &id).await?;
            Ok(wire::RetryNotificationResponse { notification: Some(convert::of(&retried)) })
        })
        .await
    }

    async fn preview_notification(
        &self,
        request: Request<wire::PreviewNotificationRequest>,
    ) -> Result<Response<wire::PreviewNotificationResponse>, Status> {
        unary(self, request, |rooms, call, request, mut check| async move {
            let network = check.take("parent", name::network(&request.parent));
            let template = convert::template(&mut check, &request.template);
            let words = convert::words(&mut check, "texts", &request.texts);
            let (network, (template, words)) = check.finish(network.zip(template.zip(words)))?;
            let previews = rooms.notification.preview(&call.scope, &network, template, &words).await?;
            Ok(wire::PreviewNotificationResponse { previews: previews.iter().map(convert::preview).collect() })
        })
        .await
    }
}

/// What a filter may say of a channel.
const CHANNELS: [&str; 4] = ["sms", "email", "phone", "webhook"];

/// The terms of a filter, and the stored states that it wants: none for all.
fn pick(text: &str, check: &mut Check) -> Option<(Vec<Term>, &'static [&'static str])> {
    let codes = convert::STATES.map(|(code, _)| code);
    let mut wanted: &'static [&'static str] = &[];
    let terms = check.take("filter", filter::terms(text))?;
    for term in &terms {
        let read = match term.field.as_str() {
            "state" => term.choice(&codes).map(|code| {
                let states = convert::STATES.iter().find(|(known, _)| *known == code);
                wanted = states.map_or(&[], |(_, states)| states);
            }),
            "channel" => term.choice(&CHANNELS).map(drop),
            "recipient" | "subject" => Ok(()),
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
        "channel" => channel_name(notification).is_some_and(|code| code.eq_ignore_ascii_case(&term.code())),
        _ => true,
    }
}

/// The channel's name without its prefix: `SMS`; none while it is not decided.
fn channel_name(notification: &wire::Notification) -> Option<&'static str> {
    let channel = proto::r#type::v1::Channel::try_from(notification.channel).ok()?;
    channel.as_str_name().strip_prefix("CHANNEL_").filter(|name| *name != "UNSPECIFIED")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_channel_may_be_filtered_by() {
        let named = (1..).map_while(|channel| {
            let notification = wire::Notification { channel, ..Default::default() };
            channel_name(&notification).map(str::to_lowercase)
        });
        assert_eq!(named.collect::<Vec<_>>(), CHANNELS);
    }
}
