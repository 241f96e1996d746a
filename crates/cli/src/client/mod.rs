//! The one client for every service: requests and answers are the API's JSON, turned into messages by the descriptors that the
//! protos were compiled to. A new RPC needs no code here.

mod codec;
mod request;
mod status;

use std::pin::Pin;
use std::sync::OnceLock;

use futures_util::{Stream, StreamExt, stream};
use prost_reflect::{DescriptorPool, DynamicMessage, MethodDescriptor};
use serde_json::Value;
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

use crate::connection::{CONNECT_TIMEOUT, Connection, language};
use crate::exit::Exit;
use crate::failure::Failure;
use codec::DynamicCodec;

pub(crate) use request::{message_of, to_json};

/// Largest answer that is read, in bytes: a page of a thousand volunteers is far below.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// The descriptors of every message and service of the API.
pub(crate) fn descriptors() -> &'static DescriptorPool {
    static POOL: OnceLock<DescriptorPool> = OnceLock::new();
    POOL.get_or_init(|| {
        DescriptorPool::decode(proto::FILE_DESCRIPTOR_SET)
            .expect("the descriptors were written by the build of this program")
    })
}

/// The method by its path without the leading slash: `keikka.dispatch.v1.GigService/GetGig`.
///
/// # Panics
/// If the API has no such method: the table of nouns is tested against the descriptors.
pub(crate) fn method(path: &str) -> MethodDescriptor {
    find_method(path).unwrap_or_else(|| panic!("the API has no method {path}"))
}

/// The method by its path, if the API has it.
pub(crate) fn find_method(path: &str) -> Option<MethodDescriptor> {
    let (service, name) = path.split_once('/')?;
    let service = descriptors().get_service_by_name(service)?;
    service.methods().find(|method| method.name() == name)
}

/// Answers of the API as they come.
pub(crate) type Answers = Pin<Box<dyn Stream<Item = Result<Value, Failure>> + Send>>;

/// A connected client.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    channel: Channel,
    address: String,
    key: Option<MetadataValue<Ascii>>,
    timeout: std::time::Duration,
}

impl Client {
    /// Connects, or says within [`CONNECT_TIMEOUT`] why not.
    pub(crate) async fn connect(connection: &Connection) -> Result<Self, Failure> {
        let address = connection.server.clone();
        let endpoint = Endpoint::from_shared(address.clone()).map_err(|error| {
            Failure::usage(format!("`{address}` is not a server address"))
                .because(error)
                .next("--server http://127.0.0.1:7207")
        })?;
        let key = connection.credentials()?;
        let endpoint = endpoint.connect_timeout(CONNECT_TIMEOUT);
        let channel = match tokio::time::timeout(CONNECT_TIMEOUT, endpoint.connect()).await {
            Ok(Ok(channel)) => channel,
            Ok(Err(error)) => return Err(unreachable(&address, &deepest_cause(&error))),
            Err(_) => return Err(unreachable(&address, "no answer within 3 s")),
        };
        Ok(Self { channel, address, key, timeout: connection.timeout })
    }

    /// The same client with another deadline for its calls.
    pub(crate) fn with_timeout(&self, timeout: std::time::Duration) -> Self {
        Self { timeout, ..self.clone() }
    }

    /// One request, one answer. `what` begins the message of a failure: "get gig g12".
    pub(crate) async fn call(&self, what: &str, path: &str, request: Value) -> Result<Value, Failure> {
        let method = method(path);
        let message = message_of(&method.input(), &request).map_err(|failure| self.about(what, failure))?;
        let mut grpc = self.grpc(what).await?;
        let answer = grpc
            .unary(self.request(message), route(path), DynamicCodec::of(&method))
            .await
            .map_err(|status| self.refused(what, &status))?;
        to_json(answer.get_ref())
    }

    /// One request, a stream of answers.
    pub(crate) async fn watch(&self, what: &str, path: &str, request: Value) -> Result<Answers, Failure> {
        let method = method(path);
        let message = message_of(&method.input(), &request).map_err(|failure| self.about(what, failure))?;
        let mut grpc = self.grpc(what).await?;
        let answers = grpc
            .server_streaming(self.request(message), route(path), DynamicCodec::of(&method))
            .await
            .map_err(|status| self.refused(what, &status))?;
        Ok(self.values(what, answers.into_inner()))
    }

    /// A stream of requests, a stream of answers.
    pub(crate) async fn exchange(
        &self,
        what: &str,
        path: &str,
        requests: Vec<DynamicMessage>,
    ) -> Result<Answers, Failure> {
        let method = method(path);
        let mut grpc = self.grpc(what).await?;
        let answers = grpc
            .streaming(self.request(stream::iter(requests)), route(path), DynamicCodec::of(&method))
            .await
            .map_err(|status| self.refused(what, &status))?;
        Ok(self.values(what, answers.into_inner()))
    }

    fn values(&self, what: &str, answers: tonic::Streaming<DynamicMessage>) -> Answers {
        let (client, what) = (self.clone(), what.to_owned());
        Box::pin(answers.map(move |answer| match answer {
            Ok(message) => to_json(&message),
            Err(status) => Err(client.refused(&what, &status)),
        }))
    }

    async fn grpc(&self, what: &str) -> Result<Grpc<Channel>, Failure> {
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES_MAX);
        match grpc.ready().await {
            Ok(()) => Ok(grpc),
            Err(error) => Err(self.about(what, unreachable(&self.address, &deepest_cause(&error)))),
        }
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        request.set_timeout(self.timeout);
        if let Some(key) = &self.key {
            request.metadata_mut().insert("authorization", key.clone());
        }
        request.metadata_mut().insert("accept-language", MetadataValue::from_static(language()));
        request
    }

    fn about(&self, what: &str, failure: Failure) -> Failure {
        let why = failure.why.clone().map_or_else(|| failure.what.clone(), |why| format!("{}: {why}", failure.what));
        Failure { what: format!("cannot {what}"), why: Some(why), ..failure }
    }

    fn refused(&self, what: &str, status: &Status) -> Failure {
        let mut failure = status::failure(what, status, self.key.is_some());
        if failure.exit == Exit::Unreachable {
            failure.why = Some(format!("{} ({})", failure.why.unwrap_or_default(), self.address));
        }
        failure
    }
}

fn route(path: &str) -> PathAndQuery {
    PathAndQuery::try_from(format!("/{path}")).expect("a method path is a path")
}

fn unreachable(address: &str, cause: &str) -> Failure {
    Failure::new(Exit::Unreachable, format!("cannot reach the server at {address}"))
        .because(cause)
        .next("keikka admin doctor, or start one: keikka dev")
}

fn deepest_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string().to_lowercase()
}
