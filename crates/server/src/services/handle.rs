//! What every unary method does: take the call, check the rules of the proto, run the use case to its end, map the error.

use std::future::Future;
use std::sync::Arc;

use tonic::{Request, Response, Status};

use super::{Rooms, Services};
use crate::convert::Check;
use crate::edge::{Call, detached};
use crate::status::{self, Failure};

/// The call that the gate admitted.
///
/// # Errors
/// An internal error if a method is reached around the gate.
pub(crate) fn admitted<T>(request: &Request<T>) -> Result<Call, Status> {
    let call = request.extensions().get::<Call>().cloned();
    call.ok_or_else(|| status::refused(&status::internal("no-gate"), domain::text::ServiceLanguage::En))
}

/// Answers one unary call. `work` gets the rooms, the call, the request, and the wrong fields found so far.
pub(crate) async fn unary<Req, Res, Work, Done>(
    services: &Services,
    request: Request<Req>,
    work: Work,
) -> Result<Response<Res>, Status>
where
    Req: proto::Validate + Send + 'static,
    Res: Send + 'static,
    Work: FnOnce(Arc<Rooms>, Call, Req, Check) -> Done + Send + 'static,
    Done: Future<Output = Result<Res, Failure>> + Send + 'static,
{
    let call = admitted(&request)?;
    let rooms = Arc::clone(&services.rooms);
    let body = request.into_inner();
    let inner = call.clone();
    let done = detached(&call, async move {
        let check = Check::of(&body);
        work(rooms, inner, body, check).await
    });
    done.await.map(Response::new).map_err(|failure| call.status(failure))
}
