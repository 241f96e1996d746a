//! The delivery worker's start: its channels from the settings, its clock from the server's.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use domain::{AssociationId, Channel, NetworkId, Sensitive, Timestamp};
use jiff::SignedDuration;
use notification::channel::Transport;
use notification::channel::address::Reach;
use notification::channel::file::FileTransport;
use notification::channel::http::Client;
use notification::channel::sms::{Provider, SmsTransport};
use notification::channel::smtp::{Encryption, SmtpServer, SmtpTransport};
use notification::channel::webhook::{self, Endpoint, WebhookTransport};
use notification::ports::OfferReceipts;
use notification::worker::{Pace, Worker};
use notification::{Notification, Options, REPLY_KEY_BYTES_MIN};
use serde::Deserialize;

use crate::clock::Clock;
use crate::settings::{MailEncryption, NotificationSettings};

/// Longest wait for a provider of text messages; and for a mail server, one letter and all.
const SMS_TIME: Duration = Duration::from_secs(10);
const MAIL_TIME: Duration = Duration::from_secs(30);
/// Shortest time for which a worker is believed: below it, a busy machine would be taken for a dead one.
const LEASE_MIN_S: u32 = 10;
/// Pause between two looks where messages only go into a folder: somebody sits there and waits for them.
const FOLDER_IDLE: Duration = Duration::from_millis(200);

