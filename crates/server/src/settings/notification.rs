//! How messages leave the house.

use std::path::PathBuf;

use serde::Deserialize;

/// How the connection to the mail server is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailEncryption {
    /// By STARTTLS, which must succeed.
    #[default]
    Starttls,
    /// From the first byte.
    Implicit,
    /// Not at all: for a server on this machine.
    None,
}

/// Messages to people. Without a channel nothing is sent.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NotificationSettings {
    /// The file of the key that links and short codes are made from: 32 random bytes or more. Needed as soon as there is a channel.
    pub key_file: Option<PathBuf>,
    /// What links begin with. Default: `http://127.0.0.1:7207/r/`.
    pub link_base: String,
    /// Put all messages into this folder instead of sending them: for development and demonstrations.
    pub folder: Option<PathBuf>,
    /// The mail server. Default: none, no letters.
    pub mail_host: Option<String>,
    /// Its port. Default: 587.
    pub mail_port: u16,
    /// How the connection is encrypted. Default: starttls.
    pub mail_encryption: MailEncryption,
    /// The user there, if it asks for one.
    pub mail_user: Option<String>,
    /// The file of that user's password.
    pub mail_password_file: Option<PathBuf>,
    /// A certificate authority to trust beside the public ones, in PEM form.
    pub mail_authority_file: Option<PathBuf>,
    /// Whom letters come from: `Keikka <keikka@kunta.example>`.
    pub mail_from: String,
    /// The file that describes the provider of text messages (TOML). Default: none, no text messages.
    pub sms_file: Option<PathBuf>,
    /// The file of webhooks, one `[[webhook]]` each (TOML). Default: none.
    pub webhooks_file: Option<PathBuf>,
    /// Most messages of one channel in work at once. Default: 8.
    pub pool: usize,
    /// Seconds for which a worker that fell silent is believed to be sending what it took; a provider is given half of them to answer.
    /// At least 10. Default: 60.
    pub lease_s: u32,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self {
            key_file: None,
            link_base: "http://127.0.0.1:7207/r/".to_owned(),
            folder: None,
            mail_host: None,
            mail_port: 587,
            mail_encryption: MailEncryption::Starttls,
            mail_user: None,
            mail_password_file: None,
            mail_authority_file: None,
            mail_from: "keikka@localhost".to_owned(),
            sms_file: None,
            webhooks_file: None,
            pool: 8,
            lease_s: 60,
        }
    }
}

impl NotificationSettings {
    /// Whether there is a channel.
    #[must_use]
    pub fn delivers(&self) -> bool {
        self.folder.is_some() || self.mail_host.is_some() || self.sms_file.is_some() || self.webhooks_file.is_some()
    }
}
