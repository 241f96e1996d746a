//! The first bytes of a connection. A socket that says nothing is closed in time, and before hyper waits for it without end.

use std::io;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// What an HTTP/2 client says first.
const HTTP2_PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose first bytes have been seen and are read again.
pub(crate) type Opened = tokio::io::Join<tokio::io::Chain<io::Cursor<Vec<u8>>, OwnedReadHalf>, OwnedWriteHalf>;

/// Waits until it is clear what the peer speaks: the whole HTTP/2 preface, or anything that is not its beginning.
///
/// # Errors
/// The peer went away, or said too little within the time.
pub(crate) async fn open(stream: TcpStream, time: Duration) -> io::Result<Opened> {
    let (mut reader, writer) = stream.into_split();
    let first = tokio::time::timeout(time, first_bytes(&mut reader))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "the peer said nothing"))??;
    Ok(tokio::io::join(io::Cursor::new(first).chain(reader), writer))
}

async fn first_bytes(reader: &mut OwnedReadHalf) -> io::Result<Vec<u8>> {
    let mut seen = Vec::with_capacity(HTTP2_PREFACE.len());
    while seen.len() < HTTP2_PREFACE.len() && HTTP2_PREFACE.starts_with(&seen) {
        let mut bytes = [0u8; HTTP2_PREFACE.len()];
        let wanted = HTTP2_PREFACE.len() - seen.len();
        match reader.read(&mut bytes[..wanted]).await? {
            0 => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the peer went away")),
            read => seen.extend_from_slice(&bytes[..read]),
        }
    }
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    async fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let client = TcpStream::connect(listener.local_addr().expect("address")).await.expect("connect");
        (client, listener.accept().await.expect("accept").0)
    }

    #[tokio::test]
    async fn what_was_seen_is_read_again() {
        for said in [&HTTP2_PREFACE[..], b"GET / HTTP/1.1\r\n\r\n", b"X"] {
            let (mut client, server) = pair().await;
            client.write_all(said).await.expect("write");
            drop(client);
            let mut opened = open(server, Duration::from_secs(5)).await.expect("opened");
            let mut read = Vec::new();
            opened.read_to_end(&mut read).await.expect("read");
            assert_eq!(read, said);
        }
    }

    #[tokio::test]
    async fn silence_and_half_a_preface_are_closed_in_time() {
        for said in [&b""[..], b"PRI * HTTP/2.0"] {
            let (mut client, server) = pair().await;
            client.write_all(said).await.expect("write");
            let error = open(server, Duration::from_millis(50)).await.map(|_| ()).expect_err("too little");
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        }
    }
}
