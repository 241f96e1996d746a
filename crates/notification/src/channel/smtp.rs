//! Letters by SMTP: encrypted, with a stable Message-ID, as text, HTML and calendar entry. Each letter has a connection of its own: one that
//! fell silent would go back into a pool and stop the next letter too.

use std::time::Duration;

use domain::Sensitive;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};

use super::{Accepted, Body, Outgoing, SendError, Transport};
use crate::ports::Doing;
use crate::render::Mail;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the first byte (port 465).
    Implicit,
    /// By STARTTLS, which must succeed (port 587).
    StartTls,
    /// Not at all: only for a server on this machine.
    None,
}

/// Where letters are handed over.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User and password, if it asks for them.
    pub credentials: Option<(String, Sensitive<String>)>,
    /// An authority to trust beside the public ones, in PEM form.
    pub authority_pem: Option<String>,
    /// Whom letters come from: `Keikka <keikka@kouvola.example>`.
    pub from: String,
    /// Longest wait for one letter, connection and all: a server that falls silent in the middle is left.
    pub time: Duration,
}

/// Sends letters.
#[derive(Debug)]
pub struct SmtpTransport {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    time: Duration,
}

/// Why a server's description cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The sender is no address.
    #[error("the sender of letters is no e-mail address")]
    From,
    /// The name, or the authority's certificate, cannot be used.
    #[error("the mail server's name or the certificate to trust cannot be used")]
    Tls(#[source] lettre::transport::smtp::Error),
}

impl SmtpTransport {
    /// A channel to a server; nothing is connected yet.
    ///
    /// # Errors
    /// [`SmtpError`].
    pub fn new(server: SmtpServer) -> Result<Self, SmtpError> {
        let from: Mailbox = server.from.parse().map_err(|_| SmtpError::From)?;
        let mut parameters = TlsParameters::builder(server.host.clone());
        if let Some(pem) = &server.authority_pem {
            let certificate = Certificate::from_pem(pem.as_bytes()).map_err(SmtpError::Tls)?;
            parameters = parameters.add_root_certificate(certificate);
        }
        let tls = match server.encryption {
            Encryption::Implicit => Tls::Wrapper(parameters.build().map_err(SmtpError::Tls)?),
            Encryption::StartTls => Tls::Required(parameters.build().map_err(SmtpError::Tls)?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(server.time));
        if let Some((user, password)) = server.credentials {
            builder = builder.credentials(Credentials::new(user, password.into_inner()));
        }
        Ok(Self { transport: builder.build(), from, time: server.time })
    }

    fn letter(&self, to: &str, mail: &Mail, reference: &str) -> Option<Message> {
        let to: Mailbox = to.parse().ok()?;
        let mut alternative = MultiPart::alternative()
            .singlepart(SinglePart::plain(mail.text.clone()))
            .singlepart(SinglePart::html(mail.html.clone()));
        let builder = Message::builder()
            .message_id(Some(format!("<{reference}@{}>", self.from.email.domain())))
            .from(self.from.clone())
            .to(to)
            .subject(mail.subject.clone());
        let Some((calendar, method)) = &mail.calendar else { return builder.multipart(alternative).ok() };
        let kind = ContentType::parse(&format!("text/calendar; charset=utf-8; method={method}")).ok()?;
        alternative = alternative.singlepart(SinglePart::builder().header(kind.clone()).body(calendar.clone()));
        let file = Attachment::new("keikka.ics".to_owned()).body(calendar.clone(), kind);
        builder.multipart(MultiPart::mixed().multipart(alternative).singlepart(file)).ok()
    }
}

impl Transport for SmtpTransport {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Doing<'a, Result<Accepted, SendError>> {
        Box::pin(async move {
            let Body::Mail { to, mail } = &message.body else { return Err(SendError::permanent("CHANNEL_NOT_SET")) };
            let letter = self.letter(to.expose(), mail, &message.reference);
            let letter = letter.ok_or_else(|| SendError::permanent("EMAIL_INVALID"))?;
            match tokio::time::timeout(self.time, self.transport.send(letter)).await {
                // A mail server keeps what it takes; whether a person reads it, nobody says.
                Ok(Ok(_)) => Ok(Accepted { provider_id: None, arrived: false }),
                Ok(Err(error)) => Err(sorted(&error)),
                Err(_) => Err(SendError::Ambiguous),
            }
        })
    }
}

fn sorted(error: &lettre::transport::smtp::Error) -> SendError {
    let status = error.status().map(|code| code.to_string().parse::<u16>().unwrap_or(0));
    match status {
        // Our own name or password is refused: no fault of the letter.
        Some(530 | 534 | 535 | 538) => SendError::transient("PROVIDER_REFUSES_US"),
        Some(500..=599) => SendError::permanent("PROVIDER_REFUSED"),
        Some(_) => SendError::transient("PROVIDER_BUSY"),
        None if error.is_timeout() => SendError::Ambiguous,
        None => SendError::transient("PROVIDER_UNREACHABLE"),
    }
}
