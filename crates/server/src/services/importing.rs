//! Imports: a header and chunks of a file come in; progress, problems and one summary go out. Nothing is half-imported.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use domain::sheet::{Sheet, SheetProblem};
use domain::{NetworkId, Reason, Refusal, RequestKey, WriteContext};
use proto::dispatch::v1 as dispatch;
use proto::registry::v1 as registry;
use proto::r#type::v1 as wire;
use sha2::{Digest, Sha256};
use store::import::ImportOutcome;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};
use tracing::Instrument as _;

use super::handle::admitted;
use super::{Rooms, Services};
use crate::convert::{Check, name};
use crate::edge::Call;
use crate::status::{self, Failure};

/// Largest file, in bytes.
const FILE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Answers that wait for a slow caller.
const QUEUE: usize = 64;
/// Rows between two words on progress.
const PROGRESS_ROWS: usize = 50;

/// The stream of answers.
pub(crate) type Told<T> = Pin<Box<dyn tokio_stream::Stream<Item = Result<T, Status>> + Send>>;

/// A message of an import's request: a header or a chunk.
pub(crate) trait Part: proto::Validate + Send + 'static {
    /// The header, in the first message.
    fn header(&self) -> Option<&wire::ImportHeader>;
    /// The next piece of the file.
    fn chunk(&self) -> &[u8];
}

/// A message of an import's answer.
pub(crate) trait Event: Send + 'static {
    fn progress(progress: wire::ImportProgress) -> Self;
    fn problem(problem: wire::ImportProblem) -> Self;
    fn summary(summary: wire::ImportSummary) -> Self;
}

macro_rules! imports {
    ($($request:ty => $response:ty, $event:path;)*) => {$(
        impl Part for $request {
            fn header(&self) -> Option<&wire::ImportHeader> { self.header.as_ref() }
            fn chunk(&self) -> &[u8] { &self.chunk }
        }
        impl Event for $response {
            fn progress(progress: wire::ImportProgress) -> Self {
                use $event as E;
                Self { event: Some(E::Progress(progress)) }
            }
            fn problem(problem: wire::ImportProblem) -> Self {
                use $event as E;
                Self { event: Some(E::Problem(problem)) }
            }
            fn summary(summary: wire::ImportSummary) -> Self {
                use $event as E;
                Self { event: Some(E::Summary(summary)) }
            }
        }
    )*};
}

imports! {
    registry::ImportVolunteersRequest => registry::ImportVolunteersResponse, registry::import_volunteers_response::Event;
    registry::ImportSeekersRequest => registry::ImportSeekersResponse, registry::import_seekers_response::Event;
    dispatch::ImportGigsRequest => dispatch::ImportGigsResponse, dispatch::import_gigs_response::Event;
}

/// Where a use case tells how far it is.
pub(crate) type Progress = Box<dyn FnMut(usize, usize) + Send>;

/// A file that has come in whole.
struct Upload {
    network: NetworkId,
    file_name: String,
    bytes: Vec<u8>,
    ctx: WriteContext,
}

/// Answers one import. `work` stores the sheet.
pub(crate) async fn import<Req, Res, Work, Done>(
    services: &Services,
    request: Request<Streaming<Req>>,
    work: Work,
) -> Result<Response<Told<Res>>, Status>
where
    Req: Part,
    Res: Event,
    Work: FnOnce(Arc<Rooms>, WriteContext, NetworkId, Sheet, Progress) -> Done + Send + 'static,
    Done: Future<Output = Result<ImportOutcome, Failure>> + Send + 'static,
{
    let call = admitted(&request)?;
    let rooms = Arc::clone(&services.rooms);
    let parts = request.into_inner();
    let (tell, told) = mpsc::channel::<Result<Res, Status>>(QUEUE);
    let last_word = (call.clone(), tell.clone());
    let task = async move {
        if let Err(status) = run(&call, rooms, parts, work, &tell).await {
            // The caller may be gone; then nobody is left to be told.
            let _ = tell.send(Err(status)).await;
        }
    };
    // Without a last word, a panic would look like the end of a stream that went well.
    let watched = async move {
        let (call, tell) = last_word;
        if tokio::spawn(task.in_current_span()).await.is_err() {
            let _ = tell.send(Err(call.status(Failure::Fault("an import panicked")))).await;
        }
    };
    tokio::spawn(watched.in_current_span());
    Ok(Response::new(Box::pin(ReceiverStream::new(told))))
}