/// Why messages cannot be delivered as the settings ask.
#[derive(Debug, thiserror::Error)]
pub enum DeliveryError {
    /// A file that a setting names cannot be read.
    #[error("{setting} cannot be read")]
    File {
        /// The setting.
        setting: &'static str,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A file or setting of another form.
    #[error("{setting}: {what}")]
    Form {
        /// The setting.
        setting: &'static str,
        /// What is wrong.
        what: String,
    },
}

fn form(setting: &'static str, what: impl std::fmt::Display) -> DeliveryError {
    DeliveryError::Form { setting, what: what.to_string() }
}

/// The channels of the settings, and what the planner must know of them.
#[derive(Debug)]
pub(crate) struct Delivery {
    /// What the planner must know.
    pub(crate) options: Options,
    transports: BTreeMap<Channel, Arc<dyn Transport>>,
    pace: Pace,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhooks {
    #[serde(default)]
    webhook: Vec<Webhook>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhook {
    network: NetworkId,
    association: AssociationId,
    url: String,
    secrets: Vec<String>,
}

impl Delivery {
    /// Reads what the settings name; none if they name no channel.
    ///
    /// # Errors
    /// [`DeliveryError`] naming the setting.
    pub(crate) fn read(settings: &NotificationSettings) -> Result<Option<Self>, DeliveryError> {
        if !settings.delivers() {
            return Ok(None);
        }
        let mut transports: BTreeMap<Channel, Arc<dyn Transport>> = BTreeMap::new();
        let provider =
            settings.sms_file.as_deref().map(|path| toml::<Provider>("notification.sms_file", path)).transpose()?;
        if let Some(provider) = &provider {
            let transport = SmsTransport::new(Client::new(Reach::Any, SMS_TIME), provider.clone());
            let transport = transport.ok_or_else(|| form("notification.sms_file", "its method or headers are none"))?;
            transports.insert(Channel::Sms, Arc::new(transport));
        }
        if let Some(host) = &settings.mail_host {
            transports.insert(Channel::Email, Arc::new(mail(settings, host)?));
        }
        let hooks = settings.webhooks_file.as_deref().map(|path| toml::<Webhooks>("notification.webhooks_file", path));
        let mut endpoints = BTreeMap::new();
        for hook in hooks.transpose()?.map_or_else(Vec::new, |hooks| hooks.webhook) {
            let endpoint =
                Endpoint::new(&hook.url, &hook.secrets).map_err(|error| form("notification.webhooks_file", error))?;
            endpoints.insert((hook.network, hook.association), endpoint);
        }
        let webhooks = endpoints.keys().cloned().collect();
        if !endpoints.is_empty() {
            let client = Client::new(Reach::Public, webhook::TIME);
            transports.insert(Channel::Webhook, Arc::new(WebhookTransport::new(client, endpoints)));
        }
        if let Some(folder) = &settings.folder {
            for channel in [Channel::Sms, Channel::Email, Channel::Webhook] {
                transports.insert(channel, Arc::new(FileTransport::new(folder)));
            }
        }
        let options = Options {
            reply_key: Sensitive::new(key(settings)?),
            link_base: settings.link_base.clone(),
            channels: transports.keys().copied().collect(),
            webhooks,
            provider,
            mail_from: address(&settings.mail_from).to_owned(),
        };
        let lease = SignedDuration::from_secs(i64::from(settings.lease_s.max(LEASE_MIN_S)));
        let mut pace = Pace { pool: settings.pool.max(1), lease, ..Pace::default() };
        if settings.folder.is_some() {
            pace.idle = FOLDER_IDLE;
        }
        Ok(Some(Self { options, transports, pace }))
    }

    /// What is decided where no channel is set up: addresses are still made, with a key of their own.
    ///
    /// # Errors
    /// [`DeliveryError`] naming the setting.
    pub(crate) fn none(settings: &NotificationSettings) -> Result<Options, DeliveryError> {
        let (reply_key, link_base) = (Sensitive::new(key(settings)?), settings.link_base.clone());
        Ok(Options { reply_key, link_base, ..Options::none() })
    }

    /// The worker over the use cases.
    pub(crate) fn worker(
        self,
        notification: Notification,
        receipts: Arc<dyn OfferReceipts>,
        clock: Clock,
    ) -> Arc<Worker> {
        Arc::new(Worker::new(notification, self.transports, receipts, Arc::new(Ahead(clock)), self.pace))
    }
}

/// The database's time, set forward as far as a test has set the server's clock.
#[derive(Debug)]
struct Ahead(Clock);

impl notification::worker::Clock for Ahead {
    fn now(&self, database: Timestamp) -> Timestamp {
        self.0.ahead_of(database)
    }
}

/// The address in `Name <address>`.
fn address(from: &str) -> &str {
    from.rsplit_once('<').map_or(from, |(_, rest)| rest.trim_end_matches('>'))
}

/// The key of links: from its file, or for a folder of demonstrations one that lasts as long as the process.
fn key(settings: &NotificationSettings) -> Result<Vec<u8>, DeliveryError> {
    const SETTING: &str = "notification.key_file";
    let Some(path) = &settings.key_file else {
        if settings.mail_host.is_some() || settings.sms_file.is_some() {
            return Err(form(SETTING, "must be set: links and codes are made from it"));
        }
        let mut key = vec![0; REPLY_KEY_BYTES_MIN];
        getrandom::fill(&mut key).map_err(|error| form(SETTING, error))?;
        return Ok(key);
    };
    let key = std::fs::read(path).map_err(|source| DeliveryError::File { setting: SETTING, source })?;
    let same = key.windows(2).all(|pair| pair[0] == pair[1]);
    if key.len() < REPLY_KEY_BYTES_MIN || same {
        return Err(form(SETTING, format!("must hold at least {REPLY_KEY_BYTES_MIN} random bytes")));
    }
    Ok(key)
}

fn mail(settings: &NotificationSettings, host: &str) -> Result<SmtpTransport, DeliveryError> {
    let text = |setting, path: &Option<std::path::PathBuf>| -> Result<Option<String>, DeliveryError> {
        let Some(path) = path else { return Ok(None) };
        std::fs::read_to_string(path).map(Some).map_err(|source| DeliveryError::File { setting, source })
    };
    let password = text("notification.mail_password_file", &settings.mail_password_file)?;
    let password = password.map(|text| Sensitive::new(text.trim_end().to_owned()));
    let encryption = match settings.mail_encryption {
        MailEncryption::Starttls => Encryption::StartTls,
        MailEncryption::Implicit => Encryption::Implicit,
        MailEncryption::None => Encryption::None,
    };
    let server = SmtpServer {
        host: host.to_owned(),
        port: settings.mail_port,
        encryption,
        credentials: settings.mail_user.clone().zip(password),
        authority_pem: text("notification.mail_authority_file", &settings.mail_authority_file)?,
        from: settings.mail_from.clone(),
        time: MAIL_TIME,
    };
    SmtpTransport::new(server).map_err(|error| form("notification.mail_from", error))
}

fn toml<T: serde::de::DeserializeOwned>(setting: &'static str, path: &Path) -> Result<T, DeliveryError> {
    let text = std::fs::read_to_string(path).map_err(|source| DeliveryError::File { setting, source })?;
    let source = config::File::from_str(&text, config::FileFormat::Toml);
    let read = config::Config::builder().add_source(source).build().and_then(config::Config::try_deserialize);
    read.map_err(|error| form(setting, error))
}
