//! Calls of any method with any bytes: what a foreign, old, broken or hostile client sends.

use bytes::{Buf, BufMut, Bytes};
use tokio_stream::StreamExt as _;
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};

/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Streams without an end: their first message is answer enough.
const ENDLESS: [&str; 1] = ["/keikka.dispatch.v1.EventService/WatchEvents"];

/// Passes bytes through as they are.
#[derive(Debug, Clone, Copy, Default)]
struct BytesCodec;

impl Codec for BytesCodec {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, target: &mut EncodeBuf<'_>) -> Result<(), Status> {
        target.put(item);
        Ok(())
    }
}

impl Decoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, source: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(source.copy_to_bytes(source.remaining())))
    }
}

/// A client of any method.
#[derive(Debug, Clone)]
pub struct Raw {
    channel: Channel,
    headers: Vec<(&'static str, String)>,
}

impl Raw {
    /// A client with a connection of its own.
    ///
    /// # Panics
    /// If the address is none.
    #[must_use]
    pub fn at(url: &str) -> Self {
        let channel = Endpoint::from_shared(url.to_owned()).expect("an address").connect_lazy();
        Self { channel, headers: Vec::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn with(&self, name: &'static str, value: impl Into<String>) -> Self {
        let mut raw = self.clone();
        raw.headers.push((name, value.into()));
        raw
    }

    /// The same with a key.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Self {
        self.with("authorization", format!("Bearer {key}"))
    }

    /// Calls a method with one message; reads every message of the answer, or the first of an answer without an end.
    ///
    /// # Errors
    /// The status.
    ///
    /// # Panics
    /// If the path or a header is none.
    pub async fn call(&self, path: &str, message: impl Into<Bytes>) -> Result<Vec<Bytes>, Status> {
        let mut request = Request::new(tokio_stream::once(message.into()));
        for (name, value) in &self.headers {
            request.metadata_mut().insert(*name, value.parse().expect("a header value"));
        }
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(ANSWER_BYTES_MAX);
        grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
        let is_endless = ENDLESS.contains(&path);
        let path = path.parse().expect("a path");
        let mut answers = grpc.streaming(request, path, BytesCodec).await?.into_inner();
        let mut all = Vec::new();
        while let Some(answer) = answers.next().await {
            all.push(answer?);
            if is_endless {
                break;
            }
        }
        Ok(all)
    }
}