async fn run<Req, Res, Work, Done>(
    call: &Call,
    rooms: Arc<Rooms>,
    mut parts: Streaming<Req>,
    work: Work,
    tell: &mpsc::Sender<Result<Res, Status>>,
) -> Result<(), Status>
where
    Req: Part,
    Res: Event,
    Work: FnOnce(Arc<Rooms>, WriteContext, NetworkId, Sheet, Progress) -> Done + Send + 'static,
    Done: Future<Output = Result<ImportOutcome, Failure>> + Send + 'static,
{
    let upload = receive(call, &mut parts).await?;
    let Upload { network, file_name, bytes, ctx } = upload;
    let read = tokio::task::spawn_blocking(move || crate::sheet::read(&file_name, &bytes)).await;
    let read = read.map_err(|_| call.status(Failure::Fault("reading a sheet panicked")))?;
    let validate_only = ctx.validate_only;
    let outcome = match read {
        Ok(sheet) => {
            let progress = progress(tell.clone());
            work(rooms, ctx, network, sheet, progress).await.map_err(|failure| call.status(failure))?
        }
        Err(problems) => ImportOutcome { problems_total: problems.len(), problems, ..ImportOutcome::default() },
    };
    report(outcome, validate_only, tell).await;
    Ok(())
}

/// Takes the file in: the header first, then chunks up to the limit.
async fn receive<Req: Part>(call: &Call, parts: &mut Streaming<Req>) -> Result<Upload, Status> {
    let refuse = |refusal: Refusal| status::refused(&refusal, call.language);
    let Some(first) = parts.message().await.map_err(|status| translated(call, status))? else {
        return Err(refuse(Refusal::field("header", "must be in the first message")));
    };
    let mut check = Check::of(&first);
    let header = check.required("header", first.header());
    let network = header.and_then(|header| check.take("header.parent", name::network(&header.parent)));
    let (header, network) = check.finish(header.zip(network)).map_err(refuse)?;
    let mut bytes = Vec::new();
    while let Some(part) = parts.message().await.map_err(|status| translated(call, status))? {
        let mut check = Check::of(&part);
        if part.header().is_some() {
            check.add("header", "must be in the first message only");
        }
        check.finish(Some(())).map_err(refuse)?;
        if bytes.len() + part.chunk().len() > FILE_BYTES_MAX {
            let refusal = Refusal::new(Reason::MessageTooLarge, "the file is too large");
            return Err(refuse(refusal.with("bytes_max", FILE_BYTES_MAX)));
        }
        bytes.extend_from_slice(part.chunk());
    }
    let ctx = call.write(key(header, &bytes), header.validate_only);
    Ok(Upload { network, file_name: header.file_name.clone(), bytes, ctx })
}

/// What the transport says of a message it cannot read, in our words.
fn translated(call: &Call, status: Status) -> Status {
    crate::edge::in_our_words(&status, call)
}

/// The key under which a repeated import returns the first result: the caller's, with the hash of header and file.
fn key(header: &wire::ImportHeader, bytes: &[u8]) -> Option<RequestKey> {
    if header.request_id.is_empty() {
        return None;
    }
    let rest = wire::ImportHeader { request_id: String::new(), ..header.clone() };
    let body = Sha256::new().chain_update(prost::Message::encode_to_vec(&rest)).chain_update(bytes).finalize();
    Some(RequestKey { id: header.request_id.to_lowercase(), body_hash: body.into() })
}

/// Tells progress now and then; what a slow caller has no room for is left out.
fn progress<Res: Event>(tell: mpsc::Sender<Result<Res, Status>>) -> Progress {
    Box::new(move |done, total| {
        if done % PROGRESS_ROWS == 0 || done == total {
            let progress = wire::ImportProgress { rows_done: count(done), rows_total: count(total) };
            let _ = tell.try_send(Ok(Res::progress(progress)));
        }
    })
}

async fn report<Res: Event>(outcome: ImportOutcome, validate_only: bool, tell: &mpsc::Sender<Result<Res, Status>>) {
    let stored = !outcome.is_refused() && !validate_only;
    for problem in &outcome.problems {
        if tell.send(Ok(Res::problem(of_problem(problem)))).await.is_err() {
            return;
        }
    }
    let summary = wire::ImportSummary {
        created: count(outcome.created),
        updated: count(outcome.updated),
        unchanged: count(outcome.unchanged),
        problems: count(outcome.problems_total),
        stored,
    };
    let _ = tell.send(Ok(Res::summary(summary))).await;
}

fn of_problem(problem: &SheetProblem) -> wire::ImportProblem {
    let reason = if problem.row == 0 { Reason::FileUnreadable } else { Reason::FieldsInvalid };
    wire::ImportProblem {
        row: i32::try_from(problem.row).unwrap_or(i32::MAX),
        column: problem.column.clone(),
        reason: reason.code().to_owned(),
        description: problem.description.clone(),
    }
}

fn count(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
