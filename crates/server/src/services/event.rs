//! What happens in a network, told as it happens.

use std::pin::Pin;
use std::time::Duration;

use dispatch::events::EventWatch;
use domain::{Reason, Refusal};
use proto::dispatch::v1 as wire;
use proto::dispatch::v1::event_service_server::EventService;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};
use tracing::Instrument as _;

use super::Services;
use super::handle::admitted;
use crate::convert::page::Binding;
use crate::convert::{Check, event};
use crate::edge::{Call, detached};
use crate::status::{self, Failure};

/// Messages that wait for a slow caller. Nothing else is kept: who is further behind is read for when they take more.
const QUEUE: usize = 16;
/// How long a caller may take nothing before the watch is given up, and with it their share of the server.
const STALL_TIME: Duration = Duration::from_secs(30);

type Message = Result<wire::WatchEventsResponse, Status>;

#[tonic::async_trait]
impl EventService for Services {
    type WatchEventsStream = Pin<Box<dyn tokio_stream::Stream<Item = Message> + Send>>;

    async fn watch_events(
        &self,
        request: Request<wire::WatchEventsRequest>,
    ) -> Result<Response<Self::WatchEventsStream>, Status> {
        let call = admitted(&request)?;
        let request = request.into_inner();
        let watched = event::watched(&request, Check::of(&request), call.method, call.now)
            .map_err(|refusal| status::refused(&refusal, call.language))?;
        let (dispatch, scope, binding) = (self.rooms.dispatch.clone(), call.scope.clone(), watched.binding);
        let opened = detached(&call, async move {
            let event::Watched { network, filter, begin, silence, .. } = watched;
            Ok(dispatch.watch_events(&scope, &network, filter, begin, silence).await?)
        });
        let watch = opened.await.map_err(|failure| call.status(failure))?;
        // One place more, for the word that the watch was given up.
        let (tell, told) = mpsc::channel(QUEUE + 1);
        tokio::spawn(tell_events(watch, binding, call, tell).in_current_span());
        Ok(Response::new(Box::pin(ReceiverStream::new(told))))
    }
}

/// Tells each event as the caller takes it, until they go away, take nothing for too long, or the store fails.
async fn tell_events(mut watch: EventWatch, binding: Binding, call: Call, tell: mpsc::Sender<Message>) {
    let Ok(last_word) = tell.clone().reserve_owned().await else { return };
    loop {
        let next = tokio::select! {
            biased;
            () = tell.closed() => return,
            next = watch.next() => next,
        };
        let message = match next {
            Ok(told) => event::told(&told, binding),
            Err(error) => {
                last_word.send(Err(call.status(Failure::from(error))));
                return;
            }
        };
        match tokio::time::timeout(STALL_TIME, tell.send(Ok(message))).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return,
            Err(_) => {
                tracing::info!("a watch was given up: its reader took nothing for too long");
                let detail = "nothing was read for too long: go on from the last resume token";
                let refusal = Refusal::new(Reason::LimitReached, detail).with("retry_s", 1);
                last_word.send(Err(status::refused(&refusal, call.language)));
                return;
            }
        }
    }
}
